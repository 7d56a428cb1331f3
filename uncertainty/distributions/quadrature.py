"""Moments by integrating quantile functions over probability."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uncertainty.distributions.functions import Unary
    from uncertainty.distributions.protocol import Distribution, FloatArray

TOLERANCE = 1e-12
DEEPEST = 400


@cache
def _rule(order: int) -> tuple[FloatArray, FloatArray]:
    """Gauss-Legendre nodes and weights on [-1, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(order)
    return nodes, weights


def _on_panels(function: Unary, left: FloatArray, right: FloatArray, order: int) -> FloatArray:
    """Integral over each panel."""
    nodes, weights = _rule(order)
    half = 0.5 * (right - left)
    return (function(left[:, None] + half[:, None] * (1.0 + nodes)) @ weights) * half


def integrate(function: Unary, breaks: Iterable[float]) -> float:
    """Integrate a function that is smooth between `breaks`, and may be singular at the outer two.

    A panel on which two Gauss rules disagree is halved, so that panels crowd where the function is steep.

    Parameters
    ----------
    function
        Vectorised, finite inside the interval.
    breaks
        Increasing points, the first and last of which bound the interval.
    """
    edges = np.array(sorted(set(breaks)))
    left, right = edges[:-1], edges[1:]
    total = 0.0
    for _ in range(DEEPEST):
        coarse, fine = _on_panels(function, left, right, 10), _on_panels(function, left, right, 21)
        scale = abs(total) + float(np.abs(fine).sum())
        middle = left + 0.5 * (right - left)
        rough = (np.abs(fine - coarse) > TOLERANCE * scale) & (left < middle) & (middle < right)
        total += float(fine[~rough].sum())
        if not rough.any():
            break
        left, middle, right = left[rough], middle[rough], right[rough]
        left, right = np.concatenate([left, middle]), np.concatenate([middle, right])
    else:
        total += float(fine[rough].sum())
    return total


def part_of_moment(distribution: Distribution, order: int, centre: float, start: float, end: float) -> float:
    """Integrate ``(quantile(u) - centre) ** order`` over `u` from `start` to `end`.

    A part that ends in an infinite tail is the whole moment without the rest, because numbers just below 1
    are too sparse for an integral up to there.

    Returns
    -------
    float
        nan or inf where the moment of `distribution` is.
    """
    low, high = distribution.support
    whole = _moment(distribution, order, centre)
    in_low_tail, in_high_tail = start <= 0.0 and math.isinf(low), end >= 1.0 and math.isinf(high)
    if in_high_tail or (in_low_tail and not math.isfinite(whole)):
        if start <= 0.0 or not math.isfinite(whole):
            return whole
        return whole - _integral(distribution, order, centre, 0.0, start)
    return _integral(distribution, order, centre, start, end)


def _moment(distribution: Distribution, order: int, centre: float) -> float:
    offset = distribution.mean - centre
    return offset if order == 1 else distribution.sd**2 + offset**2


def _integral(distribution: Distribution, order: int, centre: float, start: float, end: float) -> float:
    if not start < end:
        return 0.0
    jumps = _jumps(distribution)
    inside = jumps[(jumps > start) & (jumps < end)]
    return integrate(lambda u: (distribution.quantile(u) - centre) ** order, [start, *inside, end])


def _jumps(distribution: Distribution) -> FloatArray:
    """Probabilities at which the quantile function enters or leaves an atom."""
    values = np.array(distribution.atoms)
    return np.concatenate([distribution.cdf(np.nextafter(values, -np.inf)), distribution.cdf(values)])
