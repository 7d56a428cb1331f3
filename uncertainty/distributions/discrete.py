"""Distributions on single values: constants, weighted values, resampled data and counts."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from uncertainty.distributions.data_file import DataColumn, read_column
from uncertainty.distributions.functions import beta_cdf, beta_survival, gamma_cdf, gamma_survival
from uncertainty.distributions.parameters import (
    Written,
    finite_tuple,
    make_finite,
    number_text,
    set_once,
    tuple_text,
    within,
)
from uncertainty.errors import InvalidValue
from uncertainty.late import dataclass
from uncertainty.values import of_probabilities, of_values

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from uncertainty.distributions.protocol import FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """Values in increasing order and what lies up to and beyond each, in precise tails.

    Parameters
    ----------
    values
        Distinct, shape (n,).
    probabilities, cumulative, beyond
        P(X = x), P(X <= x) and P(X > x) of each value, shape (n,).
    """

    values: FloatArray
    probabilities: FloatArray
    cumulative: FloatArray
    beyond: FloatArray

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the smallest values whose cdf reaches `u`."""
        reached = self.values[np.searchsorted(self.cumulative, np.minimum(u, 1.0))]
        return np.where(u >= 1.0, self.values[-1], reached)

    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return np.append(0.0, self.cumulative)[np.searchsorted(self.values, x, side="right")]

    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        return np.append(1.0, self.beyond)[np.searchsorted(self.values, x, side="right")]

    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        reached = np.searchsorted(self.beyond[::-1], q, side="right")
        return self.values[self.values.size - reached]

    @property
    def mean(self) -> float:
        """Expectation."""
        return within(math.fsum(self.probabilities * self.values), (self.values[0], self.values[-1]))

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return math.sqrt(math.fsum(self.probabilities * (self.values - self.mean) ** 2))


def weighted(values: tuple[float, ...], weights: tuple[float, ...] | None = None) -> Table:
    """Return the table of values that are as probable as they weigh, alike if no weights are given."""
    distinct, position = np.unique(np.array(values), return_inverse=True)
    weight = np.bincount(position, weights=weights).astype(np.float64)
    present = weight > 0.0
    weight = weight[present] / weight.max()
    cumulative = np.cumsum(weight)
    # summed from above, so that what lies beyond the largest values is as precise as they are rare
    probabilities = weight / cumulative[-1]
    beyond = np.append(np.cumsum(probabilities[:0:-1])[::-1], 0.0)
    return Table(distinct[present] + 0.0, probabilities, cumulative / cumulative[-1], beyond)


class Steps(Written):
    """Everything that follows from a table."""

    __slots__ = ()
    table: Table

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the smallest values whose cdf reaches `u`."""
        return self.table.quantile(u)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return self.table.cdf(x)

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        return self.table.survival(x)

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        return self.table.upper_quantile(q)

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest value."""
        return float(self.table.values[0]), float(self.table.values[-1])

    @property
    def atoms(self) -> tuple[float, ...]:
        """The values."""
        return tuple(self.table.values.tolist())

    @property
    def is_constant(self) -> bool:
        """Whether one value has all the probability."""
        return self.table.values.size == 1

    @property
    def mean(self) -> float:
        """Expectation."""
        return self.table.mean

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return self.table.sd


