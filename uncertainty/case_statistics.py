"""The distribution over cases, with what nobody knows of it: two-dimensional Monte Carlo."""

from __future__ import annotations

from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.budgets import affordable, elsewhere_of, parts_of, rounded_down, rounded_up
from uncertainty.characters import on_one_line
from uncertainty.compiled import differs, graph_input, is_nested, scenario_graph
from uncertainty.errors import Fault, NonFiniteError, SettingError
from uncertainty.expressions import Name
from uncertainty.expressions.stages import BESIDE_AVERAGE, differing, has_beside
from uncertainty.late import dataclass
from uncertainty.records import Frozen, brief, view
from uncertainty.results import record, row_of
from uncertainty.sampling.case_draws import (
    Sizes,
    choose_sizes,
    draw_measures,
    fewest_draws,
    fewest_outer,
    looked_at,
    meeting_rare,
    settles,
)
from uncertainty.sampling.case_model import Measure
from uncertainty.sampling.estimate import Ends
from uncertainty.sampling.nesting import FEWEST_CASES, NET_PILOT, make_case_model, own_measure
from uncertainty.sampling.weighing import weigh
from uncertainty.sampling.workers.engine import make_engine
from uncertainty.study.formulas import has_average
from uncertainty.tables import Table

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from uncertainty.sampling.case_model import CaseFunction, CaseModel
    from uncertainty.sampling.estimate import Estimate
    from uncertainty.sampling.running import Execution
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.sampling.statistics import Draws, IntervalKind
    from uncertainty.sampling.weighing import Weights
    from uncertainty.settings import Progress, Settings
    from uncertainty.study.model import Output
    from uncertainty.study.scenario import Scenario

