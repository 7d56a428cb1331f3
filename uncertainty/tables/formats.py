"""Which module writes and reads a file, found by the ending of its name."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from uncertainty.bounds import LARGEST_DOCUMENT
from uncertainty.calls import checked
from uncertainty.errors import Fault, SettingError, StudyError, UncertaintyError, nearest
from uncertainty.files import (
    check_target,
    kind_of_path,
    locked,
    remove_unfinished,
    replacing_together,
    saying_why,
    text_of,
    understood,
)
from uncertainty.nested import parse_json
from uncertainty.tables import printed
from uncertainty.tables.table import Passing, checksum

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

VERSIONS = ("version", "numpy", "scipy")
"""What draws depend on beside what was asked for: programs, of which another version draws other numbers."""


class Format(Protocol):
    """A module that owns one kind of file."""

    INFINITE: bool
    """Whether infinities can be told from what is undefined."""
    BESIDE: tuple[str, ...]
    """What the name of a file is followed by in those of the files beside it."""

    def require(self) -> None:
        """Make sure that the libraries which the format needs are there."""
        ...

    def check(self, table: Tabular) -> None:
        """Refuse a table that the format cannot hold."""
        ...

    def write(self, table: Passing, path: Path) -> None:
        """Write a table to a file that is not there, what else belongs to it beside, and read them back."""
        ...

    def read(self, path: Path) -> Table:
        """Read a table that `write` has written."""
        ...


def format_of(path: str | Path, also: Collection[str] = ()) -> Format:
    """Return the format of a file by the ending of its name.

    Parameters
    ----------
    also
        Endings that may be given beside those of formats.

    Raises
    ------
    SettingError
        If there is none, or a library that it needs is not installed.
    """
    ending = Path(path).suffix.lower()
    if printed.is_printed(path):
        raise SettingError(
            Fault(
                f"a table ends in {ending} to be printed; what is to be read again ends in .csv",
                file=str(path),
            )
        )
    if ending not in FORMATS:
        known = [*FORMATS, *also]
        raise SettingError(
            Fault(f"expected a name that ends in {', '.join(known)}{nearest(ending, known)}", file=str(path))
        )
    found = cast("Format", import_module(f"uncertainty.tables.{FORMATS[ending]}"))
    found.require()
    return found


def format_to_write(path: str | Path, also: Collection[str] = ()) -> Format:
    """Return the format of a file that is to be written, before any work is done for it.

    Parameters
    ----------
    also
        As `format_of` takes it.

    Raises
    ------
    SettingError
        As `format_of` does; and if there is no folder for the file, or a folder in its place.
    """
    target = Path(path)
    check_target(target)
    if not target.parent.is_dir():
        raise SettingError(Fault(f"there is no folder {target.parent}", file=str(target)))
    found = format_of(target, also)
    # a name may be too long for what is written beside it alone
    for each in found.BESIDE:
        beside = target.with_name(f"{target.name}{each}")
        check_target(beside)
        if beside.exists() and not target.exists() and not _is_of_a_table(beside):
            message = f"stands where what belongs to {target.name} is written; choose another name"
            raise SettingError(Fault(message, file=str(beside)))
    return found


def _is_of_a_table(beside: Path) -> bool:
    """Tell whether a file is what this program wrote beside a table, which somebody has removed since."""
    try:
        found = parse_json(text_of(beside, LARGEST_DOCUMENT))
        return "checksum" in found["notes"][0]
    except (UncertaintyError, LookupError, TypeError, ValueError):
        return False


@checked()
def save_table(table: Tabular, path: str | Path) -> None:
    """Write a table to a file, whole or not at all.

    Parameters
    ----------
    path
        Its ending says the format: ``.parquet``, ``.nc`` (NetCDF, in the groups that ArviZ knows), ``.csv``
        (with a second file that holds units and origin, as CSV on the Web has it), ``.xlsx`` or ``.json``;
        and, to be printed and not to be read again, ``.tex`` or ``.md``.

    Raises
    ------
    SettingError
        If the ending is unknown, a library is not installed, or the format cannot hold the table.
    UncertaintyError
        If the file cannot be written.
    """
    target = Path(path)
    if printed.is_printed(target):
        printed.save(table, target)
        return
    store(table, target, format_of(target, printed.MARKS))


def store(table: Tabular, path: Path, kind: Format) -> None:
    """Write a table to a file of a kind, whatever its name, as `save_table` does."""
    kind.check(table)
    passing = Passing(table, infinite=kind.INFINITE)
    with saying_why(path), replacing_together(path) as new:
        try:
            kind.write(passing, new)
        except (OSError, UnicodeEncodeError, UncertaintyError):
            raise
        except Exception as error:
            if error is passing.failure:
                raise
            # a library says in its own words, and by its own exceptions, what the disk refused
            raise UncertaintyError(Fault(f"cannot be written: {error}", file=str(path))) from None


def save_once(table: Tabular, path: str | Path) -> None:
    """Write a table to a file that is not there, or that holds the same already.

    Raises
    ------
    SettingError
        If the file holds something else; and as `save_table` does.
    """
    target = Path(path)
    format_to_write(target)
    # another run may be writing the same: who comes second finds what the first has written
    with saying_why(target), locked(target.parent, wait=True):
        if not holds_already(table, target):
            remove_unfinished(target)
            save_table(table, target)


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
    try:
        found = read_table(target)
    except SettingError as error:
        raise SettingError(f"{error}; remove it or choose another name") from None
    if found.name != table.name or not found.checksum:
        raise SettingError(
            Fault("holds no draws of a run; remove it or choose another name", file=str(target))
        )
    refuse_another(target, found, table, but=but)
    return True


def refuse_another(
    place: Path, found: Tabular, wanted: Tabular, *, but: Collection[str] = (), option: str = ""
) -> None:
    """Refuse a table of draws that is not the one that a run would make.

    Parameters
    ----------
    place
        Where it was found.
    but
        What the numbers depend on and is not yet known of the table.
    option
        Where it was asked for.

    Raises
    ------
    SettingError
        With the first thing that differs, and both of its values.
    """
    made, asked = ({**json.loads(json.dumps(dict(t.about))), "units": dict(t.units)} for t in (found, wanted))
    for key in sorted({**asked, **made}, key=lambda key: key not in VERSIONS):
        if key not in but and made.get(key) != asked.get(key):
            what = "version of uncertainty" if key == "version" else key
            where = f"{option}: {place}" if option else f"{place}:"
            raise SettingError(
                f"{where} holds the draws of another run "
                f"({what} is {_said(made.get(key))}, not {_said(asked.get(key))}); "
                "remove it or choose another name"
            )


def _said(value: object) -> str:
    """Write what draws depend on as somebody would."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {_said(each)}" for key, each in value.items()) or "nothing"
    return "nothing" if value is None else f"{value}"


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
            found = kind.read(source)
            whole = found.checksum in ("", checksum(found, found.parts(), infinite=kind.INFINITE))
    except StudyError as error:
        raise SettingError(*error.faults) from None
    if not whole:
        raise SettingError(f"{source}: is damaged: it does not hold what was written to it")
    return found
