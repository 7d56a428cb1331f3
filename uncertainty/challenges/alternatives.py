"""Other distributions that an input might have been given: of another shape, wider, narrower, or moved."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from uncertainty.distributions import Clipped, Mixture, Normal, Triangular, Truncated, Uniform
from uncertainty.distributions.protocol import LEAST_PROBABILITY, inside
from uncertainty.errors import InvalidValue
from uncertainty.late import dataclass
from uncertainty.sampling.transforms import make_pieces

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.transforms import Pieces
    from uncertainty.study.model import Input


RANGE = (0.05, 0.95)
"""Probabilities whose quantiles another shape keeps."""

_EXACT = 1e-7
"""Share of a distribution's width within which a quantile is where it is asked to be."""

_FARTHEST = 50.0
"""Logarithm of the factors that are tried, so that none overflows."""

_FAR_OFF = 1e3
"""How far a range with hardly anything within the limits is said to miss, in widths."""


class Quantiles(Protocol):
    """What draws are made with."""

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`, of the same shape."""
        ...


class Invertible(Quantiles, Protocol):
    """What can be stretched and moved within limits."""

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        ...


@dataclass(frozen=True, slots=True)
class ExponentialOf:
    """What has logarithms of another distribution."""

    logarithm: Distribution

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`, of the same shape."""
        found: FloatArray = np.exp(self.logarithm.quantile(u))
        return found

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        with np.errstate(divide="ignore"):
            return self.logarithm.cdf(np.log(np.maximum(x, 0.0)))


@dataclass(frozen=True, slots=True)
class InPieces:
    """A distribution whose quantiles are searched for one by one, by the pieces that draws are made with."""

    distribution: Distribution
    pieces: Pieces

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`, of the same shape."""
        return self.pieces.quantile(u)

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return self.distribution.cdf(x)


