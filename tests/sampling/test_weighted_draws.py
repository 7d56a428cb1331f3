"""What draws say that do not count alike, beside the same draws repeated as often as they count."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from uncertainty.errors import SettingError
from uncertainty.sampling import weighing
from uncertainty.sampling.estimate import ERRORS_WIDE
from uncertainty.sampling.moments import ONE_REPLICATE
from uncertainty.sampling.weighing import Observed, Weights, _apart, _check_carried, _check_enough
from uncertainty.sampling.weighted_draws import WeightedDraws

ROWS, PARTS = 4000, 8
RANDOM = np.random.default_rng(5)
VALUES, COUNTS = RANDOM.exponential(size=ROWS), RANDOM.integers(0, 3, ROWS)
GROUPS = np.arange(ROWS) % PARTS
DRAWS = WeightedDraws(VALUES, COUNTS / 2, GROUPS)
IN_ONE = WeightedDraws(VALUES, COUNTS / 2, np.zeros(ROWS, int))


def shortest(rows, level):
    ordered = np.sort(np.repeat(VALUES[rows], COUNTS[rows]))
    inside = math.ceil(level * ordered.size)
    at = np.argmin(ordered[inside - 1 :] - ordered[: ordered.size - inside + 1])
    return ordered[at], ordered[at + inside - 1]


def test_the_shortest_interval_is_that_of_draws_as_often_as_they_count():
    low, high = DRAWS.interval(0.9, "shortest")
    assert (low.value, high.value) == pytest.approx(shortest(slice(None), 0.9))
    ends = np.array([shortest(each == GROUPS, 0.9) for each in range(PARTS)])
    errors = ends.std(axis=0, ddof=1) / PARTS ** (1 / 6)
    assert (low.error, high.error) == pytest.approx(tuple(errors))
    for draws, level in ((DRAWS, 0.99), (IN_ONE, 0.9)):
        found = draws.interval(level, "shortest")
        assert [each.value for each in found] == pytest.approx(shortest(slice(None), level))
        assert {(e.error, e.reason) for e in found} == {
            (None, "there are too few draws outside the interval")
        }


def test_shares_and_their_intervals_are_those_of_the_weights():
    share = COUNTS[(VALUES >= 0.5) & (VALUES <= 1.5)].sum() / COUNTS.sum()
    within = DRAWS.share_within(0.5, 1.5)
    assert within.value == pytest.approx(share)
    assert within.bounds == pytest.approx(
        (share - ERRORS_WIDE * within.error, share + ERRORS_WIDE * within.error)
    )
    below = DRAWS.share_below(1.0)
    assert DRAWS.share_interval(1.0) == below.bounds
    low, high = DRAWS.share_interval(1.0, 0.5)
    assert below.bounds[0] < low < below.value < high < below.bounds[1]
    assert IN_ONE.share_interval(1.0) is None
    assert (IN_ONE.share_below(1.0).error, IN_ONE.share_below(1.0).reason) == (None, ONE_REPLICATE)
    with pytest.raises(SettingError, match="expected low to be at most high, found 2 and 1"):
        DRAWS.share_within(2, 1)
    for ask in (DRAWS.share_interval, DRAWS.quantile_interval):
        with pytest.raises(SettingError, match=r"^confidence"):
            ask(0.5, 1.0)


def test_quantiles_have_an_interval_where_enough_draws_lie_beyond():
    low, high = DRAWS.quantile_interval(0.5)
    assert low < DRAWS.quantile(0.5).value < high
    # between the quantiles whose shares are as unsure as that
    reach = ERRORS_WIDE * DRAWS.share_below(DRAWS.quantile(0.5).value).error
    ends = [DRAWS.quantile(0.5 + side * reach).value for side in (-1, 1)]
    assert (low, high) == pytest.approx(ends, rel=0.01)
    assert DRAWS.quantile_interval(1e-4) is DRAWS.quantile_interval(1 - 1e-4) is None
    assert IN_ONE.quantile_interval(0.5) is None
    assert IN_ONE.quantile(0.5)[1:3] == (None, ONE_REPLICATE)


def test_a_quantile_that_draws_share_is_as_unsure_as_either_side():
    values = np.searchsorted([0.1, 0.5], RANDOM.random(ROWS)).astype(float)
    for shared in (values, 2 - values):
        draws = WeightedDraws(shared, COUNTS / 2, GROUPS)
        errors = draws.share_below(1).error, draws.share_at_most(1).error
        assert draws._reach_below(0.5, 1.0, 0.95) == pytest.approx(ERRORS_WIDE * max(errors))


def test_draws_that_are_all_equal_have_no_spread():
    for constant in (True, False):
        same = WeightedDraws(np.full(ROWS, 3.0), COUNTS / 2, GROUPS, constant=constant)
        assert same.mean == (3.0, None, same.same_because, None)
        assert same.sd == (0.0, None, same.same_because, None)
        assert same.quantile(0.5) == (3.0, 0.0, "", None)


def test_parts_that_agree_exactly_tell_no_more_than_one_draw():
    values = np.tile([1.0, 2.0, 3.0, 6.0], 100)
    draws = WeightedDraws(values, np.ones(400), np.arange(400) // 4)
    kurtosis = ((values - 3) ** 4).mean() / values.var() ** 2
    assert draws.mean.error == pytest.approx(values.std() * math.sqrt(kurtosis) / 400)
    assert draws.sd.error == pytest.approx(values.std() * kurtosis / 2 / 400, rel=0.01)


def test_what_is_weighed_is_constant_where_the_draws_are():
    weights = Weights(np.ones(6), np.arange(6) // 2, (), {})
    for constant in (True, False):
        plain = SimpleNamespace(values=np.full(6, 3.0), without=(), constant=constant, finest=DRAWS.finest)
        assert weights.of(plain).constant is constant


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
        study=SimpleNamespace(observations={"x": observing(unit)}, file=None), observations=["x"]
    )
    with pytest.raises(SettingError, match=rf"an sd of about 2\.5{written}$"):
        _check_carried(plan, "x", np.array([[3.0, 3.0], [2.0, 3.0]]), np.ones(2))
    few = Weights(np.ones(100), np.arange(100), (), {"x": observed})
    with pytest.raises(
        SettingError, match=r"fewer than 1,000 say too little: 16 times as many samples leave enough$"
    ):
        _check_enough(plan, few)
    monkeypatch.setattr(weighing, "MOST_ROWS", 1599)
    with pytest.raises(SettingError) as refused:
        _check_enough(plan, few)
    assert str(refused.value).endswith(
        f"little: {apart}; look at value, unit and error, or widen what is known of the inputs behind it"
    )
