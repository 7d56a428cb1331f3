"""Draws of statistics over cases, of made-up numbers: what nets get wrong, and what few cases carry."""

import math
from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from uncertainty.errors import SettingError
from uncertainty.sampling import case_draws, other_nets, rarity
from uncertainty.sampling.case_draws import Sizes, choose_sizes, fewest_outer, meeting_rare, without_net
from uncertainty.sampling.case_model import CaseModel, Measure
from uncertainty.sampling.estimate import MOST_DRAWS, NOTHING, Least
from uncertainty.sampling.moments import MOST_KURTOSIS
from uncertainty.sampling.other_nets import NetErrors
from uncertainty.sampling.rarity import Rare, Rarity
from uncertainty.sampling.statistics import Draws
from uncertainty.settings import Settings

DRAWS, SCRAMBLES = 64, 8


def made(spread, of=lambda mean: mean):
    """Return a function of averages in draws, with all scrambles and without each, and what each tells."""
    rng = np.random.default_rng(2)
    parts = rng.normal(10, 1, DRAWS) + spread * rng.normal(size=(SCRAMBLES, DRAWS))
    without = [np.delete(parts, each, axis=0).mean(axis=0) for each in range(SCRAMBLES)]
    return of(np.array([parts.mean(axis=0), *without]))


def added_by(values):
    """Return the variance of draws that scrambles tell of, over all draws and within those of one value."""
    parts = SCRAMBLES * values[0] - (SCRAMBLES - 1) * values[1:]
    missed = parts - parts.mean(axis=0)
    over_all = sum(each.var() for each in missed) / (SCRAMBLES * (SCRAMBLES - 1))
    order = np.argsort(values[0])
    within = [
        sum(each[order[first : first + 8]].var(ddof=1) for each in missed) / (SCRAMBLES * (SCRAMBLES - 1))
        for first in range(0, DRAWS, 8)
    ]
    return over_all if over_all <= 1e-3 * values[0].var() else float(np.mean(within))


def drawn_together(values, added, wider=1.0):
    """Return draws drawn together by what is added to them, and how much wider versions differ from them."""
    shrunk = math.sqrt(1 - added / values[0].var()) if added else 1.0
    centres = values.mean(axis=1, keepdims=True)
    values = centres + shrunk * (values - centres)
    return values[0] + wider * (values - values[0])


@pytest.mark.parametrize("spread", [0.02, 0.5])
def test_draws_are_drawn_together_by_what_their_nets_add(spread):
    drawn = made(spread)
    found = without_net(drawn, 4, logarithmic=False, bent=False, finest=Least.everywhere(0.1), inner=16)
    whole, *others = drawn_together(drawn, added_by(drawn))
    assert found.values == pytest.approx(whole, rel=1e-12)
    assert [each.values for each in found.without] == [pytest.approx(each, rel=1e-12) for each in others]
    assert found.values.var() == pytest.approx(drawn[0].var() - added_by(drawn))
    assert (found.rows, found.finest, found.replicate_rows) == (16, Least.everywhere(0.1), 4)
    assert {each.replicate_rows for each in found.without} == {4}


def test_versions_differ_as_much_wider_as_scrambles_tell_too_little():
    drawn = made(0.5)
    found = without_net(drawn, 1, logarithmic=False, bent=False, wider=3.0)
    others = drawn_together(drawn, added_by(drawn), 3.0)[1:]
    assert [each.values for each in found.without] == [pytest.approx(each, rel=1e-12) for each in others]
    assert (found.rows, found.finest) == (1, NOTHING)


