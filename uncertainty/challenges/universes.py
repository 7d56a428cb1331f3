"""Which combinations of a study's choices there are, each drawn on common random numbers."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.challenges.response import compile_reaching
from uncertainty.compiled import EquationModel
from uncertainty.expressions.tree import Name
from uncertainty.late import dataclass
from uncertainty.records import brief
from uncertainty.sampling.case_model import CaseModel
from uncertainty.sampling.estimate import NOTHING
from uncertainty.sampling.family import MOST_BYTES, Columns, Member, draw
from uncertainty.sampling.joint import ranks_of
from uncertainty.sampling.nesting import over_unknown
from uncertainty.sampling.net_error import Nets, few_of
from uncertainty.sampling.workers.engine import make_engine
from uncertainty.study.hierarchy import follows, reached_by
from uncertainty.study.scenario import excluded_because, scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
    from typing import Any

    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.designs import Design
    from uncertainty.sampling.estimate import Least
    from uncertainty.settings import Settings
    from uncertainty.study.model import Exclusion, Study
    from uncertainty.study.scenario import Scenario


MOST_UNIVERSES = 20_000

MOST_TRIED = 500_000
"""Options that are tried in search of combinations: rules may leave few of very many."""

FIX_SOME = "with some of the choices fixed, the others can be examined"


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

    __repr__ = brief


def combinations(study: Study, output: str, settings: Settings) -> Combinations | str:
    """Return every valid combination of the open choices that can reach an output.

    Where a combination leaves an unreached choice to be made, the base's option is taken, or the first valid
    one. Choices that the settings fix stay fixed; the reading's inputs and the overrides hold in all.

    Returns
    -------
    Combinations or str
        Why there are none, in one line, where there are too many.
    """
    base = settings.scenario(study).choices
    reaching = reaching_choices(study, output)
    varied = tuple(name for name in study.choices if name in reaching and name not in settings.choices)
    unreached = tuple(name for name in study.choices if name not in reaching)
    others = [name for name in unreached if name not in settings.choices]
    try:
        # counted before any is kept: each costs as much memory as the study has choices
        counted = _Search(study, iter(range(MOST_TRIED))).valid(settings.choices, varied)
        if sum(1 for _ in islice(counted, MOST_UNIVERSES + 1)) > MOST_UNIVERSES:
            return f"the open choices have more than {MOST_UNIVERSES:,} combinations; {FIX_SOME}"
        completed = list(_completed(study, settings.choices, base, varied, others))
    except _TooMany:
        return f"the open choices have too many combinations to find the valid ones; {FIX_SOME}"
    options = tuple({name: full[name] for name in varied} for full in completed)
    plans: list[Scenario] = []
    for full in completed:
        plan = scenario(study, settings.reading, full, settings.overrides, tuple(settings.observe))
        # the nets of all have the size that the first with one needs
        like = next((each for each in plans if each.nested is not None), None)
        plans.append(over_unknown(plan, [output], settings.seed, like))
    return Combinations(varied, settings.choices, unreached, base, options, tuple(plans))


def _completed(
    study: Study,
    fixed: Mapping[str, str],
    base: Mapping[str, str],
    varied: Sequence[str],
    others: Sequence[str],
) -> Iterator[dict[str, str]]:
    """Yield each combination as a full set of options, the base's for the others where they are valid."""
    search = _Search(study, iter(range(MOST_TRIED)))
    for taken in search.valid(fixed, varied):
        full = {**base, **taken}
        if excluded_because(study, full) is None:
            yield full
        elif others:
            yield from map(dict, islice(search.valid(taken, others), 1))


class _TooMany(Exception):  # noqa: N818 - it ends a search and is shown to nobody
    """A search has taken too many steps."""


@dataclass(frozen=True, slots=True)
class _Search:
    """A search for combinations that no rule excludes, which leaves a combination as soon as one does.

    Parameters
    ----------
    steps
        As many items as options may be tried.
    """

    study: Study
    steps: Iterator[int]

    def valid(self, fixed: Mapping[str, str], names: Sequence[str]) -> Iterator[Mapping[str, str]]:
        """Yield what is fixed with options of some choices that go together with it, in their order.

        What is yielded is the same mapping each time, changed.
        """
        taken = dict(fixed)
        if not names:
            yield taken
            return
        rules = self._rules(fixed, names)
        waiting = [iter(self.study.choices[names[0]].options)]
        while waiting:
            name = names[len(waiting) - 1]
            option = next(waiting[-1], None)
            if option is None:
                waiting.pop()
                continue
            if next(self.steps, None) is None:
                raise _TooMany
            taken[name] = option
            if any(rule.matches(taken) for rule in rules[name]):
                continue
            if len(waiting) == len(names):
                yield taken
            else:
                waiting.append(iter(self.study.choices[names[len(waiting)]].options))

    def _rules(self, fixed: Mapping[str, str], names: Sequence[str]) -> dict[str, list[Exclusion]]:
        """Return the rules that can be judged once a choice is made, by that choice."""
        place = {name: number for number, name in enumerate(names)}
        rules: dict[str, list[Exclusion]] = {name: [] for name in names}
        for rule in self.study.excluded:
            places = [place[name] for name in rule.when if name in place]
            if places and all(name in place or name in fixed for name in rule.when):
                rules[names[max(places)]].append(rule)
        return rules


