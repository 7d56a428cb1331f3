"""Tornado, spider, curves and scatter say what the analyses found, whatever its size and sign."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from matplotlib.text import Text

import uncertainty as un
from uncertainty import numbers
from uncertainty.pages.content import prepare
from uncertainty.pages.figures import draw
from uncertainty.pages.figures.curves import DOTS, draw_curves, draw_scatter
from uncertainty.pages.figures.drivers import Driver, draw_drivers, plot
from uncertainty.pages.figures.local import MOST_BARS, MOST_LINES, draw_spider, draw_tornado, moving
from uncertainty.pages.figures.pictures import svg_text
from uncertainty.pages.figures.specification_curve import Question, Specification, draw_specifications
from uncertainty.pages.figures.style import DARK, TEXT, WIDTH, legible
from uncertainty.sensitivity.effects import effects
from uncertainty.sensitivity.local import LocalView, Path, spider, tornado
from uncertainty.sensitivity.sample import Sample
from uncertainty.sensitivity.sobol.results import Index
from uncertainty.settings import Settings

TITLES = {f"x{i}": f"input number {i} <b>&" for i in range(12)}


def texts(figure):
    root = ET.fromstring(svg_text(figure, "n", "t"))
    return [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]


def view(base, scale, **ends):
    paths = {name: Path((0.1, 0.9), pair, 1.0) for name, pair in ends.items()}
    return LocalView("y", scale, "medians", base, (0.05, 0.95), MappingProxyType(paths))


CASES = {
    "one input": view(1.0, "linear", x0=(0.5, 2.0)),
    "nothing moves": view(3.0, "linear", x0=(3.0, 3.0), x1=(3.0, 3.0)),
    "nothing moves at 0": view(0.0, "linear", x0=(0.0, 0.0)),
    "both ends above": view(1.0, "linear", x0=(4.0, 2.0), x1=(1.0, 9.0)),
    "across zero": view(0.0, "linear", x0=(-4.0, 2.0)),
    "many sizes": view(1.0, "log10", **{f"x{i}": (1e-12 * 10**i, 1e9) for i in range(12)}),
    "huge": view(1e290, "linear", x0=(-1e290, 3e290)),
    "tiny": view(1e-300, "linear", x0=(0.0, 3e-300)),
}


@pytest.mark.parametrize("case", CASES)
def test_a_tornado_names_its_inputs_and_their_ends(case):
    found = texts(draw_tornado(CASES[case], TITLES, label="y", base="at their medians", role=0))
    shown = moving(CASES[case], MOST_BARS)
    assert [text for text in found if text.startswith("input number")] == [TITLES[name] for name in shown]
    assert "at their medians" in found
    assert found.count("0.10") == found.count("0.90") == len(shown)


@pytest.mark.parametrize("weights", [(1, 0.07, 0.01), (1, 0.066, 0.068), (1, 1e-3, 1e-3), (1, 0.5, 0.07)])
def test_bars_and_the_others_that_a_finding_counts_are_all_inputs(weights, load):
    """Of independent inputs of one spread a share is a squared weight, here at times nearly 0.5 %."""
    inputs = "".join(
        f'[inputs.x{n}]\nunit = "1"\npoint = 1\ndistribution = "normal(1, 1)"\n' for n in range(len(weights))
    )
    value = " + ".join(f"{weight} * x{n}" for n, weight in enumerate(weights))
    head = 'format = 1\n[study]\ntitle = "t"\nheadline = "y"\n'
    study = load(f'{head}{inputs}[outputs.y]\nunit = "1"\nvalue = "{value}"\n')
    content = prepare(study, Settings(samples=1024), sensitivity_samples=64, threads=1)
    found = plot(content, "as_published")
    shown = int(re.search(r"the (\d+) largest|$", found.caption)[1] or 1)
    others = int(re.search(r"(\d+) others? account|$", found.finding)[1] or 0)
    assert shown + (others or "other accounts" in found.finding) == len(weights)


def test_a_figure_of_one_reading_says_which_and_names_units(content):
    for kind in ("tornado", "drivers"):
        plot = draw(kind, content)
        title, *others = (text for text in plot.picture.findobj(Text) if text.get_text() == "As published")
        box, below = title.get_window_extent(), plot.picture.axes[0].get_window_extent()
        assert (others, box.y0 > below.y1, box.y1 < plot.picture.bbox.height) == ([], True, True)
        assert "Bitstream" not in svg_text(plot.picture, "n", "t")
        found = texts(plot.picture)
        assert ("distance (km/trip)" in found) is (kind == "tornado")
        assert any("Yearly emissions (kg/year)" in text for text in found)


@pytest.mark.parametrize("case", CASES)
def test_a_spider_names_its_lines(case):
    found = texts(draw_spider(CASES[case], TITLES, label="y", role=4))
    assert sum(text.startswith("input number") for text in found) == len(moving(CASES[case], MOST_LINES))


def test_inputs_that_hardly_move_the_output_are_left_out():
    assert list(moving(view(1.0, "linear", x0=(0, 2.0), x1=(0.999, 1.001)), 8)) == ["x0"]


def sample_of(x, y, scale="linear"):
    return Sample.from_arrays({"x": x}, {"y": y}, {"y": scale})


X = np.linspace(0.001, 0.999, 512)

DRAWS = {
    "rising": sample_of(X, 3 * X - 1),
    "factors": sample_of(10 ** (6 * X), 10 ** (-3 * X), "log10"),
    "discrete": sample_of(np.repeat([1.0, 2.0, 4.0, 8.0], 128), X),
    "constant output": sample_of(X, np.full(512, 7.0)),
    "one value": sample_of(np.zeros(512), X),
    "few": sample_of([1.0, 2.0], [3.0, 5.0]),
}


@pytest.mark.parametrize("case", DRAWS)
@pytest.mark.parametrize("draw", [draw_curves, draw_scatter])
def test_draws_of_any_kind_can_be_drawn(case, draw):
    found = effects(DRAWS[case], "y", ["x"])
    figure = draw(found, {"x": "the input (kg)"}, label="the output (g)", role=1)
    assert {"the input (kg)", "the output (g)"} <= set(texts(figure))


def test_every_draw_of_a_scatter_is_on_the_picture():
    found = effects(DRAWS["rising"], "y", ["x"])
    svg = svg_text(draw_scatter(found, {"x": "x"}, label="y", role=0), "n", "t")
    dots = [d for d in re.findall(r'd="([^"]*)"', svg) if d.count("M") == DOTS]
    assert len(dots) == 1
    heights = [float(y) for y in re.findall(r"M \S+ (\S+)", dots[0])]
    assert heights == sorted(heights, reverse=True)


def test_every_colour_has_a_dark_twin(small):
    options = {"label": "y", "role": 2}
    titles = {name: name for name in small.inputs}
    found = effects(DRAWS["rising"], "y", ["x"])
    for figure in (
        draw_tornado(tornado(small), titles, base="medians", **options),
        draw_spider(spider(small), titles, **options),
        draw_curves(found, {"x": "x"}, **options),
    ):
        body = svg_text(figure, "n", "t").split("</style>", 1)[1]
        assert set(re.findall(r"#[0-9a-f]{6}", body)) <= set(DARK)


@pytest.mark.slow
def test_a_view_from_points_where_there_is_no_value_says_so(sections_of):
    def apart(a, b):
        return {"y": np.where(a == 0, np.nan, a + 2 * b)}

    drawn = un.Study.from_function(apart, dict.fromkeys("ab", "discrete(-1, 1)"), outputs=["y"])
    inputs = {name: replace(item, point=0.0) for name, item in drawn.inputs.items()}
    study = un.Study.from_function(apart, inputs, outputs=["y"])
    text = sections_of(study)["indices"]
    assert "From the inputs' points nothing is shown: the headline is infinite or undefined" in text
    assert "Each bar moves one input" in text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0004, "under 0.1 %"), (0.0312, "3.1 %"), (0.59, "59 %"), (0.994, "99 %"), (0.9975, "over 99 %")],
)
def test_no_index_is_written_as_nothing_or_all(share, text):
    assert numbers.index(share) == text


@pytest.mark.parametrize("letters", [6.5, 8.0])
def test_letters_are_as_large_as_asked_in_a_figure_that_becomes_higher(content, letters):
    column = 85 / 25.4 * 72
    for kind in ("tornado", "distributions"):
        picture = draw(kind, content).picture
        high = picture.get_figheight()
        legible(picture, column, letters)
        found = [text for text in picture.findobj(Text) if text.get_text() and text.get_visible()]
        sizes = [text.get_fontsize() * column / WIDTH for text in found]
        ends = [text.get_window_extent() for text in found]
        assert sorted(sizes)[1] >= letters - 0.01
        assert max(box.x1 for box in ends) <= picture.bbox.width
        assert picture.get_figheight() / high == pytest.approx(letters / TEXT * WIDTH / column, rel=1e-6)


@pytest.mark.slow
def test_long_names_are_whole_in_a_column_and_no_letter_is_under_6_points():
    name = "Electricity of the data centre for a request, its cooling and network and standby included"
    index = Index(0.5, (0.4, 0.6), 0.6, (0.5, 0.7))
    titles = dict.fromkeys(TITLES, "Electricity of the data centre for a request, standby included")
    question = Question(name, (name, f"{name}; {name}"))
    drawn = (
        draw_drivers((Driver(name, index), Driver("数据中心的电力", index)), label="y", role=0),
        draw_spider(CASES["both ends above"], titles, label="y, standby included", role=0),
        draw_specifications(
            (Specification(1.0, 2.0, 3.0, (0,), None), Specification(2.0, 3.0, 4.0, (1,), 0)),
            (question,),
            label="y",
            marked=((2.5, "published: 2.5"),),
            roles=("Like for like",),
            logarithmic=False,
        ),
    )
    column = 85 / 25.4 * 72
    for figure in drawn:
        legible(figure, column)
        said = " ".join(text or "" for text in texts(figure))
        assert "…" not in said
        assert "standby" in said
        assert "included" in said
        sizes = [text.get_fontsize() for text in figure.findobj(Text) if text.get_text()]
        assert min(sizes) * column / WIDTH >= 5.99
        plain = [text for text in figure.findobj(Text) if text.get_text().isascii()]
        ends = [text.get_window_extent() for text in plain if text.get_text()]
        assert max(box.x1 for box in ends) <= figure.bbox.width
