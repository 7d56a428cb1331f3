"""What it is worth to know an input before choosing among alternatives, from draws.

The expected value of partial perfect information (EVPPI) is what the best choice gains on average, if it may
depend on the input. From draws the choice is made in slices of the input (Strong & Oakley 2013,
doi:10.1177/0272989X12465533), by one half of the draws, and its gain is told from the other: so noise
that is mistaken for knowledge gains nothing, within its error. What is missed is little: the choice is nearly
the best.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.sampling.estimate import ERRORS_WIDE, Estimate, half_widths
from uncertainty.sampling.moments import ONE_REPLICATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray

MOST_SLICES = 64
"""Slices of an input, or its own values where there are no more of them."""

ROUNDED = 1e-13
"""Share of the losses that is rounding where nothing is gained."""


class Losses(NamedTuple):
    """What each alternative loses in each draw.

    Parameters
    ----------
    values
        Shape (alternatives, draws); less is better.
    weights
        What each draw counts, shape (draws,).
    groups
        The number of the independent part of the draws that each belongs to, shape (draws,).
    """

    values: FloatArray
    weights: FloatArray
    groups: NDArray[np.intp]

    @property
    def best(self) -> int:
        """The alternative that loses least on average."""
        return int(np.argmin(self.values @ self.weights))


def value_of_everything(losses: Losses) -> Estimate:
    """Return the expected value of perfect information (EVPI): what the best choice in each draw gains."""
    sums = _sums(losses, losses.groups, int(losses.groups.max()) + 1)
    least = np.bincount(losses.groups, losses.weights * losses.values.min(axis=0), minlength=sums.shape[1])

    def gained(own: NDArray[np.bool_], others: FloatArray) -> FloatArray:
        return np.asarray(sums[np.argmin(others[:, :, 0]), own] - least[own])

    return _crossed(losses, sums[:, :, None], gained)


def value_of_knowing(losses: Losses, column: FloatArray) -> Estimate:
    """Return the expected value of knowing an input alone (EVPPI), with its Monte Carlo error.

    Parameters
    ----------
    column
        The input in every draw, shape (draws,).
    """
    slices = sliced(column)
    count, parts = int(slices.max()) + 1, int(losses.groups.max()) + 1
    sums = _sums(losses, losses.groups * count + slices, parts * count).reshape(-1, parts, count)

    def gained(own: NDArray[np.bool_], others: FloatArray) -> FloatArray:
        always = np.argmin(others.sum(axis=(1, 2)))
        chosen = np.argmin(others[:, 0], axis=0)
        found = sums[:, own]
        known = np.take_along_axis(found, chosen[None, None], axis=0)[0].sum(axis=1)
        return np.asarray(found[always].sum(axis=1) - known)

    return _crossed(losses, sums, gained)


def sliced(column: FloatArray) -> NDArray[np.intp]:
    """Return in which slice of an input each draw lies: equally many in each, or one for each value."""
    most = min(MOST_SLICES, max(2, round(column.size ** (1 / 3))))
    values, places = np.unique(column, return_inverse=True)
    if values.size <= most:
        return np.asarray(places, np.intp)
    edges = np.unique(np.quantile(column, np.arange(1, most) / most))
    return np.searchsorted(edges, column, side="right")


def _sums(losses: Losses, places: NDArray[np.intp], count: int) -> FloatArray:
    """Return the weighted losses in each place, shape (alternatives, places)."""
    return np.array([np.bincount(places, losses.weights * row, minlength=count) for row in losses.values])


def _crossed(
    losses: Losses, sums: FloatArray, gained: Callable[[NDArray[np.bool_], FloatArray], FloatArray]
) -> Estimate:
    """Return the mean gain, each half of the parts by what the other half tells.

    The choice of a half is the same for all parts of the other, so that these are independent. Both halves
    may go wrong together: their errors are added.

    Parameters
    ----------
    sums
        Shape (alternatives, parts, slices).
    gained
        Given which parts are looked at, and the sums over the others, shape (alternatives, 1, slices), what
        each of the parts gains.
    """
    parts = sums.shape[1]
    weights = np.bincount(losses.groups, losses.weights, minlength=parts)
    halves = [np.arange(parts) % 2 == side for side in (0, 1)]
    if parts < 4:
        everywhere = np.ones(parts, bool)
        value = gained(everywhere, sums.sum(axis=1, keepdims=True)).sum() / weights.sum()
        return Estimate(max(float(value), 0.0), None, ONE_REPLICATE)
    means, errors = [], []
    for own in halves:
        found = gained(own, sums[:, ~own].sum(axis=1, keepdims=True))
        mean = float(found.sum() / weights[own].sum())
        # each part counts as much as it weighs
        each = (found - mean * weights[own]) / weights[own].mean()
        means.append(mean)
        errors.append(float(half_widths(each)) / ERRORS_WIDE)
    value, error = sum(means) / 2, sum(errors) / 2
    if max(abs(value), error) < ROUNDED * np.abs(losses.values).max():
        return Estimate(0.0, 0.0)
    # to know more is never worth less than nothing
    return Estimate(max(value, 0.0), error)
