"""A number that a formula adds to 1 is a fraction, whatever a text beside it says it is per cent of."""

import tomllib

import pytest
from book_files import write_book

import uncertainty as un
from uncertainty.workbooks.cells import one_cell, read_book
from uncertainty.workbooks.fractions import fractions
from uncertainty.workbooks.importing import import_workbook, translated

RATES = {"A1": "Rate (%)", "A2": "Flow (EUR)", "B2": 100, "A3": "Periods", "B3": 12}


def units_of(tmp_path, cells, asked):
    """Return the units of a study by the first cell of their notes, and what was listed."""
    path = write_book(tmp_path / "m.xlsx", {"S": cells})
    made = import_workbook(path, asked, with_units=True)
    (tmp_path / "made.toml").write_text(made.text)
    un.load_study(tmp_path / "made.toml")
    told = tomllib.loads(made.text)
    every = [*told["inputs"].values(), *told["equations"].values()]
    return {each["note"].split(":")[0]: each.get("unit", "1") for each in every if "note" in each}, made.notes


@pytest.mark.parametrize(
    ("formula", "stored"),
    [
        ("B2*(1+B1)", 105),
        ("B2*(1-B1)", 95),
        ("B2*(B1+1)", 105),
        ("B2*(1+B1)^10", 162.889462677744),
        ("NPV(B1,B2,B2)", 185.941043083900),
        ("PMT(B1/12,10,-B2)", 10.23059594106),
        ("PV(B1/B3,10,-B2)", 977.4601653327),
        ("B2*(1-0.02-B1)", 93),
        ("B2-B2*B1", 95),
        ("B1*B2+B2+5", 110),
        ("SUM(B2,B2*B1)", 105),
    ],
)
def test_a_rate_that_is_added_to_one_is_no_rate_in_per_cent(tmp_path, formula, stored):
    cells = {**RATES, "B1": 0.05, "A4": "Result (EUR)", "B4": (formula, stored)}
    units, notes = units_of(tmp_path, cells, ["B4"])
    assert units["S!B1"] == "1"
    assert notes == (
        'Units that are not certain, whose cells stay pure numbers: "%" (S!B1).',
    ) or "S!B3" in str(notes)


@pytest.mark.parametrize(
    ("formula", "rate", "stored"),
    [
        ("B2*(1+B1/100)", 5, 105),
        ("B2*(1+B1%)", 5, 105),
        ("B2*(1-B1/1200)", 0.6, 99.95),
        ("PMT(B1/100/12,10,-B2)", 5, 10.23059594106),
        # a point more, of per cent
        ("B2*(B1+1)/100", 5, 6),
        ("B2*(2+B1)", 0.5, 250),
        ("B2+B2*B1/100", 5, 105),
        ("B2*B3*B1*0.01", 0.5, 6),
        ("SUMPRODUCT(B1,B2)/100", 0.5, 0.5),
        ("B2*B1/10000*B3", 0.5, 0.06),
    ],
)
def test_what_a_formula_takes_for_per_cent_is_in_per_cent(tmp_path, formula, rate, stored):
    cells = {**RATES, "B1": rate, "A4": "Result (EUR)", "B4": (formula, stored)}
    assert units_of(tmp_path, cells, ["B4"])[0]["S!B1"] == "%"


@pytest.mark.parametrize(
    ("formula", "stored"), [("B2*B1", 92), ("B2/B1", 108.69565217391), ("B3+B2*B1", 104), ("B2*B3*B1", 1104)]
)
def test_a_share_that_a_formula_multiplies_by_is_none_in_per_cent(tmp_path, formula, stored):
    cells = {**RATES, "B1": 0.92, "A4": "Result (EUR)", "B4": (formula, stored)}
    units, notes = units_of(tmp_path, cells, ["B4"])
    assert units["S!B1"] == "1"
    assert '"%" (S!B1)' in str(notes)


def test_products_that_are_said_to_be_per_cent_and_ratios_of_per_cent_take_numbers_of_it(tmp_path):
    cells = {
        "A1": "Spread (%)", "B1": 0.3, "A2": "Factor", "B2": 2, "A3": "Whole (%)", "B3": 0.8,
        "A4": "Expanded (%)", "B4": ("B1*B2", 0.6), "A5": "Part", "B5": ("B1/B3", 0.375),
        "A6": "Chain (t)", "B6": ("B7*B8*B9", 4.5), "A7": "Gas (t)", "B7": 10,
        "A8": "First (%)", "B8": 0.9, "A9": "Second (%)", "B9": 0.5,
    }  # fmt: skip
    units, _ = units_of(tmp_path, cells, ["B4", "B5", "B6"])
    assert [units[f"S!B{n}"] for n in (1, 3, 4)] == ["%"] * 3
    assert [units[f"S!B{n}"] for n in (6, 7, 8, 9)] == ["t", "t", "1", "1"]


def test_a_rate_that_shows_another_is_as_that_one(tmp_path):
    cells = {
        **RATES, "B1": 0.05,
        "A4": "Rate used (%)", "B4": ("B1", 0.05), "A5": "Next (EUR)", "B5": ("B2*(1+B4)", 105),
        "A6": "Rest (%)", "B6": ("1-B4", 0.95),
    }  # fmt: skip
    units, notes = units_of(tmp_path, cells, ["B5", "B6"])
    assert [units[f"S!B{n}"] for n in (1, 4, 5, 6)] == ["1", "1", "euro", "1"]
    assert notes == ('Units that are not certain, whose cells stay pure numbers: "%" (S!B1, S!B4, S!B6).',)


