"""The cells of a workbook: where they are, and what names, tables and formats make of them."""

import zipfile
from types import SimpleNamespace
from xml.etree.ElementTree import fromstring

import pytest
from book_files import write_book
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from uncertainty.errors import InvalidValue, SettingError, StudyError
from uncertainty.study.model import Figure
from uncertainty.workbooks import apart, cells
from uncertainty.workbooks.annotation import Remark, _among, _as_wide, _first_column, _joined, _written
from uncertainty.workbooks.cells import Book, Cell, Sheet, address, blocks, contains, one_cell, read_book
from uncertainty.workbooks.checking import Comparison, agree
from uncertainty.workbooks.formulas import Area, Failure, Literal, Named, Structured, parse_formula
from uncertainty.workbooks.looks import Look
from uncertainty.workbooks.matching import noted_cell, other_points, refuse_another
from uncertainty.workbooks.outputs import _without_round
from uncertainty.workbooks.structured import Table, _table
from uncertainty.workbooks.upstream import Upstream, chosen_cells, find_cell, find_range, treated_cells

COSTS = Table("Costs", Area("S", 3, 2, 8, 4), ("Name", "Net price", "it's"), headings=1, totals=1)


KNOWN = "; known: Costs, loop, many, moved, quoted, rate"


def at(place, sheet="S"):
    return one_cell(sheet, *place)


@pytest.fixture
def book():
    cells = {(1, 1): "a", (1, 2): "b", (2, 1): 3.0, (4, 3): "a", (5, 3): "c", (6, 1): True, (6, 2): "x"}
    sheet = Sheet(
        "S", bottom=6, right=3, cells={place: Cell(value, style=1) for place, value in cells.items()}
    )
    sheet.cells[2, 2] = Cell(7.0, "=A2+4")
    sheet.cells[3, 2] = Cell(8.0, shared="0")
    sheet.cells[4, 2] = Cell(8.0, shared="1")
    sheet.shared["0"] = ("=A2+$A$1", "B2")
    sheet.arrays[2, 1] = "=A1"
    sheet.blocks.append((Area("S", 5, 2, 6, 3), "=A1:B2"))
    sheet.hidden_rows.add(4)
    sheet.hidden_columns.append(range(2, 3))
    lists = {
        5: '"yes, no,yes"',
        6: "S!$A$1:$C$1",
        7: "$A$1:$A$6",
        8: "rate",
        9: "1+1",
        10: "many",
        11: "=A1:B1",
    }
    sheet.lists += [(Area("S", row, 1, row, 2), text) for row, text in lists.items()]
    names = {
        ("", "rate"): "S!$A$2",
        ("s", "rate"): "0.5",
        ("", "loop"): "loop",
        ("", "moved"): "S!A$2",
        ("", "quoted"): "\"A1\"&'A1'!$B$2",
        ("", "many"): "S!$A$1:$B$1",
    }
    return Book(
        "f.xlsx", {"S": sheet, "Other one": Sheet("Other one")}, names, {1: Look(word="kg")}, {"costs": COSTS}
    )


def test_places_are_written_and_grouped():
    assert (address(at((5, 28))), address(Area("a b", 1, 1, 2, 3))) == ("S!AB5", "a b!A1:C2")
    area = Area("S", 2, 3, 4, 5)
    inside = [(row, column) for row in range(1, 6) for column in range(2, 7) if contains(area, row, column)]
    assert inside == [(row, column) for row in (2, 3, 4) for column in (3, 4, 5)]
    places = [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (5, 4)]
    assert blocks([*map(at, places), at((1, 1), "T"), at((1, 3), "T")]) == [
        Area("S", 1, 1, 2, 2),
        at((3, 1)),
        at((5, 4)),
        at((1, 1), "T"),
        at((1, 3), "T"),
    ]


def test_a_book_knows_its_cells_and_what_is_hidden(book):
    assert book.sheet("s") is book.sheets["S"]
    with pytest.raises(InvalidValue) as caught:
        book.sheet("Othr one")
    assert str(caught.value) == 'there is no sheet "Othr one"; did you mean "Other one"?'
    with pytest.raises(InvalidValue, match=f'^there is no sheet "{"x" * 40}"'):
        book.sheet("x" * 50)
    assert (book.cell(at((2, 1))).value, book.cell(at((9, 9)))) == (3.0, Cell(None))
    hidden = [place for place in ((4, 1), (4, 3), (1, 2), (1, 1), (1, 3)) if book.is_hidden(at(place))]
    assert hidden == [(4, 1), (4, 3), (1, 2)]
    assert (book.look(at((1, 1))), book.look(at((2, 2)))) == (Look(word="kg"), Look())
    assert book.clipped(Area("s", 2, 2, 99, 99)) == Area("S", 2, 2, 6, 3)
    assert book.clipped(Area("S", 8, 9, 99, 99)) == Area("S", 8, 9, 8, 9)
    found = [(each.top, each.left) for each in book.filled(Area("S", 1, 1, 99, 99))]
    assert found == sorted(book.sheets["S"].cells)
    assert [*book.filled(Area("S", 2, 1, 2, 3))] == [at((2, 1)), at((2, 2))]


