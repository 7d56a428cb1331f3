"""Estimates from draws: right values, errors that cover, and silence where nothing can be said."""

import math
from functools import lru_cache

import numpy as np
import pytest
from coverage_studies import error, repeated
from scipy.special import ndtr, ndtri, stdtrit
from scipy.stats import binomtest
from variants import one_in, variants

from uncertainty import SettingError
from uncertainty.sampling.collecting import Stored, sums_of_each
from uncertainty.sampling.designs import BLOCK, make_design, uniforms
from uncertainty.sampling.estimate import ERRORS_WIDE, Least, half_widths
from uncertainty.sampling.moments import ENDLESS, ONE_REPLICATE
from uncertainty.sampling.statistics import Draws, shortest_interval
from uncertainty.sampling.weighing import Weights
from uncertainty.sampling.weighted_draws import WeightedDraws


def normal_draws(design, samples, seed):
    made = make_design(design, ("x", "y"), samples, seed)
    u = np.concatenate([b.copy() for b in uniforms(made)], axis=1)
    return Draws(ndtri(u[0]) + ndtri(u[1]), made.replicate_rows)


def test_quantiles_are_numpys():
    values = np.random.default_rng(1).normal(size=997)
    for p in (0.0, 0.025, 0.31, 0.5, 0.975, 1.0):
        assert Draws(values).quantile(p).value == pytest.approx(np.quantile(values, p), rel=1e-14)


def test_shortest_interval_of_an_exponential_begins_at_its_lowest_value():
    values = -np.log1p(-(np.arange(20_000) + 0.5) / 20_000)
    low, high = shortest_interval(values, 0.9)
    assert low == pytest.approx(0, abs=1e-4)
    assert high == pytest.approx(math.log(10), rel=1e-3)


def test_central_and_shortest_interval_agree_on_a_symmetric_quantity():
    draws = normal_draws("sobol", 2**17, seed=1)
    central, shortest = draws.interval(0.9, "central"), draws.interval(0.9, "shortest")
    for one, other in zip(central, shortest, strict=True):
        assert abs(one.value - other.value) < 5 * math.hypot(one.error, other.error)


@lru_cache(maxsize=600)
def kept_draws(design, seed):
    return normal_draws(design, 4096, seed)


@pytest.mark.parametrize("design", variants(["random", "lhs", "sobol"], lambda design: design == "sobol"))
@pytest.mark.parametrize("statistic", ["mean", "sd", "median", "low", "high", "share"])
def test_errors_are_as_large_as_the_estimates_really_err(design, statistic):
    """Over 200 seeds the errors' root mean square must match the estimates' spread around the truth."""
    root = math.sqrt(2)
    truth = {
        "mean": 0,
        "sd": root,
        "median": 0,
        "low": -1.959964 * root,
        "high": 1.959964 * root,
        "share": 0.5 - 0.2602499,
    }
    estimates = {
        "mean": lambda d: d.mean,
        "sd": lambda d: d.sd,
        "median": lambda d: d.quantile(0.5),
        "low": lambda d: d.quantile(0.025),
        "high": lambda d: d.quantile(0.975),
        "share": lambda d: d.share_at_least(1.0),
    }
    found = [estimates[statistic](kept_draws(design, seed)) for seed in range(200)]
    misses = np.array([e.value - truth[statistic] for e in found])
    errors = np.array([e.error for e in found])
    ratio = np.sqrt(np.mean(misses**2) / np.mean(errors**2))
    # a root mean square of 200 values has a standard error of 5 %; errors of 16 replicates are those of
    # Student's interval, and those of quantiles reach to the farther of its ends
    assert 0.6 < ratio < 1.15


def test_moments_of_a_heavy_ratio_have_no_error_and_say_why():
    draws = Draws(np.exp(2.5 * normal_draws("random", 10_000, 1).values / math.sqrt(2)))
    assert draws.mean.error is None
    assert "moments do not settle" in draws.mean.reason
    assert draws.quantile(0.5).error is not None


def test_moments_of_a_heavy_difference_have_no_error_either():
    values = np.random.default_rng(1).standard_cauchy(10_000)
    assert "moments do not settle" in Draws(values).sd.reason


