"""The whole study of a small workbook that has a case of everything: its text, as people read it."""

import tomllib
import zipfile
from pathlib import Path

import openpyxl
import pytest
from book_files import write_book

import uncertainty as un
from uncertainty.workbooks.headings import listed
from uncertainty.workbooks.importing import import_workbook
from uncertainty.workbooks.writing import _whole, note_text

CELLS = {
    "A1": "Price (EUR/kg)", "B1": 4, "A2": "Mass (kg)", "B2": 25, "A3": "Scenario", "B3": "low",
    "A4": "Is new", "B4": True, "A5": "Digits", "B5": 1, "A6": "Kept (kg)", "B6": ("B2*2+0", 50), "G1": 2,
    "A8": "Cost (EUR)", "B8": ('IF(B3="low",1,1.5)*B1*B6+IF(B4,10,0)+G1+C9+Other!A1', 215),
    "A9": "Shown (EUR)", "B9": ("ROUND(B8,1)", 215.0),
    "A10": "Late", "B10": ("B8*2", 431), "A11": "Later", "B11": ("B10+1", 432),
    "A12": "New", "B12": ("ROUND(B1/3,B5)+SQRT(B2)", None),
    "A13": "Text", "B13": ('IF(B2>1,B1,"none")', 4),
}  # fmt: skip
EXTRA = (
    '<cols><col min="7" max="7" hidden="1"/></cols><dataValidations><dataValidation type="list" sqref="B3">'
    '<formula1>"low,very high"</formula1></dataValidation></dataValidations>'
)
WITH_UNITS = (
    "# A spreadsheet calculates with bare numbers: x / 1[t] is such a number of a quantity x in t.",
    'headline = "shown"\ncounting_units = ["euro"]\n',
    '[inputs.price]\nlabel = "Price"\nunit = "euro/kg"\npoint = 4\n',
    (
        'cost = { value = "(where(scenario == 1, 1, 1.5) * (price / 1[euro/kg]) * (kept / 1[kg]) + '
        'where(is_new, 10, 0) + s_g1 + 0 + other_a1) * 1[euro]", unit = "euro", '
    ),
    'text = { value = "where(mass / 1[kg] > 1, price / 1[euro/kg], 0)", label = "Text", ',
    '[outputs.shown]\nlabel = "Shown"\nunit = "euro"\nvalue = "cost"\npublished = 215\ndigits = 4\n',
)


@pytest.fixture
def book(tmp_path):
    path = write_book(tmp_path / "m.xlsx", {"S": CELLS, "Other": {"A1": 3}}, extras={"S": EXTRA})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    whole = parts["xl/workbook.xml"]
    parts["xl/workbook.xml"] = whole.replace(b'sheetId="2"', b'sheetId="2" state="hidden"')
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_a_study_says_all_that_was_settled_and_where_each_part_is_from(book):
    made = import_workbook(book, ["S!B9", "S!B11", "S!B12", "S!B13"], ["S!B6=input"])
    assert made.text == Path(__file__).with_name("of_everything.toml").read_text(encoding="utf-8")
    assert made.chosen == ("S!B9", "S!B11", "S!B12", "S!B13")
    assert [f"# {note}" for note in made.notes] == made.text.splitlines()[4:9]
    alone = import_workbook(book, list(made.chosen), ["S!B6=input"], with_indices=False)
    assert alone.text == made.text


def test_with_units_quantities_have_them_and_formulas_calculate_with_bare_numbers(book):
    text = import_workbook(book, ["S!B9", "S!B12", "S!B13"], ["S!B6=input"], with_units=True).text
    assert [each for each in WITH_UNITS if each not in text] == []


