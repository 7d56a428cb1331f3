"""A spreadsheet's formula is read with the spreadsheet's precedence, within its bounds."""

import pytest

from uncertainty.errors import InvalidValue
from uncertainty.workbooks.formulas import Apply, Area, Failure, Literal, Named, Structured, parse_formula

TWO, THREE = Literal(2.0), Literal(3.0)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("=-2^2", Apply("^", (Apply("NEGATIVE", (TWO,)), TWO))),
        ("=2^3^2", Apply("^", (Apply("^", (TWO, THREE)), TWO))),
        ("=2^-3", Apply("^", (TWO, Apply("NEGATIVE", (THREE,))))),
        ("=2*3%", Apply("*", (TWO, Apply("%", (THREE,))))),
        ("=+2", TWO),
        ('="a""b"', Literal('a"b')),
        ("=#N/A", Literal(Failure("#N/A"))),
        ("=ABS(TRUE)", Apply("ABS", (Literal(True),))),
        ("=_xlfn.IFNA(2,)", Apply("IFNA", (TWO, Literal(None)))),
        ("=$B$2", Area("", 2, 2, 2, 2)),
        ("='My ''own'''!B2:C3", Area("My 'own'", 2, 2, 3, 3)),
        ("=Calc!B:C", Area("Calc", 1, 2, 2**20, 3)),
        ("=rate", Named("rate")),
        ("=Sales[[#This Row],[Net [kg]]]", Structured("Sales", "[#This Row],[Net [kg]]")),
    ],
)
def test_a_formula_is_read_as_a_spreadsheet_reads_it(text, tree):
    assert parse_formula(text) == tree


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("=" + "(" * 10**6 + "1" + ")" * 10**6, "at most 8,192 characters"),
        ("=" + "(" * 65 + "1" + ")" * 65, "at most 64 levels"),
        ("=[1]Sheet1!A1", "another workbook"),
        ("=cmd|'/c calc'!A0", "cannot be read"),
        ("=Jan:Dec!B2", "several sheets"),
        ("=A1 B2", "cannot be read"),
        ("=(A1,B2)", "joins ranges"),
        ("=SUM(1", "ends too early"),
        ("=1+", "ends too early"),
        ("=A1#", "cannot be read"),
    ],
)
def test_what_is_no_formula_is_refused_in_one_line(text, said):
    with pytest.raises(InvalidValue, match=said):
        parse_formula(text)


def test_a_chain_as_long_as_excel_allows_needs_no_recursion():
    assert isinstance(parse_formula("=1" + "+1" * 4_000), Apply)
    assert parse_formula("=" + "-" * 8_000 + "1") == Apply("NEGATIVE", (Apply("NEGATIVE", (Literal(1.0),)),))
