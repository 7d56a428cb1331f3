"""What typst sets: documents, and pictures in which every script is shaped and runs its own way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal
from unicodedata import category
from xml.sax.saxutils import unescape

from uncertainty.characters import runs_other_way
from uncertainty.errors import UncertaintyError
from uncertainty.late import regex
from uncertainty.pages.fonts import Fonts

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

Form = Literal["pdf", "png"]

_TEXT = regex(r"(<text\b[^>]*>)([^<]*)(?=</text>)")
_PROPERTY = regex(r"([a-z-]+): ([^;\"]+)")
_PLACE = regex(r'\bx="(-?[\d.]+)" y="(-?[\d.]+)"')
_MOVE = regex(r"translate\((-?[\d.]+)[ ,]+(-?[\d.]+)\)")
_TURN = regex(r"rotate\((-?[\d.]+)")
_VIEW = regex(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"')
_MARKS = ("Mn", "Mc")


def typeset(
    template: str, data: Mapping[str, Any], form: Form, fonts: Fonts | None = None, dpi: float | None = None
) -> bytes:
    """Return what a template makes of some data: the same bytes for the same data and fonts.

    Parameters
    ----------
    template
        Name of its file; it reads texts as data, none as markup.
    fonts
        What is taken beside the bundled fonts; the system's others would make another file on another
        machine.

    Raises
    ------
    UncertaintyError
        If a text is one that typst gives up at.
    """
    from importlib.resources import files

    import typst

    templates = files("uncertainty.pages.render") / "templates"
    source = b"".join((templates / name).read_bytes() for name in ("drawing.typ", template))
    chosen = fonts or Fonts()
    given = json.dumps({**data, "fonts": chosen.families}, ensure_ascii=False)
    with chosen.folder() as folder:
        try:
            made = typst.compile(
                source,
                format=form,
                ppi=dpi,
                sys_inputs={"data": given},
                font_paths=typst.Fonts(include_system_fonts=False, font_paths=[folder]),
                ignore_system_fonts=True,
            )
        except BaseException as error:
            # what a library in Rust raises where it gives up is no Exception, and has no class to name
            if type(error).__name__ != "PanicException":
                raise
            raise UncertaintyError(f"a text cannot be set in {form.upper()}: typst fails at it") from None
    if not isinstance(made, bytes):
        raise TypeError(f"expected one document from typst, found {type(made).__name__}")
    return made


def language_of(tag: str) -> dict[str, str | None]:
    """Return a tag's language and, where it says one of two letters, its region."""
    first, *others = tag.split("-")
    region = next((part for part in others if len(part) == 2), None)
    return {"language": first.lower(), "region": region and region.upper()}


def texts_in(svg: str) -> list[str]:
    """Return the texts of a drawing."""
    return [unescape(content) for _, content in _TEXT.findall(svg)]


def drawing(svg: str, fonts: Fonts) -> dict[str, Any]:
    """Return a drawing as templates take it, without the texts that drawing programs set badly.

    Those in which letters join, marks take room or another font stands in are set as the document's own
    text is, at their places.
    """
    apart: list[dict[str, Any]] = []

    def taken(found: re.Match[str]) -> str:
        if not _needs_shaping(found[2], fonts):
            return found[0]
        apart.append(_placed(found[1], unescape(found[2])))
        return found[1]

    kept = _TEXT.sub(taken, svg)
    wide, high = size_of(svg)
    return {"svg": kept, "wide": wide, "high": high, "texts": apart}


def _needs_shaping(text: str, fonts: Fonts) -> bool:
    if text.isascii():
        return False
    return runs_other_way(text) or any(each in fonts.taken or category(each) in _MARKS for each in text)


def _placed(tag: str, text: str) -> dict[str, Any]:
    """Return a text with its place, in the drawing's own points, and how it is written."""
    style = dict(_PROPERTY.findall(tag))
    place = _PLACE.search(tag) or _MOVE.search(tag)
    turn = _TURN.search(tag)
    return {
        "text": text,
        "x": float(place[1]) if place else 0.0,
        "y": float(place[2]) if place else 0.0,
        "angle": float(turn[1]) if turn else 0.0,
        "size": float(style.get("font-size", "12px").removesuffix("px")),
        "bold": style.get("font-weight") == "700",
        "colour": style.get("fill", "#000000"),
        "anchor": {"middle": 0.5, "end": 1.0}.get(style.get("text-anchor", ""), 0.0),
    }


def size_of(svg: str) -> tuple[float, float]:
    """Return the width and the height of a drawing, in points."""
    found = _VIEW.search(svg)
    return (float(found[1]), float(found[2])) if found else (1.0, 1.0)
