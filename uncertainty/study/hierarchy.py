"""Inputs whose parameters are other quantities: what each is given, and what its draws become."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache, partial
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.distributions.conditional import POINT, Conditional
from uncertainty.distributions.discrete import Fixed, LargeCount
from uncertainty.distributions.spread import count_at
from uncertainty.errors import Fault, InvalidValue, StudyError, way_back
from uncertainty.expressions import Call, Name, Number, find_cycle
from uncertainty.expressions.graph import names_of
from uncertainty.expressions.operations import CONSTANTS, evaluate
from uncertainty.expressions.tree import literal
from uncertainty.late import dataclass
from uncertainty.records import Frozen, Same, brief
from uncertainty.study.shares import broken_up, wholes
from uncertainty.units import UnitSystem

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from uncertainty.distributions import Distribution
    from uncertainty.expressions import Expression
    from uncertainty.study.model import Study


_TAIL = np.array([1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.05, 0.2, 0.5])
SCORES = np.concatenate([_TAIL, 1 - _TAIL[-2::-1]])
"""Probabilities at which a reference must give back what it was asked for."""


@dataclass(frozen=True, slots=True)
class Dependent:
    """What the draws of an input with parameters become.

    Parameters
    ----------
    column
        Name of its draws in expressions: the values that it would have at the reference, in its unit.
    value
        Its value in its unit, from these and the parameters.
    conditions
        By parameter, what must hold for there to be a value.
    parents
        The inputs that its parameters follow from.
    given
        Its distribution given these; None of the last share of a whole, which is what the others leave.
    """

    column: str
    value: Expression
    conditions: Mapping[str, Expression]
    parents: tuple[str, ...]
    given: Conditional | None = None

    __repr__ = brief


class Settled(NamedTuple):
    """What follows where parameters are at the points.

    Parameters
    ----------
    distributions
        Of each input's draws.
    dependent
        What these become where an input has parameters.
    medians
        Of each input's draws.
    """

    distributions: dict[str, Distribution]
    dependent: dict[str, Dependent]
    medians: dict[str, float]


def settle(
    study: Study,
    equations: Mapping[str, Expression],
    points: Mapping[str, float],
    distributions: Mapping[str, Distribution],
    own: Mapping[str, float],
) -> Settled:
    """Take the parameters of a scenario's inputs where its points are.

    Parameters
    ----------
    own
        What ``point`` means in the text of each input.

    Raises
    ------
    StudyError
        If inputs depend on one another in a cycle, or a parameter is impossible at the points and at the
        medians.
    """
    found, last = broken_up(study, distributions)
    conditional = {name: d for name, d in found.items() if isinstance(d, Conditional)}
    dependent: dict[str, Dependent] = {}
    if not conditional and not last:
        return Settled(found, dependent, {n: median(found[n]) for n, p in points.items() if math.isnan(p)})
    given = {name: each.given.expressions for name, each in conditional.items()}
    given |= {name: (left,) for name, left in last.items()}
    parts = (study, *equations.values(), *(each for expressions in given.values() for each in expressions))
    names = (tuple(equations), tuple((name, len(expressions)) for name, expressions in given.items()))
    parents, order = _ordered(Same((study, given, equations), parts, names))
    at_points = Values(study, equations, points)
    medians: dict[str, float] = {}
    counted: dict[str, Distribution] = {}
    for name in order:
        if name in conditional:
            factor, given_by = study.inputs[name].unit.factor, sorted(conditional[name].names)
            ask = partial(_placed, conditional[name], given_by, point=own[name], factor=factor)
            try:
                place, found[name] = _reference(
                    ask,
                    at_points,
                    lambda p: Values(
                        study, equations, {**points, **_quantiles({**found, **counted}, medians, p)}
                    ),
                )
            except InvalidValue as error:
                message = _refused(error, conditional[name], study.inputs[name].unit.text)
                raise StudyError(Fault(message, f"inputs.{name}.distribution", study.file)) from None
            if given_by:
                given_here = tuple(place.of(Name(each)) for each in given_by)
                dependent[name] = _kept(
                    Same(
                        (conditional[name], found[name], name, place, own[name], factor, parents[name]),
                        (conditional[name],),
                        (found[name], name, given_here, own[name], factor, parents[name]),
                    )
                )
                if (score := conditional[name].score) is not None:
                    # a count keeps its place between whole numbers; what follows from it sees one of these
                    counted[name] = Fixed(_quantile(found[name], score))
                    found[name] = Fixed(float(found[name].quantile(np.array([score]))[0]))
        if name in last:
            found[name] = Fixed(points[name])
            dependent[name] = _last(name, last[name], study.inputs[name].unit.factor, parents[name])
        medians[name] = median(counted.get(name, found[name]))
        if math.isnan(points[name]):
            at_points.know(name, medians[name])
    return Settled({name: found[name] for name in distributions}, dependent, medians)


def _refused(error: InvalidValue, given: Conditional, unit: str) -> str:
    """Say why there is no distribution at the points and at the medians, and what to write for it."""
    where = "at the points and at the medians"
    if not isinstance(error, LargeCount):
        return f"{error}, {where}"
    said, _, _ = str(error).partition("; write ")
    return f"{said}, {where}; write {given.as_normal(unit)}"


@lru_cache(maxsize=128)
def _ordered(
    of: Same[tuple[Study, dict[str, tuple[Expression, ...]], Mapping[str, Expression]]],
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Return what each input is given, and all of them in the order of drawing, once for all points."""
    study, given, equations = of.held
    check_acyclic(given, equations, study.file)
    parents = parents_of(given, equations, study.inputs)
    return parents, drawing_order(parents, study.inputs)


