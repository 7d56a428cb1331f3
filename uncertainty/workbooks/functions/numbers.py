"""Functions of single numbers, with the rounding of spreadsheets: halves away from zero."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.errors import InvalidValue
from uncertainty.expressions.tree import Name
from uncertainty.workbooks.formulas import Failure
from uncertainty.workbooks.terms import Term, number, on_numbers, single, truth
from uncertainty.workbooks.translation import Function

if TYPE_CHECKING:
    from collections.abc import Callable

    from uncertainty.workbooks.terms import Builder, Value
    from uncertainty.workbooks.translation import Translation

ALMOST = 1 + 1e-15
"""By how much a number may fall short of a half and be rounded as one: binary decimals are not exact."""

MOST_DIGITS = 300
PI = Term(Name("pi"))
NOTHING = number(0)


def of_numbers(fewest: int, most: int, change: Callable[..., Term]) -> Function:
    """Make a function of terms one of values."""
    return Function(
        fewest,
        most,
        lambda to, *values: on_numbers(to.build, lambda *terms: change(to.build, *terms), *values),
    )


def _plain(operation: str) -> Function:
    return of_numbers(1, 1, lambda build, x: build.apply(operation, x))


def _sign(build: Builder, x: Term) -> Term:
    return build.where(build.apply("less", x, number(0)), number(-1), number(1))


def _scale(digits: Term) -> float:
    if digits.known is None:
        raise InvalidValue("rounds to a number of digits that may vary")
    # a number has no digits beyond these, on either side
    return 10.0 ** max(min(math.trunc(digits.known), MOST_DIGITS), -MOST_DIGITS)


def rounded(build: Builder, x: Term, digits: Term, *, add: float, step: str = "floor") -> Term:
    """Round the absolute value of a number at some decimal, after something was added to it there."""
    x = build.named(x, "unrounded")
    scale = _scale(digits)
    size = build.apply("abs", x)
    if scale > 1:
        size = build.apply("multiply", size, number(scale))
    if scale < 1:
        size = build.apply("divide", size, number(1 / scale))
    nudge = number(ALMOST if step == "floor" else 1 / ALMOST)
    size = build.apply("multiply", size, nudge)
    size = build.apply("add", size, number(add)) if add else size
    found = build.apply("multiply", _sign(build, x), build.apply(step, size))
    if scale > 1:
        return build.apply("divide", found, number(scale))
    return build.apply("multiply", found, number(1 / scale)) if scale < 1 else found


def _logarithm(build: Builder, x: Term, base: Term | None = None) -> Term:
    if base is None or base.known == 10:
        return build.apply("log10", x)
    return build.apply("divide", build.apply("log", x), build.apply("log", base))


def _modulo(build: Builder, x: Term, divisor: Term) -> Term:
    x = build.named(x, "dividend")
    whole = build.apply("floor", build.apply("divide", x, divisor))
    return build.apply("subtract", x, build.apply("multiply", divisor, whole))


def _signum(build: Builder, x: Term) -> Term:
    positive = build.apply("greater", x, number(0))
    return build.where(
        build.apply("less", x, number(0)), number(-1), build.where(positive, number(1), number(0))
    )


def _power(build: Builder, x: Term, exponent: Term) -> Term:
    return build.apply("power", x, exponent)


def _constant(term: Term) -> Function:
    return Function(0, 0, lambda _: single(term))


def _significance(build: Builder, x: Term, step: Term | None, operation: str) -> Term:
    if step is None:
        return build.apply(operation, x)
    return build.apply("multiply", build.apply(operation, build.apply("divide", x, step)), step)


def _multiple(build: Builder, x: Term, step: Term) -> Term:
    """Round to the nearest multiple, halves away from 0."""
    ratio = build.apply("divide", x, step)
    return build.apply("multiply", rounded(build, ratio, NOTHING, add=0.5), step)


def _is_empty(to: Translation, value: Value) -> Value:
    return to.build.mapped(value, lambda scalar: single(truth(scalar is None)))


def _is_number(to: Translation, value: Value) -> Value:
    return to.build.mapped(
        value, lambda scalar: single(truth(isinstance(scalar, Term) and not scalar.logical))
    )


FUNCTIONS = MappingProxyType(
    {
        name: _plain(operation)
        for name, operation in {
            "ABS": "abs", "SQRT": "sqrt", "EXP": "exp", "LN": "log", "LOG10": "log10", "INT": "floor",
            "SIN": "sin", "COS": "cos", "TAN": "tan", "TANH": "tanh",
            "ASIN": "asin", "ACOS": "acos", "ATAN": "atan",
        }.items()
    }
    | {
        "PI": _constant(PI),
        "TRUE": _constant(truth(True)),
        "FALSE": _constant(truth(False)),
        "LOG": of_numbers(1, 2, _logarithm),
        "POWER": of_numbers(2, 2, _power),
        "MOD": of_numbers(2, 2, _modulo),
        "SIGN": of_numbers(1, 1, _signum),
        "ROUND": of_numbers(2, 2, lambda build, x, digits: rounded(build, x, digits, add=0.5)),
        "ROUNDDOWN": of_numbers(2, 2, lambda build, x, digits: rounded(build, x, digits, add=0)),
        "ROUNDUP": of_numbers(2, 2, lambda build, x, digits: rounded(build, x, digits, add=0, step="ceil")),
        "TRUNC": of_numbers(
            1, 2, lambda build, x, digits=NOTHING: rounded(build, x, digits, add=0)
        ),
        "CEILING": of_numbers(1, 2, lambda build, x, step=None: _significance(build, x, step, "ceil")),
        "FLOOR": of_numbers(1, 2, lambda build, x, step=None: _significance(build, x, step, "floor")),
        "MROUND": of_numbers(2, 2, _multiple),
        "NA": Function(0, 0, lambda _: single(Failure("#N/A"))),
        "RADIANS": of_numbers(
            1, 1, lambda build, x: build.apply("divide", build.apply("multiply", x, PI), number(180))
        ),
        "N": of_numbers(1, 1, lambda _, x: x),
        "VALUE": of_numbers(1, 1, lambda _, x: x),
        "ISBLANK": Function(1, 1, _is_empty),
        "ISNUMBER": Function(1, 1, _is_number),
    }
)  # fmt: skip
