"""How a card is laid out and drawn: a title, a row of words and bars a reading, and one axis below them."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise, product
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.amounts import BEYOND
from uncertainty.characters import isolated
from uncertainty.late import dataclass
from uncertainty.pages.figures.axis import Scale
from uncertainty.pages.figures.card_names import Named, places
from uncertainty.pages.figures.lettering import Weight, lines, width
from uncertainty.pages.figures.style import (
    GRID,
    INK,
    MARKS,
    MUTED,
    PUBLISHED,
    ROLES,
    canvas,
    draw_lines,
    styled,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Size:
    """How large a card is, in points.

    Parameters
    ----------
    unit
        How large its letters are, beside those of a card of 1200 by 675.
    pixels
        Pixels an inch of a PNG file.
    beside
        Whether the readings' words stand beside their bars; else above them.
    most
        How high it may become where its texts need that; 0 where it may not.
    """

    width: float
    height: float
    unit: float
    pixels: float
    beside: bool = True
    most: float = 0.0


def column(width: float, unit: float = 0.3) -> Size:
    """Return the size of a card in a column: as high as its texts need, none of them under 6 points."""
    return Size(width, 1.1 * width, unit, 600, beside=False, most=5 * width)


def column_of(width: float, letters: float | None = None) -> str:
    """Name the size of a card in a column of a width in points, whose letters have a least size."""
    return f"{width:.3f}pt" if letters is None else f"{letters / SMALL:.6f} {width:.3f}pt"


def size_named(name: str) -> Size:
    """Return a size by its name; the wide one for an unknown name."""
    if name.endswith("pt"):
        *unit, width = map(float, name.removesuffix("pt").split(" "))
        return column(width, *unit)
    return PAGES[name] if name in PAGES else SIZES.get(name, SIZES["wide"])


SIZES = MappingProxyType(
    {
        "wide": Size(1200, 675, 1.0, 72),
        "square": Size(1080, 1080, 1.25, 72, beside=False),
        "tall": Size(1080, 1560, 1.6, 72, beside=False, most=1920),
        "print": Size(510, 340, 0.42, 300),
        "column": column(241),
    }
)
"""For a link's preview and a page, for a post, for a phone, and for two columns of a printed page or one."""

PRINTED = ("print", "column")
"""Sizes for paper."""

NARROW = 400.0
"""Width in points below which a card is laid out as for a column."""

BESIDE = "page"
"""What stands on a wide page, with the answer beside it."""

PAGES = MappingProxyType(
    {BESIDE: Size(1200, 675, 1.0, 72, most=1120), "page-tall": replace(SIZES["tall"], most=2400)}
)
"""On a wide page and on a narrow one, which have room below."""

TITLES = (34.0, 30.0, 27.0, 24.0)
"""Letters of the title: the largest that it fits in."""

NAME, TEXT, SMALL = 24.0, 22.0, 21.0
"""Letters of a reading's name, of what is said of it, and of everything else."""

LINE = 1.25
"""Height of a line, by that of its letters."""

MARGIN = 40.0

APART = 20.0
"""From a bar to the next one of its reading."""

HIGHEST = 150.0
"""Height that a row without much to say takes up at most."""

BETWEEN = 12.0
"""Room between two rows."""

LETTERINGS = (1.0, 0.94, 0.88, 0.8)
"""How large letters are beside those that captions should have, where these have no room."""

CROWD = 3
"""Readings above which they need the room of longer titles and credits."""

TALLER = 0.26
"""Height of a title beside that of a card which may become higher."""

MOST_LINES = 12
"""Lines that a text of a reading has at most."""

SPLIT = 0.48
"""Where the bars begin that stand beside words, as a share of the width."""

MINOR = "o"
"""Mark of what is not led with."""

