"""What is known of an input: its distribution, the published point and its evidence, on one axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.pages.figures.axis import Scale
from uncertainty.pages.figures.outline import draw_outline, outline
from uncertainty.pages.figures.style import (
    GRID,
    INK,
    MUTED,
    ROLES,
    SMALL,
    axes_inside,
    canvas,
    draw_lines,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from uncertainty.distributions import Distribution

NARROW = 300
"""Width in points: it stands beside its evidence."""

CURVE = 58.0
"""Height of the distribution, in points."""

ROW = 8.0
"""Height of one piece of evidence."""

MOST = 24
"""Pieces of evidence that are drawn."""

BINS = 120
POINTS = 2**14
"""Quantiles from which the curve is drawn."""

FACTOR = 8.0
"""Ratio of the ends above which a positive quantity is shown on a logarithmic axis."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence: a value where both ends are the same, open where an end is None."""

    low: float | None
    high: float | None


@styled
def draw_evidence(
    distribution: Distribution,
    pieces: tuple[Piece, ...],
    *,
    published: float,
    published_text: str,
    label: str,
) -> Figure:
    """Draw a distribution above its evidence.

    Parameters
    ----------
    published, published_text
        Where the published point is marked, and what is written there.
    label
        Name of the axis.
    """
    shown = pieces[:MOST]
    height = CURVE + 14 + ROW * len(shown)
    figure = canvas(height + 18 + 40, NARROW)
    axes = axes_inside(figure, top=18, bottom=40, side=8)
    axes.set_ylim(height, 0)
    scale = _scale(distribution, shown, published)
    scale.apply(axes, label, most=4)
    draw_lines(axes, scale.ticks(4), [(0, height)], colour=GRID, width=0.8)
    draw_lines(axes, [published], [(0, height)], colour=INK, width=1.8)
    place = scale.share(published)
    axes.annotate(
        published_text,
        (published, 1),
        (0, 4),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        color=INK,
        ha="left" if place < 0.35 else "right" if place > 0.65 else "center",
        va="bottom",
        fontsize=SMALL,
        annotation_clip=False,
    )
    _draw_distribution(axes, distribution, scale)
    for number, piece in enumerate(shown):
        _draw_piece(axes, piece, scale, CURVE + 14 + ROW * (number + 0.5))
    return figure


def _scale(distribution: Distribution, pieces: tuple[Piece, ...], published: float) -> Scale:
    ends = distribution.quantile(np.array([0.002, 0.05, 0.95, 0.998])).tolist()
    values = [ends[0], ends[-1], published]
    values += [end for piece in pieces for end in (piece.low, piece.high) if end is not None]
    positive = min(values) > 0
    wide = positive and max(values) / min(values) > FACTOR
    return Scale.over(values, logarithmic=wide)


def _draw_distribution(axes: Axes, distribution: Distribution, scale: Scale) -> None:
    low, median, high = distribution.quantile(np.array([0.05, 0.5, 0.95])).tolist()
    colour = ROLES[0]
    values = distribution.quantile((np.arange(POINTS) + 0.5) / POINTS)
    draw_outline(axes, outline(values, scale, BINS), foot=CURVE, height=CURVE - 4, colour=colour, width=1.6)
    axes.plot([low, high], [CURVE, CURVE], color=colour, linewidth=3.4, solid_capstyle="butt")
    axes.plot([median], [CURVE], "o", color=colour, markersize=7)


def _draw_piece(axes: Axes, piece: Piece, scale: Scale, y: float) -> None:
    low = scale.low if piece.low is None else piece.low
    high = scale.high if piece.high is None else piece.high
    if low == high:
        axes.plot([low], [y], "D", color=MUTED, markersize=4.5)
    else:
        axes.plot([low, high], [y, y], color=MUTED, linewidth=2.6, solid_capstyle="butt")
