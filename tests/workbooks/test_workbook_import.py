"""Live formulas of a workbook become a study whose points reproduce the values that were stored."""

import math
import re
from types import SimpleNamespace

import openpyxl
import pytest
from book_files import write_book

import uncertainty as un
from uncertainty.compiled import evaluate_at_points
from uncertainty.errors import Fault, NonFiniteError, SettingError, StudyError
from uncertainty.reproduction import reproduce
from uncertainty.study.scenario import scenario
from uncertainty.workbooks import importing
from uncertainty.workbooks.checking import Comparison
from uncertainty.workbooks.importing import import_workbook

COPIED = "Assumptions!$B$2*Assumptions!$B$3*0.98^(C1-2025)"
HEAT = {
    "Assumptions": {
        "A1": "What", "B1": "Value", "C1": "Unit",
        "A2": "Floor area", "B2": 120, "C2": "m²",
        "A3": "Heat demand (kWh/m²)", "B3": 85.5,
        "A4": "Share of gas", "B4": 0.75, "C4": "1",
        "A5": "Boiler", "B5": "old",
    },
    "Years": {
        "A1": "Year", "B1": 2025, "C1": 2026, "D1": 2027,
        "A2": "Heat", "B2": ("Assumptions!$B$2*Assumptions!$B$3*0.98^(B1-2025)", 10260),
        "C2": (f'<f t="shared" ref="C2:D2" si="0">{COPIED}</f>', 10054.8),
        "D2": ('<f t="shared" si="0"/>', 9853.704),
        "A4": "Gas", "B4": ("SUM(B2:D2)*gas_share", 22626.378),
        "A5": "Losses", "B5": ('IF(Assumptions!B5="old",B4*20%,0)', 4525.2756),
        "A6": "Shown", "B6": ("ROUND(B4+B5,-2)", 27200),
        "A7": "In 2026", "B7": ("INDEX(B2:D2,MATCH(2026,B1:D1,0))", 10054.8),
        "A8": "Area again", "B8": ('VLOOKUP("Floor area",Assumptions!A1:B5,2,FALSE)', 120),
        "A9": "Forgotten", "B9": ("B4/2", 17),
    },
}  # fmt: skip
NAMES = {"gas_share": "Assumptions!$B$4"}


@pytest.fixture
def heat(tmp_path):
    return write_book(tmp_path / "heat.xlsx", HEAT, NAMES)


def study_of(tmp_path, imported):
    path = tmp_path / "made.toml"
    path.write_text(imported.text)
    return un.load_study(path)


def test_every_stored_value_is_reproduced_and_a_stale_one_is_named(heat, tmp_path):
    made = import_workbook(heat, ["Years!B4", "Years!B5", "Years!B6", "Years!B7", "Years!B8", "Years!B9"])
    found = reproduce(study_of(tmp_path, made)).figures
    assert {name: row.status for name, row in found.items()} == {
        "gas": "reproduced", "losses": "reproduced", "shown": "reproduced", "in_2026": "reproduced",
        "area_again": "reproduced", "forgotten": "differs",
    }  # fmt: skip
    assert [each.cell for each in made.comparisons if each.is_stale] == ["Years!B9"]
    assert "Years!B9 is stale: 17 is stored, and its formula gives 11313.189." in made.remarks(every=False)


def test_constants_become_inputs_with_their_names_and_formulas_equations_with_their_text(heat, tmp_path):
    made = import_workbook(heat, ["Years!B5"])
    study = study_of(tmp_path, made)
    assert {name: item.point for name, item in study.inputs.items()} == {
        "floor_area": 120, "heat_demand": 85.5, "gas_share": 0.75,
    }  # fmt: skip
    assert study.inputs["floor_area"].label == "Floor area (m²)"
    assert study.inputs["heat_demand"].note == "Assumptions!B3"
    assert study.equations["losses"].note == 'Years!B5: =IF(Assumptions!B5="old",B4*20%,0)'
    assert study.indices["year"].numbers == (2025, 2026, 2027)
    assert 'value = "floor_area * heat_demand * 0.98**(year - 2025)"' in made.text
    assert study.equations["heat[2026]"].note == f"Years!B2:D2: ={COPIED.replace('C1', 'B1')}, copied"


def test_a_last_round_is_left_out_and_gives_the_figure_its_digits(heat, tmp_path):
    output = study_of(tmp_path, import_workbook(heat, ["Years!B6"])).outputs["shown"]
    assert (output.published.value, output.published.digits) == (27200, 3)
    assert "left out" in output.note


@pytest.mark.parametrize(
    ("formula", "stored", "digits"),
    [
        ('IFERROR(ROUND(A1/A2,1),"–")', 2.7, 2),
        ('IF(A2=0,"",ROUND(A1/A2,1))', 2.7, 2),
        ('IF(A2>0,IFERROR(ROUND(A1/A2,2),0),"none")', 2.67, 3),
        ('IF(A2=0,"none",A1/A2)', 8 / 3, 12),
    ],
)
def test_a_result_that_is_a_text_in_some_cases_has_no_value_there(tmp_path, formula, stored, digits):
    cells = {"A1": 8, "A2": 3, "A3": (formula, stored)}
    made = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["A3"])
    (output,) = study_of(tmp_path, made).outputs.values()
    assert output.published.digits == digits
    assert ("It has no value where the formula gives a text" in output.note) == ('"' in formula)
    study = study_of(tmp_path, made)
    second = next(name for name, each in study.inputs.items() if each.note == "S!A2")
    (found,) = evaluate_at_points(scenario(study, override={second: 4}), list(study.outputs)).values()
    assert found == 2
    with pytest.raises(NonFiniteError):
        evaluate_at_points(scenario(study, override={second: 0}), list(study.outputs))
    with pytest.raises(StudyError, match="S!A3: is a text, not a number"):
        import_workbook(
            write_book(tmp_path / "n.xlsx", {"S": cells | {"A2": 0, "A3": (formula, "–")}}), ["A3"]
        )


