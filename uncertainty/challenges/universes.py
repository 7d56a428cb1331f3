"""Which combinations of a study's choices there are for an output."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from uncertainty.expressions.tree import Name, names
from uncertainty.study.scenario import excluded_because, scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uncertainty.settings import Settings
    from uncertainty.study.model import Study
    from uncertainty.study.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Combinations:
    """The valid combinations of the choices that can reach an output.

    Parameters
    ----------
    varied
        Choices that vary.
    fixed
        The option of every choice that the caller fixed.
    unreached
        Choices that cannot reach the output, left out.
    base
        The options from which single changes are made.
    options
        One combination of the varied choices each.
    plans
        The scenario of each.
    """

    varied: tuple[str, ...]
    fixed: Mapping[str, str]
    unreached: tuple[str, ...]
    base: Mapping[str, str]
    options: tuple[Mapping[str, str], ...]
    plans: tuple[Scenario, ...]


def combinations(study: Study, output: str, settings: Settings) -> Combinations:
    """Return every valid combination of the open choices that can reach an output.

    Where a combination leaves an unreached choice to be made, the base's option is taken, or the first valid
    one. Choices that the settings fix stay fixed; the reading's inputs and the overrides hold in all.
    """
    base = scenario(study, settings.reading, settings.choices, settings.overrides).choices
    reaching = reaching_choices(study, output)
    varied = tuple(name for name in study.choices if name in reaching and name not in settings.choices)
    unreached = tuple(name for name in study.choices if name not in reaching)
    options, plans = [], []
    for taken in itertools.product(*(study.choices[name].options for name in varied)):
        combination = dict(zip(varied, taken, strict=True))
        full = _completed(study, base, combination, [n for n in unreached if n not in settings.choices])
        if full is not None:
            options.append(combination)
            plans.append(scenario(study, settings.reading, full, settings.overrides))
    return Combinations(varied, settings.choices, unreached, base, tuple(options), tuple(plans))


def reaching_choices(study: Study, output: str) -> frozenset[str]:
    """Return the choices with an option that replaces something that can reach an output.

    An equation is taken to use whatever any option makes of it uses.
    """
    uses: dict[str, set[str]] = {name: set(names(e.expression)) for name, e in study.equations.items()}
    for choice in study.choices.values():
        for option in choice.options.values():
            for name, expression in option.equations.items():
                uses[name] |= names(expression)
    reached = _closure(uses, names(study.outputs[output].expression or Name(output)))
    return frozenset(
        choice.name
        for choice in study.choices.values()
        for option in choice.options.values()
        if reached & (option.equations.keys() | option.inputs.keys())
    )


def _closure(uses: Mapping[str, set[str]], start: frozenset[str]) -> set[str]:
    reached, waiting = set(start), list(start)
    while waiting:
        new = uses.get(waiting.pop(), set()) - reached
        reached |= new
        waiting += new
    return reached


def _completed(
    study: Study, base: Mapping[str, str], combination: Mapping[str, str], open_choices: list[str]
) -> dict[str, str] | None:
    """Return a valid full set of options with this combination, the nearest to the base first."""
    for full in _completions(study, base, combination, open_choices):
        if excluded_because(study, full) is None:
            return full
    return None


def _completions(
    study: Study, base: Mapping[str, str], combination: Mapping[str, str], open_choices: list[str]
) -> Iterator[dict[str, str]]:
    yield {**base, **combination}
    for taken in itertools.product(*(study.choices[name].options for name in open_choices)):
        yield {**base, **combination, **dict(zip(open_choices, taken, strict=True))}
