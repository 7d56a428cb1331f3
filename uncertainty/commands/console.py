"""What a command writes: text on stdout in one piece, progress and notes on stderr for those who watch.

All that a command says goes through here, and nothing in it steers a terminal but what is written here: texts
come from study files, and a study is anybody's.
"""

from __future__ import annotations

import io
import os
import sys
import textwrap
from contextlib import contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, TextIO, cast

from uncertainty.characters import on_one_line, shown
from uncertainty.errors import UncertaintyError
from uncertainty.late import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from uncertainty.pages.blocks import Block, Section
    from uncertainty.settings import Progress
    from uncertainty.study.model import Study

PIPED_WIDTH = 80
WIDEST = 120
HEIGHT = 25
DRAWN = str.maketrans("█▸", "#>")
"""What stands for signs that are drawn where only letters can be shown."""

BROKEN_PIPE = 141

PATIENCE = 0.1
"""Seconds after which progress is drawn again."""

_COLUMNS = regex(r"[1-9][0-9]{0,4}")


def width(stream: TextIO | None = None) -> int:
    """Return how many columns of a stream, by default stdout, to fill.

    They are ``COLUMNS``, or the terminal's as far as is readable, or 80.
    """
    stream = stream or sys.stdout
    asked = os.environ.get("COLUMNS", "")
    if _COLUMNS.fullmatch(asked):
        return int(asked)
    if is_watched(stream):
        with suppress(OSError):
            return min(os.get_terminal_size(stream.fileno()).columns or PIPED_WIDTH, WIDEST)
    return PIPED_WIDTH


def tell(study: Study, sections: Iterable[Section], *last: str) -> None:
    """Write what was found of a study, and in the last lines what it rests on."""
    from uncertainty.pages.blocks import Paragraph, Section
    from uncertainty.pages.render import terminal
    from uncertainty.pages.sections.sources import cited

    origin = Section("origin", "", tuple(Paragraph(each) for each in last if each))
    source = cited(study, study.source)
    _write(terminal.render(study.title, source, (*sections, origin), width=width(), bold=knows_bold()))


def say(*blocks: Block) -> None:
    """Write what is of no one study."""
    from uncertainty.pages.render import terminal

    _write(terminal.render_blocks(blocks, width=width(), bold=knows_bold()))


def knows_bold() -> bool:
    """Tell whether stdout goes to a terminal that has bold type."""
    return is_watched(sys.stdout) and os.environ.get("TERM", "") not in ("", "dumb")


def write(text: str) -> None:
    """Write to stdout, without what would steer a terminal; stop silently if nobody reads on.

    Raises
    ------
    UncertaintyError
        If stdout cannot take it, such as a full disk.
    """
    _write(shown(text))


def _write(text: str) -> None:
    if not (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf"):
        text = text.translate(DRAWN)
    with standard_output():
        sys.stdout.write(text)
        sys.stdout.flush()


class _Output:
    """A stream that says in the program's words why nothing more goes into it."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        if text == "":  # how typer asks whether a stream takes text; not the moment to fail
            return 0
        with self._saying_why():
            below = getattr(self._stream, "buffer", None)
            if not isinstance(below, io.RawIOBase):
                return int(self._stream.write(text))
            # without a buffer, as PYTHONUNBUFFERED has it, what did not fit is passed over in silence
            left = memoryview(
                text.replace("\n", os.linesep).encode(self._stream.encoding, self._stream.errors)
            )
            while left:
                left = left[below.write(left) or 0 :]
            return len(text)

    def flush(self) -> None:
        with self._saying_why():
            self._stream.flush()

    @contextmanager
    def _saying_why(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            # whatever is still buffered must not fail again when the interpreter ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())
            if isinstance(error, BrokenPipeError):
                sys.exit(BROKEN_PIPE)
            raise UncertaintyError(f"cannot write to the standard output: {error.strerror}") from None


@contextmanager
def standard_output() -> Iterator[None]:
    """See to it that what the body writes to stdout fails in one line; silently where nobody reads on.

    Raises
    ------
    UncertaintyError
        If stdout is closed or cannot take what is written, such as on a full disk.
    """
    if sys.stdout is None:
        raise UncertaintyError("cannot write to the standard output: it is closed")
    before = sys.stdout
    sys.stdout = before if isinstance(before, _Output) else cast("TextIO", _Output(before))
    try:
        yield
    finally:
        sys.stdout = before


def note(text: str) -> None:
    """Say something on stderr: in one line, or on a terminal in lines that end between words.

    Whoever has closed it wants none of it, and a full disk takes none.
    """
    if sys.stderr is None:
        return
    try:
        line = on_one_line(shown(text))
        sys.stderr.write(f"{_wrapped(line, width(sys.stderr)) if is_watched(sys.stderr) else line}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        sys.stderr = io.StringIO()


def is_watched(stream: TextIO | None) -> bool:
    """Tell whether a stream goes to a terminal; one that is closed goes nowhere."""
    return stream is not None and stream.isatty()


def _wrapped(line: str, columns: int) -> str:
    """Break a line between words; what follows is set in, so that one sees where the next fault begins."""
    return textwrap.fill(
        line, columns, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


@contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[Progress | None]:
    """Show progress on stderr while the body runs, if stderr is a terminal.

    Yields
    ------
    Progress or None
        To be called with the rows done and the rows there are; None where nobody watches.
    """
    if quiet or not is_watched(sys.stderr):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    # without a height rich reads LINES, and fails where that is no number
    screen = Console(file=sys.stderr, width=width(), height=HEIGHT, markup=False, highlight=False)
    # no thread that draws it: a process with threads cannot be copied, and analyses work side by side
    with Progress(*columns, console=screen, transient=True, auto_refresh=False) as bar:
        task = bar.add_task(on_one_line(shown(what)), total=None)
        bar.refresh()
        drawn = monotonic()

        def told(done: int, total: int) -> None:
            nonlocal drawn
            late = monotonic() - drawn > PATIENCE
            bar.update(task, completed=done, total=total, refresh=late)
            drawn = monotonic() if late else drawn

        with _showing_plans(lambda text: screen.print(on_one_line(shown(text)))):
            yield told


@contextmanager
def _showing_plans(show: Callable[[str], None]) -> Iterator[None]:
    """Show how model rows are shared before the first of them is run."""
    import logging

    class Shown(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            show(record.getMessage())

    log, handler = logging.getLogger("uncertainty"), Shown(logging.INFO)
    before = log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.setLevel(before)
        log.removeHandler(handler)
