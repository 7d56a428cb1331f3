"""Variants of a test: a few hold the rule whenever tests run, all of them in CI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any


def variants(cases: Iterable[Any], quick: Callable[..., bool]) -> list[Any]:
    """Return parameters of a test, of which those that `quick` does not choose are slow.

    Parameters
    ----------
    cases
        One for each variant: a tuple of all parameters, or the only one.
    quick
        Takes what a case holds, and says whether it always runs.
    """
    return [_marked(case, runs=quick(*_parts(case))) for case in cases]


def one_in(number: int, cases: Iterable[Any]) -> list[Any]:
    """Return parameters of a test, of which one in so many always runs, and the others are slow.

    It is for long lists whose entries go much the same way through the program.
    """
    return [_marked(case, runs=place % number == 0) for place, case in enumerate(cases)]


def _parts(case: Any) -> tuple[Any, ...]:
    return case if isinstance(case, tuple) else (case,)


def _marked(case: Any, *, runs: bool) -> Any:
    return pytest.param(*_parts(case), marks=() if runs else pytest.mark.slow)
