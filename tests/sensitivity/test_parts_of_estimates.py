"""Standard units, rows without a value, scores drawn again, and classes of ranks: exact cases."""

import numpy as np
import pytest
from scipy.stats import norm, spearmanr

from uncertainty.sensitivity.conditional import REMEMBERED, Range, _draw_again, _sweeps
from uncertainty.sensitivity.measures import make_measures, measure_alone
from uncertainty.sensitivity.moment_independent import FEWEST_ROWS, borgonovo_delta, classes
from uncertainty.sensitivity.pilot import BINS, FEWEST, PART, ROWS, Pilot, _standardised, rows_within


def pilot(values, inputs=None, outputs=("y", "z"), names=("b", "a")):
    values = np.array(values, float)
    inputs = np.zeros((len(names), values.shape[1])) if inputs is None else np.array(inputs)
    return Pilot(names, inputs, outputs, values, np.zeros_like(values))


def test_a_budget_has_a_pilot_of_a_64th_to_a_32nd_within_limits():
    assert [rows_within(budget) for budget in (0, 64 * FEWEST // 2, PART * 100, 10**9)] == [64, 64, 128, ROWS]
    assert FEWEST == 64


def test_inputs_that_explain_most_of_all_outputs_come_first_and_names_decide_between_equals():
    u = (np.arange(160) + 0.5) / 160
    mixed = u.reshape(BINS, -1).T.ravel()
    inputs = [u, mixed]
    # the second output is in other units, and has values that are missing
    values = np.array([mixed, 1e300 * (mixed + 0.1 * u)])
    values[1, 3] = np.inf
    assert pilot(values, inputs).ranked({"y": "linear", "z": "linear"}) == ("a", "b")
    assert pilot([u, u], inputs).ranked({"y": "linear"}) == ("b", "a")
    assert pilot(np.ones((2, 160)), inputs).ranked({"y": "linear", "z": "log10"}) == ("a", "b")
    three = pilot([mixed, u], inputs)
    assert three.ranked({"z": "linear"}) == ("b", "a")
    found = pilot([[100.0, 0.0, -1.0, np.nan], [1.0] * 4]).on_scale("y", "log10")
    np.testing.assert_array_equal(found, [2.0, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(pilot([[1.0, np.inf], [1, 1]]).on_scale("y", "linear"), [1.0, np.nan])


def test_measures_are_in_units_of_a_power_of_two_below_the_spread():
    values = np.array([[1.0, 2.0, 3.0, 6.0], [10.0, 100.0, 1000.0, 1e6]])
    found = make_measures(("y", "z"), [0, 1, 1], ["linear", "log10", "linear"], pilot(values))
    assert len(found) == 3
    assert found.centre == pytest.approx([3.0, 3.0, values[1].mean()])
    assert found.unit.tolist() == [1.0, 1.0, 2.0**18]
    assert found.varying.tolist() == [True] * 3
    assert found.close.tolist() == [False] * 3
    expected = [values[0] - 3, np.log10(values[1]) - 3, (values[1] - values[1].mean()) / 2.0**18]
    np.testing.assert_allclose(found.of(values), expected, rtol=1e-13)
    assert found.positions([1]) == [1, 2]
    alone = found.among([1])
    assert (alone.outputs, alone.scales) == ((0, 0), ("log10", "linear"))
    np.testing.assert_array_equal(alone.of(values[1:]), found.of(values)[1:])


@pytest.mark.parametrize("size", [1e300, 1e-300])
def test_measures_of_any_size_can_be_squared_and_close_values_keep_their_differences(size):
    values = size * np.array([1.0, 2.0, 4.0, 5.0])
    one = measure_alone(values, np.zeros(4), "linear")
    found = one.of(values[None])[0]
    assert 1 <= found.std() < 2
    assert found.mean() == pytest.approx(0, abs=1e-12)
    close = size * (1 + 1e-9 * np.array([-1.0, 0.0, 1.0, 2.0]))
    near = measure_alone(close, 1e-12 * close, "log10")
    assert near.close.tolist() == [True]
    assert near.rounding == pytest.approx([1e-12 / np.log(10)], rel=1e-6)
    assert spearmanr(near.of(close[None])[0], close).statistic == pytest.approx(1)
    assert np.diff(near.of(close[None])[0]) == pytest.approx(np.diff(near.of(close[None])[0])[0], rel=1e-4)


def test_standard_values_have_a_mean_of_0_and_what_is_missing_is_there():
    assert _standardised(np.array([1.0, np.nan, 3.0, -np.inf])) == pytest.approx([-1, 0, 1, 0])
    assert _standardised(np.array([1e300, -1e300])) == pytest.approx([1, -1])
    for still in (np.zeros(3), np.full(3, -7.0), np.full(3, np.nan)):
        assert _standardised(still).tolist() == [0, 0, 0]


def test_what_has_no_value_or_no_spread_has_units_all_the_same():
    nothing = measure_alone(np.array([np.nan, -1.0]), np.zeros(2), "log10")
    assert (nothing.centre, nothing.unit, nothing.varying) == (0.0, 1.0, False)
    zero = measure_alone(np.zeros(3), np.zeros(3), "linear")
    assert (zero.centre, zero.unit, zero.varying) == (0.0, 1.0, False)
    same = measure_alone(np.full(3, 5.0), np.full(3, 0.25), "linear")
    assert (same.centre, same.unit, same.rounding, same.varying) == (5.0, 4.0, 0.25, False)
    noise = measure_alone(np.array([1.0, 1.5]), np.full(2, 0.25), "linear")
    assert not noise.varying[0]
    assert measure_alone(np.array([1.0, 1.5, np.nan]), np.full(3, 0.2), "linear").varying[0]


def test_classes_are_single_values_where_they_are_few_or_frequent_and_equal_ranks_else():
    few = classes(np.array([3.0, 1.0, 3.0, 2.0]), 3)
    assert (few.labels.tolist(), few.atoms, few.ranks, few.total) == ([2, 0, 2, 1], 3, 0, 3)
    many = classes(np.arange(100.0)[::-1], 10)
    assert (many.atoms, many.ranks) == (0, 10)
    assert many.labels.tolist() == [9 - row // 10 for row in range(100)]
    # an even number of classes of eight values at least
    assert classes(np.arange(100.0), 99).ranks == 24
    assert classes(np.arange(100.0), 7).ranks == 6
    mixed = classes(np.array([0.0] * 50 + list(range(1, 51))), 10)
    assert (mixed.atoms, mixed.ranks, mixed.total) == (1, 10, 11)
    assert mixed.labels[:50].tolist() == [0] * 50
    assert np.bincount(mixed.labels[50:]).tolist() == [0] + [5] * 10


def test_delta_of_few_rows_or_parts_is_not_told_and_of_one_value_in_another_is_a_closed_form():
    rows = 4096
    u = (np.arange(rows) * (np.sqrt(5) - 1) / 2) % 1
    v = np.random.default_rng(1).random(rows)
    groups = np.arange(rows) // 256
    coin = (u > 0.5).astype(float)
    # the output is the coin itself: each value halves the outcomes that are left
    value, (low, high) = borgonovo_delta(coin, coin, groups, 0.95)
    assert value == pytest.approx(0.5, abs=2e-3)
    assert low <= value <= high <= 1
    # of a coin and an independent uniform of as much weight, half of each density lies beyond the other
    value, (low, high) = borgonovo_delta(coin, coin / 2 + v, groups, 0.95)
    assert low <= 0.25 <= high
    assert value == pytest.approx(0.25, abs=0.03)
    assert borgonovo_delta(v, u, groups, 0.95)[1][0] == 0.0
    wide, narrow = (borgonovo_delta(coin, coin / 2 + v, groups, level)[1] for level in (0.99, 0.5))
    assert wide[0] < narrow[0] < narrow[1] < wide[1]
    few = FEWEST_ROWS - 1
    assert borgonovo_delta(u[:few], v[:few], np.arange(few) % 16, 0.95) is None
    assert borgonovo_delta(u, v, np.arange(rows) % 4, 0.95) is None
    assert borgonovo_delta(u, v, np.arange(rows) % 5, 0.95) is not None


def test_scores_are_drawn_again_within_their_ranges_as_a_truncated_normal():
    r, known = 0.6, 1.5
    precision = np.linalg.inv([[1, r], [r, 1]])
    share = (np.arange(2_000) + 0.5) / 2_000
    for low, high in ((-0.5, 0.7), (-np.inf, 0.2), (3.0, np.inf)):
        scores = np.array([np.zeros(2_000), np.full(2_000, known)])
        _draw_again(scores, 0, precision[0], Range(np.full(2_000, low), np.full(2_000, high)), share)
        mean, sd = r * known, np.sqrt(1 - r**2)
        ends = norm.cdf((np.array([low, high]) - mean) / sd)
        expected = mean + sd * norm.ppf(ends[0] + share * (ends[1] - ends[0]))
        np.testing.assert_allclose(np.sort(scores[0]), expected, rtol=1e-8, atol=1e-8)
        assert (scores[1] == known).all()


def test_scores_have_forgotten_where_they_began_after_as_many_sweeps():
    assert _sweeps(np.array([[2.0]])) == 1
    assert _sweeps(np.eye(2)) == 1
    # of two scores a sweep leaves the square of their correlation
    for r in (0.3, 0.8, 0.95):
        sweeps = _sweeps(np.linalg.inv([[1, r], [r, 1]]))
        assert r ** (2 * sweeps) <= REMEMBERED < r ** (2 * sweeps - 2)
    assert _sweeps(np.linalg.inv([[1, 0.999], [0.999, 1]])) == 200
