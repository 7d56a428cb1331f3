"""`uncertainty new`: a commented starter study."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from uncertainty.commands.console import write
from uncertainty.commands.options import Force, Quiet
from uncertainty.files import refuse_to_replace, saying_why, write_whole

EXAMPLES = """Examples:

\b
  uncertainty new my-study.toml
"""

STARTER = Path(__file__).with_name("starter.toml")


def new(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The file to write, such as my-study.toml.")],
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write a small commented study to begin from."""
    refuse_to_replace(path, force=force)
    with saying_why(path):
        write_whole(path, STARTER.read_text(encoding="utf-8"))
        schema = _schema_beside(path)
    if not quiet:
        write(f"Wrote {path}{schema}. Next:\n\n  uncertainty check {path}\n  uncertainty run {path}\n")


def _schema_beside(path: Path) -> str:
    """Write the schema that the study's first line points to, unless there is one; say so."""
    from uncertainty.study.json_schema import FILE_NAME, schema_text

    beside = path.with_name(FILE_NAME)
    if beside.exists():
        return ""
    write_whole(beside, schema_text())
    return f", and {beside.name} for editors"
