"""Rare values of inputs that no draw has met: moments that these move have no error."""

from __future__ import annotations

import math

import numpy as np
import pytest

from uncertainty import load_study, propagate
from uncertainty.distributions import parse_distribution
from uncertainty.sampling.estimate import Estimate, Unmet, told_unmet
from uncertainty.sampling.unmet_atoms import unmet

CASES = """
[inputs.h]
unit = "1"
point = 0
distribution = "normal(0, 1)"
kind = "variability"
"""


def _study(tmp_path, rare: str, value: str, *, over: str = "case", more: str = ""):
    path = tmp_path / "rare.toml"
    text = f"""
format = 1
[study]
title = "Rare"
headline = "y"
[inputs.x]
unit = "1"
point = 1
distribution = "{rare}"
[inputs.w]
unit = "1"
point = 1
distribution = "normal(1, 0.1)"
{more}
[outputs.y]
value = "{value}"
unit = "1"
over = "{over}"
"""
    path.write_text(text, encoding="utf-8")
    return load_study(path)


def _moments(study, samples: int, seeds, design: str = "sobol"):
    for seed in seeds:
        draws = propagate(study, samples=samples, seed=seed, design=design).outputs["y"].draws
        yield draws.mean, draws.sd


@pytest.mark.parametrize(
    ("rare", "value", "samples"),
    [
        ("bernoulli(0.0004)", "90*w + 5000*x", 1000),
        ("discrete(1, 5, 9, 100, weights=(10, 5, 3, 0.005))", "x + w", 1000),
        ("mixture(normal(0, 1), normal(5000, 1), weights=(0.9996, 0.0004))", "x + w", 1000),
        ("bernoulli(1e-9)", "w + 1e12*x", 4096),
    ],
)
@pytest.mark.parametrize("design", ["sobol", "random"])
def test_moments_that_a_value_no_draw_has_moves_have_no_error(tmp_path, rare, value, samples, design):
    study = _study(tmp_path, rare, value)
    distribution = parse_distribution(rare)
    factor = {"90*w + 5000*x": 5000, "w + 1e12*x": 1e12}.get(value, 1)
    own = 90 if value.startswith("90") else 1
    mean, sd = own + factor * distribution.mean, math.hypot(own / 10, factor * distribution.sd)
    untold = 0
    for found_mean, found_sd in _moments(study, samples, range(1, 9), design):
        for found, exact in ((found_mean, mean), (found_sd, sd)):
            untold += found.error is None
            assert found.error is None or abs(found.value - exact) < 4 * found.error
        if found_sd.value < sd / 2 and found_sd.error is None:
            assert found_sd.rests_on_too_few
    assert untold


@pytest.mark.parametrize("value", ["w + 1e-6*x", "w + 0*x", "where(x > 2, 5, w)"])
def test_moments_that_it_hardly_moves_keep_their_errors(tmp_path, value):
    study = _study(tmp_path, "bernoulli(0.0001)", value)
    for mean, sd in _moments(study, 1000, range(1, 5)):
        assert mean.error is not None
        assert sd.error is not None
        assert abs(mean.value - 1) < 4 * mean.error


@pytest.mark.parametrize("rare", ["poisson(3)", "binomial(50, 0.1)", "clip(normal(1, 0.3), low=0)"])
def test_the_ends_of_counts_are_no_events(tmp_path, rare):
    study, distribution = _study(tmp_path, rare, "x + w"), parse_distribution(rare)
    for mean, sd in _moments(study, 4096, range(1, 9)):
        assert mean.error is not None
        assert abs(mean.value - 1 - distribution.mean) < 4 * mean.error
        assert sd.error is not None


@pytest.mark.parametrize(
    ("rare", "mean"),
    [("discrete(1, 5, 9, 100, weights=(10, 5, 3, 0.02))", 64 / 18.02 + 1), ("bernoulli(0.0007)", 1.0007)],
)
def test_so_have_averages_over_cases_of_few_draws(tmp_path, rare, mean):
    study = _study(tmp_path, rare, "x + w + h", over="average", more=CASES)
    for found, sd in _moments(study, 2**17, range(1, 9)):
        assert found.error is None or abs(found.value - mean) < 4 * found.error
        if found.error is None:
            assert sd.error is None


def test_what_a_value_adds_is_what_a_mixture_has():
    usual, changed = np.array([1.0, 2.0, 3.0]), np.array([11.0, 12.0, 13.0])
    found = unmet(0.25, usual, changed, 2.0)
    mixed = 0.75 * usual.var() + 0.25 * np.square(changed - 2).mean()
    assert found.first == pytest.approx(0.25 * 10)
    assert found.second + usual.var() == pytest.approx(mixed)
    assert found.of_sd(float(usual.std())) == pytest.approx(math.sqrt(mixed) - usual.std())
    assert Unmet(0.5, 0.0, -10.0).of_sd(1.0) == -1.0


def test_as_many_draws_are_asked_for_as_nearly_always_meet_it():
    found = told_unmet(Estimate(3.0, 0.1), [(0.001, 0.2), (1e-5, 0.1)])
    assert (found.value, found.error) == (3.0, None)
    # 10 or more of 18,000 with a probability of 98 % (a Poisson count of 18)
    assert found.reason == "Too few draws met the event; `--samples 18000` would give enough."
    assert told_unmet(Estimate(3.0, 0.1), [(0.001, 0.19)]).error == 0.1
    assert told_unmet(Estimate(3.0, None, "why"), [(0.001, 9.0)]).reason == "why"
