"""With --json a failure is one JSON document on stdout, whichever command fails and whatever is wrong."""

import json
import sys
from types import SimpleNamespace

import pytest
from command_line import run_here

from uncertainty.commands import command_line
from uncertainty.commands.failures import asks_for_json, failure_text, faults_of, tell
from uncertainty.errors import Fault

STUDY = """format = 1
[study]
title = "A trip"
headline = "trip"
[inputs.distance]
unit = "km"
point = 10
distribution = "9 to 12"
[inputs.rate]
unit = "L/km"
pint = 2
point = 0.07
[outputs.trip]
value = "distanse * rate"
unit = "L"
"""

COMMANDS = {name: each.params for name, each in command_line().commands.items()}

TAKING_JSON = sorted(name for name, its in COMMANDS.items() if any("--json" in each.opts for each in its))


def failed(capsys, *arguments):
    """Run a command that fails, and return its faults; both streams say the same."""
    found = run_here(capsys, *arguments)
    assert found.code == 2
    document = json.loads(found.out)
    assert list(document) == ["format", "error"]
    assert document["format"] == 1
    faults = document["error"]["faults"]
    for fault in faults:
        assert list(fault) == ["file", "key", "message", "suggestion"]
        assert fault["message"]
    lines = [": ".join(fault[k] for k in ("file", "key", "message") if fault[k]) for fault in faults]
    assert found.err == "".join(f"error: {line}\n" for line in lines)
    return faults


def test_every_command_that_reports_takes_json():
    without = set(COMMANDS) - set(TAKING_JSON)
    assert without == {"export", "new", "schema"}, "these write a file, or JSON of their own"


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option_is_a_document(command, capsys):
    (fault,) = failed(capsys, command, "--qiet", "--json")
    options = [option for each in COMMANDS[command] for option in each.opts]
    assert fault["message"].startswith('unknown option "--qiet"')
    assert (fault["suggestion"] == "--quiet") == ("--quiet" in options)


@pytest.mark.parametrize("command", [name for name in TAKING_JSON if name not in ("studies", "fit")])
def test_all_faults_of_a_study_are_one_document(command, capsys, tmp_path):
    path = tmp_path / "trip.toml"
    path.write_text(STUDY)
    before = {"plot": ["tornado"], "diff": ["gauge-block"]}.get(command, [])
    faults = failed(capsys, command, *before, path, "--json")
    assert {fault["file"] for fault in faults} == {str(path)}
    assert {fault["key"]: fault["suggestion"] for fault in faults} == {
        "inputs.rate.pint": "point",
        "outputs.trip.value": "distance",
    }


