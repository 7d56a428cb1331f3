"""A report as one page that needs nothing else; the template escapes every text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.explorer.program import fingerprint, page_script, page_style
from uncertainty.pages.blocks import Explorer, plain, spans
from uncertainty.pages.figures.pictures import dark_rules, without_style
from uncertainty.pages.figures.style import DARK, INK, MUTED, PAGE, ROLES
from uncertainty.pages.render.mathml import equation, scrolls

if TYPE_CHECKING:
    from uncertainty.pages.blocks import Section, Text


def render(title: str, subtitle: Text, sections: tuple[Section, ...], *, language: str = "en") -> str:
    """Return a whole report as an HTML document."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

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
    figures = Markup(dark_rules("figure svg "))  # noqa: S704 - see above
    style = environment.get_template("style.css").render(palette(), figures=figures)
    explored = any(isinstance(block, Explorer) for section in sections for block in section.blocks)
    script = page_script() if explored else ""
    return environment.get_template("page.html").render(
        language=language,
        title=title,
        subtitle=subtitle,
        sections=sections,
        style=Markup(style + page_style() if explored else style),  # noqa: S704 - see above
        script=Markup(script),  # noqa: S704 - this package's own
        fingerprint=fingerprint(script),
    )


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
