"""The least and the greatest value that an output has at the medians and ends of its inputs."""

from __future__ import annotations

import itertools
import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.challenges.response import evaluate

if TYPE_CHECKING:
    from uncertainty.challenges.universes import Ensemble
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.family import Member

EDGE = 2.0**-40
"""Probability beyond the values that stand for an input's ends where it has none."""

MOST_ATOMS = 8
"""Values of a discrete input that are all tried; of more, the outermost are."""

MOST_CORNERS = 2**12
"""Combinations of extremes that are all tried; of more, the best are searched for one input at a time."""

ROUNDS = 8


def extremes(ensemble: Ensemble, number: int) -> tuple[float, float]:
    """Return the least and greatest finite value of a member over its inputs' medians and ends.

    This bounds every output that is monotone in each continuous input on either side of its median. It takes
    inputs as independent: a correlation only leaves some combinations out.
    """
    member = ensemble.members[number]
    levels = list(map(input_levels, ensemble.distributions(number)))
    if not levels:
        return math.inf, -math.inf
    if math.prod(level.size for level in levels) <= MOST_CORNERS:
        values = evaluate(member.model, np.array([*itertools.product(*levels)]).T)
        return _finite_ends(values)
    # what is not read changes nothing
    return _search(member, levels, list(member.places) or list(range(len(levels))))


@lru_cache(maxsize=1024)
def input_levels(distribution: Distribution) -> FloatArray:
    """Return an input's median, its ends, the values next to them, and its atoms where there are few."""
    near = distribution.quantile(np.array([EDGE, 0.5, 1 - EDGE]))
    # what is bounded on one side alone, such as a lognormal, never takes that end as a value; and where an
    # output is infinite at an end, what lies beside it counts
    ends = distribution.support if all(map(math.isfinite, distribution.support)) else ()
    atoms = distribution.atoms if len(distribution.atoms) <= MOST_ATOMS else ()
    return np.unique(np.concatenate([near, ends, atoms]))


def _search(member: Member, levels: list[FloatArray], moved: list[int]) -> tuple[float, float]:
    """Return the least and greatest output met by moving one input at a time from either end of all.

    The searches for both, each from both ends, go side by side: a model's call costs more than its rows.
    """
    signs = np.array([1.0, 1.0, -1.0, -1.0])
    corners = np.array([level[[0, -1, 0, -1]] for level in levels])
    best = np.full(signs.size, math.inf)
    for _ in range(ROUNDS):
        before = corners.copy()
        for i, level in ((place, levels[place]) for place in moved):
            tried = np.repeat(corners, level.size, axis=1)
            tried[i] = np.tile(level, signs.size)
            values = signs[:, None] * evaluate(member.model, tried).reshape(signs.size, -1)
            values[~np.isfinite(values)] = math.inf
            corners[i] = level[np.argmin(values, axis=1)]
            found = values.min(axis=1)
            best = np.where(found < best, found, best)
        if np.array_equal(before, corners):
            break
    return float(min(best[:2])), -float(min(best[2:]))


def _finite_ends(values: FloatArray) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (math.inf, -math.inf)
