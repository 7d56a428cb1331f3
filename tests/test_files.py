"""Whatever ends a run, every file on disk is the old one or the new one."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import numpy as np
import pytest

from uncertainty.disk import ENDINGS
from uncertainty.errors import InvalidValue, StudyError, UncertaintyError
from uncertainty.files import (
    check_folder,
    check_target,
    content_of,
    is_unfinished,
    kind_of_path,
    locked,
    most_numbers,
    opened,
    refuse_a_folder,
    refuse_to_replace,
    refuse_to_unpack,
    remove_unfinished,
    replacing,
    replacing_together,
    saying_why,
    text_of,
    understood,
    write_all,
    write_whole,
)

NAMES = ("index.html", "report.md", "figures/a.svg", "figures/b.svg")
LENGTH = 40_000

WRITER = f"""
import sys
from itertools import cycle
from pathlib import Path
from uncertainty.errors import UncertaintyError
from uncertainty.files import write_all
print("ready", flush=True)
for letter in cycle(sys.argv[2]):
    write_all(Path(sys.argv[1]), dict.fromkeys({NAMES!r}, letter * {LENGTH}))
"""


def start_writer(folder: Path, letters: str) -> subprocess.Popen[str]:
    """Start a process that writes whole sets of one letter after another, until it is ended."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), letters],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file() and ".writing-" not in str(path)
    }


def test_files_are_written_into_folders_that_did_not_exist(tmp_path):
    write_all(tmp_path / "a/b", {"x.md": "one\n", "very/deep/y.svg": "ünï\n"})
    assert (tmp_path / "a/b/x.md").read_bytes() == b"one\n"
    assert (tmp_path / "a/b/very/deep/y.svg").read_text(encoding="utf-8") == "ünï\n"
    assert sorted(path.name for path in (tmp_path / "a/b").iterdir()) == ["very", "x.md"]
    # those that came with them may be there, and files before the first are put in place before it
    write_all(tmp_path / "a/b", {"x.md": "two", "very/deep/y.svg": "three"})
    assert (tmp_path / "a/b/very/deep/y.svg").read_text() == "three"


def test_a_failure_leaves_the_old_files_and_nothing_else(tmp_path):
    write_all(tmp_path, {"x.md": "old", "y.md": "old"})
    with pytest.raises(UnicodeEncodeError):
        write_all(tmp_path, {"x.md": "new", "y.md": "\ud800"})
    assert contents(tmp_path) == {"x.md": "old", "y.md": "old"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.md", "y.md"]


def test_what_does_not_go_with_the_new_files_is_removed_together_with_writing_them(tmp_path):
    write_all(tmp_path, {"x.md": "old", "y.md": "old", "own.md": "own"})
    with pytest.raises(UnicodeEncodeError):
        write_all(tmp_path, {"x.md": "\ud800"}, removed=["y.md"])
    assert contents(tmp_path) == {"x.md": "old", "y.md": "old", "own.md": "own"}
    write_all(tmp_path, {"x.md": "new"}, removed=["y.md", "nowhere.md"])
    assert contents(tmp_path) == {"x.md": "new", "own.md": "own"}


def test_a_failure_leaves_no_folder_that_was_not_there(tmp_path):
    with pytest.raises(UnicodeEncodeError):
        write_all(tmp_path / "reports" / "new", {"x.md": "\ud800"})
    assert not list(tmp_path.iterdir())


def test_a_failure_leaves_what_another_run_put_into_a_folder_meanwhile(tmp_path, monkeypatch):
    def meanwhile(path, _):
        (tmp_path / "reports/other.md").write_text("other")
        raise ZeroDivisionError(path)

    monkeypatch.setattr("uncertainty.files._put", meanwhile)
    with pytest.raises(ZeroDivisionError):
        write_all(tmp_path / "reports" / "new", {"x.md": "text"})
    assert contents(tmp_path) == {"reports/other.md": "other"}
    assert not (tmp_path / "reports/new").exists()


def test_a_body_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "draws.parquet"
    path.write_text("old")

    def fail_half_way():
        with replacing(path) as new:
            assert (new.parent, new.suffix) == (tmp_path, ".parquet")
            new.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert contents(tmp_path) == {"draws.parquet": "old"}


def test_files_that_belong_together_take_their_places_together(tmp_path):
    (tmp_path / "a.csv").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "a.csv")

    def write(text, *, fails=False):
        with replacing_together(tmp_path / "link") as new:
            assert new.name == "a.csv"
            new.write_text(text)
            assert not fails
            new.with_name("a.json").write_text(text)

    with pytest.raises(AssertionError):
        write("half", fails=True)
    assert contents(tmp_path) == {"a.csv": "old", "link": "old"}
    write("new")
    assert contents(tmp_path) == {"a.csv": "new", "a.json": "new", "link": "new"}
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("write", ["whole", "all", "together"])
def test_what_a_name_leads_to_is_on_the_disk_before_it_gets_the_name(tmp_path, monkeypatch, write):
    """Without power a file system may keep the renaming and lose the content."""
    done = []
    replace = Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: done.append(f"{os.fstat(handle).st_size} bytes"))
    monkeypatch.setattr(Path, "replace", lambda *paths: (done.append("replace"), replace(*paths))[1])
    if write == "whole":
        write_whole(tmp_path / "a", "text")
    elif write == "all":
        write_all(tmp_path, {"a": "text", "b": "text"})
    else:
        with replacing_together(tmp_path / "a") as new:
            new.write_text("text")
            new.with_name("b").write_text("text")
    files = 1 if write == "whole" else 2
    assert done == ["4 bytes"] * files + ["replace"] * files


