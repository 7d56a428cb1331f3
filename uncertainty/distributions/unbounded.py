"""Families on the whole real line: normal, logistic, Student's t and Gumbel."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from uncertainty.distributions.functions import (
    exp,
    exponential_quantile,
    log,
    logistic_cdf,
    logistic_quantile,
    normal_cdf,
    normal_quantile,
    scaled,
    standardised,
    student_cdf,
)
from uncertainty.distributions.parameters import (
    Continuous,
    Mirrored,
    make_finite,
    number_text,
    require_positive,
    require_shape,
)
from uncertainty.distributions.quantile_fit import ITERATIONS, TINY, location_and_scale, scipy_stats
from uncertainty.errors import InvalidValue
from uncertainty.expressions.operations import student_quantile
from uncertainty.late import dataclass
from uncertainty.values import of_probabilities, of_values

if TYPE_CHECKING:
    from uncertainty.distributions.metalog import Quantiles
    from uncertainty.distributions.protocol import FloatArray

REAL_LINE = (-math.inf, math.inf)
EULER_GAMMA = 0.57721566490153286061

DEGREES = (0.5, 200.0)
"""Degrees of freedom that are looked among: with more it is normal, and with far fewer the likelihood has no
greatest value, as it grows without end where the scale shrinks onto one of the data."""


@dataclass(frozen=True, slots=True)
class Normal(Mirrored):
    """Normal (Gaussian) distribution, JCGM 101:2008, 6.4.7.

    Parameters
    ----------
    mean
        Expectation.
    sd
        Standard deviation, greater than 0.

    Raises
    ------
    InvalidValue
        For a parameter that is not finite, or an `sd` of 0 or less.
    """

    mean: float
    sd: float
    family: ClassVar[str] = "normal"
    example: ClassVar[str] = "normal(5, 1)"

    def __post_init__(self) -> None:
        make_finite(self)
        if self.sd == 0.0:
            raise InvalidValue(
                f"normal: sd must be greater than 0; for a constant write fixed({number_text(self.mean)})"
            )
        require_positive(self, "sd")

    @classmethod
    def from_quantiles(cls, quantiles: Quantiles) -> Normal:
        """Make it from two quantiles."""
        return cls(*location_and_scale(quantiles, cls(0.0, 1.0)))

    @staticmethod
    def most_likely(samples: FloatArray) -> tuple[FloatArray, ...]:
        """Mean and standard deviation of each sample, shape (samples, n)."""
        return samples.mean(axis=1), samples.std(axis=1)

    @staticmethod
    def in_scipy(mean: Any, sd: Any) -> Any:
        """Return scipy's distribution, which has densities."""
        return scipy_stats().norm(mean, sd)

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        return self.mean + self.sd * normal_quantile(u)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return normal_cdf(standardised(x, self.mean, self.sd))

    @property
    def mirrored(self) -> Normal:
        """The distribution of -X."""
        return Normal(-self.mean, self.sd)

    @property
    def support(self) -> tuple[float, float]:
        """The real line."""
        return REAL_LINE


@dataclass(frozen=True, slots=True)
class Logistic(Mirrored):
    """Logistic distribution, with cdf ``1 / (1 + exp(-(x - location) / scale))``.

    Parameters
    ----------
    location
        Mean and median.
    scale
        Spread, greater than 0; the standard deviation is 1.81 times as large.
    """

    location: float
    scale: float
    family: ClassVar[str] = "logistic"
    example: ClassVar[str] = "logistic(5, 1)"

    def __post_init__(self) -> None:
        make_finite(self)
        require_positive(self, "scale")

    @classmethod
    def from_quantiles(cls, quantiles: Quantiles) -> Logistic:
        """Make it from two quantiles."""
        return cls(*location_and_scale(quantiles, cls(0.0, 1.0)))

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        return self.location + scaled(self.scale, logistic_quantile(u))

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return logistic_cdf(standardised(x, self.location, self.scale))

    @property
    def mirrored(self) -> Logistic:
        """The distribution of -X."""
        return Logistic(-self.location, self.scale)

    @property
    def support(self) -> tuple[float, float]:
        """The real line."""
        return REAL_LINE

    @property
    def mean(self) -> float:
        """Expectation."""
        return self.location

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return math.pi * self.scale / math.sqrt(3.0)


