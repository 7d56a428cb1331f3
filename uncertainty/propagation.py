"""Monte Carlo propagation: the distribution of every output, beside the point that was published."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Unpack, get_args

import numpy as np

from uncertainty import numbers
from uncertainty.budgets import affordable, apart, budgeted, keeping
from uncertainty.calls import checked
from uncertainty.case_statistics import Spread, has_both_kinds, run_nested
from uncertainty.compiled import dependencies, evaluate_at_points, is_nested, wanted_outputs
from uncertainty.errors import SettingError
from uncertainty.records import Frozen, brief, view
from uncertainty.results import record, row_of
from uncertainty.results.about import About, about, dropped_of
from uncertainty.sampling.constancy import settled
from uncertainty.sampling.estimate import Ends, Unplaced, Unvarying
from uncertainty.sampling.finiteness import finite_draws
from uncertainty.sampling.joint import MOST_OUTPUTS, OutputCorrelation, looked_at, output_correlations
from uncertainty.sampling.running import Execution, ExecutionOptions, Run, draws_together, split_options
from uncertainty.sampling.simulation import simulate
from uncertainty.sampling.statistics import Draws
from uncertainty.sampling.weighing import weigh
from uncertainty.sampling.weighted_draws import resampled
from uncertainty.settings import SettingOptions, Settings
from uncertainty.study.correlation import connected
from uncertainty.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pandas import DataFrame
    from xarray import DataTree

    from uncertainty.case_statistics import NestedRun, OutputCases
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.precision import Reached
    from uncertainty.sampling.running import Drawn
    from uncertainty.sampling.saving import DrawsTable
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.sampling.statistics import Estimate, IntervalKind
    from uncertainty.sampling.weighing import Weights
    from uncertainty.settings import Progress
    from uncertainty.study.model import Figure, Observation, Output, Study
    from uncertainty.study.scenario import Scenario


ATOM = 0.01
"""Share of draws with one value from which on a percentile does not say where that value lies."""

Place = Literal["published_percentile", "probability_at_least_published"]
"""Where the published figure lies among the draws."""

AT_REFERENCE: Final = "probability_at_least_reference"

Statistic = Literal["mean", "sd", "median", "geometric_sd", Place, "probability_at_least_reference"]

STATISTICS: Mapping[Statistic, str] = Frozen(
    {
        "mean": "the mean",
        "sd": "the standard deviation",
        "median": "the median",
        "geometric_sd": "the geometric standard deviation",
        "published_percentile": "the percentile of the published figure",
        "probability_at_least_published": "the share at the published figure or above",
        AT_REFERENCE: "the share at the reference or above",
    }
)
"""What is told of the draws of an output, each with its Monte Carlo error, beside the interval."""


@record(
    "label=output.title",
    "unit=output.unit.text",
    "point",
    "published=output.published.value",
    "published_statistic=output.published.statistic",
    "published_level?=output.published.level",
    "**statistics",
    "**ends",
    "dropped?",
    "probability_equal_published?=equal.value",
    "probability?",
    "over=output.over",
    "cases?",
    "prior?",
)
@dataclass(frozen=True, eq=False)
class OutputDistribution:
    """What is known about one output, in the output's unit.

    Parameters
    ----------
    point
        The calculation at the scenario's points.
    draws
        Its draws, shape (samples,); all of them one value where rounding alone would set them apart.
    level, kind
        The coverage interval that `interval` gives unless told otherwise.
    dropped
        Share of the draws that had no finite value and were left out, as the study wishes.
    cases
        The distribution over the cases, where it was asked for and something differs between them.
    any_case
        Where the output speaks of an average over the cases or the median case, and the same was asked for:
        its distribution over single cases and what nobody knows together.
    prior
        Where observations weigh the draws: what was known without them.
    """

    output: Output
    point: float
    draws: Draws
    level: float
    kind: IntervalKind
    dropped: float = 0.0
    cases: OutputCases | None = None
    any_case: OutputDistribution | None = None
    prior: Spread | None = None

    __repr__ = brief

    @property
    def values(self) -> FloatArray:
        """The draws, shape (samples,)."""
        return self.draws.values

    @cached_property
    def mean(self) -> float:
        """Mean of the draws."""
        return self.draws.mean.value

    @cached_property
    def sd(self) -> float:
        """Standard deviation of the draws."""
        return self.draws.sd.value

    @cached_property
    def median(self) -> float:
        """Median of the draws."""
        return self.draws.quantile(0.5).value

    @property
    def varies(self) -> bool:
        """Whether the draws differ; what is computed anew in each of them is one value but for rounding."""
        return self.draws.lowest < self.draws.highest

    @cached_property
    def probability(self) -> Estimate | None:
        """The share of draws that say yes, where each says yes (1) or no (0); None for any other output."""
        if (self.draws.lowest, self.draws.highest) != (0.0, 1.0):
            return None
        yes, no = self.draws.share_at_least(1.0), self.draws.share_at_most(0.0)
        return yes if math.isclose(yes.value + no.value, 1.0, rel_tol=1e-12) else None

    @property
    def written(self) -> tuple[str, str]:
        """The median and the interval for people to read; of a yes or no, how probable yes is."""
        median, low, high = (self.summary[name] for name in ("median", "low", "high"))
        if self.probability is not None:
            return f"yes: {numbers.probability(self.probability)}", numbers.MISSING
        return numbers.median_and_interval(median, low, high, varies=self.varies)

    @property
    def point_written(self) -> str:
        """The point for people to read, beside the published figure and the interval."""
        digits = 0 if self.output.published is None else self.output.published.digits
        ends = self.summary["low"], self.summary["high"]
        return numbers.beside(self.point, *ends, max(numbers.MOST_DIGITS, digits))

    @property
    def moments_written(self) -> tuple[str, str]:
        """The mean and the standard deviation for people to read, each where it is known and varies."""
        if not self.varies or self.probability is not None:
            return numbers.MISSING, numbers.MISSING
        mean, sd = self.summary["mean"], self.summary["sd"]
        beside = numbers.together(mean, self.summary["low"], self.summary["high"])[0]
        return (
            numbers.MISSING if mean.error is None else beside,
            numbers.MISSING if sd.error is None else numbers.estimate(sd, 2),
        )

    @cached_property
    def equal(self) -> Estimate | None:
        """The share of draws that are exactly the published figure, where its percentile would not tell."""
        figure = self.output.published_value
        if figure is None or not self.varies:
            return None
        found = self.draws.share_within(figure, figure)
        return found if found.value >= ATOM else None

    @property
    def place_written(self) -> str:
        """Where the published figure lies among the draws: "71st", or the share of draws that are it."""
        if self.equal is not None:
            return f"{numbers.share(self.equal)} equal"
        place = self.percentile
        return numbers.MISSING if place is None else numbers.percentile(place)

    @property
    def one_case(self) -> OutputDistribution:
        """The distribution over single cases, as far as it is known: else this one."""
        return self.any_case or self

    def quantile(self, probability: float) -> float:
        """Return the quantile at a probability from 0 to 1; SettingError outside them."""
        return self.draws.quantile(probability).value

    def interval(self, level: float | None = None, kind: IntervalKind | None = None) -> tuple[float, float]:
        """Return the low and high end of the coverage interval; SettingError if the level is no share."""
        low, high = self.draws.interval(
            self.level if level is None else level, self.kind if kind is None else kind
        )
        return low.value, high.value

    def probability_at_least(self, threshold: float) -> float:
        """Return the share of draws at or above `threshold`."""
        return self.draws.share_at_least(threshold).value

    @property
    def ends(self) -> Ends:
        """The ends of the coverage interval."""
        return Ends(self.summary["low"], self.summary["high"])

    @property
    def percentile(self) -> Estimate | None:
        """The percentile of the published figure among the draws; None where it has no place there."""
        return self.summary.get("published_percentile")

    @property
    def share_at_least_reference(self) -> Estimate | None:
        """The share of draws at or above the output's reference; None where it has none."""
        return self.summary.get(AT_REFERENCE)

    @property
    def statistics(self) -> Mapping[Statistic, Estimate | Unvarying | Unplaced | None]:
        """What is told of the draws; None of what was not asked, and else a reason why there is no number.

        Notes
        -----
        mean, sd, median
            Of the draws.
        geometric_sd
            The geometric standard deviation, for outputs on a log10 scale.
        published_percentile
            Place of the published figure among the draws, from 0 to 100.
        probability_at_least_published, probability_at_least_reference
            Share of draws at or above the published figure, and the output's reference.
        """
        found: dict[Statistic, Estimate | Unvarying | Unplaced | None]
        found = {name: self.summary.get(name) for name in STATISTICS}
        figure = self.output.published
        if not self.varies:
            unknown = Unvarying(self.draws.same_because)
            found |= dict.fromkeys(PLACES if figure else (), unknown)
            found[AT_REFERENCE] = None if self.output.reference is None else unknown
        if figure is not None and not figure.is_attainable:
            missing = Unplaced if self.varies else Unvarying
            found |= dict.fromkeys(PLACES, missing(figure.unplaced_because))
        return Frozen(found)

    @cached_property
    def summary(self) -> Mapping[str, Estimate]:
        """Every reported number with its Monte Carlo error, by the name it has in the JSON document.

        What does not vary has no percentile and no probability.
        """
        low, high = self.draws.interval(self.level, self.kind)
        found = {
            "mean": self.draws.mean,
            "sd": self.draws.sd,
            "median": self.draws.quantile(0.5),
            "low": low,
            "high": high,
        }
        geometric_sd = self.draws.geometric_sd if self.output.scale == "log10" else None
        if geometric_sd is not None:
            found["geometric_sd"] = geometric_sd
        published = self.output.published_value
        if published is not None and self.varies:
            found["published_percentile"] = self.draws.share_below(published).times(100)
            found["probability_at_least_published"] = self.draws.share_at_least(published)
        if self.output.reference is not None and self.varies:
            found[AT_REFERENCE] = self.draws.share_at_least(self.output.reference)
        return Frozen(found)


