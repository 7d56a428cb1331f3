"""Studies whose model is a Python function instead of equations."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping
from dataclasses import replace
from numbers import Integral, Real
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

from uncertainty.distributions.conditional import POINT, Conditional
from uncertainty.errors import Fault, InvalidValue, StudyError, suggestion
from uncertainty.indices.index import Index, written
from uncertainty.records import Frozen, distinct_labels
from uncertainty.study.calling import FirstRows, RowByRow, Turns, name_of, output_names
from uncertainty.study.checks import check_correlations, check_cycles
from uncertainty.study.faults import Faults
from uncertainty.study.fingerprint import fingerprint
from uncertainty.study.given import inputs_of_problem, is_problem, plainly, read_correlations
from uncertainty.study.hierarchy import median
from uncertainty.study.indices import of_names, of_numbers
from uncertainty.study.limits import Beside, read_distribution
from uncertainty.study.model import Input, NonFinite, Output, Quantity, Study
from uncertainty.study.parameters import check_inputs_given
from uncertainty.study.probing import NOISY, PROBED, Probe, is_stochastic
from uncertainty.study.references import with_references
from uncertainty.units import Dimension, Unit, UnitSystem
from uncertainty.values import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.distributions import Distribution
    from uncertainty.study.calling import Function

PURE_NUMBER = Unit("1", 1.0, Dimension())


def study_from_function(
    function: Function,
    inputs: Mapping[str, Any] | None = None,
    *,
    units: Mapping[str, str] | None = None,
    counting_units: Sequence[str] = (),
    outputs: Sequence[str] | Mapping[str, Output | Index] | None = None,
    headline: str | None = None,
    title: str | None = None,
    correlations: Any = (),
    nonfinite: NonFinite = "refuse",
    vectorized: bool = True,
    thread_safe: bool = False,
) -> Study:
    """Make a study of a function; see `Study.from_function`."""
    signature = _signature(function)
    given: dict[str, Any] = dict(inputs or {})
    groups: dict[str, str] = {}
    if is_problem(given):
        given, groups = inputs_of_problem(given)
    hints = {name: each.distribution for name, each in signature.items() if each.distribution is not None}
    hinted = {name: each.unit for name, each in signature.items() if each.unit}
    said = {**hinted, **(units or {})}
    parts = _told_apart(_inputs({**hints, **given}, signature, said), groups)
    _check_arguments(function, parts)
    parts = _settled(parts, said, counting_units)
    called = name_of(function)
    if not vectorized:
        whole = frozenset(name for name, each in signature.items() if each.is_whole)
        function = RowByRow(function, tuple(outputs or ()), whole)
    probe = Probe(function, parts, PROBED if vectorized else 1)
    first = None
    if outputs is None:
        first = probe.equal()
        outputs = output_names(first)
    named, tables, indices = _outputs(outputs)
    parts, described = _with_units(parts, named, said, units or {}, counting_units)
    if not described:
        raise StudyError("expected at least one output")
    # where the outputs are named, a model that takes minutes a row is not called to find them
    called_rows = vectorized or first is not None
    stochastic = called_rows and is_stochastic(probe, described, tables, counting_units, first)
    study = Study(
        name=called,
        title=title or called,
        headline=_headline(headline, described, tables),
        inputs=Frozen(parts),
        outputs=Frozen(described),
        correlations=read_correlations(correlations, parts),
        counting_units=tuple(counting_units),
        indices=Frozen(indices),
        tables=Frozen(tables),
        note=NOISY if stochastic else "",
        nonfinite=_policy(nonfinite),
        function=function,
        turns=None if thread_safe else Turns(),
        first_rows=FirstRows() if vectorized and not stochastic else None,
        stochastic=stochastic,
    )
    faults = Faults("")
    check_correlations(study, faults)
    faults.raise_if_any()
    return replace(study, sha256=_sha256(study))


def _headline(given: str | None, outputs: Mapping[str, Output], tables: Mapping[str, Quantity]) -> str:
    """Return the output that reports lead with; of one that has an index its first cell."""
    if given is None:
        return next(iter(outputs))
    if given in tables:
        return next(iter(tables[given].cells.values()))
    if given not in outputs:
        raise StudyError(f'unknown headline "{given}"{suggestion(given, [*outputs, *tables])}')
    return given


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
    is_whole
        Whether the function takes an ``int``, by its hint or else by its default.
    """

    distribution: str | float | Distribution | None
    point: float | None
    unit: str
    is_whole: bool = False


