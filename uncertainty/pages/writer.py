"""From a study to a folder with a report in it."""

from __future__ import annotations

import hashlib
from dataclasses import field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from uncertainty._version import __version__
from uncertainty.answers import CheckAnswer, Drivers, ReportAnswer, SobolPart, document
from uncertainty.errors import SettingError, suggestion
from uncertainty.files import write_all
from uncertainty.indices.index import file_stem
from uncertainty.late import dataclass
from uncertainty.pages.blocks import figures, joined
from uncertainty.pages.content import SENSITIVITY_SAMPLES, gather
from uncertainty.pages.crate import archive, crate
from uncertainty.pages.fonts import Fonts, fonts_for, named_font
from uncertainty.pages.macros import MACROS, macros
from uncertainty.pages.render import html, markdown, pdf
from uncertainty.pages.sections import SECTIONS, make_sections, without_page
from uncertainty.pages.sections.method import command_of, naming
from uncertainty.pages.sections.reuse import EMBED, PREVIEW
from uncertainty.pages.sections.sources import cited
from uncertainty.records import Frozen
from uncertainty.results import dump, encoded
from uncertainty.sampling.workers.beside import side_by_side
from uncertainty.study.citation import CITATION, address_beside, cff

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from uncertainty.pages.blocks import Section, Text
    from uncertainty.pages.content import ReportContent
    from uncertainty.results import Document
    from uncertainty.sensitivity.second_opinion import SecondOpinion
    from uncertainty.settings import Progress, Settings
    from uncertainty.study.model import Study

PAGE = "index.html"
APPENDIX = "numbers.html"
MARKDOWN = "report.md"
DOCUMENT = "report.pdf"
RESULTS = "results.json"

