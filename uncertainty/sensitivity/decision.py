"""What it is worth to know an input before choosing among alternatives, from draws.

The expected value of partial perfect information (EVPPI) is what the best choice gains on average, if it may
depend on the input. From draws the choice is made in slices of the input (Strong & Oakley 2013,
doi:10.1177/0272989X12465533), by one half of the draws, and its gain is told from the other: so noise
that is mistaken for knowledge gains nothing, within its error. Slices are made finer while that gains more.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.sampling.estimate import (
    ERRORS_WIDE,
    FEWEST_EVENTS,
    Estimate,
    half_widths,
    joined,
    too_few_events,
)
from uncertainty.sampling.moments import ONE_REPLICATE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray

MOST_SLICES = 64
"""Slices of an input, or its own values where there are no more of them."""

FINER = 4
"""Times as many slices that the next ones are."""

FEWEST_IN_SLICE = 8
"""Draws that the finest slices have at least."""

SURE = 2.0
"""Errors that a gain must exceed, so that noise is not taken for one."""

APART = 3.0
"""Errors by which one alternative is known to be better on average than another."""

FEWEST_PARTS = 4
"""Independent parts of the draws from which on an error is told."""

ROUNDED = 1e-13
"""Share of the differences of losses that is rounding where nothing is gained."""


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
    def parts(self) -> int:
        """Number of independent parts."""
        return int(self.groups.max()) + 1

    @property
    def best(self) -> int:
        """The alternative that loses least on average."""
        return int(np.argmin(self.values @ self.weights))

    def behind(self, one: int, other: int) -> Estimate:
        """Return how much more one alternative loses on average than another."""
        more = np.bincount(self.groups, self.weights * (self.values[one] - self.values[other]))
        error = math.sqrt(self.parts) * float(more.std(ddof=1)) if self.parts > 1 else None
        return Estimate(float(more.sum()), error)


def over_nets(of: Callable[[Losses], Estimate], losses: Sequence[Losses]) -> Estimate:
    """Return what is found of all draws, with an error that has what each net of cases adds.

    Parameters
    ----------
    losses
        Those of all draws first, then those without each of the nets of cases.
    """
    whole, *without = map(of, losses)
    return joined(whole, [each.value for each in without])


def as_good(losses: Sequence[Losses]) -> list[int]:
    """Return which others are not known to lose more on average than the best.

    Parameters
    ----------
    losses
        Those of all draws first, then those without each of the nets of cases.
    """
    best, found = losses[0].best, []
    for place in range(len(losses[0].values)):
        more = over_nets(partial(Losses.behind, one=place, other=best), losses)
        if place != best and (more.error is None or more.value <= APART * more.error):
            found.append(place)
    return found


def value_of_everything(losses: Losses) -> Estimate:
    """Return the expected value of perfect information (EVPI): what the best choice in each draw gains."""
    sums = _sums(losses, losses.groups, losses.parts)
    least = np.bincount(losses.groups, losses.weights * losses.values.min(axis=0), minlength=sums.shape[1])

    def gained(own: NDArray[np.bool_], others: FloatArray) -> FloatArray:
        return np.asarray(sums[np.argmin(others[:, :, 0]), own] - least[own])

    return _told(losses, _crossed(losses, sums[:, :, None], gained))


def value_of_knowing(losses: Losses, column: FloatArray) -> Estimate:
    """Return the expected value of knowing an input alone (EVPPI), with its Monte Carlo error.

    Slices become finer as long as a choice in finer ones gains more than noise explains; what the next ones
    would still gain is part of the error.

    Parameters
    ----------
    column
        The input in every draw, shape (draws,).
    """
    most = first_slices(column.size)
    ordered = Ordered.of(column)
    slices = ordered.sliced(most)
    found, seeming = _gained(losses, slices), _seeming(losses, slices)
    missed = 0.0
    while losses.parts >= FEWEST_PARTS and column.size >= FINER * most * FEWEST_IN_SLICE:
        most *= FINER
        before, slices = slices, ordered.sliced(most)
        if slices.max() == before.max():
            break
        finer, seems = _gained(losses, slices), _seeming(losses, slices)
        more, error = _mean(losses, [one - other for one, other in zip(finer, found, strict=True)])
        value, unsure = _mean(losses, found)
        if more < -SURE * error and seems > max(value, 0.0):
            # in slices so fine noise decides
            break
        if more > SURE * error:
            # half a slice is what is wrong at either end of where a choice is the best
            found, seeming, missed = finer, seems, more / (FINER - 1)
            continue
        # where nothing is gained so far, all that noise hides is missed
        missed = max(missed, more + error if value <= SURE * unsure else more)
    value, unsure = _mean(losses, found)
    if value <= SURE * unsure:
        missed = max(missed, _at_ends(losses, ordered, column.size // first_slices(column.size)))
    # halves that choose otherwise than both together gain less than there is to gain, which gains no more
    return _told(losses, found, max(missed, (seeming - value) / ERRORS_WIDE))


def _at_ends(losses: Losses, ordered: Ordered, most: int) -> float:
    """Return the error by which noise may hide what is gained beyond some value of an input, at either end.

    What the draws beyond a value gain together, and what noise may take from it, is the most that is to be
    gained there; the value may be any. Asked where the draws of an end together tell that nothing is.

    Parameters
    ----------
    most
        Draws at each end that are looked at.
    """
    order, always = np.argsort(ordered.places, kind="stable"), losses.best
    counts, found = np.sqrt(np.arange(1, most + 1)), 0.0
    for rows in (order[:most], order[::-1][:most]):
        gains = losses.weights[rows] * (losses.values[always, rows] - losses.values[:, rows])
        noise = SURE * gains.std(axis=1, keepdims=True) * counts
        sums = np.cumsum(gains, axis=1)
        told = sums[:, -1] < -noise[:, -1]
        found = max(found, float((sums + noise)[told].max(initial=0.0)))
    return found / float(losses.weights.sum()) / ERRORS_WIDE


def _seeming(losses: Losses, slices: NDArray[np.intp]) -> float:
    """Return the mean gain where the same draws tell the choice in a slice: hardly less than there is."""
    sums = _sums(losses, slices, int(slices.max()) + 1)
    gain = sums.sum(axis=1).min() - sums.min(axis=0).sum()
    return float(gain / losses.weights.sum())


def _gained(losses: Losses, slices: NDArray[np.intp]) -> list[FloatArray]:
    """Return what each part of either half gains if the choice may depend on a slice."""
    count, parts = int(slices.max()) + 1, losses.parts
    sums = _sums(losses, losses.groups * count + slices, parts * count).reshape(-1, parts, count)

    def gained(own: NDArray[np.bool_], others: FloatArray) -> FloatArray:
        always = np.argmin(others.sum(axis=(1, 2)))
        # where the others tell nothing apart, as in a slice without any, nothing better is known
        is_told = others[:, 0].min(axis=0) < others[always, 0]
        chosen = np.where(is_told, np.argmin(others[:, 0], axis=0), always)
        found = sums[:, own]
        known = np.take_along_axis(found, chosen[None, None], axis=0)[0].sum(axis=1)
        return np.asarray(found[always].sum(axis=1) - known)

    return _crossed(losses, sums, gained)


def first_slices(draws: int) -> int:
    """Return how many slices an input is looked at in first."""
    return min(MOST_SLICES, max(2, round(math.cbrt(draws))))


class Ordered(NamedTuple):
    """An input whose draws are put in order once for all slices.

    Parameters
    ----------
    column
        Its draws in increasing order.
    values
        Its different values in increasing order.
    places
        Which of these each draw has, in the draws' own order.
    """

    column: FloatArray
    values: FloatArray
    places: NDArray[np.intp]

    @classmethod
    def of(cls, column: FloatArray) -> Ordered:
        """Put the draws of an input in order, shape (draws,)."""
        values, places, counts = np.unique(column, return_inverse=True, return_counts=True)
        return cls(np.repeat(values, counts), values, np.asarray(places, np.intp))

    def sliced(self, most: int) -> NDArray[np.intp]:
        """Return in which slice each draw lies: equally many in each, or one for each value."""
        if self.values.size <= most:
            return self.places
        edges = np.unique(np.quantile(self.column, np.arange(1, most) / most))
        return np.searchsorted(edges, self.values, side="right")[self.places]


def _sums(losses: Losses, places: NDArray[np.intp], count: int) -> FloatArray:
    """Return the weighted losses in each place, shape (alternatives, places)."""
    return np.array([np.bincount(places, losses.weights * row, minlength=count) for row in losses.values])


def _halves(losses: Losses) -> list[NDArray[np.bool_]]:
    """Return which parts of the draws each half has: few parts are not halved."""
    parts = np.arange(losses.parts)
    if losses.parts < FEWEST_PARTS:
        return [parts >= 0]
    return [parts % 2 == side for side in (0, 1)]


def _crossed(
    losses: Losses, sums: FloatArray, gained: Callable[[NDArray[np.bool_], FloatArray], FloatArray]
) -> list[FloatArray]:
    """Return what each part of either half gains by what the other half tells, or by what few parts do.

    Parameters
    ----------
    sums
        Shape (alternatives, parts, slices).
    gained
        Given which parts are looked at, and the sums over the others, shape (alternatives, 1, slices), what
        each of the parts gains.
    """
    halves = _halves(losses)
    others = halves[::-1]
    return [
        gained(own, sums[:, other].sum(axis=1, keepdims=True))
        for own, other in zip(halves, others, strict=True)
    ]


def _mean(losses: Losses, found: Sequence[FloatArray]) -> tuple[float, float]:
    """Return the mean of what the parts of both halves gain, with its error.

    The choice of a half is the same for all parts of the other, so that these are independent. Both halves
    may go wrong together: their errors are added.
    """
    weights = np.bincount(losses.groups, losses.weights, minlength=losses.parts)
    means, errors = [], []
    for own, each in zip(_halves(losses), found, strict=True):
        mean = float(each.sum() / weights[own].sum())
        # each part counts as much as it weighs
        apart = (each - mean * weights[own]) / weights[own].mean()
        means.append(mean)
        errors.append(float(half_widths(apart)) / ERRORS_WIDE)
    return sum(means) / len(means), sum(errors) / len(errors)


def _finest(losses: Losses, gains: FloatArray) -> float:
    """Return what one more of the draws that gain by a choice of their own would change.

    Parts of a net may all have as many of them, and be wrong by a part of one all the same.
    """
    total = float(losses.weights.sum())
    apart = losses.weights * (gains - float(losses.weights @ gains) / total)
    size = float(np.abs(apart).max())
    if size == 0:
        return 0.0
    squares = np.square(apart / size)
    return size * math.sqrt(float(np.square(squares).sum() / squares.sum())) / total


def _told(losses: Losses, found: Sequence[FloatArray], missed: float = 0.0) -> Estimate:
    """Return the mean gain; to know more is never worth less than nothing.

    Parameters
    ----------
    missed
        What a finer choice would seem to gain.
    """
    value, error = _mean(losses, found)
    gains = losses.values[losses.best] - losses.values.min(axis=0)
    error = max(error, _finest(losses, gains))
    if losses.parts < FEWEST_PARTS:
        return Estimate(max(value, 0.0), None, ONE_REPLICATE)
    apart = np.ptp(losses.values, axis=0)
    met = int(np.count_nonzero((gains > ROUNDED * apart.max()) & (losses.weights > 0)))
    if 0 < met < FEWEST_EVENTS:
        return Estimate(max(value, 0.0), None, too_few_events(met, apart.size))
    if max(abs(value), error) <= ROUNDED * apart.max():
        # what no draw tells happens in no more than 3 of as many (the rule of three)
        return Estimate(0.0, 3 * float(apart.mean()) / apart.size / ERRORS_WIDE)
    return Estimate(max(value, 0.0), math.hypot(error, missed))
