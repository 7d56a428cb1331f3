import numpy as np
import pytest

from uncertainty.challenges.thresholds import thresholds
from uncertainty.study.model import Figure, Output


def output(published=None, claim="about", reference=None):
    figure = None if published is None else Figure(published, 2)
    return Output("y", None, None, figure, claim=claim, reference=reference)


def asked(**fields):
    return [(t.kind, t.value, t.above) for t in thresholds(output(**fields))]


def test_a_tenth_of_the_figure_and_the_reference_are_asked_about():
    found = asked(published=2900, claim="at least", reference=1)
    assert found == [("tenth", 290, True), ("reference", 1, True)]


def test_a_claim_about_a_figure_fails_on_both_sides_of_it():
    both = [("tenth", 290, True), ("tenfold", 29000, False)]
    assert asked(published=2900) == both
    assert asked(published=2900, reference=1) == [*both, ("reference", 1, True)]
    assert asked(published=-50) == [("tenth", -5, False), ("tenfold", -500, True)]


def test_a_claim_of_at_most_fails_above_ten_times_its_figure():
    assert asked(published=5, claim="at most", reference=100) == [
        ("tenth", 50, False),
        ("reference", 100, False),
    ]


def test_a_negative_figure_fails_towards_zero():
    found = asked(published=-50, claim="at most", reference=0)
    assert found == [("tenth", -5, False), ("reference", 0, False)]


def test_about_takes_the_side_of_the_reference_on_which_the_figure_lies():
    assert output(published=3, reference=1).claims_above
    assert not output(published=0.3, reference=1).claims_above
    assert output().claims_above


def test_without_figure_and_reference_there_is_no_threshold_but_the_one_given():
    assert thresholds(output()) == ()
    (given,) = thresholds(output(published=3, reference=1), 7.0)
    assert (given.kind, given.value) == ("given", 7.0)


def test_a_zero_figure_has_no_tenth():
    assert asked(published=0.0) == []


@pytest.mark.parametrize(("above", "expected"), [(True, [False, True, True]), (False, [True, True, False])])
def test_the_threshold_itself_belongs_to_the_claim(above, expected):
    (found,) = thresholds(output(claim="at least" if above else "at most"), 2.0)
    assert found.holds(np.array([1.0, 2.0, 3.0])).tolist() == expected
