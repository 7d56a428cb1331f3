"""The one picture of a study: what was found, the published figure, and each leading reading beside it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty._version import __version__
from uncertainty.case_statistics import Spread, has_both_kinds
from uncertainty.characters import isolated
from uncertainty.pages.figures import Plot
from uncertainty.pages.figures.axis import Scale
from uncertainty.pages.figures.lettering import Weight, lines, one_line, width
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
from uncertainty.pages.wording import role
from uncertainty.sides import compared
from uncertainty.study.sources import plain_text
from uncertainty.wording import (
    HASH_DIGITS,
    after_unit,
    capitalised,
    condition,
    interval_text,
    listed,
    mark_text,
    middle_text,
    point_text,
    with_unit,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.pages.content import ReportContent
    from uncertainty.pages.figures.rows import Row as DataRow
    from uncertainty.study.model import Output, Study


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
    """

    width: float
    height: float
    unit: float
    pixels: float
    beside: bool = True


SIZES = MappingProxyType(
    {
        "wide": Size(1200, 675, 1.0, 72),
        "square": Size(1080, 1080, 1.25, 72, beside=False),
        "tall": Size(1080, 1560, 1.6, 72, beside=False),
        "print": Size(510, 340, 0.42, 300),
    }
)
"""For a link's preview and a page, for a post, for a phone, and for two columns of a printed page."""

TITLES = (34.0, 30.0, 27.0, 24.0)
"""Letters of the title: the largest that it fits in."""

NAME, TEXT, SMALL = 24.0, 22.0, 21.0
"""Letters of a reading's name, of what is said of it, and of everything else."""

LINE = 1.25
"""Height of a line, by that of its letters."""

MARGIN = 40.0

APART = 20.0
"""From a bar to the next one of its reading."""

GAP = 14.0
"""Room between two names on one line."""

HIGHEST = 150.0
"""Height that a row needs at most."""

CROWD = 3
"""Readings above which they need the room of longer titles and credits."""

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
    """A reading: what it grants, and what it gives in words and as bars."""

    title: str
    role: int
    words: str
    condition: str
    bars: tuple[Bar, ...]


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
    figure = canvas(size.height, size.width, size.pixels)
    sheet = _Sheet(figure, size)
    crowded = len(rows) > CROWD
    top = _draw_title(sheet, title, (0.17 if crowded else 0.24 if size.beside else 0.2) * sheet.height)
    foot = _draw_credits(sheet, told, 1 if crowded else 2)
    scale = Scale.over(_values(rows, axis), logarithmic=axis.logarithmic)
    (_beside if size.beside else _above)(sheet, rows, axis, key, scale, top, foot)
    return figure


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A figure that is written on from its upper left corner; sizes are in units."""

    figure: Figure
    size: Size

    @property
    def width(self) -> float:
        return self.size.width / self.size.unit

    @property
    def height(self) -> float:
        return self.size.height / self.size.unit

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


def _draw_title(sheet: _Sheet, title: str, height: float) -> float:
    """Write the title in the largest letters that it fits in, and return where it ends."""
    room = sheet.width - 2 * MARGIN
    for letters in TITLES:
        most = int(height / (letters * LINE))
        found = lines(title, letters, room, most, "bold")
        if not found or not found[-1].endswith("…"):
            break
    top = MARGIN - 8
    for line in found:
        top = sheet.write(MARGIN, top, line, letters, weight="bold")
    return top + 14


def _draw_credits(sheet: _Sheet, told: Sequence[str], most: int) -> float:
    """Write the credits at the foot, each on so many lines at most, and return where they begin."""
    room = sheet.width - 2 * MARGIN
    found = [line for each in told for line in lines(each, SMALL, room, most)]
    top = sheet.height - MARGIN + 10 - len(found) * SMALL * LINE
    for number, line in enumerate(found):
        sheet.write(MARGIN, top + number * SMALL * LINE, line, SMALL, MUTED)
    return top - 14


def _values(rows: Sequence[Row], axis: Axis) -> list[float]:
    values = [value for row in rows for bar in row.bars for value in (bar.low, bar.high)]
    return values + [value for value in (axis.published, axis.reference) if value is not None]


def _explained(scale: Scale, most: int) -> str:
    """Say how an axis is to be read."""
    if not scale.logarithmic:
        return ""
    steps = {round(after / before, 6) for before, after in pairwise(scale.ticks(most))}
    if len(steps) > 1:
        return "Equal distances are equal factors."
    (step,) = steps
    return f"Each step is {'ten' if step == 10 else f'{step:,.0f}'} times more."


def _beside(
    sheet: _Sheet, rows: Sequence[Row], axis: Axis, key: str, scale: Scale, top: float, foot: float
) -> None:
    """Write the readings' words beside their bars."""
    split = 0.48 * sheet.width
    bottom, start, room = foot - 3 * SMALL * LINE, top + SMALL * LINE + 8, split - MARGIN - 24
    axes = _axes(sheet, axis, scale, (split, top, bottom), TICKS)
    height = (bottom - start) / len(rows)
    _marks(axes, axis, [(start - top, bottom - top)], sheet.size.unit)
    # few rows stand in the middle of their room
    start, height = start + max(height - HIGHEST, 0) * len(rows) / 2, min(height, HIGHEST)
    for number, row in enumerate(rows):
        first = start + number * height
        end = _words(sheet, row, first, first + height, room)
        middle = (first + end) / 2 - top - (len(row.bars) - 1) * APART / 2
        _bars(axes, row, middle, sheet.size.unit)
    for number, line in enumerate(lines(key, SMALL, room, 3)):
        sheet.write(MARGIN, bottom + 6 + number * SMALL * LINE, line, SMALL, MUTED)


