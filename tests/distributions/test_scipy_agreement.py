"""Every family with a counterpart in scipy.stats agrees with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from uncertainty.distributions import parse_distribution

COUNTERPARTS = {
    "normal(1, 2)": stats.norm(1, 2),
    "lognormal(3, 2)": stats.lognorm(np.log(2), scale=3),
    "lognormal(median=3, sigma=0.1)": stats.lognorm(0.1, scale=3),
    "uniform(-1, 3)": stats.uniform(-1, 4),
    "loguniform(1, 10)": stats.loguniform(1, 10),
    "triangular(1, 2, 5)": stats.triang(0.25, 1, 4),
    "pert(0, 1, 4)": stats.beta(2, 4, 0, 4),
    "trapezoid(0, 1, 1.5, 4)": stats.trapezoid(0.25, 0.375, 0, 4),
    "beta(2, 3)": stats.beta(2, 3),
    "beta(0.5, 3, -1, 4)": stats.beta(0.5, 3, -1, 5),
    "gamma(2.5, 3)": stats.gamma(2.5, scale=3),
    "exponential(3)": stats.expon(scale=3),
    "arcsine(-1, 2)": stats.arcsine(-1, 3),
    "weibull(1.5, 3)": stats.weibull_min(1.5, scale=3),
    "normal(mean=-10, cv=0.2)": stats.norm(-10, 2),
    "lognormal(mean=3, cv=0.5)": stats.lognorm(np.sqrt(np.log(1.25)), scale=3 / np.sqrt(1.25)),
    "gamma(mean=3, cv=0.5)": stats.gamma(4, scale=0.75),
    "beta(mean=0.3, sd=0.1)": stats.beta(6, 14),
    "logistic(1, 2)": stats.logistic(1, 2),
    "pareto(2, 3)": stats.pareto(3, scale=2),
    "poisson(3)": stats.poisson(3),
    "poisson(0.02)": stats.poisson(0.02),
    "binomial(10, 0.3)": stats.binom(10, 0.3),
    "bernoulli(0.3)": stats.bernoulli(0.3),
    "gumbel(1, 2)": stats.gumbel_r(1, 2),
    "student_t(1, 2, 4)": stats.t(4, 1, 2),
    "metalog(p25=-1.0986122886681098, p75=1.0986122886681098)": stats.logistic(0, 1),
    "truncate(normal(1, 2), low=0, high=4)": stats.truncnorm(-0.5, 1.5, 1, 2),
    "truncate(normal(0, 1), low=4.5)": stats.truncnorm(4.5, np.inf),
    "truncate(exponential(2), high=3)": stats.truncexpon(1.5, scale=2),
}


@pytest.mark.filterwarnings("ignore:Error in function boost")  # scipy.stats itself, for a beta
@pytest.mark.parametrize(("text", "reference"), COUNTERPARTS.items())
def test_quantiles_agree(text: str, reference: Any) -> None:
    u = np.concatenate([[1e-9, 1e-6], np.linspace(0.001, 0.999, 101), [1 - 1e-6]])
    rtol = 1e-6 if "low=4.5" in text else 1e-11
    np.testing.assert_allclose(parse_distribution(text).quantile(u), reference.ppf(u), rtol=rtol, atol=1e-12)


@pytest.mark.parametrize(("text", "reference"), COUNTERPARTS.items())
def test_probabilities_agree(text: str, reference: Any) -> None:
    x = np.linspace(-3, 9, 241)
    np.testing.assert_allclose(parse_distribution(text).cdf(x), reference.cdf(x), rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(("text", "reference"), COUNTERPARTS.items())
def test_moments_agree(text: str, reference: Any) -> None:
    distribution = parse_distribution(text)
    assert distribution.mean == pytest.approx(reference.mean(), rel=1e-8, abs=1e-12)
    assert distribution.sd == pytest.approx(reference.std(), rel=1e-8)
