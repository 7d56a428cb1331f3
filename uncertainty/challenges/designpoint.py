"""The combination nearest to the medians that makes an output cross a threshold.

Distance is measured between normal scores, so that the nearest combination is the likeliest one on the far
side: the design point of the first-order reliability method. It lies on the threshold, or beyond it where the
output jumps over it.

The draws are the first place to look: the search starts from those that reach over the threshold, the
nearest to the medians first, and where hardly any does, also uphill of those that come closest and several
times as far out. Of discrete inputs the combinations of these draws are searched, those nearest to the
medians, and those next to the best.

References
----------
Hasofer & Lind 1974, Exact and invariant second-moment code format, Journal of the Engineering Mechanics
Division 100, 111–121. Der Kiureghian & Liu 1986, doi:10.1061/(ASCE)0733-9399(1986)112:1(85).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty import numbers
from uncertainty.agreement import Told, contradiction
from uncertainty.challenges.effort import DESIGN, FULL, ExhaustedError, Limited, Spent, limited
from uncertainty.challenges.effort import DRAWS as DRAWS_OF_IT
from uncertainty.challenges.jumps import (
    ON_THE_THRESHOLD,
    SAME_DISTANCE,
    along_edge,
    drawn_in,
    on_the_way,
    slid,
)
from uncertainty.challenges.normalspace import DRAWS, FARTHEST, draw, first_apart, steps_of
from uncertainty.distributions.spread import count_at
from uncertainty.late import dataclass
from uncertainty.records import Frozen
from uncertainty.results import record
from uncertainty.sampling.estimate import error_without
from uncertainty.study.scenario import nothing_to_move

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from uncertainty.challenges.effort import Effort
    from uncertainty.challenges.normalspace import Box, Combination, Drawn, NormalSpace, Steps
    from uncertainty.challenges.thresholds import Threshold
    from uncertainty.distributions.protocol import FloatArray

STARTS = 4
"""Nearest draws on the far side, apart from each other, from which each search starts besides the medians."""

MOST = 1e3
"""How far from the threshold anything lies at most."""

UNDEFINED = -1.0
"""How far beyond it what has no value lies: about as far before it as the medians do."""

FEWEST = 30
"""Draws on the far side that show where it lies; with fewer, places are looked for that no draw meets."""

STRETCHED, STRETCHES = 2**12, (1.5, 2.0, 3.0)
"""Draws that are looked at farther out, and how many times as far, where hardly any reaches over."""

DRAWN_COMBINATIONS = 32
"""Nearest draws on the far side whose combinations of discrete values are searched."""

MOST_COMBINATIONS = 128
"""Other combinations of discrete values that are searched, the nearest to the medians first."""

MOST_SEARCHES = 64
"""Searches along slopes among these; the moves about the best one find what is left."""

MOST_MOVES, MOST_MOVES_OF_SOME = 2000, 200
"""Combinations that are searched about the best one, and where other inputs are searched too."""

STEPS, STEPS_OF_MANY = 200, 60
"""Steps of a search along slopes at most, and of one of many: it goes to and fro where the output jumps."""

OUT_OF_REACH = (
    f"no combination of the inputs within {FARTHEST:g} standard deviations of the medians was found that "
    "reaches it"
)

PLANE = 1.5
"""Factor by which a share that takes the threshold for a plane may be off without a word."""

ON_A_JUMP = "it lies on a jump of the output, which other cases than those drawn may put elsewhere"


@record("value", "value_error?=error", "median", "score", "contribution")
@dataclass(frozen=True, slots=True)
class Coordinate:
    """One input at the design point.

    Parameters
    ----------
    value, median
        In the input's unit; of members that have one score (``across = "same"``) their quantile. Of an input
        whose parameters are other quantities, what it has with these in the same combination.
    score
        Normal score of the value.
    contribution
        Share of the squared distance; all inputs' add up to 1.
    stepwise
        Whether the input is discrete, or a member of an index, so that even a value at no distance may be far
        from the median.
    error
        What cases that are averaged over get wrong of the value; None where there are none.
    """

    value: float
    median: float
    score: float
    contribution: float
    stepwise: bool
    error: float | None = None


@record(
    "distance",
    "distance_error?",
    "crossed",
    "first_order_share",
    "draws_share",
    "inputs",
    "reason?",
    "ended?",
)
@dataclass(frozen=True, slots=True)
class DesignPoint:
    """The nearest combination found on the threshold, or beyond it where the output jumps.

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
    draws
        How many the draws are.
    distance_error
        What cases that are averaged over get wrong of the distance; None where there are none.
    reason
        Why there is no such error though cases are averaged over; empty where there is one, or none is due.
    ended
        Why a nearer combination may be left, where the search ended before all places were looked at.
    """

    threshold: Threshold
    crossed: bool
    distance: float
    first_order_share: float
    draws_share: float
    inputs: Mapping[str, Coordinate]
    draws: int = DRAWS
    distance_error: float | None = None
    reason: str = ""
    ended: str = ""

    @property
    def disagreement(self) -> str:
        """Say where the distance's share contradicts that of the draws, which need no plane."""
        share = 1 - self.draws_share if self.crossed else self.draws_share
        # three draws more than none is what none leaves open
        half = 2 * math.sqrt(share * (1 - share) / self.draws) + 3 / self.draws
        plane = self.first_order_share
        return contradiction(
            "The share beyond this combination",
            Told("by draws", share, (share - half, share + half)),
            Told("by the distance", plane, (plane / PLANE, plane * PLANE)),
            "the threshold is no plane between normal scores",
            write=numbers.share,
        )


