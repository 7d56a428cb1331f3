"""Between which values a quantity lies, whatever its inputs are: shares of events, and what they make."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

from uncertainty.expressions.graph import Apply, Constant, operands
from uncertainty.expressions.operations import AVERAGE, TRUTHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.expressions.graph import Graph, Node

Range: TypeAlias = tuple[float, float]

ANYWHERE: Range = (-math.inf, math.inf)


def ranges_of(graph: Graph, outputs: Sequence[str]) -> dict[str, Range]:
    """Return the least and the greatest value that outputs can have, infinite where nothing tells of it.

    An average lies where what it averages does, which an estimate of it may not.
    """
    found: list[Range] = []
    for node in graph.nodes:
        found.append(_range(node, [found[operand] for operand in operands(node)]))
    return {name: found[graph.outputs[name]] for name in outputs}


def _range(node: Node, of: Sequence[Range]) -> Range:
    if isinstance(node, Constant):
        return node.value, node.value
    if not isinstance(node, Apply):
        return ANYWHERE
    match node.operation:
        case operation if operation in TRUTHS:
            return 0.0, 1.0
        case operation if operation == AVERAGE:
            return of[0]
        case "add":
            return of[0][0] + of[1][0], of[0][1] + of[1][1]
        case "subtract":
            return of[0][0] - of[1][1], of[0][1] - of[1][0]
        case "negative":
            return -of[0][1], -of[0][0]
        case "multiply" if all(map(math.isfinite, (*of[0], *of[1]))):
            products = [one * other for one in of[0] for other in of[1]]
            return min(products), max(products)
        case "divide" if of[1][0] == of[1][1] != 0:
            ends = of[0][0] / of[1][0], of[0][1] / of[1][0]
            return min(ends), max(ends)
        case "where":
            return min(of[1][0], of[2][0]), max(of[1][1], of[2][1])
        case _:
            return ANYWHERE
