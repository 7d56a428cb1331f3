"""What the draws in which a claim fails have in common: a reverse stress test by patient rule induction."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING, Literal

import numpy as np

from uncertainty import special
from uncertainty.challenges.effort import DRAWS, FULL
from uncertainty.challenges.normalspace import draw
from uncertainty.challenges.shifts import index_of, shifts_of
from uncertainty.distributions.protocol import probability_ranges
from uncertainty.late import dataclass
from uncertainty.records import Frozen
from uncertainty.results import record
from uncertainty.sampling.estimate import wilson
from uncertainty.sampling.joint import ranks_of
from uncertainty.sampling.nets import stream
from uncertainty.study.scenario import nothing_to_move

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from uncertainty.challenges.effort import Effort
    from uncertainty.challenges.normalspace import NormalSpace
    from uncertainty.challenges.shifts import Shift
    from uncertainty.challenges.thresholds import Threshold
    from uncertainty.distributions.protocol import FloatArray


PEEL = 0.05
"""Share of the draws in the box that a peel cuts off."""

FEWEST_IN = 20
"""Draws that a box holds at least."""

LEAST_COVERAGE = 0.05

LEAST_HELD = 0.1
"""Share of the rarer draws that other draws surely leave in a box that is worth telling."""

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
            each for each in candidates if each.mass * draws >= FEWEST_IN and each.coverage >= LEAST_COVERAGE
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
    count = round(box.mass * draws)
    return bool(special.bdtrc(round(box.density * count) - 1, count, without.density) < SIGNIFICANCE)


MIDDLE = (0.16, 0.84)
"""Probabilities between which the middle of an input lies."""

FEWEST = 30
"""Draws on either side of the threshold that are enough to be described."""


@record("low", "high", "probability")
@dataclass(frozen=True, slots=True)
class Range:
    """The part of an input's range that a box covers.

    Parameters
    ----------
    low, high
        In the input's unit, rounded outwards; None where the side is open.
    probability
        Of that part, in the input's own distribution.
    """

    input: str
    low: float | None
    high: float | None
    probability: float


@record(
    "draws",
    "failing",
    "shifts=by_input",
    "boxed",
    "box=box_by_input",
    "coverage",
    "coverage_interval?",
    "density",
    "density_interval?",
)
@dataclass(frozen=True, slots=True)
class Stress:
    """The draws on the far side of a threshold.

    Parameters
    ----------
    draws
        Draws that were split.
    failing
        Their share of all draws.
    shifts
        By input, the one that tells failing draws best from the others first.
    boxed
        The rarer draws, which a box is drawn around: those in which the claim fails, or holds.
    box
        Ranges of inputs that hold most of these; empty if none says more than all draws together.
    coverage, density
        Share of the rarer draws that lie in the box, and their share of the draws in the box, among draws
        other than those that shaped it.
    coverage_interval, density_interval
        95 % intervals of these shares; None where no draws are left to tell one.
    """

    threshold: Threshold
    draws: int
    failing: float
    shifts: tuple[Shift, ...]
    boxed: Literal["fails", "holds"]
    box: tuple[Range, ...]
    coverage: float
    density: float
    coverage_interval: tuple[float, float] | None = None
    density_interval: tuple[float, float] | None = None

    @property
    def by_input(self) -> Mapping[str, Shift]:
        """By input, how its values differ between failing draws and the others, the clearest first."""
        return Frozen({each.input: each for each in self.shifts})

    @property
    def box_by_input(self) -> Mapping[str, Range]:
        """By input, the part of its range that the box covers."""
        return Frozen({each.input: each for each in self.box})


def reverse_stress(space: NormalSpace, limit: Threshold, seed: int, effort: Effort = FULL) -> Stress | str:
    """Split draws at a threshold and describe those on its far side.

    Parameters
    ----------
    effort
        How many draws there are.

    Returns
    -------
    Stress or str
        Why there is nothing to describe, in one line.
    """
    if not space.positions:
        return nothing_to_move(space.response.plan)
    if left_out := effort.left_out(DRAWS):
        return left_out
    drawn = draw(space, effort.draws, seed)
    failing = ~limit.holds(drawn.outputs)
    count, draws = int(failing.sum()), failing.size
    if min(count, draws - count) < FEWEST:
        return _too_few(count, draws, above=limit.above)
    inputs, shown = drawn.values[list(space.positions)], space.shown(drawn.values)
    rare = 2 * count <= draws
    # no range holds members of an index, which have no order, nor what has no value in some draws
    bounding = [
        row
        for row, position in enumerate(space.positions)
        if position in space.response.asked and index_of(space, row) is None and np.isfinite(shown[row]).all()
    ]
    shaped = find_box(shown[bounding], failing if rare else ~failing)
    sides = {bounding[row]: ends for row, ends in shaped.sides.items()}
    others = draw(space, effort.draws, _another(seed))
    told, fails = space.shown(others.values), ~limit.holds(others.outputs)
    rarer = fails if rare else ~fails
    box = measured(told, rarer, _rounded(shown, sides))
    if not _describes(box, rarer):
        box = measured(told, rarer, {})
    places = _probabilities(space, drawn.scores, inputs, shown)
    return Stress(
        limit,
        draws,
        count / draws,
        shifts_of(space, drawn, shown, places, failing),
        "fails" if rare else "holds",
        _ranges(space, told, box),
        box.coverage,
        box.density,
        _known(box.coverage, int(rarer.sum())),
        _known(box.density, round(box.mass * rarer.size)),
    )


def _describes(box: Box, rarer: np.ndarray) -> bool:
    """Tell whether a box surely holds some of the rarer draws, and more of them than chance would.

    Where both ends of an input's range are to blame no box holds them, and the best is one of noise.
    """
    held, dense = _known(box.coverage, int(rarer.sum())), _known(box.density, round(box.mass * rarer.size))
    return bool(held and dense and held[0] >= LEAST_HELD and dense[0] > rarer.mean())


def _known(share: float, draws: int) -> tuple[float, float] | None:
    return wilson(share, draws) if draws else None


def _another(seed: int) -> int:
    return int(stream(seed, "draws that measure a box").generate_state(1)[0])


def _rounded(inputs: FloatArray, sides: Mapping[int, tuple[float, float]]) -> Sides:
    """Round sides outwards: to three digits, or two of the input's middle spread where that is finer."""
    found = {}
    for row, (low, high) in sides.items():
        first, last = np.quantile(inputs[row], MIDDLE)
        found[row] = (_moved(low, last - first, floor), _moved(high, last - first, ceil))
    return found


