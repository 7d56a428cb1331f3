"""Shapley effects: the variance shared out among inputs, correlated or not.

An input's effect is what it adds, on average over all orders in which inputs can become known, to the share
of the variance that is explained (Owen 2014, doi:10.1137/130936233; Song, Nelson & Staum 2016,
doi:10.1137/15M1048070). The effects are never negative and sum to 1, whatever the dependence.

What a set of inputs leaves open is half the mean squared change of the output when the set is kept and the
rest is drawn again given the set's values. The normal scores of a Gaussian copula are jointly normal, so the
rest can be drawn from its exact conditional distribution.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, NamedTuple, Unpack

import numpy as np

from uncertainty.budgets import budgeted, keeping
from uncertainty.calls import checked
from uncertainty.compiled import dependencies, wanted_output
from uncertainty.errors import SettingError
from uncertainty.late import dataclass
from uncertainty.records import Frozen, brief, view
from uncertainty.results import record
from uncertainty.results.about import About, about
from uncertainty.rounding import UNVARYING
from uncertainty.sampling.constancy import vary_far_out
from uncertainty.sampling.estimate import too_few_draws
from uncertainty.sampling.nesting import over_unknown
from uncertainty.sampling.nets import generator
from uncertainty.sampling.simulation import simulate
from uncertainty.sampling.workers.engine import make_engine
from uncertainty.sensitivity.conditional import Redraw
from uncertainty.sensitivity.events import ASKED, TOPS, Events, largest_of, sides_of, spread_of
from uncertainty.sensitivity.measures import Failures, Measures, make_measures
from uncertainty.sensitivity.methods import Attributed
from uncertainty.sensitivity.pilot import run_pilot
from uncertainty.sensitivity.sobol.design import CrossMatrix, correlated_with, make_cross_matrix
from uncertainty.sensitivity.sobol.estimators import longest_tail, ratio, rounding_alone
from uncertainty.sensitivity.sobol.problem import affordable_points
from uncertainty.sensitivity.sobol.results import Attribution, Share, listing
from uncertainty.settings import SettingOptions, Settings, Unasked
from uncertainty.study.scenario import nothing_to_move
from uncertainty.study.together import entries, taken_together

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.workers.engine import Engine, Span
    from uncertainty.sensitivity.methods import Asked
    from uncertainty.settings import Progress
    from uncertainty.study.model import Scale, Study
    from uncertainty.study.scenario import Scenario
    from uncertainty.tables import Table

SAMPLES = Unasked(2**14)

MOST_EXACT = 8
"""Inputs up to which every order is averaged; with more, each replicate draws some of its own."""


class Effect(NamedTuple):
    """The Shapley effect of an input: its share of the output's variance, with an interval.

    Parameters
    ----------
    effect
        The share.
    """

    effect: Share


@record("scale", "shapley", "every_order", "replicates", "model_rows", "reason?")
@dataclass(frozen=True, slots=True)
class ShapleyEffects:
    """Shapley effects of the inputs of one output.

    Parameters
    ----------
    output, scale
        Which output, and whether its logarithm was looked at.
    replicates, model_rows
        Independent randomisations that the intervals rest on, and model runs that were made.
    reason
        Why there are no effects, where there are none.
    effects
        By input, the largest first; they sum to 1.
    every_order
        Whether all orders of the inputs were averaged, or some drawn at random.
    """

    study: Study
    scenario: Scenario
    settings: Settings
    output: str
    scale: Scale
    effects: Mapping[str, Share]
    every_order: bool
    replicates: int
    model_rows: int
    reason: str = ""

    __repr__ = brief

    @property
    def about(self) -> About:
        """What the effects depend on."""
        return About(self.settings, self.scenario, "shapley")

    @property
    def shapley(self) -> Mapping[str, Effect]:
        """By input, the largest effect first; they sum to 1."""
        return Frozen({key: Effect(each) for key, each in self.effects.items()})

    def attributions(self) -> Iterator[Attribution]:
        """Yield the findings; see `uncertainty.sensitivity.sobol.results`."""
        for key, row in self.shapley.items():
            yield Attribution(self.output, self.scale, "input", key, row)

    @property
    def table(self) -> Table:
        """The findings as a table, for files and data frames."""
        return listing(self, about=about(self.about))

    _repr_html_ = view


@checked(Settings)
@budgeted
def shapley(
    study: Study,
    *,
    output: str | None = None,
    threads: int | None = None,
    engine: str = "threads",
    scheduler: str | None = None,
    progress: Progress | None = None,
    cache: str | Path | None = None,
    settings: Settings | None = None,
    **options: Unpack[SettingOptions],
) -> ShapleyEffects:
    """Estimate Shapley effects of the inputs of one output, correlated or not.

    Parameters
    ----------
    output
        Name of the output, the headline by default.
    threads, engine, scheduler
        Who works, as in `uncertainty.sampling.workers.engine.make_engine`. Never changes a number.
    progress
        Called after each batch with the batches done and the batches there are.
    cache
        Folder that keeps what a function gives, as in `uncertainty.sampling.running.Execution`.
    settings
        What to run; or give the fields of `Settings` as keywords. `samples` counts base points, each of which
        takes a model run for every set of inputs that is looked at.

    Raises
    ------
    SettingError
        If a setting or the output's name is wrong, or nothing varies.
    NonFiniteError
        If the output is infinite or undefined for some draws, or not positive on a log10 scale.

    References
    ----------
    Song, Nelson & Staum 2016, doi:10.1137/15M1048070; Goda 2021, doi:10.1016/j.ress.2021.107700.
    """
    settings = replace(settings or Settings(samples=SAMPLES), **options)
    study = keeping(study, cache)
    name = wanted_output(study, output)
    plan = over_unknown(settings.scenario(study), [name], settings.seed)
    if not plan.varying:
        raise SettingError(f"{nothing_to_move(plan)}: there is nothing to attribute")
    game = _prepare(plan, name, settings)
    sums, failures = _play(game, make_engine(threads, engine, scheduler, turns=study.turns), progress)
    matrix = game.matrix
    model_rows = matrix.design.samples * (1 + game.sets)
    failures.raise_if_any(model_rows, dependencies(plan, (name,)), study.file)
    reason = game.nothing_because(sums)
    effects = {} if reason else game.effects(sums, settings.level)
    ordered = dict(sorted(effects.items(), key=lambda item: -item[1].value))
    return ShapleyEffects(
        study=study,
        scenario=plan,
        settings=replace(settings, samples=matrix.design.samples),
        output=name,
        scale=game.measures.scales[0],
        effects=Frozen(ordered),
        every_order=game.every_order,
        replicates=matrix.replicates,
        model_rows=model_rows,
        reason=reason,
    )


class _Sums(NamedTuple):
    """What each replicate leaves.

    Parameters
    ----------
    shares
        What the sets of known inputs leave open, weighted for each player, shape (replicates, players).
    mean, square
        Means of the output and of its square, shape (replicates,).
    spread, gathered, largest
        How its squared differences from the median are made up, as `spread_of` says, shape (replicates,).
    total, tops, sides
        What drawing one player anew changes, as `estimators.Sums` has it, shape (replicates, players, …).
    """

    shares: FloatArray
    mean: FloatArray
    square: FloatArray
    spread: FloatArray
    gathered: FloatArray
    largest: FloatArray
    total: FloatArray
    tops: FloatArray
    sides: FloatArray


@dataclass(frozen=True, slots=True)
class _Game:
    """The inputs as players, whose sets earn the variance that they explain: all that a worker needs.

    Parameters
    ----------
    players
        By name, the inputs that are one player: one, or the shares of a whole.
    """

    players: Mapping[str, tuple[str, ...]]
    matrix: CrossMatrix
    measures: Measures
    seed: int

    @property
    def every_order(self) -> bool:
        """Whether all orders are averaged."""
        return len(self.players) <= MOST_EXACT

    @property
    def sets(self) -> int:
        """Sets of inputs that each base point looks at."""
        return _sets(len(self.players))

    def coalitions(self, batch: int) -> Iterator[tuple[tuple[int, ...], FloatArray]]:
        """Yield sets of players with what each one earns by what the set leaves open."""
        count = len(self.players)
        if self.every_order:
            for size in range(1, count):
                before = 1 / (count * math.comb(count - 1, size))
                after = 1 / (count * math.comb(count - 1, size - 1))
                for members in combinations(range(count), size):
                    weights = np.full(count, before)
                    weights[list(members)] = -after
                    yield members, weights
            return
        order = generator(self.seed, "orders", batch).permutation(count)
        # a random order and its rotations: every player comes first once
        for turn in range(count):
            turned = np.roll(order, turn)
            for size, (last, following) in enumerate(pairwise(turned), 1):
                weights = np.zeros(count)
                weights[following], weights[last] = 1 / count, -1 / count
                yield tuple(turned[:size].tolist()), weights

    def nothing_because(self, sums: _Sums) -> str:
        """Say that nothing varies, or that too few events make up the variance; else nothing."""
        mean = sums.mean.mean()
        around = sums.square - 2 * mean * sums.mean + mean**2
        if rounding_alone(around.mean(), self.measures).all():
            return too_few_draws(math.inf) if vary_far_out(self.matrix.simulation)[0] else UNVARYING
        points = self.matrix.design.samples
        spread, gathered, largest = (each[:, None] for each in (sums.spread, sums.gathered, sums.largest))
        total, tops, sides = (each[:, :, None] for each in (sums.total, sums.tops, sums.sides))
        tail = longest_tail(total, tops, sides, points)
        found = Events.of(spread, gathered, largest, points, tail)
        if few := found.too_few(points)[0]:
            return few
        shares = [(each.value, each.value - each.interval[0]) for each in self.effects(sums, ASKED).values()]
        return found.unsettled(*np.array(shares).T[:, :, None])[0]

    def effects(self, sums: _Sums, level: float) -> dict[str, Share]:
        """Return every player's share of the variance; nothing if there is none."""
        mean = sums.mean.mean()
        around = sums.square - 2 * mean * sums.mean + mean**2
        # before anything is known the whole variance is open
        earned = sums.shares + around[:, None] / len(self.players)
        known = ratio(earned[:, :, None], around[:, None], around.mean(keepdims=True)).known(level)
        pairs = zip(known.value[:, 0].tolist(), known.half[:, 0].tolist(), strict=True)
        return {
            name: Share(value, (value - half, value + half))
            for name, (value, half) in zip(self.players, pairs, strict=True)
        }