PLACES: tuple[Place, ...] = get_args(Place)


@record("quantity", "value", "unit", "error", "over", "prior", "posterior", "source?")
@dataclass(frozen=True, eq=False)
class ObservedQuantity:
    """What was observed, and what was known of it before and is known after.

    Parameters
    ----------
    observation
        As the study has it.
    prior, posterior
        Of the quantity, in the observation's unit: without the observations of the run, and with all of them.
    """

    observation: Observation
    prior: Spread
    posterior: Spread

    __repr__ = brief

    @property
    def quantity(self) -> str:
        """Name of the quantity that was observed."""
        return self.observation.quantity

    @property
    def value(self) -> float:
        """What was observed."""
        return self.observation.value

    @property
    def unit(self) -> str:
        """Unit of all numbers here."""
        return self.observation.unit.text

    @property
    def error(self) -> str:
        """How far the observation may be wrong."""
        return self.observation.error

    @property
    def over(self) -> str:
        """Whether one case was observed, or the average over the cases."""
        return self.observation.over

    @property
    def source(self) -> str:
        """Where it was published."""
        return self.observation.source


class DrawnInput(NamedTuple):
    """What an input was in a run.

    Parameters
    ----------
    unit
        The unit of its numbers.
    label
        What people read instead of the name.
    point, median, interval_90
        The point, and of the distribution the median and the central 90 %.
    distribution
        In the study language.
    """

    label: str
    unit: str
    point: float
    distribution: str
    median: float
    interval_90: tuple[float, float]


