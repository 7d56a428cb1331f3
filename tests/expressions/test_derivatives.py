"""Derivatives against closed forms and against complex steps; bounds on rounding against exact fractions."""

import functools
import math
import random
from fractions import Fraction

import numpy as np
import pytest
from test_tape import VARIABLES, columns_of, tape_of

from uncertainty.expressions.derivatives import RULES, gradient, rounding_errors
from uncertainty.expressions.operations import OPERATIONS
from uncertainty.expressions.tape import _FUNCTIONS

POINT = np.array([[0.7], [1.9], [0.3]])


def slopes(text, point=POINT):
    return gradient(tape_of({"f": text}), np.asarray(point, float))[1][0, :, 0]


def test_every_function_that_a_tape_may_use_has_a_rule():
    assert set(RULES) == set(_FUNCTIONS)
    assert {operation.ufunc for operation in OPERATIONS.values()} <= set(RULES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x + y", (1, 1, 0)),
        ("x - y", (1, -1, 0)),
        ("x * y * z", (1.9 * 0.3, 0.7 * 0.3, 0.7 * 1.9)),
        ("x / y", (1 / 1.9, -0.7 / 1.9**2, 0)),
        ("-x", (-1, 0, 0)),
        ("x**3", (3 * 0.7**2, 0, 0)),
        ("x**-1", (-1 / 0.7**2, 0, 0)),
        ("x**0.5 + x**1", (0.5 / math.sqrt(0.7) + 1, 0, 0)),
        ("x**y", (1.9 * 0.7**0.9, 0.7**1.9 * math.log(0.7), 0)),
        ("2**y", (0, 2**1.9 * math.log(2), 0)),
        ("exp(x * y)", (1.9 * math.exp(1.33), 0.7 * math.exp(1.33), 0)),
        ("log(x) + log10(y)", (1 / 0.7, 1 / 1.9 / math.log(10), 0)),
        ("sin(x) + cos(y) + tan(z)", (math.cos(0.7), -math.sin(1.9), 1 / math.cos(0.3) ** 2)),
        ("tanh(x) + sqrt(y)", (1 / math.cosh(0.7) ** 2, 0.5 / math.sqrt(1.9), 0)),
        ("expm1(x) + log1p(y)", (math.exp(0.7), 1 / 2.9, 0)),
        ("asin(x) + acos(z) + atan(y)", (1 / math.sqrt(0.51), 1 / (1 + 1.9**2), -1 / math.sqrt(0.91))),
        ("floor(9 * x) + ceil(y) * round(z) + x", (1, 0, 0)),
        ("x * (x < y and not z > y or z)", (1, 0, 0)),
        ("abs(x - y)", (-1, 1, 0)),
        ("minimum(x, y, z)", (0, 0, 1)),
        ("maximum(x, y, z) * x", (1.9, 0.7, 0)),
        ("where(x < y, x, z) + (x < y)", (1, 0, 0)),
        # a branch that is not taken has no say, whatever it is
        ("where(x < y, x, log(x - y))", (1, 0, 0)),
        ("x", (1, 0, 0)),
        ("3 + 0 * x", (0, 0, 0)),
    ],
)
def test_derivatives_are_those_of_the_textbook(text, expected):
    np.testing.assert_allclose(slopes(text), expected, rtol=4e-15, atol=1e-300)


def test_a_large_constant_cancels_in_no_derivative():
    for point in ([1e7, 1e-4, 0], [4.7e14, 100, 0], [1e300, 1e-300, 0]):
        np.testing.assert_array_equal(slopes("x + y", np.array(point)[:, None]), [1, 1, 0])
    np.testing.assert_array_equal(slopes("(x + 1e15) - 1e15"), [1, 0, 0])


def test_at_a_kink_a_derivative_is_the_mean_of_both_sides():
    point = np.array([[0.5], [0.5], [0.0]])
    np.testing.assert_array_equal(slopes("maximum(x, y)", point), [0.5, 0.5, 0])
    np.testing.assert_array_equal(slopes("abs(x - y)", point), [0, 0, 0])


def test_each_column_of_points_has_its_own_derivatives_and_values():
    columns = columns_of(50, low=0.1)
    tape = tape_of({"f": "x**2 * y", "g": "log(z)"})
    values, found = gradient(tape, columns)
    x, y, z = columns
    np.testing.assert_allclose(values, [x**2 * y, np.log(z)], rtol=1e-15)
    np.testing.assert_allclose(found[0], [2 * x * y, x**2, 0 * x], rtol=1e-15)
    np.testing.assert_allclose(found[1], [0 * x, 0 * x, 1 / z], rtol=1e-15)


TEMPLATES = (
    "({0} + {1})", "({0} - {1})", "({0} * {1})", "({0} / {1})", "-{0}", "({0})**2", "({0})**3", "({0})**-1",
    "sqrt({0})", "exp({0})", "log({0})", "log10({0})", "sin({0})", "cos({0})", "tan({0})", "tanh({0})",
    "sqrt({0})**1.5", "exp({0})**{1}", "where({0} < {1}, {1}, {2})", "minimum({0}, {1}, {2})",
    "maximum({0}, {1})",
)  # fmt: skip


def random_text(rng, depth):
    if depth == 0 or rng.random() < 0.1:
        return rng.choice(["x", "y", "z", "x", "y", "z", "2", "0.25", "pi"])
    parts = [random_text(rng, depth - 1) for _ in range(3)]
    return rng.choice(TEMPLATES).format(*parts)


