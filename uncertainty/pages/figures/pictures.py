"""Figures as files: tidy SVG, and pictures made of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from uncertainty.characters import clean
from uncertainty.late import regex
from uncertainty.pages.figures.style import DARK, FONTS, PAGE, PAPER, PARAMETERS, PIXELS
from uncertainty.pages.typesetting import size_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from uncertainty.pages.figures.sheet import Sheet
    from uncertainty.pages.typesetting import Form

_GROUND = (
    f":root{{background:{PAGE[0]}}}"
    f"@media screen and (prefers-color-scheme:dark){{:root{{background:{PAGE[1]}}}}}"
)
_STYLE = regex(r"\s*<style>.*?</style>", re.DOTALL)
_LONG_DECIMAL = regex(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_STEP = regex(r"\s*([MLCQz])\s*")
_DRAWING_ATTRIBUTE = regex(r'\b(d|x|y|x1|x2|y1|y2|cx|cy|r|width|height|points|transform)="([^"]*)"')


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
    _clean(figure)
    if dark:
        _darken(figure)
    with mpl.rc_context(PARAMETERS), warnings.catch_warnings():
        # the reader's own font draws the text, so that a sign that is missing here is not missing there
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    style = f":root{{background:{PAGE[1]}}}" if dark else f"{_GROUND}{dark_rules('')}"
    return _tidy(buffer.getvalue(), name, title, style)


def picture_bytes(svg: str, form: Form, title: str, sheet: Sheet) -> tuple[bytes, str]:
    """Return a figure as a PNG or PDF file on its ground, and the characters that it has as boxes.

    Scripts whose letters join or run from right to left are set as they are read; matplotlib itself would
    set sign after sign.

    Parameters
    ----------
    title
        What it shows.

    Raises
    ------
    SettingError
        If there is no font of the name that is asked for.
    """
    from uncertainty.pages.fonts import fonts_for
    from uncertainty.pages.typesetting import drawing, language_of, texts_in, typeset

    fonts = fonts_for(texts_in(svg), language=sheet.language, named=sheet.font)
    data = {
        "title": clean(title),
        "language": language_of(sheet.language),
        "ground": sheet.ground,
        "width": sheet.width or size_of(svg)[0],
        "figure": drawing(without_style(svg), fonts),
    }
    dpi = sheet.dpi or PIXELS
    made = typeset("picture.typ", data, form, fonts, dpi if form == "png" else None)
    return _with_resolution(made, dpi) if form == "png" else made, fonts.missing


def sized(svg: str, width: float | None) -> str:
    """Return a drawing that says how wide it is on paper, in points; without one it fits where it stands."""
    if width is None:
        return svg
    wide, high = size_of(svg)
    svg = svg.replace(f":root{{background:{PAGE[0]}}}", f":root{{background:{PAPER}}}", 1)
    return svg.replace("<svg ", f'<svg width="{_points(width)}" height="{_points(width * high / wide)}" ', 1)


def _points(length: float) -> str:
    return f"{length:.3f}".rstrip("0").rstrip(".") + "pt"


def _with_resolution(png: bytes, dpi: float) -> bytes:
    """Let a PNG file say how large it is on paper (PNG specification, 11.3.4.3)."""
    import struct
    import zlib

    metre = round(dpi / 0.0254)
    body = b"pHYs" + struct.pack(">IIB", metre, metre, 1)
    header = len(b"\x89PNG\r\n\x1a\n") + 4 + 4 + 13 + 4
    return png[:header] + struct.pack(">I", 9) + body + struct.pack(">I", zlib.crc32(body)) + png[header:]


def _clean(figure: Figure) -> None:
    """Take out of a figure's texts what steers, and what no SVG document can hold."""
    from matplotlib.text import Text

    for artist in figure.findobj(Text):
        if isinstance(artist, Text):
            artist.set_text("\n".join(map(clean, artist.get_text().split("\n"))))


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
