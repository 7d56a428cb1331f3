"""Of what unit the number of a formula is, by the units of the cells that it takes.

A heading has the unit of what stands below it, and so have sums and averages there; a ratio of these, their
coefficient of variation, their growth a year, their count and their variance have not. Units are compared as
they are written, so that also those that are not known are. What has no unit may be in any, and where it
multiplies the rest nothing is said of the result.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.errors import InvalidValue
from uncertainty.late import regex
from uncertainty.units.written import PURE
from uncertainty.workbooks.below_tables import taken
from uncertainty.workbooks.formulas import Apply, Area, Literal, nodes, parse_formula

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from uncertainty.workbooks.cells import Book
    from uncertainty.workbooks.formulas import Node

_SUMS = (
    "SUM AVERAGE MEDIAN MIN MAX GEOMEAN HARMEAN TRIMMEAN MODE STDEV STDEV.S STDEV.P STDEVP "
    "AVEDEV ABS NEGATIVE + -"
)
"""What gives a number in the unit that all its arguments have."""
_ROUNDED = (
    "ROUND ROUNDUP ROUNDDOWN TRUNC INT MROUND CEILING FLOOR LARGE SMALL PERCENTILE "
    "PERCENTILE.INC PERCENTILE.EXC QUARTILE QUARTILE.INC QUARTILE.EXC IFERROR IFNA"
)
_OF_SQUARES = "VAR VAR.S VAR.P VARP SUMSQ DEVSQ"
_COUNTS = (
    "COUNT COUNTA COUNTIF COUNTIFS LN LOG LOG10 EXP RANK RANK.EQ RANK.AVG PERCENTRANK CORREL "
    "PEARSON RSQ SKEW KURT"
)
"""What gives a pure number, whatever it is given."""
_LOGARITHMS = frozenset({"LN", "LOG", "LOG10"})
_LIKE_ITS_ARGUMENTS = frozenset(_SUMS.split())
_LIKE_THE_FIRST = frozenset(_ROUNDED.split())
_SQUARES = frozenset(_OF_SQUARES.split())
_PURE = frozenset(_COUNTS.split())
_FACTORS = frozenset({1.0, 2.0, 100.0, 200.0, 1_000.0, 10_000.0, 100_000.0})
"""What makes a share one in per cent or of so many, or one of a mean of two; other numbers may be amounts."""
_OTHERS = "|".join(map(re.escape, ("POWER", *_SQUARES, *_PURE)))
_MAY_BE_ANOTHER = regex(rf"[/^*]|\b(?:{_OTHERS})\(", re.IGNORECASE)
"""What a formula has whose number may be in another unit than what it takes."""
MOST_CELLS = 50
"""Cells of a range that are looked at."""
MOST_LEVELS = 8
"""Calculated cells behind one another that are looked at."""


class Dimension(NamedTuple):
    """A product of powers of units.

    Parameters
    ----------
    powers
        By unit, how often it stands in it.
    is_open
        Whether something without a unit multiplies it.
    is_below
        Whether something without a unit divides it.
    is_number
        Whether it is a number as a formula has it, which may be of any unit in a sum.
    """

    powers: Mapping[str, float]
    is_open: bool = False
    is_below: bool = False
    is_number: bool = False

    def times(self, other: Dimension, power: float = 1.0) -> Dimension:
        """Return the product with a power of another."""
        powers = dict(self.powers)
        for unit, each in other.powers.items():
            powers[unit] = powers.get(unit, 0.0) + power * each
        up, down = (other.is_open, other.is_below) if power > 0 else (other.is_below, other.is_open)
        return Dimension(
            {unit: each for unit, each in powers.items() if each}, self.is_open or up, self.is_below or down
        )


_OPEN = Dimension({}, is_open=True)
_ONE = Dimension({})


class Dimensions:
    """Tells of what unit the numbers of formulas are.

    Parameters
    ----------
    unit_of
        Returns the unit of a cell: empty where it is not known, and "1" of a pure number.
    """

    def __init__(self, book: Book, unit_of: Callable[[Area], str]) -> None:
        self._book = book
        self._unit_of = unit_of
        self.level = 0
        """How many calculated cells behind one another are looked at right now."""

    def of(self, at: Area) -> Dimension | None:
        """Return of what a cell's formula is; None where it has none, or nobody can tell."""
        found = self._book.formula(at)
        if found is None or self.level >= MOST_LEVELS:
            return None
        self.level += 1
        try:
            return self._of(parse_formula(found[0]), at)
        except InvalidValue:
            return None
        finally:
            self.level -= 1

    def is_in(self, at: Area, unit: str) -> bool:
        """Tell whether a formula gives a number in a unit."""
        found = self.of(at)
        return found is not None and found.powers == {unit: 1.0} and not found.is_open

    def instead_of(self, at: Area, unit: str, top: int) -> str:
        """Return a unit, or what a formula's number is in instead: "1", or empty where nobody can tell.

        Parameters
        ----------
        at
            The cell.
        unit
            The unit that the texts around it say, which stays where the formula does not tell another.
        top
            The row of the heading that has it, below which the cell's column is in it; 0 of one that its row
            has.
        """
        formula = self._book.formula(at)
        if not unit or unit.startswith("%") or formula is None or not _MAY_BE_ANOTHER.search(formula[0]):
            return unit
        areas = list(taken(self._book, at))
        is_own = any(_is_beside(each, at, top) for each in areas)
        found = self.of(at) if is_own else None
        if found is None or found.is_open:
            return unit
        if not found.powers:
            return "1"
        power = found.powers.get(unit)
        others = [each for other, each in found.powers.items() if other != unit]
        if not others:
            return unit if power == 1.0 or found.is_below else ""
        # what is divided by a number of another column, below a table, is per so much of it
        is_per = top > 0 and power == 1.0 and max(others) < 0.0 and not found.is_below
        return "" if is_per and not any(self._is_of_row(each, at) for each in areas) else unit

    def _is_of_row(self, area: Area, at: Area) -> bool:
        """Tell whether a number stands where a cell's row meets other columns that its formula takes."""
        cells = self._book.sheets[at.sheet].cells
        row = (cells.get((at.top, each)) for each in {area.left, area.right} - {at.left})
        return any(each is not None and (each.is_formula or isinstance(each.value, float)) for each in row)

    def _of(self, node: Node, at: Area) -> Dimension | None:
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
            return None if is_back else _ONE
        if name in ("^", "POWER") and len(arguments) == 2:
            return _raised(self._of(arguments[0], at), arguments[1])
        parts = [self._of(each, at) for each in arguments[: 1 if name in _LIKE_THE_FIRST else None]]
        known = [each for each in parts if each is not None]
        return _applied(name, known) if known and len(known) == len(parts) else None

    def _of_cells(self, area: Area, at: Area) -> Dimension | None:
        """Return of what the numbers of cells are that have all one unit."""
        bottom, right = min(area.bottom, area.top + MOST_CELLS), min(area.right, area.left + MOST_CELLS)
        cells = self._book.filled(Area(area.sheet or at.sheet, area.top, area.left, bottom, right))
        units = {
            self._unit_of(each)
            for each in islice(cells, MOST_CELLS)
            if self._book.formula_stands(each) or isinstance(self._book.cell(each).value, float)
        }
        if len(units) != 1:
            return None if units else _OPEN
        unit = units.pop()
        if unit in PURE or unit.startswith("%"):
            return _ONE
        return Dimension({unit: 1.0}) if unit else _OPEN


