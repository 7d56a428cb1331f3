"""What the outputs that were asked for are calculated from, and what all of it is called in the study."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.expressions.tree import Call, Expression, Name, Number, names
from uncertainty.workbooks.cells import address
from uncertainty.workbooks.checking import compared_cells
from uncertainty.workbooks.formulas import Apply, parse_formula
from uncertainty.workbooks.labels import Label, Labels, UnitHeadings, allowed, named, no_units
from uncertainty.workbooks.terms import Term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.workbooks.formulas import Area
    from uncertainty.workbooks.translation import Translation

MOST_DIGITS = 12
"""Digits of a stored value that are taken for a published figure; a spreadsheet calculates with 15."""


class Output(NamedTuple):
    """What an output of the study shows: an expression, and the digits that a formula rounded it to."""

    expression: Expression | None = None
    digits: int | None = None
    note: str = ""


class Selection:
    """The cells and parts of formulas that some cells are calculated from, with their names and units.

    Parameters
    ----------
    chosen
        The cells whose numbers become outputs.
    with_units
        Whether the units beside cells are those of the study.

    Attributes
    ----------
    outputs
        By address, what each chosen cell shows.
    labels
        By address, every cell of the study and what it is called.
    names
        By address or part, the name in the study.
    headings
        The units.
    comparisons
        Every cell beside its stored value.
    """

    def __init__(self, translation: Translation, chosen: Sequence[Area], *, with_units: bool) -> None:
        self.to = translation
        self.chosen = list(chosen)
        self.outputs = {address(at): self._output(at) for at in chosen}
        self._needed = self._reached()
        self.comparisons = [each for each in compared_cells(translation) if each.cell in self._needed]
        labels = Labels(translation.book)
        places = {**translation.places, **translation.inputs, **translation.choice_places}
        found = {where: (at, labels.of(at)) for where, at in places.items() if where in self._needed}
        self.names = named(found)
        self._name_parts()
        self.labels = found | {address(at): (at, labels.of(at)) for at in chosen}
        others = {where: each for where, each in self.labels.items() if where not in translation.choices}
        self.headings = UnitHeadings(others) if with_units else no_units()

    def needs(self, where: str) -> bool:
        """Tell whether a cell or part is one that an output is calculated from."""
        return where in self._needed

    def label(self, where: str) -> Label:
        """Return what a cell is called."""
        return self.labels[where][1]

    def _output(self, at: Area) -> Output:
        """Return what an output shows; a last ROUND is left out, and becomes the output's digits."""
        book, where = self.to.book, address(at)
        text, stored = book.formula(at), book.cell(at).value
        tree = parse_formula(text[0]) if text and where in self.to.equations else None
        if not (isinstance(tree, Apply) and tree.function == "ROUND" and isinstance(stored, float | int)):
            return Output()
        ((_, term), *cases), ((_, decimals), *_) = (self.to.within(at, each) for each in tree.arguments)
        if cases or not isinstance(term, Term) or not isinstance(decimals, Term) or decimals.known is None:
            return Output()
        shown = int(decimals.known)
        digits = shown + 1 + (math.floor(math.log10(abs(stored))) if stored else 0)
        if digits < 1:
            return Output()
        said = f"Its last ROUND(…, {shown}) is left out here: the figure's digits say so"
        return Output(term.expression, min(digits, MOST_DIGITS), said)

    def _reached(self) -> dict[str, None]:
        """Return the addresses and parts that the outputs are calculated from, and their own."""
        found: dict[str, None] = {}
        waiting: list[str] = []
        for where, output in reversed(self.outputs.items()):
            waiting += sorted(names(output.expression)) if output.expression is not None else [where]
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found[name] = None
            equation = self.to.equation(name)
            waiting += sorted(names(equation), reverse=True) if equation is not None else []
        return found

    def _name_parts(self) -> None:
        taken = set(self.names.values())
        for part in self.to.build.parts:
            if part in self._needed:
                owner, _, what = part.partition("#")
                base = self.names.get(owner) or allowed(owner.lower().replace("!", "_").replace(" ", "_"))
                name = allowed(f"{base[:24]}_{what}")
                while name in taken:
                    name += "x"
                taken.add(name)
                self.names[part] = name

    def written(self, expression: Expression) -> Expression:
        """Return an expression with the study's names in place of addresses, as bare numbers."""
        if isinstance(expression, Name):
            name = Name(self.names.get(expression.name, expression.name))
            return self.headings.entering(expression.name, name)
        if isinstance(expression, Number):
            return expression
        return Call(expression.operation, tuple(self.written(each) for each in expression.arguments))

    def defined(self, where: str, expression: Expression) -> str:
        """Return the text of an expression that gives a cell's quantity."""
        return str(self.headings.leaving(where, self.written(expression)))

    def ordered_inputs(self) -> list[str]:
        """Return the inputs, in the order in which they were met."""
        return [where for where in (*self.to.inputs, *self.to.choices) if where in self._needed]

    def ordered_equations(self) -> list[str]:
        """Return the equations, each after those that it uses."""
        found: dict[str, None] = {}
        for where, term in self.to.equations.items():
            for each in (*self.to.parts_of(term.expression), where):
                if each in self._needed:
                    found[each] = None
        for part in self.to.build.parts:
            if part in self._needed:
                found[part] = None
        return list(found)
