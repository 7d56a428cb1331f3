"""Moments of draws from sums over blocks, and how far the mean and the standard deviation can be trusted."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from uncertainty.late import dataclass
from uncertainty.sampling.estimate import ERRORS_WIDE, FEWEST_EVENTS, Estimate, half_widths, too_few_events

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from uncertainty.distributions.protocol import FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class Moments:
    """Moments of a quantity over draws.

    Every attribute has one number for all draws together, or one for each replicate.

    Parameters
    ----------
    rows, mean
        Number of draws and their mean.
    second, third, fourth
        Sums of the second to fourth powers of the differences from the mean, in units.
    unit
        A power of two near the largest difference, so that no power of it is too large or too small.
    """

    rows: FloatArray
    mean: FloatArray
    second: FloatArray
    third: FloatArray
    fourth: FloatArray
    unit: FloatArray

    @property
    def sd(self) -> FloatArray:
        """Standard deviation, with one less than the draws as divisor."""
        return np.asarray(self.unit * np.sqrt(self.second / np.maximum(self.rows - 1, 1)))

    @property
    def kurtosis(self) -> FloatArray:
        """Fourth standardised moment; 1, the least there is, where nothing varies."""
        varies = self.second > 0
        return np.asarray(
            np.where(varies, self.rows * self.fourth / np.where(varies, self.second, 1) ** 2, 1)
        )

    @property
    def skewness(self) -> FloatArray:
        """Third standardised moment; 0 where nothing varies."""
        varies = self.second > 0
        size = np.where(varies, self.second, 1) ** 1.5
        return np.asarray(np.where(varies, np.sqrt(self.rows) * self.third / size, 0))

    @property
    def mean_error(self) -> float:
        """Standard error of the mean of independent draws."""
        return float(self.sd) / math.sqrt(float(self.rows))

    @property
    def sd_error(self) -> float:
        """Standard error of the standard deviation of independent draws."""
        return float(self.sd) * math.sqrt(max(float(self.kurtosis) - 1, 0) / (4 * float(self.rows)))


SUMS = 13
"""Numbers of a block that moments are made of."""


@dataclass(frozen=True, eq=False)
class BlockSums:
    """What the moments of draws are made of, block by block.

    Parameters
    ----------
    table
        Shape (13, ..., blocks): rows, smallest and largest value, the mean, the sums of the powers 2 to 4
        of the differences from it in units of a power of two and that unit, and those five of the natural
        logarithm (nan where a value is not positive).
    """

    table: FloatArray

    @property
    def lowest(self) -> float:
        """Smallest value."""
        return float(self.table[1].min())

    @property
    def highest(self) -> float:
        """Largest value."""
        return float(self.table[2].max())

    @cached_property
    def values(self) -> Moments:
        """Moments of the values, over the last axis."""
        return _joined(self.table[0], self.table[3:8])

    @cached_property
    def logarithms(self) -> Moments:
        """Moments of their natural logarithms, over the last axis."""
        return _joined(self.table[0], self.table[8:13])

    def by_replicate(self, replicates: int) -> BlockSums:
        """Return the same sums with the blocks of each replicate on an axis of their own."""
        return BlockSums(self.table.reshape(len(self.table), replicates, -1))


def block_sums(values: FloatArray) -> FloatArray:
    """Return what blocks add to the table of `BlockSums`, shape (13, blocks), from values (blocks, rows)."""
    lowest, highest = values.min(axis=1), values.max(axis=1)
    logarithms = np.full((5, len(values)), np.nan)
    positive = lowest > 0
    if positive.any():
        logarithms[:, positive] = _power_sums(np.log(values[positive]))
    rows = np.full(len(values), float(values.shape[1]))
    return np.array([rows, lowest, highest, *_power_sums(values), *logarithms])


def _power_sums(values: FloatArray) -> tuple[FloatArray, ...]:
    size = power_of_two(np.abs(values).max(axis=1))
    mean = (values / size[:, None]).mean(axis=1) * size
    centred = values - mean[:, None]
    unit = power_of_two(np.abs(centred).max(axis=1))
    centred /= unit[:, None]
    squares = centred * centred
    return mean, squares.sum(axis=1), _products(squares, centred), _products(squares, squares), unit


SHORT = 2**12
"""Rows of a block up to which products are summed in one piece whether or not other blocks are beside it."""


def _products(one: FloatArray, other: FloatArray) -> FloatArray:
    """Return the sum of the products in each block, to the same bit whatever blocks there are."""
    # no product by BLAS, which shares long ones out over threads and then sums in another order; nor of
    # all blocks at once, which sums long ones in parts
    if one.shape[1] <= SHORT:
        return np.asarray(np.einsum("bi,bi->b", one, other))
    return np.array([np.einsum("i,i->", *each) for each in zip(one, other, strict=True)])


LEAST_EXPONENT = -1000
"""Exponent of the least and, without its sign, of the largest power of two that differences are told in."""


def power_of_two(size: FloatArray) -> FloatArray:
    """Return the power of two above sizes, the least there is for 0: dividing by it is exact."""
    exponents = np.where(size > 0, np.frexp(size)[1], LEAST_EXPONENT)
    return np.asarray(np.ldexp(1.0, np.clip(exponents, LEAST_EXPONENT, -LEAST_EXPONENT)))


def unit_of(values: FloatArray) -> float:
    """Return a power of two above the sizes of all values: divided by it, none overflows when squared."""
    return float(power_of_two(np.abs(values).max()))


def _joined(rows: FloatArray, powers: FloatArray) -> Moments:
    """Join blocks (Pébay 2008, doi:10.2172/1028931)."""
    means, second, third, fourth, units = powers
    total = rows.sum(axis=-1)
    size = power_of_two(np.abs(means).max(axis=-1))
    mean = (rows * (means / size[..., None])).sum(axis=-1) / total * size
    d = means - np.asarray(mean)[..., None]
    unit = np.maximum(units.max(axis=-1), power_of_two(np.abs(d).max(axis=-1)))
    d = d / unit[..., None]
    ratio = units / unit[..., None]
    second, third, fourth = second * ratio**2, third * ratio**3, fourth * ratio**4
    return Moments(
        rows=np.asarray(total),
        mean=np.asarray(mean),
        second=np.asarray((second + rows * d**2).sum(axis=-1)),
        third=np.asarray((third + 3 * d * second + rows * d**3).sum(axis=-1)),
        fourth=np.asarray((fourth + 4 * d * third + 6 * d**2 * second + rows * d**4).sum(axis=-1)),
        unit=np.asarray(unit),
    )


Moment = Literal["mean", "sd"]

MOST_KURTOSIS = 2.0
"""Kurtosis a draw up to which the error of a mean covers, as lognormal quantities and atoms show."""

LEAST_SKEWED = 0.05
"""Kurtosis a draw from which on the skewness of a mean is felt."""

LONG_KURTOSIS = 6.0
"""Kurtosis above which means of replicates are not normal enough; a Laplace quantity has it."""

ONE_MODE = 189 / 125
"""Kurtosis that all quantities with one mode have at least (Klaassen, Mokveld & van Es 2000)."""

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

MOST_BEYOND = 7.0
"""Draws that a tail would have beyond the farthest one; above it no such tail is there (1 in 1,000 errs)."""

NARROW = 0.01
"""Part of the kurtosis by which it may lie above that of two values: heaps a tenth as wide as far apart."""

FEWEST_TOLD = 100
"""Draws from which on quantiles tell of a tail."""

MIDDLE_DRAWS = 2048
"""Draws from which on outermost quantiles alone tell of a tail; of fewer, those that miss it would answer."""

SHORT_TAIL = -0.5
"""Log-sd, of the lognormal tail that ends, below which no long tail was missed."""

MIDDLE_TELLS = (1.2, 1.5)
"""Times the log-sd that draws allow up to which the middle's may be, and its sum with that of the tail."""

