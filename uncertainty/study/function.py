"""Studies whose model is a Python function instead of equations."""

from __future__ import annotations

import hashlib
import inspect
from types import MappingProxyType
from typing import TYPE_CHECKING, get_args

import numpy as np

from uncertainty.errors import Fault, InvalidValue, StudyError, suggestion
from uncertainty.study.limits import read_distribution
from uncertainty.study.model import Input, NonFinite, Output, Study
from uncertainty.units import Dimension, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.distributions import Distribution
    from uncertainty.study.model import Correlation, Function

PURE_NUMBER = Unit("1", 1.0, Dimension())


def study_from_function(
    function: Function,
    inputs: Mapping[str, str | float | Distribution | Input],
    *,
    outputs: Sequence[str] | Mapping[str, Output] | None = None,
    headline: str | None = None,
    title: str | None = None,
    correlations: Sequence[Correlation] = (),
    nonfinite: NonFinite = "refuse",
) -> Study:
    """Make a study of a function; see `Study.from_function`."""
    parts = _inputs(inputs)
    described = outputs if outputs is not None else _outputs_at(function, parts)
    if not isinstance(described, dict):
        described = {name: _plain_output(name) for name in described}
    if not described:
        raise StudyError("expected at least one output")
    if headline is not None and headline not in described:
        raise StudyError(f'unknown headline "{headline}"{suggestion(headline, described)}')
    return Study(
        name=getattr(function, "__name__", "function").strip("<>"),
        title=title or getattr(function, "__name__", "A function").strip("<>"),
        headline=headline or next(iter(described)),
        inputs=MappingProxyType(parts),
        outputs=MappingProxyType(described),
        correlations=tuple(correlations),
        nonfinite=_policy(nonfinite),
        sha256=_fingerprint(function, parts),
        function=function,
    )


def _policy(name: NonFinite) -> NonFinite:
    if name not in get_args(NonFinite):
        raise StudyError(f'nonfinite: unknown policy "{name}"{suggestion(name, get_args(NonFinite))}')
    return name


def _inputs(inputs: Mapping[str, str | float | Distribution | Input]) -> dict[str, Input]:
    parts, faults = {}, []
    for name, given in inputs.items():
        if isinstance(given, Input):
            parts[name] = given
            continue
        try:
            distribution = read_distribution(given, None, None, None)
        except InvalidValue as error:
            faults.append(Fault(str(error), f"inputs.{name}"))
            continue
        median = float(distribution.quantile(np.array([0.5]))[0])
        parts[name] = Input(name, PURE_NUMBER, median, distribution)
    if faults:
        raise StudyError(*faults)
    return parts


def _outputs_at(function: Function, inputs: Mapping[str, Input]) -> list[str]:
    """Call the function once, at two identical rows, to learn what it returns."""
    arguments = {name: np.full(2, item.point) for name, item in inputs.items()}
    found = function(**arguments)
    if not hasattr(found, "items"):
        raise StudyError(f"expected a function that returns arrays by name, not {type(found).__name__}")
    for name, values in found.items():
        if np.shape(values) not in ((), (2,)):
            raise StudyError(
                f'output "{name}": expected one value for each row, found shape {np.shape(values)}'
            )
    return list(found)


def _plain_output(name: str) -> Output:
    return Output(name, PURE_NUMBER, None)


def _fingerprint(function: Function, inputs: Mapping[str, Input]) -> str:
    try:
        source = inspect.getsource(function)
    except (OSError, TypeError):
        source = repr(getattr(function, "__qualname__", function))
    described = "\n".join(f"{name} {item.point} {item.distribution}" for name, item in inputs.items())
    return hashlib.sha256(f"{source}\n{described}".encode()).hexdigest()