def _mixed(nested: Sequence[str]) -> str:
    return (
        f"draws: a row is one case, and {' and '.join(nested)} "
        f"{'speaks' if len(nested) == 1 else 'speak'} of many; ask for other outputs, or for one case"
    )


def _printed(figure: Figure) -> str:
    number = numbers.printed(figure.value, figure.digits)
    return number if figure.at_points else f"{figure.statistic} {number}"


@record(
    "headline=study.headline",
    "outputs",
    "correlations",
    "inputs",
    "equations=written_equations",
    "reached?",
    "effective_draws?",
    "observations?=observed",
)
@dataclass(frozen=True, eq=False)
class Propagation:
    """The distributions of a study's outputs under one scenario.

    Parameters
    ----------
    outputs
        By output, its distribution.
    settings
        With `samples` as rounded up by the design, or as many as a run with `until` has made.
    simulation
        What makes the draws, and would make them again; those of single cases, where some outputs are of
        these and others are averages over them.
    reached
        How far a run with `until` has come; None without it.
    rows
        What the model gave for the draws, shape (outputs, samples), dropped ones included; None where the
        draws were too many to keep, so that whoever wants them has the model run again.
    nested
        Names of the outputs whose draws are averages over cases, or median cases.
    weights
        What each draw counts, where observations weigh them.
    """

    study: Study
    scenario: Scenario
    settings: Settings
    outputs: Mapping[str, OutputDistribution]
    simulation: Simulation
    reached: Reached | None = None
    rows: FloatArray | None = None
    nested: tuple[str, ...] = ()
    weights: Weights | None = None

    __repr__ = brief

    @property
    def effective_draws(self) -> float | None:
        """How many draws that count alike tell as much, where observations weigh them."""
        return None if self.weights is None else self.weights.effective

    @cached_property
    def observed(self) -> Mapping[str, ObservedQuantity]:
        """By observation that weighs the draws, what was known of its quantity before and is known after."""
        if self.weights is None:
            return Frozen()
        level, kind, rows = self.settings.level, self.settings.interval, self.simulation.design.replicate_rows
        found = {}
        for name, each in self.weights.observed.items():
            kept = np.isfinite(each.quantity)
            prior = Draws(*finite_draws(each.quantity, rows))
            spreads = [Spread(draws, level, kind) for draws in (prior, self.weights.of(prior, kept))]
            found[name] = ObservedQuantity(each.observation, *spreads)
        return Frozen(found)

    @property
    def headline(self) -> OutputDistribution:
        """The headline's distribution; SettingError where the run is of other outputs."""
        name = self.study.headline
        if name not in self.outputs:
            known = ", ".join(self.outputs)
            raise SettingError(f'headline: "{name}" was not asked for; the outputs of this run are {known}')
        return self.outputs[name]

    @cached_property
    def correlations(self) -> tuple[OutputCorrelation, ...]:
        """How outputs that vary go together, each two that share inputs or depend on correlated ones.

        Of more than 40 outputs those with a published figure come first, and the rest is left out.
        """
        names = list(self.simulation.model.outputs)
        # draws of single cases and averages over cases have no rows in common
        alike = [name for name in names if len(self.nested) == len(self.outputs) or name not in self.nested]
        varying = [name for name in alike if self.outputs[name].varies]
        varying.sort(key=lambda name: self.outputs[name].output.published is None)
        compared = [name for name in names if name in varying[:MOST_OUTPUTS]]
        together = driven_together(self.scenario, compared)
        pairs = [(compared.index(one), compared.index(other)) for one, other in together]
        parts = looked_at(self.simulation.design.samples, self.simulation.design.replicate_rows)
        if self.weights is not None:
            # all draws are looked at: of some of them few might count
            parts = [(0, self.simulation.design.samples)]
        if not pairs:
            return ()
        rows = self._outputs_of(parts, [names.index(name) for name in compared])
        if self.weights is not None:
            rows = rows[:, resampled(self.weights.values)]
        return output_correlations(rows, pairs, compared, len(parts))

    def _outputs_of(self, parts: Sequence[tuple[int, int]], positions: Sequence[int]) -> FloatArray:
        """Return some outputs of some rows, shape (outputs, rows), drawn again where they are not kept."""
        if self.rows is not None:
            return np.concatenate([self.rows[positions, first:last] for first, last in parts], axis=1)
        drawn = [outputs[positions] for part in parts for _, _, outputs in self.simulation.rows(*part)]
        return np.concatenate(drawn, axis=1)

    @property
    def inputs(self) -> Mapping[str, DrawnInput]:
        """What each input was, by its name."""
        return Frozen({name: self._input(name) for name in self.study.inputs})

    def _input(self, name: str) -> DrawnInput:
        item, distribution = self.study.inputs[name], self.scenario.distributions[name]
        low, median, high = distribution.quantile(np.array([0.05, 0.5, 0.95])).tolist()
        point = self.scenario.points[name]
        return DrawnInput(item.title, item.unit.text, point, str(distribution), median, (low, high))

    @property
    def written_equations(self) -> Mapping[str, str]:
        """The intermediate quantities' expressions, by name."""
        return Frozen({name: str(found) for name, found in self.scenario.equations.items()})

    @property
    def draws(self) -> DrawsTable:
        """All draws as a table: ``inputs.NAME`` of the inputs that vary, and ``outputs.NAME``."""
        if self.nested and len(self.nested) < len(self.outputs):
            raise SettingError(_mixed(self.nested))
        from uncertainty.sampling.saving import DrawsTable, manifest

        note = manifest(self.scenario, self.simulation, self.settings)
        weights = None if self.weights is None else self.weights.values
        return DrawsTable(self.simulation, note, outputs=self.rows, weights=weights)

    def to_pandas(self) -> DataFrame:
        """Return all draws as a data frame, one row a draw; see `uncertainty.tables.frames.to_pandas`."""
        from uncertainty.tables.frames import to_pandas

        return to_pandas(self.draws)

    def to_xarray(self) -> DataTree:
        """Return all draws in the layout of ArviZ; see `uncertainty.tables.frames.to_xarray`."""
        from uncertainty.tables.frames import to_xarray

        return to_xarray(self.draws)

    def to_inference_data(self) -> Any:
        """Return all draws as ArviZ takes them: its InferenceData, which from version 1 on is a DataTree.

        Raises
        ------
        SettingError
            If xarray is not installed.
        """
        from uncertainty.tables.frames import to_inference_data

        return to_inference_data(self.draws)

    @checked()
    def save(self, path: str | Path) -> None:
        """Write all draws to a file, its format by its ending; see `uncertainty.tables.save_table`."""
        from uncertainty.tables import save_table

        save_table(self.draws, path)

    @property
    def table(self) -> Table:
        """What `run` reports, one row an output."""
        return Table.of_rows("outputs", self.table_rows(), about=about(self.about))

    @property
    def about(self) -> About:
        """What the numbers depend on."""
        dropped = dropped_of({name: found.dropped for name, found in self.outputs.items()})
        return About(self.settings, self.scenario, dropped=dropped)

    def table_rows(self) -> list[dict[str, Any]]:
        """Return the rows of `table`."""
        rows = []
        for name, found in self.outputs.items():
            rows.append({"reading": self.scenario.reading, "output": name, **row_of(found)})
        return rows

    _repr_html_ = view


