"""Monte Carlo propagation: the distribution of every output, beside the point that was published."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property, partial
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any, Unpack, cast

import numpy as np

from uncertainty.budgets import affordable, apart, budgeted, elsewhere_of, keeping
from uncertainty.calls import checked
from uncertainty.case_statistics import Spread, beside_averages, has_both_kinds, run_nested
from uncertainty.compiled import dependencies, evaluate_at_points, is_nested, wanted_outputs
from uncertainty.errors import SettingError
from uncertainty.late import dataclass
from uncertainty.output_distribution import DrawnInput, ObservedQuantity, OutputDistribution, as_emulated
from uncertainty.records import Frozen, brief, view
from uncertainty.results import record, row_of
from uncertainty.results.about import About, about, dropped_of
from uncertainty.sampling.constancy import settled
from uncertainty.sampling.finiteness import finite_draws
from uncertainty.sampling.joint import MOST_OUTPUTS, OutputCorrelation, looked_at, output_correlations
from uncertainty.sampling.parts import part_of
from uncertainty.sampling.running import Execution, ExecutionOptions, Run, draws_together, split_options
from uncertainty.sampling.simulation import simulate
from uncertainty.sampling.statistics import Draws
from uncertainty.sampling.weighing import weigh
from uncertainty.sampling.weighted_draws import resampled
from uncertainty.sampling.workers.beside import side_by_side
from uncertainty.settings import SettingOptions, Settings
from uncertainty.study.correlation import connected
from uncertainty.tables import Table

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence
    from pathlib import Path

    from pandas import DataFrame
    from xarray import DataTree

    from uncertainty.case_statistics import NestedRun
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.precision import Reached
    from uncertainty.sampling.running import Drawn
    from uncertainty.sampling.saving import DrawsTable
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.sampling.weighing import Weights
    from uncertainty.settings import Beside, Progress
    from uncertainty.study.model import Study
    from uncertainty.study.scenario import Scenario

A_ROW = 'and a row of draws is one case; single cases, which `over` "case" asks for, can be saved'
MANY = 4
"""Outputs of which a message names one and counts the others."""


def _mixed(nested: Sequence[str]) -> str:
    return (
        f"draws: a row is one case, and {' and '.join(nested)} "
        f"{'speaks' if len(nested) == 1 else 'speak'} of many; ask for other outputs, or for one case"
    )


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
        of_all = len(self.nested) == len(self.outputs)
        alike = [self.outputs[name] for name in names if of_all or name not in self.nested]
        if self.weights is not None:
            alike = [each for each in alike if not each.told_alone]
        varying = [each.output.name for each in alike if each.varies]
        varying.sort(key=lambda name: self.outputs[name].output.published is None)
        compared = [name for name in names if name in varying[:MOST_OUTPUTS]]
        together = driven_together(self.scenario, compared)
        pairs = [(compared.index(one), compared.index(other)) for one, other in together]
        if not pairs:
            return ()
        if of_all and self.weights is None:
            # the draws of what all cases give, which those of single ones may stand beside
            own = [self.outputs[name].draws for name in compared]
            parts = looked_at(own[0].size, own[0].replicate_rows)
            drawn = [np.concatenate([each.values[slice(*part)] for part in parts]) for each in own]
            return output_correlations(np.array(drawn), pairs, compared, len(parts))
        parts = looked_at(self.simulation.design.samples, self.simulation.design.replicate_rows)
        if self.weights is not None:
            # all draws are looked at: of some of them few might count
            parts = [(0, self.simulation.design.samples)]
        rows = self._outputs_of(parts, [names.index(name) for name in compared])
        if self.weights is not None:
            rows = rows[:, resampled(self.weights.values)]
        return output_correlations(rows, pairs, compared, len(parts))

    def _outputs_of(self, parts: Sequence[tuple[int, int]], positions: Sequence[int]) -> FloatArray:
        """Return some outputs of some rows, shape (outputs, rows), drawn again where they are not kept."""
        if self.rows is not None:
            return np.concatenate([self.rows[positions, first:last] for first, last in parts], axis=1)
        alone = part_of(self.simulation, positions)
        if alone is None:
            drawn = [outputs[positions] for part in parts for _, _, outputs in self.simulation.rows(*part)]
        else:
            drawn = [outputs.copy() for part in parts for _, _, outputs in alone.rows(*part)]
        return np.concatenate(drawn, axis=1)

    @property
    def inputs(self) -> Mapping[str, DrawnInput]:
        """What each input was, by its name."""
        from uncertainty.study.together import as_shares

        # a share of a whole is drawn from what the shares before it leave, and is distributed otherwise
        alone = as_shares(self.scenario).distributions
        return Frozen({name: self._input(name, alone[name]) for name in self.study.inputs})

    def _input(self, name: str, distribution: Distribution) -> DrawnInput:
        from uncertainty.distributions.spread import Spread

        item, point = self.study.inputs[name], self.scenario.points[name]
        if isinstance(distribution, Spread):
            # counts are drawn as numbers of a line, and are whole all the same
            distribution = distribution.counts
        low, median, high = distribution.quantile(np.array([0.05, 0.5, 0.95])).tolist()
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
        dropped = dropped_of({name: found.left_out[1] for name, found in self.outputs.items()})
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
    whole: bool = True,
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
    whole
        Whether outputs that speak of the average have that distribution, too. What they say of all cases is
        their own numbers, and without it a run takes less time.
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
    beside = beside_averages(plan, wanted)
    single = [name for name in wanted if name not in nested or (cases and name not in beside)]
    told = (study.headline, *nested) if cases else ()
    pictured = [n for n in wanted if n in told and n not in beside and has_both_kinds(plan, n)]
    if not whole:
        pictured = [name for name in pictured if study.outputs[name].over != "average"]
    settings = apart(settings, 2 if single and (nested or pictured) else 1)
    flat = _flat(plan, single, settings, how, progress) if single else None
    if flat is not None and not nested and not pictured:
        return flat
    if flat is not None:
        # what averages divide may have no value in some cases, which then have no distribution
        pictured = [n for n in pictured if not (n in nested and flat.outputs[n].dropped)]
    points = evaluate_at_points(plan, wanted)
    over = run_nested(plan, wanted, pictured, points, settings, how, progress)
    return _joined(plan, wanted, points, settings, flat, over, beside)


def propagate_together(
    plans: Sequence[Scenario],
    outputs: Sequence[Sequence[str]],
    settings: Settings,
    how: Execution,
    progress: Progress | None = None,
    beside: Beside | None = None,
) -> Iterator[Propagation]:
    """Yield what `propagate` finds of some outputs in each of several scenarios of one study.

    What scenarios have in common is drawn and computed once where this is possible.

    Parameters
    ----------
    plans
        Scenarios without a caller's choices or overrides but for those of the settings.
    outputs
        Of each scenario those that are wanted.
    progress
        Called after each of them with how many are done and how many there are.
    beside
        What else this process does, before the first of them.
    """
    each = [replace(settings, reading=plan.reading) for plan in plans]
    alone: list[tuple[Simulation, Drawn] | None] = [None] * len(plans)
    asked = list(zip(plans, outputs, strict=True))
    if not any(is_nested(plan, name) for plan, names in asked for name in names):
        simulations = [_simulate(plan, names, settings) for plan, names in asked]
        together = draws_together(plans, simulations, settings, how)
        alone = [drawn and (own, drawn) for own, drawn in zip(simulations, together, strict=True)]

    def found(number: int) -> Propagation:
        (plan, names), own, made = asked[number], each[number], alone[number]
        if made is None or plan.observations:
            return propagate(plan.study, outputs=names, settings=own, execution=how)
        return _described(plan, names, own, *made)

    tasks = [partial(found, number) for number in range(len(plans))]
    threads = how.threads if _may_be_copied(plans, alone, settings, how) else 1
    every: list[Beside] = [*([] if beside is None else [beside]), *tasks]
    # scenarios have most of their columns in common, which the first of them finds
    done = side_by_side(every, threads, [plans[0].study, *plans], ahead=len(every) - len(tasks))
    runs = cast("Iterator[Propagation]", islice(done, len(every) - len(tasks), None))
    for number, run in enumerate(runs):
        yield run
        if progress is not None:
            progress(number + 1, len(plans))


FEWEST_APART = 4
"""Scenarios from which on a copy of the process saves more than it takes to start."""


def _may_be_copied(
    plans: Sequence[Scenario], drawn: Sequence[object], settings: Settings, how: Execution
) -> bool:
    """Tell whether scenarios are run by copies of this process: many that are still to be drawn.

    Rows are counted here, functions may hold a state, and other engines have processes of their own.
    """
    study = plans[0].study
    of_equations = study.function is None and study.meter is None and how.engine == "threads"
    few_rows = settings.until is None and settings.samples <= MOST_APART
    return of_equations and few_rows and drawn.count(None) >= FEWEST_APART


MOST_APART = 2**20
"""Draws of each scenario at most: of more, numpy's own work is what takes time, and threads share that."""


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
    elsewhere = elsewhere_of(plan.study, settings)
    settings = affordable(settings, "an interval", reserved=1, elsewhere=elsewhere)
    simulation = _simulate(plan, outputs, settings)

    def questions(output: int, draws: Draws) -> None:
        shown = plan.study.outputs[outputs[output]]
        OutputDistribution(shown, math.nan, draws, settings.level, settings.interval).ask()

    own = simulation
    if how.save is None and settings.until is None and simulation.conditions is None:
        # the inputs of an output, or two, are few
        own = part_of(simulation, range(len(outputs))) or simulation
    run = Run(plan, own, settings, how, progress, questions)
    return _described(plan, outputs, settings, simulation, run.draws())


