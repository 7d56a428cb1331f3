"""Members of one score are one input wherever inputs are asked about one at a time, by closed forms.

The members of x lie at 2 + 2z, at 1 + 2Φ(z) and at 2 + z, where z is their one score; y is normal(1, 1).
"""

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm, poisson

import uncertainty as un
from uncertainty.challenges.breakeven import break_even
from uncertainty.challenges.dependence import examine_dependence, unargued
from uncertainty.challenges.designpoint import find_design_point
from uncertainty.challenges.normalspace import make_normal_space
from uncertainty.challenges.response import make_response
from uncertainty.challenges.robustness import examine_robustness
from uncertainty.challenges.stress import reverse_stress
from uncertainty.challenges.thresholds import Threshold
from uncertainty.pages.wording import design_point_sentence
from uncertainty.sensitivity.effects import describe_drivers
from uncertainty.settings import Settings
from uncertainty.study.one_score import item_of, one_scores, point_of, quantiles_of
from uncertainty.study.scenario import scenario

STUDY = """
format = 1
[study]
title = "Members of one score"
headline = "total"
[indices.place]
members = ["a", "b", "c"]
[indices.time]
members = ["now", "then"]
[inputs.x]
label = "Rate"
unit = "kg"
index = ["place"]
point = 2
distribution = {own}
across = "same"
[inputs.y]
unit = "kg"
point = 1
distribution = "normal(1, 1)"
{more}
[outputs.total]
value = "sum(x) + y{added}"
unit = "kg"
reference = 19
"""

MIXED = '{ a = "normal(2, 2)", b = "uniform(1, 3)", c = "normal(2, 1)" }'
ALIKE = '"normal(2, 2)"'
Z = """
[inputs.z]
unit = "kg"
index = ["place"]
point = 0
distribution = "normal(0, 1)"
across = "same"
[[correlations]]
inputs = ["x", "z"]
spearman = 0.5
"""
LIMIT = Threshold("given", 19.0, False)


@pytest.fixture
def plan_of(write_study):
    def make(own=ALIKE, more="", added=""):
        text = STUDY.replace("{own}", own).replace("{more}", more).replace("{added}", added)
        return scenario(un.load_study(write_study(text)))

    return make


def mixed(z):
    """Return the total where the score of the members is z, y being at its point."""
    return 6 + 3 * z + 2 * norm.cdf(z)


def crossing(limit):
    return norm.cdf(brentq(lambda z: mixed(z) - limit, -9, 9))


def space_of(plan):
    return make_normal_space(make_response(plan, "total"))


@pytest.mark.parametrize("start", ["points", "medians"])
def test_a_tornado_moves_members_of_one_score_together(plan_of, start):
    view = un.tornado(plan_of(MIXED).study, start=start)
    assert list(view.paths) == ["x", "y"]
    assert view.paths["x"].inputs == view.probabilities
    assert view.paths["x"].outputs == pytest.approx(mixed(norm.ppf([0.05, 0.5, 0.95])))
    assert view.paths["x"].swing == pytest.approx(6 * norm.ppf(0.95) + 1.8)


def test_a_break_even_is_the_quantile_at_which_members_cross_together(plan_of):
    points, distributed = break_even(space_of(plan_of(MIXED)), (Threshold("given", 10.0, False),), 1)["x"]
    assert [points.value, points.quantile] == pytest.approx([crossing(10)] * 2, abs=1e-8)
    # the median of y is its mean, and the sum's median moves with it
    assert abs(distributed.value - crossing(10)) <= 4 * distributed.error < 1e-3


@pytest.mark.slow
def test_the_error_of_a_break_even_quantile_is_that_of_the_median_over_the_slope_there(plan_of):
    _, found = break_even(space_of(plan_of()), (LIMIT,), 1)["x"]
    assert found.status == "crosses"
    assert abs(found.value - norm.cdf(2)) <= 4 * found.error
    # 6 of a score, which is the quantile's density off; the median of y has the error 1.25 of a mean at most
    assert 0 < found.error < norm.pdf(2) / 6 * 1.25 / math.sqrt(2**12)


