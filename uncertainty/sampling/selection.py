"""Order statistics without sorting: only the draws around the wanted rank are looked at closely."""

from __future__ import annotations

import math
from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.late import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from uncertainty.distributions.protocol import FloatArray

PILOT = 2**14
"""Draws, spread evenly over all, that tell where a rank lies."""

DEVIATIONS = 5.0
"""Standard deviations of the pilot's ranks that a window reaches to either side."""

ROUNDING = 1e-9
"""What rounding may add to the place of a rank between two others."""

BESIDE = (-1, 0, 1, 2)
"""Ranks that `order_statistic` may ask for, counted from the one below a quantile."""


class Window(NamedTuple):
    """All draws between two values, in increasing order, and how many lie below."""

    below: int
    ordered: FloatArray

    def holds(self, rank: int) -> bool:
        """Whether the draw of that rank, from 0, is among them."""
        return self.below <= rank < self.below + self.ordered.size


@dataclass(eq=False, slots=True)
class Selection:
    """Order statistics of values, shape (samples,), found as they are asked for and kept."""

    values: FloatArray
    _pilot: FloatArray | None = field(default=None, init=False)
    _windows: list[Window] = field(default_factory=list, init=False)

    def ranked(self, rank: int) -> float:
        """Return the value of a rank, from 0."""
        window = next((w for w in self._windows if w.holds(rank)), None)
        if window is None:
            window = self._window(rank)
            self._windows.append(window)
        return float(window.ordered[rank - window.below])

    def _window(self, rank: int) -> Window:
        size = self.values.size
        if size <= 4 * PILOT:
            return Window(0, np.sort(self.values))
        if self._pilot is None:
            self._pilot = np.sort(self.values[:: size // PILOT])
        pilot, share = self._pilot, rank / size
        reach = DEVIATIONS * math.sqrt(pilot.size * share * (1 - share)) + 2
        first, last = math.floor(share * pilot.size - reach), math.ceil(share * pilot.size + reach)
        low = pilot[first] if first >= 0 else -np.inf
        high = pilot[last] if last < pilot.size else np.inf
        under = self.values < low
        inside = self.values[~under & (self.values <= high)]
        window = Window(int(np.count_nonzero(under)), np.sort(inside))
        return window if window.holds(rank) else Window(0, np.sort(self.values))


def order_statistic(ranked: Callable[[int], float], size: int, probability: float) -> float:
    """Return the quantile of draws, interpolated between the two order statistics that it lies between.

    Where one of the two has the value of its other neighbour, draws have atoms, and what lies between is
    perhaps no value of theirs: then it is one of the two, by the inverse of the share up to a value.

    Parameters
    ----------
    ranked
        Gives the draw of a rank, from 0 to `size` - 1.
    """
    position = probability * (size - 1)
    below = int(position)
    low, high = (ranked(min(rank, size - 1)) for rank in (below, below + 1))
    part = position - below
    if not part or low == high:
        return low
    if (below > 0 and ranked(below - 1) == low) or (below + 2 < size and ranked(below + 2) == high):
        return low if part + probability <= 1 + ROUNDING else high
    return low + part * (high - low)


def quantiles(values: FloatArray, probabilities: Sequence[float] | FloatArray) -> FloatArray:
    """Return quantiles of values, shape (samples,), as `order_statistic` has them; nan where a value is."""
    if np.isnan(values).any():
        return np.full(len(probabilities), np.nan)
    last = values.size - 1
    ranks = {min(max(int(p * last) + beside, 0), last) for p in probabilities for beside in BESIDE}
    # far sooner done than putting all draws in order
    placed = np.partition(values, sorted(ranks))
    return np.array([order_statistic(lambda r: float(placed[r]), placed.size, p) for p in probabilities])


def quantiles_of_groups(
    values: FloatArray,
    order: np.ndarray,
    groups: np.ndarray,
    count: int,
    probabilities: Sequence[float] | FloatArray,
) -> FloatArray:
    """Return `quantiles` of each group of values to the bit, far sooner where groups are many and small.

    Parameters
    ----------
    order
        That of all values, from the smallest.
    groups
        The number of the group that each value belongs to, below `count`.

    Returns
    -------
    ndarray
        Shape (groups, probabilities); nan for a group without values.
    """
    sizes = np.bincount(groups, minlength=count)
    some = np.flatnonzero(sizes)
    # numbers of 16 bits are put in order by counting
    ordered = values[order[np.argsort(groups[order].astype(np.min_scalar_type(count)), kind="stable")]]
    first, last = (np.cumsum(sizes) - sizes)[some], sizes[some] - 1
    found = np.full((count, len(probabilities)), np.nan)
    for column, probability in zip(found.T, probabilities, strict=True):
        column[some] = _interpolated(ordered, first, last, probability)
    found[some[np.isnan(ordered[first + last])]] = np.nan
    return found


def _interpolated(ordered: FloatArray, first: np.ndarray, last: np.ndarray, probability: float) -> FloatArray:
    """Return `order_statistic` of runs of ordered values, from `first` on and with ranks up to `last`."""
    position = probability * last
    below = position.astype(np.int64)
    before, low, high, after = (ordered[first + np.clip(below + beside, 0, last)] for beside in BESIDE)
    part = position - below
    is_atom = ((below > 0) & (before == low)) | ((below + 1 < last) & (after == high))
    at_atom = np.where(part + probability <= 1 + ROUNDING, low, high)
    with np.errstate(invalid="ignore"):  # between infinities
        between = low + part * (high - low)
    return np.asarray(np.where((part == 0) | (low == high), low, np.where(is_atom, at_atom, between)))
