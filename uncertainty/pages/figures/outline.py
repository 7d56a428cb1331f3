"""What draws look like: sticks where many have one value, a curve elsewhere, and nothing where none lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty.late import dataclass

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.pages.figures.axis import Scale

BINS = 400

VISIBLE = 0.002
"""Share of a curve's height under which it is not drawn."""

FEW = 60
"""Distinct values up to which all that draws have in common are sticks."""

OWN_STICK = 0.005
"""Share of the draws with one value from which on it has a stick beside a curve."""

PROMINENT = 20
"""How often more than others such a value must occur, so that counts in the hundreds stay a curve."""

HAIR = 1e-3
"""Share of the axis that is too narrow for a curve: all draws are one stick there."""

EDGE, CROWD = 0.4, 20
"""Share of a curve's height, or draws within a bandwidth, from which on it ends in an edge, no tail."""

LEAST_CURVE = 0.25
"""Height of a curve beside sticks, however few draws it stands for."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of some draws, at most 1 high.

    Parameters
    ----------
    sticks, shares
        Values that many draws have, and the heights of their sticks, in proportion to their shares of draws.
    x, heights
        The curve of the other draws, empty where there are none.
    """

    sticks: FloatArray
    shares: FloatArray
    x: FloatArray
    heights: FloatArray


def outline(values: FloatArray, scale: Scale, bins: int = BINS) -> Outline:
    """Return the outline of draws on a scale.

    Parameters
    ----------
    values
        Shape (draws,).
    """
    distinct, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = [scale.share(float(end)) for end in (distinct[0], distinct[-1])]
    if ends[1] - ends[0] < HAIR:
        return Outline(np.quantile(values, [0.5]), np.ones(1), values[:0], values[:0])
    often = counts >= _fewest(counts, values.size)
    shares = counts[often] / values.size
    rest = values[~often[which]]
    left = rest.size / values.size
    highest = max(shares.max(initial=0.0), left)
    x, heights = rest[:0], rest[:0]
    # draws beyond both ends of the axis alone are no curve
    if np.unique(rest[(rest >= scale.low) & (rest <= scale.high)]).size > 1:
        x, heights = _curve(rest, scale, bins)
    return Outline(distinct[often], shares / highest, x, heights * max(left / highest, LEAST_CURVE))


def _fewest(counts: np.ndarray, draws: int) -> float:
    """Return how many draws must have one value for a stick."""
    if counts.size <= FEW:
        return 2 if draws > counts.size else 1
    return max(OWN_STICK * draws, PROMINENT * float(np.median(counts)), 3)


def _curve(values: FloatArray, scale: Scale, bins: int) -> tuple[FloatArray, FloatArray]:
    """Return a smooth density: a fine histogram, blurred by Silverman's bandwidth and mirrored at its ends.

    It ends where the draws do, since the density of what cannot be less than 0 does not begin below it. Where
    few draws lie at an end it runs out there: mirrored, these few would stand as a shelf.
    """
    places = scale.shares(values)
    low, high = max(0.0, places.min()), min(1.0, places.max())
    edges = np.linspace(low, high, bins + 1)
    heights = np.histogram(places, edges)[0] / places.size
    quartiles = np.quantile(places, [0.25, 0.75])
    spread = min(float(places.std()), float(quartiles[1] - quartiles[0]) / 1.349) or float(places.std())
    bandwidth = max(0.9 * spread * places.size ** (-0.2) / (edges[1] - edges[0]), 1.0)
    reach = int(min(4 * bandwidth, bins)) + 1
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / bandwidth) ** 2)
    padded = np.pad(heights, reach, mode="symmetric")
    smooth = np.convolve(padded, kernel / kernel.sum(), mode="same")[reach:-reach]
    from_end = np.clip((np.arange(bins) + 0.5) / (2 * bandwidth), 0, 1)
    fading = from_end**2 * (3 - 2 * from_end)
    thin = min(EDGE * smooth.max(), CROWD / bandwidth / places.size)
    smooth *= np.where(smooth[0] < thin, fading, 1) * np.where(smooth[-1] < thin, fading[::-1], 1)
    seen = np.flatnonzero(smooth > VISIBLE * smooth.max())
    first, last = seen[0], seen[-1] + 1
    middles = (edges[1:] + edges[:-1])[first:last] / 2
    drawn = scale.values(np.concatenate([[edges[first]], middles, [edges[last]]]))
    return np.clip(drawn, values.min(), values.max()), np.pad(smooth[first:last] / smooth.max(), 1)


def draw_outline(
    axes: Axes, found: Outline, *, foot: float, height: float, colour: str, width: float = 1.8
) -> None:
    """Draw an outline that stands on `foot` and is `height` high, on an axis that runs downwards."""
    if found.x.size:
        y = foot - found.heights * height
        axes.fill_between(found.x, foot, y, color=colour, alpha=0.25, linewidth=0)
        axes.plot(found.x, y, color=colour, linewidth=width)
    if found.sticks.size:
        axes.vlines(
            found.sticks,
            foot,
            foot - found.shares * height,
            colors=colour,
            linewidth=2 * width,
            capstyle="butt",
        )
