"""A cell of a workbook is an input in the whole study, or in none of it."""

import math
import re

import pytest
from book_files import cells_of, write_book
from openpyxl.utils import get_column_letter

import uncertainty as un
from uncertainty.compiled import evaluate_at_points
from uncertainty.errors import NonFiniteError, SettingError, StudyError
from uncertainty.study.scenario import scenario
from uncertainty.workbooks.importing import import_workbook

DECIDE = "Cells whose numbers decide once and for all, and so are no inputs: "
SAMPLE = {"B3": 1000, "B4": 10, "B5": 30, "B6": 20, "B7": 50, "C1": 43831}


def made_of(tmp_path, cells, *chosen, treated=()):
    """Return what `studied` does, of a workbook."""
    return studied(
        tmp_path, import_workbook(write_book(tmp_path / "m.xlsx", {"M": cells}), [*chosen], treated)
    )


def studied(tmp_path, made):
    """Return the inputs of a study by their cells, what it gives where some are moved, and its notes."""
    path = tmp_path / "m.toml"
    path.write_text(made.text, encoding="utf-8")
    study = un.load_study(path)
    inputs = {cell.partition("!")[2]: name for cell, (name, _) in cells_of(study).items()}

    def given(**moved):
        points = {inputs[cell]: value for cell, value in moved.items() if cell in inputs}
        try:
            return list(evaluate_at_points(scenario(study, override=points), list(study.outputs)).values())
        except NonFiniteError:
            return [math.nan]

    return inputs, given, made.notes


@pytest.mark.parametrize(
    ("formula", "stored"),
    [
        ("LARGE(B4:B7,B1)+B1*B3", 3020),
        ("SMALL(B4:B7,B1)*B1+B3", 1090),
        ("PERCENTILE(B4:B7,B1/10)+B1*B3", 3019),
        ("QUARTILE(B4:B7,B1)+B1*B3", 3035),
        ("EDATE(C1,B1)-C1+B1*B3", 3091),
        ("EOMONTH(C1,B1)-C1+B1*B3", 3120),
        ("DATE(2020,B1,1)-DATE(2020,1,1)+B1*B3", 3060),
        ("MONTH(B1*20)+B1*B3", 3002),
        ("ROUND(B3/7,B1)*B1", 428.571),
        ("ROUNDUP(B3/7,B1)*B1", 428.574),
        ("TRUNC(B3/7,B1)*B1", 428.571),
        ('LEFT("12345",B1)*B1*B3', 369000),
        ('RIGHT("12345",B1)*B1*B3', 1035000),
        ('MID("12345",2,B1)*B1*B3', 702000),
        ('REPT("1",B1)*B1*B3', 333000),
        ("FACT(B1)*B1*B3", 18000),
        ("COMBIN(5,B1)*B1*B3", 30000),
        ("RANK(B5,B4:B7,B1)+B1*B3", 3003),
        ("ROUND(LARGE(B4:B7,B1)*B1*B3,-2)", 60000),
    ],
)
def test_a_number_that_decides_in_a_formula_is_no_input_of_it(tmp_path, formula, stored):
    inputs, given, notes = made_of(tmp_path, {"B1": 3, **SAMPLE, "E1": (formula, stored)}, "E1")
    assert "B1" not in inputs
    # whatever else the formula depends on still is one
    assert "B3" in inputs
    assert given() == pytest.approx([stored], rel=1e-6)
    assert f"{DECIDE}M!B1 (in M!E1)." in notes or f"{DECIDE}M!B1 (in M!E1), M!C1 (in M!E1)." in notes


def test_a_number_that_decides_cannot_be_treated_as_an_input(tmp_path):
    """A formula can: its stored number decides then."""
    cells = {**SAMPLE, "B1": 2, "B2": ("B1*1", 2), "D1": ("LARGE(B4:B7,B1)+B3", 1030)}
    with pytest.raises(SettingError, match=r"--treat: M!B1 decides once and for all in M!D1, and can be no"):
        made_of(tmp_path, cells, "D1", treated=["B1=input"])
    calculated = {**cells, "D1": ("LARGE(B4:B7,B2)+B3", 1030)}
    _, given, notes = made_of(tmp_path, calculated, "D1", treated=["B2=input"])
    assert (given(), f"{DECIDE}M!B2 (in M!D1)." in notes) == ([1030], True)


def test_a_number_that_decides_in_one_formula_is_no_input_of_another(tmp_path):
    cells = {
        "B1": 3, **SAMPLE, "E1": ("LARGE(B4:B7,B1)", 20), "E2": ("B1*B3", 3000), "E3": ("E2+2*B1", 3006),
        "E4": ("SMALL(B4:B7,B1)", 30),
    }  # fmt: skip
    inputs, given, notes = made_of(tmp_path, cells, "E1", "E3", "E4")
    assert "B1" not in inputs
    assert given(B3=7) == [20, 27, 30]
    assert f"{DECIDE}M!B1 (in M!E1 and 1 more)." in notes
    # where that formula is not asked for, or stands at its stored value, it may vary
    for chosen, treated in ((["E3"], []), (["E3", "E5"], ["M!E1=input"])):
        inputs, given, notes = made_of(tmp_path, {**cells, "E5": ("E1*2", 40)}, *chosen, treated=treated)
        assert given(B1=2)[0] == 2004
        assert not any("decide" in each for each in notes)


