"""Tables and sheets as Excel workbooks: texts stay texts, numbers keep all digits, nothing hidden is read."""

from __future__ import annotations

import json
import math
import zipfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty.disk import PatientFile
from uncertainty.errors import Fault, SettingError
from uncertainty.extras import require as require_library
from uncertainty.files import replacing
from uncertainty.late import regex
from uncertainty.nested import parse_json
from uncertainty.tables.sheets import column_letter, guarded
from uncertainty.tables.table import Table
from uncertainty.tables.workbook_reading import ESCAPE, opened_book, table_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from uncertainty.tables.sheets import Cell, Sheet
    from uncertainty.tables.table import Column, Passing, Tabular

MOST_ROWS = 2**20 - 1
MOST_COLUMNS = 2**14
LONGEST_TEXT = 32_767
WIDEST, NARROWEST = 48, 10
LINE, MOST_LINES = 15, 12
"""Height of a line in points; longer texts are cut off on the screen, not in the file."""

INFINITE = False
BESIDE: tuple[str, ...] = ()

ABOUT = "about"
"""The sheet that says what a table's numbers depend on."""

_UNSPEAKABLE = regex(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold, and the carriage return, which it does not keep."""


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


def write(table: Passing, path: Path) -> None:
    """Write the table to a sheet of its name, and beside it a sheet about it."""
    with _new_book(path, lambda: table.checksum) as book:
        _append(book.create_sheet(table.name), tuple(table.numeric), _rows(table))
        about = {
            "name": table.name,
            "units": dict(table.units),
            "about": dict(table.about),
            "numeric": dict(table.numeric),
        }
        lines = [(key, json.dumps(value, ensure_ascii=False)) for key, value in about.items()]
        _append(book.create_sheet(ABOUT), ("key", "value"), iter(lines))


@contextmanager
def _new_book(path: Path, checksum: Callable[[], str] = str) -> Iterator[Any]:
    """Give a workbook to fill, and save it; what cannot be closed complains later, so all is closed here.

    The checksum becomes the archive's comment, which is lost when another program saves the workbook: numbers
    have fewer digits then, and it is no longer this program's word.
    """
    import openpyxl
    from openpyxl.writer.excel import ExcelWriter

    book = openpyxl.Workbook(write_only=True)
    try:
        yield book
        # openpyxl would leave the archive open where a signal comes
        with PatientFile(path) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.comment = checksum().encode()
            ExcelWriter(book, archive).save()
    finally:
        for sheet in book.worksheets:
            with suppress(Exception):  # closed by saving, or by what failed
                sheet.close()


def _rows(table: Tabular) -> Iterator[Sequence[Cell]]:
    for part in table.parts():
        columns = [
            [value if math.isfinite(value) else None for value in column.tolist()]
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
            longest = max([1, *(len(value) for value in row if isinstance(value, str))])
            sheet.row_dimensions[number].height = LINE * min(math.ceil(1.1 * longest / WIDEST), MOST_LINES)
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
        cell._value = str(value)
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
    return ESCAPE.sub(r"_x005F_x\1_", text)


def read(path: Path) -> Table:
    """Read what `write` has written, also after another program has saved it."""
    with opened_book(path, own=True) as book:
        note = {key: parse_json(value) for key, value in list(table_rows(book, ABOUT))[1:]}
        rows = table_rows(book, note["name"])
        heads = next(rows)
        # rows end at their last cell that is not empty
        whole = ((*row, *[None] * (len(heads) - len(row))) for row in rows)
        columns = list(zip(*whole, strict=True)) or [()] * len(heads)
        numeric = note.get("numeric", {})
        found = {
            head: _column(column, is_text=numeric.get(head) is False)
            for head, column in zip(heads, columns, strict=True)
        }
        with zipfile.ZipFile(path) as archive:
            checksum = archive.comment.decode()
        return Table(note["name"], found, note["units"], note["about"], checksum)


def _column(cells: Sequence[Any], *, is_text: bool) -> Column:
    if is_text or any(isinstance(cell, str) for cell in cells):
        return tuple("" if cell is None else str(cell) for cell in cells)
    return np.array([math.nan if cell is None else float(cell) for cell in cells])


def write_sheets(sheets: Sequence[Sheet], path: Path) -> None:
    """Write sheets to a workbook, whole or not at all.

    Raises
    ------
    SettingError
        If a workbook cannot hold a text, with its sheet, row and heading.
    """
    for sheet in sheets:
        for row in sheet.rows:
            _check_texts(row.cells, sheet.name, str(path))
    with replacing(path) as new, _new_book(new) as book:
        for sheet in sheets:
            longest = [
                max([len(heading), *(len(str(row.cells.get(heading, ""))) for row in sheet.rows)]) + 2
                for heading in sheet.headings
            ]
            rows = ([row.cells.get(heading) for heading in sheet.headings] for row in sheet.rows)
            _append(book.create_sheet(sheet.name), sheet.headings, rows, longest)


def _check_texts(cells: Mapping[str, Cell], sheet: str, file: str) -> None:
    """Refuse a row with a text that a workbook cannot hold."""
    for heading, value in cells.items():
        try:
            if isinstance(value, str):
                _speakable(value)
        except SettingError as error:
            name = next(iter(cells.values()))
            raise SettingError(Fault(str(error), f"{sheet}, {str(name)[:40]}, {heading}", file)) from None