TICKS = 6
"""Decades, or steps, that an axis has room for."""


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval with its middle; of an average or of any one case."""

    low: float
    middle: float
    high: float
    of_cases: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A reading: what it grants, and what it gives in words and as bars.

    Parameters
    ----------
    part
        What it is, where there is no room for what it grants.
    of
        What the first of its words and bars is of, where that needs to be said.
    minor
        Whether it is not led with.
    """

    title: str
    role: int
    spoken: tuple[str, ...]
    condition: str
    bars: tuple[Bar, ...]
    part: str = ""
    of: str = ""
    minor: bool = False

    @property
    def words(self) -> str:
        """All that it gives, in words."""
        return "; ".join(self.spoken)

    @property
    def own(self) -> Row:
        """What it gives of what the figure speaks of, and nothing else."""
        return replace(self, spoken=self.spoken[:1], bars=(replace(self.bars[0], of_cases=False),))

    @property
    def bare(self) -> Row:
        """The same, where a title says what all of it is of."""
        return replace(self.own, spoken=(self.spoken[0].removesuffix(f" {self.of}"),))


@dataclass(frozen=True, slots=True)
class Axis:
    """What is measured, how it is to be read, and the values that are marked on it."""

    label: str
    logarithmic: bool
    published: float | None
    published_text: str
    reference: float | None
    reference_text: str