def test_geometric_sd_is_that_of_the_logarithm():
    z = normal_draws("sobol", 2**14, 1).values / math.sqrt(2)
    found = Draws(np.exp(0.3 * z), 1024).geometric_sd
    assert found.value == pytest.approx(math.exp(0.3), abs=5 * found.error)
    assert Draws(z, 1024).geometric_sd is None


def test_a_quantile_beyond_the_draws_has_no_error_and_says_why():
    found = Draws(np.arange(100.0)).quantile(0.999)
    assert found.error is None
    assert found.reason == "Too few draws met the event; `--samples 5000` would give enough."
    assert Draws(np.arange(5000.0)).quantile(0.999).error is not None
    assert Draws(np.arange(100.0)).quantile(1).reason == "Too few draws met the event."


def test_a_share_of_none_or_all_still_has_an_error():
    draws = Draws(np.linspace(0, 1, 300))
    assert draws.share_at_least(2).error == pytest.approx(0.01)
    assert draws.share_at_least(0).error == pytest.approx(0.01)


def test_a_share_of_a_constant_has_none_unless_another_value_is_rare():
    assert Draws(np.ones(300)).share_at_least(1) == (1, None, "the output does not vary", (1, 1))
    rare = Draws(np.ones(300), constant=False)
    assert rare.share_at_least(1).error == pytest.approx(0.01)
    assert rare.mean.reason == "Too few draws met the event."


def test_one_draw_and_constant_draws_are_answered():
    one = Draws(np.array([3.0]))
    assert one.quantile(0.5).value == 3
    assert one.interval(0.95, "shortest")[0].value == 3
    assert one.mean.error is None
    constant = Draws(np.full(64, 3.0), 4)
    assert constant.interval(0.95)[0].value == 3
    assert constant.sd.value == 0
    assert constant.quantile(0.5).error == 0


@pytest.mark.parametrize("design", ["random", "lhs", "sobol"])
def test_selected_order_statistics_are_those_of_the_sorted_draws(design):
    draws = normal_draws(design, 200_000, 3)
    probabilities = (0.0, 0.001, 0.025, 0.5, 0.5001, 0.975, 1.0)
    selected = [draws.quantile(p) for p in probabilities]
    np.testing.assert_array_equal(np.sort(draws.values), draws.ordered)
    fresh = Draws(draws.values, draws.replicate_rows)
    assert fresh.ordered is not None  # from now on the order is known
    assert [fresh.quantile(p) for p in probabilities] == selected


def test_ties_are_selected_like_any_other_value():
    values = np.random.default_rng(1).integers(0, 3, 200_000).astype(float)
    assert [Draws(values).quantile(p).value for p in (0.1, 0.5, 0.9)] == [0, 1, 2]


@pytest.mark.parametrize("replicate_rows", [1, 1000, 2**14])
def test_moments_from_blocks_are_those_of_all_draws(replicate_rows):
    values = 1e3 + np.random.default_rng(2).gamma(3.0, size=16 * max(replicate_rows, 5000))
    draws = Draws(values, replicate_rows)
    assert draws.mean.value == pytest.approx(values.mean(), rel=1e-14)
    assert draws.sd.value == pytest.approx(values.std(ddof=1), rel=1e-12)
    assert draws.log_sd == pytest.approx(np.log(values).std(ddof=1), rel=1e-9)
    assert (draws.lowest, draws.highest) == (values.min(), values.max())
    if replicate_rows > 1:
        means = values.reshape(-1, replicate_rows).mean(axis=1)
        assert draws.mean.error == pytest.approx(half_widths(means) / ERRORS_WIDE, rel=1e-9)


def test_no_interval_is_given_where_nothing_can_be_said():
    assert Draws(np.arange(100.0)).quantile_interval(0.999) is None
    assert Draws(np.arange(1000.0), 1000).quantile_interval(0.5) is None
    assert Draws(np.arange(1000.0), 1000).share_interval(300.0) is None
    assert Draws(np.arange(1000.0), 1000).share_below(300.0).reason == ONE_REPLICATE


@pytest.mark.parametrize("confidence", [0.5, 0.95])
def test_the_interval_of_a_quantile_of_independent_draws_is_binomial(confidence):
    low, high = Draws(np.arange(1000.0)).quantile_interval(0.5, confidence)
    # n/2 -+ z sqrt(n)/2, to the rank
    z = -ndtri((1 - confidence) / 2)
    assert low == pytest.approx(499.5 - z * math.sqrt(250), abs=1.5)
    assert high == pytest.approx(499.5 + z * math.sqrt(250), abs=1.5)


