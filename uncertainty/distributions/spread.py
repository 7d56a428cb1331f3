"""Counts drawn out to a line, so that where a draw lies among those of one count is not lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from uncertainty.distributions.parameters import Written
from uncertainty.values import of_probabilities, of_values

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import Distribution, FloatArray


@dataclass(frozen=True, slots=True)
class Spread(Written):
    """A distribution of counts with each count spread evenly from half below to half above it.

    Parameters
    ----------
    counts
        Their distribution, which may be of one value.
    """

    counts: Distribution
    atoms: ClassVar[tuple[float, ...]] = ()
    is_constant: ClassVar[bool] = False

    @property
    def call(self) -> str:
        """Its text, which is that of the counts."""
        return str(self.counts)

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        count = self.counts.quantile(u)
        below, to = self.counts.cdf(count - 0.5), self.counts.cdf(count)
        return count - 0.5 + np.clip((u - below) / (to - below), 0.0, 1.0)

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        count = self.counts.upper_quantile(q)
        beyond, rest = self.counts.survival(count - 0.5), self.counts.survival(count)
        return count + 0.5 - np.clip((q - rest) / (beyond - rest), 0.0, 1.0)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        count = np.floor(x + 0.5)
        below, to = self.counts.cdf(count - 0.5), self.counts.cdf(count)
        return below + (x - count + 0.5) * (to - below)

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        count = np.floor(x + 0.5)
        beyond, rest = self.counts.survival(count - 0.5), self.counts.survival(count)
        return rest + (count + 0.5 - x) * (beyond - rest)

    @property
    def support(self) -> tuple[float, float]:
        """Half below the smallest count and half above the largest."""
        low, high = self.counts.support
        return low - 0.5, high + 0.5

    @property
    def mean(self) -> float:
        """Expectation, that of the counts."""
        return self.counts.mean

    @property
    def sd(self) -> float:
        """Standard deviation; spreading adds a twelfth to the variance."""
        return float(np.hypot(self.counts.sd, np.sqrt(1 / 12)))


def count_at(distribution: Distribution, value: float, toward: float = 0.0) -> float:
    """Return the count that a value of a spread distribution is; of others the value itself.

    Parameters
    ----------
    toward
        Which count is meant between two: the upper one if positive, the lower one if negative.
    """
    if not isinstance(distribution, Spread):
        return value
    return float(np.floor(value + 0.5 + 1e-6 * np.sign(toward)))
