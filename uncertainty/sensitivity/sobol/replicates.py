"""From a cross-matrix to the sums of each replicate, until every index is known well enough."""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from uncertainty.errors import Fault, NonFiniteError
from uncertainty.sampling.designs import FEWEST_REPLICATES
from uncertainty.sampling.finiteness import allowed_share
from uncertainty.sampling.simulation import Workbenches
from uncertainty.sensitivity.events import largest_of, sides_of, spread_of
from uncertainty.sensitivity.measures import Failures
from uncertainty.sensitivity.sobol.benches import A, B, make_bench
from uncertainty.sensitivity.sobol.estimators import Sums, dropped
from uncertainty.sensitivity.sobol.summary import answer, widest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from uncertainty.compiled import Model
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.workers.engine import Engine, Span
    from uncertainty.sensitivity.measures import Measures
    from uncertainty.sensitivity.sobol.benches import CrossBench
    from uncertainty.sensitivity.sobol.design import CrossMatrix
    from uncertainty.sensitivity.sobol.problem import Problem
    from uncertainty.settings import Progress


_Value = TypeVar("_Value", bound=np.generic)

SOME = 2**7
"""Rows of a replicate that show on which side an index is the less certain."""


def sum_batches(
    matrix: CrossMatrix,
    measures: Measures,
    pairs: int,
    benches: Workbenches[CrossBench],
    span: Span,
    *,
    dropping: bool = False,
) -> tuple[Sums, Failures]:
    """Sum over the replicates of a span of batches.

    Parameters
    ----------
    pairs
        Number of exchanges, from the first, whose pairs are wanted too.
    benches
        Where parts are made.
    dropping
        Whether a base point is left out of an output's sums if that has no value in one of its runs.

    Returns
    -------
    Sums, Failures
        The sums of the replicates, and the rows with outputs that are not finite.
    """
    models = distinct([matrix.simulation.model, *(exchange.model for exchange in matrix.exchanges)])
    parts = []
    with (
        np.errstate(all="ignore"),
        benches.borrow(partial(make_bench, matrix, models)) as bench,
    ):
        evaluation = _Evaluation(matrix, measures, bench, models)
        for _ in bench.parts(*span):
            evaluation.begin()
            sums = _sum_batch(evaluation, pairs)
            unsound = evaluation.unsound
            if dropping and unsound is not None:
                # which points fail is known when every run has been looked at
                split = evaluation.split(unsound)
                sums = _sum_batch(evaluation, pairs, evaluation.sound(unsound))
                sums.split[:] = split.mean(axis=2).T
            parts.append(sums)
    return Sums.joined(parts), evaluation.failures


