"""The headline's distribution under each leading reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.report.figures.densities import Density, draw_densities
from uncertainty.report.plots import Plot
from uncertainty.wording import (
    after_unit,
    figure_text,
    interval_text,
    listed,
    median_text,
    role,
)

if TYPE_CHECKING:
    from uncertainty.report.content import ReportContent


def plot(content: ReportContent, _subject: str) -> Plot:
    """Draw the headline's distributions with the published figure marked."""
    readings = content.headline
    output = readings.output
    level = numbers.level(content.settings.level)
    densities = []
    for number, name in enumerate(readings.leading):
        found = readings.distribution(name)
        densities.append(
            Density(
                content.study.readings[name].title,
                f"median {median_text(found)}, {level} interval {interval_text(found)}",
                content.shown_draws(name),
                found.summary["low"].value,
                found.median,
                found.summary["high"].value,
                number,
            )
        )
    published = None if output.published is None else output.published.value
    picture = draw_densities(
        tuple(densities),
        label=after_unit(output.title, output.unit.text),
        published=published,
        published_text="" if output.published is None else f"published: {figure_text(output.published)}",
        reference=output.reference,
        logarithmic=output.scale == "log10",
    )
    caption = (
        "A curve is higher where more draws lie; all are drawn to the same height. "
        f"Marks are medians, the bars below the curves {level} uncertainty intervals."
    )
    return Plot("distributions", picture, _finding(content), caption)


def _finding(content: ReportContent) -> str:
    readings = content.headline
    published = readings.output.published
    if published is None:
        parts = [
            f"{median_text(readings.distribution(name))} under “{content.study.readings[name].title}”"
            for name in readings.leading
        ]
        return f"Half of the draws of “{readings.output.title}” lie above {listed(parts)}."
    parts = []
    for name in readings.leading:
        found = readings.distribution(name)
        parts.append(
            f"{_times(published.value, found.median)} the median under “{content.study.readings[name].title}”"
        )
    return (
        f"The published {figure_text(published)} is {listed(parts)} "
        f"({', '.join(role(readings, name) for name in readings.leading)})."
    )


def _times(published: float, median: float) -> str:
    if published * median <= 0:
        return "on the other side of 0 from" if median else "beside"
    ratio = published / median
    return f"{ratio:.2g} times" if ratio < 10 else f"{float(f'{ratio:.1e}'):,.0f} times"
