"""Intervals and their errors against what they are defined as, on draws small enough to follow by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from variants import variants

from uncertainty.sampling.collecting import Stored
from uncertainty.sampling.estimate import ERRORS_WIDE, Estimate, half_widths
from uncertainty.sampling.moments import ONE_REPLICATE
from uncertainty.sampling.statistics import BATCHES, Draws, shortest_interval

RANKS = np.arange(100.0)
TIED = np.random.default_rng(1).integers(0, 12, (16, 50)).astype(float)
"""16 replicates of 50 draws, most of them tied."""
LARGE = np.random.default_rng(2).normal(size=(16, 500))


@pytest.fixture
def tied() -> Draws:
    return Draws(TIED.ravel(), 50)


@pytest.mark.parametrize("probability", [0.05, 0.3, 0.5, 0.95])
@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.9999])
def test_independent_draws_bound_a_quantile_by_the_ranks_of_a_binomial_count(probability, confidence):
    low, high = Draws(RANKS).quantile_interval(probability, confidence)
    count, tail = stats.binom(100, probability), (1 - confidence) / 2
    assert (low, high) == (max(count.ppf(tail) - 1, 0), min(count.ppf(1 - tail), 99))


def test_the_interval_of_a_quantile_is_at_95_percent_unless_said_otherwise(tied):
    for draws in (Draws(RANKS), tied):
        assert draws.quantile_interval(0.3) == draws.quantile_interval(0.3, 0.95)
        assert draws.share_interval(5.0) == draws.share_interval(5.0, 0.95)
        assert draws.interval() == draws.interval(0.95, "central")
        ends = draws.quantile((1 - 0.95) / 2), draws.quantile((1 + 0.95) / 2)
        assert draws.interval() == ends


def test_a_quantile_needs_five_draws_beyond_it():
    for draws in (Draws(RANKS), Draws(LARGE.ravel()[:200], 50)):
        enough, short = 5 / draws.size, 4.9 / draws.size
        assert draws.quantile(enough).error is not None
        assert draws.quantile_interval(enough) is not None
        assert draws.quantile(short).error is None
        assert draws.quantile(1 - short).error is None
        assert draws.quantile_interval(short) is None


@pytest.mark.parametrize("draws", [TIED, LARGE], ids=["tied", "untied"])
@pytest.mark.parametrize("probability", [0.1, 0.5, 0.9])
def test_replicates_bound_a_quantile_by_the_spread_of_the_share_below_it(draws, probability):
    found = Draws(draws.ravel(), draws.shape[1])
    value = np.quantile(draws, probability)
    below = [(draws <= value).mean(axis=1), (draws < value).mean(axis=1)]
    for confidence in (0.6, 0.95):
        reach = max(float(half_widths(share, confidence)) for share in below)
        expected = np.quantile(draws, [max(probability - reach, 0), min(probability + reach, 1)])
        assert found.quantile_interval(probability, confidence) == pytest.approx(tuple(expected), rel=1e-9)
    farther = max(value - expected[0], expected[1] - value)
    assert found.quantile(probability).value == pytest.approx(value, rel=1e-14)
    assert found.quantile(probability).error == pytest.approx(farther / ERRORS_WIDE, rel=1e-9, abs=1e-12)


def test_what_lies_beyond_all_draws_is_bounded_by_the_outermost():
    # shares below the median of 0 and of 1 in turn: the spread reaches beyond probabilities 0 and 1
    values = np.array([*np.arange(20.0), *np.arange(100.0, 120.0)])
    found = Draws(values, 20)
    assert found.quantile_interval(0.5, 0.999) == (0, 119)
    # the median is 59.5, and anything from 0 to 119
    assert found.quantile(0.5).error == pytest.approx(59.5 / ERRORS_WIDE)


@pytest.mark.parametrize(("below", "size"), [(1, 20), (30, 100), (99, 100)])
@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_share_of_independent_draws_has_wilson_s_interval(below, size, confidence):
    found = Draws(np.arange(float(size))).share_interval(below, confidence)
    expected = stats.binomtest(below, size).proportion_ci(confidence, "wilson")
    assert found == pytest.approx((expected.low, expected.high), rel=1e-9)


def test_the_share_of_replicates_has_student_s_interval_within_0_and_1(tied):
    shares = (TIED < 5).mean(axis=1)
    reach = float(half_widths(shares))
    assert reach >= stats.t(15).ppf(0.975) * shares.std(ddof=1) / 4 * (1 - 1e-9)
    assert tied.share_interval(5.0) == pytest.approx((shares.mean() - reach, shares.mean() + reach))
    apart = Draws(np.array([*np.arange(20.0), *np.arange(100.0, 120.0)]), 20)
    assert apart.share_interval(50.0) == (0, 1)


def test_shares_count_what_they_say(tied):
    at_least, below = (TIED >= 5).mean(axis=1), (TIED < 5).mean(axis=1)
    for found, shares in ((tied.share_at_least(5.0), at_least), (tied.share_below(5.0), below)):
        assert found.value == pytest.approx(shares.mean())
        assert found.error == pytest.approx(float(half_widths(shares)) / ERRORS_WIDE)
        assert found.bounds == pytest.approx(
            (found.value - ERRORS_WIDE * found.error, found.value + ERRORS_WIDE * found.error)
        )
    assert tied.share(lambda values: values < 5.0) == tied.share_below(5.0)
    pairs = Draws(np.array([1.0, 2.0, 3.0, 1.0]), 2)
    assert pairs.share_at_least(2.0).value == 0.5
    alone = Draws(RANKS)
    assert alone.share(lambda values: values >= 25.0) == alone.share_at_least(25.0)
    assert alone.share_at_least(25.0)[:3] == (0.75, pytest.approx(math.sqrt(0.75 * 0.25 / 100)), "")
    assert alone.share_at_least(25.0).bounds == pytest.approx(
        tuple(stats.binomtest(75, 100).proportion_ci(0.95, "wilson"))
    )


def test_a_share_of_none_or_all_is_exact_and_errs_by_the_rule_of_three():
    assert Draws(RANKS).share_at_least(1000.0)[:3] == (0, 0.03, "")
    assert Draws(RANKS).share_at_least(0.0)[:3] == (1, 0.03, "")


def test_one_replicate_gives_values_without_errors_and_says_why():
    found = Draws(RANKS, 100)
    assert found.quantile(0.5) == Estimate(49.5, None, ONE_REPLICATE)
    assert found.share_at_least(50.0) == Estimate(0.5, None, ONE_REPLICATE)
    assert found.mean == Estimate(49.5, None, ONE_REPLICATE)
    assert found.sd == Estimate(pytest.approx(RANKS.std(ddof=1)), None, ONE_REPLICATE)
    assert [end.reason for end in found.interval(0.5, "shortest")] == [ONE_REPLICATE, ONE_REPLICATE]


def test_two_replicates_are_enough_for_an_error():
    """Of so many draws without a tail the kurtosis widens it by a few per cent at most."""
    found = Draws(np.array([1.0, 2.0] * 5000 + [3.0, 6.0] * 5000), 10_000).mean
    error = stats.t(1).ppf(0.975) * np.std([1.5, 4.5], ddof=1) / math.sqrt(2) / ERRORS_WIDE
    assert error * (1 - 1e-9) <= found.error <= 1.03 * error


def test_moments_that_do_not_settle_are_given_without_an_error():
    values = np.exp(2.5 * np.random.default_rng(3).normal(size=1000))
    found = Draws(values)
    assert found.mean.value == pytest.approx(values.mean())
    assert found.mean.error is None
    signed = np.random.default_rng(4).standard_cauchy(1000)
    assert Draws(signed).sd.value == pytest.approx(signed.std(ddof=1))
    assert Draws(np.array([1.0])).mean == Estimate(1, None, "there is only one draw")
    assert Draws(np.array([1.0, 2.0, 4.5])).mean.error == pytest.approx(np.std([1, 2, 4.5], ddof=1) / 3**0.5)


@pytest.mark.parametrize("replicate_rows", [1, 2000])
def test_the_shortest_interval_errs_by_how_it_varies_between_batches(replicate_rows):
    values = np.random.default_rng(5).exponential(size=2000 * BATCHES)
    low, high = Draws(values, replicate_rows).interval(0.9, "shortest")
    assert (low.value, high.value) == shortest_interval(np.sort(values), 0.9)
    batches = values.reshape(BATCHES, -1)
    if replicate_rows > 1:
        # each has the same twentieth of every replicate
        batches = [np.concatenate(part) for part in np.split(batches, BATCHES, axis=1)]
    ends = np.array([shortest_interval(np.sort(batch), 0.9) for batch in batches])
    expected = ends.std(axis=0, ddof=1) / BATCHES ** (1 / 3)
    assert (low.error, high.error) == pytest.approx(tuple(expected), rel=1e-12)
    assert low.reason == high.reason == ""


def test_draws_that_do_not_divide_into_batches_leave_the_last_out():
    values = np.random.default_rng(6).exponential(size=100 * BATCHES + 13)
    found, whole = (Draws(v).interval(0.9, "shortest") for v in (values, values[: 100 * BATCHES]))
    assert [end.error for end in found] == [end.error for end in whole]


@pytest.mark.parametrize("replicate_rows", [1, 2])
def test_the_shortest_interval_of_few_draws_has_no_error_and_says_why(replicate_rows):
    values = np.random.default_rng(7).normal(size=40 * BATCHES)
    ends = shortest_interval(np.sort(values), 0.95)
    reason = "there are too few draws outside the interval"
    for end, value in zip(Draws(values, replicate_rows).interval(0.95, "shortest"), ends, strict=True):
        assert end == Estimate(value, None, reason)
    few = Draws(values[:30]).interval(0.5, "shortest")
    assert [end.reason for end in few] == [reason, reason]
    # half of ten draws a batch lie outside: exactly enough
    enough = Draws(values[: 10 * BATCHES]).interval(0.5, "shortest")
    assert all(end.error is not None for end in enough)


@pytest.mark.parametrize(
    ("ordered", "level", "expected"),
    [
        ([4.0], 0.95, (4, 4)),
        ([1.0, 4.0], 0.5, (1, 4)),
        ([1.0, 4.0], 0.01, (1, 4)),
        ([1.0, 4.0, 5.0], 0.01, (4, 5)),
        ([1.0, 4.0, 5.0], 0.99, (1, 5)),
        ([1.0, 4.0, 5.0, 5.5, 9.0], 0.4, (4, 5.5)),
        ([1.0, 2.0, 5.0, 6.0], 0.25, (1, 2)),
    ],
)
def test_the_shortest_interval_of_a_few_values(ordered, level, expected):
    assert shortest_interval(np.array(ordered), level) == expected


def test_evidence_other_than_values_speaks_alike():
    assert Draws(Stored(TIED.ravel(), 50)).quantile(0.4) == Draws(TIED.ravel(), 50).quantile(0.4)
    assert Draws(Stored(TIED.ravel(), 50)).replicate_rows == 50


@pytest.mark.parametrize("exponent", [-1000, -995, 990])
def test_moments_and_their_errors_are_those_in_other_units_to_the_bit(exponent):
    """A replicate whose draws are equal has no difference to tell a unit by."""
    values = np.random.default_rng(5).uniform(0, 4, (8, 64))
    values[3] = 2.0
    size = 2.0**exponent
    for rows in (1, 64):
        one, other = (Draws(unit * values.ravel(), rows) for unit in (1.0, size))
        assert [other.mean.error, *other.sd[:2]] == [size * each for each in (one.mean.error, *one.sd[:2])]


@pytest.mark.parametrize(("share", "rows"), [(0.4802, 1), (0.4802, 64), (0.45, 1), (0.5, 64)])
def test_the_interval_of_the_sd_of_two_values_covers_where_they_are_about_as_frequent(share, rows):
    """There the square of the mean's error rules: what is linear in it is 0 for two halves."""
    rng, truth = np.random.default_rng(6), math.sqrt(share * (1 - share))
    found = [Draws(1.0 * (rng.random(1024) < share), rows).sd for _ in range(100)]
    covered = sum(abs(each.value - truth) <= ERRORS_WIDE * each.error for each in found)
    assert covered >= 95 - 3 * math.sqrt(100 * 0.95 * 0.05)