def test_a_round_on_the_way_stays(tmp_path):
    book = write_book(tmp_path / "m.xlsx", {"S": {"A1": 2.5, "B1": ("ROUND(A1,0)", 3), "C1": ("B1*2", 6)}})
    made = import_workbook(book, ["C1"])
    assert "floor" in made.text
    assert [each.is_reproduced for each in made.comparisons] == [True, True]


def test_a_text_that_nothing_else_offers_is_said_to_decide(heat):
    assert any("Assumptions!B5" in note for note in import_workbook(heat, ["Years!B5"]).notes)


def test_all_that_has_no_translation_is_told_in_one_pass(tmp_path):
    cells = {
        "A1": 1, "A2": ("OFFSET(A1,1,0)+INDIRECT(\"A1\")", 2), "A3": ("TODAY()", 45000),
        "A4": ("[1]Other!B2", 3), "A5": ("SUM(A2:A4)", 45005),
    }  # fmt: skip
    book = write_book(tmp_path / "m.xlsx", {"S": cells})
    with pytest.raises(StudyError) as refused:
        import_workbook(book, ["S!A5"])
    told = {fault.key: fault.message for fault in refused.value.faults}
    assert told.keys() == {"S!A2", "S!A3", "S!A4"}
    assert told["S!A2"].startswith("OFFSET, INDIRECT have no translation")
    assert '--treat "S!A3=input"' in told["S!A3"]
    made = import_workbook(book, ["S!A5"], ["S!A2=input", "S!A3=input", "S!A4=input"])
    assert [each.is_reproduced for each in made.comparisons] == [True]


def test_a_copied_formula_is_one_fault_whose_advice_is_taken(tmp_path):
    copied = {f"{c}{row}": (f"OFFSET({c}9,1,0)", 2) for c in "BCD" for row in (2, 3)}
    cells = {**copied, "F2": ("IRR(B2:D2)", 1), "A5": ("SUM(B2:D3)+F2", 13)}
    book = write_book(tmp_path / "m.xlsx", {"It's": cells, "Other": {"A1": 1}})
    with pytest.raises(StudyError) as refused:
        import_workbook(book, ["It's!A5"])
    assert [fault.key for fault in refused.value.faults] == ["It's!B2:D3", "It's!F2"]
    advised = [str(fault).split('--treat "')[1].split('"')[0] for fault in refused.value.faults]
    made = import_workbook(book, ["It's!A5"], advised)
    assert [each.is_reproduced for each in made.comparisons] == [True]
    with pytest.raises(SettingError, match="It's!B2:D2 is no number"):
        import_workbook(book, ["Other!A1"], ["It's!B2:D2=input"])


def test_what_lies_beside_the_way_is_no_fault(tmp_path):
    cells = {"A1": ("OFFSET(B1,0,0)", 1), "B1": 2, "A2": ("INDEX(A1:B1,2)*2", 4)}
    assert import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["S!A2"]).text


def test_a_circle_is_shown(tmp_path):
    cells = {"A1": ("B1+1", 1), "B1": ("C1", 1), "C1": ("A1", 1)}
    with pytest.raises(StudyError, match="S!A1 → S!B1 → S!C1 → S!A1"):
        import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["S!A1"])


def test_an_error_in_a_cell_is_named_where_it_stands(tmp_path):
    cells = {"A1": "#N/A", "A2": ("A1+1", "#N/A"), "A3": ("IFERROR(A2,5)", 5)}
    book = write_book(tmp_path / "m.xlsx", {"S": cells})
    with pytest.raises(StudyError, match="S!A1: is the error #N/A"):
        import_workbook(book, ["S!A2"])
    assert [each.is_reproduced for each in import_workbook(book, ["S!A3"]).comparisons] == [True]


def test_a_chosen_cell_that_ends_in_a_round_is_compared_as_it_stands(tmp_path):
    cells = {"A1": 2.55, "A2": ("ROUND(A1*3,1)", 7.7), "A3": ("ROUND(A1*3,0)", 7), "A4": ("ROUNDUP(A1,0)", 3)}
    made = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["A2", "A3", "A4"])
    assert {each.cell: each.is_reproduced for each in made.comparisons} == {
        "S!A2": True, "S!A3": False, "S!A4": True,
    }  # fmt: skip
    assert "S!A3 is stale: 7 is stored, and its formula gives 8." in made.remarks(every=True)


@pytest.mark.parametrize("code", ["#NAME?", "#REF!", "#DIV/0!"])
def test_an_error_that_is_stored_in_place_of_a_number_is_stale(tmp_path, code):
    cells = {"A1": 2, "A2": ("A1*3", code), "A3": ("A2+1", code), "A4": ("A1+1", 3), "B1": ("A3*A4", 21)}
    made = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["B1", "A3"])
    assert [each.cell for each in made.comparisons if each.is_stale] == ["S!A2", "S!A3"]
    assert f"S!A2 is stale: {code} is stored, and its formula gives 6." in made.remarks(every=False)
    told = [made.remarks(every=every)[-3:-2] for every in (True, False)]
    assert told == [
        ("Cells on the way whose stored values come out: 2 of 4.",),
        ("Chosen cells whose stored values come out: 1 of 2.",),
    ]
    output = study_of(tmp_path, made).outputs["s_a3"]
    assert output.published is None
    assert "The stored value is stale: the formula gives 7." in output.note


