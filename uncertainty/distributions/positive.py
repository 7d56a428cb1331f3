"""Families on the positive half-line: lognormal, gamma, exponential, Weibull and Pareto."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from uncertainty.distributions.functions import (
    exp,
    exp_number,
    exponential_quantile,
    gamma_cdf,
    gamma_quantile,
    gamma_survival,
    gamma_upper_quantile,
    log,
    normal_cdf,
    normal_quantile,
    scaled,
    standardised,
)
from uncertainty.distributions.parameters import (
    Continuous,
    finite,
    make_finite,
    number_text,
    require_positive,
    require_shape,
)
from uncertainty.distributions.quantile_fit import (
    ITERATIONS,
    LOG_SHAPES,
    TINY,
    location_and_scale,
    logarithms,
    require_positive_quantiles,
    root_of_decreasing,
    scipy_stats,
)
from uncertainty.distributions.unbounded import Gumbel, Normal
from uncertainty.errors import InvalidValue
from uncertainty.late import dataclass
from uncertainty.values import of_probabilities, of_values

if TYPE_CHECKING:
    from uncertainty.distributions.metalog import Quantiles
    from uncertainty.distributions.protocol import FloatArray


HALF_LINE = (0.0, math.inf)


@dataclasses.dataclass(frozen=True, slots=True)
class Lognormal(Continuous):
    """Lognormal distribution by its median and geometric standard deviation.

    Neither argument is a logarithm: ``lognormal(3, 2)`` has two thirds of its values between 3 / 2 and 3 * 2.

    Parameters
    ----------
    median
        Median, which is also the geometric mean; greater than 0.
    gsd
        Geometric standard deviation, a factor greater than 1.
    """

    median: float
    gsd: float
    family: ClassVar[str] = "lognormal"
    example: ClassVar[str] = "lognormal(5, 1.5)"
    values: ClassVar[str] = "positive"

    def __post_init__(self) -> None:
        make_finite(self)
        if self.median <= 0.0:
            raise InvalidValue(
                f"lognormal: median must be greater than 0, not {number_text(self.median)}; "
                "it is no logarithm"
            )
        if self.gsd == 1.0:
            raise InvalidValue(
                "lognormal: gsd must be greater than 1; "
                f"for a constant write fixed({number_text(self.median)})"
            )
        if self.gsd < 1.0:
            raise InvalidValue(
                "lognormal: gsd is a factor and must be greater than 1, "
                f"not {number_text(self.gsd)}{self._if_a_sigma()}"
            )

    @classmethod
    def from_quantiles(cls, quantiles: Quantiles) -> Lognormal:
        """Make it from two quantiles: its logarithm is normal."""
        location, scale = location_and_scale(logarithms(quantiles, cls.family), Normal(0.0, 1.0))
        return cls(math.exp(location), math.exp(scale))

    @staticmethod
    def most_likely(samples: FloatArray) -> tuple[FloatArray, ...]:
        """Median and geometric standard deviation of each sample, shape (samples, n)."""
        location, scale = Normal.most_likely(np.log(samples))
        return np.exp(location), np.exp(scale)

    @staticmethod
    def in_scipy(median: Any, gsd: Any) -> Any:
        """Return scipy's distribution, which has densities."""
        return scipy_stats().lognorm(np.log(gsd), scale=median)

    def _if_a_sigma(self) -> str:
        """Say how to write it if the geometric sd given was the sd of the logarithm."""
        if self.gsd <= 0.0:
            return ""
        first, second = number_text(self.median), number_text(self.gsd)
        meant = f'"lognormal(median={first}, sigma={second})" if {second} is the sd of the logarithm'
        median = exp_number(self.median)
        # many programs take the mean of the logarithm, and then its sd
        other = f', or "lognormal(median={median:.6g}, sigma={second})" if {first} is its mean, too'
        return f"; write {meant}{other if math.isfinite(median) else ''}"

    @classmethod
    def from_sigma(cls, median: float, sigma: float) -> Lognormal:
        """Make it from the median and `sigma`, the standard deviation of the natural logarithm."""
        if not finite(sigma, "lognormal: sigma") > 0.0:
            raise InvalidValue(f"lognormal: sigma must be greater than 0, not {number_text(sigma)}")
        return cls(median, exp_number(sigma))

    @classmethod
    def from_moments(cls, mean: float, sd: float) -> Lognormal:
        """Make it from the arithmetic mean and standard deviation of the values themselves."""
        for name, value in (("mean", mean), ("sd", sd)):
            if not finite(value, f"lognormal: {name}") > 0.0:
                raise InvalidValue(f"lognormal: {name} must be greater than 0, not {number_text(value)}")
        variation = sd / mean
        return cls(mean / math.hypot(1.0, variation), exp_number(_sigma_of_variation(variation)))

    @property
    def sigma(self) -> float:
        """Standard deviation of the natural logarithm."""
        return math.log(self.gsd)

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        return scaled(self.median, exp(self.sigma * normal_quantile(u)))

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return normal_cdf((log(x) - math.log(self.median)) / self.sigma)

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        return normal_cdf((math.log(self.median) - log(x)) / self.sigma)

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        return scaled(self.median, exp(-self.sigma * normal_quantile(q)))

    @property
    def support(self) -> tuple[float, float]:
        """The positive half-line."""
        return HALF_LINE

    @property
    def mean(self) -> float:
        """Expectation, larger than the median."""
        return self.median * exp_number(0.5 * self.sigma**2)

    @property
    def sd(self) -> float:
        """Standard deviation of the values themselves."""
        variance_ratio = self.sigma**2
        if variance_ratio > 700.0:  # expm1 would overflow
            return self.mean * exp_number(0.5 * variance_ratio)
        return self.mean * math.sqrt(math.expm1(variance_ratio))


