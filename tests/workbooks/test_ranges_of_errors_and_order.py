"""Ranges whose cells may be errors, whose keys are in no order, or of which one line is chosen."""

import math

import pytest
from book_files import SOFFICE, make_book, recalculated, write_book
from test_decisions import made_of, studied

from uncertainty.errors import StudyError
from uncertainty.workbooks.cells import read_book
from uncertainty.workbooks.importing import import_workbook
from uncertainty.workbooks.upstream import find_cell

NOT_IN_ORDER = "looks for the nearest of keys that are not in order; choose another cell"
KEYS = {
    **{f"G{n}": x for n, x in enumerate((7, 0.25, 31), 1)},
    **{f"H{n}": (f"G{n}*2", x) for n, x in enumerate((14, 0.5, 62), 1)},
    **{f"I{n}": x for n, x in enumerate("cab", 1)},
}


@pytest.mark.parametrize(
    "formula",
    [
        "MATCH(3,H1:H3,1)", "MATCH(3,H1:H3,-1)", "VLOOKUP(3,H1:I3,1)", "LOOKUP(G1,H1:H3)",
        "HLOOKUP(3,G1:H2,2)", "LOOKUP(3,H1:H3*1,G1:G3)", "_xlfn.XMATCH(3,H1:H3,-1)", 'MATCH("b",I1:I3,1)',
        'MATCH("b",I1:I3,-1)',
        'LOOKUP("b",I1:I3,G1:G3)', 'MATCH("a",I1:I3)',
    ],
)  # fmt: skip
def test_the_nearest_of_keys_that_are_not_in_order_is_not_looked_for(tmp_path, formula):
    # calculated keys are refused by what is stored, as constant ones are, and texts as numbers
    cells = {"A1": (formula, 2), **KEYS, "G2": 0.25, "H1": ("G1*2", 14) if "H1:H" in formula else ("G1*2", 1)}
    with pytest.raises(StudyError) as error:
        import_workbook(write_book(tmp_path / "m.xlsx", {"M": cells}), ["A1"])
    assert NOT_IN_ORDER in str(error.value)


def test_calculated_keys_in_order_find_the_nearest_also_where_nothing_is_stored(tmp_path):
    stored = {f"G{n}": n for n in (1, 2, 3)} | {f"H{n}": (f"G{n}*2", 2 * n) for n in (1, 2, 3)}
    unsaved = stored | {f"H{n}": (f"G{n}*2", None) for n in (1, 2, 3)}
    texts = stored | {"H2": ('IF(G2>1,"",G2)', "")}
    for cells, found in ((stored, 2), (unsaved, 2), (texts, 1)):
        _, given, _ = made_of(tmp_path, cells | {"A1": ("MATCH(5,H1:H3,1)", found)}, "A1")
        assert given() == [found]
    with pytest.raises(StudyError, match="not in order"):
        made_of(tmp_path, unsaved | {"G2": 9, "A1": ("MATCH(5,H1:H3,1)", 1)}, "A1")


def test_the_last_of_all_is_found_whatever_their_order(tmp_path):
    formulas = {
        "A1": ("LOOKUP(9.99E+307,H1:H3)", 62), "A2": ("MATCH(1E+306,G1:G3)", 3),
        "A3": ('LOOKUP("zz",I1:I3,G1:G3)', 31),
    }  # fmt: skip
    _, given, _ = made_of(tmp_path, KEYS | formulas, *formulas)
    assert given(G3=1) == [2, 3, 1]


def test_the_next_text_is_the_first_that_is_not_below(tmp_path):
    words = {f"I{n}": x for n, x in enumerate("acd", 1)}
    _, given, _ = made_of(tmp_path, {**words, "A1": ('_xlfn.XMATCH("b",I1:I3,1)', 2)}, "A1")
    assert given() == [2]


def test_a_whole_line_alone_is_the_cell_beside_the_formula(tmp_path):
    line = "INDEX(G1:H3,0,2)"
    inside = {
        "A2": (line, 0.5), "B2": (f"{line}*3", 1.5), "C3": (f"IF(G1>1,{line},0)", 62),
        "G9": ("INDEX(G1:H3,2,0)", 0.25), "A9": (f"SUM({line})", 76.5), "B9": (f"SUMPRODUCT({line}*2)", 153),
    }  # fmt: skip
    _, given, _ = made_of(tmp_path, KEYS | inside, *inside)
    assert given() == [each[1] for each in inside.values()]
    for formula in (line, f"{line}*2", f"ABS({line})", f"SUM({line}*2)", "INDEX(G1:H3,2,0)"):
        with pytest.raises(StudyError, match=r"uses the range M!(H1:H3|G2:H2) as one number"):
            made_of(tmp_path, KEYS | {"A125": (formula, "#VALUE!")}, "A125")


