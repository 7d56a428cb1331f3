"""Workbooks and CSV files as people make them: what cannot be read for certain is said, with its place."""

import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

import uncertainty as un
from uncertainty.study.derived import derive
from uncertainty.tables.sheets import Row, Sheet, bounded, column_letter, make_sheet

HEAD = ["Name", "Unit", "Point", "Low", "High", "Distribution", "Source"]


@pytest.fixture
def book(tmp_path):
    """Return a function that saves a workbook of inputs, after somebody has done something to it."""

    def save(*rows, change=None, title="inputs", more=()):
        made = openpyxl.Workbook()
        sheet = made.active
        sheet.title = title
        for row in [HEAD, *rows]:
            sheet.append(row)
        if change is not None:
            change(sheet)
        for name in more:
            made.create_sheet(name)["A1"] = "something"
        made.save(tmp_path / "book.xlsx")
        return tmp_path / "book.xlsx"

    return save


def read(path):
    found = derive(path, path.with_name("made.toml"))
    made = path.with_name("made.toml")
    made.write_text(found.text, encoding="utf-8")
    return un.load_study(made)


def refusal(path):
    with pytest.raises(un.UncertaintyError) as caught:
        read(path)
    return [str(fault).removeprefix(f"{path}: ") for fault in caught.value.faults]


SOUND = ["mass", "kg", 5, 0, None, "2 to 8", "a table"]


def test_a_sheet_of_inputs_becomes_a_study(book):
    study = read(book(SOUND, ["share", 1, 0.5, 0, 1, "uniform(0.2, 0.6)", "guess"]))
    assert study.inputs["mass"].point == 5
    assert study.inputs["mass"].distribution.median == pytest.approx(4)
    assert study.inputs["share"].unit.text == "1"
    assert (study.inputs["share"].low, study.inputs["share"].high) == (0, 1)
    assert study.headline == "mass"


def test_numbers_stored_as_text_are_numbers(book):
    study = read(book(["mass", "kg", " 5.50 ", "0", "1e3", "7", ""]))
    assert study.inputs["mass"].point == 5.5
    assert study.inputs["mass"].high == 1000
    assert study.inputs["mass"].distribution.is_constant


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ("0,85", '"0,85" has a decimal comma; write 0.85'),
        ("1,500", '"1,500" has a decimal comma; write 1.500, or 1500 if the comma groups thousands'),
        ("1,500.25", '"1,500.25" groups its thousands; write 1500.25'),
        ("1 500 000", '"1 500 000" groups its thousands; write 1500000'),
        (True, "expected a number, found true"),
    ],
)
def test_numbers_of_other_countries_are_refused_with_what_to_write(book, point, message):
    assert refusal(book(["mass", "kg", point])) == [f"inputs, row 2: point: {message}"]


def test_every_fault_is_told_at_once_and_with_its_place(book):
    found = refusal(book(["mass", "kg", "0,85"], [None, "kg", 1], ["mass", "kg", 1, "much"], SOUND, SOUND))
    assert found == [
        'inputs, row 2: point: "0,85" has a decimal comma; write 0.85',
        "inputs, row 3: expected a name in the column name",
        "inputs, row 4: low: expected a number, found 'much'",
        'inputs, row 4: "mass" stands here twice',
        'inputs, row 5: "mass" stands here twice',
        'inputs, row 6: "mass" stands here twice',
    ]


def test_an_unknown_heading_is_told_with_the_nearest(book):
    def rename(sheet):
        sheet["F1"] = "Distributon"

    assert refusal(book(SOUND, change=rename)) == [
        'inputs: unknown heading "distributon"; did you mean "distribution"?'
    ]


