"""Blocks made by compiled loops: everything that a block needs lies in one piece of memory, the arena."""

from __future__ import annotations

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

IN_CACHE = 2**15
"""Numbers that one call of numpy works on."""


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
        self._copula = copula
        self._arena = Arena(loops, [model], design.block_rows, len(transforms))
        self._inputs = CompiledInputs(loops, transforms, self._arena.inputs)
        self._source = design.source(self._arena.inputs, loops)

    def inputs(self, block: int) -> FloatArray:
        """Return the values of a block's inputs, shape (inputs, rows)."""
        rows = self._source.block(block)
        if self._copula is not None:
            self._copula.apply(rows)
        # whole rows, even where the last block is shorter: memory of one shape needs one compiled loop
        self._inputs.transform()
        return rows

    def outputs(self, inputs: FloatArray, start: int, stop: int) -> FloatArray:  # noqa: ARG002 - the protocol's
        """Return the outputs of columns `start` to `stop` - 1 of a block's inputs, shape (outputs, n)."""
        return self._arena.run(0, range(len(self._arena.inputs)), start, stop)


class CompiledInputs:
    """Quantile functions of whole rows, in place.

    Parameters
    ----------
    rows
        The rows, shape (inputs, size), which are the same for every block.
    """

    def __init__(self, loops: Loops, transforms: Sequence[Transform], rows: FloatArray) -> None:
        self._loops, self._rows, self._scratch = loops, rows, Scratch(rows.shape[1])
        self._tables = pack_tables(transforms)
        self._remainders = [t.remainder for t in map(table_of, transforms) if t is not None]
        self._lines = pack_lines(transforms)
        self._left = np.empty(self._tables.rows.size * rows.shape[1], np.int32)
        self._runs = list(alike(transforms))

    def transform(self) -> None:
        """Replace probabilities by quantiles."""
        rows, tables = self._rows, self._tables
        self._loops.stretch(*self._lines, rows)
        ends = self._loops.look_up(*tables, rows, self._left).tolist()
        for number, remainder, start, end in zip(
            tables.rows.tolist(), self._remainders, [0, *ends], ends, strict=False
        ):
            if start < end:
                row, left = rows[number], self._left[start:end]
                row[left] = remainder.quantile(row[left])
        for first, run in self._runs:
            if scaled := [each for each in run if isinstance(each, Scaled) and table_of(each)]:
                self._scale(first, scaled)
            elif table_of(run[0]) is None and not isinstance(run[0], Linear):
                for transform, row in zip(run, rows[first : first + len(run)], strict=True):
                    transform.apply(row, self._scratch)

    def _scale(self, first: int, scaled: Sequence[Scaled]) -> None:
        """Scale rows from the first on, as many at a time as stay in a core's own cache."""
        step = max(1, IN_CACHE // self._rows.shape[1])
        for start in range(0, len(scaled), step):
            some = scaled[start : start + step]
            scale_rows(self._rows[first + start : first + start + len(some)], some)


class Arena:
    """Memory for blocks of inputs and of what models make of them, each of which reads as many of the rows.

    Parameters
    ----------
    size
        Columns of a block.
    inputs
        Rows of inputs that there are.
    """

    def __init__(self, loops: Loops, models: Sequence[Model], size: int, inputs: int) -> None:
        self._loops, self._models, self._size = loops, models, size
        most = max(len(model.outputs) for model in models)
        programs = pack_programs(models, inputs + most, size, loops)
        self._programs = programs.of
        self._memory = np.empty((inputs + most) * size + programs.extra)
        self.inputs = self._memory[: inputs * size].reshape(-1, size)
        self._outputs = self._memory[inputs * size : (inputs + most) * size].reshape(-1, size)
        programs.write_constants(self._memory[(inputs + most) * size :])
        self._places = np.arange(inputs + most) * size
        self._workspaces = [
            None if program else model.workspace(size)
            for program, model in zip(self._programs, models, strict=True)
        ]

    def run(self, number: int, rows: Sequence[int], start: int, stop: int) -> FloatArray:
        """Return what a model, by its number, makes of columns `start` to `stop` - 1 of some rows of inputs.

        The result, shape (outputs, columns), lies in memory that is used again.
        """
        model, program = self._models[number], self._programs[number]
        found = self._outputs[: len(model.outputs), start:stop]
        if program is None:
            given = self.inputs[:, start:stop]
            whole = isinstance(rows, range) and len(rows) == len(given)
            model.run(given if whole else given[list(rows)], found, self._workspaces[number])
            return found
        moving = [*rows, *range(len(self.inputs), len(self.inputs) + len(found))]
        places = np.concatenate([self._places[moving], program.still])
        steps = np.repeat(np.array([1, 0]), [len(moving), program.still.size])
        self._loops.run(program.instructions, places, steps, self._memory, start, stop)
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


class Program(NamedTuple):
    """A tape as `loops.run` takes it.

    Parameters
    ----------
    instructions
        Code, three operands and the target of each, shape (n, 5): numbers of rows, which are inputs, outputs,
        constants and slots.
    still
        Where its constants and slots begin in the arena, which do not go along with a block's columns.
    """

    instructions: Numbers
    still: Numbers


class Programs(NamedTuple):
    """The programs of some models, which have their constants and slots in common.

    Parameters
    ----------
    of
        Of each model its program; None where the loops do not know every operation.
    constants
        Values of the rows that never change.
    chunk
        Columns of a row that does not go along.
    extra
        Numbers that the arena has room for beside inputs and outputs.
    """

    of: tuple[Program | None, ...]
    constants: tuple[float, ...]
    chunk: int
    extra: int

    def write_constants(self, memory: FloatArray) -> None:
        """Write the constants to the part of the arena that follows inputs and outputs."""
        rows = memory[: len(self.constants) * self.chunk].reshape(-1, self.chunk)
        rows[:] = np.array(self.constants)[:, None]


def pack_programs(models: Sequence[Model], moving: int, size: int, loops: Loops) -> Programs:
    """Return the programs of models for blocks of `size` columns.

    Parameters
    ----------
    moving
        Rows of the arena that go along with the columns; the others follow.
    """
    tapes = [_known_tape(model, loops) for model in models]
    # by their bits, which tell 0 from -0
    constants = {value.hex(): value for tape in tapes if tape is not None for value in tape.constants}
    number = {each: place for place, each in enumerate(constants)}
    slots = max((tape.slots for tape in tapes if tape is not None), default=0)

    def packed(tape: Tape) -> Program:
        own = [number[value.hex()] for value in tape.constants]
        still = np.array([*own, *range(len(number), len(number) + tape.slots)], np.int64)
        return Program(_instructions(tape, loops), moving * size + still * loops.CHUNK)

    return Programs(
        tuple(None if tape is None else packed(tape) for tape in tapes),
        tuple(constants.values()),
        loops.CHUNK,
        (len(constants) + slots) * loops.CHUNK,
    )


def _known_tape(model: Model, loops: Loops) -> Tape | None:
    """Return the tape of a model of which the loops know every operation."""
    tape = model.tape if isinstance(model, EquationModel) else None
    return tape if tape and all(step.function in loops.CODES for step in tape.instructions) else None


def _instructions(tape: Tape, loops: Loops) -> Numbers:
    """Return a tape's instructions with outputs before constants and slots."""
    inputs, still = tape.columns, len(tape.constants) + tape.slots
    order = (*range(inputs), *range(inputs + tape.outputs, inputs + tape.outputs + still))
    place = (*order, *range(inputs, inputs + tape.outputs))
    found = []
    for function, operands, target in tape.instructions:
        # a row for masks comes first; loops need none
        own = [place[row] for row in (operands[1:] if function in MASKED else operands)]
        found.append((loops.CODES[function], *own, *[own[0]] * (3 - len(own)), place[target]))
    return np.array(found, np.int64).reshape(-1, 5)
