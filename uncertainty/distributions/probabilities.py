"""The probabilities that quantiles are taken at: strictly between 0 and 1, where every quantile is finite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import FloatArray

SMALLEST = 2.0**-54
LARGEST = 1.0 - 2.0**-53
"""The largest number below 1."""


def inside(probabilities: FloatArray, out: FloatArray | None = None) -> FloatArray:
    """Move probabilities that have been rounded to 0 or 1 off these ends."""
    found: FloatArray = np.clip(probabilities, SMALLEST, LARGEST, out=out)
    return found
