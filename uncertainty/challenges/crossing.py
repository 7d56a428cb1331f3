"""Where a function of one input first leaves the side of a threshold that it starts on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.challenges.alternatives import physical_limits
from uncertainty.challenges.normalspace import is_discrete

if TYPE_CHECKING:
    from collections.abc import Callable

    from uncertainty.challenges.thresholds import Threshold
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.model import Input

    Curve = Callable[[FloatArray], FloatArray]
    """The output, shape (n,), at n values of one input."""

SECTIONS = 9
"""Values at which a bracket is looked at in each round of narrowing it down."""

PRECISION = 1e-10
"""Width, in relation to its ends, at which a bracket is narrow enough."""

NARROWED = 1e-4
"""Share of its first width to which a bracket is narrowed at least: what is finer beside a large value."""

ROUNDS = 16

WITHIN = 7.0
"""Normal score up to which an input's own distribution is searched evenly."""

REACH = 1e6
"""How far beyond a distribution is searched, in multiples of its size."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where the curve crosses.

    Parameters
    ----------
    value
        First value past the nearest crossing.
    crossings
        How often the curve crosses in all: more than once, it is not monotone.
    """

    value: float
    crossings: int


@dataclass(frozen=True, eq=False)
class Domain:
    """The values of an input that are searched, in increasing order.

    Parameters
    ----------
    places
        A measure of distance between them, shape (n,).
    discrete
        Whether these are all the values that there are.
    """

    values: FloatArray
    places: FloatArray
    discrete: bool


def nearest_crossing(curve: Curve, domain: Domain, start: float, threshold: Threshold) -> Crossing | None:
    """Return the crossing nearest to `start`, which the domain must hold, or None.

    Values at which the curve is undefined are passed over.
    """
    found = curve(domain.values)
    known = ~np.isnan(found)
    values, places, side = domain.values[known], domain.places[known], threshold.holds(found[known])
    if not values.size:
        return None
    begin = int(np.argmin(np.abs(values - start)))
    changes = np.flatnonzero(side[1:] != side[:-1])
    if not changes.size or values[begin] != start:
        return None
    after, before = changes[changes >= begin], changes[changes < begin]
    brackets = [(i, i + 1) for i in after[:1]] + [(i + 1, i) for i in before[-1:]]
    near, far = min(brackets, key=lambda bracket: abs(places[bracket[1]] - places[begin]))
    value = values[far] if domain.discrete else _narrow(curve, values[near], values[far], threshold)
    return Crossing(float(value), int(changes.size))


def _narrow(curve: Curve, near: float, far: float, threshold: Threshold) -> float:
    """Narrow a bracket down, from the side of the start to the first value on the other."""
    size = abs(far - near)
    for _ in range(ROUNDS):
        if abs(far - near) <= min(PRECISION * max(abs(near), abs(far)), NARROWED * size):
            break
        tried = np.linspace(near, far, SECTIONS)
        side = threshold.holds(curve(tried))
        first = int(np.argmax(side != side[0])) or SECTIONS - 1
        near, far = tried[first - 1], tried[first]
    # 0 is never narrowed down to relative precision
    return 0.0 if min(near, far) < 0 <= max(near, far) or abs(far) < PRECISION * size else far


def make_domain(item: Input, distribution: Distribution, start: float, *, steps: int, beyond: bool) -> Domain:
    """Return the values of an input to be searched.

    Parameters
    ----------
    start
        Where the search begins.
    steps
        Values of equally spaced normal scores on either side of the median.
    beyond
        Whether to go on beyond the distribution, as far as the input's physical limits allow.
    """
    if not distribution.is_constant and is_discrete(distribution):
        values = np.unique([*distribution.atoms, start])
        return Domain(values, np.arange(values.size, dtype=float), discrete=True)
    inside = _inside(distribution, steps)
    low, high = (float(inside[0]), float(inside[-1])) if inside.size else (start, start)
    size = (high - low) or abs(start) or 1.0
    outside = [np.array([start])]
    if beyond:
        # a distribution that reaches over 0 has no sign to keep, however seldom it does
        ends = (low, high) if distribution.is_constant else distribution.support
        floor, ceiling = physical_limits(item, *ends)
        outside += [_outward(low, floor, size), _outward(high, ceiling, size)]
    values = np.unique(np.concatenate([inside, *outside]))
    return Domain(values, _places(values, inside), discrete=False)


def _inside(distribution: Distribution, steps: int) -> FloatArray:
    from scipy.special import ndtr

    if distribution.is_constant:
        return np.empty(0)
    values = distribution.quantile(ndtr(np.linspace(-WITHIN, WITHIN, 2 * steps + 1)))
    ends = [end for end in distribution.support if np.isfinite(end)]
    return np.unique(np.concatenate([values, ends]))


def _outward(end: float, limit: float, size: float) -> FloatArray:
    """Return values from an end outward to a limit, ever farther apart; towards 0, ever nearer to it."""
    sign = 1.0 if limit > end else -1.0
    steps = end + sign * size * np.geomspace(1e-3, REACH, 181)
    towards_zero = end * np.geomspace(1, 1e-9, 91) if end and sign * end < 0 else np.empty(0)
    ends = [limit] if np.isfinite(limit) else []
    values = np.concatenate([steps, towards_zero, ends])
    return values[(values - limit) * sign <= 0]


def _places(values: FloatArray, inside: FloatArray) -> FloatArray:
    """Measure values by their rank in the distribution, and what lies beyond it farther than all else."""
    ranks = np.arange(values.size, dtype=float)
    if inside.size:
        ranks[values < inside[0]] -= values.size
        ranks[values > inside[-1]] += values.size
    return ranks
