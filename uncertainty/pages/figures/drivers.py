"""What drives the headline under one reading: Sobol' indices as bars."""

from __future__ import annotations

from itertools import accumulate, takewhile
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.characters import isolated
from uncertainty.errors import SettingError
from uncertainty.late import dataclass
from uncertainty.pages.figures import Plot
from uncertainty.pages.figures.axis import label_ticks
from uncertainty.pages.figures.lettering import lines, one_line
from uncertainty.pages.figures.style import (
    GRID,
    INK,
    ROLES,
    SMALL,
    TEXT,
    WIDTH,
    axes_inside,
    canvas,
    draw_lines,
    styled,
)
from uncertainty.sensitivity.choices import choice_key
from uncertainty.study.cells import titles_of
from uncertainty.wording import NEGLIGIBLE, after_unit, listed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from uncertainty.pages.content import ReportContent
    from uncertainty.sensitivity.sobol.analysis import Index, OutputIndices
    from uncertainty.sensitivity.sobol.results import Share
    from uncertainty.study.model import Study

LABEL = 10.5

ROOM = 1.5
"""Width of the axes over that of the longest bar; the rest is for words."""

ROW = 48.0
"""Height of one input, in points."""

LINE = 16.0
"""Height of a further line of its name."""


@dataclass(frozen=True, slots=True)
class Driver:
    """One input (or correlated set, or group) with its indices."""

    name: str
    index: Index


@styled
def draw_drivers(drivers: tuple[Driver, ...], *, label: str, role: int) -> Figure:
    """Draw first-order and total indices with their intervals, the largest first.

    Parameters
    ----------
    label
        Whose spread it is.
    """
    names = [lines(driver.name, TEXT, WIDTH - 12, 3) for driver in drivers]
    tops = [0.0, *accumulate(ROW + LINE * (len(name) - 1) for name in names)]
    figure = canvas(tops[-1] + 76)
    axes = axes_inside(figure, top=8, bottom=62)
    axes.set_ylim(tops[-1], 0)
    most = max(100 * share.interval[1] for d in drivers for share in (d.index.first, d.index.total))
    # one scale for all readings, so that their bars can be compared
    most = max(most, 100.0)
    axes.set_xlim(0, most * ROOM)
    step = next(s for s in (2, 5, 10, 20, 25, 50, 100, 1000) if most / s <= 6)
    ticks = [step * i for i in range(int(most / step) + 1)]
    axes.set_xticks(ticks)
    label_ticks(axes, [(f"{tick} %", tick / most / ROOM) for tick in ticks])
    axes.spines["bottom"].set_bounds(0, most)
    whose = isolated(one_line(label, SMALL, WIDTH - 12))
    axes.set_xlabel(f"share that the input has in the spread of\n{whose}", x=0, ha="left")
    colour = ROLES[role % len(ROLES)]
    bars = [end - ROW for end in tops[1:]]
    bands = [(top + 20, top + 42) for top in bars]
    draw_lines(axes, [float(tick) for tick in ticks], bands, colour=GRID, width=0.8)
    for number, driver in enumerate(drivers):
        index, top = driver.index, bars[number]
        for place, line in enumerate(reversed(names[number])):
            axes.text(0, top + 15 - LINE * place, isolated(line), transform=axes.get_yaxis_transform())
        for y, (value, interval), alpha, words in (
            (top + 25.5, index.first, 1.0, "alone"),
            (top + 36.5, index.total, 0.5, "with interactions"),
        ):
            axes.barh(y, 100 * max(value, 0), height=9, color=colour, alpha=alpha, linewidth=0)
            ends = [100 * max(end, 0) for end in interval]
            axes.plot(ends, [y, y], color=INK, linewidth=1.6, solid_capstyle="butt")
            text = f"{100 * max(value, 0):.0f} % {words}" if number == 0 else f"{100 * max(value, 0):.0f} %"
            axes.annotate(
                text, (ends[1], y), (6, 0), textcoords="offset points", va="center", fontsize=LABEL, color=INK
            )
    return figure


SHOWN = 8
"""Inputs drawn as bars."""

MOST_NAMED = 5
"""Inputs that a sentence names at most, where several explain as much as the second."""

INDISTINCT = "not distinguishable from 0"