def test_a_formula_is_that_of_its_cell_its_copy_or_its_array(book):
    assert book.formula(at((2, 1))) == ("=A1", True, (0, 0))
    assert book.formula(at((6, 2))) == ("=A1:B2", True, (1, 0))
    assert book.formula(at((5, 3))) == ("=A1:B2", True, (0, 1))
    assert book.formula(at((2, 2))) == ("=A2+4", False, (0, 0))
    assert book.formula(at((3, 2))) == ("=A3+$A$1", False, (0, 0))
    assert book.formula(at((4, 2))) is None
    assert book.formula(at((1, 1))) is None
    standing = [place for place in ((1, 1), (2, 2), (3, 2), (4, 2), (6, 3)) if book.formula_stands(at(place))]
    assert standing == [(2, 2), (3, 2), (4, 2), (6, 3)]


@pytest.mark.parametrize(
    ("node", "means"),
    [
        (Literal(2.0), Literal(2.0)),
        (Named("RATE"), Literal(0.5)),
        (Named("rate", "Other one"), Area("S", 2, 1, 2, 1)),
        (Structured("COSTS", "Name"), Area("S", 4, 2, 7, 2)),
        (Named("costs"), Area("S", 4, 2, 7, 4)),
        (Named("Cost"), 'there is no defined name "Cost"; did you mean "Costs"?'),
        (Named("loop"), "a defined name stands for itself"),
        (Named("ratted" + "q" * 35), f'there is no defined name "ratted{"q" * 34}"{KNOWN}'),
        (Named("ratte"), 'there is no defined name "ratte"; did you mean "rate"?'),
        (Structured("cost", "x"), 'there is no table "cost"; did you mean "Costs"?'),
        (
            Named("moved"),
            (
                'the defined name "moved" means another cell in each formula, since it is written A$2; '
                "write it with $ before the column and the row"
            ),
        ),
    ],
)
def test_a_name_or_table_means_cells(book, node, means):
    if not isinstance(means, str):
        assert book.resolved(node, at((5, 5))) == means
        return
    with pytest.raises(InvalidValue) as caught:
        book.resolved(node, at((5, 5)))
    assert str(caught.value) == means


def test_places_in_quotes_are_no_places(book):
    assert book.resolved(Named("quoted"), at((5, 5))).function == "&"


@pytest.mark.parametrize(
    ("row", "options"),
    [
        (5, ["yes", "no"]),
        (6, ["a", "b"]),
        (7, None),
        (8, None),
        (9, None),
        (10, ["a", "b"]),
        (11, ["a", "b"]),
        (12, None),
    ],
)
def test_a_list_offers_texts_or_nothing(book, row, options):
    assert book.options(at((row, 2))) == options
    assert book.options(at((row, 3))) is None


@pytest.mark.parametrize(
    ("wanted", "area"),
    [
        ("", (4, 2, 7, 4)),
        ("NAME", (4, 2, 7, 2)),
        ("[Name],[it''s]", (4, 2, 7, 4)),
        ("[Net price]:[it''s]", (4, 3, 7, 4)),
        ("[#All]", (3, 2, 8, 4)),
        ("[#Data],[Name]", (4, 2, 7, 2)),
        ("[#Headers]", (3, 2, 3, 4)),
        ("[#Headers],[#Data]", (3, 2, 7, 4)),
        ("[#totals],[net price]", (8, 3, 8, 3)),
        ("@Name", (5, 2, 5, 2)),
        ("[@Name]", (5, 2, 5, 2)),
        ("@", (5, 2, 5, 4)),
        ("[#This Row],[it''s]", (5, 4, 5, 4)),
        ("@[Net  price]", (5, 3, 5, 3)),
        ("@[Net price]:[it''s]", (5, 3, 5, 4)),
    ],
)
def test_a_table_has_parts(wanted, area):
    assert COSTS.cells(wanted, 5) == Area("S", *area)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("Eb/N0  (dB)", "Eb/N0  (dB)"),
        ("Eb/N0  (dB)", "[#This Row],[eb/n0 (dB)]"),
        ("Eb/N0 (dB)", "Eb/N0  (dB)"),
        ("a_x000D__x000A_b", "a\nb"),
        ("a_x000a_  b", "[[@a\n  b]]"),
        (" a b", "a b"),
    ],
)
def test_spaces_and_lines_in_the_name_of_a_column_count_as_one(written, wanted):
    columns = f'<tableColumns><tableColumn name="x"/><tableColumn name="{written}"/></tableColumns>'
    table = _table("S", fromstring(f'<table ref="B2:C9" name="T">{columns}</table>'))
    wanted = wanted[1:-1] if wanted.startswith("[[") else wanted
    assert table.cells(wanted, 4).left == 3


def test_columns_that_spaces_alone_tell_apart_are_told_apart():
    table = Table("T", Area("S", 1, 1, 5, 3), ("a b", "a  b", "a"))
    assert [table.cells(each, 2).left for each in ("a b", "a  b", "a")] == [1, 2, 3]
    with pytest.raises(InvalidValue, match='the table T has no column "a   b"; did you mean "a  b"'):
        table.cells("a   b", 2)


def test_a_table_is_read_with_what_a_file_leaves_out():
    columns = '<tableColumns><tableColumn name="a"/><tableColumn name="b_x000A_c"/></tableColumns>'
    for more, name, headings, totals in (
        ('name="T"', "T", 1, 0),
        ("", "", 1, 0),
        ('name="T" displayName="Shown" headerRowCount="0" totalsRowCount="1"', "Shown", 0, 1),
    ):
        found = _table("S", fromstring(f'<table ref="B2:C9" {more}>{columns}</table>'))
        assert found == Table(name, Area("S", 2, 2, 9, 3), ("a", "b c"), headings=headings, totals=totals)
    with pytest.raises(ValueError, match=r"^S$"):
        _table("S", fromstring('<table ref="x"/>'))
    with pytest.raises(InvalidValue, match=r"^'' is no cell, range or defined name$"):
        _table("S", fromstring("<table/>"))


