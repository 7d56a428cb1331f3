from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import zeta

from uncertainty.distributions import Exponential, Gamma, Lognormal, StudentT, Weibull
from uncertainty.distributions.bounded import Loguniform
from uncertainty.distributions.positive import Pareto, _log_gamma_difference
from uncertainty.distributions.unbounded import Gumbel, Logistic
from uncertainty.errors import InvalidValue


def test_a_lognormal_has_two_thirds_within_one_geometric_sd() -> None:
    below, above = Lognormal(3, 2).cdf(np.array([1.5, 6.0]))
    assert above - below == pytest.approx(math.erf(math.sqrt(0.5)))


def test_the_three_ways_to_write_a_lognormal_agree() -> None:
    plain = Lognormal(3, 2)
    for other in (Lognormal.from_sigma(3, math.log(2)), Lognormal.from_moments(plain.mean, plain.sd)):
        assert (other.median, other.gsd) == pytest.approx((3, 2))


def test_moments_given_to_a_lognormal_are_its_moments() -> None:
    for mean, sd in [(3, 1), (1, 1e-6), (1, 1e12)]:
        made = Lognormal.from_moments(mean, sd)
        assert (made.mean, made.sd) == pytest.approx((mean, sd), rel=1e-9)


def test_moments_too_large_for_a_float_are_infinite() -> None:
    assert Lognormal(1, 1e40).mean == math.inf
    assert Lognormal(1, 1e40).sd == math.inf
    assert Weibull(0.001, 1).mean == math.inf
    assert Weibull(0.001, 1).sd == math.inf


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda size: Gamma(2, size), "scale"),
        (Exponential, "mean"),
        (lambda size: Weibull(2, size), "scale"),
        (lambda size: Pareto(size, 2), "scale"),
        (lambda size: Logistic(1, size), "scale"),
        (lambda size: StudentT(1, size, 3), "scale"),
        (lambda size: Gumbel(1, size), "scale"),
        (lambda size: Loguniform(size, 2), "low"),
    ],
)
def test_what_has_to_be_positive_is_refused_by_its_name(make, name) -> None:
    assert make(1e-9)
    for size in (0.0, -1.0):
        with pytest.raises(InvalidValue, match=f": {name} must be greater than 0, not {size:g}$"):
            make(size)


def test_the_far_tail_overflows_to_infinity_in_silence() -> None:
    u = np.array([1 - 1e-16])
    assert Lognormal(1e150, 1e100).quantile(u) == math.inf
    assert Weibull(0.001, 1e10).quantile(u) == math.inf


def test_a_weibull_and_a_gamma_of_shape_1_are_exponential() -> None:
    u = np.linspace(0, 1, 101)
    for same in (Weibull(1, 3), Gamma(1, 3)):
        np.testing.assert_allclose(same.quantile(u), Exponential(3).quantile(u), rtol=1e-13)


def test_the_sd_of_a_narrow_weibull_does_not_cancel() -> None:
    assert Weibull(1e7, 1).sd == pytest.approx(math.pi / math.sqrt(6) / 1e7, rel=1e-6)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda x: Lognormal.from_sigma(3, x), "lognormal: sigma"),
        (lambda x: Lognormal.from_moments(x, 1), "lognormal: mean"),
        (lambda x: Lognormal.from_moments(1, x), "lognormal: sd"),
        (lambda x: Gamma.from_moments(x, 1), "gamma: mean"),
        (lambda x: Gamma.from_moments(1, x), "gamma: sd"),
    ],
)
def test_what_no_finite_number_is_refused_by_its_name(make, name) -> None:
    for wrong in (math.inf, math.nan):
        with pytest.raises(InvalidValue, match=f"^{name} "):
            make(wrong)


def test_moments_given_to_a_gamma_are_its_moments() -> None:
    for mean, sd in [(3, 1), (1e-140, 1e-142), (5, 40)]:
        made = Gamma.from_moments(mean, sd)
        assert (made.mean, made.sd) == pytest.approx((mean, sd), rel=1e-12)
        assert made.shape == pytest.approx((mean / sd) ** 2)


def test_the_difference_of_logarithms_of_gamma_functions_is_that_of_their_values() -> None:
    k = np.arange(2, 12)
    for x in (1e-9, 1e-5, 1e-3, 1.1e-3, 0.01):
        series = (-1.0) ** k * zeta(k) / k * (2.0**k - 2) * x**k
        assert _log_gamma_difference(x) == pytest.approx(series.sum(), rel=1e-9, abs=0)
    assert _log_gamma_difference(1.0) == pytest.approx(math.log(2))
