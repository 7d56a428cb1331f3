"""Where charts and pictures lie over the cells of a sheet."""

from __future__ import annotations

import math
import posixpath
from typing import TYPE_CHECKING
from xml.sax.saxutils import unescape

from uncertainty.late import regex
from uncertainty.workbooks.formulas import Area

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

_RELATION = regex(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_TARGET = regex(rb"""\bTarget\s*=\s*["']([^"']+)["']""")
_OF_DRAWING = regex(rb"""/drawing["']""")
_TOKEN = regex(rb"<(?:\w+:)?(from|to|col|row|ext)\b([^>]*)>\s*(\d{0,7})")
_SIZE = regex(rb"""\b(cx|cy)\s*=\s*["'](\d{1,12})["']""")
COLUMN, ROW = 609_600, 190_500
"""The usual width of a column and height of a row, in the units of drawings."""


def drawn_over(book: zipfile.ZipFile, part: str) -> list[Area]:
    """Return the cells of a sheet, by the name of its part, over which charts and pictures lie."""
    names = set(book.namelist())
    folder, name = posixpath.split(part)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in names:
        return []
    found: list[Area] = []
    for relation in _RELATION.finditer(book.read(relations)):
        target = _TARGET.search(relation[1]) if _OF_DRAWING.search(relation[1]) else None
        if target is not None:
            path = posixpath.join("/", folder, unescape(target[1].decode(errors="replace")))
            drawing = posixpath.normpath(path).removeprefix("/")
            found += _anchored(book.read(drawing)) if drawing in names else []
    return found


def _anchored(drawing: bytes) -> Iterator[Area]:
    """Yield the cells between the corners of drawings; of one without an end, those that it reaches to."""
    corners: dict[bytes, dict[bytes, int]] = {}
    here: dict[bytes, int] = {}
    for tag, attributes, number in _TOKEN.findall(drawing):
        if tag in (b"from", b"to"):
            corners = {} if tag == b"from" else corners
            here = corners.setdefault(tag, {})
        elif tag == b"ext":
            sizes = {each: int(size) for each, size in _SIZE.findall(attributes)}
            start = corners.get(b"from", {})
            if sizes and len(start) > 1 and b"to" not in corners:
                across, down = sizes.get(b"cx", 0) / COLUMN, sizes.get(b"cy", 0) / ROW
                corners[b"to"] = {
                    b"col": start[b"col"] + math.ceil(across),
                    b"row": start[b"row"] + math.ceil(down),
                }
                yield _between(start, corners[b"to"])
        elif number and tag not in here:
            here[tag] = int(number)
            if here is corners.get(b"to") and len(here) > 1 and len(corners.get(b"from", {})) > 1:
                yield _between(corners[b"from"], here)


def _between(start: dict[bytes, int], end: dict[bytes, int]) -> Area:
    return Area("", start[b"row"] + 1, start[b"col"] + 1, end[b"row"] + 1, end[b"col"] + 1)
