"""Families between two bounds: uniform, loguniform, arcsine, beta, and PERT for expert estimates."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from uncertainty.distributions.functions import (
    beta_cdf,
    beta_survival,
    beta_upper_quantile,
    exp,
    interpolate,
    log,
    pinned,
    unit_position,
)
from uncertainty.distributions.parameters import (
    Between,
    Continuous,
    finite,
    make_finite,
    number_text,
    require_below,
    require_ordered,
    require_positive,
    require_shape,
    within,
)
from uncertainty.distributions.quantile_fit import (
    ITERATIONS,
    LOG_SHAPES,
    TINY,
    location_and_scale,
    logarithms,
    root_of_decreasing,
    scipy_stats,
)
from uncertainty.errors import InvalidValue
from uncertainty.expressions.operations import beta_quantile
from uncertainty.late import dataclass
from uncertainty.values import of_probabilities, of_values

if TYPE_CHECKING:
    from uncertainty.distributions.metalog import Quantiles
    from uncertainty.distributions.protocol import FloatArray

NEXT_TO_END = 1e-3
"""Part of the way between two ends from which on the way from the farther one has too few digits."""


@dataclass(frozen=True, slots=True)
class Uniform(Between):
    """Uniform (rectangular) distribution, JCGM 101:2008, 6.4.2.

    Parameters
    ----------
    low, high
        Smallest and largest value, ``low < high``.
    """

    low: float
    high: float
    family: ClassVar[str] = "uniform"
    example: ClassVar[str] = "uniform(2, 8)"

    def __post_init__(self) -> None:
        make_finite(self)
        require_below(self, "low", "high")

    @classmethod
    def from_quantiles(cls, quantiles: Quantiles) -> Uniform:
        """Make it from two quantiles."""
        low, width = location_and_scale(quantiles, cls(0.0, 1.0))
        return cls(low, low + width)

    @staticmethod
    def most_likely(samples: FloatArray) -> tuple[FloatArray, ...]:
        """Bounds of each sample without bias: as far beyond it as its values lie apart on average.

        The most likely bounds are the extremes themselves, and always too narrow.
        """
        low, high = samples.min(axis=1), samples.max(axis=1)
        beyond = (high - low) / (samples.shape[1] - 1)
        return low - beyond, high + beyond

    @staticmethod
    def in_scipy(low: Any, high: Any) -> Any:
        """Return scipy's distribution, which has densities."""
        return scipy_stats().uniform(low, high - low)

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        return interpolate(self.low, self.high, u)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return unit_position(x, self.low, self.high)

    @property
    def mirrored(self) -> Uniform:
        """The distribution of -X."""
        return Uniform(-self.high, -self.low)

    @property
    def mean(self) -> float:
        """Expectation."""
        return 0.5 * self.low + 0.5 * self.high

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return (self.high - self.low) / math.sqrt(12.0)


