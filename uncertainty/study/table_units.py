"""Columns of CSV files that say units: these must be the units of what is read from them."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.distributions import data_columns
from uncertainty.errors import InvalidValue
from uncertainty.units.written import in_words, without_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.distributions import Distribution
    from uncertainty.units import Unit, UnitSystem

PURE = ("-", "–", "—")
"""What people write for the unit of a pure number."""
_ENCLOSED = re.compile(
    r"[(\[](?![a-eA-E][)\]])(?=[^()\[\]]*[^\W\d_]|%)((?:1(?:,000)+)?[^()\[\],]{1,30})(?:,[^()\[\]]*)?[)\]]$"
)
"""As in "mass (t)" and "mass [t, dry]"; a letter such as "(a)" may be a footnote's."""
_TIMES = MappingProxyType(
    {"000": 1e3, "thousand": 1e3, "thousands": 1e3, "tsd": 1e3, "million": 1e6, "millions": 1e6, "mio": 1e6}
    | {"mn": 1e6, "billion": 1e9, "billions": 1e9, "bn": 1e9, "mrd": 1e9}
)
_AMOUNT = (
    r"(?:10 ?(?:\^|\*\*) ?(?P<power>\d{1,2})|(?P<zeros>10+|1(?:[ ,.’']000)+)"
    rf"|['’]?(?P<word>{'|'.join(_TIMES)})\.?)(?: ?[*×x·] ?| (?:of )?)"
)
_SEVERAL = re.compile(_AMOUNT, re.IGNORECASE)
"""As in "1000 kg", "10^3 kg" and "thousand tonnes"; another number, as in "2020 USD", may be a year."""
_WORDS = MappingProxyType(
    {"metric ton": "tonne", "metric tons": "tonne", "kt": "kilotonne"}
    | {"per cent": "%", "pct": "%", "prozent": "%"}
)
_BEHIND = re.compile(
    r"(?:(?<!\d),\s*|\s/\s|\sin\s+|\s(?=%))"
    rf"((?:{_AMOUNT})?(?:(?![a-eA-E]$)°?[^\W\d_][^\s,()\[\]]{{0,30}}|{'|'.join(_WORDS)})|%)$",
    re.IGNORECASE,
)
"""As in "mass, t", "mass / t", "mass in 1000 kg" and "share %"."""
_FOOTNOTE = re.compile(r"\s*(?:[*†‡]+|\[\d+\])?\s*$")
_MORE_THAN_UNITS = ("min", "m", "h")
"""Units that over other quantities are something else: the minimum, male, the high one."""
_DEGREES, _ABSOLUTE = ("°C", "degC", "°F", "degF"), ("K", "kelvin")
"""Temperatures that are counted from other points, and what a study may have for them."""
LINES_NAMED = 4
"""Lines with the same fault that are named."""


def refuse_other_units(
    file: str, said: Mapping[str, Sequence[str]], own: Mapping[str, Sequence[str]], system: UnitSystem
) -> None:
    """Refuse a file whose column of units says another than what is read from it has.

    Parameters
    ----------
    file
        How the file is called, for the message.
    said
        The units that the column says, each with its lines.
    own
        The units of what is read from the file, each with those that may be said of it.

    Raises
    ------
    InvalidValue
        If a unit is not among these, with the lines.
    """
    known = {each: _unit(each, system) for units in own.values() for each in units}
    for text, places in said.items():
        # a unit of the study that is at fault is told of where it stands
        if any(known.values()) and not _is_among(text, known, system):
            units = " and ".join(f'"{unit}"' for unit in own)
            raise InvalidValue(
                f'{file}, {among(places)}: the column of units says "{text[:40]}", and what is read is in '
                f"{units}; mend one of the two, or give the column another heading"
            )


def refuse_data_of_other_units(distribution: Distribution, unit: str, system: UnitSystem) -> None:
    """Refuse data of a distribution beside a column that says another unit, as `refuse_other_units` does."""
    for column in data_columns(distribution):
        refuse_heading_of_another_unit(f'"{column.file}"', column.name, [unit], system)
        refuse_other_units(f'"{column.file}"', column.units, {unit: [unit]}, system)


def refuse_heading_of_another_unit(file: str, heading: str, units: Sequence[str], system: UnitSystem) -> None:
    """Refuse a heading such as "mass (t)" over numbers that are read in kg.

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

    Raises
    ------
    InvalidValue
        If its unit is known and none of these.
    """
    text = _FOOTNOTE.sub("", heading)
    found = _ENCLOSED.search(text) or _BEHIND.search(text)
    if found and _contradicts(found[1].strip(), units, system):
        raise InvalidValue(
            f'{file}: the heading "{heading}" says {found[1].strip()}, and what is read is in "{units[0]}"; '
            "mend one of the two"
        )


def _contradicts(said: str, units: Sequence[str], system: UnitSystem) -> bool:
    """Tell whether a text is a unit that none of some units is; degrees are no kelvins."""
    known = [each for each in (_unit(each, system) for each in units) if each is not None]
    said = without_in(said)
    several = _SEVERAL.match(f"{said} ")
    unit = _in_words((said[several.end() :] or "1") if several else said, system)
    if unit is None:
        return said in _DEGREES and all(each in _ABSOLUTE for each in units)
    if several:
        unit = replace(unit, factor=unit.factor * _times(several))
    if several or said in _MORE_THAN_UNITS:
        # the time over "100 m" is in seconds
        known = [each for each in known if each.dimension == unit.dimension]
    return bool(known) and not any(_is_same(unit, each) for each in known)


def _in_words(said: str, system: UnitSystem) -> Unit | None:
    """Return the unit that a heading says, which may be in words that no study has for it."""
    plain = _WORDS.get(said.lower(), said)
    return _unit(plain, system) or _unit(in_words(plain), system)


def _times(several: re.Match[str]) -> float:
    """Return how many of a unit an amount before it says."""
    if several["power"]:
        return float(10.0 ** int(several["power"]))
    if several["word"]:
        return _TIMES[several["word"].lower()]
    return float(re.sub(r"\D", "", several["zeros"]))


def among(places: Sequence[str]) -> str:
    """Name a few lines, and how many more there are."""
    lines = [place.removeprefix("line ") for place in dict.fromkeys(places)]
    if len(lines) == 1:
        return f"line {lines[0]}"
    *before, last = lines if len(lines) <= LINES_NAMED else [*lines[:LINES_NAMED], ""]
    return f"lines {', '.join(before)} and {last or f'{len(lines) - LINES_NAMED:,} more'}"


def _is_among(text: str, known: Mapping[str, Unit | None], system: UnitSystem) -> bool:
    unit = _unit("1" if text in PURE else text, system)
    return text in known or any(_is_same(unit, each) for each in known.values())


def _unit(text: str, system: UnitSystem) -> Unit | None:
    try:
        return system.parse(text)
    except InvalidValue:
        return None


def _is_same(one: Unit | None, other: Unit | None) -> bool:
    if one is None or other is None:
        return False
    return one.dimension == other.dimension and math.isclose(one.factor, other.factor, rel_tol=1e-9)
