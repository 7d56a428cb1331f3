"""Cells that hold fractions where a text says per cent: a formula adds them to 1, or takes them from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeGuard

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


class Factor(NamedTuple):
    """A number below 1 that multiplies or divides another, which no number of the product converts.

    Parameters
    ----------
    at
        Its cell.
    taken_by
        The cell of the formula.
    against
        Cells that the product divides by it, or that divide it.
    """

    at: Area
    taken_by: Area
    against: tuple[Area, ...]


def factors(to: Translation) -> Iterator[Factor]:
    """Yield the cells that formulas multiply by, or divide by, as if they were fractions of 1.

    ``B2*B3`` does, and ``B2*B3/100`` does not.
    """
    places = {**to.places, **to.inputs}
    every = {name: term.expression for name, term in to.equations.items()} | dict(to.build.parts)
    for owner, expression in every.items():
        taken_by = places.get(owner.partition("#")[0])
        waiting = [] if taken_by is None else [(expression, False)]
        while waiting and taken_by is not None:
            node, is_converted = waiting.pop()
            sides = _sides(node)
            parts = [part for side in sides for part in side]
            is_converted |= len(parts) > 1 and any(map(_converts, parts))
            names = [[each.name for each in side if isinstance(each, Name)] for side in sides]
            others = [each for each in parts if not isinstance(each, Number)]
            for own, other in (names, names[::-1]) if len(others) > 1 and not is_converted else ():
                against = tuple(places[each] for each in other if each in places)
                shares = (each for each in own if each in places and abs(as_stored(to, Name(each))) < 1)
                yield from (Factor(places[each], taken_by, against) for each in shares)
            below = parts if len(parts) > 1 else node.arguments if isinstance(node, Call) else ()
            waiting += ((part, is_converted) for part in below)


def _sides(node: Expression) -> tuple[list[Expression], list[Expression]]:
    """Return what a product multiplies, and what it divides by; what is no product is one of its own."""
    sides: tuple[list[Expression], list[Expression]] = ([], [])
    waiting = [(node, 0)]
    while waiting:
        each, side = waiting.pop()
        if isinstance(each, Call) and each.operation in ("multiply", "divide"):
            above, below = each.arguments
            waiting += [(above, side), (below, side if each.operation == "multiply" else 1 - side)]
        else:
            sides[side].append(each)
    return sides


def _converts(part: Expression) -> bool:
    """Tell whether a number makes a fraction of per cent, or the other way round."""
    value = abs(part.value) if isinstance(part, Number) else 0.0
    return value > 0 and (value % PER_CENT == 0 or round(1 / value, 9) % PER_CENT == 0)


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
