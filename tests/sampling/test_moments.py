"""Sums over blocks come together to the moments of all draws."""

import math

import numpy as np
import pytest
from scipy import stats

from uncertainty.sampling.moments import SHORT, BlockSums, block_sums

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
