"""What several expressions have in common: one pattern, with something of its own in some places."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from uncertainty.expressions.operations import SELECT
from uncertainty.expressions.tree import Call, Expression, Name, Number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Leaf: TypeAlias = "Callable[[tuple[Expression, ...]], Expression | None]"
"""Makes one expression of those that differ in a place of the pattern; None where there is no such one."""


def pattern(expressions: Sequence[Expression], leaf: Leaf) -> Expression | None:
    """Return the expression of which all are cases; None where they have nothing in common."""
    first = expressions[0]
    if all(each == first for each in expressions[1:]):
        return first
    calls = [each for each in expressions if isinstance(each, Call)]
    if len(calls) < len(expressions):
        return None if calls else leaf(tuple(expressions))
    if any(_kind(each) != _kind(calls[0]) for each in calls):
        return None
    found = [pattern(arguments, leaf) for arguments in zip(*(each.arguments for each in calls), strict=True)]
    known = tuple(each for each in found if each is not None)
    return Call(calls[0].operation, known) if len(known) == len(found) else None


def _kind(call: Call) -> tuple[object, ...]:
    words = call.arguments[1:] if call.operation == SELECT else ()
    return call.operation, len(call.arguments), words


def shape(expression: Expression) -> str:
    """Return a text that is the same for expressions which differ by their names and numbers alone."""
    if isinstance(expression, Name):
        return "x"
    if isinstance(expression, Number):
        return "1"
    inner = ",".join(map(shape, expression.arguments))
    words = ",".join(map(str, expression.arguments[1:])) if expression.operation == SELECT else ""
    return f"{expression.operation}{words}({inner})"


def progression(numbers: Sequence[float]) -> tuple[float, float] | None:
    """Return the first of some numbers and the step between them; None where it is not the same step."""
    first, step = numbers[0], numbers[1] - numbers[0]
    fits = all(first + step * place == number for place, number in enumerate(numbers))
    return (first, step) if fits else None
