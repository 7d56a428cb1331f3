"""Formulas that were copied become quantities with an index, which give what each formula gives."""

import math
import os
import random
import re
import subprocess
import sys
import tomllib
from datetime import date

import pytest
from book_files import cells_of, make_book, write_book
from openpyxl.formula.translate import Translator
from openpyxl.utils import column_index_from_string, get_column_letter

import uncertainty as un
from uncertainty.compiled import evaluate_at_points
from uncertainty.errors import StudyError
from uncertainty.expressions.tree import Call, Name, Number
from uncertainty.study.reader import read_study
from uncertainty.study.scenario import scenario
from uncertainty.workbooks.cells import read_book
from uncertainty.workbooks.copies.alike import is_one_number, pattern, progression
from uncertainty.workbooks.copies.members import Members
from uncertainty.workbooks.copies.runs import _end_of_progression
from uncertainty.workbooks.importing import import_workbook
from uncertainty.workbooks.matching import refuse_another

YEARS = {f"{column}1": 2025 + n for n, column in enumerate("BCDEFG")}
PAIRS = list(zip("BCDEF", "CDEFG", strict=True))
ALL = "BCDEFG"

SHEETS = {
    # a row that grows, over a line of years
    "growth": {
        "A1": "Year", **YEARS, "A2": "Demand", "B2": 100, **{f"{b}2": f"={a}2*(1+$B$9)" for a, b in PAIRS},
        "A3": "Price", **{f"{c}3": 0.5 + n / 8 for n, c in enumerate(ALL)},
        "A4": "Cost", **{f"{c}4": f"={c}2*{c}3" for c in ALL},
        "A9": "Growth", "B9": 0.03, "A10": "Present", "B10": "=NPV(B9,B4:G4)+SUM(B4:G4)/COUNT(B4:G4)",
    },
    # a stock that opens with what the one before closed with
    "stock": {
        "A1": "Year", **YEARS, "A2": "Opening", "B2": 50, **{f"{b}2": f"={a}4" for a, b in PAIRS},
        "A3": "Added", **{f"{c}3": n + 2 for n, c in enumerate(ALL)},
        "A4": "Closing", **{f"{c}4": f"={c}2*0.9+{c}3" for c in ALL},
        "A10": "Last", "B10": "=G4+MAX(B4:G4)",
    },
    # rows and columns, each with totals
    "matrix": {
        "B1": "Gas", "C1": "Coal", "D1": "Wood", "E1": "All", "A1": "Country",
        **{f"A{r}": name for r, name in zip(range(2, 6), ("Peru", "Chile", "Cuba", "Fiji"), strict=True)},
        **{f"G{r}": 1.5 * r for r in range(2, 6)}, **{f"{c}8": n + 0.5 for n, c in enumerate("BCD")},
        **{f"{c}{r}": f"=$G{r}*{c}$8+1" for c in "BCD" for r in range(2, 6)},
        **{f"E{r}": f"=SUM(B{r}:D{r})" for r in range(2, 6)},
        **{f"{c}6": f"=SUM({c}2:{c}5)" for c in "BCDE"},
        "A10": "Ratio", "B10": "=E6/B6+SUMPRODUCT(B2:D5,B2:D5)/C3+E4",
    },
    # rows of a list, whose shares are of all
    "list": {
        "A1": "Item", "B1": "Mass", "C1": "Factor", "D1": "Emission", "E1": "Share",
        **{f"A{r}": f"Item {r}" for r in range(2, 9)}, **{f"B{r}": r * 1.25 for r in range(2, 9)},
        **{f"C{r}": 10 / r for r in range(2, 9)}, **{f"D{r}": f"=B{r}*C{r}" for r in range(2, 9)},
        **{f"E{r}": f"=IF(D{r}>12,D{r}/SUM(D$2:D$8),0)" for r in range(2, 9)},
        "A10": "Out", "B10": "=SUMPRODUCT(B2:B8,E2:E8)+AVERAGE(E2:E8)+SUMIF(B2:B8,\">4\",D2:D8)+E5",
    },
    # a first year of its own, over lines that have it too
    "first": {
        "A1": "Year", **YEARS, "A2": "Price", **{f"{c}2": 0.5 + n / 8 for n, c in enumerate(ALL)},
        "A3": "Upkeep", **{f"{c}3": 2 + n * n for n, c in enumerate(ALL)}, "A9": "Cost", "B9": 30,
        "A4": "Sold", "B4": 40, **{f"{b}4": f"={a}4*0.9" for a, b in PAIRS},
        "A5": "Income", **{f"{c}5": f"={c}2*{c}4" for c in ALL},
        "A6": "Net", "B6": "=B5-B3-B9", **{f"{b}6": f"={b}5-{b}3" for _, b in PAIRS},
        "A7": "Worth", **{f"{c}7": f"={c}6*{c}2/$B$9" for c in ALL},
        "A10": "All", "B10": "=SUM(B7:G7)+MIN(B6:G6)",
    },
    # a formula that was changed by hand in the middle, and one that looks ahead
    "mended": {
        "A1": "Year", **YEARS, "A2": "Use", **{f"{c}2": 3.0 + n for n, c in enumerate(ALL)},
        "A3": "Loss", **{f"{c}3": f"={c}2*{2 if c < 'D' else 3}" for c in ALL},
        "A4": "Ahead", **{f"{a}4": f"={a}2+{b}3" for a, b in PAIRS},
        "A10": "Out", "B10": "=SUM(B3:G3)*B4+SUM(B4:F4)-SUM(C3:E3)",
    },
    # what looks back two members, and where no year stands
    "lagged": {
        "A2": "Seen", **{f"{c}2": 1.0 + n * n for n, c in enumerate(ALL)},
        "A3": "Sick", "B3": 1, "C3": 2,
        **{f"{ALL[n]}3": f"={ALL[n - 1]}3+{ALL[n - 2]}3*{ALL[n]}2/9" for n in range(2, 6)},
        "A10": "Out", "B10": "=G3+SUM(D3:G3)",
    },
    # sums so far
    "so-far": {
        "A1": "Year", **YEARS, "A2": "Flow", **{f"{c}2": 1.5 + n for n, c in enumerate(ALL)},
        "A3": "Stock", **{f"{c}3": f"=SUM($B2:{c}2)*$B$9*{c}2" for c in ALL},
        "A9": "Rate", "B9": 0.5, "A10": "Out", "B10": "=SUM(B3:G3)+E3",
    },
    # a table that grows down from a row that is given, by what stands before it
    "down": {
        "B1": "North", "C1": "South", "D1": "West", "B2": 4, "C2": 5, "D2": 6, "F2": 1, "E1": "Both",
        **{f"A{r}": 2020 + r for r in range(2, 8)}, **{f"F{r}": 0.9 + r / 50 for r in range(3, 8)},
        **{f"{c}{r}": f"={c}{r - 1}*$F{r}+1" for c in "BCD" for r in range(3, 8)},
        **{f"E{r}": f"=SUM(B{r}:D{r})" for r in range(2, 8)},
        "A10": "Out", "B10": "=SUM(E2:E7)+D7",
    },
    # years that are calculated, and constants beside them
    "counted": {
        "A1": "Year", "B1": 2030, **{f"{b}1": f"={a}1+5" for a, b in PAIRS},
        "A2": "Level", **{f"{c}2": f"=$B$9*EXP(-0.01*({c}1-2030))" for c in ALL},
        "A9": "Start", "B9": 12, "A10": "Out", "B10": "=SUMPRODUCT(B1:G1,B2:G2)/SUM(B2:G2)",
    },
}  # fmt: skip


