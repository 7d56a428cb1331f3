"""Which indices a quantity has: the union over all its formulas, found to a fixed point.

Through ``previous`` a quantity may depend on itself, so that no order of the formulas would do.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.errors import InvalidValue, suggestion
from uncertainty.expressions.operations import REDUCTIONS, SELECT
from uncertainty.expressions.tree import Call, Expression, Name, Number, names, quoted, used_arguments, walk
from uncertainty.indices.index import MOST_CELLS, select
from uncertainty.records import Frozen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from uncertainty.indices.index import Index

Shape = frozenset[str]

NOTHING: Shape = frozenset()


class Formula(NamedTuple):
    """An expression for a quantity, or for one member of some of its indices.

    Parameters
    ----------
    key
        Where it stands in the file.
    at
        The members, by index, at which it holds.
    """

    key: str
    expression: Expression
    at: Mapping[str, str] = Frozen()


class Shapes:
    """The indices of quantities.

    Parameters
    ----------
    indices
        By name, in the study's order.
    categories
        The index that each category is a member of.
    curves
        Names of curves.
    known
        The indices of the inputs, and those that equations declare.
    """

    def __init__(
        self,
        indices: Mapping[str, Index],
        categories: Mapping[str, str],
        curves: Collection[str],
        known: Mapping[str, Iterable[str]],
    ) -> None:
        self.indices = indices
        self.categories = categories
        self.curves = curves
        self.known: dict[str, Shape] = {name: frozenset(shape) for name, shape in known.items()}
        self._order = {name: place for place, name in enumerate(indices)}

    def ordered(self, shape: Iterable[str]) -> tuple[str, ...]:
        """Return indices in the study's order."""
        return tuple(sorted(shape, key=self._order.__getitem__))

    def of_quantity(self, name: str) -> tuple[str, ...]:
        """Return the indices of a quantity in the study's order."""
        return self.ordered(self.known.get(name, NOTHING))

    def infer(self, formulas: Mapping[str, Sequence[Formula]]) -> None:
        """Find the indices of quantities from their formulas; what is at fault adds nothing."""
        users: dict[str, list[str]] = {}
        for name, found in formulas.items():
            self.known.setdefault(name, NOTHING)
            for used in {used for formula in found for used in names(formula.expression)}:
                users.setdefault(used, []).append(name)
        waiting = dict.fromkeys(formulas)
        while waiting:
            name = next(iter(waiting))
            del waiting[name]
            shape = self.known[name].union(*(self._of_formula(formula) for formula in formulas[name]))
            if shape != self.known[name]:
                self.known[name] = shape
                waiting |= dict.fromkeys(users.get(name, ()))

    def _of_formula(self, formula: Formula) -> Shape:
        return self.of(formula.expression, frozenset(formula.at))

    def of(self, expression: Expression, at: Shape = NOTHING) -> Shape:
        """Return the indices that an expression has where those in `at` stand at a member."""
        if isinstance(expression, Number):
            return NOTHING
        if isinstance(expression, Name):
            return self._of_name(expression.name)
        return self._of_call(expression, at)

    def _of_name(self, name: str) -> Shape:
        if name in self.known:
            return self.known[name]
        return frozenset({name}) if name in self.indices else NOTHING

    def _of_call(self, call: Call, at: Shape) -> Shape:
        operation, arguments = call.operation, call.arguments
        if operation == SELECT:
            return self._of_selection(call)
        if operation in REDUCTIONS:
            inner = self.of(arguments[0], at)
            return inner - (frozenset(map(str, arguments[1:])) or inner - at)
        if operation == "interpolate":
            of_points = self.known.get(str(arguments[1]), NOTHING)
            return self.of(arguments[0], at) | {each for each in of_points if not self.indices[each].ordered}
        found = NOTHING.union(*(self.of(argument, at) for argument in used_arguments(call)))
        if operation == "previous" and str(arguments[1]) in self.indices:
            found |= {str(arguments[1])}
        return found

    def _of_selection(self, call: Call) -> Shape:
        name = str(call.arguments[0])
        shape = self._of_name(name)
        try:
            chosen = select(name, selectors(call), self.ordered(shape), self.indices, self.categories)
        except InvalidValue:
            return shape
        deciding = NOTHING.union(*(self.known.get(each, NOTHING) for each in chosen.categories.values()))
        return shape - chosen.places.keys() - chosen.categories.keys() | deciding

    def explicit(self, expression: Expression, at: Shape = NOTHING) -> Expression:
        """Return an expression whose reductions all name their indices.

        Raises
        ------
        InvalidValue
            If a part of it has no meaning: an unknown member or index, an index that a quantity does not
            have, or a category or an unordered index where a number is expected.
        """
        if isinstance(expression, Number):
            return expression
        if isinstance(expression, Name):
            self._check_name(expression.name)
            return expression
        operation, arguments = expression.operation, expression.arguments
        if operation == SELECT:
            name = str(arguments[0])
            shape = self.ordered(self._of_name(name))
            if name in self.known or name in self.indices:
                select(name, selectors(expression), shape, self.indices, self.categories)
            return expression
        inner = tuple(self.explicit(argument, at) for argument in used_arguments(expression))
        if operation in REDUCTIONS:
            return Call(operation, (*inner, *map(Name, self._reduced(expression, at))))
        if operation in ("cumulative", "previous"):
            self._check_step(expression, at)
            inner = (inner[0], arguments[1], *inner[1:])
        if operation == "interpolate":
            self._check_points(expression)
            inner = (*inner, arguments[1])
        return expression if inner == arguments else Call(operation, inner)

    def check_size(self, expression: Expression, shape: Shape) -> None:
        """Refuse an expression of too many cells; InvalidValue says how many."""
        cells = prod(len(self.indices[name].members) for name in shape)
        if cells > MOST_CELLS:
            over = ", ".join(self.ordered(shape))
            said = f"expected at most {MOST_CELLS:,} cells, found {cells:,}"
            raise InvalidValue(f"{said}: {quoted(expression)} has one for each {over}")

    def _check_name(self, name: str) -> None:
        if name in self.categories:
            raise InvalidValue(
                f'"{name}" is a category: it stands in brackets alone, after a quantity with the index '
                f"{self.categories[name]}"
            )
        if name in self.curves:
            raise InvalidValue(f'"{name}" is a curve: write interpolate(x, {name})')
        if name not in self.known and name in self.indices and not self.indices[name].ordered:
            raise InvalidValue(f'the members of "{name}" are no numbers, so that it is no quantity')

    def _reduced(self, call: Call, at: Shape) -> tuple[str, ...]:
        """Return the indices that a reduction goes over."""
        inner = self.of(call.arguments[0], at)
        self.check_size(call.arguments[0], inner)
        named = tuple(self._index(call, argument, inner) for argument in call.arguments[1:])
        if len(set(named)) < len(named):
            raise InvalidValue(f"an index stands twice in {quoted(call)}")
        if not named and not inner - at:
            raise InvalidValue(f"{quoted(call.arguments[0])} has no index to go over in {quoted(call)}")
        return named or self.ordered(inner - at)

    def _index(self, call: Call, argument: Expression, inner: Shape) -> str:
        """Return the name of an index that an argument of a call names, and that what stands before has."""
        name = self._known_index(call, argument)
        if name not in inner:
            has = f"it has {', '.join(self.ordered(inner))}" if inner else "it has none"
            raise InvalidValue(f"{quoted(call.arguments[0])} has no index {name} in {quoted(call)}; {has}")
        return name

    def _known_index(self, call: Call, argument: Expression) -> str:
        name = str(argument)
        if name not in self.indices:
            unknown = isinstance(argument, Name)
            what = f'unknown index "{name}"' if unknown else f"expected an index, found {name}"
            raise InvalidValue(f"{what} in {quoted(call)}{suggestion(name, self.indices)}")
        return name

    def _check_step(self, call: Call, at: Shape) -> None:
        """Refuse a step along what is no ordered index."""
        name = self._known_index(call, call.arguments[1])
        if not self.indices[name].ordered:
            raise InvalidValue(
                f"the members of {name} have no order for {quoted(call)}; an ordered index has from and to, "
                "or members that are numbers"
            )
        if call.operation == "cumulative":
            self._index(call, call.arguments[1], self.of(call.arguments[0], at))

    def _check_points(self, call: Call) -> None:
        """Refuse to interpolate between what are no points."""
        table = str(call.arguments[1])
        if table in self.curves:
            return
        shape = self.known.get(table)
        if shape is None:
            known = [*self.curves, *self.known]
            raise InvalidValue(f'unknown curve "{table}" in {quoted(call)}{suggestion(table, known)}')
        if sum(self.indices[each].ordered for each in shape) != 1:
            raise InvalidValue(f'expected a curve or a quantity with one ordered index, found "{table}"')


def selectors(call: Call) -> list[str]:
    """Return the words in the brackets of a selection."""
    return [str(argument) for argument in call.arguments[1:]]


def indices_of(expression: Expression) -> frozenset[str]:
    """Return the names that stand for indices, members and categories in an expression."""
    calls = (node for node, _ in walk(expression) if isinstance(node, Call))
    knowing = (*REDUCTIONS, "cumulative", "previous", SELECT)
    over = (call.arguments[1:] for call in calls if call.operation in knowing)
    return frozenset(each.name for arguments in over for each in arguments if isinstance(each, Name))
