"""Inputs are drawn again given the values that others keep, not given scores that no value tells."""

import itertools
import math

import numpy as np
import pytest
from exact_models import of_function
from scipy.stats import norm, truncnorm

from uncertainty.distributions import parse_distribution
from uncertainty.sampling.copula import make_copula
from uncertainty.sensitivity.conditional import Range, _draw_again, _sweeps
from uncertainty.sensitivity.shapley import shapley
from uncertainty.study.model import Correlation

HALF_LINE = 2 / math.pi
"""Square of the mean of a normal score that is known to be positive."""


def score_correlation(one, other, spearman):
    """Return the correlation of the normal scores behind two inputs."""
    marginals = [parse_distribution(text) for text in (one, other)]
    factor = make_copula([Correlation(("a", "b"), spearman)], ("a", "b"), marginals).factor
    return float((factor @ factor.T)[0, 1])


def explained_by_steps(limits, r):
    """Return the variance of the mean of a normal score given in which step a correlated one lies."""
    ends = np.array([-np.inf, *limits, np.inf])
    mass = np.diff(norm.cdf(ends))
    return r**2 * float((np.diff(norm.pdf(ends)) ** 2 / mass).sum())


# what the value of a explains of b alone, where b is normal and r the correlation of the scores
STEPS = {
    "discrete(0, 1)": (0.8, lambda r: HALF_LINE * r**2),
    "discrete(1, 2, 7, weights=(0.2, 0.5, 0.3))": (
        -0.6,
        lambda r: explained_by_steps(norm.ppf([0.2, 0.7]), r),
    ),
    "clip(normal(0, 1), low=0)": (0.7, lambda r: r**2 * (0.5 + 0.5 * HALF_LINE)),
    "mixture(0, uniform(1, 2), weights=(0.5, 0.5))": (0.5, lambda r: r**2 * (0.5 + 0.5 * HALF_LINE)),
    "empirical(1, 1, 2, 5)": (0.6, lambda r: explained_by_steps(norm.ppf([0.5, 0.75]), r)),
    "truncate(clip(normal(0, 1), low=0), high=30)": (0.4, lambda r: r**2 * (0.5 + 0.5 * HALF_LINE)),
}


@pytest.mark.parametrize("distribution", STEPS)
def test_an_input_without_effect_earns_half_of_what_its_values_tell(distribution):
    spearman, explained = STEPS[distribution]
    study = of_function(
        lambda a, b: {"y": b + 0 * a},
        {"a": distribution, "b": "normal(0, 1)"},
        correlations=[Correlation(("a", "b"), spearman)],
    )
    found = shapley(study, samples=2**12, level=0.9999).effects
    exact = explained(score_correlation(distribution, "normal(0, 1)", spearman)) / 2
    low, high = found["a"].interval
    assert low <= exact <= high
    assert high - low < 0.03
    assert found["b"].value == pytest.approx(1 - found["a"].value)


@pytest.mark.parametrize("target", [0.3, 0.8])
def test_two_yes_or_no_inputs_tell_no_more_together_than_their_quadrant(target):
    """Of y = b: means of b in the quadrants of two correlated scores have a closed form."""
    coin = "discrete(0, 1)"
    pairs = [("a", "c", target), ("a", "b", 0.5), ("c", "b", 0.3)]
    inputs = {"a": coin, "b": "normal(0, 1)", "c": coin}
    study = of_function(
        lambda a, b, c: {"y": b + 0 * (a + c)},
        inputs,
        correlations=[Correlation((one, other), s) for one, other, s in pairs],
    )
    between, r_a, r_c = (score_correlation(inputs[i], inputs[j], s) for i, j, s in pairs)
    slopes = np.linalg.solve([[1, between], [between, 1]], [r_a, r_c])
    both = 0.0
    for sign in (1, -1):
        # the mass of two quadrants, and the mean of b in them
        mass = 2 * (0.25 + math.asin(sign * between) / (2 * math.pi))
        mean = (slopes[0] + sign * slopes[1]) * (1 + sign * between) / math.sqrt(2 * math.pi) / mass
        both += mass * mean**2
    known = {
        frozenset("a"): HALF_LINE * r_a**2,
        frozenset("c"): HALF_LINE * r_c**2,
        frozenset("ac"): both,
        frozenset(): 0.0,
    }
    found = shapley(study, samples=2**13, level=0.9999).effects
    for name in "ac":
        exact = 0.0
        for order in itertools.permutations("abc"):
            before = frozenset(order[: order.index(name)])
            # once b is known nothing is left to explain
            exact += 0.0 if "b" in before else (known[before | {name}] - known[before]) / 6
        low, high = found[name].interval
        assert low <= exact <= high
        assert high - low < 0.03


def test_threads_change_no_bit_where_scores_are_drawn_again():
    study = of_function(
        lambda a, b, c: {"y": a + b * c},
        {"a": "discrete(0, 1)", "b": "normal(0, 1)", "c": "discrete(1, 2, 3)"},
        correlations=[Correlation(("a", "b"), 0.5), Correlation(("a", "c"), 0.5)],
    )
    one, three = (shapley(study, samples=2**9, threads=threads).effects for threads in (1, 3))
    assert one == three


@pytest.mark.parametrize(
    ("low", "high"), [(-1.0, 2.0), (0.2, np.inf), (-np.inf, -0.5), (9.0, 9.5), (-9.5, -9.0), (1.5, 1.5)]
)
@pytest.mark.parametrize("known", [1.5, 0.1, -1.5])
def test_a_score_within_a_range_is_a_truncated_normal_given_the_others(low, high, known):
    """Given the other score x, a score with correlation r has the mean r x and the variance 1 - r^2."""
    r, share = 0.6, np.array([0.0, 0.25, 0.5, 0.999, 1.0])
    precision = np.linalg.inv([[1, r], [r, 1]])
    scores = np.array([np.full(5, known), np.full(5, 0.3)])
    ends = Range(np.full(5, low), np.full(5, high))
    _draw_again(scores, 1, precision[1], ends, share)
    mean, sd = r * known, math.sqrt(1 - r**2)
    np.testing.assert_array_equal(scores[0], known)
    if low == high:
        np.testing.assert_array_equal(scores[1], low)
        return
    at = truncnorm((low - mean) / sd, (high - mean) / sd, loc=mean, scale=sd)
    # towards the lower tail: from the upper end down where the range lies above the mean
    np.testing.assert_allclose(
        scores[1], at.isf(share) if low + high > 2 * mean else at.ppf(share), rtol=1e-6
    )
    assert (low <= scores[1]).all()
    assert (scores[1] <= high).all()


def test_scores_are_drawn_again_until_no_more_than_a_half_percent_is_remembered():
    def between(r, count=2):
        return (1 - r) * np.eye(count) + r

    # two scores forget by the square of what binds them
    assert [_sweeps(between(r)) for r in (0.05, -0.5, 0.9, 0.9999)] == [
        1,
        math.ceil(math.log(0.005) / math.log(0.25)),
        math.ceil(math.log(0.005) / math.log(0.81)),
        200,
    ]
    assert _sweeps(between(0.0, 1)) == _sweeps(between(0.0, 4)) == 1
    # three that bind one another by r: the larger root of z^2 - (3 r^2 + r^3) z - r^3
    half = (3 * 0.3**2 + 0.3**3) / 2
    slowest = half + math.sqrt(half**2 + 0.3**3)
    assert _sweeps(between(0.3, 3)) == math.ceil(math.log(0.005) / math.log(slowest))
    assert _sweeps(between(2.0, 3)) == 200
