"""Functions of single numbers, with the rounding of spreadsheets: halves away from zero."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.errors import InvalidValue
from uncertainty.expressions.tree import Name
from uncertainty.workbooks.formulas import Failure
from uncertainty.workbooks.terms import (
    Term,
    Text,
    Unknown,
    as_number,
    as_plain,
    either_case,
    number,
    on_numbers,
    single,
    truth,
    unknown,
)
from uncertainty.workbooks.translation import Function

if TYPE_CHECKING:
    from collections.abc import Callable

    from uncertainty.workbooks.terms import Builder, Scalar, Value
    from uncertainty.workbooks.translation import Translation

ALMOST = 1 + 1e-15
"""By how much a number may fall short of a half, or of a whole number, and be rounded as one."""

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


def stepped(build: Builder, operation: str, x: Term) -> Term:
    """Return the next whole number below or above a number, or one that lies within rounding of it."""
    if build.is_rounded(x):
        x = build.named(x, "unrounded")
        slack = build.apply("multiply", build.apply("abs", x), number(ALMOST - 1))
        x = build.apply("add" if operation == "floor" else "subtract", x, slack)
    return build.apply(operation, x)


def _plain(operation: str) -> Function:
    return of_numbers(1, 1, lambda build, x: build.apply(operation, x))


def _sign(build: Builder, x: Term) -> Term:
    return build.where(build.apply("less", x, number(0)), number(-1), number(1))


def rounded(build: Builder, x: Term, digits: float, *, add: float, step: str = "floor") -> Term:
    """Round the absolute value of a number at some decimal, after something was added to it there."""
    x = build.named(x, "unrounded")
    # a number has no digits beyond these, on either side
    scale = 10.0 ** max(min(math.trunc(digits), MOST_DIGITS), -MOST_DIGITS)
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


def _rounding(fewest: int, *, add: float = 0, step: str = "floor") -> Function:
    def apply(to: Translation, value: Value, digits: Value | None = None) -> Value:
        digits = single(NOTHING) if digits is None else digits
        if (lost := unknown(as_number(scalar) for _, scalar in digits)) is not None:
            return single(lost)
        places = to.known_number(digits)
        return on_numbers(to.build, lambda x: rounded(to.build, x, places, add=add, step=step), value)

    return Function(fewest, 2, apply)


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
        return stepped(build, operation, x)
    if step.known is None or step.known <= 0:
        x, step = build.named(x, "x"), build.named(step, "step")
    found = _in_steps(
        build, x, step, lambda ratio: stepped(build, operation, ratio), still=operation == "ceil"
    )
    is_down = build.both(build.apply("greater", x, NOTHING), build.apply("less", step, NOTHING))
    return build.within(build.negation(is_down), found)


def _in_steps(
    build: Builder, x: Term, step: Term, whole: Callable[[Term], Term], *, still: bool = True
) -> Term:
    """Return a multiple of a step; steps of 0 lead to 0, or to an error."""
    if step.known or not still:
        return build.apply("multiply", whole(build.apply("divide", x, step)), step)
    is_still = build.apply("equal", step, NOTHING)
    # the divisor is never 0: what is not chosen would be an error all the same
    ratio = build.apply("divide", x, build.where(is_still, number(1), step))
    return build.apply("multiply", whole(ratio), step)


def _multiple(build: Builder, x: Term, step: Term) -> Term:
    """Round to the nearest multiple, halves away from 0."""
    if step.known is None:
        x, step = build.named(x, "x"), build.named(step, "step")
    found = _in_steps(build, x, step, lambda ratio: rounded(build, ratio, 0, add=0.5))
    holds = build.apply("greater_equal", build.apply("multiply", x, step), NOTHING)
    return build.within(holds, found)


def _times(build: Builder, x: Term, factor: Term, divisor: Term) -> Term:
    return build.apply("divide", build.apply("multiply", x, factor), divisor)


def _hyperbolic(build: Builder, x: Term, *, even: bool) -> Term:
    """Return cosh, or sinh without the loss of digits near 0."""
    x, operation = build.named(x, "x"), "exp" if even else "expm1"
    up, down = build.apply(operation, x), build.apply(operation, build.apply("negative", x))
    return build.apply("divide", build.apply("add" if even else "subtract", up, down), number(2))


def _angle(build: Builder, x: Term, y: Term) -> Term:
    """Return the angle of a point, which the origin does not have."""
    x, y = build.named(x, "x"), build.named(y, "y")
    straight = build.apply("divide", PI, number(2))
    is_upright = build.apply("equal", x, NOTHING)
    # neither side is asked for what the other one is for, and may not have
    height, width = build.where(is_upright, y, number(1)), build.where(is_upright, number(1), x)
    upright = build.apply("multiply", straight, build.apply("divide", height, build.apply("abs", height)))
    slanted = build.apply("atan", build.apply("divide", y, width))
    turn = build.where(build.apply("less", y, NOTHING), build.apply("negative", PI), PI)
    left = build.where(build.apply("less", x, NOTHING), build.apply("add", slanted, turn), slanted)
    return build.where(is_upright, upright, left)


def _whole_quotient(build: Builder, x: Term, divisor: Term) -> Term:
    return truncated(build, build.apply("divide", x, divisor))


def truncated(build: Builder, x: Term) -> Term:
    """Return a number without its decimals."""
    x = build.named(x, "whole")
    negative = build.apply("less", x, NOTHING)
    return build.where(negative, stepped(build, "ceil", x), stepped(build, "floor", x))


def _next_of_two(build: Builder, x: Term, *, odd: int) -> Term:
    """Return the next even or odd number away from 0."""
    x = build.named(x, "x")
    size = build.apply("subtract", build.apply("abs", x), number(odd))
    steps = build.apply("ceil", build.apply("divide", size, number(2)))
    found = build.apply("add", build.apply("multiply", steps, number(2)), number(odd))
    return build.apply("multiply", _sign(build, x), found)


def _parity(build: Builder, x: Term, *, odd: int) -> Term:
    whole = truncated(build, x)
    return build.apply("equal", _modulo(build, whole, number(2)), number(odd))


def _n(scalar: Scalar) -> Value:
    """Return a number or truth value as a number, and 0 for a text."""
    if isinstance(scalar, Text) or scalar is None:
        return single(number(0))
    return single(as_plain(scalar) if isinstance(scalar, Term) else scalar)


def _counted(change: Callable[..., int]) -> Function:
    """Make a function of whole numbers that decide once and for all."""

    def apply(to: Translation, *values: Value) -> Value:
        known = [to.known_number(value) for value in values]
        if any(each <= -1 for each in known) or int(known[0]) < int(known[-1]):
            return single(Failure("#NUM!"))
        if any(not 0 <= each < MOST_DIGITS for each in known):
            raise InvalidValue("counts what is negative or too much")
        return single(number(float(change(*(int(each) for each in known)))))

    count = 1 if change is math.factorial else 2
    return Function(count, count, apply)


def _is(kind: Callable[[Scalar], bool]) -> Function:
    return Function(1, 1, lambda to, value: to.build.mapped(value, lambda each: single(truth(kind(each)))))


def _is_calculated(*, logical: bool) -> Function:
    """Make ISNUMBER or ISLOGICAL: FALSE where a formula is an error for some values of the inputs."""

    def is_calculated(to: Translation, scalar: Scalar) -> Value:
        if not isinstance(scalar, Term) or scalar.logical != logical:
            return single(scalar if isinstance(scalar, Unknown) else truth(False))
        return either_case(to.build, to.failures.of(scalar), single(truth(False)), single(truth(True)))

    def apply(to: Translation, value: Value) -> Value:
        return to.build.mapped(to.failures.told(value), lambda each: is_calculated(to, each))

    return Function(1, 1, apply)


FUNCTIONS = MappingProxyType(
    {
        name: _plain(operation)
        for name, operation in {
            "ABS": "abs", "SQRT": "sqrt", "EXP": "exp", "LN": "log", "LOG10": "log10",
            "SIN": "sin", "COS": "cos", "TAN": "tan", "TANH": "tanh",
            "ASIN": "asin", "ACOS": "acos", "ATAN": "atan",
        }.items()
    }
    | {
        "INT": of_numbers(1, 1, lambda build, x: stepped(build, "floor", x)),
        "PI": _constant(PI),
        "TRUE": _constant(truth(True)),
        "FALSE": _constant(truth(False)),
        "LOG": of_numbers(1, 2, _logarithm),
        "POWER": of_numbers(2, 2, _power),
        "MOD": of_numbers(2, 2, _modulo),
        "SIGN": of_numbers(1, 1, _signum),
        "ROUND": _rounding(2, add=0.5),
        "ROUNDDOWN": _rounding(2),
        "ROUNDUP": _rounding(2, step="ceil"),
        "TRUNC": _rounding(1),
        "CEILING": of_numbers(1, 2, lambda build, x, step=None: _significance(build, x, step, "ceil")),
        "FLOOR": of_numbers(1, 2, lambda build, x, step=None: _significance(build, x, step, "floor")),
        "MROUND": of_numbers(2, 2, _multiple),
        "NA": Function(0, 0, lambda _: single(Failure("#N/A"))),
        "RADIANS": of_numbers(1, 1, lambda build, x: _times(build, x, PI, number(180))),
        "DEGREES": of_numbers(1, 1, lambda build, x: _times(build, x, number(180), PI)),
        "N": Function(1, 1, lambda to, value: to.build.mapped(value, _n)),
        "VALUE": of_numbers(1, 1, lambda _, x: as_plain(x)),
        "ISBLANK": _is(lambda each: each is None),
        "ISNUMBER": _is_calculated(logical=False),
        "ISLOGICAL": _is_calculated(logical=True),
        "ISTEXT": _is(lambda each: isinstance(each, Text)),
        "ISNONTEXT": _is(lambda each: not isinstance(each, Text)),
        "ISNA": _is(lambda each: isinstance(each, Failure) and each.code == "#N/A"),
        "ISEVEN": of_numbers(1, 1, lambda build, x: _parity(build, x, odd=0)),
        "ISODD": of_numbers(1, 1, lambda build, x: _parity(build, x, odd=1)),
        "EVEN": of_numbers(1, 1, lambda build, x: _next_of_two(build, x, odd=0)),
        "ODD": of_numbers(1, 1, lambda build, x: _next_of_two(build, x, odd=1)),
        "QUOTIENT": of_numbers(2, 2, _whole_quotient),
        "SINH": of_numbers(1, 1, lambda build, x: _hyperbolic(build, x, even=False)),
        "COSH": of_numbers(1, 1, lambda build, x: _hyperbolic(build, x, even=True)),
        "ATAN2": of_numbers(2, 2, _angle),
        "FACT": _counted(math.factorial),
        "COMBIN": _counted(math.comb),
    }
)  # fmt: skip
