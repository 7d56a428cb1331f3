"""What stands above the headings of tables: heads that columns have in common, letters of names, titles."""

import pytest
from openpyxl.utils import coordinate_to_tuple

from uncertainty.workbooks.cells import Book, Cell, Sheet, one_cell
from uncertainty.workbooks.formulas import Area
from uncertainty.workbooks.headings import UnitHeadings, unit_sentences
from uncertainty.workbooks.labels import Labels


def labels_of(rows, merged, *places):
    """Return the labels of cells; what is merged are rows of a sheet with the first and last column."""
    cells = {
        (row, column): Cell(given if isinstance(given, str) else float(given))
        for row, line in enumerate(rows, 1)
        for column, given in enumerate(line, 1)
        if given is not None
    }
    areas = [Area("S", row, left, row, right) for row, left, right in merged]
    sheet = Sheet("S", cells=cells, merged=areas, bottom=len(rows), right=max(map(len, rows)))
    labels = Labels(Book("f", {"S": sheet}, {}, {}, {}))
    return {each: labels.of(one_cell("S", *coordinate_to_tuple(each))) for each in places}


COSTS = [
    ["Option", "Cost (EUR/t)", None, None, "Amount (t)"],
    [None, "Low", "Mid", "High", None],
    ["Coal", 1, 2, 3, 9],
]
YEARS = [["", "2020", None, "2030", None], ["", "Central", "High", "Central", "High"], ["Use", 1, 2, 3, 4]]


@pytest.mark.parametrize(
    ("rows", "merged", "called"),
    [
        (
            COSTS,
            [(1, 2, 4)],
            {"C3": "Coal: Cost, Mid (EUR/t)", "D3": "Coal: Cost, High (EUR/t)", "E3": "Coal (t)"},
        ),
        (
            YEARS,
            [(1, 2, 3), (1, 4, 5)],
            {"B3": "Use: 2020, Central", "D3": "Use: 2030, Central", "E3": "Use: 2030, High"},
        ),
        # what stands over one group alone needs no more
        (
            [["", "2020", None, "2030", None], ["", "Central", "High", "Low", "Mid"], ["Use", 1, 2, 3, 4]],
            [(1, 2, 3), (1, 4, 5)],
            {"B3": "Use: Central", "E3": "Use: Mid"},
        ),
        # a title over all columns stands above the groups
        (
            [
                *(
                    ["Tests"],
                    ["", "Size", None, "Strength", None],
                    ["", "Width", "Height", "Force", "Stress"],
                ),
                *(["", "mm", "mm", "kN", "MPa"], ["S1", 40, 160, 12.5, 2]),
            ],
            [(1, 1, 5), (2, 2, 3), (2, 4, 5)],
            {"C5": "S1: Height (mm)", "D5": "S1: Force (kN)", "E5": "S1: Stress (MPa)"},
        ),
        # a heading of its own is no number of the group's, nor has it the group's unit
        (
            [["", "Cost (EUR)", None], ["", "Mean", "Items"], ["Coal", 1, 2]],
            [(1, 2, 3)],
            {"B3": "Coal: Cost, Mean (EUR)", "C3": "Coal: Items"},
        ),
        (
            [["", "Cost (EUR)", None], ["", "Mean", "Share (%)"], ["Coal", 1, 2]],
            [(1, 2, 3)],
            {"C3": "Coal: Share (%)"},
        ),
        # a head of one column is none of several
        ([["", "Cost (EUR)"], ["", "Mean"], ["Coal", 1]], [], {"B3": "Coal: Mean"}),
        # letters of scenarios are no amperes or bytes
        ([["", "Scenario", None], ["", "A", "B"], ["Use", 1, 2]], [], {"B3": "Use: A", "C3": "Use: B"}),
        (
            [["", "Scenario", None], ["", "A", "B"], ["Use", 1, 2]],
            [(1, 2, 3)],
            {"B3": "Use: A", "C3": "Use: B"},
        ),
        ([["", "Current", "Voltage"], ["", "A", "V"], ["Use", 1, 2]], [], {"B3": "Use: Current (A)"}),
    ],
)
def test_heads_of_several_columns_say_what_their_headings_do_not(rows, merged, called):
    assert {place: each.full for place, each in labels_of(rows, merged, *called).items()} == called


PARAMETERS = [["Tariff (€/kWh)", 0.31], ["Fee (€)", 9], []]
LATER = [["Jan", 1210, 3, 4], ["Feb", 1395, 2, 5]]


@pytest.mark.parametrize(
    ("rows", "called"),
    [
        ([["Start", 900], *LATER], {"B6": "Jan: Reading", "C6": "Jan: Factor", "D6": "Jan: Cost"}),
        (
            [["Start", None, None, 0], *LATER],
            {"B6": "Jan: Reading", "C6": "Jan: Factor", "D5": "Start: Cost"},
        ),
        (
            [["", "kWh", None, "€"], ["Start", 900], *LATER],
            {
                "B6": "Start: Reading (kWh)",
                "B7": "Jan: Reading (kWh)",
                "C7": "Jan: Factor",
                "D7": "Jan: Cost (€)",
            },
        ),
        (
            [["", "(kWh)", None, "(€)"], ["Start", None, None, 0], *LATER],
            {"B7": "Jan: Reading (kWh)", "C7": "Jan: Factor", "D6": "Start: Cost (€)"},
        ),
        # what an empty row parts from a table of its own is called by no text above that
        ([[], [], *LATER], {"B7": "Jan", "C7": "Jan"}),
    ],
)
def test_heads_below_parameters_call_columns_whose_first_cells_are_empty(rows, called):
    rows = [*PARAMETERS, ["Month", "Reading", "Factor", "Cost"], *rows]
    assert {place: each.full for place, each in labels_of(rows, [], *called).items()} == called


