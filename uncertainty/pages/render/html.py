"""A report as one page that needs nothing else; the template escapes every text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.explorer.program import COPYING, fingerprint, page_script, page_style
from uncertainty.pages.blocks import Details, Explorer, Paragraph, joined, plain, spans
from uncertainty.pages.figures.pictures import dark_rules, without_style
from uncertainty.pages.figures.style import DARK, INK, MUTED, PAGE, ROLES
from uncertainty.pages.render.formulas import formula, lines, name_text

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from uncertainty.pages.blocks import Block, Equation, Figure, Section, Text
    from uncertainty.pages.render.formulas import Piece


LAST, NUMBERS = "numbers", "Every number"
"""The last layer of a report, which is a page of its own, and what that is called."""

NARROWEST = 28
"""Signs that a phone shows on one line."""

TAGS = {"name": "mtext", "number": "mn", "sign": "mo"}
GROUPS = {"row": "mrow", "fraction": "mfrac", "power": "msup", "root": "msqrt"}

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
    copied = any(_is_copied(block) for block in every)
    script = page_script() if explored else page_script((COPYING,)) if copied else ""
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


def _is_copied(block: Block) -> bool:
    return (isinstance(block, Paragraph) and block.quoted) or (isinstance(block, Details) and block.copied)


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
    environment.filters["equation"] = mathml
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


def mathml(found: Equation) -> Markup:
    """Return an equation as MathML, which browsers set: elements between which a line may end."""
    from markupsafe import Markup

    first, *rest = lines(formula(found.formula))
    start = Markup('<mtext>{}</mtext><mo rspace="0.2em">=</mo>').format(name_text(found.name))
    parts = [start, _piece(first), *map(_continued, rest)]
    return Markup(" ").join(Markup("<math>{}</math>").format(part) for part in parts)


def scrolls(found: Equation) -> bool:
    """Tell whether a part that no line may end in can be wider than a phone."""
    return any(_signs(line) > NARROWEST for line in lines(formula(found.formula)))


def _signs(piece: Piece) -> int:
    """Count the signs of a part, at most those that stand beside each other."""
    return len(piece.text) + sum(map(_signs, piece.parts))


def _piece(piece: Piece) -> Markup:
    from markupsafe import Markup

    if piece.shape in TAGS:
        tag = Markup(TAGS[piece.shape])  # noqa: S704 - a constant
        return Markup("<{}>{}</{}>").format(tag, piece.text, tag)
    inner = [_piece(part) for part in piece.parts]
    if piece.shape == "bars":
        return Markup("<mrow><mo>|</mo>{}<mo>|</mo></mrow>").format(Markup("").join(inner))
    if piece.shape == "cases":
        return _cases(inner)
    tag = Markup(GROUPS[piece.shape])  # noqa: S704 - a constant
    return Markup("<{}>{}</{}>").format(tag, Markup("").join(inner), tag)


def _continued(line: Piece) -> Markup:
    """Write a line that begins with the sign which joins it to the one before."""
    from markupsafe import Markup

    sign, *rest = line.parts
    joining = Markup('<mo lspace="0.2em" rspace="0.25em">{}</mo>').format(sign.text)
    return Markup("<mrow>{}{}</mrow>").format(joining, Markup("").join(map(_piece, rest)))


def _cases(inner: list[Markup]) -> Markup:
    from markupsafe import Markup

    row = Markup("<mtr><mtd>{}</mtd><mtd><mtext>{}</mtext>{}</mtd></mtr>")
    pairs = zip(inner[::2], inner[1::2], strict=False)
    rows = [row.format(value, "if\u00a0", condition) for value, condition in pairs]
    rows.append(row.format(inner[-1], "otherwise", ""))
    return Markup("<mrow><mo>{{</mo><mtable>{}</mtable></mrow>").format(Markup("").join(rows))
