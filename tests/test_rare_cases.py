"""Averages over cases that few cases carry: closed forms where there are cases enough, else refusals."""

import math
import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import uncertainty as un
from uncertainty.distributions import parse_distribution
from uncertainty.over_cases import speaking_of
from uncertainty.sampling import rarity
from uncertainty.sampling.case_model import Measure
from uncertainty.sampling.case_stages import NetStage
from uncertainty.sampling.nesting import make_case_model
from uncertainty.sampling.rarity import average_of
from uncertainty.study.function import PURE_NUMBER
from uncertainty.study.model import Input
from uncertainty.study.scenario import scenario

STUDY = """
format = 1
[study]
title = "Something rare"
headline = "y"
[inputs.m]
unit = "1"
point = 10
distribution = "normal(10, 1)"
[inputs.h]
unit = "1"
point = 0
kind = "variability"
distribution = "DISTRIBUTION"
[outputs.y]
unit = "1"
value = "VALUE"
over = "average"
published = 0.01
"""

RARE = [
    ("bernoulli(0.002)", "m * h", 0.002),
    ("bernoulli(0.004)", "average(m * h)", 0.004),
    ("lognormal(1, 3)", "where(h > 12, m, 0)", float(stats.norm.sf(math.log(12) / math.log(3)))),
]


def rare(tmp_path, distribution, value):
    path = tmp_path / "rare.toml"
    path.write_text(STUDY.replace("DISTRIBUTION", distribution).replace("VALUE", value), encoding="utf-8")
    return un.load_study(path)


@pytest.mark.parametrize(("distribution", "value", "share"), RARE)
def test_an_average_that_too_few_cases_carry_is_refused_with_the_samples_that_are_enough(
    tmp_path, distribution, value, share
):
    study = rare(tmp_path, distribution, value)
    with pytest.raises(un.NonFiniteError, match="rests on too few of them") as refused:
        un.propagate(study)
    assert str(refused.value).startswith(f"{study.file}: outputs.y: the average of")
    enough = int(re.search(r"--samples (\d+)", str(refused.value))[1])
    found = un.propagate(study, outputs=["y"], cases=False, samples=enough).outputs["y"]
    assert found.median == pytest.approx(10 * share, rel=0.06)


def test_a_value_that_no_pilot_meets_is_refused(tmp_path):
    study = rare(tmp_path, "bernoulli(0.000001)", "m * h")
    with pytest.raises(un.NonFiniteError, match='what depends on "h"'):
        un.propagate(study)


def test_an_event_beside_what_varies_everywhere_is_refused(tmp_path):
    study = rare(tmp_path, "lognormal(1, 3)", "where(h > 30, m, 0.00001 * minimum(h, 1))")
    with pytest.raises(un.NonFiniteError, match="rests on too few of them"):
        un.propagate(study)


def test_what_differs_from_the_usual_may_be_its_opposite(tmp_path):
    with pytest.raises(un.NonFiniteError, match="rests on too few of them"):
        un.propagate(rare(tmp_path, "lognormal(1, 3)", "where(h > 30, 0 - m, m)"))


@pytest.mark.parametrize(("distribution", "value", "average"), [("bernoulli(0.03)", "m * h", 0.3)])
def test_an_average_that_cases_enough_carry_stands(tmp_path, distribution, value, average):
    found = un.propagate(rare(tmp_path, distribution, value)).outputs["y"]
    assert found.median == pytest.approx(average, rel=0.01)


def test_cases_are_added_where_the_samples_allow_it(tmp_path):
    # 256 cases in each draw would meet the event about once
    study = rare(tmp_path, "bernoulli(0.005)", "m * h")
    assert un.propagate(study, samples=2**19).outputs["y"].median == pytest.approx(0.05, rel=0.01)


def test_a_picture_leaves_out_the_average_that_too_few_cases_carry(tmp_path):
    study = speaking_of(rare(tmp_path, "bernoulli(0.001)", "m * h"), "case")
    assert "rests on too few of them" in un.cases(study).average


@pytest.mark.parametrize(
    ("distribution", "value", "share"),
    [
        ("normal(0, 1)", "m * maximum(h - 4.5, 0)", stats.norm.sf(4.5)),
        ("gamma(1, 1)", "m + 1000000 * where(h > 20, m, 0)", stats.expon.sf(20)),
        ("uniform(0, 1)", "average(m * where(h < 0.0000002, 1, 0))", 2e-7),
    ],
)
def test_a_continuous_event_that_no_pilot_meets_is_refused_with_its_share(
    tmp_path, distribution, value, share
):
    with pytest.raises(un.NonFiniteError, match="rests on too few of them") as refused:
        un.propagate(rare(tmp_path, distribution, value), outputs=["y"], cases=False)
    # importance sampling tells it within some per cent
    per_cent = re.search(r"about (\S+) % of", str(refused.value))[1]
    assert float(per_cent) / 100 == pytest.approx(share, rel=0.2)


