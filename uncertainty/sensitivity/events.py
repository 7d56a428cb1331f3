"""How many values make up a variance, and what is said where they are too few to share it out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.sampling.estimate import too_few_events

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import FloatArray

FEWEST_MET = 20
"""Values that must make up a variance before shares of it are trusted."""

PLAIN = 10.0
"""Kurtosis up to which values are too few because there are too few, not because a few lie far out."""

FEWEST_TO_COMPARE, MOST_UNLIKE, SAME_SIZE = 3, 1.5, 1e-6
"""Values from which on they are events if the largest has at most so many times its part of the variance; and
how near to its part it must be where they are fewer."""

MOST_UNMET = -math.log(0.025)
"""Events that may be expected, at 95 %, where none was met."""

SHORT_TAIL, WIDER = 1.5, 20.0
"""Times the squares' tail index of a normal quantity up to which replicates' variances are hardly skewed; and
what each unit of the index above it adds to their intervals, relative to the root of their number."""

LONGEST_TAIL = 0.7
"""Index of the squares' tail from which on a variance does not settle: halfway to one that does not exist."""

FEWEST_OF_TAIL, TOPS, TAIL_OF = 16, 16, 16
"""Values that tell of a tail at least; those kept of each replicate; and of how many values one is a tail."""

ENDS = 5
"""Draws at either end of an input that are few."""

MATTERS, MOST_OF_ENDS = 0.01, 3.0
"""Share of the variance which they may have; and times what as many have of a normal quantity's."""

UNMET = 0.5
"""Part of what independent factors' products are expected to have of squares, below which rows went unmet."""

FEW_VALUES = "So few draws say little of shares of the variance; it takes some hundreds."

EXTREME_VALUES = "a few extreme values make up the variance, so that shares of it tell little"

EXTREME = f"{EXTREME_VALUES}; try draws alone, by ranks, or the log10 scale"


ASKED = 0.95
"""Level of the intervals by which shares that say nothing are told, whatever level was asked for."""

BEYOND = 0.1
"""How far beyond all of a variance a share of it may come out by chance, in a tail that settles."""


def says_nothing(value: FloatArray, half: FloatArray) -> np.ndarray:
    """Tell which shares of a variance are beyond all of it, or may be anything from nothing to all."""
    anything = (value - half <= 0) & (value + half >= 1)
    return np.asarray(anything | (value > 1 + BEYOND) | (value < -BEYOND))


