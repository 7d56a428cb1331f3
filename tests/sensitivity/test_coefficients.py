"""Derivatives of a study: exact for equations, and for functions within the error that is stated."""

import math

import numpy as np
import pytest
from exact_models import of_function

import uncertainty as un
from uncertainty import NonFiniteError
from uncertainty.sensitivity import coefficients
from uncertainty.sensitivity.budget import linear_budget

STUDY = """
format = 1
[study]
title = "T"
headline = "f"
[inputs.a]
unit = "Hz"
point = {a}
distribution = "normal({a}, {u})"
[inputs.b]
unit = "{unit}"
point = {b}
distribution = "normal({b}, {v})"
[equations]
offset = "1e9[Hz]"
[outputs.f]
unit = "Hz"
value = "{value}"
"""


@pytest.mark.parametrize(
    ("value", "a", "u", "b", "v", "unit"),
    [
        # a frequency standard, a laser, a clock, and an offset within the equations
        ("a + b", 1e7, 3e-5, 1e-4, 4e-5, "Hz"),
        ("a + b", 473612353604000.0, 3000.0, 100.0, 4000.0, "Hz"),
        ("a + b", 9192631770.0, 0.3, -2.2, 0.4, "Hz"),
        ("a - b + offset - offset", 5e12, 3e-2, 2e12, 4e-2, "Hz"),
        ("a + b", 6.0e14, 0.3, 2.0, 0.4e-3, "kHz"),
    ],
)
def test_of_a_sum_every_derivative_is_one(write_study, value, a, u, b, v, unit):
    study = un.load_study(write_study(STUDY.format(value=value, a=a, u=u, b=b, v=v, unit=unit)))
    found = linear_budget(study, samples=2**10)
    scale = 1000 if unit == "kHz" else 1
    assert found.lines["a"].sensitivity == 1
    assert found.lines["b"].sensitivity == (-scale if "-" in value else scale)
    assert found.uncertainty == pytest.approx(5 * u / 3, rel=1e-12)
    assert found.lines["a"].share == pytest.approx(0.36, rel=1e-12)
    assert {line.sensitivity_error for line in found.lines.values()} == {0.0}
    assert found.derivatives == ""


PHYSICS = {
    "a power law": ("a**2 / b", 3.0, 0.1, 7.0, 0.2, (6 / 7, -9 / 49)),
    "a pendulum": ("4 * pi**2 * a / b**2", 1.0, 1e-3, 2.0, 1e-3, (math.pi**2, -(math.pi**2))),
    "an angle": ("a * sin(b)", 2.0, 0.01, 0.5, 0.001, (math.sin(0.5), 2 * math.cos(0.5))),
    "a decay": ("a * exp(0 - b)", 1e150, 1e149, 3.0, 0.1, (math.exp(-3), -1e150 * math.exp(-3))),
}


@pytest.mark.parametrize("case", PHYSICS)
def test_derivatives_of_equations_are_the_closed_forms(write_study, case):
    value, a, u, b, v, expected = PHYSICS[case]
    text = STUDY.format(value=value, a=a, u=u, b=b, v=v, unit="1").replace('"Hz"', '"1"').replace("[Hz]", "")
    found = linear_budget(un.load_study(write_study(text)), samples=2**10)
    slopes = [found.lines[name].sensitivity for name in ("a", "b")]
    np.testing.assert_allclose(slopes, expected, rtol=1e-14)


FUNCTIONS = {
    "a sum beside a large constant": (lambda a, b: a + b + 4.7e14, (100, 3000), (5, 4000), (1, 1)),
    "a clock": (lambda a, b: 9192631770 + a + b, (0.5, 0.3), (-2.2, 0.4), (1, 1)),
    "a product": (lambda a, b: a * b**2, (3, 0.1), (2, 0.05), (4, 12)),
    "a wave": (lambda a, b: np.sin(20 * a) * b, (1, 0.3), (2, 0.1), (40 * math.cos(20), math.sin(20))),
    "an exponential": (
        lambda a, b: np.exp(3 * a) / b,
        (1, 1),
        (2, 0.1),
        (1.5 * math.exp(3), -math.exp(3) / 4),
    ),
    "a root": (lambda a, b: np.sqrt(a) + b, (1.0, 0.9), (2, 0.1), (0.5, 1)),
    "in single precision": (lambda a, b: np.float32(a) * np.float32(b), (3, 0.1), (2, 0.1), (2, 3)),
}