@pytest.mark.parametrize("with_units", [False, True])
def test_a_chosen_cell_that_is_an_error_as_the_workbook_stands_is_refused(tmp_path, with_units):
    cells = {"A1": 0, "A2": ('IF(A1>1,2,"no")', "no"), "A3": ("5/A2", 1), "A4": ("IFERROR(A3,8)*2", 16)}
    book = write_book(tmp_path / "m.xlsx", {"S": cells})
    with pytest.raises(StudyError, match="S!A3: is 1 as stored, and an error by its formula"):
        import_workbook(book, ["A3", "A4"], with_units=with_units)
    made = import_workbook(book, ["A4"], with_units=with_units)
    assert {each.cell: each.is_reproduced for each in made.comparisons}["S!A4"]


RING = {f"A{n}": (f"A{n + 1}+1", 1) for n in range(1, 30)} | {"A30": ("A1", 1)}
REFUSED = [
    (
        {"A1": ("B1+1", 1), "B1": ("A1", 1)},
        (
            "A1: is calculated from itself: S!A1 → S!B1 → S!A1; "
            '--treat "S!B1=input" takes its stored value as an input'
        ),
    ),
    (
        RING,
        (
            f"A1: is calculated from itself: {' → '.join(f'S!A{n}' for n in range(1, 9))} → … → S!A1; "
            '--treat "S!A2=input" takes its stored value as an input'
        ),
    ),
    ({"A1": ("B1+1", 1), "B1": "#N/A"}, "B1: is the error #N/A; mend it in the workbook"),
    ({"A1": ("NA()", 1)}, "A1: is 1 as stored, and #N/A by its formula; choose another cell"),
    (
        {"A1": ('IF(B1>1,"y","x")', "y"), "B1": 3},
        "A1: is a text, not a number; choose a cell that calculates a number",
    ),
    (
        {"A1": ("SUM(B1:B3)", 6), **{f"B{n}": (f"OFFSET(C{n},0,0)", n) for n in (1, 2, 3)}},
        'B1:B3: OFFSET has no translation; --treat "S!B1:B3=input" takes the stored values as inputs',
    ),
]


@pytest.mark.parametrize(("cells", "said"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_result_is_refused_with_what_to_do(tmp_path, cells, said):
    path = write_book(tmp_path / "m.xlsx", {"S": cells})
    with pytest.raises(StudyError) as caught:
        import_workbook(path, ["A1"])
    assert str(caught.value) == f"{path}: S!{said}"


def test_a_treated_cell_that_nothing_chosen_rests_on_is_refused(tmp_path):
    path = write_book(tmp_path / "m.xlsx", {"S": {"A1": 1, "A2": 2, "B1": ("A1+1", 2)}})
    for asked in ("A2", "A2:A3"):
        with pytest.raises(SettingError) as caught:
            import_workbook(path, ["B1"], [f"{asked}=input"])
        said = f"{asked} is no number" if ":" in asked else f"S!{asked} is no number"
        assert str(caught.value) == f"--treat: {said} that the chosen cells are calculated from"


def test_stale_cells_are_listed_up_to_twenty(tmp_path):
    def remarks(count):
        cells = {"B1": 2, **{f"A{n}": (f"B1*{n}", 1) for n in range(1, count + 1)}}
        cells["C1"] = (f"SUM(A1:A{count})", count)
        return import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["C1"]).remarks(every=True)[1:]

    stale = [f"S!A{n} is stale: 1 is stored, and its formula gives {2 * n}." for n in range(1, 21)]
    others = "Cells that are other numbers when all is calculated anew: S!C1."
    assert remarks(20) == (*stale, others)
    assert remarks(22) == (*stale, "2 more cells are stale.", others)


LOAN = {
    "A1": "Loan (EUR)", "B1": 10000, "A2": "Rate", "B2": 0.06, "A3": "Months", "B3": 24,
    "A4": "Payment (EUR)", "B4": ("-PMT(B2/12,B3,B1)", 443.206102527569),
    "A6": "Month", "B6": "Balance (EUR)",
}  # fmt: skip


def schedule(last, formula="{0}-($B$4-{0}*$B$2/12)"):
    """Return a loan that is repaid, with each month's balance in closed form, and what is stored last."""
    cells, growth = dict(LOAN), 1.005
    for n in range(1, 25):
        before = "B1" if n == 1 else f"B{n + 5}"
        balance = 10000 * (growth**24 - growth**n) / (growth**24 - 1)
        stored = last if n == 24 else float(f"{balance:.15g}")
        cells |= {f"A{n + 6}": n, f"B{n + 6}": (formula.format(before), stored)}
    return cells


@pytest.mark.parametrize("last", [0, 1e-10, -2.9e-11])
@pytest.mark.parametrize("with_units", [False, True])
def test_what_rounding_leaves_of_terms_that_cancel_is_the_stored_value(tmp_path, last, with_units):
    path = write_book(tmp_path / "m.xlsx", {"S": schedule(last)})
    made = import_workbook(path, ["B30"], with_units=with_units)
    assert made.remarks(every=True)[-1] == "Cells on the way whose stored values come out: 25 of 25."
    assert "stale" not in made.text
    found = reproduce(study_of(tmp_path, made)).figures
    assert {row.status for row in found.values()} == {"reproduced"}
    assert {row.published for row in found.values()} == {0}


def test_what_rounding_cannot_leave_is_stale_however_small(tmp_path):
    path = write_book(tmp_path / "m.xlsx", {"S": schedule(1e-5)})
    told = import_workbook(path, ["B30"]).remarks(every=True)
    assert re.fullmatch(r"S!B30 is stale: 1e-05 is stored, and its formula gives -?\d\.\d+e-1\d\.", told[-1])
    small = {"A1": 3e-12, "A2": 2.5e-12, "A3": ("A1-A2", 0)}
    told = import_workbook(write_book(path, {"S": small}), ["A3"]).remarks(every=False)
    assert told[-1] == "S!A3 is stale: 0 is stored, and its formula gives 5e-13."


def rounded_book(path, digits, off=0.0):
    """Write a link whose loss is stored with few digits, and what is calculated from it with as many."""

    def stored(value):
        return float(f"{value:.{digits}g}")

    loss = 32.43 + 20 * (math.log10(437.5) + math.log10(815))
    cells = {
        "A1": "Frequency (MHz)", "B1": 437.5, "A2": "Distance (km)", "B2": 815,
        "A3": "Loss", "B3": ("32.43+20*(LOG10(B1)+LOG10(B2))", stored(loss)),
        "A4": "Gain", "B4": 158, "A5": "Margin", "B5": ("B4-B3", stored(158 - loss + off)),
        "A6": "Over it", "B6": ("B5-14.5", stored(158 - loss - 14.5)),
        "A7": "Times", "B7": ("B6*1000", stored(1000 * (158 - loss - 14.5))),
    }  # fmt: skip
    return write_book(path, {"S": cells})


@pytest.mark.parametrize("digits", [8, 10, 12, 15])
@pytest.mark.parametrize("cell", ["B5", "B6", "B7"])
def test_digits_that_the_file_rounds_away_before_terms_cancel_make_nothing_stale(tmp_path, digits, cell):
    path = rounded_book(tmp_path / "m.xlsx", digits)
    made = import_workbook(path, [cell])
    assert not any(each.is_stale for each in made.comparisons)
    assert "14.5272" in import_workbook(path, [cell, "B5"], with_units=True).text


@pytest.mark.parametrize(("digits", "off"), [(10, 2e-7), (12, 2e-7), (8, 2e-5)])
def test_what_lies_beyond_the_digits_of_the_file_is_stale(tmp_path, digits, off):
    made = import_workbook(rounded_book(tmp_path / "m.xlsx", digits, off), ["B5"])
    assert [each.cell for each in made.comparisons if each.is_stale] == ["S!B5"]
    assert made.remarks(every=True)[-1].startswith("S!B5 is stale: ")


def test_a_stored_value_of_few_digits_that_its_formula_gives_is_not_rounded(tmp_path):
    cells = {"A1": 12345, "B1": ("A1/100000", 0.12345), "C1": ("(B1-0.12)*1000000", 3452)}
    made = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["C1"])
    assert made.remarks(every=True)[-1] == "S!C1 is stale: 3452 is stored, and its formula gives 3450."