@dataclass(frozen=True, slots=True)
class StudentT(Mirrored):
    """Scaled and shifted t-distribution, JCGM 101:2008, 6.4.9.

    Parameters
    ----------
    location
        Median.
    scale
        Factor on the standard t, greater than 0; larger than it is the standard deviation.
    df
        Degrees of freedom, greater than 0, not necessarily whole.
    """

    location: float
    scale: float
    df: float
    family: ClassVar[str] = "student_t"
    example: ClassVar[str] = "student_t(5, 1, 9)"
    repeats: ClassVar[float] = DEGREES[0]

    def __post_init__(self) -> None:
        make_finite(self)
        require_positive(self, "scale")
        require_shape(self, "df")

    @staticmethod
    def most_likely(samples: FloatArray) -> tuple[FloatArray, ...]:
        """Location, scale and degrees of freedom of each sample by the ECME algorithm (Liu & Rubin 1995)."""
        centre = np.median(samples, axis=1)
        deviation = np.median(np.abs(samples - centre[:, None]), axis=1) * 1.4826
        # more than half of the values may be the same
        square = np.maximum(deviation, np.maximum(1e-3 * samples.std(axis=1), 1e-140)) ** 2
        degrees = np.full(len(samples), 8.0)
        left = np.arange(len(samples))  # samples whose estimates still move
        for _ in range(2 * ITERATIONS):
            values, before = samples[left], degrees[left]
            distance = (values - centre[left, None]) ** 2
            weights = (before + 1)[:, None] / (before[:, None] + distance / square[left, None])
            centre[left] = (weights * values).sum(axis=1) / weights.sum(axis=1)
            distance = (values - centre[left, None]) ** 2
            square[left] = np.maximum((weights * distance).mean(axis=1), 1e-300)
            degrees[left] = _degrees_of_freedom(distance / square[left, None])
            left = left[~(np.abs(np.log(degrees[left] / before)) < 1e-6)]
            if not left.size:
                break
        return centre, np.sqrt(square), degrees

    @staticmethod
    def in_scipy(location: Any, scale: Any, df: Any) -> Any:
        """Return scipy's distribution, which has densities."""
        return scipy_stats().t(df, loc=location, scale=scale)

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        return self.location + scaled(self.scale, student_quantile(self.df, u))

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return student_cdf(self.df, standardised(x, self.location, self.scale))

    @property
    def mirrored(self) -> StudentT:
        """The distribution of -X."""
        return StudentT(-self.location, self.scale, self.df)

    @property
    def support(self) -> tuple[float, float]:
        """The real line."""
        return REAL_LINE

    @property
    def mean(self) -> float:
        """Expectation; nan for one degree of freedom or fewer."""
        return self.location if self.df > 1.0 else math.nan

    @property
    def sd(self) -> float:
        """Standard deviation; inf for 1 < df <= 2, nan for fewer."""
        if self.df > 2.0:
            return self.scale * math.sqrt(self.df / (self.df - 2.0))
        return math.inf if self.df > 1.0 else math.nan


def _degrees_of_freedom(distance: FloatArray) -> FloatArray:
    """Return the most likely degrees of freedom for squared distances in units of the scale, by bisection."""
    from uncertainty.special import digamma

    low, high = np.full((2, len(distance)), np.log(DEGREES)[:, None])
    for _ in range(24):
        middle = np.exp((low + high) / 2)
        weights = (middle + 1)[:, None] / (middle[:, None] + distance)
        mean = (np.log(weights) - weights).mean(axis=1)
        # of the observed likelihood, not of the completed one
        score = (
            digamma((middle + 1) / 2)
            - digamma(middle / 2)
            + np.log(middle / 2)
            - np.log((middle + 1) / 2)
            + 1
            + mean
        )
        low, high = np.where(score > 0, np.log(middle), low), np.where(score > 0, high, np.log(middle))
    found: FloatArray = np.exp((low + high) / 2)
    return found


@dataclass(frozen=True, slots=True)
class Gumbel(Continuous):
    """Gumbel distribution of largest values, with cdf ``exp(-exp(-(x - location) / scale))``.

    Parameters
    ----------
    location
        Mode.
    scale
        Spread, greater than 0.
    """

    location: float
    scale: float
    family: ClassVar[str] = "gumbel"
    example: ClassVar[str] = "gumbel(5, 1)"

    def __post_init__(self) -> None:
        make_finite(self)
        require_positive(self, "scale")

    @classmethod
    def from_quantiles(cls, quantiles: Quantiles) -> Gumbel:
        """Make it from two quantiles."""
        return cls(*location_and_scale(quantiles, cls(0.0, 1.0)))

    @staticmethod
    def most_likely(samples: FloatArray) -> tuple[FloatArray, ...]:
        """Location and scale of each sample, shape (samples, n), the scale by Newton's method."""
        centre, unit = (
            samples.mean(axis=1, keepdims=True),
            np.maximum(samples.std(axis=1, keepdims=True), 1e-300),
        )
        z = (samples - centre) / unit
        low = z.min(axis=1, keepdims=True)
        scale = np.full(len(samples), np.sqrt(6) / np.pi)
        for _ in range(ITERATIONS):
            weights = np.exp(-(z - low) / scale[:, None])
            total = weights.sum(axis=1)
            first = (weights * z).sum(axis=1) / total
            second = (weights * z**2).sum(axis=1) / total
            # scale + (weighted mean) = mean, which is 0 here
            step = (scale + first) / (1 + (second - first**2) / scale**2)
            step = np.clip(step, -scale / 2, scale)
            scale = scale - step
            if np.all(np.abs(step) < TINY):
                break
        weights = np.exp(-(z - low) / scale[:, None])
        location = low[:, 0] - scale * np.log(weights.mean(axis=1))
        return centre[:, 0] + unit[:, 0] * location, unit[:, 0] * scale

    @staticmethod
    def in_scipy(location: Any, scale: Any) -> Any:
        """Return scipy's distribution, which has densities."""
        return scipy_stats().gumbel_r(location, scale)

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        return self.location - self.scale * log(-log(u))

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return exp(-exp(-standardised(x, self.location, self.scale)))

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        return -np.expm1(-exp(-standardised(x, self.location, self.scale)))

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        return self.location - self.scale * log(exponential_quantile(q))

    @property
    def support(self) -> tuple[float, float]:
        """The real line."""
        return REAL_LINE

    @property
    def mean(self) -> float:
        """Expectation."""
        return self.location + EULER_GAMMA * self.scale

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return math.pi * self.scale / math.sqrt(6.0)
