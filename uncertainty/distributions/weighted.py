"""Values whose weights are other quantities: which of them a draw is, as an expression over the weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from uncertainty.distributions.discrete import Discrete
from uncertainty.distributions.forms import LAST, filled
from uncertainty.distributions.spread import Spread, edges_of
from uncertainty.errors import InvalidValue
from uncertainty.expressions import Call, Number
from uncertainty.expressions.tree import constant, literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.expressions import Expression

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
