from __future__ import annotations

import math

import numpy as np
import pytest

from uncertainty.distributions import Metalog, parse_distribution
from uncertainty.errors import InvalidValue

LOGIT_9 = math.log(9)


@pytest.mark.parametrize(
    "text",
    [
        "metalog(p10=1, p90=5)",
        "metalog(p10=1, p50=2, p90=5)",
        "metalog(p1=0, p10=1, p50=2, p90=5)",
        "metalog(p5=2, p25=7, p50=10, p75=14, p95=25)",
        "metalog(p2.5=-1.96, p10=-1.28, p25=-0.67, p75=0.68, p90=1.29, p97.5=1.97)",
        "metalog(p10=1, p50=2, p90=5, low=0)",
        "metalog(p10=1, p50=2, p90=5, high=9)",
        "metalog(p10=1, p50=2, p90=5, low=-3, high=8)",
    ],
)
def test_a_metalog_goes_through_its_quantiles(text: str) -> None:
    metalog = parse_distribution(text)
    assert isinstance(metalog, Metalog)
    probabilities, values = map(np.array, zip(*metalog.quantiles, strict=True))
    np.testing.assert_allclose(metalog.quantile(probabilities), values, rtol=0, atol=1e-12 * np.ptp(values))
    np.testing.assert_allclose(metalog.cdf(values), probabilities, rtol=1e-12)


def test_three_symmetric_quantiles_make_a_logistic() -> None:
    # Keelin (2016): with equal distances from the median the third term vanishes.
    metalog = parse_distribution("metalog(p10=-3, p50=1, p90=5)")
    u = np.linspace(0.001, 0.999, 99)
    scale = 4 / LOGIT_9
    np.testing.assert_allclose(metalog.quantile(u), 1 + scale * np.log(u / (1 - u)), rtol=1e-12, atol=1e-12)
    assert metalog.mean == pytest.approx(1)
    assert metalog.sd == pytest.approx(scale * math.pi / math.sqrt(3))


def test_three_quantiles_are_solved_as_published() -> None:
    # Keelin (2016), three terms from a symmetric-percentile triplet: a2 and a3 in closed form.
    low, median, high = 2.0, 3.0, 7.0
    a2 = (high - low) / (2 * LOGIT_9)
    a3 = (high - 2 * median + low) / (0.8 * LOGIT_9)
    u = np.linspace(0.01, 0.99, 99)
    logit = np.log(u / (1 - u))
    found = parse_distribution("metalog(p10=2, p50=3, p90=7)").quantile(u)
    np.testing.assert_allclose(found, median + a2 * logit + a3 * (u - 0.5) * logit, rtol=1e-12)


def test_the_mean_of_three_terms_is_as_published() -> None:
    # The expectation of (u - 1/2) logit(u) is 1/2.
    a3 = (7 - 2 * 3 + 2) / (0.8 * LOGIT_9)
    assert parse_distribution("metalog(p10=2, p50=3, p90=7)").mean == pytest.approx(3 + a3 / 2, rel=1e-12)


def test_equidistant_quantiles_of_a_uniform_give_it_back() -> None:
    metalog = parse_distribution("metalog(p10=1, p30=3, p70=7, p90=9)")
    assert metalog.support == pytest.approx((0, 10), abs=1e-9)
    assert metalog.sd == pytest.approx(10 / math.sqrt(12))


def test_a_lower_bound_makes_the_logarithm_a_metalog() -> None:
    bounded = parse_distribution("metalog(p10=2, p50=3, p90=6, low=1)")
    log = parse_distribution(f"metalog(p10={math.log(1)}, p50={math.log(2)}, p90={math.log(5)})")
    u = np.linspace(0.01, 0.99, 50)
    np.testing.assert_allclose(bounded.quantile(u), 1 + np.exp(log.quantile(u)), rtol=1e-12)
    assert bounded.support == (1, math.inf)


def test_sixteen_quantiles_are_enough() -> None:
    probabilities = np.linspace(0.05, 0.95, 17)
    quantiles = tuple(zip(probabilities.tolist(), np.log(probabilities / (1 - probabilities)), strict=True))
    found = Metalog(quantiles[:-1])
    assert found.quantile(0.99) == pytest.approx(math.log(99), abs=1e-3)
    with pytest.raises(InvalidValue, match=r"^metalog: 2 to 16 quantiles are needed, not 17$"):
        Metalog(quantiles)


@pytest.mark.parametrize(
    ("quantiles", "said"),
    [
        (((0.1, 2), (0.9, 1)), "p10=2 must be less than p90=1"),
        (((0.1, 2), (0.1, 3)), "p10 is given twice"),
        (((0.1, 2), (1.5, 3)), "p150 is no quantile; it must lie between p0 and p100, both excluded"),
        (((0.1, 2), (0.9, math.inf)), "p90 must be a finite number, not inf"),
        ((("a", 2), (0.9, 3)), "the probability of a quantile must be a finite number, not a"),
        (((0.1, 1e10), (0.9, 1e10 + 2e-6)), "its quantiles are too close for floating-point numbers"),
    ],
)
def test_quantiles_that_are_none_are_refused(quantiles, said) -> None:
    with pytest.raises(InvalidValue) as refused:
        Metalog(quantiles, low=0)
    assert str(refused.value) == f"metalog: {said}"


def test_moments_of_a_heavy_tail_are_infinite() -> None:
    # With the logarithm logistic of scale s, moments below 1 / s exist.
    for scale, mean, sd in [
        (0.4, math.pi * 0.4 / math.sin(math.pi * 0.4), None),
        (0.7, None, math.inf),
        (1.2, math.inf, math.inf),
    ]:
        metalog = Metalog(((0.1, 9**-scale), (0.9, 9**scale)), low=0)
        assert mean is None or metalog.mean == pytest.approx(mean, rel=1e-9)
        assert sd is None or metalog.sd == sd


@pytest.mark.parametrize(
    "text",
    [
        "metalog(p10=1, p50=2, p90=100)",
        "metalog(p10=1, p50=1.9, p60=8, p90=9)",
        # logit(y) - 5 (y - 1/2), which falls in the middle alone
        "metalog(p1=-2.145, p10=-0.197, p90=0.197, p99=2.145)",
    ],
)
def test_quantiles_that_would_need_a_negative_density_are_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        parse_distribution(text)
    assert str(refused.value) == (
        "metalog: no metalog goes through these quantiles, its density would be negative somewhere; "
        "use fewer quantiles or move them"
    )
