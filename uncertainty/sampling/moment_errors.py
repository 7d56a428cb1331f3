"""How far the mean and the standard deviation of draws can be trusted.

Moments rest on the draws that are far out. Where a few of these make up most of what an error is estimated
from, others that were not drawn would change it, and no error is given. That is so for means of heavy tails,
and sooner for standard deviations, whose error is a matter of fourth powers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np

from uncertainty.sampling.estimate import (
    ERRORS_WIDE,
    FEWEST_EVENTS,
    Estimate,
    half_widths,
    too_few_events,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.moments import BlockSums, Moments

Moment = Literal["mean", "sd"]

HEAVY_LOG_SD = 1.0
"""Log-sd of a positive quantity above which its sample moments do not settle."""

LIGHT_KURTOSIS = 25.0
"""Kurtosis up to which they do, however wide the logarithm is; a chi-squared quantity has 15."""

PLAIN_KURTOSIS: Mapping[Moment, float] = MappingProxyType({"mean": 10.0, "sd": 5.0})
"""Kurtosis up to which no single draw matters to the error of a moment."""

MOST_OF_ONE: Mapping[Moment, float] = MappingProxyType({"mean": 0.05, "sd": 0.05})
"""Largest share that one draw may have of what an error is made of: second and fourth powers."""

MOST_OF_ONE_ALONE = 0.1
"""The same for the standard deviation of independent draws, whose error needs no replicates."""

ROUNDING = 1e-9

ONE_REPLICATE = "there is only one replicate"

BEYOND_NUMBERS = "powers of the draws lie beyond the range of numbers, so that moments are not known"


@dataclass(frozen=True, eq=False)
class Sample:
    """What the errors of moments are told from.

    Parameters
    ----------
    moments, lowest, highest
        Of all draws together.
    replicates
        Of each replicate; None where the draws are independent.
    equal
        Why there is no error where all draws are equal.
    log_sd
        Standard deviation of the natural logarithm; None where a value is not positive.
    """

    moments: Moments
    lowest: float
    highest: float
    replicates: Moments | None
    equal: str
    log_sd: float | None = None

    @classmethod
    def of(cls, sums: BlockSums, replicates: int | None, equal: str) -> Sample:
        """Return the sample of draws in replicates, or of independent ones."""
        by_replicate = None if replicates is None else sums.by_replicate(replicates).values
        log_sd = float(sums.logarithms.sd) if sums.lowest > 0 else None
        return cls(sums.values, sums.lowest, sums.highest, by_replicate, equal, log_sd)

    @classmethod
    def of_logarithms(cls, sums: BlockSums, replicates: int | None, equal: str) -> Sample:
        """Return the sample of the natural logarithms of positive draws."""
        by_replicate = None if replicates is None else sums.by_replicate(replicates).logarithms
        return cls(sums.logarithms, math.log(sums.lowest), math.log(sums.highest), by_replicate, equal)

    @property
    def mean(self) -> Estimate:
        """The mean."""
        sd, kurtosis = float(self.moments.sd), float(self.moments.kurtosis)
        # one draw is the finest that draws can tell: one of those that make up the spread
        finest = sd * math.sqrt(kurtosis) / self._rows
        return self._estimate("mean", float(self.moments.mean), self.moments.mean_error, finest)

    @property
    def sd(self) -> Estimate:
        """The standard deviation."""
        sd, kurtosis = float(self.moments.sd), float(self.moments.kurtosis)
        return self._estimate("sd", sd, self.moments.sd_error, sd * kurtosis / (2 * self._rows))

    def _estimate(self, moment: Moment, value: float, independent: float, finest: float) -> Estimate:
        reason = self._unknown() or self._few_events() or self._heavy_tail(moment)
        if reason:
            return Estimate(value, None, reason)
        if self.replicates is None:
            return Estimate(value, max(independent, finest))
        if self.replicates.rows.size < 2:
            return Estimate(value, None, ONE_REPLICATE)
        error = float(half_widths(self._of(moment, self.replicates))) / ERRORS_WIDE
        return Estimate(value, max(error, finest))

    def _of(self, moment: Moment, replicates: Moments) -> FloatArray:
        """Return what each replicate has of a moment; of the standard deviation, what is linear in it."""
        distance = replicates.mean - self.moments.mean
        if moment == "mean":
            return distance
        sd = self.moments.sd
        squares = (replicates.unit / sd) ** 2 * replicates.second / replicates.rows + (distance / sd) ** 2
        return np.asarray(sd * squares / 2)

    @property
    def _rows(self) -> float:
        return float(self.moments.rows)

    def _unknown(self) -> str:
        if self._rows < 2:
            return "there is only one draw"
        if self.lowest == self.highest:
            return self.equal
        second, kurtosis = float(self.moments.second), float(self.moments.kurtosis)
        # no kurtosis is below 1, but for powers that are too small to be told from 0
        if not (math.isfinite(second) and math.isfinite(kurtosis) and second > 0 and kurtosis > 1 - ROUNDING):
            return BEYOND_NUMBERS
        return ""

    def _few_events(self) -> str:
        """Say so where draws have two values, and too few have one of them."""
        if not self._two_values:
            return ""
        share = (float(self.moments.mean) - self.lowest) / (self.highest - self.lowest)
        met = min(share, 1 - share) * self._rows
        return too_few_events(met, round(self._rows)) if met < FEWEST_EVENTS - ROUNDING else ""

    @property
    def _two_values(self) -> bool:
        """Whether there are two values alone: then kurtosis is what the skewness leaves least (Pearson)."""
        kurtosis, skewness = float(self.moments.kurtosis), float(self.moments.skewness)
        return kurtosis - skewness**2 - 1 <= ROUNDING * kurtosis

    def _heavy_tail(self, moment: Moment) -> str:
        kurtosis = float(self.moments.kurtosis)
        # a wide logarithm alone is a matter of location: that of a uniform quantity is as wide
        if self.log_sd is not None and self.log_sd > HEAVY_LOG_SD and kurtosis > LIGHT_KURTOSIS:
            return f"with a log-sd of {self.log_sd:.2g}, above {HEAVY_LOG_SD:g}, moments do not settle"
        if kurtosis <= PLAIN_KURTOSIS[moment] or (moment == "mean" and self._two_values):
            return ""
        farthest = max(self.highest - float(self.moments.mean), float(self.moments.mean) - self.lowest)
        of_one = (farthest / float(self.moments.unit)) ** 2 / float(self.moments.second)
        most = MOST_OF_ONE[moment]
        if moment == "sd":
            of_one *= of_one * self._rows / kurtosis
            most = most if self.replicates is not None else MOST_OF_ONE_ALONE
        if of_one <= most:
            return ""
        return (
            f"one draw alone has {100 * of_one:.0f} % of what the error is made of, above {100 * most:g} %: "
            "moments do not settle"
        )