def _sigma_of_variation(variation: float) -> float:
    """Find the sd of the logarithm for a coefficient of variation, without squaring a huge one."""
    if variation > 1e8:
        return math.sqrt(2.0 * math.log(variation))
    return math.sqrt(math.log1p(variation**2))


@dataclass(frozen=True, slots=True)
class Gamma(Continuous):
    """Gamma distribution; JCGM 101:2008, 6.4.11 uses shape q + 1 and scale 1 for q observed counts.

    Parameters
    ----------
    shape
        Shape, greater than 0.
    scale
        Scale (not rate), greater than 0; the mean is ``shape * scale``.
    """

    shape: float
    scale: float
    family: ClassVar[str] = "gamma"
    example: ClassVar[str] = "gamma(4, 1.5)"
    values: ClassVar[str] = "positive"

    def __post_init__(self) -> None:
        make_finite(self)
        require_shape(self, "shape")
        require_positive(self, "scale")

    @classmethod
    def from_quantiles(cls, quantiles: Quantiles) -> Gamma:
        """Make it from two quantiles: the shape by root finding on their ratio, then the scale."""
        (_, x), (_, y) = logarithms(quantiles, cls.family)
        probabilities = np.array([p for p, _ in quantiles])

        def excess(log_shape: float) -> float:
            first, second = gamma_quantile(math.exp(log_shape), probabilities).tolist()
            return math.inf if first == 0.0 else math.log(second / first) - (y - x)

        shape = math.exp(root_of_decreasing(excess, *LOG_SHAPES, cls.family, quantiles))
        scale = math.exp(y) / float(gamma_quantile(shape, probabilities[1:])[0])
        return cls(shape, scale)

    @staticmethod
    def most_likely(samples: FloatArray) -> tuple[FloatArray, ...]:
        """Shape by Newton's method on its logarithm, and scale, of each sample (Minka 2002)."""
        from uncertainty.special import digamma, polygamma

        mean = samples.mean(axis=1)
        s = np.maximum(np.log(mean) - np.log(samples).mean(axis=1), TINY)
        shape = (3 - s + np.sqrt((s - 3) ** 2 + 24 * s)) / (12 * s)
        for _ in range(ITERATIONS):
            score = np.log(shape) - digamma(shape) - s
            slope = 1 - shape * polygamma(1, shape)
            step = np.clip(score / slope, -1, 1)
            shape = shape * np.exp(-step)
            if np.all(np.abs(step) < TINY):
                break
        return shape, mean / shape

    @staticmethod
    def in_scipy(shape: Any, scale: Any) -> Any:
        """Return scipy's distribution, which has densities."""
        return scipy_stats().gamma(shape, scale=scale)

    @classmethod
    def from_moments(cls, mean: float, sd: float) -> Gamma:
        """Make it from the mean and standard deviation."""
        for name, value in (("mean", mean), ("sd", sd)):
            if not finite(value, f"gamma: {name}") > 0.0:
                raise InvalidValue(f"gamma: {name} must be greater than 0, not {number_text(value)}")
        return cls((mean / sd) ** 2, sd * (sd / mean))

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        return self.scale * gamma_quantile(self.shape, u)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return gamma_cdf(self.shape, standardised(np.maximum(x, 0.0), 0.0, self.scale))

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        return gamma_survival(self.shape, standardised(np.maximum(x, 0.0), 0.0, self.scale))

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        return self.scale * gamma_upper_quantile(self.shape, q)

    @property
    def support(self) -> tuple[float, float]:
        """The positive half-line."""
        return HALF_LINE

    @property
    def mean(self) -> float:
        """Expectation."""
        return self.shape * self.scale

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return math.sqrt(self.shape) * self.scale


