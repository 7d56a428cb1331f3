"""Exact order statistics of draws too many to store: count, then make the same draws again and look closer.

Integer counts in fixed bins say between which values a wanted rank lies, wherever and in whatever order
they were made. Bins that still hold too many draws are counted again with finer ones, and a last run keeps
the few draws left. What comes out are the draws that sorting all of them would have found.
"""

from __future__ import annotations

import math
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.late import dataclass
from uncertainty.sampling.designs import blocks
from uncertainty.sampling.finiteness import FailedRows
from uncertainty.sampling.huge.windows import Counted, Grid, Kept, Window, keys
from uncertainty.sampling.moments import SUMS, BlockSums, block_sums
from uncertainty.sampling.workers.engine import spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.designs import Design
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


class Place(NamedTuple):
    """Where some blocks lie among those of a design: the first one, how many, and the same of replicates.

    Parameters
    ----------
    each
        Blocks of one replicate; independent draws are all of one.
    """

    first: int
    blocks: int
    each: int

    @classmethod
    def of(cls, design: Design, span: Span | None = None) -> Place:
        """Return the place of a span, by default that of all blocks."""
        every = blocks(design)
        first, last = span or (0, every)
        rows = design.replicate_rows
        return cls(first, last - first, every if rows == 1 else rows // design.block_rows)

    @property
    def first_replicate(self) -> int:
        """The replicate of the first block."""
        return self.first // self.each

    @property
    def replicates(self) -> int:
        """Replicates that have some of the blocks."""
        return (self.first + self.blocks - 1) // self.each - self.first_replicate + 1


class Survey(NamedTuple):
    """What the first run over some blocks finds.

    Parameters
    ----------
    counts
        For each output how many draws each bin holds.
    sums
        What blocks add to the table of `BlockSums`, shape (13, outputs, blocks).
    below
        For each output how many draws lie below each threshold, shape (thresholds, replicates).
    """

    place: Place
    counts: list[NDArray[np.int64]]
    sums: FloatArray
    below: list[NDArray[np.int64]]

    @classmethod
    def at(cls, place: Place, grids: Sequence[Grid], thresholds: Sequence[Sequence[float]]) -> Survey:
        """Return the survey of blocks that nobody has looked at."""
        return cls(
            place,
            [np.zeros(grid.bins, np.int64) for grid in grids],
            np.full((SUMS, len(grids), place.blocks), np.nan),
            [np.zeros((len(values), place.replicates), np.int64) for values in thresholds],
        )

    def add(self, other: Survey) -> None:
        """Add what was found in some of the blocks."""
        block = other.place.first - self.place.first
        self.sums[:, :, block : block + other.place.blocks] = other.sums
        first = other.place.first_replicate - self.place.first_replicate
        for counts, more in zip(self.counts, other.counts, strict=True):
            np.add(counts, more, out=counts)
        for below, more in zip(self.below, other.below, strict=True):
            below[:, first : first + other.place.replicates] += more


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
    told: Sequence[float] = (),
) -> list[Counted]:
    """Return what can be said of each output's draws without storing them.

    Parameters
    ----------
    probabilities
        Of the quantiles that will be asked for, with their errors.
    thresholds
        For each output the values below which draws are counted.
    check
        Called with the failed rows of the first run, to refuse them.
    deviations
        Standard errors of independent draws that are kept on either side of each quantile.
    told
        Probabilities of quantiles whose values alone will be asked for.
    """
    simulation = counting.simulation
    _, pilot = next(iter(simulation.blocks(0, 1)))
    grids = [Grid.around(row) for row in pilot]
    survey = _survey(counting, grids, thresholds, check)
    sums = [BlockSums(survey.sums[:, k]) for k in range(len(grids))]
    size = simulation.design.samples
    targets = [
        _narrowed(Target(k, *ranks, grid, *WHOLE, 0, size), counts, sums[k])
        for k, (grid, counts) in enumerate(zip(grids, survey.counts, strict=True))
        for ranks in _wanted(probabilities, told, size, deviations)
    ]
    runs = 3
    while not all(target.settled for target in targets):
        targets = _refined(counting, targets, sums, runs)
        runs += 1
    windows = _windows(counting, targets, runs - 1)
    return [
        Counted(
            size,
            simulation.design.replicate_rows,
            sums[k],
            windows[k],
            dict(zip(thresholds[k], survey.below[k], strict=True)),
        )
        for k in range(len(grids))
    ]


def _wanted(
    probabilities: Sequence[float], told: Sequence[float], size: int, deviations: float
) -> list[tuple[int, int]]:
    """Return the first and last of the ranks that quantiles can need, in ranges that do not overlap."""
    ranges = [_ranks(p, size, deviations) for p in probabilities] + [_ranks(p, size, 0.0) for p in told]
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


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
    survey = Survey.at(Place.of(simulation.design), grids, thresholds)
    failed = FailedRows.of(simulation)
    for found, failures in counting.run(partial(_survey_span, simulation, grids, thresholds), 1, 2):
        survey.add(found)
        failed.merge(failures)
    check(failed)
    return survey


def _survey_span(
    simulation: Simulation, grids: Sequence[Grid], thresholds: Sequence[Sequence[float]], span: Span
) -> tuple[Survey, FailedRows]:
    place = Place.of(simulation.design, span)
    survey = Survey.at(place, grids, thresholds)
    failed = FailedRows.of(simulation)
    for block, (inputs, outputs) in enumerate(simulation.blocks(*span), start=place.first):
        failed.look_at(inputs, outputs)
        if failed.counts:
            continue
        for row, grid, counts in zip(outputs, grids, survey.counts, strict=True):
            np.add(counts, grid.counts(row), out=counts)
        survey.sums[:, :, block - place.first] = block_sums(outputs)
        replicate = block // place.each - place.first_replicate
        for row, values, below in zip(outputs, thresholds, survey.below, strict=True):
            below[:, replicate] += np.array([np.count_nonzero(row < value) for value in values], np.int64)
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


def _windows(counting: Counting, targets: Sequence[Target], run: int) -> list[list[Window]]:
    """Return the windows of each output, from the last run."""
    simulation = counting.simulation
    kept = deque(_nothing_of(targets, Place.of(simulation.design)))
    for found in counting.run(partial(_keep, simulation, targets), run, run):
        for one, more in zip(kept, found, strict=True):
            one.extend(more)
    windows: list[list[Window]] = [[] for _ in simulation.model.outputs]
    for target in targets:
        # what a window was made from is let go before the next one
        windows[target.output].append(Window(kept.popleft()))
    return windows


def _nothing_of(targets: Sequence[Target], place: Place) -> list[Kept]:
    return [Kept(np.zeros(place.replicates, np.int64), place.first_replicate) for _ in targets]


def _keep(simulation: Simulation, targets: Sequence[Target], span: Span) -> list[Kept]:
    place = Place.of(simulation.design, span)
    kept = _nothing_of(targets, place)
    for block, (_, outputs) in enumerate(simulation.blocks(*span), start=place.first):
        for target, one in zip(targets, kept, strict=True):
            row = outputs[target.output]
            one.add(block // place.each, row, keys(row, target.grid.shift), target.low, target.high)
    return [one.together() for one in kept]
