"""Which of some made-up differences tells a slope, and how far it is off, by formulas written out here."""

import math

import numpy as np
import pytest

from uncertainty.sampling.estimate import error_without
from uncertainty.sensitivity import coefficients
from uncertainty.sensitivity.coefficients import ALL_STEPS, STEPS

SCRAMBLES = 8
Z = np.random.default_rng(3).normal(size=SCRAMBLES)
Z -= Z.mean()
UNIT = float(error_without(Z))
"""The error of a slope that differs by `Z` without each scramble."""


def sides(central, bent=0.0, rounding=0.0):
    """Return slopes to both sides of each step, which lie so far above and below those between them."""
    central = np.asarray(central, float)
    above, below, rounding = (np.broadcast_to(each, central.shape) for each in (bent, bent, rounding))
    return coefficients._Sides(central + above, central - below, central, np.array(rounding))


def beside(*given):
    """Return several inputs' slopes together."""
    return coefficients._Sides(*map(np.hstack, zip(*given, strict=True)))


def column(values):
    return np.asarray(values, float).reshape(-1, 1)


CUBIC = column(3 + 2 * STEPS**2)
"""Of 3 x + 2 x**3 about 0, whose slope is 3."""


def test_the_slope_of_a_cubic_is_extrapolated_exactly():
    found = coefficients._candidates(sides(CUBIC))
    assert found.slopes[0, 0] == CUBIC[0, 0]
    assert found.slopes[1:, 0] == pytest.approx(np.full(5, 3.0), rel=1e-14)


def test_a_slope_misses_what_it_moved_by_and_what_rounding_does():
    rounding = column([0.5, 0.1, 0.2, 0.3, 0.4, 0.6])
    found = coefficients._candidates(sides(column([9, 5, 4, 4, 4, 4]), rounding=rounding))
    moved = column([4, 4, 1, 0, 0, 0])
    assert found.missed == pytest.approx(moved + rounding, rel=1e-14)


def test_what_the_shortest_steps_differ_by_is_rounding_and_tells_more_of_it_the_shorter_a_step_is():
    slopes = column([7, 7, 7, 4, 6, 5.5])
    noise = max(2 * STEPS[-2], 0.5 * STEPS[-1])
    assert coefficients._noise(slopes).tolist() == [noise]
    found = coefficients._candidates(sides(slopes, rounding=1e-9))
    moved = np.array([0, 0, 0, 3, 2, 0.5])
    assert found.missed[:, 0] == pytest.approx(moved + noise / STEPS)
    assert coefficients._noise(column([1, 1, 1, math.inf, 2, 2.5])).tolist() == [0.5 * STEPS[-1]]


@pytest.mark.parametrize(
    ("gaps", "rounding", "bend"),
    [
        # a kink, and a curve
        ([1, 1, 1, 1, 1, 1], 0, 1),
        (list(8.0 ** -np.arange(6)), 0, 0),
        # as far as rounding lets it be seen: by more than 4 times as much
        ([1, 0.9, 0.8, 0.7, 0.6, 0.5], [0, 0, 0.8 / 4.5, 0.7 / 3.9, 1, 1], 0.8),
        ([1, 0.9, 0.8, 0.7, 0.6, 0.5], [0, 0, 0, 0, 0, 0.5 / 4.5], 0.5),
        # a half of it stays, and less than a half of it
        ([4, 2, 1, 0, 0, 0], 0, 1),
        ([4, 2, 0.99, 0, 0, 0], 0, 0),
        # seen by the longest step alone, or by none
        ([1, 0, 0, 0, 0, 0], 0, 0),
        ([0, 0, 0, 0, 0, 0], 0, 0),
        ([1, 1, 1, 1, 1, 1], 1, 0),
    ],
)
def test_a_kink_leaves_both_sides_apart_however_short_the_step_is(gaps, rounding, bend):
    curve = sides(column(np.full(6, 5.0)), column(8.0 ** -np.arange(6)))
    both = beside(sides(column(np.full(6, 5.0)), column(gaps), column(rounding)), curve)
    assert coefficients._bend(both) == pytest.approx([bend, 0], rel=1e-12)


def net(slopes, off, bent=0.0):
    """Return slopes of a net, and without each scramble, that are off by so much by each step."""
    slopes, off = column(slopes), column(off)
    return [sides(slopes, bent), *(sides(slopes + off * z, bent) for z in Z)]


def judged(every, wider=1.0, telling=None):
    (slope,), (error,) = coefficients._judged(every, wider, telling)
    return slope, error


@pytest.mark.parametrize("wider", [1.0, 1.5])
def test_a_slope_that_is_one_at_all_steps_is_off_by_what_scrambles_tell(wider):
    assert judged(net([4] * 6, [0.01] * 6), wider) == pytest.approx((4, 0.01 * UNIT * wider))


def test_a_slope_is_off_by_the_rounding_of_its_own_step_too():
    rounding = column([0.02, 0.4, 0.5, 0.6, 0.7, 0.8])
    every = [each._replace(rounding=rounding) for each in net([4] * 6, [0.01] * 6)]
    assert judged(every) == pytest.approx((4, math.hypot(0.02, 0.01 * UNIT)))


