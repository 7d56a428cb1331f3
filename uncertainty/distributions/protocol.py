"""What every distribution can do: the one seam between families and everything that samples them."""

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
