"""Blocks made by compiled loops: everything that a block needs lies in one piece of memory, the arena."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.compiled import EquationModel
from uncertainty.expressions.tape import MASKED
from uncertainty.sampling.transforms import Linear, Pieces, Scaled, Scratch, Table, alike, scale_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from uncertainty.compiled import Model
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.expressions import Tape
    from uncertainty.sampling.copula import Copula
    from uncertainty.sampling.designs import Design
    from uncertainty.sampling.fast.compiler import Loops
    from uncertainty.sampling.transforms import Transform

    Numbers = NDArray[np.int64]


class CompiledWorkbench:
    """Blocks made by loops over a whole block; numpy does what the loops do not know, to the same bit."""

    def __init__(
        self,
        loops: Loops,
        model: Model,
        design: Design,
        transforms: Sequence[Transform],
        copula: Copula | None,
    ) -> None:
        size = design.block_rows
        self._loops, self._copula, self._model = loops, copula, model
        self._program = pack_program(model, len(transforms), size, loops)
        inputs, outputs = len(transforms) * size, len(model.outputs) * size
        self._arena = np.empty(inputs + outputs + self._program.extra)
        self._inputs = self._arena[:inputs].reshape(-1, size)
        self._outputs = self._arena[inputs : inputs + outputs].reshape(-1, size)
        self._program.write_constants(self._arena[inputs + outputs :])
        self._workspace = None if self._program.complete else model.workspace(size)
        self._source = design.source(self._inputs, loops)
        self._transforms, self._scratch = transforms, Scratch(size)
        self._tables = pack_tables(self._transforms)
        self._remainders = [t.remainder for t in map(table_of, self._transforms) if t is not None]
        self._lines = pack_lines(self._transforms)
        self._left = np.empty(self._tables.rows.size * size, np.int32)

    def inputs(self, block: int) -> FloatArray:
        """Return the values of a block's inputs, shape (inputs, rows)."""
        rows = self._source.block(block)
        if self._copula is not None:
            self._copula.apply(rows)
        # whole rows, even where the last block is shorter: memory of one shape needs one compiled loop
        whole, tables = self._inputs, self._tables
        self._loops.stretch(*self._lines, whole)
        ends = self._loops.look_up(*tables, whole, self._left).tolist()
        for number, remainder, start, end in zip(
            tables.rows.tolist(), self._remainders, [0, *ends], ends, strict=False
        ):
            if start < end:
                row, left = whole[number], self._left[start:end]
                row[left] = remainder.quantile(row[left])
        for first, run in alike(self._transforms):
            if scaled := [each for each in run if isinstance(each, Scaled) and table_of(each)]:
                scale_rows(whole[first : first + len(run)], scaled)
            elif table_of(run[0]) is None and not isinstance(run[0], Linear):
                for transform, row in zip(run, rows[first : first + len(run)], strict=True):
                    transform.apply(row, self._scratch)
        return rows

    def outputs(self, inputs: FloatArray, start: int, stop: int) -> FloatArray:
        """Return the outputs of columns `start` to `stop` - 1 of a block's inputs, shape (outputs, n)."""
        found = self._outputs[:, start:stop]
        if self._program.complete:
            program = self._program
            self._loops.run(program.instructions, program.places, program.steps, self._arena, start, stop)
        else:
            self._model.run(inputs[:, start:stop], found, self._workspace)
        return found


class PackedTables(NamedTuple):
    """The tables and pieces of some rows, as `loops.look_up` takes them.

    Parameters
    ----------
    rows
        Which rows of a block have one, shape (n,).
    own
        Which table each of them has, shape (n,): many rows may share one.
    coefficients
        Shape (tables, cells + 1, 3).
    pieces
        First polynomial, one past the last, and first edge of each; shape (tables, 3).
    edges, polynomials
        Shapes (edges,) and (polynomials, 4 + terms).
    """

    rows: Numbers
    own: Numbers
    coefficients: FloatArray
    pieces: Numbers
    edges: FloatArray
    polynomials: FloatArray


def table_of(transform: Transform) -> Table | None:
    """Return the table that a transform begins with, if it does."""
    first = transform.standard if isinstance(transform, Scaled) else transform
    return first if isinstance(first, Table) else None


