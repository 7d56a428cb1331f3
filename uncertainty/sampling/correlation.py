"""Rank correlation between inputs, by a Gaussian copula: marginals stay exactly what they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.errors import InvalidValue

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
        scores = self.factor @ ndtri(uniforms[rows])
        uniforms[rows] = np.clip(ndtr(scores), 2.0**-54, 1 - 2.0**-53)


def connected(correlations: Iterable[Correlation]) -> list[tuple[str, ...]]:
    """Return the connected sets of correlated inputs, each sorted by name."""
    sets: list[set[str]] = []
    for correlation in correlations:
        touching = [s for s in sets if s & set(correlation.inputs)]
        sets = [s for s in sets if s not in touching] + [set(correlation.inputs).union(*touching)]
    return sorted(tuple(sorted(s)) for s in sets)


def copula_matrix(correlations: Iterable[Correlation]) -> tuple[tuple[str, ...], FloatArray]:
    """Return the correlated inputs and the correlation matrix of their normal scores.

    A Gaussian copula with correlation r has the Spearman correlation 6/π asin(r/2)
    (Kruskal 1958, doi:10.1080/01621459.1958.10501481).

    Raises
    ------
    InvalidValue
        If the targets cannot hold together, with the nearest ones that can.
    """
    pairs = list(correlations)
    names = tuple(sorted({name for pair in pairs for name in pair.inputs}))
    matrix = np.eye(len(names))
    for pair in pairs:
        i, j = map(names.index, pair.inputs)
        matrix[i, j] = matrix[j, i] = 2 * np.sin(np.pi / 6 * pair.spearman)
    if np.linalg.eigvalsh(matrix)[0] <= 1e-10:
        near = spearman(nearest_correlation(matrix))
        reachable = ", ".join(
            f"{one} with {other} {near[names.index(one), names.index(other)]:.2f}"
            for one, other in (pair.inputs for pair in pairs)
        )
        raise InvalidValue(
            f"cannot hold together, their matrix is not positive definite; the nearest that can: {reachable}"
        )
    return names, matrix


def spearman(matrix: FloatArray) -> FloatArray:
    """Return the Spearman correlations of a Gaussian copula with correlation `matrix`."""
    return np.asarray(6 / np.pi * np.arcsin(matrix / 2))


def nearest_correlation(matrix: FloatArray, smallest: float = 1e-6) -> FloatArray:
    """Return a positive definite correlation matrix near to `matrix`.

    Alternating projections with Dykstra's correction (Higham 2002, doi:10.1093/imanum/22.3.329).
    """
    correction = np.zeros_like(matrix)
    current = matrix.copy()
    for _ in range(200):
        shifted = current - correction
        values, vectors = np.linalg.eigh(shifted)
        positive = (vectors * np.maximum(values, smallest)) @ vectors.T
        correction = positive - shifted
        current = positive.copy()
        np.fill_diagonal(current, 1.0)
    scale = 1 / np.sqrt(np.diag(positive))
    return np.asarray(positive * scale[:, None] * scale)


def make_copula(correlations: Iterable[Correlation], varying: tuple[str, ...]) -> Copula | None:
    """Return the copula over the rows of `varying`; a pair with a fixed input has nothing to correlate."""
    pairs = [pair for pair in correlations if set(pair.inputs) <= set(varying)]
    if not pairs:
        return None
    names, matrix = copula_matrix(pairs)
    factor = np.linalg.cholesky(matrix).astype(np.float64)
    return Copula(tuple(varying.index(name) for name in names), factor)