@dataclass(frozen=True, slots=True)
class Exponential(Continuous):
    """Exponential distribution by its mean, JCGM 101:2008, 6.4.10.

    Parameters
    ----------
    mean
        Expectation (the inverse of the rate), greater than 0.
    """

    mean: float
    family: ClassVar[str] = "exponential"
    example: ClassVar[str] = "exponential(5)"
    values: ClassVar[str] = "positive"

    def __post_init__(self) -> None:
        make_finite(self)
        require_positive(self, "mean")

    @classmethod
    def from_quantiles(cls, quantiles: Quantiles) -> Exponential:
        """Make it from one quantile."""
        ((probability, value),) = quantiles
        require_positive_quantiles(quantiles, cls.family)
        return cls(value / -math.log1p(-probability))

    @staticmethod
    def most_likely(samples: FloatArray) -> tuple[FloatArray, ...]:
        """Mean of each sample, shape (samples, n)."""
        return (samples.mean(axis=1),)

    @staticmethod
    def in_scipy(mean: Any) -> Any:
        """Return scipy's distribution, which has densities."""
        return scipy_stats().expon(scale=mean)

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        return self.mean * exponential_quantile(u)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return -np.expm1(-standardised(np.maximum(x, 0.0), 0.0, self.mean))

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        return exp(-standardised(np.maximum(x, 0.0), 0.0, self.mean))

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        return scaled(self.mean, -log(q)) + 0.0

    @property
    def support(self) -> tuple[float, float]:
        """The positive half-line."""
        return HALF_LINE

    @property
    def sd(self) -> float:
        """Standard deviation, equal to the mean."""
        return self.mean


