"""The readings of a study side by side, so that no headline stands alone."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Unpack

from uncertainty.calls import checked
from uncertainty.compiled import wanted_output
from uncertainty.propagation import OutputDistribution, Propagation, RunOptions, propagate_together
from uncertainty.records import Frozen, brief, view
from uncertainty.results import record
from uncertainty.results.about import about
from uncertainty.sampling.running import MEMORY, Execution, split_options
from uncertainty.settings import Settings
from uncertainty.study.model import AS_CHOSEN, AS_PUBLISHED, Reading
from uncertainty.study.scenario import check_reading, scenario
from uncertainty.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.settings import Progress
    from uncertainty.study.model import Output, Study

APART = 3.0
"""Factor between readings' medians above which the convention is said to decide more than the data."""


@record("output=output.name", "leading", "convention_decides", "outputs=distributions")
@dataclass(frozen=True, eq=False)
class Readings:
    """One output under every reading of its study.

    Parameters
    ----------
    runs
        By reading, as published first.
    leading
        The readings to be led with: as published, the preferred one, and the least favourable one.
    """

    study: Study
    output: Output
    settings: Settings
    runs: Mapping[str, Propagation]
    leading: tuple[str, ...]

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

    @property
    def table(self) -> Table:
        """What was found of the output, one row a reading."""
        rows = [row for run in self.runs.values() for row in run.table_rows()]
        return Table.of_rows("readings", rows, about=about(self.runs[AS_PUBLISHED].about))

    _repr_html_ = view

    @property
    def convention_decides(self) -> bool:
        """Whether the leading readings' medians differ by more than a factor of 3, or in their sign."""
        medians = [self.medians[name] for name in self.leading]
        low, high = min(medians), max(medians)
        if low <= 0 <= high:
            return low < high
        small, large = sorted((abs(low), abs(high)))
        return large / small > APART


def summary_table(run: Propagation, readings: Readings | None = None) -> Table:
    """Return what a run found of its outputs, and of one of them under every other reading."""
    rows = run.table_rows()
    for name, other in ({} if readings is None else readings.runs).items():
        if name != run.scenario.reading:
            rows += other.table_rows()
    return Table.of_rows("outputs", rows, about=about(run.about))


@checked(Settings, Execution)
def compare_readings(
    study: Study,
    *,
    output: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
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
    check_reading(study, settings.reading)
    name = wanted_output(study, output)
    runs = {}
    how = replace(execution or Execution(), **given)
    how = replace(how, save=None, memory=memory_of_each(study, settings, how.memory))
    plans = [scenario(study, reading, settings.choices, settings.overrides) for reading in study.readings]
    for run in propagate_together(plans, [name], settings, how, progress):
        if run.reached is not None and run.reached.interrupted:
            raise KeyboardInterrupt
        runs[run.scenario.reading] = run
    medians = {reading: run.outputs[name].median for reading, run in runs.items()}
    return Readings(
        study,
        study.outputs[name],
        settings,
        Frozen(runs),
        leading_readings(study, study.outputs[name], medians),
    )


def memory_of_each(study: Study, settings: Settings, memory: int = MEMORY) -> int:
    """Return the bytes that a reading's draws may take: all are kept until the last has been run."""
    needs_draws = settings.interval == "shortest" or study.nonfinite == "drop"
    return memory if needs_draws else memory // len(study.readings)


def leading_readings(study: Study, output: Output, medians: Mapping[str, float]) -> tuple[str, ...]:
    """Choose the readings to be led with: as published, the preferred one, and the least favourable one.

    The least favourable reading is the one whose median speaks most against the claim: the lowest for "at
    least", the highest for "at most", the farthest from the published figure for "about". Where a study
    prefers no reading, the most favourable one makes up the three.
    """
    own = (AS_PUBLISHED, study.preferred_reading, AS_CHOSEN)
    others = [name for name in study.readings if name not in own]
    others.sort(key=lambda name: _against(output, medians[name]))
    preferred = [study.preferred_reading] if study.preferred_reading is not None else others[:1]
    chosen = [AS_CHOSEN] if AS_CHOSEN in study.readings else []
    return tuple(dict.fromkeys([AS_PUBLISHED, *preferred, *others[-1:], *chosen]))


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


def _against(output: Output, median: float) -> float:
    """Measure how much a median speaks against an output's claim; more is worse."""
    anchor = output.reference if output.published_value is None else output.published_value
    if output.claim == "at least" or anchor is None:
        return -median
    if output.claim == "at most":
        return median
    if output.scale == "log10":
        return abs(math.log(median / anchor)) if median > 0 and anchor > 0 else math.inf
    return abs(median - anchor)
