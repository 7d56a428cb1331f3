"""A report as Markdown that GitHub renders; every text from a study is escaped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from uncertainty.indices.index import file_stem
from uncertainty.late import regex
from uncertainty.pages.blocks import (
    Beside,
    Block,
    Bullets,
    Cards,
    Details,
    Equations,
    Explorer,
    Figure,
    Listing,
    Paragraph,
    Section,
    Span,
    Subheading,
    Table,
    Text,
    spans,
)
from uncertainty.pages.render.formulas import formula, name_text
from uncertainty.pages.render.html import NUMBERS

if TYPE_CHECKING:
    from uncertainty.pages.blocks import Card, Equation
    from uncertainty.pages.render.formulas import Piece

FIGURES = "figures"
"""Folder of the figures, beside the Markdown file."""

_SPECIAL = regex(r"([\\`*_\[\]|~$@]|:(?=//|[a-z0-9_+-]+:))", re.IGNORECASE)
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LINE_START = regex(r"^(\d+)([.)])(?=\s|$)|^([-+=#])")
_MARKERS = {"strong": "**", "emphasis": "*"}
_LATEX_SIGNS = {"×": r"\times", "−": "-", "≤": r"\le", "≥": r"\ge", "≠": r"\ne"} | {
    "⌊": r"\lfloor",
    "⌋": r"\rfloor",
    "⌈": r"\lceil",
    "⌉": r"\rceil",
}
_LATEX_NAMES = {"π": r"\pi", "log₁₀": r"\log_{10}"}
_IN_LATEX = regex(r"[\\{}$%#&_^~]")


def escape(text: str) -> str:
    """Return a text that Markdown shows as it is, wherever on a line it stands."""
    escaped = "".join(_ENTITIES.get(sign, sign) for sign in text)
    escaped = _SPECIAL.sub(r"\\\1", escaped)
    # readers turn a bare address into a link
    return re.sub(r"(?i)\b(www)\.", r"\1&#46;", escaped)


def code_span(text: str) -> str:
    """Return a text as code, in a fence that it does not contain; a pipe would end a table's cell."""
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    room = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{room}{text}{room}{fence}".replace("|", "\\|")


def inline(text: Text) -> str:
    """Return a text in one line of Markdown."""
    return "".join(_span(span) for span in spans(text)).strip()


def _span(span: Span) -> str:
    if span.to:
        return f"[{escape(span.text)}]({_destination(span.to)})"
    if span.style == "code":
        return code_span(span.text)
    marker = _MARKERS.get(span.style, "")
    inner = span.text.strip() if marker else span.text
    if not inner:
        return span.text
    before, after = span.text.split(inner, 1) if marker else ("", "")
    return f"{before}{marker}{escape(inner)}{marker}{after}"


def _destination(to: str) -> str:
    """Return an address as a link's destination, where a bracket would end it and entities are read."""
    return to.replace("&", "&amp;").replace("(", "%28").replace(")", "%29")


def line(text: Text) -> str:
    """Return a text that begins a line, where a number or a dash would begin a list."""
    return _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", inline(text))


def render(title: str, subtitle: Text, sections: tuple[Section, ...]) -> str:
    """Return a whole report as Markdown."""
    parts = [f"# {inline(title)}"]
    if subtitle:
        parts.append(line(subtitle))
    layer = ""
    for section in sections:
        if section.layer != layer and section.layer == "numbers":
            parts.append(f"# Appendix: {NUMBERS.lower()}")
        layer = section.layer
        parts.append(f"## {inline(section.title)}")
        parts += [render_block(block) for block in section.blocks]
    return "\n\n".join(parts) + "\n"


