"""A scenario whose inputs with parameters are told where these are central, and not at their points.

What such an input is drawn as has the meaning of a score alone. Its mean, its range and its values are those
that it has at one place of its parameters: a publication's points may lie far from what is believed today.
"""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np

from uncertainty.distributions.discrete import Fixed
from uncertainty.distributions.mixture import Weighted
from uncertainty.distributions.one_of import OneOf
from uncertainty.distributions.parameters import set_once
from uncertainty.distributions.spread import Spread
from uncertainty.distributions.unbounded import Normal
from uncertainty.errors import InvalidValue
from uncertainty.expressions import Call, Name
from uncertainty.expressions.tree import literal, replaced
from uncertainty.records import Frozen
from uncertainty.study.hierarchy import Values, dependent_of, drawing_order, keeps_scores, median
from uncertainty.study.scenario import evaluate_points
from uncertainty.study.together import as_shares

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from uncertainty.distributions import Distribution
    from uncertainty.distributions.conditional import Conditional
    from uncertainty.expressions import Expression
    from uncertainty.study.hierarchy import Dependent
    from uncertainty.study.scenario import Scenario

    Centre = Callable[[str, Distribution], float]


ENDS = 1e-12
"""Probability beyond each end of what is taken to be drawn of an input."""


def at_medians(plan: Scenario) -> Scenario:
    """Return the scenario with inputs told where their parameters are at their medians; see `_centred`."""
    return _centred(plan, lambda _, distribution: median(distribution))


def at_estimates(plan: Scenario, smooth: Collection[str] = ()) -> Scenario:
    """Return the scenario with inputs told where their parameters are at their estimates; see `_centred`."""
    return _centred(plan, lambda name, distribution: _estimate(plan, name, distribution), smooth)


def estimate(plan: Scenario, name: str) -> float:
    """Return where an input stands in a budget: at its mean, and a category at its likeliest member."""
    return _estimate(plan, name, plan.distributions[name])


def _estimate(plan: Scenario, name: str, distribution: Distribution) -> float:
    if plan.study.inputs[name].member_of is None:
        return distribution.mean
    # a mean of places in an order that means nothing may be a member that is never drawn
    return float(distribution.likeliest) if isinstance(distribution, OneOf) else median(distribution)


def _centred(plan: Scenario, centre: Centre, smooth: Collection[str] = ()) -> Scenario:
    """Return the scenario with inputs that have parameters drawn as their values where these are central.

    Outputs are the same at the same scores. An input whose parameters are impossible there, or
    whose draws would lose their scores there, stays as it is.

    Parameters
    ----------
    centre
        Gives an input's central value for its name and distribution, in its unit, or a category's member;
        where it is not finite the point stays.
    smooth
        Counts that may be as their means; of one among a number that is not whole there, this alone is told.
    """
    if not plan.dependent:
        return plan
    study, told = plan.study, as_shares(plan).distributions
    shares = {name for whole in plan.wholes for name in whole.names}
    values = Values(study, plan.equations, plan.points)
    distributions, dependent = dict(plan.distributions), dict(plan.dependent)
    for name in drawing_order(plan.parents, plan.distributions):
        if name not in shares and (own := plan.dependent.get(name)) is not None:
            found = _at_centre(plan, name, own, values, smooth=name in smooth)
            distributions[name], dependent[name] = found or (plan.distributions[name], own)
        each = told[name] if name in shares else distributions[name]
        if name in dependent or not each.is_constant:
            value = centre(name, each)
            if math.isfinite(value):
                values.know(name, value)
    return replace(plan, distributions=Frozen(distributions), dependent=Frozen(dependent))


def _at_centre(
    plan: Scenario, name: str, own: Dependent, values: Values, *, smooth: bool
) -> tuple[Distribution, Dependent] | None:
    """Return what `_at` does, or `_as_normal` of a count that may be as its mean; None of what stays."""
    with suppress(InvalidValue):
        return _at(plan, name, own, values)
    if smooth and own.given is not None and own.given.score is None:
        with suppress(InvalidValue):
            return _as_normal(plan, name, own, values)
    return None


