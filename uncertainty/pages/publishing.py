"""From Python to everything that the command line writes: reports, figures and JSON documents."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from uncertainty.budgets import keeping
from uncertainty.calls import checked
from uncertainty.errors import SettingError, suggestion
from uncertainty.late import dataclass
from uncertainty.records import brief
from uncertainty.settings import SettingOptions, Settings
from uncertainty.study.model import AS_PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from uncertainty.pages.figures.sheet import Sheet
    from uncertainty.pages.writer import ReportFiles
    from uncertainty.settings import Progress
    from uncertainty.study.model import Study

FIGURES = ("svg", "png", "pdf")


@checked(Settings)
def report(
    study: Study,
    *,
    to: str | Path | None = None,
    formats: Sequence[str] = ("html", "markdown", "pdf"),
    font: str | None = None,
    bundle: bool = False,
    threads: int | None = None,
    cache: str | Path | None = None,
    progress: Progress | None = None,
    settings: Settings | None = None,
    **options: Unpack[SettingOptions],
) -> ReportFiles:
    """Answer every question about a study in one folder, as ``uncertainty report`` does.

    Parameters
    ----------
    to
        The folder, by default ``reports/NAME``; files of the same names are replaced, all of them or none.
    formats
        Of ``"html"``, ``"markdown"`` and ``"pdf"``, those to be written; figures and data always are.
    font
        Name or file of the font of characters that the PDF's own fonts lack; by default one of the system's.
    bundle
        Whether the folder becomes an RO-Crate, with the study in it and an archive of all beside the folder.
    threads
        Threads to use; by default one a core. Never changes a number.
    cache
        Folder that keeps what a function gives, as in `uncertainty.sampling.running.Execution`.
    progress
        Called after each analysis with the number done and the number there are.
    settings
        What to run; or give the fields of `Settings` as keywords.

    Returns
    -------
    ReportFiles
        The paths that were written.

    Raises
    ------
    SettingError, StudyError, NonFiniteError
        As `propagate` does; and if a folder cannot be written.
    """
    from uncertainty.files import saying_why
    from uncertainty.pages.writer import write_report

    settings = replace(settings or Settings(), **options)
    folder = Path("reports", study.name) if to is None else Path(to)
    with saying_why(folder):
        return write_report(
            keeping(study, cache),
            folder,
            formats=formats,
            settings=settings,
            threads=threads,
            progress=progress,
            font=font,
            bundle=bundle,
        )


@dataclass(frozen=True, eq=False)
class Drawing:
    """A figure: it shows itself in a notebook.

    Parameters
    ----------
    kind
        Which figure.
    svg
        The figure as SVG.
    finding
        What it shows, for those who cannot see it.
    caption
        How it is to be read.
    path
        The file that it was written to, if any.
    without_sign
        The characters that no font has a sign for, so that a PNG or PDF file shows boxes in their place.
    """

    kind: str
    svg: str
    finding: str
    caption: str
    path: Path | None = None
    without_sign: str = ""

    __repr__ = brief

    def _repr_svg_(self) -> str:
        return self.svg


@checked(Settings)
def plot(
    study: Study,
    kind: str,
    *,
    to: str | Path | None = None,
    input: str | None = None,  # noqa: A002 - what the option of the command is called
    output: str | None = None,
    size: str | None = None,
    dark: bool = False,
    width: str | None = None,
    dpi: float | None = None,
    text: str | None = None,
    font: str | None = None,
    threads: int | None = None,
    cache: str | Path | None = None,
    settings: Settings | None = None,
    **options: Unpack[SettingOptions],
) -> Drawing:
    """Draw one figure of a report alone, as ``uncertainty plot`` does.

    Parameters
    ----------
    kind
        Such as ``"intervals"`` or ``"drivers"``; ``uncertainty plot`` lists them.
    to
        A file that ends in ``.svg``, ``.png`` or ``.pdf``; its data are written beside, to ``NAME.csv``.
    input, output
        Which input or output a figure of one shows; the output leads instead of the headline.
    size
        Of a card: ``"wide"`` (1200 by 675), ``"square"``, ``"tall"``, ``"print"`` or ``"column"``.
    dark
        Whether it stands on a dark ground for everybody.
    width
        On paper, such as ``"85mm"``: the whole figure is scaled, a card is laid out for it.
    dpi
        Pixels an inch of a PNG file, by default 200.
    text
        Least size of letters on paper, such as ``"7pt"``, with `width`: the figure becomes higher for them.
    font
        Name or file of the font of characters that the bundled ones lack; by default one of the system's.
    threads, cache
        As in `report`.
    settings
        What to run, and which reading a figure of one shows; or give the fields of `Settings` as keywords.

    Raises
    ------
    SettingError, StudyError, NonFiniteError
        As `propagate` does; and if there is no such figure, or the file cannot be written.
    """
    from uncertainty.compiled import wanted_output
    from uncertainty.pages.content import prepare
    from uncertainty.pages.figures import KINDS, draw
    from uncertainty.pages.figures.pictures import sized, svg_text
    from uncertainty.pages.figures.rows import csv_text
    from uncertainty.pages.figures.sheet import Sheet
    from uncertainty.pages.figures.style import legible

    if kind not in KINDS:
        raise SettingError(f'kind: unknown figure "{kind}"{suggestion(kind, KINDS)}')
    target = None if to is None else Path(to)
    if target is not None and target.suffix.lower().removeprefix(".") not in FIGURES:
        raise SettingError(f'to: expected a file that ends in .svg, .png or .pdf, found "{target.name}"')
    if target is not None:
        refuse_other_data(target, "to")
    sheet = Sheet.asked(width, dpi, font, study.language, dark=dark, size=size, text=text)
    settings = replace(settings or Settings(), **options)
    study = keeping(study, cache)
    if output is not None and KINDS[kind].of != "output":
        study = replace(study, headline=wanted_output(study, output))
    reading = None if settings.reading == AS_PUBLISHED else settings.reading
    subject = subject_of(kind, study, reading, input, output, size, sheet)
    settings = replace(settings, reading=AS_PUBLISHED)
    drawn = draw(kind, prepare(study, settings, threads=threads), subject)
    missing = ""
    if target is not None:
        data = csv_text(drawn.name, drawn.rows)
        missing = write_picture(drawn.picture, drawn.name, drawn.finding, target, sheet, data)
    elif sheet.width is not None:
        legible(drawn.picture, sheet.width, sheet.text)
    svg = sized(svg_text(drawn.picture, drawn.name, drawn.finding, dark=dark), sheet.width)
    return Drawing(kind, svg, drawn.finding, drawn.caption, target, missing)


def subject_of(
    kind: str,
    study: Study,
    reading: str | None,
    input_: str | None,
    output: str | None,
    size: str | None = None,
    sheet: Sheet | None = None,
    dashes: str = "",
    shows: Mapping[str, str] | None = None,
) -> str:
    """Return the reading, the input or the output that a figure is to show, or the size that it is to have.

    Parameters
    ----------
    sheet
        A card in a narrow column is laid out for its width and letters, where no size is asked for.
    dashes, shows
        What stands before the names of arguments in an error, and what figures are said to show.

    Raises
    ------
    SettingError
        If the figure shows something else, or what is named is unknown.
    """
    from uncertainty.pages.figures import KINDS
    from uncertainty.pages.figures.card_layout import NARROW, SIZES, column_of

    of = KINDS[kind].of
    for option, given, known in (
        ("size", size, SIZES),
        ("reading", reading, study.readings),
        ("input", input_, {item.quantity for item in study.inputs.values()} | study.inputs.keys()),
    ):
        if given is not None and of != option:
            raise SettingError(f'{dashes}{option}: the figure "{kind}" shows {(shows or SHOWS)[of]}')
        if given is not None and given not in known:
            raise SettingError(f'{dashes}{option}: unknown {option} "{given}"{suggestion(given, known)}')
    if of == "input" and input_ is None:
        raise SettingError(
            f'{dashes}input: the figure "{kind}" shows one input; '
            f"say which, such as {next(iter(study.inputs))}"
        )
    across, letters = (None, None) if sheet is None else (sheet.width, sheet.text)
    laid_out = size is None or (size == "column" and letters is not None)
    if of == "size" and laid_out and across is not None and across < NARROW:
        return column_of(across, letters)
    return size or input_ or reading or (output if of in OF_ONE and output else AS_PUBLISHED)


OF_ONE = ("output", "figures")
"""What figures show that may show one output alone."""

SHOWS = {
    "figures": "every published figure",
    "readings": "the leading readings together",
    "size": "the leading readings together",
    "reading": "one reading",
    "input": "one input",
    "output": "one output with an index",
    "study": "the study as published",
}
"""What one figure shows, in words."""


def write_picture(picture: Any, name: str, finding: str, target: Path, sheet: Sheet, data: str = "") -> str:
    """Write a figure in the format of its ending, whole or not at all: the same bytes for the same figure.

    Parameters
    ----------
    name
        Prefix of every identifier in an SVG.
    finding
        What it shows, for those who cannot see it.
    data
        What is drawn, as a CSV file that is written beside.

    Returns
    -------
    str
        The characters that the file shows as boxes.

    Raises
    ------
    UncertaintyError
        If it cannot be written.
    """
    from uncertainty.files import saying_why, write_all
    from uncertainty.pages.figures.pictures import picture_bytes, sized, svg_text
    from uncertainty.pages.figures.style import legible

    form = target.suffix.lower().removeprefix(".")
    if sheet.width is not None:
        legible(picture, sheet.width, sheet.text)
    # an SVG is shown in the reader's own fonts
    content: str | bytes = sized(svg_text(picture, name, finding, dark=sheet.dark), sheet.width)
    missing = ""
    if form != "svg":
        sheet = replace(sheet, dpi=sheet.dpi or picture.dpi)
        content, missing = picture_bytes(str(content), "png" if form == "png" else "pdf", finding, sheet)
    with saying_why(target):
        beside = {data_path(target).name: data} if data else {}
        write_all(target.parent, {target.name: content, **beside})
    return missing


def data_path(target: Path) -> Path:
    """Return where the data of a figure are written that is written to `target`."""
    return target.with_suffix(".csv")


def refuse_other_data(target: Path, option: str) -> None:
    """Refuse a figure beside which a file has the name of its data, but is not the data of a figure.

    Raises
    ------
    SettingError
        In one line.
    """
    from uncertainty.bounds import LARGEST_SHEET
    from uncertainty.errors import UncertaintyError
    from uncertainty.files import text_of
    from uncertainty.pages.figures.rows import FIRST

    path = data_path(target)
    if not path.exists():
        return
    try:
        ours = text_of(path, LARGEST_SHEET).removeprefix("\ufeff").startswith(f"{FIRST},")
    except UncertaintyError:
        ours = False
    if not ours:
        raise SettingError(f"{option}: {path} is there and no data of a figure; choose another name")


@checked()
def document(result: Any) -> dict[str, Any]:
    """Return a result as the JSON document that the command line writes, ready for ``json.dumps``.

    Parameters
    ----------
    result
        Of `propagate`, `compare_readings`, `reproduce`, `challenge`, `sobol`, `shapley`, `morris` or
        `linear_budget`.

    Raises
    ------
    SettingError
        If there is no document of such a result.
    """
    from uncertainty.sensitivity.methods import method_of

    make = _MAKERS.get(type(result).__name__)
    method = method_of(result)
    if make is None and method is not None and hasattr(result, "about"):
        make = partial(_of_method, method.name)
    if make is None:
        raise SettingError(
            f"document: expected the result of {', '.join(_OF)}, "
            f"found a value of type {type(result).__name__}"
        )
    found: dict[str, Any] = make(result)
    return found


def _of_run(result: Any) -> Any:
    from uncertainty.answers import run_document

    return run_document(result)


def _of_readings(result: Any) -> Any:
    from uncertainty.answers import run_document

    return run_document(result.runs[AS_PUBLISHED], result)


def _of_check(result: Any) -> Any:
    from uncertainty.answers import check_document

    return check_document(result)


def _of_challenge(result: Any) -> Any:
    from uncertainty.answers import challenge_document

    return challenge_document(result)


def _of_sobol(result: Any) -> Any:
    from uncertainty.answers import sensitivity_document

    return sensitivity_document(result)


def _of_method(method: str, result: Any) -> Any:
    from uncertainty import answers

    found = answers.method_answer(method)({result.output: result})
    return answers.document("sensitivity", result.about.plan.study, found, result.about)


_MAKERS: dict[str, Callable[[Any], Any]] = {
    "Propagation": _of_run,
    "Readings": _of_readings,
    "Reproductions": _of_check,
    "Challenge": _of_challenge,
    "SobolIndices": _of_sobol,
}
_OF = (
    "propagate",
    "compare_readings",
    "reproduce",
    "challenge",
    "sobol",
    "shapley",
    "morris",
    "linear_budget",
)
