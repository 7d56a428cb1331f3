"""How a study is cited, and what of it can be taken along."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from uncertainty.pages.blocks import (
    Block,
    Bullets,
    Details,
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
from uncertainty.pages.render.markdown import FIGURES
from uncertainty.pages.sections.claim import deciding_headline
from uncertainty.study.bundled import typed_name
from uncertainty.study.citation import CITATION, address_beside, bibtex_of, cited_as, heading
from uncertainty.wording import the_other

if TYPE_CHECKING:
    from collections.abc import Iterator

    from uncertainty.pages.content import ReportContent
    from uncertainty.study.model import Study


EMBED = "embed.html"
"""The page that others show in theirs."""

COPY = "report"
"""What a report's folder is called beside a page of others that shows its picture."""

CARD = f"{FIGURES}/card.svg"
PREVIEW = f"{FIGURES}/card.png"
"""The picture that stands for the study, and that of a link to a page that has an address."""

BESIDE = ("results.json", MACROS, CITATION, CARD, PREVIEW)
"""The files beside a report that it leads to."""


def section(content: ReportContent) -> Section:
    """Give a sentence to quote, the citation in words and as BibTeX, and what can be taken along."""
    study = content.study
    cited = (
        Paragraph(strong("To cite the study:")),
        Paragraph(cited_as(study), quoted=True),
        Details("The same as BibTeX", (Listing(bibtex_of(study).rstrip()),)),
    )
    told = Bullets((*_licence(study), _files(study), _column(study)))
    embedded = Details(
        joined("To show the finding in a page of your own: ", code(EMBED)),
        (Paragraph(_upload(study)), Listing(_frame(study))),
        brief=True,
        of_page=True,
    )
    blocks = (*_quotable(content), *cited, embedded, told)
    return Section("reuse", "Cite and reuse", blocks)


def _quotable(content: ReportContent) -> Iterator[Block]:
    """Yield what may be quoted in short; in full, and led by other readings, it is folded away."""
    found, deciding = content.headline.quotations, deciding_headline(content)
    others = found[1:]
    yield Paragraph((strong("What you may quote"), ", in short:"))
    yield Paragraph(content.headline.passage(deciding), quoted=True)
    each = tuple(Paragraph(other.sentence, quoted=True) for other in found)
    led = f", and led by {the_other(len(others), 'way')} of counting" if others else ""
    yield Details(f"In full, with all that it holds under{led}", each)


def _licence(study: Study) -> Iterator[Text]:
    if study.licence:
        yield (strong("Licence: "), study.licence, ", of the texts and of the pictures.")
    if study.sha256:
        told = ", in the citation: the same hash, the same study; whoever changes a number has another."
        yield (strong("Permanent hash"), told)


def _files(study: Study) -> Text:
    png = (" and ", link("PNG", PREVIEW)) if study.url else ()
    return joined(
        strong("Written with it: "),
        "every number in ",
        link(BESIDE[0], BESIDE[0]),
        "; LaTeX macros in ",
        link(MACROS, MACROS),
        "; the citation in ",
        link(CITATION, CITATION),
        "; the picture above as ",
        link("SVG", CARD),
        *png,
        "; the others in ",
        code(FIGURES),
        ", with data as CSV. What was not kept is written anew by ",
        code(f"uncertainty report {typed_name(study)}"),
        ".",
    )


def _column(study: Study) -> Text:
    """Say which command draws a figure for a journal's column."""
    command = f"uncertainty plot distributions {typed_name(study)} --width 85mm --dpi 600 --to column.png"
    return joined(
        strong("A figure for a column of 85 mm: "),
        code(command),
        "; ",
        code("uncertainty plot"),
        " lists the others.",
    )


def _upload(study: Study) -> Text:
    """Say where the picture for other pages lies."""
    told = "The picture, with a link to the report. "
    if address_beside(study, EMBED):
        return told
    # its link leads to the page beside it, which beside another page would be a stranger
    where = " is written beside this page: put the report's folder beside yours, under the name "
    return joined(told, code(EMBED), where, code(COPY), ", with this line:")


def _frame(study: Study) -> str:
    """Return the line by which another page shows the study's picture."""
    where = address_beside(study, EMBED) or f"{COPY}/{EMBED}"
    named = f'title="{escape(heading(study))}"'
    return f'<iframe src="{escape(where)}" {named} width="100%" height="600" loading="lazy"></iframe>'
