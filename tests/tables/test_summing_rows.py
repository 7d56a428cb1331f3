"""Which numbers of a column are sums or means of those above them."""

import math

import numpy as np
import pytest

from uncertainty.tables import summing_rows as sums
from uncertainty.tables.summing_rows import (
    are_sums,
    ends_in_a_sum,
    heads_a_column,
    summing_rows,
    sums_that_head,
)

NAN = math.nan


@pytest.mark.parametrize(
    ("numbers", "places"),
    [
        ([5, 7, 8, 20], [3]),
        ([5, 7, NAN, 8, 20, NAN], [4]),
        ([0.5, 0.6, 0.9, 2.0], [3]),
        ([0.05, 0.06, 0.09, 0.2], [3]),
        ([0.05, 0.06, 0.08, 0.19], []),
        # three small numbers add up by chance, too
        ([1, 2, 3, 6], []),
        ([5, 6, 8, 19], []),
        ([0.1, 0.2, 0.4, 0.7], []),
        ([1, 2, 3, 4, 10], [4]),
        ([1, 2, 3, 6.0001], []),
        # what rounding hides adds nothing, and a whole number is no other one
        ([27, 31, 1e20, 44, 1e20], []),
        ([27, 31, 1e13, 44, 1e13 + 102], [4]),
        ([400000000, 300000000, 200000000, 100000000, 1000000001], []),
        ([400000000, 300000000, 200000000, 100000000, 1000000000], [4]),
        # two numbers add up by chance, and what is 0 adds nothing
        ([1, 2, 3], []),
        ([1, 2, 1.5], []),
        ([0, 0, 2, 4, 6], []),
        ([0, 5, 7, 8, 20], [4]),
        ([0, 1, 2, 3, 6], []),
        ([1, -1, 2, -2, 0], []),
        # a mean as it is written, with more digits than its numbers
        ([1, 2, 4, 2.333], [3]),
        ([1, 2, 4, 7 / 3], [3]),
        ([1.5, 2, 4, 2.5], []),
        ([1, 2, 4, 2.34], []),
        ([1, 2, 4, 2.3333333335], []),
        ([1, 2, 3, 2], []),
        ([1.25, 2.5, 3.75, 2.5], []),
        # groups, and what sums them up
        ([1, 2, 3, 6, 4, 5, 6, 15, 21], [3, 7, 8]),
        ([1, 2, 3, 6, 4, 5, 6, 15], [3, 7]),
        ([1, 2, 3, 6, 4, 5, 6, 15, 22], []),
        ([1, 2, 3, 6, 1, 1, 1, 3, 9, 4, 5, 6, 15, 24], [3, 7, 8, 12, 13]),
        # pairs, only under the sum of all and beside it
        ([10, 20, 30, 5, 6, 11, 41], [2, 5, 6]),
        ([10, 20, NAN, 30, 5, 6, 11, 41], [3, 6, 7]),
        ([10, 20, 30, 5, 6, 11, 1, 2, 3, 44], [2, 5, 8, 9]),
        ([10, 20, 30, 5, 6, 11, 42], []),
        ([10, 20, 30, 5, 6, 41], []),
        ([10, 20, 30, 5, 6, 11], []),
        # unless their numbers have so many steps that none adds up by chance
        ([31, 42, 73, 55, 61, 116], [2, 5]),
        ([310, 420, 730, 550, 610, 1160], [2, 5]),
        ([3.1, NAN, 4.2, 7.3, 5.5, 6.1, 11.6], [3, 6]),
        ([100, 200, 300, 50, 60, 110], []),
        # of sizes 50 and 20, of which 1,000 are exactly so many steps that one adds up by chance
        ([30, 40, 70, 12, 16, 28], []),
        ([30, 40, 70, 12, 17, 29], [2, 5]),
        ([31, 42, 73, 55, 61, 116, 5], []),
        ([31, 42, 73], []),
    ],
)
def test_a_column_that_ends_in_a_sum_is_told_with_all_of_its_sums(numbers, places):
    assert summing_rows(list(map(float, numbers))) == places


