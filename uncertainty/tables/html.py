"""Tables for notebooks: HTML in which everything that came from somebody's file is escaped."""

from __future__ import annotations

from html import escape
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence


CELL = "vertical-align:top;padding:0 .5em;max-width:32em"

ROOM = 30_000
"""Characters that the rows of one table take at most: a notebook keeps what it shows in its file."""

MOST_COLUMNS = 30

LONGEST = 400
"""Characters of a cell that are shown."""

LONGEST_NOTE = 4_000
"""Characters of what stands above or below a table that are shown."""


def html_table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numeric: Container[int] = (),
    caption: str = "",
    note: str = "",
) -> str:
    """Return a table, or as many of its first rows and columns as a notebook holds, and how many there are.

    Parameters
    ----------
    numeric
        Places of the columns that are set to the right.
    caption, note
        What stands above and below it.
    """

    def line(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(cell(text, tag, place) for place, text in enumerate(cells)) + "</tr>"

    def cell(text: str, tag: str, place: int) -> str:
        side = "right" if place in numeric else "left"
        return f'<{tag} style="text-align:{side};{CELL}">{escape(_cut(text, LONGEST))}</{tag}>'

    top = line(head[:MOST_COLUMNS], "th")
    lines = [line(row[:MOST_COLUMNS], "td") for row in rows]
    shown = [text for text, end in zip(lines, accumulate(map(len, lines)), strict=True) if end <= ROOM]
    above = f'<caption style="text-align:left;font-weight:bold">{escape(_cut(caption, LONGEST))}</caption>'
    notes = [note] if note else []
    for what, count, part in (("rows", len(lines), len(shown)), ("columns", len(head), MOST_COLUMNS)):
        if count > part:
            notes.append(f"{count:,} {what}, {part:,} of them shown")
    body = f"<thead>{top}</thead><tbody>{''.join(shown)}</tbody>"
    return f"<table>{above if caption else ''}{body}</table>{html_note('; '.join(notes))}"


def html_heading(text: str, below: str = "") -> str:
    """Return a heading with a line of small print."""
    return f"<div><b>{escape(_cut(text, LONGEST))}</b></div>{html_note(below)}"


def html_note(text: str) -> str:
    """Return a line of small print, nothing for an empty text."""
    return (
        f'<div style="font-size:smaller;opacity:.75">{escape(_cut(text, LONGEST_NOTE))}</div>' if text else ""
    )


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
