"""Drawing some inputs again while others keep their values, under a Gaussian copula.

A value of a continuous input tells its normal score. A value that occurs more than once (of a discrete
input, at a fixed end, of data) tells the range of its score alone, so the score is drawn again too.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty import special
from uncertainty.distributions.protocol import inside, probability_ranges
from uncertainty.late import dataclass
from uncertainty.sampling.nets import generator

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.copula import Copula
    from uncertainty.sampling.simulation import Simulation

REMEMBERED = 0.005
"""How much of where they began scores that are drawn again in turn may still hold."""

MOST_SWEEPS = 200


class Range(NamedTuple):
    """Between which scores an input keeps its value, each of shape (rows,); equal where a value is unique."""

    low: FloatArray
    high: FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class Redraw:
    """Inputs of some rows, and what it takes to draw any of them again.

    Parameters
    ----------
    own
        The inputs, shape (inputs, rows).
    other
        An independent second draw of all of them.
    scores
        Normal scores of the correlated inputs in `own`, shape (correlated, rows).
    noise
        Independent normal scores for drawing them again.
    firsts
        Of each correlated input the place, among the correlated, of the first that has one score with it.
    ranges
        Of each score that all its values leave open, by that place.
    stream
        Seed and batch of the further noise that several such inputs take.
    """

    simulation: Simulation
    own: FloatArray
    other: FloatArray
    scores: FloatArray
    noise: FloatArray
    firsts: tuple[int, ...]
    ranges: Mapping[int, Range]
    stream: tuple[int, int]

    @classmethod
    def of(
        cls, simulation: Simulation, uniforms_a: FloatArray, uniforms_b: FloatArray, stream: tuple[int, int]
    ) -> Redraw:
        """Take two independent sets of uniforms, shape (inputs, rows); both are used up."""
        copula = simulation.copula
        rows = [] if copula is None else list(copula.rows)
        scores = special.ndtri(uniforms_a[rows])
        if copula is not None:
            scores = copula.factor @ scores
        noise = special.ndtri(uniforms_b[rows])
        own, other = simulation.transform(uniforms_a), simulation.transform(uniforms_b)
        firsts = () if copula is None else _firsts(copula)
        found: dict[int, list[Range | None]] = {}
        for place, row in enumerate(rows):
            distribution = simulation.distributions[row]
            within = _range(distribution, own[row], scores[place]) if distribution.atoms else None
            found.setdefault(firsts[place], []).append(within)
        ranges = {first: met for first, each in found.items() if (met := _met(each)) is not None}
        return cls(simulation, own, other, scores, noise, firsts, ranges, stream)

    def keeping(self, kept: Collection[int]) -> FloatArray:
        """Return inputs in which the rows `kept` are as they are and the others drawn again, given those."""
        inputs = self.other.copy()
        inputs[list(kept)] = self.own[list(kept)]
        copula = self.simulation.copula
        if copula is None:
            return inputs
        places = dict(zip(copula.rows, self.firsts, strict=True))
        known = sorted({first for row, first in places.items() if row in kept})
        rows = [row for row, first in places.items() if first not in known]
        if known and rows:
            open_ = sorted({places[row] for row in rows})
            drawn = self._given(copula, known, open_)[[open_.index(places[row]) for row in rows]]
            uniforms = inside(special.ndtr(drawn))
            chosen = tuple(self.simulation.distributions[row] for row in rows)
            inputs[rows] = replace(self.simulation, distributions=chosen, copula=None).transform(uniforms)
        return inputs

    def _given(self, copula: Copula, known: list[int], open_: list[int]) -> FloatArray:
        """Draw some scores from their distribution given the values of the known ones."""
        matrix = copula.factor @ copula.factor.T
        weights = np.linalg.solve(matrix[np.ix_(known, known)], matrix[np.ix_(known, open_)]).T
        left = matrix[np.ix_(open_, open_)] - weights @ matrix[np.ix_(known, open_)]
        precision = np.asarray(np.linalg.inv(matrix[np.ix_(known, known)]), dtype=np.float64)
        scores = self._scores_of_values(precision, known)
        found: FloatArray = weights @ scores + np.linalg.cholesky(left) @ self.noise[open_]
        return found

    def _scores_of_values(self, precision: FloatArray, known: list[int]) -> FloatArray:
        """Return scores of the known inputs that are drawn given their values alone.

        Scores that values leave open are drawn one after the other, each given the rest (Gibbs sampling of a
        truncated normal, Geweke 1991), from their own on, until hardly anything of those is remembered.

        Parameters
        ----------
        precision
            Inverse of the known scores' correlation matrix.
        """
        scores = self.scores[known]
        open_ = [place for place, one in enumerate(known) if one in self.ranges]
        if not open_:
            return scores
        draw = generator(self.stream[0], "scores", self.stream[1])
        sweeps = _sweeps(precision[np.ix_(open_, open_)])
        for left in reversed(range(sweeps)):
            for place in open_:
                # the last sweep has the even points of the design
                share = np.asarray(
                    draw.random(scores.shape[1]) if left else special.ndtr(self.noise[known[place]])
                )
                _draw_again(scores, place, precision[place], self.ranges[known[place]], share)
        return scores


def _firsts(copula: Copula) -> tuple[int, ...]:
    """Return for each correlated input the first with its row of the factor, which has one score with it."""
    _, first, same = np.unique(copula.factor, axis=0, return_index=True, return_inverse=True)
    return tuple(first[same.ravel()].tolist())


def _met(ranges: Sequence[Range | None]) -> Range | None:
    """Return between which scores all inputs of one score keep their values; None where one tells it."""
    lows, highs = [], []
    for each in ranges:
        if each is None:
            return None
        lows.append(each.low)
        highs.append(each.high)
    return Range(np.maximum.reduce(lows), np.minimum.reduce(highs))


def _range(distribution: Distribution, values: FloatArray, scores: FloatArray) -> Range:
    """Return the scores that give an input's values."""
    below, up_to = probability_ranges(distribution, values, special.ndtr(scores))
    repeated = below < up_to
    return Range(
        np.where(repeated, np.minimum(special.ndtri(below), scores), scores),
        np.where(repeated, np.maximum(special.ndtri(up_to), scores), scores),
    )


