"""Results of sensitivity analyses as tables: one row for each output and input, or group, or kind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from uncertainty import numbers
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
        {"output": each.output, "scale": each.scale, "what": each.what, "key": each.key, **flat(each.row)}
        for result in found
        for each in result.attributions()
    ]
    # what is not known of one output, such as an interval, may be known of another
    named = dict.fromkeys(name for row in sorted(rows, key=len, reverse=True) for name in row)
    filled = [dict.fromkeys(named) | row for row in rows]
    return Table.of_rows("sensitivity", filled, about=about or {})


def flat(row: Any) -> dict[str, Any]:
    """Return the numbers of a named tuple by name, each with the ends of its interval."""
    if set(row._fields) == {"value", "interval"}:
        return {"effect": row.value} | _ends("effect", row.interval)
    flattened: dict[str, Any] = {}
    for name, value in row._asdict().items():
        if name.endswith("_interval"):
            flattened |= _ends(name.removesuffix("_interval"), value)
        elif hasattr(value, "interval"):
            flattened |= {name: value.value} | _ends(name, value.interval)
        else:
            flattened[name] = value
    return flattened


def _ends(name: str, interval: tuple[float, float]) -> dict[str, float]:
    return {f"{name}_low": interval[0], f"{name}_high": interval[1]}


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
