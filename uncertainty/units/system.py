"""Units of a study: what a unit's text means.

Every counting unit of a study (page, query, …) is a base dimension of its own, so that grams per query and
grams per page do not mix; so are information (bit, byte) and turns (revolution, rpm). An angle (radian,
degree) is a pure number, which the trigonometric functions take. A number of turns is not that number: it
becomes an angle where a study multiplies by ``2 * pi / 1[turn]``, a pure number where it divides by
``1[turn]``. Numbers are converted to coherent base units (kilogram, metre, second, …, and the counting units)
once, when a study is compiled; what runs afterwards knows no units.

Units are pint's, as far as people mean by a word what pint reads: ``t`` is the metric ton and ``year`` the
Julian year of 365.25 days, that is 8766 hours. A publication that counts 8760 hours must write them out.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.errors import InvalidValue, meant
from uncertainty.late import dataclass, regex
from uncertainty.units import prepared
from uncertainty.units.dimension import Dimension
from uncertainty.units.words import COUNTING_UNIT, Vocabulary

if TYPE_CHECKING:
    import pint

MAX_LENGTH = 100

_CHARACTERS = regex(r"[\w\s/*^().%°µμΩ‰$€£¥₹+-]*", re.ASCII)
_EXPONENT = regex(
    r"(?:\*\*|\^)\s*(?:[-+]?\d{1,2}(?:\.\d{1,4})?(?![eE]?[-+]?\d)|\(\s*[-+]?\d{1,2}\s*(?:/\s*\d{1,2}\s*)?\))"
)
_TIMES = "·×⋅•∙"
_SIGNS = str.maketrans(
    dict.fromkeys(_TIMES, "*") | dict.fromkeys("\u2044\u2215÷", "/") | dict.fromkeys("\xa0\u2009\u202f", " ")
    | {"₂": "2", "₄": "4", "\N{MINUS SIGN}": "-", "\N{ANGSTROM SIGN}": "angstrom "}
    | {"\N{LATIN CAPITAL LETTER A WITH RING ABOVE}": "angstrom "}
)  # fmt: skip
_HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SUPERSCRIPT = regex(f"[⁺⁻]?[{_HIGH}]+")
_SUPERSCRIPTS = str.maketrans(f"⁺⁻{_HIGH}", "+-0123456789")
_TEMPERATURE = regex(r"(?:\bdeg(?:ree)?s?\.?|°)\s+([CFK])\b")
_NUMBER = regex(r"(?<![\w.])\.?\d[\w.]*")
_WORD = regex(r"[^\W\d]\w*|[$€£¥₹]")
_PLAIN_WORD = regex(r"(?<![\w°])(?!(?:per|square|squared|sq|cubic|cubed)\b)[A-Za-z][A-Za-z0-9_]+(?!\w)")
"""A word that stands for itself, and neither for a sign nor for a part of a name."""
_AFTER_DEGREES = MappingProxyType(
    {"C": ("coulombs", "delta_degC"), "F": ("farads", "delta_degF"), "K": ("kelvins", "K")}
)
_SHARE_OF = regex(r"(?!per\b)([^\W\d_]+)\.?\s?%")
_MASS = r"(?:[kMGmµu]?g|[kMG]?t|(?:kilo|mega|giga)?tonnes?|(?:kilo|milli)?grams?|lbs?)"
_OF_WHAT = 'the mass alone and "{0}" in the label, or a product with "*"'
_PHRASES = (
    (regex(r"\bfl\.?\s+oz\b", re.IGNORECASE), "a volume times ounces", '"fluid_ounce"'),
    (regex(r"\bus\s+gal(?:lon)?s?\b"), "microseconds times gallons", '"gallon"'),
    (regex(r"(?<=W/)mK\b"), "millikelvin", '"(m*K)", or "millikelvin"'),
    *(
        (regex(rf"\b{_MASS}\s+{sign}\b"), f"a mass times {reading}", _OF_WHAT.format(sign))
        for sign, reading in (("N", "newtons"), ("C", "coulombs"), ("S", "siemens"))
    ),
    # a heat capacity divides by both
    (regex(rf"^{_MASS}\s+K\b"), "a mass times kelvins", _OF_WHAT.format("K")),
)
"""Words that mean something else together than one by one: how they read, and what to write."""

_POWER_OF = rf"(?:[⁺⁻]?[{_HIGH}]+|\s*(?:\*\*|\^)\s*(?:[-+]?\d+(?:\.\d+)?|\([^()]*\)))?"
_FACTOR = rf"(?:\([^()]*\)|(?:(?![{_HIGH}⁺⁻])[\w%‰°$€£¥₹])+){_POWER_OF}"
_BESIDE = rf"(?:\s*[{_TIMES}.]\s*|\s+|(?<=[{_HIGH}\d)]))(?!per\b)"
_AFTER_SLASH = regex(rf"(?:/|\bper\b)\s*(?P<first>{_FACTOR})(?P<others>(?:{_BESIDE}{_FACTOR})+)")
"""A quotient by more than one factor, of which nobody can tell which it divides by."""

_RESPELT = (
    (regex(r"(?<=[^\W\d_])[-\N{MINUS SIGN}](?=\d)"), "**-"),
    (regex(r"(?<=[\w)])[-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}](?=[^\W\d_])"), "*"),
    (regex(r"^\s*/"), "1/"),
)
"""What people write for powers and products, and how it is written here."""

_OWN = (
    "bit = [information]",
    "turn = [turn] = _ = revolution = cycle = circle",
    "ppb = 1e-9",
    # a mil is 1/6400 of a turn, and a tenth of that to pint before 0.26
    "mil = π / 3200 * radian",
    # lengths and areas of land are in international feet since 2023, and in survey feet to pint before 0.26
    "link = 0.66 * foot = li",
    "fathom = 6 * foot",
    "rod = 16.5 * foot = rd = pole = perch",
    "chain = 66 * foot",
    "furlong = 660 * foot = fur",
    "cables_length = 720 * foot",
    "league = 3 * mile",
    "square_rod = rod ** 2 = sq_rod = sq_pole = sq_perch",
    "acre = 43560 * square_foot",
    "acre_foot = acre * foot = _ = acre_feet",
    "survey_link = 0.66 * survey_foot",
    "survey_rod = 16.5 * survey_foot",
    "survey_chain = 66 * survey_foot",
    "survey_acre = 10 * survey_chain ** 2",
    "survey_acre_foot = survey_acre * survey_foot = _ = survey_acre_feet",
)
"""Definitions in place of pint's: bits and turns are no pure numbers, and what pint's versions disagree on.

