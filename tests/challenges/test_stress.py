"""What failing draws have in common, against closed forms."""

from dataclasses import replace

import numpy as np
import pytest
from models import limit, space_of
from scipy.stats import kstwobign, norm
from variants import one_in

from uncertainty.challenges.effort import Effort
from uncertainty.challenges.shifts import Shift, by_chance
from uncertainty.challenges.stress import reverse_stress
from uncertainty.pages.wording import range_text, stress_sentence
from uncertainty.sampling.estimate import wilson


def test_shifts_of_a_single_cause_are_exact():
    space = space_of(lambda x, idle: {"y": x + 0 * idle}, {"x": "normal(0, 1)", "idle": "lognormal(3, 2)"})
    found = reverse_stress(space, limit(norm.ppf(0.2)), seed=1)
    assert found.failing == pytest.approx(0.2, abs=1e-3)
    # the lowest fifth has its median at 0.1, the rest at 0.6
    cause, idle = found.shifts
    assert (cause.input, idle.input) == ("x", "idle")
    assert cause.shift == pytest.approx(-0.5, abs=0.01)
    assert cause.distance == pytest.approx(1, abs=1e-3)
    assert abs(idle.shift) < 0.02
    assert idle.distance < 0.03


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("model", "inputs", "value", "above"),
    [
        (lambda x, idle: {"y": x**2 + 0 * idle}, "normal(0, 1)", norm.ppf(0.9) ** 2, True),
        (lambda x, idle: {"y": np.log(x / 3) ** 4 + 0 * idle}, "lognormal(3, 2)", None, True),
        (lambda x, idle: {"y": -np.abs(x - 5) + 0 * idle}, "uniform(0, 10)", -4, False),
    ],
)
def test_of_an_input_whose_both_sides_matter_it_is_said_how_far_out_draws_lie(
    model, inputs, value, above, seed
):
    """The inner 80 % have distances from the median up to 0.4, their median is 0.2; of the rest 0.45."""
    value = (np.log(2) * norm.ppf(0.9)) ** 4 if value is None else value
    space = space_of(model, {"x": inputs, "idle": "normal(0, 1)"})
    cause = reverse_stress(space, limit(value, above=above), seed, Effort(draws=2**12)).shifts[0]
    assert (cause.input, cause.shift) == ("x", None)
    assert cause.farther == pytest.approx(-0.25, abs=0.01)
    assert cause.distance == pytest.approx(1, abs=5e-3)


def test_the_box_of_a_single_cause_is_its_range():
    space = space_of(lambda x, idle: {"y": x + 0 * idle}, {"x": "normal(0, 1)", "idle": "lognormal(3, 2)"})
    found = reverse_stress(space, limit(norm.ppf(0.2)), seed=1)
    (side,) = found.box
    assert (side.input, side.low) == ("x", None)
    assert side.high == pytest.approx(norm.ppf(0.2), abs=0.02)
    assert side.probability == pytest.approx(0.2, abs=0.01)
    assert found.coverage == 1
    # what the box holds beyond the threshold is what it is wider by
    assert found.density == pytest.approx(0.2 / norm.cdf(side.high), abs=0.005)


def test_shifts_of_a_linear_model_follow_its_coefficients():
    space = space_of(lambda a, b: {"y": 2 * a - b}, {"a": "normal(0, 1)", "b": "normal(0, 1)"})
    found = reverse_stress(space, limit(0.0), seed=1)
    shifts = {shift.input: shift for shift in found.shifts}
    assert shifts["a"].shift < 0 < shifts["b"].shift
    assert [shift.input for shift in found.shifts] == ["a", "b"]
    # P(y < 0 | a) is normal(-2 a), so that P(a < x | y < 0) is known; its greatest difference is at 0
    exact = 2 * np.arctan2(2, 1) / np.pi
    assert shifts["a"].distance == pytest.approx(exact, abs=0.01)


