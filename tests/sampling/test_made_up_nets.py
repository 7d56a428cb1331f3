"""What nets of made-up cases get wrong is what the formulas of its error say, each written out here."""

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

import uncertainty as un
from uncertainty.compiled import compile_model
from uncertainty.sampling import case_draws, net_error, other_nets
from uncertainty.sampling.case_model import VERSIONS, Measure, row_names
from uncertainty.sampling.cases import SCRAMBLES, make_cases, other_cases
from uncertainty.sampling.estimate import NOTHING, Least, half_widths
from uncertainty.sampling.finiteness import FailedRows
from uncertainty.sampling.nesting import make_case_model, over_unknown
from uncertainty.sampling.net_error import Nets
from uncertainty.sampling.other_nets import OTHER_NETS, NetErrors
from uncertainty.sampling.outer import outer_inputs
from uncertainty.sampling.simulation import few_inputs, unknown_simulation
from uncertainty.sampling.workers.engine import make_engine
from uncertainty.settings import Settings
from uncertainty.study.scenario import scenario

DRAWS = 24
Z = 1.959963984540054


class MadeUp:
    """A model on one net whose draws have these values, with all scrambles and without each."""

    cases, meter = "the net's own", None

    def __init__(self, values, measure=None):
        self.values, self.measures = values, (measure or Measure("y", "average"),)

    def on(self, cases, versions):
        assert (cases, versions) == (self.cases, 1 + SCRAMBLES)
        return self

    def run(self, inputs, outputs):
        outputs[:] = self.values[:, inputs[0].astype(int)]


def made(spread, apart=0.0, measure=None, other=True):
    """Return nets of averages of 1 to 10 whose scrambles and nets differ, and what each scramble has."""
    rng = np.random.default_rng(7)
    exact = rng.permutation(np.geomspace(1, 10, DRAWS))
    parts = exact + spread * rng.normal(size=(1 + OTHER_NETS, SCRAMBLES, DRAWS))
    parts += apart * rng.normal(size=(1 + OTHER_NETS, 1, DRAWS))
    whole = parts.mean(axis=1, keepdims=True)
    found = np.concatenate([whole, (SCRAMBLES * whole - parts) / (SCRAMBLES - 1)], axis=1)
    models = [MadeUp(each, measure) for each in found]
    return Nets(models[0], models.__getitem__ if other else None, 1.5), parts, found


INPUTS = np.arange(DRAWS, dtype=float)[None]


def smooth(rows):
    """Return means of each and the three on either side."""
    count = rows.shape[-1]
    return np.array([rows[..., max(n - 3, 0) : n + 4].mean(axis=-1) for n in range(count)]).T


WEIGHTS = np.sin(np.pi * (np.arange(DRAWS) + 0.5) / DRAWS)


def error_of_a_net(parts):
    """Return what one net gets wrong, as all scrambles of so many nets tell: the error of their mean."""
    return math.sqrt(len(parts) / SCRAMBLES) * half_widths(parts.T) / Z


@pytest.mark.parametrize(("spread", "nets"), [(0.05, 1), (0.5, 1 + OTHER_NETS)])
def test_scrambles_tell_what_a_net_gets_wrong_and_those_of_others_where_it_counts(spread, nets):
    made_up, parts, found = made(spread)
    own = found[0, 0]
    order = np.argsort(own)
    told = made_up.least(INPUTS, own)
    every = parts[:nets].reshape(-1, DRAWS)[:, order]
    assert told.values == pytest.approx(own[order])
    assert told.errors == pytest.approx(1.5 * error_of_a_net(smooth(every)), rel=1e-9)
    mean = 1.5 * error_of_a_net((every @ WEIGHTS / WEIGHTS.sum())[:, None])
    assert told.of_mean == pytest.approx(mean.item(), rel=1e-9)


def test_without_scrambles_of_all_nets_an_output_stays_about_that_of_the_first():
    made_up, parts, found = made(0.5)
    without = made_up.without_scrambles(INPUTS)
    assert without.shape == ((1 + OTHER_NETS) * SCRAMBLES, DRAWS)
    assert without.mean(axis=0) == pytest.approx(found[0, 0], rel=1e-12)
    every = parts.reshape(-1, DRAWS)
    jackknifed = (len(every) - 1) * without.T
    assert half_widths(jackknifed) / Z == pytest.approx(1.5 * error_of_a_net(every), rel=1e-9)


