"""Sobol' indices of models whose indices are known exactly lie within their own intervals."""

import pytest
from exact_models import EXACT

from uncertainty import sobol

LEVEL = 0.999


@pytest.mark.parametrize("design", ["sobol", "lhs", "random"])
@pytest.mark.parametrize("model", EXACT)
def test_the_closed_form_lies_within_the_interval(model, design):
    exact = EXACT[model]()
    found = sobol(exact.study, samples=2**13, seed=4, design=design, level=LEVEL).outputs["y"].indices
    assert set(found) == set(exact.S1)
    for name, index in found.items():
        low, high = index.S1_interval
        assert low <= index.S1 <= high
        assert low - 1e-12 <= exact.S1[name] <= high + 1e-12
        low, high = index.ST_interval
        assert low <= index.ST <= high
        assert low - 1e-12 <= exact.ST[name] <= high + 1e-12


@pytest.mark.parametrize("model", [model for model in EXACT if model != "product of lognormals"])
def test_sobol_points_meet_the_closed_form_to_two_hundredths_unless_tails_are_heavy(model):
    exact = EXACT[model]()
    found = sobol(exact.study, samples=2**14, seed=0).outputs["y"].indices
    assert {name: index.S1 for name, index in found.items()} == pytest.approx(exact.S1, abs=0.02)
    assert {name: index.ST for name, index in found.items()} == pytest.approx(exact.ST, abs=0.02)


def test_an_input_without_effect_has_indices_of_exactly_zero():
    index = sobol(EXACT["without effect"]().study, samples=2**10).outputs["y"].indices["x2"]
    assert (index.S1, index.ST) == (0, 0)
    assert index.S1_interval == index.ST_interval == (0, 0)


def test_the_largest_total_index_comes_first():
    exact = EXACT["g function"]()
    found = list(sobol(exact.study, samples=2**12).outputs["y"].indices)
    assert found[:4] == ["x1", "x2", "x3", "x4"]
