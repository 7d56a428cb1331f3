"""The value at which one input alone makes an output cross a threshold."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from uncertainty import special
from uncertainty.challenges.crossings import closer, make_domain, nearest_crossing, where_likely
from uncertainty.challenges.effort import DISTRIBUTED, FULL, LOOKS, POINTS, Remembered
from uncertainty.challenges.normalspace import FARTHEST, draw, draw_all
from uncertainty.challenges.response import moved
from uncertainty.distributions.one_of import OneOf
from uncertainty.distributions.protocol import inside
from uncertainty.distributions.spread import Spread, count_at, separate_values
from uncertainty.late import dataclass
from uncertainty.output_distribution import as_emulated
from uncertainty.records import Frozen
from uncertainty.results import record
from uncertainty.sampling.estimate import error_without
from uncertainty.sampling.finiteness import allowed_share, undefined_share
from uncertainty.sampling.selection import quantiles
from uncertainty.sampling.statistics import Draws

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from uncertainty.challenges.crossings import Curve
    from uncertainty.challenges.effort import Effort, Search
    from uncertainty.challenges.normalspace import Drawn, NormalSpace
    from uncertainty.challenges.response import Response
    from uncertainty.challenges.thresholds import Threshold
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.estimate import Estimate


Status = Literal["crosses", "crosses beyond its distribution", "no value does", "already crossed"]
Others = Literal["points", "distributed"]
Tried = Literal["all", "all drawn", "some"]

ROUNDING = 1e-9
"""How far, in relation to it or to its usual range, a value may lie past an end and still be that end."""

USUAL = (0.05, 0.95)
"""Probabilities whose quantiles are an input's usual range."""

SLOPE = 0.05
"""Part of that range to either side over which the median's slope is taken."""

SURE = 4.0
"""Its own errors by which a median must move to cross at all: medians over one net are not normal."""

LEAST = float(np.finfo(float).tiny)
"""The least probability that is told from none."""

NEAR = 2.0
"""Its own errors by which a median must lie from a threshold to tell on which side of it it is."""

EXACT = "the others are at their points, so that no draw is behind it"
STEPS = "it is one of the values that the input has, and no others lie between"
FAINT = "the median of the output moves by no more than its own error"
BARELY = (
    "where the input is farthest from its point, the median of the output lies beyond the threshold by no "
    "more than its own error"
)
UNSETTLED = "the error of the output there is too large, or not known, to tell the value's"


@record("status", "value", "value_error=error", "quantile", "crossings", "members?", "reason?")
@dataclass(frozen=True, slots=True)
class BreakEven:
    """Where one input makes the output cross a threshold.

    Parameters
    ----------
    others
        Whether the other inputs are at their points or distributed: what is correlated with the input goes
        along with it then.
    status
        ``"already crossed"`` if the output is on the far side before the input moves; `value` is then what
        would bring it back.
    value
        In the input's unit; None if no value does. Of members that have one score (``across = "same"``), and
        move together, their quantile. Of an input whose parameters are other quantities, what it has with
        these at their points, or at their medians where others are distributed: its score moves.
    quantile
        Probability of a smaller value in the input's own distribution, and half that of the value itself;
        None for an input that does not vary.
    crossings
        How often the output crosses over all values tried; above 1, the nearest to the start is given.
    error
        Monte Carlo error of the value, which draws of the others give it, or cases that are averaged over; of
        a count at least half a step, where the next value may be meant as well; None where it has none.
    members
        Of an input that is a member of an index: those on the other side of the threshold, in place of a
        value; None of any other input.
    tried
        All there are, of an input that is a member of an index; all that its distribution draws, which for a
        count are not all that it could be; or some, the others lying between these and beyond them.
    reason
        Why the value has no error, or none is told though draws cross; None where nothing is to be said.
    """

    input: str
    threshold: Threshold
    others: Others
    status: Status
    value: float | None = None
    quantile: float | None = None
    crossings: int = 0
    error: float | None = None
    members: tuple[str, ...] | None = None
    tried: Tried = "some"
    reason: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the error of the output's median leaves it open that no value crosses."""
        return self.reason in (FAINT, BARELY)

    @property
    def crosses(self) -> bool:
        """Whether some value, or some member, lies on the other side."""
        return self.value is not None or bool(self.members)


