"""Two-parameter families from two of their quantiles."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from uncertainty.distributions.bounded import Arcsine, Beta, Loguniform, Uniform
from uncertainty.distributions.functions import beta_cdf, crossing, gamma_quantile
from uncertainty.distributions.metalog import Quantiles, percentage_text, quantiles_text
from uncertainty.distributions.parameters import LARGEST_SHAPE, SMALLEST_SHAPE, number_text
from uncertainty.distributions.positive import Exponential, Gamma, Lognormal, Pareto, Weibull
from uncertainty.distributions.protocol import Distribution, FloatArray
from uncertainty.distributions.unbounded import Gumbel, Logistic, Normal
from uncertainty.errors import InvalidValue

Fit: TypeAlias = Callable[[Quantiles], Distribution]

AGREEMENT = 1e-9
LOG_SHAPES = (math.log(SMALLEST_SHAPE), math.log(LARGEST_SHAPE))


def fit_normal(quantiles: Quantiles) -> Distribution:
    """Fit a normal distribution."""
    return Normal(*_location_scale(quantiles, Normal(0.0, 1.0)))


def fit_logistic(quantiles: Quantiles) -> Distribution:
    """Fit a logistic distribution."""
    return Logistic(*_location_scale(quantiles, Logistic(0.0, 1.0)))


def fit_pareto(quantiles: Quantiles) -> Distribution:
    """Fit a Pareto distribution, whose logarithm is exponential."""
    location, scale = _location_scale(_logarithms(quantiles, "pareto"), Exponential(1.0))
    return Pareto(math.exp(location), 1.0 / scale)


def fit_gumbel(quantiles: Quantiles) -> Distribution:
    """Fit a Gumbel distribution."""
    return Gumbel(*_location_scale(quantiles, Gumbel(0.0, 1.0)))


def fit_uniform(quantiles: Quantiles) -> Distribution:
    """Fit a uniform distribution."""
    low, width = _location_scale(quantiles, Uniform(0.0, 1.0))
    return Uniform(low, low + width)


def fit_arcsine(quantiles: Quantiles) -> Distribution:
    """Fit an arcsine distribution."""
    low, width = _location_scale(quantiles, Arcsine(0.0, 1.0))
    return Arcsine(low, low + width)


def fit_lognormal(quantiles: Quantiles) -> Distribution:
    """Fit a lognormal distribution, whose logarithm is normal."""
    location, scale = _location_scale(_logarithms(quantiles, "lognormal"), Normal(0.0, 1.0))
    return Lognormal(math.exp(location), math.exp(scale))


def fit_loguniform(quantiles: Quantiles) -> Distribution:
    """Fit a loguniform distribution, whose logarithm is uniform."""
    location, width = _location_scale(_logarithms(quantiles, "loguniform"), Uniform(0.0, 1.0))
    return Loguniform(math.exp(location), math.exp(location + width))


def fit_weibull(quantiles: Quantiles) -> Distribution:
    """Fit a Weibull distribution; minus its logarithm is Gumbel."""
    mirrored = tuple((1.0 - p, -x) for p, x in reversed(_logarithms(quantiles, "weibull")))
    location, scale = _location_scale(mirrored, Gumbel(0.0, 1.0))
    return Weibull(1.0 / scale, math.exp(-location))


def fit_exponential(quantiles: Quantiles) -> Distribution:
    """Fit an exponential distribution to its one quantile."""
    ((probability, value),) = quantiles
    _require_positive(quantiles, "exponential")
    return Exponential(value / -math.log1p(-probability))


def fit_gamma(quantiles: Quantiles) -> Distribution:
    """Fit a gamma distribution: the shape by root finding on the ratio of the quantiles, then the scale."""
    (_, x), (_, y) = _logarithms(quantiles, "gamma")
    probabilities = np.array([p for p, _ in quantiles])

    def excess(log_shape: float) -> float:
        first, second = gamma_quantile(math.exp(log_shape), probabilities).tolist()
        return math.inf if first == 0.0 else math.log(second / first) - (y - x)

    shape = math.exp(_root_of_decreasing(excess, *LOG_SHAPES, "gamma", quantiles))
    scale = math.exp(y) / float(gamma_quantile(shape, probabilities[1:])[0])
    return Gamma(shape, scale)


def fit_beta(quantiles: Quantiles) -> Distribution:
    """Fit a beta distribution on [0, 1].

    For any first shape there is one second shape that gives the lower quantile; the larger the first shape,
    the more probability then lies below the upper one.
    """
    (p, x), (q, y) = quantiles
    if not 0.0 < x < y < 1.0:
        raise InvalidValue(
            f"beta: its quantiles must lie between 0 and 1, not {number_text(x)} and {number_text(y)}"
        )

    def second_shape(log_a: float) -> float:
        highest = max(log_a, 0.0) + math.log1p(-x) - math.log(x) + 20.0
        return _root_of_decreasing(
            lambda log_b: p - _beta_probability(log_a, log_b, x), -30.0, highest, "beta", quantiles
        )

    log_a = _root_of_decreasing(
        lambda log_a: q - _beta_probability(log_a, second_shape(log_a), y), *LOG_SHAPES, "beta", quantiles
    )
    return Beta(math.exp(log_a), math.exp(second_shape(log_a)))


def _beta_probability(log_a: float, log_b: float, x: float) -> float:
    return float(beta_cdf(math.exp(log_a), math.exp(log_b), np.array([x]))[0])


def _require_positive(quantiles: Quantiles, family: str) -> None:
    for probability, value in quantiles:
        if not value > 0.0:
            raise InvalidValue(
                f"{family}: {percentage_text(probability)} must be greater than 0, not {number_text(value)}"
            )


def _logarithms(quantiles: Quantiles, family: str) -> Quantiles:
    _require_positive(quantiles, family)
    return tuple((probability, math.log(value)) for probability, value in quantiles)


def _location_scale(quantiles: Quantiles, standard: Distribution) -> tuple[float, float]:
    """Shift and factor that carry the quantiles of the standard distribution to those wanted."""
    (p, x), (q, y) = quantiles
    first, second = standard.quantile(np.array([p, q])).tolist()
    scale = (y - x) / (second - first)
    return (x * second - y * first) / (second - first), scale


def _root_of_decreasing(
    function: Callable[[float], float], low: float, high: float, family: str, quantiles: Quantiles
) -> float:
    at_low, at_high = min(function(low), 1e300), function(high)
    if not at_low > 0.0 > at_high:
        raise _cannot_fit(family, quantiles)
    return crossing(lambda x: min(function(x), 1e300), low, high, xtol=1e-15, rtol=1e-15)


def _cannot_fit(family: str, quantiles: Quantiles) -> InvalidValue:
    wanted = quantiles_text(quantiles)
    return InvalidValue(f"{family}: cannot be made to fit {wanted}; try metalog({wanted})")


def fitted(fit: Fit, quantiles: Quantiles, family: str) -> Distribution:
    """Fit a family and make sure that it has the quantiles asked for.

    Raises
    ------
    InvalidValue
        If there is no such distribution, or none that floating-point numbers can tell.
    """
    try:
        distribution = fit(quantiles)
    except InvalidValue:
        raise
    except (ArithmeticError, ValueError, RuntimeError):  # a search that overflowed or did not end
        raise _cannot_fit(family, quantiles) from None
    probabilities, values = (np.array(column) for column in zip(*quantiles, strict=True))
    if not _agree(distribution.quantile(probabilities), values):
        raise _cannot_fit(family, quantiles)
    return distribution


def _agree(found: FloatArray, wanted: FloatArray) -> bool:
    # A quantile near 0 between others that are not is judged by their size.
    scale = np.maximum(np.abs(wanted), np.ptp(wanted))
    return bool(np.all(np.abs(found - wanted) <= AGREEMENT * scale))
