"""What people write for units in spreadsheets: signs of money, masses of a substance, shares of whatever."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.late import regex
from uncertainty.units.system import UnitSystem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from uncertainty.units.system import Unit

LONGEST_UNIT = 30
PER_CENT = "%"
DAY = "day"
"""What spreadsheets count time in."""
PURE = ("1", "-", "–")
"""What people write for the unit of a pure number."""
_QUOTIENT = regex(r"[^\s/]{1,15}\s?/\s?[^/]{1,20}")

MONEY = MappingProxyType(
    {"EUR": "euro", "€": "euro", "USD": "dollar", "US$": "dollar", "$": "dollar"}
    | {"£": "pound_sterling", "GBP": "pound_sterling", "¥": "yen", "JPY": "yen", "₹": "rupee", "INR": "rupee"}
    | {code: code.lower() for code in ("CHF", "CNY", "AUD", "CAD", "NOK", "SEK")}
)
"""Money is counted: its signs and codes, and the words that a study has for them."""
_OF_DOLLAR_AND_YEN = MappingProxyType({"$": ("aud", "cad"), "¥": ("cny",)})
"""Other money of which these are the signs, too."""
_MONEY = regex(rf"\b(?:{'|'.join(filter(str.isalpha, MONEY))})\b|US\$|[€$£¥₹]", re.IGNORECASE)
_MONEY_IN_WORD = regex(_MONEY.pattern.replace(r"\b", ""))
_MILLIONS = regex(
    rf"(?:{_MONEY.pattern})(?: (?-i:mm?)\b| ?['’]?000(?!\d))|\b(?-i:mm?) (?:{_MONEY.pattern})",
    re.IGNORECASE,
)
"""Millions of money, and thousands as in "$000"."""
_OF_SUBSTANCE = regex(
    r"(?<![^\W\d_])((?:[kMGTmµ]?g|[kMG]?t|(?:mega|giga)?tonnes?|tons?|lbs?))[ *·]?"
    r"((?:CO2|CO₂|CH4|CH₄|N2O|N₂O)(?:[-_ ]?(?:eq|e)(?:uiv(?:alents?)?)?\b\.?)?)"
)
"""A mass, and the substance that it is of."""
_PRODUCT = regex(r"(?<![\w-])([^\W\d_]+)-([^\W\d_]+)(?![\w-])")
_POWER = regex(r"\b((?:[cdkm])?m|(?<=/)s)([23])\b")
_IN_YEARS = regex(r"(?<=[\w)][/ *·.(])y(?!\w)")
"""Years beside another unit, as in t/y; alone, a y may be anything."""
_OF_WHICH_KIND = regex(r"(?:[hkmM]?bar|psi|[hkM]?Pa) ?\(?[ag]\)?|[kMGT]?Wh? ?\(?(?:el|th|[et])\)?")
"""Pressure above that of the air and absolute, power as heat and electricity: no grams, years or tonnes."""
_OF_MATTER = regex(r"(?<![^\W\d_])(?:((?:[kMGTmµ]?g|[kMG]?t|tonnes?)) (?:dm|N)|([kMG]?t|[MGTP]g)C)(?!\w)")
"""A mass of dry matter, of nitrogen or of carbon: no decimetres, newtons or coulombs."""
_SYMBOL = regex(r"[^\W\d_][²³]? +/ +")
"""A letter and a stroke between blanks, as ISO 80000 heads columns: "l / m" is a length in metres."""
_PER_QUOTIENT = regex(r"\S per [^/]+/")
"""As in "W per m³/h", which pint reads as W/m³/h, and who writes it hardly means."""
_ABBREVIATED = regex(r" ?(?<![^\W_])(?!p\. ?a\.)(?:[^\W\d_]\. ?)+[^\W\d_]\.")
"""As in "m a.s.l.", "t d.m./ha" and "s.d.": single letters with points are words."""


def in_words(written: str) -> str:
    """Return a unit as studies write it: money as words, a mass without what it is of, a share of whatever.

    ``kg CO2e/passenger-km`` is ``kg/(passenger*km)``, and ``% of all costs`` is ``%``. ``EUR m``, for
    millions, stays as it is, which is no unit: it is no euro times metre.
    """
    if _MILLIONS.search(written):
        return written
    text = _MONEY.sub(lambda found: MONEY[found[0].upper()], without_in(written))
    text = _OF_SUBSTANCE.sub(r"\1", text)
    text = _IN_YEARS.sub("year", re.sub(r"\bp\. ?a\.?", "per year", text))
    text = _POWER.sub(r"\1**\2", text)
    text = _PRODUCT.sub(_multiplied, text)
    return PER_CENT if re.match(r"% of\b", text) else re.sub(r"^% per\b", "%/", text)


def without_in(written: str) -> str:
    """Return what a heading such as "Mass (in kg)" says its unit is; an inch times a pound is a torque.

    Examples
    --------
    >>> without_in("in kg"), without_in("in"), without_in("in lbf")
    ('kg', 'in', 'in lbf')
    """
    return re.sub(r"^in\s+(?!lb|oz|h2o|hg)(?=\S)", "", written, flags=re.IGNORECASE)


def in_per_cent(written: str) -> str:
    """Return a unit that begins with per cent in words with the sign in their place; others as they are.

    Examples
    --------
    >>> in_per_cent("in %"), in_per_cent("percent per year"), in_per_cent("percentile")
    ('%', '% per year', 'percentile')
    """
    return re.sub(r"^(?:in\s+)?(?:%|per\s?cents?\b)", PER_CENT, written, flags=re.IGNORECASE)


def without_kind(written: str) -> str:
    """Return a unit without letters for what it is of: of "bar g" the bar, of "m a.s.l." the metre.

    Examples
    --------
    >>> without_kind("kPa (a)"), without_kind("MWh e"), without_kind("t dm/ha"), without_kind("kg a")
    ('kPa', 'MWh', 't/ha', 'kg a')
    """
    if _OF_WHICH_KIND.fullmatch(written):
        return re.sub(r" ?\(?(?:el|th|[aget])\)?$", "", written)
    return _ABBREVIATED.sub("", _OF_MATTER.sub(r"\1\2", written))


def without_what_of(written: str) -> str:
    """Return a unit without the substance of a mass and without letters for what it is of.

    Examples
    --------
    >>> without_what_of("kt CO2e"), without_what_of("% d.b.")
    ('kt', '%')
    """
    return _OF_SUBSTANCE.sub(r"\1", without_kind(written))


@lru_cache(4096)
def says_kind(written: str) -> bool:
    """Tell whether letters beside a unit say what it is of, and would be read as units of their own."""
    return without_kind(written) != written


def money_of(counted: Iterable[str]) -> dict[str, str]:
    """Return signs, codes and words of the money that a study counts, with the study's word for it.

    Examples
    --------
    >>> money_of(["eur_2020", "page"])
    {'eur': 'eur_2020', '€': 'eur_2020', 'euro': 'eur_2020', 'euros': 'eur_2020'}
    """
    found: dict[str, list[str]] = {}
    for name in counted:
        plain = name.rstrip("0123456789_")
        words = dict.fromkeys(word for sign, word in MONEY.items() if plain in (word, sign.lower()))
        signs = [sign.lower() for sign, word in MONEY.items() if word in words]
        for each in (*signs, *words, *(f"{word}s" for word in words)):
            found.setdefault(each, []).append(name)
    # a sign may stand for the money of either year
    return {sign: names[0] for sign, names in found.items() if len(names) == 1}


def beside_unit(written: str) -> str:
    """Return what a unit says beside itself: the substance of a mass, or what it is a share of."""
    share = re.match(r"% (of\b.*)", written)
    return share[1] if share else ", ".join(found[2] for found in _OF_SUBSTANCE.finditer(written))


def _multiplied(found: re.Match[str]) -> str:
    return f"({found[1]}*{found[2]})" if _is_known(found[2]) else found[0]


@lru_cache(4096)
def _is_known(text: str) -> bool:
    return UnitSystem(()).find(text) is not None


@lru_cache(4096)
def read_unit(written: str) -> Unit | None:
    """Return the unit that a text is, money among them; None where it is not a known unit."""
    if says_kind(written):
        return None
    return UnitSystem(tuple(sorted(set(MONEY.values())))).find(in_words(written))


@lru_cache(4096)
def is_of_money(sign: str, unit: str) -> bool:
    """Tell whether a unit is the money that a sign or code stands for, or so much of it per something.

    Examples
    --------
    >>> [is_of_money("$", unit) for unit in ("USD", "CAD", "$/kWh", "US$ per kg", "k$", "EUR/kg")]
    [True, True, True, True, False, False]
    """
    word = MONEY.get(sign, "")
    first = re.match(r"\w+", in_words(unit))
    if not word or first is None or read_unit(unit) is None:
        return False
    return first[0] in (word, *_OF_DOLLAR_AND_YEN.get(sign, ()))


def without_money(written: str) -> str:
    """Return what stands beside the money in a text: of ``k€``, the ``k``."""
    return _MONEY_IN_WORD.sub("", written).strip()


@lru_cache(4096)
def is_unit(text: str) -> bool:
    """Tell whether a text reads as a unit: one that is known, or a quotient of words."""
    if len(text) > LONGEST_UNIT or not text.strip() or says_kind(text):
        return False
    if _SYMBOL.match(text) or _PER_QUOTIENT.search(text):
        return False
    if text in (*PURE, PER_CENT) or text.startswith(f"{PER_CENT} of "):
        return True
    words = in_words(text)
    if words in MONEY.values() or _QUOTIENT.fullmatch(words) or _is_known(words):
        return True
    return " per " in words and read_unit(text) is not None


def is_of_time(written: str) -> bool:
    """Tell whether a text is a unit of time."""
    unit, day = read_unit(written), read_unit(DAY)
    return unit is not None and day is not None and unit.dimension == day.dimension


def in_unit(days: float, unit: str) -> float:
    """Return a number of days in another unit of time."""
    return float(f"{days * UnitSystem(()).parse(DAY).factor / UnitSystem(()).parse(unit).factor:.15g}")


def of_fraction(unit: str) -> str:
    """Return what stands in the label of a fraction that a workbook shows as a percentage."""
    return f"{unit}, as a fraction" if unit not in ("", PER_CENT) else "fraction"
