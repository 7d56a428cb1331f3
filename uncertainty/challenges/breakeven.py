"""The value at which one input alone makes an output cross a threshold.

Two questions are asked of each input: with all others at their points, and with all others distributed, where
it is the median of the output that crosses. The search covers the input's own distribution and then, to its
physical limits, what lies beyond; of several crossings the nearest to the start is reported.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from uncertainty.challenges.crossing import make_domain, nearest_crossing
from uncertainty.challenges.normalspace import draw, score_of
from uncertainty.distributions.spread import Spread, count_at
from uncertainty.records import Frozen
from uncertainty.results import record
from uncertainty.sampling.finiteness import MOST_DROPPED
from uncertainty.sampling.selection import quantiles
from uncertainty.sampling.statistics import Draws

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.challenges.normalspace import Drawn, NormalSpace
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
"""How far, in relation to it or to its usual range, a value may lie past an end and still be that end."""

USUAL = (0.05, 0.95)
"""Probabilities whose quantiles are an input's usual range."""

SLOPE = 0.05
"""Part of that range to either side over which the median's slope is taken."""


@record("status", "value", "value_error=error", "quantile", "crossings")
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
    error
        Monte Carlo error of the value, which only draws of the others give it; None where it has none.
    """

    input: str
    threshold: Threshold
    others: Others
    status: Status
    value: float | None = None
    quantile: float | None = None
    crossings: int = 0
    error: float | None = None


def break_even(
    space: NormalSpace, limits: tuple[Threshold, ...], seed: int
) -> Mapping[str, tuple[BreakEven, ...]]:
    """Ask of each input that the response asks about, varying or not, where it alone crosses each threshold.

    Returns
    -------
    Mapping
        By input, for each threshold first with the others at their points, then distributed.
    """
    drawn = draw(space, DRAWS, seed)
    found = {}
    for position in space.response.asked:
        name = space.response.inputs[position]
        curves: list[tuple[Others, _Points | _Medians, float]] = [
            ("points", _Points(space, position), float(space.response.points[position])),
            ("distributed", _Medians(space, position, drawn), _middle(space, position)),
        ]
        found[name] = tuple(
            _ask(space, position, limit, others, curve, start)
            for limit in limits
            for others, curve, start in curves
        )
    return Frozen(found)


def _ask(
    space: NormalSpace,
    position: int,
    limit: Threshold,
    others: Others,
    curve: _Points | _Medians,
    start: float,
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
        slack = ROUNDING * min(abs(crossing.value), _usual(distribution) or math.inf)
        if not smallest - slack <= crossing.value <= largest + slack:
            status = "crosses beyond its distribution"
    return BreakEven(
        name,
        limit,
        others,
        "already crossed" if crossed else status,
        count_at(distribution, crossing.value, crossing.value - start),
        quantile,
        crossing.crossings,
        None if domain.discrete or isinstance(distribution, Spread) else curve.error(crossing.value),
    )


def _usual(distribution: Distribution) -> float:
    """Return the width of an input's usual range."""
    return float(np.ptp(distribution.quantile(np.array(USUAL))))


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

    def error(self, value: float) -> None:  # noqa: ARG002 - the others' too
        """Return the Monte Carlo error of a value at which it crosses; nothing is drawn here."""
        return


@dataclass(frozen=True, eq=False)
class _Medians:
    """The median of the output over one input, the others distributed as they are where it has that value."""

    space: NormalSpace
    position: int
    drawn: Drawn

    def __call__(self, values: FloatArray) -> FloatArray:
        # one value at a time: what so many rows need stays in cache however many inputs there are
        inputs = self.drawn.values.copy()
        medians = np.empty(values.size)
        for i, value in enumerate(values):
            medians[i] = _median(self._outputs(inputs, value), dropping=self._dropping)
        return medians

    def error(self, value: float) -> float | None:
        """Return the Monte Carlo error of a value at which the median crosses: its own over its slope."""
        outputs = self._outputs(self.drawn.values.copy(), value)
        sound = np.isfinite(outputs)
        known = Draws(outputs[sound], self.drawn.replicate_rows if sound.all() else 1).quantile(0.5)
        distribution = self.space.response.distribution(self.position)
        step = SLOPE * (abs(value) if distribution.is_constant else _usual(distribution))
        around = value + np.array([-step, step])
        slope = abs(float(np.diff(self(around))[0])) / float(np.diff(around)[0] or math.nan)
        return known.error / slope if known.error is not None and slope > 0 else None

    @property
    def _dropping(self) -> bool:
        return self.space.response.plan.study.nonfinite == "drop"

    def _outputs(self, inputs: FloatArray, value: float) -> FloatArray:
        """Return the output, shape (draws,), where the input has a value; `inputs` may be written to."""
        if self.followed:
            inputs = self._conditional(self.space.positions.index(self.position), value)
        inputs[self.position] = value
        return self.space.response(inputs)

    @cached_property
    def followed(self) -> bool:
        """Whether other inputs are correlated with this one, and move with it."""
        if self.position not in self.space.positions:
            return False
        place = self.space.positions.index(self.position)
        return bool(np.count_nonzero(self.space.correlation[place]) > 1)

    def _conditional(self, place: int, value: float) -> FloatArray:
        from scipy.special import ndtr

        below, up_to = self.space.distributions[place].cdf(np.array([np.nextafter(value, -np.inf), value]))
        # all scores that give the value, where it has a probability of its own: its draws' own place in turn
        probability = below + (up_to - below) * ndtr(self.drawn.scores[place])
        shift = score_of(probability) - self.drawn.scores[place]
        return self.space.values(self.drawn.scores + self.space.correlation[:, [place]] * shift)


def _median(outputs: FloatArray, *, dropping: bool) -> float:
    """Return the median of draws; with `dropping` of those that are finite, which must be most of them."""
    finite = np.isfinite(outputs)
    if dropping and not finite.all():
        return float(quantiles(outputs[finite], (0.5,))[0]) if finite.mean() >= 1 - MOST_DROPPED else np.nan
    return float(quantiles(outputs, (0.5,))[0])
