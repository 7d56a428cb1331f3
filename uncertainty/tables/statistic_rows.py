"""Rows at the ends of a column that are statistics of all others, whatever they are called."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from uncertainty.errors import Fault, InvalidValue, StudyError
from uncertainty.late import regex
from uncertainty.tables.missing_codes import apart
from uncertainty.tables.name_kinds import are_of_other_kinds
from uncertainty.tables.number_column import NumberColumn
from uncertainty.tables.statistics_of_others import (
    FEWEST,
    Data,
    Printed,
    block_of_statistics,
    sum_within,
    unit_of,
)
from uncertainty.tables.summaries import (
    DATUM,
    Summary,
    filled_columns,
    has_a_word_of_statistics,
    is_a_name,
    is_summary,
    refuse_summaries,
    texts_of_row,
)
from uncertainty.values import row_labels

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from uncertainty.tables.sheets import Cell
    from uncertainty.tables.statistics_of_others import Block

SURELY = 1e-3
"""Up to this probability of chance, rows are refused that look as the others do."""

UNLIKE = 0.01
"""The same of rows that are called by another kind of name than the others."""

NAMELESS = 0.5
"""The same of rows without what calls all others."""

NOTED = 0.5
"""Up to this probability, one is told of rows that look unlike the others."""

TOLD = 0.05
"""The same of a row that is the mean of the others, or the sum of some, whatever it is called."""

_CODE = regex(r"0+\d")

TOGETHER = 0.98
"""How strongly columns are correlated that say one thing twice."""


class _Row(NamedTuple):
    """A row of a column: its place, its cells, and the texts that call it."""

    place: str
    cells: Sequence[Cell]
    texts: Sequence[Summary]

    @property
    def name(self) -> str:
        """What it is called first."""
        return self.texts[0].name

    @property
    def is_datum(self) -> bool:
        """Whether it is called as data are, such as by its column's heading and a number."""
        return any(each.name and not is_a_name(each) for each in self.texts)


class _Told(NamedTuple):
    """Rows that are statistics of the others, how likely chance makes them so, and how they are called."""

    column: NumberColumn
    block: Block
    rows: Sequence[_Row]
    chance: float
    lacking: int | None
    is_unlike: bool
    has_own_name: bool

    @property
    def is_sure(self) -> bool:
        """Whether they are no data."""
        is_nameless = self.lacking is not None
        return self.chance <= (NAMELESS if is_nameless else UNLIKE if self.is_unlike else SURELY)

    @property
    def is_told(self) -> bool:
        """Whether they may be no data: rows unlike the others, or one that is the sum or mean of these."""
        what = [each.what for each in self.block.matches]
        is_mean = what == ["mean"] and self.chance <= TOLD and self.has_own_name
        return self.is_unlike or self.lacking is not None or what == ["sum"] or is_mean

    @property
    def are(self) -> str:
        """What they are."""
        found = [f"the {'rounded ' if each.is_rounded else ''}{each.what}" for each in self.block.matches]
        listed = " and ".join(filter(None, (", ".join(found[:-1]), found[-1])))
        of = "the others"
        if self.block.is_within:
            of = f"all {'below' if self.block.is_first else 'above'} it"
        return f"{'are' if len(found) > 1 else 'is'} {listed} of {of}"

    @property
    def called(self) -> str:
        """Which they are."""
        many = len(self.rows) > 1
        if self.block.is_within and not self.rows[0].name:
            return f"the row of {self.rows[0].place}"
        if not all(row.name for row in self.rows):
            end = "first" if self.block.is_first else "last"
            lack = f" {'have' if many else 'has'} no name and" if self.lacking is not None else ""
            return f"the {end} {f'{len(self.rows)} rows' if many else 'row'}{lack}"
        names = ", ".join(f'"{row.name}"' for row in self.rows)
        return f"the row{'s' if many else ''} {names}"

    @property
    def advice(self) -> str:
        """What to do with them."""
        many, first = len(self.rows) > 1, self.rows[0]
        leave, data = f"leave {'them' if many else 'it'} out", "they are data" if many else "it is a datum"
        called = f"{DATUM} {first.name}" if first.name else ""
        if not called and self.lacking is not None:
            heading = self.column.headings[self.lacking] or "one"
            called = f"{heading} {self.block.places[0] + 1}"
        if called:
            return f'{leave}, or call {"the first" if many else "it"} "{called}" if {data}'
        return f"{leave}, or move {'them' if many else 'it'} among the others if {data}"


def refuse_statistics(column: NumberColumn) -> None:
    """Refuse a column of data of which some rows sum up the others or are statistics of them.

    Raises
    ------
    StudyError
        With the place of the first.
    """
    refuse_summaries(column)
    told = _told(column)
    if told and told.is_sure:
        raise StudyError(
            Fault(f"{column.name}: {told.called} {told.are}; {told.advice}", told.rows[0].place, column.file)
        )


def statistics_notes(column: NumberColumn) -> tuple[str, ...]:
    """Return what is to be known of rows that may be sums of the others, or statistics unlike them."""
    told = _told(column.of_one_table())
    if told is None or told.is_sure or not told.is_told:
        return ()
    read = "they are read as data" if len(told.rows) > 1 else "it is read as one of the data"
    return (f"{column.name}: {told.called} {told.are}; {read}.",)


def statistics_said(column: NumberColumn) -> tuple[str, str] | None:
    """Return where rows begin that are surely statistics of the others in a column, and what they are."""
    told = _told(column)
    if told is None or told.chance > SURELY:
        return None
    return told.rows[0].place, f"{column.name}: {told.called} {told.are}"