def _sets(count: int) -> int:
    return 2**count - 2 if count <= MOST_EXACT else count * (count - 1)


def _prepare(plan: Scenario, output: str, settings: Settings) -> _Game:
    reaching = dependencies(plan, (output,))
    # a share of a whole can neither be known nor be drawn again without the others
    together, partners = taken_together(plan), correlated_with(plan)
    known = {other for name in reaching[output] for other in partners.get(name, (name,))}
    players = Frozen(entries(plan, known, together))
    settings = affordable_points(plan, settings, "Shapley effects", 1 + _sets(len(players)))
    simulation = simulate(plan, (output,), settings.samples, settings.seed, settings.design)
    pilot = run_pilot(plan, settings.seed)
    order = pilot.ranked({name: declared.scale for name, declared in plan.study.outputs.items()})
    # orders are drawn for one replicate at a time, so that replicates stay independent
    matrix = make_cross_matrix(
        simulation,
        (),
        order,
        settings.samples,
        settings.seed,
        settings.design,
        one_by_one=len(players) > MOST_EXACT,
        nested=plan.nested,
    )
    measures = make_measures((output,), (0,), (plan.study.outputs[output].scale,), pilot)
    return _Game(players, matrix, measures, settings.seed)


def _play(game: _Game, engine: Engine, progress: Progress | None) -> tuple[_Sums, Failures]:
    """Evaluate every coalition on every batch."""
    matrix = game.matrix
    matrix.simulation.transforms()
    failures = Failures(matrix.simulation)
    parts: list[_Sums] = []
    batches = [(first, first + 1) for first in range(matrix.batches)]
    for sums, failed in engine.map(partial(_play_batch, game), batches):
        parts.append(sums)
        failures.merge(failed)
        if progress is not None:
            progress(len(parts), matrix.batches)
    return _Sums._make(np.concatenate(arrays) for arrays in zip(*parts, strict=True)), failures


