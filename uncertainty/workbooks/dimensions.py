"""In which unit the number of a formula is, by the units of the cells that it takes.

Cells hold bare numbers in their units. A formula of these is a bare number in some unit, which is compared
with the unit that the texts around it say: `B2*C2/1000` of MWh and kg/MWh is in tonnes, and in nothing else.
Units that are not known are compared as they are written. Where a cell without a unit takes part, or a number
that may have one, nobody can tell.
"""

from __future__ import annotations

import math
from dataclasses import replace
from enum import Enum, auto
from functools import lru_cache
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.errors import InvalidValue
from uncertainty.units.dimension import Dimension
from uncertainty.units.written import MONEY, PER_CENT, PURE, in_words, read_unit
from uncertainty.workbooks.formulas import Apply, Area, Literal, nodes, parse_formula

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from uncertainty.workbooks.cells import Book
    from uncertainty.workbooks.formulas import Node

_WORDS_OF_LIKE_ITS_ARGUMENTS = (
    "SUM SUBTOTAL AVERAGE MEDIAN MIN MAX GEOMEAN HARMEAN TRIMMEAN MODE STDEV STDEV.S STDEV.P STDEVP "
    "AVEDEV ABS NEGATIVE + -"
)
_LIKE_ITS_ARGUMENTS = frozenset(_WORDS_OF_LIKE_ITS_ARGUMENTS.split())
"""What gives a number in the unit that all its arguments have."""
_WORDS_OF_LIKE_THE_FIRST = (
    "ROUND ROUNDUP ROUNDDOWN TRUNC INT MROUND CEILING FLOOR LARGE SMALL PERCENTILE PERCENTILE.INC "
    "PERCENTILE.EXC QUARTILE QUARTILE.INC QUARTILE.EXC IFERROR IFNA"
)
_LIKE_THE_FIRST = frozenset(_WORDS_OF_LIKE_THE_FIRST.split())
_WORDS_OF_SQUARES = "VAR VAR.S VAR.P VARP SUMSQ DEVSQ"
_SQUARES = frozenset(_WORDS_OF_SQUARES.split())
_WORDS_OF_PURE = (
    "COUNT COUNTA COUNTIF COUNTIFS LN LOG LOG10 EXP RANK RANK.EQ RANK.AVG PERCENTRANK CORREL PEARSON "
    "RSQ SKEW KURT = <> < > <= >= AND OR NOT XOR ROWS COLUMNS SIGN"
)
_PURE = frozenset(_WORDS_OF_PURE.split())
"""What gives a pure number, whatever it is given."""
_LOOKUPS = frozenset({"VLOOKUP", "HLOOKUP", "XLOOKUP", "LOOKUP", "INDEX"})
_LOGARITHMS = frozenset({"LN", "LOG", "LOG10"})
_MONEY = frozenset(MONEY.values())
_PERIODS = tuple(86_400.0 * days for days in (1.0, 7.0, 365.25 / 12.0, 365.25))
"""Seconds of a day, a week, a month and a year."""
MOST_CELLS = 50
"""Cells of a range that are looked at."""


_NONE: Mapping[str, float] = MappingProxyType({})


class Verdict(Enum):
    """Whether a formula gives a number in a unit."""

    SAME = auto()
    PURE = auto()
    """It gives a pure number."""
    OTHER = auto()
    UNKNOWN = auto()


class Made(NamedTuple):
    """The unit of a formula's number.

    Parameters
    ----------
    dimension
        What it measures, by the units that are known.
    factor
        What a number in it is multiplied by to be in coherent base units.
    powers
        By unit that is not known, how often it stands in it.
    is_open
        Whether something without a unit multiplies or divides it.
    has_number
        Whether a number of the formula does, which may convert it or be an amount.
    is_number
        Whether it is a number as a formula has it, which may be of any unit in a sum.
    """

    dimension: Dimension = Dimension()
    factor: float = 1.0
    powers: Mapping[str, float] = _NONE
    is_open: bool = False
    has_number: bool = False
    is_number: bool = False

    def times(self, other: Made, power: float = 1.0) -> Made:
        """Return the product with a power of another."""
        powers = dict(self.powers)
        for unit, each in other.powers.items():
            powers[unit] = powers.get(unit, 0.0) + power * each
        return Made(
            self.dimension * other.dimension**power,
            self.factor * other.factor**power,
            {unit: each for unit, each in powers.items() if each},
            self.is_open or other.is_open,
            self.has_number or other.has_number,
        )

    def is_like(self, other: Made) -> bool:
        """Tell whether both are numbers in the same unit."""
        return self.is_of_kind(other) and math.isclose(self.factor, other.factor, rel_tol=1e-9)

    def is_of_kind(self, other: Made) -> bool:
        """Tell whether both measure the same."""
        return self.dimension == other.dimension and self.powers == other.powers