def test_marks_of_footnotes_stand_behind_units():
    heads = ["Food", "Fat (%)¹", "Mass [kg]*", "Width (m)²", "Use (kWh) ⁴"]
    found = labels_of([heads, ["Milk", 1, 2, 3, 4]], [], "B2", "C2", "D2", "E2")
    assert [each.unit for each in found.values()] == ["%", "kg", "", "kWh"]


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("Emissions in thousand tonnes", "thousand tonnes"),
        ("(in thousands of EUR)", "thousands EUR"),
        ("Energy balance (TJ)", "TJ"),
        ("Unit: Mio. €", "Mio. €"),
        ("in thousands", "thousands"),
        ("Angaben in 1.000 t", "1.000 t"),
        ("(millions)", "millions"),
        ("Sales of a million firms in Europe", ""),
        ("Emissions in 2020", ""),
        ("Results in Germany (see notes)", ""),
        ("Change in A", ""),
    ],
)
def test_units_in_titles_are_told_and_not_taken(title, unit):
    rows = [[title], ["Sector", "2020", "Share (%)"], ["Coal", 1, 2], [], [], ["Other", 3]]
    labels = labels_of(rows, [], "B3", "C3", "B6")
    assert [each.title for each in labels.values()] == [unit, "", unit]
    assert labels["B3"].unit == ""
    headings = UnitHeadings({where: (one_cell("S", 1, 1), label) for where, label in labels.items()})
    told = f'Units in titles of tables, whose cells stay pure numbers: "{unit}" (B3, B6).'
    assert unit_sentences(headings, labels) == ([told] if unit else [])


@pytest.mark.parametrize(
    ("corner", "unit"),
    [
        ("in TEUR", "TEUR"),
        ("£'000", "£'000"),
        ("$m", "$m"),
        ("Values in kt", "kt"),
        ("(millions)", "millions"),
        ("Sector", ""),
        ("kt", "kt"),
        ("GWh", "GWh"),
        ("kWh/m²", "kWh/m²"),
        ("Emissions in kt", "kt"),
        ("Emissions, Mt CO2e", "Mt CO2e"),
        ("in Betrieb", ""),
        ("Metal", ""),
        ("Grain", ""),
        ("Meter", ""),
        ("Hour", ""),
        ("t", ""),
        ("Deaths in UK", ""),
    ],
)
def test_units_in_corners_are_told_of_the_numbers_beside_texts(corner, unit):
    rows = [[corner, "2019", "Share (%)"], ["Coal", 1, 2], ["Gas", 3, 4]]
    labels = labels_of(rows, [], "B2", "B3", "C3")
    assert [each.title for each in labels.values()] == [unit, unit, ""]
    # over numbers it heads these alone
    found = labels_of([[corner, "use"], [1, 2], [3, 4]], [], "B2", "B3")
    assert [each.title for each in found.values()] == ["", ""]


@pytest.mark.parametrize(("rows_between", "unit"), [(0, "TJ"), (1, "TJ"), (2, "TJ"), (3, "")])
def test_a_title_stands_within_three_rows_above_the_headings_or_above_all_numbers(rows_between, unit):
    title = [["Balance (TJ)"], *([[]] * rows_between)]
    table = [["Sector", "2020"], ["Coal", 1]]
    place = f"B{3 + rows_between}"
    assert labels_of([*title, *table], [], place)[place].title == "TJ"
    place = f"B{6 + rows_between}"
    assert labels_of([*table, [], *title, *table], [], place)[place].title == unit


@pytest.mark.parametrize("title", ["Timesheet, hours", "Hours, 2024", "Staff, part-time"])
def test_a_title_says_a_unit_behind_a_comma(title):
    rows = [[title], ["Name", "Mon", "Tue"], ["Ann", 8, 7]]
    assert labels_of(rows, [], "B3")["B3"].title == ("hours" if title.endswith("hours") else "")


def test_units_in_other_languages_are_told_as_unknown():
    found = labels_of([["Stoff", "Masse (Tonnen)", "Dauer (Stunden)"], ["Milch", 1, 2]], [], "B2", "C2")
    assert [each.beside for each in found.values()] == ["Tonnen", "Stunden"]


def test_what_is_calculated_below_a_head_of_several_columns_has_no_unit_of_it():
    """A total of costs times amounts stands below the costs, and is none."""
    cells = {(1, 2): Cell("Cost (EUR/t)"), (2, 1): Cell("Coal"), (2, 2): Cell("Mid"), (2, 3): Cell("High")}
    cells |= {(3, 1): Cell("Gas"), (3, 2): Cell(2.0), (3, 3): Cell(3.0), (4, 2): Cell(18.0, "=B3*D3")}
    sheet = Sheet("S", cells=cells, merged=[Area("S", 1, 2, 1, 3)], bottom=4, right=3)
    labels = Labels(Book("f", {"S": sheet}, {}, {}, {}))
    assert [labels.of(one_cell("S", row, 2)).unit for row in (3, 4)] == ["EUR/t", ""]
