"""Which outputs a page shows: all of them, or of tables with many cells the totals by index."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from uncertainty.expressions.tree import Call, Expression, Name
from uncertainty.indices.index import written
from uncertainty.study.scenario import scenario

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.study.model import Output, Quantity, Study

MOST_DRAWN = 200
"""Cells that are drawn up to which a page shows every output."""


def is_large(study: Study) -> bool:
    """Return whether more cells are drawn than a page shows one by one."""
    return bool(study.tables) and len(scenario(study).varying) > MOST_DRAWN


def shown_outputs(study: Study) -> Mapping[str, Output]:
    """Return a study's outputs; of large ones the headline, those without an index, and totals by index."""
    if not is_large(study):
        return study.outputs
    found = {n: each for n, each in study.outputs.items() if not each.quantity or n == study.headline}
    for table in study.tables.values():
        found |= _totals(study, table)
    return found


def _totals(study: Study, table: Quantity) -> dict[str, Output]:
    """Return the sums of an output for each member of each of its indices; of one index, over it."""
    if len(table.indices) == 1:
        return _total(study, table, list(table.cells.values()), "", "total")
    found: dict[str, Output] = {}
    for place, index in enumerate(table.indices):
        for member, label in study.indices[index].members.items():
            cells = [name for members, name in table.cells.items() if members[place] == member]
            found |= _total(study, table, cells, member, f"total, {label or member}")
    return found


def _total(study: Study, table: Quantity, cells: Sequence[str], member: str, said: str) -> dict[str, Output]:
    """Return the sum of some cells as an output."""
    name = written(f"sum({table.name})", [member] if member else [])
    values = [study.outputs[cell].expression or Name(cell) for cell in cells]
    first = study.outputs[cells[0]]
    label = f"{table.title} ({said})"
    total = replace(first, name=name, expression=_sum(values), label=label, quantity="")
    return {name: replace(total, published=None, reference=None, source="", note="")}


def _sum(values: Sequence[Expression]) -> Expression:
    """Add up in a balanced tree."""
    if len(values) == 1:
        return values[0]
    middle = len(values) // 2
    return Call("add", (_sum(values[:middle]), _sum(values[middle:])))
