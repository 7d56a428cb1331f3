"""What a person waits for: starting, and every command on bundled studies; a part of ``make bench``.

Each is the median of processes of their own, started in turns, in processor time, which others leave alone,
and by the clock; and how many times it takes what importing numpy and scipy.stats does in the same run. A
command is started once before, so that nothing is read from a cold disk; ``first`` is that once.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time

REPEATS = 15

BARE = """
import typer
app = typer.Typer(rich_markup_mode=None, add_completion=False)
@app.command()
def one(): "Do one thing."
@app.command()
def other(): "Do another."
app(["--help"])
"""

STARTS = {
    "python, nothing more": "pass",
    "import uncertainty": "import uncertainty",
    "import uncertainty and load a study": "import uncertainty as un; un.load_study('gauge-block')",
    "a bare typer app, --help": BARE,
    "uncertainty --help": "from uncertainty.commands import main; main(['--help'])",
    "uncertainty run --help": "from uncertainty.commands import main; main(['run', '--help'])",
}


REFERENCE = "import numpy, scipy.stats"

COMMANDS = (
    "check ai-vs-human",
    "run gauge-block",
    "run ai-vs-human",
    "sensitivity ai-vs-human",
    "challenge ai-vs-human",
    "report ai-vs-human",
)
COMMAND_REPEATS = 5


def main() -> None:
    """Time every start and every command, and print the medians."""
    seconds: dict[str, list[float]] = {name: [] for name in STARTS}
    for _ in range(REPEATS):
        for name, script in STARTS.items():
            seconds[name].append(timed(script)[0])
    for name, found in seconds.items():
        print(f"{name:<38} {1000 * statistics.median(found):7.0f} ms")
    commands()


def commands() -> None:
    """Time the commands beside the reference, and print medians of processor time and of the clock."""
    with tempfile.TemporaryDirectory() as folder:
        scripts = {REFERENCE: REFERENCE}
        for command in COMMANDS:
            words = [*command.split(), *(["--to", folder] if command.startswith("report") else [])]
            scripts[command] = f"from uncertainty.commands import main; main({words!r})"
        first = {name: timed(script) for name, script in scripts.items()}
        each: dict[str, list[tuple[float, float]]] = {name: [] for name in scripts}
        for _ in range(COMMAND_REPEATS):
            for name, script in scripts.items():
                each[name].append(timed(script))
    middle = {
        name: [statistics.median(column) for column in zip(*found, strict=True)]
        for name, found in each.items()
    }
    print(f"\n{'':<38} {'processor':>10} {'x ref':>6} {'clock':>10} {'x ref':>6} {'first':>10}")
    for name, (processor, clock) in middle.items():
        of_processor, of_clock = processor / middle[REFERENCE][0], clock / middle[REFERENCE][1]
        print(
            f"{name:<38} {processor:8.2f} s {of_processor:6.2f} {clock:8.2f} s {of_clock:6.2f} "
            f"{first[name][1]:8.2f} s"
        )


def timed(script: str) -> tuple[float, float]:
    """Return the seconds of processor time that a process takes, and those that pass by the clock."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", script], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
    )
    clock = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, clock


if __name__ == "__main__":
    main()
