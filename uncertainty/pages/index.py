"""An index of the reports of several studies, each headline under its leading readings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.files import write_all
from uncertainty.pages.blocks import Column, Paragraph, Section, Span, Table, Text, link
from uncertainty.pages.comparison.outcomes import written
from uncertainty.pages.render import html, markdown
from uncertainty.pages.sections.sources import cited
from uncertainty.pages.writer import DOCUMENT, MARKDOWN, PAGE, RESULTS
from uncertainty.wording import claim_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from uncertainty.results import Document
    from uncertainty.study.model import Study

INDEX = "README.md"
TITLE = "How sure are published numbers?"
LEAD = (
    "Each of these reports takes one published calculation, gives every input a distribution with its "
    "evidence, and says what comes out. A number stands under several readings, since which of them holds is "
    "a convention."
)


def write_index(folder: Path, studies: Sequence[Study]) -> tuple[Path, Path]:
    """Write an index of the reports in a folder, as a page and as Markdown.

    Parameters
    ----------
    folder
        Has a folder of the name of each study with its report in it.

    Raises
    ------
    OSError
        If a report is missing, or the folder cannot be written.
    """
    write_all(folder, index_files(folder, studies))
    return folder / PAGE, folder / INDEX


def index_files(folder: Path, studies: Sequence[Study]) -> dict[str, str | bytes]:
    """Return the index's files by name."""
    found = {
        study.name: json.loads((folder / study.name / RESULTS).read_text(encoding="utf-8"))
        for study in studies
    }

    def sections(first: str) -> tuple[Section, ...]:
        head = Section("reports", "Reports", (Paragraph(LEAD),))
        return (head, *(_section(study, found[study.name], first) for study in studies))

    return {
        PAGE: html.render(TITLE, "", sections(PAGE)),
        INDEX: markdown.render(TITLE, "", sections(MARKDOWN)),
    }


def _section(study: Study, report: Document, first: str) -> Section:
    """Describe one report.

    Parameters
    ----------
    first
        The file that its title leads to.
    """
    from uncertainty.results.reading import OutputPart

    output = study.outputs[study.headline]
    readings = report["results"]["readings"][study.headline]
    level = numbers.level(report["settings"]["level"])
    rows: list[tuple[Text, ...]] = []
    for name in readings["leading"]:
        found = OutputPart.model_validate(readings["outputs"][name])
        rows.append((study.readings[name].title, *written(found)))
    columns = (Column("Reading"), Column("Median", numeric=True), Column(f"{level} interval", numeric=True))
    claim = "nothing was published" if output.published is None else f"published: {claim_text(output)}"
    table = Table(columns, tuple(rows), f"{output.title} ({claim})")
    return Section(
        study.name,
        study.title or study.name,
        (
            Paragraph(cited(study, study.source) or "The study names no source."),
            table,
            Paragraph(_links(study.name, first)),
        ),
    )


def _links(name: str, first: str) -> Text:
    """Lead from the index's page to all of a report's files, and from its twin to what a repository keeps."""
    if first == MARKDOWN:
        return (link("The report", f"{name}/{MARKDOWN}"), ".")
    places = (("the page", PAGE), ("Markdown", MARKDOWN), ("PDF", DOCUMENT), ("all numbers", RESULTS))
    parts: list[str | Span] = ["The report: "]
    for number, (word, file) in enumerate(places):
        parts += [", ", link(word, f"{name}/{file}")] if number else [link(word, f"{name}/{file}")]
    return (*parts, ".")
