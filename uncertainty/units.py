"""Units of a study: what a unit's text means, and whether two quantities are of one kind.

Every counting unit of a study (page, query, …) is a base dimension of its own, so that grams per query and
grams per page do not mix. Numbers are converted to coherent base units (kilogram, metre, second, …, and
the counting units) once, when a study is compiled; what runs afterwards knows no units.

Units are pint's: ``t`` is the metric ton and ``year`` the Julian year of 365.25 days, that is 8766 hours. A
publication that counts 8760 hours must write them out.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from uncertainty.errors import InvalidValue, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pint

ALMOST = 0.8
"""Similarity from which a word is a misspelt unit: above that of "server" with "sievert", 0.77."""

MAX_LENGTH = 100

_COUNTING_UNIT = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_CHARACTERS = re.compile(r"[\w\s/*^().%°µμΩ+-]*", re.ASCII)
_EXPONENT = re.compile(
    r"(?:\*\*|\^)\s*(?:[-+]?\d{1,2}(?:\.\d{1,4})?|\(\s*[-+]?\d{1,2}\s*(?:/\s*\d{1,2}\s*)?\))"
)
_SUPERSCRIPTS = str.maketrans({"²": "**2", "³": "**3", "·": "*", "×": "*"})
_NUMBER = re.compile(r"(?<![\w.])\.?\d[\w.]*")
_FREQUENT = ("kg", "mg", "km", "kW", "MW", "kWh", "MWh", "GWh", "TWh", "MJ", "GJ", "megatonne")


@dataclass(frozen=True, slots=True)
class Dimension:
    """A product of powers of base dimensions, such as mass / query.

    Parameters
    ----------
    powers
        Base dimensions with their exponents, none of them zero, sorted by name; see `Dimension.of`.
    """

    powers: tuple[tuple[str, Fraction], ...] = ()

    @classmethod
    def of(cls, exponents: Mapping[str, Fraction | float]) -> Dimension:
        """Return the dimension with these exponents of base dimensions."""
        exact = ((name, Fraction(power).limit_denominator(1000)) for name, power in exponents.items())
        return cls(tuple(sorted((name, power) for name, power in exact if power)))

    @property
    def is_dimensionless(self) -> bool:
        """Whether it is that of a pure number."""
        return not self.powers

    def __mul__(self, other: Dimension) -> Dimension:
        exponents = dict(self.powers)
        for name, power in other.powers:
            exponents[name] = exponents.get(name, Fraction()) + power
        return Dimension.of(exponents)

    def __truediv__(self, other: Dimension) -> Dimension:
        return self * other**-1

    def __pow__(self, exponent: Fraction | float) -> Dimension:
        exact = Fraction(exponent).limit_denominator(1000)
        return Dimension.of({name: power * exact for name, power in self.powers})

    def __str__(self) -> str:
        if self.is_dimensionless:
            return "a pure number"
        exponents = _with_energy(dict(self.powers))
        over = " * ".join(_power_text(name, power) for name, power in exponents.items() if power > 0)
        under = "".join(f" / {_power_text(name, -power)}" for name, power in exponents.items() if power < 0)
        return (over or "1") + under


def _with_energy(exponents: dict[str, Fraction]) -> dict[str, Fraction]:
    """Write length**2 / time**2 as energy / mass, and length**2 / time**3 as power / mass."""
    count = exponents.get("length", Fraction()) / 2
    name = {-2 * count: "energy", -3 * count: "power"}.get(exponents.get("time", Fraction()))
    if not count or count.denominator > 1 or name is None:
        return exponents
    rest = {key: power for key, power in exponents.items() if key not in ("length", "time")}
    rest["mass"] = rest.get("mass", Fraction()) - count
    return dict(sorted({**rest, name: count}.items()))


def _power_text(name: str, power: Fraction) -> str:
    if power == 1:
        return name
    return f"{name}**{power}" if power.denominator == 1 else f"{name}**({power})"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measurement.

    Parameters
    ----------
    text
        As it was written.
    factor
        What a value is multiplied by to be in coherent base units.
    dimension
        What the unit measures.
    """

    text: str
    factor: float
    dimension: Dimension


@dataclass(frozen=True, slots=True)
class UnitSystem:
    """All of pint's units, and the things that a study counts.

    Parameters
    ----------
    counting_units
        Names in the singular, each a base dimension of its own; their plurals and prefixed forms
        (``queries``, ``megaquery``) follow.

    Raises
    ------
    InvalidValue
        If a name is malformed, given twice, or that of a unit that exists already.
    """

    counting_units: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _registry(self.counting_units)

    def parse(self, text: str) -> Unit:
        """Read a unit.

        Parameters
        ----------
        text
            A product, ratio or power of units in pint's syntax, such as ``g/(kWh*page)``; ``1`` for
            a pure number.

        Raises
        ------
        InvalidValue
            If it is no such text, or names an unknown, offset or logarithmic unit.
        """
        return _parse(self.counting_units, text)


@lru_cache(maxsize=1)
def _pint_registry() -> pint.UnitRegistry[float]:
    import pint

    return pint.UnitRegistry(cache_folder=None)


