"""From uniforms to input values in place: the quantile function of each family in its fastest form."""

from __future__ import annotations

import math
from functools import cache, lru_cache, partial
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from uncertainty.distributions import Lognormal, Normal, Steps, Uniform
from uncertainty.late import dataclass
from uncertainty.sampling.nets import TOGETHER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray


PIECE_TOLERANCE = 1e-8
"""Largest error of a piece, as a probability."""

TAIL_TOLERANCE = 1e-5
"""Largest error of a piece, as a share of the probability beyond."""

OUTERMOST = 2.0**-44
"""Probability below which a tail has no piece and the quantile is exact."""

NARROWEST = 2.0**-34
"""Width of the pieces around a jump that are left exact."""

MOST_PIECES = 4096
"""Pieces at which halving ends; what is not accurate by then is left exact."""

_TERMS = 8
_FINE = 8 * np.finfo(float).eps


class _Rule(NamedTuple):
    """Where a piece is evaluated, on [-1, 1], and the matrices that follow from that."""

    nodes: FloatArray
    interpolate: FloatArray
    checks: FloatArray
    at_checks: FloatArray
    derivative: FloatArray


@cache
def _rule() -> _Rule:
    nodes = -np.cos(np.pi * np.arange(_TERMS) / (_TERMS - 1))
    checks = (nodes[1:] + nodes[:-1]) / 2
    # a monomial's derivative, on a grid fine enough to see every change of sign that matters
    grid = np.linspace(-1, 1, 4 * _TERMS + 1)
    derivative = np.zeros((grid.size, _TERMS))
    derivative[:, 1:] = np.vander(grid, _TERMS - 1, increasing=True) * np.arange(1, _TERMS)
    interpolate = np.linalg.inv(np.vander(nodes, _TERMS, increasing=True))
    return _Rule(nodes, interpolate, checks, np.vander(checks, _TERMS, increasing=True), derivative)


