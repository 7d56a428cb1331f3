"""Estimates from sums against what they are defined as: ratios over all rows, and the jackknife."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from uncertainty.sensitivity.sobol.estimators import Estimated, Sums, ratio, unvarying

REPLICATES, SETS, OUTPUTS = 6, 3, 2
NUMERATOR = np.random.default_rng(1).normal(1, 0.2, (REPLICATES, SETS, OUTPUTS))
AROUND = np.random.default_rng(2).uniform(2, 3, (REPLICATES, OUTPUTS))


def sums_of(mean, variance):
    """Sums of outputs with given means and variances, in two replicates that agree."""
    sums = Sums.zeros(2, 1, 0, len(mean))
    sums.means[:] = mean
    sums.squares[:] = np.square(mean) + variance
    return sums


def test_a_ratio_is_that_of_the_means_over_all_replicates():
    found = ratio(NUMERATOR, AROUND, AROUND.mean(axis=0))
    np.testing.assert_allclose(found.value, NUMERATOR.mean(axis=0) / AROUND.mean(axis=0), rtol=1e-13)


def test_what_a_replicate_adds_is_the_jackknife_s_pseudo_value():
    found = ratio(NUMERATOR, AROUND, AROUND.mean(axis=0))
    for left_out in range(REPLICATES):
        rest = np.delete(np.arange(REPLICATES), left_out)
        without = NUMERATOR[rest].mean(axis=0) / AROUND[rest].mean(axis=0)
        # n times the whole less n - 1 times what is without it, less the whole
        added = (REPLICATES - 1) * (found.value - without)
        np.testing.assert_allclose(found.parts[left_out], added, rtol=1e-9)


def test_the_half_width_is_student_s_of_the_jackknife():
    found = ratio(NUMERATOR, AROUND, AROUND.mean(axis=0))
    error = found.parts.std(axis=0, ddof=1) / np.sqrt(REPLICATES)
    for level in (0.5, 0.95):
        expected = stats.t(REPLICATES - 1).ppf((1 + level) / 2) * error
        np.testing.assert_allclose(found.half_width(level), expected, rtol=1e-9)
        np.testing.assert_array_equal(found.known(level).half, found.half_width(level))


def test_a_sum_of_rows_has_the_sum_of_what_its_replicates_add():
    found = ratio(NUMERATOR, AROUND, AROUND.mean(axis=0)).summed([0, 2], 1)
    whole = ratio(NUMERATOR, AROUND, AROUND.mean(axis=0))
    assert found.value == pytest.approx(whole.value[0, 1] + whole.value[2, 1])
    np.testing.assert_allclose(found.parts, whole.parts[:, 0, 1] + whole.parts[:, 2, 1], rtol=1e-13)


def test_an_output_that_does_not_vary_has_no_ratio():
    found = ratio(np.ones((4, 1, 1)), np.zeros((4, 1)), np.zeros(1))
    assert isinstance(found, Estimated)
    assert not np.isfinite(found.value).any()


def test_replicates_of_parts_are_put_in_one_row():
    one, other = sums_of([1.0, 2.0], [1.0, 1.0]), sums_of([3.0, 4.0], [2.0, 2.0])
    joined = Sums.joined([one, other])
    assert joined.replicates == 4
    np.testing.assert_array_equal(joined.squares, np.concatenate([one.squares, other.squares]))
    np.testing.assert_array_equal(joined.means[2:], other.means)


@pytest.mark.parametrize(
    ("sd", "unit", "rounding", "varying", "expected"),
    [
        (1.0, 1.0, 0.5, False, False),
        (0.0, 1.0, 0.0, False, True),
        (1.0, 1.0, 2.0, False, True),
        # in units of 1000 a spread of one unit is a thousand roundings
        (1.0, 1e3, 2.0, False, False),
        # what the pilot has seen to vary does so, however small its standard deviation
        (1.0, 1.0, 2.0, True, False),
    ],
)
def test_an_output_that_varies_by_rounding_alone_is_told_apart(sd, unit, rounding, varying, expected):
    measures = SimpleNamespace(
        unit=np.array([unit]), rounding=np.array([rounding]), varying=np.array([varying])
    )
    for mean in (0.0, 5.0):
        assert unvarying(sums_of([mean], [sd**2]), measures).tolist() == [expected]


def test_a_variance_that_rounding_makes_negative_counts_as_none():
    measures = SimpleNamespace(unit=np.ones(1), rounding=np.zeros(1), varying=np.zeros(1, bool))
    assert unvarying(sums_of([3.0], [-1e-15]), measures).tolist() == [True]
