"""What speaks of all cases is studied over what nobody knows: sensitivity, budgets, break-even, choices."""

import math

import numpy as np
import pytest
from scipy.special import gamma

import uncertainty as un
from uncertainty.sampling.case_model import versions_of
from uncertainty.sampling.cases import SCRAMBLES
from uncertainty.settings import Settings

STUDY = """
format = 1
[study]
title = "Emission of trips"
headline = "trips"
[inputs.intensity]
unit = "1"
point = 150
distribution = "lognormal(150, 1.1)"
[inputs.load]
unit = "1"
point = 2
distribution = "lognormal(2, 1.2)"
[inputs.distance]
unit = "1"
point = 10
kind = "variability"
distribution = "lognormal(mean=10, sd=10)"
[equations]
detour = "1"
[outputs.trips]
value = "average(intensity * distance * detour) / load"
unit = "1"
published = 700
claim = "at least"
reference = 600
scale = "log10"
[outputs.trip]
value = "intensity * distance * detour / load"
unit = "1"
scale = "log10"
[choices.route]
[choices.route.options.straight]
[choices.route.options.round]
equations = { detour = "sqrt(distance)" }
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    path = tmp_path_factory.mktemp("trips") / "trips.toml"
    path.write_text(STUDY, encoding="utf-8")
    return un.load_study(path)


PARTS = math.log(1.1) ** 2, math.log(1.2) ** 2
SHARES = {"intensity": PARTS[0] / sum(PARTS), "load": PARTS[1] / sum(PARTS)}
"""Of the variance of the logarithm, all of which nobody knows."""


def test_indices_of_an_average_are_over_what_nobody_knows(study):
    found = un.sobol(study, output="trips", samples=2**11).outputs["trips"].indices
    assert found.keys() == SHARES.keys()
    for name, share in SHARES.items():
        assert pytest.approx(share, abs=0.02) == found[name].S1
    single = un.sobol(study, output="trip", samples=2**11).outputs["trip"].indices
    assert "distance" in single
    assert single["distance"].S1 > 0.9


def test_shapley_effects_and_elementary_ones_know_no_cases(study):
    shapley = un.shapley(study, output="trips", samples=2**10).effects
    assert {name: each.value for name, each in shapley.items()} == pytest.approx(SHARES, abs=0.03)
    assert un.morris(study, output="trips").inputs.keys() == SHARES.keys()


def test_draws_of_an_average_are_of_what_nobody_knows(study):
    sample = un.draw_sample(study, output="trips", samples=2**11)
    assert sample.inputs.keys() == SHARES.keys()
    ratio = sample.inputs["intensity"] / sample.inputs["load"] * 10
    np.testing.assert_allclose(sample.outputs["trips"], ratio, rtol=1e-6)


def test_a_tornado_and_a_budget_move_what_nobody_knows(study):
    tornado = un.tornado(study, output="trips")
    assert tornado.paths.keys() == SHARES.keys()
    assert tornado.base == pytest.approx(750, rel=1e-6)
    budget = un.linear_budget(study, output="trips")
    assert budget.lines.keys() == SHARES.keys()


@pytest.mark.slow
def test_a_challenge_asks_what_would_have_to_be_true_of_the_average(study):
    found = un.challenge(study, output="trips", samples=2**15).outputs["trips"]
    assert "distance" not in found.break_even
    # at the points it is 750, and 600 at an intensity of 120
    values = [each.value for each in found.break_even["intensity"] if each.value is not None]
    assert any(value == pytest.approx(120, rel=1e-3) for value in values)
    medians = [universe.median for universe in found.multiverse.universes]
    log = math.log(2)
    mean_of_powers = 10 / math.sqrt(2) * math.exp(1.5**2 * log / 2) * math.sqrt(10 / math.sqrt(2))
    assert medians[0] == pytest.approx(750, rel=0.01)
    assert medians[1] == pytest.approx(75 * mean_of_powers, rel=0.05)


def test_outputs_of_both_kinds_are_asked_for_apart(study):
    with pytest.raises(un.SettingError, match='"trips" speaks of all cases together and "trip" of single'):
        un.draw_sample(study, samples=2**10)


def test_indices_of_outputs_of_both_kinds_stand_side_by_side(study):
    both = un.sobol(study, samples=2**10).outputs
    assert list(both) == ["trips", "trip"]
    assert both["trips"].indices.keys() == SHARES.keys()
    assert "distance" in both["trip"].indices


def test_a_correlation_with_what_differs_makes_an_unknown_matter(tmp_path):
    """The output is computed from the distance alone, whose cases follow what nobody knows."""
    text = STUDY.replace("average(intensity * distance * detour) / load", "average(distance)")
    text += '\n[[correlations]]\ninputs = ["intensity", "distance"]\nspearman = 0.6\n'
    (tmp_path / "trips.toml").write_text(text, encoding="utf-8")
    bound = un.load_study(tmp_path / "trips.toml")
    found = un.sobol(bound, output="trips", samples=2**10).outputs["trips"].indices
    assert abs(found["intensity"].S1 - 1) < 0.02
    spread = un.propagate(bound, settings=Settings(samples=2**16), outputs=["trips"]).outputs["trips"].ends
    r, sigma = 2 * math.sin(math.pi / 6 * 0.6), math.sqrt(math.log(2))
    for end, z in zip(spread, (-1.96, 1.96), strict=True):
        # of scores around r z with the variance that is left
        true = 10 / math.sqrt(2) * math.exp(r * sigma * z + (1 - r**2) * sigma**2 / 2)
        assert abs(end.value - true) < 3 * end.error


def powers(unknown, beside, varied):
    """Return a study of the average over v of ``v ** u``, beside w."""
    return f"""