def _reference(
    ask: Callable[[Values], tuple[Values, Distribution]], at_points: Values, at: Callable[[float], Values]
) -> tuple[Values, Distribution]:
    """Return where parameters are at the reference, and the distribution there.

    They are at the points, unless they are impossible there, or draws from there would lose their scores: at
    the medians then, or at other quantiles of what they follow from, where one of these serves.
    """
    try:
        found = ask(at_points)
    except InvalidValue:
        found = ask(at(0.5))
    if keeps_scores(found[1]):
        return found
    for probability in (0.5, 0.95, 0.05):
        with suppress(InvalidValue):
            other = ask(at(probability))
            if keeps_scores(other[1]):
                return other
    return found


def _quantiles(
    found: Mapping[str, Distribution], names: Iterable[str], probability: float
) -> dict[str, float]:
    """Return quantiles of inputs' draws, each one of the values where these are spread."""
    return {name: _quantile(found[name], probability) for name in names}


@lru_cache(maxsize=2**10)
def keeps_scores(distribution: Distribution) -> bool:
    """Tell whether the probabilities of a distribution's quantiles are those that these were asked for.

    They are not where it is narrower than numbers beside its values, or where a tail runs out of them.
    """
    with np.errstate(all="ignore"):
        again = distribution.cdf(distribution.quantile(SCORES))
    return bool((np.abs(again - SCORES) <= 0.01 * np.minimum(SCORES, 1 - SCORES)).all())


def _placed(
    conditional: Conditional, names: Sequence[str], values: Values, point: float, factor: float
) -> tuple[Values, Distribution]:
    given = tuple(values.of(Name(each)) for each in names)
    return values, _at(Same((conditional, values), (conditional,), (given, point, factor)), point, factor)


@lru_cache(maxsize=2**10)
def _at(of: Same[tuple[Conditional, Values]], point: float, factor: float) -> Distribution:
    """Return one object for all scenarios in which what a distribution is given has the same values."""
    conditional, values = of.held
    return conditional.at(values.of, point, factor)


@lru_cache(maxsize=2**10)
def _kept(
    of: Same[tuple[Conditional, Distribution, str, Values, float, float, tuple[str, ...]]],
) -> Dependent:
    """Return one object for all scenarios in which what an input is given has the same values."""
    return dependent_of(*of.held)


def dependent_of(
    written: Conditional,
    reference: Distribution,
    name: str,
    values: Values,
    point: float,
    factor: float,
    parents: tuple[str, ...],
) -> Dependent:
    """Return what the draws of an input with parameters become.

    Parameters
    ----------
    written, reference
        Its distribution given these, and that at the reference, of which its draws are.
    values
        The parameters' at the reference.
    point, factor
        Its own point, in its unit, and from that to coherent base units.
    parents
        The inputs that its parameters follow from.
    """
    conditional = replace(written, reference=reference)
    column = f"{name} as drawn"
    return Dependent(
        column,
        conditional.drawn(Name(column), values.of, point, factor),
        conditional.place(point, factor).conditions(),
        parents,
        conditional,
    )


def _last(name: str, left: Expression, factor: float, parents: tuple[str, ...]) -> Dependent:
    """Return the last share of a whole, which is what the others leave."""
    value = left if factor == 1 else Call("divide", (left, Number(factor)))
    holds = Call("greater_equal", (left, Number(0.0)))
    nothing = Call("sqrt", (Call("where", (holds, Number(0.0), literal(-1.0))),))
    return Dependent(f"{name} as drawn", Call("add", (value, nothing)), Frozen({"the rest": holds}), parents)


@lru_cache(maxsize=2**10)
def median(distribution: Distribution) -> float:
    """Return the median, one of the values where these are spread."""
    return _quantile(distribution, 0.5)


def _quantile(distribution: Distribution, probability: float) -> float:
    return count_at(distribution, float(distribution.quantile(np.array([probability]))[0]))


def check_acyclic(
    follows: Mapping[str, Sequence[Expression]], equations: Mapping[str, Expression], file: str
) -> None:
    """Refuse inputs whose parameters follow from themselves; StudyError names the cycle."""
    dependencies = {name: names_of(each) for name, each in equations.items()}
    given = {name: frozenset().union(*map(names_of, each)) - {POINT} for name, each in follows.items()}
    cycle = find_cycle(dependencies | given)
    if cycle is not None:
        key, message = cycle_fault(cycle, follows)
        raise StudyError(Fault(message, key, file))


