"""Ratios of averages over cases, of which a single case may have no value: closed forms and what is told."""

import json
import math

import numpy as np
import pytest
from scipy import stats

import uncertainty as un
from uncertainty.calibrated_sentences import first_sentences
from uncertainty.over_cases import speaking_of
from uncertainty.pages.content import ReportContent
from uncertainty.pages.figures.card import _spoken
from uncertainty.pages.sections.cases import section
from uncertainty.pages.sections.intervals import outputs
from uncertainty.pages.sections.method import explorer_section
from uncertainty.pages.sections.verdicts import verdicts
from uncertainty.sampling.case_draws import averaging
from uncertainty.settings import Settings
from uncertainty.study.scenario import scenario

RATIO = """
format = 1
[study]
title = "Cost of a success"
headline = "cost"
[inputs.p]
unit = "1"
point = 0.3
distribution = "beta(30, 70)"
[inputs.n]
unit = "1"
point = 20
distribution = "poisson(TRIES)"
kind = "variability"
[inputs.found]
unit = "1"
point = 6
distribution = "binomial(n, p)"
kind = "variability"
[outputs.cost]
unit = "1"
value = "average(n) / average(found)"
published = 3
reference = 4
"""


@pytest.mark.slow
def test_a_ratio_of_averages_is_told_though_single_cases_have_none(tmp_path):
    path = tmp_path / "ratio.toml"
    path.write_text(RATIO.replace("TRIES", "20"), encoding="utf-8")
    study = un.load_study(path)
    run = un.propagate(study, samples=65536, cases=True, whole=False)
    # 1/p of a beta(30, 70), and a case without a success in the mean of exp(-20 p)
    p = stats.beta(30, 70)
    own, none = run.outputs["cost"], p.expect(lambda p: math.exp(-20 * p))
    assert abs(own.mean - 99 / 29) < 4 * own.summary["mean"].error
    assert run.outputs["cost"].dropped == 0
    samples = run.settings.samples
    assert abs(own.any_case.dropped - none) < 4 * math.sqrt(none / samples)
    assert run.about.dropped == {"cost": own.any_case.dropped}
    told = str(outputs(run, explained=False).blocks)
    assert "were dropped: 0.4 % of “cost” in any one case." in told


@pytest.mark.slow
def test_a_ratio_that_too_many_single_cases_lack_is_told_without_any_one_case(tmp_path):
    path = tmp_path / "ratio.toml"
    path.write_text(RATIO.replace("TRIES", "5"), encoding="utf-8")
    study = un.load_study(path)
    found = un.propagate(study, samples=65536, cases=True, whole=False)
    own, none = found.outputs["cost"], stats.beta(30, 70).expect(lambda p: math.exp(-5 * p))
    assert abs(own.mean - 99 / 29) < 4 * own.summary["mean"].error
    assert own.any_case is own.cases is None
    assert own.left_out[1] == 0 == len(found.about.dropped)
    assert abs(own.without_case - none) < 4 * math.sqrt(none / 65536)
    told = str(outputs(found, explained=False).blocks)
    said = "In any one case there is no value for 23 % of draws of “cost”, so that the average alone is told."
    assert said in told
    assert own.cases_because.startswith("in 23 % of draws a single case has no value")
    # one that is asked of single cases has as many draws without a value
    with pytest.raises(un.NonFiniteError, match="in any one case is infinite or undefined for"):
        un.propagate(speaking_of(study, "case"), samples=16384)


SUCCESS = """
format = 1
[study]
title = "Cost per success"
headline = "cost"
[inputs.p]
unit = "1"
point = 0.4
distribution = "uniform(0.3, 0.6)"
[inputs.success]
unit = "1"
point = 0.4
kind = "variability"
distribution = "bernoulli(p)"
[inputs.paid]
unit = "1"
point = 10
kind = "variability"
distribution = "lognormal(10, 1.5)"
[outputs.cost]
unit = "1"
value = "average(paid) / average(success)"
published = 20
reference = 15
claim = "at least"
"""


