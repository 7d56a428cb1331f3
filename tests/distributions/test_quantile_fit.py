from __future__ import annotations

import numpy as np
import pytest

from uncertainty.distributions import Distribution, parse_distribution
from uncertainty.distributions.quantile_fit import fitted, root_of_decreasing
from uncertainty.errors import InvalidValue

FAMILIES_OF_TWO = [
    "normal",
    "lognormal",
    "uniform",
    "loguniform",
    "gamma",
    "arcsine",
    "weibull",
    "gumbel",
    "logistic",
    "beta",
]


@pytest.mark.parametrize("family", FAMILIES_OF_TWO)
@pytest.mark.parametrize(
    ("low", "high", "x", "y"),
    [
        (5, 95, 0.2, 0.8),
        (2.5, 50, 0.01, 0.3),
        (25, 75, 0.5, 0.500001),
        (50, 99.9, 0.1, 0.4),
        (90, 99, 0.001, 0.9),
    ],
)
def test_a_family_has_the_two_quantiles_asked_for(
    family: str, low: float, high: float, x: float, y: float
) -> None:
    found = parse_distribution(f"{family}(p{low}={x}, p{high}={y})")
    np.testing.assert_allclose(found.quantile(np.array([low, high]) / 100), [x, y], rtol=1e-9)


@pytest.mark.parametrize(
    "text",
    ["normal(1, 2)", "uniform(-3, 5)", "arcsine(-3, 5)", "gumbel(1, 2)", "lognormal(3, 1.7)",
     "loguniform(2, 9)", "weibull(0.7, 3)", "weibull(4, 3)", "gamma(0.4, 3)", "gamma(50, 0.1)",
     "beta(0.6, 0.7)", "beta(2, 30)"],
)  # fmt: skip
def test_two_quantiles_of_a_distribution_give_it_back(text: str) -> None:
    wanted = parse_distribution(text)
    x, y = wanted.quantile(np.array([0.1, 0.8])).tolist()
    found = parse_distribution(f"{text.split('(', maxsplit=1)[0]}(p10={x!r}, p80={y!r})")
    u = np.linspace(0.01, 0.99, 50)
    np.testing.assert_allclose(found.quantile(u), wanted.quantile(u), rtol=1e-8)


def test_the_order_of_the_quantiles_does_not_matter() -> None:
    assert parse_distribution("normal(p95=9, p5=1)") == parse_distribution("normal(p5=1, p95=9)")


def test_an_exponential_takes_one_quantile() -> None:
    assert parse_distribution("exponential(p50=2)").quantile(np.array([0.5]))[0] == pytest.approx(2)


def test_a_range_has_5_and_95_percent_quantiles() -> None:
    for text in ("2 to 8", "-2 to 8", "1e-9 to 1e9"):
        low, high = map(float, text.split(" to "))
        np.testing.assert_allclose(
            parse_distribution(text).quantile(np.array([0.05, 0.95])), [low, high], rtol=1e-12
        )
    assert parse_distribution("2 to 8").call.startswith("lognormal(")
    assert parse_distribution("-2 to 8").call.startswith("normal(")


@pytest.mark.parametrize(
    "text",
    [
        "gamma(p5=1, p95=1.000000000000001)",
        "beta(p5=1e-150, p95=0.999999)",
        "beta(p50=0.1, p50.0000001=0.9)",
        "beta(p5=0.4999999999, p95=0.5000000001)",
        "lognormal(p50=1, p50.00000000000001=1e150)",
    ],
)
def test_what_numbers_cannot_tell_is_refused_and_metalog_suggested(text: str) -> None:
    family, _, quantiles = text.replace("1e150", "1e+150").rstrip(")").partition("(")
    with pytest.raises(InvalidValue) as refused:
        parse_distribution(text)
    assert str(refused.value) == f"{family}: cannot be made to fit {quantiles}; try metalog({quantiles})"


def test_a_search_that_fails_or_misses_is_refused_by_the_family_s_name() -> None:
    given = ((0.05, 1.0), (0.95, 2.0))
    message = "gamma: cannot be made to fit p5=1, p95=2; try metalog(p5=1, p95=2)"

    def overflowing(_: object) -> Distribution:
        raise OverflowError

    def missing(_: object) -> Distribution:
        return parse_distribution("uniform(1, 2)")

    def refusing(_: object) -> Distribution:
        raise InvalidValue("gamma: no")

    for fit, said in ((overflowing, message), (missing, message), (refusing, "gamma: no")):
        with pytest.raises(InvalidValue) as refused:
            fitted(fit, given, "gamma")
        assert str(refused.value) == said
    with pytest.raises(InvalidValue) as refused:
        root_of_decreasing(lambda x: 1.0 + x, 0.0, 1.0, "gamma", given)
    assert str(refused.value) == message
    for at_end in (lambda x: 1.0 - x, lambda x: -x):
        with pytest.raises(InvalidValue, match="cannot be made to fit"):
            root_of_decreasing(at_end, 0.0, 1.0, "gamma", given)
    assert root_of_decreasing(lambda x: 0.25 - x, 0.0, 1.0, "gamma", given) == pytest.approx(0.25)
    wide = parse_distribution("uniform(0.9444444444444444, 2.0555555555555554)")
    assert fitted(lambda _: wide, given, "uniform") is wide