@lru_cache(maxsize=16)
def _registry(counting_units: tuple[str, ...]) -> pint.UnitRegistry[float]:
    """Copy the shared registry, a quarter of the work of building one, and add what a study counts."""
    import copy

    registry = copy.deepcopy(_pint_registry())
    for name in counting_units:
        if objection := _objection(registry, counting_units, name):
            raise InvalidValue(f"{name!a} cannot be a counting unit: {objection}")
        plural = _irregular_plural(name)
        registry.define(f"{name} = [{name}]" + (f" = _ = {plural}" if plural else ""))
    return registry


def _objection(registry: pint.UnitRegistry[float], counting_units: tuple[str, ...], name: str) -> str:
    """Say what is wrong with a counting unit that is about to be defined; nothing if it is sound."""
    if not _COUNTING_UNIT.fullmatch(name):
        return "expected at most 40 lower-case letters, digits and underscores, a letter first"
    if counting_units.count(name) > 1:
        return "it is given twice"
    if any(not prefix for prefix, _, _ in registry.parse_unit_name(name)):
        unit = registry.parse_units(name)
        return f"it is a unit already ({unit}: {_dimension(unit)}); leave it out, or choose another name"
    if _is_dimension(registry, name):
        return "it is the name of a physical dimension; choose another name"
    return ""


def _is_dimension(registry: pint.UnitRegistry[float], name: str) -> bool:
    try:
        registry.get_dimensionality(f"[{name}]")
    except ValueError:
        return False
    return True


def _irregular_plural(name: str) -> str:
    """Return the plural where it is more than an s, which pint accepts by itself."""
    if name == "person":
        return "people"
    if re.search(r"[^aeiou]y$", name):
        return f"{name[:-1]}ies"
    return f"{name}es" if re.search(r"(s|x|z|ch|sh)$", name) else ""


def _dimension(unit: pint.Unit) -> Dimension:
    exponents = unit.dimensionality.items()
    return Dimension.of({name.strip("[]"): Fraction(str(power)) for name, power in exponents})


@lru_cache(maxsize=4096)
def _parse(counting_units: tuple[str, ...], text: str) -> Unit:
    import tokenize

    import pint

    plain = _plain(text)
    registry = _registry(counting_units)
    try:
        unit = registry.parse_units(plain, as_delta=False)
        zero, one = (registry.Quantity(value, unit).to_base_units().magnitude for value in (0.0, 1.0))
    except pint.UndefinedUnitError as error:
        raise InvalidValue(_unknown(counting_units, text, error)) from None
    except pint.DimensionalityError:
        raise InvalidValue(_not_proportional(text)) from None
    # pint looks for a unit to the power 0 that it has not kept: KeyError
    except (
        pint.PintError,
        ValueError,
        TypeError,
        ArithmeticError,
        LookupError,
        AssertionError,
        tokenize.TokenError,
    ):
        raise InvalidValue(_malformed(text)) from None
    if zero:
        raise InvalidValue(_not_proportional(text))
    return Unit(text, float(one), _dimension(unit))


def _plain(text: str) -> str:
    """Return the text in a form that is safe to hand on: pint computes with the numbers that it finds."""
    plain = text.translate(_SUPERSCRIPTS).strip()
    if not plain or len(plain) > MAX_LENGTH or not _CHARACTERS.fullmatch(plain):
        raise InvalidValue(_malformed(text))
    without_exponents = _EXPONENT.sub("\0", plain)
    towers = re.search(r"\0\s*(\0|\*\*|\^)", without_exponents)
    if towers or any(number != "1" for number in _NUMBER.findall(without_exponents)):
        raise InvalidValue(_malformed(text))
    return plain


def _malformed(text: str) -> str:
    shown = ascii(text) if len(text) <= MAX_LENGTH else f"{text[:20]!a}…"
    return (
        f'{shown} is no unit; expected products, ratios and small powers of units, as in g/(kWh*page), or "1"'
    )


def _not_proportional(text: str) -> str:
    return (
        f'the unit "{text}" has an offset or is logarithmic, so its values cannot be multiplied; '
        "use kelvin or delta_degC for a temperature, a plain ratio for a level"
    )


def nearly(word: str) -> str | None:
    """Return the unit that a word spells but for a slip, if there is one."""
    found = difflib.get_close_matches(word, [*_FREQUENT, *_registry(())], n=1, cutoff=ALMOST)
    return found[0] if found else None


def _unknown(counting_units: tuple[str, ...], text: str, error: pint.UndefinedUnitError) -> str:
    name = error.unit_names if isinstance(error.unit_names, str) else next(iter(error.unit_names))
    within = "" if name == text else f' in "{text}"'
    if "co2" in name.lower():
        return f'unknown unit "{name}"{within}; use a unit of mass alone and say of what in the label'
    plausible = _plausible(counting_units, name)
    return f'unknown unit "{name}"{within}{plausible or "; things that are counted go into counting_units"}'


@lru_cache(maxsize=4096)
def _plausible(counting_units: tuple[str, ...], name: str) -> str:
    """Return what may have been meant; whoever misspells a unit does so in a thousand places."""
    return suggestion(name, [*counting_units, *_FREQUENT, *_registry(counting_units)])
