"""The command line as a whole: help costs nothing, streams stay apart, endings are clean."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import run_apart

from uncertainty import __version__

HEAVY = ("numpy", "scipy", "pint", "SALib", "matplotlib", "jinja2", "rich")


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--help"], (*HEAVY, "pydantic")),
        # typer itself reads the values of options with pydantic
        (["run", "--help"], HEAVY),
        (["--version"], HEAVY),
        ([], HEAVY),
    ],
)
def test_help_imports_nothing_heavy(arguments, heavy):
    script = (
        "import sys\n"
        "from uncertainty.commands import main\n"
        "try:\n"
        f"    main({arguments!r})\n"
        "except SystemExit as stopped:\n"
        f"    heavy = [name for name in {heavy!r} if name in sys.modules]\n"
        "    print('heavy:', heavy, 'code:', stopped.code)\n"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1] == "heavy: [] code: 0"


def test_without_a_command_the_help_is_shown(command):
    found = command()
    assert found.code == 0
    assert "Usage: uncertainty [OPTIONS] COMMAND" in found.out
    for name in ("studies", "check", "run", "sensitivity", "report", "new"):
        assert f"\n  {name} " in found.out


@pytest.mark.parametrize("name", ["studies", "check", "run", "sensitivity", "report", "new"])
def test_every_option_has_a_line_of_help_that_fits(name, command):
    found = command(name, "--help")
    assert found.code == 0
    assert "--help" in found.out
    assert max(map(len, found.out.splitlines())) <= 100


def test_the_version_is_the_package_s(command):
    assert command("--version").out == f"uncertainty {__version__}\n"


def test_an_unexpected_exception_is_a_traceback(monkeypatch):
    from uncertainty.commands import main

    def broken(_):
        raise ZeroDivisionError

    monkeypatch.setattr("uncertainty.study.reader.load_study", broken)
    with pytest.raises(ZeroDivisionError):
        main(["check"])


def test_more_points_than_a_scramble_has_are_refused_in_one_line(command, write_study):
    found = command("run", write_study(), "--samples", 2**40, "--threads", 1)
    assert (found.code, found.out) == (2, "")
    assert found.err == "error: samples: a sobol design has at most 2^30 points in one scramble\n"


def test_too_little_memory_is_said_in_one_line(command, write_study, monkeypatch):
    def exhausted(*_, **__):
        raise MemoryError

    monkeypatch.setattr("uncertainty.propagation.propagate", exhausted)
    found = command("run", write_study(), "--samples", 64)
    assert found.code == 2
    assert found.err.startswith("error: there is not enough memory")
    assert found.err.count("\n") == 1


def _wait_for_threads(pid: int) -> None:
    """Wait until numpy is loaded or blocks are drawn, either of which starts threads."""
    tasks = Path(f"/proc/{pid}/task")
    if not tasks.exists():
        time.sleep(3)
        return
    deadline = time.monotonic() + 20
    while len(list(tasks.iterdir())) == 1 and time.monotonic() < deadline:
        time.sleep(0.05)


@pytest.mark.skipif(os.name == "nt", reason="signals are sent as on Unix")
def test_an_interrupt_ends_with_one_line(write_study):
    process = subprocess.Popen(
        [sys.executable, "-m", "uncertainty", "run", str(write_study()), "--samples", "100_000_000"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    _wait_for_threads(process.pid)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, "", "interrupted\n")


@pytest.mark.skipif(os.name == "nt", reason="pipes are closed as on Unix")
def test_a_reader_that_goes_away_is_no_error(write_study):
    process = subprocess.Popen(
        [sys.executable, "-m", "uncertainty", "check", str(write_study())],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdout.close()
    with process.stderr as err:
        assert err.read() == ""
    assert process.wait(timeout=20) == 141


def test_piped_text_is_plain_and_80_columns_wide(write_study):
    found = run_apart("run", write_study(), "--samples", 1024, COLUMNS="")
    assert found.code == 0
    assert found.err == ""
    assert "\x1b" not in found.out
    assert max(map(len, found.out.splitlines())) <= 80
    assert not any(line.endswith(" ") for line in found.out.splitlines())


def test_a_stream_that_cannot_show_a_sign_shows_the_rest(write_study):
    found = run_apart(
        "sensitivity", write_study(), "--samples", 256, PYTHONIOENCODING="ascii", PYTHONUTF8="0"
    )
    assert found.code == 0
    assert "Distance" in found.out or "distance" in found.out