class Events(NamedTuple):
    """How many values make up each output's variance, shape (outputs,).

    Parameters
    ----------
    met
        As many as would make it up if they were equal (a participation ratio): of an event that happens or
        not, the times it happened, and of normal values a third of them.
    largest
        What the largest value has of the variance, in units of what it would have if all were equal: 1 for
        an event, and up to the square root of `met` where the largest of a heavy tail stands alone.
    values
        The number of values.
    tail
        The longest tail index of the squares that make it up: at 1/2 or above they have no variance, and so
        the variance no error; at 1 no mean.
    """

    met: FloatArray
    largest: FloatArray
    values: int
    tail: FloatArray

    @classmethod
    def of(
        cls,
        spread: FloatArray,
        gathered: FloatArray,
        largest: FloatArray,
        values: int,
        tail: FloatArray | float = 0.0,
    ) -> Events:
        """Join the replicates, each with what `spread_of` returns of it, shape (replicates, outputs)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            weights = np.ascontiguousarray((spread / spread.max(axis=0)).T)
            total = weights.sum(axis=-1)
            met = np.nan_to_num(total**2 / (gathered.T * weights**2).sum(axis=-1), posinf=0.0)
            alone = np.asarray((largest.T * weights).max(axis=-1) / total * met)
        return cls(np.asarray(met), alone, values, np.broadcast_to(tail, met.shape))

    def wider(self, replicates: int) -> FloatArray:
        """Return what intervals of some replicates must be wider by, shape (outputs,).

        Where squares have a long tail, so have the replicates' variances, whose spread comes out too small
        just where the variance does.
        """
        longer = np.maximum(self.tail - SHORT_TAIL * normal_tail(self.values // 2), 0)
        return np.asarray(1 + WIDER * longer / math.sqrt(replicates))

    @property
    def alike(self) -> np.ndarray:
        """Tell where they are events of one size, which become more as values do, unlike those of a tail."""
        equal = np.abs(self.largest - 1) < SAME_SIZE
        return np.asarray(equal | ((self.met >= FEWEST_TO_COMPARE) & (self.largest < MOST_UNLIKE)))

    @property
    def unseen(self) -> FloatArray:
        """What a total index may have from events of which none was met, half of what a first-order one may.

        Three events and seven tenths are likely where none was met (Garwood 1936,
        doi:10.1093/biomet/28.3-4.437), and each would add a share of the variance to the index. Where values
        lie no farther apart than normal ones, nothing is an event.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            most = MOST_UNMET / self.met * np.maximum(0, 1 - 3 * self.met / self.values)
            return np.asarray(np.where(self.alike, most, 0.0))

    def too_few(self, points: int, extreme: str = EXTREME) -> list[str]:
        """Say of each output, where they are too few, how many points would give enough; else nothing.

        Parameters
        ----------
        extreme
            What is said instead of the values of a heavy tail, of which nobody knows how many are enough.
        """
        each = zip(self.met.tolist(), self.alike.tolist(), self.tail.tolist(), strict=True)
        return [self._too_few(met, points, extreme, alike=alike, tail=tail) for met, alike, tail in each]

    def _too_few(self, met: float, points: int, extreme: str, *, alike: bool, tail: float) -> str:
        if alike:
            return too_few_events(met, points, FEWEST_MET) if met < FEWEST_MET else ""
        if tail >= LONGEST_TAIL:
            return extreme
        return "" if met >= FEWEST_MET else self._unsettled(met, extreme)

    def _unsettled(self, met: float, extreme: str = EXTREME) -> str:
        return FEW_VALUES if PLAIN * met > self.values else extreme

    def unsettled(self, value: FloatArray, half: FloatArray) -> list[str]:
        """Say of each output that its variance has not settled, where a share of it says nothing.

        Of events of one size it is known how many are enough.

        Parameters
        ----------
        value, half
            Shares and half-widths of their intervals at the level `ASKED`, shape (shares, outputs).
        """
        nothing = says_nothing(value, half).any(axis=0) & ~self.alike
        each = zip(self.met.tolist(), nothing.tolist(), strict=True)
        return [self._unsettled(met) if unknown else "" for met, unknown in each]

    @classmethod
    def of_draws(cls, values: FloatArray) -> Events:
        """Tell of the draws of one output, shape (rows,)."""
        spread, gathered, largest = spread_of(values[None], np.array([np.median(values)]))
        return cls.of(spread[None], gathered[None], largest[None], values.size)

    @property
    def too_few_draws(self) -> str:
        """Say where too few draws of one output make up its variance to share it out; else nothing.

        Few draws of a plain quantity are no such case: intervals from draws alone allow for their number.
        """
        plain = PLAIN * self.met[0] > self.values
        return "" if plain else self.too_few(self.values, EXTREME_VALUES)[0]


def few_carry(
    products: FloatArray,
    one: FloatArray,
    other: FloatArray,
    fourth: FloatArray,
    other_fourth: FloatArray,
    rows: int,
) -> np.ndarray:
    """Tell whether few rows carry a mean of products, and fewer than independent factors would have.

    Rows are counted in products of full size: of both factors' squares, each as large as it is on average
    where it weighs most.

    Parameters
    ----------
    products, one, other
        Means over rows of the products' squares, and of the squares of either factor.
    fourth, other_fourth
        Means of either factor's fourth powers.
    rows
        The number of rows.
    """
    with np.errstate(all="ignore"):
        carrying = rows * products * one * other / (fourth * other_fourth)
    return np.asarray((carrying < FEWEST_MET) & (products < UNMET * one * other))