def test_a_part_that_a_table_does_not_have_is_told():
    missing = "the table Costs has no such part in this row"
    for wanted, row, said in (
        ("Nme", 5, 'the table Costs has no column "Nme"; did you mean "Name"?'),
        ("@", 2, missing),
        ("@", 9, missing),
        ("[#Nothing]", 5, missing),
    ):
        with pytest.raises(InvalidValue) as caught:
            COSTS.cells(wanted, row)
        assert str(caught.value) == said
    bare = Table("T", Area("S", 1, 1, 2, 1), ("a",), headings=0)
    assert bare.cells("", 1) == Area("S", 1, 1, 2, 1)
    for part in ("[#Headers]", "[#Totals]", "[#All],[#Nothing]"):
        with pytest.raises(InvalidValue, match="no such part"):
            bare.cells(part, 1)


@pytest.mark.parametrize(
    ("look", "beside", "unit", "shown"),
    [
        (Look(), "EUR", "EUR", ""),
        (Look(is_percentage=True), "EUR", "EUR", "as a percentage"),
        (Look(is_percentage=True), "per head", "per head", ""),
        (Look(is_percentage=True), "%", "%", ""),
        (Look(is_percentage=True), "1", "1", ""),
        (Look(is_percentage=True), "", "", ""),
        (Look(is_percentage=True), "widgets", "widgets", ""),
        (Look(is_scaled=True), "EUR", "EUR", "divided by thousands"),
        (Look(is_scaled=True), "", "", ""),
        (Look(is_scaled=True, word="million"), "EUR", "EUR", ""),
        (Look(is_scaled=True, word="million"), "kEUR", "kEUR", "divided by thousands"),
        (Look(is_scaled=True, word="kEUR"), "EUR", "EUR", "divided by thousands"),
        (Look(is_time=True), "", "day", ""),
        (Look(is_time=True), "h", "h", ""),
        (Look(is_time=True), "kg", "day", "as a time"),
        (Look(is_time=True), "per head", "day", ""),
        (Look(is_date=True), "kg", "", ""),
        (Look(word="kg"), "", "kg", ""),
        (Look(word="kg"), "kg", "kg", ""),
        (Look(word="kg"), "g", "kg", 'with "kg" beside it'),
        (Look(word="kg"), "h", "kg", 'with "kg" beside it'),
        (Look(word="widgets"), "", "widgets", ""),
        (Look(word="widgets"), "g", "g", ""),
        (Look(word="kEUR"), "EUR", "EUR", 'with "kEUR" beside it'),
        (Look(word="kEUR"), "kEUR", "kEUR", ""),
        # money beside its own price, its code, or the code of another money with that sign
        (Look(word="$"), "$/kWh", "$/kWh", ""),
        (Look(word="€"), "EUR/MWh", "EUR/MWh", ""),
        (Look(word="$"), "US$ per kg", "US$ per kg", ""),
        (Look(word="CHF"), "CHF/kg", "CHF/kg", ""),
        (Look(word="€/kg"), "EUR", "€/kg", ""),
        (Look(word="£"), "GBP", "GBP", ""),
        (Look(word="$"), "CAD", "CAD", ""),
        (Look(word="¥"), "CNY/kWh", "CNY/kWh", ""),
        (Look(word="€"), "$/kWh", "€", 'with "€" beside it'),
        (Look(word="£"), "CAD", "£", 'with "£" beside it'),
        (Look(word="$"), "k$/t", "$", 'with "$" beside it'),
        (Look(word="$"), "kWh", "$", 'with "$" beside it'),
    ],
)
def test_a_format_says_a_unit_or_contradicts_one(look, beside, unit, shown):
    assert look.unit(beside) == unit
    assert look.contradiction(beside) == (f'is shown {shown} under the unit "{beside}"' if shown else "")


@pytest.mark.parametrize(
    ("found", "stored", "agrees"),
    [
        (1.0, 1.0, True),
        (1 + 5e-10, 1.0, True),
        (1 + 2e-9, 1.0, False),
        # five digits and more, and no whole number, are rounded in the last one
        (1.23455, 1.2345, True),
        (1.2346, 1.2345, False),
        (1.2344, 1.234, False),
        (12345.4, 12345.0, False),
        (-0.123455, -0.12345, True),
        (0.0, 0.0, True),
        (5e-13, 0.0, False),
        (float("nan"), 1.0, False),
        (float("inf"), float("inf"), False),
    ],
)
def test_a_value_agrees_with_the_stored_one_up_to_its_digits(found, stored, agrees):
    assert agree(found, stored) is agrees


def test_a_stored_error_is_stale_where_the_formula_gives_a_number():
    nan = float("nan")
    for comparison, wanted in (
        (Comparison("c", 1.5, 1.5, 1.5), (True, "1.5", False, True)),
        (Comparison("c", 1.5, 1.5, 2.0), (True, "1.5", False, False)),
        (Comparison("c", 1.5, 2.0, 1.5), (True, "1.5", True, True)),
        (Comparison("c", nan, 1.0, 1.0), (False, "nan", True, False)),
        (Comparison("c", nan, nan, nan, "#N/A"), (True, "#N/A", False, True)),
        (Comparison("c", nan, 1.0, 1.0, "#N/A"), (True, "#N/A", True, False)),
    ):
        c = comparison
        assert (c.is_stored, c.shown, c.is_stale, c.is_reproduced) == wanted