NEAR = 0.15865525393145707
"""Probability of normal scores below -1."""

MOST_EXPONENT = 100.0

SKEWED = "the middle of the draws is skewed, as that of a long tail is: moments do not settle in so few draws"

ENDLESS = (
    "the farthest draws lie as those of a quantity without a mean do, such as a quotient whose divisor may "
    "be 0: moments do not settle"
)

FARTHEST = (10, 32, 100, 316)
"""Draws from the end of a tail at which it is looked how it thins out."""

THINNEST, THINNEST_STEP = 1.4, 2.0
"""Index of a tail, over all these draws and between any two, up to which it is taken for one of 1, which has
no mean: the errors of these are 0.09 and 0.22."""

LONG = 1000.0
"""Kurtosis that quantiles tell of from which on it is looked."""

ROUNDING = 1e-9

ONE_REPLICATE = "there is only one replicate"

NO_MOMENTS = ("moments do not settle", "moments do not settle in so few draws", "moments are not known")
"""How a reason ends where a tail is so long that a mean says nothing."""

FEWEST_AGREEING = 5
"""Replicates whose agreement tells that draws take few values, in whose shares a net's replicates agree."""

UNSEEN_DRAWS = 2 * 3 / ERRORS_WIDE
"""Errors of one draw that replicates of a net may have in a share in which all of them agree.

Of the part of a draw that each lacks together at most 3 are likely (the rule of three), and a draw of another
value is twice as far from it as from the mean.
"""

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
    beyond
        Draws that such a quantity would have beyond the farthest one.
    middle
        Log-sd of the lognormal quantity that is as skewed between scores of -1 and 1.
    endless
        Whether a tail thins out as that of a quantity without a mean; see `is_endless`.
    """

    moments: Moments
    lowest: float
    highest: float
    replicates: Moments | None
    equal: str
    told: float | None = None
    beyond: float = 0.0
    middle: float = 0.0
    endless: bool = False

    @classmethod
    def of(
        cls,
        sums: BlockSums,
        replicates: int | None,
        equal: str,
        told: float | None,
        beyond: float = 0.0,
        middle: float = 0.0,
        *,
        endless: bool = False,
    ) -> Sample:
        """Return the sample of draws in replicates, or of independent ones."""
        by_replicate = None if replicates is None else sums.by_replicate(replicates).values
        ends = sums.lowest, sums.highest
        return cls(sums.values, *ends, by_replicate, equal, told, beyond, middle, endless)

    @classmethod
    def of_logarithms(
        cls, sums: BlockSums, replicates: int | None, equal: str, told: float | None, middle: float = 0.0
    ) -> Sample:
        """Return the sample of the natural logarithms of positive draws."""
        by_replicate = None if replicates is None else sums.by_replicate(replicates).logarithms
        ends = math.log(sums.lowest), math.log(sums.highest)
        return cls(sums.logarithms, *ends, by_replicate, equal, told, middle=middle)

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
        found = self._estimate("sd", sd, self.moments.sd_error, sd * kurtosis / (2 * self._rows))
        if found.error is not None:
            found = found._replace(error=self._nearly_too_few * found.error)
        return widened_by_bend(found, self.mean, kurtosis)

    def _estimate(self, moment: Moment, value: float, independent: float, finest: float) -> Estimate:
        alone = ONE_REPLICATE if self.replicates is not None and self.replicates.rows.size < 2 else ""
        reason = self._unknown() or self._few_events() or alone or self._heavy_tail(moment)
        if reason:
            return Estimate(value, None, reason)
        if self.replicates is None:
            return Estimate(value, max(independent, finest))
        error = float(half_widths(self._of(moment, self.replicates))) / ERRORS_WIDE
        if moment == "sd":
            error *= self.wider_squares
        # replicates are skewed where a tail is long: what one of its draws more would change comes on top
        long = float(self.moments.kurtosis) > LONG_KURTOSIS
        error = math.hypot(error, finest) if long else max(error, finest)
        if self._agree:
            error = math.hypot(error, UNSEEN_DRAWS * finest)
        more = self._more if moment == "mean" else 0.0
        # the more a tail decides, the less a design meets it better than independent draws do
        return Estimate(value, max((1 + more) * error, more * independent))

    @property
    def _agree(self) -> bool:
        """Whether replicates have two means at most: then some of them may all err by one part of a draw."""
        if self.replicates is None or self.replicates.rows.size < FEWEST_AGREEING:
            return False
        apart = np.diff(np.sort(self._of("mean", self.replicates)))
        return bool(np.count_nonzero(apart > ROUNDING * float(self.moments.sd)) <= 1)

    @property
    def _nearly_too_few(self) -> float:
        """How much wider the interval of a standard deviation is where hardly enough draws tell of a tail.

        Draws that have met too little of it are those for which one is told: then it comes out too small.
        """
        kurtosis = self._kurtosis
        return (
            1.0
            if kurtosis <= NEARLY_NORMAL or self._two_heaps
            else 1 + FEWEST_DRAWS * kurtosis**3 / self._rows
        )

    @property
    def wider_squares(self) -> float:
        """By what factor Student's interval of what replicates tell of squares must be wider."""
        if self.replicates is None or self._kurtosis <= NEARLY_NORMAL:
            return 1.0
        return widened(self.replicates.rows.size, self._outermost)

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
        if self.told is None or own > MOST_UNTOLD * self.told:
            return own
        # no such tail ends where the draws do
        return own if self.told > MOST_UNTOLD * own and self.beyond > MOST_BEYOND else self.told

    @property
    def _with_middle(self) -> float:
        """The kurtosis that decides on a standard deviation, which few draws' middle also tells of.

        Their outermost quantiles miss a tail just where their spread does; their middle does not.
        """
        if self.told is None or self._rows >= MIDDLE_DRAWS:
            return self._kurtosis
        alone, both = MIDDLE_TELLS
        log_sd = max(self.middle / alone, (self.middle + _log_sd_of(self._kurtosis)) / both)
        return max(self._kurtosis, _kurtosis_of(min(log_sd, 1.0)))

    @property
    def _more(self) -> float:
        """How much wider the interval of replicates' mean is where the mean itself is skewed.

        Then it comes out too small just where the spread does. The skewness of a mean is at most the root of
        the kurtosis a draw.
        """
        share = max(self._kurtosis, float(self.moments.kurtosis)) / self._rows
        return math.sqrt(share) if share > LEAST_SKEWED else 0.0

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
        few = min(share, 1 - share) * self._rows
        enough = few >= FEWEST_EVENTS - ROUNDING
        return "" if enough else too_few_events(few, round(self._rows), missed=share > 0.5)

    @property
    def _two_values(self) -> bool:
        """Whether there are two values alone: then kurtosis is what the skewness leaves least (Pearson)."""
        kurtosis, skewness = float(self.moments.kurtosis), float(self.moments.skewness)
        return kurtosis - skewness**2 - 1 <= ROUNDING * kurtosis

    @property
    def _two_heaps(self) -> bool:
        """Whether draws lie in two narrow heaps, the smaller of enough draws: then its share settles moments.

        A tail that goes on has no heap, and where few draws decide they are fewer than `FEWEST_EVENTS`.
        """
        kurtosis, skewness = float(self.moments.kurtosis), float(self.moments.skewness)
        narrow = kurtosis - skewness**2 - 1 <= NARROW * kurtosis
        return narrow and FEWEST_EVENTS * kurtosis <= (1 + ROUNDING) * self._rows

    def _heavy_tail(self, moment: Moment) -> str:
        own, rows = float(self.moments.kurtosis), self._rows
        kurtosis = self._with_middle if moment == "sd" else self._kurtosis
        if self._two_values if moment == "mean" else self._two_heaps:
            return ""
        if self.endless:
            return ENDLESS
        needed = kurtosis / MOST_KURTOSIS if moment == "mean" else FEWEST_DRAWS * min(kurtosis, rows) ** 3
        if needed > rows or (moment == "sd" and self._outermost > LONGEST_STRATUM):
            if kurtosis > self._kurtosis:
                return SKEWED
            if kurtosis > rows:  # the most that as many draws can have
                return "with a kurtosis that is not known, moments do not settle in so few draws"
            about = f"{float(f'{kurtosis:.2g}'):,.{0 if kurtosis >= 10 else 1}f}"
            return f"with a kurtosis of about {about}, moments do not settle in so few draws"
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


