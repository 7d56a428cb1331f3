"""Targets for rank correlations: those that can hold together, and the nearest to those that cannot."""

import itertools

import numpy as np
import pytest
from variants import variants

from uncertainty.distributions import parse_distribution
from uncertainty.errors import InvalidValue
from uncertainty.study import correlation
from uncertainty.study.correlation import (
    ALIKE,
    connected,
    copula_matrix,
    decimals,
    in_closed_form,
    listed_targets,
    nearest_correlation,
    score_correlation,
    strongest,
    target_of,
)
from uncertainty.study.model import Correlation


def test_the_nearest_correlation_matrix_is_highams():
    # the example of Higham 2002, whose nearest matrix has off-diagonals 0.7607 and 0.1573
    matrix = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1.0]])
    near = nearest_correlation(matrix, smallest=1e-12)
    assert near[0, 1] == pytest.approx(0.7607, abs=1e-4)
    assert near[0, 2] == pytest.approx(0.1573, abs=1e-4)
    assert np.linalg.eigvalsh(near)[0] > -1e-9


@pytest.mark.parametrize(
    ("kind", "target"),
    [("spearman", 6 / np.pi * np.arcsin(0.45)), ("kendall", 2 / np.pi * np.arcsin(0.9)), ("pearson", 0.9)],
)
def test_correlations_of_a_copula_are_kruskals(kind, target):
    assert target_of(kind, 0.9) == pytest.approx(target)
    assert score_correlation(kind, target) == pytest.approx(0.9)
    assert score_correlation(kind, -1) == pytest.approx(-1)
    assert target_of(kind, -1) == pytest.approx(-1)


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


@pytest.mark.parametrize("size", variants(range(3, 9), lambda size: size < 6))
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


def test_what_cannot_hold_together_is_told_with_what_can():
    # of three alike ρ = -1/2 of scores is the least, -0.4826 of ranks and -1/3 of order
    for kind, given, advice in (
        ("spearman", -0.9, "a with b -0.48, a with c -0.48, b with c -0.48"),
        ("pearson", -0.9, "a with b pearson -0.49, a with c pearson -0.49, b with c pearson -0.49"),
        ("kendall", -0.9, "a with b kendall -0.33, a with c kendall -0.33, b with c kendall -0.33"),
    ):
        pairs = [Correlation(pair, **{kind: given}) for pair in itertools.combinations("abc", 2)]
        with pytest.raises(InvalidValue) as caught:
            copula_matrix([*pairs, Correlation(("x", "y"), 0.5)])
        assert str(caught.value) == (
            f"cannot hold together, their matrix is not positive definite; near them, these can: {advice}"
        )


def test_the_matrix_of_scores_has_each_pair_twice_and_ones_between():
    pairs = [Correlation(("b", "c"), pearson=0.4), Correlation(("d", "a"), kendall=-0.5)]
    names, matrix = copula_matrix(pairs)
    assert names == ("a", "b", "c", "d")
    half = -np.sin(np.pi / 4)
    expected = [[1, 0, 0, half], [0, 1, 0.4, 0], [0, 0.4, 1, 0], [half, 0, 0, 1]]
    np.testing.assert_allclose(matrix, expected, atol=1e-15)


def test_cells_with_one_cause_have_one_score_also_through_others():
    one = [Correlation(pair, 1.0, across="x") for pair in (("a", "b"), ("b", "c"))]
    others = [Correlation((name, "d"), 0.5) for name in "abc"]
    names, matrix = copula_matrix([*one, *others, Correlation(("e", "f"), 0.9, across="x")])
    assert names == tuple("abcdef")
    np.testing.assert_array_equal(matrix[:3, :3], np.full((3, 3), ALIKE) + np.eye(3) * (1 - ALIKE))
    assert (matrix[:3, 3] == score_correlation("spearman", 0.5)).all()
    assert matrix[4, 5] == score_correlation("spearman", 0.9)
    assert not matrix[:4, 4:].any()


def test_values_that_are_nearly_one_are_not_taken_for_ranks_that_are():
    # of order, 0.99999 would be a score of 1 - 1.2e-10
    _, matrix = copula_matrix([Correlation(("a", "b"), pearson=0.99999, across="x")])
    assert matrix[0, 1] == 0.99999


