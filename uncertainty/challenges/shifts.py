"""How each input differs between the draws in which a claim fails and the others, and what chance does."""

from __future__ import annotations

from math import ceil, floor, hypot, log, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.late import dataclass
from uncertainty.results import record
from uncertainty.sampling.estimate import ERRORS_WIDE, kolmogorov_smirnov, wilson

if TYPE_CHECKING:
    from collections.abc import Callable

    from uncertainty.challenges.normalspace import Drawn, NormalSpace
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.indices.index import Index

BOTH_SIDES = 0.05
"""How much better distances from its median must tell draws apart than an input's places do, to be told."""


BY_CHANCE = 0.01
"""Probability with which an input that sets no draws apart is farther than `Shift.chance`, or another is."""


@record("shift", "distance", "member?", "farther?", "interval?", "chance")
@dataclass(frozen=True, slots=True)
class Shift:
    """How an input's values differ between failing draws and the others.

    Parameters
    ----------
    shift
        Its median in the failing draws less that in the others, as probabilities of its own distribution, or
        of its values in all draws where it is drawn given others; of an input that is a member of an index,
        `member`'s share in the failing draws less that in the others.
        None where both sides of the input matter: then either may hold that median.
    distance
        Kolmogorov-Smirnov distance between the two, or total variation distance between members' shares.
    member
        The member whose share is the most higher in the failing draws.
    farther
        Where both sides matter: how much farther failing draws lie from the input's own median than the
        others, by the medians of these distances, as probabilities.
    interval
        95 % interval of `shift`, or of `farther`.
    chance
        The distance that so few draws may have by chance alone, whichever input it is of.
    """

    input: str
    shift: float | None
    distance: float
    member: str | None = None
    farther: float | None = None
    interval: tuple[float, float] | None = None
    chance: float = 0.0


def index_of(space: NormalSpace, row: int) -> Index | None:
    """Return the index of which an input is a member."""
    return space.response.item(space.positions[row]).member_of


def shifts_of(
    space: NormalSpace, drawn: Drawn, shown: FloatArray, places: FloatArray, failing: np.ndarray
) -> tuple[Shift, ...]:
    """Return how each input differs, the one that tells failing draws best from the others first.

    Parameters
    ----------
    shown, places
        Values of the varying inputs, and their places in their own distributions, shape (inputs, draws).
    failing
        Which draws fail, shape (draws,); some, and not all.
    """
    # some draws of one replicate may go together, and none of several do
    parts = np.arange(failing.size) // drawn.replicate_rows
    found = []
    for row, name in enumerate(space.names):
        index = index_of(space, row)
        if index is not None:
            found.append(_members_shift(name, index, shown[row], _Sides(failing, parts, len(space.names))))
            continue
        found.append(_shift(name, places[row], _Sides(failing, parts, len(space.names))))
    return tuple(sorted(found, key=lambda shift: -shift.distance))


class _Sides(NamedTuple):
    """Which draws fail, the replicate of each draw, and how many inputs are looked at."""

    failing: np.ndarray
    parts: np.ndarray
    inputs: int

    def chance(self, distance: float, values: int, split: Callable[[np.ndarray], np.ndarray]) -> float:
        """Return `Shift.chance`, for draws that go together as those of a split by the rarer side do.

        Parameters
        ----------
        split
            Tells of the rarer draws, given which they are, which lie on one side where the distance is.
        """
        fails = int(np.count_nonzero(self.failing))
        sizes = fails, self.failing.size - fails
        # either distance of an input may be the one that is told
        found = by_chance(*sizes, 2 * self.inputs, values)
        if distance <= found:
            return found
        rare = self.failing if sizes[0] <= sizes[1] else ~self.failing
        return min(found * sqrt(_going_together(split(rare), self.parts[rare])), 1.0)


def _shift(name: str, places: FloatArray, sides: _Sides) -> Shift:
    """Tell how failing draws differ in one input: in where they lie, or in how far from its median."""
    failing = sides.failing
    distance = kolmogorov_smirnov(places[failing], places[~failing])
    outwards = np.abs(places - 0.5)
    of_both = kolmogorov_smirnov(outwards[failing], outwards[~failing])
    is_both = of_both > distance + BOTH_SIDES
    values, distance = (outwards, of_both) if is_both else (places, distance)
    chance = sides.chance(distance, 2, lambda rare: _beside_farthest(values[rare], values[~rare]))
    low, shift, high = _medians_apart(values, sides)
    if is_both:
        return Shift(name, None, distance, farther=shift, interval=(low, high), chance=chance)
    return Shift(name, shift, distance, interval=(low, high), chance=chance)


