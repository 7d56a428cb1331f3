"""Two estimates of one quantity contradict each other, or nothing is said."""

import pytest

from uncertainty import numbers
from uncertainty.agreement import Told, contradiction


def said(one, other, **options):
    return contradiction(
        "S1 of a", Told("by rank", *one), Told("in bins", *other), "bins are wide", **options
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((0.5, (0.4, 0.6)), (0.65, (0.6, 0.7))),
        ((0.5, (0.4, 0.6)), (0.5, (0.49, 0.51))),
        ((0.5, (0.4, 0.6)), (0.9, (float("nan"), float("nan")))),
    ],
)
def test_estimates_whose_intervals_meet_or_are_unknown_do_not_contradict_each_other(one, other):
    assert said(one, other) == said(other, one) == ""


@pytest.mark.parametrize("other", [(0.1, (0.0, 0.2)), (0.9, (0.8, 1.0))])
def test_a_contradiction_names_both_and_the_better_one(other):
    assert said((0.5, (0.4, 0.6)), other) == (
        f"S1 of a is 0.500 by rank and {other[0]:.3f} in bins, farther apart than their errors: the figure "
        "by rank is the better one, since bins are wide."
    )


def test_a_difference_that_does_not_matter_is_not_said():
    assert said((0.5, (0.5, 0.5)), (0.6, (0.6, 0.6)), matters=0.2) == ""
    assert said((0.5, (0.5, 0.5)), (0.8, (0.8, 0.8)), matters=0.2)


def test_values_are_written_as_the_caller_writes_them():
    assert "is 0.50 m by rank" in said((0.5, (0.4, 0.6)), (0, (0, 0)), write="{:.2f} m".format)


def test_a_difference_up_to_what_matters_is_not_said_and_values_have_three_digits():
    assert said((1.0, (1.0, 1.0)), (0.5, (0.5, 0.5)), matters=0.5) == ""
    assert "is 0.123 by rank and 1.00 in bins" in said((0.12345, (0.1, 0.2)), (1.0, (0.9, 1.1)))


def test_two_values_that_are_written_alike_have_the_digits_that_tell_them_apart():
    shares = (9.2e-5, (0.0, 2e-4)), (4.5e-4, (3e-4, 9e-4))
    assert "is 0.0092 % by rank and 0.045 % in bins" in said(*shares, write=numbers.share)
    assert "is 1.00001 by rank and 1.00002 in bins" in said((1.00001, (1, 1.00001)), (1.00002, (1.00002, 2)))
    assert "is 0.3 % by rank" in said((0.003, (0.003, 0.003)), (0.006, (0.006, 0.006)), write=numbers.share)
