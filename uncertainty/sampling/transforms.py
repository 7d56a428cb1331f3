"""From uniforms to input values in place: the quantile function of each family in its fastest form.

Which form a distribution has depends on the distribution alone, never on the design or the number of
draws, so that its values are the same everywhere; only among hundreds of inputs do normal and lognormal ones
share a table, since making one for each takes longer than a run. A table of parabolas on equal cells answers
all but a few draws in a thousand; the cells that it leaves open (the tails, kinks and jumps) are answered by
`Pieces`, and what those leave open by the exact quantile function. The error is below 5e-8 as a probability.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import numpy as np

from uncertainty.distributions import Lognormal, Normal, Steps, Uniform
from uncertainty.sampling.pieces import holds_atom, make_pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.pieces import Pieces

CELL_BITS = 12
"""A table has 2**12 cells: its coefficients, 100 kB, fit a core's own cache."""

TOLERANCE = 3e-8
"""Largest error of a cell, as a probability, beyond that of the pieces that it is made of."""

SMALLEST_SHARE = 0.75
"""Share of the draws that a table must answer itself to be worth its cost."""

MANY = 512
"""Inputs of one model beyond which normal and lognormal distributions share a table."""

KEPT = 256
"""Transforms that a process keeps; each has 100 kB."""

_ROUNDING = 8 * np.finfo(float).eps
_CELLS = 1 << CELL_BITS
# Added to a number in [0, 1] it leaves the nearest multiple of a cell's width in the last bits.
_SHIFT = 2.0 ** (52 - CELL_BITS)
_POSITION = np.int64(2 * _CELLS - 1)


class Scratch:
    """Memory for transforming rows of at most `rows` numbers, to be used by one thread."""

    __slots__ = ("cell", "open", "shifted", "term", "value")

    def __init__(self, rows: int) -> None:
        self.cell = np.empty(rows, np.int64)
        self.shifted, self.term, self.value = np.empty((3, rows))
        self.open = np.empty(rows, np.bool_)


class Transform(Protocol):
    """A quantile function that works in place."""

    def apply(self, row: FloatArray, scratch: Scratch) -> None:
        """Replace probabilities in (0, 1), shape (rows,) and contiguous, by quantiles."""
        ...


@dataclass(frozen=True, eq=False, slots=True)
class Linear:
    """The quantile function of a uniform distribution."""

    low: float
    high: float

    def apply(self, row: FloatArray, scratch: Scratch) -> None:  # noqa: ARG002 - the protocol's
        """Replace probabilities in (0, 1), shape (rows,) and contiguous, by quantiles."""
        row *= self.high - self.low
        row += self.low
        np.minimum(row, self.high, out=row)


@dataclass(frozen=True, eq=False, slots=True)
class Exact:
    """A quantile function that no table makes faster, such as that of many data."""

    distribution: Distribution

    def apply(self, row: FloatArray, scratch: Scratch) -> None:  # noqa: ARG002 - the protocol's
        """Replace probabilities in (0, 1), shape (rows,) and contiguous, by quantiles."""
        row[:] = self.distribution.quantile(row)


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """A quantile function as parabolas on equal cells around the multiples of 2**-12.

    Parameters
    ----------
    constant, linear, quadratic
        Coefficients of the powers of the probability, each of shape (cells + 1,); nan where a cell is open.
    remainder
        Answers what falls in open cells.
    """

    constant: FloatArray
    linear: FloatArray
    quadratic: FloatArray
    remainder: Pieces | Distribution

    def apply(self, row: FloatArray, scratch: Scratch) -> None:
        """Replace probabilities in (0, 1), shape (rows,) and contiguous, by quantiles."""
        rows = row.size
        cell, shifted, term = scratch.cell[:rows], scratch.shifted[:rows], scratch.term[:rows]
        x, is_open = scratch.value[:rows], scratch.open[:rows]
        np.add(row, _SHIFT, out=shifted)
        np.bitwise_and(shifted.view(np.int64), _POSITION, out=cell)
        # "wrap" changes nothing here; the default mode would copy through a buffer
        np.take(self.quadratic, cell, out=x, mode="wrap")
        np.multiply(x, row, out=x)
        np.take(self.linear, cell, out=term, mode="wrap")
        np.add(x, term, out=x)
        np.multiply(x, row, out=x)
        np.take(self.constant, cell, out=term, mode="wrap")
        np.isnan(term, out=is_open)
        left = np.flatnonzero(is_open)
        remaining = row[left]
        np.add(x, term, out=row)
        if left.size:
            row[left] = self.remainder.quantile(remaining)


