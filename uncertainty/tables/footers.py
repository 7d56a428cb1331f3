"""Notes below a table of which a comma makes a cell of data, as in "Source: Eurostat, 2023"."""

from __future__ import annotations

import math
import re
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.errors import Fault, StudyError
from uncertainty.late import regex
from uncertainty.tables.name_kinds import are_of_other_kinds
from uncertainty.tables.sheets import is_like_a_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uncertainty.tables.number_column import NumberColumn
    from uncertainty.tables.sheets import Cell

_MOST = 3
"""Rows at the end that may be notes."""
_NOTE = regex(
    r"(?:(?:data )?sources?|(?:foot)?notes?|remarks?|comments?|data|quellen?|stand|anmerkung(?:en)?|hinweise?"
    r"|fuentes?|fonti|fonte|källa|(?:last )?updated?|accessed|retrieved|downloaded|extracted|copyright)\b"
    r"|©|\(c\)",
    re.IGNORECASE,
)
"""What notes begin with."""
_STATE = regex(
    r"(?:revised|updated|corrected|provisional|preliminary|unaudited|published|released|version|edition)"
    r"(?:\W*|,? (?:by|on|in|as|at|of) .+)",
    re.IGNORECASE,
)
"""What notes say of all rows, and hardly any name of a row is alone."""
_YEAR = regex(r"(?:19|20)\d\d")
_FEWEST = 3
"""Other rows whose names tell of what kind names are."""


class _Signs(NamedTuple):
    """What tells a note from a row, by itself or where no other row has it."""

    says_note: bool = False
    has_colon: bool = False
    is_apart: bool = False
    is_below: bool = False
    is_year: bool = False
    is_short: bool = False

    @property
    def is_like_prose(self) -> bool:
        """Whether there is any of its text; data may well stand below a blank line, or be years."""
        return self.says_note or self.has_colon or self.is_apart


class _Row(NamedTuple):
    """A row at the end of a table, or another: its first text, its number and its signs."""

    place: str
    text: str
    number: str
    signs: _Signs

    def own(self, others: Sequence[_Row]) -> _Signs:
        """Return the signs that no other row has: what data have, too, is none."""
        shared = [any(signs) for signs in zip(*(row.signs for row in others), strict=True)]
        return _Signs(*(sign and not other for sign, other in zip(self.signs, shared, strict=True)))

    def is_note(self, others: Sequence[_Row]) -> bool:
        """Tell whether it has two signs, of which its name may be one, among names of another kind."""
        own = self.own(others)
        is_state = own.says_note and _STATE.fullmatch(self.text) is not None and len(others) >= _FEWEST
        is_unlike = is_state and are_of_other_kinds([self.text], (row.text for row in others))
        return sum(own) + is_unlike > 1 and own.is_like_prose


class _Found(NamedTuple):
    row: _Row
    is_sure: bool


def refuse_footers(column: NumberColumn) -> None:
    """Refuse a column of a text file whose last rows may be notes, each by two signs that no other row has.

    Its first text begins as a note does, or has a colon; a blank stands behind the comma, as in prose; a
    blank line stands above it; its number is a year; it ends before the last column. A word such as
    "Revised" is unlike names of another kind.

    Raises
    ------
    StudyError
        With the place of the first.
    """
    found = _found(column)
    if found is not None and found.is_sure:
        row = found.row
        said = f'"{row.text[:40]}" may be a note below the table, and {row.number} a part of it'
        advice = "leave the line out, or put it higher up if it is one of the data"
        raise StudyError(Fault(f"{column.name}: {said}; {advice}", row.place, column.file))


def footer_notes(column: NumberColumn) -> tuple[str, ...]:
    """Return what is to be known of a last row that begins as a note does, and has no other sign of one."""
    found = _found(column)
    if found is None or found.is_sure:
        return ()
    said = f'the row "{found.row.text[:40]}" may be a note below the table; it is read as one of the data'
    return (f"{column.name}: {said}.",)


def _found(column: NumberColumn) -> _Found | None:
    ends = deque(_placed(column), _MOST) if column.text is not None else ()
    last = [_row(*each, column) for each in ends]
    if not any(row.signs.is_like_prose for row in last):
        return None
    others = [_row(*each, column) for each in _placed(column)][: -len(last)]
    while last:
        if others and all(row.is_note(others) for row in last):
            return _Found(last[0], is_sure=True)
        if others and len(last) == 1 and last[0].own(others).says_note:
            return _Found(last[0], is_sure=False)
        others.append(last.pop(0))
    return None


def _placed(column: NumberColumn) -> Iterator[tuple[str, Sequence[Cell], int]]:
    """Yield the rows that have a number, each with its place and how many blank lines stand above it."""
    above = 0
    for (place, cells), number in zip(column.rows(), column.numbers, strict=True):
        at = int(place.removeprefix("line "))
        if not math.isnan(number):
            yield place, cells, at - above - 1 if above else 0
        # a cell may have several lines
        above = at + sum(str(cell).count("\n") for cell in cells)


def _row(place: str, cells: Sequence[Cell], blank_lines: int, column: NumberColumn) -> _Row:
    text = next((each.strip() for each in cells if isinstance(each, str) and each.strip()), "")
    own, is_text = str(cells[column.position]), not is_like_a_number(text)
    signs = _Signs(
        says_note=is_text and (_NOTE.match(text) or _STATE.fullmatch(text)) is not None,
        has_colon=is_text and (": " in text or text.endswith(":")),
        is_apart=own[:1] == " ",
        is_below=is_text and blank_lines > 0,
        is_year=is_text and _YEAR.fullmatch(own.strip()) is not None,
        is_short=is_text and len(cells) < len(column.headings),
    )
    return _Row(place, text, own.strip(), signs)
