"""No text of a study, of its data or of its name steers the terminal that it is shown in."""

import json
import re
import sys
import unicodedata
from pathlib import Path

import pytest
from variants import variants

from uncertainty.commands import command_line

COMMANDS = sorted(command_line().commands)

ATTACKS = {
    "moves": "\x1b[2A\x1b[1G\x1b[2KPublished figures: 1 of 1 reproduced\x1b[2B\x1b[8;5m",
    "moves in one byte": "\x9b2A\x9b1G\x9b2K\x9b8;5mspoofed",
    "titles and links": "\x1b]0;owned\x07\x1b]8;;https://x.test\x1b\\click\x1b]8;;\x1b\\\x9d52;c;Zm9v\x9c",
    "turns round": "\u202edecuder\u202c \u2066\u2067\u2068\u200f\u200e\u061c\u202a\u202b\u202d",
    "hides": "a\u200bb\u200cc\u200dd\u2060\ufeff\u00ad\U000e0041\u2028\u2029\x08\x08\x00\x7f\r[red]x[/y]",
    "new lines": "Mass\n\nPublished figures: 1 of 1 reproduced\n",
}

STUDY = """
format = 1
[study]
title = {text}
source = {text}
headline = "y"
[inputs.a]
label = {text}
unit = "kg"
point = 2
distribution = "1 to 3"
source = {text}
note = {text}
group = {text}
[[inputs.a.evidence]]
low = 1
high = 3
source = {text}
note = {text}
[inputs.b]
label = {text}
unit = "1"
point = 1
distribution = "0.5 to 2"
basis = "assumption"
source = {text}
[equations]
c = {{ value = "a * b", unit = "kg", label = {text}, note = {text} }}
[outputs.y]
label = {text}
value = "c * how"
unit = "kg"
published = 400
reference = 3
source = {text}
[equations.how]
value = "1"
[choices.way]
question = {text}
[choices.way.options.first]
label = {text}
[choices.way.options.second]
label = {text}
source = {text}
equations = {{ how = "2" }}
[readings.other]
label = {text}
source = {text}
condition = {text}
choices = {{ way = "second" }}
expect = {{ y = {{ value = 8 }} }}
"""

OWN_WORDS = {
    "diff": ["{study}", "gauge-block", "--words"],
    "fit": ["{data}"],
    "new": ["new.toml", "--from", "{study}"],
    "plot": ["distributions", "{study}"],
    "export": ["{study}", "--to", "{study}.json"],
    "report": ["{study}", "--format", "markdown"],
    "studies": [],
    "schema": [],
}
"""What follows the names of commands that take more, or less, than a study."""

SHORT = {"--samples": "256", "--quiet": None}


def words(name, *, study, data="data.csv"):
    """Return a command line for a study, also for a command that nobody has thought of here."""
    command = command_line().commands[name]
    known = {option for parameter in command.params for option in parameter.opts}
    found = [name, *(word.format(study=study, data=data) for word in OWN_WORDS.get(name, ["{study}"]))]
    return found + (["--samples", "256"] if "--samples" in known else [])


def quoted(text):
    """Write a text as TOML does, every character by its number."""
    return '"' + "".join(f"\\U{ord(character):08x}" for character in text) + '"'


def takes(name, option):
    return any(option in each.opts for each in command_line().commands[name].params)


def assert_harmless(found):
    """See that only rich's own colours, and what draws its bar of progress, reach the terminal."""
    out = re.sub(r"\x1b\[[\d;]*m", "", found.out)
    err = re.sub(r"\x1b\[\?25[lh]|\x1b\[1A|\x1b\[2K|\x1b\[[\d;]*m|\r", "", found.err)
    for text in (out, err):
        steering = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
        assert steering <= {"\n"}
    assert "\x1b[8;5m" not in found.out + found.err


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture
def study(command):
    """Write a study that attacks wherever it can, data that do and a name that does; return the name."""
    attack = "".join(ATTACKS.values())
    name = re.sub(r"[\x00/]", "", "".join(text[-12:] for text in ATTACKS.values())) + ".toml"
    Path(name).write_text(STUDY.format(text=quoted(attack)), encoding="utf-8")
    Path("data.csv").write_text('"' + attack.replace("\x00", "") + '"\n1\n2\n4\n7\n9\n', encoding="utf-8")
    return name


@pytest.mark.parametrize("name", variants(COMMANDS, lambda name: name not in {"report", "challenge"}))
def test_no_command_lets_a_study_steer_a_terminal(name, command, study, terminal):
    found = command(*words(name, study=study))
    assert found.code == 0, found.err
    assert_harmless(found)


@pytest.mark.parametrize(
    "name",
    variants(
        [name for name in COMMANDS if takes(name, "--json")],
        lambda name: name not in ("report", "challenge"),
    ),
)
def test_no_document_lets_a_study_steer_a_terminal(name, command, study, terminal):
    found = command(*words(name, study=study), "--json")
    assert found.code == 0, found.err
    assert_harmless(found)
    json.loads(found.out)


@pytest.mark.parametrize("name", COMMANDS)
def test_no_fault_lets_a_word_steer_a_terminal(name, command, terminal):
    attack = "".join(ATTACKS.values())
    for line in ([name, attack], [name, f"--{attack}"], [name, "gauge-block", "--set", f"{attack}=1"]):
        found = command(*line)
        assert_harmless(found)
        assert found.out == "" or found.code == 0


def test_a_label_does_not_write_over_the_line_above_it(command, write_study, terminal):
    text = STUDY.format(text=quoted("Mass" + ATTACKS["moves"]))
    found = command("check", write_study(text))
    plain = re.sub(r"\x1b\[[\d;]*m", "", found.out)
    lines = [line for line in plain.splitlines() if "0 of 1 published figure" in line]
    assert lines == ["0 of 1 published figure follow from the published inputs and 1 cannot be"]


LONG = "distance=150-250"


@pytest.fixture
def watched(monkeypatch):
    """Let stderr be a terminal, at whatever time a command asks."""
    monkeypatch.setattr("uncertainty.commands.console.is_watched", lambda stream: stream is sys.stderr)


def test_a_fault_is_wrapped_between_words_on_a_terminal(command, write_study, watched, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    found = command("run", write_study(), "--set", LONG, "--set", "trips=10 ± 3")
    lines = found.err.splitlines()
    assert max(map(len, lines)) <= 60
    assert [line[:7] for line in lines if not line.startswith("  ")] == ["error: "] * 2
    assert 'write "150 to 250" if these are' in " ".join(found.err.split())


@pytest.mark.parametrize("columns", ["20", "1", "80"])
def test_no_word_of_a_fault_is_cut(command, write_study, watched, monkeypatch, columns):
    on_one_line = command("run", write_study(), "--set", LONG).err.split()
    monkeypatch.setenv("COLUMNS", columns)
    assert command("run", write_study(), "--set", LONG).err.split() == on_one_line


def test_a_fault_is_one_line_where_no_terminal_is(command, write_study, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    assert len(command("run", write_study(), "--set", LONG).err.splitlines()) == 1
