"""Which module writes and reads a file, found by the ending of its name."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from uncertainty.calls import checked
from uncertainty.errors import SettingError, StudyError, nearest
from uncertainty.files import kind_of_path, replacing_together, saying_why, understood

if TYPE_CHECKING:
    from collections.abc import Collection

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

    def write(self, table: Tabular, path: Path) -> None:
        """Write a table to a file that is not there, and what else belongs to it beside."""
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


def format_to_write(path: str | Path) -> Format:
    """Return the format of a file that is to be written, before any work is done for it.

    Raises
    ------
    SettingError
        As `format_of` does; and if there is no folder for the file, or a folder in its place.
    """
    target = Path(path)
    if target.is_dir():
        raise SettingError(f"{target}: is a folder; expected the path of a file to write")
    if not target.parent.is_dir():
        raise SettingError(f"{target}: there is no folder {target.parent}")
    return format_of(target)


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
    with saying_why(target), replacing_together(target) as new:
        kind.write(table, new)


def save_once(table: Tabular, path: str | Path) -> None:
    """Write a table to a file that is not there, or that holds the same already.

    Raises
    ------
    SettingError
        If the file holds something else; and as `save_table` does.
    """
    if not holds_already(table, path):
        save_table(table, path)


def holds_already(table: Tabular, path: str | Path, *, but: Collection[str] = ()) -> bool:
    """Tell whether a file holds a table, of which no part is looked at, and refuse what cannot hold it.

    Parameters
    ----------
    but
        What the numbers depend on and is not yet known of the table.

    Raises
    ------
    SettingError
        If the file holds something else, or its format cannot hold the table; and as `format_to_write` does.
    """
    target = Path(path)
    format_to_write(target).check(table)
    if not target.exists():
        return False
    found = read_table(target)
    abouts = [{key: value for key, value in each.about.items() if key not in but} for each in (found, table)]
    if abouts[0] != abouts[1] or dict(found.units) != dict(table.units):
        raise SettingError(f"{target}: holds the draws of another run; remove it or choose another name")
    return True


@checked()
def read_table(path: str | Path) -> Table:
    """Read a table that `save_table`, or a run with ``save``, has written.

    Raises
    ------
    SettingError
        If the ending is unknown, a library is not installed, or the file is not such a table.
    """
    source = Path(path)
    kind = format_of(source)
    if (there := kind_of_path(source)) != "file":
        raise SettingError(f"{source}: {'no such file' if there == 'nothing' else 'is not a regular file'}")
    try:
        with understood(SettingError(f"{source}: is not a table that this program has written")):
            return kind.read(source)
    except StudyError as error:
        raise SettingError(*error.faults) from None