def break_even(
    space: NormalSpace,
    limits: tuple[Threshold, ...],
    seed: int,
    effort: Effort = FULL,
    middle: NormalSpace | None = None,
) -> Mapping[str, tuple[BreakEven, ...]]:
    """Ask of each input that the response asks about, varying or not, where it alone crosses each threshold.

    Parameters
    ----------
    effort
        How closely its values are searched, and which of the two questions are left out.
    middle
        The space in which inputs with parameters have their values where these are at their medians, for the
        question with the others distributed; by default that with the others at their points.

    Returns
    -------
    Mapping
        By input, for each threshold first with the others at their points, then distributed.
    """
    found = {}
    middle = middle or space
    for position in space.response.asked:
        name = space.response.inputs[position]
        curves: list[tuple[Others, _Points | _Medians, float, Search]] = []
        if not effort.left_out(POINTS):
            start = float(space.response.points[position])
            curves.append(("points", _Points(space, position), start, effort.points))
        if not effort.left_out(DISTRIBUTED):
            medians = _Medians(middle, position, draw_all(middle, effort.others, seed))
            curves.append(("distributed", medians, _middle(middle, position), effort.distributed))
        asked = [(each, Remembered(each[1])) for each in curves]
        # draws that other questions share show where values lie that a grid steps over
        with_draws = effort.plan is None and position in space.positions
        drawn = {id(each): draw(each, effort.draws, seed) if with_draws else None for each in (space, middle)}
        found[name] = tuple(
            _ask(position, limit, each, remembered, drawn[id(each[1].space)])
            for limit in limits
            for each, remembered in asked
        )
    return Frozen(found)


def _ask(
    position: int,
    limit: Threshold,
    asked: tuple[Others, _Points | _Medians, float, Search],
    remembered: Remembered,
    drawn: Drawn | None,
) -> BreakEven:
    others, curve, start, search = asked
    response = curve.space.response
    name, distribution = response.inputs[position], response.distribution(position)
    status: Status
    crossed = not bool(limit.holds(remembered(np.array([start])))[0])
    item = response.item(position)
    if item.member_of is not None:
        members = _on_the_other_side(remembered, item.member_of.names, limit, crossed=crossed)
        other: Status = "crosses" if members else "no value does"
        status = "already crossed" if crossed else other
        return BreakEven(name, limit, others, status, members=members, tried="all")
    domain = make_domain(
        item, distribution, start, steps=search.steps, outward=search.outward, inward=search.inward
    )
    if drawn is not None and not domain.discrete:
        beyond = limit.holds(drawn.outputs) == crossed
        domain = closer(remembered, domain, where_likely(drawn.values[position], beyond), limit) or domain
    crossing = nearest_crossing(remembered, domain, start, limit, search.rounds, search.secants)
    if crossing is None:
        status = "already crossed" if crossed else "no value does"
        return BreakEven(name, limit, others, status, tried="all drawn" if domain.discrete else "some")
    value = _at_end(remembered, distribution, crossing.value, limit)
    error: float | None = None
    reason = STEPS
    stepwise = domain.discrete or isinstance(distribution, Spread)
    if isinstance(curve, _Medians) and curve.is_barely(remembered, crossing.beyond, limit):
        reason = BARELY
    elif not stepwise:
        error, reason = curve.error(value, start)
    if reason in (FAINT, BARELY):
        status = "already crossed" if crossed else "no value does"
        return BreakEven(name, limit, others, status, reason=reason)
    value = _whole(remembered, distribution, value, start, limit)
    if stepwise and isinstance(curve, _Medians):
        error = curve.error_among_steps(np.array(separate_values(distribution)), value, limit)
    quantile, outside = (None, False) if distribution.is_constant else _placed(distribution, value)
    status = "crosses beyond its distribution" if outside else "crosses"
    if outside and isinstance(distribution, Spread):
        value = _stands_for(response, position, value)
    return BreakEven(
        name,
        limit,
        others,
        "already crossed" if crossed else status,
        value,
        quantile,
        crossing.crossings,
        error,
        reason=None if error is not None else reason,
    )


def _on_the_other_side(
    curve: Curve | Remembered, members: Sequence[str], limit: Threshold, *, crossed: bool
) -> tuple[str, ...]:
    """Return the members of an index at which the output lies on another side than where it begins."""
    holds = limit.holds(curve(np.arange(len(members), dtype=float)))
    return tuple(member for member, held in zip(members, holds, strict=True) if held == crossed)


def _at_end(curve: Remembered, distribution: Distribution, value: float, limit: Threshold) -> float:
    """Return the end of a distribution in place of a value that rounding alone tells from it."""
    if distribution.is_constant:
        return value
    for end in map(float, distribution.support):
        if value != end and abs(value - end) <= ROUNDING * _usual(distribution):
            here, there = curve(np.array([value, end]))
            if abs(here - there) <= ROUNDING * max(limit.spread, abs(limit.value)):
                return end
    return value


def _whole(
    curve: Remembered, distribution: Distribution, value: float, start: float, limit: Threshold
) -> float:
    """Return the count that a place on the line of spread counts is of, or the next on the way from a start.

    The next where a threshold is crossed within the count's part of the line, but not yet at its middle.
    """
    way = value - start
    count = count_at(distribution, value, way)
    if isinstance(distribution, Spread) and way:
        values = np.array(separate_values(distribution))
        onward = values[values < count][-1:] if way < 0 else values[values > count][:1]
        if (
            onward.size
            and limit.holds(curve(np.array([count])))[0] == limit.holds(curve(np.array([start])))[0]
        ):
            return float(onward[0])
    return count


