"""Indices of events that few draws meet: intervals that cover, or the number of draws that would do."""

import json
import re

import numpy as np
import pytest
from command_line import run_here
from coverage_studies import error, repeated
from exact_models import of_function, product_of_lognormals
from scipy.integrate import quad
from scipy.stats import norm
from variants import variants

import uncertainty as un
from uncertainty import sobol
from uncertainty.answers import run_document
from uncertainty.pages.sections.drivers import index_text
from uncertainty.sensitivity.events import EXTREME, FEW_VALUES
from uncertainty.sensitivity.given_data import given_data
from uncertainty.sensitivity.sample import draw_sample
from uncertainty.sensitivity.sobol.results import Share

ADVICE = re.compile(r"Too few draws met the event; `--samples (\d+)` would give enough\.")


def exceedance(probability, weights):
    """Whether a weighted sum of standard normals exceeds its quantile, with the exact S1 and ST."""
    weights = np.array(weights, float)
    sd = np.sqrt((weights**2).sum())
    limit = sd * norm.isf(probability)

    def model(**x):
        return {"y": (sum(w * v for w, v in zip(weights, x.values(), strict=True)) > limit).astype(float)}

    def closed(known, others):
        square = quad(
            lambda z: norm.pdf(z) * norm.sf((limit - known * z) / others) ** 2, -12, 12, points=[0, 3, 6]
        )[0]
        return (square - probability**2) / (probability * (1 - probability))

    rest = np.sqrt(sd**2 - weights**2)
    names = [f"x{i}" for i in range(weights.size)]
    return (
        of_function(model, dict.fromkeys(names, "normal(0, 1)")),
        {n: closed(w, r) for n, w, r in zip(names, weights, rest, strict=True)},
        {n: 1 - closed(r, w) for n, w, r in zip(names, weights, rest, strict=True)},
    )


def with_an_atom():
    """One input decides whether the output is 0 or what the other input is."""
    study = of_function(
        lambda a, b: {"y": np.where(a > 1, b, 0.0)}, {"a": "normal(0, 1)", "b": "normal(1, 1)"}
    )
    p = float(norm.sf(1))
    variance = 2 * p - p**2
    first = {"a": (p - p**2) / variance, "b": p**2 / variance}
    return study, first, {"a": 1 - first["b"], "b": 1 - first["a"]}


def of_product(sigmas):
    exact = product_of_lognormals("linear", sigmas)
    return exact.study, exact.S1, exact.ST


@pytest.mark.parametrize(
    ("probability", "weights"),
    variants(
        [(1e-4, (1, 1, 1)), (5e-5, (1, 1)), (2e-4, (3, 1)), (1e-3, (1, 1, 1))],
        lambda probability, _: probability > 1e-4,
    ),
)
@pytest.mark.parametrize("seed", variants([1, 2], lambda seed: seed == 1))
def test_indices_of_too_few_events_are_refused_with_the_samples_that_are_enough(probability, weights, seed):
    study, first, total = exceedance(probability, weights)
    found = sobol(study, samples=round(3 / probability), seed=seed).outputs["y"]
    assert not found.indices
    enough = int(ADVICE.fullmatch(found.reason)[1])
    if enough > 1_500_000:  # one event alone: the advice is safe, and long to follow
        return
    found = sobol(study, samples=enough, seed=seed, tolerance=0).outputs["y"]
    assert found.reason == ""
    for name, index in found.indices.items():
        # five half-widths of an interval at 95 % are far beyond chance
        for value, interval, exact in (
            (index.S1, index.S1_interval, first[name]),
            (index.ST, index.ST_interval, total[name]),
        ):
            assert abs(value - exact) < 2.5 * (interval[1] - interval[0])


@pytest.mark.parametrize(
    "value", ["where(a + b > 7, 1, 0)", "minimum(a + 8, 1)", "2 + (a > 5) * b", "maximum(a, b) >= 6"]
)
def test_what_no_draw_has_met_is_not_said_to_be_constant(value, write_study):
    study = un.load_study(write_study(condition(value)))
    found = sobol(study, samples=2**10).outputs["y"]
    assert found.reason == "Too few draws met the event."
    assert given_data(draw_sample(study, samples=2**10))["y"].reason == "Too few draws met the event."
    run = un.propagate(study, samples=2**10, seed=1)
    summary = run.headline.summary
    assert summary["mean"].error is None
    assert summary["mean"].reason == "Too few draws met the event."
    assert "does not vary" not in json.dumps(run_document(run))


@pytest.mark.parametrize(
    "value", ["where(a > b, 1, 1)", "minimum(a**2, 0)", "0 * a + 3", "a / (2 * a) + 0 * b"]
)
def test_what_is_constant_does_not_vary_wherever_its_inputs_are(value, write_study):
    study = un.load_study(write_study(condition(value)))
    found = sobol(study, samples=2**10).outputs["y"]
    assert found.reason == "the output does not vary"
    assert given_data(draw_sample(study, samples=2**10))["y"].reason == "the output does not vary"
    assert un.propagate(study, samples=2**10).headline.summary["mean"].reason == "the output does not vary"