def _is_beside(area: Area, at: Area, top: int) -> bool:
    """Tell whether cells stand in a cell's column, below a heading, or in its row."""
    if top:
        return area.left <= at.left <= area.right and area.bottom > top
    return area.top <= at.top <= area.bottom


def _of_literal(value: object) -> Dimension | None:
    if isinstance(value, bool) or not isinstance(value, float):
        return None
    return Dimension({}, is_open=abs(value) not in _FACTORS, is_number=True)


def _raised(base: Dimension | None, power: Node) -> Dimension | None:
    if base is None:
        return None
    if isinstance(power, Literal) and isinstance(power.value, float):
        return _ONE.times(base, power.value) if power.value else _ONE
    # a pure number stays one, however often it is multiplied by itself
    return base if not base.powers and not base.is_open and not base.is_below else None


def _applied(name: str, parts: Sequence[Dimension]) -> Dimension | None:
    first, *others = parts
    if name in _LIKE_THE_FIRST or (name in _LIKE_ITS_ARGUMENTS and not others):
        return first
    if name in _LIKE_ITS_ARGUMENTS:
        return _common(parts)
    if name in ("*", "SUMPRODUCT"):
        for each in others:
            first = first.times(each)
        return first
    if name in ("/", "QUOTIENT"):
        return first.times(others[0], -1.0)
    if name in _SQUARES:
        return None if (one := _common(parts)) is None else one.times(one)
    return {"SQRT": lambda: _ONE.times(first, 0.5), "%": lambda: first}.get(name, lambda: None)()


def _common(parts: Iterable[Dimension]) -> Dimension | None:
    """Return of what a sum is; numbers are of what the rest of it is."""
    every = list(parts)
    told = [each for each in every if not each.is_number] or every
    first, is_open = told[0], any(each.is_open for each in told)
    is_like = all(each.powers == first.powers for each in told)
    return Dimension(first.powers, is_open, any(each.is_below for each in told)) if is_like else None
