"""The value at which one input alone makes an output cross a threshold.

Two questions are asked of each input: with all others at their points, and with all others distributed, where
it is the median of the output that crosses. The search covers the input's own distribution and then, to its
physical limits, what lies beyond; of several crossings the nearest to the start is reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np

from uncertainty.challenges.crossing import make_domain, nearest_crossing
from uncertainty.challenges.normalspace import draw, score_of
from uncertainty.sampling.finiteness import MOST_DROPPED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.challenges.crossing import Curve
    from uncertainty.challenges.normalspace import NormalSpace
    from uncertainty.challenges.thresholds import Threshold
    from uncertainty.distributions import Distribution
    from uncertainty.distributions.protocol import FloatArray

Status = Literal["crosses", "crosses beyond its distribution", "no value does", "already crossed"]
Others = Literal["points", "distributed"]

STEPS = {"points": 280, "distributed": 35}
"""Values on either side of an input's median that are tried."""

DRAWS = 2**12
"""Draws of the other inputs behind a conditional median."""

ROUNDING = 1e-9
"""How far, in relation to it, a value found may lie past an end and still be that end."""

AT_ONCE = 2**18
"""Rows that are evaluated at a time."""


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Where one input makes the output cross a threshold.

    Parameters
    ----------
    others
        Whether the other inputs are at their points or distributed.
    status
        ``"already crossed"`` if the output is on the far side before the input moves; `value` is then what
        would bring it back.
    value
        In the input's unit; None if no value does.
    quantile
        Probability of a smaller value in the input's own distribution, and half that of the value itself;
        None for an input that does not vary.
    crossings
        How often the output crosses over all values tried; above 1, the nearest to the start is given.
    """

    input: str
    threshold: Threshold
    others: Others
    status: Status
    value: float | None = None
    quantile: float | None = None
    crossings: int = 0


def break_even(
    space: NormalSpace, limits: tuple[Threshold, ...], seed: int
) -> Mapping[str, tuple[BreakEven, ...]]:
    """Ask of each input that reaches the output, varying or not, where it alone crosses each threshold.

    Returns
    -------
    Mapping
        By input, for each threshold first with the others at their points, then distributed.
    """
    drawn = draw(space, DRAWS, seed)
    found = {}
    for position, name in enumerate(space.response.inputs):
        curves: list[tuple[Others, Curve, float]] = [
            ("points", _Points(space, position), float(space.response.points[position])),
            ("distributed", _Medians(space, position, drawn.scores, drawn.values), _middle(space, position)),
        ]
        found[name] = tuple(
            _ask(space, position, limit, others, curve, start)
            for limit in limits
            for others, curve, start in curves
        )
    return MappingProxyType(found)


def _ask(
    space: NormalSpace, position: int, limit: Threshold, others: Others, curve: Curve, start: float
) -> BreakEven:
    response = space.response
    name, distribution = response.inputs[position], response.distribution(position)
    crossed = not bool(limit.holds(curve(np.array([start])))[0])
    domain = make_domain(
        response.plan.study.inputs[name], distribution, start, steps=STEPS[others], beyond=True
    )
    crossing = nearest_crossing(curve, domain, start, limit)
    if crossing is None:
        return BreakEven(name, limit, others, "already crossed" if crossed else "no value does")
    quantile = None
    status: Status = "crosses"
    if not distribution.is_constant:
        quantile = _place(distribution, crossing.value)
        smallest, largest = distribution.support
        slack = ROUNDING * abs(crossing.value)
        if not smallest - slack <= crossing.value <= largest + slack:
            status = "crosses beyond its distribution"
    return BreakEven(
        name,
        limit,
        others,
        "already crossed" if crossed else status,
        crossing.value,
        quantile,
        crossing.crossings,
    )


def _place(distribution: Distribution, value: float) -> float:
    """Return the probability of smaller values and half that of the value itself."""
    below, up_to = distribution.cdf(np.array([np.nextafter(value, -np.inf), value]))
    return float((below + up_to) / 2)


def _middle(space: NormalSpace, position: int) -> float:
    distribution = space.response.distribution(position)
    if distribution.is_constant:
        return float(distribution.mean)
    return float(distribution.quantile(np.array([0.5]))[0])


@dataclass(frozen=True, eq=False, slots=True)
class _Points:
    """The output over one input, the others at their points."""

    space: NormalSpace
    position: int

    def __call__(self, values: FloatArray) -> FloatArray:
        inputs = self.space.response.at_points(values.size)
        inputs[self.position] = values
        return self.space.response(inputs)


@dataclass(frozen=True, eq=False, slots=True)
class _Medians:
    """The median of the output over one input, the others distributed as they are where it has that value."""

    space: NormalSpace
    position: int
    scores: FloatArray
    drawn: FloatArray

    def __call__(self, values: FloatArray) -> FloatArray:
        rows = self.drawn.shape[1]
        medians = []
        for some in np.array_split(values, max(1, values.size * rows // AT_ONCE)):
            inputs = np.concatenate([self._given(value) for value in some], axis=1)
            outputs = self.space.response(inputs).reshape(some.size, rows)
            medians.append(_medians(outputs, dropping=self.space.response.plan.study.nonfinite == "drop"))
        return np.concatenate(medians)

    def _given(self, value: float) -> FloatArray:
        """Return the draws of all inputs where one has a value: those correlated with it follow."""
        moved = self.drawn.copy()
        if self.position in self.space.positions:
            place = self.space.positions.index(self.position)
            ties = np.flatnonzero(self.space.correlation[place])
            if ties.size > 1:
                moved = self._conditional(place, value)
        moved[self.position] = value
        return moved

    def _conditional(self, place: int, value: float) -> FloatArray:
        from scipy.special import ndtr

        below, up_to = self.space.distributions[place].cdf(np.array([np.nextafter(value, -np.inf), value]))
        # all scores that give the value, where it has a probability of its own: its draws' own place in turn
        probability = below + (up_to - below) * ndtr(self.scores[place])
        shift = score_of(probability) - self.scores[place]
        return self.space.values(self.scores + self.space.correlation[:, [place]] * shift)


def _medians(outputs: FloatArray, *, dropping: bool) -> FloatArray:
    """Return each row's median; with `dropping` of what is finite there, which must be most of it."""
    finite = np.isfinite(outputs)
    if not dropping or finite.all():
        return np.asarray(np.median(outputs, axis=1))
    enough = finite.mean(axis=1) >= 1 - MOST_DROPPED
    kept = np.where(finite, outputs, np.nan)
    kept[~enough] = 0.0
    return np.where(enough, np.nanmedian(kept, axis=1), np.nan)
