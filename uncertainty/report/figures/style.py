"""One style for all figures: narrow enough for a phone, labelled directly, legible on light and on dark.

Figures are drawn in the light palette; a file brings its own ground. `dark_rules` recolours the same marks
where the reader prefers dark, by their literal colours, so that a program that knows no style sheets still
shows a sound picture.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import wraps
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from uncertainty.report.blocks import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

P = ParamSpec("P")

WIDTH = 520
"""Width of every figure, in points: text of 13 stays legible when a phone shows it at two thirds."""

PIXELS = 200
"""Pixels an inch of a PNG file."""

TEXT = 13.0
SMALL = 12.0

CHARACTERS = 70
"""Characters of small text that fit beside each other."""

INK = "#1f2430"
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

_FONTS = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"

# of any type, since matplotlib's own is a list of all its settings' names
_PARAMETERS: Any = {
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

_GROUND = (
    f":root{{background:{PAGE[0]}}}"
    f"@media screen and (prefers-color-scheme:dark){{:root{{background:{PAGE[1]}}}}}"
)
_STYLE = re.compile(r"\s*<style>.*?</style>", re.DOTALL)
_LONG_DECIMAL = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_STEP = re.compile(r"\s*([MLCQz])\s*")
_DRAWING_ATTRIBUTE = re.compile(r'\b(d|x|y|x1|x2|y1|y2|cx|cy|r|width|height|points|transform)="([^"]*)"')


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Make a function that draws in this style, whatever matplotlib's settings are."""

    @wraps(draw)
    def drawing(*args: P.args, **kwargs: P.kwargs) -> Figure:
        import matplotlib as mpl

        with mpl.rc_context(_PARAMETERS):
            return draw(*args, **kwargs)

    return drawing


def canvas(height: float, width: float = WIDTH) -> Figure:
    """Return an empty figure, by default of the common width.

    Parameters
    ----------
    height, width
        In points.
    """
    from matplotlib.figure import Figure

    return Figure(figsize=(width / 72, height / 72), facecolor="none")


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


def svg_text(figure: Figure, name: str, title: str) -> str:
    """Return a figure as an SVG document: the same bytes for the same figure.

    Parameters
    ----------
    name
        Prefix of every identifier in it, so that several can live in one page.
    title
        What it shows.
    """
    import io
    import warnings

    import matplotlib as mpl

    buffer = io.StringIO()
    with mpl.rc_context(_PARAMETERS), warnings.catch_warnings():
        # the reader's own font draws the text, so that a sign that is missing here is not missing there
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _tidy(buffer.getvalue(), name, title)


def picture_bytes(figure: Figure, form: str) -> bytes:
    """Return a figure as a PNG or PDF file on the page's light ground: the same bytes for the same figure.

    Parameters
    ----------
    form
        ``"png"`` or ``"pdf"``.
    """
    import io
    import warnings

    import matplotlib as mpl

    buffer = io.BytesIO()
    metadata = {"CreationDate": None} if form == "pdf" else {"Software": None}
    with mpl.rc_context(_PARAMETERS | {"pdf.fonttype": 42}), warnings.catch_warnings():
        # a font that lacks a sign draws a box in its place
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.savefig(buffer, format=form, dpi=PIXELS, facecolor=PAGE[0], metadata=metadata)
    return buffer.getvalue()


