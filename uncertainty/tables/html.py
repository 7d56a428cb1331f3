"""Tables for notebooks: HTML in which everything that came from somebody's file is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence


CELL = "vertical-align:top;padding:0 .5em;max-width:32em"


def html_table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numeric: Container[int] = (),
    caption: str = "",
    note: str = "",
) -> str:
    """Return a table.

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
        return f'<{tag} style="text-align:{side};{CELL}">{escape(text)}</{tag}>'

    body = "".join(line(row, "td") for row in rows)
    above = (
        f'<caption style="text-align:left;font-weight:bold">{escape(caption)}</caption>' if caption else ""
    )
    return f"<table>{above}<thead>{line(head, 'th')}</thead><tbody>{body}</tbody></table>{html_note(note)}"


def html_heading(text: str, below: str = "") -> str:
    """Return a heading with a line of small print."""
    return f"<div><b>{escape(text)}</b></div>{html_note(below)}"


def html_note(text: str) -> str:
    """Return a line of small print, nothing for an empty text."""
    return f'<div style="font-size:smaller;opacity:.75">{escape(text)}</div>' if text else ""
