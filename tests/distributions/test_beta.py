from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special
from scipy.special import digamma

from uncertainty.distributions import Beta, Pert, Uniform, parse_distribution
from uncertainty.errors import InvalidValue


def test_a_beta_with_both_shapes_1_is_uniform() -> None:
    u = np.linspace(0, 1, 101)
    np.testing.assert_allclose(Beta(1, 1, 2, 5).quantile(u), Uniform(2, 5).quantile(u), rtol=1e-12)


def test_the_mean_of_a_pert_counts_the_mode_four_times() -> None:
    assert Pert(2, 3, 10).mean == pytest.approx((2 + 4 * 3 + 10) / 6)


def test_probabilities_near_the_smallest_float_have_a_quantile() -> None:
    # Far out, P(X <= x) is x^a / (a B(a, b)); here 10 x^2.
    np.testing.assert_allclose(Beta(2, 4).quantile(np.array([1e-300])), np.sqrt(1e-301), rtol=1e-9)


def test_bounds_are_written_only_if_they_are_not_0_and_1() -> None:
    assert str(Beta(2, 3)) == "beta(2, 3)"
    assert str(Beta(2, 3, 0, 4)) == "beta(2, 3, 0, 4)"


def test_no_quantile_leaves_the_support_by_a_rounding() -> None:
    quantiles = Beta(0.05, 0.05, -3.0, -2.997).quantile(np.linspace(0, 1, 1001))
    assert quantiles.min() == -3.0
    assert quantiles.max() == -2.997
    assert np.all(np.diff(quantiles) >= -np.spacing(3.0))


def test_the_most_likely_shapes_have_the_data_s_own_mean_logarithms() -> None:
    rng = np.random.default_rng(4)
    samples = np.array([rng.beta(*shapes, 40) for shapes in ((0.3, 0.4), (2, 9), (30, 4), (1, 1))])
    a, b = Beta.most_likely(samples)
    np.testing.assert_allclose(digamma(a) - digamma(a + b), np.log(samples).mean(axis=1), rtol=1e-9)
    np.testing.assert_allclose(digamma(b) - digamma(a + b), np.log1p(-samples).mean(axis=1), rtol=1e-9)


@pytest.mark.parametrize("ends", [(0.3, 0.3), (0.4, 0.3), (0.0, 0.3), (0.3, 1.0), (-0.1, 0.5), (0.5, 1.5)])
def test_two_quantiles_of_a_beta_lie_apart_between_0_and_1(ends: tuple[float, float]) -> None:
    with pytest.raises(InvalidValue) as caught:
        Beta.from_quantiles(((0.05, ends[0]), (0.95, ends[1])))
    low, high = (f"{each:g}" for each in ends)
    assert str(caught.value) == f"beta: its quantiles must lie between 0 and 1, not {low} and {high}"


def test_moments_of_a_beta_are_those_that_some_beta_has() -> None:
    made = Beta.from_moments(3.0, 0.5, 2.0, 6.0)
    assert (made.mean, made.sd) == pytest.approx((3.0, 0.5), rel=1e-12)
    assert (made.low, made.high) == (2.0, 6.0)

    def refused(*moments: float) -> str:
        with pytest.raises(InvalidValue) as caught:
            Beta.from_moments(*moments)
        return str(caught.value)

    for mean in (2.0, 6.0, 7.0):
        assert refused(mean, 0.5, 2.0, 6.0) == f"beta: mean must lie between 2 and 6, not at {mean:g}"
    for sd in (0.0, 2.0, 3.0):
        assert refused(4.0, sd, 2.0, 6.0) == (
            f"beta: with that mean sd must lie between 0 and 2, not at {sd:g}"
        )
    assert refused(0.5, math.nan).startswith("beta: sd ")
    assert refused(0.5, 0.1, 1.0, 1.0) == "beta: low must be less than high, not 1 and 1"


@pytest.mark.parametrize(
    ("a", "b", "x"),
    [
        (0.02, 1, 1e-20),
        (0.01, 0.02, 4.99e-53),
        (0.001, 5, 2e-47),
        (0.1, 5, 1e-12),
        (0.5, 0.5, 1e-18),
        (3, 2, 0.9999),
    ],
)
def test_both_tails_hold_next_to_an_end_that_most_values_lie_at(a: float, b: float, x: float) -> None:
    """P(X > 1e-20) of a beta(0.02, 1) is 0.602; it was 1, as 1e-20 from an end at 1 is no other number."""
    below, above = special.betainc(a, b, x), special.betaincc(a, b, x)
    assert Beta(a, b).cdf([x]) == pytest.approx([below], rel=1e-12)
    assert Beta(a, b).survival([x]) == pytest.approx([above], rel=1e-12)
    assert Beta(b, a, -2, 0).cdf([-2 * x]) == pytest.approx([above], rel=1e-12)
    assert Beta(b, a, -2, 0).survival([-2 * x]) == pytest.approx([below], rel=1e-12)


def test_a_truncated_beta_has_the_share_above_of_its_closed_form() -> None:
    kept = parse_distribution("truncate(beta(0.02, 1), high=1e-18)")
    assert kept.survival([1e-25]) == pytest.approx([1 - 1e-7**0.02], rel=1e-9)
    assert parse_distribution("clip(beta(0.02, 1), low=1e-20)").survival([1e-20]) == pytest.approx(
        [1 - 1e-20**0.02], rel=1e-9
    )


@pytest.mark.parametrize("a", [1e-3, 0.02, 0.3])
@pytest.mark.parametrize("q", [0.01, 0.3, 0.4, 0.499, 0.5, 0.6, 0.99])
def test_a_beta_has_its_upper_quantiles_next_to_its_lower_end(a, q):
    """Of beta(a, 1) it is (1 - q)^(1/a): of 9.8e-16 a step from 1 made 1.0e-15, and of 1.3e-20 nothing."""
    exact = math.exp(math.log1p(-q) / a)
    assert Beta(a, 1).upper_quantile(q) == pytest.approx(exact, rel=1e-10, abs=1e-300)
    assert Beta(a, 1, 0, 8).upper_quantile(q) == pytest.approx(8 * exact, rel=1e-10, abs=1e-300)


@pytest.mark.parametrize("b", [1e6, 1e9, 1e11])
@pytest.mark.parametrize("q", [1e-300, 1e-20, 1e-3, 0.5])
def test_a_sharp_beta_has_them_too(b, q):
    assert Beta(1, b).upper_quantile(q) == pytest.approx(-math.expm1(math.log(q) / b), rel=1e-9)
    assert Beta(2, b).survival(Beta(2, b).upper_quantile(q)) == pytest.approx(q, rel=1e-6)
