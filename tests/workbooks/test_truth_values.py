"""Truth values stay what they are where a cell may be an error, and are numbers where they count as these."""

import pytest
from book_files import SOFFICE, make_book, recalculated
from test_decisions import made_of, studied

from uncertainty.expressions.tree import Name
from uncertainty.workbooks.cells import read_book
from uncertainty.workbooks.importing import import_workbook
from uncertainty.workbooks.terms import Builder, Term, as_plain
from uncertainty.workbooks.upstream import find_cell

FLOWS = {
    "A1": 3, "A2": 2, **{f"{column}1": n for n, column in enumerate("BCDEFG", 1)},
    "B2": -5, "C2": "=$A$1^(C1-1)-4", "D2": "=8/$A$2-3", "E2": "=SQRT($A$2+2)*D1", "F2": "=LN($A$1)*F1",
    "G2": "=$A$1/($A$2-1.5)-1", "B3": -5, "C3": -1, "D3": 1, "E3": 6, "F3": 5, "G3": 5,
    **{f"{column}4": f"={column}2>0" for column in "BCDEFG"},
    **{f"{column}5": f'=IF({column}2>0,"yes","no")' for column in "BCDEFG"},
}  # fmt: skip
FOUND = [
    "MATCH(TRUE,INDEX(B2:G2>0,0),0)", "IFERROR(MATCH(TRUE,INDEX(B2:G2>0,0),0),99)",
    "INDEX(B1:G1,MATCH(TRUE,INDEX(B2:G2>0,0),0))*10", "IF(ISNUMBER(MATCH(TRUE,INDEX(B2:G2>0,0),0)),1,0)",
    "MATCH(FALSE,INDEX(B2:G2<0,0),0)", "MATCH(TRUE,INDEX(IF(B2:G2>0,TRUE,FALSE),0),0)",
    "MATCH(TRUE,INDEX(IFERROR(B2:G2>0,FALSE),0),0)", "MATCH(TRUE,INDEX((B2:G2>0)=TRUE,0),0)",
    "MATCH(FALSE,INDEX(ISERROR(B2:G2),0),0)", "MATCH(A1>2,INDEX(B2:G2>0,0),0)",
    "MATCH(A1/A2>1,INDEX(B2:G2>0,0),0)", "MATCH(TRUE,INDEX(SQRT(B3:G3)>2,0),0)",
    'MATCH("no",INDEX(IF(SQRT(B3:G3)>2,"yes","no"),0),0)', "MATCH(TRUE,B4:G4,0)", "COUNTIF(B4:G4,TRUE)",
    "SUMIF(B4:G4,FALSE,B3:G3)", 'COUNTIF(B5:G5,"yes")', "SUMPRODUCT((B4:G4=TRUE)*B3:G3)",
    "(HLOOKUP(TRUE,B4:G5,2,FALSE)=E5)*1", "MATCH(1,INDEX(--(B2:G2>0),0),0)",
    '(IFERROR(IF(SQRT(B3)>2,"yes","no"),"bad")="bad")*1', 'ISNUMBER(IF(SQRT(B3)>2,"yes",5))*1',
    "COUNT(INDEX(SQRT(B3:G3)>2,0),A1)", "IF(ISERROR(A1/A2)=FALSE,5,6)",
    "IF(N(A1>2)=1,5,6)", "IF(SUM(A1>2)=1,5,6)", "IF(MAX(A1>2)=1,5,6)", "IF(PRODUCT(A1>2)=1,5,6)",
]  # fmt: skip
MOVED = [{}, {"A1": 1.2, "A2": 4}, {"A1": 0.5, "A2": 3}, {"A1": 5, "A2": 1.6, "B3": 9}]
TOLD = "IFERROR(MATCH(TRUE,INDEX(B2:D2>0,0),0),99)"


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_what_truth_values_give_over_cells_that_may_be_errors_is_what_libreoffice_gives(tmp_path):
    places = {f"{'TUVWX'[n % 5]}{n // 5 + 10}": text for n, text in enumerate(FOUND)}
    cells = {**FLOWS, **{cell: f"={text}" for cell, text in places.items()}}
    paths = [make_book(tmp_path / f"{n}.xlsx", {"M": cells | more}) for n, more in enumerate(MOVED)]
    books = [read_book(path) for path in recalculated(tmp_path, *paths)]
    for cell, text in places.items():
        made = import_workbook(tmp_path / "calculated" / "0.xlsx", [f"M!{cell}"], with_indices=False)
        _, given, _ = studied(tmp_path, made)
        for book, points in zip(books, MOVED, strict=True):
            wanted = book.cell(find_cell(book, f"M!{cell}")).value
            assert given(**points) == pytest.approx([wanted]), (cell, text, points)


def test_the_first_year_in_which_a_discounted_sum_is_above_zero_is_found(tmp_path):
    # the second flow is 1/rate - 2: 0.5 at 0.4, and -1 at 1
    cells = {"A1": 0.4, "B2": -5, "C2": ("1/A1-2", 0.5), "D2": 3, "E1": (TOLD, 2)}
    _, given, _ = made_of(tmp_path, cells, "E1")
    assert given() == [2]
    assert given(A1=1) == [3]
    assert given(A1=1, D2=-1) == [99]


def test_a_truth_value_that_counts_as_a_number_equals_it(tmp_path):
    # 1 as a number does not equal TRUE: in Excel a truth value is above every number
    formulas = {
        "B1": ("IF(N(A1>2)=1,5,6)", 5), "B2": ("IF(SUM(A1>2)=1,5,6)", 5),
        "B3": ("IF((A1>2)=1,5,6)", 6), "B4": ("IF(ISERROR(1/A1)=FALSE,5,6)", 5),
    }  # fmt: skip
    _, given, _ = made_of(tmp_path, {"A1": 3, **formulas}, *formulas)
    assert given() == [5, 5, 6, 5]


def test_a_part_is_a_truth_value_where_what_it_names_is_one():
    build = Builder()
    above = build.apply("greater", Term(Name("x")), build.apply("add", Term(Name("y")), Term(Name("z"))))
    assert [build.named(each).logical for each in (as_plain(above), above)] == [False, True]
    assert not build.where(
        build.apply("less", Term(Name("x")), Term(Name("y"))), above, as_plain(above)
    ).logical