def given(path, cell, factors):
    """Return what a workbook's study gives with indices and without, every input moved."""
    found = []
    for whole in (True, False):
        made = path.with_name(f"{whole}.toml")
        made.write_text(import_workbook(path, [cell], with_indices=whole).text)
        study = un.load_study(made)
        inputs = cells_of(study).items()
        override = {name: each.point * factors(where) for where, (name, each) in inputs}
        found += evaluate_at_points(scenario(study, override=override), list(study.outputs)).values()
    return found, "[indices." in path.with_name("True.toml").read_text()


def factors_of(seed):
    return lambda cell: random.Random(f"{seed} {cell}").uniform(0.5, 2)


def not_calculated(path, cells):
    """Write a workbook of one sheet without stored values, which nothing here is compared with."""
    sheet = {place: (each[1:], None) if str(each).startswith("=") else each for place, each in cells.items()}
    return write_book(path, {"S": sheet})


@pytest.mark.parametrize("name", SHEETS)
def test_a_study_with_indices_gives_what_each_formula_gives(tmp_path, name):
    path = not_calculated(tmp_path / "m.xlsx", SHEETS[name])
    (whole, single), has_indices = given(path, "S!B10", factors_of(3))
    assert has_indices
    assert whole == pytest.approx(single, rel=1e-9)


