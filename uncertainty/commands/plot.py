"""`uncertainty plot`: one figure of a report alone, and figures as files of their own for every command."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from uncertainty.commands.console import progress, say, write
from uncertainty.commands.options import (
    DEFAULT_STUDY,
    DEFAULTS,
    Font,
    Json,
    Quiet,
    SharedOptions,
    StudyName,
    Threads,
    file_name,
    finite_number,
    sharing,
)
from uncertainty.errors import Fault, SettingError, suggestion

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from uncertainty.pages.figures import Plot
    from uncertainty.pages.figures.sheet import Sheet
    from uncertainty.study.model import Study


FORMATS = ("svg", "png", "pdf")


def format_of(path: Path, option: str) -> str:
    """Return the format that a file's ending asks for.

    Raises
    ------
    SettingError
        If no format has that ending.
    UncertaintyError
        If no file can be written there.
    """
    from uncertainty.files import check_target

    form = path.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        wanted = "expected a file that ends in .svg, .png or .pdf"
        raise SettingError(f'{option}: {wanted}, found "{path.name}"')
    check_target(path, option)
    return form


def write_figure(
    picture: Figure, name: str, finding: str, target: Path, sheet: Sheet, data: str = ""
) -> None:
    """Write a figure in the format of its ending, whole or not at all: the same bytes for the same figure.

    A figure that is there already is replaced, as tables and reports are: it can be had again.

    Parameters
    ----------
    name
        Prefix of every identifier in an SVG.
    finding
        What it shows, for those who cannot see it.
    data
        What is drawn, as a CSV file that is written beside.

    Raises
    ------
    UncertaintyError
        If it cannot be written.
    """
    from uncertainty.commands.console import note
    from uncertainty.pages.fonts import warning
    from uncertainty.pages.publishing import write_picture

    if missing := write_picture(picture, name, finding, target, sheet, data):
        note(warning(missing, f"{target.name} (.svg does not)"))


EXAMPLES = """Examples:

\b
  uncertainty plot                                     which figures there are
  uncertainty plot card --size square --to card.png
  uncertainty plot drivers --reading like_for_like --to drivers.pdf
  uncertainty plot intervals my-study.toml --to figures/intervals.png
  uncertainty plot intervals --width 85mm --dpi 600 --to column.png
