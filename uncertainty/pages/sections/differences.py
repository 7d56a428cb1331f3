"""Unpublished outputs that have a reference, such as the differences behind a ratio."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.pages.blocks import Column, Paragraph, Section, Table, Text, joined, strong
from uncertainty.pages.citing import cited
from uncertainty.wording import after_unit, beyond, compact, interval_text, median_text, point_text

if TYPE_CHECKING:
    from uncertainty.challenges.analysis import Challenge
    from uncertainty.pages.content import ReportContent
    from uncertainty.study.model import Output


def section(content: ReportContent) -> Section:
    """Show the study's unpublished outputs that have a reference; a ratio alone would mislead."""
    return differences(content.challenge)


def differences(challenge: Challenge) -> Section:
    """Show the unpublished outputs with a reference of a study that was challenged."""
    study, runs = challenge.study, challenge.differences
    ratio = _is_ratio(study.outputs[study.headline])
    title = "More than a ratio" if ratio else "Outputs with a reference"
    if not runs:
        text = (
            "The study has no unpublished output on a linear scale with a reference, so there is nothing "
            "to show."
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
    table = Table(columns, tuple(rows), "Unpublished outputs under the leading readings")
    return Section("differences", title, (*([Paragraph(lead)] if ratio else []), table, *notes))


def _is_ratio(output: Output) -> bool:
    """Tell whether an output is a pure number that may span powers of ten."""
    return output.scale == "log10" and output.unit.text == "1"
