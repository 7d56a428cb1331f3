"""Coverage-guided fuzzing of the readers, as ``make fuzz`` does: ``fuzz.py TARGET SECONDS [SEED [RUNS]]``.

It begins with the kept inputs, works in a folder that it leaves behind, and stops at the first exception
that is no fault, at the first input that takes longer than half a minute, and where memory passes 512 MiB.
What it stops at is written there too; once mended, the input goes to ``corpus/TARGET`` and is a test from
then on. With a seed other than 0 and a number of runs it tries the same inputs each time, on a slow machine
too, as long as SECONDS are enough for them and the hash seed of Python is set.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
WORK = Path("build/fuzz")

MOST_MEMORY = 512
LONGEST_RUN = 30
ROUND, RUNS = 60, 50_000
"""Seconds and inputs of one process: the fuzzer's own tables grow by up to 5 kB with each input."""
LONGEST_INPUT = {
    "study": 4096,
    "fields": 512,
    "distribution": 512,
    "expression": 512,
    "formula": 512,
    "csv": 1024,
    "workbook": 4096,
    "json": 2048,
    "cited": 1024,
}


def main() -> None:
    """Fuzz one target for some seconds, each round in a process of its own."""
    target, seconds, *more = sys.argv[1:]
    seed, runs = (int(text) for text in (*more, "0", "0")[:2])
    end = time.monotonic() + int(seconds)
    while (left := int(end - time.monotonic())) > 0:
        process = multiprocessing.Process(target=fuzz, args=(target, min(ROUND, left), seed, runs or RUNS))
        process.start()
        seed += bool(seed)
        process.join()
        if process.exitcode:
            sys.exit(process.exitcode)
        if runs:
            return


def fuzz(target: str, seconds: int, seed: int, runs: int) -> None:
    """Fuzz until the runs are done, time is up or something is found."""
    import atheris

    with atheris.instrument_imports(include=["uncertainty", "tomllib", "openpyxl.worksheet._reader"]):
        from targets import TARGETS

        import uncertainty.study.schema  # noqa: F401 - what functions import is instrumented here

    found, crashes = WORK / target, WORK / f"{target}-crashes"
    for folder in (found, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    target_input = TARGETS[target]

    def kept(data: bytes) -> None:
        # the fuzzer writes down what it times out or dies on, but not what raises an exception
        try:
            target_input(data)
        except BaseException:
            (crashes / f"exception-{hashlib.sha256(data).hexdigest()[:16]}").write_bytes(data)
            raise

    options = [
        f"-max_total_time={seconds}",
        f"-seed={seed}",
        f"-runs={runs}",
        f"-timeout={LONGEST_RUN}",
        f"-rss_limit_mb={MOST_MEMORY}",
        f"-max_len={LONGEST_INPUT[target]}",
        f"-dict={HERE / 'tokens.dict'}",
        f"-artifact_prefix={crashes}/",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(found), str(HERE / "corpus" / target)], kept)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
