"""The numbers of one column of a data file, without the cells that have none."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.distributions.data_file import DataColumn, read_cells
from uncertainty.distributions.parameters import finite
from uncertainty.errors import Fault, InvalidValue, StudyError, suggestion
from uncertainty.tables import csv_file, read_table, workbook
from uncertainty.tables.sheets import as_number, heading_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from uncertainty.distributions import FloatArray
    from uncertainty.tables.sheets import Cell

MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none"})
"""What people and programs write in a cell whose value is missing, in lower case."""


class ColumnValues(NamedTuple):
    """The numbers of a column.

    Parameters
    ----------
    values
        Shape (n,), all finite.
    missing
        How many cells have no value.
    """

    name: str
    values: FloatArray
    missing: int


def read_values(path: Path, column: str | None = None) -> ColumnValues:
    """Read the numbers of a column; cells that say that a value is missing are counted and left out.

    Parameters
    ----------
    path
        A CSV file, an Excel workbook whose first sheet has the data, or a table that this program wrote.
    column
        The column's name; may be left out where there is only one.

    Returns
    -------
    ColumnValues
        The column's name, its numbers, and how many are missing.

    Raises
    ------
    StudyError
        If there is no such file or column, it has no number, or a text that is neither a number nor says
        that one is missing; with its place.
    SettingError
        If a library that is needed is not installed, or the kind of file is unknown.
    """
    file = str(path)
    if not path.is_file():
        raise StudyError(Fault("no such file", file=file))
    ending = path.suffix.lower()
    try:
        if ending == ".csv":
            name = column if column is not None else _only(_header(path), file)
            cells = read_cells(DataColumn.within(path.parent, path.name, name))
            return _numbers(name, ((f"line {line}", text) for line, text in cells), file)
        if ending == ".xlsx":
            return _of_workbook(path, column)
    except InvalidValue as error:
        raise StudyError(Fault(str(error))) from None
    table = read_table(path)
    numeric = [name for name, is_number in table.numeric.items() if is_number]
    name = column if column is not None else _only(numeric, file)
    _check(name, numeric, file)
    return _without_missing(name, np.array(table.columns[name], dtype=float), file)


def _numbers(name: str, cells: Iterable[tuple[str, Cell]], file: str) -> ColumnValues:
    """Take the numbers of cells, each with its place."""
    values = []
    for place, cell in cells:
        try:
            values.append(_number(cell))
        except InvalidValue as error:
            raise StudyError(Fault(f"{name}: {error}", place, file)) from None
    return _without_missing(name, np.array(values), file)


def _number(cell: Cell) -> float:
    """Read a cell; nan where it says that there is no value."""
    if cell is None or (isinstance(cell, str) and cell.strip().lower() in MISSING):
        return math.nan
    try:
        return finite(as_number(cell), "a value")
    except InvalidValue as error:
        has_digits = any(map(str.isdigit, str(cell)))
        raise InvalidValue(
            str(error)
            if has_digits
            else f"{error}; leave the cell empty, or write NA, where a value is missing"
        ) from None


def _without_missing(name: str, values: FloatArray, file: str) -> ColumnValues:
    present = values[~np.isnan(values)]
    if not present.size:
        raise StudyError(Fault(f"{name}: has no values", file=file))
    return ColumnValues(name, present, len(values) - len(present))


def _header(path: Path) -> list[str]:
    rows = csv.reader(io.StringIO(csv_file.read_text(path), newline=""))
    try:
        return [name.strip() for name in next(rows, [])]
    except csv.Error as error:
        raise StudyError(Fault(str(error), f"line {rows.line_num}", str(path))) from None


def _only(names: list[str], file: str) -> str:
    if len(names) == 1:
        return names[0]
    raise StudyError(Fault(f"say which column: {', '.join(names) or 'it has none'}", file=file))


def _check(name: str, names: list[str], file: str) -> None:
    if name not in names:
        raise StudyError(Fault(f'has no column "{name}"{suggestion(name, names)}', file=file))


def _of_workbook(path: Path, column: str | None) -> ColumnValues:
    workbook.require()
    sheets = workbook.read_sheets(path, lambda names: names[:1])
    if not sheets:
        raise StudyError(Fault("has no data", file=str(path)))
    sheet = sheets[0]
    headings = list(sheet.headings)
    name = heading_name(column) if column is not None else _only(headings, str(path))
    _check(name, headings, str(path))
    return _numbers(name, ((row.place, row.cells.get(name)) for row in sheet.rows), str(path))
