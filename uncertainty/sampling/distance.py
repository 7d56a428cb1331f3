"""How far two samples lie apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import FloatArray


def kolmogorov_smirnov(one: FloatArray, other: FloatArray) -> float:
    """Return the largest difference of the distribution functions of two samples; 0 where one is empty."""
    if not one.size or not other.size:
        return 0.0
    everything = np.concatenate([one, other])
    below = np.searchsorted(np.sort(one), everything, "right") / one.size
    return float(np.max(np.abs(below - np.searchsorted(np.sort(other), everything, "right") / other.size)))
