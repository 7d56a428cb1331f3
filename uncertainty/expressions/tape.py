"""From a graph to a flat numpy program over columns, small enough to stay in cache.

The graph is lowered to steps, and their results are given rows; a row is used again as soon as its value
is no longer needed.
"""

from __future__ import annotations

import dataclasses
import math
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.expressions.lowering import Column, Result, lower
from uncertainty.expressions.operations import HIDDEN, OPERATIONS, SPECIAL, TRUTHS, undecided
from uncertainty.late import dataclass
from uncertainty.records import Lately, Same, brief

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.expressions.graph import Graph
    from uncertainty.expressions.lowering import Step, Value
    from uncertainty.expressions.operations import Special

MASKED = TRUTHS | {"where"}
"""Operations that need a row of scratch space for a mask."""


class Instruction(NamedTuple):
    """One numpy function over rows.

    Rows are numbered through: columns, then constants, then the workspace, then outputs.

    Parameters
    ----------
    function
        Name of a numpy ufunc, or ``where``.
    operands
        Rows that it reads; the first is a row of scratch space for a truth value or ``where``.
    target
        Row that it writes, which may be one that it reads.
    """

    function: str
    operands: tuple[int, ...]
    target: int


@dataclass(frozen=True, slots=True)
class Tape:
    """A compiled program, plain data that can be sent to another process.

    Parameters
    ----------
    columns
        Number of columns that it reads.
    constants
        Numbers that it reads.
    slots
        Number of rows of workspace that it needs.
    outputs
        Number of rows that it writes.
    instructions
        What it does, in order.
    """

    columns: int
    constants: tuple[float, ...]
    slots: int
    outputs: int
    instructions: tuple[Instruction, ...]

    __repr__ = brief

    @property
    def read(self) -> list[int]:
        """The columns that it reads, in order."""
        every = {operand for _, operands, _ in self.instructions for operand in operands}
        return sorted(operand for operand in every if operand < self.columns)

    def only(self, outputs: Sequence[int]) -> tuple[Tape, tuple[int, ...]]:
        """Return the part of the program that gives some outputs, and the columns that it reads.

        Two programs that compute the same from other columns have one such part.
        """
        first = self.columns + len(self.constants) + self.slots
        wanted = {first + output for output in outputs}
        kept: list[Instruction] = []
        for each in reversed(self.instructions):
            if each.target in wanted:
                wanted.discard(each.target)
                wanted.update(each.operands[1:] if each.function in MASKED else each.operands)
                kept.append(each)
        rows = {row for each in kept for row in (*each.operands, each.target)}
        columns = [row for row in range(self.columns) if row in rows]
        constants = [row for row in range(self.columns, self.columns + len(self.constants)) if row in rows]
        results = [first + output for output in outputs]
        # an output that only others are computed from is a row of workspace
        slots = [row for row in sorted(rows) if row >= first - self.slots and row not in results]
        order = (*columns, *constants, *slots, *results)
        row_of = {row: place for place, row in enumerate(order)}
        instructions = [
            Instruction(each.function, tuple(row_of[row] for row in each.operands), row_of[each.target])
            for each in reversed(kept)
        ]
        values = tuple(self.constants[row - self.columns] for row in constants)
        return Tape(len(columns), values, len(slots), len(outputs), tuple(instructions)), tuple(columns)

    def part(self, outputs: Sequence[int], columns: Sequence[int]) -> Tape:
        """Return the part of the program that gives some outputs, over columns that hold all it reads."""
        tape, read = self.only(outputs)
        more = len(columns) - len(read)
        row_of = [columns.index(column) for column in read]
        row_of += range(len(columns), len(columns) + len(tape.constants) + tape.slots + tape.outputs)
        instructions = tuple(
            Instruction(each.function, tuple(row_of[row] for row in each.operands), row_of[each.target])
            for each in tape.instructions
        )
        return dataclasses.replace(tape, columns=tape.columns + more, instructions=instructions)

    def run(
        self, columns: Sequence[FloatArray] | FloatArray, out: FloatArray, workspace: FloatArray | None = None
    ) -> None:
        """Compute the outputs; each column of the result depends on its own column of values alone.

        Nothing of a block's size is allocated if a workspace is given. Infinities and not-a-number are
        left in the result without a warning.

        Parameters
        ----------
        columns
            Values of the variables in coherent base units, each of shape (n,), which are left unchanged.
        out
            The result, shape (outputs, n); may share no memory with `columns` or `workspace`.
        workspace
            Scratch space, shape (slots, at least n), each row contiguous.

        Raises
        ------
        ValueError
            If a shape does not fit.
        """
        n = out.shape[1]
        shape = (len(columns), *np.shape(columns[0])) if len(columns) else (0, n)
        if shape != (self.columns, n) or out.shape[0] != self.outputs:
            raise ValueError(
                f"expected columns ({self.columns}, n) and out ({self.outputs}, n), "
                f"not {shape} and {out.shape}"
            )
        if workspace is None:
            workspace = np.empty((self.slots, n))
        elif workspace.shape[0] < self.slots or workspace.shape[1] < n:
            raise ValueError(f"expected a workspace of at least ({self.slots}, {n}), not {workspace.shape}")
        self.spread(columns, out, workspace[: self.slots, :n])

    def spread(self, columns: Iterable[FloatArray], out: FloatArray, workspace: FloatArray) -> None:
        """Compute the outputs from columns of any shapes that broadcast to those of the rows of the result.

        Parameters
        ----------
        columns
            As many as the tape reads.
        out
            Shape (outputs, ...).
        workspace
            Shape (slots, ...), the rest as of `out`; each row contiguous.
        """
        constants, instructions = _resolved(Same(self))
        rows = [*columns, *constants, *workspace, *out]
        row = rows.__getitem__
        with np.errstate(all="ignore"):
            for function, operands, target in instructions:
                function(*map(row, operands), out=rows[target])