def test_a_slope_of_few_cases_comes_from_the_longest_step_which_may_leave_out_what_the_next_one_has():
    off = 0.1 * np.sqrt(8.0) ** np.arange(6)
    slope, error = judged(net([4] * 6, off), 2.0)
    assert slope == 4
    # the steps beyond the first are off by the root of 8 more: more than twice as much
    assert error == pytest.approx(2 * UNIT * math.hypot(off[0], off[1] - off[0]))


def test_a_step_within_which_no_case_jumps_tells_nothing_where_few_jump_within_a_longer_one():
    slopes, off = [4, 4, 4, 0, 0, 0], [0.5, 0.5, 0.5, 0, 0, 0]
    slope, error = judged(net(slopes, off))
    assert slope == 4
    assert error == pytest.approx(0.5 * UNIT)
    # a kink beyond the estimate moves one side by a longer step, in all cases alike
    every = [each._replace(below=np.zeros((6, 1))) for each in net([4, 2, 0, 0, 0, 0], [0] * 6)]
    assert judged(every)[0] == 0


def test_steps_beyond_those_that_tell_do_not_count():
    """Shorter ones tell another slope, which moves no more."""
    every = net([4.5, 4.1, 4, 1, 1, 1], [0.01, 0.01, 0.01, 0, 0, 0])
    assert judged(every)[0] == 1
    assert judged(every, telling=3) == pytest.approx((4 - 0.1 / 63, math.hypot(0.1, 0.01 * UNIT)))


def test_what_fewer_cases_tell_is_not_known_better_though_they_agree():
    """The longest steps curve, and scrambles differ by more in them."""
    every = net([10, 4.1, 4.01, 4, 4, 4], [0.5, 0.5, 0.1, 0.1, 0.1, 0.1])
    assert judged(every) == pytest.approx((4, 0.5 * UNIT))


def test_no_slope_is_surer_than_a_kink_leaves_it():
    every = net([4] * 6, [0.01] * 6, 0.3)
    assert judged(every) == pytest.approx((4, math.hypot(0.3, 0.01 * UNIT)))
    # unless scrambles differ in it by more than that
    others = [each._replace(above=each.above + 2 * z) for each, z in zip(every[1:], Z, strict=True)]
    rough = [every[0], *others]
    assert judged(rough) == pytest.approx((4, 0.01 * UNIT))


def test_an_input_that_moves_nothing_beyond_rounding_has_no_slope_and_no_error():
    noise = column([0, 1e-9, -2e-9, 4e-9, 1e-9, -3e-9])
    every = [sides(noise * z, 1e-9, 4e-9) for z in (1.0, *Z / 4)]
    assert judged(every) == (0, 0)
    # one scramble that moves is enough
    every[3] = sides(column([0.1] * 6))
    assert judged(every)[1] > 0


NETS = [
    net([4] * 6, [0.01] * 6),
    net([4, 4, 4, 0, 0, 0], [0.5, 0.5, 0.5, 0, 0, 0]),
    net([0] * 6, [0] * 6),
    net([4] * 6, 0.1 * np.sqrt(8.0) ** np.arange(6)),
    net([4] * 6, [0.01] * 6, 0.3),
    net(3 + 2 * STEPS**2, [0] * 6),
    net([4, 4, 4, 1, 1, 1], [0.01, 0.01, 0.01, 0, 0, 0]),
]


@pytest.mark.parametrize("telling", [None, 3])
@pytest.mark.parametrize("nets", [NETS, NETS[::-1], NETS[2:4]])
def test_inputs_are_judged_together_as_each_alone(nets, telling):
    together = [beside(*each) for each in zip(*nets, strict=True)]
    found = coefficients._judged(together, 1.5, telling)
    alone = [judged(each, 1.5, telling) for each in nets]
    np.testing.assert_allclose(np.transpose(found), alone, rtol=1e-12)


def test_hidden_jumps_are_told_by_the_longest_step_of_the_same_slope():
    """Where the errors are those of the cases within a step, the longest is off least."""
    off = 1e-3 * np.sqrt(8.0) ** np.arange(12)
    hidden = np.where(np.arange(12) < 8, 4.0, 1.0)
    every = net(hidden, np.where(np.arange(12) < 8, off, 0))
    slope, error = coefficients._of_hidden(every, 2.0, 7)
    assert slope == 4
    assert error == pytest.approx(2 * UNIT * math.hypot(off[0], off[1] - off[0]))
    # a slope that changes by more than its error beyond the third step ends there
    bent = hidden + np.where(np.arange(12) < 2, 1.0, 0.0)
    slope, error = coefficients._of_hidden(net(bent, np.where(np.arange(12) < 8, off, 0)), 2.0, 7)
    assert slope == 4
    assert error == pytest.approx(2 * UNIT * math.hypot(off[2], off[3] - off[2]))


def test_jumps_are_found_for_each_input_by_its_own_slopes():
    steps = np.arange(12)
    hides = net(np.where(steps < 8, 4.0, 1.0), np.where(steps < 8, 0.01, 0))
    smooth = net(3 + 2e-9 * ALL_STEPS**2, [0] * 12)
    still = net([0] * 12, [0] * 12)
    together = [beside(*each) for each in zip(smooth, hides, still, strict=True)]
    assert [*coefficients._jumps_beyond(together, 1.0)] == [None, 7, None]