def of_unit(text: str) -> Made:
    """Return the unit that a text says; that of no text may be any."""
    if not text:
        return Made(is_open=True)
    if text in PURE:
        return Made()
    unit = read_unit(text)
    # what a scale begins with another zero is no multiple
    if unit is None or "deg" in in_words(text) or "°" in text:
        return Made(powers={text: 1.0})
    return Made(unit.dimension, unit.factor)


def _is_left_out(made: Made, said: Made) -> bool:
    """Tell whether units differ by what people leave out: what prices are per, years of annual costs."""
    rest = made.dimension / said.dimension
    by = made.factor / said.factor
    if any(name in _MONEY for name, _ in said.dimension.powers):
        is_per = all(power > 0 for _, power in rest.powers)
        if is_per and rest.powers:
            return True
    powers = [power for name, power in rest.powers if name == "time"]
    if len(rest.powers) != 1 or not powers:
        return False
    return any(math.isclose(by, period ** float(powers[0]), rel_tol=1e-9) for period in _PERIODS)


class Dimensions:
    """Tells in which unit the numbers of formulas are.

    Parameters
    ----------
    unit_of
        Returns the unit of a cell's bare number: empty where it is not known, and "1" of a pure number.
    """

    def __init__(self, book: Book, unit_of: Callable[[Area], str]) -> None:
        self._book = book
        self._unit_of = unit_of

    def of(self, at: Area) -> Made | None:
        """Return in which unit a cell's formula is; None where it has none, or nobody can tell."""
        found = self._book.formula(at)
        if found is None:
            return None
        try:
            made = self._of(_parsed(found[0]), at)
        except (InvalidValue, ArithmeticError):
            return None
        return None if made is None or made.is_open or made.is_number else made

    def is_scaled(self, at: Area) -> bool:
        """Tell whether a cell's formula multiplies or divides by a number that may have a unit itself."""
        found = self._book.formula(at)
        try:
            every = nodes(_parsed(found[0])) if found else ()
            scaled = (each for each in every if isinstance(each, Apply) and each.function in ("*", "/"))
            return any(_is_factor(each) for node in scaled for each in node.arguments)
        except InvalidValue:
            return False

    @staticmethod
    def verdict(made: Made | None, unit: str) -> Verdict:
        """Tell whether what a formula gives is in a unit."""
        if made is None:
            return Verdict.UNKNOWN
        said = of_unit(unit)
        if made.is_like(said):
            return Verdict.SAME
        if made.is_of_kind(Made()) and not said.is_of_kind(Made()):
            if _is_left_out(made, said):
                return Verdict.UNKNOWN
            # a hundred times a ratio is per cent, not a pure number, where the text says so
            return Verdict.PURE if made.is_like(Made()) or not unit.startswith(PER_CENT) else Verdict.OTHER
        # a number that may have a unit may make one of the other
        is_open = made.has_number or made.powers or said.powers or _is_left_out(made, said)
        return Verdict.UNKNOWN if is_open else Verdict.OTHER

    def _of(self, node: Node, at: Area) -> Made | None:
        node = self._book.resolved(node, at)
        if isinstance(node, Literal):
            return _of_literal(node.value)
        if isinstance(node, Area):
            return self._of_cells(node, at)
        if not isinstance(node, Apply):
            return None
        name, arguments = node.function, node.arguments
        if name in _PURE:
            # the power of a logarithm may be in the unit again, as a geometric mean is
            is_back = name == "EXP" and any(
                isinstance(each, Apply) and each.function in _LOGARITHMS for each in nodes(node)
            )
            return None if is_back else Made()
        if name in ("^", "POWER") and len(arguments) == 2:
            return _raised(self._of(arguments[0], at), arguments[1])
        if name in ("IF", "CHOOSE"):
            name, arguments = "+", arguments[1:]
            if all(isinstance(each, Literal) and each.value in (0.0, 1.0) for each in arguments):
                # a yes or no
                return Made()
        if name in _LOOKUPS:
            results = self._results(node, at)
            return None if results is None else self._of(results, at)
        if name == "SUBTOTAL":
            arguments = arguments[1:]
        parts = [self._of(each, at) for each in arguments[: 1 if name in _LIKE_THE_FIRST else None]]
        known = [each for each in parts if each is not None]
        return _applied(name, known) if known and len(known) == len(parts) else None

    def _results(self, node: Apply, at: Area) -> Node | None:
        """Return the cells of which a lookup gives one; None where that is not known."""
        name, arguments = node.function, node.arguments
        if name in ("XLOOKUP", "LOOKUP"):
            return arguments[2] if len(arguments) > 2 else None
        if name == "INDEX":
            table = self._book.resolved(arguments[0], at)
            if not isinstance(table, Area) or table.top == table.bottom or table.left == table.right:
                return table
            return _part(table, *(_place(each) for each in arguments[1:3]))
        table, place = self._book.resolved(arguments[1], at), _place(arguments[2])
        if not isinstance(table, Area) or not place:
            return None
        return _part(table, place, 0) if name == "HLOOKUP" else _part(table, 0, place)

    def _of_cells(self, area: Area, at: Area) -> Made | None:
        """Return in which unit the numbers of cells are that have all the same."""
        cells = self._book.filled(area if area.sheet else replace(area, sheet=at.sheet))
        places = islice(cells, MOST_CELLS)
        units = {self._unit_of(each) for each in places if is_number(self._book, each)}
        return _common([of_unit(each) for each in units]) if units else Made(is_open=True)


