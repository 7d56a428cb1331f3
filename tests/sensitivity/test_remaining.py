"""What knowing an input would leave of an interval, against closed forms."""

import math

import numpy as np
import pytest
from scipy.stats import norm, poisson

from uncertainty.sensitivity.remaining import Known
from uncertainty.sensitivity.sample import Sample

Z = norm.ppf(0.975)
ROWS = 2**15


def drawn(seed, size=ROWS):
    rng = np.random.default_rng(seed)
    return rng, rng.normal(size=size), rng.normal(size=size)


def without(x, y, scale="linear", level=0.95):
    return Known.of(Sample.from_arrays({"x": x}, {"y": y}, {"y": scale}), "y", level).without(x)


@pytest.mark.parametrize("share", [0.05, 0.36, 0.9])
def test_a_known_input_of_a_normal_sum_narrows_by_its_share(share):
    _, x, e = drawn(1)
    left = without(x, math.sqrt(share) * x + math.sqrt(1 - share) * e)
    remains = math.sqrt(1 - share)
    assert left.narrowing == pytest.approx(1 - remains, abs=3 * left.narrowing_error)
    assert left.narrowing_error < 0.01
    for end, error, right in zip(left.interval, left.errors, (-Z * remains, Z * remains), strict=True):
        assert end == pytest.approx(right, abs=3 * error)
        assert error < 0.05


@pytest.mark.parametrize("of_x", [lambda x: x, np.exp, lambda x: -(x**3), lambda x: np.where(x > 0.4, 9, 1)])
def test_a_slice_of_an_input_that_decides_all_has_no_width_of_its_own(of_x):
    """What remains of f(x) + e is e: a ten-thousandth, where 32 slices alone leave 3 to 13 % of the width."""
    _, x, e = drawn(2, 2**17)
    values = of_x(x)
    width = np.diff(np.quantile(values, [0.025, 0.975]))[0]
    left = without(x, values + width * 1e-4 / (2 * Z) * e)
    jumps = len(np.unique(values)) == 2
    assert left.narrowing == pytest.approx(1 - 1e-4, abs=0.005 if jumps else 1e-4)
    assert left.narrowing == pytest.approx(1 - 1e-4, abs=5 * left.narrowing_error + 1e-5)


def test_ends_beside_a_known_factor_are_those_of_the_rest():
    """Of 200,000 times a lognormal factor plus a few, those are left, on average of logarithms."""
    _, x, e = drawn(3, 2**17)
    factor = np.exp(0.3 * x)
    left = without(factor, 200_000 * factor + 30 + 4 * e, "log10")
    for end, error, side in zip(left.interval, left.errors, (-1, 1), strict=True):
        # the few are worth exp(0.3² / 2) times as much in the mean of logarithms
        right = 200_000 * math.exp((30 + side * 4 * Z) * math.exp(0.045) / 200_000)
        assert end == pytest.approx(right, abs=4 * math.hypot(error, 200_000 * 0.3 / math.sqrt(2**17)))
    width = math.log(left.interval[1] / left.interval[0])
    assert width == pytest.approx(8 * Z * math.exp(0.045) / 200_000, rel=0.02)
    assert left.narrowing == pytest.approx(1 - width / (0.6 * Z), abs=1e-5)


@pytest.mark.slow
def test_what_does_not_matter_cannot_be_told_from_nothing():
    found = []
    for seed in range(12):
        _, x, e = drawn(seed, 2**13)
        found.append(without(x, e))
    assert sum(each.is_nothing for each in found) >= 11
    assert abs(np.mean([each.narrowing for each in found])) < 0.01


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.022, 0.0245, 0.026])
def test_ends_next_to_a_gap_say_how_little_is_known_of_them(share):
    """Slices have more or less than 2.5 % beyond the gap by chance, which x has nothing to do with."""
    for seed in range(3):
        rng, x, e = drawn(seed)
        left = without(x, e + 50 * (rng.random(ROWS) < share))
        assert abs(left.narrowing) < 2.5 * left.narrowing_error


def test_inputs_of_few_values_are_taken_value_by_value():
    """With a coin known, e is left; with a count of 3 n + e, too."""
    rng, _, e = drawn(4)
    coin, count = (rng.random(ROWS) < 0.3) * 1.0, poisson.rvs(4, size=ROWS, random_state=rng) * 1.0
    for x in (coin, count):
        left = without(x, 3 * x + e)
        for end, error, right in zip(left.interval, left.errors, (-Z, Z), strict=True):
            # rarer counts' ends are those of few draws
            assert end == pytest.approx(3 * x.mean() + right, abs=4 * error)
            assert error < 0.1


def test_an_end_at_which_draws_pile_up_stays_there():
    """A part of 4 % is 0 whatever x is, so that the low end is 0, though all else follows x."""
    rng, x, e = drawn(1)
    left = without(x, np.where(rng.random(x.size) < 0.04, 0.0, 100 + 20 * x + e))
    assert left.interval[0] == pytest.approx(0, abs=1)
    assert left.interval[1] == pytest.approx(100 + norm.ppf(1 - 0.025 / 0.96), abs=3 * left.errors[1])


def test_logarithms_about_a_middle_are_told_in_the_outputs_unit():
    _, x, e = drawn(6)
    known = Known.of(
        Sample.from_arrays({"x": x}, {"y": 5 * (1 + 1e-8 * x + 1e-9 * e)}, {"y": "log10"}), "y", 0.95
    )
    low, high = known.interval
    assert (low.value - 5, high.value - 5) == pytest.approx((-5e-8 * Z, 5e-8 * Z), rel=0.05)
    left = known.without(x)
    assert np.diff(left.interval)[0] == pytest.approx(1e-8 * Z, rel=0.05)
    assert left.errors[0] < 1e-8
    assert known.unexplained(0.75).interval == pytest.approx((5, 5), abs=1e-6)


@pytest.mark.slow
def test_errors_are_those_that_repeats_show():
    found = []
    for seed in range(40):
        _, x, e = drawn(seed, 2**12)
        found.append(without(x, 3 * x + 4 * e))
    off = np.array([(each.narrowing - 0.2) / each.narrowing_error for each in found])
    assert (np.abs(off) < 2).mean() > 0.85
    errors = [each.narrowing_error for each in found]
    assert abs(np.mean([each.narrowing for each in found]) - 0.2) < np.mean(errors) < 0.04
    ends = np.array([(each.interval[1] - 4 * Z) / each.errors[1] for each in found])
    assert (np.abs(ends) < 2).mean() > 0.85
