"""The reports in `reports/` are those that the bundled studies make now."""

import json
import math
import re
from functools import cache
from pathlib import Path

import pytest
from links import page_links
from pypdf import PdfReader

import uncertainty as un
from uncertainty.pages import content as contents
from uncertainty.pages import write_report
from uncertainty.pages.index import index_files
from uncertainty.pages.writer import twin_mark
from uncertainty.study import bundled

REPORTS = Path(__file__).parents[2] / "reports"
COMPARED = (bundled.FLAGSHIP, "ten-searches", "epidemic", "medical-error", "streaming")
"""Reports that are made anew: between them they have every feature of the language."""
FLAGSHIP = REPORTS / bundled.FLAGSHIP
RENEW = "`make reports` writes them all anew"

pytestmark = pytest.mark.skipif(not REPORTS.is_dir(), reason="no report is committed")


loaded = cache(un.load_study)


def committed(name):
    return (REPORTS / name / "report.md").read_text(encoding="utf-8")


def figures(text):
    return set(re.findall(r"\]\((figures/[^)]+)\)", text))


def make(name, root):
    """Write a bundled study's report, with the committed one's versions, and return its files."""
    pairs = re.findall(r"\| Version of (\S+) \| `(\S+)` \|", committed(name))
    with pytest.MonkeyPatch.context() as patch:
        # another Python or numpy gives the same numbers and differs in this table alone
        patch.setattr(contents, "versions", lambda: dict(pairs))
        study = loaded(name)
        return write_report(study, root / name, formats=("html", "markdown"), second_opinion=True)


@pytest.mark.parametrize("name", bundled.names())
def test_every_bundled_study_has_a_report_of_its_file_as_it_is_now(name):
    """The hash covers the study's data files; what a report says of it is compared by the next test."""
    assert f"`{loaded(name).sha256}`" in committed(name), RENEW
    assert f"| Version of uncertainty | `{un.__version__}` |" in committed(name), RENEW


@pytest.mark.parametrize("name", bundled.names())
def test_every_link_of_a_report_leads_to_a_source_that_its_study_names_and_each_is_linked(name):
    sources = loaded(name).sources.values()
    linked = re.findall(r"(?<!\\)\]\(([^)#]+:[^)]+)\)", committed(name))
    # parentheses would end a link of Markdown
    plain = {each.replace("%28", "(").replace("%29", ")") for each in linked}
    assert plain == {source.address for source in sources if source.address}, RENEW
    assert all(address.startswith("https://") for address in linked)


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPARED)
def test_a_committed_report_is_current(name, tmp_path):
    """Everything that is asked of a report is asked at once: it takes long to make."""
    files = make(name, tmp_path)
    folder = files.page.parent
    text = files.markdown.read_text(encoding="utf-8")
    assert text == committed(name), RENEW
    shown = figures(text)
    kept = {str(path.relative_to(REPORTS / name)) for path in (REPORTS / name).rglob("*.svg")}
    assert kept == shown, RENEW
    for figure in shown:
        assert words(folder / figure) == words(REPORTS / name / figure), RENEW
    check_links(name, files)
    check_gallery(name, tmp_path)
    if name == bundled.FLAGSHIP:
        check_other_files(folder)


def check_links(name, files):
    """Count the pages' links as the Markdown's are counted above."""
    linked, sources = page_links(files), loaded(name).sources.values()
    named = {source.address for source in sources if source.address}
    assert (set(linked), len(set(linked))) == (named, len(named))
    assert all(address.startswith("https://") for address in linked)


def check_gallery(name, root):
    """Look for the study's part of the gallery among those that are committed."""
    kept = (REPORTS / "README.md").read_text(encoding="utf-8").split("\n## ")
    shown = index_files(root, [loaded(name)])["README.md"].split("\n## ")
    assert {part.strip() for part in shown} <= {part.strip() for part in kept}, RENEW


def check_other_files(folder):
    """Compare numbers to a part in 10**9: another machine may differ in the last digit."""
    found, kept = (
        json.loads((each / "results.json").read_text(encoding="utf-8")) for each in (folder, FLAGSHIP)
    )
    found["versions"] = kept["versions"]
    assert differences(found, kept) == [], RENEW
    for page in ("index.html", "numbers.html"):
        assert words(folder / page) == words(FLAGSHIP / page), RENEW


def test_the_flagships_document_is_of_its_report():
    mark = twin_mark(committed(bundled.FLAGSHIP))
    assert mark in PdfReader(FLAGSHIP / "report.pdf").xmp_metadata.pdf_keywords, RENEW


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
