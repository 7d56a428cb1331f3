"""One member is named as ``footprint[us]`` wherever an input or an output is named."""

import json

import numpy as np
import pytest

import uncertainty as un
from uncertainty.commands.options import pairs
from uncertainty.compiled import evaluate_at_points
from uncertainty.study.scenario import scenario

STUDY = """
format = 1

[study]
title = "Ratios"
headline = "ratio[ text = bloom , country=us ]"
compare = ["ratio[us,gpt]", "ratio[india]"]

[indices.country]
members = { us = "United States", india = "India" }

[indices.text]
members = ["gpt", "bloom"]

[inputs.human]
label = "A person's page"
unit = "g"
index = ["country"]
point = { us = 1000, india = 200 }
distribution = { us = "900 to 1200", india = "150 to 260" }
evidence = [{ value = 950, member = "us", source = "A" }, { low = 100, high = 300, source = "B" }]

[inputs.ai]
unit = "g"
index = ["text"]
point = { gpt = 2, bloom = 1 }
distribution = "1 to 3"

[inputs.which]
member_of = "text"
point = "gpt"
distribution = "one_of(gpt, bloom)"

[outputs.ratio]
value = "human / ai"
unit = "1"
claim = "at least"
published = { us = { gpt = 500, bloom = { value = 1000, sd = 300 } }, india = { gpt = 100 } }

[outputs.chosen]
value = "human[us] / ai[which]"
unit = "1"

[choices.who]
[choices.who.options.person]
[choices.who.options.helped]
inputs = { human = 500, "human[india]" = "100 to 200" }

[readings.better]
inputs = { "human[us]" = { point = 800, distribution = "700 to 900" }, which = "bloom" }
expect = { "ratio[gpt,us]" = 400, chosen = { value = 800, digits = 1 } }
"""


@pytest.fixture
def study(write_study):
    return un.load_study(write_study(STUDY))


def refusals(write_study, replace):
    with pytest.raises(un.StudyError) as error:
        un.load_study(write_study(STUDY, replace=replace))
    return str(error.value).splitlines()


def test_addresses_are_read_in_any_order_and_written_in_one(study):
    assert study.headline == "ratio[us,bloom]"
    assert study.compare == ("ratio[us,gpt]", "ratio[india,gpt]", "ratio[india,bloom]")
    assert list(study.readings["better"].inputs) == ["human[us]", "which"]
    assert list(study.readings["better"].expect) == ["ratio[us,gpt]", "chosen"]


def test_published_figures_stand_by_member(study):
    figures = {name: output.published for name, output in study.outputs.items()}
    assert figures["ratio[us,gpt]"].value == 500
    assert [figure.statistic for figure in figures["ratio[us,bloom]"].every] == ["value", "sd"]
    assert figures["ratio[india,bloom]"] is None
    assert study.outputs["ratio[india,bloom]"].claim == "at least"


def test_evidence_speaks_of_its_member(study):
    assert [each.source for each in study.inputs["human[us]"].evidence] == ["A", "B"]
    assert [each.source for each in study.inputs["human[india]"].evidence] == ["B"]


def test_a_whole_name_comes_before_its_members(study):
    plan = scenario(study, choose={"who": "helped"})
    assert plan.points["human[us]"] == 500
    assert str(plan.distributions["human[india]"]) == "100 to 200"
    plan = scenario(study, override={"human[ india ]": 7, "human": "2 to 8"})
    assert plan.points["human[india]"] == 7
    assert str(plan.distributions["human[us]"]) == "2 to 8"
    assert evaluate_at_points(plan, ["ratio[india,gpt]"]) == {"ratio[india,gpt]": 3.5}