@pytest.mark.parametrize("of", [stats.norm(), stats.logistic(), stats.triang(0.5)])
@pytest.mark.parametrize("level", variants([0.5, 0.7, 0.75, 0.875], lambda level: level in {0.5, 0.7}))
def test_the_errors_of_a_shortest_interval_hold_where_levels_fit_the_steps_of_a_net(of, level):
    """At 1/2, 3/4 and 7/8 replicates of one input agree far better than all draws do with what is right."""
    exact = of.ppf([(1 - level) / 2, (1 + level) / 2])
    found = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        nets = [stats.qmc.Sobol(1, rng=rng).random(1024)[:, 0] for _ in range(16)]
        ends = Draws(of.ppf(np.concatenate(nets)), 1024).interval(level, "shortest")
        found += [(end.value - right) / end.error for end, right in zip(ends, exact, strict=True)]
    assert np.max(np.abs(found)) < 3.5
    assert np.mean(np.square(found)) < 1.5


@pytest.fixture(scope="module", params=variants([64, 1024], lambda rows: rows == 64))
def replicated_nets(request):
    """Return the rows of each replicate, and for each of 150 seeds the points of 16 replicates."""
    rows = request.param
    generators = map(np.random.default_rng, range(150))
    return rows, [
        np.concatenate([stats.qmc.Sobol(1, rng=rng).random(rows)[:, 0] for _ in range(16)])
        for rng in generators
    ]


