"""Everything that can be held against a published figure, in one result."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

from uncertainty.budgets import budgeted, keeping, told
from uncertainty.calls import checked
from uncertainty.challenges.breakeven import break_even
from uncertainty.challenges.decisions import choice_effects
from uncertainty.challenges.dependence import examine_dependence
from uncertainty.challenges.designpoint import find_design_point
from uncertainty.challenges.effort import DISTRIBUTED, POINTS, SHAPES, TOGETHER, effort_of, plan_rows
from uncertainty.challenges.multiverse import Universe, make_multiverse, refuse_too_many
from uncertainty.challenges.normalspace import make_normal_space
from uncertainty.challenges.response import make_response
from uncertainty.challenges.robustness import examine_robustness
from uncertainty.challenges.stress import reverse_stress
from uncertainty.challenges.thresholds import published_threshold, thresholds
from uncertainty.challenges.verdict import judge
from uncertainty.compiled import check_unweighed, wanted_outputs
from uncertainty.late import dataclass
from uncertainty.output_distribution import AT_REFERENCE
from uncertainty.readings import compare_readings
from uncertainty.records import Frozen, brief, view
from uncertainty.reproduction import reproduce
from uncertainty.results import record
from uncertainty.results.about import About, about, dropped_of
from uncertainty.sampling.designs import make_design
from uncertainty.sampling.nesting import over_unknown
from uncertainty.sampling.workers.beside import side_by_side
from uncertainty.settings import SettingOptions, Settings
from uncertainty.study.centred import at_medians, reaching
from uncertainty.study.model import AS_PUBLISHED
from uncertainty.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from uncertainty.budgets import Plan
    from uncertainty.challenges.breakeven import BreakEven, Others
    from uncertainty.challenges.decisions import ChoiceEffect
    from uncertainty.challenges.designpoint import DesignPoint
    from uncertainty.challenges.effort import Effort, Rows
    from uncertainty.challenges.multiverse import Multiverse
    from uncertainty.challenges.normalspace import NormalSpace
    from uncertainty.challenges.robustness import Robustness
    from uncertainty.challenges.stress import Stress
    from uncertainty.challenges.thresholds import Kind, Threshold
    from uncertainty.challenges.verdict import Verdict
    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.readings import Readings
    from uncertainty.reproduction import Reproductions
    from uncertainty.sampling.estimate import Ends, Estimate
    from uncertainty.settings import Progress
    from uncertainty.study.model import Output, Study
    from uncertainty.study.scenario import Scenario

MANY_INPUTS = 12
"""Inputs from which on copies of this process save more than they take to start."""

NO_THRESHOLD = "the study has no published figure and no reference, so there is no value to cross"

NO_PLACE = "{}, and no reference is set, so there is no value to cross"

ZERO_PUBLISHED = NO_PLACE.format("a tenth of the published 0 is 0 too")


class CountedInputs(NamedTuple):
    """How many inputs were asked about one by one, of how many that reach the output.

    Parameters
    ----------
    asked, reaching
        Their numbers.
    """

    asked: int
    reaching: int


@record(
    "varied=found.combinations.varied",
    "fixed=found.combinations.fixed",
    "unreached=found.combinations.unreached",
    "samples=found.samples",
    "distinct=found.distinct",
    "share_of_universes",
    "always",
    "never",
    "choices",
    "universes=found.universes",
)
class DecidedMultiverse(NamedTuple):
    """An output in every universe, and what each choice does to it."""

    found: Multiverse
    effects: tuple[ChoiceEffect, ...]

    @property
    def share_of_universes(self) -> Mapping[Kind, float]:
        """By kind of threshold, which share of the medians is on the claim's side; it is no probability."""
        return Frozen({limit.kind: self.found.share(limit) for limit in self.found.thresholds})

    @property
    def always(self) -> Mapping[Kind, int]:
        """By kind of threshold, how many universes stay on the claim's side whatever their inputs."""
        return self._count(Universe.always)

    @property
    def never(self) -> Mapping[Kind, int]:
        """By kind of threshold, how many universes never reach the claim's side."""
        return self._count(Universe.never)

    def _count(self, is_so: Callable[[Universe, Threshold], bool]) -> Mapping[Kind, int]:
        universes, limits = self.found.universes, self.found.thresholds
        return Frozen({limit.kind: sum(is_so(each, limit) for each in universes) for limit in limits})

    @property
    def choices(self) -> Mapping[str, ChoiceEffect]:
        """By choice, the one that moves the result most first."""
        return Frozen({each.choice: each for each in self.effects})