def _above(
    sheet: _Sheet, rows: Sequence[Row], axis: Axis, key: str, scale: Scale, top: float, foot: float
) -> None:
    """Write the readings' words above their bars."""
    said = lines(key, SMALL, sheet.width - 2 * MARGIN, 3)
    bottom, start = foot - (3 + len(said)) * SMALL * LINE - 14, top + SMALL * LINE + 8
    # few rows stand together above the axis
    spare = max((bottom - start) / len(rows) - HIGHEST, 0) * len(rows)
    top, start = top + spare, start + spare
    axes = _axes(sheet, axis, scale, (MARGIN, top, bottom), TICKS - 1)
    height = (bottom - start) / len(rows)
    bands = []
    for number, row in enumerate(rows):
        first, bars = start + number * height, 12 + len(row.bars) * APART
        end = _words(sheet, row, first, first + height - bars, sheet.width - 2 * MARGIN) - top
        bands.append((end + 2, end + bars - 4))
        _bars(axes, row, end + 2 + APART / 2 + 4, sheet.size.unit)
    _marks(axes, axis, bands, sheet.size.unit)
    for number, line in enumerate(said):
        sheet.write(MARGIN, foot - (len(said) - number) * SMALL * LINE, line, SMALL, MUTED)


def _words(sheet: _Sheet, row: Row, top: float, end: float, room: float) -> float:
    """Write a reading's name, what it gives and what it grants, as far as there is room."""
    colour = ROLES[row.role % len(ROLES)]
    top = sheet.write(MARGIN, top, one_line(row.title, NAME, room, "bold"), NAME, colour, "bold")
    for text, letters, ink, most in ((row.words, TEXT, INK, 2), (row.condition, SMALL, MUTED, 3)):
        left = max(int((end - top) / (letters * LINE)), 1 if text is row.words else 0)
        for line in lines(text, letters, room, min(left, most)):
            top = sheet.write(MARGIN, top, line, letters, ink)
    return top


