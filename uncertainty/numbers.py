"""How numbers are written for people: never more digits than the draws support.

Every function gives plain text. A number from draws is an `Estimate` and loses the digits that its Monte
Carlo error does not support; a plain number is exact and keeps the digits that it is asked for.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.sampling.estimate import Ends, Estimate

MOST_DIGITS = 3
MOST_PLACES = 9
"""Decimal places beyond which zeros tell nobody anything."""

WIDE = 2.0
"""Factor between an interval's ends above which prose gives two significant digits at most."""

MOST_ERRORS = 1.0
"""Monte Carlo errors by which rounding moves a number at most: 164 ± 23 is no 200."""

MISSING = "–"

TENTH = 0.1
"""Percentage below which an index is written without its interval."""

WIDE_INDEX = 5.0
"""Width of an index's interval, in per cent, from which on tenths say nothing."""

VAGUE = 5.0
"""Percentage points that a share, or an index, may be off which is not written as its interval."""

WHOLE_RANGE = 98.0
"""Width of a percentage's interval from which on nothing is known of it."""


LARGE = 9
"""Digits of a number from which on it is written with a power of ten, unless as many are known."""

YEARS = range(1800, 2301)
"""Whole numbers that may be years of the calendar."""

EXACT = 15
"""Digits of a number that a float holds."""

_SAME = 1e-9
"""Distance, in relation to a number, at which another is the same but for how it was computed."""


def number(value: float | None, digits: int = MOST_DIGITS) -> str:
    """Write a number with `digits` significant digits, thousands apart; "–" for None.

    Examples
    --------
    >>> number(2847.2), number(0.8, 2), number(5.52e11), number(0.0000321)
    ('2,850', '0.80', '5.52e11', '3.21e-5')
    """
    if value is None:
        return MISSING
    if not value or not math.isfinite(value):
        return f"{value + 0:g}"
    return rounded(value, _leading_place(value, digits) - digits + 1)


def rounded(value: float, place: int) -> str:
    """Write a number rounded to a multiple of 10**place.

    Examples
    --------
    >>> rounded(2847.2, 2), rounded(0.0312, -1), rounded(-0.04, -1), rounded(7874999.999999999, 4)
    ('2,800', '0.0', '0.0', '7,880,000')
    >>> rounded(429_228_004_229_870.8, 0), rounded(5.52e14, 12), rounded(1e-51, -50)
    ('429,228,004,229,871', '5.52e14', '0')
    """
    if not math.isfinite(value):
        return f"{value:g}"
    # 3 × 0.35 × 0.15 × 5e7 is computed as 7874999.999999999, and its half goes where that of 7875000 does
    if value and math.log10(abs(value)) - place < EXACT - 1:
        value = float(f"{value:.{EXACT}g}")
    nearest = round(value, -place) + 0.0
    size = math.floor(math.log10(abs(nearest))) if nearest else 0
    if not nearest and place < -MOST_PLACES:
        return "0"
    known = LARGE <= size <= EXACT and size - place >= LARGE
    if nearest and not -5 < size < LARGE and not known:
        mantissa, exponent = f"{nearest:.{max(size - place, 0)}e}".split("e")
        return f"{mantissa}e{int(exponent)}"
    return f"{nearest:,.{max(-place, 0)}f}"


def printed(value: float, digits: int) -> str:
    """Write a published figure as it was printed: with its digits, and never rounded.

    Examples
    --------
    >>> printed(2900, 2), printed(0.8, 2), printed(2857, 2), printed(0, 3)
    ('2,900', '0.80', '2,857', '0.00')
    """
    if not value:
        return f"{0:.{digits - 1}f}"
    for enough in range(digits, 16):
        text = number(value, enough)
        if math.isclose(shown(text), value, rel_tol=1e-12):
            return text
    return f"{value:,.15g}"


def apart(value: float, other: float, digits: int = MOST_DIGITS) -> str:
    """Write a number with `digits` significant digits, or more: those that tell it as well from another.

    Examples
    --------
    >>> apart(2847.2, 1000), apart(49_999_870, 50_000_600), apart(49_999_870, 50_000_600, 2)
    ('2,850', '49,999,870', '49,999,870')
    >>> apart(9.999999999823, 10)
    '10.0'
    """
    return number(value, digits_apart(value, other, digits))


