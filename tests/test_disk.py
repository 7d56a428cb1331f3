"""A disk that refuses, or forgets, what it is given is found out before a file takes its name."""

from __future__ import annotations

import errno
import os

import numpy as np
import pytest

from uncertainty.disk import HashedFile, PatientFile, reason, sha256_of


def test_a_hashed_file_holds_its_text_as_it_is(tmp_path):
    raw = HashedFile(tmp_path / "a")
    with raw.text() as file:
        assert file.encoding == "utf-8"  # whatever this system's own is
        file.write("one\r\n÷ 数\n")
    assert (tmp_path / "a").read_bytes() == "one\r\n÷ 数\n".encode()
    assert raw.sha256 == sha256_of(tmp_path / "a")


@pytest.mark.parametrize("kept", [0, 1, -1])
def test_a_disk_that_forgets_is_found_out(tmp_path, kept):
    raw = HashedFile(tmp_path / "a")
    forgetful = raw._file

    class Forgetful:
        def write(self, data):
            forgetful.write(bytes(data)[:kept])
            return len(data)

        def close(self):
            forgetful.close()

    raw._file = Forgetful()
    with pytest.raises(OSError, match="does not read back"), raw.text() as file:
        file.write("some text")


def fails_after(raw, room):
    """Let a patient file's disk take `room` bytes in all."""
    whole, taken = raw._file.write, 0

    class Full:
        def write(self, data):
            nonlocal taken
            data = bytes(data)[: room - taken]
            if not data:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            taken += len(data)
            return whole(data)

        def __getattr__(self, name):
            return getattr(file, name)

    file, raw._file = raw._file, Full()


@pytest.mark.parametrize("room", [0, 1, 50, 99, 150])
def test_a_patient_file_reads_what_a_full_disk_did_not_take_and_says_so_in_the_end(tmp_path, room):
    draws = np.random.default_rng(room)
    memory = bytearray()
    raw = PatientFile(tmp_path / "a")
    fails_after(raw, room)
    write_at_random(raw, memory, draws)
    assert raw.failure is not None
    assert raw.seek(-5, os.SEEK_END) == len(memory) - 5
    assert raw.read(10) == bytes(memory[-5:])
    with pytest.raises(OSError, match="No space left on device"), raw:
        pass
    assert raw.closed


def write_at_random(raw, memory, draws):
    """Write here and there, and see after each time that what is read is what was written."""
    for _ in range(60):
        place, content = int(draws.integers(0, 120)), draws.bytes(int(draws.integers(1, 30)))
        memory.extend(b"\0" * (place + len(content) - len(memory)))
        memory[place : place + len(content)] = content
        assert raw.seek(place) == place
        assert raw.write(content) == len(content)
        assert raw.tell() == place + len(content)
        raw.seek(0)
        assert raw.read(len(memory) + 10) == bytes(memory)


def test_a_patient_file_on_a_disk_with_room_is_a_file(tmp_path):
    with PatientFile(tmp_path / "a") as raw:
        raw.write(b"0123456789")
        assert raw.seek(2) == 2
        assert raw.write(b"ab") == 2
        assert raw.truncate(6) == 6
        assert raw.seek(-2, os.SEEK_CUR) == 2
        assert raw.read() == b"ab45"
        assert (raw.readable(), raw.writable(), raw.seekable()) == (True, True, True)
    assert (tmp_path / "a").read_bytes() == b"01ab45"


def test_a_disk_that_takes_little_at_a_time_takes_all_in_the_end(tmp_path):
    with PatientFile(tmp_path / "a") as raw:
        file, write = raw._file, raw._file.write

        class Slow:
            def write(self, data):
                assert file.tell() < 40
                return write(data[:3])

            def __getattr__(self, name):
                return getattr(file, name)

        raw._file = Slow()
        raw.write(bytes(range(20)))
        raw.write(bytes(range(20, 40)))
    assert (tmp_path / "a").read_bytes() == bytes(range(40))


def test_what_fails_while_a_patient_file_is_written_is_told_and_not_what_the_disk_forgot(tmp_path):
    def forgotten(error=None):
        with PatientFile(tmp_path / "a") as raw:
            raw.write(b"0123456789")
            (tmp_path / "a").write_bytes(b"012345678x")
            if error is not None:
                raise error

    with pytest.raises(ZeroDivisionError):
        forgotten(ZeroDivisionError)
    with pytest.raises(OSError, match="does not read back"):
        forgotten()


def test_the_system_s_own_words_are_said():
    assert reason(OSError(errno.ENOSPC, "Error writing bytes to file. Detail: [errno 28] …")) == os.strerror(
        28
    )
    assert reason(OSError("plain")) == "plain"
    assert reason(TimeoutError()) == "TimeoutError"
