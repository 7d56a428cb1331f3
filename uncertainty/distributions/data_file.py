"""Columns of data files: found only inside the study's folder, read only if they are sound."""

from __future__ import annotations

import math
from dataclasses import field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from uncertainty.distributions.parameters import finite
from uncertainty.errors import Fault, InvalidValue, StudyError
from uncertainty.late import dataclass
from uncertainty.numbers import count
from uncertainty.tables.censored import may_say_limit, refuse_censored
from uncertainty.tables.corners import Elsewhere, corner, indicators, refuse_several, texts_beside
from uncertainty.tables.csv_reading import column_cells, data_rows, headings_of, open_csv
from uncertainty.tables.currencies import currencies, currencies_of, currency_columns
from uncertainty.tables.data_notes import data_notes
from uncertainty.tables.footers import footer_notes, refuse_footers
from uncertainty.tables.missing_codes import refuse_codes
from uncertainty.tables.number_column import (
    NumberColumn,
    refuse_column_numbers,
    refuse_headings_again,
    refuse_weighted,
)
from uncertainty.tables.owners import Layout
from uncertainty.tables.rows_read import RowsRead, rows_read
from uncertainty.tables.set_apart import apart_notes, refuse_commented
from uncertainty.tables.sheets import as_number, is_missing
from uncertainty.tables.statistic_rows import refuse_statistics, statistics_notes
from uncertainty.tables.unit_columns import UnitsSaid, unit_columns, units_said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from uncertainty.tables.csv_reading import CsvFile, Headings
    from uncertainty.tables.sheets import Cell


@dataclass(frozen=True, slots=True)
class DataColumn:
    """A column of a CSV file, as a study names it, and the file that it was found in.

    Parameters
    ----------
    file
        Path relative to the study's folder.
    name
        The column's name in the header.
    path
        The file itself, absolute and without symbolic links; not compared, so that a study may be moved.
    units
        What columns of units beside it say, with the lines; of a column that was read.
    elsewhere
        What else in the file may say its unit.
    notes
        What of it was read otherwise than its reader may think.
    beside
        The few different texts of each column of texts, which may be units under any heading.
    read
        Which rows were read, and what else the file has.
    """

    file: str
    name: str
    path: Path = field(compare=False)
    units: UnitsSaid = field(default=UnitsSaid(), compare=False, repr=False)
    elsewhere: tuple[Elsewhere, ...] = field(default=(), compare=False, repr=False)
    notes: tuple[str, ...] = field(default=(), compare=False, repr=False)
    beside: tuple[tuple[str, Sequence[str]], ...] = field(default=(), compare=False, repr=False)
    read: RowsRead | None = field(default=None, compare=False, repr=False)

    @classmethod
    def within(cls, folder: Path, file: str, name: str) -> DataColumn:
        """Find a regular file inside `folder`.

        Raises
        ------
        InvalidValue
            If there is none, if its path is absolute, or if it leads out of the folder (also by a link).
        """
        if file.endswith(("/", "\\")):
            raise InvalidValue(f'"{file}" is the name of a folder; expected a file')
        if Path(file).is_absolute():
            raise InvalidValue(f'"{file}" must be a path relative to the study\'s folder')
        try:
            home = folder.resolve(strict=True)
            path = (home / file).resolve(strict=True)
            regular = path.is_file()
        except (OSError, ValueError, RuntimeError):  # absent, unreadable, a null byte, a loop of links
            raise InvalidValue(f'cannot find the file "{file}" in the study\'s folder') from None
        if not path.is_relative_to(home):
            raise InvalidValue(f'"{file}" lies outside the study\'s folder')
        if not regular:
            raise InvalidValue(f'"{file}" is not a regular file')
        return cls(file, name, path)

    @property
    def heading(self) -> str:
        """What the file calls a column that was read, but for capitals and blanks its name."""
        return self.units.number or self.name

    def __str__(self) -> str:
        return f"{_quoted(self.file)}, {_quoted(self.name)}"


def _quoted(text: str) -> str:
    return f"'{text}'" if '"' in text else f'"{text}"'


