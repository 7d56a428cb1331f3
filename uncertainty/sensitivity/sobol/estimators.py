"""SALib's estimators of Sobol' indices from sums over replicates, and their intervals.

On the rows of all replicates together the estimates are those of ``SALib.analyze.sobol`` (Saltelli et al.
2010, doi:10.1016/j.cpc.2009.09.018; Jansen 1999, doi:10.1016/S0010-4655(98)00154-4; Saltelli 2002,
doi:10.1016/S0010-4655(02)00280-1), which divides what an exchange of columns changes by the outputs'
variance. Both are means over rows, so each replicate leaves a few sums and no row is kept. Pooling them
first makes the bias of a ratio that of all rows together, not that of one small replicate.

The replicates are independent, the points within one are not. So the interval comes from the replicates
alone: from the jackknife, which takes what the ratio loses without each one (Miller 1974,
doi:10.1093/biomet/61.1.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty import special
from uncertainty.late import dataclass
from uncertainty.sampling.estimate import half_widths
from uncertainty.sensitivity.events import TOPS, Events, few_carry, tail_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sensitivity.measures import Measures


MATTERS = 0.2
"""Part of the largest total index from which on the tail of what an exchange changes is looked at."""

ONE_SIDED, ALL_ONE_SIDED = 0.74, 0.85
"""Part of an index's variance that comes from rows that raise it, or lower it, from which on it is skewed,
and from which on a tail may leave it without an interval: what is as long on both sides balances."""

LONG_TAIL = 0.6
"""Tail index that is allowed for where it is the longer one on one side alone."""


FREE = 1e-4
"""Share of split points up to which inputs are free: they change an index by some ten times as much."""


class Sums(NamedTuple):
    """Means over the rows of each replicate, of outputs in standard units.

    A and B are the outputs of the two independent matrices, AB those of A with some columns from B, and BA
    those of B with some columns from A.

    Parameters
    ----------
    means
        Of A and of B, shape (replicates, 2, outputs).
    squares
        Of A² and B² together, shape (replicates, outputs).
    shift, first, total
        Of AB − A, B (AB − A) and (AB − A)²/2, shape (replicates, sets, outputs).
    back_shift, back_first
        Of BA − B and A (BA − B), shape (replicates, inputs, outputs); no inputs unless pairs are wanted.
    cross
        Of (BA − B) for the first input times (AB − A) for the second, shape (replicates, inputs, inputs,
        outputs).
    kept
        Share of the rows that the others have been summed over, shape (replicates, outputs): 1 unless points
        without a value are dropped. All others are sums divided by the number of all rows.
    split
        Share of the rows for which A and B have values and an exchange of their columns has none, likewise:
        what has a value then binds the inputs.
    spread
        Sum of the squared differences of A and B from A's median, shape (replicates, outputs). What has one
        value nearly always has no other differences than those of its events.
    gathered, largest
        Of the shares that single differences have of it the sum of the squares, which is 1 over their number
        if they are equal, and the largest, shape (replicates, outputs).
    tops
        The largest of (AB − A)², shape (replicates, sets, outputs, `TOPS`).
    sides
        What rows that raise a total index and rows that lower it add to the variance of its estimate, shape
        (replicates, sets, outputs, 2).
    fourth, products
        Of (AB − A)⁴ and of (AB − A)² times the squared difference of B from A's median, shape (replicates,
        sets, outputs).
    """

    means: FloatArray
    squares: FloatArray
    shift: FloatArray
    first: FloatArray
    total: FloatArray
    back_shift: FloatArray
    back_first: FloatArray
    cross: FloatArray
    kept: FloatArray
    split: FloatArray
    spread: FloatArray
    gathered: FloatArray
    largest: FloatArray
    tops: FloatArray
    sides: FloatArray
    fourth: FloatArray
    products: FloatArray

    @property
    def replicates(self) -> int:
        """Number of replicates."""
        return len(self.squares)

    @classmethod
    def zeros(cls, replicates: int, sets: int, pairs: int, outputs: int) -> Sums:
        """Return sums of nothing."""
        shift, first, total, fourth, products = np.zeros((5, replicates, sets, outputs))
        back_shift, back_first = np.zeros((2, replicates, pairs, outputs))
        return cls(
            means=np.zeros((replicates, 2, outputs)),
            squares=np.zeros((replicates, outputs)),
            shift=shift,
            first=first,
            total=total,
            back_shift=back_shift,
            back_first=back_first,
            cross=np.zeros((replicates, pairs, pairs, outputs)),
            kept=np.ones((replicates, outputs)),
            split=np.zeros((replicates, outputs)),
            spread=np.zeros((replicates, outputs)),
            gathered=np.zeros((replicates, outputs)),
            largest=np.zeros((replicates, outputs)),
            tops=np.zeros((replicates, sets, outputs, TOPS)),
            sides=np.zeros((replicates, sets, outputs, 2)),
            fourth=fourth,
            products=products,
        )

    @classmethod
    def joined(cls, parts: Sequence[Sums]) -> Sums:
        """Put the replicates of several parts in one row."""
        return cls._make(np.concatenate(arrays) for arrays in zip(*parts, strict=True))


class Known(NamedTuple):
    """Values and the half-widths of their intervals, of one shape."""

    value: FloatArray
    half: FloatArray


@dataclass(frozen=True, eq=False)
class Estimated:
    """Ratios over all rows, and what each replicate adds to them.

    Parameters
    ----------
    value
        Shape (…, outputs); nan for an output that does not vary.
    parts
        What each replicate adds to `value` (the jackknife's pseudo-values less `value`), shape (replicates,
        …, outputs).
    """

    value: FloatArray
    parts: FloatArray

    def half_width(self, level: float) -> FloatArray:
        """Return the half-width of the Student interval of each value."""
        return half_widths(_first_axis_last(self.parts), level)

    def known(self, level: float, unseen: FloatArray | float = 0.0, wider: FloatArray | float = 1.0) -> Known:
        """Return the values with their Student intervals, which allow for events that no replicate has met.

        Parameters
        ----------
        unseen
            What such events may add to a value, in the value's shape or (outputs,).
        wider
            Factor by which the intervals are wider where the replicates are skewed, shape (outputs,).
        """
        return Known(self.value, np.maximum(self.half_width(level) * wider, unseen))

    def summed(self, rows: Sequence[int], measure: int) -> Estimated:
        """Return the sum over some rows of one measure."""
        return Estimated(
            np.asarray(self.value[list(rows), measure].sum()),
            np.ascontiguousarray(self.parts[:, list(rows), measure]).sum(axis=1),
        )


class Estimates(NamedTuple):
    """First-order (or closed) and total indices, shape (sets, outputs), and S2, (inputs, inputs, outputs).

    S2 holds the pairs whose first input comes before the second, and is None unless pairs are wanted.
    """

    first: Estimated
    total: Estimated
    S2: Estimated | None


def estimate(sums: Sums, singles: Sequence[int], inputs: int) -> Estimates:
    """Estimate the indices from every replicate's sums.

    Parameters
    ----------
    singles
        Positions of the single inputs among the sets, in the order of their names: the outputs are centred
        with the matrices that exchange these alone, as SALib does.
    inputs
        Single inputs there are, those that reach no output and are not exchanged included.
    """
    pairs = sums.back_shift.shape[1] > 0
    kept = _mean(sums.kept)
    mean = _mean(sums.means.mean(axis=1)) / kept
    centre = _centre(sums, singles, inputs, pairs=pairs) / kept
    around = sums.squares - 2 * mean * sums.means.mean(axis=1) + mean**2 * sums.kept
    variance = _mean(around)
    first = sums.first - centre * sums.shift
    s1 = ratio(first, around, variance)
    st = ratio(sums.total, around, variance)
    if not pairs:
        return Estimates(s1, st, None)
    single = first[:, : sums.back_shift.shape[1]]
    # (BA − c)(AB − c) − (A − c)(B − c), less what either input does alone
    other_way = sums.back_first - centre * sums.back_shift
    both = sums.cross + other_way[:, :, None] - single[:, :, None]
    return Estimates(s1, st, ratio(both, around, variance))


def dropped(sums: Sums) -> FloatArray:
    """Return the share of base points that each output's estimates do without."""
    return 1 - _mean(sums.kept)


