"""Distribution functions and quantiles as functions of columns, parameters included.

No text names them: a study's inputs whose parameters are other quantities are computed with them.
"""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from numpy.typing import ArrayLike

    from uncertainty.values import FloatArray

    Function: TypeAlias = Callable[..., FloatArray]

MOST_STEPS = 200
"""Halvings of an interval of counts, which end when one is left."""


class Special(NamedTuple):
    """A function of columns.

    Parameters
    ----------
    compute
        From arrays that broadcast.
    density
        From the result and the operands, what the last operand's derivative is, or for a quantile its
        inverse; None for counts, which are flat between their steps.
    is_quantile
        Whether the last operand is a probability.
    """

    compute: Function
    density: Function | None = None
    is_quantile: bool = False


def _scipy(name: str) -> Function:
    def compute(*operands: ArrayLike) -> FloatArray:
        from scipy import special

        found: FloatArray = np.asarray(getattr(special, name)(*operands), float)
        return found

    return compute


def beta_quantile(a: ArrayLike, b: ArrayLike, u: ArrayLike) -> FloatArray:
    """Quantiles of the beta distribution on [0, 1], down to the smallest probabilities."""
    from scipy import special

    inverse = special.betaincinv(a, b, u)
    lost = np.isnan(inverse) & ~np.isnan(a) & ~np.isnan(b) & ~np.isnan(u)
    if not lost.any():
        return cast("FloatArray", np.asarray(inverse, float))
    # So far out that the library gives up (probabilities below 1e-180), the leading power is exact.
    with np.errstate(all="ignore"):
        leading = np.exp((np.log(u) + np.log(a) + special.betaln(a, b)) / a)
    return cast("FloatArray", np.where(lost, leading, inverse))


def student_quantile(df: ArrayLike, u: ArrayLike) -> FloatArray:
    """Quantiles of the standard t, antisymmetric to the last bit and infinite at 0 and 1."""
    from scipy import special

    u = np.asarray(u, float)
    tail = np.minimum(u, 1.0 - u)
    # The library is wrong below 1e-200; quantiles that far out serve no purpose but must not decrease.
    magnitude: FloatArray = np.abs(special.stdtrit(df, np.where(tail > 0.0, np.maximum(tail, 1e-150), 0.0)))
    return np.where(u < 0.5, -magnitude, magnitude)


def _gamma_cdf(shape: ArrayLike, x: ArrayLike) -> FloatArray:
    return _scipy("gammainc")(shape, np.maximum(x, 0.0))


def _beta_cdf(a: ArrayLike, b: ArrayLike, x: ArrayLike) -> FloatArray:
    return _scipy("betainc")(a, b, np.clip(x, 0.0, 1.0))


def poisson_cdf(mean: ArrayLike, k: ArrayLike) -> FloatArray:
    """P(X <= k) of a Poisson distribution."""
    k = np.floor(k)
    return np.where(k < 0.0, 0.0, _scipy("gammaincc")(np.maximum(k, 0.0) + 1.0, mean))


def binomial_cdf(n: ArrayLike, p: ArrayLike, k: ArrayLike) -> FloatArray:
    """P(X <= k) of a binomial distribution."""
    k = np.floor(k)
    first, second = np.clip(k + 1.0, 1.0, n), np.maximum(n - k, 1.0)
    inside = _scipy("betaincc")(first, np.minimum(second, n), p)
    return np.where(k < 0.0, 0.0, np.where(k >= n, 1.0, inside))


def poisson_quantile(mean: ArrayLike, u: ArrayLike) -> FloatArray:
    """Smallest counts of a Poisson distribution whose cdf reaches `u`."""
    mean = np.asarray(mean, float)
    return _counted(lambda k: poisson_cdf(mean, k), u, 0.0, mean + 40.0 * np.sqrt(mean) + 400.0, mean)


def binomial_quantile(n: ArrayLike, p: ArrayLike, u: ArrayLike) -> FloatArray:
    """Smallest counts of a binomial distribution whose cdf reaches `u`."""
    n, p = np.asarray(n, float), np.asarray(p, float)
    return _counted(lambda k: binomial_cdf(n, p, k), u, 0.0, n, n + p)