HEADS = "".join(
    f'<c r="{column}1" t="inlineStr"><is><t>{text}</t></is></c>'
    for column, text in zip(
        "EFGHI", ("Cell", "Distribution", "Interval", "Source", "Place of the stored value"), strict=True
    )
)
ROW = "".join(
    f'<c r="{column}2" t="inlineStr"><is><t>{text}</t></is></c>'
    for column, text in zip("EFG", ("A2", "x", "&lt;y&gt;"), strict=True)
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '<row r="1" spans="1:2" ht="9"><c r="A1"><v>1</v></c></row><row r="2"/><row r="3">x</row>',
            f'<row r="1" ht="9"><c r="A1"><v>1</v></c>{HEADS}</row><row r="2">{ROW}</row><row r="3">x</row>',
        ),
        ('<row r="2"></row>', f'<row r="1">{HEADS}</row><row r="2">{ROW}</row>'),
        ('<row r="2"/><row r="2"/>', f'<row r="1">{HEADS}</row><row r="2">{ROW}</row><row r="2"/>'),
    ],
)
def test_remarks_are_written_at_the_end_of_rows(before, after):
    remark = Remark(at((2, 1)), ("x", "<y>", "", ""))
    sheet, wanted = (f"<sheetData>{rows}</sheetData>" for rows in (before, after))
    assert _written(sheet.encode(), [remark], 5).decode() == wanted
    prefixed = _written(sheet.replace("<", "<x:").replace("<x:/", "</x:").encode(), [remark], 5).decode()
    assert prefixed == wanted.replace("<", "<x:").replace("<x:/", "</x:")


def test_rows_without_remarks_stay_as_they_are():
    sheet = '<sheetData><row r="1"/><row>x</row><row r="2">y</row><row r="5"/><row r="6"/></sheetData>'
    written = _written(sheet.encode(), [Remark(at((5, 1)), ("a", "", "", ""))], 5).decode()
    assert written.startswith(f'<sheetData><row r="1">{HEADS}</row><row>x</row><row r="2">y</row><row r="5">')
    assert written.endswith('<is><t>a</t></is></c></row><row r="6"/></sheetData>')


def test_a_cell_keeps_its_format_and_its_place_among_others():
    row = b'<c r="A1"/><c r="C1" s="3"><v>1</v></c><c r="D1" s="4"/><x/>'
    cells = {4: (b'<c r="D1"', b">D</c>"), 6: (b'<c r="F1"', b">F</c>")}
    expected = b'<c r="A1"/><c r="C1" s="3"><v>1</v></c><c r="D1" s="4">D</c><c r="F1">F</c><x/>'
    assert _among(row, cells) == expected
    assert _among(b'<c r="G1"/>', cells) == b'<c r="D1">D</c><c r="F1">F</c><c r="G1"/>'


def test_remarks_of_one_row_are_joined():
    one, other = Remark(at((2, 3)), ("a", "b", "", "")), Remark(at((2, 4)), ("c", "", "d", ""))
    assert _joined([one]) == ("C2", "a", "b", "", "")
    assert _joined([Remark(at((2, 3), "no!"), ("a", "", "", ""))])[0] == "C2"
    assert _joined([one, other]) == ("C2, D2", "C2: a; D2: c", "C2: b", "D2: d", "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<dimension ref="B2:C9"/>', '<dimension ref="B1:G9"/>'),
        ('<x:dimension ref="B2"/>', '<x:dimension ref="B1:G2"/>'),
        ('<dimension ref="A1:Z3"/>', '<dimension ref="A1:Z3"/>'),
        ('<dimension ref="A1:B:C"/>', '<dimension ref="A1:B:C"/>'),
        ('<dimension ref="name"/>', '<dimension ref="name"/>'),
        ('<dimension ref="B2"/><dimension ref="B2"/>', '<dimension ref="B1:G2"/><dimension ref="B2"/>'),
    ],
)
def test_the_width_of_a_sheet_takes_in_what_is_written(before, after):
    assert _as_wide(before.encode(), 7).decode() == after
    assert _as_wide(b'<dimension ref="\xff"/>', 7) == b'<dimension ref="\xff"/>'


def test_remarks_begin_behind_all_cells_and_what_is_merged_over_their_rows():
    sheet = Sheet("S", right=3)
    remarks = [Remark(at((4, 1)), ("a", "", "", ""))]
    assert _first_column(sheet, [], remarks, "f") == 5
    for area, column in (((4, 2, 5, 9), 11), ((2, 2, 3, 9), 5), ((1, 2, 2, 7), 9), ((3, 2, 5, 8), 10)):
        sheet.merged[:] = [Area("S", *area)]
        assert _first_column(sheet, [], remarks, "f") == column
    sheet.merged.clear()
    sheet.right = 16384 - 6
    assert _first_column(sheet, [], remarks, "f") == 16384 - 4
    sheet.right += 1
    with pytest.raises(Exception, match="f: S: reaches to column XEY, with no room to the right for what is"):
        _first_column(sheet, [], remarks, "f")


def test_a_stored_value_is_a_failure_only_where_it_is_one():
    assert Cell(Failure("#N/A")).is_formula is False
    assert (Cell(1.0, "=A1").is_formula, Cell(1.0, shared="0").is_formula) == (True, True)


