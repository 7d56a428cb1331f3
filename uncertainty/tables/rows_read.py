"""What was read from a table, in one sentence: which rows, the least and the greatest, and what was not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.characters import shortened, shown
from uncertainty.records import Frozen
from uncertainty.tables.owners import text_of
from uncertainty.tables.sheets import column_letter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from uncertainty.tables.number_column import NumberColumn
    from uncertainty.tables.owners import Layout
    from uncertainty.tables.sheets import Cell

MOST_LISTED = 8
"""Columns and the like that a sentence names; of more it says how many they are."""
_LONGEST = 40
"""Characters of a name that a sentence shows."""
_MOST_VALUES = 4
"""Values that a sentence lists of a column that was not read: so few part the rows, as those of flags do."""
_MOST_TEXTS = 12
"""Different texts of a column that are counted, if the rows say each twice or so: others name the rows."""
_MOST_FILLED = 20
"""Rows of which such a column may say each something else, where it says nothing of most."""
_MOST_PARTED = 4
"""Columns of which a sentence does so."""
_LONGEST_VALUE = 24
"""Characters of such a value that a sentence shows."""
_LONGEST_NUMBER = 12
"""Characters up to which a number is shown with all its digits."""


class RowRead(NamedTuple):
    """A row that was read.

    Parameters
    ----------
    place
        Where it is in the file.
    name
        What the row is called, if a column calls them.
    number
        What was read in it.
    """

    place: str
    name: str
    number: float


class RowsRead(NamedTuple):
    """Which rows of a column were read, and what else stands in the file.

    Parameters
    ----------
    first, last
        The rows at both ends that have a number.
    least, greatest
        The first rows that have the least and the greatest number.
    not_read
        The columns and sheets that were not read.
    is_named
        Whether each row is called otherwise, so that its name says which it is.
    parted
        What columns that were not read say of the rows that were, where it is one of few things, or said of
        a few rows alone.
    """

    first: RowRead
    last: RowRead
    least: RowRead
    greatest: RowRead
    not_read: tuple[str, ...] = ()
    is_named: bool = False
    parted: Mapping[str, str] = Frozen({})

    @property
    def sentence(self) -> str:
        """What was read, to be seen at a glance."""
        ends = f"from {_said(self.first)} to {_said(self.last)}"
        parts = [f"{places(self.first.place, self.last.place)}, {ends}"]
        if self.first == self.last:
            parts = [f"{self.first.place}, {_said(self.first)}"]
        else:
            least, greatest = self._placed(self.least), self._placed(self.greatest)
            parts.append(f"least {least}, greatest {greatest}")
        if self.not_read:
            parts.append(not_read_text(self.not_read, self.parted))
        return "; ".join(parts) + "."

    def _placed(self, row: RowRead) -> str:
        where = "" if self.is_named and row.name else f" ({row.place.rpartition(', ')[2]})"
        return f"{_said(row)}{where}"


def rows_read(
    column: NumberColumn, layout: Layout, more: Iterable[str] = (), asked: Collection[int] = ()
) -> RowsRead:
    """Return which rows of a column were read: those with a number, of which there is at least one.

    Parameters
    ----------
    layout
        What the columns of the table hold.
    more
        What else of the file was not read.
    asked
        Columns that are held to what the numbers are read as, such as those of units.
    """
    names, parts = _Names(column, layout), _Parts(layout)
    rows = _rows(column, names, parts)
    first = least = greatest = last = next(rows)
    for last in rows:
        least = last if last[-1] < least[-1] else least
        greatest = last if last[-1] > greatest[-1] else greatest
    called, is_named = names.found
    told = parts.found
    # a column that calls the rows is read, but where its names part them
    is_calling = called is not None and (is_named or layout.headings[called] not in told)
    read = {column.position, *asked, *([called] if called is not None and is_calling else [])}
    not_read = (*columns_not_read(layout, read), *more)

    def row(place: str, cells: Sequence[Cell], number: float) -> RowRead:
        return RowRead(place, "" if called is None else text_of(cells, called), number)

    return RowsRead(row(*first), row(*last), row(*least), row(*greatest), not_read, is_named, parts.found)


def _rows(column: NumberColumn, names: _Names, parts: _Parts) -> Iterator[tuple[str, Sequence[Cell], float]]:
    for (place, cells), number in zip(column.rows(), column.numbers, strict=True):
        if not math.isnan(number):
            names.add(cells)
            parts.add(cells)
            yield place, cells, number


class _Names:
    """Finds the column that calls the rows that are read.

    It is the first column of texts, or of years, of which no two are alike; else the one that has the most
    texts. Those of another table beside this one come last.
    """

    def __init__(self, column: NumberColumn, layout: Layout) -> None:
        gaps = [place for place, texts in layout.unnamed if not texts]
        texts = {*layout.texts, *([0] if layout.is_of_years else [])} - {column.position}
        own = sum(gap < column.position for gap in gaps)
        order = sorted(texts, key=lambda each: (sum(gap < each for gap in gaps) != own, each))
        self._texts: dict[int, set[str]] = {each: set() for each in order}
        self._filled = dict.fromkeys(order, 0)
        self._rows = 0

    def add(self, cells: Sequence[Cell]) -> None:
        """Take the next row."""
        self._rows += 1
        for column, texts in self._texts.items():
            if said := text_of(cells, column):
                texts.add(said)
                self._filled[column] += 1

    @property
    def found(self) -> tuple[int | None, bool]:
        """The column, if there is one, and whether it calls each row otherwise."""
        for column, texts in self._texts.items():
            if len(texts) == self._filled[column] and 2 * len(texts) >= self._rows:
                return column, True
        most = max(self._texts, key=lambda each: len(self._texts[each]), default=None)
        return (None if most is None or len(self._texts[most]) < 2 else most), False


class _Parts:
    """Finds the columns that say one of few things of the rows that are read, or something of a few.

    Texts may be more, as those of analytes are, where each stands in two rows or so.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._values: dict[int, dict[str, None]] = {
            place: {} for place, name in enumerate(layout.headings) if name
        }
        self._filled = dict.fromkeys(self._values, 0)
        self._rows = 0

    def add(self, cells: Sequence[Cell]) -> None:
        """Take the next row."""
        self._rows += 1
        for column, values in [*self._values.items()]:
            values[said := text_of(cells, column)] = None
            self._filled[column] += bool(said)
            most = _MOST_TEXTS if column in self._layout.texts else _MOST_VALUES
            if len(values) > most and self._filled[column] > _MOST_FILLED:
                del self._values[column]

    @property
    def found(self) -> Mapping[str, str]:
        """What the columns say, by their headings, in the order in which it is met."""
        found: dict[str, str] = {}
        for column, values in self._values.items():
            filled, is_text = self._filled[column], column in self._layout.texts
            # where each row says something, and another thing than all others, it only names that
            if len(values) < 2 or (len(values) == self._rows and "" not in values):
                continue
            are_repeated = is_text and len(values) <= _MOST_TEXTS and 2 * len(values) <= filled
            said = ""
            if len(values) <= _MOST_VALUES or are_repeated:
                said = _either([*values])
            elif 2 * filled <= self._rows:
                said = f"something in {filled} of {self._rows:,} rows"
            heading = self._layout.headings[column]
            # a heading may stand over several columns
            found |= (
                {heading: "; ".join(dict.fromkeys(filter(None, (found.get(heading), said))))} if said else {}
            )
        return Frozen(found)


