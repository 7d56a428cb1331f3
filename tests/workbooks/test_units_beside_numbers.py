"""Which texts beside a number are its unit: none that stands under a heading of its own, or is another's."""

import re

import pytest
from book_files import write_book
from openpyxl.utils import get_column_letter

import uncertainty as un
from uncertainty.workbooks.cells import Book, Cell, Sheet, one_cell
from uncertainty.workbooks.importing import import_workbook
from uncertainty.workbooks.labels import Labels
from uncertainty.workbooks.unit_texts import may_say_unit, year_of


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
    sheet |= {place: (each[1:], 5) for place, each in sheet.items() if str(each).startswith("=")}
    made = import_workbook(write_book(tmp_path / "m.xlsx", {"S": sheet}), ["S!B30"], with_units=True)
    (tmp_path / "m.toml").write_text(made.text)
    study = un.load_study(tmp_path / "m.toml")
    found = {each.note.partition("!")[2].partition(":")[0]: each.unit.text for each in study.inputs.values()}
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
    # one without a heading, before the numbers of all years
    (
        [[None, None, 2020, 2021, 2022], ["Demand", "TWh", 500, 510, 520], ["Time", "h", 3, 4, 5]],
        ["C2", "D2", "E2", "C3", "E3"],
        ["TWh", "TWh", "TWh", "h", "h"],
    ),
    (
        [["Year", None, "2020", "2021"], ["Demand", "TWh", 5, 6], ["Time", "h", 3, 4]],
        ["D2", "D3"],
        ["TWh", "h"],
    ),
    ([[None, None, 2020, 2021], ["Demand", "Low", 5, 6], ["Time", "h", 3, 4]], ["D2", "D3"], ["1", "1"]),
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
    # one column of units, of several quantities: it is the quantity's, a ratio is the price's
    (
        [["Item", "Unit", "Qty", "Rate", "Amount"], ["x", "kg", 2, 3, 6]],
        ["C2", "D2", "E2"],
        ["kg", "1", "1"],
    ),
    (
        [["Item", "Qty", "Unit", "Unit price (EUR)", "Life (years)", "n"], ["x", 2, "kg", 3, 9, 5]],
        ["B2", "D2", "E2", "F2"],
        ["kg", "euro", "years", "1"],
    ),
    ([["Item", "Unit", "Price", "Qty"], ["x", "kg", 3, 2]], ["C2", "D2"], ["1", "kg"]),
    ([["Item", "Qty", "Unit", "Stock", "Price"], ["x", 2, "kg", 5, 3]], ["B2", "D2", "E2"], ["kg", "1", "1"]),
    (
        [["Item", "Qty 2020", "Qty 2021", "Unit", "Price"], ["x", 2, 4, "kg", 3]],
        ["B2", "C2", "E2"],
        ["kg", "kg", "1"],
    ),
    ([["Item", "Value", "SD", "n", "Unit"], ["x", 2, 4, 5, "kg"]], ["B2", "C2", "D2"], ["kg", "kg", "1"]),
    (
        [["Item", "Factor", "Low", "High", "Unit"], ["x", 2, 1, 3, "kg/h"]],
        ["B2", "C2", "D2"],
        ["kg/h", "kg/h", "kg/h"],
    ),
    ([["Item", "Unit", "y1", "y2"], ["x", "kg", 2, 3]], ["C2", "D2"], ["kg", "kg"]),
    ([["Item", "Unit", "Rate A", "Rate B"], ["x", "kg/h", 2, 3]], ["C2", "D2"], ["kg/h", "kg/h"]),
    ([["Item", "Base year", "Target", "Unit"], ["x", 2, 3, "kg"]], ["B2", "C2"], ["kg", "kg"]),
    ([["Item", "Value", "Ref", "Unit"], ["x", 2, 3, "kg"]], ["B2", "C2"], ["kg", "1"]),
    (
        [["Item", "Unit", "Value", "±%", "Low", "High", "SD", "±"], ["x", "kg", 2, 3, 1, 3, 4, 5]],
        ["C2", "D2", "E2", "F2", "G2", "H2"],
        ["kg", "1", "kg", "kg", "kg", "kg"],
    ),
    # a ratio of words calls a column, and one of money is its unit
    ([["Region", "GDP/cap", "EUR/page"], ["x", 2, 3]], ["B2", "C2"], ["1", "euro/page"]),
    # a column of letters is one of classes
    ([["x", "y", "s"], [1, 1, "a"], [2, 2, "b"]], ["B2", "B3"], ["1", "1"]),
    ([["Item", "Unit", "Year 1", "Year 2"], ["x", "kg", 2, 3]], ["C2", "D2"], ["kg", "kg"]),
    # tables below each other
    (
        [["Item", "Mass (kg)"], ["x", 2], ["Item", "Cost (EUR)"], ["y", 3], ["Item", "Price"], ["z", 4]],
        ["B2", "B4", "B6"],
        ["kg", "euro", "1"],
    ),
    ([["Energy", "MWh"], ["x", 2], ["Money", "EUR"], ["y", 3]], ["B2", "B4"], ["MWh", "euro"]),
    ([["Item", "Mass (kg)"], ["x", 2], [None], ["Job", "Cost"], ["y", 3]], ["B2", "B5"], ["kg", "1"]),
    # what stands in place of a number, and a text among values, head nothing
    ([["Item", "Mass (kg)"], ["x", 2], ["u", "n/a"], ["y", 3]], ["B2", "B4"], ["kg", "kg"]),
    ([["Item", "Value"], ["x (kg)", 2], ["Unit of it", "MWh"], ["y", 3]], ["B2", "B4"], ["kg", "1"]),
    # a row of units
    (
        [["Parameter", "Power", "Hours"], ["Unit", "MW", "h/a"], ["Value", 5, 40], [None], ["Sum", 9]],
        ["B3", "C3", "B5"],
        ["MW", "h/a", "1"],
    ),
    # the ends of a range below their heading, and units in brackets below theirs
    (
        [["Item", "Cost", None, "Mass"], [None, "min", "max", "t"], ["x", 1, 2, 3]],
        ["B3", "C3", "D3"],
        ["1", "1", "t"],
    ),
    ([["Item", "Energy", "Mass"], [None, "(PJ)", "[kg]"], ["x", 2, 3]], ["B3", "C3"], ["PJ", "kg"]),
    # a flag before the column of units, and an empty cell of the nearer one
    ([["Analyte", "Result", "Q", "Unit"], ["Pb", 5, "U", "ug/L"]], ["B2"], ["ug/L"]),
    ([["Item", "Value", "Item", "Value", "Unit"], ["x", 5, "Mass", 3, "kg"]], ["B2", "D2"], ["1", "kg"]),
    (
        [
            ["In", "Qty", "Unit", "Out", "Qty", "Unit"],
            ["x", 2, "t", "y", 3, "kg"],
            ["All", 2, None, None, 3, "kg"],
        ],
        ["B2", "B3", "E3"],
        ["t", "1", "kg"],
    ),
    ([["Energy (TJ)"], ["Item", "Unit", "Plan", "Actual"], ["Share", "%", 5, 6]], ["C3", "D3"], ["%", "%"]),
    # a list without a heading, of which some texts are no units, and none of sexes
    (
        [["Crew", 3, "persons"], ["Pay", 2, "k€"], ["Use", 4, "kg/a"], ["Share", 5, "%"], ["Time", 6, "h"]],
        ["B1", "B3", "B4", "B5"],
        ["1", "kg/a", "%", "h"],
    ),
    ([["Bob", 40, "m"], ["Ann", 34, "f"], ["Joe", 50, "m"]], ["B1", "B3"], ["1", "1"]),
    (
        [["Item", "Value", "[Unit]"], ["x", 2, "kW"], ["y", 3, "man"], ["z", 4, "h"]],
        ["B2", "B4"],
        ["kW", "h"],
    ),
    ([["Year", "Use in kWh", "Cost in €"], ["x", 2, 3]], ["B2", "C2"], ["kWh", "euro"]),
    # letters of units with and without a gap, and of the same quantity
    ([["t (s)", "T (K)", "Mass(g)", "Mass (t)"], [1, 2, 3, 4]], ["A2", "B2", "D2"], ["s", "K", "t"]),
    # a lone letter below a heading is its unit
    ([["Item", "Mass", "Way"], [None, "t", "m"], ["x", 2, 3]], ["B3", "C3"], ["t", "m"]),
]