def test_a_heading_that_every_row_needs_is_missed_once(tmp_path):
    file = tmp_path / "h.csv"
    missed = 'has no heading "name"; expected headings such as name, unit, point'
    for text, unknown in (
        ("x\n1\n2\n3\n", ['inputs: unknown heading "x"; with "x" in it: index']),
        ("unit,point\nkg,1\n", []),
    ):
        file.write_text(text)
        assert refusal(file) == [*unknown, f"line 1: {missed}"]
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "inputs.csv").write_text("name,unit,point\nmass,kg,1\n")
    (folder / "outputs.csv").write_text("name,unit,value\ny,kg,mass\n,kg,mass\n")
    (folder / "option_equations.csv").write_text("choice,option,name\na,o,y\n")
    (folder / "equations.csv").write_text("value\n1\n2\n")
    assert refusal(folder) == [
        'equations, line 1: has no heading "name"; expected headings such as name, value, index',
        "outputs, line 3: expected a name in the column name",
        'option_equations, line 1: has no heading "value"; expected headings such as choice, option, name',
    ]


def test_merged_cells_are_refused(book):
    found = refusal(book(SOUND, change=lambda sheet: sheet.merge_cells("G2:G3")))
    assert found == ["inputs: the cells G2:G3 are merged; unmerge them, so that each row says everything"]


@pytest.mark.parametrize(
    ("hide", "what"),
    [
        (lambda sheet: sheet.row_dimensions.__getitem__(2).__setattr__("hidden", True), "row 2 is hidden"),
        (
            lambda sheet: sheet.column_dimensions.__getitem__("F").__setattr__("hidden", True),
            "column F is hidden",
        ),
    ],
)
def test_what_is_hidden_is_not_read(book, hide, what):
    assert refusal(book(SOUND, change=hide)) == [f"inputs: {what}; show it or remove it"]


def test_a_hidden_sheet_is_not_read(book):
    def hide(sheet):
        sheet.sheet_state = "hidden"
        sheet.parent.create_sheet("notes")["A1"] = "x"

    assert refusal(book(SOUND, change=hide)) == ["inputs: this sheet is hidden; show it or remove it"]


def test_sheets_that_are_no_part_of_a_study_are_left_alone(book):
    assert list(read(book(SOUND, more=["My notes", "chart data"])).inputs) == ["mass"]


def test_sheets_that_are_not_read_are_named(book):
    found = derive(book(SOUND, more=["My notes", "chart data"]), Path("made.toml"))
    assert "Sheets that are no part of a study are not read: My notes, chart data." in found.notes
    assert not any("Sheets" in note for note in derive(book(SOUND), Path("made.toml")).notes)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("inputs2", "inputs"),
        ("Inputs (old)", "inputs"),
        ("correlation", "correlations"),
        ("Equation", "equations"),
    ],
)
def test_a_sheet_with_almost_the_name_of_a_part_is_not_passed_over(book, name, meant):
    (told,) = refusal(book(SOUND, more=[name]))
    assert told.startswith("unknown sheet ")
    assert told.endswith(f'did you mean "{meant}"?')


def test_a_file_with_almost_the_name_of_a_part_is_not_passed_over(tmp_path):
    (tmp_path / "inputs.csv").write_text("name,unit,point\na,kg,1\n")
    (tmp_path / "correlation.csv").write_text("inputs,spearman\n")
    (tmp_path / "measured.csv").write_text("x\n1\n")
    assert refusal(tmp_path) == ['unknown sheet "correlation"; did you mean "correlations"?']


TITLES = {
    "one line": [["Inputs of my study"]],
    "a line and its date": [["Inputs of my study", None, "2026-01-02"]],
    "two lines and an empty one": [["My study"], ["all of it"], []],
}


@pytest.mark.parametrize("titles", TITLES)
def test_titles_above_the_headings_are_one_fault(book, tmp_path, titles):
    def insert(sheet):
        for row in reversed(TITLES[titles]):
            sheet.insert_rows(1)
            for column, cell in enumerate(row, 1):
                sheet.cell(1, column).value = cell

    where = len(TITLES[titles]) + 1
    expected = "has the headings, which are expected in the first row; remove what is above it"
    assert refusal(book(SOUND, change=insert)) == [f"inputs, row {where}: {expected}"]
    lines = [",".join(map(str, row)) for row in [*TITLES[titles], HEAD[:3], ["a", "kgg", 1]]]
    (tmp_path / "t.csv").write_text("\n".join(lines).replace("None", ""))
    told = refusal(tmp_path / "t.csv")
    assert told[0] == f"line {where}: {expected}"
    assert len(told) == 1


