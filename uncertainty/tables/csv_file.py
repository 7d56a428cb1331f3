"""Tables and sheets as CSV, in UTF-8, with texts that no spreadsheet takes for formulas.

A table's units and origin go to a second file beside it, ``NAME.csv-metadata.json``, as "CSV on the Web" has
it (W3C, Metadata Vocabulary for Tabular Data, 2015).
"""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty.bounds import LARGEST_DOCUMENT
from uncertainty.disk import HashedFile, sha256_of
from uncertainty.errors import Fault, InvalidValue, SettingError
from uncertainty.files import text_of, understood, written_through
from uncertainty.nested import parse_json
from uncertainty.tables.csv_reading import grouped_points, headings_of, open_csv
from uncertainty.tables.sheets import (
    Sheet,
    as_number,
    bounded,
    guarded,
    is_like_a_number,
    is_missing,
    make_sheet,
    unguarded,
)
from uncertainty.tables.table import NULL, Table, refuse_null

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence
    from pathlib import Path

    from uncertainty.tables.csv_reading import CsvFile
    from uncertainty.tables.sheets import Cell
    from uncertainty.tables.table import Column, Passing, Tabular

MARK = "\ufeff"
"""What a file with more than ASCII begins with: spreadsheets take it for Latin 1 otherwise."""

CONTEXT = "http://www.w3.org/ns/csvw"

UNBOUNDED = sys.maxsize
"""What is this program's own is as long as a run was."""


INFINITE = True
"""Whether infinities can be told from what is undefined."""
BESIDE: tuple[str, ...] = ("-metadata.json",)


def require() -> None:
    """Need nothing."""


def check(table: Tabular) -> None:
    """Refuse what no reader of CSV takes."""
    refuse_null(table, "a CSV file")


def metadata_path(path: Path) -> Path:
    """Return where the metadata of a CSV file are: where a link leads to, beside the file itself."""
    path = written_through(path)
    return path.with_name(f"{path.name}{BESIDE[0]}")


def write(table: Passing, path: Path) -> None:
    """Write headings and rows, every digit of a number, and the metadata beside."""
    raw = HashedFile(path)
    with raw.text() as file:
        file.write("" if _is_ascii(table.table) else MARK)
        writer = csv.writer(file)
        writer.writerow(map(guarded, table.numeric))
        for part in table.parts():
            writer.writerows(zip(*map(_texts, part.values()), strict=True))
    columns = [
        {"name": name, "titles": [name], "datatype": "number" if numeric else "string"}
        | ({"schema:unitText": table.units[name]} if name in table.units else {})
        for name, numeric in table.numeric.items()
    ]
    note = {
        "name": table.name,
        "sha256": raw.sha256,
        "checksum": table.checksum,
        "about": dict(table.about),
    }
    metadata = {
        "@context": CONTEXT,
        "url": PurePosixPath("/", path.name).as_uri().removeprefix("file:///"),
        "tableSchema": {"columns": columns},
        "notes": [note],
    }
    with HashedFile(metadata_path(path)).text() as file:
        file.write(json.dumps(metadata, indent=1, ensure_ascii=False) + "\n")


def _is_ascii(table: Tabular) -> bool:
    if not all(map(str.isascii, table.numeric)):
        return False
    columns = Table.whole(table).columns.values() if not all(table.numeric.values()) else ()
    return all(text.isascii() for column in columns if isinstance(column, tuple) for text in column)


def _texts(column: Column) -> Iterable[str]:
    if isinstance(column, np.ndarray):
        return ["" if math.isnan(value) else repr(value) for value in column.tolist()]
    return [guarded(value) for value in column]


def read(path: Path) -> Table:
    """Read a table; without metadata, a column is numeric if all that is in it is."""
    metadata = _metadata(path)
    heads, texts = _written_columns(path) if metadata else _columns(open_csv(path))
    kinds = {c["name"]: c["datatype"] for c in metadata["tableSchema"]["columns"]} if metadata else {}
    columns: dict[str, Column] = {}
    for name, column in zip(heads, texts, strict=True):
        try:
            columns[name] = _column(column, kinds.get(name, ""))
        except InvalidValue as error:
            raise SettingError(Fault(f"column {name}: {error}", file=str(path))) from None
    if not metadata:
        return Table(path.stem, columns)
    units = {
        column["name"]: column["schema:unitText"]
        for column in metadata["tableSchema"]["columns"]
        if "schema:unitText" in column
    }
    note = metadata["notes"][0]
    return Table(note["name"], columns, units, note["about"], note.get("checksum", ""))


