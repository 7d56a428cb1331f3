"""Averages over cases in stages: what is computed once, for each draw, and for each case of each draw."""

import numpy as np
import pytest

from uncertainty.expressions import build_graph, parse_expression
from uncertainty.expressions.stages import averaged, averages_of, compile_program, differing, distributed

UNKNOWN, DIFFERENT = ("u", "w"), ("v", "x", "t")
DRAWS, CASES = 5, 7
RNG = np.random.default_rng(1)
OF_DRAW = dict(zip(UNKNOWN, RNG.uniform(1, 2, (2, DRAWS)), strict=True))
OF_CASE = dict(zip(DIFFERENT[:2], RNG.uniform(1, 2, (2, CASES)), strict=True))
TIED = RNG.uniform(1, 2, (DRAWS, CASES))
"""Values of t, which depend on the draw."""


def graph_of(equations=(), **outputs):
    both = ({n: parse_expression(text) for n, text in dict(each).items()} for each in (equations, outputs))
    return build_graph(*both, (*UNKNOWN, *DIFFERENT, "c"), lambda _: 1.0)


def averages(stage, columns):
    """Average the quantities of a stage over cases, shape (quantities, draws), from a draw's columns."""
    found = np.empty((len(stage.texts), DRAWS))
    cases = np.array([*OF_CASE.values(), np.zeros(CASES)])
    for draw in range(DRAWS):
        shared = np.empty((stage.shared.outputs, 1))
        stage.shared.run(np.array(columns)[:, [draw]], shared)
        own, same = np.empty((stage.own.outputs, CASES)), np.empty((stage.same.outputs, CASES))
        stage.own.run(cases, own)
        stage.same.run(cases, same)
        rows = [np.repeat(shared, CASES, axis=1), own, *[TIED[[draw]] for _ in stage.linked]]
        mixed = np.empty((stage.mixed.outputs, CASES))
        stage.mixed.run(np.concatenate(rows), mixed)
        values = iter(mixed), iter(same)
        for place in range(len(found)):
            found[place, draw] = np.mean(next(values[place in stage.alone]))
    return found


def computed(program):
    """Compute the outputs of a program for every draw."""
    columns = list(OF_DRAW.values())
    for stage in program.stages:
        columns += list(averages(stage, columns))
    outputs = np.empty((program.last.outputs, DRAWS))
    program.last.run(np.array(columns), outputs)
    return outputs


def programmed(graph, *outputs, **constants):
    return compile_program(graph, outputs, UNKNOWN, DIFFERENT, {"t"}, constants)


U, W = (values[:, None] for values in OF_DRAW.values())
V, X = OF_CASE.values()
T, C = TIED, 3.0

WANTED = {
    "u * v + x": U * V + X,
    "exp(u * v) / x": np.exp(U * V) / X,
    "(u * v + w * x - t) / w": (U * V + W * X - T) / W,
    "-(u * exp(v)) * t / (w * x)": -(U * np.exp(V)) * T / (W * X),
    "u / v": U / V + 0 * T,
    "u / exp(v) / w": U / np.exp(V) / W,
    "exp(v) * x": np.exp(V) * X + 0 * U,
    "u + w": U + W + 0 * V,
    "c * (v - c) * u": C * (V - C) * U,
    "(v - average(v)) ** 2 * u": (V - V.mean()) ** 2 * U,
    "average(u * v > average(u * x)) + 0 * v": ((U * X).mean(axis=1, keepdims=True) < (U * V)).mean(
        axis=1, keepdims=True
    )
    + 0 * T,
    "where(v > 1.5, u * t, x)": np.where(V > 1.5, U * T, X + 0 * T),
    "where(c > 1, u * v, exp(x))": U * V,
    "average(t) * v": T.mean(axis=1, keepdims=True) * V,
    "average(u) * w": U * W + 0 * V,
}


@pytest.mark.parametrize("text", WANTED)
def test_an_output_is_the_average_of_its_values_over_the_cases(text):
    program = programmed(graph_of(y=text, z="2 * u"), "y", "z", c=C)
    found = computed(program)
    np.testing.assert_allclose(
        found[0], np.broadcast_to(WANTED[text], (DRAWS, CASES)).mean(axis=1), rtol=1e-12
    )
    np.testing.assert_array_equal(found[1], 2 * OF_DRAW["u"])


def test_some_outputs_have_the_averages_behind_them_alone():
    texts = {f"y{place}": text for place, text in enumerate(WANTED)}
    program = programmed(graph_of(**texts), *texts, c=C)
    whole = computed(program)
    for wanted in ([0], [3, 1], [9], [10, 7, 2], list(range(len(texts)))):
        part = program.only(wanted)
        np.testing.assert_allclose(computed(part), whole[wanted], rtol=1e-12)
        behind = {average for output in wanted for average in program.behind[output]}
        assert sum(len(stage.texts) for stage in part.stages) == len(behind)
        assert {average for own in part.behind for average in own} == set(range(len(behind)))


def test_what_depends_on_cases_alone_is_computed_once():
    program = programmed(graph_of(y="u * exp(v) + w * t + u * x * exp(u * x)"), "y")
    (stage,) = program.stages
    texts = [text.strip('"') for text in stage.texts]
    assert [texts[place] for place in stage.alone] == ["exp(v)"]
    assert stage.linked == (2,)
    reads = dict(zip(texts, stage.reads, strict=True))
    assert reads == {"exp(v)": (0,), "t": (2,), "u * x * exp(u * x)": (1,)}
    assert not stage.after_averages
    first, second = programmed(graph_of(y="(v > average(x)) * u + exp(average(x) * v)"), "y").stages
    assert (first.texts, first.after_averages, second.after_averages) == (('"x"',), False, True)


def test_averages_are_brought_into_sums_and_past_factors():
    def averages_in(text):
        graph = distributed(averaged(graph_of(y=text), ["y"], DIFFERENT), DIFFERENT)
        places = averages_of(graph, "y", differing(graph, DIFFERENT))
        return sorted(str(graph.sources[graph.nodes[place].operands[0]]) for place in places)

    assert averages_in("u * v + x / w - t") == ["t", "v", "x"]
    assert averages_in("u * (w * (v + exp(x)))") == ["exp(x)", "v"]
    assert averages_in("exp(u) * v") == averages_in("v / exp(u)") == averages_in("-exp(u) + v") == ["v"]
    assert averages_in("exp(u) / w") == []
    assert len(averages_in("exp(u) * v / w * x")) == 1
    assert averages_in("-(u - v)") == ["v"]
    assert averages_in("exp(u * v)") == ["exp(u * v)"]
    assert averages_in("u + w") == []
    assert averages_in("v + v") == ["v"]


def test_what_differs_is_what_cases_reach_but_for_averages():
    graph = graph_of({"a": "v * u", "b": "average(a)", "d": "u + w"}, y="a + b + d", z="b * d")
    differs = differing(graph, DIFFERENT)
    told = {name: differs[node] for name, node in (graph.equations | graph.outputs).items()}
    assert told == {"a": True, "b": False, "d": False, "y": True, "z": False}
