"""How a model that is a Python function is called, and what it returns: one real number a row and output."""

from __future__ import annotations

from collections.abc import Mapping
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty.errors import Fault, InvalidValue, StudyError, UncertaintyError, suggestion
from uncertainty.units import UnitSystem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.study.model import Function, Output

QUANTITIES = (("magnitude", "units"), ("value", "unit"), ("value", "units"))
"""How libraries of units name the two parts of a quantity: pint, astropy, unyt."""

HOLDS = {"f": "numbers", "i": "numbers", "u": "numbers", "b": "numbers", "c": "complex numbers", "U": "texts"}
"""What an array holds, by the kind of its type."""

ARRAYS = (
    "; each argument is an array with one value a row: write np.where(a > b, c, d) in place of if, "
    "and functions of numpy in place of math's"
)


class Turns:
    """Lets one thread at a time call a model that may hold state, until it has what the call gave."""

    def __init__(self) -> None:
        # a model may itself run a study, also its own
        self._lock = RLock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def __reduce__(self) -> tuple[type[Turns], tuple[()]]:
        """Let another process take turns by itself: it has a model of its own."""
        return Turns, ()


def call(function: Function, arguments: Mapping[str, FloatArray]) -> Mapping[str, Any]:
    """Call a model, and return what it gives by name.

    Raises
    ------
    StudyError
        If it fails, or gives nothing that has names.
    """
    try:
        with np.errstate(all="ignore"):
            found = function(**arguments)
    except UncertaintyError:
        raise
    except Exception as error:
        text = " ".join(str(error).split())
        advice = ARRAYS if isinstance(error, TypeError | ValueError) and "array" in text else ""
        raise StudyError(f"the model's function raised {type(error).__name__}: {text}{advice}") from error
    # a data frame has its columns by name; the names of a series are those of its rows
    if isinstance(found, Mapping) or hasattr(type(found), "columns"):
        return found
    kind = "None" if found is None else type(found).__name__
    raise StudyError(
        f'expected a function that returns arrays by name, not {kind}; end it with return {{"y": y}}'
    )


def output_names(found: Mapping[str, Any]) -> list[str]:
    """Return the names under which a function gives something.

    Raises
    ------
    StudyError
        If one is no text.
    """
    names = list(getattr(found, "columns", found))
    for name in names:
        if not isinstance(name, str) or not name:
            raise StudyError(f"expected a function that returns arrays by name, not under the name {name!r}")
    return names


def read_column(
    found: Mapping[str, Any],
    output: Output,
    rows: int,
    argument: str = "",
    counting_units: Sequence[str] = (),
) -> FloatArray:
    """Return what a function gives for an output, shape (rows,), in the output's unit.

    Masked and missing values are undefined: they become nan. Quantities are converted.

    Parameters
    ----------
    argument
        Name of one of the function's arguments, for advice.

    Raises
    ------
    StudyError
        If it gives something else than one real number a row.
    """
    names = output_names(found)
    try:
        if output.name not in names:
            raise InvalidValue(f"none{suggestion(output.name, names)}")
        values = _numbers(found[output.name], output, tuple(counting_units))
        if values.shape != (rows,):
            raise InvalidValue(_shape_text(values, argument))
    except InvalidValue as error:
        expected = f"expected one real number for each of {rows:,} rows from the model's function"
        raise StudyError(Fault(f"{expected}, found {error}", f"outputs.{output.name}")) from None
    return values


def _shape_text(values: FloatArray, argument: str) -> str:
    if values.shape:
        return f"numbers of shape {values.shape}"
    advice = f"; a constant is np.full(len({argument}), {float(values):g})" if argument else ""
    return f"one number for all{advice}"


def _numbers(given: Any, output: Output, counting_units: tuple[str, ...]) -> FloatArray:
    """Return numbers of any shape in the output's unit; InvalidValue says what was found instead."""
    if hasattr(type(given), "dims") and hasattr(type(given), "data"):
        given = given.data  # what xarray names may be a quantity
    for magnitude, unit in QUANTITIES:
        if hasattr(type(given), magnitude) and hasattr(type(given), unit):
            factor = _factor(str(getattr(given, unit)), output, counting_units)
            return _numbers(getattr(given, magnitude), output, counting_units) * factor
    values = _array(given)
    if values.dtype.kind == "O" and values.shape:
        elements = [_element(each, output, counting_units) for each in values.ravel()]
        return np.array(elements).reshape(values.shape)
    if values.dtype.kind not in "fiub":
        holds = HOLDS.get(values.dtype.kind, "no numbers")
        raise InvalidValue(
            f"{holds} of shape {values.shape}" if values.shape else f"a value of type {type(given).__name__}"
        )
    return np.ma.filled(values.astype(np.float64), np.nan)


def _array(given: Any) -> np.ndarray:
    try:
        if isinstance(given, list | tuple) and not any(isinstance(each, list | tuple) for each in given):
            # element by element: as a whole, numpy takes units and masks from them without a word
            values = np.empty(len(given), dtype=object)
            values[:] = given
            return values
        return given if isinstance(given, np.ma.MaskedArray) else np.asarray(given)
    except Exception:  # noqa: BLE001 - what another library raises for what is no array of its own
        raise InvalidValue(f"a value of type {type(given).__name__}") from None


def _element(each: Any, output: Output, counting_units: tuple[str, ...]) -> float:
    if each is None or each is np.ma.masked or type(each).__name__ == "NAType":
        return float("nan")
    try:
        if isinstance(each, str | bytes) or np.ndim(each):
            raise TypeError
        if isinstance(each, float | int):
            return float(each)
        if any(hasattr(type(each), unit) for _, unit in QUANTITIES):
            return float(_numbers(each, output, counting_units))
        return float(each)
    except (TypeError, ValueError, ArithmeticError):
        raise InvalidValue(f"a value of type {type(each).__name__} among them") from None


def _factor(text: str, output: Output, counting_units: tuple[str, ...]) -> float:
    """Return what a number in a unit is multiplied by to be in the output's."""
    try:
        unit = UnitSystem(counting_units).parse("1" if text in ("", "dimensionless") else text)
    except InvalidValue as error:
        raise InvalidValue(f"a quantity in {text}: {error}") from None
    if unit.dimension != output.unit.dimension:
        advice = f'no unit is declared; write units={{"{output.name}": "{text}"}}'
        if output.unit.text != "1":
            advice = f"its unit is {output.unit.text}"
        raise InvalidValue(f"a quantity in {text}, and {advice}")
    return unit.factor / output.unit.factor
