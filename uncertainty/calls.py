"""Calls from Python that cannot be meant: names that nothing has, and values of another kind."""

from __future__ import annotations

import inspect
import math
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from functools import wraps
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numpy as np

from uncertainty.errors import Fault, SettingError, suggestion
from uncertainty.late import regex
from uncertainty.values import shown

if TYPE_CHECKING:
    from inspect import Parameter

P = ParamSpec("P")
R = TypeVar("R")

_ALTERNATIVE = regex(r"(\w+)(?:\[([^\]]*)\])?")

RECEIVERS = ("cls", "self")
"""First parameters that a call does not name."""

WORDS = {
    "str": "a text",
    "Path": "a path",
    "int": "a whole number",
    "float": "a number",
    "bool": "True or False",
    "Function": "a function of arrays by name",
    "Progress": "a function of the rows done and the rows there are",
    "Beside": "a function without arguments",
    "Study": "a Study, which un.load_study makes of a name or path and un.Study.from_function of a function",
    "Sample": "a Sample, which un.draw_sample makes of a study",
    "Input": "an Input, such as those in study.inputs",
    "Settings": "a Settings record; its entries can also be given one by one, such as samples=1000",
    "Execution": "an Execution record; its entries can also be given one by one, such as threads=2",
    "SobolIndices": "the result of un.sobol",
    "Correlation": "Correlation records of uncertainty.study.model",
    "Tabular": "a table, such as the draws of a run",
    "Mapping": "a dict",
    "Sequence": "a list",
    "tuple": "a list",
}
"""What is expected, by the name of the type."""

EXAMPLES = {
    "inputs": '{"x": "1 to 2"}',
    "units": '{"x": "km"}',
    "overrides": '{"x": "1 to 2"}',
    "quantiles": "{0.05: 1, 0.95: 2}",
    "correlations": 'Correlation(("x", "y"), 0.5)',
}
"""How some of the parameters are written."""


def checked(*records: type) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Have the calls of a public function checked before it begins.

    Parameters
    ----------
    *records
        Dataclasses whose fields the function's further keywords are.
    """

    def checking(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def call(*args: P.args, **options: P.kwargs) -> R:
            check_call(function, records, args, options)
            return function(*args, **options)

        return call

    return checking


def check_call(
    function: Callable[..., Any], records: tuple[type, ...], args: tuple[Any, ...], options: Mapping[str, Any]
) -> None:
    """Refuse a call whose names or values cannot be meant.

    Raises
    ------
    SettingError
        With everything that is wrong.
    """
    parameters = {n: p for n, p in inspect.signature(function).parameters.items() if n not in RECEIVERS}
    placed = [n for n, p in parameters.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
    by_position = args[1:] if _is_method(function) else args
    count = len(by_position)
    name = function.__name__
    if count > len(placed):
        raise SettingError(
            f"{name}: takes {' and '.join(placed) or 'nothing'} by position and all else by name, "
            f"found {count} values"
        )
    named = [n for n, p in parameters.items() if p.kind is not p.VAR_KEYWORD]
    known = [*named, *(f.name for record in records for f in fields(record) if f.init)]
    faults = [
        Fault(f'unknown argument "{each}"{suggestion(each, known)}', name)
        for each in options
        if each not in known
    ]
    given = dict(zip(placed, by_position, strict=False)) | dict(options)
    faults += [_missing(p, name) for n, p in parameters.items() if n not in given and _is_required(p)]
    faults += [
        fault
        for n, p in parameters.items()
        if n in given and (fault := kind_fault(n, given[n], str(p.annotation)))
    ]
    if faults:
        raise SettingError(*faults)


def check_fields(record: Any) -> None:
    """Refuse values of another kind than a dataclass says; its annotations must be texts.

    Raises
    ------
    SettingError
        With everything that is wrong.
    """
    values = {
        field.name: (getattr(record, field.name), str(field.type)) for field in fields(record) if field.init
    }
    faults = [kind_fault(name, value, kind) for name, (value, kind) in values.items()]
    if found := [fault for fault in faults if fault]:
        raise SettingError(*found)


def kind_fault(name: str, value: Any, annotation: str) -> Fault | None:
    """Say what is wrong with a value that a type's text excludes; nothing if it is of that type."""
    kinds = [(match[1], match[2] or "") for match in _ALTERNATIVE.finditer(annotation)]
    if any(_is(value, kind, inner) for kind, inner in kinds):
        return None
    words = dict.fromkeys(_words(kind, inner) for kind, inner in kinds if kind != "None")
    example = f" such as {EXAMPLES[name]}" if name in EXAMPLES else ""
    return Fault(f"expected {' or '.join(words)}{example}, found {shown(value)}", name)


def _is_method(function: Callable[..., Any]) -> bool:
    return next(iter(inspect.signature(function).parameters), "") in RECEIVERS


def _is_required(parameter: Parameter) -> bool:
    variable = parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
    return parameter.default is parameter.empty and not variable


def _missing(parameter: Parameter, name: str) -> Fault:
    kinds = [(match[1], match[2] or "") for match in _ALTERNATIVE.finditer(str(parameter.annotation))]
    return Fault(
        f"expected {' or '.join(_words(*kind) for kind in kinds)}, found nothing", f"{name}: {parameter.name}"
    )


def _words(kind: str, inner: str) -> str:
    if kind in ("Sequence", "tuple"):
        return {"str": "a list of texts", "float, ...": "a list of numbers"}.get(inner, WORDS[kind])
    return WORDS.get(kind, "a text" if kind not in ("ArrayLike",) else "numbers")


def _is(value: Any, kind: str, inner: str) -> bool:
    """Tell whether a value is of one type, by the type's name."""
    match kind:
        case "None":
            return value is None
        case "Path":
            return isinstance(value, os.PathLike)
        case "bool":
            return isinstance(value, bool | np.bool_)
        case "int":
            return isinstance(value, Integral) and not isinstance(value, bool)
        case "float":
            return isinstance(value, Real) and not isinstance(value, bool) and not math.isnan(value)
        case "Mapping":
            return isinstance(value, Mapping)
        case "Sequence" | "tuple":
            listed = isinstance(value, Iterable) and not isinstance(value, str | bytes)
            element = inner.split(",", maxsplit=1)[0]
            return listed and all(_is(each, element, "") or _is_nan(each) for each in value)
        case "Progress" | "Function" | "Beside":
            return callable(value) and not inspect.iscoroutinefunction(value)
        case "Tabular":
            return hasattr(value, "numeric") and hasattr(value, "parts")
        case "ArrayLike" | "Any" | "Distribution":
            return True
        case "str" | "Scale" | "Start" | "IntervalKind" | "NonFinite":
            return isinstance(value, str)
    return kind in (each.__name__ for each in type(value).__mro__)


def _is_nan(value: Any) -> bool:
    """Tell whether a value in a list is nan: whoever takes the list says which numbers may be in it."""
    return isinstance(value, float) and math.isnan(value)
