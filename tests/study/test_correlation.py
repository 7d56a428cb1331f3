"""Targets for rank correlations: those that can hold together, and the nearest to those that cannot."""

import numpy as np
import pytest

from uncertainty.errors import InvalidValue
from uncertainty.study.correlation import connected, copula_matrix, nearest_correlation, spearman
from uncertainty.study.model import Correlation


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
