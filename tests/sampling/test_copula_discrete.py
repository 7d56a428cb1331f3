"""Correlated inputs whose values occur more than once: targets are met where they can be, else refused."""

import math

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import multivariate_normal, spearmanr

import uncertainty as un
from uncertainty.distributions import parse_distribution
from uncertainty.errors import StudyError
from uncertainty.sampling.copula import attainable
from uncertainty.sampling.discrete_ranks import needed_scores, rank_series
from uncertainty.sampling.transforms import Scratch, make_transform
from uncertainty.study.model import Correlation

SAMPLES = 2**16
PAIRS = [
    ("discrete(0, 1)", "normal(0, 1)", 0.5),
    ("discrete(1, 2, 3, weights=(0.2, 0.5, 0.3))", "discrete(0, 1)", -0.4),
    ("clip(normal(0, 1), low=0)", "uniform(0, 1)", 0.7),
    ("empirical(1, 1, 2, 5)", "lognormal(3, 2)", -0.6),
]


def study(one, other, target):
    return un.Study.from_function(
        lambda a, b: {"a": a, "b": b},
        {"a": one, "b": other},
        outputs=["a", "b"],
        correlations=[Correlation(("a", "b"), target)],
    )


@pytest.mark.parametrize(("one", "other", "target"), PAIRS)
def test_targets_within_reach_are_met_within_sampling_error(one, other, target):
    found = un.propagate(study(one, other, target), samples=SAMPLES, design="random").outputs
    met = spearmanr(found["a"].values, found["b"].values).statistic
    # a correlation of N pairs has a standard error of at most 1 / sqrt(N)
    assert abs(met - target) < 4 / np.sqrt(SAMPLES)


def test_a_fair_coin_and_a_continuous_input_reach_half_the_root_of_three():
    low, high = attainable(parse_distribution("discrete(0, 1)"), parse_distribution("normal(0, 1)"))
    assert high == pytest.approx(np.sqrt(3) / 2, abs=1e-3)
    assert low == pytest.approx(-np.sqrt(3) / 2, abs=1e-3)


def test_targets_out_of_reach_are_refused_with_the_range_that_is_not():
    with pytest.raises(
        StudyError, match=r"0\.95 between a and b cannot be .* attainable are -0\.866 to 0\.866"
    ):
        un.propagate(study("discrete(0, 1)", "normal(0, 1)", 0.95), samples=100)


@pytest.mark.parametrize("design", ["random", "lhs", "sobol"])
@pytest.mark.parametrize("text", ["discrete(1, 2, 7)", "pert(1, 3, 8)", "mixture(0, lognormal(3, 2))"])
def test_correlation_leaves_marginals_to_their_own_quantile_function_to_the_last_bit(design, text):
    """Whatever uniforms the copula makes, values are those that the input's transform gives them."""
    from uncertainty.sampling.designs import make_design, uniforms
    from uncertainty.sampling.simulation import simulate
    from uncertainty.study.scenario import scenario

    made = simulate(scenario(study(text, "normal(0, 1)", 0.6)), ("a",), 5000, 1, design)
    values = np.concatenate([x[0].copy() for x, _ in made.blocks(0, 10**6)])
    correlated = []
    for block in uniforms(make_design(design, ("a", "b"), 5000, 1)):
        made.copula.apply(block)
        correlated.append(block[0].copy())
    u = np.concatenate(correlated)
    make_transform(parse_distribution(text)).apply(u, Scratch(u.size))
    np.testing.assert_array_equal(values, u)


def normal_pair_share(first, second, scores):
    """Return the probability that two scores lie below two others."""
    return multivariate_normal([0, 0], [[1, scores], [scores, 1]]).cdf([first, second])


def test_the_series_is_that_of_two_events():
    """The correlation of two events is that of their joint probability, by scipy's integral."""
    for p, q in ((0.05, 0.05), (0.5, 0.5), (0.3, 0.8)):
        series = rank_series(parse_distribution(f"bernoulli({p})"), parse_distribution(f"bernoulli({q})"))
        for scores in (-0.9, 0.3, 0.95):
            both = normal_pair_share(ndtri(1 - p), ndtri(1 - q), scores) - (1 - p) * (1 - q)
            true = both / math.sqrt(p * (1 - p) * q * (1 - q))
            assert np.polynomial.polynomial.polyval(scores, [0, *series]) == pytest.approx(true, abs=1e-5)
        assert needed_scores(series, series @ 0.4 ** np.arange(1, len(series) + 1)) == pytest.approx(0.4)


def test_a_continuous_quantity_has_no_series():
    for text in ("normal(0, 1)", "3"):
        assert rank_series(parse_distribution(text), parse_distribution("poisson(2)")) is None


CELLS = """
format = 1
study = {{ title = "t", headline = "y" }}
indices.m = {{ members = ["p", "q", "r"] }}
inputs.g = {{ unit = "1", index = ["m"], point = 1, distribution = {distribution}, across = {across} }}
outputs.y = {{ unit = "1", value = "sum(g)" }}
"""


@pytest.mark.parametrize(
    ("distribution", "across"),
    [
        ('"poisson(1.5)"', 0.6),
        ('"poisson(1.5)"', -0.3),
        ('"bernoulli(0.05)"', 0.6),
        ('{ p = "binomial(4, 0.3)", q = "poisson(20)", r = "normal(0, 1)" }', 0.7),
    ],
)
def test_cells_of_counts_have_the_correlation_that_is_stated(write_study, distribution, across):
    study = un.load_study(write_study(CELLS.format(distribution=distribution, across=across)))
    drawn = un.draw_sample(study, samples=2**13, seed=1).inputs
    found = spearmanr([drawn[f"g[{member}]"] for member in "pqr"], axis=1).statistic
    # of 8,192 draws of rare events the standard error is 0.02
    assert found[np.triu_indices(3, 1)] == pytest.approx(across, abs=0.04)


def test_cells_of_counts_out_of_reach_are_refused_with_what_is_in_reach(write_study):
    def bound(across):
        text = CELLS.format(distribution='"bernoulli(0.05)"', across=across)
        return un.load_study(write_study(text))

    message = r"of -0.3 between g\[p\] and g\[q\] cannot be reached, .* attainable are -0.052 to 0.987"
    with pytest.raises(StudyError, match=message):
        un.propagate(bound(-0.3), samples=64)
    un.propagate(bound(0.98), samples=64)


@pytest.mark.slow
def test_cells_that_cannot_hold_together_are_told_of_a_weaker_across(write_study):
    mixed = '{ p = "poisson(2)", q = "normal(0, 1)", r = "bernoulli(0.3)" }'
    years = "indices.t = { from = 1, to = 4 }\nindices.m"

    def bound(by):
        text = CELLS.format(distribution=mixed, across=f"{{ m = {by}, t = {by} }}")
        return un.load_study(write_study(text.replace('["m"]', '["m", "t"]').replace("indices.m", years)))

    with pytest.raises(StudyError, match=r"cannot hold together, .*; a weaker across of g can"):
        un.propagate(bound(0.5), samples=64)
    un.propagate(bound(0.3), samples=64)
