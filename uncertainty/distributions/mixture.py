"""Mixtures: one of several distributions, or of several values whose weights are other quantities."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise
from numbers import Real
from typing import TYPE_CHECKING, ClassVar, cast

import numpy as np

from uncertainty.distributions.discrete import Discrete, Fixed, checked_weights
from uncertainty.distributions.forms import LAST, filled
from uncertainty.distributions.functions import first_reaching_in_few
from uncertainty.distributions.parameters import Written, set_once, tuple_text, within
from uncertainty.distributions.protocol import FAR_UP, is_distribution
from uncertainty.distributions.spread import Spread, edges_of
from uncertainty.errors import InvalidValue
from uncertainty.expressions import Call, Number
from uncertainty.expressions.tree import constant, literal
from uncertainty.late import dataclass
from uncertainty.values import of_probabilities, of_values, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.distributions.protocol import Distribution, FloatArray
    from uncertainty.expressions import Expression


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
    example: ClassVar[str] = "mixture(normal(2, 1), normal(8, 1))"
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
        found = np.asarray(first_reaching_in_few(self.cdf, u, lowest, highest))
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
        found = first_reaching_in_few(lambda x: -self.survival(x), -q, lowest, highest)
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


MOST = 50
"""Values among which other quantities can decide."""


@dataclass(frozen=True, slots=True)
class Weighted:
    """Values with weights that are expressions.

    Parameters
    ----------
    values
        In increasing order, each once.
    weights
        As many; they need not add to 1.
    """

    values: tuple[float, ...]
    weights: tuple[Expression, ...]

    @property
    def parameters(self) -> Mapping[str, Expression]:
        """The weights by the value that each is of."""
        named = zip(self.values, self.weights, strict=True)
        return {f"the weight of {value:g}": weight for value, weight in named}

    @property
    def mean(self) -> Expression:
        """The mean of the values."""
        sums = self._sums()
        # the first, and each step to the next with the share of what lies above it
        found: Expression = literal(self.values[0])
        for place, (value, after) in enumerate(pairwise(self.values)):
            share = filled("1 - part / all", {"part": sums[place], "all": sums[-1]})
            found = filled("x + step * share", {"x": found, "step": literal(after - value), "share": share})
        return found

    def within(self, low: float | None, high: float | None) -> Weighted:
        """Return those within limits."""
        kept = [
            (value, weight)
            for value, weight in zip(self.values, self.weights, strict=True)
            if (low is None or value >= low) and (high is None or value <= high)
        ]
        if not kept:
            raise InvalidValue("discrete: none of the values lies within the input's limits")
        return Weighted(tuple(value for value, _ in kept), tuple(weight for _, weight in kept))

    def conditions(self) -> dict[str, Expression]:
        """Return what must hold, as far as that is not plain."""
        each = [Call("greater_equal", (weight, Number(0.0))) for weight in self.weights]
        positive = Call("greater", (self._sums()[-1], Number(0.0)))
        holds: Expression = positive
        for every in each:
            if not constant(every):
                holds = Call("logical_and", (holds, every))
        return {} if constant(holds) else {"a weight": holds}

    def at(self, weights: Sequence[float]) -> Spread:
        """Return the distribution for some weights, spread about the values."""
        return Spread(Discrete(self.values, tuple(weights)), self.values)

    def drawn(self, column: Expression, reference: Weighted) -> Expression:
        """Return what a draw is here that would be `column` at the reference."""
        probability = filled("minimum(p, last)", {"p": reference._probability(column), "last": Number(LAST)})
        sums = self._sums()
        reached = Call("multiply", (probability, sums[-1]))
        found = literal(self.values[-1])
        for value, so_far in zip(reversed(self.values[:-1]), reversed(sums[:-1]), strict=True):
            found = Call("where", (Call("less_equal", (reached, so_far)), literal(value), found))
        conditions = self.conditions()
        if not conditions:
            return found
        return filled("x + sqrt(where(holds, 0, -1))", {"x": found, "holds": conditions["a weight"]})

    def _probability(self, x: Expression) -> Expression:
        """Return where a value lies that is spread about these."""
        sums = self._sums()
        below: list[Expression] = [Number(0.0), *sums[:-1]]
        edges = edges_of(self.values)
        parts = [
            filled(
                "(below + (x - left) / (right - left) * own) / all",
                {
                    "below": below[place], "own": self.weights[place], "all": sums[-1], "x": x,
                    "left": literal(edges[place]), "right": literal(edges[place + 1]),
                },
            )
            for place in range(len(self.values))
        ]  # fmt: skip
        found = parts[-1]
        for place in range(len(parts) - 2, -1, -1):
            found = Call("where", (Call("less", (x, literal(edges[place + 1]))), parts[place], found))
        return found

    def _sums(self) -> list[Expression]:
        """Return the weights added so far."""
        sums = [self.weights[0]]
        for weight in self.weights[1:]:
            sums.append(Call("add", (sums[-1], weight)))
        return sums


def weighted(values: Sequence[float], weights: Sequence[Expression]) -> Weighted:
    """Return values in order, with the weights of equal ones added.

    Raises
    ------
    InvalidValue
        If there are not as many weights as values, or too many.
    """
    if len(values) != len(weights):
        raise InvalidValue(
            f"discrete: weights must be as many as the values, {len(values)}, not {len(weights)}"
        )
    by_value: dict[float, Expression] = {}
    for value, weight in zip(values, weights, strict=True):
        by_value[value] = Call("add", (by_value[value], weight)) if value in by_value else weight
    if len(by_value) > MOST:
        raise InvalidValue(f"discrete: weights of at most {MOST} values may be other quantities")
    ordered = sorted(by_value)
    return Weighted(tuple(ordered), tuple(by_value[value] for value in ordered))