@pytest.mark.parametrize("of", [[(0.3, 1)], [(0.3, 1), (0.7, 4)], [(0.1, 1), (0.25, 2), (0.45, 4)]])
def test_errors_of_steps_hold_where_replicates_of_a_net_agree_in_one(replicated_nets, of):
    """Each replicate lacks the same part of a draw of a step, so that 16 of them may agree and all err."""
    rows, every = replicated_nets
    exact = sum(height * (1 - start) for start, height in of)
    found = []
    for nets in every:
        mean = Draws(sum(height * (nets >= start) for start, height in of).astype(float), rows).mean
        found.append((mean.value - exact) / mean.error)
    assert np.max(np.abs(found)) < 3.5
    assert np.mean(np.abs(found) > ERRORS_WIDE) < 0.08


def test_what_replicates_agree_in_leaves_three_draws_open():
    """Two standard deviations of each of three draws in 95 %, where two values are equally frequent."""
    draws = Draws(np.tile([0.0, 1.0], 8000), 1000)
    assert draws.mean.error * ERRORS_WIDE == pytest.approx(3 / 16_000, rel=0.06)
    # of few replicates Student's interval is wide enough, and continuous ones agree in nothing
    assert Draws(np.tile([0.0, 1.0], 2000), 1000).mean.error == pytest.approx(0.5 / 4000, rel=1e-3)
