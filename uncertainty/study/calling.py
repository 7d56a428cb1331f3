"""How a model that is a Python function is called: what a row returns, and how many rows it may run."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock, RLock
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np

from uncertainty.errors import Fault, InvalidValue, SettingError, StudyError, UncertaintyError, suggestion
from uncertainty.late import dataclass, regex
from uncertainty.study.labelled import in_order
from uncertainty.units import UnitSystem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from uncertainty.distributions.protocol import FloatArray
    from uncertainty.units import Unit

    Function: TypeAlias = Callable[..., Mapping[str, FloatArray]]

QUANTITIES = (("magnitude", "units"), ("value", "unit"), ("value", "units"))
"""How libraries of units name the two parts of a quantity: pint, astropy, unyt."""

HOLDS = {"f": "numbers", "i": "numbers", "u": "numbers", "b": "numbers", "c": "complex numbers", "U": "texts"}
"""What an array holds, by the kind of its type."""

ARRAYS = (
    "; each argument is an array with one value a row: write np.where(a > b, c, d) in place of if, "
    "and functions of numpy in place of math's, or have it called row by row with vectorized=False"
)

_NEEDS_INT = regex(r"integer|non-int\b|operand type\(s\) for (?:<<|>>|[&|^])")
"""How errors tell that a number must be an ``int``."""


class Asked(Protocol):
    """An output, as far as it says what a function is expected to give for it."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def unit(self) -> Unit:
        """What its numbers are in."""
        ...

    @property
    def quantity(self) -> str:
        """Of a cell the output with indices that it belongs to; of another output nothing."""
        ...


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


class FirstRows:
    """Has a few rows of the first block that a function is given checked, once in a process."""

    def __init__(self) -> None:
        self._is_taken = False
        self._check: Callable[[], None] | None = None
        self._lock = Lock()

    def take(self, check: Callable[[], None]) -> None:
        """Keep the check of a block, unless there was one before."""
        with self._lock:
            if not self._is_taken:
                self._is_taken, self._check = True, check

    def check(self) -> None:
        """Make the check that was kept; later calls do nothing."""
        with self._lock:
            check, self._check = self._check, None
        if check is not None:
            check()

    def __reduce__(self) -> tuple[type[FirstRows], tuple[()]]:
        """Let another process check what it runs itself."""
        return FirstRows, ()


@dataclass(frozen=True)
class RowByRow:
    """A function of single numbers, called once for each row.

    Parameters
    ----------
    func
        Takes numbers by name, and returns a number, or a list of them, by name.
    named
        Of a function that returns no names: the outputs that it returns, in order.
    whole
        What it takes as ``int``, as the number of a loop, wherever a row has a whole number for it.
    """

    func: Function
    named: tuple[str, ...] = ()
    whole: frozenset[str] = frozenset()

    @property
    def __name__(self) -> str:
        """The function's own name."""
        return name_of(self.func)

    def __call__(self, **columns: FloatArray) -> Mapping[str, Any]:
        """Return columns by name, each of shape (rows,) or (rows, values)."""
        numbers = (self._numbers(name, column.tolist()) for name, column in columns.items())
        rows = zip(*numbers, strict=True)
        found = [self._row(dict(zip(columns, row, strict=True))) for row in rows]
        if not found:
            return {}
        first = output_names(found[0])
        for place, each in enumerate(found):
            if output_names(each) != first:
                raise StudyError(
                    f"expected outputs of the same names in every row, found {', '.join(first)} in the first "
                    f"and {', '.join(output_names(each))} in row {place + 1:,}"
                )
        return {name: _column([each[name] for each in found]) for name in first}

    def _numbers(self, name: str, column: list[float]) -> list[float]:
        if name not in self.whole:
            return column
        return [int(each) if each.is_integer() else each for each in column]

    def _row(self, numbers: dict[str, float]) -> Mapping[str, Any]:
        where = ""
        try:
            found = self.func(**numbers)
            if isinstance(found, Mapping):
                return found
            where = _where(numbers)
            many = isinstance(found, np.ndarray) and found.shape == (len(self.named),) != (1,)
            return named_results(list(found) if many else found, self.named, "numbers", where)
        except UncertaintyError:
            raise
        except Exception as error:
            raise StudyError(
                f"{_raised(error)}{where or _where(numbers)}{self._advice(error, numbers)}"
            ) from error

    def _advice(self, error: Exception, numbers: Mapping[str, float]) -> str:
        """Say which whole numbers the function may take for an ``int``, where it needs one."""
        floats = [each for each, value in numbers.items() if isinstance(value, float) and value.is_integer()]
        if not floats or not _needs_int(error):
            return ""
        return f"; give the parameter {' or '.join(floats)} the hint int, or write int({floats[0]})"


