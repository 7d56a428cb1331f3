"""A study's formulas as its file writes them, and what they are cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, get_args

from uncertainty.distributions.conditional import POINT
from uncertainty.errors import InvalidValue
from uncertainty.expressions import Expression, Name, Number, parse_expression, tree
from uncertainty.expressions.operations import AVERAGE
from uncertainty.expressions.tree import Call, names, walk
from uncertainty.indices.index import parted, select
from uncertainty.indices.lowering import Lowering
from uncertainty.indices.shapes import Formula, Shapes, indices_of
from uncertainty.records import Frozen
from uncertainty.study.cells import cells_of, missing, shape_of, spread
from uncertainty.study.model import Over
from uncertainty.study.written import refuse_range
from uncertainty.study.yes_or_no import answers_of, counts_of, is_answer, is_count

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from uncertainty.distributions.conditional import Conditional
    from uncertainty.expressions.tree import Expression
    from uncertainty.indices.index import Index
    from uncertainty.indices.lowering import Curve, Places
    from uncertainty.study.faults import Faults
    from uncertainty.study.model import Study
    from uncertainty.study.schema import EquationTable, StudyFile


Replaced = dict[str, list[Formula]]


PROGRAM = "program"
"""The value of an output that a program gives, unless a quantity is called so."""


def given_by_program(table: StudyFile, name: str) -> bool:
    """Tell whether a program gives an output."""
    value = table.outputs[name].value
    named = PROGRAM in table.inputs or PROGRAM in table.equations
    return isinstance(value, str) and value.strip() == PROGRAM and not named


def _text_of(table: StudyFile, name: str) -> str | float:
    """Return the formula of an output; of one that a program gives a number that fits every unit."""
    if given_by_program(table, name):
        return "0"
    value = table.outputs[name].value
    return name if value is None else value


class Formulas:
    """What a study's file computes; what cannot be read is a fault and left out.

    Parameters
    ----------
    indices, curves
        By name.
    inputs
        The indices of each input.
    unread
        Inputs and indices that cannot be read: what follows of them is no fault of its own.

    Attributes
    ----------
    equations
        By name: one formula, or one for each member.
    options
        By choice and option, the formulas that take the place of those of equations.
    outputs
        By name; an output without a value has the quantity of its name.
    points
        By input and text, the points that are expressions.
    parameters
        By key, the input and its distribution where other quantities are its parameters.
    """

    def __init__(
        self,
        table: StudyFile,
        indices: Mapping[str, Index],
        curves: Mapping[str, Curve],
        inputs: Mapping[str, Sequence[str]],
        unread: Collection[str],
        faults: Faults,
    ) -> None:
        self.indices = indices
        self._faults = faults
        self._unsound = frozenset(unread)
        self._at_fault: set[str] = set()
        self._parsed: dict[str, Expression | None] = {}
        categories = {n: row.member_of for n, row in table.inputs.items() if row.member_of is not None}
        categories = {name: index for name, index in categories.items() if index in indices}
        known: dict[str, Sequence[str]] = {**inputs}
        known |= {name: [i for i in row.index if i in indices] for name, row in table.equations.items()}
        self.shapes = Shapes(indices, categories, curves, known)
        self.lowering = Lowering(self.shapes, curves)
        self.points: dict[str, dict[str, Formula]] = {}
        self.parameters: dict[str, tuple[str, Conditional]] = {}
        self._of_parameters: dict[tuple[str, str], Formula] = {}
        self.equations = {name: self._equation(name, row) for name, row in table.equations.items()}
        self.outputs = {
            name: self._one(f"outputs.{name}.value", _text_of(table, name))
            for name, row in table.outputs.items()
        }
        self._implied = {name for name, row in table.outputs.items() if row.value is None}
        written = {
            (choice, option): self._replacements(f"choices.{choice}.options.{option}", row.equations)
            for choice, rows in table.choices.items()
            for option, row in rows.options.items()
        }
        self._infer([pair for replaced in written.values() for pair in replaced])
        self._find_unsound()
        self.equations = {name: self._explicit(found) for name, found in self.equations.items()}
        self.outputs = {name: self._explicit(found) for name, found in self.outputs.items()}
        self.options = {key: self._placed(replaced) for key, replaced in written.items()}

    def point(self, name: str, text: str, at: Mapping[str, str]) -> Expression | None:
        """Return the expression of a point at the members of its input."""
        found = self.points.setdefault(name, {})
        if text not in found:
            key = f"inputs.{name}.point"
            self._faults.attempt(key, partial(refuse_range, text))
            for formula in self._explicit(self._one(key, text)):
                extra = self.shapes.of(formula.expression) - self.shapes.known[name]
                if extra:
                    self._faults.add(key, f'has an index that "{name}" has not: {", ".join(sorted(extra))}')
                else:
                    found[text] = formula
        return self.lowering.at(found[text].expression, self._places(at)) if text in found else None

    def given(self, key: str, name: str, conditional: Conditional, at: Mapping[str, str]) -> Conditional:
        """Return a distribution whose parameters are quantities with those of an input's members."""
        if not conditional.names:
            return conditional
        found = conditional.mapped(lambda expression: self._parameter(key, name, expression, at))
        self.parameters[key] = name, conditional
        return found

    def _parameter(self, key: str, name: str, expression: Expression, at: Mapping[str, str]) -> Expression:
        found = key, str(expression)
        if found not in self._of_parameters:
            explicit = self.shapes.explicit(expression, frozenset())
            if extra := self.shapes.of(explicit) - {*self.shapes.known.get(name, ())}:
                indices = ", ".join(sorted(extra))
                raise InvalidValue(f'"{expression}" has an index that "{name}" has not: {indices}')
            self._of_parameters[found] = Formula(key, explicit)
        return self.lowering.at(self._of_parameters[found].expression, self._places(at))

    def equation_cells(self) -> dict[str, dict[str, Expression]]:
        """Return for each equation the expressions of its cells."""
        return {name: dict(self._cells(name, found)) for name, found in self.equations.items()}

    def option_cells(self, choice: str, option: str) -> dict[str, Expression]:
        """Return the expressions by which an option replaces those of cells."""
        found: dict[str, Expression] = {}
        for name, formulas in self.options[choice, option].items():
            # a whole name comes before its members
            for formula in sorted(formulas, key=lambda each: len(each.at)):
                found |= self._cells(name, [formula])
        return found

    def output_cells(self, name: str) -> tuple[tuple[str, ...], dict[tuple[str, ...], Expression]]:
        """Return an output's indices and the expression of each cell by its members."""
        for formula in self.outputs[name]:
            shape = self.shapes.ordered(self.shapes.of(formula.expression))
            cells = cells_of([self.indices[index] for index in shape])
            places = (self._places(dict(zip(shape, members, strict=True))) for members in cells)
            return shape, {
                members: self.lowering.at(formula.expression, at)
                for members, at in zip(cells, places, strict=True)
            }
        return (), {}

    def first_cell(self, formula: Formula) -> Expression:
        """Return a formula at the first of its members."""
        places = (index.places.get(formula.at.get(name, ""), 0) for name, index in self.indices.items())
        return self.lowering.at(formula.expression, tuple(places))

    def every(self) -> Iterator[tuple[Formula, str]]:
        """Yield every formula that is written, and what it may use: ``"inputs"`` or ``"quantities"``."""
        for points in self.points.values():
            yield from ((formula, "inputs") for formula in points.values())
        given = (found for name, found in self.outputs.items() if name not in self._implied)
        for formulas in (*self.equations.values(), *given):
            yield from ((formula, "quantities") for formula in formulas)
        for _, formula in self.replacements():
            yield formula, "quantities"
        for (key, _), formula in self._of_parameters.items():
            if key in self.parameters:
                own = {POINT: Name(self.parameters[key][0])}
                yield formula._replace(expression=tree.replaced(formula.expression, own)), "quantities"

    def replacements(self) -> Iterator[tuple[str, Formula]]:
        """Yield the equation and the formula of every replacement that an option makes."""
        for replaced in self.options.values():
            for name, formulas in replaced.items():
                yield from ((name, formula) for formula in formulas)

    def _cells(self, name: str, formulas: Sequence[Formula]) -> Iterator[tuple[str, Expression]]:
        by_member = {tuple(formula.at.values()): formula for formula in formulas}
        at = next((tuple(formula.at) for formula in formulas), ())
        axes = [(place, index) for place, index in enumerate(self.indices.values()) if index.name in at]
        for cell, places in self.lowering.cells(name) if formulas else ():
            formula = by_member.get(tuple(index.names[places[axis]] for axis, index in axes))
            if formula is not None:
                yield cell, self.lowering.at(formula.expression, places)

    def _places(self, at: Mapping[str, str]) -> Places:
        return tuple(index.places[at[name]] if name in at else -1 for name, index in self.indices.items())

    def _equation(self, name: str, row: EquationTable) -> list[Formula]:
        key = f"equations.{name}"
        shape = shape_of(key, row.index, self.indices, self._faults) if row.index else []
        if shape is None:
            return []
        if not isinstance(row.value, Mapping):
            return self._one(key, row.value)
        if not shape:
            said = 'expected an expression, found a table; by member it needs index = ["…"]'
            self._faults.add(f"{key}.value", said)
            return []
        return self._by_member(key, name, row.value, shape)

    def _by_member(
        self, key: str, name: str, value: Mapping[str, Any], shape: Sequence[Index]
    ) -> list[Formula]:
        found = spread(value, shape, f"{key}.value", self._faults)
        if absent := missing(name, cells_of(shape), found):
            self._faults.add(f"{key}.value", f"no formula for {absent}")
        formulas = []
        for members, text in found.items():
            at = Frozen({index.name: member for index, member in zip(shape, members, strict=True)})
            formulas += [each._replace(at=at) for each in self._one(f"{key}.value.{'.'.join(members)}", text)]
        return formulas

    def _one(self, key: str, value: object) -> list[Formula]:
        expression = self.expression(key, value)
        return [] if expression is None else [Formula(key, expression)]

    def expression(self, key: str, value: object) -> Expression | None:
        """Return a number or the expression of a text, read once; None, with a fault, where it is unsound."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return Number(float(value))
        if not isinstance(value, str):
            self._faults.add(key, "expected a number or an expression")
            return None
        if self._parsed.get(value) is None:
            self._parsed[value] = self._faults.attempt(key, lambda: parse_expression(value))
        return self._parsed[value]

    def _replacements(self, parent: str, rows: Mapping[str, Any]) -> list[tuple[str, Formula]]:
        """Return the address and the formula of each replacement that an option makes."""
        return [
            (address, formula)
            for address, value in rows.items()
            for formula in self._one(f"{parent}.equations.{address}", value)
        ]

    def _infer(self, replaced: Sequence[tuple[str, Formula]]) -> None:
        formulas = {name: list(found) for name, found in self.equations.items()}
        for address, formula in replaced:
            name, _ = parted(address)
            if name in formulas:
                formulas[name].append(formula)
        self.shapes.infer(formulas)

    def _placed(self, replaced: Sequence[tuple[str, Formula]]) -> Replaced:
        """Return an option's formulas by equation, each with the members at which it holds."""
        found: Replaced = {}
        for address, formula in replaced:
            name, words = parted(address)
            if words and name in self.equations:
                reading = partial(select, name, words, self.shapes.of_quantity(name), self.indices, {})
                chosen = self._faults.attempt(formula.key, reading)
                if chosen is None:
                    continue
                places = [(index, chosen.places[index]) for index in self.indices if index in chosen.places]
                at = {index: self.indices[index].names[place] for index, place in places}
                found.setdefault(name, []).extend(self._explicit([formula._replace(at=Frozen(at))]))
            else:
                found.setdefault(name, []).extend(self._explicit([formula]))
        return found

    def _explicit(self, formulas: Sequence[Formula]) -> list[Formula]:
        """Return formulas whose reductions name their indices, without those that have no meaning."""
        found = []
        for formula in formulas:
            try:
                found.append(formula._replace(expression=self._read(formula)))
            except InvalidValue as error:
                if not self._of_unsound(formula):
                    self._faults.add(formula.key, str(error))
        return found

    def _read(self, formula: Formula) -> Expression:
        expression = self.shapes.explicit(formula.expression, frozenset(formula.at))
        self.shapes.check_size(formula.expression, self.shapes.of(expression))
        return expression

    def _find_unsound(self) -> None:
        """Find the equations whose own formulas are at fault: what uses them follows from theirs."""
        for name, formulas in self.equations.items():
            try:
                if not formulas:
                    raise InvalidValue("unread")
                for formula in formulas:
                    self._read(formula)
            except InvalidValue:
                self._at_fault.add(name)

    def _of_unsound(self, formula: Formula) -> bool:
        own = formula.key.split(".")[1]
        used = tree.names(formula.expression) | indices_of(formula.expression)
        shapes = frozenset().union(*(self.shapes.known.get(name, frozenset()) for name in used))
        return bool((used | shapes) & (self._unsound | self._at_fault - {own}))


