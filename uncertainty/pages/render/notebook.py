"""A result as a notebook shows it: HTML without a page around it, in which every text is escaped.

A notebook keeps what it shows in its file, so that tables and whole views have an end.
"""

from __future__ import annotations

from html import escape
from itertools import chain
from typing import TYPE_CHECKING, Any

from uncertainty.pages import views
from uncertainty.pages.blocks import (
    LONGEST_CELL,
    LONGEST_NOTE,
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
    Subheading,
    Table,
    beginning,
    joined,
    plain,
    spans,
    strong,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from uncertainty.pages.blocks import Card, Column, Equation, Text

LARGEST = 150_000
"""Characters of a view."""

ROOM = 30_000
"""Characters that the rows of one table take."""

MOST_COLUMNS = 30

CELL = "vertical-align:top;padding:0 .5em;max-width:32em"
APART = "margin:.4em 0"
ABOVE = "margin:.8em 0 .2em"
TAGS = {"strong": "b", "emphasis": "i", "code": "code"}


def view(found: Any) -> str:
    """Return what a result says, or the entries of a mapping one after the other."""
    return mapping(found) if views.is_mapping(found) else render(*views.page(found))


def render(title: str, subtitle: Text, sections: Iterable[Section]) -> str:
    """Return a title and sections; what is beyond a notebook's room is left out, and that is said."""
    head = [_line(title)] if title else []
    below = [_small(_text(subtitle, LONGEST_NOTE))] if subtitle else []
    parts = (part for section in sections for part in _section(section))
    return _within(chain(head, below, parts))


def mapping(found: Mapping[Any, Any]) -> str:
    """Return the entries of a mapping, as many as a notebook holds."""
    parts = (f"{_line(str(key))}<div>{_value(value)}</div>" for key, value in found.items())
    return _within(parts, len(found))


def _value(value: Any) -> str:
    shown = getattr(value, "_repr_html_", None)
    return str(shown()) if shown is not None else escape(_cut(repr(value), LONGEST_CELL))


def _within(parts: Iterable[str], number: int = 0) -> str:
    """Return the parts that a view has room for, and that there are more."""
    kept: list[str] = []
    size = 0
    for part in parts:
        size += len(part)
        if size > LARGEST:
            kept.append(_small(f"… and {number - len(kept):,} more" if number else "… and more"))
            break
        kept.append(part)
    return "".join(kept)


def _section(section: Section) -> list[str]:
    return [*([_line(section.title)] if section.title else []), *map(_block, section.blocks)]


def _block(block: Block) -> str:
    match block:
        case Paragraph(quoted=True):
            return f'<blockquote style="{APART}">{_text(block.text, LONGEST_NOTE)}</blockquote>'
        case Paragraph():
            return f'<div style="{APART}">{_text(block.text, LONGEST_NOTE)}</div>'
        case Subheading():
            return _line(block.text)
        case Bullets():
            return f"<ul>{''.join(f'<li>{_text(item, LONGEST_NOTE)}</li>' for item in block.items)}</ul>"
        case Cards():
            return "".join(map(_card, block.cards))
        case Table():
            return _table(block)
        case Figure():
            return f'<figure title="{escape(plain(block.alt))}">{block.svg}</figure>'
        case Beside():
            return "".join(map(_block, (block.figure, *block.blocks)))
        case Equations():
            return "".join(map(_equation, block.equations))
        case Listing():
            return f"<pre>{escape(block.text)}</pre>"
        case Explorer():
            return f"<div>{_text(block.elsewhere, LONGEST_NOTE)}</div>"
        case Details():
            inside = "".join(map(_block, block.blocks))
            return f"<details><summary>{_text(block.summary, LONGEST_NOTE)}</summary>{inside}</details>"


def _card(card: Card) -> str:
    said = joined(card.condition, " ", card.what, " is ", strong(plain(card.value)), ".")
    title = joined(card.title, " (", card.label, ")")
    return _block(Subheading(title)) + _block(Paragraph(said)) + _block(Bullets(card.lines))


def _equation(found: Equation) -> str:
    title, formula = _text(found.title, LONGEST_CELL), f"{found.name} = {found.formula}"
    note = _small(_text(found.note, LONGEST_NOTE)) if found.note else ""
    return f"<div>{title}: <code>{escape(_cut(formula, LONGEST_NOTE))}</code></div>{note}"


def _table(table: Table) -> str:
    """Return a table, or as many first rows and columns as there is room for, and how many there are."""
    columns = table.columns[:MOST_COLUMNS]
    shown: list[str] = []
    room = ROOM
    for row in table.rows:
        line = _row(row, columns, "td")
        room -= len(line)
        if room < 0:
            break
        shown.append(line)
    notes = [
        f"{count:,} {what}, {part:,} of them shown"
        for what, count, part in (
            ("rows", len(table.rows), len(shown)),
            ("columns", len(table.columns), len(columns)),
        )
        if count > part
    ]
    said = _text(table.caption, LONGEST_CELL)
    above = f'<caption style="text-align:left">{said}</caption>' if said else ""
    head = _row([column.title for column in columns], columns, "th")
    below = _small("; ".join(notes)) if notes else ""
    return f"<table>{above}<thead>{head}</thead><tbody>{''.join(shown)}</tbody></table>{below}"


def _row(cells: Sequence[Text], columns: Sequence[Column], tag: str) -> str:
    # a number keeps to one line, its heading need not
    side = "right" if tag == "th" else "right;white-space:nowrap"
    line = (
        f'<{tag} style="text-align:{side if column.numeric else "left"};{CELL}">'
        f"{_text(cell, LONGEST_CELL)}</{tag}>"
        for cell, column in zip(cells, columns, strict=False)
    )
    return f"<tr>{''.join(line)}</tr>"


def _line(text: Text) -> str:
    return f'<div style="{ABOVE}"><b>{escape(_cut(text, LONGEST_CELL))}</b></div>'


def _small(markup: str) -> str:
    return f'<div style="font-size:smaller;opacity:.75">{markup}</div>'


def _text(text: Text, longest: int) -> str:
    """Return a text with its styles; one that is too long is cut, and has none."""
    tagged = ((escape(span.text), TAGS.get(span.style)) for span in spans(beginning(text, longest)))
    return "".join(f"<{tag}>{inner}</{tag}>" if tag else inner for inner, tag in tagged)


def _cut(text: Text, longest: int) -> str:
    return plain(beginning(text, longest))
