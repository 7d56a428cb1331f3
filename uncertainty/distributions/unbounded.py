"""Families on the whole real line: normal, logistic, Student's t and Gumbel."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

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
from uncertainty.errors import InvalidValue
from uncertainty.expressions.operations import student_quantile
from uncertainty.values import of_probabilities, of_values

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import FloatArray

REAL_LINE = (-math.inf, math.inf)
EULER_GAMMA = 0.57721566490153286061


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

    def __post_init__(self) -> None:
        make_finite(self)
        if self.sd == 0.0:
            raise InvalidValue(
                f"normal: sd must be greater than 0; for a constant write fixed({number_text(self.mean)})"
            )
        require_positive(self, "sd")

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

    def __post_init__(self) -> None:
        make_finite(self)
        require_positive(self, "scale")

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

    def __post_init__(self) -> None:
        make_finite(self)
        require_positive(self, "scale")
        require_shape(self, "df")

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

    def __post_init__(self) -> None:
        make_finite(self)
        require_positive(self, "scale")

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