@pytest.mark.parametrize("design", ["random", "lhs", "sobol"])
@repeated(1000, 4000)
def test_intervals_of_quantiles_and_shares_cover_what_they_say(design, repeats):
    """Of 1,000 intervals at 95 % between 92.2 and 97.8 % must cover, four standard errors to either side."""
    root = math.sqrt(2)
    covered = dict.fromkeys([0.025, 0.5, 0.975, "share"], 0)
    for seed in range(repeats):
        draws = normal_draws(design, 4096, seed)
        for p in (0.025, 0.5, 0.975):
            low, high = draws.quantile_interval(p)
            covered[p] += low <= root * ndtri(p) <= high
        low, high = draws.share_interval(1.0)
        covered["share"] += low <= ndtr(1 / root) <= high
    shares = {key: count / repeats for key, count in covered.items()}
    assert all(abs(share - 0.95) <= 4 * error(0.95, repeats) for share in shares.values()), shares


def test_replicates_that_agree_exactly_tell_no_more_than_one_draw():
    rng = np.random.default_rng(1)
    # strata of a net: half of each replicate lies below 0, whatever is drawn
    halves = rng.uniform(0, 1, (16, 2, 64)) * np.array([-1, 1])[:, None]
    draws = Draws(halves.reshape(-1), replicate_rows=128)
    median, share = draws.quantile(0.5), draws.share_below(0.0)
    finest = stdtrit(15, 0.975) / ERRORS_WIDE / draws.size
    assert share[:3] == (0.5, pytest.approx(finest), "")
    assert abs(median.value) <= 2 * median.error


@pytest.mark.parametrize("replicate_rows", [1, 100])
def test_shares_at_most_and_within_count_what_lies_at_their_ends(replicate_rows):
    draws = Draws(np.random.default_rng(1).integers(0, 9, 1000).astype(float), replicate_rows)
    assert draws.share_at_most(3) == draws.share(lambda x: x <= 3)
    assert draws.share_at_most(0) == draws.share(lambda x: x <= 0)
    assert draws.share_within(3, 5) == draws.share(lambda x: (x >= 3) & (x <= 5))
    assert draws.share_within(-1, 0) == draws.share_at_most(0)
    with pytest.raises(SettingError, match=r"^expected low to be at most high, found 5 and 3$"):
        draws.share_within(5, 3)


def test_the_least_error_lies_between_those_at_the_values_beside_it():
    least = Least((1.0, 3.0), (0.0, 0.2), 0.3, 0.4)
    assert [least.at(value) for value in (0.0, 2.0, 9.0)] == [0.0, pytest.approx(0.1), 0.2]
    values = np.linspace(0, 4, 401)
    versions = [Draws(values) for _ in range(8)]
    draws = Draws(values, without=versions, finest=least)
    alone = Draws(values, without=versions)
    assert draws.quantile(0.5).error == pytest.approx(math.hypot(alone.quantile(0.5).error, 0.1))
    assert draws.mean.error == pytest.approx(math.hypot(alone.mean.error, 0.3))
    assert draws.sd.error == pytest.approx(math.hypot(alone.sd.error, 0.4))
    # 20 of the 401 draws lie within 0.2 of 3.5
    shares = draws.share_at_least(3.505).error, alone.share_at_least(3.505).error
    assert shares[0] == pytest.approx(math.hypot(shares[1], 20 / 401))
    # of draws that lie closer together below, those that an error carries over a threshold from there
    crowded = np.concatenate([np.linspace(0, 2, 401), np.linspace(2, 4, 101)[1:]])
    versions = [Draws(crowded) for _ in range(8)]
    for sign in (1, -1):
        draws = Draws(sign * crowded, without=versions, finest=Least.everywhere(0.1))
        alone = Draws(sign * crowded, without=versions)
        shares = draws.share_below(sign * 1.9975).error, alone.share_below(sign * 1.9975).error
        assert shares[0] == pytest.approx(math.hypot(shares[1], 20 / 501))


