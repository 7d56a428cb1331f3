"""Quantile functions as piecewise polynomials: few exact evaluations, and an error known everywhere.

The unit interval is cut in octaves towards both ends, and any piece on which a polynomial is not accurate
enough is halved: around a kink or a jump until what is left is too narrow to be met by chance. The tails
are therefore as accurate in relation to their own probability as the middle is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray

TOLERANCE = 1e-8
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
_ROUNDING = 8 * np.finfo(float).eps


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
    octaves = 2.0 ** np.arange(np.log2(OUTERMOST), 0)
    pending = np.concatenate([octaves, 1 - octaves[-2::-1]])
    low, high = pending[:-1], pending[1:]
    done_edges, done_coefficients = [np.array([0.0, pending[-1]])], [np.full((2, _TERMS), np.nan)]
    count = 0
    while low.size:
        coefficients, good = _fit(distribution, low, high)
        finished = good | (high - low <= NARROWEST)
        if count + low.size > MOST_PIECES:
            finished[:] = True
        coefficients[~good] = np.nan
        done_edges.append(low[finished])
        done_coefficients.append(coefficients[finished])
        count += int(finished.sum())
        low, high = low[~finished], high[~finished]
        middle = (low + high) / 2
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
    starts = np.concatenate(done_edges)
    order = np.argsort(starts)
    starts, ends = starts[order], np.append(starts[order][1:], 1.0)
    frame = np.stack([(starts + ends) / 2, 2 / (ends - starts)], axis=1)
    polynomials = np.concatenate([frame, np.concatenate(done_coefficients)[order]], axis=1)
    return Pieces(distribution, starts[1:], polynomials, distribution.support)


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
        tolerance = np.minimum(TOLERANCE, TAIL_TOLERANCE * np.minimum(low, 1 - high))[:, None]
        allowed = np.maximum(tolerance * slope.min(axis=1, keepdims=True), _ROUNDING * np.abs(checks))
        good = (error <= allowed).all(axis=1) & (coefficients @ rule.derivative.T >= 0).all(axis=1)
        straight = _straight(nodes)
        line = (np.abs(straight @ rule.at_checks.T - checks) <= _ROUNDING * np.abs(checks)).all(axis=1)
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
