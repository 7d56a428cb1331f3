"""A spreadsheet's formula is read with the spreadsheet's precedence, within its bounds."""

import pytest

from uncertainty.bounds import SHEET_COLUMNS, SHEET_ROWS
from uncertainty.errors import InvalidValue
from uncertainty.workbooks.formulas import (
    Apply,
    Area,
    Block,
    Failure,
    Literal,
    Named,
    Structured,
    column_number,
    nodes,
    parse_formula,
    reference,
)

ONE, TWO, THREE, FOUR = map(Literal, (1.0, 2.0, 3.0, 4.0))


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
        ("={1,2;3,4}", Block(((ONE, TWO), (THREE, FOUR)))),
        ("={1}", Block(((ONE,),))),
        ("=+-2", Apply("NEGATIVE", (TWO,))),
        ("=-+-2", Apply("NEGATIVE", (Apply("NEGATIVE", (TWO,)),))),
        ("=-2%", Apply("NEGATIVE", (Apply("%", (TWO,)),))),
        ("=2%%", Apply("%", (Apply("%", (TWO,)),))),
        ("=1-2-3", Apply("-", (Apply("-", (ONE, TWO)), THREE))),
        ("=1-2*3", Apply("-", (ONE, Apply("*", (TWO, THREE))))),
        ("=(1-2)*3", Apply("*", (Apply("-", (ONE, TWO)), THREE))),
        ("=1&2+3", Apply("&", (ONE, Apply("+", (TWO, THREE))))),
        ("=1<2&3", Apply("<", (ONE, Apply("&", (TWO, THREE))))),
        ("=1<=2=TRUE", Apply("=", (Apply("<=", (ONE, TWO)), Literal(True)))),
        ("=PI()", Apply("PI", ())),
        ("=sum(,1)", Apply("SUM", (Literal(None), ONE))),
        ("=_xlfn._xlws.SORT(1,2)", Apply("SORT", (ONE, TWO))),
        ("=_XlFn.ifna(1,@round(2))", Apply("IFNA", (ONE, Apply("ROUND", (TWO,))))),
        ("=@A1", Area("", 1, 1, 1, 1)),
        ("= 1 + 2 ", Apply("+", (ONE, TWO))),
        ("=FALSE", Literal(False)),
        ("=sum(1,,2)", Apply("SUM", (ONE, Literal(None), TWO))),
        ("={1;2}", Block(((ONE,), (TWO,)))),
        ('="' + "x" * 8_189 + '"', Literal("x" * 8_189)),
        ("=S!A1+T!A1", Apply("+", (Area("S", 1, 1, 1, 1), Area("T", 1, 1, 1, 1)))),
        ("=(1)", ONE),
        ("=1%^2", Apply("^", (Apply("%", (ONE,)), TWO))),
        ("=1<>2", Apply("<>", (ONE, TWO))),
        ("=1>=2", Apply(">=", (ONE, TWO))),
        ("=4/2*3", Apply("*", (Apply("/", (FOUR, TWO)), THREE))),
        ("=2*3^4", Apply("*", (TWO, Apply("^", (THREE, FOUR))))),
    ],
)
def test_a_formula_is_read_as_a_spreadsheet_reads_it(text, tree):
    assert parse_formula(text) == tree


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("=" + "(" * 10**6, "a formula has at most 8,192 characters, this one has 1,000,001"),
        ("=" + "(" * 65 + "1" + ")" * 65, "a formula nests at most 64 levels deep, this one is deeper"),
        ("=" + "{" * 65, "a formula nests at most 64 levels deep, this one is deeper"),
        ("=[1]Sheet1!A1", "'[1]Sheet1!A1' is in another workbook, which is never opened"),
        ("=cmd|'/c calc'!A0", "this formula cannot be read"),
        ("=Jan:Dec!B2", "'Jan:Dec!B2' is a range over several sheets; add up the sheets one by one"),
        ("=A1 B2", "this formula cannot be read at 'B2'"),
        ("=(A1,B2)", "this formula joins ranges by a comma, which has no translation"),
        ("=SUM(1;2)", "this formula cannot be read at ';'"),
        ("=SUM(1", "this formula cannot be read: it ends too early"),
        ("=1+", "this formula cannot be read: it ends too early"),
        ("=", "this formula cannot be read: it ends too early"),
        ("={1", "this formula cannot be read: it ends too early"),
        ("=A1#", None),
        ('="', "this formula cannot be read"),
        ("=)", "this formula cannot be read"),
        ("=5 5", "this formula cannot be read at '5'"),
        ("=1E400", "1E400 is too large for a number"),
        ("=" + "9" * 400, f"{'9' * 40} is too large for a number"),
        ('="' + "x" * 8_190 + '"', "a formula has at most 8,192 characters, this one has 8,193"),
        ("=5 " + "x" * 50, f"this formula cannot be read at '{'x' * 40}'"),
        ("='a|b'!A1", "\"'a|b'!A1\" is in another workbook, which is never opened"),
        (f"='[1]{'x' * 80}'!A1", f'"\'[1]{"x" * 56}" is in another workbook, which is never opened'),
    ],
)
def test_what_is_no_formula_is_refused_in_one_line(text, said):
    with pytest.raises(InvalidValue) as caught:
        parse_formula(text)
    assert said in (None, str(caught.value))
    assert "\n" not in str(caught.value)


