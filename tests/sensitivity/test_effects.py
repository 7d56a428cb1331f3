"""Curves, scatter plots, and what knowing an input would leave open."""

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from exact_models import EXACT, of_function
from scipy.stats import norm
from variants import one_in

import uncertainty as un
from uncertainty.results import dump, encoded
from uncertainty.sampling.nesting import over_unknown
from uncertainty.sensitivity.effects import _rows, can_describe, describe_drivers, effects
from uncertainty.sensitivity.given_data import given_data
from uncertainty.sensitivity.sample import Sample, draw_sample
from uncertainty.sensitivity.short_version import fewest_rows

Z = norm.ppf(0.975)


@pytest.fixture(scope="module")
def normal_sum():
    """y = 3 x1 + 4 x2 with standard normal inputs has an sd of 5."""
    study = of_function(lambda x1, x2: {"y": 3 * x1 + 4 * x2}, dict.fromkeys(("x1", "x2"), "normal(0, 1)"))
    return effects(draw_sample(study, samples=2**16), "y", ["x1", "x2"])


def test_a_known_input_leaves_the_spread_of_the_others(normal_sum):
    assert normal_sum.interval == pytest.approx((-5 * Z, 5 * Z), rel=0.02)
    assert normal_sum.remaining["x2"].interval == pytest.approx((-3 * Z, 3 * Z), rel=0.05)
    assert normal_sum.remaining["x1"].narrowing == pytest.approx(1 / 5, abs=0.02)
    assert normal_sum.remaining["x2"].narrowing == pytest.approx(2 / 5, abs=0.03)


def test_what_is_worth_measuring_first_comes_first(normal_sum):
    assert list(normal_sum.remaining) == ["x2", "x1"]


def test_what_makes_cases_differ_stands_apart_from_what_is_worth_measuring():
    """y = 3 a + 4 b + 5 c: without c the sd falls from the root of 50 to 5, without a to the root of 41."""
    study = of_function(
        lambda a, b, c: {"y": 3 * a + 4 * b + 5 * c}, dict.fromkeys(("a", "b", "c"), "normal(0, 1)")
    )
    sample = draw_sample(study, samples=2**15)
    found = effects(sample, "y", ["c"], unknown=["a", "b"], differing=["c"])
    assert (list(found.remaining), list(found.differing), list(found.curves)) == (["b", "a"], ["c"], ["c"])
    assert found.differing["c"].narrowing == pytest.approx(1 - 5 / 50**0.5, abs=0.02)
    assert found.remaining["a"].narrowing == pytest.approx(1 - (41 / 50) ** 0.5, abs=0.02)


def test_curves_follow_the_conditional_median(normal_sum):
    curve = normal_sum.curves["x1"]
    inner = np.abs(curve.at) < 1.5
    assert curve.median[inner] == pytest.approx(3 * curve.at[inner], abs=0.5)
    assert (curve.lower_quartile < curve.median).all()
    assert (curve.median < curve.upper_quartile).all()


def test_scatters_are_draws(normal_sum):
    scatter = normal_sum.scatters["x1"]
    assert scatter.input.shape == scatter.output.shape == (500,)
    assert np.corrcoef(scatter.input, scatter.output)[0, 1] == pytest.approx(0.6, abs=0.15)


def test_on_the_log_scale_factors_shrink():
    study = EXACT["product of lognormals, log10"]().study
    found = effects(draw_sample(study, samples=2**16), "y", ["x6"])
    sigma = np.sqrt(0.91 - 0.36)
    assert found.interval == pytest.approx((np.exp(-Z * 0.91**0.5), np.exp(Z * 0.91**0.5)), rel=0.03)
    assert found.remaining["x6"].interval == pytest.approx((np.exp(-Z * sigma), np.exp(Z * sigma)), rel=0.05)


def test_a_discrete_input_is_sliced_by_value():
    study = of_function(lambda x: {"y": 2 * x}, {"x": "discrete(1, 2, 4)"})
    found = effects(draw_sample(study, samples=2**10), "y", ["x"])
    assert found.curves["x"].at.tolist() == [1, 2, 4]
    assert found.curves["x"].median.tolist() == [2, 4, 8]
    assert found.remaining["x"].narrowing == 1


