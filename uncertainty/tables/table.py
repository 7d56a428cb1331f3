"""What a table is: named columns with units, and a checksum whatever parts it comes in."""

from __future__ import annotations

import hashlib
import json
from dataclasses import field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np

from uncertainty.calls import checked
from uncertainty.errors import SettingError
from uncertainty.late import dataclass
from uncertainty.records import Frozen, brief, by_name, view

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from pandas import DataFrame
    from xarray import DataTree


Column: TypeAlias = "NDArray[np.float64] | tuple[str, ...]"
"""Numbers, nan where there is none; or words, empty where there is none."""

NULL = "{} cannot hold the character U+0000"
"""What is said of a text that ends, for whoever reads it, before its end."""


class Tabular(Protocol):
    """Anything with named columns that can be read part by part: a `Table`, or draws too many to keep."""

    @property
    def name(self) -> str:
        """What it holds, such as ``"draws"``; the name of its sheet in a workbook."""
        ...

    @property
    def numeric(self) -> Mapping[str, bool]:
        """By column, in order, whether it holds numbers."""
        ...

    @property
    def units(self) -> Mapping[str, str]:
        """Units of the columns that have one."""
        ...

    @property
    def about(self) -> Mapping[str, Any]:
        """Everything that the numbers depend on, as JSON values."""
        ...

    @property
    def rows(self) -> int:
        """Number of rows."""
        ...

    @property
    def chain_rows(self) -> int:
        """Rows of one independent replicate: the rows are whole replicates, one after the other."""
        ...

    def parts(self) -> Iterator[Mapping[str, Column]]:
        """Yield the rows in order, some at a time; the arrays may be used again for the next part."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table in memory.

    Parameters
    ----------
    columns
        By name, all of one length: numbers (nan where there is none) or words.
    units, about
        As in `Tabular`.
    checksum
        Of a table that comes from a file: what the file says that it holds.
    """

    name: str
    columns: Mapping[str, Column]
    units: Mapping[str, str] = field(default_factory=Frozen)
    about: Mapping[str, Any] = field(default_factory=Frozen)
    checksum: str = ""

    __repr__ = brief

    def __post_init__(self) -> None:
        lengths = {len(column) for column in self.columns.values()}
        if len(lengths) > 1:
            raise ValueError(f"expected columns of one length, found {sorted(lengths)}")
        for name, column in self.columns.items():
            if isinstance(column, np.ndarray):
                column.flags.writeable = False
            elif not all(isinstance(text, str) for text in column):
                raise ValueError(f"{name}: expected numbers or words, found both, or neither")
        words = (self.name, *self.columns, *self.units.values(), self.checksum)
        if not all(isinstance(text, str) for text in words):
            raise ValueError("expected names, units and a checksum in words")
        if not all(isinstance(key, str) for key in dict(self.about)):
            raise ValueError("expected what the numbers depend on by name")

    @classmethod
    def of_rows(cls, name: str, rows: Sequence[Mapping[str, Any]], **more: Any) -> Table:
        """Make a table of rows: a column is numeric if no value of it is a text.

        Parameters
        ----------
        rows
            Values are numbers, texts or None; what a row does not have is None.
        **more
            `units` and `about`.
        """
        columns: dict[str, Column] = {}
        # what one row lacks, such as an interval, stands where the row with the most has it
        for key in dict.fromkeys(key for row in sorted(rows, key=len, reverse=True) for key in row):
            values = [row.get(key) for row in rows]
            if any(isinstance(value, str) for value in values):
                columns[key] = tuple("" if value is None else str(value) for value in values)
            else:
                columns[key] = np.array([np.nan if v is None else float(v) for v in values])
        return cls(name, Frozen(columns), **more)

    @classmethod
    def whole(cls, table: Tabular) -> Table:
        """Read all parts of a table into memory."""
        if isinstance(table, Table):
            return table
        columns: dict[str, NDArray[np.float64]] = {name: np.empty(table.rows) for name in table.numeric}
        done = 0
        for part in table.parts():
            size = len(next(iter(part.values())))
            for name, values in part.items():
                columns[name][done : done + size] = values
            done += size
        return cls(table.name, Frozen(columns), table.units, table.about)

    @property
    def numeric(self) -> Mapping[str, bool]:
        """By column, in order, whether it holds numbers."""
        return {name: isinstance(column, np.ndarray) for name, column in self.columns.items()}

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(next(iter(self.columns.values()), ()))

    @property
    def chain_rows(self) -> int:
        """Rows of one independent replicate, all of them if nothing is known of replicates."""
        return int(self.about.get("replicate_rows", 0)) or self.rows

    def parts(self) -> Iterator[Mapping[str, Column]]:
        """Yield the whole table."""
        yield self.columns

    @checked()
    def save(self, path: str | Path) -> None:
        """Write the table to a file; see `uncertainty.tables.save_table`."""
        by_name("uncertainty.tables.formats", "save_table")(self, path)

    def to_pandas(self) -> DataFrame:
        """Return the table as a data frame; units and origin are in its ``attrs``."""
        frame: DataFrame = by_name("uncertainty.tables.frames", "to_pandas")(self)
        return frame

    def to_xarray(self) -> DataTree:
        """Return the table as labelled arrays; see `uncertainty.tables.frames.to_xarray`."""
        tree: DataTree = by_name("uncertainty.tables.frames", "to_xarray")(self)
        return tree

    _repr_html_ = view


