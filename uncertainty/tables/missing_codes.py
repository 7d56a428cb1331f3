"""Numbers that stand for a value that is missing, such as -999: they are no data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty.errors import Fault, StudyError
from uncertainty.late import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from uncertainty.tables.number_column import NumberColumn
    from uncertainty.tables.sheets import Cell

CODES = np.array([sign * (10.0**n - 1) for n in range(2, 7) for sign in (-1, 1) if (n, sign) != (2, 1)])
"""-99, -999, 999, -9999, 9999 and so on; 99 is too near to what is measured."""

FAR = 10
"""How many times as large as all others one is that has the sign of some of them."""

FEWEST = 3
"""Other values that say what a column is of."""

_PLAIN = regex(r"-?\d+(?:\.0*)?")


def refuse_codes(column: NumberColumn, *, negative: bool = False) -> None:
    """Refuse numbers that may say that a value is missing, where all others are far from them.

    A negative one is far where no other is negative. Written with an exponent, as -9.99e2, such a number is
    one of the data.

    Parameters
    ----------
    negative
        Whether negative ones alone are looked for, as where the numbers are of different things.

    Raises
    ------
    StudyError
        With the place of the first.
    """
    values = np.asarray(column.numbers, float)
    is_code = np.isin(values, CODES[CODES < 0] if negative else CODES)
    others = values[~is_code & ~np.isnan(values)]
    if not is_code.any() or others.size < FEWEST or not others.any():
        return
    largest, is_positive = np.abs(others).max(), others.min() >= 0
    far = {
        each for each in values[is_code].tolist() if abs(each) >= FAR * largest or (is_positive and each < 0)
    }
    for (place, cell), value in zip(column.cells(), column.numbers, strict=True):
        is_text = isinstance(cell, str)
        if value in far and _is_plain(cell):
            low, high = others.min(), others.max()
            where = "write" if is_text else "save the sheet as CSV and write"
            raise StudyError(
                Fault(
                    f"{column.name}: {value:.0f} may say that a value is missing, as all others lie from "
                    f"{low:g} to {high:g}; leave out its row, or {where} {_with_exponent(value)} if it "
                    "is one of the data",
                    place,
                    column.file,
                )
            )


def _with_exponent(value: float) -> str:
    digits = f"{abs(value):.0f}"
    return f"{'-' if value < 0 else ''}{digits[0]}.{digits[1:]}e{len(digits) - 1}"


def codes_among(cells: Iterable[Cell], numbers: Sequence[float]) -> list[float]:
    """Return negative numbers that may say that a value is missing, and are read as data; each once."""
    values = np.asarray(numbers, float)
    found = set(values[np.isin(values, CODES) & (values < 0)].tolist())
    given = zip(cells, numbers, strict=True) if found else ()
    return sorted({value for cell, value in given if value in found and _is_plain(cell)})


def _is_plain(cell: Cell) -> bool:
    return not isinstance(cell, str) or _PLAIN.fullmatch(cell.strip()) is not None
