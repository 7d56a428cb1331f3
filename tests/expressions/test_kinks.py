"""Where an expression bends or jumps is found where it matters, and nowhere else."""

import numpy as np
import pytest

from uncertainty.expressions import build_graph, parse_expression
from uncertainty.expressions.derivatives import EXTREMES, SMOOTH, find_kinks
from uncertainty.expressions.operations import OPERATIONS, STEPS, TRUTHS

POINTS = np.array([[1.0, 0.5, 1.5, -0.5], [2.0, 2.5, 1.2, 2.0], [5.0, 5.0, 5.0, 5.0]])
"""x, y and z at a first point and at three others."""


def kinks(text, points=POINTS, constants=None):
    constants = constants or {}
    names = ("x", "y", "z")
    graph = build_graph({}, {"f": parse_expression(text)}, (*names, *constants), {}.__getitem__)
    found = find_kinks(graph, "f", names, constants, points)
    return {str(kink.expression): kink.share for kink in found}


def test_every_operation_is_smooth_or_has_branches():
    branching = {"abs", "where", *EXTREMES, *TRUTHS, *STEPS}
    assert set(OPERATIONS) == SMOOTH | branching
    assert not SMOOTH & branching


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x * y + exp(z)", {}),
        ("abs(x)", {"abs(x)": 0.25}),
        ("abs(y)", {}),
        ("abs(x) * y", {"abs(x)": 0.25}),
        ("maximum(x, y)", {"maximum(x, y)": 0.25}),
        ("minimum(z, x, y)", {"minimum(z, x, y)": 0.25}),
        ("3 * (x < y)", {"x < y": 0.25}),
        ("x * round(x)", {"round(x)": 0.75}),
        ("x + floor(z / 2)", {}),
        ("z * (x < y and z > 0)", {"x < y and z > 0": 0.25}),
        ("z * (x < y or abs(x) < 9)", {}),
        ("where(x < y, x, y)", {"where(x < y, x, y)": 0.25}),
        ("where(x, 1, 2) * y", {}),
        ("where(x > 0, 7, 2 * x)", {"where(x > 0, 7, 2*x)": 0.25}),
        # in a branch that is not taken, and in an operand that is never the largest
        ("where(z > 0, y, abs(x))", {}),
        ("maximum(z, abs(x))", {}),
        # only where the outer one is on the same side as at first
        ("where(x > 0, abs(x), 0)", {"where(x > 0, abs(x), 0)": 0.25}),
        ("abs(maximum(x, 0 - z))", {"abs(maximum(x, 0 - z))": 0.25}),
    ],
)
def test_operations_that_take_another_branch_are_found_with_their_share(text, expected):
    found = kinks(text)
    assert {name.replace(" * ", "*"): share for name, share in found.items()} == expected


def test_kinks_stand_in_the_order_of_the_formula():
    assert list(kinks("abs(x) + maximum(x, y) * round(x)")) == ["abs(x)", "maximum(x, y)", "round(x)"]


def test_branches_that_constants_choose_are_no_kinks():
    assert kinks("where(c > 1, abs(x), log(c - 5) * y)", constants={"c": 2.0}) == {"abs(x)": 0.25}
    assert kinks("where(c > 1, y, log(0 - c) * abs(x)) + abs(c)", constants={"c": 2.0}) == {}
