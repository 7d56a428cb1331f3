"""Functions of texts, and of dates: a workbook counts days."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.errors import InvalidValue
from uncertainty.workbooks.formulas import Failure
from uncertainty.workbooks.functions.aggregates import elements
from uncertainty.workbooks.functions.conditions import place_of
from uncertainty.workbooks.terms import (
    MOST_SIGNS,
    Text,
    as_number,
    as_text,
    calculated,
    joined_texts,
    number,
    single,
    text_of,
    truth,
    unknown,
)
from uncertainty.workbooks.translation import Function

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from uncertainty.workbooks.formulas import Node
    from uncertainty.workbooks.terms import Scalar, Value
    from uncertainty.workbooks.translation import Translation

LEAP_YEAR_1900 = 60
"""The day 29 February 1900, which workbooks count and the calendar does not have."""


def _changed(to: Translation, value: Value, change: Callable[[str], str]) -> Value:
    def changed(scalar: Scalar) -> Value:
        found = as_text(scalar)
        return single(text_of(change(found.text), found.cell) if isinstance(found, Text) else found)

    return to.build.mapped(value, changed)


def _of_text(change: Callable[[str], str]) -> Function:
    return Function(1, 1, lambda to, value: _changed(to, value, change))


def _concatenate(to: Translation, *values: Value) -> Value:
    found = single(Text(""))
    for value in values:
        found = joined_texts(to.build, found, value)
    return found


def _concatenate_all(to: Translation, arguments: Sequence[Node]) -> Value:
    return _concatenate(to, *(value for each in arguments for value, _ in elements(to, each)))


def _length(to: Translation, value: Value) -> Value:
    def length(scalar: Scalar) -> Value:
        found = as_text(scalar)
        return single(number(len(found.text)) if isinstance(found, Text) else found)

    return to.build.mapped(value, length)


class Day(NamedTuple):
    """A day as workbooks count them: also 29 February 1900, and the day 0 before 1 January 1900."""

    year: int
    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}-{self.day:02}"


def day_of(serial: float, *, since_1904: bool) -> Day:
    """Return the day that a number of days stands for.

    Raises
    ------
    InvalidValue
        If there is no such day.
    """
    days = math.floor(serial)
    if not since_1904 and days in (0, LEAP_YEAR_1900):
        return Day(1900, 1, 0) if days == 0 else Day(1900, 2, 29)
    first = date(1904, 1, 1) if since_1904 else date(1899, 12, 31 if days < LEAP_YEAR_1900 else 30)
    try:
        found = first + timedelta(days)
    except OverflowError:
        raise InvalidValue(f"{serial:g} is no date") from None
    if days < 0:
        raise InvalidValue(f"{serial:g} is no date: days are counted from 0")
    return Day(found.year, found.month, found.day)


def serial_of(year: int, month: int, day: int, *, since_1904: bool) -> int:
    """Return the number of days that stands for a day; months and days may lie outside their ranges.

    Raises
    ------
    InvalidValue
        If there is no such day.
    """
    year += 1900 if 0 <= year < 1900 else 0
    months = year * 12 + month - 1
    try:
        first = date(months // 12, months % 12 + 1, 1)
        serial = (first - date(1904, 1, 1)).days
        if not since_1904:
            serial = (first - date(1899, 12, 30)).days
            serial -= serial <= LEAP_YEAR_1900
        # a month's days are counted from its first, also beyond its last
        serial += day - 1
        day_of(serial, since_1904=since_1904)
    except (OverflowError, ValueError, InvalidValue):
        raise InvalidValue("has no such date") from None
    return serial


def _part_of_date(part: str) -> Function:
    def apply(to: Translation, value: Value) -> Value:
        def read(scalar: Scalar) -> Value:
            if (lost := unknown([as_number(scalar)])) is not None:
                return single(lost)
            serial = to.known_number(single(scalar))
            day = day_of(serial, since_1904=to.book.since_1904)
            return single(number(float(getattr(day, part))))

        return to.build.mapped(value, read)

    return Function(1, 1, apply)


def _date(to: Translation, *values: Value) -> Value:
    if any(len(value) > 1 for value in values):
        raise InvalidValue("DATE takes what may vary")
    if (lost := unknown(as_number(value[0][1]) for value in values)) is not None:
        return single(lost)
    year, month, day = (int(to.known_number(value)) for value in values)
    return single(number(float(serial_of(year, month, day, since_1904=to.book.since_1904))))


def _moved(to: Translation, day: Value, months: Value, *, last: bool) -> Value:
    """Return the day some months later, or the last of its month."""
    if (lost := unknown(as_number(value[0][1]) for value in (day, months))) is not None:
        return single(lost)
    since_1904 = to.book.since_1904
    start = day_of(to.known_number(day), since_1904=since_1904)
    ahead = start.month + int(to.known_number(months))
    end = serial_of(start.year, ahead + 1, 0, since_1904=since_1904)
    same = serial_of(start.year, ahead, start.day, since_1904=since_1904)
    return single(number(float(end if last else min(same, end))))


def _cut(fewest: int, most: int, change: Callable[[str, list[int]], str], *, first: int = 0) -> Function:
    """Make a function of a text and of whole numbers that are known, of which one is at least `first`."""

    def apply(to: Translation, value: Value, *places: Value) -> Value:
        scalars = [as_number(each[0][1]) for each in places]
        if (lost := unknown(scalars)) is not None:
            return single(lost)
        known = [int(to.known_number(single(each))) for each in scalars]
        if any(len(each) > 1 for each in places) or any(each < 0 for each in known):
            raise InvalidValue("cuts a text at a place that may vary")
        if known and known[0] < first:
            return single(Failure("#VALUE!"))
        return _changed(to, value, lambda text: change(text, known))

    return Function(fewest, most, apply)


def _find(to: Translation, wanted: Value, value: Value, *, exact: bool) -> Value:
    """Return where a text stands in another, from 1; but for FIND, * and ? stand for others."""

    def find(one: Scalar, other: Scalar) -> Value:
        first, second = as_text(one), as_text(other)
        if not isinstance(first, Text) or not isinstance(second, Text):
            return single(first if not isinstance(first, Text) else second)
        place = second.text.find(first.text) if exact else place_of(second.text, first.text)
        return single(number(place + 1) if place is not None and place >= 0 else Failure("#VALUE!"))

    return to.build.combined(wanted, value, find)


def _substitute(to: Translation, value: Value, old: Value, new: Value) -> Value:
    texts = [as_text(each[0][1]) for each in (old, new)]
    if len(old) == len(new) == 1 and (lost := unknown(texts)) is not None:
        return single(lost)
    if len(old) > 1 or len(new) > 1 or not all(isinstance(each, Text) for each in texts):
        raise InvalidValue("replaces a text that may vary")
    before, after = (each.text for each in texts if isinstance(each, Text))

    def replaced(text: str) -> str:
        # what would be too long is not made first
        most = (MOST_SIGNS + 1) // max(len(after), 1) + 1
        return text.replace(before, after, most) if before else text

    return _changed(to, value, replaced)


def _repeated(text: str, times: int) -> str:
    """Return a text so many times, or as often as it is too long for a cell."""
    return text * min(times, MOST_SIGNS // max(len(text), 1) + 1)


def _exact(to: Translation, left: Value, right: Value) -> Value:
    def same(one: Scalar, other: Scalar) -> Value:
        first, second = as_text(one), as_text(other)
        if isinstance(first, Text) and isinstance(second, Text):
            return single(truth(first.text == second.text))
        return single(first if not isinstance(first, Text) else second)

    return to.build.combined(left, right, same)


FUNCTIONS = MappingProxyType(
    {
        "LEFT": _cut(1, 2, lambda text, known: text[: known[0] if known else 1]),
        "RIGHT": _cut(1, 2, lambda text, known: text[max(len(text) - (known[0] if known else 1), 0) :]),
        "MID": _cut(3, 3, lambda text, known: text[known[0] - 1 :][: known[1]], first=1),
        "FIND": Function(2, 2, lambda to, wanted, value: _find(to, wanted, value, exact=True)),
        "SEARCH": Function(2, 2, lambda to, wanted, value: _find(to, wanted, value, exact=False)),
        "SUBSTITUTE": Function(3, 3, _substitute),
        "EXACT": Function(2, 2, _exact),
        "UPPER": _of_text(str.upper),
        "LOWER": _of_text(str.lower),
        "TRIM": _of_text(lambda text: re.sub(" +", " ", text).strip(" ")),
        "CONCATENATE": Function(1, 255, _concatenate),
        "LEN": Function(1, 1, _length),
        "YEAR": _part_of_date("year"),
        "MONTH": _part_of_date("month"),
        "DAY": _part_of_date("day"),
        "DATE": Function(3, 3, _date),
        "DAYS": Function(2, 2, lambda to, end, start: calculated(to.build, "subtract", end, start)),
        "EDATE": Function(2, 2, lambda to, day, months: _moved(to, day, months, last=False)),
        "EOMONTH": Function(2, 2, lambda to, day, months: _moved(to, day, months, last=True)),
        "PROPER": _of_text(str.title),
        "REPT": _cut(2, 2, lambda text, known: _repeated(text, known[0])),
        "CONCAT": Function(1, 255, None, _concatenate_all),
    }
)