def test_lists_are_read_in_the_older_and_the_newer_form(tmp_path):
    main = "http://schemas.microsoft.com/office"
    older = '<dataValidation type="list" sqref="C2"><formula1>"a,b"</formula1></dataValidation>'
    newer = (
        '<x14:dataValidation type="list"><x14:formula1><xm:f>$A$1:$A$2</xm:f></x14:formula1>'
        "<xm:sqref>C3 D4:D5</xm:sqref></x14:dataValidation>"
    )
    extra = (
        f'<dataValidations>{older}<dataValidation type="list" sqref="C9"/></dataValidations><extLst>'
        f'<ext xmlns:x14="{main}/spreadsheetml/2009/9/main" xmlns:xm="{main}/excel/2006/main">'
        f"<x14:dataValidations>{newer}</x14:dataValidations></ext></extLst>"
    )
    path = write_book(tmp_path / "f.xlsx", {"S": {"A1": 1}}, extras={"S": extra})
    assert read_book(path).sheets["S"].lists == [
        (at((2, 3)), '"a,b"'),
        (at((9, 3)), ""),
        (at((3, 3)), "$A$1:$A$2"),
        (Area("S", 4, 4, 5, 4), "$A$1:$A$2"),
    ]


def test_a_text_names_a_cell_or_says_what_is_expected(book):
    book.names["", "one"] = "S!$B$3"
    book.names["", "text"] = '"a"'
    found = {
        text: find_range(book, text)
        for text in ("S!A2", "=s!$B$3:C1", " Other one!C1", "'Other one'!C1", "ONE")
    }
    assert list(found.values()) == [
        at((2, 1)),
        Area("S", 1, 2, 3, 3),
        at((1, 3), "Other one"),
        at((1, 3), "Other one"),
        at((3, 2)),
    ]
    assert find_range(book, "text") is None
    assert find_cell(book, "S!B2") == at((2, 2))
    one = 'expected one cell, such as "Results!B8", or a defined name of one'
    for text, said in (
        ("S!A1:A2", one),
        ("text", one),
        ("A1", 'expected the sheet too, such as "S!A1"'),
        ("T!A1", 'there is no sheet "T"; known: S, Other one'),
        ("a b", "'a b' is no cell, range or defined name"),
    ):
        with pytest.raises(InvalidValue) as caught:
            find_cell(book, text)
        assert str(caught.value) == said
    assert find_cell(Book("f", {"S": book.sheets["S"]}, {}, {}, {}), "B2") == at((2, 2))
    assert chosen_cells(book, ["S!B2", "s!B2", "S!A1"]) == [at((2, 2)), at((1, 1))]
    with pytest.raises(SettingError) as refused:
        chosen_cells(book, ["A1", "S!B2", "S!A1:A2"], "--x")
    assert [str(fault) for fault in refused.value.faults] == [
        '--x: A1: expected the sheet too, such as "S!A1"',
        f"--x: S!A1:A2: {one}",
    ]


def test_cells_are_treated_as_they_are_named(book):
    assert treated_cells(book, ["S!A1=input", "S!B2 = Input", "S!A2:B3=input"]) == [
        ["S!A1"],
        ["S!B2"],
        ["S!B2", "S!B3"],
    ]
    titled = Book("f", {"A=B": Sheet("A=B", cells={(1, 1): Cell(1.0)}, bottom=1, right=1)}, {}, {}, {})
    assert treated_cells(titled, ["'A=B'!A1=input", "A=B!A1=input"]) == [["A=B!A1"]] * 2
    expected = 'expected a cell and =input, such as "Calc!B7=input", found '
    for text, said in (
        ("S!A1", f"{expected}'S!A1'"),
        ("=input", f"{expected}'=input'"),
        ("S!A1=output", f"{expected}'S!A1=output'"),
        ("A1=input", 'A1: expected the sheet too, such as "S!A1"'),
        ("loop=input", "loop: a defined name stands for itself"),
    ):
        with pytest.raises(SettingError) as caught:
            treated_cells(book, [text])
        assert str(caught.value) == f"--treat: {said}"


