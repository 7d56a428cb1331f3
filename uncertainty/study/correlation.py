"""Rank correlation between inputs: which are connected, and which targets can hold together."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.model import Correlation

MOST_CORRELATED = 2000
"""Inputs whose correlation matrix is found to hold together in seconds and within a few dozen mebibytes."""

SMALLEST_EIGENVALUE = 1e-10
"""A matrix whose smallest eigenvalue is not above it counts as singular."""

MOST_PROJECTIONS = 200

MOST_WORK = 2e9
"""Projections times the cube of the inputs: some seconds."""


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
        If the targets cannot hold together, with some near them that can.
    """
    pairs = list(correlations)
    names = tuple(sorted({name for pair in pairs for name in pair.inputs}))
    if len(names) > MOST_CORRELATED:
        raise InvalidValue(f"expected at most {MOST_CORRELATED} correlated inputs, found {len(names)}")
    matrix = _scores(pairs, names)
    if not _definite(matrix):
        raise InvalidValue(
            "cannot hold together, their matrix is not positive definite; near them, these can: "
            + listed_targets(_near(pairs))
        )
    return names, matrix


def listed_targets(pairs: Iterable[Correlation]) -> str:
    """List pairs with their targets, as they are to be written."""
    # no -0
    return ", ".join("{} with {} {:g}".format(*pair.inputs, pair.spearman + 0.0) for pair in pairs)


def _scores(pairs: Iterable[Correlation], names: Sequence[str]) -> FloatArray:
    positions = {name: position for position, name in enumerate(names)}
    matrix = np.eye(len(names))
    for pair in pairs:
        i, j = (positions[name] for name in pair.inputs)
        matrix[i, j] = matrix[j, i] = 2 * np.sin(np.pi / 6 * pair.spearman)
    return matrix


def _definite(matrix: FloatArray) -> bool:
    return bool((np.linalg.eigvalsh(matrix) > SMALLEST_EIGENVALUE).all())


def spearman(matrix: FloatArray) -> FloatArray:
    """Return the Spearman correlations of a Gaussian copula with correlation `matrix`."""
    return np.asarray(6 / np.pi * np.arcsin(matrix / 2))


def _near(pairs: Sequence[Correlation]) -> list[Correlation]:
    """Return targets that hold together for every connected set of inputs whose own do not."""
    found = []
    for names in connected(pairs):
        own = [pair for pair in pairs if pair.inputs[0] in names]
        if not _definite(_scores(own, names)):
            found += _near_in_one_set(own, names)
    return found


def _near_in_one_set(pairs: Sequence[Correlation], names: Sequence[str]) -> list[Correlation]:
    """Return targets as near as rounding lets them be, to as many decimals as the given ones have."""
    positions = {name: position for position, name in enumerate(names)}
    matrix = _scores(pairs, names)
    given = np.eye(len(names), dtype=np.bool_)
    for pair in pairs:
        i, j = (positions[name] for name in pair.inputs)
        given[i, j] = given[j, i] = True
    near = nearest_correlation(matrix, given=given)
    places = decimals(pair.spearman for pair in pairs)

    def rounded(share: float) -> list[Correlation]:
        targets = spearman(share * near)
        at = ([positions[name] for name in pair.inputs] for pair in pairs)
        return [
            replace(pair, spearman=round(float(targets[i, j]), places))
            for pair, (i, j) in zip(pairs, at, strict=True)
        ]

    return strongest(rounded, lambda found: _definite(_scores(found, names)))


def decimals(values: Iterable[float]) -> int:
    """Return with how many decimals to write what replaces some values: as many as they have, 2 to 4."""
    most = max(len(f"{value:.10f}".rstrip("0").partition(".")[2]) for value in values)
    return min(max(most, 2), 4)


def strongest(
    weakened: Callable[[float], list[Correlation]], holds: Callable[[list[Correlation]], bool]
) -> list[Correlation]:
    """Return the targets for the largest share, in steps of 1/256, for which they hold together.

    Rounding can break what held for a larger share, so the last step is down until they do.
    """
    steps = bisect_left(range(256), True, key=lambda step: holds(weakened(1 - step / 256)))
    return next(
        found for step in range(steps, 257) if holds(found := weakened(1 - step / 256)) or step == 256
    )


def nearest_correlation(
    matrix: FloatArray, smallest: float = 1e-6, given: np.ndarray | None = None
) -> FloatArray:
    """Return a positive definite correlation matrix near to `matrix`.

    Alternating projections with Dykstra's correction (Higham 2002, doi:10.1093/imanum/22.3.329).

    Parameters
    ----------
    given
        Which correlations may change; the others stay 0. All of them may by default.
    """
    correction = np.zeros_like(matrix)
    current = positive = matrix.copy()
    for _ in range(min(MOST_PROJECTIONS, 1 + int(MOST_WORK / len(matrix) ** 3))):
        shifted = current - correction
        values, vectors = np.linalg.eigh(shifted)
        positive = (vectors * np.maximum(values, smallest)) @ vectors.T
        correction = positive - shifted
        current = positive.copy() if given is None else np.where(given, positive, 0.0)
        np.fill_diagonal(current, 1.0)
    scale = 1 / np.sqrt(np.diag(positive))
    near = positive * scale[:, None] * scale
    return np.asarray(near if given is None else np.where(given, near, np.eye(len(near))))
