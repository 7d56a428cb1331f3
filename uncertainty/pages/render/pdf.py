"""A report as a PDF document, set by typst; texts are data to the template: none is read as markup."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from uncertainty.late import regex
from uncertainty.pages.blocks import (
    Beside,
    Bullets,
    Cards,
    Details,
    Equations,
    Explorer,
    Figure,
    Listing,
    Paragraph,
    Subheading,
    Table,
    plain,
    spans,
)
from uncertainty.pages.figures.pictures import without_style
from uncertainty.pages.figures.style import INK, MUTED, ROLES
from uncertainty.pages.fonts import Fonts
from uncertainty.pages.render.formulas import formula, name_text
from uncertainty.pages.render.html import NUMBERS
from uncertainty.pages.typesetting import drawing, language_of, size_of, typeset

if TYPE_CHECKING:
    from uncertainty.pages.blocks import Block, Card, Equation, Section, Text
    from uncertainty.pages.render.formulas import Piece

WIDEST = 370.0
"""Width of a figure in points, where its height allows it."""

HIGHEST = 540.0
"""Height that leaves room for a caption on the page."""

LONGEST_WORD = 24
"""Signs without a space after which a line may be broken."""

MEASURE = 480.0
"""Width of the text, in points."""

SIGN = 3.9
"""Width of a sign in a table."""

ROOM = 9.0
"""What a column needs beside its text."""

RUNNING = 90
"""Characters of the title in the foot of a page."""

_BREAK = "\u200b"
_LONG_WORD = regex(rf"[^\s{_BREAK}]{{{LONGEST_WORD}}}(?=[^\s{_BREAK}])")
_JOINT = regex(r"(?<=[_/*(),=\[])(?=\S)")


def render(
    title: str,
    subtitle: Text,
    sections: tuple[Section, ...],
    *,
    keywords: tuple[str, ...] = (),
    language: str = "en",
    fonts: Fonts | None = None,
) -> bytes:
    """Return a whole report as a PDF document: the same bytes for the same report, its fonts embedded.

    Parameters
    ----------
    keywords
        What the document's own description says of where it comes from.
    fonts
        What is taken beside the bundled fonts.
    """
    data = {
        "title": plain(title),
        "keywords": keywords,
        "language": language_of(language),
        "running": _breakable(plain(title)[:RUNNING]),
        "heading": _text(title),
        "subtitle": _text(subtitle),
        "appendix": f"Appendix: {NUMBERS.lower()}",
        "palette": {"ink": INK, "muted": MUTED, "roles": ROLES},
        "sections": [
            {
                "title": _text(section.title),
                "layer": section.layer,
                "blocks": [_block(block, fonts) for block in section.blocks],
            }
            for section in sections
        ],
    }
    return typeset("report.typ", data, "pdf", fonts)


def texts(title: str, subtitle: Text, sections: tuple[Section, ...]) -> list[str]:
    """Return every text of a report that its document shows."""
    shown = [[_block(block) for block in section.blocks] for section in sections]
    titles = [title, subtitle, *(section.title for section in sections)]
    return [*map(plain, titles), json.dumps(shown, ensure_ascii=False)]


def _block(block: Block, fonts: Fonts | None = None) -> dict[str, Any]:
    """Return a block as plain data."""
    data: dict[str, Any] = {"kind": block.kind}
    match block:
        case Paragraph(text=text, lead=lead, quoted=quoted):
            return data | {"text": _text(text), "lead": lead, "quoted": quoted}
        case Subheading(text=text):
            return data | {"text": _text(text)}
        case Bullets(items=items):
            return data | {"items": [_text(item) for item in items]}
        case Cards(cards=cards):
            return data | {"cards": [_card(card) for card in cards]}
        case Table():
            return data | _table(block)
        case Figure():
            return data | _figure(block, fonts)
        case Beside(figure=figure, blocks=blocks):
            return data | {
                "figure": _figure(figure, fonts),
                "blocks": [_block(part, fonts) for part in blocks],
            }
        case Equations(equations=equations):
            return data | {"equations": [_equation(found) for found in equations]}
        case Listing(text=listing):
            return data | {"text": _breakable(listing)}
        case Details(summary=summary, blocks=blocks):
            return data | {"summary": _text(summary), "blocks": [_block(part, fonts) for part in blocks]}
        case Explorer(elsewhere=elsewhere):
            return data | {"elsewhere": _text(elsewhere)}


def _card(card: Card) -> dict[str, Any]:
    return {
        "label": _text(card.label),
        "title": _text(card.title),
        "condition": _text(card.condition),
        "value": _text(card.value),
        "what": _text(card.what),
        "lines": [_text(line) for line in card.lines],
        "role": card.role,
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "columns": [
            {"title": _text(column.title), "numeric": column.numeric, "width": width}
            for column, width in zip(table.columns, _widths(table), strict=True)
        ],
        "rows": [[_text(cell) for cell in row] for row in table.rows],
        "caption": _text(table.caption),
    }


def _figure(figure: Figure, fonts: Fonts | None) -> dict[str, Any]:
    width, height = size_of(figure.svg)
    return drawing(without_style(figure.svg), fonts or Fonts()) | {
        # a picture that has another one for narrow pages is made for wide ones
        "width": min(MEASURE if figure.narrow else WIDEST, HIGHEST * width / height),
        "alt": plain(figure.alt),
        "caption": _text(figure.caption),
    }


def _widths(table: Table) -> list[float | None]:
    """Return the width of each column in points; None for one that takes what it needs.

    Where all texts fit beside each other, every column takes what it needs. Elsewhere a column of numbers
    keeps them whole, columns of words keep their longest word, and these share what is left by how much they
    have to say.
    """
    least, wanted = [], []
    for place, column in enumerate(table.columns):
        title = plain(column.title)
        cells = [plain(row[place]) for row in table.rows]
        longest = max((len(cell) for cell in cells), default=0)
        word = max(
            (min(len(word), LONGEST_WORD) for text in [title, *cells] for word in text.split()), default=0
        )
        needed = max(longest, word, len(title) / 3) if column.numeric else word
        least.append(needed * SIGN + ROOM)
        wanted.append(max(longest, len(title)) * SIGN + ROOM)
    if sum(wanted) <= MEASURE:
        return [None] * len(wanted)
    shares = [
        0.0 if column.numeric else max(full - need, 0.0) ** 0.6
        for column, full, need in zip(table.columns, wanted, least, strict=True)
    ]
    left = max(MEASURE - sum(least), 0.0) / (sum(shares) or 1.0)
    return [need + left * share for need, share in zip(least, shares, strict=True)]


def _equation(found: Equation) -> dict[str, Any]:
    return {
        "title": _text(found.title),
        "name": name_text(found.name),
        "formula": _formula(formula(found.formula)),
        "alt": f"{found.name} = {found.formula}",
        "note": _text(found.note),
    }


def _formula(piece: Piece) -> dict[str, Any]:
    return {"shape": piece.shape, "text": piece.text, "parts": [_formula(part) for part in piece.parts]}


def _text(text: Text) -> list[dict[str, str]]:
    """Return a text as spans in which no word is too long for a line."""
    return [
        {"text": _breakable(span.text, joints=span.style == "code"), "style": span.style}
        | ({"to": span.to} if span.to.startswith("https://") else {})
        for span in spans(text)
    ]


def _breakable(text: str, *, joints: bool = False) -> str:
    """Let a line end inside a long word, and in code after a sign that joins names."""
    parted = _JOINT.sub(_BREAK, text) if joints else text
    return _LONG_WORD.sub(rf"\g<0>{_BREAK}", parted)
