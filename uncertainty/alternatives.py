"""Outputs that are alternatives to one another, side by side in the same draws."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple, Unpack

import numpy as np

from uncertainty.calls import checked
from uncertainty.case_statistics import Spread, beside_averages, case_sizes, has_both_kinds
from uncertainty.compiled import dependencies, is_nested, wanted_outputs
from uncertainty.errors import NonFiniteError, SettingError, UncertaintyError
from uncertainty.expressions.stages import BESIDE_AVERAGE
from uncertainty.late import dataclass
from uncertainty.over_cases import speaking_of
from uncertainty.propagation import Propagation, RunOptions, propagate
from uncertainty.records import Frozen, brief, view
from uncertainty.results import record, row_of
from uncertainty.results.about import About, about
from uncertainty.rounding import rounding_of_unseen, varies
from uncertainty.sampling.case_draws import (
    Sizes,
    draw_measures,
    meeting_rare,
    settles,
    telling_apart,
)
from uncertainty.sampling.constancy import ROWS
from uncertainty.sampling.designs import blocks
from uncertainty.sampling.estimate import NOTHING, Estimate, Least
from uncertainty.sampling.moments import NO_MOMENTS
from uncertainty.sampling.nesting import make_case_model, own_measure
from uncertainty.sampling.net_of_several import NetOfSeveral
from uncertainty.sampling.running import Execution, split_options
from uncertainty.sampling.simulation import few_inputs
from uncertainty.sampling.statistics import BATCHES, Draws
from uncertainty.sampling.weighing import Weights, weigh
from uncertainty.sampling.workers.engine import make_engine
from uncertainty.sensitivity.decision import Losses, as_good, value_of_everything, value_of_knowing
from uncertainty.sensitivity.unmet_worth import effects_on_losses, turned, worth_told
from uncertainty.settings import Settings
from uncertainty.standings import Paired, Ranking, Standing
from uncertainty.study.one_score import as_one, members_among, quantiles_of
from uncertainty.study.together import values_of_shares, with_shares
from uncertainty.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.sampling.unmet_atoms import Effect
    from uncertainty.settings import Progress
    from uncertainty.study.model import Study
    from uncertainty.study.scenario import Scenario


SHARED = 1e6
"""Times what sets alternatives apart from which on what they share is taken away first."""


@record("worth=estimate")
class Worth(NamedTuple):
    """What knowledge is worth for the choice, in the outputs' unit.

    Parameters
    ----------
    estimate
        With its Monte Carlo error; never below 0, though draws may tell of a loss that is noise.
    """

    estimate: Estimate


NO_SINGLE = "alternatives are not compared in single cases, too many of which have no value"


@record(
    "outputs",
    "better",
    "average?",
    "no_average?",
    "outer?",
    "inner?",
    "single?",
    "no_single?",
    "best_on_average?",
    "as_good?",
    "everything?",
    "inputs=worth",
    "no_worth?",
)
@dataclass(frozen=True, eq=False)
class Alternatives:
    """Outputs that are alternatives to one another.

    Parameters
    ----------
    outputs
        Their names.
    better
        Whether less is better, ``"lowest"``, or more, ``"highest"``.
    single
        Of any one case, the same case of all; None where too many have no value.
    no_single
        Why there is no such thing then.
    average
        Of the average over the cases, or what else the outputs speak of, where something differs between
        cases and something else is what nobody knows.
    no_average
        Why there is no such thing, where one was to be expected.
    own_sizes
        How many draws and cases the average is of, where it takes other ones than the headline alone does.
    best_on_average
        The output that a choice by expectation takes; empty where expectations do not settle.
    as_good
        Others that may be as good on average, as far as the draws tell.
    everything
        What that choice would gain, on average, if nothing were uncertain (EVPI); nor which case it is, where
        the outputs speak of single cases.
    worth
        What it would gain if one input were known (EVPPI), by input that nobody knows.
    no_worth
        Why none of these three can be told.
    """

    study: Study
    scenario: Scenario
    settings: Settings
    outputs: tuple[str, ...]
    better: str
    single: Ranking | None
    no_single: str
    average: Ranking | None
    no_average: str
    own_sizes: Sizes | None
    best_on_average: str
    as_good: tuple[str, ...]
    everything: Worth | None
    worth: Mapping[str, Worth]
    no_worth: str

    __repr__ = brief
    _repr_html_ = view

    @property
    def leading(self) -> Ranking:
        """On average over the cases, or where there is no such thing of any one."""
        found = self.average or self.single
        assert found is not None  # noqa: S101 - without both nothing is compared
        return found

    @property
    def by_averages(self) -> bool:
        """Whether averages over the cases are chosen between, which no case that is known changes."""
        plan = self.settings.scenario(self.study)
        return self.average is not None and any(is_nested(plan, name) for name in self.outputs)

    @property
    def outer(self) -> int | None:
        """Draws of what nobody knows behind the average, where they are others than the headline's."""
        return None if self.own_sizes is None else self.own_sizes.outer

    @property
    def inner(self) -> int | None:
        """Cases in each of these."""
        return None if self.own_sizes is None else self.own_sizes.inner

    @property
    def unit(self) -> str:
        """Of the outputs, their differences and what knowledge is worth."""
        return self.study.outputs[self.outputs[0]].unit.text

    @property
    def about(self) -> About:
        """What the numbers depend on."""
        return About(self.settings, self.scenario)

    @property
    def table(self) -> Table:
        """One row an alternative and what the ranking is of."""
        rows = [
            {"of": of, "output": name, **row_of(standing)}
            for of, ranking in (("average", self.average), ("single", self.single))
            if ranking is not None
            for name, standing in ranking.standings.items()
        ]
        return Table.of_rows("alternatives", rows, about=about(self.about))


