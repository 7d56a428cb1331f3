"""Inputs that a workbook tells apart have labels of their own."""

import datetime as dt

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation

from uncertainty.study.reader import read_study
from uncertainty.workbooks.importing import import_workbook

CASES = {name: [["Price (EUR)", 10], ["Qty (t)", 5], ["Value (EUR)", "=B1*B2"]] for name in ("Low", "High")}
MONTHS = [dt.date(2024, month, 1) for month in (1, 2, 3)]


def labels_of(tmp_path, sheets, cell, merged=(), **how):
    """Return by cell the labels of the inputs of a study, and those of its equations."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([None if each == "" else each for each in row])
        for each in merged:
            sheet.merge_cells(each)
    book.save(tmp_path / "m.xlsx")
    text = import_workbook(tmp_path / "m.xlsx", [cell], **how).text
    study = read_study(text.encode(), tmp_path / "m.toml")
    inputs = {each.note.partition(": ")[0]: each.label for each in study.inputs.values()}
    return inputs, [each.label for each in study.equations.values()]


@pytest.mark.parametrize(
    ("sheets", "cell", "merged", "expected"),
    [
        # sheets with the same rows
        (
            {**CASES, "Sum": [["Mean", "=AVERAGE(Low!B3,High!B3)"]]}, "Sum!B1", (),
            {"Low!B1": "Price: Low", "Low!B2": "Qty: Low", "High!B1": "Price: High", "High!B2": "Qty: High"},
        ),
        # heads that are days, and a row of which each is another formula
        (
            {"S": [["Month", *MONTHS], ["Load (MW)", 10, 11, 12], ["All", "=B2*3+C2^2-D2"]]}, "S!B3", (),
            {"S!B2": "Load: Jan 2024", "S!C2": "Load: Feb 2024", "S!D2": "Load: Mar 2024"},
        ),
        # years that are merged over heads of their own
        (
            {"S": [["", 2023, "", 2024, ""], ["", "Qty", "Price", "Qty", "Price"],
                   ["", "t", "EUR/t", "t", "EUR/t"], ["Rape", 120, 210, 130, 225], ["Rye", 80, 180, 75, 190],
                   ["All", "=B4*C4+D4*E4-B5*C5+D5*E5"]]}, "S!B6", ("B1:C1", "D1:E1"),
            {"S!C4": "Rape: 2023, Price", "S!E4": "Rape: 2024, Price", "S!E5": "Rye: 2024, Price"},
        ),
        # a column of years
        (
            {"S": [["Year", "Price", "Margin"], ["", "EUR/t", "%"], [2021, 310, 12], [2022, 320, 13],
                   ["All", "=C3*2+C4^2"]]}, "S!B5", (),
            {"S!C3": "Margin: 2021", "S!C4": "Margin: 2022"},
        ),
        # sections with the same rows
        (
            {"S": [["North"], ["Rent (EUR)", 5], ["Heat (EUR)", 3], [], ["South"], ["Rent (EUR)", 6],
                   ["All", "=B2+B3*B6"]]}, "S!B7", (),
            {"S!B2": "Rent: North", "S!B6": "Rent: South", "S!B3": "Heat"},
        ),
        # units alone differ
        (
            {"S": [["", "Power", ""], ["", "kWh", "EUR"], ["Office", 80, 20], ["Lab", 90, 30],
                   ["All", "=B3/C3+B4/C4"]]}, "S!B5", ("B1:C1",),
            {"S!B3": "Office: kWh, Power", "S!C3": "Office: EUR, Power", "S!C4": "Lab: EUR, Power"},
        ),
        # sheets and columns
        (
            {**{name: [["", "Old", "New"], ["Use (t)", 3, 4]] for name in ("A", "B")},
             "Sum": [["All", "=A!B2+A!C2*2+B!B2^2+B!C2"]]}, "Sum!B1", (),
            {"A!B2": "Use: A, Old", "A!C2": "Use: A, New", "B!B2": "Use: B, Old", "B!C2": "Use: B, New"},
        ),
        # nothing tells them apart but their cells; and amounts are no heads
        (
            {"S": [["Use (t)", 1950, 1900], ["Use (t)", 3, 4], ["All", "=B1*C1-B2^2+C2"]]}, "S!B3", (),
            {"S!B1": "Use: B1", "S!C1": "Use: C1", "S!B2": "Use: B2", "S!C2": "Use: C2"},
        ),
    ],
)  # fmt: skip
def test_inputs_that_a_workbook_tells_apart_have_labels_of_their_own(
    tmp_path, sheets, cell, merged, expected
):
    inputs, equations = labels_of(tmp_path, sheets, cell, merged, with_units=True, with_indices=False)
    assert inputs.items() >= expected.items()
    assert len(set(inputs.values())) == len(inputs)
    assert len(set(equations)) == len(equations)


def test_lines_are_told_apart_by_their_first_and_last_heads(tmp_path):
    rows = [
        ["", "Jan", "Feb", "Mar", "", "Apr", "May", "Jun"],
        ["Sold (t)", 1.5, 2, 4, "", 3, 7, 5],
        ["Cost", *[f"={c}2*{c}2" for c in "BCD"], "", *[f"={c}2*3" for c in "FGH"]],
        ["All", "=SUM(B3:D3)-SUM(F3:H3)"],
    ]
    inputs, equations = labels_of(tmp_path, {"S": rows}, "S!B4", with_units=True)
    # each with its member
    assert {each.rpartition(" (")[0] for each in inputs.values()} == {"Sold: Jan to Mar", "Sold: Apr to Jun"}
    assert {"Cost: Jan to Mar (Feb)", "Cost: Apr to Jun (May)"} <= set(equations)


def test_labels_without_units_that_these_tell_apart_stay(tmp_path):
    rows = [["Item", "Amount"], ["Heat (kWh)", 5], ["Heat (EUR)", 2], ["All", "=B2*B3"]]
    inputs, _ = labels_of(tmp_path, {"S": rows}, "S!B4")
    assert inputs == {"S!B2": "Heat (kWh)", "S!B3": "Heat (EUR)"}
    inputs, _ = labels_of(tmp_path, {"S": rows}, "S!B4", with_units=True)
    assert inputs == {"S!B2": "Heat: kWh", "S!B3": "Heat: EUR"}


@pytest.mark.parametrize(
    ("sheets", "cell", "expected"),
    [
        # what a column is called, though that says little
        (
            {"S": [["Food", "Amount (g)", "Price (EUR/g)", "Cost (EUR)"], ["Oats", 80, 3.5, "=B2*C2"],
                   ["Milk", 200, 0.64, "=B3*C3"], ["Nuts", 30, 6.1, "=B4*C4"],
                   ["All", "", "", "=SUM(D2:D4)"]]}, "S!D5",
            {"S!B2:B4": "Amount", "S!C2:C4": "Price"},
        ),
        # symbols that are units, too, before their units
        (
            {"S": [["", "", "A1", "A2", "A3"], ["t", "h", 3, 4, 5.5], ["T", "K", 293, 300, 310],
                   ["m", "kg", 1, 2, 3], ["N", "kg/ha", 180, 170, 160],
                   ["All", "", *[f"={c}2*{c}3/{c}4*{c}5" for c in "CDE"]],
                   ["Sum", "", "=SUM(C6:E6)"]]}, "S!C7",
            {"S!C2:E2": "t", "S!C3:E3": "T", "S!C4:E4": "m", "S!C5:E5": "N"},
        ),
        (
            {"S": [["", "", 2023, 2024], ["N", "kg/ha", 180, 170], ["All", "", "=C2*3-D2^2"]]}, "S!C3",
            {"S!C2": "N: 2023", "S!D2": "N: 2024"},
        ),
        # units of an instrument below heads
        (
            {"S": [["Standard", "Conc.", "Area"], ["", "mg/L", "mAU·s"], ["S1", 1, 10.2], ["S2", 2, 20.9],
                   ["S3", 5, 51.3], ["Slope", "", "=SLOPE(C3:C5,B3:B5)"]]}, "S!C6",
            {"S!B3": "S1: Conc.", "S!C3": "S1: Area, mAU·s", "S!C5": "S3: Area, mAU·s"},
        ),
    ],
)  # fmt: skip
def test_cells_are_called_by_what_stands_over_and_before_them(tmp_path, sheets, cell, expected):
    inputs, _ = labels_of(tmp_path, sheets, cell, with_units=True)
    plain = {where: each.rpartition(" (")[0] if ":" in where[2:] else each for where, each in inputs.items()}
    assert plain.items() >= expected.items()


def test_heads_of_cases_below_a_choice_head_their_columns(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "S"
    rows = [
        ["Scenario", "Base"], [None, "Low", "Base", "High"], ["Price (EUR/t)", 10, 20, 30],
        ["Chosen", "=INDEX(B3:D3,MATCH($B$1,$B$2:$D$2,0))"], ["Twice", "=2*B4"],
    ]  # fmt: skip
    for row in rows:
        sheet.append(row)
    choice = DataValidation(type="list", formula1='"Low,Base,High"')
    choice.add("B1")
    sheet.add_data_validation(choice)
    book.save(tmp_path / "m.xlsx")
    made = import_workbook(tmp_path / "m.xlsx", ["S!B5"], with_units=True)
    study = read_study(made.text.encode(), tmp_path / "m.toml")
    found = {each.note: (each.label, each.unit.text) for each in study.inputs.values()}
    assert found["S!B3"] == ("Price: Low", "euro/t")
    assert found["S!C3: Low 10, High 30"] == ("Price", "euro/t")
