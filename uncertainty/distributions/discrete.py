"""Distributions on single values: constants, weighted values and resampled data."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from uncertainty.distributions.data_file import DataColumn, read_column
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
from uncertainty.values import of_probabilities, of_values

if TYPE_CHECKING:
    from pathlib import Path

    from uncertainty.distributions.protocol import FloatArray


@dataclass(frozen=True, slots=True)
class Fixed(Written):
    """A constant.

    Parameters
    ----------
    value
        The only value.
    """

    value: float
    family: ClassVar[str] = "fixed"
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


class _Table:
    """Distinct values in increasing order with their probabilities, and what follows from them."""

    __slots__ = ("beyond", "cumulative", "probabilities", "values")

    def __init__(self, values: tuple[float, ...], weights: tuple[float, ...] | None) -> None:
        distinct, position = np.unique(np.array(values), return_inverse=True)
        weight = np.bincount(position, weights=weights).astype(np.float64)
        present = weight > 0.0
        self.values: FloatArray = distinct[present] + 0.0
        weight = weight[present] / weight.max()
        self.cumulative: FloatArray = np.cumsum(weight)
        self.probabilities: FloatArray = weight / self.cumulative[-1]
        self.cumulative /= self.cumulative[-1]
        # summed from above, so that what lies beyond the largest values is as precise as they are rare
        self.beyond: FloatArray = np.append(np.cumsum(self.probabilities[:0:-1])[::-1], 0.0)

    def quantile(self, u: FloatArray) -> FloatArray:
        return self.values[np.searchsorted(self.cumulative, np.minimum(u, 1.0))]

    def cdf(self, x: FloatArray) -> FloatArray:
        return np.append(0.0, self.cumulative)[np.searchsorted(self.values, x, side="right")]

    def survival(self, x: FloatArray) -> FloatArray:
        return np.append(1.0, self.beyond)[np.searchsorted(self.values, x, side="right")]

    def upper_quantile(self, q: FloatArray) -> FloatArray:
        reached = np.searchsorted(self.beyond[::-1], q, side="right")
        return self.values[self.values.size - reached]

    @property
    def support(self) -> tuple[float, float]:
        return float(self.values[0]), float(self.values[-1])

    @property
    def mean(self) -> float:
        return within(math.fsum(self.probabilities * self.values), self.support)

    @property
    def sd(self) -> float:
        return math.sqrt(math.fsum(self.probabilities * (self.values - self.mean) ** 2))


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
class Discrete(Written):
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
    _table: _Table = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        set_once(self, "values", finite_tuple(self.values, "discrete: value"))
        set_once(self, "weights", checked_weights(self.weights, len(self.values), "discrete"))
        set_once(self, "_table", _Table(self.values, self.weights))

    @property
    def call(self) -> str:
        """Its text as a call of its family, whatever it was written as."""
        weights = "" if self.weights is None else f", weights=({tuple_text(self.weights)})"
        return f"discrete({tuple_text(self.values)}{weights})"

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the smallest values whose cdf reaches `u`."""
        return self._table.quantile(u)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        return self._table.cdf(x)

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        return self._table.survival(x)

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        return self._table.upper_quantile(q)

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest value."""
        return self._table.support

    @property
    def atoms(self) -> tuple[float, ...]:
        """The values with positive weight."""
        return tuple(self._table.values.tolist())

    @property
    def is_constant(self) -> bool:
        """Whether one value has all the weight."""
        return self._table.values.size == 1

    @property
    def mean(self) -> float:
        """Expectation."""
        return self._table.mean

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return self._table.sd


@dataclass(frozen=True, slots=True)
class Empirical(Written):
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
    _table: _Table = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        set_once(self, "values", finite_tuple(self.values, "empirical: value"))
        set_once(self, "_table", _Table(self.values, None))

    @classmethod
    def from_file(cls, folder: Path, file: str, column: str) -> Empirical:
        """Read the data from a column of a CSV file inside `folder`."""
        try:
            source = DataColumn.within(folder, file, column)
            values = read_column(source)
        except InvalidValue as error:
            raise InvalidValue(f"{cls.family}: {error}") from None
        return cls(values, source)

    @property
    def call(self) -> str:
        """Its text as a call of its family, whatever it was written as."""
        return f"empirical({self.column or tuple_text(self.values)})"

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the smallest data that at least a share `u` of the data do not exceed."""
        return self._table.quantile(u)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return the share of the data at or below `x`."""
        return self._table.cdf(x)

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        return self._table.survival(x)

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        return self._table.upper_quantile(q)

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest datum."""
        return self._table.support

    @property
    def atoms(self) -> tuple[float, ...]:
        """The distinct data."""
        return tuple(self._table.values.tolist())

    @property
    def is_constant(self) -> bool:
        """Whether all data are equal."""
        return self._table.values.size == 1

    @property
    def mean(self) -> float:
        """Mean of the data."""
        return self._table.mean

    @property
    def sd(self) -> float:
        """Standard deviation of the data, with their number as divisor."""
        return self._table.sd
