"""What is kept of an output's draws: all of them, where there is room."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from uncertainty.sampling.designs import BLOCK
from uncertainty.sampling.moments import BlockSums, block_sums
from uncertainty.sampling.selection import Selection

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray


class Evidence(Protocol):
    """What estimates rest on."""

    @property
    def size(self) -> int:
        """Number of draws."""
        ...

    @property
    def replicate_rows(self) -> int:
        """Draws of one replicate; 1 where every draw is independent."""
        ...

    @property
    def values(self) -> FloatArray:
        """The draws, shape (samples,); an error where they are not kept."""
        ...

    @property
    def ordered(self) -> FloatArray:
        """The draws in increasing order; an error where they are not kept."""
        ...

    @property
    def sums(self) -> BlockSums:
        """Sums over blocks."""
        ...

    def ranked(self, rank: int) -> float:
        """Return the draw of a rank, from 0."""
        ...

    def counts_below(self, value: float, *, inclusive: bool = False) -> NDArray[np.int64]:
        """Return how many draws of each replicate lie below a value, or at it."""
        ...


class Stored:
    """All draws of an output.

    Parameters
    ----------
    values
        Shape (samples,), replicate after replicate.
    replicate_rows
        Rows of one replicate; 1 where every row is independent.
    """

    def __init__(self, values: FloatArray, replicate_rows: int = 1) -> None:
        self.values = values
        self.replicate_rows = replicate_rows

    @property
    def size(self) -> int:
        """Number of draws."""
        return self.values.size

    @cached_property
    def ordered(self) -> FloatArray:
        """The draws in increasing order, shape (samples,)."""
        return np.sort(self.values)

    @cached_property
    def _selection(self) -> Selection:
        return Selection(self.values)

    @cached_property
    def sums(self) -> BlockSums:
        """Sums over blocks."""
        block = block_rows(self.replicate_rows)
        starts = range(0, self.size, block)
        return BlockSums(np.array([block_sums(self.values[i : i + block]) for i in starts]).T)

    def ranked(self, rank: int) -> float:
        """Return the draw of a rank, from 0."""
        if "ordered" in self.__dict__:
            return float(self.ordered[rank])
        return self._selection.ranked(rank)

    def counts_below(self, value: float, *, inclusive: bool = False) -> NDArray[np.int64]:
        """Return how many draws of each replicate lie below a value, or at it."""
        event = self.values <= value if inclusive else self.values < value
        return replicate_counts(event, self.replicate_rows)


def replicate_counts(event: NDArray[np.bool_], replicate_rows: int) -> NDArray[np.int64]:
    """Return how often an event holds in each replicate; in all draws where they are independent."""
    rows = replicate_rows if replicate_rows > 1 else event.size
    return np.asarray(np.count_nonzero(event.reshape(-1, rows), axis=1))


def block_rows(replicate_rows: int) -> int:
    """Return the rows of the blocks that sums are made over: as many as fit, all of one replicate."""
    if replicate_rows == 1:
        return BLOCK
    return replicate_rows if replicate_rows % BLOCK else BLOCK