@pytest.mark.parametrize(
    ("formula", "gives"),
    [
        ("ROUND(A1-A2,0)", 0.0),
        ("IF(A1=A2,5,7)", 5.0),
        ("MAX(A1,A2,1)-A2", 0.0),
        ("SQRT(A1)-SQRT(A2)", 0.0),
        ("MOD(A1,A2)", 0.0),
        ("A1*1.1-A2*1.1", 0.0),
    ],
)
def test_another_number_is_no_rounding_whatever_the_formula_is(tmp_path, formula, gives):
    cells = {"A1": 100, "A2": 100, "A3": (formula, gives + 1e-6)}
    made = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["A3"])
    assert made.comparisons[0].gives == pytest.approx(gives, abs=1e-12)
    assert made.comparisons[0].is_stale


@pytest.mark.parametrize("with_units", [False, True])
@pytest.mark.parametrize("formula", ["SQRT(-1)", "LN(0)", "1E300*1E300", "FLOOR(2.5,-2)*A1"])
def test_a_formula_of_literals_without_a_value_is_an_error_where_it_is_asked_for(
    tmp_path, formula, with_units
):
    cells = {"A1": 2, "A2": (formula, 1), "A3": ("IF(A1>1,A1,A2)", 2)}
    path = write_book(tmp_path / "m.xlsx", {"S": cells})
    assert import_workbook(path, ["A3"], with_units=with_units).comparisons[0].is_reproduced
    with pytest.raises(StudyError) as caught:
        import_workbook(path, ["A2"], with_units=with_units)
    said = "is 1 as stored, and #NUM! by its formula; choose another cell"
    assert [str(each) for each in caught.value.faults] == [f"{path}: S!A2: {said}"]


@pytest.mark.parametrize("with_units", [False, True])
def test_a_long_formula_that_is_always_an_error_is_told_by_its_cell(tmp_path, with_units):
    """By its cell, and not by the key of a study that is not written."""
    cells = {"A1": 2, "A2": (f"SQRT(-1{'-1' * 20})", 1), "A3": ("IF(A1>1,A1,A2)", 2)}
    path = write_book(tmp_path / "m.xlsx", {"S": cells})
    said = "is an error whatever the cells hold that it is calculated from; mend it in the workbook"
    for chosen in ("A2", "A3"):
        with pytest.raises(StudyError) as caught:
            import_workbook(path, [chosen], with_units=with_units)
        assert [str(each) for each in caught.value.faults] == [f"{path}: S!A2: {said}"]