def bound(sums: Sums) -> np.ndarray:
    """Tell for which outputs what has a value binds the inputs, shape (outputs,)."""
    return _mean(sums.split) > FREE


def concentration(sums: Sums) -> FloatArray:
    """Return the largest share of each output's variance that one replicate alone has."""
    mean = _mean(sums.means.mean(axis=1)) / _mean(sums.kept)
    around = sums.squares - 2 * mean * sums.means.mean(axis=1) + mean**2 * sums.kept
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(around.max(axis=0) / _first_axis_last(around).sum(axis=-1))


def events(sums: Sums, values: int) -> Events:
    """Tell how many of so many values of A and B make up each output's variance."""
    tail = longest_tail(sums.total, sums.tops, sums.sides, values // 2)
    return Events.of(sums.spread, sums.gathered, sums.largest, values, tail)


def longest_tail(total: FloatArray, tops: FloatArray, sides: FloatArray, rows: int) -> FloatArray:
    """Return the longest tail index of what sets of inputs change in each output, shape (outputs,).

    Parameters
    ----------
    total, tops, sides
        As in `Sums`.
    rows
        Rows of all replicates.
    """
    largest = np.moveaxis(tops, 0, -2)
    tails = np.array([[tail_index(each, rows) for each in row] for row in largest]).reshape(largest.shape[:2])
    with np.errstate(divide="ignore", invalid="ignore"):
        matters = _mean(total) / _mean(total).max(axis=0, initial=0.0) > MATTERS
        one_side = _mean(sides).max(axis=-1) / _mean(sides).sum(axis=-1)
    told = np.where(one_side > ALL_ONE_SIDED, tails, np.minimum(tails, LONG_TAIL))
    return np.asarray(np.where(matters & (one_side > ONE_SIDED), told, 0.0).max(axis=0, initial=0.0))


def unmet(estimates: Estimates, sums: Sums, rows: int, level: float) -> tuple[FloatArray, FloatArray]:
    """Return what rows that few draws meet may add to first-order indices and to S2.

    A product of B with what an exchange changes is large where both are: of an event that either meets in a
    share q of the rows, in a share q² of them, unless the set itself decides on the event. Where such rows
    are few, what they add says little of its own error: there is none where none was met. If both squares
    were independent, the product's would have the product of their means, and twice that where the set's own
    values are in both.

    Returns
    -------
    FloatArray, FloatArray
        Half-widths of intervals, shape (sets, outputs) and (inputs, inputs, outputs); 0 where
        rows are enough.
    """
    student = float(special.stdtrit(sums.replicates - 1, (1 + level) / 2))
    changed, found = 2 * _mean(sums.total), _mean(sums.products)
    with np.errstate(all="ignore"):
        # A and B have as much; an exchange's rows are those of one of them
        own = sums.replicates * _mean(sums.spread) / (2 * rows)
        fourth = sums.replicates * _mean(sums.gathered * np.square(sums.spread)) / (2 * rows)
        few = few_carry(found, own, changed, fourth, _mean(sums.fourth), rows)
    total = np.maximum(estimates.total.value, 0.0)
    squares = np.where(few, 4 * total / rows, 0.0)
    inputs = sums.back_shift.shape[1]
    single, known = total[:inputs], squares[:inputs]
    either = few[:inputs, None] | few[None, :inputs]
    both = known[:, None] + known[None] + np.where(either, 8 * single[:, None] * single[None] / rows, 0.0)
    return student * np.sqrt(squares), student * np.sqrt(both)


def unvarying(sums: Sums, measures: Measures) -> np.ndarray:
    """Tell which outputs vary by rounding alone."""
    kept = _mean(sums.kept)
    mean = _mean(sums.means.mean(axis=1)) / kept
    return rounding_alone(_mean(sums.squares) / kept - mean**2, measures)


def rounding_alone(variance: FloatArray, measures: Measures) -> np.ndarray:
    """Tell which measures vary by rounding alone, from their variances in standard units.

    A range is at least twice a standard deviation, so each may show that there is more; the pilot's range
    shows it of what is few roundings wide, and the variance of what the pilot has not met.
    """
    beyond = np.sqrt(np.maximum(variance, 0)) * measures.unit > measures.rounding
    return np.asarray(~(beyond | measures.varying))


def _centre(sums: Sums, singles: Sequence[int], inputs: int, *, pairs: bool) -> FloatArray:
    """Return the mean over A, B and every exchange of a single input; an unmoved output counts unmoved."""
    a, b = _mean(sums.means)
    total = a + b + inputs * a + _first_axis_last(_mean(sums.shift)[list(singles)]).sum(axis=-1)
    if not pairs:
        return np.asarray(total / (inputs + 2))
    total = total + inputs * b + _first_axis_last(_mean(sums.back_shift)[list(singles)]).sum(axis=-1)
    return np.asarray(total / (2 * inputs + 2))


def _first_axis_last(values: FloatArray) -> FloatArray:
    """Return the first axis as the last, so that sums along it are the same whatever lies beside them."""
    return np.ascontiguousarray(np.moveaxis(values, 0, -1))


def _mean(values: FloatArray) -> FloatArray:
    """Return the mean over the first axis."""
    return np.asarray(_first_axis_last(values).mean(axis=-1))


def ratio(numerator: FloatArray, around: FloatArray, variance: FloatArray) -> Estimated:
    """Divide the mean of a numerator, shape (replicates, …, outputs), by the variance."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value = _mean(numerator) / variance
        shape = (around.shape[0], *(1,) * (numerator.ndim - 2), around.shape[1])
        others = (len(around) * _mean(around) - around) / (len(around) - 1)
        parts = (numerator - value * around.reshape(shape)) / others.reshape(shape)
    return Estimated(value, parts)