@dataclass(frozen=True, eq=False, slots=True)
class Pieces:
    """A quantile function as polynomials, with its exact form where they do not reach.

    Parameters
    ----------
    distribution
        Whose quantile function it is.
    edges
        Where pieces meet, shape (pieces - 1,), in increasing order.
    polynomials
        For each piece its middle, one over half its width, and the coefficients of the powers of the
        position within it, from -1 to 1; shape (pieces, 2 + terms), with nan for an exact piece.
    support
        Smallest and largest value, so that rounding never leads outside.
    """

    distribution: Distribution
    edges: FloatArray
    polynomials: FloatArray
    support: tuple[float, float]

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u` in (0, 1), shape (n,)."""
        own = self.polynomials.take(self.edges.searchsorted(u, side="right"), axis=0).T
        t = (u - own[0]) * own[1]
        # term by term: what a matrix product gives differs from one machine's library to another's
        x: FloatArray = own[-1] * t
        for coefficients in own[-2:2:-1]:
            x += coefficients
            x *= t
        x += own[2]
        np.minimum(x, self.support[1], out=x)
        np.maximum(x, self.support[0], out=x)
        if math.isnan(x.sum()):
            exact = np.flatnonzero(np.isnan(x))
            x[exact] = self.distribution.quantile(u[exact])
        return x


def make_pieces(distribution: Distribution) -> Pieces:
    """Cut a distribution's quantile function into pieces."""
    cut = cut_until(OUTERMOST, partial(_fit, distribution))
    starts = np.concatenate([[0.0], cut.edges])
    ends = np.append(starts[1:], 1.0)
    frame = np.stack([(starts + ends) / 2, 2 / (ends - starts)], axis=1)
    exact = np.full((1, _TERMS), np.nan)
    inside = np.where(cut.good[:, None], cut.coefficients, np.nan)
    polynomials = np.concatenate([frame, np.concatenate([exact, inside, exact])], axis=1)
    return Pieces(distribution, starts[1:], polynomials, distribution.support)


class Cut(NamedTuple):
    """Pieces of the unit interval between two ends, in increasing order.

    Parameters
    ----------
    edges
        Where they begin, and where the last one ends, shape (pieces + 1,).
    coefficients
        Shape (pieces, terms).
    good
        Which are accurate, shape (pieces,); the others are too narrow or too many to be halved again.
    """

    edges: FloatArray
    coefficients: FloatArray
    good: np.ndarray


def cut_until(
    outermost: float, fit: Callable[[FloatArray, FloatArray], tuple[FloatArray, np.ndarray]]
) -> Cut:
    """Cut the unit interval in octaves towards both ends, and halve each piece until it is accurate.

    Parameters
    ----------
    outermost
        Where the first piece begins, and as far from 1 where the last one ends.
    fit
        Gives the coefficients of pieces from their lower and upper ends, and which of them are accurate.
    """
    octaves = 2.0 ** np.arange(np.log2(outermost), 0)
    edges = np.concatenate([octaves, 1 - octaves[-2::-1]])
    low, high = edges[:-1], edges[1:]
    done: list[tuple[FloatArray, FloatArray, np.ndarray]] = []
    count = 0
    while low.size:
        coefficients, good = fit(low, high)
        finished = good | (high - low <= NARROWEST) | (count + low.size > MOST_PIECES)
        done.append((low[finished], coefficients[finished], good[finished]))
        count += int(finished.sum())
        low, high = low[~finished], high[~finished]
        middle = (low + high) / 2
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
    starts, coefficients, good = (np.concatenate(part) for part in zip(*done, strict=True))
    order = np.argsort(starts)
    return Cut(np.append(starts[order], edges[-1]), coefficients[order], good[order])


def _fit(distribution: Distribution, low: FloatArray, high: FloatArray) -> tuple[FloatArray, np.ndarray]:
    """Return the polynomials between `low` and `high`, shape (pieces, terms), and which are good enough."""
    rule = _rule()
    half = (high - low)[:, None] / 2
    # measured from the nearer end, so that the ends of neighbouring pieces are the same numbers
    wanted = np.concatenate([rule.nodes, rule.checks])
    u = np.where(wanted < 0, low[:, None] + half * (1 + wanted), high[:, None] - half * (1 - wanted))
    with np.errstate(all="ignore"):
        x = distribution.quantile(u.ravel()).reshape(u.shape)
        nodes, checks = x[:, :_TERMS], x[:, _TERMS:]
        coefficients = nodes @ rule.interpolate.T
        error = np.abs(coefficients @ rule.at_checks.T - checks)
        slope = np.diff(nodes, axis=1) / (half * np.diff(rule.nodes))
        tolerance = np.minimum(PIECE_TOLERANCE, TAIL_TOLERANCE * np.minimum(low, 1 - high))[:, None]
        allowed = np.maximum(tolerance * slope.min(axis=1, keepdims=True), _FINE * np.abs(checks))
        good = (error <= allowed).all(axis=1) & (coefficients @ rule.derivative.T >= 0).all(axis=1)
        straight = _straight(nodes)
        line = (np.abs(straight @ rule.at_checks.T - checks) <= _FINE * np.abs(checks)).all(axis=1)
    coefficients[line] = straight[line]
    flat = nodes[:, 0] == nodes[:, -1]
    jumps = holds_atom(distribution.atoms, nodes[:, 0], nodes[:, -1])
    return coefficients, flat | ((good | line) & ~jumps)


def _straight(nodes: FloatArray) -> FloatArray:
    """Return the coefficients of straight lines, for pieces that rise by hardly more than rounding."""
    coefficients = np.zeros_like(nodes)
    coefficients[:, 0] = (nodes[:, 0] + nodes[:, -1]) / 2
    coefficients[:, 1] = (nodes[:, -1] - nodes[:, 0]) / 2
    return coefficients


def holds_atom(atoms: tuple[float, ...], low: FloatArray, high: FloatArray) -> np.ndarray:
    """Return whether a value of positive probability lies between `low` and `high`, both included."""
    values = np.array(atoms)
    return np.asarray(np.searchsorted(values, low, "left") < np.searchsorted(values, high, "right"))


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
        rows = max(rows, TOGETHER)
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
    standard: Transform

    def apply(self, row: FloatArray, scratch: Scratch) -> None:
        """Replace probabilities in (0, 1), shape (rows,) and contiguous, by quantiles."""
        self.standard.apply(row, scratch)
        scale_rows(row[None], [self])


def scale_rows(rows: FloatArray, scaled: Sequence[Scaled]) -> None:
    """Turn standard normal quantiles, shape (rows, n), into each row's own; all are exponential or none."""
    rows *= np.array([each.scale for each in scaled])[:, None]
    rows += np.array([each.location for each in scaled])[:, None]
    if scaled[0].exponential:
        np.exp(rows, out=rows)


def make_transforms(distributions: Sequence[Distribution], *, together: bool) -> tuple[Transform, ...]:
    """Return the quantile functions of some inputs.

    Parameters
    ----------
    together
        Whether normal and lognormal distributions share a table: those of a model of more than `MANY` inputs.
    """
    if not together:
        return tuple(map(make_transform, distributions))
    standard = make_transform(Normal(0.0, 1.0))
    return tuple(_shared(each, standard) for each in distributions)


def _shared(distribution: Distribution, standard: Transform) -> Transform:
    if isinstance(distribution, Normal):
        return Scaled(distribution.mean, distribution.sd, exponential=False, standard=standard)
    if isinstance(distribution, Lognormal):
        location, scale = math.log(distribution.median), math.log(distribution.gsd)
        return Scaled(location, scale, exponential=True, standard=standard)
    return make_transform(distribution)


def transform_rows(rows: FloatArray, transforms: Sequence[Transform], scratch: Scratch) -> FloatArray:
    """Replace probabilities, shape (inputs, rows), by quantiles, each row by its own, in the same array."""
    for first, own in alike(transforms):
        _transform_alike(rows[first : first + len(own)], own, scratch)
    return rows


def alike(transforms: Sequence[Transform]) -> Iterator[tuple[int, Sequence[Transform]]]:
    """Yield runs of transforms that one table serves, and where each begins."""
    first = 0
    for _, own in groupby(transforms, _table):
        run = list(own)
        yield first, run
        first += len(run)


def _table(transform: Transform) -> tuple[int, bool]:
    if isinstance(transform, Scaled):
        return id(transform.standard), transform.exponential
    return id(transform), False


def _transform_alike(rows: FloatArray, transforms: Sequence[Transform], scratch: Scratch) -> None:
    """Transform the rows of one of the runs of `alike`."""
    if not rows.flags.c_contiguous:
        for transform, row in zip(transforms, rows, strict=True):
            transform.apply(row, scratch)
        return
    scaled = [each for each in transforms if isinstance(each, Scaled)]
    table = scaled[0].standard if scaled else transforms[0]
    # short rows together: calling numpy for each would cost more than working on it
    step = max(1, scratch.cell.size // max(rows.shape[1], 1))
    for first in range(0, len(rows), step):
        part = rows[first : first + step]
        table.apply(part.reshape(-1), scratch)
        if scaled:
            scale_rows(part, scaled[first : first + step])


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