def parted(layout: Layout, rows: Iterable[Sequence[Cell]]) -> Mapping[str, str]:
    """Return what columns say one of few things of rows, by their headings, as words."""
    parts = _Parts(layout)
    for cells in rows:
        parts.add(cells)
    return parts.found


def not_read_text(names: Sequence[str], said: Mapping[str, str]) -> str:
    """Say which columns and the like were not read, and of the first few what they say.

    Parameters
    ----------
    said
        As `parted` returns it.
    """
    several = [*dict.fromkeys(name for name in names if name in said)][:_MOST_PARTED]
    return f"not read: {listed(names, said={name: f' ({said[name]})' for name in several})}"


def columns_not_read(layout: Layout, read: Collection[int]) -> tuple[str, ...]:
    """Return what the columns are called that were not read; empty ones that part tables are none."""
    held = dict(layout.unnamed)
    return tuple(
        heading or f"column {column_letter(place)} without a heading"
        for place, heading in enumerate(layout.headings)
        if place not in read and (heading or held.get(place))
    )


def places(first: str, last: str) -> str:
    """Return where rows are from first to last, as "lines 2 to 8" of "line 2" and "line 8"."""
    where, _, number = first.rpartition(" ")
    return f"{where}s {number} to {last.rpartition(' ')[2]}"


def listed(names: Iterable[str], most: int = MOST_LISTED, said: Mapping[str, str] = Frozen({})) -> str:
    """Return names in a sentence, of many the first, with how many others there are.

    Parameters
    ----------
    said
        What is said behind some of them.
    """
    every = [_cut(name) + said.get(name, "") for name in names]
    if len(every) > most + 1:
        return f"{', '.join(every[:most])} and {len(every) - most:,} others"
    return ", ".join(every)


def _said(row: RowRead) -> str:
    exact = f"{row.number:.15g}"
    number = exact if len(exact) <= _LONGEST_NUMBER else f"{row.number:.7g}"
    return f'"{_cut(row.name)}" {number}' if row.name else number


def _either(values: Sequence[str]) -> str:
    """Say which things are said, of many the first and how many others; those that no cell says last."""
    every = [f'"{_cut(each, _LONGEST_VALUE)}"' for each in values if each]
    if len(every) > _MOST_VALUES + 1:
        every[_MOST_VALUES:] = [f"{len(every) - _MOST_VALUES} others"]
    every += ["nothing"] if "" in values else []
    return f"{', '.join(every[:-1])} or {every[-1]}"


def _cut(name: str, longest: int = _LONGEST) -> str:
    return shortened(" ".join(shown(name).split()), longest)