def test_cells_come_after_those_that_they_are_calculated_from():
    cells = {
        (1, 1): Cell(1.0),
        (1, 2): Cell(2.0, "=A1+1"),
        (1, 3): Cell(3.0, "=SUM(A1:B1)"),
        (1, 4): Cell(3.0, "=T!A1+rate"),
        (1, 5): Cell(3.0, "=F1"),
        (1, 6): Cell(3.0, "=G1"),
        (1, 7): Cell(3.0, "=F1+1"),
        (1, 8): Cell(3.0, "=nosuch+(" + "B1"),
    }
    sheets = {
        "S": Sheet("S", cells=cells, bottom=1, right=8),
        "T": Sheet("T", cells={(1, 1): Cell(1.0, "=S!C1")}, bottom=1, right=1),
    }
    book = Book("f", sheets, {("", "rate"): "S!$B$1"}, {}, {})
    ordered = Upstream(book).ordered
    assert ordered([at((1, 3))]) == ([at((1, 2)), at((1, 3))], [])
    assert ordered([at((1, 4))]) == ([at((1, 2)), at((1, 3)), at((1, 1), "T"), at((1, 4))], [])
    assert ordered([at((1, 2)), at((1, 3))]) == ([at((1, 2)), at((1, 3))], [])
    assert ordered([at((1, 1)), at((1, 8))]) == ([at((1, 1)), at((1, 8))], [])
    assert ordered([at((1, 3)), at((1, 2))]) == ([at((1, 2)), at((1, 3))], [])
    assert ordered([at((1, 5))]) == ([], ["S!F1", "S!G1", "S!F1"])
    assert Upstream(book, ["S!C1"]).ordered([at((1, 4))])[0] == [
        at((1, 3)),
        at((1, 1), "T"),
        at((1, 2)),
        at((1, 4)),
    ]


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ("S!A2: =A1", 0, (2, 1)),
        ("S!A1:B2, copied", 0, (1, 1)),
        ("S!A1:B2.", 1, (2, 1)),
        ("S!A1:B2", 2, (1, 2)),
        ("S!A1:B2", 3, (2, 2)),
        ("S!B2", 0, (2, 2)),
        ("S!B3 of it", 0, (3, 2)),
        ("it's!A1: 5", 0, "it's"),
        ("S!C9", 0, None),
        ("T!A1", 0, None),
        ("A1", 0, None),
        ("S!A2x", 0, None),
        ("", 0, None),
    ],
)
def test_a_note_begins_with_its_cell(book, text, place, found):
    title = found if isinstance(found, str) else "S"
    book.sheets["it's"] = Sheet("it's", bottom=1, right=1, cells={(1, 1): Cell(5.0)})
    place_of = (1, 1) if title != "S" else found
    assert noted_cell(book, text, place) == (at(place_of, title) if found else None)


def test_a_stored_number_is_compared_as_it_is_and_as_it_is_shown():
    cells = {(1, 1): Cell(0.5, style=1), (1, 2): Cell(0.25, style=2), (1, 3): Cell(7.0), (1, 4): Cell("x")}
    looks = {1: Look(is_time=True), 2: Look(is_percentage=True)}
    book = Book("f", {"S": Sheet("S", bottom=1, right=4, cells=cells)}, {}, looks, {})

    def others(at, point, unit, member_of=None):
        item = SimpleNamespace(note=at, point=point, unit=SimpleNamespace(text=unit), member_of=member_of)
        return other_points(book, SimpleNamespace(inputs={"x": item}))

    same = (("S!A1", 12.0, "hour"), ("S!A1", 0.5, "kg"), ("S!B1", 25.0, "%"), ("S!B1", 0.25, "1"))
    assert [others(*each) for each in same] == [[]] * 4
    assert others("S!A1", 12.0, "kg") == ["S!A1 (0.5, and 12 in the study)"]
    assert others("S!C1", 700.0, "%") == ["S!C1 (7, and 700 in the study)"]
    for none in (("S!D1", 7.0, "1"), ("S!C1", "x", "1"), ("S!C1", 1.0, "1", "year"), ("S!E1", 7.0, "1")):
        assert others(*none) == []


def test_every_output_with_a_figure_is_compared():
    cells = {(1, 1): Cell(5.0), (1, 2): Cell(0.25, style=2), (1, 3): Cell("x"), (1, 4): Cell(0.5, style=1)}
    cells[1, 5] = Cell(True)
    looks = {1: Look(is_time=True), 2: Look(is_percentage=True)}
    book = Book("f", {"S": Sheet("S", bottom=1, right=5, cells=cells)}, {}, looks, {})

    def study(*outputs):
        made = {
            str(n): SimpleNamespace(source=where, published=figure, note="", unit=SimpleNamespace(text=unit))
            for n, (where, figure, unit) in enumerate(outputs)
        }
        return SimpleNamespace(outputs=made, equations={}, quantities={})

    passed = (
        ("S!A1", None, "1"), ("S!A1", Figure(7.0, 1, "mean"), "1"), ("S!Z9", Figure(7.0, 1), "1"),
        ("S!A1", Figure(5.0, 1), "1"), ("S!B1", Figure(25.0, 2), "%"), ("S!D1", Figure(12.0, 2), "hour"),
        ("S!E1", Figure(1.0, 1), "1"),
    )  # fmt: skip
    refuse_another(book, study(*passed))
    others = ("S!A1", Figure(7.0, 1), "1"), ("S!C1", Figure(7.0, 1), "1"), ("S!D1", Figure(12.0, 2), "kg")
    with pytest.raises(StudyError) as refused:
        refuse_another(book, study(*passed, *others))
    told = "make the study anew, or name the workbook that it was made of"
    assert str(refused.value).splitlines() == [
        f"f: S!A1: 5 is stored, and 7 is published in the study; {told}",
        f'f: S!C1: the text "x" is stored, and 7 is published in the study; {told}',
        f"f: S!D1: 0.5 is stored, and 12 is published in the study; {told}",
    ]


@pytest.mark.parametrize("place", [(2, 2), (3, 2), (2, 3)])
def test_of_copied_formulas_the_first_need_not_stand_in_the_first_cell(place):
    cells = {(row, column): Cell(3.0) for row in (1, 2, 3) for column in (1, 2, 3)}
    cells[place] = Cell(6.0, "=A1*2")
    book = Book("f", {"S": Sheet("S", bottom=3, right=3, cells=cells)}, {}, {}, {})
    for note, is_there in (
        ("S!B2:C3: =A1*2, copied", True),
        ("S!B2: =A1*2", place == (2, 2)),
        ("S!A1:B2: =A1*2, copied", False),
        ("S!B2:C3: =A1*3, copied", False),
    ):
        noted = {"x": SimpleNamespace(note=note)}
        study = SimpleNamespace(outputs={}, equations={}, quantities=noted)
        if is_there:
            refuse_another(book, study)
        else:
            with pytest.raises(StudyError, match="and the study was made of =A1"):
                refuse_another(book, study)


