"""The combination nearest to the medians that makes an output cross a threshold.

Distance is measured between normal scores, so that the nearest combination is the likeliest one on the far
side: the design point of the first-order reliability method. It lies on the threshold, or beyond it where the
output jumps over it. Discrete inputs are enumerated: each of their values is a range of scores.

References
----------
Hasofer & Lind 1974, Exact and invariant second-moment code format, Journal of the Engineering Mechanics
Division 100, 111–121. Der Kiureghian & Liu 1986, doi:10.1061/(ASCE)0733-9399(1986)112:1(85).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.challenges.normalspace import FARTHEST, draw, is_discrete, score_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uncertainty.challenges.normalspace import NormalSpace
    from uncertainty.challenges.thresholds import Threshold
    from uncertainty.distributions.protocol import FloatArray

DRAWS = 2**13
"""Draws among which starting points are looked for."""

STARTS = 4
"""Nearest draws on the far side from which each search starts, besides the medians."""

MOST_COMBINATIONS = 128
"""Combinations of discrete values that are searched, the nearest to the medians first."""

OUT_OF_REACH = "no combination of the inputs was found that reaches it"

STEP = 1e-4
"""Step of the finite differences, in normal scores."""

ON_THE_THRESHOLD = 1e-6
"""Farthest before the threshold, in steps of a normal score, of a point that is said to reach it."""

HALVINGS = 40
"""How often the way to a draw beyond the threshold is halved, where the output jumps and has no slope."""


@dataclass(frozen=True, slots=True)
class Coordinate:
    """One input at the design point.

    Parameters
    ----------
    value, median
        In the input's unit.
    score
        Normal score of the value.
    contribution
        Share of the squared distance; all inputs' add up to 1.
    stepwise
        Whether the input is discrete, so that even a value at no distance may be far from the median.
    """

    value: float
    median: float
    score: float
    contribution: float
    stepwise: bool


@dataclass(frozen=True, slots=True)
class DesignPoint:
    """The nearest combination on the threshold, or beyond it where the output jumps.

    Parameters
    ----------
    crossed
        Whether the medians already lie on the far side, so that the point is the nearest way back.
    distance
        From the medians, in normal scores.
    first_order_share
        Share of draws on the other side of the threshold than the medians, were the threshold a plane.
    draws_share
        The share on the claim's far side among some draws, to compare it with.
    inputs
        By input, the largest contribution first.
    """

    threshold: Threshold
    crossed: bool
    distance: float
    first_order_share: float
    draws_share: float
    inputs: Mapping[str, Coordinate]


def find_design_point(
    space: NormalSpace, limit: Threshold, seed: int, *, logarithmic: bool = False
) -> DesignPoint | str:
    """Search the combination of inputs nearest to the medians that reaches over a threshold.

    Parameters
    ----------
    logarithmic
        Whether the output is searched on a logarithmic scale, which makes products of inputs planes.

    Returns
    -------
    DesignPoint or str
        Why there is none, in one line.
    """
    if not space.positions:
        return "no input varies"
    scores, values = draw(space, DRAWS, seed)
    far = ~limit.holds(space.response(values))
    crossed = bool(not limit.holds(space.response(space.values(np.zeros((len(space.positions), 1)))))[0])
    search = _Search(space, limit, crossed, logarithmic and limit.value > 0)
    other_side = far != crossed
    beyond = np.concatenate([scores[:, other_side], search.far_ends()], axis=1)
    if not beyond.size:
        return OUT_OF_REACH
    best: FloatArray | None = None
    for bounds, fixed in _combinations(space):
        nearest = _nearest(bounds)
        if best is not None and search.distance(nearest) >= search.distance(best):
            continue
        for start in _starts(space, beyond, bounds, nearest):
            found = search.from_start(start, bounds, fixed)
            if found is not None and (best is None or search.distance(found) < search.distance(best)):
                best, best_fixed = found, fixed
    if best is None:
        return OUT_OF_REACH
    return _described(space, search, best, best_fixed, float(far.mean()))


@dataclass(frozen=True, eq=False)
class _Search:
    space: NormalSpace
    limit: Threshold
    crossed: bool
    logarithmic: bool

    @property
    def toward(self) -> float:
        """The sign of the excess beyond the threshold, seen from the medians."""
        return -1.0 if self.limit.above != self.crossed else 1.0

    @cached_property
    def scale(self) -> float:
        """The size of the output, so that the constraint is of order 1."""
        medians = np.zeros((len(self.space.positions), 1))
        value = abs(float(self.space.response(self.space.values(medians))[0]) - self.limit.value)
        return value if value > 0 and math.isfinite(value) else max(abs(self.limit.value), 1.0)

    def distance(self, scores: FloatArray) -> float:
        return math.sqrt(max(float(scores @ self.space.precision @ scores), 0.0))

    def excess(self, scores: FloatArray, fixed: Mapping[int, float]) -> FloatArray:
        """Return how far beyond the threshold the output lies, on its scale, at scores (inputs, rows)."""
        output = self.space.response(self.space.values(scores, fixed))
        if self.logarithmic:
            with np.errstate(all="ignore"):
                found = np.log(output / self.limit.value)
        else:
            found = (output - self.limit.value) / self.scale
        return np.nan_to_num(self.toward * found, nan=-1e3, neginf=-1e3, posinf=1e3)

    def far_ends(self) -> FloatArray:
        """Return the farthest scores that reach over the threshold, of each input alone or all together."""
        ends = FARTHEST * np.eye(len(self.space.positions))
        alone = np.concatenate([-ends, ends], axis=1)
        outputs = self.space.response(self.space.values(alone))
        low, high = np.split(self.toward * np.nan_to_num(outputs), 2)
        corner = np.where(high > low, FARTHEST, -FARTHEST)[:, None]
        tried = np.concatenate([alone, corner], axis=1)
        outputs = np.append(outputs, self.space.response(self.space.values(corner)))
        found: FloatArray = tried[:, self.limit.holds(outputs) == self.crossed]
        return found

    def gradient(self, scores: FloatArray, fixed: Mapping[int, float]) -> FloatArray:
        steps = STEP * np.eye(scores.size)
        both = np.concatenate([scores[:, None] + steps, scores[:, None] - steps], axis=1)
        values = self.excess(both, fixed)
        return (values[: scores.size] - values[scores.size :]) / (2 * STEP)

    def from_start(
        self, start: FloatArray, bounds: FloatArray, fixed: Mapping[int, float]
    ) -> FloatArray | None:
        """Return the nearest point beyond the threshold that a start leads to, shape (varying inputs,)."""
        from scipy.optimize import minimize

        found = minimize(
            lambda z: 0.5 * z @ self.space.precision @ z,
            start,
            jac=lambda z: self.space.precision @ z,
            bounds=bounds,
            constraints={
                "type": "ineq",
                "fun": lambda z: self.excess(np.asarray(z)[:, None], fixed)[0],
                "jac": lambda z: self.gradient(np.asarray(z), fixed),
            },
            method="SLSQP",
            options={"maxiter": 200, "ftol": 1e-12},
        )
        point: FloatArray = np.clip(found.x, bounds[:, 0], bounds[:, 1])
        slope = float(np.linalg.norm(self.gradient(point, fixed)))
        if self.excess(point[:, None], fixed)[0] >= -ON_THE_THRESHOLD * max(slope, 1e-3):
            return point
        return self.on_the_way(start, _nearest(bounds), fixed)

    def on_the_way(
        self, start: FloatArray, nearest: FloatArray, fixed: Mapping[int, float]
    ) -> FloatArray | None:
        """Return the first point beyond the threshold on the way to a start that lies there, if it does."""
        if self.excess(start[:, None], fixed)[0] < 0:
            return None
        before, beyond = 0.0, 1.0
        for _ in range(HALVINGS):
            middle = (before + beyond) / 2
            if self.excess((nearest + middle * (start - nearest))[:, None], fixed)[0] < 0:
                before = middle
            else:
                beyond = middle
        found: FloatArray = nearest + beyond * (start - nearest)
        return found


def _combinations(space: NormalSpace) -> Iterator[tuple[FloatArray, Mapping[int, float]]]:
    """Yield bounds of the scores and the discrete inputs' values, the nearest to the medians first."""
    free = np.tile([-FARTHEST, FARTHEST], (len(space.positions), 1))
    discrete = {i: _score_ranges(space, i) for i, d in enumerate(space.distributions) if is_discrete(d)}
    found = []
    for taken in itertools.product(*discrete.values()):
        bounds = free.copy()
        for place, (_, low, high) in zip(discrete, taken, strict=True):
            bounds[place] = low, high
        found.append((bounds, {place: value for place, (value, _, _) in zip(discrete, taken, strict=True)}))
        if len(found) > 100 * MOST_COMBINATIONS:
            break
    found.sort(key=lambda each: float(np.sum(_nearest(each[0]) ** 2)))
    yield from found[:MOST_COMBINATIONS]


