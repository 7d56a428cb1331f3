"""Draws that are kept: made span by span, by whatever engine, and extended without throwing any away."""

from __future__ import annotations

from dataclasses import field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Protocol

import numpy as np

from uncertainty.late import dataclass
from uncertainty.sampling.designs import BLOCK
from uncertainty.sampling.finiteness import FailedRows
from uncertainty.sampling.moments import BlockSums, block_sums
from uncertainty.sampling.selection import Selection
from uncertainty.sampling.workers.engine import SPAN_BLOCKS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.sampling.workers.engine import Engine, Span


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
        self.failed = FailedRows.of(self.simulation)

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
    failed = FailedRows.of(simulation)
    for start, inputs, outputs in simulation.rows(*rows):
        out[:, start - offset : start - offset + outputs.shape[1]] = outputs
        failed.look_at(inputs, outputs)
    return out, failed


def _make(simulation: Simulation, rows: Span) -> tuple[FloatArray, FailedRows]:
    """Return the outputs of some rows, shape (outputs, rows)."""
    out = np.empty((len(simulation.model.outputs), rows[1] - rows[0]))
    return _fill(simulation, out, rows[0], rows)


class Evidence(Protocol):
    """What estimates rest on."""

    @property
    def kept(self) -> bool:
        """Whether the draws themselves can be had."""
        ...

    @property
    def size(self) -> int:
        """Number of draws."""
        ...

    @property
    def replicate_rows(self) -> int:
        """Draws of one replicate; 1 where every draw is independent."""
        ...

    @property
    def values(self) -> FloatArray:
        """The draws, shape (samples,); an error where they are not kept."""
        ...

    @property
    def ordered(self) -> FloatArray:
        """The draws in increasing order; an error where they are not kept."""
        ...

    @property
    def lowest(self) -> float:
        """The smallest draw."""
        ...

    @property
    def highest(self) -> float:
        """The largest draw."""
        ...

    @property
    def sums(self) -> BlockSums:
        """Sums over blocks."""
        ...

    def ranked(self, rank: int) -> float:
        """Return the draw of a rank, from 0."""
        ...

    def counts_below(self, value: float, *, inclusive: bool = False) -> NDArray[np.int64]:
        """Return how many draws of each replicate lie below a value, or at it."""
        ...


class Stored:
    """All draws of an output.

    Parameters
    ----------
    values
        Shape (samples,), replicate after replicate.
    replicate_rows
        Rows of one replicate; 1 where every row is independent.
    """

    kept = True

    def __init__(self, values: FloatArray, replicate_rows: int = 1) -> None:
        self.values = values
        self.replicate_rows = replicate_rows

    @property
    def size(self) -> int:
        """Number of draws."""
        return self.values.size

    @cached_property
    def ordered(self) -> FloatArray:
        """The draws in increasing order, shape (samples,)."""
        return np.sort(self.values)

    @cached_property
    def lowest(self) -> float:
        """The smallest draw."""
        return float(self.values.min())

    @cached_property
    def highest(self) -> float:
        """The largest draw."""
        return float(self.values.max())

    @cached_property
    def _selection(self) -> Selection:
        return Selection(self.values)

    @cached_property
    def sums(self) -> BlockSums:
        """Sums over blocks."""
        block = block_rows(self.replicate_rows)
        whole = self.size - self.size % block
        parts = (self.values[:whole].reshape(-1, block), self.values[None, whole:])
        return BlockSums(np.concatenate([block_sums(part) for part in parts if part.size], axis=1))

    def ranked(self, rank: int) -> float:
        """Return the draw of a rank, from 0."""
        if "ordered" in self.__dict__:
            return float(self.ordered[rank])
        return self._selection.ranked(rank)

    def counts_below(self, value: float, *, inclusive: bool = False) -> NDArray[np.int64]:
        """Return how many draws of each replicate lie below a value, or at it."""
        event = self.values <= value if inclusive else self.values < value
        return replicate_counts(event, self.replicate_rows)


def sums_of_each(evidence: Sequence[Evidence]) -> BlockSums:
    """Return the sums over blocks of several outputs of as many draws, shape (13, outputs, blocks)."""
    stored = [each for each in evidence if isinstance(each, Stored)]
    block, size = block_rows(stored[0].replicate_rows) if stored else 1, {each.size for each in stored}
    if len(stored) < len(evidence) or len(size) > 1 or stored[0].size % block:
        return BlockSums(np.stack([each.sums.table for each in evidence], axis=1))
    values = np.concatenate([each.values for each in stored]).reshape(-1, block)
    return BlockSums(block_sums(values)).by_replicate(len(stored))


def replicate_counts(event: NDArray[np.bool_], replicate_rows: int) -> NDArray[np.int64]:
    """Return how often an event holds in each replicate; in all draws where they are independent."""
    rows = replicate_rows if replicate_rows > 1 else event.size
    return np.asarray(np.count_nonzero(event.reshape(-1, rows), axis=1))


def block_rows(replicate_rows: int) -> int:
    """Return the rows of the blocks that sums are made over: as many as fit, all of one replicate."""
    if replicate_rows == 1:
        return BLOCK
    return replicate_rows if replicate_rows % BLOCK else BLOCK