@pytest.mark.parametrize(
    ("value", "yes_or_no"), [("a > b", True), ("where(a > b, 2, 0)", False), ("a - b", False)]
)
def test_of_a_yes_or_no_no_interval_is_told(value, yes_or_no, write_study, capsys):
    from command_line import run_here

    path = write_study(
        "format = 1\n[study]\ntitle = 'F'\nheadline = 'y'\n"
        "[inputs.a]\nunit = '1'\npoint = 0\ndistribution = 'normal(0, 1)'\n"
        "[inputs.b]\nunit = '1'\npoint = 1\ndistribution = 'normal(1, 0.001)'\n"
        f"[outputs.y]\nunit = '1'\nvalue = '{value}'\n"
    )
    out = " ".join(run_here(capsys, "sensitivity", path, "--samples", 256).out.split())
    assert ("What is worth measuring next" in out) is not yes_or_no
    assert ("with everything else at its median" in out) is not yes_or_no
    assert "The short version: “a” explains " in out


NAMED = """
format = 1
study = { title = "t", headline = "y" }
indices.k.members = ["a", "b", "c", "d"]
inputs.x = { unit = "1", index = ["k"], point = 0, distribution = "normal(0, 1)" }
inputs.z = { unit = "1", point = 0, distribution = "normal(0, 2)" }
outputs.y = { unit = "1", value = "sum(x) + z" }
"""


def test_what_is_counted_by_name_is_worth_measuring_by_name(write_study):
    """Half of the variance is that of four cells: without them the interval is sqrt(1/2) of what it was."""
    found = un.sobol(un.load_study(write_study(NAMED)), by="name", samples=2**11)
    told = describe_drivers(found, "y", threads=1).effects
    assert set(told.remaining) == {"x", "z"}
    assert list(told.curves) == ["z"]
    half = found.outputs["y"].indices["x"].first
    assert half.value == pytest.approx(0.5, abs=half.interval[1] - half.value)
    left = told.remaining["x"]
    assert left.narrowing == pytest.approx(1 - math.sqrt(1 - half.value), rel=1e-12)
    assert left.interval == pytest.approx((-1.96 * 2, 1.96 * 2), abs=0.2)
    assert told.remaining["z"].narrowing == pytest.approx(1 - math.sqrt(0.5), abs=0.03)


@pytest.mark.parametrize("kind", ["uncertainty", "variability"])
def test_what_is_counted_by_name_stands_with_its_kind(write_study, kind):
    text = NAMED.replace(
        'distribution = "normal(0, 1)" }', f'distribution = "normal(0, 1)", kind = "{kind}" }}'
    )
    found = un.sobol(un.load_study(write_study(text)), by="name", samples=2**10)
    told = describe_drivers(found, "y", threads=1).effects
    kinds = {"x": kind, "z": "uncertainty"}
    assert set(told.remaining) == {name for name, own in kinds.items() if own == "uncertainty"}
    assert set(told.differing) == {name for name, own in kinds.items() if own == "variability"}


def test_drivers_are_described_at_the_level_of_their_indices_and_as_many_as_are_asked_for():
    inputs = {"x1": "normal(0, 3)", "x2": "normal(0, 4)", "x3": "normal(0, 1)", "x4": "normal(0, 2)"}
    study = of_function(lambda **x: {"y": sum(x.values())}, inputs)
    found = un.sobol(study, samples=2**10, level=0.8)
    for top, named in ((1, ["x2"]), (2, ["x2", "x1"]), (3, ["x2", "x1", "x4"])):
        told = describe_drivers(found, "y", top=top, threads=1)
        assert (
            list(told.effects.curves) == list(told.effects.remaining) == list(told.effects.scatters) == named
        )
        assert told.effects.level == 0.8
        half = norm.ppf(0.9) * 30**0.5
        assert told.effects.interval == pytest.approx((-half, half), rel=0.03)
        assert told.short.interval == pytest.approx((-half, half), rel=0.03)


def test_a_budget_bounds_the_rows_that_drivers_are_described_by():
    """Its indices took more rows than there are."""
    rows = []

    def counted(x1, x2):
        rows.append(np.size(x1))
        return {"y": 3 * x1 + 4 * x2}

    study = of_function(counted, dict.fromkeys(("x1", "x2"), "normal(0, 1)"))
    enough = 2 * fewest_rows(study)
    assert [can_describe(study, budget) for budget in (None, enough, enough - 1)] == [True, True, False]
    found = un.sobol(study, samples=2**12)
    for budget in (2**11, 2**13):
        rows.clear()
        told = describe_drivers(found, "y", threads=1, budget=budget)
        assert budget / 4 < sum(rows) <= budget
        assert told.effects.remaining["x2"].narrowing == pytest.approx(0.4, abs=0.15)


