"""Which texts beside a number are its unit: none that stands under a heading of its own, or is another's."""

import pytest
from book_files import write_book
from openpyxl.utils import get_column_letter

import uncertainty as un
from uncertainty.workbooks.importing import import_workbook


def units_of(tmp_path, rows, cells):
    """Return the units that a study has for cells of a sheet, of whose sum it is made."""
    sheet = {
        f"{get_column_letter(column)}{row}": float(each) if isinstance(each, int | float) else each
        for row, line in enumerate(rows, 1)
        for column, each in enumerate(line, 1)
        if each is not None
    }
    total = sum(sheet[each] for each in cells)
    sheet |= {"A30": "All", "B30": ("+".join(cells), total)}
    made = import_workbook(write_book(tmp_path / "m.xlsx", {"S": sheet}), ["S!B30"], with_units=True)
    (tmp_path / "m.toml").write_text(made.text)
    study = un.load_study(tmp_path / "m.toml")
    found = {each.note.partition("!")[2]: each.unit.text for each in study.inputs.values()}
    return [found[each] for each in cells], made.notes


CLASSES = [
    [
        ["Plant", "Power", "Price", "Class"],
        [None, "MW", "EUR/MWh", None],
        ["P1", 5, 60, "A"],
        ["P2", 7, 55, "t"],
    ],
    [["Item", "Power", "Price", "Size"], [None, "MW", "EUR/MWh", None], ["x", 5, 60, "m"], ["y", 7, 55, "h"]],
]
BESIDE = [
    # a column that is headed as something else
    *((rows, ["B3", "C3", "C4"], ["MW", "euro/MWh", "euro/MWh"]) for rows in CLASSES),
    ([["ID", "Q1", "Group"], [1, 4, "A"], [2, 5, "B"], [3, 3, "A"]], ["B2", "B3", "B4"], ["1", "1", "1"]),
    ([["Item", "Value", "Scenario"], ["x", 1.5, "min"], ["y", 2.5, "max"]], ["B2", "B3"], ["1", "1"]),
    ([["Item", "Amount", "per"], ["x", 2, "kg"], ["y", 3, "h"]], ["B2", "B3"], ["1", "1"]),
    ([["Item", "Value", "Remark"], ["x", 2, "in"], ["y", 3, "at the end"]], ["B2", "B3"], ["1", "1"]),
    # one whose texts are units all the same, one of money, and one without a heading
    ([["Item", "Value", "Measured in"], ["x", 2, "kg"], ["y", 3, "h"]], ["B2", "B3"], ["kg", "h"]),
    ([["Item", "Cost", "Currency"], ["x", 2, "EUR"], ["y", 3, "EUR"]], ["B2", "B3"], ["euro", "euro"]),
    ([["Power", 2, "kW"], ["Time", 3, "h"]], ["B1", "B2"], ["kW", "h"]),
    # of several numbers, each with a column of units
    (
        [["Item", "Qty", "Unit", "Price", "Unit"], ["x", 2, "kg", 3, "EUR/kg"]],
        ["B2", "D2"],
        ["kg", "euro/kg"],
    ),
    (
        [["Item", "Unit", "Qty", "Unit", "Price"], ["x", "kg", 2, "EUR/kg", 3]],
        ["C2", "E2"],
        ["kg", "euro/kg"],
    ),
    (
        [["Item", "Unit", "Qty", "Factor", "Unit of factor"], ["x", "kg", 2, 3, "MJ/kg"]],
        ["C2", "D2"],
        ["kg", "MJ/kg"],
    ),
    # a row of units
    (
        [["Parameter", "Power", "Hours"], ["Unit", "MW", "h/a"], ["Value", 5, 40], [None], ["Sum", 9]],
        ["B3", "C3", "B5"],
        ["MW", "h/a", "1"],
    ),
    # a lone letter below a heading is its unit
    ([["Item", "Mass", "Way"], [None, "t", "m"], ["x", 2, 3]], ["B3", "C3"], ["t", "m"]),
]


@pytest.mark.parametrize(("rows", "cells", "units"), BESIDE, ids=range(len(BESIDE)))
def test_a_text_beside_a_number_is_its_unit_or_something_else(tmp_path, rows, cells, units):
    found, notes = units_of(tmp_path, rows, cells)
    assert found == units
    assert not any("unknown" in each for each in notes)


def test_a_column_that_is_called_a_letter_is_told_and_stays_pure(tmp_path):
    rows = [["Variant", "A", "K", "kg a", "kg", "in"], ["x", 1, 2, 3, 4, 5]]
    found, notes = units_of(tmp_path, rows, ["B2", "C2", "D2", "E2", "F2"])
    assert found == ["1", "1", "1", "kg", "1"]
    listed = '"A" (S!B2), "K" (S!C2), "kg a" (S!D2), "in" (S!F2)'
    assert f"Units that are unknown, whose cells stay pure numbers: {listed}." in notes


def test_what_says_that_a_number_is_missing_calls_no_other(tmp_path):
    sheet = {
        "A1": "Name",
        "B1": "Old",
        "C1": "New",
        "A2": "Peru",
        "B2": "n/a",
        "C2": 5.0,
        "A3": "Cuba",
        "B3": 3.0,
    }
    sheet |= {"C3": 4.0, "A9": "Sum", "C9": ("C2*C3", 20)}
    made = import_workbook(write_book(tmp_path / "m.xlsx", {"S": sheet}), ["S!C9"])
    assert [line for line in made.text.splitlines() if line.startswith("label")] == [
        'label = "Peru: New"',
        'label = "Cuba: New"',
        'label = "Sum"',
    ]