def stacked(name: str, heading: str, tables: Mapping[str, Table]) -> Table:
    """Put tables with the same columns below one another, with a first column that says which is which."""
    rows = [
        {heading: key} | {column: values[place] for column, values in table.columns.items()}
        for key, table in tables.items()
        for place in range(table.rows)
    ]
    first = next(iter(tables.values()))
    return Table.of_rows(name, rows, units=first.units, about=first.about)


WEIGHT = "weight"
"""The column of draws that says how much each counts, where observations weigh them."""

MOST_SHOWN = 20
"""Rows of a table that a notebook shows."""


class Checksum:
    """SHA-256 of a table's name, columns, units, origin and content, taken as its parts pass by."""

    def __init__(self, table: Tabular, *, infinite: bool = True) -> None:
        # keys that are numbers become words first, as they are in a file, and are sorted as such
        about = json.dumps(dict(table.about))
        head = [table.name, list(table.numeric), sorted(table.units.items()), json.loads(about)]
        self._head = json.dumps(head, sort_keys=True)
        self._columns = {name: hashlib.sha256() for name in table.numeric}
        self._infinite = infinite
        self.rows = 0

    def add(self, part: Mapping[str, Column]) -> None:
        """Take the next rows in."""
        for name, column in part.items():
            self._columns[name].update(_bytes(column, infinite=self._infinite))
        self.rows += len(next(iter(part.values()), ()))

    def hexdigest(self) -> str:
        """Return the checksum of what has passed by."""
        found = hashlib.sha256(f"{self._head}\n{self.rows}\n".encode())
        for column in self._columns.values():
            found.update(column.digest())
        return found.hexdigest()


def _bytes(column: Column, *, infinite: bool) -> bytes:
    if isinstance(column, np.ndarray):
        # every nan is the same here, as it is in most files
        missing = np.isnan(column) if infinite else ~np.isfinite(column)
        return np.where(missing, np.nan, column).astype("<f8").tobytes()
    texts = [text.encode("utf-8", "surrogatepass") for text in column]
    return b"".join(b"%d:%b" % (len(text), text) for text in texts)


def refuse_null(table: Tabular, what: str) -> None:
    """Refuse a table with the character U+0000 in a text, where a kind of file cannot hold it.

    Raises
    ------
    SettingError
        In one line.
    """
    columns = Table.whole(table).columns if not all(table.numeric.values()) else {}
    texts = (each for column in columns.values() if isinstance(column, tuple) for each in column)
    if found := next((each for each in (*table.numeric, *texts) if "\0" in each), None):
        raise SettingError(f"{NULL.format(what)}: {found[:40]!r}")


def checksum(table: Tabular, parts: Iterable[Mapping[str, Column]], *, infinite: bool = True) -> str:
    """Return the checksum of a table that comes in parts."""
    found = Checksum(table, infinite=infinite)
    for part in parts:
        found.add(part)
    return found.hexdigest()


@dataclass(slots=True)
class Passing:
    """A table whose checksum is taken while it is read: to be read once, from beginning to end.

    Parameters
    ----------
    table
        The table.
    infinite
        Whether infinities are told from what is undefined: some files hold neither.
    """

    table: Tabular
    infinite: bool = True
    failure: BaseException | None = None
    _passed: Checksum = field(init=False)

    def __post_init__(self) -> None:
        self._passed = Checksum(self.table, infinite=self.infinite)

    @property
    def name(self) -> str:
        """What it holds."""
        return self.table.name

    @property
    def numeric(self) -> Mapping[str, bool]:
        """By column, in order, whether it holds numbers."""
        return self.table.numeric

    @property
    def units(self) -> Mapping[str, str]:
        """Units of the columns that have one."""
        return self.table.units

    @property
    def about(self) -> Mapping[str, Any]:
        """Everything that the numbers depend on."""
        return self.table.about

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self.table.rows

    @property
    def chain_rows(self) -> int:
        """Rows of one independent replicate."""
        return self.table.chain_rows

    @property
    def checksum(self) -> str:
        """Checksum of what has passed by."""
        return self._passed.hexdigest()

    def parts(self) -> Iterator[Mapping[str, Column]]:
        """Yield the rows in order; what fails here is no fault of the file that they go to."""
        try:
            for part in self.table.parts():
                self._passed.add(part)
                yield part
        except Exception as error:
            self.failure = error
            raise