UNSURE = [
    # numbers of a row that nothing heads may be anything
    ([["Demand", "TWh", 5, 6], ["Time", "h", 3, 4]], '"TWh" (S!C1, S!D1), "h" (S!C2, S!D2)'),
    ([["Demand", "TWh", 1900, 2000], ["Time", "h", 3, 4]], '"TWh" (S!C1, S!D1), "h" (S!C2, S!D2)'),
    ([[None, None, 2020, 7], ["Demand", "TWh", 5, 6]], '"TWh" (S!C2, S!D2)'),
    # a ratio may be that of the price or of the quantity, and things side by side may be different ones
    ([["Item", "Unit", "Price", "Qty"], ["x", "EUR/kg", 3, 2]], '"EUR/kg" (S!C2, S!D2)'),
    ([["Item", "Cost", "Qty", "Factor", "Unit"], ["x", 1, 2, 3, "g/kWh"]], '"g/kWh" (S!B2, S!C2, S!D2)'),
    ([["Item", "Unit", "Coal", "NCV"], ["x", "kg", 2, 3]], '"kg" (S!C2, S!D2)'),
    ([["Item", "Value", "Drug", "Unit"], ["x", 2, 3, "kg"]], '"kg" (S!C2)'),
    # an uncertainty may be a share, and is no reason to doubt the value
    ([["Item", "Value", "Uncertainty", "Unit"], ["x", 2, 0.1, "kg"]], '"kg" (S!C2)'),
    # a sum ends the table
    ([["Item", "Use (kWh)"], ["x", 2], ["y", 3], ["Price", 4], ["Sum", "=SUM(B2:B3)"]], '"kWh" (S!B4)'),
    # texts that contradict each other
    ([["Item", "Mass (t)"], ["x (kg)", 2]], '"kg or t" (S!B2)'),
    ([["Item", "2020 (EUR)", "2021 (EUR)"], ["x (kg)", 2, 3]], '"kg or EUR" (S!B2, S!C2)'),
    ([["Item", "Unit", "kgCO2e"], ["Gas", "kWh", 0.2]], '"kWh or kgCO2e" (S!C2)'),
    ([["Mass", "kg", 5, "g"]], '"kg or g" (S!C1)'),
    # a unit under a heading that speaks of none may be what the number is per
    ([["Item", "Value", "Basis"], ["x", 2, "kg"], ["y", 3, "h"]], '"kg" (S!B2), "h" (S!B3)'),
    # a price beside kg is one per kg, and so is one with "per" behind its unit
    ([["Item", "Unit", "Price"], ["x", "kg", 2]], '"kg" (S!C2)'),
    ([["Item", "Price"], ["x (kg)", 2]], '"kg" (S!B2)'),
    ([["Gas", 0.12, "€", "per kWh"], ["Heat", 0.2, "€/kWh"]], '"€" (S!B1)'),
    ([["Item", "Unit", "2020", "Scale"], ["GDP", "EUR", 5, "Millions"]], '"EUR" (S!C2)'),
    ([["Item", "Value", "Unit", "per"], ["Pay", 5, "EUR", "h"]], '"EUR" (S!B2)'),
    # what titles say of the same numbers
    ([["Balance (in thousands)"], ["Item", "2020 (EUR)"], ["x", 5]], '"EUR or thousands" (S!B3)'),
    ([["Prices (EUR)"], ["Item", "Unit", "Plan", "Actual"], ["x", "m3", 5, 6]], '"m3 or EUR" (S!C3, S!D3)'),
    # rows of something else than their column, and years that head a table
    (
        [["Item", "CO2 (t)", "CH4 (t)"], ["GWP", 1, 28], ["x", 5, 6], ["y", 7, 8]],
        '"t" (S!B2, S!C2)',
    ),
    (
        [["Item", "Value (EUR)"], ["Number of flats", 12], ["Vacancy rate", 0.05], ["x", 3]],
        '"EUR" (S!B2, S!B3)',
    ),
    ([["Item", "Emissions (t)"], [None, 1990, 2005], ["x", 5, 6]], '"t" (S!B2)'),
    # parameters behind an empty row, each beside its own name
    (
        [["Item", "kg", "Price", "EUR"], ["x", 1, 2, 3], ["y", 4, 5, 6], [None], ["Rate", 0.5, "Life", 20]],
        '"kg" (S!B5), "EUR" (S!D5)',
    ),
    (
        [["Sample", "As"], ["Unit", "mg/L"], ["RSD %", 3], ["n", 2], ["Weight", 0.2], ["Limit", 5]],
        '"mg/L" (S!B3, S!B4, S!B5)',
    ),
    # letters of lists, endings and arguments
    ([["Income (a)", 5], ["Costs (b)", 3], ["Taxes (d)", 2]], '"a" (S!B1), "d" (S!B3)'),
    ([["Low (l)", 5], ["Household(s)", 3]], '"s" (S!B2)'),
    ([["Item", "x(t)", "Price (l)", "Price (h)"], ["x", 5, 6, 7]], '"t" (S!B2), "l" (S!C2), "h" (S!D2)'),
    # what stands below a table
    ([["Item", "Mass (kg)"], ["x", 2], [None], ["u", "n/a"], ["y", 3]], '"kg" (S!B5)'),
    ([["Item", "Mass (kg)", "EF"], ["x", 2, 7], ["y", 3]], '"kg" (S!B3)'),
]


