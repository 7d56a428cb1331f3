"""What to do with a spreadsheet that is no Excel workbook (.xlsx), by the ending of its name."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Self, TypeAlias

from uncertainty.bounds import MOST_CELLS
from uncertainty.errors import Fault, InvalidValue, StudyError
from uncertainty.late import regex
from uncertainty.values import as_written

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path


Cell: TypeAlias = "float | int | bool | str | None"

_DECIMAL_COMMA = regex(r"[+-]?\d+,\d+(?:[eE][+-]?\d+)?")
_GROUPED = regex(r"[+-]?\d{1,3}(?:[,' \u00a0\u202f]\d{3})+(?:\.\d+)?")
_MONTH = "(?:jan|ene|f[eé]b|m[aä]r|mrz|apr|abr|avr|ma[iy]|jun|jul|aug|ago|sep|o[ck]t|nov|de[cz]|dic)"
"""As spreadsheets shorten them in English, German, French and Spanish: "30 min" is no date."""
_DATE = regex(
    r"(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d{2})"
    rf"|\d{{1,2}}[- ]?{_MONTH}(?:[- ]\d{{2,4}})?|{_MONTH}-\d{{2,4}})"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?",
    re.IGNORECASE,
)
_TIME = regex(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?")
_DURATION = regex(r"-?\d+ days?, \d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?|\d{3,}:\d{2}(?::\d{2})?")
_NUMBER = regex(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_PERCENT = regex(r"([+-]?\d+(?:[.,]\d+)?)\s?%")
_NO_NUMBER = regex(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)

_MOST_ABOVE = 20
"""Rows of titles above the headings that are looked over."""
TITLED = "has the headings, which are expected in the first row; remove what is above it"

MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none"})
"""What people and programs write in a cell whose value is missing, in lower case."""

ERRORS = frozenset({"#N/A", "#DIV/0!", "#REF!", "#NAME?", "#NULL!", "#NUM!", "#VALUE!", "#SPILL!", "#CALC!"})
"""What spreadsheet programs show where a formula has no value."""

_UNSEEN = (
    r"(?:[^\S\t\n\r]|['\"\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff])*+"
)
_NO_WIDTH = regex("[\xad\u200b-\u200f\u2060\ufeff]")
_FORMULA = r"[=+\-@\t\r\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212\u207a-\u207c\u208a-\u208c]"
_CELL = r"(?:\A|(?<=[;|\t\n\r]))"
"""Where a cell begins, also for a spreadsheet that separates cells by something else than commas."""

_FAILED = rf"'*+(?:{'|'.join(map(re.escape, sorted(ERRORS)))})\Z"

_DANGEROUS = regex(rf"{_CELL}(?={_UNSEEN}{_FORMULA})|\A(?={_FAILED})")
"""Where a spreadsheet may take a text for a formula, or for the error of one.

