"""A study that is a folder: its data files lie in it, and what is no file is refused and never waited for."""

import os
import socket

import pytest

import uncertainty as un

SHEETS = {
    "study.csv": "title,headline\nt,y\n",
    "inputs.csv": 'name,unit,point,distribution\na,1,2,"empirical(""data.csv"", ""x"")"\n',
    "outputs.csv": "name,unit,value\ny,1,a * 2\n",
}


@pytest.fixture
def home(tmp_path):
    """A folder of a study with its data file, and another data file of that name beside it."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name, text in SHEETS.items():
        (folder / name).write_text(text)
    (folder / "data.csv").write_text("x\n1\n3\n")
    (tmp_path / "data.csv").write_text("x\n100\n")
    return folder


def test_data_files_are_looked_for_in_the_folder(home, monkeypatch):
    assert un.load_study(home).inputs["a"].distribution.values == (1, 3)
    monkeypatch.chdir(home)
    assert un.load_study(".").inputs["a"].distribution.values == (1, 3)
    (home / "data.csv").unlink()
    with pytest.raises(un.StudyError, match="cannot find the file"):
        un.load_study(home)


def test_a_data_file_is_no_sheet_of_the_study(home):
    (home / "notes.csv").write_bytes(b"\xff\xfe not text")
    assert un.load_study(home).headline == "y"


def test_an_exported_folder_has_its_data_and_is_the_same_study(command, home, tmp_path):
    assert command("export", home, "--to", tmp_path / "away").code == 0
    assert (tmp_path / "away" / "data.csv").read_text() == "x\n1\n3\n"
    assert un.load_study(tmp_path / "away").inputs == un.load_study(home).inputs
    (tmp_path / "far").mkdir()
    assert command("new", tmp_path / "far" / "made.toml", "--from", home).code == 0
    assert un.load_study(tmp_path / "far" / "made.toml").inputs["a"].distribution.values == (1, 3)


def test_a_data_file_that_would_be_a_sheet_is_refused(command, tmp_path):
    (tmp_path / "evidence.csv").write_text("x\n1\n3\n")
    (tmp_path / "s.toml").write_text(
        'format = 1\nstudy = { title = "t", headline = "a" }\noutputs.a = { unit = "1" }\n'
        "inputs.a = { unit = '1', point = 2, distribution = 'empirical(\"evidence.csv\", \"x\")', "
        "evidence = [{ value = 1 }] }\n"
    )
    found = command("export", "s.toml", "--to", "away")
    assert (found.code, found.err.count("\n")) == (2, 1)
    assert "evidence.csv is a data file" in found.err


def pipe(path):
    os.mkfifo(path)


def link_to_itself(path):
    path.symlink_to(path)


def device(path):
    path.symlink_to("/dev/zero")


def listening(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path)) if len(str(path)) < 100 else path.symlink_to("/dev/null")


def folder(path):
    path.mkdir()


TRAPS = [pipe, link_to_itself, device, listening, folder]


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.__name__)
@pytest.mark.parametrize("name", ["inputs.csv", "equations.csv", "notes.csv", "data.csv"])
def test_what_is_no_file_in_a_folder_of_a_study_is_refused(command, home, trap, name):
    (home / name).unlink(missing_ok=True)
    trap(home / name)
    found = command("check", home)
    assert (found.code, found.out) == (2, "")
    assert found.err.count("\n") == 1
    assert "file" in found.err or "cannot be read" in found.err


def test_a_sheet_that_lies_elsewhere_is_refused_with_its_name(home, tmp_path):
    (tmp_path / "other.csv").write_text("name,value\nb,2\n")
    sheet, notes = home / "equations.csv", home / "notes.csv"
    sheet.symlink_to(tmp_path / "other.csv")
    with pytest.raises(un.StudyError) as caught:
        un.load_study(home)
    assert str(caught.value) == f"{sheet}: lies outside the study's folder"
    sheet.unlink()
    notes.mkdir()
    with pytest.raises(un.StudyError) as caught:
        un.load_study(home)
    assert str(caught.value) == f"{notes}: is not a regular file"


READ = {
    "study": lambda path: ("check", path.with_suffix(".toml")),
    "workbook": lambda path: ("check", path.with_suffix(".xlsx")),
    "JSON study": lambda path: ("run", path.with_suffix(".json")),
    "begun from": lambda path: ("new", "made.toml", "--from", path.with_suffix(".csv")),
    "diff": lambda path: ("diff", "gauge-block", path.with_suffix(".toml")),
    "compared": lambda path: ("report", "--compare", path.with_suffix(".json"), path.with_suffix(".json")),
    "data of a fit": lambda path: ("fit", path.with_suffix(".csv"), "x"),
    "workbook of a fit": lambda path: ("fit", path.with_suffix(".xlsx"), "x"),
    "table of a fit": lambda path: ("fit", path.with_suffix(".parquet"), "x"),
    "saved draws": lambda path: ("fit", path.with_suffix(".nc"), "x"),
}


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.__name__)
@pytest.mark.parametrize("role", READ)
def test_what_is_no_file_is_refused_in_every_role_that_is_read(command, tmp_path, trap, role):
    arguments = READ[role](tmp_path / "trap")
    trap(next(each for each in arguments if str(each).startswith(str(tmp_path))))
    found = command(*arguments)
    assert (found.code, found.out) == (2, "")
    assert found.err.count("\n") == 1
    assert not (tmp_path / "made.toml").exists()


@pytest.mark.parametrize("role", READ)
@pytest.mark.parametrize("name", ["n" * 300, "a\0b", "\udcff" * 3], ids=["long", "null", "no UTF-8"])
def test_a_name_that_no_file_can_have_is_refused_in_every_role(command, tmp_path, name, role):
    found = command(*READ[role](tmp_path / name))
    assert (found.code, found.out) == (2, "")
    assert found.err.count("\n") == 1


def test_a_data_file_whose_name_is_too_long_is_refused(command, home):
    text = SHEETS["inputs.csv"].replace("data.csv", "n" * 290 + ".csv")
    (home / "inputs.csv").write_text(text)
    assert command("check", home).err.count("\n") == 1


NAMES = ["\udcff", "a\nformat = 2", "a\x1b[31mb", "\u202eb", "a b'c\"d"]


@pytest.mark.parametrize("name", NAMES, ids=["no UTF-8", "line end", "escape", "turned", "quotes"])
def test_a_file_of_any_name_is_a_study_and_can_be_derived_from(command, small_text, tmp_path, name):
    path = tmp_path / f"{name}.toml"
    path.write_text(small_text)
    found = un.load_study(path)
    assert found.name.isprintable()
    found.name.encode()
    for arguments in (("new", "made.toml", "--from", path), ("export", "made.toml", "--to", "made.json")):
        finished = command(*arguments)
        assert (finished.code, finished.err) == (0, ""), arguments
    assert un.load_study("made.toml").inputs == found.inputs


@pytest.mark.parametrize("ending", ["xls", "xlsm", "ods", "tsv"])
def test_a_table_of_another_kind_is_refused_with_what_to_save_it_as(command, tmp_path, ending):
    path = tmp_path / f"inputs.{ending}"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1" if ending != "tsv" else b"name\tunit\npoint\tkg\n")
    line = command("check", path).err
    assert line.count("\n") == 1
    assert (".xlsx" if ending != "tsv" else ".csv") in line
