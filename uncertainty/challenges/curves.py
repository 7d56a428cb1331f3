"""An output over one input alone: the others at their points, or the median over how they are distributed."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from uncertainty import special
from uncertainty.challenges.effort import LOOKS
from uncertainty.challenges.normalspace import FARTHEST, at_scores
from uncertainty.challenges.poles import are_broken, halved
from uncertainty.challenges.response import moved
from uncertainty.late import dataclass
from uncertainty.output_distribution import as_emulated
from uncertainty.sampling.estimate import error_without
from uncertainty.sampling.finiteness import allowed_share, undefined_share
from uncertainty.sampling.selection import quantiles
from uncertainty.sampling.statistics import Draws

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from uncertainty.challenges.crossings import Curve, Ends
    from uncertainty.challenges.effort import Remembered
    from uncertainty.challenges.normalspace import Drawn, NormalSpace
    from uncertainty.challenges.thresholds import Threshold
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.estimate import Estimate

USUAL = (0.05, 0.95)
"""Probabilities whose quantiles are an input's usual range."""

SLOPE = 0.05
"""Part of that range to either side over which the median's slope is taken."""

SURE = 4.0
"""Its own errors by which a median must move to cross at all: medians over one net are not normal."""

NEAR = 2.0
"""Its own errors by which a median must lie from a threshold to tell on which side of it it is."""

MOST_DRAWS, DRAWS_FOR_ONE = 64, 16
"""Draws that are asked where they change their sides themselves, and of how many there is one at most."""

EXACT = "the others are at their points, so that no draw is behind it"
FAINT = "the median of the output moves by no more than its own error"
UNSETTLED = "the error of the output there is too large, or not known, to tell the value's"


@dataclass(frozen=True, eq=False, slots=True)
class Points:
    """The output over one input, the others at their points."""

    space: NormalSpace
    position: int

    def __call__(self, values: FloatArray) -> FloatArray:
        """Return the output at some values of the input."""
        return self.space.response(self._inputs(values))

    def _inputs(self, values: FloatArray) -> FloatArray:
        inputs = self.space.response.at_points(values.size)
        before = inputs.copy()
        inputs[self.position] = values
        self.space.response.follow(inputs, before, (self.position,))
        return inputs

    def error(self, value: float, _start: float) -> tuple[float | None, str]:
        """Return the error of a value at which it crosses, from a net of cases, and why it may have none."""
        around = value + _step(self.space, self.position, value) * np.array([0.0, -1.0, 1.0])
        found = self.space.response.without_scrambles(self._inputs(around))
        if found is None:
            return None, EXACT
        below, above = found[:, 1:].mean(axis=0)
        slope = abs(above - below) / (around[2] - around[1])
        return _told(self.space, self.position, value, float(error_without(found[:, 0])), slope), UNSETTLED


