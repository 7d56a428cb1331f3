"""What several commands ask alike is declared once, and means the same in each of them."""

from dataclasses import fields

import pytest

from uncertainty.commands import command_line
from uncertainty.commands.options import DEFAULTS, SharedOptions
from uncertainty.settings import Settings

COMMANDS = command_line().commands

OWN = {("sensitivity", "samples"), ("plot", "reading")}
"""What a command means in a way of its own."""


def taking(name):
    """Return each command's parameter of a name, where it has one that is shared."""
    found = {command: {each.name: each for each in its.params}.get(name) for command, its in COMMANDS.items()}
    return {
        command: each for command, each in found.items() if each is not None and (command, name) not in OWN
    }


@pytest.mark.parametrize("field", fields(SharedOptions), ids=lambda field: field.name)
def test_a_shared_option_is_the_same_in_every_command(field):
    # fit has a seed and no other setting
    described = {(each.help, tuple(each.opts), each.default) for each in taking(field.name).values()}
    assert len(described) == 1
    assert {"run", "challenge"} <= set(taking(field.name))


def test_without_options_the_settings_are_those_of_the_analyses():
    assert DEFAULTS.settings() == Settings()


def test_every_fault_of_the_options_is_reported_together():
    asked = SharedOptions(level=2, choose=("a",), override=("b",))
    with pytest.raises(Exception, match=r"--choose: .*\n--set: .*\nlevel: "):
        asked.settings()
