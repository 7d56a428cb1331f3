"""`uncertainty sensitivity` shows the headline's drivers, the strongest first."""

import json

import pytest
from command_line import flat

QUICK = ("--samples", "4096")


def test_the_headline_s_drivers_come_strongest_first(small_drivers):
    found = small_drivers()
    assert (found.code, found.err) == (0, "")
    out = found.out
    assert "What drives “Yearly emissions” under “As published”" in out
    assert "the variance of the result's logarithm" in flat(out)
    rows = [
        line.split()[0] for line in out.splitlines() if line.startswith(("distance", "intensity", "trips"))
    ]
    assert rows[:3] == ["distance", "intensity", "trips"]
    assert "The study has 1 more output; --only OUTPUT shows one." in out


@pytest.mark.slow
def test_groups_have_a_table_of_their_own(small_drivers):
    out = small_drivers().out
    assert "Group" in out
    assert {"road", "car"} <= {line.split()[0] for line in out.split("Group")[1].splitlines() if line.strip()}


def test_other_outputs_are_shown_on_request(small_drivers):
    out = small_drivers("--only", "per_trip").out
    assert "What drives “per_trip” under “As published”" in out
    assert "logarithm" not in out
    assert "Yearly" not in out


def test_an_input_that_does_nothing_is_not_told_from_nothing(command, write_study):
    found = command("sensitivity", write_study(), "--samples", "16")
    assert "≈ 0" in found.out


def test_an_output_that_does_not_vary_says_so(command, write_study):
    path = write_study(replace={'occupancy_share = "0.5"': 'occupancy_share = "0"'})
    out = command("sensitivity", path, *QUICK, "--only", "per_trip", "--choose", "sharing=shared").out
    assert "This does not apply: the output does not vary." in out


def test_json_holds_every_output(small_drivers):
    document = json.loads(small_drivers("--json").out)
    assert set(document["results"]["outputs"]) == {"yearly", "per_trip"}
    assert document["results"]["outputs"]["yearly"]["scale"] == "log10"


def test_it_says_what_it_rests_on(command, write_study):
    out = flat(command("sensitivity", write_study(), "--samples", "1000").out)
    assert "base points (rounded up from 1,000), scrambled Sobol' design, seed 1; uncertainty " in out
    assert "independent replicates." in out
