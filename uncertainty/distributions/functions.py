"""The special functions that the families share, typed, and silent at the ends of their domains."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from scipy import special

from uncertainty.distributions.protocol import FloatArray

Unary: TypeAlias = Callable[[FloatArray], FloatArray]
Many: TypeAlias = float | FloatArray
ShapeAndArray: TypeAlias = Callable[[Many, Many], FloatArray]
ShapesAndArray: TypeAlias = Callable[[Many, Many, Many], FloatArray]

normal_cdf: Unary = special.ndtr
normal_quantile: Unary = special.ndtri
logistic_cdf: Unary = special.expit
logistic_quantile: Unary = special.logit
student_cdf: ShapeAndArray = special.stdtr
gamma_cdf: ShapeAndArray = special.gammainc
gamma_quantile: ShapeAndArray = special.gammaincinv
gamma_survival: ShapeAndArray = special.gammaincc
gamma_upper_quantile: ShapeAndArray = special.gammainccinv
beta_cdf: ShapesAndArray = special.betainc
beta_survival: ShapesAndArray = special.betaincc


def exp(x: FloatArray) -> FloatArray:
    """Exponential that overflows to infinity without a warning."""
    with np.errstate(over="ignore", under="ignore"):
        return np.exp(x)


def log(x: FloatArray) -> FloatArray:
    """Logarithm that is minus infinity at and below 0, without a warning."""
    with np.errstate(divide="ignore"):
        return np.log(np.maximum(x, 0.0))


def exponential_quantile(u: FloatArray) -> FloatArray:
    """Quantiles of the exponential with mean 1."""
    with np.errstate(divide="ignore"):
        return -np.log1p(-u)


def standardised(x: FloatArray, location: float, scale: float) -> FloatArray:
    """Return ``(x - location) / scale``; what overflows becomes infinite without a warning."""
    with np.errstate(over="ignore", under="ignore"):
        return (x - location) / scale


def scaled(scale: float, x: FloatArray) -> FloatArray:
    """Multiply by a scale; what overflows becomes infinite without a warning."""
    with np.errstate(over="ignore", under="ignore"):
        return scale * x


def exp_number(x: float) -> float:
    """Exponential of one number, infinite where it overflows."""
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def pinned(u: FloatArray, values: FloatArray, low: float, high: float) -> FloatArray:
    """Quantiles at `u` that rounding may not carry past the bounds, and that reach them at 0 and 1."""
    return np.where(u <= 0.0, low, np.where(u >= 1.0, high, np.clip(values, low, high)))


def unit_position(x: FloatArray, low: float, high: float) -> FloatArray:
    """Where `x` lies between `low` (0) and `high` (1); values outside count as at the nearer end."""
    return (np.clip(x, low, high) - low) / (high - low)


def interpolate(low: float, high: float, share: FloatArray) -> FloatArray:
    """Return the value at `share` of the way from `low` to `high`, exact at both ends and never beyond."""
    return np.clip(low * (1.0 - share) + high * share, low, high)