@pytest.mark.parametrize(
    ("distribution", "value", "average"),
    [
        ("normal(0, 1)", "m + where(h > 6, 1, 0)", 10),
        ("normal(0, 1)", "where(h > -8, m, 0)", 10),
        ("uniform(0, 1)", "maximum(m, h)", 10),
        ("normal(0, 1)", "m * where(h > 20, 1, 0)", 0),
        ("normal(0, 1)", "minimum(average(m * where(h > 5, 1, 0)), 0)", 0),
        ("normal(0, 1)", "where(h > 6, exp(1000 * h), m)", 10),
        ("normal(0, 1)", "where(h > 6, sqrt(5 - h), m)", 10),
    ],
)
def test_what_no_case_meets_and_nothing_depends_on_is_left_out(tmp_path, distribution, value, average):
    found = un.propagate(rare(tmp_path, distribution, value), outputs=["y"], cases=False).outputs["y"]
    assert found.median == pytest.approx(average, abs=1e-3)


def test_cases_are_looked_at_once_and_those_far_out_where_many_have_one_value(tmp_path, monkeypatch):
    plan = scenario(rare(tmp_path, "normal(2, 0.1)", "average(exp(m * h)) * average(exp(h / m))"))
    model = make_case_model(plan, [Measure("y", "average")])
    made, each_value = [], NetStage._each_value
    monkeypatch.setattr(NetStage, "_each_value", lambda *given: made.append(given[1]) or each_value(*given))
    monkeypatch.setattr(rarity, "far_out_cases", lambda *_: pytest.fail("the values of many cases differ"))
    first, again = (rarity.rarity(plan, model, seed) for seed in (1, 2))
    assert made == [[0, 1]]
    for seen, slope in zip(first.seen, (first.unknown[0], 1 / first.unknown[0]), strict=True):
        assert seen.means.mean(axis=1) == pytest.approx(np.exp(2 * slope + (0.1 * slope) ** 2 / 2), rel=0.02)
    assert [each.means.tolist() for each in first.seen] == [each.means.tolist() for each in again.seen]
    assert [each.text for each in first.seen] == ['"exp(m * h)"', '"exp(h / m)"']


def test_a_function_s_event_that_no_case_meets_is_refused():
    def model(m, h):
        return {"y": m * np.maximum(h - 4, 0), "z": np.where(h > -5.5, m, 0)}

    differs = Input("h", PURE_NUMBER, 0.0, parse_distribution("normal(0, 1)"), kind="variability")
    study = un.Study.from_function(model, {"m": "normal(10, 1)", "h": differs})
    # 3.2e-05, as 512 cases far out tell it within a third
    with pytest.raises(un.NonFiniteError, match=r"rests on too few of them: about 0\.00(2|3|4)\d+ %"):
        un.propagate(speaking_of(study, "average"), samples=2**14)
    # what is wrong by 2e-8 is not wrong
    run = un.propagate(speaking_of(study, "average"), outputs=["z"], samples=2**14)
    assert run.outputs["z"].median == pytest.approx(10, abs=0.1)


def test_a_long_formula_is_no_name_of_an_average():
    assert average_of('"m * h"') == 'the average of "m * h" over the cases'
    assert average_of(f'"where(m > 1, {"h * " * 12}m, 0)"') == "the average over the cases"


@pytest.mark.parametrize("value", ["average(log(h + 1))", "log(h + 1) * m"])
def test_an_average_of_what_has_no_value_in_some_cases_is_refused_though_its_net_meets_none(tmp_path, value):
    # one normal case in 741 lies below -1, and nets of 128 cases mostly hold none
    study = rare(tmp_path, "normal(2, 1)", value)
    said = "outputs.y: is infinite or undefined in some cases, about 0.1 % of them"
    for analysis in (un.propagate, un.sobol):
        with pytest.raises(un.NonFiniteError) as refused:
            analysis(study, samples=16384)
        assert str(refused.value).startswith(f"{study.file}: {said}")


@pytest.mark.parametrize(
    "value", ["average(where(h > -1, log(h + 1), 0))", "where(m < 0, average(log(h + 1)), m)"]
)
def test_an_output_that_has_a_value_whatever_its_cases_are_is_told(tmp_path, value):
    study = rare(tmp_path, "normal(2, 1)", value)
    assert math.isfinite(un.propagate(study, samples=16384).outputs["y"].mean)