@dataclass(frozen=True, eq=False, slots=True)
class Scaled:
    """The quantile function of a normal distribution, or of its exponential, by the standard normal's."""

    location: float
    scale: float
    exponential: bool

    def apply(self, row: FloatArray, scratch: Scratch) -> None:
        """Replace probabilities in (0, 1), shape (rows,) and contiguous, by quantiles."""
        make_transform(Normal(0.0, 1.0)).apply(row, scratch)
        row *= self.scale
        row += self.location
        if self.exponential:
            np.exp(row, out=row)


def make_transforms(distributions: Sequence[Distribution]) -> tuple[Transform, ...]:
    """Return the quantile functions of the inputs of one model."""
    if len(distributions) <= MANY:
        return tuple(map(make_transform, distributions))
    return tuple(map(_shared, distributions))


def _shared(distribution: Distribution) -> Transform:
    if isinstance(distribution, Normal):
        return Scaled(distribution.mean, distribution.sd, exponential=False)
    if isinstance(distribution, Lognormal):
        return Scaled(math.log(distribution.median), math.log(distribution.gsd), exponential=True)
    return make_transform(distribution)


def transform_rows(rows: FloatArray, transforms: Sequence[Transform], scratch: Scratch) -> FloatArray:
    """Replace probabilities, shape (inputs, rows), by quantiles, each row by its own, in the same array."""
    for transform, row in zip(transforms, rows, strict=True):
        transform.apply(row, scratch)
    return rows


@lru_cache(maxsize=KEPT)
def make_transform(distribution: Distribution) -> Transform:
    """Return the fastest form of a distribution's quantile function."""
    if isinstance(distribution, Uniform):
        return Linear(distribution.low, distribution.high)
    if _is_far_out(distribution):
        return Exact(distribution)
    atomic = isinstance(distribution, Steps)
    remainder = distribution if atomic else make_pieces(distribution)
    # ends and middles of the cells, one after the other; the outermost cells stay open
    u = np.arange(1, 2 * _CELLS) / (2 * _CELLS)
    x = remainder.quantile(u)
    left, middle, right = x[0:-1:2], x[1:-1:2], x[2::2]
    slope, curvature = (right - left) * _CELLS, (right - 2 * middle + left) * (2.0 * _CELLS**2)
    at = np.arange(1, _CELLS) / _CELLS
    constant, linear, quadratic = np.full((3, _CELLS + 1), np.nan)
    is_open = left != right if atomic else ~_flat_or_accurate(distribution, x)
    inside = slice(1, _CELLS)
    constant[inside] = np.where(is_open, np.nan, middle - (slope - curvature * at) * at)
    linear[inside] = slope - 2 * curvature * at
    quadratic[inside] = curvature
    if np.isnan(constant).mean() > 1 - SMALLEST_SHARE:
        return Exact(distribution)
    return Table(constant, linear, quadratic, remainder)


def _is_far_out(distribution: Distribution) -> bool:
    """Tell whether a distribution is so narrow beside its values that a table's roundings would show.

    A few roundings of a value, as a probability, must stay within what a table may err.
    """
    low, middle, high = distribution.quantile(np.array([0.25, 0.5, 0.75]))
    return bool(high > low and _ROUNDING * abs(middle) > TOLERANCE * (high - low))


def _flat_or_accurate(distribution: Distribution, x: FloatArray) -> np.ndarray:
    """Return for which cells a parabola through both ends and the middle is accurate, shape (cells - 1,)."""
    left, middle, right = x[0:-1:2], x[1:-1:2], x[2::2]
    with np.errstate(invalid="ignore"):
        rise = np.minimum(middle - left, right - middle)
        # a cubic term errs by sqrt(3)/27 of its third difference; twice that allows for steeper ones
        third = np.abs(np.diff(x, 3, prepend=x[:1], append=x[-1:]))
        error = 0.128 * np.maximum(third[0::2], third[1::2])
        # the terms of a parabola in the probability itself are as large as its slope and curvature
        size = (
            np.abs(middle) + 2 * _CELLS * (right - left) + 4.0 * _CELLS**2 * np.abs(right - 2 * middle + left)
        )
        accurate = error <= np.maximum(2 * _CELLS * TOLERANCE * rise, _ROUNDING * size)
        rising = np.abs(right - 2 * middle + left) * 2 <= right - left
        low, high = distribution.support
        apart = (left - low > _ROUNDING * size) & (high - right > _ROUNDING * size)
    clear = ~holds_atom(distribution.atoms, left, right)
    return np.asarray((left == right) | (accurate & rising & apart & clear))
