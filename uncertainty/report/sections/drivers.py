"""What drives the headline: Sobol' indices in words, bars and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.report.blocks import Block, Column, Paragraph, Section, Subheading, Table, Text
from uncertainty.report.figures.drivers import Driver
from uncertainty.report.plots import figure
from uncertainty.report.plots.drivers import INDISTINCT, TENTH, indistinct, missing, named, percent
from uncertainty.report.sections.driver_details import detail_blocks
from uncertainty.wording import role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.report.content import ReportContent
    from uncertainty.sensitivity.sobol import Index, SobolIndices


def section(content: ReportContent) -> Section:
    """Say which inputs the headline's spread is due to, under each leading reading."""
    output = content.headline.output
    scale = (
        "the variance of the headline's logarithm, so that factors count rather than amounts"
        if output.scale == "log10"
        else "the headline's variance"
    )
    blocks: list[Block] = [
        Paragraph(
            f"An input's share of the spread is its share of {scale}. “Alone” (S1) is how much the spread "
            "would shrink on average if that input were known. “With interactions” (ST) is how much would "
            "remain on average if it were the only one that stayed unknown."
        )
    ]
    for name, found in content.drivers.items():
        title = content.study.readings[name].title
        blocks.append(Subheading(f"{title} ({role(content.headline, name)})"))
        reason = missing(content, name)
        if isinstance(found, str) or reason:
            blocks.append(Paragraph(f"There is nothing to attribute: {reason}."))
        else:
            blocks += _reading(content, found, name)
    return Section("drivers", "What drives the headline", tuple(blocks))


def _reading(content: ReportContent, found: SobolIndices, name: str) -> list[Block]:
    indices = found.outputs[content.study.headline]
    picture = figure("drivers", content, name)
    reading = content.study.readings[name].title
    level = numbers.level(found.settings.level)
    every = (
        f"Every input that reaches the headline, under “{reading}”, with {level} intervals where these are "
        "wider than 0.1 %"
    )
    blocks: list[Block] = [
        Paragraph(picture.alt, lead=True),
        picture,
        _table(named(content.study, indices), "Input", every),
    ]
    if indices.groups:
        groups = [Driver(group.replace("_", " "), index) for group, index in indices.groups.items()]
        blocks.append(_table(groups, "Group", f"The study's groups of inputs, under “{reading}”"))
    return blocks + detail_blocks(content, found, indices, reading)


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
    if indistinct(index.ST_interval):
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


def _share(value: float, interval: tuple[float, float]) -> str:
    low, high = (100 * end for end in interval)
    if indistinct(interval):
        most = "" if high < TENTH else f" (at most {high:.1f} %)"
        return f"{INDISTINCT}{most}"
    if high < TENTH or f"{low:.1f}" == f"{high:.1f}":
        return percent(value)
    return f"{percent(value)} ({low:.1f} to {high:.1f} %)"