def _axes(sheet: _Sheet, axis: Axis, scale: Scale, place: tuple[float, float, float], most: int) -> Axes:
    """Add the axis with its ticks, what it measures, and the names of the values that are marked.

    Parameters
    ----------
    place
        Its left end, and where its field begins and ends.
    """
    left, top, bottom = place
    unit, right = sheet.size.unit, sheet.width - MARGIN
    axes = sheet.axes(left, top, right, bottom)
    scale.apply(axes, "", most)
    axes.tick_params(axis="x", labelsize=SMALL * unit, length=5 * unit, width=unit, pad=5 * unit)
    axes.spines["bottom"].set_linewidth(unit)
    below = bottom + SMALL * LINE + 8
    for text in (axis.label, _explained(scale, most)):
        below = sheet.write(left, below, one_line(text, SMALL, right - left), SMALL, MUTED)
    marked: list[tuple[float | None, str, str, Weight]] = [
        (axis.published, axis.published_text, PUBLISHED, "bold"),
        (axis.reference, axis.reference_text, MUTED, "normal"),
    ]
    taken = (right, right)
    for value, text, colour, weight in marked:
        if value is not None and text:
            wide = width(text, SMALL, weight)
            at = _free(left + scale.share(value) * (right - left) - wide / 2, wide, (left, right), taken)
            taken = (at, at + wide)
            sheet.write(at, top - 2, text, SMALL, colour, weight)
    return axes


def _free(at: float, wide: float, ends: tuple[float, float], taken: tuple[float, float]) -> float:
    """Return where a name begins that lies within the ends, and beside one that is there already."""
    at = min(max(at, ends[0]), ends[1] - wide)
    if at + wide + GAP <= taken[0] or taken[1] + GAP <= at or taken[0] == taken[1]:
        return at
    before, after = taken[0] - GAP - wide, taken[1] + GAP
    if before >= ends[0] and (at < taken[0] or after + wide > ends[1]):
        return before
    return after


def _marks(axes: Axes, axis: Axis, bands: list[tuple[float, float]], unit: float) -> None:
    """Draw the lines that run down through the bars."""
    draw_lines(axes, list(axes.get_xticks()), bands, colour=GRID, width=unit)
    if axis.reference is not None:
        draw_lines(axes, [axis.reference], bands, colour=MUTED, width=2 * unit, dashed=True)
    if axis.published is not None:
        draw_lines(axes, [axis.published], bands, colour=PUBLISHED, width=4 * unit)


def _bars(axes: Axes, row: Row, y: float, unit: float) -> None:
    """Draw the average's bar thick and that of any one case thin below it."""
    colour, mark = ROLES[row.role % len(ROLES)], MARKS[row.role % len(MARKS)]
    for number, bar in enumerate(row.bars):
        at, thick, large = y + APART * number, *((4, 9) if bar.of_cases else (9, 16))
        ends = [bar.low, bar.high]
        axes.plot(ends, [at, at], color=colour, linewidth=thick * unit, solid_capstyle="round")
        axes.plot([bar.middle], [at], mark, color=colour, markersize=large * unit)


def plot(content: ReportContent, subject: str) -> Plot:
    """Draw the card of a study, in a size of `SIZES`."""
    readings, size = content.headline, SIZES.get(subject, SIZES["wide"])
    rows = [_row(content, name, number) for number, name in enumerate(readings.leading)]
    axis = _axis(readings.output, rows)
    found = readings.judgement.verdict
    key = _key(rows, numbers.level(content.settings.level))
    picture = draw_card(found, rows, axis, key, credit_lines(content.study, _changes(content)), size)
    said = " ".join(f"{row.title}: {row.words}." for row in rows)
    name = "card" if subject not in SIZES or size is SIZES["wide"] else f"card-{subject}"
    data: list[DataRow] = [
        {"reading": row.title, "of": "any one case" if bar.of_cases else "", "low": bar.low}
        | {"median": bar.middle, "high": bar.high, "published": axis.published}
        for row in rows
        for bar in row.bars
    ]
    return Plot(name, picture, f"{found} {said}", key, data)


def _row(content: ReportContent, name: str, number: int) -> Row:
    readings = content.headline
    found, reading = readings.distribution(name), readings.study.readings[name]
    words, bars = _spoken(content, name, found)
    clause = condition(readings.study, reading, readings.output).rstrip(",")
    part = capitalised(role(readings, name))
    return Row(reading.title, number, words, f"{part}: {clause[:1].lower()}{clause[1:]}.", bars)