@record("median", "**ends", f"{AT_REFERENCE}?=above")
class Balance(NamedTuple):
    """A difference or a total under one reading.

    Parameters
    ----------
    median
        Its median.
    above
        Share of draws at or above its reference.
    """

    median: Estimate
    ends: Ends
    above: Estimate | None


@record(
    "verdict=verdict.sentence",
    "judgement=verdict.judgement",
    "quotations=verdict.quotations",
    "conclusion=verdict.conclusion",
    "arithmetic=verdict.arithmetic",
    "reproduced_by=verdict.reproduced_by",
    "leading=verdict.leading",
    "readings=verdict.readings",
    "inputs",
    "thresholds",
    "break_even|=crossings",
    "design_point|=design_points",
    "stress|",
    "multiverse|=decided",
    "robustness|",
    "budget?=plan",
)
@dataclass(frozen=True, eq=False)
class OutputChallenge:
    """What can be held against one output's figure.

    A part that does not apply is a line that says why. All but the verdict and the multiverse are about the
    scenario that was asked for.

    Parameters
    ----------
    robustness
        The answers under other distributions.
    thresholds
        The values that were asked about: the one given, or a tenth of the published figure and the reference.
    break_even
        By input, for each threshold with the others at their points and distributed.
    design_points, stress
        By kind of threshold; stress also for the published figure itself.
    choices
        What each choice does, the one that moves the result most first; empty without a multiverse.
    plan
        How the model rows beyond the samples are shared among these questions, where they are bounded.
    asked, reaching
        Inputs that were asked about one by one, and inputs that reach the output: more, where these are more
        than `uncertainty.challenges.response.MOST_ASKED`.
    net_error
        What the cases that are averaged over get wrong of the output, in its standard deviations; in its unit
        where it has none, as nothing that nobody knows moves it.
    """

    output: Output
    verdict: Verdict
    thresholds: tuple[Threshold, ...]
    break_even: Mapping[str, tuple[BreakEven, ...]] | str
    design_points: Mapping[str, DesignPoint | str] | str
    stress: Mapping[str, Stress | str] | str
    multiverse: Multiverse | str
    choices: tuple[ChoiceEffect, ...]
    robustness: Robustness | str
    asked: int
    reaching: int
    plan: Plan | None = None
    net_error: float = 0.0

    __repr__ = brief

    @property
    def inputs(self) -> CountedInputs:
        """How many inputs were asked about one by one."""
        return CountedInputs(self.asked, self.reaching)

    @property
    def crossings(self) -> Mapping[str, Mapping[Kind, Mapping[Others, BreakEven]]] | str:
        """By input, kind of threshold, and where the others are, what would make the output cross."""
        if isinstance(self.break_even, str):
            return self.break_even
        found: dict[str, dict[Kind, dict[Others, BreakEven]]] = {}
        for name, rows in self.break_even.items():
            kinds = found.setdefault(name, {})
            for row in rows:
                kinds.setdefault(row.threshold.kind, {})[row.others] = row
        return Frozen(found)

    @property
    def decided(self) -> DecidedMultiverse | str:
        """The multiverse with what each choice does; or why there is nothing to combine."""
        every = self.multiverse
        return every if isinstance(every, str) else DecidedMultiverse(every, self.choices)


