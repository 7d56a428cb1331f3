"""`uncertainty run` leads with the readings side by side and shows every output beside what was published."""

import json
import re
from pathlib import Path

import pytest
from command_line import flat

QUICK = ("--samples", "4096")

APART = {
    'occupancy_share = "0.5"': 'occupancy_share = "0.05"',
    "expect = { yearly = { value = 330, digits = 2 } }\n": "",
}


def test_the_readings_come_first_each_with_its_condition(command, write_study):
    found = command("run", write_study(), *QUICK)
    assert (found.code, found.err) == (0, "")
    out = found.out
    assert "Published: Yearly emissions = at least 600 kg a year." in out
    assert re.search(r"^As published \(the publication's own\)\nIf ", out, re.MULTILINE)
    assert re.search(
        r"^Two in the car \(the preferred one and the least favourable to the claim\)\nIf two people",
        out,
        re.MULTILINE,
    )
    assert out.index("Two in the car") < out.index("Outputs under the reading “As published”")


def test_the_numbers_are_those_of_the_document(command, write_study):
    path = write_study()
    out = command("run", path, *QUICK).out
    row = json.loads(command("run", path, *QUICK, "--json").out)["results"]["outputs"]["yearly"]
    line = next(line for line in out.splitlines() if line.startswith("Yearly emissions (kg/year)"))
    published, point, median, low, _, high, percentile = line.replace(",", "").split()[3:]
    assert (published, point) == ("600", "598")
    assert float(median) == pytest.approx(row["median"], rel=0.05)
    assert [float(low), float(high)] == pytest.approx(row["interval"], rel=0.05)
    assert int(percentile[:-2]) == pytest.approx(row["published_percentile"], abs=0.5)


def test_one_reading_alone_needs_no_comparison(command):
    study = Path(__file__).parent.parent / "studies" / "jcgm-9-2-2.toml"
    out = command("run", study, *QUICK).out
    assert "interval" in out
    assert "Outputs under the reading “The publication's conventions, today's evidence”" in out


@pytest.mark.slow
def test_the_first_sentence_says_that_the_convention_decides(command, write_study):
    apart = flat(command("run", write_study(replace=APART), *QUICK).out)
    near = flat(command("run", write_study(), *QUICK).out)
    assert apart.startswith(
        "Commuting The claim, and how sure it is Is “Yearly emissions” above 100 kg a year? Counted fairest"
    )
    assert re.search(
        r"How one counts matters more than what differs from case to case or is not well known\. T", apart
    )
    assert re.search(
        r"known matters more than how one counts\. In the widest interval, [^,]*, the upper end", near
    )


def test_what_was_asked_for_stands_beside_the_readings(command, write_study):
    out = flat(command("run", write_study(), *QUICK, "--choose", "car=electric").out)
    assert "As published, with car=electric" in out
    assert "If “electric” answers “car” and all else is as in “As published”" in out
    again = flat(command("run", write_study(), *QUICK, "--set", "distance=uniform(3, 30)").out)
    assert "This is not the study as it is written: distance = uniform(3, 30)." in again
    assert "its point" not in again
    for given, side in (("25 to 60", "above"), ("uniform(1, 4)", "below")):
        far = flat(command("run", write_study(), "--samples", 64, "--set", f"distance={given}").out)
        assert f"Nearly all that distance is given lies {side} its point, 10 km/trip." in far


OBSERVED = """
format = 1
[study]
title = "Weighed"
headline = "y"
[inputs.x]
unit = "1"
point = 10
distribution = "normal(10, 3)"
[observations.meter]
quantity = "x"
value = 12
sd = 3
label = "The meter"
[outputs.y]
unit = "1"
value = "x"
published = 9
"""


def test_an_observation_that_was_asked_for_is_told_at_the_top(command, write_study):
    path = write_study(OBSERVED)
    said = "This is not the study as it is written: The meter taken as observed by every way of counting."
    assert said in flat(command("run", path, "--samples", 2**12, "--observe", "meter").out)
    assert "not the study as it is written" not in flat(command("run", path, "--samples", 2**12).out)


def test_a_study_under_another_reading_says_so(command, write_study):
    out = command("run", write_study(), *QUICK, "--reading", "carpool").out
    assert "Outputs under the reading “Two in the car”" in out


