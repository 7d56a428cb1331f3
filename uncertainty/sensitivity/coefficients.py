"""Sensitivity coefficients: derivatives, exact of equations and by differences of functions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from uncertainty.compiled import graph_input, scenario_graph
from uncertainty.distributions.spread import Spread
from uncertainty.errors import Fault, NonFiniteError
from uncertainty.expressions import Name
from uncertainty.expressions.derivatives import Kink, find_kinks, gradient
from uncertainty.expressions.graph import names_of
from uncertainty.expressions.tape import compile_tape
from uncertainty.late import dataclass
from uncertainty.sampling.case_model import VERSIONS, CaseModel
from uncertainty.sampling.copula import linear_correlation, make_copula
from uncertainty.sampling.estimate import error_without
from uncertainty.study.centred import counts_at_means, estimate
from uncertainty.study.correlation import LEAST_APART

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from uncertainty.compiled import Model
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.case_model import CaseFunction
    from uncertainty.study.scenario import Scenario
    from uncertainty.study.shares import Whole


ALL_STEPS = np.array([8.0**power for power in range(6, -6, -1)])
"""Steps of differences, in standard uncertainties; those before `STEPS` lead far out of an input's spread."""

STEPS = ALL_STEPS[-6:]
"""Steps of the differences from which derivatives come."""

UNSEEN = 0.005
"""Share of a slope that it may change by, by steps far out of an input's spread, without a question."""

FEW_CASES = 0.05
"""Error of a slope, as a share of it, from which on so few cases may jump that a shorter step meets none."""

SAME_SLOPE = 2.5
"""Errors by which the slopes of two steps may differ that tell the same."""

JUMPING = 2.0
"""By what factor a net gets more wrong of a slope by a step an eighth as long, at least, where cases jump."""

EXTRAPOLATED = 8.0
"""By what factor an extrapolated slope is taken to be nearer, where another one rests on more cases."""

STAYS = 0.5
"""Share of the difference of both sides' slopes that a step an eighth as long leaves, at least, at a kink."""


@dataclass(frozen=True, eq=False, slots=True)
class Derivatives:
    """An output and its derivatives where the inputs are at some values.

    Parameters
    ----------
    value
        The output there.
    slopes
        Its derivative by each input, shape (inputs,).
    errors
        How far each may be off, shape (inputs,); 0 where derivatives are exact but for rounding.
    kinks
        Where the equations bend or jump among the inputs' draws.
    """

    value: float
    slopes: FloatArray
    errors: FloatArray
    kinks: tuple[Kink, ...] = ()


def derivatives(
    plan: Scenario,
    output: str,
    inputs: tuple[str, ...],
    model: Model,
    draws: FloatArray,
    spreads: FloatArray,
) -> Derivatives:
    """Differentiate an output at the inputs' means, and at categories' likeliest members.

    Parameters
    ----------
    inputs
        By which.
    model
        Of that output alone.
    draws
        Of all inputs that vary, shape (varying inputs, rows): where kinks are looked for.
    spreads
        The inputs' standard uncertainties, shape (inputs,).

    Raises
    ------
    NonFiniteError
        If the output or a derivative is infinite or undefined there.
    """
    means = np.array([estimate(plan, name) for name in plan.varying])
    rows = [plan.varying.index(name) for name in inputs]
    if plan.study.function is None and plan.nested is None:
        found = _of_equations(plan, output, means, draws, rows)
    else:
        if plan.nested is None:
            ((value, sides),) = _sides(model, means, rows, spreads)
            found = _best(value, _candidates(sides))
        else:
            on_net = cast("CaseModel | CaseFunction", model)
            found = _of_cases(on_net, means, rows, spreads, plan.nested.wider(output, on_net.cases.size))
        found = replace(found, kinks=tuple(_steps(plan, rows, means, draws)))
    if not np.isfinite([found.value, *found.slopes]).all():
        what = "is" if not np.isfinite(found.value) else "has a derivative that is"
        message = f"{what} infinite or undefined at the inputs' means"
        raise NonFiniteError(Fault(message, f"outputs.{output}", plan.study.file))
    return found


