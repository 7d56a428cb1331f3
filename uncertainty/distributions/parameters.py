"""What families have in common: finite parameters, checks that name them, and their text."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

from uncertainty.errors import InvalidValue
from uncertainty.values import of_probabilities, of_values

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uncertainty.distributions.protocol import Distribution, FloatArray


# Within these sizes squares and ratios of parameters neither overflow nor vanish.
SMALLEST, LARGEST = 1e-150, 1e150
SMALLEST_SHAPE, LARGEST_SHAPE = 1e-3, 1e12


class Written:
    """What has a text in the study language: as it was written, or else as a call of its family.

    How it was written is no part of its value: equal distributions may be written differently, and a copy
    with other parameters is written anew.
    """

    __slots__ = ("written",)

    def __str__(self) -> str:
        return getattr(self, "written", "") or self.call

    @property
    def call(self) -> str:
        """Its text as a call of its family, whatever it was written as."""
        return call_text(self)


class Continuous(Written):
    """Defaults of a continuous family: parameters are finite floats, its text is a call, it has no atoms."""

    __slots__ = ()
    family: ClassVar[str]
    atoms: ClassVar[tuple[float, ...]] = ()
    is_constant: ClassVar[bool] = False

    def __post_init__(self) -> None:
        make_finite(self)


class Mirrored(Continuous):
    """A continuous family that holds the distribution of -X with every X, and its upper tails so."""

    __slots__ = ()

    @property
    def mirrored(self) -> Distribution:
        """The distribution of -X."""
        raise NotImplementedError

    @of_values
    def survival(self, x: FloatArray) -> FloatArray:
        """Return P(X > x)."""
        return self.mirrored.cdf(-x)

    @of_probabilities
    def upper_quantile(self, q: FloatArray) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        return 0.0 - self.mirrored.quantile(q)


class Between(Mirrored):
    """A mirrored family whose values lie between its parameters `low` and `high`."""

    __slots__ = ()
    low: float
    high: float

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest value."""
        return self.low, self.high


def make_finite(distribution: Any) -> None:
    """Turn every parameter of a frozen dataclass into a finite float, or say which one is not."""
    for field in _given(distribution):
        value = finite(getattr(distribution, field.name), f"{distribution.family}: {field.name}")
        set_once(distribution, field.name, value)


def _given(distribution: Any) -> list[dataclasses.Field[Any]]:
    return [field for field in dataclasses.fields(distribution) if field.init]


def set_once(distribution: Any, name: str, value: object) -> None:
    """Set an attribute of a frozen dataclass while it is being made."""
    object.__setattr__(distribution, name, value)


def finite(value: object, what: str) -> float:
    """Return `value` as a float; `what` names it in the error."""
    try:
        number = float(value)  # type: ignore[arg-type]  # whatever is no number is refused below
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if isinstance(value, str | bool) or not math.isfinite(number):
        raise InvalidValue(f"{what} must be a finite number, not {str(value)[:40]}")
    if number and not SMALLEST <= abs(number) <= LARGEST:
        raise InvalidValue(
            f"{what} must be 0 or between {SMALLEST:g} and {LARGEST:g} in size, not {number_text(number)}"
        )
    return number


def finite_tuple(values: Iterable[object], what: str) -> tuple[float, ...]:
    """Return `values` as floats, at least one."""
    numbers = tuple(finite(value, f"{what} {position}") for position, value in enumerate(values, start=1))
    if not numbers:
        family, _, noun = what.partition(": ")
        raise InvalidValue(f"{family}: at least one {noun} is needed")
    return numbers


def require_positive(distribution: Any, *names: str) -> None:
    """Refuse parameters at or below 0."""
    for name in names:
        value = getattr(distribution, name)
        if not value > 0.0:
            raise InvalidValue(
                f"{distribution.family}: {name} must be greater than 0, not {number_text(value)}"
            )


def require_shape(distribution: Any, *names: str) -> None:
    """Refuse shapes at or below 0, and those for which special functions are no longer accurate."""
    require_positive(distribution, *names)
    for name in names:
        value = getattr(distribution, name)
        if not SMALLEST_SHAPE <= value <= LARGEST_SHAPE:
            raise InvalidValue(
                f"{distribution.family}: {name} must lie between {SMALLEST_SHAPE:g} and {LARGEST_SHAPE:g}, "
                f"not {number_text(value)}"
            )


def require_below(distribution: Any, lower: str, upper: str) -> None:
    """Refuse an empty interval."""
    low, high = getattr(distribution, lower), getattr(distribution, upper)
    if not low < high:
        raise InvalidValue(
            f"{distribution.family}: {lower} must be less than {upper}, "
            f"not {number_text(low)} and {number_text(high)}"
        )


def require_ordered(distribution: Any, *names: str) -> None:
    """Refuse parameters that decrease; neighbours may be equal."""
    for name, following in pairwise(names):
        value, bound = getattr(distribution, name), getattr(distribution, following)
        if value > bound:
            raise InvalidValue(
                f"{distribution.family}: {name} must not be greater than {following}, "
                f"but {number_text(value)} > {number_text(bound)}"
            )


def within(value: float, support: tuple[float, float]) -> float:
    """Move a mean that rounding put beside its support to the nearer end; nan stays nan."""
    low, high = support
    return min(max(value, low), high)


def number_text(value: float) -> str:
    """Shortest text that reads back as the same float; no ``.0`` after a whole number."""
    return repr(float(value)).removesuffix(".0")


def tuple_text(values: Iterable[float]) -> str:
    """Numbers as they stand in a call."""
    return ", ".join(map(number_text, values))


def call_text(distribution: Any) -> str:
    """Return the text of a family with plain parameters, without trailing defaults."""
    values = [(getattr(distribution, field.name), field.default) for field in _given(distribution)]
    while values and values[-1][0] == values[-1][1]:
        values.pop()
    return f"{distribution.family}({tuple_text(value for value, _ in values)})"