def test_a_disk_that_cannot_be_asked_is_trusted_and_one_that_fails_is_not(tmp_path, monkeypatch):
    def fails_with(number):
        def fsync(_):
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "fsync", fsync)

    for number in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        fails_with(number)
        write_whole(tmp_path / "a", "text")
    fails_with(errno.EIO)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        write_whole(tmp_path / "b", "text")
    assert contents(tmp_path) == {"a": "text"}


def test_a_set_takes_its_places_in_order_and_the_first_name_last(tmp_path, monkeypatch):
    """A page does not come before what it shows, nor a table before what says its units."""
    done, replace = [], Path.replace
    monkeypatch.setattr(Path, "replace", lambda *paths: (done.append(paths[1].name), replace(*paths))[1])
    write_all(tmp_path, {"a": "text", "b": "text", "c": "text"})
    assert done == ["c", "b", "a"]
    done.clear()
    with replacing_together(tmp_path / "b") as new:
        for name in "abc":
            new.with_name(name).write_text("text")
    assert sorted(done[:2]) == ["a", "c"]
    assert done[2:] == ["b"]


def test_a_new_file_has_the_ending_of_the_old_unless_that_is_long(tmp_path):
    for ending, kept in ((".csv", ".csv"), ("." + "x" * 15, "." + "x" * 15), ("." + "x" * 16, "")):
        with replacing(tmp_path / f"a{ending}") as new:
            assert (new.parent, new.suffix, len(new.name)) == (tmp_path, kept, 17 + len(kept))
            assert new.name.startswith(".")


def test_what_cannot_be_removed_is_left_without_a_word(tmp_path, monkeypatch):
    left, staged = tmp_path / f".{'a1' * 8}", tmp_path / ".writing-old"
    for folder in (left, staged):
        folder.mkdir()
        (folder / "a.csv").write_text("x")

    def refused(*_, **__):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    with monkeypatch.context() as patch:
        patch.setattr(os, "rmdir", refused)
        remove_unfinished(tmp_path / "a.csv")
        write_all(tmp_path, {"x.md": "text"})
        with replacing_together(tmp_path / "y.md") as new:
            new.write_text("text")
    assert contents(tmp_path) == {"x.md": "text", "y.md": "text"}
    assert left.exists()
    write_all(tmp_path, {"x.md": "again"})
    assert not list(tmp_path.glob(".writing-*"))


@pytest.mark.parametrize("name", [name for name in ENDINGS if hasattr(signal, name)])
def test_every_signal_that_ends_a_run_waits_for_the_set(tmp_path, monkeypatch, name):
    answered, replace = [], Path.replace
    number = getattr(signal, name)

    def interrupted(self, target):
        signal.raise_signal(number)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    before = signal.signal(number, lambda got, _: answered.append((got, sorted(contents(tmp_path)))))
    try:
        write_all(tmp_path, {"x.md": "new", "y.md": "new"})
        assert answered == [(number, ["x.md", "y.md"])] * 2
    finally:
        signal.signal(number, before)


