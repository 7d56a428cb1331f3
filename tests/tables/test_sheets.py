"""Workbooks and CSV files as people make them: what cannot be read for certain is said, with its place."""

import zipfile

import openpyxl
import pytest

import uncertainty as un
from uncertainty.study.derived import derive

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
        'inputs, row 6: "mass" stands here twice',
    ]


def test_an_unknown_heading_is_told_with_the_nearest(book):
    def rename(sheet):
        sheet["F1"] = "Distributon"

    assert refusal(book(SOUND, change=rename)) == [
        'inputs: unknown heading "distributon"; did you mean "distribution"?'
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
        (b"", "has no inputs"),
    ],
)
def test_csv_that_cannot_be_read_for_certain_is_refused(tmp_path, content, message):
    path = tmp_path / "inputs.csv"
    path.write_bytes(content)
    assert refusal(path) == [message]


def test_ten_thousand_inputs_take_seconds(tmp_path):
    rows = "".join(f"a{i},kg,{i},{i + 1} to {2 * i + 3}\n" for i in range(10_000))
    path = tmp_path / "inputs.csv"
    path.write_text("name,unit,point,distribution\n" + rows)
    found = derive(path, tmp_path / "made.toml")
    assert found.text.count("[inputs.") == 10_000
