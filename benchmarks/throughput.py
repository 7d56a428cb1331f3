"""Rows per second and peak memory of this project, its peers and the limit, all measured in one run.

Each program has a process of its own for each number of rows. They take turns, round after round, so that
whatever else the machine does falls on all of them alike; medians of the rounds are shown. Ratios mean more
than seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))

import fused
from accuracy import print_accuracy
from programs import PROGRAMS

HERE = Path(__file__).parent
ROUNDS = 5
PEER_ROUNDS = {10**5: 5, 10**6: 5, 10**7: 1}
MONACO_ROWS = 10**4


class Worker:
    """A program's process."""

    def __init__(self, name: str) -> None:
        self.name = name
        threads = "2" if "2 threads" in name else "1"
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "worker.py"), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": threads},
        )
        self.works = bool(self.process.stdout.readline())
        self.seconds: dict[str, list[float]] = {}
        self.peak = 0.0

    def run(self, step: str, rows: int, seed: int) -> None:
        """Time one step."""
        print(step, rows, seed, file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline() or "null")
        if answer is None:
            self.works = False
            return
        self.seconds.setdefault(step, []).append(answer["seconds"])
        if step == "evaluate":
            self.peak = max(self.peak, answer["peak"])

    def typical(self, step: str) -> float | None:
        """Return a step's median."""
        return median(self.seconds[step]) if self.seconds.get(step) else None

    def close(self) -> None:
        """Let it end."""
        self.process.stdin.close()
        self.process.wait()


def is_ours(name: str) -> bool:
    """Whether a program is this project or the limit, which are quick."""
    return name.startswith(("this project", "limit", "flagship"))


def measure(rows: int, names: list[str], rounds: int) -> dict[str, Worker]:
    """Let the programs take turns at one number of rows."""
    workers = {name: Worker(name) for name in names}
    missing = [name for name, worker in workers.items() if not worker.works]
    workers = {name: worker for name, worker in workers.items() if worker.works}
    if missing:
        print(f"not installed, left out: {', '.join(missing)}")
    steps = ["evaluate", "draws", "summarise"]
    for number in range(rounds + 1):
        for step in steps:
            for name, worker in workers.items():
                turns = rounds if is_ours(name) else min(rounds, PEER_ROUNDS[rows])
                if name == "monaco" and step == "summarise":
                    continue
                # round 0 warms up, where a second run is not too long
                if worker.works and number <= turns and not (number == 0 and turns == 1):
                    if step == "summarise" and rows > 10**6 and is_ours(name):
                        continue
                    worker.run(step, MONACO_ROWS if name == "monaco" else rows, number + 1)
                    if number == 0:
                        worker.seconds.clear()
    if rows <= 10**7:
        for name, worker in workers.items():
            if name.startswith(("this project", "flagship")):
                worker.run("whole", rows, 1)
    for worker in workers.values():
        worker.close()
    return workers


def milliseconds(seconds: float | None) -> str:
    """Write seconds in milliseconds."""
    return "" if seconds is None else f"{1000 * seconds:,.0f}"


def print_table(rows: int, workers: dict[str, Worker]) -> None:
    """Show one number of rows."""
    limit = workers.get("limit: fused C, 1 thread")
    limit_time = limit.typical("evaluate") if limit else None
    print(f"\n## {rows:,} rows\n")
    columns = ("draws", "model", "both", "million rows/s", "x limit", "3 quantiles", "whole run", "peak MiB")
    print(f"| milliseconds | {' | '.join(columns)} |")
    print("|---" * (len(columns) + 1) + "|")
    for name, worker in workers.items():
        both, draws = worker.typical("evaluate"), worker.typical("draws")
        if both is None:
            continue
        made = MONACO_ROWS if name == "monaco" else rows
        fused_loop = name.startswith("limit")
        cells = [
            name + (f" ({made:,} rows)" if made != rows else ""),
            "" if fused_loop else milliseconds(draws),
            "" if fused_loop or draws is None else milliseconds(max(both - draws, 0)),
            milliseconds(both),
            f"{made / both / 1e6:.3g}",
            f"{both / made * rows / limit_time:.1f}"
            if limit_time and not name.startswith("flagship")
            else "",
            milliseconds(worker.typical("summarise")),
            milliseconds(worker.typical("whole")),
            f"{worker.peak:,.0f}",
        ]
        print(f"| {' | '.join(cells)} |", flush=True)


def growth(name: str, rounds: int) -> float:
    """Return how a program's rows/s at 10^7 rows compare with those at 10^6, both measured in turn."""
    worker = Worker(name)
    rates: dict[int, list[float]] = {10**6: [], 10**7: []}
    for number in range(rounds):
        for rows, found in rates.items():
            worker.run("evaluate", rows, number)
            found.append(rows / worker.seconds["evaluate"][-1])
    worker.close()
    return median(rates[10**7]) / median(rates[10**6])


def print_targets(found: dict[int, dict[str, Worker]]) -> None:
    """Show the ratios that the project holds itself to."""

    def both(name: str, rows: int = 10**6) -> float | None:
        worker = found.get(rows, {}).get(name)
        return worker.typical("evaluate") if worker else None

    print("\n## Targets: draws and model, random design, one thread, 10^6 rows\n")
    for kind in ("", "compiled, "):
        ours, two = (both(f"this project, {kind}random, {threads}") for threads in ("1 thread", "2 threads"))
        lines = [
            ("times as fast as OpenTURNS (at least 6)", both("OpenTURNS, joint sample"), ours),
            ("times as fast as whole-array numpy (at least 3)", both("numpy, whole arrays"), ours),
            ("times the fused limit's time (at most 4)", ours, both("limit: fused C, 1 thread")),
            ("times as fast with two threads (at least 1.5)", ours, two),
        ]
        print(f"{'With compiled loops' if kind else 'With numpy alone'}:\n")
        for text, above, below in lines:
            print(f"* {above / below:.2f} {text}" if above and below else f"* not measured: {text}")
        ratio = growth(f"this project, {kind}random, 1 thread", ROUNDS)
        print(f"* {ratio:.2f} times the rows/s at 10^7 rows (0.9 to 1.1)\n")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=float, nargs="+", default=[1e5, 1e6, 1e7])
    parser.add_argument("--only", nargs="+", default=[], help="parts of the names of programs")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--no-accuracy", action="store_true")
    asked = parser.parse_args()
    names = [n for n in PROGRAMS if not asked.only or any(part in n for part in asked.only)]
    if not fused.available():
        print("no gcc: the fused limit is left out")
        names = [n for n in names if not n.startswith("limit")]
    found = {}
    for rows in map(int, asked.rows):
        found[rows] = measure(
            rows, names if rows < 10**7 else [n for n in names if n != "monaco"], asked.rounds
        )
        print_table(rows, found[rows])
    print_targets(found)
    if not asked.no_accuracy:
        print_accuracy()


if __name__ == "__main__":
    main()
