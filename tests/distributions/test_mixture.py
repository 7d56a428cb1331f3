from __future__ import annotations

import math

import numpy as np
import pytest

from uncertainty.distributions import Discrete, Fixed, Mixture, Normal, StudentT, Uniform


def test_the_cdf_is_the_weighted_sum() -> None:
    mixture = Mixture((Normal(0, 1), Uniform(1, 3)), (3, 1))
    x = np.linspace(-4, 4, 81)
    np.testing.assert_allclose(mixture.cdf(x), 0.75 * Normal(0, 1).cdf(x) + 0.25 * Uniform(1, 3).cdf(x))


def test_quantiles_stay_on_an_atom_as_long_as_its_probability() -> None:
    mixture = Mixture((Fixed(5), Uniform(0, 10)))
    # Below 5 the uniform half fills 1/4, then comes the atom's half.
    u = np.array([0.2, 0.25, 0.2500001, 0.5, 0.75, 0.76])
    np.testing.assert_allclose(mixture.quantile(u), [4, 5, 5, 5, 5, 5.2], rtol=1e-12)
    assert mixture.quantile(np.array([0.3]))[0] == 5.0


def test_quantiles_jump_over_gaps() -> None:
    mixture = Mixture((Uniform(0, 1), Uniform(10, 11)))
    np.testing.assert_allclose(mixture.quantile(np.array([0.49, 0.51])), [0.98, 10.02])


def test_a_mixture_of_constants_is_discrete() -> None:
    u = np.linspace(0, 1, 1001)
    mixture, discrete = Mixture((1, 2, 4), (5, 3, 2)), Discrete((1, 2, 4), (5, 3, 2))
    np.testing.assert_array_equal(mixture.quantile(u[1::7]), discrete.quantile(u[1::7]))
    assert (mixture.mean, mixture.sd) == pytest.approx((discrete.mean, discrete.sd))


def test_moments_are_those_of_the_parts_and_between_them() -> None:
    mixture = Mixture((Normal(-1, 1), Normal(1, 1)))
    assert (mixture.mean, mixture.sd) == pytest.approx((0, math.sqrt(2)))


def test_a_part_without_moments_leaves_none() -> None:
    assert math.isnan(Mixture((Normal(0, 1), StudentT(0, 1, 1))).sd)


def test_a_part_without_weight_does_not_matter() -> None:
    mixture = Mixture((Fixed(99), Uniform(0, 1)), (0, 1))
    assert (mixture.support, mixture.atoms, mixture.mean) == ((0, 1), (), 0.5)


def test_mixtures_nest() -> None:
    nested = Mixture((Mixture((Normal(0, 1), Fixed(2))), Uniform(0, 1)))
    flat = Mixture((Normal(0, 1), Fixed(2), Uniform(0, 1)), (1, 1, 2))
    u = np.linspace(0.001, 0.999, 101)
    np.testing.assert_allclose(nested.quantile(u), flat.quantile(u), rtol=1e-13)
