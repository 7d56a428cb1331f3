from __future__ import annotations

import math

import numpy as np
import pytest

from uncertainty.distributions import Discrete, Empirical, Fixed
from uncertainty.errors import InvalidValue


def test_quantiles_of_a_discrete_distribution_change_at_its_cumulative_weights() -> None:
    discrete = Discrete((1, 2, 4), (0.5, 0.3, 0.2))
    u = np.array([0, 0.2, 0.5, np.nextafter(0.5, 1), 0.8, 0.81, 1])
    np.testing.assert_array_equal(discrete.quantile(u), [1, 1, 1, 2, 2, 4, 4])
    np.testing.assert_allclose(discrete.cdf(np.array([0.9, 1, 3, 4, 5])), [0, 0.5, 0.8, 1, 1])


def test_weights_need_not_sum_to_1() -> None:
    u = np.linspace(0, 1, 101)
    np.testing.assert_array_equal(
        Discrete((1, 2), (3, 1)).quantile(u), Discrete((1, 2), (0.75, 0.25)).quantile(u)
    )


def test_a_value_without_weight_is_no_atom() -> None:
    discrete = Discrete((1, 2, 3), (0, 1, 1))
    assert discrete.atoms == (2, 3)
    assert discrete.support == (2, 3)
    assert Discrete((1, 2), (0, 1)).is_constant


def test_what_is_wrong_with_weights_is_said() -> None:
    with pytest.raises(InvalidValue, match=r"^discrete: weight 2 must be a finite number, not inf$"):
        Discrete((1, 2), (1, math.inf))
    with pytest.raises(InvalidValue, match=r"^discrete: value 1 must be a finite number, not nan$"):
        Discrete((math.nan, 2))


def test_zero_has_no_sign() -> None:
    assert [str(each) for each in Discrete((-0.0, 1)).atoms] == ["0.0", "1.0"]


def test_ties_in_data_are_merged() -> None:
    empirical = Empirical((3, 1, 3, 2))
    assert empirical.atoms == (1, 2, 3)
    np.testing.assert_array_equal(empirical.cdf(np.array([1, 2, 3])), [0.25, 0.5, 1])
    assert (empirical.mean, empirical.sd) == pytest.approx((2.25, np.std([3, 1, 3, 2])))


def test_every_datum_is_found_at_its_own_share_whatever_their_number() -> None:
    data = tuple(range(1, 1001))
    np.testing.assert_array_equal(Empirical(data).quantile(np.arange(1, 1001) / 1000), data)


def test_a_constant_is_itself_everywhere() -> None:
    fixed = Fixed(3)
    np.testing.assert_array_equal(fixed.quantile(np.array([[0, 0.5], [0.7, 1]])), np.full((2, 2), 3.0))
    np.testing.assert_array_equal(fixed.cdf(np.array([-math.inf, 2.9, 3, math.inf])), [0, 0, 1, 1])
    assert (fixed.mean, fixed.sd, fixed.support) == (3, 0, (3, 3))
