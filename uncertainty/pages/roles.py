"""The part that a leading reading plays, as it is named beside it on pages and in figures."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from uncertainty.leading import stands_out
from uncertainty.study.model import AS_CHOSEN, AS_PUBLISHED

if TYPE_CHECKING:
    from uncertainty.readings import Readings
    from uncertainty.study.model import Output


def role(readings: Readings, reading: str) -> str:
    """Name the part that a leading reading plays.

    Single cases choose the least and the most favourable reading; they are called so where medians, which
    stand beside the name, say the same.
    """
    if reading == AS_PUBLISHED:
        own = readings.study.own_model
        return f"the publication's own, but in {own}" if own else "the publication's own"
    if reading == AS_CHOSEN:
        return "as chosen here"
    output, parts = readings.output, []
    if readings.study.readings[reading].preferred:
        parts.append("the preferred one")
    stands = partial(stands_out, output, readings.distributions, reading)
    worst, best = _extremes(output)
    if reading == readings.leads.least_favourable and stands(1):
        parts.append(worst)
    elif reading == readings.leads.most_favourable and not parts and stands(-1):
        parts.append(best)
    return " and ".join(parts) or "another one"


def _extremes(output: Output) -> tuple[str, str]:
    """Name the readings that speak least and most for a claim; one "about" a figure fails on either side."""
    if output.claim != "about" or output.reference is not None:
        return "the least favourable to the claim", "the most favourable to the claim"
    if output.published_value is None:
        return "the lowest", "the highest"
    return "the farthest from the figure", "the nearest to the figure"
