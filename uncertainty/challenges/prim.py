"""A box of input ranges that holds most failing draws and few others: the patient rule induction method.

The box starts as everything. Peeling cuts a few draws off one side of one input, the one that raises the
share of failing draws most for what it gives up, again and again. Of the boxes on the way the one with the
highest harmonic mean of coverage and density is taken; pasting then lets its sides out again where that
helps. Restrictions that chance could explain, or that raise that mean by less than a hundredth, are dropped.

References
----------
Friedman & Fisher 1999, doi:10.1023/A:1008894516817. Coverage, density and the test of restrictions: Bryant &
Lempert 2010, doi:10.1016/j.techfore.2009.08.002.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uncertainty.distributions.protocol import FloatArray

PEEL = 0.05
"""Share of the draws in the box that a peel cuts off."""

FEWEST = 20
"""Draws that a box holds at least."""

LEAST_COVERAGE = 0.05

SPARED = 0.01
"""Loss of the harmonic mean at which a restriction is worth dropping for a box that reads more easily."""

SIGNIFICANCE = 0.05

Sides = dict[int, tuple[float, float]]
"""By input, the lowest and highest value inside."""


@dataclass(frozen=True, slots=True)
class Box:
    """Ranges of some inputs.

    Parameters
    ----------
    sides
        By the input's row, the lowest and the highest value inside, infinite where a side is open.
    coverage
        Share of the failing draws that lie inside.
    density
        Share of the draws inside that fail.
    mass
        Share of all draws that lie inside.
    """

    sides: Mapping[int, tuple[float, float]]
    coverage: float
    density: float
    mass: float

    @property
    def merit(self) -> float:
        """Harmonic mean of coverage and density."""
        return 2 * self.coverage * self.density / (self.coverage + self.density) if self.coverage else 0.0


def find_box(values: FloatArray, failing: np.ndarray) -> Box:
    """Find the box of input ranges that tells failing draws best from the others.

    Parameters
    ----------
    values
        Draws of the inputs, shape (inputs, draws).
    failing
        Which draws fail, shape (draws,); some, and not all.
    """
    best = max(_peeled(values, failing), key=lambda box: box.merit)
    return _simplified(values, failing, _pasted(values, failing, best))


def measured(values: FloatArray, failing: np.ndarray, sides: Mapping[int, tuple[float, float]]) -> Box:
    """Count which draws lie inside some sides.

    A box looks better by the draws that shaped it than it is: for what to say of it, measure it by others.
    """
    return _counted(sides, contains(values, sides), failing, int(failing.sum()), failing.size)


def _counted(
    sides: Mapping[int, tuple[float, float]], inside: np.ndarray, failing: np.ndarray, fails: int, draws: int
) -> Box:
    """Return a box from the draws inside it, of all the draws and of those that fail."""
    caught = int(np.count_nonzero(failing & inside))
    count = int(np.count_nonzero(inside))
    return Box(dict(sides), caught / max(fails, 1), caught / max(count, 1), count / draws)


def contains(values: FloatArray, sides: Mapping[int, tuple[float, float]]) -> np.ndarray:
    """Tell which draws lie inside."""
    inside = np.ones(values.shape[1], bool)
    for row, (low, high) in sides.items():
        inside &= (values[row] >= low) & (values[row] <= high)
    return inside


def _peeled(values: FloatArray, failing: np.ndarray) -> Iterator[Box]:
    """Yield the boxes that peeling leads through."""
    fails, draws = int(failing.sum()), failing.size
    box = measured(values, failing, {})
    while True:
        yield box
        # a cut is counted among the draws that are still inside, whatever sides there are by now
        candidates = [
            _counted({**box.sides, row: ends}, contains(values, {row: ends}), failing, fails, draws)
            for row, ends in _peels(values, box.sides)
        ]
        candidates = [
            each for each in candidates if each.mass * draws >= FEWEST and each.coverage >= LEAST_COVERAGE
        ]
        if not candidates or box.density == 1:
            return
        before = box
        box = max(candidates, key=lambda each: (each.density - before.density) / (before.mass - each.mass))
        inside = contains(values, box.sides)
        values, failing = values[:, inside], failing[inside]


def _peels(
    inside: FloatArray, sides: Mapping[int, tuple[float, float]]
) -> Iterator[tuple[int, tuple[float, float]]]:
    """Yield each side of each input that can be cut, with a little cut off."""
    for row, values in enumerate(inside):
        low, high = sides.get(row, (-np.inf, np.inf))
        smallest, largest = values.min(), values.max()
        if smallest == largest:
            continue
        cut_low, cut_high = np.quantile(values, [PEEL, 1 - PEEL], method="closest_observation")
        # where many draws share a value they go together
        cut_low = values[values > smallest].min() if cut_low == smallest else cut_low
        cut_high = values[values < largest].max() if cut_high == largest else cut_high
        yield row, (float(cut_low), high)
        yield row, (low, float(cut_high))


def _pasted(values: FloatArray, failing: np.ndarray, box: Box) -> Box:
    """Let sides out by a few draws for as long as that helps."""
    while True:
        wider = [measured(values, failing, sides) for sides in _pastes(values, box.sides)]
        best = max(wider, key=lambda each: each.merit, default=box)
        if best.merit <= box.merit:
            return box
        box = best


def _pastes(values: FloatArray, sides: Mapping[int, tuple[float, float]]) -> Iterator[Sides]:
    room = max(1, round(PEEL * np.count_nonzero(contains(values, sides))))
    for row, (low, high) in sides.items():
        others = {other: ends for other, ends in sides.items() if other != row}
        candidates = np.sort(values[row, contains(values, others)])
        below, above = candidates[candidates < low], candidates[candidates > high]
        if below.size:
            yield {**others, row: (float(below[-min(room, below.size)]), high)}
        if above.size:
            yield {**others, row: (low, float(above[min(room, above.size) - 1]))}


def _simplified(values: FloatArray, failing: np.ndarray, box: Box) -> Box:
    """Open sides, and drop inputs, that are not worth their place, the least valuable first."""
    while box.sides:
        simpler = [measured(values, failing, sides) for sides in _openings(box.sides)]
        best = max(simpler, key=lambda each: each.merit)
        if best.merit < box.merit - SPARED and _significant(failing.size, box, best):
            return box
        box = best
    return box


def _openings(sides: Mapping[int, tuple[float, float]]) -> Iterator[Sides]:
    for row, (low, high) in sides.items():
        others = {other: ends for other, ends in sides.items() if other != row}
        if np.isfinite(low) and np.isfinite(high):
            yield {**others, row: (-np.inf, high)}
            yield {**others, row: (low, np.inf)}
        else:
            yield others


def _significant(draws: int, box: Box, without: Box) -> bool:
    """Tell whether chance would hardly give so dense a box from one without a restriction."""
    from scipy.special import bdtrc

    count = round(box.mass * draws)
    return bool(bdtrc(round(box.density * count) - 1, count, without.density) < SIGNIFICANCE)