def plot(content: ReportContent, reading: str) -> Plot:
    """Draw the headline's first-order and total indices under a reading, the largest first."""
    found = content.drivers_under(reading)
    reason = missing(content, reading)
    if isinstance(found, str) or reason:
        raise SettingError(f"there is nothing to attribute: {reason}")
    indices = found.outputs[content.study.headline]
    inputs = named(content.study, indices)
    # as the table counts them, so that those that are not shown are the others of the finding
    large = (driver for driver in inputs[1:SHOWN] if driver.index.total.interval[1] >= NEGLIGIBLE)
    shown = [inputs[0], *large]
    largest = "the largest" if len(shown) == 1 else f"the {len(shown)} largest"
    level = numbers.level(found.settings.level)
    caption = f"Upper bars: alone; lower bars: with interactions; {largest}, with {level} intervals."
    output = content.study.outputs[content.study.headline]
    label = after_unit(output.title, output.unit.text)
    picture = draw_drivers(tuple(shown), label=label, role=content.role(reading))
    rows = [
        {"input": each.name}
        | _share("alone", each.index.first)
        | _share("with interactions", each.index.total)
        for each in inputs
    ]
    return Plot(f"drivers-{reading}", picture, _finding(content.study, indices, reading), caption, rows)


def _share(name: str, share: Share) -> dict[str, str | float | None]:
    low, high = share.interval
    return {name: share.value, f"{name}, low": low, f"{name}, high": high}


def missing(content: ReportContent, reading: str) -> str:
    """Say why a reading has no indices; empty if it has some."""
    found = content.drivers_under(reading)
    if isinstance(found, str):
        return found
    indices = found.outputs[content.study.headline]
    return indices.reason or ("" if indices.indices else "no input reaches the headline")


def named(study: Study, indices: OutputIndices) -> list[Driver]:
    """Return an output's inputs with their indices, the largest first, by their labels."""
    return [Driver(driver_title(study, key), index) for key, index in indices.indices.items()]


def driver_title(study: Study, key: str) -> str:
    """Return the label of an input or of a choice taken as one, or of several that count as one."""
    return listed(_titles(study, key))


def quoted_driver(study: Study, key: str) -> str:
    """Return the same, each label in quotation marks."""
    return listed(f"“{title}”" for title in _titles(study, key))


def _titles(study: Study, key: str) -> list[str]:
    choice = study.choices.get(key.removeprefix(choice_key("")))
    if choice is not None and key not in study.inputs:
        return [choice.question or choice.name]
    return titles_of(study, key)


def explains(study: Study, key: str) -> str:
    """Return the subject and the verb of what an input, or several that count as one, explains."""
    quoted = quoted_driver(study, key)
    return f"{quoted} explains" if len(_titles(study, key)) == 1 else f"{quoted} together explain"


def _alone(index: Index) -> str:
    return numbers.index_alone(index.first.value, *index.first.interval)


def _leading(ranked: list[tuple[str, Index]]) -> int:
    """Return how many inputs are named: two, and those of which the same is written as of the second."""
    alike = takewhile(lambda row: _alone(row[1]) == _alone(ranked[1][1]), ranked[2:MOST_NAMED])
    return 2 + len(list(alike))


def _finding(study: Study, indices: OutputIndices, name: str) -> str:
    reading = study.readings[name].title
    ranked = list(indices.indices.items())
    top = [
        (explains(study, key), index)
        for place, (key, index) in enumerate(ranked[: _leading(ranked)])
        if index.first.distinguishable and (place == 0 or index.first.value >= 0.05)
    ]
    if not top:
        return f"Under “{reading}” no input drives the headline alone: the indices are {INDISTINCT}."
    top.sort(key=lambda row: -row[1].first.value)
    parts = [f"{said} {_alone(index)}" for said, index in top]
    small = [key for key, index in ranked if index.total.interval[1] < NEGLIGIBLE]
    # what counts as one has as many names, and cells of one input are no inputs
    some, least = sum(len(_titles(study, key)) for key in small), f"{100 * NEGLIGIBLE:g} %"
    each = (
        f"other accounts for less than {least}" if some == 1 else f"others account for less than {least} each"
    )
    rest = f" {some} {each}, errors included." if some else ""
    return f"Under “{reading}”, {listed(parts)} of the spread alone.{rest}"
