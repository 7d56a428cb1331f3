"""What headings call units otherwise than studies: in other languages, by the head, in cents, in other money.

Only headings of columns are read with these, and only to be compared: in a study they are refused.
"""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.late import regex
from uncertainty.units.signs import MONEY_SIGNS
from uncertainty.units.system import UnitSystem
from uncertainty.units.written import MONEY, money_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_TRANSLATED = (
    # German nouns are written with capitals, and Std without a point is often a deviation
    ("t", "Tonne Tonnen tonnellate tonelada toneladas"),
    ("kg", "Kilogramm kilogrammes kilogramos chilogrammi"),
    ("g", "Gramm grammes gramos grammi"),
    ("mg", "Milligramm"),
    ("second", "Sekunde Sekunden secondes segundos secondi"),
    ("minute", "Minuten minutos minuti"),
    ("h", "Stunde Stunden Std. Stdn heure heures hora horas"),
    ("day", "Tag Tage Tagen jour jours día días giorni"),
    ("week", "Woche Wochen semaine semaines semana semanas settimane"),
    ("month", "Monat Monate Monaten mois meses mesi"),
    ("year", "Jahr Jahre Jahren année années años anni"),
    ("m", "Meter mètre mètres metros metri"),
    ("km", "Kilometer kilomètre kilomètres kilómetros chilometri"),
    ("cm", "Zentimeter centimètres centímetros centimetri"),
    ("mm", "Millimeter millimètres milímetros millimetri"),
    ("m**2", "Quadratmeter"),
    ("km**2", "Quadratkilometer sqkm"),
    ("hectare", "Hektar hectáreas ettari"),
    ("m**3", "Kubikmeter"),
    ("L", "Liter litros litri"),
    ("mL", "Milliliter"),
    ("hL", "Hektoliter"),
    ("kWh", "Kilowattstunde Kilowattstunden"),
    ("MWh", "Megawattstunde Megawattstunden"),
    ("GWh", "Gigawattstunde Gigawattstunden"),
    ("TWh", "Terawattstunde Terawattstunden"),
    ("100*ft**3", "ccf"),
    ("1000*ft**3", "mcf"),
    ("1000000*ft**3", "mmcf"),
    ("1000000000*ft**3", "bcf"),
    ("1000000*gallon/day", "mgd"),
)
_UNITS = MappingProxyType({word: unit for unit, words in _TRANSLATED for word in words.split()})
LONG = 6
"""Letters of a German noun that is a unit without its capital, too."""
_WORD = regex(r"[^\W\d_]+\.?")
PER = "pro|je|par|por"
"""Words for per."""
_PER = regex(rf"(?<=\S) +(?:{PER}) +")
_SQUARE = regex(r"\b(sq|square|cu|cubic)\.? +([^\W\d_]+)(?!\w)", re.IGNORECASE)
_HEAD = regex(
    r"(?:(?<=\S) +per +|/ ?)(?:capita|cap|head|Kopf|Einwohner|habitants?|inhabitants?)\b\.?", re.IGNORECASE
)
_AMOUNTS = (
    ("billion", r"(?:mil|mille) millones de|milliards? d(?:e |['’])|miliardi di|mil milhões de"),
    ("million", r"mill(?:ones|ón) de|milh(?:ões|ão) de|milion[ie] di|millions? d(?:e |['’])|miljoen(?:er)?"),
    ("thousand", r"mil(?:es|lares|hares) de|migliaia di|milliers? d(?:e |['’])|duizend|tusen"),
)
_IN_ENGLISH = tuple((word, regex(rf"(?<!\w)(?:{words}) ?(?=\S)", re.IGNORECASE)) for word, words in _AMOUNTS)
"""Amounts of other languages with what joins them to a unit: miles alone are none."""
_HEADS = ("capita", "head", "inhabitant", "resident", "person", "people")
_PIECES = regex(r"(?:Stück|Stueck|Stk|Stck|St|pcs|pieces?|pièces|piezas|pezzi)\.?")
_CENTS = regex(r"^¢|^(?:€ ?|euro[ -]?)?(?:ct|cents?)(?: ?€)?(?![\w-])|^€ ?c(?=/)", re.IGNORECASE)
_PENCE = regex(r"^(?:p(?=/)|pence\b)")
_CODES = (
    "PLN CZK HUF DKK RON BGN RUB ZAR KRW SGD HKD NZD THB IDR MYR PHP VND TWD BRL MXN ILS AED SAR KES NGN EGP"
)
FURTHER_MONEY = tuple(_CODES.split())
"""Codes of money that no study has a word for yet."""
_SIGNS = MappingProxyType(
    {sign: word for sign, word in MONEY.items() if sign not in ("$", "¥")}
    | {code: code.lower() for code in FURTHER_MONEY}
    | {"zł": "pln", "Rs": "rupee", **MONEY_SIGNS}
)
"""The $ and the ¥ are those of several countries."""
_IN_SIGNS = "".join(sign for sign in MONEY_SIGNS if len(sign) == 1)
_NATIONAL = (
    ("US$", r"US[ -]?dollars?|U\.S\. dollars?|American dollars?"),
    ("CAD", "Canadian dollars?"),
    ("AUD", "Australian dollars?"),
    ("NZD", "New Zealand dollars?"),
    ("SGD", "Singapore dollars?"),
    ("HKD", "Hong Kong dollars?"),
    ("GBP", r"pounds? sterling|(?:British|UK) pounds?"),
    ("CHF", "Swiss francs?"),
    ("JPY", "Japanese yens?"),
    ("CNY", r"(?:Chinese )?yuans?|renminbi|RMB"),
    ("INR", "(?:Indian )?rupees?"),
    ("RUB", "(?:Russian )?rou?bles?"),
    ("EUR", "euros"),
    ("$", "dollars?"),
)
_NAMES = tuple(
    (sign, regex(rf"(?<![^\W_])(?:{names})(?![^\W_])", re.IGNORECASE)) for sign, names in _NATIONAL
)
MONEY_IN_WORDS = "|".join(names for _, names in _NATIONAL)
"""What people call money."""
_YEAR = r"(?:19|20)\d\d"
_YEAR_OF_MONEY = regex(
    rf"(?<![\w.,/])(?<!per )(?<![/*] ){_YEAR}(?![\d.,*/^])(?:[ -]|(?=[^\W\d]|[$¥€£]))"
    rf"|(?<=[^\W\d_])[ -]?(?<!per )(?<!/ ){_YEAR}(?=[ /]|$)|(?<=[$¥€£]) ?{_YEAR}(?=[ /]|$)"
)
"""The year of whose prices money is, before it or behind it; a number below a stroke is none."""
_SOME_MONEY = regex(
    "money|currenc|franc|kron|crown|zlot|forint|peso|yuan|rmb|renminbi|won$|baht|lira|rand$|^pounds?$"
)
"""What a study may call money of which nobody can tell the code."""
_OF_SEVERAL = (
    (
        regex(r"(?<!\b[ACRS])(?<!\b(?:AU|CA|NZ|HK|NT|MX))(?:US)?\$"),
        regex(rf"dollar|usd|aud|cad|nzd|sgd|hkd|twd|mxn|brl|real|{_SOME_MONEY.pattern}"),
        "dollar",
    ),
    (regex("¥"), regex(rf"yen|jpy|cny|{_SOME_MONEY.pattern}"), "yen"),
)
"""Signs of several countries' money, what a study may call that, and what it is where a study counts none."""
_MONEY = regex(
    rf"(?<![^\W\d_])(?:{'|'.join(sorted(map(re.escape, {*_SIGNS, *MONEY.values()}), key=len, reverse=True))})"
    rf"(?![^\W\d_])|[{_IN_SIGNS}]",
    re.IGNORECASE,
)
_MONEY_WITHIN = regex(
    rf"(?<![^\W\d_])(?:[kmtb]|mn|bn|mio)?(?:{'|'.join(filter(str.isalpha, _SIGNS))})(?![^\W\d_])"
    rf"|[$¥{_IN_SIGNS}]|{MONEY_IN_WORDS}",
    re.IGNORECASE,
)
_BESIDE_SIGN = regex(rf"(?<=[\w'’])(?=[{_IN_SIGNS}])|(?<=[{_IN_SIGNS}])(?=[\w'’])")
"""Where a letter or an amount stands beside a sign, as in "£m" and "£'000"."""


