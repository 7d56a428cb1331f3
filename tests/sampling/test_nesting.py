"""How many cases an analysis of averages takes, what a net of them gets wrong, and what it is told of it."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from variants import variants

import uncertainty as un
from uncertainty.errors import SettingError
from uncertainty.sampling import nesting
from uncertainty.sampling.case_model import Measure
from uncertainty.sampling.cases import make_cases, other_cases
from uncertainty.sampling.nesting import (
    FEWEST_CASES,
    MOST_CASES,
    MOST_RARE_CASES,
    enough_cases,
    make_case_model,
    over_unknown,
)
from uncertainty.sampling.simulation import few_unknown
from uncertainty.study.scenario import scenario

STUDY = """
format = 1
[study]
title = "Averages that cases know more or less of"
headline = "linear"
[inputs]
u = { unit = "1", point = 2, distribution = "uniform(1, 3)" }
w = { unit = "1", point = 3, distribution = "normal(3, 1)" }
v = { unit = "1", point = 0.5, distribution = "normal(0, 1)", kind = "variability" }
[outputs]
linear = { unit = "1", over = "average", value = "u * (1 + v) + w" }
seldom = { unit = "1", over = "average", value = "where(v > u, 1, 0)" }
median = { unit = "1", over = "median", value = "u + v" }
case = { unit = "1", value = "u + v" }
"""


@pytest.fixture
def plan(write_study):
    return scenario(un.load_study(write_study(STUDY)))


def averages(plan, *names):
    return make_case_model(plan, [Measure(name, "average") for name in names])


def test_an_average_is_as_much_wider_as_other_nets_tell(plan, monkeypatch):
    nested, asked = over_unknown(plan, ["linear", "seldom"], 1).nested, []

    def told(*given):
        asked.append(given)
        return {Measure("seldom", "average"): 1.7}

    monkeypatch.setattr(nesting, "widenings", told)
    assert [nested.wider(name, 128) for name in ("seldom", "linear")] == [1.7, 1.0]
    assert asked[0] == (plan, nested.compiled, 128, 1)


def test_a_net_has_as_many_cases_as_its_error_asks_for(plan, monkeypatch):
    assert enough_cases(plan, averages(plan, "linear"), 1) == FEWEST_CASES
    assert enough_cases(plan, averages(plan, "linear"), 1, 256) == 256
    assert enough_cases(plan, averages(plan, "seldom"), 1) == MOST_CASES
    # one that falls as the root of the cases does, of 0.1 with as few as there are
    monkeypatch.setattr(nesting, "_differing", lambda *given: 0.1 * math.sqrt(64 / given[3]))
    assert enough_cases(plan, averages(plan, "linear"), 1) == MOST_CASES
    for missed, cases in (
        (0.1, 256),
        (0.11, 512),
        (0.05, 64),
        (0.01, 64),
        (9.0, MOST_CASES),
        (math.inf, 1024),
    ):
        monkeypatch.setattr(nesting, "_differing", lambda *_, missed=missed: missed)
        assert enough_cases(plan, SimpleNamespace(), 1) == cases


def test_another_scenario_has_as_many_cases_as_the_one_that_it_is_like(plan):
    first = over_unknown(plan, ["seldom"], 1)
    assert first.nested.size > over_unknown(plan, ["linear"], 1).nested.size
    assert over_unknown(plan, ["linear"], 1, first).nested.size == first.nested.size
    assert over_unknown(plan, ["linear"], 1, plan).nested.size == FEWEST_CASES
    assert over_unknown(plan, ["case"], 1) is plan


def test_what_differs_no_longer_varies(plan):
    found = over_unknown(plan, ["linear", "median"], 1)
    assert found.varying == ("u", "w")
    assert found.distributions["v"].mean == 0.5
    assert found.nested.different == ("v",)
    assert found.nested.compiled.measures == (
        Measure("linear", "average"),
        Measure("median", "quantile", 0.5),
    )
    with pytest.raises(SettingError) as refused:
        over_unknown(plan, ["case", "median", "linear"], 1)
    assert str(refused.value) == (
        'output: "median" speaks of all cases together and "case" of single ones; ask for them apart'
    )


def test_a_model_over_other_columns_is_the_same_of_the_same_draws(plan):
    nested = over_unknown(plan, ["linear"], 1).nested
    unknown = np.array([[1.5, 2.5], [3.0, 4.0]])
    found = []
    for columns, rows in ((("u", "w"), unknown), (("w", "u"), unknown[::-1])):
        out = np.empty((1, 2))
        nested.model(["linear"], columns).run(rows, out)
        found.append(out[0])
    np.testing.assert_array_equal(*found)
    assert found[0] == pytest.approx(unknown.sum(axis=0), rel=1e-9)
    (other,) = nested.on_net([nested.model(["linear"], ("w", "u"))], 3)
    assert other.cases.unknown == ("w", "u")
    assert not set(other.cases.values[0]) & set(nested.cases.values[0])
    assert other.cases.size == nested.size


def test_what_is_linked_is_bound_to_what_it_follows_from(write_study):
    text = STUDY.replace(
        "[outputs]", 'k = { unit = "1", point = 1, distribution = "1 to 2", kind = "variability" }\n[outputs]'
    )
    tied = text + '[[correlations]]\ninputs = ["w", "v"]\npearson = 0.6\n'
    nested = over_unknown(scenario(un.load_study(write_study(tied))), ["linear"], 1).nested
    assert nested.bound(frozenset({"v", "k"})) == {"w"}
    assert nested.bound(frozenset({"k"})) == frozenset()
    free = over_unknown(scenario(un.load_study(write_study(text))), ["linear"], 1).nested
    assert free.bound(frozenset({"v"})) == frozenset()


def test_rows_of_a_model_are_draws_with_their_cases():
    def plans(*sizes):
        return [SimpleNamespace(nested=size and SimpleNamespace(size=size)) for size in sizes]

    assert nesting.outer_samples(plans(64, None, 256), 2**20) == 2**12
    # a thousand at least, where as many rows were asked for
    assert nesting.outer_samples(plans(64, 256), 2**16) == 2**10
    assert nesting.outer_samples(plans(256), 500) == 500
    assert nesting.outer_samples(plans(None), 500) == 500


def test_a_net_s_error_is_told_by_its_scrambles_beside_the_spread_of_draws(plan):
    model = averages(plan, "linear", "seldom")
    errors, spreads = nesting.net_errors(plan, model, 3, [(0, 1)])
    assert errors.shape == spreads.shape == (3,)
    # the mean is known, and its difference from a share has the error of the share
    assert errors[0] < 1e-9
    assert errors[2] == pytest.approx(errors[1], rel=1e-6)
    few = few_unknown(plan, 64, 3)
    assert spreads[0] == pytest.approx(few.sum(axis=0).std(ddof=1), rel=1e-9)
    assert nesting._differing(plan, averages(plan, "linear"), 3, FEWEST_CASES) < 1e-6
    cases = make_cases(plan, FEWEST_CASES, 3)
    scrambles = cases.weights((0,)) @ (cases.values[0] > few[0][:, None]).T
    assert errors[1] == pytest.approx(math.sqrt(np.mean(scrambles.var(axis=0, ddof=1)) / 8), rel=1e-9)


@pytest.mark.parametrize("scale", [2.0**600, 2.0**-600])
def test_a_net_s_error_is_to_the_bit_the_same_at_every_scale(write_study, scale):
    text = STUDY.replace("where(v > u, 1, 0)", "exp(u * v)")
    told = []
    for factor in (1.0, scale):
        plan = scenario(un.load_study(write_study(text.replace('"exp', f'"{factor!r} * exp'))))
        found = nesting.net_errors(plan, averages(plan, "seldom"), 1)
        told.append([float(each[0]) / factor for each in found])
    assert told[0] == told[1]
    assert told[0][0] > 0.01


def test_what_nothing_unknown_moves_takes_as_many_cases_as_there_may_be(write_study):
    text = STUDY.replace("where(v > u, 1, 0)", "exp(v)")
    plan = scenario(un.load_study(write_study(text)))
    assert nesting._differing(plan, averages(plan, "seldom"), 1, FEWEST_CASES) > 1e9
    assert enough_cases(plan, averages(plan, "seldom"), 1) == MOST_CASES


def test_an_average_of_a_case_that_is_too_rare_is_refused(write_study):
    text = STUDY.replace("v > u", "v > 3 + u / 1000")
    plan = scenario(un.load_study(write_study(text)))
    assert 2**13 <= over_unknown(plan, ["seldom"], 1).nested.size <= MOST_RARE_CASES
    rarer = scenario(un.load_study(write_study(text.replace("3 + u", "5 + u"))))
    with pytest.raises(SettingError, match="an analysis that asks again and again takes 32,768 at most"):
        over_unknown(rarer, ["seldom"], 1)


def test_constants_that_meet_in_no_number_are_refused_with_their_output_and_file(write_study):
    text = STUDY.replace("where(v > u, 1, 0)", "v + 1 / (c - 2)").replace(
        "[outputs]", 'c = { unit = "1", point = 2, distribution = "2" }\n[outputs]'
    )
    path = write_study(text)
    plan = scenario(un.load_study(path))
    for measure in (Measure("seldom", "average"), Measure("seldom", "at least", 1.0)):
        with pytest.raises(un.NonFiniteError, match="is infinite or undefined") as refused:
            make_case_model(plan, [measure])
        assert str(refused.value).startswith(f"{path}: outputs.seldom: ")


def test_nets_that_tell_how_many_cases_are_enough_are_of_a_seed_and_of_no_other_net(plan):
    model = averages(plan, "seldom")
    missed = {nesting._differing(plan, model, seed, FEWEST_CASES) for seed in (1, 2)}
    assert len(missed) == 2
    assert nesting._differing(plan, model, 1, FEWEST_CASES) in missed
    own = make_cases(plan, FEWEST_CASES, 1).values[0]
    for number in range(nesting.PILOT_NETS):
        assert not np.isin(
            other_cases(plan, FEWEST_CASES, 1, nesting.ANOTHER_NET + number).values[0], own
        ).any()


EVENTS = """
format = 1
[study]
title = "Averages that events decide which a few cases have"
headline = "cost"
[inputs]
k = { unit = "1", point = 1, distribution = "normal(1, 0.06)" }
j = { unit = "1", point = 1, distribution = "normal(1, 0.03)" }
size = { unit = "1", point = 1, distribution = "lognormal(median=1, sigma=0.3)", kind = "variability" }
event = { unit = "1", point = 0, distribution = "EVENT", kind = "variability" }
[outputs]
cost = { unit = "1", over = "average", value = "(k + j) * size * (1 + 2 * event)" }
"""


@pytest.mark.parametrize(
    "event", ["bernoulli(0.03)", "poisson(0.04)", "discrete(0, 1, weights=(0.97, 0.03))"]
)
@pytest.mark.parametrize(
    ("seed", "budget"),
    variants(
        [(1, None), (2, None), (3, None), (4, 9_000_000), (5, 9_000_000)], lambda seed, _: seed in {3, 4}
    ),
)
def test_cases_are_enough_for_events_that_some_nets_miss(write_study, event, seed, budget):
    """The draws' variance is 0.06² + 0.03² by k and j, times a constant: k has 0.8 of it."""
    study = un.load_study(write_study(EVENTS.replace("EVENT", event)))
    sample = un.draw_sample(study, samples=8192, seed=seed, budget=budget)
    shares = {
        name: np.corrcoef(sample.inputs[name], sample.outputs["cost"])[0, 1] ** 2 for name in ("k", "j")
    }
    assert shares == pytest.approx({"k": 0.8, "j": 0.2}, abs=0.01)
