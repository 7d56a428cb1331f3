"""Distributions within the physical limits of the input that they describe."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast, get_args

import numpy as np

from uncertainty.distributions import Distribution, limited
from uncertainty.distributions.conditional import Conditional, Parametric
from uncertainty.distributions.language import read_text
from uncertainty.distributions.protocol import is_distribution
from uncertainty.distributions.ranges import two_readings
from uncertainty.errors import InvalidValue, suggestion
from uncertainty.late import regex
from uncertainty.study.given import plainly
from uncertainty.study.model import Kind, Override
from uncertainty.study.toml import parse_toml

if TYPE_CHECKING:
    from pathlib import Path

    from uncertainty.units import Unit, UnitSystem

Given: TypeAlias = "float | str | Distribution | Mapping[str, Any]"
"""What an input may be overridden by: a distribution, its text, a number, or a table with a point too."""

EXPERTS = "experts"
"""What stands for the pool of an input's experts."""

OVERRIDE_KEYS = ("point", "distribution", "kind")


class Beside(NamedTuple):
    """What an input says beside the text of a distribution, and its text rests on.

    Parameters
    ----------
    low, high
        Its physical limits.
    folder
        Of the study, where files of data are.
    unit
        As it is written.
    point
        What the word means: the input's own point, if it is known by now.
    experts
        What the word means: the pool of the input's experts.
    """

    low: float | None = None
    high: float | None = None
    folder: Path | None = None
    unit: str = "1"
    point: float | None = None
    experts: Distribution | None = None


NOTHING = Beside()


def _naming_unit(message: str, text: str, unit: str) -> str:
    """Say what to write for numbers that came with a unit, by the unit of the input that they are of."""
    from uncertainty.distributions.spellings import OF_PERCENTAGES, OWN_UNIT, in_another_unit

    given, own = " ".join(text.split())[:40], f"{OWN_UNIT}, {unit}"
    if unit not in ("1", "%") and all(where in message for _, where in OF_PERCENTAGES):
        return f'cannot read "{given}"; it holds percentages; {own}'
    if OWN_UNIT not in message:
        return message
    same = in_another_unit(text, partial(_factor, unit=unit))
    if same is None:
        return f'cannot read "{given}"; numbers stand without a unit; {own}'
    try:
        read_text(same)
        advised = f'write "{same}"'
    except InvalidValue as error:
        advised = str(error).rpartition(f'"{same[:40]}"; ')[2].partition(f"; {OWN_UNIT}")[0]
    return f'cannot read "{given}"; {advised}; {own}'


def _factor(written: str, unit: str) -> float | None:
    """Return how many of an input's unit another is; None where they measure different things."""
    from uncertainty.units import UnitSystem

    if written == unit:
        return 1.0
    try:
        given, own = UnitSystem().parse(written), UnitSystem().parse(unit)
    except InvalidValue:
        return None
    return given.factor / own.factor if given.dimension == own.dimension else None


def read_distribution(value: float | str | Distribution, beside: Beside = NOTHING) -> Distribution:
    """Read a distribution of an input and truncate it to the input's physical limits.

    Raises
    ------
    InvalidValue
        If it cannot be read, or leaves no probability within the limits.
    """
    if isinstance(value, str) and value.strip() == EXPERTS:
        if beside.experts is None:
            raise InvalidValue("the input has no experts; say what they said in [[inputs.NAME.experts]]")
        value = beside.experts
    given = is_distribution(value)
    parsed = cast("Distribution", value) if given else _read(cast("str | float", value), beside)
    low, high = beside.low, beside.high
    if "%" in beside.unit and (ambiguous := two_readings(str(value))):
        raise InvalidValue(ambiguous)
    if isinstance(parsed, Parametric):
        conditional = Conditional(parsed, low, high)
        conditional.check()
        point = beside.point if conditional.is_bare else None
        return conditional if point is None else _at_point(conditional, point)
    if parsed.is_constant and not _within(parsed.mean, low, high):
        bounds = f"{'-inf' if low is None else f'{low:g}'} to {'inf' if high is None else f'{high:g}'}"
        raise InvalidValue(f"{parsed.mean:g} lies outside the input's limits, {bounds}")
    return limited(parsed, low, high)


def _at_point(conditional: Conditional, point: float) -> Distribution:
    """Return the distribution with the input's point for the word; a part of 0 is no spread."""
    try:
        return conditional.at_point(point)
    except InvalidValue as error:
        if point:
            raise
        wrong = str(error).partition("; ")[0]
        message = f"{wrong}, and the point is 0; leave the distribution out there, which fixes it"
        raise InvalidValue(message) from None


