"""A crossing is where an output meets a threshold or jumps over it, not where it passes through infinity."""

import math
from dataclasses import replace

import numpy as np
import pytest
from models import limit, space_of
from variants import one_in, variants

from uncertainty.budgets import Plan
from uncertainty.challenges.breakeven import BROKEN, NEAREST_BROKEN, break_even
from uncertainty.challenges.effort import FULL, Search
from uncertainty.challenges.poles import are_broken, halved
from uncertainty.records import Frozen

# the model of x, the threshold, and the nearest value from 1 at which it is met; None where none is
CURVES = [
    # a pole at 0.5 and a zero at 4.5, or none where c has the other sign on the searched side
    (lambda x: 1 / (x - 0.5) - 0.25, 0.0, 4.5),
    (lambda x: 1 / (x - 0.5), 0.0, None),
    (lambda x: 1 / (x - 2), 0.0, None),
    (lambda x: 1 / (x - 2) ** 3, 0.125, 4.0),
    # like the trend of an inventory: the pole at -1.378 lies nearer than the zero at -3.75
    (lambda x: (10 + 3.75 + x) / (10 * (1.378 + x) / 2.378) - 1, 0.0, (13.75 - 5.79478553) / 3.20521447),
    # a pole beside the zero
    (lambda x: (x - 3.5) / (x - 3), 0.0, 3.5),
    (lambda x: (x - 3) / (x - 3.5), 0.0, 3.0),
    (lambda x: x / (x - 1.5), 0.0, 0.0),
    (lambda x: x / (x - 1.5), 2.0, 3.0),
    (lambda x: (x - 5) * (x + 7) / (x - 2), 0.0, 5.0),
    (lambda x: (x + 0.7) * (x - 9) / ((x - 2) * x), 0.0, -0.7),
    (lambda x: np.tan(math.pi * x / 4), 0.0, 0.0),
    (lambda x: np.tan(math.pi * (x + 0.9) / 4), 0.0, -0.9),
    (lambda x: np.sign(2 - x) * np.log(np.abs(x - 2) / 100), 0.0, -98.0),
    # infinite on one side of a value alone
    (lambda x: np.where(x < 2, -1.0, 1 / np.maximum(x - 2, 0)), 0.0, None),
    # jumps that are no poles, beside which the output may rise, or lie on a slope without end
    (lambda x: np.where(x > 2, 3.0, -1.0), 0.0, 2.0),
    (lambda x: np.where(x > 2, 3.0, -1.0) - 0.1 * x, 0.0, 2.0),
    (lambda x: np.where(x > 2, 3 - np.sqrt(np.abs(x - 2)), -1.0), 0.0, 2.0),
    (lambda x: np.arctan(1 / (x - 2)), 0.0, 2.0),
    (lambda x: np.floor(x) - 2.5, 0.0, 3.0),
    # what is steep is met, however steep
    (lambda x: np.cbrt(x - 2), 0.0, 2.0),
    (lambda x: (x - 2) / ((x - 2) ** 2 + 1e-8), 0.0, 2.0),
    (lambda x: np.tanh(1e6 * (x - 2)), 0.0, 2.0),
    # undefined between two sides
    (lambda x: x * np.sqrt((x - 2) * (x - 4)) / (x - 3), 0.0, 0.0),
    (lambda x: np.sqrt((x - 2) * (x - 4)) / (x - 3), 0.0, None),
]


@pytest.mark.parametrize(("model", "value", "met"), one_in(2, CURVES))
def test_a_curve_crosses_where_it_meets_a_threshold_and_at_no_pole(model, value, met):
    space = space_of(lambda x: {"y": model(x)}, {"x": "normal(1, 0.04)"})
    with np.errstate(all="ignore"):
        for row in break_even(space, (limit(value),), seed=1)["x"]:
            if met is None:
                assert (row.value, row.crossings, row.reason) == (None, 0, BROKEN)
            else:
                assert row.value == pytest.approx(met, rel=1e-6, abs=1e-9)