def reaching_choices(study: Study, output: str) -> frozenset[str]:
    """Return the choices with an option that replaces something that can reach an output.

    An equation is taken to use whatever any option makes of it uses, and an input what its parameters use.
    """
    shown = study.outputs[output].expression or Name(output)
    reached = reached_by([shown], follows(study))
    return frozenset(
        choice.name
        for choice in study.choices.values()
        for option in choice.options.values()
        if reached & (option.equations.keys() | option.inputs.keys())
    )


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Many scenarios, ready to run together.

    Parameters
    ----------
    scenarios
        In the order in which they were given.
    members
        The distinct ones among them.
    member_of
        For each scenario the number of its member.
    columns
        The input values that they read.
    """

    scenarios: tuple[Scenario, ...]
    members: tuple[Member, ...]
    member_of: tuple[int, ...]
    columns: Columns

    @property
    def design(self) -> Design:
        """Where the scenarios are drawn."""
        return self.columns.design

    def distributions(self, number: int) -> list[Distribution]:
        """Return the distributions of a member's columns."""
        return [self.columns.distributions[column] for column in self.members[number].columns]

    def draw(
        self, threads: int | None = None, progress: Callable[[int, int], None] | None = None
    ) -> Iterator[tuple[range, FloatArray]]:
        """Yield the draws of some members at a time, shape (members, samples); the array is reused.

        Parameters
        ----------
        progress
            Called with the rows done and the rows there are, over all members.
        """
        engine = make_engine(threads, turns=self.scenarios[0].study.turns)
        at_once = max(1, MOST_BYTES // (8 * self.design.samples))
        drawn = np.empty((min(at_once, len(self.members)), self.design.samples))
        total = self.design.samples * -(-len(self.members) // at_once)
        for first in range(0, len(self.members), at_once):
            chosen = range(first, min(first + at_once, len(self.members)))
            draw(self.columns, self.members[first : chosen.stop], engine, drawn[: len(chosen)])
            if progress is not None:
                progress(min((first // at_once + 1) * self.design.samples, total), total)
            yield chosen, drawn[: len(chosen)]

    def net_errors(self, chosen: range, drawn: FloatArray) -> list[Least]:
        """Return what the net of cases of each of some members gets wrong, by the output's value.

        It is told in draws that all have in common, so that what several average is averaged once.

        Parameters
        ----------
        drawn
            Their draws, shape (members, samples).
        """
        found = [NOTHING] * len(chosen)
        nets = {}
        for place, number in enumerate(chosen):
            plan, model = self.scenarios[self.member_of.index(number)], self.members[number].model
            if plan.study.meter is None and (own := Nets.of(plan, model.outputs[0], model)) is not None:
                nets[place] = own
        if not nets:
            return found
        rows = few_of(ranks_of(drawn[list(nets)]).sum(axis=0))
        wanted = sorted(set[int]().union(*(self.members[chosen[place]].read for place in nets)))
        inputs, row_of = self.columns.at(rows, wanted), {column: row for row, column in enumerate(wanted)}
        for place, own in nets.items():
            values = np.zeros((len(self.members[chosen[place]].columns), rows.size))
            for row, column in enumerate(self.members[chosen[place]].columns):
                if column in row_of:
                    values[row] = inputs[row_of[column]]
            found[place] = own.least(values, drawn[place, rows])
        return found


def make_ensemble(
    scenarios: Sequence[Scenario], output: str, samples: int, seed: int, design: str
) -> Ensemble:
    """Prepare scenarios of one study to be run together.

    Parameters
    ----------
    output
        The one output that is wanted of each.
    samples, seed, design
        As in `Settings`.
    """
    columns = Columns(scenarios, samples, seed, design)
    members: list[Member] = []
    numbers: dict[Any, int] = {}
    member_of = []
    for plan in scenarios:
        own, model = compile_reaching(plan, output, fixed=False)
        places = columns.of(plan, own)
        member = Member(model, places)
        number = numbers.setdefault(_computed(member) or id(plan), len(members))
        if number == len(members):
            members.append(member)
        member_of.append(number)
    return Ensemble(tuple(scenarios), tuple(members), tuple(member_of), columns)


def _computed(member: Member) -> Hashable:
    """Return what a member computes, and from which columns; None where that cannot be told."""
    model = member.model
    if isinstance(model, EquationModel):
        return model.tape, member.columns
    if not isinstance(model, CaseModel) or model.cases.link is not None or None in model.cases.columns:
        return None
    statistics = tuple((each.statistic, each.value) for each in model.measures)
    read = tuple((place, member.columns[place]) for place in member.places)
    return model.averages, model.singles, model.others, statistics, read, model.cases.columns