@pytest.fixture
def success(tmp_path):
    """A study of a cost per success."""
    (tmp_path / "success.toml").write_text(SUCCESS, encoding="utf-8")
    return un.load_study(tmp_path / "success.toml")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_cost_per_success_has_the_numbers_of_its_closed_form(success, seed):
    own = un.propagate(success, seed=seed, cases=True).outputs["cost"]
    paid = 10 * math.exp(math.log(1.5) ** 2 / 2)
    assert abs(own.mean - paid * math.log(2) / 0.3) < 4 * own.summary["mean"].error
    for end, p in ((own.middle, 0.45), (own.ends.low, 0.5925), (own.ends.high, 0.3075)):
        assert abs(end.value - paid / p) < 4 * end.error
    assert abs(own.without_case - 0.55) < 0.01


@pytest.mark.slow
def test_an_average_among_cases_of_a_kind_has_the_numbers_of_its_closed_form(tmp_path):
    text = SUCCESS.replace("bernoulli(p)", "binomial(20, p)").replace("point = 0.4\nkind", "point = 9\nkind")
    kind = "average(success * where(success >= 8, 1, 0)) / average(where(success >= 8, 1, 0))"
    text = text.replace("average(paid) / average(success)", kind)
    (tmp_path / "kind.toml").write_text(text, encoding="utf-8")
    own = un.propagate(un.load_study(tmp_path / "kind.toml"), cases=True).outputs["cost"]
    k = np.arange(8, 21)

    def among(p):
        probability = stats.binom(20, p).pmf(k)
        return (k * probability).sum() / probability.sum()

    assert abs(own.mean - stats.uniform(0.3, 0.3).expect(among)) < 4 * own.summary["mean"].error
    assert abs(own.middle.value - among(0.45)) < 4 * own.middle.error
    none = stats.uniform(0.3, 0.3).expect(lambda p: stats.binom(20, p).cdf(7))
    assert abs(own.without_case - none) < 0.01


@pytest.mark.slow
def test_a_ratio_that_no_single_case_has_is_told(tmp_path):
    text = SUCCESS.replace("/ average(success)", "/ (average(success) * (1 - average(success)))")
    (tmp_path / "none.toml").write_text(text, encoding="utf-8")
    own = un.propagate(un.load_study(tmp_path / "none.toml"), cases=True).outputs["cost"]
    assert own.without_case == 1
    # at p = 0.5 it is the least
    paid = 10 * math.exp(math.log(1.5) ** 2 / 2)
    assert abs(own.ends.low.value - 4 * paid) < 4 * own.ends.low.error + 0.01


@pytest.mark.slow
def test_nothing_is_said_of_any_one_case_that_has_too_often_no_value(success):
    readings = un.compare_readings(success, samples=16384)
    found = readings.distribution("as_published")
    assert found.any_case is None
    assert readings.conclusion.one_case is None
    assert "any one" not in " ".join(first_sentences(readings))
    assert not any("any one" in each.told for each in readings.judgement.answers)
    assert not any("any one" in each.sentence for each in readings.quotations)


@pytest.mark.slow
def test_a_report_gives_the_average_alone_and_says_why(success):
    content = ReportContent(success, Settings(samples=16384))
    own = content.headline.distribution("as_published")
    (spoken,) = _spoken(content, "as_published", own)
    assert spoken.of == "on average"
    assert not spoken.bar.of_cases
    assert section(content) is None
    challenge = content.challenge
    told = str(verdicts(challenge, challenge.outputs["cost"]).blocks)
    assert "In any one case there is no value for 55 % of draws under “" in told
    assert "were dropped" not in told


@pytest.mark.slow
def test_outputs_that_are_averages_correlate_as_these_do_with_and_without_single_cases(tmp_path):
    other = '[outputs.other]\nunit = "1"\nvalue = "average(paid * success) / 7"\n'
    (tmp_path / "two.toml").write_text(SUCCESS + other, encoding="utf-8")
    study = un.load_study(tmp_path / "two.toml")
    alone = un.propagate(study, samples=16384).correlations
    assert un.propagate(study, samples=16384, cases=True).correlations == alone
    # one is as 1 / p, the other as p
    assert alone[0].spearman.value < -0.95