A formula has a sign, of any width, behind what the spreadsheet drops.
"""

_GUARDED = regex(rf"{_CELL}'(?={_UNSEEN}{_FORMULA})|\A'(?={_FAILED})")


class Percentage(float):
    """A number that its cell shows as a percentage: 0.15, shown as 15 %."""


class Labelled(float):
    """A number that its cell shows with a word beside it: 5, shown as 5 kg.

    Parameters
    ----------
    label
        The word.
    is_before
        Whether it stands before the number.
    """

    label: str
    is_before: bool

    def __new__(cls, value: float, label: str, *, is_before: bool = False) -> Self:
        """Keep the word with the number."""
        made = super().__new__(cls, value)
        made.label, made.is_before = label, is_before
        return made

    @property
    def shown(self) -> str:
        """What the cell shows, but for the digits of its format."""
        if not self.is_before:
            return f"{self:.15g} {self.label}"
        return f"{self.label}{' ' if self.label[-1].isalnum() else ''}{self:.15g}"


class Failed(str):
    """What a cell shows whose formula has no value; a text of the same letters is no such error."""

    __slots__ = ()


class Row(NamedTuple):
    """One row: where it is, and its cells by heading; empty ones are left out."""

    place: str
    cells: Mapping[str, Cell]


class Sheet(NamedTuple):
    """A sheet: its name, its headings and its rows; numbered where its first row is of numbers, and data.

    Parameters
    ----------
    place
        Where its headings are, if it was read.
    written
        Its headings as they are written there.
    columns
        Where they stand, counted from 0: there may be empty columns between them.
    """

    name: str
    headings: tuple[str, ...]
    rows: Sequence[Row]
    numbered: bool = False
    place: str = ""
    written: tuple[str, ...] = ()
    columns: tuple[int, ...] = ()


def bounded(grid: Iterable[tuple[str, Sequence[Cell]]], file: str) -> Iterator[tuple[str, Sequence[Cell]]]:
    """Yield rows as long as they are no more than a study can have.

    Raises
    ------
    StudyError
        At the first row beyond.
    """
    cells = 0
    for place, row in grid:
        cells += len(row) + 1
        if cells > MOST_CELLS:
            raise StudyError(Fault(f"expected at most {MOST_CELLS:,} cells", file=file))
        yield place, row


def make_sheet(
    name: str,
    file: str,
    grid: Iterable[tuple[str, Sequence[Cell]]],
    known: Callable[[str], Container[str]] = lambda _: (),
    *,
    unnamed: bool = False,
) -> tuple[Sheet, list[Fault]]:
    """Make a sheet of rows of cells, of which the first that is not empty has the headings.

    Parameters
    ----------
    grid
        Where each row is, and its cells.
    known
        Gives the headings that a sheet of some name may have, as far as these are known.
    unnamed
        Whether columns among the headings may have none, as that of an index has. Such a column is written as
        "", and its cells stand under what no heading is.

    Returns
    -------
    sheet, faults
        Faults for headings that stand twice or not in the first row, and cells that have no heading.
    """
    rows = [(place, [_tidy(cell) for cell in cells]) for place, cells in grid]
    rows = [(place, cells) for place, cells in rows if any(cell is not None for cell in cells)]
    above = _rows_above_headings([cells for _, cells in rows[:_MOST_ABOVE]], known(name))
    titles = [Fault(_titled(cells), place, file) for place, cells in rows[above : above + 1] if above]
    rows = rows[above:]
    if not rows:
        return Sheet(name, (), ()), []
    place, first = rows[0]
    while first and first[-1] is None:
        first = first[:-1]
    numbered = is_data(first)
    headings = _headings(first, numbered=numbered)
    if unnamed:
        filled = {column for _, cells in rows for column, cell in enumerate(cells) if cell is not None}
        headings = tuple(
            each or (f" {column}" if column in filled else "") for column, each in enumerate(headings)
        )
    faults = titles + [
        Fault(f'the heading "{h}" stands twice', place, file)
        for h in dict.fromkeys(headings)
        if h and headings.count(h) > 1
    ]
    found, beyond = list[Row](), list[tuple[int, Fault]]()
    for where, cells in rows[0 if numbered else 1 :]:
        for column, cell in enumerate(cells):
            if cell is not None and (column >= len(headings) or not headings[column]):
                beyond.append((column, Fault(beyond_headings(cell, column), where, file)))
        own: dict[str, Cell] = {}
        for heading, cell in zip(headings, cells, strict=False):
            if heading and cell is not None:
                own.setdefault(heading, cell)
        found.append(Row(where, own))
    # of a whole column of data the first cell tells
    faults += [*dict(reversed(beyond)).values()] if unnamed else [fault for _, fault in beyond]
    written = headings if numbered else ["" if cell is None else str(cell).strip() for cell in first]
    columns = tuple(column for column, heading in enumerate(headings) if heading)
    kept, said = (tuple(each[column] for column in columns) for each in (headings, written))
    return Sheet(name, kept, found, numbered, place, said, columns), faults


def _titled(headings: Sequence[Cell]) -> str:
    """Say what stands above the first row of several cells: a title, or too few headings."""
    if any(map(is_like_a_number, headings)):
        return "has more cells than the row above; write a heading for each column, and nothing above them"
    return TITLED


def _rows_above_headings(rows: Sequence[Sequence[Cell]], known: Container[str]) -> int:
    """Return how many rows of titles stand above the headings: those are the first that are known."""
    names = [[heading_name(cell) for cell in cells if isinstance(cell, str)] for cells in rows]
    for position, found in enumerate(names):
        if any(each in known for each in found):
            return position
    filled = [sum(cell is not None for cell in cells) for cells in rows]
    alone = next((position for position, count in enumerate(filled) if count > 1), 0)
    if alone and _is_heading(rows[alone - 1], rows[alone]):
        alone -= 1
    return 0 if any(is_data(cells) for cells in rows[: alone + 1]) else alone


def _is_heading(above: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Tell whether the only text of a row is no title, which begins it, but heads a number below it."""
    column = next(place for place, cell in enumerate(above) if cell is not None)
    return 0 < column < len(below) and is_like_a_number(below[column])


def _headings(first: Sequence[Cell], *, numbered: bool) -> tuple[str, ...]:
    if numbered:
        return tuple(str(column) for column in range(1, len(first) + 1))
    return tuple("" if cell is None else heading_name(str(cell)) for cell in first)


def is_data(first: Sequence[Cell]) -> bool:
    """Tell whether a first row has numbers, and nothing but numbers, dates and cells without a value."""
    return any(map(is_like_a_number, first)) and all(
        is_like_a_number(cell)
        or cell is None
        or (isinstance(cell, str) and (is_missing(cell) or is_date(cell)))
        for cell in first
    )


@lru_cache(maxsize=2**14)
def heading_name(text: str) -> str:
    """Return the name of a heading: lower case, spaces as underscores, letters and their marks composed."""
    return re.sub(r"\s+", "_", unicodedata.normalize("NFC", seen(text)).strip().lower())