def test_subtotals_count_no_subtotal_and_no_row_that_is_hidden(tmp_path):
    cells = {
        "A1": 2, "A2": 3, "A3": ("SUBTOTAL(9,A1:A2)", 5), "A4": ('IF("SUBTOTAL("="",0,4)', 4),
        "A5": ("SUBTOTAL(9,A1:A4)*10+SUBTOTAL(101,A1:A4)", 93), "B1": 1, "B2": ("SUBTOTAL(12,B1:B1)", 1),
    }  # fmt: skip
    path = write_book(tmp_path / "m.xlsx", {"S": cells})
    assert all(each.is_reproduced for each in import_workbook(path, ["A5"]).comparisons)
    with pytest.raises(StudyError, match="SUBTOTAL for its function 12, which does not exist"):
        import_workbook(path, ["B2"])
    book = openpyxl.load_workbook(path)
    book["S"].row_dimensions[2].hidden = True
    book.save(path)
    with pytest.raises(StudyError, match="leaves out rows that are hidden now"):
        import_workbook(path, ["A5"])


@pytest.mark.parametrize(
    ("cells", "chosen", "faults", "treated"),
    [
        (
            {"B1": ("OFFSET(A1,0,0)", 2), "B2": ("OFFSET(A1,0,0)", 2)},
            ["B1", "B2"],
            {"B1": "choose another cell", "B2": "choose another cell"},
            None,
        ),
        (
            {**{f"B{n}": ("OFFSET(A1,0,0)", 2) for n in (1, 2, 3)}, "C1": ("B2+B3", 4)},
            ["B1", "C1"],
            {
                "B1": "choose another cell",
                "B2:B3": '--treat "S!B2:B3=input" takes the stored values as inputs',
            },
            None,
        ),
        (
            {"B1": ("OFFSET(A1,0,0)", "x"), "B2": ("OFFSET(A1,0,0)", 2), "C1": ("B1+B2", 4)},
            ["C1"],
            {
                "B1": "S!B1 has no number stored that could be an input; write one there in the workbook, "
                "or choose another cell",
                "B2": '--treat "S!B2=input" takes its stored value as an input',
            },
            None,
        ),
        (
            {"B1": ("OFFSET(A1,0,0)", 2), "B2": ("OFFSET(A1,0,0)", 2), "C1": ("B1+B2", 4)},
            ["C1"],
            {"B1:B2": '--treat "S!B1:B2=input" takes the stored values as inputs'},
            "S!B1:B2=input",
        ),
        ({"B1": ("C1+1", 1), "C1": ("B1", 1)}, ["B1"], {"B1": '--treat "S!C1=input"'}, "S!C1=input"),
        ({"B1": ("B1+1", 1)}, ["B1"], {"B1": "choose another cell"}, None),
        ({"B1": ("C1+1", 1), "C1": ("B1", 1)}, ["B1", "C1"], {"B1": "choose another cell"}, None),
    ],
)  # fmt: skip
def test_what_is_advised_is_accepted(tmp_path, cells, chosen, faults, treated):
    path = write_book(tmp_path / "m.xlsx", {"S": {"A1": 2, **cells}})
    with pytest.raises(StudyError) as caught:
        import_workbook(path, chosen)
    told = {fault.key: str(fault) for fault in caught.value.faults}
    assert told.keys() == {f"S!{cell}" for cell in faults}
    assert all(advice in told[f"S!{cell}"] for cell, advice in faults.items())
    if treated:
        assert import_workbook(path, chosen, [treated]).text


def test_a_literal_division_by_0_is_an_error_where_it_is_chosen_alone(tmp_path):
    cells = {
        "A1": 2, "A2": ("5/0", "#DIV/0!"), "A3": ("IF(A1>1,A1,A2)", 2), "A4": ("A2+A1", "#DIV/0!"),
        "A5": ("IF(A1>1,5/0,1)", "#DIV/0!"), "A6": ("IFERROR(5/0,A1)", 2),
    }  # fmt: skip
    path = write_book(tmp_path / "m.xlsx", {"S": cells})
    assert import_workbook(path, ["A3", "A6"]).comparisons
    mend = f"{path}: S!A2: is the error #DIV/0!; mend it in the workbook"
    always = f"{path}: S!A5: is #DIV/0! as stored, and an error by its formula; choose another cell"
    for chosen, said in (("A2", mend), ("A4", mend), ("A5", always)):
        with pytest.raises(StudyError) as caught:
            import_workbook(path, [chosen])
        assert [str(each) for each in caught.value.faults] == [said]


def test_a_chosen_cell_without_translation_is_not_advised_to_be_an_input(tmp_path):
    cells = {"A1": 2, "A2": ("OFFSET(A1,0,0)", 2), "A3": ("A2*2", 4)}
    book = write_book(tmp_path / "m.xlsx", {"S": cells})
    with pytest.raises(StudyError, match=r"S!A2: .*; choose another cell"):
        import_workbook(book, ["S!A2"])
    with pytest.raises(StudyError, match=r'S!A2: .*; --treat "S!A2=input" takes'):
        import_workbook(book, ["S!A3"])


def test_a_text_that_a_formula_takes_for_a_number_is_no_error_of_the_cell(tmp_path):
    cells = {"A1": "1,000", "A2": ("A1+0", 1000), "A3": ('VALUE("1,234")', 1234)}
    book = write_book(tmp_path / "m.xlsx", {"S": cells})
    with pytest.raises(StudyError, match='S!A2: needs a number of the text "1,000" of S!A1, which each'):
        import_workbook(book, ["S!A2"])
    with pytest.raises(StudyError, match='S!A3: needs a number of the text "1,234", which each language'):
        import_workbook(book, ["S!A3"])