@dataclass(frozen=True, slots=True)
class Loguniform(Continuous):
    """Distribution whose logarithm is uniform: every factor between the bounds is equally likely.

    Parameters
    ----------
    low, high
        Smallest and largest value, ``0 < low < high``.
    """

    low: float
    high: float
    family: ClassVar[str] = "loguniform"
    example: ClassVar[str] = "loguniform(2, 8)"
    values: ClassVar[str] = "positive"

    def __post_init__(self) -> None:
        make_finite(self)
        require_positive(self, "low")
        require_below(self, "low", "high")

    @classmethod
    def from_quantiles(cls, quantiles: Quantiles) -> Loguniform:
        """Make it from two quantiles: its logarithm is uniform."""
        location, width = location_and_scale(logarithms(quantiles, cls.family), Uniform(0.0, 1.0))
        return cls(math.exp(location), math.exp(location + width))

    @staticmethod
    def most_likely(samples: FloatArray) -> tuple[FloatArray, ...]:
        """Bounds of each sample without bias, found of the logarithm."""
        low, high = Uniform.most_likely(np.log(samples))
        return np.exp(low), np.exp(high)

    @staticmethod
    def in_scipy(low: Any, high: Any) -> Any:
        """Return scipy's distribution, which has densities."""
        return scipy_stats().loguniform(low, high)

    @property
    def _log_width(self) -> float:
        return math.log(self.high) - math.log(self.low)

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        values = exp(interpolate(math.log(self.low), math.log(self.high), u))
        return pinned(u, values, self.low, self.high)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return unit_position(log(x), math.log(self.low), math.log(self.high))

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        return unit_position(-log(x), -math.log(self.high), -math.log(self.low))

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        values = exp(math.log(self.high) * (1.0 - q) + math.log(self.low) * q)
        return pinned(1.0 - q, values, self.low, self.high)

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest value."""
        return self.low, self.high

    @property
    def mean(self) -> float:
        """Expectation."""
        return within((self.high - self.low) / self._log_width, self.support)

    @property
    def sd(self) -> float:
        """Standard deviation, without cancellation for narrow ranges."""
        # With h half the width in logarithms, the coefficient of variation squared is h coth(h) - 1.
        half = 0.5 * self._log_width
        squared = half**2 * (1.0 / 3.0 - half**2 / 45.0) if half < 1e-3 else half / math.tanh(half) - 1.0
        return self.mean * math.sqrt(squared)


@dataclass(frozen=True, slots=True)
class Arcsine(Between):
    """Arcsine (U-shaped) distribution, as of a sinusoid at a random phase; JCGM 101:2008, 6.4.6.

    Parameters
    ----------
    low, high
        Smallest and largest value, ``low < high``.
    """

    low: float
    high: float
    family: ClassVar[str] = "arcsine"
    example: ClassVar[str] = "arcsine(2, 8)"

    def __post_init__(self) -> None:
        make_finite(self)
        require_below(self, "low", "high")

    @classmethod
    def from_quantiles(cls, quantiles: Quantiles) -> Arcsine:
        """Make it from two quantiles."""
        low, width = location_and_scale(quantiles, cls(0.0, 1.0))
        return cls(low, low + width)

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        tail = np.minimum(u, 1.0 - u)
        distance = (self.high - self.low) * np.sin(0.5 * math.pi * tail) ** 2
        return np.where(u < 0.5, self.low + distance, self.high - distance)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        position = unit_position(x, self.low, self.high)
        remaining = unit_position(-x, -self.high, -self.low)
        tail = (2.0 / math.pi) * np.arcsin(np.sqrt(np.minimum(position, remaining)))
        return np.where(position < 0.5, tail, 1.0 - tail)

    @property
    def mirrored(self) -> Arcsine:
        """The distribution of -X."""
        return Arcsine(-self.high, -self.low)

    @property
    def mean(self) -> float:
        """Expectation."""
        return 0.5 * self.low + 0.5 * self.high

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return (self.high - self.low) / math.sqrt(8.0)


@dataclass(frozen=True, slots=True)
class Beta(Between):
    """Beta distribution, on [0, 1] unless bounds are given.

    Parameters
    ----------
    a, b
        Shapes, greater than 0; the mean lies at ``a / (a + b)`` of the way from `low` to `high`.
    low, high
        Smallest and largest value, ``low < high``.
    """

    a: float
    b: float
    low: float = 0.0
    high: float = 1.0
    family: ClassVar[str] = "beta"
    example: ClassVar[str] = "beta(2, 3)"
    values: ClassVar[str] = "unit"

    def __post_init__(self) -> None:
        make_finite(self)
        require_shape(self, "a", "b")
        require_below(self, "low", "high")

    @classmethod
    def from_quantiles(cls, quantiles: Quantiles) -> Beta:
        """Make it on [0, 1] from two quantiles.

        For any first shape there is one second shape that gives the lower quantile; the larger the first
        shape, the more probability then lies below the upper one.
        """
        (p, x), (q, y) = quantiles
        if not 0.0 < x < y < 1.0:
            raise InvalidValue(
                f"beta: its quantiles must lie between 0 and 1, not {number_text(x)} and {number_text(y)}"
            )

        def second_shape(log_a: float) -> float:
            highest = max(log_a, 0.0) + math.log1p(-x) - math.log(x) + 20.0
            return root_of_decreasing(
                lambda log_b: p - _probability(log_a, log_b, x), -30.0, highest, cls.family, quantiles
            )

        log_a = root_of_decreasing(
            lambda log_a: q - _probability(log_a, second_shape(log_a), y), *LOG_SHAPES, cls.family, quantiles
        )
        return cls(math.exp(log_a), math.exp(second_shape(log_a)))

    @staticmethod
    def most_likely(samples: FloatArray) -> tuple[FloatArray, ...]:
        """Both shapes of each sample by Newton's method on their logarithms, from the moments."""
        from uncertainty.special import digamma, polygamma

        mean, variance = samples.mean(axis=1), np.maximum(samples.var(axis=1), 1e-300)
        size = np.maximum(mean * (1 - mean) / variance - 1, 1e-2)
        a, b = mean * size, (1 - mean) * size
        one, other = np.log(samples).mean(axis=1), np.log1p(-samples).mean(axis=1)
        for _ in range(ITERATIONS):
            joint, shared = digamma(a + b), polygamma(1, a + b)
            score_a, score_b = one - digamma(a) + joint, other - digamma(b) + joint
            aa, bb = shared - polygamma(1, a), shared - polygamma(1, b)
            determinant = aa * bb - shared**2
            step_a = (bb * score_a - shared * score_b) / determinant / a
            step_b = (aa * score_b - shared * score_a) / determinant / b
            a, b = a * np.exp(-np.clip(step_a, -1, 1)), b * np.exp(-np.clip(step_b, -1, 1))
            if np.all(np.abs(step_a) + np.abs(step_b) < TINY):
                break
        return a, b

    @staticmethod
    def in_scipy(a: Any, b: Any) -> Any:
        """Return scipy's distribution, which has densities."""
        return scipy_stats().beta(a, b)

    @classmethod
    def from_moments(cls, mean: float, sd: float, low: float = 0.0, high: float = 1.0) -> Beta:
        """Make it from the mean and standard deviation of the values themselves."""
        require_below(cls(1.0, 1.0, low, high), "low", "high")
        share, spread = (mean - low) / (high - low), finite(sd, "beta: sd") / (high - low)
        if not 0.0 < share < 1.0:
            ends = f"{number_text(low)} and {number_text(high)}"
            raise InvalidValue(f"beta: mean must lie between {ends}, not at {number_text(mean)}")
        largest = math.sqrt(share * (1.0 - share))
        if not 0.0 < spread < largest:
            raise InvalidValue(
                f"beta: with that mean sd must lie between 0 and {largest * (high - low):.4g}, "
                f"not at {number_text(sd)}"
            )
        total = (largest / spread) ** 2 - 1.0
        return cls(share * total, (1.0 - share) * total, low, high)

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        return interpolate(self.low, self.high, beta_quantile(self.a, self.b, u))

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``; near the lower end by the way from there, which has digits."""
        way = beta_quantile(self.b, self.a, q)
        found = 0.0 - interpolate(-self.high, -self.low, way)
        near = way > 1.0 - NEXT_TO_END
        if near.any():
            own = beta_upper_quantile(self.a, self.b, q)
            found = np.where(near & ~np.isnan(own), interpolate(self.low, self.high, own), found)
        return found

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x), next to the upper end by what is left up to there: that has more digits."""
        below, above = unit_position(x, self.low, self.high), unit_position(-x, -self.high, -self.low)
        upper = beta_survival(self.b, self.a, above)
        return np.where(above < NEXT_TO_END, upper, beta_cdf(self.a, self.b, below))

    @property
    def mirrored(self) -> Beta:
        """The distribution of -X."""
        return Beta(self.b, self.a, -self.high, -self.low)

    @property
    def mean(self) -> float:
        """Expectation."""
        share = self.a / (self.a + self.b)
        return within(self.low * (1.0 - share) + self.high * share, self.support)

    @property
    def sd(self) -> float:
        """Standard deviation."""
        total = self.a + self.b
        return (self.high - self.low) * math.sqrt(self.a / total * (self.b / total) / (total + 1.0))