@dataclass(frozen=True, eq=False)
class Medians:
    """The median of the output over one input, the others distributed as they are where it has that value."""

    space: NormalSpace
    position: int
    drawn: Drawn

    def __call__(self, values: FloatArray) -> FloatArray:
        """Return the median at some values of the input."""
        known, allowed = self._found, self._allowed
        # one value at a time: what so many rows need stays in cache however many inputs there are
        for value in values.tolist():
            # by its digits, which tell 0 from -0
            if (digits := value.hex()) not in known:
                known[digits] = _median(self._outputs(value), allowed)
        return np.array([known[value.hex()] for value in values.tolist()])

    @cached_property
    def _found(self) -> dict[str, float]:
        """The medians that have been asked for, by the digits of the input's value."""
        return {}

    def error(self, value: float, start: float) -> tuple[float | None, str]:
        """Return the Monte Carlo error of a value at which the median crosses, and why it may have none.

        It is the median's own over its slope. Where the median moves by no more than its error from the start
        to the value, and its slope tells no better where it crosses, the crossing is one of the error alone.
        """
        known = self._with_cases(value)
        if known is None:
            return None, UNSETTLED
        around = value + _step(self.space, self.position, value) * np.array([-1.0, 1.0])
        slope = abs(float(np.diff(self(around))[0])) / float(np.diff(around)[0] or math.nan)
        error = math.inf if known.error is None else known.error
        moved_by = abs(known.value - float(self(np.array([start]))[0]))
        apart = abs(value - start) + _size(self.space.response.distribution(self.position), value)
        if moved_by <= SURE * error < math.inf and SURE * error > slope * apart:
            return None, FAINT
        return _told(self.space, self.position, value, error, slope), UNSETTLED

    def error_among_steps(self, steps: FloatArray, value: float, limit: Threshold) -> float | None:
        """Return the Monte Carlo error of one of the values that a count, or the like, has.

        None where the medians there and at the values beside it lie so far from the threshold, in their own
        errors, that it is no other; otherwise at least half of the way to the next one.
        """
        near = steps[max(int(np.searchsorted(steps, value)) - 1, 0) :][:3]
        known = {each: found for each in near.tolist() if (found := self._with_cases(each)) is not None}
        if value not in known or len(known) < 2:
            return None
        medians = np.array([found.value for found in known.values()])
        errors = np.array([math.inf if found.error is None else found.error for found in known.values()])
        if ((np.abs(medians - limit.value) > NEAR * errors) | (errors == 0)).all():
            return None
        own, moved_by, places = known[value].error, float(np.ptp(medians)), list(known)
        if own is None or not moved_by:
            return None
        return math.hypot(float(np.diff(places).max()) / 2, own * float(np.ptp(places)) / moved_by)

    def is_broken(self, cell: Ends, limit: Threshold, ends: Ends) -> bool:
        """Tell whether most of the draws that take the median over change their side through infinity."""
        near, far = cell
        before, after = limit.holds(self._outputs(near)), limit.holds(self._outputs(far))
        changed = np.flatnonzero(before != after)
        if not changed.size:
            return False
        most = min(MOST_DRAWS, max(before.size // DRAWS_FOR_ONE, 1))
        chosen = changed[np.linspace(0, changed.size - 1, min(most, changed.size)).astype(int)]

        def curves(values: FloatArray) -> FloatArray:
            return np.array([self._single(chosen, row) for row in values])

        first, last = (np.full(chosen.size, end) for end in cell)
        first, last = halved(curves, first, last, limit, abs(far - near))
        return float(np.mean(are_broken(curves, first, last, limit, ends))) > 0.5

    def is_barely(self, medians: Curve | Remembered, limit: Threshold, beyond: FloatArray) -> bool:
        """Tell whether all that lies beyond a threshold is noise alone, which may grow with the input.

        It is looked at where the median lies farthest beyond, and ever nearer to the crossing.
        """
        apart = np.abs(medians(beyond) - limit.value)
        # of a jump to the threshold itself, which all lie beyond alike, the last
        farthest = apart.size - 1 - int(np.argmax(apart[::-1]))
        for place in dict.fromkeys(farthest >> nearer for nearer in range(LOOKS)):
            known = self._known(float(beyond[place]))
            if known is None or known.error is None or apart[place] > SURE * known.error:
                return False
            if not known.error:
                return False  # draws about the median lie there, such as at 0 where a factor is 0
        return True

    def _with_cases(self, value: float) -> Estimate | None:
        """Return the same as `_known`, with what cases that are averaged over get wrong of it."""
        known = self._known(value)
        if known is None or known.error is None:
            return known
        found = self.space.response.without_scrambles(self._inputs)
        if found is None:
            return known
        of_net = error_without(np.array([_median(each, self._allowed) for each in found]))
        return known._replace(error=math.hypot(known.error, float(of_net)))

    def _known(self, value: float) -> Estimate | None:
        """Return the median at a value, with the error of its draws; None where no draw has one."""
        outputs = self._outputs(value)
        sound = np.isfinite(outputs)
        if not sound.any():
            return None
        draws = Draws(outputs[sound], self.drawn.replicate_rows if sound.all() else 1)
        response = self.space.response
        return as_emulated(response.plan.study, response.output, draws).quantile(0.5)

    @property
    def _allowed(self) -> float:
        """The share of draws without a value that is left out."""
        return allowed_share(self.space.response.plan.study.nonfinite)

    def _outputs(self, value: float) -> FloatArray:
        """Return the output, shape (draws,), where the input has a value; nan where nobody can tell."""
        if self.following and not self._follow(self._inputs, slice(None), value):
            return np.full(self._inputs.shape[1], np.nan)
        self._inputs[self.position] = value
        self.space.response.follow(self._inputs, self.drawn.values, self._held)
        return self._moved()

    def _single(self, chosen: NDArray[np.intp], values: FloatArray) -> FloatArray:
        """Return the output of some draws at a value of the input for each."""
        before = self.drawn.values[:, chosen]
        inputs = before.copy()
        if self.following and not self._follow(inputs, chosen, values):
            return np.full(values.size, np.nan)
        inputs[self.position] = values
        self.space.response.follow(inputs, before, self._held)
        return self.space.response(inputs)

    @cached_property
    def _held(self) -> tuple[int, ...]:
        """Positions of the input and of those that are correlated with it."""
        return (self.position, *(self.space.positions[place] for place in self.following))

    @cached_property
    def _inputs(self) -> FloatArray:
        """The inputs, shape (inputs, draws), to be written to."""
        return self.drawn.values.copy()

    @cached_property
    def _moved(self) -> Callable[[], FloatArray]:
        """What gives the output as the input moves, and what follows it."""
        response = self.space.response
        return moved(response.model, response.of_model(self._inputs), response.moving(self._held))

    @cached_property
    def following(self) -> tuple[int, ...]:
        """Places among the varying inputs of those that are correlated with this one, and move with it."""
        if self.position not in self.space.positions:
            return ()
        place = self.space.positions.index(self.position)
        correlated = np.flatnonzero(self.space.correlation[place]).tolist()
        return tuple(other for other in correlated if other != place)

    def _follow(
        self, inputs: FloatArray, chosen: slice | NDArray[np.intp], value: float | FloatArray
    ) -> bool:
        """Write what the inputs that follow are, given the value; tell whether that is known."""
        place = self.space.positions.index(self.position)
        scores, moving = self.drawn.scores[:, chosen], self.space.distributions[place]
        shift = _scores_of(moving, value, scores[place]) - scores[place]
        if np.isnan(shift).any():
            return False
        for other in self.following:
            moved_to = scores[other] + self.space.correlation[other, place] * shift
            inputs[self.space.positions[other]] = at_scores(self.space.distributions[other], moved_to)
        return True


def _scores_of(distribution: Distribution, value: float | FloatArray, own: FloatArray) -> FloatArray:
    """Return the scores that give a value: where it has a probability of its own, each draw's own in turn.

    Far up they are counted from above, where 1 less a probability has no digits left. What lies beyond all
    that an input may be has no score and stands as far out as may be; nan where the input may be so, but so
    seldom that no probability tells how far out it lies.
    """
    ends = np.array([np.nextafter(value, -np.inf), value])
    (below, up_to), (at_least, above) = distribution.cdf(ends), distribution.survival(ends)
    from_below = below + (up_to - below) * special.ndtr(own)
    from_above = above + (at_least - above) * special.ndtr(-own)
    found = np.where(from_below < 0.5, special.ndtri(from_below), -special.ndtri(from_above))
    least, most = distribution.support
    instead = np.where((least < ends[1]) & (ends[1] < most), np.nan, FARTHEST)
    scores: FloatArray = np.where(np.isfinite(found), found, instead * np.sign(found))
    return scores


def _median(outputs: FloatArray, allowed: float) -> float:
    """Return the median of the draws that have a value; nan where more than an allowed share has none."""
    undefined = undefined_share(outputs)
    if undefined > allowed:
        return np.nan
    return float(quantiles(outputs[np.isfinite(outputs)] if undefined else outputs, (0.5,))[0])


def usual_range(distribution: Distribution) -> float:
    """Return the width of an input's usual range."""
    return float(np.ptp(distribution.quantile(np.array(USUAL))))


def _size(distribution: Distribution, value: float) -> float:
    """Return how far an input usually reaches: its usual range, or of one that does not vary its value."""
    return abs(value) if distribution.is_constant else usual_range(distribution)


def _step(space: NormalSpace, position: int, value: float) -> float:
    """Return how far to either side of a value of an input the output's slope is looked at."""
    distribution = space.response.distribution(position)
    step = SLOPE * _size(distribution, value)
    if position in space.response.members:
        # beyond 0 and 1 there is no quantile
        return min(step, value / 2, (1 - value) / 2)
    return step


def _told(space: NormalSpace, position: int, value: float, error: float, slope: float) -> float | None:
    """Return the error of a value at which an output crosses: that of the output over its slope."""
    found = float(error / slope) if slope > 0 else math.inf
    # at a pole the output has any value, and its error says nothing of where that is
    most = abs(value) + usual_range(space.response.distribution(position))
    return found if found <= most else None
