"""The mutation run of ``make mutation``: small faults are put into the code, and the tests must notice them.

What is mutated, and by which tests it is judged, is set in ``pyproject.toml``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

LEAST_KILLED = 0.90


def main() -> None:
    """Run, count and judge."""
    # each call passes through one that chooses the mutant, which makes deep calls three times as deep
    sys.setrecursionlimit(10_000)
    from mutmut.__main__ import cli

    cli(["run"], standalone_mode=False)
    cli(["export-cicd-stats"], standalone_mode=False)
    counts = json.loads(Path("mutants/mutmut-cicd-stats.json").read_text(encoding="utf-8"))
    noticed = counts["killed"] + counts["timeout"]
    share = noticed / counts["total"]
    print(f"{noticed} of {counts['total']} mutants were noticed: {share:.1%}")
    sys.exit(share < LEAST_KILLED)


if __name__ == "__main__":
    main()
