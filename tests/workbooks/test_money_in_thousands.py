"""Money that a number format or one text gives is taken where no other says thousands or what it is per."""

import pytest
from openpyxl import Workbook
from variants import one_in

from uncertainty.units.written import in_words, read_unit
from uncertainty.workbooks.cells import one_cell, read_book
from uncertainty.workbooks.headings import UnitHeadings
from uncertainty.workbooks.labels import Labels

DOLLARS, EUROS = '"$"#,##0', '#,##0 "€"'


def settled(tmp_path, rows, shown):
    """Return what is settled of a sheet's numbers and formulas; `shown` has formats by column or cell."""
    book = Workbook()
    book.active.title = "S"
    for row, line in enumerate(rows, 1):
        for column, value in enumerate(line, 1):
            cell = book.active.cell(row, column, value)
            is_number = not isinstance(value, str) or value.startswith("=")
            if is_number and (code := shown.get(cell.coordinate) or shown.get(cell.column_letter)):
                cell.number_format = code
    book.save(tmp_path / "m.xlsx")
    labels = Labels(read_book(tmp_path / "m.xlsx"))
    places = [
        (f"{chr(64 + column)}{row}", one_cell("S", row, column))
        for row, line in enumerate(rows, 1)
        for column, value in enumerate(line, 1)
        if isinstance(value, float) or str(value).startswith("=")
    ]
    found = {place: (at, labels.of(at)) for place, at in places}
    assert not any(label.contradiction for _, label in found.values())
    return UnitHeadings(found)


def listed(headings):
    return {*headings.unread, *headings.unsure, *headings.titles}


def balance(*above, over="2024", end=()):
    return [*above, ["Item", over], ["Revenue", 130.0], ["Costs", 30.0], ["Profit", "=B{0}-B{1}"], *end]


def placed(rows):
    """Write in formulas the rows that stand right above them."""
    return [
        [each.format(n - 2, n - 1) if str(each).startswith("=") else each for each in row]
        for n, row in enumerate(rows, 1)
    ]


TITLES = [
    "USD thousands",
    "$ in thousands",
    "($000s)",
    "$M",
    "in millions of USD",
    "USD m",
    "(in thousands, except per share data)",
    "US$ million",
    "EUR million",
    "in T€",
    "Mio. €",
    "amounts in thousands",
    "All figures in € million unless stated otherwise",
    "Compte de résultat, en milliers d'euros",
    "Figures in 1,000 EUR",
    "Income statement (in k€)",
]


@pytest.mark.parametrize(
    ("title", "shown"), one_in(4, ((title, shown) for title in TITLES for shown in (DOLLARS, EUROS, "")))
)
def test_money_below_a_title_in_thousands_is_listed(tmp_path, title, shown):
    over = "2024" if shown else "2024 (€)"
    tables = [
        balance(["Acme Inc."], [title], [], over=over),
        balance([title], over=over),
        balance(end=[[], [title]], over=over),
        [[title, over], *balance()[1:]],
        [[title, 2024.0], *balance()[1:]] if shown else balance(["Acme Inc.", None, title], over=over),
    ]
    for rows in map(placed, tables):
        found = settled(tmp_path, rows, {"B": shown} if shown else {})
        numbers = [
            f"B{n}" for n, row in enumerate(rows, 1) if row and row[0] in ("Revenue", "Costs", "Profit")
        ]
        assert {*numbers} <= listed(found), rows
        assert not {*numbers} & found.units.keys(), rows


