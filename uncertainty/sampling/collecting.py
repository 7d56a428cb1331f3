"""Draws that are kept: made span by span, by whatever engine, and extended without throwing any away."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.sampling.engine import SPAN_BLOCKS
from uncertainty.sampling.finiteness import FailedRows

if TYPE_CHECKING:
    from collections.abc import Callable

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.engine import Engine, Span
    from uncertainty.sampling.simulation import Simulation


@dataclass(eq=False, slots=True)
class Collection:
    """The outputs of a simulation as far as they have been made.

    Parameters
    ----------
    simulation
        What makes them.
    engine
        Who works.
    rows_at_once
        Rows that a worker takes at a time, for models whose single evaluation is slow.
    drawn
        Shape (outputs, at least `done`).
    done
        Rows that have been made.
    """

    simulation: Simulation
    engine: Engine
    rows_at_once: int | None = None
    drawn: FloatArray = field(init=False)
    done: int = field(default=0, init=False)
    failed: FailedRows = field(init=False)

    def __post_init__(self) -> None:
        self.drawn = np.empty((len(self.simulation.model.outputs), 0))
        self.failed = FailedRows(
            self.simulation.inputs, self.simulation.model.outputs, self.simulation.conditions
        )

    @property
    def whole_rows(self) -> int:
        """Rows of whole replicates that have been made."""
        return self.done - self.done % self.simulation.design.replicate_rows

    def extend(self, samples: int, progress: Callable[[int, int], None] | None = None) -> None:
        """Make draws until there are `samples`, rounded up to what the design needs.

        Parameters
        ----------
        progress
            Called after each span with the rows done and the rows there will be.
        """
        design = self.simulation.design.extended(samples)
        self.simulation = replace(self.simulation, design=design)
        made = np.empty((len(self.drawn), design.samples))
        made[:, : self.done] = self.drawn[:, : self.done]
        self.drawn = made
        # tables are made here once, not by every thread at the same time
        self.simulation.transforms()
        todo = self._spans()
        shared = self.engine.shares_memory
        task = partial(_fill, self.simulation, made, 0) if shared else partial(_make, self.simulation)
        for (start, stop), (values, failed) in zip(todo, self.engine.map(task, todo), strict=True):
            if not shared:
                made[:, start:stop] = values
            self.failed.merge(failed)
            self.done = stop
            if progress is not None:
                progress(stop, design.samples)

    def _spans(self) -> list[Span]:
        """Return the rows that are still to be made, in parts for one worker at a time."""
        design = self.simulation.design
        whole = self.done - self.done % design.block_rows
        start, step = whole, SPAN_BLOCKS * design.block_rows
        if self.rows_at_once is not None:
            start, step = self.done, self.rows_at_once
        return [(first, min(first + step, design.samples)) for first in range(start, design.samples, step)]


def _fill(simulation: Simulation, out: FloatArray, offset: int, rows: Span) -> tuple[FloatArray, FailedRows]:
    """Write the outputs of some rows to `out`, whose first column is row `offset`."""
    failed = FailedRows(simulation.inputs, simulation.model.outputs, simulation.conditions)
    for start, inputs, outputs in simulation.rows(*rows):
        out[:, start - offset : start - offset + outputs.shape[1]] = outputs
        failed.look_at(inputs, outputs)
    return out, failed


def _make(simulation: Simulation, rows: Span) -> tuple[FloatArray, FailedRows]:
    """Return the outputs of some rows, shape (outputs, rows)."""
    out = np.empty((len(simulation.model.outputs), rows[1] - rows[0]))
    return _fill(simulation, out, rows[0], rows)
