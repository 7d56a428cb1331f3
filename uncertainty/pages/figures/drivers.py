"""Which inputs drive an output: Sobol' indices as bars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from uncertainty.pages.figures.axis import label_ticks
from uncertainty.pages.figures.style import (
    GRID,
    INK,
    ROLES,
    axes_inside,
    canvas,
    draw_lines,
    shorten,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from uncertainty.sensitivity.sobol import Index

LABEL = 10.5

ROOM = 1.5
"""Width of the axes over that of the longest bar; the rest is for words."""

ROW = 48.0
"""Height of one input, in points."""


@dataclass(frozen=True, slots=True)
class Driver:
    """One input (or correlated set, or group) with its indices."""

    name: str
    index: Index


@styled
def draw_drivers(drivers: tuple[Driver, ...], *, role: int) -> Figure:
    """Draw first-order and total indices with their intervals, the largest first."""
    figure = canvas(ROW * len(drivers) + 60)
    axes = axes_inside(figure, top=8)
    axes.set_ylim(ROW * len(drivers), 0)
    most = max(100 * share.interval[1] for d in drivers for share in (d.index.first, d.index.total))
    most = max(most, 10.0)
    axes.set_xlim(0, most * ROOM)
    step = next(s for s in (2, 5, 10, 20, 25, 50, 100, 1000) if most / s <= 6)
    ticks = [step * i for i in range(int(most / step) + 1)]
    axes.set_xticks(ticks)
    label_ticks(axes, [(f"{tick} %", tick / most / ROOM) for tick in ticks])
    axes.spines["bottom"].set_bounds(0, most)
    axes.set_xlabel("share of the spread that is due to the input", x=0, ha="left")
    colour = ROLES[role % len(ROLES)]
    bands = [(ROW * number + 20, ROW * number + 42) for number in range(len(drivers))]
    draw_lines(axes, [float(tick) for tick in ticks], bands, colour=GRID, width=0.8)
    for number, driver in enumerate(drivers):
        top = ROW * number
        index = driver.index
        axes.text(0, top + 15, shorten(driver.name, 58), transform=axes.get_yaxis_transform())
        for y, (value, interval), alpha, words in (
            (top + 25.5, index.first, 1.0, "alone"),
            (top + 36.5, index.total, 0.5, "with interactions"),
        ):
            axes.barh(y, 100 * max(value, 0), height=9, color=colour, alpha=alpha, linewidth=0)
            ends = [100 * max(end, 0) for end in interval]
            axes.plot(ends, [y, y], color=INK, linewidth=1.6, solid_capstyle="butt")
            text = f"{100 * max(value, 0):.0f} % {words}" if number == 0 else f"{100 * max(value, 0):.0f} %"
            axes.annotate(
                text, (ends[1], y), (6, 0), textcoords="offset points", va="center", fontsize=LABEL, color=INK
            )
    return figure
