"""`uncertainty report`: every answer about a study in one folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from uncertainty.commands.console import note, progress, say, write
from uncertainty.commands.options import (
    DEFAULT_STUDY,
    DEFAULTS,
    Font,
    Json,
    Quiet,
    SharedOptions,
    StudyName,
    Threads,
    sharing,
)
from uncertainty.commands.targets import check_bundle, check_report
from uncertainty.errors import SettingError, UncertaintyError, suggestion
from uncertainty.files import check_folder, saying_why
from uncertainty.late import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.errors import Fault
    from uncertainty.pages import ReportFiles
    from uncertainty.settings import Settings
    from uncertainty.study.model import Study

REPORTS = Path("reports")

FILES = {
    ".pdf": "pdf",
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".json": "",
    ".svg": "",
    ".png": "",
    ".xlsx": "",
    ".csv": "",
    ".docx": "",
    ".odt": "",
    ".tex": "",
    ".txt": "",
    ".zip": "",
}
"""What the names of files end in that a report may be taken for, and the format that is then wanted."""

Formats = Annotated[
    list[str] | None,
    typer.Option("--format", metavar="NAME", help="Write only this: html, markdown or pdf; may be repeated."),
]
Compare = Annotated[
    tuple[Path, Path] | None,
    typer.Option(
        metavar="A B", help="Compare two JSON documents of run or report instead of reporting on a study."
    ),
]
All = Annotated[
    bool,
    typer.Option(
        "--all",
        help="Report on every bundled study, or on every study of the folder given as STUDY, and write a "
        "gallery of their reports.",
    ),
]
SecondOpinion = Annotated[
    bool,
    typer.Option("--second-opinion", help="Show SALib's own analysis of what drives the headline, too."),
]
Bundle = Annotated[
    bool,
    typer.Option(
        "--bundle",
        help="Make the folder an RO-Crate, with the study, its data and the environment, and DIR.zip of it.",
    ),
]
Open = Annotated[bool, typer.Option("--open", help="Show the report in a browser when it is written.")]

EXAMPLES = """Examples:

\b
  uncertainty report --open
  uncertainty report my-study.toml --to results --format pdf
  uncertainty report my-study.toml --bundle
  uncertainty report --all
  uncertainty report --all my-studies --to gallery
  uncertainty report --compare before.json after.json --to difference
"""


@sharing(without=("reading", "observe"))
def report(
    study: StudyName = DEFAULT_STUDY,
    to: Annotated[
        str | None, typer.Option(metavar="DIR", help="Folder to write to; by default reports/NAME.")
    ] = None,
    formats: Formats = None,
    open_: Open = False,
    compare: Compare = None,
    every: All = False,
    second_opinion: SecondOpinion = False,
    bundle: Bundle = False,
    font: Font = None,
    asked: SharedOptions = DEFAULTS,
    threads: Threads = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write a report: a page, its twins, figures and data.

    The page can be read in any browser; its twins are Markdown and PDF. A report shows the study under all of
    its readings; options given by --choose are one reading more. The same study, settings and seed give the
    same files.
    """
    wanted = _wanted_formats(formats)
    settings = asked.settings()
    if font is not None:
        _check_font(font)
    target = None if to is None else _folder(to)
    if compare is not None:
        _alone("--compare", {"--second-opinion": second_opinion, "--font": font, "--bundle": bundle})
    if compare is not None or every:
        option = "--compare" if compare is not None else "--all"
        named = compare is not None and study != DEFAULT_STUDY
        _alone(option, {"STUDY": named, "--choose": asked.choose, "--set": asked.override})
    if every:
        _alone("--all", {"--compare": compare, "--json": as_json})
    elif target is not None:
        check_report(target, "--to")
    job = _Job(target, wanted, settings, threads, quiet, second_opinion, font, bundle)
    with saying_why(target or REPORTS):
        files = None if every else _write_one(study, compare, job)
        first = _write_all(study, job) if files is None else files.readable[0]
    if open_:
        _show(first)
    if files is not None:
        _say(files, as_json=as_json)


def _wanted_formats(formats: Sequence[str] | None) -> tuple[str, ...]:
    """Return the formats that are asked for, each once; all by default."""
    from uncertainty.pages.writer import FORMATS

    if unknown := [name for name in formats or () if name not in FORMATS]:
        raise SettingError(*(f'--format: unknown format "{n}"{suggestion(n, FORMATS)}' for n in unknown))
    return tuple(dict.fromkeys(formats or FORMATS))


def _check_font(font: str) -> None:
    """Refuse a font that this system has not, before any work is done."""
    from uncertainty.pages.fonts import named_font

    named_font(font, "--font")


