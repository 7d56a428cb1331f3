"""What distributions on single values have in common: a table of their values and probabilities."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.distributions.parameters import Written, within
from uncertainty.values import of_probabilities, of_values

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """Values in increasing order and what lies up to and beyond each, in precise tails.

    Parameters
    ----------
    values
        Distinct, shape (n,).
    probabilities, cumulative, beyond
        P(X = x), P(X <= x) and P(X > x) of each value, shape (n,).
    """

    values: FloatArray
    probabilities: FloatArray
    cumulative: FloatArray
    beyond: FloatArray

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the smallest values whose cdf reaches `u`."""
        reached = self.values[np.searchsorted(self.cumulative, np.minimum(u, 1.0))]
        return np.where(u >= 1.0, self.values[-1], reached)

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return np.append(0.0, self.cumulative)[np.searchsorted(self.values, x, side="right")]

    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        return np.append(1.0, self.beyond)[np.searchsorted(self.values, x, side="right")]

    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        reached = np.searchsorted(self.beyond[::-1], q, side="right")
        return self.values[self.values.size - reached]

    @property
    def mean(self) -> float:
        """Expectation."""
        return within(math.fsum(self.probabilities * self.values), (self.values[0], self.values[-1]))

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return math.sqrt(math.fsum(self.probabilities * (self.values - self.mean) ** 2))


def weighted(values: tuple[float, ...], weights: tuple[float, ...] | None = None) -> Table:
    """Return the table of values that are as probable as they weigh, alike if no weights are given."""
    distinct, position = np.unique(np.array(values), return_inverse=True)
    weight = np.bincount(position, weights=weights).astype(np.float64)
    present = weight > 0.0
    weight = weight[present] / weight.max()
    cumulative = np.cumsum(weight)
    # summed from above, so that what lies beyond the largest values is as precise as they are rare
    probabilities = weight / cumulative[-1]
    beyond = np.append(np.cumsum(probabilities[:0:-1])[::-1], 0.0)
    return Table(distinct[present] + 0.0, probabilities, cumulative / cumulative[-1], beyond)


class Steps(Written):
    """Everything that follows from a table."""

    __slots__ = ()
    table: Table

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the smallest values whose cdf reaches `u`."""
        return self.table.quantile(u)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return self.table.cdf(x)

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        return self.table.survival(x)

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        return self.table.upper_quantile(q)

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest value."""
        return float(self.table.values[0]), float(self.table.values[-1])

    @property
    def atoms(self) -> tuple[float, ...]:
        """The values."""
        return tuple(self.table.values.tolist())

    @property
    def is_constant(self) -> bool:
        """Whether one value has all the probability."""
        return self.table.values.size == 1

    @property
    def mean(self) -> float:
        """Expectation."""
        return self.table.mean

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return self.table.sd
