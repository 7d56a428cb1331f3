"""A small spread beside a large value is attributed; what rounding alone moves does not vary."""

import numpy as np
import pytest

import uncertainty as un
from uncertainty.challenges.analysis import challenge
from uncertainty.compiled import compile_model
from uncertainty.sensitivity.given_data import given_data
from uncertainty.sensitivity.morris import morris
from uncertainty.sensitivity.remaining import Known
from uncertainty.sensitivity.sample import Sample, draw_sample
from uncertainty.sensitivity.shapley import shapley
from uncertainty.study.scenario import scenario

STUDY = """
format = 1
[study]
title = "T"
headline = "y"
[inputs.a]
unit = "1"
point = {a}
distribution = "normal({a}, {sd_a})"
[inputs.b]
unit = "1"
point = {b}
distribution = "normal({b}, {sd_b})"
[outputs.y]
unit = "1"
value = "{value}"
scale = "{scale}"
"""


@pytest.fixture
def make(write_study):
    def make(value, a, sd_a, b, sd_b, scale="linear"):
        text = STUDY.format(value=value, a=a, sd_a=sd_a, b=b, sd_b=sd_b, scale=scale)
        return un.load_study(write_study(text))

    return make


VARYING = {
    "a caesium clock": ("a + b", 9192631770.0, 0.3, -2.2, 0.4, "linear"),
    "a clock on a log10 scale": ("a + b", 9192631770.0, 0.3, -2.2, 0.4, "log10"),
    "an optical clock": ("a + b", 518295836590863.0, 0.6, -2.2, 0.8, "linear"),
    "an optical clock on a log10 scale": ("a + b", 518295836590863.0, 0.6, -2.2, 0.8, "log10"),
    "an offset within the equations": ("(a + 1e13) - 1e13 + b", 5.0, 0.3, -2.2, 0.4, "linear"),
    "an offset that stays": ("1e13 + a + b", 5.0, 0.3, -2.2, 0.4, "log10"),
    "huge values": ("1e150 * (a + b)", 1e149, 3e137, 1e138, 4e137, "linear"),
    "tiny values": ("1e-150 * (a + b)", 1e-138, 3e-150, 1e-149, 4e-150, "log10"),
}
"""All of them have S1 = ST = 0.36 for a and 0.64 for b."""


@pytest.mark.parametrize("case", VARYING)
def test_every_method_attributes_a_small_spread_beside_a_large_value(make, case):
    study = make(*VARYING[case])
    expected = {"a": 0.36, "b": 0.64}
    index = un.sobol(study, samples=2**11).outputs["y"].indices
    drawn = given_data(draw_sample(study, samples=2**13), moment_independent=False)["y"].inputs
    effects = shapley(study, samples=2**11).effects
    screened = {name: each.mu_star for name, each in morris(study).inputs.items()}
    for name, share in expected.items():
        # a value on a grid of roundings has a little more variance than its distribution
        np.testing.assert_allclose([index[name].S1, index[name].ST], share, atol=0.015)
        assert drawn[name].S1.value == pytest.approx(share, abs=0.03)
        assert drawn[name].neighbour_S1.value == pytest.approx(share, abs=0.05)
        assert effects[name].value == pytest.approx(share, abs=0.015)
    assert screened["b"] / screened["a"] == pytest.approx(4 / 3, rel=0.2)


STILL = {
    "shares": ("a / (a + b) + b / (a + b)", 50.0, 9.0, 30.0, 4.0, "linear"),
    "shares on a log10 scale": ("a / (a + b) + b / (a + b)", 50.0, 9.0, 30.0, 4.0, "log10"),
    "a difference of two ways to compute the same": (
        "(a + b)**2 - a**2 - 2*a*b - b**2",
        50,
        9,
        30,
        4,
        "linear",
    ),
    "shares less their sum": ("a / (a + b) + b / (a + b) - 1", 50.0, 9.0, 30.0, 4.0, "linear"),
    "functions undone": ("exp(log(a) + log(b)) / (a * b)", 50.0, 9.0, 30.0, 4.0, "linear"),
    "huge values": ("1e300 * (a / (a + b) + b / (a + b))", 50.0, 9.0, 30.0, 4.0, "linear"),
    "tiny values": ("1e-300 * (a / (a + b) + b / (a + b))", 50.0, 9.0, 30.0, 4.0, "log10"),
}


@pytest.mark.parametrize("case", STILL)
def test_no_method_attributes_what_rounding_alone_moves(make, case):
    study = make(*STILL[case])
    nothing = "the output does not vary"
    model = compile_model(scenario(study), ["y"])
    values = np.empty((1, 64))
    model.run(np.random.default_rng(1).uniform(20, 60, (2, 64)), values)
    assert np.ptp(values) > 0
    found = un.sobol(study, samples=2**8).outputs["y"]
    assert (found.reason, dict(found.indices)) == (nothing, {})
    assert shapley(study, samples=2**8).reason == nothing
    assert given_data(draw_sample(study, samples=2**8))["y"].reason == nothing
    assert {each.mu_star for each in morris(study).inputs.values()} == {0.0}
    assert challenge(study, samples=2**8).outputs["y"].robustness == nothing
    run = un.propagate(study, samples=2**10).outputs["y"]
    assert run.draws.lowest == run.draws.highest == run.median
    assert run.sd == 0


def test_a_function_s_values_say_themselves_how_far_rounding_goes():
    def model(a, b):
        return {
            "clock": 9192631770.0 + a,
            "whole": a / (a + b) + b / (a + b),
        }

    study = un.Study.from_function(model, {"a": "normal(50, 0.5)", "b": "normal(30, 0.4)"})
    found = un.sobol(study, samples=2**10).outputs
    np.testing.assert_allclose(found["clock"].indices["a"].S1, 1, atol=0.01)
    assert found["whole"].reason == "the output does not vary"


def test_saved_draws_of_a_clock_vary():
    generator = np.random.default_rng(1)
    a, b = generator.normal(0, 0.3, 2**13), generator.normal(0, 0.4, 2**13)
    for scale in ("linear", "log10"):
        sample = Sample.from_arrays({"a": a, "b": b}, {"y": 9192631770 + a + b}, {"y": scale})
        found = given_data(sample, moment_independent=False)["y"].inputs
        assert found["a"].S1.value == pytest.approx(0.36, abs=0.05)
    same = Sample.from_arrays({"a": a, "b": b}, {"y": (0.1 + a) - a})
    assert given_data(same)["y"].reason == "the output does not vary"


def test_what_remains_of_an_interval_keeps_its_width_beside_a_large_constant(make):
    """If one input were known, the other's spread would remain: of 1.96 times 1 both ways, 0.6 or 0.8."""
    study = make("a + b", 429228004229873.0, 0.6, -2.2, 0.8)
    sample = draw_sample(study, samples=2**14)
    known = Known.of(sample, "y", 0.95)
    for name, left in (("a", 0.8), ("b", 0.6)):
        found = known.without(sample.column(name))
        # an end lies on a grid of sixteenths
        assert found.interval[1] - found.interval[0] == pytest.approx(3.92 * left, abs=0.07)
        assert found.narrowing == pytest.approx(1 - left, abs=0.02)
