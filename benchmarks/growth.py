"""How the time of each command grows with the number of inputs, as whole processes.

The study is the worst case for a reader of drivers: a sum of inputs of equal weight. Each command is timed a
few times at every size, and each tenfold step is printed as a ratio of medians with the peak memory.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = ("check", "run", "sensitivity", "challenge", "report")
SIZES = (10, 100, 1_000)
MOST_RATIO = 15
"""Times as long that ten times the inputs may take."""

LEAST_SECONDS = 20
"""A command that takes longer than this is timed once."""


class Cost(NamedTuple):
    """What a process took: seconds on the clock and processor, and its peak memory in MiB."""

    wall: float
    processor: float
    memory: float


def equal_parts(inputs: int) -> str:
    """Return a study file whose output is a sum of inputs of equal weight."""
    head = f'format = 1\n\n[study]\ntitle = "A sum of {inputs} equal parts"\nheadline = "total"\n'
    parts = [
        f'\n[inputs.part_{i}]\nunit = "kg"\npoint = 1\ndistribution = "normal(1, 0.1)"\n'
        for i in range(inputs)
    ]
    # an expression has a bounded length, so sums of a hundred parts are added up
    hundreds = [
        " + ".join(f"part_{i}" for i in range(first, min(first + 100, inputs)))
        for first in range(0, inputs, 100)
    ]
    sums = "".join(f'hundred_{i} = "{terms}"\n' for i, terms in enumerate(hundreds))
    total = " + ".join(f"hundred_{i}" for i in range(len(hundreds)))
    figures = f"published = {inputs + 1}\nreference = {inputs}\n"
    output = f'\n[outputs.total]\nvalue = "{total}"\nunit = "kg"\n{figures}'
    return f"{head}{''.join(parts)}\n[equations]\n{sums}{output}"


def cost(command: str, study: Path, folder: Path, options: Sequence[str] = ()) -> Cost:
    """Run one command on a study as a process of its own."""
    words = [sys.executable, "-m", "uncertainty", command, str(study), "--quiet", *options]
    words += ["--to", str(folder / "report")] if command == "report" else []
    began = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    if status:
        raise SystemExit(f"{command} failed on {study.name}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def median_cost(command: str, study: Path, folder: Path, repeats: int) -> Cost:
    """Return the medians of a few runs, or of one that takes long."""
    costs = [cost(command, study, folder)]
    while len(costs) < repeats and costs[0].wall < LEAST_SECONDS:
        costs.append(cost(command, study, folder))
    return Cost(*(statistics.median(part) for part in zip(*costs, strict=True)))


def main() -> None:
    """Print a row for each command and size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--commands", nargs="+", default=COMMANDS, choices=COMMANDS)
    asked = parser.parse_args()
    print(f"Ten times the inputs should take at most {MOST_RATIO} times as long.")
    print(f"{'command':12} {'inputs':>7} {'wall s':>8} {'CPU s':>8} {'MiB':>6} {'ratio':>6}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for command in asked.commands:
            before = None
            for size in asked.sizes:
                study = folder / f"parts-{size}.toml"
                study.write_text(equal_parts(size), encoding="utf-8")
                now = median_cost(command, study, folder, asked.repeats)
                row = f"{command:12} {size:>7,} {now.wall:>8.2f} {now.processor:>8.2f} {now.memory:>6.0f}"
                print(f"{row} {now.wall / before.wall:6.1f}" if before else row, flush=True)
                before = now


if __name__ == "__main__":
    main()
