"""Texts in a drawing: how wide they are, and lines that fit the room there is."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Literal
from unicodedata import category, east_asian_width

from uncertainty.characters import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.font_manager import FontProperties

Weight = Literal["normal", "bold"]

SET_AT = 100.0
"""Size at which widths are measured; they grow with it."""


def width(text: str, size: float, weight: Weight = "normal") -> float:
    """Return the width of a text in points, in the figures' own font, which is wider than most systems'."""
    return size / SET_AT * sum(_wide(sign, weight) for sign in text)


def lines(text: str, size: float, room: float, most: int, weight: Weight = "normal") -> list[str]:
    """Break a text into lines no wider than `room`, at spaces where there are any.

    Parameters
    ----------
    most
        Lines that there is room for: the last one ends in an ellipsis where there is more to say.
    """
    # a per cent sign stays with its number
    found = list(islice(_broken(clean(text).replace(" %", "\u00a0%"), size, room, weight), most + 1))
    if len(found) <= most:
        return found
    return [*found[: most - 1], _cut(found[most - 1], size, room, weight)] if most > 0 else []


def one_line(text: str, size: float, room: float, weight: Weight = "normal") -> str:
    """Return a text on one line, cut where it is wider than `room`."""
    return next(iter(lines(text, size, room, 1, weight)), "")


def _broken(text: str, size: float, room: float, weight: Weight) -> Iterator[str]:
    line = ""
    for word in filter(None, text.split(" ")):
        longer = f"{line} {word}" if line else word
        if width(longer, size, weight) <= room:
            line = longer
            continue
        if line:
            yield line
        *full, line = _parts(word, size, room, weight)
        yield from full
    if line:
        yield line


def _parts(word: str, size: float, room: float, weight: Weight) -> Iterator[str]:
    """Break a word that is wider than a line, as texts without spaces are."""
    part = ""
    for sign in word:
        if part and width(part + sign, size, weight) > room:
            yield part
            part = ""
        part += sign
    yield part


def _cut(text: str, size: float, room: float, weight: Weight) -> str:
    """End a text with an ellipsis, after a word where that loses little."""
    kept = text
    while kept and width(f"{kept}…", size, weight) > room:
        kept = kept[:-1]
    cut = kept.rsplit(" ", 1)[0] if kept != text and " " in kept[len(kept) // 2 :] else kept
    return f"{cut.rstrip(' ,;:.')}…"


@cache
def _wide(sign: str, weight: Weight) -> float:
    from matplotlib.textpath import text_to_path

    if east_asian_width(sign) in "WF":
        return SET_AT
    kind = category(sign)
    if kind in ("Mn", "Me", "Cf"):
        return 0.0
    if not _has(sign, weight):
        return SET_AT * (LACKING_MARK if kind == "Mc" else LACKING)
    found: float = text_to_path.get_text_width_height_descent(sign, _font(weight), ismath=False)[0]
    return found


LACKING, LACKING_MARK = 0.75, 0.35
"""Widths of letters, and of marks beside them, that the font lacks and another one has, by its size."""


def _has(sign: str, weight: Weight) -> bool:
    """Tell whether the font has a sign."""
    from matplotlib.font_manager import findfont, get_font

    return bool(get_font(findfont(_font(weight))).get_char_index(ord(sign)))


@cache
def _font(weight: Weight) -> FontProperties:
    from matplotlib.font_manager import FontProperties

    return FontProperties(family="DejaVu Sans", size=SET_AT, weight=weight)
