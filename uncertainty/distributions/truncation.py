"""Truncation to an interval, and clipping at its bounds."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from uncertainty.distributions.data_file import DataColumn
from uncertainty.distributions.discrete import Empirical
from uncertainty.distributions.functions import part_of_moment
from uncertainty.distributions.mixture import Mixture, as_distribution
from uncertainty.distributions.parameters import Written, finite, number_text, set_once, within
from uncertainty.distributions.protocol import FAR_UP, LARGEST, LEAST_PROBABILITY
from uncertainty.errors import InvalidValue
from uncertainty.late import dataclass
from uncertainty.values import of_probabilities, of_values

if TYPE_CHECKING:
    from pathlib import Path

    from uncertainty.distributions.protocol import Distribution, FloatArray


def _take_bounds(distribution: Truncated | Clipped) -> None:
    """Check and store the parts of a truncated or clipped distribution."""
    family = distribution.family
    set_once(
        distribution, "distribution", as_distribution(distribution.distribution, f"{family}: its subject")
    )
    for name in ("low", "high"):
        bound = getattr(distribution, name)
        if bound is not None:
            set_once(distribution, name, finite(bound, f"{family}: {name}"))
    low, high = distribution.low, distribution.high
    if low is None and high is None:
        raise InvalidValue(f"{family}: give low=, high= or both")
    if low is not None and high is not None and not low < high:
        raise InvalidValue(
            f"{family}: low must be less than high, not {number_text(low)} and {number_text(high)}"
        )


def _bounded_text(distribution: Truncated | Clipped) -> str:
    bounds = (("low", distribution.low), ("high", distribution.high))
    given = "".join(f", {name}={number_text(bound)}" for name, bound in bounds if bound is not None)
    return f"{distribution.family}({distribution.distribution}{given})"


def _probability_below(distribution: Distribution, bound: float | None) -> float:
    """P(X < bound)."""
    return 0.0 if bound is None else float(distribution.cdf(np.nextafter(np.array([bound]), -np.inf))[0])


def _probability_to(distribution: Distribution, bound: float | None) -> float:
    """P(X <= bound)."""
    return 1.0 if bound is None else float(distribution.cdf(np.array([bound]))[0])


def _probability_from(distribution: Distribution, bound: float | None) -> float:
    """P(X >= bound)."""
    below = None if bound is None else np.nextafter(np.array([bound]), -np.inf)
    return 1.0 if below is None else float(distribution.survival(below)[0])


def _probability_beyond(distribution: Distribution, bound: float | None) -> float:
    """P(X > bound)."""
    return 0.0 if bound is None else float(distribution.survival(np.array([bound]))[0])


def _moment_within(
    distribution: Distribution, order: int, centre: float, low: float | None, high: float | None
) -> float:
    """Integrate ``(X - centre) ** order`` over where X lies within the bounds."""
    if isinstance(distribution, Mixture):  # each part is smoother than the whole
        parts = distribution.parts
        return sum(share * _moment_within(part, order, centre, low, high) for share, part in parts)
    start, end = _probability_below(distribution, low), _probability_to(distribution, high)
    return part_of_moment(distribution, order, centre, start, end)


def _mean(distribution: Truncated | Clipped) -> float:
    centre = float(distribution.quantile(np.array([0.5]))[0])
    return within(centre + distribution.moment(1, centre), distribution.support)


def _sd(distribution: Truncated | Clipped) -> float:
    mean = distribution.mean
    if not math.isfinite(mean):
        return math.nan if math.isnan(mean) else math.inf
    return math.sqrt(max(distribution.moment(2, mean), 0.0))


@dataclasses.dataclass(frozen=True, slots=True)
class Truncated(Written):
    """A distribution conditioned on an interval; what lies outside is left out.

    Parameters
    ----------
    distribution
        Distribution or number.
    low, high
        Bounds, both inclusive; either may be left out.

    Raises
    ------
    InvalidValue
        If less than a millionth of the distribution lies in the interval.
    """

    distribution: Distribution
    low: float | None = None
    high: float | None = None
    family: ClassVar[str] = "truncate"
    example: ClassVar[str] = "truncate(normal(5, 2), low=0)"
    _start: float = dataclasses.field(init=False, repr=False, compare=False)
    _end: float = dataclasses.field(init=False, repr=False, compare=False)
    _from: float = dataclasses.field(init=False, repr=False, compare=False)
    _beyond: float = dataclasses.field(init=False, repr=False, compare=False)
    _support: tuple[float, float] = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _take_bounds(self)
        set_once(self, "_start", _probability_below(self.distribution, self.low))
        set_once(self, "_end", _probability_to(self.distribution, self.high))
        set_once(self, "_from", _probability_from(self.distribution, self.low))
        set_once(self, "_beyond", _probability_beyond(self.distribution, self.high))
        if not self.kept >= LEAST_PROBABILITY:
            left = max(self.kept, 0.0)
            raise InvalidValue(
                f"truncate: of the probability of {str(self.distribution)[:60]} only {left:.2g} lies within "
                f"the bounds, less than {LEAST_PROBABILITY:g}"
            )
        set_once(self, "_support", self._find_support())

    @property
    def call(self) -> str:
        """Its text as a call of its family, whatever it was written as."""
        return _bounded_text(self)

    @property
    def kept(self) -> float:
        """The probability that the distribution has within the bounds."""
        return self._from - self._beyond if self._from < FAR_UP else self._end - self._start

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        low, high = self.support
        inside = np.clip(self._between(u, 1.0 - u), low, high)
        return np.where(u <= 0.0, low, np.where(u >= 1.0, high, inside))

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        low, high = self.support
        inside = np.clip(self._between(1.0 - q, q), low, high)
        return np.where(q <= 0.0, high, np.where(q >= 1.0, low, inside))

    def _between(self, u: FloatArray, rest: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`, which leave `rest` above them."""
        # Just above the start, so that a value below the interval is never the answer; nor is infinity.
        first, last = np.nextafter(self._start, np.inf), min(self._end, LARGEST)
        found = self.distribution.quantile(np.clip(self._start + u * self.kept, first, last))
        above = np.minimum(self._beyond + rest * self.kept, np.nextafter(self._from, 0.0))
        if (far := above < FAR_UP).any():
            found = np.where(far, self.distribution.upper_quantile(above), found)
        return found

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        if self._from < FAR_UP:
            inside = (self._from - self.distribution.survival(x)) / self.kept
        else:
            inside = (self.distribution.cdf(x) - self._start) / self.kept
        low, high = self.support
        return np.where(x < low, 0.0, np.where(x >= high, 1.0, np.clip(inside, 0.0, 1.0)))

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        inside = (self.distribution.survival(x) - self._beyond) / self.kept
        low, high = self.support
        return np.where(x < low, 1.0, np.where(x >= high, 0.0, np.clip(inside, 0.0, 1.0)))

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest value; an atom where nothing continuous reaches further."""
        return self._support

    def _find_support(self) -> tuple[float, float]:
        low, high = self.distribution.support
        low = low if self.low is None else max(low, self.low)
        high = high if self.high is None else min(high, self.high)
        atoms = set(self.atoms)
        if atoms:
            first, last = self._between(np.array([0.0, 1.0]), np.array([1.0, 0.0])).tolist()
            low, high = (first if first in atoms else low), (last if last in atoms else high)
        return low, high

    @property
    def atoms(self) -> tuple[float, ...]:
        """The atoms within the interval."""
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        return tuple(atom for atom in self.distribution.atoms if low <= atom <= high)

    @property
    def is_constant(self) -> bool:
        """Whether one value has all the probability."""
        low, high = self.support
        return low == high

    def moment(self, order: int, centre: float) -> float:
        """Return the expectation of ``(X - centre) ** order``, for order 1 or 2."""
        part = _moment_within(self.distribution, order, centre, self.low, self.high)
        return part / self.kept

    @property
    def mean(self) -> float:
        """Expectation, by quadrature."""
        return _mean(self)

    @property
    def sd(self) -> float:
        """Standard deviation, by quadrature."""
        return _sd(self)


@dataclass(frozen=True, slots=True)
class Clipped(Written):
    """A distribution with what lies outside an interval moved to the nearer bound.

    Parameters
    ----------
    distribution
        Distribution or number.
    low, high
        Bounds; either may be left out.
    """

    distribution: Distribution
    low: float | None = None
    high: float | None = None
    family: ClassVar[str] = "clip"
    example: ClassVar[str] = "clip(normal(5, 2), low=0)"

    def __post_init__(self) -> None:
        _take_bounds(self)
        if self.is_constant and not self.distribution.is_constant:
            value = number_text(self.support[0])
            raise InvalidValue(
                f"clip: all of {str(self.distribution)[:60]} is moved to {value}; write fixed({value})"
            )

    @property
    def call(self) -> str:
        """Its text as a call of its family, whatever it was written as."""
        return _bounded_text(self)

    @of_probabilities
    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        return np.clip(self.distribution.quantile(u), self.low, self.high)

    @of_values
    def cdf(self, x: FloatArray) -> FloatArray:
        """Return P(X <= x)."""
        low, high = self.support
        return np.where(x < low, 0.0, np.where(x >= high, 1.0, self.distribution.cdf(x)))

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        low, high = self.support
        return np.where(x < low, 1.0, np.where(x >= high, 0.0, self.distribution.survival(x)))

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        return np.clip(self.distribution.upper_quantile(q), self.low, self.high)

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest value."""
        low, high = np.clip(np.array(self.distribution.support), self.low, self.high).tolist()
        return low, high

    @property
    def atoms(self) -> tuple[float, ...]:
        """The atoms between the bounds, and the bounds where probability was moved to them."""
        low, high = self.support
        moved = (
            {low} if _probability_to(self.distribution, self.low) > 0.0 and self.low is not None else set()
        )
        if self.high is not None and _probability_below(self.distribution, self.high) < 1.0:
            moved |= {high}
        return tuple(sorted(moved | {atom for atom in self.distribution.atoms if low <= atom <= high}))

    @property
    def is_constant(self) -> bool:
        """Whether one value has all the probability."""
        low, high = self.support
        return low == high

    def moment(self, order: int, centre: float) -> float:
        """Return the expectation of ``(X - centre) ** order``, for order 1 or 2."""
        moved = 0.0
        if self.low is not None:
            moved += _probability_below(self.distribution, self.low) * (self.low - centre) ** order
        if self.high is not None:
            beyond = 1.0 - _probability_to(self.distribution, self.high)
            moved += beyond * (self.high - centre) ** order
        return moved + _moment_within(self.distribution, order, centre, self.low, self.high)

    @property
    def mean(self) -> float:
        """Expectation, by quadrature."""
        return _mean(self)

    @property
    def sd(self) -> float:
        """Standard deviation, by quadrature."""
        return _sd(self)