# a pole and the one value at which the threshold is met, in one cell of the values that are tried
BESIDE = [
    (lambda x: 1 + 0.5 / (x + 50.3), 0.0, -50.8),
    (lambda x: 1 - 0.5 / (x - 200.123), 0.0, 200.623),
    (lambda x: 1 + 1e-5 / (x + 50.3), 0.0, -50.30001),
    (lambda x: 7 + 3 / (x - 30.2) ** 3, 4.0, 29.2),
    (lambda x: np.sign(x - 30.2) * np.log(np.abs(x - 30.2) / 10), -16.0, 30.2 + 10 * math.exp(-16)),
    # as an inventory's trend over a factor that both of its years have
    (lambda x: (x + 2824) / (x + 2707) + 0.1, 0.1, -2824.0),
]


@pytest.mark.parametrize("above", variants([True, False], lambda above: above))
@pytest.mark.parametrize(("model", "value", "met"), one_in(2, BESIDE))
def test_a_value_close_beside_a_pole_is_found(model, value, met, above):
    space = space_of(lambda x, a: {"y": model(x) + 0 * a}, {"x": "normal(1, 0.04)", "a": "normal(3, 1)"})
    with np.errstate(all="ignore"):
        for row in break_even(space, (limit(value, above=above),), seed=1)["x"]:
            assert row.value == pytest.approx(met, rel=1e-6)
            assert row.crossings == 1


def test_a_curve_that_steps_back_by_a_jump_or_by_noise_meets_nothing_there():
    rng = np.random.default_rng(3).normal(size=4096)
    models = (
        lambda x: np.where(x > 50.3, x - 10, x),
        lambda x: np.where(x > -50.3, x + 10, x),
        lambda x: 5 + rng[np.int64(np.abs(x) * 1e3) % rng.size],
        lambda x: 1 / (x - 50.3) ** 2,
        np.tanh,
    )
    for model in models:
        for row in break_even(
            space_of(lambda x, m=model: {"y": m(x)}, {"x": "normal(1, 0.04)"}), (limit(-1e9),), 1
        )["x"]:
            assert (row.status, row.value, row.reason) == ("no value does", None, None)


@pytest.mark.parametrize("a", ["normal(3, 0.02)", "uniform(2.9, 3.1)", "lognormal(3, 1.3)"])
def test_a_median_crosses_where_draws_meet_the_threshold_and_not_where_their_poles_lie(a):
    """The median of 1 / (x - a) changes its sign at the median of a, and is 1/4 at 4 more, in closed form."""
    space = space_of(lambda x, a: {"y": 1 / (x - a)}, {"x": "normal(1, 0.3)", "a": a})
    points, distributed = break_even(space, (limit(0.0), limit(0.25)), seed=1)["x"][:2]
    assert points.reason == distributed.reason == BROKEN
    points, distributed = break_even(space, (limit(0.25),), seed=1)["x"]
    assert points.value == pytest.approx(7.0, abs=0.05)
    assert distributed.value == pytest.approx(7.0, abs=0.05 if "log" not in a else 0.2)
    assert distributed.crossings == 1


@pytest.mark.parametrize("sd", [0.01, 0.3])
def test_a_median_crosses_between_and_beyond_the_poles_of_its_draws(sd):
    """Of (x - r) / (x - a) the median changes through poles about 2, and is 0 at the median of r, 6."""
    inputs = {"x": "normal(1, 0.1)", "r": f"normal(6, {sd})", "a": f"normal(2, {sd})"}
    space = space_of(lambda x, r, a: {"y": (x - r) / (x - a)}, inputs)
    for row in break_even(space, (limit(0.0),), seed=1)["x"]:
        assert row.value == pytest.approx(6.0, abs=5 * sd / 60 + 1e-9)
        assert row.crossings == 1


def test_a_median_crosses_where_draws_jump_though_none_of_them_is_near():
    space = space_of(
        lambda x, a: {"y": np.where(x > a, 5.0, -5.0)}, {"x": "normal(1, 0.3)", "a": "normal(3, 0.5)"}
    )
    points, distributed = break_even(space, (limit(0.0),), seed=1)["x"]
    assert (points.value, distributed.value) == (pytest.approx(3), pytest.approx(3, abs=0.03))


