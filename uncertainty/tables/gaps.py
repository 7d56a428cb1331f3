"""Rows that sum up others and have an empty cell where those have a text or a code, as in reports."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from uncertainty.tables.summing_rows import are_sums

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Gaps:
    """Finds a column that is empty in rows, each of which is the sum of the others above it or below it."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, frozenset[int]]] = []
        self._numbers: list[float] = []

    def add(self, place: str, filled: frozenset[int], number: float) -> None:
        """Take the next row: where it is, which of its columns are filled, and its number."""
        if not math.isnan(number):
            self._rows.append((place, filled))
            self._numbers.append(number)

    def found(self) -> tuple[str, int] | None:
        """Return where the first such row is, and which column is empty there; None where there is none."""
        return next(self._found(), None)

    def _found(self) -> Iterator[tuple[str, int]]:
        for column in sorted(frozenset[int]().union(*(filled for _, filled in self._rows))):
            marked = [column not in filled for _, filled in self._rows]
            if any(marked) and self._are_sums(marked):
                yield next(place for place, filled in self._rows if column not in filled), column

    def _are_sums(self, marked: Sequence[bool]) -> bool:
        return are_sums(marked, self._numbers) or are_sums(marked[::-1], self._numbers[::-1])
