"""How long it takes to begin: importing, and ``--help`` beside a bare typer app; a part of ``make bench``.

Each is the median of processes of their own, started in turns, in processor time, which others leave alone.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys

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


def main() -> None:
    """Time every start and print the medians."""
    seconds: dict[str, list[float]] = {name: [] for name in STARTS}
    for _ in range(REPEATS):
        for name, script in STARTS.items():
            seconds[name].append(timed(script))
    for name, found in seconds.items():
        print(f"{name:<38} {1000 * statistics.median(found):7.0f} ms")


def timed(script: str) -> float:
    """Return the seconds of processor time that a process takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", script], stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
