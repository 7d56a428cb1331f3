"""Streams to a disk that may fail, or may not keep what it has taken."""

from __future__ import annotations

import hashlib
import io
import os
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

ENDINGS = ("SIGTERM", "SIGHUP", "SIGQUIT", "SIGXCPU")
"""Signals that end a process, beside the interrupt that Python answers by itself."""

BLOCK = 2**16
_NOTHING = zlib.crc32(bytes(BLOCK))

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType


def written_otherwise() -> OSError:
    """Return the error of a file that does not hold what was written to it."""
    return OSError("it does not read back as it was written")


def reason(error: OSError) -> str:
    """Say why the system refused something, in its own words: libraries put theirs around them."""
    return os.strerror(error.errno) if error.errno else str(error) or type(error).__name__


class HashedFile(io.RawIOBase):
    """A file that is written from its beginning to its end, and read back when it is closed.

    Parameters
    ----------
    path
        Of a file that is there or not.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("wb")
        self._passed = hashlib.sha256()
        self._whole = True

    def writable(self) -> bool:
        """Return that it can be written."""
        return True

    def write(self, data: Any) -> int:
        """Write all of some bytes."""
        self._passed.update(data)
        try:
            return self._file.write(data)
        except OSError:
            self._whole = False
            raise

    def text(self) -> io.TextIOWrapper:
        """Return the file as one of UTF-8 text, whose line ends stay as they are."""
        return io.TextIOWrapper(io.BufferedWriter(self, 2**16), encoding="utf-8", newline="")

    def close(self) -> None:
        """Close the file.

        Raises
        ------
        OSError
            If it does not hold what was written.
        """
        if self.closed:
            return
        try:
            self._file.close()
            if self._whole and sha256_of(self._path) != self.sha256:
                raise written_otherwise()
        finally:
            super().close()

    @property
    def sha256(self) -> str:
        """Hash of what has been written."""
        return self._passed.hexdigest()


def sha256_of(path: Path) -> str:
    """Return the hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class PatientFile(io.RawIOBase):
    """A file for libraries that cannot cope with a disk that fails: it seems to take what the disk did not.

    The first failure is raised when the file is left, after the library has closed what is its own; until
    then what the disk does not take is kept in memory. Ask `failure` now and then, to stop in time. Leaving
    it also reads everything back.

    Parameters
    ----------
    path
        Of a file that is there or not; its content is given up.
    """

    def __init__(self, path: Path) -> None:
        self.failure: BaseException | None = None
        self._file = path.open("w+b", buffering=0)
        self._place = 0
        self._size = 0
        self._kept: list[tuple[int, bytes]] = []
        self._sums: dict[int, int] = {}

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def writable(self) -> bool:
        """Return that it can be written."""
        return True

    def seekable(self) -> bool:
        """Return that every place can be written."""
        return True

    def tell(self) -> int:
        """Return the place that is written or read next."""
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        begin = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}[whence]
        self._place = begin + offset
        return self._place

    def truncate(self, size: int | None = None) -> int:
        """Set the length."""
        before, self._size = self._size, self._place if size is None else size
        with self._noting():
            self._file.truncate(self._size)
        if self._size < before:
            self._forget_beyond(self._size)
        return self._size

    def _forget_beyond(self, size: int) -> None:
        self._kept = [(place, content[: size - place]) for place, content in self._kept if place < size]
        last = size // BLOCK
        self._sums = {block: crc for block, crc in self._sums.items() if block < last}
        self._sums[last] = zlib.crc32(self._read(last * BLOCK, BLOCK))

    def write(self, data: Any) -> int:
        """Write all of some bytes, or seem to; an interrupt waits too, since it would end HDF5's process."""
        content, place = bytes(data), self._place
        try:
            self._put(content)
        except BaseException as error:  # noqa: BLE001 - raised when the file is left
            self.failure = self.failure or error
            self._kept.append((place, content))
        self._place = place + len(content)
        self._size = max(self._size, self._place)
        return len(content)

    def _put(self, content: bytes) -> None:
        self._sum_up(content)
        self._file.seek(self._place)
        done = 0
        while done < len(content):
            if self.failure is not None:
                raise self.failure
            done += self._file.write(content[done:]) or 0

    def readinto(self, buffer: Any) -> int:
        """Read from the current place on, also what the disk did not take."""
        view = memoryview(buffer).cast("B")
        length = max(0, min(len(view), self._size - self._place))
        view[:length] = self._read(self._place, length)
        self._place += length
        return length

    def _read(self, place: int, length: int) -> bytes:
        found = bytearray(length)
        with self._noting():
            self._file.seek(place)
            content = self._file.read(length) or b""
            found[: len(content)] = content
        for start, content in self._kept:
            first, last = max(start, place), min(start + len(content), place + length)
            if first < last:
                found[first - place : last - place] = content[first - start : last - start]
        return bytes(found)

    def _sum_up(self, content: bytes) -> None:
        """Note what the blocks will hold that the next bytes go to."""
        done = 0
        while done < len(content):
            block, start = divmod(self._place + done, BLOCK)
            part = content[done : done + BLOCK - start]
            if len(part) < BLOCK:
                before = self._read(block * BLOCK, BLOCK)
                self._check(block, before)
                whole = before[:start] + part + before[start + len(part) :]
            else:
                whole = part
            self._sums[block] = zlib.crc32(whole)
            done += len(part)

    def _check(self, block: int, found: bytes) -> None:
        if zlib.crc32(found) != self._sums.get(block, _NOTHING):
            self.failure = self.failure or written_otherwise()

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.failure = self.failure or error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Read the file back, close it, and raise what the disk refused: whatever else failed came of it."""
        for block in self._sums if kind is None and self.failure is None else ():
            self._check(block, self._read(block * BLOCK, BLOCK))
        self.close()
        if self.failure is not None:
            raise self.failure from None

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            with self._noting():
                self._file.close()
            super().close()
