"""How a command fails: a line on stderr for each fault, and a document on stdout for programs."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from uncertainty.characters import escaped
from uncertainty.commands.console import is_watched, note, write
from uncertainty.disk import ENDINGS, reason
from uncertainty.errors import Fault, SettingError, UncertaintyError, suggestion
from uncertainty.results import dump

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


SIGNALLED = 128
"""What a shell adds to a signal's number for the exit code of a process that it ended."""


def system_fault(error: BaseException) -> Fault | None:
    """Say what the system could not give; None for an error that is the program's own.

    Parameters
    ----------
    error
        An OSError, MemoryError, ImportError or RuntimeError that nobody else has said more about.
    """
    if isinstance(error, MemoryError):
        return Fault("there is not enough memory for this many samples; ask for fewer")
    if isinstance(error, ImportError):
        return Fault(f"a library cannot be loaded: {error}")
    if isinstance(error, OSError):
        return Fault(reason(error), file="" if error.filename is None else str(error.filename))
    if isinstance(error, RecursionError):
        return Fault("formulas nest too deeply, or depend on one another in too long a chain, to be followed")
    if str(error).startswith("can't start new thread"):
        return Fault("the system lets this program start no more threads; --threads 1 --quiet needs none")
    return None


@contextmanager
def answering_endings() -> Iterator[None]:
    """Leave the body as by an exception where a signal would end the process: files are tidied up then."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in ENDINGS if hasattr(signal, name)]
    # what the caller has turned off, as nohup does, stays off
    before = {n: signal.signal(n, _leave) for n in numbers if signal.getsignal(n) == signal.SIG_DFL}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave(number: int, _: object) -> NoReturn:
    sys.exit(SIGNALLED + number)


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
    # loaded before anything can fail, where a document is asked for: what failed may be to open a file
    from uncertainty.answers import Failure, ToldFault, failure_document

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
