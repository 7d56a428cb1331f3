"""What draws say that do not count alike: each has a weight, as an observation gives it.

Every number is that of all draws by their weights (self-normalised importance sampling; Hesterberg 1995,
doi:10.1080/00401706.1995.10484303). Its error is what leaving out each of the independent parts of the draws
in turn changes (the jackknife over groups; Tukey 1958, doi:10.1214/aoms/1177706647), for quantiles that of
the share below them. So errors hold for independent draws and for nets.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.errors import SettingError
from uncertainty.rounding import UNVARYING
from uncertainty.sampling.collecting import Stored
from uncertainty.sampling.estimate import (
    ERRORS_WIDE,
    FEWEST_EVENTS,
    NOTHING,
    Estimate,
    Least,
    half_widths,
    too_few_draws,
    too_few_events,
    wilson,
)
from uncertainty.sampling.moments import ONE_REPLICATE, power_of_two, widened_by_bend
from uncertainty.sampling.statistics import FEWEST_BEYOND, Draws, check_level, check_probability
from uncertainty.sampling.thresholds import lower, upper

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray

MOST_OF_ONE = 0.1
"""Share of a moment's spread that one draw may have before the moment's error is trusted."""


def effective_number(weights: FloatArray) -> float:
    """Return how many draws that count alike tell as much (Kish 1965, Survey Sampling)."""
    total = float(weights.sum())
    return total**2 / float(np.square(weights).sum()) if total > 0 else 0.0


def resampled(weights: FloatArray) -> NDArray[np.intp]:
    """Return rows, as many as there are, in which each is met as often as its weight says.

    Systematic resampling, which needs no random number (Kitagawa 1996, doi:10.1080/10618600.1996.10474692).
    """
    reached = np.cumsum(weights)
    wanted = (np.arange(weights.size) + 0.5) / weights.size * reached[-1]
    rows: NDArray[np.intp] = np.searchsorted(reached, wanted)
    return rows


UNSETTLED = "one draw alone decides the error: moments do not settle in so few draws"


class WeightedDraws(Draws):
    """The draws of one output, each with a weight, and what they say.

    Parameters
    ----------
    values, weights
        Shape (samples,); no weight is negative, and some are positive.
    groups
        The number of the independent part of the draws that each belongs to, shape (samples,).
    constant, without, finest
        As of `Draws`.
    """

    def __init__(
        self,
        values: FloatArray,
        weights: FloatArray,
        groups: NDArray[np.intp],
        *,
        constant: bool = True,
        without: Sequence[Draws] = (),
        finest: Least = NOTHING,
    ) -> None:
        counts = weights > 0
        self._drawn, self._weights, self._groups = values[counts], weights[counts], groups[counts]
        self._parts = int(groups.max()) + 1
        self._whole = self._by_group(self._weights)
        self._rows, self.effective = weights.size, effective_number(weights)
        alike = Stored(self._drawn[resampled(self._weights)])
        super().__init__(alike, constant=constant, without=without, finest=finest)

    @property
    def stored(self) -> bool:
        """Whether all draws are kept; they are. `values` has each as often as its weight says."""
        return True

    @property
    def lowest(self) -> float:
        """The smallest draw that counts."""
        return float(self._drawn.min())

    @property
    def highest(self) -> float:
        """The largest draw that counts."""
        return float(self._drawn.max())

    @cached_property
    def spread(self) -> float:
        """Distance of the largest draw from the smallest."""
        return self.highest - self.lowest

    @cached_property
    def mean(self) -> Estimate:
        """The mean."""
        own = self._moments(self._drawn)[0]
        if self.without and self.equal and self.constant:
            own = Estimate(own.value, 0.0)
        return self._with_cases(own, lambda draws: draws.mean.value, self.finest.of_mean)

    @cached_property
    def sd(self) -> Estimate:
        """The standard deviation."""
        return self._with_cases(
            self._moments(self._drawn)[1], lambda draws: draws.sd.value, self.finest.of_sd
        )

    @cached_property
    def log_sd(self) -> float | None:
        """Standard deviation of the natural logarithm; None where a value is not positive."""
        return self._of_logarithms.value if self.lowest > 0 else None

    @cached_property
    def _of_logarithms(self) -> Estimate:
        """The standard deviation of the natural logarithm, of positive values."""
        return self._moments(np.log(self._drawn))[1]

    def quantile_interval(self, probability: float, confidence: float = 0.95) -> tuple[float, float] | None:
        """Return the interval in which a quantile lies with a confidence; None if none can be given."""
        check_probability(probability)
        check_level("confidence", confidence)
        if self._beyond(probability) < FEWEST_BEYOND:
            return None
        reach = self._reach_below(probability, self._order_statistic(probability), confidence)
        return None if reach is None else self._around(probability, reach)

    def share_at_least(self, threshold: float) -> Estimate:
        """Return the share at or above `threshold`."""
        edge = lower(threshold, self.spread)
        return self._share_where(
            lambda v: v >= edge, lambda d: d.share_at_least(threshold), self._unsure(threshold)
        )

    def share_below(self, threshold: float) -> Estimate:
        """Return the share below `threshold`."""
        edge = lower(threshold, self.spread)
        return self._share_where(
            lambda v: v < edge, lambda d: d.share_below(threshold), self._unsure(threshold)
        )

    def share_at_most(self, threshold: float) -> Estimate:
        """Return the share at or below `threshold`."""
        edge = upper(threshold, self.spread)
        return self._share_where(
            lambda v: v <= edge, lambda d: d.share_at_most(threshold), self._unsure(threshold)
        )

    def share_within(self, low: float, high: float) -> Estimate:
        """Return the share from `low` to `high` above it, both included."""
        ends = lower(low, self.spread), upper(high, self.spread)
        if ends[0] > ends[1]:
            raise SettingError(f"expected low to be at most high, found {low:g} and {high:g}")
        return self._share_where(
            lambda v: (v >= ends[0]) & (v <= ends[1]),
            lambda draws: draws.share_within(low, high),
            self._unsure_within(low, high),
        )

    def share(self, event: Callable[[FloatArray], np.ndarray]) -> Estimate:
        """Return the share for which `event` holds, event mapping values to booleans."""
        return self._share_where(event, lambda draws: draws.share(event))

    def share_interval(self, threshold: float, confidence: float = 0.95) -> tuple[float, float] | None:
        """Return the interval in which P(X < threshold) lies with a confidence; None if none can be given."""
        check_level("confidence", confidence)
        return self._bounds(
            self._by_group(self._weights * (self._drawn < lower(threshold, self.spread))), confidence
        )

    def _share_where(
        self,
        event: Callable[[FloatArray], np.ndarray],
        of: Callable[[Draws], Estimate],
        least: float = 0.0,
    ) -> Estimate:
        met = self._by_group(self._weights * event(self._drawn))
        value = self._share_of(met)
        few = min(value, 1 - value) * self.effective
        bounds = self._bounds(met, 0.95)
        if few == 0 and self.equal and self.constant:
            found = Estimate(value, None, UNVARYING, (value, value))
        elif few == 0:
            # no draw at all says no more than "rarer than about 3 in N" (the rule of three)
            found = Estimate(value, min(3 / self.effective, 1.0), "", bounds)
        elif few < FEWEST_EVENTS:
            found = Estimate(value, None, too_few_events(few, self._rows, missed=value > 0.5), bounds)
        else:
            reach = self._reach(met, 0.95)
            found = (
                Estimate(value, None, ONE_REPLICATE)
                if reach is None
                else Estimate(value, reach / ERRORS_WIDE, "", bounds)
            )
        return self._with_cases(found, lambda draws: of(draws).value, least)

    def _share_of(self, met: FloatArray) -> float:
        return min(float(met.sum() / self._whole.sum()), 1.0)

    def _bounds(self, met: FloatArray, confidence: float) -> tuple[float, float] | None:
        value = self._share_of(met)
        if min(value, 1 - value) * self.effective < FEWEST_EVENTS:
            return wilson(value, max(round(self.effective), 1), confidence)
        reach = self._reach(met, confidence)
        return None if reach is None else (max(value - reach, 0.0), min(value + reach, 1.0))

    def _reach(self, met: FloatArray, confidence: float) -> float | None:
        """Return half the interval of a share that the parts agree on; None where there is one part."""
        from uncertainty.special import stdtrit

        without = self._without_each(met)
        if without.size < 2:
            return None
        # parts may agree exactly; one draw is still the finest that draws can tell
        finest = float(stdtrit(without.size - 1, (1 + confidence) / 2)) * self._of_one
        return max(float(half_widths((without.size - 1) * without, confidence)), finest)

    @property
    def _of_one(self) -> float:
        """The share of all weight that one draw has at most."""
        return float(self._weights.max() / self._whole.sum())

    def _without_each(self, met: FloatArray) -> FloatArray:
        """Return a ratio of sums without each part that counts."""
        left = self._whole.sum() - self._whole
        sums = met.sum() - met
        counting = (self._whole > 0) & (left > 0)
        return np.asarray(sums[counting] / left[counting])

    def _by_group(self, values: FloatArray) -> FloatArray:
        return np.bincount(self._groups, values, minlength=self._parts).astype(np.float64)

    def _moments(self, values: FloatArray) -> tuple[Estimate, Estimate]:
        """Return the mean and the standard deviation, with their errors."""
        # in a unit in which no power of a value is too large or too small
        size = float(power_of_two(np.abs(values).max()))
        mean, sd = self._moments_of(values / size)
        return mean.times(size), sd.times(size)

    def _moments_of(self, values: FloatArray) -> tuple[Estimate, Estimate]:
        first = self._by_group(self._weights * values)
        mean = float(first.sum() / self._whole.sum())
        apart = values - mean
        second = self._by_group(self._weights * apart**2)
        variance = float(second.sum() / self._whole.sum())
        sd = math.sqrt(variance)
        if self.equal:
            return Estimate(mean, None, self.same_because), Estimate(0.0, None, self.same_because)
        means = self._without_each(self._by_group(self._weights * apart))
        sds = np.sqrt(np.maximum(self._without_each(second) - means**2, 0.0))
        fourth = float((self._weights * apart**4).sum() / self._whole.sum())
        kurtosis = fourth / variance**2 if variance > 0 else 1.0
        of_one = sd * self._of_one
        told = self._moment(mean, means, (self._weights * apart) ** 2, of_one * math.sqrt(kurtosis))
        spread = self._moment(sd, sds, (self._weights * apart**2) ** 2, of_one * kurtosis / 2)
        return told, widened_by_bend(spread, told, kurtosis)

    def _moment(self, value: float, without: FloatArray, made_of: FloatArray, finest: float) -> Estimate:
        """Return a moment with its error.

        Parameters
        ----------
        without
            The moment without each part of the draws.
        made_of
            What each draw adds to the square of the error.
        finest
            What one draw more or less changes.
        """
        if without.size < 2:
            return Estimate(value, None, ONE_REPLICATE)
        if float(made_of.max()) > MOST_OF_ONE * float(made_of.sum()):
            return Estimate(value, None, UNSETTLED)
        reach = float(half_widths((without.size - 1) * without))
        return Estimate(value, max(reach / ERRORS_WIDE, finest))

    def _quantile(self, probability: float) -> Estimate:
        value = self._order_statistic(probability)
        if self.equal and self.constant:
            return Estimate(value, 0.0)
        if self._beyond(probability) < FEWEST_BEYOND:
            enough = (
                FEWEST_BEYOND / max(min(probability, 1 - probability), 1e-300) * self._rows / self.effective
            )
            return Estimate(value, None, too_few_draws(math.ceil(enough)))
        reach = self._reach_below(probability, value, 0.95)
        if reach is None:
            return Estimate(value, None, ONE_REPLICATE)
        low, high = self._around(probability, reach)
        return Estimate(value, max(value - low, high - value) / ERRORS_WIDE)

    def _reach_below(self, probability: float, value: float, confidence: float) -> float | None:  # noqa: ARG002 - of draws that count alike
        below = self._by_group(self._weights * (self._drawn < value))
        upto = self._by_group(self._weights * (self._drawn <= value))
        known = [reach for met in (below, upto) if (reach := self._reach(met, confidence)) is not None]
        return max(known) if known else None

    def _beyond(self, probability: float) -> float:
        return min(probability, 1 - probability) * self.effective

    @cached_property
    def _sorted(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The draws in order, the weight up to each, and the probability at which it is the quantile."""
        order = np.argsort(self._drawn, kind="stable")
        weights = self._weights[order]
        reached = np.cumsum(weights)
        middles = reached - weights / 2
        places = middles - middles[0]
        return self._drawn[order], reached / reached[-1], places / places[-1] if places[-1] > 0 else places

    def _order_statistic(self, probability: float) -> float:
        """Return the quantile, interpolated between two draws unless others share the value of one."""
        values, reached, places = self._sorted
        last = values.size - 1
        above = min(int(np.searchsorted(places, probability, side="left")), last)
        below = max(above - 1, 0)
        low, high = float(values[below]), float(values[above])
        if low == high or places[above] == probability:
            return high
        if (
            values[max(below - 1, 0)] == low != values[0]
            or values[min(above + 1, last)] == high != values[last]
        ):
            return low if probability <= reached[below] else high
        part = (probability - places[below]) / (places[above] - places[below])
        return low + float(part) * (high - low)

    def _shortest(self, level: float) -> tuple[Estimate, Estimate]:
        """Return the ends of the shortest interval, which groups tell an error of where they can."""
        low, high = self._shortest_of(slice(None), level)
        parts = [np.flatnonzero(self._groups == each) for each in range(self._parts)]
        least = min(effective_number(self._weights[each]) for each in parts)
        if len(parts) < 2 or least * (1 - level) < FEWEST_BEYOND:
            reason = "there are too few draws outside the interval"
            return Estimate(low, None, reason), Estimate(high, None, reason)
        ends = np.array([self._shortest_of(each, level) for each in parts])
        # the ends converge with the cube root of the number of draws, those of nets with less
        errors = ends.std(axis=0, ddof=1) / len(parts) ** (1 / 6)
        return Estimate(low, float(errors[0])), Estimate(high, float(errors[1]))

    def _shortest_of(self, rows: slice | NDArray[np.intp], level: float) -> tuple[float, float]:
        values, weights = self._drawn[rows], self._weights[rows]
        order = np.argsort(values, kind="stable")
        values, reached = values[order], np.cumsum(weights[order])
        before = reached - weights[order]
        ends = np.searchsorted(reached, before + level * reached[-1] * (1 - 1e-12))
        starts = np.flatnonzero(ends < values.size)
        best = starts[int(np.argmin(values[ends[starts]] - values[starts]))]
        return float(values[best]), float(values[ends[best]])
