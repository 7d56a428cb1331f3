"""Units at the end of headings that programs write, such as "energy_kwh", "share_pct" and "Mass..g."."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.late import regex
from uncertainty.study.heading_units import FOOTNOTE, is_one
from uncertainty.units.guesses import is_unlikely
from uncertainty.units.usage import FREQUENT
from uncertainty.units.words import with_prefixes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uncertainty.units import UnitSystem

_NAME = regex(r"[^\W\d]\w*(?:\.\.+\w+)*\.?")
"""One word of a program's; R writes "Mass (g)" as "Mass..g."."""
_SHARES = ("pct", "perc", "percent", "percentage")
_SUBSTANCE = regex(r"(?:co2|ch4|n2o)(?:e|eq)?|eq|equiv", re.IGNORECASE)
_NEVER = ("in", "min", "max", "hg", "dev")
"""Inner, minimum, maximum, mercury and deviation."""
_NOUNS = ("second", "minute", "hour", "day", "week", "month", "year", "foot", "yard", "bar")
"""What alone may be the second one, the hour of a day and the day of a week."""
_LONGEST = 4
"""Parts of a unit, as in "kg_per_ha_year"."""


class Named(NamedTuple):
    """What a heading may say: as it is written there, and as units are written."""

    written: str
    ways: tuple[str, ...]


def named_units(heading: str, system: UnitSystem) -> Iterator[Named]:
    """Yield what the end of a program's heading may say, the longest first; nothing of other headings.

    Parameters
    ----------
    heading
        As in "c_ug_l", which ends in micrograms a litre, or else in litres.
    system
        The study's units.
    """
    if not _NAME.fullmatch(heading):
        return
    parts = [part for part in re.split(r"_+|\.\.+|\.$", heading) if part]
    if parts[0].lower() in _SHARES or parts[-1].lower() in _SHARES:
        yield Named(parts[0] if parts[0].lower() in _SHARES else parts[-1], ("%",))
        return
    if per := re.search(r"_per_(10+)(?:_|$)", heading):
        yield Named(f"per {per[1]}", (f"per {per[1]}",))
        return
    parts = [part for part in parts if not _SUBSTANCE.fullmatch(part)]
    # in "ug_l" and "mg_kg" what stands last is no unit by itself
    is_whole = len(parts) > 1 and len(parts[0]) > 1
    before = parts[-2] if is_whole or len(parts) > 2 else ""
    for count in range(min(_LONGEST, len(parts) - (not is_whole)), 0, -1):
        ends = parts[-count:]
        is_rest = count == 1 and before and _spellings(before, system)
        if not is_rest and (ways := _quotients(ends, system)):
            yield Named("_".join(ends), ways)
    if len(parts) == 1 and len(parts[0]) > 1 and parts[0] not in _NOUNS and _is_unit(parts[0], system):
        yield Named(parts[0], (parts[0],))


def _quotients(parts: Sequence[str], system: UnitSystem) -> tuple[str, ...]:
    """Return the ways to read parts as a unit divided by others; none where one of them is no unit."""
    words = [part for part in parts if part.lower() != "per"]
    if not words or parts[0].lower() == "per":
        return ()
    spelled = [_spellings(word, system) for word in words]
    return tuple("/".join(way) for way in product(*spelled))


def _spellings(word: str, system: UnitSystem) -> list[str]:
    """Return the units that a word may be: names are often in lower case."""
    power = re.sub(r"(?<=m)([23])$", r"**\1", word)
    if _is_unit(power, system):
        return [power]
    is_short = word.islower() and len(word) > 1
    alike = dict.fromkeys((*FREQUENT, *with_prefixes())) if is_short else {}
    return [each for each in alike if each.lower() == word and _is_unit(each, system)]


def _is_unit(word: str, system: UnitSystem) -> bool:
    """Tell whether a word is a unit, and no count, number or word of another meaning."""
    if word.lower() in _NEVER or FOOTNOTE.fullmatch(word) or word[0].isdigit() or is_unlikely(word):
        return False
    found = system.find(word)
    return found is not None and not is_one(found)
