"""What critics say of the figure, each with its source and what it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.pages.blocks import Column, Paragraph, Section, Table, Text
from uncertainty.pages.citing import cited
from uncertainty.study.model import AS_PUBLISHED
from uncertainty.wording import (
    after_unit,
    calculated_text,
    interval_text,
    median_text,
    named_figure,
    point_text,
)

if TYPE_CHECKING:
    from uncertainty.pages.content import ReportContent
    from uncertainty.study.model import Reading


def section(content: ReportContent) -> Section:
    """List every reading that has a source with the figure that it gives."""
    title = "What its critics say"
    sourced = [r for r in content.study.readings.values() if r.source and r.name != AS_PUBLISHED]
    if not sourced:
        return Section("critiques", title, (Paragraph("No reading of the study has a source of its own."),))
    rows = tuple(row for reading in sourced for row in _rows(content, reading))
    columns = (
        Column("Reading"),
        Column("Source"),
        Column("Figure"),
        Column("As published", numeric=True),
        Column("At its points", numeric=True),
        Column("Median", numeric=True),
        Column("Interval", numeric=True),
    )
    lead = (
        "Each critique is a reading. “At its points” is what its own numbers give, beside what its "
        "source prints or implies, where there is a number; the median and the interval are of the draws."
    )
    return Section(
        "critiques", title, (Paragraph(lead), Table(columns, rows, "Critiques and what each gives"))
    )


def _rows(content: ReportContent, reading: Reading) -> list[tuple[Text, ...]]:
    """Return a row for each figure that a reading expects, or one for the headline."""
    rows: list[tuple[Text, ...]] = []
    first: tuple[Text, Text] = (reading.title, cited(content.study, reading.source))
    for name in reading.expect or (content.study.headline,):
        output = content.study.outputs[name]
        published = numbers.MISSING if output.published is None else named_figure(output.published)
        title = after_unit(output.title, output.unit.text)
        rows.append(
            (*first, title, published, _point(content, reading, name), *_draws(content, reading, name))
        )
        first = ("", "")
    return rows


def _point(content: ReportContent, reading: Reading, name: str) -> str:
    """Write what a reading's points give beside what they should; nothing where nothing is expected."""
    if name not in reading.expect:
        return numbers.MISSING
    row = content.check.readings[reading.name][name]
    calculated = point_text(float(f"{row.point:.4g}")) if row.estimate is None else calculated_text(row)
    return f"{calculated} (expected {named_figure(reading.expect[name])})"


def _draws(content: ReportContent, reading: Reading, name: str) -> tuple[str, str]:
    if name not in content.comparisons:
        return numbers.MISSING, numbers.MISSING
    found = content.comparisons[name].distribution(reading.name)
    return median_text(found), interval_text(found)
