"""Targets for rank correlations: those that can hold together, and the nearest to those that cannot."""

import itertools

import numpy as np
import pytest

from uncertainty.errors import InvalidValue
from uncertainty.study.correlation import connected, copula_matrix, nearest_correlation, target_of
from uncertainty.study.model import Correlation


def test_the_nearest_correlation_matrix_is_highams():
    # the example of Higham 2002, whose nearest matrix has off-diagonals 0.7607 and 0.1573
    matrix = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1.0]])
    near = nearest_correlation(matrix, smallest=1e-12)
    assert near[0, 1] == pytest.approx(0.7607, abs=1e-4)
    assert near[0, 2] == pytest.approx(0.1573, abs=1e-4)
    assert np.linalg.eigvalsh(near)[0] > -1e-9


def test_spearman_of_a_copula_is_kruskals():
    assert target_of("spearman", 0.9) == pytest.approx(6 / np.pi * np.arcsin(0.45))


def test_connected_sets_join_through_a_common_input():
    pairs = [Correlation(p, 0.1) for p in [("a", "b"), ("d", "c"), ("e", "b"), ("c", "f")]]
    assert connected(pairs) == [("a", "b", "e"), ("c", "d", "f")]


def advised(message):
    """Return the targets that a message advises, as a reader of it would write them."""
    listed = (text.split() for text in message.split(": ")[-1].split(", "))
    return {(one, other): Correlation((one, other), float(value)) for one, _, other, value in listed}


def accepted(targets):
    """Tell whether the message's advice, written into the study as it stands, is accepted."""
    with pytest.raises(InvalidValue, match="cannot hold together") as caught:
        copula_matrix(targets)
    advice = advised(str(caught.value))
    copula_matrix([advice.get(pair.inputs, pair) for pair in targets])
    return advice


def test_advice_is_near_and_accepted():
    pairs = {"ab": 0.9, "ac": 0.9, "ad": 0.2, "bc": 0.1, "bd": -0.5, "cd": 0.8}
    advice = accepted([Correlation(tuple(pair), value) for pair, value in pairs.items()])
    assert all(abs(advice[tuple(pair)].spearman - value) < 0.2 for pair, value in pairs.items())


@pytest.mark.parametrize("size", range(3, 9))
@pytest.mark.parametrize("places", [1, 2, 4])
def test_advice_is_accepted_for_matrices_of_any_size_and_rounding(size, places):
    rng = np.random.default_rng(size)
    tried = 0
    while tried < 5:
        pairs = [(a, b) for a, b in itertools.combinations("abcdefgh"[:size], 2) if rng.random() < 0.9]
        targets = [Correlation(pair, round(float(rng.uniform(-0.99, 0.99)), places)) for pair in pairs]
        try:
            copula_matrix(targets)
        except InvalidValue:
            accepted(targets)
            tried += 1


def test_advice_leaves_pairs_that_nobody_gave_alone():
    """A chain of strong correlations with nothing between its ends is no matrix of correlations."""
    advice = accepted([Correlation(pair, 0.9) for pair in (("a", "b"), ("b", "c"), ("c", "d"))])
    assert len(advice) == 3


def test_advice_names_the_sets_that_cannot_hold_together_and_no_other():
    impossible = {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9}
    again = {(f"{one}{one}", f"{other}{other}"): value for (one, other), value in impossible.items()}
    sound = {("x", "y"): 0.9999}
    targets = [Correlation(*each) for each in (impossible | again | sound).items()]
    assert accepted(targets).keys() == impossible.keys() | again.keys()


def test_advice_for_targets_that_are_nearly_one_stays_below_it():
    near = {("a", "b"): 0.999, ("b", "c"): 0.999, ("a", "c"): 0.98}
    assert all(pair.spearman < 1 for pair in accepted([Correlation(*each) for each in near.items()]).values())