@pytest.mark.slow
def test_inputs_correlated_with_members_of_one_score_follow_them(plan_of):
    found = break_even(space_of(plan_of(more=Z, added=" + sum(z)")), (LIMIT,), 1)
    assert list(found) == ["x", "y", "z"]
    slope = 6 + 3 * 2 * math.sin(math.pi / 12)
    points, distributed = found["x"]
    assert points.value == pytest.approx(norm.cdf(2), abs=1e-8)
    assert abs(distributed.value - norm.cdf(12 / slope)) <= 4 * distributed.error


def test_a_design_point_has_one_distance_for_members_of_one_score(plan_of):
    plan = plan_of()
    found = find_design_point(space_of(plan), LIMIT, 1)
    assert found.distance == pytest.approx(12 / math.sqrt(37), rel=1e-6)
    assert {name: each.contribution for name, each in found.inputs.items()} == pytest.approx(
        {"x": 36 / 37, "y": 1 / 37}, abs=1e-4
    )
    assert found.inputs["x"].value == pytest.approx(norm.cdf(72 / 37), abs=1e-5)
    said = design_point_sentence(plan.study, plan.study.outputs["total"], found, LIMIT)
    assert "Rate at 0.974 quantile (median 0.500)" in said


def test_stress_tells_what_fails_by_one_range_of_members_of_one_score(plan_of):
    found = reverse_stress(space_of(plan_of()), Threshold("given", 13.0, False), 1)
    assert [shift.input for shift in found.shifts] == ["x", "y"]
    assert {each.input for each in found.box} <= {"x", "y"}


def test_other_distributions_are_those_of_all_members_at_once(plan_of):
    found = examine_robustness(space_of(plan_of()), (LIMIT,), Settings())
    wide = next(each for each in found.answers if (each.kind, each.change) == ("spread", 2.0))
    low, high = 7 + 2 * math.sqrt(37) * norm.ppf([0.025, 0.975])
    assert abs(wide.low.value - low) <= 4 * wide.low.error
    assert abs(wide.high.value - high) <= 4 * wide.high.error
    moved = [each for each in found.answers if each.input == "x"]
    assert {each.driver for each in found.answers} == {"x"}
    # each member's median moves by that share of its own 90 % range
    by = {each.change: each.median.value - found.own.median.value for each in moved}
    assert by == pytest.approx({share: share * 3 * 4 * norm.ppf(0.95) for share in by}, rel=1e-6)


def test_members_of_one_score_go_together_with_another_input_as_one(plan_of):
    plan = plan_of()
    assert unargued(plan.study).pairs == (("x", "y"),)
    pairs, _ = examine_dependence(plan, "total", Settings())
    assert {each.inputs for each in pairs} == {("x", "y")}
    for each in pairs:
        spread = math.sqrt(37 + 12 * 2 * math.sin(math.pi / 6 * each.spearman))
        low, high = 7 + spread * norm.ppf([0.025, 0.975])
        assert abs(each.low.value - low) <= 4 * each.low.error
        assert abs(each.high.value - high) <= 4 * each.high.error


def test_members_that_differ_in_another_index_are_an_input_for_each_of_its_members(plan_of):
    more = """
[inputs.w]
unit = "kg"
index = ["place", "time"]
point = 0
distribution = "normal(0, 1)"
across = { place = "same" }
"""
    plan = plan_of(more=more, added=" + sum(w)")
    assert [each.name for each in one_scores(plan)] == ["w[now]", "w[then]", "x"]
    view = un.tornado(plan.study)
    swing = 2 * 3 * norm.ppf(0.95)
    assert view.paths["w[now]"].swing == view.paths["w[then]"].swing == pytest.approx(swing)


@pytest.mark.parametrize("fixed", ["x[a]", "x[b]", "x[c]"])
def test_a_fixed_member_stays_and_the_others_move_together(plan_of, fixed):
    study = plan_of().study
    view = un.tornado(study, overrides={fixed: "2"})
    assert {name: path.swing for name, path in view.paths.items()} == pytest.approx(
        {"x": 2 * 4 * norm.ppf(0.95), "y": 2 * norm.ppf(0.95)}
    )
    draws = un.draw_sample(study, overrides={fixed: "2"}, samples=64).inputs
    one, other = {"x[a]", "x[b]", "x[c]"} & draws.keys()
    assert (draws[one] == draws[other]).all()


