"""What draws say, and how far it can be trusted: quantiles, intervals, moments and their Monte Carlo errors.

A design's draws are independent replicates of equally many rows: single rows for a random design, whole
randomisations for Latin hypercubes and Sobol' points. Errors come from the differences between replicates.
The error of a quantile goes through probability: the share of draws below the quantile has an interval, and
the order statistics at its ends are the quantile's own. That needs no density and no moments, and reaches
over a jump where the quantile may lie on either side.
"""

from __future__ import annotations

import math
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Self, get_args

import numpy as np

from uncertainty import special
from uncertainty.errors import SettingError, suggestion
from uncertainty.rounding import UNVARYING
from uncertainty.sampling.collecting import Evidence, Stored, replicate_counts, sums_of_each
from uncertainty.sampling.estimate import (
    ERRORS_WIDE,
    FEWEST_EVENTS,
    NOTHING,
    Estimate,
    Least,
    Unmet,
    error_without,
    half_widths,
    joined,
    told_unmet,
    too_few_draws,
    too_few_events,
    wilson,
)
from uncertainty.sampling.moments import (
    LONG,
    ONE_REPLICATE,
    Sample,
    beyond_told,
    is_endless,
    kurtosis_told,
    middle_told,
    telling,
)
from uncertainty.sampling.selection import order_statistic
from uncertainty.sampling.thresholds import lower, slack, upper
from uncertainty.values import inner_share, number, share

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.sampling.moments import BlockSums

__all__ = ["BATCHES", "Draws", "Estimate", "IntervalKind", "check_level", "shortest_interval"]

IntervalKind = Literal["central", "shortest"]

FEWEST_BEYOND = 5
"""Draws that must lie beyond a quantile before its error is trusted."""

MOST_KEPT = 64
"""Quantiles and shares of the same draws that are kept."""

BATCHES = 20
"""Batches that independent draws are cut into where an estimator has no formula for its error."""


