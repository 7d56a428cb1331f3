"""The document to print: everything in it, set as text, with its fonts."""

import re

import pytest
from pypdf import PdfReader

from uncertainty.expressions import parse_expression
from uncertainty.pages.blocks import (
    Beside,
    Bullets,
    Card,
    Cards,
    Column,
    Details,
    Equation,
    Equations,
    Explorer,
    Figure,
    Listing,
    Paragraph,
    Section,
    Subheading,
    Table,
    code,
    strong,
)
from uncertainty.pages.render.pdf import render

NASTY = '#eval("1+1") $x^2$ *b* _i_ `c` <label> @ref \\ // "q" [a](b) = h שלום <script>'
FORMULA = parse_expression("where(x < 2, sqrt(abs(x)) / 3, exp(x)**2 - minimum(x, 1.5[t/year]))")
DRAWING = '<svg viewBox="0 0 520 100" xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>'


def every_block(text):
    table = Table((Column(text), Column("n", numeric=True)), ((text, "1"), (code(text), strong("2"))), text)
    card = Card("title", "label", text, "12", ("line",), 0)
    return (
        Paragraph(text, lead=True),
        Paragraph(text),
        Subheading(text),
        Bullets((text,)),
        Cards((card, card)),
        table,
        Figure("f", DRAWING, text, text),
        Listing(text),
        Details(text, (Paragraph(text),)),
        Explorer("{}", text),
        Beside(Figure("f", DRAWING, text, ""), (Paragraph(text),)),
        Equations((Equation(text, "a_b", FORMULA, text),)),
    )


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Return a function that sets a report and returns it as a reader of PDF documents sees it."""

    def made(title, blocks, **options):
        path = tmp_path_factory.mktemp("pdf") / "report.pdf"
        path.write_bytes(
            render(title, title, (Section("a", title, blocks), Section("b", "Two", ())), **options)
        )
        return PdfReader(path)

    return made


def text_of(document):
    """Return all text without spaces and what only marks where a line may end."""
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in document.pages))


def test_every_block_is_set_and_no_text_is_read_as_markup(read):
    found = text_of(read("Title", every_block(NASTY)))
    # a reader may turn what is written from right to left
    latin = re.sub(r"[\s\u200b]|[\u0590-\u05ff]", "", NASTY)
    assert re.sub(r"[\u0590-\u05ff]", "", found).count(latin) >= 16
    assert "1+1" in found
    assert all(word in found for word in ("title", "label", "line", "themedianis", "12"))


def test_the_document_says_what_it_is_and_where_it_comes_from(read):
    document = read("A title", (), keywords=("study x", "SHA-256 abc"))
    assert document.metadata.title == "A title"
    assert "SHA-256 abc" in document.xmp_metadata.pdf_keywords
    assert document.metadata.creation_date is None
    assert document.root_object["/Lang"] == "en"
    assert document.root_object["/MarkInfo"]["/Marked"]


def test_every_font_is_embedded(read):
    document = read("Title", every_block("≥ ÷ שלום Привет"))
    fonts = {}
    for page in document.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            fonts[inner["/BaseFont"]] = inner["/FontDescriptor"].get_object()
    assert len(fonts) >= 4
    assert all({"/FontFile2", "/FontFile3"} & set(descriptor) for descriptor in fonts.values())


@pytest.mark.slow
def test_a_word_of_thousands_of_letters_is_broken_into_lines(read):
    word = "x" * 2_000
    document = read(word, (Paragraph(word), Table((Column(word), Column("b")), ((word, word),), word)))
    assert text_of(document).count("x") >= 12_000
    for page in document.pages:
        at = []

        def seen(text, _matrix, place, _font, size, at=at):
            at.append((text, place[4], size))

        page.extract_text(visitor_text=seen)
        ends = [x + 0.4 * size * len(text.rstrip("\n")) for text, x, size in at if text.strip()]
        assert max(ends, default=0) < page.mediabox.width


def test_the_same_report_is_the_same_bytes():
    sections = (Section("a", "A", every_block(NASTY)),)
    assert render("T", "S", sections) == render("T", "S", sections)


def test_columns_keep_their_numbers_and_share_what_is_left(read):
    long = "words " * 60
    table = Table(
        (Column("what"), Column("how many of them", numeric=True), Column("why")),
        ((long, "1,000 to 150,000", long), ("short", "1", "short")),
        "caption",
    )
    lines = "\n".join(page.extract_text() for page in read("T", (table,)).pages)
    assert "1,000 to 150,000" in lines