def test_of_many_numbers_only_the_sum_of_all_is_told(monkeypatch):
    monkeypatch.setattr(sums, "MOST", 9)
    groups = [1.0, 2.0, 3.0, 6.0, 4.0, 5.0, 6.0, 15.0, 21.0]
    assert summing_rows(groups) == [3, 7, 8]
    assert summing_rows([0.0, *groups]) == []
    assert summing_rows([*groups, sum(groups)]) == [9]


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ([7, 1, 2, 3], True),
        ([7, 1, NAN, 2, 3, NAN], True),
        ([7, 3, 3], False),
        ([7, 0, 3, 3], False),
        ([2, 0, 1, 3], True),
        ([7, 1, 2, 4], False),
        ([1, -1, 0], False),
        ([5], False),
        ([NAN], False),
        ([], False),
    ],
)
def test_a_number_may_be_the_sum_of_some_that_stand_right_above_it(numbers, found):
    assert ends_in_a_sum(numbers) is found


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ([6000, 1000, 2000, 3000], True),
        ([NAN, 60.0, 10.5, NAN, 20.25, 29.25], False),
        ([60.75, 10.5, 20.25, 30], True),
        ([6, 3, 2, 1], False),
        ([6001, 1000, 2000, 3000], False),
        ([3000, 1000, 2000], False),
        ([NAN], False),
        ([], False),
    ],
)
def test_the_first_number_is_the_sum_of_all_others_unless_by_chance(numbers, found):
    assert heads_a_column(numbers) is found


def test_a_sum_of_more_than_is_looked_at_is_not_told(monkeypatch):
    monkeypatch.setattr(sums, "MOST", 3)
    assert ends_in_a_sum([1, 2, 3, 6])
    assert not ends_in_a_sum([1, 2, 3, 4, 10])


@pytest.mark.parametrize(
    ("marked", "numbers", "found"),
    [
        ("..+..+", [1, 2, 3, 4, 5, 9], True),
        ("..+.+..+", [1, 2, 3, NAN, NAN, 4, 5, 9], True),
        ("..+..++", [1, 2, 3, 4, 5, 9, 12], True),
        ("..+..++..+..++", [1, 2, 3, 4, 5, 9, 12, 1, 1, 2, 2, 2, 4, 6], False),
        ("..+..++..+", [1, 2, 3, 4, 5, 9, 12, 1, 1, 2], True),
        ("..+..++..++", [1, 2, 3, 4, 5, 9, 12, 1, 1, 2, 14], True),
        # one alone may add up by chance, and so does one that is the sum of one
        ("..+", [1, 2, 3], False),
        (".+..+", [1, 1, 4, 5, 9], False),
        ("..+..+", [1, 2, 3, 4, 5, 8], False),
        ("..+..+.", [1, 2, 3, 4, 5, 9, 1], False),
        ("..+..++", [1, 2, 3, 4, 5, 9, 13], False),
        ("", [], False),
    ],
)
def test_what_is_marked_is_the_sum_of_its_group_or_of_such_sums(marked, numbers, found):
    assert are_sums([each == "+" for each in marked], numbers) is found


@pytest.mark.parametrize(
    ("number", "decimals"), [(3.0, 0), (2.5, 1), (-2.25, 2), (1e-7, 7), (1.5e300, 0), (math.inf, 0)]
)
def test_decimals_of_a_number_are_those_that_it_is_written_with(number, decimals):
    assert sums._decimals(number) == decimals


def test_a_sum_of_both_signs_is_told_where_it_is_none_by_chance():
    changes = [120.5, -33.25, 80.0, -12.75]
    assert summing_rows([*changes, sum(changes)]) == [4]
    assert summing_rows([2.0, -1.0, 1.0, 2.0]) == []
    assert summing_rows([20.0, 10.0, 10.0, 40.0]) == [3]


@pytest.mark.parametrize("decimals", [0, 1])
def test_small_changes_are_data_whatever_they_add_up_to(decimals):
    drawn = np.random.default_rng(1).integers(-9, 10, size=(300, 20)) / 10**decimals
    assert not any(summing_rows(row.tolist()) for row in drawn)


@pytest.mark.parametrize(
    ("numbers", "places"),
    [
        ([73, 31, 42, 116, 55, 61], [0, 3]),
        ([NAN, 73, 31, NAN, 42, 116, 55, 61], [1, 5]),
        ([189, 73, 31, 42, 116, 55, 61], [0, 1, 4]),
        ([6000, 1000, 2000, 3000], [0]),
        ([7, 3, 4, 11, 5, 6], []),
        ([100, 60, 40, 30, 20, 10], []),
        ([73, 31, 42, 117, 55, 61], []),
        ([], []),
    ],
)
def test_groups_may_begin_with_their_sums(numbers, places):
    assert sums_that_head(list(map(float, numbers))) == places


@pytest.mark.slow
@pytest.mark.parametrize("order", [lambda x: x, np.sort, lambda x: -np.sort(-x)])
def test_sums_of_groups_are_hardly_ever_told_by_chance(order):
    """Data of ten kinds, of 6 to 40 numbers, as they come and sorted either way."""
    rng = np.random.default_rng(5)
    found = 0
    for _ in range(3000):
        scale, decimals, count = rng.choice([0.5, 1, 3]), rng.integers(-1, 3), rng.integers(6, 40)
        numbers = order(np.round(rng.lognormal(3, scale, count), decimals))
        found += bool(sums_that_head(numbers.tolist())) + bool(summing_rows(numbers.tolist()))
    assert found < 15