@checked(Settings, Execution)
def compare_alternatives(
    study: Study,
    *,
    outputs: Sequence[str] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    settings: Settings | None = None,
    execution: Execution | None = None,
    **options: Unpack[RunOptions],
) -> Alternatives:
    """Compare outputs that are alternatives to one another, in the same draws.

    Parameters
    ----------
    outputs
        Two or more, of one unit; by default those that the study's ``compare`` names.
    threads, progress, settings, execution
        As in `propagate`.

    Returns
    -------
    Alternatives
        The differences of each two, how often each is the best and which places it may have, for any one case
        and for the average over the cases, and what it is worth to know each input before choosing.

    Raises
    ------
    SettingError
        If there are fewer than two, or they are not of one unit.
    StudyError, NonFiniteError
        As `propagate` does.

    References
    ----------
    Strong & Oakley (2013), An efficient method for computing single-parameter partial expected value of
    perfect information, doi:10.1177/0272989X12465533.
    """
    given, named = split_options(options, threads)
    settings = replace(settings or Settings(), **named)
    how = replace(execution or Execution(), **given)
    names = _names(study, outputs)
    lowest = study.better == "lowest"
    single, refused, no_single = _single(study, names, progress, settings, how)
    flat = None if single is None else _of_single(single, names)
    plan = settings.scenario(_averaging(study))
    over, no_average, own_sizes = None, "", None
    if any(has_both_kinds(plan, name) for name in names):
        over, no_average, own_sizes = _over_cases(plan, names, settings, how)
    # a formula of averages is no average of single cases: then what is chosen by is drawn over cases
    nested = any(is_nested(settings.scenario(study), name) for name in names)
    chosen_by = over if over is not None and nested else flat
    if chosen_by is None:
        raise refused or SettingError(f"outputs: {no_average}")
    losses = chosen_by.losses(lowest=lowest)
    effects = chosen_by.unmet(lowest=lowest)
    no_worth = chosen_by.unsettled(names) or turned(losses[0], effects)
    reaching = frozenset().union(*dependencies(plan, names).values())
    known = [n for n in with_shares(plan, reaching) if plan.kinds[n] != "variability"]
    columns = {} if no_worth else chosen_by.columns(plan, known)

    knowing = {n: partial(value_of_knowing, column=column) for n, column in columns.items()}
    worth = partial(worth_told, losses=losses, effects=effects, rows=chosen_by.rows)
    return Alternatives(
        study=study,
        scenario=settings.scenario(study) if single is None else single.scenario,
        settings=settings if single is None else single.settings,
        outputs=names,
        better=study.better,
        single=None if flat is None else flat.ranking(names, settings, lowest=lowest),
        no_single=no_single,
        average=None if over is None else over.ranking(names, settings, lowest=lowest),
        no_average=no_average,
        own_sizes=own_sizes,
        best_on_average="" if no_worth else names[losses[0].best],
        as_good=() if no_worth else tuple(names[place] for place in as_good(losses)),
        everything=None if no_worth else Worth(worth(value_of_everything)),
        worth=Frozen({n: Worth(worth(each, name=n)) for n, each in knowing.items()}),
        no_worth=no_worth,
    )


