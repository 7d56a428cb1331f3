"""A study under one reading, one option for each choice, and any overrides."""

from __future__ import annotations

import math
from dataclasses import field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from uncertainty.distributions import Distribution, parse_distribution
from uncertainty.distributions.conditional import Conditional
from uncertainty.distributions.dirichlet import is_dirichlet
from uncertainty.distributions.parameters import finite
from uncertainty.errors import Fault, InvalidValue, StudyError, suggestion
from uncertainty.expressions import Expression, Graph, build_graph, compile_tape
from uncertainty.late import dataclass
from uncertainty.records import Frozen, Once, brief
from uncertainty.study.cells import input_addresses
from uncertainty.study.corner_units import refuse_data_of_other_units
from uncertainty.study.experts import pooled
from uncertainty.study.hierarchy import drawing_order, settle
from uncertainty.study.indices import read_category_override
from uncertainty.study.limits import Beside, read_override
from uncertainty.study.model import AS_PUBLISHED, Override
from uncertainty.study.parameters import check_override
from uncertainty.study.shares import Whole, read_share, share_at, wholes_of, with_points_of_shares
from uncertainty.units import UnitSystem

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from uncertainty.study.hierarchy import Dependent
    from uncertainty.study.limits import Given
    from uncertainty.study.model import Kind, Study


STILL = "no input varies"

STILL_OVER_CASES = f"{STILL} but what differs from case to case"
"""The same of what speaks of all cases together."""


def evaluate_points(study: Study, moved: Mapping[str, float]) -> dict[str, float]:
    """Return every input's point in its own unit.

    Parameters
    ----------
    moved
        Points that an override replaced, in the input's unit; expressions over them follow.

    Raises
    ------
    StudyError
        If a point is not finite.
    """
    # many scenarios of a study replace the same ones, told by their digits, which tell 0 from -0
    key = ("points", *((name, float(value).hex()) for name, value in moved.items()))
    return dict(study.once.of(key, lambda: _evaluated(study, moved)))


def _evaluated(study: Study, moved: Mapping[str, float]) -> dict[str, float]:
    points = {n: moved.get(n, i.point) for n, i in study.inputs.items()}
    numbers = {n: p for n, p in points.items() if not isinstance(p, Expression)}
    expressions = {n: p for n, p in points.items() if isinstance(p, Expression)}
    if not expressions:
        return numbers
    factors = {name: item.unit.factor for name, item in study.inputs.items()}
    values = _evaluate(study, expressions, {n: p * factors[n] for n, p in numbers.items()})
    return {name: numbers[name] if name in numbers else values[name] / factors[name] for name in study.inputs}


def _evaluate(
    study: Study, expressions: Mapping[str, Expression], numbers: Mapping[str, float]
) -> dict[str, float]:
    try:
        # many scenarios of a study have the graph of its points in common
        graph = study.once.of(("graph of points", *expressions), lambda: _graph(study, tuple(expressions)))
        tape = compile_tape(graph, list(expressions), (), numbers)
    except InvalidValue as error:
        raise StudyError(Fault(f"points: {error}", "inputs", study.file)) from None
    values = np.empty((len(expressions), 1))
    tape.run(np.empty((0, 1)), values)
    return dict(zip(expressions, values[:, 0].tolist(), strict=True))


def _graph(study: Study, names: tuple[str, ...]) -> Graph:
    """Return the graph of the points of some inputs."""
    units = UnitSystem(study.counting_units)
    expressions = {n: p for n in names if isinstance(p := study.inputs[n].point, Expression)}
    numbers = [name for name in study.inputs if name not in expressions]
    return build_graph(expressions, expressions, numbers, lambda text: units.parse(text).factor)


class Nets(Protocol):
    """What models over all cases have: nets of these."""

    def on_net(self, models: Sequence[Any], number: int) -> list[Any]:
        """Return such models on another net of as many cases, by its number."""
        ...