def by_chance(one: int, other: int, tests: int, values: int = 2) -> float:
    """Return how far two samples of one distribution lie apart in the farthest of some tests.

    More than that has at most the probability `BY_CHANCE` (Massart 1990, doi:10.1214/aop/1176990746; Weissman
    et al. 2003, Hewlett-Packard report HPL-2003-97).

    Parameters
    ----------
    values
        How many values there are, where the distance is one of their shares.
    """
    # to part the values in two
    ways = log(2 ** max(values, 2) - 2)
    return min(sqrt((ways + log(tests / BY_CHANCE)) / 2 * (1 / one + 1 / other)), 1.0)


def _going_together(inside: np.ndarray, parts: np.ndarray) -> float:
    """Return by what factor draws' share on one side varies more than that of independent draws; 1 at least.

    The design effect of clusters (Kish 1965, Survey Sampling, section 5.4).
    """
    apart = inside - inside.mean()
    sums, square = np.bincount(parts, apart), float(apart @ apart)
    return max(float(sums @ sums) / square, 1.0) if square else 1.0


def _beside_farthest(values: FloatArray, others: FloatArray) -> np.ndarray:
    """Tell which values lie below where their distribution function is the farthest from the others'."""
    values_in_order, others = np.sort(values), np.sort(others)
    below, upto = (
        np.abs(
            np.searchsorted(values_in_order, values_in_order, side) / values.size
            - np.searchsorted(others, values_in_order, side) / others.size
        )
        for side in ("left", "right")
    )
    if below.max() > upto.max():
        return np.asarray(values < values_in_order[np.argmax(below)])
    return np.asarray(values <= values_in_order[np.argmax(upto)])


def _medians_apart(values: FloatArray, sides: _Sides) -> tuple[float, float, float]:
    """Return how far the median of failing draws lies from the others', between the ends of its interval.

    From the interval of each median (Zou & Donner 2008, doi:10.1002/sim.3095).
    """
    low, middle, high = _around_median(values[sides.failing], sides.parts[sides.failing])
    least, centre, most = _around_median(values[~sides.failing], sides.parts[~sides.failing])
    apart = middle - centre
    return apart - hypot(middle - low, most - centre), apart, apart + hypot(high - middle, centre - least)


def _around_median(values: FloatArray, parts: np.ndarray) -> tuple[float, float, float]:
    """Return the median between the order statistics that a binomial count selects."""
    median = float(np.median(values))
    reach = ERRORS_WIDE * sqrt(values.size * _going_together(values <= median, parts)) / 2
    low = max(floor(values.size / 2 - reach), 0)
    high = min(ceil(values.size / 2 + reach), values.size - 1)
    ordered = np.partition(values, (low, high))
    return float(ordered[low]), median, float(ordered[high])


def _members_shift(name: str, index: Index, drawn: FloatArray, sides: _Sides) -> Shift:
    members = len(index.names)
    places = drawn.astype(int)
    shares = [
        np.bincount(places[side], minlength=members) / np.count_nonzero(side)
        for side in (sides.failing, ~sides.failing)
    ]
    moved = shares[0] - shares[1]
    most, distance = int(np.argmax(moved)), float(np.abs(moved).sum() / 2)
    shift = float(moved[most])
    more = moved > 0
    chance = sides.chance(distance, members, lambda rare: more[places[rare]])
    fails = int(np.count_nonzero(sides.failing))
    sizes = fails, sides.failing.size - fails
    ends = [wilson(float(each[most]), size) for each, size in zip(shares, sizes, strict=True)]
    one, other = (float(each[most]) for each in shares)
    interval = (
        shift - hypot(one - ends[0][0], ends[1][1] - other),
        shift + hypot(ends[0][1] - one, other - ends[1][0]),
    )
    return Shift(name, shift, distance, index.names[most], interval=interval, chance=chance)
