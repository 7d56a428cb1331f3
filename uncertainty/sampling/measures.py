"""How two quantities correlate whose normal scores do: by their ranks, their values or their order."""

from __future__ import annotations

import math
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.distributions import Normal
from uncertainty.distributions.probabilities import inside, probability_ranges
from uncertainty.sampling.designs import SobolDesign, uniforms
from uncertainty.sampling.transforms import Scratch, make_transform

if TYPE_CHECKING:
    from collections.abc import Callable

    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray

NODES = 40
"""Gauss-Hermite nodes of each of two quantities for their linear correlation."""

POINTS = 2**17
"""Points of a net that stand for them where a quantity takes steps."""

RANKED = 2**16
"""Points of a net that are ranked."""

STEEPEST = 1.5
"""A quantile function that rises faster has a step that no polynomial follows.

In standard deviations a unit of the normal score, times the density there: a normal distribution has 0.4.
"""


def rank_correlation(one: Distribution, other: Distribution, scores: float) -> float:
    """Return Spearman's correlation of two quantities whose normal scores have the correlation `scores`."""
    u, correlated = _correlated(scores, RANKED)
    return plain_correlation(mid_ranks(one, u), mid_ranks(other, correlated))


def order_correlation(one: Distribution, other: Distribution, scores: float) -> float:
    """Return Kendall's correlation, tau-b where values occur more than once, of two such quantities."""
    if not (one.atoms or other.atoms):
        return 2 / math.pi * math.asin(scores)
    from scipy.stats import kendalltau

    u, correlated = _correlated(scores, RANKED)
    drawn = _values(one, u), _values(other, correlated)
    return float(kendalltau(*drawn, method="asymptotic").statistic)


def linear_correlation(one: Distribution, other: Distribution, scores: float) -> float:
    """Return Pearson's correlation of two quantities whose normal scores have the correlation `scores`."""
    if isinstance(one, Normal) and isinstance(other, Normal):
        return scores
    if has_steps(one) or has_steps(other):
        u, correlated = _correlated(scores, POINTS)
        return float(np.corrcoef(_values(one, u), _values(other, correlated))[0, 1])
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    weights = weights / weights.sum()
    from scipy.special import ndtr

    first = one.quantile(inside(ndtr(nodes)))
    mixed = scores * nodes[:, None] + math.sqrt(1 - scores**2) * nodes
    second = other.quantile(inside(ndtr(mixed)))
    joint = weights[:, None] * weights
    centred = (first - weights @ first)[:, None], second - np.sum(joint * second)
    # in units of the largest, so that values of any size can be squared
    parts = [part / np.abs(part).max() for part in centred]
    sds = [math.sqrt(float(np.sum(joint * part**2))) for part in parts]
    return float(np.sum(joint * parts[0] * parts[1])) / (sds[0] * sds[1])


MEASURES: MappingProxyType[str, Callable[[Distribution, Distribution, float], float]] = MappingProxyType(
    {"spearman": rank_correlation, "pearson": linear_correlation, "kendall": order_correlation}
)
"""By the kind of correlation."""


@lru_cache(maxsize=256)
def has_steps(distribution: Distribution) -> bool:
    """Tell whether a quantile function jumps, or all but does."""
    from scipy.special import ndtr

    if distribution.atoms:
        return True
    step = 0.01
    scores = np.arange(-6, 6, step)
    rises = np.diff(distribution.quantile(ndtr(scores))) / step
    density = np.exp(-(scores[:-1] ** 2) / 2) / math.sqrt(2 * math.pi)
    return bool(np.max(rises * density) > STEEPEST * distribution.sd)


def mid_ranks(distribution: Distribution, u: FloatArray) -> FloatArray:
    """Return the middle of the probabilities that have the same value as each of `u`."""
    below, up_to = probability_ranges(distribution, distribution.quantile(u), u)
    return (below + up_to) / 2


def plain_correlation(one: FloatArray, other: FloatArray) -> float:
    """Return the linear correlation of two columns."""
    one, other = one - one.mean(), other - other.mean()
    return float((one * other).sum() / math.sqrt((one * one).sum() * (other * other).sum()))


def _values(distribution: Distribution, u: FloatArray) -> FloatArray:
    """Return quantiles as a run draws them, which takes no time where they have no closed form."""
    found = u.copy()
    make_transform(distribution).apply(found, Scratch(u.size))
    return found


def _correlated(scores: float, points: int) -> tuple[FloatArray, FloatArray]:
    """Return uniforms of two quantities whose normal scores have the correlation `scores`."""
    from scipy.special import ndtr

    u, first, second = _net(points)
    return u, inside(ndtr(scores * first + math.sqrt(1 - scores * scores) * second))


@lru_cache(maxsize=2)
def _net(points: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the points of one scrambled Sobol' net, the same each time: uniforms, and both normal scores."""
    from scipy.special import ndtri

    design = SobolDesign(("one", "other"), points, 1, 0)
    u, v = np.concatenate([block.copy() for block in uniforms(design)], axis=1)
    return u, ndtri(u), ndtri(v)