@pytest.mark.slow
def test_single_cases_of_what_averages_nothing_that_differs_are_dropped_by_the_study_alone(tmp_path):
    text = RATIO.replace("TRIES", "20").replace('kind = "variability"\n', "")
    (tmp_path / "ratio.toml").write_text(text, encoding="utf-8")
    with pytest.raises(un.NonFiniteError, match="cost: is infinite or undefined for"):
        un.propagate(un.load_study(tmp_path / "ratio.toml"), samples=16384)


def test_a_picture_of_cases_of_which_some_have_no_value_is_refused(tmp_path):
    path = tmp_path / "ratio.toml"
    path.write_text(RATIO.replace("TRIES", "20"), encoding="utf-8")
    with pytest.raises(un.NonFiniteError, match="cost: is infinite or undefined in some case"):
        un.cases(un.load_study(path), samples=16384)


def test_an_output_averages_over_cases_where_its_formula_does_and_something_differs(tmp_path):
    more = """
[equations]
rate = "average(n) / 7"
[outputs.twice]
unit = "1"
value = "2 * rate"
[outputs.single]
unit = "1"
value = "n + found"
[outputs.same]
unit = "1"
value = "average(p)"
[outputs.all]
unit = "1"
value = "p + 1"
"""
    path = tmp_path / "ratio.toml"
    path.write_text(RATIO.replace("TRIES", "20") + more, encoding="utf-8")
    plan = scenario(un.load_study(path))
    assert averaging(plan, list(plan.study.outputs)) == {"cost", "twice"}
    assert averaging(plan, ["single", "all"]) == averaging(plan, []) == frozenset()
    study = un.Study.from_function(lambda a: {"y": a}, {"a": "normal(0, 1)"})
    assert averaging(scenario(study), ["y"]) == frozenset()


@pytest.mark.slow
def test_a_document_of_a_ratio_whose_single_cases_may_have_no_value_says_why_it_has_no_picture(
    command, tmp_path
):
    """Beside it other outputs have theirs; `run --cases` of it alone is refused."""
    path = tmp_path / "ratio.toml"
    other = '[outputs.tries]\nunit = "1"\nvalue = "average(n * p)"\n'
    path.write_text(RATIO.replace("TRIES", "20") + other, encoding="utf-8")
    outputs = json.loads(command("run", path, "--samples", "65536", "--json").out)["results"]["outputs"]
    assert abs(outputs["cost"]["mean"] - 99 / 29) < 4 * outputs["cost"]["mean_error"]
    assert "cases" not in outputs["cost"]
    assert outputs["cost"]["reasons"]["cases"].startswith("in 0.4 % of draws a single case has no value")
    assert outputs["tries"]["cases"]["average"]["median"] == outputs["tries"]["median"]
    refused = command("run", path, "--samples", "65536", "--cases")
    assert refused.code == 2
    assert "outputs.cost: in 0.4 % of draws a single case has no value" in refused.err


NONE_FOUND = """
format = 1
[study]
title = "Cost of what is found"
headline = "a"
[inputs]
cost = { unit = "1", point = 100, distribution = "lognormal(100, 1.2)" }
p = { unit = "1", point = 0.5, distribution = "discrete(0, 0.5)" }
found = { unit = "1", point = 0.5, kind = "variability", distribution = "bernoulli(p)" }
[outputs]
a = { value = "FORMULA", unit = "1" }
"""


@pytest.mark.parametrize(
    "formula", ["cost / average(found)", "cost * sqrt(average(found) - 0.3)", "log(average(found) * cost)"]
)
def test_a_formula_of_averages_without_a_value_is_not_said_to_lack_it_in_some_case(tmp_path, formula):
    """Every case has a value in every draw; where p is 0, half of the draws, the formula has none."""
    path = tmp_path / "found.toml"
    path.write_text(NONE_FOUND.replace("FORMULA", formula), encoding="utf-8")
    with pytest.raises(un.NonFiniteError) as refused:
        un.propagate(un.load_study(path), samples=2**14)
    assert "outputs.a: is infinite or undefined, itself or in some case, for" in str(refused.value)
    assert "(50 %)" in str(refused.value)