@pytest.mark.parametrize(
    ("formula", "units"),
    [
        ("{0}2*{0}3", ["EUR/kW", "kW"]),
        ("{0}2*24*{0}3/1000", ["EUR/kW", "kW"]),
        # a list of things has sums, shares and ratios of all its columns, too
        ("{0}2/{0}3", ["", ""]),
        ("{0}2/{0}3*100", ["", ""]),
        ("SUM({0}2:{0}3)*{0}2", ["", ""]),
        ("{0}2*{0}2", ["", ""]),
        ("{0}2*C3", ["", ""]),
    ],
)
def test_columns_are_cases_where_a_formula_that_multiplies_their_rows_was_copied(formula, units):
    rows = [["Parameter", "Unit", "Coal", "Gas"], ["Capex", "EUR/kW", 9, 5], ["Power", "kW", 3, 4]]
    cells = {(row, n): Cell(each) for row, line in enumerate(rows, 1) for n, each in enumerate(line, 1)}
    cells |= {place: Cell(float(each.value)) for place, each in cells.items() if isinstance(each.value, int)}
    cells |= {(4, 1): Cell("All"), **{(4, 3 + n): Cell(1.0, f"={formula.format('CD'[n])}") for n in (0, 1)}}
    sheet = Sheet("S", cells=cells, bottom=4, right=4)
    labels = Labels(Book("f", {"S": sheet}, {}, {}, {}))
    assert [labels.of(one_cell("S", row, 4)).unit for row in (2, 3)] == units


