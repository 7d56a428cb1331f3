"""Every section, block and figure stands in every form: terminal, notebook, HTML, Markdown and PDF."""

import ast
import csv
import html as markup
import io
import re
from importlib import import_module
from pathlib import Path
from types import FunctionType
from typing import get_args

import pytest

from uncertainty.expressions import parse_expression
from uncertainty.pages import figures, sections
from uncertainty.pages.blocks import (
    Beside,
    Block,
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
    plain,
)
from uncertainty.pages.content import prepare
from uncertainty.pages.fonts import Fonts
from uncertainty.pages.render import html, markdown, notebook, pdf, terminal
from uncertainty.settings import Settings
from uncertainty.study.model import AS_PUBLISHED

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>seen</title></svg>'
PICTURE = Figure("picture", DRAWING, "whatpictureshows", "")
SAMPLES = {
    Paragraph: Paragraph("saidplainly"),
    Subheading: Subheading("saidabove"),
    Bullets: Bullets(("saidfirst", "saidnext")),
    Cards: Cards((Card("saidcard", "label", "If so,", "saidvalue", ("saidline",), 0),)),
    Table: Table((Column("saidhead"), Column("n", numeric=True)), (("saidcell", "12"),), "saidcaption"),
    Figure: PICTURE,
    Beside: Beside(PICTURE, (Paragraph("saidbeside"),)),
    Equations: Equations((Equation("saidtitle", "y", parse_expression("2 * x"), "saidnote"),)),
    Listing: Listing("saidlisting"),
    Details: Details("saidsummary", (Paragraph("saidinside"),), brief=True),
    Explorer: Explorer("{}", "saidelsewhere"),
}


def pdf_text(found):
    """Return what is handed to the typesetter, without the names of its parts."""

    def texts(part):
        if isinstance(part, str):
            yield part
        for name, each in part.items() if isinstance(part, dict) else ():
            yield from texts(each) if name not in ("kind", "style") else ()
        for each in part if isinstance(part, list) else ():
            yield from texts(each)

    return " ".join(
        text for section in found for block in section.blocks for text in texts(pdf._block(block, Fonts()))
    )


FORMS = {
    "terminal": lambda found: terminal.render("T", "", found),
    "notebook": lambda found: notebook.render("T", "", found),
    "html": lambda found: html.render("T", "", found),
    "markdown": lambda found: markdown.render("T", "", found),
    "pdf": pdf_text,
}


def words(text):
    """Return a text's words without the marks and the line ends of any form."""
    bare = re.sub(r"<[^>]*>|\x1b\[\d*m", " ", markup.unescape(text))
    return re.sub(r"[^\w%]+", "", bare.replace("\u00a0", " "))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", get_args(Block), ids=lambda kind: kind.__name__)
def test_every_block_stands_in_every_form(kind, form):
    said = set(re.findall(r"said\w+", repr(SAMPLES[kind])))
    shown = FORMS[form]((Section("s", "S", (SAMPLES[kind],)),))
    # where the page can run the study itself, nothing is said in its place
    expected = set() if (kind, form) == (Explorer, "html") else said
    assert expected <= set(re.findall(r"said\w+", shown))


@pytest.fixture
def of_cases(small):
    """What a report holds, with draws enough for the distribution over the cases."""
    return prepare(small, Settings(samples=2**14))


@pytest.mark.parametrize("name", sections.SECTIONS)
def test_every_section_says_the_same_in_every_form(name, content, of_cases):
    section = sections.make_section(name, of_cases if name == "cases" else content)
    if section is None:
        assert name in (
            "grounds",
            "sources",
            "support",
            "observations",
            "alternatives",
            "critics",
            "together",
        )
        return
    first = next(
        block for block in section.blocks if isinstance(block, Paragraph | Bullets | Listing | Table)
    )
    text = {Bullets: "items", Table: "caption"}.get(type(first), "text")
    text = getattr(first, text) if text != "items" else first.items[0]
    for form, render in FORMS.items():
        assert words(plain(text)) in words(render((section,))), form


def test_every_function_that_makes_a_section_of_a_report_is_in_one():
    folder = Path(sections.__file__).parent
    made = {
        f"{path.stem}.{part.name}"
        for path in folder.glob("*.py")
        for part in ast.parse(path.read_text("utf-8")).body
        if isinstance(part, ast.FunctionDef) and re.fullmatch(r"(\w+_)?section", part.name)
        if not part.name.startswith(("_", "make_"))
    }
    assert made == set(sections.SECTIONS.values())


@pytest.mark.parametrize("kind", figures.KINDS)
def test_every_figure_stands_alone_and_says_what_it_shows(kind, content, tables, of_cases):
    content = tables if figures.KINDS[kind].of == "output" else of_cases if kind == "cases" else content
    subject = "distance" if figures.KINDS[kind].of == "input" else AS_PUBLISHED
    found = figures.figure(kind, content, subject)
    assert found.svg.startswith("<svg")
    assert len(plain(found.alt)) > 20
    head, *rows = csv.reader(io.StringIO(found.data.removeprefix("\ufeff")))
    assert head[0] == "figure"
    assert rows
    assert all(len(row) == len(head) and row[0] == found.name for row in rows)
    assert any(re.fullmatch(r"-?\d[\d.e+-]*", cell) for row in rows for cell in row)
    assert words(plain(found.alt)) in words(found.svg.partition("</title>")[0])
    maker = figures.KINDS[kind].maker.split(".")
    assert isinstance(getattr(import_module(f"uncertainty.pages.figures.{maker[0]}"), maker[1]), FunctionType)


@pytest.mark.slow
def test_every_figure_but_the_dots_is_in_the_report(content, tables, of_cases):
    from uncertainty.pages.blocks import figures as drawn

    shown = sections.make_sections(content)
    shown += tuple(sections.make_section(name, tables) for name in ("intervals", "indices"))
    shown += (sections.make_section("cases", of_cases),)
    names = [figure.name for figure in drawn(shown)]
    for kind in set(figures.KINDS) - {"scatter"}:
        assert any(name == kind or name.startswith(f"{kind}-") for name in names), kind
