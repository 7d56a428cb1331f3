"""Tables and sheets as Excel workbooks: texts stay texts, numbers keep all digits, nothing hidden is read."""

from __future__ import annotations

import json
import math
import re
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty.errors import Fault, SettingError, StudyError
from uncertainty.extras import require as require_library
from uncertainty.files import replacing
from uncertainty.tables.sheets import LARGEST_FILE, Sheet, column_letter, guarded, heading_name, make_sheet
from uncertainty.tables.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Sequence
    from pathlib import Path

    from uncertainty.tables.sheets import Cell
    from uncertainty.tables.table import Column, Tabular

MOST_ROWS = 2**20 - 1
MOST_COLUMNS = 2**14
LONGEST_TEXT = 32_767
WIDEST, NARROWEST = 48, 10
LINE, MOST_LINES = 15, 12
"""Height of a line in points; longer texts are cut off on the screen, not in the file."""

ABOUT = "about"
"""The sheet that says what a table's numbers depend on."""

_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold, and the carriage return, which it does not keep."""

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How workbooks write a character by its number; of a text that has it by chance, the underscore is."""


def require() -> None:
    """Need openpyxl."""
    require_library("openpyxl")


def check(table: Tabular) -> None:
    """Refuse a table that is larger than a sheet may be."""
    if table.rows > MOST_ROWS or len(table.numeric) > MOST_COLUMNS:
        raise SettingError(
            f"a sheet has {MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns at most, "
            f"not {table.rows:,} and {len(table.numeric):,}; .parquet and .nc hold more"
        )


def write(table: Tabular, path: Path) -> None:
    """Write the table to a sheet of its name, and beside it a sheet about it."""
    with _new_book() as book:
        _append(book.create_sheet(table.name), tuple(table.numeric), _rows(table))
        about = [("name", table.name), ("units", dict(table.units)), ("about", dict(table.about))]
        lines = [(key, json.dumps(value, ensure_ascii=False)) for key, value in about]
        _append(book.create_sheet(ABOUT), ("key", "value"), iter(lines))
        book.save(path)


@contextmanager
def _new_book() -> Iterator[Any]:
    """Give a workbook whose sheets are closed where they cannot be filled: left open they complain later."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    try:
        yield book
    except BaseException:
        for sheet in book.worksheets:
            sheet.close()
        raise


def _rows(table: Tabular) -> Iterator[Sequence[Cell]]:
    for part in table.parts():
        columns = [
            [None if math.isnan(value) else value for value in column.tolist()]
            if isinstance(column, np.ndarray)
            else column
            for column in part.values()
        ]
        yield from zip(*columns, strict=True)


def _append(
    sheet: Any, headings: Sequence[str], rows: Iterator[Sequence[Cell]], widths: Sequence[int] = ()
) -> None:
    """Fill a sheet of a write-only workbook, with headings that stay in sight."""
    sheet.freeze_panes = "A2"
    for place, heading in enumerate(headings):
        width = widths[place] if widths else len(heading) + 2
        sheet.column_dimensions[column_letter(place)].width = min(max(width, NARROWEST), WIDEST)
    sheet.append([_cell(sheet, heading, bold=True) for heading in headings])
    for number, row in enumerate(rows, start=2):
        if widths:
            longest = max((len(value) for value in row if isinstance(value, str)), default=0)
            sheet.row_dimensions[number].height = LINE * min(
                max(1, math.ceil(1.1 * longest / WIDEST)), MOST_LINES
            )
        sheet.append([None if value is None else _cell(sheet, value, wrapped=bool(widths)) for value in row])


def _cell(sheet: Any, value: Cell, *, bold: bool = False, wrapped: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    cell = WriteOnlyCell(sheet)
    if isinstance(value, bool):
        cell.value = value
    elif isinstance(value, str):
        cell.value = _speakable(value)
        # a text that looks like a formula or an error is neither, even after somebody has edited it
        cell.data_type = "s"
        cell.quotePrefix = guarded(value) != value
    elif value is not None:
        # openpyxl writes 16 digits of a float, one less than it takes to give it back
        cell._value = repr(float(value)) if isinstance(value, float) else str(value)
        cell.data_type = "n"
    if bold:
        cell.font = Font(bold=True)
    if wrapped:
        cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str) and len(value) > WIDEST)
    return cell


def _speakable(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise SettingError(
            f"a cell holds {LONGEST_TEXT:,} characters at most, not {len(text):,}: {text[:40]}…"
        )
    if found := _UNSPEAKABLE.search(text):
        raise SettingError(f"a workbook cannot hold the character U+{ord(found[0]):04X}: {text[:40]!r}")
    return _ESCAPE.sub(r"_x005F_x\1_", text)


def _spoken(cell: Any) -> Any:
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)), cell) if isinstance(cell, str) else cell


def read(path: Path) -> Table:
    """Read what `write` has written, also after another program has saved it."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        note = {key: json.loads(_spoken(value)) for key, value in list(book[ABOUT].values)[1:]}
        rows = book[note["name"]].values
        heads = [_spoken(cell) for cell in next(rows)]
        # rows end at their last cell that is not empty
        whole = ((*row, *[None] * (len(heads) - len(row))) for row in rows)
        columns = list(zip(*whole, strict=True)) or [()] * len(heads)
        book.close()
    except (OSError, ValueError, LookupError, TypeError, zipfile.BadZipFile):
        raise SettingError(f"{path}: is not a table that this program has written") from None
    found = {head: _column(column) for head, column in zip(heads, columns, strict=True)}
    return Table(note["name"], found, note["units"], note["about"])


