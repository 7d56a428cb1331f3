"""The translated cells of a workbook as the tables of a study."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from uncertainty.characters import legible
from uncertainty.expressions.tree import Call, Expression, Name, Number, names
from uncertainty.study.digits import written_digits
from uncertainty.workbooks.cells import address
from uncertainty.workbooks.checking import compared_cells, point_of
from uncertainty.workbooks.formulas import Apply, parse_formula
from uncertainty.workbooks.labels import Label, Labels, allowed, named
from uncertainty.workbooks.operators import as_number
from uncertainty.workbooks.terms import Term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.workbooks.formulas import Area
    from uncertainty.workbooks.translation import Translation

MOST_DIGITS = 12
"""Digits of a stored value that are taken for a published figure; a spreadsheet calculates with 15."""
MOST_LISTED = 20


class Output(NamedTuple):
    """What an output of the study shows: an expression, and the digits that a formula rounded it to."""

    expression: Expression | None
    digits: int | None
    note: str


class Writer:
    """Puts what was translated into the tables of a study."""

    def __init__(self, translation: Translation, chosen: Sequence[Area]) -> None:
        self._to = translation
        self._book = translation.book
        self._chosen = list(chosen)
        self._outputs = {address(at): self._output(at) for at in chosen}
        self._needed = self._reached()
        self.comparisons = [each for each in compared_cells(translation) if each.cell in self._needed]
        labels = Labels(self._book)
        places = {**translation.places, **translation.inputs, **self._choice_places()}
        self._labels = {w: (at, labels.of(at)) for w, at in places.items() if w in self._needed}
        self._names = named(self._labels)
        self._name_parts()

    def _choice_places(self) -> dict[str, Area]:
        return {where: self._to.choice_places[where] for where in self._to.choices}

    def _output(self, at: Area) -> Output:
        """Return what an output shows; a last ROUND is left out, and becomes the output's digits."""
        where = address(at)
        if where not in self._to.equations:
            return Output(None, None, "")
        text = self._book.formula(at)
        tree = parse_formula(text[0]) if text else None
        stored = self._book.cell(at).value
        if not (isinstance(tree, Apply) and tree.function == "ROUND" and isinstance(stored, float | int)):
            return Output(None, None, "")
        self._to.at, self._to.build.owner, self._to.is_array = at, where, bool(text and text[1])
        inner, places = self._to.value(tree.arguments[0]), self._to.value(tree.arguments[1])
        term, decimals = inner[0][1], places[0][1]
        certain = len(inner) == 1 and isinstance(term, Term) and isinstance(decimals, Term)
        if not certain or decimals.known is None:  # type: ignore[union-attr]
            return Output(None, None, "")
        shown = int(decimals.known)  # type: ignore[union-attr]
        digits = shown + 1 + (math.floor(math.log10(abs(stored))) if stored else 0)
        if digits < 1:
            return Output(None, None, "")
        said = f"Its formula rounds to {shown} decimals, which is left out here: the figure's digits say so."
        return Output(term.expression, min(digits, MOST_DIGITS), said)  # type: ignore[union-attr]

    def _reached(self) -> dict[str, None]:
        """Return the addresses and parts that the outputs are calculated from, and their own."""
        found: dict[str, None] = {}
        waiting: list[str] = []
        for where, output in reversed(self._outputs.items()):
            waiting += sorted(names(output.expression)) if output.expression is not None else [where]
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found[name] = None
            equation = self._to.equation(name)
            waiting += sorted(names(equation), reverse=True) if equation is not None else []
        return found

    def _name_parts(self) -> None:
        taken = set(self._names.values())
        for part in self._to.build.parts:
            if part in self._needed:
                owner, _, what = part.partition("#")
                base = self._names.get(owner) or allowed(owner.lower().replace("!", "_").replace(" ", "_"))
                name = allowed(f"{base[:24]}_{what}")
                while name in taken:
                    name += "x"
                taken.add(name)
                self._names[part] = name

    def _written(self, expression: Expression) -> Expression:
        """Return an expression with the study's names in place of addresses."""
        if isinstance(expression, Name):
            return Name(self._names.get(expression.name, expression.name))
        if isinstance(expression, Number):
            return expression
        return Call(expression.operation, tuple(self._written(each) for each in expression.arguments))

    def tables(self, title: str) -> dict[str, Any]:
        """Return the tables of the study."""
        outputs = {self._output_name(at): self._output_table(at) for at in self._chosen}
        found: dict[str, Any] = {
            "format": 1,
            "study": {"title": title, "headline": next(iter(outputs))},
            "inputs": {self._names[where]: self._input(where) for where in self._ordered_inputs()},
        }
        if equations := {self._names[where]: self._equation(where) for where in self._ordered_equations()}:
            found["equations"] = equations
        found["outputs"] = outputs
        if choices := {self._names[w]: self._choice(w) for w in self._to.choices if w in self._needed}:
            found["choices"] = {f"which_{name}": table for name, table in choices.items()}
        return found

    def _ordered_inputs(self) -> list[str]:
        return [where for where in (*self._to.inputs, *self._to.choices) if where in self._needed]

    def _ordered_equations(self) -> list[str]:
        found: dict[str, None] = {}
        for where, term in self._to.equations.items():
            for each in (*self._to.parts_of(term.expression), where):
                if each in self._needed:
                    found[each] = None
        for part in self._to.build.parts:
            if part in self._needed:
                found[part] = None
        return list(found)

    def _label(self, where: str) -> Label:
        return self._labels[where][1]

    def _input(self, where: str) -> dict[str, Any]:
        label = self._label(where).full or where
        note = where
        if where in self._to.kept:
            found = self._book.formula(self._to.inputs[where])
            note = f"{where}, at its stored value in place of {found[0] if found else 'its formula'}"
        if where in self._to.choices:
            options = self._to.choices[where]
            codes = ", ".join(f"{n} is {legible(text)}" for n, text in enumerate(options, start=1))
            return {"label": f"{label}: {codes}"[:400], "unit": "1", "point": 1, "note": note}
        value = point_of(self._to, where)
        point = int(value) if value.is_integer() and abs(value) < 2**53 else value
        return {"label": label, "unit": "1", "point": point, "note": note}

    def _equation(self, where: str) -> dict[str, Any]:
        if where in self._to.build.parts:
            owner = where.partition("#")[0]
            return {"value": str(self._written(self._to.build.parts[where])), "note": f"A part of {owner}"}
        value = str(self._written(self._to.equations[where].expression))
        return {"value": value, "label": self._label(where).full or where, "note": self._formula_note(where)}

    def _formula_note(self, where: str) -> str:
        found = self._book.formula(self._to.places[where])
        return f"{where}: {legible(found[0])}" if found else where

    def _output_name(self, at: Area) -> str:
        where = address(at)
        if where in self._names:
            return self._names[where]
        label = Labels(self._book).of(at)
        return named({where: (at, label)})[where]

    def _output_table(self, at: Area) -> dict[str, Any]:
        where = address(at)
        output, stored = self._outputs[where], self._book.cell(at).value
        label = self._label(where) if where in self._labels else Labels(self._book).of(at)
        table: dict[str, Any] = {"label": label.full or where, "unit": "1"}
        if output.expression is not None:
            table["value"] = str(self._written(output.expression))
        elif where not in self._names:
            table["value"] = self._constant(at)
        if isinstance(stored, bool | float | int):
            table |= _published(float(stored), output.digits)
        table["source"] = where
        table["note"] = " ".join(
            filter(None, (self._formula_note_of(at), output.note, self._staleness(where)))
        )
        return table

    def _constant(self, at: Area) -> str:
        """Return a chosen cell that no input reaches, as a number."""
        scalar = as_number(self._to.cell(at)[0][1])
        return str(scalar.expression) if isinstance(scalar, Term) else "0"

    def _formula_note_of(self, at: Area) -> str:
        found = self._book.formula(at)
        return f"{address(at)}: {legible(found[0])}." if found else ""

    def _staleness(self, where: str) -> str:
        found = next((each for each in self.comparisons if each.cell == where), None)
        if found is None or found.is_reproduced:
            return ""
        if found.is_stale:
            return f"The stored value is stale: the formula gives {found.gives:.12g}."
        return f"The stored value follows from others that are stale: anew it is {found.recalculated:.12g}."

    def _choice(self, where: str) -> dict[str, Any]:
        name, options = self._names[where], self._to.choices[where]
        keys = named({text: (self._to.choice_places[where], Label(legible(text))) for text in options})
        table: dict[str, Any] = {}
        for number, text in enumerate(options, start=1):
            option: dict[str, Any] = {"label": legible(text)}
            if number > 1:
                option["inputs"] = {name: number}
            table[keys[text]] = option
        question = self._label(where).text or where
        return {"question": f"Which {question}?", "options": table}

    def comment(self, file: str) -> list[str]:
        """Return what the study file begins with."""
        cells = ", ".join(address(at) for at in self._chosen)
        first = f"Made from the formulas upstream of {cells} in {file}."
        asked = 'Give the inputs distributions, with their sources: distribution = "2 to 8".'
        return [
            first,
            "A spreadsheet calculates with bare numbers, and so does this study.",
            asked,
            *self.notes(),
        ]

    def notes(self) -> list[str]:
        """Say what was settled, so that nothing is settled silently."""
        found = []
        settled = sorted(self._to.settled)
        if settled:
            found.append(
                "Texts and dates that decide once and for all, as no drop-down list offers others: "
                f"{_listed(settled)}."
            )
        if bare := [address(at) for at in self._chosen if self._book.cell(at).value is None]:
            found.append(
                f"No value is stored in {_listed(bare)}: save the workbook in a spreadsheet program, "
                "and there is something to check."
            )
        if empty := sorted(self._to.empty):
            found.append(f"Empty cells that count as 0: {_listed(empty)}.")
        hidden = [title for title, sheet in self._book.sheets.items() if sheet.hidden]
        used = {at.sheet for at, _ in self._labels.values()}
        if seen := [title for title in hidden if title in used]:
            found.append(f"Hidden sheets that are used: {_listed(seen)}.")
        return found


def _published(stored: float, digits: int | None) -> dict[str, Any]:
    """Return a stored value as a published figure, with the digits that it carries."""
    value = float(f"{stored:.{MOST_DIGITS}g}")
    whole = len(str(abs(int(value)))) if value.is_integer() and value else 1
    figure = int(value) if value.is_integer() and abs(value) < 2**53 else value
    found: dict[str, Any] = {"published": figure}
    carried = digits or min(max(written_digits(figure), whole), MOST_DIGITS)
    if carried != written_digits(figure):
        found["digits"] = carried
    return found


def _listed(cells: Sequence[str]) -> str:
    rest = len(cells) - MOST_LISTED
    return ", ".join(cells[:MOST_LISTED]) + (f" and {rest} more" if rest > 0 else "")