def rests_on_ends(column: FloatArray, values: FloatArray, index: float) -> bool:
    """Tell whether a few values of an output at an input's own ends make up most of a first-order index.

    Where the input's tail is long, the few farthest of its draws decide how large its part of the variance
    comes out, and hardly any estimate from draws alone follows so steep a slope. What they add is compared
    with what as many of a normal quantity would; it cancels in an index near 1, which is a ratio.

    Parameters
    ----------
    column, values
        Draws of the input and the output, shape (rows,).
    index
        The estimate.
    """
    from scipy.stats import norm

    order = np.argsort(column, kind="stable")
    squares = np.square(values - values.mean())
    # beyond what as many draws have anywhere
    part = float(squares[np.r_[order[:ENDS], order[-ENDS:]]].sum() / squares.sum()) - 2 * ENDS / values.size
    score = float(norm.isf(ENDS / values.size))
    normal = 2 * (score * float(norm.pdf(score)) + ENDS / values.size)
    by_chance = 3 * math.sqrt(4 * ENDS) / values.size
    return part > MATTERS + by_chance and part * (1 - min(index, 1.0)) > MOST_OF_ENDS * normal * max(
        index, 0.0
    )


def tail_values(values: int) -> int:
    """Return how many of the largest of some values tell of their tail."""
    return max(FEWEST_OF_TAIL, round(math.sqrt(values) / 2))


def tail_index(tops: FloatArray, values: int) -> float:
    """Return the tail index (Hill 1975, doi:10.1214/aos/1176343247) that the largest of some values tell of.

    0 where they are too few, or one value.
    """
    if values < TAIL_OF * FEWEST_OF_TAIL:
        return 0.0
    ordered = np.sort(tops, axis=None)[::-1][: tail_values(values) + 1]
    if ordered.size <= FEWEST_OF_TAIL or not ordered[-1] > 0:
        return 0.0
    return float(np.log(ordered[:-1] / ordered[-1]).mean())


def normal_tail(values: int) -> float:
    """Return the index that the squares of so many normal values have as far out as it is taken."""
    from uncertainty.special import ndtri

    far = ndtri((np.arange(tail_values(values) + 1) + 0.5) / (2 * max(values, TAIL_OF * FEWEST_OF_TAIL)))
    return float(2 * np.log(far[:-1] / far[-1]).mean())


def largest_of(values: FloatArray, most: int = TOPS) -> FloatArray:
    """Return the largest of values, shape (..., rows), in no order; 0 where there are fewer: (..., most)."""
    rows = values.shape[-1]
    if rows > most:
        return np.asarray(np.partition(values, -most)[..., -most:])
    return np.concatenate([values, np.zeros((*values.shape[:-1], most - rows))], axis=-1)


def sides_of(changed: FloatArray, own: FloatArray) -> FloatArray:
    """Return what rows above a ratio of means have of its variance, and what rows below it have.

    Parameters
    ----------
    changed, own
        What the ratio divides, shape (..., rows).

    Returns
    -------
    FloatArray
        Shape (..., 2).
    """
    total = own.sum(axis=-1, keepdims=True)
    ratio = np.divide(changed.sum(axis=-1, keepdims=True), total, out=np.zeros_like(total), where=total > 0)
    apart = changed - ratio * own
    above, below = np.maximum(apart, 0.0), np.minimum(apart, 0.0)
    return np.stack([np.vecdot(above, above), np.vecdot(below, below)], axis=-1)


def spread_of(values: FloatArray, middle: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the sum of squared differences from a middle; of their shares the squares' sum and the largest.

    What has one value nearly always has no other differences from its median than those of its events. The
    squares of equal shares add up to 1 over their number.

    Parameters
    ----------
    values, middle
        Shape (..., rows) and (...).
    """
    squares = np.square(values - middle[..., None])
    total = squares.sum(axis=-1)
    shares = np.divide(squares, total[..., None], out=np.zeros_like(squares), where=total[..., None] > 0)
    return total, np.vecdot(shares, shares), shares.max(axis=-1)
