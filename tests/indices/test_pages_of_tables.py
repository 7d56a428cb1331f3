"""Pages show what is written: one formula for a table, one name for its cells."""

import pytest

import uncertainty as un
from uncertainty.indices.index import file_stem
from uncertainty.pages.render.formulas import formula
from uncertainty.pages.sections.equations import _output, _quantities, _rest, _written
from uncertainty.study.cells import gathered_cells

STUDY = """
format = 1

[study]
title = "Pages"
headline = "share[us,2020]"

[indices.country]
members = ["us", "india", "chad", "peru", "laos"]

[indices.year]
from = 2020
to = 2021

[inputs.use]
label = "Use"
unit = "g"
index = ["country", "year"]
point = 1
distribution = { us = "1 to 2", india = { 2020 = "1 to 2" } }

[inputs.method]
member_of = "country"
point = "us"
distribution = "one_of(us, india)"

[equations]
total = "sum(use, country)"
per_head = { index = ["year"], value = { 2020 = "total[2020]", 2021 = "total[2021] * 2" } }

[outputs.share]
label = "Share"
value = "use / total * use[method] / use"
unit = "%"

[outputs.per_head]
unit = "g"
"""


@pytest.fixture
def study(write_study):
    return un.load_study(write_study(STUDY))


def test_formulas_are_shown_as_they_are_written(study):
    assert _written(study, study.equations) == ["total", "per_head"]
    (share,) = _output(study, study.headline)
    assert (share.name, str(share.formula)) == ("share", "use / total * use[method] / use")
    shown = {each.name: str(each.formula) for each in _quantities(study, ["total", "per_head"])}
    assert shown == {
        "total": "sum(use, country)",
        "per_head[2020]": "total[2020]",
        "per_head[2021]": "total[2021] * 2",
    }
    assert [each.name for each in _output(study, "per_head[2020]")] == ["per_head[2020]", "per_head[2021]"]
    assert len(_rest(study, ["total"])) == 1


def test_a_selection_is_one_piece_of_a_formula(study):
    (share,) = _output(study, study.headline)
    assert "use[method]" in str(formula(share.formula))


def test_steps_of_a_formula_say_what_they_are_steps_of(study):
    texts = {name: str(each.expression) for name, each in study.equations.items() if each.part}
    assert texts["use[method][2020]"] == "use[method][2020]"
    assert not any("where" in text or "<" in text for text in texts.values())


def test_cells_are_gathered_under_their_quantity(study):
    names = [name for name, item in study.inputs.items() if item.distribution is None]
    assert gathered_cells(names, study.quantities) == ["use (7 of 10 members)"]
    assert gathered_cells(study.inputs, study.quantities) == ["use", "method"]
    assert gathered_cells(["use[us,2020]", "method"], study.quantities) == ["use[us,2020]", "method"]


def test_files_are_called_by_members_without_brackets():
    assert file_stem("input-ratio[us,midjourney]") == "input-ratio.us.midjourney"
    assert file_stem("drivers-as_published") == "drivers-as_published"


def test_check_counts_quantities_and_their_cells(command, write_study):
    code, out, err = command("check", str(write_study(STUDY)))
    assert (code, err) == (0, "")
    said = " ".join(out.split())
    assert (
        "2 inputs (11 cells), 2 distributions (4 cells), 2 equations (4 cells), 2 outputs (12 cells)" in said
    )
    assert "The study has no published figure of share and per_head." in said
