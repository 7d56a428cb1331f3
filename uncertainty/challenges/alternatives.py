"""Other distributions that an input might have been given: of another shape, wider, narrower, or moved.

Everything happens on the logarithmic scale for an input that is always positive, and every alternative is
truncated to the input's physical limits, as the distributions of a study are. An input without a limit keeps
its sign. What an alternative is said to keep or to move (the 90 % range, the median) holds after the limits
have cut it; where none within the limits does, there is no alternative. Where a distribution is clipped, what
is clipped is changed and clipped again.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from uncertainty.challenges.warping import RANGE, Warped, with_median, with_range
from uncertainty.distributions import Clipped, Normal, Triangular, Truncated, Uniform
from uncertainty.errors import InvalidValue

if TYPE_CHECKING:
    from uncertainty.challenges.warping import Quantiles
    from uncertainty.distributions import Distribution
    from uncertainty.study.model import Input

Shape = Literal["lognormal", "normal", "uniform", "triangular"]

Measure = Literal["median", "range"]

SHAPES: tuple[Shape, ...] = ("lognormal", "normal", "uniform", "triangular")


def physical_limits(item: Input, low: float, high: float) -> tuple[float, float]:
    """Return an input's physical limits; without one, an input whose values have one sign keeps it.

    Parameters
    ----------
    low, high
        The ends of its values.
    """
    floor = (0.0 if low >= 0 else -math.inf) if item.low is None else item.low
    ceiling = (0.0 if high <= 0 and low < 0 else math.inf) if item.high is None else item.high
    return floor, ceiling


def reshaped(item: Input, distribution: Distribution, shape: Shape) -> Quantiles:
    """Return another shape with the same 90 % range within the limits; of what is clipped, before clipping.

    A lognormal, uniform or triangular shape is one of the logarithm, for an input that is always positive;
    for any other, lognormal means normal.

    Raises
    ------
    InvalidValue
        If none within the limits has that range.
    """
    own = unchanged(item, distribution)
    standard = _standard(shape)
    own = replace(own, logarithmic=own.logarithmic and shape != "normal")
    ends = own.scaled(*RANGE)
    if not ends[1] > ends[0]:
        return distribution
    return with_range(own, standard, ends)


def _standard(shape: Shape) -> Distribution:
    if shape == "uniform":
        return Uniform(-1, 1)
    return Triangular(-1, 0, 1) if shape == "triangular" else Normal(0, 1)


def stretched(item: Input, distribution: Distribution, factor: float) -> Quantiles:
    """Return a distribution with its spread multiplied by a factor before limits cut it, and the same median.

    Raises
    ------
    InvalidValue
        If none within the limits has the same median.
    """
    own = unchanged(item, distribution)
    return with_median(own, factor, own.unclipped_median)


def moved(item: Input, distribution: Distribution, share: float) -> Quantiles:
    """Return a distribution with its median moved by a share of its measure.

    Raises
    ------
    InvalidValue
        If its median cannot be moved as far within the limits.
    """
    own = unchanged(item, distribution)
    median = float(own.quantile(np.array([0.5]))[0])
    size = median
    if measure(distribution) == "range":
        low, high = distribution.quantile(np.array(RANGE))
        size = float(high - low)
    target = median + share * size
    if target == median:
        return own
    if not max(own.low, own.floor) <= target <= min(own.high, own.ceiling):
        raise InvalidValue("its median would lie beyond its limits")
    return with_median(own, 1.0, target)


def measure(distribution: Distribution) -> Measure:
    """Return what the moves of a median are shares of: the median itself, or the 90 % range.

    A share of itself says nothing of what may be 0 or negative, such as a correction or a temperature in °C.
    """
    return "median" if is_positive(distribution) else "range"


def unchanged(item: Input, distribution: Distribution) -> Warped:
    """Return a distribution as one that can be stretched and moved within the input's limits.

    What is clipped is taken apart, also where limits cut it, so that it can be clipped again: probability
    that clipping moves to a bound lies within the limits if the bound does.
    """
    low, high = -math.inf, math.inf
    inner = distribution
    while isinstance(inner, Truncated):
        low = low if inner.low is None else max(low, inner.low)
        high = high if inner.high is None else min(high, inner.high)
        inner = inner.distribution
    if not isinstance(inner, Clipped):
        limits = physical_limits(item, *distribution.support)
        return Warped(distribution, is_positive(distribution), 1.0, 0.0, *limits)
    base = inner.distribution
    limits = physical_limits(item, *base.support)
    low, high = max(low, limits[0]), min(high, limits[1])
    floor = -math.inf if inner.low is None else inner.low
    ceiling = math.inf if inner.high is None else inner.high
    low = -math.inf if floor >= low else low
    high = math.inf if ceiling <= high else high
    return Warped(base, is_positive(base), 1.0, 0.0, low, high, floor, ceiling)


def is_positive(distribution: Distribution) -> bool:
    """Tell whether a distribution has a logarithm: hardly anything of it lies at 0 or below."""
    return bool(distribution.support[0] >= 0 and distribution.quantile(np.array([2.0**-30]))[0] > 0)
