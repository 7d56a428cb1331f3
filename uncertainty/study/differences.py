"""What two studies assume differently: compared by meaning, not by how it is written.

``2 to 8`` and the lognormal that it stands for are the same, as are ``a*b`` and ``a * b``, and a quantity
that is given in another unit. What changes no number (labels, sources, notes) is told apart from what does.
"""

from __future__ import annotations

from dataclasses import fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from uncertainty.calls import checked
from uncertainty.distributions.conditional import Conditional
from uncertainty.distributions.protocol import Distribution
from uncertainty.distributions.truncation import of_no_file
from uncertainty.expressions import Call
from uncertainty.indices.index import Index
from uncertainty.late import dataclass
from uncertainty.numbers import count
from uncertainty.records import Frozen, listed, view
from uncertainty.rounding import rounding_of_unseen
from uncertainty.study.keys import keys_of, wording
from uncertainty.study.model import Choice, Figure, Override, Reading
from uncertainty.units import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from uncertainty.expressions import Expression
    from uncertainty.study.model import Correlation, Independence, Study

ENDS = np.array([0.05, 0.5, 0.95])

AMOUNTS = MappingProxyType(
    {
        "inputs": ("point", "low", "high", "distribution", "experts"),
        "outputs": ("published", "reference"),
        "observations": ("value", "sd", "distribution"),
    }
)
"""What of a part has its unit."""

SAME = 1e-9
"""Distance of two quantiles, as a share of them and of their range, within which fits come out the same."""

OWN = ("name", "key", "scale")
"""Aspects of a part that are not told of it where one study alone has it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two studies say differently.

    Parameters
    ----------
    section
        ``"study"``, ``"indices"``, ``"curves"``, ``"inputs"``, ``"equations"``, ``"outputs"``,
        ``"correlations"``, ``"choices"``, ``"excluded"``, ``"readings"``, ``"observations"`` or
        ``"sources"``.
    name
        Of the part; empty for the study itself.
    aspect
        What of it differs, such as ``"distribution"`` or ``"options.shared.inputs.grid"``; empty where one
        study alone has the part.
    one, other
        What each says; None where it says nothing.
    changes_numbers
        Whether results may differ for it.
    note
        What the difference amounts to, where that can be said.
    """

    section: str
    name: str
    aspect: str
    one: str | None
    other: str | None
    changes_numbers: bool
    note: str = ""

    @property
    def key(self) -> str:
        """Where it is, as a path such as ``inputs.grid.point``."""
        return ".".join(part for part in (self.section, self.name, self.aspect) if part)


class Differences(tuple[Difference, ...]):
    """What two studies say differently, one entry each."""

    __slots__ = ()

    def __repr__(self) -> str:
        shown = [f"{each.key}: {each.one} -> {each.other}" for each in self]
        return listed(type(self).__name__, shown)

    _repr_html_ = view


@checked()
def differences(one: Study, other: Study) -> Differences:
    """Compare two studies.

    Returns
    -------
    Differences
        A tuple of Difference: what changes numbers first, and then what is only said; each in the order of
        a study file.
    """
    found: list[Difference] = [*_study(one, other)]
    for section in (
        "indices",
        "curves",
        "inputs",
        "equations",
        "outputs",
        "choices",
        "readings",
        "observations",
    ):
        parts = _in_units_of(one, other, section)
        found += _parts(section, getattr(one, section), parts)
    found += _parts("correlations", _pairs(one.correlations), _pairs(other.correlations))
    found += _parts("independent", _pairs(one.independent), _pairs(other.independent))
    found += _parts("excluded", _exclusions(one), _exclusions(other))
    found += [replace(each, changes_numbers=False) for each in _parts("sources", one.sources, other.sources)]
    return Differences(sorted(found, key=lambda each: not each.changes_numbers))


