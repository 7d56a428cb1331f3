"""What knowing an input would leave of an interval, against closed forms."""

import math

import numpy as np
import pytest
from scipy.stats import norm, poisson

import uncertainty as un
from uncertainty.sampling.selection import quantiles
from uncertainty.sensitivity import remaining
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


@pytest.mark.parametrize(
    "of_x",
    [
        lambda x: np.where(x > 0.4, 9, 1),
        lambda x: -(x**3),
        pytest.param(lambda x: x, marks=pytest.mark.slow),
        pytest.param(np.exp, marks=pytest.mark.slow),
    ],
)
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


def test_finer_slices_are_taken_where_an_output_goes_up_and_down_within_one():
    """Of a wave with as many periods as there are slices at first, only the noise beside it remains."""
    rng = np.random.default_rng(7)
    u, e = rng.random(ROWS), 0.05 * rng.normal(size=ROWS)
    values = np.sin(2 * math.pi * 32 * u) + e
    left = without(u, values)
    wide = np.diff(np.quantile(values, [0.025, 0.975]))[0]
    assert left.narrowing == pytest.approx(1 - 0.1 * Z / wide, abs=0.01)


def look(whole, parts, missed=(0, 0, 0)):
    return remaining._Look(np.array(whole, float), np.array(parts, float), np.array(missed, float))


def test_a_look_at_parts_says_what_more_draws_would_change_and_how_sure_it_is():
    parts = [[-2.0, 3.0, 0.1], [-2.2, 3.2, 0.2], [-2.4, 3.7, 0.6]]
    one = look([-2.5, 3.0, 0.2], parts, [0.0, 0.0, 0.3])
    correction = np.array([-0.3, -0.3, -0.1]) / 2
    assert one.correction == pytest.approx(correction)
    assert one.found == pytest.approx([-2.65, 2.85, 0.15])
    spread = np.std(parts, axis=0, ddof=1) / math.sqrt(3)
    assert one.errors == pytest.approx(np.sqrt(spread**2 + correction**2 + np.array([0, 0, 0.09])))
    alone = look([-2.5, 3.0, 0.2], parts[:1])
    assert alone.found.tolist() == [-2.5, 3.0, 0.2]
    assert np.isnan(alone.errors).all()


def test_a_look_is_taken_only_where_it_narrows_by_more_than_noise_explains():
    def narrowing(whole, *parts):
        return look([0, 0, whole], [[0, 0, part] for part in parts])

    before = narrowing(0.3, 0.28, 0.32)
    # parts that gain alike are sure, and those of which one loses are not
    assert before.is_narrowed_by(narrowing(0.4, 0.379, 0.421))
    assert not before.is_narrowed_by(narrowing(0.4, 0.5, 0.3))
    assert not before.is_narrowed_by(narrowing(0.3, 0.28, 0.32))
    # fewer draws in each slice change it by 0.06, of which three times as much is more than what is gained
    assert not before.is_narrowed_by(narrowing(0.4, 0.32, 0.36))
    assert before.is_narrowed_by(narrowing(0.4, 0.35, 0.39))
    # of one part only the whole tells
    assert narrowing(0.3, 9).is_narrowed_by(narrowing(0.31, 0))
    assert not narrowing(0.3, 0).is_narrowed_by(narrowing(0.3, 9))


def known_of(values, parts=None, scale="linear", centre=1.0):
    values = np.asarray(values, float)
    parts = np.zeros(values.size, int) if parts is None else parts
    tails = np.array([0.25, 0.75])
    ends = remaining._averaged(values, [np.arange(values.size)], parts, tails)
    return Known(values, parts, tails, ends, scale, centre)


def test_what_remains_lies_among_the_values_and_is_as_unsure_as_slices_by_chance(monkeypatch):
    known = known_of(np.linspace(-1, 2, 64), np.arange(64) % 4)
    found = look([-1.2, 2.6, 0.4], [[-1.2, 2.6, 0.4 + off] for off in (-0.1, 0.1, -0.1, 0.1)])
    monkeypatch.setattr(Known, "_best", lambda *_: found)
    left = known.without(np.empty(64))
    assert left.interval == (-1, 2)
    assert left.narrowing == pytest.approx(0.4)
    assert left.errors == pytest.approx(0.6 * known.chance[:2])
    assert left.narrowing_error == pytest.approx(math.hypot(0.1 / math.sqrt(3), 0.6 * known.chance[2]))
    assert [(each.value, each.error) for each in left.ends] == [(-1, left.errors[0]), (2, left.errors[1])]
    # not narrower than nothing, where chance says nothing either
    monkeypatch.setattr(Known, "_best", lambda *_: look([0, 0, 1.2], [[0, 0, 1.2]] * 4))
    assert (known.without(np.empty(64)).narrowing, known.without(np.empty(64)).narrowing_error) == (1, 0)
    monkeypatch.setattr(Known, "_best", lambda *_: look([0, 0, 0.5], [[0, 0, 0.5]]))
    alone = known.without(np.empty(64))
    assert (alone.errors, alone.narrowing_error, alone.is_nothing) == ((None, None), None, False)


