"""A page as text for a terminal or a pipe: only listings may be wider than it."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from itertools import chain, groupby
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.characters import shown
from uncertainty.late import regex
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
    from collections.abc import Iterable, Iterator, Sequence

    from uncertainty.pages.blocks import Card, Column, Equation, Text

GAP = 2
"""Blanks between columns."""

NARROWEST = 10
"""Characters that a column of words keeps on a page that is narrower than every table."""

COMFORTABLE = 30
"""Characters that a column of words should have beside full headings."""

HEADING_LINES = 2
"""Lines that a heading takes at most."""

_PLAIN = regex(r"[!-~]+(?: [!-~]+)*")
"""A text that nothing has to be done to: most cells are."""

BOLD, USUAL = "\x1b[1m", "\x1b[0m"
FOLDED = "▸ "


class Piece(NamedTuple):
    """A part of a word in one style."""

    text: str
    bold: bool


class Line(NamedTuple):
    """A line with the columns that it takes."""

    text: str
    width: int


def render(
    title: str, subtitle: Text, sections: Iterable[Section], *, width: int = 80, bold: bool = False
) -> str:
    """Return a whole page as text.

    Parameters
    ----------
    width
        Columns of the page.
    bold
        Whether whoever shows it knows the sequences for bold type.
    """
    page = _Page(width, bold=bold)
    parts = [[*page.heading(title), *page.lines(subtitle)]]
    parts += [page.section(section) for section in sections]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def render_blocks(blocks: Iterable[Block], *, width: int = 80, bold: bool = False) -> str:
    """Return blocks as text, with blank lines between them."""
    return "\n".join(_Page(width, bold=bold).blocks(tuple(blocks))) + "\n"


class _Page(NamedTuple):
    width: int
    bold: bool

    def section(self, section: Section) -> list[str]:
        return [*self.heading(section.title), *self.blocks(section.blocks)]

    def heading(self, text: Text) -> list[str]:
        return self.lines(_all_bold(text))

    def blocks(self, blocks: Sequence[Block]) -> list[str]:
        """Set blocks apart by blank lines; what a heading or the line before it says needs none."""
        found: list[str] = []
        before: Block | None = None
        for block in blocks:
            lines = [] if _is_said(block, before) else list(self.block(block))
            if lines and found and not isinstance(before, Subheading):
                found.append("")
            found += lines
            before = block
        return found

    def block(self, block: Block) -> Iterator[str]:
        match block:
            case Paragraph(quoted=True):
                yield from self.lines(block.text, first="  ", then="  ")
            case Paragraph():
                yield from self.lines(block.text)
            case Subheading():
                yield from self.heading(block.text)
            case Bullets():
                for item in block.items:
                    yield from self.lines(item, first="* ", then="  ")
            case Cards():
                yield from self.apart(list(map(self.card, block.cards)))
            case Table():
                yield from self.lines(f"{plain(block.caption)}:" if block.caption else "")
                yield from self.apart(_tables(block, self))
            case Figure():
                yield from self.lines(block.alt)
            case Beside():
                yield from self.blocks(block.blocks)
            case Equations():
                yield from self.apart(list(map(self.equation, block.equations)))
            case Listing():
                yield from (shown(line) for line in block.text.splitlines())
            case Explorer():
                yield from self.lines(block.elsewhere)
            case Details():
                yield from self.details(block)

    def details(self, block: Details) -> list[str]:
        if block.brief:
            return self.blocks((Subheading(block.summary), *block.blocks))
        return self.lines(joined(FOLDED, block.summary, " (in the report)"))

    def card(self, card: Card) -> list[str]:
        median = joined(card.condition, " ", card.what, " is ", _all_bold(card.value), ".")
        title = joined(card.title, " (", card.label, ")")
        return [*self.heading(title), *self.lines(median), *self.block(Bullets(card.lines))]

    def equation(self, found: Equation) -> list[str]:
        formula = self.lines(f"{found.name} = {found.formula}", first="  ", then="    ")
        return [*self.heading(found.title), *formula, *self.lines(found.note)]

    def apart(self, parts: Sequence[list[str]]) -> Iterator[str]:
        for place, lines in enumerate(parts):
            yield from ([""] if place else [])
            yield from lines

    def lines(self, text: Text, *, first: str = "", then: str = "") -> list[str]:
        folded = fold(beginning(text, LONGEST_NOTE), self.width - columns_of(then or first), bold=self.bold)
        return [f"{then if place else first}{line.text}" for place, line in enumerate(folded)]


def _is_said(block: Block, before: Block | None) -> bool:
    """Tell whether a picture's finding stands above it already."""
    said = before.text if isinstance(before, Paragraph) else None
    return isinstance(block, Figure) and said is not None and plain(said) == plain(block.alt)


def _all_bold(text: Text) -> Text:
    return tuple(strong(span.text) for span in spans(text))


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for a sign of East Asia, none for an accent."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _words(text: Text) -> list[list[Piece]]:
    """Split a text at its blanks; a word may change its style within."""
    words: list[list[Piece]] = [[]]
    for span in spans(text):
        for place, part in enumerate(shown(span.text).split(" ")):
            if place:
                words.append([])
            if part:
                # a number keeps its sign of per cent, and is copied with a blank that programs know
                words[-1].append(Piece(part.replace("\u00a0", " "), span.style == "strong"))
    return [word for word in words if word]