def render_block(block: Block) -> str:
    """Return a block as Markdown, without blank lines around it."""
    match block:
        case Paragraph(quoted=True):
            return f"> {line(block.text)}"
        case Paragraph():
            return (
                f"**{line(block.text)}**" if block.lead and isinstance(block.text, str) else line(block.text)
            )
        case Subheading():
            return f"### {inline(block.text)}"
        case Bullets():
            return "\n".join(f"* {line(item)}" for item in block.items)
        case Cards():
            return "\n\n".join(_card(card) for card in block.cards)
        case Table():
            return _table(block)
        case Figure():
            picture = f"![{inline(block.alt)}]({FIGURES}/{file_stem(block.name)}.svg)"
            return f"{picture}\n\n*{inline(block.caption)}*" if block.caption else picture
        case Beside():
            return "\n\n".join(render_block(part) for part in (block.figure, *block.blocks))
        case Equations():
            return "\n\n".join(map(_equation, block.equations))
        case Listing():
            fence = "`" * (max(2, *map(len, re.findall(r"`*", block.text))) + 1)
            return f"{fence}text\n{block.text}\n{fence}"
        case Explorer():
            return line(block.elsewhere)
        case Details():
            inside = "\n\n".join(render_block(part) for part in block.blocks)
            return f"<details>\n<summary>{_summary(block.summary)}</summary>\n\n{inside}\n\n</details>"


def _summary(text: Text) -> str:
    """Return a text inside an HTML element, where Markdown is not read but entities are."""
    return "".join(_ENTITIES.get(sign, sign) for span in spans(text) for sign in span.text)


def _card(card: Card) -> str:
    listed = "\n".join(f"* {line(text)}" for text in card.lines)
    median = f"{line(card.condition)} {line(card.what)} is **{inline(card.value)}**."
    return f"### {inline(card.title)} ({inline(card.label)})\n\n{median}\n\n{listed}"


def _equation(found: Equation) -> str:
    """Return an equation as a block that GitHub sets as mathematics."""
    note = f"\n\n{line(found.note)}" if found.note else ""
    return f"**{line(found.title)}**\n\n```math\n{latex(found)}\n```{note}"


def latex(found: Equation) -> str:
    """Return an equation as LaTeX, which GitHub sets in Markdown."""
    return f"{_words(name_text(found.name))} = {_formula(formula(found.formula))}"


def _words(text: str) -> str:
    """Write words, of which LaTeX reads no sign as its own."""
    if text in _LATEX_NAMES:
        return _LATEX_NAMES[text]
    # a name and a unit have letters, digits and signs of arithmetic; nothing else is let through
    return rf"\text{{{_IN_LATEX.sub(' ', text)}}}"


def _formula(piece: Piece) -> str:
    if piece.shape == "name":
        return _words(piece.text)
    if piece.shape == "number":
        return piece.text.replace(",", "{,}").replace("−", "-")
    if piece.shape == "sign":
        return _LATEX_SIGNS.get(piece.text, piece.text)
    inner = [_formula(part) for part in piece.parts]
    match piece.shape:
        case "fraction":
            return rf"\frac{{{inner[0]}}}{{{inner[1]}}}"
        case "power":
            return f"{{{inner[0]}}}^{{{inner[1]}}}"
        case "root":
            return rf"\sqrt{{{inner[0]}}}"
        case "bars":
            return rf"\left|{inner[0]}\right|"
        case "cases":
            return _cases(inner)
    return " ".join(inner)


def _cases(inner: list[str]) -> str:
    rows = [
        rf"{value} & \text{{if }} {condition}"
        for value, condition in zip(inner[::2], inner[1::2], strict=False)
    ]
    rows.append(rf"{inner[-1]} & \text{{otherwise}}")
    between = r" \\ "
    return rf"\begin{{cases}}{between.join(rows)}\end{{cases}}"


def _table(table: Table) -> str:
    head = [inline(column.title) for column in table.columns]
    rule = ["---:" if column.numeric else ":---" for column in table.columns]
    rows = [head, rule, *([inline(cell) for cell in row] for row in table.rows)]
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    above = f"*{inline(table.caption)}*\n\n" if table.caption else ""
    return above + "\n".join(lines)
