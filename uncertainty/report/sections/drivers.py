"""What drives the headline: Sobol' indices in words, bars and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.report.blocks import Block, Column, Figure, Paragraph, Section, Subheading, Table, Text
from uncertainty.report.figures.drivers import Driver, draw_drivers
from uncertainty.report.figures.style import svg_text
from uncertainty.report.sections.driver_details import detail_blocks
from uncertainty.wording import listed, role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.report.content import ReportContent
    from uncertainty.sensitivity.sobol import Index, OutputIndices, SobolIndices
    from uncertainty.study.model import Study

SHOWN = 8
"""Inputs drawn as bars."""

NEGLIGIBLE = 0.005
"""Total index under which an input is left out of the bars."""

TENTH = 0.1
"""Percentage below which an index is written without its interval."""

INDISTINCT = "not distinguishable from 0"


def section(content: ReportContent) -> Section:
    """Say which inputs the headline's spread is due to, under each leading reading."""
    output = content.headline.output
    scale = (
        "its logarithm's variance, so that factors count and not amounts"
        if output.scale == "log10"
        else "its variance"
    )
    blocks: list[Block] = [
        Paragraph(
            f"An input's share of the spread is its share of {scale}. “Alone” (S1) is how much the spread "
            "would shrink on average if that input were known. “With interactions” (ST) is how much would "
            "remain on average if it were the only one that stayed unknown."
        )
    ]
    for number, (name, found) in enumerate(content.drivers.items()):
        reading = content.study.readings[name]
        blocks.append(Subheading(f"{reading.title} ({role(content.headline, name)})"))
        if isinstance(found, str):
            blocks.append(Paragraph(f"There is nothing to attribute: {found}."))
        else:
            blocks += _reading(content, found, reading.title, number)
    return Section("drivers", "What drives the headline", tuple(blocks))


def _reading(content: ReportContent, found: SobolIndices, reading: str, number: int) -> list[Block]:
    indices = found.outputs[content.study.headline]
    if indices.reason or not indices.indices:
        return [
            Paragraph(f"There is nothing to attribute: {indices.reason or 'no input reaches the headline'}.")
        ]
    finding = _finding(content.study, indices, reading)
    inputs = [Driver(set_title(content.study, key), index) for key, index in indices.indices.items()]
    shown = [inputs[0], *(driver for driver in inputs[1:SHOWN] if driver.index.ST >= NEGLIGIBLE)]
    name = f"drivers-{number + 1}"
    level = numbers.level(found.settings.level)
    largest = "the largest" if len(shown) == 1 else f"the {len(shown)} largest"
    caption = f"Upper bars: alone; lower bars: with interactions; {largest}, with {level} intervals."
    picture = svg_text(draw_drivers(tuple(shown), role=number), name, finding)
    every = f"Every input that reaches the headline, under “{reading}”, with {level} intervals"
    blocks: list[Block] = [
        Paragraph(finding, lead=True),
        Figure(name, picture, finding, caption),
        _table(inputs, "Input", every),
    ]
    if indices.groups:
        groups = [Driver(group.replace("_", " "), index) for group, index in indices.groups.items()]
        blocks.append(_table(groups, "Group", f"The study's groups of inputs, under “{reading}”"))
    return blocks + detail_blocks(content, found, indices, reading)


def set_title(study: Study, key: str) -> str:
    """Return the label of an input, or of several that are correlated and count as one."""
    return listed(study.inputs[name].title for name in key.split("+"))


def _finding(study: Study, indices: OutputIndices, reading: str) -> str:
    ranked = list(indices.indices.items())
    top = [
        (set_title(study, key), index)
        for place, (key, index) in enumerate(ranked[:2])
        if not _indistinct(index.S1_interval) and (place == 0 or index.S1 >= 0.05)
    ]
    if not top:
        return f"Under “{reading}” no input drives the headline alone: the indices are {INDISTINCT}."
    parts = [f"“{title}” explains {percent(index.S1)}" for title, index in top]
    some = sum(index.ST < 0.01 for _, index in ranked)
    rest = f" {some} of {len(ranked)} inputs matter for less than 1 % each." if some else ""
    return f"Under “{reading}”, {listed(parts)} of the spread alone.{rest}"


def _table(drivers: Sequence[Driver], noun: str, caption: str) -> Table:
    columns = (
        Column(noun),
        Column("In words"),
        Column("Alone (S1)", numeric=True),
        Column("With interactions (ST)", numeric=True),
    )
    rows: tuple[tuple[Text, ...], ...] = tuple(
        (
            driver.name,
            _in_words(driver.index),
            _share(driver.index.S1, driver.index.S1_interval),
            _share(driver.index.ST, driver.index.ST_interval),
        )
        for driver in drivers
    )
    return Table(columns, rows, caption)


def _in_words(index: Index) -> str:
    if _indistinct(index.ST_interval):
        return INDISTINCT
    for least, words in (
        (0.5, "most of the spread"),
        (0.2, "a large part"),
        (0.05, "a part"),
        (0.01, "little"),
    ):
        if least <= index.ST:
            return words
    return "next to nothing"


def _indistinct(interval: tuple[float, float]) -> bool:
    return interval[0] <= 0


def _share(value: float, interval: tuple[float, float]) -> str:
    low, high = (100 * end for end in interval)
    if _indistinct(interval):
        most = "" if high < TENTH else f" (at most {high:.1f} %)"
        return f"{INDISTINCT}{most}"
    if high < TENTH:
        return percent(value)
    return f"{percent(value)} ({low:.1f} to {high:.1f} %)"


def percent(share: float) -> str:
    """Write an index as a percentage, to a tenth where it is small."""
    value = 100 * share
    if 0 < value < TENTH:
        return "under 0.1 %"
    return f"{value:.1f} %" if value < 10 else f"{value:.0f} %"
