"""Many tapes as one, in which what several of them compute is computed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.expressions.lowering import Column, Result, Step, Value
from uncertainty.expressions.tape import MASKED, assemble

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from uncertainty.expressions.tape import Tape


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
