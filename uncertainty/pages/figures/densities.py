"""The distribution of one output under several readings, the published figure marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.pages.figures.axis import Scale, name_value
from uncertainty.pages.figures.outline import draw_outline, outline
from uncertainty.pages.figures.style import (
    GRID,
    INK,
    MARKS,
    MUTED,
    ROLES,
    SMALL,
    axes_inside,
    canvas,
    draw_lines,
    shorten,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from uncertainty.distributions.protocol import FloatArray

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
        draw_lines(axes, [published], bands, colour=INK, width=2.2)
        name_value(axes, scale, published, published_text, colour=INK)
    if reference is not None:
        draw_lines(axes, [reference], bands, colour=MUTED, width=1.4, dashed=True)
        near = published is not None and abs(scale.share(published) - scale.share(reference)) < 0.25
        name_value(axes, scale, reference, f"reference: {reference:g}", colour=MUTED, line=int(near))
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
