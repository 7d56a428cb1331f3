"""Run every command and snippet of the pages, from top to bottom, and write down what they print.

A page is run in an empty folder of its own. What it shows is what is there:

* ``{code-block}`` with a ``:caption:`` that is a file's name is that file;
* a file beside the page that ``{download}`` names is there;
* ``console`` holds commands after ``$``, each followed by what it prints;
* ``python`` is one session for the whole page, with ``>>>`` where a line prints something.

``python docs/run_pages.py`` writes the pages anew; the tests hold the pages to what it would write.
"""

from __future__ import annotations

import ast
import contextlib
import doctest
import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent

FENCE = re.compile(r"^(```+)(\{code-block\} )?(\w+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
CAPTION = re.compile(r"\A(?::[\w-]+:.*\n)*?:caption: (\S+)\n(?::[\w-]+:.*\n)*\n?", re.MULTILINE)
DOWNLOAD = re.compile(r"\{download\}`([\w.-]+)`")
HEAD = re.compile(r"head -(?:n ?)?(\d+)")

WIDTH = "80"


class PageError(Exception):
    """A page that does not run as it is shown."""


def pages() -> list[Path]:
    """List the pages, in a fixed order."""
    return sorted(path for path in HERE.rglob("*.md") if "_build" not in path.parts)


def run_page(path: Path) -> str:
    """Run a page and return its text as it should be.

    Raises
    ------
    PageError
        If a command or snippet fails.
    """
    session: dict[str, Any] = {"__name__": "__main__"}

    def renew(match: re.Match[str]) -> str:
        fence, directive, language, body = match.groups()
        if directive:
            written = body
            _write_file(body)
        elif language == "console":
            written = "".join(_run_command(lines) for lines in _commands(body))
        elif language == "python":
            written = _run_python(body, session)
        else:
            written = body
        return f"{fence}{directive or ''}{language}\n{written}{fence}"

    text = path.read_text(encoding="utf-8")
    with terminal(), tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name in DOWNLOAD.findall(text):
            shutil.copy(path.parent / name, name)
        return FENCE.sub(renew, text)


def _write_file(body: str) -> None:
    found = CAPTION.match(body)
    if found:
        Path(found[1]).write_text(body[found.end() :], encoding="utf-8")


def _commands(body: str) -> Iterator[list[str]]:
    """Yield the lines of each command, those that a backslash continues too, without what was printed."""
    lines = iter(body.splitlines())
    for line in lines:
        if line.startswith("$ "):
            taken = [line]
            while taken[-1].endswith("\\"):
                taken.append(next(lines))
            yield taken


def _run_command(lines: list[str]) -> str:
    shown = "\n".join(lines)
    text = " ".join(line.removesuffix("\\").strip() for line in lines).removeprefix("$ ")
    command, _, pipe = text.partition(" | ")
    program, *arguments = shlex.split(command, comments=True)
    if program == "uncertainty":
        printed = _uncertainty(arguments, shown)
    elif program == "cat":
        printed = "".join(Path(name).read_text(encoding="utf-8") for name in arguments)
    else:
        raise PageError(f"{shown}\nonly uncertainty and cat run here")
    if pipe:
        head = HEAD.fullmatch(pipe.strip())
        if head is None:
            raise PageError(f"{shown}\nonly head -N may follow a pipe")
        printed = "".join(printed.splitlines(keepends=True)[: int(head[1])])
    return f"{shown}\n{printed}"


def _uncertainty(arguments: list[str], shown: str) -> str:
    """Run the command line in this process, which spares each of a hundred commands an import of numpy."""
    from uncertainty.commands import main

    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(arguments)
        except SystemExit as stopped:
            code = stopped.code
    expected = int(shown.rpartition("# exits with")[2] or 0) if "# exits with" in shown else 0
    if (code or 0) != expected:
        raise PageError(f"{shown}\nexit code {code}\n{err.getvalue()}{out.getvalue()}")
    return "".join(f"{line.rstrip()}\n" for line in (err.getvalue() + out.getvalue()).splitlines())


def _run_python(body: str, session: dict[str, Any]) -> str:
    if ">>> " not in body:
        _execute(ast.parse(body), session)
        return body
    written = []
    for example in doctest.DocTestParser().get_examples(body):
        first, *rest = example.source.splitlines()
        written += [f">>> {first}", *(f"... {line}" for line in rest)]
        tree = ast.Interactive(ast.parse(example.source).body)
        written += _execute(tree, session).splitlines()
    return "".join(f"{line}\n" for line in written)


def _execute(tree: ast.Module | ast.Interactive, session: dict[str, Any]) -> str:
    out = io.StringIO()
    kind = "single" if isinstance(tree, ast.Interactive) else "exec"
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(tree, "<page>", kind), session)  # noqa: S102 - our own pages
    except Exception as error:
        raise PageError(f"{ast.unparse(tree)}\n{error!r}") from error
    return out.getvalue()


@contextlib.contextmanager
def terminal() -> Iterator[None]:
    """Look like a terminal of known width, without colours."""
    names = ("COLUMNS", "NO_COLOR", "FORCE_COLOR")
    before = {name: os.environ.get(name) for name in names}
    os.environ |= {"COLUMNS": WIDTH, "NO_COLOR": "1"}
    os.environ.pop("FORCE_COLOR", None)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def main() -> None:
    """Write the pages anew, or those named, and say which of them fail."""
    failed = False
    for path in [Path(name).resolve() for name in sys.argv[1:]] or pages():
        name = path.relative_to(HERE)
        try:
            text = run_page(path)
        except PageError as error:
            sys.stderr.write(f"{name}: {error}\n")
            failed = True
            continue
        if text != path.read_text(encoding="utf-8"):
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{name}: renewed\n")
    sys.exit(int(failed))


if __name__ == "__main__":
    main()
