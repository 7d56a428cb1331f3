"""How many values make up a variance, and what is said where they are too few to share it out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.sampling.estimate import too_few_events

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import FloatArray

FEWEST_EVENTS = 20
"""Values that must make up a variance before shares of it are trusted."""

PLAIN = 10.0
"""Kurtosis up to which values are too few because there are too few, not because a few lie far out."""

FEWEST_TO_COMPARE, MOST_UNLIKE, SAME_SIZE = 3, 1.5, 1e-6
"""Values from which on they are events if the largest has at most so many times its part of the variance; and
how near to its part it must be where they are fewer."""

MOST_UNMET = -math.log(0.025)
"""Events that may be expected, at 95 %, where none was met."""

EXTREME_VALUES = "a few extreme values make up the variance, so that shares of it tell little"

EXTREME = f"{EXTREME_VALUES}; try draws alone, by ranks, or the log10 scale"


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
    """

    met: FloatArray
    largest: FloatArray
    values: int

    @classmethod
    def of(cls, spread: FloatArray, gathered: FloatArray, largest: FloatArray, values: int) -> Events:
        """Join the replicates, each with what `spread_of` returns of it, shape (replicates, outputs)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            weights = np.ascontiguousarray((spread / spread.max(axis=0)).T)
            total = weights.sum(axis=-1)
            met = np.nan_to_num(total**2 / (gathered.T * weights**2).sum(axis=-1), posinf=0.0)
            return cls(np.asarray(met), np.asarray((largest.T * weights).max(axis=-1) / total * met), values)

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
        return [
            ""
            if met >= FEWEST_EVENTS
            else too_few_events(met, points, FEWEST_EVENTS)
            if alike or PLAIN * met > self.values
            else extreme
            for met, alike in zip(self.met.tolist(), self.alike.tolist(), strict=True)
        ]


def too_few_draws_vary(values: FloatArray) -> str:
    """Say where too few draws, shape (rows,), make up their variance to share it out; else nothing.

    Few draws of a plain quantity are no such case: intervals from draws alone allow for their number.
    """
    spread, gathered, largest = spread_of(values[None], np.array([np.median(values)]))
    found = Events.of(spread[None], gathered[None], largest[None], values.size)
    return "" if PLAIN * found.met[0] > values.size else found.too_few(values.size, EXTREME_VALUES)[0]


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
