"""Axes with values on both sides, for figures that show an output along something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty.pages.figures.axis import Scale, tick_text
from uncertainty.pages.figures.style import GRID, MUTED, SMALL, WIDTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from uncertainty.distributions.protocol import FloatArray

LEFT = 58.0
"""Room for the vertical axis's numbers, in points."""

WIDE = 20.0
"""Factor between the ends of positive values above which an axis is logarithmic."""


def panel(figure: Figure, *, top: float, height: float, left: float = LEFT, right: float = 8) -> Axes:
    """Add axes of a height, `top` below the figure's upper edge; all in points.

    Parameters
    ----------
    left, right
        Room beside them.
    """
    whole = figure.get_figheight() * 72
    axes = figure.add_axes(
        (left / WIDTH, 1 - (top + height) / whole, 1 - (left + right) / WIDTH, height / whole),
        facecolor="none",
    )
    for spine in ("right", "top"):
        axes.spines[spine].set_visible(False)
    return axes


def set_vertical(axes: Axes, scale: Scale) -> None:
    """Set the vertical axis to a scale, its ticks as lines across."""
    from matplotlib.ticker import NullFormatter, NullLocator

    if scale.logarithmic:
        axes.set_yscale("log")
    axes.set_ylim(scale.low, scale.high)
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_formatter(NullFormatter())
    ticks = scale.ticks()
    axes.set_yticks(ticks, [tick_text(tick) for tick in ticks])
    axes.tick_params(axis="y", colors=MUTED, labelsize=SMALL)
    axes.grid(visible=True, axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)


def fitting_scale(values: FloatArray) -> Scale:
    """Return the scale for some values, logarithmic where they are positive and of different sizes."""
    low, high = float(np.min(values)), float(np.max(values))
    return Scale.over([low, high], logarithmic=low > 0 and high > WIDE * low)


def heading(figure: Figure, text: str, *, top: float) -> None:
    """Write a line, `top` below the figure's upper edge, where its panels begin."""
    height = figure.get_figheight() * 72
    figure.text(6 / WIDTH, 1 - top / height, text, color=MUTED, fontsize=SMALL)
