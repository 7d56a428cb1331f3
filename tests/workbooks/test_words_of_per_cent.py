"""A percentage is one whatever the words beside it: the number that a cell shows is that of its unit."""

import re
import zipfile

import openpyxl
import pytest

import uncertainty as un
from uncertainty.errors import StudyError
from uncertainty.study.reader import read_study
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


BILL = [
    ["", "Description", "Quantity", "Rate", "Amount"], ["", "", "", "EUR", "EUR"],
    [1, "Digging", 350, 12.5, "=C3*D3"], [2, "Walls", 80, 145, "=C4*D4"],
    ["", "Net", "", "", "=SUM(E3:E4)"], ["", "VAT", "", 0.19, "=E5*D6"], ["", "Gross", "", "", "=E5+E6"],
]  # fmt: skip
PAYROLL = [
    ["Name", "Pay (EUR/month)", "Months", "Year (EUR)"], ["Ann", 4200, 13, "=B2*C2"],
    ["Cy", 5100, 12, "=B3*C3"], ["Social security", 0.21, "", "=SUM(D2:D3)*B4"],
]  # fmt: skip
SHARES = [
    ["Category", "Cost (EUR)"],
    ["Wages", 900],
    ["Hire", 100],
    ["Reserve", 0.1],
    ["All", "=SUM(B2:B3)*(1+B4)"],
]


@pytest.mark.parametrize(
    ("rows", "place", "of", "cell", "expected"),
    [
        (BILL, "D6", "EUR", "E7", (350 * 12.5 + 80 * 145) * 1.19),
        (PAYROLL, "B4", "EUR/month", "D4", (4200 * 13 + 5100 * 12) * 0.21),
        (SHARES, "B4", "EUR", "B5", 1100),
    ],
)
def test_a_percentage_in_a_column_of_other_numbers_is_a_share_and_told(
    tmp_path, rows, place, of, cell, expected
):
    path = book_of(tmp_path, rows, [place])
    made = import_workbook(path, [cell], with_units=True)
    said = f'Percentages in columns of other units, which are taken as shares: "{of}" (S!{place}).'
    assert said in made.notes
    study = read_study(made.text.encode(), path)
    share = next(each for each in study.inputs.values() if each.note == f"S!{place}")
    assert share.unit.text == "%"
    assert un.reproduce(study).figures[study.headline].point == pytest.approx(expected)
    assert f'note = "S!{place}: a fraction, shown as' in import_workbook(path, [cell]).text


def test_percentages_alone_in_a_column_of_another_unit_contradict_it(tmp_path):
    rows = [["Item", "Cost (EUR)"], ["Wages", 0.9], ["Hire", 0.1], ["All", "=B2+B3"]]
    path = book_of(tmp_path, rows, ["B2", "B3", "B4"])
    with pytest.raises(StudyError, match='S!B2: is shown as a percentage under the unit "EUR"'):
        import_workbook(path, ["B4"], with_units=True)


@pytest.mark.parametrize("kept", [0.05, 0.06])
def test_a_result_that_is_shown_as_a_percentage_is_proven_in_per_cent(tmp_path, kept):
    path = book_of(tmp_path, [["Part (t)", 3], ["Whole (t)", 60], ["Share (%)", "=B1/B2"]], ["B3"])
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    sheet = re.sub(rb"(<f>B1/B2</f><v) ?/?>(</v>)?", rb"\1>%a</v>" % kept, parts["xl/worksheets/sheet1.xml"])
    with zipfile.ZipFile(path, "w") as file:
        for name, part in (parts | {"xl/worksheets/sheet1.xml": sheet}).items():
            file.writestr(name, part)
    if kept == 0.05:
        assert 'unit = "%"' in import_workbook(path, ["B3"], with_units=True).text
    else:
        with pytest.raises(StudyError, match=r"S!B3: 6 % is stored, and the study gives 5;"):
            import_workbook(path, ["B3"], with_units=True)
