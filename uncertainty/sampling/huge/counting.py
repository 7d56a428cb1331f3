"""Exact order statistics of draws too many to store: count, then make the same draws again and look closer.

Integer counts in fixed bins say between which values a wanted rank lies, wherever and in whatever order
they were made. Bins that still hold too many draws are counted again with finer ones, and a last run keeps
the few draws left. What comes out are the draws that sorting all of them would have found.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.sampling.designs import blocks
from uncertainty.sampling.finiteness import FailedRows
from uncertainty.sampling.huge.windows import Counted, Grid, Kept, Window, keys
from uncertainty.sampling.moments import BlockSums, block_sums
from uncertainty.sampling.workers.engine import spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.simulation import Simulation
    from uncertainty.sampling.workers.engine import Engine, Result, Span


KEPT = 2**17
"""Draws around a rank that are kept rather than counted again, at least."""

DEVIATIONS = 8.0
"""Standard errors of a rank that are kept to either side, to tell the error of its order statistic."""

SPAN_BLOCKS = 16
"""Blocks that a worker takes at a time: more than for plain draws, since counts are large to pass on."""


WHOLE = (-(2**63), 2**63 - 1)
"""The lowest and highest key that there are."""


class Target(NamedTuple):
    """Ranks `first` to `last` of an output, where they lie, and how many draws lie below and there.

    `narrowest` says that finer bins leave as many: the draws there are equal, or have gaps between them.
    """

    output: int
    first: int
    last: int
    grid: Grid
    low: int
    high: int
    below: int
    inside: int
    narrowest: bool = False

    @property
    def settled(self) -> bool:
        """Whether what lies there can be kept."""
        return self.narrowest or self.inside <= max(KEPT, 4 * (self.last - self.first))


@dataclass(slots=True)
class Survey:
    """What the first run over some blocks finds: counts for each output, the others for each block."""

    counts: list[NDArray[np.int64]]
    sums: list[FloatArray] = field(default_factory=list)
    below: list[list[NDArray[np.int64]]] = field(default_factory=list)

    def extend(self, later: Survey) -> None:
        """Add what was found in later blocks."""
        for counts, more in zip(self.counts, later.counts, strict=True):
            np.add(counts, more, out=counts)
        self.sums += later.sums
        self.below += later.below


@dataclass(frozen=True, slots=True)
class Counting:
    """Runs over all blocks of a simulation, each of them making the same draws."""

    simulation: Simulation
    engine: Engine
    progress: Callable[[int, int], None] | None

    def run(self, task: Callable[[Span], Result], number: int, runs: int) -> Iterator[Result]:
        """Yield a task's results in the order of the blocks, during run `number` of `runs`."""
        design = self.simulation.design
        todo = spans(blocks(design), SPAN_BLOCKS)
        for (_, last), result in zip(todo, self.engine.map(task, todo), strict=True):
            if self.progress is not None:
                done = min(last * design.block_rows, design.samples)
                self.progress((number - 1) * design.samples + done, runs * design.samples)
            yield result


def count_draws(
    counting: Counting,
    probabilities: Sequence[float],
    thresholds: Sequence[Sequence[float]],
    check: Callable[[FailedRows], None],
    deviations: float = DEVIATIONS,
) -> list[Counted]:
    """Return what can be said of each output's draws without storing them.

    Parameters
    ----------
    probabilities
        Of the quantiles that will be asked for.
    thresholds
        For each output the values below which draws are counted.
    check
        Called with the failed rows of the first run, to refuse them.
    deviations
        Standard errors of independent draws that are kept on either side of each quantile.
    """
    simulation = counting.simulation
    _, pilot = next(iter(simulation.blocks(0, 1)))
    grids = [Grid.around(row) for row in pilot]
    survey = _survey(counting, grids, thresholds, check)
    sums = [BlockSums(table) for table in np.array(survey.sums).transpose(1, 2, 0)]
    size = simulation.design.samples
    targets = [
        _narrowed(Target(k, *_ranks(p, size, deviations), grid, *WHOLE, 0, size), counts, sums[k])
        for k, (grid, counts) in enumerate(zip(grids, survey.counts, strict=True))
        for p in probabilities
    ]
    runs = 3
    while not all(target.settled for target in targets):
        targets = _refined(counting, targets, sums, runs)
        runs += 1
    kept = [Kept() for _ in targets]
    for found in counting.run(partial(_keep, simulation, targets), runs - 1, runs - 1):
        for one, more in zip(kept, found, strict=True):
            one.extend(more)
    windows: list[list[Window]] = [[] for _ in grids]
    for target, one in zip(targets, kept, strict=True):
        windows[target.output].append(Window(one))
    return [
        Counted(
            size,
            simulation.design.replicate_rows,
            sums[k],
            windows[k],
            {
                value: np.array([block[k][i] for block in survey.below])
                for i, value in enumerate(thresholds[k])
            },
        )
        for k in range(len(grids))
    ]


