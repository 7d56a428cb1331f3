"""Tables as JSON: columns with their units, then rows; read and written row by row."""

from __future__ import annotations

import json
import math
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty.disk import HashedFile
from uncertainty.files import text_of
from uncertainty.nested import parse_json
from uncertainty.tables.table import Table

if TYPE_CHECKING:
    from pathlib import Path

    from uncertainty.tables.table import Column, Passing, Tabular

FORMAT = 1
INFINITE = False
BESIDE: tuple[str, ...] = ()


def require() -> None:
    """Need nothing."""


def check(table: Tabular) -> None:
    """Refuse nothing."""


def write(table: Passing, path: Path) -> None:
    """Write ``{"format", "name", "about", "columns": [{"name", "unit"}], "rows": [[…], …], "checksum"}``."""
    columns = [
        {"name": name, "type": "number" if numeric else "text"}
        | ({"unit": table.units[name]} if name in table.units else {})
        for name, numeric in table.numeric.items()
    ]
    head = {"format": FORMAT, "name": table.name, "about": dict(table.about), "columns": columns}
    text = json.dumps(head, indent=1, ensure_ascii=False, allow_nan=False)
    with HashedFile(path).text() as file:
        file.write(text.removesuffix("\n}") + ',\n "rows": [')
        first = True
        for part in table.parts():
            lists = [_values(column) for column in part.values()]
            for row in zip(*lists, strict=True):
                file.write(
                    ("\n  " if first else ",\n  ") + json.dumps(row, ensure_ascii=False, allow_nan=False)
                )
                first = False
        file.write(f'\n ],\n "checksum": "{table.checksum}"\n}}\n')


def _values(column: Column) -> list[Any]:
    """Return JSON values: JSON has neither nan nor infinities."""
    if isinstance(column, np.ndarray):
        return [value if math.isfinite(value) else None for value in column.tolist()]
    return list(column)


def read(path: Path) -> Table:
    """Read what `write` has written."""
    found = parse_json(text_of(path, sys.maxsize))
    heads, rows = found["columns"], found["rows"]
    columns: dict[str, Column] = {}
    for place, head in enumerate(heads):
        values = [row[place] for row in rows]
        if head["type"] == "number":
            columns[head["name"]] = np.array([math.nan if v is None else v for v in values], dtype=float)
        else:
            columns[head["name"]] = tuple(values)
    if len(columns) < len(heads):
        raise ValueError
    units = {head["name"]: head["unit"] for head in heads if "unit" in head}
    return Table(found["name"], columns, units, found["about"], found.get("checksum", ""))
