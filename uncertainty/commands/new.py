"""`uncertainty new`: a commented starter study."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from uncertainty.commands.console import note, write
from uncertainty.commands.options import Force, Quiet
from uncertainty.errors import Fault, SettingError
from uncertainty.files import refuse_to_replace, saying_why, write_all, write_whole

EXAMPLES = """Examples:

\b
  uncertainty new my-study.toml
  uncertainty new my-study.toml --from ai-vs-human   from a study, with comments and data files
  uncertainty new my-study.toml --from inputs.xlsx   from a sheet of inputs
"""

STARTER = Path(__file__).with_name("starter.toml")


def new(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The file to write, such as my-study.toml.")],
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="STUDY", help="Begin from a study, a workbook, CSV or JSON instead."),
    ] = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write a commented study to begin from, or derive one.

    --from begins with a bundled study, a study file or workbook, or a sheet of inputs. Such a sheet has the
    headings name, unit and point, and as many of label, distribution, low, high, kind, group, basis, source
    and note as are known. `uncertainty export` writes workbooks that also hold evidence, equations, outputs,
    choices and readings.
    """
    from uncertainty.study.conversion import OTHERS
    from uncertainty.study.derived import Derived, derive

    refuse_to_replace(path, force=force)
    if path.suffix.lower() in OTHERS:
        raise SettingError(
            Fault("a study file ends in .toml; uncertainty export writes other forms", file=str(path))
        )
    found = Derived(STARTER.read_text(encoding="utf-8"), {}) if source is None else derive(source, path)
    with saying_why(path):
        schema = _schema_beside(path)  # first, so that no study is left where it fails
        if found.data:
            write_all(path.parent, found.data)
        write_whole(path, found.text)
    for each in found.notes:
        note(each)
    if not quiet:
        named = _typed(path)
        write(f"Wrote {path}{schema}. Next:\n\n  uncertainty check {named}\n  uncertainty run {named}\n")


def _typed(path: Path) -> str:
    """Return a path as it is typed into a shell, where one that begins with - would be an option."""
    named = str(path)
    return shlex.quote(f"./{named}" if named.startswith("-") else named)


def _schema_beside(path: Path) -> str:
    """Write the schema that the study's first line points to, unless there is one; say so."""
    from uncertainty.study.json_schema import FILE_NAME, schema_text

    beside = path.with_name(FILE_NAME)
    if beside.exists():
        return ""
    write_whole(beside, schema_text())
    return f", and {beside.name} for editors"