def test_curves_and_what_remains_are_quantiles_of_the_draws_in_slices():
    rng = np.random.default_rng(6)
    x, coin = rng.normal(size=6_400), np.tile([0.0, 1.0], 3_200)
    y = np.exp(x + coin)
    sample = Sample.from_arrays({"x": x, "coin": coin}, {"y": y, "z": (coin > 0).astype(float)})
    found = effects(sample, "y", ["x"], unknown=["x", "coin"], level=0.8)
    assert found.interval == pytest.approx(tuple(np.quantile(y, [0.1, 0.9])), rel=1e-3)
    assert (found.level, found.yes_or_no, found.scale) == (0.8, False, "linear")
    slices_of_x = np.argsort(x).reshape(32, 200)
    curve = found.curves["x"]
    quartiles = curve.lower_quartile, curve.median, curve.upper_quartile
    for rows, *ends in zip(slices_of_x, curve.at, *quartiles, strict=True):
        expected = [np.median(x[rows]), *np.quantile(y[rows], [0.25, 0.5, 0.75])]
        assert ends == pytest.approx(expected, rel=0.05, abs=0.02)
    halves = np.array([np.quantile(y[coin == value], [0.1, 0.9]) for value in (0.0, 1.0)])
    left = found.remaining["coin"]
    for end, error, expected in zip(left.interval, left.errors, halves.mean(axis=0), strict=True):
        assert end == pytest.approx(expected, abs=error)
        assert error < 0.3
    whole = np.diff(np.quantile(y, [0.1, 0.9]))[0]
    assert left.narrowing == pytest.approx(1 - np.diff(halves.mean(axis=0))[0] / whole, abs=0.005)
    shown = np.linspace(0, 6_399, 500).astype(int)
    np.testing.assert_array_equal(found.scatters["x"].input, x[shown])
    np.testing.assert_array_equal(found.scatters["x"].output, y[shown])
    assert effects(sample, "z", ["coin"]).yes_or_no
    certain = effects(sample, "z", ["coin"]).remaining["coin"]
    assert certain.interval == pytest.approx((0.5, 0.5))
    assert certain.narrowing == 1


def test_inputs_counted_by_name_narrow_as_the_standard_deviation_does(normal_sum):
    x = norm.ppf((np.arange(1_000) + 0.5) / 1_000)
    sample = Sample.from_arrays({"x": x}, {"y": 5 + 2 * x})
    explained = {"all": 0.64, "none": -0.1, "more": 1.5}
    found = effects(sample, "y", ["x"], unknown=list(explained), explained=explained)
    assert list(found.remaining) == ["more", "all", "none"]
    assert [each.narrowing for each in found.remaining.values()] == pytest.approx([1.0, 0.4, 0.0])
    low, high = found.interval
    assert found.remaining["none"].interval == pytest.approx((low, high))
    assert found.remaining["all"].interval == pytest.approx((5 + 0.6 * (low - 5), 5 + 0.6 * (high - 5)))
    assert found.remaining["more"].interval == pytest.approx((5.0, 5.0))


GO_TOGETHER = """
format = 1
[study]
title = "Sets"
headline = "y"
[inputs]
base = { label = "B", point = 0, distribution = "normal(0, 1)", unit = "1" }
other = { label = "O", point = 0, distribution = "normal(0, 1)", unit = "1" }
d = { label = "D", point = 0, distribution = "normal(0, 1)", unit = "1" }
e = { label = "E", point = 0, distribution = "normal(0, 1)", unit = "1" }
[[correlations]]
inputs = ["base", "other"]
pearson = 0.5
[[correlations]]
inputs = ["d", "e"]
pearson = 0.5
[outputs.y]
value = "2.1 * base + 1.1 * other + d + 2 * e"
unit = "1"
"""


