"""The cross-matrix design: A, B, and A with some columns from B, evaluated block by block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.sampling.designs import (
    BLOCK,
    Design,
    LatinHypercubeDesign,
    RandomDesign,
    SobolDesign,
    make_design,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.simulation import Simulation


class CrossBlock(NamedTuple):
    """The outputs of one replicate.

    Parameters
    ----------
    inputs
        A's and B's inputs beside one another, shape (inputs, 2 rows).
    a, b
        Outputs of A and of B, shape (outputs, rows).
    mixed
        For each set of inputs the outputs of A with that set from B, shape (sets, outputs, rows).
    """

    inputs: FloatArray
    a: FloatArray
    b: FloatArray
    mixed: FloatArray

    def exchanged(self, rows: tuple[int, ...]) -> FloatArray:
        """Return A's inputs with some rows from B, shape (inputs, rows)."""
        half = self.inputs.shape[1] // 2
        inputs = self.inputs[:, :half].copy()
        inputs[list(rows)] = self.inputs[list(rows), half:]
        return inputs


@dataclass(frozen=True, slots=True)
class CrossMatrix:
    """A cross-matrix design in replicates that fit in one block.

    Parameters
    ----------
    simulation
        Model and distributions; its own design is not used.
    sets
        By name, the rows of the inputs that are exchanged together.
    design
        Uniforms for A's inputs and then B's.
    replicate_rows
        Base points of one replicate.
    """

    simulation: Simulation
    sets: Mapping[str, tuple[int, ...]]
    design: Design
    replicate_rows: int

    @property
    def replicates(self) -> int:
        """Number of independent replicates."""
        return self.design.samples // self.replicate_rows

    @property
    def model_rows(self) -> int:
        """Model runs that the whole design takes."""
        return self.design.samples * (len(self.sets) + 2)

    def replicate_outputs(self, first: int, last: int) -> Iterator[CrossBlock]:
        """Yield the replicates in blocks `first` to `last` - 1; the arrays are reused."""
        model = self.simulation.model
        inputs = len(self.simulation.inputs)
        rows = self.replicate_rows
        workspace = model.workspace(rows)
        a, b = np.empty((2, len(model.outputs), rows))
        mixed = np.empty((len(self.sets), len(model.outputs), rows))
        for uniforms in self.design.uniforms(first, last):
            for start in range(0, uniforms.shape[1], rows):
                part = uniforms[:, start : start + rows]
                columns = np.concatenate([part[:inputs], part[inputs:]], axis=1)
                self.simulation.transform(columns[:, :rows])
                self.simulation.transform(columns[:, rows:])
                exchanged = columns[:, :rows].copy()
                model.run(columns[:, :rows], a, workspace)
                model.run(columns[:, rows:], b, workspace)
                for exchange, outputs in zip(self.sets.values(), mixed, strict=True):
                    picked = list(exchange)
                    exchanged[picked] = columns[picked, rows:]
                    model.run(exchanged, outputs, workspace)
                    exchanged[picked] = columns[picked, :rows]
                yield CrossBlock(columns, a, b, mixed)


def cross_matrix(
    simulation: Simulation, sets: Mapping[str, tuple[int, ...]], samples: int, seed: int, design: str
) -> CrossMatrix:
    """Return a cross-matrix design of at least `samples` base points in at least 16 replicates.

    Raises
    ------
    SettingError
        If the design's settings are out of range.
    """
    # B's inputs have streams of their own, named so that no input's can be the same
    dimensions = simulation.inputs + tuple(f"{name} again" for name in simulation.inputs)
    make_design(design, dimensions, samples, seed)
    sized = SobolDesign.of(dimensions, samples, seed)
    rows = min(sized.replicate_rows, BLOCK)
    replicates = -(-samples // rows)
    replicates = max(replicates, sized.replicates)
    made: Design
    if design == "sobol":
        made = SobolDesign(dimensions, rows, replicates, seed)
    elif design == "lhs":
        made = LatinHypercubeDesign(dimensions, rows, replicates, seed)
    else:
        made = RandomDesign(dimensions, rows * replicates, seed)
    return CrossMatrix(simulation, sets, made, rows)