@dataclass(frozen=True, slots=True)
class Weibull(Continuous):
    """Weibull distribution, with cdf ``1 - exp(-(x / scale) ** shape)``.

    Parameters
    ----------
    shape
        Shape, greater than 0; 1 is the exponential.
    scale
        Scale, greater than 0; the 63 % quantile.
    """

    shape: float
    scale: float
    family: ClassVar[str] = "weibull"
    example: ClassVar[str] = "weibull(2, 5)"
    values: ClassVar[str] = "positive"

    def __post_init__(self) -> None:
        make_finite(self)
        require_shape(self, "shape")
        require_positive(self, "scale")

    @classmethod
    def from_quantiles(cls, quantiles: Quantiles) -> Weibull:
        """Make it from two quantiles: minus its logarithm is Gumbel."""
        mirrored = tuple((1.0 - p, -x) for p, x in reversed(logarithms(quantiles, cls.family)))
        location, scale = location_and_scale(mirrored, Gumbel(0.0, 1.0))
        return cls(1.0 / scale, math.exp(-location))

    @staticmethod
    def most_likely(samples: FloatArray) -> tuple[FloatArray, ...]:
        """Shape and scale of each sample: minus its logarithm is Gumbel."""
        location, scale = Gumbel.most_likely(-np.log(samples))
        return 1 / scale, np.exp(-location)

    @staticmethod
    def in_scipy(shape: Any, scale: Any) -> Any:
        """Return scipy's distribution, which has densities."""
        return scipy_stats().weibull_min(shape, scale=scale)

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        return scaled(self.scale, exp(log(exponential_quantile(u)) / self.shape))

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return -np.expm1(-exp(self.shape * (log(x) - math.log(self.scale))))

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        return exp(-exp(self.shape * (log(x) - math.log(self.scale))))

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        return scaled(self.scale, exp(log(-log(q)) / self.shape))

    @property
    def support(self) -> tuple[float, float]:
        """The positive half-line."""
        return HALF_LINE

    @property
    def mean(self) -> float:
        """Expectation."""
        return self.scale * exp_number(math.lgamma(1.0 + 1.0 / self.shape))

    @property
    def sd(self) -> float:
        """Standard deviation."""
        inverse = 1.0 / self.shape
        second = math.lgamma(1.0 + 2.0 * inverse)
        if second > 700.0:  # the square of the mean no longer matters
            return self.scale * exp_number(0.5 * second)
        return self.mean * math.sqrt(math.expm1(_log_gamma_difference(inverse)))


def _log_gamma_difference(x: float) -> float:
    """``log gamma(1 + 2 x) - 2 log gamma(1 + x)``, by its series where the terms would cancel."""
    if x > 1e-3:
        return math.lgamma(1.0 + 2.0 * x) - 2.0 * math.lgamma(1.0 + x)
    zeta = (math.pi**2 / 6.0, 1.2020569031595943, math.pi**4 / 90.0, 1.0369277551433699)
    return x * x * (zeta[0] - x * (2.0 * zeta[1] - x * (3.5 * zeta[2] - x * 6.0 * zeta[3])))


@dataclass(frozen=True, slots=True)
class Pareto(Continuous):
    """Pareto distribution, with survival function ``(scale / x) ** shape`` from `scale` on.

    Parameters
    ----------
    scale
        Smallest value, greater than 0.
    shape
        Tail index, greater than 0; the mean is finite above 1, the standard deviation above 2.
    """

    scale: float
    shape: float
    family: ClassVar[str] = "pareto"
    example: ClassVar[str] = "pareto(2, 3)"

    def __post_init__(self) -> None:
        make_finite(self)
        require_positive(self, "scale")
        require_shape(self, "shape")

    @classmethod
    def from_quantiles(cls, quantiles: Quantiles) -> Pareto:
        """Make it from two quantiles: its logarithm is exponential."""
        location, scale = location_and_scale(logarithms(quantiles, cls.family), Exponential(1.0))
        return cls(math.exp(location), 1.0 / scale)

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        return scaled(self.scale, exp(exponential_quantile(u) / self.shape))

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return -np.expm1(self._log_survival(x))

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        return exp(self._log_survival(x))

    def _log_survival(self, x: FloatArray) -> FloatArray:
        return -self.shape * log(np.maximum(x, self.scale) / self.scale)

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        return scaled(self.scale, exp(-log(q) / self.shape))

    @property
    def support(self) -> tuple[float, float]:
        """From the scale on."""
        return self.scale, math.inf

    @property
    def mean(self) -> float:
        """Expectation; inf for a shape up to 1."""
        return self.scale * self.shape / (self.shape - 1.0) if self.shape > 1.0 else math.inf

    @property
    def sd(self) -> float:
        """Standard deviation; inf for a shape up to 2."""
        if self.shape <= 2.0:
            return math.inf
        return self.scale * math.sqrt(self.shape / (self.shape - 2.0)) / (self.shape - 1.0)
