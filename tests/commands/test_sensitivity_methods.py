"""`uncertainty sensitivity` by other methods, and with the options of Sobol' indices."""

import json

import pytest
from command_line import flat

import uncertainty as un
from uncertainty.sensitivity.given_data import given_data

QUICK = ("--samples", "2048")

CORRELATED = """
[[correlations]]
inputs = ["distance", "intensity"]
spearman = 0.5
"""


def document(command, *arguments):
    return read(command("sensitivity", *arguments, "--json"))


def read(found):
    assert (found.code, found.err) == (0, "")
    return json.loads(found.out)


@pytest.fixture
def correlated(write_study, small_text):
    return write_study(small_text + CORRELATED)


@pytest.mark.slow
def test_a_tolerance_that_is_reached_is_said(command, write_study):
    out = flat(command("sensitivity", write_study(), "--tolerance", "0.2", "--samples", "65536").out)
    assert "Every index is within ±0.2." in out
    assert "16,384 base points, scrambled" in out


@pytest.mark.slow
def test_a_tolerance_that_is_not_reached_is_said(command, write_study):
    out = flat(command("sensitivity", write_study(), *QUICK, "--tolerance", "1e-9").out)
    assert "The budget of 2,048 base points ended before every index was within ±1e-09" in out


@pytest.mark.slow
def test_pairs_come_on_request(command, write_study):
    path = write_study()
    assert "S2" not in document(command, path, *QUICK)["results"]["outputs"]["yearly"]
    rows = document(command, path, *QUICK, "--second-order")["results"]["outputs"]["yearly"]["S2"]
    assert {tuple(sorted(row["inputs"])) for row in rows} == {
        ("distance", "intensity"),
        ("distance", "trips"),
        ("intensity", "trips"),
    }
    assert all(row["S2_interval"][0] <= row["S2"] <= row["S2_interval"][1] for row in rows)
    assert "No pair of inputs" in flat(command("sensitivity", path, *QUICK, "--second-order").out)


def test_correlated_inputs_are_one_line_unless_single_inputs_are_asked_for(command, correlated):
    found = command("sensitivity", correlated, *QUICK)
    assert "Correlated inputs count as one" in flat(found.out)
    assert set(document(command, correlated, *QUICK)["results"]["outputs"]["yearly"]["indices"]) == {
        "distance+intensity",
        "trips",
    }
    refused = command("sensitivity", correlated, *QUICK, "--by", "input")
    assert refused.code == 2
    assert refused.err.startswith("error: by input: distance and intensity are correlated")
    assert refused.out == ""


def test_shapley_effects_share_out_what_correlated_inputs_explain(command, correlated):
    found = document(command, correlated, *QUICK, "--method", "shapley")
    rows = found["results"]["outputs"]["yearly"]["shapley"]
    assert found["settings"]["method"] == "shapley"
    assert sum(row["effect"] for row in rows.values()) == pytest.approx(1)
    assert "Shapley effect" in command("sensitivity", correlated, *QUICK, "--method", "shapley").out


@pytest.mark.slow
def test_draws_alone_serve(command, correlated):
    found = document(command, correlated, *QUICK, "--method", "draws")
    row = found["results"]["outputs"]["yearly"]["draws"]["distance"]
    assert set(row) >= {"S1", "S1_interval", "neighbour_S1", "spearman", "delta", "pawn"}
    assert "Borgonovo" in command("sensitivity", correlated, *QUICK, "--method", "draws").out


def test_screening_ranks_inputs(command, write_study):
    found = document(command, write_study(), "--samples", "20", "--method", "morris")
    rows = found["results"]["outputs"]["yearly"]["morris"]
    assert list(rows) == ["distance", "intensity", "trips"]
    out = flat(command("sensitivity", write_study(), "--method", "morris").out)
    assert "64 trajectories, 256 model runs, seed 1" in out
    # of a uniform input with a slope of 1 it is the whole range, more than the middle 95 % changes
    assert "output's change, divided by the share of the distribution that the step crosses" in out


def test_one_scale_may_be_asked_for(small_drivers):
    both = read(small_drivers("--json"))["results"]["outputs"]["yearly"]
    assert (both["scale"], set(both["linear"]["indices"])) == ("log10", set(both["indices"]))
    alone = read(small_drivers("--scale", "linear", "--json"))["results"]["outputs"]["yearly"]
    assert alone["scale"] == "linear"
    assert "linear" not in alone