def _of_equations(
    plan: Scenario, output: str, means: FloatArray, draws: FloatArray, rows: list[int]
) -> Derivatives:
    smooth = counts_at_means(plan, plan.varying)
    graph = scenario_graph(smooth, [output])
    columns = [graph_input(plan, name) for name in plan.varying]
    constants = {graph_input(plan, n): d.mean for n, d in plan.distributions.items() if d.is_constant}
    values, slopes = gradient(compile_tape(graph, [output], columns, constants), means[:, None])
    points = np.column_stack([means, draws])
    kinks = find_kinks(graph, output, columns, constants, points)
    if smooth is not plan:
        # what compares counts meets them whole; what these are given it meets through their means alone
        kinks += find_kinks(scenario_graph(plan, [output]), output, columns, constants, points)
    told = tuple(_told(plan, smooth, kinks))
    return Derivatives(float(values[0, 0]), slopes[0, rows, 0], np.zeros(len(rows)), told)


def _told(plan: Scenario, smooth: Scenario, kinks: Iterable[Kink]) -> Iterator[Kink]:
    """Yield the kinks that count; one in how an input follows its parameters has the input's name.

    There is one where the input goes in steps, unless its mean stands for it. The quantiles of other
    distributions are put together of parts that meet without a bend.
    """
    columns = {own.column: name for name, own in plan.dependent.items()}
    for kink in kinks:
        within = [columns[each] for each in names_of(kink.expression) if each in columns]
        if not within:
            yield kink
        for name in within:
            if _goes_in_steps(plan, smooth, name):
                yield kink._replace(expression=Name(name))


def _steps(plan: Scenario, rows: list[int], means: FloatArray, draws: FloatArray) -> Iterator[Kink]:
    """Yield the inputs of a function that go in steps with their parameters: of it nothing else is seen."""
    smooth = counts_at_means(plan, plan.varying)
    for row in rows:
        if _goes_in_steps(plan, smooth, name := plan.varying[row]):
            others = np.rint(draws[row]) != np.rint(means[row])
            yield Kink(Name(name), float(others.mean()))


def _goes_in_steps(plan: Scenario, smooth: Scenario, name: str) -> bool:
    """Tell whether an input is a count that follows its parameters, and its mean does not stand for it."""
    own = plan.dependent.get(name)
    is_count = own is not None and own.given is not None and isinstance(own.given.reference, Spread)
    return is_count and smooth.dependent[name] is own


def slope_rows(inputs: int) -> int:
    """Return how many rows of a function its slopes by some inputs take."""
    return 1 + 2 * len(STEPS) * inputs


class _Sides(NamedTuple):
    """The slopes to both sides by each step, and what rounding may do to them, shape (steps, inputs)."""

    above: FloatArray
    below: FloatArray
    central: FloatArray
    rounding: FloatArray

    def before(self, shorter: _Sides) -> _Sides:
        """Return these and, after them, those by shorter steps."""
        return _Sides(*map(np.concatenate, zip(self, shorter, strict=True)))

    def of(self, row: int, first: int = 0) -> _Sides:
        """Return those of one input from some step on."""
        return _Sides(*(each[first:, row : row + 1] for each in self))


class _Candidates(NamedTuple):
    """The slopes that each step tells and how far they may be off, shape (steps, inputs).

    Parameters
    ----------
    bends
        Half the angle of a kink, shape (inputs,), by which any of them may be off.
    """

    slopes: FloatArray
    missed: FloatArray
    bends: FloatArray


def _of_cases(
    model: CaseModel | CaseFunction,
    means: FloatArray,
    rows: list[int],
    spreads: FloatArray,
    wider: float,
) -> Derivatives:
    """Differentiate what is averaged over a net of cases, each by the step that tells most of its slope.

    Where cases jump, be it that a count rises by one or that a limit is met, an average over all cases has a
    slope and one over a net goes in small steps: the shorter the difference, the fewer of its cases jump
    within, down to none. How far scrambles of the net differ tells how few they are. Where none at all is
    seen to change, by any step, the slope is 0 without an error.

    Parameters
    ----------
    wider
        By what factor scrambles differ more than these few of them tell.
    """
    versions = model.on(model.cases, VERSIONS)
    (value, whole), *others = _sides(versions, means, rows, spreads)
    every = [whole, *(each for _, each in others)]
    slopes, errors = _judged(every, wider)
    if not isinstance(model, CaseModel) or model.jumps:
        if isinstance(model, CaseModel):
            # equations have values, or none, wherever their inputs are
            far = _sides(versions, means, rows, spreads, ALL_STEPS[: -len(STEPS)])
            every = [longer.before(own) for (_, longer), own in zip(far, every, strict=True)]
        for row, step in enumerate(_jumps_beyond(every, wider)):
            if step is not None:
                slopes[row], errors[row] = _of_hidden([each.of(row) for each in every], wider, step)
    return Derivatives(value, slopes, errors)