class RunOptions(SettingOptions, ExecutionOptions):
    """Keywords of `propagate` beside its own, for type checkers."""


@checked(Settings, Execution)
@budgeted
def propagate(
    study: Study,
    *,
    outputs: str | Sequence[str] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    cases: bool = False,
    settings: Settings | None = None,
    execution: Execution | None = None,
    **options: Unpack[RunOptions],
) -> Propagation:
    """Propagate the distributions of a study's inputs to its outputs.

    Draws are stored where they fit into memory. Where they do not, they are made twice: counted first, and
    then only those around the reported quantiles kept, which gives the same numbers.

    Parameters
    ----------
    study
        A study from `load_study` or `Study.from_function`.
    outputs
        Names of the outputs wanted; all of them by default. Which are asked for never changes a draw.
    threads
        Threads to use; by default one a core. Never changes a number.
    progress
        Called after each span of blocks with the rows done and the rows there are, as far as is known.
    cases
        Whether the distribution over cases is wanted, of the headline and of each output that speaks of
        cases, where something differs between cases and something else is what nobody knows.
    settings
        What to run; or give the fields of `Settings` as keywords (samples, seed, design, level,
        interval, reading, choices, overrides, observe, until, max_samples).
    execution
        How to run it; or give the fields of `Execution` as keywords (engine, scheduler, block_rows, cache,
        save, memory, compiled). Changes no number.

    Returns
    -------
    Propagation
        If a run with `until` is interrupted, with the draws made so far.

    Raises
    ------
    SettingError
        If a setting or an output's name is wrong.
    StudyError
        If an option or override is wrong.
    NonFiniteError
        If an output is infinite or undefined for some draws, or for many where the study has them dropped.

    References
    ----------
    JCGM 101:2008, Propagation of distributions using a Monte Carlo method.
    """
    given, named = split_options(options, threads)
    how = replace(execution or Execution(), **given)
    settings = replace(settings or Settings(), **named)
    study = keeping(study, how.cache)
    wanted = wanted_outputs(study, outputs)
    plan = _plan(study, settings)
    nested = [name for name in wanted if is_nested(plan, name)]
    _check_nested(nested, settings, how)
    _check_weighed(plan, settings, how)
    single = [name for name in wanted if cases or name not in nested]
    told = (study.headline, *nested) if cases else ()
    pictured = [name for name in wanted if name in told and has_both_kinds(plan, name)]
    settings = apart(settings, 2 if single and (nested or pictured) else 1)
    flat = _flat(plan, single, settings, how, progress) if single else None
    if flat is not None and not nested and not pictured:
        return flat
    points = evaluate_at_points(plan, wanted)
    over = run_nested(plan, wanted, pictured, points, settings, how, progress)
    return _joined(plan, wanted, points, settings, flat, over)


