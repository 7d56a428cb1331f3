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
UNNEEDED = (
    "scipy.stats",
    "scipy.optimize",
    "scipy.special._basic",
    "pint",
    "numba",
    "SALib",
    "matplotlib",
    "jinja2",
    "rich",
    "pandas",
    "openpyxl",
    "dask",
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--help"], (*HEAVY, "pydantic")),
        (["run", "--help"], (*HEAVY, "pydantic")),
        (["--version"], (*HEAVY, "pydantic")),
        ([], (*HEAVY, "pydantic")),
        (
            ["check", "ai-vs-human", "--only", "chatgpt_query"],
            (*UNNEEDED, "pydantic", "uncertainty.propagation", "uncertainty.study.conversion"),
        ),
        (
            ["run", "gauge-block", "--samples", "64"],
            (
                *UNNEEDED,
                "pydantic",
                "uncertainty.challenges",
                "uncertainty.study.conversion",
                "uncertainty.sampling.huge",
            ),
        ),
    ],
)
def test_a_command_imports_nothing_heavy_that_it_does_not_need(arguments, heavy):
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
    assert found.err == "error: --samples: a sobol design has at most 2^30 points in one scramble\n"


def test_too_little_memory_is_said_in_one_line(command, write_study, monkeypatch):
    def exhausted(*_, **__):
        raise MemoryError

    monkeypatch.setattr("uncertainty.propagation.propagate", exhausted)
    found = command("run", write_study(), "--samples", 64)
    assert found.code == 2
    assert found.err.startswith("error: there is not enough memory")
    assert found.err.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (RuntimeError("can't start new thread"), "the system lets this program start no more threads"),
        (RecursionError("maximum recursion depth exceeded"), "formulas nest too deeply, or depend on"),
        (ImportError("x.so: failed to map segment from shared object"), "a library cannot be loaded: x.so: "),
        (OSError(24, "Too many open files", "a/b.csv"), "a/b.csv: Too many open files"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
        (BlockingIOError(11, "Resource temporarily unavailable"), "Resource temporarily unavailable"),
        (OSError("Unable to open file"), "Unable to open file"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_what_the_system_refuses_is_said_in_one_line(command, write_study, monkeypatch, error, line):
    def refused(*_, **__):
        raise error

    monkeypatch.setattr("uncertainty.propagation.propagate", refused)
    found = command("run", write_study(), "--samples", 64)
    assert (found.code, found.out, found.err.count("\n")) == (2, "", 1)
    assert found.err.startswith(f"error: {line}")


def test_a_runtime_error_of_the_program_s_own_is_a_traceback(monkeypatch):
    from uncertainty.commands import main

    def broken(_):
        raise RuntimeError("broken")

    monkeypatch.setattr("uncertainty.study.reader.load_study", broken)
    with pytest.raises(RuntimeError, match="broken"):
        main(["check"])


@pytest.mark.slow
def test_the_advice_against_too_many_threads_needs_none(command, write_study, monkeypatch):
    def refused(_):
        raise RuntimeError("can't start new thread")

    study = write_study()
    monkeypatch.setattr("threading.Thread.start", refused)
    assert command("run", study, "--samples", "300_000", "--threads", 2).code == 2
    for name in ("run", "sensitivity", "challenge", "check"):
        threads = ("--threads", 1, "--samples", 256) if name != "check" else ()
        assert command(name, study, *threads, "--quiet" if name != "check" else "--json").code == 0


@pytest.mark.parametrize("columns", ["²", "٣", "0", "-5", "9" * 5000, "1e2", " 80", ""])
def test_a_width_that_is_none_is_taken_for_none(command, write_study, monkeypatch, columns):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("LINES", columns)
    found = command("run", write_study(), "--samples", 64)
    assert found.code == 0
    assert max(map(len, found.out.splitlines())) <= 80
    assert command("--help").code == 0


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["schema"], ["studies", "--help"]])
def test_a_full_output_is_one_line(arguments, unbuffered):
    with Path("/dev/full").open("w") as full:
        found = subprocess.run(
            [sys.executable, "-m", "uncertainty", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        )
    said = "error: cannot write to the standard output: No space left on device\n"
    assert (found.returncode, found.stderr) == (2, said)


def test_a_closed_output_is_one_line(command, monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    found = command("--version")
    assert (found.code, found.err) == (2, "error: cannot write to the standard output: it is closed\n")


def test_an_error_that_nobody_can_read_changes_no_exit_code(command, monkeypatch):
    monkeypatch.setattr("sys.stderr", None)
    assert command("nonsense").code == 2


@pytest.mark.parametrize("name", ["run", "sensitivity", pytest.param("challenge", marks=pytest.mark.slow)])
def test_an_answer_needs_no_open_stderr(name, command, write_study, monkeypatch):
    monkeypatch.setattr("sys.stderr", None)
    found = command(name, write_study(), "--samples", 256)
    assert found.code == 0
    assert found.out


@pytest.mark.skipif(os.name == "nt", reason="limits are set as on Unix")
@pytest.mark.parametrize("unbuffered", ["1", pytest.param("", marks=pytest.mark.slow)])
def test_an_output_that_is_cut_is_one_line(unbuffered, tmp_path):
    """A disk that ends in the middle of a text takes its beginning, which without a buffer is no error."""
    import resource

    with (tmp_path / "cut.json").open("w") as cut:
        found = subprocess.run(
            [sys.executable, "-m", "uncertainty", "schema"],
            stdout=cut,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered, "PYTHONDONTWRITEBYTECODE": "1"},
        )
    said = "error: cannot write to the standard output: File too large\n"
    assert (found.returncode, found.stderr) == (2, said)


def test_a_module_that_was_cut_is_no_interrupt(command, monkeypatch):
    def cut():
        raise EOFError("marshal data too short")

    monkeypatch.setattr("uncertainty.study.bundled.names", cut)
    found = command("studies")
    assert found.code == 2
    assert found.err.startswith("error: a library cannot be loaded: marshal data too short; ")
    assert found.err.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="signals are sent as on Unix")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGXCPU])