class OverCases(Nets, Protocol):
    """Outputs over all cases, as functions of what nobody knows."""

    @property
    def size(self) -> int:
        """Number of cases."""
        ...

    @property
    def different(self) -> tuple[str, ...]:
        """Names of the inputs that differ from case to case."""
        ...

    def bound(self, inputs: frozenset[str]) -> frozenset[str]:
        """Return the unknowns that some inputs that differ are correlated with."""
        ...

    def model(self, outputs: Sequence[str], columns: Sequence[str]) -> Any:
        """Return the model over columns of unknowns."""
        ...

    def wider(self, output: str, size: int) -> float:
        """Return by what factor scrambles of a net differ more in an output than these few of them tell."""
        ...


@dataclass(frozen=True, slots=True)
class Scenario:
    """What one run of a study computes.

    Parameters
    ----------
    reading
        Name of the reading that it is under.
    choices
        The option taken for every choice.
    overrides
        The inputs that the caller replaced, as text.
    points
        Every input's point, in its own unit. An input that is overridden by a number has that point, and one
        that is overridden by a distribution the point that was given with it, or else its median.
    at_medians
        The inputs whose point is the median of what overrides them, because no point was given.
    distributions
        Every input's distribution, in its own unit; a constant one for an input that stays fixed.
    kinds
        Whether each input differs from case to case or is what nobody knows.
    equations
        Every intermediate quantity's expression, with the options' replacements.
    nested
        Where outputs that speak of all cases together are studied over what nobody knows: what gives them.
        What differs from case to case stands at its points in `distributions` then.
    observations
        Names of the observations that weigh its draws.
    dependent
        By input whose parameters are other quantities, what its draws become: its distribution here is that
        of the draws, which is its own where the parameters stand at their points.
    wholes
        Those of which shares are drawn.
    once
        What is found once of it, such as what its quantities come from.
    """

    study: Study
    reading: str
    choices: Mapping[str, str]
    overrides: Mapping[str, str]
    points: Mapping[str, float]
    at_medians: tuple[str, ...]
    distributions: Mapping[str, Distribution]
    equations: Mapping[str, Expression]
    kinds: Mapping[str, Kind]
    dependent: Mapping[str, Dependent] = field(default_factory=Frozen)
    wholes: tuple[Whole, ...] = ()
    nested: OverCases | None = None
    observations: tuple[str, ...] = ()
    once: Once[Hashable, Any] = field(default_factory=Once, init=False, compare=False, repr=False)

    __repr__ = brief

    @property
    def varying(self) -> tuple[str, ...]:
        """Names of the inputs that are not constant, in the study's order."""

        def find() -> tuple[str, ...]:
            return tuple(name for name, d in self.distributions.items() if not d.is_constant)

        found: tuple[str, ...] = self.once.of("varying", find)
        return found

    @property
    def bound(self) -> tuple[tuple[str, ...], ...]:
        """Inputs that are one in every analysis: their draws say nothing alone, as those of shares do."""
        return tuple(tuple(sorted(whole.drawn)) for whole in self.wholes if len(whole.drawn) > 1)

    @property
    def parents(self) -> Mapping[str, tuple[str, ...]]:
        """By input whose parameters are other quantities, the inputs from which these follow."""
        return Frozen({name: each.parents for name, each in self.dependent.items()})

    @property
    def drawing_order(self) -> tuple[str, ...]:
        """Names of the inputs that vary, each after those that it is given."""
        return tuple(name for name in drawing_order(self.parents, self.distributions) if name in self.varying)


def nothing_to_move(plan: Scenario) -> str:
    """Say of a scenario none of whose inputs an analysis can move that it is so."""
    return STILL if plan.nested is None else STILL_OVER_CASES


def scenario(
    study: Study,
    reading: str = AS_PUBLISHED,
    choose: Mapping[str, str] | None = None,
    override: Mapping[str, Given] | None = None,
    observe: Sequence[str] = (),
) -> Scenario:
    """Apply a reading, then options, then overrides to a study.

    Parameters
    ----------
    reading
        Name of one of the study's readings.
    choose
        Options by choice, in place of the reading's own.
    override
        Distributions (or their texts, or numbers, or tables with a ``point`` and a ``distribution``) by
        input, truncated to the input's physical limits.
    observe
        Names of observations that weigh the draws, beside those of the reading.

    Raises
    ------
    StudyError
        If a name is unknown, a combination of options is excluded, or a distribution cannot be read.
    """
    choices = choose or {}
    if override or not all(isinstance(option, str) for option in choices.values()):
        return _made(study, reading, choices, override or {}, observe)
    # one for all who ask for it: a study is checked and compared under every reading
    key = ("scenario", reading, tuple(choices.items()), tuple(observe))
    found: Scenario = study.once.of(key, lambda: _made(study, reading, choices, {}, observe))
    return found