def _score_ranges(space: NormalSpace, place: int) -> list[tuple[float, float, float]]:
    """Return each value of a discrete input with the range of scores that gives it."""
    distribution = space.distributions[place]
    atoms = np.array(distribution.atoms)
    edges = score_of(np.concatenate([[0.0], distribution.cdf(atoms)]))
    return [*zip(atoms.tolist(), edges[:-1].tolist(), edges[1:].tolist(), strict=True)]


def _nearest(bounds: FloatArray) -> FloatArray:
    """Return the scores in a box nearest to 0, taken one by one."""
    found: FloatArray = np.clip(0.0, bounds[:, 0], bounds[:, 1])
    return found


def _starts(
    space: NormalSpace, far: FloatArray, bounds: FloatArray, nearest: FloatArray
) -> Iterator[FloatArray]:
    """Yield the medians, and the draws on the other side that lie nearest to them."""
    yield nearest
    inside = np.all((far >= bounds[:, [0]]) & (far <= bounds[:, [1]]), axis=0)
    candidates = far[:, inside]
    squared = np.einsum("ir,ij,jr->r", candidates, space.precision, candidates)
    for column in np.argsort(squared, kind="stable")[:STARTS]:
        yield candidates[:, column]


def _described(
    space: NormalSpace,
    search: _Search,
    point: FloatArray,
    fixed: Mapping[int, float],
    share: float,
) -> DesignPoint:
    from scipy.special import ndtr

    distance = search.distance(point)
    values = space.values(point[:, None], fixed)[:, 0]
    medians = space.values(np.zeros((point.size, 1)))[:, 0]
    parts = point * (space.precision @ point) / distance**2 if distance > 0 else np.zeros(point.size)
    inputs = {
        name: Coordinate(
            _settled(float(values[position]), float(medians[position])),
            float(medians[position]),
            float(point[place]),
            float(parts[place]),
            place in fixed,
        )
        for place, (name, position) in enumerate(zip(space.names, space.positions, strict=True))
    }
    ordered = dict(sorted(inputs.items(), key=lambda item: -item[1].contribution))
    return DesignPoint(
        search.limit, search.crossed, distance, float(ndtr(-distance)), share, MappingProxyType(ordered)
    )


def _settled(value: float, median: float) -> float:
    """Return 0 for what differs from it by rounding alone."""
    return 0.0 if abs(value) < ON_THE_THRESHOLD * abs(median) * 1e-3 else value
