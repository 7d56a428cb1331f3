"""What the functions of spreadsheets mean, by their names."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from uncertainty.records import Frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.workbooks.translation import Function


@cache
def functions() -> Mapping[str, Function]:
    """Return every function that has a translation."""
    from uncertainty.workbooks.functions import (
        aggregates,
        conditions,
        finance,
        lookups,
        numbers,
        statistics,
        words,
    )

    found: dict[str, Function] = {}
    for module in (numbers, aggregates, statistics, conditions, lookups, finance, words):
        found |= module.FUNCTIONS
    return Frozen(found)
