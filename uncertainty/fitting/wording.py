"""A distribution as a line to paste: with as few digits as say the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.distributions import parse_distribution
from uncertainty.errors import InvalidValue

if TYPE_CHECKING:
    from uncertainty.distributions import Distribution

_NUMBER = re.compile(r"(?<![\w.])[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?(?![\w.])")
PROBABILITIES = np.array([0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99])
MOST_DIGITS = 17


def short_text(
    distribution: Distribution, tolerance: float, inside: tuple[float, float] | None = None
) -> str:
    """Write a distribution in the study language with the fewest digits, 3 at least, that keep what it says.

    Parameters
    ----------
    tolerance
        How far its quantiles may move.
    inside
        Values that must stay possible.
    """
    text = str(distribution)
    wanted = distribution.quantile(PROBABILITIES)
    for digits in range(3, MOST_DIGITS):
        shorter = _rounded(text, digits)
        try:
            found = parse_distribution(shorter)
        except InvalidValue:
            continue
        low, high = found.support
        kept = inside is None or (low <= inside[0] and inside[1] <= high)
        if kept and np.all(np.abs(found.quantile(PROBABILITIES) - wanted) <= tolerance):
            return shorter
    return text


def _rounded(text: str, digits: int) -> str:
    """Round every number in a text."""
    return _NUMBER.sub(lambda match: f"{float(match[0]):.{digits}g}", text)
