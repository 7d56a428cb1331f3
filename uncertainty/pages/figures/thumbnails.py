"""A small picture of a claim: the published figure against the intervals of its leading readings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.characters import isolated
from uncertainty.pages.figures.axis import Scale
from uncertainty.pages.figures.lettering import one_line, width
from uncertainty.pages.figures.style import (
    GRID,
    MARKS,
    MUTED,
    PUBLISHED,
    ROLES,
    SMALL,
    Bands,
    axes_inside,
    canvas,
    draw_lines,
    styled,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from uncertainty.pages.figures.intervals import Interval

WIDTH = 320.0
ROW = 30.0
"""Height of an interval with its name above it, in points."""

SIDE = 6.0
"""Margin on either side of the axis."""

NAME = 16.0
"""Height of a name."""

BELOW = 6.0
"""How far upright lines reach below a row, into the next."""

ARROW = 8.0
"""Size of the mark of an interval that goes on."""

TICKS = 4
"""Decades, or steps, that a small axis has room for."""


@styled
def draw_thumbnail(
    intervals: Sequence[Interval],
    *,
    published: float | None,
    reference: float | None,
    unit: str,
    logarithmic: bool,
) -> Figure:
    """Draw one interval below another, each with its name, and an upright bar at the published figure.

    Parameters
    ----------
    intervals
        Of the leading readings, in their order, which colours and marks follow.
    reference
        Value that a dashed line marks.
    """
    height = ROW * len(intervals) + BELOW
    figure = canvas(height + 50, WIDTH)
    axes = axes_inside(figure, bottom=44, side=SIDE)
    axes.set_ylim(height, 0)
    values = [value for each in intervals for value in (each.low, each.high)]
    values += [value for value in (published, reference) if value is not None]
    scale = Scale.over(values, logarithmic=logarithmic and min(values) > 0)
    scale.apply(axes, "" if unit == "1" else unit, TICKS)
    names = [one_line(each.name, SMALL, WIDTH - 2 * SIDE) for each in intervals]
    for tick in scale.ticks(TICKS):
        draw_lines(axes, [tick], _beside_names(axes, names, tick), colour=GRID, width=0.8)
    if reference is not None:
        clear = _beside_names(axes, names, reference)
        draw_lines(axes, [reference], clear, colour=MUTED, width=1.4, dashed=True)
    if published is not None:
        draw_lines(axes, [published], _beside_names(axes, names, published), colour=PUBLISHED, width=2.4)
    for number, (name, each) in enumerate(zip(names, intervals, strict=True)):
        y = ROW * (number + 0.75) + 3
        colour, mark = ROLES[each.role % len(ROLES)], MARKS[each.role % len(MARKS)]
        axes.plot([each.low, each.high], [y, y], color=colour, linewidth=3.2, solid_capstyle="round")
        axes.plot([each.median], [y], mark, color=colour, markersize=8.5)
        if each.is_endless:
            axes.plot([each.high], [y], ">", color=colour, markersize=ARROW, clip_on=False)
        across = axes.get_yaxis_transform()
        axes.text(0, y - 11, isolated(name), transform=across, color=colour, fontsize=SMALL)
    return figure


def _beside_names(axes: Axes, names: Sequence[str], value: float) -> Bands:
    """Return where an upright line may be drawn: everywhere but through a name."""
    shares = axes.transLimits.transform(axes.transScale.transform((value, 0.0)))
    across = shares[0] * (WIDTH - 2 * SIDE)
    bands: Bands = []
    for row, name in enumerate(names):
        crossed = across < width(name, SMALL) + SIDE
        top, bottom = ROW * row + (NAME if crossed else 0.0), ROW * (row + 1) + BELOW
        joined = bands.pop()[0] if bands and not crossed else top
        bands.append((joined, bottom))
    return bands
