"""Distributions whose parameters are still to come: the input's own point, or other quantities of a study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from uncertainty.distributions.families import FAMILIES
from uncertainty.distributions.parameters import Written, number_text, set_once
from uncertainty.expressions import Call, Name, Number, names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from uncertainty.distributions.arguments import Arguments, Value
    from uncertainty.distributions.protocol import Distribution
    from uncertainty.expressions import Expression

    Evaluate: TypeAlias = Callable[[Expression], float]

POINT = "point"
"""The word for an input's own point."""


@dataclass(frozen=True, slots=True)
class Parametric(Written):
    """A call of a family that has expressions among its arguments."""

    arguments: Arguments

    def __hash__(self) -> int:
        return hash(self.call)

    @property
    def call(self) -> str:
        """Its text as a call of its family, whatever it was written as."""
        given = self.arguments
        named = [f"{name}={_text(value)}" for name, value in given.named.items()]
        return f"{given.family}({', '.join([*map(_text, given.positional), *named])})"

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """What its parameters follow from."""
        values = (*self.arguments.positional, *self.arguments.named.values())
        return tuple(found for value in values for found in _expressions(value))

    @property
    def names(self) -> frozenset[str]:
        """The quantities that its parameters follow from, ``point`` among them."""
        return frozenset().union(*map(names, self.expressions))

    def at(self, evaluate: Evaluate) -> Distribution:
        """Return the distribution that it is where its expressions have these values.

        Raises
        ------
        InvalidValue
            If the values are no parameters of the family.
        """
        given = self.arguments
        found = FAMILIES[given.family](given.mapped(lambda value: _evaluated(value, evaluate)))
        set_once(found, "written", str(self))
        return found

    def mapped(self, change: Callable[[Expression], Expression]) -> Parametric:
        """Return it with other expressions for its own, under its own text."""

        def changed(value: Value) -> Value:
            if isinstance(value, Number | Name | Call):
                return change(value)
            if isinstance(value, Parametric):
                return value.mapped(change)
            if isinstance(value, tuple):
                return tuple(each if isinstance(each, float) else change(each) for each in value)
            return value

        found = Parametric(self.arguments.mapped(changed))
        set_once(found, "written", str(self))
        return found


def _text(value: Value | Expression) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_text, value))})"
    if isinstance(value, str):
        return f'"{value}"'
    return number_text(value) if isinstance(value, float) else str(value)


def _expressions(value: Value) -> Iterator[Expression]:
    if isinstance(value, Number | Name | Call):
        yield value
    elif isinstance(value, Parametric):
        yield from value.expressions
    elif isinstance(value, tuple):
        for each in value:
            yield from _expressions(each)


def _evaluated(value: Value, evaluate: Evaluate) -> Value:
    if isinstance(value, Number | Name | Call):
        return evaluate(value)
    if isinstance(value, Parametric):
        return value.at(evaluate)
    if isinstance(value, tuple):
        return tuple(each if isinstance(each, float) else evaluate(each) for each in value)
    return value
