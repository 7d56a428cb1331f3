"""Units that are all of a heading or stand at its end: "Hours", "energy_kwh", "Energy kWh" and "Mass..g."."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.late import regex
from uncertainty.study.heading_units import FOOTNOTE, is_one, readings
from uncertainty.units.guesses import is_unlikely
from uncertainty.units.signs import OF_MONEY
from uncertainty.units.usage import FREQUENT
from uncertainty.units.words import with_prefixes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uncertainty.units import UnitSystem

_NAME = regex(r"[^\W\d]\w*(?:\.\.+\w+)*\.?")
"""One word of a program's; R writes "Mass (g)" as "Mass..g."."""
_AT_EDGE = regex(
    rf"^[%‰{OF_MONEY}](?=[^\W\d])|^[{OF_MONEY}](?= )|(?<=[^\W\d]{{3}})[%‰{OF_MONEY}]$|(?<= )[{OF_MONEY}]$"
)
"""As in "$cost", "cost_$", "cost $" and "%use", and not in "k€" and "% of all"."""
_SHARES = ("pct", "perc", "percent", "percentage")
_SUBSTANCE = regex(r"(?:co2|ch4|n2o)(?:e|eq)?|eq|equiv", re.IGNORECASE)
_OF_SUBSTANCE = regex(r"(?<=[gt])(?:co2|ch4|n2o)(?:e|eq)?$", re.IGNORECASE)
"""As in "kgco2e"."""
_NEVER = ("in", "min", "max", "hg", "dev")
"""Inner, minimum, maximum, mercury and deviation."""
_NOUNS = ("second", "minute", "hour", "day", "week", "month", "year", "foot", "yard", "bar")
"""What alone may be the second one, the hour of a day and the day of a week."""
_AMOUNTS = frozenset(
    ["mn", "mio", "mln", "bn", "mrd", "000"]
    + [f"{each}{end}" for each in ("thousand", "million", "billion") for end in ("", "s")]
)
_LONGEST = 4
"""Parts of a unit, as in "kg_per_ha_year"."""


class Named(NamedTuple):
    """What a heading may say: as it is written there, and as units are written."""

    written: str
    ways: tuple[str, ...]


def named_units(heading: str, system: UnitSystem) -> Iterator[Named]:
    """Yield what all of a heading or its end may say, the longest first.

    Parameters
    ----------
    heading
        As in "c_ug_l", which ends in micrograms a litre, or else in litres.
    system
        The study's units.
    """
    if not _NAME.fullmatch(heading):
        words = heading.split()
        ends = [" ".join(words[start:]) for start in (0, -2, -1)]
        is_sign = heading.strip() in ("%", "‰")
        yield from (_as_written(end, system) for end in ends if is_sign or _may_be_said(end))
        found = _AT_EDGE.search(heading)
        yield from [Named(found[0], (found[0],))] if found else []
        return
    parts = [part for part in re.split(r"_+|\.\.+|\.$", heading) if part]
    if share := next((part for part in parts if part.lower() in _SHARES), ""):
        yield Named(share, ("%",))
        return
    if per := re.search(r"_per_(10+)(?:_|$)", heading):
        yield Named(f"per {per[1]}", (f"per {per[1]}",))
        return
    parts = [_OF_SUBSTANCE.sub("", part) for part in parts if not _SUBSTANCE.fullmatch(part)]
    # in "ug_l" and "mg_kg" what stands last is no unit by itself
    is_whole = len(parts) > 1 and len(parts[0]) > 1
    before = parts[-2] if is_whole or len(parts) > 2 else ""
    amount = " ".join(parts[-2:])
    if any(way.times not in (1.0, 0.01) for way in readings(amount, system)):
        yield Named("_".join(parts[-2:]), (amount,))
    for count in range(min(_LONGEST, len(parts) - (not is_whole)), 0, -1):
        ends = parts[-count:]
        is_rest = count == 1 and before and (before.lower() == "per" or _spellings(before, system))
        if not is_rest and (ways := _quotients(ends, system)):
            yield Named("_".join(ends), ways)
    if parts and parts[-1].lower() in _AMOUNTS:
        yield Named(parts[-1], (parts[-1],))
    elif len(parts) == 1 and _may_be_said(parts[0]):
        yield _as_written(parts[0], system)


def _may_be_said(text: str) -> bool:
    return len(text) > 1 and text.lower() not in (*_NOUNS, *_NEVER)


def _as_written(text: str, system: UnitSystem) -> Named:
    """Return what a text says as a unit, if it is one."""
    return Named(text, (*_spellings(text, system),) or (text,))


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
    # "Hours" and "Km"
    plain = word.lower() if word.istitle() and len(word) > 1 else power
    if found := next((each for each in (power, plain) if _is_unit(each, system)), ""):
        return [found]
    is_short = len(word) > 1 and (word.islower() or word.isupper())
    alike = dict.fromkeys((*FREQUENT, *with_prefixes())) if is_short else {}
    others = [each for each in alike if each.lower() == word.lower() and _is_unit(each, system)]
    return others or ([word] if _is_read(word, system) else [])


def _is_read(word: str, system: UnitSystem) -> bool:
    """Tell whether a word that is no unit of a study is read as one, such as "kt" or "eur"."""
    if len(word) == 1 or word.lower() in (*_NOUNS, *_NEVER):
        return False
    return any(way.unit is not None and not is_one(way.unit) for way in readings(word, system))


def _is_unit(word: str, system: UnitSystem) -> bool:
    """Tell whether a word is a unit, and no count, number or word of another meaning."""
    if word.lower() in _NEVER or FOOTNOTE.fullmatch(word) or word[0].isdigit() or is_unlikely(word):
        return False
    found = system.find(word)
    return found is not None and not is_one(found)
