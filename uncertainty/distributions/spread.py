"""Discrete values drawn out to a line, so that where a draw lies among those of one value is not lost."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from uncertainty.distributions.parameters import Written
from uncertainty.late import dataclass
from uncertainty.values import of_probabilities, of_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.distributions.protocol import Distribution, FloatArray


def edges_of(values: Sequence[float]) -> list[float]:
    """Return the ends of the parts of a line nearest to each of some increasing values."""
    if len(values) == 1:
        return [values[0] - 0.5, values[0] + 0.5]
    middles = [(one + other) / 2 for one, other in pairwise(values)]
    return [2 * values[0] - middles[0], *middles, 2 * values[-1] - middles[-1]]


@dataclass(frozen=True)
class Spread(Written):
    """A discrete distribution with each value spread evenly over what is nearest to it.

    Parameters
    ----------
    counts
        The distribution, which may be of one value.
    values
        The values that share the line, increasing; the distribution's own by default.
    """

    counts: Distribution
    values: tuple[float, ...] = ()
    atoms: ClassVar[tuple[float, ...]] = ()
    is_constant: ClassVar[bool] = False

    @property
    def call(self) -> str:
        """Its text, which is that of the values."""
        return str(self.counts)

    @cached_property
    def edges(self) -> FloatArray:
        """The ends of the parts of the line, one more than the values."""
        return np.array(edges_of(separate_values(self)))

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        value = self.counts.quantile(u)
        left, right, below, to = self._about(value)
        return left + (right - left) * np.clip((u - below) / (to - below), 0.0, 1.0)

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        value = self.counts.upper_quantile(q)
        left, right, _, _ = self._about(value)
        beyond, rest = self.counts.survival(left), self.counts.survival(value)
        return right - (right - left) * np.clip((q - rest) / (beyond - rest), 0.0, 1.0)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        left, right, below, to = self._about(x)
        return below + np.clip((x - left) / (right - left), 0.0, 1.0) * (to - below)

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        left, right, _, _ = self._about(x)
        beyond, rest = self.counts.survival(left), self.counts.survival(right)
        return rest + np.clip((right - x) / (right - left), 0.0, 1.0) * (beyond - rest)

    def _about(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return the part of the line about each value, and the probabilities below and up to its end."""
        edges = self.edges
        place = np.clip(np.searchsorted(edges, x) - 1, 0, edges.size - 2)
        left, right = edges[place], edges[place + 1]
        return left, right, self.counts.cdf(left), self.counts.cdf(right)

    @property
    def support(self) -> tuple[float, float]:
        """The ends of the parts of the smallest and of the largest value."""
        low, high = self.counts.support
        left, right, _, _ = self._about(np.array([low, high]))
        return float(left[0]), float(right[1])

    @property
    def mean(self) -> float:
        """Expectation, that of the values."""
        return self.counts.mean

    @property
    def sd(self) -> float:
        """Standard deviation of the values."""
        return self.counts.sd


def separate_values(distribution: Distribution) -> tuple[float, ...]:
    """Return the values that a distribution puts its probability on, those of a spread one with them."""
    if isinstance(distribution, Spread):
        return distribution.values or distribution.counts.atoms
    return distribution.atoms


def count_at(distribution: Distribution, value: float, toward: float = -1.0) -> float:
    """Return the value that a point of a spread distribution is; of another distribution the point itself.

    Parameters
    ----------
    toward
        Which value is meant between two: the upper one if positive, the lower one, as a quantile is, if
        negative.
    """
    if not isinstance(distribution, Spread):
        return value
    values, edges = separate_values(distribution), distribution.edges
    if not edges[0] <= value <= edges[-1]:
        return value
    place = np.searchsorted(edges, value + 1e-6 * np.sign(toward), side="right") - 1
    return float(values[int(np.clip(place, 0, len(values) - 1))])
