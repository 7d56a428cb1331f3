"""Numbers that stand for a value that is missing, such as -999: they are no data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty.errors import Fault, StudyError
from uncertainty.late import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from uncertainty.tables.number_column import NumberColumn
    from uncertainty.tables.sheets import Cell

_DECIMALS = ("", ".9", ".99")
_NINES = [float("9" * whole + rest) for whole in range(2, 7) for rest in _DECIMALS]
_ENDS = [-(2.0**15), 2.0**15 - 1, 2.0**16 - 1, -(2.0**31), 2.0**31 - 1, 2.0**32 - 1]
"""The ends of whole numbers of 16 and 32 bits, which rasters and counters have for nothing."""

_OF_ONE_DIGIT = [float(digit * whole) for digit in "78" for whole in range(2, 7)]
"""As surveys have them, for what nobody knows or wants to say."""
_OF_WELLS = -999.25
"""What logs of boreholes have."""

_BOTH = [*_NINES, *_OF_ONE_DIGIT]
CODES = np.array([*(-each for each in _BOTH), *(each for each in _BOTH if each >= 777), *_ENDS, _OF_WELLS])
"""-99, -99.9, -999, 999, -9999, 9999.9, -88 and so on; 99 and 99.9 are too near to what is measured."""

_ANSWERS_BELOW, _ANSWERS_ABOVE = (-1.0, -2.0, -3.0, -7.0, -8.0, -9.0), (77.0, 88.0, 97.0, 98.0, 99.0)
"""What surveys have for no answer, among ages and among marks."""

FAR = 9
"""How many times as large as all others one is that has the sign of some, as 9999.9 among hPa."""

_OVER = 2
"""How many times as large as all others a code above them is that people are told of."""

FILLING = 1e18
"""From here on a number may fill cells of climate models and rasters, as 1e20 and 9.97e36 do."""

BEYOND = 1e9
"""How many times as large as all others one is that fills cells, however it is written."""

FEWEST = 3
"""Other values that say what a column is of."""

_PLAIN = regex(r"[-+\N{MINUS SIGN}]?\d+(?:\.\d*)?")


def refuse_codes(
    column: NumberColumn, *, negative: bool = False, among: Sequence[float] | None = None
) -> None:
    """Refuse numbers that may say that a value is missing, where all others are far from them.

    A negative one is far where no other is negative. Written with an exponent, as -9.99e2, such a number is
    one of the data.

    Parameters
    ----------
    negative
        Whether negative ones alone are looked for, as where the numbers are of different things, and
        those that fill cells.
    among
        All numbers of what the column is a part of, where it is.

    Raises
    ------
    StudyError
        With the place of the first.
    """
    values = np.asarray(column.numbers if among is None else among, float)
    filling, far, others = apart(values, negative=negative)
    for (place, cell), value in zip(column.cells(), column.numbers, strict=True):
        if value in filling or (value in far and _is_plain(cell)):
            said = f"{_plainly(value)} may say that a value is missing, as all others lie from"
            hint = "" if value in filling else _how_to_keep(value, is_text=isinstance(cell, str))
            low, high = others.min(), others.max()
            message = f"{column.name}: {said} {low:g} to {high:g}; leave out its row{hint}"
            raise StudyError(Fault(message, place, column.file))


def refuse_codes_below(columns: Sequence[NumberColumn]) -> None:
    """Refuse negative numbers for missing values, and those that fill cells, in columns of one thing.

    Raises
    ------
    StudyError
        As `refuse_codes` does.
    """
    among = [number for each in columns for number in each.numbers]
    for each in columns:
        refuse_codes(each, negative=True, among=among)


def apart(
    values: NDArray[np.float64], *, negative: bool = False
) -> tuple[set[float], set[float], NDArray[np.float64]]:
    """Return numbers that may say that a value is missing: those that fill cells, and others; and all others.

    Parameters
    ----------
    negative
        As `refuse_codes` takes it.
    """
    sizes = np.abs(values)
    is_code = (np.isin(values, CODES) & ~(negative & (values >= 0))) | (sizes >= FILLING)
    others = values[~is_code & ~np.isnan(values)]
    if not is_code.any() or others.size < FEWEST or not others.any():
        return set(), set(), others
    largest, is_positive = np.abs(others).max(), others.min() >= 0
    is_filling = is_code & (sizes >= FILLING) & (sizes >= BEYOND * largest)
    is_far = is_code & (sizes < FILLING) & ((sizes >= FAR * largest) | ((values < 0) & is_positive))
    return set(values[is_filling].tolist()), set(values[is_far].tolist()), others


def _how_to_keep(value: float, *, is_text: bool) -> str:
    where = "write" if is_text else "save the sheet as CSV and write"
    digits, _, rest = _plainly(abs(value)).partition(".")
    exponent = f"{'-' if value < 0 else ''}{digits[0]}.{digits[1:]}{rest}e{len(digits) - 1}"
    return f", or {where} {exponent} if it is one of the data"


def _plainly(value: float) -> str:
    return f"{value:.15g}"


def codes_above(numbers: ArrayLike) -> set[float]:
    """Return positive numbers that may say that a value is missing, and those that fill cells, far above all.

    Of three rows or fewer nobody knows what the column is of: there they are as far above as one is refused.
    """
    values = np.asarray(numbers, float)
    sizes = np.abs(values)
    is_code = np.isin(values, CODES) & (values > 0)
    others = sizes[~is_code & (sizes < FILLING)]
    if not others.any():
        return set()
    over = _OVER if others.size >= FEWEST else FAR
    is_filling = (sizes >= FILLING) & (sizes >= BEYOND * others.max())
    return {*values[(is_code & (values > over * others.max())) | is_filling].tolist()}


def codes_among(
    cells: Iterable[Cell], numbers: Sequence[float], among: Sequence[float] | None = None
) -> list[float]:
    """Return numbers that may say that a value is missing, and are read as data; each once.

    Written with an exponent they are data, unless all others are written so.

    Parameters
    ----------
    among
        All numbers of what the column is a part of, where it is.
    """
    values = np.asarray(numbers if among is None else among, float)
    surveyed = _codes_of_surveys(values[~np.isnan(values)])
    found = {*values[np.isin(values, CODES) & (values < 0)].tolist(), *surveyed}
    found |= codes_above(values)
    given = [*zip(cells, numbers, strict=True)] if found else []
    are_plain = any(_is_plain(cell) for cell, value in given if not np.isnan(value))
    return sorted({value for cell, value in given if value in found and (_is_plain(cell) or not are_plain)})


def _codes_of_surveys(values: NDArray[np.float64]) -> list[float]:
    """Return single digits below 0 and two equal ones above, among whole numbers that are far from them."""
    if not values.size or (values % 1).any():
        return []
    below, far = np.isin(values, _ANSWERS_BELOW), np.isin(values, _ANSWERS_ABOVE)
    others = values[~below & ~far]
    if others.size < FEWEST or (others < 0).any() or not others.any():
        return []
    # what changes by -1 is often unchanged
    found = values[below] if others.min() > 0 else values[:0]
    return [*found.tolist(), *(each for each in values[far].tolist() if each >= FAR * others.max())]


def _is_plain(cell: Cell) -> bool:
    return not isinstance(cell, str) or _PLAIN.fullmatch(cell.strip()) is not None
