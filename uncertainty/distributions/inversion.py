"""Numerical inversion of non-decreasing functions, to the last bit and with jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from uncertainty.distributions.functions import Unary
    from uncertainty.distributions.protocol import FloatArray

Ranks: TypeAlias = NDArray[np.int64]


def first_reaching(function: Unary, target: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Find the smallest float in [low, high] at which `function` reaches `target`.

    Bisection runs over the floats themselves in their order, not over their values: it takes at most 64
    evaluations, however far apart the bounds (infinite ones included), and lands exactly on a jump.

    Parameters
    ----------
    function
        Non-decreasing and vectorised.
    target
        Values to reach.
    low, high
        Bounds of the search, of the shape of `target`.

    Returns
    -------
    FloatArray
        Of the shape of `target`; `high` where nothing in reach is large enough.
    """
    below, above = _rank(low), _rank(high)
    while np.any(below < above):
        middle = (below >> 1) + (above >> 1) + (below & above & 1)
        reached = function(_value(middle)) >= target
        above = np.where(reached, middle, above)
        below = np.where(reached, below, np.minimum(middle + 1, above))
    return _value(above) + 0.0


def _rank(values: FloatArray) -> Ranks:
    """Integers in the order of the floats: the bits of a float, with those of negative ones reversed."""
    return _mirror(np.asarray(values, dtype=np.float64, order="C").view(np.int64))


def _value(ranks: Ranks) -> FloatArray:
    return _mirror(ranks).view(np.float64)


def _mirror(bits: Ranks) -> Ranks:
    return bits ^ ((bits >> 63) & np.int64(0x7FFF_FFFF_FFFF_FFFF))
