"""Files that are read only where they are files, and written whole or not at all; sets that do not mix.

Whatever writes a file writes it aside, closes it, reads it back, waits until it is on the disk and renames
it: a file that has its name is complete and holds what was written.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import stat
import threading
import warnings
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from uncertainty.bounds import LARGEST_SHEET, MOST_UNPACKED
from uncertainty.disk import ENDINGS, reason, written_otherwise
from uncertainty.errors import Fault, InvalidValue, StudyError, UncertaintyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

STANDARD_OUTPUT = "-"
"""What other programs call the standard output."""

STAGING = ".writing-"
"""How the name of a folder begins in which a set of files waits to be complete."""

_LONGEST_SUFFIX = 16
_RANDOM = 8


def kind_of_path(path: Path, doing: str = "read") -> str:
    """Say what a path leads to, without opening it.

    Returns
    -------
    str
        ``file``, ``folder``, ``nothing``, or ``other``: a pipe, a device or a socket, which may never end.

    Raises
    ------
    StudyError
        If the system cannot say, as for a link to itself, a name that is too long, or a closed folder.
    """
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return "nothing"
    except OSError as error:
        raise StudyError(Fault(f"cannot be {doing}: {error.strerror}", file=str(path))) from None
    except ValueError:
        raise StudyError(Fault(f"cannot be {doing}: no file has such a name", file=str(path))) from None
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"


def check_target(path: Path, option: str = "") -> None:
    """Refuse to write to what is no file, such as a pipe, and where nothing can be written.

    Parameters
    ----------
    option
        Where the path was given. With one, it is tried whether its folder takes a new file.

    Raises
    ------
    UncertaintyError
        In one line.
    """
    given = f"{option}: {path}" if option else str(path)
    found = kind_of_path(path, "written")
    if found == "folder":
        raise UncertaintyError(f"{given}: is a folder; expected the path of a file to write")
    if found == "other":
        raise UncertaintyError(f"{given}: is a pipe or a device; expected the path of a file to write")
    if option:
        _try_to_write(path, _parent(path), given)


def _parent(path: Path) -> Path:
    """Return the folder that a file is written into, relative if it was: the current one may be gone."""
    return (path.resolve() if path.is_symlink() else path).parent


def _try_to_write(path: Path, folder: Path, given: str) -> None:
    """Refuse a folder that takes no new file; only the attempt tells of all that a system may refuse.

    A folder that is not there yet is for whoever makes it.
    """
    if str(path) == STANDARD_OUTPUT:
        raise UncertaintyError(
            f"{given}: is no file here, though elsewhere the standard output; expected a path"
        )
    new = folder / f".{os.urandom(_RANDOM).hex()}"
    try:
        with _undisturbed():
            os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
            new.unlink()
    except FileNotFoundError:
        if folder.exists():
            raise UncertaintyError(f"{given}: cannot be written: its folder takes no file") from None
    except OSError as error:
        raise UncertaintyError(f"{given}: cannot be written: {reason(error)}") from None


def refuse_a_folder(file: str, option: str) -> None:
    """Refuse a name that says by its last sign that it is of a folder, which a path does without.

    Raises
    ------
    UncertaintyError
        In one line.
    """
    if file.endswith(("/", os.sep)):
        raise UncertaintyError(f"{option}: {file} names a folder; expected the path of a file to write")


def check_folder(path: Path, option: str = "") -> None:
    """Refuse to write into what is no folder and cannot become one.

    Raises
    ------
    UncertaintyError
        In one line.
    """
    for each in (path, *path.parents):
        if (found := kind_of_path(each, "written")) == "folder":
            if option:
                _try_to_write(path, each, f"{option}: {path}")
            return
        if found != "nothing":
            what = "a file" if found == "file" else "a pipe or a device"
            given = f"{option}: {each}" if option else str(each)
            raise UncertaintyError(f"{given}: is {what}; expected a folder")


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file to read from; anything else, such as a pipe, is refused and never waited for.

    Yields
    ------
    BinaryIO
        The file.

    Raises
    ------
    StudyError
        If it is no regular file, or cannot be read.
    """
    try:
        # a pipe that nobody writes to would keep the call waiting
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(handle, "rb") as file:  # noqa: PTH123 - a handle has no path
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise StudyError(Fault("is not a regular file", file=str(path)))
            yield file
    except OSError as error:
        raise StudyError(Fault(f"cannot be read: {error.strerror or error}", file=str(path))) from None
    except ValueError:
        if "\0" not in str(path):
            raise
        raise StudyError(Fault("cannot be read: no file has such a name", file=str(path))) from None


