"""Tables as Parquet, with units and origin in the file's metadata."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty.disk import written_otherwise
from uncertainty.errors import Fault, SettingError
from uncertainty.extras import require as require_library
from uncertainty.files import refuse_to_unpack, understood
from uncertainty.nested import parse_json
from uncertainty.tables.table import Table, checksum

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from uncertainty.tables.table import Column, Passing, Tabular

METADATA = b"uncertainty"
NAME = b"uncertainty.name"
CHECKSUM = b"uncertainty.checksum"

TEXTS = ("string", "large_string")
INFINITE = True
BESIDE: tuple[str, ...] = ()


def require() -> None:
    """Need pyarrow."""
    require_library("pyarrow")


def check(table: Tabular) -> None:
    """Refuse nothing."""


def write(table: Passing, path: Path) -> None:
    """Write one column of doubles or texts for each column, and read them back."""
    import pyarrow as pa
    from pyarrow import parquet

    kinds = [(name, pa.float64() if numeric else pa.string()) for name, numeric in table.numeric.items()]
    about = dict(table.about) | {"units": dict(table.units)}
    metadata = {METADATA: json.dumps(about).encode(), NAME: table.name.encode()}
    schema = pa.schema(kinds, metadata=metadata)
    # random numbers do not compress
    with parquet.ParquetWriter(
        path, schema, compression="none", use_dictionary=False, write_page_checksum=True
    ) as writer:
        for part in table.parts():
            writer.write_table(pa.table([pa.array(column) for column in part.values()], schema=schema))
        writer.add_key_value_metadata({CHECKSUM: table.checksum.encode()})
    with scanned(path) as (head, parts):
        if head.checksum != table.checksum or checksum(head, parts) != table.checksum:
            raise written_otherwise()


def read(path: Path) -> Table:
    """Read what `write` has written, or a run that saved its draws."""
    from pyarrow import parquet

    size = parquet.read_metadata(path)
    refuse_to_unpack(path, size.num_rows * size.num_columns)
    with scanned(path) as (head, parts):
        found = list(parts)
    columns: dict[str, Column] = {}
    for name, empty in head.columns.items():
        values = [part[name] for part in found]
        if isinstance(empty, tuple):
            columns[name] = tuple(text for column in values for text in column)
        else:
            columns[name] = np.concatenate([empty, *values])
    return replace(head, columns=columns)


@contextmanager
def scanned(path: Path) -> Iterator[tuple[Table, Iterator[Mapping[str, Column]]]]:
    """Give what a file says of its table, and its rows part by part.

    Yields
    ------
    Table, iterator
        The table without a row, and parts by column.

    Raises
    ------
    SettingError
        If the file is no such table.
    """
    from pyarrow import parquet

    with (
        understood(SettingError(Fault("is not a table that this program has written", file=str(path)))),
        parquet.ParquetFile(path, page_checksum_verification=True) as file,
    ):
        metadata = file.metadata.metadata or {}
        about = parse_json(metadata[METADATA].decode())
        units = about.pop("units", {})
        columns: dict[str, Column] = {
            field.name: () if str(field.type) in TEXTS else np.empty(0) for field in file.schema_arrow
        }
        name = metadata.get(NAME, b"draws").decode()
        yield Table(name, columns, units, about, metadata.get(CHECKSUM, b"").decode()), _parts(file)


def _parts(file: Any) -> Iterator[Mapping[str, Column]]:
    for batch in file.iter_batches(2**16):
        yield {
            name: tuple(column.to_pylist())
            if str(column.type) in TEXTS
            else np.array(column.to_numpy(zero_copy_only=False))
            for name, column in zip(batch.schema.names, batch.columns, strict=True)
        }
