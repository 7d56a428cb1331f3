"""Distribution functions and quantiles of counts, whose parameters are columns.

A quantile is the least count whose cdf reaches a probability. The cdf at one count is an incomplete gamma or
beta function, which takes a microsecond or more; summed up over all counts of one set of parameters, it takes
some nanoseconds each. So where many probabilities are asked of each set, such as those of a draw's cases,
they are compared with the sums, and with the function itself only where the two are too close to tell.
Counts of counts have few sets of parameters among many rows, and each of them is asked about once.
Of counts that vary by more than a few, an expansion about the normal distribution tells nearly all quantiles
without either, so that many trials take no longer than few.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from numpy.typing import ArrayLike, NDArray

    from uncertainty.values import FloatArray

    Rows: TypeAlias = NDArray[np.intp]

FAR = 18.0
"""On either side of a table lies no more than exp of minus this."""

SURE = 1e-6
"""How far a probability is from a sum to lie on the same side of the cdf: the sums' error is below 1e-7."""

WIDEST = 2**14
"""Counts of one set of parameters that are summed up at most, so that rounding adds nothing to that error."""

LARGEST = 2**20
"""Numbers that are summed up at once at most: 8 MiB."""

EXACT = 2.0**50
"""Counts up to which each is told from the next in whatever is computed of them."""

VARIED = 16.0
"""The least variance of which the expansion tells quantiles."""

MISSED = 0.02
"""What the expansion is off by at most, over ``(1 + |z|**5) / variance**1.5``: twice what was seen."""

SETTLED = 2.0**20
"""Variance from which on the cdf itself is less exact than the expansion, and mean whose root is so large."""

WORTH_SORTING = 64
"""The least rows among which it is looked for equal ones, which takes a tenth of a microsecond each."""

TURNS = 8
"""Steps towards a score, each of which leaves less than a fiftieth of what the last one left."""

FARTHEST = (-38.5, 9.0)
"""Scores beyond those of the least probability that is told from 0, and of the largest that is from 1."""


class Counts(NamedTuple):
    """A family of counts.

    Parameters
    ----------
    cdf
        Of parameters and counts.
    ratio
        P(X = k) / P(X = k - 1), of parameters and k.
    sums
        What lies up to counts, from sums of these products, the first count and parameters.
    dearer
        How many numbers are summed up in the time that one quantile takes by the cdf.
    """

    cdf: Callable[..., FloatArray]
    ratio: Callable[..., FloatArray]
    sums: Callable[..., FloatArray]
    dearer: int


class Moments(NamedTuple):
    """What is known of the counts of each set of parameters.

    Parameters
    ----------
    skewed
        The third central moment over the variance: 1 less twice the probability of each trial.
    high
        The greatest count, or one beyond which there is next to nothing.
    """

    mean: FloatArray
    sd: FloatArray
    skewed: FloatArray
    high: FloatArray


class Sums(NamedTuple):
    """What lies at or below counts.

    Parameters
    ----------
    first
        The first count of each set of parameters, shape (sets,).
    up_to
        What lies below it, and up to it and each of the next, shape (sets, counts + 1); nan where unknown.
    """

    first: FloatArray
    up_to: FloatArray

    def at(self, place: Rows, k: FloatArray) -> FloatArray:
        """Return what lies up to counts of some sets of parameters; nan beyond the table."""
        last = self.up_to.shape[1] - 1
        column = k - self.first[place] + 1.0
        index = place * (last + 1) + np.clip(column, 0.0, last).astype(np.intp)
        return np.where((column < 0.0) | (column > last), np.nan, self.up_to.reshape(-1)[index])


def poisson_cdf(mean: ArrayLike, k: ArrayLike) -> FloatArray:
    """P(X <= k) of a Poisson distribution."""
    from uncertainty import special

    k = np.floor(k)
    return np.where(k < 0.0, 0.0, special.gammaincc(np.maximum(k, 0.0) + 1.0, mean))


