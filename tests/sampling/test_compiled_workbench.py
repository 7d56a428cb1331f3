"""Compiled loops change time alone: every number is numpy's, to the last bit."""

import json
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from test_transforms import EVERY

import uncertainty as un
from uncertainty.sampling.designs import BLOCK, make_design
from uncertainty.sampling.fast import compiler
from uncertainty.sampling.fast.compiler import compiled_loops, compiles
from uncertainty.sampling.simulation import NumpyWorkbench, make_workbench, simulate
from uncertainty.study.scenario import scenario

# looked for alone: each process that collects tests would load it
pytestmark = pytest.mark.skipif(find_spec("numba") is None, reason="there is no compiler")

OPERATIONS = (
    *(f"{{a}} {symbol} {{b}}" for symbol in ("+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=")),
    *("minimum({a}, {b})", "maximum({a}, {b}, 0)", "where({a} > {b}, {a}, {b})", "-{a}", "abs({a})"),
    *("{a} and {b} > 0", "{a} > 0 or {b} > 0", "not {a} > {b}", "floor({a} * 3)", "ceil({a})"),
    *("round({a} * 2)", "round({b})"),
    *("sqrt(abs({a}))", "1 / {b}", "{a}**3", "2.5 * {a} + 1"),
)


def study_of(tmp_path, distributions, outputs, correlations=()):
    """A study of pure numbers: inputs x0, x1, … and outputs y0, y1, …"""
    lines = ["format = 1", "[study]", 'title = "Every kind"', 'headline = "y0"']
    for number, text in enumerate(distributions):
        lines += [f"[inputs.x{number}]", 'unit = "1"', "point = 1", f"distribution = {json.dumps(text)}"]
    for number, text in enumerate(outputs):
        lines += [f"[outputs.y{number}]", 'unit = "1"', f"value = {json.dumps(text)}"]
    for one, other, spearman in correlations:
        lines += ["[[correlations]]", f'inputs = ["x{one}", "x{other}"]', f"spearman = {spearman}"]
    path = tmp_path / "kinds.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return un.load_study(path)


@pytest.fixture(scope="module")
def every_family(tmp_path_factory):
    outputs = [f"2 * x{number}" for number in range(len(EVERY))]
    return study_of(tmp_path_factory.mktemp("families"), EVERY, outputs, [(0, 2, 0.7), (4, 0, -0.3)])


def both(study, samples, design, **options):
    return [
        {
            name: found.values
            for name, found in un.propagate(
                study, samples=samples, design=design, compiled=compiled, **options
            ).outputs.items()
        }
        for compiled in (False, True)
    ]


def assert_same(one, other):
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], name)


@pytest.mark.slow
@pytest.mark.parametrize("design", ["random", "lhs", "sobol"])
def test_every_family_has_the_same_bits_in_every_design(every_family, design):
    assert_same(*both(every_family, 2 * BLOCK + 77, design, threads=2))


@pytest.mark.parametrize("number", range(len(OPERATIONS)))
def test_every_operation_has_the_same_bits(tmp_path, number):
    text = OPERATIONS[number].format(a="x0", b="x1")
    study = study_of(tmp_path, ["normal(0, 1)", "discrete(-1, -0.5, 2)"], [text])
    simulation = simulate(scenario(study), ("y0",), 3000, 1, "random")
    assert {step.function for step in simulation.model.tape.instructions} <= set(compiled_loops().CODES)
    assert_same(*both(study, 3000, "random"))


def test_what_the_loops_do_not_know_is_left_to_numpy(tmp_path):
    study = study_of(tmp_path, ["normal(0, 1)"], ["exp(x0) + log10(abs(x0)) + sin(x0)"])
    assert_same(*both(study, 20_000, "random"))


def test_models_that_are_functions_have_the_same_bits():
    study = un.Study.from_function(lambda x, y: {"z": np.hypot(x, y)}, {"x": "1 to 3", "y": "normal(0, 1)"})
    assert_same(*both(study, 20_000, "sobol", block_rows=1000))