def test_draws_of_few_values_stay_where_they_are():
    drawn = np.round(made(0.5) / 4) * 4
    found = without_net(drawn, 1, logarithmic=False, bent=False)
    assert np.array_equal(found.values, drawn[0])
    # of half the values twice, too
    twice = np.tile(made(0.5)[:, : DRAWS // 2], 2)
    assert np.array_equal(without_net(twice, 1, logarithmic=False, bent=False).values, twice[0])


def test_a_draw_on_a_step_stays_there_though_without_a_scramble_it_is_on_another():
    drawn = np.ceil(made(0.5))
    assert np.ptp(drawn, axis=0).any()
    assert np.array_equal(without_net(drawn, 1, logarithmic=False, bent=True).values, drawn[0])


def beside_a_jump(few=4):
    """Return draws of 1 to 2, and few that a scramble puts on the far side of a jump to 10."""
    drawn = np.tile(np.linspace(1, 2, DRAWS), (1 + SCRAMBLES, 1))
    drawn[3, :few] = 10.0
    return drawn


def test_what_a_net_gets_wrong_beside_a_jump_draws_no_other_draws_together():
    drawn = beside_a_jump()
    found = without_net(drawn, 1, logarithmic=False, bent=False)
    assert np.array_equal(found.values, drawn[0])
    assert [each.values for each in found.without] == [pytest.approx(each, rel=1e-15) for each in drawn[1:]]
    # the others are drawn together by what is added to them alone
    rng = np.random.default_rng(3)
    noisy = drawn + np.concatenate([np.zeros((1, DRAWS)), rng.normal(0, 0.01, (SCRAMBLES, DRAWS))])
    sound = noisy[:, 4:]
    parts = SCRAMBLES * sound[0] - (SCRAMBLES - 1) * sound[1:]
    added = np.square(parts - parts.mean(axis=0)).sum(axis=0).mean() / (SCRAMBLES * (SCRAMBLES - 1))
    nearer = without_net(noisy, 1, logarithmic=False, bent=False).values
    shrunk = math.sqrt(1 - added / noisy[0].var())
    assert nearer[4:] - 1.5 == pytest.approx(shrunk * (sound[0] - 1.5), rel=0.05)
    assert np.array_equal(nearer[:4], noisy[0, :4])


def test_a_share_of_draws_beside_a_jump_may_lie_on_either_side_of_it():
    found = without_net(beside_a_jump(), 1, logarithmic=False, bent=False)
    assert (found.finest.of_rank, found.finest.at(1.5)) == (1 / 16, 0.0)
    # of values spread evenly from 1 to 2, a 16th of the ranks is a 16th
    plain = Draws(found.values, 1, without=found.without)
    for asked in (lambda draws: draws.quantile(0.5), lambda draws: draws.share_at_least(1.5)):
        added = math.sqrt(asked(found).error ** 2 - asked(plain).error ** 2)
        assert added <= 1 / 16 * 1.02
        assert asked(found).error >= 1 / 16
    assert without_net(made(0.5), 1, logarithmic=False, bent=False).finest == NOTHING


@pytest.mark.parametrize("logarithmic", [False, True])
def test_the_jackknife_takes_the_bias_of_a_bent_function(logarithmic):
    drawn = made(0.02, lambda mean: 1e300 / mean)
    found = without_net(drawn, 1, logarithmic=logarithmic, bent=True)
    drawn = drawn / 1e300
    own = np.log(drawn) if logarithmic else drawn
    parts = SCRAMBLES * drawn[0] - (SCRAMBLES - 1) * drawn[1:]
    middle = parts.mean(axis=0)
    bias = middle - drawn[0]
    if logarithmic:
        bias = np.log(middle / drawn[0]) + parts.var(axis=0, ddof=1) / (2 * SCRAMBLES * middle**2)
    values = own + bias
    shrunk = math.sqrt(1 - added_by(own) / own[0].var())
    whole = values[0].mean() + shrunk * (values[0] - values[0].mean())
    assert found.values / 1e300 == pytest.approx(np.exp(whole) if logarithmic else whole, rel=1e-9)


def test_a_bent_draw_below_nought_keeps_its_logarithm():
    drawn = np.ones((1 + SCRAMBLES, DRAWS))
    drawn[1, 0] = 20.0
    assert case_draws._bias(drawn, logarithmic=True)[0] == pytest.approx(
        np.var(8 - 7 * drawn[1:, 0], ddof=1) / 16
    )


def test_draws_lie_where_they_can():
    drawn = made(0.5)
    found = without_net(drawn, 1, logarithmic=False, bent=False, within=(9.5, 10.5))
    assert (found.values.min(), found.values.max()) == (9.5, 10.5)


def test_an_interval_needs_so_many_draws():
    assert [fewest_outer(level) for level in (0.5, 0.9, 0.95, 0.99)] == [32, 128, 256, 1024]
    # one more than ten in a hundredth of what lies beyond: 63.5, and 64.5
    assert [fewest_outer(1 - 10 / beyond) for beyond in (62.5, 63.5)] == [64, 128]
    assert list(map(case_draws._power_below, (0.3, 1.9, 2, 1023.9, 1024))) == [1, 1, 2, 512, 1024]


def planned(*kinds, observations=()):
    names = {f"x{n}": kind for n, kind in enumerate(kinds)}
    return SimpleNamespace(varying=tuple(names), kinds=names, observations=observations)


BOTH = planned("uncertainty", "variability")


@pytest.mark.parametrize(
    ("plan", "missed", "least", "sizes"),
    [
        # 2048 times the error of the net over 2.67 standard deviations are wanted, rounded down
        (BOTH, 0.3, 64, (512, 128)),
        (BOTH, 0.34, 64, (256, 256)),
        (BOTH, 3.0, 64, (256, 256)),
        (BOTH, 0.001, 64, (1024, 64)),
        (BOTH, 0.001, 128, (512, 128)),
        (BOTH, 0.001, 32, (1024, 64)),
        (BOTH, math.nan, 64, (1024, 64)),
        (planned("uncertainty", "variability", observations=("meter",)), 0.3, 128, (1024, 64)),
        (planned("variability"), 0.3, 64, (16, 4096)),
    ],
)
def test_rows_are_shared_so_that_the_errors_of_nets_and_draws_are_least(
    monkeypatch, plan, missed, least, sizes
):
    measures = [Measure("x", "average"), Measure("y", "average"), Measure("z", "average")]
    told = np.array([9.0, 2 * missed, missed / 2]), np.array([1.0, 2.0, 1.0])
    monkeypatch.setattr(case_draws, "net_errors", lambda *_: told)
    model, settings = SimpleNamespace(measures=measures), Settings(samples=2**16)
    assert choose_sizes(plan, model, measures[1:], settings, least) == sizes


@pytest.mark.parametrize(
    ("settings", "missed", "sizes"),
    [
        (Settings(samples=2**16), 0.3, (512, 128)),
        (Settings(samples=2**16), 0.1, (1024, 64)),
        (Settings(outer=512, inner=64), 0.3, (1024, 64)),
    ],
)
def test_there_are_cases_enough_to_tell_each_two_measures_apart_unless_rows_were_shared(
    monkeypatch, settings, missed, sizes
):
    """Of three measures the difference of the last two, the third pair of them, asks for most."""

    def told(plan, model, seed, pairs):
        assert pairs == [(0, 1), (0, 2), (1, 2)]
        return np.array([9.0, 9.0, 9.0, 0.01, 0.01, missed]), np.ones(6)

    monkeypatch.setattr(case_draws, "net_errors", told)
    model = SimpleNamespace(measures=[Measure(name, "average") for name in "xyz"])
    assert case_draws.telling_apart(BOTH, model, Sizes(1024, 64), settings) == sizes


def test_too_few_rows_for_cases_are_refused_with_how_many_are_enough():
    said = (
        "samples: cases of x, y need at least 16384 model rows (256 draws of what nobody knows with 64 cases "
        "each), found 16383"
    )
    measures = [Measure("x", "average"), Measure("y", "average"), Measure("x", "quantile", 0.5)]
    with pytest.raises(SettingError) as refused:
        choose_sizes(BOTH, None, measures, Settings(samples=2**14 - 1))
    assert str(refused.value) == said


def test_a_long_tail_says_how_many_samples_are_enough_where_some_are():
    enough = case_draws._too_long(MOST_KURTOSIS * 1000, grows=False)
    assert enough.endswith("that a few cases decide it; `--samples 1024` would give enough")
    assert f"with a kurtosis of about {MOST_KURTOSIS * 1000:.2g}," in enough
    endless = "its tail is so long that a few cases decide it"
    assert case_draws._too_long(MOST_KURTOSIS * 1000, grows=True) == endless
    assert case_draws._too_long(MOST_KURTOSIS * MOST_DRAWS * 1.01, grows=False) == endless
    assert "--samples" in case_draws._too_long(MOST_KURTOSIS * MOST_DRAWS, grows=False)


ENOUGH = MOST_KURTOSIS * 1024


@pytest.mark.parametrize(
    ("few", "many", "said"),
    [
        ([0.9, 1.0], None, ""),
        # of a function no more cases are asked, and of equations these decide
        ([0.5, 2.0], None, "2048"),
        ([0.5, 2.0], [3.0, 0.9], ""),
        ([0.5, 2.0], [0.1, 3.5], "4096"),
        ([0.5, 2.0], [0.1, 20.0], "32768"),
        # it grows with the cases that tell it, so that there is no end of it
        ([0.5, 2.0], [0.1, 21.0], "it"),
    ],
)
def test_an_average_settles_unless_as_many_cases_as_can_be_asked_tell_of_a_tail(monkeypatch, few, many, said):
    told = {other_nets.CASES: few, rarity.PILOT_CASES: many}
    asked = []

    def tails(plan, model, size):
        asked.append(size)
        return iter([(f"v{number}", each * ENOUGH) for number, each in enumerate(told[size])])

    monkeypatch.setattr(case_draws, "_tails", tails)
    model = SimpleNamespace() if many is None else object.__new__(CaseModel)
    found = case_draws.settles(None, model, Settings(samples=1024))
    assert asked == [*told][: 1 if many is None else 2]
    assert bool(found) == bool(said)
    if said:
        assert found.startswith(f"{rarity.average_of('v1')} does not settle: its tail is so long")
        assert found.endswith(
            "a few cases decide it" if said == "it" else f"--samples {said}` would give enough"
        )


RARE = Rare('"y"', 0.004, 512)


class FewCases:
    """Something that so many cases meet."""

    def __init__(self, enough, asks=None):
        self.enough, self.asks, self.without = enough, asks or enough, {}

    def met(self, inner):
        return None if inner >= self.enough else RARE._replace(cases=self.asks)


@pytest.mark.parametrize(
    ("met", "settings", "sizes", "said"),
    [
        (FewCases(64), Settings(samples=2**15), Sizes(512, 64), ""),
        (FewCases(128), Settings(samples=2**15), Sizes(256, 128), ""),
        # what is enough is tried, twice as many at least, as far as the rows allow
        (FewCases(512, asks=100), Settings(samples=2**17), Sizes(256, 512), ""),
        (FewCases(256), Settings(samples=2**15), None, "; `--samples 65536` would give enough"),
        (FewCases(2**40), Settings(samples=2**15), None, ""),
        (FewCases(64), Settings(outer=512, inner=64), Sizes(512, 64), ""),
        (FewCases(1024), Settings(outer=512, inner=64), None, "; 1,024 cases in each draw would be enough"),
    ],
)
def test_cases_are_added_until_they_meet_what_is_rare(monkeypatch, met, settings, sizes, said):
    monkeypatch.setattr(case_draws, "rarity", lambda *_: met)
    given = Sizes(512, 64)
    told = f"{RARE.said}, and there are 64 in each draw{said}"
    assert meeting_rare(BOTH, None, given, settings) == (sizes or given, "" if sizes else told)


def test_where_nothing_is_unknown_few_draws_are_enough(monkeypatch):
    monkeypatch.setattr(case_draws, "rarity", lambda *_: FewCases(1024))
    assert meeting_rare(planned("variability"), None, Sizes(16, 64), Settings(samples=2**15)) == (
        (16, 1024),
        "",
    )


def test_what_a_function_averages_is_looked_at_in_few_rows():
    average, share = Measure("y", "average"), Measure("y", "at most", 1.0)
    given = ([average, share], [share])
    assert [case_draws.looked_at(SimpleNamespace(measures=each)) for each in given] == [8 * 512, 0]


def test_student_s_interval_of_scrambles_is_wider_by_their_kurtosis():
    assert other_nets.student(7) == pytest.approx(stats.t.ppf(0.975, 7))
    assert other_nets.student(7, 0.5) == pytest.approx(stats.t.ppf(0.975, 2 / (2 / 7 + 0.5)))
    assert other_nets.student(7, 50.0) == pytest.approx(stats.t.ppf(0.975, 2))
    assert other_nets.student(7, -1.0) == other_nets.student(7)


def test_factors_are_the_median_of_those_that_there_are():
    told = np.array([1.0, 2.0, 0.0, 1.0])
    assert other_nets._median_ratio(np.array([3.0, 4.0, 1.0, 5.0]), told) == 3
    assert other_nets._median_ratio(np.zeros(2), np.zeros(2)) == 1


def excess(values):
    each = SimpleNamespace(values=np.array(values), reads=(0,))
    cases = SimpleNamespace(unexplained=lambda values, _: values - values.mean(axis=1, keepdims=True))
    return other_nets._excess_of(cases, each)


def test_the_tail_of_what_is_averaged_is_its_excess_kurtosis():
    rows = np.random.default_rng(3).exponential(size=(3, 50))
    assert excess(rows) == pytest.approx(np.median(stats.kurtosis(rows, axis=1)))
    assert excess(1e200 * rows) == pytest.approx(excess(rows))
    # what the inputs explain, or what has one value in some draw, has none
    assert excess(1.0 + 1e-10 * rows) == 0
    assert excess([rows[0], np.ones(50)]) == 0


def test_other_nets_tell_the_error_of_an_average_by_its_value():
    rng, places, nets = np.random.default_rng(4), other_nets.PLACES, other_nets.OTHER_NETS
    drawn = np.sort(rng.normal(100, 10, (1, 1 + SCRAMBLES, 200)), axis=2)
    rows = np.linspace(0, 199, places).astype(int)
    others = rng.normal(100, 10, (nets, 1 + SCRAMBLES, places))
    model = SimpleNamespace(measures=[Measure("y", "average")])
    errors = NetErrors(None, None, model, 64, 1, drawn, {model.measures[0]: 1.5})
    vars(errors).update(_places={0: rows}, _others={0: others}, _size=64)
    least, wider = errors.of(0)
    every = [SCRAMBLES * each[0] - (SCRAMBLES - 1) * each[1:] for each in (drawn[0][:, rows], *others)]
    t = stats.t.ppf(0.975, (nets + 1) * (SCRAMBLES - 1)) / 1.96

    def error(each):
        middles = [net.mean() for net in each]
        pooled = math.sqrt(np.mean([net.var(ddof=1) for net in each]) / SCRAMBLES)
        return max(pooled * t, math.hypot((middles[0] - np.mean(middles[1:])) / 1.96, pooled / 2))

    wanted = [error([net[:, n] for net in every]) for n in range(places)]
    assert least.values == pytest.approx(drawn[0, 0, rows])
    assert least.errors == pytest.approx(wanted, rel=1e-3)
    told = stats.t.ppf(0.975, SCRAMBLES - 1) * every[0].std(axis=0, ddof=1) / math.sqrt(SCRAMBLES) / 1.96
    assert wider == pytest.approx(np.median(wanted / told), rel=1e-3)
    # a mean, and a standard deviation of what is linear in the draws, by where these lie
    counts = np.sin(np.pi * (np.arange(places) + 0.5) / places)
    counts /= counts.sum()
    apart = drawn[0, 0, rows] - counts @ drawn[0, 0, rows]
    slope = counts * apart / math.sqrt(counts @ apart**2)
    assert least.of_mean == pytest.approx(error([net @ counts for net in every]), rel=1e-3)
    assert least.of_sd == pytest.approx(error([net @ slope for net in every]), rel=1e-3)
    vars(errors).update(_places={})
    assert errors.of(0) == (NOTHING, 1.5)
    errors = NetErrors(None, None, model, 64, 1, drawn, {})
    vars(errors).update(_places={})
    assert errors.of(0) == (NOTHING, 1.0)


@pytest.mark.parametrize("own", [1.0, 3.0])
def test_other_nets_tell_the_error_of_a_quantile_of_cases(own):
    nets, ends = other_nets.OTHER_NETS, len(other_nets.AT_ENDS)
    every = np.random.default_rng(5).normal(100, 10, (1 + nets, ends + other_nets.PLACES))
    every[0] = 100 + own * (every[0] - 100)
    errors = NetErrors(None, None, None, 64, 1, np.repeat(every.reshape(1, 1, -1), 3, axis=0), {})
    vars(errors).update(_quantiles={2: every})
    spread = every.std(axis=0, ddof=1)
    away = np.hypot((every[0] - every[1:].mean(axis=0)) / 1.96, spread / 2)
    wanted = np.maximum(spread * stats.t.ppf(0.975, nets) / 1.96, away)
    found = errors.of_quantile(2)
    assert found.values == pytest.approx(every[0, :ends])
    assert found.errors == pytest.approx(wanted[:ends], rel=1e-3)
    assert found.of_mean == pytest.approx(max(wanted[:ends].mean(), wanted[ends:].mean()), rel=1e-3)
    # how far the draws lie apart differs, and of the first net it may be another one
    apart = every[:, ends:].std(axis=1)
    differ = apart.std(ddof=1) * stats.t.ppf(0.975, nets), abs(apart[0] - apart[1:].mean())
    assert found.of_sd == pytest.approx(max(differ) / 1.96, rel=1e-3)
    assert errors.of_quantile(1) == NOTHING


def test_other_nets_tell_how_many_draws_lie_beyond_a_jump_there_alone():
    draws = len(other_nets.AT_ENDS) + other_nets.PLACES
    own = np.append(np.linspace(1, 2, 300), np.linspace(10, 11, 100))
    every = np.tile(np.linspace(1, 1.99, draws), (1 + other_nets.OTHER_NETS, 1))
    errors = NetErrors(None, None, None, 64, 1, own.reshape(1, 1, -1), {})
    vars(errors).update(_quantiles={0: every})
    assert errors.of_quantile(0).of_rank == 0
    every[2, 3] = every[4, 5] = 10.5
    assert errors.of_quantile(0).of_rank == pytest.approx(2 / (draws * other_nets.OTHER_NETS))


def test_nets_that_agree_at_the_ends_alone_tell_what_they_get_wrong_of_a_mean():
    """All nets have 5, 8 and 11 at the ends; between them each has its own whole numbers."""
    ends = len(other_nets.AT_ENDS)
    every = np.full((1 + other_nets.OTHER_NETS, ends + other_nets.PLACES), 8.0)
    every[1:, ends::2] += 1
    errors = NetErrors(None, None, None, 64, 1, every.reshape(1, 1, -1), {})
    vars(errors).update(_quantiles={0: every})
    found = errors.of_quantile(0)
    assert found.errors == [0.0] * ends
    assert abs(every[0, ends:].mean() - every[1:, ends:].mean()) <= 2 * found.of_mean


def looked(values, explains=np.zeros_like):
    net = SimpleNamespace(
        unexplained=lambda values, _: values - explains(values), distributions=[SimpleNamespace(atoms=())]
    )
    return rarity._look(SimpleNamespace(values=np.array(values, float), reads=(0,)), net)


@pytest.mark.parametrize("unit", [1.0, 1e-200])
def test_what_carries_an_average_is_what_differs_from_most_cases(unit):
    found = looked(unit * np.array([[5.0] * 14 + [7.0, 9.0], [5.0] * 12 + [6.0] * 4]))
    assert found.differing == 6 / 32
    # draws in which so many cases away by as much carry it
    carried = (6 / 16) ** 2 / (20 / 16), (4 / 16) ** 2 / (4 / 16)
    assert found.effective == pytest.approx(np.median(carried))
    assert found.means.shape == (2, SCRAMBLES)
    assert found.means[0] / unit == pytest.approx([5.0] * 7 + [8.0])
    assert (found.explained, found.varies, found.undefined) == (False, True, 0.0)


def test_draws_in_which_nothing_varies_tell_nothing_of_what_carries_an_average():
    found = looked([[5.0] * 16, [5.0] * 12 + [6.0] * 4, [5.0] * 15 + [7.0]])
    assert found.effective == pytest.approx(np.median([4 / 16, 1 / 16]))
    assert looked([[5.0] * 16]).varies is False
    assert looked([[5.0] * 16]).means.tolist() == [[5.0] * 8]


def test_what_the_inputs_leave_over_is_carried_by_cases_of_its_own():
    rows = np.array([[0.0] * 12 + [4.0] * 4, [0.0] * 14 + [6.0, 9.0]])
    left = np.array([[0.0] * 15 + [3.0], [0.0] * 14 + [1.0, 2.0]])
    found = looked(rows, lambda values: values - left)
    assert found.rest == pytest.approx(np.median([1 / 16, (3 / 16) ** 2 / (5 / 16)]))
    assert not found.explained
    # what they explain but for rounding leaves nothing over, and most cases must be alike
    near = looked(rows, lambda values: values - 1e-10 * left)
    assert (near.rest, near.explained) == (1.0, True)
    most = looked(5 - rows[:1] + np.arange(16) // 7, lambda values: values)
    assert (most.rest, most.explained) == (1.0, False)


def test_a_value_that_no_case_of_a_draw_has_is_no_matter_of_cases():
    nowhere, some = [np.nan] * 16, [1.0, np.inf, *[1.0] * 13, np.nan]
    found = looked([some, [1.0] * 16, nowhere])
    assert (found.undefined, found.effective, found.explained) == (1 / 8, 1.0, False)
    assert found.means[1].tolist() == [1.0] * 8
    assert looked([nowhere]).undefined == 0.0


def test_an_unusual_value_that_moves_an_average_is_an_event():
    """Of 32 cases in 8 scrambles 8 have it; a quantity that it moves by 100 differs little otherwise."""
    rare, noise = np.tile([0.0, 0.0, 0.0, 1.0], 8), np.kron(np.arange(8.0), np.ones(4))
    often = np.tile([0.0, 1.0, 1.0, 1.0], 8)
    half, smooth = np.tile([0.0, 0.0, 1.0, 1.0], 8), rare + 1e-3 * noise
    columns = (rare, np.zeros(32), rare, often, half, smooth)
    atoms = [(0, 1)] * 5 + [()]
    net = SimpleNamespace(values=columns, distributions=[SimpleNamespace(atoms=each) for each in atoms])

    def events(*quantities, reads=(0, 1, 3, 4, 5)):
        each = SimpleNamespace(values=np.array(quantities), reads=reads)
        return list(rarity._events(each, net, rarity._means(each.values)))

    # a mean is off by 25 without it, and by the standard error of 0 to 7, which is 0.87
    moved = 100 * rare + noise
    assert events(moved) == [(0, 1 / 4)]
    assert events(moved, reads=(1, 2)) == [(1, 1 / 4)]
    # of an input that most cases have at 1 its 0 is unusual; without that a mean is off by a third as much
    assert events(200 * rare + noise, reads=(4, 3)) == [(1, 1 / 4)]
    error = np.arange(8).std(ddof=1) / math.sqrt(8)
    for times, found in ((1.02, [(0, 1 / 4)]), (0.98, [])):
        assert events(noise, 10 * times * error * 4 * rare + noise, reads=(0,)) == found


def seen_by_a_net(monkeypatch, values, seen, weights=None, columns=(), reads=()):
    """Return what was seen of one average, of which a net of 16 cases has some values."""
    if weights is None:
        weights = np.kron(np.eye(SCRAMBLES), np.full(len(values[0]) // SCRAMBLES, SCRAMBLES / len(values[0])))
    net = SimpleNamespace(values=columns, weights=lambda _: weights)
    other = SimpleNamespace(values=np.array(values, float), reads=reads)
    monkeypatch.setattr(Rarity, "_averaged", lambda *_: (net, [other]))
    return Rarity(None, None, 1, np.empty((0, 0)), (seen._replace(text='"y"'),))


MANY_MEANS = np.array([[0.0, 2.0] * 4])
"""Each scramble's mean in many cases: 1, with an error of 0.378."""


def test_what_the_inputs_explain_needs_a_few_cases_in_some_scrambles(monkeypatch):
    seen = rarity._Averaged(MANY_MEANS, differing=0.01, effective=0.01, explained=True)
    for places, enough in (([0, 3], False), ([0, 3, 5], True)):
        row = np.zeros(16)
        row[places] = 1.0
        found = seen_by_a_net(monkeypatch, [row], seen).met(16)
        assert found == (None if enough else ('"y"', 0.01, 1024))


def test_an_average_needs_cases_that_differ_or_a_net_that_agrees_with_many(monkeypatch):
    values = np.kron([0.0, 2.0] * 4, np.ones(2))
    seen = rarity._Averaged(MANY_MEANS, effective=0.01)
    # cases enough differ, and so few carry it: two nets of one error are apart by 5 of both together
    error = 2 * math.sqrt(2 / 7 / 8) * math.sqrt(2)
    assert seen_by_a_net(monkeypatch, [values + 4.9 * error], seen).met(128) is None
    apart = seen_by_a_net(monkeypatch, [values + 5.1 * error], seen)
    assert apart.met(128) == ('"y"', 0.01, 2048)
    assert apart.met(2000) is None
    few = seen_by_a_net(monkeypatch, [values], seen._replace(differing=0.02))
    assert few.met(999) == ('"y"', 0.02, 1024)
    assert few.met(1000) is None


def test_weights_that_many_cases_contradict_ask_for_twice_as_many(monkeypatch):
    values = np.kron([0.0, 2.0] * 4, np.ones(2))
    error = 2 * math.sqrt(2 / 7 / 8) * math.sqrt(2)
    seen = rarity._Averaged(MANY_MEANS, rest=0.5)
    assert seen_by_a_net(monkeypatch, [values + 9.9 * error], seen).met(128) is None
    apart = seen_by_a_net(monkeypatch, [values + 10.1 * error], seen)
    assert apart.met(128) == ('"y"', 0.5, 256)
    assert apart.met(200) is None
    # by the weights that the net has for it
    weights = 3 * np.kron(np.eye(SCRAMBLES), [0.5, 0.5])
    assert seen_by_a_net(monkeypatch, [values / 3], seen, weights).met(128) is None
    assert seen_by_a_net(monkeypatch, [values / 3 + 10.1 * error], seen, weights).met(128) is not None


@pytest.mark.parametrize(("share", "cases"), [(0.05, 64), (0.2, 64), (0.3, 32), (0.6, 16)])
def test_an_event_is_to_lie_in_several_scrambles(monkeypatch, share, cases):
    """Enough for it are 8 cases of it, and twice the cases of the net at most."""
    event, other = np.zeros(32), np.arange(32.0)
    seen = rarity._Averaged(MANY_MEANS, events=((1, share),))
    values = np.kron([0.0, 2.0] * 4, np.ones(4))
    found = seen_by_a_net(monkeypatch, [values], seen, columns=(event, other, other), reads=(2, 0))
    event[[0, 19]] = 1.0
    assert found.met(32) == ('"y"', share, cases)
    event[8] = 1.0
    assert found.met(32) is None


def test_what_is_seen_of_several_averages_asks_for_what_needs_the_most(monkeypatch):
    values = SimpleNamespace(values=np.kron([[0.0, 2.0] * 4], np.ones(2)), reads=())
    monkeypatch.setattr(Rarity, "_averaged", lambda *_: (None, [values] * 3))
    seen = [
        rarity._Averaged(MANY_MEANS, text, differing=share, effective=share)
        for text, share in (('"a"', 0.02), ('"b"', 0.001), ('"c"', 0.01))
    ]
    assert Rarity(None, None, 1, np.empty((0, 0)), tuple(seen)).met(128) == ('"b"', 0.001, 2**15)


def test_a_function_whose_rows_are_counted_is_not_looked_at(monkeypatch):
    atoms = {"h": (0.0, 1.0), "g": (0.0,), "x": ()}
    plan = SimpleNamespace(
        study=SimpleNamespace(meter=1),
        distributions={name: SimpleNamespace(atoms=each) for name, each in atoms.items()},
    )
    cases = SimpleNamespace(different=("h", "g", "x"), linked=("g",))
    monkeypatch.setattr(rarity, "make_cases", lambda *_: cases)
    model = SimpleNamespace(on=lambda _: pytest.fail("it is asked for rows"))
    found = rarity._of_function(Rarity(plan, model, 1, np.zeros((1, 4))), model)
    assert (found.unseen, found.unmet) == (("h",), ())


def test_cases_far_out_count_by_the_sets_of_inputs_that_a_quantity_reads():
    far = SimpleNamespace(sets=(0, 1, 1, 2), size=4)
    density = np.array([[2.0, 4.0], [3.0, 1.0], [5.0, 1.0], [7.0, 0.5]])
    for reads, product in (((0,), [2, 4]), ((0, 2), [2 * 15, 4]), ((1, 3), [15 * 7, 0.5]), ((), [1, 1])):
        assert rarity.counted_far_out(far, density, reads) == pytest.approx(1 / np.array(product) / 4)


def test_few_cases_are_counted_by_scrambles_and_nets_by_their_errors():
    rows = np.ones((2, 16))
    rows[0, [0, 5]], rows[1, [0, 1]] = 3.0, 3.0
    assert rarity._scrambles(rows) == 1
    one = np.array([[0.0, 2.0] * 4, [1.0, 3.0] * 4, [5.0] * 8])
    apart = rarity._apart(one, one + np.array([[1.0], [4.0], [0.0]]))
    error = math.sqrt(2 * one[0].var(ddof=1) / SCRAMBLES)
    assert apart == pytest.approx(np.median([1 / error, 4 / error, 0.0]))
    assert rarity._one_value(np.array([[1.0, 1.0], [2.0, 2.0]]))
    assert not rarity._one_value(np.array([[1.0, 1.0], [1.0, 2.0]]))
    assert not rarity._one_value(np.full((1, 2), np.inf))
    assert [rarity._power(count) for count in (1, 5, 64, 65)] == [1, 8, 64, 128]


@dataclass
class Weighed:
    cases: object = None
    weights: tuple = ()
    meter: object = None


def test_cases_far_out_count_as_their_density_says_and_those_near_alike():
    counts = np.arange(1.0, 17.0)
    near, far = rarity._weighted(Weighed(meter=1), SimpleNamespace(size=32), [None, counts]).weights
    own = np.kron(np.eye(SCRAMBLES), [0.5, 0.5])
    assert np.array_equal(near, np.hstack([own, np.zeros((SCRAMBLES, 16))]))
    assert far == pytest.approx(np.tile(np.hstack([np.zeros(16), counts / counts.sum()]), (SCRAMBLES, 1)))


def test_a_rare_value_asks_for_the_cases_that_meet_it_often_enough(monkeypatch):
    chance = SimpleNamespace(cdf=lambda at: np.where(at < 0, 0.0, np.where(at < 1, 0.99, 1.0)))
    cases = SimpleNamespace(
        different=("a", "b"), values=(np.array([0.0, 1.0]), np.zeros(2)), distributions=(None, chance)
    )
    monkeypatch.setattr(rarity, "make_cases", lambda *_: cases)
    unmet = Rare('"y"', 0.1, 256)
    seen = Rarity(None, None, 1, np.empty((0, 0)), (), ("a", "b"), (unmet,))
    assert seen.met(64) == ('what depends on "b"', pytest.approx(0.01), 2048)
    # what is said to vary and has one value with all its probability carries nothing
    surely = SimpleNamespace(cdf=lambda at: np.where(at < 0, 0.0, 1.0))
    monkeypatch.setattr(cases, "distributions", (None, surely))
    assert replace(seen, unmet=()).met(64) is None
    alone = Rarity(None, None, 1, np.empty((0, 0)), (), (), (unmet,))
    assert (alone.met(199), alone.met(200)) == (unmet, None)
    assert (
        unmet.said
        == 'the average of "y" over the cases rests on too few of them: about 10 % of the cases carry it'
    )
    for share, written in ((0.2214, "22 %"), (0.00312, "0.31 %"), (2e-6, "0.00020 %")):
        assert unmet._replace(share=share).said.endswith(f": about {written} of the cases carry it")
