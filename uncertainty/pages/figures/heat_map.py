"""What drives an output over an ordered index: total Sobol' indices as a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.errors import SettingError
from uncertainty.late import dataclass
from uncertainty.pages.figures import Plot
from uncertainty.pages.figures.axis import tick_text
from uncertainty.pages.figures.cells import ordered_index, table_of
from uncertainty.pages.figures.drivers import driver_title
from uncertainty.pages.figures.fan import axis_title
from uncertainty.pages.figures.style import INK, MUTED, ROLES, SMALL, axes_inside, canvas, shorten, styled
from uncertainty.sensitivity.sobol.results import TOTAL
from uncertainty.wording import NEGLIGIBLE, listed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from uncertainty.pages.content import ReportContent
    from uncertainty.sensitivity.sobol.analysis import SobolIndices
    from uncertainty.study.model import Quantity, Study

MOST_ROWS = 8
"""Inputs that a map has rows for."""

MOST_COLUMNS = 30
"""Members that are drawn; of more, as many at even distances."""

NUMBERED = 9
"""Columns up to which each square carries its number."""

ROW = 42.0
"""Height of one input, with its name above its squares."""

SQUARE = 22.0


@dataclass(frozen=True, slots=True)
class Row:
    """An input's total indices, one for each member; None where an output does not vary."""

    name: str
    shares: tuple[float | None, ...]

    @property
    def largest(self) -> float:
        """The largest of them."""
        return max((share for share in self.shares if share is not None), default=0.0)


@styled
def draw_map(rows: tuple[Row, ...], columns: tuple[str, ...], *, along: str) -> Figure:
    """Draw a row of squares for each input, coloured the more strongly the larger its share.

    Parameters
    ----------
    columns
        What the members are called.
    along
        Name of the horizontal axis.
    """
    figure = canvas(ROW * len(rows) + 62)
    axes = axes_inside(figure, top=6)
    axes.set_ylim(ROW * len(rows), 0)
    axes.set_xlim(0, len(columns))
    colour, across = ROLES[0], axes.get_yaxis_transform()
    for number, row in enumerate(rows):
        top = ROW * number + 17
        axes.text(0, top - 4, shorten(row.name, 64), transform=across, fontsize=SMALL)
        for place, share in enumerate(row.shares):
            if share is None:
                axes.plot([place + 0.5], [top + SQUARE / 2], "x", color=MUTED, markersize=4)
                continue
            depth = min(max(share, 0.0), 1.0)
            axes.bar(place + 0.5, SQUARE, 0.94, top, color=colour, alpha=0.04 + 0.71 * depth, linewidth=0)
            if len(columns) <= NUMBERED:
                text = f"{100 * depth:.0f} %"
                axes.text(place + 0.5, top + 15, text, ha="center", fontsize=SMALL, color=INK)
    step = -(-len(columns) // 8)
    ticks = list(range(0, len(columns), step))
    axes.set_xticks([tick + 0.5 for tick in ticks], [columns[tick] for tick in ticks])
    axes.spines["bottom"].set_visible(False)
    axes.set_xlabel(along)
    return figure


def plot(content: ReportContent, subject: str) -> Plot:
    """Draw the total indices of an output over its ordered index, as published."""
    study = content.study
    table = table_of(content, subject, "heat-map", lambda each: ordered_index(study, each) is not None)
    along = study.indices[ordered_index(study, table) or ""]
    first = next(iter(table.cells))
    at = table.indices.index(along.name)
    step = -(-len(along.names) // MOST_COLUMNS)
    shown = along.names[::step]
    cells = {member: table.cells[(*first[:at], member, *first[at + 1 :])] for member in shown}
    found = content.drivers_of(tuple(cells.values()))
    if isinstance(found, str):
        raise SettingError(f"there is nothing to attribute: {found}")
    rows = _rows(study, found, tuple(cells.values()))
    if not rows:
        raise SettingError(f"there is nothing to attribute: no input reaches “{table.title}”")
    columns = tuple(tick_text(along.numbers[along.places[member]]).replace(",", "") for member in shown)
    picture = draw_map(rows[:MOST_ROWS], columns, along=axis_title(along))
    caption = (
        f"Squares are total Sobol' indices ({TOTAL}), the stronger their colour the larger; a cross where "
        "nothing varies."
    )
    if step > 1:
        caption += f" Of {len(along.names):,} members every {numbers.ordinal(step)} is drawn."
    if len(rows) > MOST_ROWS:
        caption += f" The {MOST_ROWS} inputs that count most somewhere, of {len(rows)}."
    data = [
        {"input": row.name, along.title: column, "total index": share}
        for row in rows
        for column, share in zip(columns, row.shares, strict=True)
    ]
    said = _finding(_title(study, table, first, at), rows, columns)
    return Plot(f"heat-map-{table.name}", picture, said, caption, data)


def _title(study: Study, table: Quantity, first: tuple[str, ...], at: int) -> str:
    """Return an output's title, with the labels of the other members for which the map is drawn."""
    others = [
        study.indices[name].members[member] or member
        for place, (name, member) in enumerate(zip(table.indices, first, strict=True))
        if place != at
    ]
    return f"{table.title} ({', '.join(others)})" if others else table.title


def _rows(study: Study, found: SobolIndices, cells: tuple[str, ...]) -> tuple[Row, ...]:
    """Return the inputs that count somewhere, the largest first."""
    keys = dict.fromkeys(key for cell in cells for key in found.outputs[cell].indices)
    rows = [
        Row(
            driver_title(study, key),
            tuple(
                None
                if (own := found.outputs[cell]).reason or not own.indices
                else own.indices[key].total.value
                if key in own.indices
                else 0.0
                for cell in cells
            ),
        )
        for key in keys
    ]
    return tuple(sorted((row for row in rows if row.largest >= NEGLIGIBLE), key=lambda row: -row.largest))


def _finding(title: str, rows: tuple[Row, ...], columns: tuple[str, ...]) -> str:
    """Say what drives the output most at the first and at the last member that varies."""
    varying = [place for place in range(len(columns)) if any(row.shares[place] is not None for row in rows)]
    said = []
    for place in dict.fromkeys((varying[0], varying[-1])):
        top = max(rows, key=lambda row: row.shares[place] or 0.0)
        said.append(f"“{top.name}” at {columns[place]} ({numbers.index(top.shares[place] or 0.0)})")
    return f"What drives “{title}” most, with interactions: {listed(said)}."
