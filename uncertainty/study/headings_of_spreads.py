"""What headings over distributions say of the cells below them, where these say less or something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from uncertainty.errors import InvalidValue
from uncertainty.late import regex
from uncertainty.tables.sheets import as_number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_OF_SPREADS = "sd std stddev stdev standarddeviation stderr stderror standarderror se sem gsd rsd cv sigma σ"
_SPREADS = frozenset(_OF_SPREADS.split())
"""Headings of spreads, without points and blanks: a number below one is no value of the input."""
_OF_VARIATION = (
    "uncertainty unsicherheit incertitude incertidumbre error errors err min max minimum maximum lower upper "
    "lcl ucl lci uci ci variance"
)
_SAYING_SPREAD = _SPREADS.union(_OF_VARIATION.split())
"""Words of headings of spreads and of the ends of ranges."""
_RANGE = regex(r"[+-]?\d[\d.e+-]*\s+to\s+[+-]?\d[\d.e+-]*", re.IGNORECASE)
_INTERVAL = r"(?:CI|CrI|UI|PI)"
_LEVEL = regex(rf"(?<![\d.])(\d\d(?:\.\d+)?) ?%|(?i:\b{_INTERVAL} ?(\d\d)\b|\b(\d\d) ?{_INTERVAL}\b)")
_OF_LEVELS = regex(
    rf"\b(?:{_INTERVAL}|interval|conf\w*|cred\w*|coverage|range|limits|unc\w*)\b|^[\d.]+ ?%$", re.IGNORECASE
)
_BETWEEN = regex(
    r"(?<![\w.])[PQ]?(?P<first>\d{1,2}(?:\.\d+)?)(?: ?%|th)?(?: percentiles?)? ?(?:-|–|to|and|/) ?"
    r"[PQ]?(?P<last>\d{2}(?:\.\d+)?)(?: ?%|th)?(?![\w.])",
    re.IGNORECASE,
)
"""As in "P10-P90" and "2.5 to 97.5 %": the per cent below both ends of a range."""
_OF_ENDS = regex(r"%|\dth\b|\bP ?\d|(?:percent|quant)ile", re.IGNORECASE)
_AROUND = regex(
    r"(?:range|interval|(?:percent|quant)iles?|conf\w*|cred\w*|unc\w*|central|likely|distribution|[CU]I|[\W_])*",
    re.IGNORECASE,
)
"""What a heading that says the ends of ranges may say beside them; "at 20-80 % load" says something else."""
_QUARTILES = regex(r"\b(?:IQR|interquartile|Q1 ?(?:-|–|to|/) ?Q3)\b", re.IGNORECASE)
_LIMITS = regex(r"\bmin(?:imum)?\b.*\bmax(?:imum)?\b", re.IGNORECASE)
_PER_CENT = regex(
    r"(?<![\d.])(?<![\d.] )(?:[%‰]|(?<![^\W_])(?:pct|perc|per ?cent|percentage|prozent)(?![^\W_]))"
    r"|(?<![^\W_])rel(?:ative|ativ)?(?![^\W_])|\bof (?:the )?(?:point|mean|estimate|value)\b",
    re.IGNORECASE,
)
"""What says per cent of the points, and is no level as in "95 % range"."""
_LEVELS = regex(r"@.*|\(\s*[\d.]+\s*%[^)]*\)")
_PLUS_OR_MINUS = regex(r"point\s*(?:±|\+/?-)\s*(?P<by>[\d.e+-]+)", re.IGNORECASE)
_OF_POINTS = regex(r"%|\bcv\b|^lognormal\(\s*point|^(?:conditional|one_of)\b", re.IGNORECASE)
"""What a distribution has that says its spread in no unit."""
OF_RANGES = 90.0
"""The per cent of the probability between the ends of a range that says no other."""


def otherwise(heading: str, text: str, unit: str) -> str | None:
    """Say what is wrong with a text below a heading of distributions; None where nothing is."""
    is_range = _RANGE.fullmatch(text)
    around = _PLUS_OR_MINUS.match(text)
    if (is_range or around) and _is_in_unit(heading, text, unit):
        other = (
            f'write each as in "{text[: around.end("by")]} %{text[around.end("by") :]}"'
            if around
            else 'give that column another heading, or write each as in "point ± 20 % (95 %)"'
        )
        return f"{_says_per_cent(heading, unit)}; {other}"
    name = re.sub(r"[\W_]", "", re.sub(r"[(\[].*", "", heading.casefold()))
    if name in _SPREADS and is_number(text):
        said = f'a number below "{heading}" is a spread, and no distribution'
        return f'{said}; write each as in "{_as(heading, name)}"'
    if is_range and (meant := _meant(heading.replace("_", " ").strip())):
        return f'a range below "{heading}" would have its ends at 5 % and 95 %; write each as in "{meant}"'
    return None


def _says_per_cent(heading: str, unit: str) -> str:
    """Say that a heading may say per cent, and how the distributions below it are read."""
    read = "as pure numbers" if unit == "1" else f"in {unit}"
    return f'"{heading}" may say per cent of the points, and what stands below it is read {read}'


def _is_in_unit(heading: str, text: str, unit: str) -> bool:
    """Tell whether a distribution is read in a unit, and its heading says per cent of the point."""
    if "%" in unit or unit == "percent" or not _PER_CENT.search(heading.replace("_", " ")):
        return False
    plain = _LEVELS.sub("", text)
    return re.search(r"\d", plain) is not None and not _OF_POINTS.search(plain)


def spread_notes(heading: str, text: str, unit: str) -> Iterator[str]:
    """Yield what a heading may say otherwise of a distribution below it than this is read."""
    if _is_in_unit(heading, text, unit):
        yield f"{_says_per_cent(heading, unit)}."
    if _says_no_level(heading, text):
        said = f'ranges below "{heading}" have their ends at 5 % and 95 %'
        yield f"{said}; others are written as in 2 to 8 @ 95 %."


def _says_no_level(heading: str, text: str) -> bool:
    """Tell whether a range stands below a heading that may mean other ends than those of every range."""
    if heading.casefold() == "distribution" or not _RANGE.fullmatch(text):
        return False
    ends = _BETWEEN.search(heading)
    said = [float(next(filter(None, each))) for each in _LEVEL.findall(heading)]
    return OF_RANGES not in (*said, *([float(ends["last"]) - float(ends["first"])] if ends else []))


def _as(heading: str, name: str) -> str:
    """Return a distribution with such a spread."""
    if name == "gsd":
        return "lognormal(point, 2)"
    if name == "cv" and "%" not in heading:
        return "normal(mean=point, cv=0.2)"
    return "point ± 2 % (sd)" if "%" in heading else "point ± 2 (sd)"


def _meant(heading: str) -> str:
    """Return a range as a heading means it; nothing where it means what every range does."""
    ends = _BETWEEN.search(heading)
    if ends and float(ends["first"]) + float(ends["last"]) == 100.0 and _OF_ENDS.search(heading):
        level = float(ends["last"]) - float(ends["first"])
        is_all = _AROUND.fullmatch(heading[: ends.start()] + heading[ends.end() :])
        return f"2 to 8 @ {level:g} %" if is_all and level not in (0.0, OF_RANGES) else ""
    found = _LEVEL.search(heading)
    if found and (not found[1] or _OF_LEVELS.search(heading)):
        level = next(filter(None, found.groups()))
        return "" if float(level) == OF_RANGES else f"2 to 8 @ {level} %"
    if _QUARTILES.search(heading):
        return "2 to 8 @ 50 %"
    return "uniform(2, 8)" if _LIMITS.search(heading) else ""


def is_of_spread(heading: str, others: Collection[str]) -> bool:
    """Tell whether a heading may be one of spreads or ends of ranges, and none of others that are known."""
    words = {*re.findall(r"[^\W\d_]+|\d+", heading.casefold())}
    return heading not in others and not words.isdisjoint(_SAYING_SPREAD)


def is_number(text: str) -> bool:
    """Tell whether a cell holds a number."""
    try:
        as_number(text)
    except InvalidValue:
        return False
    return True