def test_what_is_too_little_to_be_seen_is_nothing():
    made_up, _, found = made(5e-4)
    assert made_up.least(INPUTS, found[0, 0]) == NOTHING
    assert made_up.least(INPUTS, np.full(DRAWS, np.nan)) == NOTHING
    same = Nets(MadeUp(np.full((1 + SCRAMBLES, DRAWS), 3.0)), None)
    assert same.least(INPUTS, np.full(DRAWS, 3.0)) == NOTHING


MEDIAN = Measure("y", "quantile", 0.5)


@pytest.mark.parametrize("spread", [1e-9, 0.3])
def test_of_a_quantile_other_nets_tell_whether_scrambles_agree_or_not(spread):
    made_up, _, found = made(spread, 0.4, MEDIAN)
    order = np.argsort(found[0, 0])
    told = made_up.least(INPUTS, found[0, 0])
    nets = found[:, 0, order]
    wide = stats.t.ppf(0.975, OTHER_NETS) / Z
    assert told.errors == pytest.approx(wide * smooth(nets).std(axis=0, ddof=1), rel=1e-9)
    mean = wide * (nets @ WEIGHTS / WEIGHTS.sum()).std(ddof=1)
    assert told.of_mean == pytest.approx(mean, rel=1e-9)


def test_where_rows_may_cost_much_scrambles_alone_tell():
    for measure in (None, MEDIAN):
        made_up, parts, found = made(0.5, measure=measure, other=False)
        order = np.argsort(found[0, 0])
        told = made_up.least(INPUTS, found[0, 0])
        assert told.errors == pytest.approx(1.5 * error_of_a_net(smooth(parts[0][:, order])), rel=1e-9)


def test_draws_without_a_value_and_errors_that_are_not_known_are_left_out():
    made_up, parts, found = made(0.05)
    own = found[0, 0].copy()
    lost = np.argsort(own)[[0, 10, 23]]
    own[lost] = [np.nan, np.inf, -np.inf]
    told = made_up.least(INPUTS, own)
    kept = np.setdiff1d(np.arange(DRAWS), lost)
    assert told.values == pytest.approx(np.sort(found[0, 0, kept]))
    # of another net the first draws have no value, and so no smoothed error, nor the mean
    made_up, parts, found = made(0.5)
    order = np.argsort(found[0, 0])
    made_up.other(2).values[:, order[:2]] = np.nan
    told = made_up.least(INPUTS, found[0, 0])
    assert told.values == pytest.approx(found[0, 0, order][5:])
    errors = 1.5 * error_of_a_net(smooth(parts.reshape(-1, DRAWS)[:, order]))[5:]
    assert told.errors == pytest.approx(errors, rel=1e-6)
    assert told.of_mean == pytest.approx(errors.mean(), rel=1e-6)


def test_few_draws_lie_from_the_lowest_to_the_highest():
    values = np.random.default_rng(1).permutation(1000.0 + np.arange(1000))
    places = net_error.few_of(values)
    at = np.sin(np.pi / 2 * (np.arange(32) + 0.5) / 32) ** 2
    assert (values[places] - 1000).tolist() == np.floor(1000 * at).tolist()


def averaged(values, reads=(0,)):
    return SimpleNamespace(values=values, reads=reads, once=lambda _, find: find())


def cases_of(explained=0.0):
    """Return cases whose inputs explain the mean and, of the rest, a part."""

    def unexplained(values, reads):
        assert reads == (0,)
        return (1 - explained) * (values - values.mean(axis=1, keepdims=True))

    return SimpleNamespace(unexplained=unexplained)


def lognormal(*sigmas, size=512):
    """Return values of which those quantiles that lie far from the ends are exact."""
    scores = stats.norm.ppf(np.clip(np.arange(size) / (size - 1), 1e-3, 1 - 1e-3))
    return np.exp(np.multiply.outer(sigmas, scores))


def test_the_kurtosis_of_cases_is_that_of_the_lognormal_quantity_with_their_quantiles():
    found = other_nets.kurtosis_of_cases(cases_of(), averaged(lognormal(0.3, 0.8, 0.5)))
    w = math.exp(0.5**2)
    assert found == pytest.approx(w**4 + 2 * w**3 + 3 * w**2 - 3, rel=0.02)
    assert other_nets.kurtosis_of_cases(cases_of(), averaged(lognormal(0.0))) == 0
    assert other_nets.kurtosis_of_cases(cases_of(1 - 1e-10), averaged(lognormal(0.5))) == 0
    # some case without a value, half a tail of one value, or few cases
    for lost in (np.inf, np.nan):
        values = lognormal(0.3, 0.5)
        values[1, 7] = lost
        assert other_nets.kurtosis_of_cases(cases_of(), averaged(values)) == 0
    steps = np.repeat([[0.0, 1.0]], [500, 12], axis=1)
    assert other_nets.kurtosis_of_cases(cases_of(), averaged(steps)) == 0
    assert other_nets.kurtosis_of_cases(cases_of(), averaged(lognormal(0.5, size=64))) == 0


