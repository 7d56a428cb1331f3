"""Whether the published arithmetic reproduces, before anything is sampled."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.numbers import count
from uncertainty.report.blocks import Block, Column, Details, Paragraph, Section, Table
from uncertainty.wording import calculated_text, drawn_text, figure_text, listed, with_unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uncertainty.report.content import ReportContent
    from uncertainty.reproduction import Reproduction
    from uncertainty.study.model import Study

ORDER = ("differs", "undecided", "rounding", "reproduced")


def section(content: ReportContent) -> Section:
    """Show each published figure beside what the publication's own inputs give."""
    study, check = content.study, content.check
    figures = [row for first in check.figures.values() for row in first.every if row.status != "unpublished"]
    blocks: list[Block] = []
    if figures:
        blocks.append(Paragraph(_verdict(figures), lead=True))
        blocks.append(
            _table(study, figures, f"Published figures, and the same from {_from(figures)}, unrounded")
        )
    else:
        blocks.append(
            Paragraph("The publication prints no figure for any output: there is nothing to reproduce.")
        )
    expected = [
        (name, row) for name, rows in check.readings.items() for first in rows.values() for row in first.every
    ]
    if expected:
        met = sum(row.status != "differs" for _, row in expected)
        rows = tuple(
            (
                study.readings[name].title,
                _title(study, row),
                *_compared(row),
                _status(study, row),
            )
            for name, row in expected
        )
        columns = (
            Column("Reading"),
            Column("Output"),
            Column("Its source says", numeric=True),
            Column("Computed", numeric=True),
            Column("Finding"),
        )
        blocks.append(
            Details(
                f"What the readings' own sources say: {met} of {count(len(expected), 'figure')} reproduced",
                (
                    Table(
                        columns,
                        rows,
                        f"Figures that a reading must give from {_from(r for _, r in expected)}",
                    ),
                ),
            )
        )
    else:
        blocks.append(Paragraph("No reading names a figure that it must reproduce."))
    return Section("arithmetic", "Does the arithmetic reproduce?", tuple(blocks))


def _verdict(figures: list[Reproduction]) -> str:
    counts = Counter(row.status for row in figures)
    whole = count(len(figures), "published figure")
    follow = "follows" if counts["reproduced"] == 1 else "follow"
    parts = [f"{counts['reproduced']} of {whole} {follow} from {_from(figures)}"]
    if counts["rounding"]:
        parts.append(f"{counts['rounding']} only when another figure is used as it was printed, rounded")
    if counts["differs"]:
        parts.append(f"{counts['differs']} cannot be reproduced")
    if counts["undecided"]:
        parts.append(f"of {counts['undecided']} the draws cannot tell")
    return f"{listed(parts)}."


def _from(rows: Iterable[Reproduction]) -> str:
    """Say what figures are compared with: the points, or draws as well."""
    drawn = any(row.estimate is not None for row in rows)
    return "the published inputs or draws of them" if drawn else "the published inputs"


def _title(study: Study, row: Reproduction) -> str:
    """Name an output, and what of its draws is compared."""
    title = study.outputs[row.output].title
    if row.figure is None or row.estimate is None:
        return title
    return f"{title}: {drawn_text(row)}"


def _table(study: Study, rows: list[Reproduction], caption: str) -> Table:
    ordered = sorted(rows, key=lambda row: ORDER.index(row.status))
    columns = (
        Column("Figure"),
        Column("Published", numeric=True),
        Column("Computed", numeric=True),
        Column("Finding"),
    )
    return Table(
        columns,
        tuple((_title(study, row), *_compared(row), _status(study, row)) for row in ordered),
        caption,
    )


def _compared(row: Reproduction) -> tuple[str, str]:
    digits = row.digits or numbers.MOST_DIGITS
    published = numbers.MISSING if row.published is None else numbers.printed(row.published, digits)
    if row.estimate is not None:
        return with_unit(published, row.unit), with_unit(calculated_text(row), row.unit)
    return with_unit(published, row.unit), with_unit(numbers.number(row.point, max(digits + 2, 4)), row.unit)


def _status(study: Study, row: Reproduction) -> str:
    if row.status == "undecided" and row.estimate is not None:
        return f"undecided: {row.estimate.reason.rstrip('.')}"
    if row.status == "differs":
        return "differs"
    if row.status == "rounding":
        printed = [
            f"“{study.outputs[name].title}” is taken as the printed {figure_text(figure)}"
            for name in row.explained_by
            if (figure := study.outputs[name].figure_at_points) is not None
        ]
        return f"reproduced only when {listed(printed, 'or')}"
    return f"reproduced, to {count(row.digits or 0, 'digit')}"