def seen(text: str) -> str:
    """Return a text without characters of no width, which pages and programs leave in what is copied."""
    return text if text.isascii() else _NO_WIDTH.sub("", text)


def column_letter(column: int) -> str:
    """Return the letters of a column, counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def beyond_headings(cell: Cell, column: int) -> str:
    """Say what is wrong with a cell in a column, counted from 0, without a heading."""
    return f"has {str(cell)[:40]!r} in column {column_letter(column)}, which has no heading"


def _tidy(cell: Cell) -> Cell:
    """Take a text of nothing but space for an empty cell."""
    return None if isinstance(cell, str) and not cell.strip() else cell


def as_number(cell: Cell) -> float | int:
    """Read a number, also one that a spreadsheet has stored as text.

    Raises
    ------
    InvalidValue
        If it is none; with what was probably meant for a decimal comma or grouped thousands.
    """
    if isinstance(cell, bool) or cell is None:
        raise InvalidValue(f"expected a number, found {'nothing' if cell is None else str(cell).lower()}")
    if not isinstance(cell, str):
        return cell
    text = cell.strip().replace("\N{MINUS SIGN}", "-")
    if _NUMBER.fullmatch(text):
        number = as_written(text)
        return int(text) if re.fullmatch(r"[+-]?\d+", text) and len(text) < 16 else number
    refuse_foreign_number(text)
    raise InvalidValue(f"expected a number, found {cell.strip()[:40]!r}")


def is_missing(text: str) -> bool:
    """Tell whether a cell says that a value is missing."""
    return text.strip().lower() in MISSING


def is_date(text: str) -> bool:
    """Tell whether a cell holds a date."""
    return _DATE.fullmatch(text.strip()) is not None


def is_like_a_number(cell: Cell) -> bool:
    """Tell whether a cell holds a number, also one that is spelt as other countries do, or no finite one."""
    if not isinstance(cell, str):
        return isinstance(cell, float | int) and not isinstance(cell, bool)
    plain = cell.strip().replace("\N{MINUS SIGN}", "-")
    return any(each.fullmatch(plain) for each in (_NUMBER, _DECIMAL_COMMA, _GROUPED, _PERCENT, _NO_NUMBER))


def refuse_foreign_number(text: str) -> None:
    """Refuse a number that is written as other countries write it, and a date, which is none.

    Raises
    ------
    InvalidValue
        With the spelling that is read everywhere; where two readings are possible, with both.
    """
    if _DATE.fullmatch(text):
        raise InvalidValue(
            f'"{text}" is a date, which spreadsheets make of ranges and fractions; expected a number, '
            "or a text in a cell that is formatted as text"
        )
    if _TIME.fullmatch(text):
        raise InvalidValue(f'"{text}" is a time of day; expected a number')
    if _DURATION.fullmatch(text):
        raise InvalidValue(f'"{text}" is a duration; expected a number, in the unit of its row')
    if percent := _PERCENT.fullmatch(text):
        share = float(percent[1].replace(",", "."))
        raise InvalidValue(f'"{text}" is a percentage; write {share:g} under the unit %, or {share / 100:g}')
    plain = re.sub(r"[,' \u00a0\u202f]", "", text)
    if _DECIMAL_COMMA.fullmatch(text):
        either = f", or {plain} if the comma groups thousands" if _GROUPED.fullmatch(text) else ""
        raise InvalidValue(f'"{text}" has a decimal comma; write {text.replace(",", ".")}{either}')
    if _GROUPED.fullmatch(text):
        raise InvalidValue(f'"{text}" groups its thousands; write {plain}')


def guarded(text: str) -> str:
    """Return a text of which no spreadsheet takes a part for a formula: an apostrophe stands where one might.

    It stands before everything that is left out at the beginning of a cell, and whatever character a
    spreadsheet takes for the end of one.
    """
    return _DANGEROUS.sub("'", text)


def cell_of(text: str) -> str:
    """Return what a cell of a text file holds: what `guarded` was given, or the error of a formula."""
    return Failed(text) if text in ERRORS else unguarded(text)


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given."""
    return _GUARDED.sub("", text)


SAVE_AS = MappingProxyType(
    {
        ".xlsm": "may hold macros; save it as an Excel workbook (.xlsx), its formulas stay",
        ".xltx": "is a template; save it as an Excel workbook (.xlsx)",
        ".xlsb": "is a binary workbook; save it as an Excel workbook (.xlsx)",
        ".xls": "is a workbook of Excel 97 to 2003; save it as an Excel workbook (.xlsx)",
        ".ods": "is a spreadsheet of LibreOffice; save it as an Excel workbook (.xlsx)",
        ".numbers": "is a spreadsheet of Numbers; export it as an Excel workbook (.xlsx)",
    }
)


def refuse_other_spreadsheets(path: Path) -> None:
    """Refuse a spreadsheet that has to be saved as a workbook first, in one sentence.

    Raises
    ------
    StudyError
        If it is one.
    """
    if said := SAVE_AS.get(path.suffix.lower()):
        raise StudyError(Fault(said, file=str(path)))
