"""What texts beside a workbook's cells are units: those that a workbook hardly means are told as unknown.

A study file says what its units are, and ``T`` there is the tesla. Beside a cell it is the tonne of somebody
in a hurry, and what is taken for a unit of a workbook must be what its author means.
"""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.late import regex
from uncertainty.units.other_names import FURTHER_MONEY, is_translated
from uncertainty.units.system import UnitSystem
from uncertainty.units.usage import (
    AMOUNTS,
    COUNTED,
    FREQUENT,
    MISREAD,
    PARTS_OF_MIXTURES,
    SEVERAL,
    SPELLINGS,
    TAKES,
)
from uncertainty.units.words import is_amount, with_prefixes
from uncertainty.units.written import MONEY, PURE, in_words, is_unit, says_kind, without_kind, without_what_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_ALONE = frozenset(["B", "N", "S", "lm"])
"""Byte, newton, siemens and lumen: as likely a billion, a number, a label or a running metre alone."""

_UNLIKELY = frozenset(
    word
    for words in (
        # tonnes, thousands, billions, hours, degrees, units, points, days, francs, millions and names
        "C F G H T u kU mU uU mP kn kns Da pt pts au Bd bps cps fps kps Fr Ry Td Np Oe Mx Eh BF At Wb gf tf",
        # words and abbreviations that are no units to those who write them
        "are as am pm ps pl fl us bus has ins mis pis hps srs tfs gfs fms aus lms lxs lys ccs dot pel den",
        "jig fur nit oct rhe tex eon mas kip thou grad quad blob biot bohr barn gill reyn slug pica ppi PPI",
        "mass DPI bpp ECC NeC FBM RKM LMH RIU SPL pi zeta",
        # multiples that nobody uses, each of them something else to somebody
        "ks Mm Ms Gm Gs Tm Em Pm MA GA MK kK GK GV GN kS MS GS kF MF GF kH MH GH",
    )
    for word in words.split()
)
_UNLIKELY_MULTIPLE = regex(
    r"[fpnuµμmkMGTPE](?:T|G|C)|(?:[afqryz]|[QRYZ])(?:[gmslLJKWVANCFHST]|mol|Hz|Pa|lm|lx|Bq|Gy|Sv|eV|Wh)"
)
"""Teslas, gausses and coulombs of whatever size, and prefixes beyond those that spreadsheets know."""

_SCALES = frozenset("Km")
"""Letters for thousands and millions that would be read as kelvins and metres."""
_BEHIND_SCALES = frozenset(["m", "K", "d", "h", "s", "day", "days", "hour", "hours"])
"""What these are multiplied by."""
_PER = regex(r"/|\bper\b")

_SIGN = r"[€$£¥₹]"
_CODE = "|".join(sorted(code for code in {*MONEY, *MONEY.values()} if code.isalpha()))
_OTHER_MONEY = frozenset((*FURTHER_MONEY, "Rs", "kr", "zł", "lei", "TRY", "ARS", "CLP", "COP", "PKR", "BDT"))
_AMOUNT_OF_MONEY = regex(
    rf"(?<![^\W\d_])(?!US\$)[^\W\d_]+{_SIGN}|{_SIGN}[^\W\d_]"
    rf"|\b[kmgtbn]{{1,2}}(?:{_CODE})s?\b|\b(?:{_CODE})(?:k|mm?|mn|bn)\b",
    re.IGNORECASE,
)
"""Money with letters for thousands or millions at its side, each of which has several meanings."""

_WORD = regex(r"[^\W\d_]+")
_PART = regex(rf"{_SIGN}|[^\W\d_]+|[%‰]|\d[\d.,]*|\S")
_MANY = regex(r"10{2,9}|1(?:[,.' ]?000)+|0{3}")
_YEAR = regex(r"(?:19|20)\d\d")
_NO_UNITS = frozenset(
    word
    for words in (
        "nb no na none number ratio share fraction unitless percentage pct cum cu rev r rot",
        "at th pk li rd dr gi cp sv eu pp grade decade",
    )
    for word in words.split()
)
"""Words that a study is told the unit of, and that mean something else in parentheses."""
_LIKE_UNITS = frozenset(["y", "k", "M", "pkm", "vkm", "skm", "FTE", "Cal", "GWd", "pH", "dB", *_OTHER_MONEY])


