"""Rank correlation between inputs: which are connected, and which targets can hold together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from uncertainty.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.model import Correlation

MOST_CORRELATED = 2000
"""Inputs whose correlation matrix is found to hold together in seconds and within a few dozen mebibytes."""


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
    if len(names) > MOST_CORRELATED:
        raise InvalidValue(f"expected at most {MOST_CORRELATED} correlated inputs, found {len(names)}")
    positions = {name: position for position, name in enumerate(names)}
    matrix = np.eye(len(names))
    for pair in pairs:
        i, j = (positions[name] for name in pair.inputs)
        matrix[i, j] = matrix[j, i] = 2 * np.sin(np.pi / 6 * pair.spearman)
    if np.linalg.eigvalsh(matrix)[0] <= 1e-10:
        near = spearman(nearest_correlation(matrix))
        reachable = ", ".join(
            f"{one} with {other} {near[positions[one], positions[other]]:.2f}"
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
