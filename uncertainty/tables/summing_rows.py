"""Rows that are sums or means of others by their numbers, whatever they are called."""

from __future__ import annotations

import math
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING

from uncertainty.late import dataclass
from uncertainty.tables.descriptive import FLOATING

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST = 3
"""Numbers of which another is told as the sum or mean: fewer may well add up by chance."""

STEPS = 1_000
"""How many of their last decimal numbers of both signs span where a sum of them is hardly chance."""

OUTLYING = 2
"""How many times as large as all others a number is that would be strange among them."""

CLEAR = 20
"""How many of its last decimal a number is from which on few numbers hardly add up to it by chance."""

MOST = 10_000
"""Numbers among which sums of groups are looked for."""


@dataclass
class _Group:
    """Numbers one after another, as far as their sum needs them; one that is 0 adds nothing to it."""

    total: float = 0.0
    count: int = 0
    sizes: float = 0.0
    largest: float = 0.0
    squares: float = 0.0

    def add(self, number: float) -> None:
        """Take the next number."""
        self.total += number
        self.count += number != 0
        self.sizes += abs(number)
        self.largest = max(self.largest, abs(number))
        self.squares += number * number

    def sums_to(self, number: float, fewest: int) -> bool:
        """Tell whether a number is the sum of these, of which there are enough."""
        if self.count < fewest or number == 0:
            return False
        rounding = max(min(1e-9 * abs(number), 10.0 ** last_place(number) / 2), FLOATING * self.sizes)
        # beside a number that hides all others there is no sum
        is_hidden = self.count > 1 and self.sizes - self.largest <= rounding
        return abs(number - self.total) <= rounding and not is_hidden

    def tells(self, number: float, fewest: int) -> bool:
        """Tell whether a number is the sum of these, and not by chance, as among small changes."""
        if not self.sums_to(number, fewest):
            return False
        return math.isclose(abs(self.total), self.sizes, rel_tol=1e-9) or self.spans_many_steps(number)

    def spans_many_steps(self, number: float) -> bool:
        """Tell whether these are so large for the last decimal of their sum that none is one by chance."""
        return self.size * 10.0 ** _decimals(number) > STEPS

    @property
    def size(self) -> float:
        """How large they are together."""
        return math.sqrt(self.squares)


def _group_of(numbers: Sequence[float]) -> _Group:
    sizes, squares = sum(map(abs, numbers)), sum(each * each for each in numbers)
    largest = max(map(abs, numbers), default=0.0)
    return _Group(sum(numbers), len(numbers) - numbers.count(0), sizes, largest, squares)


@dataclass
class _Walk:
    """Takes a number that is the sum of those since the last such number for one, and so a sum of these."""

    fewest: int
    data: _Group = field(default_factory=_Group)
    group: _Group = field(default_factory=_Group)
    sums: _Group = field(default_factory=_Group)
    places: list[int] = field(default_factory=list)
    size: float = 1.0

    def add(self, place: int, number: float) -> None:
        """Take the next number."""
        if self.group.tells(number, self.fewest):
            self.sums.add(number)
            self.size *= self.group.size
            self.group = _Group()
        elif not self.group.count and self.sums.tells(number, 2):
            self.size *= self.sums.size
            self.sums = _group_of([number])
        else:
            self.group.add(number)
            self.data.add(number)
            return
        self.places.append(place)


def summing_rows(numbers: Sequence[float]) -> list[int]:
    """Return the places of numbers that sum up others, where the last of all is one of them.

    It is the sum or mean of all above it, the sum of those since the last such sum, or the sum of what sums
    of groups leave; or each of several groups ends in its sum, and not by chance.

    Parameters
    ----------
    numbers
        A column of data, nan where it is missing.
    """
    places = [place for place, each in enumerate(numbers) if not math.isnan(each)]
    if len(places) <= FEWEST:
        return []
    *others, last = [numbers[place] for place in places]
    above = _group_of(others)
    is_sum = above.tells(last, FEWEST) and (above.count > FEWEST or _is_clear(last, others))
    if is_sum or _is_mean(last, others):
        return places[-1:]
    if len(places) > MOST:
        return []
    by_many, by_pairs = _Walk(FEWEST), _Walk(2)
    for place, number in zip(places, (*others, last), strict=True):
        by_many.add(place, number)
    if by_many.places[-1:] == places[-1:] and len(by_many.places) > 1:
        return by_many.places
    for place, number in zip(places[:-1], others, strict=True):
        by_pairs.add(place, number)
    # pairs add up by chance: the last of all has to be the sum of what they leave, and stand below one
    if by_pairs.data.tells(last, FEWEST) and by_pairs.places[-1:] == places[-2:-1]:
        return [*by_pairs.places, places[-1]]
    by_pairs.add(places[-1], last)
    are_groups = by_pairs.places[-1:] == places[-1:] and _are_beyond_chance(by_pairs, [*others, last])
    return by_pairs.places if are_groups else []