def data_columns(distribution: Distribution) -> tuple[DataColumn, ...]:
    """List the columns of files that a distribution's data were read from, in order of appearance."""
    match distribution:
        case Empirical(column=DataColumn() as column):
            return (column,)
        case Mixture():
            return tuple(column for part in distribution.components for column in data_columns(part))
        case Truncated() | Clipped():
            return data_columns(distribution.distribution)
    return ()


def of_no_file(distribution: Distribution) -> Distribution:
    """Return a distribution whose data are in order and say not where they were read: it draws the same."""
    match distribution:
        case Empirical():
            return Empirical(tuple(sorted(distribution.values)))
        case Mixture():
            return dataclasses.replace(
                distribution, components=tuple(map(of_no_file, distribution.components))
            )
        case Truncated() | Clipped():
            return dataclasses.replace(distribution, distribution=of_no_file(distribution.distribution))
    return distribution


def data_files(distribution: Distribution) -> tuple[Path, ...]:
    """List the files that a distribution's data were read from, each once, in order of appearance."""
    return tuple(dict.fromkeys(column.path for column in data_columns(distribution)))


def limited(distribution: Distribution, low: float | None = None, high: float | None = None) -> Distribution:
    """Truncate a distribution to physical limits where it reaches beyond them.

    Returns
    -------
    Distribution
        The same object if nothing of it lies beyond the limits.

    Raises
    ------
    InvalidValue
        If hardly anything of it lies within.
    """
    smallest, largest = distribution.support
    beyond_low = low if low is not None and smallest < low else None
    beyond_high = high if high is not None and largest > high else None
    if beyond_low is None and beyond_high is None:
        return distribution
    return Truncated(distribution, beyond_low, beyond_high)
