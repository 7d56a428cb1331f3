"""Tables as NetCDF 4, draws in the groups, dimensions and coordinates of ArviZ's InferenceData.

Nothing is conditioned on data in a forward calculation: the inputs' draws are the group ``prior``, what the
model makes of them ``prior_predictive``. Each independent replicate of the design is a chain.
"""

from __future__ import annotations

import hashlib
import json
import math
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty._version import __version__
from uncertainty.disk import PatientFile, sha256_of, written_otherwise
from uncertainty.errors import Fault, SettingError
from uncertainty.extras import require as require_library
from uncertainty.files import most_numbers, refuse_to_unpack
from uncertainty.late import regex
from uncertainty.nested import parse_json
from uncertainty.tables.table import Table, checksum, refuse_null

if TYPE_CHECKING:
    from pathlib import Path

    from uncertainty.tables.table import Column, Passing, Tabular

GROUPS = {"inputs": "prior", "outputs": "prior_predictive"}
"""Groups by what a draw's column is called: ``inputs.NAME`` or ``outputs.NAME``."""

ORIGIN = "uncertainty"
INFINITE = True
BESIDE: tuple[str, ...] = ()
SEAL = b"\nuncertainty sha256 %b\n"
"""What comes behind the end of a file: the hash of all that is before."""

TRIAL = """
import sys, h5py
with h5py.File(sys.argv[1], "r") as file:
    def read(name, item):
        dict(item.attrs)
        if getattr(item, "size", None) and item.size <= int(sys.argv[2]):
            item[...]
    read("", file)
    file.visititems(read)
"""
"""Reads all of a file but what claims more numbers than it can hold."""

LONGEST_TRIAL = 60
"""Seconds."""

_SEALED = regex(SEAL % b"([0-9a-f]{64})")

LIBRARY = {"inference_library": "uncertainty", "inference_library_version": __version__}


def place(column: str) -> tuple[str, str]:
    """Return the group and the name of a column's variable; no group for what is no draw."""
    what, _, name = column.partition(".")
    return (GROUPS[what], name) if what in GROUPS and name else ("", column)


def require() -> None:
    """Need h5netcdf and what it stands on."""
    require_library("h5netcdf")
    require_library("h5py")


def check(table: Tabular) -> None:
    """Refuse a column whose name is that of a dimension, or that NetCDF cannot name."""
    wrong = [name for name in table.numeric if place(name)[1] in ("chain", "draw", "row") or "/" in name]
    if wrong:
        raise SettingError(f'NetCDF cannot have a variable called "{wrong[0]}"')
    refuse_null(table, "NetCDF")


def write(table: Passing, path: Path) -> None:
    """Write draws by chain and draw, any other table by row, and behind them the hash of the file."""
    import h5netcdf

    # where a disk fails HDF5 ends the process; here it is told of it by us, between two parts
    with PatientFile(path) as stream, h5netcdf.File(stream, "w") as file:
        _write(table, file, stream)
    # HDF5 leaves alone what comes behind its own end
    seal = SEAL % sha256_of(path).encode()
    with path.open("ab") as behind:
        behind.write(seal)
    if not _is_sealed(path):
        raise written_otherwise()


