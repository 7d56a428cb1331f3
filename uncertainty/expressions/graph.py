"""From many expressions to one graph, in which what is computed twice is one node.

Equations are put in place of their names. Nothing is rewritten: every equation and every output has a
node of its own value, which can be asked for, or replaced by a number.
"""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from uncertainty.errors import InvalidValue, suggestion, way_back
from uncertainty.expressions.operations import CONSTANTS
from uncertainty.expressions.tree import Call, Expression, Name, Number, names
from uncertainty.late import dataclass
from uncertainty.records import Same

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping


class Constant(NamedTuple):
    """A number in coherent base units."""

    value: float


class Input(NamedTuple):
    """An input of the study."""

    name: str


class Apply(NamedTuple):
    """An operation applied to earlier nodes, given by their positions."""

    operation: str
    operands: tuple[int, ...]


Node: TypeAlias = Constant | Input | Apply


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in topological order, each after its operands; a node is known by its position.

    Parameters
    ----------
    nodes
        No two of them equal, unless one was put in by `replace`.
    sources
        For each node the expression that it was first met as, for messages.
    equations
        The node of each equation.
    outputs
        The node of each output.
    """

    nodes: tuple[Node, ...]
    sources: tuple[Expression, ...]
    equations: Mapping[str, int]
    outputs: Mapping[str, int]

    def node_of(self, output: str) -> int:
        """Return the node of an output."""
        return self.outputs[output]

    def reaching(self, node: int) -> frozenset[int]:
        """Return the node itself and all that it is computed from."""
        found = {node}
        waiting = [node]
        nodes = self.nodes
        while waiting:
            here = nodes[waiting.pop()]
            if isinstance(here, Apply):
                further = [each for each in here.operands if each not in found]
                found.update(further)
                waiting += further
        return frozenset(found)

    def inputs_of(self, output: str) -> frozenset[str]:
        """Return the names of the inputs that reach an output."""
        reaching = (self.nodes[position] for position in self.reaching(self.outputs[output]))
        return frozenset(node.name for node in reaching if isinstance(node, Input))

    def inputs_of_each(self, outputs: Iterable[str]) -> dict[str, frozenset[str]]:
        """Return the names of the inputs that reach each output, found in one pass over the nodes."""
        names: list[str] = []
        # which inputs reach a node, one bit for each
        reaching: list[int] = []
        for node in self.nodes:
            if isinstance(node, Input):
                names.append(node.name)
            own = 1 << len(names) - 1 if isinstance(node, Input) else 0
            for operand in operands(node):
                own |= reaching[operand]
            reaching.append(own)
        sets: dict[int, frozenset[str]] = {}
        for output in outputs:
            bits = reaching[self.outputs[output]]
            if bits not in sets:
                sets[bits] = frozenset(names[place] for place in _set_bits(bits))
        return {output: sets[reaching[self.outputs[output]]] for output in outputs}

    def depends_on(self, output: str, node: int) -> bool:
        """Say whether an output is computed from a node, or is that node."""
        return node in self.reaching(self.outputs[output])

    def replace(self, node: int, value: float) -> Graph:
        """Return the graph with a number, in base units, in place of a node."""
        return dataclasses.replace(
            self, nodes=(*self.nodes[:node], Constant(float(value)), *self.nodes[node + 1 :])
        )


def _set_bits(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def operands(node: Node) -> tuple[int, ...]:
    """Return the positions of the nodes that a node is computed from."""
    return node.operands if isinstance(node, Apply) else ()


def build_graph(
    equations: Mapping[str, Expression],
    outputs: Mapping[str, Expression],
    inputs: Iterable[str],
    unit_factor: Callable[[str], float],
) -> Graph:
    """Join equations and outputs into one graph.

    Parameters
    ----------
    equations
        Intermediate quantities, in any order, all of them kept, used or not.
    outputs
        Results; their names are a space of their own, which no expression can refer to.
    inputs
        Names of the inputs.
    unit_factor
        Gives for the text of a unit the factor to coherent base units.

    Raises
    ------
    InvalidValue
        If a name is unknown, equations refer to each other in a circle, or a unit is not sound.
    """
    known = frozenset((*equations, *inputs))
    for expression in (*equations.values(), *outputs.values()):
        _check_names(expression, known)
    dependencies = {name: names_of(equation) for name, equation in equations.items()}
    if cycle := find_cycle(dependencies):
        raise InvalidValue(f"equations refer to each other in a circle: {way_back(cycle)}")
    builder = _Builder(unit_factor)
    positions = {}
    for name, expression in outputs.items():
        used = sorted(names_of(expression))
        builder.define(equations, _depth_first(dependencies, used, builder.equations)[0])
        positions[name] = builder.add(expression)
    builder.define(equations, _depth_first(dependencies, equations, builder.equations)[0])
    return Graph(tuple(builder.positions), tuple(builder.sources), builder.equations, positions)


def names_of(expression: Expression) -> frozenset[str]:
    """Return the names that an expression uses, found once: scenarios have most of theirs in common."""
    return _names(Same(expression))


@lru_cache(maxsize=2**13)
def _names(of: Same[Expression]) -> frozenset[str]:
    return names(of.held)


def _check_names(expression: Expression, known: frozenset[str]) -> None:
    used = names_of(expression)
    if not used <= known:
        name = min(used - known)
        raise InvalidValue(f'unknown name "{name}"{suggestion(name, sorted(known))}')


class _Builder:
    """Adds expressions to a growing graph, giving back the node that is there already where there is one."""

    def __init__(self, unit_factor: Callable[[str], float]) -> None:
        self.sources: list[Expression] = []
        self.equations: dict[str, int] = {}
        self.positions: dict[Node, int] = {}
        # of what was added the position, by identity: parts of parameters occur in many expressions
        self._added: dict[int, int] = {}
        self._unit_factor = unit_factor

    def define(self, equations: Mapping[str, Expression], order: Iterable[str]) -> None:
        """Add the equations among these names, each after those that it uses."""
        for name in order:
            if name in equations and name not in self.equations:
                self.equations[name] = self.add(equations[name])

    def add(self, expression: Expression) -> int:
        place = self._added.get(id(expression))
        if place is None:
            place = self._added[id(expression)] = self._place(expression)
        return place

    def _place(self, expression: Expression) -> int:
        if isinstance(expression, Name) and expression.name in self.equations:
            return self.equations[expression.name]
        place = self.positions.setdefault(self._node(expression), len(self.positions))
        if place == len(self.sources):
            self.sources.append(expression)
        return place

    def _node(self, expression: Expression) -> Node:
        if isinstance(expression, Call):
            return Apply(expression.operation, tuple(map(self.add, expression.arguments)))
        if isinstance(expression, Number):
            factor = 1.0 if expression.unit is None else self._unit_factor(expression.unit)
            return Constant(expression.value * factor)
        value = CONSTANTS.get(expression.name)
        return Input(expression.name) if value is None else Constant(value)


def find_cycle(dependencies: Mapping[str, Iterable[str]]) -> tuple[str, ...] | None:
    """Find names that depend on each other in a circle.

    Parameters
    ----------
    dependencies
        For each name those it depends on; names that are not keys depend on nothing.

    Returns
    -------
    tuple of str or None
        A circle with its first name repeated at the end, such as ``("a", "b", "a")``.
    """
    return _depth_first(dependencies, dependencies)[1]


def in_order(dependencies: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Return names and all that they depend on, each after what it depends on; there may be no circle."""
    return _depth_first(dependencies, dependencies)[0]


def _depth_first(
    dependencies: Mapping[str, Iterable[str]], roots: Iterable[str], known: Container[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """Return what the roots depend on and themselves, each after its dependencies, or the first circle met.

    Without recursion, for chains of any length, and without what is `known` with all that it depends on.
    """
    done: dict[str, None] = {}
    for root in roots:
        if root in done or root in known:
            continue
        path, waiting = {root: None}, [iter(sorted(dependencies.get(root, ())))]
        while waiting:
            for following in waiting[-1]:
                if following not in done and following not in known:
                    break
            else:
                waiting.pop()
                done[path.popitem()[0]] = None
                continue
            if following in path:
                names_on_path = tuple(path)
                return (), (*names_on_path[names_on_path.index(following) :], following)
            if further := dependencies.get(following):
                path[following] = None
                waiting.append(iter(sorted(further)))
            else:
                done[following] = None
    return tuple(done), None
