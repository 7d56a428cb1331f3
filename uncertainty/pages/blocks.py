"""What a report says, free of any format: sections made of blocks, blocks of spans of text.

Terminal, HTML, Markdown and PDF are renderings of this one description, so they cannot differ. Texts are
plain text: whoever renders them escapes them.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Literal, TypeAlias

from uncertainty.characters import clean, isolated, shortened
from uncertainty.late import dataclass, regex

if TYPE_CHECKING:
    from uncertainty.expressions import Expression

Style = Literal["plain", "strong", "emphasis", "code"]

LONGEST_CELL = 400
"""Characters of a table's cell that a terminal or a notebook shows: nobody reads on in a narrow column."""

LONGEST_NOTE = 4_000
"""Characters of a paragraph that they show; reports hold all of it."""

_BEFORE_PER_CENT = regex(r"(?<=\d) (?=%)")


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style.

    Parameters
    ----------
    to
        Where it leads, for a link: to a file beside, or to an https address that a study's sources have.
    """

    text: str
    style: Style = "plain"
    to: str = ""


Text: TypeAlias = str | Span | tuple[str | Span, ...]


def strong(text: str) -> Span:
    """Mark a text as important."""
    return Span(text, "strong")


def emphasis(text: str) -> Span:
    """Stress a text."""
    return Span(text, "emphasis")


def code(text: str) -> Span:
    """Mark a text as something to be typed or as written in a study file."""
    return Span(text, "code")


def coded(text: str) -> Text:
    """Mark what stands between backticks in a sentence as something to be typed.

    Examples
    --------
    >>> [each.style for each in spans(coded("`--samples 4096` would give enough"))]
    ['code', 'plain']
    """
    return tuple(code(part) if place % 2 else part for place, part in enumerate(text.split("`")))


def link(text: str, to: str) -> Span:
    """Lead to a file beside, or to a source; nowhere where there is no address."""
    return Span(text, to=to)


def joined(*texts: Text) -> Text:
    """Return several texts as one."""
    return tuple(part for text in texts for part in (text if isinstance(text, tuple) else (text,)))


def spans(text: Text) -> tuple[Span, ...]:
    """Return a text as spans, each cleaned; empty spans are left out."""
    parts = text if isinstance(text, tuple) else (text,)
    found = (part if isinstance(part, Span) else Span(part) for part in parts)
    return tuple(Span(_set(span), span.style, span.to) for span in found if span.text)


def _set(span: Span) -> str:
    """Keep a number and its per cent sign on one line, and what is written the other way to itself."""
    text = isolated(clean(span.text))
    return text if span.style == "code" else _BEFORE_PER_CENT.sub("\u00a0", text)


def plain(text: Text) -> str:
    """Return a text without its styles."""
    return "".join(span.text for span in spans(text))


def beginning(text: Text, longest: int) -> Text:
    """Return a text, or its beginning without styles where it is too long; the rest is not looked at."""
    parts = text if isinstance(text, tuple) else (text,)
    raw = [part if isinstance(part, str) else part.text for part in parts]
    return shortened("".join(raw), longest) if sum(map(len, raw)) > longest else text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph.

    Parameters
    ----------
    lead
        Whether it is the one that a section can be summed up by.
    quoted
        Whether it is to be copied word by word.
    """

    text: Text
    lead: bool = False
    quoted: bool = False
    kind: Literal["paragraph"] = "paragraph"


def does_not_apply(reason: str) -> Paragraph:
    """Say why a section has nothing to show."""
    return Paragraph(f"This does not apply: {reason.rstrip('.')}.")


