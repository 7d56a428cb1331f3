"""`uncertainty diff` in words and as a document."""

import json

import pytest


@pytest.fixture
def changed(command, tmp_path):
    command("new", "mine.toml", "--from", "gauge-block", "--quiet")
    return tmp_path / "mine.toml"


def test_a_derived_study_assumes_the_same_until_it_is_changed(command, changed):
    assert "They say the same." in command("diff", "gauge-block", changed).out
    text = changed.read_text()
    changed.write_text(text.replace("note = ", "# note = ", 1) if "\nnote = " in text else text + "\n")
    assert command("diff", "gauge-block", changed).code == 0


@pytest.mark.parametrize("width", ["80", "120"])
def test_what_is_assumed_differently_is_shown(command, write_study, small_text, tmp_path, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    one = write_study(small_text)
    other = tmp_path / "other.toml"
    text = small_text.replace("normal(150, 15)", "normal(160, 15)").replace("Yearly emissions", "Emissions")
    other.write_text(text)
    found = command("diff", one, other)
    assert (
        "inputs.intensity.distribution\n* A: normal(150, 15)\n* B: normal(160, 15)\n"
        "* (median 150, 90 % from 125 to 175 and median 160, 90 % from 135 to 185)\n" in found.out
    )
    assert "1 thing more only said differently; --words shows them." in found.out.replace(
        "one thing", "1 thing"
    )
    assert (
        "outputs.yearly.label\n* A: Yearly emissions\n* B: Emissions\n"
        in command("diff", one, other, "--words").out
    )
    assert max(map(len, found.out.splitlines())) <= int(width) or str(tmp_path) in found.out


def test_the_document_names_both_studies(command, write_study, small_text, tmp_path):
    one = write_study(small_text)
    other = tmp_path / "other.toml"
    other.write_text(small_text.replace("point = 0.065", "point = 0.07"))
    found = json.loads(command("diff", one, other, "--json").out)
    assert found["command"] == "diff"
    assert found["study"]["sha256"] != found["other"]["sha256"]
    (row,) = found["results"]["differences"]
    assert row == {
        "section": "inputs",
        "name": "fuel",
        "aspect": "point",
        "one": "0.065",
        "other": "0.07",
        "changes_numbers": True,
        "note": "",
    }


def test_two_studies_are_needed(command):
    assert command("diff", "gauge-block").code == 2
    assert command("diff", "gauge-block", "gauge-blok").code == 2
