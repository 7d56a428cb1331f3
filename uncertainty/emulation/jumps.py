"""Whether a function jumps: between two runs that an emulator explains worst, halved again and again.

What is continuous changes less and less within half the distance; a jump stays as large as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from uncertainty.distributions.protocol import FloatArray

PAIRS = 4
"""Pairs of runs that are looked between."""

HALVINGS = 8
"""After which what is continuous has changed little: the 256th part of a straight line."""

RUNS = PAIRS * HALVINGS
"""Runs of the function that this takes."""

STAYS = 0.5
"""Part of the change that is left between neighbours where it is a jump."""

MATTERS = 0.02
"""Jump that matters, as a share of the outputs' standard deviation."""

MOST_COMPARED = 512
"""Runs among which the pairs are sought."""


def jump_between(
    inputs: FloatArray,
    places: FloatArray,
    discrete: np.ndarray,
    residuals: FloatArray,
    spread: float,
    unexplained: Callable[[FloatArray], FloatArray],
) -> FloatArray | None:
    """Return the inputs at both sides of a jump, shape (inputs, 2); None where none is found.

    Parameters
    ----------
    inputs, places
        Of each run the values, and the scores that tell how near two runs are; shape (inputs, runs).
    discrete
        Which inputs have no values in between, shape (inputs,): they are equal in both runs of a pair.
    residuals
        What the emulator leaves of each run, shape (runs,).
    spread
        Standard deviation of the function's values.
    unexplained
        Gives what the emulator leaves of new runs, shape (runs,), from their inputs.
    """
    pairs = _worst_pairs(places[:, :MOST_COMPARED], discrete, residuals[:MOST_COMPARED])
    if not pairs.size:
        return None
    low, high = inputs[:, pairs[0]], inputs[:, pairs[1]]
    below, above = residuals[pairs[0]], residuals[pairs[1]]
    first = np.abs(above - below)
    for _ in range(HALVINGS):
        middle = low + (high - low) / 2
        left = unexplained(middle)
        upper = np.abs(above - left) >= np.abs(left - below)
        low, below = np.where(upper, middle, low), np.where(upper, left, below)
        high, above = np.where(upper, high, middle), np.where(upper, above, left)
    last = np.abs(above - below)
    jumps = (last > STAYS * first) & (last > MATTERS * spread)
    if not jumps.any():
        return None
    worst = int(np.argmax(np.where(jumps, last, -1.0)))
    return np.stack([low[:, worst], high[:, worst]], axis=1)


def _worst_pairs(places: FloatArray, discrete: np.ndarray, residuals: FloatArray) -> np.ndarray:
    """Return the pairs of runs between which what is left changes most for their distance, shape (2, n)."""
    change = np.abs(residuals[:, None] - residuals)
    squares = np.zeros_like(change)
    for row, exact in zip(places, discrete, strict=True):
        apart = np.abs(row[:, None] - row)
        if exact:
            change[apart > 0] = 0.0
        else:
            squares += (apart / max(float(np.ptp(row)), 1e-300)) ** 2
    steepness = np.triu(change / np.sqrt(squares + np.finfo(float).tiny), 1)
    order = np.argsort(steepness, axis=None)[::-1][: 64 * PAIRS]
    found: list[tuple[int, int]] = []
    taken: set[int] = set()
    for one, other in zip(*np.unravel_index(order, change.shape), strict=True):
        if len(found) < PAIRS and change[one, other] > 0 and not {one, other} & taken:
            found.append((int(one), int(other)))
            taken |= {one, other}
    return np.array(found, dtype=np.int64).reshape(-1, 2).T
