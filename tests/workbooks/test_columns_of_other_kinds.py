"""Which headings and units are those of a cell, where its row and its column say different things."""

import pytest
from book_files import write_book
from openpyxl.utils import coordinate_to_tuple

import uncertainty as un
from uncertainty.workbooks.cells import Book, Cell, Sheet, one_cell
from uncertainty.workbooks.formulas import Area
from uncertainty.workbooks.importing import import_workbook
from uncertainty.workbooks.labels import Labels
from uncertainty.workbooks.looks import Look

SHOWN = {1: Look(is_percentage=True)}


def called(rows, *places, merged=()):
    """Return what cells are called; a text that begins with = is a formula, a number with % is shown so."""
    cells = {}
    for row, line in enumerate(rows, 1):
        for column, given in enumerate(line, 1):
            if isinstance(given, str) and given.startswith("="):
                cells[row, column] = Cell(1.0, given.rstrip("%"), style=int(given.endswith("%")))
            elif isinstance(given, str) and given[:1].isdigit() and given.endswith("%"):
                cells[row, column] = Cell(float(given[:-1]) / 100, style=1)
            elif given is not None:
                cells[row, column] = Cell(given if isinstance(given, str) else float(given))
    sheet = Sheet("S", cells=cells, bottom=len(rows), right=max(map(len, rows)))
    sheet.merged[:] = merged
    labels = Labels(Book("f", {"S": sheet}, {}, SHOWN, {}))
    return [labels.of(one_cell("S", *coordinate_to_tuple(each))).full for each in places]


