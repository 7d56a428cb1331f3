"""What stands above the headings of tables: merged heads of several columns, and titles that say a unit."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING

from uncertainty.late import regex
from uncertainty.tables.corners import is_amount, said_of_all
from uncertainty.units.guesses import is_like_unit, is_symbol
from uncertainty.units.written import is_unit, without_in
from uncertainty.workbooks.ranges import is_of_a_range, may_be_relative
from uncertainty.workbooks.unit_texts import BLOCK, enclosed_in, is_like_a_name, is_year

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from uncertainty.workbooks.formulas import Area

_OF_NAMES = regex(
    r"(?:scenario|case|option|variant|alternative|group|class|type|categor(?:y|ie)|region|site|sample|run|model"
    r"|szenari[oe]|varianten?|gruppen?|klassen?|option(?:en)?|scénario|escenario)s?\b.{0,20}",
    re.IGNORECASE,
)
"""What heads names, of which "A", "B" and "C" are no units."""
_SAID = regex(r"(?:\bin|\bunits?:?|\beinheit:?|,)\s+(?P<unit>[^,;:()]{1,30})$", re.IGNORECASE)

_LONGEST = 20
"""Letters of an amount: a longer text is the title of something else."""


class HeadsAbove:
    """Finds what stands above headings.

    Parameters
    ----------
    rows, columns
        The texts of each row and of each column, in all that merged cells cover of a column.
    merged
        Cells that are one.
    numbered
        Rows in which numbers stand.
    """

    def __init__(
        self,
        rows: Mapping[int, Sequence[tuple[int, str]]],
        columns: Mapping[int, Sequence[tuple[int, str]]],
        merged: Sequence[Area],
        numbered: Collection[int],
    ) -> None:
        self._rows = rows
        self._columns = columns
        self._numbered = numbered
        self._wide = {(area.top, area.left): area.right for area in merged if area.left < area.right}

    def group(self, first: int, column: int) -> str:
        """Return the head right above a heading that is that of several columns."""
        texts = self._columns.get(column, ())
        found = texts[bisect_left(texts, (first - 1, "")) : bisect_left(texts, (first, ""))]
        wide = [
            right for (row, left), right in self._wide.items() if row == first - 1 and left <= column <= right
        ]
        return found[0][1] if found and wide else ""

    def repeats(self, first: int, column: int) -> bool:
        """Tell whether a heading stands over a column of another group, too."""
        texts = dict(self._rows.get(first, ()))
        same = (each for each, text in texts.items() if text == texts.get(column) and each != column)
        return any(self.group(first, each) not in ("", self.group(first, column)) for each in same)

    def is_name(self, first: int, column: int) -> bool:
        """Tell whether a heading is the letter of a scenario or the like, by the text above it."""
        heading = dict(self._rows.get(first, ())).get(column, "")
        above = [text for each, text in self._rows.get(first - 1, ()) if each <= column]
        is_letter = len(heading) == 1 and heading.isupper()
        return is_letter and bool(above) and _OF_NAMES.fullmatch(above[-1]) is not None

    def title_unit(self, first: int) -> str:
        """Return what a text alone in a row above a heading, or the corner of its table, says as a unit."""
        if said := self._in_corner(first):
            return said
        for row in range(first - 1, first - BLOCK - 1, -1):
            texts = self._rows.get(row, ())
            if len(texts) == 1 and row not in self._numbered and (said := _said(texts[0][1])):
                return said
        return ""

    def _in_corner(self, first: int) -> str:
        """Return what the first heading says of all numbers beside texts below it, as "in TEUR" and "kt"."""
        column, text = next(iter(self._rows.get(first, ())), (0, ""))
        if first + 1 not in dict(self._columns.get(column, ())):
            return ""
        found = _SAID.search(text)
        said = enclosed_in(text) if first not in self._numbered else ""
        if said and (is_unit(said) or is_like_unit(said)):
            return said
        return _symbol(text) or _amount(text) or (_symbol(found["unit"]) if found else "")

    @cached_property
    def of_all(self) -> str:
        """What texts alone in rows above all numbers of a sheet say as a unit."""
        rows = sorted(each for each in self._rows if not self._numbered or each < min(self._numbered))
        return next(
            (said for row in rows if len(self._rows[row]) == 1 and (said := _said(self._rows[row][0][1]))), ""
        )


def is_year_or_end(heading: str) -> bool:
    """Tell whether a heading is a year, or an end, middle or spread, of what a head above says."""
    return is_year(heading) or (is_of_a_range(heading) and not may_be_relative(heading))


def _said(title: str) -> str:
    found = _SAID.search(title.strip("()[] .:"))
    said = without_in(enclosed_in(title) or (found["unit"] if found else "")).replace(" of ", " ")
    is_known = is_unit(said) and not is_like_a_name(said)
    return said if said and (is_known or is_like_unit(said)) else _amount(title)


def _symbol(text: str) -> str:
    """Return a text that is the symbol of a unit: a word may call what stands below it."""
    return text if is_symbol(text) and (is_unit(text) or is_like_unit(text)) else ""


def _amount(text: str) -> str:
    """Return what a text says of all numbers, if that is an amount or money, or behind "in" a unit."""
    said = without_in(said_of_all(text.strip()))
    is_known = is_unit(said) and not is_like_a_name(said)
    return (
        said if said and len(said) <= _LONGEST and (is_amount(said) or is_known or is_like_unit(said)) else ""
    )