def content_of(path: Path, largest: int) -> bytes:
    """Return the bytes of a file.

    Raises
    ------
    StudyError
        If it is no regular file, cannot be read, or has more than `largest` bytes.
    """
    with opened(path) as file:
        # the system knows no size of some files, as of those in /proc
        content = file.read(min(largest, max(os.fstat(file.fileno()).st_size, 2**16)) + 1)
    if len(content) > largest:
        raise StudyError(Fault(f"expected at most {largest >> 20} MiB", file=str(path)))
    return content


def text_of(path: Path, largest: int) -> str:
    """Return the text of a UTF-8 file, without the byte order mark that some programs put before it.

    Raises
    ------
    StudyError
        As `content_of` does, and if it is not UTF-8.
    """
    try:
        return content_of(path, largest).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudyError(Fault(f"is not UTF-8 text (byte {error.start})", file=str(path))) from None


def most_numbers(path: Path) -> int:
    """Return how many numbers a table in a file of this size can hold."""
    return max(MOST_UNPACKED * path.stat().st_size, LARGEST_SHEET) // 8


def refuse_to_unpack(path: Path, values: int) -> None:
    """Refuse a file that claims more numbers than a table of its size can hold.

    Raises
    ------
    StudyError
        If it does.
    """
    if values > most_numbers(path):
        raise StudyError(Fault(f"is too small to hold {values:,} numbers", file=str(path)))


@contextmanager
def understood(refusal: UncertaintyError) -> Iterator[None]:
    """Turn whatever a library raises over a file from elsewhere into one line, and keep its warnings quiet.

    Parameters
    ----------
    refusal
        What the file is not.

    Raises
    ------
    UncertaintyError
        The refusal, in place of the library's exception; those of this package pass through.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except InvalidValue:  # a finding about a part, which has no place of its own
        raise refusal from None
    except UncertaintyError:
        raise
    except Exception:  # noqa: BLE001 - libraries raise whatever they meet: KeyError, zlib.error, MemoryError
        raise refusal from None


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a file to write to, which takes another's place once it is complete.

    It lies in the same folder, under a name that no other run has, with the same suffix. Whoever reads
    `path` meanwhile, and whatever ends this process, finds the old file or the new one. The body closes
    it and reads it back.

    Parameters
    ----------
    path
        The file to write or replace; a link is written through, as by any program that opens it.

    Yields
    ------
    Path
        An empty file; it is removed if the body fails.

    Raises
    ------
    OSError
        If the folder cannot be written or is full.
    UncertaintyError
        If there is a folder, a pipe or a device at `path`.
    """
    target = written_through(path)
    suffix = target.suffix if len(target.suffix) <= _LONGEST_SUFFIX else ""
    new = target.with_name(f".{os.urandom(_RANDOM).hex()}{suffix}")
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    try:
        yield new
        _onto_disk(new)
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)


@contextmanager
def replacing_together(path: Path) -> Iterator[Path]:
    """Give a file to write to, and room for more beside it, which take their places once all are complete.

    They are renamed one after the other, `path` last, while no signal that can be held back is answered.

    Parameters
    ----------
    path
        The file to write or replace; a link is written through.

    Yields
    ------
    Path
        A file that is not there yet, of the same name, in a folder of its own. All that is in the folder in
        the end is put beside `path`; none of it if the body fails.

    Raises
    ------
    OSError
        If the folder cannot be written or is full.
    """
    target = written_through(path)
    folder = target.with_name(f".{os.urandom(_RANDOM).hex()}")
    folder.mkdir()
    try:
        yield folder / target.name
        files = sorted(folder.iterdir(), key=lambda file: file.name == target.name)
        for file in files:
            _onto_disk(file)
        with _undisturbed():
            for file in files:
                file.replace(target.with_name(file.name))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def is_unfinished(path: Path) -> bool:
    """Tell whether a folder is one that `replacing_together` made, and a killed run left."""
    return re.fullmatch(rf"\.[0-9a-f]{{{2 * _RANDOM}}}", path.name) is not None and path.is_dir()


def remove_unfinished(path: Path) -> None:
    """Remove what killed runs were writing to a file, which nobody else may be writing to."""
    for left in path.parent.glob(".*"):
        if is_unfinished(left) and (left / path.name).exists():
            shutil.rmtree(left, ignore_errors=True)


def written_through(path: Path) -> Path:
    """Return the file that a link leads to, or the path itself.

    Raises
    ------
    UncertaintyError
        If it leads to anything but a file, or to itself.
    """
    check_target(path)
    return path.resolve() if path.is_symlink() else path