def _counted(cdf: Function, u: ArrayLike, low: ArrayLike, high: ArrayLike, known: ArrayLike) -> FloatArray:
    """Halve the range of counts until each probability has its own; nan where a parameter is."""
    u, low, high, known = np.broadcast_arrays(*(np.asarray(each, float) for each in (u, low, high, known)))
    sound = np.isfinite(known) & np.isfinite(high) & np.isfinite(u) & (high >= 0.0)
    # one below the least count, whose cdf is 0, and the greatest, whose cdf is 1
    below, reached = low - 1.0, np.where(sound, np.ceil(high), 0.0)
    with np.errstate(invalid="ignore"):
        for _ in range(MOST_STEPS):
            if not (reached - below > 1.0).any():
                break
            middle = np.floor((below + reached) / 2)
            enough = cdf(middle) >= u
            reached, below = np.where(enough, middle, reached), np.where(enough, below, middle)
    return np.where(sound, reached, np.nan)


def _normal_density(x: FloatArray) -> FloatArray:
    return np.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def _gamma_density(shape: FloatArray, x: FloatArray) -> FloatArray:
    from scipy import special

    return cast("FloatArray", np.exp((shape - 1) * np.log(x) - x - special.gammaln(shape)))


def _beta_density(a: FloatArray, b: FloatArray, x: FloatArray) -> FloatArray:
    from scipy import special

    return cast("FloatArray", np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - special.betaln(a, b)))


def _student_density(df: FloatArray, x: FloatArray) -> FloatArray:
    from scipy import special

    scale = special.gammaln((df + 1) / 2) - special.gammaln(df / 2) - np.log(df * np.pi) / 2
    return cast("FloatArray", np.exp(scale - (df + 1) / 2 * np.log1p(x * x / df)))


SPECIAL: Mapping[str, Special] = MappingProxyType(
    {
        "normal_cdf": Special(_scipy("ndtr"), _normal_density),
        "normal_quantile": Special(_scipy("ndtri"), _normal_density, is_quantile=True),
        "gamma_cdf": Special(_gamma_cdf, _gamma_density),
        "gamma_quantile": Special(_scipy("gammaincinv"), _gamma_density, is_quantile=True),
        "beta_cdf": Special(_beta_cdf, _beta_density),
        "beta_quantile": Special(beta_quantile, _beta_density, is_quantile=True),
        "student_cdf": Special(_scipy("stdtr"), _student_density),
        "student_quantile": Special(student_quantile, _student_density, is_quantile=True),
        "poisson_cdf": Special(poisson_cdf),
        "poisson_quantile": Special(poisson_quantile, is_quantile=True),
        "binomial_cdf": Special(binomial_cdf),
        "binomial_quantile": Special(binomial_quantile, is_quantile=True),
    }
)
"""By name, which is also how they stand in a graph."""

COUNTED = frozenset(name for name, special in SPECIAL.items() if special.density is None)
"""Those that go in steps."""


def slopes(name: str) -> Callable[..., tuple[FloatArray | float, ...]]:
    """Return the rule that gives a function's derivatives by its operands, from result and operands.

    By the last one from the density; by a parameter from a central difference of the distribution function,
    right to about ten digits.
    """
    special = SPECIAL[name]
    cdf = SPECIAL[name.replace("quantile", "cdf")].compute

    def rule(result: FloatArray, *operands: FloatArray) -> tuple[FloatArray | float, ...]:
        if special.density is None:
            return (0.0,) * len(operands)
        *parameters, last = operands
        at = result if special.is_quantile else last
        density = special.density(*parameters, at)
        by_parameters = [_difference(cdf, parameters, place, at) for place in range(len(parameters))]
        if special.is_quantile:
            return (*(-each / density for each in by_parameters), 1 / density)
        return (*by_parameters, density)

    return rule


def _difference(cdf: Function, parameters: list[FloatArray], place: int, at: FloatArray) -> FloatArray:
    step = 6e-6 * np.abs(parameters[place])
    up, down = ([*parameters] for _ in range(2))
    up[place], down[place] = parameters[place] + step, parameters[place] - step
    return (cdf(*up, at) - cdf(*down, at)) / (up[place] - down[place])
