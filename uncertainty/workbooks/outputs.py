"""What chosen cells show, and all that they are calculated from."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.expressions.tree import Expression, names
from uncertainty.workbooks.cells import address
from uncertainty.workbooks.formulas import Apply, Failure, Literal, parse_formula
from uncertainty.workbooks.terms import Term, Text

if TYPE_CHECKING:
    from uncertainty.workbooks.formulas import Area, Node
    from uncertainty.workbooks.terms import Value
    from uncertainty.workbooks.translation import Translation

MOST_DIGITS = 12
"""Digits of a stored value that are taken for a published figure; a spreadsheet calculates with 15."""


class Output(NamedTuple):
    """What an output of the study shows: an expression, and the digits that a formula rounded it to."""

    expression: Expression | None = None
    digits: int | None = None
    note: str = ""


def shown_by(to: Translation, at: Area) -> Output:
    """Return what an output shows; a last ROUND is left out, and becomes the output's digits."""
    book, where = to.book, address(at)
    text, stored = book.formula(at), book.cell(at).value
    if text is None or where not in to.equations:
        return Output()
    value, shown = _unrounded(to, at, parse_formula(text[0]), is_array=text[1])
    digits = None
    if shown is not None and isinstance(stored, float | int):
        digits = shown + 1 + (math.floor(math.log10(abs(stored))) if stored else 0)
    if digits is None or digits < 1:
        value, digits = to.values[where], None
    number = to.without_text(value, where)
    notes = [f"Its last ROUND(…, {shown}) is left out here: the figure's digits say so"] * bool(digits)
    notes += ["It has no value where the formula gives a text"] * (number is not None)
    if not notes:
        return Output()
    term = number or to.number_of(value)
    return Output(term.expression, digits and min(digits, MOST_DIGITS), ". ".join(notes))


def _unrounded(to: Translation, at: Area, tree: Node, *, is_array: bool) -> tuple[Value, int | None]:
    """Return what a formula gives without its last ROUND, and to how many decimals that rounds."""
    found = _without_round(tree)
    if found is None:
        return (), None
    value, ((_, decimals), *_) = (to.within(at, each, is_array=is_array) for each in found)
    numbers = [scalar for _, scalar in value if isinstance(scalar, Term)]
    others = [scalar for _, scalar in value if not isinstance(scalar, Term | Failure | Text)]
    if others or not numbers or not isinstance(decimals, Term) or decimals.known is None:
        return (), None
    return value, int(decimals.known)


def reached(to: Translation, outputs: dict[str, Output]) -> dict[str, None]:
    """Return the addresses and parts that the outputs are calculated from, and their own."""
    found: dict[str, None] = {}
    waiting: list[str] = []
    for where, output in reversed(outputs.items()):
        waiting += sorted(names(output.expression)) if output.expression is not None else [where]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = None
        equation = to.equation(name)
        waiting += sorted(names(equation), reverse=True) if equation is not None else []
    return found


def _without_round(tree: Node) -> tuple[Node, Node] | None:
    """Return a formula without the ROUND that it ends in, and what that rounds to; None where it has none.

    A guard such as ``IFERROR(ROUND(…), "–")``, or ``IF`` with a text beside it, may stand round it.
    """
    if not isinstance(tree, Apply):
        return None
    arguments = tree.arguments
    if tree.function == "ROUND" and len(arguments) == 2:
        return arguments[0], arguments[1]
    guarded = {"IFERROR": range(1), "IFNA": range(1), "IF": range(1, 3)}.get(tree.function, range(0))
    found = {n: _without_round(each) for n, each in enumerate(arguments) if n in guarded}
    rounds = {n: each for n, each in found.items() if each is not None}
    others = [each for n, each in enumerate(arguments) if n not in rounds and (n or tree.function != "IF")]
    if len(rounds) != 1 or not all(isinstance(each, Literal) for each in others):
        return None
    ((place, (inner, decimals)),) = rounds.items()
    return Apply(tree.function, (*arguments[:place], inner, *arguments[place + 1 :])), decimals
