"""The first sentences of every page: they answer a study's question for a reader who knows no statistics.

They say in this order in which direction and how sure that is, how much, whether the convention or the data
decide, and what the worst case is. `docs/verdicts.md` has the rules in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.case_statistics import has_both_kinds
from uncertainty.leading import agree
from uncertainty.numbers import count
from uncertainty.study.model import AS_CHOSEN
from uncertainty.wording import (
    capitalised,
    interval_text,
    listed,
    middle_text,
    point_text,
    published_text,
    with_unit,
)

if TYPE_CHECKING:
    from uncertainty.conclusion import Conclusion, Convention, Direction, Extreme, WorstDifference
    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.readings import Readings
    from uncertainty.sampling.estimate import Estimate
    from uncertainty.study.model import Output

LIKELIHOODS = (
    (0.99, "virtually certain"),
    (0.95, "extremely likely"),
    (0.9, "very likely"),
    (0.66, "likely"),
    (0.5, "more likely than not"),
    (0.33, "about as likely as not"),
    (0.1, "unlikely"),
    (0.05, "very unlikely"),
    (0.01, "extremely unlikely"),
)
"""Words for probabilities above these (Mastrandrea et al. 2010, IPCC guidance note on uncertainties)."""

LIKELY, EVEN, UNLIKELY = 0.66, 0.5, 0.33

SMALL = 2.0
"""Factors below this are written with a digit more."""

LARGE = 1e6
"""Factors above this are not written."""


def likelihood(share: Estimate | float) -> str:
    """Return the calibrated word for a probability within its error; it is never said without its number.

    Where the error reaches into the range of another word, it is the word that is less sure of the two.
    """
    value = certain(share)
    return next((word for least, word in LIKELIHOODS if value > least), "exceptionally unlikely")


def certain(share: Estimate | float) -> float:
    """Return the end of a probability's interval that is nearer to even odds, or these."""
    low, high = numbers.bounds(share)
    return max(low, EVEN) if numbers.middle(share) > EVEN else min(high, EVEN)


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
                _decider(readings.output, found.convention),
                _worst(readings, found),
            ),
        )
    )


def in_short(readings: Readings) -> tuple[str, ...]:
    """Answer it beside a picture, which shows single cases and the published figure itself."""
    left = further_sentences(readings)
    return tuple(sentence for sentence in first_sentences(readings) if sentence not in left)


def further_sentences(readings: Readings) -> tuple[str, ...]:
    """Return what the short answer leaves to the picture: of any one case, and of the published figure."""
    found = readings.conclusion
    return (*_directions(readings, found)[1:], *filter(None, (_figure_sentence(readings, found.figure),)))


def _directions(readings: Readings, found: Conclusion) -> list[str]:
    """Say how sure the direction is: of what the output speaks of, and of any one case."""
    sentences = []
    if found.direction is not None:
        sentences.append(_over(readings) + _direction_sentence(readings, found.direction))
    if found.one_case is not None:
        sentences.append(f"in any one case, {_direction_sentence(readings, found.one_case)}")
    return [capitalised(sentence) for sentence in sentences]


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
    return f"whether {what} depends on the reading: {ends[0]}, and {ends[1]}."


def _under(readings: Readings, found: Extreme | WorstDifference) -> str:
    return f"under “{readings.study.readings[found.reading].title}”"


def _sure(found: Extreme, under: str = "", others: str = "") -> str:
    """Say how sure something is, with its number; where nothing varies it is so, or it is not."""
    if not found.varies:
        return "so" if found.share.value else "not so"
    number = " ".join(filter(None, (numbers.share(found.share), under)))
    return f"{likelihood(found.share)} ({', '.join(filter(None, (number, others)))})"


def direction_text(output: Output, limit: float, *, above: bool, met: bool) -> str:
    """Say on which side of a value an output lies: of two things compared, which one comes out higher.

    Parameters
    ----------
    met
        Whether it may lie at the value itself, which belongs to the side.
    """
    sides = compared(output)
    if sides is not None:
        one, other, per = sides
        if met:
            return f"“{one}” comes out at {'least' if above else 'most'} as high as “{other}”{per}"
        return f"“{one}” comes out {'higher' if above else 'lower'} than “{other}”{per}"
    side = _side(above=above, met=met)
    if output.reference is None:
        if output.claim == "about":
            return f"“{output.title}” comes out {side} the published {published_text(output)}"
        least = "at least" if above else "at most"
        return f"“{output.title}” is {least} the published {published_text(output)}"
    return f"“{output.title}” lies {side} {_limit(output, limit)}"


