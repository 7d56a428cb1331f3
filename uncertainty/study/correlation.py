"""Correlation between inputs: which are connected, and which targets can hold together."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.bounds import MOST_CORRELATED, MOST_ENTRIES
from uncertainty.distributions import Normal
from uncertainty.errors import InvalidValue
from uncertainty.study.model import MEASURES, Correlation, Independence
from uncertainty.study.written import record_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.model import Measure
    from uncertainty.study.schema import CorrelationTable


SMALLEST_EIGENVALUE = 1e-10
"""A matrix whose smallest eigenvalue is not above it counts as singular."""

ALIKE = 1 - 1e-9
"""The correlation of the scores of what has one score: short of 1, so that a matrix of them has an inverse.

Draws have one score, to the last bit; where an inverse is needed, theirs lie 5e-5 of a score apart.
"""

ROUNDED = 1e-9 / 2
"""How far rounding may move a correlation on its way from scores to ranks and back."""

LEAST_APART = 1e-12
"""Correlation of scores that rounding alone may leave."""

MOST_PROJECTIONS = 200

MOST_WORK = 2e9
"""Projections times the cube of the inputs: some seconds."""


def connected(correlations: Iterable[Correlation]) -> list[tuple[str, ...]]:
    """Return the connected sets of correlated inputs, each sorted by name."""
    return joined(correlation.inputs for correlation in correlations)


def joined(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Return the connected sets of paired inputs, each sorted by name."""
    sets: dict[str, set[str]] = {}
    for pair in pairs:
        one, other = (sets.setdefault(name, {name}) for name in pair)
        if one is not other:
            small, large = sorted((one, other), key=len)
            large |= small
            sets |= dict.fromkeys(small, large)
    return sorted(tuple(sorted(each)) for each in {id(each): each for each in sets.values()}.values())


def alike(pair: Correlation) -> bool:
    """Tell whether two cells have one cause, and one score."""
    return bool(pair.across) and score_correlation(pair.kind, pair.value) >= ALIKE - ROUNDED


def among(correlations: Iterable[Correlation], names: Collection[str]) -> list[Correlation]:
    """Return what is said of pairs of some inputs.

    What has one score is bound by pairs with the first alone: without that one the others are bound by the
    first that is left.
    """
    inputs = frozenset(names)
    pairs, left = [], dict[tuple[str, str], list[Correlation]]()
    for pair in correlations:
        one, other = pair.inputs
        if other in inputs and one in inputs:
            pairs.append(pair)
        elif other in inputs and alike(pair):
            left.setdefault((pair.across, one), []).append(pair)
    known = {frozenset(pair.inputs) for pair in pairs}
    for first, *others in left.values():
        for pair in others:
            inputs_left = (first.inputs[1], pair.inputs[1])
            if frozenset(inputs_left) not in known:
                pairs.append(replace(pair, inputs=inputs_left))
                known.add(frozenset(inputs_left))
    return pairs


def in_closed_form(pair: Correlation, marginals: Mapping[str, Distribution | None]) -> bool:
    """Tell whether `score_correlation` gives the copula of a pair with these marginals."""
    if alike(pair):
        return True
    found = [marginals[name] for name in pair.inputs]
    if pair.kind == "pearson":
        return all(isinstance(each, Normal) for each in found)
    return not any(each is not None and each.atoms for each in found)


def score_correlation(kind: Measure, value: float) -> float:
    """Return the correlation of normal scores that gives a correlation of `kind`.

    Of ranks 2 sin(π/6 ρ) and of order sin(π/2 τ), whatever the continuous marginals (Kruskal 1958,
    doi:10.1080/01621459.1958.10501481); of values it is the correlation itself where these are normal.
    """
    if kind == "pearson":
        return value
    return float(2 * np.sin(np.pi / 6 * value) if kind == "spearman" else np.sin(np.pi / 2 * value))


def target_of(kind: Measure, scores: float) -> float:
    """Return the correlation of `kind` that normal scores with the correlation `scores` give."""
    if kind == "pearson":
        return scores
    return 6 / math.pi * math.asin(scores / 2) if kind == "spearman" else 2 / math.pi * math.asin(scores)