COPIED = (
    '[indices.year]\nlabel = "Year"\nfrom = 2025\nto = 2027\n',
    '[inputs.use]\nlabel = "Use"\nunit = "1"\nindex = ["year"]\nnote = "S!B2:D2: survey"\n',
    'bill_unrounded1 = { index = ["year"], value = "use * 1.5", note = "A part of S!B3" }',
    'label = "Bill", note = "S!B3:D3: =ROUND(B2*1.5,1)+1, copied" }',
    'value = "bill[2026]"\npublished = 7\nsource = "S!C3"\nnote = "S!C3: =ROUND(C2*1.5,1)+1."',
    'value = "use[2026]"\npublished = 4\nsource = "S!C2"\nnote = "S!C2."',
)


def test_one_cell_of_what_was_copied_is_a_member(tmp_path):
    cells = {
        "A1": "Year",
        "A2": "Use",
        "A3": "Bill",
        "B5": ("SUM(B3:D3)", 21),
        "F1": "Source",
        "F2": "survey",
    }
    for n, column in enumerate("BCD"):
        bill = (f"ROUND({column}2*1.5,1)+1", 1.5 * (n + 3) + 1)
        cells |= {f"{column}1": 2025 + n, f"{column}2": n + 3.0, f"{column}3": bill}
    text = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["B5", "C3", "C2"]).text
    assert [each for each in COPIED if each not in text] == []


def test_copies_without_a_label_have_the_title_above_them(tmp_path):
    cells = {"A1": "Houses", "A2": "Yearly use", "A3": "one", "C3": "two", "B9": ("SUM(B6:D6)", 24)}
    for n, column in enumerate("BCD"):
        cells |= {f"{column}5": n + 3.0, f"{column}6": (f"{column}5*2", 2 * (n + 3))}
    text = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["B9"]).text
    assert text.count('label = "Yearly use"') == 2


def test_what_copies_have_in_common_alone_is_told_of_them(tmp_path):
    cells = {"A1": "Item", "B1": "Mass", "C1": "Source", "D1": "Fee", "F1": ("SUM(D2:D4)", 18)}
    for row, (item, source) in enumerate((("a", "Doe"), ("b", "Roe"), ("c", "Roe")), start=2):
        cells |= {f"A{row}": item, f"B{row}": row * 1.0, f"C{row}": source, f"D{row}": (f"B{row}*2", row * 2)}
    cells["F2"] = ('IF(B2>1,ROUND(B2*3,1),"none")', 6)
    text = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["F1", "F2"]).text
    assert 'note = "S!B2:B4"\n' in text
    told = "Its last ROUND(…, 1) is left out here: the figure's digits say so. It has no value where"
    assert f'{told} the formula gives a text."' in text


def test_copies_of_one_text_have_their_heading_and_what_stands_in_place_of_a_unit(tmp_path):
    cells = {"A1": "Item", "B1": "Rent (EUR)", "C1": "Fee", "F1": ("SUM(C2:C4)", 18)}
    for row in (2, 3, 4):
        cells |= {f"A{row}": "Bike", f"B{row}": row * 1.0, f"C{row}": (f"B{row}*2", row * 2)}
    path = write_book(tmp_path / "m.xlsx", {"S": cells})
    text = import_workbook(path, ["F1"]).text
    assert '[inputs.bike_rent]\nlabel = "Bike: Rent (EUR)"\n' in text
    assert 'label = "Bike: Fee", note = "S!C2:C4: =B2*2, copied"' in text
    for row in (2, 3, 4):
        cells |= {f"A{row}": f"Bike {row}"}
    cells["B1"] = "Rent (wt%)"
    found = import_workbook(write_book(path, {"S": cells}), ["F1"], with_units=True)
    assert found.notes[-1] == ('Units that are unknown, whose cells stay pure numbers: "wt%" (S!B2:B4).')


def test_parts_of_a_formula_that_gives_a_text_are_its_own(tmp_path):
    cells = {f"A{n}": n + 0.5 for n in range(1, 5)}
    cells |= {"B1": ('IF(A1*2+A2>A3*3+A4,"a","b")', "b"), "B2": ('IF(B1="a",1,2)*A4', 9.0)}
    text = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["B2"]).text
    assert 's_b1_compared1 = { value = "s_a1 * 2 + s_a2", note = "A part of S!B1" }\n' in text
    assert 's_b1_compared2 = { value = "s_a3 * 3 + s_a4", note = "A part of S!B1" }\n' in text