def condition(value):
    inputs = "".join(
        f'[inputs.{name}]\nunit = "1"\npoint = 0\ndistribution = "normal(0, 1)"\n' for name in "ab"
    )
    return (
        f'format = 1\n[study]\ntitle = "t"\nheadline = "y"\n{inputs}'
        f'[outputs.y]\nunit = "1"\nvalue = "{value}"\n'
    ).replace("point = 0", "point = 0.5")


@pytest.mark.parametrize(("probability", "weights"), [(1e-4, (1, 1, 1)), (1e-3, (2, 1))])
def test_shapley_effects_of_too_few_events_are_refused_alike(probability, weights):
    study, _, _ = exceedance(probability, weights)
    found = un.shapley(study, samples=round(4 / probability), seed=1)
    assert not found.effects
    enough = int(ADVICE.fullmatch(found.reason)[1])
    if enough < 200_000:
        effects = un.shapley(study, samples=enough, seed=1).effects
        assert sum(effect.value for effect in effects.values()) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("text", ["normal(0, 1)", "uniform(0, 1)", "beta(2, 3)"])
def test_few_draws_of_a_plain_output_are_no_extremes_and_no_events(text):
    study = of_function(lambda a, b: {"y": a + b}, dict.fromkeys("ab", text))
    assert sobol(study, samples=16).outputs["y"].reason == FEW_VALUES
    assert sobol(study, samples=200).outputs["y"].reason == ""


@pytest.mark.parametrize("log_sd", [1.0, 1.39, 2.0])
@pytest.mark.parametrize("samples", [64, 256])
def test_few_draws_of_a_heavy_tail_are_no_events_and_no_number_of_draws_is_promised(log_sd, samples):
    text = f"lognormal(1, {float(np.exp(log_sd))!r})"
    study = of_function(lambda a, b: {"y": a * b}, dict.fromkeys("ab", text))
    for seed in range(2):
        for reason in (
            un.shapley(study, samples=samples, seed=seed).reason,
            sobol(study, samples=samples, seed=seed).outputs["y"].reason,
        ):
            assert reason in ("", FEW_VALUES, EXTREME)


UNSETTLED = {
    "t(2.2)": "student_t(0, 1, 2.2)",
    "t(2)": "student_t(0, 1, 2)",
    "Pareto 2.1": "pareto(1, 2.1)",
}


@pytest.mark.parametrize(
    "text", variants(UNSETTLED.values(), lambda text: text.startswith("pareto")), ids=UNSETTLED
)
def test_shares_of_a_variance_that_does_not_settle_are_left_out(text):
    """What one input's tail adds decides the variance, and with it every share of it."""
    study = of_function(lambda a, b: {"y": a + 3 * b}, {"a": text, "b": "normal(0, 1)"})
    seeds = range(6)
    samples = [draw_sample(study, samples=4096, seed=seed) for seed in seeds]
    found = [given_data(sample, moment_independent=False)["y"] for sample in samples]
    assert sum(bool(each.without_first_order) for each in found) >= 5
    indices = [sobol(study, samples=2**13, tolerance=0, seed=seed).outputs["y"].reason for seed in seeds]
    assert sum(map(bool, indices)) >= 4
    effects = [un.shapley(study, samples=2**12, seed=seed).reason for seed in range(3)]
    assert any(effects)
    assert set(indices) | set(effects) <= {"", EXTREME}


HEAVY = {"two of 1.5": (1.5, 1.5), "three of 1.2": (1.2, 1.2, 1.2), "unequal": (2.0, 0.7)}


@pytest.mark.parametrize("sigmas", HEAVY.values(), ids=HEAVY)
def test_no_index_is_more_than_all_or_anything_from_nothing_to_all(sigmas):
    """The variance of a product of lognormal quantities exists, and does not settle in so few points."""
    study = of_product(sigmas)[0]
    for seed in (2, 6):
        found = sobol(study, samples=2**12, tolerance=0, seed=seed).outputs["y"]
        assert found.reason in ("", EXTREME)
        for index in found.indices.values():
            assert index.ST <= 1.1
            assert index.ST_interval[0] > 0 or index.ST_interval[1] < 1
        effects = un.shapley(study, samples=2**10, seed=seed)
        for effect in effects.effects.values():
            assert -0.1 <= effect.value <= 1.1
            assert effect.interval[0] > 0 or effect.interval[1] < 1
    assert sobol(of_product((1.5, 1.5))[0], samples=2**12, tolerance=0, seed=6).outputs["y"].reason == EXTREME


def test_what_is_not_told_from_nothing_is_about_0_only_where_it_is_little():
    assert index_text(Share(0.02, (-0.01, 0.05))) == "≈ 0 (at most 5.0 %)"
    assert index_text(Share(0.4, (-0.05, 0.85))) == "at most 85.0 %"


SETTLED = {
    "sum of normals": (lambda a, b: {"y": a + 3 * b}, ["normal(0, 1)", "normal(0, 1)"]),
    "product of lognormals": (lambda a, b: {"y": a * b}, ["lognormal(1, 1.5)", "lognormal(1, 1.5)"]),
    "exponential": (lambda a, b: {"y": a + b}, ["exponential(1)", "normal(0, 1)"]),
    "square": (lambda a, b: {"y": a**2 + b}, ["normal(0, 1)", "normal(0, 1)"]),
}