@styled
def draw_card(
    title: str, rows: Sequence[Row], axis: Axis, key: str, told: Sequence[str], size: Size
) -> Figure:
    """Draw a card.

    Parameters
    ----------
    key
        How bars and marks are to be read.
    told
        Where the figure comes from, and whose study this is: a line each.
    """
    plan = _planned(title, rows, axis, key, told, size)
    while plan.is_cut and rows[-1].minor:
        rows = rows[:-1]
        plan = _planned(title, rows, axis, key, told, size)
    sheet = _Sheet(canvas(plan.height * size.unit, size.width, size.pixels), size, plan.height)
    top = _write(sheet, MARGIN - 8, plan.title) + 14
    foot = plan.height - MARGIN + 10 - _high(plan.credits)
    _write(sheet, foot, plan.credits)
    (_beside if size.beside else _above)(sheet, plan, rows, top, foot - 14)
    return sheet.figure


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text, in letters of a size."""

    text: str
    letters: float
    colour: str = INK
    weight: Weight = "normal"


@dataclass(frozen=True, slots=True)
class _Plan:
    """What stands on a card, broken into lines, and how high it is."""

    title: list[_Line]
    captions: list[list[_Line]]
    below: list[_Line]
    key: list[_Line]
    credits: list[_Line]
    scale: Scale
    names: tuple[tuple[_Mark, Named], ...]
    height: float
    is_cut: bool


def _planned(title: str, rows: Sequence[Row], axis: Axis, key: str, told: Sequence[str], size: Size) -> _Plan:
    """Break all texts into lines, as large as they have room for."""
    across, least = size.width / size.unit, size.height / size.unit
    room, crowded, step = across - 2 * MARGIN, sum(not row.minor for row in rows) > CROWD, SMALL * LINE
    head = _title(
        title, room, (TALLER if size.most else 0.17 if crowded else 0.24 if size.beside else 0.2) * least
    )
    foot = [line for each in told for line in _small(each, room, 1 if crowded else 5 if size.most else 2)]
    scale = scale_of(rows, axis)
    left = SPLIT * across if size.beside else MARGIN
    ticks = TICKS if size.beside else TICKS - 1
    below = [
        *_small(axis.label, across - MARGIN - left, 2),
        *_small(_explained(scale, ticks), across - MARGIN - left, 1),
    ]
    beside = left - MARGIN - 24 if size.beside else room
    said = _small(key, beside, 4)
    lines_below = max(len(below) + 1, len(said)) if size.beside else len(below) + 1 + len(said)
    names = _names(axis, scale, left, across - MARGIN)
    rest = (
        MARGIN
        + 6
        + _high(head)
        + _names_high(names)
        + (lines_below * step + 10)
        + 14
        + _high(foot)
        + MARGIN
        - 10
    )
    most = max(least, size.most / size.unit)
    # what a page scales down has letters of their full size
    letterings = LETTERINGS[:1] if size.most else LETTERINGS
    captions, is_cut = _captions(rows, beside, most - rest, letterings, beside=size.beside)
    needed = rest + sum(
        _row_height(row, each, beside=size.beside) for row, each in zip(rows, captions, strict=True)
    )
    return _Plan(head, captions, below, said, foot, scale, names, min(max(least, needed), most), is_cut)


def _title(title: str, room: float, height: float) -> list[_Line]:
    """Break the title into lines of the largest letters that it fits in."""
    for letters in TITLES:
        found = lines(title, letters, room, int(height / (letters * LINE)), "bold")
        if not found or not found[-1].endswith("…"):
            break
    return [_Line(line, letters, weight="bold") for line in found]


def _small(text: str, room: float, most: int) -> list[_Line]:
    return [_Line(line, SMALL, MUTED) for line in lines(text, SMALL, room, most)]


def _high(found: Sequence[_Line]) -> float:
    return sum(line.letters * LINE for line in found)


def _row_height(row: Row, found: Sequence[_Line], *, beside: bool) -> float:
    """Return the height of a reading: of its words and its bars, beside or below them."""
    bars = 12 + len(row.bars) * APART
    return (max(_high(found), bars) if beside else _high(found) + bars) + BETWEEN


def _captions(
    rows: Sequence[Row], room: float, height: float, letterings: Sequence[float], *, beside: bool
) -> tuple[list[list[_Line]], bool]:
    """Return what is said of each reading, with what it grants where there is room, and whether it is cut."""
    for granted, letters in product((True, False), letterings):
        found = [_caption(row, room, letters, MOST_LINES, granted=granted) for row in rows]
        needed = sum(_row_height(row, each, beside=beside) for row, each in zip(rows, found, strict=True))
        if needed <= height:
            return found, False
    each = height / len(rows) - BETWEEN - (0 if beside else 12 + 2 * APART)
    most = max(int((each / letters - NAME * LINE) / (TEXT * LINE)), 1)
    # the key says which bar is the average's
    bare = [row if row.minor else replace(row.bare, part=row.part) for row in rows]
    cut = [_caption(row, room, letters, most, granted=False, names=min(most, 2))[: most + 1] for row in bare]
    return cut, True


def _caption(
    row: Row, room: float, letters: float, most: int, *, granted: bool, names: int = 3
) -> list[_Line]:
    """Break a reading's name, what it gives and what it grants into lines."""
    if row.minor:
        said = f"“{row.title}”: {row.words[:1].lower()}{row.words[1:]}"
        return [
            _Line(line, SMALL * letters, MUTED) for line in lines(said, SMALL * letters, room, min(most, 3))
        ]
    colour = ROLES[row.role % len(ROLES)]
    texts: list[tuple[str, float, int, str, Weight]] = [
        (row.title, NAME, names, colour, "bold"),
        (row.words, TEXT, most, INK, "normal"),
        (row.condition if granted else row.part, SMALL, most, MUTED, "normal"),
    ]
    return [
        _Line(line, size * letters, ink, weight)
        for text, size, limit, ink, weight in texts
        for line in lines(text, size * letters, room, limit, weight)
    ]


