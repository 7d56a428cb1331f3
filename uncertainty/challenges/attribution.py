"""How much of what differs between universes belongs to each choice, by Shapley's rule."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.sampling.nets import generator

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray

    Numbers = NDArray[np.int64]

AT_ONCE = 2**12
"""Sets of choices whose parts are fitted at once."""

MOST_WORK = 2**22
"""Pairs of universes times sets of choices that are looked at; of more, as many pairs drawn at random."""


def shapley_shares(options: Numbers, values: FloatArray) -> FloatArray:
    """Return the share of each choice in the variance of values over combinations, shape (choices,).

    The variance is made up of the differences of each two combinations. On the way from one to the other the
    choices change one after another, in every order whose combinations on the way are all valid; what a
    choice changes on the average is its part of the difference (Shapley 1953, doi:10.1515/9781400881970-018).
    Where nothing is excluded, the products of parts and differences are the Shapley effects (Owen 2014,
    doi:10.1137/130936233). Where something is, they may be negative, and Shapley's rule shares out what the
    parts of some choices explain of the differences, by least squares (Grömping 2007,
    doi:10.1198/000313007X188252): no share is negative, and a choice that does nothing has none.

    The differences of pairs that no valid way joins belong to no choice: the shares are then less than 1.

    Parameters
    ----------
    options
        Number of the option of each choice, shape (combinations, choices); no combination twice.
    values
        Shape (combinations,).
    """
    count, choices = options.shape
    one, other = _pairs(count, max(MOST_WORK >> choices, 64))
    bases = np.cumprod([1, *(options.max(axis=0) + 1)[:-1]])
    codes = options @ bases
    place_of = _places_of(codes)
    changed = (options[other] - options[one]) * bases

    def at(members: int) -> tuple[FloatArray, NDArray[np.bool_]]:
        """Return the values with some choices changed, and whether the combinations are valid."""
        moved = [place for place in range(choices) if members >> place & 1]
        wanted = codes[one] + changed[:, moved].sum(axis=1)
        found = place_of(wanted)
        return values[found], codes[found] == wanted

    every = [at(members) for members in range(1 << choices)]
    before = _ways([valid for _, valid in every], choices)
    after = _ways([valid for _, valid in every[::-1]], choices)[::-1]
    parts = np.zeros((choices, one.size))
    for members, (value, _) in enumerate(every):
        for place in range(choices):
            following = members | 1 << place
            if following != members:
                parts[place] += before[members] * after[following] * (every[following][0] - value)
    ways = before[-1]
    joined = ways > 0
    difference = values[other] - values[one]
    total = float(np.sum(difference**2))
    if not total:
        return np.zeros(choices)
    if all(valid.all() for _, valid in every):
        weights = difference[joined] / ways[joined]
        return np.asarray(parts[:, joined] @ weights / total)
    return _explained(parts[:, joined] / ways[joined], difference[joined]) / total


def _explained(parts: FloatArray, differences: FloatArray) -> FloatArray:
    """Share out the squares of differences among the parts that they are the sums of, shape (choices,).

    Parameters
    ----------
    parts
        Shape (choices, pairs).
    """
    choices = len(parts)
    products, with_all = parts @ parts.T, parts @ differences
    members = np.arange(1 << choices)[:, None] >> np.arange(choices) & 1

    def squares(some: Numbers) -> FloatArray:
        inverses = np.linalg.pinv(products * some[:, :, None] * some[:, None, :], hermitian=True)
        return np.asarray(np.einsum("i,sij,j->s", with_all, inverses, with_all))

    explained = np.concatenate([squares(some) for some in np.split(members, max(1, len(members) // AT_ONCE))])
    sizes = members.sum(axis=1)
    weights = np.array([1 / (choices * math.comb(choices - 1, size)) for size in range(choices)])
    found = np.zeros(choices)
    for place in range(choices):
        without = np.flatnonzero(members[:, place] == 0)
        gained = explained[without | 1 << place] - explained[without]
        found[place] = np.sum(weights[sizes[without]] * np.maximum(gained, 0.0))
    return found


def _places_of(codes: Numbers) -> Callable[[Numbers], Numbers]:
    """Return what gives the places of some codes; of a code that is not there, any place."""
    most = int(codes.max())
    if most < MOST_WORK:
        table = np.zeros(most + 1, np.int64)
        table[codes] = np.arange(codes.size)
        return lambda wanted: table[np.minimum(wanted, most)]
    order = np.argsort(codes)
    ordered = codes[order]
    return lambda wanted: order[np.minimum(np.searchsorted(ordered, wanted), codes.size - 1)]


def _pairs(count: int, most: int) -> tuple[Numbers, Numbers]:
    """Return each two of some combinations, or as many pairs drawn at random."""
    one, other = np.triu_indices(count, 1)
    if one.size > most:
        drawn = np.sort(generator(0, "pairs of universes").choice(one.size, most, replace=False))
        one, other = one[drawn], other[drawn]
    return one.astype(np.int64), other.astype(np.int64)


def _ways(valid: list[NDArray[np.bool_]], choices: int) -> list[FloatArray]:
    """Return how many valid ways lead from the first combination to that with each set of choices changed."""
    found = [valid[0].astype(float)]
    for members in range(1, 1 << choices):
        arriving = sum(found[members ^ 1 << place] for place in range(choices) if members >> place & 1)
        found.append(np.asarray(arriving * valid[members]))
    return found
