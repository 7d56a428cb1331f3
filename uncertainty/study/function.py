"""Studies whose model is a Python function instead of equations."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping
from dataclasses import replace
from numbers import Real
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

import numpy as np

from uncertainty.distributions.conditional import Conditional
from uncertainty.distributions.parametric import POINT
from uncertainty.errors import Fault, InvalidValue, StudyError, suggestion
from uncertainty.records import Frozen
from uncertainty.study.calling import Turns, call, output_names, read_column
from uncertainty.study.checks import check_correlations, check_cycles
from uncertainty.study.faults import Faults
from uncertainty.study.fingerprint import fingerprint
from uncertainty.study.hierarchy import median
from uncertainty.study.limits import read_distribution
from uncertainty.study.model import Input, NonFinite, Output, Study
from uncertainty.study.parameters import check_inputs_given
from uncertainty.study.references import with_references
from uncertainty.units import Dimension, Unit, UnitSystem
from uncertainty.values import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.distributions import Distribution
    from uncertainty.study.model import Correlation, Function

PURE_NUMBER = Unit("1", 1.0, Dimension())

PROBED = 3
"""Rows of the call that shows what a function returns: one more than the ends of an interval."""


def study_from_function(
    function: Function,
    inputs: Mapping[str, str | float | Distribution | Input] | None = None,
    *,
    units: Mapping[str, str] | None = None,
    counting_units: Sequence[str] = (),
    outputs: Sequence[str] | Mapping[str, Output] | None = None,
    headline: str | None = None,
    title: str | None = None,
    correlations: Sequence[Correlation] = (),
    nonfinite: NonFinite = "refuse",
    thread_safe: bool = False,
) -> Study:
    """Make a study of a function; see `Study.from_function`."""
    signature = _signature(function)
    given = {name: each.distribution for name, each in signature.items() if each.distribution is not None}
    parts = _inputs({**given, **(inputs or {})}, signature)
    _check_arguments(function, parts)
    hinted = {name: each.unit for name, each in signature.items() if each.unit}
    parts = _settled(parts, {**hinted, **(units or {})}, counting_units)
    # where the outputs are named, a model that takes minutes is not called to find them
    found = _at_points(function, parts) if outputs is None else {}
    named = _outputs(output_names(found) if outputs is None else outputs)
    parts, described = _with_units(parts, named, {**hinted, **(units or {})}, units or {}, counting_units)
    if not described:
        raise StudyError("expected at least one output")
    for output in described.values() if outputs is None else ():
        read_column(found, output, PROBED, next(iter(parts), ""), counting_units)
    if headline is not None and headline not in described:
        raise StudyError(f'unknown headline "{headline}"{suggestion(headline, described)}')
    study = Study(
        name=getattr(function, "__name__", "function").strip("<>"),
        title=title or getattr(function, "__name__", "A function").strip("<>"),
        headline=headline or next(iter(described)),
        inputs=Frozen(parts),
        outputs=Frozen(described),
        correlations=tuple(correlations),
        counting_units=tuple(counting_units),
        nonfinite=_policy(nonfinite),
        function=function,
        turns=None if thread_safe else Turns(),
    )
    faults = Faults("")
    check_correlations(study, faults)
    faults.raise_if_any()
    return replace(study, sha256=_sha256(study))


def _sha256(study: Study) -> str:
    """Hash everything that a study's numbers depend on."""
    parts = (study.inputs, study.outputs, study.headline, study.correlations, study.counting_units)
    return fingerprint(study.function, *parts, study.nonfinite).sha256


def _policy(name: NonFinite) -> NonFinite:
    if name not in get_args(NonFinite):
        raise StudyError(f'nonfinite: unknown policy "{name}"{suggestion(name, get_args(NonFinite))}')
    return name


class _Parameter(NamedTuple):
    """What a function's signature says of one input.

    Parameters
    ----------
    distribution
        From ``Annotated[float, "2 to 8"]``, or else the default.
    point
        The default, where it is a number.
    unit
        From ``Annotated[float, "2 to 8", "km"]``.
    """

    distribution: str | float | Distribution | None
    point: float | None
    unit: str


def _signature(function: Function) -> dict[str, _Parameter]:
    """Read the hints and defaults of a function's parameters; none, where it has no signature."""
    try:
        parameters = inspect.signature(function).parameters
        hints = get_type_hints(function, include_extras=True)
    except (TypeError, ValueError, NameError):
        return {}
    found = {}
    for name, parameter in parameters.items():
        extras = get_args(hints.get(name))[1:] if get_origin(hints.get(name)) is Annotated else ()
        default = parameter.default
        is_number = isinstance(default, Real) and not isinstance(default, bool)
        point = float(default) if is_number else None
        unit = extras[1] if len(extras) > 1 and isinstance(extras[1], str) else ""
        found[name] = _Parameter(extras[0] if extras else point, point, unit)
    return found


