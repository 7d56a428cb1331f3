"""The readings of a study side by side, so that no headline stands alone."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Unpack

from uncertainty.budgets import affordable, apart, budgeted, keeping
from uncertainty.calls import checked
from uncertainty.case_statistics import beside_averages
from uncertainty.compiled import is_nested, wanted_output
from uncertainty.conclusion import conclude
from uncertainty.deciding import Compared
from uncertainty.errors import NonFiniteError
from uncertainty.grounds import has_printed_ranges
from uncertainty.late import dataclass
from uncertainty.leading import leading_readings
from uncertainty.over_cases import speaking_of
from uncertainty.passages import Deciding, passage
from uncertainty.plain_answers import plain_judgement
from uncertainty.propagation import RunOptions, propagate_together
from uncertainty.quotation import quotations
from uncertainty.records import Frozen, brief, view
from uncertainty.results import record
from uncertainty.results.about import about
from uncertainty.sampling.running import MEMORY, Execution, split_options
from uncertainty.settings import Settings
from uncertainty.sides import over_text
from uncertainty.study.model import AS_CHOSEN, AS_PUBLISHED, Reading
from uncertainty.study.reach import changes, drawn_before, repeated
from uncertainty.study.scenario import check_reading, scenario
from uncertainty.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from uncertainty.conclusion import Conclusion
    from uncertainty.leading import Leading
    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.plain_answers import Judgement
    from uncertainty.propagation import Propagation
    from uncertainty.quotation import Quotation
    from uncertainty.settings import Beside, Progress
    from uncertainty.study.model import Output, Study
    from uncertainty.study.scenario import Scenario


@record(
    "output=output.name",
    "leading",
    "least_favourable?",
    "convention_decides",
    "conclusion",
    "judgement",
    "quotations",
    "outputs=distributions",
)
@dataclass(frozen=True, eq=False)
class Readings:
    """One output under every reading of its study.

    Parameters
    ----------
    runs
        By reading, as published first; of this output, and maybe others. Of outputs that an earlier reading
        draws alike a run has what that one found; its own draws are of the others.
    """

    study: Study
    output: Output
    settings: Settings
    runs: Mapping[str, Propagation]

    __repr__ = brief

    def distribution(self, reading: str) -> OutputDistribution:
        """Return the output's distribution under one reading."""
        return self.runs[reading].outputs[self.output.name]

    @property
    def distributions(self) -> Mapping[str, OutputDistribution]:
        """The output's distribution under every reading."""
        return Frozen({name: self.distribution(name) for name in self.runs})

    @property
    def medians(self) -> Mapping[str, float]:
        """The output's median under every reading."""
        return Frozen({name: self.distribution(name).median for name in self.runs})

    @cached_property
    def reaching(self) -> tuple[str, ...]:
        """The readings that change something that the output depends on, as published left out."""
        published = self.runs[AS_PUBLISHED].scenario
        return tuple(name for name, run in self.runs.items() if changes(run.scenario, published, self.output))

    @cached_property
    def repeated(self) -> Mapping[str, str]:
        """The readings that make the output as an earlier one does, each with the first that does."""
        return Frozen(repeated({name: run.scenario for name, run in self.runs.items()}, self.output))

    @cached_property
    def leads(self) -> Leading:
        """Which readings are led with, and what they are for the claim."""
        return leading_readings(self.study, self.output, self.distributions, self.reaching)

    @property
    def leading(self) -> tuple[str, ...]:
        """The readings to be led with: as published, the preferred one, and the least favourable one."""
        return self.leads.names

    @property
    def least_favourable(self) -> str:
        """The reading under which the fewest single cases are on the claim's side; empty where none is."""
        return self.leads.least_favourable

    @property
    def differences(self) -> Mapping[str, Mapping[str, OutputDistribution]]:
        """The study's differences and totals beside this output, by name and by reading."""
        wanted = [name for name in differences_of(self.study) if name != self.output.name]
        found = {
            name: {reading: run.outputs[name] for reading, run in self.runs.items() if name in run.outputs}
            for name in wanted
        }
        return Frozen({name: Frozen(each) for name, each in found.items() if AS_PUBLISHED in each})

    @cached_property
    def conclusion(self) -> Conclusion:
        """In which direction the output lies, how far, and what decides it."""
        leading = [self.distribution(name) for name in self.leading if name != AS_CHOSEN]
        return conclude(self.output, self._asked, leading, self.differences, self.study.preferred_reading)

    @property
    def _asked(self) -> dict[str, OutputDistribution]:
        """Return the distribution as published and under each reading that makes another, each once."""
        first = {name: name for name in self.reaching if name not in self.repeated}
        # of those that make the same, the preferred one is told
        liked = self.study.preferred_reading
        if liked is not None and liked in self.reaching and liked in self.repeated:
            first[self.repeated[liked]] = liked
        return {name: self.distribution(name) for name in (AS_PUBLISHED, *first.values())}

    @property
    def plans(self) -> tuple[Scenario, ...]:
        """The scenarios that are led with."""
        return tuple(self.runs[name].scenario for name in self.leading)

    @cached_property
    def judgement(self) -> Judgement:
        """What the study's question is answered in plain words."""
        return plain_judgement(self._compared)

    @cached_property
    def _compared(self) -> Compared:
        found = {name: self.distribution(name) for name in self.leading} | self._asked
        over = over_text(self.output, self.plans)
        printed = frozenset(
            name for name in found if has_printed_ranges(self.runs[name].scenario, self.output.name)
        )
        return Compared(self.study, self.output, found, self.leading, over, self.conclusion, printed)

    @property
    def named(self) -> tuple[str, ...]:
        """The readings beside the leading ones that the answers name."""
        told = " ".join(f"{each.short} {each.because}" for each in self.judgement.answers)
        others = [name for name in self.reaching if name not in self.leading]
        return tuple(name for name in others if f"“{self.study.readings[name].title}”" in told)

    @cached_property
    def quotations(self) -> tuple[Quotation, ...]:
        """The sentences by which the leading readings may be quoted, the preferred one first."""
        return quotations(self._compared, self.judgement)

    def passage(self, deciding: Deciding | None = None) -> str:
        """Return one to three sentences to print: what was published, what is found, and how far that holds.

        Parameters
        ----------
        deciding
            What it depends on above all, where that is known.
        """
        return passage(self._compared, deciding or Deciding())

    @property
    def convention_decides(self) -> bool:
        """Whether the convention decides more than the data."""
        return self.conclusion.convention is not None and self.conclusion.convention.decides

    @property
    def table(self) -> Table:
        """What was found of the output, one row a reading."""
        rows = [row for run in self.runs.values() for row in self._rows(run)]
        return Table.of_rows("readings", rows, about=about(self.runs[AS_PUBLISHED].about))

    def _rows(self, run: Propagation) -> list[dict[str, Any]]:
        return [row for row in run.table_rows() if row["output"] == self.output.name]

    _repr_html_ = view


