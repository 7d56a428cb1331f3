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
        str | None, typer.Option(metavar="DIR", help="Folder to write to; by default reports/NAME.")
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
    folder = REPORTS / loaded.name if to is None else _folder(to)
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


def _folder(text: str) -> Path:
    """Read --to, and refuse what cannot become a folder before any work is done."""
    if not text.strip():
        raise UncertaintyError("--to: expected a folder, found an empty text")
    folder = Path(text)
    for each in (folder, *folder.parents):
        if each.exists() and not each.is_dir():
            raise UncertaintyError(f"--to: {each}: is a file; expected a folder")
    return folder