def _tidy(text: str, name: str, title: str) -> str:
    """Drop what only a drawing program needs, shorten coordinates, and name the drawing."""
    body = text[text.index("<svg") :]
    body = re.sub(r"\s*<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r"<!--.*?-->\s*", "", body, flags=re.DOTALL)
    body = body.replace("'DejaVu Sans'", _FONTS)
    body = _DRAWING_ATTRIBUTE.sub(_shortened, body)
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', body))
    body = re.sub(r' id="([^"]*)"', lambda m: f' id="{name}-{m[1]}"' if m[1] in used else "", body)
    body = re.sub(r'(href="#|url\(#)', rf"\g<1>{name}-", body)
    # a mark takes its colours from where it is used: a style sheet does not reach into its copies everywhere
    body = re.sub(r'(<path id="[^>]*?)stroke: #[0-9a-f]{6};? ?', r"\1", body)
    head, rest = body.split(">", 1)
    head = re.sub(r'\s(?:width|height)="[^"]*"', "", head)
    label = f' role="img" aria-label={quoteattr(clean(title))}'
    style = f"{_GROUND}{dark_rules('')}"
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


def shorten(text: str, longest: int) -> str:
    """Return a text on one line, cut at a word where it is longer than a figure has room for."""
    line = clean(text)
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    head = cut.rsplit(" ", 1)[0] if " " in cut[longest // 2 :] else cut
    return head.rstrip(" ,;:") + "…"


@dataclass(frozen=True, slots=True)
class Scale:
    """A horizontal axis from `low` to `high`, logarithmic where all that it shows is positive."""

    low: float
    high: float
    logarithmic: bool

    @classmethod
    def over(cls, values: list[float], *, logarithmic: bool) -> Scale:
        """Return the scale that shows all values with a little room on both sides."""
        low, high = min(values), max(values)
        if logarithmic and low > 0:
            room = 0.06 * math.log10(high / low) or 0.3
            return cls(low / 10**room, high * 10**room, logarithmic=True)
        room = 0.06 * (high - low) or 0.1 * abs(high) or 1.0
        return cls(low - room, high + room, logarithmic=False)

    def ticks(self, most: int = 7) -> list[float]:
        """Return round values for the axis.

        Parameters
        ----------
        most
            Decades, or steps of a linear axis, that there is room for.
        """
        if not self.logarithmic:
            return list(_linear_ticks(self.low, self.high, most))
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        decades = last - first
        step = max(1, math.ceil(decades / most))
        within = (1, 2, 5) if decades <= min(2, most / 3) else (1, 3) if decades <= 1 else (1,)
        ticks = [m * 10.0**e for e in range(first, last + 1) if e % step == 0 for m in within]
        return [tick for tick in ticks if self.low <= tick <= self.high]

    def apply(self, axes: Axes, label: str, most: int = 7) -> None:
        """Set an axis to the scale, with as many ticks as there is room for."""
        from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

        if self.logarithmic:
            axes.set_xscale("log")
        axes.set_xlim(self.low, self.high)
        ticks = self.ticks(most)
        axes.xaxis.set_major_locator(FixedLocator(ticks))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_minor_formatter(NullFormatter())
        label_ticks(axes, [(tick_text(tick), self.share(tick)) for tick in ticks])
        axes.set_xlabel(label)

    def share(self, value: float) -> float:
        """Return where a value lies on the axis, from 0 at the left to 1 at the right."""
        if self.logarithmic:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def label_ticks(axes: Axes, labels: list[tuple[str, float]]) -> None:
    """Write each tick's text, by its place from 0 to 1, so that none hangs over an end of the axis."""
    drawn = axes.set_xticklabels([text for text, _ in labels])
    whole = axes.get_figure(root=True)
    room = CHARACTERS * (whole.get_size_inches()[0] * 72 / WIDTH if whole is not None else 1)
    for tick, (text, place) in zip(drawn, labels, strict=True):
        half = len(text) / 2 / room
        if place < half:
            tick.set_horizontalalignment("left")
        elif place > 1 - half:
            tick.set_horizontalalignment("right")


def name_value(axes: Axes, scale: Scale, value: float, text: str, *, colour: str, line: int = 0) -> None:
    """Name a value above the axes, on the first line or a higher one."""
    place = scale.share(value)
    axes.annotate(
        text,
        (value, 1),
        (0, 5 + 16 * line),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        color=colour,
        ha="left" if place < 0.2 else "right" if place > 0.8 else "center",
        va="bottom",
        fontsize=SMALL,
        annotation_clip=False,
    )


def _linear_ticks(low: float, high: float, most: int = 7) -> Iterator[float]:
    raw = (high - low) / min(5, most)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw)
    number = math.ceil(low / step)
    while number * step <= high:
        yield number * step
        number += 1


def tick_text(value: float) -> str:
    """Write a value on an axis."""
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return f"{value:,.10f}".rstrip("0").rstrip(".")
    exponent = math.floor(math.log10(abs(value)) + 1e-9)
    mantissa = f"{value / 10.0**exponent:g}"
    raised = str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"10{raised}" if mantissa == "1" else f"{mantissa}×10{raised}"