def test_of_many_cells_twenty_arelisted(tmp_path):
    cells = {"B1": ("SUM(A1:A30)+" + "+".join(f"A{n}" for n in range(1, 23)), 0)}
    (note,) = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["B1"]).notes
    assert note.startswith("Empty cells that count as 0: S!A1, ")
    assert note.count("S!") == 20
    assert note.endswith(" and 2 more.")
    assert [listed(["x"] * n)[-12:] for n in (20, 21)] == ["x, x, x, x, x"[-12:], "x and 1 more"]


def test_a_note_cites_no_source():
    assert note_text("=A1@B1") == "=A1＠B1"


def test_whole_numbers_are_written_without_a_point_where_every_one_has_its_own():
    assert [repr(_whole(each)) for each in (3.0, 3.5, 2.0**53 - 1, 2.0**53)] == [
        "3",
        "3.5",
        "9007199254740991",
        "9007199254740992.0",
    ]


def test_a_grid_without_a_title_is_called_by_its_corner_and_told_row_by_row(tmp_path):
    held = {"hall": (5.0, 2.5, 3.0), "lab": (4.0, 1.0, 6.0), "shop": (7.0, 8.0, 9.5)}
    cells = {"A1": "Use", "A6": "Cost", "A10": "All", "B10": ("SUM(B7:D9)", 92)}
    for column, carrier, *values in zip("BCD", ("gas", "oil", "wood"), *held.values(), strict=True):
        cells |= {f"{column}1": carrier, f"{column}6": carrier}
        for row, (name, value) in enumerate(zip(held, values, strict=True), start=2):
            cells |= {f"A{row}": name, f"A{row + 5}": name, f"{column}{row}": value}
            cells[f"{column}{row + 5}"] = (f"{column}{row}*2", value * 2)
    text = import_workbook(write_book(tmp_path / "m.xlsx", {"Flat": cells}), ["B10"]).text
    assert '[inputs.use]\nlabel = "Use"\nunit = "1"\nindex = ["column", "cost_index"]\n' in text
    assert "[inputs.use.point.oil]\nhall = 2.5\nlab = 1\nshop = 8\n" in text
    assert 'label = "Cost", note = "Flat!B7:D9: =B2*2, copied"' in text
    assert "unnamed" not in text


@pytest.mark.parametrize("last", ["Other", 1030])
def test_lines_of_rows_that_are_called_by_numbers_are_called_by_their_heading(tmp_path, last):
    cells = {"A1": "Account", "B1": "Use (MWh)", "C1": "Factor (t/MWh)", "D1": "CO2 (t)"}
    for row, name in enumerate((1010, 1020, 1020, last, last), start=2):
        cells |= {f"A{row}": name, f"B{row}": row, f"C{row}": 0.5, f"D{row}": (f"B{row}*C{row}", row / 2)}
    cells |= {"A7": "Sum", "D7": ("SUM(D2:D6)", 10)}
    text = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["D7"], with_units=True).text
    assert all(
        f'label = "{each}"\nunit = "{unit}"' in text for each, unit in (("Use", "MWh"), ("Factor", "t/MWh"))
    )
    assert 'label = "S"' not in text


def test_copies_along_a_row_are_noted_by_the_first_of_them(tmp_path):
    cells = {"A1": "Year", "A2": "Stock", "B2": 100, "A3": "All", "B3": ("SUM(B2:E2)", 464.1)}
    cells |= {f"{column}1": 2025 + n for n, column in enumerate("BCDE")}
    cells |= {
        f"{now}2": (f"{before}2*1.1", 100 * 1.1**n) for n, (before, now) in enumerate(("BC", "CD", "DE"), 1)
    }
    text = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["B3"]).text
    assert 'note = "S!B2:E2: =B2*1.1, copied"' in text