def find_design_point(
    space: NormalSpace, limit: Threshold, seed: int, effort: Effort = FULL, *, logarithmic: bool = False
) -> DesignPoint | str:
    """Search the combination of inputs nearest to the medians that reaches over a threshold.

    Parameters
    ----------
    effort
        How many draws show where to look, and how many rows the search may take.
    logarithmic
        Whether the output is searched on a logarithmic scale, which makes products of inputs planes.

    Returns
    -------
    DesignPoint or str
        Why there is none, in one line.
    """
    if not space.positions:
        return nothing_to_move(space.response.plan)
    if left_out := effort.left_out(DRAWS_OF_IT) or effort.left_out(DESIGN):
        return left_out
    drawn = draw(space, effort.draws, seed)
    try:
        return _searched(limited(space, effort.search), drawn, limit, logarithmic=logarithmic)
    except ExhaustedError as error:
        return str(error)


def _searched(space: NormalSpace, drawn: Drawn, limit: Threshold, *, logarithmic: bool) -> DesignPoint | str:
    far = ~limit.holds(drawn.outputs)
    crossed = bool(not limit.holds(space.response(space.values(np.zeros((len(space.positions), 1)))))[0])
    search = _Search(space, limit, crossed, logarithmic and limit.value > 0)
    reaching = drawn.scores[:, search.lies_beyond(drawn.outputs)]
    if reaching.shape[1] < FEWEST:
        others = search.climbed(drawn.scores), search.far_ends(), search.stretched(drawn.scores)
        reaching = np.concatenate([reaching, *others], axis=1)
    if not reaching.size:
        return OUT_OF_REACH
    steps = steps_of(space)
    search = replace(search, spent=Spent())
    best = _nearest_of(search, steps, search.by_distance(reaching))
    if best is None:
        return "; ".join(filter(None, (OUT_OF_REACH, search.spent.said)))
    found = _improved(search, steps, best)
    # an average over a net of cases goes in steps that are the net's own
    if space.response.plan.nested is None and not isinstance(space.response.model, Limited):
        scores = slid(search, found.scores, found.box)
        if drawn.left_out:
            scores = along_edge(search, scores, found.box)
        found = found._replace(distance=search.distance(scores), scores=scores)
    if found.distance > FARTHEST:
        return OUT_OF_REACH  # one input farther out may be nearer, where no input is looked at
    described = _described(search, found, float(far.mean()))
    described = replace(described, draws=far.size, ended=search.spent.said)
    return _with_errors(described, search, found)