def pack_tables(transforms: Sequence[Transform]) -> PackedTables:
    """Gather the tables among some transforms."""
    of_rows = {row: table for row, each in enumerate(transforms) if (table := table_of(each)) is not None}
    by_identity = {id(table): table for table in of_rows.values()}
    found, number = list(by_identity.values()), {each: place for place, each in enumerate(by_identity)}
    coefficients = np.empty((len(found), found[0].constant.size if found else 0, 3))
    pieces, edges, polynomials = [], [np.empty(0)], [np.empty((0, 12))]
    polynomial, edge = 0, 0
    for own, table in zip(coefficients, found, strict=True):
        # what a draw needs lies together, which is worth more to a loop than to numpy
        own[:] = np.stack([table.constant, table.linear, table.quadratic], axis=1)
        first = polynomial
        if isinstance(table.remainder, Pieces):
            of_table = table.remainder
            bounds = np.broadcast_to(of_table.support, (len(of_table.polynomials), 2))
            frame, terms = np.split(of_table.polynomials, [2], axis=1)
            polynomials.append(np.concatenate([frame, bounds, terms], axis=1))
            edges.append(of_table.edges)
            polynomial += len(of_table.polynomials)
        pieces.append((first, polynomial, edge))
        edge += edges[-1].size if polynomial > first else 0
    return PackedTables(
        np.array(list(of_rows), np.int64),
        np.array([number[id(table)] for table in of_rows.values()], np.int64),
        coefficients,
        np.array(pieces, np.int64).reshape(-1, 3),
        np.concatenate(edges),
        np.concatenate(polynomials),
    )


def pack_lines(transforms: Sequence[Transform]) -> tuple[Numbers, FloatArray]:
    """Return which rows have uniform distributions, and their ends and ranges, shape (lines, 3)."""
    found = [(row, line) for row, line in enumerate(transforms) if isinstance(line, Linear)]
    ends = np.array([(line.low, line.high, line.high - line.low) for _, line in found]).reshape(-1, 3)
    return np.array([row for row, _ in found], np.int64), ends


@dataclass(frozen=True, slots=True)
class Program:
    """A tape as `loops.run` takes it.

    Parameters
    ----------
    instructions
        Code, three operands and the target of each; shape (n, 5).
    places, steps
        Where each row begins in the arena, and whether it goes along with a block's columns; shape (rows,).
    constants
        Values of the rows that never change.
    chunk
        Columns of a row that does not go along.
    complete
        Whether the loops know every operation; if not there are no instructions.
    extra
        Numbers that the arena has room for beside inputs and outputs.
    """

    instructions: Numbers
    places: Numbers
    steps: Numbers
    constants: tuple[float, ...]
    chunk: int
    complete: bool
    extra: int

    def write_constants(self, memory: FloatArray) -> None:
        """Write the constants to the part of the arena that follows inputs and outputs."""
        rows = memory[: len(self.constants) * self.chunk].reshape(-1, self.chunk)
        rows[:] = np.array(self.constants)[:, None]


def pack_program(model: object, inputs: int, size: int, loops: Loops) -> Program:
    """Return a model's program for blocks of `size` rows; the arena has inputs, outputs and then the rest."""
    tape = model.tape if isinstance(model, EquationModel) else None
    if tape is None or any(step.function not in loops.CODES for step in tape.instructions):
        nothing = np.empty(0, np.int64)
        return Program(nothing.reshape(0, 5), nothing, nothing, (), loops.CHUNK, complete=False, extra=0)
    constants, chunk = len(tape.constants), loops.CHUNK
    moving = np.arange(inputs + tape.outputs) * size
    still = (inputs + tape.outputs) * size + np.arange(constants + tape.slots) * chunk
    # rows of a tape are columns, constants, slots, outputs
    places = np.concatenate([moving[:inputs], still, moving[inputs:]])
    steps = np.ones(places.size, np.int64)
    steps[inputs : inputs + still.size] = 0
    return Program(
        _instructions(tape, loops),
        places,
        steps,
        tape.constants,
        chunk,
        complete=True,
        extra=still.size * chunk,
    )


def _instructions(tape: Tape, loops: Loops) -> Numbers:
    found = []
    for function, operands, target in tape.instructions:
        # a row for masks comes first; loops need none
        own = operands[1:] if function in MASKED else operands
        found.append((loops.CODES[function], *own, *[own[0]] * (3 - len(own)), target))
    return np.array(found, np.int64).reshape(-1, 5)
