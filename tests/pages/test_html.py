import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from uncertainty.explorer.program import fingerprint, page_script
from uncertainty.pages.blocks import (
    Column,
    Details,
    Figure,
    Listing,
    Paragraph,
    Section,
    Table,
    code,
    strong,
)
from uncertainty.pages.render.html import render
from uncertainty.pages.sections.reuse import BESIDE

NASTY = "</title><script>alert('x')</script><img src=x onerror=\"y\"> & ' \" {{ 7 * 7 }} {% raw %} 🖋 שלום"
VOID = {"meta", "br", "img", "link", "hr", "input"}
LOADING = {"src", "srcset", "data", "poster", "action", "background", "xlink:href", "href"}


class Page(HTMLParser):
    """Every element of a page with its attributes, and its text; fails if elements are not nested."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.words, self.open = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    def every(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def nasty():
    table = Table(
        (Column(NASTY), Column(NASTY, numeric=True)), ((NASTY, (strong(NASTY), code(NASTY))),), NASTY
    )
    blocks = (Paragraph(NASTY, lead=True), table, Details(NASTY, (Listing(NASTY), Listing(NASTY))))
    return render(NASTY, NASTY, (Section("one", NASTY, blocks), Section("two", "Two", ())))


def test_no_text_becomes_markup_or_a_template(nasty):
    page = Page(nasty)
    assert page.every("script") == []
    assert page.every("img") == []
    assert not any(key.startswith("on") for _, attributes in page.elements for key in attributes)
    assert "".join(page.words).count(NASTY) == 14


@pytest.mark.slow
def test_a_report_loads_nothing_and_runs_nothing_but_the_explorer(small_report):
    page = Page(small_report.page.read_text(encoding="utf-8"))
    assert page.every("script") == [{"type": "application/json", "id": "explorer-program"}, {}]
    policy = next(meta["content"] for meta in page.every("meta") if "http-equiv" in meta)
    assert policy.endswith(f"; script-src '{fingerprint(page_script())}'")
    for tag, attributes in page.elements:
        for key in LOADING & set(attributes):
            assert attributes[key].startswith("#") or attributes[key] in ("numbers.html", *BESIDE), (tag, key)
    style = "".join(page.words)
    assert "@import" not in style
    assert "url(" not in style.replace("url(#", "")


@pytest.mark.slow
def test_headings_are_in_order(small_report):
    page = Page(small_report.page.read_text(encoding="utf-8"))
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_figures_and_links_are_accessible(small_report):
    # how the pictures of three inputs are to be read is said once, above the first; a card says it itself
    for path, uncaptioned in ((small_report.page, 1), (small_report.appendix, 3)):
        check_accessible(Page(path.read_text(encoding="utf-8")), uncaptioned)


def check_accessible(page, uncaptioned):
    assert page.every("html")[0]["lang"] == "en"
    assert all("scope" in attributes for attributes in page.every("th"))
    assert len(page.every("caption")) == len(page.every("table"))
    assert all(attributes.get("aria-label") for attributes in page.every("svg"))
    # the card has another drawing for narrow pages
    drawings = [2 if attributes.get("class") == "two" else 1 for attributes in page.every("figure")]
    assert sum(drawings) == len(page.every("svg"))
    assert len(page.every("figcaption")) == len(page.every("figure")) - uncaptioned
    identifiers = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(set(identifiers)) == len(identifiers)
    targets = {attributes["href"] for attributes in page.every("a")}
    assert "#content" in targets
    others = {"index.html", "numbers.html", *BESIDE}
    elsewhere = others | {target for target in targets if target.startswith("https://")}
    assert {target[1:] for target in targets - elsewhere} <= set(identifiers)


def test_pictures_keep_their_own_markup_and_leave_their_style_sheet_to_the_page():
    picture = '<svg role="img" aria-label="a">{}<text>b</text></svg>'
    figure = Figure("x", picture.format("<style>text{fill:red}</style>"), "a", "c")
    page = render("t", "", (Section("s", "S", (figure,)),))
    assert picture.format("") in page
    assert "fill:red" not in page


def test_lines_that_are_folded_away_have_one_button_that_copies_them():
    each = [Details("lines", lines) for lines in ((Listing("a"),), (Listing("a"), Listing("b")), ())]
    buttons = [Page(render("t", "", (Section("one", "One", (block,)),))).every("button") for block in each]
    assert [len(found) for found in buttons] == [1, 0, 0]


def test_a_page_to_embed_is_small_and_loads_and_runs_nothing(small_report):
    text = (small_report.folder / "embed.html").read_text(encoding="utf-8")
    page = Page(text)
    assert len(text.encode()) < 100_000
    assert page.every("script") == []
    assert len(page.every("svg")) == 2
    assert [each["href"] for each in page.every("a")] == ["index.html"]
    assert all(attributes.get("aria-label") for attributes in page.every("svg") + page.every("a"))
    assert "@import" not in text
    assert "url(" not in text.replace("url(#", "")
    assert next(each["content"] for each in page.every("meta") if "http-equiv" in each).startswith(
        "default-src 'none'"
    )


@pytest.mark.parametrize("number", [3, 20])
def test_sections_that_no_line_holds_are_listed_where_one_unfolds_them(number):
    sections = tuple(Section(f"s{each}", f"Section {each}", (Paragraph("Text."),)) for each in range(number))
    page = render("t", "", sections)
    assert page.count('<nav class="contents bar"') == (number == 3)
    assert page.count('<nav class="contents folded" aria-label="Sections"><details><summary>Sections') == 1
    assert all(page.count(f'href="#s{each}"') == 1 + (number == 3) for each in range(1, number))
