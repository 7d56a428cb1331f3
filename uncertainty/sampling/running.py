"""How draws are made: stored or counted, once or until they are precise enough, by which engine."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

import numpy as np

from uncertainty.calls import check_fields
from uncertainty.compiled import EquationModel, dependencies
from uncertainty.errors import SettingError, UncertaintyError
from uncertainty.late import dataclass
from uncertainty.sampling.case_draws import averaging
from uncertainty.sampling.collecting import Collection
from uncertainty.sampling.constancy import told_apart
from uncertainty.sampling.family import Columns, Member, draw
from uncertainty.sampling.fast.compiler import compiles
from uncertainty.sampling.finiteness import allowed_share, finite_draws
from uncertainty.sampling.moments import telling
from uncertainty.sampling.precision import (
    INTERRUPTED,
    Precision,
    Reached,
    foreseen_samples,
    largest_shortfall,
    next_samples,
)
from uncertainty.sampling.statistics import Draws
from uncertainty.sampling.thresholds import counted_values
from uncertainty.sampling.workers.engine import make_engine, usable_cores

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.finiteness import FailedRows
    from uncertainty.sampling.huge.windows import Counted
    from uncertainty.sampling.saving import DrawsFile
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.sampling.workers.engine import Engine
    from uncertainty.settings import Progress, Settings
    from uncertainty.study.scenario import Scenario

MEMORY = 2**29
"""Bytes that stored draws may take; what needs more is drawn in parts, or counted."""

COUNTED = 2**6
"""Outputs that are counted at a time: the counts of each take 128 KiB a thread, several times over."""

BENCHES = 2**28
"""Bytes that the blocks of all threads may take: fewer threads work where inputs and outputs are many."""


class ExecutionOptions(TypedDict, total=False):
    """The fields of `Execution` as keywords of an analysis, for type checkers; `threads` is one of all."""

    engine: str
    scheduler: str | None
    block_rows: int | None
    cache: str | Path | None
    save: str | Path | None
    memory: int
    compiled: bool | None


@dataclass(frozen=True, slots=True)
class Execution:
    """How to run: nothing here changes a number.

    Parameters
    ----------
    threads
        Workers, by default one for each core.
    engine
        ``"threads"``, ``"processes"`` or ``"dask"``.
    scheduler
        Address of a running Dask scheduler; without one, `engine` ``"dask"`` starts a local cluster.
    block_rows
        Rows that a worker takes at a time, for functions whose single evaluation is slow; may be 1.
    cache
        Folder to keep results in, for the same; a run that is repeated or extended takes them from there,
        while the study, its options and all that `uncertainty.study.fingerprint` sees of a function are the
        same. Not seen are what a function reads elsewhere, and another version of a library: empty the folder
        when they change.
    save
        Parquet file to write all draws to, inputs and outputs.
    memory
        Bytes that stored draws may take.
    compiled
        Whether to use compiled loops (needs numba); by default where they pay.
    """

    threads: int | None = None
    engine: str = "threads"
    scheduler: str | None = None
    block_rows: int | None = None
    cache: str | Path | None = None
    save: str | Path | None = None
    memory: int = MEMORY
    compiled: bool | None = None

    def __post_init__(self) -> None:
        check_fields(self)
        if self.block_rows is not None and self.block_rows < 1:
            raise SettingError(f"block_rows: expected at least 1, found {self.block_rows}")


def split_options(options: Mapping[str, Any], threads: int | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the keywords that say how to run, and the others."""
    names = {field.name for field in fields(Execution)}
    how = {name: value for name, value in options.items() if name in names}
    if threads is not None:
        how["threads"] = threads
    return how, {name: value for name, value in options.items() if name not in names}


