"""Which texts of a sheet are units of the numbers beside them, and which are names of something else."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from uncertainty.late import regex
from uncertainty.tables.csv_reading import UNITS
from uncertainty.tables.sheets import is_missing
from uncertainty.units.elsewhere import PER
from uncertainty.units.written import MONEY, is_unit

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from uncertainty.workbooks.cells import Cell

BLOCK = 3
"""Rows between two cells of different blocks of a column."""
HEADING_OF_UNITS = regex(rf"units? (?:of|for) .+|{'|'.join(UNITS)}", re.IGNORECASE)

GENERIC = regex(r"(values?|amounts?|numbers?|inputs?|data|base( case)?|wert|valeur|quantity)?", re.IGNORECASE)
"""Headings that say nothing of what stands below them."""

_HEADING_OF_MONEY = regex(r"currency|currencies|währung|devise", re.IGNORECASE)
_DIVIDED_BY = regex(f"per|{PER}", re.IGNORECASE)
_LIKE_A_NAME = regex(r"[^\W\d_]|min|in|mass|grain|stone|mole|molar|dam|degree|turn|year|.+ (?:[^\W\d_]|\d+)")
"""A lone letter, such as that of a class or of a scenario, and what is more often a word than a unit."""

_YEAR = regex(r"(?:1[89]|2[01])\d\d", re.ASCII)


def is_like_a_name(text: str) -> bool:
    """Tell whether a text reads as a unit and is more likely to be called so: "A", "min" or "kg b"."""
    return text not in MONEY and _LIKE_A_NAME.fullmatch(text) is not None


def says_nothing(text: str) -> bool:
    """Tell whether a text stands for a number that is missing; "NA" may be North America."""
    return is_missing(text) and not text.isalpha()


class UnitsBeside:
    """Tells of texts that read as units whether they may be those of the numbers beside them.

    Parameters
    ----------
    columns
        The texts of each column with their rows, from above.
    """

    def __init__(self, columns: Mapping[int, Sequence[tuple[int, str]]]) -> None:
        self._columns = columns
        self._blocks: dict[int, tuple[list[int], list[bool]]] = {}

    def is_one(self, row: int, column: int, text: str) -> bool:
        """Tell whether a text is a unit: none is under a heading of its own, unless all there are."""
        if not is_unit(text) or says_nothing(text):
            return False
        if column not in self._blocks:
            self._blocks[column] = self._blocks_of(column)
        begins, found = self._blocks[column]
        return found[bisect_right(begins, row) - 1]

    def _blocks_of(self, column: int) -> tuple[list[int], list[bool]]:
        blocks: list[list[str]] = []
        begins: list[int] = []
        before = -BLOCK
        for row, text in self._columns.get(column, ()):
            if row - before >= BLOCK:
                blocks.append([])
                begins.append(row)
            blocks[-1].append(text)
            before = row
        return begins, list(map(_are_units, blocks))


def _are_units(texts: Sequence[str]) -> bool:
    heading, *others = texts
    if is_unit(heading) or _HEADING_OF_MONEY.fullmatch(heading):
        return True
    if _DIVIDED_BY.fullmatch(heading) or not all(map(is_unit, others)):
        return False
    return not all(map(is_like_a_name, others))


def begins_a_row_of_units(row: Sequence[tuple[int, str]], column: int) -> bool:
    """Tell whether a text such as "Unit" stands before units, and not over them."""
    (first, text), *others = row
    return (
        first == column
        and HEADING_OF_UNITS.fullmatch(text) is not None
        and is_unit(others[0][1] if others else "")
    )


def by_nearness(texts: Mapping[int, str], column: int, numbers: Container[int]) -> list[int]:
    """Return the columns of texts from the nearest to a number's, where those of other numbers come last.

    A text right of a number is that number's, and so none of those behind it where another is as near.
    """
    return sorted(texts, key=lambda each: (abs(each - column), each < column and each - 1 in numbers))


def is_year(text: str) -> bool:
    """Tell whether a text is a year."""
    return _YEAR.fullmatch(text.strip()) is not None


def year_of(cell: Cell | None) -> int:
    """Return the year that a cell holds, as a number or a text, and else 0."""
    value = cell.value if cell else None
    text = f"{value:.15g}" if isinstance(value, float) else value
    return int(text) if isinstance(text, str) and is_year(text) else 0