def test_brackets_in_texts_and_names_are_no_levels():
    assert parse_formula('="' + "(" * 100 + '"') == Literal("(" * 100)
    assert parse_formula("='" + "(" * 100 + "'!A1") == Area("(" * 100, 1, 1, 1, 1)
    assert parse_formula("=" + "(" * 64 + "1" + ")" * 64) == ONE
    assert parse_formula("=" + "+".join(["(1)"] * 100)).function == "+"
    assert parse_formula("=" + "&".join(['"x"'] * 100)).function == "&"


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("b3:A1", Area("", 1, 1, 3, 2)),
        ("$A:$C", Area("", 1, 1, SHEET_ROWS, 3)),
        ("C:A", Area("", 1, 1, SHEET_ROWS, 3)),
        ("$3:2", Area("", 2, 1, 3, SHEET_COLUMNS)),
        ("XFD1048576", Area("", SHEET_ROWS, SHEET_COLUMNS, SHEET_ROWS, SHEET_COLUMNS)),
        ("'a b'!C3", Area("a b", 3, 3, 3, 3)),
        ("S!A1:S!B2", Area("S", 1, 1, 2, 2)),
        ("'it''s'!A1:'it''s'!B2", Area("it's", 1, 1, 2, 2)),
        ("S!rate", Named("rate", "S")),
        ("XFE1", Named("XFE1")),
        ("A1048577", Named("A1048577")),
        ("A0", Named("A0")),
        ("a.b?c", Named("a.b?c")),
        ("T[x]", Structured("T", "x")),
        ("T[a\nb]", Structured("T", "a\nb")),
        ("S!#REF!", Literal(Failure("#REF!"))),
        ("S!#ref!", Literal(Failure("#REF!"))),
        ("A2:B1", Area("", 1, 1, 2, 2)),
        ("B1:A2", Area("", 1, 1, 2, 2)),
        ("C:XFD", Area("", 1, 3, SHEET_ROWS, SHEET_COLUMNS)),
        ("5:1048576", Area("", 5, 1, SHEET_ROWS, SHEET_COLUMNS)),
        ("S!A:S!B", Area("S", 1, 1, SHEET_ROWS, 2)),
    ],
)
def test_a_reference_means_cells_or_a_name(text, node):
    assert reference(text) == node


OUTSIDE = ["A:XFE", "XFE:A", "1:1048577", "0:5", "A1:A0", "A1:XFE9", "A1:B1048577", "S!A1:T!B2"]


@pytest.mark.parametrize("text", ["A1:B2:C3", "1a", "it''s!A1", "2:B", "a b", "1" * 70, *OUTSIDE])
def test_what_is_no_reference_is_told(text):
    with pytest.raises(InvalidValue) as caught:
        reference(text)
    assert str(caught.value) == f"{text[:60]!r} is no cell, range or defined name"


def test_parts_of_a_formula_come_in_order():
    tree = parse_formula("=SUM(1,{2,3},-A1)")
    block, negative = tree.arguments[1:]
    assert [*nodes(tree)][:4] == [tree, ONE, block, THREE]
    assert {*nodes(tree)} == {tree, ONE, TWO, THREE, block, negative, Area("", 1, 1, 1, 1)}
    assert [column_number(each) for each in ("A", "z", "AA", "xfd")] == [1, 26, 27, 16384]


def test_a_chain_as_long_as_excel_allows_needs_no_recursion():
    assert isinstance(parse_formula("=1" + "+1" * 4_000), Apply)
    assert parse_formula("=" + "-" * 8_000 + "1") == Apply("NEGATIVE", (Apply("NEGATIVE", (Literal(1.0),)),))


def test_a_range_that_ends_where_a_function_says_is_named_as_it_is_written():
    assert parse_formula("='Calc x'!a1:index(A1:A3,2)").function == "'Calc x'!a1:INDEX"
    assert parse_formula("=_xlfn.xlookup(1,A1:A3,B1:B3)").function == "XLOOKUP"