def _with_units(
    inputs: dict[str, Input],
    outputs: Mapping[str, Output],
    units: Mapping[str, str],
    named: Mapping[str, str],
    counting_units: Sequence[str],
) -> tuple[dict[str, Input], dict[str, Output]]:
    """Give inputs and outputs their units, which are told to readers: the function has bare numbers."""
    faults = [
        Fault(f'unknown input or output "{name}"{suggestion(name, [*inputs, *outputs])}', "units")
        for name in named
        if name not in inputs and name not in outputs
    ]
    parsed = {}
    try:
        system = UnitSystem(tuple(counting_units))
        for name, text in units.items():
            try:
                if not isinstance(text, str):
                    raise InvalidValue(f'expected a text such as "km", found {shown(text)}')
                parsed[name] = system.parse(text)
            except InvalidValue as error:
                faults.append(Fault(str(error), f"units.{name}"))
    except InvalidValue as error:
        faults.append(Fault(str(error), "counting_units"))
    if faults:
        raise StudyError(*faults)
    return (
        {name: replace(item, unit=parsed.get(name, item.unit)) for name, item in inputs.items()},
        {name: replace(item, unit=parsed.get(name, item.unit)) for name, item in outputs.items()},
    )


def _inputs(
    inputs: Mapping[str, str | float | Distribution | Input], signature: Mapping[str, _Parameter]
) -> dict[str, Input]:
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
        point = signature[name].point if name in signature else None
        if point is None and isinstance(distribution, Conditional) and POINT in distribution.given.names:
            said = "has no point; give the function's parameter a default, or write the number"
            faults.append(Fault(said, f"inputs.{name}"))
            continue
        if point is None:
            point = math.nan if isinstance(distribution, Conditional) else median(distribution)
        parts[name] = Input(name, PURE_NUMBER, point, distribution)
    if faults:
        raise StudyError(*faults)
    return parts


def _settled(
    parts: dict[str, Input], units: Mapping[str, str], counting_units: Sequence[str]
) -> dict[str, Input]:
    """Return the inputs with what follows from one another's parameters."""
    if not any(isinstance(item.distribution, Conditional) for item in parts.values()):
        return parts
    outputs = {name: Output(name, PURE_NUMBER, None) for name in (*units, "result") if name not in parts}
    found, _ = _with_units(parts, outputs, {name: units[name] for name in units}, {}, counting_units)
    study = Study(inputs=Frozen(found), outputs=Frozen(outputs), counting_units=tuple(counting_units))
    faults = Faults("")
    check_inputs_given(study, faults)
    if not faults.found:
        check_cycles(study, faults)
    faults.raise_if_any()
    settled = with_references(study).inputs
    return {name: replace(settled[name], unit=item.unit) for name, item in parts.items()}


def _check_arguments(function: Function, inputs: Mapping[str, Input]) -> None:
    """Compare the inputs with the parameters, as far as the function tells them."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return
    kinds = {p.kind for p in parameters}
    named = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    names = [p.name for p in named]
    faults = [
        Fault(f'the function takes "{p.name}" by its position; expected parameters that take names', "inputs")
        for p in parameters
        if p.kind is p.POSITIONAL_ONLY and p.default is p.empty
    ]
    faults += [
        Fault("the function needs it; expected a distribution or a number", f"inputs.{p.name}")
        for p in named
        if p.default is p.empty and p.name not in inputs
    ]
    if inspect.Parameter.VAR_KEYWORD not in kinds:
        faults += [
            Fault(f'the function has no parameter "{name}"{suggestion(name, names)}', f"inputs.{name}")
            for name in inputs
            if name not in names
        ]
    if faults:
        raise StudyError(*faults)


def _at_points(function: Function, inputs: Mapping[str, Input]) -> Mapping[str, Any]:
    """Call the function once, at identical rows, to learn what it returns."""
    return call(function, {name: np.full(PROBED, item.point) for name, item in inputs.items()})


def _outputs(given: Sequence[str] | Mapping[str, Output]) -> Mapping[str, Output]:
    if isinstance(given, Mapping):
        return given
    return {name: Output(name, PURE_NUMBER, None) for name in given}
