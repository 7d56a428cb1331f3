"""Tables as Parquet, with units and origin in the file's metadata."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.extras import require as require_library
from uncertainty.files import refuse_to_unpack
from uncertainty.nested import parse_json
from uncertainty.tables.table import Table

if TYPE_CHECKING:
    from pathlib import Path

    from uncertainty.tables.table import Column, Tabular

METADATA = b"uncertainty"
NAME = b"uncertainty.name"


def require() -> None:
    """Need pyarrow."""
    require_library("pyarrow")


def check(table: Tabular) -> None:
    """Refuse nothing."""


def write(table: Tabular, path: Path) -> None:
    """Write one column of doubles or texts for each column."""
    import pyarrow as pa
    from pyarrow import parquet

    kinds = [(name, pa.float64() if numeric else pa.string()) for name, numeric in table.numeric.items()]
    about = dict(table.about) | {"units": dict(table.units)}
    metadata = {METADATA: json.dumps(about).encode(), NAME: table.name.encode()}
    schema = pa.schema(kinds, metadata=metadata)
    # random numbers do not compress
    with parquet.ParquetWriter(path, schema, compression="none", use_dictionary=False) as writer:
        for part in table.parts():
            writer.write_table(pa.table([pa.array(column) for column in part.values()], schema=schema))


def read(path: Path) -> Table:
    """Read what `write` has written, or a run that saved its draws."""
    from pyarrow import parquet

    size = parquet.read_metadata(path)
    refuse_to_unpack(path, size.num_rows * size.num_columns)
    found = parquet.read_table(path)
    metadata = found.schema.metadata or {}
    about = parse_json(metadata[METADATA].decode())
    columns: dict[str, Column] = {}
    for name in found.column_names:
        values = found.column(name)
        is_text = str(values.type) in ("string", "large_string")
        columns[name] = tuple(values.to_pylist()) if is_text else np.array(values.to_numpy())
    units = about.pop("units", {})
    return Table(metadata.get(NAME, b"draws").decode(), columns, units, about)
