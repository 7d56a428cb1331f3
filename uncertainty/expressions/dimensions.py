"""Whether an expression adds like to like, and what kind of quantity it gives."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from uncertainty.errors import InvalidValue
from uncertainty.expressions.operations import (
    AVERAGE,
    COMPARISONS,
    CONSTANTS,
    LOGIC,
    OPERATIONS,
    OVER_INDICES,
    SELECT,
)
from uncertainty.expressions.tree import Call, Expression, Name, Number, constant, quoted
from uncertainty.late import dataclass
from uncertainty.units import Dimension, about_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from uncertainty.units import UnitSystem

MAX_EXPONENT = 100

_NUMBER = Dimension()
_UNCHANGED = frozenset({"negative", "abs", AVERAGE})
_OF_ONE_KIND = frozenset({"add", "subtract", "minimum", "maximum"})


@dataclass(frozen=True, slots=True)
class AnyDimension:
    """The dimension of 0, which fits any unit."""

    def __str__(self) -> str:
        return "any dimension"


Kind: TypeAlias = Dimension | AnyDimension


def dimension(expression: Expression, lookup: Callable[[str], Kind], units: UnitSystem) -> Kind:
    """Check an expression and return its dimension.

    Parameters
    ----------
    expression
        What to check.
    lookup
        Gives the dimension of a name; called for every name but ``pi``.
    units
        Gives the meaning of the units that numbers carry.

    Returns
    -------
    Dimension or AnyDimension
        The latter for 0 and what is 0 because of it, such as ``0 * a``.

    Raises
    ------
    InvalidValue
        If dimensions disagree or a number's unit is unknown; the message quotes the part at fault.
    """
    if isinstance(expression, Number):
        return _of_number(expression, units)
    if isinstance(expression, Name):
        return _NUMBER if expression.name in CONSTANTS else lookup(expression.name)
    if expression.operation == SELECT:
        return dimension(expression.arguments[0], lookup, units)
    if expression.operation in OVER_INDICES:
        return _over_indices(expression, lookup, units)
    kinds = [dimension(argument, lookup, units) for argument in expression.arguments]
    if expression.operation == "power":
        return _of_power(expression, kinds, units)
    return _of_call(expression, kinds)


def _over_indices(call: Call, lookup: Callable[[str], Kind], units: UnitSystem) -> Kind:
    """Return the dimension that a reduction, a step along an index or an interpolation keeps or gives."""
    if call.operation == "previous":
        # what is before the first member decides: the rest may depend on this very quantity
        first = dimension(call.arguments[2], lookup, units)
        if isinstance(first, AnyDimension):
            raise InvalidValue(f"the last argument of {quoted(call)} needs a unit, as in 0[g]")
        return first
    found = dimension(call.arguments[0], lookup, units)
    if call.operation == "interpolate":
        curve = call.arguments[1]
        _common(call, [found, lookup(abscissa(str(curve)))])
        return lookup(str(curve))
    if call.operation == "product":
        _demand_number(call, found, "what product multiplies")
    return found


def abscissa(curve: str) -> str:
    """Return the name under which a curve's horizontal axis is looked up."""
    return f"{curve} at"


def _of_number(number: Number, units: UnitSystem) -> Kind:
    if number.unit is not None:
        return units.parse(number.unit).dimension
    return _NUMBER if number.value else AnyDimension()


def _of_call(call: Call, kinds: Sequence[Kind]) -> Kind:
    operation = call.operation
    if operation in _UNCHANGED:
        return kinds[0]
    if operation in _OF_ONE_KIND:
        return _common(call, kinds)
    if operation in COMPARISONS:
        _common(call, kinds)
        return _NUMBER
    if operation == "where":
        _demand_number(call, kinds[0], "a condition")
        return _common(call, kinds[1:])
    if operation in ("multiply", "divide"):
        return _of_product(operation, *kinds)
    if operation == "sqrt":
        return kinds[0] if isinstance(kinds[0], AnyDimension) else kinds[0] ** Fraction(1, 2)
    for kind in kinds:
        what = (
            f"a condition of {OPERATIONS[operation].symbol}"
            if operation in LOGIC
            else f"the argument of {operation}"
        )
        _demand_number(call, kind, what)
    return _NUMBER


def _common(call: Call, kinds: Sequence[Kind]) -> Kind:
    """Return the one dimension that all share."""
    known = [kind for kind in kinds if isinstance(kind, Dimension)]
    for other in known[1:]:
        if other != known[0]:
            disagreement = _disagreement(call.operation, known[0], other)
            raise InvalidValue(f"{disagreement} in {quoted(call)}{about_turns(known[0], other)}")
    return known[0] if known else AnyDimension()


def _disagreement(operation: str, first: Dimension, second: Dimension) -> str:
    match operation:
        case "add":
            return f"cannot add {first} and {second}"
        case "subtract":
            return f"cannot subtract {second} from {first}"
        case "where":
            return f"cannot choose between {first} and {second}"
        case _:
            return f"cannot compare {first} and {second}"


def _of_product(operation: str, left: Kind, right: Kind) -> Kind:
    if isinstance(left, AnyDimension) or isinstance(right, AnyDimension):
        return AnyDimension()
    return left * right if operation == "multiply" else left / right


def _of_power(call: Call, kinds: Sequence[Kind], units: UnitSystem) -> Kind:
    base, exponent = kinds
    _demand_number(call, exponent, "an exponent")
    if isinstance(base, AnyDimension) or base.is_dimensionless:
        return base
    value = constant(call.arguments[1], lambda text: units.parse(text).factor)
    if value is None:
        raise InvalidValue(
            f"cannot raise {base} to an exponent that is not a plain number in {quoted(call)}; "
            "divide the base by a unit first, as in (a / 1[g])**b"
        )
    if not abs(value) <= MAX_EXPONENT:
        raise InvalidValue(
            f"the exponent in {quoted(call)} must lie between -{MAX_EXPONENT} and {MAX_EXPONENT}: "
            f"its base is no pure number but {base}"
        )
    return base ** Fraction(value)


def _demand_number(call: Call, kind: Kind, role: str) -> None:
    if isinstance(kind, Dimension) and not kind.is_dimensionless:
        # turns over 1[turn] are no angle
        advice = about_turns(kind, _NUMBER) or "; divide by a unit to get one, as in a / 1[g]"
        raise InvalidValue(f"{role} must be a pure number, not {kind}, in {quoted(call)}{advice}")
