"""Sums over blocks come together to the moments of all draws."""

import math

import numpy as np
import pytest
from scipy import stats

from uncertainty.sampling.estimate import ERRORS_WIDE, Estimate, half_widths, too_few_events
from uncertainty.sampling.moments import (
    SHORT,
    BlockSums,
    Sample,
    beyond_told,
    block_sums,
    kurtosis_told,
    middle_told,
    telling,
    widened,
    widened_by_bend,
)
from uncertainty.sampling.statistics import Draws

UNEVEN = np.split(np.random.default_rng(1).gamma(0.7, size=4000) + 0.1, [1, 50, 51, 2000])


def table(blocks):
    return BlockSums(np.concatenate([block_sums(block[None]) for block in blocks], axis=1))


def test_moments_of_uneven_blocks_are_those_of_all_draws():
    values = np.concatenate(UNEVEN)
    sums = table(UNEVEN)
    for moments, draws in ((sums.values, values), (sums.logarithms, np.log(values))):
        assert moments.rows == draws.size
        assert moments.mean == pytest.approx(draws.mean(), rel=1e-13)
        assert moments.sd == pytest.approx(draws.std(ddof=1), rel=1e-13)
        assert moments.kurtosis == pytest.approx(stats.kurtosis(draws, fisher=False), rel=1e-12)
    assert (sums.lowest, sums.highest) == (values.min(), values.max())


def test_errors_are_those_of_independent_draws():
    values = np.array([1.0, 2.0, 2.0, 7.0, 9.0, 4.0])
    moments = table([values]).values
    sd = values.std(ddof=1)
    kurtosis = stats.kurtosis(values, fisher=False)
    assert moments.mean_error == pytest.approx(sd / math.sqrt(6), rel=1e-14)
    assert moments.sd_error == pytest.approx(sd * math.sqrt((kurtosis - 1) / 24), rel=1e-13)


def test_each_replicate_has_the_moments_of_its_own_draws():
    values = np.random.default_rng(2).normal(3, 1, size=(5, 4, 100))
    moments = table(values.reshape(20, 100)).by_replicate(5).values
    own = values.reshape(5, 400)
    np.testing.assert_allclose(moments.mean, own.mean(axis=1), rtol=1e-13)
    np.testing.assert_allclose(moments.sd, own.std(axis=1, ddof=1), rtol=1e-12)
    np.testing.assert_allclose(moments.kurtosis, stats.kurtosis(own, axis=1, fisher=False), rtol=1e-12)


@pytest.mark.parametrize("lowest", [0.0, -1.0])
def test_logarithms_have_no_moments_where_a_value_is_not_positive(lowest):
    sums = table([np.array([1.0, 2.0, 3.0]), np.array([lowest, 2.0])])
    assert np.isnan(sums.logarithms.mean)
    assert sums.values.mean == pytest.approx((8 + lowest) / 5)


def test_what_does_not_vary_has_the_least_kurtosis_and_no_spread():
    moments = table([np.full(10, 0.1), np.full(3, 0.1)]).values
    assert moments.sd == pytest.approx(0, abs=1e-16)
    assert table([np.full(8, 2.0)]).values.kurtosis == 1
    assert table([np.full(8, 2.0)]).values.sd_error == 0
    assert table([np.array([2.0])]).values.sd == 0


@pytest.mark.parametrize("size", [1e140, 1e300, 1e-140, 1e-300])
def test_moments_of_huge_and_tiny_values_are_those_of_the_values_in_other_units(size):
    blocks = [5 + np.random.default_rng(3).gamma(2, size=100), np.array([5.5, 9.0])]
    found, expected = (table([unit * block for block in blocks]).values for unit in (size, 1.0))
    assert found.mean == pytest.approx(size * expected.mean, rel=1e-14, abs=0)
    assert found.sd == pytest.approx(size * expected.sd, rel=1e-14, abs=0)
    assert found.kurtosis == pytest.approx(expected.kurtosis, rel=1e-13)
    assert found.sd_error == pytest.approx(size * expected.sd_error, rel=1e-13, abs=0)


@pytest.mark.parametrize("rows", [1, 3, 1000, SHORT, SHORT + 1])
def test_a_block_has_the_same_sums_whatever_blocks_stand_beside_it(rows):
    values = np.random.default_rng(5).lognormal(0, 3, (3, rows))
    alone = [block_sums(values[place : place + 1]) for place in range(3)]
    np.testing.assert_array_equal(block_sums(values), np.concatenate(alone, axis=1))


