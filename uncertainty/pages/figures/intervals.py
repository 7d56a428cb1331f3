"""Uncertainty intervals of several outputs beside their published figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from uncertainty.pages.figures.axis import Scale, name_value
from uncertainty.pages.figures.style import (
    CHARACTERS,
    GRID,
    INK,
    MARKS,
    MUTED,
    ROLES,
    SMALL,
    Bands,
    axes_inside,
    canvas,
    draw_lines,
    shorten,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 15.0
"""Height of one interval, in points."""

TITLE = 24.0
"""Height of a group's title."""

NAMED_ROW = 33.0
"""Height of an interval that carries its name above it."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The median and uncertainty interval of one reading."""

    name: str
    low: float
    median: float
    high: float
    role: int


@dataclass(frozen=True, slots=True)
class Group:
    """One output: its intervals and the figure that was published for it."""

    title: str
    published: float | None
    published_text: str
    intervals: tuple[Interval, ...]


@styled
def draw_intervals(
    groups: tuple[Group, ...], *, label: str, reference: float | None, logarithmic: bool
) -> Figure:
    """Draw one group of intervals below another on one axis.

    Every interval of the first group carries its name; the others repeat its order, colours and marks.

    Parameters
    ----------
    label
        Name of the axis, with its unit.
    reference
        Value that a vertical line marks.
    """
    height = sum(_height(group, named=number == 0) for number, group in enumerate(groups))
    figure = canvas(height + 70)
    axes = axes_inside(figure, top=20)
    axes.set_ylim(height, 0)
    values = [v for g in groups for i in g.intervals for v in (i.low, i.high)]
    values += [g.published for g in groups if g.published is not None]
    values += [reference] if reference is not None else []
    scale = Scale.over(values, logarithmic=logarithmic)
    scale.apply(axes, label)
    if reference is not None:
        name_value(axes, scale, reference, f"reference: {reference:g}", colour=MUTED)
    top = 0.0
    for number, group in enumerate(groups):
        bands = _bands(group, top, named=number == 0)
        draw_lines(axes, scale.ticks(), bands, colour=GRID, width=0.8)
        if reference is not None:
            draw_lines(axes, [reference], bands, colour=MUTED, width=1.4, dashed=True)
        if group.published is not None:
            draw_lines(axes, [group.published], bands, colour=INK, width=2.4)
        _draw_group(axes, scale, group, bands, top, named=number == 0)
        top += _height(group, named=number == 0)
    return figure


def _height(group: Group, *, named: bool) -> float:
    return TITLE + (NAMED_ROW if named else ROW) * len(group.intervals) + 8


def _bands(group: Group, top: float, *, named: bool) -> Bands:
    """Return where the lines of a group may run: one stretch, or one for each interval with a name above."""
    first = top + TITLE
    if not named:
        return [(first - 2, first + ROW * len(group.intervals))]
    feet = [first + NAMED_ROW * (number + 1) for number in range(len(group.intervals))]
    return [(foot - ROW + 2, foot) for foot in feet]


def _draw_group(axes: Axes, scale: Scale, group: Group, bands: Bands, top: float, *, named: bool) -> None:
    across = axes.get_yaxis_transform()
    room = max(58 - len(group.published_text), 20)
    axes.text(0, top + 15, shorten(group.title, room), transform=across, weight="bold")
    axes.text(1, top + 15, group.published_text, transform=across, ha="right")
    for number, found in enumerate(group.intervals):
        y = bands[number][1] - ROW / 2 if named else bands[0][1] - ROW * (len(group.intervals) - number - 0.5)
        colour = ROLES[found.role % len(ROLES)]
        mark = MARKS[found.role % len(MARKS)]
        axes.plot([found.low, found.high], [y, y], color=colour, linewidth=3.2, solid_capstyle="round")
        axes.plot([found.median], [y], mark, color=colour, markersize=8.5)
        if named:
            _name(axes, scale, found, y - ROW / 2 - 3, colour)


def _name(axes: Axes, scale: Scale, found: Interval, y: float, colour: str) -> None:
    """Write an interval's name above it, centred on it as far as the figure's ends allow."""
    text = shorten(found.name, 64)
    half = len(text) / 2 / CHARACTERS
    middle = (scale.share(found.low) + scale.share(found.high)) / 2
    at = min(max(middle, half), 1 - half)
    axes.text(at, y, text, transform=axes.get_yaxis_transform(), ha="center", color=colour, fontsize=SMALL)
