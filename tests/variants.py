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
    found = []
    for case in cases:
        each = case if isinstance(case, tuple) else (case,)
        found.append(pytest.param(*each, marks=() if quick(*each) else pytest.mark.slow))
    return found
