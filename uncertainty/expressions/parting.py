"""Tapes in parts: one in two, what moves and what does not, and many as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.expressions.lowering import Column, Result, Step, Value
from uncertainty.expressions.tape import MASKED, Instruction, Tape, assemble

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Sequence


def parted(tape: Tape, moving: Collection[int]) -> tuple[Tape, Tape]:
    """Return a program's two parts: each computes what the whole does, by the same operations.

    Parameters
    ----------
    moving
        The columns that move.

    Returns
    -------
    Tape
        From all columns what the second part needs of what does not move.
    Tape
        From all columns, and after them what the first part gives, the outputs.
    """
    slots = tape.columns + len(tape.constants)
    outputs = slots + tape.slots
    moves = [row in moving for row in range(outputs + tape.outputs)]
    # the place among what the first part gives of the value that a row holds
    given: dict[int, int] = {}
    wanted = _needed(tape, moves.copy())
    first: list[Instruction] = []
    second: list[Instruction] = []
    count = 0

    def before(row: int) -> int:
        return outputs + given[row] if row in given else row

    def after(row: int) -> int:
        return tape.columns + given[row] if row in given else row if row < tape.columns else row + len(wanted)

    for place, each in enumerate(tape.instructions):
        scratch = each.operands[:1] if each.function in MASKED else ()
        read = each.operands[len(scratch) :]
        if any(moves[row] for row in read):
            operands = tuple(row + len(wanted) for row in scratch) + tuple(map(after, read))
            second.append(Instruction(each.function, operands, each.target + len(wanted)))
            moves[each.target] = True
            given.pop(each.target, None)
            continue
        operands = scratch + tuple(map(before, read))
        moves[each.target] = False
        given.pop(each.target, None)
        if place in wanted:
            given[each.target] = count
            count += 1
        first.append(Instruction(each.function, operands, before(each.target)))
    second += [
        Instruction("positive", (after(row),), row + len(wanted))
        for row in range(outputs, outputs + tape.outputs)
        if row in given
    ]
    return (
        Tape(tape.columns, tape.constants, tape.slots, len(wanted), tuple(first)),
        Tape(tape.columns + len(wanted), tape.constants, tape.slots, tape.outputs, tuple(second)),
    )


def _needed(tape: Tape, moves: list[bool]) -> frozenset[int]:
    """Return the places of the instructions that do not move and give what others or the outputs need."""
    outputs = tape.columns + len(tape.constants) + tape.slots
    written: dict[int, int] = {}
    found: set[int] = set()
    for place, each in enumerate(tape.instructions):
        read = each.operands[each.function in MASKED :]
        moved = any(moves[row] for row in read)
        if moved:
            found.update(written[row] for row in read if row in written)
            written.pop(each.target, None)
        else:
            written[each.target] = place
        moves[each.target] = moved
        if not moved and each.target >= outputs:
            found.add(place)
    return frozenset(found)


def merge_tapes(tapes: Sequence[Tape], columns: Sequence[Sequence[int]], width: int) -> Tape:
    """Return a tape that gives the outputs of all tapes, one after the other, each to the bit.

    Parameters
    ----------
    columns
        For each tape the columns of the common ones that it reads.
    width
        Number of common columns.
    """
    merging = _Merging()
    results = [each for tape, own in zip(tapes, columns, strict=True) for each in merging.results(tape, own)]
    return assemble(merging.steps, results, width)


class _Merging:
    """The steps so far: one for each function of the same operands."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._known: dict[Hashable, Result] = {}

    def results(self, tape: Tape, columns: Sequence[int]) -> list[Value]:
        """Add a tape's steps, and return the value of each of its outputs."""
        empty: list[Value] = [0.0] * (tape.slots + tape.outputs)
        rows: list[Value] = [*map(Column, columns), *tape.constants, *empty]
        for function, operands, target in tape.instructions:
            # the first row of a masked function is scratch space
            read = tuple(rows[each] for each in (operands[1:] if function in MASKED else operands))
            rows[target] = read[0] if function == "positive" else self._step(function, read)
        return rows[len(rows) - tape.outputs :]

    def _step(self, function: str, operands: tuple[Value, ...]) -> Result:
        # 0.0 and -0.0 are equal, and not the same
        key = (function, *(each.hex() if isinstance(each, float) else each for each in operands))
        if key not in self._known:
            self._known[key] = Result(len(self.steps))
            self.steps.append(Step(function, operands))
        return self._known[key]