def test_cells_that_may_be_errors_are_added_where_they_are_none(tmp_path):
    cells = {
        "G1": 4, "G2": 5, "G3": 6, "I1": "a", "I2": "b", "I3": "a",
        **{f"J{n}": (f"IF(G{n}>1,2*G{n},NA())", 2 * x) for n, x in ((1, 4), (2, 5), (3, 6))},
        "A1": ('SUMIF(I1:I3,"a",J1:J3)', 20), "A2": ('AVERAGEIF(I1:I3,"a",J1:J3)', 10),
        "A3": ('SUMIFS(J1:J3,I1:I3,"a",G1:G3,">4")', 12), "A4": ('AVERAGEIFS(J1:J3,I1:I3,"a")', 10),
        "A5": ('_xlfn.MAXIFS(J1:J3,I1:I3,"a")', 12), "A6": ('_xlfn.MINIFS(J1:J3,I1:I3,"a")', 8),
        "A7": ('COUNTIF(J1:J3,">8")', 2), "A8": ('SUMIF(J1:J3,">8")', 22),
    }  # fmt: skip
    alone = {f"A{n}": made_of(tmp_path, cells, f"A{n}")[1] for n in range(1, 9)}
    assert [given()[0] for given in alone.values()] == [20, 10, 12, 10, 12, 8, 2, 22]
    # an error that is not asked for does not count, and one that is spoils the result
    assert [given(G2=0)[0] for given in alone.values()] == [20, 10, 12, 10, 12, 8, 1, 12]
    spoilt = [given(G1=0)[0] for name, given in alone.items() if name in ("A1", "A2", "A4", "A5", "A6")]
    assert all(map(math.isnan, spoilt))
    assert [alone[name](G1=0)[0] for name in ("A3", "A7", "A8")] == [12, 2, 22]


def test_functions_over_a_cell_without_a_translation_name_it(tmp_path):
    cells = {"G1": 4, "G2": ("OFFSET(G1,0,0)", 4), "I1": "a", "I2": "a"}
    for formula in ('SUMIF(I1:I2,"a",G1:G2)', 'SUMIF(G1:G2,">3")', 'COUNTIF(G1:G2,">3")', 'COUNTIF(G1:G1,G2)',
                    '_xlfn.MAXIFS(G1:G2,I1:I2,"a")', "SUMIFS(G1:G1,G2:G2,4)", "XNPV(0.1,G1:G2,{7,9})",
                    "XNPV(0.1,{7,9},G1:G2)", "NPV(0.1,G1:G2)"):  # fmt: skip
        path = write_book(tmp_path / "m.xlsx", {"M": cells | {"A1": (formula, 8)}})
        with pytest.raises(StudyError, match=r'M!G2: OFFSET has no translation; --treat "M!G2=input"'):
            import_workbook(path, ["A1"])
        import_workbook(path, ["A1"], ["M!G2=input"])


@pytest.mark.parametrize(
    ("formula", "stored", "moved"),
    [
        ("SUM(IF(B1=3,G1:G3,H1:H3))", 38.25, 76.5),
        ("AVERAGE(CHOOSE(B1,G1:G3,H1:H2,G1:G1))", 7, 7.25),
        ("SUM(IF(B1=3,G1:G3,5))", 38.25, 5),
        ("SUM(IF(B1=3,G1:G3))", 38.25, 0),
        ("MAX(IF(B1=3,IF(B1>5,G1:G2,G2:G3),H1:H3),2)", 31, 62),
        ('COUNT(IF(B1=3,G1:G3,""))', 3, 0),
        ('COUNTA(IF(B1=3,G1:G3,"x"))', 3, 1),
        ("LARGE(IF(B1=3,G1:G3,H1:H3),2)", 7, 14),
        ("SUM(_xlfn.SWITCH(B1,3,G1:G3,2,H1:H3,G1:G2))", 38.25, 76.5),
        ("SUM(_xlfn.IFS(B1=3,G1:G3,B1=2,H1:H3))", 38.25, 76.5),
        ('SUM(IF(B1=3,G1:G3,""))', 38.25, math.nan),
    ],
)
@pytest.mark.parametrize("cell", ["A2", "A9"])
def test_all_cells_of_a_range_that_is_chosen_count(tmp_path, formula, stored, moved, cell):
    # in a row of the range as below it
    _, given, _ = made_of(tmp_path, {"B1": 3, **KEYS, cell: (formula, stored)}, cell)
    assert given() == [stored]
    assert given(B1=2) == pytest.approx([moved], nan_ok=True)