def _jumps_beyond(every: Sequence[_Sides], wider: float) -> Iterator[int | None]:
    """Yield for each input the shortest step that meets cases that jump, where these hide from shorter ones.

    Where few cases jump within a step, none may within a shorter one, and what else moves the cases tells a
    slope that leaves the jumps out. By how much the slope changes from there to the next longer step is then
    known badly, or it is more than it changes by from that to a still longer one. What curves changes it the
    more, the longer the steps are.

    Parameters
    ----------
    every
        By all steps, of the whole net and without each scramble.
    """
    sides = every[0]
    with np.errstate(all="ignore"):
        moved = np.array([each.central[:-1] - each.central[1:] for each in every])
        off = wider * error_without(moved[1:])
        rounding = 4 * (sides.rounding[:-1] + sides.rounding[1:])
        least = np.maximum(UNSEEN * np.abs(sides.central[1:]), rounding)
    for row in range(len(sides.central[0])):
        yield _first_beyond(np.abs(moved[0, :, row]), off[:, row], least[:, row])


def _first_beyond(moved: FloatArray, off: FloatArray, least: FloatArray) -> int | None:
    """Return the shortest of some steps, the longest first, by which jumps show; see `_jumps_beyond`.

    Parameters
    ----------
    moved, off, least
        What a slope changes by from the next shorter step to each, how far that may be off, and what of it
        rounding may do or does not matter, shape (steps,).
    """
    for step in range(len(moved) - 1, -1, -1):
        if not np.isfinite([moved[step], off[step]]).all():
            return None
        if max(moved[step], off[step]) > least[step]:
            settles = step > 0 and moved[step - 1] <= moved[step]
            return step if settles or off[step] > FEW_CASES * moved[step] else None
    return None


def _of_hidden(every: Sequence[_Sides], wider: float, step: int) -> tuple[float, float]:
    """Return the slope of one input, and its error, where no step shorter than some one tells of jumps.

    Longer steps meet more of them. They count as long as the slope stays the same but for its error: there it
    neither curves nor ends.
    """
    first = min(step, len(every[0].central) - len(STEPS))
    found = []
    while True:
        own = [sides.of(0, first) for sides in every]
        slopes, errors = _judged(own, wider, step - first + 1)
        found.append((float(errors[0]), float(slopes[0])))
        first -= 1
        if first < 0:
            break
        moved = np.array([each.central[first, 0] - each.central[first + 1, 0] for each in every])
        if not abs(moved[0]) <= SAME_SLOPE * wider * error_without(moved[1:]):
            break
    error, slope = min(found)
    return slope, error


def _judged(
    every: Sequence[_Sides], wider: float, telling: int | None = None
) -> tuple[FloatArray, FloatArray]:
    """Return the slopes of what is averaged, each by the step that tells most of it, and their errors.

    Parameters
    ----------
    every
        Of the whole net and without each scramble.
    telling
        By how many steps, the longest, cases are seen to jump that hide from shorter ones; all by default.
    """
    sides, *others = every
    gaps = np.array([each.above - each.below for each in others]) / 2
    found = _candidates(sides, wider * error_without(gaps))
    without = np.array([_candidates(each).slopes for each in others])
    of_net = _no_finer(wider * error_without(without))
    jumping = _jumping(of_net, sides.rounding)
    if telling is not None:
        jumping[telling:] = True
    missed = found.missed.copy()
    # what the longest step leaves out the next one tells, as far as the cases that jump within it do
    of_gap = wider * error_without(np.array([each.central[0] - each.central[1] for each in others]))
    missed[0] = np.where(jumping[-1], np.hypot(missed[0], of_gap), missed[0])
    # what is extrapolated misses a small part of what it was moved by
    beyond = np.concatenate([missed[:1], missed[1:] / EXTRAPOLATED])
    # what fewer cases tell is not known better, even if they should agree
    of_more = _of_fewer(of_net, jumping)
    known = np.hypot(beyond, of_more)
    moved = np.any([each.central != 0 for each in every], axis=0)
    # a kink that lies to one side moves that side alone, and equally many cases may jump in all scrambles
    both = np.any([(each.above != 0) & (each.below != 0) for each in every], axis=0)
    told_by_few = both | (of_net > FEW_CASES * np.abs(found.slopes))
    lost = ~moved & np.logical_or.accumulate(moved & told_by_few, axis=0)
    lost[len(lost) if telling is None else telling :] = True
    best = np.argmin(np.where(lost | ~np.isfinite(known), np.inf, known), axis=0)
    each = np.arange(len(best))
    errors = np.hypot(
        np.maximum(missed[best, each], found.bends), np.where(moved, of_more, of_net)[best, each]
    )
    still = np.all([_is_still(each) for each in every], axis=0)
    slopes = np.where(still, 0.0, found.slopes[best, each])
    return slopes, np.where(still, 0.0, errors)


