"""Where tables end, and which cells below them stand below the heading of a column and are none of it.

Results and parameters that concern a whole table stand below it, or in a row of it, each alone in its row
beside what it is called: in the first column of numbers, whatever that is headed. A table of several columns
ends for each of them with the last row in which it and another have a number, one of a single column before
an empty row, or with the last row of which a formula takes a range, such as a sum.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.bounds import SHEET_ROWS
from uncertainty.tables.sheets import is_missing
from uncertainty.workbooks.cells import one_cell
from uncertainty.workbooks.dimensions import is_pure, taken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.workbooks.cells import Book
    from uncertainty.workbooks.formulas import Area


class _Column(NamedTuple):
    """The columns of a table that are headed without a gap, those of numbers, and the row that ends it."""

    first: int
    last: int
    others: tuple[int, ...]
    bottom: int


class BelowTables:
    """Tells of cells whether they are something else than the column that they stand in."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._numbers: dict[str, dict[int, list[int]]] = {}
        self._known: dict[tuple[str, int, int], _Column] = {}
        self._ends: dict[tuple[str, int, int, int], int] = {}

    def is_below(self, at: Area, top: int, below: int) -> bool:
        """Tell whether a cell stands below the table that its heading is of.

        Parameters
        ----------
        at
            The cell.
        top
            The row of the heading.
        below
            The row of the next heading.
        """
        last = self.last(at, top, below)
        return at.top > last and (self._is_alone(at, top) or self._is_bare_below_a_sum(at, top, last))

    def _is_bare_below_a_sum(self, at: Area, top: int, last: int) -> bool:
        """Tell whether a number stands alone in its row, below a formula that takes the column's numbers."""
        if self._book.formula_stands(at):
            return False
        cells = self._book.sheets[at.sheet].cells
        column = self._column(at.sheet, at.left, top)
        if any((at.top, each) in cells for each in range(column.first, column.last + 1) if each != at.left):
            return False
        sums = (one_cell(at.sheet, row, at.left) for row in self._rows(at.sheet, at.left, last, at.top))
        return any(
            area.left == area.right == at.left and area.top < area.bottom <= last
            for each in sums
            for area in taken(self._book, each)
        )

    def is_share(self, at: Area, top: int, below: int) -> bool:
        """Tell whether a cell is shown as a percentage in a column of which other numbers are not."""
        book = self._book
        cells = (one_cell(at.sheet, row, at.left) for row in self._rows(at.sheet, at.left, top, below))
        return book.look(at).is_percentage and not all(book.look(each).is_percentage for each in cells)

    def is_another(self, at: Area, top: int, below: int) -> bool:
        """Tell whether a cell is no number of its column: a parameter or a result of the whole table."""
        column = self._column(at.sheet, at.left, top)
        if not self._is_alone(at, top):
            return False
        if not self._book.formula_stands(at):
            return bool(column.others) and self.is_below(at, top, below)
        is_own, is_mixed = False, not column.others and is_pure(self._book, at)
        for area in taken(self._book, at):
            if area.sheet != at.sheet or area.bottom <= top:
                is_mixed |= not column.others
                continue
            # one cell may be a parameter that stands elsewhere
            is_of_table = not area.is_cell or area.top <= self.last(at, top, below)
            if is_of_table and any(area.left <= each <= area.right for each in column.others):
                return True
            is_of_own = is_of_table and area.left <= at.left <= area.right
            is_own |= is_of_own
            # what stands below a list of one column is of it where it takes nothing else
            is_mixed |= not column.others and not is_of_own
        return (is_mixed or not is_own) and self.is_below(at, top, below)

    def is_only(self, at: Area, top: int) -> bool:
        """Tell whether a cell is the only number below a heading."""
        return len(self._rows(at.sheet, at.left, top, SHEET_ROWS + 1)) == 1

    def last(self, at: Area, top: int, below: int) -> int:
        """Return the last row of a table, by the heading of a column and the row of the next."""
        key = at.sheet, at.left, top, below
        if key not in self._ends:
            column = self._column(at.sheet, at.left, top)
            counts: dict[int, int] = {}
            for each in (at.left, *column.others):
                for row in self._rows(at.sheet, each, top, below):
                    if self._is_called(at.sheet, row, each, top):
                        continue
                    counts[row] = counts.get(row, 0) + 1
            several = [row for row, count in counts.items() if count > 1]
            own = set(self._rows(at.sheet, at.left, top, below)).intersection(several)
            self._ends[key] = max(own or several) if several else self._of_one_column(at, column, top)
        return self._ends[key]

    def _of_one_column(self, at: Area, column: _Column, top: int) -> int:
        """Return the last row of a table with one column of numbers.

        It ends before an empty row, or with the last row of the ranges that formulas below take of it.
        """
        last = column.bottom
        ranges = [
            area.bottom
            for row in self._rows(at.sheet, at.left, top, last + 1)
            for area in taken(self._book, one_cell(at.sheet, row, at.left))
            if area.sheet == at.sheet and area.left == area.right == at.left and top < area.top < area.bottom
        ]
        return min(last, max(ranges)) if ranges else last

    def _before_a_gap(self, sheet: str, column: int, top: int, first: int, last: int) -> int:
        """Return the row before the first empty one below the first number."""
        cells = self._book.sheets[sheet].cells
        numbers = self._rows(sheet, column, top, SHEET_ROWS + 1)
        row = numbers[0] if numbers else top
        first -= (row, first - 1) in cells
        while any((row + 1, each) in cells for each in range(first, last + 1)):
            row += 1
        return row

    def _column(self, sheet: str, column: int, top: int) -> _Column:
        """Return what stands beside a heading without a gap, and where it ends."""
        key = sheet, column, top
        if key not in self._known:
            cells = self._book.sheets[sheet].cells
            first, last = column, column
            while (top, first - 1) in cells:
                first -= 1
            while (top, last + 1) in cells:
                last += 1
            columns = (each for each in range(first, last + 1) if each != column)
            others = (each for each in columns if self._rows(sheet, each, top, SHEET_ROWS + 1))
            bottom = self._before_a_gap(sheet, column, top, first, last)
            self._known[key] = _Column(first, last, tuple(others), bottom)
        return self._known[key]

    def _is_alone(self, at: Area, top: int) -> bool:
        """Tell whether no other number of the table stands in a row, and none could before this one."""
        cells = self._book.sheets[at.sheet].cells
        if self._is_called(at.sheet, at.top, at.left, top):
            return True
        for each in self._column(at.sheet, at.left, top).others:
            cell = cells.get((at.top, each))
            if self._is_called(at.sheet, at.top, each, top):
                continue
            if cell is None or cell.value == "":
                if each < at.left:
                    return False
            elif cell.is_formula or not isinstance(cell.value, str):
                return False
        return True

    def _is_called(self, sheet: str, row: int, column: int, top: int) -> bool:
        """Tell whether a text calls a number that stands behind an empty row in another column of numbers."""
        cells = self._book.sheets[sheet].cells
        before = cells.get((row, column - 1))
        text = "" if before is None or before.is_formula else before.value
        if not isinstance(text, str) or is_missing(text):
            return False
        known = self._column(sheet, column, top)
        return column - 1 in known.others and column - 1 > known.first and row > known.bottom

    def _rows(self, sheet: str, column: int, above: int, below: int) -> Sequence[int]:
        """Return the rows between two in which a column holds a number."""
        if sheet not in self._numbers:
            self._numbers[sheet] = self._read(sheet)
        rows = self._numbers[sheet].get(column, [])
        return rows[bisect_right(rows, above) : bisect_left(rows, below)]

    def _read(self, sheet: str) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for (row, column), cell in sorted(self._book.sheets[sheet].cells.items()):
            if cell.is_formula or (cell.value is not None and not isinstance(cell.value, str)):
                found.setdefault(column, []).append(row)
        return found