def _onto_disk(path: Path) -> None:
    """Wait until a file's content is on the disk, since its new name may be there before without power."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    except OSError as error:
        # some file systems cannot be asked
        if error.errno not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all, a text as UTF-8.

    Raises
    ------
    OSError
        If the folder cannot be written or is full.
    """
    with replacing(path) as new:
        _put(new, content)


def _put(path: Path, content: str | bytes) -> None:
    """Write a file and read it back."""
    written = content if isinstance(content, bytes) else content.encode()
    path.write_bytes(written)
    if path.read_bytes() != written:
        raise written_otherwise()


def not_there_yet(folder: Path, files: Mapping[str, bytes], reader: Path) -> dict[str, bytes]:
    """Return those of the files that something reads which a folder does not have yet.

    Raises
    ------
    StudyError
        If another file has the name of one of them.
    """
    found = {}
    for name, content in files.items():
        there = folder / name
        if kind_of_path(there) == "nothing":
            found[name] = content
        elif content_of(there, LARGEST_SHEET) != content:
            raise StudyError(Fault(f"is another file than the one that {reader} reads", file=str(there)))
    return found


def write_all(folder: Path, files: Mapping[str, str | bytes], *, removed: Iterable[str] = ()) -> None:
    """Write files into a folder, texts as UTF-8, making it if need be.

    All are written aside first and then renamed while no other run writes to the folder and no signal
    that can be held back is answered: a failure leaves the files that were there before, no reader sees
    half a file, and two runs into one folder leave the files of one of them.

    Parameters
    ----------
    files
        Contents by path relative to `folder`. The first is put in place last, so that a page does not come
        before what it shows.
    removed
        Paths relative to `folder` of files that would not go with the new ones; they need not be there.

    Raises
    ------
    OSError
        If the folder or a file cannot be written.
    UncertaintyError
        If there is a pipe, a device, or a file for a folder or a folder for a file.
    """
    check_folder(folder)
    for name in files:
        check_target(folder / name)
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder, wait=True), _staging(folder) as staging:
            for name, content in files.items():
                (staging / name).parent.mkdir(parents=True, exist_ok=True)
                _put(staging / name, content)
                _onto_disk(staging / name)
            with _undisturbed():
                for name in removed:
                    (folder / name).unlink(missing_ok=True)
                for name in reversed(list(files)):
                    (folder / name).parent.mkdir(parents=True, exist_ok=True)
                    (staging / name).replace(folder / name)
    except BaseException:
        for each in made:
            with suppress(OSError):  # not empty: another run was quicker
                each.rmdir()
        raise


@contextmanager
def saying_why(path: Path) -> Iterator[None]:
    """Turn what the operating system says about a file into one line.

    Raises
    ------
    UncertaintyError
        In place of an OSError, and of what Python says of half a character (a surrogate).
    """
    try:
        yield
    except UnicodeEncodeError as error:
        half = f"U+{ord(error.object[error.start]):04X}"
        raise UncertaintyError(
            Fault(f"cannot be written: no file can hold {half}, half a character", file=str(path))
        ) from None
    except OSError as error:
        raise UncertaintyError(Fault(f"cannot be written: {reason(error)}", file=str(path))) from None


def refuse_to_replace(path: Path, *, force: bool) -> None:
    """Keep a file that is there already, unless it is to be replaced.

    Raises
    ------
    UncertaintyError
        If there is a file and not `force`; or what is no file.
    """
    check_target(path)
    if path.exists() and not force:
        raise UncertaintyError(Fault("exists already; --force replaces it", file=str(path)))
    _try_to_write(path, _parent(path), str(path))


@contextmanager
def locked(folder: Path, *, wait: bool) -> Iterator[bool]:
    """Hold a folder against other runs that ask for it.

    The lock ends with the process, however that ends. Where a system has no such locks, all may enter.

    Parameters
    ----------
    wait
        Whether to wait until no other run holds it.

    Yields
    ------
    bool
        Whether it is held; False if another run holds it and none was waited for.
    """
    try:
        import fcntl
    except ImportError:  # pragma: no cover - Windows has none
        yield True
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            held = True
        except BlockingIOError:
            held = False
        yield held
    finally:
        os.close(handle)


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """Give an empty folder inside another, and remove those that killed runs have left there."""
    for left in folder.glob(f"{STAGING}*"):
        shutil.rmtree(left, ignore_errors=True)
    staging = folder / f"{STAGING}{os.urandom(8).hex()}"
    staging.mkdir()
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Answer signals that end the process only after the body; Python lets only the main thread do so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in ("SIGINT", *ENDINGS) if hasattr(signal, name)]
    received: list[int] = []
    before = {number: signal.signal(number, lambda got, _: received.append(got)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        for number in received:
            signal.raise_signal(number)
