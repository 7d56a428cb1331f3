"""Where the names of values stand that are marked on a card: each over its own line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = 14.0
"""Least distance between two names beside one another, in units."""

CLEAR = 5.0
"""Distance of a name from a line that it does not belong to, in units."""


class Named(NamedTuple):
    """A name over its line.

    Parameters
    ----------
    at
        Where it begins.
    row
        0 for the row right over the lines, 1 for the one above that.
    """

    at: float
    row: int = 0


def places(marked: Sequence[tuple[float, float]], left: float, right: float) -> tuple[Named, ...]:
    """Return where the names of at most two lines stand.

    They stand beside one another where each then has its own line below it; else one stands higher, and
    its line runs up to it past the other name.

    Parameters
    ----------
    marked
        Where each line lies, and how wide its name is.
    left, right
        Between what the names stand.
    """
    over = [min(max(at - wide / 2, left), right - wide) for at, wide in marked]
    if len(marked) < 2:
        return tuple(Named(at) for at in over)
    one, other = sorted(range(2), key=lambda each: marked[each][0])
    (first, wide), (second, broad) = marked[one], marked[other]
    found = {}
    if over[one] + wide + GAP > over[other]:
        before, after = (first + second - GAP) / 2 - wide, (first + second + GAP) / 2
        over_own = first <= before + wide and after <= second
        if over_own and left <= before and after + broad <= right:
            over[one], over[other] = min(over[one], before), max(over[other], after)
        elif left <= second - CLEAR - wide:
            found = {one: Named(min(over[one], second - CLEAR - wide)), other: Named(over[other], 1)}
        else:
            beside = max(over[other], first + CLEAR)
            found = {other: Named(min(beside, right - broad)), one: Named(over[one], 1)}
    return tuple(found.get(each, Named(at)) for each, at in enumerate(over))
