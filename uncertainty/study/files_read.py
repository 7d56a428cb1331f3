"""What was read from the files beside a study, where something of them was not: a sentence each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.tables.currencies import currency_columns
from uncertainty.tables.rows_read import (
    columns_not_read,
    listed,
    not_read_text,
    parted,
    places,
    rows_read,
)
from uncertainty.tables.unit_columns import unit_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from uncertainty.distributions.data_file import DataColumn
    from uncertainty.study.table_rows import Rows


class _Read(NamedTuple):
    rows: Rows
    columns: set[int]
    numbers: set[int]


class FilesRead:
    """Keeps which columns of the tables beside a study anything reads."""

    def __init__(self) -> None:
        self._read: dict[str, _Read] = {}

    def add(self, file: str, rows: Rows, columns: Iterable[int], numbers: Iterable[int] = ()) -> None:
        """Take what reads a file.

        Parameters
        ----------
        columns
            All that it reads.
        numbers
            Those of them that hold what the rows are numbers of.
        """
        found = self._read.setdefault(file, _Read(rows, set(), set()))
        found.columns.update(columns)
        found.numbers.update(numbers)

    def sentences(self) -> Iterator[str]:
        """Yield what was read from each file of which something was not."""
        for file, (rows, columns, numbers) in self._read.items():
            layout = rows.layout.reading(numbers)
            asked = unit_columns(layout) | currency_columns(layout) if numbers else frozenset[int]()
            if not_read := columns_not_read(layout, columns | asked):
                yield f"{file}: {_said(rows, columns, numbers, not_read)}"


def _said(rows: Rows, columns: set[int], numbers: set[int], not_read: tuple[str, ...]) -> str:
    names = rows.headings.names
    were = f"{listed(names[each] for each in sorted(columns))} {'were' if len(columns) > 1 else 'was'} read"
    column = rows.number_column(min(numbers)) if len(numbers) == 1 else None
    if column is not None and not all(map(math.isnan, column.numbers)):
        found = rows_read(column, rows.layout.reading(numbers))._replace(not_read=not_read)
        return f"{were}; of {listed([column.name])} {found.sentence}"
    first, last = rows.rows[0][0], rows.rows[-1][0]
    where = first if first == last else places(first, last)
    said = parted(rows.layout.reading(numbers), (cells for _, cells in rows.rows))
    return f"{were} in {where}; {not_read_text(not_read, said)}."


def data_read(columns: Iterable[DataColumn]) -> Iterator[str]:
    """Yield what was read of each column of data; what no other column of its file takes stands last."""
    by_file: dict[str, dict[str, DataColumn]] = {}
    for each in columns:
        if each.read is not None:
            by_file.setdefault(each.file, {})[each.heading] = each
    for file, named in by_file.items():
        found = [(name, each.read) for name, each in named.items() if each.read is not None]
        passed = tuple(
            name
            for name in found[0][1].not_read
            if name not in named and all(name in read.not_read for _, read in found)
        )
        for place, (name, read) in enumerate(found, 1):
            told = read._replace(not_read=passed if place == len(found) else ())
            yield f"{file}: of {listed([name])} were read {told.sentence}"