def binomial_cdf(n: ArrayLike, p: ArrayLike, k: ArrayLike) -> FloatArray:
    """P(X <= k) of a binomial distribution."""
    from uncertainty import special

    k = np.floor(k)
    with np.errstate(invalid="ignore"):
        known = _binomial_moments(np.asarray(n, float), np.asarray(p, float))
    settled = known.sd**2 >= SETTLED
    if settled.any():
        # the function takes the longer the more trials there are
        others = binomial_cdf(np.where(settled, 1.0, n), np.where(settled, 0.0, p), k)
        return np.where(settled, _expanded_cdf(known, k), others)
    rows, again = _distinct(np.broadcast_arrays(np.asarray(n, float), np.asarray(p, float), k))
    n, p, k = rows
    first, second = np.clip(k + 1.0, 1.0, np.maximum(n, 1.0)), np.maximum(n - k, 1.0)
    inside = special.betaincc(first, np.minimum(second, np.maximum(n, 1.0)), p)
    found = np.where(k < 0.0, 0.0, np.where(k >= n, 1.0, inside))
    return found if again is None else found[again]


def _distinct(columns: Sequence[FloatArray]) -> tuple[Sequence[FloatArray], Rows | None]:
    """Return each combination of columns once, and which of them is where; None where all are returned."""
    size = columns[0].size
    if size < WORTH_SORTING:
        return columns, None
    place = np.zeros(size, dtype=np.intp)
    for column in columns:
        flat = column.reshape(-1)
        if not (flat == flat[0]).all():
            own, inverse = np.unique(flat, return_inverse=True)
            if 2 * own.size > size:
                return columns, None
            place = np.unique(place * own.size + inverse, return_inverse=True)[1]
    _, first, again = np.unique(place, return_index=True, return_inverse=True)
    return [column.reshape(-1)[first] for column in columns], again.reshape(columns[0].shape)


def _expanded_cdf(known: Moments, k: FloatArray) -> FloatArray:
    """Return the cdf at counts, at whose normal scores the expansion lies half a unit above them."""
    from uncertainty import special

    with np.errstate(all="ignore"):
        z = np.zeros(np.broadcast_shapes(known.sd.shape, k.shape))
        for _ in range(TURNS):
            z = np.clip(z + (k + 0.5 - _expanded(known, z)[0]) / known.sd, FARTHEST[0], -FARTHEST[0])
    return np.where(k < 0.0, 0.0, np.where(k >= known.high, 1.0, special.ndtr(z)))


def poisson_quantile(mean: ArrayLike, u: ArrayLike) -> FloatArray:
    """Smallest counts of a Poisson distribution whose cdf reaches `u`."""
    return _quantiles(Counts(poisson_cdf, _poisson_ratio, _of_whole, 16), _poisson_moments, [mean], u)


def binomial_quantile(n: ArrayLike, p: ArrayLike, u: ArrayLike) -> FloatArray:
    """Smallest counts of a binomial distribution whose cdf reaches `u`."""
    return _quantiles(Counts(binomial_cdf, _binomial_ratio, _of_trials, 256), _binomial_moments, [n, p], u)


def _poisson_ratio(mean: FloatArray, k: FloatArray) -> FloatArray:
    return mean / k


def _binomial_ratio(n: FloatArray, p: FloatArray, k: FloatArray) -> FloatArray:
    return (n + 1.0 - k) / k * (p / (1.0 - p))


def _of_whole(up_to: FloatArray, *_: FloatArray) -> FloatArray:
    """Return sums that are in proportion to what lies up to counts, of which the last is all there is."""
    return up_to / up_to[:, -1:]


def _of_trials(up_to: FloatArray, first: FloatArray, n: FloatArray, p: FloatArray) -> FloatArray:
    """Return the same of trials, of which the last may be a fraction of one, so that they sum up to less."""
    k = first + np.arange(up_to.shape[1])
    cut = (n != np.floor(n)) & (k[:, -1:] > n - 1.0)
    if not cut.any():
        return _of_whole(up_to)
    # from the probability of none, and as the cdf continues that of whole trials
    scaled = np.where(first > 0.0, np.nan, up_to * (1.0 - p) ** n)
    scaled = np.where(k >= n, 1.0, np.where(k > n - 1.0, 1.0 - p ** np.maximum(n, 1.0), scaled))
    return np.where(cut, scaled, _of_whole(up_to))


