"""`uncertainty check` shows every figure's status and fails only when asked to be strict."""

import json
import re

import pytest
from command_line import flat
from sourced_study import SOURCED

from uncertainty.results.encoding import FORMAT

DIFFERS = {"published = 600": "published = 777"}


def test_every_figure_is_shown_with_its_status(command, write_study):
    found = command("check", write_study())
    assert found.code == 0
    assert found.err == ""
    assert "2 of 2 published figures follow from the published inputs." in found.out
    row = r"^Yearly emissions \(kg/year\) +600 +1 +598.0 +reproduced$"
    assert re.search(row, found.out, re.MULTILINE)
    assert "What readings must give by the study: 1 of 1 figure met" in found.out
    assert re.search(r"^Two in the car +Yearly emissions.*\bmet$", found.out, re.MULTILINE)
    assert "The file is sound: 5 inputs, 3 distributions" in found.out.replace("\n", " ")


def test_inputs_that_were_calculated_back_from_figures_are_named(command, write_study):
    text = """
format = 1
[study]
title = "A page"
headline = "page"
[inputs.hours]
label = "Hours"
unit = "h"
point = 2
source = "derived: 10 g ÷ 5 g/h"
[inputs.rate]
unit = "g/h"
point = 5
source = "the publication"
[inputs.energy]
label = "Energy"
unit = "J"
point = 3
source = "derived: of what no figure needs"
[outputs.page]
value = "hours * rate"
unit = "g"
published = 10
[outputs.energy]
unit = "J"
"""
    said = "One of these inputs is derived, as the study says: “Hours”."
    found = flat(command("check", write_study(text)).out)
    assert f"{said} A published figure that was used to calculate it follows in any case." in found
    other = text.replace('source = "the publication"', 'source = "derived, too"')
    assert "2 of these inputs are derived, as the study says: “Hours” and “rate”." in flat(
        command("check", write_study(other)).out
    )
    mean = '[inputs.mean]\nunit = "g/h"\npoint = 5\nsource = "derived"\n[inputs.energy]'
    other = text.replace("point = 5", 'point = "mean"').replace("[inputs.energy]", mean)
    assert "2 of these inputs are derived, as the study says: “Hours” and “mean”." in flat(
        command("check", write_study(other)).out
    )
    # where no figure comes out, nothing is to be taken for a check
    assert "derived" not in flat(command("check", write_study(text.replace("= 10", "= 11"))).out)


@pytest.mark.slow
def test_the_headline_comes_first(command, write_study):
    out = command("check", write_study()).out
    assert out.index("Yearly emissions") < out.index("per_trip")


def test_a_figure_that_differs_fails_only_when_strict(command, write_study):
    path = write_study(replace=DIFFERS)
    assert command("check", path).code == 0
    strict = command("check", path, "--strict")
    assert strict.code == 1
    assert "1 of 2 published figures follows from the published inputs and 1 cannot be reproduced" in flat(
        strict.out
    )
    assert strict.err == ""


@pytest.mark.slow
def test_strict_is_about_the_outputs_asked_for(command, write_study):
    path = write_study(replace=DIFFERS)
    assert command("check", path, "--strict", "--only", "per_trip").code == 0


def test_a_figure_that_a_reading_expects_may_differ_too(command, write_study):
    path = write_study(replace={"value = 330": "value = 331"})
    path.write_text(path.read_text().replace("value = 331, digits = 2", "value = 300, digits = 2"))
    assert command("check", path, "--strict").code == 1