def test_a_row_with_a_bad_name_hides_nothing_else(tmp_path):
    write = {
        "inputs.csv": "name,unit,point,distribution\n"
        'Net mass,kgg,1,normal(1)\nb,kg,x,1 to 2\nb2,kgg,"0,5",\n',
        "study.csv": "title,headline\nt,o\n",
        "outputs.csv": "name,unit,value\no,kg,b + q\n",
        "excluded.csv": "when\nhow = all\n",
    }
    for name, text in write.items():
        (tmp_path / name).write_text(text)
    assert [told.split(": ")[0] for told in refusal(tmp_path)] == [
        "inputs, line 2",
        "inputs, line 4",
        "excluded[0].because",
        'inputs."Net mass".unit',
        'inputs."Net mass".distribution',
        "inputs.b2.unit",
        "inputs.b.point",
        "outputs.o.value",
        "excluded[0].when",
    ]


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({"inputs": None}, ["inputs"]),
        ({"inputs": {"a": {"unit": "kg", "point": 1, "label": None}}}, ["inputs.a.label"]),
        ({"inputs": {"a": {"unit": None, "point": 1, "low": "x"}}}, ["inputs.a.unit", "inputs.a.low"]),
        ({"readings": {"r": {"expect": {"y": None}}}}, ["readings.r.expect.y"]),
        ({"study": {"title": "t", "headline": "y", "compare": ["y", None]}}, ["study.compare[1]"]),
    ],
)
def test_null_is_no_value(tmp_path, tables, told):
    whole = {
        "format": 1,
        "study": {"title": "t", "headline": "y"},
        "inputs": {"a": {"unit": "kg", "point": 1}},
    }
    whole["outputs"] = {"y": {"unit": "kg", "value": "a"}}
    (tmp_path / "s.json").write_text(json.dumps(whole | tables))
    found = refusal(tmp_path / "s.json")
    assert found[0] == f"{told[0]}: is null; leave the key out, or give it a value"
    assert [each.split(": ")[0] for each in found] == told


def test_a_lone_sheet_may_have_any_name(book):
    assert list(read(book(SOUND, title="Tabelle1")).inputs) == ["mass"]


def test_a_formula_without_a_value_is_refused(book):
    assert refusal(book(["mass", "kg", "=2+3"])) == [
        "inputs, C2: has a formula without a stored value; save the workbook in a spreadsheet program"
    ]


def test_rows_and_columns_that_are_empty_do_not_matter(book):
    def shift(sheet):
        sheet.insert_rows(1, 2)
        sheet.insert_rows(4)
        sheet.insert_cols(1)

    assert list(read(book(SOUND, change=shift)).inputs) == ["mass"]


def test_a_cell_beyond_the_headings_is_refused(book):
    assert refusal(book([*SOUND, "what is this?"])) == [
        "inputs, row 2: has 'what is this?' in column H, which has no heading"
    ]


def test_what_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing")
    assert refusal(path) == ["is not an Excel workbook (.xlsx)"]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    assert refusal(path) == ["is not an Excel workbook (.xlsx)"]


def test_a_workbook_that_would_fill_the_memory_is_refused(tmp_path):
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (65 * 2**20))
    assert path.stat().st_size < 2**20
    assert refusal(path) == ["expected at most 64 MiB when unpacked, found 65"]


CSV = "name,unit,point,distribution\nmass,kg,5,2 to 8\n"