def _single(
    study: Study, names: Sequence[str], progress: Progress | None, settings: Settings, how: Execution
) -> tuple[Propagation | None, UncertaintyError | None, str]:
    """Draw the alternatives of single cases; of averages, return why where there are none."""
    if beside := beside_averages(settings.scenario(study), names):
        return None, SettingError(said := f'"{beside[0]}" {BESIDE_AVERAGE}'), said
    of_case = speaking_of(study, "case")
    try:
        run = propagate(of_case, outputs=names, progress=progress, settings=settings, execution=how)
        return run, None, ""
    except NonFiniteError as error:
        if all(study.outputs[name].over == "average" for name in names):
            return None, error, NO_SINGLE
        raise


def _names(study: Study, outputs: Sequence[str] | None) -> tuple[str, ...]:
    if outputs is None and not study.compare:
        raise SettingError("outputs: the study names no alternatives; write compare in [study], or name them")
    names = wanted_outputs(study, outputs or study.compare)
    if len(names) < 2:
        raise SettingError(f'outputs: expected two alternatives or more, found "{names[0]}" alone')
    first, *others = (study.outputs[name] for name in names)
    for other in others:
        if (other.unit.factor, other.unit.dimension) != (first.unit.factor, first.unit.dimension):
            raise SettingError(
                f'outputs: expected alternatives of one unit: "{other.name}" is in "{other.unit.text}", but '
                f'"{first.name}" is in "{first.unit.text}"'
            )
    return names


def _averaging(study: Study) -> Study:
    """Return the study whose outputs speak of the average where they speak of any one case."""
    own = {
        name: replace(output, over="average") if output.over == "case" else output
        for name, output in study.outputs.items()
    }
    return replace(study, outputs=Frozen(own))


