"""Marks of a workbook that say that a cell does not count, or that nobody sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uncertainty.late import regex
from uncertainty.tables.row_names import is_rejected

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_COLOURED_ELSEWHERE = regex(rb"<(?:\w+:)?(?:conditionalFormatting|tablePart)[\s>]")
_WHITE = ("FFFFFF", 0, 9)
"""White by its parts of red, green and blue, as the first colour of a theme, and by number."""


class Marks:
    """What is struck through in a sheet, written in the colour of its ground, or left out by a comment."""

    def __init__(self, sheet: Any) -> None:
        self._book = sheet.parent
        content = self._book._archive.read(sheet._worksheet_path)
        # there, what stands on it may have another ground than its own format says
        self._has_grounds = _COLOURED_ELSEWHERE.search(content) is None
        self._known: dict[int, tuple[str, ...]] = {}
        self._comments = _comments(sheet)

    def objections(self, cell: Mapping[str, Any], place: str) -> Iterator[str]:
        """Say what is wrong with a cell that holds something, by its place, such as B4."""
        style = cell["style_id"]
        if style not in self._known:
            self._known[style] = (*self._of_style(style),) if style else ()
        yield from self._known[style]
        if is_rejected(comment := self._comments.get(place, "")):
            yield f'has the comment "{comment}"; clear the cell, or remove the comment'

    def _of_style(self, style: int) -> Iterator[str]:
        found = self._book._cell_styles[style]
        font, fill = self._book._fonts[found.fontId], self._book._fills[found.fillId]
        if font.strike:
            yield "is struck through; clear the cell, or format it as the others"
        ground = getattr(fill, "fill_type", "gradient")
        under = _colour(fill.fgColor) if ground == "solid" else _WHITE[0] if ground is None else None
        if self._has_grounds and font.color is not None and _colour(font.color) == under:
            yield "is written in the colour of its ground; change that, or clear the cell"


def _colour(colour: Any) -> object:
    """Return a colour in a form of which equal ones look alike; white is the same in each."""
    if colour.tint:
        return colour.type, colour.value, colour.tint
    said = colour.value[-6:].upper() if colour.type == "rgb" else colour.value
    is_white = said == {"rgb": _WHITE[0], "theme": _WHITE[1], "indexed": _WHITE[2]}.get(colour.type)
    return _WHITE[0] if is_white else (colour.type, said)


def _comments(sheet: Any) -> dict[str, str]:
    """Return the last line of each comment on a sheet, by its cell; above it stands who wrote it."""
    from openpyxl.packaging.relationship import get_dependents, get_rels_path
    from openpyxl.xml.constants import COMMENTS_NS, SHEET_MAIN_NS
    from openpyxl.xml.functions import fromstring

    archive, rels = sheet.parent._archive, get_rels_path(sheet._worksheet_path)
    if rels not in archive.namelist():
        return {}
    comment, text = (f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("comment", "text"))
    found: dict[str, str] = {}
    for part in get_dependents(archive, rels).find(COMMENTS_NS):
        for each in fromstring(archive.read(part.target)).iter(comment):
            said = "".join(piece for of in each.iter(text) for piece in of.itertext())
            found[each.get("ref", "")] = (said.strip().splitlines() or [""])[-1].strip()
    return found