def digits_apart(value: float, other: float, digits: int = MOST_DIGITS) -> int:
    """Return how many significant digits of a number tell it as well from another as `digits` would.

    Of a number that is nearer to the other than a tenth of itself, so many that the distance between them has
    `digits`.
    """
    distance = abs(value - other)
    if not value or not _SAME * abs(value) < distance <= abs(value) / 10:
        return digits
    return digits + _leading_place(value, 15) - _leading_place(distance, digits)


def digits_beside(value: float, low: float, high: float) -> int:
    """Return how many significant digits of a number belong beside an interval.

    Examples
    --------
    >>> digits_beside(837.6, 768, 909), digits_beside(549.0, 46, 6200)
    (3, 2)
    """
    return _leading_place(value, 1) - _place_within(low, high, value) + 1 if value else 1


def supported_place(found: Estimate) -> int | None:
    """Return the decimal place that a Monte Carlo error supports: the error stays under one unit of it.

    None where the error is zero or unknown.
    """
    if not found.error or not math.isfinite(found.error):
        return None
    return math.ceil(math.log10(found.error) - 1e-9)


def estimate(found: Estimate, most: int = MOST_DIGITS) -> str:
    """Write an estimate with the digits that its error supports, `most` at most."""
    return _written(found, _leading_place(found.value, most) - most + 1 if math.isfinite(found.value) else 0)


def with_error(found: Estimate, most: int = MOST_DIGITS) -> str:
    """Write an estimate and its Monte Carlo error, to the error's first digit or `most` digits.

    Examples
    --------
    >>> from uncertainty.sampling.estimate import Estimate
    >>> with_error(Estimate(3.3371, 0.0029), 4), with_error(Estimate(1002.7, 2e-6), 5)
    ('3.337 ± 0.003', '1,002.7')
    >>> with_error(Estimate(0.42, None, "too few"))
    '0.420'
    """
    if not found.value or not math.isfinite(found.value) or not found.error:
        return number(found.value, most)
    finest = _leading_place(found.value, max(most, MOST_DIGITS)) - max(most, MOST_DIGITS) + 1
    place = _leading_place(found.error, 1)
    if place < finest:
        return rounded(found.value, finest)
    return f"{rounded(found.value, place)} ± {rounded(found.error, place)}"


def exact(value: float, other: float) -> str:
    """Write what has no error with three digits, or as many as tell it from the other; no zeros at the end.

    Examples
    --------
    >>> exact(50_000_623, 50_000_580), exact(5.2915, 2), exact(60, 250)
    ('50,000,623', '5.29', '60')
    """
    digits = digits_apart(value, other, 2) if math.isfinite(value - other) else 0
    mantissa, *exponent = number(value, max(MOST_DIGITS, digits)).split("e")
    kept = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return "e".join([kept, *exponent])


NOISE = 1e-12
"""Part of a range's width below which a number of the range is 0 but for rounding."""


def exact_range(low: float, high: float) -> str:
    """Write the ends of a range that have no error, as the quantiles of a distribution.

    Examples
    --------
    >>> exact_range(66_000, 185_000), exact_range(0.0225, 0.43), exact_range(50_000_580, 50_000_666)
    ('66,000 to 185,000', '0.0225 to 0.43', '50,000,580 to 50,000,666')
    """
    noise = NOISE * (high - low) if low < 0 < high and math.isfinite(high - low) else 0.0
    ends = [0.0 if abs(each) < noise else each for each in (low, high)]
    return f"{exact(ends[0], ends[1])} to {exact(ends[1], ends[0])}"


def interval(low: Estimate | float, high: Estimate | float) -> str:
    """Write an interval as "low to high", with two digits where it spans more than a factor of 2.

    A narrower one shows its width to two digits, as far as the errors of its ends allow. What these errors
    take away never makes it narrower: an end that would move inwards has a digit more, or moves outwards.
    Where both ends have one sign, one of which its error supports no digit moves outwards to one.

    Examples
    --------
    >>> interval(1131.4, 7312.8), interval(14.42, 17.99), interval(50.000745, 50.000932)
    ('1,100 to 7,300', '14.4 to 18.0', '50.00075 to 50.00093')
    >>> from uncertainty.sampling.estimate import Estimate
    >>> interval(Estimate(16.1, 2.6), Estimate(144.3, 36)), interval(Estimate(14.4, 2.6), Estimate(181.0, 36))
    ('16 to 140', '14 to 200')
    >>> interval(Estimate(1.8e-100, 3.3e-99), Estimate(2.7e10, 8e8))
    '1e-100 to 2.7e10'
    """
    ends = middle(low), middle(high)
    one_sign = ends[0] > 0 or ends[1] < 0
    return " to ".join(
        _written(each, _place_within(*ends, middle(each)), never_zero=one_sign, outwards=side)
        for each, side in ((low, -1), (high, 1))
    )


