"""What cells are called, and their units, by what stands beside them."""

import re
from dataclasses import replace
from itertools import permutations

import openpyxl
import pytest
from book_files import write_book

import uncertainty as un
from uncertainty.errors import StudyError
from uncertainty.expressions.tree import Name
from uncertainty.units import UnitSystem
from uncertainty.units.guesses import is_like_unit, is_unlikely
from uncertainty.units.written import beside_unit, in_words, is_unit, read_unit, without_kind
from uncertainty.workbooks.cells import Book, Cell, Sheet, one_cell
from uncertainty.workbooks.formulas import Area
from uncertainty.workbooks.headings import UnitHeadings, unit_sentences
from uncertainty.workbooks.importing import import_workbook
from uncertainty.workbooks.label import Label, allowed, named
from uncertainty.workbooks.labels import Labels
from uncertainty.workbooks.looks import Look
from uncertainty.workbooks.ranges import FARTHEST, End, Row

LIST = (
    '<dataValidations><dataValidation type="list" sqref="C2"><formula1>"low,high"</formula1>'
    "</dataValidation></dataValidations>"
)
PLAN = {
    "A1": "Item", "B1": "Unit", "C1": "Price", "D1": "Source",
    "A2": "Scenario", "C2": "low", "A3": "Bike", "B3": "EUR", "C3": 900, "D3": "offer",
    "A4": "Car", "B4": "EUR", "C4": 20000,
    "A7": "Uplift", "C7": 0.7, "A9": "Days", "C9": 140,
    "E1": ('IF(C2="low",1,2)*C3*C7+C4*C9', 2800630),
}  # fmt: skip


def study_of(tmp_path, path, cells, **how):
    made = tmp_path / "made.toml"
    made.write_text(import_workbook(path, cells, **how).text)
    return un.load_study(made)


def test_a_heading_holds_for_its_own_block_and_a_chosen_text_is_none(tmp_path):
    path = write_book(tmp_path / "m.xlsx", {"S": PLAN}, extras={"S": LIST})
    labels = {name: each.label for name, each in study_of(tmp_path, path, ["E1"]).inputs.items()}
    assert labels == {
        "bike": "Bike: Price (EUR)", "car": "Car: Price (EUR)", "uplift": "Uplift", "days": "Days",
        "scenario": "Scenario: Price: 1 is low, 2 is high",
    }  # fmt: skip


def ends_of(label):
    return ", ".join(f"{each.heading} {each.value:g}" for each in label.ends)


