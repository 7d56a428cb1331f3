"""Both tails of every family are right to 1e-9, however far out, also within truncations, clips and mixtures.

The references are scipy's survival functions and their inverses, or a closed form in the test.
"""

import math

import numpy as np
import pytest
from scipy import optimize, stats

from uncertainty.distributions import parse_distribution

FAMILIES = {
    "normal(2, 3)": stats.norm(2, 3),
    "lognormal(3, 2)": stats.lognorm(math.log(2), scale=3),
    "pedigree(3, basic=2)": stats.lognorm(math.log(2) / 2, scale=3),
    "gamma(2.5, 3)": stats.gamma(2.5, scale=3),
    "exponential(2)": stats.expon(scale=2),
    "weibull(0.7, 3)": stats.weibull_min(0.7, scale=3),
    "weibull(3, 3)": stats.weibull_min(3, scale=3),
    "logistic(1, 2)": stats.logistic(1, 2),
    "pareto(2, 3)": stats.pareto(3, scale=2),
    "gumbel(1, 2)": stats.gumbel_r(1, 2),
    "student_t(1, 2, 4)": stats.t(4, 1, 2),
    "beta(2, 3)": stats.beta(2, 3),
    "beta(2, 3, -4, 0)": stats.beta(2, 3, -4, 4),
    "pert(-4, -1, 0)": stats.beta(4, 2, -4, 4),
    "uniform(-4, 0)": stats.uniform(-4, 4),
    "loguniform(1, 50)": stats.loguniform(1, 50),
    "arcsine(-4, 0)": stats.arcsine(-4, 4),
    "triangular(-4, -1, 0)": stats.triang(0.75, -4, 4),
    "trapezoid(-4, -3, -1, 0)": stats.trapezoid(0.25, 0.75, -4, 4),
    # two terms make a logistic distribution
    "metalog(p25=-1, p75=1)": stats.logistic(scale=1 / math.log(3)),
}
FAR = np.array([0.5, 1e-3, 1e-6, 1e-9, 1e-12, 1e-15])
CLOSE = {"rtol": 1e-9, "atol": 0}


@pytest.mark.parametrize(("text", "reference"), FAMILIES.items(), ids=FAMILIES)
def test_upper_tails_are_as_precise_as_lower_ones(text, reference):
    own = parse_distribution(text)
    x = own.upper_quantile(FAR)
    # beside an end at 0 scipy's own quantiles are the less precise ones: the way back judges
    if own.support[1] != 0:
        np.testing.assert_allclose(x, reference.isf(FAR), **CLOSE)
    # and beside another end there are too few numbers for a way back
    if own.support[1] in (0, math.inf):
        np.testing.assert_allclose(own.survival(x), FAR, rtol=1e-8)
    if own.support[1] == math.inf:
        np.testing.assert_allclose(own.survival(x), reference.sf(x), rtol=1e-8)


