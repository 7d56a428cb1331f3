"""The headline's distribution under each leading reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty import numbers
from uncertainty.challenges.verdict import differs_by_factors
from uncertainty.late import dataclass
from uncertainty.pages.figures import Plot
from uncertainty.pages.figures.axis import Scale, name_value
from uncertainty.pages.figures.outline import draw_outline, outline
from uncertainty.pages.figures.rows import quantile_rows
from uncertainty.pages.figures.style import (
    GRID,
    MARKS,
    MUTED,
    PUBLISHED,
    ROLES,
    SMALL,
    axes_inside,
    canvas,
    draw_lines,
    shorten,
    styled,
)
from uncertainty.pages.roles import role
from uncertainty.wording import (
    after_unit,
    figure_text,
    interval_text,
    listed,
    mark_text,
    median_text,
    middle_text,
    point_text,
    published_text,
    with_unit,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.pages.content import ReportContent

PANEL = 124.0
"""Height of one reading, in points."""

TEXT_LINES = 44.0
"""Height of its name and numbers."""

FOOT = 12.0
"""Room under its curve."""

INSIDE = 0.998
"""Share of the draws that the axis shows."""


@dataclass(frozen=True, slots=True)
class Density:
    """The draws of one reading.

    Parameters
    ----------
    values
        Shape (samples,).
    text
        The median and interval in words.
    low, median, high
        What is marked below the curve; nothing of a yes or no, which has no interval.
    """

    name: str
    text: str
    values: FloatArray
    low: float | None
    median: float
    high: float | None
    role: int


@styled
def draw_densities(
    densities: tuple[Density, ...],
    *,
    label: str,
    published: float | None,
    published_text: str,
    reference: float | None,
    logarithmic: bool,
) -> Figure:
    """Draw one distribution below another on one axis, all equally high.

    Parameters
    ----------
    label
        Name of the axis, with its unit.
    published, published_text
        Where the published figure is marked, and what is written there.
    reference
        Value that a vertical line marks.
    """
    tails = [(1 - INSIDE) / 2, (1 + INSIDE) / 2]
    shown = [float(q) for d in densities for q in np.quantile(d.values, tails)]
    shown += [value for value in (published, reference) if value is not None]
    logarithmic = logarithmic and all(float(d.values.min()) > 0 for d in densities)
    scale = Scale.over(shown, logarithmic=logarithmic)
    figure = canvas(PANEL * len(densities) + 86)
    axes = axes_inside(figure, top=40)
    axes.set_ylim(PANEL * len(densities), 0)
    scale.apply(axes, label)
    bands = [(PANEL * number + TEXT_LINES, PANEL * (number + 1) - FOOT) for number in range(len(densities))]
    draw_lines(axes, scale.ticks(), bands, colour=GRID, width=0.8)
    for number, density in enumerate(densities):
        _draw_density(axes, density, scale, PANEL * number)
    if published is not None:
        draw_lines(axes, [published], bands, colour=PUBLISHED, width=2.2)
        name_value(axes, scale, published, published_text, colour=PUBLISHED)
    if reference is not None:
        draw_lines(axes, [reference], bands, colour=MUTED, width=1.4, dashed=True)
        near = published is not None and abs(scale.share(published) - scale.share(reference)) < 0.25
        name_value(
            axes, scale, reference, f"reference: {point_text(reference)}", colour=MUTED, line=int(near)
        )
    return figure


def _draw_density(axes: Axes, density: Density, scale: Scale, top: float) -> None:
    colour = ROLES[density.role % len(ROLES)]
    across = axes.get_yaxis_transform()
    axes.text(0, top + 16, shorten(density.name, 56), transform=across, color=colour, weight="bold")
    axes.text(0, top + 33, shorten(density.text, 70), transform=across, fontsize=SMALL)
    foot = top + PANEL - FOOT
    found = outline(density.values, scale)
    draw_outline(axes, found, foot=foot, height=PANEL - TEXT_LINES - FOOT, colour=colour)
    if density.low is None or density.high is None:
        return
    axes.plot([density.low, density.high], [foot, foot], color=colour, linewidth=3.6, solid_capstyle="butt")
    axes.plot([density.median], [foot], MARKS[density.role % len(MARKS)], color=colour, markersize=8.5)


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
                None if found.probability else found.ends.low.value,
                found.median,
                None if found.probability else found.ends.high.value,
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
    rows = [
        row
        for each in densities
        for row in quantile_rows({"reading": each.name}, each.values, _ends(each, content))
    ]
    return Plot("distributions", picture, _finding(content), caption, rows)


def _ends(density: Density, content: ReportContent) -> dict[float, float]:
    """Return the ends of an interval by their probabilities, where they are quantiles."""
    if content.settings.interval != "central" or density.low is None or density.high is None:
        return {}
    level = content.settings.level
    # without the last digits of what binary fractions make of 0.025
    return {round((1 - level) / 2, 12): density.low, round((1 + level) / 2, 12): density.high}


def _finding(content: ReportContent) -> str:
    readings = content.headline
    published = readings.output.published
    if published is None or readings.output.published_value is None:
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
        return f"{factor} times the median" if factor != "1" else "close to the median"
    width = found.ends.high.value - found.ends.low.value
    if abs(published - found.median) < NEAR * width:
        return "close to the median"
    unit = found.output.unit.text
    apart = numbers.number(abs(published - found.median), 2)
    distance = f"{apart} percentage points" if unit == "%" else with_unit(apart, unit)
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
