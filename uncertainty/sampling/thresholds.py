"""The values of an output that shares of its draws are asked for, known before anything is drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

from uncertainty.records import Frozen
from uncertainty.values import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.study.model import Output

SAME = 1e-12
"""Distance from a threshold, in relation to it, within which a value is at it, as units are converted."""

SMALL = 1e-6
"""Share of the values' spread which that distance may not exceed: else it would count what lies beside."""

Factor = Literal["within_factor_2", "within_factor_10"]

ShareName = Literal["at_or_beyond_published", Factor, "beyond_reference"]


class NamedShare(NamedTuple):
    """What a share of draws is called: in a sentence, at the head of a column, and in a few characters."""

    words: str
    heading: str
    short: str


SHARES: Mapping[ShareName, NamedShare] = Frozen(
    {
        "within_factor_2": NamedShare("the share within a factor of 2", "Within a factor of 2", "within ×2"),
        "within_factor_10": NamedShare(
            "the share within a factor of 10", "Within a factor of 10", "within ×10"
        ),
        "at_or_beyond_published": NamedShare(
            "the share at the published figure or beyond", "At the figure or beyond", "{side} {published}"
        ),
        "beyond_reference": NamedShare(
            "the share at the reference or beyond",
            "On the claim's side of the reference",
            "{side} {reference}",
        ),
    }
)
"""Shares of draws that a verdict rests on, in the order in which they are shown."""

FACTORS: Mapping[Factor, int] = Frozen({"within_factor_2": 2, "within_factor_10": 10})
"""Factors by which draws may miss a published figure and still be counted."""


def within_factor(figure: float, factor: float) -> tuple[float, float]:
    """Return the ends of what has a figure's sign and misses it by no more than a factor."""
    low, high = sorted((figure / factor, figure * factor))
    return low, high


def counted_values(output: Output) -> tuple[float, ...]:
    """Return the values below which an output's draws are counted, for every share that is reported of it.

    The share at a value or below it is the one below the next larger number; see `at_most`. How far values
    spread is not known yet, so both thresholds are counted that it may ask for.
    """
    figure = output.published_value
    pairs = [(value, value) for value in (figure, output.reference) if value is not None]
    if figure:
        pairs += [within_factor(figure, factor) for factor in FACTORS.values()]
    wide, narrow = 0.0, math.ulp(0.0)
    found = [
        end
        for low, high in pairs
        for spread in (wide, narrow)
        for end in (lower(low, spread), at_most(upper(high, spread)))
    ]
    # of an output that says yes (1) or no (0) how often it says either
    found += [lower(1.0, 1.0), at_most(upper(0.0, 1.0))]
    return tuple(dict.fromkeys(found))


def slack(threshold: float, spread: float) -> float:
    """Return how far from a threshold a value may lie and be at it.

    Parameters
    ----------
    spread
        Between the smallest and the largest of the values; 0 where nothing varies.
    """
    distance = SAME * abs(threshold) if math.isfinite(threshold) else 0.0
    return 0.0 if spread > 0 and SMALL * spread < distance else distance


def lower(threshold: float, spread: float) -> float:
    """Return the smallest value that is at a threshold, of values with a `spread`; see `slack`.

    Raises
    ------
    SettingError
        If the threshold is no number.
    """
    threshold = number("threshold", threshold)
    return threshold - slack(threshold, spread)


def upper(threshold: float, spread: float) -> float:
    """Return the largest value that is at a threshold, of values with a `spread`; see `slack`.

    Raises
    ------
    SettingError
        If the threshold is no number.
    """
    threshold = number("threshold", threshold)
    return threshold + slack(threshold, spread)


def at_most(value: float) -> float:
    """Return the number below which lies what is at a value or below it."""
    return math.nextafter(value, math.inf)
