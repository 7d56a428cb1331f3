"""`uncertainty new` writes a study that works as it is, and destroys nothing."""

import os
import shlex
from pathlib import Path

import pytest

import uncertainty as un


def test_the_starter_passes_check_and_run(command, tmp_path):
    said = command("new", "mine.toml").out
    assert said.startswith("Wrote mine.toml, and study.schema.json for editors. Next:")
    assert command("check", "mine.toml", "--strict").code == 0
    assert command("run", "mine.toml", "--samples", 1024).code == 0
    assert command("sensitivity", "mine.toml", "--samples", 1024).code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.toml", "study.schema.json"]


def test_a_schema_that_is_there_is_kept(command, tmp_path):
    (tmp_path / "study.schema.json").write_text("{}")
    assert command("new", "mine.toml").out.startswith("Wrote mine.toml. Next:")
    assert (tmp_path / "study.schema.json").read_text() == "{}"


def test_the_starter_shows_the_parts_that_a_study_has(command):
    command("new", "mine.toml", "--quiet")
    study = un.load_study("mine.toml")
    assert study.choices
    assert len(study.readings) == 3
    assert study.preferred_reading
    assert un.reproduce(study).unsupported == {}


def test_a_file_that_exists_is_kept(command, tmp_path):
    (tmp_path / "mine.toml").write_text("precious")
    found = command("new", "mine.toml")
    assert (found.code, found.out) == (2, "")
    assert found.err == "error: mine.toml: exists already; --force replaces it\n"
    assert (tmp_path / "mine.toml").read_text() == "precious"
    assert command("new", "mine.toml", "--force").code == 0
    assert un.load_study("mine.toml").headline == "tea"


def test_a_folder_is_no_file(command, tmp_path):
    assert command("new", tmp_path).err.endswith("is a folder; expected the path of a file to write\n")


def test_a_folder_that_is_not_there_is_said(command):
    found = command("new", "nowhere/mine.toml")
    assert found.code == 2
    assert found.err == "error: nowhere/mine.toml: cannot be written: No such file or directory\n"


