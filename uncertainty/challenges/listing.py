"""A challenge as tables: one row a reading, and one row a combination of choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.results import row_of
from uncertainty.results.about import about
from uncertainty.tables import Table

if TYPE_CHECKING:
    from uncertainty.challenges.analysis import Challenge


def verdicts_table(found: Challenge) -> Table:
    """Return how each output stands, one row a reading, the leading ones first."""
    rows = [
        {"output": name, "reading": reading, "leading": reading in each.verdict.leading, **row_of(verdict)}
        for name, each in found.outputs.items()
        for reading, verdict in each.verdict.readings.items()
    ]
    return Table.of_rows("verdicts", rows, about=about(found.about))


def universes_table(found: Challenge) -> Table:
    """Return every combination of choices, one row each; a choice that does not reach an output is empty.

    Outputs without a multiverse have no rows.
    """
    parts = {name: each.multiverse for name, each in found.outputs.items()}
    multiverses = {name: part for name, part in parts.items() if not isinstance(part, str)}
    varied = {choice for part in multiverses.values() for choice in part.combinations.varied}
    choices = [choice for choice in found.study.choices if choice in varied]
    rows = [
        {
            "output": name,
            **{choice: universe.options.get(choice, "") for choice in choices},
            **row_of(universe),
        }
        for name, part in multiverses.items()
        for universe in part.universes
    ]
    return Table.of_rows("universes", rows, about=about(found.about))