FORMATS = ("html", "markdown", "pdf")


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Where a report was written; None for a format that was not asked for.

    Parameters
    ----------
    without_sign
        The characters that the document's fonts have no sign for, so that it shows boxes in their place.
    appendix
        The page beside the first one that has every number, if there is one.
    archive
        The whole folder as one file, where it was bundled.
    """

    folder: Path
    page: Path | None
    markdown: Path | None
    document: Path | None
    results: Path
    figures: tuple[Path, ...]
    without_sign: str = ""
    appendix: Path | None = None
    archive: Path | None = None

    @property
    def readable(self) -> tuple[Path, ...]:
        """The files to be read, the page first."""
        found = self.page, self.appendix, self.markdown, self.document
        return tuple(path for path in found if path is not None)


def write_report(
    study: Study,
    folder: str | Path,
    *,
    formats: Sequence[str] = FORMATS,
    settings: Settings | None = None,
    sensitivity_samples: int = SENSITIVITY_SAMPLES,
    threads: int | None = None,
    second_opinion: bool = False,
    progress: Progress | None = None,
    font: str | None = None,
    bundle: bool = False,
) -> ReportFiles:
    """Answer every question about a study in one folder: a page, its twins to read and to print, and data.

    The same study, settings and versions give the same bytes.

    Parameters
    ----------
    study
        A study from `load_study` or `Study.from_function`.
    folder
        Made if need be; files of the same names are replaced, all of them or none.
    formats
        Of ``"html"``, ``"markdown"`` and ``"pdf"``, those to be written; figures and data always are.
    settings
        What to run. Choices and overrides apply on top of every reading.
    sensitivity_samples
        Base points of the Sobol' indices.
    threads
        Threads to use; by default one a core. Never changes a number.
    second_opinion
        Whether SALib's own analysis of what drives the headline stands beside the program's.
    progress
        Called after each analysis with the number done and the number there are.
    font
        Name or file of the font of characters that the document's own fonts lack.
    bundle
        Whether the folder becomes an RO-Crate, with the study in it and an archive of all beside the folder.

    Raises
    ------
    SettingError
        If a setting, a format or the font is wrong, or the settings name a reading: a report has all.
    StudyError
        If an option or override is wrong.
    NonFiniteError
        If an output is infinite or undefined for some draws.
    OSError
        If the folder cannot be written.
    """
    check_formats(formats)
    if font is not None:
        named_font(font)
    content = gather(
        study,
        settings=settings,
        sensitivity_samples=sensitivity_samples,
        threads=threads,
        second_opinion=second_opinion,
        progress=progress,
    )
    study = content.study
    made = _made(content, font)
    data, numbers = made.numbers
    pages = Pages(
        study.question or study.title or study.name,
        _subtitle(study),
        made.sections if "html" in formats else without_page(made.sections),
        data,
        (f"uncertainty {__version__}", f"study {study.name}", f"SHA-256 {study.sha256 or 'none'}"),
        study.language,
        font,
        html.Head(content.headline.judgement.verdict, _picture_address(study)),
        {CITATION: cff(study), MACROS: numbers, **made.previews},
    )
    threads = 1 if content.works_alone else threads
    if not bundle:
        return write_pages(Path(folder), pages, formats, threads=threads)
    return write_pages(
        Path(folder),
        pages,
        formats,
        lambda files: crate(study, files, content.versions, command_of(content)),
        threads,
    )


class _Made(NamedTuple):
    """What a report is written from, in the order in which it is asked for.

    Parameters
    ----------
    numbers
        The results as a JSON document, and as macros.
    previews
        What others show of a link to the page, by name of file.
    """

    numbers: tuple[str, str]
    sections: tuple[Section, ...]
    previews: Mapping[str, bytes]


def _made(content: ReportContent, font: str | None) -> _Made:
    """Make the numbers, every section and the previews side by side."""
    # the longest first, so that nobody waits for the last; what asks for the same statistics in one task
    names = sorted(SECTIONS, key=lambda name: name not in SLOW_SECTIONS)
    tasks: list[Callable[[], Any]] = [
        lambda: (dump(results_document(content)), macros(content)),
        *(partial(make_sections, content, [name]) for name in names),
        partial(_previews, content, font),
    ]
    numbers, *found, previews = content.side_by_side(tasks, late=DRAWING)
    made = dict(zip(names, found, strict=True))
    return _Made(numbers, tuple(section for name in SECTIONS for section in made[name]), previews)


SLOW_SECTIONS = ("inputs", "indices")
"""Sections with many figures."""

DRAWING = ("matplotlib.figure", "matplotlib.backends.backend_svg")
"""What all who draw load."""


def _picture_address(study: Study) -> str:
    """Return where that picture is to be found; nowhere for a study that says of no address."""
    return address_beside(study, PREVIEW)


def _previews(content: ReportContent, font: str | None) -> Mapping[str, bytes]:
    """Draw that picture for a study that is to be linked to."""
    if not content.study.url:
        return Frozen()
    from uncertainty.pages.figures import draw
    from uncertainty.pages.figures.pictures import picture_bytes, svg_text
    from uncertainty.pages.figures.sheet import Sheet

    card = draw("card", content)
    sheet = Sheet(dpi=card.picture.dpi, font=font, language=content.study.language)
    svg = svg_text(card.picture, card.name, card.finding)
    return Frozen({PREVIEW: picture_bytes(svg, "png", card.finding, sheet)[0]})


def _subtitle(study: Study) -> Text:
    """Name the study below its question, and what it is about."""
    named = study.title if study.question else ""
    return joined(f"{named.rstrip('.')}. " if named and study.source else named, cited(study, study.source))


@dataclass(frozen=True, slots=True)
class Pages:
    """What there is to be read, in no format yet.

    Parameters
    ----------
    data
        The numbers as a JSON document.
    origin
        What the numbers come from, for the description of files that have one.
    language
        Tag of the language that it is said to be in (BCP 47).
    font
        Name or file of the font of characters that a document's own fonts lack.
    head
        What others show of a link to the page.
    more
        Files that stand beside, by name.
    """

    title: str
    subtitle: Text
    sections: tuple[Section, ...]
    data: str
    origin: tuple[str, ...]
    language: str = "en"
    font: str | None = None
    head: html.Head | None = None
    more: Mapping[str, str | bytes] = field(default_factory=Frozen)


def write_pages(
    folder: Path,
    pages: Pages,
    formats: Sequence[str],
    bundled: Callable[[Mapping[str, str | bytes]], Mapping[str, str | bytes]] | None = None,
    threads: int | None = 1,
) -> ReportFiles:
    """Write what there is to be read into a folder, all of it or nothing.

    Parameters
    ----------
    bundled
        What makes of all files a crate; an archive of it is then written beside the folder.
    threads
        How many cores may be used, as in `side_by_side`.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    pages, fonts = with_fonts(pages) if "pdf" in formats else (pages, Fonts())
    makers = [partial(_twins, pages, formats, fonts)]
    makers += [partial(_html, pages)] if "html" in formats else []
    twins, *of_page = side_by_side(makers, threads)
    files = {name: text for found in (*of_page, twins) for name, text in found.items()}
    files[RESULTS] = pages.data
    files |= pages.more
    for figure in figures(pages.sections):
        place = f"{markdown.FIGURES}/{file_stem(figure.name)}"
        files[f"{place}.svg"] = figure.svg
        files |= {f"{place}.csv": figure.data} if figure.data else {}
    packed = None
    if bundled is not None:
        files |= bundled(files)
        packed = archive_of(folder)
    write_all(folder, files)
    if packed is not None:
        write_all(packed.parent, {packed.name: archive(files)})
    page, twin, document = (folder / name if name in files else None for name in (PAGE, MARKDOWN, DOCUMENT))
    drawn = tuple(folder / name for name in files if name.endswith(".svg"))
    appendix = folder / APPENDIX if APPENDIX in files else None
    return ReportFiles(folder, page, twin, document, folder / RESULTS, drawn, fonts.missing, appendix, packed)


