"""Running the real command: in this process for speed, or in a process of its own where that is the point."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from pathlib import Path


class Finished(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


def run_here(capsys: pytest.CaptureFixture[str], *arguments: object) -> Finished:
    """Run the console script's entry point in this process."""
    from uncertainty.commands import main

    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    code = stopped.value.code
    return Finished(code if isinstance(code, int) else 0, *capsys.readouterr())


def run_apart(*arguments: object, folder: Path | None = None, **environment: str) -> Finished:
    """Run ``python -m uncertainty`` as a shell would."""
    found = subprocess.run(
        [sys.executable, "-m", "uncertainty", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env=os.environ | environment,
        timeout=60,
        check=False,
    )
    return Finished(found.returncode, found.stdout, found.stderr)


def flat(text: str) -> str:
    """Return what was printed on one line, however wide the terminal."""
    return " ".join(text.split())
