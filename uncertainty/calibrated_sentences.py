"""The answer to a study's question in calibrated words ("very likely"), below the plain answers.

They say in this order in which direction and how sure that is, how much, whether the convention or the data
decide, and where one of the study's differences does worst. `docs/verdicts.md` has the rules in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.amounts import ends_text, farthest, is_cut
from uncertainty.conclusion import LIKELY, UNLIKELY
from uncertainty.deciding import counting_sets_farther, distance_of_all, hardly_differ
from uncertainty.leading import agree
from uncertainty.numbers import count
from uncertainty.sides import (
    certain,
    compared,
    direction_text,
    distance_text,
    likelihood,
    limit_text,
    over_text,
    side_text,
)
from uncertainty.study.model import AS_CHOSEN
from uncertainty.wording import ALIKE, capitalised, interval_text, listed, middle_text, published_text

if TYPE_CHECKING:
    from uncertainty.conclusion import Conclusion, Convention, Direction, Extreme, WorstDifference
    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.readings import Readings
    from uncertainty.study.model import Output


def first_sentences(readings: Readings) -> tuple[str, ...]:
    """Answer a study's question for one output, by the rules that `docs/verdicts.md` has in words."""
    found = readings.conclusion
    return tuple(
        filter(
            None,
            (
                *_directions(readings, found),
                _size_sentence(readings),
                _figure_sentence(readings, found.figure),
                _decider(readings, found.convention),
                _worst(readings, found),
            ),
        )
    )


def _directions(readings: Readings, found: Conclusion) -> list[str]:
    """Say how sure the direction is: of what the output speaks of, and of any one case."""
    sentences = []
    if found.direction is not None:
        over = over_text(readings.output, readings.plans)
        sentences.append(over + _direction_sentence(readings, found.direction))
        if found.one_case is not None:
            of_one = _of_one_case(readings, found.direction, found.one_case)
            sentences.append(of_one + _direction_sentence(readings, found.one_case))
    return [capitalised(sentence) for sentence in sentences]


def _of_one_case(readings: Readings, found: Direction, single: Direction) -> str:
    """Say that any one case is told of, and under which readings, where cases do not differ under each."""
    if single.readings == found.readings:
        return "in any one case, "
    if single.readings > 1:
        return f"in any one case, under the {single.readings:,} readings in which cases differ, "
    return f"in any one case, {_under(readings, single.least)}, the only reading in which cases differ, "


def _direction_sentence(readings: Readings, found: Direction) -> str:
    """Say in which direction an output lies, how sure that is, and under which reading it is least sure."""
    what = direction_text(readings.output, found.limit, above=found.above, met=found.met)
    return _said_of(readings, found, what)


def _figure_sentence(readings: Readings, found: Direction | None) -> str:
    """Say how sure it is that the published figure is reached."""
    if found is None:
        return ""
    side = "at least" if found.above else "at most"
    return capitalised(
        _said_of(readings, found, f"it is {side} the published {published_text(readings.output)}")
    )


def _said_of(readings: Readings, found: Direction, what: str) -> str:
    """Say how sure something is under all readings, and under which it is least sure."""
    least, greatest = found.least.share, found.greatest.share
    if not found.least.varies and agree(least, greatest):
        return f"nothing varies, and {'' if least.value else 'it is not so that '}{what}."
    if found.readings == 1:
        return f"it is {_sure(found.least)} that {what}."
    every = f"under each of the {count(found.readings, 'reading')}"
    if agree(least, greatest):
        return f"it is {likelihood(least)} ({numbers.share(least)} {every}) that {what}."
    others = f"under the other {count(found.readings - 1, 'reading')}" if found.readings > 2 else "otherwise"
    if certain(least) > LIKELY and found.least.varies:
        sure = _sure(found.least, _under(readings, found.least), f"more {others}")
        return f"it is at least {sure} that {what}."
    if certain(greatest) <= UNLIKELY and found.greatest.varies:
        sure = _sure(found.greatest, _under(readings, found.greatest), f"less {others}")
        return f"it is at most {sure} that {what}."
    if likelihood(least) == likelihood(greatest) and found.least.varies:
        ends = [
            f"{numbers.share(end.share)} {_under(readings, end)}" for end in (found.least, found.greatest)
        ]
        return f"it is {likelihood(least)} ({', '.join(ends)}) that {what}."
    ends = [f"it is {_sure(end)} {_under(readings, end)}" for end in (found.greatest, found.least)]
    # one number tells less than a reading that is virtually as sure, and may lie farther out
    named = (found.least.reading, found.greatest.reading)
    vary = all(each.varies for each in found.every if each.reading not in named)
    for_one = "" if vary else " for example,"
    return f"whether {what} depends on the reading:{for_one} {ends[0]}, and {ends[1]}."