def summary_table(run: Propagation, readings: Readings | None = None) -> Table:
    """Return what a run found of its outputs, and of one of them under every other reading."""
    rows = run.table_rows()
    for name, other in ({} if readings is None else readings.runs).items():
        if readings is not None and name != run.scenario.reading:
            rows += readings._rows(other)
    return Table.of_rows("outputs", rows, about=about(run.about))


@checked(Settings, Execution)
@budgeted
def compare_readings(
    study: Study,
    *,
    output: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    beside: Beside | None = None,
    settings: Settings | None = None,
    execution: Execution | None = None,
    **options: Unpack[RunOptions],
) -> Readings:
    """Propagate one output, by default the headline, under every reading of the study.

    Choices and overrides in the settings apply on top of each reading; common random numbers are used.

    Parameters
    ----------
    progress
        Called with the readings done and the readings there are.
    beside
        What else is to be done by this process first, while copies of it begin with the readings; called
        again if it fails.
    settings, execution
        As in `propagate`; `save` means nothing here, and `memory` is what all readings' draws may take.

    Raises
    ------
    KeyboardInterrupt
        Also if a run with `until` is interrupted: some readings alone are no comparison.
    SettingError, StudyError, NonFiniteError
        As `propagate` does.
    """
    given, named = split_options(options, threads)
    settings = replace(settings or Settings(), **named)
    study = keeping(study, given.get("cache") or (execution.cache if execution else None))
    check_reading(study, settings.reading)
    name = wanted_output(study, output)
    runs = {}
    how = replace(execution or Execution(), **given)
    how = replace(how, save=None, memory=memory_of_each(study, settings, how.memory))
    plans = [replace(settings, reading=reading).scenario(study) for reading in study.readings]
    # what speaks of all cases together is also drawn as single ones
    parts = len(plans) * (1 + any(is_nested(plan, name) for plan in plans))
    settings = affordable(apart(settings, parts), "an interval", reserved=1)
    for run in run_readings(plans, [name], settings, how, progress, beside):
        if run.reached is not None and run.reached.interrupted:
            raise KeyboardInterrupt
        runs[run.scenario.reading] = run
    return Readings(study, study.outputs[name], settings, Frozen(runs))