def _play_batch(game: _Game, span: Span) -> tuple[_Sums, Failures]:
    """Evaluate every coalition on the replicates of one batch."""
    matrix, simulation = game.matrix, game.matrix.simulation
    failures = Failures(simulation)
    # parts lie in memory that is used again
    parts = [(a.copy(), b.copy()) for a, b in matrix.uniforms(*span)]
    of_a, of_b = (np.concatenate(each, axis=1) for each in zip(*parts, strict=True))
    redraw = Redraw.of(simulation, of_a, of_b, (game.seed, span[0]))
    outputs = np.empty((1, redraw.own.shape[1]))
    (model,) = matrix.models(span[0], [simulation.model])
    workspace = model.workspace(outputs.shape[1])
    rows = [[simulation.inputs.index(name) for name in names] for names in game.players.values()]

    def run(inputs: FloatArray) -> FloatArray:
        model.run(inputs, outputs, workspace)
        values = game.measures.of(outputs)
        if not np.isfinite(values.sum()):
            failures.look_at(inputs, outputs, [0], game.measures)
        return values.reshape(-1, matrix.replicate_rows)

    with np.errstate(all="ignore"):
        own = run(redraw.own)
        around = 2 * np.square(own - own.mean(axis=1, keepdims=True))
        shares = np.zeros((len(own), len(rows)))
        total, tops, sides = (np.zeros((len(own), len(rows), *more)) for more in ((), (TOPS,), (2,)))
        for members, weights in game.coalitions(span[0]):
            change = run(redraw.keeping([row for member in members for row in rows[member]])) - own
            shares += np.outer(np.vecdot(change, change) / (2 * matrix.replicate_rows), weights)
            if len(members) == len(rows) - 1:
                (left,) = {*range(len(rows))} - {*members}
                changed = np.square(change)
                total[:, left], tops[:, left] = changed.mean(axis=1), largest_of(changed)
                sides[:, left] = sides_of(changed, around)
        (own,) = matrix.aligned(own)
        spread = spread_of(own, np.median(own, axis=-1))
    square = np.vecdot(own, own) / matrix.replicate_rows
    return _Sums(shares, own.mean(axis=1), square, *spread, total, tops, sides), failures


def attribute(asked: Asked) -> Attributed:
    """Return the Shapley effects of each output."""
    settings = asked.settings_of(SAMPLES, len(asked.outputs))
    found = {
        name: shapley(asked.study, output=name, progress=asked.progress, settings=settings, **asked.workers)
        for name in asked.outputs
    }
    depends = next(iter(found.values())).about
    return Attributed(found, depends, listing(*found.values(), about=about(depends)))