SINGLE_ROWS = 4
"""Rows at the points that a call may run between its parts."""
PROBABILITIES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles that tell of a distribution over cases."""

AVERAGED = 2 * FEWEST_CASES
"""Cases of an average, where the rows allow them: fewer tell little of what goes along with known means."""

PICTURED = 256
"""Cases that such a distribution needs, where the rows allow them."""


@record("median=middle", "**ends")
@dataclass(frozen=True, eq=False)
class Spread:
    """A statistic of the cases, and what nobody knows of it.

    Parameters
    ----------
    draws
        One for each draw of what nobody knows.
    level, kind
        Of the interval.
    """

    draws: Draws
    level: float
    kind: IntervalKind

    __repr__ = brief

    @cached_property
    def middle(self) -> Estimate:
        """The median, with its Monte Carlo error."""
        return self.draws.quantile(0.5)

    @cached_property
    def ends(self) -> Ends:
        """The ends of the uncertainty interval, with their Monte Carlo errors."""
        return Ends(*self.draws.interval(self.level, self.kind))

    @property
    def median(self) -> float:
        """The median."""
        return self.middle.value

    @property
    def interval(self) -> tuple[float, float]:
        """The low and high end of the uncertainty interval."""
        return self.ends.values


@record("probability", "**spread")
class CaseQuantile(NamedTuple):
    """A quantile of the distribution over cases.

    Parameters
    ----------
    probability
        Share of the cases that lie below it.
    """

    probability: float
    spread: Spread


@record(
    "average|=average",
    "median_case",
    "share_beyond_published",
    "share_beyond_reference",
    "quantiles",
)
@dataclass(frozen=True, eq=False)
class OutputCases:
    """An output's distribution over the cases, given what nobody knows.

    Parameters
    ----------
    average
        The average over the cases, or the formula where that averages; or why it does not settle.
    median_case
        The value that half the cases reach at most.
    share_beyond_published, share_beyond_reference
        Shares of the cases at the published figure and the reference, or beyond them on the side that the
        claim speaks of; None where there are no such values.
    quantiles
        Of the distribution over the cases.
    above
        Whether what is beyond a value lies above it.
    average_sizes
        How many draws and cases the average has, where these are others than the rest has.
    """

    output: Output
    sizes: Sizes
    average: Spread | str
    median_case: Spread
    share_beyond_published: Spread | None
    share_beyond_reference: Spread | None
    quantiles: tuple[CaseQuantile, ...]
    above: bool
    average_sizes: Sizes | None = None

    __repr__ = brief
    _repr_html_ = view

    @property
    def table(self) -> Table:
        """One row a statistic of the cases, the quantiles of their distribution last."""
        single = {
            "average": self.average,
            "median_case": self.median_case,
            "share_beyond_published": self.share_beyond_published,
            "share_beyond_reference": self.share_beyond_reference,
        }
        known = [(name, found) for name, found in single.items() if isinstance(found, Spread)]
        rows = [{"statistic": name, "probability": None, **row_of(found)} for name, found in known]
        rows += [{"statistic": "quantile", **row_of(each)} for each in self.quantiles]
        about = {"output": self.output.name, **self.sizes._asdict()}
        return Table.of_rows("cases", rows, about=about)


@dataclass(frozen=True, eq=False)
class NestedRun:
    """What was found over cases.

    Parameters
    ----------
    simulation
        What makes the draws of the outputs' own numbers.
    own
        By output that speaks of cases, the draws of its own numbers.
    cases
        By output, the whole picture, where it was asked for.
    weights
        What each draw counts, where observations weigh them.
    priors
        By output that speaks of cases, what was known of its own numbers without the observations.
    """

    simulation: Simulation
    sizes: Sizes
    own: Mapping[str, Draws]
    cases: Mapping[str, OutputCases]
    weights: Weights | None = None
    priors: Mapping[str, Spread] = field(default_factory=Frozen)


def enough_rows(settings: Settings) -> bool:
    """Tell whether there are rows enough for cases."""
    return settings.samples >= fewest_outer(settings.level) * FEWEST_CASES


def has_both_kinds(plan: Scenario, output: str) -> bool:
    """Tell whether something that nobody knows varies beside what differs from case to case in an output."""
    return differs(plan, output) and any(plan.kinds[name] != "variability" for name in plan.varying)


def check_both_kinds(plan: Scenario, output: str) -> None:
    """Refuse an output without a distribution over cases of which something is not known."""
    if not has_both_kinds(plan, output):
        missing = "uncertainty" if differs(plan, output) else "variability"
        raise SettingError(
            "cases: a distribution over cases, with what nobody knows of it, needs inputs of both kinds that "
            f'vary; in "{output}" none of kind "{missing}" does'
        )


def beside_averages(plan: Scenario, outputs: Iterable[str]) -> list[str]:
    """Return which of some outputs set what differs from case to case beside an average of it.

    A single case of a formula of averages alone is that formula with the case in each average's place. Here
    it is not: the average stays what it is of all cases.

    Raises
    ------
    SettingError
        If one of them is asked to speak of one case, or of the median case.
    """
    study = plan.study
    asked = [name for name in outputs if not study.outputs[name].external and differs(plan, name)]
    shown = [*plan.equations.values(), *(study.outputs[name].expression or Name(name) for name in asked)]
    if study.function is not None or not asked or not any(has_average(each) for each in shown):
        return []
    different = {graph_input(plan, name) for name in plan.varying if plan.kinds[name] == "variability"}
    graph = scenario_graph(plan, asked)
    found = differing(graph, different)
    beside = [name for name in asked if has_beside(graph, name, found)]
    for name in beside:
        if study.outputs[name].over != "average" and not study.outputs[name].one_beside:
            raise SettingError(f'over: expected "average": "{name}" {BESIDE_AVERAGE}')
    return beside


def run_nested(
    plan: Scenario,
    outputs: Sequence[str],
    pictured: Sequence[str],
    points: Mapping[str, float],
    settings: Settings,
    how: Execution,
    progress: Progress | None,
    probabilities: Sequence[float] = PROBABILITIES,
) -> NestedRun:
    """Run what speaks of averages or median cases, and whatever is wanted of the distribution over cases.

    Parameters
    ----------
    outputs
        Those that are asked for.
    pictured
        Those whose distribution over the cases is wanted.
    points
        Of the outputs, at which a claim's side is known where nothing was published.
    probabilities
        Of the quantiles that tell of a distribution over cases.

    Raises
    ------
    NonFiniteError
        If an average that an output speaks of does not settle, or a case has no finite value.
    SettingError
        If there are too few rows for cases.
    """
    own = {name: own_measure(plan.study.outputs[name]) for name in outputs if is_nested(plan, name)}
    asked = Asked(own, tuple(pictured), points, tuple(probabilities))
    if not own or not pictured or _at_once(plan, settings):
        return _run_together(plan, asked, settings, how, progress)
    # an average needs draws, and a picture of the cases needs cases: each has as many rows
    averages = _run_together(plan, asked._replace(pictured=()), settings, how, progress)
    known = {measure: averages.own[name] for name, measure in own.items()}
    pictures = _run_together(plan, asked._replace(own={}, known=known), settings, how, progress)
    cases = {
        name: replace(found, average_sizes=averages.sizes) if Measure(name, "average") in known else found
        for name, found in pictures.cases.items()
    }
    return replace(averages, cases=Frozen(cases))


class Asked(NamedTuple):
    """What is asked of the cases.

    Parameters
    ----------
    own
        By output, what its own numbers are.
    pictured, points, probabilities
        As `run_nested` takes them.
    known
        Draws of statistics that have been made.
    """

    own: Mapping[str, Measure]
    pictured: tuple[str, ...]
    points: Mapping[str, float]
    probabilities: tuple[float, ...]
    known: Mapping[Measure, Draws] = Frozen()

    def model(self, plan: Scenario, reasons: Mapping[str, str]) -> CaseModel | CaseFunction:
        """Return what is to be drawn, without averages that there are reasons not to give."""
        pictures = _pictures(plan, self.pictured, self.points, self.probabilities, without=reasons)
        wanted = dict.fromkeys((*self.own.values(), *pictures))
        return make_case_model(plan, [measure for measure in wanted if measure not in self.known])

    @property
    def averaged(self) -> list[str]:
        """The outputs in whose pictures an average is to be drawn."""
        return [name for name in self.pictured if Measure(name, "average") not in self.known]


def _at_once(plan: Scenario, settings: Settings) -> bool:
    """Tell whether averages and pictures are drawn with the same cases: as given, or as rows are dear."""
    return settings.outer is not None or bool(plan.observations) or plan.study.meter is not None


def _run_together(
    plan: Scenario, asked: Asked, settings: Settings, how: Execution, progress: Progress | None
) -> NestedRun:
    """Run what is asked of the cases, all of it with the same cases."""
    before = 0 if plan.study.meter is None else plan.study.meter.used
    own, pictured = asked.own, asked.pictured
    reasons: Mapping[str, str] = _endless(plan, pictured)
    model = asked.model(plan, reasons)
    # what is not enough is said before the first row is run
    fitted = _affordable(plan, settings, before, 2 * looked_at(model))
    if settles(plan, model, settings):
        reasons = {**_unsettled(plan, own, asked.averaged, settings), **reasons}
        model = asked.model(plan, reasons)
        fitted = _affordable(plan, settings, before, looked_at(model))
    settings = fitted
    sizes = _fitting(case_sizes(plan, model, settings, pictured=bool(pictured)), settings)
    chosen, rare = meeting_rare(plan, model, sizes, settings)
    if rare:
        reasons = {**reasons, **_rare(plan, own, asked.averaged, reasons, sizes, settings)}
        model = asked.model(plan, reasons)
        chosen, _ = meeting_rare(plan, model, sizes, settings)
    if chosen != sizes:
        sizes = _fitting(chosen, settings)
    engine = make_engine(how.threads, how.engine, how.scheduler, turns=plan.study.turns)
    simulation, found, *_ = draw_measures(plan, model, sizes, settings, engine, progress)
    sizes = Sizes(simulation.design.samples, sizes.inner)
    draws = prior = {**asked.known, **dict(zip(model.measures, found, strict=True))}
    weights = None
    if plan.observations:
        weights = weigh(plan, simulation, settings, sizes.inner)
        draws = {measure: weights.of(each) for measure, each in prior.items()}
    pictures = {}
    for name in pictured:
        output, without = plan.study.outputs[name], reasons.get(name, "")
        point = asked.points[name]
        pictures[name] = _pictured(output, point, draws, sizes, settings, asked.probabilities, without)
    told = {} if weights is None else own
    priors = {name: Spread(prior[m], settings.level, settings.interval) for name, m in told.items()}
    found_own = {name: draws[measure] for name, measure in own.items()}
    return NestedRun(simulation, sizes, Frozen(found_own), Frozen(pictures), weights, Frozen(priors))


def _affordable(plan: Scenario, settings: Settings, before: int, looked: int) -> Settings:
    """Return settings with as many rows as the budget allows for cases.

    Parameters
    ----------
    before
        Rows that had been run when cases began; those of another part of the call are not theirs.
    looked
        Rows in which what is averaged is still to be looked at.
    """
    meter = plan.study.meter
    if settings.budget is None or meter is None:
        return settings
    is_all = settings.budget >= meter.budget
    spent = meter.used if is_all else meter.used - before + SINGLE_ROWS
    if settings.outer is None or settings.inner is None:
        looked += NET_PILOT
        least = rounded_up(settings.design, fewest_draws(plan, settings.level) * FEWEST_CASES)
    else:
        least = rounded_up(settings.design, settings.outer) * settings.inner
    return affordable(
        settings,
        "cases",
        reserved=spent + looked,
        least=least,
        parts=parts_of(plan.study, settings),
        elsewhere=elsewhere_of(plan.study, settings),
    )


def _fitting(sizes: Sizes, settings: Settings) -> Sizes:
    """Return sizes whose draws are within a budget when the design has rounded them; those given stay."""
    if settings.budget is None or settings.outer is not None:
        return sizes
    return Sizes(rounded_down(settings.design, sizes.outer), sizes.inner)


def _endless(plan: Scenario, pictured: Iterable[str]) -> dict[str, str]:
    """Say of each output that has words for its end why an average over cases, some at it, says nothing.

    The number there stands for those words; of an output that speaks of the average it is meant as it is.
    """
    outputs = [plan.study.outputs[name] for name in pictured]
    return {
        output.name: f"the average over the cases hangs on the number that stands for “{on_one_line(words)}”"
        for output in outputs
        if (words := output.words.get("beyond")) and output.over != "average"
    }


def _unsettled(
    plan: Scenario, own: Mapping[str, Measure], pictured: Iterable[str], settings: Settings
) -> dict[str, str]:
    """Say of each output why its average does not settle, and refuse those that speak of it.

    Raises
    ------
    NonFiniteError
        With every output that speaks of an average that does not settle.
    """
    reasons = {
        name: reason
        for name in dict.fromkeys((*own, *pictured))
        if (reason := settles(plan, make_case_model(plan, [Measure(name, "average")]), settings))
    }
    refused = [name for name in reasons if name in own and own[name].statistic == "average"]
    if refused:
        offer = 'the median case settles: write over = "median", or ask for --over median'
        raise NonFiniteError(
            *(Fault(f"{reasons[name]}; {offer}", f"outputs.{name}", plan.study.file) for name in refused)
        )
    return reasons


def _rare(
    plan: Scenario,
    own: Mapping[str, Measure],
    pictured: Iterable[str],
    without: Container[str],
    sizes: Sizes,
    settings: Settings,
) -> dict[str, str]:
    """Say of each output why its average rests on too few cases, and refuse those that speak of it.

    Raises
    ------
    NonFiniteError
        With every output that speaks of such an average.
    """
    reasons = {}
    for name in dict.fromkeys((*own, *pictured)):
        if name not in without:
            model = make_case_model(plan, [Measure(name, "average")])
            reason = meeting_rare(plan, model, sizes, settings)[1]
            if reason:
                reasons[name] = reason
    refused = [name for name in reasons if name in own and own[name].statistic == "average"]
    if refused:
        raise NonFiniteError(*(Fault(reasons[name], f"outputs.{name}", plan.study.file) for name in refused))
    return reasons


def case_sizes(
    plan: Scenario, model: CaseModel | CaseFunction, settings: Settings, *, pictured: bool = False
) -> Sizes:
    """Share the rows by what the headline needs, or else the first output that differs, whatever is asked.

    So an average has one interval wherever it is asked for. Models that cases are too few for take more, and
    so do pictures of the cases.
    """
    if settings.outer is not None and settings.inner is not None:
        return Sizes(settings.outer, settings.inner)
    study = plan.study
    output = study.outputs[next(n for n in (study.headline, *study.outputs) if differs(plan, n))]
    counted = [own_measure(output)]
    if output.over == "case":
        counted.append(Measure(output.name, "quantile", 0.5))
    if not set(counted) <= set(model.measures):
        model = make_case_model(plan, counted)
    fewest = PICTURED if pictured or _at_once(plan, settings) else AVERAGED
    return choose_sizes(plan, model, counted, settings, fewest)


def beyond_above(output: Output, point: float) -> bool:
    """Tell whether what is beyond a value lies above it.

    As the claim says; a claim of about some value is on that value's side of the reference, or on the
    point's where nothing was published.
    """
    if output.claim == "about" and output.published is None and output.reference is not None:
        return point >= output.reference
    return output.claims_above


def _thresholds(output: Output, point: float) -> tuple[Measure | None, Measure | None]:
    side = "at least" if beyond_above(output, point) else "at most"
    figure, reference = output.published_value, output.reference
    return (
        None if figure is None else Measure(output.name, side, figure),
        None if reference is None else Measure(output.name, side, reference),
    )


def _pictures(
    plan: Scenario,
    names: Iterable[str],
    points: Mapping[str, float],
    probabilities: Sequence[float],
    without: Container[str] = (),
) -> list[Measure]:
    """Return what pictures of some outputs need, without the averages of those that do not settle."""
    found = []
    for name in names:
        found += _picture(plan.study.outputs[name], points[name], probabilities, averages=name not in without)
    return found


def _picture(
    output: Output, point: float, probabilities: Sequence[float], *, averages: bool
) -> list[Measure]:
    found = [Measure(output.name, "average")] if averages else []
    found += [Measure(output.name, "quantile", each) for each in sorted({0.5, *probabilities})]
    return [*found, *(each for each in _thresholds(output, point) if each is not None)]


def _pictured(
    output: Output,
    point: float,
    draws: Mapping[Measure, Draws],
    sizes: Sizes,
    settings: Settings,
    probabilities: Sequence[float],
    unsettled: str,
) -> OutputCases:
    def spread(measure: Measure) -> Spread:
        return Spread(draws[measure], settings.level, settings.interval)

    def quantile(probability: float) -> Spread:
        return spread(Measure(output.name, "quantile", probability))

    published, reference = _thresholds(output, point)
    return OutputCases(
        output=output,
        sizes=sizes,
        average=unsettled or spread(Measure(output.name, "average")),
        median_case=quantile(0.5),
        share_beyond_published=None if published is None else spread(published),
        share_beyond_reference=None if reference is None else spread(reference),
        quantiles=tuple(CaseQuantile(each, quantile(each)) for each in probabilities),
        above=beyond_above(output, point),
    )