def _made(
    study: Study,
    reading: str,
    choose: Mapping[str, str],
    override: Mapping[str, Given],
    observe: Sequence[str],
) -> Scenario:
    chosen = study.readings.get(reading, study.readings[AS_PUBLISHED])
    faults = _unknown_reading(study, reading)
    options = _options(study, {**chosen.choices, **choose}, faults)
    given = _overrides(study, override, faults)
    observed = _observed(study, (*chosen.observations, *observe), faults)
    if faults:
        raise StudyError(*faults)
    replaced: dict[str, Override] = {}
    equations = {name: equation.expression for name, equation in study.equations.items()}
    for choice, option in options.items():
        equations |= study.choices[choice].options[option].equations
        replaced |= study.choices[choice].options[option].inputs
    replaced |= chosen.inputs
    replaced |= given
    taken = {
        name: replaced[name].distribution if name in replaced else item.distribution
        for name, item in study.inputs.items()
    }
    moved = {
        name: each.point
        for name, each in replaced.items()
        if not isinstance(each.distribution, Conditional) or not each.at_median
    }
    points, own = _points(study, equations, taken, moved, replaced.keys() - moved.keys())
    _check_points(study, points)
    found = settle(study, equations, points, _varied(taken, points), own)
    kinds = {
        name: (name in replaced and replaced[name].kind) or item.kind for name, item in study.inputs.items()
    }
    made = Scenario(
        study=study,
        reading=reading,
        choices=Frozen(options),
        overrides=Frozen({name: str(each) for name, each in given.items()}),
        points=Frozen(points),
        at_medians=tuple(name for name, each in replaced.items() if each.at_median),
        distributions=Frozen(found.distributions),
        equations=Frozen(equations),
        kinds=Frozen(kinds),
        dependent=Frozen(found.dependent),
        wholes=wholes_of(taken),
        observations=observed,
    )
    _check_kinds(made)
    return made


def _points(
    study: Study,
    equations: Mapping[str, Expression],
    taken: Mapping[str, Distribution | None],
    moved: Mapping[str, float],
    at_medians: Iterable[str],
) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Return the points of all inputs, and what parameters say of those whose point is their median.

    Parameters
    ----------
    taken
        The distributions of the inputs.
    moved
        Points that are replaced.
    at_medians
        Inputs whose point is the median of what replaces them.
    """
    points = own = evaluate_points(study, moved)
    unknown = {*at_medians, *(name for name, point in points.items() if math.isnan(point))}
    if unknown:
        # a median that nothing else was said of is known where the parameters are
        medians = settle(study, equations, points, _varied(taken, points), points).medians
        points = evaluate_points(study, {**moved, **{name: medians[name] for name in unknown}})
        own = {**points, **{name: own[name] for name in unknown}}
    return with_points_of_shares(study, points, taken), own


def _check_kinds(plan: Scenario) -> None:
    """Refuse an input that nobody knows and whose parameter differs from case to case."""
    faults = [
        Fault(
            f'follows from "{parent}", which differs from case to case: it does so too, and is of '
            'kind = "variability"',
            f"inputs.{name}.distribution",
            plan.study.file,
        )
        for name, parents in plan.parents.items()
        for parent in parents
        if plan.kinds[name] == "uncertainty"
        and plan.kinds[parent] == "variability"
        and parent in plan.varying
    ]
    if faults:
        raise StudyError(*faults)


def _varied(taken: Mapping[str, Distribution | None], points: Mapping[str, float]) -> dict[str, Distribution]:
    """Return every input's distribution; of one that has none a constant at its point."""
    return {name: each or parse_distribution(points[name]) for name, each in taken.items()}