def interval_within(inner: Ends, outer: Ends) -> str:
    """Write an interval beside one that it lies in: an end rounded past the other's is not rounded so far.

    Examples
    --------
    >>> from uncertainty.sampling.estimate import Ends, Estimate
    >>> narrow = Ends(Estimate(773.1, 5.2), Estimate(907.8, 4.4))
    >>> interval(*narrow), interval_within(narrow, Ends(Estimate(768.2, 0.2), Estimate(908.6, 0.2)))
    ('770 to 910', '770 to 908')
    """
    texts, others = interval(*inner).split(" to "), interval(*outer).split(" to ")
    finer = interval(*map(middle, inner)).split(" to ")
    for place, side in enumerate((-1, 1)):
        is_inside = side * middle(inner[place]) <= side * middle(outer[place])
        past = side * (shown(texts[place]) - shown(others[place])) > 0
        texts[place] = finer[place] if is_inside and past else texts[place]
    return " to ".join(texts)


def together(*values: Estimate | float, outwards: Sequence[int] = ()) -> tuple[str, ...]:
    """Write numbers that stand beside each other, with the digits that tell them apart.

    Two digits each where they span more than a factor of 2, else two digits of the whole span, as far as
    their errors allow. Numbers of one sign keep a digit each, whatever their errors.

    Parameters
    ----------
    outwards
        Of each that is an end of an interval its side, as `interval` rounds it: -1 below, 1 above; else 0.

    Examples
    --------
    >>> together(1001.13, 1002.7, 1004.28), together(0.4, 2.3), together(9.0, 9.0)
    (('1,001.1', '1,002.7', '1,004.3'), ('0.40', '2.3'), ('9.00', '9.00'))
    """
    ends = min(map(middle, values)), max(map(middle, values))
    one_sign = ends[0] > 0 or ends[1] < 0
    return tuple(
        _written(each, _place_within(*ends, middle(each)), never_zero=one_sign, outwards=side)
        for each, side in zip(values, outwards or (0,) * len(values), strict=True)
    )


def beside(value: float, low: Estimate | float, high: Estimate | float, digits: int = MOST_DIGITS) -> str:
    """Write an exact number with some digits, or more: those that place it in an interval.

    Examples
    --------
    >>> beside(1002.66, 1002.6, 1002.8), beside(2896, 560, 22_000), beside(1002.7, 560, 22_000, 5)
    ('1,002.66', '2,900', '1,002.7')
    """
    if not value or not math.isfinite(value):
        return number(value)
    ends = min(middle(low), value), max(middle(high), value)
    return rounded(value, min(_leading_place(value, digits) - digits + 1, _place_within(*ends, value)))


def median_and_interval(
    median: Estimate | float, low: Estimate | float, high: Estimate | float, *, varies: bool = True
) -> tuple[str, str]:
    """Write a median with as many digits as belong beside its interval, and the interval.

    Returns
    -------
    median, interval
        Such as ``("2,900", "1,100 to 7,300")``.
    """
    ends = middle(low), middle(high)
    finest = _place_within(*ends, middle(median))
    if ends[0] < 0 < ends[1]:
        # beside an interval around 0 a thousandth of its width says nothing
        finest = max(finest, _leading_place(ends[1] - ends[0], 2) - 2)
    never_zero = ends[0] > 0 or ends[1] < 0
    written = interval(low, high) if varies else MISSING
    text = _written(median, finest, never_zero=never_zero)
    if varies and not _lies_within(text, written):
        text = _written(middle(median), finest, never_zero=never_zero)
    return text, written


def _lies_within(text: str, interval_written: str) -> bool:
    low, high = map(shown, interval_written.split(" to "))
    return low <= shown(text) <= high


def shown(text: str) -> float:
    """Return the number that a text shows.

    Examples
    --------
    >>> shown("-1,250.5"), shown("2e-95")
    (-1250.5, 2e-95)
    """
    return float(text.replace(",", ""))


