"""How a command fails: a line on stderr for each fault, and for programs a document on stdout.

With --json stdout holds one document whatever happens: the results, or what was wrong. The lines on stderr
are left out where stdout is a terminal, because a reader would see everything twice.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import typer

from uncertainty.answers import Failure, ToldFault, failure_document
from uncertainty.characters import escaped
from uncertainty.commands.console import is_watched, note, write
from uncertainty.commands.system import system_fault
from uncertainty.errors import Fault, SettingError, UncertaintyError, suggestion
from uncertainty.results import dump

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

USAGE_ERROR: type[Exception] = typer.BadParameter.__bases__[0]
"""What typer raises for a command line that it cannot read; its own name for it moves between versions."""


def asks_for_json(arguments: Sequence[str]) -> bool:
    """Tell whether a command line asks for JSON, also where it is otherwise unreadable."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in options


def faults_of(error: Exception) -> tuple[Fault, ...]:
    """Return what a user can mend; nothing for an error that is a fault of the program."""
    if isinstance(error, UncertaintyError):
        return error.faults
    if isinstance(error, USAGE_ERROR):
        return (_usage_fault(error),)
    if isinstance(error, OSError | MemoryError | ImportError | RuntimeError):
        fault = system_fault(error)
        return () if fault is None else (fault,)
    return ()


def refuse_blank(arguments: Sequence[str]) -> None:
    """Refuse an empty text in place of a value: an unset variable of a shell, and for paths this folder.

    Raises
    ------
    SettingError
        With the option, if it is that of one.
    """
    for before, each in pairwise(("", *arguments)):
        option, _, value = each.partition("=") if each.startswith("--") else (before, "", each)
        if not value.strip() and (each == value or each.endswith("=")):
            where = option if option.startswith("-") and option != "--" else ""
            raise SettingError(Fault("expected a value, found an empty text", where))


def as_typed(faults: Sequence[Fault], options: Mapping[str, str]) -> list[Fault]:
    """Return faults of settings as those of the options that gave them.

    Parameters
    ----------
    options
        Options by the names of settings.
    """
    return [
        replace(fault, key=options[fault.key]) if not fault.file and fault.key in options else fault
        for fault in faults
    ]


def tell(faults: Sequence[Fault], *, as_json: bool) -> None:
    """Say what is wrong to whoever asked."""
    shown = False
    if as_json and sys.stdout is not None:
        # a full disk takes the document no more than the results, and stderr has the faults
        with suppress(UncertaintyError):
            write(failure_text(faults))
            shown = is_watched(sys.stdout)
    for fault in () if shown else faults:
        # a name of characters that a terminal does not show is told by their numbers
        note(f"error: {escaped(str(fault))}")


def failure_text(faults: Sequence[Fault]) -> str:
    """Return the document of a failure; null where there is nothing to say."""
    # nothing heavy is imported: what failed may be the import of a library
    told = (ToldFault(f.file or None, f.key or None, f.message, f.suggestion or None) for f in faults)
    return dump(failure_document(Failure(tuple(told))))


def _usage_fault(error: Any) -> Fault:
    """Say what is wrong with the command line in this program's words."""
    option = getattr(error, "option_name", None)
    if option is not None and hasattr(error, "possibilities"):
        return Fault(f'unknown option "{option}"{suggestion(option, error.possibilities or ())}')
    parameter = getattr(error, "param", None)
    if parameter is not None and error.message:
        return Fault(error.message, parameter.opts[-1])
    message: str = error.format_message().rstrip(".").replace("'", '"')
    return Fault(message[:1].lower() + message[1:])
