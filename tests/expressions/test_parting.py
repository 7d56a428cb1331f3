"""A program in two parts computes what the whole does, to the bit."""

import numpy as np
import pytest

from uncertainty.expressions import build_graph, compile_tape, parse_expression
from uncertainty.expressions.parting import parted

INPUTS = ("a", "b", "c", "d")
FORMS = (
    *("{} + {}", "{} * {}", "{} - 2 * {}", "{} / (3 + abs({}))", "maximum({}, {})", "{} < {}"),
    *("sqrt(abs({}))", "exp(-abs({}))", "not {}", "{} > 1 and {} < 2", "{}"),
    *["where({} > 0.5, {}, {})"] * 3,
)


def random_tape(seed):
    """Compile equations that each use a few of the earlier ones, and some of them as outputs."""
    chance = np.random.default_rng(seed)

    def one(options):
        return options[chance.integers(len(options))]

    known, equations = list(INPUTS), {}
    for place in range(40):
        form = one(FORMS)
        near = known[-8:] if chance.random() < 0.7 else known
        equations[f"e{place}"] = form.format(*(one(near) for _ in range(form.count("{}"))))
        known.append(f"e{place}")
    outputs = [one(known) for _ in range(6)]
    graph = build_graph(
        {name: parse_expression(text) for name, text in equations.items()},
        {f"y{place}": parse_expression(f"{name} * {place % 2 + 1}") for place, name in enumerate(outputs)},
        INPUTS,
        lambda _: 1.0,
    )
    return compile_tape(graph, [f"y{place}" for place in range(6)], INPUTS, {})


@pytest.mark.parametrize("moving", [(), (0,), (1, 3), (2,), (0, 1, 2, 3)])
def test_both_parts_compute_what_the_whole_does(moving):
    rows, saved = 65, 0
    for seed in range(20):
        tape = random_tape(seed)
        columns = np.random.default_rng(seed).uniform(-2, 3, (4, rows))
        first, second = parted(tape, moving)
        saved += len(tape.instructions) - len(second.instructions)
        known = np.empty((first.outputs, rows))
        first.run(columns, known)
        for _ in range(2):
            columns[list(moving)] += 0.7
            whole, found = np.empty((2, tape.outputs, rows))
            tape.run(columns, whole)
            second.run(np.concatenate([columns, known]), found)
            np.testing.assert_array_equal(found, whole)
    # what does not move is computed once
    assert saved > 0 or len(moving) == len(INPUTS)
