"""Inputs that are members of an index: no analysis takes their places for amounts."""

import re
from dataclasses import replace

import pytest
from models import limit

import uncertainty as un
from uncertainty.challenges.breakeven import break_even
from uncertainty.challenges.dependence import top_drivers
from uncertainty.challenges.designpoint import find_design_point
from uncertainty.challenges.normalspace import make_normal_space
from uncertainty.challenges.response import make_response
from uncertainty.challenges.shifts import Shift
from uncertainty.challenges.stress import reverse_stress
from uncertainty.pages.break_even_words import break_even_text
from uncertainty.pages.wording import (
    stress_sentence,
)
from uncertainty.study.scenario import scenario

STUDY = """
format = 1
[study]
title = "Three accounts of one mass"
headline = "mass"
[indices.account]
members = { low = "the low account", middle = "the middle account", high = "the high account" }
[inputs.by_account]
unit = "kg"
index = ["account"]
point = { low = 1, middle = 40, high = 3 }
[inputs.account_used]
label = "Which account"
member_of = "account"
point = "low"
distribution = "one_of(low=2, middle=1, high=1)"
[inputs.factor]
unit = "1"
point = 1
distribution = "uniform(0.9, 1.1)"
[outputs.mass]
value = "by_account[account_used] * factor"
unit = "kg"
reference = 10
claim = "at most"
"""


@pytest.fixture(scope="module")
def space(tmp_path_factory):
    path = tmp_path_factory.mktemp("members") / "accounts.toml"
    path.write_text(STUDY, encoding="utf-8")
    return make_normal_space(make_response(scenario(un.load_study(path)), "mass"))


TEN = limit(10, above=False)


def test_a_break_even_names_the_members_that_turn_the_claim(space):
    asked = break_even(space, (TEN,), seed=1)["account_used"]
    assert [(row.status, row.members, row.value, row.quantile) for row in asked] == [
        ("crosses", ("middle",), None, None)
    ] * 2
    plan = space.response.plan
    item, own = plan.study.inputs["account_used"], plan.distributions["account_used"]
    assert break_even_text(asked[0], item, 0.0, own) == "the middle account"


def test_a_design_point_lies_no_farther_off_for_a_member(space):
    point = find_design_point(space, TEN, seed=1)
    assert point.distance == 0
    assert point.inputs["account_used"].value == 1


def test_draws_beyond_are_told_apart_by_their_members(space):
    told = reverse_stress(space, TEN, seed=1)
    first = told.shifts[0]
    assert (first.input, first.member) == ("account_used", "middle")
    assert (first.shift, first.distance) == pytest.approx((1, 1))
    assert all(side.input != "account_used" for side in told.box)
    study = space.response.plan.study
    sentence = stress_sentence(study, study.outputs["mass"], told, TEN)
    assert "Which account (“the middle account” 100 percentage points more often)" in sentence
    # other shares of the same are of more draws
    assert re.match(r"About \d+ % of draws ", sentence)
    assert stress_sentence(study, study.outputs["mass"], replace(told, failing=1e-5), TEN).startswith(
        "Under 0.1 %"
    )


def test_no_rank_correlation_is_asked_of_members(space):
    assert top_drivers(space.response.plan, "mass") == []


def test_an_input_whose_median_is_the_same_sets_no_draws_apart(space):
    told, study = reverse_stress(space, TEN, seed=1), space.response.plan.study
    far, same = Shift("factor", -0.5, 0.6), Shift("account_used", -0.004, 0.3)
    for shifts, words in (
        ((same, far), "what sets them apart is"),
        ((far, same), "(50 percentiles lower)"),
        ((same,), "no input's median sets them apart"),
    ):
        sentence = stress_sentence(study, study.outputs["mass"], replace(told, shifts=shifts), TEN)
        assert words in sentence
        assert " 0 percent" not in sentence
        assert "(0 percent" not in sentence
