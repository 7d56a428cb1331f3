"""Which module writes and reads a file, found by the ending of its name."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from uncertainty.errors import SettingError, nearest
from uncertainty.files import replacing, saying_why

if TYPE_CHECKING:
    from uncertainty.tables.table import Table, Tabular

FORMATS = {
    ".parquet": "parquet_file",
    ".nc": "netcdf_file",
    ".csv": "csv_file",
    ".xlsx": "workbook",
    ".json": "json_file",
}
"""Modules by ending."""


class Format(Protocol):
    """A module that owns one kind of file."""

    def require(self) -> None:
        """Make sure that the libraries which the format needs are there."""
        ...

    def check(self, table: Tabular) -> None:
        """Refuse a table that the format cannot hold."""
        ...

    def write(self, table: Tabular, path: Path, final: Path) -> None:
        """Write a table to the empty file `path`, which will take the place of `final`."""
        ...

    def read(self, path: Path) -> Table:
        """Read a table that `write` has written."""
        ...


def format_of(path: str | Path) -> Format:
    """Return the format of a file by the ending of its name.

    Raises
    ------
    SettingError
        If there is none, or a library that it needs is not installed.
    """
    ending = Path(path).suffix.lower()
    if ending not in FORMATS:
        raise SettingError(
            f"{path}: expected a name that ends in {', '.join(FORMATS)}{nearest(ending, FORMATS)}"
        )
    found = cast("Format", import_module(f"uncertainty.tables.{FORMATS[ending]}"))
    found.require()
    return found


def save_table(table: Tabular, path: str | Path) -> None:
    """Write a table to a file, whole or not at all.

    Parameters
    ----------
    path
        Its ending says the format: ``.parquet``, ``.nc`` (NetCDF, in the groups that ArviZ knows), ``.csv``
        (with a second file that holds units and origin, as CSV on the Web has it), ``.xlsx`` or ``.json``.

    Raises
    ------
    SettingError
        If the ending is unknown, a library is not installed, or the format cannot hold the table.
    UncertaintyError
        If the file cannot be written.
    """
    target = Path(path)
    kind = format_of(target)
    kind.check(table)
    with saying_why(target), replacing(target) as new:
        kind.write(table, new, target)


def save_once(table: Tabular, path: str | Path) -> None:
    """Write a table to a file that is not there, or that holds the same already.

    Raises
    ------
    SettingError
        If the file holds something else; and as `save_table` does.
    """
    target = Path(path)
    if target.exists():
        found = read_table(target)
        if (dict(found.about), dict(found.units)) != (dict(table.about), dict(table.units)):
            raise SettingError(f"{target}: holds the draws of another run; remove it or choose another name")
        return
    save_table(table, target)


def read_table(path: str | Path) -> Table:
    """Read a table that `save_table`, or a run with ``save``, has written.

    Raises
    ------
    SettingError
        If the ending is unknown, a library is not installed, or the file is not such a table.
    """
    source = Path(path)
    kind = format_of(source)
    if not source.is_file():
        raise SettingError(f"{source}: no such file")
    return kind.read(source)