def _spoken(content: ReportContent, name: str, found: OutputDistribution) -> tuple[str, tuple[Bar, ...]]:
    """Say what a reading gives: on average and in any one case, where these differ."""
    output, one_case, middle = found.output, found.any_case, _amount(found.output, *found.written)
    if one_case is not None:
        kind = "on average" if output.over == "average" else "in the median case"
        bars = (_bar(found), *([_bar(one_case, of_cases=True)] if one_case.varies else []))
        return f"{middle} {kind}; {_range(one_case)} in any one case", bars
    if not has_both_kinds(content.headline.runs[name].scenario, output.name):
        return middle, (_bar(found),)
    cases = content.cases_under(name)
    if isinstance(cases, str) or not isinstance(cases.average, Spread):
        return f"{middle} in any one case", (_bar(found),)
    average = cases.average
    written = numbers.median_and_interval(average.middle, average.ends.low, average.ends.high)
    bar = Bar(average.interval[0], average.median, average.interval[1])
    said = f"{_amount(output, *written)} on average; {_range(found)} in any one case"
    return said, (bar, _bar(found, of_cases=True))


def _bar(found: OutputDistribution, *, of_cases: bool = False) -> Bar:
    return Bar(found.ends.values[0], found.median, found.ends.values[1], of_cases)


def _amount(output: Output, median: str, interval: str) -> str:
    """Say how much an output is, with its interval where it has one."""
    times = compared(output) is not None and output.reference == 1
    middle = f"{median} times" if times else with_unit(median, output.unit.text)
    return middle if interval == numbers.MISSING else f"About {middle} ({_together(interval)})"


def _range(found: OutputDistribution) -> str:
    interval = interval_text(found)
    return middle_text(found) if interval == numbers.MISSING else _together(interval)


def _together(interval: str) -> str:
    """Keep an interval on one line."""
    return interval.replace(" ", "\u00a0")


def _axis(output: Output, rows: Sequence[Row]) -> Axis:
    sides = compared(output)
    if sides is not None and output.reference == 1:
        label, equal = f"{sides[0]}, as a multiple of {sides[1]}{sides[2]}", "equal"
    else:
        label, equal = after_unit(output.title, output.unit.text), "equal" if sides else ""
    said = equal or ("" if output.reference is None else f"reference: {point_text(output.reference)}")
    lowest = min(bar.low for row in rows for bar in row.bars)
    marked = [v for v in (output.published_value, output.reference) if v is not None]
    logarithmic = output.scale == "log10" and min([lowest, *marked]) > 0
    return Axis(label, logarithmic, output.published_value, mark_text(output), output.reference, said)


def _key(rows: Sequence[Row], level: str) -> str:
    """Say how bars are to be read."""
    if not any(bar.low < bar.high for row in rows for bar in row.bars):
        return "A mark is the one value that a reading gives."
    said = f"{level} of what is possible lies on a bar, half of it below the mark."
    both = any(bar.of_cases for row in rows for bar in row.bars)
    return f"{said} Thick: the average; thin: any one case." if both else said


def _changes(content: ReportContent) -> str:
    changed = [f"{name} = {value}" for name, value in content.settings.overrides.items()]
    return f"Not the study as it is written: {listed(changed)}. " if changed else ""


def credit_lines(study: Study, changes: str = "") -> tuple[str, ...]:
    """Say where the published figure comes from, and whose study this is, of when, and where it is kept.

    What matters most comes first, since a line may be too short for all of it.
    """
    source = plain_text(study.source, study.sources)
    itself = [
        study.url or f"{study.name}, sha256 {study.sha256[:HASH_DIGITS]}",
        ", ".join(study.authors),
        f"version {study.version}" if study.version else "",
        study.date.isoformat() if study.date else "",
        study.licence,
        f"made with uncertainty {__version__}",
    ]
    told = f"{changes}Study: {'; '.join(filter(None, itself))}"
    return (f"Source of the claim: {source}", told) if source else (told,)