class Found(NamedTuple):
    """A point beyond the threshold."""

    distance: float
    scores: FloatArray
    combination: Combination
    box: Box


@dataclass(frozen=True, eq=False)
class _Search:
    space: NormalSpace
    limit: Threshold
    crossed: bool
    logarithmic: bool
    spent: Spent = field(default_factory=Spent)

    def outputs(self, scores: FloatArray, fixed: Mapping[int, float] | None = None) -> FloatArray:
        """Return the output at scores, shape (rows,), and count what that takes."""
        self.spent.add(self.space.response, scores.shape[1])
        return self.space.response(self.space.values(scores, fixed))

    @property
    def toward(self) -> float:
        """The sign of the excess beyond the threshold, seen from the medians."""
        return -1.0 if self.limit.above != self.crossed else 1.0

    @cached_property
    def scale(self) -> float:
        """The size of the output, so that the constraint is of order 1."""
        medians = np.zeros((len(self.space.positions), 1))
        value = abs(float(self.outputs(medians)[0]) - self.limit.value)
        return value if value > 0 and math.isfinite(value) else max(abs(self.limit.value), 1.0)

    @cached_property
    def metric(self) -> FloatArray:
        """The matrix of squared distances: no member of an index is farther from the medians than another."""
        response = self.space.response
        ordered = np.array([response.item(each).member_of is None for each in self.space.positions])
        found: FloatArray = self.space.precision * np.outer(ordered, ordered)
        return found

    def distance(self, scores: FloatArray) -> float:
        return math.sqrt(max(float(scores @ self.metric @ scores), 0.0))

    def by_distance(self, scores: FloatArray) -> FloatArray:
        """Return scores, shape (varying inputs, rows), the nearest to the medians first."""
        squared = (scores * (self.metric @ scores)).sum(axis=0)
        return scores[:, np.argsort(squared, kind="stable")]

    def nearest(self, box: Box) -> FloatArray:
        """Return the scores in a box that are nearest to the medians."""
        from scipy.optimize import lsq_linear

        alone = box.clip(np.zeros(len(box.bounds)))
        if not alone.any() or not np.any(self.space.correlation - np.eye(alone.size)):
            return alone
        low, high = box.bounds.T
        root = np.linalg.cholesky(self.space.precision).T
        ends = low, np.maximum(high, np.nextafter(low, np.inf))
        return box.clip(lsq_linear(root, np.zeros(alone.size), ends, method="bvls").x)

    def excess(self, scores: FloatArray, fixed: Mapping[int, float] | None = None) -> FloatArray:
        """Return how far beyond the threshold the output lies, on its scale, at scores (inputs, rows)."""
        return self.on_scale(self.outputs(scores, fixed))

    def on_scale(self, output: FloatArray) -> FloatArray:
        """Return how far beyond the threshold an output lies, on the scale of the search.

        What has no value lies before it.
        """
        return np.nan_to_num(self._known(output), nan=UNDEFINED)

    def _known(self, output: FloatArray) -> FloatArray:
        """Return the same, nan where an output has no value."""
        if self.logarithmic:
            with np.errstate(all="ignore"):
                # what has no logarithm lies below all that has one
                found = np.log(np.maximum(output, 0.0) / self.limit.value)
        else:
            found = (output - self.limit.value) / self.scale
        return np.clip(self.toward * found, -MOST, MOST)

    def far_ends(self) -> FloatArray:
        """Return the farthest scores that reach over the threshold, of each input alone or all together."""
        sides = np.tile([-FARTHEST, FARTHEST], (len(self.space.positions), 1))
        tried, outputs = self._ends(np.zeros(len(sides)), sides, {})
        found: FloatArray = tried[:, self.lies_beyond(outputs)]
        return found

    def lies_beyond(self, outputs: FloatArray) -> NDArray[np.bool_]:
        """Tell which outputs lie on the other side of the threshold than that of the medians."""
        found: NDArray[np.bool_] = ~np.isnan(outputs) & (self.limit.holds(outputs) == self.crossed)
        return found

    def out_of_reach(self, nearest: FloatArray, box: Box) -> bool:
        """Tell whether none of a box's far ends reaches over the threshold, nor its nearest point."""
        if len(box.fixed) == nearest.size:
            return False
        _, outputs = self._ends(nearest, box.bounds, box.fixed)
        return not self.lies_beyond(outputs).any()

    def _ends(
        self, middle: FloatArray, sides: FloatArray, fixed: Mapping[int, float]
    ) -> tuple[FloatArray, FloatArray]:
        """Return scores with each input at either side, and where these lead together; and the outputs."""
        alone = np.repeat(middle[:, None], 2 * middle.size, axis=1)
        each = np.arange(middle.size)
        alone[each, each], alone[each, middle.size + each] = sides.T
        outputs = self.outputs(alone, fixed)
        low, high = np.split(self.toward * np.nan_to_num(outputs), 2)
        corner = np.where(high > low, sides[:, 1], sides[:, 0])[:, None]
        ends = np.concatenate([middle[:, None], corner], axis=1)
        both = self.outputs(ends, fixed)
        return np.concatenate([alone, ends], axis=1), np.concatenate([outputs, both])

    def stretched(self, scores: FloatArray) -> FloatArray:
        """Return what reaches over the threshold of some draws several times as far out as they are.

        Where several inputs must be far out at once, no slope and no single one of them leads there.
        """
        some = scores[:, :STRETCHED]
        tried = np.concatenate([np.clip(by * some, -FARTHEST, FARTHEST) for by in STRETCHES], axis=1)
        found: FloatArray = tried[:, self.lies_beyond(self.outputs(tried))]
        return found

    def climbed(self, scores: FloatArray) -> FloatArray:
        """Return what lies beyond the threshold uphill of the draws that come closest to it."""
        from scipy.optimize import minimize

        highest = np.argsort(-self.excess(scores), kind="stable")
        tops = [
            minimize(
                lambda z: -self.excess(z[:, None])[0],
                start,
                jac=lambda z: -self.gradient(z),
                bounds=[(-FARTHEST, FARTHEST)] * start.size,
                options={"maxiter": STEPS_OF_MANY},
            ).x
            for start in first_apart(scores[:, highest], STARTS)
        ]
        found = np.array(tops).reshape(-1, len(scores)).T
        return found[:, self.excess(found) >= 0]

    def gradient(self, scores: FloatArray, fixed: Mapping[int, float] | None = None) -> FloatArray:
        """Return the slopes at scores, shape (inputs,): where one side is unknown those of the other.

        How steep it is where the output ends to have a value tells nothing of where it reaches the threshold.
        """
        steps = self.space.step * np.eye(scores.size)
        both = np.concatenate([scores[:, None] + steps, scores[:, None] - steps], axis=1)
        sides = self._known(self.outputs(both, fixed)).reshape(2, -1)
        unknown = np.isnan(sides)
        if unknown.any():
            here = self._known(self.outputs(scores[:, None], fixed))
            sides = np.where(unknown, here, sides)
        apart = self.space.step * np.maximum(2 - unknown.sum(axis=0), 1)
        found: FloatArray = np.nan_to_num((sides[0] - sides[1]) / apart)
        return found

    def from_start(self, start: FloatArray, box: Box) -> FloatArray | None:
        """Return the nearest point beyond the threshold that a start leads to, shape (varying inputs,).

        Where the output jumps, slopes lead past the nearest point, or nowhere: if the threshold is met sooner
        on the straight way to the start, that way is gone.
        """
        nearest = self.nearest(box)
        if self.excess(nearest[:, None], box.fixed)[0] >= 0 and self.reached(nearest, box.fixed):
            return nearest
        if len(box.fixed) == start.size:
            return None
        point = self.downhill(start, box)
        if self.reached(point, box.fixed):
            away = max(self.distance(start), SAME_DISTANCE)
            sooner = nearest + (start - nearest) * min(1.0, self.distance(point) / away)
            if self.excess(sooner[:, None], box.fixed)[0] <= ON_THE_THRESHOLD:
                return point
        found = on_the_way(self, start, nearest, box.fixed)
        return found if found is None else drawn_in(self, found, nearest, box.fixed)

    def without_scrambles(self, found: Found) -> FloatArray | None:
        """Return the scores of a point without each scramble of a net of cases, shape (scrambles, inputs).

        Each is one step from the point along the slope (Rackwitz & Fiessler 1978,
        doi:10.1016/0045-7949(78)90046-9), of which what the threshold's bend leaves is the same in all.

        Returns
        -------
        ndarray or None
            None where nothing is averaged over cases or no slope leads on; empty where the output jumps.
        """
        point, fixed, steps = found.scores, found.box.fixed, self.space.step * np.eye(found.scores.size)
        tried = np.column_stack([point, *(point[:, None] + by * steps for by in (1, -1, 0.5, -0.5))])
        outputs = self.space.response.without_scrambles(self.space.values(tried, fixed))
        if outputs is None:
            return None
        moved = np.array([place for place in range(point.size) if place not in fixed], dtype=np.intp)
        held = np.array(sorted(fixed), dtype=np.intp)
        toward = np.linalg.pinv(self.metric[np.ix_(moved, moved)])
        nearest = -toward @ self.metric[np.ix_(moved, held)] @ point[held]
        scores = np.repeat(point[None], len(outputs), axis=0)
        for own, output in zip(scores, outputs, strict=True):
            excess = self.on_scale(output)
            forth, back, less_forth, less_back = (part[moved] for part in np.split(excess[1:], 4))
            slopes = (forth - back) / (2 * self.space.step)
            # over half of the steps a slope takes half of what it takes over them, and a jump all of it
            if np.linalg.norm(less_forth - less_back) > 0.75 * np.linalg.norm(forth - back):
                return scores[:0]
            with np.errstate(all="ignore"):
                far = (slopes @ (point[moved] - nearest) - excess[0]) / (slopes @ toward @ slopes)
                own[moved] = nearest + far * toward @ slopes
        return scores if np.isfinite(scores).all() else None

    def downhill(self, start: FloatArray, box: Box) -> FloatArray:
        """Return the point on the threshold to which slopes lead from a start; it may not lie there."""
        from scipy.optimize import minimize

        found = minimize(
            lambda z: 0.5 * z @ self.metric @ z,
            start,
            jac=lambda z: self.metric @ z,
            bounds=box.bounds,
            constraints={
                "type": "ineq",
                "fun": lambda z: self.excess(np.asarray(z)[:, None], box.fixed)[0],
                "jac": lambda z: self.gradient(np.asarray(z), box.fixed),
            },
            options={"maxiter": STEPS_OF_MANY if box.fixed else STEPS, "ftol": 1e-12},
        )
        return box.clip(found.x)

    def reached(self, scores: FloatArray, fixed: Mapping[int, float]) -> bool:
        """Tell whether scores lie beyond the threshold, or on it where the output goes on beyond it."""
        excess = float(self.excess(scores[:, None], fixed)[0])
        if excess > 0:
            return True
        slope = float(np.linalg.norm(self.gradient(scores, fixed)))
        if slope > 0:
            return excess >= -ON_THE_THRESHOLD * max(slope, 1e-3)
        return self.past(scores, fixed)

    def past(self, scores: FloatArray, fixed: Mapping[int, float]) -> bool:
        """Tell whether the output at scores is beyond the threshold, not at it."""
        return bool(self.lies_beyond(self.outputs(scores[:, None], fixed))[0])


