"""What would remain of an output's interval if an input were known, from draws.

The ends of the interval are found in slices of the input and averaged over them. How the output follows the
input within a slice, and how wide it is there, is no part of what remains, so that is taken out where it
narrows the interval by more than noise does, and slices are made finer as long as that narrows it further.
Ends of few draws lie too far inwards, or outwards where they are next to a gap, by about one over their
number: what independent parts of the draws say tells by how much, and how far all of it can be trusted. So
does what slices by chance, which say nothing, would leave of the interval, and what another look would.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from uncertainty import special
from uncertainty.late import dataclass
from uncertainty.results import record
from uncertainty.sampling.estimate import Ends, Estimate
from uncertainty.sampling.selection import quantiles_of_groups
from uncertainty.sensitivity.sample import slices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sensitivity.sample import Sample
    from uncertainty.sensitivity.sobol.results import Interval
    from uncertainty.study.model import Scale

BINS = 32
"""Slices of an input along which the output is described."""

FINER = 4
"""Times as many slices that the next ones are."""

FINEST = 512
"""The most slices that are looked at."""

FEWEST_IN_SLICE = 256
"""Draws that finer slices have at least."""

PARTS = 8
"""Independent parts of the draws, of which each is looked at alone."""

SURE = 3.0
"""Errors by which another look must narrow an interval further, so that noise does not choose it."""

CHANCE = 4
"""Times that the draws are sliced by chance, which should leave the interval as it is."""

FEWEST_FOR_WIDTH = 64
"""Draws of a slice that tell how its width follows the input, at least."""

MOST_OF_WIDTH = 4.0
"""Factor by which a slice is taken to be wider or narrower at its ends, at most."""

LEFT_OF_WIDTH = 0.5
"""Part of what taking it out changes that may be left of it: few draws tell it, and as a straight line."""

WORTH = 0.1
"""Part of what remains that finer slices must take off to be taken; less of it is an error."""


@record("**ends", "narrowing", "narrowing_error")
class Remaining(NamedTuple):
    """What would remain of an output's interval if one input were known.

    Parameters
    ----------
    interval
        The expected ends of the interval: those in slices of the input, averaged on the output's scale.
    narrowing
        By how much of its width on the output's scale the interval would shrink, at most 1. Below 0 it
        would be wider: ends that lie far out at a few values of the input move the average outwards.
    errors
        Monte Carlo errors of both ends, None where they are not known.
    narrowing_error
        That of the narrowing.
    """

    interval: Interval
    narrowing: float
    errors: tuple[float | None, float | None] = (None, None)
    narrowing_error: float | None = None

    @property
    def ends(self) -> Ends:
        """Both ends with their errors."""
        return ends_of(self.interval, self.errors)

    @property
    def is_nothing(self) -> bool:
        """Whether the narrowing cannot be told from none."""
        return self.narrowing_error is not None and abs(self.narrowing) <= 2 * self.narrowing_error


def ends_of(interval: Interval, errors: tuple[float | None, float | None]) -> Ends:
    """Return the ends of an interval with their errors."""
    return Ends(Estimate(interval[0], errors[0]), Estimate(interval[1], errors[1]))


class _Look(NamedTuple):
    """Both ends of the interval and its narrowing, shape (3,): of all draws, and of each part of them alone.

    Parameters
    ----------
    missed
        What finer slices would still change, by what these did.
    """

    whole: FloatArray
    parts: FloatArray
    missed: FloatArray

    @property
    def correction(self) -> FloatArray:
        """What more draws would change: ends of few lie off by one over their number."""
        more = len(self.parts) - 1
        return (self.whole - self.parts.mean(axis=0)) / more if more > 0 else np.zeros(3)

    @property
    def found(self) -> FloatArray:
        """What many draws would say."""
        return np.asarray(self.whole + self.correction)

    @property
    def errors(self) -> FloatArray:
        """Those of what is found, nan where they are not known."""
        if len(self.parts) < 2:
            return np.full(3, np.nan)
        error = np.hypot(_error(self.parts), self.correction)
        return np.asarray(np.hypot(error, self.missed))

    def is_narrowed_by(self, other: _Look) -> bool:
        """Whether another look narrows the interval further than noise explains."""
        return bool(other.found[2] > self.found[2]) and self.is_moved_by(other)

    def is_moved_by(self, other: _Look) -> bool:
        """Whether another look narrows the interval further, or less, than noise explains."""
        if len(self.parts) < 2:
            return bool(other.whole[2] > self.whole[2])
        return bool(self.moved_by(other)[2])

    def moved_by(self, other: _Look) -> np.ndarray:
        """Return which of both ends and the narrowing another look moves further than noise explains."""
        # finer slices have fewer draws each, of which noise alone makes other ends
        noise = np.hypot(_error(other.parts - self.parts), other.correction - self.correction)
        return np.asarray(np.abs(other.found - self.found) > SURE * noise)


def _error(parts: FloatArray) -> FloatArray:
    return np.asarray(parts.std(axis=0, ddof=1) / math.sqrt(len(parts)))


@dataclass(frozen=True, eq=False)
class Known:
    """An output's draws, to be looked at as if an input were known.

    Parameters
    ----------
    values
        On the output's scale, about `middle`.
    parts
        The number of the part of the draws that each belongs to.
    tails
        Probabilities of both ends of the interval.
    ends
        Those of all draws, and of each part alone, shape (1 + parts, 2), about `middle`.
    scale, centre
        The output's scale, and what its logarithms are relative to.
    middle
        One of the values: sums of what lies far from 0 would lose the digits that tell values apart.
    """

    values: FloatArray
    parts: np.ndarray
    tails: FloatArray
    ends: FloatArray
    scale: Scale
    centre: float
    middle: float = 0.0

    @classmethod
    def of(cls, sample: Sample, output: str, level: float) -> Self:
        """Return what is asked of an output in draws, whose interval is central at a level."""
        values = sample.values(output)
        middle = float(np.partition(values, values.size // 2)[values.size // 2])
        values = values - middle
        tails = np.array([(1 - level) / 2, (1 + level) / 2])
        parts = np.unique(sample.groups(), return_inverse=True)[1] % PARTS
        ends = _averaged(values, [np.arange(values.size)], parts, tails)
        return cls(values, parts, tails, ends, sample.scale(output), sample.centre(output), middle)

    @cached_property
    def order(self) -> np.ndarray:
        """That of the values, from the smallest."""
        return np.argsort(self.values)

    @cached_property
    def piled(self) -> np.ndarray:
        """Which draws have a value that others have, too: an end at which draws pile up stays where it is."""
        _, places, counts = np.unique(self.values, return_inverse=True, return_counts=True)
        return np.asarray(counts[places] > 1)

    @cached_property
    def chance(self) -> FloatArray:
        """How far slices by chance lead astray: of both ends, and of the narrowing, shape (3,)."""
        shuffled = np.random.default_rng(0)
        bins = min(BINS, self.values.size)
        looks = [
            self._look(np.array_split(shuffled.permutation(self.values.size), bins)).found
            for _ in range(CHANCE)
        ]
        away = np.array(looks) - [*self.ends[0], 0.0]
        return np.asarray(np.sqrt((away**2).mean(axis=0)))

    @property
    def interval(self) -> tuple[Estimate, Estimate]:
        """The ends of the interval as it is."""
        errors = _error(self.ends[1:]) if len(self.ends) > 2 else np.full(2, np.nan)
        return self._estimates(self.ends[0], errors)

    def without(self, column: FloatArray) -> Remaining:
        """Return what would remain of the interval if an input of some values were known."""
        look = self._best(column)
        low, high = np.clip(look.found[:2], self.values.min(), self.values.max())
        # that shrinks as the interval does
        errors = np.hypot(look.errors, self.chance * max(1 - look.found[2], 0.0))
        ends = self._estimates(np.array([low, high]), errors[:2])
        unsure = float(errors[2])
        return Remaining(
            (ends[0].value, ends[1].value),
            min(float(look.found[2]), 1.0),
            (ends[0].error, ends[1].error),
            unsure if math.isfinite(unsure) else None,
        )

    def unexplained(self, explained: float) -> Remaining:
        """Return what would remain without a share of the variance, by the standard deviation."""
        part = math.sqrt(1 - min(max(explained, 0.0), 1.0))
        centre = float(self.values.mean())
        low, high = self._estimates(centre + part * (self.ends[0] - centre), np.full(2, np.nan))
        return Remaining((low.value, high.value), 1 - part)

    def _estimates(self, ends: FloatArray, errors: FloatArray) -> tuple[Estimate, Estimate]:
        """Return both ends and their errors in the output's own unit."""
        low, high = (
            self._estimate(end, error) for end, error in zip(ends.tolist(), errors.tolist(), strict=True)
        )
        return low, high

    def _estimate(self, end: float, error: float) -> Estimate:
        value, each = self.middle + end, error
        if self.scale == "log10":
            value = self.centre * math.pow(10.0, value)
            each = error * value * math.log(10.0)
        return Estimate(value, each if math.isfinite(each) else None)

    def _best(self, column: FloatArray) -> _Look:
        order = np.argsort(column, kind="stable")
        cuts = slices(column, BINS, order=order)
        best = self._look(cuts)
        if len(cuts) < BINS:
            return best  # each slice has one value
        terms = _terms(column, order)
        sloped = self._within(column, order, terms, BINS)
        bins, taken = BINS, 0
        if best.is_narrowed_by(sloped):
            best, taken = sloped, bins
        while (bins := bins * FINER) <= min(FINEST, column.size // FEWEST_IN_SLICE):
            finer = self._within(column, order, terms, bins)
            if not best.is_moved_by(finer):
                best = self._doubting(best, finer, column, order, terms)
                break
            gained = finer.found - best.found
            if gained[2] < WORTH * (1 - best.found[2]):
                # may be the noise of fewer draws; or what was taken out of wider slices moved an end
                best = self._doubting(best._replace(missed=gained), finer, column, order, terms)
                break
            # what a slice mixes falls as its width does
            best, taken = finer._replace(missed=gained / (FINER - 1)), bins
        # what a look mixes: all that another would take out, or a part of what was taken out
        other = self._within(column, order, terms, taken, even=False) if taken else sloped
        apart = (LEFT_OF_WIDTH if taken else 1.0) * (best.found - other.found)
        return best._replace(missed=np.hypot(best.missed, apart))

    def _doubting(
        self, best: _Look, finer: _Look, column: FloatArray, order: np.ndarray, terms: FloatArray
    ) -> _Look:
        """Return a look that errs by what the finest slices change of an end that finer ones move.

        An end at an edge that follows the input moves as slices become finer, while the noise of the other
        end hides that in the narrowing.
        """
        if len(best.parts) < 2 or not (moved := best.moved_by(finer)[:2]).any():
            return best
        bins = max(min(FINEST, column.size // FEWEST_IN_SLICE), BINS * FINER)
        finest = self._within(column, order, terms, bins)
        # what these mix themselves falls as their width does
        ends = np.where(moved, finest.found[:2] - best.found[:2], 0.0) * FINER / (FINER - 1)
        width = float(self.ends[0, 1] - self.ends[0, 0])
        away = np.append(ends, (ends[0] - ends[1]) / width if width > 0 else 0.0)
        return best._replace(missed=np.maximum(np.abs(best.missed), np.abs(away)))

    def _within(
        self, column: FloatArray, order: np.ndarray, terms: FloatArray, bins: int, *, even: bool = True
    ) -> _Look:
        """Look at slices without what follows the input in each.

        Parameters
        ----------
        even
            Whether how wide they are follows it, too.
        """
        cuts = slices(column, bins, tails=True, order=order)
        left = self.values.copy()
        for rows in cuts:
            free = rows[~self.piled[rows]]
            left[free] = _without_slopes(self.values[free], terms[:, free], even=even)
        return self._look(cuts, left)

    def _look(self, cuts: Sequence[np.ndarray], left: FloatArray | None = None) -> _Look:
        """Look at slices, by default of the values as they are, whose order is known."""
        values, order = (self.values, self.order) if left is None else (left, np.argsort(left))
        ends = _averaged(values, cuts, self.parts, self.tails, order)
        widths = np.diff(self.ends)[:, 0]
        narrowing = np.where(widths > 0, 1 - np.diff(ends)[:, 0] / np.where(widths > 0, widths, 1.0), 0.0)
        found = np.column_stack([ends, narrowing])
        return _Look(found[0], found[1:], np.zeros(3))


def _averaged(
    values: FloatArray,
    cuts: Sequence[np.ndarray],
    parts: np.ndarray,
    tails: FloatArray,
    order: np.ndarray | None = None,
) -> FloatArray:
    """Return the ends in slices, averaged over these: of all draws, and of each part, (1 + parts, 2)."""
    count = int(parts.max()) + 1
    slice_of = np.empty(values.size, np.int64)
    for number, rows in enumerate(cuts):
        slice_of[rows] = number
    order = np.argsort(values) if order is None else order
    every = quantiles_of_groups(values, order, slice_of, len(cuts), tails)
    of_parts = quantiles_of_groups(values, order, slice_of * count + parts, len(cuts) * count, tails)
    sizes = np.bincount(slice_of * count + parts, minlength=len(cuts) * count).reshape(len(cuts), count)
    sizes = np.column_stack([sizes.sum(axis=1), sizes])
    found = np.concatenate([every[:, None], of_parts.reshape(len(cuts), count, -1)], axis=1)
    weighed = np.where(sizes[..., None] > 0, sizes[..., None] * found, 0.0)
    # one after the other, in the order of the slices
    return np.asarray(weighed.cumsum(axis=0)[-1] / sizes.sum(axis=0)[:, None])


def _terms(column: FloatArray, order: np.ndarray) -> FloatArray:
    """Return what an output may follow within a slice, shape (2, rows): an input and its normal scores."""
    places = (np.arange(column.size) + 0.5) / column.size
    scores = np.empty(column.size)
    scores[order] = special.ndtri(places)
    return np.array([column, scores])


def _without_slopes(values: FloatArray, terms: FloatArray, *, even: bool = False) -> FloatArray:
    """Return a slice's values without what follows the input's value, its square and its score.

    Where `even`, how far they lie apart does not follow the input's value either.
    """
    column, scores = map(_within_one, terms)
    known = np.column_stack([np.ones(values.size), column, column**2, scores])
    if values.size <= known.shape[1]:
        return values
    about = values - values.mean()
    left = about - known @ np.linalg.lstsq(known, about, rcond=None)[0]
    left *= math.sqrt((values.size - 1) / (values.size - known.shape[1]))
    left = _of_one_width(left, column) if even else left
    return np.asarray(np.clip(values.mean() + left, values.min(), values.max()))


def _of_one_width(left: FloatArray, column: FloatArray) -> FloatArray:
    """Return what a slice leaves without what its width follows of the input, as where that is a factor."""
    if left.size < FEWEST_FOR_WIDTH:
        return left
    sizes = np.abs(left)
    usual = float(sizes.mean())
    slope = float(column @ (sizes - usual)) / float(column @ column or 1.0)
    widths = np.clip(usual + slope * column, usual / MOST_OF_WIDTH, usual * MOST_OF_WIDTH)
    even = left * np.divide(usual, widths, out=np.ones_like(widths), where=widths > 0)
    return np.asarray(even - even.mean())


def _within_one(values: FloatArray) -> FloatArray:
    """Return values about their middle, within -1 and 1."""
    if not values.size:
        return values
    away = values - values.mean()
    farthest = np.abs(away).max()
    return np.asarray(away / farthest if farthest > 0 else away)
