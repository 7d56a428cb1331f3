"""Expressions as they are set in print, free of any format: fractions, roots, powers and cases.

`formula` says how an expression is laid out; the renderers only write that down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from uncertainty.expressions import Call, Name, Number
from uncertainty.expressions.operations import (
    ATOM,
    CONSTANTS,
    LOGIC,
    NOT,
    OPERATIONS,
    POWER,
    PRODUCT,
    SELECT,
    SIGN,
    SUM,
)
from uncertainty.expressions.tree import precedence_of
from uncertainty.late import dataclass
from uncertainty.wording import point_text

if TYPE_CHECKING:
    from uncertainty.expressions import Expression

Shape = Literal["row", "name", "number", "sign", "fraction", "power", "root", "bars", "cases"]

SIGNS = {
    "add": "+",
    "subtract": "−",
    "multiply": "×",
    "less": "<",
    "less_equal": "≤",
    "greater": ">",
    "greater_equal": "≥",
    "equal": "=",
    "not_equal": "≠",
}
ENCLOSED = "enclosed"
"""Text of a row that parentheses hold together."""

FUNCTIONS = {"log": "ln", "log10": "log₁₀", "minimum": "min", "maximum": "max"} | {
    f"a{name}": f"arc{name}" for name in ("sin", "cos", "tan")
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a formula.

    Parameters
    ----------
    shape
        ``"row"``: parts beside each other; ``"fraction"``: above and below; ``"power"``: base and exponent;
        ``"cases"``: values and conditions in turn, the last condition left out; the others have one part
        or a text.
    """

    shape: Shape
    text: str = ""
    parts: tuple[Piece, ...] = ()


def name_text(name: str) -> str:
    """Write a name of a study as words."""
    return "π" if name in CONSTANTS else name.replace("_", " ")


def formula(expression: Expression) -> Piece:
    """Lay an expression out."""
    expression = _spelled_out(expression)
    match expression:
        case Number(value=value, unit=unit):
            number = _number(value)
            return number if unit is None else _row(number, Piece("name", f"\u00a0{unit}"))
        case Name(name=name):
            return Piece("name", name_text(name))
        case Call(written=text) if text or expression.operation == SELECT:
            return Piece("name", str(expression))
        case Call(operation="divide", arguments=(above, below)):
            return Piece("fraction", parts=(formula(above), formula(below)))
        case Call(operation="power", arguments=(base, exponent)):
            return Piece("power", parts=(_enclosed(base, ATOM + 1), formula(exponent)))
        case Call(operation="exp", arguments=(exponent,)):
            return Piece("power", parts=(Piece("name", "e"), formula(exponent)))
        case Call(operation="sqrt", arguments=(inner,)):
            return Piece("root", parts=(formula(inner),))
        case Call(operation="abs", arguments=(inner,)):
            return Piece("bars", parts=(formula(inner),))
        case Call(operation="negative", arguments=(inner,)):
            return _row(Piece("sign", "−"), _enclosed(inner, PRODUCT))
        case Call(operation="floor", arguments=(inner,)):
            return Piece("row", ENCLOSED, (Piece("sign", "⌊"), formula(inner), Piece("sign", "⌋")))
        case Call(operation="ceil", arguments=(inner,)):
            return Piece("row", ENCLOSED, (Piece("sign", "⌈"), formula(inner), Piece("sign", "⌉")))
        case Call(operation="logical_not", arguments=(inner,)):
            return _row(Piece("name", "not\u00a0"), _enclosed(inner, NOT))
        case Call(operation="where"):
            return _cases(expression)
        case Call(operation=operation, arguments=arguments) if operation in SIGNS or operation in LOGIC:
            return _joined(operation, arguments)
    return _function(expression)


