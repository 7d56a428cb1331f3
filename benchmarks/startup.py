"""What a person waits for: starting, every command on bundled studies, and peers; a part of ``make bench``.

Each is the median of processes of their own, started in turns, in processor time, which others leave alone,
and by the clock; and how many times it takes what importing numpy and scipy.stats does in the same run. A
process is started once before, so that nothing is read from a cold disk; ``first`` is that once.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HERE = Path(__file__).parent
REPEATS = 5

BARE = """
import typer
app = typer.Typer(rich_markup_mode=None, add_completion=False)
@app.command()
def one(): "Do one thing."
@app.command()
def other(): "Do another."
app(["--help"])
"""

IMPORTS = "import numpy, scipy.stats"
REFERENCE = ("-c", IMPORTS)

STARTS = {
    "python, nothing more": ("-c", "pass"),
    "import numpy": ("-c", "import numpy"),
    "import uncertainty": ("-c", "import uncertainty"),
    "import uncertainty and load a study": (
        "-c",
        "import uncertainty as un; un.load_study('gauge-block')",
    ),
    "a bare typer app, --help": ("-c", BARE),
    "uncertainty --help": ("-m", "uncertainty", "--help"),
    "uncertainty run --help": ("-m", "uncertainty", "run", "--help"),
}

COMMANDS = (
    "check ai-vs-human",
    "run gauge-block",
    "run ai-vs-human",
    "sensitivity ai-vs-human",
    "challenge ai-vs-human",
    "report ai-vs-human",
)

MODEL = str(HERE / "reference-model.toml")
OWN_TASKS = {
    "quantiles": ("run", MODEL, "--samples", "131072", "--design", "random"),
    "sobol": ("sensitivity", MODEL, "--samples", "4096", "--tolerance", "0"),
}
"""The tasks of `task` as commands of this project, with as many draws and base points."""

PEERS = {
    "quantiles": ("OpenTURNS", "squigglepy", "probabilit"),
    "sobol": ("SALib", "OpenTURNS"),
}


class Times(NamedTuple):
    """Seconds of processor time that a process takes, and those that pass by the clock."""

    processor: float
    clock: float


def main() -> None:
    """Time every start, every command and every peer, and print the medians."""
    show("starting", STARTS)
    with tempfile.TemporaryDirectory() as folder:
        commands = {}
        for command in COMMANDS:
            to = ("--to", folder) if command.startswith("report") else ()
            commands[command] = ("-m", "uncertainty", *command.split(), *to)
        show("commands", commands)
    for task, peers in PEERS.items():
        words = {"this project": ("-m", "uncertainty", *OWN_TASKS[task])}
        words |= {peer: (str(HERE / "task.py"), peer, task) for peer in peers}
        show(f"{task} of the reference model, whole processes", words)


def show(title: str, processes: Mapping[str, Sequence[str]]) -> None:
    """Time processes in turns beside the reference, and print a table of their medians."""
    words = {IMPORTS: REFERENCE, **processes}
    first = {name: timed(each) for name, each in words.items()}
    missing = [name for name, found in first.items() if found is None]
    found: dict[str, list[Times]] = {name: [] for name in words if name not in missing}
    for _ in range(REPEATS):
        for name, all_times in found.items():
            if (once := timed(words[name])) is not None:
                all_times.append(once)
    middle = {
        name: Times(*(statistics.median(column) for column in zip(*times, strict=True)))
        for name, times in found.items()
    }
    print(f"\n{title:<48} {'processor':>10} {'x ref':>6} {'clock':>10} {'x ref':>6} {'first':>10}")
    for name, each in middle.items():
        ratios = [own / reference for own, reference in zip(each, middle[IMPORTS], strict=True)]
        print(
            f"{name:<48} {each.processor:8.2f} s {ratios[0]:6.2f} {each.clock:8.2f} s {ratios[1]:6.2f} "
            f"{first[name].clock:8.2f} s",
            flush=True,
        )
    for name in missing:
        print(f"{name:<48} is not installed")


def timed(words: Sequence[str]) -> Times | None:
    """Return what a process of Python takes; None where it fails, since what it needs is not installed."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ended = subprocess.run(
        [sys.executable, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    clock = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if ended.returncode:
        return None
    return Times(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, clock)


if __name__ == "__main__":
    main()