"""

OF = {
    "figures": "every published figure; one: --only NAME",
    "readings": "the leading readings together",
    "size": "the leading readings together: --size NAME",
    "reading": "one reading: --reading NAME",
    "input": "one input: --input NAME",
    "output": "one output with an index: --only NAME",
    "study": "the study as published",
}
"""What one figure shows, in words."""


@sharing(without=("reading",))
def plot(
    kind: Annotated[
        str | None, typer.Argument(metavar="KIND", help="Which figure; without one, they are listed.")
    ] = None,
    study: StudyName = DEFAULT_STUDY,
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            parser=file_name,
            help="Where to write it; .svg, .png or .pdf says how. By default STUDY-KIND.svg.",
        ),
    ] = None,
    reading: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="For a figure of one reading: which, as published by default."),
    ] = None,
    input_: Annotated[
        str | None, typer.Option("--input", metavar="NAME", help="For a figure of one input: which.")
    ] = None,
    only: Annotated[
        str | None, typer.Option(metavar="OUTPUT", help="Take this output for the headline, or show it.")
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Of a card: wide (1200 by 675, the default), square, tall, print or column."
        ),
    ] = None,
    dark: Annotated[
        bool,
        typer.Option("--dark", help="On a dark ground; an SVG otherwise follows what its reader prefers."),
    ] = False,
    width: Annotated[
        str | None,
        typer.Option(
            metavar="LENGTH",
            help="Width on paper, such as 85mm: the figure is scaled to it, a card laid out for it.",
        ),
    ] = None,
    dpi: Annotated[
        float | None,
        typer.Option(
            metavar="NUMBER", parser=finite_number, help="Pixels an inch of a PNG file, by default 200."
        ),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(
            metavar="LENGTH",
            help="Least letters on paper, such as 7pt, where there is room: the figure becomes higher.",
        ),
    ] = None,
    font: Font = None,
    asked: SharedOptions = DEFAULTS,
    threads: Threads = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write one figure of a report alone, as SVG, PNG or PDF, and its data beside it as CSV.

    The same study, settings and seed give the same file, and the same picture as the report. A file that is
    there already is replaced.
    """
    from uncertainty.pages.content import prepare
    from uncertainty.pages.figures import KINDS, draw
    from uncertainty.pages.figures.rows import csv_text
    from uncertainty.pages.figures.sheet import Sheet
    from uncertainty.pages.publishing import refuse_other_data, subject_of
    from uncertainty.study.reader import load_study

    if kind is None:
        _list_kinds(as_json=as_json)
        return
    _check_kind(kind)
    form = FORMATS[0] if to is None else format_of(to, "--to")
    settings = asked.settings()
    loaded = load_study(study)
    sheet = Sheet.asked(width, dpi, font, loaded.language, dark=dark, size=size, text=text, dashes="--")
    if KINDS[kind].of != "output":
        loaded = _with_headline(loaded, only)
    target = Path(f"{loaded.name}-{kind}.{form}") if to is None else to
    refuse_other_data(target, "--to")
    content = prepare(loaded, settings, threads=threads)
    subject = subject_of(kind, content.study, reading, input_, only, size, sheet, "--", OF)
    with progress("Drawing the figure", quiet=quiet):
        drawn = draw(kind, content, subject)
    data = csv_text(drawn.name, drawn.rows)
    write_figure(drawn.picture, drawn.name, drawn.finding, target, sheet, data)
    _tell(drawn, kind, loaded, target, as_json=as_json, quiet=quiet)


def _tell(drawn: Plot, kind: str, study: Study, target: Path, *, as_json: bool, quiet: bool) -> None:
    """Say where a figure was written, and what it shows."""
    from uncertainty.answers import PlotAnswer, document
    from uncertainty.pages.blocks import Paragraph
    from uncertainty.pages.publishing import data_path
    from uncertainty.results import dump

    if as_json:
        found = PlotAnswer(str(target), kind, drawn.finding, drawn.caption)
        write(dump(document("plot", study, found)))
        return
    explained = () if quiet else (drawn.finding, drawn.caption)
    say(*map(Paragraph, (f"Wrote {target}, with its data in {data_path(target).name}.", *explained)))


def _check_kind(kind: str) -> None:
    """Refuse a figure that there is not."""
    from uncertainty.pages.figures import KINDS

    if kind not in KINDS:
        raise SettingError(
            Fault(f'unknown figure "{kind}"{suggestion(kind, KINDS)}; "uncertainty plot" lists them', "KIND")
        )


def _list_kinds(*, as_json: bool) -> None:
    """Show which figures there are."""
    from uncertainty.answers import DescribedFigure, FiguresAnswer, document
    from uncertainty.pages.blocks import Column, Table
    from uncertainty.pages.figures import KINDS
    from uncertainty.results import dump

    if as_json:
        found = {name: DescribedFigure(kind.about, OF[kind.of]) for name, kind in KINDS.items()}
        write(dump(document("plot", None, FiguresAnswer(found))))
        return
    columns = (Column("Figure", least=max(map(len, KINDS))), Column("What it shows"), Column("Of"))
    say(Table(columns, tuple((name, kind.about, OF[kind.of]) for name, kind in KINDS.items())))


def _with_headline(study: Study, only: str | None) -> Study:
    """Return a study that leads with another of its outputs."""
    from uncertainty.compiled import wanted_output

    if only is None:
        return study
    try:
        return replace(study, headline=wanted_output(study, only))
    except SettingError as error:
        raise SettingError(f"--only: {error}") from None
