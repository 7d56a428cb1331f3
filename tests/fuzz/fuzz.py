"""Coverage-guided fuzzing of the readers, as ``make fuzz`` does: ``python tests/fuzz/fuzz.py TARGET SECONDS``.

It begins with the kept inputs, works in a folder that it leaves behind, and stops at the first exception
that is no fault, at the first input that takes longer than ten seconds, and where memory passes 512 MiB. What
it stops at is written there too; once mended, the input goes to ``corpus/TARGET`` and is a test
from then on.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["uncertainty", "tomllib"]):
    from targets import TARGETS

    import uncertainty.study.schema  # noqa: F401 - what is imported within functions is instrumented here

HERE = Path(__file__).parent
WORK = Path("build/fuzz")

MOST_MEMORY = 512
LONGEST_RUN = 10
LONGEST_INPUT = {"study": 4096, "fields": 512, "distribution": 512, "expression": 512}


def main() -> None:
    """Fuzz one target for some seconds."""
    target, seconds = sys.argv[1], int(sys.argv[2])
    found, crashes = WORK / target, WORK / f"{target}-crashes"
    for folder in (found, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={seconds}",
        f"-timeout={LONGEST_RUN}",
        f"-rss_limit_mb={MOST_MEMORY}",
        f"-max_len={LONGEST_INPUT[target]}",
        f"-dict={HERE / 'tokens.dict'}",
        f"-artifact_prefix={crashes}/",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(found), str(HERE / "corpus" / target)], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