def test_a_run_that_is_ended_while_it_writes_leaves_no_file(number, write_study, command, monkeypatch):
    """In this process: the signal comes in the middle of a file."""
    from uncertainty.tables import csv_file

    def ended(*_):
        signal.raise_signal(number)

    study = write_study()
    before = sorted(path.name for path in Path().iterdir())
    monkeypatch.setattr(csv_file, "metadata_path", ended)
    found = command("run", study, "--samples", 64, "--save", "draws.csv")
    assert (found.code, found.out) == (128 + number, "")
    assert sorted(path.name for path in Path().iterdir()) == before
    assert signal.getsignal(number) == signal.SIG_DFL


def _wait_for_threads(pid: int) -> None:
    """Wait until numpy is loaded or blocks are drawn, either of which starts threads."""
    tasks = Path(f"/proc/{pid}/task")
    if not tasks.exists():
        time.sleep(3)
        return
    deadline = time.monotonic() + 20
    while len(list(tasks.iterdir())) == 1 and time.monotonic() < deadline:
        time.sleep(0.05)


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_piped_text_is_plain_and_80_columns_wide(write_study):
    found = run_apart("run", write_study(), "--samples", 1024, COLUMNS="")
    assert found.code == 0
    assert found.err == ""
    assert "\x1b" not in found.out
    assert max(map(len, found.out.splitlines())) <= 80
    assert not any(line.endswith(" ") for line in found.out.splitlines())


@pytest.mark.slow
def test_a_stream_that_cannot_show_a_sign_shows_the_rest(write_study):
    found = run_apart(
        "sensitivity", write_study(), "--samples", 256, PYTHONIOENCODING="ascii", PYTHONUTF8="0"
    )
    assert found.code == 0
    assert "Distance" in found.out or "distance" in found.out


def test_what_reads_one_command_alone_reads_it_as_what_reads_all_does():
    from uncertainty.commands import command_line

    every = command_line().commands
    for name, whole in every.items():
        (alone,) = command_line(name).commands.values()
        asked = [[(each.name, each.opts, each.help) for each in command.params] for command in (whole, alone)]
        assert alone.help == whole.help
        assert asked[0] == asked[1]
    assert command_line("chek").commands.keys() == every.keys()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="counts threads in /proc")
@pytest.mark.parametrize(("given", "expected"), [(None, "1"), ("3", "3")])
def test_linear_algebra_has_one_thread_beside_those_of_the_engine_unless_it_is_given_more(given, expected):
    script = (
        "import os, sys\n"
        "from uncertainty.commands import main\n"
        "assert 'numpy' not in sys.modules\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as ending:\n"
        "    assert not ending.code\n"
        "import numpy as np\n"
        "matrix = np.ones((600, 600))\n"
        "assert (matrix @ matrix == 600).all()\n"
        "told = [line.split()[1] for line in open('/proc/self/status') if line[:8] == 'Threads:']\n"
        "print(os.environ['OPENBLAS_NUM_THREADS'], *told)\n"
    )
    named = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    found = subprocess.run(
        [sys.executable, "-c", script, "run", "gauge-block", "--samples", "64", "--threads", "1"],
        env=named | ({} if given is None else {"OPENBLAS_NUM_THREADS": given}),
        capture_output=True,
        text=True,
        check=True,
    )
    said, threads = found.stdout.splitlines()[-1].split()
    assert said == expected
    assert given is not None or threads == "1"