def _sum_batch(evaluation: _Evaluation, pairs: int, sound: NDArray[np.bool_] | None = None) -> Sums:
    """Sum over the replicates of one part, and over the points that are `sound` where that is given."""
    exchanges = evaluation.matrix.exchanges
    before_a, before_b = _kept(evaluation.run(A), sound), _kept(evaluation.run(B), sound)
    a, b = (before_a, before_b) if sound is not None else evaluation.matrix.aligned(before_a, before_b)
    measures, replicates, rows = a.shape
    sums = Sums.zeros(replicates, len(exchanges), pairs, measures)
    if sound is not None:
        sums.kept[:] = sound.mean(axis=2).T
    sums.means[:, 0], sums.means[:, 1] = a.mean(axis=2).T, b.mean(axis=2).T
    sums.squares[:] = (np.vecdot(a, a) + np.vecdot(b, b)).T / (2 * rows)
    middle = np.median(a, axis=-1)
    sums.spread[:], sums.gathered[:], sums.largest[:] = (
        found.T for found in spread_of(np.concatenate((a, b), axis=-1), middle)
    )
    apart = np.square(b - middle[..., None])
    # which side is the longer one shows in a part of the rows
    some = np.s_[..., :: 1 if rows < SOME else rows // SOME]
    own = np.square(a[some] - a.mean(axis=2, keepdims=True)) + np.square(
        b[some] - b.mean(axis=2, keepdims=True)
    )
    moved_a, moved_b = np.zeros((2, measures if pairs else 0, pairs, replicates, rows))
    for position, exchange in enumerate(exchanges):
        if not exchange.outputs:
            continue
        moved = evaluation.moved[position]
        left = None if sound is None else sound[moved]
        change = _kept(evaluation.change(A, position, before_a), left)
        sums.shift[:, position, moved] = change.mean(axis=2).T
        sums.first[:, position, moved] = np.vecdot(b[moved], change).T / rows
        sums.total[:, position, moved] = np.vecdot(change, change).T / (2 * rows)
        changed = np.square(change)
        sums.tops[:, position, moved] = largest_of(changed).swapaxes(0, 1)
        sums.fourth[:, position, moved] = np.vecdot(changed, changed).T / rows
        sums.products[:, position, moved] = np.vecdot(apart[moved], changed).T / rows
        sums.sides[:, position, moved] = sides_of(changed[some], own[moved]).swapaxes(0, 1)
        if position < pairs:
            back = _kept(evaluation.change(B, position, before_b), left)
            sums.back_shift[:, position, moved] = back.mean(axis=2).T
            sums.back_first[:, position, moved] = np.vecdot(a[moved], back).T / rows
            moved_a[moved, position], moved_b[moved, position] = change, back
    for measure, (forth, back) in enumerate(zip(moved_a, moved_b, strict=True)):
        # (inputs, inputs, replicates); one product at a time, so that none depends on how many there are
        products = np.vecdot(back[:, None], forth[None]) / rows
        sums.cross[:, :, :, measure] = np.moveaxis(products, -1, 0)
    return sums


def _kept(values: FloatArray, sound: NDArray[np.bool_] | None) -> FloatArray:
    """Return values with 0, which adds to no sum, for what is not sound."""
    return values if sound is None else np.where(sound, values, 0.0)


class _Part(NamedTuple):
    """One of the models: by its number, with the rows that are exchanged and what is measured of it.

    Parameters
    ----------
    outputs
        Which outputs of the simulation's model it gives.
    places
        Which of all measures are its own.
    """

    exchanged: Sequence[int]
    outputs: Sequence[int]
    model: int
    measures: Measures
    places: list[int]


def distinct(models: Iterable[Model]) -> list[Model]:
    """Return the different objects among models."""
    return list({id(model): model for model in models}.values())


class _Evaluation:
    """Runs the models on what a bench makes, and remembers where they have no value."""

    def __init__(
        self, matrix: CrossMatrix, measures: Measures, bench: CrossBench, models: Sequence[Model]
    ) -> None:
        number = {id(model): place for place, model in enumerate(models)}
        every = range(len(matrix.simulation.model.outputs))
        self.matrix = matrix
        self.failures = Failures(matrix.simulation)
        self.unsound: NDArray[np.bool_] | None = None
        self._unexchanged: NDArray[np.bool_] | None = None
        self._bench, self._looking = bench, True
        self.moved = [measures.positions(exchange.outputs) for exchange in matrix.exchanges]
        whole = number[id(matrix.simulation.model)]
        self._whole = _Part((), every, whole, measures, list(range(len(measures))))
        self._parts = [
            _Part(each.rows, each.outputs, number[id(each.model)], measures.among(each.outputs), moved)
            for each, moved in zip(matrix.exchanges, self.moved, strict=True)
        ]

    def begin(self) -> None:
        """Begin with the next part."""
        self.unsound, self._unexchanged, self._looking = None, None, True

    def sound(self, unsound: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return where each measure has a value in every run, (measures, replicates, rows); look no more."""
        self._looking = False
        return self._split(~unsound)

    def split(self, unsound: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return where each measure has a value in A and B, and none after some exchange, likewise."""
        return self._split(unsound if self._unexchanged is None else unsound & ~self._unexchanged)

    def run(self, side: int) -> FloatArray:
        """Return all measures of A or B, shape (measures, replicates, rows)."""
        values = self._split(self._measure(side, self._whole))
        if self._looking and self.unsound is not None:
            self._unexchanged = self.unsound.copy()
        return values

    def change(self, side: int, position: int, before: FloatArray) -> FloatArray:
        """Return what an exchange adds to the measures that it moves, shape (moved, replicates, rows)."""
        after = self._split(self._measure(side, self._parts[position]))
        return np.subtract(after, before[self.moved[position]], out=after)

    def _measure(self, side: int, part: _Part) -> FloatArray:
        outputs = self._bench.run(part.model, side, part.exchanged)
        values = part.measures.of(outputs)
        if self._looking and not np.isfinite(values.sum()):
            inputs = np.array(self._bench.rows(side, part.exchanged))
            self.failures.look_at(inputs, outputs, list(part.outputs), part.measures)
            self._note(part.places, ~np.isfinite(outputs[list(part.measures.outputs)]))
        return values

    def _note(self, places: list[int], unsound: NDArray[np.bool_]) -> None:
        """Remember the points at which measures have no value."""
        if unsound.any():
            if self.unsound is None:
                self.unsound = np.zeros((len(self._whole.measures), unsound.shape[1]), dtype=np.bool_)
            self.unsound[places] |= unsound

    def _split(self, values: NDArray[_Value]) -> NDArray[_Value]:
        return np.reshape(values, (len(values), -1, self.matrix.replicate_rows))


GROWTH = 1.5
"""Factor between the numbers of replicates after which the intervals are looked at."""

SPAN_BATCHES = 4
"""Batches that a worker takes at a time, at most."""


def add_until_known(
    problem: Problem, tolerance: float, level: float, engine: Engine, progress: Progress | None
) -> Sums:
    """Add replicates until every index that was asked for is within the tolerance, or there are no more.

    Threads wait while the intervals are looked at: what they begin before may be wanted by nobody. For other
    workers, which take long to start, all batches are one row of tasks.
    """
    matrix = problem.matrix
    stages = list(_stages(matrix, once=tolerance == 0))
    # tables are made here once, not by every thread at the same time
    matrix.simulation.transforms()
    study = problem.plan.study
    allowed = allowed_share(study.nonfinite)
    benches: Workbenches[CrossBench] = Workbenches()
    task = partial(sum_batches, matrix, problem.measures, problem.pairs, benches, dropping=allowed > 0)
    at_once = stages if engine.shares_memory else [[span for spans in stages for span in spans]]
    results = (found for spans in at_once for found in engine.map(task, spans))
    parts: list[Sums] = []
    failures = Failures(matrix.simulation)
    replicates = 0
    with _left(results):
        for spans in stages:
            for sums, failed in islice(results, len(spans)):
                parts.append(sums)
                failures.merge(failed)
                replicates += sums.replicates
                if progress is not None:
                    progress(replicates * matrix.replicate_rows, matrix.design.samples)
            runs = replicates * matrix.replicate_rows * problem.runs_per_point
            failures.raise_if_any(runs, problem.reaching, study.file, allowed=allowed)
            joined = Sums.joined(parts)
            _check_dropped(problem, joined, allowed)
            parts = [joined]
            if tolerance and widest(answer(problem, joined, level)).half_width <= tolerance:
                break
    return joined


def _check_dropped(problem: Problem, sums: Sums, allowed: float) -> None:
    """Refuse an output for which too many base points are dropped: each fails if one of its runs does."""
    names = problem.matrix.simulation.model.outputs
    faults = {
        names[output]: Fault(
            f"has no value in some run of {100 * share:.2g} % of the base points, of which at most "
            f'{100 * allowed:g} % may be dropped; draws alone need fewer runs (method "draws")',
            f"outputs.{names[output]}",
            problem.plan.study.file,
        )
        for output, share in zip(problem.measures.outputs, dropped(sums).tolist(), strict=True)
        if share > allowed
    }
    if faults:
        raise NonFiniteError(*faults.values())


@contextmanager
def _left(results: Iterator[object]) -> Iterator[None]:
    """Let the workers go when no more results are wanted, also if something goes wrong."""
    try:
        yield
    finally:
        if isinstance(results, Generator):
            results.close()


def _stages(matrix: CrossMatrix, *, once: bool) -> Iterator[list[Span]]:
    """Yield the batches to add, as spans, each time before the intervals are looked at."""
    batches = matrix.batches
    replicates, done = FEWEST_REPLICATES, 0
    while done < batches:
        goal = batches if once else min(batches, -(-replicates // matrix.batch))
        if goal > done:
            size = min(SPAN_BATCHES, max(1, (goal - done) // 4))
            yield [(first, min(first + size, goal)) for first in range(done, goal, size)]
        done, replicates = goal, math.ceil(GROWTH * replicates)
