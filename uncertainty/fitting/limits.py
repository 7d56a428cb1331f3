"""Distributions that keep to the physical limits of an input."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.distributions import Metalog, parse_distribution
from uncertainty.distributions.parameters import number_text
from uncertainty.errors import InvalidValue

if TYPE_CHECKING:
    from uncertainty.distributions import Distribution, FloatArray
    from uncertainty.distributions.metalog import Quantiles
    from uncertainty.study.model import Input

NOTICED = 0.01
"""Probability beyond an input's limits from which a distribution says something else once it is cut off."""

STEEPEST = 700.0
"""Logit beyond which a probability underflows."""


def cut_off(item: Input, made: Distribution) -> float:
    """Return the probability that lies beyond the limits of an input."""
    below = 0.0 if item.low is None else float(made.cdf(np.array([np.nextafter(item.low, -math.inf)]))[0])
    above = 0.0 if item.high is None else 1 - float(made.cdf(np.array([item.high]))[0])
    return below + above


def limits_text(item: Input) -> str:
    """Name the limits, "limit, low = 0" or "limits, low = 0 and high = 1"."""
    limits = (("low", item.low), ("high", item.high))
    named = [f"{name} = {number_text(limit)}" for name, limit in limits if limit is not None]
    return f"limit{'s' if len(named) > 1 else ''}, {' and '.join(named)}"


def respecting(item: Input, text: str, quantiles: Quantiles) -> str:
    """Return a distribution as it is, or one between both limits where these would move its quantiles."""
    if item.low is None or item.high is None or cut_off(item, parse_distribution(text)) < NOTICED:
        return text
    if not (item.low < quantiles[0][1] and quantiles[-1][1] < item.high):
        return text
    return str(Metalog(quantiles, item.low, item.high))


def between_limits(item: Input, values: list[float]) -> Distribution | None:
    """Predict a next value on the scale of logits between both limits; None where values reach one."""
    low, high = item.low, item.high
    if low is None or high is None or not (low < min(values) and max(values) < high):
        return None
    logits = predicted(np.array([_logit(x, low, high) for x in values]))
    start, end = (_at_logit(logit, low, high) for logit in logits)
    try:
        return Metalog(((0.05, start), (0.95, end)), low, high)
    except InvalidValue:  # so wide that its ends are the limits themselves
        return None


def _logit(x: float, low: float, high: float) -> float:
    return math.log(x - low) - math.log(high - x)


def _at_logit(logit: float, low: float, high: float) -> float:
    """Return the value at a logit, with as few digits as keep it there."""
    x = low + (high - low) / (1 + math.exp(-min(max(logit, -STEEPEST), STEEPEST)))
    shorter = (float(f"{x:.{digits}g}") for digits in range(3, 17))
    return next((y for y in shorter if low < y < high and abs(_logit(y, low, high) - logit) < 0.02), x)


def predicted(values: FloatArray) -> tuple[float, float]:
    """Return the central 90 % prediction interval of a next value from a normal population."""
    from scipy.special import stdtrit

    n = len(values)
    half = float(stdtrit(n - 1, 0.95) * values.std(ddof=1) * math.sqrt(1 + 1 / n))
    return float(values.mean()) - half, float(values.mean()) + half
