"""Numbers that stand for a value that is missing, such as -999: they are no data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty.errors import Fault, StudyError
from uncertainty.late import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from uncertainty.tables.sheets import Cell

CODES = np.array([sign * (10.0**n - 1) for n in range(2, 7) for sign in (-1, 1) if (n, sign) != (2, 1)])
"""-99, -999, 999, -9999, 9999 and so on; 99 is too near to what is measured."""

FAR = 10
"""How many times as large as all others a positive one is."""

FEWEST = 3
"""Other values that say what a column is of."""

_PLAIN = regex(r"-?\d+(?:\.0*)?")


def refuse_codes(cells: Iterable[tuple[str, Cell]], numbers: Sequence[float], column: str, file: str) -> None:
    """Refuse numbers that may say that a value is missing, where all others are positive and far from them.

    Written with an exponent, as -9.99e2, such a number is one of the data.

    Parameters
    ----------
    cells
        Of the column, each with its place.
    numbers
        What they hold, nan where that is missing.

    Raises
    ------
    StudyError
        With the place of the first.
    """
    values = np.asarray(numbers, float)
    is_code = np.isin(values, CODES)
    others = values[~is_code & ~np.isnan(values)]
    if not is_code.any() or others.size < FEWEST or others.min() < 0 or not others.max():
        return
    far = {each for each in values[is_code].tolist() if each < 0 or each >= FAR * others.max()}
    for (place, cell), value in zip(cells, numbers, strict=True):
        is_text = isinstance(cell, str)
        if value in far and not (is_text and not _PLAIN.fullmatch(str(cell).strip())):
            low, high = others.min(), others.max()
            where = "write" if is_text else "save the sheet as CSV and write"
            raise StudyError(
                Fault(
                    f"{column}: {value:.0f} may say that a value is missing, as all others lie from {low:g} "
                    f"to {high:g}; leave out its row, or {where} {_with_exponent(value)} if it is one of "
                    "the data",
                    place,
                    file,
                )
            )


def _with_exponent(value: float) -> str:
    digits = f"{abs(value):.0f}"
    return f"{'-' if value < 0 else ''}{digits[0]}.{digits[1:]}e{len(digits) - 1}"