@pytest.mark.parametrize(("zeros", "is_open"), [(254, True), (300, False)])
def test_a_quantile_at_the_edge_of_a_shared_value_may_lie_beside_it(zeros, is_open):
    """Of each 500 draws so many are 0; without a scramble 2 more or fewer are, and the median stays 0."""

    def drawn(count):
        one = np.concatenate([np.zeros(count), np.arange(1.0, 501 - count)])
        return Draws(np.tile(one, 4), replicate_rows=500)

    versions = [drawn(zeros + (-2 if each % 2 else 2)) for each in range(8)]
    draws = Draws(drawn(zeros).values, replicate_rows=500, without=versions)
    assert [each.quantile(0.5).value for each in (draws, *versions)] == [0.0] * 9
    # the share of 0 may be off by Student's half-width of 8 parts: as many values are beside it
    off = stdtrit(7, 0.975) * 7 * 2 / 500 / math.sqrt(7)
    beside = (0.5 + off) * 500 - zeros
    expected = beside / math.sqrt(2) / ERRORS_WIDE if is_open else 0.0
    assert draws.quantile(0.5).error == pytest.approx(expected, rel=0.1)


@pytest.mark.parametrize("weighed", [False, True])
def test_a_shared_value_that_cases_move_is_shared_all_the_same(weighed):
    """Half of the draws are at 1 and half at 2, times what is 0.01 more or less without a scramble."""
    values = np.tile(np.repeat([1.0, 2.0], 50), 10)
    versions = [Draws((1 + (-0.01 if each % 2 else 0.01)) * values, 100) for each in range(8)]
    draws = Draws(values, 100, without=versions)
    if weighed:
        groups = np.repeat(np.arange(10), 100)
        draws = Weights(np.ones(1000), groups, (np.ones(1000),) * 8, {}).of(draws)
    # the jackknife of eight that are 0.01 off, with Student's factor
    of_one = 0.01 * math.sqrt(7) * stdtrit(7, 0.975) / ERRORS_WIDE
    for probability, value in ((0.1, 1), (0.9, 2)):
        assert draws.quantile(probability).value == value
        assert draws.quantile(probability).error == pytest.approx(value * of_one, rel=1e-6)


@pytest.mark.parametrize(("few", "step"), [(20, 14), (40, 24), (12, 8)])
def test_a_quantile_at_a_value_of_few_draws_beside_one_of_many_errs_by_the_share_alone(few, step):
    """Of each 500 draws nearly half are the highest value; the median lies among the few at the value before.

    Without a scramble more are at the highest value, or fewer, so that the ranks in the middle of the few are
    those of the many, or of the values below.
    """

    def drawn(many):
        below = np.arange(500.0 - few - many)
        one = np.concatenate([below, np.full(few, 1000.0), np.full(many, 1001.0)])
        return Draws(np.tile(one, 4), replicate_rows=500)

    many = 250 - few // 4
    versions = [drawn(many + (-step if each % 2 else step)) for each in range(8)]
    draws = Draws(drawn(many).values, replicate_rows=500, without=versions)
    assert draws.quantile(0.5).value == 1000
    off = stdtrit(7, 0.975) * 7 * step / 500 / math.sqrt(7)
    rank = 500 * (0.5 - off)
    low = min(rank, 500 - few - many)
    expected = math.hypot(1000 - low, 1) / math.sqrt(2) / ERRORS_WIDE
    assert draws.quantile(0.5).error == pytest.approx(expected, rel=0.02)


def test_the_error_of_a_quantile_is_its_longer_side_and_with_cases_that_of_both():
    # ranks at 0.5 -+ 1.96 sqrt(0.25 / 401), and values that are their squares
    values = np.arange(401.0) ** 2
    low, high = ((200 + sign * 400 * 0.9799819922700270 / math.sqrt(401)) for sign in (-1, 1))
    sides = [200**2 - low**2, high**2 - 200**2]
    draws = Draws(values), Draws(values, without=[Draws(values)] * 4)
    errors = [each.quantile(0.5).error for each in draws]
    both = math.hypot(*sides) / math.sqrt(2)
    assert errors == pytest.approx([max(sides) / ERRORS_WIDE, both / ERRORS_WIDE], rel=1e-4)