def _told(column: NumberColumn) -> _Told | None:
    numbers = np.array(column.numbers, dtype=float)
    if _block(numbers, lambda place: unit_of(float(numbers[place]))) is None:
        return None
    rows = [
        _Row(place, cells, texts_of_row(place, cells, column.headings, column.position))
        for place, cells in column.rows()
    ]

    filling, far, _ = apart(numbers)
    # what stands for a missing value may well stand so again
    codes = {each for each in filling | far if (numbers == each).sum() > 1}

    def unit(place: int) -> float | None:
        cell = rows[place].cells[column.position]
        is_none = rows[place].is_datum or column.numbers[place] in codes or _is_a_code(cell)
        return None if is_none else _unit(cell)

    block = _block(numbers, unit)
    if block is None:
        return None
    ends, others = ([rows[place] for place in places] for places in (block.places, block.others))
    chance = block.chance * _chance_beside(block, rows, column)
    # two shares add up to 1 as well
    is_of_few = all(each.what == "sum" for each in block.matches) and (
        np.count_nonzero(numbers[[*block.others]]) < FEWEST
    )
    return _Told(
        column,
        block,
        ends,
        max(chance, NAMELESS) if is_of_few else chance,
        _lacking(ends, others, column.position),
        _is_unlike(ends, others),
        bool(ends[0].name) and ends[0].name not in {each.name for each in others},
    )


def _block(numbers: NDArray[np.float64], unit: Callable[[int], float | None]) -> Block | None:
    """Return the rows that are statistics of the others, or of those on one side, least likely by chance."""
    found = block_of_statistics(numbers, unit, NOTED), sum_within(numbers, unit, TOLD)
    return min(filter(None, found), key=lambda block: block.chance, default=None)


def _unit(cell: Cell) -> float:
    """Return the unit of the last digit that a number is written with."""
    if not isinstance(cell, str):
        return unit_of(float(cell or 0))
    exponent = Decimal(cell.strip().replace("\N{MINUS SIGN}", "-")).as_tuple().exponent
    return 10.0 ** min(int(exponent), 0)


def _is_a_code(cell: Cell) -> bool:
    """Tell whether a number begins with zeros that count no thing, as 01001 does."""
    return isinstance(cell, str) and _CODE.match(cell.strip()) is not None


def _lacking(ends: Sequence[_Row], others: Sequence[_Row], position: int) -> int | None:
    """Return the first column that calls all others and is empty in rows without a name."""
    if any(row.name for row in ends):
        return None
    shared = frozenset.intersection(*(filled_columns(row.cells) for row in others)) - {position}
    empty = shared.difference(*(filled_columns(row.cells) for row in ends))
    return min(empty, default=None)


def _is_unlike(ends: Sequence[_Row], others: Sequence[_Row]) -> bool:
    """Tell whether each row is called as statistics are, or otherwise than all others, of few kinds."""
    if ends[0].name and all(is_summary(row.name) or has_a_word_of_statistics(row.name) for row in ends):
        return True
    column = next((place for place, cell in enumerate(ends[0].cells) if cell == ends[0].name), None)
    if column is None or not ends[0].name:
        return False
    names, every = ([_text(row.cells, column) for row in rows] for rows in (ends, others))
    return are_of_other_kinds(names, every)


def _text(cells: Sequence[Cell], column: int) -> str:
    return str(cells[column] if column < len(cells) and cells[column] is not None else "")


def _chance_beside(block: Block, rows: Sequence[_Row], column: NumberColumn) -> float:
    """Return the probability that another column's numbers were the same statistics by chance."""
    own = np.array(column.numbers, dtype=float)[[*block.others]]
    found = [1.0]
    for other in range(len(column.headings)):
        if other == column.position:
            continue
        numbers = np.array([_number(row.cells, other) for row in rows])
        data = numbers[[*block.others]]
        if not np.ptp(data) > 0 or abs(np.corrcoef(own, data)[0, 1]) > TOGETHER:
            continue
        found.append(_chance_of(block, rows, other, numbers))
    return min(1.0, (len(found) - 1 or 1) * min(found))


def _chance_of(block: Block, rows: Sequence[_Row], column: int, numbers: NDArray[np.float64]) -> float:
    def unit(place: int) -> float:
        return _unit(rows[place].cells[column])

    places = np.array(block.others)
    data = Data(numbers[places], np.sort(numbers[places]), unit, places)
    return math.prod(
        data.chance_of(match.what, Printed(float(numbers[place]), unit(place)))
        for place, match in zip(block.places, block.matches, strict=True)
        if not np.isnan(numbers[place])
    )


def _number(cells: Sequence[Cell], column: int) -> float:
    cell = cells[column] if column < len(cells) else None
    if isinstance(cell, str):
        try:
            return float(Decimal(cell.strip().replace("\N{MINUS SIGN}", "-")))
        except ArithmeticError:
            return float("nan")
    return float("nan") if cell is None or isinstance(cell, bool) else float(cell)


def refuse_statistics_of_series(values: Any, numbers: Sequence[float]) -> None:
    """Refuse a Series of pandas of which some values sum up the others by their labels or numbers.

    Parameters
    ----------
    values
        As somebody gave them; whatever has no labels is passed over.
    numbers
        What they hold.

    Raises
    ------
    InvalidValue
        With the first such labels.
    """
    index = row_labels(values)
    if index is None or len(index) != len(numbers):
        return
    labels = [each if isinstance(each, tuple) else (each,) for each in index]
    if not any(isinstance(text, str) for label in labels for text in label):
        return
    rows = [(str(n), (*labels[n], number)) for n, number in enumerate(numbers)]
    name = str(getattr(values, "name", None) or "values")
    headings = (*("" for _ in labels[0]), name)
    try:
        refuse_statistics(NumberColumn(lambda: rows, headings, len(headings) - 1, "", numbers))
    except StudyError as error:
        raise InvalidValue(error.faults[0].message) from None