@pytest.mark.parametrize("case", FUNCTIONS)
def test_derivatives_of_functions_are_off_by_no_more_than_is_stated(case):
    model, (a, u), (b, v), expected = FUNCTIONS[case]
    study = of_function(lambda a, b: {"y": model(a, b)}, {"a": f"normal({a}, {u})", "b": f"normal({b}, {v})"})
    if case == "a root":
        study = of_function(lambda a, b: {"y": model(a, b)}, {"a": "uniform(0, 2)", "b": "normal(2, 0.1)"})
    found = linear_budget(study, samples=2**8)
    for name, slope in zip("ab", expected, strict=True):
        line = found.lines[name]
        assert abs(line.sensitivity - slope) <= line.sensitivity_error
        assert line.sensitivity_error <= 1e-3 * abs(slope)
    assert found.derivatives.startswith(
        "Derivatives are differences of the function's values; no u(y) is off by"
    )


@pytest.mark.parametrize(
    ("model", "mean"),
    [
        (np.abs, 0.0),
        (lambda x: np.where(x > 1, 5.0, 0.0), 1.0),
        (lambda x: np.maximum(x, 2.0), 2.0),
        (lambda x: np.float32(1e6) + np.float32(0.03) * np.float32(x), 1.0),
    ],
)
def test_a_function_that_bends_or_jumps_at_the_means_is_told(model, mean):
    study = of_function(lambda x: {"y": model(x)}, {"x": f"normal({mean}, 1)"})
    assert linear_budget(study, samples=2**8).derivatives.startswith("No derivative represents the function")


@pytest.mark.parametrize("model", [np.floor, lambda x: np.round(2 * x), lambda x: np.sign(x - 5.1)])
def test_a_function_that_is_flat_at_the_means_is_not_said_to_be_off_by_rounding(model):
    study = of_function(lambda x: {"y": model(x)}, {"x": "normal(5.5, 0.3)"})
    found = linear_budget(study, samples=2**10)
    assert found.uncertainty == 0
    assert found.derivatives.startswith("Derivatives are differences of the function's values")


@pytest.mark.parametrize(
    "model", [np.sign, lambda x: 0 * x + 3, lambda x: np.float32(1e6) + np.float32(1e-3) * np.float32(x)]
)
def test_of_a_function_with_one_value_nothing_is_said_to_bend(model):
    study = of_function(lambda x: {"y": model(x)}, {"x": "normal(5.5, 0.3)"})
    assert linear_budget(study, samples=2**8).derivatives.startswith(
        "The function has one value in all draws"
    )


KINKED = [
    ("abs(a - b)", 5, 1, 5, 1, "“abs(a - b)” bends or jumps"),
    (
        "maximum(a, b) + where(a > b, a, 0)",
        5,
        1,
        5.5,
        1,
        "“maximum(a, b)”, “where(a > b, a, 0)” bend or jump",
    ),
    ("(a > 5) * b", 4, 1, 3, 1, "“a > 5” bends or jumps"),
    ("minimum(a, 6)", 5, 1, 3, 1, "“minimum(a, 6)” bends or jumps"),
]


@pytest.mark.parametrize(("value", "a", "u", "b", "v", "said"), KINKED)
def test_where_no_derivative_represents_the_equations_is_said(write_study, value, a, u, b, v, said):
    text = STUDY.format(value=value, a=a, u=u, b=b, v=v, unit="1").replace('"Hz"', '"1"').replace("[Hz]", "")
    found = linear_budget(un.load_study(write_study(text)), samples=2**10)
    assert (
        found.derivatives == f"{said} within the inputs' spread: no derivative represents the output there."
    )
    assert all(0 < bend.share <= 1 for bend in found.bends)


def test_a_kink_far_out_in_a_tail_is_none(write_study):
    text = STUDY.format(value="abs(a) + maximum(b, 0)", a=20, u=1, b=30, v=2, unit="Hz")
    found = linear_budget(un.load_study(write_study(text)), samples=2**10)
    assert (found.bends, found.derivatives) == ((), "")


def test_a_share_of_draws_beyond_a_kink_is_its_probability(write_study):
    text = STUDY.format(value="abs(a)", a=1, u=1, b=30, v=2, unit="Hz")
    (bend,) = linear_budget(un.load_study(write_study(text)), samples=2**10).bends
    assert bend.share == pytest.approx(0.158655, abs=4 * math.sqrt(0.16 * 0.84 / 4096))


def test_an_infinite_derivative_is_refused(write_study):
    text = STUDY.format(value="a * sqrt(b)", a=1, u=1, b=0, v=2, unit="1").replace(
        "normal(0, 2)", "arcsine(-1, 1)"
    )
    with pytest.raises(NonFiniteError, match=r"study\.toml: outputs\.f: has a derivative that is infin"):
        linear_budget(un.load_study(write_study(text.replace("sqrt(b)", "sqrt(abs(b) + b)"))), samples=2**8)


@pytest.mark.parametrize("value", ["b / a", "b * log(abs(a))", "b / sqrt(abs(a))"])
def test_an_output_without_a_value_at_the_means_is_refused(write_study, value):
    text = STUDY.format(value=value, a=0.5, u=1, b=3, v=2, unit="Hz").replace("normal(0.5", "uniform(-1")
    text = text.replace('"Hz"', '"1"').replace("[Hz]", "")
    with pytest.raises(NonFiniteError, match=r"study\.toml: outputs\.f: is infinite or undefined at the inp"):
        linear_budget(un.load_study(write_study(text)), samples=2**8)