FUELS = [
    ["Fuel", "Amount", "EF (kg/MWh)", "Share", "Change (%)", "Emissions (t)"],
    ["Gas (MWh)", 120, 202, "60%", 5, "=B2*C2/1000"],
    ["Oil (MWh)", 80, 266, "40%", -2, "=B3*C3/1000"],
]
OF_ROWS = [
    (
        FUELS,
        {
            "B2": "Gas (MWh)", "C2": "Gas: EF (kg/MWh)", "D3": "Oil: Share (fraction)",
            "E2": "Gas: Change (%)", "F3": "Oil: Emissions (t)",
        },
    ),
    # years have the unit of their row, and so have spreads without one of their own
    (
        [["", "2020", "2021", "Change"], ["Use (GJ)", 5, 6, "20%"], ["Price (EUR/GJ)", 3, 4, 1]],
        {"B2": "Use: 2020 (GJ)", "C3": "Price: 2021 (EUR/GJ)", "D2": "Use: Change (fraction)",
         "D3": "Price: Change"},
    ),
    (
        [["Item", "Value", "Uncertainty (%)", "sd"], ["Mass (kg)", 5, 10, 0.5]],
        {"B2": "Mass (kg)", "C2": "Mass: Uncertainty (%)", "D2": "Mass: sd (kg)"},
    ),
    # scenarios may be called by what they change
    (
        [["", "Base", "Carbon price shock"], ["Life (years)", 20, 25], ["Capex (EUR/kW)", 9, 12]],
        {"C2": "Life: Carbon price shock (years)", "C3": "Capex: Carbon price shock (EUR/kW)"},
    ),
    # units of columns in a row below their headings, or alone
    (
        [["Fuel", "Use", "EF", "Emitted"], [None, None, "kg/MWh", "t"], ["Gas (MWh)", 3, 4, 5]],
        {"B3": "Gas: Use (MWh)", "C3": "Gas: EF (kg/MWh)", "D3": "Gas: Emitted (t)"},
    ),
    ([["Fuel", "Amount", "kg/MWh", "k€"], ["Gas (MWh)", 3, 4, 5]], {"C2": "Gas (kg/MWh)", "D2": "Gas (k€)"}),
    ([["Fuel", "Unit", "kgCO2e"], ["Gas", "kWh", 0.2]], {"C2": "Gas"}),
    # a unit beside a factor is what that is per
    (
        [["Fuel", "kg CO2e per unit", "Unit"], ["Diesel", 2.68, "litre"]],
        {"B2": "Diesel: kg CO2e per unit"},
    ),
    ([["Stoff", "Emissionsfaktor", "Einheit"], ["Diesel", 2.68, "litre"]], {"B2": "Diesel: Emissionsfaktor"}),
    ([["", "0", "1"], ["Cash (EUR)", 3, 4]], {"B2": "Cash: 0 (EUR)", "C2": "Cash: 1 (EUR)"}),
    # where the row and all columns say different units, nobody can tell
    ([["Item", "2020 (EUR)", "2021 (EUR)"], ["Mass (t)", 5, 6]], {"B2": "Mass: 2020"}),
    (
        [["Item", "Budget (k€)", "Actual (k€)", "Off (%)"], ["Rent (EUR/m²)", 12, 13, 5]],
        {"B2": "Rent: Budget", "D2": "Rent: Off (%)"},
    ),
    (
        [["Item", "Price (EUR/t)", "Amount (t)"], ["Sand (kg)", 12, 13]],
        {"B2": "Sand: Price", "C2": "Sand"},
    ),
    ([["Item", "Value", "dof"], ["Mass (g)", 12, 9]], {"B2": "Mass (g)", "C2": "Mass: dof"}),
    ([["Sample", "y (mg)"], ["S1", 5], ["RSD (%)", 6]], {"B3": "RSD: y"}),
    # a column of units beside what is shown as a percentage
    (
        [["Item", "Unit", "2020", "2021", "Growth"], ["Gas", "MWh", 5, 6, "=D2/C2-1%"]],
        {"D2": "Gas: 2021 (MWh)", "E2": "Gas: Growth (fraction)"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "labels"), OF_ROWS, ids=range(len(OF_ROWS)))
def test_the_unit_in_the_name_of_a_row_is_that_of_its_quantity_alone(rows, labels):
    assert dict(zip(labels, called(rows, *labels), strict=True)) == labels


def test_units_of_columns_hold_beside_rows_that_are_called_with_one(tmp_path):
    cells = {
        "A1": "Fuel", "B1": "Amount", "C1": "EF (kg/MWh)", "D1": "Emissions (t)",
        "A2": "Gas (MWh)", "B2": 120, "C2": 202, "D2": ("B2*C2/1000", 24.24),
    }  # fmt: skip
    made = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["S!D2"], with_units=True)
    (tmp_path / "m.toml").write_text(made.text)
    study = un.load_study(tmp_path / "m.toml")
    assert [each.unit.text for each in study.inputs.values()] == ["MWh", "kg/MWh"]
    assert study.outputs["gas_emissions"].unit.text == "t"
    assert study.outputs["gas_emissions"].published.value == 24.24


