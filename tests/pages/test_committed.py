"""The reports in `reports/` are those that the bundled studies make now."""

import json
import math
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

import uncertainty as un
from uncertainty.pages import content as contents
from uncertainty.pages import write_report
from uncertainty.pages.index import index_files
from uncertainty.pages.writer import twin_mark
from uncertainty.study import bundled

REPORTS = Path(__file__).parents[2] / "reports"
QUICKEST = "ten-searches"
"""The bundled study whose report costs least: the others' are compared among the slow tests."""
COMPARED = (QUICKEST, bundled.FLAGSHIP, "epidemic", "medical-error", "streaming")
"""Reports that are made anew: between them they have every feature of the language."""
FLAGSHIP = REPORTS / bundled.FLAGSHIP
RENEW = "`make reports` writes them all anew"

pytestmark = pytest.mark.skipif(not REPORTS.is_dir(), reason="no report is committed")


def committed(name):
    return (REPORTS / name / "report.md").read_text(encoding="utf-8")


def figures(text):
    return set(re.findall(r"\]\((figures/[^)]+)\)", text))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return what makes a bundled study's report, each once, with the committed one's versions."""
    root = tmp_path_factory.mktemp("reports")

    def make(name):
        folder = root / name
        if not folder.is_dir():
            pairs = re.findall(r"\| Version of (\S+) \| `(\S+)` \|", committed(name))
            with pytest.MonkeyPatch.context() as patch:
                # another Python or numpy gives the same numbers and differs in this table alone
                patch.setattr(contents, "versions", lambda: dict(pairs))
                study = un.load_study(name)
                write_report(study, folder, formats=("html", "markdown"), second_opinion=True)
        return folder

    return make


@pytest.mark.parametrize("name", bundled.names())
def test_every_bundled_study_has_a_report_of_its_file_as_it_is_now(name):
    """The hash covers the study's data files; what a report says of it is compared by the next test."""
    assert f"`{un.load_study(name).sha256}`" in committed(name), RENEW
    assert f"| Version of uncertainty | `{un.__version__}` |" in committed(name), RENEW


@pytest.mark.parametrize("name", [name for name in bundled.names() if un.load_study(name).sources])
def test_every_link_of_a_report_leads_to_a_source_that_its_study_names_and_each_is_linked(name):
    sources = un.load_study(name).sources.values()
    linked = re.findall(r"(?<!\\)\]\(([^)#]+:[^)]+)\)", committed(name))
    assert set(linked) == {source.address for source in sources if source.address}, RENEW
    assert all(address.startswith("https://") for address in linked)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] * (name != QUICKEST)) for name in COMPARED],
)
def test_a_committed_report_is_current(name, made):
    folder = made(name)
    text = (folder / "report.md").read_text(encoding="utf-8")
    assert text == committed(name), RENEW
    shown = figures(text)
    kept = {str(path.relative_to(REPORTS / name)) for path in (REPORTS / name).rglob("*.svg")}
    assert kept == shown, RENEW
    for figure in shown:
        assert words(folder / figure) == words(REPORTS / name / figure), RENEW


def test_the_flagships_document_is_of_its_report():
    mark = twin_mark(committed(bundled.FLAGSHIP))
    assert mark in PdfReader(FLAGSHIP / "report.pdf").xmp_metadata.pdf_keywords, RENEW


@pytest.mark.slow
def test_the_flagships_other_files_are_of_its_report(made):
    """Numbers are compared to a part in 10**9: another machine may differ in the last digit."""
    folder = made(bundled.FLAGSHIP)
    found, kept = (
        json.loads((each / "results.json").read_text(encoding="utf-8")) for each in (folder, FLAGSHIP)
    )
    found["versions"] = kept["versions"]
    assert differences(found, kept) == [], RENEW
    for page in ("index.html", "numbers.html"):
        assert words(folder / page) == words(FLAGSHIP / page), RENEW


@pytest.mark.slow
def test_the_gallery_shows_what_the_reports_say(made):
    studies = [un.load_study(name) for name in COMPARED]
    files = index_files({made(name).parent for name in COMPARED}.pop(), studies)
    kept = (REPORTS / "README.md").read_text(encoding="utf-8").split("\n## ")
    shown = files["README.md"].split("\n## ")
    assert {part.strip() for part in shown} <= {part.strip() for part in kept}, RENEW


def test_the_gallery_has_every_bundled_study_and_its_picture():
    text = (REPORTS / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\]\(([\w-]+)/report\.md\)", text)) == sorted(bundled.names()), RENEW
    pictures = set(re.findall(r"\]\((figures/[^)]+)\)", text))
    assert {str(path.relative_to(REPORTS)) for path in (REPORTS / "figures").glob("*")} == pictures, RENEW


def words(path):
    """Return the text that a page or figure shows, without the numbers behind it."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"<(style|script)\b.*?</\1>", "", text, flags=re.DOTALL)
    return re.findall(r">\s*([^<\s][^<]*)<", text)


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
