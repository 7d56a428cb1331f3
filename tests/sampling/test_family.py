"""Scenarios that are drawn together have the numbers of their own runs, to the bit."""

import dataclasses

import numpy as np
import pytest
from variants import variants

import uncertainty as un
from uncertainty.expressions import build_graph, compile_tape, parse_expression
from uncertainty.expressions.parting import merge_tapes
from uncertainty.propagation import propagate_together
from uncertainty.sampling import family
from uncertainty.sampling.running import Execution
from uncertainty.settings import Settings
from uncertainty.study.scenario import scenario

STUDY = """
format = 1
[study]
title = "Two ways to go"
headline = "saved"
[inputs]
way = { unit = "km", distribution = "lognormal(100, 1.5)", point = 100 }
load = { unit = "t", distribution = "triangular(1, 2, 4)", point = 2 }
rate = { unit = "g/(t*km)", distribution = "normal(60, 5)", point = 60 }
other = { unit = "g/(t*km)", distribution = "discrete(20, 30, weights=(0.4, 0.6))", point = 30 }
share = { unit = "1", distribution = "beta(2, 3)", point = 0.4 }
[equations]
road = "way * load * rate"
rail = "way * load * where(share > 0.5, other, rate * share)"
[outputs]
saved = { value = "road - rail", unit = "kg" }
ratio = { value = "road / maximum(rail, 1[g])", unit = "1", scale = "log10" }
carried = { value = "way * load", unit = "t*km" }
[[correlations]]
inputs = ["rate", "other"]
spearman = 0.5
[[correlations]]
inputs = ["way", "load"]
spearman = -0.3
[choices.grid]
question = "Which?"
[choices.grid.options.mean]
label = "mean"
[choices.grid.options.marginal]
label = "marginal"
inputs = { other = "uniform(20, 45)" }
[choices.grid.options.none]
label = "none"
equations = { rail = "way * load * other * share" }
[readings.marginal]
choices = { grid = "marginal" }
[readings.none]
choices = { grid = "none" }
[readings.fixed]
inputs = { way = 90, share = "uniform(0, 1)" }
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    path = tmp_path_factory.mktemp("family") / "ways.toml"
    path.write_text(STUDY)
    return un.load_study(path)


def runs(study, settings, **how):
    plans = [scenario(study, reading) for reading in study.readings]
    return list(propagate_together(plans, [["saved", "ratio"]] * len(plans), settings, Execution(**how)))


@pytest.mark.parametrize("design", variants(["sobol", "lhs", "random"], lambda design: design == "sobol"))
def test_readings_have_the_draws_of_their_own_runs(study, design, monkeypatch):
    settings = Settings(samples=40_000 if design == "random" else 600, design=design, seed=3)
    alone = [
        un.propagate(
            study, outputs=["saved", "ratio"], settings=dataclasses.replace(settings, reading=reading)
        )
        for reading in study.readings
    ]
    for most in (family.MOST_COLUMNS, 6):
        # few columns at a time: the family is drawn in parts
        monkeypatch.setattr(family, "MOST_COLUMNS", most)
        for one, run in zip(alone, runs(study, settings), strict=True):
            assert run.scenario.reading == one.scenario.reading
            assert run.settings == one.settings
            for name in ("saved", "ratio"):
                np.testing.assert_array_equal(run.outputs[name].values, one.outputs[name].values)
                assert run.outputs[name].summary == one.outputs[name].summary


@pytest.mark.parametrize("design", ["sobol", "lhs", "random"])
def test_an_output_has_the_same_draws_without_what_others_need(study, design):
    settings = Settings(samples=600, design=design, seed=3)
    plans = [scenario(study, reading) for reading in study.readings]
    found = propagate_together(plans, [["carried"]] * len(plans), settings, Execution())
    for reading, together in zip(study.readings, found, strict=True):
        own = dataclasses.replace(settings, reading=reading)
        every = un.propagate(study, settings=own).outputs["carried"]
        alone = un.propagate(study, outputs=["carried"], settings=own).outputs["carried"]
        np.testing.assert_array_equal(alone.values, every.values)
        np.testing.assert_array_equal(together.outputs["carried"].values, every.values)


def test_what_cannot_be_drawn_together_is_run_alone(study):
    settings = Settings(samples=600)
    together = runs(study, settings)
    for how in ({"memory": 2**12}, {"block_rows": 50}, {"compiled": False}):
        for one, other in zip(together, runs(study, settings, **how), strict=True):
            assert other.outputs["saved"].median == one.outputs["saved"].median


def test_a_merged_tape_gives_each_tapes_outputs_and_computes_nothing_twice():
    texts = {
        "a": "exp(x) * y + maximum(x, y, 0.0)",
        "b": "exp(x) * y - where(x > y, x, -0.0)",
        "c": "x",
        "d": "2.0",
    }
    graph = build_graph(
        {}, {name: parse_expression(text) for name, text in texts.items()}, ["x", "y"], lambda _: 1.0
    )
    names = [["a", "b"], ["b", "c"], ["d", "a"]]
    tapes = [compile_tape(graph, each, ["x", "y"], {}) for each in names]
    places = [(2, 0), (0, 1), (2, 0)]
    merged = merge_tapes(tapes, places, 3)
    values = np.random.default_rng(1).normal(size=(3, 50))
    found = np.empty((6, 50))
    merged.run(values, found)
    expected = np.empty((2, 50))
    for number, (tape, own) in enumerate(zip(tapes, places, strict=True)):
        tape.run(values[list(own)], expected)
        np.testing.assert_array_equal(found[2 * number : 2 * number + 2], expected)
    assert [each.function for each in merged.instructions].count("exp") == 2
