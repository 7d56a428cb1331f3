"""Ratios of averages over cases, of which a single case may have no value: closed forms and what is told."""

import json
import math

import pytest
from scipy import stats

import uncertainty as un
from uncertainty.pages.sections.intervals import outputs
from uncertainty.sampling.running import _averaging
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
def test_a_ratio_that_too_many_single_cases_lack_is_refused_as_one_of_single_cases(tmp_path):
    path = tmp_path / "ratio.toml"
    path.write_text(RATIO.replace("TRIES", "5"), encoding="utf-8")
    study = un.load_study(path)
    with pytest.raises(un.NonFiniteError, match="in any one case is infinite or undefined for"):
        un.propagate(study, samples=16384, cases=True, whole=False)
    assert math.isfinite(un.propagate(study, samples=16384).outputs["cost"].mean)


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
    assert _averaging(plan, list(plan.study.outputs)) == {"cost", "twice"}
    assert _averaging(plan, ["single", "all"]) == _averaging(plan, []) == frozenset()
    study = un.Study.from_function(lambda a: {"y": a}, {"a": "normal(0, 1)"})
    assert _averaging(scenario(study), ["y"]) == frozenset()


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