def test_the_longest_name_can_be_written(tmp_path):
    path = tmp_path / ("x" * 250 + ".toml")
    write_whole(path, "text\n")
    assert path.read_bytes() == b"text\n"


@pytest.fixture
def kinds(tmp_path):
    """Return paths to a file, a folder, a pipe, nothing and a link to itself."""
    (tmp_path / "file").write_bytes(b"\xef\xbb\xbftext")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    return {name: tmp_path / name for name in ("file", "folder", "pipe", "nothing", "loop")}


def told(call, *given, **named):
    """Return what is refused; nothing where it is not."""
    try:
        call(*given, **named)
    except UncertaintyError as error:
        return str(error)
    return ""


LOOP = os.strerror(errno.ELOOP)
LONG = os.strerror(errno.ENAMETOOLONG)


def test_a_path_leads_to_a_file_a_folder_nothing_or_something_else(kinds):
    found = {name: kind_of_path(path) for name, path in kinds.items() if name != "loop"}
    assert found == {"file": "file", "folder": "folder", "pipe": "other", "nothing": "nothing"}
    assert kind_of_path(kinds["file"] / "below") == "nothing"
    loop, long = kinds["loop"], kinds["folder"] / ("x" * 300)
    assert told(kind_of_path, loop) == f"{loop}: cannot be read: {LOOP}"
    assert told(kind_of_path, long, "written") == f"{long}: cannot be written: {LONG}"
    null = Path("a\0b")
    assert told(kind_of_path, null).endswith(": cannot be read: no file has such a name")


def test_a_target_is_a_file_or_nothing(kinds):
    expected = "expected the path of a file to write"
    for option in ("", "--to"):
        given = {name: f"{option}: {path}" if option else str(path) for name, path in kinds.items()}
        assert {name: told(check_target, path, option) for name, path in kinds.items()} == {
            "file": "",
            "nothing": "",
            "folder": f"{given['folder']}: is a folder; {expected}",
            "pipe": f"{given['pipe']}: is a pipe or a device; {expected}",
            "loop": f"{kinds['loop']}: cannot be written: {LOOP}",
        }
        below = {name: path / "a" / "b" for name, path in kinds.items() if name != "loop"}
        assert {name: told(check_folder, path, option) for name, path in below.items()} == {
            "file": f"{given['file']}: is a file; expected a folder",
            "nothing": "",
            "folder": "",
            "pipe": f"{given['pipe']}: is a pipe or a device; expected a folder",
        }
    below = kinds["loop"] / "a"
    assert told(check_folder, below) == f"{below}: cannot be written: {LOOP}"
    assert told(refuse_a_folder, "a/", "--to") == f"--to: a/ names a folder; {expected}"
    assert told(refuse_a_folder, "a/b", "--to") == ""


def test_a_file_that_is_there_is_kept_unless_it_is_to_be_replaced(kinds):
    file = kinds["file"]
    assert told(refuse_to_replace, file, force=False) == f"{file}: exists already; --force replaces it"
    assert (
        told(refuse_to_replace, file, force=True)
        == told(refuse_to_replace, kinds["nothing"], force=False)
        == ""
    )
    assert "is a folder" in told(refuse_to_replace, kinds["folder"], force=True)


def test_only_a_file_is_read_and_no_more_of_it_than_allowed(kinds):
    def read(path):
        with opened(path) as file:
            return file.read()

    assert read(kinds["file"]) == content_of(kinds["file"], 7) == b"\xef\xbb\xbftext"
    assert text_of(kinds["file"], 7) == "text"
    refused = {name: told(read, path) for name, path in kinds.items() if name != "file"}
    assert refused == {
        "folder": f"{kinds['folder']}: cannot be read: {os.strerror(errno.EISDIR)}",
        "pipe": f"{kinds['pipe']}: is not a regular file",
        "nothing": f"{kinds['nothing']}: cannot be read: {os.strerror(errno.ENOENT)}",
        "loop": f"{kinds['loop']}: cannot be read: {LOOP}",
    }
    assert told(content_of, kinds["file"], 6) == f"{kinds['file']}: expected at most 0 MiB"
    assert told(read, Path("a\0b")).endswith(": cannot be read: no file has such a name")
    large = kinds["folder"] / "large"
    large.write_bytes(b"x" * (2**21 + 1))
    assert told(content_of, large, 2**21) == f"{large}: expected at most 2 MiB"
    assert len(content_of(large, 2**21 + 1)) == 2**21 + 1
    large.write_bytes(b"ab\xff")
    assert told(text_of, large, 9) == f"{large}: is not UTF-8 text (byte 2)"
    # the system knows no size of it
    assert content_of(Path("/proc/self/status"), 2**20).startswith(b"Name:")


