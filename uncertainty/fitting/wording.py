"""A distribution as a line to paste: with as few digits as say the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.distributions import parse_distribution
from uncertainty.distributions.parameters import number_text
from uncertainty.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.distributions import Distribution

_NUMBER = re.compile(r"(?<![\w.])[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?(?![\w.])")
PROBABILITIES = np.array([0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99])
FEWEST_DIGITS, MOST_DIGITS = 3, 17


def short_text(
    distribution: Distribution, tolerance: float, inside: tuple[float, float] | None = None
) -> str:
    """Write a distribution in the study language with the fewest digits, 3 at least, that keep what it says.

    Every number has as many digits as it needs: a place far from 0 many, the spread around it few.

    Parameters
    ----------
    tolerance
        How far its quantiles may move.
    inside
        Values that must stay possible.
    """
    text = str(distribution)
    wanted = distribution.quantile(PROBABILITIES)
    count = len(_NUMBER.findall(text))

    def keeps(digits: Sequence[int]) -> bool:
        try:
            found = parse_distribution(_rounded(text, digits))
        except InvalidValue:
            return False
        low, high = found.support
        if inside is not None and not (low <= inside[0] and inside[1] <= high):
            return False
        return bool(np.all(np.abs(found.quantile(PROBABILITIES) - wanted) <= tolerance))

    enough = next((n for n in range(FEWEST_DIGITS, MOST_DIGITS) if keeps([n] * count)), None)
    if enough is None:
        return text
    digits = [enough] * count
    for place in reversed(range(count)):  # shapes and scales come last, and need the fewest
        fewer = range(FEWEST_DIGITS, enough)
        digits[place] = next(
            (n for n in fewer if keeps([*digits[:place], n, *digits[place + 1 :]])), digits[place]
        )
    return _rounded(text, digits)


def _rounded(text: str, digits: Sequence[int]) -> str:
    """Round every number in a text, each to its own digits."""
    places = iter(digits)
    return _NUMBER.sub(lambda match: _shortest(float(match[0]), next(places)), text)


def _shortest(number: float, digits: int) -> str:
    """Write a rounded number plainly, or with an exponent where that is shorter."""
    short = f"{number:.{digits}g}"
    return min(number_text(float(short)), short, key=len)
