"""A disk that is full or read-only costs one line of error and no file that was there."""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from functools import partial

import pytest
from command_line import Finished

SMALL_RUN = ("--samples", "512", "--quiet")
WRITERS = {
    "new": ("new", "{to}/mine.toml"),
    "report": ("report", "{study}", "--to", "{to}/report", *SMALL_RUN),
    "run --save": ("run", "{study}", "--save", "{to}/draws.parquet", *SMALL_RUN),
    "run --save .nc": ("run", "{study}", "--save", "{to}/draws.nc", *SMALL_RUN),
    "run --save .xlsx": ("run", "{study}", "--save", "{to}/draws.xlsx", *SMALL_RUN),
    "run --table": ("run", "{study}", "--table", "{to}/results.xlsx", *SMALL_RUN),
}

ANSWERED = ("run --save .nc", "run --save .xlsx", "run --table")
"""What is written when the answer is there, which is told all the same."""

SLOW = [name if name == "new" else pytest.param(name, marks=pytest.mark.slow) for name in WRITERS]


def fill(words, study, to):
    return [word.format(study=study, to=to) for word in words]


def run_with(arguments, **options) -> Finished:
    """Run the command in a process of its own whose limits or mounts are set beforehand."""
    # what measures coverage writes files too, and would meet the limit first
    rest = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    # Python cuts bytecode at the limit without a word, and every later import of the module fails
    rest["PYTHONDONTWRITEBYTECODE"] = "1"
    found = subprocess.run(
        arguments, capture_output=True, encoding="utf-8", check=False, timeout=100, env=rest, **options
    )
    return Finished(found.returncode, found.stdout, found.stderr)


def uncertainty(*arguments):
    return [sys.executable, "-m", "uncertainty", *arguments]


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.slow
@pytest.mark.parametrize("writer", SLOW)
def test_a_disk_that_ends_in_the_middle_of_a_file_leaves_none(writer, write_study, tmp_path):
    study, to = write_study(), tmp_path / "to"
    to.mkdir()
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (1000, 1000))
    found = run_with(uncertainty(*fill(WRITERS[writer], study, to)), preexec_fn=limit)
    assert (found.code, found.out != "") == (2, writer in ANSWERED)
    assert found.err.startswith("error: ")
    assert found.err.endswith("cannot be written: File too large\n")
    assert found.err.count("\n") == 1
    assert files(to) == []


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs unshare, to mount a disk of its own")
@pytest.mark.parametrize("writer", SLOW)
@pytest.mark.parametrize(
    ("fault", "command"),
    {
        "No space left on device": 'dd if=/dev/zero of="$0/full" bs=1k 2> /dev/null',
        "Read-only file system": 'mount -o remount,ro "$0"',
    }.items(),
)
def test_a_disk_that_cannot_be_written_keeps_what_was_there(writer, fault, command, write_study, tmp_path):
    study, to = write_study(), tmp_path / "disk"
    to.mkdir()
    script = f'mount -t tmpfs -o size=16k none "$0" && echo old > "$0/old" && {command}; cd "$0"; "$@"'
    script += "; code=$?; find . -type f -size +0 ! -name full | sort; exit $code"
    mounting = ["unshare", "--map-root-user", "--mount", "sh", "-c", script, str(to)]
    found = run_with([*mounting, *uncertainty(*fill(WRITERS[writer], study, to))])
    if "unshare: " in found.err or "mount: " in found.err:
        pytest.skip(f"no disk can be mounted here: {found.err}")
    assert found.code == 2
    assert found.err.startswith("error: ")
    assert found.err.endswith(f"cannot be written: {fault}\n")
    assert found.err.count("\n") == 1
    answer, _, left = found.out.rpartition("./")
    # what takes no file at all is refused before the work; what fills up shows only when it is written
    late = writer in ANSWERED and fault.startswith("No space")
    assert (answer != "", left) == (late, "old\n")


def test_an_answer_is_told_though_its_table_cannot_be_written(command, monkeypatch, tmp_path):
    """It may have taken hours; a program reads one document, which is the failure's."""

    def full(_):
        raise OSError(errno.ENOSPC, "in a library's words")

    words = ("fit", "--quantiles", "p5=1, p95=2", "--table", "fit.csv")
    whole = command(*words)
    (tmp_path / "fit.csv").unlink()
    (tmp_path / "fit.csv-metadata.json").unlink()
    monkeypatch.setattr("uncertainty.files._onto_disk", full)
    said = "fit.csv: cannot be written: No space left on device"
    told = command(*words)
    assert (told.code, told.out, told.err) == (2, whole.out, f"error: {said}\n")
    refused = command(*words, "--json")
    (fault,) = json.loads(refused.out)["error"]["faults"]
    assert (refused.code, refused.err) == (2, f"error: {said}\n")
    assert f"{fault['file']}: {fault['message']}" == said
    assert files(tmp_path) == []


@pytest.mark.slow
def test_two_runs_do_not_save_to_one_file_at_once(write_study, command, tmp_path):
    from uncertainty.files import locked

    path = tmp_path / "draws.parquet"
    parts = tmp_path / "draws.parquet.parts"
    parts.mkdir()
    words = ("run", write_study(), "--save", path, *SMALL_RUN)
    with locked(parts, wait=True):
        found = command(*words)
    assert (found.code, found.err) == (2, f"error: --save: another run is writing {path}\n")
    assert command(*words).code == 0
    assert files(tmp_path) == ["draws.parquet", "study.toml"]


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_report_that_is_ended_at_any_moment_is_the_old_or_the_new_one(how, write_study, tmp_path):
    study, to = write_study(), tmp_path / "report"
    words = uncertainty("report", str(study), *SMALL_RUN)
    begun = time.monotonic()
    assert run_with([*words, "--seed", "2", "--to", str(tmp_path / "new")]).code == 0
    takes = time.monotonic() - begun
    assert run_with([*words, "--seed", "1", "--to", str(to)]).code == 0
    old, new = ({name: (f / name).read_bytes() for name in files(f)} for f in (to, tmp_path / "new"))
    for moment in (0.6, 0.85, 1.0):
        process = subprocess.Popen(
            [*words, "--seed", "2", "--to", str(to)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(takes * moment)
        process.send_signal(how)
        process.wait(timeout=60)
        left = {name: (to / name).read_bytes() for name in files(to) if not name.startswith(".writing-")}
        assert left in (old, new)
