"""What a workbook strikes through, hides by its colour or leaves out by a comment is not read as data."""

import datetime as dt

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Color, Font, PatternFill
from openpyxl.styles.colors import COLOR_INDEX

import uncertainty as un
from uncertainty.fitting.columns import read_values
from uncertainty.study.conversion import read_tables

ROWS = ("site", "v"), ("A", 1.2), ("B", 1.4), ("C", 9.9), ("D", 1.5), ("E", 1.9)
GREY = PatternFill("solid", fgColor="FF404040")


@pytest.fixture
def fit(tmp_path):
    """Return a function that fits a workbook whose fourth row somebody has marked."""

    def fitted(*, rows=ROWS, title="Sheet", **marks):
        book = openpyxl.Workbook()
        book.active.title = title
        for row in rows:
            book.active.append(row)
        for name, mark in marks.items():
            setattr(book.active["B4"], name, mark)
        book.save(tmp_path / "d.xlsx")
        return read_values(tmp_path / "d.xlsx", "v")

    return fitted


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ({"font": Font(strike=True)}, "is struck through"),
        ({"font": Font(strike=True, color="FFFF0000"), "fill": GREY}, "is struck through"),
        ({"font": Font(color="FFFFFFFF")}, "is written in the colour of its ground"),
        ({"font": Font(color=Color(theme=0))}, "is written in the colour of its ground"),
        ({"font": Font(color=Color(indexed=9))}, "is written in the colour of its ground"),
        ({"font": Font(color="FF404040"), "fill": GREY}, "is written in the colour of its ground"),
        ({"comment": Comment("exclude", "Ann")}, 'has the comment "exclude"'),
        ({"comment": Comment("Ann:\nOutlier", "Ann")}, 'has the comment "Outlier"'),
        ({"comment": Comment("[Threaded comment]\n\nComment:\n    do not use", "Ann")}, "do not use"),
    ],
)
def test_what_is_marked_as_left_out_is_refused(fit, marks, said):
    with pytest.raises(un.StudyError) as caught:
        fit(**marks)
    assert "Sheet, B4: " in str(caught.value)
    assert said in str(caught.value)
    assert fit().values.tolist() == [1.2, 1.4, 9.9, 1.5, 1.9]


@pytest.mark.parametrize(
    "marks",
    [
        {"font": Font(bold=True, color="FFFF0000")},
        {"font": Font(color=Color(theme=1))},
        {"font": Font(color="FFFFFFFF"), "fill": GREY},
        {"font": Font(color=Color(theme=0)), "fill": PatternFill("solid", fgColor=Color(theme=4))},
        {"font": Font(color=Color(theme=0, tint=-0.5))},
        {"fill": PatternFill("solid", fgColor="FFFFFF00")},
        {"comment": Comment("Ann:\nmeasured twice", "Ann")},
        {"comment": Comment("no outlier, see the protocol", "Ann")},
    ],
)
def test_other_colours_and_comments_change_nothing(fit, marks):
    assert fit(**marks).values.tolist() == [1.2, 1.4, 9.9, 1.5, 1.9]


def test_white_is_what_workbooks_number_as_white():
    assert COLOR_INDEX[9] == "00FFFFFF"


def test_a_ground_by_a_rule_may_be_any_colour(tmp_path):
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active["B4"].font = Font(color="FFFFFFFF")
    book.active.conditional_formatting.add("B2:B9", CellIsRule("greaterThan", ["5"], fill=GREY))
    book.save(tmp_path / "d.xlsx")
    assert 9.9 in read_values(tmp_path / "d.xlsx", "v").values


def test_a_study_in_a_workbook_is_held_to_its_marks_too(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "inputs"
    for row in (("name", "unit", "point", "note"), ("use", "kg", 4, "old"), ("cost", "kg", 5, "new")):
        book.active.append(row)
    book.active["C3"].font = Font(strike=True)
    book.save(tmp_path / "s.xlsx")
    with pytest.raises(un.StudyError, match="inputs, C3: is struck through"):
        read_tables(tmp_path / "s.xlsx")


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (dt.time(3, 4), '"03:04:00" is a time of day'),
        (9.9, '"21:36:00" is a time of day'),
    ],
)
def test_a_time_is_told_as_one(fit, shown, said):
    with pytest.raises(un.StudyError, match=said):
        fit(value=shown, number_format="h:mm")


def test_a_day_is_told_as_a_date(fit):
    with pytest.raises(un.StudyError, match='"2020-01-02 00:00:00" is a date'):
        fit(value=43832, number_format="yyyy-mm-dd")


@pytest.mark.parametrize(
    ("own", "beside"),
    [
        (("1.234", "2,50", "3.121"), ("", "", "")),
        (("1.234", "2.500", "3.121"), ("7,5", "1", "2")),
        (("1.500", "900", "2.000"), (7, 1, 2)),
    ],
)
def test_points_in_texts_that_may_group_thousands_are_refused(fit, own, beside, tmp_path):
    rows = [("site", "v", "w"), *zip("ABC", own, beside, strict=True)]
    with pytest.raises(un.StudyError, match=rf'Sheet, row 2: "{own[0]}" may be {own[0].replace(".", "")}'):
        fit(rows=rows)
    csv = tmp_path / "d.csv"
    csv.write_text("\n".join(";".join(map(str, row)) for row in rows) + "\n", encoding="utf-8")
    with pytest.raises(un.StudyError, match=f'line 2: "{own[0]}" may be'):
        read_values(csv, "v")


def test_points_in_texts_beside_numbers_are_told(fit):
    rows = [("site", "v"), ("A", "1.234"), ("B", "2.500"), ("C", 3.5), ("D", 2), ("E", 2.2)]
    found = fit(rows=rows)
    assert found.values.tolist() == [1.234, 2.5, 3.5, 2, 2.2]
    assert (
        "Each point in a text of v has three digits behind it: 1.234 is read as a decimal number"
        in found.notes[0]
    )


def test_a_study_in_a_workbook_is_asked_what_its_points_are(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Inputs"
    for row in (("name", "unit", "point", "note"), ("use", "kg", "1.234", "2,50"), ("cost", "kg", 5, "")):
        book.active.append(row)
    book.save(tmp_path / "s.xlsx")
    with pytest.raises(un.StudyError, match=r'Inputs, row 2: "1.234" may be 1234'):
        read_tables(tmp_path / "s.xlsx")


def test_sheets_are_called_as_they_are_written(tmp_path):
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.create_sheet("Other Sheet").append(("a",))
    book.save(tmp_path / "d.xlsx")
    assert read_values(tmp_path / "d.xlsx", "v").read.not_read == ("sheet Other Sheet",)


@pytest.mark.parametrize("rows", [[("lead",), ("A1", 1.5), ("A2", 2.5), ("A3", 2.7)]])
def test_data_below_one_heading_are_not_called_headings(fit, rows, tmp_path):
    with pytest.raises(un.StudyError, match="row 2: has more cells than the row above; write a heading"):
        fit(rows=rows)
    (tmp_path / "d.csv").write_text("lead\nA1,1.5\nA2,2.5\nA3,2.7\n", encoding="utf-8")
    with pytest.raises(un.StudyError, match='line 1: expected a heading for each column, found "lead" alone'):
        read_values(tmp_path / "d.csv", "lead")
    (tmp_path / "d.csv").write_text("site,lead\nA1,1.5\nA2,2.5\nA3,2.7\n", encoding="utf-8")
    assert len(read_values(tmp_path / "d.csv", "lead").values) == 3