@record("outputs", "differences=balances")
@dataclass(frozen=True, eq=False)
class Challenge:
    """What can be held against a study's figures.

    Parameters
    ----------
    settings
        With `samples` as rounded up by the design.
    scenario
        Under which break-even values, design points, stress and robustness were found.
    differences
        The study's differences and totals, by leading reading of the first output: the unpublished outputs on
        a linear scale that have a reference. Empty where there are none.
    """

    study: Study
    settings: Settings
    scenario: Scenario
    outputs: Mapping[str, OutputChallenge]
    differences: Mapping[str, Mapping[str, OutputDistribution]]

    __repr__ = brief

    @property
    def about(self) -> About:
        """What the numbers depend on; the dropped shares are those of the reading that was asked for."""
        own = {name: each.verdict.readings[self.scenario.reading] for name, each in self.outputs.items()}
        dropped = dropped_of({name: reading.dropped for name, reading in own.items()})
        return About(self.settings, self.scenario, dropped=dropped)

    @property
    def balances(self) -> Mapping[str, Mapping[str, Balance]]:
        """By difference or total, and by leading reading, how it comes out."""
        return Frozen(
            {
                name: Frozen(
                    {
                        reading: Balance(each.middle, each.ends, each.share_at_least_reference)
                        for reading, each in found.items()
                    }
                )
                for name, found in self.differences.items()
            }
        )

    @property
    def table(self) -> Table:
        """How each output stands, one row a reading."""
        rows = [row for name, each in self.outputs.items() for row in each.verdict.rows(name)]
        return Table.of_rows("verdicts", rows, about=about(self.about))

    @property
    def universes(self) -> Table:
        """Every combination of choices, one row each; a choice that does not reach an output is empty.

        Outputs without a multiverse have no rows.
        """
        parts = {name: each.multiverse for name, each in self.outputs.items()}
        found = {name: part for name, part in parts.items() if not isinstance(part, str)}
        varied = {choice for part in found.values() for choice in part.combinations.varied}
        choices = [choice for choice in self.study.choices if choice in varied]
        rows = [row for name, part in found.items() for row in part.rows(name, choices)]
        return Table.of_rows("universes", rows, about=about(self.about))

    _repr_html_ = view


@checked(Settings)
@budgeted
def challenge(
    study: Study,
    *,
    output: str | Sequence[str] | None = None,
    threshold: float | None = None,
    readings: Mapping[str, Readings] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    cache: str | Path | None = None,
    settings: Settings | None = None,
    **options: Unpack[SettingOptions],
) -> Challenge:
    """Ask how published figures stand, what would have to be true for them, and which choices decide.

    Parameters
    ----------
    study
        A study from `load_study` or `Study.from_function`.
    output
        Names of outputs; by default the headline.
    threshold
        The value to be crossed, in the output's unit; by default a tenth of the published figure (ten times
        it, if the claim is "at most") and the output's reference.
    readings
        By output, what was compared before and need not be run again.
    threads
        Threads to use; by default one a core. Never changes a number.
    progress
        Called with the steps done and the steps there are.
    cache
        Folder that keeps what a function gives, as in `uncertainty.sampling.running.Execution`.
    settings
        What to run; or give the fields of `Settings` as keywords. Readings are compared without the choices
        that it makes, each reading being its own; in the multiverse these choices stay fixed.

    Raises
    ------
    SettingError, StudyError, NonFiniteError
        As `propagate` does.

    Examples
    --------
    >>> import uncertainty as un
    >>> study = un.Study.from_function(lambda width: {"area": width**2}, {"width": "2 to 3"})
    >>> found = un.challenge(study, threshold=4, samples=1024).outputs["area"]
    >>> round(found.break_even["width"][0].value, 6), found.multiverse
    (2.0, 'the study lists no modelling choices')
    """
    settings = replace(settings or Settings(), **options)
    study = keeping(study, cache)
    names = wanted_outputs(study, output or study.headline)
    return challenge_beside(ALONE, study, names, readings, threads, settings, threshold, progress)


