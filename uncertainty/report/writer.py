"""From a study to a folder with a report in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from uncertainty import documents
from uncertainty.documents.challenge import challenge_results
from uncertainty.documents.sensitivity import details_results
from uncertainty.files import write_all
from uncertainty.report import html, markdown
from uncertainty.report.blocks import figures
from uncertainty.report.content import SENSITIVITY_SAMPLES, gather
from uncertainty.report.sections import make_sections

if TYPE_CHECKING:
    from uncertainty.documents import Document
    from uncertainty.report.content import ReportContent
    from uncertainty.settings import Progress, Settings
    from uncertainty.study.model import Study

PAGE = "index.html"
MARKDOWN = "report.md"
RESULTS = "results.json"


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Where a report was written."""

    folder: Path
    page: Path
    markdown: Path
    results: Path
    figures: tuple[Path, ...]


def write_report(
    study: Study,
    folder: str | Path,
    *,
    settings: Settings | None = None,
    sensitivity_samples: int = SENSITIVITY_SAMPLES,
    threads: int | None = None,
    progress: Progress | None = None,
) -> ReportFiles:
    """Answer every question about a study in one folder: a page, its Markdown twin, figures and data.

    The same study, settings and versions give the same bytes.

    Parameters
    ----------
    study
        A study from `load_study` or `Study.from_function`.
    folder
        Made if need be; files of the same names are replaced, all of them or none.
    settings
        What to run. Choices and overrides apply on top of every reading.
    sensitivity_samples
        Base points of the Sobol' indices.
    threads
        Threads to use; by default one a core. Never changes a number.
    progress
        Called after each analysis with the number done and the number there are.

    Raises
    ------
    SettingError
        If a setting is wrong, or names one reading: a report shows them all.
    StudyError
        If an option or override is wrong.
    NonFiniteError
        If an output is infinite or undefined for some draws.
    OSError
        If the folder cannot be written.
    """
    content = gather(
        study, settings=settings, sensitivity_samples=sensitivity_samples, threads=threads, progress=progress
    )
    texts = report_texts(content)
    target = Path(folder)
    write_all(target, texts)
    return ReportFiles(
        target,
        target / PAGE,
        target / MARKDOWN,
        target / RESULTS,
        tuple(target / name for name in texts if name.endswith(".svg")),
    )


def report_texts(content: ReportContent) -> dict[str, str]:
    """Return the text of every file of a report, by path."""
    sections = make_sections(content)
    study = content.study
    title = study.title or study.name
    texts = {
        PAGE: html.render(title, study.source, sections),
        MARKDOWN: markdown.render(title, study.source, sections),
        RESULTS: documents.dump(results_document(content)),
    }
    texts |= {f"{markdown.FIGURES}/{figure.name}.svg": figure.svg for figure in figures(sections)}
    return texts


def results_document(content: ReportContent) -> Document:
    """Return every number of a report: the documents of its analyses under one roof."""
    run = replace(content.run, settings=content.settings)
    settings = documents.settings_document(content.settings, content.run.scenario)
    results: Document = {
        "check": documents.check_document(content.check)["results"],
        "run": documents.run_document(run)["results"],
        "readings": {name: documents.readings_results(found) for name, found in content.comparisons.items()},
        "challenge": challenge_results(content.challenge),
        "sensitivity": {
            name: {"reason": found}
            if isinstance(found, str)
            else _sensitivity(documents.sensitivity_document(found))
            for name, found in content.drivers.items()
        },
        "drivers": {
            name: details_results(found, content.local_under(name)) for name, found in content.details.items()
        },
    }
    return documents.document("report", content.study, results, settings) | {
        "versions": dict(content.versions)
    }


def _sensitivity(found: Document) -> Document:
    return {"settings": found["settings"], "results": found["results"]}
