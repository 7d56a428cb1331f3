"""Whether the formulas of a workbook give the values that were stored with them."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from uncertainty.expressions.derivatives import RULES
from uncertainty.expressions.operations import CONSTANTS, OPERATIONS, evaluate
from uncertainty.expressions.tree import Expression, Name, Number, names
from uncertainty.late import dataclass
from uncertainty.study.figures import written_digits
from uncertainty.workbooks.formulas import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from uncertainty.workbooks.translation import Translation

CLOSE = 1e-9
"""How far, relatively, a stored value may be from what its formula gives."""
ROUNDED = 5
"""Digits from which on a stored value that is written with few counts as rounded in its last one."""
LAST_DIGIT = 1e-14
"""How far, relatively, two programs may be apart in one step: spreadsheets show and store 15 digits."""


class _Sized(NamedTuple):
    """A number, and how far it moves where all that it was calculated from moves by its own size."""

    value: float
    size: float


class Roundings:
    """Tells how far rounding may move what cells give: by more than their last digit where terms cancel.

    Parameters
    ----------
    values
        What every cell gives, by name.
    in_file
        How far the stored values of cells that are rounded in the file may be from what was rounded; none
        where that is not asked.
    """

    def __init__(
        self,
        translation: Translation,
        values: Mapping[str, float],
        in_file: Mapping[str, float] | None = None,
    ) -> None:
        self._translation = translation
        self._values = values
        self._in_file = {} if in_file is None else in_file

    def of(self, cell: str) -> float:
        """Return how far rounding may move what a cell gives."""
        size = self._known[cell].size
        return LAST_DIGIT * size if math.isfinite(size) else 0.0

    @cached_property
    def _known(self) -> Mapping[str, _Sized]:
        # many workbooks never ask
        to = self._translation
        found = {name: _Sized(value, abs(value)) for name, value in {**CONSTANTS, **self._values}.items()}
        for name, equation in to.equations.items():
            own = dict(found) if (parts := to.parts_of(equation.expression)) else found
            for part in parts:
                own[part] = _sized(to.build.parts[part], own)
            value, size = _sized(equation.expression, own)
            found[name] = _Sized(value, size + self._in_file.get(name, 0.0) / LAST_DIGIT)
        return found


def _sized(expression: Expression, known: Mapping[str, _Sized]) -> _Sized:
    if isinstance(expression, Number):
        return _Sized(expression.value, abs(expression.value))
    if isinstance(expression, Name):
        return known.get(expression.name, _Sized(math.nan, 0.0))
    first, *others = (_sized(each, known) for each in expression.arguments)
    if expression.operation in ("minimum", "maximum"):
        # of as many as there are
        for each in others:
            first = _applied(expression.operation, (first, each))
        return first
    return _applied(expression.operation, (first, *others))


def _applied(operation: str, parts: Sequence[_Sized]) -> _Sized:
    rule = RULES[OPERATIONS[operation].ufunc]
    value = evaluate(operation, tuple(each.value for each in parts))
    with np.errstate(all="ignore"):
        slopes = rule.slopes(np.float64(value), *(np.float64(each.value) for each in parts))
    moved = (abs(float(slope)) * each.size for slope, each in zip(slopes, parts, strict=True))
    own = abs(value) if rule.roundings else 0.0
    return _Sized(value, math.fsum((own, *filter(math.isfinite, moved))))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a formula cell has stored, and what its formula gives.

    Parameters
    ----------
    stored
        nan where it has nothing stored, or an error.
    gives
        What it gives with the stored values of the cells that it refers to.
    recalculated
        What it gives when everything upstream is calculated anew.
    roundings
        How far rounding in the calculation may move that.
    in_file
        How far that and rounding in the file may.
    """

    cell: str
    stored: float
    gives: float
    recalculated: float
    error: str = ""
    roundings: Roundings | None = None
    in_file: Roundings | None = None

    @property
    def is_stored(self) -> bool:
        """Whether the cell has something stored that its formula can be compared with."""
        return bool(self.error) or not math.isnan(self.stored)

    @property
    def shown(self) -> str:
        """What is stored, as people read it."""
        return self.error or f"{self.stored:.12g}"

    @property
    def is_stale(self) -> bool:
        """Whether the stored value is not what its own formula gives."""
        return math.isfinite(self.gives) if self.error else not self.may_have_stored(self.gives)

    @property
    def is_reproduced(self) -> bool:
        """Whether the stored value comes out when everything is calculated anew."""
        return not self.is_stale if self.error else self.has_stored(self.recalculated)

    def has_stored(self, found: float, shown: Callable[[float], float] = float) -> bool:
        """Tell whether a number is the stored one, up to rounding in the file and in the calculation.

        Parameters
        ----------
        shown
            Gives a number of the cell in the unit of the one that was found.
        """
        wanted = shown(self.stored)
        return agree(found, wanted) or self.may_be(found, wanted, shown)

    def may_have_stored(self, found: float, shown: Callable[[float], float] = float) -> bool:
        """Tell whether a number is the stored one, up to rounding in the file before it, too."""
        wanted = shown(self.stored)
        return self.has_stored(found, shown) or self._is_within(self.in_file, found, wanted, shown)

    def may_be(self, found: float, wanted: float, shown: Callable[[float], float] = float) -> bool:
        """Tell whether two numbers of the cell differ by rounding in the calculation alone."""
        return self._is_within(self.roundings, found, wanted, shown)

    def _is_within(
        self, roundings: Roundings | None, found: float, wanted: float, shown: Callable[[float], float]
    ) -> bool:
        return abs(found - wanted) <= abs(shown(roundings.of(self.cell) if roundings else 0.0))


