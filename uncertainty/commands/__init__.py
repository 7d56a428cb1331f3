"""The command line, `uncertainty COMMAND [STUDY]`: one module a command, loaded when it is asked for.

Exit codes: 0 done; 1 `check --strict` found a figure that differs; 2 bad usage, study or value, or the system
refused something (see `failures`); 130 interrupted.
"""

import gc
import os
import shlex
import sys
from collections.abc import Iterable, Sequence
from copy import copy
from functools import cache
from importlib import import_module
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from uncertainty.commands.arguments import PlainCommand, read_plainly
from uncertainty.commands.console import note, standard_output
from uncertainty.commands.failures import (
    answering_endings,
    as_typed,
    asks_for_json,
    faults_of,
    refuse_blank,
    tell,
)
from uncertainty.errors import UncertaintyError, suggestion

__all__ = ["app", "command_line", "main"]

COMMANDS = (
    "studies",
    "check",
    "run",
    "sensitivity",
    "challenge",
    "report",
    "plot",
    "new",
    "diff",
    "fit",
    "suggest",
    "export",
    "schema",
)
"""Each is a function in a module of its name, beside the examples that end its help."""
BAD_INPUT = 2
INTERRUPTED = 130
OF_LINEAR_ALGEBRA = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Where libraries of linear algebra look for how many threads they may have, once they are loaded."""
OBJECTS = 500_000
"""More than this many new ones since the last time, and Python looks for those that only hold one another."""
EXAMPLES = """Examples:

\b
  uncertainty check                      does the flagship study's arithmetic reproduce?
  uncertainty run                        its intervals, and where the published figures lie
  uncertainty sensitivity                which inputs drive its headline
  uncertainty challenge                  how it stands, and which choices decide it
  uncertainty new my-study.toml          begin a study of your own
  uncertainty run my-study.toml --json   the same for programs
"""


class _Commands(TyperGroup):
    """The commands, with the nearest spelling for one that does not exist."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read what stands before the command."""
        read_plainly(self.get_params(ctx))
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; a module that a full disk has cut is told as what it is.

        Typer takes an input that ends too early for a person who ends a terminal's.
        """
        try:
            return super().invoke(ctx)
        except EOFError as error:
            raise ImportError(
                f"{error}; what Python compiled may have been cut, as by a full disk: delete the folders "
                "__pycache__"
            ) from error

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that the arguments begin with."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            raise UncertaintyError(f'unknown command "{args[0]}"{_command_hint(args[0], self.commands)}')
        return super().resolve_command(ctx, args)


def _command_hint(word: str, commands: Iterable[str]) -> str:
    """Say which command was meant, or where the name of a study goes."""
    from pathlib import Path

    from uncertainty.study.bundled import names

    if Path(word).suffix or word in names() or Path(word).exists():
        return f'; a command comes first: write "uncertainty run {shlex.quote(word)}"'
    return suggestion(word, commands) or f"; the commands are {', '.join(commands)}"


app = typer.Typer(
    name="uncertainty",
    cls=_Commands,
    # help in plain text: it costs nothing, pipes well and can be copied
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXAMPLES,
)


def _show_version(asked: bool) -> None:  # noqa: FBT001 - called by typer
    if asked:
        from uncertainty._version import __version__

        typer.echo(f"uncertainty {__version__}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", help="Show the version and stop.", callback=_show_version, is_eager=True)
]


@app.callback(invoke_without_command=True)
def _all_commands(
    context: typer.Context,
    version: Version = False,  # noqa: ARG001 - its callback does all
) -> None:
    """Say how sure a published number is, and what drives it.

    A study file holds one published calculation: its inputs with what is known about them, its equations
    and the figures that were printed. STUDY is the name of a bundled study or the path of a study file;
    without one it is the flagship, ai-vs-human.
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@cache
def command_line(only: str = "") -> Any:
    """Return what reads the command line; to put it together takes longer than to find most faults.

    Parameters
    ----------
    only
        The command that is asked for; all are there where it is none of them.
    """
    wanted = copy(app)
    wanted.registered_commands = []
    for name in (only,) if only in COMMANDS else COMMANDS:
        module = import_module(f"uncertainty.commands.{name}")
        examples = getattr(module, "EXAMPLES", None)
        wanted.command(cls=PlainCommand, epilog=examples)(getattr(module, name))
    return typer.main.get_command(wanted)


def _options(arguments: Sequence[str]) -> dict[str, str]:
    """Return the options of the command that was asked for, by the settings that they give."""
    asked = next(iter(arguments), "")
    command = command_line(asked).commands.get(asked)
    return {each.name: each.opts[-1] for each in getattr(command, "params", ()) if each.opts[-1][:1] == "-"}


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave the process.

    Parameters
    ----------
    arguments
        What follows the program's name; by default what the process was started with.

    Raises
    ------
    SystemExit
        Always, with the exit code. Unexpected exceptions are bugs and pass through with their traceback.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # a terminal that cannot show "÷" still shows everything else
            stream.reconfigure(errors="replace")
    given = list(sys.argv[1:] if arguments is None else arguments)
    if arguments is None:
        # most of what a command makes stays until it ends; to look for circles in it time and again is slow
        gc.set_threshold(OBJECTS)
        # matrices are small: more threads than `--threads` spend their time waiting for one another
        for name in OF_LINEAR_ALGEBRA:
            os.environ.setdefault(name, "1")
    as_json = asks_for_json(given)
    if as_json:
        import_module("uncertainty.answers")
    try:
        refuse_blank(given)
        with answering_endings(), standard_output():
            found = command_line(next(iter(given), ""))(given, prog_name="uncertainty", standalone_mode=False)
        code = found if isinstance(found, int) else 0
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:
        if not (faults := faults_of(error)):
            raise
        tell(as_typed(faults, _options(given)), as_json=as_json)
        code = BAD_INPUT
    if code == INTERRUPTED:
        note("interrupted")
    if arguments is None:
        # the process ends, and with it what it holds
        gc.freeze()
    sys.exit(code)
