"""What strangers' workbooks hold: tables, dates, texts that are numbers, and what is made to do harm."""

import random
import time

import pytest
from book_files import write_book
from openpyxl import Workbook
from openpyxl.worksheet.table import Table

import uncertainty as un
from uncertainty.compiled import evaluate_at_points
from uncertainty.errors import SettingError, StudyError
from uncertainty.study.scenario import scenario
from uncertainty.workbooks.cells import one_cell, read_book
from uncertainty.workbooks.checking import compared_cells
from uncertainty.workbooks.functions import functions
from uncertainty.workbooks.importing import import_workbook
from uncertainty.workbooks.translation import Translation


def points(tmp_path, path, *cells):
    made = tmp_path / "made.toml"
    made.write_text(import_workbook(path, cells).text)
    study = un.load_study(made)
    return list(evaluate_at_points(scenario(study), list(study.outputs)).values()), study


def test_columns_of_a_table_are_ranges(tmp_path):
    book = Workbook()
    for row in (
        ["Item", "Net [kg]", "Price"],
        ["a", 2, 10],
        ["b", 3, 20],
        ["All", "=SUM(Goods[Net '[kg']])", "=SUM(Goods[Price])"],
    ):
        book.active.append(row)
    table = Table(displayName="Goods", ref="A1:C4", totalsRowCount=1)
    book.active.add_table(table)
    book.active["E2"] = "=Goods[[#This Row],[Net '[kg']]]*Goods[[#This Row],[Price]]"
    book.active["E5"] = "=SUM(Goods[[Net '[kg']]:[Price]])+Goods[[#Totals],[Price]]"
    book.active["E6"] = "=SUM(Goods[Prize])"
    book.save(tmp_path / "m.xlsx")
    found, _ = points(tmp_path, tmp_path / "m.xlsx", "Sheet!B4", "Sheet!C4", "Sheet!E2", "Sheet!E5")
    assert found == [5, 30, 20, 65]
    with pytest.raises(StudyError, match='the table Goods has no column "Prize"; did you mean "Price"'):
        import_workbook(tmp_path / "m.xlsx", ["Sheet!E6"])


@pytest.mark.parametrize(("since_1904", "serial"), [(False, 45292), (True, 43830)])
def test_dates_are_days_that_are_counted(tmp_path, since_1904, serial):
    cells = {"A1": "Begin", "B1": serial, "B2": ("YEAR(B1)", 2024), "B3": ("DATE(2024,3,1)-B1", 60)}
    path = write_book(tmp_path / "m.xlsx", {"S": cells}, since_1904=since_1904)
    assert points(tmp_path, path, "B2", "B3")[0] == [2024, 60]
    found, study = points(tmp_path, path, "B3")
    assert found == [60]
    assert study.inputs["begin"].point == serial


def test_cells_that_nobody_sees_are_named_where_they_are_used(tmp_path):
    book = Workbook()
    for row in (["a", 1, 5], ["b", 2, 6], ["c", 3, 7], ["all", "=B1+B2+C1+C3"]):
        book.active.append(row)
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions["C"].hidden = True
    book.active.column_dimensions["Z"].hidden = True
    book.save(tmp_path / "m.xlsx")
    (said,) = (each for each in import_workbook(tmp_path / "m.xlsx", ["B4"]).notes if "idden" in each)
    assert said == "Cells of hidden rows or columns that are used: Sheet!B2, Sheet!C1, Sheet!C3."
    book.active["B6"] = "=B1*C4+2*B3"
    book.save(tmp_path / "m.xlsx")
    assert not any("idden" in each for each in import_workbook(tmp_path / "m.xlsx", ["B6"]).notes)


def test_a_number_that_is_stored_as_text_is_said_to_count_as_it_is(tmp_path):
    cells = {"A1": "5", "A2": ("A1*2", 10), "B1": "TRUE", "B2": ("IF(B1,1,2)", 1)}
    path = write_book(tmp_path / "m.xlsx", {"S": cells})
    as_text = "Cells that hold a number as a text, and are no inputs until the workbook has it as a number"
    assert import_workbook(path, ["A2"]).notes == (f"{as_text}: S!A1.",)
    decide = "Cells that decide once and for all, as no drop-down list offers others"
    assert import_workbook(path, ["B2"]).notes == (f"{decide}: S!B1.",)


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("(" * 10**6 + "1" + ")" * 10**6, "at most 8,192 characters"),
        ("cmd|' /C calc'!A0", "cannot be read"),
        ("[1]Other!A1+WEBSERVICE(A2)", "WEBSERVICE has no translation|another workbook"),
        ("HYPERLINK(A2)", "HYPERLINK has no translation"),
        pytest.param(
            "SUM(" + ",".join(["B:Z"] * 120) + ")",
            "take more than 500,000 operations together",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_formula_that_is_made_to_do_harm_is_one_fault(tmp_path, formula, said):
    cells = {"A1": (formula, 1), **{f"B{n}": n for n in range(1, 4_500)}}
    begun = time.process_time()
    with pytest.raises(StudyError, match=said):
        import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["A1"])
    assert time.process_time() - begun < 20


