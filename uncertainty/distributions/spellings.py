"""What to write for a text that people take for a distribution: ``150-250``, ``10 +- 3``, ``~10``.

Every piece of advice is tried before it is given: what `Reads` does not accept is left out.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TypeAlias

from uncertainty.distributions.families import EXAMPLES
from uncertainty.distributions.foreign_calls import (
    BY_NAMES,
    FAMILIES,
    PARAMETERS,
    arguments_of,
    is_plain,
    short,
)
from uncertainty.distributions.relative import Parts, parts_of_point
from uncertainty.distributions.spread_words import confidence, coverage_factor
from uncertainty.late import dataclass, regex

Reads: TypeAlias = Callable[[str], bool]

OWN_UNIT = "the unit is the input's own"

LONGEST = 200
MOST = 3
"""Ways to write a text that one line can offer."""

_DIGITS = r"(?:\d+(?:[.,_]\d+|[ '’\xa0\u202f]\d{3}(?!\d))*|\.\d+)"
_N = rf"[-+−]?{_DIGITS}(?:\s?[x×·*]\s?10\s?(?:\^|\*\*)\s?[-−]?\d+|[eE][-+−]?\d+)?"
_BETWEEN = r"(?:to|bis|till|until|and|à)(?![A-Za-z])"
_UNIT = rf"\s*(?:[%€$£]|(?!{_BETWEEN})[A-Za-zµ°][\wµ°²³*/^.]*)?"
_NO_UNIT = r"(?:sd|std|se|sigma|σ|plus|at|or|ci)\b"
_SEPARATOR = rf"\s*(?:-|–|—|−|→|~|…|\.\.+|{_BETWEEN})\s*"
_LEVEL = r"(?P<level>\d+(?:\.\d+)?)\s?%\s?(?:CI|UI|CrI|interval|range)?:?\s*"
_PLUS_MINUS = r"\s*(?:±|\+\s?/?\s?[-−–]|\bplus or minus\b)\s*"
_BOUNDED_SHAPES = r"rect|unif|triang|tol|limit|max|bound"
"""Words behind ± of which the spread is half a width: rectangular, tolerance, max error."""
OF_PERCENTAGES = ((0, "where the unit is %"), (-2, "where it is 1"))
"""By how many places a percentage moves, and under which unit."""
_AT_MOST = r"at most|up to|less than|below|under|max(?:imum)?"
_AT_LEAST = r"at least|more than|above|over|min(?:imum)?"


@dataclass(frozen=True, slots=True)
class _Way:
    """A text to write, and when it is the one that is meant."""

    text: str
    when: str = ""

    def __str__(self) -> str:
        return f'"{self.text}" {self.when}'.strip()


def advice(text: str, reads: Reads) -> str:
    """Say what to write for a text that cannot be read.

    Parameters
    ----------
    reads
        Tells whether a text is a distribution.

    Returns
    -------
    str
        ``write "2 to 8" for …``; nothing where nobody can tell what is meant.
    """
    plain = " ".join(text.split())
    if len(plain) > LONGEST:
        return ""
    if (typed := plain.replace("−", "-")) != text and reads(typed):
        return f'write "{typed}", with plain spaces and signs'
    if (written_out := _multiplied(plain)) is None:
        ways = [way for way in _of_last_exponent(plain) if reads(way.text)]
        return f"write {_listed(ways)}" if ways else ""
    if written_out != plain and reads(plain := written_out):
        return f'write "{plain}"'
    if (parts := parts_of_point(plain)) is not None:
        return f"write {_listed([way for way in _of_point(parts, reads) if reads(way.text)])}"
    if percentages := list(_of_percentages(plain, reads)):
        return f"write {_listed(percentages)}"
    offered, with_unit = _offered(plain, reads)
    if with_unit and len(_units(plain)) > 1:
        return OWN_UNIT
    unit = _about_unit(plain) if with_unit else ""
    return f"write {_listed(offered[:MOST])}{unit}" if offered else ""


def _multiplied(plain: str) -> str | None:
    """Write out what multiplies the numbers of a text: a word for an amount, an exponent that stands apart.

    Returns
    -------
    str or None
        The text where nothing multiplies a number; None where nobody can tell which numbers are meant.
    """
    if _GLUED.search(plain):
        return None
    found = list(_TIMES.finditer(plain))
    with_amount = [match for match in found if match["amount"] or match["exponent"]]
    if not with_amount:
        return plain
    together = with_amount == found[-1:] and len(found) == 2 and not found[-1]["exponent"]
    if len(with_amount) < len(found) and not together:
        return None
    shared = found[-1] if together else None

    def written_out(match: re.Match[str]) -> str:
        amount = ((shared or match)["amount"] or "").removesuffix("s").removesuffix(".")
        power = match["exponent"] or _AMOUNTS[amount if amount in "kM" else amount.lower()]
        return f"{match['number']}{match['digits'] or ''}e{power}"

    return _TIMES.sub(written_out, plain)


def _of_last_exponent(plain: str) -> Iterator[_Way]:
    """Offer both meanings of an exponent that stands apart behind the second of two numbers."""
    found = list(_TIMES.finditer(plain))
    if len(found) != 2 or not found[1]["exponent"] or found[0]["amount"] or found[0]["exponent"]:
        return
    before, between = plain[: found[0].end()], plain[found[0].end() : found[1].start()]
    power = f"e{found[1]['exponent']}"
    after = f"{between}{found[1]['number']}{power}{plain[found[1].end() :]}"
    yield _Way(f"{before}{power}{after}", "if the exponent is of both")
    yield _Way(f"{before}{after}", "if it is of the last alone")


def _units(plain: str) -> set[str]:
    """Return the units that stand behind numbers of a text."""
    parts = re.split(_LEVELS, plain, flags=re.IGNORECASE)
    return {match["unit"] for part in parts[::2] for match in _QUANTITY.finditer(part) if match["unit"]}


def _of_point(parts: Parts, reads: Reads) -> Iterator[_Way]:
    """Offer what a range as parts of the point may mean."""
    if parts.lognormal:
        quantiles = "" if parts.given else "if these are 5 % and 95 % quantiles"
        yield _Way(parts.lognormal, "for parts of the point" if parts.percentages else quantiles)
    if not parts.percentages or not parts.lognormal:
        yield _Way(parts.uniform, "if they are limits")
    if parts.percentages:
        yield from _of_percentages(parts.percentages, reads)


def _offered(plain: str, reads: Reads) -> tuple[list[_Way], bool]:
    """Return what can be written for a text, and whether its numbers may carry units."""
    for pattern, ways in _FORMS:
        if (match := pattern.fullmatch(plain)) is not None:
            offered = dict.fromkeys(way for way in ways(match) if way.text != plain and reads(way.text))
            if offered:
                return list(offered), ways not in _WITHOUT_UNITS
    return [], False


def _of_percentages(plain: str, reads: Reads) -> Iterator[_Way]:
    """Offer what a text of percentages says where the unit is per cent, and where it is one."""
    plain = _EACH_PERCENTAGE.sub(r"\1 % \2 \3 %", _PERCENT_IN_WORDS.sub(" %", plain))
    if concise := _CONCISE_PERCENTAGE.fullmatch(plain):
        yield from _of_concise_percentage(concise, reads)
        return
    parts = re.split(_LEVELS, plain, flags=re.IGNORECASE)  # every second is a level, such as (95 %)
    numbers = [number for part in parts[::2] for number in re.findall(_PERCENTAGE, part)]
    every = bool(numbers) and all(percent for _, percent in numbers)
    if not (every or re.fullmatch(_TO_PERCENT, parts[0].strip())):
        return
    for places, where in OF_PERCENTAGES:

        def scaled(match: re.Match[str], places: int = places) -> str:
            return (
                "".join(f"{Decimal(n).scaleb(places).normalize():f}" for n in _numbers(match[1])[:1])
                or match[0]
            )

        text = "".join(
            part if position % 2 else re.sub(_PERCENTAGE, scaled, part) for position, part in enumerate(parts)
        )
        found = [_Way(text)] if reads(text) else _offered(text, reads)[0]
        yield from (_Way(way.text, f"{way.when}, {where}" if way.when else where) for way in found[:1])


def _of_concise_percentage(match: re.Match[str], reads: Reads) -> Iterator[_Way]:
    centre, digits = match["centre"], match["digits"]
    apart = bool(match["space"]) and "." in _numbers(centre)[0]
    for places, where in OF_PERCENTAGES:
        # digits of the last place keep theirs; a spread of its own moves with the centre
        scaled = f"{Decimal(_numbers(centre)[0]).scaleb(places):f}"
        spread = f"{Decimal(digits).scaleb(places):f}"
        own, of_last_place = f"normal({scaled}, {spread})", f"{scaled}({digits})"
        for text in (own,) if "." in digits else (of_last_place, own) if apart else (of_last_place,):
            if reads(text):
                yield _Way(text, f"for {digits} {'%' if text == own else 'in the last place'}, {where}"
                           if apart and "." not in digits else where)  # fmt: skip


def example(text: str) -> str:
    """Return a text of the family that a text names; nothing where it names none."""
    name = re.match(r"[a-z_]*", text.strip())
    return EXAMPLES.get(name[0], "") if name else ""


def _listed(ways: list[_Way]) -> str:
    *before, last = map(str, ways)
    return f"{', '.join(before)}, or {last}" if before else last


def in_another_unit(text: str, factor: Callable[[str], float | None]) -> str | None:
    """Return a text with its numbers in another unit, which is not written behind them.

    Parameters
    ----------
    factor
        What a number is multiplied by that has a unit behind it; None where the unit is not known.

    Returns
    -------
    str or None
        None where a unit is not known, or a number may be read in two ways.
    """
    plain = " ".join(text.split())
    parts = re.split(_LEVELS, plain, flags=re.IGNORECASE)
    factors = {unit: factor(unit) for unit in _units(plain)}
    if None in factors.values():
        return None
    common = next(iter(factors.values()), 1.0) if len(set(factors.values())) < 2 else None
    failed = False

    def converted(match: re.Match[str]) -> str:
        nonlocal failed
        read, times = _numbers(match["number"]), factors.get(match["unit"], common)
        if times == 1:
            return f"{match['number']}{match['digits'] or ''}"
        if len(read) != 1 or times is None or match["digits"]:
            failed = True
            return match[0]
        return f"{float(read[0]) * times:.12g}".replace("e+", "e")

    found = "".join(part if place % 2 else _QUANTITY.sub(converted, part) for place, part in enumerate(parts))
    return None if failed else found


def _about_unit(plain: str) -> str:
    """Say where units are written, if a number of the text has one."""
    words = re.sub(_N, "#", plain)
    found = re.search(rf"#\)?\s*(?!{_BETWEEN}|{_NO_UNIT})[A-Za-zµ°]|[€$£]", words, re.IGNORECASE)
    return f"; {OWN_UNIT}" if found else ""


def _numbers(written: str) -> list[str]:
    """Return the numbers that a text may mean, as they are written here: a comma may be either mark."""
    plain = re.sub(r"(?<=\d)[ '’\xa0\u202f_](?=\d)", "", written).replace("−", "-").lstrip("+")
    plain = re.sub(r"\s?[x×·*]\s?10\s?(?:\^|\*\*)\s?", "e", plain)
    mantissa, e, exponent = plain.partition("e")
    commas, points = mantissa.count(","), mantissa.count(".")
    grouped = re.fullmatch(r"-?[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*", mantissa)
    if commas and points:
        decimal = max(",.", key=mantissa.rfind)
        found = [mantissa.replace(".,".replace(decimal, ""), "").replace(decimal, ".")]
    elif commas + points > 1:
        found = [re.sub("[.,]", "", mantissa)] if grouped else []
    elif commas:
        found = [mantissa.replace(",", "")] if grouped else []
        found += [mantissa.replace(",", ".")]
    else:
        found = [mantissa]
    return [f"{number}{e}{exponent}" for number in found]


def _aligned(*written: str) -> Iterator[tuple[str, ...]]:
    """Yield the numbers that texts mean together, each time read in the same way."""
    read = [_numbers(each) for each in written]
    for position in range(max(map(len, read)) if all(read) else 0):
        yield tuple(numbers[min(position, len(numbers) - 1)] for numbers in read)


def _range(match: re.Match[str]) -> Iterator[_Way]:
    for position, ends in enumerate(_aligned(match["low"], match["high"])):
        low, high = sorted(ends, key=float)
        if (low, high) == ends or not position:
            yield from _between(low, high)


def _between(low: str, high: str) -> Iterator[_Way]:
    yield _Way(f"{low} to {high}", "if these are 5 % and 95 % quantiles")
    yield _Way(f"uniform({low}, {high})", "if they are limits")


def _three(match: re.Match[str]) -> Iterator[_Way]:
    for low, middle, high in _aligned(match["low"], match["centre"], match["high"]):
        yield _Way(f"triangular({low}, {middle}, {high})", "between two limits")
        yield _Way(f"metalog(p5={low}, p50={middle}, p95={high})", "between two quantiles")


def _range_at_level(match: re.Match[str]) -> Iterator[_Way]:
    tail = (100 - float(match["level"])) / 2
    for low, high in _aligned(match["low"], match["high"]):
        yield _Way(f"{low} to {high} @ {match['level']} %")
        yield _Way(f"normal(p{tail:.6g}={low}, p{100 - tail:.6g}={high})")


def _plus_minus(match: re.Match[str]) -> Iterator[_Way]:
    said = (match["said"] or "").lower().strip()
    for centre, spread in _aligned(match["centre"], match["spread"]):
        written = f"{centre} ± {spread}{' %' if match['percent'] else ''}"
        factor, level = coverage_factor(said), confidence(said)
        if shape := re.match(_BOUNDED_SHAPES, said):
            yield from _within_limits(centre, spread, percent=bool(match["percent"]), shape=shape[0])
        elif level:
            yield _Way(f"{written} ({level} %)")
        elif factor:
            yield _Way(f"{written} (k={factor})")
        elif re.search(r"sd|std|σ|s\.d\.|se\b|sigma|standard", said):
            yield _Way(f"{written} (sd)")
        else:
            yield _Way(f"{written} (sd)", "for a standard deviation")
            yield _Way(f"{written} (k=2)", "for two of them")
            yield _Way(f"{written} (95 %)", "for half of a 95 % interval")


def _within_limits(centre: str, half: str, *, percent: bool, shape: str) -> Iterator[_Way]:
    """Offer what has limits on both sides of a centre, computed in decimal."""
    middle = Decimal(centre)
    width = abs(middle) * Decimal(half) / 100 if percent else Decimal(half)
    low, high = (f"{(middle + sign * width):f}" for sign in (-1, 1))
    triangular = shape.startswith("tri")
    yield _Way(f"triangular({low}, {centre}, {high})" if triangular else f"uniform({low}, {high})")


def _bound(match: re.Match[str]) -> Iterator[_Way]:
    downward = re.match(rf"[<≤]|{_AT_MOST}", match["sign"], re.IGNORECASE) is not None
    for (number,) in _aligned(match["centre"]):
        value = float(number)
        other = short(
            0.0 if downward and value > 0 else value + (abs(value) or 1.0) * (-1 if downward else 1)
        )
        ends = (other, number) if downward else (number, other)
        yield _Way(f"uniform({ends[0]}, {ends[1]})", f"if {other} is the other end")


def _about(match: re.Match[str]) -> Iterator[_Way]:
    for (number,) in _aligned(match["centre"]):
        value = float(number)
        near, far = short(0.9 * value), short(1.1 * value)
        yield _Way(f"{near} to {far}" if value > 0 else f"normal({number}, {short(abs(value) / 10 or 1)})",
                   "if it is known to 10 %")  # fmt: skip
        yield _Way(number, "for a constant")


def _centre_and_range(match: re.Match[str]) -> Iterator[_Way]:
    tail = (100 - float(match["level"] or 90)) / 2
    level = f" @ {match['level']} %" if match["level"] else ""
    for centre, low, high in _aligned(match["centre"], match["low"], match["high"]):
        middle = f"metalog(p{tail:.6g}={low}, p50={centre}, p{100 - tail:.6g}={high})"
        yield _Way(middle, "for a median between two quantiles")
        yield _Way(f"triangular({low}, {centre}, {high})", "between two limits")
        yield _Way(f"{low} to {high}{level}")


def _listing(match: re.Match[str]) -> Iterator[_Way]:
    written = re.findall(_SIMPLE if match.re.pattern == _LIST else _N, match[0])
    for numbers in _aligned(*written):
        values, text = list(map(float, numbers)), ", ".join(numbers)
        if len(values) == 2:
            yield from _between(*numbers)
        if len(values) == 3 and values == sorted(values):
            yield _Way(f"triangular({text})", "for the lowest, the likeliest and the highest")
        yield _Way(f"discrete({text})", "if it is one of these values")


def _concise(match: re.Match[str]) -> Iterator[_Way]:
    for (centre,) in _aligned(match["centre"]):
        mantissa, e, exponent = centre.partition("e")
        power = re.sub(r"\s?[x×·*]\s?10\s?(?:\^|\*\*)\s?|e", "e", match["power"] or "", flags=re.IGNORECASE)
        exponent = (e + exponent or power).replace("−", "-")
        plain = f"{mantissa}({match['digits']}){exponent}"
        own = f"normal({centre}{power}, {match['digits']}{exponent})"
        if "." in match["digits"]:
            yield _Way(own)
        elif match["space"]:
            decimals = len(mantissa.partition(".")[2])
            yield _Way(plain, f"for an sd of {Decimal(match['digits']).scaleb(-decimals):f}{exponent}")
            yield _Way(own, f"for an sd of {match['digits']}{exponent}")
        else:
            yield _Way(plain)


def _number(match: re.Match[str]) -> Iterator[_Way]:
    for (number,) in _aligned(match["centre"]):
        yield _Way(number)


def _arithmetic(match: re.Match[str]) -> Iterator[_Way]:
    for one, other in _aligned(match["one"], match["other"]):
        a, b, sign = float(one), float(other), match["sign"]
        try:
            value = a / b if sign == "/" else a**b if sign in ("^", "**") else a * b
        except (ZeroDivisionError, OverflowError):
            continue
        if isinstance(value, float) and math.isfinite(value):
            yield _Way(repr(value).removesuffix(".0"))


def _half(match: re.Match[str]) -> Iterator[_Way]:
    low, high = match["low"], match["high"]
    for (number,) in _aligned(low or high):
        other = short(float(number) * (2 if low else 0.5))
        yield _Way(f"{number} to {other}" if low else f"{other} to {number}", "with both ends")


def _quoted(match: re.Match[str]) -> Iterator[_Way]:
    yield _Way(match["inner"].strip())


def _call(match: re.Match[str]) -> Iterator[_Way]:
    name = re.sub(r"[-_ ]", "", match["family"].lower()).rstrip(".")
    near = difflib.get_close_matches(name, EXAMPLES, n=1, cutoff=0.75)
    family = FAMILIES.get(name) or (name if name in EXAMPLES else None) or (near[0] if near else None)
    arguments = arguments_of(match["arguments"], family or name)
    if family is None:
        return
    if name in ("n", "norm") and len(arguments) == 2 and is_plain(arguments[1]):
        root = math.sqrt(abs(float(arguments[1])))
        same = root == float(arguments[1])
        sd = f"normal({', '.join(arguments)})"
        yield _Way(sd, "" if same else "if the second is the standard deviation")
        if not same:
            yield _Way(f"normal({arguments[0]}, {short(root)})", "if it is the variance")
    elif family == "lognormal" and name != family and len(arguments) == 2 and "=" not in "".join(arguments):
        yield _Way(f"lognormal({', '.join(arguments)})", "for median and geometric sd")
        yield _Way(
            f"lognormal(median={arguments[0]}, sigma={arguments[1]})", "for median and sd of the logarithm"
        )
    else:
        yield _Way(f"{family}({', '.join(arguments)})")


def _named(match: re.Match[str]) -> Iterator[_Way]:
    pairs = re.findall(rf"([A-Za-z]+)\s*(?:=|:|\s)\s*({_N})", match[0])
    given = {
        PARAMETERS.get(name.lower(), name.lower()): (_numbers(value) or [""])[0] for name, value in pairs
    }
    for family, names in BY_NAMES.items():
        if given.keys() == set(names):
            yield _Way(f"{family}({', '.join(f'{name}={given[name]}' for name in names)})")


_CENTRE, _LOW, _HIGH = (rf"[€$£]?(?P<{name}>{_N}){_UNIT}" for name in ("centre", "low", "high"))
_ENDS = rf"{_LOW}{_SEPARATOR}{_HIGH}"
_EITHER = rf"(?:{_SEPARATOR}|\s*[,;]\s*)"
_QUANTITY = regex(
    rf"(?<![\w.])(?P<number>{_N})(?![\d.,]|\s*%)(?P<digits>\s?\(\d+\))?"
    rf"(?:\s*(?!{_BETWEEN}|{_NO_UNIT})(?P<unit>[A-Za-zµ°][\wµ°²³*/^.]*))?",
    re.IGNORECASE,
)
_AMOUNTS: Mapping[str, int] = MappingProxyType(
    {
        "k": 3,
        "thousand": 3,
        "M": 6,
        "million": 6,
        "mio": 6,
        "mn": 6,
        "billion": 9,
        "bn": 9,
        "mrd": 9,
        "trillion": 12,
    }
)
_AMOUNT = r"[kM]|(?i:thousands?|millions?|mio\.?|mn|billions?|bn|mrd\.?|trillions?)"
_TIMES = regex(
    rf"(?<![\w.])(?P<number>{_DIGITS})(?P<digits>\s?\(\d+\))?"
    rf"(?:\s+[eE](?P<exponent>[-+]?\d+)|\s?(?P<amount>{_AMOUNT}))?(?![\w%]|\s?%|[.,]\d)"
)
"""A number that is no level, with what multiplies it."""
_GLUED = regex(r"(?<![\w.])\d+(?![eE]\d)[A-Za-z]+\d{2}|(?<![\w.])0[xXbBoO]\d")
"""Digits that go on behind a letter: hexadecimal numbers, hours and minutes."""
_SIMPLE = r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)"
_LIST = rf"[(\[{{]?\s*{_SIMPLE}(?:\s*,\s*{_SIMPLE})+\s*[)\]}}]?"
_FAMILY = r"(?P<family>[A-Za-z_.]+(?:[- ][A-Za-z]+(?=\s*[(\[{]))?)"
_PERCENTAGE = rf"(?<![\w.,])({_DIGITS}(?:[eE][-+]?\d+)?)(?![\w.,]*\d)(\s*%)?"
_CONCISE_PERCENTAGE = regex(rf"\(?(?P<centre>{_N})(?P<space>\s?)\((?P<digits>\d+(?:\.\d+)?)\)\)?\s*%")
_PERCENT_IN_WORDS = regex(r"(?<=[\d)])\s*(?:per\s?cent|pct)\b", re.IGNORECASE)
_EACH_PERCENTAGE = regex(rf"\(({_N})\s*(±|\+\s?/?\s?-|to|-|–)\s*({_N})\)\s*%")
_TO_PERCENT = rf"(?:(?:between|from|range)\s+)?{_N}{_SEPARATOR}{_N}\s*%"
_LEVELS = (
    r"(@\s*\d+(?:\.\d+)?\s*%?|\(\s*\d+(?:\.\d+)?\s*%\s*(?:[A-Za-z]+)?\s*\)|\(\s*k\s*=[^)]*\)"
    r"|\d+(?:\.\d+)?\s?%\s?(?:CI|UI|CrI|interval|range)\b)"
)
_WITHOUT_UNITS = (_arithmetic, _quoted, _call, _named)
_FORMS = tuple(
    (regex(pattern, re.IGNORECASE), ways)
    for pattern, ways in (
        (_CENTRE, _number),
        (rf"(?:(?:between|from|range)\s+)?{_ENDS}", _range),
        (
            rf"{_CENTRE}{_PLUS_MINUS}(?P<spread>{_N})\s*(?P<percent>%)?{_UNIT}\s*(?:\((?P<said>.*)\))?",
            _plus_minus,
        ),
        (rf"(?P<sign><=?|>=?|≤|≥|{_AT_MOST}|{_AT_LEAST})\s*{_CENTRE}", _bound),
        (rf"(?:~|≈|≃|∼|about|approx\.?|approximately|around|ca\.?|circa|c\.|roughly)\s*{_CENTRE}", _about),
        (rf"(?P<low>{_N})\s*(?:to|-|–|\.\.+)|(?:to|–|\.\.+)\s*(?P<high>{_N})", _half),
        (
            rf"(?P<centre>{_N})(?P<space>\s?)\((?P<digits>\d+(?:\.\d+)?)\)"
            r"(?P<power>(?:\s?[x×·*]\s?10\s?(?:\^|\*\*)\s?|e)[-+−]?\d+)?" + _UNIT,
            _concise,
        ),
        (rf"{_CENTRE}\s*[(\[]\s*(?:{_LEVEL})?{_LOW}{_EITHER}{_HIGH}\s*[)\]]", _centre_and_range),
        (rf"{_LEVEL}[(\[]?{_LOW}{_EITHER}{_HIGH}[)\]]?", _range_at_level),
        (rf"{_ENDS}\s*(?:@|,|\(|at)\s*{_LEVEL}\)?", _range_at_level),
        (rf"{_ENDS}\s*(?:@|at)\s*(?P<level>\d\d(?:\.\d+)?)", _range_at_level),
        (rf"{_LOW}{_SEPARATOR}{_CENTRE}{_SEPARATOR}{_HIGH}", _three),
        (_LIST, _listing),
        (rf"[(\[{{]?\s*{_N}(?:\s*[;|]\s*{_N})+\s*[)\]}}]?", _listing),
        (rf"(?P<one>{_N})\s*(?P<sign>\*\*|[*/^x×])\s*(?P<other>{_N})", _arithmetic),
        (r"""(["'])(?P<inner>.*)\1""", _quoted),
        (_FAMILY + r"\s*(?:[(\[{]|(?<=\s))\s*(?P<arguments>[^()\[\]{}]*?)\s*[)\]}]?", _call),
        (rf"[A-Za-z]+\s*(?:=|:|\s)\s*{_N}(?:[,;\s]\s*[A-Za-z]+\s*(?:=|:|\s)\s*{_N})*", _named),
    )
)
