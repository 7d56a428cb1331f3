"""Empty columns that part a table from a block of parameters beside it, whose texts call none of its rows."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from uncertainty.workbooks.unit_texts import BLOCK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.workbooks.formulas import Area
    from uncertainty.workbooks.sheet_texts import SheetTexts


class Gaps:
    """Finds the empty column before a table.

    Parameters
    ----------
    texts
        The texts of the sheet.
    """

    def __init__(self, texts: SheetTexts) -> None:
        self._texts = texts
        self._found: dict[tuple[int, int], int] = {}

    def before(self, at: Area, name: int = 0) -> int:
        """Return the empty column that parts the table of a cell from a block of parameters; else 0.

        Some rows of the table have nothing at all before the gap, and no head stands over the name there in
        the row of heads.

        Parameters
        ----------
        at
            The cell.
        name
            The column of a text that may call it.
        """
        texts = self._texts
        first = texts.first_of(at)
        if not texts.heading(at.top, at.left):
            return 0
        key = first, at.left
        if key not in self._found:
            self._found[key] = self._gap(first, at)
        gap = self._found[key]
        is_datum = any(texts.is_number(first, each) for each in range(1, gap))
        return 0 if name in dict(texts.row(first)) and not is_datum else gap

    def _gap(self, first: int, at: Area) -> int:
        texts, last = self._texts, self._texts.end_of(at)

        def rows_of(column: int) -> Sequence[int]:
            filled = texts.filled.get(column, ())
            return filled[bisect_left(filled, first) : bisect_left(filled, last)]

        gap = next((each for each in range(at.left - 1, 0, -1) if not rows_of(each)), 0)
        before = {(row, each) for each in range(1, gap) for row in rows_of(each)}
        unnamed = {row for row in rows_of(at.left) if row > first} - {row for row, _ in before}
        has_numbers = any(texts.is_number(row, each) for row, each in before if row > first)
        return gap if has_numbers and len(unnamed) > 1 else 0

    def is_in_another_table(self, row: int, column: int, name: int) -> bool:
        """Tell whether numbers and an empty column part a cell from a name, and nothing stands over it."""
        texts = self._texts
        last = max((each for each in range(name + 1, column) if texts.is_number(row, each)), default=column)
        above = (each for each in texts.filled.get(column, ()) if each < row)
        if any(each in texts.of_years_alone or not texts.is_number(each, column) for each in above):
            return False
        near = range(row - BLOCK, row + BLOCK + 1)
        return any(all(texts.is_empty(every, each) for every in near) for each in range(last + 1, column))
