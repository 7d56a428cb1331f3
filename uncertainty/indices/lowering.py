"""From formulas over indices to the formulas of cells, which use cells alone and know no index.

What a cell's formula needs more than once, such as the sum over an index in each share of it, becomes an
equation of its own, whose name is what is written: ``sum(emission,category)[2020]``. Nodes are shared, so
that the work grows with the number of different values and not with how often they are used.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from uncertainty.expressions.operations import REDUCTIONS, SELECT
from uncertainty.expressions.tree import Call, Expression, Name, Number, used_arguments
from uncertainty.indices.index import select, written
from uncertainty.indices.shapes import selectors
from uncertainty.late import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from uncertainty.indices.index import Index
    from uncertainty.indices.shapes import Shapes

Places = tuple[int, ...]
"""The place of the member at which each index of the study stands, in the study's order; -1 for none."""

_WITH_OTHER_AXES = frozenset([*REDUCTIONS, SELECT, "interpolate", "previous"])
"""Operations whose value has other indices than what they are applied to."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of a curve, with the units of both axes."""

    name: str
    points: tuple[tuple[float, float], ...]
    x_unit: str = "1"
    unit: str = "1"
    label: str = ""
    source: str = ""
    note: str = ""


class Lowering:
    """Makes the formulas of cells.

    Parameters
    ----------
    shapes
        The indices of every quantity.
    curves
        By name.
    """

    def __init__(self, shapes: Shapes, curves: Mapping[str, Curve]) -> None:
        self.parts: dict[str, Expression] = {}
        self._shapes = shapes
        self.curves = curves
        self._indices: list[Index] = list(shapes.indices.values())
        self._axis = {index.name: axis for axis, index in enumerate(self._indices)}
        self._axes: dict[int, tuple[int, ...]] = {}
        self._kept: list[Expression] = []
        self._made: dict[tuple[int, Places], Expression] = {}
        self._cells: dict[tuple[str, Places], Name] = {}

    def cells(self, quantity: str) -> Iterator[tuple[str, Places]]:
        """Yield the name of each cell of a quantity and where its indices stand."""
        yield from self._cells_over(quantity, self._axes_of(quantity))

    def _cells_over(self, name: str, axes: Sequence[int]) -> Iterator[tuple[str, Places]]:
        for places in product(*(range(len(self._indices[axis].members)) for axis in axes)):
            at = self._moved(self.nowhere, dict(zip(axes, places, strict=True)))
            yield self._written(name, axes, at), at

    @property
    def nowhere(self) -> Places:
        """Where no index stands at a member."""
        return (-1,) * len(self._indices)

    def at(self, expression: Expression, places: Places) -> Expression:
        """Return an expression, whose reductions name their indices, at members of its indices."""
        if isinstance(expression, Number) or not (self._indices or self.curves):
            return expression
        if isinstance(expression, Name):
            return self._name(expression, places)
        axes = self._axes_of(expression)
        key = id(expression), tuple(places[axis] for axis in axes)
        if key not in self._made:
            self._kept.append(expression)  # so that nothing else gets its place in memory meanwhile
            self._made[key] = self._call(expression, places)
        return self._made[key]

    def _axes_of(self, what: str | Expression) -> tuple[int, ...]:
        """Return the axes of a quantity's or an expression's indices, in order."""
        if isinstance(what, str):
            return tuple(self._axis[name] for name in self._shapes.of_quantity(what))
        found = self._axes.get(id(what))
        if found is None:
            if isinstance(what, Call) and what.operation not in _WITH_OTHER_AXES:
                # of a long sum each part is asked once, and not again for every term behind it
                parts = (self._axes_of(each) for each in used_arguments(what))
                found = tuple(sorted({axis for axes in parts for axis in axes}))
            else:
                found = tuple(self._axis[name] for name in self._shapes.ordered(self._shapes.of(what)))
            self._axes[id(what)] = found
            self._kept.append(what)
        return found

    def _name(self, name: Name, places: Places) -> Expression:
        if name.name not in self._shapes.known:
            axis = self._axis.get(name.name)
            return name if axis is None else _literal(*_member(self._indices[axis], places[axis]))
        axes = self._axes_of(name.name)
        return self._cell(name.name, axes, places) if axes else name

    def _cell(self, quantity: str, axes: tuple[int, ...], places: Places) -> Name:
        key = quantity, tuple(places[axis] for axis in axes)
        if key not in self._cells:
            self._cells[key] = Name(self._written(quantity, axes, places))
        return self._cells[key]

    def _written(self, quantity: str, axes: Sequence[int], places: Places) -> str:
        return written(quantity, (self._indices[axis].names[places[axis]] for axis in axes))

    def _call(self, call: Call, places: Places) -> Expression:
        operation, arguments = call.operation, call.arguments
        if operation == SELECT:
            return self._selection(call, places)
        if operation in REDUCTIONS:
            return self._part(call, places, self._reduction)
        if operation == "cumulative":
            return self._step_by_step(call, places)
        if operation == "previous":
            axis = self._axis[str(arguments[1])]
            if places[axis] == 0:
                return self.at(arguments[2], places)
            return self.at(arguments[0], self._moved(places, {axis: places[axis] - 1}))
        if operation == "interpolate":
            return self._part(call, places, self._interpolation)
        return Call(operation, tuple(self.at(argument, places) for argument in arguments))

    def _part(
        self, call: Call, places: Places, make: Callable[[Call, Places, str], Expression]
    ) -> Expression:
        """Return the name of an equation of its own for a part of a formula."""
        name = self._written(str(call), self._axes_of(call), places)
        if name not in self.parts:
            self.parts[name] = Number(0.0)  # holds the place in the order, and is replaced at once
            self.parts[name] = make(call, places, name)
        return Name(name)

    def _reduction(self, call: Call, places: Places, text: str) -> Expression:
        inner, *over = call.arguments
        axes = [self._axis[str(index)] for index in over]
        counts = [range(len(self._indices[axis].members)) for axis in axes]
        to = (dict(zip(axes, each, strict=True)) for each in product(*counts))
        members = [self.at(inner, self._moved(places, each)) for each in to]
        if not members:
            # the index is at fault, which is said where it stands
            return Number(0.0)
        joined = _in_pairs(REDUCTIONS[call.operation], members, text)
        return (
            Call("divide", (joined, Number(float(len(members)))), text)
            if call.operation == "mean"
            else joined
        )

    def _step_by_step(self, call: Call, places: Places) -> Expression:
        """Return the sum so far; those before are made first, so that no recursion goes along the index."""
        axis = self._axis[str(call.arguments[1])]
        axes, text = self._axes_of(call), str(call)
        start = places[axis]
        while start and self._written(text, axes, self._moved(places, {axis: start - 1})) not in self.parts:
            start -= 1
        for place in range(start, places[axis]):
            self._part(call, self._moved(places, {axis: place}), self._sum_so_far)
        return self._part(call, places, self._sum_so_far)

    def _sum_so_far(self, call: Call, places: Places, text: str) -> Expression:
        inner, index = call.arguments
        axis = self._axis[str(index)]
        own = self.at(inner, places)
        if places[axis] == 0:
            return own
        before = self._moved(places, {axis: places[axis] - 1})
        return Call("add", (self._part(call, before, self._sum_so_far), own), text)

    def _selection(self, call: Call, places: Places) -> Expression:
        quantity = str(call.arguments[0])
        shapes = self._shapes
        if quantity not in shapes.known and quantity not in shapes.indices:
            return call.arguments[0]  # which is told of where names are checked
        shape = shapes.of_quantity(quantity) if quantity in shapes.known else (quantity,)
        chosen = select(quantity, selectors(call), shape, shapes.indices, shapes.categories)
        moved = self._moved(places, {self._axis[index]: place for index, place in chosen.places.items()})
        if not chosen.categories:
            return self._name(Name(quantity), moved)
        deciding = list(chosen.categories.items())
        return self._part(
            call, places, lambda _call, _at, text: self._decided(quantity, deciding, moved, text)
        )

    def _decided(
        self, quantity: str, categories: list[tuple[str, str]], places: Places, text: str
    ) -> Expression:
        """Return a quantity at the members that categories decide: a tree of choices by their codes."""
        if not categories:
            return self._name(Name(quantity), places)
        (index, category), *others = categories
        axis = self._axis[index]
        code = self._name(Name(category), places)
        members = [
            self._decided(quantity, others, self._moved(places, {axis: place}), text)
            for place in range(len(self._indices[axis].members))
        ]
        return _switch(code, [Number(float(place)) for place in range(1, len(members))], members, text)

    def _interpolation(self, call: Call, places: Places, text: str) -> Expression:
        x, table = self.at(call.arguments[0], places), str(call.arguments[1])
        if table in self.curves:
            curve = self.curves[table]
            across = [_literal(at, curve.x_unit) for at, _ in curve.points]
            heights: list[Expression] = [_literal(value, curve.unit) for _, value in curve.points]
        else:
            axes = self._axes_of(table)
            axis = next(each for each in axes if self._indices[each].ordered)
            index = self._indices[axis]
            order = sorted(range(len(index.numbers)), key=index.numbers.__getitem__)
            across = [_literal(*_member(index, place)) for place in order]
            heights = [self._cell(table, axes, self._moved(places, {axis: place})) for place in order]
        if len(heights) == 1:
            return heights[0]
        inside = Call("minimum", (Call("maximum", (x, across[0]), text), across[-1]), text)
        sides = range(len(heights) - 1)
        lines = [_line(inside, across[i : i + 2], heights[i : i + 2], text) for i in sides]
        return _switch(inside, across[1:-1], lines, text)

    @staticmethod
    def _moved(places: Places, to: Mapping[int, int]) -> Places:
        if not to:
            return places
        moved = list(places)
        for axis, place in to.items():
            moved[axis] = place
        return tuple(moved)


