"""Mixtures: one of several distributions, each with a probability."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, ClassVar, cast

import numpy as np

from uncertainty.distributions.discrete import Fixed, checked_weights
from uncertainty.distributions.inversion import first_reaching
from uncertainty.distributions.parameters import Written, set_once, tuple_text, within
from uncertainty.distributions.probabilities import FAR_UP
from uncertainty.distributions.protocol import is_distribution
from uncertainty.errors import InvalidValue
from uncertainty.values import of_probabilities, of_values, shown

if TYPE_CHECKING:
    from uncertainty.distributions.protocol import Distribution, FloatArray


def as_distribution(value: object, what: str) -> Distribution:
    """Return a distribution as it is, and a number as a constant."""
    if isinstance(value, Real) and not isinstance(value, bool):
        return Fixed(float(value))
    if is_distribution(value):
        return cast("Distribution", value)
    raise InvalidValue(f"{what} must be a distribution or a number, not {shown(value)}")


@dataclass(frozen=True, slots=True)
class Mixture(Written):
    """One of several distributions, each with a probability.

    Parameters
    ----------
    components
        Distributions or numbers, at least one.
    weights
        As many, none negative; equal if not given.

    Attributes
    ----------
    parts
        Pairs of a probability and a component, without those of no probability.
    """

    components: tuple[Distribution, ...]
    weights: tuple[float, ...] | None = None
    family: ClassVar[str] = "mixture"
    parts: tuple[tuple[float, Distribution], ...] = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        components = tuple(as_distribution(part, "mixture: a component") for part in self.components)
        if not components:
            raise InvalidValue("mixture: at least one distribution is needed")
        set_once(self, "components", components)
        set_once(self, "weights", checked_weights(self.weights, len(components), "mixture"))
        weights = self.weights or (1.0,) * len(components)
        total = math.fsum(weights)
        parts = [(weight / total, part) for weight, part in zip(weights, components, strict=True)]
        set_once(self, "parts", tuple((share, part) for share, part in parts if share > 0.0))

    @property
    def call(self) -> str:
        """Its text as a call of its family, whatever it was written as."""
        weights = "" if self.weights is None else f", weights=({tuple_text(self.weights)})"
        return f"mixture({', '.join(map(str, self.components))}{weights})"

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the smallest values whose cdf reaches `u`; they lie between the components' quantiles."""
        components = np.stack([part.quantile(u) for _, part in self.parts])
        lowest, highest = components.min(axis=0), components.max(axis=0)
        low, high = self.support
        found = np.asarray(first_reaching(self.cdf, u, lowest, highest))
        if (far := (u > 1.0 - FAR_UP) & (u < 1.0)).any():
            found[far] = self.upper_quantile(1.0 - u[far])
        return np.where(u <= 0.0, low, np.where(u >= 1.0, high, found))

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        total = np.zeros_like(x)
        for share, part in self.parts:
            total += share * part.cdf(x)
        return np.where(x >= self.support[1], 1.0, np.minimum(total, 1.0))

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        total = np.zeros_like(x)
        for share, part in self.parts:
            total += share * part.survival(x)
        return np.where(x < self.support[0], 1.0, np.minimum(total, 1.0))

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the smallest values beyond which lies no more than `q`."""
        components = np.stack([part.upper_quantile(q) for _, part in self.parts])
        lowest, highest = components.min(axis=0), components.max(axis=0)
        low, high = self.support
        found = first_reaching(lambda x: -self.survival(x), -q, lowest, highest)
        return np.where(q <= 0.0, high, np.where(q >= 1.0, low, found))

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest value of any component."""
        lows, highs = zip(*(part.support for _, part in self.parts), strict=True)
        return min(lows), max(highs)

    @property
    def atoms(self) -> tuple[float, ...]:
        """The atoms of all components."""
        return tuple(sorted({atom for _, part in self.parts for atom in part.atoms}))

    @property
    def is_constant(self) -> bool:
        """Whether all components are the same constant."""
        low, high = self.support
        return low == high

    @property
    def mean(self) -> float:
        """Expectation."""
        return within(sum(share * part.mean for share, part in self.parts), self.support)

    @property
    def sd(self) -> float:
        """Standard deviation, of the components' own and between their means."""
        centre = self.mean
        if not math.isfinite(centre):
            return centre if math.isnan(centre) else math.inf
        # `hypot` neither overflows nor raises for a part of infinite spread.
        spreads = [(math.sqrt(share), part.sd, part.mean - centre) for share, part in self.parts]
        return math.hypot(*(root * spread for root, *both in spreads for spread in both))