def test_the_number_of_a_column_varies_where_it_is_an_input_too(tmp_path):
    table = {"D1": 1, "E1": 10, "F1": 100, "D2": 2, "E2": 20, "F2": 200}
    cells = {"B1": 2, "B2": 2, **table, "A1": ("VLOOKUP(B2,D1:F2,B1,FALSE)*B1", 40)}
    inputs, given, notes = made_of(tmp_path, cells, "A1")
    assert {"B1", "B2"} <= inputs.keys()
    assert [given(B1=column, B2=key) for column in (2, 3) for key in (1, 2)] == [[20], [40], [300], [600]]
    assert not any("decide" in each for each in notes)
    cells |= {"A1": ("VLOOKUP(B2,D1:F2,B1,FALSE)", 20)}
    inputs, _, notes = made_of(tmp_path, cells, "A1")
    assert "B1" not in inputs
    assert f"{DECIDE}M!B1 (in M!A1)." in notes
    # what decides for good elsewhere does so here
    cells |= {"A1": ("VLOOKUP(B2,D1:F2,B1,FALSE)*B1+LARGE(E1:F2,B1)", 140)}
    inputs, given, _ = made_of(tmp_path, cells, "A1")
    assert "B1" not in inputs
    assert given(B2=1) == [120]


def test_the_number_of_a_calculated_column_is_not_said_to_decide(tmp_path):
    table = {"D1": 1, "E1": 10, "F1": 100}
    cells = {"B1": 1, "B2": ("B1+1", 2), **table, "A1": ("VLOOKUP(1,D1:F1,B2,FALSE)", 10)}
    _, given, notes = made_of(tmp_path, cells, "A1")
    assert given(B1=2) == [100]
    assert not any("decide" in each for each in notes)


@pytest.mark.parametrize(
    "formula",
    ["VLOOKUP(2,D1:E3,2,FALSE)+D1+D3", "INDEX(E1:E3,MATCH(2,D1:D3,0))+D1+D3", "LOOKUP(2,D1:D3,E1:E3)+D1+D3"],
)
def test_a_key_that_a_constant_finds_varies_where_it_is_an_input_too(tmp_path, formula):
    cells = {"D1": 1, "E1": 10, "D2": 2, "E2": 20, "D3": 3, "E3": 30, "A1": (formula, 24)}
    inputs, given, notes = made_of(tmp_path, cells, "A1")
    assert {"D1", "D3"} <= inputs.keys()
    assert given() == [24]
    # what equals a key is found first, and what is nearest to it last
    assert given(D1=2) == [25 if formula.startswith("LOOKUP") else 15]
    assert not any("decide" in each for each in notes)
    cells |= {"A1": (formula.removesuffix("+D1+D3"), 20)}
    inputs, given, _ = made_of(tmp_path, cells, "A1")
    assert inputs.keys() == {"E2"}


def head(first, following, count):
    """Return a row of cells from D1 that begins in one way and goes on in another."""
    columns = [get_column_letter(4 + n) for n in range(count)]
    texts = [first, *(following.replace("<", before) for before in columns[:-1])]
    return dict(zip([f"{each}1" for each in columns], texts, strict=True))


@pytest.mark.parametrize(
    ("first", "following", "formula", "gives"),
    [
        ("C1", "EDATE(<1,1)", "MONTH(AA1)", 12),
        ("C1+0", "EDATE(<1,B1)", "YEAR(H1)", 2021),
        ("B1+2017", "<1+1", "YEAR(DATE(F1,1,1))", 2022),
        ("B1*2", "<1", "LARGE(B4:B7,F1-3)", 20),
        ("2", "<1+1", 'MID("12345",E1,1)+0', 3),
        ("1", "<1", "SMALL(B4:B7,ROUNDUP(0.25*12,0))", 30),
    ],
)
def test_what_follows_from_one_constant_through_other_cells_decides_too(
    tmp_path, first, following, formula, gives
):
    """The head of months of a model follows from its first date."""
    row = {place: (text, None) for place, text in head(first, following, 24).items()}
    cells = {"B1": 3, **SAMPLE, **row, "B9": (f"{formula}+B3", gives + 1000)}
    inputs, given, notes = made_of(tmp_path, cells, "B9")
    assert inputs.keys() >= {"B3"}
    assert not inputs.keys() & {"B1", "C1"}
    assert given() == pytest.approx([gives + 1000])
    assert given(B3=1) == pytest.approx([gives + 1])
    constants = {"C1", "B1"} & set(re.findall(r"[BC]1\b", f"{first} {following}"))
    assert all(f"M!{each} (in M!" in "".join(notes) for each in constants)


@pytest.mark.parametrize("text", ["B1+B4/10", "IF(B1>2,4,1)"])
def test_what_several_numbers_or_conditions_give_is_a_result_that_may_vary(tmp_path, text):
    cells = {"B1": 3, **SAMPLE, "B2": (text, 4), "B9": ("LARGE(B4:B7,B2)+B3", 1010)}
    with pytest.raises(StudyError, match="M!B9: needs a place, date or number of digits that is known"):
        made_of(tmp_path, cells, "B9")