@lru_cache(maxsize=512)
def _resolved(
    of: Same[Tape],
) -> tuple[list[FloatArray], list[tuple[Callable[..., object], tuple[int, ...], int]]]:
    """Return a program's constants as numpy takes them soonest, and its instructions with their functions."""
    constants = [np.asarray(value) for value in of.held.constants]
    return constants, [(_FUNCTIONS[name], rows, target) for name, rows, target in of.held.instructions]


FEW = 2**12
"""Numbers up to which a call of numpy costs more than its work."""


def _where(
    scratch: FloatArray, condition: ArrayLike, if_true: ArrayLike, if_false: ArrayLike, *, out: FloatArray
) -> None:
    mask = _mask(scratch, out)
    # before anything is written, since the result may take an operand's place
    lost = np.isnan(condition) if _lacks(condition) else None
    np.not_equal(condition, 0.0, out=mask)
    np.copyto(out, if_false)
    np.copyto(out, if_true, where=mask)
    if lost is not None:
        np.copyto(out, np.nan, where=lost)


def _truth(name: str) -> Callable[..., None]:
    function = getattr(np, name)

    def decide(scratch: FloatArray, *operands: ArrayLike, out: FloatArray) -> None:
        lost = undecided(name, operands) if any(map(_lacks, operands)) else None
        if out.size <= FEW:
            function(*operands, out=out)
        else:
            mask = _mask(scratch, out)
            function(*operands, out=mask)
            np.copyto(out, mask)
        if lost is not None:
            np.copyto(out, np.nan, where=lost)

    return decide


def _lacks(operand: ArrayLike) -> bool:
    """Tell whether an operand is no number somewhere, so that nothing can be said of it there."""
    # the least of values is no number as soon as one of them is none; a sum of squares, found as soon, starts
    # threads of its own beside those that a run has
    column = np.asarray(operand)
    return math.isnan(np.minimum.reduce(column, axis=None, initial=np.inf) if column.ndim else column)


MOST_KEPT = 2**20
"""Results of special functions that are kept: 8 MiB."""

FEWEST_KEPT = 2**8
"""Results from on which computing them costs more than looking them up."""

COMBINED = 2**3
"""How many times as many results as operands have to be for looking them up to cost nothing."""


@lru_cache(maxsize=1)
def _lately() -> Lately[Hashable, FloatArray]:
    """Return what special functions gave lately of few values, each combined with each."""
    return Lately(MOST_KEPT)


def _special(special: Special) -> Callable[..., object]:
    def fill(*operands: ArrayLike, out: FloatArray) -> None:
        if out.size < FEWEST_KEPT or out.size < COMBINED * sum(map(np.size, operands)):
            _compute(special, operands, out)
            return
        # scenarios and quantities ask for the same ones, which cost more than all else
        every = list(map(np.asarray, operands))
        shapes = tuple(each.shape for each in (*every, out))
        key = special, shapes, b"".join(each.tobytes() for each in every)
        found = _lately().of(key)
        if found is None:
            _compute(special, operands, out)
            _lately().keep(key, out.copy(), out.size)
        else:
            np.copyto(out, found)

    return fill