def test_rounding_is_explained_and_reproduced_enough_to_pass(command, write_study, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    # 1.495 kg a trip, printed as 1.5, times 400 gives the 600 that 598 does not round to at three digits
    path = write_study(replace={"published = 600": "published = 600\ndigits = 3"})
    found = command("check", path, "--strict")
    assert found.code == 0
    out = flat(found.out)
    assert "1 only when another figure is used as it was printed, rounded" in out
    assert "reproduced only when “per_trip” is taken as the printed 1.5" in out


@pytest.mark.slow
def test_what_lacks_support_is_listed(command, write_study):
    out = " ".join(command("check", write_study()).out.split())
    assert "Distributions without support: distance, intensity and trips (no basis and no source)." in out


def test_points_far_out_are_listed(command, write_study):
    path = write_study(replace={'"normal(150, 15)"': '"normal(250, 15)"'})
    out = " ".join(command("check", path).out.split())
    assert "1 point outside the middle 98 % of the input's own distribution" in out
    assert "intensity intensity 149.5 below 1st" in out


def test_quiet_leaves_the_tables(command, write_study):
    out = command("check", write_study(), "--quiet").out
    assert "published figures follow" in out
    assert "without support" not in out


def test_json_is_one_document(command, write_study):
    found = command("check", write_study(replace=DIFFERS), "--json", "--strict")
    assert found.code == 1
    document = json.loads(found.out)
    assert document["format"] == FORMAT
    assert document["command"] == "check"
    assert document["results"]["figures"]["yearly"]["status"] == "differs"


def test_the_flagship_s_figures_have_their_statuses(command):
    figures = json.loads(command("check", "--json", "--strict").out)["results"]["figures"]
    by_rounding = {name for name, row in figures.items() if row["status"] == "rounding"}
    assert by_rounding == {"us_illustrator_vs_midjourney", "india_illustrator_vs_midjourney"}
    assert {row["status"] for row in figures.values()} == {"reproduced", "rounding", "unpublished"}


@pytest.mark.slow
def test_a_figure_that_differs_is_explained_by_the_study(command):
    found = " ".join(command("check", "five-cars").out.split())
    assert "Hours of the search on one TPU v2: 979 million steps at 10 hours for 300,000 make 32,633" in found
    rows = json.loads(command("check", "five-cars", "--json").out)["results"]["figures"]
    assert rows["search_hours_tpu"]["note"].startswith("979 million steps")


def correlated(text, pairs):
    rows = (f'\n[[correlations]]\ninputs = ["{a}", "{b}"]\nspearman = {s}\n' for (a, b), s in pairs.items())
    return text + "".join(rows)


@pytest.mark.slow
def test_correlations_that_check_advises_are_accepted_by_check(command, write_study, small_text):
    pairs = {("distance", "intensity"): 0.9, ("intensity", "trips"): 0.85, ("distance", "trips"): -0.4}
    found = command("check", write_study(correlated(small_text, pairs)))
    assert found.code == 2
    advice = " ".join(found.err.split()).split("these can: ")[1].split(", ")
    advised = {(one, other): float(value) for one, _, other, value in map(str.split, advice)}
    assert advised.keys() <= pairs.keys()
    assert command("check", write_study(correlated(small_text, pairs | advised))).code == 0


@pytest.mark.slow
def test_a_correlation_that_ties_put_out_of_reach_is_no_sound_file(command, write_study, small_text):
    pair = ("distance", "trips")
    found = command("check", write_study(correlated(small_text, {pair: 0.99})))
    assert found.code == 2
    end = " ".join(found.err.split()).split("attainable are ")[1].split(" to ")[1]
    assert command("check", write_study(correlated(small_text, {pair: float(end)}))).code == 0


def test_inputs_that_rest_on_little_are_listed_and_sources_called_by_name(command, write_study):
    path = write_study(SOURCED)
    found = flat(command("check", path).out)
    assert "Smith et al. 2020a, Table 2; arXiv:2303.06219" in found
    assert "Distributions without support: dust (no source)." in found
    assert "Distributions that rest on one source alone: ink." in found
    assert "@" not in found
    document = json.loads(command("check", path, "--json").out)
    assert document["results"]["evidence"] == {"none": ["dust"], "one_source": ["ink"], "second_hand": []}
    path = write_study(SOURCED.replace("@smith_other", "@through"))
    assert "Distributions whose sources are all known through another" in command("check", path).out