def _spelled_out(expression: Expression) -> Expression:
    """Return what is printed for a function that only programs need, ``exp(x) - 1`` for ``expm1(x)``."""
    one = Number(1.0)
    match expression:
        case Call(operation="expm1", arguments=(exponent,)):
            return Call("subtract", (Call("exp", (exponent,)), one))
        case Call(operation="log1p", arguments=(inner,)):
            return Call("log", (Call("add", (one, inner)),))
    return expression


def lines(piece: Piece) -> tuple[Piece, ...]:
    """Cut a formula where a line may end: before each sign that joins its outermost parts."""
    if piece.shape != "row" or piece.text == ENCLOSED:
        return (piece,)
    found: list[list[Piece]] = [[]]
    for part in piece.parts:
        if part.shape == "sign" and found[-1] and part.text in "+−×":
            found.append([])
        found[-1].append(part)
    return tuple(Piece("row", parts=tuple(parts)) for parts in found)


def _number(value: float) -> Piece:
    mantissa, _, exponent = point_text(value).partition("e")
    if not exponent:
        return Piece("number", mantissa)
    power = Piece(
        "power", parts=(Piece("number", "10"), Piece("number", str(int(exponent)).replace("-", "−")))
    )
    return power if mantissa == "1" else _row(Piece("number", mantissa), Piece("sign", "×"), power)


def _row(*parts: Piece) -> Piece:
    """Set parts beside each other; rows among them are opened up, unless parentheses hold them together."""
    flat: list[Piece] = []
    for part in parts:
        flat += part.parts if part.shape == "row" and part.text != ENCLOSED else (part,)
    return Piece("row", parts=tuple(flat))


def _joined(operation: str, arguments: tuple[Expression, ...]) -> Piece:
    left, right = arguments
    precedence = OPERATIONS[operation].precedence
    # a - (b - c) needs its parentheses, a + (b + c) does not
    stronger = precedence if operation in ("add", "multiply", *LOGIC) else precedence + 1
    word = OPERATIONS[operation].symbol if operation in LOGIC else ""
    sign = Piece("name", f"\u00a0{word}\u00a0") if word else Piece("sign", SIGNS[operation])
    return _row(_enclosed(left, precedence), sign, _enclosed(right, stronger))


def _enclosed(expression: Expression, weakest: int) -> Piece:
    """Lay an expression out, in parentheses where it binds less than its surroundings ask for."""
    expression = _spelled_out(expression)
    inner = formula(expression)
    if _binding(expression, inner) >= weakest:
        return inner
    return Piece("row", ENCLOSED, (Piece("sign", "("), inner, Piece("sign", ")")))


def _binding(expression: Expression, inner: Piece) -> int:
    """Return how tightly a formula holds together as it is set."""
    if inner.shape in ("number", "root", "bars") or (inner.shape == "name" and " " not in inner.text):
        return ATOM + 1
    if inner.shape == "fraction":
        return ATOM
    if inner.shape == "power":
        return POWER
    if isinstance(expression, Call):
        if expression.operation == "negative":
            return SIGN if inner.shape != "row" else SUM
        return precedence_of(expression)
    return ATOM if isinstance(expression, Name) else PRODUCT


def _function(expression: Expression) -> Piece:
    if not isinstance(expression, Call):
        raise TypeError(f"expected a function, found {type(expression).__name__}")
    parts = [Piece("name", FUNCTIONS.get(expression.operation, expression.operation)), Piece("sign", "(")]
    for number, argument in enumerate(expression.arguments):
        parts += [Piece("sign", ","), formula(argument)] if number else [formula(argument)]
    return Piece("row", ENCLOSED, (*parts, Piece("sign", ")")))


def _cases(expression: Expression) -> Piece:
    """Lay a choice between values out; a choice within the last one adds rows."""
    rows: list[Piece] = []
    rest = expression
    while isinstance(rest, Call) and rest.operation == "where":
        condition, value, rest = rest.arguments
        rows += [formula(value), formula(condition)]
    return Piece("cases", parts=(*rows, formula(rest)))