def challenge_beside(
    beside: Beside,
    study: Study,
    names: Sequence[str],
    readings: Mapping[str, Readings] | None,
    threads: int | None,
    settings: Settings,
    threshold: float | None = None,
    progress: Progress | None = None,
) -> Challenge:
    """Challenge some outputs, and find other things side by side with it; `challenge` says the rest."""
    for name in names:
        refuse_too_many(study, name, settings)
    rows = plan_rows(study, settings, names, drawn=readings is None)
    named, settings = settings.budget, rows.settings(settings)
    plan = settings.scenario(study)
    check_unweighed(plan)
    reproductions = reproduce(study, settings=settings, threads=threads)
    steps = _Steps(progress, len(names))
    compared = dict(readings or {})
    outputs = {}
    for name in names:
        asked = _Asked.of(plan, name, threshold, settings, rows)
        watch = steps.part(0.4)
        if name not in compared:
            each = replace(settings, choices=Frozen(), reading=AS_PUBLISHED)
            compared[name] = compare_readings(
                study, output=name, threads=threads, progress=watch, settings=each
            )
        outputs[name] = _challenge_output(
            plan, compared[name], threshold, settings, reproductions, threads, steps, asked, beside
        )
        beside = ALONE
    samples = make_design(settings.design, plan.varying, settings.samples, settings.seed).samples
    return Challenge(
        study,
        replace(settings, samples=samples, budget=named),
        plan,
        Frozen(outputs),
        _differences(compared[names[0]]),
    )


class Beside(NamedTuple):
    """What is found side by side with a challenge, and needs nothing of it.

    Parameters
    ----------
    tasks
        What finds it.
    keep
        Is given what was found, in the order of the tasks.
    known
        Records that the findings name and that are to stay the same objects.
    """

    tasks: Sequence[Callable[[], Any]]
    keep: Callable[[Sequence[Any]], None]
    known: Sequence[object]


ALONE = Beside((), lambda _: None, ())


class _Asked(NamedTuple):
    """What is asked about an output, and what it may take: known before anything is run.

    Parameters
    ----------
    plan
        How its rows are shared, where they are bounded.
    """

    space: NormalSpace
    middle: NormalSpace
    effort: Effort
    plan: Plan | None
    without_universes: str

    @classmethod
    def of(cls, plan: Scenario, name: str, threshold: float | None, settings: Settings, rows: Rows) -> _Asked:
        output = plan.study.outputs[name]
        limits = len(thresholds(output, threshold))
        published = threshold is None and published_threshold(output) is not None
        space = _space(reaching(plan), name, settings.seed)
        middle = space
        if space.response.plan.dependent:
            # values, ranges and medians of an input with parameters are those at its parameters' medians
            middle = _space(reaching(at_medians(plan)), name, settings.seed, space.response.plan)
        effort = effort_of(space, limits, limits + published, settings, rows.beyond)
        shared = rows.whole(effort.plan)
        if shared is not None:
            told(shared)
        return cls(space, middle, effort, shared, rows.without_universes)


def _space(plan: Scenario, name: str, seed: int, like: Scenario | None = None) -> NormalSpace:
    return make_normal_space(make_response(over_unknown(plan, [name], seed, like), name))


