"""How many values make up a variance, and how long its tail is: closed forms and exact samples."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from uncertainty.sampling.estimate import too_few_events
from uncertainty.sensitivity.events import (
    EXTREME,
    EXTREME_VALUES,
    FEW_VALUES,
    Events,
    largest_of,
    normal_tail,
    rests_on_ends,
    says_nothing,
    sides_of,
    spread_of,
    tail_index,
    tail_values,
)


def test_values_that_tell_of_a_tail_are_half_the_root_of_their_number_and_16_at_least():
    assert [tail_values(values) for values in (256, 10_000, 2**16)] == [16, 50, 128]


def test_the_tail_index_is_hill_s():
    tops = np.exp(np.linspace(0, 3.2, 17)) * 5
    assert tail_index(tops, 256) == pytest.approx(np.linspace(0, 3.2, 17)[1:].mean(), rel=1e-12)
    assert tail_index(np.append(tops, [1e-3, 2.0])[::-1], 256) == tail_index(tops, 256)
    assert tail_index(tops, 255) == 0.0
    assert tail_index(tops[1:], 256) == 0.0
    assert tail_index(np.append(tops[1:], 0.0), 256) == 0.0
    # the exact quantiles of a Pareto quantity have its index
    values = 10**6
    pareto = ((np.arange(600) + 0.5) / values) ** -0.4
    assert tail_index(pareto, values) == pytest.approx(0.4, rel=5e-3)


@pytest.mark.parametrize("values", [1_000, 10_000, 2**18])
def test_squares_of_normal_values_have_the_index_of_their_exact_quantiles(values):
    kept = tail_values(values)
    squares = norm.isf((np.arange(kept + 1) + 0.5) / (2 * values)) ** 2
    assert normal_tail(values) == pytest.approx(tail_index(squares, values), rel=1e-9)
    drawn = np.random.default_rng(3).normal(size=values) ** 2
    # a mean of as many exponential values as are kept
    assert tail_index(drawn, values) == pytest.approx(normal_tail(values), rel=4 / math.sqrt(kept))


def test_shares_beyond_all_or_from_nothing_to_all_say_nothing():
    value = np.array([0.5, 0.5, 1.11, 1.09, -0.11, -0.09, 0.9, 0.05])
    half = np.array([0.5, 0.4, 0.01, 0.01, 0.01, 0.01, 0.2, 0.1])
    assert says_nothing(value, half).tolist() == [True, False, True, False, True, False, False, False]


def events_of(replicates, tail=0.0):
    parts = [spread_of(each, np.zeros(len(each))) for each in replicates]
    found = [np.array(part) for part in zip(*parts, strict=True)]
    return Events.of(*found, sum(each.shape[-1] for each in replicates), tail)


def test_replicates_together_have_the_participation_ratio_of_all_their_values():
    rng = np.random.default_rng(5)
    scale = np.array([1.0, 1e120, 1e-120])[:, None]
    replicates = [scale * rng.gamma(1, size=(3, 50)), scale * rng.gamma(3, size=(3, 30))]
    found = events_of(replicates)
    squares = (np.concatenate(replicates, axis=1) / scale) ** 2
    met = squares.sum(axis=1) ** 2 / (squares**2).sum(axis=1)
    np.testing.assert_allclose(found.met, met, rtol=1e-12)
    np.testing.assert_allclose(found.largest, squares.max(axis=1) / squares.sum(axis=1) * met, rtol=1e-12)
    assert found.values == 80
    assert found.tail.tolist() == [0.0] * 3
    equal = events_of([np.eye(1, 20), np.ones((1, 20))])
    assert equal.met.tolist() == pytest.approx([21.0])
    assert equal.largest.tolist() == pytest.approx([1.0])
    assert equal.alike.tolist() == [True]
    # of 40 values 21 are no rare event
    assert equal.unseen.tolist() == [0.0]
    rare = events_of([np.eye(1, 500), np.eye(1, 500)])
    assert rare.unseen == pytest.approx([-math.log(0.025) / 2 * (1 - 6 / 1000)], rel=1e-12)
    nothing = events_of([np.zeros((1, 20))])
    assert nothing.met.tolist() == [0.0]


def test_intervals_are_wider_where_squares_have_a_long_tail():
    plain, long = events_of([np.ones((1, 2_000))], 0.1), events_of([np.ones((1, 2_000))], 0.9)
    assert plain.wider(16).tolist() == [1.0]
    assert long.wider(16) == pytest.approx([1 + 20 * (0.9 - 1.5 * normal_tail(1_000)) / 4], rel=1e-12)


def test_too_few_events_extreme_values_and_few_draws_are_told_apart():
    def events(met, largest, values, tail=0.0):
        return Events(np.array([met]), np.array([largest]), values, np.array([tail]))

    fewest = next(n for n in range(1, 1000) if events(float(n), 1.0, 10**6).too_few(500) == [""])
    assert events(fewest - 1.0, 1.0, 10**6).too_few(500) == [too_few_events(fewest - 1.0, 500, fewest)]
    assert events(fewest - 1.0, 9.0, 10**6).too_few(500) == [EXTREME]
    assert events(fewest - 1.0, 9.0, 10**6).too_few(500, "other words") == ["other words"]
    assert events(float(fewest), 9.0, 10**6).too_few(500) == [""]
    assert events(1e5, 9.0, 10**6, 0.7).too_few(500, "other words") == ["other words"]
    assert events(1e5, 9.0, 10**6, 0.69).too_few(500) == [""]
    assert events(fewest - 1.0, 9.0, fewest).too_few(500) == [FEW_VALUES]
    # three values on are alike up to one and a half times their part
    assert [bool(events(*of, 100).alike[0]) for of in ((3.0, 1.49), (3.0, 1.5), (2.9, 1.49), (2.9, 1.0))] == [
        True,
        False,
        False,
        True,
    ]
    value, half = np.array([[0.5]]), np.array([[0.6]])
    assert events(fewest - 1.0, 9.0, 10**6).unsettled(value, half) == [EXTREME]
    assert events(fewest - 1.0, 1.0, 10**6).unsettled(value, half) == [""]
    assert events(fewest - 1.0, 9.0, 10**6).unsettled(value, half / 2) == [""]


def test_draws_of_an_event_and_of_a_heavy_tail_are_told_from_plain_ones():
    rng = np.random.default_rng(2)
    rare = np.zeros(5_000)
    rare[:4] = 1.0
    found = Events.of_draws(rare)
    assert (found.met.tolist(), found.largest.tolist(), found.values) == ([4.0], [1.0], 5_000)
    assert "--samples" in found.too_few_draws
    assert Events.of_draws(rng.lognormal(0, 5, 5_000)).too_few_draws == EXTREME_VALUES
    assert Events.of_draws(rng.normal(size=60)).too_few_draws == ""


def test_few_values_at_an_input_s_ends_matter_from_a_hundredth_beyond_chance_on():
    column = np.arange(1_000.0)
    values = np.where(np.arange(1_000) % 2, 1.0, -1.0)

    def with_part(part):
        at_ends = math.sqrt(part * 990 / (1 - part) / 10)
        return np.where((column < 5) | (column >= 995), at_ends * values, values)

    # 0.01 for themselves, 0.01 that they have anywhere, and three errors of 0.0134 in all
    assert not rests_on_ends(column, with_part(0.033), 0.0)
    assert rests_on_ends(column, with_part(0.0345), 0.0)
    # an index near 1 is a ratio from which they cancel
    assert rests_on_ends(column, with_part(0.5), 0.1)
    assert not rests_on_ends(column, with_part(0.5), 0.99)
    assert not rests_on_ends(column, with_part(0.5), 1.0)
    rng = np.random.default_rng(1)
    shuffled = rng.permutation(1_000)
    assert rests_on_ends(column[shuffled], with_part(0.0345)[shuffled], 0.0)
    normal = np.sort(rng.normal(size=1_000))
    assert not rests_on_ends(column, normal, 0.5)


def test_the_largest_values_and_what_lies_on_either_side_of_a_ratio():
    assert sorted(largest_of(np.array([3.0, 9.0, 1.0, 4.0]), 2)) == [4.0, 9.0]
    assert sorted(largest_of(np.array([[3.0, 9.0]]), 3)[0]) == [0.0, 3.0, 9.0]
    changed, own = np.array([1.0, 4.0, 1.0]), np.array([1.0, 1.0, 2.0])
    apart = changed - 1.5 * own
    expected = [(apart[apart > 0] ** 2).sum(), (apart[apart < 0] ** 2).sum()]
    assert sides_of(changed, own) == pytest.approx(expected)
    assert sides_of(np.zeros(2), np.zeros(2)).tolist() == [0.0, 0.0]
    total, gathered, largest = spread_of(np.array([1.0, 2.0, 5.0]), np.array(2.0))
    assert (total, gathered, largest) == pytest.approx((10.0, 0.82, 0.9))
