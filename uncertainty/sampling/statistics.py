"""What draws say, and how far it can be trusted: quantiles, intervals, moments and their Monte Carlo errors.

A design's draws are independent replicates of equally many rows: single rows for a random design, whole
randomisations for Latin hypercubes and Sobol' points. Errors come from the differences between replicates.
The error of a quantile goes through probability: the share of draws below the quantile has a standard
error, and the order statistics that far to either side tell the quantile's own. That needs no density
and no moments.
"""

from __future__ import annotations

import math
from functools import cached_property, partial
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import numpy as np

from uncertainty.errors import SettingError, suggestion
from uncertainty.sampling.evidence import Evidence, Stored, replicate_counts
from uncertainty.sampling.thresholds import lower, upper

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.moments import BlockSums, Moments

IntervalKind = Literal["central", "shortest"]

HEAVY_LOG_SD = 1.0
"""Log-sd of a positive quantity above which its sample moments do not settle."""

HEAVY_KURTOSIS = 114.0
"""The kurtosis that a lognormal quantity has at that log-sd."""

LIGHT_KURTOSIS = 25.0
"""Kurtosis up to which moments settle, however wide the logarithm is; a chi-squared quantity has 15."""

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


class Draws:
    """The draws of one output, and what they say.

    Parameters
    ----------
    values
        Shape (samples,), replicate after replicate; or what is kept of draws too many to store.
    replicate_rows
        Rows of one replicate; 1 where every row is independent.
    """

    def __init__(self, values: FloatArray | Evidence, replicate_rows: int = 1) -> None:
        self._evidence = Stored(values, replicate_rows) if isinstance(values, np.ndarray) else values

    @property
    def size(self) -> int:
        """Number of draws."""
        return self._evidence.size

    @property
    def replicate_rows(self) -> int:
        """Rows of one replicate; 1 where every row is independent."""
        return self._evidence.replicate_rows

    @property
    def stored(self) -> bool:
        """Whether all draws are kept, so that `values` and `ordered` are there."""
        return isinstance(self._evidence, Stored)

    @property
    def values(self) -> FloatArray:
        """The draws, shape (samples,).

        Raises
        ------
        UncertaintyError
            If they are too many to be kept.
        """
        return self._evidence.values

    @property
    def ordered(self) -> FloatArray:
        """The draws in increasing order, shape (samples,); `values` says what it raises."""
        return self._evidence.ordered

    @property
    def lowest(self) -> float:
        """The smallest draw."""
        return self._evidence.sums.lowest

    @property
    def highest(self) -> float:
        """The largest draw."""
        return self._evidence.sums.highest

    @cached_property
    def log_sd(self) -> float | None:
        """Standard deviation of the natural logarithm; None where a value is not positive."""
        return float(self._evidence.sums.logarithms.sd) if self.lowest > 0 else None

    @cached_property
    def mean(self) -> Estimate:
        """The mean."""
        return self._moment(lambda m: m.mean, lambda m: m.mean_error)

    @cached_property
    def sd(self) -> Estimate:
        """The standard deviation."""
        return self._moment(lambda m: m.sd, lambda m: m.sd_error)

    @cached_property
    def geometric_sd(self) -> Estimate | None:
        """Exponential of the log-sd; None where a value is not positive."""
        if self.log_sd is None:
            return None
        value = math.exp(self.log_sd)
        if self.size < 2:
            return Estimate(value, None, "there is only one draw")
        if self.replicate_rows == 1:
            error = self._evidence.sums.logarithms.sd_error
        else:
            error = _error_of_mean(self._by_replicate.logarithms.sd)
        return Estimate(value, None, ONE_REPLICATE) if math.isnan(error) else Estimate(value, value * error)

    def quantile(self, probability: float) -> Estimate:
        """Return the quantile at `probability`, interpolated between order statistics.

        Raises
        ------
        SettingError
            If the probability lies outside 0 to 1.
        """
        _check_probability(probability)
        value = self._order_statistic(probability)
        if self._beyond(probability) < FEWEST_BEYOND:
            return Estimate(value, None, f"fewer than {FEWEST_BEYOND} draws lie beyond it")
        spread = self._error_below(probability, value)
        if spread is None:
            return Estimate(value, None, ONE_REPLICATE)
        low, high = (self._order_statistic(min(max(probability + s, 0), 1)) for s in (-spread, spread))
        return Estimate(value, (high - low) / 2)

    def quantile_interval(self, probability: float, confidence: float = 0.95) -> tuple[float, float] | None:
        """Return the interval in which the true quantile lies with a confidence; None if none can be given.

        Between order statistics: for independent draws those that a binomial count selects, which needs no
        assumption on the distribution (Conover 1999, Practical Nonparametric Statistics, section 3.2), for
        replicates those that the Student interval of the share below the quantile selects.

        Raises
        ------
        SettingError
            If the probability lies outside 0 to 1, or the confidence is not between them.
        """
        _check_probability(probability)
        check_level("confidence", confidence)
        if self._beyond(probability) < FEWEST_BEYOND:
            return None
        if self.replicate_rows == 1:
            from scipy.special import bdtrik

            tail = (1 - confidence) / 2
            first = math.ceil(bdtrik(tail, self.size, probability)) - 1
            last = math.ceil(bdtrik(1 - tail, self.size, probability))
            ranks = max(first, 0), min(last, self.size - 1)
            return self._evidence.ranked(ranks[0]), self._evidence.ranked(ranks[1])
        value = self._order_statistic(probability)
        spread = self._error_below(probability, value)
        if spread is None:
            return None
        reach = self._student(confidence) * spread
        low, high = (self._order_statistic(min(max(probability + s, 0), 1)) for s in (-reach, reach))
        return low, high

    def share_at_least(self, threshold: float) -> Estimate:
        """Return the share of draws at or above `threshold`."""
        rows = self.replicate_rows if self.replicate_rows > 1 else self.size
        return self._share(rows - self._evidence.counts_below(lower(threshold)))

    def share_below(self, threshold: float) -> Estimate:
        """Return the share of draws below `threshold`."""
        return self._share(self._evidence.counts_below(lower(threshold)))

    def share_at_most(self, threshold: float) -> Estimate:
        """Return the share of draws at or below `threshold`."""
        return self._share(self._evidence.counts_below(upper(threshold), inclusive=True))

    def share_within(self, low: float, high: float) -> Estimate:
        """Return the share of draws from `low` to `high` above it, both included."""
        below = self._evidence.counts_below(lower(low))
        return self._share(self._evidence.counts_below(upper(high), inclusive=True) - below)

    def share(self, event: Callable[[FloatArray], np.ndarray]) -> Estimate:
        """Return the share of draws for which `event` holds, event mapping values to booleans."""
        return self._share(replicate_counts(event(self.values), self.replicate_rows))

    def share_interval(self, threshold: float, confidence: float = 0.95) -> tuple[float, float] | None:
        """Return the interval in which P(X < threshold) lies with a confidence; None if none can be given.

        Wilson's for independent draws (1927, doi:10.1080/01621459.1927.10502953), Student's for replicates.

        Raises
        ------
        SettingError
            If the confidence is not between 0 and 1.
        """
        check_level("confidence", confidence)
        found = self.share_below(threshold)
        if found.error is None:
            return None
        if self.replicate_rows == 1:
            return _wilson(found.value, self.size, confidence)
        reach = self._student(confidence) * found.error
        return max(found.value - reach, 0.0), min(found.value + reach, 1.0)

    def interval(self, level: float = 0.95, kind: IntervalKind = "central") -> tuple[Estimate, Estimate]:
        """Return the ends of the coverage interval (JCGM 101:2008, 7.7).

        Parameters
        ----------
        level
            Share of draws inside, between 0 and 1.
        kind
            ``"central"`` leaves equal shares on both sides, ``"shortest"`` has the least width.

        Raises
        ------
        SettingError
            If the level is not between 0 and 1, or the kind is unknown.
        """
        check_level("level", level)
        if kind not in get_args(IntervalKind):
            raise SettingError(f'interval: unknown kind "{kind}"{suggestion(kind, get_args(IntervalKind))}')
        if kind == "central":
            return self.quantile((1 - level) / 2), self.quantile((1 + level) / 2)
        low, high = shortest_interval(self.ordered, level)
        batches = self._batches()
        if batches is None or batches.shape[1] * (1 - level) < FEWEST_BEYOND:
            reason = "there are too few draws outside the interval"
            return Estimate(low, None, reason), Estimate(high, None, reason)
        ends = np.array([shortest_interval(np.sort(batch), level) for batch in batches])
        # the ends converge with the cube root of the number of independent draws; those of nets and Latin
        # hypercubes gain less, and all that is said of them is that a part's vary as much as the whole's
        gained = len(batches) ** (1 / 3) if self.replicate_rows == 1 else 1.0
        errors = ends.std(axis=0, ddof=1) / gained
        return Estimate(low, float(errors[0])), Estimate(high, float(errors[1]))

    def _error_below(self, probability: float, value: float) -> float | None:
        """Return the error of the share of draws below a quantile; where draws share its value, the larger.

        At a value that all larger draws have, the share up to it is 1 without error, whatever is known of
        the share below it.
        """
        errors = []
        for inclusive in (True, False):
            counts = partial(self._evidence.counts_below, value, inclusive=inclusive)
            errors.append(self._share_error(probability, counts))
            if inclusive and not self._shared(probability, value):
                break
        known = [error for error in errors if error is not None]
        return max(known) if known else None

    def _shared(self, probability: float, value: float) -> bool:
        rank = round(probability * (self.size - 1))
        near = (self._evidence.ranked(min(max(each, 0), self.size - 1)) for each in (rank - 2, rank + 2))
        return any(each == value for each in near)

    def _beyond(self, probability: float) -> float:
        return min(probability, 1 - probability) * self.size

    def _order_statistic(self, probability: float) -> float:
        position = probability * (self.size - 1)
        below = int(position)
        low, high = (self._evidence.ranked(rank) for rank in (below, min(below + 1, self.size - 1)))
        return low + (position - below) * (high - low)

    def _batches(self) -> FloatArray | None:
        """Return the replicates, or independent draws cut into batches; None where there are too few."""
        if self.replicate_rows > 1:
            return self.values.reshape(-1, self.replicate_rows)
        rows = self.size // BATCHES
        return self.values[: rows * BATCHES].reshape(BATCHES, rows) if rows > 1 else None

    def _share(self, counts: NDArray[np.int64]) -> Estimate:
        value = int(counts.sum()) / self.size
        # no draw at all says no more than "rarer than about 3 in N" (the rule of three)
        if value in (0.0, 1.0):
            return Estimate(value, 3 / self.size)
        error = self._share_error(value, lambda: counts)
        return Estimate(value, error, "" if error is not None else ONE_REPLICATE)

    def _share_error(self, share: float, counts: Callable[[], NDArray[np.int64]]) -> float | None:
        if self.replicate_rows == 1:
            return math.sqrt(share * (1 - share) / self.size)
        error = _error_of_mean(counts() / self.replicate_rows)
        # replicates of a net may agree exactly; one draw is still the finest that draws can tell
        return None if math.isnan(error) else max(error, 1 / self.size)

    def _student(self, confidence: float) -> float:
        from scipy.special import stdtrit

        return float(stdtrit(self.size // self.replicate_rows - 1, (1 + confidence) / 2))

    @property
    def _by_replicate(self) -> BlockSums:
        return self._evidence.sums.by_replicate(self.size // self.replicate_rows)

    def _moment(
        self, estimate: Callable[[Moments], FloatArray], independent_error: Callable[[Moments], float]
    ) -> Estimate:
        moments = self._evidence.sums.values
        value = float(estimate(moments))
        reason = self._heavy_tail(moments)
        if reason:
            return Estimate(value, None, reason)
        if self.replicate_rows == 1:
            return Estimate(value, independent_error(moments))
        error = _error_of_mean(estimate(self._by_replicate.values))
        return Estimate(value, None, ONE_REPLICATE) if math.isnan(error) else Estimate(value, error)

    def _heavy_tail(self, moments: Moments) -> str:
        if self.size < 2:
            return "there is only one draw"
        kurtosis = float(moments.kurtosis)
        # a wide logarithm alone is a matter of location: that of a uniform quantity is as wide
        if self.log_sd is not None and self.log_sd > HEAVY_LOG_SD and kurtosis > LIGHT_KURTOSIS:
            return f"with a log-sd of {self.log_sd:.2g}, above {HEAVY_LOG_SD:g}, moments do not settle"
        if kurtosis > HEAVY_KURTOSIS:
            return f"with a kurtosis of {kurtosis:.2g}, above {HEAVY_KURTOSIS:g}, moments do not settle"
        return ""


def shortest_interval(ordered: FloatArray, level: float) -> tuple[float, float]:
    """Return the shortest interval around `level` of the ordered values (JCGM 101:2008, 7.7.4)."""
    inside = min(max(round(level * ordered.size), 1), ordered.size - 1) if ordered.size > 1 else 0
    widths = ordered[inside:] - ordered[: ordered.size - inside]
    start = int(np.argmin(widths))
    return float(ordered[start]), float(ordered[start + inside])


def _check_probability(probability: float) -> None:
    if not 0 <= probability <= 1:
        raise SettingError(f"probability: expected a number from 0 to 1, found {probability:g}")


def check_level(name: str, level: float) -> None:
    """Refuse a level or confidence that is not between 0 and 1."""
    if not 0 < level < 1:
        raise SettingError(f"{name}: expected a number between 0 and 1, found {level:g}")


def _error_of_mean(estimates: FloatArray) -> float:
    """Return the standard error of the mean of independent estimates; nan for one alone."""
    return float(estimates.std(ddof=1)) / math.sqrt(estimates.size) if estimates.size > 1 else math.nan


def _wilson(share: float, size: int, confidence: float) -> tuple[float, float]:
    from scipy.special import ndtri

    z = float(ndtri((1 + confidence) / 2))
    centre = (share + z**2 / (2 * size)) / (1 + z**2 / size)
    reach = z / (1 + z**2 / size) * math.sqrt(share * (1 - share) / size + z**2 / (4 * size**2))
    return max(centre - reach, 0.0), min(centre + reach, 1.0)