def _placed(distribution: Distribution, value: float) -> tuple[float, bool]:
    """Return the probability of less than a value, with half its own, and whether it lies beyond all."""
    smallest, largest = distribution.support
    slack = ROUNDING * min(abs(value), _usual(distribution) or math.inf)
    return _place(distribution, value), not smallest - slack <= value <= largest + slack


def _stands_for(response: Response, position: int, value: float) -> float:
    """Return the value that a place beyond all counts, on their line, stands for."""
    inputs = response.at_points(1)
    inputs[position] = value
    return float(response.shown(inputs)[position, 0])


def _usual(distribution: Distribution) -> float:
    """Return the width of an input's usual range."""
    return float(np.ptp(distribution.quantile(np.array(USUAL))))


def _size(distribution: Distribution, value: float) -> float:
    """Return how far an input usually reaches: its usual range, or of one that does not vary its value."""
    return abs(value) if distribution.is_constant else _usual(distribution)


def _place(distribution: Distribution, value: float) -> float:
    """Return the probability of smaller values and half that of the value itself."""
    below, up_to = distribution.cdf(np.array([np.nextafter(value, -np.inf), value]))
    return float((below + up_to) / 2)


def _middle(space: NormalSpace, position: int) -> float:
    distribution = space.response.distribution(position)
    if distribution.is_constant:
        return float(distribution.mean)
    if isinstance(distribution, OneOf):
        return float(distribution.likeliest)
    return float(distribution.quantile(np.array([0.5]))[0])


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
    most = abs(value) + _usual(space.response.distribution(position))
    return found if found <= most else None


@dataclass(frozen=True, eq=False, slots=True)
class _Points:
    """The output over one input, the others at their points."""

    space: NormalSpace
    position: int

    def __call__(self, values: FloatArray) -> FloatArray:
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
class _Medians:
    """The median of the output over one input, the others distributed as they are where it has that value."""

    space: NormalSpace
    position: int
    drawn: Drawn

    def __call__(self, values: FloatArray) -> FloatArray:
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
        if (np.abs(medians - limit.value) > NEAR * errors).all():
            return None
        own, moved_by, places = known[value].error, float(np.ptp(medians)), list(known)
        if own is None or not moved_by:
            return None
        return math.hypot(float(np.diff(places).max()) / 2, own * float(np.ptp(places)) / moved_by)

    def is_barely(self, medians: Curve | Remembered, beyond: FloatArray, limit: Threshold) -> bool:
        """Tell whether all that lies beyond a threshold is noise alone, which may grow with the input.

        It is looked at where the median lies farthest beyond, and ever nearer to the crossing.
        """
        apart = np.abs(medians(beyond) - limit.value)
        farthest = int(np.argmax(apart))
        for place in dict.fromkeys(farthest >> nearer for nearer in range(LOOKS)):
            known = self._known(float(beyond[place]))
            if known is None or known.error is None or apart[place] > SURE * known.error:
                return False
            if not known.error and not np.ptp(self._outputs(float(beyond[place]))):
                return False  # every draw lies there, such as at 0 where a factor is 0
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
        if self.following and not self._follow(self.space.positions.index(self.position), value):
            return np.full(self._inputs.shape[1], np.nan)
        self._inputs[self.position] = value
        self.space.response.follow(self._inputs, self.drawn.values, self._held)
        return self._moved()

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

    def _follow(self, place: int, value: float) -> bool:
        """Write what the inputs that follow are, given the value; tell whether that is known."""
        scores, moving = self.drawn.scores, self.space.distributions[place]
        shift = _scores_of(moving, value, scores[place]) - scores[place]
        if np.isnan(shift).any():
            return False
        for other in self.following:
            moved_to = scores[other] + self.space.correlation[other, place] * shift
            self._inputs[self.space.positions[other]] = _at_scores(self.space.distributions[other], moved_to)
        return True


def _scores_of(distribution: Distribution, value: float, own: FloatArray) -> FloatArray:
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
    instead = np.nan if least < value < most else FARTHEST
    scores: FloatArray = np.where(np.isfinite(found), found, instead * np.sign(found))
    return scores


def _at_scores(distribution: Distribution, scores: FloatArray) -> FloatArray:
    """Return what a distribution is at normal scores, however far out they lie."""
    found: FloatArray = distribution.quantile(inside(special.ndtr(scores)))
    for far, quantile, sign in (
        (scores < -FARTHEST, distribution.quantile, 1.0),
        (scores > FARTHEST, distribution.upper_quantile, -1.0),
    ):
        if far.any():
            found[far] = quantile(np.maximum(special.ndtr(sign * scores[far]), LEAST))
    return found


def _median(outputs: FloatArray, allowed: float) -> float:
    """Return the median of the draws that have a value; nan where more than an allowed share has none."""
    undefined = undefined_share(outputs)
    if undefined > allowed:
        return np.nan
    return float(quantiles(outputs[np.isfinite(outputs)] if undefined else outputs, (0.5,))[0])