@dataclass(frozen=True, slots=True)
class Warped:
    """A distribution stretched by a factor and moved by an offset, on a linear or logarithmic scale.

    Parameters
    ----------
    low, high
        Limits that the result is truncated to, infinite where there are none.
    floor, ceiling
        Bounds that it is then clipped at, infinite where there are none.
    by_sides
        Whether each side of the median is truncated alone, so that the median stays, and a limit on one side
        moves nothing on the other.

    Raises
    ------
    InvalidValue
        If hardly anything would lie within the limits, or, by sides, on one side of the median.
    """

    distribution: Invertible
    logarithmic: bool
    factor: float
    offset: float
    low: float
    high: float
    floor: float = -math.inf
    ceiling: float = math.inf
    by_sides: bool = False

    def __post_init__(self) -> None:
        below, above = self._within
        sides = (0.5 - below, above - 0.5) if self.by_sides else (above - below,)
        if min(sides) < LEAST_PROBABILITY:
            raise InvalidValue("hardly anything of it would lie within the input's limits")

    @property
    def _within(self) -> tuple[float, float]:
        """The distribution's probabilities of less than the lower limit, and of no more than the upper."""
        below, above = 0.0, 1.0
        if self.low > -math.inf:
            below = self._probability(math.nextafter(self._origin(self.low), -math.inf))
        if self.high < math.inf:
            above = self._probability(self._origin(self.high))
        return below, above

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`, of the same shape."""
        below, above = self._within
        if self.by_sides:
            left = np.where(u < 0.5, below + 2 * u * (0.5 - below), 0.5 + (2 * u - 1) * (above - 0.5))
        else:
            left = below + u * (above - below)
        found = self.distribution.quantile(inside(left))
        if self.logarithmic:
            found = np.exp(self.offset + self.factor * np.log(found))
        else:
            found = self.offset + self.factor * found
        return np.clip(found, max(self.low, self.floor), min(self.high, self.ceiling))

    def scaled(self, *probabilities: float) -> FloatArray:
        """Return quantiles before clipping, on the scale on which it is stretched."""
        found = replace(self, floor=-math.inf, ceiling=math.inf).quantile(np.array(probabilities))
        with np.errstate(divide="ignore"):
            return np.log(found) if self.logarithmic else found

    @property
    def unclipped_median(self) -> float:
        """The median before clipping."""
        middle = float(self.scaled(0.5)[0])
        return math.exp(middle) if self.logarithmic else middle

    def _origin(self, bound: float) -> float:
        """Return what becomes the bound."""
        if not self.logarithmic:
            return (bound - self.offset) / self.factor
        if bound <= 0:
            return 0.0
        return math.exp(min((math.log(bound) - self.offset) / self.factor, 700.0))

    def _probability(self, value: float) -> float:
        return float(self.distribution.cdf(np.array([value]))[0])


def with_range(own: Warped, standard: Distribution, ends: FloatArray) -> Warped:
    """Return a standard distribution warped as another, so that its 90 % range has the given ends.

    Parameters
    ----------
    own
        What says on which scale it is warped, and within which limits.
    ends
        On that scale.

    Raises
    ------
    InvalidValue
        If none within the limits has that range.
    """
    from scipy.optimize import root

    base = ExponentialOf(standard) if own.logarithmic else standard
    width = float(ends[1] - ends[0])
    usual = width / float(np.diff(standard.quantile(np.array(RANGE)))[0])

    def attempt(x: FloatArray) -> Warped:
        factor = usual * math.exp(min(max(float(x[1]), -_FARTHEST), _FARTHEST))
        return replace(own, distribution=base, factor=factor, offset=float(np.mean(ends) + width * x[0]))

    def misses(x: FloatArray) -> FloatArray:
        try:
            found: FloatArray = (attempt(x).scaled(*RANGE) - ends) / width
        except InvalidValue:
            return np.full(2, _FAR_OFF)
        return np.where(np.isfinite(found), found, _FAR_OFF)

    x = np.zeros(2)
    if np.abs(misses(x)).max() > _EXACT:
        x = root(misses, x, tol=1e-12).x
    if np.abs(misses(x)).max() > _EXACT:
        raise InvalidValue("none within its limits has the same 90 % range")
    return attempt(x)


def with_median(own: Warped, factor: float, median: float) -> Warped:
    """Return a distribution stretched by a factor and moved so that its median before clipping is as given.

    It is moved on its own scale, or on the linear one to where that has nothing.
    """
    logarithmic = own.logarithmic and median > 0
    free = replace(own, logarithmic=logarithmic, factor=factor, offset=0.0, low=-math.inf, high=math.inf)
    offset = (math.log(median) if logarithmic else median) - float(free.scaled(0.5)[0])
    return replace(free, offset=offset, low=own.low, high=own.high, by_sides=True)


Shape = Literal["lognormal", "normal", "uniform", "triangular"]

Measure = Literal["median", "range"]

Scale = Literal["linear", "logarithmic", "logarithmic where always positive"]

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


def scale_of(shape: Shape, inputs: Iterable[tuple[Input, Distribution]]) -> Scale:
    """Return of what a shape of some inputs is one: of the values, or of the logarithms of positive ones."""
    logarithmic = {shape != "normal" and unchanged(*each).logarithmic for each in inputs}
    if len(logarithmic) > 1:
        return "logarithmic where always positive"
    return "logarithmic" if True in logarithmic else "linear"


def _standard(shape: Shape) -> Distribution:
    if shape == "uniform":
        return Uniform(-1, 1)
    return Triangular(-1, 0, 1) if shape == "triangular" else Normal(0, 1)


def stretched(item: Input, distribution: Distribution, factor: float) -> Quantiles:
    """Return a distribution of the same median, its spread multiplied by a factor before limits cut it."""
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
        return Warped(_quick(distribution), is_positive(distribution), 1.0, 0.0, *limits)
    base = inner.distribution
    limits = physical_limits(item, *base.support)
    low, high = max(low, limits[0]), min(high, limits[1])
    floor = -math.inf if inner.low is None else inner.low
    ceiling = math.inf if inner.high is None else inner.high
    low = -math.inf if floor >= low else low
    high = math.inf if ceiling <= high else high
    if low > -math.inf or high < math.inf:
        # its median is that of what lies within the limits
        base = Truncated(base, None if low == -math.inf else low, None if high == math.inf else high)
    return Warped(_quick(base), is_positive(base), 1.0, 0.0, low, high, floor, ceiling)


@lru_cache(maxsize=64)
def _quick(distribution: Distribution) -> Invertible:
    """Return a mixture with pieces of its quantiles: it has to search for each in every part's cdf."""
    inner = distribution
    while isinstance(inner, Truncated | Clipped):
        inner = inner.distribution
    return InPieces(distribution, make_pieces(distribution)) if isinstance(inner, Mixture) else distribution


def is_positive(distribution: Distribution) -> bool:
    """Tell whether a distribution has a logarithm: hardly anything of it lies at 0 or below."""
    return bool(distribution.support[0] >= 0 and distribution.quantile(np.array([2.0**-30]))[0] > 0)
