"""Which numbers beside one are the ends of its range, by the headings of their columns."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.late import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

FARTHEST = 5
"""Columns from a number to the next end of its range."""
MOST = 200
"""Ends to one side of a number, and numbers of the same heading, that are looked over."""

_LOW = regex(
    r"(?!p ?[5-9]\d|[5-9]\d\D)(low|lower|min|minimum|worst|pessimistic|p ?\d+|niedrig|untere?"
    r"|\d+([.,]\d+)?(th|st|nd|rd)? ?(%|percentile|quantile))(?!\w)",
    re.IGNORECASE,
)
_HIGH = regex(
    r"(?!best (guess|estimate)|p ?50\b|50\D)(high|higher|upper|max|maximum|best|optimistic|p ?\d+|hoch|obere?"
    r"|\d+([.,]\d+)?(th|st|nd|rd)? ?(%|percentile|quantile))(?!\w)",
    re.IGNORECASE,
)
_CENTRAL = regex(
    r"(base|values?|wert|central|most likely|likely|typical|median|mean|average|mode|mid|middle|nominal"
    r"|expected|default|reference|estimate|best (guess|estimate)|p ?50|50 ?%|mittel)(?!\w)",
    re.IGNORECASE,
)
_SPREAD = regex(
    r"(sd|s\.d\.|se|sem|std|stdev|standard (deviation|error|uncertainty)|uncertainty|error|\+/-|±"
    r"|unsicherheit|standardabweichung)(?!\w)",
    re.IGNORECASE,
)

_RELATIVE = regex(
    r"(?<!\d)(?<!\d )%|\b(?:cv|rsd|rel(?:ative)?|per ?cent(?:age)?|factor|fraction|ratio|share|gsd)\b"
    r"|(?<!standard )\b(?:uncertainty|error|unsicherheit)\b",
    re.IGNORECASE,
)

_NUMBER_IN_WORDS = regex(
    r"((c|ca|circa|approx|approximately|about|around|roughly|up to|at least|at most|over|under|below|above"
    r"|less than|more than|etwa|rund|env|environ)\b\.?\s*)?[^\w\s]{0,3}\s*\d"
    r"|n/?a\.?|n\.a\.|none|unknown|tbd|\W{1,3}",
    re.IGNORECASE,
)
"""How what stands in place of a number begins, such as "ca. 2" and "< 5", or that there is none."""


def is_beside_another(heading: str) -> bool:
    """Tell whether a column has this heading that says how far its neighbour's number may be off."""
    return any(kind.match(heading) for kind in (_LOW, _HIGH, _SPREAD))


def may_be_relative(heading: str) -> bool:
    """Tell whether what stands below a heading may be a spread as a share of its number."""
    return _RELATIVE.search(heading) is not None


def is_of_a_range(heading: str) -> bool:
    """Tell whether a column has this heading that holds values, ends of their ranges or their spreads."""
    return any(kind.match(heading) for kind in (_LOW, _HIGH, _SPREAD, _CENTRAL))


class _Side(NamedTuple):
    """The columns of ends to one side of a number, and that of the next number behind them, 0 without one."""

    ends: list[int]
    number: int


class End(NamedTuple):
    """An end of the range of a number.

    Parameters
    ----------
    heading
        What its column is called.
    value
        The stored number.
    style
        Position of its cell's format in the workbook's list.
    text
        What stands there in place of a number.
    """

    heading: str
    value: float
    style: int = 0
    text: str = ""


class Row(NamedTuple):
    """A row of a sheet.

    Parameters
    ----------
    heading
        Gives the heading of a column, empty where it has none; there is no column 0.
    is_number
        Tells whether a number stands in a column.
    is_label
        Tells whether a text stands in a column that says what numbers to its right are.
    """

    heading: Callable[[int], str]
    is_number: Callable[[int], bool]
    is_label: Callable[[int], bool]

    def ends(self, column: int) -> list[int]:
        """Return the columns of the ends of the range of the number in a column, from left to right.

        They stand on one side or on both. Where they may be those of another number as well, they are those
        of the one that is headed as a value is, or else of the one before them.
        """
        near = range(max(column - FARTHEST, 1), column + FARTHEST + 1)
        if not any(is_range_end(self.heading(each)) for each in near if each != column):
            return []
        if grouped := self._grouped(column):
            return grouped
        own = self._is_central(column)
        left, right = self._side(column, -1), self._side(column, 1)
        if self._is_whole(right.ends):
            return [] if not own and self._is_central(right.number) else right.ends
        if self._is_whole(left.ends):
            is_own = not left.number or (own and not self._is_central(left.number))
            return left.ends if is_own else []
        if self._is_whole([*left.ends, *right.ends]):
            return [*left.ends, *right.ends]
        return [*([] if left.number else left.ends), *([] if right.number else right.ends)]

    def _grouped(self, column: int) -> list[int]:
        """Return those of a number of several with the same heading; nothing where it is not one of such."""
        own = self.heading(column)
        left = list(islice(self._alike(column, own, -1), MOST))[::-1]
        columns = [*left, column, *islice(self._alike(column, own, 1), MOST)]
        numbers = [place for place, each in enumerate(columns) if self.heading(each) == own]
        size, rest = divmod(len(columns), max(len(numbers), 1))
        first = len(left) // size * size
        if len(numbers) < 2 or rest or sum(first <= place < first + size for place in numbers) > 1:
            return []
        return [each for each in columns[first : first + size] if each != column]

    def _alike(self, column: int, own: str, step: int) -> Iterator[int]:
        """Yield the columns to one side, as far as a label, that are headed as ends or as a number is."""
        last = column
        while column + step > 0 and abs(column + step - last) <= FARTHEST:
            column += step
            if step == -1 and self.is_label(column):
                return
            if is_range_end(self.heading(column)) or (own and self.heading(column) == own):
                last = column
                yield column

    def _side(self, column: int, step: int) -> _Side:
        own, found, last = self._is_central(column), list[int](), column
        while column + step > 0 and abs(column + step - last) <= FARTHEST:
            column += step
            if step == -1 and self.is_label(column):
                break
            if is_range_end(self.heading(column)):
                last = column
                found.append(column)
            elif self.is_number(column) and not (step > 0 and own and not self._is_central(column)):
                return _Side(found[::step], column)
        return _Side(found[::step], 0)

    def _is_central(self, column: int) -> bool:
        return _CENTRAL.match(self.heading(column)) is not None

    def _is_whole(self, columns: Sequence[int]) -> bool:
        headings = list(map(self.heading, columns))
        lower = list(map(_is_low, headings))
        return any(lower) and not all(lower)


def is_end(heading: str, text: str) -> bool:
    """Tell whether a text stands in place of a number that is an end of a range: it calls nothing."""
    found = _NUMBER_IN_WORDS.match(text)
    return (
        found is not None and is_range_end(heading) and (text[found.end() - 1].isdigit() or found[0] == text)
    )


def _is_low(heading: str) -> bool:
    return _LOW.match(heading) is not None


def is_range_end(heading: str) -> bool:
    """Tell whether what stands below a heading is a lower or a higher end of a range."""
    return _HIGH.match(heading) is not None or _is_low(heading)
