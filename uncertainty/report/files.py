"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def write_all(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files into a folder, making it if need be; texts as UTF-8.

    All are written under temporary names first and then renamed, so that a failure leaves the files that
    were there before and no reader sees half a file.

    Parameters
    ----------
    files
        Their contents, by path relative to `folder`.

    Raises
    ------
    OSError
        If the folder or a file cannot be written.
    """
    waiting: list[tuple[Path, Path]] = []
    try:
        for name, content in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
            waiting.append((Path(temporary), target))
            with os.fdopen(handle, "wb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
            Path(temporary).chmod(0o666 & ~_umask())
        for temporary_file, target in waiting:
            temporary_file.replace(target)
    finally:
        for temporary_file, _ in waiting:
            temporary_file.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