def _sweeps(precision: FloatArray) -> int:
    """Return after how many sweeps scores have forgotten where they began.

    A sweep without ranges forgets by the spectral radius of the Gauss-Seidel iteration; ranges only help.
    """
    if len(precision) == 1:
        return 1
    weights = np.abs(precision) / np.diag(precision)[:, None]
    np.fill_diagonal(weights, 0.0)
    iteration = np.linalg.solve(np.eye(len(weights)) - np.tril(weights), np.triu(weights))
    radius = float(np.abs(np.linalg.eigvals(iteration)).max())
    if radius <= REMEMBERED:
        return 1
    return (
        MOST_SWEEPS if radius >= 1 else min(MOST_SWEEPS, math.ceil(math.log(REMEMBERED) / math.log(radius)))
    )


def _draw_again(
    scores: FloatArray, place: int, precision: FloatArray, within: Range, share: FloatArray
) -> None:
    """Draw one row of scores within its range given the others, in place.

    Parameters
    ----------
    precision
        Its row of the inverse of their correlation matrix.
    share
        Uniforms that decide where between the ends of the range, shape (rows,).
    """
    sd = 1 / math.sqrt(precision[place])
    mean = scores[place] - precision @ scores / precision[place]
    # towards the lower tail, where probabilities keep their digits
    sign = np.where(within.low + within.high > 2 * mean, -1.0, 1.0)
    ends = np.sort(sign * (np.array(within) - mean) / sd, axis=0)
    low, high = special.ndtr(ends)
    drawn = special.ndtri(low + share * (high - low))
    scores[place] = np.clip(mean + sd * sign * drawn, *within)
