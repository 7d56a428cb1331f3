"""Columns of CSV files that say units: these must be the units of what is read from them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from uncertainty.errors import InvalidValue
from uncertainty.late import regex
from uncertainty.study.heading_units import AMOUNT, PER_AMOUNT, degrees_in, is_many_of_money, readings
from uncertainty.study.named_units import named_units
from uncertainty.units.kinds import is_surely
from uncertainty.units.other_names import MONEY_IN_WORDS, plain_amounts
from uncertainty.units.signs import DASHES, OF_MONEY, plain_signs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.tables.unit_columns import ColumnOfUnits, UnitsSaid
    from uncertainty.units import Unit, UnitSystem

PURE = ("-", "–", "—", "none", "ratio", "unitless")
"""What people write for the unit of a pure number."""
_ENCLOSED = regex(r"[(\[{]\s*(?P<said>[^()\[\]{}]{1,40}?)\s*[)\]}]$")
"""As in "mass (t)" and "mass [t, dry]"."""
_AMID = regex(r"[(\[](?P<said>[^()\[\]{}]{1,40})[)\]](?=\s)")
"""As in "Solar [MWh] Original resolutions"."""
_PARTS = regex(r"\s*[,;](?!000)\s*")
_NAMES = (
    r"(?:(?:short|long|metric) tons?|per (?:cent|mille)|deg(?:ree)?s? [CF]\w*"
    rf"|(?:(?:current|constant|nominal|real) (?:(?:19|20)\d\d )?)?(?:{MONEY_IN_WORDS}|(?:US)?\$|[A-Z]{{3}})"
    rf"|['’]?[°º˚]?[^\W\d_][^\s,:()\[\]{{}}]{{0,30}}|[{OF_MONEY}℃℉])"
)
_BEHIND = regex(
    r"(?:(?<!\d),\s*|\s/\s|(?P<loose>:\s*|\s[-–—]\s)|\sin\s+|(?<!\d)[\s_](?=[%‰])|\s(?=per )"
    rf"|[\s_](?={DASHES}$))"
    rf"(?P<said>(?:{AMOUNT}(?: ?[*×x·] ?| (?:of )?))?{_NAMES}(?: {AMOUNT})?"
    rf"|per {PER_AMOUNT}(?: {_NAMES})?|[%‰]|{DASHES})$",
    re.IGNORECASE,
)
"""As in "mass, t", "mass / t", "mass: t", "mass in 1000 kg", "share %" and "rate per 1000"."""
_THOUSANDS = regex(r"10{0,2}(?:[ ,.’']?000)+")
_FOOTNOTE = regex(
    r"\s*(?:[*†‡]+|\[\d+\]|(?<=[)\]}\s])[⁰¹²³⁴⁵⁶⁷⁸⁹]+|(?<=[)\]}])\s?(?:\d|[a-z])\)?"
    r"|(?<=[)\]}]),? (?:in )?(?:19|20)\d\d)?\s*$"
)
_YEAR = regex(r"(?:19|20)\d\d")
_PRICES = regex(r"(?:[,;]| at| in)\s*(?:constant |current |real )?(?:19|20)\d\d prices$", re.IGNORECASE)
_DEGREES_BEHIND = regex(
    r"_(deg[CF]|celsius|fahrenheit)$|(?<=temp|ture|tmax|tmin|tavg)_([CF])$", re.IGNORECASE
)
"""As in "temp_degC" and "temp_c"."""
_DIFFERENCE = regex(
    r"[Δ∆δ]|(?<![^\W_])d[ _]?T(?![^\W_])|(?i:delta|diff|rise|change|increase|decrease|anomal|warming)"
)
_TEMPERATURE = regex(r"(?<![^\W_])T(?![^\W])|(?i:temp|tmax|tmin|tavg)")
_ABSOLUTE = ("K", "kelvin")
"""What a study may have for temperatures, which degrees count from another point."""
LINES_NAMED = 4
"""Lines with the same fault that are named."""


def refuse_other_units(
    file: str, said: UnitsSaid, own: Mapping[str, Sequence[str]], system: UnitSystem
) -> None:
    """Refuse a file whose column of units, or any that may be it, says another than what is read from it has.

    Parameters
    ----------
    file
        How the file is called, for the message.
    said
        The units that the columns say, each with its lines.
    own
        The units of what is read from the file, each with those that may be said of it.

    Raises
    ------
    InvalidValue
        If a unit is not among these, with the lines.
    """
    known = {each: system.find(each) for units in own.values() for each in units}
    # a unit of the study that is at fault is told of where it stands
    for column in said.columns if any(known.values()) else ():
        for text, places in column.units.items():
            if _is_among(text, known, system):
                continue
            read = " and ".join(f'"{unit}"' for unit in own)
            is_sure = len(said.columns) == 1
            advice = "mend one of the two, or give the column another heading" if is_sure else said.advice
            says = "the column of units says" if is_sure else column.says
            raise InvalidValue(
                f'{file}, {among(places)}: {says} "{text[:40]}", and what is read is in {read}; {advice}'
            )


def refuse_heading_of_another_unit(
    file: str,
    heading: str,
    units: Sequence[str],
    system: UnitSystem,
    *,
    is_loose: bool = False,
    name: str = "",
) -> None:
    """Refuse a heading such as "mass (t)" or "mass_t" over numbers that are read in kg.

    Parameters
    ----------
    file
        How the file is called, for the message.
    heading
        What stands over the numbers.
    units
        That of what is read, and others that may be said of it.
    system
        The study's units.
    is_loose
        Whether it may say something else, as over distributions, which may be in per cent of the points.
    name
        Of what says the text, if that is no heading, for the message.

    Raises
    ------
    InvalidValue
        If it says a unit, and none of these.
    """
    text = _PRICES.sub("", _FOOTNOTE.sub("", plain_amounts(plain_signs(heading))))
    text = _DEGREES_BEHIND.sub(lambda each: f" ({each[each.lastindex or 0].upper()})", text)
    found = _ENCLOSED.search(text) or _BEHIND.search(text)
    if found is None and name:
        return
    if found is None:
        _refuse_name_of_another_unit(file, heading, plain_signs(heading), units, system)
        found = next(reversed([*_AMID.finditer(text)]), None)
    if found is None:
        return
    if found["said"].startswith("/") and _is_end(found["said"], units, system):
        return
    # a number may be that of a footnote, a sample or a year
    if re.fullmatch(r"[1-9][\d ,.’']*", found["said"]) and not _THOUSANDS.fullmatch(found["said"]):
        return
    said = _unit_part(found["said"])
    before = text[: found.start()]
    degrees, is_difference = degrees_in(said), _DIFFERENCE.search(before)
    if said == "C" and _TEMPERATURE.search(before):
        degrees = "C"
    if degrees and not is_difference:
        contradicts = units[0] in _ABSOLUTE
    else:
        unit = f"delta_deg{degrees}" if degrees else said
        is_loose |= found.re is _AMID or bool(found.groupdict().get("loose"))
        contradicts = _agrees(unit, units, system, is_loose=is_loose) is False
        contradicts |= is_many_of_money(said, units, system)
    if contradicts:
        other = ', or name a difference, as in "dT (°C)"' if degrees == "C" else ""
        raise InvalidValue(
            f'{file}: {name or "the heading"} "{heading}" says {said}, and what is read is in "{units[0]}"; '
            f"mend one of the two{other}"
        )


def _is_end(said: str, units: Sequence[str], system: UnitSystem) -> bool:
    """Tell whether a text such as "/a" only repeats by what a unit such as "t/year" is divided."""
    ends = [system.find(f"1/{each.rpartition('/')[2]}") for each in units if "/" in each]
    return any(way.is_same(end, system) for way in readings(said, system) for end in ends if end)


def _unit_part(said: str) -> str:
    """Return the unit of a text such as "t, dry"; in "EUR, millions" the amount counts."""
    parts = _PARTS.split(said)
    first, *others = [each for each in parts if not _YEAR.fullmatch(each)] or parts
    rest = ", ".join((first, *others))
    return rest if any(re.fullmatch(AMOUNT, each, re.IGNORECASE) for each in others) else first


def _refuse_name_of_another_unit(
    file: str, heading: str, plain: str, units: Sequence[str], system: UnitSystem
) -> None:
    """Refuse a heading such as "mass_t", of which the end may be a unit like those read, and is another."""
    all_units = [*units, *of_a_year(units, system)]
    for named in named_units(plain, system):
        own = all_units if len(named.written) > 1 else units
        agrees = [_agrees(way, own, system, is_loose=True) for way in named.ways]
        if True in agrees:
            return
        if False in agrees:
            raise InvalidValue(
                f'{file}: the heading "{heading}" may say {named.written}, and what is read is in '
                f'"{units[0]}"; mend one of the two, or give the column another heading'
            )


def of_a_year(units: Sequence[str], system: UnitSystem) -> list[str]:
    """Return units times a year and by it: without parentheses, the t of a year may stand over t/year."""
    found = [(each, unit.dimension) for each in units if (unit := system.find(each)) is not None]
    time = system.parse("year").dimension
    amounts = [each for each, dimension in found if not dimension.is_dimensionless and dimension != time]
    return [f"({each}){year}" for each in amounts for year in ("*year", "/year")]


def _agrees(said: str, units: Sequence[str], system: UnitSystem, *, is_loose: bool) -> bool | None:
    """Tell whether a text is one of some units; None where it is no unit, or may be none and is like none."""
    known = [unit for each in units if (unit := system.find(each)) is not None]
    ways = readings(_PARTS.sub(" ", said), system)
    is_unit = any(way.is_meant(unit, is_loose=is_loose) for way in ways for unit in known)
    return any(way.is_same(unit, system) for way in ways for unit in known) if is_unit else None


def among(places: Sequence[str]) -> str:
    """Name a few lines, and how many more there are."""
    lines = [place.removeprefix("line ") for place in dict.fromkeys(places)]
    if len(lines) == 1:
        return f"line {lines[0]}"
    *before, last = lines if len(lines) <= LINES_NAMED else [*lines[:LINES_NAMED], ""]
    return f"lines {', '.join(before)} and {last or f'{len(lines) - LINES_NAMED:,} more'}"


def texts_read_loosely(column: ColumnOfUnits, units: Sequence[str], system: UnitSystem) -> list[str]:
    """Return what a column of units says in other words than studies do, or may say of another quantity."""
    known = [unit for each in units if (unit := system.find(each)) is not None]
    return [
        text
        for text in column.units
        if text not in units and text.lower() not in PURE
        if not any(is_surely(text, unit, system) for unit in known)
    ]


def _is_among(text: str, known: Mapping[str, Unit | None], system: UnitSystem) -> bool:
    # codes of units are in capitals
    texts = dict.fromkeys(
        ("1" if text.lower() in PURE else text, *((text.lower(),) if text.isupper() else ()))
    )
    ways = [way for each in texts for way in readings(each, system)]
    return text in known or any(way.is_same(unit, system) for way in ways for unit in known.values() if unit)
