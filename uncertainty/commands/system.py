"""What an operating system can do to a command: refuse it something, or end it."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from uncertainty.disk import reason
from uncertainty.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDINGS = ("SIGTERM", "SIGHUP")
"""Signals that end a process, beside the interrupt that Python answers by itself."""

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
