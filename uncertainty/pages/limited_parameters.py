"""What becomes, within an input's limits, of the mean or median that another quantity sets it to."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty import numbers
from uncertainty.distributions.mixture import Weighted
from uncertainty.errors import InvalidValue
from uncertainty.study.centred import at_medians
from uncertainty.study.hierarchy import Values, median
from uncertainty.study.reach import reached_inputs
from uncertainty.wording import listed, with_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from uncertainty.challenges.breakeven import BreakEven, Others
    from uncertainty.study.scenario import Scenario


LEAST = 0.01
"""Part of itself by which limits must move a mean or median to be told."""


class _Centre(NamedTuple):
    """What an input is centred on: as a parameter sets it, and within the input's limits.

    Parameters
    ----------
    kind
        ``"mean"`` or ``"median"``.
    limits
        In words.
    """

    kind: str
    limits: str
    told: float
    within: float


def limits_sentences(scenario: Scenario, output: str, crossings: Iterable[BreakEven]) -> list[str]:
    """Say of values that set the mean or median of another input what this has within its limits.

    Such a value is that of a parameter alone, whatever its title; where limits hardly move what it sets, the
    two are one, and nothing is said.

    Parameters
    ----------
    output
        The one that crosses at these values.
    """
    study = scenario.study
    formula = study.outputs[output].expression
    reached = frozenset() if formula is None else reached_inputs(scenario, [formula])[0]
    places: dict[Others, Mapping[str, float]] = {"points": scenario.points}
    said: dict[tuple[str, str, str, str], list[str]] = {}
    for found in crossings:
        name, value, digits = found.input, found.value, 2 if found.others == "distributed" else 3
        children = [each for each in scenario.dependent if name in scenario.parents[each] and each in reached]
        if value is None or not children:
            continue
        if found.others not in places:
            places[found.others] = _medians(scenario)
        for child in children:
            centre = _centre(scenario, child, {**places[found.others], name: value})
            if centre is not None and abs(centre.within - centre.told) > LEAST * abs(centre.told):
                at = with_unit(numbers.number(value, digits), study.inputs[name].unit.text)
                here = said.setdefault((name, child, centre.kind, centre.limits), [])
                here.append(f"{numbers.number(centre.within, digits)} where the first is {at}")
    return [
        f"“{study.inputs[name].title}” sets the {kind} that “{study.inputs[child].title}” would have without "
        f"limits; within them, {limits}, that is {listed(dict.fromkeys(told))}."
        for (name, child, kind, limits), told in said.items()
    ]


def _medians(scenario: Scenario) -> dict[str, float]:
    """Return every input's value with those that vary, and their parameters, at their medians."""
    central = at_medians(scenario)
    varying = {name: median(central.distributions[name]) for name in central.varying}
    return {**scenario.points, **varying}


def _centre(scenario: Scenario, name: str, points: Mapping[str, float]) -> _Centre | None:
    """Return what limits make of an input's centre; None of one that has none, or no parameter for it."""
    given, item = scenario.dependent[name].given, scenario.study.inputs[name]
    if given is None:
        return None
    own, factor = scenario.points[name], item.unit.factor
    place = given.place(own, factor)
    if isinstance(place, Weighted) or not place.is_bounded:
        return None
    kind = next((each for each in ("mean", "median") if each in place.parameters), None)
    values = Values(scenario.study, scenario.equations, points)
    with suppress(InvalidValue):
        if kind is not None:
            found = given.at(values.of, own, factor)
            within = found.mean if kind == "mean" else float(found.quantile(np.array([0.5]))[0])
            low, high = (None if each is None else values.of(each) for each in (place.low, place.high))
            limits = _limits(low, high)
            return _Centre(kind, with_unit(limits, item.unit.text), values.of(place.parameters[kind]), within)
    return None


def _limits(low: float | None, high: float | None) -> str:
    if high is None:
        return f"at least {low:g}"
    return f"at most {high:g}" if low is None else f"{low:g} to {high:g}"