def _compute(special: Special, operands: Sequence[ArrayLike], out: FloatArray) -> None:
    if special.takes_out:
        special.compute(*operands, out=out)
    else:
        np.copyto(out, special.compute(*operands))


def _mask(scratch: FloatArray, like: FloatArray) -> NDArray[np.bool_]:
    """View the beginning of a row as truth values, so that masks need no memory of their own."""
    return scratch.reshape(-1).view(np.bool_)[: like.size].reshape(like.shape)


_FUNCTIONS: Mapping[str, Callable[..., object]] = MappingProxyType(
    {name: getattr(np, name) for name in ("positive", "reciprocal")}
    | {each.ufunc: getattr(np, each.ufunc) for name, each in OPERATIONS.items() if name not in HIDDEN}
    | {name: _special(special) for name, special in SPECIAL.items()}
    | {name: _truth(name) for name in TRUTHS}
    | {"where": _where}
)


def execute(function: str, operands: Sequence[ArrayLike], n: int) -> FloatArray:
    """Return what one instruction computes from operands of shape (n,), in memory of its own."""
    out = np.empty(n)
    scratch = (np.empty(n),) if function in MASKED else ()
    _FUNCTIONS[function](*scratch, *operands, out=out)
    return out


def compile_tape(
    graph: Graph, outputs: Sequence[str], variables: Sequence[str], constants: Mapping[str, float]
) -> Tape:
    """Compile some outputs of a graph.

    Parameters
    ----------
    graph
        What to compute.
    outputs
        Which outputs, in the order of the rows of the result.
    variables
        Inputs that have a column each, in the order of the columns.
    constants
        Values of the other inputs, in coherent base units.

    Raises
    ------
    InvalidValue
        If a part that depends on constants alone is not a finite number, or an input that is needed has
        neither a column nor a value.
    """
    steps, results = lower(graph, [graph.outputs[name] for name in outputs], variables, constants)
    return assemble(steps, results, len(variables))


def assemble(steps: Sequence[Step], results: Sequence[Value], columns: int) -> Tape:
    """Give every value of steps a row, and write down the instructions that give some of them."""
    written = {value.step: row for row, value in reversed([*enumerate(results)]) if isinstance(value, Result)}
    slots, slot_count = _assign_slots(steps, written)
    read = (*(operand for step in steps for operand in step.operands), *results)
    constants = {value.hex(): value for value in read if isinstance(value, float)}
    first_slot = columns + len(constants)
    first_output = first_slot + slot_count
    constant_rows = dict(zip(constants, range(columns, first_slot), strict=True))

    def row(value: Value) -> int:
        if isinstance(value, Column):
            return value.position
        if isinstance(value, float):
            return constant_rows[value.hex()]
        return first_slot + slots[value.step] if value.step in slots else first_output + written[value.step]

    instructions = []
    for index, step in enumerate(steps):
        mask = (first_slot,) if step.function in MASKED else ()
        instructions.append(Instruction(step.function, (*mask, *map(row, step.operands)), row(Result(index))))
    for target, value in enumerate(results, first_output):
        if row(value) != target:
            instructions.append(Instruction("positive", (row(value),), target))
    return Tape(columns, tuple(constants.values()), slot_count, len(results), tuple(instructions))


def _assign_slots(steps: Sequence[Step], written: Mapping[int, int]) -> tuple[dict[int, int], int]:
    """Return the workspace row of each step that writes no output, and how many rows there are.

    A row is free again after the last step that reads it, and that step may write it in place; only
    `where` may not, since it writes its target before it has read everything. The row freed last is used
    first: it is the one still in cache. Row 0 is for masks where there are any.
    """
    last_reader = {
        operand.step: index
        for index, step in enumerate(steps)
        for operand in step.operands
        if isinstance(operand, Result)
    }
    count = int(any(step.function in MASKED for step in steps))
    slots: dict[int, int] = {}
    free: list[int] = []
    for index, step in enumerate(steps):
        read = {operand.step for operand in step.operands if isinstance(operand, Result)}
        released = [slots[value] for value in sorted(read) if value in slots and last_reader[value] == index]
        if step.function != "where":
            free += released
        if index not in written:
            if not free:
                free.append(count)
                count += 1
            slots[index] = free.pop()
        if step.function == "where":
            free += released
    return slots, count