def test_what_does_not_vary_has_no_contributions(write_study):
    text = STUDY.format(value="(a / (a + b) + b / (a + b)) * offset", a=50, u=3, b=30, v=2, unit="Hz")
    found = linear_budget(un.load_study(write_study(text)), samples=2**10)
    assert (found.uncertainty, found.verdict) == (0, "valid")
    assert {line.share for line in found.lines.values()} == {0.0}


OVER_CASES = """
format = 1
study = { title = "Over cases", headline = "y" }
inputs.w = { unit = "1", point = 1, distribution = "uniform(0.5, 2)" }
inputs.v = { unit = "1", point = 0.5, kind = "variability", distribution = "uniform(0, 1)" }
outputs.y = { unit = "1", value = "exp(w * v)", over = "average" }
"""


def test_a_slope_of_an_average_over_cases_is_off_by_what_its_net_gets_wrong(write_study):
    """Of (e^w - 1) / w, whose derivative is (e^w (w - 1) + 1) / w^2."""
    (line,) = linear_budget(un.load_study(write_study(OVER_CASES)), samples=2**14).lines.values()
    w = 1.25
    exact = (math.exp(w) * (w - 1) + 1) / w**2
    assert 0 < line.sensitivity_error < 0.05
    assert abs(line.sensitivity - exact) < 3 * line.sensitivity_error


@pytest.mark.parametrize(
    ("of_net", "rounding", "first"),
    [
        ([1, 3, 9, 27, 81, 243], 0, 1),
        ([1, 1, 5, 1, 1, 1], 0, 2),
        # no more than twice as far off by a step an eighth as long, or than rounding tells
        ([1, 2, 4, 8, 16, 32], 0, 6),
        ([1, 1.9, 3.6, 6.8, 13, 24], 0, 6),
        ([1, 3, 9, 27, 81, 243], [9, 1.5, 4.4, 14, 41, 122], 2),
        # less than twice the farthest that any longer step is off
        ([4, 1, 2, 4, 4, 11], 0, 5),
    ],
)
def test_cases_jump_within_all_steps_that_are_shorter_than_one_that_tells_less(of_net, rounding, first):
    net = np.array([of_net, np.zeros(6)], dtype=float).T
    found = coefficients._jumping(net, np.zeros((6, 2)) + np.array(rounding, dtype=float).reshape(-1, 1))
    assert found.tolist() == [[step >= first, False] for step in range(6)]


def test_what_fewer_cases_tell_is_known_the_less_the_fewer_they_are():
    """An eighth of the cases tells a slope with an error that is larger by the root of 8."""
    net = np.array([[1, 1], [2, 2], [1, 9], [0, 1], [99, 1], [1, 5]], dtype=float)
    jumping = np.array([[False] * 6, [False, True, True, True, True, True]]).T
    found = coefficients._of_fewer(net, jumping)
    assert found[:, 0].tolist() == [1, 2, 2, 2, 99, 99]
    root = math.sqrt(8)
    assert found[:, 1] == pytest.approx([1, root, 9, 9 * root, 72, 72 * root], rel=1e-12)


def test_a_longer_step_is_known_no_finer_than_a_shorter_one_within_it():
    """Of a step eight times as long, as many cases make an eighth of the slope."""
    net = np.array([[0, 5], [0, 0], [64, 64], [0, math.nan], [0, 0], [1, 0]], dtype=float)
    found = coefficients._no_finer(net)
    assert found[:, 0].tolist() == [1, 8, 64, 1 / 64, 1 / 8, 1]
    assert found[:, 1].tolist() == [5, 8, 64, 0, 0, 0]


@pytest.mark.parametrize(
    ("moved", "off", "step"),
    [
        # what curves by more over longer steps, and is known, hides nothing
        ([64, 1, 1 / 64], [0.1, 0.01, 0], None),
        # known badly: few cases jump within the step
        ([64, 1, 0], [0.1, 0.1, 0], 1),
        # the slope settles towards longer steps: as many cases jump in all scrambles
        ([0.2, 1, 0], [0, 0, 0], 1),
        ([9, 0, 1], [0, 0, 0], 2),
        # nothing changes by more than does not matter, or there are no values so far out
        ([1e-3, 1e-3, 0], [1e-3, 1e-3, 0], None),
        ([1, math.nan, 0], [1, math.nan, 0], None),
    ],
)
def test_jumps_show_by_the_first_step_beyond_which_a_slope_settles(moved, off, step):
    found = coefficients._first_beyond(np.array(moved, float), np.array(off, float), np.full(3, 0.005))
    assert found == step
