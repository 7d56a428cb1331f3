"""Cells that hold fractions where a text says per cent: a formula adds them to 1, or takes them from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from uncertainty.expressions.tree import Call, Expression, Name, Number
from uncertainty.workbooks.checking import as_stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uncertainty.workbooks.formulas import Area
    from uncertainty.workbooks.translation import Translation

ONE = Number(1.0)
PER_CENT = 100


def fractions(to: Translation) -> list[Area]:
    """Return the cells that formulas take for fractions of 1.

    ``1+B1``, ``B2-B2*B1`` and what ``NPV`` and ``PMT`` make of a rate do, also of a part of it such as
    ``B1/12``, and ``1+B1/100`` does not. What is calculated as ``B3/B2-1`` is one itself. A number from 1
    on may be one of percentage points, to which a point is added.
    """
    every = {name: term.expression for name, term in to.equations.items()}
    found = {name for each in (*every.values(), *to.build.parts.values()) for name in _beside_one(to, each)}
    found |= {name for name, each in every.items() if ONE in _terms(each)}
    found = {name for name in found if abs(as_stored(to, Name(name))) < 1}
    waiting = list(found)
    while waiting:
        equation = to.equation(waiting.pop())
        # what shows another cell shows a fraction of it
        if isinstance(equation, Name) and equation.name not in found:
            found.add(equation.name)
            waiting.append(equation.name)
    places = {**to.places, **to.inputs}
    return [places[each] for each in sorted(found) if each in places]


def _beside_one(to: Translation, expression: Expression) -> Iterator[str]:
    """Yield the names of what is added to 1 somewhere in an expression, or taken from it.

    What something is multiplied by that is added to the product is added to 1, too.
    """
    waiting = [expression]
    while waiting:
        terms = _terms(waiting.pop())
        added = terms if ONE in terms else []
        if len(terms) > 1:
            every = set(terms)
            products = (each.arguments for each in terms if _is_product(each))
            pairs = (pair for one, other in products for pair in ((one, other), (other, one)))
            added = [*added, *(share for whole, share in pairs if whole in every)]
        yield from (name for each in added if (name := _name_in(to, each)))
        waiting += (part for each in terms if isinstance(each, Call) for part in each.arguments)


def _is_product(term: Expression) -> TypeGuard[Call]:
    return isinstance(term, Call) and term.operation == "multiply"


def _terms(node: Expression) -> list[Expression]:
    """Return the terms of a sum, whatever their signs; what is no sum is one of its own."""
    found: list[Expression] = []
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Call) and each.operation in ("add", "subtract", "negative"):
            waiting += each.arguments
        else:
            found.append(each)
    return found


def _name_in(to: Translation, term: Expression) -> str:
    """Return the name that a term is, or a part of by a divisor that makes no fraction of per cent."""
    if isinstance(term, Name):
        return term.name
    if isinstance(term, Call) and term.operation == "divide":
        above, below = term.arguments
        if isinstance(above, Name) and isinstance(below, Name | Number):
            return above.name if as_stored(to, below) % PER_CENT else ""
    return ""