def with_over(study: Study, table: StudyFile, faults: Faults) -> Study:
    """Return a study whose outputs with ``average(…)`` in a formula, under any option, speak of the average.

    Whatever else such an output says is a fault. It is told of each output whether it says yes or no.
    """
    formulas: dict[str, list[Expression]] = {n: [e.expression] for n, e in study.equations.items()}
    for choice in study.choices.values():
        for option in choice.options.values():
            for name, expression in option.equations.items():
                formulas.setdefault(name, []).append(expression)
    outputs = dict(study.outputs)
    averaging = _averaging(formulas)
    answers, counts = answers_of(study, formulas), counts_of(study, formulas)
    for name, output in study.outputs.items():
        shown = output.expression or Name(name)
        averages = bool(names(shown) & averaging or has_average(shown))
        if not output.external and is_answer(shown, answers):
            # over the cases the average of answers is a share
            speaks = get_args(Over) if averages else ("case", "median")
            outputs[name] = replace(output, yes_or_no=speaks)
        elif not output.external and is_count(shown, counts):
            outputs[name] = replace(output, counts=True)
        if averages:
            whole = output.quantity or name
            if table.outputs[whole].over not in (None, "average"):
                said = 'expected "average", of which a formula with average(…) speaks'
                faults.add(f"outputs.{whole}.over", said)
            outputs[name] = replace(outputs[name], over="average")
    observations = dict(study.observations)
    for name, observation in study.observations.items():
        formula = outputs[observation.quantity].expression if observation.of_output else None
        shown = formula or Name(observation.quantity)
        if names(shown) & averaging or has_average(shown):
            if table.observations[name].over == "case":
                said = 'expected "average", of which a formula with average(…) speaks'
                faults.add(f"observations.{name}.over", said)
            observations[name] = replace(observation, over="average")
    return replace(study, outputs=Frozen(outputs), observations=Frozen(observations))


def _averaging(formulas: Mapping[str, Iterable[Expression]]) -> set[str]:
    """Return the quantities that have an average, themselves or in what they are computed from."""
    users: dict[str, list[str]] = {}
    for name, found in formulas.items():
        for used in frozenset().union(*map(names, found)):
            users.setdefault(used, []).append(name)
    waiting = [name for name, found in formulas.items() if any(map(has_average, found))]
    averaging = set(waiting)
    while waiting:
        following = {*users.get(waiting.pop(), ())} - averaging
        averaging |= following
        waiting += following
    return averaging


def has_average(expression: Expression) -> bool:
    """Tell whether an expression has ``average(…)`` in it."""
    return any(isinstance(node, Call) and node.operation == AVERAGE for node, _ in walk(expression))