def test_an_interval_is_wider_by_what_scrambles_of_all_nets_tell_beside_its_own(monkeypatch):
    rng, size, draws = np.random.default_rng(9), 64, 5
    weights = rng.dirichlet(np.ones(size), (1 + OTHER_NETS, SCRAMBLES))
    values = 1e200 * rng.lognormal(0, 1, (1 + OTHER_NETS, draws, size))

    class Model:
        def on(self, cases):
            number = cases.number
            each = averaged(values[number])
            return SimpleNamespace(cases=cases, averaged=lambda _: [averaged(None), each])

    def net(plan, inner, seed, number=0):
        assert (plan, inner, seed) == ("plan", size, 3)
        return SimpleNamespace(number=number, weights=lambda _: weights[number])

    monkeypatch.setattr(other_nets, "make_cases", net)
    monkeypatch.setattr(other_nets, "other_cases", net)
    found = other_nets._Nets("plan", Model(), size, 3, np.empty((1, draws))).wider(1, 20.0)
    parts = np.array([own @ each.T for own, each in zip(values / 1e200, weights, strict=True)])
    pooled = np.sqrt(parts.var(axis=2, ddof=1).mean(axis=0) / SCRAMBLES)
    degrees = (1 + OTHER_NETS) * (SCRAMBLES - 1)
    reach = stats.t.ppf(0.975, 2 / (2 / degrees + 20 / ((1 + OTHER_NETS) * size)))
    assert found == pytest.approx(np.median(reach * pooled / half_widths(parts[0])), rel=1e-9)


STUDY = """
format = 1
study = { title = "t", headline = "mean" }
inputs.u = { unit = "1", point = 1, distribution = "uniform(1, 2)" }
inputs.v = { unit = "1", point = 1, kind = "variability", distribution = "lognormal(1, 1.4142)" }
outputs.mean = { unit = "1", value = "average(u * v**2)" }
outputs.case = { unit = "1", value = "u * v", over = "average" }
outputs.beside = { unit = "1", value = "v / average(v)" }
outputs.alike = { unit = "1", value = "average(u)" }
outputs.odds = { unit = "1", value = "1 - average(v > u)" }
"""


@pytest.fixture
def plan(write_study):
    return scenario(un.load_study(write_study(STUDY)))


def test_other_nets_of_an_average_are_as_large_and_number_by_number_others(plan):
    nested = over_unknown(plan, ["mean"], 3)
    model = compile_model(nested, ["mean"])
    for nets in (Nets.of(nested, "mean", model), Nets.made(plan, model, 3)):
        assert nets.own is model
        for number in (1, 2):
            found = nets.other(number).cases
            wanted = other_cases(plan, model.cases.size, 3, number)
            np.testing.assert_array_equal(found.values, wanted.values)
            assert found.unknown == model.cases.unknown
    assert Nets.of(plan, "mean", model) is None
    assert Nets.of(nested, "mean", None) is None


def test_where_rows_may_cost_much_a_net_tells_its_error_by_how_much_its_scrambles_tell_less(
    plan, monkeypatch
):
    nested = over_unknown(plan, ["mean"], 3)
    model = compile_model(nested, ["mean"])
    object.__setattr__(model, "meter", "what counts rows")
    asked = []

    def widenings(*given):
        asked.append(given)
        return {model.measures[0]: 2.5}

    monkeypatch.setattr(net_error, "widenings", widenings)
    nets = Nets.made(plan, model, 3)
    assert (nets.own, nets.other, nets.wider) == (model, None, 2.5)
    assert asked == [(plan, model, model.cases.size, 3)]
    monkeypatch.setattr(net_error, "widenings", lambda *_: {})
    assert Nets.made(plan, model, 3).wider == 1
    found = Nets.of(nested, "mean", model)
    assert (found.own, found.other) == (model, None)
    assert found.wider == nested.nested.wider("mean", nested.nested.size)


