"""How a study is cited, and what of it can be taken along."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from uncertainty.pages.blocks import (
    Block,
    Bullets,
    Listing,
    Paragraph,
    Section,
    Text,
    code,
    joined,
    link,
    strong,
)
from uncertainty.pages.macros import MACROS
from uncertainty.study.citation import CITATION, address_beside, bibtex_of, cited_as, heading, permanent

if TYPE_CHECKING:
    from uncertainty.pages.content import ReportContent
    from uncertainty.study.model import Study


EMBED = "embed.html"
"""The page that others show in theirs."""

BESIDE = ("results.json", MACROS, CITATION)
"""The files beside a report that it leads to."""


def section(content: ReportContent) -> Section:
    """Give the citation in words and as BibTeX, the study's hash, and the files beside the report."""
    study = content.study
    blocks: list[Block] = [Paragraph(cited_as(study)), Listing(bibtex_of(study).rstrip())]
    said: list[Text] = []
    if study.licence:
        said.append((strong("Licence: "), study.licence))
    if study.sha256:
        told = ": the same hash, the same study; whoever changes a number of it has another."
        said.append((strong("Permanent hash"), " of the study and its data: ", code(permanent(study)), told))
    taken: Text = joined(
        strong("To take along: "),
        "every number in ",
        link(BESIDE[0], BESIDE[0]),
        "; the results as macros of LaTeX in ",
        link(MACROS, MACROS),
        "; the citation for reference managers in ",
        link(CITATION, CITATION),
        "; the pictures in the folder ",
        code("figures"),
        ", each with its data as CSV.",
    )
    shown = (
        "To show the finding in a page of your own: ",
        code(EMBED),
        ", the picture with a link to the report.",
    )
    embedded = (Paragraph(shown), Listing(_frame(study)))
    return Section("reuse", "Cite and reuse", (*blocks, Bullets((*said, taken)), *embedded))


def _frame(study: Study) -> str:
    """Return the line by which another page shows the study's picture."""
    where = address_beside(study, EMBED) or EMBED
    named = f'title="{escape(heading(study))}"'
    return f'<iframe src="{escape(where)}" {named} width="100%" height="600" loading="lazy"></iframe>'
