"""`uncertainty schema`: the JSON Schema of study files, for editors, and of results, for programs."""

from __future__ import annotations

from typing import Annotated

import typer

from uncertainty.commands.console import write
from uncertainty.commands.options import Force, Quiet, ToFile
from uncertainty.files import refuse_to_replace, saying_why, write_whole

EXAMPLES = """Examples:

\b
  uncertainty schema                          print it
  uncertainty schema --to study.schema.json   write it beside your studies
  uncertainty schema --results                what --json answers, key by key

A study whose first line is "#:schema study.schema.json" is then completed, explained and checked as you
type, by editors that know TOML (taplo: Even Better TOML for VS Code, Helix, Neovim, Zed).
"""

WHAT_TO_DO = " Put this line first in the studies beside it:\n\n  {}\n"


def schema(
    to: ToFile = None,
    results: Annotated[
        bool, typer.Option("--results", help="The schema of what commands answer with --json instead.")
    ] = False,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Print the JSON Schema of study files, for TOML editors, or of results.

    That of results (draft 2020-12) says of every key that --json writes what it holds.
    """
    from uncertainty.answers import schema_document
    from uncertainty.results import dump
    from uncertainty.study.keys import schema_text
    from uncertainty.study.toml import DIRECTIVE, FILE_NAME

    text = dump(schema_document()) if results else schema_text()
    if to is None:
        write(text)
        return
    refuse_to_replace(to, force=force)
    with saying_why(to):
        write_whole(to, text)
    if not quiet:
        line = DIRECTIVE.replace(FILE_NAME, to.name)
        write(f"Wrote {to}." + (WHAT_TO_DO.format(line) if not results else "\n"))