def fold(text: Text, width: int, *, bold: bool = False) -> list[Line]:
    """Break a text between words, and within those that are wider than the page."""
    if isinstance(text, str) and 0 < len(text) <= width and _PLAIN.fullmatch(text):
        return [Line(text, len(text))]
    lines: list[list[Piece]] = []
    left = 0
    for word in chain.from_iterable(_cut(whole, max(width, 2)) for whole in _words(text)):
        needed = sum(columns_of(piece.text) for piece in word)
        if lines and needed + 1 <= left:
            lines[-1] += [Piece(" ", word[0].bold and lines[-1][-1].bold), *word]
            left -= needed + 1
        else:
            lines.append(list(word))
            left = width - needed
    return [Line(_marked(line, bold=bold), sum(columns_of(piece.text) for piece in line)) for line in lines]


def _cut(word: list[Piece], width: int) -> Iterator[list[Piece]]:
    if sum(columns_of(piece.text) for piece in word) <= width:
        yield word
        return
    part: list[Piece] = []
    left = width
    for piece in word:
        for sign in piece.text:
            if columns_of(sign) > left:
                yield part
                part, left = [], width
            part.append(Piece(sign, piece.bold))
            left -= columns_of(sign)
    yield part


def _marked(line: list[Piece], *, bold: bool) -> str:
    """Write a line, with the sequences that begin and end bold type."""
    runs = ((key, "".join(p.text for p in run)) for key, run in groupby(line, lambda p: p.bold))
    return "".join(f"{BOLD}{text}{USUAL}" if key and bold else text for key, text in runs)


def _tables(table: Table, page: _Page) -> list[list[str]]:
    """Return a table, or several with the first column each where it is wider than the page: none is cut."""
    columns = table.columns
    rows = (tuple(beginning(cell, LONGEST_CELL) for cell in row) for row in table.rows)
    table = replace(table, rows=tuple(rows))
    headings: list[Text] = [beginning(column.title, LONGEST_CELL) for column in columns]
    widths = _widths(columns, headings, table.rows)
    needed = (w if c.numeric else min(w, COMFORTABLE) for c, w in zip(columns, widths, strict=True))
    if sum(needed) + GAP * (len(columns) - 1) > page.width:
        kept = [n for n, column in enumerate(columns) if not column.spare]
        columns = tuple(columns[n] for n in kept)
        table = replace(table, rows=tuple(tuple(row[n] for n in kept) for row in table.rows))
        headings = [beginning(column.short or column.title, LONGEST_CELL) for column in columns]
        widths = _widths(columns, headings, table.rows)
    found = []
    for group in _groups(columns, widths, page.width):
        room = _shared([columns[n] for n in group], [widths[n] for n in group], page.width)
        right = [columns[n].numeric for n in group]
        lines = list(_row([_all_bold(headings[n]) for n in group], room, right, page, low=True))
        for row in table.rows:
            lines += _row([row[n] for n in group], room, right, page)
        found.append(lines)
    return found


def _widths(columns: Sequence[Column], headings: Sequence[Text], rows: Sequence[Sequence[Text]]) -> list[int]:
    """Return the widths at which nothing breaks but headings, into a few lines."""
    return [
        _natural(column.least, plain(heading), [row[n] for row in rows])
        for n, (column, heading) in enumerate(zip(columns, headings, strict=True))
    ]


def _natural(least: int, heading: str, cells: Sequence[Text]) -> int:
    longest = max((columns_of(word) for word in heading.split()), default=0)
    needed = max([longest, least, *(columns_of(plain(cell)) for cell in cells)])
    while len(fold(heading, needed)) > HEADING_LINES:
        needed += 1
    return needed


def _least(column: Column, natural: int) -> int:
    return natural if column.numeric else min(natural, column.least or NARROWEST)


def _groups(columns: Sequence[Column], widths: Sequence[int], width: int) -> list[list[int]]:
    """Divide columns into those that stand side by side, the first of all in each."""
    first, *others = range(len(columns))
    room = width - min(widths[0], max(columns[0].least, 2 * NARROWEST))
    groups: list[list[int]] = [[]]
    left = room
    for place in others:
        needed = GAP + _least(columns[place], widths[place])
        if needed > left and groups[-1]:
            groups.append([])
            left = room
        groups[-1].append(place)
        left -= needed
    return [[first, *group] for group in groups]


def _shared(columns: Sequence[Column], widths: Sequence[int], width: int) -> list[int]:
    """Return the width of each column: of numbers their own, of words what is left in equal parts."""
    room = width - GAP * (len(columns) - 1)
    # numbers that are wider than the page break too
    most = max(room - NARROWEST, 1)
    found = [min(width, most) if c.numeric else 0 for c, width in zip(columns, widths, strict=True)]
    left = room - sum(found)
    words = sorted((n for n, column in enumerate(columns) if not column.numeric), key=lambda n: widths[n])
    for place, n in enumerate(words):
        found[n] = max(min(widths[n], left // (len(words) - place)), 1)
        left -= found[n]
    return found


def _row(
    cells: Sequence[Text], room: Sequence[int], right: Sequence[bool], page: _Page, *, low: bool = False
) -> Iterator[str]:
    """Set cells side by side: their first lines in one line, or their last where `low`."""
    folded = [fold(cell, width, bold=page.bold) for cell, width in zip(cells, room, strict=True)]
    height = max(map(len, folded))
    for place in range(height):
        parts = []
        for lines, width, numeric in zip(folded, room, right, strict=True):
            own = place - (height - len(lines) if low else 0)
            line = lines[own] if 0 <= own < len(lines) else Line("", 0)
            blanks = " " * (width - line.width)
            parts.append(f"{blanks}{line.text}" if numeric else f"{line.text}{blanks}")
        yield (" " * GAP).join(parts).rstrip()