def propagate_together(
    plans: Sequence[Scenario],
    outputs: Sequence[str],
    settings: Settings,
    how: Execution,
    progress: Progress | None = None,
) -> Iterator[Propagation]:
    """Yield what `propagate` finds of some outputs in each of several scenarios of one study.

    What scenarios have in common is drawn and computed once where this is possible.

    Parameters
    ----------
    plans
        Scenarios without a caller's choices or overrides but for those of the settings.
    progress
        Called after each of them with how many are done and how many there are.
    """
    each = [replace(settings, reading=plan.reading) for plan in plans]
    alone: list[tuple[Simulation, Drawn] | None] = [None] * len(plans)
    if not any(is_nested(plan, name) for plan in plans for name in outputs):
        simulations = [_simulate(plan, outputs, settings) for plan in plans]
        together = draws_together(plans, simulations, settings, how)
        alone = [
            drawn and (simulation, drawn) for simulation, drawn in zip(simulations, together, strict=True)
        ]
    for number, (plan, own, made) in enumerate(zip(plans, each, alone, strict=True)):
        if made is None or plan.observations:
            yield propagate(plan.study, outputs=outputs, settings=own, execution=how)
        else:
            yield _described(plan, outputs, own, *made)
        if progress is not None:
            progress(number + 1, len(plans))