@pytest.mark.parametrize(
    "unit", ["kEUR", "k€", "Mio. EUR", "$ million", "$000", "$'000", "'000", "thousands", "m", "MXN", "M"]
)
def test_money_beside_a_unit_of_thousands_is_listed_and_so_is_what_is_made_of_it(tmp_path, unit):
    rows = [
        ["Item", "Unit", "2024"],
        ["Revenue", unit, 130.0],
        ["Costs", unit, 30.0],
        ["Profit", None, "=C2-C3"],
        ["Both", None, "=C4*2"],
    ]
    for shown in (DOLLARS, EUROS):
        found = settled(tmp_path, rows, {"C": shown})
        assert {"C2", "C3", "C4", "C5"} <= listed(found)
    rows = [["Item", f"Revenue ({unit})"], ["a", 130.0], ["b", 30.0], ["All", "=B2+B3"]]
    if unit not in ("m", "MXN"):
        assert {"B2", "B3", "B4"} <= listed(settled(tmp_path, rows, {"B": DOLLARS}))
    # a formula that multiplies by a thousand may give the money itself
    rows = [["Item", "Unit", "2024"], ["Revenue", "$000", 130.0], ["In full", None, "=C2*1000"]]
    assert settled(tmp_path, rows, {"C": DOLLARS}).units == {"C3": "dollar"}


@pytest.mark.parametrize("per", ["per kWh", "/kWh", "per month", "pro Monat", "¢/kWh"])
def test_money_before_what_it_is_per_is_listed(tmp_path, per):
    for rows in (
        [["Price", 0.31, per], ["Use", 100.0, "kWh"]],
        [["Item", "Value", "Unit"], ["Price", 0.31, per], ["Use", 100.0, "kWh"]],
    ):
        price = f"B{len(rows) - 1}"
        found = settled(tmp_path, rows, {price: DOLLARS})
        assert price in listed(found)
        assert price not in found.units


SOUND = [
    ([["Cost per million tokens", 3.0]], ["B1"]),
    ([["Loan of 2 million", 5.0], ["Loan of $1,000,000", 5.0]], ["B1", "B2"]),
    ([["Loan of $1,000,000 from the bank"], ["Principal", 5.0]], ["B2"]),
    ([["Tokens (million)", 50.0, 4.0], ["Price", 3.0]], ["B2"]),
    (
        [
            ["Table 1: revenue ($M)"],
            ["Item", "Revenue"],
            ["x", "=2+3"],
            [],
            ["Table 2: costs ($)"],
            ["Item", "Costs"],
            ["y", 5.0],
        ],
        ["B7"],
    ),
    (
        [["Item", "Costs", "Note"], ["x", 5.0, "2 million in stock"], ["y", 5.0, "per quote of May"]],
        ["B2", "B3"],
    ),
    ([["Name", "Pay", "Class"], ["Tom", 5.0, "M"], ["Ann", 5.0, "K"]], ["B2", "B3"]),
    ([["Price per kWh", 0.31]], ["B1"]),
    ([["Item", "2024"], ["x", 5.0], [], ["* as of 1 January 2024"]], ["B2"]),
]


@pytest.mark.parametrize(("rows", "cells"), SOUND, ids=range(len(SOUND)))
def test_money_stays_where_other_texts_speak_of_something_else(tmp_path, rows, cells):
    found = settled(tmp_path, rows, {"B": DOLLARS})
    assert [found.unit(each) for each in cells] == ["dollar"] * len(cells)


def test_money_in_a_list_of_metres_stays_money(tmp_path):
    rows = [["Item", "Qty", "Unit", "Price"], ["Pipe", 5.0, "m", 20.0], ["Cable", 7.0, "m", 2.0]]
    found = settled(tmp_path, rows, {"D": DOLLARS})
    assert found.units == {"B2": "m", "B3": "m", "D2": "dollar", "D3": "dollar"}


@pytest.mark.parametrize("text", ["$000", "$'000", "EUR 000", "USD ’000"])
def test_thousands_of_money_are_no_word_for_something_counted(text):
    assert in_words(text) == text
    assert read_unit(text) is None


SHOWN = {"AUD": DOLLARS, "CAD": DOLLARS, "CNY": '"¥"#,##0', "€/a": EUROS, "£/t": '"£"#,##0', "A$": DOLLARS}