def test_a_text_that_is_no_number_in_any_language_is_told_where_it_stands(tmp_path):
    book = write_book(tmp_path / "m.xlsx", {"S": {"A1": "two", "A2": ("A1+0", 2)}})
    with pytest.raises(StudyError, match='S!A1: holds the text "two", and a formula needs a number of it'):
        import_workbook(book, ["S!A2"])


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("Yeers!B4", 'no sheet "Yeers"; did you mean "Years"'),
        ("B4", 'the sheet too, such as "Assumptions!B4"'),
        ("Years!B4:B5", "expected one cell"),
        ("gas_shore", 'did you mean "gas_share"'),
    ],
)
def test_a_cell_that_does_not_exist_is_refused_with_the_nearest(heat, cell, said):
    with pytest.raises(SettingError, match=said):
        import_workbook(heat, [cell])


@pytest.mark.parametrize("ending", ["ods", "xlsm", "xls", "csv"])
def test_another_kind_of_spreadsheet_is_told_what_to_save_it_as(tmp_path, ending):
    path = tmp_path / f"model.{ending}"
    path.write_text("=A1")
    with pytest.raises(StudyError, match=r"\.xlsx"):
        import_workbook(path, ["A1"])


def test_a_chain_of_many_cells_and_a_long_formula_need_no_recursion(tmp_path):
    cells = {"A1": 1, **{f"A{n}": (f"A{n - 1}+1", n) for n in range(2, 300)}}
    cells["B1"] = ("A1" + "+A1" * 1_000, 1_001)
    made = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["S!A299", "S!B1"])
    assert all(each.is_reproduced for each in made.comparisons)


UNITS = {
    "S": {
        "A1": "What", "B1": "Value", "C1": "Unit",
        "A2": "Distance", "B2": 12, "C2": "km/trip",
        "A3": "Use", "B3": 6.5, "C3": "l/km",
        "A4": "Share", "B4": 6, "C4": "%",
        "A5": "Rate", "B5": 250, "C5": "kr.-2/m",
        "A6": "Fuel", "B6": ("B2*B3*B4/100", 4.68), "C6": "l/trip",
        "A7": "Shown", "B7": ("ROUND(B6*B5,0)", 1170),
    }
}  # fmt: skip


def test_without_units_every_quantity_is_pure_and_labels_say_the_unit(tmp_path):
    study = study_of(tmp_path, import_workbook(write_book(tmp_path / "m.xlsx", UNITS), ["S!B6"]))
    assert {item.unit.text for item in study.inputs.values()} == {"1"}
    assert study.inputs["distance"].label == "Distance (km/trip)"
    assert study.inputs["share"].label == "Share (%)"


def test_with_units_headings_become_units_and_the_stored_values_still_come_out(tmp_path):
    made = import_workbook(write_book(tmp_path / "m.xlsx", UNITS), ["S!B6", "S!B7"], with_units=True)
    study = study_of(tmp_path, made)
    assert {name: item.unit.text for name, item in study.inputs.items()} == {
        "distance": "km/trip", "use": "l/km", "share": "%", "rate": "1",
    }  # fmt: skip
    assert study.counting_units == ("trip",)
    assert study.outputs["fuel"].unit.text == "l/trip"
    assert all(row.status == "reproduced" for row in reproduce(study).figures.values())
    assert made.notes == ('Units that are unknown, whose cells stay pure numbers: "kr.-2/m" (S!B5).',)


def test_with_units_a_study_that_does_not_give_every_stored_value_is_refused(tmp_path):
    cells = {**UNITS["S"], "B6": ("B2*B3*B4/100", 4.7)}
    book = write_book(tmp_path / "m.xlsx", {"S": cells})
    with pytest.raises(StudyError) as caught:
        import_workbook(book, ["S!B6"], with_units=True)
    assert str(caught.value) == (
        f"{book}: S!B6: 4.7 l/trip is stored, and the study gives 4.68; "
        "without --units it is made all the same"
    )


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("MIN(9,IF(A1>2,CHOOSE(A1,7,8),5))", 5),  # CHOOSE fails only where it is not asked
        ("AND(IF(A1>2,CHOOSE(A1,7,8),5)>4,TRUE)", True),
        ("NPV(0.1,IF(A1>2,CHOOSE(A1,7,8),5.5))", 5),
        ("SUMPRODUCT(A1:A1,IF(A1>2,CHOOSE(A1,7,8),5))", 10),
        ("COUNT(A1,1/0)", 1),
        ("INDEX(A1:B1,1+0)", 2),
        ("IF(A1>1,5,SQRT(-1))", 5),
        ("IF(A1>1,5,LN(1-1)*A1)", 5),
        ("IFERROR(IF(A1>3,5,LOG(4,1)),7)", 7),
    ],
)
def test_an_error_that_lies_beside_the_way_spoils_nothing(tmp_path, formula, value):
    book = write_book(tmp_path / "m.xlsx", {"S": {"A1": 2, "B1": 3, "C1": (formula, value)}})
    assert [each.is_reproduced for each in import_workbook(book, ["C1"]).comparisons] == [True]


def test_a_lookup_that_cannot_be_relied_on_is_refused(tmp_path):
    cells = {"A1": 5, "A2": 3, "A3": 9, "B1": 1, "B2": 2, "B3": 3, "C1": ("VLOOKUP(4,A1:B3,2)", 2)}
    with pytest.raises(StudyError, match="nearest of keys that are not in order"):
        import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["C1"])