@dataclass(frozen=True, slots=True)
class Subheading:
    """A heading inside a section."""

    text: Text
    kind: Literal["subheading"] = "subheading"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list whose order does not matter."""

    items: tuple[Text, ...]
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True, slots=True)
class Card:
    """One of several answers of equal weight.

    Parameters
    ----------
    label
        The part that it plays, in a word or two.
    condition
        What has to be granted for it.
    value
        The number that it comes to.
    what
        What that number is.
    role
        Number of its colour and mark in the figures.
    """

    title: Text
    label: Text
    condition: Text
    value: Text
    lines: tuple[Text, ...]
    role: int
    what: Text = "the median"


@dataclass(frozen=True, slots=True)
class Cards:
    """Answers side by side, none above another."""

    cards: tuple[Card, ...]
    kind: Literal["cards"] = "cards"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; numbers are set to the right.

    Parameters
    ----------
    short
        Its heading where the page is narrow; by default the title.
    least
        Characters of a fixed pitch that it keeps where the page is narrow; columns of numbers keep all.
    spare
        Whether a narrow page does without it, since others say the same more exactly.
    """

    title: Text
    numeric: bool = False
    short: str = ""
    least: int = 0
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first column names its rows."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Text, ...], ...]
    caption: Text = ""
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its finding in words.

    Parameters
    ----------
    name
        Name of its file, without the ending.
    svg
        The picture as an SVG document.
    alt
        What the picture shows, for who cannot see it.
    caption
        How it is to be read; empty where that is said before.
    narrow
        The picture for a page too narrow for the other one, if it has its own.
    data
        What is drawn, as a CSV file.
    """

    name: str
    svg: str
    alt: Text
    caption: Text
    narrow: str = ""
    data: str = ""
    kind: Literal["figure"] = "figure"


@dataclass(frozen=True, slots=True)
class Beside:
    """A small picture with what belongs to it beside it."""

    figure: Figure
    blocks: tuple[Block, ...]
    kind: Literal["beside"] = "beside"


@dataclass(frozen=True, slots=True)
class Equation:
    """An equation, typeset.

    Parameters
    ----------
    title
        What it computes, with its unit.
    name
        The quantity on its left side.
    formula
        Its right side.
    note
        What is to be known of it; may be empty.
    """

    title: Text
    name: str
    formula: Expression
    note: Text


@dataclass(frozen=True, slots=True)
class Equations:
    """Equations below each other."""

    equations: tuple[Equation, ...]
    kind: Literal["equations"] = "equations"


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines to be shown as they are."""

    text: str
    kind: Literal["listing"] = "listing"


@dataclass(frozen=True, slots=True)
class Details:
    """What is folded away until it is asked for.

    Parameters
    ----------
    brief
        Whether it is shown where nothing can be unfolded; otherwise only its summary is.
    of_page
        Whether it speaks of files that are written with the page for browsers alone.
    """

    summary: Text
    blocks: tuple[Block, ...]
    brief: bool = False
    of_page: bool = False
    kind: Literal["details"] = "details"

    @property
    def copied(self) -> bool:
        """Whether a button beside it copies its lines, folded away or not: where it holds one listing."""
        return sum(isinstance(each, Listing) for each in self.blocks) == 1


@dataclass(frozen=True, slots=True)
class Explorer:
    """The study itself, for readers to change where a format can run it.

    Parameters
    ----------
    program
        The study as `uncertainty.explorer.program_json` writes it.
    elsewhere
        What is said where nothing can be run.
    """

    program: str
    elsewhere: Text
    kind: Literal["explorer"] = "explorer"


Block: TypeAlias = (
    Paragraph
    | Subheading
    | Bullets
    | Cards
    | Table
    | Figure
    | Beside
    | Equations
    | Listing
    | Details
    | Explorer
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report that answers one question.

    Parameters
    ----------
    name
        What links to it call it.
    layer
        Which layer of a report it belongs to, one of `uncertainty.pages.sections.LAYERS`.
    short
        What a list of links calls it, which then shows them all at once; by default the title.
    """

    name: str
    title: str
    blocks: tuple[Block, ...]
    layer: str = ""
    short: str = ""


def figures(sections: tuple[Section, ...]) -> tuple[Figure, ...]:
    """Return every figure of a report, in order."""

    def found(blocks: tuple[Block, ...]) -> list[Figure]:
        own: list[Figure] = []
        for block in blocks:
            if isinstance(block, Figure):
                own.append(block)
            elif isinstance(block, Beside):
                own += [block.figure, *found(block.blocks)]
            elif isinstance(block, Details):
                own += found(block.blocks)
        return own

    return tuple(figure for section in sections for figure in found(section.blocks))
