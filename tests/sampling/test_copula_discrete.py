"""Correlated inputs whose values occur more than once: targets are met where they can be, else refused."""

import numpy as np
import pytest
from scipy.stats import spearmanr

import uncertainty as un
from uncertainty.distributions import parse_distribution
from uncertainty.errors import StudyError
from uncertainty.sampling.copula import attainable
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
