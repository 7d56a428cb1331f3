"""Whether the formulas of a study add like to like: each is looked at once, whatever its indices."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from uncertainty.errors import InvalidValue
from uncertainty.expressions import Call, Dimension, Expression, Kind, dimension, names
from uncertainty.expressions.dimensions import abscissa
from uncertainty.expressions.operations import SELECT
from uncertainty.expressions.tree import Number, quoted, walk
from uncertainty.indices.index import parted
from uncertainty.indices.shapes import Formula
from uncertainty.study.parameters import check_parameters
from uncertainty.units import about_turns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.study.faults import Faults
    from uncertainty.study.formulas import Formulas
    from uncertainty.study.model import Study
    from uncertainty.units import Unit, UnitSystem


class Dimensions:
    """The dimensions of a study's quantities, as far as they are found.

    Parameters
    ----------
    study
        Whose inputs, equations and outputs have units.
    formulas
        As they are written.
    """

    def __init__(self, study: Study, formulas: Formulas, units: UnitSystem, faults: Faults) -> None:
        self._study = study
        self._formulas = formulas
        self._units = units
        self._faults = faults
        self._inputs = {item.quantity or name: item.unit for name, item in study.inputs.items()}
        own = [each for each in study.equations.values() if not each.part]
        self._equations = {each.quantity or each.name: each.unit for each in own}
        self._known: dict[str, Kind] = {name: unit.dimension for name, unit in self._inputs.items()}
        for index in formulas.indices.values():
            if index.unit is not None:
                self._known.setdefault(index.name, index.unit.dimension)
        for name, shape in formulas.shapes.known.items():
            ordered = [unit for each in shape if (unit := formulas.indices[each].unit) is not None]
            if len(ordered) == 1:
                self._known[abscissa(name)] = ordered[0].dimension
        for curve in formulas.lowering.curves.values():
            with suppress(InvalidValue):  # what is no unit was told where the curve was read
                kinds = units.parse(curve.unit).dimension, units.parse(curve.x_unit).dimension
                self._known[curve.name], self._known[abscissa(curve.name)] = kinds

    def check(self) -> None:
        """Record sums, comparisons, function arguments and results whose dimensions do not agree."""
        for name, points in self._formulas.points.items():
            for formula in points.values():
                if not self._refuse_quoted(formula, self._inputs.get(name)):
                    self._compare(formula, self._inputs.get(name))
        self._define()
        self._check_parameters()
        for name, formula in self._formulas.replacements():
            self._agree(formula.key, self._find(formula), self._known.get(name), f'"{name}"')
        outputs = {output.quantity or name: output.unit for name, output in self._study.outputs.items()}
        for name, formulas in self._formulas.outputs.items():
            for formula in formulas:
                self._compare(formula._replace(key=f"outputs.{name}"), outputs.get(name))

        self._check_observations()

    def _check_observations(self) -> None:
        """Record observations in units of another dimension than what was observed."""
        for name, observation in self._study.observations.items():
            if not observation.of_output:
                known = self._known.get(parted(observation.quantity)[0])
                key, quantity = f"observations.{name}.unit", f'"{observation.quantity}"'
                self._agree(key, observation.unit.dimension, known, quantity)

    def _check_parameters(self) -> None:
        """Record parameters that are not of their input's dimension, or not pure where they have to be."""
        for key, (name, conditional) in self._formulas.parameters.items():
            unit = self._inputs.get(name)
            if unit is not None:
                check_parameters(
                    conditional, name, unit, partial(self._found_at, key), partial(self._faults.add, key)
                )

    def _found_at(self, key: str, expression: Expression) -> Kind | None:
        return self._find(Formula(key, expression))

    def _define(self) -> None:
        """Find the dimension of every equation; a declared unit holds where there is one."""
        equations = self._formulas.equations
        for name, unit in self._equations.items():
            if unit is not None:
                self._known[name] = unit.dimension
        needed = {
            name: {each for formula in formulas for each in _needed(formula.expression)}
            for name, formulas in equations.items()
        }
        sorter = TopologicalSorter(needed)
        # with formulas by member a quantity may depend on other members of its own
        with suppress(CycleError):
            sorter.prepare()
        while sorter.is_active():
            ready = sorter.get_ready()
            for name in ready:
                self._define_one(name, equations.get(name, ()))
            sorter.done(*ready)
            if not ready:
                break
        self._define_circles({name: found for name, found in equations.items() if name not in self._known})
        for name, formulas in equations.items():
            before = len(self._faults.found)
            for formula in formulas:
                self._check_steps(formula)
            if len(self._faults.found) > before:
                # what follows from a dimension that is at fault is no fault of its own
                self._known.pop(name, None)

    def _define_circles(self, waiting: dict[str, Sequence[Formula]]) -> None:
        while waiting:
            for name, formulas in waiting.items():
                known = [each for each in formulas if _needed(each.expression) <= self._known.keys()]
                self._define_one(name, known)
            left = {name: formulas for name, formulas in waiting.items() if name not in self._known}
            if len(left) == len(waiting):
                return
            for name in waiting.keys() - left.keys():
                self._define_one(name, waiting[name])
            waiting = left

    def _define_one(self, name: str, formulas: Sequence[Formula]) -> None:
        """Find an equation's dimension from its formulas, which must agree."""
        unit = self._equations.get(name)
        what = "another member" if unit is None else _unit(unit)
        for formula in formulas:
            found = self._find(formula)
            self._agree(formula.key, found, self._known.get(name), what)
            if found is not None:
                self._known.setdefault(name, found)

    def _check_steps(self, formula: Formula) -> None:
        """Record steps along an index to what is not of the kind of the first."""
        for node, _ in walk(formula.expression):
            if isinstance(node, Call) and node.operation == "previous":
                before, first = (formula._replace(expression=node.arguments[place]) for place in (0, 2))
                found, wanted = self._find(before), self._find(first)
                self._agree(formula.key, found, wanted, f"the last argument of {quoted(node)}")

    def _refuse_quoted(self, formula: Formula, unit: Unit | None) -> bool:
        """Refuse an input's number in quotation marks: a formula is a pure number, whatever the unit."""
        found = formula.expression
        minus = isinstance(found, Call) and found.operation == "negative"
        number = found.arguments[0] if isinstance(found, Call) and minus else found
        if unit is None or not isinstance(number, Number) or number.unit is not None:
            return False
        if unit.factor == 1 and unit.dimension.is_dimensionless:
            return False
        plain = f"-{number}" if minus else f"{number}"
        said = f"{plain} in quotation marks is a formula and gives a pure number"
        self._faults.add(formula.key, f"{said}; write {plain} without them for {plain} {unit.text}")
        return True

    def _compare(self, formula: Formula, unit: Unit | None) -> None:
        """Record a fault if a formula has not the dimension of a unit."""
        if unit is not None:
            self._agree(formula.key, self._find(formula), unit.dimension, _unit(unit))

    def _agree(self, key: str, found: Kind | None, expected: Kind | None, what: str) -> None:
        if isinstance(found, Dimension) and isinstance(expected, Dimension) and found != expected:
            turns = about_turns(found, expected)
            one = "is a pure number" if found.is_dimensionless else f"has dimension {found}"
            other = "is a pure number" if expected.is_dimensionless else f"has {expected}"
            self._faults.add(key, f"{one}, but {what} {other}{turns}")

    def _find(self, formula: Formula) -> Kind | None:
        """Return a formula's dimension, or None where another fault leaves it unknown."""
        if not _needed(formula.expression) <= self._known.keys():
            return None
        return self._faults.attempt(
            formula.key, lambda: dimension(formula.expression, self._known.__getitem__, self._units)
        )


def _needed(expression: Expression) -> frozenset[str]:
    """Return the names whose dimensions decide that of an expression."""
    return names(_without_steps(expression))


def _without_steps(expression: Expression) -> Expression:
    """Return an expression with the first member in place of each ``previous``, whose dimension it has."""
    if not isinstance(expression, Call) or expression.operation == SELECT:
        return expression
    if expression.operation == "previous":
        return _without_steps(expression.arguments[2])
    return Call(expression.operation, tuple(map(_without_steps, expression.arguments)))


def _unit(unit: Unit) -> str:
    return f'its unit "{unit.text}"'
