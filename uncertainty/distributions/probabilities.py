"""The probabilities that quantiles are taken at, strictly between 0 and 1, and those that have one value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import Distribution, FloatArray

SMALLEST = 2.0**-54
LARGEST = 1.0 - 2.0**-53
"""The largest number below 1."""

FAR_UP = 2.0**-10
"""What lies above a value is counted from above where it is less than this: floats near 0 are dense."""


def inside(probabilities: FloatArray, out: FloatArray | None = None) -> FloatArray:
    """Move probabilities that have been rounded to 0 or 1 off these ends."""
    found: FloatArray = np.clip(probabilities, SMALLEST, LARGEST, out=out)
    return found


def probability_ranges(
    distribution: Distribution, values: FloatArray, probabilities: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return between which probabilities each value is the quantile; its own where it occurs but once.

    Parameters
    ----------
    values, probabilities
        Quantiles and the probabilities that they are the quantiles of, of one shape.

    Returns
    -------
    below, up_to
        P(X < x) and P(X <= x) where x has a probability of its own.
    """
    if not distribution.atoms:
        return probabilities, probabilities
    atoms = np.array(distribution.atoms)
    place = np.minimum(np.searchsorted(atoms, values), len(atoms) - 1)
    below, up_to = (distribution.cdf(at)[place] for at in (np.nextafter(atoms, -np.inf), atoms))
    repeated = atoms[place] == values
    return np.where(repeated, below, probabilities), np.where(repeated, up_to, probabilities)
