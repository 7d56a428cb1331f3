"""Every analysis that a report shows, run once and when it is needed."""

from __future__ import annotations

import platform
from dataclasses import field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from uncertainty._version import __version__
from uncertainty.alternatives import compare_alternatives
from uncertainty.budgets import affordable
from uncertainty.challenges.analysis import Beside, challenge, challenge_beside
from uncertainty.challenges.multiverse import refuse_too_many
from uncertainty.compiled import is_nested
from uncertainty.errors import NonFiniteError, SettingError
from uncertainty.grounds import weigh_evidence
from uncertainty.late import dataclass
from uncertainty.over_cases import case_quantiles
from uncertainty.propagation import propagate
from uncertainty.readings import Readings, memory_of_each, run_readings, with_chosen
from uncertainty.records import Frozen
from uncertainty.reproduction import reproduce
from uncertainty.sampling.running import Execution
from uncertainty.sampling.workers.beside import side_by_side
from uncertainty.sensitivity.effects import can_describe, describe_drivers
from uncertainty.sensitivity.local import local_views
from uncertainty.sensitivity.sobol.analysis import sobol
from uncertainty.settings import SAMPLES, Settings, Unasked
from uncertainty.study.model import AS_CHOSEN, AS_PUBLISHED
from uncertainty.study.scenario import STILL, STILL_OVER_CASES, scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from uncertainty.alternatives import Alternatives
    from uncertainty.case_statistics import OutputCases
    from uncertainty.challenges.analysis import Challenge
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.grounds import Grounds
    from uncertainty.propagation import Propagation
    from uncertainty.reproduction import Reproductions
    from uncertainty.sensitivity.effects import DriverDetails
    from uncertainty.sensitivity.local import LocalViews
    from uncertainty.sensitivity.second_opinion import SecondOpinion
    from uncertainty.sensitivity.sobol.analysis import SobolIndices
    from uncertainty.settings import Progress
    from uncertainty.study.model import Output, Study
    from uncertainty.study.scenario import Scenario

    Result = TypeVar("Result")

SENSITIVITY_SAMPLES = Unasked(2**14)
"""Base points of the Sobol' indices of one reading: bars and words need no more than a percentage point."""

CURVE = (0.005, 0.01, 0.025, *(place / 20 for place in range(1, 20)), 0.975, 0.99, 0.995)
"""Shares of the cases at which the picture of their distribution is known."""

MAP_SAMPLES = 2**12
"""Base points at most of the indices of all cells of an output: a map's colours need no more."""

PARTS = Frozen({"check": 0.05, "run": 0.4, "drivers": 0.28, "local": 0.04, "details": 0.1, "challenge": 0.1})
"""Of a budget, what each analysis may take; a little is left for single rows at the points."""

LIBRARIES = ("numpy", "scipy", "SALib", "pint")
"""Libraries whose version may change a number."""


OBSERVED = "an observation binds the inputs of this reading, and Sobol' indices are of free ones"
"""Why a reading that rests on observations has no Sobol' indices."""


FEWEST_INPUTS = 12
"""Inputs from which on copies of this process save more than they take to start."""


class UnderReading(NamedTuple):
    """What is asked of the headline under one reading beside its run."""

    drivers: SobolIndices | str
    opinion: SecondOpinion | None
    details: DriverDetails | None
    local: LocalViews | None
    cases: OutputCases | str