def _side(*, above: bool, met: bool) -> str:
    return f"{'at or ' if met else ''}{'above' if above else 'below'}"


def _limit(output: Output, value: float) -> str:
    return with_unit(point_text(value), output.unit.text) if value else "0"


def compared(output: Output) -> tuple[str, str, str] | None:
    """Return the two things that an output's label divides or subtracts, and of what; None for other labels.

    Examples
    --------
    "Writer ÷ model, per page" gives "Writer", "model" and " (per page)", where the reference is 1.
    """
    for sign, reference in (("÷", 1.0), ("−", 0.0)):
        one, found, rest = output.title.partition(f" {sign} ")
        if found and output.reference == reference and sign not in rest:
            other, comma, per = rest.partition(", ")
            return one, other, f" ({per})" if comma else ""
    return None


def _size_sentence(readings: Readings) -> str:
    """Give the median and the interval under each leading reading."""
    found = {n: readings.distribution(n) for n in readings.leading if n != AS_CHOSEN}
    first = capitalised(f"{_over(readings)}{_subject(readings.output)}")
    texts = [_size(each, level=not place) for place, each in enumerate(found.values())]
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


def _over(readings: Readings) -> str:
    """Say what an output speaks of, where cases differ and something else is what nobody knows."""
    output = readings.output
    if output.over == "case":
        plans = (readings.runs[name].scenario for name in readings.leading)
        return "in any one case, " if any(has_both_kinds(plan, output.name) for plan in plans) else ""
    return "on average over the cases, " if output.over == "average" else "in the median case, "


def _size(found: OutputDistribution, *, level: bool) -> str:
    if found.probability is not None:
        return f"yes in {middle_text(found)} of draws"
    if found.draws.unmet:
        return f"{middle_text(found)} in every draw, though other values are possible"
    if not found.varies:
        return f"one number, {middle_text(found)}"
    named = f"{numbers.level(found.level)} interval " if level else ""
    return f"about {middle_text(found)} ({named}{interval_text(found)})"


def _decider(output: Output, found: Convention | None) -> str:
    """Say whether the convention or the data decide, with how far each sets results apart."""
    if found is None:
        return ""
    apart, widest = (
        _distance(output, each, by_factors=found.by_factors) for each in (found.apart, found.widest)
    )
    changes = f"changes by {apart}" if apart != _distance(output, 1.0, by_factors=True) else "does not change"
    between = f"the middle value {changes} from one of these readings to another"
    within = f"within one of them results spread over {widest}"
    if found.decides:
        return f"The convention decides more than the data: {between}, while {within} at most."
    if found.apart > found.widest:
        return f"The convention leaves more open than the data: {between}, while {within} at most."
    return (
        f"The data leave more open than the convention: within one of these readings results spread over "
        f"{widest}, while the middle value {changes} from one to another."
    )


def _distance(output: Output, value: float, *, by_factors: bool) -> str:
    if not by_factors:
        unit = output.unit.text
        return with_unit(numbers.number(value, 2), "percentage points" if unit == "%" else unit)
    if value > LARGE:
        return "a factor of over a million"
    return f"a factor of {numbers.number(value, 2 if value >= SMALL else 3)}"


def _worst(readings: Readings, found: Conclusion) -> str:
    """Name the study's difference or total that holds in the fewest cases."""
    worst = found.worst_difference
    if worst is None:
        return ""
    output = readings.study.outputs[worst.output]
    side = _side(above=worst.above, met=worst.met)
    return (
        f"The worst case among the differences that the study also gives: {_under(readings, worst)} it is "
        f"{likelihood(worst.share)} ({numbers.share(worst.share)}) that “{output.title}” lies {side} "
        f"{_limit(output, worst.limit)}."
    )
