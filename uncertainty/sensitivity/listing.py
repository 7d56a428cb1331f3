"""Results of sensitivity analyses as tables: one row for each output and input, or group, or kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from uncertainty.results import row_of
from uncertainty.tables import Table

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