@dataclass(frozen=True, eq=False)
class _Together:
    """Alternatives in the same draws.

    Parameters
    ----------
    versions
        Of all cases, and without each scramble of their net, shape (versions, alternatives, draws).
    kept
        The draws in which all of them have a value, among those of the simulation.
    places
        Of the alternatives among the outputs of the simulation's model.
    finest
        Of each alternative by itself, the least that cases add to its error; none where they add nothing.
    net
        What the differences of alternatives are told by where there is a net of cases.
    """

    versions: FloatArray
    replicate_rows: int
    simulation: Simulation
    kept: NDArray[np.bool_]
    weights: Weights | None
    places: Sequence[int]
    finest: Sequence[Least] = ()
    net: NetOfSeveral | None = None

    @cached_property
    def _alike(self) -> dict[tuple[int, int], NDArray[np.intp]]:
        """By two alternatives the draws in which rounding alone sets them apart, where there are any."""
        told = self.versions if self.net is None else self.net.told
        whole = told[0]
        pairs = list(combinations(range(len(whole)), 2))
        ends = np.stack([whole.min(axis=1), whole.max(axis=1)], axis=1)
        most = self._roundings(few_inputs(self.simulation, ROWS, 0), ends).max(axis=1)
        near = np.zeros(whole.shape[1], bool)
        for one, other in pairs:
            near |= np.abs(whole[one] - whole[other]) <= most[one] + most[other]
        draws = np.flatnonzero(near)
        if not draws.size:
            return {}
        rounding = self._roundings(self._drawn[:, self.kept][:, draws], whole[:, draws])
        found = {}
        for one, other in pairs:
            apart = np.abs(told[:, one] - told[:, other])[:, draws].max(axis=0)
            found[one, other] = draws[apart <= rounding[one] + rounding[other]]
        return found

    @cached_property
    def _level(self) -> FloatArray:
        """The versions, with alternatives equal in draws where rounding alone sets them apart."""
        if not self._alike:
            return self.versions
        found = self.versions.copy()
        for (one, other), draws in self._alike.items():
            found[:, other, draws] = found[:, one, draws]
        return found

    @cached_property
    def _apart(self) -> dict[tuple[int, int], FloatArray]:
        """By two alternatives their differences on the net, without the spread that it adds to these."""
        found = {}
        if self.net is not None:
            for one, other in combinations(range(self.versions.shape[1]), 2):
                found[one, other] = apart = self.net.difference(one, other, self.replicate_rows)
                apart[:, self._alike.get((one, other), [])] = 0.0
        return found

    def _difference(self, one: int, other: int) -> FloatArray:
        """Return one alternative less another, shape (versions, draws)."""
        if self.net is None:
            found: FloatArray = self._level[:, one] - self._level[:, other]
            return found
        return self._apart[one, other] if one < other else -self._apart[other, one]

    def _roundings(self, inputs: FloatArray, values: FloatArray) -> FloatArray:
        """Return bounds on the rounding errors of the alternatives, 0 where nothing is known of them."""
        model = self.simulation.model
        every = np.zeros((len(model.outputs), values.shape[1]))
        every[self.places] = values
        bounds = model.rounding(inputs, every)[self.places]
        return np.where(np.isfinite(bounds), bounds, 0.0)

    @cached_property
    def _drawn(self) -> FloatArray:
        """What is drawn for each input, shape (inputs, rows)."""
        count = blocks(self.simulation.design)
        parts = [each.copy() for each in self.simulation.input_blocks(0, count)]
        return np.concatenate(parts, axis=1)

    def own(self, place: int) -> Draws:
        """Return the draws of an alternative."""
        return self._draws(self.versions[:, place], self.finest[place] if self.finest else NOTHING)

    def ranks(self, place: int, sign: float) -> Draws:
        """Return the draws of an alternative's place, 1 being the lowest if `sign` is 1, else the highest."""
        return self._draws(self._places(place, sign))

    def best(self, place: int, sign: float) -> Estimate:
        """Return the share of draws in which an alternative is the best."""
        others = (each for each in range(self.versions.shape[1]) if each != place)
        settled = all(self._is_settled(place, other) for other in others)
        return self._draws(self._places(place, sign), constant=settled).share_at_most(1.0)

    def _places(self, place: int, sign: float) -> FloatArray:
        others = [each for each in range(self.versions.shape[1]) if each != place]
        ahead = np.array([sign * self._difference(each, place) < 0 for each in others])
        return np.asarray(1.0 + ahead.sum(axis=0))

    def pair(self, one: int, other: int) -> Draws:
        """Return the draws of the difference of two of them: one number, where but rounding sets it apart."""
        found = self._difference(one, other)
        if self._is_settled(one, other):
            found = np.repeat(np.median(found, axis=1)[:, None], found.shape[1], axis=1)
        return self._draws(found)

    def share(self, one: int, other: int, of: Callable[[FloatArray], np.ndarray]) -> Estimate:
        """Return the share of draws in which something is so of the difference of two of them."""
        events = of(self._difference(one, other)).astype(float)
        return self._draws(events, constant=self._is_settled(one, other)).share_at_least(1.0)

    def _is_settled(self, one: int, other: int) -> bool:
        """Tell whether two differ by one number, so that what is so of it in all draws is always so."""
        apart = self._difference(one, other)[0]
        rounded = rounding_of_unseen(self.versions[0, [one, other]]).max()
        return not varies(apart.min(), apart.max(), float(rounded))

    def _draws(
        self, versions: Sequence[FloatArray] | FloatArray, finest: Least = NOTHING, *, constant: bool = True
    ) -> Draws:
        whole, *others = versions
        without = [Draws(v, self.replicate_rows) for v in others]
        found = Draws(whole, self.replicate_rows, constant=constant, without=without, finest=finest)
        return found if self.weights is None else self.weights.of(found, self.kept)

    def unsettled(self, names: Sequence[str]) -> str:
        """Say which difference has no mean that settles, and why; empty where all do.

        What a choice gains is made of differences: what two share is in none of them.
        """
        for one, other in combinations(range(len(names)), 2):
            mean = self.pair(one, other).mean
            if mean.error is None and mean.reason.endswith(NO_MOMENTS):
                return f"the mean of {names[one]} less {names[other]} is not known: {mean.reason}"
        return ""

    @property
    def rows(self) -> int:
        """Model rows behind each draw."""
        return 1 if self.net is None else self.net.inner

    def unmet(self, *, lowest: bool) -> list[Effect]:
        """Return what rare values of inputs that no draw has met change in what each loses.

        Of draws that observations weigh nothing is told: nobody knows what these values would weigh.
        """
        if self.weights is not None:
            return []
        return effects_on_losses(self.simulation, self.places, 1.0 if lowest else -1.0)

    def _values(self, sign: float) -> FloatArray:
        """Return their values, on a net less one of them, shape (versions, alternatives, draws)."""
        if self.net is None:
            return self._level
        # less the one with the best mean: what is gained is of differences from it
        counted = np.ones(self.kept.sum()) if self.weights is None else self.weights.values[self.kept]
        best = int(np.argmin(sign * self.versions[0] @ counted))
        rest = (self._difference(each, best) for each in range(len(self.places)) if each != best)
        return np.insert(np.stack(list(rest), axis=1), best, 0.0, axis=1)

    def losses(self, *, lowest: bool) -> tuple[Losses, ...]:
        """Return what each loses, and on a net what it loses without each scramble."""
        sign = 1.0 if lowest else -1.0
        values = sign * self._values(sign)
        apart = float(np.ptp(values, axis=1).max())
        if np.abs(values).max() > SHARED * apart:
            # sums of what all have in common would round away what sets them apart
            values = values - values[:, :1]
        count = values.shape[2]
        if self.weights is not None:
            counted, groups = self.weights.values[self.kept], self.weights.groups[self.kept]
        else:
            rows = self.replicate_rows if self.replicate_rows > 1 else max(-(-count // BATCHES), 1)
            counted, groups = np.ones(count), np.arange(count) // rows
        return tuple(Losses(each, counted, groups) for each in values)

    def columns(self, plan: Scenario, names: Sequence[str]) -> dict[str, FloatArray]:
        """Return the values of those of some inputs that vary in these draws, in the study's order."""
        parts_of = {other for whole in plan.wholes for other in whole.others}
        inputs = [name for name in self.simulation.inputs if name in {*names, *parts_of}]
        places = [self.simulation.inputs.index(name) for name in inputs]
        shown = self.simulation.shown(self._drawn)[places][:, self.kept]
        columns = dict(zip(inputs, shown, strict=True))
        columns |= values_of_shares(plan, columns)
        drawn = dict(zip(inputs, self._drawn[places][:, self.kept], strict=True))
        for name, members in members_among(plan, [n for n in names if n in drawn]).items():
            columns[name] = quantiles_of(drawn[member] for member in members)
        wanted = as_one(plan, [name for name in plan.study.inputs if name in columns and name in names])
        return {name: columns[name] for name in wanted}

    def ranking(self, names: Sequence[str], settings: Settings, *, lowest: bool) -> Ranking:
        """Return how they stand to one another."""
        sign = 1.0 if lowest else -1.0

        def spread(draws: Draws) -> Spread:
            return Spread(draws, settings.level, settings.interval)

        standings = {}
        for place, name in enumerate(names):
            ranks = self.ranks(place, sign)
            standings[name] = Standing(spread(self.own(place)), self.best(place, sign), spread(ranks))
        differences = []
        for one, other in combinations(range(len(names)), 2):
            better = self.share(one, other, lambda apart: sign * apart < 0)
            equal = self.share(one, other, lambda apart: apart == 0)
            differences.append(
                Paired((names[one], names[other]), spread(self.pair(one, other)), better, equal)
            )
        return Ranking(Frozen(standings), tuple(differences))


def _of_single(run: Propagation, names: Sequence[str]) -> _Together:
    if run.rows is None:
        raise SettingError(
            "samples: alternatives are compared while all draws are in memory; use fewer samples"
        )
    places = [run.simulation.model.outputs.index(name) for name in names]
    rows = run.rows[places]
    kept = np.asarray(np.isfinite(rows).all(axis=0))
    replicate = run.simulation.design.replicate_rows if kept.all() else 1
    return _Together(rows[None, :, kept], replicate, run.simulation, kept, run.weights, places)


def _over_cases(
    plan: Scenario, names: Sequence[str], settings: Settings, how: Execution
) -> tuple[_Together | None, str, Sizes | None]:
    """Draw what the alternatives are over the cases, or say why not; with sizes where they are their own."""
    measures = [own_measure(plan.study.outputs[name]) for name in names]
    model = make_case_model(plan, measures)
    if reason := settles(plan, model, settings):
        return None, reason, None
    try:
        usual = case_sizes(plan, model, settings)
        sizes, rare = meeting_rare(plan, model, telling_apart(plan, model, usual, settings), settings)
        if rare:
            return None, rare, None
        engine = make_engine(how.threads, how.engine, how.scheduler, turns=plan.study.turns)
        simulation, found, told, wider = draw_measures(plan, model, sizes, settings, engine)
        weights = weigh(plan, simulation, settings, sizes.inner) if plan.observations else None
    except SettingError as error:
        # too few samples for cases are no reason to compare nothing
        return None, str(error), None
    count = max(len(draws.without) for draws in found)
    versions = [[draws.values for draws in found]]
    versions += [[d.without[i].values if d.without else d.values for d in found] for i in range(count)]
    kept = np.ones(simulation.design.samples, bool)
    rows = simulation.design.replicate_rows
    rows = rows if simulation.design.samples > rows else 1
    finest = [draws.finest for draws in found]
    own = np.array(versions), rows, simulation, kept, weights, range(len(names))
    net = NetOfSeveral(
        told.swapaxes(0, 1), wider, [each.statistic == "average" for each in measures], sizes.inner
    )
    together = _Together(*own, finest, net)
    return together, "", None if sizes == usual else sizes
