"""The values of an output that shares of its draws are asked for, known before anything is drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from uncertainty.values import number

if TYPE_CHECKING:
    from uncertainty.study.model import Output

SAME = 1e-12
"""Distance from a threshold, in relation to it, within which a value is at it, as units are converted."""

FACTORS = (2, 10)
"""Factors by which draws may miss a published figure and still be counted."""


def within_factor(figure: float, factor: float) -> tuple[float, float]:
    """Return the ends of what has a figure's sign and misses it by no more than a factor."""
    low, high = sorted((figure / factor, figure * factor))
    return low, high


def counted_values(output: Output) -> tuple[float, ...]:
    """Return the values below which an output's draws are counted, for every share that is reported of it.

    The share at a value or below it is the one below the next larger number; see `at_most`.
    """
    found: list[float] = []
    figure = None if output.published is None else float(output.published.value)
    for value in (figure, output.reference):
        if value is not None:
            found += [lower(value), at_most(upper(value))]
    if figure:
        for factor in FACTORS:
            low, high = within_factor(figure, factor)
            found += [lower(low), at_most(upper(high))]
    return tuple(dict.fromkeys(found))


def lower(threshold: float) -> float:
    """Return the smallest value that is at a threshold; SettingError where that is no number."""
    threshold = number("threshold", threshold)
    return threshold - SAME * abs(threshold) if math.isfinite(threshold) else threshold


def upper(threshold: float) -> float:
    """Return the largest value that is at a threshold; SettingError where that is no number."""
    threshold = number("threshold", threshold)
    return threshold + SAME * abs(threshold) if math.isfinite(threshold) else threshold


def at_most(value: float) -> float:
    """Return the number below which lies what is at a value or below it."""
    return math.nextafter(value, math.inf)