def share(found: Estimate | float) -> str:
    """Write a share as a percentage, without pretending to certainty at either end.

    Where it is not known from 0, or rounds to it, the word follows the end of its interval, and so at 1. One
    that is not known to `VAGUE` points is written as its interval.

    Examples
    --------
    >>> share(0.4312), share(0.0031), share(0.00004), share(0.99996)
    ('43 %', '0.3 %', 'under 0.1 %', 'over 99.9 %')
    >>> from uncertainty.sampling.estimate import Estimate
    >>> share(Estimate(0.63, 0.02)), share(Estimate(0.63, 0.14))
    ('63 %', '35 to 91 %')
    """
    percent = 100 * middle(found)
    low, high = (100 * end for end in bounds(found))
    error = (high - low) / 4 if _error(found) is None else 100 * (_error(found) or 0.0)
    edge, fine = max(0.1, rounded_up(error)), error < 0.1
    least = 0.1 if fine else 1.0
    if high - low >= WHOLE_RANGE:
        return "anything from 0 to 100 %"
    known = f"{percent:.1f} %" if fine and (percent < 1 or percent > 99) else f"{percent:.0f} %"
    if high - low > 2 * VAGUE and edge <= percent <= 100 - edge:
        return f"{max(low, 0.0):.0f} to {min(high, 100.0):.0f} %"
    if percent < edge or known == "0 %":
        return f"under {max(rounded_up(high), least):g} %"
    if percent > 100 - edge or known == "100 %":
        return f"over {100 - max(rounded_up(100 - low), least):g} %"
    return known


def share_of_end(found: Estimate) -> str:
    """Write a share that is one end of an interval, in tens where it is not known to `VAGUE` points.

    Examples
    --------
    >>> from uncertainty.sampling.estimate import Estimate
    >>> share_of_end(Estimate(0.337, 0.012)), share_of_end(Estimate(0.337, 0.039))
    ('34 %', '30 %')
    """
    written = share(found)
    return written if " to " not in written else f"{rounded(100 * found.value, 1)} %"


def index(share: float) -> str:
    """Write a sensitivity index as a percentage, to a tenth where it is small; none is known to be all.

    Examples
    --------
    >>> index(0.4312), index(0.0312), index(0.0004), index(0.9999)
    ('43 %', '3.1 %', 'under 0.1 %', 'over 99 %')
    """
    percent = 100 * share
    if 0 < percent < TENTH:
        return "under 0.1 %"
    if percent >= 99.5:
        return "over 99 %"
    return f"{percent:.1f} %" if percent < 10 else f"{percent:.0f} %"


def index_within(share: float, low: float, high: float) -> str:
    """Write a sensitivity index and its interval to one place, a tenth unless it is wide.

    An interval that is no wider than a tenth is left out.

    Examples
    --------
    >>> index_within(0.3178, 0.3164, 0.3192), index_within(0.4776, 0.4125, 0.5427)
    ('31.8 % (31.6 to 31.9 %)', '48 % (41 to 54 %)')
    >>> index_within(0.10751, 0.10745, 0.10756), index_within(0.9966, 0.9951, 0.9981)
    ('10.8 %', 'over 99 % (99.5 to 99.8 %)')
    """
    percent, width, words = 100 * share, 100 * (high - low), index(share)
    places = 0 if width >= WIDE_INDEX and percent >= 10 else 1
    written = words if words[0].isalpha() else f"{percent:.{places}f} %"
    return written if width <= TENTH else f"{written} ({100 * low:.{places}f} to {100 * high:.{places}f} %)"


def index_alone(share: float, low: float, high: float) -> str:
    """Write a sensitivity index for a sentence; one that is not known to `VAGUE` points by its interval.

    Examples
    --------
    >>> index_alone(0.431, 0.40, 0.46), index_alone(0.63, 0.35, 0.91), index_alone(0.9, -0.1, 1.2)
    ('43 %', '35 to 91 %', '0 to 100 %')
    """
    if 100 * (high - low) <= 2 * VAGUE:
        return index(share)
    return f"{100 * max(low, 0.0):.0f} to {100 * min(high, 1.0):.0f} %"