Lengths of land are those of https://doi.org/10.6028/NIST.HB.44-2023, appendix C.
"""


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
    """All of pint's units that people mean, and the things that a study counts.

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
        _check_counting_units(self.counting_units)

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
            If it is no such text, or names a unit that is unknown, an offset or logarithmic one, or one that
            people mean otherwise.
        """
        return _parse(self.counting_units, text)

    def find(self, text: str) -> Unit | None:
        """Return the unit that a text names; None where it names no unit."""
        vocabulary = _vocabulary(self.counting_units)
        # what to write in place of a word takes long to find, and nobody asks for it
        if not all(map(vocabulary.is_unit, _PLAIN_WORD.findall(text))):
            return None
        try:
            return self.parse(text)
        except InvalidValue:
            return None

    def countable(self, text: str) -> list[str]:
        """Return the words of a text that are no units and may be names of what is counted."""
        from pint.util import string_preprocessor

        try:
            words = _WORD.findall(string_preprocessor(_plain(text)))
        except InvalidValue:
            return []
        return list(filter(_vocabulary(self.counting_units).is_countable, words))


@lru_cache(maxsize=1)
def pint_registry() -> pint.UnitRegistry[float]:
    """Return pint's units and those in place of pint's: nothing may be looked up in it, see `_registry`."""
    import pint

    registry: pint.UnitRegistry[float] = pint.UnitRegistry(cache_folder=None, on_redefinition="ignore")
    for definition in _OWN:
        registry.define(definition)
    _forget(registry)
    return registry


def _forget(registry: pint.UnitRegistry[float]) -> None:
    """Let pint find anew what it found of units before they were defined in another way."""
    registry._cache.root_units.clear()
    registry._cache.dimensionality.clear()


@lru_cache(maxsize=16)
def _vocabulary(counting_units: tuple[str, ...]) -> Vocabulary:
    table = prepared.table()
    names = frozenset([*table.names, "dimensionless"])
    return Vocabulary(names, table.offset, frozenset(_counted(counting_units)))


def _counted(counting_units: tuple[str, ...]) -> dict[str, str]:
    """Return names and irregular plurals of what is counted, each with the name in the singular."""
    plurals = {_irregular_plural(name): name for name in counting_units}
    return {name: name for name in counting_units} | {word: name for word, name in plurals.items() if word}


@lru_cache(maxsize=16)
def _words(counting_units: tuple[str, ...]) -> prepared.Words:
    return prepared.Words(prepared.table(), _counted(counting_units))


@lru_cache(maxsize=16)
def _registry(counting_units: tuple[str, ...]) -> pint.UnitRegistry[float]:
    """Copy the shared registry, a quarter of the work of building one, and add what a study counts."""
    import copy

    # the shared registry itself is never used: pint remembers prefixed units as names of their own
    registry = copy.deepcopy(pint_registry())
    for name in counting_units:
        plural = _irregular_plural(name)
        registry.define(f"{name} = [{name}]" + (f" = _ = {plural}" if plural else ""))
    if not prepared.table().names.keys().isdisjoint(counting_units):
        # a bag that is counted is not pint's bag, whose mass it has at hand
        _forget(registry)
    return registry


@lru_cache(maxsize=16)
def _check_counting_units(counting_units: tuple[str, ...]) -> None:
    for position, name in enumerate(counting_units):
        if objection := _objection(counting_units, position):
            raise InvalidValue(f"{name!a} cannot be a counting unit: {objection}")


def _objection(counting_units: tuple[str, ...], position: int) -> str:
    """Say what is wrong with a counting unit; nothing if it is sound beside those before it."""
    name = counting_units[position]
    if not COUNTING_UNIT.fullmatch(name):
        return "expected at most 40 lower-case letters, digits and underscores, a letter first"
    if counting_units.count(name) > 1:
        return "it is given twice"
    if _vocabulary(counting_units[:position]).is_name(name):
        unit = _registry(counting_units[:position]).parse_units(name)
        return f"it is a unit already ({unit}: {_dimension(unit)}); leave it out, or choose another name"
    if f"[{name}]" in prepared.table().known_dimensions:
        return "it is the name of a physical dimension; choose another name"
    return ""


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
    try:
        found = _read(counting_units, text)
    except InvalidValue as error:
        near = _respelt(text) if len(text) <= MAX_LENGTH else ""
        if str(error) != _malformed(text) or not _is_read(counting_units, near):
            raise
        raise InvalidValue(_malformed(text) + meant(near)) from None
    if either := [way for way in _ways(text) if _is_read(counting_units, way)]:
        offered = " or ".join(f'"{way}"' for way in either)
        raise InvalidValue(f'"{text}" may be read in two ways; write {offered}')
    return found


def _respelt(text: str) -> str:
    """Return a text with powers and products as they are written here."""
    for pattern, instead in _RESPELT:
        text = pattern.sub(instead, text)
    return text


def _is_read(counting_units: tuple[str, ...], text: str) -> bool:
    try:
        _read(counting_units, text)
    except InvalidValue:
        return False
    return not _ways(text)


def _ways(text: str) -> list[str]:
    """Return the two meanings of a quotient by factors that only stand side by side, as in W/m² K."""
    found = _AFTER_SLASH.search(text)
    if found is None:
        return []
    before, after = text[: found.start()].rstrip(), text[found.end() :]
    others = found["others"].strip(f" {_TIMES}.")
    return [
        f"{before}/({found['first']}{found['others']}){after}",
        f"{before} {others}/{found['first']}{after}",
    ]


def _read(counting_units: tuple[str, ...], text: str) -> Unit:
    if plain := _without_number(text):
        UnitSystem(counting_units).parse(plain)
        raise InvalidValue(f'"{text}" has a number in it; write "{plain}" and convert the value')
    plain = _plain(text)
    try:
        return Unit(text, *_words(counting_units).read(plain, _vocabulary(counting_units)))
    except prepared.Unprepared:
        return _read_by_pint(counting_units, plain, text)


def _read_by_pint(counting_units: tuple[str, ...], plain: str, text: str) -> Unit:
    import tokenize

    import pint

    registry = _registry(counting_units)
    spelled_out = _spelled_out(counting_units, plain, text)
    try:
        unit = registry.parse_units(spelled_out, as_delta=False)
        # the square root of a negative constant is no float: TypeError
        zero, one = (float(registry.Quantity(value, unit).to_base_units().magnitude) for value in (0.0, 1.0))
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
        AttributeError,
        tokenize.TokenError,
    ):
        raise InvalidValue(_malformed(text)) from None
    if zero:
        raise InvalidValue(_not_proportional(text))
    return Unit(text, one, _dimension(unit))


def _without_number(text: str) -> str:
    """Return a unit without the number before a name, l/km for l/100km; nothing for all other texts."""
    found = re.fullmatch(r"((?:[A-Za-z]+\s*/)?)\s*(\d+(?:\.\d+)?)\s*([A-Za-z][A-Za-z /]{0,39})", text.strip())
    return f"{found[1]}{found[3]}" if found and found[2] != "1" else ""


def _spelled_out(counting_units: tuple[str, ...], plain: str, text: str) -> str:
    """Write out prefixes, and refuse words that are no units or are meant otherwise than pint reads them."""
    from pint.util import string_preprocessor

    registry, vocabulary = _registry(counting_units), _vocabulary(counting_units)
    readable = string_preprocessor(plain)
    words = dict.fromkeys(_WORD.findall(readable))
    objections = vocabulary.objections(words, text, partial(_full_name, registry))
    if objections:
        raise InvalidValue("; and ".join(objections))
    return _WORD.sub(lambda word: vocabulary.spelled_out(word[0]), readable)


def _full_name(registry: pint.UnitRegistry[float], word: str) -> str:
    """Return how pint spells out a word; nothing where values of that unit have an offset."""
    import pint

    try:
        return str(registry.parse_units(word))
    except pint.OffsetUnitCalculusError:
        return ""


def _plain(text: str) -> str:
    """Return the text in a form that is safe to hand on: pint computes with the numbers that it finds."""
    if len(text) > MAX_LENGTH:
        raise InvalidValue(_malformed(text))
    signs = text.translate(_SIGNS).strip()
    plain = _SUPERSCRIPT.sub(lambda power: f"**{power[0].translate(_SUPERSCRIPTS)}", signs)
    if not plain or not _CHARACTERS.fullmatch(plain) or "//" in plain:
        raise InvalidValue(_malformed(text))
    if degrees := _TEMPERATURE.search(plain):
        read, write = _AFTER_DEGREES[degrees[1]]
        raise InvalidValue(f'"{degrees[0]}" would read as an angle times {read}; write "{write}"')
    for pattern, reading, write in _PHRASES:
        if phrase := pattern.search(plain):
            raise InvalidValue(f'"{phrase[0]}" would read as {reading}; write {write}')
    if share := _SHARE_OF.search(plain):
        raise InvalidValue(
            f'"{share[0]}" would read as "{share[1]}" times "%"; write "%" and say of what in the label'
        )
    without_exponents = _EXPONENT.sub("\0", plain)
    towers = re.search(r"\*\*|\^|\0\s*\0", without_exponents)
    if towers or any(number != "1" for number in _NUMBER.findall(without_exponents)):
        raise InvalidValue(_malformed(text))
    return plain


def _malformed(text: str) -> str:
    shown = f'"{text}"' if len(text) <= MAX_LENGTH else f'"{text[:20]}…"'
    return (
        f'{shown} is no unit; expected products, ratios and small powers of units, as in g/(kWh*page), or "1"'
    )


def _not_proportional(text: str) -> str:
    return (
        f'the unit "{text}" has an offset or is logarithmic, so its values cannot be multiplied; '
        "use kelvin or delta_degC for a temperature, a plain ratio for a level"
    )
