"""The tree of a calculation has one node for a quantity, whichever of its cells are used."""

import re

import pytest

import uncertainty as un
from uncertainty.pages.content import ReportContent
from uncertainty.pages.figures import dependencies
from uncertainty.settings import Settings

STUDY = """
format = 1

[study]
title = "A stock over time"
headline = "left"

[indices.day]
from = 0
to = 200
unit = "day"

[inputs.start]
label = "Stock at the start"
unit = "kg"
point = 100
distribution = "90 to 110"

[inputs.loss]
label = "Lost in a day"
unit = "1"
index = ["day"]
point = 0.01
distribution = "0.005 to 0.02"
across = "same"

[equations]
stock = { value = "previous(stock - lost, day, start)", label = "Stock" }
lost = "stock * loss"
all_lost = { value = "sum(lost, day)", label = "Lost in all" }

[outputs.left]
label = "Left"
value = "start - all_lost"
unit = "kg"
"""


@pytest.fixture
def texts(write_study, monkeypatch):
    drawn = []

    def keep(nodes, *, role):
        drawn.extend(nodes)
        return object()

    monkeypatch.setattr(dependencies, "draw_tree", keep)
    content = ReportContent(un.load_study(write_study(STUDY)), Settings(samples=256))
    plot = dependencies.plot(content, "as_published")
    assert "is computed from 2 inputs that vary and 0 that are fixed" in plot.finding
    return [(node.depth, node.name, node.kind) for node in drawn]


def test_quantities_over_time_are_one_node_each(texts):
    assert texts == [
        (0, "Left", "computed"),
        (1, "Stock at the start", "varies"),
        (1, "Lost in all", "computed"),
        (2, "lost", "computed"),
        (3, "Stock", "computed"),
        (4, "Stock at the start", "varies"),
        (4, "Stock, as above", "above"),
        (4, "lost, as above", "above"),
        (3, "Lost in a day", "varies"),
    ]


def test_no_name_of_a_cell_is_written(texts):
    assert not any(re.search(r"[\[\]]|\(\)", name) for _, name, _ in texts)


def test_an_equation_that_is_a_number_is_no_input(write_study):
    """Of the two inputs one is fixed; the number is drawn as that is, and not counted."""
    text = STUDY.replace('value = "start - all_lost"', 'value = "start - all_lost + spare + rounding"')
    text = text.replace(
        "[equations]", '[inputs.spare]\nunit = "kg"\npoint = 1\n\n[equations]\nrounding = "0 * 1"'
    )
    content = ReportContent(un.load_study(write_study(text)), Settings(samples=256))
    plot = dependencies.plot(content, "as_published")
    assert "is computed from 2 inputs that vary and 1 that is fixed" in plot.finding
    assert {row["quantity"]: row["kind"] for row in plot.rows}["rounding"] == "number"
    assert "hollow circles are fixed, as inputs or by an equation" in plot.caption


GIVEN = """
format = 1
study = { title = "A trip", headline = "y" }
indices.by = { members = { car = "by car", bus = "by bus" } }
outputs.y = { unit = "km", value = "trip * detour[way]" }
inputs.detour = { unit = "1", index = ["by"], point = { car = 1, bus = 2 } }
inputs.way = { member_of = "by", point = "car", distribution = "one_of(car=share, bus=1 - share)" }
inputs.share = { unit = "1", point = 0.5, distribution = "uniform(0.2, 0.8)" }
[inputs.trip]
unit = "km"
point = 2
distribution = "uniform(0, 2 * usual)"
kind = "variability"
[inputs.usual]
unit = "km"
point = 2
distribution = "1 to 9"
"""


def test_what_is_drawn_by_other_quantities_names_its_members_and_where_its_range_is(write_study):
    """At the point, 2 km, nine in ten of uniform(0, 4) are 0.2 to 3.8, where most draws are beyond."""
    content = ReportContent(un.load_study(write_study(GIVEN)), Settings(samples=256))
    plot = dependencies.plot(content, "as_published")
    notes = {row["quantity"]: row["note"] for row in plot.rows}
    assert (notes["way"], notes["trip"]) == ("2 members", "0.2 to 3.8 km")
    assert "range, which is that at the points of what their parameters are; hollow" in plot.caption
    plain = ReportContent(un.load_study(write_study(STUDY)), Settings(samples=256))
    assert "95 % range; hollow" in dependencies.plot(plain, "as_published").caption
