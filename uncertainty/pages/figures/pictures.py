"""Figures as files: tidy SVG and pictures, and what their fonts cannot show."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from uncertainty.characters import clean
from uncertainty.pages.figures.style import DARK, FONTS, PAGE, PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.figure import Figure

_GROUND = (
    f":root{{background:{PAGE[0]}}}"
    f"@media screen and (prefers-color-scheme:dark){{:root{{background:{PAGE[1]}}}}}"
)
_STYLE = re.compile(r"\s*<style>.*?</style>", re.DOTALL)
_LONG_DECIMAL = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_STEP = re.compile(r"\s*([MLCQz])\s*")
_DRAWING_ATTRIBUTE = re.compile(r'\b(d|x|y|x1|x2|y1|y2|cx|cy|r|width|height|points|transform)="([^"]*)"')


def svg_text(figure: Figure, name: str, title: str, *, dark: bool = False) -> str:
    """Return a figure as an SVG document: the same bytes for the same figure.

    Parameters
    ----------
    name
        Prefix of every identifier in it, so that several can live in one page.
    title
        What it shows.
    dark
        Whether it is dark for everybody, and not for those alone who prefer that.
    """
    import io
    import warnings

    import matplotlib as mpl

    buffer = io.StringIO()
    if dark:
        _darken(figure)
    with mpl.rc_context(PARAMETERS), warnings.catch_warnings():
        # the reader's own font draws the text, so that a sign that is missing here is not missing there
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    style = f":root{{background:{PAGE[1]}}}" if dark else f"{_GROUND}{dark_rules('')}"
    return _tidy(buffer.getvalue(), name, title, style)


def picture_bytes(figure: Figure, form: str, *, dark: bool = False) -> bytes:
    """Return a figure as a PNG or PDF file on the page's ground: the same bytes for the same figure.

    Parameters
    ----------
    form
        ``"png"`` or ``"pdf"``.
    dark
        Whether the ground is the dark one.
    """
    import io
    import warnings

    import matplotlib as mpl

    buffer = io.BytesIO()
    if dark:
        _darken(figure)
    metadata = {"CreationDate": None} if form == "pdf" else {"Software": None}
    with mpl.rc_context(PARAMETERS | {"pdf.fonttype": 42}), warnings.catch_warnings():
        # a font that lacks a sign draws a box in its place
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.savefig(buffer, format=form, dpi="figure", facecolor=PAGE[dark], metadata=metadata)
    return buffer.getvalue()


def _darken(figure: Figure) -> None:
    """Give every mark and text of a figure its colour for a dark ground."""
    import warnings

    import matplotlib as mpl
    from matplotlib.colors import to_hex, to_rgba_array

    with mpl.rc_context(PARAMETERS), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        # until it is drawn an axis lacks some of its ticks
        figure.draw_without_rendering()
    for artist in figure.findobj():
        for what in ("color", "facecolor", "edgecolor", "markerfacecolor", "markeredgecolor"):
            found = getattr(artist, f"get_{what}", lambda: None)()
            if found is None or not len(colours := to_rgba_array(found)):
                continue
            dark = DARK.get(to_hex(colours[0]))
            if dark is not None:
                alpha = colours[0][3]
                getattr(artist, f"set_{what}")((dark, alpha) if alpha < 1 else dark)


def _tidy(text: str, name: str, title: str, style: str) -> str:
    """Drop what only a drawing program needs, shorten coordinates, and name the drawing."""
    body = text[text.index("<svg") :]
    body = re.sub(r"\s*<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r"<!--.*?-->\s*", "", body, flags=re.DOTALL)
    body = body.replace("'DejaVu Sans'", FONTS)
    body = _DRAWING_ATTRIBUTE.sub(_shortened, body)
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', body))
    body = re.sub(r' id="([^"]*)"', lambda m: f' id="{name}-{m[1]}"' if m[1] in used else "", body)
    body = re.sub(r'(href="#|url\(#)', rf"\g<1>{name}-", body)
    # a mark takes its colours from where it is used: a style sheet does not reach into its copies everywhere
    body = re.sub(r'(<path id="[^>]*?)stroke: #[0-9a-f]{6};? ?', r"\1", body)
    head, rest = body.split(">", 1)
    head = re.sub(r'\s(?:width|height)="[^"]*"', "", head)
    label = f' role="img" aria-label={quoteattr(clean(title))}'
    return f"{head}{label}>\n <title>{escape(clean(title))}</title>\n <style>{style}</style>{rest}"


def without_style(svg: str) -> str:
    """Return a drawing for a page that has the style sheet of figures itself."""
    return _STYLE.sub("", svg, count=1)


def _shortened(match: re.Match[str]) -> str:
    """Write an attribute with no more digits and spaces than a drawing needs."""
    name, value = match[1], _LONG_DECIMAL.sub(_short, match[2])
    if name == "d":
        value = _STEP.sub(r"\1", value)
    return f'{name}="{value}"'


def _short(match: re.Match[str]) -> str:
    text = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def dark_rules(scope: str) -> str:
    """Return the style sheet that recolours figures where a screen's reader prefers dark."""
    rules = [
        f'{scope}[style*="{key}: {light}"]{{{key}:{dark}!important}}'
        for light, dark in DARK.items()
        for key in ("fill", "stroke")
    ]
    return "@media screen and (prefers-color-scheme:dark){" + "".join(rules) + "}"


FIGURES = "DejaVuSans.ttf"
"""The font that figures are drawn with."""

LAST_RESORT = "LastResort"
"""Name that begins that of a font whose signs are all boxes."""

NAMED = 20
"""Characters that a warning names."""


def folder() -> Path:
    """Return where the fonts are that come with matplotlib, the same on every machine."""
    import matplotlib as mpl

    return Path(mpl.get_data_path()) / "fonts" / "ttf"


def texts_of(figure: Figure) -> list[str]:
    """Return the texts that are drawn in a figure."""
    from matplotlib.text import Text

    return [found.get_text() for found in figure.findobj(Text) if isinstance(found, Text)]


def without_sign(texts: Iterable[str], *, any_font: bool = False) -> str:
    """Return the characters of some texts that have no sign, in the order in which they appear.

    Parameters
    ----------
    any_font
        Whether one sign in any of the fonts is enough, as it is in a document.
    """
    wanted = [each for each in dict.fromkeys("".join(texts)) if each.isprintable() and not each.isspace()]
    others = sorted(each.name for each in folder().glob("*.ttf")) if any_font else []
    for name in [FIGURES, *(each for each in others if not each.startswith(LAST_RESORT))]:
        wanted = [each for each in wanted if ord(each) not in _signs(name)] if wanted else wanted
    return "".join(wanted)


def warning(missing: str, where: str) -> str:
    """Say which characters are drawn as boxes, and where."""
    named = " ".join(missing[:NAMED])
    more = f" and {len(missing) - NAMED:,} more" if len(missing) > NAMED else ""
    return f"warning: the font has no sign for {named}{more}; {where} shows boxes in their place"


@cache
def _signs(name: str) -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(folder() / name)).get_charmap())