def percentile(found: Estimate | float) -> str:
    """Write a percentile as an ordinal, open at an end that its interval does not reach across.

    One that is not known to `VAGUE` points is written as its interval.

    Examples
    --------
    >>> percentile(52.3), percentile(0.2), percentile(99.7)
    ('52nd', 'below 1st', 'above 99th')
    >>> from uncertainty.sampling.estimate import Estimate
    >>> percentile(Estimate(79.2, 1.8)), percentile(Estimate(49.2, 8)), percentile(Estimate(79.2, 13.8))
    ('79th', '33rd to 65th', 'above 52nd')
    >>> percentile(Estimate(55.0, 60))
    'below 1st to above 99th'

    What lies beyond all of few draws lies at no percentile of them:

    >>> percentile(Estimate(100.0, 1.17)), percentile(Estimate(0.0, 1.17))
    ('above 97th', 'below 3rd')
    """
    value = middle(found)
    low, high = bounds(found)
    if value < 0.5 and high < 1:
        return "below 1st"
    if value >= 99.5 and low > 99:
        return "above 99th"
    if low < 1 and high > 99:
        return "below 1st to above 99th"
    if value <= 0:
        return f"below {ordinal(math.ceil(high))}"
    if value >= 100:
        return f"above {ordinal(math.floor(low))}"
    if high - low <= 2 * VAGUE:
        return ordinal(min(max(value, 1), 99))
    if low < 1:
        return f"below {ordinal(high)}"
    return f"above {ordinal(low)}" if high > 99 else f"{ordinal(low)} to {ordinal(high)}"


def at_percentile(found: Estimate | float) -> str:
    """Write a percentile for a sentence, in front of the word.

    Examples
    --------
    >>> from uncertainty.sampling.estimate import Estimate
    >>> at_percentile(52.3), at_percentile(0.2), at_percentile(Estimate(49.2, 8))
    ('at the 52nd', 'below the 1st', 'between the 33rd and the 65th')
    >>> at_percentile(Estimate(55.0, 60))
    'anywhere from below the 1st to above the 99th'
    """
    written = percentile(found)
    first, is_between, last = written.partition(" to ")
    if is_between and " " not in first:
        return f"between the {first} and the {last}"
    ends = [" the ".join(each.rsplit(" ", 1)) for each in (first, last) if each]
    if is_between:
        return f"anywhere from {' to '.join(ends)}"
    return ends[0] if " " in first else f"at the {first}"


def ordinal(percentile: float) -> str:
    """Write a percentile as an ordinal, "71st"."""
    whole = round(percentile)
    ending = "th" if whole % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(whole % 10, "th")
    return f"{whole}{ending}"