def _poisson_moments(mean: FloatArray) -> Moments:
    sd = np.sqrt(mean)
    return Moments(mean, sd, np.ones_like(mean), mean + 40.0 * sd + 400.0)


def _binomial_moments(n: FloatArray, p: FloatArray) -> Moments:
    return Moments(n * p, np.sqrt(n * p * (1.0 - p)), 1.0 - 2.0 * p, n)


def _quantiles(
    of: Counts, moments: Callable[..., Moments], given: Sequence[ArrayLike], asked: ArrayLike
) -> FloatArray:
    """Look for the counts that probabilities reach; nan where unknown."""
    parameters, u = [np.asarray(each, float) for each in given], np.asarray(asked, float)
    sets = np.broadcast_shapes(*(each.shape for each in parameters))
    shape = np.broadcast_shapes(sets, u.shape)
    if math.prod(sets) > 1 and all((each == each.flat[0]).all() for each in parameters):
        once = _quantiles(of, moments, [each.flat[0] for each in parameters], u)
        return np.array(np.broadcast_to(once, shape))
    with np.errstate(invalid="ignore"):
        known = moments(*parameters)
        near, sure = _near(known, u)
    high = np.ceil(known.high)
    sure &= np.isfinite(high) & (near >= 0.0) & (near <= high)
    if sure.all():
        return near
    high, near, sure = (np.broadcast_to(each, shape) for each in (high, near, sure))
    sound = np.isfinite(high) & np.isfinite(near) & np.isfinite(u) & (high >= 0.0)
    found = np.where(sound, near, np.nan)
    left = sound & ~sure
    place = np.arange(math.prod(sets)).reshape(sets)
    u, place, *own = (np.broadcast_to(each, shape)[left] for each in (u, place, *parameters))
    distinct, again = _distinct(own)
    if again is not None:
        parameters, sets, place = list(distinct), distinct[0].shape, again
        known = moments(*parameters)
    sums = _summed(of, parameters, known, sets, u.size)
    high = high[left]
    found[left] = _Search(of, own, u, place, sums).found(
        high, np.clip(near[left], 0.0, np.maximum(high - 1.0, 0.0))
    )
    return found


