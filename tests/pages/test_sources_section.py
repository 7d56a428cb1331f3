"""A report leads to what its study cites, says what was read of it, and leads nowhere else."""

import json
import re

import pytest
from links import page_links
from markdown_it import MarkdownIt
from pypdf import PdfReader
from sourced_study import ADDRESSES, HOSTILE, SOURCED

import uncertainty as un
from uncertainty.pages import write_report
from uncertainty.pages.content import ReportContent
from uncertainty.pages.render import markdown
from uncertainty.pages.sections import make_sections
from uncertainty.pages.sections.reuse import BESIDE
from uncertainty.pages.sections.sources import what_was_read
from uncertainty.settings import Settings


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    """Return a function that writes the report of a study's text."""

    def write(text, **options):
        folder = tmp_path_factory.mktemp("sourced")
        (folder / "study.toml").write_text(text, encoding="utf-8")
        study = un.load_study(folder / "study.toml")
        options = {"settings": Settings(samples=256), "sensitivity_samples": 64} | options
        return write_report(study, folder / "report", **options)

    return write


@pytest.fixture(scope="module")
def sourced(reported):
    return reported(SOURCED)


@pytest.fixture(scope="module")
def pages(reported):
    """The same without the document, which takes longer than all the rest."""
    return reported(SOURCED, formats=("html", "markdown"))


@pytest.fixture(scope="module")
def hostile(reported):
    said = json.dumps(" ; ".join(HOSTILE), ensure_ascii=True)
    name = json.dumps(", ".join(HOSTILE).replace(";", ""))
    text = re.sub(r'(?m)^((?:source|note|label|question|licence|version|title) = )".*"$', r"\1{}", SOURCED)
    assert text.count("{}") > 20
    text = text.replace("{}", said).replace('["Office of Paper"]', f"[{name}]")
    text = text.replace('"https://example.org/weights_(all)"', said)
    for place in re.findall(r"(?m)^(?:doi|arxiv|url) = .*$", text):
        text = text.replace(place, f"# {place}")
    evidence = 'source = "@smith_other", year = 2019, note = "see doi:10.1000/182."'
    return reported(text.replace(evidence, f"note = {said}"))


def markdown_links(files):
    reader = MarkdownIt("commonmark").enable("table").parse(files.markdown.read_text(encoding="utf-8"))
    inner = [token for block in reader for token in block.children or ()]
    found = [token.attrs["href"] for token in inner if token.type == "link_open"]
    return [link.replace("%28", "(").replace("%29", ")") for link in found if link not in BESIDE]


def document_links(files):
    pages = PdfReader(files.document).pages
    notes = [note.get_object() for page in pages for note in page.get("/Annots", ())]
    return [note["/A"]["/URI"] for note in notes if "/URI" in note.get("/A", {})]


@pytest.mark.slow
@pytest.mark.parametrize("links_of", [page_links, markdown_links, document_links])
def test_every_link_is_an_https_address_that_the_study_names_and_none_is_missing(sourced, links_of):
    assert set(links_of(sourced)) == ADDRESSES


@pytest.mark.slow
def test_every_rendering_has_as_many_links(sourced):
    assert len(page_links(sourced)) == len(markdown_links(sourced))


@pytest.mark.slow
@pytest.mark.parametrize("links_of", [page_links, markdown_links, document_links])
def test_a_study_that_means_harm_gets_no_link(hostile, links_of):
    assert links_of(hostile) == []


@pytest.mark.slow
def test_no_text_of_a_study_that_means_harm_becomes_markup(hostile):
    page = hostile.page.read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "<a href='javascript" not in page
    assert not re.search(r"[\u202a-\u202e\u2067]", page + hostile.markdown.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_the_first_section_asks_the_question_and_says_what_was_read(pages):
    first = pages.page.read_text(encoding="utf-8").partition("</section>")[0]
    words = re.sub(r"<[^>]+>", "", first)
    assert words.index("Does a page weigh more than a letter?") < words.index("6 g")
    assert (
        "What was read: 1 of 5 listed sources in full, the abstract of Smith et al. 2020b, an excerpt of "
        "Office of Paper, what others say of “Ink that nobody keeps” 1921 (through Smith et al. 2020a), "
        "the study does not say what of “A book”." in words
    )


def sources_section(study):
    """Return what a report says of the sources, in Markdown."""
    return markdown.render("t", "", make_sections(ReportContent(study, Settings()), ["sources"]))


def test_the_sources_stand_in_a_section_of_their_own(write_study):
    section = sources_section(un.load_study(write_study(SOURCED))).partition("## Sources\n")[2]
    assert (
        "**This study:** Doe, J.; Office of Paper. Version 2. 2026-11-28. Licence CC-BY-4.0. [https"
        in section
    )
    names = re.findall(r"^\* \*\*(.*?)\*\*", section, flags=re.MULTILINE)
    assert names == [
        "“A book”",
        "“Ink that nobody keeps” 1921",
        "Office of Paper",
        "Smith et al. 2020a",
        "Smith et al. 2020b",
    ]
    assert (
        "Smith, A.; Roe, B.; Poe, C. The weight of a page. [doi:10.1000/182](https://doi.org/10.1000/182). "
        "Read in full, 2026-11-27. Cited for: the study, A sheet, whole, page, the correlation of A sheet "
        "and ink, drying, dry and what it says of “Ink that nobody keeps” 1921." in section
    )
    assert "Cited nowhere." in section
    assert (
        "1 of 2 pieces of evidence names none of these sources. The list does not say what was read for it."
        in section
    )


CURVED = """
[curves.drying_out]
points = [[0, 0], [9, 1]]
source = "@unsaid"
[choices.place]
[choices.place.options.here]
[choices.place.options.there]
[[excluded]]
when = { drying = "wet", place = "there" }
because = "So @unsaid has it."
"""


def test_what_curves_and_exclusions_cite_is_cited_for_them(write_study):
    said = sources_section(un.load_study(write_study(SOURCED + CURVED)))
    assert "Cited for: drying out and what cannot go together in drying and place." in said
    assert "Cited nowhere." not in said


@pytest.mark.parametrize("source", ["@smith_other", "arXiv:2303.06219v2", "“A book”, p. 3"])
def test_sources_are_called_listed_only_where_evidence_names_none_of_them(source, write_study):
    text = SOURCED.replace("https://example.org/weights_(all)", source)
    assert "1 of 5 sources in full, " in what_was_read(un.load_study(write_study(text)))


@pytest.mark.slow
def test_no_key_is_left_in_a_report(sourced):
    for path in (sourced.page, sourced.markdown):
        assert "@smith" not in path.read_text(encoding="utf-8")
    assert "@smith" not in "".join(page.extract_text() for page in PdfReader(sourced.document).pages)


@pytest.mark.slow
def test_the_documents_are_tagged_with_the_studys_language(sourced):
    assert '<html lang="pt-BR">' in sourced.page.read_text(encoding="utf-8")
    assert PdfReader(sourced.document).root_object["/Lang"] == "pt-BR"


@pytest.mark.slow
def test_a_study_without_sources_has_no_section_for_them(small_report):
    files = small_report
    assert "## Sources" not in files.markdown.read_text(encoding="utf-8")
    assert "What was read" not in files.markdown.read_text(encoding="utf-8")
    assert '<html lang="en">' in files.page.read_text(encoding="utf-8")
    assert page_links(files) == markdown_links(files) == []