def _moved(end: float, spread: float, way: Callable[[float], int]) -> float:
    if not end or not np.isfinite(end):
        return end
    place = floor(log10(abs(end))) - 2
    if spread:
        place = min(place, floor(log10(spread)) - 1)
    return round(way(round(end / 10.0**place, 6)) * 10.0**place, -place)


def _too_few(failing: int, draws: int, *, above: bool) -> str:
    """Say on which side of it too few draws lie; the claim holds at it and `above` it, or below."""
    fail, holds = ("fall below", "reach") if above else ("pass", "stay at or below")
    if failing in (0, draws):
        return (
            f"{'all' if failing else 'none'} of {draws:,} draws {fail} it, so there is nothing to tell apart"
        )
    rare, verb = (failing, fail) if 2 * failing <= draws else (draws - failing, holds)
    one = {"fall below": "falls below", "pass": "passes", "reach": "reaches"}.get(verb, "stays at or below")
    does = one if rare == 1 else verb
    return f"only {rare:,} of {draws:,} draws {does} it, too few to say what they have in common"


def _probabilities(
    space: NormalSpace, scores: FloatArray, inputs: FloatArray, shown: FloatArray
) -> FloatArray:
    """Return each draw's place in its input's own distribution; the middle of its step where it has one.

    Of an input that is drawn given others it is the place of its value among those of all draws.
    """
    rows = zip(space.distributions, inputs, special.ndtr(scores), strict=True)
    places = np.asarray(np.array([probability_ranges(*row) for row in rows]).mean(axis=1))
    for row, position in enumerate(space.positions):
        if position in space.response.shares:
            # which other shares decide too
            places[row] = space.distributions[row].cdf(inputs[row])
    given = list(space.given)
    places[given] = 0.5 + ranks_of(shown[given]) / shown.shape[1]
    return places


def _ranges(space: NormalSpace, inputs: FloatArray, box: Box) -> tuple[Range, ...]:
    """Return the box's ranges, the one that leaves out most first."""
    found = []
    for row, (low, high) in box.sides.items():
        inside = float(np.mean((inputs[row] >= low) & (inputs[row] <= high)))
        ends = (None if np.isinf(low) else low, None if np.isinf(high) else high)
        found.append(Range(space.names[row], *ends, inside))
    return tuple(sorted(found, key=lambda each: each.probability))
