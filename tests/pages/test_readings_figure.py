"""What the picture of published figures beside their intervals says of them, and whose spread it names."""

from types import SimpleNamespace

import pytest

import uncertainty as un
from uncertainty.pages.content import prepare
from uncertainty.pages.figures.intervals import _inside, plot
from uncertainty.pages.sections.intervals import _table
from uncertainty.sampling.estimate import Ends, Estimate
from uncertainty.settings import Settings
from uncertainty.study.model import AS_PUBLISHED

STUDY = """
format = 1
[study]
title = "Part"
headline = "y"
[indices]
place = { members = ["north", "south"] }
[inputs.a]
unit = "kg"
index = ["place"]
point = 2
distribution = "1 to 3"
[inputs.b]
unit = "kg"
point = 2
"""


def drawn(tmp_path, outputs, readings=""):
    path = tmp_path / "s.toml"
    path.write_text(STUDY + outputs + readings, encoding="utf-8")
    content = prepare(un.load_study(path), Settings(samples=512), 128)
    return plot(content, AS_PUBLISHED)


Y = '[outputs.y]\nunit = "kg"\nvalue = "(a[north] + a[south]) / 2 * b / b"\n'
FAR = '[readings.far]\ninputs = { "a[north]" = "uniform(11, 13)", b = "uniform(1, 2)" }\n'


def test_the_one_figure_on_the_axis_is_inside_or_outside_and_others_are_not_counted(tmp_path):
    other = '[outputs.z]\nunit = "1"\nvalue = "b / b"\npublished = 1\n'
    said = drawn(tmp_path, f"{Y}published = 2\n{other}", FAR)
    own = "“The publication's conventions, today's evidence”"
    inside = f"lies inside the 95 % uncertainty interval under {own}, and outside it under “Far”."
    assert said.finding == f"The published 2 kg {inside}"
    assert "The intervals show what nobody knows (2 inputs, 3 cells)." in said.caption
    assert " readings in one order: the publication's own, then " in said.caption


def test_figures_on_the_axis_are_counted_under_each_reading_by_its_part(tmp_path):
    other = '[outputs.z]\nunit = "kg"\nvalue = "a[north]"\npublished = 4\n'
    said = drawn(tmp_path, f"{Y}published = 2\n{other}", FAR + "preferred = true\n").finding
    assert said == (
        "Published figures on this axis that lie inside their 95 % uncertainty interval: 1 of 2 under the "
        "publication's own reading and 0 of 2 under the preferred reading and the farthest from the figure."
    )


def test_a_reading_has_a_part_on_the_axis_that_it_plays_of_each_figure(tmp_path):
    """Under the preferred reading y lies farther from what was published, and x exactly there."""
    other = '[outputs.x]\nunit = "kg"\nvalue = "a[north] * b / b"\npublished = 12\n'
    said = drawn(tmp_path, f"{Y}published = 2\n{other}", FAR + "preferred = true\n")
    assert said.finding.endswith(" reading and 1 of 2 under the preferred reading.")
    assert " in one order: the publication's own, then the preferred one. " in said.caption


def test_a_reading_of_some_figures_is_counted_with_the_headline_s_of_the_same_part(tmp_path):
    """Only the headline depends on b: of its three readings z has the first and the preferred one."""
    readings = '[readings.some]\ninputs = { b = "uniform(30, 50)" }\n' + FAR + "preferred = true\n"
    headline = '[outputs.y]\nunit = "kg"\nvalue = "a[north] * b / 2[kg]"\npublished = 2\n'
    other = '[outputs.z]\nunit = "kg"\nvalue = "a[north]"\npublished = 12\n'
    said = drawn(tmp_path, headline + other, readings)
    assert said.finding.endswith(
        ": 1 of 2 under the publication's own reading, 1 of 2 under the preferred reading and 0 of 1 under "
        "the reading farthest from the figure."
    )


def test_a_figure_at_an_end_of_its_interval_is_neither_inside_nor_outside(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(f"{STUDY}{Y}", encoding="utf-8")
    low = un.propagate(un.load_study(path), samples=512).outputs["y"].ends.low.value
    near = f"{Y}published = {low * 1.002}\n"
    said = drawn(tmp_path, near, FAR).finding
    assert " lies at an end of the 95 % uncertainty interval under “The pub" in said
    assert said.endswith(", and outside it under “Far”.")
    other = '[outputs.z]\nunit = "kg"\nvalue = "a[north]"\npublished = 2\n'
    said = drawn(tmp_path, f"{near}{other}", FAR).finding
    assert "interval: 1 to 2 of 2 under the publication's own reading and " in said


@pytest.mark.parametrize(
    ("beyond", "error", "inside"), [(0.036, 0.0026, True), (0.02, 0.001, False), (0.026, 0.003, None)]
)
def test_the_share_beyond_a_figure_tells_where_an_end_is_known_less_well(beyond, error, inside):
    draws = SimpleNamespace(share_at_least=lambda _: Estimate(beyond, error))
    found = SimpleNamespace(draws=draws, ends=Ends(Estimate(0.02, 0.001), Estimate(1.83, 0.12)))
    readings = SimpleNamespace(
        output=SimpleNamespace(published_value=1.6), settings=Settings(), distribution=lambda _: found
    )
    assert _inside(readings, "as_published") is inside


def test_a_reading_that_is_farthest_off_and_not_preferred_is_called_so(tmp_path):
    other = '[outputs.z]\nunit = "kg"\nvalue = "a[north]"\npublished = 4\n'
    said = drawn(tmp_path, f"{Y}published = 2\n{other}", FAR).finding
    assert said.endswith("reading and 0 of 2 under the reading farthest from the figure.")


def test_a_yes_or_no_has_no_share_beyond_how_often_it_was_published_to_be_so(tmp_path):
    """Of a that lies from 1 to 3 in nine of ten draws, one half lies above 2; half was published, too."""
    either = '[outputs.z]\nunit = "kg"\nvalue = "where(a[north] > 2[kg], 1[kg], 0[kg])"\n'
    either += "published = { mean = 0.5 }\n"
    (tmp_path / "s.toml").write_text(f"{STUDY}{Y}published = 2\n{either}", encoding="utf-8")
    content = prepare(un.load_study(tmp_path / "s.toml"), Settings(samples=512), 128)
    rows = {row[0]: row for row in _table(content).rows}
    assert rows["z"][-2:] == ("–", "–")
    assert rows["y"][-2].endswith(" ≥ 2")


def test_a_share_of_the_draws_that_was_published_lies_in_no_interval(tmp_path):
    said = drawn(tmp_path, f"{Y}reference = 2\npublished = {{ probability = 0.5 }}\n").finding
    share = "a share of 0.5 of the draws at or above 2 kg, is no value that an interval could hold; its"
    assert said.startswith(f"What was published for “y”, {share} interval, as the publication counts, is 1.")
