"""Workbooks from elsewhere: what they claim is not believed, what they show is what is read."""

import datetime as dt
import zipfile
import zlib
from types import SimpleNamespace

import openpyxl
import pytest
from openpyxl.styles import Font

import uncertainty as un
from uncertainty import bounds
from uncertainty.errors import MOST_NAMES
from uncertainty.fitting.columns import read_values
from uncertainty.study.conversion import read_tables
from uncertainty.tables import read_table, workbook_reading

HEAD = ["name", "unit", "point", "low", "high", "distribution", "source"]


@pytest.fixture
def book(tmp_path):
    """Return a function that saves a workbook of inputs, after somebody has done something to it."""

    def save(*rows, change=None, head=HEAD):
        made = openpyxl.Workbook()
        made.active.title = "inputs"
        for row in [head, *rows]:
            made.active.append(row)
        if change is not None:
            change(made.active)
        made.save(tmp_path / "book.xlsx")
        return tmp_path / "book.xlsx"

    return save


def rewritten(path, part, change):
    """Put other bytes in place of a part of a workbook; None leaves it out."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if content is not None:
                archive.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"
NO_WORKBOOK = "is not an Excel workbook (.xlsx)"


def inputs(path):
    return read_tables(path)["inputs"]


def refusal(path, read=read_tables):
    with pytest.raises(un.UncertaintyError) as caught:
        read(path)
    assert all("\n" not in str(fault) for fault in caught.value.faults)
    assert all(str(fault).startswith(f"{path}: ") for fault in caught.value.faults)
    return [str(fault).removeprefix(f"{path}: ") for fault in caught.value.faults]


def shown_as(code, *cells):
    def change(sheet):
        for cell in cells:
            sheet[cell].number_format = code

    return change


@pytest.mark.parametrize(
    ("code", "unit", "stored", "meant"),
    [
        ("0%", "%", 0.15, 15),
        ("0.00%", "percent", 0.015, 1.5),
        ("#,##0.0 %", "%", 0.07, 7),
        ("[Red]0%;-0.0%", "1", 0.15, 0.15),
        ('"about "0%', "permille", 0.015, 15),
        ("0.0%", "ppm", 0.0005, 500),
    ],
)
def test_a_cell_that_shows_a_percentage_is_what_it_shows(book, code, unit, stored, meant):
    path = book(["loss", unit, stored, stored / 2, 2 * stored], change=shown_as(code, "C2", "D2", "E2"))
    found = inputs(path)["loss"]
    assert found["point"] == meant
    assert (found["low"], found["high"]) == pytest.approx((meant / 2, 2 * meant), rel=1e-14)


def test_percentages_of_evidence_and_outputs_have_the_unit_of_what_they_speak_of(tmp_path):
    made = openpyxl.Workbook()
    rows = {
        "study": [["title", "headline"], ["t", "y"]],
        "inputs": [["name", "unit", "point", "distribution"], ["a", "%", 0.5, 0.5]],
        "evidence": [["input", "value", "low"], ["a", 0.25, 0.125]],
        "outputs": [["name", "unit", "value", "published"], ["y", "%", "a", 0.5]],
        "equations": [["name", "value"], ["e", 0.5]],
        "reading_inputs": [["reading", "name", "value"], ["r", "a", 0.75]],
        "expect": [["reading", "output", "value"], ["r", "y", 0.75]],
    }
    for name, grid in rows.items():
        sheet = made.create_sheet(name)
        for row in grid:
            sheet.append(row)
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                cell.number_format = "0.0%"
    del made["Sheet"]
    made.save(tmp_path / "book.xlsx")
    found = read_tables(tmp_path / "book.xlsx")
    assert (found["inputs"]["a"]["point"], found["inputs"]["a"]["distribution"]) == (50, 50)
    assert found["inputs"]["a"]["evidence"] == [{"value": 25, "low": 12.5}]
    assert found["outputs"]["y"]["published"] == 50
    assert found["equations"]["e"] == 0.5
    assert found["readings"]["r"]["inputs"]["a"] == 75
    assert found["readings"]["r"]["expect"]["y"]["value"] == 75
    assert un.load_study(tmp_path / "book.xlsx").outputs["y"].published.value == 50


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ('0" kg"', "g"),
        ('#,##0.0" t";-0', "kg"),
        ("0\\k\\m", "m"),
        ('0.0" MWh"', "kWh"),
        ('0" h"', "kg"),
        ('0" ton"', "kg"),
        ("0‰", "1"),
        ('#,##0 "k€"', "euro"),
        ('#,##0 "Mio. €"', "euro"),
        ('0" €"', "kg"),
        ('_-* #,##0 "T€"_-', "euro"),
        ("[$kEUR] #,##0", "euro"),
        ("[$$-409]#,##0", "euro"),
        ("$#,##0", "euro"),
        ('0 "k persons"', "person"),
        ('0 "households"', "person"),
        ('0.00 "ct"', "euro"),
    ],
)
def test_a_number_that_is_shown_in_another_unit_is_asked_about(book, code, unit):
    (told,) = refusal(book(["a", unit, 5], change=shown_as(code, "C2")))
    before = {"[$kEUR] #,##0": "kEUR 5", "[$$-409]#,##0": "$5", "$#,##0": "$5"}
    assert told.startswith(f'inputs, row 2: point: is shown as "{before.get(code, "5 ")}')
    assert f'under the unit "{unit}"; format the cell as a number and write it in that unit' in told


@pytest.mark.parametrize("code", ['0"k"', '0" Mio."', "0\\M", '[Red]0.0" million"'])
def test_a_number_that_is_shown_with_an_amount_is_asked_about(book, code):
    (told,) = refusal(book(["a", "g", 5], change=shown_as(code, "C2")))
    assert told.startswith('inputs, row 2: point: is shown as "5 ')
    assert told.endswith("; format the cell as a number and write the number in full")


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ('0" kg"', "kg"),
        ('0" years"', "year"),
        ('0" pieces"', "1"),
        ('0" €"', "euro"),
        ('0" K"', "K"),
        ('0" kg CO2e"', "kg"),
        ("[$€-407] #,##0.00", "euro"),
        ("$#,##0.00", "dollar"),
        ('0 "persons"', "person"),
        ('_-* #,##0.00\\ "€"_-;-* #,##0.00\\ "€"_-', "euro"),
        ("0.00E+00", "kg"),
        ('0.0 "*"', "kg"),
    ],
)
def test_a_word_that_says_the_same_or_nothing_changes_no_number(book, code, unit):
    found = inputs(book(["a", unit, 5], change=shown_as(code, "C2")))["a"]["point"]
    assert (found, type(found)) == (5, int)


def test_a_fit_of_numbers_with_a_word_says_that_it_is_left_out(book):
    path = book([5.5], [6.0], change=shown_as('0.0" kg"', "A2", "A3"), head=["loss"])
    assert read_values(path).notes == (
        'Cells that show a word or a sign beside their number are read without it: "5.5 kg" is 5.5.',
    )


@pytest.mark.parametrize(
    ("code", "shown"),
    [("$#,##0.00", "$5.5"), ("[$EUR] 0.00", "EUR 5.5"), ('"net "0.0', "net 5.5"), ("0.0\\ €", "5.5 €")],
)
def test_a_word_is_quoted_where_it_stands(book, code, shown):
    (note,) = read_values(book([5.5], [6.0], change=shown_as(code, "A2", "A3"), head=["loss"])).notes
    assert note.endswith(f'read without it: "{shown}" is 5.5.')


def test_points_of_a_text_among_numbers_are_told_as_those_of_texts(book):
    (note,) = read_values(book([3.12], ["1.234"], [4.75], head=["loss"])).notes
    assert note.startswith("Each point in a text of loss has three digits behind it: 1.234 is read as")


@pytest.mark.parametrize("code", ['0" t"', '0.00" ct"', "0%"])
def test_a_fit_of_numbers_that_are_shown_in_two_ways_is_refused(book, code):
    path = book([5.5], [6.0], [6.5], change=shown_as(code, "A3"), head=["loss"])
    with pytest.raises(un.StudyError, match=r"loss: some cells show .*; format them all alike"):
        read_values(path)


@pytest.mark.parametrize("unit", ["kg", "%/year", "page"])
def test_a_percentage_of_what_is_no_pure_number_is_asked_about(book, unit):
    path = book(["loss", unit, 0.15], change=shown_as("0%", "C2"))
    (said,) = refusal(path)
    assert said.startswith(f'inputs, row 2: point: is shown as 15 % under the unit "{unit}"; ')
    assert said.endswith("format the cell as a number and write 15 or 0.15, whichever is meant")


@pytest.mark.parametrize("code", ['0"%"', "0\\%", "0.00", "General", "_%0", "0.0E+00"])
def test_a_percent_sign_that_only_stands_there_changes_no_number(book, code):
    assert inputs(book(["loss", "%", 15], change=shown_as(code, "C2")))["loss"]["point"] == 15


@pytest.mark.parametrize("code", ["0,", "#,##0.0,,", '0.0," thousand"'])
def test_a_number_that_is_shown_divided_by_thousands_is_refused(book, code):
    assert refusal(book(["cost", "kg", 15000], change=shown_as(code, "C2"))) == [
        "inputs, C2: is shown divided by thousands; format it as a plain number"
    ]


@pytest.mark.parametrize(
    ("code", "stored"),
    [("0.0;0.0", -5.5), ("0;[Red]0", -5), ('0"000"', 5), ('"<"0', 5.5), ('"~"0', 5), ('0 "± 2"', 5)],
)
def test_a_number_that_is_shown_as_another_is_refused(book, code, stored):
    assert refusal(book(["cost", "kg", stored], change=shown_as(code, "C2"))) == [
        f"inputs, C2: holds {stored}, which its format shows as another number; format it as a plain number"
    ]


@pytest.mark.parametrize(
    ("code", "stored"), [("0.0;-0.0", -5.5), ("0;[Red](0)", -5), ("0.0;0.0", 5.5), ("[<1]0.0;0", -2.5)]
)
def test_a_format_that_shows_the_sign_changes_no_number(book, code, stored):
    assert inputs(book(["cost", "kg", stored], change=shown_as(code, "C2")))["cost"]["point"] == stored


@pytest.mark.parametrize("code", ["#,##0", "#,##0.00", "#,##0;(#,##0)"])
def test_commas_between_thousands_change_no_number(book, code):
    assert inputs(book(["cost", "kg", 15000], change=shown_as(code, "C2")))["cost"]["point"] == 15000


@pytest.mark.parametrize(
    ("code", "stored"),
    [
        (";;;", 2),
        ('""', 2),
        ('"secret"', 2),
        ("0;;", -2),
        ("0;-0;;@", 0),
        ("[>5]0;[<1]0;;", 2),
        (";;;", "kg"),
    ],
)
def test_what_a_format_does_not_show_is_not_read(book, code, stored):
    cell = "B2" if isinstance(stored, str) else "C2"
    path = book(["a", "kg", stored if cell == "C2" else 1], change=shown_as(code, cell))
    said = f"holds {stored}, which its format does not show; change it, or clear the cell"
    assert refusal(path) == [f"inputs, {cell}: {said}"]


@pytest.mark.parametrize(
    ("code", "stored"),
    [("0;-0;;@", 2), ('0;-0;"-"', 0), ('_(* #,##0_);_(* (#,##0);_(* "-"??_);_(@_)', 0), ("General;;", 3)],
)
def test_what_another_part_of_a_format_hides_is_read(book, code, stored):
    assert inputs(book(["a", "kg", stored], change=shown_as(code, "C2")))["a"]["point"] == stored


@pytest.mark.parametrize(("stored", "meant"), [(0.5, 50), (-0.5, -0.5), (0, 0)])
def test_each_number_is_shown_by_its_own_part_of_a_format(book, stored, meant):
    path = book(["a", "%", stored], change=shown_as("0%;-0.0;0%", "C2"))
    assert inputs(path)["a"]["point"] == meant


def test_a_fit_of_percentages_says_that_they_are_shares(book):
    path = book([0.15], [0.2], change=shown_as("0%", "A2", "A3"), head=["loss"])
    assert read_values(path).notes == ("Cells that show percentages are read as shares: 15 % is 0.15.",)


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!", "#NAME?", "#NULL!", "#NUM!", "#VALUE!"])
def test_every_cell_that_holds_an_error_is_named(book, error):
    said = f"holds the error {error}; mend its formula, or write what it should show"
    assert refusal(book(["a", "kg", error, 1, 2, "1 to 2", error], ["b", error, 3, None, error])) == [
        f"inputs, row 2: point: {said}",
        f"inputs, row 2: source: {said}",
        f"inputs, row 3: unit: {said}",
        f"inputs, row 3: high: {said}",
    ]


def test_an_error_in_a_csv_file_is_named_too(tmp_path):
    path = tmp_path / "inputs.csv"
    path.write_text("name,unit,point,source\na,kg,#REF!,#N/A\n")
    assert [line.split(";")[0] for line in refusal(path)] == [
        "line 2: point: holds the error #REF!",
        "line 2: source: holds the error #N/A",
    ]


def test_all_faults_of_all_sheets_are_told_at_once_with_valid_spellings(book):
    def more(sheet):
        sheet["H1"] = "Unit"
        other = sheet.parent.create_sheet("equations")
        for row in [["name", "valu"], ["Per Trip", "a * 2"], ["ok", None]]:
            other.append(row)

    expected = "expected a name of lower-case letters, digits and underscores that begins with a letter"
    assert refusal(book(["Unit cost", "kg", "0,5"], ["2ª", "kg", 1], change=more)) == [
        'inputs, row 1: the heading "unit" stands twice',
        f"inputs, row 2: name: {expected}, such as \"unit_cost\", found 'Unit cost'",
        'inputs, row 2: point: "0,5" has a decimal comma; write 0.5',
        f"inputs, row 3: name: {expected}, such as \"x_2a\", found '2ª'",
        'equations: unknown heading "valu"; did you mean "value"?',
        f"equations, row 2: name: {expected}, such as \"per_trip\", found 'Per Trip'",
    ]


def test_a_workbook_without_inputs_says_which_sheets_it_has(book):
    def rename(sheet):
        sheet.title = "Cost Data"
        sheet.parent.create_sheet("Notes")["A1"] = "x"

    assert refusal(book(change=rename)) == [
        'expected a sheet "inputs", found Cost Data, Notes; call the sheet of inputs so'
    ]


def test_a_sheet_of_empty_texts_has_nothing_in_it(book):
    def more(sheet):
        sheet.parent.create_sheet("blank")["B2"] = ""

    asked = []
    path = book(["a", "kg", 1], change=more)
    workbook_reading.read_sheets(path, lambda names: asked.extend(names) or names)
    assert asked == ["inputs"]


def test_a_hidden_sheet_is_named(book):
    def hide(sheet):
        sheet.parent.create_sheet("other").append(["x"])
        sheet.sheet_state = "hidden"

    assert refusal(book(["a", "kg", 1], change=hide))[0] == (
        "inputs: this sheet is hidden; show it or remove it"
    )


def test_evidence_of_an_unknown_input_is_one_fault(book):
    def more(sheet):
        evidence = sheet.parent.create_sheet("evidence")
        for row in [["input", "value"], ["mas", 3]]:
            evidence.append(row)

    assert refusal(book(["mass", "kg", 1], change=more)) == [
        'evidence, row 2: input: unknown input "mas"; did you mean "mass"?'
    ]


def test_a_formatted_cell_far_away_costs_nothing(book):
    def style(sheet):
        sheet["XFD1048576"].font = Font(bold=True)
        sheet["A900000"].font = Font(bold=True)

    path = book(["a", "kg", 1], change=style)
    with workbook_reading.opened_book(path) as opened:
        (sheet,) = opened.worksheets
        rows = list(workbook_reading._rows(sheet))
    assert [number for number, _ in rows] == [1, 2, 900000, 1048576]
    assert sum(len(cells) for _, cells in rows) == len(HEAD) + 3
    assert inputs(path)["a"]["point"] == 1


@pytest.mark.parametrize("claim", [b"A1:A1", b"A1:XFD1048576", b"C3:D4"])
def test_a_dimension_that_lies_changes_nothing(book, claim):
    path = rewritten(book(["a", "kg", 1]), SHEET, lambda xml: xml.replace(b"A1:G2", claim))
    assert inputs(path)["a"]["point"] == 1


@pytest.mark.parametrize("claim", [b"ZZZ9999999", b"", b"A0:B1"])
def test_a_dimension_that_cannot_be_is_one_line_or_nothing(command, book, claim):
    path = rewritten(book(["a", "kg", 1]), SHEET, lambda xml: xml.replace(b"A1:G2", claim))
    found = command("new", "made.toml", "--from", path)
    assert (found.code, found.err.count("\n")) in ((2, 1), (0, 1))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b'r="2"', b'r="99999999999999"', None),
        (b'r="C2"', b'r="C99999999"', "inputs, C99999999: lies beyond the last cell of a sheet"),
        (b'r="C2"', b'r="ZZZ2"', "inputs, ZZZ2: lies beyond the last cell of a sheet"),
        (b'r="C2"', b'r="2C"', NO_WORKBOOK),
        (b't="n"', b't="s"', NO_WORKBOOK),
        (b"<v>1</v>", b"<v>" + 5000 * b"9" + b"</v>", NO_WORKBOOK),
        (b"<v>1</v>", b"<v>1</c>", NO_WORKBOOK),
        (b'r="C2"', b'r="C2" s="999"', NO_WORKBOOK),
    ],
)
def test_cells_and_rows_that_cannot_be_are_one_line(book, old, new, message):
    path = rewritten(book(["a", "kg", 1]), SHEET, lambda xml: xml.replace(old, new))
    if message is None:
        assert inputs(path)["a"]["point"] == 1
    else:
        assert refusal(path) == [message]


def test_cells_are_counted_before_any_is_looked_at(book, monkeypatch):
    path = book(*[[f"a{i}", "kg", 1] for i in range(5)])
    monkeypatch.setattr(workbook_reading, "MOST_CELLS", 20)
    monkeypatch.setattr(openpyxl, "load_workbook", None)
    assert refusal(path) == ["expected at most 20 cells, found 22, empty ones included"]


def test_rows_are_counted_that_hold_nothing(book, monkeypatch):
    empty = b"".join(b'<row r="%d"/>' % n for n in range(3, 90))
    path = rewritten(
        book(["a", "kg", 1]), SHEET, lambda xml: xml.replace(b"</sheetData>", empty + b"</sheetData>")
    )
    assert inputs(path)["a"]["point"] == 1
    monkeypatch.setattr(workbook_reading, "SHEET_ROWS", 89)
    assert inputs(path)["a"]["point"] == 1
    monkeypatch.setattr(workbook_reading, "SHEET_ROWS", 88)
    monkeypatch.setattr(openpyxl, "load_workbook", None)
    assert refusal(path) == ["has more rows, texts or formats than a workbook of a study"]


@pytest.mark.parametrize(("part", "bound"), [("xl/styles.xml", "MOST_OTHER_TAGS"), (SHEET, "MOST_TAGS")])
def test_a_part_of_endless_tags_is_refused_unparsed(book, monkeypatch, part, bound):
    path = rewritten(book(["a", "kg", 1]), part, lambda xml: xml + 2000 * b"<xf/>")
    monkeypatch.setattr(workbook_reading, bound, 1000)
    monkeypatch.setattr(openpyxl, "load_workbook", None)
    assert refusal(path) == ["has more rows, texts or formats than a workbook of a study"]


def test_as_many_tags_and_cells_as_are_allowed_are_read(book, monkeypatch):
    path = book(["a", "kg", 1])
    with zipfile.ZipFile(path) as archive:
        counts = [workbook_reading._counts(name, archive.read(name)) for name in archive.namelist()]
    bounds = dict(
        zip(("MOST_CELLS", "MOST_TAGS", "MOST_OTHER_TAGS"), map(sum, zip(*counts, strict=True)), strict=True)
    )
    for name, most in bounds.items():
        monkeypatch.setattr(workbook_reading, name, most)
    assert inputs(path)["a"]["point"] == 1
    for name, most in bounds.items():
        with monkeypatch.context() as patch:
            patch.setattr(workbook_reading, name, most - 1)
            assert len(refusal(path)) == 1
    size = sum(part.file_size for part in zipfile.ZipFile(path).infolist())
    monkeypatch.setattr(workbook_reading, "LARGEST_SHEET", size)
    assert inputs(path)["a"]["point"] == 1
    monkeypatch.setattr(workbook_reading, "LARGEST_SHEET", size - 1)
    assert refusal(path) == ["expected at most 0 MiB when unpacked, found 0"]
    monkeypatch.setattr(workbook_reading, "MOST_SHEETS", 1)
    monkeypatch.setattr(workbook_reading, "LARGEST_SHEET", 2**21)
    assert inputs(path)["a"]["point"] == 1
    grown = rewritten(path, "docProps/app.xml", lambda xml: xml + b" " * 2**22)
    assert refusal(grown) == ["expected at most 2 MiB when unpacked, found 4"]


def test_cells_and_tags_are_counted_part_by_part():
    row = b'<row r="1"><c r="A1"/><x:c r="B1"><v>1</v></x:c><cc/><c></c></row>'
    assert workbook_reading._counts("xl/worksheets/sheet1.xml", row) == (3, 10, 0)
    assert workbook_reading._counts("xl/sharedStrings.xml", b"<si><t>c</t></si>") == (0, 4, 0)
    assert workbook_reading._counts("xl/styles.xml", row) == (0, 0, 10)
    for words in (b"<!DOCTYPE x>", b"<!ENTITY x>"):
        with pytest.raises(ValueError, match=r"^part$"):
            workbook_reading._counts("part", words)


def test_a_row_of_some_height_is_shown_and_one_without_anything_may_be_hidden(book):
    def heights(sheet):
        sheet.row_dimensions[1].height = 30
        sheet.row_dimensions[2].height = 15
        sheet.row_dimensions[5].hidden = True

    path = book(["a", "kg", 1], change=heights)
    assert inputs(path)["a"]["point"] == 1
    hidden = b'<row r="2" hidden="1"'
    rewritten(
        path,
        SHEET,
        lambda xml: xml.replace(b'<row r="2"', hidden).replace(b'<row r="1"', b'<row r="1" hidden="1"'),
    )
    assert refusal(path) == ["inputs: row 1 is hidden; show it or remove it"]


def test_the_first_filled_column_of_those_that_are_hidden_together_is_named():
    columns = {"B": {"min": "2", "max": "4", "hidden": "1"}, "F": {"min": "6", "width": "0"}}
    parser = SimpleNamespace(row_dimensions={}, column_dimensions=columns)
    found = [
        workbook_reading._hidden(parser, {1: dict.fromkeys(filled)})
        for filled in ((4,), (5,), (6, 7), (3, 6))
    ]
    assert found == [["column D"], [], ["column F"], ["column C"]]


def test_a_formula_with_a_stored_number_has_a_value(book):
    path = book(["a", "kg", "=1+1", None, None, None, "x"])
    rewritten(path, SHEET, lambda xml: xml.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>"))
    assert inputs(path)["a"]["point"] == 2


def test_a_formula_in_a_cell_without_a_place_is_a_cell(book):
    path = book(["a", "kg", 1, None, None, None, "=A2"])
    rewritten(path, SHEET, lambda xml: xml.replace(b'<c r="G2">', b"<c>").replace(b'<c r="G2" ', b"<c "))
    assert refusal(path)[-1] == (
        "inputs, a cell: has a formula without a stored value; save the workbook in a spreadsheet program"
    )


def test_merged_cells_are_named_up_to_some_number(book):
    rows = range(3, 4 + MOST_NAMES)

    def merge(sheet):
        for row in rows:
            sheet.merge_cells(f"A{row}:B{row}")

    found = refusal(book(["a", "kg", 1], change=merge))
    told = [
        f"inputs: the cells A{n}:B{n} are merged; unmerge them, so that each row says everything"
        for n in rows
    ]
    assert len(found) == MOST_NAMES
    assert {*found} <= {*told}


def test_rows_of_a_table_come_in_order_and_with_those_that_are_left_out(book):
    def rows_of(path):
        with workbook_reading.opened_book(path, own=True) as opened:
            return list(workbook_reading.table_rows(opened, "inputs"))

    path = book([None, "kg", 1], [], ["_x0041_"], change=lambda sheet: sheet.insert_rows(2), head=["x"])
    assert rows_of(path) == [["x"], [], [None, "kg", 1], [], ["A"]]
    original = path.read_bytes()
    for old, new in ((b'r="5"', b'r="1"'), (b'r="A5"', b'r="XFE5"'), (b'<row r="5"', b'<row r="1048577"')):
        path.write_bytes(original)
        rewritten(path, SHEET, lambda xml, old=old, new=new: xml.replace(old, new))
        with pytest.raises(un.StudyError, match="is not an Excel workbook"):
            rows_of(path)


def test_many_sheets_are_refused(book, monkeypatch):
    path = book(["a", "kg", 1], change=lambda sheet: [sheet.parent.create_sheet(f"s{i}") for i in range(5)])
    monkeypatch.setattr(workbook_reading, "MOST_SHEETS", 4)
    assert refusal(path) == ["expected at most 4 sheets, found 6"]


def encrypted(path):
    """Set the flag of encryption on every part, as a zip program with a password does."""
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 4)
    path.write_bytes(content)


def scrambled(path):
    """Change bytes within the packed sheet."""
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo(SHEET).header_offset + 30 + len(SHEET) + 20
    content = bytearray(path.read_bytes())
    content[start : start + 20] = 20 * b"\xff"
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (encrypted, "is encrypted; save it without a password"),
        (
            lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
            "is encrypted, or a workbook of Excel 97 to 2003; save it as .xlsx without a password",
        ),
        (lambda path: path.write_bytes(path.read_bytes()[:2000]), NO_WORKBOOK),
        (lambda path: path.write_bytes(b""), NO_WORKBOOK),
        (lambda path: zipfile.ZipFile(path, "w").close(), NO_WORKBOOK),
        (
            lambda path: rewritten(path, "xl/workbook.xml", lambda _: b"<a"),
            NO_WORKBOOK,
        ),
        (
            lambda path: rewritten(path, "xl/styles.xml", lambda _: b"\xff"),
            NO_WORKBOOK,
        ),
        (
            lambda path: rewritten(path, "[Content_Types].xml", lambda _: None),
            NO_WORKBOOK,
        ),
        (
            lambda path: rewritten(
                path,
                "xl/workbook.xml",
                lambda content: content.replace(
                    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                    b"http://purl.oclc.org/ooxml/spreadsheetml/main",
                ),
            ),
            "is a “Strict Open XML” workbook; save it as “Excel Workbook”",
        ),
        (lambda path: rewritten(path, SHEET, lambda _: None), 'expected a sheet "inputs", found nothing'),
        (
            scrambled,
            NO_WORKBOOK,
        ),
    ],
)
def test_a_file_that_is_damaged_or_locked_is_one_line(command, book, damage, message):
    path = book(["a", "kg", 1])
    damage(path)
    found = command("check", path)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(f"error: {path}: {message}")
    assert found.err.count("\n") == 1


def test_whatever_the_library_raises_is_one_line(book, monkeypatch):
    path = book(["a", "kg", 1])
    for raised in (KeyError("x"), RuntimeError("x"), MemoryError(), RecursionError(), zlib.error("x")):

        def fail(*_, raised=raised, **__):
            raise raised

        monkeypatch.setattr(openpyxl, "load_workbook", fail)
        assert refusal(path) == [NO_WORKBOOK]
        assert refusal(path, read_table) == [NO_WORKBOOK]


def test_a_formula_without_a_stored_value_is_named(book):
    assert refusal(book(["a", "kg", 1, None, None, None, "=A2"]))[-1] == (
        "inputs, G2: has a formula without a stored value; save the workbook in a spreadsheet program"
    )


def test_a_formula_that_gives_an_empty_text_has_a_value(book):
    cell = b'<c r="G2" t="str"><f>IF(A2="","",A2)</f><v></v></c></row><row r="3">'
    path = rewritten(
        book(["a", "kg", 1], ["b", "kg", 2]), SHEET, lambda xml: xml.replace(b'</row><row r="3">', cell)
    )
    assert inputs(path)["a"] == {"unit": "kg", "point": 1}


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b"<sheetData>", b'<cols><col min="3" max="3" width="0"/></cols><sheetData>', "column C is hidden"),
        (b"<sheetData>", b'<cols><col min="2" max="9" hidden="1"/></cols><sheetData>', "column B is hidden"),
        (b"<sheetData>", b'<cols><col min="3" hidden="1"/></cols><sheetData>', "column C is hidden"),
        (b'<row r="2"', b'<row r="2" ht="0"', "row 2 is hidden"),
        (b'<row r="2"', b'<row r="2" hidden="true"', "row 2 is hidden"),
    ],
)
def test_what_is_hidden_or_has_no_size_is_not_read(book, old, new, what):
    path = rewritten(book(["a", "kg", 1]), SHEET, lambda xml: xml.replace(old, new))
    assert refusal(path) == [f"inputs: {what}; show it or remove it"]


def test_columns_that_are_hidden_where_nothing_is_are_no_fault(book):
    def hide(sheet):
        sheet.column_dimensions.group("J", "XFD", hidden=True)

    assert inputs(book(["a", "kg", 1], change=hide))["a"]["point"] == 1


@pytest.mark.parametrize("text", ["_xD800_", "a_xDFFF_b"])
def test_half_of_a_character_is_not_read_as_one(book, text):
    path = book(["a", "kg", 1, None, None, None, "x"], change=None)
    rewritten(path, SHEET, lambda xml: xml.replace(b"<t>x</t>", f"<t>{text}</t>".encode()))
    assert "\ufffd" in inputs(path)["a"]["source"]


def test_dates_and_truths_are_no_numbers(book):
    found = refusal(book(["a", "kg", dt.date(2026, 5, 1)], ["b", "kg", True], ["c", "kg", dt.time(12)]))
    assert found[0].startswith('inputs, row 2: point: "2026-05-01 00:00:00" is a date')
    assert found[1:] == [
        "inputs, row 3: point: expected a number, found true",
        'inputs, row 4: point: "12:00:00" is a time of day; expected a number',
    ]


def test_the_bounds_are_far_above_what_a_study_needs():
    assert bounds.MOST_CELLS > 10_000 * 20
    assert bounds.MOST_OTHER_TAGS > 2 * 65_490  # cell formats that Excel allows


def test_sheets_and_the_rows_in_them_are_judged_in_one_pass(command, book):
    def more(sheet):
        for name, row in {"study": ["title", "headline"], "outputs": ["name", "unitt"]}.items():
            sheet.parent.create_sheet(name).append(row)
        sheet.parent["study"].append(["t", "y"])

    rows = [["mass", "kgg", 1], ["share", "1", "0,5"], ["time", "h", 2, None, None, "norml(1, 2)"]]
    path = book(*rows, change=more)
    said = [line.removeprefix(f"error: {path}: ") for line in command("check", path).err.splitlines()]
    assert said[:2] == [
        'inputs, row 3: point: "0,5" has a decimal comma; write 0.5',
        'outputs: unknown heading "unitt"; did you mean "unit"?',
    ]
    assert [line.split(": ")[0] for line in said[2:]] == ["inputs.mass.unit", "inputs.time.distribution"]
    path = book(["a b", "trip", 1], ["time", "trip", 2, None, None, "norml(1, 2)"])
    said = command("new", "made.toml", "--from", path).err.splitlines()
    assert len(said) == 2
    assert "inputs.time.distribution: " in said[1]


@pytest.mark.parametrize("rows", [[[3.5], [8.25], [24.1]], [[3.5, 1], [8.25, 2], [24.1, None]]])
def test_a_first_row_of_numbers_is_data_in_a_workbook_too(book, rows):
    found = read_values(book(*rows[1:], head=rows[0]), "1")
    assert (found.name, list(found.values)) == ("1", [3.5, 8.25, 24.1])
    assert "is data; its columns are called 1, 2" in found.notes[0]


def test_inputs_without_headings_are_asked_for_them(book):
    assert refusal(book([1, 2], head=[3, 4])) == ["inputs: expected headings in the first row, found numbers"]


@pytest.mark.parametrize("part", [SHEET, "xl/styles.xml", "xl/workbook.xml"])
def test_words_that_a_part_defines_are_not_expanded(book, monkeypatch, part):
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    parsed = []
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *_, **__: parsed.append(part))
    for words in (laughs, laughs[12:], b'<!DOCTYPE x SYSTEM "words.dtd">'):
        path = rewritten(book(["a", "kg", 1]), part, lambda xml, words=words: words + xml)
        assert refusal(path) == [NO_WORKBOOK]
    assert parsed == []


@pytest.mark.parametrize("hours", [24, 30.5, 1000])
def test_a_duration_is_no_number(book, hours):
    (told,) = refusal(book(["a", "hour", dt.timedelta(hours=hours)]))
    assert told.startswith("inputs, row 2: point: ")
    assert told.endswith(" is a duration; expected a number, in the unit of its row")


@pytest.mark.parametrize("column", ["b", None])
def test_a_fit_says_that_other_sheets_are_not_read(book, column):
    def add(sheet):
        sheet.parent.create_sheet("more").append(["b"])

    path = book([1, 2], change=add, head=["a", "c"])
    (told,) = refusal(path, lambda path: read_values(path, column))
    assert told.endswith("; only the first of its 2 sheets is read")


SHOWN = [
    ("General", ["", "", "", ""]),
    ("0.00", ["", "", "", ""]),
    ("0%", ["%", "%", "%", ""]),
    ('"%"0', ["%", "%", "%", ""]),
    ("0\\%", ["%", "%", "%", ""]),
    ("#,##0", ["", "", "", ""]),
    ("0,", [",", ",", ",", ""]),
    ('0,,"M"', [", M", ", M", ", M", ""]),
    ('0.0,"k"', [", k", ", k", ", k", ""]),
    ("h:mm", [":", ":", ":", ""]),
    ("[h]:mm", [":", ":", ":", ""]),
    ("[mm]:ss", [":", ":", ":", ""]),
    ("yyyy-mm-dd", ["", "", "", ""]),
    ("d.m.yyyy h:mm", ["", "", "", ""]),
    ('"h"0', ["h", "h", "h", ""]),
    ('0" kg"', ["kg", "kg", "kg", ""]),
    ('0 "of" 0', ["of", "of", "of", ""]),
    ("[$EUR-407] 0.00", ["EUR", "EUR", "EUR", ""]),
    ("[$€] 0", ["€", "€", "€", ""]),
    ("\\x0", ["x", "x", "x", ""]),
    ("0_)", ["", "", "", ""]),
    ('0;-0;"-"', ["", "", "", ""]),
    ("0;0", ["", "≠", "", ""]),
    ("0;(0)", ["", "", "", ""]),
    ("[Red]0;[Blue]-0", ["", "", "", ""]),
    ("[<1]0%;0", ["", "%", "%", ""]),
    ("[<0]0%;0", ["", "%", "", ""]),
    ("[>0]0%;-0", ["%", "", "", ""]),
    ("[=0]0%;-0", ["≠", "", "%", ""]),
    ("[<>0]0%;0", ["%", "%", "", ""]),
    ("[<=-2]0%;[>=1234.5]0%;0", ["%", "%", "", ""]),
    ("[>5000]0;[<-5]0%", ["%", "%", "%", ""]),
    ('0,"x"000', ["x", "x", "x", ""]),
    ('0"CO"\\2', ["CO2", "CO2", "CO2", ""]),
    ('"3"0', ["≠ 3", "≠ 3", "≠ 3", ""]),
    ('"~"0', ["≠ ~", "≠ ~", "≠ ~", ""]),
    ('0"CO2"', ["CO2", "CO2", "CO2", ""]),
    (";;;", ["∅", "∅", "∅", "∅"]),
    ("@", ["", "", "", ""]),
    ('"text"', ["∅", "∅", "", ""]),
    ('0;"neg"', ["", "∅", "", ""]),
    ("0;;0", ["", "∅", "", ""]),
    ('0 "t";-0 "u";"zero";"as "@', ["t", "u", "", "as"]),
    ("ss.0", [":", ":", ":", ""]),
    ("0.0E+0", ["", "", "", ""]),
    ("0;−0", ["", "−", "", ""]),
    ("0;–0", ["", "–", "", ""]),
    ("$0", ["$", "$", "$", ""]),
    ("0€", ["€", "€", "€", ""]),
    (r"0\.0", ["≠", "≠", "≠", ""]),
    ('#"."##0', ["≠", "≠", "≠", ""]),
    (r"00\-00", ["≠", "", "", ""]),
    (r"#\ ##0", ["", "", "", ""]),
    ('"-"0', ["≠ -", "≠ -", "-", ""]),
    ('"T-"0', ["T-", "T-", "T-", ""]),
    (r'_-* #,##0.0\ _€_-;-* #,##0.0\ _€_-;_-* "-"??\ _€_-', ["", "", "-", ""]),
]
"""What formats make of 1234.5, -2, 0 and a text: % a percentage, a comma thousands, : a time, ≠ another
number, ∅ nothing, and a word beside it."""


@pytest.mark.parametrize(("code", "shown"), SHOWN)
def test_a_format_says_how_each_value_is_shown(code, shown):
    styles = [SimpleNamespace(numFmtId=0), SimpleNamespace(numFmtId=164)]
    formats = workbook_reading.Formats(SimpleNamespace(_cell_styles=styles, _number_formats=[code]))
    for value, wanted in zip((1234.5, -2.0, 0.0, "x"), shown, strict=True):
        cell = {"style_id": 1, "data_type": "s" if isinstance(value, str) else "n", "value": value}
        marks = {
            "%": formats.is_percentage(cell),
            ",": formats.is_scaled(cell),
            ":": formats.is_time(cell),
            "≠": formats.is_amended(cell),
            "∅": not formats.is_shown(cell),
        }
        found = "".join(mark for mark, holds in marks.items() if holds)
        assert f"{found} {formats.word(cell)}".strip() == wanted
        assert formats.label(cell) == ("" if marks[","] else formats.word(cell))
        plain = {**cell, "style_id": 0}
        assert (formats.word(plain), formats.is_shown(plain), formats.is_percentage(plain)) == (
            "",
            True,
            False,
        )


def test_objections_name_what_a_cell_holds():
    styles = [SimpleNamespace(numFmtId=0), SimpleNamespace(numFmtId=164), SimpleNamespace(numFmtId=165)]
    book = SimpleNamespace(
        _cell_styles=[*styles, SimpleNamespace(numFmtId=9)], _number_formats=['"3"0,', ";;;"]
    )
    formats = workbook_reading.Formats(book)

    def objections(style, value):
        kind = "s" if isinstance(value, str) else "n"
        return [*formats.objections({"style_id": style, "data_type": kind, "value": value}, value)]

    assert objections(1, 2.5) == [
        "is shown divided by thousands; format it as a plain number",
        "holds 2.5, which its format shows as another number; format it as a plain number",
    ]
    hidden = "which its format does not show; change it, or clear the cell"
    assert objections(2, 0.1 + 0.2) == [f"holds 0.3, {hidden}"]
    assert objections(2, "x" * 50) == [f"holds {'x' * 40}, {hidden}"]
    assert objections(0, 2.5) == objections(3, 0.5) == []
    assert formats.is_percentage({"style_id": 3, "data_type": "n", "value": 0.5})


def test_characters_by_their_numbers_are_characters():
    assert workbook_reading.spoken("a_x000D_b_x0041__x005F_x0041_") == "a\rbA_x0041_"
    assert workbook_reading.spoken("_xD800_") == "\ufffd"
    assert workbook_reading.spoken(2.5) == 2.5


@pytest.mark.parametrize(
    ("attributes", "unseen"),
    [
        ({}, False),
        ({"hidden": "1"}, True),
        ({"hidden": "true"}, True),
        ({"hidden": "0"}, False),
        ({"ht": "0"}, True),
        ({"ht": "0.0"}, True),
        ({"ht": "15"}, False),
        ({"width": "0"}, False),
    ],
)
def test_a_row_without_height_is_unseen(attributes, unseen):
    assert workbook_reading.is_unseen(attributes, "ht") is unseen


def test_the_last_formula_of_a_number_is_found(tmp_path):
    made = openpyxl.Workbook()
    made.active.title = "First"
    made.active["B2"] = "=1+1"
    made.create_sheet("Second")["A1"] = 3
    made.save(tmp_path / "f.xlsx")
    assert workbook_reading.last_formula(tmp_path / "f.xlsx") == "First!B2"
    made["First"]["C9"] = "=2+2"
    made["Second"]["AA10"] = "=2"
    made.save(tmp_path / "f.xlsx")
    assert workbook_reading.last_formula(tmp_path / "f.xlsx") == "Second!AA10"
    made["Second"]["AA10"] = made["First"]["C9"] = made["First"]["B2"] = 1
    made.save(tmp_path / "f.xlsx")
    assert workbook_reading.last_formula(tmp_path / "f.xlsx") == ""
