"""`uncertainty challenge` leads with the verdicts and fits a terminal."""

import json

import pytest
from command_line import flat

FAST = ("--samples", "1024", "--threads", "1")


@pytest.mark.slow
def test_verdicts_lead_one_a_reading(command, write_study):
    found = command("challenge", write_study(), *FAST)
    assert found.code == 0
    assert found.err == ""
    out = flat(found.out)
    assert out.index("“Yearly emissions” lies above 100 kg/year") < out.index(
        "Two in the car. If two people share the car,"
    )
    assert "Yearly emissions (published: at least 600 kg/year)" in out
    assert out.index("Two in the car. If") < out.index("Which choices decide it")


@pytest.mark.slow
def test_every_part_is_there(command, write_study):
    out = flat(command("challenge", write_study(), *FAST).out)
    for title in (
        "Which choices decide it",
        "What would have to be true Under “As published”, how far would one input alone have to move",
        "Several inputs together",
        "What the draws on the far side have in common",
        "With other distributions than ours",
    ):
        assert title in out


@pytest.mark.slow
def test_one_more_reading_is_one(command, write_study):
    path = write_study()
    readings = "".join(f"[readings.r{i}]\ninputs = {{ trips = {400 + i} }}\n" for i in (1, 2))
    path.write_text(path.read_text("utf-8") + readings, "utf-8")
    assert "The same for the other reading (in the report)" in flat(command("challenge", path, *FAST).out)


@pytest.mark.slow
@pytest.mark.parametrize("columns", [40, 80, 120])
def test_lines_fit_the_page(command, write_study, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    out = command("challenge", write_study(), *FAST).out
    assert max(map(len, out.splitlines())) <= columns


@pytest.mark.slow
def test_the_flagships_lines_fit_too(command):
    out = command("challenge", "ai-vs-human", "--samples", "16384").out
    assert max(map(len, out.splitlines())) <= 80
    assert "More than a ratio" in out


@pytest.mark.slow
def test_a_threshold_of_ones_own_is_asked_about(command, write_study):
    out = flat(command("challenge", write_study(), "--threshold", "50", *FAST).out)
    assert "Value of one input alone at which the result crosses 50 kg/year:" in out
    assert "reference" not in out.partition("What would have to be true")[2].partition("Several inputs")[0]


@pytest.mark.slow
def test_json_is_one_document_and_nothing_else(command, write_study):
    found = command("challenge", write_study(), "--json", *FAST)
    document = json.loads(found.out)
    assert document["command"] == "challenge"
    assert [*document["results"]["outputs"]] == ["yearly"]
    both = command("challenge", write_study(), "--json", "--only", "per_trip", "--only", "yearly", *FAST)
    assert [*json.loads(both.out)["results"]["outputs"]] == ["yearly", "per_trip"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--threshold", "many"), 'error: --threshold: expected a number, found "many"'),
        (("--only", "yearl"), 'error: --only: unknown output "yearl"; did you mean "yearly"?'),
    ],
)
def test_bad_input_is_refused_in_one_line(command, write_study, arguments, message):
    found = command("challenge", write_study(), *arguments)
    assert found.code == 2
    assert found.out == ""
    assert message in found.err


PLAIN = """
format = 1
[study]
title = "Plain"
headline = "y"
[inputs.x]
unit = "1"
point = 3
distribution = "uniform(2, 4)"
[outputs.y]
value = "x"
unit = "1"
"""


def test_what_does_not_apply_says_so(command, write_study):
    out = flat(command("challenge", write_study(PLAIN), *FAST).out)
    assert "This does not apply: the study lists no modelling choices." in out
    assert "This does not apply: the study has no published figure and no reference" in out
    assert "“y” is about 3.00 (95 % interval" in out
