"""From a graph to steps, each one numpy function.

What depends on constants alone is computed here, once, and what reaches no output is left out.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from typing import TYPE_CHECKING, TypeAlias

from uncertainty.errors import InvalidValue
from uncertainty.expressions.graph import Apply, Constant, Input, operands
from uncertainty.expressions.operations import AVERAGE, OPERATIONS, evaluate
from uncertainty.expressions.tree import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.expressions.graph import Graph, Node


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """The values of a variable, by its position among the columns."""

    position: int


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """What a step computes, by the position of the step."""

    step: int


Value: TypeAlias = float | Column | Result
"""A constant, a variable, or what a step computes."""


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One numpy function applied to values."""

    function: str
    operands: tuple[Value, ...]


def lower(
    graph: Graph, targets: Sequence[int], variables: Sequence[str], constants: Mapping[str, float]
) -> tuple[list[Step], list[Value]]:
    """Turn the part of a graph that reaches some nodes into steps.

    Returns
    -------
    tuple
        The steps, each after those whose results it uses, and the value of each target.

    Raises
    ------
    InvalidValue
        If a part that depends on constants alone is not a finite number, or an input that is needed has
        neither a column nor a value.
    """
    needed, known = reached(graph, targets, variables, constants)
    _check_finite(graph, known, needed)
    lowering = _Lowering(graph, known, variables)
    for position in needed:
        lowering.add(position)
    return lowering.steps, [lowering.values[target] for target in targets]


def reached(
    graph: Graph, targets: Sequence[int], variables: Sequence[str], constants: Mapping[str, float]
) -> tuple[list[int], list[float | None]]:
    """Find what some nodes are computed from.

    Returns
    -------
    tuple
        The nodes that reach them, in order, without the branches that constants exclude; and by node the
        value of what depends on constants alone, None for the others and for what reaches none of them.
    """
    values = {name: float(value) for name, value in constants.items() if name not in variables}
    known = _fold(graph, values, _reaching(graph, targets))
    return _needed(graph, known, targets), known


def _reaching(graph: Graph, targets: Sequence[int]) -> list[int]:
    """Return the nodes that the targets are computed from, in order."""
    found = set(targets)
    waiting = list(found)
    while waiting:
        new = set(operands(graph.nodes[waiting.pop()])) - found
        found |= new
        waiting += new
    return sorted(found)


def _fold(graph: Graph, constants: Mapping[str, float], positions: Sequence[int]) -> list[float | None]:
    """Return the value of each of some nodes that depends on constants alone, None for all others."""
    known: list[float | None] = [None] * len(graph.nodes)
    for position in positions:
        node = graph.nodes[position]
        if isinstance(node, Constant):
            known[position] = node.value
        elif isinstance(node, Input):
            known[position] = constants.get(node.name)
        else:
            known[position] = _folded(node, known)
    return known


def _folded(node: Apply, known: Sequence[float | None]) -> float | None:
    branch = _branch(node, known)
    if branch is not None:
        value = known[branch]
        return value if value is None or node.operation == "where" else float(value != 0)
    values = tuple(value for operand in node.operands if (value := known[operand]) is not None)
    return evaluate(node.operation, values) if len(values) == len(node.operands) else None


def _branch(node: Node, known: Sequence[float | None]) -> int | None:
    """Return the operand that a constant first one leaves to decide: that is how a branch is chosen.

    Of ``a and b`` and ``a or b`` the first may decide alone; the second need not be defined then.
    """
    if not isinstance(node, Apply) or node.operation not in ("where", "logical_and", "logical_or"):
        return None
    first, *others = node.operands
    chosen = known[first]
    if chosen is None:
        return None
    if node.operation == "where":
        return others[0] if chosen != 0 else others[1]
    return first if (chosen != 0) == (node.operation == "logical_or") else None


def _needed(graph: Graph, known: Sequence[float | None], targets: Sequence[int]) -> list[int]:
    """Return the nodes that reach the targets, in order, without the branches that constants exclude."""
    needed = set(targets)
    for position in range(len(graph.nodes) - 1, -1, -1):
        if position in needed:
            node = graph.nodes[position]
            branch = _branch(node, known)
            needed.update(operands(node) if branch is None else (operands(node)[0], branch))
    return sorted(needed)


def _check_finite(graph: Graph, known: Sequence[float | None], needed: Sequence[int]) -> None:
    for position in needed:
        value = known[position]
        if value is None or math.isfinite(value):
            continue
        arguments = ", ".join(f"{known[operand]:g}" for operand in operands(graph.nodes[position]))
        origin = f" (from {arguments})" if arguments else ""
        raise InvalidValue(f"{quoted(graph.sources[position])} gives {value}, not a finite number{origin}")


class _Lowering:
    """Turns nodes into steps, each one numpy function."""

    def __init__(self, graph: Graph, known: Sequence[float | None], variables: Sequence[str]) -> None:
        self.steps: list[Step] = []
        self.values: dict[int, Value] = {}
        self._graph = graph
        self._known = known
        self._columns = {name: Column(position) for position, name in enumerate(variables)}

    def add(self, position: int) -> None:
        """Lower a node, all of whose operands are lowered already."""
        self.values[position] = self._value(position)

    def _value(self, position: int) -> Value:
        known = self._known[position]
        if known is not None:
            return known
        node = self._graph.nodes[position]
        if isinstance(node, Apply):
            return self._apply(node)
        if isinstance(node, Input) and node.name in self._columns:
            return self._columns[node.name]
        raise InvalidValue(f"no value is given for {quoted(self._graph.sources[position])}")

    def _apply(self, node: Apply) -> Value:
        branch = _branch(node, self._known)
        if branch is not None:
            return self.values[branch]
        if node.operation == AVERAGE:
            # of one case; what it is over the cases, `sampling.cases` puts in its place
            return self.values[node.operands[0]]
        first, *others = (self.values[operand] for operand in node.operands)
        if node.operation == "power" and isinstance(others[0], float):
            return self._power(first, others[0])
        function = OPERATIONS[node.operation].ufunc
        if node.operation in ("minimum", "maximum"):
            return functools.reduce(lambda left, right: self._emit(function, left, right), others, first)
        return self._emit(function, first, *others)

    def _power(self, base: Value, exponent: float) -> Value:
        """Raise to a constant power by what is faster than a power and as exact."""
        match exponent:
            case 0.5:
                return self._emit("sqrt", base)
            case 1.0:
                return base
            case -1.0:  # pragma: no mutate - a sign in a pattern is not an operator
                return self._emit("reciprocal", base)
            case 2.0:
                return self._emit("multiply", base, base)
            case 3.0:
                return self._emit("multiply", self._power(base, 2.0), base)
            case 4.0:
                return self._power(self._power(base, 2.0), 2.0)
            case _:
                return self._emit("power", base, exponent)

    def _emit(self, function: str, *operands: Value) -> Result:
        self.steps.append(Step(function, operands))
        return Result(len(self.steps) - 1)