def _needs_int(error: Exception) -> bool:
    return isinstance(error, TypeError | IndexError) and _NEEDS_INT.search(str(error)) is not None


MOST_SHOWN = 8
"""Inputs of a row at which a function fails that one line shows."""


def _where(numbers: Mapping[str, float]) -> str:
    return " at " + ", ".join(f"{name} = {value:.6g}" for name, value in list(numbers.items())[:MOST_SHOWN])


def _column(values: list[Any]) -> Any:
    """Return what rows gave as one column: a list of single values, or an array where each is several."""
    lengths = {np.shape(each) for each in values if isinstance(each, list | tuple | np.ndarray)}
    if len(lengths) == 1 and () not in lengths and len(values[0]) and np.ndim(values[0]) == 1:
        return np.array(values)
    return values


def name_of(function: Any) -> str:
    """Return what a function is called: its own name, or that of its class."""
    found = getattr(function, "__name__", None)
    inner = getattr(function, "func", None)
    if found is None and inner is not None:
        return name_of(inner)
    return (found if isinstance(found, str) else type(function).__name__).strip("<>")


def _raised(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"the model's function raised {type(error).__name__}{': ' if text else ''}{text}"


def named_results(
    found: Any, named: Sequence[str], what: str = "arrays", where: str = ""
) -> Mapping[str, Any]:
    """Return what a function gives by name; a function that gives no names may have them in `named`.

    Parameters
    ----------
    what
        Each result is expected to be.
    where
        The row at which the function gave this, for the message.

    Raises
    ------
    StudyError
        If it gives nothing that has names, or another number of results than there are names.
    """
    # a data frame has its columns by name; the names of a series are those of its rows
    if isinstance(found, Mapping) or hasattr(type(found), "columns"):
        given: Mapping[str, Any] = found
        return given
    if fields := {*getattr(type(found), "_fields", ())}:
        # a named tuple has its values by name, unless it calls them otherwise than the outputs
        if fields >= {*named}:
            return dict(found._asdict())
        if fields & {*named}:
            told = f"{type(found).__name__} of {', '.join(found._fields)}"
            raise StudyError(f"expected the {len(named)} {what} {', '.join(named)}, not {told}{where}")
    if len(named) == 1 and found is not None:
        return {named[0]: found}
    several = isinstance(found, tuple | list)
    if named and several and len(found) == len(named):
        return dict(zip(named, found, strict=True))
    kind = "None" if found is None else type(found).__name__
    count = f" of {len(found)}" if several else ""
    if named:
        written = ", ".join(named)
        expected = f"the {len(named)} {what}" if len(named) > 1 else "a function that returns"
        raise StudyError(
            f"expected {expected} {written}, not {kind}{count}{where}; end it with return {written}"
        )
    names = [f"y{place + 1}" for place in range(len(found))] if several and len(found) > 1 else ["y"]
    by_name = ", ".join(f'"{name}": {name}' for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    raise StudyError(
        f"expected a function that returns {what} by name, not {kind}{count}{where}; "
        f"end it with return {{{by_name}}}"
        + ("" if found is None else f", or name what it returns with outputs=[{listed}]")
    )


def call(
    function: Function, arguments: Mapping[str, FloatArray], named: Sequence[str] = ()
) -> Mapping[str, Any]:
    """Call a model, and return what it gives by name.

    Parameters
    ----------
    named
        Of a function that returns no names: the outputs that it returns, in order.

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
        of_arrays = isinstance(error, TypeError | ValueError) and "array" in str(error)
        raise StudyError(f"{_raised(error)}{ARRAYS if of_arrays or _needs_int(error) else ''}") from error
    return named_results(found, named)


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


def read_columns(
    found: Mapping[str, Any],
    outputs: Sequence[Asked],
    rows: int,
    argument: str = "",
    counting_units: Sequence[str] = (),
    places: Mapping[str, tuple[int, int]] | None = None,
) -> list[FloatArray]:
    """Return what a function gives for some outputs, each of shape (rows,), in the output's unit.

    Masked and missing values are undefined: they become nan. Quantities are converted.

    Parameters
    ----------
    argument
        Name of one of the function's arguments, for advice.
    places
        Of the cell of an output with an index its column, and how many columns there are.

    Raises
    ------
    StudyError
        If it gives something else than one real number a row, and for each member of an index.
    """
    tables: dict[str, FloatArray] = {}
    columns = []
    for output in outputs:
        name = output.quantity or output.name
        if name not in tables:
            tables[name] = _read(found, output, name, rows, argument, tuple(counting_units), places or {})
        table = tables[name]
        columns.append(table[:, (places or {})[output.name][0]] if output.quantity else table)
    return columns


def _read(
    found: Mapping[str, Any],
    output: Asked,
    name: str,
    rows: int,
    argument: str,
    counting_units: tuple[str, ...],
    places: Mapping[str, tuple[int, int]],
) -> FloatArray:
    """Return what a function gives under one name."""
    shape: tuple[int, ...] = (rows, places[output.name][1]) if output.quantity else (rows,)
    names = output_names(found)
    try:
        if name not in names:
            raise InvalidValue(f"none{suggestion(name, names)}")
        values = _numbers(found[name], output, counting_units)
        if values.shape != shape:
            raise InvalidValue(_shape_text(values, argument, name, shape))
        if output.quantity:
            values = in_order(values, found[name], _members(name, places))
    except InvalidValue as error:
        each = f", {shape[1]} in each," if output.quantity else ""
        number = "real numbers" if output.quantity else "one real number"
        expected = f"expected {number} for each of {rows:,} rows{each} from the model's function"
        raise StudyError(Fault(f"{expected}, found {error}", f"outputs.{name}")) from None
    return values


def _members(name: str, places: Mapping[str, tuple[int, int]]) -> list[str]:
    """Return the members of an output's index in their order."""
    own = {place: cell for cell, (place, _) in places.items() if cell.startswith(f"{name}[")}
    return [own[place][len(name) + 1 : -1] for place in sorted(own)]


def _shape_text(values: FloatArray, argument: str, name: str, expected: tuple[int, ...]) -> str:
    if values.shape:
        found = f"numbers of shape {values.shape}"
        if len(expected) == 1 and values.ndim == 2 and len(values) == expected[0] and values.shape[1] > 1:
            members = values.shape[1]
            return f'{found}; give it an index, outputs={{"{name}": un.Index("member", range({members}))}}'
        return found
    advice = f"; a constant is np.full(len({argument}), {float(values):g})" if argument else ""
    return f"one number for all{advice}"


def _numbers(given: Any, output: Asked, counting_units: tuple[str, ...]) -> FloatArray:
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


def _element(each: Any, output: Asked, counting_units: tuple[str, ...]) -> float:
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


def _factor(text: str, output: Asked, counting_units: tuple[str, ...]) -> float:
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


class Meter:
    """Counts the rows that a model is asked for, and refuses those beyond a budget.

    Every analysis plans within the budget, so that nothing is refused: this is what holds if a plan errs.

    Parameters
    ----------
    budget
        The most rows.
    """

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self.used = 0
        self.is_open = True
        self._lock = Lock()

    def take(self, rows: int) -> None:
        """Count rows that are to be run; SettingError where they are too many."""
        if not self.is_open:
            return
        with self._lock:
            if self.used + rows > self.budget:
                raise SettingError(
                    f"budget: expected at least {self.used + rows:,} model rows for this analysis, "
                    f"found {self.budget:,}"
                )
            self.used += rows

    def close(self) -> None:
        """Count no more: the call is over, and what it has returned is anybody's."""
        self.is_open = False

    @property
    def left(self) -> int:
        """The rows that may still be run."""
        return self.budget - self.used

    def __reduce__(self) -> tuple[type[Meter], tuple[int]]:
        """Let another process count by itself."""
        return Meter, (self.budget,)
