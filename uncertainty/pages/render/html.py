"""A report as one page that needs nothing else; the template escapes every text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.explorer.program import COPYING, fingerprint, page_script, page_style
from uncertainty.pages.blocks import Explorer, Paragraph, joined, plain, spans
from uncertainty.pages.figures.pictures import dark_rules, without_style
from uncertainty.pages.figures.style import DARK, INK, MUTED, PAGE, ROLES
from uncertainty.pages.render.mathml import equation, scrolls

if TYPE_CHECKING:
    from jinja2 import Environment

    from uncertainty.pages.blocks import Figure, Section, Text


LAST, NUMBERS = "numbers", "Every number"
"""The last layer of a report, which is a page of its own, and what that is called."""

DOORS = (("why", "Why"), ("try", "Try it"), ("numbers", NUMBERS), ("reuse", "Cite and reuse"))
"""Layers that a reader may go to from the answer, and what they are called."""


class Head(NamedTuple):
    """What others show of a link to a page.

    Parameters
    ----------
    description
        What the page says, in a sentence.
    picture
        Address of a picture of 1200 by 675 pixels, if there is one.
    """

    description: str = ""
    picture: str = ""


def render(
    title: str,
    subtitle: Text,
    sections: tuple[Section, ...],
    *,
    language: str = "en",
    beside: tuple[str, str] = ("", ""),
    head: Head | None = None,
) -> str:
    """Return a whole report as an HTML document.

    Parameters
    ----------
    beside
        What a page beside it is called, and where it is.
    head
        What others show of a link to it.
    """
    from markupsafe import Markup

    environment = _environment()
    every = [block for section in sections for block in section.blocks]
    figures = Markup(dark_rules("figure svg "))  # noqa: S704 - see above
    style = environment.get_template("style.css").render(palette(), figures=figures)
    explored = any(isinstance(block, Explorer) for block in every)
    quoted = any(isinstance(block, Paragraph) and block.quoted for block in every)
    script = page_script() if explored else page_script((COPYING,)) if quoted else ""
    return environment.get_template("page.html").render(
        language=language,
        title=title,
        subtitle=subtitle,
        sections=sections,
        doors=_doors(sections, beside[1]) if sections and sections[0].layer == "answer" else (),
        # the first section needs no heading but on a page where all are alike
        named=sections[sections[0].layer != LAST :] if sections else (),
        beside=beside,
        head=head or Head(),
        style=Markup(style + page_style() if explored else style),  # noqa: S704 - see above
        script=Markup(script),  # noqa: S704 - this package's own
        fingerprint=fingerprint(script),
    )


def embed(title: str, card: Figure, page: str, *, language: str = "en") -> str:
    """Return a study's picture as a page for others to show in theirs: it leads to the report.

    Parameters
    ----------
    page
        Where the report is.
    """
    from markupsafe import Markup

    return (
        _environment()
        .get_template("embed.html")
        .render(
            palette(),
            language=language,
            title=title,
            card=replace(card, caption=""),
            label=joined(card.alt, " Go to the report."),
            page_name=page,
            figures=Markup(dark_rules("figure svg ")),  # noqa: S704 - this package's own
        )
    )


def _environment() -> Environment:
    """Return what fills templates in, every text escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("uncertainty.pages.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["spans"] = spans
    environment.filters["plain"] = plain
    # the style sheets and drawings are this package's own
    environment.filters["drawing"] = _drawing
    environment.filters["program"] = _program
    environment.filters["equation"] = equation
    environment.filters["scrolls"] = scrolls
    return environment


def _doors(sections: tuple[Section, ...], numbers: str) -> tuple[tuple[str, str], ...]:
    """Return what leads from the answer to each other layer, with the words for it."""
    first: dict[str, str] = {"numbers": numbers} if numbers else {}
    for section in sections:
        first.setdefault(section.layer, f"#{section.name}")
    return tuple((words, first[layer]) for layer, words in DOORS if layer in first)


def _program(text: str) -> str:
    """Let a program through as the JSON that it is, in which every sign of markup is escaped."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - see above


def _drawing(svg: str) -> str:
    """Let a drawing through as the markup that it is, without the style sheet that the page has already."""
    from markupsafe import Markup

    return Markup(without_style(svg))  # noqa: S704 - drawn by this package, which escapes the texts inside


def palette() -> dict[str, object]:
    """Return the colours that the page shares with its figures, light and dark."""
    return {
        "page": PAGE,
        "ink": (INK, DARK[INK]),
        "muted": (MUTED, DARK[MUTED]),
        "roles": tuple((colour, DARK[colour]) for colour in ROLES),
    }