def count(number: int, noun: str, plural: str = "") -> str:
    """Write a number of things.

    Examples
    --------
    >>> count(1, "input"), count(2000, "input"), count(2, "is", "are")
    ('1 input', '2,000 inputs', '2 are')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {plural or noun + 's'}"


def _percent_of(end: float) -> str:
    """Write a share in per cent with two digits; next to 100 % these are of what is missing there."""
    percent, left = 100 * end, 100 * (1 - end)
    return rounded(percent, _leading_place(left, 2) - 1) if 0 < left < 10 else number(percent, 2)


def probability(found: Estimate) -> str:
    """Write a probability with its error, in per cent as far as readable; that of few events as an interval.

    One that no draw met, or none missed, is told as what its error leaves of it.

    Examples
    --------
    >>> from uncertainty.sampling.estimate import Estimate
    >>> probability(Estimate(0.2314, 0.0012)), probability(Estimate(2.3e-4, 4.2e-5))
    ('23.1 ± 0.2 %', '0.023 ± 0.005 %')
    >>> probability(Estimate(0.0, 2.2e-5)), probability(Estimate(1.0, 2.2e-5))
    ('under 0.003 %', 'over 99.997 %')
    >>> for ends in ((0.12, 0.69), (0.97, 0.9983), (0.999957, 0.9999987)):
    ...     print(probability(Estimate(0.98, None, bounds=ends)))
    12 to 69 %
    97.0 to 99.83 %
    99.9957 to 99.99987 %
    """
    percent, error = 100 * found.value, 100 * (found.error or 0.0)
    if found.error is None and found.bounds is not None and found.bounds[0] < found.bounds[1]:
        low, high = map(_percent_of, found.bounds)
        return f"{low} to {high} %"
    if not error:
        return f"{number(percent, 2 if found.error is None else MOST_DIGITS)} %"
    up = rounded_up(error)
    place = math.floor(math.log10(up) + 1e-9)
    if percent in (0.0, 100.0) and up < 100:
        return f"under {rounded(up, place)} %" if not percent else f"over {rounded(100 - up, place)} %"
    return f"{rounded(percent, place)} ± {rounded(up, place)} %"


def at_most(value: float) -> str:
    """Write a positive number that another is under, rounded up to one digit.

    Examples
    --------
    >>> at_most(0.00123), at_most(130.2)
    ('0.002', '200')
    """
    return number(rounded_up(value), 1)


def level(share: float) -> str:
    """Write a coverage level as a percentage with all its digits, "95 %" or "99.73 %"."""
    return f"{100 * share:.10g} %"


def _written(found: Estimate | float, finest: int, *, never_zero: bool = False, outwards: int = 0) -> str:
    """Write a number no finer than a decimal place and than its error supports.

    Parameters
    ----------
    never_zero
        Whether its first digit is written whatever its error, since it is known not to be 0.
    outwards
        Of an end of an interval the side on which nothing more of it lies: -1 below, 1 above.
    """
    value, place = middle(found), finest
    if not value or not math.isfinite(value):
        return number(value)
    if not isinstance(found, float | int):
        if found.error is None:
            # two digits, or the first that tells it from what stands beside it
            finest = max(finest, min(_leading_place(value, 2) - 1, finest + 1))
        place = max(finest, _place_by_error(found))
    if never_zero:
        if outwards and place > _leading_place(value, EXACT):
            return _one_digit_outwards(value, outwards)
        place = min(place, _leading_place(value, 1))
    return _outwards(value, place, finest, outwards)


def _one_digit_outwards(value: float, side: int) -> str:
    """Write an end of an interval, of which its error supports no digit, with one that lies no farther in."""
    unit = 10.0 ** _leading_place(value, EXACT)
    moved = side * math.ceil(round(side * value / unit, MOST_PLACES)) * unit
    return rounded(moved, _leading_place(moved, 1))


def _place_by_error(found: Estimate) -> int:
    """Return the finest decimal place that an estimate's error supports, without moving it far."""
    place = supported_place(found)
    if place is None:
        return _leading_place(found.value, EXACT) - EXACT
    is_far = abs(round(found.value, -place) - found.value) > MOST_ERRORS * (found.error or 0.0)
    return place - 1 if is_far else place


def _outwards(value: float, place: int, finest: int, side: int) -> str:
    """Write an end of an interval no farther inwards than its finest place rounds it."""
    if place <= finest or not side:
        return rounded(value, place)
    for each in (place, place - 1):
        if side * (value - round(value, -each)) <= 10.0**finest / 2:
            return rounded(value, each)
    unit = 10.0 ** (place - 1)
    return rounded(side * math.ceil(side * value / unit) * unit, place - 1)


def _place_within(low: float, high: float, value: float) -> int:
    """Return the finest decimal place that a number beside the interval `low` to `high` deserves."""
    if not value or not all(map(math.isfinite, (low, high, value))):
        return 0
    if low <= 0 <= high or max(low / high, high / low) > WIDE:
        return _leading_place(value, 2) - 1
    three_digits = _leading_place(value, MOST_DIGITS) - MOST_DIGITS + 1
    if low == high:
        return three_digits
    return min(three_digits, _leading_place(high - low, 2) - 1)


def _leading_place(value: float, digits: int) -> int:
    """Return the decimal place of the first digit once `value` is rounded to `digits` digits."""
    return int(f"{value:.{digits - 1}e}".split("e")[1])


def rounded_up(value: float, digits: int = 1) -> float:
    """Round up to some significant digits."""
    if value <= 0:
        return 0.0
    place = math.floor(math.log10(value)) - digits + 1
    return float(f"{math.ceil(value / 10.0**place - 1e-9) * 10.0**place:.{digits - 1}e}")


def middle(found: Estimate | float) -> float:
    """Return a number itself, without its error."""
    return found if isinstance(found, float | int) else found.value


def bounds(found: Estimate | float) -> tuple[float, float]:
    """Return a number's 95 % interval; a number without an error is taken for exact."""
    if isinstance(found, float | int):
        return found, found
    reach = 2 * (found.error or 0.0)
    return found.bounds or (found.value - reach, found.value + reach)


def _error(found: Estimate | float) -> float | None:
    return None if isinstance(found, float | int) else found.error