def cycle_fault(cycle: Sequence[str], inputs: Container[str]) -> tuple[str, str]:
    """Return the key at which a cycle begins, and what is said of it."""
    own = "; its own point is called point" if len(cycle) == 2 and cycle[0] in inputs else ""
    section = "inputs" if cycle[0] in inputs else "equations"
    return f"{section}.{cycle[0]}", f"depends on itself in a cycle: {way_back(cycle)}{own}"


def formulas(study: Study) -> dict[str, list[Expression]]:
    """Return for each quantity its expressions under all options."""
    found = {name: [each.expression] for name, each in study.equations.items()}
    for choice in study.choices.values():
        for option in choice.options.values():
            for name, expression in option.equations.items():
                found.setdefault(name, []).append(expression)
    return found


def reached_by(
    expressions: Iterable[Expression], equations: Mapping[str, Sequence[Expression]]
) -> frozenset[str]:
    """Return the quantities that expressions use, and all that these follow from."""
    found: set[str] = set()
    waiting = [name for each in expressions for name in names_of(each)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(other for each in equations.get(name, ()) for other in names_of(each))
    return frozenset(found)


def follows(study: Study) -> dict[str, list[Expression]]:
    """Return for each quantity what it follows from under any option or reading, inputs among them."""
    found = formulas(study)
    for _, name, conditional in conditionals(study):
        found.setdefault(name, []).extend(conditional.given.expressions)
    for cells, _ in wholes({name: item.distribution for name, item in study.inputs.items()}):
        for cell in cells:
            found.setdefault(cell, []).extend(Name(other) for other in cells if other != cell)
    return found


def ancestors(study: Study) -> Mapping[str, frozenset[str]]:
    """Return for each input the inputs from which its parameters follow under any option, theirs too."""
    everything = follows(study)
    inputs = study.inputs
    return {
        name: (reached_by(everything.get(name, ()), everything) & inputs.keys()) - {name} for name in inputs
    }


def parents_of(
    follows: Mapping[str, Sequence[Expression]],
    equations: Mapping[str, Expression],
    inputs: Mapping[str, object],
) -> dict[str, tuple[str, ...]]:
    """Return the inputs from which the parameters of each follow, in the order of all inputs."""
    known = {name: [each] for name, each in equations.items()}
    reached = {name: reached_by(each, known) for name, each in follows.items()}
    return {name: tuple(other for other in inputs if other in found) for name, found in reached.items()}


def drawing_order(parents: Mapping[str, tuple[str, ...]], inputs: Mapping[str, object]) -> tuple[str, ...]:
    """Return all inputs, each after those that it is given."""
    return tuple(TopologicalSorter({name: parents.get(name, ()) for name in inputs}).static_order())


class Values:
    """The values of expressions at some points, in coherent base units.

    Parameters
    ----------
    points
        Every input's, in its own unit; not-a-number where it is not known yet.
    """

    def __init__(
        self, study: Study, equations: Mapping[str, Expression], points: Mapping[str, float]
    ) -> None:
        self._units = UnitSystem(study.counting_units)
        self._equations = equations
        self._factors = {name: item.unit.factor for name, item in study.inputs.items()}
        self._known = {name: points[name] * factor for name, factor in self._factors.items()}

    def know(self, name: str, point: float) -> None:
        """Take an input's point, in its own unit, that was not known before."""
        self._known[name] = point * self._factors[name]

    def of(self, expression: Expression) -> float:
        """Return a value; not-a-number or infinity where there is none."""
        needed, waiting = {}, [*names_of(expression)]
        while waiting:
            name = waiting.pop()
            if name not in self._known and name not in needed:
                needed[name] = names_of(self._equations[name])
                waiting.extend(needed[name])
        for name in TopologicalSorter(needed).static_order() if needed else ():
            if name not in self._known:
                self._known[name] = self._value(self._equations[name])
        return self._value(expression)

    def _value(self, expression: Expression) -> float:
        if isinstance(expression, Number):
            factor = 1.0 if expression.unit is None else self._units.parse(expression.unit).factor
            return expression.value * factor
        if isinstance(expression, Name):
            return CONSTANTS.get(expression.name, self._known.get(expression.name, np.nan))
        if expression.operation == "where":
            condition, if_true, if_false = expression.arguments
            return self._value(if_true if self._value(condition) else if_false)
        return evaluate(expression.operation, tuple(map(self._value, expression.arguments)))


def conditionals(study: Study) -> Iterator[tuple[str, str, Conditional]]:
    """Yield the key, the input's name and the distribution wherever a study's text has parameters."""
    for name, item in study.inputs.items():
        if isinstance(item.distribution, Conditional):
            yield f"inputs.{name}.distribution", name, item.distribution
    for choice in study.choices.values():
        for option in choice.options.values():
            for name, override in option.inputs.items():
                if isinstance(override.distribution, Conditional):
                    key = f"choices.{choice.name}.options.{option.name}.inputs.{name}"
                    yield key, name, override.distribution
    for reading in study.readings.values():
        for name, override in reading.inputs.items():
            if isinstance(override.distribution, Conditional):
                yield f"readings.{reading.name}.inputs.{name}", name, override.distribution
