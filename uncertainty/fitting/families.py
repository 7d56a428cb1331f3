"""Families that are fitted to data by maximum likelihood, many samples at a time.

Each family fits the rows of an array of samples, shape (samples, n), at once: a p-value that knows that
parameters were fitted needs the fit repeated for every replicate.
"""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from uncertainty.distributions.families import FAMILIES as EVERY
from uncertainty.distributions.families import Family as Written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from uncertainty.distributions import Distribution, FloatArray

    Fitter = Callable[[FloatArray], tuple[FloatArray, ...]]

LEAST_SPREAD = 1e-6
"""Standard deviation beside the values, below which logarithm and line are one, and only rounding differs."""


class Family(NamedTuple):
    """A family and its estimator.

    Parameters
    ----------
    fit
        From samples, shape (samples, n), to parameters, each of shape (samples,).
    make
        From one sample's parameters to the distribution.
    scipy
        From parameters to scipy's frozen distribution, which has densities.
    support
        ``"real"``, ``"positive"`` or ``"unit"``: which values it can have.
    repeats
        How often one value may occur for each that differs from it, before the likelihood has no maximum.
    """

    fit: Fitter
    make: Callable[..., Distribution]
    scipy: Callable[..., Any]
    parameters: int
    support: str = "real"
    repeats: float = math.inf

    def log_likelihood(self, values: FloatArray, parameters: tuple[float, ...]) -> float:
        """Return the log-likelihood of some values under the parameters of the fit."""
        return float(self.scipy(*parameters).logpdf(values).sum())

    def refuses(self, values: FloatArray) -> str:
        """Say why the family cannot have these values; empty if it can."""
        low, high = float(values.min()), float(values.max())
        if self.support == "positive" and low <= 0:
            return f"only positive values are possible, and the least of the data is {low:.4g}"
        if self.support == "unit" and not (low > 0 and high < 1):
            digits = 4 if f"{low:.4g}" != f"{high:.4g}" else 15
            reach = f"{low:.{digits}g} to {high:.{digits}g}"
            return f"only values between 0 and 1 are possible, and the data reach from {reach}"
        if self.support == "positive" and (relative := float((values / high).std())) < LEAST_SPREAD:
            return (
                f"it is one with families of the real line, as the data vary by {relative:.1g} of their size"
            )
        most = int(np.unique(values, return_counts=True)[1].max())
        if most > self.repeats * (len(values) - most):
            return f"the likelihood has no greatest value where {most} of {len(values)} values are the same"
        return ""

    @classmethod
    def of(cls, written: Written) -> Family:
        """Return the estimator that a family brings."""
        make = written.make
        support, repeats = getattr(make, "values", "real"), getattr(make, "repeats", math.inf)
        return cls(make.most_likely, make, make.in_scipy, len(written.required), support, repeats)


FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        name: Family.of(each)
        for name, each in EVERY.items()
        if isinstance(each, Written) and hasattr(each.make, "most_likely")
    }
)