@dataclasses.dataclass(frozen=True, slots=True)
class Fixed(Written):
    """A constant.

    Parameters
    ----------
    value
        The only value.
    """

    value: float
    family: ClassVar[str] = "fixed"
    example: ClassVar[str] = "fixed(5)"
    is_constant: ClassVar[bool] = True
    sd: ClassVar[float] = 0.0

    def __post_init__(self) -> None:
        make_finite(self)

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the value, in the shape of `u`."""
        return np.full(u.shape, self.value)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return np.where(x < self.value, 0.0, 1.0)

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        return np.where(x < self.value, 1.0, 0.0)

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        return np.full(q.shape, self.value)

    @property
    def support(self) -> tuple[float, float]:
        """The value, twice."""
        return self.value, self.value

    @property
    def atoms(self) -> tuple[float, ...]:
        """The value."""
        return (self.value,)

    @property
    def mean(self) -> float:
        """The value."""
        return self.value


def checked_weights(weights: tuple[float, ...] | None, count: int, family: str) -> tuple[float, ...] | None:
    """Return weights as floats; they need not sum to 1.

    Raises
    ------
    InvalidValue
        If there are not `count` of them, one is negative or not finite, or all are 0.
    """
    if weights is None:
        return None
    numbers = finite_tuple(weights, f"{family}: weight")
    if len(numbers) != count:
        raise InvalidValue(f"{family}: weights must be as many as the values, {count}, not {len(numbers)}")
    if min(numbers) < 0.0:
        raise InvalidValue(f"{family}: weights must not be negative, but {number_text(min(numbers))} is")
    if max(numbers) == 0.0:
        raise InvalidValue(f"{family}: weights must not all be 0")
    return numbers


@dataclass(frozen=True, slots=True)
class Discrete(Steps):
    """Finitely many values with probabilities in proportion to their weights.

    Parameters
    ----------
    values
        At least one; a value that occurs twice has the sum of its weights.
    weights
        As many as the values, none negative; equal if not given.
    """

    values: tuple[float, ...]
    weights: tuple[float, ...] | None = None
    family: ClassVar[str] = "discrete"
    example: ClassVar[str] = "discrete(2, 5, 8)"
    table: Table = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        set_once(self, "values", finite_tuple(self.values, "discrete: value"))
        set_once(self, "weights", checked_weights(self.weights, len(self.values), "discrete"))
        set_once(self, "table", weighted(self.values, self.weights))

    @property
    def call(self) -> str:
        """Its text as a call of its family, whatever it was written as."""
        weights = "" if self.weights is None else f", weights=({tuple_text(self.weights)})"
        return f"discrete({tuple_text(self.values)}{weights})"


@dataclass(frozen=True, slots=True)
class Empirical(Steps):
    """Resampled data: every datum is equally likely.

    Parameters
    ----------
    values
        The data, at least one.
    column
        Where the data were read, for data from a file; `from_file` sets it.
    """

    values: tuple[float, ...]
    column: DataColumn | None = None
    family: ClassVar[str] = "empirical"
    example: ClassVar[str] = "empirical(2.2, 4.9, 7.4)"
    table: Table = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        set_once(self, "values", finite_tuple(self.values, "empirical: value"))
        set_once(self, "table", weighted(self.values))

    @classmethod
    def from_file(cls, folder: Path, file: str, column: str) -> Empirical:
        """Read the data from a column of a CSV file inside `folder`."""
        try:
            values, source = read_column(DataColumn.within(folder, file, column))
        except InvalidValue as error:
            raise InvalidValue(f"{cls.family}: {error}") from None
        return cls(values, source)

    @property
    def call(self) -> str:
        """Its text as a call of its family, whatever it was written as."""
        return f"empirical({self.column or tuple_text(self.values)})"


MOST = 1e5
"""Largest variance of a count: beyond, it is normal to three digits, and its values are too many to list."""

RAREST = 1e-18
"""Values are left out of a count where less than this (times a variance below 1) lies at or beyond them."""


@dataclass(frozen=True, slots=True)
class Poisson(Steps):
    """Poisson distribution: how many events occur that are independent of each other.

    Parameters
    ----------
    mean
        Expectation, not negative; at 0 nothing ever occurs.
    """

    mean: float
    family: ClassVar[str] = "poisson"
    example: ClassVar[str] = "poisson(5)"
    table: Table = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        make_finite(self)
        if self.mean < 0.0:
            raise InvalidValue(f"poisson: mean must not be negative, but {number_text(self.mean)} is")
        _require_countable(self.family, self.mean, self.mean)

        def beyond(k: FloatArray) -> FloatArray:
            return gamma_cdf(k + 1.0, self.mean)

        def up_to(k: FloatArray) -> FloatArray:
            return gamma_survival(k + 1.0, self.mean)

        set_once(self, "table", _counted(self.mean, self.mean, math.inf, up_to, beyond))

    @property
    def sd(self) -> float:
        """Standard deviation, the root of the mean."""
        return math.sqrt(self.mean)


@dataclass(frozen=True, slots=True)
class Binomial(Steps):
    """Binomial distribution: how many of `n` independent trials succeed.

    Parameters
    ----------
    n
        Trials, a whole number, not negative; of 0 none succeeds.
    p
        Probability of each to succeed, 0 to 1.
    """

    n: float
    p: float
    family: ClassVar[str] = "binomial"
    example: ClassVar[str] = "binomial(9, 0.4)"
    table: Table = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        make_finite(self)
        if self.n < 0.0 or self.n != math.floor(self.n) or self.n > 1e15:
            raise InvalidValue(
                f"binomial: n must be a whole number from 0 to 1e15, not {number_text(self.n)}"
            )
        _require_probability(self.family, self.p)
        _require_countable(self.family, self.mean, self.sd**2)
        set_once(self, "table", _binomial_table(self.n, self.p))

    @property
    def mean(self) -> float:
        """Expectation, ``n * p``."""
        return self.n * self.p

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return math.sqrt(self.n * self.p * (1.0 - self.p))


@dataclass(frozen=True, slots=True)
class Bernoulli(Steps):
    """Bernoulli distribution: 1 with a probability, otherwise 0.

    Parameters
    ----------
    p
        Probability of 1, from 0 to 1.
    """

    p: float
    family: ClassVar[str] = "bernoulli"
    example: ClassVar[str] = "bernoulli(0.3)"
    table: Table = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        make_finite(self)
        _require_probability(self.family, self.p)
        set_once(self, "table", _binomial_table(1.0, self.p))

    @property
    def mean(self) -> float:
        """Expectation, the probability of 1."""
        return self.p

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return math.sqrt(self.p * (1.0 - self.p))


def _require_probability(family: str, p: float) -> None:
    if not 0.0 <= p <= 1.0:
        percent = f"; {number_text(p)} % is written {p / 100:.12g}" if 1.0 < p <= 100.0 else ""
        raise InvalidValue(f"{family}: p must lie between 0 and 1, not at {number_text(p)}{percent}")


class LargeCount(InvalidValue):
    """Counts that are too large to be told apart, and may as well be taken for normal."""


def _require_countable(family: str, mean: float, variance: float) -> None:
    if variance > MOST:
        raise LargeCount(
            f"{family}: so large a count is normal to three digits; "
            f"write normal({mean:.12g}, {math.sqrt(variance):.6g})"
        )


def _binomial_table(n: float, p: float) -> Table:
    most = max(n, 1.0)  # no shape is 0, also where nothing is tried

    def beyond(k: FloatArray) -> FloatArray:
        # at n itself it is not asked for
        return beta_cdf(np.minimum(k + 1.0, most), np.maximum(n - k, 1.0), p)

    def up_to(k: FloatArray) -> FloatArray:
        return np.where(k < n, beta_survival(np.minimum(k + 1.0, most), np.maximum(n - k, 1.0), p), 1.0)

    return _counted(n * p, n * p * (1.0 - p), n, up_to, beyond)


def _counted(
    mean: float,
    variance: float,
    most: float,
    up_to: Callable[[FloatArray], FloatArray],
    beyond: Callable[[FloatArray], FloatArray],
) -> Table:
    """Tabulate the whole numbers from 0 to `most` that are likely enough to be counted."""
    reach = 40.0 * math.sqrt(variance) + 400.0
    first = max(math.floor(mean - reach), 0.0)
    values = np.arange(first, min(math.ceil(mean + reach), most) + 1.0)
    cumulative, rest = up_to(values), beyond(values)
    # of what hardly ever happens, the first time is no rarer than the variance
    rarest = RAREST * min(variance, 1.0)
    kept = (cumulative > rarest) & (np.append(1.0, rest[:-1]) > rarest)
    values, cumulative, rest = values[kept], cumulative[kept], rest[kept]
    cumulative[-1], rest[-1] = 1.0, 0.0
    # each from the tail in which it is known better
    rising, falling = np.diff(cumulative, prepend=0.0), -np.diff(rest, prepend=1.0)
    return Table(values, np.where(cumulative < 0.5, rising, falling), cumulative, rest)
