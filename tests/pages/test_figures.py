import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from uncertainty.pages.figures.axis import Scale, tick_text, tick_texts
from uncertainty.pages.figures.distributions import Density, draw_densities
from uncertainty.pages.figures.drivers import Driver, draw_drivers
from uncertainty.pages.figures.intervals import Group, Interval, draw_intervals
from uncertainty.pages.figures.pictures import svg_text
from uncertainty.pages.figures.style import DARK, shorten
from uncertainty.sensitivity.sobol.analysis import Index

NASTY = '$x$ <b>& "quoted" 🖋 \\frac'


def intervals(title="Ratio", published=3.0):
    found = (Interval("as it is", 1, 2, 4, 0), Interval("otherwise", 0.1, 0.2, 9, 1))
    groups = (Group(title, published, "published: 3", found), Group("Other", None, "", found))
    return draw_intervals(groups, label="ratio", reference=1, logarithmic=True)


def parsed(svg):
    return ET.fromstring(svg)


def texts(svg):
    return [element.text for element in parsed(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_text_stays_text_and_nothing_is_loaded():
    svg = svg_text(intervals(), "intervals", "what it shows")
    assert {"Ratio", "published: 3", "as it is", "otherwise", "Other", "ratio"} <= set(texts(svg))
    root = parsed(svg)
    references = [
        value
        for element in root.iter()
        for key, value in element.attrib.items()
        if key.endswith("href") and not value.startswith("#")
    ]
    assert references == []
    assert "<!DOCTYPE" not in svg
    assert "metadata" not in svg


def test_a_figure_says_what_it_shows():
    root = parsed(svg_text(intervals(), "intervals", NASTY))
    assert root.attrib["aria-label"] == NASTY
    assert root.attrib["role"] == "img"


def test_the_same_figure_gives_the_same_bytes():
    assert svg_text(intervals(), "n", "t") == svg_text(intervals(), "n", "t")


def test_texts_from_a_study_are_neither_markup_nor_mathematics():
    assert NASTY in texts(svg_text(intervals(title=NASTY), "n", "t"))


def test_every_colour_has_a_dark_twin():
    svg = svg_text(intervals(), "n", "t")
    body = svg.split("</style>", 1)[1]
    used = set(re.findall(r"#[0-9a-f]{6}", body))
    assert used
    assert used <= set(DARK)


def test_identifiers_carry_the_figure_s_name():
    root = parsed(svg_text(intervals(), "abc", "t"))
    identifiers = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert identifiers
    assert all(identifier.startswith("abc-") for identifier in identifiers)
    assert len(set(identifiers)) == len(identifiers)


def test_long_titles_are_cut_to_the_room_there_is():
    shown = texts(svg_text(intervals(title="word " * 2000), "n", "t"))
    assert all(len(text or "") < 80 for text in shown)


@pytest.mark.slow
@pytest.mark.parametrize("logarithmic", [True, False])
def test_distributions_of_any_sign_and_of_none_can_be_drawn(logarithmic):
    rng = np.random.default_rng(1)
    noise = 1 + np.linspace(-1e-16, 1e-16, 500)
    clock = 9192631770 + rng.normal(0, 1e-5, size=500)
    large = [unit * (9 + rng.random(500)) for unit in (1e140, 1e300, 1e-300)]
    for values in (
        rng.normal(size=500),
        np.exp(rng.normal(size=500)),
        np.full(500, 3.0),
        noise,
        clock,
        *large,
    ):
        density = Density(
            "one", "text", values, float(values.min()), float(values[0]), float(values.max()), 0
        )
        figure = draw_densities(
            (density,),
            label="x",
            published=3,
            published_text="published: 3",
            reference=None,
            logarithmic=logarithmic,
        )
        assert "published: 3" in texts(svg_text(figure, "n", "t"))


def test_an_index_below_zero_is_drawn_at_zero():
    index = Index(-0.01, (-0.05, 0.03), 0.4, (0.3, 0.5))
    assert "0 % alone" in texts(svg_text(draw_drivers((Driver("x", index),), label="y", role=0), "n", "t"))


def test_ticks_are_round_and_inside():
    for scale in (Scale.over([0.3, 2e7], logarithmic=True), Scale.over([-3, 8], logarithmic=False)):
        assert 2 <= len(scale.ticks()) <= 9
        assert all(scale.low <= tick <= scale.high for tick in scale.ticks())


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (0.05, "0.05"), (10_000, "10,000"), (1e9, "10⁹"), (2e-7, "2×10⁻⁷")]
)
def test_ticks_are_written_for_people(value, text):
    assert tick_text(value) == text


@pytest.mark.parametrize(
    ("low", "high", "texts", "origin"),
    [
        (429228004229869.0, 429228004229873.0, ["-2", "-1", "0", "1", "2"], "429,228,004,229,871"),
        (9192631769.5, 9192631770.5, ["-0.4", "-0.2", "0", "0.2", "0.4"], "9,192,631,770"),
        (1e7 - 1e-4, 1e7 + 1e-4, ["-1×10⁻⁴", "-5×10⁻⁵", "0", "5×10⁻⁵", "10⁻⁴"], "10,000,000"),
        (0.0, 4.0, ["0", "1", "2", "3", "4"], ""),
    ],
)
def test_ticks_that_would_read_alike_are_differences(low, high, texts, origin):
    for logarithmic in {False, low > 0}:
        assert tick_texts(Scale(low, high, logarithmic).ticks()) == (texts, origin)


def test_a_text_is_cut_at_a_word():
    assert shorten("one two three four five", 16) == "one two three…"
    assert shorten("short", 16) == "short"
    assert len(shorten("x" * 100, 16)) == 16
