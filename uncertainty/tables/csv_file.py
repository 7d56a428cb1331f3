"""Tables and sheets as CSV, in UTF-8, with texts that no spreadsheet takes for formulas.

A table's units and origin go to a second file beside it, ``NAME.csv-metadata.json``, as "CSV on the Web" has
it (W3C, Metadata Vocabulary for Tabular Data, 2015).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty.errors import Fault, InvalidValue, SettingError, StudyError
from uncertainty.files import written_through
from uncertainty.tables.sheets import LARGEST_FILE, Sheet, as_number, guarded, make_sheet, unguarded
from uncertainty.tables.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from uncertainty.tables.sheets import Cell
    from uncertainty.tables.table import Column, Tabular

MARK = "\ufeff"
"""What a file with more than ASCII begins with: spreadsheets take it for Latin 1 otherwise."""

CONTEXT = "http://www.w3.org/ns/csvw"


def require() -> None:
    """Need nothing."""


def check(table: Tabular) -> None:
    """Refuse nothing."""


def metadata_path(path: Path) -> Path:
    """Return where the metadata of a CSV file are: where a link leads to, beside the file itself."""
    path = written_through(path)
    return path.with_name(f"{path.name}-metadata.json")


def write(table: Tabular, path: Path) -> None:
    """Write headings and rows, every digit of a number, and the metadata beside."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("" if _is_ascii(table) else MARK)
        writer = csv.writer(file)
        writer.writerow(map(guarded, table.numeric))
        for part in table.parts():
            writer.writerows(zip(*map(_texts, part.values()), strict=True))
    columns = [
        {"name": name, "titles": [name], "datatype": "number" if numeric else "string"}
        | ({"schema:unitText": table.units[name]} if name in table.units else {})
        for name, numeric in table.numeric.items()
    ]
    note = {"name": table.name, "sha256": _sha256(path), "about": dict(table.about)}
    metadata = {"@context": CONTEXT, "url": path.name, "tableSchema": {"columns": columns}, "notes": [note]}
    text = json.dumps(metadata, indent=1, ensure_ascii=False) + "\n"
    metadata_path(path).write_text(text, encoding="utf-8", newline="\n")


def _is_ascii(table: Tabular) -> bool:
    if not all(map(str.isascii, table.numeric)):
        return False
    columns = Table.whole(table).columns.values() if not all(table.numeric.values()) else ()
    return all(text.isascii() for column in columns if isinstance(column, tuple) for text in column)


def _texts(column: Column) -> Iterable[str]:
    if isinstance(column, np.ndarray):
        return ["" if math.isnan(value) else repr(value) for value in column.tolist()]
    return [guarded(value) for value in column]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(path: Path) -> Table:
    """Read a table; without metadata, a column is numeric if all that is in it is."""
    metadata = _metadata(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            heads = [unguarded(text) for text in next(rows, [])]
            texts = list(zip(*rows, strict=True)) or [()] * len(heads)
    except (OSError, ValueError, csv.Error) as error:
        raise SettingError(f"{path}: cannot be read as CSV: {error}") from None
    kinds = {c["name"]: c["datatype"] for c in metadata["tableSchema"]["columns"]} if metadata else {}
    columns: dict[str, Column] = {}
    for name, column in zip(heads, texts, strict=True):
        try:
            columns[name] = _column(column, kinds.get(name, ""))
        except InvalidValue as error:
            raise SettingError(f"{path}: column {name}: {error}") from None
    if not metadata:
        return Table(path.stem, columns)
    units = {
        column["name"]: column["schema:unitText"]
        for column in metadata["tableSchema"]["columns"]
        if "schema:unitText" in column
    }
    return Table(metadata["notes"][0]["name"], columns, units, metadata["notes"][0]["about"])


def _column(texts: Sequence[str], kind: str) -> Column:
    if kind == "number":
        return np.array([math.nan if not text else _float(text) for text in texts])
    if kind == "string":
        return tuple(map(unguarded, texts))
    try:
        return _column(texts, "number")
    except InvalidValue:
        return _column(texts, "string")


def _float(text: str) -> float:
    return math.copysign(math.inf, float(text)) if text in ("inf", "-inf") else float(as_number(text))


def _metadata(path: Path) -> dict[str, Any]:
    beside = metadata_path(path)
    if not beside.exists():
        return {}
    try:
        found: dict[str, Any] = json.loads(beside.read_text(encoding="utf-8"))
        same = found["notes"][0]["sha256"] == _sha256(path)
    except (OSError, ValueError, LookupError, TypeError):
        raise SettingError(f"{beside}: is not what this program has written") from None
    if not same:
        raise SettingError(
            f"{path}: has changed since {beside.name} was written; remove that to read it alone"
        )
    return found


def sheet_text(sheet: Sheet) -> str:
    """Return a sheet as the text of a file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(guarded, sheet.headings))
    writer.writerows([_cell_text(row.cells.get(h)) for h in sheet.headings] for row in sheet.rows)
    written = text.getvalue()
    return written if written.isascii() else MARK + written


def _cell_text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float | int):
        return getattr(cell, "text", repr(cell))
    return guarded(cell or "")


def read_sheet(path: Path) -> Sheet:
    """Read a sheet; cells may be separated by commas, semicolons or tabs.

    Raises
    ------
    StudyError
        If it is too large, is not UTF-8, or its headings or rows are not sound.
    """
    file = str(path)
    return make_sheet(path.stem, file, list(_grid(read_text(path), file)))


def read_text(path: Path) -> str:
    """Read the text of a file.

    Raises
    ------
    StudyError
        If it is too large, cannot be read or is not UTF-8.
    """
    file = str(path)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise StudyError(Fault(f"expected at most {LARGEST_FILE >> 20} MiB", file=file))
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise StudyError(Fault(f"cannot be read: {error.strerror}", file=file)) from None
    except UnicodeDecodeError as error:
        said = f"is not UTF-8 text (byte {error.start}); save it as “CSV UTF-8”"
        raise StudyError(Fault(said, file=file)) from None


def _grid(text: str, file: str) -> Iterator[tuple[str, list[str]]]:
    head = text.lstrip().split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    try:
        for row in rows:
            yield f"line {rows.line_num}", [unguarded(cell) for cell in row]
    except csv.Error as error:
        raise StudyError(Fault(str(error), f"line {rows.line_num}", file)) from None