def test_as_many_inputs_as_there_may_be_can_be_correlated(monkeypatch):
    monkeypatch.setattr(correlation, "MOST_CORRELATED", 4)
    pairs = [Correlation(pair, 0.1) for pair in (("a", "b"), ("c", "d"), ("d", "e"))]
    assert copula_matrix(pairs[:2])[0] == tuple("abcd")
    with pytest.raises(InvalidValue, match="at most 4 correlated inputs, found 5"):
        copula_matrix(pairs)


def test_too_many_correlated_inputs_are_refused_before_their_matrix_is_made():
    pairs = [Correlation((f"a{i}", f"b{i}"), 0.1) for i in range(1001)]
    with pytest.raises(InvalidValue, match=r"^expected at most 2000 correlated inputs, found 2002$"):
        copula_matrix(pairs)


@pytest.mark.parametrize(
    ("pair", "one", "other", "closed"),
    [
        ({"pearson": 0.5}, "normal(0, 1)", "normal(2, 3)", True),
        ({"pearson": 0.5}, "normal(0, 1)", "uniform(0, 1)", False),
        ({"spearman": 0.5}, "normal(0, 1)", "uniform(0, 1)", True),
        ({"kendall": 0.5}, "1 to 2", None, True),
        ({"spearman": 0.5}, "discrete(1, 2)", "uniform(0, 1)", False),
        ({"spearman": 0.5}, "uniform(0, 1)", "discrete(1, 2)", False),
        ({"spearman": 0.9, "across": "x"}, "discrete(1, 2)", "discrete(1, 2)", False),
        ({"spearman": 1.0, "across": "x"}, "discrete(1, 2)", "discrete(1, 2)", True),
    ],
)
def test_a_closed_form_needs_scores_without_steps_or_one_cause(pair, one, other, closed):
    marginals = {"a": parse_distribution(one), "b": parse_distribution(other) if other else None}
    assert in_closed_form(Correlation(("a", "b"), **pair), marginals) is closed


def test_targets_are_listed_as_they_are_written():
    pairs = [Correlation(("a", "b"), -0.0), Correlation(("c", "d"), kendall=0.25)]
    assert listed_targets(pairs) == "a with b 0, c with d kendall 0.25"
    assert [decimals(each) for each in ([0.5], [0.123], [0.5, 0.1234], [0.123456], [1.0])] == [2, 3, 4, 4, 2]


@pytest.mark.parametrize("least", [0, 0.25, 0.5, 255 / 256])
def test_no_more_is_given_away_than_has_to_be(least):
    def weakened(share):
        return [Correlation(("a", "b"), pearson=share)]

    (found,) = strongest(weakened, lambda pairs: pairs[0].value <= 1 - least)
    assert found.value == 1 - least
    (nothing,) = strongest(weakened, lambda _: False)
    assert nothing.value == 0
    # what holds for a share and breaks by rounding for the next smaller one is passed over
    (later,) = strongest(weakened, lambda pairs: pairs[0].value < 0.5 and pairs[0].value != 127 / 256)
    assert later.value == 126 / 256


def test_correlations_that_nobody_gave_stay_0_in_the_nearest_matrix():
    matrix = np.array([[1, 0.9, 0], [0.9, 1, 0.9], [0, 0.9, 1]])
    near = nearest_correlation(matrix, given=matrix != 0)
    assert near[0, 2] == 0
    # of this pattern the largest are 1/√2
    assert near[[0, 1], [1, 2]] == pytest.approx(np.sqrt(0.5), abs=1e-4)
    np.testing.assert_array_equal(np.diag(near), 1)
    np.testing.assert_array_equal(matrix, [[1, 0.9, 0], [0.9, 1, 0.9], [0, 0.9, 1]])


@pytest.mark.parametrize(
    ("names", "bound"),
    [("abcd", "ab ac ad"), ("bcd", "bc bd"), ("cdxy", "xy cd"), ("ax", ""), ("d", "")],
)
def test_what_has_one_score_is_bound_by_the_first_that_is_left(names, bound):
    pairs = [Correlation(("a", other), spearman=1.0, across="z") for other in "bcd"]
    found = correlation.among([*pairs, Correlation(("x", "y"), spearman=0.5)], names)
    assert ["".join(pair.inputs) for pair in found] == bound.split()
