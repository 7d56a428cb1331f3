"""Trapezoids: with straight sides, without a top (triangular), and with curved sides."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from uncertainty.distributions.functions import exp, gamma_cdf, gamma_quantile, log, pinned
from uncertainty.distributions.parameters import (
    Between,
    Mirrored,
    make_finite,
    number_text,
    require_below,
    require_ordered,
    require_positive,
    within,
)
from uncertainty.errors import InvalidValue
from uncertainty.late import dataclass
from uncertainty.values import of_probabilities, of_values

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import FloatArray


@dataclass(frozen=True, slots=True)
class Trapezoid(Between):
    """Trapezoidal distribution, not necessarily symmetric (JCGM 101:2008, 6.4.4 is the symmetric one).

    Parameters
    ----------
    low, high
        Smallest and largest value, ``low < high``.
    start, end
        Where the flat top starts and ends, ``low <= start <= end <= high``.
    """

    low: float
    start: float
    end: float
    high: float
    family: ClassVar[str] = "trapezoid"
    example: ClassVar[str] = "trapezoid(2, 4, 6, 8)"

    def __post_init__(self) -> None:
        make_finite(self)
        require_below(self, "low", "high")
        require_ordered(self, "low", "start", "end", "high")

    @property
    def _height(self) -> float:
        return 2.0 / ((self.high - self.low) + (self.end - self.start))

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        rise, fall, height = self.start - self.low, self.high - self.end, self._height
        rising, falling = 0.5 * height * rise, 0.5 * height * fall
        left = self.low + np.sqrt(2.0 * rise / height * np.minimum(u, rising))
        top = self.start + (u - rising) / height
        right = self.high - np.sqrt(2.0 * fall / height * np.minimum(1.0 - u, falling))
        middle = np.clip(np.where(1.0 - u > falling, top, right), self.start, self.high)
        return pinned(u, np.where(u < rising, np.minimum(left, self.start), middle), self.low, self.high)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        rise, fall, height = self.start - self.low, self.high - self.end, self._height
        inside = np.clip(x, self.low, self.high)
        left = 0.5 * height * (inside - self.low) ** 2 / (rise or 1.0)
        top = height * (0.5 * rise + (inside - self.start))
        right = 1.0 - 0.5 * height * (self.high - inside) ** 2 / (fall or 1.0)
        return np.where(inside < self.start, left, np.where(inside <= self.end, top, np.maximum(right, 0.0)))

    @property
    def mirrored(self) -> Trapezoid:
        """The distribution of -X."""
        return Trapezoid(-self.high, -self.end, -self.start, -self.low)

    def _parts(self) -> list[tuple[float, float, float]]:
        """Probability, mean and variance of the left triangle, the top and the right triangle."""
        rise, flat, fall = self.start - self.low, self.end - self.start, self.high - self.end
        return [
            (0.5 * self._height * rise, self.low + rise * 2.0 / 3.0, rise**2 / 18.0),
            (self._height * flat, 0.5 * self.start + 0.5 * self.end, flat**2 / 12.0),
            (0.5 * self._height * fall, self.end + fall / 3.0, fall**2 / 18.0),
        ]

    @property
    def mean(self) -> float:
        """Expectation."""
        return within(sum(share * mean for share, mean, _ in self._parts()), self.support)

    @property
    def sd(self) -> float:
        """Standard deviation."""
        centre = self.mean
        return math.sqrt(
            sum(share * (spread + (mean - centre) ** 2) for share, mean, spread in self._parts())
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Triangular(Between):
    """Triangular distribution: the trapezoid without a flat top (JCGM 101:2008, 6.4.5 is the symmetric one).

    Parameters
    ----------
    low, mode, high
        Smallest, most likely and largest value, ``low <= mode <= high`` and ``low < high``.
    """

    low: float
    mode: float
    high: float
    family: ClassVar[str] = "triangular"
    example: ClassVar[str] = "triangular(2, 5, 8)"

    def __post_init__(self) -> None:
        make_finite(self)
        require_below(self, "low", "high")
        require_ordered(self, "low", "mode", "high")

    @property
    def _trapezoid(self) -> Trapezoid:
        return Trapezoid(self.low, self.mode, self.mode, self.high)

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        return self._trapezoid.quantile(u)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return self._trapezoid.cdf(x)

    @property
    def mirrored(self) -> Triangular:
        """The distribution of -X."""
        return Triangular(-self.high, -self.mode, -self.low)

    @property
    def mean(self) -> float:
        """Expectation."""
        return within(self.low / 3.0 + self.mode / 3.0 + self.high / 3.0, self.support)

    @property
    def sd(self) -> float:
        """Standard deviation."""
        rise, fall = self.mode - self.low, self.high - self.mode
        return math.sqrt((rise**2 + rise * fall + fall**2) / 18.0)


@dataclass(frozen=True, slots=True)
class CurvilinearTrapezoid(Mirrored):
    """Uniform distribution whose limits are known inexactly, JCGM 101:2008, 6.4.3.

    The half-width is itself uniform, within `inexactness` of ``(high - low) / 2``; the middle is known.

    Parameters
    ----------
    low, high
        The limits as known, ``low < high``.
    inexactness
        How far each limit may be off, greater than 0 and at most ``(high - low) / 2``.
    """

    low: float
    high: float
    inexactness: float
    family: ClassVar[str] = "ctrap"
    example: ClassVar[str] = "ctrap(2, 8, 0.5)"

    def __post_init__(self) -> None:
        make_finite(self)
        require_below(self, "low", "high")
        if self.inexactness == 0.0:
            raise InvalidValue(
                "ctrap: inexactness must be greater than 0; for exact limits write "
                f"uniform({number_text(self.low)}, {number_text(self.high)})"
            )
        require_positive(self, "inexactness")
        if self._inner < 0.0:
            raise InvalidValue(
                f"ctrap: inexactness must be at most half of high - low, {number_text(self._half_width)}, "
                f"not {number_text(self.inexactness)}"
            )

    @property
    def _middle(self) -> float:
        return 0.5 * self.low + 0.5 * self.high

    @property
    def _half_width(self) -> float:
        return 0.5 * (self.high - self.low)

    @property
    def _inner(self) -> float:
        """Half the width of the flat top."""
        return self._half_width - self.inexactness

    @property
    def _outer(self) -> float:
        """Half the width of the support."""
        return self._half_width + self.inexactness

    @property
    def _flat_density(self) -> float:
        """Density of the distance from the middle over the flat top, infinite where that is a point."""
        if self._inner == 0.0:
            return math.inf
        return math.log1p(2.0 * self.inexactness / self._inner) / (2.0 * self.inexactness)

    # Let t be the logarithm of outer / distance. Beyond the flat top, the probability of a larger distance,
    # averaged over the half-width, is outer / (2 inexactness) times the gamma cdf of shape 2 at t.

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        beyond = 2.0 * np.minimum(u, 1.0 - u)
        sloping = 2.0 * self.inexactness / self._outer * beyond
        curved = self._outer * exp(-gamma_quantile(2.0, np.minimum(sloping, 1.0)))
        distance = np.where(curved > self._inner, curved, (1.0 - beyond) / self._flat_density)
        return pinned(u, self._middle + np.where(u < 0.5, -distance, distance), *self.support)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        distance = np.minimum(np.abs(x - self._middle), self._outer)
        curved = self._outer / (2.0 * self.inexactness) * gamma_cdf(2.0, -log(distance / self._outer))
        flat = 1.0 - np.minimum(distance, self._inner) * min(self._flat_density, 1e308)
        tail = 0.5 * np.maximum(np.where(distance > self._inner, curved, flat), 0.0)
        return np.where(x < self._middle, tail, 1.0 - tail)

    @property
    def mirrored(self) -> CurvilinearTrapezoid:
        """The distribution of -X."""
        return CurvilinearTrapezoid(-self.high, -self.low, self.inexactness)

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest value, beyond the limits by the inexactness."""
        return self.low - self.inexactness, self.high + self.inexactness

    @property
    def mean(self) -> float:
        """Expectation."""
        return self._middle

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return math.sqrt(self._half_width**2 / 3.0 + self.inexactness**2 / 9.0)
