"""Names of rows that may be no data: sums, statistics, limits, unions of countries, spans of other rows."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.late import regex
from uncertainty.tables.name_kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

_SUMS = (
    r"averages?|avg\.?|mean|totals?|durchschnitt|mittelwert|moyenne|promedio|gemiddelde|insgesamt"
    r"|ensemble|both sexes|all ages|all items|consensus|pooled|aggregated?"
)
_SIDE = r"(?:sub-saharan|latin|(?:north|(?<!\w)south(?! africa$)|east|west|central)(?:ern)?) "
_REGION = rf"(?:{_SIDE})?(?:africa|asia|americas?|europe|pacific|caribbean|oceania)|middle east"
_UNIONS = (
    r"(?:arab )?world|welt|monde|mundo|mondo|wereld|OWID_\w+|(?:EU|EA)-?\d\d(?:_20\d\d)?"
    r"|(?:european union|euro area)\b.*|(?:OECD|EU|G7|G20|OPEC|ASEAN)(?: countries| members)?"
    rf"|(?:{_REGION})(?: ?(?:&|/|-|and) ?(?:the )?(?:{_REGION}))*(?: \(.*\))?"
    r"|(?:low|middle|upper|high)(?:er)?\b.*\bincome(?: countries)?|(?:\w+ )*small states"
    r"|(?:least|less|more) developed\b.*"
)
_PARTS = r"(?:.*\W)?(?:of which|thereof|davon|darunter|dont)\b.*"
_STATISTICS = (
    r"(?:expanded |combined |standard |erweiterte )?(?:uncertainty|unsicherheit|messunsicherheit|incertitude)"
    r"|U \(k ?= ?\d\)|IQR|GSD|\d ?(?:SD|σ|sigma)|\d\d ?% ?[UL]?C[IL]|[UL]C[IL](?: ?\d\d ?%?)?"
    r"|(?:p|t|F)[- ](?:value|test|wert)|R2|R²|slope|intercept|\d{1,2}(?:th|st|nd|rd|\.)? ?-?percentile"
)
_OF_LABORATORIES = (
    r"(?:method |field |reagent |trip |lab )?blank|blindwert|(?:QC|CRM)[- ].+|(?:std|standard|cal) ?\d+"
    r"|LO[DQ]|MDL|PQL|(?:limit|target|reference|certified|guide|threshold)(?: values?| concentration)?"
    r"|valeur limite|grenzwert|zielwert|sollwert|referenzwert|background"
    r"|detection limit|nachweisgrenze|bestimmungsgrenze"
)
_NO_DATUM = regex(
    rf"(?:.*\W)?(?:{_SUMS})(?:\W*\d*\W*)|(?:average|mean|total) (?:of|for|across|EU|OECD|world|all)\b.*"
    rf"|(?:{_UNIONS}|{_PARTS}|{_STATISTICS}|{_OF_LABORATORIES})\W*",
    re.IGNORECASE,
)
"""What rows are called that are sums, statistics, limits or a laboratory's checks, in any letters."""
_REJECTED = regex(
    r"fail(?:ed)?|invalid|not valid|reject(?:ed)?|exclude[ds]?|outlier|do not use|discard(?:ed)?|erroneous"
    r"|faulty|ungültig|fehlerhaft|ausreißer|verworfen|missing|fehlt|manquant|aberrant",
    re.IGNORECASE,
)
"""What stands beside a number that somebody has left out."""
_PERCENTILE = regex(r"[PpQq]\d{1,2}(?:\.\d+)?")
"""What samples may be called, too."""
_SPAN = regex(r"(\d+(?:\.\d+)?)\s?(?:-|\N{EN DASH}|to|bis)\s?(\d+(?:\.\d+)?)")
_NUMBER = regex(r"\d+(?:\.\d+)?")
_MOST_SPANS = 1_000


@lru_cache(maxsize=2**14)
def may_be_no_datum(name: str) -> bool:
    """Tell whether a row's name is one of sums, statistics, limits and checks, as "World" and "LOD" are."""
    return _NO_DATUM.fullmatch(name.strip()) is not None


def is_rejected(text: str) -> bool:
    """Tell whether a text beside a number says that somebody has left it out."""
    return _REJECTED.fullmatch(text) is not None


def names_of_no_data(names: Iterable[str]) -> frozenset[str]:
    """Return the names that may be of no data, among all that a column has, unless most are.

    Examples
    --------
    >>> sorted(names_of_no_data(["2018", "2019", "2020", "2018-2020"]))
    ['2018-2020']
    >>> sorted(names_of_no_data(["N1", "N2", "N3", "p95"])), sorted(names_of_no_data(["P1", "P2", "P95"]))
    (['p95'], [])
    """
    every = {*names}
    return frozenset({*filter(may_be_no_datum, every), *_percentiles(every), *_spans(every)})


def _percentiles(names: Collection[str]) -> Iterator[str]:
    """Yield names of percentiles, if no other name is of their kind."""
    found = {name: kind_of(name) for name in names if _PERCENTILE.fullmatch(name)}
    kinds = {kind_of(name) for name in names if name not in found} if found else set()
    if kinds:
        yield from (name for name, kind in found.items() if kind not in kinds)


def _spans(names: Collection[str]) -> Iterator[str]:
    """Yield names such as "2018-2020" that have two others between their ends, or more."""
    spans = {name: _ends(*each.groups()) for name in names if (each := _SPAN.fullmatch(name))}
    if not 0 < len(spans) <= _MOST_SPANS:
        return
    numbers = [(float(name), float(name)) for name in names if _NUMBER.fullmatch(name)]
    low, high = np.array([*spans.values(), *numbers]).T
    for name, (first, last) in spans.items():
        inside = (low >= first) & (high <= last) & (high - low < last - first)
        if inside.sum() > 1:
            yield name


def _ends(first: str, last: str) -> tuple[float, float]:
    """Return both ends of a span; of "2018-20" the last is 2020."""
    return float(first), float(first[: -len(last)] + last if len(first) == 4 and len(last) == 2 else last)
