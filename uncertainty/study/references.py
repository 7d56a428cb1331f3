"""A sound study in which all distributions are known where its points are."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from uncertainty.distributions.conditional import Conditional
from uncertainty.records import Frozen
from uncertainty.study.hierarchy import conditionals
from uncertainty.study.scenario import scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from uncertainty.distributions import Distribution
    from uncertainty.study.model import Override, Study
    from uncertainty.study.scenario import Scenario


def check_settled(study: Study) -> None:
    """Refuse options and readings in which a parameter is impossible; StudyError says which."""
    for choice in study.choices.values():
        for option in choice.options.values():
            if any(isinstance(each.distribution, Conditional) for each in option.inputs.values()):
                scenario(study, choose={choice.name: option.name})
    for reading in study.readings.values():
        if any(isinstance(each.distribution, Conditional) for each in reading.inputs.values()):
            scenario(study, reading.name)


def with_references(study: Study) -> Study:
    """Return a sound study in which what has parameters is known where these stand at the points."""
    if not any(conditionals(study)) and all(item.has_point for item in study.inputs.values()):
        return study
    plan = scenario(study)
    inputs = {
        name: replace(item, distribution=_referring(item.distribution, plan, name))
        if item.has_point
        else replace(item, distribution=_referring(item.distribution, plan, name), point=plan.points[name])
        for name, item in study.inputs.items()
    }
    study = replace(study, inputs=Frozen(inputs))
    choices = {
        name: replace(
            choice,
            options=Frozen(
                {
                    each: replace(
                        option, inputs=_known(option.inputs, partial(scenario, study, choose={name: each}))
                    )
                    for each, option in choice.options.items()
                }
            ),
        )
        for name, choice in study.choices.items()
    }
    readings = {
        name: replace(reading, inputs=_known(reading.inputs, partial(scenario, study, name)))
        for name, reading in study.readings.items()
    }
    return replace(study, choices=Frozen(choices), readings=Frozen(readings))


def _known(found: Mapping[str, Override], plan: Callable[[], Scenario]) -> Mapping[str, Override]:
    """Return overrides in which what has parameters is known where it is taken."""
    if not any(isinstance(each.distribution, Conditional) for each in found.values()):
        return found
    taken = plan()
    return Frozen(
        {
            name: replace(
                each,
                distribution=_referring(each.distribution, taken, name),
                point=taken.points[name] if math.isnan(each.point) else each.point,
            )
            for name, each in found.items()
        }
    )


def _referring(distribution: Distribution | None, plan: Scenario, name: str) -> Any:
    if not isinstance(distribution, Conditional):
        return distribution
    return replace(distribution, reference=plan.distributions[name])