def test_what_averages_over_cases_that_differ_is_told_by_its_formula(plan):
    assert case_draws.averaging(plan, ["mean", "case", "beside", "alike"]) == {"mean", "beside"}
    assert case_draws.averaging(plan, ["case", "alike"]) == set()
    assert case_draws.averaging(plan, []) == set()


def refused(plan, measures, counts):
    """Return what is said of the failing draws of measures, of 200, with all scrambles and without each."""
    names = row_names(measures, 1 + SCRAMBLES)
    at = {(m, version): names[place * (1 + SCRAMBLES) + version]
          for place, m in enumerate(measures) for version in range(1 + SCRAMBLES)}  # fmt: skip
    failed = FailedRows(("u", "v"), names, counts={at[key]: count for key, count in counts.items()})
    failed.failing.append(np.ones((2, 4)))
    failed.which.append(np.ones((len(names), 4), bool))
    with pytest.raises(un.NonFiniteError) as said:
        case_draws._check(SimpleNamespace(failed=failed, done=200), plan, measures)
    return {fault.key: fault.message for fault in said.value.faults}


def test_an_output_fails_in_as_many_draws_as_the_worst_of_its_measures(plan):
    mean, low, high = (
        Measure("case", "average"),
        Measure("case", "quantile", 0.1),
        Measure("case", "quantile", 0.9),
    )
    beside = Measure("beside", "average")
    counts = {(mean, 0): 3, (mean, 4): 190, (low, 0): 7, (high, 0): 5, (beside, 0): 11}
    found = refused(plan, (mean, low, high, beside), counts)
    assert set(found) == {"outputs.case", "outputs.beside"}
    assert found["outputs.case"].startswith("is infinite or undefined in some case for 7 of 200")
    said = "is infinite or undefined, itself or in some case, for 11 of 200"
    assert found["outputs.beside"].startswith(said)
    # where the average itself has a value, that of single cases fails alone
    single = Measure("beside", "quantile", 0.5)
    found = refused(plan, (beside, single, mean, low), {(single, 0): 2, (low, 0): 4})
    assert [each.partition(" for")[0] for each in found.values()] == [
        "is infinite or undefined in some case"
    ] * 2


def test_what_a_net_gets_wrong_is_in_proportion_to_values_on_a_log10_scale(write_study):
    text = STUDY.replace('over = "average" }', 'over = "average", scale = "log10" }')
    plan = scenario(un.load_study(write_study(text)))
    positive = np.array([1.0, 2.0])
    found = [
        case_draws._logarithmic(plan, Measure(output, statistic), drawn)
        for output, statistic, drawn in (
            ("case", "average", positive),
            ("case", "quantile", positive),
            ("case", "at least", positive),
            ("case", "average", positive - 1),
            ("mean", "average", positive),
        )
    ]
    assert found == [True, True, False, False, False]


def net_errors(plan, inner=64):
    """Return what asks other nets of an average, of a quantile, and of an average that no net gets wrong."""
    measures = [Measure("mean", "average"), Measure("case", "quantile", 0.4), Measure("alike", "average")]
    model = make_case_model(plan, measures).on(make_cases(plan, inner, 3))
    versions = model.on(model.cases, VERSIONS)
    whole = unknown_simulation(plan, versions, 256, 3, "sobol")
    drawn = np.empty((len(versions.outputs), 256))
    inputs = outer_inputs(plan, whole)
    versions.run(inputs, drawn)
    drawn = drawn.reshape(3, VERSIONS, -1)
    return NetErrors(plan, whole, model, inner, 3, drawn, {}), drawn, inputs


def alone(plan, measure, size, number, inputs, versions=VERSIONS):
    """Return a measure on another net, shape (versions, draws)."""
    model = make_case_model(plan, [measure]).on(other_cases(plan, size, 3, number), versions)
    found = np.empty((versions, inputs.shape[1]))
    model.run(np.ascontiguousarray(inputs), found)
    return found


