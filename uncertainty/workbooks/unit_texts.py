"""Which texts of a sheet are units of the numbers beside them, and which are names of something else.

A label ends with a unit, with money or with what stands for a unit, in parentheses.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from uncertainty.late import regex
from uncertainty.tables.csv_reading import UNITS
from uncertainty.tables.sheets import is_missing
from uncertainty.units.elsewhere import PER
from uncertainty.units.guesses import is_like_unit
from uncertainty.units.written import MONEY, is_unit, read_unit, without_money

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from uncertainty.workbooks.cells import Cell

BLOCK = 3
"""Rows between two cells of different blocks of a column."""
HEADING_OF_UNITS = regex(rf"units? (?:of|for) .+|{'|'.join(UNITS)}", re.IGNORECASE)

GENERIC = regex(r"(values?|amounts?|numbers?|inputs?|data|base( case)?|wert|valeur|quantity)?", re.IGNORECASE)
"""Headings that say nothing of what stands below them."""

_HEADING_OF_MONEY = regex(r"currency|currencies|währung|devise", re.IGNORECASE)
_OF_UNITS = regex(
    r"\b(?:units?|uom|einheit(?:en)?|unités?|unidad|measured in|currency|currencies|währung|devise)\b",
    re.IGNORECASE,
)
"""Headings of columns that hold units beside numbers."""
_DIVIDED_BY = regex(f"per|{PER}", re.IGNORECASE)
_LIKE_A_NAME = regex(r"[^\W\d_]|min|in|mass|grain|stone|mole|molar|dam|degree|turn|year|.+ (?:[^\W\d_]|\d+)")
"""A lone letter, such as that of a class or of a scenario, and what is more often a word than a unit."""

_ENCLOSED = regex(
    r"^(.*\S)\s*(?:\(([^()]{1,30}|[^()]{1,20}\([^()]{1,20}\))\)|\[([^\[\]]{1,30})\])\s*:?"
    r"\s*(?:[*†‡]+|(?<!m[)\]])[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?$"
)
"""With marks of footnotes behind it, of which ² behind (m) is none."""

_YEAR = regex(r"(?:1[89]|2[01])\d\d", re.ASCII)


def is_like_a_name(text: str) -> bool:
    """Tell whether a text reads as a unit and is more likely to be called so: "A", "min" or "kg b"."""
    return text not in MONEY and _LIKE_A_NAME.fullmatch(text) is not None


def is_unit_alone(text: str) -> bool:
    """Tell whether a heading is a unit: one that is known, or a quotient of one, and no ratio of words."""
    return is_unit(text) and (
        "/" not in text or read_unit(text) is not None or is_unit(text.split("/", maxsplit=1)[0].strip())
    )


def says_nothing(text: str) -> bool:
    """Tell whether a text stands for a number that is missing; "NA" may be North America."""
    return is_missing(text) and not text.isalpha()


class UnitsBeside:
    """Tells of texts that read as units whether they may be those of the numbers beside them.

    Parameters
    ----------
    columns
        The texts of each column with their rows, from above.
    numbered
        Rows in which numbers stand.
    """

    def __init__(
        self, columns: Mapping[int, Sequence[tuple[int, str]]], numbered: Container[int] = ()
    ) -> None:
        self._columns = columns
        self._numbered = numbered
        self._blocks: dict[int, tuple[list[int], list[bool]]] = {}

    def is_one(self, row: int, column: int, text: str) -> bool:
        """Tell whether a text is a unit: none is under a heading of its own, unless all there are."""
        return is_unit(text) and not says_nothing(text) and self._block(row, column)[1]

    def is_headed_otherwise(self, row: int, column: int) -> bool:
        """Tell whether a unit beside a number stands under a heading that is none and speaks of none."""
        first, _ = self._block(row, column)
        heading = dict(self._columns[column])[first]
        is_heading = first < row and first not in self._numbered
        return is_heading and not is_unit(heading) and not _OF_UNITS.search(heading)

    def _block(self, row: int, column: int) -> tuple[int, bool]:
        """Return where the block of a text begins, and whether its texts are units."""
        if column not in self._blocks:
            self._blocks[column] = self._blocks_of(column)
        begins, found = self._blocks[column]
        place = bisect_right(begins, row) - 1
        return begins[place], found[place]

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
        return begins, [
            _are_units(texts, is_heading=row not in self._numbered)
            for row, texts in zip(begins, blocks, strict=True)
        ]


def _are_units(texts: Sequence[str], *, is_heading: bool) -> bool:
    heading, *others = texts
    are_names = bool(others) and all(map(is_like_a_name, others))
    if is_unit(heading) or _HEADING_OF_MONEY.fullmatch(heading):
        return not (is_heading and are_names)
    if _DIVIDED_BY.fullmatch(heading) or not all(map(is_unit, others)):
        return False
    return not are_names


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


def parted(text: str) -> tuple[str, str]:
    """Part a label from the unit that it ends with in parentheses."""
    found = _ENCLOSED.match(text)
    if found and is_unit(unit := found[2] or found[3]):
        return found[1], unit
    return text.rstrip(": "), ""


def money_in(text: str) -> str:
    """Return the amount of money that a label ends with in parentheses, such as kEUR, which is no unit."""
    enclosed = enclosed_in(text)
    return enclosed if without_money(enclosed) != enclosed else ""


def unknown_unit_in(text: str) -> str:
    """Return what a label ends with in parentheses where that stands for a unit that is not known."""
    enclosed = enclosed_in(text)
    return enclosed if is_like_unit(enclosed) else ""


def enclosed_in(text: str) -> str:
    """Return what a label ends with in parentheses."""
    found = _ENCLOSED.match(text)
    return (found[2] or found[3]) if found else ""
