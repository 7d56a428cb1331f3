"""The cross-matrix design: A, B, and A with some columns from B, evaluated a batch of replicates at a time.

A replicate is an independent randomisation of the points. Several are evaluated together, so that the model
works on columns that are long enough to be fast and short enough to stay in cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.sampling.designs import (
    BLOCK,
    FEWEST_REPLICATES,
    Design,
    LatinHypercubeDesign,
    RandomDesign,
    SobolDesign,
    make_design,
    uniforms,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uncertainty.compiled import Model
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.simulation import Simulation

REPLICATE_ROWS = 2**10
"""Base points of a replicate, unless there are too few for 16 replicates or so many that sums pile up."""

MOST_REPLICATES = 2**7
"""Replicates above which larger ones are taken, as long as one fits in a block."""

PLACES = (2, 1, 0, 3)
"""Dimensions of A's and B's column of the first input, and of the second.

First-order indices rest on products of A's columns with B's, and few points lie evenly in some planes of the
Sobol' sequence sooner than in others. So placed, intervals from 2^12 base points, replicates of 2^8, are a
tenth narrower on average over models with known indices than with the columns one after the other, and half
as wide where those were widest; from 2^14 on it makes no difference.
"""

BATCH_ROWS = 2**12
"""Rows that are evaluated together."""


class Exchanged(NamedTuple):
    """One exchange: which input rows it takes, which output rows it can move, and their model."""

    rows: tuple[int, ...]
    outputs: tuple[int, ...]
    model: Model


@dataclass(frozen=True, slots=True)
class CrossMatrix:
    """A cross-matrix design in independent replicates.

    Parameters
    ----------
    simulation
        Model and distributions; its own design is not used.
    exchanges
        What is exchanged, each with the part of the model that it can move.
    design
        Uniforms for A's columns, named by their inputs, and B's.
    replicate_rows
        Base points of one replicate.
    replicates
        Replicates that there are.
    batch
        Replicates that are evaluated together.
    """

    simulation: Simulation
    exchanges: Sequence[Exchanged]
    design: Design
    replicate_rows: int
    replicates: int
    batch: int

    def matrices(self, first: int, last: int) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Yield A's and B's inputs, each (inputs, rows), for the batches `first` to `last` - 1."""
        for a, b in self.uniforms(first, last):
            yield self.simulation.transform(a), self.simulation.transform(b)

    def uniforms(self, first: int, last: int) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Yield the uniforms behind A and B, each (inputs, rows), for the batches `first` to `last` - 1."""
        rows = self.replicate_rows
        per_block = max(1, self.design.block_rows // rows)
        start, stop = first * self.batch, min(last * self.batch, self.replicates)
        gathered: list[FloatArray] = []
        names = self.design.dimensions
        rows_a = [names.index(name) for name in self.simulation.inputs]
        rows_b = [names.index(_again(name)) for name in self.simulation.inputs]
        replicate = start - start % per_block
        for block in uniforms(self.design, start // per_block, -(-stop // per_block)):
            for piece in range(0, block.shape[1], rows):
                if start <= replicate < stop:
                    gathered.append(block[:, piece : piece + rows].copy())
                replicate += 1
                if len(gathered) == self.batch or (gathered and replicate == stop):
                    columns = np.concatenate(gathered, axis=1)
                    gathered.clear()
                    yield columns[rows_a], columns[rows_b]

    @property
    def batches(self) -> int:
        """Number of batches."""
        return -(-self.replicates // self.batch)


def make_cross_matrix(
    simulation: Simulation,
    exchanges: Sequence[Exchanged],
    order: tuple[str, ...],
    samples: int,
    seed: int,
    design: str,
    *,
    one_by_one: bool = False,
) -> CrossMatrix:
    """Return a cross-matrix design of at least `samples` base points in at least 16 replicates.

    A replicate depends on its number alone, so a longer design of equal replicates begins with a shorter one.

    Parameters
    ----------
    order
        The inputs, those first that are to have the most even points.
    one_by_one
        Whether replicates are evaluated alone instead of several together.

    Raises
    ------
    SettingError
        If the design's settings are out of range.
    """
    dimensions = _dimensions(order)
    make_design(design, dimensions, samples, seed)
    rows = replicate_rows(samples)
    replicates = max(FEWEST_REPLICATES, -(-samples // rows))
    made: Design
    if design == "sobol":
        made = SobolDesign(dimensions, rows, replicates, seed)
    elif design == "lhs":
        made = LatinHypercubeDesign(dimensions, rows, replicates, seed)
    else:
        made = RandomDesign(dimensions, rows * replicates, seed)
    batch = 1 if one_by_one else max(1, BATCH_ROWS // rows)
    return CrossMatrix(simulation, exchanges, made, rows, replicates, batch)


def _dimensions(order: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of A's and B's columns in the order of the design's dimensions."""
    columns = [column for name in order for column in (name, _again(name))]
    if len(columns) < len(PLACES):
        return tuple(columns)
    first = sorted(range(len(PLACES)), key=PLACES.__getitem__)
    return (*(columns[i] for i in first), *columns[len(PLACES) :])


def _again(name: str) -> str:
    """Name B's column of an input: a stream of its own, which no input's can be."""
    return f"{name} again"


def replicate_rows(samples: int) -> int:
    """Return the base points of one replicate, a power of two that divides a block."""
    fewest = _power_of_two(samples // FEWEST_REPLICATES)
    return min(BLOCK, fewest, max(REPLICATE_ROWS, _power_of_two(samples // MOST_REPLICATES)))


def _power_of_two(number: int) -> int:
    """Return the largest power of two that is not above `number`, at least 1."""
    return 1 << max(0, number.bit_length() - 1)