def _column(cells: Sequence[Any]) -> Column:
    if any(isinstance(cell, str) for cell in cells):
        return tuple("" if cell is None else str(_spoken(cell)) for cell in cells)
    return np.array([math.nan if cell is None else float(cell) for cell in cells])


def write_sheets(sheets: Sequence[Sheet], path: Path) -> None:
    """Write sheets to a workbook, whole or not at all."""
    with _new_book() as book:
        for sheet in sheets:
            longest = [
                max([len(heading), *(len(str(row.cells.get(heading, ""))) for row in sheet.rows)]) + 2
                for heading in sheet.headings
            ]
            rows = ([row.cells.get(heading) for heading in sheet.headings] for row in sheet.rows)
            _append(book.create_sheet(sheet.name), sheet.headings, rows, longest)
        with replacing(path) as new:
            book.save(new)


def read_sheets(path: Path, wanted: Callable[[list[str]], Container[str]]) -> list[Sheet]:
    """Read some sheets of a workbook that anybody may have made.

    Parameters
    ----------
    wanted
        Says which of the names of sheets that have something in them are to be read.

    Raises
    ------
    StudyError
        If it is too large or no workbook; or if a sheet, row or column that has something in it is hidden,
        cells are merged, or a formula has no stored value: nothing is read that its reader cannot see.
    """
    import openpyxl

    file = str(path)
    _check_size(path)
    try:
        book = openpyxl.load_workbook(path, data_only=True)
        formulas = openpyxl.load_workbook(path)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, SyntaxError, zipfile.BadZipFile):
        raise StudyError(Fault("is not an Excel workbook (.xlsx)", file=file)) from None
    faults: list[Fault] = []
    sheets = []
    filled = [s for s in book.worksheets if s.calculate_dimension() != "A1:A1" or s["A1"].value is not None]
    read = wanted([heading_name(sheet.title) for sheet in filled])
    for sheet in filled:
        if heading_name(sheet.title) not in read:
            continue
        faults += _hidden(sheet, file) + _without_value(sheet, formulas[sheet.title], file)
        if not faults:
            grid = [(f"{sheet.title}, row {n}", _values(row)) for n, row in enumerate(sheet.values, start=1)]
            sheets.append(make_sheet(heading_name(sheet.title), file, grid))
    if faults:
        raise StudyError(*faults)
    return sheets


def _values(row: Sequence[Any]) -> list[Cell]:
    return [cell if isinstance(cell, float | int | bool | None) else _spoken(str(cell)) for cell in row]


def _check_size(path: Path) -> None:
    file = str(path)
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except OSError as error:
        raise StudyError(Fault(f"cannot be read: {error.strerror}", file=file)) from None
    except (zipfile.BadZipFile, ValueError):
        raise StudyError(Fault("is not an Excel workbook (.xlsx)", file=file)) from None
    if size > LARGEST_FILE:
        raise StudyError(
            Fault(f"expected at most {LARGEST_FILE >> 20} MiB when unpacked, found {size >> 20}", file=file)
        )


def _hidden(sheet: Any, file: str) -> list[Fault]:
    """Say what of a sheet its reader cannot see, and what belongs to several rows."""
    if sheet.sheet_state != "visible":
        return [Fault("this sheet is hidden; show it or remove it", sheet.title, file)]
    faults = [
        Fault(
            f"the cells {cells} are merged; unmerge them, so that each row says everything", sheet.title, file
        )
        for cells in sheet.merged_cells.ranges
    ]
    rows = [n for n, row in sheet.row_dimensions.items() if row.hidden and n <= sheet.max_row]
    if rows:
        faults.append(Fault(f"row {rows[0]} is hidden; show it or remove it", sheet.title, file))
    columns = [letter for letter, column in sheet.column_dimensions.items() if column.hidden]
    if columns:
        faults.append(Fault(f"column {columns[0]} is hidden; show it or remove it", sheet.title, file))
    return faults


def _without_value(sheet: Any, formulas: Any, file: str) -> list[Fault]:
    """Find formulas whose value no program has stored."""
    return [
        Fault(
            "has a formula without a stored value; save the workbook in a spreadsheet program",
            f"{sheet.title}, {cell.coordinate}",
            file,
        )
        for row in formulas.iter_rows()
        for cell in row
        if cell.data_type == "f" and sheet[cell.coordinate].value is None
    ]