@pytest.mark.parametrize("text", FAMILIES)
def test_the_upper_tail_meets_what_is_below_it(text):
    own = parse_distribution(text)
    u = np.linspace(0.01, 0.99, 99)
    np.testing.assert_allclose(own.upper_quantile(1 - u), own.quantile(u), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(own.survival(own.quantile(u)), 1 - u, rtol=1e-11)
    assert tuple(own.upper_quantile([1.0, 0.0])) == own.support


UPPER = 1 - np.array([0.5, 1e-3, 1e-6, 1e-9, 1e-12, 1e-15])
"""Probabilities as floats have them; what lies above them is 1 - UPPER to the last bit."""


@pytest.mark.parametrize("kept", [0.9, 1e-2, 2e-6])
@pytest.mark.parametrize(("text", "reference"), FAMILIES.items(), ids=FAMILIES)
def test_truncation_from_below_keeps_the_upper_tail(text, reference, kept):
    low = float(parse_distribution(text).upper_quantile(kept))
    own = parse_distribution(f"truncate({text}, low={low!r})")
    share = float(parse_distribution(text).survival(np.nextafter(low, -np.inf)))
    expected = parse_distribution(text).upper_quantile((1 - UPPER) * share)
    np.testing.assert_allclose(own.quantile(UPPER), expected, **CLOSE)
    if own.support[1] != 0:
        np.testing.assert_allclose(
            own.quantile(UPPER), reference.isf((1 - UPPER) * reference.sf(low)), **CLOSE
        )
    if own.support[1] in (0, math.inf):
        np.testing.assert_allclose(own.survival(own.quantile(UPPER)), 1 - UPPER, rtol=1e-6)


@pytest.mark.parametrize("kept", [0.9, 1e-2, 2e-6])
@pytest.mark.parametrize(("text", "reference"), FAMILIES.items(), ids=FAMILIES)
def test_truncation_from_above_keeps_the_lower_tail(text, reference, kept):
    high = float(parse_distribution(text).quantile(kept))
    own = parse_distribution(f"truncate({text}, high={high!r})")
    np.testing.assert_allclose(
        own.quantile(1 - UPPER), reference.ppf((1 - UPPER) * reference.cdf(high)), rtol=1e-8
    )


def test_a_standard_normal_beyond_four_and_a_half():
    own = parse_distribution("truncate(normal(0, 1), low=4.5)")
    x = float(own.quantile(1 - 1e-12))
    assert x == pytest.approx(stats.norm.isf(stats.norm.sf(4.5) * (1 - (1 - 1e-12))), rel=1e-12)
    # closed form of the mean, the inverse Mills ratio
    assert own.mean == pytest.approx(stats.norm.pdf(4.5) / stats.norm.sf(4.5), rel=1e-9)


def test_a_window_far_up_the_tail():
    own = parse_distribution("truncate(normal(0, 1), low=4.2, high=4.6)")
    u = np.array([1e-12, 0.25, 0.5, 1 - 1e-12])
    above, beyond = stats.norm.sf([4.2, 4.6])
    np.testing.assert_allclose(
        own.quantile(u), stats.norm.isf(beyond + (1 - u) * (above - beyond)), rtol=1e-12
    )
    np.testing.assert_allclose(
        own.cdf([4.3, 4.5]), (above - stats.norm.sf([4.3, 4.5])) / (above - beyond), rtol=1e-12
    )


@pytest.mark.parametrize(
    "text",
    [
        "truncate(truncate(normal(0, 1), low=3), low=4.5)",
        "truncate(clip(normal(0, 1), low=2), low=4.5)",
        "clip(truncate(normal(0, 1), low=4.5), low=4)",
        "truncate(mixture(normal(0, 1), normal(0, 1)), low=4.5)",
        "mixture(truncate(normal(0, 1), low=4.5), truncate(normal(0, 1), low=4.5))",
    ],
)
def test_nested_tails_are_those_of_the_normal(text):
    expected = stats.norm.isf(stats.norm.sf(4.5) * (1 - UPPER))
    np.testing.assert_allclose(parse_distribution(text).quantile(UPPER), expected, **CLOSE)


def test_the_upper_tail_of_a_mixture_of_two():
    own = parse_distribution("mixture(normal(0, 1), lognormal(1, 1.5), weights=(0.7, 0.3))")
    other = stats.lognorm(math.log(1.5))
    for q in 1 - UPPER[1:]:
        tail = lambda x, q=q: math.log((0.7 * stats.norm.sf(x) + 0.3 * other.sf(x)) / q)  # noqa: E731 - short
        expected = optimize.brentq(tail, 0.1, 100, xtol=1e-14, rtol=1e-15)
        assert float(own.quantile(1 - q)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    "text", ["discrete(1, 2, 4, weights=(0.5, 0.5, 1e-12))", "mixture(1, 2, 4, weights=(0.5, 0.5, 1e-12))"]
)
def test_rare_values_are_found_from_above(text):
    own = parse_distribution(text)
    np.testing.assert_allclose(own.survival([0, 1, 1.5, 2, 3, 4]), [1, 0.5, 0.5, 1e-12, 1e-12, 0], rtol=1e-11)
    np.testing.assert_array_equal(own.upper_quantile([1e-13, 2e-12, 0.3, 0.7]), [4, 2, 2, 1])
    assert tuple(own.upper_quantile([1, 0])) == (1, 4)


def test_quantiles_never_decrease_where_the_tail_is_counted_from_above():
    texts = (
        "truncate(normal(0, 1), low=1)",
        "mixture(normal(0, 1), gamma(2, 1))",
        "truncate(gamma(2, 3), low=9)",
    )
    for text in texts:
        u = 1 - 2.0**-10 + np.linspace(-1e-6, 1e-6, 2001)
        assert np.all(np.diff(parse_distribution(text).quantile(u)) >= 0)


OTHERS = ["ctrap(0, 10, 2)", "fixed(3)", "empirical(1, 2, 3)", "clip(triangular(0, 3, 10), low=1)", "2 to 8"]


@pytest.mark.parametrize("text", [*FAMILIES, *OTHERS])
@pytest.mark.parametrize("method", ["quantile", "upper_quantile", "cdf", "survival"])
def test_numbers_and_lists_are_taken_as_arrays_are(text, method):
    ask = getattr(parse_distribution(text), method)
    given = [0.05, 0.5, 0.95]
    expected = ask(np.array(given))
    for other in (given, tuple(given), np.array(given, dtype=object).astype(float), np.array([given]).T):
        np.testing.assert_array_equal(np.ravel(ask(other)), expected)
    assert float(ask(0.5)) == float(ask(np.float64(0.5))) == expected[1]
    assert np.shape(ask([given, given])) == (2, 3)
    assert float(ask(1)) == float(ask([1])[0])


@pytest.mark.parametrize("text", ["normal(0, 1)", "discrete(1, 2)", "mixture(1, uniform(0, 3))", "fixed(3)"])
@pytest.mark.parametrize(
    ("given", "found"),
    [
        (1.5, "found 1.5; for 1.5 % write 0.015"),
        ([0.5, -0.1], "found -0.1"),
        (95, "found 95; for 95 % write 0.95"),
        (float("nan"), "found nan"),
        (np.ma.masked_equal([0.5, 0.1], 0.1), "found nan"),
        (float("inf"), "found inf"),
        ("0.5", "found '0.5'"),
        (["a", "b"], "found ['a', 'b']"),
        (None, "found None"),
        (True, "found True"),
        (1j, "found 1j"),
        ([[0.1], [0.2, 0.3]], "found [[0.1], [0.2, 0.3]]"),
    ],
)
def test_what_is_no_probability_is_refused_in_one_line(text, given, found):
    from uncertainty.errors import SettingError

    for method in ("quantile", "upper_quantile"):
        with pytest.raises(SettingError) as caught:
            getattr(parse_distribution(text), method)(given)
        assert str(caught.value).startswith("probability: expected numbers")
        assert str(caught.value).endswith(found)