def test_lower_and_higher_numbers_beside_one_stand_in_its_note(tmp_path):
    cells = {
        "A1": "Item", "B1": "Base", "C1": "Low", "D1": "High", "E1": "Unit", "F1": "Year",
        "A2": "Price", "B2": 5.0, "C2": 4.0, "D2": 7.5, "E2": "EUR", "F2": 2020.0,
        "A3": "Use", "B3": 2.0, "D3": ("B3*2", 4),
        "H1": ("B2*B3", 10),
    }  # fmt: skip
    study = study_of(tmp_path, write_book(tmp_path / "m.xlsx", {"S": cells}), ["H1"])
    assert [each.note for each in study.inputs.values()] == ["S!B2: Low 4, High 7.5", "S!B3"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize(
    "headings",
    [
        ("Low", "Base", "High"), ("Min", "Most likely", "Max"), ("Minimum", "Value", "Maximum"),
        ("P5", "Median", "P95"), ("Low", "Central", "High"), ("5 %", "50 %", "95 %"),
        ("5th percentile", "Best estimate", "95th percentile"), ("Low", "Best guess", "High"),
    ],
)  # fmt: skip
def test_both_ends_of_a_range_are_told_on_whichever_side_they_stand(headings, order):
    numbers = (900, 1000, 1200)
    rows = [["Item", *(headings[n] for n in order)], ["sales", *(numbers[n] for n in order)]]
    found = Labels(sheet_of(rows)).of(one_cell("S", 2, 2 + order.index(1)))
    assert ends_of(found) == ", ".join(f"{headings[n]} {numbers[n]}" for n in order if n != 1)


@pytest.mark.parametrize(
    "low", ["ca. 2", "~2", "<5", "> 2 t", "2*", "2-3", "approx. 2 (est.)", "n/a", "?", "–"]
)
def test_a_text_in_place_of_an_end_calls_nothing_and_stands_in_the_note_where_it_has_a_number(tmp_path, low):
    cells = {
        "A1": "Item", "B1": "Low", "C1": "Base", "D1": "High",
        "A2": "Sales", "B2": low, "C2": 3.0, "D2": 12.0,
        "A3": "Cost", "B3": 4.0, "C3": 5.0, "D3": 7.0, "A6": "Result", "B6": ("C2*C3", 15.0),
    }  # fmt: skip
    study = study_of(tmp_path, write_book(tmp_path / "m.xlsx", {"S": cells}), ["B6"])
    own = f"Low {low}, " if any(map(str.isdigit, low)) else ""
    assert {name: each.note for name, each in study.inputs.items()} == {
        "sales": f"S!C2: {own}High 12",
        "cost": "S!C3: Low 4, High 7",
    }


def test_a_text_under_another_heading_or_of_words_is_a_label(tmp_path):
    cells = {
        "A1": "Lowest class", "B1": "Base", "A2": "Option 2", "B2": 3.0, "A3": "Option 3", "B3": 5.0,
        "A6": "Result", "B6": ("B2*B3", 15.0),
    }  # fmt: skip
    study = study_of(tmp_path, write_book(tmp_path / "m.xlsx", {"S": cells}), ["B6"])
    assert list(study.inputs) == ["option_2", "option_3"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("between", [[], ["Unit"]])
def test_several_numbers_of_a_row_have_a_range_each(order, between):
    headings = ("Low", "Base", "High")
    group = [*(headings[n] for n in order), *between]
    numbers = [[f"{year}{n}" for n in order] for year in (1, 2, 3)]
    row = [cell for each in numbers for cell in (*map(float, each), *["kg" for _ in between])]
    labels = Labels(sheet_of([["Item", *group * 3], ["sales", *row]]))
    for year, own in enumerate(numbers):
        base = order.index(1)
        found = labels.of(one_cell("S", 2, 2 + year * len(group) + base))
        others = [f"{headings[n]} {own[place]}" for place, n in enumerate(order) if n != 1]
        assert ends_of(found) == ", ".join(others)


@pytest.mark.parametrize(
    ("headings", "column", "ends"),
    [
        (("Low", "Base", "High", "Amount"), 1, (0, 2)),
        (("Low", "Base", "High", "Amount"), 3, ()),
        (("Base", "Low", "High", "Amount"), 3, ()),
        (("Price", "Low", "High", "Amount"), 0, (1, 2)),
        (("Price", "Low", "High", "Amount"), 3, ()),
        (("Year", "Low", "High", "Base"), 3, (1, 2)),
        (("Year", "Low", "High", "Base"), 0, ()),
        (("Amount", "Low", "Price", "High"), 2, (1, 3)),
        (("Amount", "Low", "Price", "High"), 0, ()),
        (("Low", "High", "Price", "Amount"), 2, (0, 1)),
        (("Low", "High", "Price", "Amount"), 3, ()),
        (("Value", "Year", "Low", "High"), 0, (2, 3)),
        (("P5", "P25", "Median", "P75", "P95"), 2, (0, 1, 3, 4)),
    ],
)
def test_a_range_is_that_of_one_number_of_several(headings, column, ends):
    rows = [["Item", *headings], ["sales", *map(float, range(len(headings)))]]
    found = Labels(sheet_of(rows)).of(one_cell("S", 2, 2 + column))
    assert ends_of(found) == ", ".join(f"{headings[each]} {each}" for each in ends)


def ends_in(headings, column, labels=()):
    """Return the columns of the ends of a number, of a row whose headings stand in some columns."""
    return Row(lambda each: headings.get(each, ""), headings.__contains__, labels.__contains__).ends(column)


def test_an_end_may_stand_in_the_first_column_and_so_far_from_its_number():
    assert ends_in({1: "Low", 2: "Base"}, 2) == [1]
    for far, ends in ((FARTHEST, True), (FARTHEST + 1, False)):
        assert ends_in({1: "Base", 1 + far: "Low"}, 1) == [1 + far] * ends
        assert ends_in({1: "Low", 1 + far: "Base"}, 1 + far) == [1] * ends
        # of several that are headed alike each has its own
        several = {1: "Price", 1 + far: "Low", 1 + 2 * far: "Price", 1 + 3 * far: "Low"}
        assert ends_in(several, 1) == [1 + far] * ends
        assert ends_in(several, 1 + 2 * far) == [1 + 3 * far] * ends
    assert ends_in({1: "Value", 2: "Year", 3: "Low", 4: "High"}, 1) == [3, 4]


def test_a_label_ends_what_belongs_to_the_numbers_on_its_right_alone():
    for labels, low in (((), [2]), ((3,), []), ((1, 5), [2])):
        assert ends_in({2: "Low", 4: "Base", 6: "High"}, 4, labels) == [*low, 6]
    several = {1: "Price", 3: "Low", 4: "Price", 6: "Low"}
    assert [ends_in(several, column, (5,)) for column in (1, 4)] == [[3], [6]]


def test_where_the_ranges_of_copies_stand_is_in_their_note(tmp_path):
    cells = {"A1": "Item", "B1": "Low", "C1": "Base", "D1": "High", "E1": "Use", "F1": "Cost"}
    for n in range(2, 7):
        cells |= {f"A{n}": f"thing {n}", f"B{n}": 1.0, f"C{n}": 2.0, f"D{n}": 4.0, f"E{n}": 3.0}
        cells |= {f"F{n}": (f"C{n}*E{n}", 6)}
    cells |= {"A9": "All", "F9": ("SUM(F2:F6)", 30)}
    study = study_of(tmp_path, write_book(tmp_path / "m.xlsx", {"S": cells}), ["F9"])
    notes = list(dict.fromkeys(each.note for each in study.inputs.values()))
    assert notes == ["S!C2:C6: Low in B2:B6, High in D2:D6", "S!E2:E6"]


def test_min_beside_max_is_no_minute():
    labels = Labels(sheet_of([["Item", "Trip (min)", "Trip (max)"], ["Bike", 3, 5], ["Ride (min)", 4]]))
    found = [labels.of(one_cell("S", *place)) for place in ((2, 2), (2, 3), (3, 2))]
    assert [(each.heading, each.unit) for each in found] == [
        ("Trip (min)", ""), ("Trip (max)", ""), ("", "min"),
    ]  # fmt: skip


def test_a_range_of_another_table_is_not_that_of_a_number():
    rows = [["Item", "Min", "Max", "Item", "Value"], ["a", 1, 2, "b", 3]]
    assert Labels(sheet_of(rows)).of(one_cell("S", 2, 5)).ends == ()
    rows = [["Item", "Value", "Item", "Value", "Min", "Max"], ["a", 1, "b", 2, 3, 4]]
    assert [ends_of(Labels(sheet_of(rows)).of(one_cell("S", 2, c))) for c in (2, 4)] == ["", "Min 3, Max 4"]


def test_texts_that_are_the_same_are_told_apart_by_those_before_them(tmp_path):
    rows = [("Hall", "gas", 4.0), ("Hall", "power", 3.0), ("Lab", "gas", 2.0)]
    cells = {f"{c}{n}": value for n, row in enumerate(rows, 2) for c, value in zip("ABC", row, strict=True)}
    cells |= {"A1": "House", "B1": "Carrier", "C1": "Use", "E1": ("SUM(C2:C4)*C3", 27)}
    cells |= {f"D{n}": (f"C{n}*1.5", 0) for n in (2, 3, 4)} | {"E2": ("SUM(D2:D4)", 0)}
    study = study_of(tmp_path, write_book(tmp_path / "m.xlsx", {"S": cells}), ["E1", "E2"])
    (index,) = study.indices.values()
    assert [index.label_at(place) for place in range(3)] == ["Hall, gas", "Hall, power", "Lab, gas"]
    single = study_of(tmp_path, tmp_path / "m.xlsx", ["E1"], with_indices=False)
    assert [*single.inputs] == ["hall_gas", "hall_power", "lab_gas"]
    assert not single.indices
    assert not study_of(tmp_path, tmp_path / "m.xlsx", ["E1", "E2"], with_indices=False).indices


@pytest.mark.parametrize(
    ("written", "unit", "rest"),
    [
        ("kg CO2e/kWh", "kg/kWh", "CO2e"),
        ("kgCO2/kWh", "kg/kWh", "CO2"),
        ("g CO2-eq/MJ", "g/MJ", "CO2-eq"),
        ("t CO₂", "t", "CO₂"),
        ("kg CH4/year", "kg/year", "CH4"),
        ("EUR/t CO2e", "euro/t", "CO2e"),
        ("kg CO2e/passenger-km", "kg/(passenger*km)", "CO2e"),
        ("GBP/kWh", "pound_sterling/kWh", ""),
        ("£/MWh", "pound_sterling/MWh", ""),
        ("kWh/m2", "kWh/m**2", ""),
        ("% of capital cost", "%", "of capital cost"),
        ("% p.a.", "%/ year", ""),
        ("% per year", "%/ year", ""),
        ("in kg", "kg", ""),
        ("in percent", "percent", ""),
        ("in kWh/m2", "kWh/m**2", ""),
        ("in", "in", ""),
        ("in lbf", "in lbf", ""),
    ],
)
def test_a_unit_is_read_without_what_it_is_of(written, unit, rest):
    assert is_unit(written)
    assert in_words(written) == unit
    assert beside_unit(written) == rest
    assert UnitSystem(tuple(UnitSystem(()).countable(unit))).parse(unit)


@pytest.mark.parametrize("text", ["EUR m", "m EUR", "USD m", "€ m", "US$ mm", "GBP m/year", "mm EUR"])
def test_millions_of_money_are_no_metres_of_it(text):
    assert read_unit(text) is None
    assert not is_unit(text)
    assert read_unit(text.replace("mm", "m").replace(" m", "/m").replace("m ", "m/")) is not None


@pytest.mark.parametrize("text", ["bar g", "bar(a)", "psi a", "kPa (g)", "MW t", "MWh e", "kWh(t)"])
def test_pressure_and_power_of_a_kind_are_no_product(text):
    assert read_unit(text) is None
    assert not is_unit(text)
    assert is_unit(re.split(r"[ (]", text)[0])


@pytest.mark.parametrize(
    ("text", "plain"),
    [("m a.s.l.", "m"), ("t dm/ha", "t/ha"), ("t d.m./ha", "t/ha"), ("Tg N/yr", "Tg/yr"), ("kWel", "kW")],
)
def test_what_a_unit_is_of_is_no_decimetre_year_or_newton(text, plain):
    assert read_unit(text) is None
    assert not is_unit(text)
    assert is_unlikely(text)
    assert without_kind(text) == plain
    assert read_unit(plain) is not None


def test_a_word_of_single_letters_is_no_unit_and_like_none():
    for text in ("s.d.", "a.m.", "h.h."):
        assert read_unit(text) is None
        assert not is_like_unit(text)
    assert all(map(is_like_unit, ("m a.s.l.", "kt CO2e", "1000 t CO2", "% d.b.", "at %")))
    assert not any(map(is_like_unit, ("CO2e", "t CO2e", "net of CO2")))
    assert read_unit("kWh p.a.") is not None


@pytest.mark.parametrize("text", ["Total", "CO2e", "Mean trip", "part-time", "Price of coal", ""])
def test_a_text_that_is_no_unit_stays_a_label(text):
    assert not is_unit(text)


def test_what_is_shown_as_a_percentage_is_one_and_without_units_is_said_to_be_a_fraction(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["Growth", "% / year", 0.08], ["Upkeep", "% of cost", 0.15], ["Loss", None, 0.2], ["Tax", "-", 0.3],
        ["Factor", "kg CO2e/km", 0.17], ["All", None, "=C1+C2*C3+C4+C5"],
    ):  # fmt: skip
        book.active.append(row)
    for place in ("C1", "C2", "C3", "C4"):
        book.active[place].number_format = "0.0%"
    book.save(tmp_path / "m.xlsx")
    bare = study_of(tmp_path, tmp_path / "m.xlsx", ["C6"])
    assert {name: each.point for name, each in bare.inputs.items()} == {
        "growth": 0.08, "upkeep": 0.15, "loss": 0.2, "tax": 0.3, "factor": 0.17,
    }  # fmt: skip
    assert bare.inputs["growth"].label == "Growth (% / year, as a fraction)"
    assert bare.inputs["loss"].label == "Loss (fraction)"
    assert bare.inputs["loss"].note == "Sheet!C3: a fraction, shown as 20 %"
    whole = study_of(tmp_path, tmp_path / "m.xlsx", ["C6"], with_units=True)
    assert {name: (each.point, each.unit.text, each.label) for name, each in whole.inputs.items()} == {
        "growth": (8, "% / year", "Growth"),
        "upkeep": (15, "%", "Upkeep, of cost"),
        "loss": (20, "%", "Loss"),
        "tax": (30, "%", "Tax"),
        "factor": (0.17, "kg/km", "Factor, CO2e"),
    }
    found = [un.propagate(each, samples=64).headline.point for each in (bare, whole)]
    assert found == pytest.approx([0.58, 0.58])


def test_the_first_sign_of_per_cent_alone_is_what_a_cell_shows():
    labels = {"S!A1": (one_cell("S", 1, 1), Label("x", unit="%/%", is_share=True))}
    assert str(UnitHeadings(labels).entering("S!A1", Name("x"))) == "x / 1[1/%]"


def book_of(path, *rows):
    """Write labels, numbers and their formats below one another, and the sum of all numbers."""
    book = openpyxl.Workbook()
    for label, value, code in rows:
        book.active.append([label, value])
        book.active.cell(book.active.max_row, 2).number_format = code
    book.active.append(["All", f"=SUM(B1:B{len(rows)})"])
    book.save(path)
    return path


def test_what_is_shown_as_a_time_is_a_number_of_days_whatever_stands_beside_it(tmp_path):
    times = [("Trip (hour)", 1.25, "[h]:mm"), ("Break (min)", 0.0625, "h:mm"), ("Rest", 0.5, "[HH]:MM:SS")]
    days = [("Stay (day)", 2.0, '0 "days"'), ("Begin (year)", 46000.0, "yyyy")]
    path = book_of(tmp_path / "m.xlsx", *times, *days)
    whole = study_of(tmp_path, path, ["B6"], with_units=True)
    assert [(each.point, each.unit.text) for each in whole.inputs.values()] == [
        (30, "hour"), (90, "min"), (0.5, "day"), (2, "days"), (46000, "1"),
    ]  # fmt: skip
    bare = study_of(tmp_path, path, ["B6"])
    assert [(each.point, each.label) for each in bare.inputs.values()][:2] == [
        (1.25, "Trip (day)"), (0.0625, "Break (day)"),
    ]  # fmt: skip
    assert [each.note for each in bare.inputs.values()][2:] == [
        "Sheet!B3: a time, as a number of days", "Sheet!B4",
        "Sheet!B5: the day 2025-12-09, as a number of days",
    ]  # fmt: skip
    for study in (whole, bare):
        assert un.propagate(study, samples=64).headline.point == pytest.approx(46003.8125)


def test_copied_times_are_days_in_formulas_and_hours_in_the_study(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Trip", "Unit", "Time", "Paid"])
    for row, name in enumerate("abc", start=2):
        book.active.append([name, "hour", row - 1.5, f"=C{row}*24"])
        book.active[f"C{row}"].number_format = "[h]:mm"
    book.active["E1"] = "=SUM(D2:D4)"
    book.save(tmp_path / "m.xlsx")
    study = study_of(tmp_path, tmp_path / "m.xlsx", ["E1"], with_units=True)
    assert study.indices
    assert [each.point for each in study.inputs.values()] == [12, 36, 60]
    assert un.propagate(study, samples=64).headline.point == pytest.approx(108)


@pytest.mark.parametrize(
    ("label", "value", "code", "said"),
    [
        ("Mass (g)", 5.0, '0 "kg"', 'is shown with "kg" beside it under the unit "g"'),
        ("Price (USD)", 5.0, '0.00 "€"', 'is shown with "€" beside it under the unit "USD"'),
        ("Price (€)", 5.0, '0 "k€"', 'is shown with "k€" beside it under the unit "€"'),
        ("Mass (kg)", 0.15, "0%", 'is shown as a percentage under the unit "kg"'),
        ("Cost (euro)", 5000.0, "0,", 'is shown divided by thousands under the unit "euro"'),
        ("Cost (kEUR)", 5000.0, "#,##0.0,", 'is shown divided by thousands under the unit "kEUR"'),
        ("Cost [k€]", 5000.0, '0,"k"', 'is shown divided by thousands under the unit "k€"'),
        ("Pace (min/km)", 0.004, "mm:ss", 'is shown as a time under the unit "min/km"'),
        ("Mass (kg)", 0.2, "h:mm", 'is shown as a time under the unit "kg"'),
    ],
)
def test_a_format_that_contradicts_the_unit_beside_a_cell_is_asked_about(tmp_path, label, value, code, said):
    path = book_of(tmp_path / "m.xlsx", (label, value, code))
    with pytest.raises(StudyError) as caught:
        import_workbook(path, ["B2"], with_units=True)
    assert str(caught.value) == f"{path}: Sheet!B1: {said}; mend one of the two, or leave out --units"
    (only,) = study_of(tmp_path, path, ["B2"]).inputs.values()
    assert (only.point, only.note) == (value, f"Sheet!B1: {said}")


def test_a_format_that_says_the_same_as_the_unit_beside_a_cell_is_no_question(tmp_path):
    rows = [
        ("Mass (kg)", 5.0, '0 "kg"'), ("Cost (EUR)", 5.0, '0 "€"'), ("Growth (1/year)", 0.08, "0%"),
        ("Fee (EUR)", 5000.0, '0.0,"k"'), ("Load (kg)", 5.0, '0 "net"'), ("Rent (k€)", 5.0, '0 "k€"'),
    ]  # fmt: skip
    study = study_of(tmp_path, book_of(tmp_path / "m.xlsx", *rows), ["B7"], with_units=True)
    found = [(each.point, each.unit.text) for each in study.inputs.values()]
    assert found[:5] == [(5, "kg"), (5, "euro"), (0.08, "1/year"), (5000, "euro"), (5, "kg")]


def test_thousands_that_no_unit_and_no_word_tells_stand_in_the_note(tmp_path):
    rows = [("Sales", 5000.0, "#,##0,"), ("Costs (net)", 4e6, "0.0,,"), ("Rent", 3000.0, '0.0,"k"')]
    study = study_of(tmp_path, book_of(tmp_path / "m.xlsx", *rows), ["B4"], with_units=True)
    sales, costs, rent = (each.note for each in study.inputs.values())
    assert sales == "Sheet!B1: shown divided by thousands"
    assert costs == "Sheet!B2: shown divided by thousands"
    assert rent == "Sheet!B3"


def test_an_empty_cell_is_no_result(tmp_path):
    path = book_of(tmp_path / "m.xlsx", ("a", 1.0, "0"), ("b", None, "0"))
    for cell in ("B2", "Z9", "C3"):
        with pytest.raises(StudyError, match=f"Sheet!{cell}: is empty; choose a cell that calculates a"):
            import_workbook(path, [cell])


def sheet_of(rows, names=None, looks=None):
    """Return a workbook of one sheet; a pair is a value with a format."""
    cells = {}
    for row, line in enumerate(rows, 1):
        for column, given in enumerate(line, 1):
            value, style = given if isinstance(given, tuple) else (given, 0)
            if value is not None:
                cells[row, column] = Cell(float(value) if isinstance(value, int) else value, style=style)
    sheet = Sheet("S", cells=cells, bottom=len(rows), right=max(map(len, rows)))
    return Book("f", {"S": sheet}, names or {}, looks or {}, {})


SHOWN = {
    "Share": ("%", "0%", 0.1, 0.25, 0.4),
    "Duty": ("hour", "[h]:mm", 20 / 24, 1.25, 40 / 24),
    "Mixed": ("%", "0%", 10, 0.2, 0.3),
    "Plain": ("%", "0", 0.3, 50, 70),
    "Large": ("kg", "0", 1e9, 2e9, 3123456789),
}
BARE = [
    "Low 0.1, High 0.4; a fraction, shown as 25 %",
    "Low 0.833333333333, High 1.66666666667; a time, as a number of days",
    "Low 10 (not shown as a percentage), High 0.3; a fraction, shown as 20 %",
    "Low 30 %, High 70", "Low 1000000000, High 3123456789",
]  # fmt: skip
WITH_UNITS = [
    "Low 10, High 40", "Low 20, High 40", "Low 10 (not shown as a percentage), High 30", "Low 30 %, High 70",
    "Low 1000000000, High 3123456789",
]  # fmt: skip


@pytest.mark.parametrize(("options", "ends"), [({}, BARE), ({"with_units": True}, WITH_UNITS)])
def test_ends_stand_in_the_unit_of_their_input_or_as_they_are_shown(tmp_path, options, ends):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Item", "Unit", "Low", "Base", "High"])
    for name, (unit, code, *numbers) in SHOWN.items():
        sheet.append([name, unit, *numbers])
        for cell in sheet[sheet.max_row][2:]:
            cell.number_format = code
    sheet["C4"].number_format, sheet["C5"].number_format = "0", "0%"
    sheet["D9"] = "=SUM(" + ",".join(f"D{row}*{row}" for row in range(2, 7)) + ")"
    book.save(tmp_path / "m.xlsx")
    study = study_of(tmp_path, tmp_path / "m.xlsx", ["D9"], **options)
    assert [each.note.partition(": ")[2] for each in study.inputs.values()] == ends


LABELS = [
    ([["Price (EUR)", 5]], (1, 2), {}, {"text": "Price", "unit": "EUR"}, "Price (EUR)"),
    ([["Price [EUR]:", 5]], (1, 2), {}, {"text": "Price", "unit": "EUR"}, "Price (EUR)"),
    ([["Price", "EUR", 5]], (1, 3), {}, {"text": "Price", "unit": "EUR"}, "Price (EUR)"),
    ([["Price", 5, "EUR"]], (1, 2), {}, {"text": "Price", "unit": "EUR"}, "Price (EUR)"),
    ([["kg", 5]], (1, 2), {}, {"text": "kg", "unsure": "kg"}, "kg"),
    ([["Mass"], [5]], (2, 1), {}, {"text": "Mass"}, "Mass"),
    ([["Mass (kg)"], [5], [6]], (3, 1), {}, {"text": "Mass", "unit": "kg"}, "Mass (kg)"),
    (
        [["Item", "Unit", "Price", "Source"], ["Bike", "EUR", 9, "offer"], ["Car", "EUR", 20]],
        (2, 3),
        {},
        {"text": "Bike", "unit": "EUR", "heading": "Price", "source": "offer"},
        "Bike: Price (EUR)",
    ),
    ([["Item", "Value", "Source"], ["Bike", 9, "x"]], (2, 2), {}, {"text": "Bike", "source": "x"}, "Bike"),
    (
        [["Item", "Base", "Low", "High"], ["Bike", 9, 4, (12, 0)]],
        (2, 2),
        {},
        {"text": "Bike", "ends": (End("Low", 4), End("High", 12))},
        "Bike",
    ),
    ([["Item", "p5", "Base"], ["Bike", 9, 4]], (2, 3), {}, {"text": "Bike", "ends": (End("p5", 9),)}, "Bike"),
    ([[5]], (1, 1), {}, {}, ""),
    (
        [[5]],
        (1, 1),
        {
            "names": {
                ("", "rate"): "S!$A$1",
                ("", "_xlx"): "S!$A$1",
                ("", "two"): "S!$A$1:$A$2",
                ("", "bad"): "((",
            }
        },
        {"text": "rate", "defined": "rate"},
        "rate",
    ),
    (
        [["Share", (0.5, 1)]],
        (1, 2),
        {"looks": {1: Look(is_percentage=True)}},
        {"text": "Share", "is_share": True},
        "Share (fraction)",
    ),
    (
        [["Share (%/year)", (0.5, 1)]],
        (1, 2),
        {"looks": {1: Look(is_percentage=True)}},
        {"text": "Share", "unit": "%/year", "is_share": True},
        "Share (%/year, as a fraction)",
    ),
    (
        [["Start (h)", (0.5, 1)]],
        (1, 2),
        {"looks": {1: Look(is_time=True)}},
        {"text": "Start", "unit": "h", "is_time": True},
        "Start (day)",
    ),
    (
        [["Cost (kEUR)", (5000, 1)]],
        (1, 2),
        {"looks": {1: Look(is_scaled=True)}},
        {
            "text": "Cost (kEUR)",
            "contradiction": 'is shown divided by thousands under the unit "kEUR"',
            "beside": "kEUR",
        },
        "Cost (kEUR)",
    ),
    (
        [["Mass (kg)", (5, 1)]],
        (1, 2),
        {"looks": {1: Look(word="g")}},
        {"text": "Mass", "unit": "g", "contradiction": 'is shown with "g" beside it under the unit "kg"'},
        "Mass (g)",
    ),
    (
        [["House", "Carrier", "Use"], ["Hall", "gas", 4], ["Hall", "power", 3], ["Lab", "gas", 2]],
        (3, 3),
        {},
        {"text": "Hall, power", "heading": "Use"},
        "Hall, power: Use",
    ),
    (
        [["House", "Carrier", "Use"], ["Hall", "gas", 4], ["Hall", "power", 3], ["Lab", "gas", 2]],
        (2, 3),
        {},
        {"text": "Hall, gas", "heading": "Use"},
        "Hall, gas: Use",
    ),
    (
        [["A hall of a very long name", "gas engine", 4], ["Lab", "gas engine", 3]],
        (1, 3),
        {},
        {"text": "gas engine"},
        "gas engine",
    ),
    ([["Head"], [1], [None], [None], [2]], (5, 1), {}, {}, ""),
    ([["Head"], [1], [None], [2]], (4, 1), {}, {"text": "Head"}, "Head"),
    ([["Top"], ["Head"], [1]], (3, 1), {}, {"text": "Head"}, "Head"),
    ([["1", "x"], ["a b   c", 7]], (2, 2), {}, {"text": "a b c", "heading": "x"}, "a b c: x"),
    ([["-", 5]], (1, 2), {}, {"text": "-"}, "-"),
    ([["", "n/a"], ["Payback", 5]], (2, 2), {}, {"text": "Payback"}, "Payback"),
    ([["pure number", "1", 5]], (1, 3), {}, {"text": "pure number"}, "pure number"),
    ([["Scenario", "Low"]], (1, 2), {}, {"text": "Scenario"}, "Scenario"),
    ([["Mass:", 5]], (1, 2), {}, {"text": "Mass"}, "Mass"),
    ([["Head"], [1], ["word"], [2]], (4, 1), {}, {"text": "Head"}, "Head"),
    ([["Head"], [1], ["word"], ["more"], [2]], (5, 1), {}, {"text": "Head"}, "Head"),
    ([["x", "kg"], ["a", 5]], (2, 2), {}, {"text": "a", "unit": "kg"}, "a (kg)"),
    ([["x", "kg (m)"], ["a", 5]], (2, 2), {}, {"text": "a", "unit": "m"}, "a (m)"),
    (
        [["x", "Mass (t)"], ["a (kg)", 5]],
        (2, 2),
        {},
        {"text": "a", "heading": "Mass", "unsure": "kg or t"},
        "a: Mass",
    ),
    (
        [["x", "Mass (t)"], ["a (kg)", 5, "g"]],
        (2, 2),
        {},
        {"text": "a", "heading": "Mass", "unsure": "kg or g or t"},
        "a: Mass",
    ),
    ([["x", "Mass (t)"], ["a", 5]], (2, 2), {}, {"text": "a", "unit": "t", "heading": "Mass"}, "a: Mass (t)"),
    ([["Share (-)", 5]], (1, 2), {}, {"text": "Share"}, "Share"),
    (
        [["Mass (kg)", (0.5, 1)]],
        (1, 2),
        {"looks": {1: Look(is_percentage=True)}},
        {"text": "Mass", "unit": "kg", "contradiction": 'is shown as a percentage under the unit "kg"'},
        "Mass (kg)",
    ),
    (
        [["Item", "Cost (kEUR)"], ["Bike", (5000, 1)]],
        (2, 2),
        {"looks": {1: Look(is_scaled=True)}},
        {
            "text": "Bike",
            "heading": "Cost (kEUR)",
            "contradiction": 'is shown divided by thousands under the unit "kEUR"',
            "beside": "kEUR",
        },
        "Bike: Cost (kEUR)",
    ),
    (
        [["Cost [kEUR]", (5000, 1)]],
        (1, 2),
        {"looks": {1: Look(is_scaled=True)}},
        {
            "text": "Cost [kEUR]",
            "contradiction": 'is shown divided by thousands under the unit "kEUR"',
            "beside": "kEUR",
        },
        "Cost [kEUR]",
    ),
    (
        [["Cost (kEUR)", (5000, 1)]],
        (1, 2),
        {"looks": {1: Look(word="k€")}},
        {"text": "Cost (kEUR)", "unit": "k€", "beside": "kEUR"},
        "Cost (kEUR) (k€)",
    ),
    (
        [["Price", 5]],
        (1, 2),
        {"names": {("S", "rate"): "$B$1", ("", "other"): "S!$A$1"}},
        {"text": "Price", "defined": "rate"},
        "Price",
    ),
    (
        [["Item", "Unit", "Stock"], ["Bike", "box", 9]],
        (2, 3),
        {},
        {"text": "Bike", "unit": "box", "heading": "Stock"},
        "Bike: Stock (box)",
    ),
    ([["kg", "m", 5]], (1, 3), {}, {"text": "kg", "unit": "m"}, "kg (m)"),
    # what reads as a unit is the name of a row where it stands first
    ([["u(m)", "mg", 0.2]], (1, 3), {}, {"text": "u(m)", "unit": "mg"}, "u(m) (mg)"),
    ([["u(V)", None, "mL", 0.2]], (1, 4), {}, {"text": "u(V)", "unit": "mL"}, "u(V) (mL)"),
    ([["V", 0.2, "L", 5]], (1, 4), {}, {"text": "L", "unsure": "V"}, "L"),
    # what stands behind a sign is the uncertainty of what stands before it
    ([["Mass", "g", 0.2, "±", 0.01]], (1, 5), {}, {"text": "Mass ±", "unsure": "g"}, "Mass ±"),
    ([["Mass", 0.2, "g", "+-", 0.01]], (1, 5), {}, {"text": "Mass +-", "unsure": "g"}, "Mass +-"),
    # the are and the rad of radiation have the names of a year and an angle
    ([["Area (a)", 3]], (1, 2), {}, {"text": "Area (a)", "unsure": "a"}, "Area (a)"),
    ([["Fläche (a)", 3]], (1, 2), {}, {"text": "Fläche (a)", "unsure": "a"}, "Fläche (a)"),
    ([["Life (a)", 3]], (1, 2), {}, {"text": "Life", "unit": "a"}, "Life (a)"),
    ([["Dose (rad)", 3]], (1, 2), {}, {"text": "Dose (rad)", "unsure": "rad"}, "Dose (rad)"),
    ([["Angle (rad)", 3]], (1, 2), {}, {"text": "Angle", "unit": "rad"}, "Angle (rad)"),
    ([["Size (Mb)", 3]], (1, 2), {}, {"text": "Size (Mb)", "beside": "Mb"}, "Size (Mb)"),
    # what the corner of a table says
    (
        [["Waste (t)", "2020", "2021"], ["Paper", 10, 12], ["Glass", 5, 6]],
        (3, 3),
        {},
        {"text": "Glass", "heading": "2021", "title": "t"},
        "Glass: 2021",
    ),
    (
        [["Use (kt CO2)", "North", "South"], ["Paper", 10, 12]],
        (2, 2),
        {},
        {"text": "Paper", "heading": "North", "title": "kt CO2"},
        "Paper: North",
    ),
    (
        [["Site (no)", "North"], ["Ash (kg)", 10]],
        (2, 2),
        {},
        {"text": "Ash", "unit": "kg", "heading": "North"},
        "Ash: North (kg)",
    ),
    # amounts of units that another text says
    (
        [["Name", "2020"], [None, "t"], [None, "x 1000"], ["Paper", 10]],
        (4, 2),
        {},
        {"text": "Paper", "heading": "x 1000", "unsure": "t"},
        "Paper: x 1000",
    ),
    (
        [["Name", "Amount", "Prefix", "Unit"], ["Paper", 10, "k", "t"]],
        (2, 2),
        {},
        {"text": "Paper", "unsure": "t"},
        "Paper",
    ),
    (
        [["Name", "Amount (t) *"], ["Paper", 10], ["* in thousands"]],
        (2, 2),
        {},
        {"text": "Paper", "unsure": "t or in thousands"},
        "Paper",
    ),
    (
        [["Name", "Amount (t)²"], ["Paper", 10], ["¹ million tonnes"], ["² million tonnes"]],
        (2, 2),
        {},
        {"text": "Paper", "unsure": "t or million tonnes"},
        "Paper",
    ),
    (
        [["Name", "Amount (t) *"], ["Paper", 10], ["* of dry matter"]],
        (2, 2),
        {},
        {"text": "Paper", "unit": "t"},
        "Paper (t)",
    ),
    ([["Mass", 0.2, "+/-", 0.01]], (1, 4), {}, {"text": "Mass +/-"}, "Mass +/-"),
    ([["Mass", "g", 0.2, "±", 0.01]], (1, 3), {}, {"text": "Mass", "unit": "g"}, "Mass (g)"),
    ([["U(V)", 5]], (1, 2), {}, {"text": "U", "unit": "V"}, "U (V)"),
    ([["Unit", 5], ["box", 6]], (2, 2), {}, {"text": "box"}, "box"),
    ([["Item", "Unit", 2020], ["Bike", "box", 9]], (2, 3), {}, {"text": "Bike", "unit": "box"}, "Bike (box)"),
    ([["Bike", "box", 9], ["x", "Unit", 1]], (1, 3), {}, {"text": "box"}, "box"),
    ([["Name", "Unit"], ["Big", "kg"], [5, "kg"]], (3, 1), {}, {"text": "Name", "unit": "kg"}, "Name (kg)"),
    (
        [["Source", "Item", "Price"], ["web", "Bike", 9]],
        (2, 3),
        {},
        {"text": "Bike", "heading": "Price"},
        "Bike: Price",
    ),
    (
        [["Item", "Value", "Source", "From"], ["Bike", 9, "shop", "web"]],
        (2, 2),
        {},
        {"text": "Bike", "source": "shop"},
        "Bike",
    ),
    (
        [
            ["Item", "Base", "Low", "x", "Best case", "p95", "10 %", "High"],
            ["Bike", 9, 1.23456789, 2, 3, 4, 5, 6],
        ],
        (2, 2),
        {},
        {
            "text": "Bike",
            "ends": (
                End("Low", 1.23456789),
                End("Best case", 3),
                End("p95", 4),
                End("10 %", 5),
                End("High", 6),
            ),
        },
        "Bike",
    ),
    (
        [["Item", "Unit", "Net", "Gross", "Unit"], ["x", "kg", 1, 2, "g"]],
        (2, 3),
        {},
        {"text": "x", "unit": "kg", "heading": "Net"},
        "x: Net (kg)",
    ),
    (
        [["Item", "Unit", "Net", "Gross", "Unit"], ["x", "kg", 1, 2, "g"]],
        (2, 4),
        {},
        {"text": "x", "unit": "g", "heading": "Gross"},
        "x: Gross (g)",
    ),
    (
        [["Item", "Unit", "Note", "Net"], ["x", "kg", "word", 1]],
        (2, 4),
        {},
        {"text": "word", "heading": "Net", "unsure": "kg"},
        "word: Net",
    ),
    (
        [["Item", "Unit", "Value"], ["x", "u" * 30, 1]],
        (2, 3),
        {},
        {"text": "x", "unit": "u" * 30},
        f"x ({'u' * 30})",
    ),
    ([["Item", "Unit", "Value"], ["x", "u" * 31, 1]], (2, 3), {}, {"text": "x"}, "x"),
    ([["Mass", "kg", 5, "g"]], (1, 3), {}, {"text": "Mass", "unsure": "kg or g"}, "Mass"),
    ([["Share of it (all)", 5]], (1, 2), {}, {"text": "Share of it (all)"}, "Share of it (all)"),
    ([["x" * 130, 5]], (1, 2), {}, {"text": "x" * 120}, "x" * 120),
    ([["Name", 5], [" ", None]], (1, 2), {}, {"text": "Name"}, "Name"),
    (
        [["a" * 16, "b" * 15, 1], ["c", "b" * 15, 2]],
        (1, 3),
        {},
        {"text": f"{'a' * 16}, {'b' * 15}"},
        f"{'a' * 16}, {'b' * 15}",
    ),
    ([["a" * 17, "b" * 15, 1], ["c", "b" * 15, 2]], (1, 3), {}, {"text": "b" * 15}, "b" * 15),
    ([["p", "gas", 1], ["q", "gas", 2], [None], ["r", "gas", 3]], (4, 3), {}, {"text": "gas"}, "gas"),
    ([["p", "gas", 1], ["q", "gas", 2], [None], ["r", "gas", 3]], (2, 3), {}, {"text": "q, gas"}, "q, gas"),
    ([["p", "gas", 1], [None], ["q", "gas", 2]], (3, 3), {}, {"text": "gas"}, "gas"),
]


@pytest.mark.parametrize(("rows", "place", "more", "label", "full"), LABELS, ids=range(len(LABELS)))
def test_a_cell_is_called_by_what_stands_beside_it(rows, place, more, label, full):
    found = Labels(sheet_of(rows, **more)).of(one_cell("S", *place))
    assert found == Label("")._replace(**label)
    assert found.full == full


def test_merged_cells_head_all_that_they_cover():
    rows = [["Item", "Cost", None], ["Bike", 9, 8], ["Car", None, 7], [None, 5]]
    book = sheet_of(rows)
    sheet = replace(book.sheets["S"], merged=(Area("S", 1, 2, 1, 3), Area("S", 3, 1, 4, 1)))
    labels = Labels(replace(book, sheets={"S": sheet}))
    assert labels.of(one_cell("S", 2, 3)) == Label("Bike", heading="Cost")
    assert labels.of(one_cell("S", 4, 2)) == Label("Car", heading="Cost")
    assert labels.of(one_cell("S", 3, 3)) == Label("Car", heading="Cost")


@pytest.mark.parametrize(
    ("look", "beside", "unit", "contradiction"),
    [
        (Look(), "kg", "kg", ""),
        (Look(is_date=True), "kg", "", ""),
        (Look(is_time=True), "hour", "hour", ""),
        (Look(is_time=True), "kg", "day", "as a time"),
        (Look(is_time=True), "box of 5", "day", ""),
        (Look(is_time=True), "", "day", ""),
        (Look(word="kg"), "", "kg", ""),
        (Look(word="kg"), "kg", "kg", ""),
        (Look(word="net"), "", "net", ""),
        (Look(word="net"), "kg", "kg", ""),
        (Look(word="g"), "kg", "g", 'with "g" beside it'),
        (Look(word="m"), "kg", "m", 'with "m" beside it'),
        (Look(word="gram"), "g", "gram", ""),
        (Look(word="k€"), "kg", "k€", 'with "k€" beside it'),
        (Look(word="k€"), "", "k€", ""),
        (Look(word="T"), "t", "t", ""),
        (Look(word="T"), "tonnes", "tonnes", ""),
        (Look(word="T"), "", "T", ""),
        (Look(word="T"), "kg", "T", 'with "T" beside it'),
        (Look(word="bps"), "%", "bps", 'with "bps" beside it'),
        (Look(word="kg", is_scaled=True), "", "", ""),
        (Look(word="kg", is_scaled=True), "g", "g", "divided by thousands"),
        (Look(word="k", is_scaled=True), "g", "g", ""),
        (Look(word="k", is_scaled=True), "kEUR", "kEUR", "divided by thousands"),
        (Look(is_scaled=True), "", "", ""),
        (Look(is_percentage=True), "kg", "kg", "as a percentage"),
        (Look(is_percentage=True), "1/year", "1/year", ""),
        (Look(is_percentage=True), "%/year", "%/year", ""),
        (Look(is_percentage=True), "per year", "per year", ""),
        (Look(is_percentage=True), "%", "%", ""),
    ],
)
def test_a_format_and_the_unit_beside_it_agree_or_not(look, beside, unit, contradiction):
    said = f'is shown {contradiction} under the unit "{beside}"' if contradiction else ""
    assert (look.unit(beside), look.contradiction(beside)) == (unit, said)


def test_units_of_cells_are_those_that_are_known_with_what_is_counted():
    labels = [
        Label("a", "kg CO2e/trip"), Label("b", "km/trip"), Label("c", is_share=True),
        Label("d", "%/year", is_share=True), Label("e", "hour", is_time=True), Label("f", "kr.-2/m"),
        Label("g"), Label("h", "page/trip"), Label("i", "kr.-2/m"),
    ]  # fmt: skip
    found = UnitHeadings({f"S!A{n}": (one_cell("S", n, 1), each) for n, each in enumerate(labels, 1)})
    assert found.units == {
        "S!A1": "kg/trip", "S!A2": "km/trip", "S!A3": "%", "S!A4": "%/year", "S!A5": "hour",
        "S!A8": "page/trip",
    }  # fmt: skip
    assert (found.counted, found.shares, found.times) == (["trip", "page"], {"S!A3", "S!A4"}, {"S!A5"})
    assert (found.rests, found.unread) == ({"S!A1": "CO2e"}, {"S!A6": "kr.-2/m", "S!A9": "kr.-2/m"})
    assert [found.unit(f"S!A{n}") for n in (1, 3, 6, 7)] == ["kg/trip", "%", "1", "1"]
    x = Name("x")
    entered = [str(found.entering(f"S!A{n}", x)) for n in (2, 3, 4, 5, 7)]
    assert entered == ["x / 1[km/trip]", "x", "x / 1[1/year]", "x / 1[day]", "x"]
    left = [str(found.leaving(f"S!A{n}", x)) for n in (2, 3, 4, 5, 7)]
    assert left == ["x * 1[km/trip]", "x", "x * 1[1/year]", "x * 1[day]", "x"]
    assert found.leaving("S!A2", found.entering("S!A2", x)) == x
    assert str(found.leaving("S!A2", found.entering("S!A5", x))) == "x / 1[day] * 1[km/trip]"
    assert [found.shown(f"S!A{n}", 0.07) for n in (1, 3, 7)] == [0.07, 7.0, 0.07]
    assert found.shown("S!A5", 0.5) == 12
    unknown = "Units that are unknown, whose cells stay pure numbers: "
    assert unit_sentences(found, ["S!A1", "S!A6", "S!A9"]) == [
        f'{unknown}"kr.-2/m" (S!A6, S!A9).',
        'What units are of stands in labels alone: "CO2e" (S!A1).',
    ]
    assert unit_sentences(found, ["S!A2"]) == []
    found.unread = {f"{n}": f"u{n}" for n in range(22)} | {f"x{n}": "u0" for n in range(22)}
    (told,) = unit_sentences(found, found.unread)
    assert told.startswith(f'{unknown}"u0" (0, {", ".join(f"x{n}" for n in range(19))} and 3 more), "u1" ')
    assert told.endswith(', "u19" (19) and 2 more.')


def test_names_are_told_apart_by_headings_places_and_sheets():
    labels = [
        ("Mass", ""),
        ("Mass", "Net"),
        ("Mass", "Gross"),
        ("", ""),
        ("sum", ""),
        ("Mass", "Net"),
        ("if", ""),
    ]
    given = {
        f"S!A{n}": (one_cell("S", n, 1), Label(text, heading=heading))
        for n, (text, heading) in enumerate(labels, 1)
    }
    given["S!B1"] = (one_cell("S", 1, 2), Label("x", defined="rate"))
    assert list(named(given, ["rate"]).values()) == [
        "mass_a1", "mass_a2", "mass_gross", "s_a4", "sum", "mass_a6", "if_value", "x_b1",
    ]  # fmt: skip
    nothing = Label("")
    strange = {
        "a": (one_cell("!", 1, 1), nothing),
        "b": (one_cell("!", 1, 1), nothing),
        "c": (one_cell("?", 1, 1), nothing),
    }
    assert named(strange, ["cell_1"]) == {"a": "cell_a1", "b": "cell_2", "c": "cell_3"}
    same = {f"S!C{n}": (one_cell("S", n, 3), Label("Mass of " + "x" * 40)) for n in (1, 2)}
    assert [*named(same).values()] == [f"mass_of_{'x' * 16}_c1", f"mass_of_{'x' * 16}_c2"]
    long = Area("Long sheet of many words and more", 1, 1, 2, 3)
    assert named({"a": (long, nothing)}) == {"a": "long_sheet_of_many_words_a_a1_c2"}
    pairs = (("x" * 40, ""), ("x" * 40, "B2"), ("_a_", ""), ("", "B2"), ("if", ""))
    assert [allowed(*each) for each in pairs] == ["x" * 32, f"{'x' * 32}_b2", "a", "b2", "if_value"]


def test_a_heading_says_nothing_of_cells_that_are_something_else(tmp_path):
    """A unit of other cells, and ends of ranges over an empty row, call nothing."""

    def labels(cells, at):
        study = study_of(tmp_path, write_book(tmp_path / "m.xlsx", {"S": cells}), [at])
        return {each.label for each in (*study.inputs.values(), *study.outputs.values())}

    money = {"A1": "Item", "B1": "Amount (k€)", "A2": "Costs", "B2": 1200, "A3": "Life (years)", "B3": 20}
    assert labels({**money, "A4": "A year (%)", "B4": ("B2/B3", 60)}, "B4") == {
        "Costs: Amount (k€)", "Life", "A year",
    }  # fmt: skip
    ends = {"A1": "Item", "B1": "Low", "C1": "Central", "A2": "Use", "B2": 90, "C2": 100}
    assert labels({**ends, "A4": "All", "B4": ("C2*2", 200)}, "B4") == {"Use: Central", "All"}
    assert labels({**ends, "A3": "All", "B3": ("B2*2", 180)}, "B3") == {"Use: Low", "All: Low"}


@pytest.mark.parametrize(
    ("rows", "place", "full"),
    [
        ([["Width", "2.5", "m"], ["Height", 4, "m"]], (2, 2), "Height (m)"),
        ([["Size", "12", 7]], (1, 3), "Size"),
        ([["", "Use"], ["Day", "1,200 kWh", 0.31], ["Night", 800]], (3, 2), "Night: Use"),
        ([["Dose", "10 mg", "20 mg"], ["x", 3, 4]], (2, 2), "x: 10 mg"),
        # several are heads, and so is a year
        ([["Dose", "1", "2"], ["x", 3, 4]], (2, 2), "x: 1"),
        ([["Item", "2024"], ["x", 3]], (2, 2), "x: 2024"),
        ([["Item", "Control", "10"], ["x", 3, 4]], (2, 3), "x: 10"),
        ([["1", 5]], (1, 2), "1"),
        # texts of data head nothing, and a year beside them is none
        (
            [["Day", "Region", "Qty"], [1, "North", 3], [2, "East", 4], [], ["All", 7]],
            (5, 2),
            "All",
        ),
        ([["", "Use", 2024], ["", "Day", "Night"], ["x", 3, 4]], (3, 2), "x: Day"),
    ],
)
def test_a_number_that_is_stored_as_a_text_calls_nothing(rows, place, full):
    cells = {
        (row, column): Cell(each if isinstance(each, str) else float(each))
        for row, line in enumerate(rows, 1)
        for column, each in enumerate(line, 1)
    }
    sheet = Sheet("S", cells=cells, bottom=len(rows), right=max(map(len, rows)))
    assert Labels(Book("f", {"S": sheet}, {}, {}, {})).of(one_cell("S", *place)).full == full
