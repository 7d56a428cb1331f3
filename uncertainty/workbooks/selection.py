"""What the outputs that were asked for are calculated from, and what all of it is called in the study."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from uncertainty.characters import legible
from uncertainty.expressions.operations import SELECT
from uncertainty.expressions.tree import Call, Expression, Name, Number, literal, names
from uncertainty.study.written import spelt
from uncertainty.workbooks.apart import apart
from uncertainty.workbooks.cells import address, one_cell
from uncertainty.workbooks.checking import calculated_cells
from uncertainty.workbooks.copies.folding import Axes, folded, index_name
from uncertainty.workbooks.copies.lines import Quantity
from uncertainty.workbooks.copies.members import Indices
from uncertainty.workbooks.fractions import factors, fractions
from uncertainty.workbooks.headings import UnitHeadings, no_units
from uncertainty.workbooks.label import allowed, named
from uncertainty.workbooks.labels import Labels
from uncertainty.workbooks.outputs import reached, shown_by
from uncertainty.workbooks.upstream import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from uncertainty.workbooks.checking import Comparison
    from uncertainty.workbooks.formulas import Area
    from uncertainty.workbooks.label import Label
    from uncertainty.workbooks.translation import Translation

SHOWN = "#shown"


class Selection:
    """The quantities that some cells are calculated from, with their names and units.

    Parameters
    ----------
    chosen
        The cells whose numbers become outputs.
    with_units
        Whether the units beside cells are those of the study.
    with_indices
        Whether copied formulas become quantities with indices.

    Attributes
    ----------
    outputs
        By address, what each chosen cell shows.
    quantities
        By address, range or part, what the study is made of.
    indices
        Their indices.
    labels
        By address or range, every quantity and chosen cell and what it is called.
    names
        By address, range or part, the name in the study.
    headings
        The units.
    calculated
        What every cell gives that the study holds.
    comparisons
        Those that have a stored value, and the chosen cells.
    counters
        Ranges whose numbers the members of an index are.
    """

    def __init__(
        self,
        translation: Translation,
        chosen: Sequence[Area],
        *,
        with_units: bool,
        with_indices: bool = True,
    ) -> None:
        self.to = translation
        self.chosen = list(chosen)
        self.outputs = {address(at): shown_by(translation, at) for at in chosen}
        self._needed = reached(translation, self.outputs)
        every = calculated_cells(translation)
        self.calculated = [each for each in every if each.cell in self._needed]
        # what shows a rounded number is compared as it stands there
        asked = {**self._needed, **dict.fromkeys(self.outputs)}
        self.comparisons = [each for each in every if each.cell in asked and each.is_stored]
        labels = Labels(translation.book, fractions(translation), tuple(factors(translation)))
        places = {**translation.places, **translation.inputs, **translation.choice_places}
        own = {where: labels.of(at) for where, at in places.items() if where in self._needed}
        single = self._quantities(places, own)
        found, axes, self.where = folded(single) if with_indices else (single, Axes(), {})
        self.indices = Indices(
            translation.book, axes, [each.indices for each in found.values()], labels.of_line
        )
        self.counters = {
            name: each.indices[0]
            for name, each in found.items()
            if each.expression is None and each.indices and each.at == self.indices.heads(each.indices[0])
        }
        self.quantities = self._without_counters(found)
        self.labels = {
            name: (each.at, self._common(each, own, labels))
            for name, each in self.quantities.items()
            if not each.is_part
        }
        # what was copied has the name of its label, what stands beside it one with its place
        whole = {name: each for name, each in self.labels.items() if not each[0].is_cell}
        alone = {name: each for name, each in self.labels.items() if each[0].is_cell}
        self.names = named(whole)
        self.names |= named(alone, self.names.values())
        self._name_parts()
        self.indices.rename(set(self.names.values()))
        self.labels |= {address(at): (at, labels.of(at)) for at in chosen}
        others = {where: each for where, each in self.labels.items() if where not in translation.choices}
        self.headings = UnitHeadings(others) if with_units else no_units()
        self.labels = apart(translation.book, self.labels, self._called_the_same(), labels.gap_before)

    def called(self, where: str) -> str:
        """Return the label of a quantity or a chosen cell in the study; its address where it has none."""
        label = self.label(where)
        # where the study has the unit itself, people need not read it twice
        of = [label.plain, self.headings.rests.get(where, "")]
        text = ", ".join(filter(None, of)) if where in self.headings.units else label.full
        return text or where

    def _called_the_same(self) -> list[list[str]]:
        """Return the inputs, the equations and the outputs of which several have one label."""
        found: dict[tuple[str, str], list[str]] = {}
        for where, each in self.quantities.items():
            if not each.is_part:
                kind = "inputs" if each.expression is None else "equations"
                found.setdefault((kind, self.called(where)), []).append(where)
        for where in (each for each in map(address, self.chosen) if each not in self.quantities):
            found.setdefault(("outputs", self.called(where)), []).append(where)
        return [each for each in found.values() if len(each) > 1]

    def _quantities(self, places: Mapping[str, Area], labels: Mapping[str, Label]) -> dict[str, Quantity]:
        """Return every cell and part that is needed, and what outputs show, on its own."""
        to, found = self.to, {}
        for where in (*to.inputs, *to.choices):
            if where in self._needed:
                is_alone = where in to.choices or where in to.kept
                found[where] = Quantity(None, places[where], kind=None if is_alone else _kind(labels[where]))
        for where in self._ordered_equations():
            if where in to.build.parts:
                found[where] = Quantity(to.build.parts[where], NOWHERE, is_part=True)
            else:
                found[where] = Quantity(
                    to.equations[where].expression, places[where], kind=_kind(labels[where])
                )
        for where, output in self.outputs.items():
            if output.expression is not None:
                found[f"{where}{SHOWN}"] = Quantity(output.expression, NOWHERE, kind=None)
        return found

    def _without_counters(self, found: Mapping[str, Quantity]) -> dict[str, Quantity]:
        """Return the quantities that outputs reach, numbers of indices in place of cells that hold them."""
        counted = {
            name: each
            if each.expression is None
            else replace(each, expression=self._counted(each.expression))
            for name, each in found.items()
        }
        self.where = {name: self._counted(each) for name, each in self.where.items()}
        self.outputs = {
            where: output._replace(expression=counted.pop(f"{where}{SHOWN}").expression)
            if output.expression is not None
            else output
            for where, output in self.outputs.items()
        }
        reached: set[str] = set()
        waiting = [each for where in self.outputs for each in names(self.shown(where))]
        while waiting:
            name = waiting.pop()
            if name in counted and name not in reached:
                reached.add(name)
                expression = counted[name].expression
                waiting += names(expression) if expression is not None else ()
        ranks = {name: rank for rank, name in enumerate(self.where or counted)}
        first = {name: name.partition("*")[0] for name in reached}
        first |= {name: address(_corner(counted[name].at)) for name in reached if not counted[name].is_part}
        return {name: counted[name] for name in sorted(reached, key=lambda name: (ranks[first[name]], name))}

    def _counted(self, expression: Expression) -> Expression:
        if isinstance(expression, Name) and expression.name in self.counters:
            return index_name(self.counters[expression.name])
        if not isinstance(expression, Call):
            return expression
        if expression.operation == SELECT and str(expression.arguments[0]) in self.counters:
            index, _, place = str(expression.arguments[1]).partition("=")
            return literal(float(self.indices.key(int(index), int(place))))
        return Call(expression.operation, tuple(map(self._counted, expression.arguments)))

    def shown(self, where: str) -> Expression:
        """Return the expression of what a chosen cell shows."""
        return self.outputs[where].expression or self.where.get(where, Name(where))

    def cells(self, quantity: Quantity) -> list[str]:
        """Return the addresses of a quantity's cells, row by row."""
        at = quantity.at
        rows, columns = range(at.top, at.bottom + 1), range(at.left, at.right + 1)
        return [address(one_cell(at.sheet, row, column)) for row in rows for column in columns]

    def _common(self, quantity: Quantity, labels: Mapping[str, Label], names: Labels) -> Label:
        """Return what all cells of a quantity are called."""
        own = [labels[where] for where in self.cells(quantity)]
        first = own[0]
        if len(own) == 1:
            return first
        first = _all_untaken(own)._replace(others=names.lower_and_higher(quantity.at))
        texts, headings = {each.text for each in own}, {each.heading for each in own}
        sources = {each.source for each in own}
        heading = first.heading if len(headings) == 1 else ""
        text = first.text if len(texts) == 1 else heading
        columns = {each.heading or each.text for each in own}
        text = text or (columns.pop() if len(columns) == 1 else "")
        if not text:
            # "Amount" says little, and more than the sheet
            heading = names.of_line(quantity.at) if quantity.at.left == quantity.at.right else ""
            title = self._title(quantity.at) or heading or names.corner(_corner(quantity.at))
            heading = heading if heading != title else ""
            return first._replace(text=title or quantity.at.sheet, heading=heading, defined="", source="")
        source = first.source if len(sources) == 1 else ""
        return first._replace(
            text=text, heading=heading if text != heading else "", defined="", source=source
        )

    def _title(self, at: Area) -> str:
        """Return the nearest text above cells that stands alone in its row."""
        rows: dict[int, list[object]] = {}
        for (row, _), cell in self.to.book.sheets[at.sheet].cells.items():
            if row < at.top:
                rows.setdefault(row, []).append(cell.value)
        alone = (rows[row][0] for row in sorted(rows, reverse=True) if len(rows[row]) == 1)
        text = next(alone, "")
        return legible(text) if isinstance(text, str) and text.strip() else ""

    def needs(self, where: str) -> bool:
        """Tell whether a cell or part is chosen, or one that an output is calculated from."""
        return where in self._needed or where in self.outputs

    def label(self, where: str) -> Label:
        """Return what a cell is called."""
        return self.labels[where][1]

    def comparison(self, where: str) -> Comparison | None:
        """Return what a cell has stored and what its formula gives; None where nothing is stored."""
        return next((each for each in self.comparisons if each.cell == where), None)

    def _name_parts(self) -> None:
        taken = set(self.names.values())
        for part, quantity in self.quantities.items():
            if quantity.is_part:
                owner, _, what = part.partition("#")
                base = self.names.get(self._quantity_of(owner))
                base = base or allowed(spelt(owner.replace("!", "_")))
                name = allowed(f"{base[:24]}_{what.partition('*')[0]}")
                while name in taken:
                    name += "x"
                taken.add(name)
                self.names[part] = name

    def _quantity_of(self, where: str) -> str:
        """Return the quantity that a cell belongs to."""
        found = self.where.get(where, Name(where))
        return str(found.arguments[0]) if isinstance(found, Call) else str(found)

    def written(self, expression: Expression) -> Expression:
        """Return an expression with the study's names in place of addresses, as bare numbers."""
        return self.indices.resolved(self._bare(expression))

    def _bare(self, expression: Expression) -> Expression:
        if isinstance(expression, Name):
            name = Name(self.names.get(expression.name, expression.name))
            return self.headings.entering(expression.name, name)
        if isinstance(expression, Number):
            return expression
        if expression.operation == SELECT:
            quantity, *words = expression.arguments
            selected = Call(SELECT, (Name(self.names[str(quantity)]), *words))
            return self.headings.entering(str(quantity), selected)
        return Call(expression.operation, tuple(map(self._bare, expression.arguments)))

    def defined(self, where: str, expression: Expression) -> str:
        """Return the text of an expression that gives a cell's quantity."""
        return str(self.headings.leaving(where, self.written(expression)))

    def _ordered_equations(self) -> list[str]:
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


def _kind(label: Label) -> tuple[str, bool, bool, str]:
    return label.unit, label.is_share, label.is_time, label.contradiction


def _all_untaken(labels: Sequence[Label]) -> Label:
    """Return the first label, with what stands beside any of them that is not taken for a unit."""

    def joined(found: Iterable[str]) -> str:
        return ", ".join(dict.fromkeys(filter(None, found)))

    return labels[0]._replace(
        beside=joined(each.beside for each in labels),
        unsure=joined(each.unsure for each in labels),
        title=joined(each.title for each in labels),
    )


def _corner(at: Area) -> Area:
    return one_cell(at.sheet, at.top, at.left)