class Draws:
    """The draws of one output, and what they say.

    Parameters
    ----------
    values
        Shape (samples,), replicate after replicate; or what is kept of draws too many to store.
    replicate_rows
        Rows of one replicate; 1 where every row is independent.
    constant
        Whether equal draws are all that there can be; if not, another value is rare.
    without
        Where each draw was found from cases: the draws as they are without each scramble of the net of cases.
        What they differ by is part of every error.
    finest
        What one case more or less changes in each draw, where that is known, or what an emulator may miss of
        it; no less is added to an error.
    rows
        Model rows behind each draw: as many as it has cases.
    """

    def __init__(
        self,
        values: FloatArray | Evidence,
        replicate_rows: int = 1,
        *,
        constant: bool = True,
        without: Sequence[Draws] = (),
        finest: Least = NOTHING,
        rows: int = 1,
    ) -> None:
        self.constant, self.rows = constant, rows
        self.without, self.finest = tuple(without), finest
        self._unmet: tuple[Unmet, ...] = ()
        self._shortest_by_level: dict[float, tuple[Estimate, Estimate]] = {}
        self._kept: dict[tuple[str, float], Estimate] = {}
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
        """Whether all draws can be had, so that `values` and `ordered` are there."""
        return self._evidence.kept

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
        return self._evidence.lowest

    @property
    def highest(self) -> float:
        """The largest draw."""
        return self._evidence.highest

    @property
    def equal(self) -> bool:
        """Whether all draws have one value."""
        return self.lowest == self.highest

    def told(self, *, constant: bool) -> Draws:
        """Return the same draws, told whether equal ones are all that there can be."""
        return Draws(
            self._evidence, constant=constant, without=self.without, finest=self.finest, rows=self.rows
        )

    def beside(self, least: Least) -> Self:
        """Return the same draws, with more that is added to every error."""
        found = self._copied()
        found.finest, found._kept = self.finest.beside(least), {}
        return found

    def lacking(self, unmet: Sequence[Unmet]) -> Self:
        """Return the same draws, told what rare values of inputs, which none of them has, would add."""
        found = self._copied()
        found._unmet = tuple(unmet)
        return found

    def _copied(self) -> Self:
        found = copy(self)
        for moment in ("mean", "sd"):
            found.__dict__.pop(moment, None)
        return found

    def _with_cases(self, found: Estimate, of: Callable[[Draws], float], least: float = 0.0) -> Estimate:
        """Return an estimate whose error has what the cases of each draw add to it.

        Parameters
        ----------
        of
            Gives the value alone, whose error nobody asks for, of other draws.
        least
            The least that they add.
        """
        if not (self.without or least):
            return found
        return joined(found, [of(draws) for draws in self.without], least)

    @cached_property
    def _sums_without(self) -> BlockSums:
        """Sums over blocks of the draws without each scramble, shape (13, scrambles, blocks)."""
        return sums_of_each([draws._evidence for draws in self.without])

    def _moment_with_cases(
        self, found: Estimate, of: Callable[[BlockSums], FloatArray], least: float = 0.0
    ) -> Estimate:
        """Return the same of a moment, which is found of all other draws at once."""
        if not (self.without or least):
            return found
        return joined(found, of(self._sums_without).tolist() if self.without else [], least)

    def _once(self, what: str, at: float, find: Callable[[], Estimate]) -> Estimate:
        """Return an estimate, found before where it is: verdicts and pages ask for the same ones."""
        found = self._kept.get((what, at))
        if found is None:
            found = find()
            if len(self._kept) < MOST_KEPT:
                self._kept[what, at] = found
        return found

    @property
    def unmet(self) -> bool:
        """Whether all draws have one value though there are others."""
        return self.equal and not self.constant

    @property
    def same_because(self) -> str:
        """Why nothing is known of a spread, where all draws have one value."""
        return UNVARYING if self.constant else too_few_draws(math.inf)

    @cached_property
    def spread(self) -> float:
        """Distance of the largest draw from the smallest."""
        return self.highest - self.lowest

    @cached_property
    def log_sd(self) -> float | None:
        """Standard deviation of the natural logarithm; None where a value is not positive."""
        return float(self._evidence.sums.logarithms.sd) if self.lowest > 0 else None

    @property
    def log_moments(self) -> tuple[float, float]:
        """Mean and standard deviation of the natural logarithm, nan where a value is not positive."""
        found = self._evidence.sums.logarithms
        return float(found.mean), float(found.sd)

    @cached_property
    def mean(self) -> Estimate:
        """The mean."""
        own = self._sample.mean
        if self.without and self.equal and self.constant:
            # one number, which is known as well as its cases tell it
            own = Estimate(own.value, 0.0)
        found = self._moment_with_cases(own, lambda sums: sums.values.mean, self.finest.of_mean)
        return told_unmet(found, [(each.share, each.first) for each in self._unmet], self.rows)

    @cached_property
    def sd(self) -> Estimate:
        """The standard deviation."""
        found = self._moment_with_cases(self._sample.sd, lambda sums: sums.values.sd, self.finest.of_sd)
        return told_unmet(found, [(each.share, each.of_sd(found.value)) for each in self._unmet], self.rows)

    @property
    def wider_squares(self) -> float:
        """By what factor an interval that replicates of squares tell must be wider; 1 without a tail."""
        return self._sample.wider_squares

    @cached_property
    def _sample(self) -> Sample:
        shape, size = self._shape, self.size
        told = kurtosis_told(shape, size)
        beyond = 0.0 if told is None else beyond_told(shape, size, (self.lowest, self.highest))
        evidence, middle = self._evidence.sums, middle_told(shape, size)
        endless = self.stored and (told or 0.0) > LONG and is_endless(self._order_statistic, size)
        same = self.same_because
        return Sample.of(evidence, self._replicates, same, told, beyond, middle, endless=endless)

    @property
    def _shape(self) -> list[float]:
        return [self._order_statistic(probability) for probability in telling(self.size)]

    @cached_property
    def geometric_sd(self) -> Estimate | None:
        """Exponential of the log-sd; None where a value is not positive."""
        if self.log_sd is None:
            return None
        value, known = math.exp(self.log_sd), self._of_logarithms
        found = Estimate(value, None if known.error is None else value * known.error, known.reason)

        def of(sums: BlockSums) -> FloatArray:
            # nan where a value is not positive
            known = sums.logarithms.sd.tolist()
            return np.array([value if math.isnan(sd) else math.exp(sd) for sd in known])

        middle = self._order_statistic(0.5)
        least = 0.0 if self.without else value * self.finest.at(middle) / middle
        return self._moment_with_cases(found, of, least)

    @property
    def _of_logarithms(self) -> Estimate:
        """The standard deviation of the natural logarithm, of positive values."""
        shape, evidence = list(map(math.log, self._shape)), self._evidence.sums
        told, middle = kurtosis_told(shape, self.size), middle_told(shape, self.size)
        return Sample.of_logarithms(evidence, self._replicates, self.same_because, told, middle).sd

    def quantile(self, probability: float) -> Estimate:
        """Return the quantile at `probability`, interpolated between order statistics; see `order_statistic`.

        Raises
        ------
        SettingError
            If the probability lies outside 0 to 1.
        """
        at = share("probability", probability)
        return self._once("quantile", at, lambda: self._quantile_with_cases(at))

    def _quantile_with_cases(self, probability: float) -> Estimate:
        found = self._quantile(probability)
        low, high = self._around(probability, self.finest.of_rank) if self.finest.of_rank else (0.0, 0.0)
        off = self._off_its_value(probability, found.value)
        least = max(self.finest.at(found.value), off, (high - low) / 2)
        return self._with_cases(found, lambda draws: draws._order_statistic(probability), least)

    def _quantile(self, probability: float) -> Estimate:
        value = self._order_statistic(probability)
        if self.equal and self.constant:
            return Estimate(value, 0.0)
        if self._beyond(probability) < FEWEST_BEYOND:
            return Estimate(value, None, _too_few_beyond(probability, self.rows))
        reach = self._reach_below(probability, value, 0.95)
        if reach is None:
            return Estimate(value, None, ONE_REPLICATE)
        low, high = self._around(probability, reach)
        sides = value - low, high - value
        # of few draws the longer side alone would promise too little of an end whose other side is short
        error = math.hypot(*sides) / math.sqrt(2) if self.without else max(sides)
        return Estimate(value, error / ERRORS_WIDE)

    def _off_its_value(self, probability: float, value: float) -> float:
        """Return the error of a quantile at a value that draws share, of which cases get the share wrong.

        Without either scramble it may be that value still, though so many draws more or fewer may share it
        that the quantile lies beside it.
        """
        if not self.without or not self._shared(probability, value):
            return 0.0

        def edges(draws: Draws, shared: float) -> list[float]:
            counts = draws._at_most(shared), draws._below(shared)
            return [int(each.sum()) / draws.size for each in counts]

        # without a scramble the value that draws share may be another one, in the middle of the same ranks,
        # or be there still while these ranks are its neighbour's: it is the one that moved less
        whole = np.array(edges(self, value))

        def moved(draws: Draws) -> list[float]:
            shared = value, draws._order_statistic(float(whole.mean()))
            return min(
                (edges(draws, each) for each in shared), key=lambda found: float(np.abs(found - whole).max())
            )

        each = np.array([moved(draws) for draws in self.without])
        reach = ERRORS_WIDE * float(np.max(error_without(each)))
        low, high = self._around(probability, reach)
        return math.hypot(value - low, high - value) / math.sqrt(2) / ERRORS_WIDE

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
        check_probability(probability)
        check_level("confidence", confidence)
        if self._beyond(probability) < FEWEST_BEYOND:
            return None
        if self.replicate_rows == 1:
            tail = (1 - confidence) / 2
            first = math.ceil(special.bdtrik(tail, self.size, probability)) - 1
            last = math.ceil(special.bdtrik(1 - tail, self.size, probability))
            ranks = max(first, 0), min(last, self.size - 1)
            return self._evidence.ranked(ranks[0]), self._evidence.ranked(ranks[1])
        reach = self._reach_below(probability, self._order_statistic(probability), confidence)
        if reach is None:
            return None
        return self._around(probability, reach)

    def share_at_least(self, threshold: float) -> Estimate:
        """Return the share of draws at or above `threshold`."""
        return self._share_once("at least", threshold, Draws._at_least)

    def _at_least(self, threshold: float) -> NDArray[np.int64]:
        rows = self.replicate_rows if self.replicate_rows > 1 else self.size
        return np.asarray(rows - self._below(threshold))

    def _below(self, threshold: float) -> NDArray[np.int64]:
        return self._evidence.counts_below(lower(threshold, self.spread))

    def _at_most(self, threshold: float) -> NDArray[np.int64]:
        return self._evidence.counts_below(upper(threshold, self.spread), inclusive=True)

    def _unsure(self, threshold: float) -> float:
        """Return the share of draws that what their cases get wrong may carry over a threshold."""
        if self.equal and self.constant:
            # of one number all that its interval reaches, not a part of the draws
            return self._around_threshold(threshold, ERRORS_WIDE * (self.quantile(0.5).error or 0.0))
        error = self.finest.at(threshold)
        farthest = ERRORS_WIDE * error
        # none of draws that lie close together may be as near as one error, and all within two
        return max(
            self.finest.of_rank,
            self._around_threshold(threshold, error),
            self._around_threshold(threshold, farthest) / ERRORS_WIDE,
        )

    def _around_threshold(self, threshold: float, distance: float) -> float:
        """Return the share of draws within a distance of a threshold, on the side where more of them are."""
        if distance <= slack(threshold, self.spread):
            return 0.0
        ends = (-distance, 0, distance)
        below = [int(self._evidence.counts_below(threshold + each).sum()) for each in ends]
        return max(below[1] - below[0], below[2] - below[1]) / self.size

    def _share_of_counts(self, counts: Callable[[Draws], NDArray[np.int64]], least: float = 0.0) -> Estimate:
        """Return the share of draws that are counted in each replicate."""
        found = self._share(counts(self))
        return self._with_cases(found, lambda draws: int(counts(draws).sum()) / draws.size, least)

    def share_below(self, threshold: float) -> Estimate:
        """Return the share of draws below `threshold`."""
        return self._share_once("below", threshold, Draws._below)

    def share_at_most(self, threshold: float) -> Estimate:
        """Return the share of draws at or below `threshold`."""
        return self._share_once("at most", threshold, Draws._at_most)

    def _share_once(
        self, what: str, threshold: float, counts: Callable[[Draws, float], NDArray[np.int64]]
    ) -> Estimate:
        at = number("threshold", threshold)
        return self._once(
            what, at, lambda: self._share_of_counts(lambda draws: counts(draws, at), self._unsure(at))
        )

    def share_within(self, low: float, high: float) -> Estimate:
        """Return the share of draws from `low` to `high` above it, both included."""
        if lower(low, self.spread) > upper(high, self.spread):
            raise SettingError(f"expected low to be at most high, found {low:g} and {high:g}")
        least = self._unsure_within(low, high)
        return self._share_of_counts(
            lambda draws: np.asarray(draws._at_most(high) - draws._below(low)), least
        )

    def _unsure_within(self, low: float, high: float) -> float:
        """Return the share of draws that either end may be crossed by; at one value scrambles tell it."""
        one_value = bool(self.without) and low == high
        return 0.0 if one_value else math.hypot(self._unsure(low), self._unsure(high))

    def share(self, event: Callable[[FloatArray], np.ndarray]) -> Estimate:
        """Return the share of draws for which `event` holds, event mapping values to booleans."""
        return self._share_of_counts(
            lambda draws: replicate_counts(event(draws.values), draws.replicate_rows)
        )

    def share_interval(self, threshold: float, confidence: float = 0.95) -> tuple[float, float] | None:
        """Return the interval in which P(X < threshold) lies with a confidence; None if none can be given.

        Wilson's for independent draws (1927, doi:10.1080/01621459.1927.10502953), and where few draws lie on
        one side; Student's for replicates.

        Raises
        ------
        SettingError
            If the confidence is not between 0 and 1.
        """
        check_level("confidence", confidence)
        return self._share_interval(self._evidence.counts_below(lower(threshold, self.spread)), confidence)

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
        if not isinstance(kind, str) or kind not in get_args(IntervalKind):
            raise SettingError(f'interval: unknown kind "{kind}"{suggestion(kind, get_args(IntervalKind))}')
        if kind == "central":
            return self.quantile((1 - level) / 2), self.quantile((1 + level) / 2)
        low, high = self._shortest(level)
        return (
            self._with_cases(low, lambda draws: draws._shortest(level)[0].value, self.finest.at(low.value)),
            self._with_cases(high, lambda draws: draws._shortest(level)[1].value, self.finest.at(high.value)),
        )

    def _shortest(self, level: float) -> tuple[Estimate, Estimate]:
        if level not in self._shortest_by_level:
            self._shortest_by_level[level] = self._found_shortest(level)
        return self._shortest_by_level[level]

    def _found_shortest(self, level: float) -> tuple[Estimate, Estimate]:
        low, high = shortest_interval(self.ordered, level)
        if self._replicates == 1:
            return Estimate(low, None, ONE_REPLICATE), Estimate(high, None, ONE_REPLICATE)
        batches = self._batches()
        if batches.shape[1] * (1 - level) < FEWEST_BEYOND:
            reason = "there are too few draws outside the interval"
            return Estimate(low, None, reason), Estimate(high, None, reason)
        ends = np.array([shortest_interval(np.sort(batch), level) for batch in batches])
        # the ends converge with the cube root of the number of independent draws, and of these batches
        errors = ends.std(axis=0, ddof=1) / len(batches) ** (1 / 3)
        return Estimate(low, float(errors[0])), Estimate(high, float(errors[1]))

    def _reach_below(self, probability: float, value: float, confidence: float) -> float | None:
        """Return how far the share of draws below a quantile may err; where draws share its value, the most.

        At a value that all larger draws have, the share up to it is 1 without error, whatever is known of
        the share below it.
        """
        if self.replicate_rows == 1:
            wide = float(special.ndtri((1 + confidence) / 2))
            return wide * math.sqrt(probability * (1 - probability) / self.size)
        reaches = []
        for inclusive in (True, False):
            counts = self._evidence.counts_below(value, inclusive=inclusive)
            reaches.append(self._share_reach(counts, confidence))
            if inclusive and not self._shared(probability, value):
                break
        known = [reach for reach in reaches if reach is not None]
        return max(known) if known else None

    def _shared(self, probability: float, value: float) -> bool:
        # enough draws lie beyond the quantile for both ranks to be there
        rank = round(probability * (self.size - 1))
        return any(self._evidence.ranked(each) == value for each in (rank - 2, rank + 2))

    def _beyond(self, probability: float) -> float:
        return min(probability, 1 - probability) * self.size

    def _around(self, probability: float, reach: float) -> tuple[float, float]:
        low, high = (self._order_statistic(min(max(probability + s, 0), 1)) for s in (-reach, reach))
        return low, high

    def _order_statistic(self, probability: float) -> float:
        return order_statistic(self._evidence.ranked, self.size, probability)

    def _batches(self) -> FloatArray:
        """Return batches of a part of every replicate, or of independent draws; empty ones where few.

        Within one replicate alone the widths of intervals between draws go by the steps of its net, in which
        all replicates agree, and the widths between draws of several do not.
        """
        batches = self.size // self.replicate_rows
        rows = self.replicate_rows // batches
        if rows > 1:
            each = self.values.reshape(batches, -1)
            parts = each[:, : rows * batches].reshape(batches, batches, rows)
            return parts.swapaxes(0, 1).reshape(batches, -1)
        rows = self.size // BATCHES
        return self.values[: rows * BATCHES].reshape(BATCHES, rows)

    def _share(self, counts: NDArray[np.int64]) -> Estimate:
        met = int(counts.sum())
        value, few = met / self.size, min(met, self.size - met)
        bounds = self._share_interval(counts, 0.95)
        if few == 0 and self.equal and self.constant:
            return Estimate(value, None, UNVARYING, (value, value))
        if few == 0:
            # no draw at all says no more than "rarer than about 3 in N" (the rule of three)
            return Estimate(value, min(3 / self.size, 1.0), "", bounds)
        if bounds is None:
            return Estimate(value, None, ONE_REPLICATE)
        if few < FEWEST_EVENTS:
            reason = too_few_events(few, self.size, rows=self.rows, missed=few < met)
            return Estimate(value, None, reason, bounds)
        if self.replicate_rows == 1:
            return Estimate(value, math.sqrt(value * (1 - value) / self.size), "", bounds)
        return Estimate(value, (self._share_reach(counts, 0.95) or 0.0) / ERRORS_WIDE, "", bounds)

    def _share_interval(self, counts: NDArray[np.int64], confidence: float) -> tuple[float, float] | None:
        met = int(counts.sum())
        value, few = met / self.size, min(met, self.size - met)
        if few and counts.size == 1 and self.replicate_rows > 1:
            return None
        # a few draws are met as if they were independent, whatever the design
        if self.replicate_rows == 1 or few < FEWEST_EVENTS:
            return wilson(value, self.size, confidence)
        reach = self._share_reach(counts, confidence) or 0.0
        return max(value - reach, 0.0), min(value + reach, 1.0)

    def _share_reach(self, counts: NDArray[np.int64], confidence: float) -> float | None:
        """Return half the interval of the share that replicates agree on; None where there is one."""
        if counts.size < 2:
            return None
        half = float(half_widths(counts / self.replicate_rows, confidence))
        # replicates of a net may agree exactly; one draw is still the finest that draws can tell
        return max(half, float(special.stdtrit(counts.size - 1, (1 + confidence) / 2)) / self.size)

    @property
    def _replicates(self) -> int | None:
        return None if self.replicate_rows == 1 else self.size // self.replicate_rows


def _too_few_beyond(probability: float, rows: int) -> str:
    share = min(probability, 1 - probability)
    enough = math.ceil(FEWEST_BEYOND / share) if share else math.inf
    return too_few_draws(rows * (enough if enough * share >= FEWEST_BEYOND else enough + 1))


def shortest_interval(ordered: FloatArray, level: float) -> tuple[float, float]:
    """Return the shortest interval around `level` of the ordered values (JCGM 101:2008, 7.7.4)."""
    inside = min(max(round(level * ordered.size), 1), ordered.size - 1) if ordered.size > 1 else 0
    widths = ordered[inside:] - ordered[: ordered.size - inside]
    start = int(np.argmin(widths))
    return float(ordered[start]), float(ordered[start + inside])


def check_probability(probability: float) -> None:
    """Refuse a probability that does not lie from 0 to 1."""
    share("probability", probability)


def check_level(name: str, level: float) -> None:
    """Refuse a level or confidence that is not between 0 and 1."""
    inner_share(name, level)