@pytest.mark.parametrize(("rows", "told"), UNSURE, ids=range(len(UNSURE)))
def test_a_unit_that_is_not_certain_is_told_and_not_taken(tmp_path, rows, told):
    places = [part.partition("!")[2] for part in re.findall(r"S![A-Z]\d+", told)]
    found, notes = units_of(tmp_path, rows, places)
    assert found == ["1"] * len(places)
    assert f"Units that are not certain, whose cells stay pure numbers: {told}." in notes


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


def test_a_column_that_is_called_by_a_word_is_not_in_it_as_a_unit(tmp_path):
    rows = [["Crop", "mass", "grain", "feet", "Type"], ["x", 1, 2, 3, "grain"], ["y", 4, 5, 6, "mole"]]
    found, notes = units_of(tmp_path, rows, ["B2", "C2", "D2", "D3"])
    assert found == ["1", "1", "feet", "feet"]
    assert 'Units that are unknown, whose cells stay pure numbers: "mass" (S!B2), "grain" (S!C2).' in notes


def test_flags_and_classes_of_one_letter_call_no_number(tmp_path):
    sheet = {"A1": "Country", "B1": "Old", "D1": "New", "C1": "Flag", "A9": "Sum", "D9": ("B2*D2*D3*B3", 120)}
    sheet |= {"A2": "Peru", "B2": 2.0, "C2": "p", "D2": 3.0, "A3": "Cuba", "B3": 4.0, "C3": "b", "D3": 5.0}
    made = import_workbook(write_book(tmp_path / "m.xlsx", {"S": sheet}), ["S!D9"])
    called = sorted(line.partition('"')[2] for line in made.text.splitlines() if line.startswith("label"))
    assert called == ['Cuba: New"', 'Cuba: Old"', 'Peru: New"', 'Peru: Old"', 'Sum"']


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