def _no_finer(of_net: FloatArray) -> FloatArray:
    """Return what a net gets wrong of slopes by each step, no less than a shorter step within it tells.

    Where as many cases jump in all scrambles by chance, these agree. Of a longer step no fewer cases are one
    too many or too few.

    Parameters
    ----------
    of_net
        Shape (steps, inputs).
    """
    steps = _steps_of(of_net)
    differences = of_net * steps
    return np.asarray(np.fmax.accumulate(differences[::-1])[::-1] / steps)


def _jumping(of_net: FloatArray, rounding: FloatArray) -> NDArray[np.bool_]:
    """Tell by which steps shorter ones are seen to tell less: there cases jump, the fewer the shorter it is.

    Parameters
    ----------
    of_net, rounding
        What a net and what rounding get wrong of slopes, shape (steps, inputs).
    """
    longer = np.maximum.accumulate(of_net, axis=0)[:-1]
    seen = of_net[1:] > np.maximum(JUMPING * longer, 2 * rounding[1:])
    return np.logical_or.accumulate(np.concatenate([np.zeros_like(seen[:1]), seen]), axis=0)


def _of_fewer(of_net: FloatArray, jumping: NDArray[np.bool_]) -> FloatArray:
    """Return what a net gets wrong of slopes by each step, no less than longer steps, of more cases, tell.

    Where cases jump, a step an eighth as long meets an eighth of them. That all scrambles of a net agree on
    so few says nothing: each has them at about as many places.

    Parameters
    ----------
    of_net, jumping
        Shape (steps, inputs).
    """
    of_more = np.maximum.accumulate(of_net, axis=0)
    growth = np.sqrt(ALL_STEPS[0] / ALL_STEPS[1])
    for step in range(1, len(of_more)):
        least = np.where(jumping[step], growth, 1.0) * of_more[step - 1]
        of_more[step] = np.maximum(of_more[step], least)
    return of_more


def _is_still(sides: _Sides) -> NDArray[np.bool_]:
    """Tell which inputs move the output by no step further than rounding does, shape (inputs,)."""
    farthest = np.maximum(np.abs(sides.above), np.abs(sides.below))
    return np.asarray((farthest <= 2 * sides.rounding).all(axis=0))


def _best(value: float, found: _Candidates) -> Derivatives:
    best = np.argmin(np.where(np.isfinite(found.missed), found.missed, np.inf), axis=0)
    each = np.arange(len(best))
    return Derivatives(value, found.slopes[best, each], np.maximum(found.missed[best, each], found.bends))


def _candidates(sides: _Sides, of_net: FloatArray | float = 0.0) -> _Candidates:
    """Return what each step tells.

    Parameters
    ----------
    of_net
        What a net of cases gets wrong of half the difference of both sides' slopes, shape (steps, inputs).
    """
    ratio = (ALL_STEPS[0] / ALL_STEPS[1]) ** 2
    steps = _steps_of(sides.central)
    sides = sides._replace(rounding=np.maximum(sides.rounding, _noise(sides.central) / steps))
    central, rounding = sides.central, sides.rounding
    extrapolated = central[1:] + (central[1:] - central[:-1]) / (ratio - 1)
    errors = np.abs(np.diff(central, axis=0)) + rounding[1:]
    # without extrapolation, where the slope is the same at all steps, the longest has the least rounding
    slopes = np.concatenate([central[:1], extrapolated])
    missed = np.concatenate([errors[:1] - rounding[1:2] + rounding[:1], errors])
    return _Candidates(slopes, missed, _bend(sides._replace(rounding=np.hypot(rounding, of_net))))


def _steps_of(slopes: FloatArray) -> FloatArray:
    """Return the steps that slopes are by, which end with the shortest, shape (steps, 1)."""
    return ALL_STEPS[-len(slopes) :, None]


