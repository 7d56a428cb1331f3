"""Figures of what has an index: fans, members side by side, and maps of what drives them."""

import re
from xml.etree.ElementTree import fromstring

import numpy as np
import pytest

from uncertainty.errors import SettingError
from uncertainty.pages import figures
from uncertainty.pages.figures import cells, draw
from uncertainty.pages.figures.cells import Cell, Panel
from uncertainty.pages.figures.heat_map import MOST_COLUMNS, Row, draw_map
from uncertainty.pages.figures.members import MOST_ROWS, draw_members, finding, first_rows, left_out
from uncertainty.pages.figures.pictures import svg_text
from uncertainty.pages.sections import make_section


def texts_of(figure):
    """Return the texts that are drawn in a figure."""
    from matplotlib.text import Text

    return [found.get_text() for found in figure.findobj(Text)]


def test_a_fan_has_the_interval_and_the_published_figure_of_every_member(tables):
    panels = cells.output_panels(tables, tables.study.tables["stock"], "year")
    assert [panel.title for panel in panels] == ["United States", "India"]
    for panel, country in zip(panels, ("us", "india"), strict=True):
        assert [cell.place for cell in panel.cells] == [2020, 2025, 2030, 2035, 2040]
        for cell in panel.cells:
            found = tables.run.outputs[f"stock[{country},{cell.title}]"]
            assert (cell.low, cell.high) == found.interval()
            assert cell.median == found.median
            assert cell.lower == pytest.approx(np.quantile(found.values, 0.25), rel=0.02)
    assert [cell.published for cell in panels[0].cells] == [None] * 4 + [90]


def test_a_fan_names_its_axes_and_says_where_it_begins_and_ends(tables):
    plot = draw("fan", tables, "stock")
    assert {"United States", "India", "Stock (t)", "Year"} <= set(texts_of(plot.picture))
    assert re.match(r"“Stock” over “Year”: “United States”: [\d.]+ to [\d.]+ t at 2020, ", plot.finding)
    for said in ("95 % uncertainty intervals", "half of the draws", "diamonds the published figures"):
        assert said in plot.caption


def test_members_stand_side_by_side_by_their_labels(tables):
    plot = draw("members", tables, "last")
    texts = texts_of(plot.picture)
    assert any(text.startswith("United States: ") for text in texts)
    assert "reference: 60" in texts
    assert "“Stock in the last year” of 2 members, from United States" in plot.finding
    assert "upright bars the published figures" in plot.caption


def test_of_many_members_as_many_are_drawn_as_there_is_room_for():
    cell = cells.Cell("m", "1 to 3", 0, 1, 1.5, 2, 2.5, 3, None)
    panels = (cells.Panel("a", (cell,) * 30), cells.Panel("b", (cell,) * 30))
    assert sum(len(panel.cells) for panel in first_rows(panels)) == MOST_ROWS
    assert left_out(panels) == "The first 40 of 60 are drawn. "
    assert "<svg" in svg_text(draw_members(first_rows(panels), label="x"), "n", "t")


def test_a_label_with_characters_that_steer_leaves_a_drawing_xml():
    cell = cells.Cell("m\x02", "1 to 3", 0, 1, 1.5, 2, 2.5, 3, None)
    svg = svg_text(
        draw_members(first_rows((cells.Panel("a\x1b[1m", (cell,)),)), label="out\x02put\nx"), "n", "t"
    )
    texts = {each.text for each in fromstring(svg).iter("{http://www.w3.org/2000/svg}text")}
    assert {"a", "output", "x"} <= texts


def test_a_map_has_the_total_indices_of_every_member_and_a_cross_where_nothing_varies(tables):
    plot = draw("heat-map", tables, "total")
    texts = texts_of(plot.picture)
    assert {"Inflow", "A year's luck", "Whose account", "2020", "2040", "Year"} <= set(texts)
    found = tables.drivers_of(("total[2040]",)).outputs["total[2040]"].indices
    assert sum(text == f"{100 * found['inflow'].ST:.0f} %" for text in texts) >= 1
    assert "“Whose account” at 2020 (over 99 %)" in plot.finding
    rows = (Row("a", (0.5, None) * MOST_COLUMNS),)
    crosses = draw_map(rows, tuple(map(str, range(2 * MOST_COLUMNS))), along="x")
    assert len(crosses.axes[0].lines) == MOST_COLUMNS


