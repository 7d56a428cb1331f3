"""Results of sensitivity analyses as tables: one row for each output and input, or group, or kind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from uncertainty import numbers
from uncertainty.results import row_of
from uncertainty.tables import Table
from uncertainty.tables.html import html_heading, html_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uncertainty.study.model import Scale


class Attribution(NamedTuple):
    """What one input, group or kind was found to do to one output.

    Parameters
    ----------
    what
        ``"input"``, ``"group"`` or ``"kind"``.
    row
        The finding: a named tuple of numbers, of intervals, and of numbers that have an interval.
    """

    output: str
    scale: Scale
    what: str
    key: str
    row: Any


class Attributed(Protocol):
    """The result of a sensitivity analysis."""

    def attributions(self) -> Iterator[Attribution]:
        """Yield the findings in the order in which they are shown."""
        ...


def listing(*found: Attributed, about: Mapping[str, Any] | None = None) -> Table:
    """Return the findings of some results as one table.

    Returns
    -------
    Table
        Columns ``output``, ``scale``, ``what``, ``key`` and the findings' own; the ends of an interval are
        ``NAME_low`` and ``NAME_high``.
    """
    rows = [
        {"output": each.output, "scale": each.scale, "what": each.what, "key": each.key, **row_of(each.row)}
        for result in found
        for each in result.attributions()
    ]
    return Table.of_rows("sensitivity", rows, about=about or {})


def html_listing(heading: str, found: Attributed, note: str = "") -> str:
    """Return the findings for a notebook, each with two digits and its interval."""
    table = listing(found)
    names = [name for name in table.columns if not name.endswith(("_low", "_high"))]
    rows = []
    for place in range(table.rows):
        cells = []
        for name in names:
            value = table.columns[name][place]
            text = value if isinstance(value, str) else _number(value)
            if f"{name}_low" in table.columns:
                low, high = (table.columns[f"{name}_{end}"][place] for end in ("low", "high"))
                text += f" ({_number(low)} to {_number(high)})"
            cells.append(text)
        rows.append(cells)
    numeric = [i for i, name in enumerate(names) if table.numeric[name]]
    return html_heading(heading, note) + html_table(names, rows, numeric=numeric)


def _number(value: Any) -> str:
    return numbers.MISSING if math.isnan(value) else numbers.number(float(value), 2)
