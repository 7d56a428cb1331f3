import os
import stat

import pytest

from uncertainty.report.files import write_all


def test_files_are_written_into_folders_that_did_not_exist(tmp_path):
    write_all(tmp_path / "a", {"x.md": "one\n", "deep/y.svg": "ünï\n"})
    assert (tmp_path / "a/x.md").read_bytes() == b"one\n"
    assert (tmp_path / "a/deep/y.svg").read_text(encoding="utf-8") == "ünï\n"


def test_a_failure_leaves_the_old_files_and_nothing_else(tmp_path):
    write_all(tmp_path, {"x.md": "old", "y.md": "old"})
    with pytest.raises(UnicodeEncodeError):
        write_all(tmp_path, {"x.md": "new", "y.md": "\ud800"})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"x.md": "old", "y.md": "old"}


def test_files_are_as_readable_as_any_other_new_file(tmp_path):
    (tmp_path / "plain").write_text("")
    write_all(tmp_path, {"x.md": "text"})
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "x.md")}
    assert len(modes) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a POSIX system")
def test_a_folder_that_is_a_file_is_an_error(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(OSError, match="taken"):
        write_all(tmp_path / "taken", {"x.md": "text"})
