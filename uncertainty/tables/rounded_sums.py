"""Rows that sum up others but for rounding, as totals of rounded numbers do: they are told, and are data."""

from __future__ import annotations

import math
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.tables.statistics_of_others import Data, Printed, unit_of
from uncertainty.tables.summaries import is_summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uncertainty.tables.number_column import NumberColumn

_FEWEST, _FEWEST_OF_TOTALS = 4, 3
"""Numbers that a row at an end sums up, also if it is called a total; fewer are near to a sum by chance."""
_CLEAR = 20
"""How many times what rounding may move a sum is: a smaller one is near to many numbers."""
_MOSTLY = 3
"""How many standard deviations of rounded sums one is off at most."""
_HARDLY = 0.05
"""Up to this probability of chance, one is told of a sum within the column."""
_MOST = 2000
"""Rows that are looked over."""


class _Row(NamedTuple):
    """A row with a number: its place, what its first cell holds, its number and the last digit of that."""

    place: str
    key: str
    number: float
    unit: float


def rounded_sums_notes(column: NumberColumn) -> Iterator[str]:
    """Yield which rows are sums of others: one at an end of all, or one of those below its code or its name.

    The code of a group, as "A" or "1", begins those of its parts, "A01" and "1.2"; a name may stand farther
    to the left than theirs.
    """
    if len(column.numbers) > _MOST:
        return
    found = [
        _Row(place, str(cells[0] or ""), number, unit_of(number))
        for (place, cells), number in zip(column.rows(), column.numbers, strict=True)
        if not math.isnan(number)
    ]
    if any(row.number < 0 for row in found):
        return
    groups = [row for place, row in enumerate(found) if _is_group(found, place)] if column.position else []
    if groups:
        shown = ", ".join(f'"{row.key.strip()[:40]}" ({row.place})' for row in groups[:3])
        said = f"{shown} sum up rows" if len(groups) > 1 else f"{shown} sums up rows"
        yield f"{column.name}: {said} whose codes or names stand below it, and all are read as data."
    ends = (found[:1], found[1:]), (found[-1:], found[:-1])
    for one, others in ends if not groups and len(found) > _FEWEST_OF_TOTALS else ():
        is_told = len(others) >= _FEWEST or is_summary(one[0].key)
        if is_told and _is_sum(one[0], others) and one[0].number != math.fsum(row.number for row in others):
            said = "is the sum of the others but for rounding; it is read as one of the data"
            yield f"{column.name}: the row of {one[0].place} {said}."
    if not groups and (whole := _sum_of_all(found)):
        said = "is the sum of the others; it is read as one of the data"
        yield f"{column.name}: the row of {whole.place} {said}."
    for rows, side in ((found, "above"), (found[::-1], "below")) if not groups else ():
        for row in _sums_within(rows):
            said = f"is the sum of all {side} it but for rounding; it is read as one of the data"
            yield f"{column.name}: the row of {row.place} {said}."


def _sum_of_all(rows: Sequence[_Row]) -> _Row | None:
    """Return the row within a column that is the sum of all others, hardly by chance: it is the largest."""
    place = max(range(len(rows)), key=lambda each: rows[each].number, default=0)
    others = [*rows[:place], *rows[place + 1 :]]
    if not 0 < place < len(rows) - 1 or len(others) < _FEWEST or not _is_sum(rows[place], others):
        return None
    # beside one that is nearly all of them, the others leave no more than chance does
    if 3 * max(each.number for each in others) > 2 * rows[place].number:
        return None
    return rows[place] if _chance(rows[place], others, rows[place].unit) <= _HARDLY else None


def _sums_within(rows: Sequence[_Row]) -> list[_Row]:
    """Return rows that sum up all before them but for rounding, and hardly by chance.

    Where the next does, too, each number may be twice the one before it.
    """
    before = [0.0, *accumulate(row.number for row in rows)]
    near = [
        0.9 * total <= row.number <= 1.1 * total and place >= _FEWEST and _is_sum(row, rows[:place])
        for place, (row, total) in enumerate(zip(rows, before, strict=False))
    ]
    return [
        rows[place]
        for place in range(_FEWEST, len(rows) - 1)
        if near[place - 1 : place + 2] == [False, True, False]
        and rows[place].number != before[place]
        and len(rows) * _chance(rows[place], rows[:place]) <= _HARDLY
    ]


def _chance(row: _Row, others: Sequence[_Row], unit: float = 0.0) -> float:
    """Return the probability that a datum were so near to the sum of others as rounding mostly leaves it.

    Parameters
    ----------
    unit
        Of its last digit, if it may be rounded to fewer than the others.
    """
    numbers, units = np.array([each.number for each in others]), [each.unit for each in others]
    off = _MOSTLY * math.sqrt((max(unit, min(units)) ** 2 + len(others) * min(units) ** 2) / 12)
    data = Data(numbers, np.sort(numbers), units.__getitem__, np.arange(len(numbers)))
    return data.chance_of("sum", Printed(row.number, 2 * off))


def _is_sum(row: _Row, others: Sequence[_Row]) -> bool:
    """Tell whether a number is the sum of others, each rounded by half of its last digit at most."""
    total = math.fsum(each.number for each in others)
    rounded = (row.unit + len(others) * min(each.unit for each in others)) / 2
    return total >= _CLEAR * rounded and abs(row.number - total) <= rounded * (1 + 1e-9)


def _is_group(rows: Sequence[_Row], place: int) -> bool:
    row = rows[place]
    for beside in (rows[place + 1 :], rows[:place][::-1]):
        below: list[_Row] = []
        for each in beside:
            if not _is_below(row.key, each.key):
                break
            below.append(each)
        own = [each for each in below if not any(_is_below(other.key, each.key) for other in below)]
        if len(own) > 1 and _is_sum(row, own):
            return True
    return False


def _is_below(key: str, other: str) -> bool:
    """Tell whether a code begins with another, or a name stands farther to the right."""
    plain, longer = key.strip(), other.strip()
    indent, farther = (len(each) - len(each.lstrip()) for each in (key, other))
    if farther > indent:
        return True
    rest = longer.removeprefix(plain)
    is_code = bool(plain) and " " not in longer and longer.startswith(plain) and bool(rest)
    return (
        is_code
        and farther == indent
        and (plain[-1].isdigit(), plain[-1].isalpha())
        != (
            rest[0].isdigit(),
            rest[0].isalpha(),
        )
    )