def test_copied_shares_are_fractions_that_are_shown_as_percentages(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Item", "Share", "Rest"])
    for row, share in enumerate((0.1, 0.25, 0.3), start=2):
        book.active.append([f"item {row}", share, f"=1-B{row}"])
        book.active[f"B{row}"].number_format = "0%"
    book.active["E1"] = "=SUM(C2:C4)"
    book.save(tmp_path / "m.xlsx")
    text = import_workbook(tmp_path / "m.xlsx", ["E1"]).text
    assert 'note = "Sheet!B2:B4: a fraction, shown as a percentage"' in text


def test_a_chosen_number_that_decides_once_and_for_all_stands_for_itself(tmp_path):
    cells = {"A1": "Price", "B1": 3.14159, "A2": "Digits", "B2": 2, "B3": ("ROUND(B1*2,B2)+1", 7.28)}
    text = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["S!B3", "S!B2"]).text
    shown = '[outputs.digits]\nlabel = "Digits"\nunit = "1"\nvalue = "2"\npublished = 2\nsource = "S!B2"\n'
    assert f'{shown}note = "S!B2."\n' in text


def test_an_array_formula_is_shown_without_its_last_round(tmp_path):
    array = '<f t="array" ref="C1">ROUND(SUM(A2:A3*B2:B3),1)</f>'
    cells = {"A2": 1.25, "A3": 2.5, "B2": 2, "B3": 3, "C1": (array, 10.0)}
    text = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["C1"]).text
    assert 'value = "s_a2 * s_b2 + s_a3 * s_b3"\npublished = 10\ndigits = 3\n' in text
    # of a range any other formula takes the cell beside it
    cells = {"A1": 1.25, "A2": 2.5, "A3": 5.0, "C2": ("ROUND(A1:A3*3,1)", 7.5)}
    text = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["C2"]).text
    assert 'value = "s_a2 * 3"\npublished = 7.5\n' in text


def test_a_last_round_whose_digits_stand_in_a_cell_is_kept(tmp_path):
    cells = {"A1": 2.125, "A2": 1, "A3": ("ROUND(A1*2,A2)", 4.3), "A4": ("ROUND(A1*2,C9)", 4.0)}
    text = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["A3", "A4"]).text
    assert 'published = 4.3\nsource = "S!A3"\nnote = "S!A3: =ROUND(A1*2,A2)."' in text
    assert "# Cells whose numbers decide once and for all, and so are no inputs: S!A2 (in S!A3)." in text
    assert 'published = 4\nsource = "S!A4"\nnote = "S!A4: =ROUND(A1*2,C9)."' in text


def test_a_list_of_three_texts_offers_the_present_one_first(tmp_path):
    offered = (
        '<dataValidations><dataValidation type="list" sqref="B1"><formula1>"low,mid,very high"</formula1>'
        "</dataValidation></dataValidations>"
    )
    cells = {"A1": "Case", "B1": "mid", "B2": 2, "B3": ('IF(B1="low",1,IF(B1="mid",2,4))*B2', 4.0)}
    path = write_book(tmp_path / "m.xlsx", {"S": cells}, extras={"S": offered})
    text = import_workbook(path, ["B3"]).text
    assert '[inputs.s_b2]\nlabel = "S!B2"\n' in text
    assert 'label = "Case: 1 is mid, 2 is low, 3 is very high"\nunit = "1"\npoint = 1\n' in text
    assert text.endswith(
        '[choices.which_case.options.mid]\nlabel = "mid"\n\n'
        '[choices.which_case.options.low]\nlabel = "low"\ninputs = { case = 2 }\n\n'
        '[choices.which_case.options.very_high]\nlabel = "very high"\ninputs = { case = 3 }\n'
    )
    assert "where(where(case == 1, 0, case == 2), 1, where(case == 1, 2, 4))" in text


