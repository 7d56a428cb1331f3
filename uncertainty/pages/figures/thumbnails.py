"""A small picture of a claim: the published figure against the intervals of its leading readings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.pages.figures.axis import Scale
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

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from uncertainty.pages.figures.intervals import Interval

WIDTH = 320.0
ROW = 30.0
"""Height of an interval with its name above it, in points."""

LETTERS = 46
"""Characters of a name that fit."""

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
    height = ROW * len(intervals) + 6
    figure = canvas(height + 50, WIDTH)
    axes = axes_inside(figure, bottom=44)
    axes.set_ylim(height, 0)
    values = [value for each in intervals for value in (each.low, each.high)]
    values += [value for value in (published, reference) if value is not None]
    scale = Scale.over(values, logarithmic=logarithmic and min(values) > 0)
    scale.apply(axes, "" if unit == "1" else unit, TICKS)
    whole = [(ROW * number + 16, ROW * (number + 1) + 6) for number in range(len(intervals))]
    draw_lines(axes, scale.ticks(TICKS), whole, colour=GRID, width=0.8)
    if reference is not None:
        draw_lines(axes, [reference], whole, colour=MUTED, width=1.4, dashed=True)
    if published is not None:
        draw_lines(axes, [published], whole, colour=PUBLISHED, width=2.4)
    for number, each in enumerate(intervals):
        y = ROW * (number + 0.75) + 3
        colour, mark = ROLES[each.role % len(ROLES)], MARKS[each.role % len(MARKS)]
        axes.plot([each.low, each.high], [y, y], color=colour, linewidth=3.2, solid_capstyle="round")
        axes.plot([each.median], [y], mark, color=colour, markersize=8.5)
        name = shorten(each.name, LETTERS)
        axes.text(0, y - 11, name, transform=axes.get_yaxis_transform(), color=colour, fontsize=SMALL)
    return figure
