"""`uncertainty schema`: the JSON Schema of study files, for editors."""

from __future__ import annotations

from uncertainty.commands.console import write
from uncertainty.commands.options import Force, Quiet, ToFile
from uncertainty.files import refuse_to_replace, saying_why, write_whole

EXAMPLES = """Examples:

\b
  uncertainty schema                          print it
  uncertainty schema --to study.schema.json   write it beside your studies

A study whose first line is "#:schema study.schema.json" is then completed, explained and checked as you
type, by editors that know TOML (taplo: Even Better TOML for VS Code, Helix, Neovim, Zed).
"""


def schema(
    to: ToFile = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Print the JSON Schema of study files, for TOML editors."""
    from uncertainty.study.json_schema import DIRECTIVE, FILE_NAME, schema_text

    text = schema_text()
    if to is None:
        write(text)
        return
    refuse_to_replace(to, force=force)
    with saying_why(to):
        write_whole(to, text)
    if not quiet:
        line = DIRECTIVE.replace(FILE_NAME, to.name)
        write(f"Wrote {to}. Put this line first in the studies beside it:\n\n  {line}\n")