MONTHS = [["", "Jan", "Feb", "Mar"], ["Use (kWh)", 3, 2, 1], ["Days", 31, 28, 31]]
YEARS = [
    ["Year", "CO2 price (€/t)", "Emissions (t)", "Cost (EUR)"],
    [2025, 80, 300, "=B2*C2"],
    [2030, 120, 250, "=B3*C3"],
]
TABLE = [["", "Cases", "Controls"], ["Exposed", 45, 30], ["Others", 55, 120]]
WARDS = [["Ward", "Beds", "Days (day)"], ["A", 30, 9000], ["B", 24, 8000]]
BELOW = [
    ([*MONTHS, ["Sum (kWh)", "=SUM(B2:D2)"]], {"B4": "Sum (kWh)", "B2": "Use: Jan (kWh)"}),
    ([*MONTHS[:2], ["Sum (kWh)", "=SUM(B2:D2)"], MONTHS[2]], {"B3": "Sum (kWh)"}),
    ([*YEARS, ["NPV", "=NPV(0.05,D2:D3)"]], {"B4": "NPV"}),
    ([*YEARS, ["Sum", "", "", "=SUM(D2:D3)"]], {"D4": "Sum: Cost (EUR)"}),
    ([*YEARS, ["Mean", "=AVERAGE(B2:B3)"]], {"B4": "Mean: CO2 price (€/t)"}),
    # what follows from a result below the table, and what stands below it
    (
        [
            *TABLE,
            ["OR", "=B2*C3/(B3*C2)"],
            ["ln(OR)", "=LN(B4)"],
            ["z", 1.96],
            ["All", "=SUM(B2:B3)"],
        ],
        {"B4": "OR", "B5": "ln(OR)", "B6": "z", "B7": "All: Cases"},
    ),
    # a parameter, an empty row apart or below columns that lose no unit
    ([*WARDS, [], ["Rate", 0.04], ["Pay (EUR)", 65]], {"B5": "Rate", "B6": "Pay (EUR)", "B3": "B: Beds"}),
    ([*MONTHS, ["Rate", 0.04]], {"B4": "Rate"}),
    ([["Item", "Mass (kg)", "EF"], ["a", 5, 2], ["b", 6]], {"B3": "b"}),
    # what follows from nothing of the table, an empty row below it
    ([*WARDS, [], ["Fee", "=65*2"]], {"B5": "Fee"}),
    ([*WARDS, ["C", "=5+2"]], {"B4": "C"}),
    ([*WARDS, [], ["C", "=5+2"], ["D", 8, 900]], {"B5": "C: Beds"}),
    # right below a result
    ([*TABLE, ["OR", "=B2*C3/(B3*C2)"], ["z", 1.96]], {"B5": "z"}),
    ([*TABLE, ["OR", "=B2*C3/(B3*C2)"], ["All", "=SUM(B2:B3)"], ["Few", 5]], {"B6": "Few"}),
    # the table goes on, or begins anew
    ([*WARDS, [], ["C", 7], ["D", 8], ["E", 9], ["F", 6], ["G", 8, 900]], {"B5": "C: Beds"}),
    ([*WARDS, [], ["C", 7], ["D", 8, 900]], {"B5": "C: Beds"}),
    ([*WARDS, [], ["Total", "=SUM(B2:B3)"]], {"B5": "Total: Beds"}),
    ([*WARDS, [], ["Rate", 5], ["Ward", "Cost", "Staff"], ["A", 1, 2]], {"B5": "Rate", "B7": "A: Cost"}),
    # a sum of columns of one unit is in it, and a ratio is not
    ([["", "Jan (kWh)", "Feb (kWh)"], ["Use", 3, 2], ["Sum", "=SUM(B2:C2)"]], {"B3": "Sum (kWh)"}),
    ([["", "Jan (kWh)", "Feb (kWh)"], ["Use", 3, 2], ["Ratio", "=B2/C2"]], {"B3": "Ratio"}),
    # one column of numbers, and a number that is not in the first
    ([["Month", "Use"], ["Jan", 5], ["Feb", 6], ["Share", "=B2/(B2+B3)"]], {"B4": "Share: Use"}),
    ([*YEARS, ["Mean", "", "=D3/B3"]], {"C4": "Mean: Emissions (t)"}),
]


@pytest.mark.parametrize(("rows", "labels"), BELOW, ids=range(len(BELOW)))
def test_what_stands_below_a_table_and_concerns_all_of_it_is_of_no_column(rows, labels):
    assert dict(zip(labels, called(rows, *labels), strict=True)) == labels


def test_a_ratio_of_numbers_of_a_column_is_not_in_their_unit():
    ratios = ["=B2/SUM(B2:B3)%", "=(B3-B2)/B2*100", "=B2/B3-1", "=B2/1000", "=B2*B3/B2", "=B2/C2", "=B2/B1"]
    ratios += ["=B2/B3*B2", "=B2/B3-B2", "=2*3"]
    rows = [["Month", "Use (kWh)"], ["Jan", 5], ["Feb", 6], *(["Ratio", each] for each in ratios)]
    found = called(rows, *(f"B{row}" for row in range(4, 14)))
    assert found[:3] == ["Ratio: Use (fraction)", "Ratio: Use", "Ratio: Use"]
    # a thousandth may be in MWh, and what takes cells without units in any
    assert found[3:5] == ["Ratio: Use", "Ratio: Use (kWh)"]
    # what takes more than the column, or nothing of it, is none of it
    assert found[5:] == ["Ratio", "Ratio", "Ratio: Use (kWh)", "Ratio: Use", "Ratio"]
    rows = [["Month", "Cost (k€)"], ["Jan", 5], ["Feb", 6], ["Growth", "=B3/B2-1"]]
    assert called(rows, "B3", "B4") == ["Feb: Cost (k€)", "Growth: Cost"]


