"""Values that callers give from Python: numbers, shares, counts and arrays, checked and named."""

from __future__ import annotations

import math
from functools import wraps
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np

from uncertainty.characters import shortened
from uncertainty.errors import InvalidValue, SettingError
from uncertainty.late import regex

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    FloatArray: TypeAlias = NDArray[np.float64]
    Owner = TypeVar("Owner")
    OfArray: TypeAlias = Callable[[Owner, FloatArray], FloatArray]
    OfArrayLike: TypeAlias = Callable[[Owner, ArrayLike], FloatArray]


_NOT_ZERO = regex(r"[^eE]*[1-9]")
"""How a number begins that is not 0, whatever its exponent."""


def shown(value: object) -> str:
    """Return a value as an error shows it, in one short line."""
    text = " ".join(repr(value).split())
    if text.startswith("<"):  # of what has no text of its own
        return f"a value of type {type(value).__name__}"
    return shortened(text, 60)


def as_written(text: str) -> float:
    """Return the number that a text is; one so near to 0 that it would be 0 is refused.

    Raises
    ------
    InvalidValue
        If nothing of it is left in a 64-bit float.
    """
    value = float(text)
    if not value and _NOT_ZERO.match(text):
        raise InvalidValue(f"{text[:40]} is too near to 0; write 0, or take a unit in which it is larger")
    return value


def number(name: str, value: Any, expected: str = "a number") -> float:
    """Return one real number, infinities included.

    Raises
    ------
    SettingError
        For all else, not-a-number, texts and truth values among it.
    """
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    # numpy's single floats and integers are numbers in this sense, its truth values are none
    if isinstance(value, bool) or not isinstance(value, Real) or math.isnan(value):
        raise SettingError(f"{name}: expected {expected}, found {shown(value)}")
    return float(value)


def share(name: str, value: Any) -> float:
    """Return a number from 0 to 1, both included; SettingError for all else."""
    expected = "a number from 0 to 1"
    found = number(name, value, expected)
    if not 0 <= found <= 1:
        raise SettingError(f"{name}: expected {expected}, found {found:g}{_as_percent(found)}")
    return found


def inner_share(name: str, value: Any) -> float:
    """Return a number between 0 and 1, both excluded; SettingError for all else."""
    expected = "a number between 0 and 1"
    found = number(name, value, expected)
    if not 0 < found < 1:
        raise SettingError(f"{name}: expected {expected}, found {found:g}{_as_percent(found)}")
    return found


def _as_percent(found: float) -> str:
    return f"; for {found:g} % write {found / 100:g}" if 1 < found < 100 else ""


def whole(name: str, value: Any, least: int | None = None) -> int:
    """Return a whole number; SettingError for all else, and for one below `least`."""
    expected = "a whole number"
    if isinstance(value, bool) or not isinstance(value, Integral):
        is_whole = isinstance(value, Real) and not isinstance(value, bool) and float(value).is_integer()
        advice = f"; write {int(value)}" if is_whole and abs(value) < 1e15 else ""
        raise SettingError(f"{name}: expected {expected}, found {shown(value)}{advice}")
    if least is not None and value < least:
        enough = f"at least {least}" if least else "0 or more"
        raise SettingError(f"{name}: expected {enough}, found {int(value)}")
    return int(value)


def array(name: str, values: Any, *, undefined: bool = False) -> FloatArray:
    """Return real numbers in the shape in which they are given; SettingError for all else.

    Parameters
    ----------
    undefined
        Whether nan and masked values may be among them.
    """
    try:
        # a masked array is another kind of array; numpy imports what they are when it is first asked
        plain = type(values) is np.ndarray or not isinstance(values, np.ndarray)
        masked = not plain and isinstance(values, np.ma.MaskedArray)
        found = values.astype(np.float64).filled(np.nan) if masked else np.asarray(values)
    except ValueError:  # lists of different lengths
        raise SettingError(f"{name}: expected numbers, found {shown(values)}") from None
    if found.dtype.kind not in "fiu":
        raise SettingError(f"{name}: expected numbers, found {shown(values)}")
    numbers = found.astype(np.float64, copy=False)
    if not undefined and np.isnan(numbers).any():
        raise SettingError(f"{name}: expected numbers, found nan")
    return numbers


def row_labels(values: Any) -> list[Any] | None:
    """Return what pandas calls the rows of a series or a frame; None of what has no such labels."""
    index = getattr(values, "index", None)
    return None if index is None or callable(index) else list(index)


def of_values(method: OfArray[Owner]) -> OfArrayLike[Owner]:
    """Let a method of values take a number, a list or an array of any shape."""

    @wraps(method)
    def taking(owner: Owner, x: ArrayLike) -> FloatArray:
        return method(owner, array("x", x))

    return taking


def of_probabilities(method: OfArray[Owner]) -> OfArrayLike[Owner]:
    """Let a method of probabilities take a number, a list or an array of any shape, all from 0 to 1."""

    @wraps(method)
    def taking(owner: Owner, u: ArrayLike) -> FloatArray:
        if type(u) is np.ndarray and u.dtype == np.float64 and u.size and u.min() >= 0 and u.max() <= 1:
            return method(owner, u)
        found = array("probability", u)
        if found.size and not (found.min() >= 0 and found.max() <= 1):
            beyond = found.min() if found.min() < 0 else found.max()
            raise SettingError(
                f"probability: expected numbers from 0 to 1, found {beyond:g}{_as_percent(float(beyond))}"
            )
        return method(owner, found)

    return taking