def sample_of(values, replicates=None, told=None, beyond=0.0, middle=0.0):
    values = np.asarray(values, float)
    parts = np.split(values, replicates or 1)
    return Sample.of(table(parts), replicates, "all draws are equal", told, beyond, middle)


def error_of_means(parts):
    return half_widths(np.mean(parts, axis=1)) / ERRORS_WIDE


@pytest.mark.parametrize("log_sd", [0.1, 0.7, 1.5])
def test_quantiles_of_a_lognormal_quantity_tell_its_kurtosis_and_what_lies_beyond(log_sd):
    draws = 5_000
    assert telling(draws) == pytest.approx((0.002, stats.norm.cdf(-1), 0.5, stats.norm.cdf(1), 0.998))
    assert telling(20)[0] == stats.norm.cdf(-1)
    exact = stats.lognorm(log_sd)
    quantiles = 3 + 7 * exact.ppf(telling(draws))
    kurtosis = exact.stats("k") + 3
    mirrored = tuple(-quantiles[::-1])
    for each in (tuple(quantiles), mirrored):
        assert kurtosis_told(each, draws) == pytest.approx(kurtosis, rel=1e-6)
    end = exact.ppf(1 - 3 / draws)
    assert beyond_told(quantiles, draws, (3.0, 3 + 7 * end)) == pytest.approx(3.0, rel=1e-5)
    assert beyond_told(mirrored, draws, (-3 - 7 * end, -3.0)) == pytest.approx(3.0, rel=1e-5)


def test_the_longer_tail_is_that_which_goes_farther_beside_its_own_spread():
    wanted = beyond_told((-3.0, -1.0, 0.0, 1.0, 3.0), 1000, (-5.0, 5.0))
    assert beyond_told((-3.0, -1.0, 0.0, 2.0, 4.0), 1000, (-5.0, 4.5)) == wanted
    assert beyond_told((-4.0, -2.0, 0.0, 1.0, 3.0), 1000, (-4.5, 5.0)) == wanted
    assert 0 < wanted < 10


def test_quantiles_of_a_normal_quantity_tell_3_and_few_draws_or_a_step_nothing():
    quantiles = tuple(stats.norm.ppf(telling(1000)))
    assert kurtosis_told(quantiles, 1000) == pytest.approx(3.0, rel=1e-6)
    assert kurtosis_told(tuple(stats.norm.ppf(telling(100))), 100) is not None
    assert kurtosis_told(tuple(stats.norm.ppf(telling(99))), 99) is None
    assert kurtosis_told((-3.0, -1.0, 0.0, 0.0, 3.0), 1000) is None
    assert kurtosis_told((-3.0, 0.0, 0.0, 1.0, 3.0), 1000) is None


def test_intervals_are_wider_by_what_tails_and_bends_add():
    assert (widened(16, 0.0), widened(25, 1 / 3)) == (1.25, 1.6)
    sd, mean = Estimate(2.0, 0.1), Estimate(1.0, 0.2)
    expected = 0.1 + ERRORS_WIDE * 0.2**2 / 2 / 2
    assert widened_by_bend(sd, mean, 1.2).error == pytest.approx(expected, rel=1e-14)
    assert widened_by_bend(sd, mean, 189 / 125) == sd
    assert widened_by_bend(sd, mean._replace(error=None), 1.2) == sd
    assert widened_by_bend(sd._replace(error=None), mean, 1.2).error is None


def test_a_mean_of_two_values_needs_ten_draws_of_each():
    for met, draws in ((3, 1000), (9, 40), (997, 1000)):
        values = np.where(np.arange(draws) < met, 7.0, 3.0)
        rare = min(met, draws - met)
        reason = too_few_events(rare, draws, missed=rare < met)
        assert sample_of(values).mean == Estimate(values.mean(), None, reason)
    values = np.where(np.arange(1000) < 10, 7.0, 3.0)
    found = sample_of(values).mean
    assert found.error == pytest.approx(values.std(ddof=1) / math.sqrt(1000), rel=1e-12)
    # the spread of such a share follows from it
    own = 4 * math.sqrt(0.01 * 0.99 / 1000) * 0.98 / (2 * math.sqrt(0.01 * 0.99))
    assert sample_of(values).sd.error == pytest.approx(own, rel=2e-3)


