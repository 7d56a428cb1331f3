"""From a cross-matrix to the sums that each replicate leaves, all outputs at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty.sensitivity.estimators import Sums
from uncertainty.sensitivity.measures import Failures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.compiled import Model
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.engine import Span
    from uncertainty.sensitivity.crossmatrix import CrossMatrix
    from uncertainty.sensitivity.measures import Measures


def sum_batches(matrix: CrossMatrix, measures: Measures, pairs: int, span: Span) -> tuple[Sums, Failures]:
    """Sum over the replicates of a span of batches.

    Parameters
    ----------
    pairs
        Number of exchanges, from the first, whose pairs are wanted too.

    Returns
    -------
    Sums, Failures
        The sums of the replicates, and the rows with outputs that are not finite.
    """
    evaluation = _Evaluation(matrix, measures)
    with np.errstate(all="ignore"):
        parts = [_sum_batch(evaluation, *inputs, pairs) for inputs in matrix.matrices(*span)]
    return Sums.joined(parts), evaluation.failures


def _sum_batch(evaluation: _Evaluation, inputs_a: FloatArray, inputs_b: FloatArray, pairs: int) -> Sums:
    """Sum over the replicates of one batch."""
    exchanges = evaluation.matrix.exchanges
    a, b = evaluation.run(inputs_a), evaluation.run(inputs_b)
    measures, replicates, rows = a.shape
    sums = Sums.zeros(replicates, len(exchanges), pairs, measures)
    sums.means[:, 0], sums.means[:, 1] = a.mean(axis=2).T, b.mean(axis=2).T
    sums.squares[:] = (np.vecdot(a, a) + np.vecdot(b, b)).T / (2 * rows)
    moved_a, moved_b = np.zeros((2, measures if pairs else 0, pairs, replicates, rows))
    for position, exchange in enumerate(exchanges):
        if not exchange.outputs:
            continue
        moved = evaluation.moved[position]
        change = evaluation.change(inputs_a, inputs_b, position, a)
        sums.shift[:, position, moved] = change.mean(axis=2).T
        sums.first[:, position, moved] = np.vecdot(b[moved], change).T / rows
        sums.total[:, position, moved] = np.vecdot(change, change).T / (2 * rows)
        if position < pairs:
            back = evaluation.change(inputs_b, inputs_a, position, b)
            sums.back_shift[:, position, moved] = back.mean(axis=2).T
            sums.back_first[:, position, moved] = np.vecdot(a[moved], back).T / rows
            moved_a[moved, position], moved_b[moved, position] = change, back
    for measure, (forth, back) in enumerate(zip(moved_a, moved_b, strict=True)):
        # (inputs, inputs, replicates); one product at a time, so that none depends on how many there are
        products = np.vecdot(back[:, None], forth[None]) / rows
        sums.cross[:, :, :, measure] = np.moveaxis(products, -1, 0)
    return sums


class _Evaluation:
    """Runs the model on a batch's matrices; what it returns is overwritten by its next run."""

    def __init__(self, matrix: CrossMatrix, measures: Measures) -> None:
        simulation = matrix.simulation
        widest = matrix.batch * matrix.replicate_rows
        every = range(len(simulation.model.outputs))
        self.matrix = matrix
        self.failures = Failures(simulation)
        self.moved = [measures.positions(exchange.outputs) for exchange in matrix.exchanges]
        self._whole = (every, simulation.model, measures)
        self._parts = [(e.outputs, e.model, measures.among(e.outputs)) for e in matrix.exchanges]
        self._outputs = np.empty((len(every), widest))
        models = [simulation.model, *(exchange.model for exchange in matrix.exchanges)]
        self._workspaces = {id(model): model.workspace(widest) for model in models}

    def run(self, inputs: FloatArray) -> FloatArray:
        """Return all measures, shape (measures, replicates, rows)."""
        return self._split(self._measure(inputs, *self._whole))

    def change(self, kept: FloatArray, other: FloatArray, position: int, before: FloatArray) -> FloatArray:
        """Return what an exchange adds to the measures that it moves, shape (moved, replicates, rows)."""
        rows = list(self.matrix.exchanges[position].rows)
        own = kept[rows]
        kept[rows] = other[rows]
        after = self._split(self._measure(kept, *self._parts[position]))
        kept[rows] = own
        return np.subtract(after, before[self.moved[position]], out=after)

    def _measure(
        self, inputs: FloatArray, rows: Sequence[int], model: Model, measures: Measures
    ) -> FloatArray:
        outputs = self._outputs[: len(rows), : inputs.shape[1]]
        model.run(inputs, outputs, self._workspaces[id(model)])
        values = measures.of(outputs)
        if not np.isfinite(values.sum()):
            self.failures.look_at(inputs, outputs, list(rows), measures)
        return values

    def _split(self, values: FloatArray) -> FloatArray:
        return np.reshape(values, (len(values), -1, self.matrix.replicate_rows))