def is_unlikely(written: str) -> bool:
    """Tell whether a text beside a cell would be read as a unit that a workbook hardly means."""
    if says_kind(written):
        return True
    words = _WORD.findall(in_words(written))
    alone = len(words) == 1 and words[0] in _ALONE
    is_amount_of = bool(_AMOUNT_OF_MONEY.search(written)) or _is_scaled(written)
    return alone or is_amount_of or any(map(_is_unlikely_word, words))


def _is_scaled(written: str) -> bool:
    """Tell whether a letter beside a unit says how many of it, and would be read as a unit of its own.

    Such are "USD K", "m t", "K pcs" and "INR L"; "N m", "kW h", "person h" and "m2 K/W" are units.
    """
    words = in_words(_PER.split(written, maxsplit=1)[0]).split()
    if len(words) != 2:
        return False
    if any(other in MONEY.values() and is_read(each) for each, other in (words, words[::-1])):
        return True
    first, last = words
    if first in _SCALES and (_is_plural(last) or (is_read(last) and last not in _BEHIND_SCALES)):
        return True
    return last in _SCALES and _is_plural(first)


def _is_plural(word: str) -> bool:
    """Tell whether a word names several things that are counted."""
    is_any = word.endswith("s") and len(word) > SHORT + 1 and not is_read(word)
    return is_any or word == "people" or word.removesuffix("s") in COUNTED


def _is_unlikely_word(word: str) -> bool:
    return word in _UNLIKELY or _UNLIKELY_MULTIPLE.fullmatch(word) is not None


def counted_in(units: list[str]) -> list[str]:
    """Return the words in units, as studies write them, that name what is counted: each thing once.

    Of "person" and "persons" the singular remains, whichever comes first.
    """
    found: dict[str, None] = {}
    for unit in units:
        words = [_in_singular(word) for word in UnitSystem(()).countable(unit)]
        if all(map(_may_be_counted, words)) and is_read(unit, words):
            found |= dict.fromkeys(words)
    kept: list[str] = []
    for word in sorted(found, key=len):
        kept += UnitSystem(tuple(kept)).countable(word)
    return [word for word in found if word in kept]


def _in_singular(word: str) -> str:
    return "person" if word in ("persons", "people") else word


def _may_be_counted(word: str) -> bool:
    """Tell whether a word is long enough for the name of a thing: "st" and "pkm" are abbreviations."""
    if word in MONEY.values() or word.removesuffix("s") in COUNTED:
        return True
    return len(word) > 2 and re.search("[aeiouy]", word) is not None


@lru_cache(4096)
def is_like_unit(text: str) -> bool:
    """Tell whether a text in parentheses stands for a unit, though for none that is known.

    All of its words do: "kt CO2e", "1000 t", "bn USD", "EUR 2020", "wt%"; of "see note" and "s.d." none does.
    """
    if text in PURE or not without_kind(text).strip() or is_unit(text):
        return False
    parts = [each for each in _PART.findall(without_what_of(text)) if each[0].isalnum() or each in "%‰€$£¥₹"]
    kinds = [_kind(part, parts) for part in parts]
    return "unit" in kinds and None not in kinds


def _kind(part: str, parts: list[str]) -> str | None:
    """Return what a part of a text is: a unit, a number that may stand beside one, or neither."""
    if part[0].isdigit():
        is_of_money = any(map(_is_money, parts)) and _YEAR.fullmatch(part)
        is_many = _MANY.fullmatch(part) and "%" not in parts and parts[0] == part
        return "number" if is_of_money or is_many else None
    if part in PARTS_OF_MIXTURES and "%" in parts:
        return "unit"
    return "unit" if part in "%‰" or _is_money(part) or _is_unit_word(part) else None


def _is_money(part: str) -> bool:
    return part in MONEY or part in _OTHER_MONEY or _AMOUNT_OF_MONEY.fullmatch(part) is not None


