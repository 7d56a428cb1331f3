"""Axes: their scales with round ticks, and panels one above another."""

from __future__ import annotations

import math
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.characters import isolated
from uncertainty.late import dataclass
from uncertainty.pages.figures.lettering import one_line
from uncertainty.pages.figures.style import CHARACTERS, GRID, MUTED, SMALL, TEXT, WIDTH, letters, styled
from uncertainty.rounding import log10_about, rounding_of_unseen, varies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from uncertainty.distributions.protocol import FloatArray

LEAST, MOST = sys.float_info.min, sys.float_info.max


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
        if not varies(low, high, float(rounding_of_unseen(np.array([low, high])).max())):
            low = high
        if logarithmic and low > 0:
            room = 0.06 * (math.log10(high) - math.log10(low)) or 0.3
            low, high = max(low / 10**room, LEAST), min(high * 10**room, MOST)
            return cls(low, high, logarithmic=True)
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
        inside = [tick for tick in ticks if self.low <= tick <= self.high]
        return inside if len(inside) > 1 else list(_linear_ticks(self.low, self.high, most))

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
        texts, origin = tick_texts(ticks)
        label_ticks(axes, [(text, self.share(tick)) for text, tick in zip(texts, ticks, strict=True)])
        axes.set_xlabel(f"{label} − {origin}" if origin else label)

    def share(self, value: float) -> float:
        """Return where a value lies on the axis, from 0 at the left to 1 at the right."""
        return float(self.shares(np.array([value]))[0])

    def shares(self, values: FloatArray) -> FloatArray:
        """Return where values lie on the axis; exact also where they differ in their last digits."""
        if self.logarithmic:
            return log10_about(values, self.low) / log10_about(np.array([self.high]), self.low)
        return np.asarray((values - self.low) / (self.high - self.low))

    def values(self, shares: FloatArray) -> FloatArray:
        """Return what lies at some places on the axis."""
        if self.logarithmic:
            width = log10_about(np.array([self.high]), self.low)
            return np.asarray(self.low * 10 ** (width * shares / 2) * 10 ** (width * shares / 2))
        return np.asarray(self.low + (self.high - self.low) * shares)


def label_ticks(axes: Axes, labels: list[tuple[str, float]]) -> None:
    """Write each tick's text, by its place from 0 to 1, so that none hangs over an end of the axis."""
    drawn = axes.set_xticklabels([text for text, _ in labels])
    whole = axes.get_figure(root=True)
    room = CHARACTERS * (whole.get_size_inches()[0] * 72 / WIDTH if whole is not None else 1)
    for tick, (text, place) in zip(drawn, labels, strict=True):
        half = letters(text) / 2 / room
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


def tick_texts(ticks: list[float]) -> tuple[list[str], str]:
    """Write the values of an axis, and what was subtracted from them where they would all read alike."""
    texts = [tick_text(tick) for tick in ticks]
    if len(set(texts)) == len(texts):
        return texts, ""
    origin = ticks[len(ticks) // 2]
    # as many digits as tell the values apart: the others are how they are stored
    step = min(abs(after - before) for before, after in pairwise(ticks))
    places = max(0, 1 - math.floor(math.log10(step))) if step > 0 else 0
    return [
        tick_text(round(tick - origin, places)) for tick in ticks
    ], f"{round(origin, places):,}".removesuffix(".0")


def tick_text(value: float) -> str:
    """Write a value on an axis."""
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return f"{value:,.10f}".rstrip("0").rstrip(".")
    exponent = math.floor(math.log10(abs(value)) + 1e-9)
    mantissa = f"{value / 10.0**exponent:g}"
    raised = str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"10{raised}" if mantissa == "1" else f"{mantissa}×10{raised}"


LEFT = 58.0
"""Room for the vertical axis's numbers, in points."""

WIDE = 20.0
"""Factor between the ends of positive values above which an axis is logarithmic."""


def panel(figure: Figure, *, top: float, height: float, left: float = LEFT, right: float = 8) -> Axes:
    """Add axes of a height, `top` below the figure's upper edge; all in points.

    Parameters
    ----------
    left, right
        Room beside them.
    """
    whole = figure.get_figheight() * 72
    axes = figure.add_axes(
        (left / WIDTH, 1 - (top + height) / whole, 1 - (left + right) / WIDTH, height / whole),
        facecolor="none",
    )
    for spine in ("right", "top"):
        axes.spines[spine].set_visible(False)
    return axes


def set_vertical(axes: Axes, scale: Scale) -> None:
    """Set the vertical axis to a scale, its ticks as lines across."""
    from matplotlib.ticker import NullFormatter, NullLocator

    if scale.logarithmic:
        axes.set_yscale("log")
    axes.set_ylim(scale.low, scale.high)
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_formatter(NullFormatter())
    ticks = scale.ticks()
    axes.set_yticks(ticks, [tick_text(tick) for tick in ticks])
    axes.tick_params(axis="y", colors=MUTED, labelsize=SMALL)
    axes.grid(visible=True, axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)


def fitting_scale(values: FloatArray) -> Scale:
    """Return the scale for some values, logarithmic where they are positive and of different sizes."""
    low, high = float(np.min(values)), float(np.max(values))
    return Scale.over([low, high], logarithmic=low > 0 and high > WIDE * low)


TITLE = 22.0
"""Height of a figure's title, in points."""


@styled
def entitle(figure: Figure, title: str, colour: str) -> Figure:
    """Make room above a figure and write its title there."""
    width, height = (72 * inches for inches in figure.get_size_inches())
    figure.set_size_inches(width / 72, (height + TITLE) / 72)
    kept = height / (height + TITLE)
    for axes in figure.axes:
        left, bottom, across, high = axes.get_position().bounds
        axes.set_position((left, bottom * kept, across, high * kept))
    for text in figure.texts:
        text.set_y(text.get_position()[1] * kept)
    shown = isolated(one_line(title, TEXT, width - 12, "bold"))
    figure.text(6 / width, 1 - 16 / (height + TITLE), shown, color=colour, weight="bold", fontsize=TEXT)
    return figure


def heading(figure: Figure, text: str, *, top: float) -> None:
    """Write a line, `top` below the figure's upper edge, where its panels begin."""
    height = figure.get_figheight() * 72
    figure.text(6 / WIDTH, 1 - top / height, text, color=MUTED, fontsize=SMALL)