def _nearest_of(search: _Search, steps: Steps, reaching: FloatArray) -> Found | None:
    """Search the combinations of the nearest draws that reach it, and those nearest to the medians."""
    own = [steps.of_scores(column) for column in reaching.T[:DRAWN_COMBINATIONS]]
    near = itertools.islice(steps.nearest_first(), MOST_COMBINATIONS)
    best: Found | None = None
    searches = 0
    for combination in dict.fromkeys([*own, *near]):
        box = steps.box(combination)
        nearest = search.nearest(box)
        if best is not None and search.distance(nearest) >= best.distance:
            continue
        inside = reaching[:, box.holds(reaching)]
        if search.spent.is_all or searches >= MOST_SEARCHES:
            break
        if not inside.size and search.out_of_reach(nearest, box):
            continue
        for start in [nearest, *first_apart(inside, STARTS)]:
            if search.spent.is_all:
                break
            best = _nearer(search, best, start, combination, box)
            searches += len(box.fixed) < steps.inputs
    if best is None and search.spent.is_all:
        # the nearest of what reaches it is known without any search
        scores = reaching[:, 0]
        combination = steps.of_scores(scores)
        return Found(search.distance(scores), scores, combination, steps.box(combination))
    return best


def _nearer(
    search: _Search, best: Found | None, start: FloatArray, combination: Combination, box: Box
) -> Found | None:
    """Return what a start leads to, if that is nearer than the best so far."""
    scores = search.from_start(start, box)
    if scores is None or (best is not None and search.distance(scores) >= best.distance):
        return best
    return Found(search.distance(scores), scores, combination, box)