def test_other_nets_are_asked_of_an_average_in_draws_from_the_lowest_to_the_highest(plan):
    errors, drawn, inputs = net_errors(plan)
    # where no case tells otherwise than all there is nothing to ask
    assert set(errors._places) == {0}
    rows = errors._places[0]
    at = np.sin(np.pi / 2 * (np.arange(20) + 0.5) / 20) ** 2
    np.testing.assert_array_equal(drawn[0, 0, rows], np.sort(drawn[0, 0])[np.floor(256 * at).astype(int)])
    # the kurtosis of u v**2 is 20 over 64 cases, which other nets of as many may miss
    assert set(errors._others) == {0}
    for number, found in enumerate(errors._others[0], start=1):
        wanted = alone(plan, Measure("mean", "average"), 128, number, inputs[:, rows])
        np.testing.assert_allclose(found, wanted, rtol=1e-12)
    assert errors.of(2) == (NOTHING, 1.0)


def test_other_nets_have_more_cases_where_as_many_may_miss_a_tail(plan, write_study):
    assert [net_errors(plan, inner)[0]._size for inner in (64, 128)] == [128, 128]
    heavy = scenario(un.load_study(write_study(STUDY.replace("lognormal(1, 1.4142)", "lognormal(1, 20)"))))
    sizes = [net_errors(heavy, inner)[0]._size for inner in (1024, 2**12, 2**13)]
    assert sizes == [2048, 2**12, 2**13]


def test_other_nets_are_asked_of_a_quantile_at_both_ends_in_the_middle_and_between(plan):
    errors, drawn, inputs = net_errors(plan)
    assert set(errors._quantiles) == {1}
    ends = np.array([0.0125, 0.0375, 0.45, 0.55, 0.9625, 0.9875])
    ranks = np.append(ends, (np.arange(20) + 0.5) / 20)
    rows = np.argsort(drawn[1, 0])[np.floor(256 * ranks).astype(int)]
    own, *others = errors._quantiles[1]
    np.testing.assert_array_equal(own, drawn[1, 0, rows])
    assert len(others) == OTHER_NETS
    for number, found in enumerate(others, start=1):
        (wanted,) = alone(plan, Measure("case", "quantile", 0.4), 64, number, inputs[:, rows], 1)
        np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_what_cases_add_to_an_error_is_what_other_nets_tell_beside_what_cases_far_out_do():
    of, of_quantile = Least.everywhere(0.4), Least.everywhere(0.7)
    beside = SimpleNamespace(of=lambda _: (of, 1.5), of_quantile=lambda _: of_quantile, inner=50)
    average, quantile, share = (Measure("y", each) for each in ("average", "quantile", "at most"))
    least, wider = case_draws._finest(average, 2, beside, {2: 0.3})
    assert (least.at(7.0), least.of_mean, wider) == pytest.approx((0.5, 0.5, 1.5))
    assert case_draws._finest(average, 1, beside, {2: 0.3}) == (of, 1.5)
    assert case_draws._finest(quantile, 2, beside, {2: 0.3}) == (of_quantile, 1.0)
    assert case_draws._finest(share, 2, beside, {}) == (Least.everywhere(1 / 50), 1.0)


def test_scrambles_of_a_tail_tell_less_by_their_kurtosis_or_as_other_nets_say(plan):
    measures = Measure("mean", "average"), Measure("case", "quantile", 0.4), Measure("alike", "average")
    model = make_case_model(plan, measures)
    looked = model.on(make_cases(plan, 512, 3))
    unknown = few_inputs(unknown_simulation(plan, looked, 1, 3, "random"), 8, 3)
    # the mean over cases that are alike is no average of theirs
    (tail,) = (other_nets._excess_of(looked.cases, each) for each in looked.averaged(unknown))
    assert tail > 5

    def told(inner):
        return stats.t.ppf(0.975, max(2 / (2 / 7 + tail / inner), 2)) / stats.t.ppf(0.975, 7)

    # of so many cases the kurtosis alone tells, and of few ones other nets of equations
    assert other_nets.widenings(plan, model, 2**14, 3) == pytest.approx(
        {measures[0]: told(2**14), measures[2]: 1}
    )
    nets = other_nets._Nets(plan, model, 64, 3, unknown)
    found = other_nets.widenings(plan, model, 64, 3)
    assert found == pytest.approx({measures[0]: nets.wider(0, tail), measures[2]: 1})
    assert found[measures[0]] != pytest.approx(told(64), rel=1e-3)
    # where rows are counted no other nets are asked
    counted = replace(plan, study=replace(plan.study, meter="what counts rows"))
    assert other_nets.widenings(counted, model, 64, 3)[measures[0]] == pytest.approx(told(64))
    assert other_nets.widenings(plan, make_case_model(plan, measures[1:2]), 64, 3) == {}


