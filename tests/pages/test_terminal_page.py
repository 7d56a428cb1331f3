"""A page on a terminal: tables of any width, words that are wrapped, bold type where it is known."""

import pytest

from uncertainty.pages.blocks import Bullets, Column, Details, Paragraph, Section, Table, joined, strong
from uncertainty.pages.render.terminal import render, render_blocks

LONG = "429,228,004,229,869.8 to 429,228,004,229,871.8"
NUMBERS = Table(
    (
        Column("Output"),
        Column("Published", numeric=True),
        Column("A heading of some length", numeric=True),
        Column("95 % interval", numeric=True),
    ),
    (("frequency of the clock", "429,228,004,229,870.8", "9,192,631,770.123", LONG),),
    "Clocks",
)


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_no_number_and_no_heading_of_a_table_is_cut(columns):
    shown = render_blocks([NUMBERS], width=columns)
    for word in ("Published", "heading", "length", "interval", "9,192,631,770.123", *LONG.split()):
        assert word in shown
    assert max(map(len, shown.splitlines())) <= columns


def test_a_narrow_page_takes_short_headings_and_spares_what_others_say():
    table = Table(
        (
            Column("Reading"),
            Column("In words", spare=True),
            Column("On the claim's side of the reference", numeric=True, short="≥ 1"),
        ),
        (("as published", "most of the spread", "87 %"),),
    )
    wide, narrow = (render_blocks([table], width=width) for width in (100, 40))
    assert "reference" in wide
    assert "most of the spread" in wide
    assert narrow.splitlines() == ["Reading        ≥ 1", "as published  87 %"]


def test_signs_of_double_width_stand_under_their_heading():
    table = Table((Column("名前"), Column("n", numeric=True)), (("東京", "1"), ("Rome", "2")))
    assert render_blocks([table]).splitlines() == ["名前  n", "東京  1", "Rome  2"]


def test_bold_type_is_marked_only_where_it_is_known():
    text = joined("the median is ", strong("12"), ".")
    assert render_blocks([Paragraph(text)], bold=True) == "the median is \x1b[1m12\x1b[0m.\n"
    assert render_blocks([Paragraph(text)]) == "the median is 12.\n"


def test_what_is_folded_away_is_named_and_what_is_brief_is_shown():
    inside = (Paragraph("inside"),)
    assert render_blocks([Details("More", inside)]) == "▸ More (in the report)\n"
    assert render_blocks([Details("More", inside, brief=True)]) == "More\ninside\n"


def test_sections_stand_apart_and_lists_are_set_in():
    page = render("Title", "Source", [Section("a", "A", (Bullets(("one two three", "four")),))], width=12)
    assert page == "Title\nSource\n\nA\n* one two\n  three\n* four\n"


def test_a_terminal_shows_the_beginning_of_what_nobody_reads_to_its_end():
    """A cell of 500,000 characters in a column of ten makes 50,000 lines, once more for each output."""
    long = "a word and " * 50_000
    rows = ((long, long), ((strong(long), long), "short"))
    table = Table((Column(long), Column("Value")), rows, long)
    page = Section(long, "", (table, Paragraph(long), Bullets((long,))))
    assert len(render(long, long, [page], width=80)) < 50_000
    assert render_blocks([Paragraph("a word " * 1_000)]).endswith("…\n")
    assert "…" not in render_blocks([Paragraph("a word " * 500), Table((Column("b " * 200),), ())])
