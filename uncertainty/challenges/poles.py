"""Changes of side through infinity, or where a curve is undefined: none of them is a crossing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from uncertainty.challenges.thresholds import Threshold
    from uncertainty.distributions.protocol import FloatArray

    Curves = Callable[[FloatArray], FloatArray]
    """The outputs of n curves, shape (k, n), at k values of each, shape (k, n)."""


HALVINGS = 30
"""Times that the bracket of a curve is halved to find where that changes its side."""

NARROW, NARROWED = 1e-10, 1e-12
"""Width of a bracket, in relation to its ends and to what it was at first, that is halved no further."""

RUNGS = 8.0 * 4.0 ** np.arange(5)
"""Distances from such a place, in widths of its bracket, at which it is looked whether the curve grows."""

GROWN = 1e-6
"""Share by which a curve that grows without bound is larger at each of them than at the next farther one."""

KEPT = 0.8
"""Part of one such growth that the next nearer one reaches at least.

Towards 1 / x the growths quadruple, towards log(x) they stay, and towards a finite jump they fall to a
quarter, or to a half beside a square root.
"""

ROWS = 2 * RUNGS.size
"""Values at which a curve is looked at there."""


def halved(
    curves: Curves,
    near: FloatArray,
    far: FloatArray,
    limit: Threshold,
    size: float,
    steps: int = HALVINGS,
) -> tuple[FloatArray, FloatArray]:
    """Return narrower brackets of places at which each of some curves changes its side, shape (n,) each.

    Parameters
    ----------
    near, far
        Brackets in which they do, from the side of the start.
    size
        What the width of the first bracket was.
    """
    side = limit.holds(curves(near[None])[0])
    for _ in range(steps):
        widest = np.maximum(NARROW * np.maximum(np.abs(near), np.abs(far)), NARROWED * size)
        wide = np.abs(far - near) > widest
        if not wide.any():
            break
        middle = (near + far) / 2
        same = limit.holds(curves(middle[None])[0]) == side
        near, far = np.where(wide & same, middle, near), np.where(wide & ~same, middle, far)
    return near, far


def are_broken(
    curves: Curves, near: FloatArray, far: FloatArray, limit: Threshold, ends: tuple[float, float]
) -> NDArray[np.bool_]:
    """Tell for each of some curves whether it grows without bound towards a narrow bracket, or is undefined.

    A finite jump is none of these: a curve that jumps is on one side of a threshold, and then on the other.

    Parameters
    ----------
    near, far
        The ends of its bracket, between which it changes its side, shape (n,) each.
    ends
        The least and the largest value that is asked for.
    """
    width = far - near
    values = np.concatenate([near - width * RUNGS[:, None], far + width * RUNGS[:, None]])
    asked = (values >= ends[0]) & (values <= ends[1])
    size = np.abs(curves(np.clip(values, *ends)) - limit.value).reshape(2, RUNGS.size, -1)
    seen = asked.reshape(size.shape).all(axis=1)
    with np.errstate(invalid="ignore"):
        growth = size[:, :-1] - size[:, 1:]
        grows = (growth > GROWN * size[:, 1:]).all(axis=1)
        keeps = (growth[:, :-1] >= KEPT * growth[:, 1:]).all(axis=1)
    broken = seen & (~np.isfinite(size[:, 0]) | (grows & keeps))
    return np.asarray(np.any(broken, axis=0))