def _described(
    plan: Scenario, outputs: Sequence[str], settings: Settings, simulation: Simulation, drawn: Drawn
) -> Propagation:
    """Return what draws of single cases say."""
    points = evaluate_at_points(plan, outputs)
    simulation = replace(simulation, design=simulation.design.extended(drawn.samples))
    found = settled(simulation, drawn.draws)
    found = [as_emulated(plan.study, *each) for each in zip(outputs, found, strict=True)]
    weights = None
    priors: list[Draws | None] = [None] * len(found)
    if plan.observations:
        if drawn.rows is None:
            raise SettingError(
                "samples: draws can only be weighed while all are in memory; use fewer samples or outputs"
            )
        weights, priors = weigh(plan, simulation, settings), list(found)
        kept = np.isfinite(drawn.rows)
        found = [weights.of(each, row) if each.size else each for each, row in zip(found, kept, strict=True)]
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
    beside: Container[str],
) -> Propagation:
    """Put what was found over cases beside what was found of single ones."""
    found = {}
    for name in wanted:
        of_one = None if flat is None else flat.outputs.get(name)
        if name in over.own:
            output = plan.study.outputs[name]
            draws = as_emulated(plan.study, name, over.own[name])
            level, kind = settings.level, settings.interval
            prior = over.priors.get(name)
            found[name] = OutputDistribution(output, points[name], draws, level, kind, prior=prior)
            if of_one is not None:
                found[name] = found[name].beside(replace(of_one, output=replace(output, over="case")))
        elif of_one is not None:
            found[name] = of_one
        found[name] = replace(found[name], cases=over.cases.get(name), beside_average=name in beside)
    outer, inner = over.sizes
    samples = outer * inner if flat is None else flat.settings.samples
    return Propagation(
        study=plan.study,
        scenario=plan,
        settings=replace(settings, samples=samples, outer=outer, inner=inner),
        outputs=Frozen(found),
        simulation=over.simulation if flat is None else flat.simulation,
        reached=None if flat is None else flat.reached,
        rows=np.array([each.values for each in over.own.values()]) if flat is None else flat.rows,
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
        raise SettingError(f"save: {_over_cases(nested)}, {A_ROW}")
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
            "save: draws that observations weigh are written when all are there, and .parquet while they are "
            "made; on the command line name a .nc or .csv file, in Python call save() of the result"
        )


def _over_cases(nested: Sequence[str]) -> str:
    names = " and ".join(nested if len(nested) < MANY else [nested[0], f"{len(nested) - 1} other outputs"])
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
        raise SettingError(f"save: {_over_cases(nested)}, {A_ROW}")
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
