"""The index leads to each report, and shows no headline alone."""

import json
import re
import shutil

import pytest

import uncertainty as un
from uncertainty.pages.index import index_files, write_index


@pytest.fixture
def folder(tmp_path, small_report, small):
    shutil.copytree(small_report.page.parent, tmp_path / "reports" / small.name)
    return tmp_path / "reports"


def test_every_study_is_there_with_its_leading_readings_and_files(folder, small):
    page, twin = write_index(folder, [small])
    for path in (page, twin):
        text = path.read_text(encoding="utf-8")
        assert "Commuting" in text
        assert "As published" in text
        assert "Two in the car" in text
        assert f"{small.name}/report.md" in text
    assert f"{small.name}/report.pdf" in page.read_text(encoding="utf-8")
    assert f"{small.name}/index.html" not in twin.read_text(encoding="utf-8")
    assert re.search(r"\| As published \| [\d,]+ \| [\d,]+ to [\d,]+ \|", twin.read_text(encoding="utf-8"))


def test_the_numbers_are_those_of_the_report(folder, small):
    path = folder / small.name / "results.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    row = found["results"]["readings"]["yearly"]["outputs"]["carpool"]
    row |= {"median": 7e7, "interval": [6e7, 8e7]}
    path.write_text(json.dumps(found), encoding="utf-8")
    assert "70,000,000" in index_files(folder, [small])["README.md"]


def test_what_does_not_vary_has_no_interval(folder, small):
    path = folder / small.name / "results.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    row = found["results"]["readings"]["yearly"]["outputs"]["carpool"]
    row |= {
        "median": 0.8,
        "median_error": 0.0,
        "interval": [0.8, 0.8],
        "interval_error": [0.0, 0.0],
        "sd": 0.0,
    }
    path.write_text(json.dumps(found), encoding="utf-8")
    twin = index_files(folder, [small])["README.md"]
    assert "| 0.800 | – |" in twin
    assert "0.80 to 0.80" not in twin


def test_a_title_of_markup_stays_a_text(folder, small, write_study):
    title = "<script>x</script> [a](b)"
    study = un.load_study(write_study(replace={'"Commuting"': f"'{title}'"}))
    for text in index_files(folder, [study]).values():
        assert "<script" not in text
        assert "[a](b)" not in text.replace("\\[a\\](b)", "") or "<html" in text