def test_what_narrows_most_is_found_among_all_inputs_of_the_first_correlated_sets(load):
    """Without x of a set of 2 x + z (r = 0.5) the variance of 14 falls by 2.5² of 7, without z by 2²."""
    study = load(GO_TOGETHER)
    told = describe_drivers(un.sobol(study, samples=2**9), "y", top=3, threads=1).effects
    assert [*told.remaining][:2] in (["base", "e"], ["e", "base"])
    assert len(told.remaining) == 3
    variance = 2.1**2 + 1.1**2 + 2.1 * 1.1 + 7
    left = 1 - ((variance - 2.5**2) / variance) ** 0.5
    assert told.remaining["e"].narrowing == pytest.approx(left, abs=0.02)


def test_a_member_that_goes_along_with_others_narrows_though_no_formula_has_it(write_study):
    """Of y = x[p] + x[q] + d, x[r] leaves what it does not tell of both, of a Spearman correlation of 0.8."""
    text = """
    format = 1
    study = { title = "t", headline = "y" }
    indices.m.members = ["p", "q", "r"]
    inputs.x = { unit = "1", index = ["m"], point = 0, distribution = "normal(0, 1)", across = 0.8 }
    inputs.d = { unit = "1", point = 0, distribution = "normal(0, 1)" }
    outputs.y = { unit = "1", value = "x[p] + x[q] + d" }
    """
    found = un.sobol(un.load_study(write_study(text)), samples=2**9)
    left = describe_drivers(found, "y", threads=1).effects.remaining
    r = 2 * np.sin(np.pi / 6 * 0.8)
    variance = 1 + 2 + 2 * r
    assert list(left)[2] == "x[r]"
    assert left["x[r]"].narrowing == pytest.approx(
        1 - ((variance - (2 * r) ** 2) / variance) ** 0.5, abs=0.02
    )
    assert left["x[p]"].narrowing == pytest.approx(
        1 - ((variance - (1 + r) ** 2) / variance) ** 0.5, abs=0.02
    )


@pytest.mark.slow
def test_what_narrows_most_is_found_among_the_first_sets_however_many_inputs_they_hold(load):
    """Two sets hold three inputs, of which the share of `other` is 0.16 of 14.07, that of a third set 1."""
    text = GO_TOGETHER.split("[[correlations]]")
    pair = text[1].replace("0.5", "0.1") + "[outputs.y]\n" + text[2].partition("[outputs.y]\n")[2]
    equation = "2.1 * base + 1.1 * other + d + 2 * e"
    study = load(f"{text[0]}[[correlations]]{pair}".replace(equation, "3 * base + 0.1 * other + d + 2 * e"))
    told = describe_drivers(un.sobol(study, samples=2**9), "y", top=3, threads=1).effects
    assert list(told.remaining) == ["base", "e", "d"]
    variance = 3**2 + 0.1**2 + 2 * 0.1 * 3 * 0.1 + 2**2 + 1
    assert told.remaining["d"].narrowing == pytest.approx(1 - (1 - 1 / variance) ** 0.5, abs=0.02)


DRAWN_GIVEN = """
format = 1
study = { title = "t", headline = "y" }
inputs.mu = { unit = "1", distribution = "normal(5, 3)" }
inputs.x = { unit = "1", point = 5, distribution = "normal(mu, 4)" }
outputs.y = { unit = "1", value = "x" }
"""


@pytest.mark.parametrize("inputs", [None, ["x"]])
def test_along_an_input_drawn_given_another_stand_its_values_which_narrow(write_study, inputs):
    """Of y = x + e nothing but e remains where x is known, and 4 z + e where its parameter mu is."""
    text = DRAWN_GIVEN + 'inputs.e = { unit = "1", point = 0, distribution = "normal(0, 0.01)" }\n'
    sample = draw_sample(un.load_study(write_study(text.replace('"x" }', '"x + e" }'))), samples=2**14)
    found = effects(sample, "y", ["x"], unknown=["mu", "x"])
    assert found.remaining["x"].narrowing == pytest.approx(1 - 0.01 / 5, abs=3e-4)
    assert found.remaining["mu"].narrowing == pytest.approx(1 - 4 / 5, abs=0.01)
    assert list(found.remaining) == ["x", "mu"]
    sample = draw_sample(un.load_study(write_study(DRAWN_GIVEN)), inputs=inputs, samples=2**14)
    found = effects(sample, "y", ["x"])
    np.testing.assert_allclose(found.curves["x"].at, found.curves["x"].median, rtol=1e-9)
    np.testing.assert_allclose(found.scatters["x"].input, found.scatters["x"].output, rtol=1e-9)
    assert np.std(sample.shown("x")) == pytest.approx(5, abs=0.05)
    assert np.std(sample.column("x")) == pytest.approx(4, abs=0.05)
    assert found.remaining["x"].narrowing > 0.999


