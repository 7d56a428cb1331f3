"""`uncertainty challenge`: how a figure stands, what would have to be true, and which choices decide it.

`uncertainty schema --results` says what each key of the JSON document means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from uncertainty.commands.console import progress, tell, write
from uncertainty.commands.options import (
    DEFAULT_STUDY,
    DEFAULTS,
    Cache,
    Json,
    Only,
    Program,
    Quiet,
    SharedOptions,
    StudyName,
    TableFile,
    Threads,
    finite_number,
    loaded_study,
    sharing,
    wanted_outputs,
)
from uncertainty.commands.targets import check_apart, check_distinct, check_table, saving

if TYPE_CHECKING:
    from uncertainty.challenges.analysis import Challenge


UniversesFile = Annotated[
    str | None,
    typer.Option(
        metavar="FILE", help="Write every combination of choices as a table, in the formats of --table."
    ),
]

EXAMPLES = """Examples:

\b
  uncertainty challenge
  uncertainty challenge --threshold 100
  uncertainty challenge --reading like_for_like --only us_writer_vs_chatgpt
  uncertainty challenge my-study.toml --choose person=nobody --json
  uncertainty challenge --table verdicts.csv --universes universes.xlsx
"""


@sharing()
def challenge(
    study: StudyName = DEFAULT_STUDY,
    threshold: Annotated[
        float | None,
        typer.Option(
            metavar="VALUE",
            parser=finite_number,
            help="Value to cross; by default a tenth of the published one, and the reference.",
        ),
    ] = None,
    asked: SharedOptions = DEFAULTS,
    only: Only = None,
    threads: Threads = None,
    table: TableFile = None,
    program: Program = None,
    cache: Cache = None,
    universes: UniversesFile = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say how a figure stands and which choices decide it.

    Challenges the headline unless --only names other outputs. The verdicts come first, one a reading;
    then which choices decide, and what would have to be true for the figure to fail or to hold: by default
    under the publication's own reading, or under that of --reading. Choices made with --choose stay fixed
    when all others are varied.
    """
    from uncertainty.answers import challenge_document
    from uncertainty.challenges.analysis import challenge as analyse
    from uncertainty.results import dump
    from uncertainty.tables.formats import save_table

    _check_files(table, universes)
    settings = asked.settings()
    loaded = loaded_study(study, program, cache)
    check_apart(loaded, {"--table": table, "--universes": universes})
    wanted = wanted_outputs(loaded, only) if only else (loaded.headline,)
    with progress("Challenging", quiet=quiet) as report:
        found = analyse(
            loaded, output=wanted, threshold=threshold, threads=threads, progress=report, settings=settings
        )
    with saving(
        (save_table, lambda: found.table, table),
        (save_table, lambda: found.universes, universes),
        as_json=as_json,
    ):
        if as_json:
            write(dump(challenge_document(found)))
            return
        _show(found, asked=asked.samples, quiet=quiet)


def _check_files(table: str | None, universes: str | None) -> None:
    """Refuse files that cannot be written, or that would be one, before anything is run."""
    files = {"--table": table, "--universes": universes}
    for option, file in files.items():
        if file is not None:
            check_table(option, file)
    check_distinct(files)


def _show(found: Challenge, *, asked: int | None, quiet: bool) -> None:
    """Show a challenge output by output, in the order of its questions."""
    from uncertainty.pages.sections import challenged
    from uncertainty.wording import provenance

    origin = "" if quiet else provenance(found.study, found.settings, asked=asked)
    tell(found.study, challenged(found), origin)
