from __future__ import annotations

import math

import numpy as np
import pytest

from uncertainty.distributions import (
    Clipped,
    Discrete,
    Lognormal,
    Mixture,
    Normal,
    StudentT,
    Truncated,
    Uniform,
)


def test_truncating_a_uniform_makes_a_narrower_one() -> None:
    u = np.linspace(0, 1, 101)
    truncated = Truncated(Uniform(0, 10), 2, 5)
    np.testing.assert_allclose(truncated.quantile(u), Uniform(2, 5).quantile(u), rtol=1e-13)
    assert (truncated.mean, truncated.sd) == pytest.approx((3.5, 3 / math.sqrt(12)))


def test_truncating_twice_is_truncating_to_both() -> None:
    u = np.linspace(0, 1, 101)
    twice, once = Truncated(Truncated(Normal(0, 1), low=-1), high=2), Truncated(Normal(0, 1), -1, 2)
    np.testing.assert_allclose(twice.quantile(u), once.quantile(u), rtol=1e-12, atol=1e-14)
    assert (twice.mean, twice.sd) == pytest.approx((once.mean, once.sd), rel=1e-10)


def test_the_bounds_are_inclusive_for_atoms() -> None:
    truncated = Truncated(Discrete((1, 2, 3, 4), (1, 1, 3, 5)), 2, 3)
    assert truncated.atoms == (2, 3)
    np.testing.assert_array_equal(truncated.quantile(np.array([0, 1e-300, 0.25, 0.26, 1])), [2, 2, 2, 3, 3])
    np.testing.assert_allclose(truncated.cdf(np.array([1.9, 2, 3])), [0, 0.25, 1])
    assert (truncated.mean, truncated.sd) == pytest.approx((2.75, math.sqrt(0.1875)))


@pytest.mark.parametrize("low", [0.5, 1])
def test_rare_values_above_a_bound_are_all_there_is(low) -> None:
    truncated = Truncated(Discrete((0, 1, 2), (1, 1e-4, 1e-4)), low)
    assert (truncated.support, truncated.atoms) == ((1, 2), (1, 2))
    np.testing.assert_array_equal(truncated.quantile(np.array([0, 1e-300, 0.25, 0.75, 1])), [1, 1, 1, 2, 2])
    np.testing.assert_array_equal(truncated.upper_quantile(np.array([1, 0.75, 0.25, 0])), [1, 1, 2, 2])
    np.testing.assert_allclose(truncated.cdf(np.array([0.4, 1, 2])), [0, 0.5, 1])
    np.testing.assert_allclose(truncated.survival(np.array([0.4, 1, 2])), [1, 0.5, 0])
    assert (truncated.mean, truncated.sd) == pytest.approx((1.5, 0.5))


def test_bounds_stand_in_the_text() -> None:
    inner = Normal(0, 1)
    assert Truncated(inner, -1, 2).call == "truncate(normal(0, 1), low=-1, high=2)"
    assert Truncated(inner, high=2).call == "truncate(normal(0, 1), high=2)"
    assert Clipped(inner, low=-1).call == "clip(normal(0, 1), low=-1)"


def test_one_value_left_is_a_constant() -> None:
    truncated = Truncated(Discrete((1, 2, 3)), 1.5, 2.5)
    assert truncated.is_constant
    assert truncated.support == (2, 2)
    assert truncated.sd == 0


def test_moments_of_a_mixture_with_atoms_and_gaps() -> None:
    # Left of it: half of the uniform with weight 1/3, the atom 2 with weight 1/3.
    truncated = Truncated(Mixture((Uniform(0, 1), 2, Uniform(3, 4))), 0.5, 2.5)
    parts = Mixture((Uniform(0.5, 1), 2), (1, 2))
    assert (truncated.mean, truncated.sd) == pytest.approx((parts.mean, parts.sd), rel=1e-12)


def test_moments_of_a_heavy_tail_beyond_a_lower_bound() -> None:
    # E[X; X > k] of a lognormal in closed form: exp(order^2 s^2 / 2) Phi(order s - ln(k) / s).
    sigma, low = 2.0, 0.5
    truncated = Truncated(Lognormal(1, math.exp(sigma)), low)
    upper = [Normal(0, 1).cdf(np.array([order * sigma - math.log(low) / sigma]))[0] for order in range(3)]
    mean, square = (math.exp(order**2 * sigma**2 / 2) * upper[order] / upper[0] for order in (1, 2))
    assert truncated.mean == pytest.approx(mean, rel=1e-10)
    assert truncated.sd == pytest.approx(math.sqrt(square - mean**2), rel=1e-9)


def test_truncation_on_both_sides_gives_a_cauchy_its_moments() -> None:
    assert math.isnan(StudentT(0, 1, 1).mean)
    truncated = Truncated(StudentT(0, 1, 1), -1, 1)
    assert truncated.mean == pytest.approx(0, abs=1e-12)
    assert truncated.sd == pytest.approx(math.sqrt(4 / math.pi - 1), rel=1e-10)


def test_moments_stay_undefined_where_a_tail_does() -> None:
    assert math.isnan(Truncated(StudentT(0, 1, 1), low=0).mean)
    assert math.isnan(Truncated(StudentT(0, 1, 1), high=0).sd)
    assert Truncated(StudentT(0, 1, 1.5), low=0).sd == math.inf


def test_clipping_moves_probability_to_the_bounds() -> None:
    clipped = Clipped(Normal(0, 1), -1, 2)
    assert clipped.atoms == (-1, 2)
    np.testing.assert_array_equal(clipped.quantile(np.array([0, 0.01, 0.5, 0.99, 1])), [-1, -1, 0, 2, 2])
    below, above = Normal(0, 1).cdf(np.array([-1.0, 1.5]))
    np.testing.assert_allclose(clipped.cdf(np.array([-1.01, -1, 1.5, 2])), [0, below, above, 1])


def test_moments_of_a_rectified_normal() -> None:
    clipped = Clipped(Normal(0, 1), low=0)
    assert clipped.mean == pytest.approx(1 / math.sqrt(2 * math.pi), rel=1e-12)
    assert clipped.sd == pytest.approx(math.sqrt(0.5 - 0.5 / math.pi), rel=1e-12)


def test_clipping_where_nothing_lies_changes_nothing() -> None:
    clipped = Clipped(Uniform(0, 1), low=-1, high=2)
    assert clipped.atoms == ()
    assert (clipped.support, clipped.mean) == ((0, 1), 0.5)


def test_clipping_keeps_atoms_between_the_bounds() -> None:
    clipped = Clipped(Discrete((1, 2, 3, 4)), 1.5, 3)
    assert clipped.atoms == (1.5, 2, 3)
    assert clipped.mean == pytest.approx((1.5 + 2 + 3 + 3) / 4)
