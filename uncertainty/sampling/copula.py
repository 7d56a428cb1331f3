"""Rank correlation between inputs, by a Gaussian copula: marginals stay exactly what they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.study.correlation import copula_matrix

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.model import Correlation


@dataclass(frozen=True, eq=False, slots=True)
class Copula:
    """Turns independent uniforms into correlated ones.

    Parameters
    ----------
    rows
        Which rows of a block are correlated with one another.
    factor
        Lower Cholesky factor of their normal scores' correlation matrix, shape (rows, rows).
    """

    rows: tuple[int, ...]
    factor: FloatArray

    def apply(self, uniforms: FloatArray) -> None:
        """Correlate the rows of a block of uniforms, shape (inputs, n), in place."""
        from scipy.special import ndtr, ndtri

        rows = list(self.rows)
        scores = ndtri(uniforms[rows])
        # no product by BLAS, whose last bits depend on how many columns there are
        for i in reversed(range(len(rows))):
            scores[i] *= self.factor[i, i]
            for j in range(i):
                scores[i] += self.factor[i, j] * scores[j]
        uniforms[rows] = np.clip(ndtr(scores), 2.0**-54, 1 - 2.0**-53)


def make_copula(correlations: Iterable[Correlation], varying: tuple[str, ...]) -> Copula | None:
    """Return the copula over the rows of `varying`; a pair with a fixed input has nothing to correlate."""
    pairs = [pair for pair in correlations if set(pair.inputs) <= set(varying)]
    if not pairs:
        return None
    names, matrix = copula_matrix(pairs)
    factor = np.linalg.cholesky(matrix).astype(np.float64)
    return Copula(tuple(varying.index(name) for name in names), factor)