@pytest.mark.slow
def test_inputs_that_go_along_have_poles_of_their_own():
    """Given x = 1 + 0.1 z the median of w is 0.1 r z: 3 - x - w is 1 at z = 10 / (1 + r)."""
    r = 2 * math.sin(math.pi / 6 * 0.8)
    space = space_of(
        lambda x, w: {"y": 1 / (3 - x - w)},
        {"x": "normal(1, 0.1)", "w": "normal(0, 0.1)"},
        correlations=[(("x", "w"), 0.8)],
    )
    _, pole = break_even(space, (limit(0.0),), seed=1)["x"]
    assert (pole.value, pole.reason) == (None, BROKEN)
    _, met = break_even(space, (limit(1.0),), seed=1)["x"]
    assert met.value == pytest.approx(1 + 0.1 * 10 / (1 + r), abs=0.02)
    assert met.crossings == 1


def test_noise_is_met_and_is_no_pole():
    """A curve with noise of its own, as a simulation's, crosses where its noise first does."""
    rng = np.random.default_rng(3).normal(size=4096)
    space = space_of(
        lambda x: {"y": x - 3 + 0.05 * rng[np.int64(x * 1e6) % rng.size]}, {"x": "normal(1, 0.3)"}
    )
    for row in break_even(space, (limit(0.0),), seed=1)["x"]:
        assert row.value == pytest.approx(3.0, abs=0.2)


def test_with_a_budget_the_nearest_change_that_seems_to_be_no_pole_is_looked_at():
    bounded = replace(
        FULL, points=Search(20, 20, 10, 3, 12), plan=Plan(10**6, Frozen({}), Frozen({}), Frozen({}))
    )
    space = space_of(lambda x: {"y": 1 / (x - 0.5) - 0.25}, {"x": "normal(1, 0.04)"})
    points, _ = break_even(space, (limit(0.0),), 1, bounded)["x"]
    assert points.value == pytest.approx(4.5)
    space = space_of(lambda x: {"y": 1 / (x - 0.5)}, {"x": "normal(1, 0.04)"})
    points, _ = break_even(space, (limit(0.0),), 1, bounded)["x"]
    assert (points.value, points.reason) == (None, NEAREST_BROKEN)


@pytest.mark.parametrize("power", [0.5, 1, 2, 3])
def test_a_power_of_the_distance_is_broken_and_its_inverse_is_not(power):
    places = np.array([0.0, 1e-7, 1 / 3, 1.0, 12345.6])
    for sign, broken in ((-1, True), (1, False)):

        def curves(values, sign=sign):
            apart = values - places
            return np.sign(apart) * np.abs(apart) ** (sign * power)

        with np.errstate(divide="ignore"):
            near, far = halved(curves, places - 0.3, places + 0.7, limit(0.0), 1.0)
            found = are_broken(curves, near, far, limit(0.0), (-math.inf, math.inf))
        assert ((near <= places) & (places <= far)).all()
        assert found.tolist() == [broken] * places.size


@pytest.mark.parametrize("sd", [0.02, 0.1])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_noise_far_away_does_not_hide_the_pole_through_which_a_result_changes_its_side(sd, sign):
    """About a pole at 1 the result lies on two sides; far away it is x, of which half the draws are less."""
    space = space_of(
        lambda x, a: {"y": sign * (x + 1 / (x - a))}, {"x": f"normal(1, {sd})", "a": "normal(2, 0.1)"}
    )
    _, found = break_even(space, (limit(sign),), seed=1)["a"]
    assert (found.value, found.reason) == (None, BROKEN)


def test_noise_near_by_does_not_hide_a_crossing_far_away():
    """Up to 30 the median is that of noise about the threshold, which grows; beyond it is far below."""

    def model(x, b):
        return {"y": b * x - np.maximum(x - 30, 0)}

    space = space_of(model, {"x": "normal(1, 0.3)", "b": "normal(0, 1)"})
    rows = [break_even(space, (limit(value),), seed=1)["x"][1] for value in (-1e-3, -0.5, -5.0)]
    # of b x + 30 - x the median is 30 - x
    for row, exact in zip(rows, (30.001, 30.5, 35.0), strict=True):
        assert row.status == "crosses"
        assert row.value == pytest.approx(exact, abs=1.5)
