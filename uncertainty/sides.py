"""On which side of a value an output lies, how far off and how likely that is: the words for it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.case_statistics import has_both_kinds
from uncertainty.compiled import is_nested
from uncertainty.conclusion import LIKELY, UNLIKELY
from uncertainty.reproduction import rounds_to
from uncertainty.wording import point_text, published_text, with_unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.sampling.estimate import Estimate
    from uncertainty.study.model import Output
    from uncertainty.study.scenario import Scenario

LIKELIHOODS = (
    (0.99, "virtually certain"),
    (0.95, "extremely likely"),
    (0.9, "very likely"),
    (LIKELY, "likely"),
    (UNLIKELY, "about as likely as not"),
    (0.1, "unlikely"),
    (0.05, "very unlikely"),
    (0.01, "extremely unlikely"),
)
"""Words for probabilities above these (Mastrandrea et al. 2010, IPCC guidance note on uncertainties).

The note's 66 and 33 % are thirds here, so that what is likely is unlikely the other way round.
"""

EVEN = 0.5

SMALL = 2.0
"""Factors below this are written with a digit more."""

LARGE = 1e6
"""Factors above this are not written."""

ABOUT_RIGHT = "about right"
MAY_BE = "it may be, but it may also be far from it"

SIDES = SO, BORDER, NOT_SO = "so", "on the border", "not so"
"""Where a number that does not vary lies, in the order in which that is told."""

CLOSE = 4 / 3
"""Factor by which a middle value may be off a figure that is about right."""

FAR = 3.0
"""Factor by which what is possible may be off it."""


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
    side = side_text(above=above, met=met)
    if output.reference is None:
        if output.claim == "about":
            return f"“{output.title}” comes out {side} the published {published_text(output)}"
        least = "at least" if above else "at most"
        return f"“{output.title}” is {least} the published {published_text(output)}"
    return f"“{output.title}” lies {side} {limit_text(output, limit)}"


def side_text(*, above: bool, met: bool) -> str:
    """Name a side of a value, which the value itself may belong to."""
    return f"{'at or ' if met else ''}{'above' if above else 'below'}"


def limit_text(output: Output, value: float) -> str:
    """Write a reference with its unit."""
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


def over_text(output: Output, plans: Iterable[Scenario]) -> str:
    """Say what an output speaks of, where cases differ and something else is what nobody knows."""
    if output.over == "case":
        return "in any one case, " if any(has_both_kinds(plan, output.name) for plan in plans) else ""
    return "on average, " if output.over == "average" else "in the median case, "


def cases_text(plan: Scenario, output: str) -> str:
    """Say where what differs from case to case stays while other inputs are moved or set; else nothing."""
    if not is_nested(plan, output):
        return ""
    averaged = plan.study.outputs[output].over == "average"
    return f"what differs from case to case {'averaged over' if averaged else 'as in the median case'}"


def distance_text(output: Output, found: Estimate, *, by_factors: bool) -> str:
    """Write how far two results lie apart: a factor, or a difference with its unit."""
    if not by_factors:
        unit = output.unit.text
        return with_unit(numbers.estimate(found, 2), "percentage points" if unit == "%" else unit)
    if found.value > LARGE:
        return "a factor of over a million"
    return f"a factor of {numbers.estimate(found, 2 if found.value >= SMALL else 3)}"


def tries_text(share: Estimate, side: str = "") -> str:
    """Write a share as a number of tries.

    Examples
    --------
    >>> from uncertainty.sampling.estimate import Estimate
    >>> tries_text(Estimate(0.871, 0.001)), tries_text(Estimate(0.99999, 0.00001))
    ('in 87 of 100 tries', 'nearly always (over 99.9 % of tries)')
    >>> tries_text(Estimate(0.63, 0.14)), tries_text(Estimate(0.63, 0.14), "at least")
    ('in between 35 and 91 of 100 tries', 'in at least 35 of 100 tries')
    >>> tries_text(Estimate(0.917, 0.001), "at least"), tries_text(Estimate(0.083, 0.001), "at most")
    ('in at least 91 of 100 tries', 'in at most 9 of 100 tries')
    """
    text = numbers.share(share)
    low, vague, high = text.removesuffix(" %").partition(" to ")
    if vague and low.isdigit():
        bound = {"at least": low, "at most": high}.get(side)
        return f"in {side} {bound} of 100 tries" if bound else f"in between {low} and {high} of 100 tries"
    number = text.removesuffix(" %")
    if number.isdigit() and 1 < int(number) < 99:
        if side:
            return f"in {side} {bound_in_tries(share, side)} of 100 tries"
        return f"in {number} of 100 tries"
    often = "nearly always" if certain(share) > 0.98 else "hardly ever" if certain(share) < 0.02 else ""
    if side and text[0].isdigit():
        text = f"{side} {text}"
    return f"{often} ({text} of tries)" if often else f"in {text} of tries"


def bound_in_tries(share: Estimate, side: str) -> int:
    """Return a share that is told as a bound, as tries in a hundred on the bound's safe side.

    Examples
    --------
    >>> from uncertainty.sampling.estimate import Estimate
    >>> bound_in_tries(Estimate(0.748, 0.001), "at least"), bound_in_tries(Estimate(0.311, 0.001), "at most")
    (74, 32)
    """
    hundredths = round(100 * share.value, 6)
    return math.floor(hundredths) if side == "at least" else math.ceil(hundredths)


def tries_between(shares: Iterable[Estimate]) -> str:
    """Write the least and the greatest of several shares as numbers of tries.

    Examples
    --------
    >>> from uncertainty.sampling.estimate import Estimate
    >>> tries_between([Estimate(0.451, 0.001), Estimate(0.494, 0.001)])
    'in 45 to 49 of 100 tries'
    """
    low, *_, high = sorted(shares, key=lambda share: share.value)
    texts = [numbers.share(low), numbers.share(high)]
    if texts[0] == texts[1]:
        return tries_text(low)
    # a share that is not well known is an interval of its own
    ends = zip(texts, (0, -1), strict=True)
    first, last = (text.removesuffix(" %").split(" to ")[end] for text, end in ends)
    if first.isdigit() and last.isdigit():
        return f"in {first} to {last} of 100 tries"
    return f"in {texts[0]} to {texts[1]} of tries"


def side_of(value: float, limit: float, *, so: bool) -> str:
    """Tell on which side of a limit a number lies that does not vary.

    A number that is written as the limit itself is told from it by digits that nobody vouches for: who reads
    “1.00 times as much” does not read more.

    Examples
    --------
    >>> side_of(1.13, 1, so=True), side_of(1.003, 1, so=True), side_of(1, 1, so=True)
    ('so', 'on the border', 'so')
    """
    if value != limit and numbers.number(value) == numbers.number(limit):
        return BORDER
    return SO if so else NOT_SO


def is_value(output: Output) -> bool:
    """Tell whether the published figure is one that the output itself may reach."""
    return output.published_value is not None


def turns(output: Output, *, above: bool) -> bool:
    """Tell whether a study asks for the other side of the reference than the one that is claimed."""
    return ("below" if above else "above") in output.words


def every_way(number: int) -> str:
    """Say of all readings at once that something is so under each."""
    if number == 1:
        return ""
    return f", by each of the {number:,} ways of counting that the study names"


def nearness(found: OutputDistribution) -> str:
    """Say whether a published figure is about right, or may be; empty where it is neither."""
    figure = found.output.published
    if figure is None or found.output.published_value is None:
        return ""
    if not found.varies:
        # as `check` says of the points: what rounds to the figure is that figure
        if rounds_to(found.median, figure):
            return ABOUT_RIGHT
        low, high = numbers.bounds(found.middle)
        return _near(figure.value, found.median, low, high) if low < high else ""
    # of what Monte Carlo errors leave open the least
    lows, highs = map(numbers.bounds, found.ends)
    ends = tuple(zip(lows, reversed(highs), strict=True))
    possible = {_near(figure.value, m, *each) for m in numbers.bounds(found.middle) for each in ends}
    return min(possible, key=("", MAY_BE, ABOUT_RIGHT).index)


def _near(value: float, median: float, low: float, high: float) -> str:
    """Say whether a figure is about right, or may be, beside a median and an interval."""
    if not low <= value <= high or low > 0 >= median or high < 0 <= median:
        return ""
    if min(low, value) > 0 or max(high, value) < 0:
        is_close = max(value / median, median / value) <= CLOSE
        is_narrow = max(value / low, low / value, value / high, high / value) <= FAR
    else:
        is_close, is_narrow = abs(value - median) <= (high - low) / 8, low == value == high
    return "" if not is_close else ABOUT_RIGHT if is_narrow else MAY_BE