def run_readings(
    plans: Sequence[Scenario],
    outputs: Sequence[str],
    settings: Settings,
    how: Execution,
    progress: Progress | None = None,
    beside: Beside | None = None,
) -> Iterator[Propagation]:
    """Yield the runs of outputs under some readings, with what their verdicts need.

    That are the study's differences and totals, and of outputs that speak of all cases together single ones.

    Parameters
    ----------
    beside
        As in `compare_readings`.
    """
    study = plans[0].study
    # an output more must not change how many draws a run with `until` makes
    more = [] if settings.until is not None else [n for n in differences_of(study) if n not in outputs]
    done: set[str] = set()
    try:
        for run in _with_single_cases(plans, outputs, more, settings, how, progress, beside):
            done.add(run.scenario.reading)
            yield run
    except NonFiniteError:
        if not more:
            raise
        left = [plan for plan in plans if plan.reading not in done]
        yield from _with_single_cases(left, outputs, (), settings, how, progress)


def _with_single_cases(
    plans: Sequence[Scenario],
    outputs: Sequence[str],
    more: Sequence[str],
    settings: Settings,
    how: Execution,
    progress: Progress | None,
    beside: Beside | None = None,
) -> Iterator[Propagation]:
    """Yield the run of each plan, with single cases of outputs that speak of all of them together.

    Of `more` of what is run, no single case is told.
    """
    averages = {plan.reading: [name for name in outputs if is_nested(plan, name)] for plan in plans}
    untold = {plan.reading: beside_averages(plan, averages[plan.reading]) for plan in plans}
    nested = {
        reading: own
        for reading, names in averages.items()
        if (own := [name for name in names if name not in untold[reading]])
    }
    alone = speaking_of(plans[0].study, "case", beside=True) if nested else plans[0].study
    single = [replace(plan, study=alone) for plan in plans if plan.reading in nested]
    wanted = [name for name in outputs if any(name in own for own in nested.values())]
    found = _each_once(single, wanted, settings, how)
    for run in _each_once(plans, [*outputs, *more], settings, how, progress, beside):
        if run.scenario.reading not in nested:
            yield run
            continue
        of_one = next(found).outputs
        both = {n: run.outputs[n].beside(of_one[n]) for n in nested[run.scenario.reading]}
        yield replace(run, outputs=Frozen({**run.outputs, **both}))


def _each_once(
    plans: Sequence[Scenario],
    outputs: Sequence[str],
    settings: Settings,
    how: Execution,
    progress: Progress | None = None,
    beside: Beside | None = None,
) -> Iterator[Propagation]:
    """Yield the run of each plan; what an earlier one finds alike of an output is found once."""
    before = _drawn_before(plans, outputs, settings)
    left = [[name for name in outputs if name not in own] for own in before]
    asked = [plan for plan, names in zip(plans, left, strict=True) if names]
    made = propagate_together(asked, list(filter(None, left)), settings, how, progress, beside)
    found: dict[str, Propagation] = {}
    for plan, names, own in zip(plans, left, before, strict=True):
        run = next(made) if names else found[own[outputs[0]]]
        runs = {name: found[own[name]] if name in own else run for name in outputs}
        # one that averages tells how many cases there are of each draw
        averaged = next((each for name, each in runs.items() if name in each.nested), run)
        found[plan.reading] = replace(
            run,
            scenario=plan,
            settings=replace(averaged.settings, reading=plan.reading),
            outputs=Frozen({name: each.outputs[name] for name, each in runs.items()}),
            nested=tuple(name for name, each in runs.items() if name in each.nested),
        )
        yield found[plan.reading]


def _drawn_before(
    plans: Sequence[Scenario], outputs: Sequence[str], settings: Settings
) -> list[dict[str, str]]:
    """Return for each plan the outputs that an earlier one draws alike, each with the reading that does."""
    study = plans[0].study
    # rows that are counted, and draws that are weighed or made until they are enough, are each run's own
    apart = study.function is not None or study.meter is not None or settings.until is not None
    if apart or any(plan.observations for plan in plans):
        return [{} for _ in plans]
    every = {plan.reading: plan for plan in plans}
    first = drawn_before(every, [study.outputs[name] for name in outputs])
    return [{name: own[reading] for name, own in first.items() if reading in own} for reading in every]


def differences_of(study: Study) -> tuple[str, ...]:
    """Return the study's differences and totals, which tell what a ratio does not."""
    return tuple(
        name
        for name, output in study.outputs.items()
        if output.published is None and output.scale == "linear" and output.reference is not None
    )


def memory_of_each(study: Study, settings: Settings, memory: int = MEMORY) -> int:
    """Return the bytes that a reading's draws may take: all are kept until the last has been run."""
    needs_draws = settings.interval == "shortest" or study.nonfinite == "drop"
    return memory if needs_draws else memory // len(study.readings)


def with_chosen(study: Study, choices: Mapping[str, str]) -> Study:
    """Return a study that has chosen options as one reading more.

    Raises
    ------
    StudyError
        If an option does not exist, or they do not go together.
    """
    scenario(study, choose=choices)
    reading = Reading(AS_CHOSEN, label="As chosen", choices=Frozen(dict(choices)))
    return replace(study, readings=Frozen({**study.readings, AS_CHOSEN: reading}))