@pytest.mark.parametrize("name", SETTLED)
def test_shares_of_a_variance_that_settles_are_given(name):
    model, inputs = SETTLED[name]
    study = of_function(model, dict(zip("ab", inputs, strict=True)))
    for seed in range(3):
        assert not sobol(study, samples=2**11, tolerance=0, seed=seed).outputs["y"].reason
        assert not un.shapley(study, samples=2**11, seed=seed).reason
        sample = draw_sample(study, samples=2048, seed=seed)
        assert not given_data(sample, moment_independent=False)["y"].without_first_order


@pytest.mark.parametrize(
    ("text", "variance"),
    [
        ("student_t(0, 1, 4)", 2.0),
        ("student_t(0, 1, 5)", 5 / 3),
        ("gamma(0.5, 2)", 2.0),
        ("exponential(1)", 1.0),
    ],
)
@repeated(60, 300)
def test_indices_of_a_sum_with_a_tail_cover(text, variance, repeats):
    study = of_function(lambda a, b: {"y": a + 3 * b}, {"a": text, "b": "normal(0, 1)"})
    exact, hits = variance / (variance + 9), []
    for seed in range(repeats):
        found = sobol(study, samples=2**12, tolerance=0, seed=seed).outputs["y"]
        if not found.reason:
            (low, high), (lowest, highest) = found.indices["a"].S1_interval, found.indices["a"].ST_interval
            hits += [low <= exact <= high, lowest <= exact <= highest]
    assert len(hits) > 1.5 * repeats
    assert np.mean(hits) > 0.92 - 2 * error(0.92, len(hits) / 2)


EVENTS = [(0.06, 0.5), (0.0512, 0.97), (0.13, 0.77), (0.2, 0.2), (0.085, 0.6)]


@pytest.mark.parametrize(("a", "b"), EVENTS)
@pytest.mark.parametrize("design", ["sobol", "random"])
@repeated(40, 200)
def test_first_orders_of_an_event_by_draws_cover(a, b, design, repeats):
    """An event's limit lies within a bin of its input, and its neighbours by the other input are few."""
    study = of_function(
        lambda x, y: {"y": np.where((x > 1 - a) & (y > 1 - b), 1.0, 0.0)},
        dict.fromkeys("xy", "uniform(0, 1)"),
    )
    exact = {"x": b * (1 - a) / (1 - a * b), "y": a * (1 - b) / (1 - a * b)}
    hits = []
    for seed in range(repeats):
        sample = draw_sample(study, samples=1024, seed=seed, design=design)
        for name, row in given_data(sample, moment_independent=False)["y"].inputs.items():
            if row.S1 is not None:
                hits += [e.interval[0] <= exact[name] <= e.interval[1] for e in (row.S1, row.neighbour_S1)]
    assert np.mean(hits) > 0.92 - 2 * error(0.92, len(hits) / 4)


def test_a_rare_event_is_looked_for_until_the_budget_ends(capsys, write_study):
    path, asked = write_study(condition("where(a + b > 4.8, 1, 0)")), ("--samples", 4096, "--seed", 3)
    document = json.loads(run_here(capsys, "sensitivity", path, *asked, "--json").out)
    assert document["settings"]["samples"] == 4096
    assert not document["settings"]["converged"]
    reason = document["results"]["outputs"]["y"]["reason"]
    assert reason.startswith("Too few draws met the event")
    shown = run_here(capsys, "sensitivity", path, *asked).out
    assert " ".join(reason.split()) in " ".join(shown.split())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("case", "samples", "repeats"),
    [
        (exceedance(1e-2, (1, 1, 1)), 2**13, 250),
        (exceedance(1e-3, (1, 1, 1)), 2**15, 60),
        (exceedance(1e-4, (1, 1)), 2**15, 60),
        (of_product((0.7, 0.7, 0.7)), 2**12, 120),
        (of_product((0.9, 0.2)), 2**12, 120),
        (with_an_atom(), 2**12, 120),
    ],
    ids=["P=1e-2", "P=1e-3", "P=1e-4", "lognormal", "lognormal of two", "atom"],
)
def test_intervals_of_rare_and_heavy_outputs_cover_or_are_refused(case, samples, repeats):
    study, first, total = case
    hits = []
    for seed in range(repeats):
        found = sobol(study, samples=samples, seed=seed, tolerance=0, threads=1).outputs["y"]
        hits += [
            [
                index.S1_interval[0] <= first[name] <= index.S1_interval[1]
                for name, index in found.indices.items()
            ]
            + [
                index.ST_interval[0] <= total[name] <= index.ST_interval[1]
                for name, index in found.indices.items()
            ]
        ]
    shares = [np.mean(row) for row in hits if row]
    if not shares:
        return
    # each index has 95 %; less three standard errors of the repeats, whose indices go together
    assert np.mean(shares) > 0.95 - 3 * np.sqrt(0.95 * 0.05 / len(shares))
