import numpy as np

from uncertainty.explorer.quantiles import DRAWS, order, uniforms


def test_every_cell_is_met_once_and_the_order_follows_from_the_name():
    assert sorted(order("x", 100)) == list(range(100))
    assert np.array_equal(order("x"), order("x"))
    assert not np.array_equal(order("x"), order("y"))


def test_uniforms_are_the_middles_of_equal_cells():
    assert np.array_equal(np.sort(uniforms("x", 4)), [0.125, 0.375, 0.625, 0.875])


def test_inputs_are_hardly_correlated_whatever_they_are_called():
    names = [f"input_{number}" for number in range(40)]
    found = np.corrcoef([uniforms(name) for name in names])
    # the largest of 780 correlations of independent columns stays below five standard errors
    assert np.abs(found - np.eye(40)).max() < 5 / np.sqrt(DRAWS)