def _under(readings: Readings, found: Extreme | WorstDifference) -> str:
    return f"under “{readings.study.readings[found.reading].title}”"


def _sure(found: Extreme, under: str = "", others: str = "") -> str:
    """Say how sure something is, with its number; where nothing varies it is so, or it is not."""
    if not found.varies:
        return "so" if found.share.value else "not so"
    number = " ".join(filter(None, (numbers.share(found.share), under)))
    return f"{likelihood(found.share)} ({', '.join(filter(None, (number, others)))})"


def _size_sentence(readings: Readings) -> str:
    """Give the median and the interval under each leading reading."""
    found = {n: readings.distribution(n) for n in readings.leading if n != AS_CHOSEN}
    # a number in the middle of differing cases is that of no one case
    over = "" if readings.output.over == "case" else over_text(readings.output, readings.plans)
    first = capitalised(f"{over}{_subject(readings.output)}")
    far = farthest(readings.output, [each.median for each in found.values()])
    texts = [_size(each, far, level=not place) for place, each in enumerate(found.values())]
    if len(texts) > 1:
        texts = [
            f"{text} under “{readings.study.readings[name].title}”"
            for name, text in zip(found, texts, strict=True)
        ]
    return f"{first} {listed(texts)}."


def _subject(output: Output) -> str:
    """Return how a sentence on the size begins."""
    sides = compared(output)
    if sides is None:
        return f"“{output.title}” is"
    one, other, _ = sides
    return f"“{one}” ÷ “{other}” is" if output.reference else f"“{one}” less “{other}” is"


def _size(found: OutputDistribution, far: float, *, level: bool) -> str:
    if found.probability is not None:
        return f"yes in {middle_text(found)} of draws"
    if found.draws.unmet:
        return f"{middle_text(found)} {ALIKE}"
    if not found.varies:
        return f"one number, {middle_text(found)}"
    named = f"{numbers.level(found.level)} interval " if level else ""
    ends = ends_text(interval_text(found), found.output, found.ends.values[1], far)
    return f"about {middle_text(found)} ({named}{ends})"


def _decider(readings: Readings, found: Convention | None) -> str:
    """Say whether the convention or the data decide, with how far each sets results apart."""
    if found is None:
        return ""
    output = readings.output
    apart, widest = (
        distance_text(output, each, by_factors=found.by_factors) for each in (found.apart, found.widest)
    )
    spread = "without end" if is_cut(output, _leading(readings)) else f"over {widest}"
    changes = f"changes by {apart}"
    if hardly_differ(found):
        changes = "does not change" if found.apart.value == float(found.by_factors) else "hardly changes"
    moved = f"the middle value {changes} from one"
    apart_and_spread = f"{moved} of the leading readings to another, while within one of them results spread"
    if found.decides:
        return f"The convention decides more than the data: {apart_and_spread} {spread} at most."
    if found.apart.value > found.widest.value:
        return f"The convention leaves more open than the data: {apart_and_spread} {spread} at most."
    if found.widens:
        narrow = f"over {distance_text(output, found.narrowest, by_factors=found.by_factors)}"
        further = "much farther" if narrow == spread else spread
        return (
            f"The convention also sets how wide the interval is: results spread {narrow} under one of the "
            f"leading readings and {further} under another, while {moved} to another."
        )
    farther = counting_sets_farther(output, readings.distributions, _leading(readings), found)
    what, them = "the convention", "the leading readings"
    if farther:
        what, them = f"the choice between {them}", "them"
    told = (
        f"The data leave more open than {what}: within one of {them} results spread {spread}, while "
        f"{moved} to another."
    )
    if not farther:
        return told
    over_all = distance_of_all(readings.distributions, found)
    changes = distance_text(output, over_all, by_factors=found.by_factors)
    return f"{told} Over all readings it changes by {changes}: there the convention leaves more open."


def _leading(readings: Readings) -> list[OutputDistribution]:
    return [readings.distribution(name) for name in readings.leading if name != AS_CHOSEN]


def _worst(readings: Readings, found: Conclusion) -> str:
    """Name one of the study's differences or totals, under the reading where it holds in the fewest cases."""
    worst = found.worst_difference
    if worst is None:
        return ""
    output = readings.study.outputs[worst.output]
    side = side_text(above=worst.above, met=worst.met)
    return (
        f"A difference that the study also gives, at its worst: {_under(readings, worst)} it is "
        f"{likelihood(worst.share)} ({numbers.share(worst.share)}) that “{output.title}” lies {side} "
        f"{limit_text(output, worst.limit)}."
    )
