"""The numbers of one column of a data file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.distributions.data_file import DataColumn, read_column
from uncertainty.errors import Fault, InvalidValue, StudyError, suggestion
from uncertainty.tables import csv_file, read_table, workbook
from uncertainty.tables.sheets import as_number, heading_name

if TYPE_CHECKING:
    from pathlib import Path

    from uncertainty.distributions import FloatArray


def read_values(path: Path, column: str | None = None) -> tuple[str, FloatArray]:
    """Read the numbers of a column.

    Parameters
    ----------
    path
        A CSV file, an Excel workbook whose first sheet has the data, or a table that this program wrote.
    column
        The column's name; may be left out where there is only one.

    Returns
    -------
    name, values
        The column's name and its numbers, shape (n,).

    Raises
    ------
    StudyError
        If there is no such file or column, or something in it is no number; with its place.
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
            return name, np.array(read_column(DataColumn.within(path.parent, path.name, name)))
        if ending == ".xlsx":
            return _of_workbook(path, column)
    except InvalidValue as error:
        raise StudyError(Fault(str(error))) from None
    table = read_table(path)
    numeric = [name for name, is_number in table.numeric.items() if is_number]
    name = column if column is not None else _only(numeric, file)
    _check(name, numeric, file)
    return name, np.array(table.columns[name], dtype=float)


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


def _of_workbook(path: Path, column: str | None) -> tuple[str, FloatArray]:
    workbook.require()
    sheets = workbook.read_sheets(path, lambda names: names[:1])
    if not sheets:
        raise StudyError(Fault("has no data", file=str(path)))
    sheet = sheets[0]
    headings = list(sheet.headings)
    name = heading_name(column) if column is not None else _only(headings, str(path))
    _check(name, headings, str(path))
    values = []
    for row in sheet.rows:
        try:
            values.append(float(as_number(row.cells.get(name))))
        except InvalidValue as error:
            raise StudyError(Fault(f"{name}: {error}", row.place, str(path))) from None
    return name, np.array(values)