def test_an_input_that_is_fixed_as_a_whole_is_left_out(plan_of):
    assert list(un.tornado(plan_of().study, overrides={"x": "2"}).paths) == ["y"]


def test_a_member_that_varies_or_reaches_an_output_alone_is_asked_for_itself(plan_of):
    plan = plan_of(own='{ a = "normal(2, 2)" }')
    assert one_scores(plan) == ()
    assert list(un.tornado(plan.study).paths) == ["x[a]", "y"]
    plan = plan_of(added=" - x[b] - x[c]", more='[outputs.one]\nvalue = "x[a]"\nunit = "kg"')
    assert list(un.tornado(plan.study, output="one").paths) == ["x[a]"]
    response = make_response(plan, "one")
    assert [response.inputs[each] for each in response.asked] == ["x[a]"]


def test_points_at_several_quantiles_stand_at_that_of_their_mean_score(plan_of):
    plan = plan_of(MIXED)
    assert point_of(plan, "x") == pytest.approx(0.5)
    assert point_of(plan, "y") == 1
    (apart,) = one_scores(plan_of('{ a = "normal(0, 2)", b = "normal(2, 1)" }'))
    assert apart.members == ("x[a]", "x[b]")
    assert apart.point == pytest.approx(norm.cdf(0.5))
    np.testing.assert_allclose(apart.values(np.array([0.5])), [[0.0], [2.0]])
    item = item_of(plan.study, "x")
    assert (item.title, item.unit.text, item.low, item.high) == ("Rate", "quantile", 0.0, 1.0)
    assert item_of(plan.study, "x[a]") is plan.study.inputs["x[a]"]


def test_members_of_one_score_that_have_parameters_move_by_their_own_score(plan_of):
    more = '[inputs.middle]\nunit = "kg"\npoint = 2\ndistribution = "normal(2, 1)"'
    view = un.tornado(plan_of('"normal(middle, 2)"', more).study)
    assert {name: path.swing for name, path in view.paths.items()} == pytest.approx(
        {name: 2 * each * norm.ppf(0.95) for name, each in (("x", 6), ("middle", 3), ("y", 1))}
    )


def test_quantiles_among_draws_are_told_by_any_member():
    coarse, fine = np.array([0.0, 0.0, 1.0, 1.0]), np.array([1.0, 1.0, 2.0, 5.0])
    np.testing.assert_allclose(quantiles_of([coarse, fine]), [0.25, 0.25, 0.625, 0.875])


def test_shapley_effects_of_members_of_one_score_are_those_of_one_input(plan_of):
    found = un.shapley(plan_of(more=Z, added=" + sum(z)").study, samples=1024).effects
    assert set(found) == {"x", "y", "z"}
    # Song, Nelson & Staum 2016, of two correlated normal inputs with the coefficients 6 and 3
    r = 2 * math.sin(math.pi / 12)
    whole = 36 + 9 + 36 * r + 1
    x, z = (own * (1 - r**2 / 2) + 18 * r + other * r**2 / 2 for own, other in ((36, 9), (9, 36)))
    for name, expected in (("x", x), ("z", z), ("y", 1)):
        half = (found[name].interval[1] - found[name].interval[0]) / 2
        assert abs(found[name].value - expected / whole) <= 2 * half


@pytest.mark.slow
def test_shapley_effects_of_discrete_members_of_one_score_are_those_of_one_input(plan_of):
    own = '{ a = "poisson(4)", b = "poisson(9)", c = "poisson(9)" }'
    found = un.shapley(plan_of(own).study, samples=1024).effects
    u = (np.arange(10**6) + 0.5) / 10**6
    variance = float(np.var(poisson.ppf(u, 4) + 2 * poisson.ppf(u, 9)))
    assert set(found) == {"x", "y"}
    half = (found["x"].interval[1] - found["x"].interval[0]) / 2
    assert abs(found["x"].value - variance / (variance + 1)) <= 2 * half


