"""The card of a study: what it says, where its marks lie, and that nothing on it is cut or overlaps."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

import uncertainty as un
from uncertainty.pages.blocks import Paragraph, plain
from uncertainty.pages.content import prepare
from uncertainty.pages.figures.card import credit_lines, plot
from uncertainty.pages.figures.card_layout import PAGES, SIZES, Axis, Bar, Row, draw_card
from uncertainty.pages.figures.card_names import places
from uncertainty.pages.figures.lettering import lines, one_line, width
from uncertainty.pages.figures.pictures import picture_bytes, svg_text
from uncertainty.pages.figures.sheet import Sheet
from uncertainty.pages.render import html
from uncertainty.pages.sections import make_section
from uncertainty.settings import Settings

NASTY = '🖋 </svg><script>alert(1)</script> $x$ <b>& "quoted" {{ 7 }} \\frac ]]> \u202etxt'
MARKUP = "</title></svg><script>alert(1)</script> $x$ & {{ 7 }} \u202etxt"
LONG = "A title of many words that says all there is to be said and then some more of it, " * 4
AXIS = Axis("Writer, as a multiple of model", True, 53.0, "published: 53", 1.0, "equal")
ROWS = tuple(
    Row(title, number, ("About 19 times (12 to 20) on average", "6 to 80 in any one case"), "If so.", bars)
    for number, (title, bars) in enumerate(
        [
            ("The publication's own", (Bar(70, 600, 6000), Bar(54, 500, 6400, of_cases=True))),
            ("Like for like", (Bar(12, 19, 20), Bar(6, 20, 80, of_cases=True))),
            ("The computer alone", (Bar(0.6, 4, 40), Bar(0.35, 5, 60, of_cases=True))),
        ]
    )
)
CREDITS = ("Source of the claim: Somebody 2020", "Study: https://example.org/study; A. Author; 2026-11-28")


def card(title="It comes out higher", rows=ROWS, axis=AXIS, told=CREDITS, size="wide"):
    return draw_card(title, rows, axis, "95 % of the tries lie on a bar.", told, SIZES[size])


def texts(svg):
    root = ET.fromstring(svg)
    return " ".join(each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text"))


def boxes(figure):
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw_without_rendering()
    found = [each for each in figure.findobj(Text) if each.get_text().strip() and each.get_visible()]
    return [(each.get_text(), each.get_window_extent(renderer)) for each in found]


HARD = {
    "as it is": {},
    "long": {
        "title": LONG,
        "rows": tuple(replace(row, title=LONG, spoken=(LONG,), condition=LONG) for row in (*ROWS, ROWS[0])),
        "axis": replace(AXIS, label=LONG, reference=50.0),
        "told": (LONG, LONG),
    },
    "without spaces": {"title": "x" * 300, "rows": (replace(ROWS[0], title="y" * 300, spoken=("z" * 300,)),)},
    "one number": {
        "rows": (Row("As published", 0, ("5.00",), "If so.", (Bar(5, 5, 5),)),),
        "axis": replace(AXIS, published=None, reference=None, logarithmic=False),
    },
}


def check_layout(figure):
    """Check that no text of a figure is cut or lies on another."""
    right, top = figure.bbox.width, figure.bbox.height
    found = boxes(figure)
    for text, box in found:
        assert min(box.x0, box.y0, right - box.x1, top - box.y1) >= 0, text
    for (one, first), (other, second) in combinations(found, 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        down = min(first.y1, second.y1) - max(first.y0, second.y0)
        # letters of two lines may reach into one another's room by a hair
        assert across <= 1 or down <= 0.2 * min(first.height, second.height), (one, other)


@pytest.mark.parametrize("size", ["wide", *(pytest.param(s, marks=pytest.mark.slow) for s in [*SIZES][1:])])
@pytest.mark.parametrize("case", HARD)
def test_no_text_is_cut_or_lies_on_another(case, size):
    check_layout(card(**HARD[case], size=size))


BARE = """
format = 1
[study]
title = "{title}"
headline = "y"
[inputs.x]
unit = "kg"
point = 2
{distribution}
[outputs.y]
value = "2 * x"
unit = "kg"
label = "{label}"
{published}
"""
BARE_STUDIES = {
    "one input": ({}, "About 4.00 kg ("),
    "nothing published": ({"published": ""}, "About 4.00 kg ("),
    "a title of 300 letters": ({"title": "t" * 300, "label": "l" * 300}, "About 4.00 kg ("),
    "nothing varies": ({"distribution": ""}, "4.00 kg"),
    "markup": ({"title": MARKUP, "label": MARKUP}, "About 4.00 kg ("),
}


@pytest.mark.parametrize(
    "case", ["markup", *(pytest.param(case, marks=pytest.mark.slow) for case in [*BARE_STUDIES][:-1])]
)
def test_a_bare_or_hostile_study_has_a_first_screen_that_reads_well(case, gathered, write_study):
    texts_of, amount = BARE_STUDIES[case]
    usual = {"title": "Bare", "label": "Twice", "distribution": 'distribution = "uniform(1.9, 2.1)"'}
    text = BARE.format(**(usual | {"published": "published = 4"} | texts_of))
    content = gathered(un.load_study(write_study(text)))
    found = plot(content, "wide")
    check_layout(found.picture)
    assert amount in found.finding
    svg = svg_text(found.picture, found.name, found.finding)
    assert "<script" not in svg
    section = make_section("claim", content)
    page = html.render("T", "", (section,), head=html.Head(found.finding, "https://example.org/card.png"))
    assert "<script" not in page
    said = " ".join(plain(block.text) for block in section.blocks if isinstance(block, Paragraph))
    assert amount.removeprefix("About ") in said
    assert ("no published figure of" in page) == (case == "nothing published")


def test_bars_and_lines_lie_at_their_values():
    axes = card().axes[0]
    drawn = [tuple(map(float, line.get_xdata())) for line in axes.lines]
    for row in ROWS:
        for bar in row.bars:
            assert (bar.low, bar.high) in drawn
            assert (bar.middle,) in drawn
    assert {(53.0, 53.0), (1.0, 1.0)} <= set(drawn)
    assert axes.get_xscale() == "log"


def test_what_a_text_says_is_no_markup():
    svg = svg_text(card(title=NASTY, told=(NASTY,)), "card", NASTY)
    assert "<script" not in svg
    assert "\u202e" not in svg
    assert '🖋 </svg><script>alert(1)</script> $x$ <b>& "quoted" {{ 7 }}' in texts(svg)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "pixels"),
    [("wide", (1200, 675)), ("square", (1080, 1080)), ("tall", (1080, 1560)), ("print", (2125, 1417))],
)
def test_a_picture_has_the_pixels_that_its_size_says(size, pixels):
    figure, sheet = card(size=size), Sheet(dpi=SIZES[size].pixels, dark=size == "wide")
    head = picture_bytes(svg_text(figure, "card", "t"), "png", "t", sheet)[0][16:24]
    assert (int.from_bytes(head[:4]), int.from_bytes(head[4:])) == pixels


def test_a_dark_card_is_dark_for_everybody():
    svg = svg_text(card(), "card", "what it shows", dark=True)
    assert "prefers-color-scheme" not in svg
    assert "#1f2430" not in svg
    assert "#e8eaee" in svg


def test_a_study_s_card_says_finding_readings_axis_source_and_whose_study_it_is(small, content):
    study = replace(small, url="https://example.org/s", authors=("A. Author",), licence="CC-BY-4.0")
    found = plot(replace(content, study=study), "wide")
    said = texts(svg_text(found.picture, found.name, found.finding))
    assert found.name == "card"
    for expected in ("published: 600", "As published", "https://example.org/s", "A. Author", "CC-BY-4.0"):
        assert expected in said
    assert found.finding.startswith("Is “Yearly emissions” above 100 kg a year? Yes. Is it ")
    assert "95 % of the tries lie on a bar" in found.caption.replace("\u00a0", " ")


def test_a_study_that_judges_no_published_figure_names_no_claim(small):
    outputs = {name: replace(each, published=None) for name, each in small.outputs.items()}
    silent = replace(small, source="Somebody 2020", outputs=outputs)
    judging = replace(small, source="Somebody 2020")
    for study, first in ((silent, "Source: Somebody 2020"), (judging, CREDITS[0])):
        assert credit_lines(study)[0] == first
    assert credit_lines(replace(silent, source=""))[0].startswith("Study: ")


def test_any_one_case_stands_above_the_average_where_the_figure_speaks_of_it(small):
    found = plot(prepare(small, Settings(samples=2**14)), "wide")
    axes = found.picture.axes[0]
    bars = [line for line in axes.lines if len(line.get_xdata()) == 2 and np.ptp(line.get_xdata()) > 0]
    thin, thick = bars[:2]
    assert thick.get_linewidth() > thin.get_linewidth()
    assert thin.get_xdata()[0] < thick.get_xdata()[0]
    assert "in any one case; " in found.finding
    assert "on average" in found.finding


def test_beside_the_answer_a_card_says_what_it_shows_and_one_interval_a_reading(small):
    content = prepare(small, Settings(samples=2**14))
    whole, beside, tall = (plot(content, size) for size in ("wide", "page", "page-tall"))
    said = texts(svg_text(beside.picture, "card", ""))
    assert "Yearly emissions: two ways of counting" in said
    assert "two ways of counting, and" not in said
    assert "on average" not in said
    assert "sha256" not in said
    assert beside.finding == whole.finding
    assert beside.rows == whole.rows
    assert (beside.name, tall.name) == ("card", "card-page-tall")
    assert "Is it" in texts(svg_text(tall.picture, "card", ""))
    # what all readings speak of stands in the title instead
    assert replace(ROWS[0], of="on average").bare.spoken == ("About 19 times (12 to 20)",)


def test_lines_are_no_wider_than_their_room_and_lose_no_word():
    text = "one two three 89 % of what can be said 漢字漢字漢字漢字漢字"
    found = lines(text, 10, 80, 99)
    assert " ".join(found).replace(" ", "").replace("\u00a0", "") == text.replace(" ", "")
    assert all(width(line, 10) <= 80 for line in found)
    assert any("89\u00a0%" in line for line in found)
    assert one_line(text, 10, 80).endswith("…")
    assert lines("", 10, 80, 3) == []


@pytest.mark.parametrize("size", PAGES.values(), ids=PAGES)
def test_on_a_page_no_caption_is_cut(size):
    grants = (
        "The preferred one: if a person prompts until a result is accepted, at the same footprint an hour "
        * 2
    )
    rows = [replace(row, condition=grants) for row in ROWS]
    figure = draw_card("It comes out higher", rows, AXIS, "A key.", CREDITS, size)
    said = [text for text, _ in boxes(figure)]
    assert not any("…" in text for text in said)
    assert " ".join(said).count("until a result") == 6
    # letters are as large as a page may scale them down
    assert min(each.get_fontsize() for each in figure.findobj(Text) if each.get_text()) >= 21 * size.unit


def test_a_bar_that_dwarfs_all_marks_ends_in_an_arrow():
    rows = [replace(ROWS[0], bars=(Bar(0.5, 60, 1e7),)), ROWS[1]]
    axes = card(rows=rows).axes[0]
    assert axes.get_xlim()[1] < 1000
    assert [line.get_marker() for line in axes.lines].count(">") == 1
    assert card().axes[0].get_xlim()[1] > 6400


def test_names_stand_over_their_own_lines():
    random = np.random.default_rng(1)
    for _ in range(400):
        lines_at, wide = random.uniform(100, 900, 2), random.uniform(40, 240, 2)
        found = places([*zip(lines_at, wide, strict=True)], 100, 900)
        low, high = sorted(range(2), key=lambda each: found[each].row)
        ends = [(each.at, each.at + across) for each, across in zip(found, wide, strict=True)]
        assert all(begin >= 100 and end <= 900 for begin, end in ends)
        assert all(begin - 6 <= at <= end + 6 for at, (begin, end) in zip(lines_at, ends, strict=True))
        if found[high].row:
            # the line of the upper name runs past the lower one
            assert not ends[low][0] < lines_at[high] < ends[low][1]
        else:
            assert min(ends[low][1], ends[high][1]) < max(ends[low][0], ends[high][0])


def test_a_card_beside_the_answer_says_that_ways_stand_on_it_that_do_not_lead(load):
    study = load(
        """
        format = 1
        [study]
        title = "Three that lead, and one that is named"
        headline = "y"
        [inputs.a]
        unit = "kg"
        point = 3
        distribution = "normal(3, 0.1)"
        [outputs.y]
        unit = "kg"
        label = "Yearly emissions"
        value = "a"
        published = 3
        [readings.more]
        inputs = { a = "normal(3.2, 0.2)" }
        preferred = true
        [readings.much_more]
        inputs = { a = "normal(4.6, 0.2)" }
        [readings.far]
        inputs = { a = 30 }
        """
    )
    content = prepare(study, Settings(samples=2**12))
    found = plot(content, "page")
    assert content.headline.named
    assert "Yearly emissions: three ways of counting, and another" in texts(
        svg_text(found.picture, "card", "")
    )