@pytest.mark.parametrize(
    ("label", "asked"),
    [("Case", "Which Case?"), ("With the grant?", "With the grant?"), ("Who pays ?", "Who pays ?")],
)
def test_a_choice_asks_what_stands_beside_its_list(tmp_path, label, asked):
    offered = (
        '<dataValidations><dataValidation type="list" sqref="B1"><formula1>"no,yes"</formula1>'
        "</dataValidation></dataValidations>"
    )
    cells = {"A1": label, "B1": "yes", "B2": 2, "B3": ('IF(B1="yes",1,2)*B2', 2.0)}
    path = write_book(tmp_path / "m.xlsx", {"S": cells}, extras={"S": offered})
    (choice,) = tomllib.loads(import_workbook(path, ["B3"]).text)["choices"].values()
    assert choice["question"] == asked


def test_names_of_parts_are_cut_and_told_apart(tmp_path):
    cells = {
        "A1": "Bill", "B1": ("ROUND(B2*1.5,1)+1", 8.5), "A2": "Bill unrounded1", "B2": 5,
        "A3": "Much longer than four and twenty", "B3": ("ROUND(B2*1.5+B1,1)*ROUND(B2/3,1)", 27.2),
    }  # fmt: skip
    text = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["B1", "B3"]).text
    long = "much_longer_than_four_an_unround"
    for part in (
        'bill_unrounded1x = { value = "bill_unrounded1 * 1.5", note = "A part of S!B1" }',
        f'{long} = {{ value = "bill_unrounded1 * 1.5 + bill", note = "A part of S!B3" }}',
        f'{long}x = {{ value = "bill_unrounded1 / 3", note = "A part of S!B3" }}',
    ):
        assert f"\n{part}\n" in text


def test_chosen_cells_among_copies_are_their_members(tmp_path):
    cells = {"A1": "Item", "B1": "Step", "C1": "Cost", "E1": ("SUM(C2:C4)+C3*ROUND(C4*2,1)", 60.0)}
    for row, name in enumerate("abc", start=2):
        cells |= {f"A{row}": name, f"B{row}": row - 1.0, f"C{row}": (f"B{row}*2", 2.0 * (row - 1))}
    path = write_book(tmp_path / "m.xlsx", {"S": cells})
    made = import_workbook(path, ["E1", "C3", "B4"])
    assert made.notes == ("Cells whose numbers are the members of an index: S!B2:B4.",)
    for told in (
        'unrounded1 = { value = "cost[3] * 2", note = "A part of S!E1" }\n',
        'value = "cost[2]"\npublished = 4\nsource = "S!C3"\nnote = "S!C3: =B3*2."',
        'label = "c: Step"\nunit = "1"\nvalue = "3"\npublished = 3\nsource = "S!B4"\nnote = "S!B4."',
    ):
        assert told in made.text


@pytest.mark.parametrize(
    ("stored", "published", "digits", "follows"),
    [
        (1240.00000002, 1240.0, 4, True),
        (1239.9999999348, 1239.99999993, None, True),
        (1240.0000123456, 1240.00001235, None, False),
    ],
)
def test_a_figure_has_no_digits_that_its_formula_does_not_give_anew(
    tmp_path, stored, published, digits, follows
):
    """LibreOffice stores days in 15 digits: 32.5 hours less 1.5, at 40 an hour, are 1239.9999999348."""
    cells = {"A1": 45292.3541666667, "A2": 45293.7083333333, "A3": 0.0625}
    path = write_book(tmp_path / "b.xlsx", {"S": cells | {"A4": ("(A2-A1-A3)*24*40", stored)}})
    made = tmp_path / "made.toml"
    made.write_text(import_workbook(path, ["S!A4"]).text, encoding="utf-8")
    figure = un.load_study(made).outputs["s_a4"].published
    assert (figure.value, figure.digits if digits else None) == (published, digits)
    assert (un.reproduce(un.load_study(made)).figures["s_a4"].status == "reproduced") is follows