def _challenge_output(
    plan: Scenario,
    readings: Readings,
    threshold: float | None,
    settings: Settings,
    reproductions: Reproductions,
    threads: int | None,
    steps: _Steps,
    asked: _Asked,
    beside: Beside,
) -> OutputChallenge:
    study, name = plan.study, readings.output.name
    output = study.outputs[name]
    draws = readings.distribution(readings.leading[0]).draws
    spread = draws.spread
    limits = thresholds(output, threshold, spread)
    figure = published_threshold(output, spread)
    splits = limits if figure is None or threshold is not None else (*limits, figure)
    space, middle, effort = asked.space, asked.middle, asked.effort
    logarithmic = output.scale == "log10"
    without = _without_threshold(output)

    def combined() -> tuple[Multiverse | str, tuple[ChoiceEffect, ...]]:
        found = asked.without_universes or make_multiverse(
            study, name, settings, threads=threads, progress=steps.part(0.4)
        )
        return found, () if isinstance(found, str) else choice_effects(found)

    # what takes the longest first, so that nobody waits for the last
    parts: list[Callable[[], Any]] = [
        combined,
        *beside.tasks,
        lambda: _break_even(space, middle, limits, settings, effort) if limits else without,
        lambda: _robustness(plan, middle, splits, settings, effort),
        *(
            partial(find_design_point, space, limit, settings.seed, effort, logarithmic=logarithmic)
            for limit in limits
        ),
        *(partial(reverse_stress, space, limit, settings.seed, effort) for limit in splits),
    ]
    known = [study, plan, space, space.response, middle, middle.response, *beside.known]
    late = ("scipy.optimize",) if limits else ()
    found = side_by_side(parts, 1 if _works_alone(study, space, beside) else threads, known, late)
    multiverse, effects = next(found)
    beside.keep([next(found) for _ in beside.tasks])
    crossings, robustness = next(found), next(found)
    challenged = OutputChallenge(
        output,
        judge(readings, reproductions),
        limits,
        crossings,
        _by_kind(limits, without, found),
        _by_kind(splits, without, found),
        multiverse,
        effects,
        robustness,
        len(space.response.asked),
        space.response.reaching,
        asked.plan,
        space.response.net_error / (1.0 if draws.equal else draws.sd.value),
    )
    steps.part(0.2)(1, 1)
    return challenged


def _without_threshold(output: Output) -> str:
    """Say why there may be nothing to cross."""
    if output.unplaced_because:
        return NO_PLACE.format(output.unplaced_because)
    return NO_THRESHOLD if output.published is None else ZERO_PUBLISHED


def _works_alone(study: Study, space: NormalSpace, beside: Beside) -> bool:
    """Tell whether this process does all: rows are counted here, and functions may hold a state."""
    # few inputs are asked about in no time
    few = len(space.response.inputs) < MANY_INPUTS and not beside.tasks
    return study.function is not None or study.meter is not None or few


def _break_even(
    space: NormalSpace, middle: NormalSpace, limits: tuple[Threshold, ...], settings: Settings, effort: Effort
) -> Mapping[str, tuple[BreakEven, ...]] | str:
    if (left_out := effort.left_out(POINTS)) and effort.left_out(DISTRIBUTED):
        return left_out
    return break_even(space, limits, settings.seed, effort, middle)


def _robustness(
    plan: Scenario, space: NormalSpace, limits: tuple[Threshold, ...], settings: Settings, effort: Effort
) -> Robustness | str:
    """Ask the same question with other distributions, and with inputs that go together."""
    found = effort.left_out(SHAPES) or examine_robustness(space, limits, settings, effort.shapes)
    if isinstance(found, str):
        return found
    if effort.left_out(TOGETHER):
        return found
    pairs, together = examine_dependence(plan, space.response.output, settings, effort.together)
    return replace(found, dependence=pairs, together=together)


def _by_kind(limits: tuple[Threshold, ...], without: str, found: Iterator[Any]) -> Mapping[str, Any] | str:
    if not limits:
        return without
    return Frozen({limit.kind: next(found) for limit in limits})


def _differences(readings: Readings) -> Mapping[str, Mapping[str, OutputDistribution]]:
    leading = readings.leading
    return Frozen(
        {
            name: Frozen({reading: found[reading] for reading in leading if reading in found})
            for name, found in readings.differences.items()
        }
    )


class _Steps:
    """Turns the progress of parts into that of the whole, in thousandths of an output."""

    def __init__(self, progress: Progress | None, outputs: int) -> None:
        self._progress = progress
        self._total = 1000 * outputs
        self._before = 0.0

    def part(self, share: float) -> Progress:
        """Return the progress of the next part, which makes up a share of its output."""
        start = self._before
        self._before += 1000 * share

        def report(done: int, total: int) -> None:
            if self._progress is not None:
                self._progress(round(start + 1000 * share * done / max(total, 1)), self._total)

        return report
