"""What draws say that do not count alike, beside the same draws repeated as often as they count."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from uncertainty.errors import SettingError
from uncertainty.sampling import weighing
from uncertainty.sampling.estimate import ERRORS_WIDE, Estimate, Least, half_widths, joined, wilson
from uncertainty.sampling.moments import ONE_REPLICATE, widened_by_bend
from uncertainty.sampling.weighing import Observed, Weights, _apart, _check_carried, _check_enough
from uncertainty.sampling.weighted_draws import UNSETTLED, WeightedDraws
from uncertainty.settings import Settings

ROWS, PARTS = 4000, 8
RANDOM = np.random.default_rng(5)
VALUES, COUNTS = RANDOM.exponential(size=ROWS), RANDOM.integers(0, 3, ROWS)
GROUPS = np.arange(ROWS) % PARTS


@pytest.fixture
def draws():
    return weighted()


@pytest.fixture
def in_one():
    """Return draws of which no part is independent of another."""
    return weighted(groups=np.zeros(ROWS, int))


def weighted(values=VALUES, groups=GROUPS, counts=COUNTS, **told):
    return WeightedDraws(values, counts / 2, groups, **told)


def shortest(rows, level):
    ordered = np.sort(np.repeat(VALUES[rows], COUNTS[rows]))
    inside = math.ceil(level * ordered.size)
    at = np.argmin(ordered[inside - 1 :] - ordered[: ordered.size - inside + 1])
    return ordered[at], ordered[at + inside - 1]


def test_the_shortest_interval_is_that_of_draws_as_often_as_they_count(draws, in_one):
    low, high = draws.interval(0.9, "shortest")
    assert (low.value, high.value) == pytest.approx(shortest(slice(None), 0.9))
    ends = np.array([shortest(each == GROUPS, 0.9) for each in range(PARTS)])
    errors = ends.std(axis=0, ddof=1) / PARTS ** (1 / 6)
    assert (low.error, high.error) == pytest.approx(tuple(errors))
    for each, level in ((draws, 0.99), (in_one, 0.9)):
        found = each.interval(level, "shortest")
        assert [each.value for each in found] == pytest.approx(shortest(slice(None), level))
        assert {(e.error, e.reason) for e in found} == {
            (None, "there are too few draws outside the interval")
        }


def test_shares_and_their_intervals_are_those_of_the_weights(draws, in_one):
    share = COUNTS[(VALUES >= 0.5) & (VALUES <= 1.5)].sum() / COUNTS.sum()
    within = draws.share_within(0.5, 1.5)
    assert within.value == pytest.approx(share)
    assert within.bounds == pytest.approx(
        (share - ERRORS_WIDE * within.error, share + ERRORS_WIDE * within.error)
    )
    below = draws.share_below(1.0)
    assert (within.reason, below.reason) == ("", "")
    assert draws.share_interval(1.0) == below.bounds
    low, high = draws.share_interval(1.0, 0.5)
    assert below.bounds[0] < low < below.value < high < below.bounds[1]
    assert in_one.share_interval(1.0) is None
    assert in_one.share_below(1.0) == (pytest.approx(below.value), None, ONE_REPLICATE, None)
    with pytest.raises(SettingError, match="expected low to be at most high, found 2 and 1"):
        draws.share_within(2, 1)
    for ask in (draws.share_interval, draws.quantile_interval):
        with pytest.raises(SettingError, match=r"^confidence"):
            ask(0.5, 1.0)


COARSE = Least(errors=(0.01,), of_mean=0.03, of_sd=0.02)
ASKS = [
    (lambda d: d.mean, 0.03),
    (lambda d: d.sd, 0.02),
    (lambda d: d.quantile(0.5), 0.01),
    *(
        (lambda d, at=at: getattr(d, at)(0.9), lambda d: d._unsure(0.9))
        for at in ("share_at_least", "share_below", "share_at_most")
    ),
    (lambda d: d.share_within(0.4, 0.9), lambda d: math.hypot(d._unsure(0.4), d._unsure(0.9))),
]


@pytest.mark.parametrize(("ask", "least"), ASKS)
def test_every_number_is_as_unsure_as_its_cases_leave_it(ask, least):
    others = [weighted(counts=np.roll(COUNTS, shift)) for shift in (1, 2, 3)]
    found, without = ask(weighted()), [ask(each).value for each in others]
    assert ask(weighted(without=others)) == joined(found, without)
    coarse = weighted(finest=COARSE)
    size = least(coarse) if callable(least) else least
    assert size > 0
    assert ask(coarse) == joined(found, (), size)


def test_a_moment_has_no_error_where_the_draws_tell_none(in_one):
    for moment, value in ((in_one.mean, weighted().mean.value), (in_one.sd, weighted().sd.value)):
        assert moment == (pytest.approx(value), None, ONE_REPLICATE, None)
    # of independent draws the square of an error has the squares of their weights
    at = int(np.argmin(np.abs(VALUES - 2)))
    for weight, reason in ((25.0, UNSETTLED), (15.0, "")):
        heavy = weighted(counts=np.where(np.arange(ROWS) == at, weight, 1.0))
        assert heavy.effective > 3000
        assert heavy.mean.reason == reason


def test_a_share_that_few_draws_decide_has_the_interval_of_as_many_that_count_alike(draws):
    few = np.sort(VALUES[COUNTS > 0])[3]
    share = COUNTS[few > VALUES].sum() / COUNTS.sum()
    alike = round(COUNTS.sum() ** 2 / (COUNTS**2).sum())
    for confidence in (0.5, 0.95):
        assert draws.share_interval(few, confidence) == pytest.approx(wilson(share, alike, confidence))
    lone = weighted(counts=np.where(np.arange(ROWS) == 7, 1.0, 1e-9))
    share = lone.share_below(1.0).value
    assert lone.share_interval(1.0) == pytest.approx(wilson(share, 1))


def test_the_error_of_the_sd_is_that_of_leaving_out_parts():
    """Of parts whose means differ, and their spreads."""
    values = np.random.default_rng(6).normal(size=ROWS)
    groups = np.where(values > 1, np.minimum(GROUPS, 5), GROUPS)
    draws, weights = weighted(values, groups), COUNTS / 2
    without = []
    for each in range(PARTS):
        kept = groups != each
        mean = np.average(values[kept], weights=weights[kept])
        without.append(math.sqrt(np.average((values[kept] - mean) ** 2, weights=weights[kept])))
    apart = values - np.average(values, weights=weights)
    kurtosis = np.average(apart**4, weights=weights) / np.average(apart**2, weights=weights) ** 2
    error = half_widths((PARTS - 1) * np.array(without)) / ERRORS_WIDE
    wanted = widened_by_bend(Estimate(draws.sd.value, float(error)), draws.mean, float(kurtosis))
    assert draws.sd.error == pytest.approx(wanted.error)


def test_an_event_has_the_share_of_its_draws(draws):
    others = [weighted(counts=np.roll(COUNTS, shift)) for shift in (1, 2)]
    for each in (draws, weighted(without=others)):
        assert each.share(lambda values: values >= 0.9) == each.share_at_least(0.9)


def test_quantiles_have_an_interval_where_enough_draws_lie_beyond(draws, in_one):
    low, high = draws.quantile_interval(0.5)
    assert low < draws.quantile(0.5).value < high
    # between the quantiles whose shares are as unsure as that
    reach = ERRORS_WIDE * draws.share_below(draws.quantile(0.5).value).error
    ends = [draws.quantile(0.5 + side * reach).value for side in (-1, 1)]
    assert (low, high) == pytest.approx(ends, rel=0.01)
    assert draws.quantile_interval(1e-4) is draws.quantile_interval(1 - 1e-4) is None
    assert in_one.quantile_interval(0.5) is None
    assert in_one.quantile(0.5)[1:3] == (None, ONE_REPLICATE)


def test_a_quantile_that_draws_share_is_as_unsure_as_either_side():
    values = np.searchsorted([0.1, 0.5], RANDOM.random(ROWS)).astype(float)
    for shared in (values, 2 - values):
        draws = weighted(shared)
        errors = draws.share_below(1).error, draws.share_at_most(1).error
        assert draws._reach_below(0.5, 1.0, 0.95) == pytest.approx(ERRORS_WIDE * max(errors))


def test_draws_that_are_all_equal_have_no_spread():
    for constant in (True, False):
        same = weighted(np.full(ROWS, 3.0), constant=constant)
        assert same.mean == (3.0, None, same.same_because, None)
        assert same.sd == (0.0, None, same.same_because, None)
        assert same.quantile(0.5) == (3.0, 0.0, "", None)
    told = ({}, {"constant": True}, {"constant": False})
    unsaid, always, here = (weighted(np.full(ROWS, 3.0), **each).mean.reason for each in told)
    assert unsaid == always != here


def test_parts_that_agree_exactly_tell_no_more_than_one_draw():
    values = np.tile([1.0, 2.0, 3.0, 6.0], 100)
    draws = WeightedDraws(values, np.ones(400), np.arange(400) // 4)
    kurtosis = ((values - 3) ** 4).mean() / values.var() ** 2
    assert draws.mean.error == pytest.approx(values.std() * math.sqrt(kurtosis) / 400)
    assert draws.sd.error == pytest.approx(values.std() * kurtosis / 2 / 400, rel=0.01)
    for parts in (100, 2):
        shares = WeightedDraws(values, np.ones(400), np.arange(400) * parts // 400).share_below(2.5)
        assert shares.error == pytest.approx(stats.t.ppf(0.975, parts - 1) / 400 / ERRORS_WIDE)


def test_an_event_that_few_draws_meet_has_the_bounds_of_a_share(draws):
    never, seldom = draws.share_at_least(1e9), draws.share_below(np.sort(VALUES[COUNTS > 0])[3])
    assert never == (0.0, 3 / draws.effective, "", pytest.approx(wilson(0.0, round(draws.effective))))
    assert seldom.bounds == pytest.approx(wilson(seldom.value, round(draws.effective)))
    assert draws.quantile(1e-4).reason == draws.quantile(1 - 1e-4).reason


@pytest.mark.parametrize(
    ("values", "quantiles"),
    [
        ([0.0, 1.0, 1.0, 2.0, 3.0], {0.125: 0.0, 0.55: 1.0, 0.7: 2.0, 0.875: 2.5}),
        ([0.0, 1.0, 2.0, 2.0, 3.0], {0.125: 0.5, 0.3: 1.0, 0.45: 2.0, 0.875: 3.0}),
    ],
)
def test_quantiles_lie_between_draws_unless_others_share_the_value_of_one(values, quantiles):
    draws = WeightedDraws(np.array(values), np.ones(5), np.arange(5))
    assert {at: draws.quantile(at).value for at in quantiles} == pytest.approx(quantiles)


def test_what_is_weighed_is_constant_where_the_draws_are():
    weights = Weights(np.ones(6), np.arange(6) // 2, (), {})
    for constant in (True, False):
        plain = SimpleNamespace(values=np.full(6, 3.0), without=(), constant=constant, finest=COARSE)
        assert weights.of(plain).constant is constant
        assert weights.of(plain).finest == COARSE


@pytest.mark.parametrize(
    ("rows", "cases"), [(2**25, 64), (2**18, 128), (3 * 2**16, 128), (2**17, 256), (1, 512)]
)
def test_so_many_cases_are_averaged_over_as_the_rows_leave_time_for(rows, cases):
    assert weighing._enough_cases(rows) == cases


def observing(unit):
    return SimpleNamespace(value=3.0, unit=SimpleNamespace(text=unit), error="sd 1", quantity="x")


@pytest.mark.parametrize(("unit", "written"), [("1", ""), ("kg", " kg")])
def test_refusals_name_what_was_observed_in_its_unit(monkeypatch, unit, written):
    observed = Observed(observing(unit), np.linspace(0, 40, 41))
    apart = f"3{written} (sd 1) was observed of x, of which 1 to 39{written} was expected"
    assert _apart(observed) == apart
    plan = SimpleNamespace(
        study=SimpleNamespace(observations={"x": observing(unit)}, file="x.toml"), observations=["x"]
    )
    with pytest.raises(SettingError, match=rf"^x\.toml: .* an sd of about 2\.5{written}$"):
        _check_carried(plan, "x", np.array([[3.0, 3.0], [2.0, 3.0]]), np.ones(2))
    few = Weights(np.ones(100), np.arange(100), (), {"x": observed})
    for settings, asked in ((Settings(), "--samples 102400"), (Settings(outer=100, inner=64), "outer=1600")):
        with pytest.raises(SettingError, match=f"say too little: `{asked}` would leave enough$"):
            _check_enough(plan, few, settings, 64)
    monkeypatch.setattr(weighing, "MOST_ROWS", 1599)
    few = Weights(np.ones(100), np.arange(100), (), {"x": observed, "again": observed})
    with pytest.raises(SettingError) as refused:
        _check_enough(plan, few, Settings(), 1)
    assert str(refused.value).endswith(
        f"little: {apart}; {apart}; look at value, unit and error, or widen what is known of the inputs "
        "behind it"
    )