@pytest.mark.parametrize(
    "content",
    [
        CSV.encode(),
        CSV.encode("utf-8-sig"),
        CSV.replace(",", ";").encode(),
        CSV.replace(",", "\t").encode(),
        CSV.replace("\n", "\r\n").encode(),
        CSV.replace("mass", "'mass").replace("'", "").encode(),
    ],
)
def test_csv_of_any_make_is_read(tmp_path, content):
    path = tmp_path / "inputs.csv"
    path.write_bytes(content)
    assert read(path).inputs["mass"].point == 5


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name;unit;point\nmass;kg;0,85\n", 'line 2: point: "0,85" has a decimal comma; write 0.85'),
        (
            b"name,unit,point\nmass,kg,=1+1\n",
            "line 2: point: '=1+1' is a spreadsheet's formula; write what it calculates, without =",
        ),
        (
            "name,unit,point,note\nmass,kg,1,gr\u00fcn\n".encode("latin-1"),
            "is not UTF-8 text (byte 33); save it as “CSV UTF-8”",
        ),
        (
            b'name,unit,point\nmass,kg,"1\n',
            'line 2: a quotation mark " before here opens a cell and none closes it',
        ),
        (b"name,unit,name\nmass,kg,1\n", 'line 1: the heading "name" stands twice'),
        (b"", "has no inputs; write some first, or begin from an example: uncertainty new study.toml"),
    ],
)
def test_csv_that_cannot_be_read_for_certain_is_refused(tmp_path, content, message):
    path = tmp_path / "inputs.csv"
    path.write_bytes(content)
    assert refusal(path) == [message]


@pytest.mark.slow
def test_thousands_of_inputs_are_read(tmp_path):
    rows = "".join(f"a{i},kg,{i},{i + 1} to {2 * i + 3}\n" for i in range(3000))
    path = tmp_path / "inputs.csv"
    path.write_text("name,unit,point,distribution\n" + rows)
    found = derive(path, tmp_path / "made.toml")
    assert found.text.count("[inputs.") == 3000


def test_a_sheet_has_its_headings_below_titles_and_its_cells_by_them():
    titled = "has the headings, which are expected in the first row; remove what is above it"
    grid = [
        ("r1", ["Title"]),
        ("r2", [None, " "]),
        ("r3", ["A b", "c", None, "c"]),
        ("r4", [1, None, 2, "x"]),
    ]
    sheet, faults = make_sheet("s", "f", grid)
    assert (sheet.name, sheet.headings, sheet.numbered, sheet.place) == ("s", ("a_b", "c", "c"), False, "r3")
    assert sheet.rows == [Row("r4", {"a_b": 1, "c": "x"})]
    assert [str(fault) for fault in faults] == [
        f"f: r3: {titled}",
        'f: r3: the heading "c" stands twice',
        "f: r4: has '2' in column C, which has no heading",
    ]
    # an index without a name stands before its only column
    alone, faults = make_sheet("s", "f", [("r1", [None, "h"]), ("r2", ["x", 1]), ("r3", ["y", 2])])
    assert [row.cells for row in alone.rows] == [{"h": 1}, {"h": 2}]
    assert [str(fault) for fault in faults] == [
        "f: r2: has 'x' in column A, which has no heading",
        "f: r3: has 'y' in column A, which has no heading",
    ]
    two = make_sheet("s", "f", [("r1", ["Title"]), ("r2", ["a", "b"]), ("r3", [1, 2])])
    assert two[0].headings == ("a", "b")
    assert [str(fault) for fault in two[1]] == [f"f: r2: {titled}"]
    grid = [("r1", ["a", "b"]), ("r2", ["mass"]), ("r3", [1])]
    known = make_sheet("s", "f", grid, lambda name: ("mass",) if name == "s" else ())
    assert known[0].headings == ("mass",)
    numbers, faults = make_sheet("s", "f", [("r1", [1, "2", None]), ("r2", [3, 4, 5])])
    assert (numbers.headings, numbers.numbered) == (("1", "2"), True)
    assert [row.cells for row in numbers.rows] == [{"1": 1, "2": "2"}, {"1": 3, "2": 4}]
    assert [str(fault) for fault in faults] == ["f: r2: has '5' in column C, which has no heading"]
    assert make_sheet("s", "f", [("r1", [None, " "])]) == (Sheet("s", (), ()), [])


def test_more_cells_than_a_study_can_have_are_refused(monkeypatch):
    monkeypatch.setattr("uncertainty.tables.sheets.MOST_CELLS", 5)
    grid = [("r1", [1]), ("r2", [1, 2])]
    assert list(bounded(grid, "f")) == grid
    with pytest.raises(un.StudyError, match=r"^f: expected at most 5 cells$"):
        list(bounded([*grid, ("r3", [])], "f"))


def test_columns_have_letters():
    assert [column_letter(each) for each in (0, 25, 26, 701, 702, 16383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]
