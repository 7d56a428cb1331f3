"""What a study's tables say of each two inputs: their correlation, or that nothing binds them."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.bounds import MOST_ENTRIES
from uncertainty.errors import InvalidValue
from uncertainty.study.model import MEASURES, Correlation, Independence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uncertainty.study.schema import CorrelationTable

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
            yield Independence((one, other), because, table.source, table.basis)
    elif table.matrix is not None and not matrix_fault(table):
        yield from _of_matrix(table)
    else:
        # a table whose statement is at fault still names inputs, which have to be some
        given = [kind for kind in MEASURES if getattr(table, kind) is not None][:1]
        values = [getattr(table, kind) if kind in given else None for kind in MEASURES]
        for pair in combinations(table.inputs or [], 2):
            yield _pair(table, pair, values if given else (0.0, None, None))


def _pair(table: CorrelationTable, inputs: tuple[str, str], values: Sequence[float | None]) -> Correlation:
    spearman, pearson, kendall = values
    return Correlation(inputs, spearman, table.source, table.note, pearson, kendall, table.basis)


def _of_matrix(table: CorrelationTable) -> Iterator[Correlation | Independence]:
    """Yield what a matrix says; a 0 in it states that nothing binds the two."""
    kind = table.kind or "spearman"
    for (i, one), (j, other) in combinations(enumerate(table.inputs or []), 2):
        value = (table.matrix or [])[i][j]
        if value:
            values = [value if each == kind else None for each in MEASURES]
            yield _pair(table, (one, other), values)
        else:
            yield Independence((one, other), table.note or "0 in a matrix", table.source, table.basis)


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
            if matrix[i][j] != matrix[j][i]:
                both = f"{matrix[j][i]:g} and {matrix[i][j]:g}"
                return f"expected one number for {other} and {one}, found {both}"
    return ""
