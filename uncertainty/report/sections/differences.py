"""More than a ratio: differences and totals under the leading readings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.report.blocks import Column, Paragraph, Section, Table, Text, joined, strong
from uncertainty.report.citing import cited
from uncertainty.wording import after_unit, beyond, compact, interval_text, median_text, point_text

if TYPE_CHECKING:
    from uncertainty.challenges.analysis import Challenge
    from uncertainty.report.content import ReportContent


def section(content: ReportContent) -> Section:
    """Show the study's differences and totals, where a ratio would mislead."""
    return differences(content.challenge)


def differences(challenge: Challenge) -> Section:
    """Show the differences and totals of a study that was challenged."""
    title, study, runs = "More than a ratio", challenge.study, challenge.differences
    if not runs:
        text = (
            "The study has no unpublished output on a linear scale with a reference, so there is no "
            "difference or total to show."
        )
        return Section("differences", title, (Paragraph(text),))
    rows: list[tuple[Text, ...]] = []
    for name in next(iter(runs.values())).outputs:
        output = study.outputs[name]
        sign = "≥" if output.claims_above else "≤"
        rows.append((strong(after_unit(output.title, output.unit.text)), "", "", ""))
        for reading, run in runs.items():
            found = run.outputs[name]
            share = beyond(found, output.reference or 0.0)
            rows.append(
                (
                    f"– {study.readings[reading].title}",
                    median_text(found),
                    interval_text(found),
                    f"{compact(share.text)} {sign} {point_text(output.reference or 0.0)}",
                )
            )
    columns = (
        Column("Output and reading"),
        Column("Median", numeric=True),
        Column(f"{numbers.level(challenge.settings.level)} interval", numeric=True),
        Column("Draws", numeric=True),
    )
    notes = [
        Paragraph(joined(f"{output.title}: ", cited(study, output.note)))
        for output in (study.outputs[name] for name in next(iter(runs.values())).outputs)
        if output.note
    ]
    lead = "A ratio of thousands can go with a small difference. These outputs say how much is at stake."
    table = Table(columns, tuple(rows), "Differences and totals under the leading readings")
    return Section("differences", title, (Paragraph(lead), table, *notes))
