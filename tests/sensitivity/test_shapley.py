"""Shapley effects meet closed forms for linear models of correlated normal inputs."""

import itertools
import math

import numpy as np
import pytest
from coverage_studies import assert_near_95_percent, repeated
from exact_models import of_function
from variants import variants

from uncertainty import NonFiniteError, SettingError, Study, load_study, morris, sobol
from uncertainty.sampling.nesting import over_unknown
from uncertainty.sensitivity.given_data import given_data
from uncertainty.sensitivity.sample import draw_sample
from uncertainty.sensitivity.shapley import _prepare, shapley
from uncertainty.settings import Settings
from uncertainty.study.model import Correlation


def exact_effects(weights, covariance):
    """Average what each input adds to the explained variance over all orders (Owen & Prieur 2017)."""
    weights, covariance = np.array(weights), np.array(covariance)
    count = len(weights)
    whole = weights @ covariance @ weights

    def explained(members):
        if not members:
            return 0.0
        own = list(members)
        with_output = covariance[own] @ weights
        return with_output @ np.linalg.solve(covariance[np.ix_(own, own)], with_output)

    effects = np.zeros(count)
    for player in range(count):
        others = [i for i in range(count) if i != player]
        for size in range(count):
            share = 1 / (count * math.comb(count - 1, size))
            for members in itertools.combinations(others, size):
                effects[player] += share * (explained((*members, player)) - explained(members))
    return effects / whole


def linear(weights, sds, correlations):
    def model(**x):
        return {"y": sum(w * x[f"x{i + 1}"] for i, w in enumerate(weights))}

    inputs = {f"x{i + 1}": f"normal(0, {sd})" for i, sd in enumerate(sds)}
    pairs = [
        Correlation((f"x{i + 1}", f"x{j + 1}"), 6 / math.pi * math.asin(r / 2))
        for (i, j), r in correlations.items()
    ]
    matrix = np.diag(np.square(sds).astype(float))
    for (i, j), r in correlations.items():
        matrix[i, j] = matrix[j, i] = r * sds[i] * sds[j]
    return of_function(model, inputs, correlations=pairs), exact_effects(weights, matrix)


CASES = {
    "two correlated of three": ((1, 1, 1), (1, 1, 2), {(1, 2): 0.6}),
    "negative correlation": ((1, 2, -1), (1, 1, 1), {(0, 1): -0.8, (1, 2): 0.3}),
    "independent": ((3, 2, 1), (1, 1, 1), {}),
    "an input that matters through another alone": ((1, 0, 1), (1, 1, 1), {(0, 1): 0.9}),
    "ten inputs": (range(1, 11), (1,) * 10, {(0, 9): 0.7, (9, 3): -0.4, (4, 5): 0.5}),
}


@pytest.mark.parametrize("case", variants(CASES, lambda case: case != "ten inputs"))
def test_effects_of_linear_models_lie_within_their_intervals(case):
    study, exact = linear(*CASES[case])
    found = shapley(study, samples=2**11, seed=2, level=0.999)
    assert found.every_order is (len(exact) <= 8)
    for name, effect in zip(study.inputs, exact, strict=True):
        low, high = found.effects[name].interval
        assert low <= effect <= high
        assert high - low < 0.1
    assert sum(share.value for share in found.effects.values()) == pytest.approx(1, abs=1e-9)


def test_effects_of_independent_inputs_lie_between_first_order_and_total_indices():
    study = of_function(lambda x1, x2: {"y": x1 * x2 + x1}, dict.fromkeys(("x1", "x2"), "normal(0, 1)"))
    effects = shapley(study, samples=2**12).effects
    indices = sobol(study, samples=2**12, tolerance=0).outputs["y"].indices
    for name, effect in effects.items():
        assert indices[name].S1 - 0.02 <= effect.value <= indices[name].ST + 0.02


def test_every_order_and_drawn_orders_agree(monkeypatch):
    study, exact = linear((1, 2, 3, 4), (1, 1, 1, 1), {(0, 3): 0.8})
    monkeypatch.setattr("uncertainty.sensitivity.shapley.MOST_EXACT", 2)
    found = shapley(study, samples=2**11, level=0.999)
    assert not found.every_order
    for name, effect in zip(study.inputs, exact, strict=True):
        assert found.effects[name].interval[0] <= effect <= found.effects[name].interval[1]


@pytest.mark.parametrize("case", ["two correlated of three", "negative correlation"])
@repeated(300, 1000)
def test_intervals_cover_between_92_and_98_percent(case, repeats):
    study, exact = linear(*CASES[case])
    hits = []
    for seed in range(repeats):
        found = shapley(study, samples=2**10, seed=seed, threads=1).effects
        hits.append(
            [
                found[n].interval[0] <= e <= found[n].interval[1]
                for n, e in zip(study.inputs, exact, strict=True)
            ]
        )
    shares = np.mean(hits, axis=0)
    print(f"\n{case}: {np.round(100 * shares, 1)} %")
    assert_near_95_percent(shares, repeats)


@pytest.mark.parametrize("design", ["random", "lhs"])
def test_every_design_serves(design):
    study, exact = linear(*CASES["negative correlation"])
    found = shapley(study, samples=2**12, design=design, level=0.999)
    for name, effect in zip(study.inputs, exact, strict=True):
        assert found.effects[name].interval[0] <= effect <= found.effects[name].interval[1]