DATA = {
    "B1": 3, "B2": 4,
    **{f"P{n}": x for n, x in enumerate((0, 1, 5, 20), 1)}, **{f"Q{n}": n for n in range(1, 5)},
    **{f"G{n}": x for n, x in enumerate((7, 0.25, 1.3, 31, 3.6, 0.12), 1)},
    **{f"H{n}": f"=G{n}*1.5" for n in range(1, 7)}, **{f"I{n}": "ab"[n % 2] for n in range(1, 7)},
    **{f"J{n}": f"=IF(G{n}>0.2,G{n},NA())" for n in range(1, 6)}, "J6": "=G6+1",
    **{f"L{n}": f"=IF(G{n}=0,NA(),B2/G{n})" for n in range(1, 7)},
    **{f"M{n}": f"=VLOOKUP(G{n},$P$1:$Q$4,2,TRUE)*G{n}" for n in range(1, 7)},
}  # fmt: skip
CALCULATED = [
    'SUMIF(I1:I6,"a",J1:J6)', 'SUMIF(I1:I6,"b",L1:L6)', 'SUMIF(I1:I6,"a",M1:M6)',
    'AVERAGEIF(I1:I6,"a",M1:M6)',
    'AVERAGEIFS(M1:M6,I1:I6,"a",G1:G6,"<30")', 'SUMIFS(M1:M6,I1:I6,"b",G1:G6,">1")', 'SUMIF(M1:M6,">2")',
    'COUNTIFS(M1:M6,">2",I1:I6,"a")', 'COUNTIF(J1:J6,">2")', 'SUMIF(J1:J6,"<5",G1:G6)', "INDEX(G1:H6,0,2)",
    "INDEX(G1:H6,0,2)*2", "IF(B1=3,INDEX(G1:H6,0,2),0)", "SUM(IF(B1=3,G1:G6,H1:H6))",
    "AVERAGE(CHOOSE(B1,G1:G6,H1:H3,L1:L6))", "MAX(IF(B1=3,IF(B2>5,G1:G2,G3:G4),H1:H6),2)",
    'COUNTA(IF(B1=3,G1:G6,"x"))', "LOOKUP(9.99E+307,H1:H6)", "SUM(IF(B1=3,G1:G6))",
]  # fmt: skip
MOVED = {"B1": 2, "B2": 9, "G1": 6.5, "G3": 2.2, "G5": 0.5}


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_what_is_chosen_and_added_is_what_libreoffice_gives(tmp_path):
    places = {f"{'TUVWX'[n % 5]}{n // 5 + 1}": text for n, text in enumerate(CALCULATED)}
    cells = {**DATA, **{cell: f"={text}" for cell, text in places.items()}}
    paths = [make_book(tmp_path / f"{n}.xlsx", {"M": cells | more}) for n, more in enumerate(({}, MOVED))]
    stored, moved = map(read_book, recalculated(tmp_path, *paths))
    for cell, text in places.items():
        path = tmp_path / "calculated" / "0.xlsx"
        made = import_workbook(path, [f"M!{cell}"], with_indices=False)
        _, given, _ = studied(tmp_path, made)
        for book, points in ((stored, {}), (moved, MOVED)):
            wanted = book.cell(find_cell(book, f"M!{cell}")).value
            assert given(**points) == pytest.approx([wanted]), (cell, text, points)


def test_a_range_alone_is_its_cell_beside_the_formula_on_whichever_sheet_it_lies(tmp_path):
    other = {"B1": 3, "C1": 5, "D1": 8, "A5": 2, "A6": 4}
    formulas = {
        "C4": ("Other!B1:D1*10", 50), "D4": ("B1:D1*10", 70),
        "B5": ("Other!A5:A6+1", 3), "B6": ("A5:A6+1", 10),
    }  # fmt: skip
    own = {"B1": 1, "C1": 6, "D1": 7, "A5": 8, "A6": 9}
    book = write_book(tmp_path / "m.xlsx", {"M": own | formulas, "Other": other})
    made = import_workbook(book, [f"M!{each}" for each in formulas])
    assert [each.recalculated for each in made.comparisons] == [50, 70, 3, 10]