@pytest.mark.slow
def test_rows_in_small_parts_and_any_order_have_the_same_bits(every_family):
    whole = simulate(scenario(every_family), ("y0", "y3"), 2 * BLOCK, 5, "random")
    parts = replace(whole, compiled=True)
    expected = np.concatenate([outputs.copy() for _, outputs in whole.blocks(0, 2)], axis=1)
    for start, stop in ((20_000, 20_010), (0, 5), (100, 2 * BLOCK), (BLOCK - 1, BLOCK + 1)):
        found = [outputs.copy() for _, _, outputs in parts.rows(start, stop)]
        np.testing.assert_array_equal(np.concatenate(found, axis=1), expected[:, start:stop])


@pytest.mark.parametrize("inputs", [1, 2, 3, 4, 5, 9])
def test_uniforms_are_those_of_numpys_generator_for_any_number_of_streams(inputs):
    design = make_design("random", tuple("abcdefghi"[:inputs]), 3 * BLOCK, seed=0)
    one, other = design.source(), design.source(loops=compiled_loops())
    for number in (1, 2, 0, 0, 2):
        np.testing.assert_array_equal(one.block(number), other.block(number))


def test_a_study_with_nothing_but_constants_runs(tmp_path):
    study = study_of(tmp_path, ["3"], ["x0 + 1"])
    assert_same(*both(study, 10, "random"))


@pytest.mark.slow
def test_counted_quantiles_are_the_same(every_family):
    one, other = (
        un.propagate(
            every_family, outputs=["y1"], samples=200_000, design="random", memory=2**18, compiled=compiled
        )
        for compiled in (False, True)
    )
    assert dict(one.outputs["y1"].summary) == dict(other.outputs["y1"].summary)


def test_without_a_compiler_numpy_does_everything(every_family, monkeypatch):
    simulation = replace(simulate(scenario(every_family), ("y0",), 100, 1, "random"), compiled=True)
    monkeypatch.setattr("uncertainty.sampling.simulation.compiled_loops", lambda: None)
    assert isinstance(make_workbench(simulation), NumpyWorkbench)
    monkeypatch.setattr(compiler, "find_spec", lambda _: None)
    assert not compiles(2**40, wanted=True)


def test_loops_are_loaded_only_where_they_pay(monkeypatch):
    monkeypatch.setattr(compiler, "_MODULE", "not loaded yet")
    assert not compiles(10**6)
    assert compiles(10**9)
    assert compiles(1, wanted=True)
    assert not compiles(10**9, wanted=False)


@pytest.mark.parametrize("name", ["minimum", "maximum"])
def test_of_two_zeros_the_same_one_is_taken(name):
    loops = compiled_loops()
    columns = np.array([[0.0, -0.0, 0.0, -0.0, np.nan, 1.0], [-0.0, 0.0, 0.0, -0.0, 0.0, np.nan]])
    arena = np.zeros((3, loops.CHUNK))
    arena[:2, :6] = columns
    program = np.array([[loops.CODES[name], 0, 1, 1, 2]])
    places = np.arange(3) * loops.CHUNK
    loops.run(program, places, np.ones(3, np.int64), arena.ravel(), 0, 6)
    expected = getattr(np, name)(*columns)
    np.testing.assert_array_equal(arena[2, :6], expected)
    np.testing.assert_array_equal(np.signbit(arena[2, :4]), np.signbit(expected[:4]))


def test_inputs_that_share_a_table_have_the_same_bits(tmp_path):
    from uncertainty.sampling.transforms import MANY

    texts = [f"normal({1 + i}, 0.{1 + i % 9})" for i in range(MANY)] + ["1 to 3"] * 5 + ["gamma(2, 1)"] * 3
    study = study_of(tmp_path, texts, ["x0 * x500 + x516", "x519 - x1"])
    one, other = both(study, 600, "sobol")
    assert_same(one, other)