class Drawn(NamedTuple):
    """The draws of each output, how many were made, and how far a run with `until` has come.

    Parameters
    ----------
    draws
        Of an output fewer than were made where some have no finite value and the study has them dropped.
    rows
        What the model gave, shape (outputs, samples); None where that was too much to keep.
    """

    draws: list[Draws]
    samples: int
    reached: Reached | None = None
    rows: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One propagation.

    Parameters
    ----------
    questions
        Asks the draws of an output, by its number, what will be asked of them later: where they are too many
        to keep, these answers are at hand then.
    """

    plan: Scenario
    simulation: Simulation
    settings: Settings
    execution: Execution
    progress: Progress | None
    questions: Callable[[int, Draws], object]

    def draws(self) -> Drawn:
        """Return the draws of each output, how many were made, and how far a run with `until` has come."""
        how = self.execution
        engine = make_engine(self._threads(), how.engine, how.scheduler, turns=self.plan.study.turns)
        simulation = replace(self.simulation, compiled=self._compiles())
        if how.save is not None:
            # another run's file is refused before anything is drawn
            self._file(simulation).check(() if self.settings.until is None else ("samples",))
        room = how.memory // (8 * len(simulation.model.outputs))
        if self.settings.until is None and simulation.design.samples > room:
            draws = self._remade(simulation, engine) or self._counted(simulation, engine)
            drawn = Drawn(draws, simulation.design.samples)
        else:
            drawn = self._kept(Collection(simulation, engine, how.block_rows), room)
        if how.save is not None:
            saved = replace(simulation, design=simulation.design.extended(drawn.samples))
            self._file(saved).save(saved, engine, self.progress, drawn.rows)
        return drawn

    def _threads(self) -> int | None:
        """Return as many threads as were asked for, or else as there are cores and memory for."""
        how, simulation = self.execution, self.simulation
        if how.threads is not None or how.engine != "threads":
            return how.threads
        rows = simulation.design.block_rows
        block = 8 * rows * (len(simulation.inputs) + len(simulation.model.outputs))
        return max(1, min(usable_cores(), BENCHES // block))

    def _file(self, simulation: Simulation) -> DrawsFile:
        from uncertainty.sampling.saving import DrawsFile, manifest

        note = manifest(self.plan, simulation, self.settings)
        return DrawsFile(Path(self.execution.save or ""), note)

    def _compiles(self) -> bool:
        rows = self.settings.max_samples or self.simulation.design.samples
        # compiled loops count no rows
        return self.plan.study.meter is None and compiles(
            rows * len(self.simulation.inputs), wanted=self.execution.compiled
        )

    def _check(self, failed: FailedRows, samples: int) -> None:
        outputs = self.simulation.model.outputs
        study = self.plan.study
        allowed = allowed_share(study.nonfinite)
        # a single case of these may have no value where the output, of averages, has one
        averages = averaging(self.plan, list(failed.counts))
        own = study.outputs
        beside = {name for name in averages if own[name].one_beside or own[name].over != "case"}
        reaching = dependencies(self.plan, outputs)
        failed.raise_if_any(samples, reaching, study.file, allowed=allowed, averaging=averages, beside=beside)

    def _check_counted(self, failed: FailedRows, samples: int) -> None:
        self._check(failed, samples)
        if failed.counts:
            raise SettingError(
                "samples: draws can only be dropped while all are in memory; use fewer samples or outputs"
            )

    def _kept(self, collection: Collection, room: int) -> Drawn:
        if self.settings.until is not None:
            return self._until(collection, room)
        self._extend(collection, collection.simulation.design.samples)
        return Drawn(_stored(collection), collection.done, rows=_rows(collection))

    def _until(self, collection: Collection, room: int) -> Drawn:
        """Sample until the tolerance is met, `max_samples` or `room` is reached, or the user has enough."""
        precision = Precision.parse(self.settings.until or 0)
        limit = self._limit(room)
        design = collection.simulation.design
        most = max(limit - limit % design.replicate_rows, design.samples)
        samples, foreseen = design.samples, 0.0
        what = "max_samples" if limit == self.settings.max_samples else "the most that memory holds"
        try:
            while True:
                self._extend(collection, samples, min(foreseen, most))
                draws, shortfall = self._judged(collection, precision)
                if shortfall <= 1 or collection.done >= most:
                    reason = f"{what} was reached, {collection.done} draws"
                    break
                samples = min(next_samples(collection.done, shortfall), most)
                foreseen = foreseen_samples(collection.done, shortfall)
        except KeyboardInterrupt:
            if not collection.whole_rows:
                raise
            reason = INTERRUPTED
            self._check(collection.failed, collection.done)
            draws, shortfall = self._judged(collection, precision)
        reached = Reached(precision, shortfall, "" if shortfall <= 1 else reason)
        return Drawn(draws, collection.whole_rows, reached, _rows(collection))

    def _judged(self, collection: Collection, precision: Precision) -> tuple[list[Draws], float]:
        draws = told_apart(self.simulation, _stored(collection))
        return draws, largest_shortfall(precision, draws, self.settings.level, self.settings.interval)

    def _limit(self, room: int) -> int:
        first, most = self.settings.samples, self.settings.max_samples
        if most is None:
            return room
        if most < first:
            raise SettingError(f"max_samples: expected at least {first}, found {most}")
        return min(most, room)

    def _extend(self, collection: Collection, samples: int, foreseen: float = 0) -> None:
        """Make draws until there are `samples`, on the way to as many as are foreseen."""
        show = self.progress
        if show is None:
            collection.extend(samples)
        else:
            collection.extend(samples, lambda done, total: show(done, max(total, math.ceil(foreseen))))
        self._check(collection.failed, collection.done)

    def _remade(self, simulation: Simulation, engine: Engine) -> list[Draws]:
        """Return draws that are made again if need be; none where that costs more, or some are not finite."""
        from uncertainty.sampling.huge.remade import parts, remade_draws

        found = parts(simulation, self.execution.memory) if engine.shares_memory else []
        return [] if not found else remade_draws(found, engine, self.questions, self.progress)

    def _counted(self, simulation: Simulation, engine: Engine) -> list[Draws]:
        settings = self.settings
        if settings.interval == "shortest":
            most = self.execution.memory // (8 * len(simulation.model.outputs))
            raise SettingError(
                f"interval: the shortest needs all draws in memory, at most {most} of these outputs; "
                "use fewer samples or outputs, or the central interval"
            )
        from uncertainty.sampling.huge.remade import counted_draws, parts_of

        many = len(simulation.model.outputs) > COUNTED and simulation.conditions is None
        found = parts_of(simulation, COUNTED) if many else []
        if not found:
            return [Draws(evidence) for evidence in self._counts(simulation, engine)]
        # what is counted of each output takes memory, too
        return counted_draws(found, lambda part: self._counts(part, engine), self._ask)

    def _ask(self, output: int, draws: Draws) -> None:
        self.questions(output, draws)
        for probability in self._probabilities():
            draws.quantile(probability)

    def _counts(self, simulation: Simulation, engine: Engine) -> list[Counted]:
        from uncertainty.sampling.huge.counting import DEVIATIONS, Counting, count_draws

        shown, deviations = self._probabilities(), DEVIATIONS
        while True:
            counted = count_draws(
                Counting(simulation, engine, self.progress),
                shown,
                [counted_values(self.plan.study.outputs[name]) for name in simulation.model.outputs],
                lambda failed: self._check_counted(failed, simulation.design.samples),
                deviations,
                telling(simulation.design.samples),
            )
            try:
                for evidence in counted:
                    for probability in shown:
                        Draws(evidence).quantile(probability)
            except UncertaintyError:
                # few points of a net in many dimensions may err farther than independent draws do
                deviations *= 8
            else:
                return counted

    def _probabilities(self) -> list[float]:
        """Return the probabilities of the quantiles that are shown."""
        level = self.settings.level
        return [(1 - level) / 2, 0.5, (1 + level) / 2, *self._published_quantiles()]

    def _published_quantiles(self) -> list[float]:
        """Return the probabilities of quantiles that were published, with which draws will be compared."""
        outputs = [self.plan.study.outputs[name] for name in self.simulation.model.outputs]
        figures = [figure for each in outputs if each.published for figure in each.published.every]
        return sorted({figure.probability for figure in figures if figure.probability is not None})


def draws_together(
    plans: Sequence[Scenario], simulations: Sequence[Simulation], settings: Settings, how: Execution
) -> list[Drawn | None]:
    """Return the draws of scenarios of one study that are run alike, made together.

    Returns
    -------
    list of Drawn or None
        None for those that must be run alone: their draws are too many to keep, made in another way, or not
        all finite.
    """
    own = Execution(threads=how.threads, memory=how.memory)
    models = [simulation.model for simulation in simulations]
    kept = all(s.design.samples <= how.memory // (8 * len(s.model.outputs)) for s in simulations)
    by_equations = all(isinstance(model, EquationModel) for model in models)
    if settings.until is not None or how != own or not kept or not by_equations or len(plans) < 2:
        return [None] * len(plans)
    columns = Columns(plans, settings.samples, settings.seed, settings.design)
    members = [
        Member(each.model, columns.of(plan, each.inputs))
        for plan, each in zip(plans, simulations, strict=True)
    ]
    every = np.empty((sum(len(model.outputs) for model in models), columns.design.samples))
    draw(columns, members, make_engine(how.threads, turns=plans[0].study.turns), every)
    every.flags.writeable = False
    last = list(accumulate(len(model.outputs) for model in models))
    parts = [every[stop - len(model.outputs) : stop] for stop, model in zip(last, models, strict=True)]
    return [_of_rows(rows, columns.design.replicate_rows) for rows in parts]


def _of_rows(rows: FloatArray, replicate_rows: int) -> Drawn | None:
    """Return draws that are all finite."""
    if not np.isfinite(rows).all():
        return None
    return Drawn([Draws(row, replicate_rows) for row in rows], rows.shape[1], rows=rows)


def _rows(collection: Collection) -> FloatArray:
    drawn = collection.drawn[:, : collection.whole_rows]
    drawn.flags.writeable = False
    return drawn


def _stored(collection: Collection) -> list[Draws]:
    rows = collection.simulation.design.replicate_rows
    return [Draws(*finite_draws(row, rows)) for row in _rows(collection)]