@pytest.mark.parametrize("most", [7, 6])
def test_an_array_formula_fills_as_many_cells_as_a_sheet_may_have(monkeypatch, most):
    """Of six cells one is written down, and one stands elsewhere."""
    monkeypatch.setattr(cells, "MOST_CELLS", most)
    sheet = Sheet("S", cells={(2, 2): Cell(5.0)}, bottom=2, right=4)
    sheet.blocks.append((Area("S", 2, 1, 4, 2), "=C1:D3"))
    if most == 7:
        cells._fill(sheet, "book.xlsx")
        assert sorted(sheet.cells) == [(row, column) for row in (2, 3, 4) for column in (1, 2)]
        assert (sheet.cells[2, 2].value, sheet.cells[4, 1].value) == (5.0, None)
        assert (sheet.bottom, sheet.right) == (4, 4)
    else:
        with pytest.raises(StudyError, match=r"book.xlsx: S: has an array formula of more than 6 cells"):
            cells._fill(sheet, "book.xlsx")


@pytest.mark.parametrize(
    ("texts", "may_be"),
    [
        (["2020", "2021", "2030"], True),
        (["2021", "2020"], False),
        (["2020", "2020"], False),
        (["2021", "total", "2020"], True),
        (["2020"], True),
    ],
)
def test_years_are_heads_where_they_follow_one_another(texts, may_be):
    assert apart._may_be_heads(texts) is may_be


def test_comma_separated_values_are_no_workbook(tmp_path):
    for name in ("f.csv", "f.CSV"):
        (tmp_path / name).write_text("a,b\n1,2\n")
        with pytest.raises(StudyError) as refused:
            read_book(tmp_path / name)
        assert str(refused.value) == (
            f"{tmp_path / name}: is CSV, in which a formula has no stored value; "
            "save the workbook itself (.xlsx)"
        )


@pytest.mark.parametrize(
    ("formula", "inner", "decimals"),
    [
        ("=ROUND(A1*2,1)", "=A1*2", "=1"),
        ('=IFERROR(ROUND(A1,B1),"-")', '=IFERROR(A1,"-")', "=B1"),
        ("=IFNA(ROUND(A1,2),0)", "=IFNA(A1,0)", "=2"),
        ('=IF(A1>0,ROUND(A1,1),"none")', '=IF(A1>0,A1,"none")', "=1"),
        ('=IF(A1>0,"none",ROUND(A1,1))', '=IF(A1>0,"none",A1)', "=1"),
        ('=IFERROR(IF(A1>0,ROUND(A1,1),""),0)', '=IFERROR(IF(A1>0,A1,""),0)', "=1"),
        ("=IF(A1>0,ROUND(A1,1),A1)", None, None),
        ("=IF(A1>0,ROUND(A1,1),ROUND(A1,2))", None, None),
        ("=IF(ROUND(A1,1)>0,1,2)", None, None),
        ("=IFERROR(A1,ROUND(A1,1))", None, None),
        ("=ROUND(A1,1)*2", None, None),
        ("=ROUND(A1)", None, None),
        ("=A1", None, None),
    ],
)
def test_a_last_round_may_stand_within_a_guard(formula, inner, decimals):
    wanted = (parse_formula(inner), parse_formula(decimals)) if inner else None
    assert _without_round(parse_formula(formula)) == wanted


