"""Integers in the order of floats, and bins of equal width over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import FloatArray

Keys: TypeAlias = NDArray[np.int64]

BIN_BITS = 14
"""A grid has at most 2**14 bins."""

_LEAST = 5e-324
_REACH = 0.25
"""How far a grid reaches beyond the pilot's values, in relation to their range."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Bins of equal width over the keys of one output.

    The key of a value is the integer that its bits make, so that bins are a fixed share of a value wide.
    Where values are not positive they are moved to be: rounding may then give neighbours the same key, but
    never exchanges them.

    Parameters
    ----------
    shift
        Added to a value before its key is taken.
    low, high
        First and last key; what lies outside belongs to the outermost bins.
    bits
        A bin has 2**bits keys.
    """

    shift: float
    low: int
    high: int
    bits: int

    @classmethod
    def around(cls, pilot: FloatArray) -> Grid:
        """Return a grid for values like those of a pilot run, the finite ones."""
        finite = pilot[np.isfinite(pilot)]
        lowest, highest = (float(finite.min()), float(finite.max())) if finite.size else (1.0, 1.0)
        width = highest - lowest or abs(highest) or 1.0
        shift = 0.0 if lowest > 0 else 2 * width - lowest
        low, high = keys(np.array([lowest, highest]), shift).tolist()
        reach = int((high - low) * _REACH) + 1
        return cls.between(shift, max(low - reach, 1), high + reach)

    @classmethod
    def between(cls, shift: float, low: int, high: int) -> Grid:
        """Return a grid over given keys."""
        return cls(shift, low, high, max(0, (high - low).bit_length() - BIN_BITS))

    @property
    def bins(self) -> int:
        """Number of bins."""
        return ((self.high - self.low) >> self.bits) + 1

    def counts(self, values: FloatArray) -> Keys:
        """Return how many values each bin holds, shape (bins,)."""
        found = np.clip(keys(values, self.shift), self.low, self.high)
        found -= self.low
        found >>= self.bits
        return np.bincount(found, minlength=self.bins)

    def bounds(self, first: int, last: int) -> tuple[int, int]:
        """Return the lowest and highest key in bins `first` to `last`."""
        outermost = np.iinfo(np.int64)
        low = outermost.min if first == 0 else self.low + (first << self.bits)
        high = outermost.max if last == self.bins - 1 else self.low + ((last + 1) << self.bits) - 1
        return int(low), int(high)


def keys(values: FloatArray, shift: float) -> Keys:
    """Return positive integers that never decrease where `values` increase, once moved by `shift`."""
    moved = np.add(values, shift) if shift else values
    # the bits of a positive float are an integer in the same order; what is not positive counts as the least
    return np.maximum(moved, _LEAST).view(np.int64)
