"""Moments by integrating quantile functions over probability."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.distributions.probabilities import LARGEST

if TYPE_CHECKING:
    from uncertainty.distributions.functions import Unary
    from uncertainty.distributions.protocol import Distribution, FloatArray

TOLERANCE = 1e-12
DEEPEST = 400
MOST_PANELS = 5_000
CANCELLATION = 1e-13


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


def integrate(function: Unary, left: FloatArray, right: FloatArray) -> float:
    """Integrate over intervals inside which the function is smooth; at their ends it may be singular.

    A panel on which two Gauss rules disagree is halved, so that panels crowd where the function is steep.

    Parameters
    ----------
    function
        Vectorised, finite inside the intervals.
    left, right
        Ends of the intervals, shape (n,).
    """
    total = 0.0
    for _ in range(DEEPEST):
        coarse, fine = _on_panels(function, left, right, 10), _on_panels(function, left, right, 21)
        scale = abs(total) + float(np.abs(fine).sum())
        middle = left + 0.5 * (right - left)
        rough = (np.abs(fine - coarse) > TOLERANCE * scale) & (left < middle) & (middle < right)
        total += float(fine[~rough].sum())
        if not rough.any() or rough.sum() > MOST_PANELS:  # so many only disagree by rounding
            total += float(fine[rough].sum())
            break
        left, middle, right = left[rough], middle[rough], right[rough]
        left, right = np.concatenate([left, middle]), np.concatenate([middle, right])
    else:
        total += float(fine[rough].sum())
    return total


def part_of_moment(distribution: Distribution, order: int, centre: float, start: float, end: float) -> float:
    """Integrate ``(quantile(u) - centre) ** order`` over `u` from `start` to `end`.

    Numbers just below 1 are sparse, so a heavy upper tail is the whole moment without the rest.

    Returns
    -------
    float
        nan or inf where the part has an infinite tail and the moment of `distribution` is.
    """
    low, high = distribution.support
    in_high_tail = end >= 1.0 and math.isinf(high)
    if not in_high_tail and not (start <= 0.0 and math.isinf(low)):
        return _integral(distribution, order, centre, start, end)
    whole = _moment(distribution, order, centre)
    if not math.isfinite(whole) or (start <= 0.0 and end >= 1.0):
        return whole
    if in_high_tail and abs(_beyond_floats(distribution, order, centre)) > CANCELLATION * abs(whole):
        return whole - _integral(distribution, order, centre, 0.0, start)
    return _integral(distribution, order, centre, start, end)


def _beyond_floats(distribution: Distribution, order: int, centre: float) -> float:
    """Estimate what an integral up to 1 cannot see."""
    last = float(distribution.quantile(np.array([LARGEST]))[0])
    return math.prod([last - centre] * order) * (1.0 - LARGEST)


def _moment(distribution: Distribution, order: int, centre: float) -> float:
    offset = distribution.mean - centre
    return offset if order == 1 else distribution.sd * distribution.sd + offset * offset


def _integral(distribution: Distribution, order: int, centre: float, start: float, end: float) -> float:
    """Integrate over atoms exactly and by quadrature between them."""
    values = np.array(distribution.atoms)
    enter = np.clip(distribution.cdf(np.nextafter(values, -np.inf)), start, end)
    leave = np.clip(distribution.cdf(values), start, end)
    on_atoms = math.fsum((values - centre) ** order * (leave - enter))
    left, right = np.append(start, leave), np.append(enter, end)
    gaps = left < right

    def power(u: FloatArray) -> FloatArray:
        with np.errstate(over="ignore"):
            return (distribution.quantile(np.minimum(u, LARGEST)) - centre) ** order

    return on_atoms + integrate(power, left[gaps], right[gaps])