@pytest.mark.parametrize(
    ("arguments", "key", "suggestion"),
    [
        (["run", "--samples", "ten"], "--samples", None),
        (["run", "--level", "95"], "--level", None),
        (["run", "--design", "sobl"], "--design", "sobol"),
        (["run", "--reading", "as_publishd"], "--reading", "as_published"),
        (["run", "--only", "us_writer_pag"], "--only", "us_writer_page"),
        (["sensitivity", "--method", "shaply"], "--method", "shapley"),
        (["plot", "tornadoo"], "KIND", "tornado"),
        (["report", "--format", "htm"], "--format", "html"),
        (["diff", "gauge-block"], None, None),
        (["fit"], None, None),
        (["suggest", "--input", "nothing_like_it"], "--input", None),
        (["rn"], None, "run"),
        (["run", "x.toml"], None, None),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_bad_usage_is_a_document(arguments, key, suggestion, capsys):
    (fault,) = failed(capsys, *arguments, "--json")
    assert fault["suggestion"] == suggestion
    assert fault["key"] == key


@pytest.mark.parametrize("option", ["--table", "--save"])
def test_a_file_that_cannot_be_written_is_named(option, capsys, tmp_path):
    path = tmp_path / "nowhere" / "x.csv"
    (fault,) = failed(capsys, "run", "gauge-block", "--samples", "64", option, path, "--json")
    assert str(path) in (fault["file"] or fault["message"])


def test_without_json_stdout_stays_empty(capsys):
    found = run_here(capsys, "run", "nope")
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("error: nope: ")


def test_on_a_terminal_nothing_is_said_twice(capsys, monkeypatch):
    monkeypatch.setattr("uncertainty.commands.failures.is_watched", lambda stream: stream is sys.stdout)
    found = run_here(capsys, "run", "nope", "--json")
    assert json.loads(found.out)["error"]["faults"][0]["file"] == "nope"
    assert found.err == ""


def test_a_full_standard_output_leaves_the_lines_on_stderr(capsys, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    methods = {"write": full, "flush": lambda: None, "fileno": lambda: 99, "isatty": lambda: False}
    broken = SimpleNamespace(encoding="utf-8", **methods)
    monkeypatch.setattr("os.dup2", lambda *_: None)
    monkeypatch.setattr(sys, "stdout", broken)
    tell([Fault("expected 3", "inputs.x", "a.toml")], as_json=True)
    monkeypatch.undo()
    assert capsys.readouterr().err == "error: a.toml: inputs.x: expected 3\n"


@pytest.mark.parametrize(
    ("error", "file", "message"),
    [
        (OSError(28, "No space left on device", "x.nc"), "x.nc", "No space left on device"),
        (MemoryError(), None, "there is not enough memory"),
        (ImportError("no numpy"), None, "a library cannot be loaded: no numpy"),
    ],
)
def test_what_the_system_refuses_is_a_fault(error, file, message):
    (fault,) = json.loads(failure_text(faults_of(error)))["error"]["faults"]
    assert fault["file"] == file
    assert fault["message"].lower().startswith(message.lower())


def test_a_fault_of_the_program_is_no_fault_of_its_user():
    assert faults_of(KeyError("x")) == ()
    assert faults_of(RuntimeError("bug")) == ()


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [(["run", "--json"], True), (["run"], False), (["run", "--", "--json"], False), ([], False)],
)
def test_what_follows_two_dashes_is_no_option(arguments, asked):
    assert asks_for_json(arguments) == asked


def test_the_figures_are_listed_as_a_document(capsys):
    found = run_here(capsys, "plot", "--json")
    assert "tornado" in json.loads(found.out)["results"]["figures"]


@pytest.mark.parametrize("name", ["\x1b\x07", "\x1b[31mo", "\u202eevil", "", " "])
def test_a_name_that_a_terminal_does_not_show_is_told_all_the_same(name, tmp_path, capsys):
    study = {"title": "t", "headline": name, name: 1}
    tables = {"format": 1, "study": study, name: 2, "outputs": {"o": {"unit": "1", "value": 2}}}
    (tmp_path / "s.json").write_text(json.dumps(tables), encoding="utf-8")
    found = run_here(capsys, "check", tmp_path / "s.json")
    spelt = json.dumps(name)
    assert found.err.splitlines() == [
        f"error: {tmp_path / 's.json'}: study.{spelt}: unknown key",
        f"error: {tmp_path / 's.json'}: {spelt}: unknown key",
        f"error: {tmp_path / 's.json'}: study.headline: unknown output {spelt}; known: o",
    ]


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (["run", ""], ""),
        (["diff", " ", "ai-vs-human"], ""),
        (["new", "n.toml", "--from", ""], "--from: "),
        (["run", "--save="], "--save: "),
        (["plot", "drivers", "--to", "\t"], "--to: "),
        (["fit", "--", ""], ""),
    ],
)
def test_an_empty_text_is_no_value(arguments, where, capsys):
    found = run_here(capsys, *arguments)
    assert (found.code, found.out) == (2, "")
    assert found.err == f"error: {where}expected a value, found an empty text\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--samples", "0"], "--samples: expected at least 1"),
        (["--threads", "0"], "--threads: expected at least 1"),
        (["--max-samples", "9"], "--max-samples: only has a meaning"),
        (
            ["--save", "foreign.parquet"],
            "--save: foreign.parquet exists and is damaged, or was not",
        ),
    ],
)
def test_a_setting_is_called_by_the_option_that_was_typed(arguments, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "foreign.parquet").write_text("hello")
    found = run_here(capsys, "run", "five-cars", *arguments)
    assert found.err.startswith(f"error: {said}")
