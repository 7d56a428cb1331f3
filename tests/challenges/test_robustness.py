"""Other distributions for the same inputs, against closed forms."""

import math
from itertools import pairwise

import numpy as np
import pytest
from models import bounded, limit, space_of
from scipy.stats import norm, spearmanr

from uncertainty.challenges.alternatives import SHAPES, moved, reshaped, stretched
from uncertainty.challenges.robustness import examine_robustness, rank_shares
from uncertainty.distributions import Clipped, parse_distribution
from uncertainty.settings import Settings

U = np.linspace(0.001, 0.999, 999)
FREE = bounded("x", "1", 1)


def quantiles(made, *u):
    return made.quantile(np.array(u)).tolist()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("text", ["lognormal(10, 1.2)", "normal(-3, 2)", "gamma(30, 2)", "uniform(-1, 1)"])
def test_every_shape_keeps_the_ninety_per_cent_range(shape, text):
    own = parse_distribution(text)
    assert quantiles(reshaped(FREE, own, shape), 0.05, 0.95) == pytest.approx(quantiles(own, 0.05, 0.95))


def test_shapes_are_those_of_the_logarithm_for_what_is_positive():
    own = parse_distribution("lognormal(10, 2)")
    low, middle, high = (np.log(q) for q in quantiles(reshaped(FREE, own, "uniform"), 0.1, 0.5, 0.9))
    assert high - middle == pytest.approx(middle - low)
    assert quantiles(reshaped(FREE, own, "lognormal"), 0.3) == pytest.approx(quantiles(own, 0.3))
    width = math.log(2) * norm.ppf(0.95)
    edge = math.log(reshaped(FREE, own, "triangular").quantile(np.array([1 - 1e-12]))[0] / 10)
    assert edge == pytest.approx(width / (1 - math.sqrt(0.1)), rel=1e-4)


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_spread_is_multiplied_about_the_median(factor):
    stretched_one = stretched(FREE, parse_distribution("lognormal(10, 2)"), factor)
    assert stretched_one.quantile(U) == pytest.approx(10 * np.exp(factor * math.log(2) * norm.ppf(U)))
    linear = stretched(FREE, parse_distribution("normal(-3, 2)"), factor)
    assert linear.quantile(U) == pytest.approx(-3 + factor * 2 * norm.ppf(U))


def test_the_median_moves_by_its_share():
    assert quantiles(moved(FREE, parse_distribution("lognormal(10, 2)"), 0.5), 0.5) == pytest.approx([15])
    assert quantiles(moved(FREE, parse_distribution("normal(-4, 9)"), 0.25), 0.5) == pytest.approx([-3])


@pytest.mark.parametrize(
    "make",
    [lambda i, d: reshaped(i, d, "normal"), lambda i, d: stretched(i, d, 2.0), lambda i, d: moved(i, d, 0.5)],
)
def test_physical_limits_hold_and_cut_like_truncation(make):
    item = bounded("x", "1", 1, low=0, high=1)
    found = make(item, parse_distribution("beta(4, 2.7)")).quantile(U)
    assert 0 <= found.min() <= found.max() <= 1
    assert all(b > a for a, b in pairwise(found))


def test_a_positive_input_stays_positive_without_a_limit():
    assert reshaped(FREE, parse_distribution("lognormal(1, 4)"), "normal").quantile(U).min() > 0


def test_what_is_clipped_stays_clipped():
    own = parse_distribution("clip(lognormal(3, 2), low=1)")
    assert isinstance(own, Clipped)
    for made in (stretched(FREE, own, 2.0), moved(FREE, own, -0.1), reshaped(FREE, own, "triangular")):
        values = made.quantile(U)
        assert values.min() == 1
        assert np.count_nonzero(values == 1) > 10


def product(a, b):
    return {"y": a * b}


@pytest.fixture(scope="module")
def found():
    space = space_of(product, {"a": "lognormal(10, 2)", "b": "lognormal(2, 1.5)"})
    return examine_robustness(space, (limit(5.0),), Settings(seed=1))


def answers(found, kind):
    return {(a.change, a.input): a for a in found.of_kind(kind)}


def test_a_product_of_lognormals_answers_as_its_closed_form_does(found):
    sd = math.hypot(math.log(2), math.log(1.5))
    assert found.own.shares["given"].value == pytest.approx(norm.sf(math.log(0.25) / sd), abs=0.005)
    assert found.own.driver == "a"
    assert found.own.driver_share == pytest.approx(
        (6 / math.pi * math.asin(math.log(2) / sd / 2)) ** 2, abs=0.01
    )
    for factor in (0.5, 2.0):
        answer = answers(found, "spread")[factor, ""]
        assert answer.high.value == pytest.approx(20 * math.exp(factor * sd * norm.ppf(0.975)), rel=0.05)
        assert answer.shares["given"].value == pytest.approx(norm.sf(math.log(0.25) / sd / factor), abs=0.005)


def test_moving_a_factor_moves_a_product_as_far(found):
    for (share, name), answer in answers(found, "median").items():
        assert name in "ab"
        assert answer.median.value == pytest.approx(found.own.median.value * (1 + share), rel=1e-9)


def test_every_change_is_asked_of_every_input(found):
    assert [a.change for a in found.of_kind("shape")] == [*SHAPES]
    assert [a.change for a in found.of_kind("spread")] == [0.5, 2.0]
    assert len(found.of_kind("median")) == 12
    assert found.refused == ()


def test_discrete_and_empirical_inputs_are_left_alone_and_named():
    space = space_of(
        lambda n, e, x: {"y": n + e + x},
        {"n": "discrete(1, 2)", "e": "empirical(1, 2, 5)", "x": "normal(0, 1)"},
    )
    found = examine_robustness(space, (), Settings(seed=1))
    assert found.left_alone == ("n", "e")
    assert {a.input for a in found.of_kind("median")} == {"x"}
    only = space_of(lambda n: {"y": n}, {"n": "discrete(1, 2)"})
    assert examine_robustness(only, (), Settings()) == "every input that varies is discrete or empirical"


def test_a_change_that_leaves_nothing_is_refused_by_name():
    space = space_of(lambda x: {"y": x}, {"x": bounded("x", "uniform(1, 1.01)", 1, low=0.99, high=1.02)})
    found = examine_robustness(space, (), Settings(seed=1))
    assert all(0.99 <= a.low.value <= a.high.value <= 1.02 for a in found.answers)
    assert [line.split(":")[0] for line in found.refused] == [
        f"median {share} of x" for share in (-0.5, -0.25, -0.1, 0.1, 0.25, 0.5)
    ]


def test_without_a_varying_input_there_is_nothing_to_change():
    assert (
        examine_robustness(space_of(lambda x: {"y": x}, {"x": "fixed(1)"}), (), Settings())
        == "no input varies"
    )


def test_rank_shares_are_squared_spearman_correlations():
    rng = np.random.default_rng(1)
    inputs = np.stack([rng.random(500), rng.integers(0, 4, 500).astype(float), np.ones(500)])
    output = inputs[0] + 0.3 * inputs[1] + 0.1 * rng.random(500)
    exact = [spearmanr(row, output).statistic ** 2 for row in inputs[:2]]
    assert rank_shares(inputs, output) == pytest.approx([*exact, 0.0])