@dataclass(frozen=True, eq=False)
class ReportContent:
    """What a report is made from: each analysis runs when it is first asked for, and once.

    Parameters
    ----------
    asked
        Overrides apply on top of every reading.
    sensitivity_samples
        Base points of the Sobol' indices of one reading.
    threads
        Threads to use; by default one a core. Never changes a number.
    second_opinion
        Whether SALib is asked too what drives the headline.
    """

    study: Study
    asked: Settings
    sensitivity_samples: int = SENSITIVITY_SAMPLES
    threads: int | None = None
    second_opinion: bool = False
    _runs: dict[str, Propagation] = field(default_factory=dict, repr=False)
    _drivers: dict[str, SobolIndices | str] = field(default_factory=dict, repr=False)
    _details: dict[str, DriverDetails] = field(default_factory=dict, repr=False)
    _opinions: dict[str, SecondOpinion] = field(default_factory=dict, repr=False)
    _cases: dict[str, OutputCases | str] = field(default_factory=dict, repr=False)
    _local: dict[str, LocalViews] = field(default_factory=dict, repr=False)
    _challenges: list[Challenge] = field(default_factory=list, repr=False)

    @property
    def settings(self) -> Settings:
        """What was run, its draws rounded up to what the design needs."""
        return self.run.settings

    @cached_property
    def check(self) -> Reproductions:
        """Whether the published arithmetic reproduces."""
        return reproduce(self.study, settings=self._part("check"), threads=self.threads)

    def _part(self, what: str, runs: int = 1) -> Settings:
        """Return the settings of one of several runs of an analysis, which has a part of the budget."""
        if self.asked.budget is None:
            return self.asked
        budget = int(self.asked.budget * PARTS[what] / runs)
        samples = self.asked.samples if what == "run" else Unasked(self.asked.samples)
        return replace(self.asked, samples=samples, budget=max(budget, 1))

    @cached_property
    def grounds(self) -> Grounds:
        """What its own evidence says of each distribution."""
        return weigh_evidence(self.study)

    @property
    def run(self) -> Propagation:
        """Every output as published."""
        return self.run_under(AS_PUBLISHED)

    @cached_property
    def published_points(self) -> Mapping[str, float]:
        """The inputs' points as published, whatever a run is asked to set them to."""
        return scenario(self.study).points

    @property
    def chosen(self) -> Mapping[str, str]:
        """Options that were given by hand, which are a reading of their own."""
        own = self.study.readings.get(AS_CHOSEN)
        return {} if own is None else own.choices

    def run_under(self, reading: str) -> Propagation:
        """Return every output as published, or those that are compared under another reading."""
        if reading not in self._runs:
            plan = replace(self.asked, reading=reading).scenario(self.study)
            outputs = [*self.study.outputs] if reading == AS_PUBLISHED else compared_outputs(self.study)
            settings = affordable(self._part("run", len(self.study.readings)), "an interval", reserved=1)
            (self._runs[reading],) = run_readings([plan], outputs, settings, self._execution)
        return self._runs[reading]

    def run_all(self) -> Mapping[str, Propagation]:
        """Return every reading's run; those that are still to be made share what they have in common."""
        readings = self.study.readings
        published = partial(self.run_under, AS_PUBLISHED)
        left = [reading for reading in readings if reading not in (AS_PUBLISHED, *self._runs)]
        if left:
            asked = self.asked
            plans = [scenario(self.study, reading, asked.choices, asked.overrides) for reading in left]
            runs = run_readings(plans, compared_outputs(self.study), asked, self._execution, beside=published)
            self._runs.update(zip(left, runs, strict=True))
        published()
        return Frozen({reading: self._runs[reading] for reading in readings})

    @property
    def _execution(self) -> Execution:
        return Execution(threads=self.threads, memory=memory_of_each(self.study, self.asked))

    def cases_under(self, reading: str) -> OutputCases | str:
        """Return the headline's distribution over the cases under a reading, or why there is none."""
        if reading not in self._cases:
            settings = replace(self.asked, reading=reading)
            try:
                self._cases[reading] = case_quantiles(
                    self.study, self.study.headline, settings, self._execution, probabilities=CURVE
                )
            except (SettingError, NonFiniteError) as error:
                self._cases[reading] = str(error)
        return self._cases[reading]

    def shown_draws(self, reading: str) -> FloatArray:
        """Return draws of the headline to make a picture of: all of a reading's, or as many as do."""
        found = self.headline.distribution(reading)
        if found.draws.stored:
            return found.values
        settings = replace(self.asked, reading=reading, samples=SAMPLES)
        few = propagate(self.study, outputs=[self.study.headline], threads=self.threads, settings=settings)
        return few.outputs[self.study.headline].values

    @cached_property
    def comparisons(self) -> Mapping[str, Readings]:
        """The headline, and every other published output that shares its unit, under every reading."""
        runs = self.run_all()
        outputs = (self.study.outputs[name] for name in compared_outputs(self.study))
        return Frozen({output.name: self._compare(output, runs) for output in outputs})

    def _compare(self, output: Output, runs: Mapping[str, Propagation]) -> Readings:
        return Readings(self.study, output, self.asked, runs)

    @property
    def headline(self) -> Readings:
        """The headline under every reading."""
        return self.comparisons[self.study.headline]

    def role(self, reading: str) -> int:
        """Return a reading's place among the leading ones, which its colour and mark follow."""
        leading = self.headline.leading
        return leading.index(reading) if reading in leading else 0

    def drivers_under(self, reading: str) -> SobolIndices | str:
        """Return the headline's Sobol' indices under a reading, or why there are none."""
        if reading not in self._drivers:
            plan = self.run_under(reading).scenario
            part = self._part("drivers", len(self.headline.leading))
            settings = replace(part, reading=reading, samples=self.sensitivity_samples)
            self._drivers[reading] = (
                OBSERVED
                if plan.observations
                else (
                    sobol(self.study, output=self.study.headline, settings=settings, threads=self.threads)
                    if _moves(plan, self.study.headline)
                    else f"{_still(plan)} under this reading"
                )
            )
        return self._drivers[reading]

    def drivers_of(self, outputs: tuple[str, ...]) -> SobolIndices | str:
        """Return several outputs' Sobol' indices as published by name of input, or why there are none."""
        plan = self.run.scenario
        if not all(_moves(plan, name) for name in outputs):
            return f"{_still(plan)} as published"
        samples = min(self.sensitivity_samples, MAP_SAMPLES)
        settings = replace(self.asked, reading=AS_PUBLISHED, samples=samples)
        return sobol(self.study, output=outputs, by="name", settings=settings, threads=self.threads)

    @cached_property
    def drivers(self) -> Mapping[str, SobolIndices | str]:
        """Sobol' indices of the headline by leading reading, or why there are none."""
        return Frozen({name: self.drivers_under(name) for name in self.headline.leading})

    @cached_property
    def details(self) -> Mapping[str, DriverDetails]:
        """What knowing the top drivers would leave open and the short version, where there are indices."""
        found = {reading: self.details_under(reading) for reading in self.drivers}
        return Frozen({reading: each for reading, each in found.items() if each is not None})

    def details_under(self, reading: str) -> DriverDetails | None:
        """Return what there is to say of the headline's top drivers under a reading, if it has any."""
        if reading not in self._details:
            found = self.drivers_under(reading)
            if isinstance(found, str) or not found.outputs[self.study.headline].indices:
                return None
            budget = self._part("details", len(self.headline.leading)).budget
            if not can_describe(self.study, budget):
                return None
            self._details[reading] = describe_drivers(
                found, self.study.headline, threads=self.threads, budget=budget
            )
        return self._details[reading]

    def opinion_under(self, reading: str) -> SecondOpinion | None:
        """Return SALib's own indices of the headline under a reading, where they are asked for."""
        found = self.drivers_under(reading)
        if not self.second_opinion or isinstance(found, str):
            return None
        if reading not in self._opinions:
            from uncertainty.sensitivity.second_opinion import second_opinion

            self._opinions[reading] = second_opinion(found, self.study.headline)
        return self._opinions[reading]

    def local_under(self, reading: str) -> LocalViews:
        """Return the headline as one input at a time moves, under a reading."""
        if reading not in self._local:
            settings = replace(self._part("local", 3 * len(self.headline.leading)), reading=reading)
            self._local[reading] = local_views(self.study, self.study.headline, settings)
        return self._local[reading]

    def asked_under(self, reading: str) -> UnderReading:
        """Ask all that is asked of the headline under one reading beside its run."""
        drivers, opinion = self.drivers_under(reading), self.opinion_under(reading)
        details = self.details_under(reading)
        local = None if details is None else self.local_under(reading)
        return UnderReading(drivers, opinion, details, local, self.cases_under(reading))

    def ask_together(self) -> None:
        """Ask under each leading reading, and challenge the headline, each core taking some of it."""
        leading = self.headline.leading

        def keep(found: Sequence[UnderReading]) -> None:
            for reading, each in zip(leading, found, strict=True):
                self._keep(reading, each)

        beside = Beside([partial(self.asked_under, reading) for reading in leading], keep, self._known)
        settings, names = self._part("challenge"), [self.study.headline]
        self._challenges.append(
            challenge_beside(beside, self.study, names, self.comparisons, self.threads, settings)
        )

    def _keep(self, reading: str, found: UnderReading) -> None:
        """Keep what was asked under a reading elsewhere."""
        self._drivers[reading], self._cases[reading] = found.drivers, found.cases
        if found.opinion is not None:
            self._opinions[reading] = found.opinion
        if found.details is not None and found.local is not None:
            self._details[reading], self._local[reading] = found.details, found.local

    @property
    def works_alone(self) -> bool:
        """Whether this process does all: it counts rows, functions may hold a state, few inputs are quick."""
        few = len(self.study.inputs) < FEWEST_INPUTS
        return few or self.study.function is not None or self.asked.budget is not None

    def side_by_side(
        self, tasks: Sequence[Callable[[], Result]], late: Sequence[str] = ()
    ) -> Iterator[Result]:
        """Yield what tasks find that need nothing of one another, each core taking some where that helps.

        Several of them load the modules in `late`.
        """
        return side_by_side(tasks, 1 if self.works_alone else self.threads, self._known, late)

    @property
    def _known(self) -> list[object]:
        """Records that every process has, and that stay the same where what was found is sent."""
        return [self.study, self, *(run.scenario for run in self._runs.values())]

    @property
    def challenge(self) -> Challenge:
        """What can be held against the headline."""
        if not self._challenges:
            settings, known = self._part("challenge"), self.comparisons
            self._challenges.append(
                challenge(self.study, readings=known, threads=self.threads, settings=settings)
            )
        return self._challenges[0]

    @cached_property
    def alternatives(self) -> Alternatives | None:
        """The outputs that the study compares, as published; None where it names none."""
        if not self.study.compare:
            return None
        return compare_alternatives(self.study, threads=self.threads, settings=self.asked)

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """What made the numbers."""
        return Frozen(versions())


