"""The Gaussian copula meets Spearman targets and leaves marginals alone."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from uncertainty.errors import InvalidValue
from uncertainty.sampling.correlation import (
    connected,
    copula_matrix,
    make_copula,
    nearest_correlation,
    spearman,
)
from uncertainty.study.model import Correlation

SAMPLES = 2**16


@pytest.mark.parametrize("target", [-0.95, -0.3, 0.0, 0.6, 0.9, 0.99])
def test_spearman_targets_are_met_within_sampling_error(target):
    copula = make_copula([Correlation(("a", "c"), target)], ("a", "b", "c"))
    u = np.random.default_rng(1).random((3, SAMPLES))
    untouched = u[1].copy()
    copula.apply(u)
    found = spearmanr(u[0], u[2]).statistic
    assert abs(found - target) < 5 * max(1 - target**2, 0.05) / np.sqrt(SAMPLES)
    np.testing.assert_array_equal(u[1], untouched)
    assert abs(spearmanr(u[0], u[1]).statistic) < 5 / np.sqrt(SAMPLES)


def test_marginals_stay_uniform():
    copula = make_copula([Correlation(("a", "b"), 0.8)], ("a", "b"))
    u = np.random.default_rng(2).random((2, SAMPLES))
    copula.apply(u)
    for row in u:
        distance = np.max(np.abs(np.sort(row) - (np.arange(SAMPLES) + 0.5) / SAMPLES))
        assert distance < 2 / np.sqrt(SAMPLES)


def test_three_inputs_keep_all_their_targets():
    targets = [Correlation(("a", "b"), 0.5), Correlation(("b", "c"), -0.4), Correlation(("a", "c"), 0.1)]
    copula = make_copula(targets, ("c", "a", "b"))
    u = dict(zip("cab", np.random.default_rng(3).random((3, SAMPLES)), strict=True))
    stacked = np.array(list(u.values()))
    copula.apply(stacked)
    u = dict(zip("cab", stacked, strict=True))
    for target in targets:
        one, other = target.inputs
        assert spearmanr(u[one], u[other]).statistic == pytest.approx(
            target.spearman, abs=5 / np.sqrt(SAMPLES)
        )


def test_targets_that_cannot_hold_together_name_the_nearest_that_can():
    targets = [Correlation(p, s) for p, s in [(("a", "b"), 0.9), (("b", "c"), 0.9), (("a", "c"), -0.9)]]
    with pytest.raises(
        InvalidValue, match=r"not positive definite; the nearest that can: a with b 0\.\d\d"
    ) as caught:
        copula_matrix(targets)
    near = [float(text.split()[-1]) for text in str(caught.value).split(": ")[-1].split(", ")]
    copula_matrix([Correlation(t.inputs, 0.99 * s) for t, s in zip(targets, near, strict=True)])


def test_the_nearest_correlation_matrix_is_highams():
    # the example of Higham 2002, whose nearest matrix has off-diagonals 0.7607 and 0.1573
    matrix = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1.0]])
    near = nearest_correlation(matrix, smallest=1e-12)
    assert near[0, 1] == pytest.approx(0.7607, abs=1e-4)
    assert near[0, 2] == pytest.approx(0.1573, abs=1e-4)
    assert np.linalg.eigvalsh(near)[0] > -1e-9


def test_spearman_of_a_copula_is_kruskals():
    assert spearman(np.array(0.9)) == pytest.approx(6 / np.pi * np.arcsin(0.45))


def test_connected_sets_join_through_a_common_input():
    pairs = [Correlation(p, 0.1) for p in [("a", "b"), ("d", "c"), ("e", "b"), ("c", "f")]]
    assert connected(pairs) == [("a", "b", "e"), ("c", "d", "f")]


def test_a_pair_with_a_fixed_input_is_left_out():
    assert make_copula([Correlation(("a", "b"), 0.5)], ("a", "c")) is None
