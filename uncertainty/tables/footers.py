"""Notes below a table of which a comma makes a cell of data, as in "Source: Eurostat, 2023"."""

from __future__ import annotations

import math
import re
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.errors import Fault, StudyError
from uncertainty.late import regex
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
"""What notes begin with; other texts are told as notes by what parts them from the rows."""
_YEAR = regex(r"(?:19|20)\d\d")


class _Row(NamedTuple):
    """What tells a note from a row: its first text, and what of its number no other row has."""

    place: str
    text: str
    number: str
    signs: tuple[bool, bool, bool, bool]


def refuse_footers(column: NumberColumn) -> None:
    """Refuse a column of a text file whose last rows may be notes, each by two signs that no other row has.

    Its first text reads like a note; a blank line stands above it; a blank stands behind the comma, as in
    prose; and its number is a year. A blank line and a year alone are none: data may be so.

    Raises
    ------
    StudyError
        With the place of the first.
    """
    ends = deque(_placed(column), _MOST) if column.text is not None else ()
    last = [_row(*each, column.position) for each in ends]
    if not any(map(_is_note, last)):
        return
    others = [_row(*each, column.position) for each in _placed(column)][: -len(last)]
    while last:
        # what data have, too, is no sign
        shared = [any(signs) for signs in zip(*(row.signs for row in others), strict=True)]
        if shared and all(_is_note(row, shared) for row in last):
            row = last[0]
            said = f'"{row.text[:40]}" may be a note below the table, and {row.number} a part of it'
            advice = "leave the line out, or put it higher up if it is one of the data"
            raise StudyError(Fault(f"{column.name}: {said}; {advice}", row.place, column.file))
        others.append(last.pop(0))


def _is_note(row: _Row, shared: Sequence[bool] = (False,) * 4) -> bool:
    is_prose, is_below, is_apart, is_year = (
        sign and not other for sign, other in zip(row.signs, shared, strict=True)
    )
    return is_prose + is_below + is_apart + is_year > 1 and (is_prose or is_apart)


def _placed(column: NumberColumn) -> Iterator[tuple[str, Sequence[Cell], int]]:
    """Yield the rows that have a number, each with its place and how many blank lines stand above it."""
    above = 0
    for (place, cells), number in zip(column.rows(), column.numbers, strict=True):
        at = int(place.removeprefix("line "))
        if not math.isnan(number):
            yield place, cells, at - above - 1 if above else 0
        above = at


def _row(place: str, cells: Sequence[Cell], blank_lines: int, position: int) -> _Row:
    text = next((each.strip() for each in cells if isinstance(each, str) and each.strip()), "")
    own = str(cells[position])
    is_text = not is_like_a_number(text)
    is_prose = is_text and (_NOTE.match(text) is not None or ": " in text or text.endswith(":"))
    is_year = is_text and _YEAR.fullmatch(own.strip()) is not None
    return _Row(place, text, own.strip(), (is_prose, blank_lines > 0 and is_text, own[:1] == " ", is_year))
