"""What one thread works at, block after block: a source of uniforms and all the memory that it needs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import numpy as np

from uncertainty.sampling.compiler import compiled_loops
from uncertainty.sampling.transforms import Scratch, transform_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.simulation import Simulation


class Workbench(Protocol):
    """Makes blocks of a simulation; its memory is used again for the next block."""

    def inputs(self, block: int) -> FloatArray:
        """Return the values of a block's inputs, shape (inputs, rows)."""
        ...

    def outputs(self, inputs: FloatArray, start: int, stop: int) -> FloatArray:
        """Return the outputs of columns `start` to `stop` - 1 of a block's inputs, shape (outputs, n)."""
        ...


class NumpyWorkbench:
    """Blocks made by numpy, one function at a time over a whole row."""

    def __init__(self, simulation: Simulation) -> None:
        size = simulation.design.block_rows
        self._copula, self._model = simulation.copula, simulation.model
        self._source = simulation.design.source()
        self._transforms, self._scratch = simulation.transforms(), Scratch(size)
        self._workspace = simulation.model.workspace(size)
        self._outputs = np.empty((len(simulation.model.outputs), size))

    def inputs(self, block: int) -> FloatArray:
        """Return the values of a block's inputs, shape (inputs, rows)."""
        rows = self._source.block(block)
        if self._copula is not None:
            self._copula.apply(rows)
        return transform_rows(rows, self._transforms, self._scratch)

    def outputs(self, inputs: FloatArray, start: int, stop: int) -> FloatArray:
        """Return the outputs of columns `start` to `stop` - 1 of a block's inputs, shape (outputs, n)."""
        found = self._outputs[:, : stop - start]
        self._model.run(inputs[:, start:stop], found, self._workspace)
        return found


class Workbenches:
    """The workbenches that nobody works at; how many there are follows from how many threads there have been.

    Making one anew for each span costs as much as a third of the draws, nearly all of it in the system's
    kernel, where threads wait for each other.
    """

    def __init__(self) -> None:
        self._idle: list[Workbench] = []

    @contextmanager
    def borrow(self, simulation: Simulation) -> Iterator[Workbench]:
        """Give a bench to whoever calls, until the `with` block ends.

        After an exception it is not given to anybody again: its streams may have moved on in part, or a
        generator that nobody reads to its end may have left its arrays in somebody's hands.
        """
        try:
            bench = self._idle.pop()
        except IndexError:
            bench = make_workbench(simulation)
        yield bench
        self._idle.append(bench)

    def __reduce__(self) -> tuple[type[Workbenches], tuple[()]]:
        """Let other processes begin with none."""
        return Workbenches, ()


def make_workbench(simulation: Simulation) -> Workbench:
    """Return a new workbench, with compiled loops if the simulation asks for them and there is a compiler."""
    loops = compiled_loops() if simulation.compiled else None
    if loops is None:
        return NumpyWorkbench(simulation)
    from uncertainty.sampling.compiled_workbench import CompiledWorkbench

    return CompiledWorkbench(simulation, loops)