def test_a_choice_can_be_an_input(command, write_study):
    found = document(command, write_study(), *QUICK, "--as-input", "sharing")
    assert "choices.sharing" in found["results"]["outputs"]["yearly"]["indices"]
    assert found["settings"]["choices_as_inputs"] == ["sharing"]
    assert "Who else is in the car?" in command("sensitivity", write_study(), "--as-input", "sharing").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--method", "shaply"], 'error: --method: unknown method "shaply"; did you mean "shapley"?'),
        (["--method", "morris", "--by", "input"], "error: --by: belongs to the method sobol, not to morris"),
        (["--method", "draws", "--as-input", "car"], "error: --as-input: belongs to the method sobol"),
        (
            ["--method", "morris", "--engine", "processes"],
            "error: --engine: morris always runs in this",
        ),
        (["--engine", "dusk"], 'error: --engine: unknown engine "dusk"; did you mean "dask"?'),
        (["--tolerance", "x"], 'expected a number from 0 to below 1, found "x"'),
        (["--scale", "log"], 'error: --scale: unknown scale "log"; did you mean "log10"?'),
        (["--as-input", "cars"], 'error: unknown choice "cars"; did you mean "car"?'),
    ],
)
def test_bad_options_are_refused_in_one_line(command, write_study, arguments, message):
    found = command("sensitivity", write_study(), *arguments)
    assert found.code == 2
    assert message in flat(found.err)
    assert found.out == ""


def test_the_linear_scale_stands_beside_the_logarithm(small_drivers):
    out = flat(small_drivers().out)
    assert "On the linear scale, of the variance of amounts, with interactions: distance" in out
    assert "On the linear scale" not in small_drivers("--scale", "linear").out


def test_what_is_worth_knowing_next_and_the_least_that_explains_most(small_drivers):
    out = flat(small_drivers().out)
    assert "What is worth measuring next: from the draws of this table, the 95 % interval is now" in out
    assert "narrower" in out
    assert "“distance” and “intensity” together explain" in out
    quiet = small_drivers("--quiet").out
    assert "worth measuring" not in quiet


def test_the_document_holds_what_a_person_is_shown_of_the_drivers(small_drivers):
    outputs = read(small_drivers("--json"))["results"]["outputs"]
    details = outputs["yearly"]["details"]
    assert (list(details["remaining"]), list(details["differing"])) == (["distance", "intensity"], ["trips"])
    assert details["short_version"]["0.8"]["inputs"] == ["distance", "intensity"]
    assert len(details["curves"]["distance"]["at"]) == len(details["curves"]["distance"]["median"])
    assert "details" not in outputs["per_trip"]
    other = read(small_drivers("--only", "per_trip", "--quiet", "--json"))
    assert "remaining" in other["results"]["outputs"]["per_trip"]["details"]


@pytest.mark.slow
def test_nothing_is_computed_while_it_is_shown(command, write_study, monkeypatch):
    from uncertainty.sampling.workers.engine import Threads
    from uncertainty.sensitivity import effects

    seen = []

    def watched(found, output, **workers):
        seen.append((output, workers))
        return describe(found, output, **workers)

    describe = effects.describe_drivers
    monkeypatch.setattr(effects, "describe_drivers", watched)
    monkeypatch.setattr("uncertainty.sampling.workers.engine.Processes", Threads)  # none starts
    command("sensitivity", write_study(), *QUICK, "--engine", "processes", "--threads", 2)
    assert seen == [("yearly", {"budget": None, "threads": 2, "engine": "processes", "scheduler": None})]
    command("sensitivity", write_study(), *QUICK, "--quiet")
    assert len(seen) == 1


def test_inputs_are_called_by_their_labels_in_sentences(command, write_study, small_text):
    text = small_text.replace("[inputs.distance]", '[inputs.distance]\nlabel = "Length of a trip"')
    out = flat(command("sensitivity", write_study(text + CORRELATED), *QUICK).out)
    assert "cannot be told apart: “Length of a trip” with “intensity”." in out


def test_effects_that_cannot_be_told_from_0_say_so(command, write_study, small_text):
    text = small_text.replace('"normal(150, 15)"', '"normal(150, 0.01)"')
    out = command("sensitivity", write_study(text), *QUICK, "--method", "shapley").out
    assert any(line.startswith("intensity") and "≈ 0" in line for line in out.splitlines())


def test_each_output_has_its_budget(command, write_study, small_text):
    path = write_study(small_text)
    study = un.load_study(path)
    found = document(command, path, "--method", "budget", "--samples", "512", "--threads", "1")["results"]
    outputs = found["outputs"]
    assert list(outputs) == ["yearly", "per_trip"]
    for name, each in outputs.items():
        own = un.linear_budget(study, output=name, samples=512)
        assert each["uncertainty"] == own.uncertainty
        assert list(each["lines"]) == list(own.lines)


def test_draws_say_of_each_output_what_they_say_alone(command, write_study, small_text):
    path = write_study(small_text)
    found = document(command, path, "--method", "draws", "--samples", "256", "--seed", "3", "--level", "0.9")
    own = given_data(un.draw_sample(un.load_study(path), samples=256, seed=3), level=0.9)
    assert found["settings"]["samples"] == 256
    assert list(found["results"]["outputs"]) == ["yearly", "per_trip"]
    for name, each in found["results"]["outputs"].items():
        for key, row in own[name].inputs.items():
            told = each["draws"][key]
            assert (told["S1"], told["spearman"]) == (row.S1.value, row.spearman.value)
            assert tuple(told["S1_interval"]) == row.S1.interval