def _is_sealed(path: Path) -> bool:
    """Tell whether a file has its hash behind it, as no other program writes it.

    Raises
    ------
    SettingError
        If it is not what was written: HDF5 may read a file that is damaged for ever.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - len(SEAL % bytes(64))))
        found = _SEALED.fullmatch(file.read())
        file.seek(0)
        passed = hashlib.sha256()
        left = size - len(found[0]) if found else 0
        while left:
            part = file.read(min(left, 2**20))
            passed.update(part)
            left -= len(part)
    if found and found[1].decode() != passed.hexdigest():
        raise SettingError(Fault("is damaged: it does not hold what was written to it", file=str(path)))
    return found is not None


def _try_to_read(path: Path) -> None:
    """Have another process read a file of which nobody knows whether it is whole.

    Raises
    ------
    SettingError
        If HDF5 does not come to an end with it, or ends the process.
    """
    command = [sys.executable, "-c", TRIAL, str(path), str(most_numbers(path))]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=LONGEST_TRIAL, check=False)  # noqa: S603 - our own program
    except subprocess.TimeoutExpired:
        ended = None
    if ended is None or ended.returncode < 0:
        raise SettingError(Fault("is damaged: HDF5 cannot read it to its end", file=str(path)))


def _write(table: Passing, file: Any, stream: PatientFile) -> None:
    places = {column: place(column) for column in table.numeric}
    chains = table.rows // table.chain_rows if table.rows else 0
    for key, value in origin(table).items():
        file.attrs[key] = value
    variables = {}
    for column, (group, name) in places.items():
        home = file if not group else _group(file, group, chains, table.chain_rows)
        if not group and "row" not in file.dimensions:
            file.dimensions["row"] = table.rows
        dimensions = ("chain", "draw") if group else ("row",)
        variables[column] = home.create_variable(name, dimensions, _type(numeric=table.numeric[column]))
        if column in table.units:
            variables[column].attrs["units"] = table.units[column]
    done = 0
    for part in table.parts():
        size = len(next(iter(part.values())))
        for column, values in part.items():
            flat = places[column][0] == ""
            _fill(variables[column], np.asarray(values), done, 0 if flat else table.chain_rows)
        done += size
        if stream.failure is not None:
            return


def origin(table: Tabular) -> dict[str, str]:
    """Return the attributes by which a file tells what it holds and what its numbers depend on."""
    note = {"name": table.name, "columns": list(table.numeric), "about": dict(table.about)}
    return {ORIGIN: json.dumps(note, ensure_ascii=False), **LIBRARY}


def _type(*, numeric: bool) -> Any:
    import h5py

    return np.dtype(np.float64) if numeric else h5py.string_dtype("utf-8")


def _group(file: Any, name: str, chains: int, draws: int) -> Any:
    if name in file.groups:
        return file.groups[name]
    group = file.create_group(name)
    group.dimensions = {"chain": chains, "draw": draws}
    for dimension, size in group.dimensions.items():
        group.create_variable(dimension, (dimension,), np.dtype(np.int64), data=np.arange(size.size))
    for key, value in LIBRARY.items():
        group.attrs[key] = value
    return group


def _fill(variable: Any, values: Any, start: int, chain_rows: int) -> None:
    """Write consecutive rows from row `start` on: along the one dimension, or chain after chain."""
    if not chain_rows:
        variable[start : start + len(values)] = values if values.dtype.kind == "f" else values.astype(object)
        return
    while len(values):
        chain, draw = divmod(start, chain_rows)
        now, values = values[: chain_rows - draw], values[chain_rows - draw :]
        variable[chain, draw : draw + len(now)] = now
        start += len(now)


def read(path: Path) -> Table:
    """Read what `write` has written."""
    import h5netcdf
    import h5py

    sealed = _is_sealed(path)
    if not sealed:
        _try_to_read(path)
    # a file that cannot be opened, or whose attributes cannot be read, leaves h5netcdf in pieces
    with h5py.File(path, "r") as file:
        dict(file.attrs)
    with h5netcdf.File(path, "r") as file:
        note = parse_json(file.attrs[ORIGIN])
        columns: dict[str, Column] = {}
        units = {}
        places = {column: place(column) for column in note["columns"]}
        variables = {
            column: (file.groups[group] if group else file).variables[name]
            for column, (group, name) in places.items()
        }
        refuse_to_unpack(path, sum(math.prod(variable.shape) for variable in variables.values()))
        for column, variable in variables.items():
            columns[column] = _values(variable[...])
            if "units" in variable.attrs:
                units[column] = str(variable.attrs["units"])
        found = Table(note["name"], columns, units, note["about"])
    return replace(found, checksum=checksum(found, found.parts())) if sealed else found


def _values(values: Any) -> Column:
    return values.ravel() if values.dtype.kind == "f" else tuple(text.decode() for text in values)