def test_what_stands_over_a_row_of_units_calls_the_numbers_below(tmp_path):
    sheet = {
        "A1": "Plant",
        "B1": "Share of hours",
        "C1": "Efficiency",
        "D1": "Worth",
        "A3": "P1",
        "A9": "All",
    }
    sheet |= {"B2": "%", "C2": "(%)", "D2": "k€", "B3": 85.0, "C3": 58.0, "D3": 7.0, "B9": ("B3+C3+D3", 150)}
    made = import_workbook(write_book(tmp_path / "m.xlsx", {"S": sheet}), ["S!B9"], with_units=True)
    lines = made.text.splitlines()
    called = [line.partition('"')[2] for line in lines if line.startswith("label")]
    assert called == ['P1: Share of hours"', 'P1: Efficiency"', 'P1: Worth (k€)"', 'All"']
    assert "[inputs.p1_efficiency]" in lines
    assert 'Units that are unknown, whose cells stay pure numbers: "k€" (S!D3).' in made.notes


def test_what_a_sheet_says_of_itself_over_its_unit_calls_no_number(tmp_path):
    sheet = {
        "A1": "Country",
        "B1": "Peru",
        "A2": "Unit",
        "B2": "t",
        "A3": "Coal",
        "B3": 9.0,
        "A4": "Gas",
        "B4": 1.0,
    }
    made = import_workbook(
        write_book(tmp_path / "m.xlsx", {"S": sheet | {"B5": ("B3+B4", 10)}}), ["S!B5"], with_units=True
    )
    called = [line.partition('"')[2] for line in made.text.splitlines() if line.startswith("label")]
    assert called[:2] == ['Coal"', 'Gas"']
    assert made.text.count('unit = "t"') >= 2


@pytest.mark.parametrize(
    ("held", "year"),
    [
        (2020.0, 2020),
        (" 1850 ", 1850),
        ("2199", 2199),
        (1799.0, 0),
        (2200.0, 0),
        (2020.5, 0),
        ("20201", 0),
        ("Low", 0),
        (True, 0),
        (None, 0),
    ],
)
def test_a_year_is_a_number_or_a_text_of_four_digits(held, year):
    assert year_of(Cell(held)) == year
    assert year_of(None) == 0


RUNS = ["", "Unit", "Run 1", "Run 2", "Run 3", "Mean"]


@pytest.mark.parametrize("heads", [RUNS, [*RUNS[:1], "", *RUNS[2:]], [*RUNS[:5], "Run 4"]])
def test_columns_that_differ_by_their_numbers_are_cases_beside_their_mean(tmp_path, heads):
    rows = [heads, ["Yield", "kg", 52, 55, 51, 53], ["Energy", "kWh", 131, 130, 129, 130]]
    found, notes = units_of(tmp_path, rows, ["C2", "D2", "E2", "F2"])
    assert (found, len(notes)) == (["kg"] * 4, 0)
    found, notes = units_of(tmp_path, rows, ["C3", "F3"])
    assert (found, len(notes)) == (["kWh"] * 2, 0)


def test_a_unit_beside_a_number_of_a_column_that_is_headed_with_another_is_not_certain(tmp_path):
    rows = [["Item", "Cost (EUR)"], ["Rent", 100], ["Way", 120, "km"], ["Fee", 5, "EUR"]]
    found, notes = units_of(tmp_path, rows, ["B2", "B3", "B4"])
    assert found == ["euro", "1", "euro"]
    assert notes == ('Units that are not certain, whose cells stay pure numbers: "EUR or km" (S!B3).',)


