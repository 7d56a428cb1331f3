"""The distribution over cases with a band for what nobody knows, and the average with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.case_statistics import Spread
from uncertainty.characters import isolated
from uncertainty.errors import SettingError
from uncertainty.late import dataclass
from uncertainty.pages.figures import Plot
from uncertainty.pages.figures.axis import Scale, name_value
from uncertainty.pages.figures.lettering import lines
from uncertainty.pages.figures.style import (
    GRID,
    MARKS,
    MUTED,
    PUBLISHED,
    ROLES,
    SMALL,
    TEXT,
    WIDTH,
    axes_inside,
    canvas,
    draw_lines,
    styled,
)
from uncertainty.pages.sections.cases import average_name, beside_one_case, beyond_sentences
from uncertainty.wording import after_unit, capitalised, mark_text, with_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from uncertainty.case_statistics import OutputCases
    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.pages.content import ReportContent
    from uncertainty.pages.figures.rows import Row

HEIGHT = 230.0
"""Height of the curve, in points."""

ROW = 46.0
"""Height of the average's row below it, in points."""

BAR = 18.0
"""Height of its bar there, without its name."""

NAME_LINE = 16.0
"""Height of a line of its name, in points."""

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Shares of the cases that are marked beside the curve."""

ROOM = 50.0
"""Room for these, in points."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A distribution over cases.

    Parameters
    ----------
    shares
        Shares of the cases, from 0 to 1, that lie at the values below or beyond them.
    lows, middles, highs
        The values, and the ends of what nobody knows of each.
    average
        The average's lower end, middle and upper end; None where it does not settle.
    name
        What is averaged.
    """

    shares: tuple[float, ...]
    lows: tuple[float, ...]
    middles: tuple[float, ...]
    highs: tuple[float, ...]
    average: tuple[float, float, float] | None
    name: str


@styled
def draw_cases(
    curve: Curve,
    *,
    label: str,
    side: str,
    published: float | None,
    published_text: str,
    reference: float | None,
    logarithmic: bool,
    role: int,
) -> Figure:
    """Draw the share of the cases that reach each value, with a band, and the average below.

    Parameters
    ----------
    label
        Name of the axis, with its unit.
    side
        What the curve counts: the cases at or above a value, or at or below it.
    published, published_text, reference
        Values that lines mark, and what is written at the first.
    role
        Place of the reading among the leading ones.
    """
    values = [*curve.lows, *curve.highs, *(curve.average or ())]
    values += [value for value in (published, reference) if value is not None]
    scale = Scale.over(values, logarithmic=logarithmic and min(values) > 0)
    name = lines(curve.name, TEXT, WIDTH - ROOM - 6, 2, "bold") if curve.average else []
    bottom = HEIGHT + (ROW + NAME_LINE * (len(name) - 1) if curve.average else 0.0)
    figure = canvas(bottom + 112)
    axes = axes_inside(figure, top=64, side=6)
    axes.set_position(_indented(axes))
    axes.set_ylim(bottom, 0)
    scale.apply(axes, label)
    colour = ROLES[role % len(ROLES)]
    # the average's name stands between the curve and its bar
    bands = [(0.0, HEIGHT), *([(bottom - BAR, bottom)] if curve.average else [])]
    draw_lines(axes, scale.ticks(), bands, colour=GRID, width=0.8)
    _mark_shares(axes, side)
    heights = [HEIGHT * (1 - share) for share in curve.shares]
    axes.fill_betweenx(heights, curve.lows, curve.highs, color=colour, alpha=0.25, linewidth=0)
    axes.plot(curve.middles, heights, color=colour, linewidth=2.2)
    if published is not None:
        draw_lines(axes, [published], bands, colour=PUBLISHED, width=2.2)
        name_value(axes, scale, published, published_text, colour=PUBLISHED)
    if reference is not None:
        draw_lines(axes, [reference], bands, colour=MUTED, width=1.4, dashed=True)
        near = published is not None and abs(scale.share(published) - scale.share(reference)) < 0.3
        name_value(axes, scale, reference, f"reference: {reference:g}", colour=MUTED, line=int(near))
    if curve.average is not None:
        _draw_average(axes, curve.average, name, bottom, colour, role)
    return figure


def _indented(axes: Axes) -> tuple[float, float, float, float]:
    """Return the place of axes with room for shares beside them."""
    place = axes.get_position()
    width = place.x0 + place.width
    left = ROOM / WIDTH
    return left, place.y0, width - left, place.height


def _mark_shares(axes: Axes, side: str) -> None:
    across = axes.get_yaxis_transform()
    for share in SHARES:
        height = HEIGHT * (1 - share)
        axes.plot([0, 1], [height, height], transform=across, color=GRID, linewidth=0.8, zorder=0)
        text = f"{share:.0%}".replace("%", " %")
        axes.text(
            -0.012, height, text, transform=across, ha="right", va="center", fontsize=SMALL, color=MUTED
        )
    figure = axes.get_figure(root=True)
    if figure is not None:
        top = 1 - 16 / (72 * figure.get_size_inches()[1])
        figure.text(6 / WIDTH, top, f"Share of the cases {side}", fontsize=SMALL, color=MUTED, va="center")


def _draw_average(
    axes: Axes,
    average: tuple[float, float, float],
    name: Sequence[str],
    bottom: float,
    colour: str,
    role: int,
) -> None:
    low, middle, high = average
    row = bottom - 10
    axes.plot([low, high], [row, row], color=colour, linewidth=3.6, solid_capstyle="butt")
    axes.plot([middle], [row], MARKS[role % len(MARKS)], color=colour, markersize=8.5)
    axes.text(
        0,
        row - 10,
        "\n".join(map(isolated, name)),
        transform=axes.get_yaxis_transform(),
        fontsize=SMALL,
        color=colour,
        weight="bold",
        va="bottom",
    )


def plot(content: ReportContent, reading: str) -> Plot:
    """Draw the headline's distribution over the cases under one reading."""
    found = content.cases_under(reading)
    if isinstance(found, str):
        raise SettingError(found)
    output = found.output
    level = numbers.level(found.median_case.level)
    plan = content.run_under(reading).scenario
    side = "at or above a value" if found.above else "at or below a value"
    curve = _curve(found, capitalised(average_name(plan, output.name)))
    picture = draw_cases(
        curve,
        label=after_unit(output.title, output.unit.text),
        side=side,
        published=output.published_value,
        published_text=mark_text(output),
        reference=output.reference,
        logarithmic=output.scale == "log10",
        role=content.role(reading),
    )
    caption = (
        f"Under “{content.study.readings[reading].title}”. The curve shows how cases differ: the share of "
        f"them {side} on the axis below. The band shows what nobody knows of that: at each share the {level} "
        "interval of the value."
    )
    if curve.average is not None:
        caption += " The bar is the same interval of the average, the mark its middle."
    rows: list[Row] = [
        {f"share {side}": share, "low": low, "median": middle, "high": high}
        for share, low, middle, high in zip(curve.shares, curve.lows, curve.middles, curve.highs, strict=True)
    ]
    if curve.average is not None:
        low, middle, high = curve.average
        rows.append({"what": curve.name, "low": low, "median": middle, "high": high})
    headline = content.headline.distribution(reading)
    said = " ".join(_finding(found, headline.any_case or headline, average_name(plan, output.name)))
    return Plot("cases", picture, said, caption, rows)


def _curve(found: OutputCases, name: str) -> Curve:
    # of few cases none tells of a smaller share than one of them
    least = 1 / found.sizes.inner
    known = [each for each in found.quantiles if least <= each.probability <= 1 - least]
    spreads = [each.spread for each in known]
    shares = [each.probability for each in known]
    average = None
    if isinstance(found.average, Spread):
        average = found.average.interval[0], found.average.median, found.average.interval[1]
    return Curve(
        tuple(1 - share if found.above else share for share in shares),
        tuple(each.interval[0] for each in spreads),
        tuple(each.median for each in spreads),
        tuple(each.interval[1] for each in spreads),
        average,
        name,
    )


def _finding(found: OutputCases, one: OutputDistribution, named: str) -> Sequence[str]:
    """Say how many cases lie beyond what is marked, and where the average lies."""
    said = beyond_sentences(found)
    if isinstance(found.average, Spread):
        average = with_unit(beside_one_case(found.average, one), found.output.unit.text)
        said.append(f"{capitalised(named)} is {average}.")
    else:
        said.append(f"{capitalised(found.average)}.")
    return said