@pytest.mark.slow
def test_threads_change_no_bit():
    study, _ = linear(*CASES["ten inputs"])
    options = {"samples": 2**9, "seed": 4}
    assert shapley(study, threads=1, **options).effects == shapley(study, threads=3, **options).effects


def test_bad_requests_are_refused():
    study, _ = linear(*CASES["independent"])
    with pytest.raises(SettingError, match='unknown output "z"'):
        shapley(study, output="z")
    with pytest.raises(SettingError, match="no input varies"):
        shapley(study, overrides={"x1": 1, "x2": 1, "x3": 1})
    broken = Study.from_function(lambda x: {"y": np.log(x)}, {"x": "normal(0, 1)"}, outputs=["y"])
    with pytest.raises(NonFiniteError, match="infinite or undefined"):
        shapley(broken, samples=2**8)


def test_an_output_that_does_not_vary_has_no_effects():
    still = Study.from_function(lambda x: {"y": 0 * x}, {"x": "normal(0, 1)"})
    found = shapley(still, samples=2**6)
    assert not found.effects
    assert found.reason == "the output does not vary"


@pytest.mark.parametrize("scale", ["linear", "log10"])
def test_rounding_noise_is_attributed_by_no_method(scale):
    """a*b/a/b is 1 but for the last bits."""
    inputs = dict.fromkeys("ab", "uniform(1, 2)")
    study = of_function(lambda a, b: {"y": a * b / a / b + (scale == "linear")}, inputs, scale)
    reasons = {
        "sobol": sobol(study, samples=2**8).outputs["y"].reason,
        "shapley": shapley(study, samples=2**8).reason,
        "draws": given_data(draw_sample(study, samples=2**10))["y"].reason,
    }
    assert set(reasons.values()) == {"the output does not vary"}


@pytest.mark.parametrize("count", [3, 9])
def test_a_result_says_what_it_rests_on(count):
    seen = []
    study = linear(range(1, count + 1), (1,) * count, {})[0]
    found = shapley(study, samples=256, seed=5, progress=lambda *at: seen.append(at))
    sets = 2**3 - 2 if count == 3 else 9 * 8
    assert (found.output, found.scale, found.every_order) == ("y", "linear", count == 3)
    assert found.model_rows == found.settings.samples * (1 + sets)
    assert found.settings.samples >= 256
    assert found.settings.samples % found.replicates == 0
    assert seen[-1][0] == seen[-1][1] == len(seen)
    rows = list(found.attributions())
    assert [(*each[:4], each.row.effect.value) for each in rows] == [
        ("y", "linear", "input", name, share.value) for name, share in found.effects.items()
    ]
    assert list(found.effects) == sorted(found.effects, key=lambda name: -found.effects[name].value)
    assert (found.study.headline, found.scenario.varying) == ("y", tuple(study.inputs))
    wide, narrow = (shapley(study, samples=256, seed=5, level=level).effects["x1"] for level in (0.99, 0.5))
    assert wide.value == narrow.value
    assert wide.interval[0] < narrow.interval[0] < narrow.interval[1] < wide.interval[1]


@pytest.mark.parametrize(("count", "sets"), [(3, 2**3 - 2), (9, 9 * 8)])
def test_a_budget_holds_a_pilot_and_every_set_of_the_fewest_points(count, sets):
    study = linear(range(1, count + 1), (1,) * count, {})[0]
    least = 64 + 16 * (1 + sets)
    message = (
        rf"^budget: expected at least {least:,} model rows for Shapley effects, found {least - 1:,} for it$"
    )
    with pytest.raises(SettingError, match=message):
        shapley(study, budget=least - 1)
    assert shapley(study, budget=least).model_rows == 16 * (1 + sets)


def test_an_average_over_cases_has_a_net_of_its_own_in_each_batch(write_study):
    study = load_study(
        write_study(
            """
            format = 1
            [study]
            title = "Over cases"
            headline = "y"
            [inputs]
            u = { unit = "1", point = 0, distribution = "uniform(-1, 1)" }
            w = { unit = "1", point = 0, distribution = "uniform(-1, 1)" }
            v = { unit = "1", point = 0.5, distribution = "uniform(0, 1)", kind = "variability" }
            [outputs.y]
            unit = "1"
            value = "u + 4 * w * v"
            over = "average"
            """
        )
    )
    settings = Settings(samples=64)
    plan = over_unknown(settings.scenario(study), ["y"], 1)
    game = _prepare(plan, "y", settings)
    model = game.matrix.simulation.model
    nets = [game.matrix.models(batch, [model])[0] for batch in (0, 1)]
    assert nets[0] is not nets[1]
    effects = shapley(study, samples=256, level=0.999).effects
    for name, exact in (("u", 0.2), ("w", 0.8)):
        assert effects[name].interval[0] <= exact <= effects[name].interval[1]
    screened = morris(study, trajectories=8)
    assert list(screened.inputs) == ["w", "u"]
    assert screened.inputs["w"].mu_star == pytest.approx(2 * screened.inputs["u"].mu_star, rel=1e-3)