def _signature(function: Function) -> dict[str, _Parameter]:
    """Read the hints and defaults of a function's parameters; none, where it has no signature."""
    try:
        parameters = inspect.signature(function).parameters
        hints = get_type_hints(function, include_extras=True)
    except (TypeError, ValueError, NameError):
        return {}
    found = {}
    for name, parameter in parameters.items():
        hint = hints.get(name)
        kind, *extras = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        default = parameter.default
        is_number = isinstance(default, Real) and not isinstance(default, bool)
        point = float(default) if is_number else None
        unit = extras[1] if len(extras) > 1 and isinstance(extras[1], str) else ""
        is_hinted = kind is int or {*get_args(kind)} == {int, type(None)}
        is_whole = is_hinted or (kind is None and is_number and isinstance(default, Integral))
        found[name] = _Parameter(extras[0] if extras else point, point, unit, is_whole)
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
    inputs: Mapping[str, Any], signature: Mapping[str, _Parameter], units: Mapping[str, str]
) -> dict[str, Input]:
    parts, faults = {}, []
    for name, given in inputs.items():
        if isinstance(given, Input):
            parts[name] = given
            continue
        try:
            unit = units.get(name, "1")
            # what is no text is told with all that is wrong with units
            distribution = read_distribution(
                plainly(given), Beside(unit=unit if isinstance(unit, str) else "1")
            )
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


def _told_apart(parts: Mapping[str, Input], groups: Mapping[str, str]) -> dict[str, Input]:
    """Return inputs in the groups that are given, with labels of which each stands for one."""
    labels = distinct_labels({name: item.label for name, item in parts.items()})
    return {
        name: replace(item, group=groups.get(name, item.group), label=labels[name])
        for name, item in parts.items()
    }


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


class _Outputs(NamedTuple):
    """Outputs, those of them that are tables of cells, and the indices of these."""

    outputs: Mapping[str, Output]
    tables: Mapping[str, Quantity]
    indices: Mapping[str, Index]


def _outputs(given: Sequence[str] | Mapping[str, Output | Index]) -> _Outputs:
    """Return the outputs that are named; one with an index is one for each of its members."""
    named = given if isinstance(given, Mapping) else dict.fromkeys(given)
    outputs: dict[str, Output] = {}
    tables: dict[str, Quantity] = {}
    indices: dict[str, Index] = {}
    faults = []
    for name, each in named.items():
        if isinstance(each, Output):
            outputs[name] = each
        elif each is None:
            outputs[name] = Output(name, PURE_NUMBER, None)
        else:
            try:
                index = _index(each)
                if indices.setdefault(index.name, index) != index:
                    raise InvalidValue(f'index "{index.name}" has other members elsewhere')
            except InvalidValue as error:
                faults.append(Fault(str(error), f"outputs.{name}"))
                continue
            cells: Mapping[tuple[str, ...], str] = Frozen(
                {(member,): written(name, (member,)) for member in index.members}
            )
            tables[name] = Quantity(name, (index.name,), cells)
            outputs |= {cell: Output(cell, PURE_NUMBER, None, quantity=name) for cell in cells.values()}
    if faults:
        raise StudyError(*faults)
    return _Outputs(outputs, tables, indices)


def _index(given: Any) -> Index:
    """Return an index with members that addresses can name."""
    if not isinstance(given, Index):
        raise InvalidValue(
            f'expected an Output or an index such as un.Index("site", ["a", "b"]), found {shown(given)}'
        )
    found = (
        of_numbers(given.name, list(given.members)) if given.ordered else of_names(given.name, given.members)
    )
    return replace(found, label=given.label, unit=given.unit or (PURE_NUMBER if found.ordered else None))