def test_a_reading_replaces_members_and_fixes_a_category(study):
    plan = scenario(study, "better")
    assert evaluate_at_points(plan, ["chosen"]) == {"chosen": 800}
    found = un.reproduce(study)
    assert {name: each.status for name, each in found.readings["better"].items()} == {
        "ratio[us,gpt]": "reproduced",
        "chosen": "reproduced",
    }


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("ratio", ["ratio[us,gpt]", "ratio[us,bloom]", "ratio[india,gpt]", "ratio[india,bloom]"]),
        ("ratio[bloom]", ["ratio[us,bloom]", "ratio[india,bloom]"]),
        ("ratio[bloom, us]", ["ratio[us,bloom]"]),
        ("chosen", ["chosen"]),
    ],
)
def test_asking_for_an_output_asks_for_its_members(study, address, expected):
    assert list(un.propagate(study, outputs=address, samples=64).outputs) == expected
    assert list(un.draw_sample(study, output=[address], samples=64).outputs) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "ratio[germany,gpt]",
            '"ratio" has no member "germany" of country or text; known: us, india, gpt, bloom',
        ),
        ("ratio[country=indai]", '"ratio" has no member "indai" of the index country; did you mean "india"?'),
        ("ratoi[us]", 'unknown output "ratoi[us]"; did you mean "ratio"?'),
        ("chosen[us]", '"chosen" has no index to select a member of'),
        ("ratio[us,india]", '"india" selects a member of country a second time in ratio[…]'),
    ],
)
def test_what_no_address_means_is_said_with_the_nearest_spelling(study, address, expected):
    with pytest.raises(un.SettingError) as error:
        un.propagate(study, outputs=address, samples=64)
    assert str(error.value) == expected
    with pytest.raises(un.SettingError, match=r"has 4 members; name one of them, such as .ratio\[us,gpt\]"):
        un.tornado(study, output="ratio")


def test_a_setting_is_split_at_the_first_sign_of_equality_outside_brackets():
    given = pairs("--set", ["human[country=us]=2 to 8", "x = normal(p5=1, p95=2)"], "INPUT=DISTRIBUTION")
    assert given == {"human[country=us]": "2 to 8", "x": "normal(p5=1, p95=2)"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            '"human[india]" = "100',
            '"human[indai]" = "100',
            ['inputs.human[indai]: "human" has no member "indai"'],
        ),
        ('"human[us]" = {', '"humen[us]" = {', ['readings.better.inputs: unknown input "humen"']),
        (
            '"ratio[gpt,us]" = 400',
            '"ratio[gpt,uk]" = 400',
            ['expect.ratio[gpt,uk]: "ratio" has no member "uk"'],
        ),
        ("[ text = bloom , country=us ]", "", ["study.headline", "has 4 members; name one of them"]),
        ('which = "bloom"', 'which = "blom"', ['unknown member "blom"', 'did you mean "bloom"?']),
        ('member = "us"', 'member = "uk"', ["evidence[0].member", '"human" has no member "uk"']),
        ("human = 500,", 'human = "5 tow 8",', ["choices.who.options.helped.inputs.human: "]),
    ],
)
def test_each_fault_is_one_line_with_its_address(write_study, old, new, expected):
    found = refusals(write_study, {old: new})
    assert len(found) == 1, found
    assert all(text in found[0] for text in expected), found


def test_two_choices_may_not_override_one_cell(write_study):
    other = (
        '[choices.also]\n[choices.also.options.a]\n[choices.also.options.b]\ninputs = { "human[us]" = 3 }\n'
    )
    with pytest.raises(un.StudyError) as error:
        un.load_study(write_study(STUDY + other))
    assert str(error.value).endswith(
        'choices.also.options: the input "human[us]" is overridden by the choice "who" too'
    )


def test_results_name_members_alone(command, write_study):
    path = write_study(STUDY)
    code, out, _ = command("run", str(path), "--samples", "256", "--only", "ratio[ bloom ]", "--json")
    document = json.loads(out)
    assert code == 0
    assert list(document["results"]["outputs"]) == ["ratio[us,bloom]", "ratio[india,bloom]"]
    code, out, _ = command("run", str(path), "--samples", "256", "--set", "human[country=us]=10", "--json")
    found = json.loads(out)["results"]["outputs"]["ratio[us,gpt]"]
    assert found["point"] == 5


def test_a_category_is_no_number_where_people_read(command, write_study):
    path = write_study(STUDY)
    for asked in (
        ["check"],
        ["run", "--samples", "256"],
        ["sensitivity", "--only", "chosen", "--samples", "64"],
    ):
        code, out, err = command(asked[0], str(path), *asked[1:])
        assert (code, err) == (0, "")
        assert "where(" not in out
    assert np.isfinite(un.propagate(un.load_study(path), samples=64).outputs["chosen"].median)