def test_one_draw_and_equal_draws_have_no_error():
    assert sample_of([2.0]).mean == Estimate(2.0, None, "there is only one draw")
    assert sample_of([2.0] * 8).sd == Estimate(0.0, None, "all draws are equal")
    assert sample_of([1.0, 2.0, 4.0], 1).mean.reason == "there is only one replicate"


def test_errors_of_replicates_are_those_of_what_each_of_them_has():
    parts = np.random.default_rng(4).random((16, 100))
    found = sample_of(parts.ravel(), 16)
    mean, sd = parts.mean(), parts.std(ddof=1)
    assert found.mean.value == pytest.approx(mean, rel=1e-14)
    assert found.mean.error == pytest.approx(error_of_means(parts), rel=1e-9)
    assert found.sd.error == pytest.approx(error_of_means((parts - mean) ** 2 / (2 * sd)), rel=1e-9)
    logs = Sample.of_logarithms(table(list(1 + parts)), 16, "", None)
    own = sample_of(np.log1p(parts).ravel(), 16)
    for one, other in ((logs.mean, own.mean), (logs.sd, own.sd)):
        assert one.value == pytest.approx(other.value, rel=1e-12)
        assert one.error == pytest.approx(other.error, rel=1e-9)
    assert (logs.lowest, logs.highest) == pytest.approx((own.lowest, own.highest))


def test_no_error_is_finer_than_one_draw_can_tell():
    row = np.random.default_rng(4).normal(size=100)
    parts = np.array([np.random.default_rng(each).permutation(row) + 1e-6 * each for each in range(8)])
    found = sample_of(parts.ravel(), 8)
    kurtosis, sd = stats.kurtosis(parts, axis=None, fisher=False), parts.std(ddof=1)
    assert found.mean.error == pytest.approx(sd * math.sqrt(kurtosis) / 800, rel=1e-9)
    assert found.sd.error == pytest.approx(sd * kurtosis / 1600, rel=1e-9)
    # what all agree in, they may all lack: six draws at 95 %
    alike = sample_of((parts - 1e-6 * np.arange(8)[:, None]).ravel(), 8)
    assert alike.mean.error == pytest.approx(math.hypot(1, 6 / 1.96) * found.mean.error, rel=1e-4)


def test_a_long_tail_adds_one_of_its_draws_to_the_error_and_a_skewed_mean_widens_it():
    parts = np.random.default_rng(7).lognormal(0, 0.75, (20, 200))
    kurtosis, sd = stats.kurtosis(parts, axis=None, fisher=False), parts.std(ddof=1)
    assert kurtosis > 6
    finest = sd * math.sqrt(kurtosis) / parts.size
    expected = math.hypot(error_of_means(parts), finest)
    assert sample_of(parts.ravel(), 20).mean.error == pytest.approx(expected, rel=1e-9)
    few = parts[:, :8]
    kurtosis, sd = stats.kurtosis(few, axis=None, fisher=False), few.std(ddof=1)
    assert kurtosis / few.size > 0.05
    more = math.sqrt(kurtosis / few.size)
    error = math.hypot(error_of_means(few), sd * math.sqrt(kurtosis) / few.size)
    expected = max((1 + more) * error, more * sd / math.sqrt(few.size))
    assert sample_of(few.ravel(), 20).mean.error == pytest.approx(expected, rel=1e-9)


def test_moments_of_a_heavy_tail_do_not_settle_in_few_draws():
    draws = stats.norm.ppf((np.arange(1000) + 0.5) / 1000)
    few = "with a kurtosis of about {}, moments do not settle in so few draws"
    assert sample_of(draws, told=150.0).mean.error == pytest.approx(draws.std(ddof=1) / math.sqrt(1000))
    assert sample_of(draws, told=150.0).sd.reason == few.format("150")
    assert sample_of(draws, told=6.0).sd.reason == few.format("6.0")
    assert sample_of(draws, told=4.9).sd.error is not None
    assert sample_of(draws, told=29.7).sd.reason == few.format("30")
    assert sample_of(draws, told=10.4).sd.reason == few.format("10")
    unknown = "with a kurtosis that is not known, moments do not settle in so few draws"
    assert sample_of(draws, told=2500.0).mean.reason == unknown
    # no such tail ends where the draws do
    assert sample_of(draws, told=150.0, beyond=8.0).sd.error is not None
    assert sample_of(draws, told=150.0, beyond=7.0).sd.error is None


