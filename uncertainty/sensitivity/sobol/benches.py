"""Where one thread makes A and B of a cross-matrix, part by part, and runs models on their rows.

What is exchanged is read from where it lies: nothing is copied from B to A and back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from uncertainty.compiled import EquationModel
from uncertainty.sampling.fast.compiler import compiled_loops

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uncertainty.compiled import Model
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.fast.compiler import Loops
    from uncertainty.sensitivity.sobol.design import CrossMatrix

A, B = 0, 1


class CrossBench(Protocol):
    """Makes parts of a cross-matrix and runs its models; memory is used again for the next part."""

    def parts(self, first: int, last: int) -> Iterator[None]:
        """Make the parts of the batches `first` to `last` - 1, of whole replicates, one after the other."""
        ...

    def rows(self, side: int, exchanged: Sequence[int] = ()) -> list[FloatArray]:
        """Return the rows of A or B, those that are exchanged from the other; each of shape (columns,)."""
        ...

    def run(self, number: int, side: int, exchanged: Sequence[int] = ()) -> FloatArray:
        """Return what one of the models, by its number, makes of `rows`, shape (outputs, columns)."""
        ...


def make_bench(matrix: CrossMatrix, models: Sequence[Model]) -> CrossBench:
    """Return a bench, with compiled loops if the simulation asks for them and there is a compiler."""
    loops = compiled_loops() if matrix.simulation.compiled else None
    return NumpyBench(matrix, models) if loops is None else CompiledBench(matrix, models, loops)


class NumpyBench:
    """Parts made by numpy."""

    def __init__(self, matrix: CrossMatrix, models: Sequence[Model]) -> None:
        widest = matrix.batch * matrix.replicate_rows
        self._matrix, self._models = matrix, models
        self._source = matrix.paired().source()
        self._outputs = np.empty((max(len(model.outputs) for model in models), widest))
        self._on_part = list(models)
        self._workspaces = [model.workspace(widest) for model in models]
        self._sides: tuple[FloatArray, ...] = ()

    def parts(self, first: int, last: int) -> Iterator[None]:
        """Make the parts of the batches `first` to `last` - 1, of whole replicates, one after the other."""
        for number, sides in enumerate(self._matrix.matrices(first, last, self._source), first):
            self._sides = sides
            self._on_part = self._matrix.models(number, self._models)
            yield

    def rows(self, side: int, exchanged: Sequence[int] = ()) -> list[FloatArray]:
        """Return the rows of A or B, those that are exchanged from the other; each of shape (columns,)."""
        found, other = list(self._sides[side]), self._sides[1 - side]
        for row in exchanged:
            found[row] = other[row]
        return found

    def run(self, number: int, side: int, exchanged: Sequence[int] = ()) -> FloatArray:
        """Return what one of the models, by its number, makes of `rows`, shape (outputs, columns)."""
        model, whole = self._on_part[number], self._sides[side]
        outputs = self._outputs[: len(model.outputs), : whole.shape[1]]
        if not exchanged:
            model.run(whole, outputs, self._workspaces[number])
        elif isinstance(model, EquationModel):
            model.run(self.rows(side, exchanged), outputs, self._workspaces[number])
        else:
            model.run(np.array(self.rows(side, exchanged)), outputs, self._workspaces[number])
        return outputs


class CompiledBench:
    """Parts made by compiled loops over whole blocks; the numbers are the same."""

    def __init__(self, matrix: CrossMatrix, models: Sequence[Model], loops: Loops) -> None:
        from uncertainty.sampling.fast.workbench import Arena, CompiledInputs

        simulation, design = matrix.simulation, matrix.paired()
        self._matrix, self._inputs = matrix, len(simulation.inputs)
        self._arena = Arena(loops, models, design.block_rows, len(design.dimensions))
        self._source = design.source(self._arena.inputs, loops)
        self._transforms = CompiledInputs(loops, simulation.transforms() * 2, self._arena.inputs)
        self._start = self._stop = 0

    def parts(self, first: int, last: int) -> Iterator[None]:
        """Make the parts of the batches `first` to `last` - 1, of whole replicates, one after the other."""
        block, copula = self._arena.inputs.shape[1], self._matrix.simulation.copula
        start, stop = (each * self._matrix.replicate_rows for each in self._matrix.replicates_of(first, last))
        for number in range(start // block, -(-stop // block)):
            self._source.block(number)
            if copula is not None:
                copula.apply(self._arena.inputs[: self._inputs])
                copula.apply(self._arena.inputs[self._inputs :])
            self._transforms.transform()
            self._start = max(start - number * block, 0)
            self._stop = min(stop - number * block, block)
            yield

    def rows(self, side: int, exchanged: Sequence[int] = ()) -> list[FloatArray]:
        """Return the rows of A or B, those that are exchanged from the other; each of shape (columns,)."""
        return [self._arena.inputs[row, self._start : self._stop] for row in self._places(side, exchanged)]

    def run(self, number: int, side: int, exchanged: Sequence[int] = ()) -> FloatArray:
        """Return what one of the models, by its number, makes of `rows`, shape (outputs, columns)."""
        return self._arena.run(number, self._places(side, exchanged), self._start, self._stop)

    def _places(self, side: int, exchanged: Sequence[int]) -> list[int]:
        own, other = side * self._inputs, (1 - side) * self._inputs
        found = list(range(own, own + self._inputs))
        for row in exchanged:
            found[row] = other + row
        return found