def _write(sheet: _Sheet, top: float, found: Sequence[_Line], left: float = MARGIN) -> float:
    """Write lines below one another, and return where the next one begins."""
    for line in found:
        top = sheet.write(left, top, line.text, line.letters, line.colour, line.weight)
    return top


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A figure that is written on from its upper left corner; sizes are in units."""

    figure: Figure
    size: Size
    height: float

    @property
    def width(self) -> float:
        return self.size.width / self.size.unit

    def write(
        self, left: float, top: float, text: str, letters: float, colour: str = INK, weight: Weight = "normal"
    ) -> float:
        """Write a line below `top`, and return where the next one begins."""
        self.figure.text(
            left / self.width,
            1 - (top + letters) / self.height,
            isolated(text),
            fontsize=letters * self.size.unit,
            color=colour,
            weight=weight,
        )
        return top + letters * LINE

    def axes(self, left: float, top: float, right: float, bottom: float) -> Axes:
        """Add axes with a vertical axis in units, from the top."""
        across, down = right - left, bottom - top
        axes = self.figure.add_axes(
            (left / self.width, 1 - bottom / self.height, across / self.width, down / self.height),
            facecolor="none",
        )
        axes.set_ylim(down, 0)
        for spine in ("left", "right", "top"):
            axes.spines[spine].set_visible(False)
        axes.set_yticks([])
        return axes


def scale_of(rows: Sequence[Row], axis: Axis) -> Scale:
    """Return the scale that shows all marks, and bars as far as they do not dwarf these."""
    marks = [value for value in (axis.published, axis.reference) if value is not None]
    marks += [bar.middle for row in rows for bar in row.bars]
    ends = [end for row in rows for bar in row.bars for end in (bar.low, bar.high)]
    if axis.logarithmic:
        low, high = min(marks), max(marks)
        cut = [low / math.sqrt(BEYOND)] if min(ends) < low / BEYOND else []
        cut += [high * math.sqrt(BEYOND)] if max(ends) > high * BEYOND else []
        ends = [*cut, *(end for end in ends if low / BEYOND <= end <= high * BEYOND)]
    return Scale.over([*marks, *ends], logarithmic=axis.logarithmic)


def _explained(scale: Scale, most: int) -> str:
    """Say how an axis is to be read."""
    if not scale.logarithmic:
        return ""
    steps = {round(after / before, 6) for before, after in pairwise(scale.ticks(most))}
    if len(steps) > 1:
        return "Equal distances are equal factors."
    (step,) = steps
    return f"Each step is {'ten' if step == 10 else f'{step:,.0f}'} times more."


def _beside(sheet: _Sheet, plan: _Plan, rows: Sequence[Row], top: float, foot: float) -> None:
    """Write the readings' words beside their bars."""
    step, split = SMALL * LINE, SPLIT * sheet.width
    bottom = foot - max(len(plan.below) + 1, len(plan.key)) * step - 10
    start = top + _names_high(plan.names)
    axes = _axes(sheet, plan, (split, top, bottom), TICKS)
    _marks(axes, plan, [(start - top, bottom - top)], sheet.size.unit, up=step)
    for row, caption, (first, height) in _placed(plan, rows, start, bottom, beside=True):
        end = _write(sheet, first, caption)
        middle = (first + max(end, first + height - BETWEEN)) / 2 - top - (len(row.bars) - 1) * APART / 2
        _bars(axes, row, middle, plan.scale, sheet.size.unit)
    _write(sheet, bottom + 6, plan.key)


def _above(sheet: _Sheet, plan: _Plan, rows: Sequence[Row], top: float, foot: float) -> None:
    """Write the readings' words above their bars."""
    step = SMALL * LINE
    bottom, start = foot - (len(plan.below) + 1 + len(plan.key)) * step - 10, top + _names_high(plan.names)
    axes = _axes(sheet, plan, (MARGIN, top, bottom), TICKS - 1)
    bands = []
    for row, caption, (first, _) in _placed(plan, rows, start, bottom, beside=False):
        bars = 12 + len(row.bars) * APART
        end = _write(sheet, first, caption) - top
        bands.append((end + 2, end + bars - 4))
        _bars(axes, row, end + 2 + APART / 2 + 4, plan.scale, sheet.size.unit)
    _marks(axes, plan, bands, sheet.size.unit)
    _write(sheet, foot - len(plan.key) * step, plan.key)


def _placed(
    plan: _Plan, rows: Sequence[Row], start: float, end: float, *, beside: bool
) -> Iterator[tuple[Row, list[_Line], tuple[float, float]]]:
    """Yield each reading with its caption, and where its row begins and how high it is."""
    heights = [_row_height(row, each, beside=beside) for row, each in zip(rows, plan.captions, strict=True)]
    led = [height for row, height in zip(rows, heights, strict=True) if not row.minor]
    spare = max(end - start - sum(heights), 0.0) / len(led)
    # rows with little to say stand closer together than they might
    spare = min(spare, max(HIGHEST - min(led), BETWEEN))
    for row, caption, height in zip(rows, plan.captions, heights, strict=True):
        room = height if row.minor else height + spare
        yield row, caption, (start, room)
        start += room


