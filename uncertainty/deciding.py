"""What decides an answer: how one counts, or how well the numbers are known; of which way, and how surely."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from uncertainty import numbers
from uncertainty.amounts import farthest, is_cut, is_endless
from uncertainty.conclusion import LIKELY, VALUE, distance
from uncertainty.records import Frozen
from uncertainty.sides import LARGE, certain, distance_text
from uncertainty.study.model import AS_CHOSEN, AS_PUBLISHED
from uncertainty.wording import capitalised, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.conclusion import Conclusion, Convention, Direction, Extreme
    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.sampling.estimate import Estimate
    from uncertainty.study.model import Output, Study

FAIREST = "counted fairest"

Which = Literal["widest", "narrowest"]
EXTREME = MappingProxyType({"widest": max, "narrowest": min})
"""What finds an interval of widths."""

SURE = (LIKELY, 0.9, 0.99)
"""Shares above which something is probable, very probable, or said as it is; of what is not so the rest."""


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
        The readings in which the publication itself prints the ranges of all that varies.
    """

    study: Study
    output: Output
    asked: Mapping[str, OutputDistribution]
    leading: tuple[str, ...]
    over: str
    conclusion: Conclusion
    printed_ranges: frozenset[str] = frozenset()


def grade(found: Extreme) -> int:
    """Return how sure something is: from 3, it is so, over 0, nobody can tell, to -3, it is not so."""
    if not found.varies:
        return 3 if found.share.value else -3
    sure = grade_of(found.share)
    if sure <= 0 or found.beyond is None:
        return sure
    # what is the figure itself is neither more nor less
    return max(0, grade_of(found.beyond))


def grade_of(found: Estimate) -> int:
    """Return how sure something is of which that share of the tries is drawn."""
    share = certain(found)
    return sum(share > end for end in SURE) - sum(share <= 1 - end for end in SURE)


def sign_of(number: int) -> int:
    """Return to which side a grade leans: 1, or -1, or 0 where nobody can tell."""
    return (number > 0) - (number < 0)


def leaning_otherwise(found: Direction, near: Mapping[str, str] = Frozen()) -> Extreme:
    """Return a reading that leans otherwise than the preferred one: the publication's own, or an extreme.

    Parameters
    ----------
    near
        What is said of readings that find the published figure about right, where the preferred one does not.
    """
    if near.get(AS_PUBLISHED):
        return found.own
    lean = 0 if found.preferred is None else sign_of(grade(found.preferred))
    others = [each for each in (found.own, found.least, found.greatest) if sign_of(grade(each)) != lean]
    return max(others, key=lambda each: (each is found.own, each.varies))


def others_of(found: Direction) -> list[Extreme]:
    """Return what the readings say that are neither the publication's own nor made of what was chosen."""
    return [each for each in found.every if each.reading not in (AS_PUBLISHED, AS_CHOSEN)]


def undecided(found: Direction) -> int:
    """Count the ways by which nobody can tell what the preferred one and the one named beside it do tell."""
    if found.preferred is None or sign_of(grade(found.least)) == sign_of(grade(found.greatest)):
        return 0
    if not sign_of(grade(found.preferred)) or not sign_of(grade(leaning_otherwise(found))):
        return 0
    return sum(not grade(each) for each in others_of(found))


def way_named(study: Study, reading: str, *, fairest: bool = True) -> str:
    """Name a way of counting; the publication's own as what it is.

    Parameters
    ----------
    fairest
        Whether the preferred one is named as what it is for the study, too.
    """
    if reading == AS_PUBLISHED:
        return f"as the publication counts{f' but in {study.own_model}' if study.own_model else ''}"
    found = study.readings[reading]
    return FAIREST if fairest and found.preferred else f"by “{found.title}”"


def other_ways(number: int, *, before: bool = False) -> str:
    """Count ways of counting that are not named.

    Parameters
    ----------
    before
        Whether other ones were counted before.
    """
    if before:
        return "by another" if number == 1 else f"by {number} others"
    return "by one other way" if number == 1 else f"by {number} other ways"


def decider(readings: Compared, found: Convention | None) -> str:
    """Say whether the way of counting or the numbers decide, and cases where the output speaks of one."""
    if found is None:
        return ""
    data = "how well the numbers are known"
    if readings.output.over == "case" and readings.over:
        data = "what differs from case to case or is not well known"
    over_all, counting = distance_of_all(readings.asked, found), "how one counts"
    middles, widest = _middles(readings, found, over_all), _interval(readings, found, "widest")
    by_counting, by_numbers = f"{capitalised(middles)}; {widest}.", f"{capitalised(widest)}; {middles}."
    if found.decides:
        return f"{capitalised(counting)} matters more than {data}. {by_counting}"
    if found.apart.value > found.widest.value:
        return f"{capitalised(counting)} sets results farther apart than {data}. {by_counting}"
    if found.widens:
        narrowest = _interval(readings, found, "narrowest")
        return (
            f"{capitalised(counting)} also sets how wide the interval is. {capitalised(narrowest)}; "
            f"{widest}; {middles}."
        )
    leading = [readings.asked[name] for name in readings.leading if name != AS_CHOSEN]
    if counting_sets_farther(readings.output, readings.asked, leading, found):
        return (
            f"Between these ways, {data} matters more than {counting}; between all ways that the study "
            f"names, {counting} sets results farther apart. {by_numbers}"
        )
    return f"{capitalised(data)} matters more than {counting}. {by_numbers}"