@dataclass(frozen=True, slots=True)
class _Job:
    """What was asked for, whichever kind of report it is."""

    folder: Path | None
    formats: tuple[str, ...]
    settings: Settings
    threads: int | None
    quiet: bool
    second_opinion: bool
    font: str | None
    bundle: bool


def _alone(option: str, others: Mapping[str, object]) -> None:
    """Refuse what has no meaning beside an option."""
    given = [name for name, value in others.items() if value]
    if given:
        raise SettingError(f"{option}: has no meaning together with {', '.join(given)}")


def _write_one(study: str, compare: tuple[Path, Path] | None, job: _Job) -> ReportFiles:
    """Report on one study, or compare two documents."""
    from uncertainty.study.reader import load_study

    return _reported(load_study(study), job) if compare is None else _compared(compare, job)


def _reported(study: Study, job: _Job, folder: Path | None = None) -> ReportFiles:
    """Report on one study."""
    from uncertainty.pages import write_report
    from uncertainty.pages.writer import archive_of

    folder = folder or job.folder or _default_folder(study.name)
    if job.bundle:
        check_bundle(archive_of(folder), "--bundle")
    with progress(f"Reporting on {study.name}", quiet=job.quiet) as watch:
        return write_report(
            study,
            folder,
            formats=job.formats,
            settings=job.settings,
            threads=job.threads,
            second_opinion=job.second_opinion,
            progress=watch,
            font=job.font,
            bundle=job.bundle,
        )


def _compared(documents: tuple[Path, Path], job: _Job) -> ReportFiles:
    """Compare two documents."""
    from uncertainty.pages.comparison import write_comparison

    one, other = documents
    return write_comparison(
        one, other, job.folder or _default_folder(f"{one.stem}-{other.stem}"), formats=job.formats
    )


def _write_all(study: str, job: _Job) -> Path:
    """Report on every study of a folder, by default on the bundled ones, and return the gallery."""
    from uncertainty.pages.blocks import Paragraph
    from uncertainty.pages.index import write_index
    from uncertainty.study.bundled import names
    from uncertainty.study.collection import load_folder
    from uncertainty.study.reader import load_study

    own = study != DEFAULT_STUDY
    studies = load_folder(study) if own else [load_study(name) for name in names()]
    folder = job.folder or REPORTS
    for each in studies:
        try:
            files = _reported(each, job, folder / each.name)
        except UncertaintyError as error:
            # an option may suit all studies but one
            raise type(error)(*(_within(fault, each.file) for fault in error.faults)) from error
        _say(files, as_json=False)
    index, twin = write_index(folder, studies)
    say(Paragraph(f"Wrote {index}, with {twin.name}."))
    return index


def _within(fault: Fault, file: str) -> Fault:
    return fault if fault.file else replace(fault, message=f"{fault.message} (in {file})")


def _say(files: ReportFiles, *, as_json: bool) -> None:
    """Write the data, or say what was written."""
    from uncertainty.pages.blocks import Paragraph
    from uncertainty.pages.fonts import warning

    if files.without_sign and files.document is not None:
        note(warning(files.without_sign, f"{files.document.name} (the page does not)"))
    if as_json:
        write(files.results.read_text(encoding="utf-8"))
        return
    first, *others = files.readable
    names = [path.name for path in (*others, files.results)]
    packed = "" if files.archive is None else f" {files.archive} has all of it."
    say(Paragraph(f"Wrote {first}, with {', '.join(names)} and figures.{packed}"))


def _folder(text: str) -> Path:
    """Read --to, and refuse before any work is done what can become no folder, or is meant for a file."""
    if not text.strip():
        raise UncertaintyError("--to: expected a folder, found an empty text")
    folder = Path(text)
    check_folder(folder, "--to")
    if folder.suffix.lower() in FILES and not folder.exists():
        form = FILES[folder.suffix.lower()]
        other = folder.with_suffix("")
        raise UncertaintyError(
            f"--to: {folder}: a report is a folder of files; expected a folder, such as --to {other}"
            + (f" --format {form}" if form else "")
        )
    return folder


def _default_folder(name: str) -> Path:
    """Return the folder that a report of something goes to, unless its name would lead elsewhere."""
    if name.strip() in ("", ".", ".."):
        raise UncertaintyError(f'--to: "{name}" can be no folder of its own in {REPORTS}; expected a folder')
    folder = REPORTS / name
    check_folder(folder, "--to")
    return folder


def _show(path: Path) -> None:
    """Open a file in the reader's browser."""
    import webbrowser

    if not webbrowser.open(path.resolve().as_uri()):
        raise UncertaintyError(f"--open: no browser was found; open {path} yourself")
