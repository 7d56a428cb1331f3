"""Where an expression bends or jumps: operations that take another branch at some points than at others."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.expressions.graph import Apply
from uncertainty.expressions.lowering import reached
from uncertainty.expressions.operations import AVERAGE, STEPS, TRUTHS
from uncertainty.expressions.special import COUNTED, SPECIAL
from uncertainty.expressions.tape import compile_tape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.expressions.graph import Graph
    from uncertainty.expressions.tree import Expression

SMOOTH = frozenset(
    {
        *("add", "subtract", "multiply", "divide", "power", "negative", AVERAGE),
        *("sqrt", "exp", "expm1", "log", "log1p", "log10"),
        *("sin", "cos", "tan", "tanh", "asin", "acos", "atan"),
        *(SPECIAL.keys() - COUNTED),
    }
)
"""Operations that have a derivative wherever they have a value, but for single points."""

EXTREMES = frozenset({"minimum", "maximum"})


class Kink(NamedTuple):
    """An operation that bends or jumps among some points.

    Parameters
    ----------
    expression
        Where.
    share
        Share of the points that lie on the other side than the first.
    """

    expression: Expression
    share: float


def find_kinks(
    graph: Graph, output: str, variables: Sequence[str], constants: Mapping[str, float], columns: FloatArray
) -> list[Kink]:
    """Return the operations that take another branch at some points than at the first, and matter there.

    Parameters
    ----------
    columns
        Values of the variables, shape (variables, n).
    """
    target = graph.node_of(output)
    nodes, known = reached(graph, [target], variables, constants)
    values = _values(graph, nodes, known, variables, constants, columns)
    active = {target: np.ones(columns.shape[1], np.bool_)}
    found = []
    for position in reversed(nodes):
        node, here = graph.nodes[position], active.get(position)
        if here is None or not isinstance(node, Apply):
            continue
        branch = _branch(node, values, values[position])
        other = here & (branch != branch[0])
        if here[0] and other.any():
            found.append(Kink(graph.sources[position], float(other.mean())))
        for place, operand in enumerate(node.operands):
            active[operand] = active.get(operand, False) | (here & _matters(node, place, branch))
    return found[::-1]


def _values(
    graph: Graph,
    nodes: Sequence[int],
    known: Sequence[float | None],
    variables: Sequence[str],
    constants: Mapping[str, float],
    columns: FloatArray,
) -> dict[int, FloatArray]:
    """Return the values of nodes, each of shape (n,)."""
    wanted = {str(node): node for node in nodes}
    whole = dataclasses.replace(graph, outputs=wanted)
    out = np.empty((len(wanted), columns.shape[1]))
    compile_tape(whole, list(wanted), variables, constants).run(columns, out)
    fixed = {node: np.full(columns.shape[1], value) for node, value in enumerate(known) if value is not None}
    return fixed | dict(zip(nodes, out, strict=True))


def _branch(node: Apply, values: Mapping[int, FloatArray], result: FloatArray) -> np.ndarray:
    """Return for each point which branch an operation takes, as a number or truth value."""
    first = values[node.operands[0]]
    if node.operation == "abs":
        return np.greater(first, 0)
    if node.operation == "where":
        return np.not_equal(first, 0)
    if node.operation in TRUTHS | STEPS:
        return result
    if node.operation in EXTREMES:
        operands = np.array([values[operand] for operand in node.operands])
        return np.asarray(operands.argmin(axis=0) if node.operation == "minimum" else operands.argmax(axis=0))
    return np.zeros(first.shape, np.bool_)


def _matters(node: Apply, place: int, branch: np.ndarray) -> np.ndarray | bool:
    """Tell for each point whether the result changes with an operand."""
    if node.operation == "where":
        return (False, branch, ~branch)[place]
    if node.operation in TRUTHS | STEPS:
        return False
    return branch == place if node.operation in EXTREMES else True