def _axes(sheet: _Sheet, plan: _Plan, place: tuple[float, float, float], most: int) -> Axes:
    """Add the axis with its ticks, what it measures, and the names of the values that are marked.

    Parameters
    ----------
    place
        Its left end, and where its field begins and ends.
    """
    left, top, bottom = place
    scale = plan.scale
    unit, right = sheet.size.unit, sheet.width - MARGIN
    axes = sheet.axes(left, top, right, bottom)
    scale.apply(axes, "", most)
    axes.tick_params(axis="x", labelsize=SMALL * unit, length=5 * unit, width=unit, pad=5 * unit)
    axes.spines["bottom"].set_linewidth(unit)
    _write(sheet, bottom + SMALL * LINE + 8, plan.below, left)
    step = SMALL * LINE
    for mark, named in plan.names:
        at = top - 2 + _names_high(plan.names) - 8 - (named.row + 1) * step
        sheet.write(named.at, at, mark.text, SMALL, mark.colour, mark.weight)
    return axes


class _Mark(NamedTuple):
    """A value that a line marks, and what stands over it."""

    value: float
    text: str
    colour: str
    weight: Weight
    thick: float
    dashed: bool


def _names(axis: Axis, scale: Scale, left: float, right: float) -> tuple[tuple[_Mark, Named], ...]:
    """Return the values that lines mark, and where their names stand."""
    marks = []
    if axis.reference is not None:
        marks.append(_Mark(axis.reference, axis.reference_text, MUTED, "normal", 2, dashed=True))
    if axis.published is not None:
        marks.append(_Mark(axis.published, axis.published_text, PUBLISHED, "bold", 4, dashed=False))
    along = [
        (left + scale.share(each.value) * (right - left), width(each.text, SMALL, each.weight))
        for each in marks
    ]
    return tuple(zip(marks, places(along, left, right), strict=True))


def _names_high(names: Sequence[tuple[_Mark, Named]]) -> float:
    """Return how high the rows of names are, with the room below them."""
    return (1 + max((named.row for _, named in names), default=0)) * SMALL * LINE + 8


def _marks(axes: Axes, plan: _Plan, bands: list[tuple[float, float]], unit: float, up: float = 0.0) -> None:
    """Draw the lines that run down through the bars.

    Parameters
    ----------
    up
        How much farther up a line runs whose name stands in the upper row.
    """
    draw_lines(axes, list(axes.get_xticks()), bands, colour=GRID, width=unit)
    (start, end), *others = bands
    for mark, named in plan.names:
        own = [(start - up * named.row, end), *others]
        draw_lines(axes, [mark.value], own, colour=mark.colour, width=mark.thick * unit, dashed=mark.dashed)


def _bars(axes: Axes, row: Row, y: float, scale: Scale, unit: float) -> None:
    """Draw the average's bar thick and that of any one case thin below it; arrows where they go on."""
    colour, mark = ROLES[row.role % len(ROLES)], MARKS[row.role % len(MARKS)]
    if row.minor:
        colour, mark = MUTED, MINOR
    for number, bar in enumerate(row.bars):
        at, thick, large = y + APART * number, *((4, 9) if bar.of_cases or row.minor else (9, 16))
        ends = [max(bar.low, scale.low), min(bar.high, scale.high)]
        for end, arrow, goes_on in ((0, "<", bar.low < scale.low), (1, ">", bar.high > scale.high)):
            if goes_on:
                axes.plot([ends[end]], [at], arrow, color=colour, markersize=2 * thick * unit, clip_on=False)
        axes.plot(ends, [at, at], color=colour, linewidth=thick * unit, solid_capstyle="round")
        axes.plot([bar.middle], [at], mark, color=colour, markersize=large * unit)
