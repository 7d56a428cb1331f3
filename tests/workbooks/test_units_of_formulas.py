"""Of what unit the number of a formula is, where the texts around it say another."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from uncertainty.workbooks.cells import one_cell, read_book
from uncertainty.workbooks.dimensions import of_unit
from uncertainty.workbooks.labels import Labels

MADE = {
    # a ratio of numbers of one unit, however it is made, and what is counted
    "=(B4/B2)^(1/20)-1": "",
    "=POWER(B4/B2,1/A4)-1": "",
    "=LN(B4/B2)/(A4-A2)": "t?",
    "=ROUND(B4/B2,2)": "",
    "=IFERROR(ABS(B4/B2-1),0)": "",
    "=100*STDEV(B2:B4)/AVERAGE(B2:B4)": "",
    "=AVERAGE(B4/B3,B3/B2)-1": "",
    "=2*(B4-B2)/(B4+B2)": "",
    "=(B4-B2)/((B4+B2)/2)": "",
    "=COUNT(B2:B4)": "",
    "=RANK(B4,B2:B4)": "",
    # a square is in another
    "=VAR(B2:B4)": "t?",
    "=B4^2": "t?",
    # what is in the unit
    "=SUM(B2:B4)": "t",
    "=SUMPRODUCT(B2:B4,C2:C4)/SUM(C2:C4)": "t?",
    "=STDEV(B2:B4)/SQRT(COUNT(B2:B4))": "t",
    "=SQRT(SUMSQ(B2:B4)/2)": "t",
    "=SQRT(SUMSQ(B2:B4)/3)": "t?",
    "=B4*(1+B4/B2)": "t",
    "=ROUND(B4/2,1)": "t",
    "=-B4": "t",
    "=EXP((LN(B2)+LN(B3)+LN(B4))/3)": "t?",
    # what may be in it: a budget shared out, a factor without a unit, a law with a coefficient
    "=B4/SUM(B2:B4)*5000": "",
    "=B4/B2*C4": "t?",
    "=B4/C4": "t?",
    "=B4*1.02": "t?",
    "=B4/60": "t?",
    "=IF(B4>B2,1,0)": "",
    "=IF(B4>B2,5,3)": "t?",
    "=INDEX(B2:B4,2)": "t",
    "=CHOOSE(2,B2,B3)": "t",
    "=0.001*B4^2": "t?",
    "=IF(B4>B2,B4,0)": "t",
    "=B4*C4/B2": "t?",
}


def labels_of(tmp_path, rows, *merged):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    book.active.title = "S"
    book.save(tmp_path / "book.xlsx")
    found = Labels(read_book(tmp_path / "book.xlsx"))
    return lambda where: found.of(one_cell("S", int(where[1:]), ord(where[0]) - 64))


@pytest.mark.parametrize("formula", MADE)
def test_a_formula_below_a_column_is_in_its_unit_where_its_number_may_be(formula, tmp_path):
    rows = [
        ["Year", "Emissions (t)", "Weight"],
        [2000, 80, 1],
        [2010, 81, 2],
        [2020, 83, 3],
        ["x", formula, 1],
    ]
    label = labels_of(tmp_path, rows)("B5")
    # what is not certain is told
    assert (label.unit, label.unsure) == (("", "t") if MADE[formula] == "t?" else (MADE[formula], ""))


def test_a_ratio_of_columns_of_one_unit_is_in_none_and_one_of_others_is_not_in_theirs(tmp_path):
    rows = [
        ["Item", "2022 (EUR)", "2023 (EUR)", "Gas (MWh)", "CO2 (t)"],
        ["A", 10, 11, 5, 1],
        ["B", 4, 5, 6, 2],
        ["Total", "=B2+B3", "=C2+C3", "=D2+D3", "=E2+E3"],
        ["Growth", None, "=C4/B4-1"],
        ["Intensity", None, None, None, "=E4/D4"],
        ["Scaled", None, "=C4*D3/D2", None, "=E4*2"],
    ]
    unit = labels_of(tmp_path, rows)
    assert [unit(each).unit for each in ("C4", "C5", "E4", "E6", "C7", "E7")] == [
        "EUR",
        "",
        "t",
        "",
        "EUR",
        "t",
    ]


def test_a_change_beside_amounts_is_not_in_the_unit_of_their_row(tmp_path):
    rows = [
        ["Item", "Unit", "2022", "2023", "Change", "Index", "Difference", "Trend"],
        ["Steel", "t", 10, 11, "=D2/C2-1", "=D2/C2*100", "=D2-C2", "=D2*D2/C2"],
        ["Gas", "MWh", 4, 5, "=D3/C3-1", "=D3/C3*100", "=D3-C3", "=D3*D3/C3"],
    ]
    label = labels_of(tmp_path, rows)
    assert [label(f"{each}2").unit for each in "DEFGH"] == ["t", "", "", "t", "t"]
    rows = [
        ["Item", "2022", "2023", "Growth"],
        ["Gas (MWh)", 4, 5, "=C2/B2-1"],
        ["Coal (t)", 4, 5, "=C3/B3-1"],
    ]
    label = labels_of(tmp_path, rows)
    assert [label(f"{each}2").unit for each in "CD"] == ["MWh", ""]
    # what is proven to be a pure number is one, whatever stands beside it
    assert (
        labels_of(tmp_path, [["Name", "Value", "Unit"], ["a", 4, "t"], ["b", "=B2/B2", "t"]])("B3").unit == ""
    )


def test_a_formula_under_a_merged_head_is_in_its_unit_where_its_number_is(tmp_path):
    rows = [
        ["Item", "Emissions (t)", None, None],
        [None, "Low", "Central", "High"],
        ["Steel", 10, 12, 15],
        ["Cement", 20, 22, 25],
        ["Total", "=SUM(B3:B4)", "=SUM(C3:C4)", "=SUM(D3:D4)"],
        ["Cost", "=B5*F1", "=C5*F1", "=D5*F1"],
    ]
    label = labels_of(tmp_path, rows, "B1:D1")
    assert [label(each).unit for each in ("C3", "C5", "C6")] == ["t", "t", ""]


def test_a_difference_of_columns_of_one_unit_is_in_it(tmp_path):
    rows = [
        ["", "Debit (EUR)", "Credit (EUR)"],
        ["Sale", 0, 300],
        ["Buy", 200, 0],
        ["Balance", "=SUM(B2:B3)-C2"],
    ]
    assert labels_of(tmp_path, rows)("B4").full == "Balance (EUR)"


def test_a_text_beside_two_numbers_is_the_unit_of_the_first_where_the_second_has_one(tmp_path):
    rows = [
        ["Fuel", "Use", "Unit", "EF", "EF unit", "Emissions (t)"],
        ["Gas", 1200, "MWh", 0.2, "t/MWh", "=B2*D2"],
        ["Diesel", 5000, "L", 2.7, "kg/L", "=B3*D3/1000"],
    ]
    label = labels_of(tmp_path, rows)
    assert [label(f"{each}3").unit for each in "BDF"] == ["L", "kg/L", "t"]
    rows = [
        ["Fuel", "Use", "Unit", "NCV", "NCV unit", "EF", "EF unit", "Emissions"],
        ["Gas", 10, "t", 48, "GJ/t", 56, "kg/GJ", "=B2*D2*F2/1000"],
        ["Oil", 5, "t", 43, "GJ/t", 73, "kg/GJ", "=B3*D3*F3/1000"],
    ]
    label = labels_of(tmp_path, rows)
    assert [label(f"{each}2").unit for each in "BDFH"] == ["t", "GJ/t", "kg/GJ", "t"]


def test_a_chain_of_formulas_that_go_round_ends(tmp_path):
    rows = [["Year", "Stock (t)"], ["a", "=B3/B4*B2"], ["b", "=B2/B4*B3"], ["c", "=B2/B3*B4"]]
    label = labels_of(tmp_path, rows)("B2")
    assert (label.unit, label.unsure) == ("", "t")


def test_a_formula_is_in_the_unit_that_it_makes_of_others_with_their_factors(tmp_path):
    rows = [
        ["Name", "Value", "Unit"],
        ["Power", 5, "kW"],
        ["Time", 8, "h"],
        ["Energy", "=B2*B3", "kWh"],
        ["Energy", "=B2*B3/1000", "MWh"],
        ["Energy", "=B2*B3", "MWh"],
        ["Price", 3, "EUR/kWh"],
        ["Cost", "=B4*B7", "EUR"],
        ["Cost", "=B4*B7", "EUR/year"],
        ["Share", "=B4/B5", "%"],
        ["Share", "=B2/B2", "%"],
        ["Share", "=B2/B2*100", "%"],
        ["Either", "=CHOOSE(1,B2,B2)", "h"],
        # a number may convert it, and a sum of other units is in none: the text of the row says which
        ["Heat", "=B2*860", "kcal/h"],
        ["Mix", "=B2+B3", "kW"],
    ]
    label = labels_of(tmp_path, rows)
    found = [(label(f"B{row}").unit, label(f"B{row}").unsure) for row in range(4, 16)]
    assert found == [
        ("kWh", ""),
        ("MWh", ""),
        ("", "MWh"),
        ("EUR/kWh", ""),
        ("EUR", ""),
        ("EUR/year", ""),
        ("", "%"),
        ("", "%"),
        ("%", ""),
        ("", "h"),
        ("kcal/h", ""),
        ("kW", ""),
    ]


def test_the_letter_of_a_scenario_is_no_unknown_unit(tmp_path):
    rows = [[None, "Scenario", None], [None, "A", "B"], ["Demand", 100, 120]]
    label = labels_of(tmp_path, rows, "B1:C1")("B3")
    assert (label.full, label.beside) == ("Demand: A", "")


@pytest.mark.parametrize("shown", ["%", "% p.a."])
def test_a_surcharge_in_per_cent_is_so_and_its_amount_is_not(tmp_path, shown):
    rows = [
        ["Item", "Unit", "Qty", "Rate", "Amount"],
        ["Concrete", "m3", 20, 120, "=C2*D2"],
        ["Contingency", shown, 5, None, "=E2*C3/100"],
        ["Total", "EUR", None, None, "=E2+E3"],
    ]
    label = labels_of(tmp_path, rows)
    assert [label(each).unit for each in ("C2", "C3", "E3", "E4")] == ["m3", shown, "", "EUR"]
    rows = [
        ["Pos.", "Menge", "Einheit", "EP", "GP"],
        ["a", 10, "m3", 9, "=B2*D2"],
        ["b", 5, shown, None, "=E2*B3%"],
    ]
    label = labels_of(tmp_path, rows)
    assert [label(each).unit for each in ("B2", "D2", "B3", "E3")] == ["m3", "", shown, ""]
    rows = [["Item", "Unit", "2020", "2030"], ["Share", shown, 5, 6], ["Use", "t", 5, 6]]
    assert [labels_of(tmp_path, rows)(each).unit for each in ("C2", "D2")] == [shown, shown]


def test_a_ratio_of_costs_is_in_the_years_that_its_row_says(tmp_path):
    rows = [
        ["Capex", 60, "EUR"],
        ["Saving", 6, "EUR"],
        ["Payback", "=B1/B2", "years"],
        ["Ratio", "=B1/B2", "h"],
    ]
    label = labels_of(tmp_path, rows)
    assert [label(each).unit for each in ("B3", "B4")] == ["years", ""]


def test_a_hundred_times_a_ratio_is_no_pure_number_where_its_heading_says_per_cent(tmp_path):
    rows = [["Item", "2020 (t)", "2030 (t)", "Growth (% p.a.)"], ["x", 5, 6, "=((C2/B2)^(1/10)-1)*100"]]
    assert labels_of(tmp_path, rows)("D2").unit == "% p.a."


def test_a_formula_that_was_copied_over_the_heads_of_sections_is_in_the_unit_of_its_heading(tmp_path):
    rows = [["Item", "Qty", "Unit", "Rate (EUR)", "Sum (EUR)"]]
    for at, unit in ((2, "m3"), (4, "t")):
        rows += [[f"Section {at}"], ["x", 5, unit, 20, f"=B{at + 1}*D{at + 1}"]]
    label = labels_of(tmp_path, [*rows, ["Total", None, None, None, "=SUM(E2:E5)"]])
    assert [label(each).unit for each in ("E3", "E5", "E6")] == ["EUR", "EUR", "EUR"]


@pytest.mark.parametrize("unit", ["kt CO2", "kt CO2e", "EUR 2020"])
def test_an_unknown_unit_below_a_merged_year_is_listed(tmp_path, unit):
    rows = [
        ["", "2019", None, "2020", None],
        ["", "TJ", unit, "TJ", unit],
        ["Coal", 120, "=B3*95/1000", 110, "=D3*95/1000"],
        ["Gas", 300, "=B4*56/1000", 310, "=D4*56/1000"],
    ]
    label = labels_of(tmp_path, rows, "B1:C1", "D1:E1")
    assert [label(each).unit for each in ("B3", "C3", "D4", "E4")] == ["TJ", "", "TJ", ""]
    assert {label(each).unsure for each in ("C3", "C4", "E3", "E4")} == {unit}


@pytest.mark.parametrize("name", ["% label claim", "% of nominal", "Recovery, %"])
def test_a_percentage_below_a_column_is_not_in_its_unit(tmp_path, name):
    rows = [["Sample", "Conc. (µg/mL)"], ["a", 101], ["b", 103], ["Mean", "=AVERAGE(B2:B3)"]]
    label = labels_of(
        tmp_path, [*rows, [name, "=B4/100*100"], ["95 %", "=B4*2"], ["90% percentile", "=B4*2"]]
    )
    assert (label("B4").unit, label("B5").unit, label("B5").unsure) == ("µg/mL", "", "µg/mL")
    assert (label("B6").unit, label("B7").unit) == ("µg/mL", "µg/mL")


@pytest.mark.parametrize(
    ("formula", "unit", "unsure"),
    [
        ("=C3*2", "", "kg or m3"),
        ("=C3/2", "", "kg or m3"),
        ("=SUM(C3:C3)", "m3", ""),
        ("=-1*C3", "m3", ""),
    ],
)
def test_a_number_times_a_unit_may_be_in_another_that_its_row_says(formula, unit, unsure, tmp_path):
    rows = [
        ["", "Use", "Gas"],
        ["", "kWh", "m3"],
        ["Jan", 300, 210],
        ["Feb", 320, 190],
        ["CO2 (kg)", None, formula],
    ]
    label = labels_of(tmp_path, rows)("C5")
    assert (label.unit, label.unsure) == (unit, unsure)


def test_headings_of_symbols_by_their_units_are_listed(tmp_path):
    found = labels_of(tmp_path, [["l / m", "m / g"], [0.5, 20]])
    assert [(found(each).full, found(each).unsure) for each in ("A2", "B2")] == [
        ("l / m", "m"),
        ("m / g", "g"),
    ]
    assert labels_of(tmp_path, [["g / (m/s²)"], [9.8]])("A2").full == "g (m/s²)"
    found = labels_of(tmp_path, [["", "Yield", "Unit"], ["Rye", 7, "t / ha"]])
    assert found("B2").unit == "t / ha"


def test_units_in_brackets_in_a_column_of_their_own_are_read(tmp_path):
    rows = [
        ["Area", "[m²]", 3200],
        ["Demand", "[kWh/(m²·a)]", 95],
        ["Flats", "[-]", 48],
        ["Price", "[ct/kWh]", 9],
    ]
    label = labels_of(tmp_path, rows)
    assert [label(f"C{row}").full for row in range(1, 5)] == [
        "Area (m²)", "Demand (kWh/(m²·a))", "Flats", "Price (ct/kWh)",
    ]  # fmt: skip
    # a source or a footnote
    label = labels_of(tmp_path, [["Life", 5, "[a]"], ["Rent", 7, "[1]"]])
    assert [label(each).full for each in ("B1", "B2")] == ["Life", "Rent"]


@pytest.mark.parametrize(
    ("formula", "unit", "unsure"),
    [
        ("=VLOOKUP(A8,A2:D4,2,FALSE)", "", "EUR/t"),
        ("=VLOOKUP(A8,A2:D4,3,FALSE)", "EUR/t", ""),
        ("=VLOOKUP(A8,A:D,3,FALSE)*2", "EUR/t", ""),
        ("=VLOOKUP(A8,A2:D4,D8,FALSE)", "EUR/t", ""),
        ("=XLOOKUP(A8,A2:A4,C2:C4)", "EUR/t", ""),
        ("=_xlfn.XLOOKUP(A8,A2:A4,B2:B4)", "", "EUR/t"),
        ("=LOOKUP(A8,A2:A4,B2:B4)", "", "EUR/t"),
        ("=HLOOKUP(D1,B1:D4,3,FALSE)", "EUR/t", ""),
        ("=INDEX(A2:D4,MATCH(A8,A2:A4,0),3)", "EUR/t", ""),
        ("=INDEX(A2:D4,MATCH(A8,A2:A4,0),4)", "", "EUR/t"),
        ("=INDEX(B2:D4,2,2)", "EUR/t", ""),
        ("=INDEX(D2:D4,MATCH(A8,A2:A4,0))", "", "EUR/t"),
        ("=INDEX(B2:D4,2,MATCH(C1,B1:D1,0))", "EUR/t", ""),
        ("=VLOOKUP(A8,A2:D4,2,FALSE)/VLOOKUP(A8,A2:D4,3,FALSE)", "", "EUR/t"),
    ],
)
def test_what_a_lookup_gives_is_in_the_unit_of_the_cells_that_it_looks_up(tmp_path, formula, unit, unsure):
    rows = [
        ["Fuel", "EF (kg/GJ)", "Price (EUR/t)", "Stock (t)"],
        ["Gas", 2.7, 400, 5],
        ["Oil", 2.9, 500, 6],
        ["Wood", 0.1, 100, 7],
        *([], [], []),
        ["Oil", formula, "EUR/t", 3],
    ]
    label = labels_of(tmp_path, rows)("B8")
    assert (label.unit, label.unsure) == (unit, unsure)


def test_a_product_of_what_is_looked_up_is_in_the_product_of_units(tmp_path):
    # Mt times EUR/t is no number of euros
    rows = [["", "Unit", 1, 2], ["Mass", "Mt", 5, 6], ["Price", "EUR/t", 7, 8]]
    made = [f"=HLOOKUP(1,C1:D3,{row},FALSE)" for row in (2, 3)]
    rows += [[], ["m", "Mt", made[0]], ["p", "EUR/t", made[1]], ["Cost", "EUR", "=C5*C6"]]
    found = labels_of(tmp_path, rows)
    assert [(found(each).unit, found(each).unsure) for each in ("C5", "C6", "C7")] == [
        ("Mt", ""), ("EUR/t", ""), ("", "EUR"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["deg", "degree", "°", "degC", "°F"])
def test_degrees_are_a_unit_of_their_own(text):
    """Those of a scale begin at another zero, and an angle's may be meant so."""
    assert of_unit(text).powers == {text: 1.0}
    assert not of_unit(text).is_of_kind(of_unit("1"))
