"""`uncertainty report` writes one folder and says where."""

import json
import webbrowser
import zipfile

import pytest

from uncertainty.errors import SettingError

QUICK = ("--samples", "1024")


ONE_INPUT = """
format = 1
study = { title = "One input", headline = "x" }
inputs.x = { unit = "kg", point = 2, distribution = "1 to 3" }
outputs.x = { unit = "kg", published = 2 }
"""


def test_the_report_lands_in_a_folder_of_the_study_s_name(command, write_study, tmp_path):
    found = command("report", write_study(ONE_INPUT), *QUICK)
    assert (found.code, found.err) == (0, "")
    assert found.out.startswith("Wrote reports/study/index.html")
    others = "numbers.html, report.md, report.pdf, results.json"
    assert " ".join(found.out.split()).endswith(f"with {others} and figures.")
    assert {"index.html", "report.md", "report.pdf", "results.json"} <= {
        path.name for path in (tmp_path / "reports" / "study").iterdir()
    }


@pytest.mark.slow
def test_another_folder_may_be_asked_for_and_json_goes_to_stdout_too(command, write_study, tmp_path):
    found = command("report", write_study(), *QUICK, "--to", "elsewhere", "--format", "markdown", "--json")
    assert json.loads(found.out) == json.loads((tmp_path / "elsewhere" / "results.json").read_text("utf-8"))
    assert json.loads(found.out)["command"] == "report"


def test_a_folder_that_cannot_be_written_is_one_line(command, write_study, tmp_path):
    (tmp_path / "taken").write_text("")
    found = command("report", write_study(), *QUICK, "--to", "taken/report")
    assert found.code == 2
    assert found.err == "error: --to: taken: is a file; expected a folder\n"
    assert found.err.count("\n") == 1


@pytest.mark.slow
def test_one_format_alone_can_be_opened_when_it_is_written(command, write_study, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(webbrowser, "open", lambda address: opened.append(address) or True)
    found = command("report", write_study(), *QUICK, "--to", "r", "--format", "pdf", "--open")
    assert (found.code, found.err) == (0, "")
    assert found.out == "Wrote r/report.pdf, with results.json and figures.\n"
    assert opened == [(tmp_path / "r" / "report.pdf").as_uri()]
    assert not (tmp_path / "r" / "index.html").exists()


@pytest.mark.slow
def test_where_there_is_no_browser_the_report_is_there_and_the_fault_is_one_line(
    command, write_study, tmp_path, monkeypatch
):
    monkeypatch.setattr(webbrowser, "open", lambda _: False)
    found = command("report", write_study(), *QUICK, "--to", "r", "--format", "markdown", "--open")
    assert found.code == 2
    assert found.err == "error: --open: no browser was found; open r/report.md yourself\n"
    assert (tmp_path / "r" / "report.md").is_file()


def test_an_unknown_format_is_one_line_and_writes_nothing(command, write_study, tmp_path):
    found = command("report", write_study(), *QUICK, "--to", "r", "--format", "htm")
    assert (found.code, found.out) == (2, "")
    assert found.err == 'error: --format: unknown format "htm"; did you mean "html"?\n'
    assert not (tmp_path / "r").exists()


def test_two_documents_are_compared(command, write_study, tmp_path):
    study = write_study()
    for name, words in (("a", ()), ("b", ("--set", "distance=12"))):
        (tmp_path / f"{name}.json").write_text(command("run", study, *QUICK, *words, "--json").out)
    found = command("report", "--compare", "a.json", "b.json", "--format", "markdown")
    assert (found.code, found.err) == (0, "")
    assert found.out == "Wrote reports/a-b/report.md, with results.json and figures.\n"
    refused = command("report", study, "--compare", "a.json", "b.json", "--set", "distance=12")
    assert refused.err == "error: --compare: has no meaning together with STUDY, --set\n"
    assert refused.code == 2


@pytest.mark.slow
def test_every_bundled_study_can_be_reported_on_with_an_index(command, write_study, tmp_path, monkeypatch):
    path = write_study()
    monkeypatch.setattr("uncertainty.study.bundled.folder", lambda: path.parent)
    found = command("report", "--all", *QUICK, "--format", "html", "--format", "markdown", "--to", "out")
    assert (found.code, found.err) == (0, "")
    assert found.out.endswith("Wrote out/index.html, with README.md.\n")
    assert (tmp_path / "out" / "study" / "index.html").is_file()
    assert "study/report.md" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert command("report", "--all", "--json").code == 2


@pytest.mark.slow
def test_a_folder_of_anybodys_studies_becomes_a_gallery(command, write_study, tmp_path):
    path = write_study()
    path.rename(path.with_name("more.toml"))
    found = command("report", "--all", path.parent, *QUICK, "--format", "html", "--to", "out")
    assert (found.code, found.err) == (0, "")
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert page.count("<figure") == 1
    assert (tmp_path / "out" / "figures" / "more.svg").is_file()


def test_an_option_that_does_not_suit_one_study_is_refused_with_its_name(command, write_study, monkeypatch):
    def refused(*_, **options):
        raise SettingError("samples: expected more")

    path = write_study()
    monkeypatch.setattr("uncertainty.pages.write_report", refused)
    found = command("report", "--all", path.parent, "--to", "out")
    assert (found.code, found.err) == (2, f"error: --samples: expected more (in {path})\n")


def test_a_gallery_names_all_that_is_wrong_with_any_study(command, write_study, tmp_path):
    path = write_study()
    for name in ("first", "second"):
        (path.parent / f"{name}.toml").write_text("format = 1\n", encoding="utf-8")
    found = command("report", "--all", path.parent, "--to", "out")
    assert found.code == 2
    assert {"first.toml", "second.toml"} <= {part.split("/")[-1].split(":")[0] for part in found.err.split()}
    assert not (tmp_path / "out").exists()
    (tmp_path / "none").mkdir()
    assert "has no study in it" in command("report", "--all", "none").err
    assert "expected a folder" in command("report", "--all", path).err


@pytest.mark.slow
def test_a_bundle_is_a_crate_with_the_study_and_the_same_bytes_each_time(command, write_study, tmp_path):
    study, packed = write_study(), tmp_path / "out.zip"
    made = []
    for _ in range(2):
        found = command(
            "report", study, "--to", tmp_path / "out", "--bundle", "--samples", 512, "--format", "markdown"
        )
        assert found.code == 0
        made.append(packed.read_bytes())
    assert made[0] == made[1]
    with zipfile.ZipFile(packed) as archive:
        names = archive.namelist()
        described = json.loads(archive.read("ro-crate-metadata.json"))["@graph"]
        assert archive.read("study.toml") == study.read_bytes()
    assert names == sorted(
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*")
    )
    assert {each["@id"] for each in described if each["@type"] == "File"} == {*names} - {
        "ro-crate-metadata.json"
    }
