"""How ranks of discrete quantities correlate, given the correlation of their normal scores: by a series.

A step function of a normal score is a series of Hermite polynomials, and polynomials of two scores with the
correlation r correlate as its powers (Mehler 1866, doi:10.1515/crll.1866.66.161): the coefficients of each
quantity are found once, however many pairs there are.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from uncertainty import special
from uncertainty.distributions.functions import crossing

if TYPE_CHECKING:
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray

TERMS = 1000
"""Terms of the series, of which those left out are under 1e-4 at the strongest correlation that is tried."""

STRONGEST = 0.995
"""The strongest correlation of normal scores that is tried."""

SURE = 1 - 1e-9
"""Probability of all atoms together from which on there is nothing beside them."""


@lru_cache(maxsize=2**12)
def _coefficients(distribution: Distribution) -> FloatArray | None:
    """Return those of the middle rank, of length 1; None of a quantity that is not discrete."""
    atoms = np.array(distribution.atoms)
    if not atoms.size:
        return None
    shares = distribution.cdf(atoms) - distribution.cdf(np.nextafter(atoms, -np.inf))
    if shares.sum() < SURE or shares.max() >= SURE:
        return None
    ends = np.cumsum(shares)[:-1]
    steps, inner = (shares[:-1] + shares[1:]) / 2, (ends > 0) & (ends < 1)
    at = special.ndtri(ends[inner])
    before, here = np.zeros(at.size), steps[inner] * np.exp(-(at**2) / 2) / math.sqrt(2 * math.pi)
    found = np.empty(TERMS)
    for k in range(1, TERMS + 1):
        found[k - 1] = here.sum() / math.sqrt(k)
        before, here = here, (at * here - math.sqrt(k - 1) * before) / math.sqrt(k)
    middles = np.cumsum(shares) - shares / 2
    return np.asarray(found / math.sqrt(float(shares @ (middles - 0.5) ** 2)))


def rank_series(one: Distribution, other: Distribution) -> FloatArray | None:
    """Return how each power of the scores' correlation counts in Spearman's correlation of two quantities.

    None where one of them is not discrete.
    """
    first, second = _coefficients(one), _coefficients(other)
    return None if first is None or second is None else np.asarray(first * second)


def needed_scores(series: FloatArray, target: float) -> float | None:
    """Return the correlation of scores by which ranks correlate as wanted, or None out of reach."""
    powers = np.arange(1, TERMS + 1)

    def missing(scores: float) -> float:
        return float((series * scores**powers).sum()) - target

    if missing(-STRONGEST) > 0 or missing(STRONGEST) < 0:
        return None
    return crossing(missing, -STRONGEST, STRONGEST, xtol=1e-9)
