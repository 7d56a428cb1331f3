"""Discrete inputs in normal space: each of their values is a range of scores, and a combination a box."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.challenges.normalspace import FARTHEST, is_discrete, score_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uncertainty.challenges.normalspace import NormalSpace
    from uncertainty.distributions.protocol import FloatArray

Combination = tuple[int, ...]
"""The place of one value of each discrete input among its values."""


@dataclass(frozen=True, eq=False)
class Box:
    """The scores that give one combination of the discrete inputs' values.

    Parameters
    ----------
    bounds
        Shape (varying inputs, 2).
    fixed
        The values, by the input's place among those that vary.
    """

    bounds: FloatArray
    fixed: dict[int, float]

    def clip(self, scores: FloatArray) -> FloatArray:
        """Return the nearest scores within it, taken one by one."""
        found: FloatArray = np.clip(scores, self.bounds[:, 0], self.bounds[:, 1])
        return found

    def holds(self, scores: FloatArray) -> np.ndarray:
        """Tell which of some scores, shape (varying inputs, rows), lie within it."""
        found: np.ndarray = np.all((scores >= self.bounds[:, [0]]) & (scores <= self.bounds[:, [1]]), axis=0)
        return found


@dataclass(frozen=True, eq=False)
class Steps:
    """The discrete inputs of a normal space.

    Parameters
    ----------
    inputs
        How many inputs vary.
    places
        Those of the discrete ones among them.
    values
        Of each discrete input, ascending.
    edges
        The scores between which each value lies, one more than there are values.
    """

    inputs: int
    places: tuple[int, ...]
    values: tuple[FloatArray, ...]
    edges: tuple[FloatArray, ...]

    def box(self, combination: Combination) -> Box:
        """Return where in normal space a combination lies."""
        bounds = np.tile([-FARTHEST, FARTHEST], (self.inputs, 1))
        fixed = {}
        for place, values, edges, step in zip(self.places, self.values, self.edges, combination, strict=True):
            bounds[place] = edges[step : step + 2]
            fixed[place] = float(values[step])
        return Box(bounds, fixed)

    def of_scores(self, scores: FloatArray) -> Combination:
        """Return the combination that scores, shape (varying inputs,), give."""
        return tuple(
            int(np.searchsorted(edges[1:-1], scores[place]))
            for place, edges in zip(self.places, self.edges, strict=True)
        )

    def nearest_first(self) -> Iterator[Combination]:
        """Yield all combinations, those nearest to the medians first, were the inputs independent."""
        costs = [np.clip(0.0, edges[:-1], edges[1:]) ** 2 for edges in self.edges]
        orders = [np.argsort(cost, kind="stable") for cost in costs]
        first = (0,) * len(self.places)
        waiting, seen = [(0.0, first)], {first}
        while waiting:
            _, ranks = heapq.heappop(waiting)
            yield tuple(int(order[rank]) for order, rank in zip(orders, ranks, strict=True))
            for each, rank in enumerate(ranks):
                following = (*ranks[:each], rank + 1, *ranks[each + 1 :])
                if rank + 1 < len(orders[each]) and following not in seen:
                    seen.add(following)
                    cost = sum(c[o[r]] for c, o, r in zip(costs, orders, following, strict=True))
                    heapq.heappush(waiting, (float(cost), following))

    def moves(self, combination: Combination, stride: int) -> Iterator[Combination]:
        """Yield combinations with one value some steps away, and with two that move one step each."""
        several = range(len(combination))
        for each in several:
            for by in (-stride, stride):
                yield from self._moved(combination, {each: by})
        if stride > 1:
            return
        for one in several:
            for other in several:
                for way in (-1, 1):
                    if one < other:
                        yield from self._moved(combination, {one: way, other: way})
                        yield from self._moved(combination, {one: way, other: -way})

    def _moved(self, combination: Combination, by: dict[int, int]) -> Iterator[Combination]:
        moved = [step + by.get(each, 0) for each, step in enumerate(combination)]
        if all(0 <= step < values.size for step, values in zip(moved, self.values, strict=True)):
            yield tuple(moved)


def steps_of(space: NormalSpace) -> Steps:
    """Return the discrete inputs of a normal space."""
    places = [place for place, d in enumerate(space.distributions) if is_discrete(d)]
    values = [np.array(space.distributions[place].atoms) for place in places]
    edges = []
    for place, atoms in zip(places, values, strict=True):
        found = score_of(np.concatenate([[0.0], space.distributions[place].cdf(atoms)]))
        found[-1] = FARTHEST
        edges.append(found)
    return Steps(len(space.positions), tuple(places), tuple(values), tuple(edges))
