"""Rows below those of a group that are its statistics, as "Sales Max" below some of "Sales"."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.late import regex
from uncertainty.tables.owners import text_of
from uncertainty.tables.statistics_of_others import Data, Printed, unit_of
from uncertainty.tables.summaries import is_a_statistic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from uncertainty.tables.number_column import NumberColumn

_FEWEST = 2
"""Rows of a group of which statistics are told."""
_GRAND = ("Grand", "Overall", "Gesamt", "All")
"""What stands before such a word below all groups."""
_SPREADS = regex(r"\W*(?:std?\.? ?dev|standardabw|var|count)\w*(?: \(.*\))?\W*", re.IGNORECASE)
"""As spreadsheets call statistics of subtotals, such as "StdDevp" and "VarP"."""


def statistics_of_groups(column: NumberColumn, naming: Iterable[int]) -> dict[str, str]:
    """Return what rows are called that are, by name and number, statistics of the group above, by place.

    All rows of a group say its name, or the first alone.

    Parameters
    ----------
    naming
        The columns that may call the rows.
    """
    return {place: name for each in naming for place, name in _found(column, each)}


def _found(column: NumberColumn, naming: int) -> Iterator[tuple[str, str]]:
    name, group, every = "", list[float](), list[float]()
    for (place, cells), number in zip(column.rows(), column.numbers, strict=True):
        text = text_of(cells, naming)
        if math.isnan(number):
            continue
        is_grand = any(_is_called(text, each) for each in _GRAND)
        above = every if is_grand else group if name and _is_called(text, name) else []
        if text not in ("", name) and len(above) >= _FEWEST and _is_of(above, number):
            yield place, text
            continue
        name, group = (name, group) if text in ("", name) else (text, [])
        group.append(number)
        every.append(number)


def _is_called(text: str, name: str) -> bool:
    """Tell whether a text is a group's name with a word of statistics before or behind it."""
    if not text.startswith(name) and not text.endswith(name):
        return False
    word = text.removeprefix(name).removesuffix(name).strip()
    return is_a_statistic(word) or _SPREADS.fullmatch(word) is not None


def _is_of(group: Sequence[float], number: float) -> bool:
    """Tell whether a number is a statistic of others, as it is written."""
    numbers = np.array(group)
    data = Data(numbers, np.sort(numbers), lambda _: None, np.arange(len(group)))
    return any(data.is_of(what, Printed(number, unit_of(number))) for what in (*data.usual, *data.rare))
