"""Other distributions that an input might have been given: of another shape, wider, narrower, or moved.

Everything happens on the logarithmic scale for an input that is always positive, and every alternative is
truncated to the input's physical limits, as the distributions of a study are. An input without a limit keeps
its sign. Where a distribution is clipped, what is clipped is changed and clipped again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from uncertainty.distributions import Clipped, Normal, Triangular, Uniform, limited
from uncertainty.distributions.probabilities import inside
from uncertainty.distributions.truncation import LEAST_PROBABILITY
from uncertainty.errors import InvalidValue

if TYPE_CHECKING:
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.model import Input

Shape = Literal["lognormal", "normal", "uniform", "triangular"]

SHAPES: tuple[Shape, ...] = ("lognormal", "normal", "uniform", "triangular")

RANGE = (0.05, 0.95)
"""Probabilities whose quantiles another shape keeps."""

_NORMAL_WIDTH = 2 * 1.6448536269514722
_TRIANGLE_SHARE = 1 - math.sqrt(2 * RANGE[0])
"""Share of a symmetric triangle's width that lies between the two quantiles."""


class Quantiles(Protocol):
    """What draws are made with."""

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`, of the same shape."""
        ...


@dataclass(frozen=True, slots=True)
class ExponentialOf:
    """Quantiles whose logarithms are another distribution's."""

    logarithm: Distribution

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`, of the same shape."""
        found: FloatArray = np.exp(self.logarithm.quantile(u))
        return found


@dataclass(frozen=True, slots=True)
class Reclipped:
    """Quantiles moved to bounds that they lie beyond."""

    inner: Quantiles
    low: float
    high: float

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`, of the same shape."""
        return np.clip(self.inner.quantile(u), self.low, self.high)


@dataclass(frozen=True, slots=True)
class Warped:
    """A distribution stretched by a factor and moved by an offset, on a linear or logarithmic scale.

    Parameters
    ----------
    low, high
        Limits that the result is truncated to, infinite where there are none.

    Raises
    ------
    InvalidValue
        If hardly anything would lie within them.
    """

    distribution: Distribution
    logarithmic: bool
    factor: float
    offset: float
    low: float
    high: float

    def __post_init__(self) -> None:
        below, above = self._within
        if above - below < LEAST_PROBABILITY:
            raise InvalidValue("hardly anything of it would lie within the input's limits")

    @property
    def _within(self) -> tuple[float, float]:
        """The distribution's probabilities that end up at the limits."""
        return self._probability(self.low, -np.inf), self._probability(self.high, np.inf)

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`, of the same shape."""
        below, above = self._within
        found = self.distribution.quantile(inside(below + u * (above - below)))
        if self.logarithmic:
            found = np.exp(self.offset + self.factor * np.log(found))
        else:
            found = self.offset + self.factor * found
        return np.clip(found, self.low, self.high)

    def _probability(self, bound: float, unlimited: float) -> float:
        """Return the distribution's probability of what ends up below a bound."""
        if self.logarithmic:
            bound = -math.inf if bound <= 0 else math.log(bound)
        if math.isinf(bound):
            return 0.0 if unlimited < 0 else 1.0
        origin = (bound - self.offset) / self.factor
        if self.logarithmic:
            origin = math.exp(min(origin, 700.0))
        return float(self.distribution.cdf(np.array([origin]))[0])


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
    """Return another shape with the same 90 % range, before the limits cut it.

    A lognormal, uniform or triangular shape is one of the logarithm, for an input that is always positive;
    for any other, lognormal means normal.
    """
    if isinstance(distribution, Clipped):
        return _reclipped(distribution, reshaped(item, distribution.distribution, shape))
    logarithmic = shape != "normal" and is_positive(distribution)
    ends = distribution.quantile(np.array(RANGE))
    low, high = (np.log(ends) if logarithmic else ends).tolist()
    middle, width = (low + high) / 2, high - low
    if not width > 0:
        return distribution
    made: Distribution
    if shape == "uniform":
        half = width / (RANGE[1] - RANGE[0]) / 2
        made = Uniform(middle - half, middle + half)
    elif shape == "triangular":
        half = width / _TRIANGLE_SHARE / 2
        made = Triangular(middle - half, middle, middle + half)
    else:
        made = Normal(middle, width / _NORMAL_WIDTH)
    floor, ceiling = physical_limits(item, *distribution.support)
    if logarithmic:
        bounds = [math.log(end) if 0 < end < math.inf else None for end in (floor, ceiling)]
        return ExponentialOf(limited(made, *bounds))
    return limited(made, *(None if math.isinf(end) else end for end in (floor, ceiling)))


def stretched(item: Input, distribution: Distribution, factor: float) -> Quantiles:
    """Return a distribution with its spread about the median multiplied by a factor."""
    if isinstance(distribution, Clipped):
        return _reclipped(distribution, stretched(item, distribution.distribution, factor))
    logarithmic = is_positive(distribution)
    median = float(distribution.quantile(np.array([0.5]))[0])
    centre = math.log(median) if logarithmic else median
    limits = physical_limits(item, *distribution.support)
    return Warped(distribution, logarithmic, factor, centre * (1 - factor), *limits)


def moved(item: Input, distribution: Distribution, share: float) -> Quantiles:
    """Return a distribution with its median moved by a share of itself."""
    if isinstance(distribution, Clipped):
        return _reclipped(distribution, moved(item, distribution.distribution, share))
    logarithmic = is_positive(distribution)
    median = float(distribution.quantile(np.array([0.5]))[0])
    offset = math.log1p(share) if logarithmic else share * abs(median)
    limits = physical_limits(item, *distribution.support)
    return Warped(distribution, logarithmic, 1.0, offset, *limits)


def is_positive(distribution: Distribution) -> bool:
    """Tell whether a distribution has a logarithm: hardly anything of it lies at 0 or below."""
    return bool(distribution.support[0] >= 0 and distribution.quantile(np.array([2.0**-30]))[0] > 0)


def _reclipped(distribution: Clipped, inner: Quantiles) -> Reclipped:
    low = -math.inf if distribution.low is None else distribution.low
    return Reclipped(inner, low, math.inf if distribution.high is None else distribution.high)
