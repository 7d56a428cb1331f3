"""A family is a full citizen: fitted to quantiles and data, on the page of documentation, in the explorer."""

import importlib.util
import pkgutil
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from scipy.special import digamma

from uncertainty import distributions
from uncertainty.distributions import Beta, Gamma, bounded, parse_distribution, positive, unbounded
from uncertainty.distributions.families import EXAMPLES, FAMILIES
from uncertainty.distributions.unbounded import Gumbel
from uncertainty.explorer.quantiles import quantile_data
from uncertainty.fitting.families import FAMILIES as FITTED_TO_DATA

PAGE = Path(__file__).parents[2] / "docs" / "distributions.md"

OF_MANY_PARTS = {"metalog", "discrete", "empirical", "mixture", "truncate", "clip"}
COUNTS = {"poisson", "binomial", "bernoulli"}
JUDGED = {"triangular", "pert", "trapezoid", "ctrap", "pedigree", "fixed"}
"""Families whose parameters are read off or judged: neither quantiles nor a likelihood give them."""

NOT_BY_QUANTILES = {*OF_MANY_PARTS, *COUNTS, *JUDGED, "student_t"}
NOT_BY_DATA = {*OF_MANY_PARTS, *COUNTS, *JUDGED, "arcsine", "logistic", "pareto"}


def test_a_family_is_fitted_to_quantiles_and_to_data_or_said_not_to_be():
    by_quantiles = {name for name, each in FAMILIES.items() if hasattr(each.make, "from_quantiles")}
    assert by_quantiles == FAMILIES.keys() - NOT_BY_QUANTILES
    assert FITTED_TO_DATA.keys() == FAMILIES.keys() - NOT_BY_DATA


def test_every_class_that_has_an_example_is_registered():
    modules = [
        import_module(f"{distributions.__name__}.{m.name}")
        for m in pkgutil.iter_modules(distributions.__path__)
    ]
    classes = {each for module in modules for each in vars(module).values() if isinstance(each, type)}
    assert {each for each in classes if "example" in vars(each)} == {each.make for each in FAMILIES.values()}


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - NOT_BY_QUANTILES))
def test_a_family_with_the_quantiles_of_its_example_is_the_example(name):
    example = parse_distribution(EXAMPLES[name])
    probabilities = np.array([0.1, 0.8][: len(FAMILIES[name].required)])
    quantiles = tuple(zip(probabilities.tolist(), example.quantile(probabilities).tolist(), strict=True))
    found = FAMILIES[name].make.from_quantiles(quantiles)
    assert found.quantile(np.array([0.05, 0.5])) == pytest.approx(example.quantile(np.array([0.05, 0.5])))


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - NOT_BY_DATA))
def test_a_family_is_found_again_from_many_draws_of_its_example(name):
    example = parse_distribution(EXAMPLES[name])
    draws = example.quantile((np.arange(4000) + 0.5) / 4000)
    family = FITTED_TO_DATA[name]
    found = family.make(*(float(each[0]) for each in family.fit(draws[None])))
    middle = np.array([0.1, 0.5, 0.9])
    assert found.quantile(middle) == pytest.approx(example.quantile(middle), rel=0.01)


def test_the_explorer_has_every_family_as_data():
    for text in EXAMPLES.values():
        assert quantile_data(parse_distribution(text))["family"]


def test_the_page_of_distributions_says_what_each_family_is():
    path = PAGE.parent / "extensions" / "families.py"
    spec = importlib.util.spec_from_file_location("families_page", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    rows = [row.strip("| ").split(" | ") for row in module.markdown().splitlines()[2:]]
    assert [row[0].strip("`") for row in rows] == list(EXAMPLES.values())
    assert all(len(row[1]) > 8 and row[1].endswith(".") for row in rows)
    assert "```{families}\n" in PAGE.read_text(encoding="utf-8")


def test_the_most_likely_parameters_take_few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each search begins near its end, whatever the unit: what it solves holds after four steps."""
    for module in (bounded, positive, unbounded):
        monkeypatch.setattr(module, "ITERATIONS", 4)
    random = np.random.default_rng(4)
    shapes = ((0.3, 0.4), (2, 9), (30, 4), (1, 1), (300, 500))
    shares = np.array([random.beta(*each, 40) for each in shapes])
    a, b = Beta.most_likely(shares)
    np.testing.assert_allclose(digamma(a) - digamma(a + b), np.log(shares).mean(axis=1), rtol=1e-10)
    np.testing.assert_allclose(digamma(b) - digamma(a + b), np.log1p(-shares).mean(axis=1), rtol=1e-10)
    sizes = np.maximum([random.gamma(each, 2, 40) for each in (0.05, 0.7, 3, 200, 1e5)], 1e-300)
    shape, scale = Gamma.most_likely(sizes)
    logarithms = np.log(sizes.mean(axis=1)) - np.log(sizes).mean(axis=1)
    np.testing.assert_allclose(np.log(shape) - digamma(shape), logarithms, rtol=1e-9)
    np.testing.assert_allclose(shape * scale, sizes.mean(axis=1), rtol=1e-12)
    values = np.array([random.gumbel(3 * each, each, 40) for each in (1e-30, 1e-3, 1, 1e40)])
    location, scale = Gumbel.most_likely(values)
    weights = np.exp(-(values - location[:, None]) / scale[:, None])
    np.testing.assert_allclose(weights.mean(axis=1), 1, rtol=1e-10)
    mean = (weights * values).mean(axis=1)
    np.testing.assert_allclose(values.mean(axis=1) - mean, scale, rtol=1e-10)
