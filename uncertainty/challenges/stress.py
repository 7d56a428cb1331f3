"""What the draws in which a claim fails have in common: a reverse stress test.

A box is drawn around some draws, its sides are rounded to what is worth writing, and what is said of it comes
from other draws: those that shaped it would flatter it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Literal

import numpy as np

from uncertainty.challenges.normalspace import DRAWS, draw
from uncertainty.challenges.prim import find_box, measured
from uncertainty.distributions.probabilities import probability_ranges
from uncertainty.records import Frozen
from uncertainty.results import record
from uncertainty.sampling.distance import kolmogorov_smirnov
from uncertainty.sampling.streams import stream

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from uncertainty.challenges.normalspace import NormalSpace
    from uncertainty.challenges.prim import Box, Sides
    from uncertainty.challenges.thresholds import Threshold
    from uncertainty.distributions.protocol import FloatArray

MIDDLE = (0.16, 0.84)
"""Probabilities between which the middle of an input lies."""

FEWEST = 30
"""Draws on either side of the threshold that are enough to be described."""


@record("shift", "distance")
@dataclass(frozen=True, slots=True)
class Shift:
    """How an input's values differ between failing draws and the others.

    Parameters
    ----------
    shift
        Its median in the failing draws less that in the others, as probabilities of its own distribution.
    distance
        Kolmogorov-Smirnov distance between the two.
    """

    input: str
    shift: float
    distance: float


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


@record("draws", "failing", "shifts=by_input", "boxed", "box=box_by_input", "coverage", "density")
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
    """

    threshold: Threshold
    draws: int
    failing: float
    shifts: tuple[Shift, ...]
    boxed: Literal["fails", "holds"]
    box: tuple[Range, ...]
    coverage: float
    density: float

    @property
    def by_input(self) -> Mapping[str, Shift]:
        """By input, how its values differ between failing draws and the others, the clearest first."""
        return Frozen({each.input: each for each in self.shifts})

    @property
    def box_by_input(self) -> Mapping[str, Range]:
        """By input, the part of its range that the box covers."""
        return Frozen({each.input: each for each in self.box})


def reverse_stress(space: NormalSpace, limit: Threshold, seed: int) -> Stress | str:
    """Split draws at a threshold and describe those on its far side.

    Returns
    -------
    Stress or str
        Why there is nothing to describe, in one line.
    """
    if not space.positions:
        return "no input varies"
    drawn = draw(space, DRAWS, seed)
    failing = ~limit.holds(drawn.outputs)
    count, draws = int(failing.sum()), failing.size
    if min(count, draws - count) < FEWEST:
        return _too_few(count, draws)
    inputs = drawn.values[list(space.positions)]
    rare = 2 * count <= draws
    bounding = [row for row, position in enumerate(space.positions) if position in space.response.asked]
    shaped = find_box(inputs[bounding], failing if rare else ~failing)
    sides = {bounding[row]: ends for row, ends in shaped.sides.items()}
    others = draw(space, DRAWS, _another(seed))
    told, fails = others.values[list(space.positions)], ~limit.holds(others.outputs)
    box = measured(told, fails if rare else ~fails, _rounded(inputs, sides))
    places = _probabilities(space, drawn.scores, inputs)
    return Stress(
        limit,
        draws,
        count / draws,
        _shifts(space, places, failing),
        "fails" if rare else "holds",
        _ranges(space, told, box),
        box.coverage,
        box.density,
    )


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


def _too_few(failing: int, draws: int) -> str:
    if failing in (0, draws):
        return f"{'all' if failing else 'none'} of {draws:,} draws fail, so there is nothing to tell apart"
    rare, verb = (failing, "fail") if 2 * failing <= draws else (draws - failing, "hold")
    return f"only {rare:,} of {draws:,} draws {verb}, too few to say what they have in common"


def _probabilities(space: NormalSpace, scores: FloatArray, inputs: FloatArray) -> FloatArray:
    """Return each draw's place in its input's own distribution; the middle of its step where it has one."""
    from scipy.special import ndtr

    ranges = [probability_ranges(*row) for row in zip(space.distributions, inputs, ndtr(scores), strict=True)]
    return np.asarray(np.array(ranges).mean(axis=1))


def _shifts(space: NormalSpace, places: FloatArray, failing: np.ndarray) -> tuple[Shift, ...]:
    found = []
    for name, row in zip(space.names, places, strict=True):
        fails, holds = row[failing], row[~failing]
        moved = float(np.median(fails) - np.median(holds))
        found.append(Shift(name, moved, kolmogorov_smirnov(fails, holds)))
    return tuple(sorted(found, key=lambda shift: -shift.distance))


def _ranges(space: NormalSpace, inputs: FloatArray, box: Box) -> tuple[Range, ...]:
    """Return the box's ranges, the one that leaves out most first."""
    found = []
    for row, (low, high) in box.sides.items():
        inside = float(np.mean((inputs[row] >= low) & (inputs[row] <= high)))
        ends = (None if np.isinf(low) else low, None if np.isinf(high) else high)
        found.append(Range(space.names[row], *ends, inside))
    return tuple(sorted(found, key=lambda each: each.probability))