def _study(one: Study, other: Study) -> Iterator[Difference]:
    from uncertainty.study.schema import StudyTable

    for aspect, key in keys_of(StudyTable).items():
        first, second = getattr(one, aspect), getattr(other, aspect)
        if first != second:
            yield Difference("study", "", aspect, text_of(first), text_of(second), not key.wording)
    if one.function is not other.function:
        yield Difference("study", "", "function", _named(one.function), _named(other.function), True)


def _named(function: Any) -> str | None:
    return None if function is None else str(getattr(function, "__qualname__", function))


def _pairs(pairs: Iterable[Correlation | Independence]) -> dict[str, Any]:
    listed = {"+".join(sorted(each.inputs)): each for each in pairs}
    return {key: replace(each, inputs=(min(each.inputs), max(each.inputs))) for key, each in listed.items()}


def _exclusions(study: Study) -> dict[str, Any]:
    return {text_of(each.when) or "": each for each in study.excluded}


def _parts(section: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Difference]:
    for name in dict.fromkeys([*one, *other]):
        first, second = one.get(name), other.get(name)
        if first is None or second is None:
            yield Difference(section, name, "", text_of(first), text_of(second), True)
        elif first != second:
            found = _aspects(section, name, "", first, second)
            yield from _in_one_unit(found, first, second, AMOUNTS[section]) if section in AMOUNTS else found
    if section in ("choices", "equations"):
        return
    common = [name for name in one if name in other]
    if section == "readings" and common != [name for name in other if name in one]:
        yield Difference(section, "", "order", ", ".join(one), ", ".join(other), False)


def _aspects(section: str, name: str, above: str, one: Any, other: Any) -> Iterator[Difference]:
    """Compare two parts of one kind, field by field, and the parts in them name by name."""
    for field in fields(one):
        first, second = getattr(one, field.name), getattr(other, field.name)
        if field.name == "name" or _equal(first, second) or _one_index(first, second):
            continue
        aspect, told = f"{above}{field.name}", field.name in wording()
        if hasattr(first, "keys"):
            for key in dict.fromkeys([*first, *second]):
                inner = first.get(key), second.get(key)
                if _equal(*inner):
                    continue
                if (
                    None not in inner
                    and hasattr(inner[0], "__dataclass_fields__")
                    and hasattr(inner[0], "label")
                ):
                    yield from _aspects(section, name, f"{aspect}.{key}.", *inner)
                else:
                    # of an index, what a member is called
                    is_word = told or (section == "indices" and None not in inner)
                    changes = not (is_word or _alike(*inner))
                    yield _difference(section, name, f"{aspect}.{key}", *inner, changes=changes)
            if list(first) != list(second) and set(first) == set(second):
                yield _difference(section, name, aspect, list(first), list(second), changes=not told)
            continue
        changes = not told and not _alike(first, second)
        yield _difference(section, name, aspect, first, second, changes=changes)


def _equal(one: Any, other: Any) -> bool:
    """Tell whether two values are the same, expressions but for the order of two terms or factors.

    Of two expressions that are written alike the curves differ, which are told as such.
    """
    if bool(one == other) or not (isinstance(one, Call) and isinstance(other, Call)):
        return bool(one == other)
    return _in_order(one) == _in_order(other) or str(one) == str(other)


def _in_order(expression: Expression) -> Expression:
    """Return an expression with what it adds or multiplies in one order, in which it has the same value."""
    if not isinstance(expression, Call):
        return expression
    arguments = tuple(map(_in_order, expression.arguments))
    if expression.operation in ("add", "multiply"):
        arguments = tuple(sorted(arguments, key=repr))
    return Call(expression.operation, arguments)


def _alike(one: Any, other: Any) -> bool:
    """Tell whether data of two files, or parts of lists such as experts, are the same in other words."""
    if isinstance(one, Override) and isinstance(other, Override):
        return replace(one, distribution=other.distribution) == other and _alike(
            one.distribution, other.distribution
        )
    if isinstance(one, Distribution) and isinstance(other, Distribution):
        return of_no_file(one) == of_no_file(other)
    if not (isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other)):
        return False
    pairs = list(zip(one, other, strict=True))
    if not all(hasattr(part, "__dataclass_fields__") for pair in pairs for part in pair):
        return False
    names = ((a, b, field.name) for a, b in pairs for field in fields(a) if field.name not in wording())
    return all(getattr(a, name) == getattr(b, name) for a, b, name in names)