def _twins(pages: Pages, formats: Sequence[str], fonts: Fonts) -> dict[str, str | bytes]:
    """Return the Markdown text and the PDF document, as far as they are asked for."""
    files: dict[str, str | bytes] = {}
    text = markdown.render(pages.title, pages.subtitle, pages.sections)
    if "markdown" in formats:
        files[MARKDOWN] = text
    if "pdf" in formats:
        origin = (*pages.origin, twin_mark(text))
        files[DOCUMENT] = pdf.render(
            pages.title,
            pages.subtitle,
            pages.sections,
            keywords=origin,
            language=pages.language,
            fonts=fonts,
        )
    return files


def _html(pages: Pages) -> dict[str, str | bytes]:
    """Return the page, and the one that has every number where the report has that layer."""
    first = tuple(section for section in pages.sections if section.layer != html.LAST)
    numbers = tuple(section for section in pages.sections if section.layer == html.LAST)
    if not numbers:
        return {PAGE: html.render(pages.title, pages.subtitle, first, language=pages.language)}
    page = partial(html.render, subtitle=pages.subtitle, language=pages.language, head=pages.head)
    title = f"{html.NUMBERS}: {pages.title}"
    found: dict[str, str | bytes] = {
        PAGE: page(pages.title, sections=first, beside=(html.NUMBERS, APPENDIX)),
        APPENDIX: page(title, sections=numbers, beside=("The answer", PAGE)),
    }
    card = next((figure for figure in figures(first) if figure.name == "card"), None)
    if card is not None:
        found[EMBED] = html.embed(pages.title, card, PAGE, language=pages.language)
    return found


def archive_of(folder: Path) -> Path:
    """Return where the archive of a report's folder is written: beside it."""
    whole = folder if folder.name else folder.resolve()
    return whole.parent / f"{whole.name}.zip"


def with_fonts(pages: Pages) -> tuple[Pages, Fonts]:
    """Choose the fonts of a document, and name those of the system among what it depends on."""
    texts = pdf.texts(pages.title, pages.subtitle, pages.sections)
    fonts = fonts_for(texts, language=pages.language, named=pages.font)
    if not fonts.families:
        return pages, fonts
    sections = tuple(map(naming(fonts.families), pages.sections))
    return replace(pages, sections=sections), fonts


def check_formats(formats: Sequence[str]) -> None:
    """Refuse formats that are unknown or none.

    Raises
    ------
    SettingError
        With the nearest spelling.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise SettingError(*(f'unknown format "{name}"{suggestion(name, FORMATS)}' for name in unknown))
    if not formats:
        raise SettingError(f"at least one format is needed, of {', '.join(FORMATS)}")


def twin_mark(text: str) -> str:
    """Return what a PDF document says of the Markdown text that it is the twin of."""
    return f"{MARKDOWN} {hashlib.sha256(text.encode()).hexdigest()}"


def opinions_of(content: ReportContent, reading: str) -> Mapping[str, SecondOpinion]:
    """Return SALib's own analysis under a reading, by output, where it was asked for."""
    opinion = content.opinion_under(reading)
    return Frozen({} if opinion is None else {opinion.output: opinion})


def results_document(content: ReportContent) -> Document:
    """Return every number of a report: what its analyses answer, under one roof."""
    settings = encoded(content.run.about._replace(settings=content.settings))
    settings |= {"choices": dict(content.chosen)} if content.chosen else {}
    results = ReportAnswer(
        CheckAnswer(content.check, grounds=content.grounds),
        content.run,
        content.comparisons,
        {name: content.cases_under(name) for name in content.headline.leading},
        content.challenge,
        {
            name: found if isinstance(found, str) else SobolPart(found, opinions_of(content, name))
            for name, found in content.drivers.items()
        },
        {name: Drivers(found, content.local_under(name)) for name, found in content.details.items()},
        content.alternatives,
    )
    return document("report", content.study, results, settings) | {"versions": dict(content.versions)}