@pytest.mark.parametrize("said", SHOWN)
def test_a_formula_below_a_heading_is_in_no_money_that_says_less_or_another(tmp_path, said):
    rows = [["Item", f"Cost ({said})"], ["Work", 130.0], ["Goods", 30.0], ["Sum", "=B2+B3"]]
    rows += [["Tax", "=B4*0.1"], ["All", "=B4+B5"]]
    headings = settled(tmp_path, rows, {"B": SHOWN[said]})
    one = in_words(said)
    of_numbers = {} if said == "A$" else {"B2": one, "B3": one, "B4": one}
    assert headings.units == of_numbers
    assert listed(headings) == {"B2", "B3", "B4", "B5", "B6"} - set(of_numbers)


def test_a_formula_that_makes_just_the_money_that_it_shows_is_in_it(tmp_path):
    rows = [["Item", "Mass (t)", "Price (£/t)"], ["Ore", 3.0, 40.0], ["Slag", 2.0, 30.0]]
    rows += [["Total", "=SUM(B2:B3)", "=SUMPRODUCT(B2:B3,C2:C3)"], ["Mean", "", "=C2*0.4+C3*0.6"]]
    headings = settled(tmp_path, rows, {"C": '"£"#,##0'})
    assert headings.units["C4"] == "pound_sterling"
    assert listed(headings) == {"C5"}


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (["All amounts in Canadian dollars"], DOLLARS), (["Currency: AUD"], DOLLARS),
        (["Budget (AUD)"], DOLLARS),
        (["Prices in NZ$"], DOLLARS), (["Currency", "AUD"], DOLLARS), (["Amounts in EUR"], DOLLARS),
        (["Amounts in RMB"], '"¥"#,##0'), (["All figures in A$"], DOLLARS), (["Costs in US$"], EUROS),
    ],
)  # fmt: skip
def test_money_below_a_title_of_other_money_is_listed(tmp_path, title, shown):
    rows = placed([title, [], *balance()])
    assert listed(settled(tmp_path, rows, {"B": shown})) == {"B4", "B5", "B6"}
    # a corner over years says it, too
    rows = [[title[-1], 2024.0, 2025.0], ["Revenue", 130.0, 140.0], ["Half", "=B2/2", "=C2/2"]]
    shown = dict.fromkeys(["B2", "C2", "B3", "C3"], shown)
    assert {"B2", "C2", "B3", "C3"} <= listed(settled(tmp_path, rows, shown))


@pytest.mark.parametrize("title", ["Amounts in USD", "Budget ($)", "Rates of € and $", "Costs in US dollars"])
def test_money_below_a_title_of_the_same_money_is_taken(tmp_path, title):
    headings = settled(tmp_path, placed([[title], [], *balance()]), {"B": DOLLARS})
    assert headings.units == dict.fromkeys(["B4", "B5", "B6"], "dollar")
    # a heading says more of its column than a title
    rows = placed([["Budget (AUD)"], [], *balance(over="Cost (USD)")])
    assert settled(tmp_path, rows, {"B": DOLLARS}).units == dict.fromkeys(["B4", "B5", "B6"], "dollar")


def test_money_of_another_sheet_s_title_is_listed_where_a_formula_takes_it(tmp_path):
    book = Workbook()
    book.active.title = "S"
    for place, value in {"A1": "Costs in AUD", "A3": "Work", "B3": 4.0, "A4": "Goods", "B4": 5.0}.items():
        book.active[place] = value
    other = book.create_sheet("Summary")
    other["A1"], other["B1"] = "Total", "=S!B3+S!B4"
    for cell in (book.active["B3"], book.active["B4"], other["B1"]):
        cell.number_format = DOLLARS
    book.save(tmp_path / "m.xlsx")
    label = Labels(read_book(tmp_path / "m.xlsx")).of(one_cell("Summary", 1, 2))
    assert (label.unit, label.unsure) == ("", "Costs in AUD")