def test_a_change_less_one_is_a_fraction_and_points_added_to_per_cent_are_none(tmp_path):
    cells = {
        "A1": "Efficiency (%)", "B1": 92, "A2": "Before (t)", "B2": 4, "A3": "After (t)", "B3": 5,
        "A4": "Change (%)", "B4": ("B1/100-1", -0.08), "A5": "Rise (%)", "B5": ("B3/B2-1", 0.25),
        "A6": "Better (%)", "B6": ("B1+1", 93), "A7": "Rise in % (%)", "B7": ("(B3/B2-1)*100", 25),
        "A8": "Rate (%)", "B8": -0.5, "A9": "Higher (%)", "B9": ("B8+1", 0.5),
    }  # fmt: skip
    units, _ = units_of(tmp_path, cells, [f"B{n}" for n in (4, 5, 6, 7, 9)])
    assert [units[f"S!B{n}"] for n in (1, 4, 5, 6, 7)] == ["%", "1", "1", "%", "%"]
    # of half a point below 0 nobody can tell, and it is listed
    assert units["S!B8"] == units["S!B9"] == "1"


def test_the_numbers_of_a_row_or_column_are_alike(tmp_path):
    heads = {f"{column}1": 2024 + n for n, column in enumerate("BCD")}
    growth = {"A2": "Growth (%)", "B2": 0.02, "C2": 0.03, "D2": 1.5}
    prices = {"A3": "Use (t)", "B3": 10, "C3": ("B3*(1+B2)", 10.2), "D3": ("C3*(1+C2)", 10.506)}
    cells = {**heads, **growth, **prices, "A4": "Last", "B4": ("D3*(1+D2)", 26.265)}
    units, notes = units_of(tmp_path, cells, ["B4"])
    assert units["S!B2"] == units["S!C2"] == units["S!D2"] == "1"
    assert any('"%" (S!B2, S!C2, S!D2)' in each for each in notes)
    table = {
        "A1": "Item",
        "B1": "Cost (EUR)",
        "C1": "Discount (%)",
        "A2": "a",
        "B2": 9,
        "C2": 0.1,
        "A3": "b",
        "B3": 8,
    }
    rest = {"C3": 0.2, "A5": "Net (EUR)", "B5": ("B2*(1-C2)+B3*C3", 9.7)}
    units, _ = units_of(tmp_path, {**table, **rest}, ["B5"])
    assert units["S!C2"] == units["S!C3"] == "1"


def test_every_part_of_a_sum_with_one_is_a_fraction_and_no_product(tmp_path):
    numbers = {f"A{n}": 0.01 * n for n in range(1, 12)}
    cells = {
        **numbers,
        "C1": ("1+A1*A2", 1.0002),
        "C2": ("A3+A4/A5-A6+1", 1.77),
        "C3": ("SUM(A7:A8,1)", 1.15),
    }
    cells |= {"C4": ("2*(1-(A9-A10))", 2.02), "C5": ("A11+2", 2.11), "C6": ("SQRT(1+A1/A2)", 1.2247448713916)}
    book = read_book(write_book(tmp_path / "m.xlsx", {"S": cells}))
    found = fractions(translated(book, [one_cell("S", row, 3) for row in range(1, 7)]))
    assert {each.top for each in found} == {1, 3, 4, 6, 7, 8, 9, 10}


@pytest.mark.parametrize("formula", ["B1*B2*B3", "B3*B1*B2", "B1*(B2*B3)", "B1/(1/B2)*B3"])
def test_shares_that_are_multiplied_by_one_another_are_none_in_per_cent(tmp_path, formula):
    """Neither is divided by the other, which would make a ratio of per cent of them."""
    cells = {
        "A1": "First (%)", "B1": 0.9, "A2": "Second (%)", "B2": 0.5, "A3": "Gas (t)", "B3": 10,
        "A4": "All (t)", "B4": (formula, 4.5),
    }  # fmt: skip
    units, _ = units_of(tmp_path, cells, ["B4"])
    assert [units[f"S!B{n}"] for n in (1, 2)] == ["1", "1"]


@pytest.mark.parametrize(
    ("heading", "name", "share", "formula", "stored"),
    [
        ("Cost (EUR)", "VAT", 0.19, "(B2+B3)*(1+B4)", 35.7),
        ("Cost (EUR)", "Discount", 0.05, "(B2+B3)*(1-B4)", 28.5),
        ("Mass (t)", "Moisture", 0.2, "(B2+B3)/(1-B4)", 37.5),
        ("Energy (kWh)", "Losses", 0.1, "B2+B2*B4+B3", 31.0),
    ],
)
def test_a_fraction_in_a_column_of_amounts_is_listed_and_not_in_their_unit(
    tmp_path, heading, name, share, formula, stored
):
    cells = {"A1": "Item", "B1": heading, "A2": "one", "B2": 10, "A3": "two", "B3": 20}
    cells |= {"A4": name, "B4": share, "A5": "All", "B5": (formula, stored)}
    units, notes = units_of(tmp_path, cells, ["B5"])
    assert units["S!B4"] == "1"
    assert units["S!B2"] == units["S!B3"] != "1"
    assert "S!B4" in str(notes)


def test_a_growth_in_a_column_of_rates_is_in_its_unit(tmp_path):
    cells = {"A1": "Item", "B1": "Growth (1/year)", "A2": "one", "B2": 0.02, "A3": "two", "B3": 0.03}
    units, _ = units_of(tmp_path, {**cells, "A5": "All", "B5": ("(1+B2)*(1+B3)", 1.0506)}, ["B5"])
    assert units["S!B2"] == units["S!B3"] == "1/year"