def test_a_reader_s_own_error_is_none_of_the_name(kinds):
    def fails():
        with opened(kinds["file"]):
            raise ValueError("other")

    with pytest.raises(ValueError, match="other"):
        fails()


def test_a_small_file_holds_few_numbers(kinds):
    most = most_numbers(kinds["file"])
    assert told(refuse_to_unpack, kinds["file"], most) == ""
    said = f"{kinds['file']}: is too small to hold {most + 1:,} numbers"
    assert told(refuse_to_unpack, kinds["file"], most + 1) == said


def test_what_a_library_raises_becomes_one_refusal(kinds):
    refusal = StudyError("is no table")

    def fails(error):
        with understood(refusal):
            raise error

    for error in (KeyError("x"), InvalidValue("a part"), MemoryError()):
        with pytest.raises(StudyError) as caught:
            fails(error)
        assert caught.value is refusal
        assert caught.value.__suppress_context__
    own = StudyError("own")
    with pytest.raises(StudyError) as caught:
        fails(own)
    assert caught.value is own
    with understood(refusal):
        warnings.warn("a library's", UserWarning, stacklevel=1)

    def unwritten(error):
        with saying_why(kinds["file"]):
            raise error

    assert told(unwritten, OSError(errno.ENOSPC, "library's words")) == (
        f"{kinds['file']}: cannot be written: {os.strerror(errno.ENOSPC)}"
    )
    assert told(unwritten, OSError("own words")) == f"{kinds['file']}: cannot be written: own words"


def test_what_a_killed_run_left_is_removed_and_nothing_else(tmp_path):
    left, other, short = (tmp_path / name for name in (f".{'a1' * 8}", f".{'b2' * 8}", f".{'a1' * 7}"))
    for folder, name in ((left, "a.csv"), (other, "b.csv"), (short, "a.csv")):
        folder.mkdir()
        (folder / name).write_text("x")
    (tmp_path / f".{'c3' * 8}").write_text("x")
    assert [is_unfinished(each) for each in (left, other, short, tmp_path / f".{'c3' * 8}")] == [
        True, True, False, False,
    ]  # fmt: skip
    remove_unfinished(tmp_path / "a.csv")
    assert sorted(each.name[:3] for each in tmp_path.iterdir()) == [".a1", ".b2", ".c3"]
    assert short.exists()
    assert not left.exists()


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_files_are_as_readable_as_any_other_new_file(tmp_path, mask):
    before = os.umask(mask)
    try:
        write_all(tmp_path, {"x.md": "text"})
        write_whole(tmp_path / "y.md", "text")
    finally:
        os.umask(before)
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("x.md", "y.md")}
    assert modes == {0o666 & ~mask}