def test_a_failed_write_leaves_nothing(command, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    found = command("new", "mine.toml")
    assert found.err == "error: mine.toml: cannot be written: No space left on device\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_the_file_has_the_permissions_of_any_new_file(command, tmp_path, mask):
    import os

    before = os.umask(mask)
    try:
        command("new", "mine.toml")
    finally:
        os.umask(before)
    assert (tmp_path / "mine.toml").stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.parametrize(
    "date", ["2020-10-12", "10/12/2020", "12.10.20", "5-Oct", "Oct-20", "2020-10-12 00:00:00"]
)
@pytest.mark.parametrize("column", ["point", "low", "distribution"])
def test_a_date_is_no_number(command, date, column):
    cells = {"name": "a", "unit": "1", "point": "1", "low": "", "distribution": ""} | {column: date}
    Path("sheet.csv").write_text(",".join(cells) + "\n" + ",".join(cells.values()) + "\n")
    found = command("new", "made.toml", "--from", "sheet.csv")
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith(f'error: sheet.csv: line 2: {column}: "{date}" is a date')
    assert not Path("made.toml").exists()


@pytest.mark.parametrize("value", ["4-3", "1/2", "2e3", "12.5", "10/12"])
def test_what_is_no_date_is_read_as_it_was(command, value):
    Path("sheet.csv").write_text(f"name,unit,point\na,1,{value}\n")
    assert command("new", "made.toml", "--from", "sheet.csv").code == 0


def test_a_unit_that_is_misspelt_is_nothing_that_is_counted(command):
    Path("sheet.csv").write_text("name,unit,point\na,kgg/page,5\nb,galon,2\n")
    found = command("new", "made.toml", "--from", "sheet.csv")
    assert found.err.splitlines() == [
        'error: sheet.csv: inputs.a.unit: unknown unit "kgg" in "kgg/page"; did you mean "kg"?',
        'error: sheet.csv: inputs.b.unit: unknown unit "galon"; did you mean "gallon"?',
    ]


@pytest.mark.parametrize("unit", ["kg CO2e", "$/kWh", "people/km2", "Stück", "EUR/t", "m2", "deg C"])
def test_a_unit_of_a_sheet_is_refused_in_the_words_of_a_study(command, unit, write_study):
    Path("sheet.csv").write_text(f"name,unit,point\na,{unit},5\n", encoding="utf-8")
    found = command("new", "made.toml", "--from", "sheet.csv")
    counted = 'counting_units = ["person"]' if unit.startswith("people") else ""
    study = f"""
    format = 1
    [study]
    title = "t"
    headline = "a"
    {counted}
    [inputs.a]
    unit = "{unit}"
    point = 5
    [outputs.b]
    unit = "1"
    """
    same = command("check", write_study(study)).err.splitlines()
    told = [line.partition("inputs.a.unit: ")[2] for line in same if "inputs.a.unit" in line]
    assert found.err.splitlines() == [f"error: sheet.csv: inputs.a.unit: {told[0]}"]


def test_money_and_what_is_nearly_a_unit_are_counted(command):
    Path("sheet.csv").write_text("name,unit,point\na,usd/kWh,5\nb,tokens/s,2\n")
    found = command("new", "made.toml", "--from", "sheet.csv")
    assert "Units that are taken for things that are counted: usd, tokens." in found.err


@pytest.mark.parametrize("word", ["page", "query", "server", "token", "patient", "model", "email", "search"])
def test_words_for_things_are_counted(command, word):
    Path("sheet.csv").write_text(f"name,unit,point\na,g/{word},5\n")
    found = command("new", "made.toml", "--from", "sheet.csv")
    assert f"Units that are taken for things that are counted: {word}." in found.err


@pytest.mark.slow
def test_limits_without_a_distribution_are_said_to_vary_nothing(command):
    Path("sheet.csv").write_text("name,unit,point,low,high\na,kg,1,0.5,1.5\nb,kg,1,0,\n")
    said = "Limits alone vary nothing; these have no distribution and stay fixed: a."
    assert said in " ".join(command("new", "made.toml", "--from", "sheet.csv").err.split())
    assert said in " ".join(command("check", "made.toml").out.split())


def test_no_study_is_left_where_its_schema_cannot_be_written(command):
    Path("study.schema.json").symlink_to("nowhere/study.schema.json")
    found = command("new", "made.toml")
    assert (found.code, found.out) == (2, "")
    assert found.err == "error: made.toml: cannot be written: No such file or directory\n"
    assert not Path("made.toml").exists()


@pytest.mark.parametrize(("make", "kind"), [(os.mkfifo, "a pipe or a device"), (os.mkdir, "a folder")])
def test_what_is_no_file_is_not_taken_for_the_schema(command, make, kind):
    make("study.schema.json")
    found = command("new", "made.toml")
    assert (found.code, found.out) == (2, "")
    assert found.err == f"error: study.schema.json: is {kind}; expected the path of a file to write\n"
    assert not Path("made.toml").exists()


@pytest.mark.parametrize("name", ["my study.toml", "-x.toml", "a'b.toml", "$HOME.toml", "plain.toml"])
def test_the_commands_that_come_next_can_be_typed(command, name):
    said = command("new", "--", name).out
    lines = [shlex.split(line) for line in said.splitlines() if line.startswith("  uncertainty ")]
    assert [words[1] for words in lines] == ["check", "run"]
    for words in lines:
        assert command("check", words[2]).code == 0


@pytest.fixture
def model():
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["Price", 3], ["Total", "=B1*2"], ["Moved", "=OFFSET(B1,1,0)"]):
        book.active.append(row)
    book.save("model.xlsx")
    return "model.xlsx"


def test_a_study_is_made_of_a_workbook_s_formulas(command, model):
    found = command("new", "made.toml", "--from", model, "--cell", "Sheet!B2")
    assert found.code == 0
    assert (
        "Cells with no stored value to check until a spreadsheet program saves them: Sheet!B2."
        in " ".join(found.err.split())
    )
    assert command("run", "made.toml", "--set", "price=uniform(2, 4)", "--samples", 1024).code == 0
    assert un.load_study("made.toml").equations["total"].note == "Sheet!B2: =B1*2"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--cell", "Sheet!B2"], "--cell: needs a workbook: --from model.xlsx"),
        (["--from", "model.xlsx", "--check-every"], "--check-every: needs a cell whose formulas are"),
        (["--from", "model.xlsx", "--cell", "B3"], "Sheet!B3: OFFSET has no translation; choose another"),
        (["--from", "model.xlsx", "--cell", "B2", "--treat", "B1"], "--treat: expected a cell and =input"),
        (["--from", "nowhere.xlsx", "--cell", "B2"], "nowhere.xlsx"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_of_formulas_is_one_line(command, model, options, said):
    found = command("new", "made.toml", *options)
    assert (found.code, found.out) == (2, "")
    assert said in " ".join(found.err.split())
    assert not Path("made.toml").exists()
