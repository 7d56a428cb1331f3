"""An output with an index that is not ordered: the intervals of its members side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty import numbers
from uncertainty.numbers import count
from uncertainty.pages.figures import Plot
from uncertainty.pages.figures.axis import fitting_scale, name_value
from uncertainty.pages.figures.cells import Panel, ordered_index, output_panels, table_of, varying
from uncertainty.pages.figures.rows import panel_rows
from uncertainty.pages.figures.style import (
    GRID,
    MUTED,
    PUBLISHED,
    ROLES,
    SMALL,
    axes_inside,
    canvas,
    draw_lines,
    labelled,
    shorten,
    styled,
)
from uncertainty.wording import after_unit, whose_variation, with_unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from uncertainty.pages.content import ReportContent

MOST_ROWS = 40
"""Members that are drawn below each other."""

ROW = 31.0
"""Height of one member, with its name above its interval."""

TITLE = 24.0
"""Height of the name of what several members belong to."""


@styled
def draw_members(panels: tuple[Panel, ...], *, label: str, reference: float | None = None) -> Figure:
    """Draw the interval of each member on one axis, its name above it.

    Parameters
    ----------
    label
        Name of the axis, with its unit.
    reference
        Value that a dashed line marks.
    """
    titled = sum(bool(each.title) for each in panels)
    cells = [cell for each in panels for cell in each.cells]
    height = ROW * len(cells) + TITLE * titled
    figure = canvas(height + 70)
    axes = axes_inside(figure, top=20)
    axes.set_ylim(height, 0)
    values = [v for c in cells for v in (c.low, c.high, c.published) if v is not None]
    values += [] if reference is None else [reference]
    scale = fitting_scale(np.array(values))
    scale.apply(axes, label)
    if reference is not None:
        name_value(axes, scale, reference, f"reference: {reference:g}", colour=MUTED)
    across, top = axes.get_yaxis_transform(), 0.0
    for each in panels:
        if each.title:
            axes.text(0, top + 17, shorten(each.title, 58), transform=across, weight="bold")
            top += TITLE
        for cell in each.cells:
            bands = [(top + 17, top + ROW - 2)]
            draw_lines(axes, scale.ticks(), bands, colour=GRID, width=0.8)
            if reference is not None:
                draw_lines(axes, [reference], bands, colour=MUTED, width=1.4, dashed=True)
            if cell.published is not None:
                draw_lines(axes, [cell.published], bands, colour=PUBLISHED, width=2.4)
            y = top + 23
            axes.plot([cell.low, cell.high], [y, y], color=ROLES[0], linewidth=3.2, solid_capstyle="round")
            axes.plot([cell.median], [y], "o", color=ROLES[0], markersize=7.5)
            text = labelled(cell.title, cell.text, 64)
            axes.text(0, top + 13, text, transform=across, fontsize=SMALL)
            top += ROW
    return figure


def plot(content: ReportContent, subject: str) -> Plot:
    """Draw the members of an output as published, on one axis."""
    study = content.study
    table = table_of(content, subject, "members", lambda each: ordered_index(study, each) is None)
    panels = output_panels(content, table, table.indices[-1])
    output = next(study.outputs[name] for name in table.cells.values())
    picture = draw_members(
        first_rows(panels), label=after_unit(table.title, output.unit.text), reference=output.reference
    )
    level = numbers.level(content.settings.level)
    bars = ", upright bars the published figures" if _any_published(panels) else ""
    caption = f"Marks are medians, lines {level} uncertainty intervals{bars}. {left_out(panels)}"
    caption += whose_variation((content.run.scenario, varying(content, table)))
    return Plot(
        f"members-{table.name}",
        picture,
        finding(table.title, panels, output.unit.text),
        caption,
        panel_rows(panels),
    )


def first_rows(panels: tuple[Panel, ...]) -> tuple[Panel, ...]:
    """Return as many members as a figure has room for."""
    found, room = [], MOST_ROWS
    for each in panels:
        if room > 0:
            found.append(Panel(each.title, each.cells[:room]))
            room -= len(each.cells)
    return tuple(found)


def left_out(panels: tuple[Panel, ...]) -> str:
    """Say how many members are not drawn; empty where all are."""
    rows = sum(len(each.cells) for each in panels)
    return f"The first {MOST_ROWS} of {rows:,} are drawn. " if rows > MOST_ROWS else ""


def finding(title: str, panels: tuple[Panel, ...], unit: str) -> str:
    """Say which members have the lowest and the highest median, or the least and the greatest width."""
    named = [
        (f"{each.title}, {cell.title}" if each.title else cell.title, cell)
        for each in panels
        for cell in each.cells
    ]
    # members of one median differ by their widths
    low, high = (
        pick(named, key=lambda row: (row[1].median, row[1].high - row[1].low)) for pick in (min, max)
    )
    if len(named) == 1:
        return f"“{title}” of {named[0][0]}: {with_unit(named[0][1].text, unit)}."
    if low[1].text == high[1].text:
        return f"“{title}” of {count(len(named), 'member')}, each {with_unit(low[1].text, unit)}."
    return (
        f"“{title}” of {count(len(named), 'member')}, from {low[0]} ({with_unit(low[1].text, unit)}) "
        f"to {high[0]} ({with_unit(high[1].text, unit)})."
    )


def _any_published(panels: tuple[Panel, ...]) -> bool:
    return any(cell.published is not None for each in panels for cell in each.cells)
