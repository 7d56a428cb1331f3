"""Order statistics are those of the sorted draws, and cost a look at the few draws around them."""

import numpy as np
import pytest

from uncertainty.sampling.selection import (
    PILOT,
    Selection,
    Window,
    order_statistic,
    quantiles,
    quantiles_of_groups,
)

SIZE = 2**18


@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(1).normal(size=SIZE),
        pytest.param(np.random.default_rng(2).standard_cauchy(SIZE), marks=pytest.mark.slow),
        np.random.default_rng(3).integers(0, 40, SIZE).astype(float),
        pytest.param(np.sort(np.random.default_rng(4).normal(size=SIZE)), marks=pytest.mark.slow),
        pytest.param(-np.arange(SIZE, dtype=float), marks=pytest.mark.slow),
        np.full(SIZE, 3.0),
    ],
    ids=["normal", "heavy tails", "ties", "increasing", "decreasing", "constant"],
)
def test_every_rank_is_that_of_the_sorted_draws(values):
    ordered = np.sort(values)
    ranks = [0, 1, 2, SIZE - 3, SIZE - 2, SIZE - 1, *np.random.default_rng(5).integers(0, SIZE, 60).tolist()]
    assert [Selection(values).ranked(rank) for rank in ranks] == ordered[ranks].tolist()
    kept = Selection(values)
    assert [kept.ranked(rank) for rank in ranks] == ordered[ranks].tolist()


@pytest.mark.parametrize("size", [1, 2, 1000, 4 * PILOT, 4 * PILOT + 1])
def test_draws_of_any_number_have_all_their_ranks(size):
    values = np.random.default_rng(size).permutation(size).astype(float)
    selection = Selection(values)
    assert [selection.ranked(rank) for rank in (0, size // 2, size - 1)] == [0, size // 2, size - 1]


def test_a_window_holds_its_first_rank_and_its_last():
    window = Window(10, np.arange(5.0))
    assert [window.holds(rank) for rank in (9, 10, 14, 15)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("share", "least", "most"),
    [
        # five standard deviations of the pilot's rank to either side, in parts of the pilot
        (0.5, 0.030, 0.050),
        (0.1, 0.018, 0.030),
        (0.001, 0.0015, 0.0035),
        (0.999, 0.0015, 0.0035),
    ],
)
def test_only_the_draws_around_a_rank_are_sorted(share, least, most):
    values = np.random.default_rng(6).normal(size=SIZE)
    window = Selection(values)._window(int(share * SIZE))
    assert least < window.ordered.size / SIZE < most
    assert window.below == np.count_nonzero(values < window.ordered[0])


def test_few_draws_are_sorted_once():
    values = np.random.default_rng(7).normal(size=4 * PILOT)
    assert Selection(values)._window(0).ordered.size == values.size
    assert Selection(np.append(values, 0.5))._window(0).ordered.size < values.size / 100


def test_neighbouring_ranks_share_one_window():
    selection = Selection(np.random.default_rng(8).normal(size=SIZE))
    for rank in (SIZE // 2, SIZE // 2 + 1, SIZE // 2 - 1):
        selection.ranked(rank)
    assert len(selection._windows) == 1
    selection.ranked(0)
    assert len(selection._windows) == 2


def test_a_pilot_that_misleads_costs_time_and_no_number():
    # the pilot is every sixteenth draw, and here these are none like the others
    values = np.random.default_rng(9).normal(size=SIZE)
    values[:: SIZE // PILOT] += 100
    assert Selection(values).ranked(SIZE // 2) == np.sort(values)[SIZE // 2]


ATOMS = {
    "two values": [0.0] * 500 + [3.0] * 500,
    "two values, one more often": [0.0] * 400 + [3.0] * 601,
    "counts": np.random.default_rng(10).poisson(2.5, 777).astype(float),
    "rounded": np.round(np.random.default_rng(11).normal(size=512), 1),
}


@pytest.mark.parametrize("values", ATOMS.values(), ids=ATOMS)
def test_quantiles_of_atoms_are_values_that_occur_by_the_inverse_of_their_shares(values):
    probabilities = [0.0, 0.001, 0.025, 0.4, 0.5, 0.75, 0.975, 1.0]
    wanted = np.quantile(values, probabilities, method="inverted_cdf")
    assert quantiles(np.array(values), probabilities).tolist() == wanted.tolist()


def test_beside_an_atom_no_quantile_lies_in_the_gap_to_other_values():
    values = np.concatenate([np.zeros(50), np.linspace(1, 2, 50)])
    assert quantiles(values, [0.5]) == 0
    assert quantiles(values[1:], [0.5]) == 1


def test_quantiles_without_ties_are_interpolated_to_the_bit():
    values = np.sort(np.random.default_rng(12).normal(size=1000))
    for probability in (0.0, 0.025, 0.31, 0.5, 1.0):
        position = probability * 999
        low, high = values[int(position)], values[min(int(position) + 1, 999)]
        wanted = low + (position - int(position)) * (high - low)
        assert order_statistic(lambda rank: float(values[rank]), 1000, probability) == wanted


def test_a_quantile_of_what_is_not_known_is_not_known():
    assert np.isnan(quantiles(np.array([1.0, np.nan, 2.0]), [0.1, 0.5])).all()


def test_quantiles_beside_an_atom_are_one_of_two_draws_at_either_end_too():
    def of(values, probability):
        return order_statistic(values.__getitem__, len(values), probability)

    # between 1 and 3 of [1, 1, 3, 5]: up to a share of a half lies at most 1
    assert [of([1.0, 1.0, 3.0, 5.0], p) for p in (0.4, 0.5, 0.55)] == [1.0, 1.0, 3.0]
    assert [of([1.0, 3.0, 5.0, 5.0], p) for p in (0.45, 0.55)] == [3.0, 5.0]
    # the first two and the last two have no other neighbour
    assert of([1.0, 3.0, 6.0], 0.25) == 2.0
    assert of([1.0, 3.0, 6.0], 0.75) == 4.5
    assert of([1.0, 3.0], 0.5) == 2.0
    assert of([3.0, 1.0, 3.0], 0.25) == 2.0
    assert of([7.0], 0.3) == 7.0


def test_quantiles_of_groups_are_those_of_each_group_alone_to_the_bit():
    rng = np.random.default_rng(6)
    groups = np.concatenate([np.arange(299), rng.integers(0, 299, 9000)])  # the last group has no value
    kinds = np.array([rng.normal(size=groups.size), rng.integers(0, 4, groups.size), np.ones(groups.size)])
    values = kinds[groups % 3, np.arange(groups.size)]
    values[rng.integers(0, groups.size, 60)] = [np.inf, -np.inf, np.nan] * 20
    probabilities = [0.0, 0.025, 0.5, 1 / 3, 0.975, 1.0]
    found = quantiles_of_groups(values, np.argsort(values), groups, 300, probabilities)
    for group in range(299):
        alone = quantiles(values[groups == group], probabilities)
        np.testing.assert_array_equal(found[group], alone)
    assert np.isnan(found[299]).all()
