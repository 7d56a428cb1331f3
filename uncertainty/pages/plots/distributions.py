"""The headline's distribution under each leading reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.challenges.verdict import differs_by_factors
from uncertainty.pages.figures.densities import Density, draw_densities
from uncertainty.pages.plots import Plot
from uncertainty.wording import (
    after_unit,
    figure_text,
    interval_text,
    listed,
    mark_text,
    median_text,
    middle_text,
    published_text,
    role,
    with_unit,
)

if TYPE_CHECKING:
    from uncertainty.pages.content import ReportContent
    from uncertainty.propagation import OutputDistribution


NEAR = 0.05
"""Share of an interval's width within which a figure is close to the median."""


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
                _in_words(found, level),
                content.shown_draws(name),
                None if found.probability else found.summary["low"].value,
                found.median,
                None if found.probability else found.summary["high"].value,
                number,
            )
        )
    picture = draw_densities(
        tuple(densities),
        label=after_unit(output.title, output.unit.text),
        published=output.published_value,
        published_text=mark_text(output),
        reference=output.reference,
        logarithmic=output.scale == "log10",
    )
    caption = (
        "A curve is higher where more draws lie, a stick where more have one value; all are drawn to the "
        "same height. "
        f"Marks are medians, the bars below the curves {level} uncertainty intervals."
    )
    return Plot("distributions", picture, _finding(content), caption)


def _finding(content: ReportContent) -> str:
    readings = content.headline
    published = readings.output.published
    if published is None or not published.is_attainable:
        parts = [
            f"{_said(readings.distribution(name))} under “{content.study.readings[name].title}”"
            for name in readings.leading
        ]
        return f"“{readings.output.title}” {listed(parts)}."
    parts = [
        f"{_beside_median(published.value, found)} under “{content.study.readings[name].title}”"
        for name in readings.leading
        for found in [readings.distribution(name)]
    ]
    named = figure_text(published) if published.at_points else published_text(readings.output)
    return (
        f"The published {named} is {listed(parts)} "
        f"({', '.join(role(readings, name) for name in readings.leading)})."
    )


def _beside_median(published: float, found: OutputDistribution) -> str:
    """Say how a figure compares with the median: by a factor, or by how much where factors say nothing."""
    if not found.varies or found.probability is not None:
        return f"beside {middle_text(found)}"
    if differs_by_factors(found, published):
        ratio = published / found.median
        factor = f"{ratio:.2g}" if ratio < 10 else f"{float(f'{ratio:.1e}'):,.0f}"
        return f"{factor} times the median"
    width = found.summary["high"].value - found.summary["low"].value
    if abs(published - found.median) < NEAR * width:
        return "close to the median"
    distance = with_unit(numbers.number(abs(published - found.median), 2), found.output.unit.text)
    return f"{distance} {'above' if published > found.median else 'below'} the median"


def _said(found: OutputDistribution) -> str:
    if not found.varies:
        return f"is {_always(found)}"
    if found.probability is not None:
        return f"is a yes in {middle_text(found)} of the draws"
    return f"lies above {middle_text(found)} in half of the draws"


def _in_words(found: OutputDistribution, level: str) -> str:
    if not found.varies:
        return _always(found)
    if found.probability is not None:
        return found.written[0]
    return f"median {median_text(found)}, {level} interval {interval_text(found)}"


def _always(found: OutputDistribution) -> str:
    """Say that draws have one value; only where there is no other is it always that."""
    value = middle_text(found)
    return f"{value} in all draws" if found.draws.unmet else f"always {value}"
