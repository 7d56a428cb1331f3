"""What an output is made of under a scenario, and which readings change something of it."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, cast

from uncertainty.distributions.protocol import is_distribution
from uncertainty.expressions import Name, in_order
from uncertainty.expressions.graph import names_of
from uncertainty.records import Same
from uncertainty.study.correlation import connected

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from uncertainty.distributions import Distribution
    from uncertainty.expressions import Expression
    from uncertainty.study.model import Output
    from uncertainty.study.scenario import Scenario


def made_of(plan: Scenario, output: Output) -> dict[str, Expression | Distribution]:
    """Return what an output is made of: every equation and distribution that it reaches, by name."""
    return _reached(plan, output.expression or Name(output.name))


def _reached(plan: Scenario, quantity: Expression) -> dict[str, Expression | Distribution]:
    if plan.study.function is not None:
        return dict(plan.distributions)
    waiting = list(names_of(quantity))
    found: dict[str, Expression | Distribution] = {}
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        if name in plan.equations:
            found[name] = plan.equations[name]
            waiting += names_of(plan.equations[name])
        elif name in plan.distributions:
            found[name] = plan.distributions[name]
            if name in plan.dependent:
                own = plan.dependent[name]
                found[own.column] = own.value
                waiting += names_of(own.value) - {own.column}
    return found


def changes(plan: Scenario, published: Scenario, output: Output) -> bool:
    """Tell whether an output is made of something else, or varies for another reason, than as published."""
    own = made_of(plan, output)
    alike = _making(plan, own) == _making(published, made_of(published, output))
    return not alike or not _weighed(plan, published).isdisjoint(own)


def repeated(plans: Mapping[str, Scenario], output: Output) -> dict[str, str]:
    """Return the scenarios that make an output as an earlier one does, each with the first that does."""
    makings = {
        name: (_making(plan, made_of(plan, output)), plan.observations) for name, plan in plans.items()
    }
    return _earlier(makings)


def drawn_before(plans: Mapping[str, Scenario], outputs: Iterable[Output]) -> dict[str, dict[str, str]]:
    """Return by output the scenarios in which an earlier one finds all that is found of its draws.

    There the points are the same too, what its inputs are correlated with, and the headline, of which follows
    how many cases an average has.
    """
    makings: dict[str, dict[str, object]] = {output.name: {} for output in outputs}
    for name, plan in plans.items():
        headline = made_of(plan, plan.study.outputs[plan.study.headline])
        # nearly all of it is the same for each output
        known: dict[str, object] = {}
        for output, found in makings.items():
            own = _with_correlated(plan, {**made_of(plan, plan.study.outputs[output]), **headline})
            known |= _making(plan, {each: own[each] for each in own.keys() - known.keys()})
            points = {each: plan.points[each] for each in own if each in plan.points}
            found[name] = {each: known[each] for each in own}, points, plan.observations
    return {output: _earlier(each) for output, each in makings.items()}


def _earlier(makings: Mapping[str, object]) -> dict[str, str]:
    """Return the names of what an earlier one equals, each with the first of these."""
    first: dict[str, object] = {}
    found = {}
    for name, making in makings.items():
        same = next((other for other, each in first.items() if each == making), "")
        if same:
            found[name] = same
        else:
            first[name] = making
    return found


def _with_correlated(
    plan: Scenario, own: dict[str, Expression | Distribution]
) -> dict[str, Expression | Distribution]:
    """Add to what something is made of what makes all that its inputs are correlated with, and return it."""
    sets = connected(plan.study.correlations)
    while met := [each for each in sets if not own.keys().isdisjoint(each)]:
        sets = [each for each in sets if each not in met]
        for name in chain.from_iterable(met):
            if name not in own:
                own |= _reached(plan, Name(name))
    return own


def _making(plan: Scenario, own: Mapping[str, Expression | Distribution]) -> dict[str, object]:
    """Return what an output is made of, what is always the same as its value, and why it varies."""
    return {name: _settled(each, plan.kinds.get(name)) for name, each in own.items()}


def _settled(each: Expression | Distribution, kind: str | None) -> object:
    constant = is_distribution(each) and cast("Distribution", each).is_constant
    return float(cast("Distribution", each).quantile(0.5)) if constant else (each, kind)


def _weighed(plan: Scenario, published: Scenario) -> frozenset[str]:
    """Return what the observations speak of that weigh the draws of one scenario alone."""
    study = plan.study
    found: set[str] = set()
    for name in {*plan.observations} ^ {*published.observations}:
        observation = study.observations[name]
        own = study.outputs[observation.quantity].expression if observation.of_output else None
        found |= _reached(plan, own or Name(observation.quantity)).keys()
    return frozenset(found)


def reached_inputs(plan: Scenario, quantities: Iterable[Expression]) -> list[frozenset[str]]:
    """Return the inputs that each of some expressions is computed from, their parameters' among them."""
    parts = (plan.study.inputs, *plan.equations.values(), *plan.dependent.values())
    behind = _behind(Same(plan, parts, (tuple(plan.equations), tuple(plan.dependent))))
    return [_joined(behind, each) for each in quantities]


def reached_names(plan: Scenario, names: Iterable[str]) -> frozenset[str]:
    """Return some quantities, and all that they and inputs' parameters follow from."""
    found: set[str] = set()
    waiting = [*names]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            if name in plan.dependent:
                waiting += names_of(plan.dependent[name].value)
            elif name in plan.equations:
                waiting += names_of(plan.equations[name])
    return frozenset(found)


def _joined(behind: Mapping[str, frozenset[str]], quantity: Expression) -> frozenset[str]:
    return frozenset().union(*(behind.get(name, frozenset()) for name in names_of(quantity)))


@lru_cache(maxsize=64)
def _behind(of: Same[Scenario]) -> dict[str, frozenset[str]]:
    """Return of each quantity of a scenario, and of the draws of inputs, the inputs that it comes from."""
    plan = of.held
    found = {name: frozenset({name}) for name in plan.study.inputs}
    found |= {each.column: frozenset({name}) for name, each in plan.dependent.items()}
    equations = {**plan.equations, **{name: each.value for name, each in plan.dependent.items()}}
    for name in in_order({name: names_of(each) for name, each in equations.items()}):
        if name in equations:
            found[name] = _joined(found, equations[name])
    return found