def test_equal_parts_of_formulas_along_two_indices_stay_two_parts(tmp_path):
    """Quarters of the same months in two years are rounded from the same numbers."""
    sheets, totals = {}, []
    for year, heads in ((2025, (1.0, 2.0, 3.0, 4.0)), (2026, ("Jan", "Feb", "Mar", "Apr"))):
        cells, bills = {"A1": "Month", "A2": "Quarter", "A3": "Use", "A4": "Bill"}, []
        for month, (column, head) in enumerate(zip("BCDE", heads, strict=True), 1):
            quarter, use = math.ceil(month / 3), float(year - 2020 + month**2)
            bills.append(quarter * use)
            cells |= {
                f"{column}1": head,
                f"{column}2": (f"ROUNDUP(MONTH({column}9)/3,0)", quarter),
                f"{column}3": use,
                f"{column}4": (f"{column}2*{column}3", bills[-1]),
                f"{column}9": float((date(year, month, 1) - date(1899, 12, 30)).days),
            }
        totals.append(sum(bills))
        sheets[f"Y{year}"] = cells | {"A6": f"Bills {year}", "B6": ("SUM(B4:E4)", totals[-1])}
    made = tmp_path / "m.toml"
    book = write_book(tmp_path / "m.xlsx", sheets)
    made.write_text(import_workbook(book, ["Y2025!B6", "Y2026!B6"]).text)
    study = un.load_study(made)
    assert study.indices
    assert list(evaluate_at_points(scenario(study), list(study.outputs)).values()) == pytest.approx(totals)


COLUMNS = "BCDEFGH"


