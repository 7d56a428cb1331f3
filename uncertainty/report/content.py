"""Every analysis that a report shows, run once."""

from __future__ import annotations

import platform
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty._version import __version__
from uncertainty.challenges.analysis import challenge
from uncertainty.errors import SettingError
from uncertainty.propagation import propagate
from uncertainty.readings import Readings, leading_readings
from uncertainty.reproduction import reproduce
from uncertainty.sensitivity.details import describe_drivers
from uncertainty.sensitivity.sobol import sobol
from uncertainty.settings import Settings
from uncertainty.study.model import AS_PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from uncertainty.challenges.analysis import Challenge
    from uncertainty.propagation import Propagation
    from uncertainty.reproduction import Reproductions
    from uncertainty.sensitivity.details import DriverDetails
    from uncertainty.sensitivity.sobol import SobolIndices
    from uncertainty.settings import Progress
    from uncertainty.study.model import Output, Study

SENSITIVITY_SAMPLES = 2**14
"""Base points of the Sobol' indices of one reading: bars and words need no more than a percentage point."""

LIBRARIES = ("numpy", "scipy", "SALib", "pint")
"""Libraries whose version may change a number."""


@dataclass(frozen=True, eq=False)
class ReportContent:
    """What a report is made from.

    Parameters
    ----------
    run
        Every output as published.
    comparisons
        The headline, and every other published output that shares its unit, under every reading.
    drivers
        Sobol' indices of the headline by leading reading, or why there are none.
    details
        What knowing the top drivers would leave open and the short version, by reading that has indices.
    challenge
        What can be held against the headline.
    versions
        What made the numbers.
    """

    study: Study
    settings: Settings
    check: Reproductions
    run: Propagation
    comparisons: Mapping[str, Readings]
    drivers: Mapping[str, SobolIndices | str]
    details: Mapping[str, DriverDetails]
    challenge: Challenge
    versions: Mapping[str, str]

    @property
    def headline(self) -> Readings:
        """The headline under every reading."""
        return self.comparisons[self.study.headline]


def gather(
    study: Study,
    *,
    settings: Settings | None = None,
    sensitivity_samples: int = SENSITIVITY_SAMPLES,
    threads: int | None = None,
    progress: Progress | None = None,
) -> ReportContent:
    """Run every analysis that a report shows.

    Parameters
    ----------
    settings
        Choices and overrides apply on top of every reading.
    sensitivity_samples
        Base points of the Sobol' indices.
    progress
        Called with the analyses done and the analyses there are.

    Raises
    ------
    SettingError
        If a setting is wrong, or names one reading: a report shows them all.
    StudyError, NonFiniteError
        As `propagate` does.
    """
    settings = settings or Settings()
    if settings.reading != AS_PUBLISHED:
        raise SettingError(f'a report shows every reading: "{settings.reading}" cannot be asked for alone')
    compared = compared_outputs(study)
    step = _Steps(progress, len(study.readings) + 3)
    check = reproduce(study)
    step.done()
    runs = {}
    for reading in study.readings:
        runs[reading] = propagate(
            study,
            outputs=None if reading == AS_PUBLISHED else compared,
            threads=threads,
            settings=replace(settings, reading=reading),
        )
        step.done()
    run = runs[AS_PUBLISHED]
    comparisons = {name: _compare(study, study.outputs[name], settings, runs) for name in compared}
    leading = comparisons[study.headline].leading
    drivers: dict[str, SobolIndices | str] = {}
    for reading in leading:
        asked = replace(settings, reading=reading, samples=sensitivity_samples)
        drivers[reading] = _drivers(study, asked, runs[reading], threads)
    details = {
        reading: describe_drivers(found, study.headline, threads=threads)
        for reading, found in drivers.items()
        if not isinstance(found, str) and found.outputs[study.headline].indices
    }
    step.done()
    challenged = challenge(study, readings=comparisons, threads=threads, settings=settings)
    step.done()
    return ReportContent(
        study,
        run.settings,
        check,
        run,
        MappingProxyType(comparisons),
        MappingProxyType(drivers),
        MappingProxyType(details),
        challenged,
        MappingProxyType(versions()),
    )


def compared_outputs(study: Study) -> tuple[str, ...]:
    """Return the headline and every other published output in its unit, in the study's order."""
    unit = study.outputs[study.headline].unit
    return tuple(
        name
        for name, output in study.outputs.items()
        if name == study.headline or (output.published is not None and output.unit == unit)
    )


def versions() -> dict[str, str]:
    """Return the versions of what made the numbers."""
    from importlib.metadata import version

    found = {"uncertainty": __version__, "Python": platform.python_version()}
    return found | {library: version(library) for library in LIBRARIES}


def _compare(study: Study, output: Output, settings: Settings, runs: Mapping[str, Propagation]) -> Readings:
    medians = {reading: run.outputs[output.name].median for reading, run in runs.items()}
    leading = leading_readings(study, output, medians)
    return Readings(study, output, settings, MappingProxyType(dict(runs)), leading)


def _drivers(study: Study, settings: Settings, run: Propagation, threads: int | None) -> SobolIndices | str:
    if not run.scenario.varying:
        return "no input varies under this reading"
    return sobol(study, output=study.headline, settings=settings, threads=threads)


class _Steps:
    """Counts analyses for a caller who shows progress."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress: Callable[[int, int], None] = progress or (lambda done, total: None)  # noqa: ARG005
        self._done = 0
        self._total = total

    def done(self) -> None:
        self._done += 1
        self._progress(self._done, self._total)
