"""Estimates from draws: right values, errors that cover, and silence where nothing can be said."""

import math

import numpy as np
import pytest
from scipy.special import ndtri

from uncertainty.sampling.designs import blocks, make_design
from uncertainty.sampling.statistics import Draws, shortest_interval


def normal_draws(design, samples, seed):
    made = make_design(design, ("x", "y"), samples, seed)
    u = np.concatenate([b.copy() for b in made.uniforms(0, blocks(made))], axis=1)
    return Draws(ndtri(u[0]) + ndtri(u[1]), made.replicate_rows)


def test_quantiles_are_numpys():
    values = np.random.default_rng(1).normal(size=997)
    for p in (0.0, 0.025, 0.31, 0.5, 0.975, 1.0):
        assert Draws(values).quantile(p).value == pytest.approx(np.quantile(values, p), rel=1e-14)


def test_shortest_interval_of_an_exponential_begins_at_its_lowest_value():
    values = -np.log1p(-(np.arange(20_000) + 0.5) / 20_000)
    low, high = shortest_interval(values, 0.9)
    assert low == pytest.approx(0, abs=1e-4)
    assert high == pytest.approx(math.log(10), rel=1e-3)


def test_central_and_shortest_interval_agree_on_a_symmetric_quantity():
    draws = normal_draws("sobol", 2**17, seed=1)
    central, shortest = draws.interval(0.9, "central"), draws.interval(0.9, "shortest")
    for one, other in zip(central, shortest, strict=True):
        assert abs(one.value - other.value) < 5 * math.hypot(one.error, other.error)


@pytest.mark.parametrize("design", ["random", "lhs", "sobol"])
@pytest.mark.parametrize("statistic", ["mean", "sd", "median", "low", "high", "share"])
def test_errors_are_as_large_as_the_estimates_really_err(design, statistic):
    """Over 200 seeds the errors' root mean square must match the estimates' spread around the truth."""
    root = math.sqrt(2)
    truth = {
        "mean": 0,
        "sd": root,
        "median": 0,
        "low": -1.959964 * root,
        "high": 1.959964 * root,
        "share": 0.5 - 0.2602499,
    }
    estimates = {
        "mean": lambda d: d.mean,
        "sd": lambda d: d.sd,
        "median": lambda d: d.quantile(0.5),
        "low": lambda d: d.quantile(0.025),
        "high": lambda d: d.quantile(0.975),
        "share": lambda d: d.share_at_least(1.0),
    }
    found = [estimates[statistic](normal_draws(design, 4096, seed)) for seed in range(200)]
    misses = np.array([e.value - truth[statistic] for e in found])
    errors = np.array([e.error for e in found])
    ratio = np.sqrt(np.mean(misses**2) / np.mean(errors**2))
    # a root mean square of 200 values has a standard error of 5 %; that of 16 replicates adds a little
    assert 0.75 < ratio < 1.25


def test_moments_of_a_heavy_ratio_have_no_error_and_say_why():
    draws = Draws(np.exp(1.2 * normal_draws("random", 10_000, 1).values / math.sqrt(2)))
    assert draws.mean.error is None
    assert "log-sd of 1.2" in draws.mean.reason
    assert draws.quantile(0.5).error is not None


def test_moments_of_a_heavy_difference_have_no_error_either():
    values = np.random.default_rng(1).standard_cauchy(10_000)
    assert "kurtosis" in Draws(values).sd.reason


def test_geometric_sd_is_that_of_the_logarithm():
    z = normal_draws("sobol", 2**14, 1).values / math.sqrt(2)
    found = Draws(np.exp(0.3 * z), 1024).geometric_sd
    assert found.value == pytest.approx(math.exp(0.3), abs=5 * found.error)
    assert Draws(z, 1024).geometric_sd is None


def test_a_quantile_beyond_the_draws_has_no_error_and_says_why():
    found = Draws(np.arange(100.0)).quantile(0.999)
    assert found.error is None
    assert "fewer than 5 draws" in found.reason


def test_a_share_of_none_or_all_still_has_an_error():
    assert Draws(np.ones(300)).share_at_least(2).error == pytest.approx(0.01)
    assert Draws(np.ones(300)).share_at_least(1).error == pytest.approx(0.01)


def test_one_draw_and_constant_draws_are_answered():
    one = Draws(np.array([3.0]))
    assert one.quantile(0.5).value == 3
    assert one.interval(0.95, "shortest")[0].value == 3
    assert one.mean.error is None
    constant = Draws(np.full(64, 3.0), 4)
    assert constant.interval(0.95)[0].value == 3
    assert constant.sd.value == 0
    assert constant.quantile(0.5).error == 0
