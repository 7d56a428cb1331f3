"""Estimates of one quantity that stand side by side, and what is said where they contradict each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from uncertainty import numbers

if TYPE_CHECKING:
    from collections.abc import Callable


class Told(NamedTuple):
    """One estimate of a quantity.

    Parameters
    ----------
    by
        How it was estimated, such as ``"by rank"``.
    value
        What was estimated.
    interval
        Within which the quantity lies by this estimate alone.
    """

    by: str
    value: float
    interval: tuple[float, float]


def contradiction(
    what: str,
    better: Told,
    other: Told,
    because: str,
    *,
    matters: float = 0.0,
    write: Callable[[float], str] | None = None,
) -> str:
    """Say in one sentence that two estimates contradict each other and which is the better one.

    They do where their intervals have no value in common and the difference matters. Nothing is said where
    they do not, or where an estimate has no interval.

    Parameters
    ----------
    what
        The quantity, such as ``"the share of “Price”"``.
    because
        Why the first one is the better here.
    matters
        Difference up to which nobody would act otherwise.
    write
        How values are written for people, by default with three digits.
    """
    apart = max(better.interval[0], other.interval[0]) > min(better.interval[1], other.interval[1])
    if not apart or abs(better.value - other.value) <= matters:
        return ""
    one, two = _told_apart(write or _three_digits, better.value, other.value)
    return (
        f"{what} is {one} {better.by} and {two} {other.by}, farther apart than their errors: the figure "
        f"{better.by} is the better one, since {because}."
    )


def _told_apart(write: Callable[[float], str], one: float, other: float) -> tuple[str, str]:
    """Return two values as they are written for people, with as many digits more as make the texts differ."""
    texts = write(one), write(other)
    size, unit = (100, " %") if "%" in texts[0] else (1, "")
    digits = 2
    while texts[0] == texts[1] and one != other and digits <= numbers.EXACT:
        first, second = (f"{numbers.number(size * each, digits)}{unit}" for each in (one, other))
        texts = first, second
        digits += 1
    return texts


def _three_digits(value: float) -> str:
    return numbers.number(value, 3)
