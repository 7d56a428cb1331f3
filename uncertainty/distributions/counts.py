"""Counts: Poisson, binomial and Bernoulli distributions."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from uncertainty.distributions.functions import beta_cdf, beta_survival, gamma_cdf, gamma_survival
from uncertainty.distributions.parameters import make_finite, number_text, require_positive, set_once
from uncertainty.distributions.steps import Steps, Table
from uncertainty.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from uncertainty.distributions.protocol import FloatArray

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
        Expectation, greater than 0.
    """

    mean: float
    family: ClassVar[str] = "poisson"
    table: Table = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        make_finite(self)
        require_positive(self, "mean")
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
        Trials, a whole number of at least 1.
    p
        Probability of each to succeed, 0 to 1.
    """

    n: float
    p: float
    family: ClassVar[str] = "binomial"
    table: Table = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        make_finite(self)
        if self.n < 1.0 or self.n != math.floor(self.n) or self.n > 1e15:
            raise InvalidValue(
                f"binomial: n must be a whole number from 1 to 1e15, not {number_text(self.n)}"
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


def _require_countable(family: str, mean: float, variance: float) -> None:
    if variance > MOST:
        raise InvalidValue(
            f"{family}: so large a count is normal to three digits; "
            f"write normal({mean:.12g}, {math.sqrt(variance):.6g})"
        )


def _binomial_table(n: float, p: float) -> Table:
    if p in (0.0, 1.0):
        return Table(np.array([n * p]), np.ones(1), np.ones(1), np.zeros(1))

    def beyond(k: FloatArray) -> FloatArray:
        return np.where(k < n, beta_cdf(np.minimum(k + 1.0, n), np.maximum(n - k, 1.0), p), 0.0)

    def up_to(k: FloatArray) -> FloatArray:
        return np.where(k < n, beta_survival(np.minimum(k + 1.0, n), np.maximum(n - k, 1.0), p), 1.0)

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
