"""What headings of columns say that their numbers are in: amounts, units, and words beside these."""

from __future__ import annotations

import math
import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.late import dataclass, regex
from uncertainty.units.guesses import is_unlikely, meanings
from uncertainty.units.kinds import are_of_other_kinds
from uncertainty.units.other_names import (
    hundredths,
    is_of_pieces,
    plain_amounts,
    plain_words,
    ways_to_money,
    without_year_of_money,
)
from uncertainty.units.signs import MARKS, OF_MONEY, is_dashes, plain_signs
from uncertainty.units.written import in_words, money_of, without_in, without_kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uncertainty.units import Unit, UnitSystem

_TIMES = MappingProxyType(
    {"000": 1e3, "thousand": 1e3, "thous": 1e3, "ths": 1e3, "tausend": 1e3, "tsd": 1e3, "trillion": 1e12}
    | {"million": 1e6, "millionen": 1e6, "mio": 1e6, "mill": 1e6, "mil": 1e6, "mln": 1e6, "mn": 1e6}
    | {"billion": 1e9, "milliarden": 1e9, "bn": 1e9, "mrd": 1e9, "tenth": 0.1, "hundredth": 0.01}
)
_BESIDE_MONEY = MappingProxyType(
    {"k": (1e3,), "t": (1e3, 1e12), "m": (1e6, 1e3), "mm": (1e6,), "mn": (1e6,), "b": (1e9,), "bn": (1e9,)}
)
"""Letters beside money: T is a thousand in German, and M in old accounts."""
_ROUND = r"(?:10{0,2}(?:[ ,.’']000)+|10+)"
AMOUNT = (
    rf"(?:(?:10 ?(?:\^|\*\*) ?|1e\+?)-?\d{{1,2}}(?!\d)|0\.0*1(?!\d)|{_ROUND}(?![\d.,])(?:['’]?s\b)?"
    rf"|['’‘]?(?:{'|'.join(_TIMES)})(?:['’]?s)?(?![^\W_])\.?)"
)
"""A number that is a power of ten, or a word for one: any other number, as in "2020 USD", may be a year."""
_BEFORE = regex(
    rf"(?P<sign>[x×*·] ?)?(?P<amount>{AMOUNT})(?! ?[%‰])(?: ?[x×*·] ?| (?:of )?|(?<=0)(?=[^\W\d_])|$)",
    re.IGNORECASE,
)
_AFTER = regex(rf"(?: ?(?P<sign>[x×*·]) ?| |(?<=[{OF_MONEY}]))(?P<amount>{AMOUNT})$", re.IGNORECASE)
PER_AMOUNT = rf"(?:10{{0,2}}(?:k| (?-i:k))(?![^\W_])|{AMOUNT})"
"""As in "per 100k" and "per 100 k"; "per 100 K" is of kelvins."""
_PER = regex(rf"per (?P<amount>{PER_AMOUNT})(?: |$)", re.IGNORECASE)
_PER_QUOTIENT = regex(r"(?P<of>[^/()]*\S) per (?P<what>[^/()]+/[^/()]+)")
"""As in "W per m³/h"."""
_HIGH = "⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
_LOW = str.maketrans(_HIGH, "+-0123456789")
_WORDS = MappingProxyType(
    {"per cent": "%", "percentage": "%", "pct": "%", "prozent": "%"}
    | {"per mille": "permille", "per mil": "permille", "promille": "permille", "‰": "permille"}
    | {"fraction": "1", "proportion": "1", "0-1": "1", "0–1": "1"}
    | {"basis points": "%*%", "bp": "%*%", "bps": "%*%"}
)
_SHARE_OF = regex(r"^[^\W\d_]+\.?[- ]?(?=[%‰]$)")
"""As in "wt%", "vol.-%" and "annual %"."""
_PRICES_OF = regex(r"^(?:(?:current|constant|nominal|real)(?: (?:19|20)\d\d)?) (?=\S)", re.IGNORECASE)
"""As in "current US$" and "constant 2015 US$"."""
_PER_WORD = regex(r"(?<=[\s.·*])([^\W\d_]{1,5})-([1-4])(?!\w)")
"""As in "kg ha-1" and "L s-1"; "day-1" alone is a day."""
_UNIT_IS = regex(r"(?:units?|einheit(?:en)?)(?: ?[:=] ?| )", re.IGNORECASE)
_DIVIDES = regex(r"^/ ?(?=[^\W\d_])")
"""As in "(/t)", which is per tonne."""
_QUOTIENT = regex(r"\w ?/ ?\w| per |\^-\d")
"""What makes a pure number of units: "kg/kg" is a share, whatever it stands over."""
_PER_PRODUCT = regex(r"/ ?([^\W\d_]+[23²³]?)[.·]([^\W\d_]+)(?!\w)")
"""As in "kWh/m2.yr"."""
_PER_UNKNOWN = regex(r"(?P<of>[^/()]*[^\W_]) ?/ ?(?P<what>[^\W\d_]{2,})\.?")
"""As in "GJ/cap"."""
_NORMAL = regex(r"(?<![^\W_])[NS]m(?:3|³|\^3|\*\*3)(?!\d)")
"""Cubic metres of gas under normal or standard conditions, which studies count as cubic metres."""
_CALORIES = ("calorie", "calories", "Calorie", "Calories", "Cal", "Cals")
"""What stands for calories and, beside food, for a thousand of them."""
_MORE_THAN_UNITS = ("min", "m", "d", "h", "s", "l", "in", "day", "week", "month", "year")
"""Units that over other quantities are something else: the minimum, male, high, liquid, what goes in."""
_GROUP = regex(r"^[A-KM-Z](?:/[A-KM-Z])?$|^1 | 1$")
"""A letter that may be a group's, but the L of litres, or two; a condition such as "1 bar" and "day 1"."""
FOOTNOTE = regex("[abceuA-E]")
"""A letter that is more likely a footnote's than a unit, as in "(a)"."""
_NO_UNIT = regex(r"[=<>≤≥]|^(?:[^\W\d_]\.){2,}$|\d ?[x×%‰]$")
"""As in "t = 0", "s.d.", "10x" and "1%"."""
_DEGREE = r"(?:[°º˚]|deg(?:ree)?s?\.?) ?"
_DEGREES = regex(
    rf"(?:{_DEGREE}[CF](?![^\W_])|(?:{_DEGREE})?(?:celsius|fahrenheit)|[℃℉]|(?-i:F)$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read what a heading says.

    Parameters
    ----------
    times
        How many of the unit it is.
    unit
        None where an amount stands alone, of whatever is counted.
    is_sure
        Whether nothing but this unit can be meant, over whatever quantity.
    is_money
        Whether it is certain money, which hardly any name means otherwise.
    """

    times: float
    unit: Unit | None
    is_sure: bool = False
    is_money: bool = False

    def is_like(self, other: Unit) -> bool:
        """Tell whether it measures what a unit does; thousands alone are as many of whatever is read."""
        return self.unit is None or self.unit.dimension == other.dimension

    def is_meant(self, other: Unit, *, is_loose: bool) -> bool:
        """Tell whether a text over numbers of a unit means this; a loose one may be another word."""
        is_price = self.is_money and not other.dimension.is_dimensionless
        return is_price or (self.is_sure and not is_loose) or self.is_like(other)

    def is_same(self, other: Unit, system: UnitSystem) -> bool:
        """Tell whether it is a unit; thousands are the unit of what is counted in thousands alone."""
        if self.unit is None:
            is_counted = all(name in system.counting_units for name, _ in other.dimension.powers)
            return is_counted and math.isclose(self.times, other.factor, rel_tol=1e-9)
        is_size = math.isclose(self.times * self.unit.factor, other.factor, rel_tol=1e-9)
        return is_size and self.is_like(other) and not are_of_other_kinds(self.unit.text, other.text)


def degrees_in(said: str) -> str:
    """Return C or F where a text says degrees Celsius or Fahrenheit, and nothing elsewhere."""
    found = _DEGREES.match(without_in(said))
    return "" if found is None else "C" if re.search("[C℃]", found[0], re.IGNORECASE) else "F"


def readings(said: str, system: UnitSystem) -> list[Reading]:
    """Return the ways to read what a heading says; none where it is no unit and no amount.

    Parameters
    ----------
    said
        As in "in 1000 kg", "kt CO2-eq", "Mio. €" and "MWh el".
    system
        The study's units.
    """
    text = _UNIT_IS.sub("", without_in(plain_amounts(plain_signs(said))), count=1)
    text = without_year_of_money(text, system.counting_units)
    text = "1" if is_dashes(text) else _DIVIDES.sub("1/", text)
    if _NO_UNIT.search(text):
        return []
    text = re.sub(r"^%(?=[^\W\d_]+$)", "% ", _SHARE_OF.sub("", text))
    text = _PER_PRODUCT.sub(r"/\1/\2", _NORMAL.sub("m**3", text))
    text = plain_words(_PER_WORD.sub(r"\1^-\2", text), system.counting_units)
    text = re.sub(rf"(?<=10)[{_HIGH}]+", lambda power: f"^{power[0].translate(_LOW)}", text)
    return [reading for way, known in ways_to_money(text, system) for reading in _in_words(way, known)]


def _in_words(text: str, known: UnitSystem) -> list[Reading]:
    found: list[Reading] = []
    for amount, rest in (part for each in _ways_to_divide(text) for part in _parted(each)):
        if is_of_pieces(rest):
            found += [Reading(many, None, is_sure=True) for many in amount]
            continue
        times, named = _with_money(_PRICES_OF.sub("", rest), known)
        for many in {one * other for one in amount for other in times}:
            units = _units(named, known)
            sure = amount == (1.0,) and times in ((1.0,), (0.01,))
            found += [
                Reading(many, unit, sure and is_sure, _is_of_money(unit, known)) for unit, is_sure in units
            ]
            found += [] if rest else [Reading(many, None)]
    return found


def _ways_to_divide(text: str) -> tuple[str, ...]:
    """Return a text, and where "per" stands before a quotient also the way that divides by all of that."""
    found = _PER_QUOTIENT.fullmatch(text)
    return (text, f"{found['of']}/({found['what']})") if found else (text,)


def is_many_of_money(said: str, units: Sequence[str], system: UnitSystem) -> bool:
    """Tell whether a letter alone stands over money for thousands or more, as in "Revenue (m)"."""
    known = [unit for each in units if (unit := system.find(each)) is not None]
    return said.lower() in _BESIDE_MONEY and any(_is_of_money(unit, system) for unit in known)


def _is_of_money(unit: Unit, system: UnitSystem) -> bool:
    money = {*money_of(system.counting_units).values()}
    return not money.isdisjoint(name for name, _ in unit.dimension.powers)


def _parted(text: str) -> Iterator[tuple[tuple[float, ...], str]]:
    """Yield what an amount in a text may be, and what it is of: "kg x 1000" may be a thousandth of a kg."""
    if found := _PER.match(text):
        rest = text[found.end() :]
        yield (1 / _times(found["amount"]),), f"1/({rest})" if rest else ""
        # births that no study counts
        yield from [((1 / _times(found["amount"]),), "1")] if rest else []
        return
    found = _BEFORE.match(text) or _AFTER.search(text)
    if found is None:
        yield (1.0,), text
        return
    times = _times(found["amount"])
    yield (times, 1 / times) if found["sign"] else (times,), text[: found.start()] + text[found.end() :]


def _times(amount: str) -> float:
    """Return the number that an amount is."""
    if power := re.fullmatch(r"1(?:0 ?(?:\^|\*\*) ?|e\+?)(-?\d+)", amount, re.IGNORECASE):
        return float(10.0 ** int(power[1]))
    word = amount.lower().strip(".'’‘")
    word = word if word in _TIMES else word.removesuffix("s").rstrip("'’")
    if word.startswith("0."):
        return float(word)
    if word.endswith("k"):
        return 1e3 * float(word.removesuffix("k"))
    return _TIMES[word] if word in _TIMES else float(re.sub(r"\D", "", word))


def _with_money(text: str, system: UnitSystem) -> tuple[tuple[float, ...], str]:
    """Return what a letter beside money multiplies it by, and the text with the study's word for it."""
    if named := hundredths(text, system.counting_units):
        return (0.01,), named
    money = money_of(system.counting_units)
    signs = "|".join(sorted(map(re.escape, money), key=len, reverse=True))
    letters = "|".join(sorted(_BESIDE_MONEY, key=len, reverse=True))
    pattern = rf"(?<![\w/])(?:({letters}) ?)?({signs})(?: ?({letters}))?(?![\w-])"
    found = re.search(pattern, text, re.IGNORECASE) if money else None
    if found is None:
        return (1.0,), text
    letter = (found[1] or found[3] or "").lower()
    named = f"{text[: found.start()]}{money[found[2].lower()]}{text[found.end() :]}"
    return _BESIDE_MONEY.get(letter, (1.0,)), named


def _units(text: str, system: UnitSystem) -> list[tuple[Unit, bool]]:
    """Return what a text may be as a unit, without words behind it, and whether each is nothing else."""
    text = re.sub(r"(?<=[^\W\d_])(?<!\bper) min$", "", text)
    ends = [len(text), *(space.start() for space in reversed([*re.finditer(r"[ _]+", text)]))]
    for end in ends:
        # a number alone is what the words behind it count
        is_unit = not FOOTNOTE.fullmatch(text[:end]) and (end == len(text) or text[:end] != "1")
        if is_unit and (found := _alone(text[:end], system)):
            return _likely(text[:end], found, is_all=end == len(text))
    # by whatever it is divided, its amount may contradict that of its own kind
    if (per := _PER_UNKNOWN.fullmatch(text)) and not _alone(per["what"], system):
        return [(unit, False) for unit, _ in _alone(per["of"], system) if not is_one(unit)]
    return []


def _likely(text: str, found: list[tuple[Unit, bool]], *, is_all: bool) -> list[tuple[Unit, bool]]:
    """Return the units that a text may well be, and which it surely is: "as built" is no attosecond."""
    # what is no unit to a study, as MT, has been read as people mean it
    is_word = text in _MORE_THAN_UNITS or _GROUP.search(text)
    if not is_word and not (is_unlikely(without_kind(text)) and any(is_sure for _, is_sure in found)):
        is_quotient = _QUOTIENT.search(text) is not None
        return [(unit, is_sure and is_all and (is_quotient or not is_one(unit))) for unit, is_sure in found]
    return [(unit, False) for unit, _ in found if is_all and not unit.dimension.is_dimensionless]


def _alone(text: str, system: UnitSystem) -> list[tuple[Unit, bool]]:
    """Return what a text is as a unit, or what people may mean by a word in it that no unit has."""
    if text in _CALORIES:
        return [(system.parse(each), False) for each in ("kcal", "cal")]
    if text in MARKS:
        return [(system.parse(each), False) for each in MARKS[text]]
    plain = without_kind(_WORDS.get(text.lower().rstrip("."), text))
    words = in_words(plain)
    for each in (plain, words, re.sub(" +", "_", plain)):
        if unit := system.find(each):
            return [(unit, True)]
    whole = re.findall(r"^\w+$", words)
    for word in {*re.findall(r"[^\W\d_]{2,}", words), *whole} - {"Min", "MIN"}:
        other = [words.replace(word, f"({each})" if words != word else each, 1) for each in meanings(word)]
        if units := [unit for each in other if (unit := system.find(each))]:
            return [(unit, False) for unit in units]
    return []


def is_one(unit: Unit) -> bool:
    """Tell whether a unit is that of a pure number."""
    return unit.dimension.is_dimensionless and unit.factor == 1.0
