"""Distributions within the physical limits of the input that they describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from uncertainty.distributions import Distribution, limited, parse_distribution
from uncertainty.errors import InvalidValue

if TYPE_CHECKING:
    from pathlib import Path


def read_distribution(
    value: float | str | Distribution, low: float | None, high: float | None, folder: Path | None
) -> Distribution:
    """Read a distribution and truncate it to an input's physical limits.

    Raises
    ------
    InvalidValue
        If it cannot be read, or leaves no probability within the limits.
    """
    # by its type, since `isinstance` would compute the mean and every other property
    given = hasattr(type(value), "cdf")
    parsed = cast("Distribution", value) if given else parse_distribution(cast("str | float", value), folder)
    if parsed.is_constant and not _within(parsed.mean, low, high):
        bounds = f"{'-inf' if low is None else f'{low:g}'} to {'inf' if high is None else f'{high:g}'}"
        raise InvalidValue(f"{parsed.mean:g} lies outside the input's limits, {bounds}")
    return limited(parsed, low, high)


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)
