"""No command writes over what a study is read from, nor over what somebody else has written."""

from pathlib import Path

import pytest

from uncertainty.tables import read_table

STUDY = """
format = 1
[study]
title = "Sizes"
headline = "y"
[inputs.x]
unit = "1"
point = 2
distribution = 'empirical("data.csv", "x")'
[choices.c.options.one]
[choices.c.options.other]
inputs = { x = "1 to 2" }
[outputs.y]
unit = "1"
value = "x"
published = 2
"""

COMMANDS = [
    ("run", "--table"),
    ("run", "--save"),
    ("sensitivity", "--table"),
    ("challenge", "--table"),
    ("challenge", "--universes"),
]
FORMS = (
    ("export", "study.toml", "--to", "study.toml"),
    ("export", "study.toml", "--to", "data.csv"),
    ("export", "study.toml", "--to", "./linked.csv"),
    ("export", "folder", "--to", "folder/inputs.csv"),
    ("export", "study.toml", "--to", "study.toml", "--annotate", "book.xlsx"),
    ("new", "./study.toml", "--from", "study.toml"),
)


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("study.toml").write_text(STUDY)
    Path("data.csv").write_text("x\n1\n2\n4\n")
    return "study.toml"


def files():
    return {path.name: path.read_bytes() for path in Path().iterdir()}


@pytest.mark.parametrize(("name", "option"), COMMANDS)
def test_a_study_and_its_data_are_never_written_over(command, study, name, option):
    before = files()
    Path("linked.csv").symlink_to("data.csv")
    for target in ("data.csv", "./data.csv", "linked.csv"):
        found = command(name, study, "--samples", 256, option, target)
        assert (found.code, found.out) == (2, "")
        assert found.err.startswith(f"error: {option}: {target} ") or target in found.err
        assert found.err.count("\n") == 1
    Path("linked.csv").unlink()
    assert files() == before


def test_force_writes_over_nothing_that_is_read(command, study):
    assert command("export", study, "--to", "folder").code == 0
    Path("linked.csv").symlink_to("data.csv")
    there = sorted(path for path in Path().rglob("*") if path.is_file())
    before = [path.read_bytes() for path in there]
    for given in FORMS:
        found = command(*given, "--force")
        assert (found.code, found.out) == (2, "")
        assert found.err.endswith("; choose another name\n")
        assert found.err.count("\n") == 1
    assert [path.read_bytes() for path in there] == before


def test_data_that_were_saved_by_a_run_are_data_of_a_study_all_the_same(command, study):
    assert command("run", "gauge-block", "--samples", 300, "--table", "data.csv.json").code == 0
    Path("data.csv").unlink()
    assert (
        command("run", "gauge-block", "--samples", 300, "--only", "deviation", "--table", "data.csv").code
        == 0
    )
    Path(study).write_text(STUDY.replace('"x")', '"median")').replace('"1"', '"nm"'))
    before = files()
    found = command("run", study, "--samples", 256, "--table", "data.csv")
    assert found.err == "error: --table: data.csv belongs to the study; choose another name\n"
    assert files() == before


@pytest.mark.parametrize("ending", ["xlsx", "json"])
def test_a_study_in_another_form_is_not_written_over(command, write_study, ending):
    assert command("export", write_study(), "--to", f"study.{ending}").code == 0
    before = Path(f"study.{ending}").read_bytes()
    found = command("run", f"study.{ending}", "--samples", 256, "--table", f"study.{ending}")
    assert (found.code, found.out) == (2, "")
    assert Path(f"study.{ending}").read_bytes() == before


def test_what_an_earlier_run_has_written_is_replaced_but_draws_are_not(command, study):
    for samples in (256, 512):
        assert command("run", study, "--samples", samples, "--table", "results.csv").code == 0
    assert read_table("results.csv").about["samples"] == 512
    assert command("run", study, "--samples", 256, "--save", "draws.csv").code == 0
    found = command("sensitivity", study, "--samples", 256, "--table", "draws.csv")
    assert found.err == (
        "error: --table: draws.csv holds the draws of a run; remove it or choose another name\n"
    )
    Path("mine.json").write_text("{}")
    found = command("challenge", study, "--samples", 256, "--universes", "mine.json")
    assert found.err == (
        "error: --universes: mine.json is there and is no table of results; "
        "remove it or choose another name\n"
    )


def test_a_fit_does_not_write_over_its_data(command, study):
    Path("data.csv").write_text("x\n" + "\n".join(str(1 + i / 7) for i in range(40)))
    before = files()
    found = command("fit", "data.csv", "x", "--table", "data.csv")
    assert (found.code, found.out) == (2, "")
    assert files() == before


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("mine.csv", "mine,1\n2,3\n"),
        ("mine.csv", ""),
        ("mine.CSV", "output,median\ny,2\n"),
        ("mine.json", '{"name": "x", "columns": [], "rows": [], "about": {}}'),
    ],
)
@pytest.mark.parametrize(("name", "option"), [each for each in COMMANDS if each[1] != "--save"])
def test_a_table_of_somebody_else_is_not_replaced(command, study, name, option, file, content):
    Path(file).write_text(content)
    before = files()
    found = command(name, study, "--samples", 256, option, file)
    assert (found.code, found.out) == (2, "")
    assert found.err == (
        f"error: {option}: {file} is there and is no table of results; remove it or choose another name\n"
    )
    assert files() == before


def test_draws_do_not_replace_a_table_of_results_or_of_somebody_else(command, study):
    assert command("run", study, "--samples", 256, "--table", "results.csv").code == 0
    Path("mine.csv").write_text("x\n1\n")
    before = files()
    for file in ("results.csv", "mine.csv"):
        found = command("run", study, "--samples", 256, "--save", file)
        assert found.err == f"error: {file}: holds no draws of a run; remove it or choose another name\n"
    assert files() == before


@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
def test_draws_and_results_do_not_go_into_one_file(command, study, ending):
    before = files()
    found = command("run", study, "--samples", 256, "--save", f"x.{ending}", "--table", f"./x.{ending}")
    assert (found.code, found.out) == (2, "")
    assert found.err == "error: --save: expected another file than that of --table\n"
    assert files() == before


@pytest.mark.parametrize(
    ("file", "content"),
    [("report.md", "mine"), ("index.html", ""), ("results.json", '{"a": 1}'), ("results.json", "[1]")],
)
def test_a_report_does_not_replace_what_is_no_report(command, study, file, content):
    Path("out").mkdir()
    Path("out", file).write_text(content)
    found = command("report", study, "--to", "out", "--samples", 256)
    assert (found.code, found.out) == (2, "")
    assert found.err == f"error: --to: out holds {file} and no report; remove it or choose another folder\n"
    assert [path.name for path in Path("out").iterdir()] == [file]
    assert Path("out", file).read_text() == content


def test_a_bundle_replaces_nobody_s_citation_file_and_no_other_archive(command, study):
    Path("out").mkdir()
    Path("out", "CITATION.cff").write_text("mine")
    found = command("report", study, "--to", "out")
    said = (
        "error: --to: out holds a CITATION.cff of its own; choose another folder, such as --to out/report\n"
    )
    assert (found.code, found.err) == (2, said)
    Path("new.zip").write_text("mine")
    found = command("report", study, "--to", "new", "--bundle")
    said = "error: --bundle: new.zip is there and no bundle; remove it or choose another folder\n"
    assert (found.code, found.err) == (2, said)
    assert (Path("new.zip").read_text(), Path("new").exists()) == ("mine", False)
