"""Errors of estimates that come from parts of the evidence, by their closed forms."""

import math

import numpy as np
import pytest
from scipy import stats

from uncertainty.sampling.estimate import (
    ERRORS_WIDE,
    Ends,
    Estimate,
    Least,
    enough_draws,
    error_without,
    errors_of,
    half_widths,
    joined,
    kolmogorov_smirnov,
    too_few_draws,
    too_few_events,
    values_of,
    wilson,
)


def test_the_interval_of_a_mean_is_student_s_with_the_freedom_that_the_kurtosis_leaves():
    parts = np.array([1.0, 2.0, 4.0, 4.5, 9.0])
    error = parts.std(ddof=1) / math.sqrt(5)
    excess = stats.kurtosis(parts, fisher=False) - 1
    freedom = min(4, 2 * 5 / excess)
    assert half_widths(parts) == pytest.approx(stats.t.ppf(0.975, freedom) * error, rel=1e-12)
    assert half_widths(parts, 0.8) == pytest.approx(stats.t.ppf(0.9, freedom) * error, rel=1e-12)
    long = np.array([0.0] * 19 + [1.0])
    freedom = 2 * 20 / (stats.kurtosis(long, fisher=False) - 1)
    expected = stats.t.ppf(0.975, freedom) * long.std(ddof=1) / math.sqrt(20)
    assert half_widths(long) == pytest.approx(expected, rel=1e-12)


def test_each_row_of_estimates_has_its_own_interval_whatever_stands_beside_it():
    rows = np.array([[1.0, 2.0, 4.0], [1e200, -1e200, 3e200], [1e-200, 2e-200, 4e-200], [2.0, 2.0, 2.0]])
    found = half_widths(rows)
    assert found[2] == pytest.approx(1e-200 * found[0], rel=1e-12, abs=0)
    assert found[1] == pytest.approx(1e200 * half_widths(np.array([1.0, -1.0, 3.0])), rel=1e-12)
    assert found[3] == 0
    alone = half_widths(np.array([[1.0], [2.0]]))
    assert alone.shape == (2,)
    assert alone.dtype == float
    assert np.isnan(alone).all()


def test_the_error_of_what_is_found_without_each_part_is_the_jackknife_s():
    values = np.array([1.0, 2.0, 4.0, 4.5, 9.0])
    without = np.array([np.delete(values, place).mean() for place in range(5)])
    # the jackknife of a mean is the standard error of the mean itself
    expected = half_widths(values) / ERRORS_WIDE
    assert error_without(without) == pytest.approx(expected, rel=1e-12)
    both = error_without(np.stack([without, 3 * without], axis=1))
    np.testing.assert_allclose(both, [expected, 3 * expected], rtol=1e-12)


def test_what_parts_of_the_evidence_add_joins_an_error_as_independent_errors_do():
    without = [1.0, 1.2, 0.9, 1.1]
    added = float(error_without(np.array(without)))
    found = joined(Estimate(0.5, 0.3, "r", (0.4, 0.7)), without)
    assert (found.value, found.reason) == (0.5, "r")
    assert found.error == pytest.approx(math.sqrt(0.09 + added**2), rel=1e-12)
    reach = ERRORS_WIDE * added
    low = 0.5 - math.hypot(0.1, reach)
    high = 0.5 + math.hypot(0.2, reach)
    # a share stays within 0 and 1, unless its bounds did not
    assert found.bounds == pytest.approx((max(low, 0.0), min(high, 1.0)), rel=1e-12)
    small = [0.5, 0.51, 0.49]
    reach = ERRORS_WIDE * float(error_without(np.array(small)))
    inside = joined(Estimate(0.5, None, "", (0.4, 0.7)), small)
    assert inside.error is None
    assert inside.bounds == pytest.approx((0.5 - math.hypot(0.1, reach), 0.5 + math.hypot(0.2, reach)))
    assert joined(Estimate(5.0, 1.0, "", (-2.0, 7.0)), [5.0, 90.0, -80.0]).bounds == (-2.0, 7.0)
    assert joined(Estimate(5.0, 3.0), [5.0, 5.1, 5.2], finest=4.0) == Estimate(5.0, 5.0)
    assert joined(Estimate(5.0, 3.0), [5.0, 5.0, 5.0]).error == 3.0


