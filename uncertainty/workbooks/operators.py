"""What a spreadsheet's operators mean: numbers, texts, truth values and empty cells in each other's place."""

from __future__ import annotations

import math
import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.errors import InvalidValue
from uncertainty.workbooks.formulas import Failure
from uncertainty.workbooks.terms import Term, Text, Unknown, number, single, truth, unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from uncertainty.workbooks.terms import Builder, Scalar, Value

ARITHMETIC = MappingProxyType({"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "^": "power"})
COMPARING = MappingProxyType(
    {"=": "equal", "<>": "not_equal", "<": "less", ">": "greater", "<=": "less_equal", ">=": "greater_equal"}
)
_NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*%?\s*", re.ASCII)


def as_number(scalar: Scalar) -> Term | Failure | Unknown:
    """Return what a value is where a number is needed: an empty cell is 0, and "5" is 5."""
    if scalar is None:
        return number(0)
    if isinstance(scalar, Text):
        found = read_number(scalar.text)
        return Failure("#VALUE!", scalar.cell) if found is None else number(found)
    return scalar


def read_number(text: str) -> float | None:
    """Return the number that a text shows, as a spreadsheet reads it; None where it shows none."""
    if not _NUMBER.fullmatch(text):
        return None
    plain = text.strip()
    found = float(plain[:-1]) / 100 if plain.endswith("%") else float(plain)
    return found if math.isfinite(found) else None


def numeric(build: Builder, value: Value) -> Value:
    """Return a value with numbers and errors alone."""
    return build.mapped(value, lambda scalar: single(as_number(scalar)))


def calculated(build: Builder, operation: str, *values: Value) -> Value:
    """Apply an operation of numbers to values."""
    return on_numbers(build, lambda *terms: build.apply(operation, *terms), *values)


def on_numbers(build: Builder, change: Callable[..., Term], *values: Value) -> Value:
    """Apply a function of terms to values, errors passing through."""
    return _on_rest(build, change, (), values)


def _on_rest(
    build: Builder, change: Callable[..., Term], done: tuple[Term, ...], values: tuple[Value, ...]
) -> Value:
    if not values:
        return single(change(*done))

    def next_one(scalar: Scalar) -> Value:
        found = as_number(scalar)
        return (
            _on_rest(build, change, (*done, found), values[1:]) if isinstance(found, Term) else single(found)
        )

    return build.mapped(numeric(build, values[0]), next_one)


def compared(build: Builder, sign: str, left: Value, right: Value, settle: Callable[[str], None]) -> Value:
    """Compare two values: numbers before texts before truth values, texts whatever their capitals.

    Parameters
    ----------
    settle
        Is told the cells whose texts decide here once and for all.
    """

    def compare(one: Scalar, other: Scalar) -> Value:
        if (lost := unknown((one, other))) is not None:
            return single(lost)
        for each in (one, other):
            if isinstance(each, Text):
                settle(each.cell)
        return single(compare_scalars(build, COMPARING[sign], one, other))

    return build.combined(left, right, compare)


def compare_scalars(build: Builder, operation: str, one: Scalar, other: Scalar) -> Term:
    """Compare two values that are no errors."""
    one, other = _filled(one, other), _filled(other, one)
    if isinstance(one, Term) and isinstance(other, Term) and one.logical == other.logical:
        return build.apply(operation, one, other)
    if isinstance(one, Text) and isinstance(other, Text):
        first, second = one.text.casefold(), other.text.casefold()
        return build.apply(operation, number(float(first > second)), number(float(second > first)))
    return build.apply(operation, number(_rank(one)), number(_rank(other)))


def _filled(scalar: Scalar, other: Scalar) -> Scalar:
    """Return what an empty cell is beside another value."""
    if scalar is not None:
        return scalar
    if isinstance(other, Text):
        return Text("")
    return truth(False) if isinstance(other, Term) and other.logical else number(0)


def _rank(scalar: Scalar) -> int:
    return 1 if isinstance(scalar, Text) else 2 if isinstance(scalar, Term) and scalar.logical else 0


def as_text(scalar: Scalar) -> Text | Failure | Unknown:
    """Return what a value is where a text is needed.

    Raises
    ------
    InvalidValue
        If it is a number that may vary.
    """
    if scalar is None:
        return Text("")
    if not isinstance(scalar, Term):
        return scalar
    if scalar.known is None:
        raise InvalidValue("makes a text of a number that may vary")
    if scalar.logical:
        return Text("TRUE" if scalar.known else "FALSE")
    return Text(f"{scalar.known:.10g}")


def joined_texts(build: Builder, left: Value, right: Value) -> Value:
    """Join two texts."""

    def join(one: Scalar, other: Scalar) -> Value:
        first, second = as_text(one), as_text(other)
        lost = unknown((first, second))
        if isinstance(first, Text) and isinstance(second, Text):
            return single(Text(first.text + second.text))
        return single(lost)

    return build.combined(left, right, join)


def conditional(build: Builder, test: Value, yes: Value, no: Value) -> Value:
    """Return one value where a condition holds, and the other where it does not."""

    def choose(scalar: Scalar) -> Value:
        found = as_number(scalar)
        if not isinstance(found, Term):
            return single(found)
        condition = build.condition(found)
        if condition.known is not None:
            return yes if condition.known else no
        return either_case(build, condition, yes, no)

    return build.mapped(test, choose)


def either_case(build: Builder, condition: Term, yes: Value, no: Value) -> Value:
    """Return the cases of one value under a condition, before those of the other."""
    cases = [(condition if inner is None else build.both(condition, inner), scalar) for inner, scalar in yes]
    return build.merged((*cases, *no))
