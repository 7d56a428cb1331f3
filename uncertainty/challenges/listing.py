"""A challenge as tables: one row a reading, and one row a combination of choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uncertainty.results.about import about
from uncertainty.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.challenges.analysis import Challenge
    from uncertainty.challenges.multiverse import Universe
    from uncertainty.challenges.verdict import ReadingVerdict
    from uncertainty.sampling.statistics import Estimate

SHARES = ("at_or_beyond_published", "within_factor_2", "within_factor_10", "beyond_reference")
KINDS = ("tenth", "reference", "published")


def verdicts_table(found: Challenge) -> Table:
    """Return how each output stands, one row a reading, the leading ones first."""
    rows = [
        {"output": name, "reading": reading, "leading": reading in each.verdict.leading} | _verdict(verdict)
        for name, each in found.outputs.items()
        for reading, verdict in each.verdict.readings.items()
    ]
    return Table.of_rows("verdicts", rows, about=about(found.scenario, found.settings))


def universes_table(found: Challenge) -> Table:
    """Return every combination of choices, one row each; a choice that does not reach an output is empty.

    Outputs without a multiverse have no rows.
    """
    parts = {name: each.multiverse for name, each in found.outputs.items()}
    multiverses = {name: part for name, part in parts.items() if not isinstance(part, str)}
    varied = {choice for part in multiverses.values() for choice in part.combinations.varied}
    choices = [choice for choice in found.study.choices if choice in varied]
    rows = [
        {"output": name}
        | {choice: universe.options.get(choice, "") for choice in choices}
        | _universe(universe)
        for name, part in multiverses.items()
        for universe in part.universes
    ]
    return Table.of_rows("universes", rows, about=about(found.scenario, found.settings))


def _verdict(found: ReadingVerdict) -> dict[str, Any]:
    return {
        "point": found.point,
        **_interval(found.median, found.low, found.high),
        **_estimate("published_percentile", found.percentile),
        **_estimates(found.shares, SHARES),
        "dropped": found.dropped,
        "sentence": found.sentence,
    }


def _universe(universe: Universe) -> dict[str, Any]:
    found = universe.found
    ends = {"lowest": found.lowest, "highest": found.highest}
    return _interval(found.median, found.low, found.high) | _estimates(found.shares, KINDS) | ends


def _interval(median: Estimate, low: Estimate, high: Estimate) -> dict[str, Any]:
    return _estimate("median", median) | _estimate("low", low) | _estimate("high", high)


def _estimates(found: Mapping[str, Estimate], names: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for name in names for key, value in _estimate(name, found.get(name)).items()}


def _estimate(name: str, found: Estimate | None) -> dict[str, Any]:
    return {name: found and found.value, f"{name}_error": found and found.error}