def read_column(column: DataColumn) -> tuple[tuple[float, ...], DataColumn]:
    """Read the numbers of a column, and what units stand beside them; rows that are empty are skipped.

    Raises
    ------
    InvalidValue
        If the file is too large or not UTF-8, if not exactly one column has the name, if there are no
        rows, or if one has no finite number; the message has the line.
    """
    try:
        found = open_csv(column.path, f'"{column.file}"')
        headings = headings_of(found, column.name)
        position = _position(found, headings, column.name)
        values = numbers_of(column_cells(found, headings, position), headings.names[position], found.file)
        layout = layout_of(found, headings, position)
        read = number_column(found, headings, position, values)
        refuse_what_is_no_data(read, layout)
        rows = partial(data_rows, found, headings)
        units = units_said(layout, rows(), position)
        money = currencies(layout, rows(), currencies_of(layout, position))
        elsewhere = (*corner(layout, rows(), position), *indicators(layout, rows()), *money)

        def cells() -> Iterator[str]:
            return (cell for _, cell in column_cells(found, headings, position))

        notes = data_notes(headings, position, layout, column.file, cells, values, found.separator)
        told = (*notes, *notes_on_rows(read, layout))
        beside = tuple(texts_beside(layout, rows()).items())
        asked = unit_columns(layout) | currency_columns(layout)
        said = rows_read(read, layout, asked=asked)
        found_beside = replace(column, units=units, elsewhere=elsewhere, notes=told, beside=beside, read=said)
        return tuple(values), found_beside
    except StudyError as error:
        first = error.faults[0]
        place = f", {first.key}: " if first.key else ": " if ":" in first.message else " "
        raise InvalidValue(f"{first.file}{place}{first.message}") from None


def _position(found: CsvFile, headings: Headings, name: str) -> int:
    try:
        return headings.position(name)
    except InvalidValue as error:
        raise found.fault(str(error)) from None


def layout_of(found: CsvFile, headings: Headings, position: int) -> Layout:
    """Return what the columns of a CSV file hold, one of which is read as numbers."""
    return Layout.of(headings.names, partial(data_rows, found, headings)).reading([position])


def number_column(
    found: CsvFile, headings: Headings, position: int, numbers: Sequence[float]
) -> NumberColumn:
    """Return a column of a CSV file whose numbers have been read."""
    rows = partial(data_rows, found, headings)
    return NumberColumn(rows, headings.names, position, found.file, numbers, found.text)


def refuse_what_is_no_data(column: NumberColumn, layout: Layout) -> None:
    """Refuse a column of which some numbers are no data, or of things of different kinds.

    Parameters
    ----------
    layout
        What the columns of the table hold.

    Raises
    ------
    StudyError
        With the place of the first.
    """
    refuse_weighted(column.headings, column.name, column.file)
    refuse_headings_again(column)
    refuse_column_numbers(column)
    refuse_commented(column)
    refuse_footers(column)
    of_table = column.of_one_table()
    refuse_statistics(of_table)
    refuse_codes(of_table)
    refuse_censored(column, layout)
    refuse_several(column, layout)


def notes_on_rows(column: NumberColumn, layout: Layout) -> tuple[str, ...]:
    """Return what is to be known of rows that may be no data, and are read as such."""
    return (*statistics_notes(column), *footer_notes(column), *apart_notes(column, layout))


def numbers_of(
    cells: Iterable[tuple[str, Cell]], name: str, file: str, *, missing: bool = False
) -> list[float]:
    """Read the numbers of a column's cells.

    Parameters
    ----------
    cells
        Each with its place.
    missing
        Whether a cell may say that its value is missing, which is read as nan.

    Raises
    ------
    StudyError
        If there is no cell, or one holds something else, with the place of the first.
    """
    numbers: list[float] = []
    wrong: list[tuple[str, InvalidValue]] = []
    for place, cell in cells:
        try:
            numbers.append(_number(cell, missing=missing))
        except InvalidValue as error:
            wrong.append((place, error))
    if wrong:
        place, first = wrong[0]
        others = count(len(wrong) - 1, "more cell")
        more = f"; {others} of this column cannot be read" if len(wrong) > 1 else ""
        raise StudyError(Fault(f"{name}: {first}{more}", place, file))
    if not numbers:
        raise StudyError(Fault(f'has no data in column "{name}"', file=file))
    return numbers


def _number(cell: Cell, *, missing: bool) -> float:
    is_none = cell is None or (isinstance(cell, str) and is_missing(cell))
    if missing and is_none:
        return math.nan
    try:
        return finite(as_number(cell), "a value")
    except InvalidValue as error:
        hint = "; leave out the lines in which a value is missing" if is_none else ""
        hint = "; leave the cell empty, or write NA, where a value is missing" if missing else hint
        hint = "" if any(map(str.isdigit, str(cell))) else hint
        raise InvalidValue(f"{error}{_OF_LIMITS if may_say_limit(str(cell)) else hint}") from None


_OF_LIMITS = (
    "; a value beyond a limit is not missing, and the others alone are biased: leave its row out only if "
    "that is meant"
)
