"""What must hold for every distribution, whatever its family."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest

from uncertainty.distributions import Distribution, parse_distribution
from uncertainty.distributions.families import FAMILIES

CONTINUOUS = [
    "2 to 8",
    "-2 to 8",
    "15 ± 20 % (95 %)",
    "-15 +/- 3 (k=2.5)",
    "6.67430(15)e-11",
    "10 to 20 @ 80 %",
    "truncate(1 ± 2 (sd), low=0)",
    "normal(1, 2)",
    "normal(p2.5=1, p97.5=9)",
    "lognormal(3, 2)",
    "lognormal(median=3, sigma=0.5)",
    "lognormal(mean=3, sd=1)",
    "uniform(-1, 3)",
    "loguniform(1, 10)",
    "triangular(0, 1, 4)",
    "triangular(0, 0, 2)",
    "triangular(0, 2, 2)",
    "pert(0, 1, 4)",
    "trapezoid(0, 1, 1.5, 4)",
    "trapezoid(0, 0, 2, 2)",
    "beta(2, 3)",
    "beta(0.5, 3, -1, 4)",
    "gamma(2, 3)",
    "gamma(0.3, 1)",
    "exponential(3)",
    "arcsine(-1, 1)",
    "weibull(2, 3)",
    "gumbel(1, 2)",
    "logistic(1, 2)",
    "pareto(2, 6)",
    "normal(mean=-4, cv=0.5)",
    "gamma(mean=3, sd=2)",
    "beta(mean=3, cv=0.2, low=1, high=9)",
    "student_t(0, 1, 3)",
    "student_t(2, 0.5, 30.5)",
    "ctrap(0, 2, 0.3)",
    "ctrap(0, 2, 1)",
    "metalog(p10=1, p50=2, p90=5)",
    "metalog(p10=1, p50=2, p90=5, low=0)",
    "metalog(p10=1, p50=2, p90=5, high=9)",
    "metalog(p10=1, p50=2, p90=5, low=0, high=20)",
    "metalog(p5=1, p20=4, p50=10, p80=16, p95=19)",
    "mixture(lognormal(3, 2), uniform(1, 9), weights=(0.7, 0.3))",
    "truncate(normal(0, 1), low=-1, high=2)",
    "truncate(normal(0, 1), low=0)",
    "truncate(lognormal(1, 3), high=4)",
    "truncate(truncate(normal(0, 1), low=-1), high=0.5)",
    "truncate(mixture(normal(0, 1), uniform(0, 1)), low=-1, high=2)",
    "pedigree(5, reliability=2, completeness=3, temporal=1, geographical=2, technological=3)",
]
WITH_ATOMS = [
    "3",
    "fixed(-1_0.5e-1)",
    "discrete(1, 2, 4, weights=(0.5, 0.3, 0.2))",
    "poisson(3)",
    "poisson(1234.5)",
    "binomial(10, 0.3)",
    "bernoulli(0.3)",
    "truncate(poisson(3), low=1)",
    "discrete(4, 2, 2)",
    "empirical(1.2, 1.9, 3.4, 1.2)",
    "mixture(2 to 8, 5)",
    "mixture(1, normal(0, 1), discrete(3, 4), weights=(2, 1, 1))",
    "truncate(discrete(1, 2, 3), low=1.5)",
    "truncate(truncate(mixture(0, normal(0, 1)), low=-1), high=0)",
    "clip(normal(0, 1), low=0)",
    "clip(lognormal(1, 5), low=0.5, high=3)",
    "clip(mixture(uniform(0, 1), uniform(2, 3)), low=0.5, high=2.5)",
    "truncate(clip(normal(0, 1), low=0), high=1)",
]
EVERY = CONTINUOUS + WITH_ATOMS

TAILS = np.array([1e-12, 1e-9, 1e-6, 1e-3])
GRID = np.concatenate([TAILS, np.linspace(0.01, 0.99, 99), 1.0 - TAILS[1:][::-1]])


def test_every_registered_family_is_examined_here() -> None:
    assert set(FAMILIES) <= {text.split("(")[0] for text in EVERY}


@pytest.mark.parametrize("text", EVERY)
def test_the_text_of_a_distribution_reads_back_as_an_equal_one(text: str) -> None:
    distribution = parse_distribution(text)
    again = parse_distribution(str(distribution))
    assert again == distribution
    assert hash(again) == hash(distribution)
    assert str(again) == str(distribution)


@pytest.mark.parametrize("text", EVERY)
def test_copies_and_pickles_are_equal_and_sample_alike(text: str) -> None:
    distribution = parse_distribution(text)
    for twin in (copy.deepcopy(distribution), pickle.loads(pickle.dumps(distribution))):
        assert twin == distribution
        np.testing.assert_array_equal(twin.quantile(GRID), distribution.quantile(GRID))


@pytest.mark.parametrize("text", CONTINUOUS)
def test_the_cdf_undoes_the_quantile_function(text: str) -> None:
    distribution = parse_distribution(text)
    quantiles = distribution.quantile(GRID)
    # A quantile is only known to its last bit, which is worth this much probability.
    worth = distribution.cdf(np.nextafter(quantiles, np.inf)) - distribution.cdf(
        np.nextafter(quantiles, -np.inf)
    )
    assert np.all(np.abs(distribution.cdf(quantiles) - GRID) <= 1e-13 + 2 * worth)
    # Elsewhere numbers near the low end are too coarse for their relative size.
    if distribution.support[0] in (0.0, -np.inf) and not text.startswith(("triangular(0, 0", "truncate")):
        np.testing.assert_allclose(distribution.cdf(distribution.quantile(TAILS)), TAILS, rtol=1e-9)


@pytest.mark.parametrize("text", EVERY)
def test_the_quantile_is_the_smallest_value_whose_cdf_reaches_the_probability(text: str) -> None:
    distribution = parse_distribution(text)
    quantiles = distribution.quantile(GRID)
    margin = 1e-12 * np.abs(quantiles) + 1e-15  # a few of the last bits
    assert np.all(distribution.cdf(quantiles + (margin if text in CONTINUOUS else 0.0)) >= GRID - 1e-13)
    assert np.all(distribution.cdf(quantiles - margin) <= GRID + 1e-13)


@pytest.mark.parametrize("text", EVERY)
def test_quantiles_and_cdf_never_decrease(text: str) -> None:
    distribution = parse_distribution(text)
    quantiles = distribution.quantile(np.concatenate([[0.0, 1e-300], GRID, [1.0]]))
    assert np.all(quantiles[1:] >= quantiles[:-1])
    low, high = quantiles[2], quantiles[-2]
    assert np.all(np.diff(distribution.cdf(np.linspace(low - 1, high + 1, 1001))) >= -1e-15)


@pytest.mark.parametrize("text", EVERY)
def test_probabilities_0_and_1_give_the_ends_of_the_support(text: str) -> None:
    distribution = parse_distribution(text)
    assert tuple(distribution.quantile(np.array([0.0, 1.0]))) == distribution.support
    far = distribution.cdf(np.array([-np.inf, -1e300, 1e300, np.inf]))
    np.testing.assert_allclose(far, [0, 0, 1, 1], atol=1e-12)


@pytest.mark.parametrize("text", EVERY)
def test_shapes_are_kept(text: str) -> None:
    distribution = parse_distribution(text)
    u = GRID[:100].reshape(5, 4, 5)
    assert distribution.quantile(u).shape == u.shape
    assert distribution.cdf(u).shape == u.shape
    assert distribution.quantile(u[:0]).shape == (0, 4, 5)
    assert distribution.quantile(u).dtype == np.float64
    np.testing.assert_array_equal(distribution.quantile(u[:, ::2]), distribution.quantile(u)[:, ::2])


@pytest.mark.parametrize("text", EVERY)
def test_mean_and_sd_are_those_of_the_quantile_function(text: str) -> None:
    distribution = parse_distribution(text)
    # Midpoints in the logit, an oracle of its own: du = u (1 - u) dlogit.
    logit = (np.arange(-8_000, 8_000) + 0.5) * 5e-3
    below = 1.0 / (1.0 + np.exp(-logit))
    u = np.minimum(below, 1.0 - 2.0**-53)
    weights = below * np.exp(-logit) / (1.0 + np.exp(-logit)) * 5e-3
    values = distribution.quantile(u)
    mean = weights @ values
    heavy = ("student_t(0, 1, 3", "metalog(p10=1, p50=2, p90=5, low=0)")  # this oracle stops at u = 1 - 1e-16
    tolerance = 3e-2 if text.startswith(heavy) else 2e-3
    assert distribution.mean == pytest.approx(mean, rel=tolerance, abs=1e-3)
    assert distribution.sd == pytest.approx(np.sqrt(weights @ (values - mean) ** 2), rel=tolerance, abs=1e-6)


@pytest.mark.parametrize("text", EVERY)
def test_atoms_are_the_jumps_of_the_cdf(text: str) -> None:
    distribution = parse_distribution(text)
    assert bool(distribution.atoms) == (text in WITH_ATOMS)
    atoms = np.array(distribution.atoms)
    assert np.all(np.diff(atoms) > 0)
    before = np.nextafter(atoms, -np.inf)
    jumps = distribution.cdf(atoms) - distribution.cdf(before)
    falls = distribution.survival(before) - distribution.survival(atoms)
    # of a count there are values that hardly ever occur
    assert np.all(np.maximum(jumps, falls) > (0 if "poisson" in text or "binomial" in text else 1e-3))


@pytest.mark.parametrize("text", EVERY)
def test_only_constants_are_constant(text: str) -> None:
    distribution = parse_distribution(text)
    assert isinstance(distribution, Distribution)
    assert distribution.is_constant == text.startswith(("3", "fixed"))
    assert distribution.is_constant == (distribution.sd == 0.0)


def test_importing_the_package_leaves_heavy_libraries_alone() -> None:
    code = "import sys, uncertainty.distributions; print({'scipy.stats', 'pint'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
