"""Which cells below a table stand below the heading of one of its columns, and are none of that column.

Results and parameters that concern a whole table stand below it, or in a row of it, each alone in its row
beside what it is called: in the first column of numbers, whatever that is headed. Their formulas take other
columns of the table too, or an empty row parts them from it. A sum of the column itself is in its unit.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.bounds import SHEET_ROWS
from uncertainty.errors import InvalidValue
from uncertainty.workbooks.beside_numbers import BLOCK
from uncertainty.workbooks.formulas import Area, nodes, parse_formula

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uncertainty.workbooks.cells import Book

FARTHEST = 200
"""Rows below a cell that are looked at for numbers of the same table."""


class _Column(NamedTuple):
    """The column of a cell below the row of its heading, and those of the other numbers of its table."""

    sheet: str
    column: int
    top: int
    others: tuple[int, ...]


class BelowTables:
    """Tells of cells whether they are something else than the column that they stand in."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._numbers: dict[str, dict[int, list[int]]] = {}
        self._used: dict[str, list[int]] = {}
        self._known: dict[tuple[str, int, int], _Column] = {}

    def is_another(self, at: Area, top: int, *, with_unit: bool) -> bool:
        """Tell whether a cell is no number of the column that it stands in.

        Parameters
        ----------
        at
            The cell.
        top
            The row of the heading.
        with_unit
            Whether the heading has a unit, which the cell would lose.
        """
        column = self._column(at.sheet, at.left, top)
        if not column.others or not self._is_alone(column, at.top):
            return False
        apart: set[int] = set()
        for row in self._rows(at.sheet, at.left, top, at.top + 1):
            if self._is_alone(column, row) and self._is_apart(column, row, apart, with_unit=with_unit):
                apart.add(row)
        return at.top in apart

    def _is_apart(self, column: _Column, row: int, apart: set[int], *, with_unit: bool) -> bool:
        at = Area(column.sheet, row, column.column, row, column.column)
        if not self._book.formula_stands(at):
            if row - 1 in apart:
                return True
            # what stands below several columns without units loses none
            above = [each for each in column.others if self._rows(column.sheet, each, column.top, row)]
            is_parted = (not with_unit and len(above) > 1) or self._is_parted(column, row)
            return is_parted and self._is_last(column, row)
        is_own = False
        for area in taken(self._book, at):
            if area.bottom <= column.top:
                continue
            is_other = any(area.left <= other <= area.right for other in column.others)
            # one cell may be a parameter that stands elsewhere
            if is_other and (not area.is_cell or self._is_of_table(column, area.top)):
                return True
            if area.left <= column.column <= area.right:
                if area.is_cell and area.top in apart:
                    return True
                is_own = True
        return not is_own and self._is_parted(column, row) and self._is_last(column, row)

    def _column(self, sheet: str, column: int, top: int) -> _Column:
        """Return a column with the others of numbers, of those that are headed without a gap."""
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
            self._known[key] = _Column(*key, tuple(others))
        return self._known[key]

    def _is_alone(self, column: _Column, row: int) -> bool:
        """Tell whether no other number of the table stands in a row, and none could before this one."""
        cells = self._book.sheets[column.sheet].cells
        for each in column.others:
            cell = cells.get((row, each))
            if cell is None or cell.value == "":
                if each < column.column:
                    return False
            elif cell.is_formula or not isinstance(cell.value, str):
                return False
        return True

    def _is_of_table(self, column: _Column, row: int) -> bool:
        """Tell whether several numbers of the table stand in a row."""
        columns = (column.column, *column.others)
        return sum(bool(self._rows(column.sheet, each, row - 1, row + 1)) for each in columns) > 1

    def _is_parted(self, column: _Column, row: int) -> bool:
        """Tell whether an empty row stands between the other numbers of a table and a row."""
        rows = (self._rows(column.sheet, each, column.top, row) for each in column.others)
        full = max((each[-1] for each in rows if each), default=row)
        used = self._used[column.sheet]
        return bisect_left(used, row) - bisect_left(used, full) < row - full

    def _is_last(self, column: _Column, row: int) -> bool:
        """Tell whether none of the other columns goes on below a row, before another heading or a gap."""
        cells, before = self._book.sheets[column.sheet].cells, row
        for each in range(row + 1, row + FARTHEST):
            if any(self._rows(column.sheet, other, each - 1, each + 1) for other in column.others):
                return False
            cell = cells.get((each, column.column))
            if cell is not None and isinstance(cell.value, str) and not cell.is_formula:
                return True
            before = before if cell is None else each
            if each - before >= BLOCK:
                return True
        return True

    def _rows(self, sheet: str, column: int, above: int, below: int) -> Sequence[int]:
        """Return the rows between two in which a column holds a number."""
        if sheet not in self._numbers:
            self._numbers[sheet] = self._read(sheet)
        rows = self._numbers[sheet].get(column, [])
        return rows[bisect_right(rows, above) : bisect_left(rows, below)]

    def _read(self, sheet: str) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        cells = self._book.sheets[sheet].cells
        self._used[sheet] = sorted({row for row, _ in cells})
        for (row, column), cell in sorted(cells.items()):
            if cell.is_formula or (cell.value is not None and not isinstance(cell.value, str)):
                found.setdefault(column, []).append(row)
        return found


def taken(book: Book, at: Area) -> Iterator[Area]:
    """Yield what a cell's formula takes from its own sheet."""
    found = book.formula(at)
    try:
        for node in nodes(parse_formula(found[0])) if found else ():
            area = book.resolved(node, at)
            if isinstance(area, Area) and (area.sheet or at.sheet) == at.sheet:
                yield area
    except InvalidValue:
        return