def test_slices_by_chance_lead_astray_by_what_each_of_some_shuffles_says():
    rng = np.random.default_rng(1)
    values, parts = rng.normal(size=256), np.arange(256) % 4
    known, shuffled = known_of(values, parts), np.random.default_rng(0)
    away = []
    for _ in range(4):
        cuts = np.array_split(shuffled.permutation(256), 32)
        whole, *each = remaining._averaged(values, cuts, parts, known.tails)
        middle = np.mean(each, axis=0)
        ends = whole + (whole - middle) / 3
        width = [end[1] - end[0] for end in (known.ends[0], *known.ends[1:])]
        narrowed = [1 - (end[1] - end[0]) / w for end, w in zip((whole, *each), width, strict=True)]
        narrowing = narrowed[0] + (narrowed[0] - np.mean(narrowed[1:])) / 3
        away.append([*(ends - known.ends[0]), narrowing])
    assert known.chance == pytest.approx(np.sqrt(np.mean(np.square(away), axis=0)))


def test_ends_in_slices_count_by_the_draws_that_these_have():
    values, parts = np.array([1.0, 2.0, 3.0, 10.0, 20.0, 5.0]), np.array([0, 1, 0, 1, 0, 0])
    cuts, tails = [np.array([0, 1, 2, 5]), np.array([3, 4])], np.array([0.25, 0.75])
    found = remaining._averaged(values, cuts, parts, tails)

    def of(*slices):
        return sum(len(each) * quantiles(np.array(each), tails) for each in slices) / sum(map(len, slices))

    assert found[0] == pytest.approx(of([1.0, 2.0, 3.0, 5.0], [10.0, 20.0]))
    assert found[1] == pytest.approx(of([1.0, 3.0, 5.0], [20.0]))
    assert found[2] == pytest.approx(of([2.0], [10.0]))


def test_an_interval_without_a_width_is_not_narrowed():
    known = known_of(np.full(64, 3.0), np.arange(64) % 4)
    assert known.without(np.arange(64.0)).narrowing == 0
    assert [(each.value, each.error) for each in known.interval] == [(3, 0), (3, 0)]
    assert known_of([1.0, 2.0, 3.0, 4.0]).interval[0].error is None


def test_scores_of_an_input_are_those_of_its_ranks_and_of_its_rows_where_values_are_one():
    column = np.tile([2.0, 1.0], 50)
    values, scores = remaining._terms(column, np.argsort(column, kind="stable"))
    assert values.tolist() == column.tolist()
    assert scores[1::2] == pytest.approx(norm.ppf((np.arange(50) + 0.5) / 100))
    assert scores[::2] == pytest.approx(norm.ppf((np.arange(50, 100) + 0.5) / 100))


def test_a_slice_keeps_its_middle_and_what_does_not_follow_the_input():
    rng = np.random.default_rng(2)
    column = rng.random(50)
    terms = np.array([column, norm.ppf(column)])
    follows = 3 + 2e6 * column - 7 * column**2 + norm.ppf(column)
    flat = remaining._without_slopes(follows, terms)
    assert flat == pytest.approx(np.full(50, follows.mean()), rel=1e-9)
    values = follows / 1e6 + rng.normal(size=50)
    design = np.column_stack([np.ones(50), column, column**2, norm.ppf(column)])
    left = values - design @ np.linalg.lstsq(design, values)[0]
    wanted = np.clip(values.mean() + left * math.sqrt(49 / 46), values.min(), values.max())
    assert remaining._without_slopes(values, terms) == pytest.approx(wanted)
    # as few as there are coefficients say nothing
    assert remaining._without_slopes(values[:4], terms[:, :4]).tolist() == values[:4].tolist()
    assert remaining._without_slopes(values[:5], terms[:, :5]).tolist() != values[:5].tolist()


def test_without_a_share_of_the_variance_an_interval_draws_in_to_the_mean():
    known = known_of([0.0, 1.0, 2.0, 9.0])
    low, high = known.ends[0]
    for explained, part in ((0.75, 0.5), (-0.1, 1.0), (1.2, 0.0)):
        left = known.unexplained(explained)
        assert left.interval == pytest.approx((3 + part * (low - 3), 3 + part * (high - 3)))
        assert (left.narrowing, left.errors, left.narrowing_error) == (1 - part, (None, None), None)