@pytest.mark.slow
def test_a_box_is_measured_by_draws_that_did_not_shape_it():
    # of many idle inputs some split the draws that shaped the box better than they are able to
    space = space_of(
        lambda **x: {"y": x["x0"] + 2 * x["noise"] + 0 * sum(x.values())},
        {f"x{i}": "normal(0, 1)" for i in range(8)} | {"noise": "normal(0, 1)"},
    )
    found = reverse_stress(space, limit(-4.5), seed=1)
    rng = np.random.default_rng(7)
    values = rng.standard_normal((9, 2**21))
    fails = values[0] + 2 * values[8] < -4.5
    rows = {f"x{i}": values[i] for i in range(8)} | {"noise": values[8]}
    inside = np.ones(fails.size, bool)
    for side in found.box:
        row = rows[side.input]
        inside &= (row >= (-np.inf if side.low is None else side.low)) & (
            row <= (np.inf if side.high is None else side.high)
        )
    density, coverage = fails[inside].mean(), inside[fails].mean()
    boxed, failing = inside.mean() * found.draws, found.failing * found.draws
    assert abs(found.density - density) < 4 * np.sqrt(density * (1 - density) / boxed)
    assert abs(found.coverage - coverage) < 4 * np.sqrt(coverage * (1 - coverage) / failing)


def test_the_ends_of_a_box_are_as_they_are_written():
    space = space_of(lambda x: {"y": x}, {"x": "normal(50000000, 20)"})
    found = reverse_stress(space, limit(49_999_990.0), seed=1)
    (side,) = found.box
    assert side.high == round(side.high)
    written = range_text(space.response.plan.study, side)
    assert float(written.rpartition(" to ")[2].replace(",", "")) == side.high
    assert side.probability == pytest.approx(norm.cdf((side.high - 5e7) / 20), abs=0.01)


def test_a_discrete_cause_is_named_by_its_values():
    space = space_of(lambda n, x: {"y": n + 0.1 * x}, {"n": "discrete(1, 2, 3, 4)", "x": "uniform(0, 1)"})
    found = reverse_stress(space, limit(2.5, above=False), seed=1)
    (side,) = found.box
    assert (side.input, side.low, side.high) == ("n", 3, None)
    assert found.shifts[0].shift == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("value", "above", "line"),
    [
        (-1, True, "none of 32,768 draws fall below it, so"),
        (2, True, "all of 32,768 draws fall below it, so"),
        (2, False, "none of 32,768 draws pass it, so"),
    ],
)
def test_too_few_on_either_side_is_said(value, above, line):
    space = space_of(lambda x: {"y": x}, {"x": "uniform(0, 1)"})
    assert reverse_stress(space, limit(value, above=above), seed=1).startswith(line)


def test_without_a_varying_input_there_is_nothing_to_describe():
    space = space_of(lambda x: {"y": x}, {"x": "fixed(1)"})
    assert reverse_stress(space, limit(0.0), seed=1) == "no input varies"


def test_where_most_draws_fail_the_box_is_drawn_around_those_that_hold():
    space = space_of(lambda x: {"y": x}, {"x": "uniform(0, 1)"})
    found = reverse_stress(space, limit(0.9), seed=1)
    assert found.boxed == "holds"
    assert (found.box[0].low, found.box[0].high) == (pytest.approx(0.9, abs=0.01), None)
    assert found.failing == pytest.approx(0.9, abs=1e-3)


@pytest.mark.parametrize(
    ("value", "above", "line"),
    [
        (2.0**-11, True, "only 16 of 32,768 draws fall below it, too few"),
        (1 - 2.0**-11, True, "only 16 of 32,768 draws reach it, too few"),
        (1 - 2.0**-15, False, "only 1 of 32,768 draws passes it, too few"),
        (2.0**-14, False, "only 2 of 32,768 draws stay at or below it, too few"),
    ],
)
def test_a_few_draws_are_said_to_be_too_few(value, above, line):
    space = space_of(lambda x: {"y": x}, {"x": "uniform(0, 1)"})
    found = reverse_stress(space, limit(value, above=above), seed=1)
    assert found.startswith(line)
    assert found.endswith("too few to say what they have in common")


@pytest.mark.slow
@pytest.mark.parametrize("share", [1 / 512, 1 / 700, 1 / 100])
def test_an_idle_input_is_no_farther_than_chance(share):
    """Of 5 seeds with 8 idle inputs each, hardly one is to be named; some lie farther than 0.1."""
    space = space_of(
        lambda x, **idle: {"y": x + 0 * sum(idle.values())},
        {"x": "normal(0, 1)"} | {f"idle{i}": "normal(0, 1)" for i in range(8)},
    )
    for seed in range(1, 6):
        far = limit(norm.isf(share), above=False)
        cause, *idle = reverse_stress(space, far, seed, Effort(draws=2**15)).shifts
        assert cause.input == "x"
        assert cause.distance > cause.chance
        assert all(each.distance <= each.chance for each in idle)


