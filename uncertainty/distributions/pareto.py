"""The Pareto distribution, the tail that has no typical size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from uncertainty.distributions.functions import exp, exponential_quantile, log, scaled
from uncertainty.distributions.parameters import Continuous, make_finite, require_positive, require_shape
from uncertainty.values import of_probabilities, of_values

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import FloatArray


@dataclass(frozen=True, slots=True)
class Pareto(Continuous):
    """Pareto distribution, with survival function ``(scale / x) ** shape`` from `scale` on.

    Parameters
    ----------
    scale
        Smallest value, greater than 0.
    shape
        Tail index, greater than 0; the mean is finite above 1, the standard deviation above 2.
    """

    scale: float
    shape: float
    family: ClassVar[str] = "pareto"

    def __post_init__(self) -> None:
        make_finite(self)
        require_positive(self, "scale")
        require_shape(self, "shape")

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        return scaled(self.scale, exp(exponential_quantile(u) / self.shape))

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return -np.expm1(self._log_survival(x))

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        return exp(self._log_survival(x))

    def _log_survival(self, x: FloatArray) -> FloatArray:
        return -self.shape * log(np.maximum(x, self.scale) / self.scale)

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        return scaled(self.scale, exp(-log(q) / self.shape))

    @property
    def support(self) -> tuple[float, float]:
        """From the scale on."""
        return self.scale, math.inf

    @property
    def mean(self) -> float:
        """Expectation; inf for a shape up to 1."""
        return self.scale * self.shape / (self.shape - 1.0) if self.shape > 1.0 else math.inf

    @property
    def sd(self) -> float:
        """Standard deviation; inf for a shape up to 2."""
        if self.shape <= 2.0:
            return math.inf
        return self.scale * math.sqrt(self.shape / (self.shape - 2.0)) / (self.shape - 1.0)
