"""How much of what differs between universes belongs to each choice, by Shapley's rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty.sampling.streams import generator

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray

    Numbers = NDArray[np.int64]

MOST_WORK = 2**22
"""Pairs of universes times sets of choices that are looked at; of more, as many pairs drawn at random."""


def shapley_shares(options: Numbers, values: FloatArray) -> FloatArray:
    """Return the share of each choice in the variance of values over combinations, shape (choices,).

    The variance is made up of the differences of each two combinations. On the way from one to the other the
    choices change one after another, in every order whose combinations on the way are all valid; what a
    choice changes on the average is its part of the difference (Shapley 1953, doi:10.1515/9781400881970-018).
    A choice that does nothing has none, whatever is excluded; where nothing is, the parts are those of the
    Shapley effects (Owen 2014, doi:10.1137/130936233). Pairs that no valid way joins are left out.

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
    order = np.argsort(codes)
    changed = (options[other] - options[one]) * bases

    def at(members: int) -> tuple[FloatArray, NDArray[np.bool_]]:
        """Return the values with some choices changed, and whether the combinations are valid."""
        moved = [place for place in range(choices) if members >> place & 1]
        wanted = codes[one] + changed[:, moved].sum(axis=1)
        found = order[np.minimum(np.searchsorted(codes[order], wanted), count - 1)]
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
    weights = difference[joined] / ways[joined]
    total = float(np.sum(difference[joined] ** 2))
    return np.asarray(parts[:, joined] @ weights / total if total else np.zeros(choices))


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
