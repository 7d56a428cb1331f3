"""How far the mean and the standard deviation of draws can be trusted.

Moments rest on the draws that are far out, and standard deviations, whose error is a matter of fourth powers,
more than means. Whether there are draws enough is told by the shape that the quantiles have, which is known
well: were it told by the farthest draws, an error would be given just where these happen to be missing, and
be too small there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
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
    from collections.abc import Callable, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.moments import BlockSums, Moments

Moment = Literal["mean", "sd"]

MOST_KURTOSIS = 2.0
"""Kurtosis a draw up to which the error of a mean covers, as lognormal quantities and atoms show."""

LONG_KURTOSIS = 6.0
"""Kurtosis above which means of replicates are not normal enough; a Laplace quantity has it."""

NEARLY_NORMAL = 3.25
"""Kurtosis above which squares of replicates are skewed by what lies in their outermost strata."""

WIDER = (1.0, 6.0)
"""What Student's interval of values with a tail must be wider by, relative to the root of their number: of an
exponential tail, and what each unit of a generalised Pareto tail's index adds up to `LONGEST_STRATUM`."""

LONGEST_STRATUM = 1 / 3
"""Tail index from which on squares in an outermost stratum have no skewness that could be allowed for."""

FEWEST_DRAWS = 8.0
"""Draws, times the cube of the kurtosis, from which on the error of a standard deviation does."""

MOST_OF_ONE = 0.5
"""Share that one draw may have of what an error is made of; no tail that quantiles tell of often has more."""

MOST_UNTOLD = 10.0
"""Times the kurtosis that quantiles tell of at which the draws' own counts: there all lies beyond them."""

FEWEST_TOLD = 100
"""Draws from which on quantiles tell of a tail."""

NEAR = 0.15865525393145707
"""Probability of normal scores below -1."""

MOST_EXPONENT = 100.0

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
    told
        Kurtosis that the quantiles tell of; None where they tell nothing.
    """

    moments: Moments
    lowest: float
    highest: float
    replicates: Moments | None
    equal: str
    told: float | None = None

    @classmethod
    def of(cls, sums: BlockSums, replicates: int | None, equal: str, told: float | None) -> Sample:
        """Return the sample of draws in replicates, or of independent ones."""
        by_replicate = None if replicates is None else sums.by_replicate(replicates).values
        return cls(sums.values, sums.lowest, sums.highest, by_replicate, equal, told)

    @classmethod
    def of_logarithms(cls, sums: BlockSums, replicates: int | None, equal: str, told: float | None) -> Sample:
        """Return the sample of the natural logarithms of positive draws."""
        by_replicate = None if replicates is None else sums.by_replicate(replicates).logarithms
        return cls(sums.logarithms, math.log(sums.lowest), math.log(sums.highest), by_replicate, equal, told)

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
        alone = ONE_REPLICATE if self.replicates is not None and self.replicates.rows.size < 2 else ""
        reason = self._unknown() or self._few_events() or alone or self._heavy_tail(moment)
        if reason:
            return Estimate(value, None, reason)
        if self.replicates is None:
            return Estimate(value, max(independent, finest))
        error = float(half_widths(self._of(moment, self.replicates))) / ERRORS_WIDE
        if moment == "sd" and self._kurtosis > NEARLY_NORMAL:
            error *= widened(self.replicates.rows.size, self._outermost)
        # replicates are skewed where a tail is long: what one of its draws more would change comes on top
        long = float(self.moments.kurtosis) > LONG_KURTOSIS
        return Estimate(value, math.hypot(error, finest) if long else max(error, finest))

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

    @property
    def _kurtosis(self) -> float:
        """What decides: the kurtosis that quantiles tell of, or the draws' own where all lies beyond them."""
        own = float(self.moments.kurtosis)
        return own if self.told is None or own > MOST_UNTOLD * self.told else self.told

    @property
    def _outermost(self) -> float:
        """Tail index of the squares in a replicate's outermost stratum, as the quantiles tell of the tail.

        More replicates make it no smaller, and are too few to average it out.
        """
        if self.replicates is None or self.told is None:
            return 0.0
        edge = _score(1 - 1 / max(float(self.replicates.rows.min()), 4.0))
        return 2 * _log_sd_of(self.told) / edge

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
        own, kurtosis, rows = float(self.moments.kurtosis), self._kurtosis, self._rows
        if moment == "mean" and self._two_values:
            return ""
        needed = kurtosis / MOST_KURTOSIS if moment == "mean" else FEWEST_DRAWS * min(kurtosis, rows) ** 3
        if needed > rows or (moment == "sd" and self._outermost > LONGEST_STRATUM):
            return f"with a kurtosis of about {kurtosis:.2g}, moments do not settle in so few draws"
        farthest = max(self.highest - float(self.moments.mean), float(self.moments.mean) - self.lowest)
        of_one = (farthest / float(self.moments.unit)) ** 2 / float(self.moments.second)
        if moment == "sd":
            of_one *= of_one * rows / own
        if of_one <= MOST_OF_ONE or rows < FEWEST_TOLD:
            return ""
        return (
            f"one draw alone has {100 * of_one:.0f} % of what the error is made of, above "
            f"{100 * MOST_OF_ONE:g} %: moments do not settle"
        )


def telling(draws: int) -> tuple[float, ...]:
    """Return the probabilities of the quantiles that tell of a shape; ten draws lie beyond the outermost."""
    far = min(FEWEST_EVENTS / draws, NEAR)
    return far, NEAR, 0.5, 1 - NEAR, 1 - far


def kurtosis_told(quantiles: Sequence[float], draws: int) -> float | None:
    """Return the kurtosis of the lognormal quantity, shifted or not, that has the longer tail of some draws.

    Parameters
    ----------
    quantiles
        At the probabilities of `telling`.

    Returns
    -------
    float or None
        At least 3, that of a normal quantity; None where there are few draws, or half a tail is one value.
    """
    lowest, low, middle, high, highest = quantiles
    tails = (highest - middle, high - middle), (middle - lowest, middle - low)
    if draws < FEWEST_TOLD or any(near <= 0 for _, near in tails):
        return None
    score = _score(telling(draws)[-1])
    return max(_kurtosis_of(_log_sd_of_ratio(far / near, score)) for far, near in tails)


def widened(count: int, tail: float) -> float:
    """Return how much wider Student's interval of values with a tail must be to cover at 95 %.

    It misses on the long side, where the values' spread comes out too small just when their mean does. The
    factor is that of samples of 16 to 31 generalised Pareto values, found by simulation.

    Parameters
    ----------
    count
        Number of values.
    tail
        Index of the tail; 0 for an exponential one.
    """
    return 1 + (WIDER[0] + WIDER[1] * tail) / math.sqrt(count)


def _kurtosis_of(log_sd: float) -> float:
    w = math.exp(log_sd**2)
    return w**4 + 2 * w**3 + 3 * w**2 - 3


def _log_sd_of(kurtosis: float) -> float:
    return _log_sd(lambda log_sd: _kurtosis_of(log_sd) < kurtosis)


def _log_sd_of_ratio(ratio: float, score: float) -> float:
    """Return the log-sd at which a normal score lies so many times as far from the median as a score of 1."""
    return _log_sd(lambda log_sd: math.expm1(score * log_sd) < ratio * math.expm1(log_sd))


def _log_sd(below: Callable[[float], bool]) -> float:
    """Return the log-sd up to which something holds."""
    low, high = 1e-6, math.sqrt(MOST_EXPONENT)
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return low


def _score(probability: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(probability))