@pytest.mark.slow
def test_what_an_input_drawn_given_others_tells_is_looked_at_though_its_own_share_is_small(write_study):
    """Of y = x n, x normal about k and n a count with the rate lam, n tells most, then lam, then x, not k."""
    text = """
    format = 1
    study = { title = "t", headline = "y" }
    inputs.k = { unit = "1", distribution = "uniform(10, 30)" }
    inputs.x = { unit = "1", point = 5, distribution = "normal(k, 2)" }
    inputs.n = { unit = "1", point = 2, distribution = "poisson(lam)" }
    inputs.lam = { unit = "1", distribution = "lognormal(4, 1.5)" }
    outputs.y = { unit = "1", value = "x * n" }
    """
    found = un.sobol(un.load_study(write_study(text)), samples=2**12)
    left = describe_drivers(found, "y", threads=1).effects.remaining
    right = {"n": 0.6255, "lam": 0.2182, "x": 0.1125}
    assert list(left) == list(right)
    for name, narrowing in right.items():
        assert left[name].narrowing == pytest.approx(narrowing, abs=4 * left[name].narrowing_error)
        assert left[name].narrowing_error < 0.02


@pytest.mark.slow
def test_what_narrows_most_is_looked_at_by_what_inputs_explain_alone(write_study):
    """Products of z explain 4 of 6.5 of the variance, none of them alone; a, b, c narrow the interval."""
    inputs = "".join(
        f'inputs.{name} = {{ unit = "1", point = 0, distribution = "normal(0, {sd})" }}\n'
        for name, sd in {"z1": 1, "z2": 1, "z3": 1, "a": 1.2, "b": 0.9, "c": 0.5}.items()
    )
    value = 'outputs.y = { unit = "1", value = "2 * z1 * z2 * z3 + a + b + c" }\n'
    study = un.load_study(
        write_study(f'format = 1\nstudy = {{ title = "t", headline = "y" }}\n{inputs}{value}')
    )
    indices = un.sobol(study, samples=2**10)
    assert set(list(indices.outputs["y"].indices)[:3]) == {"z1", "z2", "z3"}
    assert {"a", "b"} <= set(describe_drivers(indices, "y", threads=1).effects.remaining)


def test_a_discrete_input_drawn_given_another_is_sliced_by_its_values(write_study):
    """Of draws with one value of x, which y is, all have that y."""
    text = DRAWN_GIVEN.replace("normal(5, 3)", "uniform(0, 1)").replace("point = 5", "point = 0")
    study = un.load_study(write_study(text.replace("normal(mu, 4)", "bernoulli(mu)")))
    curve = effects(draw_sample(study, inputs=["x"], samples=2**10), "y", ["x"]).curves["x"]
    assert [part.tolist() for part in curve] == [[0, 1]] * 4


def test_a_sample_holds_the_values_of_inputs_drawn_given_others_and_tells_of_these(write_study):
    """Of w = mu + x, where x = mu + 4 z and the sd of mu is 3, x explains 34**2 / 25 of 52."""
    text = DRAWN_GIVEN + 'inputs.n = { unit = "1", point = 5, distribution = "poisson(abs(mu))" }\n'
    text = text.replace("inputs.mu = { ", "inputs.mu = { point = 5, ")
    text += 'outputs.z = { unit = "1", value = "n" }\noutputs.w = { unit = "1", value = "mu + x" }\n'
    sample = draw_sample(un.load_study(write_study(text)))
    for input_name, output in (("x", "y"), ("n", "z")):
        np.testing.assert_allclose(sample.inputs[input_name], sample.outputs[output], rtol=1e-9)
        np.testing.assert_array_equal(sample.table.columns[f"inputs.{input_name}"], sample.inputs[input_name])
    assert set(sample.inputs["n"] % 1) == {0}
    assert set(sample.scores) == {"x", "n"}
    found = given_data(sample, moment_independent=False)
    correlation = 34 / np.sqrt(25 * 52)
    assert found["w"].inputs["x"].S1.value == pytest.approx(correlation**2, abs=0.01)
    assert found["w"].inputs["x"].spearman.value == pytest.approx(
        6 / np.pi * np.arcsin(correlation / 2), abs=0.01
    )
    assert found["w"].inputs["mu"].S1.value == pytest.approx(36 / 52, abs=0.01)
    assert found["z"].inputs["n"].S1.value == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    ("points", "cases", "rows"), [(2**8, 1, 2**15), (2**14, 1, 2**18), (2**14, 2**8, 2**16)]
)
def test_draws_are_more_where_they_cost_little(points, cases, rows, write_study):
    """There are 16 for each base point that may be used, as long as they look at few cases."""
    found = un.sobol(un.load_study(write_study(NAMED)), samples=2**8)
    plan = over_unknown(found.scenario, ["y"], 1)
    if cases > 1:
        plan = replace(plan, nested=SimpleNamespace(size=cases))
    assert _rows(replace(found, budget=points), plan) == rows


