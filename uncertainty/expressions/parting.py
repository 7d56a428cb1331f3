"""A program in two: what some columns do not reach is computed once, and the rest as often as they move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.expressions.tape import MASKED, Instruction, Tape

if TYPE_CHECKING:
    from collections.abc import Collection


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
