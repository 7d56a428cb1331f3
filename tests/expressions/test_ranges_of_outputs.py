"""Between which values an output lies, whatever its inputs are."""

import math

import pytest

from uncertainty.expressions import ranges
from uncertainty.expressions.graph import Apply, Constant, Graph, Input

INPUTS = (Input("a"), Input("b"), Constant(2.0), Constant(100.0))


def range_of(*nodes):
    every = (*INPUTS, *nodes)
    return ranges.ranges_of(Graph(every, (None,) * len(every), {}, {"y": len(every) - 1}), ["y"])["y"]


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ((Apply("greater", (0, 1)),), (0, 1)),
        ((Apply("greater", (0, 1)), Apply("average", (4,))), (0, 1)),
        ((Apply("less", (0, 1)), Apply("average", (4,)), Apply("subtract", (2, 5))), (1, 2)),
        ((Apply("less", (0, 1)), Apply("multiply", (3, 4)), Apply("negative", (5,))), (-100, 0)),
        ((Apply("less", (0, 1)), Apply("divide", (4, 2)), Apply("add", (5, 3))), (100, 100.5)),
        ((Apply("less", (0, 1)), Apply("where", (0, 4, 3))), (0, 100)),
        ((Apply("less", (0, 1)), Apply("multiply", (0, 4))), (-math.inf, math.inf)),
        ((Apply("add", (0, 2)),), (-math.inf, math.inf)),
    ],
)
def test_a_quantity_lies_where_its_operands_allow(nodes, expected):
    assert range_of(*nodes) == expected
