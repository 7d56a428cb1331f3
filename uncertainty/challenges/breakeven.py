"""The value at which one input alone makes an output cross a threshold."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from uncertainty.challenges.crossings import (
    MOST,
    beside_poles,
    closer,
    make_domain,
    nearest_crossing,
    where_likely,
    within_dips,
)
from uncertainty.challenges.curves import FAINT, Medians, Points, usual_range
from uncertainty.challenges.effort import DISTRIBUTED, FULL, POINTS, Remembered
from uncertainty.challenges.normalspace import draw, draw_all
from uncertainty.distributions.one_of import OneOf
from uncertainty.distributions.spread import Spread, count_at, separate_values
from uncertainty.late import dataclass
from uncertainty.records import Frozen
from uncertainty.results import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.challenges.crossings import Curve, Domain, Ends
    from uncertainty.challenges.effort import Effort, Search
    from uncertainty.challenges.normalspace import Drawn, NormalSpace
    from uncertainty.challenges.response import Response
    from uncertainty.challenges.thresholds import Threshold
    from uncertainty.distributions import Distribution


Status = Literal["crosses", "crosses beyond its distribution", "no value does", "already crossed"]
Others = Literal["points", "distributed"]
Tried = Literal["all", "all drawn", "some"]

ROUNDING = 1e-9
"""How far, in relation to it or to its usual range, a value may lie past an end and still be that end."""

STEPS = "it is one of the values that the input has, and no others lie between"
BARELY = (
    "where the input is farthest from its point, the median of the output lies beyond the threshold by no "
    "more than its own error"
)
BROKEN = (
    "among the values tried, the output changes its side only by a jump through infinity, or where it is "
    "undefined"
)
NEAREST_BROKEN = (
    "at the nearest value where it changes its side, the output jumps through infinity or is undefined, and "
    "with this budget no other was looked at"
)


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
    quantile_error
        Its Monte Carlo error, as that of the value tells.
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
    quantile_error: float = 0.0
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
    most = MOST if effort.plan is None else 1
    for position in space.response.asked:
        name = space.response.inputs[position]
        curves: list[tuple[Others, Points | Medians, float, Search]] = []
        if not effort.left_out(POINTS):
            start = float(space.response.points[position])
            curves.append(("points", Points(space, position), start, effort.points))
        if not effort.left_out(DISTRIBUTED):
            medians = Medians(middle, position, draw_all(middle, effort.others, seed))
            curves.append(("distributed", medians, _middle(middle, position), effort.distributed))
        asked = [(each, Remembered(each[1])) for each in curves]
        # draws that other questions share show where values lie that a grid steps over
        with_draws = effort.plan is None and position in space.positions
        drawn = {id(each): draw(each, effort.draws, seed) if with_draws else None for each in (space, middle)}
        found[name] = tuple(
            _ask(position, limit, each, remembered, drawn[id(each[1].space)], most)
            for limit in limits
            for each, remembered in asked
        )
    return Frozen(found)


def _ask(
    position: int,
    limit: Threshold,
    asked: tuple[Others, Points | Medians, float, Search],
    remembered: Remembered,
    drawn: Drawn | None,
    most: int,
) -> BreakEven:
    others, curve, start, search = asked
    response = curve.space.response
    name, distribution = response.inputs[position], response.distribution(position)
    crossed = not bool(limit.holds(remembered(np.array([start])))[0])
    item = response.item(position)
    none = BreakEven(name, limit, others, "already crossed" if crossed else "no value does")
    if item.member_of is not None:
        members = _on_the_other_side(remembered, item.member_of.names, limit, crossed=crossed)
        other: Status = "crosses" if members and not crossed else none.status
        return replace(none, status=other, members=members, tried="all")
    domain = _searched(position, limit, asked, remembered, drawn, crossed=crossed)
    stepwise = domain.discrete or isinstance(distribution, Spread)
    # a place beyond all counts, on the line of a count with parameters, stands for the last one
    none = replace(none, tried="all drawn" if stepwise else "some")
    if most > 1 and not domain.discrete:
        # the others at their points, what a draw of them has lies near
        hidden = beside_poles(Points(curve.space, position), domain, start, limit)
        hidden = np.concatenate([hidden, within_dips(remembered, domain, start, limit)])
        domain = closer(remembered, domain, hidden, limit) or domain
    broken = curve.is_broken if isinstance(curve, Medians) else None
    noise = partial(curve.is_barely, remembered, limit) if isinstance(curve, Medians) else None
    crossing = nearest_crossing(
        remembered, domain, start, limit, search, most=most, broken=broken, noise=noise
    )
    if crossing is None:
        return none
    if crossing.value is None:
        passed = BARELY if crossing.barely else BROKEN if most > 1 else NEAREST_BROKEN
        return replace(none, reason=passed)
    value = _at_end(remembered, distribution, crossing.value, limit)
    error, reason = (None, STEPS) if stepwise else curve.error(value, start)
    if reason == FAINT:
        return replace(none, reason=reason)
    value = _whole(remembered, distribution, value, start, limit)
    if stepwise and isinstance(curve, Medians):
        error = curve.error_among_steps(np.array(separate_values(distribution)), value, limit)
    quantile, outside = (None, False) if distribution.is_constant else _placed(distribution, value)
    status: Status = "crosses beyond its distribution" if outside else "crosses"
    if outside and isinstance(distribution, Spread):
        value = _stands_for(response, position, value)
    return replace(
        none,
        status="already crossed" if crossed else status,
        value=value,
        quantile=quantile,
        quantile_error=0.0 if quantile is None or not error else _place_error(distribution, value, error),
        crossings=crossing.crossings,
        error=error,
        reason=None if error is not None else reason,
    )


def _searched(
    position: int,
    limit: Threshold,
    asked: tuple[Others, Points | Medians, float, Search],
    remembered: Remembered,
    drawn: Drawn | None,
    *,
    crossed: bool,
) -> Domain:
    """Return the values of an input at which it is looked, where draws lie beyond more closely."""
    _, curve, start, search = asked
    response, steps = curve.space.response, search.steps
    item, distribution = response.item(position), response.distribution(position)
    domain = make_domain(
        item,
        distribution,
        start,
        steps=steps,
        outward=search.outward,
        inward=search.inward,
        ends=_ends_of_cells(response, position) if distribution.is_constant else None,
    )
    if drawn is None or domain.discrete:
        return domain
    beyond = limit.holds(drawn.outputs) == crossed
    return closer(remembered, domain, where_likely(drawn.values[position], beyond), limit) or domain


def _ends_of_cells(response: Response, position: int) -> Ends | None:
    """Return the least and the largest value of all cells of an input; None of one that is no cell."""
    inputs, quantity = response.plan.study.inputs, response.item(position).quantity
    if not quantity:
        return None
    alike = (each for name, each in response.plan.distributions.items() if inputs[name].quantity == quantity)
    lows, highs = zip(*(each.support for each in alike), strict=True)
    return min(lows), max(highs)


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
    near = ROUNDING * usual_range(distribution)
    for end in map(float, distribution.support):
        # over many magnitudes most values lie near 0, beside the largest ones
        if value != end and abs(value - end) <= near and _between(distribution, value, end) <= ROUNDING:
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
    slack = ROUNDING * min(abs(value), usual_range(distribution) or math.inf)
    return _place(distribution, value), not smallest - slack <= value <= largest + slack


def _place_error(distribution: Distribution, value: float, error: float) -> float:
    """Return how far the error of a value moves its place in a distribution, to either side on average."""
    return (_place(distribution, value + error) - _place(distribution, value - error)) / 2


def _stands_for(response: Response, position: int, value: float) -> float:
    """Return the value that a place beyond all counts, on their line, stands for."""
    inputs = response.at_points(1)
    inputs[position] = value
    return float(response.shown(inputs)[position, 0])


def _place(distribution: Distribution, value: float) -> float:
    """Return the probability of smaller values and half that of the value itself."""
    below, up_to = distribution.cdf(np.array([np.nextafter(value, -np.inf), value]))
    return float((below + up_to) / 2)


def _between(distribution: Distribution, value: float, end: float) -> float:
    """Return the probability of what lies between a value and an end, without that of the end itself."""
    low, high = sorted((value, end))
    up_to, below = distribution.cdf(np.array([low, np.nextafter(high, -np.inf)]))
    return float(below - up_to)


def _middle(space: NormalSpace, position: int) -> float:
    distribution = space.response.distribution(position)
    if distribution.is_constant:
        return float(distribution.mean)
    if isinstance(distribution, OneOf):
        return float(distribution.likeliest)
    return float(distribution.quantile(np.array([0.5]))[0])
