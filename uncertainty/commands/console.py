"""What a command writes: text on stdout in one piece, progress on stderr for those who watch."""

from __future__ import annotations

import io
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from uncertainty.errors import UncertaintyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from uncertainty.settings import Progress

PIPED_WIDTH = 80
WIDEST = 120
BROKEN_PIPE = 141


@contextmanager
def page() -> Iterator[Console]:
    """Collect what is printed, and write it when nothing has gone wrong: a failing command prints nothing."""
    from rich.console import Console

    collected = io.StringIO()
    # texts come from study files: "[t/year]" is no markup, and numbers are coloured by no rule of rich's
    console = Console(
        file=collected,
        width=width(),
        force_terminal=sys.stdout.isatty() or None,
        markup=False,
        highlight=False,
        emoji=False,
    )
    yield console
    text = collected.getvalue()
    if not console.is_terminal:
        text = "".join(line.rstrip() + "\n" for line in text.splitlines())
    write(text)


def width() -> int:
    """Return how many columns to fill: the terminal's as far as is readable, ``COLUMNS``, or 80."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    if sys.stdout.isatty():
        return min(os.get_terminal_size(sys.stdout.fileno()).columns or PIPED_WIDTH, WIDEST)
    return PIPED_WIDTH


def write(text: str) -> None:
    """Write to stdout; stop silently if nobody reads on.

    Raises
    ------
    UncertaintyError
        If stdout cannot take it, such as a full disk.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # whatever is still buffered must not fail again when the interpreter ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            sys.exit(BROKEN_PIPE)
        raise UncertaintyError(f"cannot write to the standard output: {error.strerror}") from None


@contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[Progress | None]:
    """Show progress on stderr while the body runs, if stderr is a terminal.

    Yields
    ------
    Progress or None
        To be called with the rows done and the rows there are; None where nobody watches.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