@pytest.mark.parametrize("replicate_rows", [1, 1000])
def test_sums_of_several_outputs_are_those_of_each(replicate_rows):
    values = np.random.default_rng(3).normal(size=(3, 7000 if replicate_rows > 1 else BLOCK + 77))
    # each output in a unit of its own
    values *= np.array([1e-100, 1.0, 1e100])[:, None]
    together = sums_of_each([Stored(each, replicate_rows) for each in values])
    whole = sums_of_each([Stored(each[:BLOCK]) for each in values])
    for found, of in ((together, values), (whole, values[:, :BLOCK])):
        assert found.values.mean == pytest.approx(of.mean(axis=1), rel=1e-12)
        assert found.values.sd == pytest.approx(of.std(axis=1, ddof=1), rel=1e-12)


def test_a_shortest_interval_of_too_few_draws_has_no_error_and_says_why():
    reason = "there are too few draws outside the interval"
    for size, known in ((19, False), (399, False), (400, True)):
        ends = Draws(np.random.default_rng(4).normal(size=size)).interval(0.75, "shortest")
        assert [end.error is not None for end in ends] == [known] * 2
        assert [end.reason for end in ends] == ["" if known else reason] * 2


@pytest.mark.parametrize("probability", [-0.1, 1.1, 95, math.nan])
def test_probabilities_outside_0_to_1_are_refused(probability):
    draws = Draws(np.arange(1000.0))
    for ask in (draws.quantile, draws.quantile_interval):
        with pytest.raises(SettingError, match="probability: expected a number from 0 to 1, found"):
            ask(probability)


@pytest.mark.parametrize("level", [-0.1, 0, 1, 95, math.nan])
def test_levels_that_are_not_between_0_and_1_are_refused(level):
    draws = Draws(np.arange(1000.0))
    for kind in ("central", "shortest"):
        with pytest.raises(SettingError, match="level: expected a number between 0 and 1, found"):
            draws.interval(level, kind)
    for ask in (lambda c: draws.quantile_interval(0.5, c), lambda c: draws.share_interval(500, c)):
        with pytest.raises(SettingError, match="confidence: expected a number between 0 and 1, found"):
            ask(level)


def test_an_unknown_kind_of_interval_is_refused():
    with pytest.raises(SettingError, match='unknown kind "shortst"; did you mean "shortest"'):
        Draws(np.arange(1000.0)).interval(0.95, "shortst")


SKEWED = {
    "a": lambda n, rng: np.exp(rng.normal(0, 0.5, n)) + rng.random(n),
    "b": lambda n, rng: rng.normal(size=n) ** 2 + rng.normal(size=n) ** 2,
    "c": lambda n, rng: rng.poisson(3, n) * rng.binomial(10, 0.3, n),
    "d": lambda n, rng: rng.gamma(2, size=n) * rng.gamma(3, size=n),
}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "size"), [(name, size) for name in SKEWED for size in (256, 512)])
def test_few_draws_of_a_skewed_quantity_do_not_answer_just_where_they_miss_its_tail(name, size):
    rng = np.random.default_rng(11)
    samples = [Draws(SKEWED[name](size, rng).astype(float)) for _ in range(400)]
    assert sum(each.sd.error is not None for each in samples) <= 0.03 * len(samples)


@pytest.mark.slow
@pytest.mark.parametrize("size", [256, 512])
def test_few_draws_of_quantities_without_a_long_tail_still_answer(size):
    rng = np.random.default_rng(12)
    makes = (lambda: rng.normal(size=size), lambda: rng.random(size) + rng.random(size))
    for make, exact, least in zip(makes, (1.0, math.sqrt(1 / 6)), (0.3, 0.45), strict=True):
        found = [Draws(make()).sd for _ in range(400)]
        answers = [each for each in found if each.error is not None]
        held = sum(abs(each.value - exact) <= 1.96 * each.error for each in answers)
        assert len(answers) >= least * len(found)
        assert 0.90 * len(answers) <= held <= 0.985 * len(answers)


