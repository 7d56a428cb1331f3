"""On the same design and data our first-order, total and second-order indices are SALib's own."""

import numpy as np
import pytest
from exact_models import EXACT
from SALib.analyze import sobol as salib

from uncertainty import sobol
from uncertainty.sensitivity.sobol.design import plan_exchanges
from uncertainty.sensitivity.sobol.problem import prepare
from uncertainty.settings import Settings
from uncertainty.study.scenario import scenario

SAMPLES = 2**11
INDEPENDENT = [model for model in EXACT if model != "portfolio"]


def all_outputs(study, *, seed, pairs, design="sobol"):
    """Evaluate the design that `sobol` uses, whole: A, B, AB for each input, BA for each input."""
    plan = scenario(study)
    exchanges = plan_exchanges(plan, {"y": frozenset(study.inputs)})
    settings = Settings(SAMPLES, seed, design)
    matrix = prepare(plan, ("y",), settings, exchanges, second_order=pairs).matrix
    simulation = matrix.simulation
    columns = [(a.copy(), b.copy()) for a, b in matrix.matrices(0, matrix.batches)]
    a, b = (np.concatenate(part, axis=1) for part in zip(*columns, strict=True))

    def run(inputs):
        outputs = np.empty((1, inputs.shape[1]))
        simulation.model.run(inputs, outputs)
        return np.log10(outputs[0]) if study.outputs["y"].scale == "log10" else outputs[0]

    def exchange(kept, other, row):
        inputs = kept.copy()
        inputs[row] = other[row]
        return run(inputs)

    rows = range(len(simulation.inputs))
    return run(a), run(b), [exchange(a, b, i) for i in rows], [exchange(b, a, i) for i in rows]


def salib_order(a, b, ab, ba=()):
    return np.column_stack([a, *ab, *ba, b]).ravel()


def problem(study):
    return {
        "num_vars": len(study.inputs),
        "names": list(study.inputs),
        "bounds": [[0, 1]] * len(study.inputs),
    }


@pytest.mark.parametrize("model", INDEPENDENT)
def test_first_order_and_total_equal_an_analysis_by_salib(model):
    study = EXACT[model]().study
    a, b, ab, _ = all_outputs(study, seed=3, pairs=False)
    theirs = salib.analyze(
        problem(study), salib_order(a, b, ab), calc_second_order=False, num_resamples=2, seed=1
    )
    ours = sobol(study, samples=SAMPLES, seed=3, tolerance=0).outputs["y"].indices
    assert [ours[name].S1 for name in study.inputs] == pytest.approx(theirs["S1"], abs=1e-10)
    assert [ours[name].ST for name in study.inputs] == pytest.approx(theirs["ST"], abs=1e-10)


@pytest.mark.parametrize("model", INDEPENDENT)
def test_second_order_equals_an_analysis_by_salib(model):
    study = EXACT[model]().study
    a, b, ab, ba = all_outputs(study, seed=3, pairs=True)
    theirs = salib.analyze(problem(study), salib_order(a, b, ab, ba), num_resamples=2, seed=1)
    found = sobol(study, samples=SAMPLES, seed=3, tolerance=0, second_order=True).outputs["y"]
    names = list(study.inputs)
    for (one, other), s2, _ in found.pairs:
        assert s2 == pytest.approx(theirs["S2"][names.index(one), names.index(other)], abs=1e-10)
    assert len(found.pairs) == len(names) * (len(names) - 1) // 2
    assert [found.indices[name].S1 for name in names] == pytest.approx(theirs["S1"], abs=1e-10)


def centred(*outputs):
    mean = np.mean(outputs)
    return [values - mean for values in outputs]


@pytest.mark.parametrize("model", INDEPENDENT)
@pytest.mark.parametrize("design", ["random", "lhs"])
def test_each_index_equals_the_estimator_by_salib(model, design):
    study = EXACT[model]().study
    a, b, ab, _ = all_outputs(study, seed=0, pairs=False, design=design)
    a, b, *ab = centred(a, b, *ab)
    ours = sobol(study, samples=SAMPLES, seed=0, tolerance=0, design=design).outputs["y"].indices
    for name, mixed in zip(study.inputs, ab, strict=True):
        assert pytest.approx(salib.first_order(a, mixed, b), abs=1e-10) == ours[name].S1
        assert pytest.approx(salib.total_order(a, mixed, b), abs=1e-10) == ours[name].ST


@pytest.mark.parametrize("model", INDEPENDENT)
def test_each_pair_equals_the_estimator_by_salib(model):
    study = EXACT[model]().study
    outputs = all_outputs(study, seed=0, pairs=True)
    n = len(study.inputs)
    a, b, *rest = centred(outputs[0], outputs[1], *outputs[2], *outputs[3])
    ab, ba = rest[:n], rest[n:]
    names = list(study.inputs)
    found = sobol(study, samples=SAMPLES, seed=0, tolerance=0, second_order=True).outputs["y"]
    for (one, other), s2, _ in found.pairs:
        j, k = names.index(one), names.index(other)
        assert s2 == pytest.approx(salib.second_order(a, ab[j], ab[k], ba[j], b), abs=1e-10)
