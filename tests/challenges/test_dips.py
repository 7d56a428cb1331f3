"""Two values at which an output meets a threshold may lie between two that are tried."""

import math

import numpy as np
import pytest
from models import limit, space_of
from scipy.optimize import brentq
from scipy.stats import norm
from variants import one_in

from uncertainty.challenges.breakeven import break_even

# the nearest value from 1 at which the threshold is met, and how often it is
DIPS = [
    (lambda x: (x - 50.30) * (x - 50.32), 0.0, 50.30, 2),
    (lambda x: (x + 7.1) * (x + 7.3), 0.0, -7.1, 2),
    (lambda x: (x - 2.1) * (x - 2.1001), 0.0, 2.1, 2),
    (lambda x: 3 - (x - 2.1) * (x - 2.11), 3.0, 2.1, 2),
    (lambda x: (x - 5000) * (x - 5001) / 1e3, 0.0, 5000.0, 2),
    (lambda x: (x - 2.1) * (x - 2.11) * (x - 9) * (x - 9.1), 0.0, 2.1, 4),
    (lambda x: np.abs(x - 50.31) - 0.01, 0.0, 50.30, 2),
    (lambda x: x + 100 / x, 20.0 + 1e-6, None, 2),
    (lambda x: np.cosh(x - 20.01) - 1 - 0.5e-4, 0.0, 20.01 - math.acosh(1 + 0.5e-4), 2),
    # what touches it, or comes near, does not cross
    (lambda x: (x - 2.1) ** 2 + 1e-9, 0.0, math.nan, 0),
    (lambda x: np.abs(x - 50.31) + 1e-6, 0.0, math.nan, 0),
    (lambda x: np.sin(20 * x) + 1.001, 0.0, math.nan, 0),
    (np.tanh, 2.0, math.nan, 0),
]


@pytest.mark.parametrize("above", [True, pytest.param(False, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("model", "value", "met", "crossings"), one_in(2, DIPS))
def test_two_crossings_between_two_values_that_are_tried_are_found(model, value, met, crossings, above):
    space = space_of(lambda x, a: {"y": model(x) + 0 * a}, {"x": "normal(1, 0.04)", "a": "normal(3, 1)"})
    with np.errstate(all="ignore"):
        rows = break_even(space, (limit(value, above=above),), seed=1)["x"]
    for row in rows:
        if met is None:
            # x + 100 / x is 20 at 10 alone, and just above it at two values, of which the less one is nearer
            met = brentq(lambda x: x + 100 / x - value, 9, 10)
        if not crossings:
            assert (row.value, row.crossings) == (None, 0)
        else:
            assert row.value == pytest.approx(met, rel=1e-6)
            assert row.crossings == crossings


def test_a_median_crosses_in_a_dip_of_its_own():
    """Of (x - b)² the median is that of a normal deviate about x - 2.1, squared."""
    space = space_of(lambda x, b: {"y": (x - b) ** 2}, {"x": "normal(1, 0.04)", "b": "normal(2.1, 0.002)"})
    _, distributed = break_even(space, (limit(1e-4),), seed=1)["x"]

    def median_minus_limit(away):
        return norm.cdf((0.01 - away) / 0.002) - norm.cdf((-0.01 - away) / 0.002) - 0.5

    exact = 2.1 - brentq(median_minus_limit, 0.001, 0.03)
    assert distributed.value == pytest.approx(exact, abs=4 * distributed.error)
    assert distributed.crossings == 2
