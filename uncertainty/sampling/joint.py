"""How outputs go together: their correlations over the draws, with Monte Carlo errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty.late import dataclass
from uncertainty.sampling.estimate import ERRORS_WIDE, Estimate, half_widths
from uncertainty.sampling.statistics import BATCHES, Draws

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.distributions.protocol import FloatArray

MOST_DRAWS = 2**17
"""Draws of each output that are looked at: an error of 0.003 at most, but for heavy tails."""

MOST_OUTPUTS = 40
"""Outputs that are compared with one another, 780 pairs."""

SAME_RANKS = 1e-12
"""How far correlations lie apart by rounding alone, where ranks agree."""

UNSEEN = 3.0
"""Draws of other ranks that none in so many leaves open, at 95 % (Hanley & Lippman-Hand 1983)."""

TOO_FEW = "too few draws for an error; `--samples 1000` would give enough."


@dataclass(frozen=True, slots=True)
class OutputCorrelation:
    """How two outputs correlate.

    Parameters
    ----------
    outputs
        Both outputs.
    pearson
        The correlation of their values.
    spearman
        The correlation of their ranks.
    """

    outputs: tuple[str, str]
    pearson: Estimate
    spearman: Estimate


def looked_at(samples: int, replicate_rows: int) -> list[tuple[int, int]]:
    """Return from which row to which the draws are looked at: as many of each replicate.

    Parameters
    ----------
    replicate_rows
        Rows of one replicate; 1 where every row is independent.
    """
    if replicate_rows == 1:
        return [(0, min(samples, MOST_DRAWS))]
    replicates = samples // replicate_rows
    part = max(min(replicate_rows, MOST_DRAWS // replicates), 1)
    return [(each * replicate_rows, each * replicate_rows + part) for each in range(replicates)]


def output_correlations(
    drawn: FloatArray, pairs: Sequence[tuple[int, int]], names: Sequence[str], replicates: int
) -> tuple[OutputCorrelation, ...]:
    """Return the correlations of some pairs of outputs.

    Parameters
    ----------
    drawn
        The draws, shape (outputs, rows); one in which an output is not finite is left out of all.
    pairs
        Positions of the outputs.
    names
        Of the outputs.
    replicates
        Equal parts that the draws consist of; 1 where every row is independent.
    """
    columns = _in_batches(drawn, replicates)
    ranks = ranks_of(columns.reshape(len(columns), -1)).reshape(columns.shape)
    by_value, by_rank = _Standardised(columns), _Standardised(ranks)
    known = [Draws(each.ravel(), columns.shape[2] if replicates > 1 else 1) for each in columns]
    own = _OwnRanks(columns) if replicates > 1 else None
    return tuple(
        OutputCorrelation(
            (names[i], names[j]),
            by_value.correlation(i, j, wider=max(known[i].wider_squares, known[j].wider_squares)),
            by_rank.correlation(i, j) if own is None else own.told(by_rank.correlation(i, j), i, j),
        )
        for i, j in pairs
    )


class _Standardised:
    """Columns of mean 0 and variance 1, in batches: shape (outputs, batches, rows)."""

    def __init__(self, columns: FloatArray) -> None:
        centred = columns - columns.mean(axis=(1, 2), keepdims=True)
        largest = np.maximum(centred.max(axis=(1, 2)), -centred.min(axis=(1, 2)))
        # in units of the largest, so that values of any size can be squared
        centred /= np.where(largest > 0, largest, 1)[:, None, None]
        squares = np.einsum("ibr,ibr->ib", centred, centred) / columns.shape[2]
        variance = squares.mean(axis=1, keepdims=True)
        self.squares = squares / np.where(variance > 0, variance, 1)
        centred /= np.sqrt(np.where(variance > 0, variance, 1))[:, :, None]
        self.columns = centred

    def correlation(self, i: int, j: int, wider: float = 1.0) -> Estimate:
        """Return the correlation of two columns; its error is that of its influence function's mean.

        Parameters
        ----------
        wider
            By what factor that is more than batches of products and squares tell, where these have a tail.
        """
        _, batches, rows = self.columns.shape
        # no product by BLAS, whose last bits depend on the threads that it has
        products = np.einsum("br,br->b", self.columns[i], self.columns[j]) / rows
        found = min(max(float(products.mean()), -1.0), 1.0)
        if batches < BATCHES // 2 or rows < 2:
            return Estimate(found, None, TOO_FEW)
        influence = products - found / 2 * (self.squares[i] + self.squares[j])
        return Estimate(found, wider * float(half_widths(influence)) / ERRORS_WIDE)


class _OwnRanks:
    """Ranks of each batch among its own draws, about 0 and of length 1: shape (outputs, batches, rows).

    What a replicate has too much of an output moves all its ranks among all draws, though a correlation of
    ranks takes no notice of that: how far correlations by replicates' own ranks spread tells its error.
    """

    def __init__(self, columns: FloatArray) -> None:
        ranks = ranks_of(columns.reshape(-1, columns.shape[2])).reshape(columns.shape)
        lengths = np.sqrt(np.einsum("ibr,ibr->ib", ranks, ranks))
        self.vary = (lengths > 0).all(axis=1)
        self.ranks = ranks / np.where(lengths > 0, lengths, 1)[:, :, None]

    def told(self, found: Estimate, i: int, j: int) -> Estimate:
        """Return a correlation with the error that replicates tell, where both outputs vary in each.

        Where all have the same ranks, as those of one input in a net, they tell none: what may differ by a
        rank, though it did in none of so many draws, is left open; what has one ranking throughout is sure.
        """
        if found.error is None or not (self.vary[i] and self.vary[j]):
            return found
        own = np.einsum("br,br->b", self.ranks[i], self.ranks[j])
        error = float(half_widths(own)) / ERRORS_WIDE
        if np.ptp(own) > SAME_RANKS or 1 - abs(found.value) > SAME_RANKS:
            error = max(error, UNSEEN / ERRORS_WIDE / self.ranks[i].size)
        return found._replace(error=error)


def _in_batches(drawn: FloatArray, replicates: int) -> FloatArray:
    """Return the sound draws in batches, shape (outputs, batches, rows)."""
    sound = np.isfinite(drawn).all(axis=0)
    kept = drawn if sound.all() else drawn[:, sound]
    batches = max(min(replicates if replicates > 1 else BATCHES, kept.shape[1]), 1)
    whole = kept.shape[1] - kept.shape[1] % batches
    return kept[:, :whole].reshape(len(kept), batches, -1)


def ranks_of(rows: FloatArray) -> FloatArray:
    """Return the ranks of each row's values about their mean, ties sharing theirs."""
    found = np.empty_like(rows)
    for values, ranks in zip(rows, found, strict=True):
        order = np.argsort(values)
        ordered = values[order]
        first = np.ones(values.size, bool)
        # what is not a number lies last, and is one value
        first[1:] = (ordered[1:] != ordered[:-1]) & ~np.isnan(ordered[:-1])
        if first.all():
            ranks[order] = np.arange(1, values.size + 1) - (values.size + 1) / 2
            continue
        counts = np.diff(np.flatnonzero(first), append=values.size)
        middles = np.cumsum(counts) - (counts - 1) / 2
        ranks[order] = np.repeat(middles, counts) - (values.size + 1) / 2
    return found
