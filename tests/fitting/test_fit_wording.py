"""A distribution as a line to paste: as short as it can be, and the same."""

import numpy as np
import pytest

from uncertainty.distributions import parse_distribution
from uncertainty.fitting.elicited import short_text


@pytest.mark.parametrize(
    ("text", "tolerance", "short"),
    [
        ("normal(1234567.891, 1000.4)", 50, "normal(1234600, 1000)"),
        ("normal(999999999.99975, 0.00095380897592001)", 1e-5, "normal(999999999.99975, 0.000954)"),
        ("student_t(1.23456, 0.98765, 199.99997284)", 0.02, "student_t(1.23, 0.988, 200)"),
        ("lognormal(121000, 2.0123)", 2000, "lognormal(121000, 2.01)"),
        ("normal(1e12, 3e9)", 1e8, "normal(1e+12, 3e+09)"),
    ],
)
def test_every_number_has_the_digits_that_it_needs(text, tolerance, short):
    made = parse_distribution(text)
    assert short_text(made, tolerance) == short
    u = np.array([0.05, 0.5, 0.95])
    assert np.abs(parse_distribution(short).quantile(u) - made.quantile(u)).max() <= tolerance


def test_what_must_stay_possible_does():
    made = parse_distribution("uniform(0.1236, 9.874)")
    assert short_text(made, 0.1) == "uniform(0.124, 9.87)"
    assert short_text(made, 0.1, (0.1237, 9.873)) == "uniform(0.1236, 9.874)"