def test_a_share_that_few_draws_miss_says_that_they_missed_it():
    draws = Draws(np.arange(1000.0))
    met, missed = draws.share_at_least(997.0), draws.share_at_least(3.0)
    assert met.reason.startswith("Too few draws met the event; `--samples ")
    assert missed.reason == met.reason.replace("met", "missed", 1)
    assert draws.share_at_most(2.0).reason == missed.complement.reason == met.reason
    assert met.complement.reason == missed.reason
    assert met.rests_on_too_few
    assert missed.rests_on_too_few
    # an interval needs no error
    assert met.bounds == pytest.approx(tuple(binomtest(3, 1000).proportion_ci(0.95, "wilson")))
    weights = np.where(np.arange(1000) % 2, 2.0, 1.0)
    weighed = WeightedDraws(np.arange(1000.0), weights, np.arange(1000) % 10)
    assert weighed.share_at_least(998.0).reason.startswith("Too few draws met the event")
    assert weighed.share_at_least(2.0).reason.startswith("Too few draws missed the event")


@pytest.mark.parametrize(("few", "verb"), [(0.0, "missed"), (1.0, "met")])
def test_moments_of_a_yes_or_no_say_which_of_them_is_rare(few, verb):
    values = np.full(1000, 1 - few)
    values[:3] = few
    assert Draws(values).sd.reason.startswith(f"Too few draws {verb} the event")


@pytest.mark.parametrize("errors_off", [-1.8, -1.3, 0.5, 1.1, 1.8])
def test_shares_of_draws_closer_than_their_error_are_open_wherever_that_reaches(
    errors_off,
):
    """What all draws get wrong moves them together, over a threshold within two such errors."""
    values = 2 + 1e-3 * np.random.default_rng(1).standard_normal(512)
    draws = Draws(values + 0.03 * errors_off, without=[], finest=Least.everywhere(0.03))
    for share in (draws.share_at_least(2.0), draws.share_at_most(2.0), draws.share_within(1.0, 2.0)):
        assert share.bounds == (0.0, 1.0)
        assert share.error > 0.5
    # farther off the side is known, as it is of draws that their cases get wrong by little
    assert draws.share_at_least(2.2).bounds[1] < 0.02
    wide = Draws(np.random.default_rng(2).standard_normal(2**14), finest=Least.everywhere(0.01))
    slope = math.exp(-(0.5**2) / 2) / math.sqrt(2 * math.pi)
    added = wide.share_at_least(0.5).error ** 2 - Draws(wide.values).share_at_least(0.5).error ** 2
    assert math.sqrt(added) == pytest.approx(0.01 * slope, rel=0.1)


def test_a_share_within_ends_is_as_open_as_its_ends_where_cases_move_all_draws():
    """Scrambles that agree on the side of an end say nothing of it where the cases' error reaches over it."""
    values = 2.04 + 1e-3 * np.random.default_rng(1).standard_normal(512)
    others = [Draws(values + shift) for shift in (-0.005, 0.0, 0.005)]
    draws = Draws(values, without=others, finest=Least.everywhere(0.03))
    assert draws.share_within(1.0, 2.0).bounds == (0.0, 1.0)
    assert draws.share_within(1.0, 3.0).bounds[0] > 0.98


# with the index of the tail: of a quantity without a mean it is at most 1
TAILS = [
    (lambda rng, n: rng.normal(size=n) / (rng.normal(size=n) + 3), True),
    (lambda rng, n: rng.normal(size=n) / rng.normal(size=n), True),
    (lambda rng, n: 1 / rng.uniform(size=n), True),
    (lambda rng, n: -rng.pareto(0.9, size=n), True),
    (lambda rng, n: rng.standard_t(3, size=n), False),
    (lambda rng, n: np.exp(1.5 * rng.normal(size=n)), False),
    (lambda rng, n: np.sin(x := rng.normal(size=n)) / x, False),
    (lambda rng, n: np.where(rng.uniform(size=n) < 6e-4, 1e3, 0.0) + rng.normal(size=n), False),
    (lambda rng, n: np.where(rng.uniform(size=n) < 6e-4, 1e2 * rng.exponential(size=n), 0.0), False),
]


@pytest.mark.parametrize(("made", "endless"), TAILS)
@pytest.mark.parametrize("seed", one_in(4, range(4)))
def test_a_quantity_without_a_mean_has_none_told(made, endless, seed):
    """Of z / (z + 3) one run of 131,072 draws told a mean of 0.00 with an error of 0.01."""
    draws = Draws(made(np.random.default_rng(seed), 2**17))
    assert (draws.mean.reason == ENDLESS) is endless
    if endless:
        assert (draws.mean.error, draws.sd.error) == (None, None)
