"""What holds for every command: help, JSON of what was asked for, and exit codes."""

import json

import pytest
from variants import variants

from uncertainty.commands import command_line

COMMANDS = command_line().commands

ARGUMENTS = {
    "diff": ["gauge-block", "gauge-block"],
    "fit": ["--quantiles", "p5=1, p95=9"],
    "suggest": ["ai-vs-human", "--input", "words_per_hour"],
    "plot": [],
    "studies": [],
}
"""What follows a command's name so that it has something to say; by default a study."""


def takes(name, option):
    return any(option in each.opts for each in COMMANDS[name].params)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_it_does_and_explains_every_option(name, command):
    found = command(name, "--help")
    assert (found.code, found.err) == (0, "")
    assert found.out.startswith(f"Usage: uncertainty {name}")
    assert max(map(len, found.out.splitlines())) <= 110
    for parameter in COMMANDS[name].params:
        assert getattr(parameter, "help", None) or parameter.hidden, parameter.name


# a report's document is as long in the making as a report: test_report_command has it
@pytest.mark.parametrize(
    "name",
    variants(
        [name for name in COMMANDS if takes(name, "--json") and name != "report"],
        lambda name: name != "challenge",
    ),
)
def test_json_names_the_command_and_its_format(name, command, write_study):
    few = ["--samples", "256"] if takes(name, "--samples") else []
    found = command(name, *ARGUMENTS.get(name, [write_study()]), *few, "--json")
    assert (found.code, found.err) == (0, "")
    document = json.loads(found.out)
    assert document["command"] == name
    assert document["format"] == 1


@pytest.mark.parametrize("name", COMMANDS)
def test_an_option_that_no_command_has_is_bad_usage(name, command):
    found = command(name, "--no-such-option")
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("error: ")
    assert "Traceback" not in found.err
