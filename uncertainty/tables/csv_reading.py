"""CSV files as people make them: the one reader, whatever a column or a sheet is read for.

Cells stand between tabs, semicolons, bars or commas: the first of these that cuts the headings and all rows
into equally many cells, else the one that most rows agree on. A file in which none stands in the first line
has one column. A first line of numbers is no heading: the columns are then called 1, 2, and so on. Numbers
have decimal points; a decimal comma is refused where it stands, since 1,500 may be read in two ways.
"""

from __future__ import annotations

import csv
import io
import re
from array import array
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.bounds import LARGEST_SHEET, LONGEST_ROWS, SHEET_COLUMNS
from uncertainty.errors import Fault, InvalidValue, StudyError, suggestion
from uncertainty.files import content_of
from uncertainty.late import dataclass, regex
from uncertainty.tables.sheets import (
    TITLED,
    beyond_headings,
    cell_of,
    heading_name,
    is_data,
    is_like_a_number,
    seen,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from uncertainty.tables.sheets import Sheet

SEPARATORS = "\t;|,"
"""In the order in which they are tried: commas also stand within texts and numbers."""

UNITS = ("unit", "units", "uom", "einheit", "einheiten", "unité", "unit_of_measure", "units_of_measure")
"""Headings of a column that says units."""

TABBED = (".tsv", ".tab")
"""Endings of files whose cells tabs part: there commas and semicolons stand within texts."""

NO_SEPARATOR = "\x1f"
"""What a file of one column is cut at: the unit separator of ASCII, which no text has."""

_TOLD = regex(r"sep=([\t;|,])\r?\n", re.IGNORECASE)
"""The line in which a spreadsheet program is told the separator."""

_ONE_OR_TWO = regex(r"\s*[+-]?\d+,\d+\s*")
"""One number with a decimal comma, or two whole numbers."""

_MINUS = "\N{MINUS SIGN}"
GROUPED_BY_POINTS = regex(rf"[+{_MINUS}-]?[1-9]\d{{0,2}}(?:\.\d{{3}})+")
_WITH_POINT = regex(rf"[+{_MINUS}-]?\d*\.\d+")
_DECIMAL_COMMA = regex(rf"[+{_MINUS}-]?(?:\d+,(?:\d{{1,2}}|\d{{4,}})|\d{{1,3}}(?:\.\d{{3}})+,\d+)")
"""Numbers of languages with decimal commas, which nobody else writes so but for the first."""
_QUOTED_COMMA = regex(rf'"\s*[+{_MINUS}-]?\d[\d.]*,\d+\s*"')
"""A number with a decimal comma, between commas."""
_LIST = regex(r"\d+(?:, ?\d+){2,}|\d+, \d+")
"""Several whole numbers, or one of which commas group the thousands."""

_YEAR = regex(r"(?:1[89]|20)\d\d")

_FAULTS = MappingProxyType(
    {
        "unexpected end of data": 'a quotation mark " before here opens a cell and none closes it',
        "expected after": 'text stands behind the quotation mark " that closes a cell; within one write ""',
        "field larger": f"a cell is longer than {csv.field_size_limit():,} characters",
    }
)
"""What is wrong with a file, by what Python's reader says of it."""


MOST_TITLES = 20
"""Lines of titles above the headings that are looked over."""


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file whose text was read and whose cells are not yet cut.

    Parameters
    ----------
    file
        Its name in what is said of it.
    separator
        What stands between cells.
    skipped
        Lines before the first row.
    """

    file: str
    text: str
    separator: str
    skipped: int = 0

    @property
    def may_group(self) -> bool:
        """Whether points may group thousands: some number has one, and others may have decimal commas."""
        has_commas = self.separator != "," or _QUOTED_COMMA.search(self.text) is not None
        return "." in self.text and has_commas

    def rows(self) -> Iterator[tuple[str, list[str]]]:
        """Yield where each row is and its texts, without rows that are empty throughout.

        Raises
        ------
        StudyError
            As `lines` does.
        """
        for line, row in self.lines():
            if any(map(str.strip, row)):
                yield f"line {line}", [cell_of(cell) for cell in row]

    def lines(self) -> Iterator[tuple[int, list[str]]]:
        """Yield every row as it is written, with the line that it begins in; a blank line has no cells.

        Raises
        ------
        StudyError
            If quotes do not close, a cell is longer than any cell is, or there are too many rows.
        """
        rows = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.separator, strict=True)
        line = self.skipped + 1
        try:
            for row in rows:
                if len(row) > SHEET_COLUMNS:
                    raise self.fault(f"expected at most {SHEET_COLUMNS:,} columns, found {len(row):,}")
                yield line, row
                line = rows.line_num + self.skipped + 1
        except csv.Error as error:
            said = next((words for told, words in _FAULTS.items() if told in str(error)), str(error))
            raise self.fault(said, f"line {rows.line_num + self.skipped}") from None

    def fault(self, message: str, place: str = "") -> StudyError:
        """Return what is wrong with the file as an error."""
        return StudyError(Fault(message, place, self.file))


def open_csv(
    path: Path,
    file: str | None = None,
    *,
    separator: str | None = None,
    largest: int = LARGEST_SHEET,
    longest: int = LONGEST_ROWS,
) -> CsvFile:
    """Read the text of a CSV file and find out what stands between its cells.

    Parameters
    ----------
    file
        Its name in what is said of it; by default its path.
    separator
        What stands between cells, where that is known.
    largest, longest
        Bytes and lines that it may have.

    Raises
    ------
    StudyError
        If it is too large, is no regular file, cannot be read, or is not UTF-8 text.
    """
    name = str(path) if file is None else file
    text = _decoded(_content(path, name, largest), name)
    if max(text.count("\n"), text.count("\r")) > longest:
        raise StudyError(Fault(f"expected at most {longest:,} rows", file=name))
    told = _TOLD.match(text) if separator is None else None
    if told is not None:
        text, separator = text[told.end() :], told[1]
    if separator is None and path.suffix.lower() in TABBED and "\t" in text:
        separator = "\t"
    skipped = 0 if told is None else 1
    return CsvFile(name, text, _separator(text) if separator is None else separator, skipped)


def _content(path: Path, name: str, largest: int) -> bytes:
    try:
        return content_of(path, largest)
    except StudyError as error:
        raise StudyError(replace(error.faults[0], file=name)) from None


def _decoded(content: bytes, file: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        said = f"is not UTF-8 text (byte {error.start}); save it as “CSV UTF-8”"
        raise StudyError(Fault(said, file=file)) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise StudyError(Fault("has a null byte; save it as “CSV UTF-8”", f"line {line}", file))
    return text


def _separator(text: str) -> str:
    """Return what cuts all rows alike, or what most rows agree on; where most have one cell, nothing does."""
    widths = {each: _widths(text, each) for each in SEPARATORS if each in text}
    below = {each: found[_titles(text, each) :] for each, found in widths.items()}
    cutting = _cutting(widths) or _cutting(below)
    agreeing = {each: found.count(found[0]) / len(found) for each, found in cutting.items()}
    return max(agreeing, key=lambda each: agreeing[each], default=NO_SEPARATOR)


def _cutting(widths: dict[str, array[int]]) -> dict[str, array[int]]:
    return {each: found for each, found in widths.items() if _cuts(found)}


def _widths(text: str, separator: str) -> array[int]:
    """Return how many cells each row has that is not blank."""
    widths = array("l")
    with suppress(csv.Error):  # whoever reads the rows hears of it
        widths.extend(map(len, _filled(text, separator)))
    return widths


def _filled(text: str, separator: str) -> Iterator[list[str]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    return (row for row in rows if any(map(str.strip, row)))


def _titles(text: str, separator: str) -> int:
    """Return how many lines of one cell stand above a line of three headings or more."""
    with suppress(csv.Error):
        for position, row in enumerate(islice(_filled(text, separator), MOST_TITLES + 1)):
            if len(row) > 1:
                return 0 if len(row) == 2 or is_data(row) else position
    return 0


def _cuts(widths: array[int]) -> bool:
    return len(widths) > 0 and widths[0] > 1 and 2 * widths[1:].count(1) <= len(widths) - 1


class Headings(NamedTuple):
    """What the columns of a file are called.

    Parameters
    ----------
    names
        As they are written, without blanks around them; empty for a column that has none.
    numbered
        Whether the first line is one of numbers, so that the columns are called 1, 2, and so on.
    """

    names: tuple[str, ...]
    numbered: bool

    def place(self, name: str) -> int | None:
        """Return which column has a name, as `position` does; None where none has it.

        Raises
        ------
        InvalidValue
            If several have it.
        """
        for same in (str, heading_name):
            found = [place for place, each in enumerate(self.names) if each and same(each) == same(name)]
            if len(found) > 1:
                raise InvalidValue(f'has several columns named "{name}"')
            if found:
                return found[0]
        return None

    def spelt(self, names: Iterable[str]) -> frozenset[str]:
        """Return the headings that `place` finds by some names, or several by one, as they are written."""
        wanted = {*names}
        folded = {heading_name(each) for each in wanted.difference(self.names)}
        return frozenset(
            each for each in self.names if each and (each in wanted or heading_name(each) in folded)
        )

    def position(self, name: str) -> int:
        """Return which column has a name, as it is written or else but for capitals and blanks.

        Raises
        ------
        InvalidValue
            If none has it, with the nearest, or several have.
        """
        if (found := self.place(name)) is not None:
            return found
        because = ": its first line holds numbers and no headings" if self.numbered else ""
        written = (" ".join(seen(each).split()) for each in self.names)
        known = [each for each in written if each and each.isprintable()]
        raise InvalidValue(f'has no column "{name}"{because}{suggestion(name, known)}')


def headings_of(found: CsvFile, wanted: str = "") -> Headings:
    """Return what the columns of a file are called.

    A first line of numbers holds headings where it counts the columns from 0 or 1, as programs do, and below
    it are other numbers; and where the column that is wanted is called by one of them and by no place.

    Parameters
    ----------
    wanted
        What somebody calls a column.

    Raises
    ------
    StudyError
        If it cannot be told whether the first line holds headings or numbers, or how many; if titles stand
        above the headings; or as `CsvFile.rows` does.
    """
    place, first = next(found.rows(), ("", []))
    cells = [cell.strip() for cell in first]
    while cells and not cells[-1]:
        cells.pop()
    if not is_data(cells):
        _refuse_titles(found, cells)
        return Headings(tuple(cells), numbered=False)
    numbered = tuple(str(place + 1) for place in range(len(cells)))
    if _counts_columns(found, cells) or (wanted and wanted in cells and wanted not in numbered):
        return Headings(tuple(cells), numbered=False)
    if "" in cells:
        said = (
            "has numbers beside empty cells; write a line of headings before it, or in its place if it is one"
        )
        raise found.fault(said, place)
    if found.separator == "," and all(_ONE_OR_TWO.fullmatch(line) for line in found.text.split("\n") if line):
        are_years = all(map(_YEAR.fullmatch, cells))
        meant = f"headings such as y{cells[0]},y{cells[1]}" if are_years else ".".join(cells)
        raise found.fault(
            f'"{",".join(cells)}" may be two numbers or one with a decimal comma; '
            f"write {meant}, or a line of two headings before it",
            place,
        )
    return Headings(numbered, numbered=True)


def _counts_columns(found: CsvFile, first: Sequence[str]) -> bool:
    """Tell whether a first line of numbers counts the columns, as programs do that have no headings."""
    has_index = not first[0]
    counted = [*first[has_index:]]
    start = counted[0] if counted else ""
    if start not in ("0", "1") or len(counted) < (1 if has_index else 3):
        return False
    rows = [[cell.strip() for cell in cells] for _, cells in islice(found.rows(), 1, MOST_TITLES + 1)]
    if not rows or counted != [str(int(start) + each) for each in range(len(counted))]:
        return False
    if has_index:
        return all(cells[0] for cells in rows)
    return all(any(map(_WITH_POINT.fullmatch, cells)) for cells in rows)


def _refuse_titles(found: CsvFile, first: Sequence[str]) -> None:
    """Refuse lines of one text each above headings; above two of these nothing was found to cut the lines."""
    is_uncut = found.separator == NO_SEPARATOR
    tried = (each for each in SEPARATORS if each in found.text) if is_uncut else (found.separator,)
    for separator in tried if len(first) == 1 else ():
        rows = list[tuple[str, list[str]]]()
        with suppress(StudyError):  # whoever reads the rows hears of it
            rows.extend(islice(replace(found, separator=separator).rows(), MOST_TITLES + 1))
        filled = [[cell for cell in cells if cell.strip()] for _, cells in rows]
        above = next((place for place, cells in enumerate(filled) if len(cells) > 1), 0)
        numbers = [len(cells) == 2 and is_like_a_number(cells[1]) for cells in filled[above + 1 :]]
        is_table = not is_uncut or (bool(numbers) and all(numbers) and not is_data(filled[above]))
        if above and is_table:
            place, said = rows[above][0], first[0][:60]
            if any(map(is_like_a_number, filled[above])):
                message = (
                    f'expected a heading for each column, found "{said}" alone; write a line of headings'
                )
                raise found.fault(f"{message}, and nothing above it", rows[0][0])
            raise found.fault(f'{TITLED} ("{said}")', place)


def data_rows(found: CsvFile, headings: Headings) -> Iterator[tuple[str, list[str]]]:
    """Yield the rows of a file without that of its headings, as `CsvFile.rows` does."""
    return islice(found.rows(), 0 if headings.numbered else 1, None)


def column_cells(found: CsvFile, headings: Headings, position: int) -> Iterator[tuple[str, str]]:
    """Yield where each cell of a column is, and its text without blanks around it.

    Raises
    ------
    StudyError
        If a row has cells beyond the headings, such as a decimal comma makes; if points may group thousands;
        or as `CsvFile.rows` does.
    """
    _check_points(found, headings, position)
    width = len(headings.names)
    for place, cells in data_rows(found, headings):
        for column in range(width, len(cells)):
            if cells[column].strip():
                raise found.fault(beyond_headings(cells[column], column), place)
        yield place, cells[position].strip() if position < len(cells) else ""


def _check_points(found: CsvFile, headings: Headings, position: int) -> None:
    """Refuse points of a column that may group thousands."""
    if found.may_group and (
        said := grouped_points(found.separator, lambda: data_rows(found, headings), position)
    ):
        raise found.fault(said[1], said[0])


def grouped_points(
    separator: str, rows: Callable[[], Iterable[tuple[str, Sequence[str]]]], position: int
) -> tuple[str, str] | None:
    """Say where a column has points that may group thousands, and why: commas elsewhere, or whole numbers.

    No point of such a column is decimal. Who writes "1.500" with decimals writes "999.000", too.

    Parameters
    ----------
    separator
        What stands between cells; between commas whole numbers beside points say nothing.
    rows
        Gives the rows of the file, each with its place.
    """
    grouped = whole = ("", "")
    has_zero = has_long = False
    for place, cells in rows():
        own = cells[position].strip() if position < len(cells) else ""
        if GROUPED_BY_POINTS.fullmatch(own):
            grouped = grouped if grouped[0] else (place, own)
            has_zero |= own.endswith("0")
        elif "." in own:
            return None
        elif (digits := own.lstrip(f"+-{_MINUS}")).isdecimal():
            has_long |= len(digits) > len("999")
            whole = whole if whole[0] else (place, own)
    if not grouped[0]:
        return None
    plain = grouped[1].replace(".", "")
    if comma := _decimal_comma(rows):
        said = f'may be {plain}, since "{comma[1]}" ({comma[0]}) has a decimal comma; write all numbers with'
        return grouped[0], f'"{grouped[1]}" {said} decimal points alone'
    if separator == "," or not (has_zero and whole[0]) or has_long or _first(rows(), _has_decimals):
        return None
    said = (
        f'may be {plain}, since "{whole[1]}" ({whole[0]}) has no decimals; write {plain}, or as many decimals'
    )
    return grouped[0], f'"{grouped[1]}" {said} everywhere'


def grouped_texts(sheet: Sheet, heading: str) -> tuple[str, str] | None:
    """Say what `grouped_points` does of the texts of a column of a sheet, whose numbers are no texts."""
    rows = [
        (row.place, [cell if isinstance(cell := row.cells.get(each), str) else "" for each in sheet.headings])
        for row in sheet.rows
    ]
    return grouped_points("", lambda: rows, sheet.headings.index(heading))


def _decimal_comma(rows: Callable[[], Iterable[tuple[str, Sequence[str]]]]) -> tuple[str, str] | None:
    """Return the first number with a decimal comma, with its place; in a column of lists there is none."""
    if _first(rows(), _DECIMAL_COMMA.fullmatch) is None:
        return None
    lists = {
        column for _, cells in rows() for column, cell in enumerate(cells) if _LIST.fullmatch(cell.strip())
    }
    others = (
        (place, [cell for column, cell in enumerate(cells) if column not in lists]) for place, cells in rows()
    )
    return _first(others, _DECIMAL_COMMA.fullmatch)


def _has_decimals(cell: str) -> bool:
    return bool(_WITH_POINT.fullmatch(cell)) and not GROUPED_BY_POINTS.fullmatch(cell)


def _first(
    rows: Iterable[tuple[str, Sequence[str]]], is_one: Callable[[str], object]
) -> tuple[str, str] | None:
    """Return the first cell of a kind, with its place."""
    found = ((place, each.strip()) for place, cells in rows for each in cells)
    return next((each for each in found if is_one(each[1])), None)
