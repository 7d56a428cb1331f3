"""The mutation run of ``make mutation``: small faults are put into the code, and the tests must notice them.

``mutation.py PART`` runs one part, without a name all of them in turn, each in a process of its own. What a
part mutates, and by which tests it is judged, is set in ``pyproject.toml``; each takes at most 90 minutes on
2 cores.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

LEAST_KILLED = 0.90


def main() -> None:
    """Run the parts that are named, and fail where one is too little noticed."""
    tables = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    parts = tables["tool"]["uncertainty"]["mutation"]
    if len(sys.argv) == 2:
        sys.exit(mutate(sys.argv[1], **parts[sys.argv[1]]) < LEAST_KILLED)
    codes = [
        subprocess.run([sys.executable, __file__, part], check=False).returncode
        for part in sys.argv[1:] or parts
    ]
    sys.exit(max(codes))


def mutate(part: str, mutated: list[str], tests: list[str]) -> float:
    """Run one part, and return the share of its mutants that the tests noticed."""
    # each call passes through one that chooses the mutant, which makes deep calls three times as deep
    sys.setrecursionlimit(10_000)
    from mutmut import configuration
    from mutmut.__main__ import cli

    shutil.rmtree("mutants", ignore_errors=True)
    # mutmut's own patterns reach into folders, and its file knows no parts
    files = sorted(path.as_posix() for pattern in mutated for path in Path().glob(pattern))
    configuration._config = replace(
        configuration.config(), only_mutate=files, pytest_add_cli_args_test_selection=tests
    )
    cli(["run"], standalone_mode=False)
    cli(["export-cicd-stats"], standalone_mode=False)
    counts = json.loads(Path("mutants/mutmut-cicd-stats.json").read_text(encoding="utf-8"))
    noticed = counts["killed"] + counts["timeout"]
    share = noticed / counts["total"]
    print(f"{part}: {noticed} of {counts['total']} mutants were noticed: {share:.1%}")
    return share


if __name__ == "__main__":
    main()
