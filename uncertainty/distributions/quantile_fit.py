"""What families need that are made from quantiles, or from data by maximum likelihood."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from uncertainty.distributions.functions import crossing
from uncertainty.distributions.metalog import Quantiles, percentage_text, quantiles_text
from uncertainty.distributions.parameters import LARGEST_SHAPE, SMALLEST_SHAPE, number_text
from uncertainty.distributions.protocol import Distribution, FloatArray
from uncertainty.errors import InvalidValue

Fit: TypeAlias = Callable[[Quantiles], Distribution]

AGREEMENT = 1e-9

ITERATIONS = 60
TINY = 1e-12
"""How often Newton's method for the most likely parameters repeats its step, and how small a step ends it."""

LOG_SHAPES = (math.log(SMALLEST_SHAPE), math.log(LARGEST_SHAPE))


def scipy_stats() -> Any:
    """Return scipy's distributions, which take long to import."""
    from scipy import stats

    return stats


def require_positive_quantiles(quantiles: Quantiles, family: str) -> None:
    """Refuse quantiles of 0 or less."""
    for probability, value in quantiles:
        if not value > 0.0:
            raise InvalidValue(
                f"{family}: {percentage_text(probability)} must be greater than 0, not {number_text(value)}"
            )


def logarithms(quantiles: Quantiles, family: str) -> Quantiles:
    """Return the quantiles of the logarithm; refuse those of 0 or less."""
    require_positive_quantiles(quantiles, family)
    return tuple((probability, math.log(value)) for probability, value in quantiles)


def location_and_scale(quantiles: Quantiles, standard: Distribution) -> tuple[float, float]:
    """Shift and factor that carry the quantiles of the standard distribution to those wanted."""
    (p, x), (q, y) = quantiles
    first, second = standard.quantile(np.array([p, q])).tolist()
    scale = (y - x) / (second - first)
    return (x * second - y * first) / (second - first), scale


def root_of_decreasing(
    function: Callable[[float], float], low: float, high: float, family: str, quantiles: Quantiles
) -> float:
    """Return where a decreasing function is 0; refuse the quantiles where it is nowhere."""
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