def _one_index(one: Any, other: Any) -> bool:
    """Tell whether a category takes members of one index, of which the indices tell what differs."""
    return isinstance(one, Index) and isinstance(other, Index) and one.name == other.name


def _difference(section: str, name: str, aspect: str, one: Any, other: Any, *, changes: bool) -> Difference:
    note = ""
    one_drawn, other_drawn = (
        each.distribution if isinstance(each, Override) else each for each in (one, other)
    )
    if isinstance(one_drawn, Distribution) and isinstance(other_drawn, Distribution):
        note = f"{_spread(one_drawn)} and {_spread(other_drawn)}"
        if text_of(one) == text_of(other):
            # an option's distribution is cut to the limits of its input, which the option does not say
            one, other = one_drawn, other_drawn
    return Difference(section, name, aspect, text_of(one), text_of(other), changes, note)


def _spread(distribution: Distribution) -> str:
    if distribution.is_constant:
        return f"fixed at {distribution.mean:.3g}"
    low, median, high = distribution.quantile(ENDS).tolist()
    said = f"median {median:.3g}, 90 % from {low:.3g} to {high:.3g}"
    # what an input with parameters is as a whole shows in draws alone
    return f"{said} at one value of its parameters" if isinstance(distribution, Conditional) else said


def _in_units_of(one: Study, other: Study, section: str) -> Mapping[str, Any]:
    """Return parts of another study; what readings and options say in other units, as one study does."""
    own, parts = getattr(one, section), getattr(other, section)
    if section not in ("choices", "readings"):
        return cast("Mapping[str, Any]", parts)
    units = {
        kind: {
            name: (factor, getattr(other, kind)[name].unit.text)
            for name, each in getattr(one, kind).items()
            if name in getattr(other, kind) and (factor := _factor(each, getattr(other, kind)[name]))
        }
        for kind in ("inputs", "outputs")
    }
    return {name: _as_said(own[name], part, units) if name in own else part for name, part in parts.items()}


def _as_said(first: Any, second: Any, units: Mapping[str, Mapping[str, tuple[float, str]]]) -> Any:
    if isinstance(first, Choice):
        options = {
            name: _as_said(first.options[name], option, units) if name in first.options else option
            for name, option in second.options.items()
        }
        return replace(second, options=Frozen(options))
    second = replace(second, inputs=_alike_in(first.inputs, second.inputs, units["inputs"]))
    if not isinstance(first, Reading):
        return second
    return replace(second, expect=_alike_in(first.expect, second.expect, units["outputs"]))


def _alike_in(
    first: Mapping[str, Any], second: Mapping[str, Any], units: Mapping[str, tuple[float, str]]
) -> Mapping[str, Any]:
    """Return the values of a mapping, of those that are others in another unit these."""

    def value(name: str, each: Any) -> Any:
        own = first.get(name)
        if own is None or name not in units:
            return each
        factor, unit = units[name]
        # the same number of another unit is another amount
        return own if _is_converted(own, each, factor) else f"{text_of(each)} in {unit}"

    return Frozen({name: value(name, each) for name, each in second.items()})


def _factor(one: Any, other: Any) -> float | None:
    """Return the factor from one part's unit to another's; None where they are the same or not alike."""
    if one.unit is None or one.unit == other.unit or one.unit.dimension != other.unit.dimension:
        return None
    return float(one.unit.factor / other.unit.factor)