def _is_clear(number: float, others: Sequence[float] = ()) -> bool:
    return abs(number) * 10.0 ** max(map(_decimals, (number, *others))) >= CLEAR


def _are_beyond_chance(walk: _Walk, numbers: Sequence[float]) -> bool:
    """Tell whether several sums are none by chance, as one in so many steps of their numbers would be."""
    step = 10.0 ** min(map(last_place, filter(None, numbers)), default=0)
    return len(walk.places) > 1 and walk.size / step ** len(walk.places) > STEPS


def sums_that_head(numbers: Sequence[float]) -> list[int]:
    """Return the places of numbers that sum up what stands below them, where the first of all is one.

    It is the sum of all others, or each of several groups begins with its sum, as in the outline of a pivot
    table; neither by chance.

    Parameters
    ----------
    numbers
        A column of data, nan where it is missing.
    """
    places = [place for place, each in enumerate(numbers) if not math.isnan(each)]
    if heads_a_column(numbers):
        return places[:1]
    walk = _Walk(2)
    for place in reversed(places):
        walk.add(place, numbers[place])
    are_groups = walk.places[-1:] == places[:1] and _are_beyond_chance(
        walk, [numbers[place] for place in places]
    )
    return walk.places[::-1] if are_groups else []


def heads_a_column(numbers: Sequence[float]) -> bool:
    """Tell whether the first number is the sum of all others, and not by chance.

    What is sorted begins with the largest, which is the sum of the others more often than the last is.
    """
    first, *others = [each for each in numbers if not math.isnan(each)] or [math.nan]
    group = _group_of(others)
    return group.sums_to(first, FEWEST) and group.spans_many_steps(first)


def _is_mean(last: float, others: Sequence[float], more: int = 1) -> bool:
    """Tell whether a number is a mean as it is written, with more digits than what it is the mean of.

    Whole numbers are often the mean of others by chance.
    """
    decimals = _decimals(last)
    mean = _group_of(others).total / len(others)
    is_near = abs(last - mean) <= 0.5 * 10.0**-decimals or math.isclose(last, mean, rel_tol=1e-12)
    return is_near and decimals >= max(map(_decimals, others)) + more


def sum_or_mean(numbers: Sequence[float], *, is_named: bool = True) -> str:
    """Say what the last of four numbers or more, without those missing, is of all others: sum or mean.

    Parameters
    ----------
    is_named
        Whether its row, too, says that it is no datum; if not, the numbers have to exclude chance.
    """
    *others, last = [each for each in numbers if not math.isnan(each)] or [math.nan]
    if len(others) < FEWEST:
        return ""
    group = _group_of(others)
    if is_named:
        if group.sums_to(last, 1) or last == group.total == 0:
            return "sum"
        is_mean = math.isclose(last, group.total / len(others), rel_tol=1e-9)
        return "mean" if is_mean or _is_mean(last, others) else ""
    is_outlier = abs(last) >= OUTLYING * max(map(abs, others)) and _is_clear(last)
    if group.tells(last, FEWEST) and (is_outlier or group.spans_many_steps(last)):
        return "sum"
    return "mean" if _is_mean(last, others, 2) else ""


def _decimals(number: float) -> int:
    return 0 if float(number).is_integer() else max(-last_place(number), 0)


def last_place(number: float) -> int:
    """Return the power of ten of the last digit of a number that is not 0: of 1,200 it is 2."""
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent if math.isfinite(number) else 0
    return exponent if isinstance(exponent, int) else 0


def ends_in_a_sum(numbers: Sequence[float]) -> bool:
    """Tell whether the last number is the sum of some, two or more, that stand right above it."""
    *others, last = [each for each in numbers if not math.isnan(each)] or [math.nan]
    above = _Group()
    for each in reversed(others[-MOST:]):
        above.add(each)
        if above.sums_to(last, 2):
            return True
    return False


def are_sums(marked: Sequence[bool], numbers: Sequence[float]) -> bool:
    """Tell whether each number that is marked is the sum of two or more since the last such, or of sums."""
    group, sums, count = _Group(), _Group(), 0
    for is_marked, number in zip(marked, numbers, strict=True):
        if math.isnan(number):
            continue
        if not is_marked:
            group.add(number)
            continue
        if not (group if group.count else sums).sums_to(number, 2):
            return False
        sums = sums if group.count else _Group()
        sums.add(number)
        group, count = _Group(), count + 1
    return count > 1 and not group.count