class Rows:
    """Random rows of constants and of copied formulas, which refer to any row above and to cells before."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.cells = {f"{c}1": 2025 + n for n, c in enumerate(COLUMNS)} if self.random.random() < 0.7 else {}
        self.count = self.random.randint(3, 8)
        for row in range(2, 2 + self.count):
            self.cells[f"A{row}"] = f"Row {row}"
            self.add(row)
        parts = [self.total(self.random.randint(2, 1 + self.count)) for _ in range(3)]
        self.cells |= {"A20": "Out", "B20": f"={'+'.join(parts)}"}

    def add(self, row):
        choose = self.random
        first, last = choose.choice([0, 0, 0, 1, 2]), choose.choice([7, 7, 7, 6])
        start = last if row == 2 or choose.random() < 0.25 else first + choose.choice([0, 0, 1, 2])
        self.cells |= {f"{c}{row}": round(choose.uniform(0.5, 4), 3) for c in COLUMNS[first:start]}
        if start == last:
            return
        one, other, third = (self.reference(start, row) for _ in range(3))
        end = choose.choice(["1", third, f"IF({third}>2,1,{one})"])
        text = f"=({one}{choose.choice('+*-')}{other})*0.5{choose.choice('+*-')}{end}"
        for column in COLUMNS[start:last]:
            copied = Translator(text, f"{COLUMNS[start]}{row}").translate_formula(f"{column}{row}")
            self.cells[f"{column}{row}"] = copied
        if choose.random() < 0.1:
            self.cells[f"{choose.choice(COLUMNS)}{row}"] = 1.5
        if choose.random() < 0.3:
            self.cells[f"{COLUMNS[start]}{row}"] = f"={one}-0.25"

    def reference(self, n, row):
        choose = self.random
        above, here = choose.randint(2, row - 1), COLUMNS[n]
        before = [f"{COLUMNS[n - back]}{line}" for back in (1, 2) if n >= back for line in (row, above)]
        ahead = [f"{COLUMNS[n + 1]}{above}"] if n < 6 and choose.random() < 0.2 else []
        sums = [
            f"SUM($B{above}:{here}{above})",
            f"SUM({here}2:{here}{row - 1})",
            f"SUM($B${above}:$H${above})",
        ]
        kinds = [[f"{here}{above}"], [f"${choose.choice(COLUMNS)}${above}"], before, ahead, sums]
        return choose.choice(choose.choice([each for each in (*kinds, kinds[0], kinds[0]) if each]))

    def total(self, row):
        kinds = (f"SUM(B{row}:H{row})", f"H{row}", f"MAX(C{row}:H{row})", f"AVERAGE(B{row}:D{row})")
        return self.random.choice((*kinds, f"SUM(B2:H{row})"))


def turned(cells):
    """Return a sheet with its rows as columns."""

    def turn(found):
        return f"{found[3]}{get_column_letter(int(found[4]))}{found[1]}{column_index_from_string(found[2])}"

    address = re.compile(r"(\$?)([A-Z]{1,2})(\$?)(\d+)")
    return {
        address.sub(turn, place): address.sub(turn, value) if str(value).startswith("=") else value
        for place, value in cells.items()
    }


HAVE_NO_INDICES = (0, 2, 6, 9, 19, 20, 21, 23)
CUT = (3, 8, 10, 14, 18)
"""Seeds of sheets whose copied formulas refer to others than whole lines."""


@pytest.mark.parametrize(
    "seed", [*CUT, *(pytest.param(n, marks=pytest.mark.slow) for n in range(24) if n not in CUT)]
)
def test_random_sheets_give_the_same_with_indices_and_without(tmp_path, seed):
    cells, out = Rows(seed).cells, "S!B20"
    if seed % 2:
        cells, out = turned(cells), "S!T2"
    (whole, single), has_indices = given(not_calculated(tmp_path / "m.xlsx", cells), out, factors_of(seed))
    assert whole == pytest.approx(single, rel=1e-9, abs=1e-12)
    assert has_indices is (seed not in HAVE_NO_INDICES)


def test_copies_have_one_pattern_with_names_of_their_own():
    a, b, own = Name("a"), Name("b"), Name("own")
    assert pattern([a, a, a], lambda _: own) == a
    for differing in ([a, b, b], [b, b, a]):
        assert pattern([Call("negative", (each,)) for each in differing], lambda _: own) == Call(
            "negative", (own,)
        )
    assert pattern([a, Call("negative", (a,))], lambda _: own) is None
    assert is_one_number([Number(0.0), Number(0.0)])
    assert is_one_number([Number(1.0), Number(1 + 2.0**-50)])
    assert not is_one_number([Number(1.0), Number(1 + 1e-12)])
    assert not is_one_number([Number(1.0), a])
    assert (progression([3, 5, 7]), progression([3, 5, 8])) == ((3, 2), None)
    assert [_end_of_progression(each) for each in ([1, 2, 4], [1, 2, 3, 5], [1, 2, 3])] == [2, 3, 3]


def test_numbers_that_run_with_an_index_are_told_by_its_own():
    years, index = Members(("2025", "2026"), first=2025.0), Name("year")
    found = [years.at(Number(first), Number(1.0), index) for first in (2025.0, 2030.0, 2020.0)]
    assert found == [index, Call("add", (index, Number(5.0))), Call("subtract", (index, Number(5.0)))]
    passed = Call("subtract", (index, Number(2025.0)))
    assert years.at(Number(3.0), Number(2.0), index) == Call(
        "add", (Number(3.0), Call("multiply", (Number(2.0), passed)))
    )


def test_what_is_copied_is_written_once(tmp_path):
    text = import_workbook(make_book(tmp_path / "m.xlsx", {"S": SHEETS["stock"]}), ["S!B10"]).text
    assert 'opening = { index = ["year"], value = "previous(closing, year, opening_b2)"' in text
    assert 'value = "opening * 0.9 + added", label = "Closing", note = "S!B4:G4: =B2*0.9+B3, copied"' in text
    assert "from = 2025\nto = 2030\n" in text
    assert "largest(closing, year)" in text


def test_a_first_cell_of_its_own_parts_no_line(tmp_path):
    text = import_workbook(make_book(tmp_path / "m.xlsx", {"S": SHEETS["first"]}), ["S!B10"]).text
    assert text.count("[indices.") == 1
    assert "from = 2025\nto = 2030\n" in text
    assert 'value = "where(year == 2025, net_b6, income - upkeep)"' in text
    assert "price_b2" not in text
    assert "upkeep_b3" not in text


@pytest.mark.parametrize(("text", "is_counted"), [("Use", False), ("Period", True), ("t", True)])
def test_amounts_that_run_from_one_are_no_members_under_years(tmp_path, text, is_counted):
    cells = {"A1": "Year", "A2": text, "A3": "Heat", "A4": "All", "B4": "=SUM(B3:G3)"}
    for n, column in enumerate(ALL):
        cells |= {f"{column}1": 2025 + n, f"{column}2": 1 + n, f"{column}3": f"={column}2*1.1"}
    found = tomllib.loads(import_workbook(make_book(tmp_path / "m.xlsx", {"S": cells}), ["S!B4"]).text)
    ((index, members),) = found["indices"].items()
    assert (members["from"], members["to"]) == ((1, 6) if is_counted else (2025, 2030))
    own = {} if is_counted else {str(2025 + n): 1 + n for n in range(6)}
    assert found["inputs"].get("use", {"point": {}})["point"] == own
    assert found["equations"]["heat"]["index"] == [index]


@pytest.mark.parametrize("heads", [("Jan", "Feb", "Mar", "Apr", "May", "Jun"), tuple("UVWXYZ")])
@pytest.mark.parametrize(("text", "is_counted"), [("Hires", False), ("Payment", True)])
def test_amounts_that_run_from_one_are_an_input_where_each_column_follows(tmp_path, heads, text, is_counted):
    cells = {"A2": text, "A3": "Opening", "A4": "Closing"}
    for n, column in enumerate(ALL):
        cells |= {f"{column}1": heads[n], f"{column}2": 1 + n, f"{column}4": f"={column}3+{column}2"}
        cells |= {f"{column}3": f"={ALL[n - 1]}4" if n else 20}
    path = tmp_path / "made.toml"
    path.write_text(import_workbook(make_book(tmp_path / "m.xlsx", {"S": cells}), ["S!G4"]).text)
    study = un.load_study(path)
    (figure,) = un.reproduce(study).figures.values()
    assert figure.point == 20 + sum(range(1, 7))
    assert any(each.startswith("hires") for each in study.inputs) is not is_counted


def test_months_over_columns_are_members(tmp_path):
    def dated(book):
        for n, column in enumerate(ALL):
            book["S"][f"{column}1"] = date(2025 + (n + 9) // 12, (n + 9) % 12 + 1, 1)

    cells = {"A2": "Share", **{f"{c}2": 0.1 + n / 20 for n, c in enumerate(ALL)}, "A9": "All", "B9": 500}
    cells |= {"A3": "Cases", **{f"{c}3": f"={c}2*$B$9" for c in ALL}, "A10": "Most", "B10": "=MAX(B3:G3)"}
    text = import_workbook(make_book(tmp_path / "m.xlsx", {"S": cells}, dated), ["S!B10"]).text
    assert '[indices.month.members]\noct_2025 = "Oct 2025"\n' in text
    assert 'mar_2026 = "Mar 2026"' in text


def test_a_lookup_in_a_column_that_is_calculated_stays_one_formula(tmp_path):
    table = {f"{c}{r}": 10.0 * r + n for n, c in enumerate("JKLM") for r in (2, 3)}
    cells = {
        "A1": "Year", **YEARS, "A2": "Age", **{f"{c}2": f"={c}1-$B$1" for c in "BCDE"},
        "I2": "gas", "I3": "oil", "A3": "Fuel", "B3": "oil",
        "A4": "Rate", **{f"{c}4": f"=VLOOKUP($B$3,$I$2:$M$3,{c}2+2,FALSE)" for c in "BCDE"},
        "A5": "All", "B5": "=SUM(B4:E4)*2", **table,
    }  # fmt: skip
    made = import_workbook(make_book(tmp_path / "m.xlsx", {"S": cells}), ["S!B5"])
    assert 'all = { value = "sum(rate, year) * 2"' in made.text
    assert made.text.count("copied") == 2
    study_file = tmp_path / "made.toml"
    study_file.write_text(made.text)
    study = un.load_study(study_file)
    assert list(evaluate_at_points(scenario(study), list(study.outputs)).values()) == [
        2 * (30 + 31 + 32 + 33)
    ]


def test_a_row_that_is_called_units_is_no_column_of_units(tmp_path):
    cells = {
        "A1": "Month", "B1": 1, **{f"{b}1": f"={a}1+1" for a, b in PAIRS}, "A2": "Units", "A3": "Revenue",
        "H1": "Unit", "H2": "piece", "H3": "EUR", **{f"{c}2": 40.0 + n for n, c in enumerate(ALL)},
        **{f"{c}3": f"={c}2*IF({c}1<=3,0.8,0.7)" for c in ALL}, "A5": "Value", "B5": "=SUM(B3:G3)",
    }  # fmt: skip
    text = import_workbook(make_book(tmp_path / "m.xlsx", {"S": cells}), ["S!B5"]).text
    assert 'label = "Revenue (EUR)", note = "S!B3:G3: =B2*IF(B1<=3,0.8,0.7), copied"' in text
    assert 'value = { value = "sum(revenue, column)"' in text


def test_an_array_formula_fills_the_cells_that_are_not_written_down(tmp_path):
    """Some programs write the first cell alone; the range of the formula says which it fills."""
    cells = {f"B{row}": value for row, value in enumerate((5.0, 7.0, 9.0), 1)}
    cells["D1"] = ('<f t="array" ref="D1:E3">B1:B3*2</f>', 10)
    cells |= {"B5": ("SUM(D1:E3)", 84), "B6": ("D2+E3", 32)}
    path = write_book(tmp_path / "m.xlsx", {"S": cells})
    found = import_workbook(path, ["B5", "B6", "E3"])
    assert {each.cell: each.gives for each in found.comparisons if each.cell in ("S!B5", "S!B6")} == {
        "S!B5": 84, "S!B6": 32,
    }  # fmt: skip
    assert not any(each.is_stale for each in found.comparisons)
    cells["D1"] = ('<f t="array" ref="D1:AZ1000000">B1:B3*2</f>', 10)
    path = write_book(tmp_path / "large.xlsx", {"S": cells})
    with pytest.raises(StudyError) as refused:
        import_workbook(path, ["B5"])
    assert str(refused.value) == f"{path}: S: has an array formula of more than 2,000,000 cells"


def test_the_note_of_a_line_has_the_formula_that_was_copied_and_that_of_its_first_cell(tmp_path):
    cells = {
        "A1": "Loan (EUR)", "B1": 900, "A3": "Year", "B3": "Opening", "C3": "Balance",
        "A4": 1, "B4": "=B1", **{f"A{n}": n - 3 for n in (5, 6, 7)},
        **{f"B{n}": f"=C{n - 1}" for n in (5, 6, 7)},
        **{f"C{n}": f"=B{n}*0.9-10" for n in (4, 5, 6, 7)}, "A9": "All", "B9": "=SUM(C4:C7)",
    }  # fmt: skip
    path = make_book(tmp_path / "m.xlsx", {"S": cells})
    text = import_workbook(path, ["S!B9"]).text
    assert 'note = "S!B4:B7: =C4, copied; S!B4: =B1"' in text
    assert 'note = "S!C4:C7: =B4*0.9-10, copied"' in text
    study_file = tmp_path / "made.toml"
    study_file.write_text(text)
    refuse_another(read_book(path), un.load_study(study_file))
    changed = make_book(path, {"S": cells | {f"B{n}": f"=C{n - 1}+1" for n in (5, 6, 7)}})
    with pytest.raises(StudyError, match=r"S!B5: holds =C4\+1, and the study was made of =C4"):
        refuse_another(read_book(changed), un.load_study(study_file))


def test_all_that_stands_beside_a_line_of_numbers_is_listed(tmp_path):
    cells = {
        "A1": "Currency",
        "B1": "Amount",
        "C1": "Rate",
        "D1": "Value (EUR)",
        "A6": "All",
        "B6": "=SUM(D2:D4)",
    }
    for row, money in enumerate(("USD", "GBP", "CHF"), 2):
        cells |= {f"A{row}": money, f"B{row}": row * 10, f"C{row}": 0.5 + row, f"D{row}": f"=B{row}*C{row}"}
    notes = import_workbook(make_book(tmp_path / "m.xlsx", {"S": cells}), ["S!B6"], with_units=True).notes
    assert '"USD, GBP, CHF" (S!B2:B4, S!C2:C4)' in " ".join(notes)


def depots(trucks, *, across):
    """Return the cells of three depots, each with trucks and tonnes, which are rows or columns."""
    lines = [["Depot", "North", "South", "East"], ["Trucks", *trucks], ["Load", 10.0, 11.0, 15.0]]
    total = "=SUM(B4:D4)" if across else "=SUM(D2:D4)"
    cells = {
        f"{get_column_letter(place + 1)}{row + 1}"
        if across
        else f"{get_column_letter(row + 1)}{place + 1}": each
        for row, line in enumerate(lines)
        for place, each in enumerate(line)
    }
    product = (
        {f"{c}4": f"={c}2*{c}3" for c in "BCD"} if across else {f"D{r}": f"=B{r}*C{r}" for r in (2, 3, 4)}
    )
    return cells | product | {"F1": total}


@pytest.mark.parametrize("across", [True, False])
@pytest.mark.parametrize(
    "trucks", [(1.0, 2.0, 3.0), (0.0, 1.0, 2.0), (2019.0, 2020.0, 2021.0), (10.0, 20.0, 30.0)]
)
def test_whole_numbers_that_follow_one_another_are_inputs_of_the_things_that_have_them(
    tmp_path, trucks, across
):
    path = not_calculated(tmp_path / "m.xlsx", depots(trucks, across=across))
    study = read_study(import_workbook(path, ["F1"]).text.encode(), path)
    ((_, index),) = study.indices.items()
    assert (tuple(index.members), index.label) == (("north", "south", "east"), "" if across else "Depot")
    held = [study.inputs[f"trucks[{each}]"].point for each in index.members]
    assert held == list(trucks)
    expected = sum(one * other for one, other in zip(trucks, (10, 11, 15), strict=True))
    assert un.reproduce(study).figures[study.headline].point == pytest.approx(expected)


def test_a_study_is_the_same_text_whatever_the_seed_of_hashes_is(tmp_path):
    path = not_calculated(tmp_path / "m.xlsx", SHEETS["first"])
    code = (
        "import sys, uncertainty.workbooks.importing as made, pathlib\n"
        "print(made.import_workbook(pathlib.Path(sys.argv[1]), ['B10']).text)"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", code, str(path)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in "012"
    }
    assert len(texts) == 1