def _probability(log_a: float, log_b: float, x: float) -> float:
    return float(beta_cdf(math.exp(log_a), math.exp(log_b), np.array([x]))[0])


@dataclass(frozen=True, slots=True)
class Pert(Between):
    """PERT distribution: a beta whose mode counts four times as much as each bound in its mean.

    Parameters
    ----------
    low, mode, high
        Smallest, most likely and largest value, ``low <= mode <= high`` and ``low < high``.

    References
    ----------
    Malcolm, Roseboom, Clark and Fazar (1959), Operations Research 7(5), DOI 10.1287/opre.7.5.646.
    """

    low: float
    mode: float
    high: float
    family: ClassVar[str] = "pert"
    example: ClassVar[str] = "pert(2, 5, 8)"

    def __post_init__(self) -> None:
        make_finite(self)
        require_below(self, "low", "high")
        require_ordered(self, "low", "mode", "high")

    @property
    def _beta(self) -> Beta:
        width = self.high - self.low
        a = 1.0 + 4.0 * (self.mode - self.low) / width
        b = 1.0 + 4.0 * (self.high - self.mode) / width
        return Beta(a, b, self.low, self.high)

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        return self._beta.quantile(u)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return self._beta.cdf(x)

    @property
    def mirrored(self) -> Pert:
        """The distribution of -X."""
        return Pert(-self.high, -self.mode, -self.low)

    @property
    def mean(self) -> float:
        """Expectation, ``(low + 4 mode + high) / 6``."""
        return self._beta.mean

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return self._beta.sd