@pytest.mark.parametrize(
    ("rows", "cell", "told"),
    [
        ([["Flow", "Amount", "EF (kg CO2e per unit)"], ["Coal", 3, 2.9]], "C2", "kg CO2e per unit"),
        ([["kcal per kg", 3400]], "B1", "kcal per kg"),
        ([["Currency", "Amount", "Rate"], ["USD", 1200, 0.92]], "B2", "USD"),
        ([["Item", "Unit", "Note", "Net"], ["x", "kg", "word", 1]], "D2", "kg"),
        ([["Item", "Amount", "per"], ["x", 2, "kg"]], "B2", "kg"),
        ([["Item", "Price (EUR, net)"], ["x", 2]], "B2", "EUR, net"),
        ([["Leg", "Distance km"], ["x", 2]], "B2", "km"),
        ([["Leg", "Time h"], ["x", 2]], "B2", "h"),
        ([["Item", "Unit cost $"], ["x", 2]], "B2", "$"),
        ([["Job", "Hours"], ["x", 2]], "B2", "Hours"),
        ([["Hours per day", 2]], "B1", "Hours per day"),
        ([["km per car", 2]], "B1", "km per car"),
        ([["Weeks per year", 46]], "B1", "Weeks per year"),
        ([["Service", "Rate", "Basis"], ["Repair", 450, "per visit"]], "B2", "per visit"),
        ([["All amounts in EUR per month"], ["Item", "Plan"], ["x", 2]], "B3", "EUR per month"),
    ],
)
def test_whatever_may_be_a_unit_is_listed_where_it_is_not_taken(tmp_path, rows, cell, told):
    found, notes = units_of(tmp_path, rows, [cell])
    assert found == ["1"]
    assert f'"{told}" (S!{cell}' in " ".join(notes)


@pytest.mark.parametrize(
    ("rows", "cell"),
    [
        ([["Item", "Amount"], ["x", 2]], "B2"),
        ([["Flow", "Mass (kg)", "Coefficient"], ["Coal", 3, 2.9]], "C2"),
        ([["Item", "Value", "Class"], ["x", 2, "A"], ["y", 3, "t"]], "B2"),
        ([["Students (see note)", 3], ["Boxes (low)", 3]], "B1"),
        ([["Count", 3, "Mass (kg)"], [None, None, 5]], "B1"),
        ([["Item", "Scenario A"], ["VAT 20 %", 2]], "B2"),
        ([["Item", "Heat per electricity"], ["x", 2]], "B2"),
        ([["Item", "Income/Expense"], ["LED 9 W", 2]], "B2"),
    ],
)
def test_nothing_is_listed_that_is_no_unit_or_that_of_another_number(tmp_path, rows, cell):
    found, notes = units_of(tmp_path, rows, [cell])
    assert (found, notes) == (["1"], ())


def test_money_per_something_is_a_unit_in_words_too(tmp_path):
    found, _ = units_of(tmp_path, [["Rent (EUR per month)", 900], ["Price (EUR per kg)", 3]], ["B1", "B2"])
    assert found == ["euro per month", "euro per kg"]


def test_what_may_be_a_unit_is_found_in_a_label_whatever_ends_it():
    said = {
        "kg": ("kg", "kg:"),
        "km": ("Distance km", "Distance km: "),
        "per hour": ("Rate per hour", "Rate per hour :"),
        "kg CO2e per unit": ("EF (kg CO2e per unit)", "EF [kg CO2e per unit]:"),
        "kt CO2": ("kt CO2",),
        "EUR": ("Cost in EUR:",),
        # amounts, classes, ratios of no units, and sentences
        "": ("20 kg", "Class A", "A", "Heat per electricity", "Energy of the whole of the last year kg"),
    }
    assert {unit: [may_say_unit(text) for text in texts] for unit, texts in said.items()} == {
        unit: [unit] * len(texts) for unit, texts in said.items()
    }
