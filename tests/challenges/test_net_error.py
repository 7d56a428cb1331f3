"""What combinations of choices and other distributions say is as far off as their net of cases puts it."""

import numpy as np
import pytest
from scipy import optimize, stats

import uncertainty as un
from uncertainty.challenges.multiverse import make_multiverse
from uncertainty.challenges.normalspace import make_normal_space
from uncertainty.challenges.response import make_response
from uncertainty.challenges.robustness import examine_robustness
from uncertainty.challenges.thresholds import thresholds
from uncertainty.sampling.nesting import over_unknown
from uncertainty.settings import Settings

SEEDS = 12

STUDY = """
format = 1
[study]
title = "An average over cases"
headline = "o"
[inputs.s]
unit = "1"
point = 0.4
distribution = "{narrow}"
[inputs.a]
unit = "1"
point = 1
distribution = "lognormal(1, 1.3)"
[inputs.v]
unit = "1"
point = 0
distribution = "normal(0, 1)"
kind = "variability"
[outputs.o]
unit = "1"
value = "{value}"
over = "{over}"
reference = 2
[choices.known]
question = "How well is s known?"
[choices.known.options.well]
label = "well"
[choices.known.options.badly]
label = "badly"
inputs = {{ s = "{wide}" }}
"""

NARROW, WIDE = (0.3, 0.5), (0.2, 1.6)


def exponential(s):
    return np.exp(s**2 / 2)


def squared(s):
    return np.exp(2 * s**2)


def beyond(s):
    return stats.norm.sf(0.5 / s)


def study_of(tmp_path, value, over="average"):
    path = tmp_path / "study.toml"
    narrow, wide = (f"uniform({low}, {high})" for low, high in (NARROW, WIDE))
    path.write_text(STUDY.format(value=value, over=over, narrow=narrow, wide=wide))
    return un.load_study(path)


def exact(mean, ends):
    """Return the quantiles and the share at 2 or above of a mean, known given s, times a lognormal."""
    nodes, weights = np.polynomial.legendre.leggauss(400)
    known = np.log(mean(ends[0] + (ends[1] - ends[0]) * (nodes + 1) / 2))

    def below(x):
        return float(weights / 2 @ stats.norm.cdf((np.log(x) - known) / np.log(1.3)))

    found = {
        name: optimize.brentq(lambda x, p=p: below(x) - p, 1e-6, 1e4)
        for name, p in (("median", 0.5), ("low", 0.025), ("high", 0.975))
    }
    return found | {"share": 1 - below(2)}


def off(found, right, among=("median", "low", "high")):
    """Return by how many errors numbers lie off what is right."""
    return [(each.value - right[name]) / each.error for name in among if (each := getattr(found, name)).error]


def share_off(found, right):
    each = found.shares["reference"]
    return [] if each.error is None else [(each.value - right["share"]) / each.error]


def check(away):
    """Most lie within 1.96 errors, and their size is that of the errors."""
    away = np.array(away)
    assert np.mean(np.abs(away) < 1.96) > 0.88
    assert np.sqrt(np.mean(away**2)) < 1.25


@pytest.mark.parametrize(
    ("value", "mean"),
    [
        ("average(exp(s*v))*a", exponential),
        pytest.param("average(exp(s*v)**2)*a", squared, marks=pytest.mark.slow),
        pytest.param("average(s*v > 0.5)*4*a", None, marks=pytest.mark.slow),
    ],
)
def test_combinations_are_off_by_their_own_errors(tmp_path, value, mean):
    study = study_of(tmp_path, value)
    mean = mean or (lambda s: 4 * beyond(s))
    right = {"well": exact(mean, NARROW), "badly": exact(mean, WIDE)}
    away = []
    for seed in range(1, 1 + SEEDS):
        for each in make_multiverse(study, "o", Settings(seed=seed), threads=1).universes:
            known = right[each.options["known"]]
            away += off(each.found, known) + share_off(each.found, known)
    check(away)


def test_the_net_of_the_first_combination_is_too_small_for_another_and_says_so(tmp_path):
    study = study_of(tmp_path, "average(exp(s*v))*a")
    found = make_multiverse(study, "o", Settings(seed=3), threads=1).universe({"known": "badly"}).found
    right = exact(exponential, WIDE)
    # of draws alone the error would be 0.0025
    assert 0.01 < found.shares["reference"].error < 0.08
    assert abs(found.shares["reference"].value - right["share"]) < 3 * found.shares["reference"].error


def robustness_of(study, seed, known="well"):
    settings = Settings(seed=seed, choices={"known": known})
    plan = over_unknown(settings.scenario(study), ["o"], seed)
    space = make_normal_space(make_response(plan, "o"))
    return examine_robustness(space, thresholds(study.outputs["o"]), settings)


@pytest.mark.slow
def test_other_distributions_are_off_by_their_own_errors(tmp_path):
    study = study_of(tmp_path, "average(exp(s*v))*a")
    away = []
    for seed in range(1, 1 + SEEDS):
        found = robustness_of(study, seed, "badly")
        away += off(found.own, exact(exponential, WIDE))
    check(away)


@pytest.mark.slow
def test_the_median_case_is_off_by_its_own_error(tmp_path):
    # the median of exp(s*v + s) over cases is exp(s)
    study = study_of(tmp_path, "exp(s*v + s)*a", over="median")
    right = {"well": exact(np.exp, NARROW), "badly": exact(np.exp, WIDE)}
    away = []
    for seed in range(1, 1 + SEEDS):
        for each in make_multiverse(study, "o", Settings(seed=seed), threads=1).universes:
            away += off(each.found, right[each.options["known"]])
    check(away)