def _is_unit_word(word: str) -> bool:
    if word.lower() in _NO_UNITS:
        return False
    if (
        word in _LIKE_UNITS
        or is_translated(word)
        or is_amount(word)
        or word.lower().removesuffix("s") in AMOUNTS
    ):
        return True
    singular = word.removesuffix("s") if len(word) > SHORT + 1 else word
    is_told = any(each in words for each in (word, singular) for words in (MISREAD, SEVERAL, SPELLINGS))
    if len(word) > 1 and (is_told or word.lower() in SPELLINGS):
        return True
    return is_read(in_words(word))


def is_symbol(written: str) -> bool:
    """Tell whether a text is made of symbols of units, or of names that call nothing else.

    Examples
    --------
    >>> is_symbol("kWh/m2"), is_symbol("Mt CO2e"), is_symbol("tonnes"), is_symbol("Grain"), is_symbol("t")
    (True, True, True, False, False)
    """
    words = [word for word in re.findall(r"[^\W\d_²³]+", without_what_of(written)) if word != "per"]
    return (
        bool(words)
        and len(written) > 1
        and all(
            word in TAKES or word in MISREAD or word in with_prefixes() or _MASS_OR_ENERGY.search(word)
            for word in words
        )
    )


def unit_at_end(name: str) -> str:
    """Return the unit at the end of what a row measures, in brackets or behind a stroke, a comma or "in".

    Examples
    --------
    >>> unit_at_end("Pb (mg/L)"), unit_at_end("mass_kg"), unit_at_end("energy_kwh"), unit_at_end("site_m")
    ('mg/L', 'kg', 'kWh', '')
    """
    found = _AT_END.fullmatch(name)
    said = (found["enclosed"] or found["behind"]) if found else ""
    if len(said) == 1 and said not in _LETTERS:
        return ""
    is_sure = is_read(in_words(said)) or is_like_unit(said)
    alike = [said] if is_sure else [each for each in with_prefixes() if each.lower() == said]
    return "" if not alike or is_unlikely(alike[0]) else alike[0]


def is_read(unit: str, counted: Iterable[str] = ()) -> bool:
    """Tell whether a study that counts some things knows a unit."""
    return UnitSystem(tuple(dict.fromkeys(counted))).find(unit) is not None


_MASS_OR_ENERGY = regex(r"(?i:tonne|gramm?e?s?$|joule|watt)")
_LETTERS = "tgmLhs%"
"""Units of a letter that in brackets hardly stand for a group."""
_AT_END = regex(
    r".*[^\W\d_].*?(?:\s*[(\[](?P<enclosed>[^()\[\]]{1,30})[)\]]|(?:_|,\s|\sin\s)(?P<behind>[gtL]|[^\s_]{2,20}))"
)
_SPELLED_FOR_SEVERAL = MappingProxyType({"KB": ("kB", "KiB"), "kb": ("kbit", "kB"), "Mb": ("Mbit", "MB")})
SHORT = 2
"""Letters of a word of which the case tells units apart."""


def meanings(word: str) -> list[str]:
    """Return what people may mean by a word that is no unit of a study, as units of one.

    Examples
    --------
    >>> meanings("tons"), meanings("MMBtu"), meanings("Mwh"), meanings("cum")
    (['tonne', 'short_ton'], ['megabritish_thermal_unit'], ['MWh'], [])
    """
    lower = word.lower()
    misread = MISREAD.get(word) or MISREAD.get(word.removesuffix("s"))
    if misread:
        return re.findall('"([^"]+)"', misread)
    if lower in _NO_UNITS:
        return []
    if lower in SPELLINGS:
        return [SPELLINGS[lower]]
    if word in _SPELLED_FOR_SEVERAL:
        return list(_SPELLED_FOR_SEVERAL[word])
    # the mercury is no hectogram
    if len(word) <= SHORT:
        return []
    alike = (each for each in (*FREQUENT, *with_prefixes()) if each.lower() == lower)
    return [each for each in dict.fromkeys((*alike, lower)) if each != word and not is_unlikely(each)]