def gather(
    study: Study,
    *,
    settings: Settings | None = None,
    sensitivity_samples: int = SENSITIVITY_SAMPLES,
    threads: int | None = None,
    second_opinion: bool = False,
    progress: Progress | None = None,
) -> ReportContent:
    """Run every analysis that a report shows.

    Parameters
    ----------
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
    content = prepare(study, settings, sensitivity_samples, threads, second_opinion=second_opinion)
    study = content.study
    refuse_too_many(study, study.headline, content.asked)
    # three readings lead where there are three, and what was chosen
    own = AS_CHOSEN in study.readings
    total = len(study.readings) + min(3, len(study.readings) - own) + own + 3
    total += bool(study.compare)
    for done, _ in enumerate(_analyses(content), 1):
        if progress is not None:
            progress(done, total)
    return content


def prepare(
    study: Study,
    settings: Settings,
    sensitivity_samples: int = SENSITIVITY_SAMPLES,
    threads: int | None = None,
    *,
    second_opinion: bool = False,
) -> ReportContent:
    """Return a report's content before anything has run.

    Options that the settings choose are a reading of their own, beside the study's: each of these is its own
    set of options.

    Raises
    ------
    StudyError
        If an option does not exist, or the chosen ones do not go together.
    """
    if settings.choices:
        study = with_chosen(study, settings.choices)
        settings = replace(settings, choices=Frozen())
    return ReportContent(study, settings, sensitivity_samples, threads, second_opinion)


def _analyses(content: ReportContent) -> Iterator[object]:
    """Run one analysis after another, the quick ones that may refuse the study first."""
    yield content.check
    yield from content.run_all().values()
    if content.study.compare:
        yield content.alternatives
    if not content.works_alone:
        content.ask_together()
    for reading in content.headline.leading:
        yield content.drivers_under(reading), content.opinion_under(reading)
    yield content.details
    yield content.challenge


def _moves(plan: Scenario, output: str) -> bool:
    """Tell whether an input varies that an output may follow: of all cases, one that nobody knows."""
    kinds = {plan.kinds[name] for name in plan.varying}
    return bool(kinds - {"variability"} if is_nested(plan, output) else kinds)


def _still(plan: Scenario) -> str:
    return STILL_OVER_CASES if plan.varying else STILL


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
