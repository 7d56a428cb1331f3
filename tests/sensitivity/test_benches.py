"""Where A and B are made changes no number of an index."""

import numpy as np
import pytest
from test_invariance import numbers

import uncertainty as un
from uncertainty.sampling.fast.compiler import compiled_loops
from uncertainty.sampling.simulation import simulate
from uncertainty.sensitivity.sobol import problem
from uncertainty.sensitivity.sobol.benches import A, B, CompiledBench, NumpyBench, make_bench
from uncertainty.sensitivity.sobol.design import Exchanged, make_cross_matrix
from uncertainty.study.scenario import scenario

TEXT = """
format = 1

[study]
title = "Cells"
headline = "total[3]"

[indices.cell]
from = 1
to = 3

[inputs.use]
unit = "1"
index = ["cell"]
point = 2
distribution = "1 to 3"

[inputs.rate]
unit = "1"
point = 1
distribution = "discrete(1, 2, 4)"

[inputs.loss]
unit = "1"
point = 0.5
distribution = "uniform(0, 1)"

[[correlations]]
inputs = ["use[1]", "loss"]
spearman = 0.6

[outputs.total]
value = "cumulative(use * rate, cell) - loss"
unit = "1"

[outputs.grown]
value = "exp(use[2] * loss) + rate"
unit = "1"
scale = "log10"
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    path = tmp_path_factory.mktemp("cells") / "cells.toml"
    path.write_text(TEXT, encoding="utf-8")
    return un.load_study(path)


@pytest.mark.parametrize("design", ["sobol", "lhs", "random"])
def test_compiled_loops_change_no_bit_of_an_index(study, design, monkeypatch):
    pytest.importorskip("numba", reason="there is no compiler")
    found = []
    for compiled in (False, True):
        monkeypatch.setattr(problem, "compiles", lambda _, compiled=compiled: compiled)
        options = {"samples": 5000, "tolerance": 0, "design": design, "second_order": True, "threads": 2}
        found.append(un.sobol(study, seed=4, **options).outputs)
    one, other = found
    assert len(one["total[3]"].pairs) == 6
    assert {name: numbers(each) for name, each in one.items()} == {
        name: numbers(each) for name, each in other.items()
    }


@pytest.mark.parametrize("compiled", [False, True])
def test_exchanged_rows_are_the_other_matrix_s_and_nothing_is_moved(study, compiled):
    if compiled:
        pytest.importorskip("numba", reason="there is no compiler")
    simulation = simulate(scenario(study), ("grown", "total[3]"), 64, 1, "sobol")
    object.__setattr__(simulation, "compiled", compiled and compiled_loops() is not None)
    exchange = Exchanged((0, 3), (0, 1), simulation.model)
    matrix = make_cross_matrix(simulation, [exchange], simulation.inputs, 256, 1, "sobol")
    bench = make_bench(matrix, [simulation.model])
    assert isinstance(bench, CompiledBench if compiled else NumpyBench)
    for _, (a, b) in zip(bench.parts(0, matrix.batches), matrix.matrices(0, matrix.batches), strict=False):
        own, other = (np.array(bench.rows(side)).copy() for side in (A, B))
        np.testing.assert_array_equal(own, a[:, : own.shape[1]])
        np.testing.assert_array_equal(other, b[:, : own.shape[1]])
        mixed = own.copy()
        mixed[[0, 3]] = other[[0, 3]]
        expected = np.empty((2, own.shape[1]))
        simulation.model.run(mixed, expected)
        np.testing.assert_array_equal(bench.run(0, A, (0, 3)), expected)
        np.testing.assert_array_equal(np.array(bench.rows(A, (0, 3))), mixed)
        np.testing.assert_array_equal(np.array(bench.rows(A)), own)


def test_a_replicate_of_many_inputs_is_as_short_as_a_block():
    names = [f"x{number}" for number in range(600)]
    study = un.Study.from_function(lambda **x: {"y": sum(x.values())}, dict.fromkeys(names, "uniform(0, 1)"))
    simulation = simulate(scenario(study), ("y",), 2**20, 1, "sobol")
    matrix = make_cross_matrix(simulation, [], tuple(names), 2**20, 1, "sobol")
    assert matrix.paired().block_rows == matrix.replicate_rows == 4096
    assert matrix.replicates * matrix.replicate_rows == 2**20
