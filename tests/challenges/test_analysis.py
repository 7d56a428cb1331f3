"""Everything together: each part answers, or says in one line why it does not apply."""

import json

import pytest
from models import study_of

import uncertainty as un
from uncertainty.answers import challenge_document
from uncertainty.challenges.analysis import NO_THRESHOLD, ZERO_PUBLISHED
from uncertainty.errors import SettingError
from uncertainty.over_cases import speaking_of
from uncertainty.readings import differences_of
from uncertainty.results import dump
from uncertainty.study.model import Figure

SMALL = {"samples": 2**10, "threads": 1}


def parts(found):
    """Return the parts of an output's challenge, each an answer or a line."""
    return {
        "break_even": found.break_even,
        "design_points": found.design_points,
        "stress": found.stress,
        "multiverse": found.multiverse,
        "robustness": found.robustness,
    }


@pytest.fixture(scope="module")
def flagship_found(request):
    study = speaking_of(un.load_study("ai-vs-human"), "case")
    return un.challenge(study, samples=2**10, threads=1)


@pytest.mark.slow
def test_the_headline_is_challenged_unless_told_otherwise(ratio):
    assert [*un.challenge(ratio, **SMALL).outputs] == ["ratio"]
    with pytest.raises(SettingError, match='unknown output "ration"; did you mean "ratio"'):
        un.challenge(ratio, output="ration", **SMALL)


@pytest.mark.slow
def test_the_threshold_given_replaces_the_default_ones(ratio):
    found = un.challenge(ratio, threshold=5, **SMALL).outputs["ratio"]
    assert [limit.kind for limit in found.thresholds] == ["given"]
    assert found.break_even["old"][0].value == pytest.approx(25)
    assert found.design_points["given"].inputs["old"].value < 100
    assert found.stress.keys() == {"given"}


@pytest.mark.slow
def test_what_would_have_to_be_true_is_asked_under_the_reading_asked_for(ratio):
    found = un.challenge(ratio, reading="repeated", threshold=5, **SMALL).outputs["ratio"]
    assert found.break_even["old"][0].value == pytest.approx(75)
    assert found.verdict.leading == ("as_published", "repeated", "hopeless")


@pytest.mark.slow
def test_the_same_settings_give_the_same_document_whatever_the_threads(ratio):
    first, second = (dump(challenge_document(un.challenge(ratio, samples=2**12, threads=n))) for n in (1, 2))
    assert first == second


def test_without_choices_readings_and_published_figures_each_part_answers_or_says_why():
    study = study_of(lambda a, b: {"y": a * b}, {"a": "lognormal(10, 2)", "b": "uniform(1, 2)"})
    found = un.challenge(study, **SMALL).outputs["y"]
    assert found.verdict.sentence.startswith("“y” is about 15 (95 % interval ")
    assert found.verdict.arithmetic.startswith("The study has no published figure")
    assert parts(found) | {"robustness": None} == {
        "break_even": NO_THRESHOLD,
        "design_points": NO_THRESHOLD,
        "stress": NO_THRESHOLD,
        "multiverse": "the study lists no modelling choices",
        "robustness": None,
    }
    assert found.robustness.own.driver == "a"


def test_a_published_zero_is_not_said_to_be_unpublished():
    study = study_of(lambda a: {"y": a}, {"a": "normal(0, 1)"}, published=Figure(0.0, 1))
    found = un.challenge(study, **SMALL).outputs["y"]
    assert (found.break_even, found.design_points) == (ZERO_PUBLISHED, ZERO_PUBLISHED)


def test_one_input_is_enough():
    study = study_of(lambda a: {"y": a}, {"a": "normal(5, 1)"}, reference=4.0)
    found = un.challenge(study, **SMALL).outputs["y"]
    assert found.break_even["a"][0].value == pytest.approx(4)
    assert found.break_even["a"][1].value == pytest.approx(4)
    assert found.design_points["reference"].distance == pytest.approx(1)
    assert found.stress["reference"].failing == pytest.approx(0.16, abs=0.01)
    assert found.robustness.own.driver == "a"


def test_nothing_that_varies_is_said_part_by_part():
    study = study_of(lambda a: {"y": a}, {"a": "fixed(5)"}, reference=4.0)
    found = un.challenge(study, **SMALL).outputs["y"]
    assert found.break_even["a"][0].value == pytest.approx(4)
    assert found.design_points["reference"] == "no input varies"
    assert found.stress["reference"] == "no input varies"
    assert found.robustness == "no input varies"


@pytest.mark.slow
def test_differences_are_told_beside_a_ratio(flagship, flagship_found):
    leading = flagship_found.outputs[flagship.headline].verdict.leading
    names = differences_of(flagship)
    assert tuple(flagship_found.differences) == names
    assert {"net_grams_saved_per_page", "rebound_break_even_page"} <= set(names)
    assert all([*found] == [*leading] for found in flagship_found.differences.values())


@pytest.mark.slow
def test_the_flagships_equal_quality_factor_has_a_break_even(flagship, flagship_found):
    rows = flagship_found.outputs[flagship.headline].break_even["quality_factor"]
    parity = next(row for row in rows if row.threshold.kind == "reference" and row.others == "points")
    assert parity.value == pytest.approx(2847.3, rel=1e-4)


KEYS = {
    "verdict",
    "judgement",
    "quotations",
    "arithmetic",
    "reproduced_by",
    "conclusion",
    "leading",
    "readings",
    "inputs",
    "thresholds",
    "break_even",
    "design_point",
    "stress",
    "multiverse",
    "robustness",
}


def test_the_document_has_the_contracts_keys(ratio):
    document = json.loads(dump(challenge_document(un.challenge(ratio, **SMALL))))
    assert document["command"] == "challenge"
    found = document["results"]["outputs"]["ratio"]
    assert found.keys() == KEYS
    assert found["readings"].keys() == ratio.readings.keys()
    assert len(found["multiverse"]["universes"]) == 5
    assert found["break_even"]["old"]["reference"]["points"]["value"] == pytest.approx(5)


@pytest.mark.slow
def test_the_flagships_document_has_the_contracts_keys_and_plain_numbers(flagship, flagship_found):
    document = json.loads(dump(challenge_document(flagship_found)))
    assert document["command"] == "challenge"
    assert document["settings"]["samples"] == 2**10
    found = document["results"]["outputs"][flagship.headline]
    assert found.keys() == KEYS
    assert "more than the data" in found["verdict"]
    assert found["conclusion"]["convention"]["decides"] is True
    assert found["readings"].keys() == flagship.readings.keys()
    assert {"universes", "choices"} <= found["multiverse"].keys()
    assert len(found["multiverse"]["universes"]) == 468
    assert found["break_even"]["energy_per_image[midjourney]"]["tenth"]["points"]["value"] == pytest.approx(
        43.64, abs=0.01
    )


def test_a_part_that_does_not_apply_has_its_reason_in_the_document():
    study = study_of(lambda a: {"y": a}, {"a": "uniform(1, 2)"})
    document = challenge_document(un.challenge(study, **SMALL))
    found = document["results"]["outputs"]["y"]
    assert found["break_even"] == {"reason": NO_THRESHOLD}
    assert found["multiverse"] == {"reason": "the study lists no modelling choices"}
    assert document["results"]["differences"] == {}


@pytest.mark.slow
def test_progress_ends_at_the_whole(ratio):
    seen = []
    un.challenge(ratio, progress=lambda done, total: seen.append((done, total)), **SMALL)
    assert seen[-1] == (1000, 1000)
    assert seen == sorted(seen)
