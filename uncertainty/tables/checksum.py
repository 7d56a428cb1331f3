"""The checksum of a table: the same whatever parts it comes in and whatever kind of file it goes to."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from uncertainty.tables.table import Column, Tabular


class Checksum:
    """SHA-256 of a table's name, columns, units, origin and content, taken as its parts pass by."""

    def __init__(self, table: Tabular, *, infinite: bool = True) -> None:
        about = json.dumps(dict(table.about), sort_keys=True)
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