def test_a_workbook_of_formulas_in_place_of_a_study_is_told_what_makes_one(heat):
    with pytest.raises(StudyError) as refused:
        un.load_study(heat)
    (fault,) = refused.value.faults
    assert f"uncertainty new study.toml --from {heat} --cell 'Years!B9'" in fault.message
    assert import_workbook(heat, ["Years!B9"]).text


@pytest.mark.parametrize("ending", ["ods", "xlsm", "xlsb"])
def test_another_kind_of_spreadsheet_is_no_study(tmp_path, ending):
    (tmp_path / f"m.{ending}").write_bytes(b"PK")
    with pytest.raises(StudyError, match=r"save it as an Excel workbook \(\.xlsx\)"):
        un.load_study(tmp_path / f"m.{ending}")


def test_outputs_with_one_label_keep_apart(tmp_path):
    sheets = {
        "A": {"A1": "Total", "B1": ("ROUND(C1*2,0)", 5), "C1": 2.4},
        "B": {"A1": "Total", "B1": ("ROUND(C1*3,0)", 11), "C1": 3.5},
        "C": {"A1": "Total", "B1": ("A!C1+B!C1", 5.9)},
    }
    made = import_workbook(write_book(tmp_path / "m.xlsx", sheets), ["A!B1", "B!B1", "C!B1"])
    found = reproduce(study_of(tmp_path, made)).figures
    assert [row.status for row in found.values()] == ["reproduced"] * 3
    assert sorted(row.published for row in found.values()) == [5, 5.9, 11]


def test_an_output_that_shows_another_of_its_name_says_so(tmp_path):
    cells = {
        "A1": "Part",
        "B1": 2.4,
        "A2": "Total",
        "B2": ("B1*2+1", 5.8),
        "A3": "Total",
        "B3": ("ROUND(B2,0)", 6),
    }
    path = write_book(tmp_path / "m.xlsx", {"S": cells})
    assert [*study_of(tmp_path, import_workbook(path, ["B2", "B3"])).outputs] == ["total", "total_shown"]
    assert [*study_of(tmp_path, import_workbook(path, ["B3"])).outputs] == ["total"]


def test_a_range_may_have_as_many_cells_as_one_formula_reads(tmp_path, monkeypatch):
    monkeypatch.setattr("uncertainty.workbooks.translation.MOST_CELLS", 4)
    cells = {f"{column}{row}": row for column in "CD" for row in (3, 4, 5)}
    cells |= {
        "F1": ("SUMPRODUCT(C3:D4,C3:D4)", 50),
        "F2": ("SUM(C3:D4)", 14),
        "F3": ("SUMPRODUCT(C3:D5,C3:D5)", 1),
    }
    path = write_book(tmp_path / "f.xlsx", {"S": cells})
    assert import_workbook(path, ["F1", "F2"]).text
    with pytest.raises(StudyError, match="reads more than 4 cells, S!C3:D5"):
        import_workbook(path, ["F3"])


def test_a_cell_with_too_much_upstream_is_told_with_its_file(tmp_path, monkeypatch):
    monkeypatch.setattr("uncertainty.workbooks.upstream.MOST_VISITED", 1)
    cells = {"A1": 1, "B1": ("A1+1", 2), "C1": ("SUM(A1:B1)+B1", 5)}
    path = write_book(tmp_path / "f.xlsx", {"S": cells})
    with pytest.raises(StudyError) as caught:
        import_workbook(path, ["S!C1"])
    assert str(caught.value) == f"{path}: refers to more than 1 cells upstream"
    # every reference counts once, each time that it is followed
    cells = {"A1": ("2+1", 3), "A2": ("A1+1", 4), "A3": ("A1+A2", 7), "A4": ("A3+A3", 14)}
    path = write_book(tmp_path / "f.xlsx", {"S": cells})
    monkeypatch.setattr("uncertainty.workbooks.upstream.MOST_VISITED", 5)
    assert import_workbook(path, ["S!A4"]).text
    monkeypatch.setattr("uncertainty.workbooks.upstream.MOST_VISITED", 4)
    with pytest.raises(StudyError, match="refers to more than 4 cells upstream"):
        import_workbook(path, ["S!A4"])


def test_what_is_wrong_with_the_study_itself_is_told_with_its_key(tmp_path, monkeypatch):
    def refuse(content, path):
        raise StudyError(Fault("is too much", "inputs", "elsewhere", "less"))

    monkeypatch.setattr("uncertainty.workbooks.importing.read_study", refuse)
    path = write_book(tmp_path / "f.xlsx", {"S": {"A1": 1, "B1": ("A1+1", 2)}})
    with pytest.raises(StudyError) as caught:
        import_workbook(path, ["B1"])
    assert caught.value.faults == (Fault("is too much", "inputs", str(path), "less"),)


@pytest.mark.parametrize(
    ("formula", "bound", "said"),
    [
        ("SUM(A1:A4)", "MOST_CELLS", "reads more than 3 cells, S!A1:A4"),
        ("SUMPRODUCT(A1:A4)", "MOST_CELLS", "reads more than 3 cells, S!A1:A4"),
        ("SUM(A1:A4)", "MOST_READ", "is one of many that read more than 3 cells together"),
    ],
)
def test_a_formula_that_reads_too_many_cells_is_told(tmp_path, monkeypatch, formula, bound, said):
    monkeypatch.setattr(f"uncertainty.workbooks.translation.{bound}", 3)
    cells = {**{f"A{n}": n for n in range(1, 5)}, "B1": (formula, 10), "B2": ("SUM(A1:A3)", 6)}
    path = write_book(tmp_path / "f.xlsx", {"S": cells})
    with pytest.raises(StudyError, match=re.escape(f": S!B1: {said}; choose another cell")):
        import_workbook(path, ["B1"])
    if bound == "MOST_CELLS":
        assert import_workbook(path, ["B2"]).text