def counting_sets_farther(
    output: Output,
    asked: Mapping[str, OutputDistribution],
    leading: list[OutputDistribution],
    found: Convention,
) -> bool:
    """Tell whether the middles of all ways of counting lie farther apart than the ends of any interval."""
    far = farthest(output, [each.median for each in leading])
    every = [each for name, each in asked.items() if name != AS_CHOSEN and each.varies]
    without = [each for each in every if not _has_width(each, found)]
    if is_cut(output, leading) or any(is_endless(each, far) for each in every) or without:
        return False
    widest = max((found.widest, *_widths_of_all(asked, found, far)), key=VALUE)
    return distance_of_all(asked, found).value > widest.value


def distance_of_all(found: Mapping[str, OutputDistribution], leading: Convention) -> Estimate:
    """Return how far the middles of all ways of counting lie apart; those of the leading ones at least.

    Where only the leading ones have one sign, others are no factor off, and nothing more is told.
    """
    every = [each.middle for name, each in found.items() if name != AS_CHOSEN]
    low, high = min(every, key=VALUE), max(every, key=VALUE)
    if leading.by_factors and low.value <= 0 <= high.value:
        return leading.apart
    return max(leading.apart, distance(low, high, by_factors=leading.by_factors), key=VALUE)


SAME = 1e-6
"""Part of a width by which rounding of the same draws may change it."""

HARDLY = 0.01
"""Part of the widest interval up to which middle values hardly differ."""


def hardly_differ(found: Convention) -> bool:
    """Tell whether the middle values lie nearly at one place, beside the widest interval."""
    apart, widest = found.apart.value, found.widest.value
    if found.by_factors:
        apart, widest = math.log(apart), math.log(widest)
    return apart <= HARDLY * widest


def _middles(readings: Compared, found: Convention, over_all: Estimate) -> str:
    """Say how far the middles of the leading ways lie apart, and those of all ways where that is more."""
    told, of_all = (_lie(readings, each, found) for each in (found.apart, over_all))
    leading = (
        f"the highest middle value is {told} the lowest"
        if found.by_factors
        else f"the middle values lie {told} apart"
    )
    if hardly_differ(found):
        leading = "the middle values hardly differ"
    if told == of_all:
        return leading
    every = f"the highest is {of_all} the lowest" if found.by_factors else f"they lie {of_all} apart"
    return f"{leading}, and of all ways that the study names {every}"


def _interval(readings: Compared, found: Convention, which: Which) -> str:
    """Say of which leading way the interval is the widest or narrowest, and how far its ends lie apart."""
    leading = {name: readings.asked[name] for name in readings.leading if name != AS_CHOSEN}
    widths = {
        name: distance(*each.ends, by_factors=found.by_factors)
        for name, each in leading.items()
        if each.varies and each.probability is None
    }
    name = EXTREME[which](widths, key=lambda each: widths[each].value)
    interval = f"the {which} interval, {way_named(readings.study, name)},"
    far = farthest(readings.output, [each.median for each in leading.values()])
    endless = [each for each in widths if is_endless(leading[each], far)]
    if name in endless:
        ways = listed(way_named(readings.study, each) for each in endless)
        none = f"{interval} has no end" if len(endless) == 1 else f"the intervals {ways} have no end"
        return none + _endless_too(readings, far)
    told = _lie(readings, widths[name], found)
    if which == "widest" and found.widens and told == _lie(readings, found.narrowest, found):
        return f"in {interval} the two lie much farther apart"
    end = EXTREME[which]([widths[name], *_widths_of_all(readings.asked, found, far)], key=VALUE)
    of_all = _lie(readings, end, found)
    every = f", and of all ways that the study names {of_all}" if of_all != told else ""
    if not every and not math.isclose(end.value, widths[name].value, rel_tol=SAME):
        # it is another way's interval, which goes beyond this one by less than is told
        interval = f"the {which} interval"
    if found.by_factors:
        return f"in {interval} the upper end is {told} the lower{every}"
    return f"in {interval} the ends lie {told} apart{every}"


def _endless_too(readings: Compared, far: float) -> str:
    """Count the ways whose intervals have no end, either, beside those that are led with."""
    found = sum(
        each.varies and each.probability is None and is_endless(each, far)
        for name, each in readings.asked.items()
        if name not in (*readings.leading, AS_CHOSEN)
    )
    if not found:
        return ""
    return f", nor {'has that' if found == 1 else 'have those'} of {numbers.count(found, 'other way')}"


def _widths_of_all(asked: Mapping[str, OutputDistribution], found: Convention, far: float) -> list[Estimate]:
    """Return how far the ends of each way's interval lie apart, where both are."""
    return [
        distance(*each.ends, by_factors=found.by_factors)
        for each in asked.values()
        if each.varies and _has_width(each, found) and not is_endless(each, far)
    ]


def _has_width(each: OutputDistribution, found: Convention) -> bool:
    """Tell whether an interval has ends that lie apart as the middles do: by a factor, or by a difference."""
    low, high = each.ends.values
    return each.probability is None and (low > 0 or high < 0 or not found.by_factors)


def _lie(readings: Compared, apart: Estimate, found: Convention) -> str:
    """Write how many times as large one result is as another, or how far they lie apart."""
    if not found.by_factors:
        return distance_text(readings.output, apart, by_factors=False)
    return "over a million times" if apart.value > LARGE else f"{numbers.estimate(apart, 2)} times"