def _near(known: Moments, u: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return about where quantiles of counts lie, nan where a parameter is, and whether they do for sure."""
    from uncertainty import special

    place, missed = _expanded(known, np.clip(special.ndtri(u), *FARTHEST))
    near = np.rint(place) + 0.0
    sure = np.abs(place - near) <= 0.5 - missed
    none = u == 0.0
    if none.any():
        # what is reached by none is reached by the first of all counts
        near, sure = np.where(none & np.isfinite(near), 0.0, near), sure | (none & np.isfinite(near))
    return near, sure


def _expanded(known: Moments, z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the numbers to which quantiles at normal scores are nearest, and what these are off by at most.

    It is the Cornish-Fisher expansion of the third order. Its cumulants are those of a density that has each
    count's probability in the unit about it (Sheppard), so that half a unit above a count it reaches the cdf.
    """
    mean, sd, skewed, _ = known
    variance = sd * sd
    varied = variance >= VARIED
    inverse = np.divide(1.0, sd, out=np.zeros_like(sd), where=varied)
    odds = (1.0 - skewed * skewed) / 4.0
    third = skewed * (2.0 + odds) * inverse * inverse / 1620.0
    powers = (
        3.0 * third,
        -(1.0 + 2.0 * odds) * inverse / 72.0,
        skewed / 6.0 + 7.0 * third,
        sd - (2.0 - 14.0 * odds) * inverse / 72.0,
        mean - skewed / 6.0 - 16.0 * third,
    )
    place = powers[0] * z
    for each in powers[1:-1]:
        place += each
        place *= z
    place += powers[-1]
    settled = varied & ((variance >= SETTLED) | (mean >= SETTLED * SETTLED))
    share = np.where(settled, 0.0, np.where(varied, MISSED * inverse**3, np.inf))
    missed = share * (1.0 + np.abs(z) ** 5) + np.where(settled, 0.0, mean / EXACT)
    return place, missed


def _summed(
    of: Counts, parameters: Sequence[FloatArray], known: Moments, sets: tuple[int, ...], results: int
) -> Sums | None:
    """Sum up the counts of each set of parameters; None where that takes longer than to do without."""
    count = max(math.prod(sets), 1)
    most = min(WIDEST, LARGEST // count, of.dearer * results // count)
    spread = (known.mean, known.sd, known.high, *parameters)
    mean, sd, high, *own = (np.broadcast_to(each, sets).reshape(-1, 1) for each in spread)
    with np.errstate(all="ignore"):
        # beyond so much lies no more, by Bernstein's inequality; a fraction of a trial adds up to 1
        reach = 1.0 + FAR / 3.0 + np.sqrt((FAR / 3.0) ** 2 + 2.0 * FAR * sd * sd)
        first = np.maximum(np.floor(mean - reach), 0.0)
        counts = np.minimum(np.ceil(mean + reach), high) - first + 1.0
        fits = (counts <= most) & (mean <= EXACT)
        if not fits.any():
            return None
        width = int(counts[fits].max())
        up_to = np.empty((count, width + 1))
        up_to[:, 0], up_to[:, 1] = 0.0, 1.0
        np.cumprod(of.ratio(*own, first + np.arange(1.0, width)), axis=1, out=up_to[:, 2:])
        up_to[:, 1:] = of.sums(np.cumsum(up_to[:, 1:], axis=1), first, *own)
        # below 0 lies not even what is asked of with probability 0
        up_to[:, :1] = np.where(first > 0.0, 0.0, -1.0)
        up_to[~fits[:, 0]] = np.nan
    return Sums(first[:, 0], up_to)


class _Search(NamedTuple):
    """A look for counts, one a row.

    Parameters
    ----------
    own
        Parameters of each row.
    asked
        What the cdf is to reach.
    place
        Which set of parameters it is, among those that are summed up.
    """

    of: Counts
    own: Sequence[FloatArray]
    asked: FloatArray
    place: Rows
    sums: Sums | None

    def found(self, high: FloatArray, near: FloatArray) -> FloatArray:
        """Return the counts, up to the greatest there are, from about where they lie."""
        rows = np.arange(high.size)
        found = near.copy()
        if self.sums is not None:
            reached = self.sums.at(self.place, near) - self.asked > SURE
            rows = rows[~(reached & (self.asked - self.sums.at(self.place, near - 1.0) > SURE))]
        found[rows] = self._looked_for(rows, high[rows], near[rows])
        return found

    def _looked_for(self, rows: Rows, high: FloatArray, near: FloatArray) -> FloatArray:
        """Look for the counts of some rows from near them ever farther off."""
        # one below the least count, whose cdf is 0, and the greatest, whose cdf is 1
        below, reached, results = np.full(high.shape, -1.0), high, high.copy()
        tried, left, step = near, np.arange(high.size), 1.0
        while left.size:
            enough = self._is_enough(rows[left], tried)
            reached, below = np.where(enough, tried, reached), np.where(enough, below, tried)
            results[left] = reached
            middle = np.floor((below + reached) / 2)
            # of the largest numbers none lies between two, though they are farther apart than 1
            open_ = np.flatnonzero((below < middle) & (middle < reached))
            left, enough, middle = left[open_], enough[open_], middle[open_]
            reached, below = reached[open_], below[open_]
            tried = np.where(enough, np.maximum(reached - step, middle), np.minimum(below + step, middle))
            step *= 2.0
        return results

    def _is_enough(self, rows: Rows, tried: FloatArray) -> NDArray[np.bool_]:
        """Tell whether the cdf of some rows reaches at counts what is asked."""
        asked = self.asked[rows]
        if self.sums is None:
            return self._cdf(rows, tried) >= asked
        apart = self.sums.at(self.place[rows], tried) - asked
        enough, unsure = apart > 0.0, ~(np.abs(apart) > SURE)
        if unsure.any():
            enough[unsure] = self._cdf(rows[unsure], tried[unsure]) >= asked[unsure]
        return enough

    def _cdf(self, rows: Rows, tried: FloatArray) -> FloatArray:
        return self.of.cdf(*(each[rows] for each in self.own), tried)