def test_texts_that_double_from_cell_to_cell_end_where_a_cell_cannot_hold_them(tmp_path):
    chain = {
        f"A{n}": (f'A{n - 1}&SUBSTITUTE(A{n - 1}&"","a",A{n - 1})&REPT(A{n - 1},9999)', "")
        for n in range(2, 60)
    }
    letter = ",".join(f"_xlpm.x{n},_xlpm.x{n - 1}&_xlpm.x{n - 1}" for n in range(1, 60))
    cells = {
        "A1": "a", **chain, "B1": ("LEN(A59)", 1),
        "B2": (f'LEN(_xlfn.LET(_xlpm.x0,"ab",{letter},_xlpm.x59))', 1),
        "B3": ('LEN(REPT("ab",2000))+LEN(SUBSTITUTE("aXbX","X",""))+LEN(SUBSTITUTE("ab","","x"))', 4004),
    }  # fmt: skip
    path = write_book(tmp_path / "m.xlsx", {"S": cells})
    begun = time.process_time()
    for cell in ("B1", "B2"):
        with pytest.raises(StudyError, match="is 1 as stored, and #VALUE! by its formula"):
            import_workbook(path, [cell])
    assert time.process_time() - begun < 5
    assert points(tmp_path, path, "B3")[0] == [4004]


def test_a_cycle_through_a_range_is_a_cycle(tmp_path):
    cells = {"A1": 1, "A2": ("SUM(A:A)", 1)}
    with pytest.raises(StudyError, match="S!A2 → S!A2"):
        import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["A2"])


def test_names_that_stand_for_each_other_are_refused(tmp_path):
    path = write_book(tmp_path / "m.xlsx", {"S": {"A1": ("a", 1)}}, {"a": "b", "b": "a"})
    with pytest.raises(StudyError, match="stands for itself"):
        import_workbook(path, ["S!A1"])


ATOMS = (
    *(
        "A1",
        "A2",
        "B1",
        "C1",
        "D9",
        "A1:A3",
        "A1:C3",
        "A:A",
        "1:2",
        "Z99",
        "E1",
        "F1",
        "nm",
        "rng",
        "{1,2;3,4}",
    ),
    *("9", "-1", "0", "1E300", "1E-300", '"x"', '""', '"5"', '">3"', '"*"', "TRUE", "#N/A", "", "(A1)"),
)
STRANGE = {
    "A1": 1.5, "A2": "text", "A3": -2, "B1": ("A1*2", 3.0), "B2": True, "B3": "7",
    "C1": ('IF(A1>1,"hi",3)', "hi"),
    "C2": "#DIV/0!", "C3": ("1/(A1-1.5)", "#DIV/0!"), "E1": "low", "F1": ("IF(A1>5,CHOOSE(A1,1,2),7)", 7),
}  # fmt: skip
LIST = (
    '<dataValidations><dataValidation type="list" sqref="E1"><formula1>"low,high"</formula1>'
    "</dataValidation></dataValidations>"
)


def strange_formula(choose, depth):
    if depth == 0 or choose.random() < 0.3:
        return choose.choice(ATOMS)
    if choose.random() < 0.25:
        sign = choose.choice(["+", "-", "*", "/", "^", "&", "=", "<", ">=", "%-"])
        return f"{strange_formula(choose, depth - 1)}{sign}{strange_formula(choose, depth - 1)}"
    name, function = choose.choice(list(functions().items()))
    count = choose.randint(function.fewest, min(function.most, function.fewest + 3))
    return f"{name}({','.join(strange_formula(choose, depth - 1) for _ in range(count))})"


def test_any_function_of_anything_is_translated_or_a_fault(tmp_path):
    choose = random.Random(8)
    cells = {f"H{20 + n}": (strange_formula(choose, 3), 1.0) for n in range(250)}
    named = {"nm": "S!$A$1", "rng": "S!$A$1:$B$3"}
    path = write_book(tmp_path / "m.xlsx", {"S": {**STRANGE, **cells}}, named, extras={"S": LIST})
    book = read_book(path)
    formulas = [one_cell("S", *place) for place, cell in book.sheets["S"].cells.items() if cell.is_formula]
    translation = Translation(book, functions())
    for at in sorted(formulas, key=lambda at: at.left):
        translation.add(at)
    assert len(translation.values) == len(formulas)
    assert len(translation.equations) > 50
    compared_cells(translation)