def test_what_has_its_unit_in_parentheses_over_the_unit_keeps_its_name():
    rows = [["Sample", "Conc. (mg/L)", "Yield (dry)", "Flow (L/s)"], [None, "mg/L", "t/ha", "m3/h"]]
    places = {"B3": "S1: Conc. (mg/L)", "C3": "S1: Yield (dry) (t/ha)", "D3": "S1 (m3/h)"}
    assert dict(zip(places, called([*rows, ["S1", 1, 2, 3]], *places), strict=True)) == places


def test_a_percentage_is_one_whatever_stands_behind_it_or_above():
    assert Look(is_percentage=True, word="p.a.").unit("") == "% p.a."
    assert Look(is_percentage=True, word="of sales").unit("") == "% of sales"
    assert Look(is_percentage=True, word="rd").unit("") == ""
    assert Look(is_percentage=True, word="of sales").unit("kg") == "kg"
    assert Look(is_percentage=True, word="kg").unit("") == "kg"
    rows = [["", "Emissions (kt CO2e)"], ["Energy", 400], ["Change", "=B2/B2-1%"]]
    assert called(rows, "B2", "B3") == ["Energy: Emissions (kt CO2e)", "Change: Emissions (fraction)"]


def test_unit_heads_its_column_where_years_are_numbers_and_the_corner_is_empty():
    rows = [[None, "Unit", 2020, 2030], ["GDP", "EUR", 5, 6], ["Energy", "PJ", 3, 4]]
    assert called(rows, "C2", "D3") == ["GDP (EUR)", "Energy (PJ)"]
    assert called([[None, "Unit", 5, 6], ["GDP", "EUR", 5, 6]], "C1") == ["Unit"]


@pytest.mark.parametrize(
    ("name", "formula", "label"),
    [
        ("Count", "=COUNT(B2:B4)", "Count"),
        ("Rows", "=ROWS(B2:B4)", "Rows"),
        ("Bill", "=SUM(B2:B4)*B7", "Bill"),
        ("Each", "=SUM(B2:B4)/COUNT(A2:A4)", "Each"),
        ("Total", "=SUM(B2:B4)", "Total: Account"),
        ("Mean", "=AVERAGE(B2:B4)", "Mean: Account"),
    ],
)
def test_what_stands_below_a_list_has_its_head_where_it_is_of_its_numbers_alone(name, formula, label):
    rows = [["Name", "Account"], ["a", 12], ["b", 14], ["c", 20], [None], [name, formula], ["Fee", 3]]
    assert called(rows, "B6") == [label]


def test_a_bare_number_below_a_sum_may_be_in_no_unit_of_its_column():
    rows = [["Item", "Mass (kg)", "Cost (EUR)"], ["a", 2, 3], ["b", 4, 5], [None, None, "=SUM(C2:C3)"]]
    found = called([*rows, [None, None, 1.19], ["Shipping", None, 12]], "C4", "C5", "C6")
    assert found == ["Cost (EUR)", "Cost", "Shipping: Cost (EUR)"]


def test_a_head_that_is_merged_over_columns_is_that_of_each_unit_below_it():
    rows = [["School", "Heat", None, "Power"], [None, "kWh", "%", "kWh"], ["North", 1200, 12, 300]]
    merged = called(rows, "B3", "C3", "D3", merged=[Area("S", 1, 2, 1, 3)])
    assert merged == ["North: Heat (kWh)", "North: Heat (%)", "North: Power (kWh)"]
    rows[0][2] = "Heat"
    assert called(rows, "B3", "C3", "D3") == merged