def plain_amounts(text: str) -> str:
    """Return a text with amounts of other languages in English.

    Examples
    --------
    >>> plain_amounts("Precio (miles de euros)"), plain_amounts("milliers d'euros"), plain_amounts("miles")
    ('Precio (thousand euros)', 'thousand euros', 'miles')
    """
    for word, of_others in _IN_ENGLISH:
        text = of_others.sub(f"{word} ", text)
    return text


def without_year_of_money(text: str, counted: Sequence[str]) -> str:
    """Return what a text says of money without the year of its prices; any other text as it is.

    Parameters
    ----------
    counted
        What the study counts, which may have a year in its name.

    Examples
    --------
    >>> [without_year_of_money(text, ()) for text in ("2020 kEUR", "USD2015/MWh", "2015 kg")]
    ['kEUR', 'USD/MWh', '2015 kg']
    """
    if any(re.search(_YEAR, name) and name in text.lower() for name in counted):
        return text
    found = _YEAR_OF_MONEY.sub("", text)
    is_of_money = found != text and (
        bool(_MONEY_WITHIN.search(found)) or any(each in found for each in counted)
    )
    return found.strip() if is_of_money else text


def plain_words(text: str, counted: Sequence[str]) -> str:
    """Return what a heading says in words of studies.

    Parameters
    ----------
    counted
        What the study counts: of "kg per capita" the person counts where that is among it.

    Examples
    --------
    >>> plain_words("Tonnen pro Tag", ()), plain_words("sq. km", ()), plain_words("kg/cap", ["person"])
    ('t/day', '(km)**2', 'kg/person')
    """
    found = _PER.sub("/", text)
    if head := next((each for each in _HEADS if each in counted), ""):
        found = _HEAD.sub(f"/{head}", found)
    found = _SQUARE.sub(_power, found)
    return _WORD.sub(lambda word: _translated(word[0]), found)


