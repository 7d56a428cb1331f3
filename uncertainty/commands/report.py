"""`uncertainty report`: every answer about a study in one folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from uncertainty.commands.console import page, progress, write
from uncertainty.commands.options import (
    DEFAULT_LEVEL,
    DEFAULT_STUDY,
    Choose,
    Design,
    Interval,
    Json,
    Level,
    Override,
    Quiet,
    Samples,
    Seed,
    StudyName,
    Threads,
    make_settings,
)
from uncertainty.errors import UncertaintyError

REPORTS = Path("reports")

EXAMPLES = """Examples:

\b
  uncertainty report
  uncertainty report my-study.toml --to results
"""


def report(
    study: StudyName = DEFAULT_STUDY,
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder to write to; by default reports/NAME.")
    ] = None,
    samples: Samples = None,
    seed: Seed = 1,
    design: Design = "sobol",
    level: Level = DEFAULT_LEVEL,
    interval: Interval = "central",
    choose: Choose = None,
    override: Override = None,
    threads: Threads = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write a report: a page, its Markdown twin, figures and data.

    A report shows the study under all of its readings. The same study, settings and seed give the same files.
    """
    from uncertainty.report import write_report
    from uncertainty.study.reader import load_study

    settings = make_settings(
        samples=samples,
        seed=seed,
        design=design,
        level=level,
        interval=interval,
        choose=choose,
        override=override,
    )
    loaded = load_study(study)
    folder = REPORTS / loaded.name if to is None else to
    try:
        with progress("Writing the report", quiet=quiet) as watch:
            files = write_report(loaded, folder, settings=settings, threads=threads, progress=watch)
        if as_json:
            write(files.results.read_text(encoding="utf-8"))
            return
    except OSError as error:
        raise UncertaintyError(f"{error.filename or folder}: cannot be written: {error.strerror}") from None
    with page() as out:
        out.print(f"Wrote {files.page}, with {files.markdown.name}, {files.results.name} and figures.")