def test_a_folder_that_is_a_file_is_an_error(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(UncertaintyError, match="taken: is a file; expected a folder"):
        write_all(tmp_path / "taken", {"x.md": "text"})


@pytest.mark.parametrize("name", ["index.html", "figures/a.svg"])
def test_a_set_takes_the_place_of_no_pipe_and_no_folder(tmp_path, name):
    """A report's page, say, where somebody has put a pipe."""
    (tmp_path / "figures").mkdir()
    for make in (os.mkfifo, os.mkdir):
        make(tmp_path / name)
        with pytest.raises(UncertaintyError, match=f"{name}: is a "):
            write_all(tmp_path, dict.fromkeys(NAMES, "text"))
        assert contents(tmp_path) == {}
        (tmp_path / name).unlink() if make is os.mkfifo else (tmp_path / name).rmdir()


def test_a_disk_that_forgets_leaves_the_old_files(tmp_path, monkeypatch):
    write_all(tmp_path, {"x.md": "old", "y.md": "old"})
    write = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", lambda path, content: write(path, content[:-1]))
    for again in (
        lambda: write_all(tmp_path, {"x.md": "new"}),
        lambda: write_whole(tmp_path / "y.md", "new"),
    ):
        with pytest.raises(OSError, match="does not read back as it was written"):
            again()
    assert contents(tmp_path) == {"x.md": "old", "y.md": "old"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.md", "y.md"]


def test_a_folder_is_held_by_one_alone(tmp_path):
    with locked(tmp_path, wait=False) as first:
        with locked(tmp_path, wait=False) as second:
            assert (first, second) == (True, False)
        written = threading.Thread(target=write_all, args=(tmp_path, {"x.md": "text"}))
        written.start()
        written.join(0.2)
        assert written.is_alive()
        assert not list(tmp_path.iterdir())
    written.join(10)
    assert contents(tmp_path) == {"x.md": "text"}
    with locked(tmp_path, wait=False) as again:
        assert again


def test_a_signal_is_answered_when_the_set_is_complete(tmp_path, monkeypatch):
    write_all(tmp_path, {"x.md": "old", "y.md": "old"})
    replace = Path.replace

    def interrupted(self, target):
        signal.raise_signal(signal.SIGINT)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_all(tmp_path, {"x.md": "new", "y.md": "new"})
    assert contents(tmp_path) == {"x.md": "new", "y.md": "new"}
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_ended_at_any_moment_leaves_whole_files(tmp_path, how):
    write_all(tmp_path, dict.fromkeys(NAMES, "o" * LENGTH))
    moments = np.random.default_rng(int(how))
    for _ in range(12):
        process = start_writer(tmp_path, "nm")
        time.sleep(moments.uniform(0, 0.03))
        process.send_signal(how)
        process.communicate(timeout=20)
        found = contents(tmp_path)
        assert set(found) == set(NAMES)
        assert all(len(text) == LENGTH and len(set(text)) == 1 for text in found.values())
        if how != signal.SIGKILL:  # what cannot be held back may part a set, though never a file
            assert len(set(found.values())) == 1
    write_all(tmp_path, dict.fromkeys(NAMES, "z"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["figures", "index.html", "report.md"]


def test_two_runs_into_one_folder_do_not_mix(tmp_path):
    writers = [start_writer(tmp_path, letter) for letter in "ab"]
    seen = set()
    deadline = time.monotonic() + 20
    while len(seen) < 2 and time.monotonic() < deadline:
        with locked(tmp_path, wait=True):
            texts = set(contents(tmp_path).values())
        assert len(texts) <= 1
        seen |= texts
        time.sleep(0.001)
    for writer in writers:
        writer.kill()
        writer.communicate()
    assert seen == {"a" * LENGTH, "b" * LENGTH}


def test_a_folder_that_takes_no_file_is_told_of_before_any_work(tmp_path, monkeypatch):
    """As root may write anywhere, the refusal is the system's own in its place."""
    check_target(tmp_path / "x.csv", "--table")
    check_folder(tmp_path / "new" / "deeper", "--to")
    assert not list(tmp_path.iterdir())

    def refused(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("os.open", refused)
    for asked in (
        lambda: check_target(tmp_path / "x.csv", "--table"),
        lambda: check_folder(tmp_path / "new" / "deeper", "--table"),
        lambda: refuse_to_replace(tmp_path / "x.csv", force=True),
    ):
        with pytest.raises(UncertaintyError, match="cannot be written: Permission denied"):
            asked()


@pytest.mark.parametrize("ask", [check_target, check_folder])
def test_a_dash_names_no_file(ask, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UncertaintyError, match=r"^--to: -: is no file here"):
        ask(Path("-"), "--to")
    ask(tmp_path / "-", "--to")


def test_a_folder_that_was_removed_beneath_a_run_is_told_with_the_file(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    for asked in (
        lambda: check_target(Path("x.csv"), "--table"),
        lambda: check_folder(Path("x"), "--table"),
        lambda: refuse_to_replace(Path("x.csv"), force=True),
    ):
        with pytest.raises(UncertaintyError, match=r"x(\.csv)?: cannot be written: its folder takes no file"):
            asked()


def test_no_signal_leaves_the_file_that_tries_a_folder(tmp_path, monkeypatch):
    close = os.close

    def interrupted(handle):
        close(handle)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("os.close", interrupted)
    with pytest.raises(KeyboardInterrupt):
        check_target(tmp_path / "x.csv", "--table")
    assert not list(tmp_path.iterdir())
