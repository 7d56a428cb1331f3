"""Whether the formulas of a workbook give the values that were stored with them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

from uncertainty.expressions.operations import CONSTANTS, evaluate
from uncertainty.expressions.tree import Expression, Name, Number, names
from uncertainty.late import dataclass
from uncertainty.study.figures import written_digits
from uncertainty.workbooks.formulas import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.workbooks.translation import Translation

CLOSE = 1e-9
"""How far, relatively, a stored value may be from what its formula gives."""
ROUNDED = 5
"""Digits from which on a stored value that is written with few counts as rounded in its last one."""


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
    """

    cell: str
    stored: float
    gives: float
    recalculated: float
    error: str = ""

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
        return not agree(self.gives, self.stored) if not self.error else math.isfinite(self.gives)

    @property
    def is_reproduced(self) -> bool:
        """Whether the stored value comes out when everything is calculated anew."""
        return agree(self.recalculated, self.stored) if not self.error else not self.is_stale


def agree(found: float, stored: float) -> bool:
    """Tell whether a value is the stored one, up to rounding in the file."""
    if not math.isfinite(found):
        return False
    allowed = CLOSE * abs(stored)
    digits = written_digits(stored)
    if digits >= ROUNDED and not float(stored).is_integer():
        allowed = max(allowed, 0.5 * 10.0 ** (math.floor(math.log10(abs(stored))) + 1 - digits))
    return abs(found - stored) <= allowed * (1 + 1e-9) or (not stored and abs(found) < 1e-12)


def compared_cells(translation: Translation) -> list[Comparison]:
    """Compare every translated cell with its stored value, in the order in which they are calculated."""
    return [each for each in calculated_cells(translation) if each.is_stored]


def calculated_cells(translation: Translation) -> list[Comparison]:
    """Calculate every translated cell; those without a stored value have nan in its place."""
    stored = {name: point_of(translation, name) for name in translation.inputs}
    stored |= dict.fromkeys(translation.choices, 1.0)
    anew, own = dict(stored), dict(stored)
    found = []
    for name in translation.equations:
        cell = translation.book.cell(translation.places[name])
        value = evaluated(translation, name, own)
        anew[name] = evaluated(translation, name, anew)
        is_stored = isinstance(cell.value, bool | float | int)
        own[name] = float(cell.value) if isinstance(cell.value, bool | float | int) else anew[name]
        error = cell.value.code if isinstance(cell.value, Failure) else ""
        found.append(Comparison(name, own[name] if is_stored else math.nan, value, anew[name], error))
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
    known = {**CONSTANTS, **values}
    for part in translation.parts_of(expression):
        known[part] = _value(translation.build.parts[part], known)
    return _value(expression, known)


def _value(expression: Expression, known: Mapping[str, float]) -> float:
    if isinstance(expression, Number):
        return expression.value
    if isinstance(expression, Name):
        return known.get(expression.name, math.nan)
    return evaluate(expression.operation, tuple(_value(each, known) for each in expression.arguments))