MODEL = [["Mass", 12, "kg"], ["Fuel price", 2, "EUR/l"], []]
CALIBRATION = [["Calibration"], ["Slope", 0.1, "L/mg"], ["Blank", 0.02], []]
SEVERAL = [
    # the unit of a parameter, or a note on it, heads no table below it
    ([*MODEL, ["Year", 1, 2], ["Tax", 5, 6]], {"B5": "Tax", "C5": "Tax"}),
    ([*MODEL, ["", 2024, 2025], ["Tax", 5, 6]], {"B5": "Tax", "C5": "Tax"}),
    ([["Mass", "kg", 12], [], ["Tax", 5, 6]], {"B3": "Tax", "C3": "Tax"}),
    ([["Rate", 3, "of the treasury"], [], ["Tax", 5, 6]], {"C3": "Tax"}),
    ([["Area", 5, 6, "m²"], [], ["Tax", 1, 2, 3]], {"D3": "Tax"}),
    # what stands over several columns behind an empty row, or below a single number, heads them
    ([*MODEL, ["Item", "Pieces", "Weight"], ["Bolt", 5, 6]], {"B5": "Bolt: Pieces", "C5": "Bolt: Weight"}),
    ([*MODEL, ["Item", "Pieces", "Net"], ["", "", "kg"], ["Bolt", 5, 6]], {"C6": "Bolt: Net (kg)"}),
    ([*CALIBRATION, ["Sample", "Signal", "Factor"], [1, 5, 6]], {"B6": "Signal", "C6": "Factor"}),
    ([["r", 0.1], ["t", "Cost", "Factor"], [0, 5, 6], [1, 7, 8]], {"B3": "Cost", "B4": "Cost"}),
    ([["", "A", "B"], ["Power", 5, 6], ["Fuel", "oil", "gas"], ["Price", 7, 8]], {"C4": "Price: B"}),
    # still heads
    ([["Run", 1, 2, "Mean"], ["x", 5, 6, 5.5]], {"D2": "x: Mean"}),
    ([["Item", "Rent (EUR)", "Fee", "", "=SUM(C2:C3)"], ["Bike", 5, 6]], {"B2": "Bike: Rent (EUR)"}),
    ([["", 2024, "Unit"], ["Tax", 5, "EUR"]], {"B2": "Tax (EUR)"}),
    # parameters above means of other columns
    (
        [["Sample", "Mass (mg)", "Abs", "Conc"], [1, 10, 0.4, 5], [2, 11, 0.5, 6], [], ["Slope", 0.1],
         ["Mean", None, "=AVERAGE(C2:C3)", "=AVERAGE(D2:D3)"]],
        {"B5": "Slope", "B3": "Mass (mg)"},
    ),
    # symbols and sensitivities beside columns of units
    ([["Mass", "m", 12, "kg"]], {"C1": "Mass (kg)"}),
    (
        [["What", "Symbol", "Value", "Unit"], ["Time", "t", 3, "s"], [], [], ["Mass", "m", 12, "g"]],
        {"C5": "Mass (g)"},
    ),
    ([["Area", "m²", 12, "kWh"]], {"C1": "Area"}),
    (
        [["What", "Value", "Unit", "k", "u", "Unit", "c"], ["Mass", 3, "mg", 2, "=B2/D2", "mg", 1]],
        {"B2": "Mass (mg)", "G2": "Mass: c"},
    ),
    # a ratio of words is no unit of a column, and its price may be what the unit of the row is of
    ([["Stage", "Amount", "Cost/unit", ""], ["x", 95, 2, "€/kg"]], {"B2": "x", "C2": "x: Cost/unit"}),
    # amounts that are texts head nothing below heads, and are heads below one that is merged
    ([["", "A", "B"], ["Size", "10 kg", "12 kg"], ["Cost", 5, 6]], {"B3": "Cost: A", "C3": "Cost: B"}),
    ([["", "X", "Y"], ["Loan", "€ 10,000", "$9"], ["Fee", 5, 6]], {"B3": "Fee: X", "C3": "Fee: Y"}),
    ([["", "Dose"], ["", "10 mg", "20 mg"], ["Cost", 5, 6]], {"B3": "Cost: 10 mg", "C3": "Cost: 20 mg"}),
    ([["Car", "Trips", "Cost/trip", ""], ["A", 95, 2, "EUR"]], {"B2": "A: Trips", "C2": "A: Cost/trip"}),
    ([["Item", "Use", "kg/m²"], ["A", 95, 2]], {"C2": "A (kg/m²)"}),
    # texts in a column of units that call their rows
    (
        [["Item", "Use", "Unit", "Cost"], ["Gas", 5, "kWh", 6], ["", "", "Total", "=SUM(D2:D2)"],
         ["", "", "VAT share", "19%"]],
        {"D3": "Total: Cost", "D4": "VAT share: Cost (fraction)"},
    ),
    ([["Item", "Unit", "Use"], ["Gas", "kWh", 5], ["", "flights", 6]], {"C3": "Use (flights)"}),
    # "m" of what is counted or paid may be a million
    ([["Users (m)", 83], ["Sales (m)", 5], ["Depth (m)", 7]], {"B1": "Users (m)", "B3": "Depth (m)"}),
    ([["", "Visitors (m)", "Height (m)"], ["x", 5, 6]], {"B2": "x: Visitors (m)", "C2": "x: Height (m)"}),
    ([["Cars", 40, "m"], ["Depth", 4, "m"]], {"B1": "Cars", "B2": "Depth (m)"}),
    # an answer heads nothing, and a table without names beside another has none of its names
    ([["Use subsidy", "yes"], ["Rate", "4%"], ["Cost", 5]], {"B2": "Rate (fraction)", "B3": "Cost"}),
    ([["Insulated", "No", None], ["Wall", 0.2, 1.4]], {"B2": "Wall", "C2": "Wall"}),
    ([["Question", "Yes", "No"], ["Q1", 5, 6]], {"B2": "Q1: Yes", "C2": "Q1: No"}),
    ([["Month", "Use"], ["Jan", 5, None, 0.3, "EUR/kWh"], ["Feb", 6]], {"B2": "Jan: Use", "D2": ""}),
    ([["", "Q1", "Q2"], ["Tax", 5, 6, None, "=SUM(B2:C2)"]], {"E2": "Tax"}),
    ([["", 2024, 2025, None, 2026], ["Tax", 5, 6, None, 7]], {"C2": "Tax", "E2": "Tax"}),
    ([["", 2024, None, 2026], [], ["Taxes"], ["VAT", 5, None, 7]], {"D4": "VAT"}),
    ([["", "Low", "High", None, "Used"], ["Tax", 5, 6, None, 7]], {"E2": "Tax: Used"}),
    ([["", 2024, 2025, 2026], ["Tax", 5, None, 7], ["Rent", 5, 6, 7]], {"D2": "Tax"}),
    # signs between names and numbers
    ([["Mass", " =", 5, "kg"], ["Height", ":", 3, "m"]], {"C1": "Mass (kg)", "C2": "Height (m)"}),
    ([["Mass (kg) =", 5], ["h =", 3, "m"]], {"B1": "Mass (kg)", "B2": "h (m)"}),
    # names of another model to the left
    ([["Price", 5, "Cost", 6], ["Sum", 7, "Sum", 8], ["Sum", 9, "Sum", 10]], {"D1": "Cost", "D3": "Sum"}),
    (
        [["What", "x", "Shape", "c"], ["Mass", 5, "normal", 1], ["Time", 6, "normal", 2]],
        {"D2": "Mass, normal: c", "D3": "Time, normal: c"},
    ),
    ([["Travel", "Car", 5], ["Travel", "Car", 6], ["Food", "Meat", 7]], {"C1": "Travel, Car"}),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "labels"), SEVERAL, ids=range(len(SEVERAL)))
def test_tables_and_parameters_of_one_sheet_keep_their_own_heads_and_units(rows, labels):
    assert dict(zip(labels, called(rows, *labels), strict=True)) == labels