@pytest.fixture
def three(plan):
    """Return a model with an average, a quantile and a share, what makes its draws, and these."""
    measures = Measure("mean", "average"), Measure("case", "quantile", 0.4), Measure("case", "at least", 1.5)
    model = make_case_model(plan, measures).on(make_cases(plan, 64, 3))
    versions = model.on(model.cases, VERSIONS)
    whole = unknown_simulation(plan, versions, 256, 3, "sobol")
    drawn = np.empty((len(versions.outputs), 256))
    versions.run(outer_inputs(plan, whole), drawn)
    return model, whole, drawn


def test_draws_of_measures_are_those_of_the_model_without_the_spread_of_its_net(plan, three, monkeypatch):
    model, whole, drawn = three
    drawn = drawn.reshape(3, VERSIONS, -1)
    wider = {model.measures[0]: 2.5}
    monkeypatch.setattr(case_draws, "widenings", lambda *_: wider)
    monkeypatch.setattr(case_draws, "with_missed_cases", lambda *given: (given[-1] + 0.25, {0: 0.3}))
    # all of them are drawn at once
    monkeypatch.delattr(case_draws, "Collection")
    told, settle, judged = [], case_draws.settled, []

    def settled(simulation, draws, told):
        judged.append((simulation, told))
        return settle(simulation, draws, told)

    monkeypatch.setattr(case_draws, "settled", settled)
    settings = Settings(samples=2**14, seed=3, design="sobol")
    found = case_draws.draw_measures(
        plan, model, case_draws.Sizes(256, 64), settings, make_engine(threads=1), lambda *at: told.append(at)
    )
    assert told == [(256, 256)]
    drawn = drawn + 0.25
    np.testing.assert_allclose(found.told, drawn, rtol=1e-12)
    beside = NetErrors(plan, whole, model, 64, 3, drawn, wider)
    least, factor = beside.of(0)
    assert found.wider == pytest.approx([factor, 1.0, 1.0])
    finest = [least.beside(Least.everywhere(0.3)), beside.of_quantile(1), Least.everywhere(1 / 64)]
    for place, own in enumerate(found.draws):
        wanted = case_draws.without_net(
            drawn[place],
            whole.design.replicate_rows,
            logarithmic=False,
            bent=place == 0,
            inner=64,
            finest=finest[place],
            wider=found.wider[place],
        )
        np.testing.assert_allclose(own.values, wanted.values, rtol=1e-12)
        for one, other in zip(own.without, wanted.without, strict=True):
            np.testing.assert_allclose(one.values, other.values, rtol=1e-12)
        assert (own.rows, own.replicate_rows) == (64, wanted.replicate_rows)
        assert own.finest.at(2.0) == pytest.approx(finest[place].at(2.0))
    assert found.simulation.model.versions == 1
    assert found.simulation.design.samples == 256
    # whether they vary is judged by what they were made of
    ((simulation, made_of),) = judged
    assert simulation is found.simulation
    assert made_of is found.told


def test_draws_that_a_model_gives_at_once_are_shared_out_where_they_are_many(plan, three, monkeypatch):
    _, whole, drawn = three

    class Engine:
        shares_memory = True

        def map(self, run, spans):
            self.spans = spans
            return map(run, spans)

    engine = Engine()
    np.testing.assert_array_equal(case_draws._drawn_at_once(plan, whole, engine, None), drawn)
    assert engine.spans == [(0, 256)]
    monkeypatch.setattr(case_draws, "WORTH_SHARING", 256 * 64 * whole.model.quantities)
    np.testing.assert_allclose(case_draws._drawn_at_once(plan, whole, engine, None), drawn, rtol=1e-12)
    begins, ends = zip(*engine.spans, strict=True)
    assert len(begins) > 1
    assert [*begins, 256] == [0, *ends]
    engine.shares_memory = False
    assert case_draws._drawn_at_once(plan, whole, engine, None) is None
    engine.shares_memory = True
    object.__setattr__(whole.model, "meter", "what counts rows")
    assert case_draws._drawn_at_once(plan, whole, engine, None) is None


def test_averages_lie_where_their_formulas_do_whatever_the_inputs_are(plan):
    averages = [Measure(name, "average") for name in ("mean", "odds")]
    measures = [*averages, Measure("odds", "at least", 0.5)]
    found = case_draws._within(plan, measures)
    assert dict(found) == {averages[0]: (-math.inf, math.inf), averages[1]: (0.0, 1.0)}
    assert case_draws._within(plan, measures[2:]) == {}
