"""Which words are units in a study, and what to write in place of those that are not.

A prefix stands only before what people put it before, and a word that is mostly used otherwise than pint
would read it is refused: the message says how it would be read, and what to write for either meaning.
"""

from __future__ import annotations

import difflib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from uncertainty.errors import meant, nearest
from uncertainty.late import dataclass, regex
from uncertainty.units.usage import (
    AMOUNTS,
    COUNTED,
    FREQUENT,
    MISREAD,
    MONEY,
    PREFIX_NAMES,
    PREFIXES,
    SEVERAL,
    SPELLINGS,
    TAKES,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ALMOST = 0.8
"""Similarity from which a word is a misspelt unit: above that of "server" with "sievert", 0.77."""

COUNTING_UNIT = regex(r"[a-z][a-z0-9_]{0,39}", re.ASCII)

_OF_COUNTED = frozenset(["", *PREFIX_NAMES, *"kMGT"])
"""Prefixes of what is counted: "megaquery", "Mtoken", and never a page made of pico-ages."""

_SUBSTANCE = regex(r"([kMGTPEmµu]?[gt])?(CO2|CO₂|CH4|N2O|C|N)([-_]?e(q|quiv)?)?|eq|equiv|equivalents?|eqv?")
_POWER = regex(r"([A-Za-zµ]+)([23])")
_SYMBOL = regex(r"(?!Wh|Ah)(?:[A-Z][a-z]|[a-z][A-Z])")
_PRODUCT = regex(
    r"([kMGmµun]?(?:N|W|V|A|J|Pa|eV|C))(s)|(kg)(K|h|a|m|d|yr)|(g|mol)(K)|(c?m)([23])(K|h|a|d|yr)"
)
"""Two units without a sign between them: W and s, kg and K, m2 and K."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that are units in one study.

    Parameters
    ----------
    names
        Every name of a unit that pint knows without a prefix.
    offset
        Those of them whose values have an offset or are logarithmic: they are never suggested.
    counted
        What the study counts, in the singular and in irregular plurals.
    """

    names: frozenset[str]
    offset: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()

    def is_unit(self, word: str) -> bool:
        """Tell whether a word is a unit here, in the meaning that it has with people."""
        return any(self._is_taken(word, *reading) for reading in self._readings(word))

    def spelled_out(self, word: str) -> str:
        """Return a unit with the name of its prefix: pint takes "mcd" for micro-days."""
        prefix, unit = next(reading for reading in self._readings(word) if self._is_taken(word, *reading))
        return f"{PREFIXES[prefix]}{unit}" if prefix in PREFIXES else word

    def is_name(self, word: str) -> bool:
        """Tell whether a word, or its singular, is the name of a unit without a prefix."""
        return any(not prefix and self._is_taken(word, prefix, unit) for prefix, unit in self._readings(word))

    def objections(self, words: Iterable[str], text: str, full_name: Callable[[str], str]) -> list[str]:
        """Say of each word that is no unit why, and what to write.

        Parameters
        ----------
        words, text
            The words of a text, and all of it.
        full_name
            Gives how pint spells out a word that it can read; nothing for what has an offset.
        """
        refused = [word for word in words if not self.is_unit(word)]
        # "CO2-eq" is one thing
        repeated = [word for word in refused if _is_substance(word)][1:]
        return [
            self._objection(word, _quoted(word, text), full_name) for word in refused if word not in repeated
        ]

    def _objection(self, word: str, what: str, full_name: Callable[[str], str]) -> str:
        found = self._abbreviation(word, what) or self._misreading(word, what)
        if found:
            return found
        if any(self._readings(word)) and (name := full_name(word)) and self.is_unit(name):
            near = self._by_case(word)
            other = f', or "{near}"' if near else _if_counted(word)
            return f'{what} would read as {name}; write "{name}" for that{other}'
        return f"unknown unit {what}{self._nearest(word)}"

    def is_countable(self, word: str) -> bool:
        """Tell whether a word may name what is counted: not a unit, nor a slip of one."""
        if self.is_unit(word) or not COUNTING_UNIT.fullmatch(word):
            return False
        if word.removesuffix("s") in COUNTED or word in MONEY.values():
            return True
        return not (self.misspelt(word) or self._misreading(word, "") or self._abbreviation(word, ""))

    def misspelt(self, word: str) -> str | None:
        """Return the unit that a word spells but for a slip, if there is one."""
        if near := self._by_case(word):
            return near
        # a slip is seldom in the first letter
        both = word[0].lower() + word[0].upper()
        names = [name for name in (*FREQUENT, *_accepted(self)) if name[0] in both]
        found = difflib.get_close_matches(word, names, n=1, cutoff=ALMOST)
        return found[0] if found else None

    def _readings(self, word: str) -> Iterator[tuple[str, str]]:
        """Yield the prefix and the unit of every reading, without a plural's s."""
        for ending in ("", "s"):
            for prefix in ("", *PREFIX_NAMES, *PREFIXES):
                unit = word.removeprefix(prefix).removesuffix(ending)
                whole = prefix + unit + ending == word and len(unit) > len(ending)
                # "mPas" is no plural to people, nor is "eVs"
                whole = whole and not (ending and _SYMBOL.fullmatch(unit))
                if whole and (unit in self.names or (unit in self.counted and prefix in _OF_COUNTED)):
                    yield prefix, unit

    def _is_taken(self, word: str, prefix: str, unit: str) -> bool:
        """Tell whether people put a prefix before a unit, in the way in which both are written."""
        if unit in self.counted:
            return True
        if word in MISREAD:
            return False
        if unit in MISREAD or unit in COUNTED:
            return prefix in TAKES.get(unit, ())
        if prefix in PREFIX_NAMES:
            return len(unit) > 1
        return not prefix or prefix in TAKES.get(unit, ())

    def _misreading(self, word: str, what: str) -> str:
        """Say how pint would read a word that means something else to people."""
        for form in (word, word.removesuffix("s"), *(unit for _, unit in self._readings(word))):
            whole = form in (word, word.removesuffix("s"))
            reads = f"{what} would read as" if whole else f'{what} would take "{form}" for'
            if form in MISREAD:
                return f"{reads} {MISREAD[form]}"
            if form in COUNTED:
                reading, other = COUNTED[form]
                return f'{reads} {reading}; write "{other}" for that{_if_counted(form)}'
        return ""

    def _abbreviation(self, word: str, what: str) -> str:
        """Say what a word stands for that is no name of pint's."""
        lower = word.lower()
        if lower.removesuffix("s") in AMOUNTS:
            return f"{what} is an amount; write the number in full, and a unit without one"
        if lower == "per":
            return f'{what} begins nothing; a quotient is written as in "1/km"'
        currency = lower.rstrip("0123456789_")
        if currency in MONEY:
            return f'{what} is money; write "{MONEY[currency]}" and add it to counting_units'
        if _is_substance(word):
            substance = _SUBSTANCE.match(word)
            mass = (substance and substance[1]) or "kg"
            return f'unknown unit {what}; use a unit of mass, such as "{mass}", and say of what in the label'
        if word in SEVERAL:
            return f"unknown unit {what}; {SEVERAL[word]}"
        power = _POWER.fullmatch(word)
        if power and self.is_unit(power[1]):
            return f"unknown unit {what}{meant(f'{power[1]}**{power[2]}')}"
        spelling = SPELLINGS.get(word) or SPELLINGS.get(lower if len(word) > 1 else "") or _product(word)
        return f"unknown unit {what}{meant(_grouped(spelling, word, what))}" if spelling else ""

    def _nearest(self, word: str) -> str:
        """Return what may have been meant by a word that nobody knows."""
        near = self._by_case(word) or self.misspelt(word)
        if near:
            return meant(near)
        small = word.lower()
        if (other := nearest(word, sorted(self.counted)) or _if_counted(word)) or self.is_unit(small):
            return other
        named = COUNTING_UNIT.fullmatch(small)
        return f'; write "{small}" and add it to counting_units if it is counted' if named else ""

    def _by_case(self, word: str) -> str | None:
        """Return what has the same letters in other cases."""
        spelled = _by_letters(self).get(word.casefold(), ())
        return next((each for each in spelled if each != word and self.is_unit(each)), None)


# a file may have ten thousand words that are no units: what is compared with each is found once


@lru_cache(maxsize=8)
def _accepted(words: Vocabulary) -> tuple[str, ...]:
    """Return the names without a prefix that may be suggested."""
    return tuple(sorted(name for name in words.names - words.offset if words.is_unit(name)))


@lru_cache(maxsize=8)
def _by_letters(words: Vocabulary) -> dict[str, list[str]]:
    """Return what may be suggested by its letters without their case, the likeliest first."""
    found: dict[str, list[str]] = {}
    for each in (*FREQUENT, *sorted(words.counted), *with_prefixes(), *sorted(words.names - words.offset)):
        found.setdefault(each.casefold(), []).append(each)
    return found


def is_amount(word: str) -> bool:
    """Tell whether a word behind a number multiplies it: k, M, Mio., thousand."""
    return word in ("k", "K", "M") or word.lower().rstrip(".").removesuffix("s") in AMOUNTS


def _quoted(word: str, text: str) -> str:
    return f'"{word}"' if word == text else f'"{word}" in "{text}"'


def _product(word: str) -> str:
    """Return the product that a word is of two units; nothing where it is a word of its own."""
    found = _PRODUCT.fullmatch(word)
    if found is None:
        return ""
    one, *power, other = filter(None, found.groups())
    return f"{one}{f'**{power[0]}' if power else ''}*{other}"


def _grouped(spelling: str, word: str, what: str) -> str:
    """Return a spelling as it stands in place of a word of a text: a product in it divides as one."""
    alone = what == _quoted(word, word) or not re.search(r"(?<!\*)[*/](?!\*)", spelling)
    return spelling if alone else f"({spelling})"


def _is_substance(word: str) -> bool:
    return "co2" in word.lower() or _SUBSTANCE.fullmatch(word) is not None


def _if_counted(word: str) -> str:
    """Say where the name of a thing goes that is counted."""
    if word in ("people", "persons"):
        word = "person"
    return f'; add "{word}" to counting_units if it is counted' if COUNTING_UNIT.fullmatch(word) else ""


@lru_cache(maxsize=1)
def with_prefixes() -> tuple[str, ...]:
    """Return symbols of units with those of the prefixes that they take."""
    return tuple(f"{prefix}{unit}" for unit, prefixes in TAKES.items() for prefix in sorted(prefixes))
