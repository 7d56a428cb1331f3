"""The Gaussian copula meets Spearman targets and leaves marginals alone."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from uncertainty.distributions import parse_distribution
from uncertainty.errors import StudyError
from uncertainty.sampling.copula import _strongest, _weaker, make_copula
from uncertainty.study.model import Correlation

SAMPLES = 2**16


@pytest.mark.parametrize("target", [-0.95, -0.3, 0.0, 0.6, 0.9, 0.99])
def test_spearman_targets_are_met_within_sampling_error(target):
    copula = make_copula([Correlation(("a", "c"), target)], ("a", "b", "c"))
    u = np.random.default_rng(1).random((3, SAMPLES))
    untouched = u[1].copy()
    copula.apply(u)
    found = spearmanr(u[0], u[2]).statistic
    assert abs(found - target) < 5 * max(1 - target**2, 0.05) / np.sqrt(SAMPLES)
    np.testing.assert_array_equal(u[1], untouched)
    assert abs(spearmanr(u[0], u[1]).statistic) < 5 / np.sqrt(SAMPLES)


def test_marginals_stay_uniform():
    copula = make_copula([Correlation(("a", "b"), 0.8)], ("a", "b"))
    u = np.random.default_rng(2).random((2, SAMPLES))
    copula.apply(u)
    for row in u:
        distance = np.max(np.abs(np.sort(row) - (np.arange(SAMPLES) + 0.5) / SAMPLES))
        assert distance < 2 / np.sqrt(SAMPLES)


def test_three_inputs_keep_all_their_targets():
    targets = [Correlation(("a", "b"), 0.5), Correlation(("b", "c"), -0.4), Correlation(("a", "c"), 0.1)]
    copula = make_copula(targets, ("c", "a", "b"))
    u = dict(zip("cab", np.random.default_rng(3).random((3, SAMPLES)), strict=True))
    stacked = np.array(list(u.values()))
    copula.apply(stacked)
    u = dict(zip("cab", stacked, strict=True))
    for target in targets:
        one, other = target.inputs
        assert spearmanr(u[one], u[other]).statistic == pytest.approx(
            target.spearman, abs=5 / np.sqrt(SAMPLES)
        )


def test_a_pair_with_a_fixed_input_is_left_out():
    assert make_copula([Correlation(("a", "b"), 0.5)], ("a", "c")) is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (("discrete(0, 1)", "normal(0, 1)", "normal(0, 1)"), (0.8, -0.4, 0)),
        (("discrete(0, 1)", "discrete(0, 1)", "normal(0, 1)"), (0.8, 0.8, 0.5)),
        (("clip(normal(0, 1), low=0)", "normal(0, 1)", "discrete(1, 2, 3)"), (0.9, 0.85, 0.6)),
    ],
)
def test_targets_that_ties_put_out_of_reach_together_are_refused_with_some_that_are_not(texts, values):
    pairs = (("a", "b"), ("b", "c"), ("a", "c"))
    targets = [Correlation(*each) for each in zip(pairs, values, strict=True)]
    marginals = [parse_distribution(text) for text in texts]
    assert make_copula(targets, ("a", "b", "c")) is not None
    with pytest.raises(StudyError, match=r"s\.toml: correlations: cannot hold together, since") as caught:
        make_copula(targets, ("a", "b", "c"), marginals, "s.toml")
    listed = [text.split() for text in str(caught.value).split(": ")[-1].split(", ")]
    advised = [Correlation((one, other), float(value)) for one, _, other, value in listed]
    assert make_copula(advised, ("a", "b", "c"), marginals) is not None
    assert advised[0].spearman > 0.6


@pytest.mark.slow
@pytest.mark.parametrize("text", ["discrete(0, 1, weights=(.99, .01))", "discrete(0, 1, weights=(3, 1))"])
def test_targets_of_rare_values_are_met(text):
    marginals = [parse_distribution(text)] * 2
    copula = make_copula([Correlation(("a", "b"), 0.5)], ("a", "b"), marginals)
    u = np.random.default_rng(11).random((2, 2**20))
    copula.apply(u)
    found = spearmanr(*(marginals[0].quantile(row) for row in u)).statistic
    # of a hundredth of the draws, the ones that agree are known to about one in sixty
    assert found == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize(
    "texts",
    [
        ("discrete(0, 1)", "discrete(0, 1)"),
        ("discrete(0, 1)", "normal(0, 1)"),
        ("discrete(0, 1, weights=(9, 1))", "discrete(0, 1)"),
        ("clip(normal(0, 1), low=1)", "discrete(1, 2, 3)"),
    ],
)
@pytest.mark.parametrize("target", [0.999, -0.999])
def test_a_target_that_ties_put_out_of_reach_is_refused_with_a_range_that_is_not(texts, target):
    marginals = [parse_distribution(text) for text in texts]
    with pytest.raises(StudyError, match=r"999 between a and b cannot be reached") as caught:
        make_copula([Correlation(("a", "b"), target)], ("a", "b"), marginals)
    for end in str(caught.value).split("attainable are ")[1].split(" to "):
        assert make_copula([Correlation(("a", "b"), float(end))], ("a", "b"), marginals) is not None


def test_targets_that_cannot_hold_are_weakened_by_one_factor_in_each_set_of_their_own():
    """Scores that agree by r with a third and by -s with one another need 1 - 2 r^2 - s^2 - 2 r^2 s > 0."""
    sets = {"abc": (0.9, -0.5), "def": (0.8, -0.64), "ghi": (0.5, 0.3)}
    targets = [
        Correlation(pair, pearson=value)
        for (one, other, last), (r, s) in sets.items()
        for pair, value in (((one, other), r), ((other, last), r), ((one, last), s))
    ]
    marginals = dict.fromkeys("abcdefghi", parse_distribution("normal(1, 2)"))
    found = {pair.inputs: pair.pearson for pair in _weaker(targets, marginals)}
    assert found.keys() == {
        tuple(pair) for name in ("abc", "def") for pair in (name[:2], name[1:], name[::2])
    }
    for (one, other, last), (r, s) in list(sets.items())[:2]:
        shares = np.arange(256, 0, -1) / 256
        near = [(round(share * r, 2), round(share * s, 2)) for share in shares]
        holding = next((a, b) for a, b in near if 1 - 2 * a**2 - b**2 + 2 * a**2 * b > 0)
        assert (found[one, other], found[other, last], found[one, last]) == (holding[0], *holding)


def test_of_what_no_correlation_of_one_sign_is_reached_the_strongest_is_none():
    wide, narrow = (parse_distribution(f"lognormal(median=1, sigma={sigma})") for sigma in (6, 0.5))
    assert _strongest("pearson", wide, wide, -1) == 0.0
    # (exp(-s^2) - 1) / (exp(s^2) - 1), and what scores of 0.9999 reach
    assert _strongest("pearson", narrow, narrow, -1) == pytest.approx(-np.exp(-0.25), abs=1e-3)
    assert _strongest("pearson", narrow, narrow, 1) == 0.999
