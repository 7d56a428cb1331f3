"""What does not vary: what rounding alone can set apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uncertainty.rounding import log10_about, rounding_of_unseen, varies


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        # a caesium clock and an optical one
        (9192631770 + np.array([-0.5, 0.5]), True),
        (429228004229873 + np.array([-1.0, 1.0]), True),
        # one sum, added in two orders
        (np.array([0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1]), False),
        (1e300 * np.array([1.0, 1.0 + 2.0**-52]), False),
        (1e300 * np.array([1.0, 1.0 + 1e-13]), True),
        (1e-300 * np.array([1.0, 1.0 + 2.0**-52]), False),
        (1e-300 * np.array([1.0, 1.0 + 1e-13]), True),
        (np.array([-1.7e308, 1.7e308]), True),
        (np.zeros(3), False),
    ],
)
def test_values_vary_where_they_lie_farther_apart_than_rounding_explains(values, expected):
    bound = rounding_of_unseen(values).max()
    assert varies(values.min(), values.max(), bound) is expected


def test_values_that_are_not_computed_vary_in_their_last_digit():
    assert varies(1.0, np.nextafter(1.0, 2.0))
    assert not varies(1.0, 1.0)


@pytest.mark.slow
@given(st.floats(1e-3, 1e3), st.lists(st.floats(-0.4, 10), min_size=1, max_size=5))
def test_logarithms_about_a_centre_are_logarithms_of_ratios(centre, relative):
    values = centre * (1 + np.array(relative))
    np.testing.assert_allclose(log10_about(values, centre), np.log10(values / centre), rtol=1e-12, atol=2e-16)


def test_logarithms_about_a_centre_keep_what_sets_close_values_apart():
    centre = 429228004229873.0
    moves = np.array([-1.0, -0.25, 0.0, 0.5])
    np.testing.assert_allclose(log10_about(centre + moves, centre), moves / centre / np.log(10), rtol=1e-14)


def test_values_vary_from_twice_their_rounding_on():
    assert varies(1.0, 3.5, 1.0)
    assert not varies(1.0, 3.0, 1.0)
