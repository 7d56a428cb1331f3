"""Families that are fitted to data by maximum likelihood, many samples at a time.

Each family fits the rows of an array of samples, shape (samples, n), at once: a p-value that knows that
parameters were fitted needs the fit repeated for every replicate.
"""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from uncertainty.distributions import (
    Beta,
    Exponential,
    Gamma,
    Gumbel,
    Lognormal,
    Loguniform,
    Normal,
    StudentT,
    Uniform,
    Weibull,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from uncertainty.distributions import Distribution, FloatArray

    Fitter = Callable[[FloatArray], tuple[FloatArray, ...]]

LEAST_SPREAD = 1e-6
"""Standard deviation beside the values, below which logarithm and line are one, and only rounding differs."""

ITERATIONS = 60
TINY = 1e-12


class Family(NamedTuple):
    """A family and its estimator.

    Parameters
    ----------
    fit
        From samples, shape (samples, n), to parameters, each of shape (samples,).
    make
        From one sample's parameters to the distribution.
    scipy
        From parameters to scipy's frozen distribution, which has densities.
    support
        ``"real"``, ``"positive"`` or ``"unit"``: which values it can have.
    repeats
        How often one value may occur for each that differs from it, before the likelihood has no maximum.
    """

    fit: Fitter
    make: Callable[..., Distribution]
    scipy: Callable[..., Any]
    parameters: int
    support: str = "real"
    repeats: float = math.inf

    def refuses(self, values: FloatArray) -> str:
        """Say why the family cannot have these values; empty if it can."""
        low, high = float(values.min()), float(values.max())
        if self.support == "positive" and low <= 0:
            return f"only positive values are possible, and the least of the data is {low:.4g}"
        if self.support == "unit" and not (low > 0 and high < 1):
            return (
                f"only values between 0 and 1 are possible, and the data reach from {low:.4g} to {high:.4g}"
            )
        if self.support == "positive" and (relative := float(values.std()) / high) < LEAST_SPREAD:
            return (
                f"it is one with families of the real line, as the data vary by {relative:.1g} of their size"
            )
        most = int(np.unique(values, return_counts=True)[1].max())
        if most > self.repeats * (len(values) - most):
            return f"the likelihood has no greatest value where {most} of {len(values)} values are the same"
        return ""


def _stats() -> Any:
    from scipy import stats

    return stats


def fit_normal(x: FloatArray) -> tuple[FloatArray, ...]:
    """Mean and standard deviation."""
    return x.mean(axis=1), x.std(axis=1)


def fit_lognormal(x: FloatArray) -> tuple[FloatArray, ...]:
    """Median and geometric standard deviation."""
    location, scale = fit_normal(np.log(x))
    return np.exp(location), np.exp(scale)


def fit_uniform(x: FloatArray) -> tuple[FloatArray, ...]:
    """Bounds without bias: as far beyond the sample as its values lie apart on average.

    The most likely bounds are the extremes themselves, and always too narrow.
    """
    low, high = x.min(axis=1), x.max(axis=1)
    beyond = (high - low) / (x.shape[1] - 1)
    return low - beyond, high + beyond


def fit_loguniform(x: FloatArray) -> tuple[FloatArray, ...]:
    """Bounds likewise, of the logarithm."""
    low, high = fit_uniform(np.log(x))
    return np.exp(low), np.exp(high)


def fit_exponential(x: FloatArray) -> tuple[FloatArray, ...]:
    """Mean."""
    return (x.mean(axis=1),)


def fit_gamma(x: FloatArray) -> tuple[FloatArray, ...]:
    """Shape by Newton's method on its logarithm, and scale (Minka 2002)."""
    from scipy.special import digamma, polygamma

    mean = x.mean(axis=1)
    s = np.maximum(np.log(mean) - np.log(x).mean(axis=1), TINY)
    shape = (3 - s + np.sqrt((s - 3) ** 2 + 24 * s)) / (12 * s)
    for _ in range(ITERATIONS):
        score = np.log(shape) - digamma(shape) - s
        slope = 1 - shape * polygamma(1, shape)
        step = np.clip(score / slope, -1, 1)
        shape = shape * np.exp(-step)
        if np.all(np.abs(step) < TINY):
            break
    return shape, mean / shape


def fit_gumbel(x: FloatArray) -> tuple[FloatArray, ...]:
    """Location and scale, the scale by Newton's method in units of the standard deviation."""
    centre, unit = x.mean(axis=1, keepdims=True), np.maximum(x.std(axis=1, keepdims=True), 1e-300)
    z = (x - centre) / unit
    low = z.min(axis=1, keepdims=True)
    scale = np.full(len(x), np.sqrt(6) / np.pi)
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


def fit_weibull(x: FloatArray) -> tuple[FloatArray, ...]:
    """Shape and scale: minus its logarithm is Gumbel."""
    location, scale = fit_gumbel(-np.log(x))
    return 1 / scale, np.exp(-location)


def fit_beta(x: FloatArray) -> tuple[FloatArray, ...]:
    """Both shapes by Newton's method on their logarithms, from the moments."""
    from scipy.special import digamma, polygamma

    mean, variance = x.mean(axis=1), np.maximum(x.var(axis=1), 1e-300)
    size = np.maximum(mean * (1 - mean) / variance - 1, 1e-2)
    a, b = mean * size, (1 - mean) * size
    one, other = np.log(x).mean(axis=1), np.log1p(-x).mean(axis=1)
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


DEGREES = (0.5, 200.0)
"""Degrees of freedom that are looked among: with more it is normal, and with far fewer the likelihood has no
greatest value, as it grows without end where the scale shrinks onto one of the data."""


def fit_student_t(x: FloatArray) -> tuple[FloatArray, ...]:
    """Location, scale and degrees of freedom by the ECME algorithm (Liu & Rubin 1995)."""
    centre = np.median(x, axis=1)
    deviation = np.median(np.abs(x - centre[:, None]), axis=1) * 1.4826
    # more than half of the values may be the same
    square = np.maximum(deviation, np.maximum(1e-3 * x.std(axis=1), 1e-140)) ** 2
    degrees = np.full(len(x), 8.0)
    left = np.arange(len(x))  # samples whose estimates still move
    for _ in range(2 * ITERATIONS):
        values, before = x[left], degrees[left]
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


FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        "normal": Family(fit_normal, Normal, lambda m, s: _stats().norm(m, s), 2),
        "lognormal": Family(
            fit_lognormal, Lognormal, lambda m, g: _stats().lognorm(np.log(g), scale=m), 2, "positive"
        ),
        "gamma": Family(fit_gamma, Gamma, lambda a, s: _stats().gamma(a, scale=s), 2, "positive"),
        "weibull": Family(fit_weibull, Weibull, lambda k, s: _stats().weibull_min(k, scale=s), 2, "positive"),
        "exponential": Family(fit_exponential, Exponential, lambda m: _stats().expon(scale=m), 1, "positive"),
        "gumbel": Family(fit_gumbel, Gumbel, lambda m, s: _stats().gumbel_r(m, s), 2),
        "uniform": Family(fit_uniform, Uniform, lambda a, b: _stats().uniform(a, b - a), 2),
        "loguniform": Family(
            fit_loguniform, Loguniform, lambda a, b: _stats().loguniform(a, b), 2, "positive"
        ),
        "beta": Family(fit_beta, Beta, lambda a, b: _stats().beta(a, b), 2, "unit"),
        "student_t": Family(
            fit_student_t,
            StudentT,
            lambda m, s, df: _stats().t(df, loc=m, scale=s),
            3,
            repeats=DEGREES[0],
        ),
    }
)