def test_elementary_effects_of_members_of_one_score_are_those_of_one_input(plan_of, write_study):
    found = un.morris(plan_of().study, trajectories=16)
    text = STUDY.replace("{own}", ALIKE).replace("{more}", "").replace("{added}", "")
    text = text.replace('index = ["place"]\n', "").replace('across = "same"\n', "").replace("sum(x)", "3 * x")
    alone = un.morris(un.load_study(write_study(text)), trajectories=16)
    for name in ("x", "y"):
        assert found.inputs[name] == pytest.approx(alone.inputs[name])
    assert found.model_rows == alone.model_rows
    with pytest.raises(un.SettingError, match="inputs are correlated"):
        un.morris(plan_of(more=Z, added=" + sum(z)").study)


def test_a_budget_has_one_line_for_members_of_one_score(plan_of):
    budget = un.linear_budget(plan_of(MIXED, Z, " + sum(z)").study)
    # the linear correlation of a normal and a uniform quantity of one score is the square root of 3 / π
    squared = 9 + 1 / 3 + 2 * 3 * math.sqrt(1 / 3) * math.sqrt(3 / math.pi)
    line = budget.lines["x"]
    assert list(budget.lines) == ["x", "z", "y"]
    assert (line.unit, line.estimate, line.uncertainty) == ("score", 0.0, 1.0)
    assert line.contribution == pytest.approx(math.sqrt(squared), rel=1e-6)
    assert line.share == pytest.approx(squared / budget.uncertainty**2, rel=1e-6)
    (pair,) = budget.covariances
    assert pair.inputs == ("x", "z")
    assert math.fsum([*(each.share for each in budget.lines.values()), pair.share]) == pytest.approx(1)


def test_draws_say_of_members_of_one_score_what_they_say_of_one_input(plan_of):
    study = plan_of().study
    sample = un.draw_sample(study, samples=4096)
    assert set(sample.inputs) == {"x[a]", "x[b]", "x[c]", "y"}
    found = un.given_data(sample, moment_independent=False)["total"].inputs
    assert list(found) == ["x", "y"]
    expected = 6 / math.pi * math.asin(6 / math.sqrt(37) / 2)
    low, high = found["x"].spearman.interval
    assert abs(found["x"].spearman.value - expected) <= high - low


def test_sobol_indices_and_what_follows_them_speak_of_one_input(plan_of):
    study = plan_of().study
    indices = un.sobol(study, samples=1024, by="input")
    assert list(indices.outputs["total"].indices) == ["x", "y"]
    assert indices.correlated == ()
    details = describe_drivers(indices, "total")
    assert list(details.effects.curves) == list(details.effects.remaining) == ["x", "y"]
    # what remains is the spread of y
    left = details.effects.remaining["x"]
    assert left.interval[1] - left.interval[0] == pytest.approx(2 * norm.ppf(0.975), rel=0.02)
    assert details.short.shortened[0.8].inputs == ("x",)


def test_what_it_is_worth_to_know_members_of_one_score_is_told_of_one_input(plan_of, write_study):
    more = '[outputs.other]\nvalue = "6[kg] + y - y"\nunit = "kg"'
    text = STUDY.replace("{own}", ALIKE).replace("{more}", more).replace("{added}", " - y")
    study = un.load_study(write_study(text))
    found = un.compare_alternatives(study, outputs=["total", "other"], samples=4096)
    worth = found.worth["x"].estimate
    # of the 6 that the members add to, 6 times half of a standard normal's mean size
    assert abs(worth.value - 6 / math.sqrt(2 * math.pi)) <= 4 * worth.error
    assert not {"x[a]", "x[b]", "x[c]"} & found.worth.keys()


@pytest.mark.slow
def test_pages_name_members_of_one_score_by_their_input(plan_of):
    study = plan_of(MIXED).study
    settings = Settings(samples=4096)
    shown = un.challenge(study, settings=settings)._repr_html_()
    assert "Rate (quantile)" in shown
    for each in (
        un.tornado(study),
        un.linear_budget(study, settings=settings),
        un.shapley(study, samples=256),
        un.morris(study, trajectories=16),
        un.given_data(un.draw_sample(study, settings=settings), moment_independent=False)["total"],
        un.sobol(study, samples=256),
        un.short_version(study, samples=256),
    ):
        shown += each._repr_html_()
    assert not [each for each in ("x[a]", "Rate (a)") if each in shown]
