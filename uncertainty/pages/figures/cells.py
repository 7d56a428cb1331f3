"""The cells of an output or an input with indices, as figures show them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from uncertainty import numbers
from uncertainty.compiled import dependencies
from uncertainty.errors import SettingError, suggestion
from uncertainty.late import dataclass
from uncertainty.study.model import AS_PUBLISHED
from uncertainty.wording import interval_text, median_text, point_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.pages.content import ReportContent
    from uncertainty.study.model import Input, Quantity, Study

FIVE_TO_95 = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Where the range of an input ends, its inner half does, and its median."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known of one cell.

    Parameters
    ----------
    title
        The labels of its members; in a panel, those that the panel's title leaves.
    place
        On an ordered index, the number of its member.
    low, high
        Ends of the interval that is shown.
    lower, upper
        Ends of its inner half; None where they are not known.
    published
        What was published, in the same unit.
    text
        The interval in words, or the value of what does not vary.
    """

    title: str
    text: str
    place: float
    low: float
    lower: float | None
    median: float
    upper: float | None
    high: float
    published: float | None


@dataclass(frozen=True, slots=True)
class Panel:
    """The cells that differ in one index only, in order."""

    title: str
    cells: tuple[Cell, ...]


def ordered_index(study: Study, table: Quantity) -> str | None:
    """Return the ordered index with the most members that a table has; nothing where it has none."""
    found = [
        name for name in table.indices if study.indices[name].ordered and len(study.indices[name].names) > 1
    ]
    return max(found, key=lambda name: len(study.indices[name].names), default=None)


def table_of(content: ReportContent, subject: str, kind: str, fits: Callable[[Quantity], bool]) -> Quantity:
    """Return the output with indices that a figure is to show: the named one, or else the first that fits.

    Raises
    ------
    SettingError
        If there is none, or the named one has not what the figure shows.
    """
    tables = content.study.tables
    if subject != AS_PUBLISHED:
        if subject not in tables:
            raise SettingError(f'"{subject}" is no output with an index{suggestion(subject, tables)}')
        if not fits(tables[subject]):
            raise SettingError(f'the figure "{kind}" shows {ABOUT[kind]}, and "{subject}" has none')
        return tables[subject]
    found = next((table for table in tables.values() if fits(table)), None)
    if found is None:
        raise SettingError(f"there is nothing to draw: no output has {ABOUT[kind]}")
    return found


ABOUT = {
    "fan": "an ordered index",
    "members": "an index that is not ordered alone",
    "heat-map": "an ordered index and inputs that vary",
}
"""What each figure of a table needs."""


def output_panels(content: ReportContent, table: Quantity, along: str) -> tuple[Panel, ...]:
    """Return an output's cells as published, those that differ along one index together."""
    found = {members: _output_cell(content.run.outputs[name]) for members, name in table.cells.items()}
    return _panels(content.study, table, along, found)


def _output_cell(found: OutputDistribution) -> Cell | None:
    low, high, median = found.ends.low.value, found.ends.high.value, found.median
    if low is None or high is None or not math.isfinite(median):
        return None
    inner = [found.draws.quantile(p).value for p in (0.25, 0.75)] if found.draws.stored else [None, None]
    text = interval_text(found) if found.varies else median_text(found)
    return Cell("", text, 0.0, low, inner[0], median, inner[1], high, found.output.published_value)


def input_panels(content: ReportContent, table: Quantity, along: str) -> tuple[Panel, ...]:
    """Return an input's cells with nine in ten of their values; one that is fixed is its point."""
    inputs = content.study.inputs
    found = {
        members: _input_cell(inputs[name], content.published_points[name])
        for members, name in table.cells.items()
    }
    return _panels(content.study, table, along, found)


def _input_cell(item: Input, point: float) -> Cell:
    if item.distribution is None:
        return Cell("", point_text(point), 0.0, point, point, point, point, point, None)
    low, lower, median, upper, high = item.distribution.quantile(np.array(FIVE_TO_95)).tolist()
    return Cell("", numbers.exact_range(low, high), 0.0, low, lower, median, upper, high, point)


def _panels(
    study: Study, table: Quantity, along: str, known: Mapping[tuple[str, ...], Cell | None]
) -> tuple[Panel, ...]:
    """Put cells that differ along one index alone beside one another; those without values are left out."""
    index, at = study.indices[along], table.indices.index(along)
    left = [study.indices[name] for name in table.indices if name != along]
    found: dict[str, list[Cell]] = {}
    for members, cell in known.items():
        others = members[:at] + members[at + 1 :]
        title = ", ".join(each.members[name] or name for each, name in zip(left, others, strict=True))
        if cell is not None:
            member = members[at]
            place = index.places[member]
            number = index.numbers[place] if index.ordered else float(place)
            found.setdefault(title, []).append(
                replace(cell, title=index.members[member] or member, place=number)
            )
    return tuple(Panel(title, tuple(cells)) for title, cells in found.items())


def varying(content: ReportContent, table: Quantity) -> list[str]:
    """Return the inputs that vary and reach an output's cells as published."""
    plan = content.run.scenario
    reached = frozenset().union(*dependencies(plan, list(table.cells.values())).values())
    return [name for name in plan.varying if name in reached]
