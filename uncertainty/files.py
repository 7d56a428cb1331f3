"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from uncertainty.errors import UncertaintyError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give an empty file to write to, which takes the place of `path` once it is complete.

    The new file lies in the same folder under a name of its own and has the permissions of any new file. If
    the body fails, it is removed and what was at `path` stays as it was.

    Raises
    ------
    OSError
        If the file cannot be made or renamed.
    """
    # a link is written through, as by any program that opens it
    target = path.resolve() if path.is_symlink() else path
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:200]}.", suffix=target.suffix)
    os.close(handle)
    new = Path(name)
    try:
        yield new
        mask = os.umask(0)
        os.umask(mask)
        new.chmod(0o666 & ~mask)
        new.replace(target)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def write_whole(path: Path, text: str) -> None:
    """Write a text as UTF-8, whole or not at all.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    with replacing(path) as new:
        new.write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def saying_why(path: Path) -> Iterator[None]:
    """Turn what the operating system says about a file into one line.

    Raises
    ------
    UncertaintyError
        In place of an OSError.
    """
    try:
        yield
    except OSError as error:
        raise UncertaintyError(f"{path}: cannot be written: {error.strerror or error}") from None


def refuse_to_replace(path: Path, *, force: bool) -> None:
    """Keep a file that is there already, unless it is to be replaced.

    Raises
    ------
    UncertaintyError
        If there is a folder, or a file and not `force`.
    """
    if path.is_dir():
        raise UncertaintyError(f"{path}: is a folder; expected the path of a file to write")
    if path.exists() and not force:
        raise UncertaintyError(f"{path}: exists already; --force replaces it")
