"""`uncertainty new`: a commented starter study."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from uncertainty.commands.console import write
from uncertainty.commands.options import Quiet
from uncertainty.errors import UncertaintyError

EXAMPLES = """Examples:

\b
  uncertainty new my-study.toml
"""

STARTER = Path(__file__).with_name("starter.toml")


def new(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The file to write, such as my-study.toml.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")] = False,
    quiet: Quiet = False,
) -> None:
    """Write a small commented study to begin from."""
    if path.is_dir():
        raise UncertaintyError(f"{path}: is a folder; expected the path of a file to write")
    if path.exists() and not force:
        raise UncertaintyError(f"{path}: exists already; --force replaces it")
    try:
        write_whole(path, STARTER.read_text(encoding="utf-8"))
    except OSError as error:
        raise UncertaintyError(f"{path}: cannot be written: {error.strerror}") from None
    if not quiet:
        write(f"Wrote {path}. Next:\n\n  uncertainty check {path}\n  uncertainty run {path}\n")


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
