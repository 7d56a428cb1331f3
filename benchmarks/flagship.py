"""How long each analysis of the flagship takes: the last part of ``make bench``."""

from __future__ import annotations

import time
from itertools import count
from typing import TYPE_CHECKING

import uncertainty as un
from uncertainty.over_cases import speaking_of
from uncertainty.sampling.workers.engine import usable_cores

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES = 2**20
BASE_POINTS = 2**14
REPEATS = 3


def main() -> None:
    """Time reading, propagation by threads, readings and Sobol' indices; the best of three each."""
    study = un.load_study("ai-vs-human")
    report("read the study", 1, "studies", lambda: un.load_study("ai-vs-human"))
    report("check it", 1, "checks", lambda: un.reproduce(study))
    for threads in sorted({1, usable_cores()}):
        report(
            f"propagate on {threads} threads",
            SAMPLES,
            "draws",
            lambda threads=threads: un.propagate(study, samples=SAMPLES, threads=threads),
        )
    single, seeds = speaking_of(study, "case"), count()
    report(
        "single cases by numpy",
        SAMPLES,
        "draws",
        lambda: un.propagate(single, samples=SAMPLES, threads=1, compiled=False),
    )
    # each with a seed of its own, since averages that were found are kept
    report(
        "averages over cases",
        SAMPLES,
        "draws",
        lambda: un.propagate(study, samples=SAMPLES, threads=1, seed=next(seeds)),
    )
    rows = un.sobol(study, output=study.headline).model_rows
    report(
        "Sobol' indices", rows, "runs", lambda: un.sobol(study, output=study.headline, samples=BASE_POINTS)
    )


def report(what: str, work: int, unit: str, task: Callable[[], object]) -> None:
    """Print a task's best time and its throughput."""
    best = min(timed(task) for _ in range(REPEATS))
    print(f"{what:<28} {best:7.3f} s  {work / best:14,.0f} {unit}/s")


def timed(task: Callable[[], object]) -> float:
    """Return the seconds that a task takes."""
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