def _as_normal(
    plan: Scenario, name: str, own: Dependent, values: Values
) -> tuple[Distribution, Dependent] | None:
    """Return a count among a number that is not whole by its first two moments, which such a number has."""
    given = cast("Conditional", own.given)
    place = given.place(_own_point(plan, name), plan.study.inputs[name].unit.factor)
    if isinstance(place, Weighted) or place.mean is None or "n" not in place.parameters:
        return None
    mean, p = values.of(place.mean), values.of(place.parameters["p"])
    found = Normal(mean, math.sqrt(max(mean * (1 - p), 0.0)))
    set_once(found, "written", str(given.given))
    return found, _about_mean(own, place.mean, mean)


def _at(plan: Scenario, name: str, own: Dependent, values: Values) -> tuple[Distribution, Dependent]:
    """Return what an input with parameters is drawn as, and what its draws become, at values of these."""
    given, item = own.given, plan.study.inputs[name]
    if given is None:
        return plan.distributions[name], own
    point = _own_point(plan, name)
    reference = given.at(values.of, point, item.unit.factor)
    if not keeps_scores(reference):
        return plan.distributions[name], own
    made = dependent_of(given, reference, name, values, point, item.unit.factor, own.parents)
    if given.score is not None:
        return Fixed(float(reference.quantile(np.array([given.score]))[0])), made
    return reference, made


def _own_point(plan: Scenario, name: str) -> float:
    """Return what the word "point" means in an input's text: its own, whatever it was overridden by."""
    return evaluate_points(plan.study, {})[name] if name in plan.at_medians else plan.points[name]


def counts_at_means(plan: Scenario, names: Collection[str]) -> Scenario:
    """Return the scenario with some counts drawn as their means given their parameters, and what is beside.

    A count goes in steps, and no derivative tells how it follows its parameters; its mean does. One within
    limits, whose mean is not known, stays.
    """
    changed: dict[str, Dependent] = {}
    for name, own in plan.dependent.items():
        if own.given is None or name not in names:
            continue
        mean = own.given.place(_own_point(plan, name), plan.study.inputs[name].unit.factor).mean
        if mean is not None:
            changed[name] = _about_mean(own, mean, plan.distributions[name].mean)
    return replace(plan, dependent=Frozen({**plan.dependent, **changed})) if changed else plan


def _about_mean(own: Dependent, mean: Expression, here: float) -> Dependent:
    """Return a count's draws as its mean given its parameters, and as far beside as they lie from it here."""
    apart = Call("subtract", (Name(own.column), literal(here)))
    return replace(own, value=Call("add", (mean, apart)))


def reaching(plan: Scenario) -> Scenario:
    """Return the scenario with inputs that have parameters also where no draw would take them.

    An input that is moved, stretched or given another shape goes beyond what it is drawn as, where a
    probability is 0 or 1 and says no more of a value.
    """
    values = Values(plan.study, plan.equations, plan.points)
    dependent = dict(plan.dependent)
    for name, own in plan.dependent.items():
        distribution = plan.distributions[name]
        if own.given is not None and not distribution.is_constant and not isinstance(distribution, Spread):
            dependent[name] = _reaching(own, own.given, distribution, values)
    return replace(plan, dependent=Frozen(dependent))


def _reaching(own: Dependent, given: Conditional, distribution: Distribution, values: Values) -> Dependent:
    """Return what draws become, beyond the distribution's ends as far away from what its ends become."""
    low, high = (
        float(each[0]) for each in (distribution.quantile([ENDS]), distribution.upper_quantile([ENDS]))
    )
    if _keeps(own, (low / 2 if low > 0 else 2 * low - high, 2 * high - low), 1e-6 * (high - low), values):
        return own
    column, floor = Name(own.column), 0.0 if distribution.support[0] >= 0 else None
    inside = Call("minimum", (Call("maximum", (column, literal(low))), literal(high)))
    value = Call("add", (replaced(own.value, {own.column: inside}), Call("subtract", (column, inside))))
    for operation, limit in (("maximum", floor), ("maximum", given.low), ("minimum", given.high)):
        if limit is not None:
            value = Call(operation, (value, literal(limit)))
    return replace(own, value=value)


def _keeps(own: Dependent, beyond: tuple[float, float], tolerance: float, values: Values) -> bool:
    """Tell whether values beyond a distribution's ends stay what they are where its parameters are."""
    try:
        there = [values.of(replaced(own.value, {own.column: literal(each)})) for each in beyond]
    except InvalidValue:
        return False
    return np.allclose(there, beyond, rtol=0, atol=tolerance)
