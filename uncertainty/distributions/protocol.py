"""What every distribution can do, the one seam to what samples them, and at which probabilities."""

from __future__ import annotations

from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.float64]


@runtime_checkable
class Distribution(Protocol):
    """A one-dimensional probability distribution, immutable and hashable.

    ``str(d)`` is its text in the study language, and parsing that text gives an equal distribution.
    """

    def __hash__(self) -> int: ...

    def quantile(self, u: ArrayLike) -> FloatArray:
        """Return the exact quantiles at probabilities `u` from 0 to 1, of the same shape.

        For a distribution with atoms this is the generalised inverse, ``min{x : cdf(x) >= u}``.
        """
        ...

    def upper_quantile(self, q: ArrayLike) -> FloatArray:
        """Return the quantiles at ``1 - q``, as precise for tiny `q` as `quantile` is for tiny `u`."""
        ...

    def cdf(self, x: ArrayLike) -> FloatArray:
        """Return P(X <= x), of the same shape as `x`."""
        ...

    def survival(self, x: ArrayLike) -> FloatArray:
        """Return P(X > x), of the same shape as `x`, precise where it is tiny."""
        ...

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest value, infinite where there is none."""
        ...

    @property
    def mean(self) -> float:
        """Expectation; nan where it does not exist, inf where it diverges."""
        ...

    @property
    def sd(self) -> float:
        """Standard deviation; nan where it does not exist, inf where it diverges."""
        ...

    @property
    def atoms(self) -> tuple[float, ...]:
        """Values of positive probability, in increasing order; empty for a continuous distribution."""
        ...

    @property
    def is_constant(self) -> bool:
        """Whether all probability lies on one value."""
        ...


def is_distribution(value: object) -> bool:
    """Tell by its type whether a value can do all of this: `isinstance` would compute its mean, for one."""
    return all(
        hasattr(type(value), name) for name in ("quantile", "upper_quantile", "cdf", "survival", "atoms")
    )


SMALLEST = 2.0**-54
LARGEST = 1.0 - 2.0**-53
"""The largest number below 1."""

LEAST_PROBABILITY = 1e-6
"""What bounds must leave of a distribution."""

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