def _read(value: float | str, beside: Beside) -> Distribution | Parametric:
    try:
        return read_text(value, beside.folder)
    except InvalidValue as error:
        raise InvalidValue(_naming_unit(str(error), str(value), beside.unit)) from None


def number_alone(given: float | str, point: object, unit: str) -> str:
    """Say what a number alone does that is another than the input's point, and what to write.

    It fixes the input away from its point, where often a spread was meant, in per cent or in the unit.

    Returns
    -------
    str
        Nothing where a distribution is given, or the point itself, or the point is unknown.
    """
    try:
        value = float(given)
    except ValueError:
        return ""
    if point is None or value == point:
        return ""
    share = "" if "%" in unit else " %"
    spread = f'"point ± {value:g}{share} (95 %)" for a spread, or ' if value > 0 else ""
    held = f'"fixed({value:g})" to hold the input at it'
    return f"{value:g} is one number, and not the point; write {spread}{held}"


_QUANTITY = regex(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(?![\d.]|[eE][-+]?\d)([^\W\d_].*|%.*)")


def point_text(text: str, unit: Unit, units: UnitSystem) -> str:
    """Return a point's text; a unit behind its number, and a distribution, are refused.

    Raises
    ------
    InvalidValue
        With what to write.
    """
    from uncertainty.distributions.spellings import OWN_UNIT

    found = _QUANTITY.fullmatch(text.strip())
    if found is None:
        return text
    try:
        given = units.parse(found[2])
    except InvalidValue:
        _refuse_distribution(text)
        return text
    advised = "a point is a number without a unit"
    if given.dimension == unit.dimension:
        advised = f"write {float(found[1]) * given.factor / unit.factor:.12g} without quotation marks"
    raise InvalidValue(f'cannot read "{text}"; {advised}; {OWN_UNIT}, {unit.text}')


def _refuse_distribution(text: str) -> None:
    try:
        read_text(text)
    except InvalidValue:
        return
    raise InvalidValue(f'"{text}" is a distribution; write one number here, and distribution = "{text}"')


def read_override(given: Given, beside: Beside = NOTHING) -> Override:
    """Read what overrides an input, within its physical limits.

    Parameters
    ----------
    given
        A distribution or its text, a number, or a table ``{point, distribution, kind}``, also as TOML
        writes one. A point of its own is what the word means in its text.

    Raises
    ------
    InvalidValue
        If it cannot be read, or leaves no probability within the limits.
    """
    table = _table(given)
    kind = table.get("kind")
    if kind is not None and kind not in get_args(Kind):
        raise InvalidValue(f"kind: expected {' or '.join(get_args(Kind))}, found {str(kind)[:40]!r}")
    own = None
    if "point" in table:
        if isinstance(table["point"], str):
            raise InvalidValue(f'point: expected a number, found "{table["point"][:40]}"')
        own = read_distribution(table["point"], Beside(beside.low, beside.high)).mean
        beside = beside._replace(point=own)
    distribution = read_distribution(table["distribution"], beside)
    written = getattr(table["distribution"], "text", "") or str(table["distribution"]).strip()
    if own is not None:
        return Override(distribution, own, written, kind=kind)
    if isinstance(distribution, Conditional):
        # the median is known where the study is
        return Override(distribution, math.nan, written, at_median=True, kind=kind)
    if distribution.is_constant:
        return Override(distribution, distribution.mean, written, kind=kind)
    median = float(distribution.quantile(np.array([0.5]))[0])
    return Override(distribution, median, written, at_median=True, kind=kind)


def _table(given: Given) -> Mapping[str, Any]:
    if isinstance(given, str) and given.lstrip().startswith("{"):
        return _table(_inline(given))
    if not isinstance(given, Mapping):
        return {"distribution": plainly(given)}
    for key in given:
        if key not in OVERRIDE_KEYS:
            raise InvalidValue(f'unknown key "{key}"{suggestion(str(key), OVERRIDE_KEYS)}')
    if "distribution" not in given:
        beside = " and the ".join(key for key in OVERRIDE_KEYS if key in given) or "point"
        raise InvalidValue(f"expected a distribution beside the {beside}; a number alone fixes the input")
    return given


def _inline(text: str) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = parse_toml(f"given = {text}")["given"]
    except InvalidValue:
        raise InvalidValue(
            f'cannot read {text[:40]!r}; write {{ point = 1, distribution = "0.5 to 2" }}'
        ) from None
    return found


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)
