"""The tree of an expression: numbers, names and operations on them."""

from __future__ import annotations

import dataclasses
from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

from uncertainty.characters import shortened
from uncertainty.expressions.operations import (
    ATOM,
    COMPARISONS,
    CONSTANTS,
    OPERATIONS,
    OVER_INDICES,
    REDUCTIONS,
    SELECT,
    evaluate,
)
from uncertainty.records import brief

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@dataclasses.dataclass(frozen=True, slots=True)
class Number:
    """A non-negative finite literal, with the text of its unit if it carries one."""

    value: float
    unit: str | None = None

    def __str__(self) -> str:
        digits = repr(self.value).removesuffix(".0")
        return digits if self.unit is None else f"{digits}[{self.unit}]"


@dataclasses.dataclass(frozen=True, slots=True)
class Name:
    """A quantity by its name, or ``pi``."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """An operator or function of `OPERATIONS` or `OVER_INDICES`, or a selection, with its arguments.

    Parameters
    ----------
    written
        What it is a step of, where its own operation is not what a study says: a sum over members.
    """

    operation: str
    arguments: tuple[Expression, ...]
    written: str = field(default="", compare=False, repr=False)

    __repr__ = brief

    def __str__(self) -> str:
        if self.written:
            return self.written
        if self.operation == SELECT:
            quantity, *members = map(str, self.arguments)
            return f"{quantity}[{','.join(members)}]"
        operation = OPERATIONS.get(self.operation)
        if operation is None or not operation.symbol:
            return f"{self.operation}({', '.join(map(str, self.arguments))})"
        precedence = operation.precedence
        if len(self.arguments) == 1:
            space = " " if operation.symbol.isalpha() else ""
            return f"{operation.symbol}{space}{_enclosed(self.arguments[0], precedence)}"
        left, right = self.arguments
        if self.operation == "power":
            return f"{_enclosed(left, ATOM)}**{_enclosed(right, precedence - 1)}"
        weakest_left = precedence + (self.operation in COMPARISONS)
        return f"{_enclosed(left, weakest_left)} {operation.symbol} {_enclosed(right, precedence + 1)}"


Expression: TypeAlias = Number | Name | Call


def _enclosed(expression: Expression, weakest: int) -> str:
    return str(expression) if precedence_of(expression) >= weakest else f"({expression})"


def precedence_of(expression: Expression) -> int:
    """Return how tightly the outermost operation of an expression binds."""
    if not isinstance(expression, Call) or expression.written:
        return ATOM
    operation = OPERATIONS.get(expression.operation)
    return ATOM if operation is None else operation.precedence


def quoted(expression: Expression, longest: int = 80) -> str:
    """Return the text of an expression in quotation marks, shortened to fit an error message."""
    return f'"{shortened(str(expression), longest)}"'


def names(expression: Expression) -> frozenset[str]:
    """Return the names of the quantities and curves that an expression uses, without ``pi``.

    What stands for no quantity is left out: indices that a function goes over, and what selects members.
    """
    used = set()
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Name):
            used.add(node.name)
        elif isinstance(node, Call):
            waiting += used_arguments(node)
            if node.operation == "interpolate":
                waiting.append(node.arguments[1])
    return frozenset(used - CONSTANTS.keys())


def used_arguments(call: Call) -> tuple[Expression, ...]:
    """Return the arguments of a call that are expressions: no index, no curve, no word of a selection."""
    if call.operation == SELECT or call.operation in REDUCTIONS:
        return call.arguments[:1]
    if call.operation in ("cumulative", "previous"):
        return (call.arguments[0], *call.arguments[2:])
    return call.arguments[:1] if call.operation == "interpolate" else call.arguments


def walk(expression: Expression) -> Iterator[tuple[Expression, int]]:
    """Yield every node with its depth, without recursion: the tree may still be too deep for it."""
    waiting = [(expression, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        if isinstance(node, Call):
            waiting.extend((argument, depth + 1) for argument in node.arguments)


def literal(value: float) -> Expression:
    """Return the expression of a number, which may be negative."""
    return Number(value) if value >= 0 else Call("negative", (Number(-value),))


def replaced(expression: Expression, values: Mapping[str, Expression]) -> Expression:
    """Return an expression with others in place of names."""
    if isinstance(expression, Name):
        return values.get(expression.name, expression)
    if isinstance(expression, Number):
        return expression
    return Call(expression.operation, tuple(replaced(each, values) for each in expression.arguments))


def constant(expression: Expression, factor: Callable[[str], float] | None = None) -> float | None:
    """Return the value of an expression of numbers; None where it has names.

    Parameters
    ----------
    factor
        Gives for the text of a unit the factor to coherent base units; without it numbers with units have
        no value either.
    """
    if isinstance(expression, Number):
        if expression.unit is None:
            return expression.value
        return None if factor is None else expression.value * factor(expression.unit)
    if isinstance(expression, Name):
        return CONSTANTS.get(expression.name)
    if expression.operation in OVER_INDICES or expression.operation == SELECT:
        return None
    values = [constant(each, factor) for each in expression.arguments]
    known = tuple(value for value in values if value is not None)
    return evaluate(expression.operation, known) if len(known) == len(values) else None