@pytest.mark.parametrize("function", ["CORREL", "SLOPE", "COVAR", "FORECAST(3,{})", "RSQ"])
def test_pairs_that_are_all_errors_are_an_error(tmp_path, function):
    call = function.format("A1:A2,B1:B2") if "{}" in function else f"{function}(A1:A2,B1:B2)"
    cells = {"A1": "#N/A", "A2": "x", "B1": 1, "B2": 2, "C1": (f"IFERROR({call},7)*D1", 14), "D1": 2}
    assert points(tmp_path, write_book(tmp_path / "m.xlsx", {"S": cells}), "C1")[0] == [14]


def test_a_name_that_moves_with_the_cell_is_refused_and_a_fixed_one_is_read(tmp_path):
    cells = {"A1": 3, "A2": 2, "C1": ("up*A1", 6)}
    path = write_book(tmp_path / "moves.xlsx", {"S": cells}, {"up": "S!A$2"})
    with pytest.raises(StudyError, match=r'"up" means another cell in each formula.* write it with \$'):
        import_workbook(path, ["C1"])
    path = write_book(tmp_path / "fixed.xlsx", {"S": cells}, {"up": "S!$A$2"})
    assert points(tmp_path, path, "C1")[0] == [6]


def test_what_a_spreadsheet_calls_an_error_is_one_here(tmp_path):
    # inputs at which LibreOffice and Excel give #NUM!, so that the fallback counts
    cells = {"A1": -1, "A2": 2, "A3": 4, "A4": 0.5, "A5": -1.5, "A6": 99, "A7": 3.7, "A8": 0, "A9": 0.05}
    expected = {
        "IFERROR(PPMT(A9,2,A4,A6),7)": 7,
        "IFERROR(IPMT(A9,A3,A2,A6),7)": 7,
        "IFERROR(PPMT(A9,A4,A3,A6),7)": 7,
        "IF(ISNUMBER(SQRT(A1)),8,7)": 7,
        "IF(ISNUMBER(A2/A8),8,7)": 7,
        "IF(ISNUMBER(SQRT(A2)),8,7)": 8,
        "IF(ISLOGICAL(A2/A8>1),8,7)": 7,
        "IFERROR(FLOOR(A6,A5),7)": 7,
        "IFERROR(CEILING(A6,A5),7)": 7,
        "IFERROR(MROUND(A6,A5),7)": 7,
        "IFERROR(HARMEAN(A1:A3),7)": 7,
        "IFERROR(EFFECT(A1,A2),7)": 7,
        "IFERROR(NOMINAL(A9,A4),7)": 7,
        "IFERROR(RRI(A1,A2,A3),7)": 7,
        "IFERROR(A1^A4,7)": 7,
        "IFERROR(A1^A2,7)": 1,
        "IFERROR(ACOS(A2),7)": 7,
        "CEILING(A6,A8)": 0,
        "MROUND(A6,A8)": 0,
        "IFERROR(FLOOR(A6,A8),7)": 7,
        "CEILING(A5,A2)": 0,
        "EFFECT(A9,A7)": (1 + 0.05 / 3) ** 3 - 1,
        "IF(0.1+0.2=0.3,A2,A3)": 2,
        "IF(1.1*3>3.3,A2,A3)": 4,
    }
    formulas = {f"C{row}": (formula, None) for row, formula in enumerate(expected, 1)}
    path = write_book(tmp_path / "m.xlsx", {"S": {**cells, **formulas}})
    found, _ = points(tmp_path, path, *formulas)
    assert dict(zip(expected, found, strict=True)) == pytest.approx(expected)


def test_a_cell_to_be_treated_has_to_be_upstream(tmp_path):
    cells = {"A1": 2, "A2": ("A1*2", 4), "B1": ("A1*3", 6)}
    with pytest.raises(SettingError, match="S!B1 is no number that the chosen cells"):
        import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["A2"], ["B1=input"])


@pytest.mark.slow
def test_twenty_thousand_formulas_of_which_thirty_are_upstream_take_seconds(tmp_path):
    others = {
        f"{column}{row}": (f"SUM($B$1:$B$9)*{row}+IF(MOD({row},2)=0,{column}1,0)+{column}{row - 1}*0.99", 1.0)
        for row in range(2, 1_002)
        for column in "CDEFGHIJKLMNOPQRSTUV"
    }
    chain = {f"B{row}": (f"B{row - 1}+B$1", 1.5 * row) for row in range(2, 32)}
    path = write_book(tmp_path / "m.xlsx", {"S": {"B1": 1.5, **others, **chain}})
    begun = time.process_time()
    made = import_workbook(path, ["B31"])
    assert time.process_time() - begun < 5
    assert len(made.comparisons) == 30
    assert all(each.is_reproduced for each in made.comparisons)