def check_reading(study: Study, reading: str) -> None:
    """Refuse a reading that the study does not have; StudyError says which was probably meant."""
    if faults := _unknown_reading(study, reading):
        raise StudyError(*faults)


def excluded_because(study: Study, options: Mapping[str, str]) -> str | None:
    """Return why a full set of options is excluded, or None if it is valid."""
    return next((rule.because for rule in study.excluded if rule.matches(options)), None)


def _unknown_reading(study: Study, reading: str) -> list[str]:
    if reading in study.readings:
        return []
    return [f'reading: unknown reading "{reading}"{suggestion(reading, study.readings)}']


def _options(study: Study, chosen: Mapping[str, str], faults: list[str]) -> dict[str, str]:
    """Return the option of every choice, and add what is wrong with those that were chosen to `faults`."""
    before = len(faults)
    for choice, option in chosen.items():
        if choice not in study.choices:
            faults.append(f'unknown choice "{choice}"{suggestion(choice, study.choices)}')
        elif option not in study.choices[choice].options:
            hint = suggestion(option, study.choices[choice].options)
            faults.append(f'unknown option "{option}" of the choice "{choice}"{hint}')
    if len(faults) > before:
        return {}
    options = {name: choice.published for name, choice in study.choices.items()} | dict(chosen)
    because = excluded_because(study, options)
    if because is not None:
        taken = ", ".join(f"{choice}={option}" for choice, option in options.items())
        faults.append(f"this combination of options is excluded ({taken}): {because}")
    return options


def _observed(study: Study, wanted: Sequence[str], faults: list[str]) -> tuple[str, ...]:
    """Return the observations that weigh the draws, and add unknown ones to `faults`."""
    known = study.observations
    for name in dict.fromkeys(wanted):
        if name not in known:
            none = "" if known else "; the study has no observations"
            faults.append(f'observe: unknown observation "{name}"{suggestion(name, known) or none}')
    return tuple(name for name in known if name in wanted)


def _overrides(study: Study, override: Mapping[str, Given], faults: list[str]) -> dict[str, Override]:
    """Return what replaces inputs, and add what cannot be read to `faults`."""
    known = input_addresses(study)
    read: dict[str, None] = {}
    replaced = {}
    for address in override:
        try:
            known.cells(address)
        except InvalidValue as error:
            faults.append(str(error))
        else:
            read[address] = None
    for address, name in known.spread(read):
        try:
            replaced[name] = override_of(study, name, override[address])
        except InvalidValue as error:
            faults.append(f"{address}: {error}")
    faults[:] = dict.fromkeys(faults)
    return replaced


def override_of(study: Study, name: str, value: Given) -> Override:
    """Return what takes an input's place.

    Raises
    ------
    InvalidValue
        If it cannot be read, or leaves no probability within the limits.
    """
    item = study.inputs[name]
    if is_dirichlet(value):
        at = share_at(study, name)
        share = read_share(str(value), item.quantity or name, at, study.indices, item.unit)
        return Override(share, share.mean, str(share), at_median=True)
    if item.member_of is not None:
        found = read_category_override(value, item.member_of)
    else:
        point = item.point if isinstance(item.point, float) else None
        beside = Beside(item.low, item.high, study.folder, item.unit.text, point, pooled(item.experts))
        found = read_override(value, beside)
        refuse_data_of_other_units(found.distribution, item.unit.text, UnitSystem(study.counting_units))
    # with a score it is the study's own, whose parameters are known, cells of a category's choice among them
    if isinstance(found.distribution, Conditional) and found.distribution.score is None:
        check_override(study, name, found.distribution)
    return found


def _check_points(study: Study, points: Mapping[str, float]) -> None:
    faults = []
    for name, value in points.items():
        item = study.inputs[name]
        low = -math.inf if item.low is None else item.low
        high = math.inf if item.high is None else item.high
        try:
            finite(value, "a constant")
        except InvalidValue as error:
            faults.append(Fault(str(error), f"inputs.{name}.point", study.file))
            continue
        if not low <= value <= high:
            message = f"{value:g} lies outside the input's limits, {low:g} to {high:g}"
            faults.append(Fault(message, f"inputs.{name}.point", study.file))
    if faults:
        raise StudyError(*faults)
