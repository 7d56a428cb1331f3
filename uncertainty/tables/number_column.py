"""A column of numbers among the rows that it stands in, of which some may be no data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.errors import Fault, StudyError
from uncertainty.tables.sheets import is_like_a_number
from uncertainty.tables.table import WEIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from uncertainty.tables.sheets import Cell


_OF_DRAWS = ("inputs.", "outputs.")
"""What columns of draws that this program saved are called by."""


_FEWEST_COUNTED = 3
"""Columns that a row counts: two numbers may well be data."""
_COUNTED = tuple(map(str, range(1, 1_001)))
_LOOKED_AT = 1_000
"""Rows that say that a column holds texts."""


class NumberColumn(NamedTuple):
    """A column of numbers, and what stands beside it.

    Parameters
    ----------
    rows
        Gives the rows of the file without the headings, each with its place; a long file is read anew.
    headings
        Of all columns.
    position
        Which column it is.
    file
        Named in messages.
    numbers
        What it holds, one a row, nan where that is missing.
    text
        All of the file, if it is one of text: what does not stand in it stands in no row.
    """

    rows: Callable[[], Iterable[tuple[str, Sequence[Cell]]]]
    headings: Sequence[str]
    position: int
    file: str
    numbers: Sequence[float]
    text: str | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.headings[self.position]

    def cells(self) -> Iterator[tuple[str, Cell]]:
        """Yield where each of its cells is, and what it holds."""
        for place, cells in self.rows():
            yield place, cells[self.position] if self.position < len(cells) else None

    def of_one_table(self) -> NumberColumn:
        """Return the column without the tables that stand beside its own, beyond empty columns.

        What calls its rows may stand beyond such a column, too: it is left as it is unless there is a text of
        its own in each row, and another one in each.
        """
        gaps = {column for column, heading in enumerate(self.headings) if not heading}
        names: dict[int, set[str]] = {column: set() for column in range(len(self.headings))}
        for (_, cells), number in zip(self.rows(), self.numbers, strict=True) if gaps else ():
            gaps -= {column for column in gaps if _filled(cells, column)}
            for column in [*names] if not math.isnan(number) else ():
                text = _filled(cells, column)
                if not text or text in names[column] or is_like_a_number(text):
                    del names[column]
                else:
                    names[column].add(text)
        first = max((column + 1 for column in gaps if column < self.position), default=0)
        last = min((column for column in gaps if column > self.position), default=len(self.headings))
        if not gaps or not {*names} & {*range(first, last)}:
            return self
        return self._replace(
            rows=lambda: ((place, cells[first:last]) for place, cells in self.rows()),
            headings=self.headings[first:last],
            position=self.position - first,
        )


def _filled(cells: Sequence[Cell], column: int) -> str:
    cell = cells[column] if column < len(cells) else None
    return "" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell).strip()


def refuse_headings_again(column: NumberColumn) -> None:
    """Refuse rows that are the headings again, as where files are set together, if a number heads the column.

    Raises
    ------
    StudyError
        With the place of the first.
    """
    headings = [heading.strip() for heading in column.headings]
    if not is_like_a_number(column.name) or all(map(is_like_a_number, filter(None, headings))):
        return
    for place, cells in column.rows():
        if [_filled(cells, each) for each in range(len(headings))] == headings:
            said = f"{column.name}: the headings stand again, and {column.name} is none of the data"
            raise StudyError(Fault(f"{said}; leave the line out", place, column.file))


def refuse_column_numbers(column: NumberColumn) -> None:
    """Refuse a first row that counts the columns, as official tables have it below their headings.

    Each of its cells holds the number of its column, also one that is a text in all other rows.

    Raises
    ------
    StudyError
        With the place of the row.
    """
    rows = iter(column.rows())
    place, first = next(rows, ("", ()))
    width = len(column.headings)
    if width < _FEWEST_COUNTED or [_filled(first, each) for each in range(width)] != [*_COUNTED[:width]]:
        return
    texts = {*range(width)}
    for count, (_, cells) in enumerate(rows, 1):
        texts -= {each for each in texts if (said := _filled(cells, each)) == "" or is_like_a_number(said)}
        if not texts or count == _LOOKED_AT:
            break
    if texts:
        said = f"{column.name}: the row 1, 2, 3, … numbers the columns and holds no data"
        raise StudyError(Fault(f"{said}; leave it out", place, column.file))


def refuse_weighted(headings: Sequence[str], name: str, file: str) -> None:
    """Refuse a column of draws that this program saved with their weights: by itself it is no sample.

    Raises
    ------
    StudyError
        With what to do.
    """
    if WEIGHT in headings and name.startswith(_OF_DRAWS):
        message = (
            f'{name}: an observation weighs these draws, as the column "{WEIGHT}" says, and each would count '
            f'once; choose rows at random by "{WEIGHT}" first, or save draws without observations'
        )
        raise StudyError(Fault(message, file=file))
