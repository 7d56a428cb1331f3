"""A column of numbers among the rows that it stands in, of which some may be no data."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from uncertainty.tables.sheets import Cell


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