def _simulate(plan: Scenario, outputs: Sequence[str], settings: Settings) -> Simulation:
    return simulate(
        plan, outputs, settings.samples, settings.seed, settings.design, single=True, weighed=True
    )


def _flat(
    plan: Scenario,
    outputs: Sequence[str],
    settings: Settings,
    how: Execution,
    progress: Progress | None,
) -> Propagation:
    """Run outputs of single cases."""
    settings = affordable(settings, "an interval", reserved=1)
    simulation = _simulate(plan, outputs, settings)
    return _described(
        plan, outputs, settings, simulation, Run(plan, simulation, settings, how, progress).draws()
    )


def _described(
    plan: Scenario, outputs: Sequence[str], settings: Settings, simulation: Simulation, drawn: Drawn
) -> Propagation:
    """Return what draws of single cases say."""
    points = evaluate_at_points(plan, outputs)
    found = settled(simulation, drawn.draws)
    simulation = replace(simulation, design=simulation.design.extended(drawn.samples))
    weights = None
    priors: list[Draws | None] = [None] * len(found)
    if plan.observations:
        if drawn.rows is None:
            raise SettingError(
                "samples: draws can only be weighed while all are in memory; use fewer samples or outputs"
            )
        weights, priors = weigh(plan, simulation, settings.seed), list(found)
        kept = np.isfinite(drawn.rows)
        found = [weights.of(draws, row) for draws, row in zip(found, kept, strict=True)]
    return Propagation(
        study=plan.study,
        scenario=plan,
        settings=replace(settings, samples=drawn.samples),
        outputs=Frozen(
            {
                name: OutputDistribution(
                    plan.study.outputs[name],
                    points[name],
                    draws,
                    settings.level,
                    settings.interval,
                    1 - (draws if prior is None else prior).size / drawn.samples,
                    prior=None if prior is None else Spread(prior, settings.level, settings.interval),
                )
                for name, draws, prior in zip(outputs, found, priors, strict=True)
            }
        ),
        simulation=simulation,
        reached=drawn.reached,
        rows=drawn.rows,
        weights=weights,
    )


