"""Probabilities that were rounded to 0 or 1 are moved off them, and no others."""

import numpy as np

from uncertainty.distributions import parse_distribution
from uncertainty.distributions.protocol import LARGEST, SMALLEST, inside


def test_the_ends_are_moved_and_nothing_else():
    given = np.array([0.0, SMALLEST, 0.25, LARGEST, 1.0])
    assert inside(given).tolist() == [SMALLEST, SMALLEST, 0.25, LARGEST, LARGEST]
    assert np.nextafter(LARGEST, 2) == 1
    assert inside(given, out=given) is given


def test_quantiles_there_are_finite():
    ends = inside(np.array([0.0, 1.0]))
    for text in ("normal(0, 1)", "lognormal(1, 2)", "gumbel(0, 1)", "student_t(0, 1, 3)", "exponential(1)"):
        assert np.isfinite(parse_distribution(text).quantile(ends)).all(), text
