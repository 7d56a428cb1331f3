"""The reports in `reports/` are those that the bundled studies make now."""

import json
import math
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

import uncertainty as un
from uncertainty.report import content as contents
from uncertainty.report import write_report
from uncertainty.report.index import index_files
from uncertainty.report.writer import twin_mark
from uncertainty.study import bundled

REPORTS = Path(__file__).parents[2] / "reports"
RENEW = "`make reports` writes them all anew"

pytestmark = pytest.mark.skipif(not REPORTS.is_dir(), reason="no report is committed")


def results(name):
    return json.loads((REPORTS / name / "results.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", bundled.names())
def test_every_bundled_study_has_a_report_of_its_file_as_it_is_now(name):
    """The hash covers the study's data files; what a report says of it is compared by the next test."""
    committed = results(name)
    assert committed["study"]["sha256"] == un.load_study(name).sha256, RENEW
    assert committed["version"] == un.__version__, RENEW


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] * (name != bundled.FLAGSHIP)) for name in bundled.names()],
)
def test_a_committed_report_is_current(name, tmp_path, monkeypatch):
    committed = results(name)
    # another Python or numpy gives the same numbers and differs in this table alone
    monkeypatch.setattr(contents, "versions", lambda: committed["versions"])
    files = write_report(un.load_study(name), tmp_path, formats=("html", "markdown"))
    assert differences(json.loads(files.results.read_text(encoding="utf-8")), committed) == [], RENEW
    assert files.markdown.read_text(encoding="utf-8") == (REPORTS / name / "report.md").read_text("utf-8")
    mark = twin_mark(files.markdown.read_text(encoding="utf-8"))
    assert mark in PdfReader(REPORTS / name / "report.pdf").xmp_metadata.pdf_keywords
    assert words(files.page) == words(REPORTS / name / "index.html")
    made = {path.relative_to(tmp_path): words(path) for path in files.figures}
    there = REPORTS / name
    assert made == {path.relative_to(there): words(path) for path in there.rglob("*.svg")}


def test_the_index_is_current():
    files = index_files(REPORTS, [un.load_study(name) for name in bundled.names()])
    assert {name: (REPORTS / name).read_text(encoding="utf-8") for name in files} == files, RENEW


def words(path):
    """Return the text of a page or figure; another machine may move a point in the last digit."""
    text = path.read_text(encoding="utf-8")
    return re.findall(r">\s*([^<\s][^<]*)<", re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL))


def differences(found, expected, path=""):
    """List where two documents differ, numbers by more than a part in 10**9.

    Monte Carlo errors are differences between nearly equal numbers, and lose digits that those have.
    """
    if isinstance(expected, dict) and isinstance(found, dict):
        if set(found) != set(expected):
            return [f"{path}: {set(found) ^ set(expected)}"]
        return [d for key in expected for d in differences(found[key], expected[key], f"{path}/{key}")]
    if isinstance(expected, list) and isinstance(found, list) and len(found) == len(expected):
        pairs = enumerate(zip(found, expected, strict=True))
        return [d for i, (a, b) in pairs for d in differences(a, b, f"{path}/{i}")]
    if isinstance(expected, float) and isinstance(found, float):
        # a search for the nearest point ends where half the distance's square no longer changes by 1e-12: the
        # point is known to some 1e-6, and which of its last digits come out depends on the threads of BLAS
        searched = "/design_point/" in path
        tolerance = 1e-5 if searched else 1e-6 if "_error" in path else 1e-9
        same = math.isclose(found, expected, rel_tol=tolerance, abs_tol=1e-5 if searched else 1e-12)
    else:
        same = found == expected
    return [] if same else [f"{path}: {found} is not {expected}"]