def test_texts_that_cells_share_are_read(tmp_path):
    path = write_book(tmp_path / "f.xlsx", {"S": {"A1": 1}})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    types, sheet = "[Content_Types].xml", next(each for each in parts if "worksheets/" in each)
    parts[types] = parts[types].replace(b"</Types>", override.encode())
    texts = ("<t>one</t>", "<r><t>t</t></r><r><t>wo</t></r>", "<t/>", "<t>a_x000A_b</t>")
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    items = "".join(f"<si>{each}</si>" for each in texts)
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{items}</sst>'.encode()
    row = "".join(f'<c r="{c}2" t="s"><v>{n}</v></c>' for n, c in enumerate("ABCD"))
    parts[sheet] = parts[sheet].replace(b"</sheetData>", f'<row r="2">{row}</row></sheetData>'.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    cells = read_book(path).sheets["S"].cells
    assert [cells[2, column].value for column in (1, 2, 4)] == ["one", "two", "a\nb"]
    assert (2, 3) not in cells


def test_stored_values_are_those_of_the_file(tmp_path):
    stored = {
        "A2": '<c r="A2" t="str"><f>B1</f></c>',
        "B2": '<c r="B2" t="str"><f>B1</f><v>a_x000A_b</v></c>',
        "C2": '<c r="C2" t="b"><v>1</v></c>',
        "D2": '<c r="D2" t="b"><v> true </v></c>',
        "E2": '<c r="E2" t="b"><v>0</v></c>',
        "F2": '<c r="F2" t="e"><v>#N/A</v></c>',
        "G2": '<c r="G2"><v>1e999</v></c>',
        "H2": '<c r="H2" s="0"><v>2.5</v></c>',
        "I2": '<c r="I2" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c>',
        "J2": '<c r="J2" t="inlineStr"><x/></c>',
        "K2": '<c r="K2"><f t="array">SUM(A1:B1)</f><v>3</v></c>',
        "L2": '<c r="L2"><f t="array" ref="L2:M3">A1:B2</f><v>3</v></c>',
        "N2": '<c r="N2"><f t="dataTable" ref="N2:N3"/><v>3</v></c>',
        "O2": '<c r="O2"><f t="shared" si="0">A1+1</f><v>3</v></c>',
        "P2": '<c r="P2"><f t="shared" si="0"/><v>3</v></c>',
        "Q2": "<c r='Q2'><v/></c>",
    }
    path = write_book(tmp_path / "f.xlsx", {"S": {"A1": 1}})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = next(each for each in parts if "worksheets/" in each)
    merged = '<mergeCells><mergeCell ref="A5:B6"/></mergeCells>'
    more = '<c r="R2" s="0"/><extLst><ext uri="x"/></extLst>'
    hidden = f'<row r="2" hidden="1">{"".join(stored.values())}{more}</row></sheetData>{merged}'
    columns = b'<cols><col min="2" max="4" hidden="1"/><col min="6" hidden="1"/><col min="8" max="9"/></cols>'
    parts[name] = parts[name].replace(b"<sheetData>", columns + b"<sheetData>")
    parts[name] = parts[name].replace(b"</sheetData>", hidden.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    sheet = read_book(path).sheets["S"]
    row = {
        address(at(place)).removeprefix("S!"): cell for place, cell in sheet.cells.items() if place[0] == 2
    }
    assert {place: cell.value for place, cell in row.items()} == {
        "A2": "",
        "B2": "a\nb",
        "C2": True,
        "D2": True,
        "E2": False,
        "F2": Failure("#N/A"),
        "G2": Failure("#NUM!"),
        "H2": 2.5,
        "I2": "inline",
        "K2": 3.0,
        "L2": 3.0,
        "M2": None,
        "N2": 3.0,
        "O2": 3.0,
        "P2": 3.0,
    }
    assert {cell.style for cell in row.values()} == {0}
    assert (row["A2"].formula, row["N2"].formula, row["H2"].formula) == ("=B1", "=TABLE()", None)
    assert (row["O2"].shared, row["P2"].shared, sheet.shared) == ("0", "0", {"0": ("=A1+1", "O2")})
    assert sheet.arrays == {(2, 11): "=SUM(A1:B1)"}
    assert sheet.blocks == [(Area("S", 2, 12, 3, 13), "=A1:B2")]
    assert sheet.hidden_columns == [range(2, 5), range(6, 7)]
    assert (sheet.hidden_rows, sheet.merged, sheet.bottom, sheet.right) == (
        {2},
        [Area("S", 5, 1, 6, 2)],
        3,
        16,
    )


def test_a_name_may_be_that_of_one_sheet(tmp_path):
    book = Workbook()
    book.active.title = "S"
    book.create_sheet("T")
    book.defined_names["Rate"] = DefinedName("Rate", attr_text="S!$A$1")
    book["T"].defined_names["Rate"] = DefinedName("Rate", attr_text="T!$B$2")
    book.save(tmp_path / "f.xlsx")
    assert read_book(tmp_path / "f.xlsx").names == {("", "rate"): "S!$A$1", ("t", "rate"): "T!$B$2"}


def test_many_merged_cells_lists_or_array_formulas_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("uncertainty.workbooks.cells.MOST_LISTED", 1)
    merged = "<mergeCells>{}</mergeCells>"
    offered = "<dataValidations>{}</dataValidations>"
    extras = (
        (merged, '<mergeCell ref="A{0}:B{0}"/>'),
        (offered, '<dataValidation type="list" sqref="A{0}"><formula1>"a,b"</formula1></dataValidation>'),
    )
    path = tmp_path / "f.xlsx"
    for whole, part in extras:
        for most in (1, 2):
            extra = whole.format("".join(part.format(n) for n in range(1, 1 + most)))
            write_book(path, {"S": {"A9": 1}}, extras={"S": extra})
            if most == 1:
                # a list of no cells is none
                extra = extra.replace(offered[-18:], f'<dataValidation type="list"/>{offered[-18:]}')
                write_book(path, {"S": {"A9": 1}}, extras={"S": extra})
                assert read_book(path).sheets["S"].cells[9, 1].value == 1
                continue
            with pytest.raises(StudyError) as refused:
                read_book(path)
            assert str(refused.value) == (
                f"{path}: S: has more than 1 merged cells, drop-down lists or array formulas"
            )


@pytest.mark.parametrize(
    ("place", "is_there"), [("XFD1048576", True), ("A1048577", False), ("XFE1", False), ("A0", False)]
)
def test_the_last_cell_of_a_sheet_is_the_last_that_is_read(tmp_path, place, is_there):
    path = write_book(tmp_path / "f.xlsx", {"S": {"A1": 1}})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = next(each for each in parts if "worksheets/" in each)
    row = f'<row><c r="{place}"><v>7</v></c></row></sheetData>'
    parts[name] = parts[name].replace(b"</sheetData>", row.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    if is_there:
        sheet = read_book(path).sheets["S"]
        assert (sheet.cells[2**20, 2**14].value, sheet.bottom, sheet.right) == (7.0, 2**20, 2**14)
        return
    with pytest.raises(StudyError) as caught:
        read_book(path)
    assert str(caught.value) == f"{path}: is not an Excel workbook (.xlsx)"
