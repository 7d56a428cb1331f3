"""What draws say, and how far it can be trusted: quantiles, intervals, moments and their Monte Carlo errors.

A design's draws are independent replicates of equally many rows: single rows for a random design, whole
randomisations for Latin hypercubes and Sobol' points. Errors come from the differences between replicates.
The error of a quantile goes through probability: the share of draws below the quantile has a standard
error, and the order statistics that far to either side tell the quantile's own. That needs no density
and no moments.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from uncertainty.distributions.protocol import FloatArray

IntervalKind = Literal["central", "shortest"]

HEAVY_LOG_SD = 1.0
"""Log-sd of a positive quantity above which its sample moments do not settle."""

HEAVY_KURTOSIS = 114.0
"""The kurtosis that a lognormal quantity has at that log-sd, for quantities that change sign."""

FEWEST_BEYOND = 5
"""Draws that must lie beyond a quantile before its error is trusted."""

BATCHES = 20
"""Batches that independent draws are cut into where an estimator has no formula for its error."""

ONE_REPLICATE = "there is only one replicate"


class Estimate(NamedTuple):
    """A number from draws, its Monte Carlo standard error, and why that is missing where it is None."""

    value: float
    error: float | None
    reason: str = ""


@dataclass(frozen=True, eq=False)
class Draws:
    """The draws of one output.

    Parameters
    ----------
    values
        Shape (samples,), replicate after replicate.
    replicate_rows
        Rows of one replicate; 1 where every row is independent.
    """

    values: FloatArray
    replicate_rows: int = 1

    @cached_property
    def ordered(self) -> FloatArray:
        """The values in increasing order, shape (samples,)."""
        return np.sort(self.values)

    @cached_property
    def log_sd(self) -> float | None:
        """Standard deviation of the natural logarithm; None where a value is not positive."""
        return float(np.log(self.values).std()) if self.ordered[0] > 0 else None

    @property
    def mean(self) -> Estimate:
        """The mean."""
        return self._moment(lambda x: x.mean(axis=-1), lambda x: float(x.std(ddof=1)) / math.sqrt(x.size))

    @property
    def sd(self) -> Estimate:
        """The standard deviation."""
        return self._moment(lambda x: x.std(axis=-1, ddof=1 if x.shape[-1] > 1 else 0), _sd_error)

    @property
    def geometric_sd(self) -> Estimate | None:
        """Exponential of the log-sd; None where a value is not positive."""
        if self.log_sd is None:
            return None
        log_sd = Draws(np.log(self.values), self.replicate_rows).sd
        value = math.exp(log_sd.value)
        return Estimate(value, None if log_sd.error is None else value * log_sd.error, log_sd.reason)

    def quantile(self, probability: float) -> Estimate:
        """Return the quantile at `probability` in [0, 1], interpolated between order statistics."""
        value = self._order_statistic(probability)
        beyond = min(probability, 1 - probability) * self.values.size
        if beyond < FEWEST_BEYOND:
            return Estimate(value, None, f"fewer than {FEWEST_BEYOND} draws lie beyond it")
        spread = self._share_error(lambda x: x <= value, probability)
        if spread is None:
            return Estimate(value, None, ONE_REPLICATE)
        low, high = (self._order_statistic(min(max(probability + s, 0), 1)) for s in (-spread, spread))
        return Estimate(value, (high - low) / 2)

    def share_at_least(self, threshold: float) -> Estimate:
        """Return the share of draws at or above `threshold`."""
        return self.share(lambda x: x >= threshold)

    def share(self, event: Callable[[FloatArray], np.ndarray]) -> Estimate:
        """Return the share of draws for which `event` holds, event mapping values to booleans."""
        value = float(np.mean(event(self.values)))
        # no draw at all says no more than "rarer than about 3 in N" (the rule of three)
        if value in (0.0, 1.0):
            return Estimate(value, 3 / self.values.size)
        error = self._share_error(event, value)
        return Estimate(value, error, "" if error is not None else ONE_REPLICATE)

    def interval(self, level: float = 0.95, kind: IntervalKind = "central") -> tuple[Estimate, Estimate]:
        """Return the ends of the coverage interval (JCGM 101:2008, 7.7).

        Parameters
        ----------
        level
            Share of draws inside, between 0 and 1.
        kind
            ``"central"`` leaves equal shares on both sides, ``"shortest"`` has the least width.
        """
        if kind == "central":
            return self.quantile((1 - level) / 2), self.quantile((1 + level) / 2)
        low, high = shortest_interval(self.ordered, level)
        batches = self._batches()
        if batches is None or batches.shape[1] * (1 - level) < FEWEST_BEYOND:
            reason = "there are too few draws outside the interval"
            return Estimate(low, None, reason), Estimate(high, None, reason)
        ends = np.array([shortest_interval(np.sort(batch), level) for batch in batches])
        # the shortest interval's ends converge with the cube root of the number of draws
        errors = ends.std(axis=0, ddof=1) / len(batches) ** (1 / 3)
        return Estimate(low, float(errors[0])), Estimate(high, float(errors[1]))

    def _order_statistic(self, probability: float) -> float:
        position = probability * (self.values.size - 1)
        below = int(position)
        low, high = self.ordered[below], self.ordered[min(below + 1, self.values.size - 1)]
        return float(low + (position - below) * (high - low))

    def _replicates(self) -> FloatArray:
        return self.values.reshape(-1, self.replicate_rows)

    def _batches(self) -> FloatArray | None:
        """Return the replicates, or independent draws cut into batches; None where there are too few."""
        if self.replicate_rows > 1:
            return self._replicates()
        rows = self.values.size // BATCHES
        return self.values[: rows * BATCHES].reshape(BATCHES, rows) if rows > 1 else None

    def _share_error(self, event: Callable[[FloatArray], np.ndarray], share: float) -> float | None:
        if self.replicate_rows == 1:
            return math.sqrt(share * (1 - share) / self.values.size)
        shares = event(self._replicates()).mean(axis=1)
        return None if shares.size < 2 else float(shares.std(ddof=1)) / math.sqrt(shares.size)

    def _moment(
        self, estimate: Callable[[FloatArray], FloatArray], independent_error: Callable[[FloatArray], float]
    ) -> Estimate:
        value = float(estimate(self.values))
        reason = self._heavy_tail()
        if reason:
            return Estimate(value, None, reason)
        if self.replicate_rows == 1:
            return Estimate(value, independent_error(self.values))
        estimates = estimate(self._replicates())
        return Estimate(value, float(estimates.std(ddof=1)) / math.sqrt(estimates.size))

    def _heavy_tail(self) -> str:
        if self.values.size < 2:
            return "there is only one draw"
        if self.log_sd is not None:
            if self.log_sd > HEAVY_LOG_SD:
                return f"with a log-sd of {self.log_sd:.2g}, above {HEAVY_LOG_SD:g}, moments do not settle"
            return ""
        kurtosis = _kurtosis(self.values)
        if kurtosis > HEAVY_KURTOSIS:
            return f"with a kurtosis of {kurtosis:.2g}, above {HEAVY_KURTOSIS:g}, moments do not settle"
        return ""


def shortest_interval(ordered: FloatArray, level: float) -> tuple[float, float]:
    """Return the shortest interval around `level` of the ordered values (JCGM 101:2008, 7.7.4)."""
    inside = min(max(round(level * ordered.size), 1), ordered.size - 1) if ordered.size > 1 else 0
    widths = ordered[inside:] - ordered[: ordered.size - inside]
    start = int(np.argmin(widths))
    return float(ordered[start]), float(ordered[start + inside])


def _kurtosis(values: FloatArray) -> float:
    centred = values - values.mean()
    variance = float(np.mean(centred**2))
    return float(np.mean(centred**4)) / variance**2 if variance > 0 else 1.0


def _sd_error(values: FloatArray) -> float:
    return float(values.std(ddof=1)) * math.sqrt(max(_kurtosis(values) - 1, 0) / (4 * values.size))
