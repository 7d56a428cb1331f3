from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from uncertainty.distributions.functions import crossing, first_reaching, first_reaching_in_few


def test_the_root_is_found_to_the_last_bit() -> None:
    target = np.array([2.0, 1e-30, 1e200])
    found = first_reaching(lambda x: x * x, target, np.zeros(3), np.full(3, 1e150))
    assert np.all(found * found >= target)
    before = np.nextafter(found, 0)
    assert np.all(before * before < target)


def test_a_jump_is_met_exactly() -> None:
    target = np.array([0.5, 1.0])
    found = first_reaching(lambda x: (x >= -0.1) * 1.0, target, np.full(2, -np.inf), np.full(2, np.inf))
    np.testing.assert_array_equal(found, [-0.1, -0.1])


COSTLY = {
    "square": (lambda x: x * x, [2.0, 3.0, 1.25], 1.0, 2.0, 30),
    "normal": (lambda x: np.array([math.erf(each) for each in x]), [0.1, 0.5, 0.9], 0.01, 3.0, 68),
    "jumps": (np.floor, [2.0, -3.0, 1e9], -math.inf, math.inf, 68),
    "one jump": (lambda x: (x >= -0.1) * 1.0, [0.5, 1.0], -math.inf, math.inf, 68),
    "flat, then steep": (lambda x: np.maximum(x - 1.0, 0.0) ** 9, [1e-90, 0.5], 0.0, 3.0, 68),
    "nowhere": (np.zeros_like, [1.0, 2.0], -3.0, 3.0, 68),
    "one place": (lambda x: x, [1.0, 2.0], 2.0, 2.0, 1),
}


@pytest.mark.parametrize("case", COSTLY)
def test_few_evaluations_find_the_same_float(case):
    """Bisection takes up to 64; four more are the most that a jump may cost."""
    function, given, low, high, most = COSTLY[case]
    calls = []

    def counted(x):
        calls.append(1)
        return function(x)

    target = np.array(given)
    bounds = np.full(target.shape, low), np.full(target.shape, high)
    found = first_reaching_in_few(counted, target, *bounds)
    np.testing.assert_array_equal(found, first_reaching(function, target, *bounds))
    assert len(calls) <= most


def test_the_upper_bound_is_returned_if_nothing_reaches() -> None:
    ends = np.array([3.0])
    assert first_reaching(np.zeros_like, np.array([1.0]), -ends, ends) == 3.0


def test_zero_is_found_without_a_sign() -> None:
    found = first_reaching(
        lambda x: np.where(x >= 0, 1.0, 0.0), np.array([1.0]), np.array([-1.0]), np.array([1.0])
    )
    assert found == 0.0
    assert not np.signbit(found)[0]


SMOOTH = (
    (math.cos, 0.0, 3.0, 1e-12),
    (lambda x: x**3 - 2 * x - 5, 2.0, 3.0, 1e-15),
    (lambda x: math.exp(x) - 1e-9, -40.0, 5.0, 1e-9),
    (lambda x: math.atan(x - 1e6), -1e3, 1e9, 1e-6),
    (lambda x: (x - 1) ** 3, -0.2, 3.0, 1e-9),
    (lambda x: math.copysign(abs(x - 0.3) ** 0.1, x - 0.3), -1.0, 1.0, 1e-12),
    (lambda x: math.floor(x) + 0.5, -3.0, 7.0, 1e-10),
    (lambda x: -x, 5.0, -7.0, 1e-12),
    (lambda x: x - 2.0, 2.0, 3.0, 1e-12),
    (lambda x: x - 3.0, 2.0, 3.0, 1e-12),
    (lambda x: min(1 / (x + 1e-320), 1e300) - 1e5, 0.0, 1.0, 1e-15),
)


@pytest.mark.parametrize(("function", "low", "high", "xtol"), SMOOTH)
def test_a_crossing_is_found_by_the_same_steps_as_scipy_takes(function, low, high, xtol):
    ours, theirs = [], []
    found = crossing(lambda x: ours.append(x) or function(x), low, high, xtol=xtol)
    assert found == brentq(lambda x: theirs.append(x) or function(x), low, high, xtol=xtol)
    # scipy asks for both ends once more, to look for nan
    assert ours == theirs[-len(ours) :]


@pytest.mark.parametrize("function", [math.exp, lambda x: x * math.nan])
def test_what_crosses_nowhere_is_refused(function):
    with pytest.raises(ValueError, match="crossing"):
        crossing(function, -1.0, 1.0, xtol=1e-12)


def test_steps_that_never_end_are_given_up():
    with pytest.raises(RuntimeError, match="100 steps"):
        crossing(lambda x: (x - 1) ** 9, -0.2, 3.0, xtol=1e-12)
