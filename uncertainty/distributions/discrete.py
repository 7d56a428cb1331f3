"""Distributions on single values: constants, weighted values and resampled data."""

from __future__ import annotations

import dataclasses
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
)
from uncertainty.distributions.steps import Steps, Table, weighted
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
    table: Table = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        set_once(self, "values", finite_tuple(self.values, "empirical: value"))
        set_once(self, "table", weighted(self.values))

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
