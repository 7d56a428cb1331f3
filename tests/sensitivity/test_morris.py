"""Morris screening finds what matters."""

import math

import numpy as np
import pytest
from exact_models import g_function, ishigami, of_function, portfolio
from scipy.special import ndtri
from scipy.stats import t
from variants import variants

from uncertainty import NonFiniteError, SettingError
from uncertainty.sensitivity.morris import EDGE, LONGEST, SHORTEST, _design, morris
from uncertainty.settings import Settings


def test_a_linear_model_has_its_slopes_as_effects():
    study = of_function(lambda a, b, c: {"y": 3 * a - b + 0 * c}, dict.fromkeys("abc", "uniform(0, 1)"))
    found = morris(study)
    assert list(found.inputs) == ["a", "b", "c"]
    for name, slope in (("a", 3), ("b", -1), ("c", 0)):
        effects = found.inputs[name]
        assert effects.mu / found.inputs["a"].mu == pytest.approx(slope / 3)
        assert effects.sigma == pytest.approx(0, abs=1e-9)
    # a change by 3 for the whole of the distribution, of which no step crosses more than a part
    assert found.inputs["a"].mu_star == pytest.approx(3)
    assert found.model_rows == found.trajectories * 4


def test_effects_are_changes_by_the_share_of_the_distribution_that_a_step_crosses():
    """Steps of a normal input, of random lengths as probabilities, by quadrature."""
    study = of_function(lambda b: {"y": b}, {"b": "normal(0, 1)"})
    found = morris(study, trajectories=2**12).inputs["b"]
    lengths = np.linspace(SHORTEST, LONGEST, 401)[:, None]
    starts = np.linspace(0, 1, 401) * (1 - lengths)
    span = 1 - 2 * EDGE
    crossed = ndtri(EDGE + span * (starts + lengths)) - ndtri(EDGE + span * starts)
    expected = np.trapezoid((crossed / lengths).mean(axis=1), lengths[:, 0]) / (LONGEST - SHORTEST) / span
    error = found.mu_star_half_width / 1.96
    assert found.mu_star == pytest.approx(expected, abs=4 * error)
    assert error < 0.005 * expected


@pytest.mark.parametrize(
    ("model", "unmoved"),
    [
        (lambda a, b: {"y": np.where((a > 0.999) & (b > 0.9), 1.0, 0.0)}, {"a", "b"}),
        (lambda a, b: {"y": a + np.where(b > 0.9999, 1e3, 0.0)}, {"b"}),
        (lambda a, b: {"y": a + 1e-9 * b}, set()),
    ],
)
def test_inputs_whose_steps_change_nothing_are_named(model, unmoved):
    found = morris(of_function(model, dict.fromkeys("ab", "uniform(0, 1)")), trajectories=32)
    assert {*found.unmoved} == unmoved


def periodic(periods):
    """Return a sum of sines of some periods, each with half the amplitude of the one before."""

    def model(**x):
        return {"y": sum(0.5**i * np.sin(2 * np.pi * p * x[f"x{i}"]) for i, p in enumerate(periods))}

    return of_function(model, {f"x{i}": "uniform(0, 1)" for i in range(len(periods))})


@pytest.mark.parametrize("seed", range(1, 5))
def test_no_period_of_a_model_hides_an_input(seed):
    """Steps of 4/7 of the range, of eight levels, nearly meet the period of x2."""
    found = morris(ishigami().study, trajectories=256, seed=seed).inputs
    assert list(found) == ["x1", "x2", "x3"]


@pytest.mark.parametrize("period", [0.5, 2 / 3, 1, 1.4, 1.75, 2, 3.5, 7])
def test_one_input_s_period_changes_nothing_about_the_others(period):
    """A sine of many periods moves by its amplitude whatever the period, at any step."""
    found = morris(periodic([period, period]), trajectories=512).inputs
    assert found["x0"].mu_star == pytest.approx(2 * found["x1"].mu_star, rel=0.2)
    assert found["x0"].mu_star > 0.6


def test_a_step_of_a_discrete_input_counts_whatever_its_place():
    """Jumps of equal size at different quantiles have effects of the same order."""
    study = of_function(
        lambda a, b, c: {"y": a + b + c},
        {
            "a": "discrete(0, 1)",
            "b": "discrete(0, 1, weights=(0.7, 0.3))",
            "c": "clip(normal(0, 0.01), low=0)",
        },
    )
    found = morris(study, trajectories=256).inputs
    assert list(found)[-1] == "c"
    assert 0.5 < found["b"].mu_star / found["a"].mu_star < 1.5