def _place(node: Node) -> int:
    """Return the number that a formula has in a place, and 0 where it has none."""
    value = node.value if isinstance(node, Literal) else None
    return int(value) if isinstance(value, float) else 0


def _part(table: Area, row: int, column: int = 0) -> Area:
    """Return a row of a table, a column or a cell; 0 means all of them."""
    if row:
        table = replace(table, top=table.top + row - 1, bottom=table.top + row - 1)
    if column:
        table = replace(table, left=table.left + column - 1, right=table.left + column - 1)
    return table


def is_number(book: Book, at: Area) -> bool:
    """Tell whether a cell holds a number or a formula."""
    return book.formula_stands(at) or isinstance(book.cell(at).value, float)


def taken(book: Book, at: Area) -> Iterator[Area]:
    """Yield the cells and ranges that a cell's formula takes."""
    found = book.formula(at)
    try:
        for node in nodes(_parsed(found[0])) if found else ():
            area = book.resolved(node, at)
            if isinstance(area, Area):
                yield area if area.sheet else replace(area, sheet=at.sheet)
    except InvalidValue:
        return


def is_pure(book: Book, at: Area) -> bool:
    """Tell whether a cell's formula gives a pure number by its last function, such as a number of cells."""
    found = book.formula(at)
    try:
        node = _parsed(found[0]) if found else None
    except InvalidValue:
        return False
    return isinstance(node, Apply) and node.function.upper() in _PURE


def calculated(book: Book, at: Area) -> Iterator[Area]:
    """Yield the calculated cells that a cell's formula takes, of each range so many."""
    for area in taken(book, at):
        try:
            cells = book.filled(area)
            yield from (each for each in islice(cells, MOST_CELLS) if book.formula_stands(each))
        except InvalidValue:
            continue


@lru_cache(4096)
def _parsed(text: str) -> Node:
    return parse_formula(text)


def _of_literal(value: object) -> Made | None:
    if isinstance(value, bool) or not isinstance(value, float):
        return Made() if isinstance(value, bool) else None
    # a half and a mean of two are in the unit of the whole
    if abs(value) in (0.0, 1.0, 2.0, 0.5):
        return Made(is_number=True)
    return Made(factor=1.0 / abs(value), has_number=True, is_number=True)


def _is_factor(node: Node) -> bool:
    return isinstance(node, Literal) and isinstance(node.value, float) and abs(node.value) != 1.0


def _raised(base: Made | None, power: Node) -> Made | None:
    if base is None:
        return None
    if isinstance(power, Literal) and isinstance(power.value, float):
        return Made().times(base._replace(is_number=False), power.value) if power.value else Made()
    # a pure number stays one, however often it is multiplied by itself
    return base if base.is_like(Made()) and not base.is_open else None


def _applied(name: str, parts: Sequence[Made]) -> Made | None:
    first, *others = parts
    if name in _LIKE_THE_FIRST or (name in _LIKE_ITS_ARGUMENTS and not others):
        return first
    if name in _LIKE_ITS_ARGUMENTS:
        return _common(parts)
    if name in ("*", "SUMPRODUCT"):
        product = first
        for each in others:
            product = product.times(each)
        return product._replace(is_number=all(each.is_number for each in parts))
    if name in ("/", "QUOTIENT"):
        return first.times(others[0], -1.0)._replace(is_number=first.is_number and others[0].is_number)
    if name in _SQUARES:
        return None if (one := _common(parts)) is None else one.times(one)
    if name == "SQRT":
        return Made().times(first, 0.5)
    return first.times(Made(factor=100.0)) if name == "%" else None


def _common(parts: Iterable[Made]) -> Made | None:
    """Return in which unit a sum is; numbers are in that of the rest of it."""
    every = list(parts)
    told = [each for each in every if not each.is_number]
    if not told:
        return every[0] if len(every) == 1 else Made(is_number=True)
    first = told[0]
    if not all(each.is_like(first) for each in told):
        return None
    has_number = any(each.has_number for each in told)
    return first._replace(is_open=any(each.is_open for each in told), has_number=has_number)