def test_each_average_of_what_has_no_value_in_some_cases_is_refused_with_its_own_share(tmp_path):
    """Of the cases 0.135 % lie below -1, and 2.28 % below 0; one has none by its draws alone."""
    path = Path(rare(tmp_path, "normal(2, 1)", "average(log(h + 1))").file)
    text = path.read_text(encoding="utf-8").replace("point = 0", "point = 1")
    others = {
        "both": "average(sqrt(h + 1)) + average(sqrt(h))",
        "few": "average(sqrt(h))",
        "fine": "m * average(h)",
    }
    others["drawn"] = "log(average(h) + m - 10.5)"
    text += "".join(f'[outputs.{name}]\nunit = "1"\nvalue = "{value}"\n' for name, value in others.items())
    path.write_text(text, encoding="utf-8")
    study = un.load_study(path)
    with pytest.raises(un.NonFiniteError) as refused:
        un.propagate(study, samples=16384, cases=False)
    said = re.findall(
        r"outputs\.(\w+): is infinite or undefined in some cases, about (\S+) %", str(refused.value)
    )
    assert dict(said) == {"y": "0.1", "both": "2", "few": "2"}
    found = un.propagate(study, samples=16384, outputs=["fine"], cases=False).outputs["fine"]
    assert found.mean == pytest.approx(20, abs=4 * found.summary["mean"].error + 0.01)


def test_what_no_case_has_a_value_of_is_told_of_draws_and_not_of_cases(tmp_path):
    study = rare(tmp_path, "normal(2, 1)", "average(h * log(m - 9))")
    with pytest.raises(un.NonFiniteError) as refused:
        un.propagate(study, samples=16384, cases=False)
    assert "in some cases, about" not in str(refused.value)


def test_the_share_of_cases_without_a_value_is_that_of_the_draw_that_has_the_most(tmp_path):
    """The root has none where h is below -10/m, which lies two and 10/m standard deviations down."""
    plan = scenario(rare(tmp_path, "normal(2, 1)", "average(sqrt(1 + h * m / 10))"))
    found = rarity.rarity(plan, make_case_model(plan, [Measure("y", "average")]), 1)
    most = stats.norm.cdf(-10 / found.unknown.max() - 2)
    assert found.undefined == {"y": pytest.approx(most, rel=0.05)}


def test_no_cases_are_added_where_their_number_is_given(tmp_path):
    study = rare(tmp_path, "bernoulli(0.005)", "m * h")
    with pytest.raises(
        un.NonFiniteError, match=r"there are 64 in each draw; .* cases in each draw would be enough"
    ):
        un.propagate(study, outputs=["y"], cases=False, samples=2**19, outer=512, inner=64)


EVENT = """
format = 1
[study]
title = "An event that a few cases have, beside what all of them have"
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
    ("event", "share"),
    [("bernoulli(0.03)", 0.03), ("poisson(0.04)", 0.04), ("discrete(0, 1, weights=(0.98, 0.02))", 0.02)],
)
def test_a_net_has_an_event_in_several_scrambles_or_takes_more_cases(write_study, event, share):
    """Without any among its cases an average seemed to be known, and was off by twice its spread."""
    study = un.load_study(write_study(EVENT.replace("EVENT", event)))
    mean = 2 * math.exp(0.3**2 / 2) * (1 + 2 * share)
    spread = mean / 2 * math.hypot(0.06, 0.03)
    for seed in (3, 8, 11, 12):
        cost = un.propagate(study, seed=seed).outputs["cost"].summary
        for found, true in ((cost["mean"], mean), (cost["median"], mean)):
            assert abs(found.value - true) < 4 * found.error
            assert found.error < 0.5 * spread


def test_too_few_rows_for_an_event_are_refused_with_how_many_are_enough(write_study):
    study = un.load_study(write_study(EVENT.replace("EVENT", "bernoulli(0.03)")))
    with pytest.raises(un.NonFiniteError, match=r"rests on too few of them: about 3\.0 % of") as refused:
        un.propagate(study, seed=1, samples=2**14)
    enough = int(re.search(r"--samples (\d+)", str(refused.value))[1])
    found = un.propagate(study, seed=1, samples=enough).outputs["cost"].summary["mean"]
    assert abs(found.value - 2 * math.exp(0.045) * 1.06) < 4 * found.error


@pytest.mark.parametrize(
    ("distribution", "event", "share", "seed"),
    [
        ("exponential(1)", "where(event > 4, 1, 0)", math.exp(-4), 1),
        ("exponential(1)", "where(event > 4, 1, 0)", math.exp(-4), 5),
        ("uniform(0, 1)", "where(event > 0.98, 1, 0)", 0.02, 1),
        ("normal(0, 1)", "where(event > 2, 1, 0)", stats.norm.sf(2), 1),
    ],
)
def test_a_net_that_many_cases_contradict_takes_more(write_study, distribution, event, share, seed):
    """An event that a formula makes of an input may be in none of the cases, too."""
    text = EVENT.replace("EVENT", distribution).replace("2 * event", f"2 * {event}")
    cost = un.propagate(un.load_study(write_study(text)), seed=seed).outputs["cost"].summary
    mean = 2 * math.exp(0.3**2 / 2) * (1 + 2 * share)
    for found in (cost["mean"], cost["median"]):
        assert abs(found.value - mean) < 4 * found.error
