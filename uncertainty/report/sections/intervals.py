"""The uncertainty interval of each figure beside the published one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.report.blocks import Block, Column, Details, Paragraph, Section, Table, Text, code
from uncertainty.report.plots import figure
from uncertainty.wording import (
    beyond,
    capitalised,
    interval_text,
    median_text,
    point_text,
    published_text,
    the_other,
    with_unit,
)

if TYPE_CHECKING:
    from uncertainty.propagation import OutputDistribution
    from uncertainty.report.content import ReportContent
    from uncertainty.sampling.joint import OutputCorrelation

MOST_PAIRS = 28
"""Pairs of outputs that are listed; of more, those with the headline are."""


def section(content: ReportContent) -> Section:
    """Compare each published figure in the headline's unit with its intervals."""
    picture = figure("intervals", content)
    level = numbers.level(content.settings.level)
    blocks: list[Block] = [
        Paragraph(picture.alt, lead=True),
        picture,
        _table(content),
    ]
    others = [found for name, found in content.run.outputs.items() if name not in content.comparisons]
    if others:
        blocks.append(
            Details(
                f"{capitalised(the_other(len(others), 'output'))}, as published", (_others(others, level),)
            )
        )
    if rows := _together(content):
        blocks.append(Details("How the published figures go together", (_correlations(rows, content),)))
    return Section("intervals", "Each figure beside its interval", tuple(blocks))


def _together(content: ReportContent) -> list[OutputCorrelation]:
    """Return the correlations of published figures that share inputs; of many, those with the headline."""
    outputs = content.study.outputs
    found = [
        each for each in content.run.correlations if all(outputs[name].published for name in each.outputs)
    ]
    return found if len(found) <= MOST_PAIRS else [c for c in found if content.study.headline in c.outputs]


def _correlations(rows: list[OutputCorrelation], content: ReportContent) -> Table:
    columns = (
        Column("Outputs"),
        Column("Of their values (Pearson)", numeric=True),
        Column("Of their ranks (Spearman)", numeric=True),
    )
    table = tuple(
        (
            " and ".join(content.study.outputs[name].title for name in each.outputs),
            numbers.estimate(each.pearson, 2),
            numbers.estimate(each.spearman, 2),
        )
        for each in rows
    )
    return Table(columns, table, "Correlations of published outputs that share inputs, as published")


def _table(content: ReportContent) -> Table:
    rows: list[tuple[Text, ...]] = []
    for readings in content.comparisons.values():
        for name in readings.leading:
            found = readings.distribution(name)
            rows.append(
                (
                    readings.output.title,
                    content.study.readings[name].title,
                    published_text(readings.output),
                    median_text(found),
                    interval_text(found),
                    _published_share(found),
                    _reference_share(found),
                )
            )
    columns = (
        Column("Figure"),
        Column("Reading"),
        Column("Published", numeric=True),
        Column("Median", numeric=True),
        Column(f"{numbers.level(content.settings.level)} interval", numeric=True),
        Column("Draws at or beyond the published figure", numeric=True),
        Column("… the reference (in brackets)", numeric=True),
    )
    return Table(
        columns,
        tuple(rows),
        "Leading readings: the publication's own, the preferred one and the figure's least favourable one",
    )


def _published_share(found: OutputDistribution) -> str:
    published = found.output.published_value
    return "–" if published is None else beyond(found, published).text


def _reference_share(found: OutputDistribution) -> str:
    reference = found.output.reference
    return "–" if reference is None else f"{beyond(found, reference).text} ({point_text(reference)})"


def _others(others: list[OutputDistribution], level: str) -> Table:
    columns = (
        Column("Output"),
        Column("Published", numeric=True),
        Column("Point", numeric=True),
        Column("Median", numeric=True),
        Column(f"{level} interval", numeric=True),
        Column("Name"),
    )
    rows = tuple(
        (
            found.output.title,
            "–" if found.output.published is None else published_text(found.output),
            found.point_written,
            median_text(found),
            with_unit(interval_text(found), found.output.unit.text),
            code(found.output.name),
        )
        for found in others
    )
    return Table(columns, rows, "Outputs in other units, or without a published figure, as published")