def test_an_estimate_in_another_unit_and_the_share_that_is_left():
    share = Estimate(0.2, 0.01, "why", (0.1, 0.4))
    assert share.times(10) == Estimate(2.0, 0.1, "why", (1.0, 4.0))
    assert Estimate(2.0, None, "why").times(3) == Estimate(6.0, None, "why")
    left = share.complement
    assert (left.value, left.error, left.reason) == (0.8, 0.01, "why")
    assert left.bounds == pytest.approx((0.6, 0.9))
    assert Estimate(0.25, None).complement == Estimate(0.75, None)
    ends = Ends(Estimate(1.0, 0.1, "low"), Estimate(2.0, 0.2, "high"))
    assert (ends.values, ends.errors, ends.reason) == ((1.0, 2.0), (0.1, 0.2), "high")
    assert ends._replace(high=Estimate(2.0, 0.2)).reason == "low"
    named = {"a": Estimate(1.0, 0.5), "b": Estimate(2.0, None)}
    assert dict(values_of(named)) == {"a": 1.0, "b": 2.0}
    assert dict(errors_of(named)) == {"a": 0.5, "b": None}


def test_the_least_error_is_interpolated_between_values():
    least = Least((0.0, 2.0), (1.0, 3.0), 0.5)
    assert (least.at(-9.0), least.at(0.5), least.at(9.0)) == (1.0, 1.5, 3.0)
    assert Least.everywhere(0.2).at(7.0) == Least.everywhere(0.2).of_mean == 0.2
    assert Least().at(3.0) == Least().of_mean == 0.0


def test_enough_draws_are_garwood_s_for_the_rate_that_may_be_least():
    for met, draws, needed in ((3, 1000, 10), (1, 50_000, 10), (7, 200, 20)):
        rate = stats.chi2.ppf(0.025, 2 * met) / 2 / draws
        wanted = stats.chi2.ppf(0.975, 2 * needed) / 2 / rate
        found = enough_draws(met, draws, needed)
        # rounded up to two digits
        assert wanted <= found <= 1.11 * wanted
        assert float(f"{found:.1e}") == found
        assert too_few_events(met, draws, needed, rows=3).split()[7] == f"{3 * found:.0f}`"
    assert enough_draws(500, 1000) == 1001
    # draws far from what was observed weigh next to nothing
    assert {enough_draws(met, 1000) for met in (0, 1e-300, 1e-5, 0.99)} == {math.inf}
    assert "--samples 40`" in too_few_draws(40.0)
    assert "--samples 1073741824`" in too_few_draws(2.0**30)
    assert "--samples" not in too_few_draws(2.0**30 + 1)
    assert Estimate(0.0, None, too_few_draws(math.inf)).rests_on_too_few
    assert not Estimate(0.0, None, "there is only one draw").rests_on_too_few


def test_the_interval_of_a_share_is_wilson_s():
    for share, draws, confidence in ((0.0, 10, 0.95), (0.3, 50, 0.9), (1.0, 7, 0.99)):
        exact = stats.binomtest(round(share * draws), draws).proportion_ci(confidence, method="wilson")
        assert wilson(share, draws, confidence) == pytest.approx((exact.low, exact.high), abs=1e-12)
    assert wilson(0.5, 20) == wilson(0.5, 20, 0.95)


def test_the_distance_of_two_samples_is_kolmogorov_s_and_smirnov_s():
    one, other = np.array([1.0, 2.0, 2.0, 5.0]), np.array([2.0, 3.0, 7.0, 9.0, 11.0])
    assert kolmogorov_smirnov(one, other) == pytest.approx(stats.ks_2samp(one, other).statistic, abs=1e-15)
    assert kolmogorov_smirnov(other, one) == kolmogorov_smirnov(one, other)
    assert kolmogorov_smirnov(one, one[:0]) == kolmogorov_smirnov(one[:0], one) == 0.0
