"""The bytes of a study file, whatever its form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.errors import Fault, StudyError

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_FILE = 2**25


def read_content(path: Path) -> bytes:
    """Read a study file.

    Raises
    ------
    StudyError
        If it cannot be read, or is larger than a study can be.
    """
    try:
        # a pipe or a device does not know its size
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise StudyError(Fault(f"cannot be read: {error.strerror}", file=str(path))) from None
    if len(content) > LARGEST_FILE:
        raise StudyError(Fault(f"expected a study file of at most {LARGEST_FILE >> 20} MiB", file=str(path)))
    return content