def copula_matrix(correlations: Iterable[Correlation]) -> tuple[tuple[str, ...], FloatArray]:
    """Return the correlated inputs and the correlation matrix of their normal scores.

    Targets are taken in closed form, by `score_correlation`.

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
    return ", ".join(map(_listed, pairs))


def _listed(pair: Correlation) -> str:
    kind = "" if pair.kind == "spearman" else f"{pair.kind} "
    # no -0
    return f"{pair.inputs[0]} with {pair.inputs[1]} {kind}{pair.value + 0.0:g}"


def _scores(pairs: Sequence[Correlation], names: Sequence[str]) -> FloatArray:
    positions = {name: position for position, name in enumerate(names)}
    matrix = np.eye(len(names))
    for pair in pairs:
        i, j = (positions[name] for name in pair.inputs)
        matrix[i, j] = matrix[j, i] = score_correlation(pair.kind, pair.value)
    for same in connected(filter(alike, pairs)):
        places = [positions[name] for name in same]
        matrix[np.ix_(places, places)] = ALIKE
        matrix[places, places] = 1.0
    return matrix


def _definite(matrix: FloatArray) -> bool:
    return bool((np.linalg.eigvalsh(matrix) > SMALLEST_EIGENVALUE).all())


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
    places = decimals(pair.value for pair in pairs)

    def rounded(share: float) -> list[Correlation]:
        at = ([positions[name] for name in pair.inputs] for pair in pairs)
        return [
            pair.at(round(target_of(pair.kind, float(share * near[i, j])), places))
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
    np.fill_diagonal(near, 1.0)
    return np.asarray(near if given is None else np.where(given, near, np.eye(len(near))))


MOST_PAIRS = MOST_ENTRIES["correlations"]


class Pairs(NamedTuple):
    """Each two inputs of all tables, and the position of the table that speaks of them."""

    correlations: tuple[Correlation, ...] = ()
    independent: tuple[Independence, ...] = ()
    correlated_by: tuple[int, ...] = ()
    parted_by: tuple[int, ...] = ()


def pairs_of(tables: Sequence[CorrelationTable]) -> Pairs:
    """Return what some tables say of each two inputs.

    Raises
    ------
    InvalidValue
        If they speak of too many.
    """
    names = [table.inputs or table.independent or [] for table in tables]
    found = sum(len(each) * (len(each) - 1) // 2 for each in names)
    if found > MOST_PAIRS:
        raise InvalidValue(f"expected at most {MOST_PAIRS:,} pairs of inputs, found {found:,}")
    rows = [(i, pair) for i, table in enumerate(tables) for pair in _pairs(table)]
    correlated = [(i, pair) for i, pair in rows if isinstance(pair, Correlation)]
    parted = [(i, pair) for i, pair in rows if isinstance(pair, Independence)]
    return Pairs(
        tuple(pair for _, pair in correlated),
        tuple(pair for _, pair in parted),
        tuple(i for i, _ in correlated),
        tuple(i for i, _ in parted),
    )


def _pairs(table: CorrelationTable) -> Iterator[Correlation | Independence]:
    if table.independent is not None:
        because = table.because or table.note
        for one, other in combinations(table.independent, 2):
            yield record_of(Independence, table, inputs=(one, other), because=because)
    elif table.matrix is not None and not matrix_fault(table):
        yield from _of_matrix(table)
    else:
        # a table whose statement is at fault still names inputs, which have to be some
        given = [kind for kind in MEASURES if getattr(table, kind) is not None][:1]
        values = [getattr(table, kind) if kind in given else None for kind in MEASURES]
        for pair in combinations(table.inputs or [], 2):
            yield _pair(table, pair, values if given else (0.0, None, None))


def _pair(table: CorrelationTable, inputs: tuple[str, str], values: Sequence[float | None]) -> Correlation:
    return record_of(Correlation, table, inputs=inputs, **dict(zip(MEASURES, values, strict=True)))


def _of_matrix(table: CorrelationTable) -> Iterator[Correlation | Independence]:
    """Yield what a matrix says; a 0 in it states that nothing binds the two."""
    kind = table.kind or "spearman"
    for (i, one), (j, other) in combinations(enumerate(table.inputs or []), 2):
        value = (table.matrix or [])[i][j]
        if value:
            values = [value if each == kind else None for each in MEASURES]
            yield _pair(table, (one, other), values)
        else:
            because = table.note or "0 in a matrix"
            yield record_of(Independence, table, inputs=(one, other), because=because)


def statement_fault(table: CorrelationTable) -> str:
    """Return what is wrong with what a table states beside what, or nothing."""
    given = [key for key in (*MEASURES, "matrix") if getattr(table, key) is not None]
    if (table.inputs is None) == (table.independent is None):
        return "expected inputs, or independent for inputs that nothing binds together"
    if table.independent is not None:
        if given or table.kind:
            return f"expected no {' and no '.join(given or ['kind'])} beside independent"
        reason = table.because or table.source or table.note
        return "" if reason else "expected a reason beside independent: because, source or note"
    if len(given) != 1:
        return f"expected one of {', '.join(MEASURES)} and matrix, found {' and '.join(given) or 'none'}"
    if table.kind and table.matrix is None:
        return f"expected kind beside a matrix alone, found {given[0]} too"
    if table.because:
        return "expected because beside independent alone; a correlation has source and note"
    return ""


WITHIN_RANGE = "expected more than -1 and less than 1"


def matrix_fault(table: CorrelationTable) -> str:
    """Return what is wrong with the shape of a table's matrix, or nothing."""
    names, matrix = table.inputs or [], table.matrix
    if matrix is None:
        return ""
    if [len(row) for row in matrix] != [len(names)] * len(names):
        found = f"rows of {', '.join(str(len(row)) for row in matrix[:5])}" if matrix else "none"
        return f"expected {len(names)} rows of {len(names)} numbers, one for each input, found {found}"
    for i, one in enumerate(names):
        if matrix[i][i] != 1:
            return f"expected 1 on the diagonal, found {matrix[i][i]:g} for {one}"
        for j, other in enumerate(names[:i]):
            value = matrix[i][j]
            if value != matrix[j][i]:
                return f"expected one number for {other} and {one}, found {matrix[j][i]:g} and {value:g}"
            if not -1 < value < 1:
                return (
                    f"{other} and {one}: {WITHIN_RANGE}, not {value:g}; use one input for what is one cause"
                )
    return ""