def test_unknown_units_are_told_in_headings_as_in_a_column_of_units(tmp_path):
    units = [
        "kt",
        "k€",
        "T",
        "1000 t",
        "wt%",
        "EUR 2020",
        "kWh/(m² a)",
        "estimated",
        "t",
        "persons",
        "person",
        "y",
    ]
    cells = {"A1": "Item", "B1": "Value", "C1": "Unit"}
    for n, unit in enumerate(units, 2):
        cells |= {f"A{n}": f"part {n}", f"B{n}": n, f"C{n}": unit if unit != "estimated" else "kg"}
        cells |= {f"A{n + 20}": f"other {n} ({unit})", f"B{n + 20}": n}
    last = len(units) + 1
    total = 2 * sum(range(2, last + 1))
    cells |= {"A50": "All", "B50": (f"SUM(B2:B{last})+SUM(B22:B{last + 20})", total)}
    made = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["S!B50"], with_units=True)
    unknown = ["kt", "k€", "T", "1000 t", "wt%", "EUR 2020", "y"]
    told = [f'"{unit}" (S!B{n}, S!B{n + 20})' for n, unit in enumerate(units, 2) if unit in unknown]
    assert f"Units that are unknown, whose cells stay pure numbers: {', '.join(told)}." in made.notes
    (tmp_path / "m.toml").write_text(made.text, encoding="utf-8")
    assert un.load_study(tmp_path / "m.toml").counting_units == ("person",)


def test_of_many_unknown_units_the_rest_is_counted(tmp_path):
    cells = {"A1": "Item", "B1": "Value", "C1": "Unit", "A50": "All", "B50": ("SUM(B2:B24)", 299)}
    cells |= {f"A{n}": f"part {n}" for n in range(2, 25)} | {f"B{n}": n for n in range(2, 25)}
    cells |= {f"C{n}": f"{n}00 t/km" for n in range(2, 25)}
    made = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["S!B50"], with_units=True)
    (told,) = (each for each in made.notes if each.startswith("Units that are unknown"))
    assert told.endswith('"2100 t/km" (S!B21) and 3 more.')


@pytest.mark.parametrize(
    ("given", "recalculated", "same"),
    [
        (1 + 1e-10, 1.0, True),
        (1 + 1e-8, 1.0, False),
        (0.0, 0.0, True),
        (1e-13, 0.0, False),
        (2e9, 2e9 + 1, True),
    ],
)
def test_a_study_with_indices_gives_what_each_formula_gives(given, recalculated, same):
    def selection(shown):
        calculated = [Comparison(cell, 5.0, 5.0, recalculated) for cell in ("S!A1", "S!A2")]
        return SimpleNamespace(calculated=calculated, headings=SimpleNamespace(shown=shown))

    plain, percent = selection(lambda _, stored: stored), selection(lambda _, stored: stored * 100)
    assert importing._is_the_same(plain, {"S!A1": given}) is same
    assert importing._is_the_same(plain, {"S!A1": recalculated, "S!A2": given}) is same
    if recalculated:
        assert importing._is_the_same(percent, {"S!A2": given * 100}) is same
        assert not importing._is_the_same(percent, {"S!A2": given})
    assert importing._is_the_same(plain, {})


def test_a_fault_of_a_study_is_told_by_the_cell_that_its_key_is_of():
    cells = {"equations.a": "S!A1", "outputs.b": "S!B1"}

    def told(message, key):
        return importing._of_workbook(Fault(message, key, "made.toml", "more"), cells, "book.xlsx")

    assert told("is bad", "equations.a") == Fault("is bad", "S!A1", "book.xlsx", "more")
    assert told("is bad", "outputs.b.value") == Fault("is bad", "S!B1", "book.xlsx", "more")
    assert told("is bad", "equations.ab") == Fault("is bad", "equations.ab", "book.xlsx", "more")
    always = "is an error whatever the cells hold that it is calculated from; mend it in the workbook"
    assert told("is not a finite number", "equations.a") == Fault(always, "S!A1", "book.xlsx")
    assert told("is not a finite number", "inputs.x") == Fault(
        "is not a finite number", "inputs.x", "book.xlsx", "more"
    )


def test_a_study_is_called_by_its_workbook(tmp_path):
    for name, title in (("\x07 \x07.xlsx", "Workbook"), ("\x07 a\x07b.xlsx", "ab")):
        path = write_book(tmp_path / name, {"S": {"A1": 1, "B1": ("A1+1", 2)}})
        assert study_of(tmp_path, import_workbook(path, ["B1"])).title == title


def test_a_value_that_rests_on_rounded_ones_is_not_said_to_rest_on_stale_ones(tmp_path):
    cells = {"A1": 3.7037, "A2": ("A1/3", 1.23457), "A3": ("A2*1000-1234", 0.57)}
    made = import_workbook(write_book(tmp_path / "m.xlsx", {"S": cells}), ["A3"])
    assert "The stored value does not come out when all is calculated anew: 0.566666666667." in made.text
    told = "Cells that are other numbers when all is calculated anew: S!A3."
    assert made.remarks(every=False) == ("Chosen cells whose stored values come out: 0 of 1.", told)