def _written_columns(path: Path) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """Return the headings and columns that `write` has written, however long the run was."""
    found = open_csv(path, separator=",", largest=UNBOUNDED, longest=UNBOUNDED)
    rows = (row for _, row in found.lines())
    heads = [unguarded(text) for text in next(rows, [])]
    return heads, _across(rows, found, len(heads))


def _columns(found: CsvFile) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """Return the headings and columns of a file that anybody may have made."""
    headings = headings_of(found)
    for name in dict.fromkeys(headings.names):
        if headings.names.count(name) > 1:
            raise found.fault(
                f'the heading "{name}" stands twice' if name else "several columns have no heading"
            )
    rows = (row for _, row in found.lines() if row)
    return headings.names, _across(
        islice(rows, 0 if headings.numbered else 1, None), found, len(headings.names)
    )


def _across(rows: Iterable[Sequence[str]], found: CsvFile, width: int) -> Sequence[Sequence[str]]:
    try:
        columns = list(zip(*rows, strict=True)) or [()] * width
        if len(columns) == width:
            return columns
        raise ValueError
    except ValueError:
        raise found.fault("has rows of different lengths") from None


def _column(texts: Sequence[str], kind: str) -> Column:
    if kind == "number":
        return np.array([math.nan if not text else _float(text) for text in texts])
    if kind == "string":
        return tuple(map(unguarded, texts))
    words = [text for text in texts if not is_missing(text)]
    if all(map(is_like_a_number, words)) and (words or not any(texts)):
        # numbers as other countries write them are refused here, as wherever a column is read
        return np.array([math.nan if is_missing(text) else _float(text) for text in texts])
    return _column(texts, "string")


def _float(text: str) -> float:
    return math.copysign(math.inf, float(text)) if text in ("inf", "-inf") else float(as_number(text))


def _metadata(path: Path) -> dict[str, Any]:
    beside = metadata_path(path)
    if not beside.exists():
        return {}
    with understood(SettingError(f"{beside}: is not what this program has written")):
        found: dict[str, Any] = parse_json(text_of(beside, LARGEST_DOCUMENT))
        same = found["notes"][0]["sha256"] == sha256_of(path)
    if not same:
        raise SettingError(
            Fault(
                f"has changed since {beside.name} was written; remove that to read it alone", file=str(path)
            )
        )
    return found


class _Lines:
    """Takes the rows that a CSV writer ends with both characters of a line end, and ends them with one.

    Told to end lines with one alone, the writer leaves a carriage return in a cell without quotes, and the
    cell ends there for whoever reads it.
    """

    def __init__(self, text: io.StringIO) -> None:
        self._text = text

    def write(self, row: str) -> int:
        return self._text.write(row.removesuffix("\r\n") + "\n")


def sheet_text(sheet: Sheet) -> str:
    """Return a sheet as the text of a file."""
    for row in sheet.rows:
        for heading, cell in row.cells.items():
            if isinstance(cell, str) and "\0" in cell:
                place = f"{sheet.name}, {str(row.cells.get('name', row.place))[:40]}, {heading}"
                raise SettingError(Fault(f"{NULL.format('a CSV file')}: {cell[:40]!r}", place))
    return rows_text(sheet.headings, (row.cells for row in sheet.rows))


def rows_text(headings: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> str:
    """Return rows as the text of a file; what a row lacks is empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(_Lines(text))
    writer.writerow(map(guarded, headings))
    writer.writerows([_cell_text(row.get(h)) for h in headings] for row in rows)
    written = text.getvalue()
    return written if written.isascii() else MARK + written


def _cell_text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float | int):
        return getattr(cell, "text", repr(cell))
    return guarded(cell or "")


def read_sheet(
    path: Path, known: Callable[[str], Container[str]] = lambda _: ()
) -> tuple[Sheet, list[Fault]]:
    """Read a sheet, and what is wrong with its headings and rows.

    Parameters
    ----------
    known
        Gives the headings that a sheet of some name may have.

    Raises
    ------
    StudyError
        If it is too large, is not UTF-8, its quotes do not close, or points may group thousands.
    """
    found = open_csv(path)
    _, first = next(found.rows(), ("", []))
    for column in range(len(first) if found.may_group else 0):
        if said := grouped_points(found.separator, found.rows, column):
            raise found.fault(said[1], said[0])
    return make_sheet(path.stem, str(path), bounded(found.rows(), str(path)), known)