def _member(index: Index, place: int) -> tuple[float, str | None]:
    return index.numbers[place], None if index.unit is None else index.unit.text


def _literal(value: float, unit: str | None) -> Expression:
    """Return a number, which a negative sign precedes where it has one."""
    number = Number(abs(value), None if unit == "1" else unit)
    return Call("negative", (number,)) if value < 0 else number


def _in_pairs(operation: str, operands: Sequence[Expression], text: str) -> Expression:
    """Join operands in a balanced tree, whose rounding errors grow with the logarithm of their number."""
    if len(operands) == 1:
        return operands[0]
    middle = len(operands) // 2
    halves = operands[:middle], operands[middle:]
    return Call(operation, tuple(_in_pairs(operation, half, text) for half in halves), text)


def _switch(
    value: Expression, bounds: Sequence[Expression], cases: Sequence[Expression], text: str
) -> Expression:
    """Return the case between whose bounds a value lies, the lower one included."""
    if len(cases) == 1:
        return cases[0]
    middle = len(cases) // 2
    lower = _switch(value, bounds[: middle - 1], cases[:middle], text)
    upper = _switch(value, bounds[middle:], cases[middle:], text)
    return Call("where", (Call("less", (value, bounds[middle - 1]), text), lower, upper), text)


def _line(
    x: Expression, across: Sequence[Expression], heights: Sequence[Expression], text: str
) -> Expression:
    """Return the straight line through two points at x."""
    rise, run = (Call("subtract", (each[1], each[0]), text) for each in (heights, across))
    along = Call(
        "multiply", (Call("subtract", (x, across[0]), text), Call("divide", (rise, run), text)), text
    )
    return Call("add", (heights[0], along), text)
