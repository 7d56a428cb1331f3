"""The uncertainty interval of each figure beside the published one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.compiled import dependencies
from uncertainty.report.blocks import Block, Column, Details, Figure, Paragraph, Section, Table, Text, code
from uncertainty.report.figures.intervals import Group, Interval, draw_intervals
from uncertainty.report.figures.style import svg_text
from uncertainty.wording import (
    after_unit,
    beyond,
    count,
    figure_text,
    interval_text,
    listed,
    median_text,
    point_text,
    published_text,
    role,
    whose_variation,
    with_unit,
)

if TYPE_CHECKING:
    from uncertainty.propagation import OutputDistribution
    from uncertainty.readings import Readings
    from uncertainty.report.content import ReportContent


def section(content: ReportContent) -> Section:
    """Compare each published figure in the headline's unit with its intervals."""
    study = content.study
    compared = list(content.comparisons.values())
    finding = _finding(content)
    unit = content.headline.output.unit.text
    level = numbers.level(content.settings.level)
    picture = draw_intervals(
        tuple(_group(content, readings) for readings in compared),
        label=after_unit(f"median and {level} uncertainty interval", unit),
        reference=content.headline.output.reference,
        logarithmic=all(_positive(readings) for readings in compared),
    )
    varying = sorted(
        frozenset().union(
            *(
                dependencies(run.scenario, [study.headline])[study.headline] & set(run.scenario.varying)
                for run in (content.headline.runs[name] for name in content.headline.leading)
            )
        )
    )
    caption = (
        f"Marks are medians, lines {level} uncertainty intervals, upright bars the published figures. "
        f"{_order(content)}"
        f"{whose_variation(study, varying)}"
    )
    blocks: list[Block] = [
        Paragraph(finding, lead=True),
        Figure("intervals", svg_text(picture, "intervals", finding), finding, caption),
        _table(content),
    ]
    others = [found for name, found in content.run.outputs.items() if name not in content.comparisons]
    if others:
        blocks.append(
            Details(f"The other {count(len(others), 'output')}, as published", (_others(others, level),))
        )
    return Section("intervals", "Each figure beside its interval", tuple(blocks))


def _finding(content: ReportContent) -> str:
    compared = [r for r in content.comparisons.values() if r.output.published is not None]
    if not compared:
        found = content.headline.distribution(content.headline.leading[0])
        title = found.output.title
        return f"Nothing was published for “{title}”; its interval as published is {interval_text(found)}."
    parts = []
    roles = [role(content.headline, name).removesuffix(" one") for name in content.headline.leading]
    for place, name in enumerate(roles):
        own = [r for r in compared if place < len(r.leading)]
        inside = sum(_inside(r, r.leading[place]) for r in own)
        parts.append(f"{inside} of {len(own)} under {name} reading")
    interval = f"{numbers.level(content.settings.level)} uncertainty interval"
    return f"How many published figures lie inside the {interval}: {listed(parts)}."


def _order(content: ReportContent) -> str:
    """Say what the intervals of one figure are, from the top."""
    headline = content.headline
    if len(headline.leading) < 2:
        return ""
    roles = listed(role(content.headline, name) for name in headline.leading)
    sentence = f"Each figure has its readings in one order: {roles}"
    others = sorted(
        {content.study.readings[r.leading[-1]].title for r in content.comparisons.values()}
        - {content.study.readings[headline.leading[-1]].title}
    )
    if not others:
        return f"{sentence}. "
    elsewhere = listed(f"“{title}”" for title in others)
    return f"{sentence}; which one is least favourable depends on the figure, for some it is {elsewhere}. "


def _inside(readings: Readings, name: str) -> bool:
    found = readings.distribution(name)
    published = readings.output.published
    return (
        published is not None and found.summary["low"].value <= published.value <= found.summary["high"].value
    )


def _positive(readings: Readings) -> bool:
    return readings.output.scale == "log10" or all(
        readings.distribution(name).draws.ordered[0] > 0 for name in readings.leading
    )


def _group(content: ReportContent, readings: Readings) -> Group:
    output = readings.output
    return Group(
        output.title,
        None if output.published is None else output.published.value,
        "" if output.published is None else f"published: {figure_text(output.published)}",
        tuple(
            Interval(
                f"{content.study.readings[name].title}: {interval_text(readings.distribution(name))}",
                readings.distribution(name).summary["low"].value,
                readings.distribution(name).median,
                readings.distribution(name).summary["high"].value,
                number,
            )
            for number, name in enumerate(readings.leading)
        ),
    )


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
    published = found.output.published
    return "–" if published is None else beyond(found, published.value).text


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
            numbers.number(found.point),
            median_text(found),
            with_unit(interval_text(found), found.output.unit.text),
            code(found.output.name),
        )
        for found in others
    )
    return Table(columns, rows, "Outputs in other units, or without a published figure, as published")
