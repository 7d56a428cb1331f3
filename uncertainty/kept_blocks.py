"""Results of a model on disk, block by block, that are taken only where they are what was written."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.files import kind_of_path, opened, saying_why, write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from uncertainty.distributions.protocol import FloatArray

_LARGEST_HEAD = 2**16


def read_block(path: Path, size: int) -> FloatArray | None:
    """Return what was found for a block of rows.

    Parameters
    ----------
    path
        Of a file of NumPy's own format, with a seal at its end.
    size
        Bytes of the array.

    Returns
    -------
    FloatArray or None
        None where there is no file, or one without its seal: cut off, changed, or of another name.

    Raises
    ------
    StudyError
        If the file is there and cannot be read.
    """
    if kind_of_path(path) == "nothing":
        return None
    with opened(path) as file:
        whole = file.read(size + _LARGEST_HEAD)
    content = whole[: -hashlib.sha256().digest_size]
    if whole != content + _seal(path, content):
        return None
    found: FloatArray = np.load(io.BytesIO(content))
    return found


def write_block(path: Path, values: FloatArray) -> None:
    """Keep what was found for a block of rows.

    Raises
    ------
    UncertaintyError
        If it cannot be written, in one line that names the file.
    """
    stream = io.BytesIO()
    np.save(stream, values)
    content = stream.getvalue()
    with saying_why(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        # complete or not there at all, also if two workers write the same result
        write_whole(path, content + _seal(path, content))


def _seal(path: Path, content: bytes) -> bytes:
    """Return what a file ends in; its name counts, which says what the results depend on."""
    return hashlib.sha256(path.name.encode() + content).digest()
