"""What decides an answer: how one counts, or how well the numbers are known; and of which way that is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from uncertainty import numbers
from uncertainty.amounts import farthest, is_cut, is_endless
from uncertainty.conclusion import distance
from uncertainty.sides import LARGE, distance_text
from uncertainty.study.model import AS_CHOSEN, AS_PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.conclusion import Conclusion, Convention
    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.study.model import Output, Study

FAIREST = "counted fairest"


class Compared(NamedTuple):
    """One output under the readings of its study.

    Parameters
    ----------
    asked
        Its distribution as published, and under each reading that changes something of it.
    leading
        The readings that are led with.
    over
        What the output speaks of where cases differ, such as "on average, ".
    conclusion
        In which direction the output lies, how far, and what decides it.
    printed_ranges
        Whether the publication itself prints the ranges of all that varies in its own way of counting.
    """

    study: Study
    output: Output
    asked: Mapping[str, OutputDistribution]
    leading: tuple[str, ...]
    over: str
    conclusion: Conclusion
    printed_ranges: bool = False


def way_named(study: Study, reading: str, *, fairest: bool = True) -> str:
    """Name a way of counting; the publication's own as what it is.

    Parameters
    ----------
    fairest
        Whether the preferred one is named as what it is for the study, too.
    """
    if reading == AS_PUBLISHED:
        return "as the publication counts"
    found = study.readings[reading]
    return FAIREST if fairest and found.preferred else f"by “{found.title}”"


def decider(readings: Compared, found: Convention | None) -> str:
    """Say whether the way of counting or the numbers decide, and cases where the output speaks of one."""
    if found is None:
        return ""
    data = "how well the numbers are known"
    if readings.output.over == "case" and readings.over:
        data = "what differs from case to case or is not well known"
    over_all = distance_of_all(readings.asked, found)
    ways, ends = _middles(readings, found), _interval_ends(readings, found)
    told = _lie(readings, over_all, found)
    is_farther = told != _lie(readings, found.apart, found)
    farther = f"; of all ways that the study names, {told}" if is_farther else ""
    if found.decides:
        return f"How one counts matters more ({ways}{farther}) than {data} ({ends})."
    if found.apart > found.widest:
        return f"How one counts sets results farther apart ({ways}{farther}) than {data} ({ends})."
    leading = [readings.asked[name] for name in readings.leading if name != AS_CHOSEN]
    if over_all > found.widest and not is_cut(readings.output, leading):
        return (
            f"Between these ways, {data} matters more ({ends}) than how one counts ({ways}); between all "
            f"ways that the study names, how one counts sets results farther apart ({told})."
        )
    return f"{data[:1].upper()}{data[1:]} matters more ({ends}) than how one counts ({ways}{farther})."


def distance_of_all(found: Mapping[str, OutputDistribution], leading: Convention) -> float:
    """Return how far the middles of all ways of counting lie apart; those of the leading ones at least.

    Where only the leading ones have one sign, others are no factor off, and nothing more is told.
    """
    every = [each.median for name, each in found.items() if name != AS_CHOSEN]
    if leading.by_factors and min(every) <= 0 <= max(every):
        return leading.apart
    return max(leading.apart, distance(min(every), max(every), by_factors=leading.by_factors))


HARDLY = 0.01
"""Part of the widest interval up to which middle values hardly differ."""


def _middles(readings: Compared, found: Convention) -> str:
    """Say how far the middles of the leading ways lie apart."""
    apart, widest = found.apart, found.widest
    if found.by_factors:
        apart, widest = math.log(apart), math.log(widest)
    told = _lie(readings, found.apart, found)
    if apart <= HARDLY * widest:
        return "the middles hardly differ"
    return f"the highest middle is {told} the lowest" if found.by_factors else f"the middles lie {told} apart"


def _interval_ends(readings: Compared, found: Convention) -> str:
    """Say of which leading way the interval is the widest, and how far its ends lie apart."""
    leading = {name: readings.asked[name] for name in readings.leading if name != AS_CHOSEN}
    widths = {
        name: distance(*each.ends.values, by_factors=found.by_factors)
        for name, each in leading.items()
        if each.varies and each.probability is None
    }
    name = max(widths, key=widths.__getitem__)
    under, told = way_named(readings.study, name), _lie(readings, found.widest, found)
    if is_endless(leading[name], farthest(readings.output, [each.median for each in leading.values()])):
        return f"{under}, the interval has no end"
    if found.by_factors:
        return f"{under}, the upper end of the interval is {told} the lower"
    return f"{under}, the ends of the interval lie {told} apart"


def _lie(readings: Compared, value: float, found: Convention) -> str:
    """Write how many times as large one result is as another, or how far they lie apart."""
    if not found.by_factors:
        return distance_text(readings.output, value, by_factors=False)
    return "over a million times" if value > LARGE else f"{numbers.number(value, 2)} times"
