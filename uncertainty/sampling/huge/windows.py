"""What is kept of draws too many to store: sums, counts, and the draws around some ranks."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from uncertainty.errors import UncertaintyError
from uncertainty.late import dataclass
from uncertainty.sampling.thresholds import at_most

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.moments import BlockSums


MOST_TIES = 2**10
"""Draws from which on equal ones are kept once, with their number."""

MOST_PARTS = 2**6
"""Parts of what is kept that are joined: small arrays by the million would cost more than the draws."""

NOT_STORED = "these draws are too many to be stored; use fewer samples or fewer outputs"


class Some(NamedTuple):
    """Some draws, shape (draws,): the replicate of each, its value and how many are equal to it there."""

    replicate: NDArray[np.int32]
    values: FloatArray
    counts: NDArray[np.int32]

    def once(self) -> Some:
        """Return the same with equal draws of a replicate kept once."""
        order = np.lexsort((self.values, self.replicate))
        replicate, values = self.replicate[order], self.values[order]
        new = (replicate[1:] != replicate[:-1]) | (values[1:] != values[:-1])
        first = np.concatenate([[0], 1 + np.flatnonzero(new)])
        return Some(replicate[first], values[first], np.add.reduceat(self.counts[order], first))


@dataclass(slots=True)
class Kept:
    """The draws between two keys.

    Parameters
    ----------
    below
        Draws of each replicate from `first` on that lie below, shape (replicates,).
    """

    below: NDArray[np.int64]
    first: int = 0
    parts: list[Some] = field(default_factory=list)

    def add(self, replicate: int, values: FloatArray, found: NDArray[np.int64], low: int, high: int) -> None:
        """Keep what a block of a replicate has between two keys."""
        under = found < low
        inside = values[~under & (found <= high)]
        counts = np.ones(inside.size, np.int32)
        if inside.size > MOST_TIES:
            inside, ties = np.unique(inside, return_counts=True)
            counts = ties.astype(np.int32)
        self.below[replicate - self.first] += np.count_nonzero(under)
        self.parts.append(Some(np.full(inside.size, replicate, np.int32), inside, counts))

    def joined(self) -> Some:
        """Return all draws in one array each."""
        return Some(*map(np.concatenate, zip(*self.parts, strict=True)))

    def together(self) -> Kept:
        """Return the same in one part, for somebody else to join with others."""
        found = self.joined()
        return Kept(self.below, self.first, [found.once() if found.values.size > MOST_TIES else found])

    def extend(self, later: Kept) -> None:
        """Add what was kept of later blocks."""
        self.below[later.first - self.first :][: later.below.size] += later.below
        self.parts += later.parts
        if len(self.parts) > MOST_PARTS:
            self.parts = [self.joined()]


class Window:
    """Order statistics between two keys."""

    def __init__(self, kept: Kept) -> None:
        replicate, values, counts = kept.joined()
        order = np.argsort(values, kind="stable")
        self.values = values[order]
        # whose draws they are is no question where all are of one
        self._replicate = replicate[order] if kept.below.size > 1 else None
        self._below = kept.below
        self.below = int(kept.below.sum())
        self._reached = self.below + np.cumsum(counts[order], dtype=np.int64)

    def holds(self, rank: int) -> bool:
        """Whether the draw of that rank, from 0, is known."""
        return bool(self.values.size) and self.below <= rank < self._reached[-1]

    def ranked(self, rank: int) -> float:
        """Return the draw of a rank, from 0."""
        return float(self.values[np.searchsorted(self._reached, rank, side="right")])

    def counts_to(self, value: float, *, inclusive: bool) -> NDArray[np.int64]:
        """Return how many draws of each replicate lie below a value, or at it."""
        place = int(np.searchsorted(self.values, value, side="right" if inclusive else "left"))
        if self._replicate is None:
            return np.array([self._reached[place - 1] if place else self.below], dtype=np.int64)
        counts = np.diff(self._reached[:place], prepend=self.below)
        more = np.bincount(self._replicate[:place], weights=counts, minlength=self._below.size)
        return np.asarray(self._below + more.astype(np.int64))


@dataclass(frozen=True, eq=False)
class Counted:
    """What is kept of the draws of an output: sums, counts below some thresholds, and some windows.

    Parameters
    ----------
    thresholds
        For each how many draws of each replicate lie below it.
    """

    size: int
    replicate_rows: int
    sums: BlockSums
    windows: Sequence[Window]
    thresholds: Mapping[float, NDArray[np.int64]]

    @property
    def kept(self) -> bool:
        """Whether the draws themselves can be had."""
        return False

    @property
    def values(self) -> FloatArray:
        """The draws, which are not there.

        Raises
        ------
        UncertaintyError
            Always.
        """
        raise UncertaintyError(NOT_STORED)

    @property
    def ordered(self) -> FloatArray:
        """The draws in increasing order, which are not there; raises as `values` does."""
        return self.values

    @property
    def lowest(self) -> float:
        """The smallest draw."""
        return self.sums.lowest

    @property
    def highest(self) -> float:
        """The largest draw."""
        return self.sums.highest

    def ranked(self, rank: int) -> float:
        """Return the draw of a rank, from 0, that was asked for when the draws were made."""
        if rank in (0, self.size - 1):
            return self.sums.highest if rank else self.sums.lowest
        return self._window(lambda window: window.holds(rank)).ranked(rank)

    def counts_below(self, value: float, *, inclusive: bool = False) -> NDArray[np.int64]:
        """Return how many draws of each replicate lie below a value, or at it."""
        bound = at_most(value) if inclusive else value
        if bound in self.thresholds:
            return self.thresholds[bound]
        window = self._window(lambda w: bool(w.values.size) and w.values[0] <= value <= w.values[-1])
        return window.counts_to(value, inclusive=inclusive)

    def _window(self, fits: Callable[[Window], bool]) -> Window:
        for window in self.windows:
            if fits(window):
                return window
        raise UncertaintyError(f"only the quantiles and thresholds of the study were counted: {NOT_STORED}")


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