def test_a_table_of_inputs_is_one_picture_with_nine_in_ten_values(tables):
    assert (
        "from United States (1.1 to 2.9 t/year) to India (1.2 to 4.8 t/year)"
        in draw("input", tables, "inflow").finding
    )
    assert "Year" in texts_of(draw("input", tables, "luck").picture)
    names = [block.name for block in make_section("inputs", tables).blocks if hasattr(block, "svg")]
    assert names == ["input-inflow", "input-luck"]
    # an input's mark is its point, which need not be published, in the figure's data too
    inflow, stock = draw("input", tables, "inflow").rows, draw("fan", tables, "stock").rows
    assert [row["point"] for row in inflow] == [2, 3]
    assert "published" not in inflow[0]
    assert "published" in stock[0]


@pytest.mark.slow
def test_a_category_is_shown_by_its_members_labels(tables, sections_of, text_of):
    plot = draw("input", tables, "account_used")
    assert plot.finding == (
        "Whose account: point High account; drawn Low account 75 % and High account 25 %."
    )
    said = text_of(make_section("inputs", tables).blocks)
    assert "Point: High account. Drawn: Low account 75 % and High account 25 %." in said
    row = said[said.index("Inputs that vary.") :]
    assert "–\none_of(low=3, high=1)\n–\n–" in row
    drivers = text_of(make_section("indices", tables).blocks)
    assert "(input Low account)" in drivers
    assert "Low account" in " ".join(texts_of(draw("tornado", tables).picture))
    curves = " ".join(texts_of(draw("curves", tables).picture))
    assert ("Whose account" in curves) <= ("Low account" in curves)


def test_what_binds_members_is_one_row(tables, text_of):
    said = text_of(make_section("inputs", tables).blocks)
    assert "members of “A year's luck”, 10 pairs\n0.07 to 0.50\nranks (Spearman)" in said


@pytest.mark.parametrize(
    ("kind", "subject", "said"),
    [
        ("fan", "stok", '"stok" is no output with an index; did you mean "stock"?'),
        ("fan", "last", 'the figure "fan" shows an ordered index, and "last" has none'),
        (
            "members",
            "stock",
            'the figure "members" shows an index that is not ordered alone, and "stock" has none',
        ),
    ],
)
def test_a_figure_of_what_has_not_its_index_is_refused(tables, kind, subject, said):
    with pytest.raises(SettingError, match=re.escape(said)):
        draw(kind, tables, subject)


def test_a_study_without_indices_has_no_such_figure(content):
    for kind in ("fan", "members", "heat-map"):
        with pytest.raises(SettingError, match="no output has"):
            draw(kind, content)
    assert {kind for kind, each in figures.KINDS.items() if each.of == "output"} == {
        "fan",
        "members",
        "heat-map",
    }


def test_a_normal_input_that_is_never_quite_positive_has_a_linear_axis(write_study, gathered):
    """Nearly all of its values are positive and of different sizes; a few are not, and have no logarithm."""
    import uncertainty as un

    text = """
    format = 1
    [study]
    title = "Wide"
    headline = "y"
    [inputs.x]
    unit = "1"
    point = 156
    distribution = "156 ± 60 % (95 %)"
    [outputs.y]
    value = "x"
    unit = "1"
    """
    study = un.load_study(write_study(text))
    assert "<svg" in figures.figure("input", gathered(study), "x").svg


def test_members_of_one_median_are_told_by_their_widths():
    def cell(name, low, high):
        return Cell(name, f"{low} to {high}", 0.0, low, None, 1.0, None, high, None)

    apart = (Panel("", (cell("US", 0.951, 1.049), cell("India", 0.918, 1.08))),)
    assert finding("Error", apart, "1") == (
        "“Error” of 2 members, from US (0.951 to 1.049) to India (0.918 to 1.08)."
    )
    alike = (Panel("", (cell("US", 0.9, 1.1), cell("India", 0.9, 1.1))),)
    assert finding("Error", alike, "1") == "“Error” of 2 members, each 0.9 to 1.1."