def test_what_chance_gives_is_as_kolmogorovs_distribution_has_it():
    for one, other, tests in ((45, 30_000, 1), (400, 300, 6), (58, 32_710, 40)):
        size = one * other / (one + other)
        exact = kstwobign.isf(0.01 / tests) / np.sqrt(size)
        assert by_chance(one, other, tests) == pytest.approx(exact, rel=2e-3)
    # of two values the farthest share is one side of a binomial, and of many it is that of their best split
    assert by_chance(500, 500, 1, values=2) == by_chance(500, 500, 1)
    assert by_chance(500, 500, 1, values=9) > by_chance(500, 500, 1, values=3)


@pytest.mark.parametrize(("weight", "is_told"), [(1e-6, False), (1.0, True)])
def test_few_draws_name_what_they_tell_and_no_more(weight, is_told):
    space = space_of(lambda a, b: {"y": a + weight * b}, {"a": "normal(0, 1)", "b": "normal(0, 1)"})
    study = space.response.plan.study
    far = limit(2.9 * np.hypot(1, weight), above=False)
    for seed in (1, 2, 3):
        found = reverse_stress(space, far, seed, Effort(draws=2**15))
        said = stress_sentence(study, study.outputs["y"], found, far)
        assert "a (" in said
        assert ("b (" in said) == is_told


@pytest.mark.parametrize("seed", one_in(4, [1, 2, 5, 6]))
@pytest.mark.parametrize(
    ("model", "cause", "value"),
    [
        (lambda a, b: {"y": a**2 + 0.1 * b}, "normal(0, 1)", 10.0),
        (lambda a, b: {"y": np.abs(a - 5) + 0.001 * b}, "uniform(0, 10)", 4.99),
        (lambda a, b: {"y": np.cosh(a) + 0.1 * b}, "normal(0, 1)", 10.5),
    ],
)
def test_where_both_tails_fail_no_box_of_noise_is_told(model, cause, value, seed):
    """A sliver of an input that does nothing was told, in which 1 to 14 % of failing draws lay."""
    space = space_of(model, {"a": cause, "b": "normal(0, 1)"})
    found = reverse_stress(space, limit(value, above=False), seed, Effort(draws=2**15))
    assert found.shifts[0].input == "a"
    # one tail of the cause holds half of them
    assert [each.input for each in found.box] in ([], ["a"])
    assert found.box or (found.coverage, found.density) == pytest.approx((1, found.failing), rel=0.5)


def test_a_share_in_a_box_of_few_draws_is_written_as_its_interval():
    """57 of 75 draws: Wilson's interval reaches from 65 to 84 %."""
    space = space_of(lambda a, b: {"y": a * b}, {"a": "normal(10, 3)", "b": "lognormal(2, 1.3)"})
    study, far = space.response.plan.study, limit(3.0)
    found = reverse_stress(space, far, 1, Effort(draws=2**15))
    told = replace(found, coverage=0.9, coverage_interval=(0.88, 0.92), density=57 / 75)
    told = replace(told, density_interval=wilson(57 / 75, 75))
    sentence = stress_sentence(study, study.outputs["y"], told, far)
    assert "90 % of these draws have" in sentence
    assert "they are 65 to 84 % of all draws there" in sentence
    assert found.density_interval[0] < found.density < found.density_interval[1]


@pytest.mark.parametrize(
    ("shift", "interval", "words"),
    [
        (0.0104, (0.005, 0.015), "1 percentile higher"),
        (-0.0404, (-0.055, -0.025), "4 percentiles lower"),
        (-0.085, (-0.21, 0.02), "0 to 21 percentiles lower"),
        (0.16, (0.07, 0.25), "7 to 25 percentiles higher"),
    ],
)
def test_a_shift_has_the_digits_that_its_interval_leaves(shift, interval, words):
    space = space_of(lambda x: {"y": x}, {"x": "normal(0, 1)"})
    study, at = space.response.plan.study, limit(0.0)
    told = replace(
        reverse_stress(space, at, 1), shifts=(Shift("x", shift, 0.2, interval=interval, chance=0.1),)
    )
    assert f"is x ({words})." in stress_sentence(study, study.outputs["y"], told, at)


def test_the_interval_of_a_shift_holds_what_it_is_of():
    """The lowest part t has its median at t / 2, the rest at (1 + t) / 2."""
    space = space_of(lambda x: {"y": x}, {"x": "uniform(0, 1)"})
    for t in (0.002, 0.01, 0.3):
        (shift,) = reverse_stress(space, limit(t), 1, Effort(draws=2**15)).shifts
        low, high = shift.interval
        assert low <= -0.5 <= high
        assert high - low < 0.02
