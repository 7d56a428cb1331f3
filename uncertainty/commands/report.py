"""`uncertainty report`: every answer about a study in one folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    from uncertainty.report import ReportFiles

REPORTS = Path("reports")

Formats = Annotated[
    list[str] | None,
    typer.Option("--format", metavar="NAME", help="Write only this: html, markdown or pdf; may be repeated."),
]
Open = Annotated[bool, typer.Option("--open", help="Show the report in a browser when it is written.")]

EXAMPLES = """Examples:

\b
  uncertainty report --open
  uncertainty report my-study.toml --to results --format pdf
  uncertainty report --compare before.json after.json
"""


def report(
    study: StudyName = DEFAULT_STUDY,
    to: Annotated[
        str | None, typer.Option(metavar="DIR", help="Folder to write to; by default reports/NAME.")
    ] = None,
    formats: Formats = None,
    open_: Open = False,
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
    """Write a report: a page, its Markdown and PDF twins, figures and data.

    A report shows the study under all of its readings. The same study, settings and seed give the same files.
    """
    from uncertainty.report import write_report
    from uncertainty.report.writer import FORMATS
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
    wanted = tuple(dict.fromkeys(formats or FORMATS))
    folder = REPORTS / loaded.name if to is None else _folder(to)
    try:
        with progress("Writing the report", quiet=quiet) as watch:
            files = write_report(
                loaded,
                folder,
                formats=wanted,
                settings=settings,
                threads=threads,
                progress=watch,
            )
        _say(files, as_json=as_json)
    except OSError as error:
        raise UncertaintyError(f"{error.filename or folder}: cannot be written: {error.strerror}") from None
    if open_:
        _show(files.readable[0])


def _say(files: ReportFiles, *, as_json: bool) -> None:
    """Write the data, or say what was written."""
    if as_json:
        write(files.results.read_text(encoding="utf-8"))
        return
    first, *others = files.readable
    names = [path.name for path in (*others, files.results)]
    with page() as out:
        out.print(f"Wrote {first}, with {', '.join(names)} and figures.")


def _folder(text: str) -> Path:
    """Read --to, and refuse what cannot become a folder before any work is done."""
    if not text.strip():
        raise UncertaintyError("--to: expected a folder, found an empty text")
    folder = Path(text)
    for each in (folder, *folder.parents):
        if each.exists() and not each.is_dir():
            raise UncertaintyError(f"--to: {each}: is a file; expected a folder")
    return folder


def _show(path: Path) -> None:
    """Open a file in the reader's browser."""
    import webbrowser

    if not webbrowser.open(path.resolve().as_uri()):
        raise UncertaintyError(f"--open: no browser was found; open {path} yourself")
