"""Simple families between two bounds: uniform, loguniform and arcsine."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from uncertainty.distributions.functions import exp, interpolate, log, pinned, unit_position
from uncertainty.distributions.parameters import (
    Continuous,
    Mirrored,
    make_finite,
    require_below,
    require_positive,
    within,
)
from uncertainty.values import of_probabilities, of_values

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import FloatArray


@dataclass(frozen=True, slots=True)
class Uniform(Mirrored):
    """Uniform (rectangular) distribution, JCGM 101:2008, 6.4.2.

    Parameters
    ----------
    low, high
        Smallest and largest value, ``low < high``.
    """

    low: float
    high: float
    family: ClassVar[str] = "uniform"

    def __post_init__(self) -> None:
        make_finite(self)
        require_below(self, "low", "high")

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
    def support(self) -> tuple[float, float]:
        """Smallest and largest value."""
        return self.low, self.high

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

    def __post_init__(self) -> None:
        make_finite(self)
        require_positive(self, "low")
        require_below(self, "low", "high")

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
class Arcsine(Mirrored):
    """Arcsine (U-shaped) distribution, as of a sinusoid at a random phase; JCGM 101:2008, 6.4.6.

    Parameters
    ----------
    low, high
        Smallest and largest value, ``low < high``.
    """

    low: float
    high: float
    family: ClassVar[str] = "arcsine"

    def __post_init__(self) -> None:
        make_finite(self)
        require_below(self, "low", "high")

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
    def support(self) -> tuple[float, float]:
        """Smallest and largest value."""
        return self.low, self.high

    @property
    def mean(self) -> float:
        """Expectation."""
        return 0.5 * self.low + 0.5 * self.high

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return (self.high - self.low) / math.sqrt(8.0)
