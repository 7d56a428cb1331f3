"""Calculations with very many inputs: what is asked of single inputs is asked of those that matter most."""

import json

import numpy as np
import pytest

import uncertainty as un
from uncertainty.answers import challenge_document
from uncertainty.challenges import response
from uncertainty.challenges.response import MOST_ASKED, make_response
from uncertainty.pages.wording import asked_sentence
from uncertainty.results import dump
from uncertainty.sensitivity.short_version import able_sets
from uncertainty.settings import Settings
from uncertainty.study.scenario import scenario


def total(**inputs):
    return {"y": sum(inputs.values())}


def sum_of(spreads, points=()):
    """Return a sum of normal inputs of some spreads, and of some numbers."""
    inputs = {f"a{i}": f"normal(1, {spread})" for i, spread in enumerate(spreads)}
    inputs |= {f"b{i}": str(point) for i, point in enumerate(points)}
    return un.Study.from_function(total, inputs)


def response_of(study):
    return make_response(scenario(study, Settings().reading), "y")


@pytest.mark.parametrize(("varying", "fixed"), [(3, 2), (MOST_ASKED, 0), (20, MOST_ASKED - 20)])
def test_every_input_is_asked_about_where_they_are_few(varying, fixed):
    asked = response_of(sum_of([0.1] * varying, [1] * fixed)).asked
    assert asked == tuple(range(varying + fixed))


def test_of_very_many_inputs_those_that_move_the_output_most_are_asked_about():
    spreads = np.full(200, 0.01)
    spreads[7::10] = 1.0
    asked = response_of(sum_of(spreads, [5] * 100)).asked
    assert len(asked) == MOST_ASKED
    assert set(range(7, 200, 10)) <= set(asked)
    assert max(asked) < 200


@pytest.mark.slow
def test_a_challenge_says_of_how_many_inputs_it_asks(monkeypatch):
    monkeypatch.setattr(response, "MOST_ASKED", 3)
    result = un.challenge(sum_of([0.1] * 4 + [0.2]), threshold=4.5, samples=2**8)
    found = result.outputs["y"]
    assert (found.asked, found.reaching) == (3, 5)
    assert len(found.break_even) == 3
    assert "a4" in found.break_even
    assert {each.input for each in found.robustness.of_kind("median")} <= set(found.break_even)
    assert asked_sentence(found).startswith("5 inputs reach this output; ")
    document = json.loads(dump(challenge_document(result)))
    assert document["results"]["outputs"]["y"]["inputs"] == {"asked": 3, "reaching": 5}


@pytest.mark.slow
def test_nothing_is_said_where_all_inputs_are_asked_about():
    found = un.challenge(sum_of([0.1] * 3), threshold=2, samples=2**8).outputs["y"]
    assert asked_sentence(found) == ""


@pytest.mark.parametrize(("inputs", "size"), [(30, 23), (30, 15), (40, 20), (60, 30)])
def test_sets_that_cannot_reach_a_share_are_never_begun(inputs, size):
    """There are up to 10^17 sets of these sizes, of which none reaches the share."""
    totals = {f"a{i}": 1 / inputs for i in range(inputs)}
    assert list(able_sets(totals, size, (size + 0.5) / inputs)) == []


def test_the_sets_that_reach_a_share_are_all_found():
    """By hand: the pairs of 5, 4, 3, 1 that add up to at least 7."""
    totals = {"a": 5.0, "b": 4.0, "c": 3.0, "d": 1.0}
    assert list(able_sets(totals, 2, 7.0)) == [("a", "b"), ("a", "c"), ("b", "c")]
    assert list(able_sets(totals, 1, 4.0)) == [("a",), ("b",)]
    assert list(able_sets(totals, 3, 100.0)) == []
