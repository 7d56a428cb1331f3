"""What several expressions have in common: one pattern, with something of its own in some places."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, TypeAlias, cast

from uncertainty.expressions.operations import SELECT
from uncertainty.expressions.tree import Call, Expression, Name, Number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROUNDING = 1e-14
SO_FAR = Name("#")
"""Stands for the index of a sum so far until it is known."""
Leaf: TypeAlias = "Callable[[tuple[Expression, ...]], Expression | None]"
"""Makes one expression of those that differ in a place of the pattern; None where there is no such one."""


def pattern(expressions: Sequence[Expression], leaf: Leaf) -> Expression | None:
    """Return the expression of which all are cases; None where they have nothing in common."""
    first = expressions[0]
    if all(each == first for each in expressions[1:]):
        return first
    calls = [each for each in expressions if isinstance(each, Call)]
    if is_one_number(expressions):
        return expressions[-1]
    if len(calls) < len(expressions):
        return None if calls else leaf(tuple(expressions))
    if any(_kind(each) != _kind(calls[0]) for each in calls):
        return None
    found = [pattern(arguments, leaf) for arguments in zip(*(each.arguments for each in calls), strict=True)]
    known = tuple(each for each in found if each is not None)
    return Call(calls[0].operation, known) if len(known) == len(found) else None


def is_one_number(expressions: Sequence[Expression]) -> bool:
    """Tell whether expressions are numbers that rounding alone sets apart."""
    numbers = [each.value for each in expressions if isinstance(each, Number)]
    if len(numbers) < len(expressions):
        return False
    low, high = min(numbers), max(numbers)
    return high - low <= ROUNDING * abs(high)


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


def so_far(expressions: Sequence[Expression]) -> dict[int, Expression]:
    """Return by place the expressions that add one term more than those before, as sums so far."""
    found: dict[int, Expression] = {}
    begun: tuple[int, ...] | None = None
    before: list[Expression] = []
    for n in range(1, len(expressions)):
        grown = _grown(expressions[n - 1], expressions[n])
        path, term = grown[0] if grown is not None and len(grown) == 1 else (None, expressions[n])
        if path is not None and path != begun:
            *before, first = _terms(_at(expressions[n - 1], path))
            found[n - 1] = _replaced(expressions[n - 1], path, _sum(before, first))
        if path is not None:
            found[n] = _replaced(expressions[n], path, _sum(before, term))
        begun = path
    return found


def _sum(before: Sequence[Expression], term: Expression) -> Expression:
    """Return what stood there before and a sum so far."""
    added = Call("cumulative", (term, SO_FAR))
    return Call("add", (reduce(lambda x, y: Call("add", (x, y)), before), added)) if before else added


def _terms(expression: Expression) -> list[Expression]:
    found: list[Expression] = []
    while isinstance(expression, Call) and expression.operation == "add":
        expression, last = expression.arguments
        found.append(last)
    return [expression, *reversed(found)]


def _grown(before: Expression, after: Expression) -> list[tuple[tuple[int, ...], Expression]] | None:
    """Return where an expression has one term more than another, and it; None where they differ more."""
    if before == after:
        return []
    own, its = _terms(after), _terms(before)
    if own[:-1] == its:
        return [((), own[-1])]
    if isinstance(before, Call) and isinstance(after, Call) and _kind(before) == _kind(after):
        pairs = zip(before.arguments, after.arguments, strict=True)
        inner = [_grown(*pair) for pair in pairs]
        if any(each is None for each in inner):
            return None
        return [((n, *path), term) for n, each in enumerate(inner) for path, term in each or ()]
    return None if isinstance(before, Call) or isinstance(after, Call) else []


def _at(expression: Expression, path: Sequence[int]) -> Expression:
    for n in path:
        expression = cast("Call", expression).arguments[n]
    return expression


def _replaced(expression: Expression, path: Sequence[int], other: Expression) -> Expression:
    if not path or not isinstance(expression, Call):
        return other
    first, *rest = path
    arguments = list(expression.arguments)
    arguments[first] = _replaced(arguments[first], rest, other)
    return Call(expression.operation, tuple(arguments))