@pytest.mark.parametrize("trajectories", variants([8, 64], lambda trajectories: trajectories == 8))
@pytest.mark.parametrize("model", [ishigami, g_function])
def test_intervals_of_mean_effects_cover(model, trajectories):
    study = model().study
    exact = {n: row.mu_star for n, row in morris(study, trajectories=2**15).inputs.items()}
    hits = []
    for seed in range(60):
        rows = morris(study, trajectories=trajectories, seed=seed).inputs
        hits.append([abs(rows[n].mu_star - m) <= rows[n].mu_star_half_width for n, m in exact.items()])
    # inputs share trajectories, and so are no independent trials
    assert np.mean(hits) >= 0.95 - 2 * np.sqrt(0.95 * 0.05 / 60)


def test_scale_of_the_output_and_order_of_the_inputs_change_nothing_else():
    def model(a, b):
        return {"y": a * b + a}

    def negative(b, a):
        return {"y": -(2.0**400) * (a * b + a)}

    one, other = (morris(of_function(f, dict.fromkeys("ab", "normal(0, 1)"))) for f in (model, negative))
    for name, row in one.inputs.items():
        assert other.inputs[name].mu_star == 2.0**400 * row.mu_star
        assert other.inputs[name].mu == -(2.0**400) * row.mu


def test_screening_ranks_the_g_function():
    assert list(morris(g_function().study).inputs)[:3] == ["x1", "x2", "x3"]


def test_seed_0_is_a_seed_like_any_other():
    study = g_function().study
    assert morris(study, seed=0) == morris(study, seed=0)
    assert morris(study, seed=0) != morris(study, seed=1)


@pytest.mark.parametrize(
    ("study", "options", "message"),
    [
        (portfolio().study, {}, "inputs are correlated"),
        (g_function().study, {"trajectories": 1}, "expected at least 2, found 1"),
        (g_function().study, {"output": "z"}, 'unknown output "z"'),
    ],
)
def test_bad_requests_are_refused(study, options, message):
    with pytest.raises(SettingError, match=message):
        morris(study, **options)


@pytest.mark.parametrize("scale", ["linear", "log10"])
def test_outputs_that_are_not_finite_are_refused(scale):
    def model(x):
        return {"y": math.nan * x if scale == "linear" else x}

    with pytest.raises(NonFiniteError, match=r"outputs\.y"):
        morris(of_function(model, {"x": "uniform(-2, -1)"}, scale))


def test_settings_and_their_fields_say_the_same(small):
    settings = Settings(reading="carpool", seed=3, level=0.9)
    assert morris(small, settings=settings) == morris(small, reading="carpool", seed=3, level=0.9)
    assert morris(small, settings=settings) != morris(small)


def test_effects_are_means_and_deviations_of_rates_and_the_interval_that_of_the_mean_s_logarithm():
    study = of_function(lambda a, b: {"y": 1e200 * a * b}, dict.fromkeys("ab", "uniform(0, 1)"))
    found = morris(study, trajectories=8, level=0.9)
    effects = found.inputs["a"]
    # the rate at which a moves the output is b, the same at both ends of its step
    design, steps = _design(2, 8, found.about.settings.seed)
    rates = design[:, 0, 1]
    assert effects.mu == pytest.approx(1e200 * rates.mean(), rel=1e-9)
    assert effects.mu_star == pytest.approx(1e200 * rates.mean(), rel=1e-9)
    assert effects.sigma == pytest.approx(1e200 * rates.std(ddof=1), rel=1e-9)
    error = rates.std(ddof=1) / math.sqrt(8) * (1 + 1 / 8)
    half = 1e200 * rates.mean() * math.expm1(t.ppf(0.95, 7) * error / rates.mean())
    assert effects.mu_star_half_width == pytest.approx(half, rel=1e-9)
    ends = max(effects.mu_star - half, 0.0), effects.mu_star + half
    assert effects.mu_star_interval == pytest.approx(ends, rel=1e-9)
    assert (found.trajectories, found.model_rows, found.scale) == (8, 24, "linear")
    assert np.abs(steps).max() <= 0.75 * 0.95
    assert np.abs(steps).min() >= 0.25 * 0.95
    assert {True, False} == set((steps > 0).ravel().tolist())
    assert design.min() >= EDGE
    assert design.max() <= 1 - EDGE
    assert morris(study, trajectories=2).trajectories == 2


def test_a_table_and_findings_hold_every_effect():
    found = morris(ishigami().study, trajectories=16)
    rows = list(found.attributions())
    assert [each.key for each in rows] == list(found.inputs)
    assert len(found.table.columns["mu_star"]) == len(found.inputs)


def test_a_budget_holds_as_many_trajectories_as_it_may():
    study = of_function(lambda a, b, c: {"y": a + b * c}, dict.fromkeys("abc", "uniform(0, 1)"))
    found = morris(study, budget=43)
    assert (found.trajectories, found.model_rows) == (10, 40)
    with pytest.raises(SettingError, match="at least 8 model rows for a screening, found 7"):
        morris(study, budget=7)
