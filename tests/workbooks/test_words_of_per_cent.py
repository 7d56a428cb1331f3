"""A percentage is one whatever the words beside it: the number that a cell shows is that of its unit."""

import openpyxl
import pytest

from uncertainty.errors import StudyError
from uncertainty.workbooks.cells import one_cell, read_book
from uncertainty.workbooks.importing import import_workbook
from uncertainty.workbooks.labels import Labels


def book_of(tmp_path, rows, shown):
    book = openpyxl.Workbook()
    book.active.title = "S"
    for row in rows:
        book.active.append(row)
    for place in shown:
        book.active[place].number_format = "0.0%"
    book.save(tmp_path / "m.xlsx")
    return tmp_path / "m.xlsx"


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("%", "%"),
        ("in %", "%"),
        ("percent", "%"),
        ("percent per year", "%/ year"),
        ("in % p.a.", "%/ year"),
        ("Percent", "%"),
    ],
)
@pytest.mark.parametrize("where", ["beside", "above", "in a column of units"])
def test_a_number_shown_as_a_percentage_is_that_many_per_cent(tmp_path, written, unit, where):
    rows = {
        "beside": [[f"Rate ({written})", 0.05], ["Base", 3], ["All", "=B1*B2"]],
        "above": [["Item", f"Rate ({written})", "Base"], ["a", 0.05, 3], ["b", 0.06, 3], ["All", "=B2*C2"]],
        "in a column of units": [
            ["Item", "Value", "Unit"], ["Rate", 0.05, written], ["Base", 3, "kg"], ["All", "=B2*B3"],
        ],
    }[where]  # fmt: skip
    place, row = ("B1", 3) if where == "beside" else ("B2", 4)
    path = book_of(tmp_path, rows, [place])
    text = import_workbook(path, [f"B{row}"], with_units=True).text
    assert f'unit = "{unit}"\npoint = 5\nnote = "S!{place}"' in text


@pytest.mark.parametrize("written", ["in %", "percent", "%"])
def test_a_number_that_is_shown_as_it_stands_is_as_many_per_cent_as_it_says(tmp_path, written):
    label = Labels(read_book(book_of(tmp_path, [[f"Rate ({written})", 5]], []))).of(one_cell("S", 1, 2))
    assert (label.text, label.unit, label.is_share) == ("Rate", "%", False)


@pytest.mark.parametrize("written", ["‰", "ppm", "g/kg"])
def test_a_percentage_under_parts_of_a_thousand_contradicts_itself(tmp_path, written):
    path = book_of(tmp_path, [[f"Rate ({written})", 0.05], ["Twice", "=B1*2"]], ["B1"])
    with pytest.raises(
        StudyError, match=f'S!B1: is shown as a percentage under the unit "{written}"; mend one'
    ):
        import_workbook(path, ["B2"], with_units=True)
    bare = import_workbook(path, ["B2"]).text
    assert f'note = "S!B1: is shown as a percentage under the unit \\"{written}\\""' in bare


def test_a_percentage_under_a_ratio_is_a_ratio(tmp_path):
    path = book_of(tmp_path, [["Water (kg/kg)", 0.05], ["Twice", "=B1*2"]], ["B1"])
    assert 'unit = "kg/kg"\npoint = 0.05\n' in import_workbook(path, ["B2"], with_units=True).text
