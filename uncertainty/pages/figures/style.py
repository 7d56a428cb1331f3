"""One style for all figures: narrow enough for a phone, labelled directly, legible on light and on dark.

Figures are drawn in the light palette; a file brings its own ground. `pictures` recolours the same marks
where the reader prefers dark, by their literal colours, so that a program that knows no style sheets still
shows a sound picture.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from functools import wraps
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeAlias
from unicodedata import category, east_asian_width

import numpy as np

from uncertainty.characters import clean, isolated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

P = ParamSpec("P")

WIDTH = 520
"""Width of every figure, in points: text of 13 stays legible when a phone shows it at two thirds."""

PIXELS = 200
"""Pixels an inch of a PNG file, where the figure does not say otherwise."""

TEXT = 13.0
SMALL = 12.0

CHARACTERS = 70
"""Characters of small text that fit beside each other."""

INK = "#1f2430"
PUBLISHED = INK
"""Colour of the published figure."""
MUTED = "#5a6372"
GRID = "#d3d8df"
ROLES = ("#0b62a8", "#00755c", "#b04a00", "#7b3f98")
"""Colours of the leading readings, distinct to colour-blind readers; `MARKS` do without colour."""

MARKS = ("o", "s", "D", "^")

DARK = MappingProxyType(
    {
        INK: "#e8eaee",
        MUTED: "#a7b0bd",
        GRID: "#3a4250",
        ROLES[0]: "#6cb6ff",
        ROLES[1]: "#45cba6",
        ROLES[2]: "#ff9d5c",
        ROLES[3]: "#cf9dee",
    }
)

FONTS = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"

# of any type, since matplotlib's own is a list of all its settings' names
PARAMETERS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "uncertainty",
    "font.family": ["DejaVu Sans"],
    "font.size": TEXT,
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": MUTED,
    "axes.labelsize": SMALL,
    "axes.linewidth": 0.8,
    "axes.unicode_minus": True,
    "xtick.color": MUTED,
    "xtick.labelsize": SMALL,
    "xtick.major.size": 4,
    "xtick.minor.size": 2,
    "path.simplify": False,
}

PAGE = ("#fdfdfb", "#14171d")
"""The ground that figures stand on, light and dark."""

PAPER = "#ffffff"
"""The ground of figures that are as wide as paper asks for."""


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Make a function that draws in this style, whatever matplotlib's settings are."""

    @wraps(draw)
    def drawing(*args: P.args, **kwargs: P.kwargs) -> Figure:
        import matplotlib as mpl

        with mpl.rc_context(PARAMETERS):
            return draw(*args, **kwargs)

    return drawing


def canvas(height: float, width: float = WIDTH, pixels: float = PIXELS) -> Figure:
    """Return an empty figure, by default of the common width.

    Parameters
    ----------
    height, width
        In points.
    pixels
        An inch of a PNG file has as many.
    """
    from matplotlib.figure import Figure

    return Figure(figsize=(width / 72, height / 72), dpi=pixels, facecolor="none")


LEAST = 6.0
"""Points under which no letter of a figure in a column of 85 mm is set."""


def legible(figure: Figure, width: float, wanted: float | None = None) -> None:
    """Let no letter be too small on paper, as far as figures have room for larger ones.

    Parameters
    ----------
    width
        Of the paper, in points.
    wanted
        Least letters on paper, in points: a figure becomes as much higher as its letters become larger.
    """
    from matplotlib.text import Text

    with _quietly():
        # until it is drawn an axis lacks some of its ticks
        figure.draw_without_rendering()
        across, high = figure.get_size_inches()
        grown = across * 72 / width
        least = min(LEAST * grown, TEXT) if wanted is None else wanted * grown
        small = [
            (text, float(text.get_fontsize()))
            for text in figure.findobj(Text)
            if isinstance(text, Text) and 0 < float(text.get_fontsize()) < least
        ]
        if small and least > TEXT:
            figure.set_size_inches(across, high * least / TEXT)
        edge = 0 if wanted is None else figure.bbox.width / 100
        for text, own in small:
            sizes = (least, own) if wanted is None else (*np.arange(least, own, -0.25), own)
            for size in sizes:
                text.set_fontsize(float(size))
                box = text.get_window_extent()
                if box.x0 >= 0 and box.x1 <= figure.bbox.width - edge:
                    break


@contextmanager
def _quietly() -> Iterator[None]:
    """Draw in this style, without a word on signs that the reader's own font may have."""
    import matplotlib as mpl

    with mpl.rc_context(PARAMETERS), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        yield


def axes_inside(figure: Figure, *, top: float = 8, bottom: float = 46, side: float = 6) -> Axes:
    """Add axes that leave the given margins, in points; only the horizontal axis is drawn."""
    width, height = (72 * inches for inches in figure.get_size_inches())
    axes = figure.add_axes(
        (side / width, bottom / height, 1 - 2 * side / width, 1 - (top + bottom) / height), facecolor="none"
    )
    for spine in ("left", "right", "top"):
        axes.spines[spine].set_visible(False)
    axes.set_yticks([])
    return axes


Bands: TypeAlias = "list[tuple[float, float]]"
"""Stretches of the vertical axis where lines may be drawn, from and to: text stands between them."""


def draw_lines(
    axes: Axes, values: list[float], bands: Bands, *, colour: str, width: float, dashed: bool = False
) -> None:
    """Draw vertical lines at some values, in the bands alone."""
    for value in values:
        for top, bottom in bands:
            axes.plot(
                [value, value],
                [top, bottom],
                color=colour,
                linewidth=width,
                dashes=(3, 2) if dashed else (),
                solid_capstyle="butt",
                zorder=0,
            )


def letters(text: str) -> float:
    """Return how wide a text is, in letters of the usual width: Chinese ones are wider, marks stand above."""
    return sum(2 if east_asian_width(each) in "WF" else category(each) not in _WITHOUT_WIDTH for each in text)


_WITHOUT_WIDTH = ("Mn", "Me", "Cf")


def fitting(text: str, room: float) -> int:
    """Return how many characters of a text fit where there is room for so many letters."""
    return next((k for k in range(len(text)) if letters(text[: k + 1]) > room), len(text))


def shorten(text: str, longest: int) -> str:
    """Return a text on one line, cut at a word where it is longer than a figure has room for."""
    line = clean(text)
    if letters(line) <= longest:
        return isolated(line)
    cut = line[: fitting(line, longest - 1)]
    head = cut.rsplit(" ", 1)[0] if " " in cut[len(cut) // 2 :] else cut
    return isolated(head.rstrip(" ,;:") + "…")


def labelled(name: str, value: str, longest: int) -> str:
    """Return a name with its value behind it; where both are too long, the name is cut."""
    return f"{shorten(name, max(longest - len(value) - 2, 12))}: {value}"