def agree(found: float, stored: float) -> bool:
    """Tell whether a value is the stored one, up to rounding in the file."""
    if not math.isfinite(found):
        return False
    allowed = max(CLOSE * abs(stored), _last_digit(stored))
    return abs(found - stored) <= allowed * (1 + 1e-9)


def _last_digit(stored: float) -> float:
    """Return half of the last digit of a stored value that counts as rounded there; else 0."""
    digits = written_digits(stored)
    if digits < ROUNDED or float(stored).is_integer():
        return 0.0
    return 0.5 * 10.0 ** (math.floor(math.log10(abs(stored))) + 1 - digits)


def _rounded_in_file(found: float, stored: float) -> float:
    """Return how far a stored value may be from what the formula gave before the file rounded it.

    One that is just what the formula gives is not rounded.
    """
    is_exact = math.isclose(found, stored, rel_tol=5 * LAST_DIGIT)
    return _last_digit(stored) if agree(found, stored) and not is_exact else 0.0


def compared_cells(translation: Translation) -> list[Comparison]:
    """Compare every translated cell with its stored value, in the order in which they are calculated."""
    return [each for each in calculated_cells(translation) if each.is_stored]


def calculated_cells(translation: Translation) -> list[Comparison]:
    """Calculate every translated cell; those without a stored value have nan in its place."""
    stored = {name: point_of(translation, name) for name in translation.inputs}
    stored |= dict.fromkeys(translation.choices, 1.0)
    anew, own = dict(stored), dict(stored)
    rounded: dict[str, float] = {}
    roundings, in_file = Roundings(translation, anew), Roundings(translation, anew, rounded)
    found = []
    for name in translation.equations:
        cell = translation.book.cell(translation.places[name])
        value = evaluated(translation, name, own)
        anew[name] = evaluated(translation, name, anew)
        is_stored = isinstance(cell.value, bool | float | int)
        own[name] = float(cell.value) if isinstance(cell.value, bool | float | int) else anew[name]
        error = cell.value.code if isinstance(cell.value, Failure) else ""
        kept = own[name] if is_stored else math.nan
        rounded[name] = _rounded_in_file(value, own[name])
        found.append(Comparison(name, kept, value, anew[name], error, roundings, in_file))
    return found


def as_stored(translation: Translation, expression: Expression) -> float:
    """Return what an expression gives with what cells have stored; a cell without that is calculated.

    What was found is kept with the translation, as many lookups ask for the same keys.
    """
    known, waiting = translation.as_stored, sorted(names(expression))
    while waiting:
        name = waiting[-1]
        equation = translation.equation(name)
        stored = _stored(translation, name)
        missing = [] if equation is None or stored is not None else sorted(names(equation) - known.keys())
        if name not in known and missing:
            waiting += missing
            continue
        waiting.pop()
        if name not in known:
            known[name] = _value(equation, known) if equation and stored is None else (stored or 0.0)
    return _value(expression, known)


def _stored(translation: Translation, name: str) -> float | None:
    """Return the number that a name has stored; None where it is to be calculated."""
    if name in CONSTANTS:
        return CONSTANTS[name]
    if name in translation.choices:
        return 1.0
    if name in translation.inputs:
        return point_of(translation, name)
    at = translation.places.get(name)
    value = None if at is None else translation.book.cell(at).value
    if isinstance(value, str):
        return math.nan
    return float(value) if isinstance(value, bool | float | int) else None


def point_of(translation: Translation, name: str) -> float:
    """Return the stored number of a cell that is an input."""
    value = translation.book.cell(translation.inputs[name]).value
    # an input holds a number
    return float(cast("float", value))


def evaluated(translation: Translation, name: str, values: Mapping[str, float]) -> float:
    """Return what the formula of a cell gives where others have some values."""
    expression = translation.equations[name].expression
    parts = translation.parts_of(expression)
    if not parts:
        # thousands of cells need not be copied for each of them
        return _value(expression, values)
    known = dict(values)
    for part in parts:
        known[part] = _value(translation.build.parts[part], known)
    return _value(expression, known)


def _value(expression: Expression, known: Mapping[str, float]) -> float:
    if isinstance(expression, Number):
        return expression.value
    if isinstance(expression, Name):
        return known.get(expression.name, CONSTANTS.get(expression.name, math.nan))
    return evaluate(expression.operation, tuple(_value(each, known) for each in expression.arguments))