def _power(found: re.Match[str]) -> str:
    return f"({_translated(found[2])})**{2 if found[1].lower().startswith('sq') else 3}"


def _translated(word: str) -> str:
    noun = word.capitalize() if len(word) >= LONG else word
    return next((_UNITS[each] for each in (word, noun, word.lower()) if each in _UNITS), word)


def is_translated(word: str) -> bool:
    """Tell whether a word of another language is a unit."""
    return _translated(word) != word


def is_of_pieces(text: str) -> bool:
    """Tell whether a text counts pieces, of whatever a study counts."""
    return _PIECES.fullmatch(text.strip()) is not None


def hundredths(text: str, counted: Sequence[str]) -> str:
    """Return a text of cents or pence with the word for money that a study counts; else nothing."""
    names = dict.fromkeys(money_of(counted).values())
    cents = _PENCE if any(name.startswith(("pound", "gbp")) for name in names) else _CENTS
    found = cents.match(text) or _CENTS.match(text)
    if found is None or not names or any("cent" in name or "pen" in name for name in counted):
        return ""
    return f"{next(iter(names))}{text[found.end() :]}"


def ways_to_money(text: str, system: UnitSystem) -> list[tuple[str, UnitSystem]]:
    """Return a text with its money as a study counts it, and as other money; $ and ¥ may be of several."""
    counted = system.counting_units
    texts = [_in_signs(text, counted)]
    for sign, names, _ in _OF_SEVERAL:
        others = [name for name in counted if names.search(name)] if sign.search(text) else []
        texts += [_with_sign_of(sign, name, each) for each in texts for name in others]
    return [with_other_money(each, system) for each in texts]


def money_said(text: str) -> frozenset[str]:
    """Return the words for the money that a text says by signs, codes or names.

    Examples
    --------
    >>> [sorted(money_said(text)) for text in ("Budget (AUD)", "in Canadian dollars", "US$ per €", "In A$")]
    [['aud'], ['cad'], ['dollar', 'euro'], ['aud']]
    """
    text = _in_signs(text, ())
    several = {word for sign, _, word in _OF_SEVERAL if sign.search(text)}
    return frozenset({_word_of(each[0]) for each in _MONEY.finditer(text)} | several)


def _with_sign_of(sign: re.Pattern[str], name: str, text: str) -> str:
    return sign.sub(lambda found: found[0] if found[0] == "US$" else name, text)


def with_other_money(text: str, system: UnitSystem) -> tuple[str, UnitSystem]:
    """Return a text and a system that knows its money, too, where that is no money that the study counts."""
    counted = system.counting_units
    text = _in_signs(text, counted)
    for sign, names, word in _OF_SEVERAL:
        if not any(map(names.search, counted)):
            text = sign.sub(word, text)
    text = _BESIDE_SIGN.sub(" ", text)
    others = {_word_of(found[0]) for found in _MONEY.finditer(text)}
    others = {word for word in others if not _may_be(word, counted)}

    def named(found: re.Match[str]) -> str:
        word = _word_of(found[0])
        return word if word in others else found[0]

    return _MONEY.sub(named, text), _with(counted, tuple(sorted(others)))


def _in_signs(text: str, counted: Sequence[str]) -> str:
    """Return a text with codes and signs in place of names of money that the study does not count."""
    for sign, names in _NAMES:
        if not any(_is_counted(each[0], counted) for each in names.finditer(text)):
            text = names.sub(sign, text)
    return text


def _is_counted(name: str, counted: Sequence[str]) -> bool:
    return not {name.lower(), name.lower().removesuffix("s")}.isdisjoint(counted)


@lru_cache(maxsize=64)
def _with(counted: tuple[str, ...], others: tuple[str, ...]) -> UnitSystem:
    return UnitSystem((*counted, *others))


def _word_of(sign: str) -> str:
    return next(word for each, word in _SIGNS.items() if sign.lower() in (each.lower(), word))


def _may_be(word: str, counted: Sequence[str]) -> bool:
    """Tell whether something that a study counts is called so, as "meur" is by its code, or is some money."""
    called = {word, *(sign.lower() for sign, other in _SIGNS.items() if other == word)}
    return any(
        _SOME_MONEY.search(name) or any(len(each) > 1 and each in name for each in called) for name in counted
    )
