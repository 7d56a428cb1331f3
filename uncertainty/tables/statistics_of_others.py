"""Numbers at either end of a column that are statistics of all others, and how likely by chance."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.late import dataclass
from uncertainty.tables.descriptive import FLOATING, Statistic, rare, usual

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

FEWEST = 3
"""Data of which statistics are told."""

MOST_ROWS = 16
"""Rows of statistics that are looked for at an end."""

RARE = 20
"""How many times as seldom as a mean other statistics stand below data, and as many there are of them."""

SELDOM = 0.1
"""How often a datum is written with more digits than all others, or is far from them."""

SEVERAL = 7
"""How many usual statistics each of several rows may be."""

MOST_LOOKED_AT = 1_000
"""Data by which the step is told that all are multiples of."""


class Printed(NamedTuple):
    """A number and the unit of the last digit that it is written with."""

    number: float
    unit: float


class Match(NamedTuple):
    """What statistic of the others a number is, and the probability that a datum were it by chance.

    It may be one only after it is rounded to fewer digits than they have.
    """

    what: str
    chance: float
    is_rounded: bool = False


class Block(NamedTuple):
    """Rows at an end: the places of their numbers in order, what these are, and the others' places.

    Or one row within a column, of which only what stands on one side of it are the others.
    """

    places: tuple[int, ...]
    matches: tuple[Match, ...]
    others: tuple[int, ...]
    is_within: bool = False

    @property
    def chance(self) -> float:
        """The probability that data were all of this, at either end."""
        several = SEVERAL if len(self.matches) > 1 else 1
        looks = 2 * len(self.matches)
        return min(1.0, looks * math.prod(min(1.0, several * each.chance) for each in self.matches))

    @property
    def is_first(self) -> bool:
        """Whether it stands above the others."""
        return self.places[0] < self.others[0]


@dataclass(frozen=True)
class Data:
    """Numbers without those at an end, of which these may be statistics.

    Parameters
    ----------
    numbers
        In order, the last beside those at the end.
    ranked
        The same, sorted.
    unit
        Gives the unit of the last digit of a number by its place; None of one that is not looked at.
    places
        Where the numbers stand.
    """

    numbers: NDArray[np.float64]
    ranked: NDArray[np.float64]
    unit: Callable[[int], float | None]
    places: NDArray[np.intp]

    @property
    def spread(self) -> float:
        """The range of them."""
        return float(self.ranked[-1] - self.ranked[0])

    @cached_property
    def usual(self) -> dict[str, tuple[Statistic, ...]]:
        """Statistics that stand below data most often; each with its definitions."""
        return usual(self.ranked)

    @cached_property
    def rare(self) -> dict[str, tuple[Statistic, ...]]:
        """Further statistics."""
        return rare(self.ranked)

    def match(self, number: Printed, taken: Sequence[str] = ()) -> Match | None:
        """Return the statistic that a number most likely is, None where it is none.

        Parameters
        ----------
        taken
            Those that other rows are.
        """
        for statistics, times in ((self.usual, 1), (self.rare, RARE)):
            for what, values in statistics.items():
                found = None if what in taken else _near(number, values)
                if found is not None:
                    chance = min(1.0, times * self._chance(number.number, 2 * found.rounding))
                    finer = number._replace(unit=min(number.unit, self._finest))
                    return Match(what, chance, _near(finer, values) is None)
        return None

    def chance_of(self, what: str, number: Printed) -> float:
        """Return the probability that a datum were the statistic that a number is; 1 where it is not."""
        found = self._near(what, number)
        return 1.0 if found is None or not self.spread else self._chance(number.number, 2 * found.rounding)

    def is_of(self, what: str, number: Printed) -> bool:
        """Tell whether a number is a statistic of the data, whatever the chance."""
        return self._near(what, number) is not None

    def _near(self, what: str, number: Printed) -> Statistic | None:
        return _near(number, (*self.usual.get(what, ()), *self.rare.get(what, ())))

    def _chance(self, value: float, unit: float) -> float:
        """Return the probability that a further datum were so near to a value."""
        least, share = float(self.ranked[0]), 1.0
        decimal, step = self._steps
        if _is_multiple(value - least, step):
            unit = max(unit, step)
        else:
            unit = max(unit, min(decimal, _place_of(value)))
        if (digits := _digits(value)) <= self._most_digits:
            unit = max(unit, _place_of(value) * 10.0 ** (digits - self._most_digits))
        if unit < 0.99 * self._finest or not _is_multiple(value, decimal):
            share = max(SELDOM, 1 / (1 + len(self.ranked)))
        if not least - self.spread / 2 <= value <= least + self.spread * 1.5:
            share = SELDOM
        dense = max(1 / self.spread, self._density(value, unit), self._density_of_sizes(value, unit))
        return min(1.0, share * unit * dense + self._chance_of_the_like(value))

    def _density(self, value: float, unit: float) -> float:
        """Return how dense data stand around a value, and beside the one that it follows."""
        dense, _ = _dense_around(value, self.ranked, unit)
        usual = float(np.median(np.abs(np.diff(self.numbers))))
        if 0 < abs(value - float(self.numbers[-1])) <= 3 * usual:
            dense = max(dense, 1 / (4 * usual))
        return dense

    def _density_of_sizes(self, value: float, unit: float) -> float:
        """Return how dense data of one sign stand around a value by their logarithms.

        Data of many powers of ten stand so; far beyond them fewer and fewer do.
        """
        sign = math.copysign(1, value)
        sizes = np.sort(sign * self.ranked[self.ranked != 0])
        if not value or len(sizes) < FEWEST or sizes[0] < 0:
            return 0.0
        own = np.log(sizes)
        width = unit / abs(value)
        dense, radius = _dense_around(math.log(abs(value)), own, width)
        return dense * min(1.0, max(float(own[-1] - own[0]), width) / radius) / abs(value)

    def _chance_of_the_like(self, value: float) -> float:
        """Return how often data are one of the others, where a value is one."""
        place = int(np.searchsorted(self.ranked, value))
        if place == len(self.ranked) or self.ranked[place] != value:
            return 0.0
        steps = np.diff(np.append(self.numbers, value))
        if value == self.numbers[-1] or bool((steps >= 0).all() or (steps <= 0).all()):
            return 1.0
        return float((np.diff(self.ranked) == 0).mean())

    @cached_property
    def _finest(self) -> float:
        """The unit of the last digit that some are written with."""
        some = self.places[:: max(len(self.places) // MOST_LOOKED_AT, 1)]
        return min((each for each in map(self.unit, some.tolist()) if each is not None), default=0.0)

    @cached_property
    def _most_digits(self) -> int:
        """How many digits some have but for zeros at either end: of 0.0120 it is 2."""
        return max(map(_digits, self.ranked[:: max(len(self.ranked) // MOST_LOOKED_AT, 1)].tolist()))

    @cached_property
    def _steps(self) -> tuple[float, float]:
        """The power of ten that data are multiples of, and what their differences are."""
        some = self.ranked[:: max(len(self.ranked) // MOST_LOOKED_AT, 1)]
        decimal = min(map(_place_of, some.tolist()))
        whole = (some - some[0]) / decimal
        if whole[-1] > 2**50:
            return decimal, decimal
        return decimal, decimal * float(np.gcd.reduce(np.rint(whole).astype(np.int64)) or 1)


def _near(number: Printed, statistics: Iterable[Statistic]) -> Statistic | None:
    """Return the statistic that a number is as it is written, and how far off it may be."""
    # a 0 has no digits that tell of another number
    written = number.unit / 2 * (1 + 1e-9) if number.number else 0.0
    for each in statistics:
        if abs(number.number - each.number) <= (rounding := max(written, each.rounding)):
            return Statistic(each.number, rounding)
    return None


def _dense_around(value: float, ranked: NDArray[np.float64], unit: float) -> tuple[float, float]:
    """Return how dense numbers stand around a value, and how far the nearest few of them reach."""
    nearest = max(2, round(math.sqrt(len(ranked))))
    place = int(np.searchsorted(ranked, value))
    around = ranked[max(place - nearest, 0) : place + nearest]
    radius = max(float(np.sort(np.abs(around - value))[nearest - 1]), unit / 2)
    return nearest / (len(ranked) * 2 * radius), radius


def _is_multiple(number: float, step: float) -> bool:
    return abs(number / step % 1 - 0.5) > 0.5 - 1e-6


def _place_of(number: float) -> float:
    """Return the power of ten of the last digit of a number: of 1,200 it is 100, and of 0 none is so high."""
    if number == 0:
        return math.inf
    return 10.0 ** (math.floor(math.log10(abs(number))) + 1 - _digits(number))


def _digits(number: float) -> int:
    """Return how many digits a number has but for zeros at either end: of 0.0120 it is 2."""
    return len(f"{abs(number):.14e}".partition("e")[0].replace(".", "").rstrip("0"))


def unit_of(number: float) -> float:
    """Return the unit of the last decimal that a number needs; 1 of whole ones."""
    if not math.isfinite(number) or number.is_integer():
        return 1.0
    digits, _, power = f"{number:.15g}".partition("e")
    return 10.0 ** (int(power or 0) - len(digits.partition(".")[2]))


def block_of_statistics(
    numbers: NDArray[np.float64], unit: Callable[[int], float | None], most: float
) -> Block | None:
    """Return the rows at an end each of which is another statistic of all others.

    Parameters
    ----------
    numbers
        A column, nan where a value is missing.
    unit
        Gives the unit of the last digit of a number by its place; None of one that is surely a datum.
    most
        Up to which probability that data are so by chance.
    """
    present = np.flatnonzero(~np.isnan(numbers))
    found: Block | None = None
    for places in (present, present[::-1]):
        ranked = np.sort(numbers[places])
        for rows in range(1, min(MOST_ROWS, len(places) - FEWEST) + 1):
            others, ends = places[:-rows], places[-rows:]
            ranked = np.delete(ranked, np.searchsorted(ranked, numbers[ends[0]]))
            block = _block(numbers, Data(numbers[others], ranked, unit, others), ends)
            if block and block.chance <= most and (found is None or block.chance < found.chance):
                found = block
    return found


def sum_within(
    numbers: NDArray[np.float64], unit: Callable[[int], float | None], most: float
) -> Block | None:
    """Return the row within a column that is exactly the sum of all above it, or of all below it.

    Where the next row is so, too, each number may be twice the one before it.

    Parameters
    ----------
    numbers, unit, most
        As `block_of_statistics` takes them.
    """
    present = np.flatnonzero(~np.isnan(numbers))
    found: Block | None = None
    for places in (present, present[::-1]):
        values = numbers[places]
        sizes = np.abs(values)
        is_sum = np.abs(np.cumsum(values) - 2 * values) <= FLOATING * (np.cumsum(sizes) - sizes)
        is_sum &= (values != 0) & (np.cumsum(values != 0) > FEWEST + 1)
        is_next = np.append(is_sum[1:], False) | np.insert(is_sum[:-1], 0, False)
        for place in np.flatnonzero(is_sum & ~is_next)[:MOST_ROWS].tolist():
            last = unit(int(places[place]))
            if place == len(values) - 1 or last is None:
                continue
            others = places[:place]
            data = Data(values[:place], np.sort(values[:place]), unit, others)
            chance = len(values) * data.chance_of("sum", Printed(float(values[place]), last))
            match = Match("sum", min(1.0, chance))
            block = Block((int(places[place]),), (match,), tuple(sorted(others.tolist())), is_within=True)
            if block.chance <= most and (found is None or block.chance < found.chance):
                found = block
    return found


def _block(
    numbers: NDArray[np.float64],
    data: Data,
    ends: NDArray[np.intp],
) -> Block | None:
    matches: list[Match] = []
    # the last tells most often that there is none
    for place in map(int, ends[::-1] if data.spread else ()):
        last = data.unit(place)
        taken = [each.what for each in matches]
        match = None if last is None else data.match(Printed(float(numbers[place]), last), taken)
        if match is None:
            return None
        # what another is too tells nothing more
        is_new = float(numbers[place]) not in [float(numbers[each]) for each in ends[::-1][: len(matches)]]
        matches.append(match if is_new else match._replace(chance=1.0))
    if not matches:
        return None
    found = sorted(zip(map(int, ends[::-1]), matches, strict=True))
    return Block(
        tuple(place for place, _ in found), tuple(each for _, each in found), tuple(data.places.tolist())
    )