def widened_by_bend(sd: Estimate, mean: Estimate, kurtosis: float) -> Estimate:
    """Return a standard deviation with what the square of the mean's error adds to its own.

    Where draws lie in two heaps of nearly the same size, what is linear in their shares is near 0.
    """
    if sd.error is None or mean.error is None or kurtosis >= ONE_MODE:
        return sd
    return sd._replace(error=sd.error + ERRORS_WIDE * mean.error * (mean.error / sd.value) / 2)


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


def middle_told(quantiles: Sequence[float], draws: int) -> float:
    """Return the log-sd of the lognormal quantity that is as skewed between normal scores of -1 and 1.

    Parameters
    ----------
    quantiles
        At the probabilities of `telling`.

    Returns
    -------
    float
        0 where both tails are so short that no draws can have missed a long one, as those of what has ends.
    """
    lowest, low, middle, high, highest = quantiles
    above, below = high - middle, middle - low
    if above <= 0 or below <= 0:
        return math.inf
    score = _score(telling(draws)[-1])
    short = math.expm1(score * SHORT_TAIL) / math.expm1(SHORT_TAIL)
    if max((highest - middle) / above, (middle - lowest) / below) < short:
        return 0.0
    return abs(math.log(above) - math.log(below))


def beyond_told(quantiles: Sequence[float], draws: int, ends: tuple[float, float]) -> float:
    """Return how many draws the quantity of `kurtosis_told` would have beyond the end of its longer tail.

    Parameters
    ----------
    ends
        The lowest and the highest draw.
    """
    from uncertainty.special import ndtr

    lowest, low, middle, high, highest = quantiles
    tails = (
        (highest - middle, high - middle, ends[1] - middle),
        (middle - lowest, middle - low, middle - ends[0]),
    )
    far, near, end = max(tails, key=lambda tail: tail[0] / tail[1])
    log_sd = _log_sd_of_ratio(far / near, _score(telling(draws)[-1]))
    return float(draws * ndtr(-math.log1p(end / near * math.expm1(log_sd)) / log_sd))


def is_endless(quantile: Callable[[float], float], draws: int) -> bool:
    """Tell whether the farthest draws on either side thin out as 1 / x does, so that there is no mean.

    Parameters
    ----------
    quantile
        The draws' order statistic at a probability.
    """
    if draws < 2 * FARTHEST[-1]:
        return False
    middle, counts = quantile(0.5), np.array(FARTHEST)
    for side in (1, -1):
        ranks = [each / draws for each in FARTHEST]
        apart = [side * (quantile(1 - rank if side > 0 else rank) - middle) for rank in ranks]
        if apart[-1] > 0 and np.diff(apart).max() < 0:
            more, nearer = np.diff(np.log(counts)), -np.diff(np.log(apart))
            if (more / nearer).max() <= THINNEST_STEP and more.sum() <= THINNEST * nearer.sum():
                return True
    return False


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
    from uncertainty.special import ndtri

    return float(ndtri(probability))
