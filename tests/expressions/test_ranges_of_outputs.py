"""Between which values an output lies, whatever its inputs are."""

import math

import pytest

from uncertainty.expressions import ranges
from uncertainty.expressions.graph import Apply, Constant, Graph, Input

INPUTS = (Input("a"), Input("b"), Constant(2.0), Constant(100.0))
LESS = Apply("less", (0, 1))
ANYWHERE = (-math.inf, math.inf)


def range_of(*nodes):
    every = (*INPUTS, *nodes)
    return ranges.ranges_of(Graph(every, (None,) * len(every), {}, {"y": len(every) - 1}), ["y"])["y"]


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ((Apply("greater", (0, 1)),), (0, 1)),
        ((Apply("greater", (0, 1)), Apply("average", (4,))), (0, 1)),
        ((LESS, Apply("average", (4,)), Apply("subtract", (2, 5))), (1, 2)),
        ((LESS, Apply("multiply", (3, 4)), Apply("negative", (5,))), (-100, 0)),
        ((LESS, Apply("divide", (4, 2)), Apply("add", (5, 3))), (100, 100.5)),
        ((LESS, Apply("where", (0, 4, 3))), (0, 100)),
        ((LESS, Apply("multiply", (0, 4))), ANYWHERE),
        ((Apply("add", (0, 2)),), ANYWHERE),
        ((LESS, Constant(-2.0), Apply("divide", (4, 5))), (-0.5, 0)),
        ((LESS, Constant(0.0), Apply("divide", (4, 5))), ANYWHERE),
        ((LESS, Apply("add", (4, 2)), Apply("divide", (4, 5))), ANYWHERE),
        (
            (
                LESS,
                Constant(-3.0),
                Apply("add", (4, 5)),
                Apply("subtract", (4, 2)),
                Apply("multiply", (6, 7)),
            ),
            (2, 6),
        ),
        ((LESS, Apply("subtract", (4, 4)), Apply("multiply", (5, 3))), (-100, 100)),
        ((LESS, Apply("where", (4, 0, 4))), ANYWHERE),
        ((LESS, Apply("where", (0, 3, 4))), (0, 100)),
        ((LESS, Apply("exp", (4,))), ANYWHERE),
        ((Apply("negative", (0,)),), ANYWHERE),
    ],
)
def test_a_quantity_lies_where_its_operands_allow(nodes, expected):
    assert range_of(*nodes) == expected
