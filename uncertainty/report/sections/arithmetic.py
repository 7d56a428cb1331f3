"""Whether the published arithmetic reproduces, before anything is sampled."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.numbers import count
from uncertainty.report.blocks import Block, Column, Details, Paragraph, Section, Table
from uncertainty.wording import figure_text, listed, with_unit

if TYPE_CHECKING:
    from uncertainty.report.content import ReportContent
    from uncertainty.reproduction import Reproduction
    from uncertainty.study.model import Study

ORDER = ("differs", "rounding", "reproduced")


def section(content: ReportContent) -> Section:
    """Show each published figure beside what the publication's own inputs give."""
    study, check = content.study, content.check
    figures = [row for row in check.figures.values() if row.status != "unpublished"]
    blocks: list[Block] = []
    if figures:
        blocks.append(Paragraph(_verdict(figures), lead=True))
        blocks.append(
            _table(study, figures, "Published figures, and the same from the published inputs, unrounded")
        )
    else:
        blocks.append(
            Paragraph("The publication prints no figure for any output: there is nothing to reproduce.")
        )
    expected = [(name, row) for name, rows in check.readings.items() for row in rows.values()]
    if expected:
        met = sum(row.status != "differs" for _, row in expected)
        rows = tuple(
            (
                study.readings[name].title,
                study.outputs[row.output].title,
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
                (Table(columns, rows, "Figures that a reading must give at the published points"),),
            )
        )
    else:
        blocks.append(Paragraph("No reading names a figure that it must reproduce."))
    return Section("arithmetic", "Does the arithmetic reproduce?", tuple(blocks))


def _verdict(figures: list[Reproduction]) -> str:
    counts = Counter(row.status for row in figures)
    whole = count(len(figures), "published figure")
    follow = "follows" if counts["reproduced"] == 1 else "follow"
    parts = [f"{counts['reproduced']} of {whole} {follow} from the published inputs"]
    if counts["rounding"]:
        parts.append(f"{counts['rounding']} only when another figure is used as it was printed, rounded")
    if counts["differs"]:
        parts.append(f"{counts['differs']} cannot be reproduced")
    return f"{listed(parts)}."


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
        tuple((study.outputs[row.output].title, *_compared(row), _status(study, row)) for row in ordered),
        caption,
    )


def _compared(row: Reproduction) -> tuple[str, str]:
    digits = row.digits or numbers.MOST_DIGITS
    published = numbers.MISSING if row.published is None else numbers.printed(row.published, digits)
    return with_unit(published, row.unit), with_unit(numbers.number(row.point, max(digits + 2, 4)), row.unit)


def _status(study: Study, row: Reproduction) -> str:
    if row.status == "differs":
        return "differs"
    if row.status == "rounding":
        printed = [
            f"“{study.outputs[name].title}” is taken as the printed {figure_text(figure)}"
            for name in row.explained_by
            if (figure := study.outputs[name].published) is not None
        ]
        return f"reproduced only when {listed(printed, 'or')}"
    return f"reproduced, to {count(row.digits or 0, 'digit')}"