BESIDE = """
format = 1
[study]
title = "One household beside the average"
headline = "p"
compare = ["p", "q"]
[inputs.h]
unit = "1"
point = 10
distribution = "lognormal(10, 2)"
kind = "variability"
[inputs.u]
unit = "1"
point = 1
distribution = "uniform(0.9, 1.1)"
[outputs.p]
value = "FORMULA"
unit = "1"
published = 1
reference = 2
[outputs.q]
value = "h * u / 10"
unit = "1"
over = "average"
"""


@pytest.mark.parametrize(
    ("formula", "mean"),
    [
        ("u * h / average(h)", 1),
        ("u * (h - average(h)) + 3", 3),
        # a lognormal lies above its mean where its logarithm lies above its own by half its variance
        ("u * where(h > average(h), 1, 0) + 3", 3 + stats.norm.sf(math.log(2) / 2)),
        ("u * average(h / average(h))", 1),
        ("u * average(h) / h", math.exp(math.log(2) ** 2)),
    ],
)
def test_single_cases_beside_their_average_are_not_told(formula, mean, tmp_path):
    path = tmp_path / "beside.toml"
    path.write_text(BESIDE.replace("FORMULA", formula), encoding="utf-8")
    study = un.load_study(path)
    run = un.propagate(study, samples=65536, cases=True)
    own = run.outputs["p"]
    assert abs(own.mean - mean) < 0.01 * mean
    assert own.any_case is own.cases is None
    said = "sets what differs from case to case beside average(…) of it, so that the average alone is told"
    assert own.cases_because == f'"p" {said}'
    assert f"The formula of “p” {said}." in str(outputs(run, explained=False).blocks)
    # an output whose cases are known keeps them beside it
    assert run.outputs["q"].any_case is not None
    readings = un.compare_readings(study, samples=16384)
    assert readings.conclusion.one_case is None
    for over in ("case", "median"):
        with pytest.raises(un.SettingError, match=r'over: expected "average": "p" sets what differs'):
            un.propagate(speaking_of(study, over), samples=16384)
    with pytest.raises(un.SettingError, match=r'cases: "p" sets what differs'):
        un.cases(study, samples=16384)


def test_alternatives_one_of_which_is_beside_its_average_are_compared_on_average(tmp_path):
    path = tmp_path / "beside.toml"
    path.write_text(BESIDE.replace("FORMULA", "u * h / average(h)"), encoding="utf-8")
    found = un.compare_alternatives(un.load_study(path), samples=16384)
    assert found.single is None
    assert found.no_single.startswith('"p" sets what differs from case to case beside average(…) of it')
    assert found.average.standings["p"].best.value == 1


@pytest.mark.parametrize(
    "formula", ["u * average(h) / 10", "average(h * u) / average(h + 1)", "average(h * 2)"]
)
def test_single_cases_of_averages_alone_are_told(formula, tmp_path):
    path = tmp_path / "alone.toml"
    path.write_text(BESIDE.replace("FORMULA", formula), encoding="utf-8")
    run = un.propagate(un.load_study(path), samples=16384, cases=True)
    assert run.outputs["p"].any_case is not None
    assert not run.outputs["p"].cases_because


@pytest.mark.parametrize(
    ("formula", "runs"), [("h / average(h)", False), ("average(h / average(h))", False), ("average(h)", True)]
)
def test_a_page_runs_no_study_of_cases_beside_their_average(formula, runs, tmp_path):
    path = tmp_path / "beside.toml"
    path.write_text(BESIDE.replace("FORMULA", f"u * {formula}"), encoding="utf-8")
    section = explorer_section(ReportContent(un.load_study(path), Settings(samples=16384)))
    assert (section.blocks[-1].kind == "explorer") == runs
    assert ("“p” sets what differs from case to case beside average(…) of it" in str(section.blocks)) != runs