def _in_one_unit(
    found: Iterable[Difference], one: Any, other: Any, amounts: Sequence[str]
) -> Iterator[Difference]:
    """Leave out what differs only because the unit does.

    Parameters
    ----------
    amounts
        The aspects that have the unit.
    """
    listed = list(found)
    factor = _factor(one, other)
    if factor is None:
        yield from listed
        return
    same = {
        aspect for aspect in amounts if _is_converted(getattr(one, aspect), getattr(other, aspect), factor)
    }
    converted = same >= {*amounts} - {"low", "high"}
    # a limit that is the same number of another unit
    alike = {*amounts} - same - {each.aspect for each in listed} if converted else set()
    for aspect in sorted(alike):
        first, second = (f"{text_of(getattr(each, aspect))} {each.unit.text}" for each in (one, other))
        yield Difference(listed[0].section, listed[0].name, aspect, first, second, True)
    for each in listed:
        if each.aspect == "unit" and converted:
            yield Difference(
                each.section, each.name, "unit", each.one, each.other, False, "the same quantity"
            )
        elif each.aspect not in same:
            yield each


def _is_converted(first: Any, second: Any, factor: float) -> bool:
    """Tell whether a value is another that was converted to another unit."""
    if isinstance(first, Override) and isinstance(second, Override):
        return (first.kind, first.at_median) == (second.kind, second.at_median) and all(
            _is_converted(getattr(first, each), getattr(second, each), factor)
            for each in (("distribution",) if first.at_median else ("point", "distribution"))
        )
    if isinstance(first, Figure) and isinstance(second, Figure):
        return len(first.every) == len(second.every) and all(
            replace(a, value=0, also=()) == replace(b, value=0, also=())
            and _is_converted(a.value, b.value, 1.0 if a.statistic == "probability" else factor)
            for a, b in zip(first.every, second.every, strict=True)
        )
    if first is None or second is None:
        return first is second
    if isinstance(first, tuple) and isinstance(second, tuple):
        experts = [*zip(first, second, strict=False)]
        return len(first) == len(second) and all(
            (a.name, a.weight) == (b.name, b.weight) and _is_converted(a.distribution, b.distribution, factor)
            for a, b in experts
        )
    if isinstance(first, Distribution):
        converted, own = first.quantile(ENDS) * factor, second.quantile(ENDS)
        # beside a large value a small part of it may be all that differs
        fitted = SAME * np.minimum(np.abs(own), np.ptp(own))
        return bool(np.all(np.abs(converted - own) <= fitted + 2 * rounding_of_unseen(own)))
    if isinstance(first, float | int) and isinstance(second, float | int):
        return abs(first * factor - second) <= float(rounding_of_unseen(np.array(second)))
    return bool(first == second)


def text_of(value: Any) -> str | None:
    """Write what a study says as people would read it; None for nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | int):
        return f"{value:.12g}"
    if isinstance(value, Figure):
        said = (f"{each.value:.12g} ({count(each.digits, 'digit')})" for each in value.every)
        named = zip(map(statistic_key, value.every), said, strict=True)
        return ", ".join(f"{name} {text}" if name else text for name, text in named)
    if isinstance(value, Unit):
        return value.text
    if isinstance(value, Index):
        return value.name
    if isinstance(value, tuple | list):
        return ", ".join(text_of(each) or "" for each in value) or None
    if hasattr(value, "items"):
        return "; ".join(f"{key} = {text_of(each)}" for key, each in value.items()) or None
    return _part_text(value)


def statistic_key(figure: Figure) -> str:
    """Name what a figure is of as a study file does; empty for the points, which need no name."""
    if figure.at_points:
        return ""
    level = "" if figure.level is None else f" of {figure.level:g}"
    return f"{figure.statistic}{level}"


def _part_text(part: Any) -> str:
    """Write a whole part of a study: what it assumes, and of what assumes nothing what it says."""
    if isinstance(part, Distribution | Override) or not hasattr(part, "__dataclass_fields__"):
        return str(part)
    if type(part).__module__.startswith("uncertainty.expressions"):
        return str(part)
    said = [
        (field.name, text)
        for field in fields(part)
        if field.name not in OWN
        and getattr(part, field.name) != field.default
        and (text := text_of(getattr(part, field.name))) is not None
    ]
    assumed = [(name, text) for name, text in said if name not in wording()]
    return "; ".join(f"{name}: {text}" for name, text in assumed or said)
