"""The rows of a CSV file beside a study."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.errors import InvalidValue
from uncertainty.study.headings_of_spreads import is_number
from uncertainty.tables.csv_reading import data_rows, grouped_points, headings_of, open_csv
from uncertainty.tables.number_column import NumberColumn
from uncertainty.tables.owners import Layout
from uncertainty.tables.row_names import names_of_no_data, names_told
from uncertainty.tables.sheets import as_number, beyond_headings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from uncertainty.tables.csv_reading import Headings


class Rows(NamedTuple):
    """A file's headings and rows, each with its place."""

    file: str
    headings: Headings
    rows: list[tuple[str, list[str]]]
    layout: Layout
    separator: str
    may_group: bool

    def column(self, name: str) -> int | None:
        """Return the column of a heading, None where there is none.

        Raises
        ------
        InvalidValue
            If it stands twice.
        """
        try:
            return self.headings.place(name)
        except InvalidValue as error:
            raise InvalidValue(f"{self.file} {error}") from None

    def heading(self, name: str) -> str:
        """Return a heading as the file writes it; the name itself where the file has none."""
        return min(self.headings.spelt([name]), default=name)

    def numbers(self, position: int) -> list[float]:
        """Return the numbers of a column, nan where a cell holds something else.

        Raises
        ------
        InvalidValue
            If points may group thousands.
        """
        self.refuse_grouped_points(position)
        return self._numbers(position)

    def refuse_grouped_points(self, position: int) -> None:
        """Refuse a column of which the points may group thousands, as `numbers` does."""
        if self.may_group and (said := grouped_points(self.separator, lambda: self.rows, position)):
            raise InvalidValue(f"{self.file}, {said[0]}: {said[1]}")

    def _numbers(self, position: int) -> list[float]:
        cells = (cells[position] for _, cells in self.rows)
        return [float(as_number(cell)) if is_number(cell) else math.nan for cell in cells]

    def number_column(self, position: int, others: Collection[int] = ()) -> NumberColumn:
        """Return a column whose points are decimal, among its rows.

        Parameters
        ----------
        others
            Columns of which the cells are read as something else, and are empty here.
        """
        rows = self.rows
        if others:
            rows = [
                (place, ["" if column in others else cell for column, cell in enumerate(row)])
                for place, row in self.rows
            ]
        names, numbers = self.headings.names, self._numbers(position)
        return NumberColumn(lambda: rows, names, position, self.file, numbers, "")


def read_rows(path: Path, file: str) -> Rows:
    """Read the rows of a file.

    Raises
    ------
    StudyError
        If it cannot be read, or a cell stands beyond the headings; with the place.
    """
    found = open_csv(path, f'"{file}"')
    headings = headings_of(found)
    width = len(headings.names)
    rows = []
    for place, cells in data_rows(found, headings):
        for column in range(width, len(cells)):
            if cells[column].strip():
                raise found.fault(beyond_headings(cells[column], column), place)
        rows.append((place, [cell.strip() for cell in cells] + [""] * (width - len(cells))))
    layout = Layout.of(headings.names, lambda: rows)
    return Rows(found.file, headings, rows, layout, found.separator, found.may_group)


def members_told(file: str, table: Rows, called: Sequence[int]) -> Iterator[str]:
    """Yield which members may sum up others by what they are called.

    Parameters
    ----------
    called
        The columns of their names and labels.
    """
    names = {each: Counter(cells[each] for _, cells in table.rows) for each in called}
    told = {each: names_told(found) for each, found in names.items()}
    # "eu" is a region where it is labelled "Europe" among regions
    regions = {each: names_of_no_data(found) - told[each] for each, found in names.items()}
    found = {
        place: cells[each]
        for place, cells in table.rows
        if not any(cells[each] in regions[each] for each in called)
        for each in called
        if cells[each] in told[each]
    }
    for place, name in found.items():
        yield f'{file}, {place}: "{name}" may sum up other members, and is read as one.'