def _joined(
    plan: Scenario,
    wanted: Sequence[str],
    points: Mapping[str, float],
    settings: Settings,
    flat: Propagation | None,
    over: NestedRun,
) -> Propagation:
    """Put what was found over cases beside what was found of single ones."""
    found = {}
    for name in wanted:
        of_one = None if flat is None else flat.outputs.get(name)
        if name in over.own:
            output = plan.study.outputs[name]
            if of_one is not None:
                of_one = replace(of_one, output=replace(output, over="case"))
            draws, level, kind = over.own[name], settings.level, settings.interval
            found[name] = OutputDistribution(
                output, points[name], draws, level, kind, any_case=of_one, prior=over.priors.get(name)
            )
        elif of_one is not None:
            found[name] = of_one
        found[name] = replace(found[name], cases=over.cases.get(name))
    outer, inner = over.sizes
    samples = outer * inner if flat is None else flat.settings.samples
    rows = np.array([draws.values for draws in over.own.values()])
    return Propagation(
        study=plan.study,
        scenario=plan,
        settings=replace(settings, samples=samples, outer=outer, inner=inner),
        outputs=Frozen(found),
        simulation=over.simulation if flat is None else flat.simulation,
        reached=None if flat is None else flat.reached,
        rows=rows if flat is None else flat.rows,
        nested=tuple(over.own),
        weights=over.weights if flat is None else flat.weights,
    )


def _check_nested(nested: Sequence[str], settings: Settings, how: Execution) -> None:
    """Refuse what is not possible yet where outputs speak of averages over cases."""
    if not nested:
        return
    if settings.until is not None:
        raise SettingError(
            f"until: {_over_cases(nested)}; give the samples instead, and see the errors reported"
        )
    if how.save is not None:
        raise SettingError(f"save: {_over_cases(nested)}, and a row of draws is one case; leave it out")
    if how.cache is not None:
        raise SettingError(
            f"cache: {_over_cases(nested)}, whose cases are not kept on disk; run without a cache"
        )


def _check_weighed(plan: Scenario, settings: Settings, how: Execution) -> None:
    """Refuse what is not possible where observations weigh the draws."""
    if plan.observations and settings.until is not None:
        raise SettingError("until: draws that observations weigh are made at once; give the samples instead")
    if plan.observations and how.save is not None:
        raise SettingError(
            "save: draws that observations weigh are written when all are there; save those of the result"
        )


def _over_cases(nested: Sequence[str]) -> str:
    names = " and ".join(nested)
    return f"{names} {'speaks' if len(nested) == 1 else 'speak'} of an average over cases or the median case"


def planned_draws(study: Study, outputs: Sequence[str] | None, settings: Settings) -> DrawsTable:
    """Return the draws that `propagate` would make, before any is made.

    Raises
    ------
    SettingError, StudyError
        As `propagate` does.
    """
    wanted = wanted_outputs(study, outputs)
    plan = _plan(study, settings)
    if nested := [name for name in wanted if is_nested(plan, name)]:
        raise SettingError(f"save: {_over_cases(nested)}, and a row of draws is one case; leave it out")
    settings = affordable(settings, "an interval", reserved=1)
    simulation = simulate(plan, wanted, settings.samples, settings.seed, settings.design, weighed=True)
    from uncertainty.sampling.saving import DrawsTable, manifest

    return DrawsTable(simulation, manifest(plan, simulation, settings))


def driven_together(plan: Scenario, outputs: Sequence[str]) -> list[tuple[str, str]]:
    """Return each two outputs that share an input that varies, or depend on correlated ones."""
    sets = connected(plan.study.correlations)
    partners = {name: set(group) for group in sets for name in group}
    varying = set(plan.varying)
    drivers = {
        output: {each for name in reaching & varying for each in partners.get(name, {name})}
        for output, reaching in dependencies(plan, outputs).items()
    }
    return [pair for pair in combinations(outputs, 2) if drivers[pair[0]] & drivers[pair[1]]]


def _plan(study: Study, settings: Settings) -> Scenario:
    return settings.scenario(study)