def test_an_option_that_a_reading_excludes_does_not_stop_the_comparison(command, write_study):
    found = command("run", write_study(), *QUICK, "--reading", "as_published", "--choose", "car=electric")
    assert found.code == 0
    assert "Two in the car" in found.out


def test_only_the_outputs_asked_for_are_shown(command, write_study):
    out = command("run", write_study(), *QUICK, "--only", "per_trip").out
    assert "Yearly" not in out
    assert "Published: per_trip = 1.5 kg/trip." in out


def test_an_override_may_hold_equals_signs(command, write_study):
    found = command("run", write_study(), *QUICK, "--set", "distance=lognormal(median=3, sigma=.5)", "--json")
    assert json.loads(found.out)["settings"]["overrides"] == {"distance": "lognormal(median=3, sigma=.5)"}


def test_every_result_says_what_it_rests_on(command, write_study):
    path = write_study()
    out = flat(command("run", path, "--samples", "1000", "--seed", "7").out)
    document = json.loads(command("run", path, "--samples", "1000", "--seed", "7", "--json").out)
    used = document["settings"]["samples"]
    assert used > 1000
    assert f"{used:,} draws (rounded up from 1,000), scrambled Sobol' design, seed 7; uncertainty " in out
    assert f"study study, sha256 {document['study']['sha256'][:12]}." in out


def test_what_the_interval_is_and_shows_is_said_once(command, write_study):
    path = write_study()
    out = flat(command("run", path, *QUICK).out)
    assert out.count("many call it a confidence interval") == 1
    assert "what nobody knows (2 inputs) and what differs from case to case (1 input)" in out
    assert "confidence" not in command("run", path, *QUICK, "--quiet").out


def test_the_level_and_kind_of_interval_are_named(command, write_study):
    out = flat(command("run", write_study(), *QUICK, "--level", "0.9", "--interval", "shortest").out)
    assert "holds 90 % of the draws, as the shortest that does." in out
    assert "* 90 % uncertainty interval: " in out


@pytest.mark.slow
def test_json_is_one_document_that_does_not_depend_on_threads(command, write_study):
    path = write_study()
    one, two = (command("run", path, "--samples", "200000", "--threads", n, "--json").out for n in (1, 2))
    assert one == two
    document = json.loads(one)
    assert document["command"] == "run"
    assert set(document["results"]["outputs"]) == {"yearly", "per_trip"}
    assert document["results"]["readings"]["leading"] == ["as_published", "carpool"]


@pytest.mark.parametrize("columns", [70, 80, 120])
def test_lines_fit_the_page(columns, command, write_study, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    out = command("run", write_study(), *QUICK).out
    assert max(map(len, out.splitlines())) <= columns


@pytest.mark.slow
def test_the_flagship_leads_with_three_readings(command):
    out = command("run", "--samples", "16384", "--only", "us_illustrator_vs_midjourney").out
    assert max(map(len, out.splitlines())) <= 80
    assert re.search(
        r"How one counts matters more than how well the numbers are known\. The highest", flat(out)
    )
    block = out.split("Outputs under")[0]
    assert len(re.findall(r"^If ", block, re.MULTILINE)) == 3
    assert len(re.findall(r"\d(?:st|nd|rd|th) percentile of the reading", flat(block))) == 3


def test_what_the_run_refuses_is_told_before_what_a_reading_does(command, tmp_path):
    text = [
        'format = 1\n[study]\ntitle = "t"\nheadline = "y"\n[inputs]',
        'x = { unit = "1", point = 200, distribution = "8 to 12" }',
        '[outputs]\ny = { value = "sqrt(x)", unit = "1" }\nz = { value = "sqrt(x - 100)", unit = "1" }',
        '[readings.below.inputs]\nx = "normal(-3, 1)"',
    ]
    path = tmp_path / "study.toml"
    path.write_text("\n".join(text), encoding="utf-8")
    found = command("run", path, *QUICK)
    assert found.code == 2
    assert "outputs.z: is infinite or undefined" in found.err
    assert "outputs.y" not in found.err
    assert "outputs.y: is infinite or undefined" in command("run", path, *QUICK, "--only", "y").err