def _ranks(probability: float, size: int, deviations: float) -> tuple[int, int]:
    """Return the ranks that a quantile and its standard error can need."""
    position = probability * (size - 1)
    reach = deviations * math.sqrt(size * probability * (1 - probability)) + 2
    return max(math.floor(position - reach), 0), min(math.ceil(position + reach), size - 1)


def _narrowed(target: Target, counts: NDArray[np.int64], sums: BlockSums) -> Target:
    """Return a target with the bins that hold its ranks, `counts` being of what lies where it was known."""
    reached = target.below + np.cumsum(counts)
    first, last = (int(np.searchsorted(reached, rank, side="right")) for rank in (target.first, target.last))
    low, high = target.grid.bounds(first, last)
    ends = keys(np.array([sums.lowest, sums.highest]), target.grid.shift).tolist()
    below = int(reached[first] - counts[first])
    low, high = max(low, ends[0]), min(high, ends[1])
    narrowest = 2 * (high - low) >= target.high - target.low
    return target._replace(
        low=low, high=high, below=below, inside=int(reached[last]) - below, narrowest=narrowest
    )


def _survey(
    counting: Counting,
    grids: Sequence[Grid],
    thresholds: Sequence[Sequence[float]],
    check: Callable[[FailedRows], None],
) -> Survey:
    simulation = counting.simulation
    survey = Survey([np.zeros(grid.bins, np.int64) for grid in grids])
    failed = FailedRows.of(simulation)
    for found, failures in counting.run(partial(_survey_span, simulation, grids, thresholds), 1, 2):
        survey.extend(found)
        failed.merge(failures)
    check(failed)
    return survey


def _survey_span(
    simulation: Simulation, grids: Sequence[Grid], thresholds: Sequence[Sequence[float]], span: Span
) -> tuple[Survey, FailedRows]:
    survey = Survey([np.zeros(grid.bins, np.int64) for grid in grids])
    failed = FailedRows.of(simulation)
    for inputs, outputs in simulation.blocks(*span):
        failed.look_at(inputs, outputs)
        if failed.counts:
            continue
        for row, grid, counts in zip(outputs, grids, survey.counts, strict=True):
            np.add(counts, grid.counts(row), out=counts)
        survey.sums.append(block_sums(outputs).T)
        survey.below.append(
            [
                np.array([np.count_nonzero(row < value) for value in values], dtype=np.int64)
                for row, values in zip(outputs, thresholds, strict=True)
            ]
        )
    return survey, failed


def _refined(
    counting: Counting, targets: Sequence[Target], sums: Sequence[BlockSums], runs: int
) -> list[Target]:
    """Count again, with finer bins, what is too much to keep."""
    finer = [
        target
        if target.settled
        else target._replace(grid=Grid.between(target.grid.shift, target.low, target.high))
        for target in targets
    ]
    counts = [np.zeros(target.grid.bins, np.int64) for target in finer]
    for found in counting.run(partial(_refine_span, counting.simulation, finer), runs - 1, runs):
        for one, more in zip(counts, found, strict=True):
            np.add(one, more, out=one)
    return [
        target if target.settled else _narrowed(target, one, sums[target.output])
        for target, one in zip(finer, counts, strict=True)
    ]


def _refine_span(simulation: Simulation, targets: Sequence[Target], span: Span) -> list[NDArray[np.int64]]:
    counts = [np.zeros(target.grid.bins, np.int64) for target in targets]
    for _, outputs in simulation.blocks(*span):
        for target, one in zip(targets, counts, strict=True):
            if not target.settled:
                row = outputs[target.output]
                found = keys(row, target.grid.shift)
                inside = row[(found >= target.low) & (found <= target.high)]
                np.add(one, target.grid.counts(inside), out=one)
    return counts


def _keep(simulation: Simulation, targets: Sequence[Target], span: Span) -> list[Kept]:
    kept = [Kept() for _ in targets]
    for block, (_, outputs) in enumerate(simulation.blocks(*span), start=span[0]):
        for target, one in zip(targets, kept, strict=True):
            row = outputs[target.output]
            one.add(block, row, keys(row, target.grid.shift), target.low, target.high)
    return [one.joined() for one in kept]
