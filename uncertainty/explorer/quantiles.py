"""Distributions and uniforms as data that a browser can draw from, the same there as in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from uncertainty.distributions import (
    Arcsine,
    Clipped,
    Lognormal,
    Loguniform,
    Normal,
    Steps,
    Triangular,
    Truncated,
    Uniform,
)
from uncertainty.distributions.protocol import FAR_UP
from uncertainty.distributions.spread import Spread
from uncertainty.results.encoding import finite
from uncertainty.sampling.transforms import cut_until

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray


Data: TypeAlias = dict[str, Any]

SPREAD_TOLERANCE = 1e-10
"""Largest error of a polynomial, as a share of the distance between the 5 % and 95 % quantiles."""

VALUE_TOLERANCE = 1e-9
"""Largest error of a polynomial as a share of its value, for a quantity that has one sign."""

CLOSE = 1e3
"""Values that many times as large as the distance between the 5 % and 95 % quantiles lie close together."""

OUTERMOST = 2.0**-15
"""Probability at which polynomials end: no draw that is made on its own lies further out."""

OUTERMOST_CORRELATED = 2.0**-24
"""The same for correlated inputs, whose draws a copula moves; what is further out is moved in."""

FAR = 100.0
"""Factor by which polynomials may err more beyond `OUTERMOST`, where rounding blurs probabilities near 1."""

_TERMS = 10


def quantile_data(distribution: Distribution, *, correlated: bool = False) -> Data:
    """Return a distribution as data, from which its quantile function follows.

    Returns
    -------
    dict
        ``family`` and what that family needs: see `quantile` in ``quantiles.js``.
    """
    if distribution.is_constant:
        return {"family": "fixed", "value": distribution.support[0]}
    closed = _closed(distribution)
    if closed is not None:
        return closed
    return _pieces(distribution, OUTERMOST_CORRELATED if correlated else OUTERMOST)


def _closed(distribution: Distribution) -> Data | None:
    match distribution:
        case Uniform() | Loguniform() | Arcsine():
            return {"family": distribution.family, "low": distribution.low, "high": distribution.high}
        case Triangular(low=low, mode=mode, high=high):
            return {"family": "triangular", "low": low, "mode": mode, "high": high}
        case Normal(mean=mean, sd=sd):
            return {"family": "normal", "mean": mean, "sd": sd}
        case Lognormal():
            return {"family": "lognormal", "median": distribution.median, "sigma": distribution.sigma}
        case Steps():
            cumulative = distribution.cdf(np.array(distribution.atoms))
            return {"family": "steps", "values": [*distribution.atoms], "cumulative": cumulative.tolist()}
        case Spread(counts=counts, edges=edges):
            return {"family": "spread", "edges": edges.tolist(), "cumulative": counts.cdf(edges[1:]).tolist()}
        case Truncated():
            return _truncated(distribution)
        case Clipped(distribution=inner, low=low, high=high):
            of = _closed(inner)
            return None if of is None else {"family": "clip", "of": of, "low": low, "high": high}
    return None


def _truncated(distribution: Truncated) -> Data | None:
    of, inner = _closed(distribution.distribution), distribution.distribution
    if of is None:
        return None
    low, high = distribution.support
    below = None if distribution.low is None else np.nextafter([distribution.low], -np.inf)
    start = 0.0 if below is None else float(inner.cdf(below)[0])
    if start > 1.0 - FAR_UP:  # so far up, what is left is counted from above, which the page does not do
        return None
    end = 1.0 if distribution.high is None else float(inner.cdf(np.array([distribution.high]))[0])
    bounds = {"low": finite(low), "high": finite(high)}
    return {"family": "truncate", "of": of, "start": start, "end": end, **bounds}


def _pieces(distribution: Distribution, outermost: float) -> Data:
    """Cut the quantile function until polynomials fit."""
    five, middle, ninety_five = distribution.quantile(np.array([0.05, 0.5, 0.95])).tolist()
    # beside a large value polynomials are of what lies apart from it
    origin = middle if abs(middle) > CLOSE * (ninety_five - five) else 0.0
    cut = cut_until(outermost, lambda low, high: _fit(distribution, low, high, ninety_five - five, origin))
    cut.coefficients[:, 0] += origin
    return {
        "family": "pieces",
        "edges": cut.edges.tolist(),
        "polynomials": [_trimmed(row) for row in cut.coefficients],
        "low": finite(distribution.support[0]),
        "high": finite(distribution.support[1]),
    }


def _fit(
    distribution: Distribution, low: FloatArray, high: FloatArray, spread: float, origin: float
) -> tuple[FloatArray, np.ndarray]:
    """Return polynomials in the position within each piece, from -1 to 1, and which are accurate.

    Parameters
    ----------
    spread
        Between the 5 % and 95 % quantiles.
    origin
        What is subtracted from all values.
    """
    nodes = np.cos(np.pi * (np.arange(_TERMS) + 0.5) / _TERMS)
    checks = np.cos(np.pi * np.arange(3 * _TERMS + 1) / (3 * _TERMS))
    at = (low + high)[:, None] / 2 + (high - low)[:, None] / 2 * np.concatenate([nodes, checks])
    x = distribution.quantile(at.ravel()).reshape(at.shape) - origin
    coefficients = x[:, :_TERMS] @ np.linalg.inv(np.vander(nodes, increasing=True)).T
    error = np.abs(coefficients @ np.vander(checks, _TERMS, increasing=True).T - x[:, _TERMS:])
    size = np.abs(x[:, _TERMS:])
    stored = 1e-14 * size if not origin else np.full(size.shape, 4 * np.spacing(abs(origin)))
    one_sign = not origin and (distribution.support[0] >= 0 or distribution.support[1] <= 0)
    beyond = np.maximum(SPREAD_TOLERANCE * spread, SPREAD_TOLERANCE * size)
    allowed = np.minimum(beyond, VALUE_TOLERANCE * size) if one_sign else beyond
    far = np.where(np.minimum(low, 1 - high) < OUTERMOST, FAR, 1.0)[:, None]
    return coefficients, (error <= np.maximum(far * allowed, stored)).all(axis=1)


def _trimmed(row: FloatArray) -> list[float]:
    """Leave out the last coefficients of a flat piece."""
    return [float(value) for value in (row if row[1:].any() else row[:1])]


DRAWS = 10_000


def order(name: str, draws: int = DRAWS) -> NDArray[np.int64]:
    """Return the cell that each draw of an input falls in, a permutation of shape (draws,).

    The cells are sorted by hashes of their number and the input's name: FNV-1a of the name's UTF-8 bytes
    starts a Weyl sequence, whose terms the finaliser of MurmurHash3 mixes.
    """
    step = np.uint32(0x9E3779B9)
    keys = np.uint32(_fnv1a(name)) + step * np.arange(1, draws + 1, dtype=np.uint32)
    keys ^= keys >> np.uint32(16)
    keys *= np.uint32(0x85EBCA6B)
    keys ^= keys >> np.uint32(13)
    keys *= np.uint32(0xC2B2AE35)
    keys ^= keys >> np.uint32(16)
    return np.argsort(keys, kind="stable")


def uniforms(name: str, draws: int = DRAWS) -> FloatArray:
    """Return an input's uniforms, shape (draws,)."""
    return (order(name, draws) + 0.5) / draws


def _fnv1a(text: str) -> int:
    found = 0x811C9DC5
    for byte in text.encode():
        found = (found ^ byte) * 0x01000193 & 0xFFFFFFFF
    return found