def test_errors_of_logarithms_are_told_in_the_outputs_unit():
    known = known_of(np.log10([1.0, 2.0, 4.0, 8.0] * 8), np.arange(32) // 4 % 2, "log10", 5.0)
    shifted = known_of(
        np.log10([1.0, 2.0, 4.0, 8.0] * 8) + np.repeat([0, 0.1], 16), np.arange(32) // 16, "log10", 5
    )
    assert [each.error for each in known.interval] == [0, 0]
    for told, end, apart in zip(
        shifted.interval, shifted.ends[0], np.ptp(shifted.ends[1:], axis=0), strict=True
    ):
        assert told.value == pytest.approx(5 * 10**end)
        assert told.error == pytest.approx(apart / 2 * math.log(10) * told.value)


FACTOR = """
format = 1
study = { title = "t", headline = "count" }
inputs.c = { unit = "1", point = 1, distribution = "exponential(1)" }
inputs.k = { unit = "1", point = 3, distribution = "poisson(3)" }
inputs.s = { unit = "1", point = 1, distribution = "discrete(-1, 1)" }
outputs.count = { unit = "1", value = "k * c" }
outputs.either = { unit = "1", value = "s * c" }
"""


@pytest.mark.slow
def test_a_known_factor_sets_how_wide_a_slice_is(write_study):
    """Of k c the ends are 0 and 7 times the mean of c, 1; of ±c they are ±1: no one slope is that of all."""
    study = un.load_study(write_study(FACTOR))
    drawn = un.draw_sample(study, output=["count", "either"], samples=2**16, seed=1)
    for output, ends, near in (("count", (0, 7), 0.04), ("either", (-1, 1), 0.045)):
        left = Known.of(drawn, output, 0.95).without(drawn.shown("c"))
        for end, error, right in zip(left.interval, left.errors, ends, strict=True):
            assert abs(end - right) < min(2.5 * error, near) + 1e-9


def test_a_slice_has_one_width_where_it_grew_with_the_input():
    column = np.linspace(-1, 1, 64)
    signs = np.tile([1.0, -1.0, -1.0, 1.0], 16)
    even = remaining._of_one_width(signs * (2 + column), column)
    assert np.abs(even) == pytest.approx(np.full(64, 2.0), rel=0.01)
    # of fewer draws nothing is told, and no end is taken to be more than four times as wide as another
    assert remaining._of_one_width(column[1:], column[1:]).tolist() == column[1:].tolist()
    steep = signs * np.where(column > 0.9, 50, 0.01)
    assert np.abs(remaining._of_one_width(steep, column)).max() > 50 / 4 - 1


def test_a_look_that_widens_counts_as_much_as_one_that_narrows():
    before, after = (look([0, 0, w], [[0, 0, w - 0.02], [0, 0, w + 0.02]]) for w in (0.4, 0.3))
    assert before.is_moved_by(after)
    assert not before.is_narrowed_by(after)
    assert after.is_narrowed_by(before)


def test_a_slice_of_one_value_of_the_input_keeps_all_that_differs_in_it():
    values = np.array([1.0, 2.0, 4.0, 5.0, 9.0, 3.0])
    found = remaining._without_slopes(values, np.array([np.full(6, 7.0), np.zeros(6)]))
    middle = values.mean()
    assert found == pytest.approx(np.clip(middle + (values - middle) * math.sqrt(5 / 2), 1, 9))


def test_an_edge_that_follows_the_input_is_known_as_well_as_finer_slices_tell():
    """Of p c + g, where p is mostly 0 and g chi-squared, the lower end with g known is g, on average 1."""
    rng = np.random.default_rng(7)
    known, size = rng.chisquare(1, 2**17), 2**17
    left = without(known, known + (rng.random(size) < 0.3) * 3 * 2 ** rng.normal(size=size))
    assert left.interval[0] == pytest.approx(1.0, abs=2 * left.errors[0])
    assert left.errors[0] < 0.06
    assert left.narrowing == pytest.approx(0.183, abs=2 * left.narrowing_error + 0.002)


def test_an_end_that_finer_slices_move_errs_by_the_finest_in_parts_of_the_width(monkeypatch):
    """The narrowing errs by what the end does, as a part of the interval, wherever that lies."""
    known = known_of(100 + np.linspace(0, 0.5, 65), np.arange(65) % 4)
    width = known.ends[0, 1] - known.ends[0, 0]
    assert width == pytest.approx(0.25, rel=0.05)
    best, finer, finest = (
        look([lower, upper, 0.4], [[lower, upper, 0.4]] * 4, [0.01, -0.02, 0.03])
        for lower, upper in ((100.1, 100.4), (100.12, 100.4), (100.13, 100.9))
    )
    monkeypatch.setattr(Known, "_within", lambda *_: finest)
    off = 0.03 * remaining.FINER / (remaining.FINER - 1)
    column, nothing = np.empty(65), np.empty(0)
    found = known._doubting(best, finer, column, nothing, nothing)
    assert found.missed == pytest.approx([off, 0.02, off / width])
    assert known._doubting(best, best, column, nothing, nothing) is best