format = 1
[study]
title = "An average that bends with what nobody knows"
headline = "y"
[inputs]
u = {{ unit = "1", point = 1.5, distribution = "{unknown}" }}
w = {{ unit = "1", point = 0, distribution = "{beside}" }}
v = {{ unit = "1", point = 0.5, distribution = "{varied}", kind = "variability" }}
[outputs]
y = {{ value = "v**u + w", unit = "1", over = "average" }}
"""


def share_of(average, low, high, sd):
    """Return which share of the variance an average over the cases has beside a normal quantity."""
    u = low + (high - low) * (np.arange(2**16) + 0.5) / 2**16
    variance = np.var(average(u))
    return variance / (variance + sd**2)


SHARES_OF_POWERS = [
    (("uniform(1, 3)", "normal(0, 1)", "exponential(1)"), share_of(lambda u: gamma(u + 1), 1, 3, 1)),
    (("uniform(1, 2)", "normal(0, 0.03)", "uniform(0, 1)"), share_of(lambda u: 1 / (1 + u), 1, 2, 0.03)),
    (("uniform(1, 3)", "normal(0, 0.1)", "uniform(0, 2)"), share_of(lambda u: 2**u / (1 + u), 1, 3, 0.1)),
]


@pytest.mark.slow
@pytest.mark.parametrize(("given", "true"), SHARES_OF_POWERS)
def test_intervals_of_indices_allow_for_what_the_net_of_cases_gets_wrong(tmp_path, given, true):
    path = tmp_path / "powers.toml"
    path.write_text(powers(*given), encoding="utf-8")
    study, covered = un.load_study(path), []
    for seed in range(10):
        found = un.sobol(study, samples=2**8, seed=seed, threads=1).outputs["y"].indices
        for name, share in (("u", true), ("w", 1 - true)):
            low, high = found[name].S1_interval
            covered.append(low <= share <= high)
            assert high - low < 0.6
    # three standard errors below 95 %; both indices err together
    assert np.mean(covered) >= 0.95 - 3 * math.sqrt(0.95 * 0.05 / 10)


def test_a_net_with_means_beyond_numbers_says_nothing_of_its_own():
    """Whoever asks refuses what is not finite, in words; numpy warns of nothing."""
    scrambles = np.ones((SCRAMBLES, 2))
    scrambles[:2, 0] = math.inf, -math.inf
    found = versions_of(scrambles, SCRAMBLES + 1)
    assert found.shape == (SCRAMBLES + 1, 2)
    assert np.isnan(found[0, 0])
    assert found[:, 1].tolist() == [1.0] * (SCRAMBLES + 1)
