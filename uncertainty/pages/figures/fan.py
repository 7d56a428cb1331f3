"""An output over an ordered index: its interval as a fan that opens and closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty import numbers
from uncertainty.pages.figures import Plot
from uncertainty.pages.figures.axis import Scale, fitting_scale, heading, panel, set_vertical, tick_text
from uncertainty.pages.figures.cells import Cell, Panel, ordered_index, output_panels, table_of, varying
from uncertainty.pages.figures.rows import panel_rows
from uncertainty.pages.figures.style import (
    INK,
    MUTED,
    PUBLISHED,
    ROLES,
    SMALL,
    WIDTH,
    canvas,
    shorten,
    styled,
)
from uncertainty.wording import after_unit, listed, whose_variation, with_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from uncertainty.indices.index import Index
    from uncertainty.pages.content import ReportContent

MOST_PANELS = 6
"""Fans that are drawn below each other."""

TALL, LOW = 210.0, 120.0
"""Height of a fan that stands alone, and of one among others."""

GAP = 52.0
"""Room between two fans, for the upper one's numbers and the lower one's name."""

FEW = 12
"""Members up to which each one's median carries a mark."""


@styled
def draw_fan(panels: tuple[Panel, ...], *, label: str, along: str, reference: float | None = None) -> Figure:
    """Draw one fan below another, all on the same scales.

    Parameters
    ----------
    label, along
        Names of the vertical and of the horizontal axis, with their units.
    reference
        Value that a dashed line marks.
    """
    height = TALL if len(panels) == 1 else LOW
    first = 40 if panels[0].title else 26
    figure = canvas(first + (height + GAP) * len(panels))
    cells = [cell for each in panels for cell in each.cells]
    values = [v for c in cells for v in (c.low, c.high, c.published) if v is not None]
    values += [] if reference is None else [reference]
    scale = fitting_scale(np.array(values))
    heading(figure, label, top=14)
    for number, each in enumerate(panels):
        axes = panel(figure, top=first + (height + GAP) * number, height=height, right=20)
        set_vertical(axes, scale)
        _set_horizontal(axes, [cell.place for cell in cells], along if number == len(panels) - 1 else "")
        if reference is not None:
            axes.axhline(reference, color=MUTED, linewidth=1.4, dashes=(3, 2), zorder=1)
        if each.title:
            room = (WIDTH - 80) / 7.2
            axes.set_title(shorten(each.title, int(room)), loc="left", fontsize=SMALL, color=INK, pad=3)
        _draw_cells(axes, each.cells, ROLES[0])
    return figure


def _set_horizontal(axes: Axes, places: list[float], label: str) -> None:
    """Set the horizontal axis to the members' numbers, a tick at every one where they are few."""
    low, high = min(places), max(places)
    room = 0.02 * (high - low)
    axes.set_xlim(low - room, high + room)
    distinct = sorted(set(places))
    inside = [tick for tick in Scale(low, high, logarithmic=False).ticks() if low <= tick <= high]
    ticks = distinct if len(distinct) <= FEW / 2 else inside
    axes.set_xticks(ticks, [tick_text(tick).replace(",", "") for tick in ticks])
    axes.set_xlabel(label)


def _draw_cells(axes: Axes, cells: tuple[Cell, ...], colour: str) -> None:
    x = [cell.place for cell in cells]
    low, high = [cell.low for cell in cells], [cell.high for cell in cells]
    axes.fill_between(x, low, high, color=colour, alpha=0.2, linewidth=0)
    inner = [(c.place, c.lower, c.upper) for c in cells if c.lower is not None and c.upper is not None]
    if len(inner) == len(cells):
        axes.fill_between(
            x, [i[1] for i in inner], [i[2] for i in inner], color=colour, alpha=0.35, linewidth=0
        )
    mark = "o" if len(cells) <= FEW else ""
    axes.plot(x, [cell.median for cell in cells], color=colour, linewidth=2.2, marker=mark, markersize=5)
    known = [(cell.place, cell.published) for cell in cells if cell.published is not None]
    if known:
        axes.plot(
            [x for x, _ in known], [y for _, y in known], "D", color=PUBLISHED, markersize=5.5, zorder=5
        )


def plot(content: ReportContent, subject: str) -> Plot:
    """Draw an output with an ordered index as published: its median and interval at each member."""
    study = content.study
    table = table_of(content, subject, "fan", lambda each: ordered_index(study, each) is not None)
    along = ordered_index(study, table) or ""
    panels = output_panels(content, table, along)
    shown = panels[:MOST_PANELS]
    output = next(study.outputs[name] for name in table.cells.values())
    picture = draw_fan(
        shown,
        label=after_unit(table.title, output.unit.text),
        along=axis_title(study.indices[along]),
        reference=output.reference,
    )
    parts = [
        "Lines are medians",
        f"the wide bands {numbers.level(content.settings.level)} uncertainty intervals",
        "the narrow ones half of the draws"
        if all(c.lower is not None for e in shown for c in e.cells)
        else "",
        "diamonds the published figures"
        if any(c.published is not None for e in shown for c in e.cells)
        else "",
        f"the dashed line the reference, {output.reference:g}" if output.reference is not None else "",
    ]
    caption = f"{listed(part for part in parts if part)}. "
    if len(panels) > len(shown):
        caption += f"The first {len(shown)} of {len(panels)} are drawn. "
    caption += whose_variation((content.run.scenario, varying(content, table)))
    finding = _finding(table.title, shown, output.unit.text, study.indices[along].title)
    return Plot(f"fan-{table.name}", picture, finding, caption, panel_rows(panels))


def axis_title(index: Index) -> str:
    """Name an axis by an index with its unit, unless that says the same."""
    unit = "1" if index.unit is None else index.unit.text
    return index.title if unit == index.title.lower() else after_unit(index.title, unit)


def _finding(title: str, panels: tuple[Panel, ...], unit: str, along: str) -> str:
    """Say where each fan begins and ends."""
    said = []
    for each in panels:
        first, last = each.cells[0], each.cells[-1]
        name = f"“{each.title}”: " if each.title else ""
        at = [f"{with_unit(cell.text, unit)} at {cell.title}" for cell in (first, last)]
        said.append(f"{name}{at[0]}, {at[1]}")
    return f"“{title}” over “{along}”: {'; '.join(said)}."