def _improved(search: _Search, steps: Steps, best: Found) -> Found:
    """Move values of discrete inputs, ever fewer steps at once, while that brings the point nearer."""
    searches = MOST_MOVES if len(steps.places) == steps.inputs else MOST_MOVES_OF_SOME
    stride = max((values.size for values in steps.values), default=0) // 2
    while stride and searches > 0 and not search.spent.is_all:
        before = best
        for combination in steps.moves(before.combination, stride):
            box = steps.box(combination)
            if searches <= 0 or search.spent.is_all:
                break
            if search.distance(search.nearest(box)) < before.distance - SAME_DISTANCE:
                searches -= 1
                best = _nearer(search, best, box.clip(before.scores), combination, box) or best
        if best.distance >= before.distance - SAME_DISTANCE:
            stride //= 2
    return best


def _described(search: _Search, found: Found, share: float) -> DesignPoint:
    from uncertainty.special import ndtr

    space, distance, point = search.space, found.distance, found.scores
    # each with what its parameters are in the same combination
    raw = space.values(point[:, None], found.box.fixed)
    values = space.response.shown(raw)[:, 0]
    medians = space.response.shown(space.medians[:, None])[:, 0]
    settled = values if _beside_a_pole(space, raw) else np.array(list(map(_settled, values, medians)))
    parts = point * (search.metric @ point) / distance**2 if distance > 0 else np.zeros(point.size)
    inputs = {
        name: Coordinate(
            count_at(space.distributions[place], float(settled[position])),
            count_at(space.distributions[place], float(medians[position])),
            float(point[place]),
            float(parts[place]),
            place in found.box.fixed or space.response.item(position).member_of is not None,
        )
        for place, (name, position) in enumerate(zip(space.names, space.positions, strict=True))
    }
    ordered = dict(sorted(inputs.items(), key=lambda item: -item[1].contribution))
    return DesignPoint(search.limit, search.crossed, distance, float(ndtr(-distance)), share, Frozen(ordered))


def _with_errors(described: DesignPoint, search: _Search, found: Found) -> DesignPoint:
    """Return a design point with what cases that are averaged over get wrong of it."""
    scores = search.without_scrambles(found)
    if scores is None:
        return described
    if not scores.size:
        return replace(described, reason=ON_A_JUMP)
    space = search.space
    distances = np.array([search.distance(each) for each in scores])
    values = space.shown(space.values(scores.T, found.box.fixed))
    errors = dict(zip(space.names, error_without(values.T).tolist(), strict=True))
    return replace(
        described,
        distance_error=float(error_without(distances)),
        inputs=Frozen({name: replace(each, error=errors[name]) for name, each in described.inputs.items()}),
    )


def _beside_a_pole(space: NormalSpace, values: FloatArray) -> bool:
    """Tell whether the output has no value where what is 0 but for rounding is 0, as divided by it."""
    settled = np.array(list(map(_settled, values[:, 0], space.medians)))[:, None]
    return bool((settled != values).any() and not np.isfinite(space.response(settled)).all())


def _settled(value: float, median: float) -> float:
    """Return 0 for what differs from it by rounding alone."""
    return 0.0 if abs(value) < ON_THE_THRESHOLD * abs(median) * 1e-3 else value
