"""Draws that share values, and moments of every weight of tail."""

import numpy as np
import pytest
from coverage_studies import error, repeated
from scipy.optimize import brentq
from scipy.stats import gamma

import uncertainty as un
from uncertainty.sampling.statistics import Draws

N = 2**14


def test_a_figure_that_many_draws_have_is_met_whatever_the_unit():
    for unit in ("cm", "percent", "mile", "year"):
        study = un.Study.from_function(
            lambda x: {"y": x}, {"x": "discrete(1, 3, 29)"}, units={"x": unit, "y": unit}
        )
        draws = un.propagate(study, samples=3 * 2**10).outputs["y"].draws
        assert draws.share_at_least(29).value == pytest.approx(1 / 3, abs=0.01)
        assert draws.share_below(29).value == pytest.approx(2 / 3, abs=0.01)
        assert draws.share_at_most(3).value == pytest.approx(2 / 3, abs=0.01)
        assert draws.share_within(3, 29).value == pytest.approx(2 / 3, abs=0.01)


def test_a_figure_in_a_study_s_unit_is_at_the_draws_that_have_it(write_study):
    text = (
        'format = 1\n[study]\ntitle = "t"\nheadline = "y"\n[inputs.x]\nunit = "cm"\npoint = 29\n'
        'distribution = "discrete(1, 3, 29)"\n[outputs.y]\nunit = "cm"\nvalue = "x"\npublished = 29\n'
    )
    summary = un.propagate(un.load_study(write_study(text)), samples=3 * 2**10).headline.summary
    assert summary["published_percentile"].value == pytest.approx(200 / 3, abs=1)
    assert summary["probability_at_least_published"].value == pytest.approx(1 / 3, abs=0.01)


@pytest.mark.parametrize("replicate_rows", [64, 128])
def test_a_quantile_at_a_jump_is_as_uncertain_as_which_side_it_is_on(replicate_rows):
    """Half the draws, about, are below 1 and the others are 10: the median may be either."""
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(200):
        values = np.where(rng.random(2048) < 0.5005, rng.random(2048), 10.0)
        found = Draws(values, replicate_rows).quantile(0.5)
        # where the estimate is on the wrong side, its error must reach across
        covered += abs(found.value - 1) <= 1.96 * found.error + 0.02
    # of 200 repeats at 95 %, less two standard errors
    assert covered / 200 >= 0.95 - 2 * np.sqrt(0.95 * 0.05 / 200)


HEAVY = {
    "student": lambda rng: 1e9 + rng.standard_t(1, N),
    "inverse": lambda rng: 1 + 0.01 / rng.random(N),
    "power": lambda rng: rng.random(N) ** -0.9,
    "shifted lognormal": lambda rng: 100 + np.exp(2 * rng.standard_normal(N)),
    "lognormal": lambda rng: np.exp(2.5 * rng.standard_normal(N)),
}
LIGHT = {
    "square": lambda rng: rng.random(N) ** 2,
    "uniform": lambda rng: rng.random(N),
    "exponential": lambda rng: rng.exponential(size=N),
    "chi-squared": lambda rng: rng.chisquare(4, N),
    "beta": lambda rng: rng.beta(0.2, 1, N),
    "lognormal": lambda rng: np.exp(0.4 * rng.standard_normal(N)),
}


@pytest.mark.parametrize("name", HEAVY)
def test_moments_that_do_not_settle_have_no_error_wherever_they_lie(name):
    for seed in range(20):
        found = Draws(HEAVY[name](np.random.default_rng(seed)))
        assert found.mean.error is None
        assert "moments do not settle" in found.sd.reason


@pytest.mark.parametrize("name", LIGHT)
def test_moments_that_settle_have_errors_however_wide_the_logarithm_is(name):
    found = [Draws(LIGHT[name](np.random.default_rng(seed))) for seed in range(20)]
    assert all(draws.mean.error is not None for draws in found)
    # now and then one draw lies so far out that it alone would decide
    assert sum(draws.sd.error is not None for draws in found) >= 14


@pytest.mark.parametrize("design", ["random", "sobol", "lhs"])
@repeated(100, 400)
def test_errors_of_the_shortest_interval_s_ends_cover_them(design, repeats):
    """The ends of a gamma quantity's shortest 95 % interval have equal densities, which gives them."""
    study = un.Study.from_function(lambda x: {"y": x}, {"x": "gamma(3, 1)"})
    low = brentq(lambda x: gamma(3).pdf(gamma(3).ppf(gamma(3).cdf(x) + 0.95)) - gamma(3).pdf(x), 0.01, 0.7)
    exact = low, gamma(3).ppf(gamma(3).cdf(low) + 0.95)
    covered = np.zeros(2)
    for seed in range(repeats):
        draws = un.propagate(study, samples=2**14, seed=seed, design=design).outputs["y"].draws
        for end, found in enumerate(draws.interval(0.95, "shortest")):
            covered[end] += abs(found.value - exact[end]) <= 2 * found.error
    assert (covered / repeats >= 0.95 - 3 * error(0.95, repeats)).all()