@pytest.mark.parametrize("width", [0.0, 0.0003, 0.003])
@pytest.mark.parametrize("share", [2e-3, 1e-2, 0.2])
def test_the_spread_of_two_heaps_settles_with_the_share_of_the_smaller(share, width):
    """Of a binomial share p the standard deviation is sqrt(p (1 - p)), and its error by the delta method."""
    rng, rows = np.random.default_rng(11), 2**14
    draws = (rng.permutation(rows) < round(share * rows)) + width * rng.normal(size=rows)
    found = sample_of(draws).sd
    own = math.sqrt(share * (1 - share) / rows) * abs(1 - 2 * share) / (2 * math.sqrt(share * (1 - share)))
    assert found.value == pytest.approx(math.hypot(math.sqrt(share * (1 - share)), width), rel=0.02)
    assert found.error == pytest.approx(own, rel=0.1)


def test_a_tail_whose_farthest_draws_few_are_is_no_heap():
    rng = np.random.default_rng(12)
    rare = rng.uniform(size=2**13) < 4e-3
    for draws in (
        rng.standard_cauchy(2**13),
        np.exp(3 * rng.normal(size=2**13)),
        np.where(rare, np.exp(rng.normal(size=2**13)), 0.0),
        np.where(np.arange(2**13) < 3, 1e3, 0.0) + rng.normal(size=2**13),
    ):
        assert sample_of(draws).sd.error is None


def test_one_draw_that_makes_up_half_of_an_error_is_told():
    draws = np.append(stats.norm.ppf((np.arange(99) + 0.5) / 99), 12.0)
    squares = (draws - draws.mean()) ** 2
    part = 100 * squares[-1] / squares.sum()
    assert part > 50
    for sign in (1, -1):
        reason = sample_of(sign * draws).mean.reason
        assert f"one draw alone has {part:.0f} % of what the error is made of, above 50 %" in reason
    assert sample_of(draws[-99:]).mean.error is not None
    draws = np.append(stats.norm.ppf((np.arange(999) + 0.5) / 999), 10.0)
    squares = (draws - draws.mean()) ** 2
    part = 100 * squares[-1] ** 2 / (squares**2).sum()
    assert f"has {part:.0f} %" in sample_of(draws, told=4.5).sd.reason
    assert sample_of(draws, told=4.5).mean.error is not None


def test_a_skewed_middle_tells_of_a_tail_that_few_draws_miss():
    draws = stats.norm.ppf((np.arange(1000) + 0.5) / 1000)
    # a lognormal quantity's middle tells its own log-sd
    quantiles = np.exp(0.4 * stats.norm.ppf(telling(1000)))
    assert middle_told(quantiles.tolist(), 1000) == pytest.approx(0.4, rel=1e-12)
    assert middle_told((-quantiles[::-1]).tolist(), 1000) == pytest.approx(0.4, rel=1e-12)
    # the square of a uniform quantity is skewed, but has ends
    assert middle_told([(1 + 2 * p) ** 2 for p in telling(1000)], 1000) == 0
    assert sample_of(draws, told=3.0, middle=0.3).sd.error == sample_of(draws, told=3.0).sd.error
    few = sample_of(draws, told=3.0, middle=0.5)
    assert few.sd.error is None
    assert "the middle of the draws is skewed" in few.sd.reason
    assert few.mean.error == sample_of(draws, told=3.0).mean.error
    many = np.tile(draws, 3)
    assert sample_of(many, told=3.0, middle=0.5).sd.error == sample_of(many, told=3.0).sd.error


@pytest.mark.slow
@pytest.mark.parametrize(("freedom", "rows"), [(5, 1024), (5, 4096), (6, 1024)])
def test_a_standard_deviation_that_hardly_enough_draws_tell_covers(freedom, rows):
    """Only draws that have met little of a tail are told of: of their intervals 87 to 90 % covered."""
    exact = math.sqrt(freedom / (freedom - 2))
    found = [Draws(np.random.default_rng(seed).standard_t(freedom, rows)).sd for seed in range(300)]
    told = [each for each in found if each.error is not None]
    assert len(told) >= 40
    assert np.mean([abs(each.value - exact) <= ERRORS_WIDE * each.error for each in told]) >= 0.92
