"""Data and the families fitted to them: densities over a histogram, and quantiles beside quantiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty.fitting.goodness import p_value_equation
from uncertainty.pages.figures.axis import Scale
from uncertainty.pages.figures.style import (
    GRID,
    INK,
    MARKS,
    MUTED,
    ROLES,
    SMALL,
    WIDTH,
    canvas,
    shorten,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from uncertainty.fitting.data import Fit, Fits

MOST = 3
"""Families that are drawn: as many as there are dashes."""

HEIGHT = 560
STYLES = ("-", (0, (6, 2)), (0, (2, 2)))


@styled
def draw_fits(found: Fits, title: str) -> Figure:
    """Draw the data with the best families.

    Parameters
    ----------
    title
        Of the horizontal axis: the quantity, with its unit if it has one.
    """
    figure = canvas(HEIGHT)
    fits = found.fits[:MOST]
    above = figure.add_axes((0.02, 0.56, 0.96, 0.36), facecolor="none")
    below = figure.add_axes((0.10, 0.10, 0.88, 0.34), facecolor="none")
    for axes, spines in ((above, ("left", "right", "top")), (below, ("right", "top"))):
        for spine in spines:
            axes.spines[spine].set_visible(False)
    above.set_yticks([])
    _densities(above, found, fits, title)
    _quantiles(below, found, fits)
    for place, fit in enumerate(fits):
        text = f"{shorten(fit.text, 48)}, A² {p_value_equation(fit.goodness.anderson_darling_p)}"
        figure.text(
            8 / WIDTH, 1 - (18 + 16 * place) / HEIGHT, text, color=ROLES[place], size=SMALL, va="center"
        )
    return figure


def _densities(axes: Axes, found: Fits, fits: tuple[Fit, ...], title: str) -> None:
    values = found.values
    axes.hist(values, bins=_bins(values), density=True, color=GRID, edgecolor="none", zorder=0)
    low, high = float(values[0]), float(values[-1])
    room = 0.08 * (high - low)
    x = np.linspace(low - room, high + room, 400)
    highest = 1.3 * float(axes.get_ylim()[1])
    for place, fit in enumerate(fits):
        density = fit.density(x)
        shown = np.where(np.isfinite(density), np.minimum(density, 2 * highest), np.nan)
        axes.plot(x, shown, color=ROLES[place], linewidth=1.8, linestyle=STYLES[place])
    axes.set_ylim(0, highest)
    Scale.over([low - room, high + room], logarithmic=False).apply(axes, shorten(title, 60))


def _bins(values: np.ndarray) -> int:
    """Return as many bins as Freedman and Diaconis advise, within reason."""
    spread = float(np.subtract(*np.quantile(values, [0.75, 0.25])))
    width = 2 * spread / len(values) ** (1 / 3)
    return int(np.clip(np.ptp(values) / width if width > 0 else 10, 5, 60))


def _quantiles(axes: Axes, found: Fits, fits: tuple[Fit, ...]) -> None:
    """Draw the data against the quantiles that each family expects; a good fit keeps to the diagonal."""
    values = found.values
    picked = np.unique(np.linspace(0, len(values) - 1, min(len(values), 200)).round().astype(int))
    positions = (picked + 0.5) / len(values)
    low, high = float(values[0]), float(values[-1])
    axes.plot([low, high], [low, high], color=INK, linewidth=0.8)
    for place, fit in enumerate(fits):
        expected = fit.distribution.quantile(positions)
        axes.plot(
            expected,
            values[picked],
            MARKS[place],
            color=ROLES[place],
            markersize=3,
            fillstyle="none",
            mew=0.9,
        )
    room = 0.06 * (high - low)
    Scale.over([low - room, high + room], logarithmic=False).apply(axes, "quantile of the family")
    axes.set_ylim(low - room, high + room)
    axes.set_ylabel("data", color=MUTED, size=SMALL)
    axes.tick_params(axis="y", labelsize=SMALL, colors=MUTED)