@pytest.mark.parametrize(("settled", "looks"), [(1.0, [2**12]), (0.0, [2**12, 2**14])])
def test_more_draws_are_taken_where_the_first_ones_are_not_sure(monkeypatch, settled, looks):
    from uncertainty.sensitivity import effects as module

    rows = []

    def counted(*arguments, settings, **how):
        rows.append(settings.samples)
        assert how.items() >= {"threads": 1, "engine": "threads", "scheduler": None}.items()
        return draw_sample(*arguments, settings=settings, **how)

    for name, value in [("ROWS", 2**10), ("FIRST_ROWS", 2**12), ("MOST_ROWS", 2**14), ("SETTLED", settled)]:
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(module, "draw_sample", counted)
    study = of_function(lambda x1, x2: {"y": x1 + x2}, dict.fromkeys(("x1", "x2"), "normal(0, 1)"))
    found = un.sobol(study, samples=2**10)
    describe_drivers(found, "y", threads=1)
    assert rows == looks


def test_a_copy_of_the_process_finds_to_the_bit_what_this_one_finds_alone():
    alone, beside = un.load_study("livestock"), un.load_study("livestock")
    found = [
        describe_drivers(un.sobol(each, samples=2**9), each.headline, threads=threads)
        for each, threads in ((alone, 1), (beside, 2))
    ]
    assert dump(encoded(found[0])) == dump(encoded(found[1]))
    assert found[0].short.shortened


def test_what_has_a_state_or_is_counted_is_not_shared_with_copies(monkeypatch):
    def refused(*_):
        raise AssertionError

    monkeypatch.setattr("uncertainty.sampling.workers.beside._shared", refused)
    function = of_function(lambda x1, x2: {"y": x1 + 2 * x2}, dict.fromkeys(("x1", "x2"), "normal(0, 1)"))
    for study, budget in ((function, None), (un.load_study("gauge-block"), 2**18)):
        found = un.sobol(study, samples=2**9)
        assert describe_drivers(found, study.headline, threads=2, budget=budget).effects.curves


ALONE = """
format = 1
study = {{ title = "t", headline = "y" }}
inputs.x = {{ unit = "1", point = 1, distribution = "{x}" }}
inputs.c = {{ unit = "1", point = 2 }}
inputs.beside = {{ unit = "1", point = 1, distribution = "normal(0, 1)" }}
outputs.y = {{ unit = "1", value = "{y}" }}
outputs.z = {{ unit = "1", value = "x + beside" }}
"""


@pytest.mark.parametrize(
    ("x", "y"),
    one_in(
        2,
        [
            ("lognormal(1, 3)", "c*sin(9*x)"),
            ("normal(1, 1)", "c*x"),
            ("poisson(1.5)", "c*x"),
            ("uniform(0, 2)", "x**c"),
        ],
    ),
)
def test_where_one_input_alone_decides_nothing_remains(write_study, x, y):
    study = un.load_study(write_study(ALONE.format(x=x, y=y)))
    found = un.sobol(study, samples=2**12)
    left = describe_drivers(found, "y", threads=1).effects.remaining["x"]
    assert left.narrowing == 1
    assert left.interval[0] == left.interval[1]
    others = describe_drivers(found, "z", threads=1).effects.remaining
    assert all(each.narrowing < 1 for each in others.values())