ORACLE = {
    name: getattr(np, name)
    for name in (
        *("sqrt", "exp", "log", "log10", "sin", "cos", "tan", "tanh"),
        *("expm1", "log1p", "asin", "acos", "atan"),
    )
} | {
    "pi": math.pi,
    "where": np.where,
    "minimum": lambda *v: functools.reduce(lambda a, b: np.where(np.real(a) <= np.real(b), a, b), v),
    "maximum": lambda *v: functools.reduce(lambda a, b: np.where(np.real(a) >= np.real(b), a, b), v),
}


def by_complex_step(text, columns):
    """Derivatives without a difference (Squire & Trapp 1998, doi:10.1137/S003614459631241X)."""
    found = []
    for moved in range(3):
        given = columns.astype(complex)
        given[moved] += 1e-200j
        names = dict(zip(VARIABLES, given, strict=True))
        with np.errstate(all="ignore"):
            value = eval(text, {"__builtins__": {}, **ORACLE}, names)
        found.append(np.broadcast_to(np.imag(value), columns.shape[1:]) / 1e-200)
    return np.array(found)


@pytest.mark.parametrize("seed", range(150))
def test_derivatives_of_any_expression_are_those_of_a_complex_step(seed):
    assert_derivatives(random_text(random.Random(seed), 3), seed)


@pytest.mark.parametrize(
    "function", ["log1p({})", "expm1({})", "asin(sin({}) / 2)", "acos(tanh({}) / 2)", "atan({})"]
)
@pytest.mark.parametrize("seed", range(1, 9))
def test_derivatives_of_functions_for_small_numbers_and_of_arcs_are_those_of_a_complex_step(function, seed):
    assert_derivatives(function.format(random_text(random.Random(seed), 2)), seed)


def assert_derivatives(text, seed):
    columns = columns_of(20, seed, low=0.05)
    values, found = gradient(tape_of({"f": text}), columns)
    expected = by_complex_step(text, columns)
    # a real root or logarithm may be undefined where the complex one is not
    sound = np.isfinite(values[0]) & np.isfinite(expected) & (np.abs(expected) < 1e100)
    largest = np.abs(np.where(sound, expected, 0)).max(axis=0, initial=1e-3)
    error = np.where(sound, found[0] - expected, 0)
    assert np.all(np.abs(error) <= 1e-9 * np.abs(np.where(sound, expected, 0)) + 1e-11 * largest)


@pytest.mark.parametrize("seed", range(40))
def test_rounding_errors_stay_within_their_bounds(seed):
    """The exact results are fractions."""
    rng = random.Random(seed)
    text = random_arithmetic(rng, 4)
    columns = columns_of(20, seed, low=0.1)
    tape = tape_of({"f": text})
    values, bounds = gradient(tape, columns)[0][0], rounding_errors(tape, columns)[0]
    for place, value in enumerate(values.tolist()):
        names = dict(zip(VARIABLES, map(Fraction, columns[:, place].tolist()), strict=True))
        exact = eval(text.replace("2", "whole"), {"__builtins__": {}, "whole": Fraction(2)}, names)
        assert abs(Fraction(value) - exact) <= Fraction(bounds[place]) * Fraction(1.001)


def random_arithmetic(rng, depth):
    if depth == 0:
        return rng.choice(["x", "y", "z", "2"])
    left, right = random_arithmetic(rng, depth - 1), random_arithmetic(rng, depth - 1)
    return f"({left} {rng.choice('++-*/')} {right})" if "-" not in right else f"({left} * {right})"


def test_bounds_on_rounding_are_those_of_the_steps():
    half_digit = 2.0**-53
    point = np.array([[5.0], [3.0], [4e14]])

    def bound(text):
        return rounding_errors(tape_of({"f": text}), point)[0, 0] / half_digit

    assert bound("x / (x + y) + y / (x + y)") == pytest.approx(3)
    assert bound("x + z") == pytest.approx(4e14)
    # the offset has gone, what it has rounded away has not
    assert bound("(x + z) - z") == pytest.approx(4e14)
    assert bound("-abs(x)") == bound("maximum(x, y)") == bound("where(x < y, x, y)") == 0
    # a branch that is not taken has no say
    assert bound("where(x > y, x, z + y)") == 0


def test_a_constant_that_has_lost_most_digits_stays_within_its_bound():
    columns = columns_of(200, 3, low=0.1)
    tape = tape_of({"f": "(x + 10 ** 12) * (x + 10 ** 12) - x * x - 2 * x * 10 ** 12 - 10 ** 24"})
    found = rounding_errors(tape, columns)
    assert found.shape == (1, 200)
    values, bounds = gradient(tape, columns)[0][0], found[0]
    assert np.ptp(values) > 0
    assert np.ptp(values) <= 2 * bounds.max()


def test_what_is_infinite_beside_a_loose_bound_is_passed_over_without_a_warning():
    """Next to nothing is left of the first terms, so that others are tried; one is infinite."""
    columns = np.array([[2.0, 3.0, 1.0]] * 3)
    tape = tape_of({"f": "(x + 10 ** 12) * (x + 10 ** 12) - 2 * x * 10 ** 12 - 10 ** 24 + 1 / (x - 1)"})
    assert np.isinf(gradient(tape, columns)[0][0]).tolist() == [False, False, True]
    assert np.isfinite(rounding_errors(tape, columns)[0, :2]).all()
