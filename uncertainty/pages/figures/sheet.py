"""How a figure is put on paper: its width, its dots, its ground and its letters."""

from __future__ import annotations

import math
from types import MappingProxyType

from uncertainty.characters import clean
from uncertainty.errors import SettingError, suggestion
from uncertainty.late import dataclass, regex
from uncertainty.pages.figures.style import PAGE, PAPER, PIXELS, TEXT, WIDTH

POINTS = MappingProxyType({"mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72.0, "pt": 1.0, "px": 0.75})
"""Points of each unit of length that a width may have."""

WIDTHS = (20, 2000)
"""Least and greatest width of a figure, in millimetres."""

LETTERS = 4.0
"""Points of the smallest letters that can be asked for."""

LARGER = 1.4
"""How much larger letters can be than a figure's own, which it has room for."""

LEAST_DPI, MOST_DPI, MOST_PIXELS = 20, 2400, 20_000

_LENGTH = regex(r"(\d{1,6}(?:\.\d{1,6})?)\s*([A-Za-z]+)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a figure is put on paper.

    Parameters
    ----------
    width
        In points; by default that of a report.
    dpi
        Pixels an inch of a PNG file; by default as many as the figure asks for.
    font
        Name or file of a font that characters are taken from which the bundled ones lack.
    language
        Tag of the language of its texts.
    dark
        Whether it stands on a dark ground for everybody.
    text
        Of the smallest letters on paper, in points; by default those that are legible in a column.
    """

    width: float | None = None
    dpi: float | None = None
    font: str | None = None
    language: str = "en"
    dark: bool = False
    text: float | None = None

    @property
    def ground(self) -> str:
        """The colour that a figure stands on: white on paper."""
        return PAPER if self.width is not None and not self.dark else PAGE[self.dark]

    @classmethod
    def asked(
        cls,
        width: str | None,
        dpi: float | None,
        font: str | None,
        language: str,
        *,
        dark: bool = False,
        size: str | None = None,
        text: str | None = None,
        dashes: str = "",
    ) -> Sheet:
        """Return what is asked for, checked.

        Parameters
        ----------
        width
            Such as ``"85mm"``.
        size
            Of a card: one for paper has a width of its own.
        text
            Such as ``"7pt"``.
        dashes
            What stands before the names of arguments in an error.

        Raises
        ------
        SettingError
            If a figure cannot be had so.
        """
        from uncertainty.pages.figures.card_layout import PRINTED, SIZES
        from uncertainty.pages.fonts import named_font

        points = None if width is None else _length(width, f"{dashes}width", "85mm")
        if points is None and size in PRINTED:
            points = SIZES[size].width
        if dpi is not None and not LEAST_DPI <= dpi <= MOST_DPI:
            raise SettingError(f"{dashes}dpi: expected {LEAST_DPI} to {MOST_DPI:,}, found {dpi:g}")
        if (points or WIDTH) / 72 * (dpi or PIXELS) > MOST_PIXELS:
            raise SettingError(
                f"{dashes}dpi: {dpi or PIXELS:g} makes more than {MOST_PIXELS:,} pixels across; expected "
                f"{MOST_PIXELS * 72 / (points or WIDTH):,.0f} at most, or a smaller width"
            )
        if font is not None:
            named_font(font, f"{dashes}font")
        letters = None if text is None else _letters(text, f"{dashes}text", points, f"{dashes}width")
        return cls(points, dpi, font, language, dark, letters)


def _letters(text: str, key: str, width: float | None, other: str) -> float:
    """Return the size of letters in points, which a figure of a width has room for."""
    if width is None:
        raise SettingError(f"{key}: expected together with {other}, since letters have a size on paper alone")
    size, most = _points(text, key, "7pt"), LARGER * TEXT * width / WIDTH
    if not LETTERS <= size <= max(most, LETTERS):
        room = f"{LETTERS:g} pt to {math.floor(10 * max(most, LETTERS)) / 10:g} pt, for which there is room"
        raise SettingError(f'{key}: expected {room}, found "{clean(text)[:40]}"')
    return size


def _length(text: str, key: str, such: str) -> float:
    """Return the width of a figure in points."""
    points = _points(text, key, such)
    least, most = (value * POINTS["mm"] for value in WIDTHS)
    if not least <= points <= most:
        found = clean(text.strip())[:40]
        raise SettingError(f"{key}: expected {WIDTHS[0]} mm to {WIDTHS[1]:,} mm, found {found}")
    return points


def _points(text: str, key: str, such: str) -> float:
    """Return a length in points."""
    found = _LENGTH.fullmatch(text.strip())
    if found is None or found[2] not in POINTS:
        near = "" if found is None else suggestion(found[2], POINTS)
        expected = f"expected a length in {', '.join(POINTS)}, such as {such}"
        raise SettingError(f'{key}: {expected}, found "{clean(text)[:40]}"{near}')
    return float(found[1]) * POINTS[found[2]]