def _sides(
    model: Model, means: FloatArray, rows: list[int], spreads: FloatArray, steps: FloatArray = STEPS
) -> Iterator[tuple[float, _Sides]]:
    """Yield each output of a function at its inputs' means, and at each step above and below each of them."""
    middle = means[rows]
    signed = np.array([1.0, -1.0])[:, None, None] * steps[:, None] * spreads
    ends = middle + signed
    columns = np.repeat(means[:, None], 1 + ends.size, axis=1)
    moved = np.broadcast_to(np.array(rows, int), ends.shape)  # a list of none has no whole numbers
    columns[moved, np.arange(1, 1 + ends.size).reshape(ends.shape)] = ends
    values = np.empty((len(model.outputs), columns.shape[1]))
    model.run(columns, values)
    # as they are stored: beside a large mean a step is rounded
    up, down = np.abs(ends - middle)
    for own, rounded in zip(values, model.rounding(columns, values), strict=True):
        bounds = rounded[1:].reshape(ends.shape).sum(axis=0)
        upper, lower = own[1:].reshape(ends.shape)
        here = float(own[0])
        with np.errstate(all="ignore"):
            central, rounding = (upper - lower) / (up + down), bounds / (up + down)
            yield here, _Sides((upper - here) / up, (here - lower) / down, central, rounding)


def _noise(central: FloatArray) -> FloatArray:
    """Return what the shortest steps' slopes differ by, in slopes by the step of 1, shape (inputs,).

    So short a step leaves hardly any truncation: what they differ by is what the function computes inexactly,
    in single precision or by an iteration.
    """
    apart = np.abs(np.diff(central[-3:], axis=0)) * STEPS[-2:, None]
    return np.asarray(np.where(np.isfinite(apart), apart, 0).max(axis=0))


def _bend(sides: _Sides) -> FloatArray:
    """Return half the angle of a kink, in slopes: what both sides differ by however short the step is."""
    gaps = np.abs(sides.above - sides.below) / 2
    seen = gaps > 4 * sides.rounding
    shortest = len(seen) - 1 - np.argmax(seen[::-1], axis=0)
    each = np.arange(gaps.shape[1])
    last, before = gaps[shortest, each], gaps[shortest - 1, each]
    stays = seen.any(axis=0) & (shortest > 0) & (last >= STAYS * before)
    return np.asarray(np.where(stays, last, 0.0))


def linear_correlations(
    plan: Scenario, inputs: tuple[str, ...], spreads: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the inputs' standard uncertainties and linear correlations, as copula and wholes give them.

    Parameters
    ----------
    spreads
        Standard uncertainties of each input alone, shape (inputs,).
    """
    matrix = _of_copula(plan, inputs)
    if not plan.wholes:
        return spreads, matrix
    covariances = matrix * np.outer(spreads, spreads)
    for whole in plan.wholes:
        if set(whole.names).issubset(inputs):
            _add_whole(covariances, whole, plan, inputs)
    own = np.sqrt(np.diag(covariances))
    scale = np.outer(own, own)
    return own, np.divide(covariances, scale, out=np.eye(len(inputs)), where=scale > 0)


def _add_whole(covariances: FloatArray, whole: Whole, plan: Scenario, inputs: tuple[str, ...]) -> None:
    """Write the covariances of a whole's shares, with one another and with what others leave of it."""
    rows = [inputs.index(name) for name in whole.names]
    others = [inputs.index(name) for name in whole.others if name in inputs]
    means, products = whole.moments
    left = whole.total - sum(plan.distributions[name].mean for name in whole.others)
    of_left = covariances[others].sum(axis=0)
    spread = float(of_left[others].sum())
    covariances[rows, :] = -np.outer(means, of_left)
    covariances[:, rows] = covariances[rows, :].T
    covariances[np.ix_(rows, rows)] = (left**2 + spread) * products - left**2 * np.outer(means, means)


def _of_copula(plan: Scenario, inputs: tuple[str, ...]) -> FloatArray:
    matrix = np.eye(len(inputs))
    marginals = [plan.distributions[name] for name in plan.varying]
    copula = make_copula(plan.study.correlations, plan.varying, marginals, plan.study.file)
    if copula is None:
        return matrix
    scores = copula.factor @ copula.factor.T
    place = [
        (i, inputs.index(plan.varying[row]))
        for i, row in enumerate(copula.rows)
        if plan.varying[row] in inputs
    ]
    for i, a in place:
        for j, b in place:
            if j < i and abs(scores[i, j]) > LEAST_APART:
                one, other = (plan.distributions[inputs[k]] for k in (a, b))
                matrix[a, b] = matrix[b, a] = linear_correlation(one, other, scores[i, j])
    return matrix
