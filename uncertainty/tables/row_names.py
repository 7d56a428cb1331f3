"""Names of rows that may be no data: sums, statistics, limits, unions of countries, spans of other rows."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.late import regex
from uncertainty.tables.name_kinds import kind_of
from uncertainty.tables.periods import MONTH_NAMES, months_of
from uncertainty.tables.sheets import is_missing
from uncertainty.tables.summaries import REMAINDER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

_SUMS = (
    r"averages?|avg\.?|mean|totals?|durchschnitt|mittelwert|moyenne|promedio|gemiddelde|insgesamt|gesamt"
    r"|ensemble|both sexes|overall|consensus|pooled|aggregated?"
)
_SIDE = r"(?:sub-saharan|latin|(?:north|(?<!\w)south(?! africa$)|south-?east|east|west|central)(?:ern)?) "
_REGION = (
    rf"(?:{_SIDE})?(?:africa(?: \w+ern and \w+)?|asia|americas?|europe|pacific|caribbean|oceania|baltics?)"
    r"|middle east"
)
_WORLD = r"world(?:wide)?(?: \(.*\))?|welt|monde|mundo|mondo|wereld|OWID_WRL|WLD|global"
_REGIONS = (
    rf"(?:{_REGION})(?: ?(?:&|/|-|and) ?(?:the )?(?:{_REGION}))*(?: \(.*\)| region)?"
    r"|(?:african|american|european|eastern mediterranean) region|middle east, .*"
)
_UNIONS = (
    r"arab world|OWID_\w+"
    r"|(?:EU|EA)[- ]?\(?\d\d\)?(?:_20\d\d)?|(?:european union|euro area)\b.*|euro-?zone"
    r"|(?:non-)?(?:OECD|EU|G-?7|G-?8|G-?20|OPEC|ASEAN|EFTA|BRICS)(?: members)?"
    r"|(?-i:(?:.{0,40}\W)?(?:OECD|IDA|IBRD)(?:\W.{0,40})?|CIS)"
    r"|(?:[^\W\d][\w&/'-]* ){0,6}(?:countries|economies)(?: \(.*\))?"
    r"|.*demographic dividend|fragile and conflict.*|not classified|unattributed"
    r"|(?:other )?areas, nes|.* bunkers"
    rf"|{_REGIONS}"
    r"|(?:low|middle|upper|high)(?:er)?\b.*\bincome(?: countries)?|(?:\w+ )*small states"
    r"|(?:least|less|more) developed\b.*|(?:.* )?(?:developed|developing) (?:regions|states|world)"
)
_TOTALS = (
    rf"(?:sub-? ?)?total(?:es?|s)?\W.*"
    rf"|all[_ ](?!(?:{REMAINDER})\b)(?:\w+|(?:[\w&/'-]+[_ ]){{1,4}}\w+s)(?: \(.*\))?"
    r"|every(?:one|body|thing)|(?:whole|entire|full) (?:sample|population|cohort|group|country|area)"
)
"""What sums are called first: of one "all" before a word, or before several that name many things."""
_OF_STUDIES = (
    r"(?:overall|pooled|summary)\b.*|(?:fixed|random|common|mixed)[- ]effects?(?: model\b.*| \(.*\))?"
    r"|[FR]E[- ]model\b.*|heterogeneity\b.*"
)
"""What stands below the studies of a meta-analysis."""
_PARTS = r"(?:.*\W)?(?:of which|thereof|davon|darunter|dont)\b.*"
_STATISTICS = (
    r"(?:expanded |combined |standard |erweiterte )?(?:uncertainty|unsicherheit|messunsicherheit|incertitude)"
    r"|U \(k ?= ?\d\)|IQR|GSD|\d ?(?:SD|σ|sigma)|\d\d ?% ?[UL]?C[IL]|[UL]C[IL](?: ?\d\d ?%?)?"
    r"|(?:p|t|F)[- ](?:value|test|wert)|R²|slope|intercept|\d{1,2}(?:th|st|nd|rd|\.)? ?-?percentile"
)
_OF_LABORATORIES = (
    r"(?:method |field |reagent |trip |lab )?blank|blindwert|(?:QC|CRM)[- ].+|(?:std|standard|cal) ?\d+"
    r"|LO[DQ]|MDL|PQL|(?:limit|target|reference|certified|guide|threshold)(?: values?| concentration)?"
    r"|valeur limite|grenzwert|zielwert|sollwert|referenzwert|background"
    r"|detection limit|nachweisgrenze|bestimmungsgrenze"
)
_ALL = (
    rf"(?:.*\W)?(?:{_SUMS})(?:\W*\d*\W*)|(?:average|mean) (?:of|for|across|EU|OECD|world|all)\b.*"
    rf"|(?:{_WORLD}|{_TOTALS}|{_OF_STUDIES})\W*"
)
_OF_ALL = regex(_ALL, re.IGNORECASE)
"""What rows are called that are of all others, as sums, averages and the world are."""
_OF_A_REGION = regex(rf"(?:{_REGIONS})\W*", re.IGNORECASE)
_NO_DATUM = regex(
    rf"{_ALL}|(?:{_UNIONS}|{_PARTS}|{_STATISTICS}|{_OF_LABORATORIES})\W*",
    re.IGNORECASE,
)
"""What rows are called that are sums, statistics, limits or a laboratory's checks, in any letters."""
_NUMBERED = regex(r"([^\W\d_]+)\d+")
_OF_SEVERAL = regex(r"all \w+ .*", re.IGNORECASE)
_REJECTED = regex(
    r"fail(?:ed)?|invalid|not valid|reject(?:ed)?|exclude[ds]?|outlier|do not use|discard(?:ed)?|erroneous"
    r"|faulty|ungültig|fehlerhaft|ausreißer|verworfen|missing|fehlt|manquant|aberrant"
    r"|suspect|suspicious|questionable|doubtful|dubious|(?:probably |presumably )?bad (?:data|value|quality)"
    r"|probably bad|verdächtig|zweifelhaft|douteu(?:x|se)|dudos[oa]",
    re.IGNORECASE,
)
"""What stands beside a number that somebody has left out."""
_PERCENTILE = regex(r"[PpQq]\d{1,2}(?:\.\d+)?|[Rr]2")
"""What samples may be called, too."""
_CODES = regex(
    "AF[EW]|ARB|CEB|CSS|EA[PRS]|EC[AS]|EMU|EUU|FCS|HIC|HPC|IB[DT]|ID[ABX]|INX|LAC|LCN|LDC|LIC|LM[CY]|LTE|MEA|MIC"
    "|MNA|NAC|OED|OSS|PRE|PS[ST]|SAS|SS[AFT]|TE[AC]|TLA|TMN|TS[AS]|UMC|WLD"
)
"""What the World Bank calls groups of countries."""
_COUNTRIES = regex(
    "A(?:RG|US|UT)|B(?:EL|GD|RA)|C(?:AN|H[ELN]|OL|ZE)|D(?:EU|NK)|E(?:GY|SP|TH)|F(?:IN|RA)|G(?:BR|RC)|HUN"
    "|I(?:DN|ND|RL|SL|SR|TA)|JPN|K(?:EN|OR)|MEX|N(?:GA|LD|OR|ZL)|P(?:AK|ER|HL|OL|RT)|R(?:OU|US)|S(?:AU|V[KN]|WE)"
    "|T(?:HA|UR)|U(?:KR|SA)|VNM|ZAF"
)
"""Some of those among which they stand."""
_REGION_CODE = regex("[A-Z]{2}[A-Z0-9]{0,3}")
_OPEN = regex(
    r"(\d+)\s?(?:\+|plus|(?:years )?(?:and|or) (?:over|older|above|more)|und (?:mehr|älter)|ans et plus)"
    r"|(?:>=?|≥|Y_GE)\s?(\d+)|(?:under|unter|moins de|<=?|≤|Y_LT)\s?(\d+)(?: years| Jahre| ans)?",
    re.IGNORECASE,
)
"""As in "65+" and "under 18"."""
_SPAN = regex(r"Y?(\d+(?:\.\d+)?)\s?(?:-|\N{EN DASH}|to|bis)\s?(\d+(?:\.\d+)?)")
_NUMBER = regex(r"Y?(\d+(?:\.\d+)?)")
_MOST_SPANS = 1_000
_WORD = regex(r".*[^\W\d_]{2}.*")
_ALL_MONTHS = (
    "january february march april may june july august september october november december sept"
    " januar jänner februar märz mai juni juli oktober dezember jän mär mrz okt dez"
    " janvier février mars avril juin juillet août septembre octobre novembre décembre janv févr avr juil"
    " déc enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre ene abr"
    " ago dic gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre gen mag giu lug set ott"
    " janeiro fevereiro março maio junho julho setembro outubro novembro dezembro fev out"
    " januari februari maart mei augustus mrt"
)
_DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday mon tues? wed thurs? fri sat sun thu"
    " montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so"
    " lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes"
    " sábado domingo"
)
_ALIKE = (
    # a series may begin long before the years that files of today are of
    (regex(r"(?:1\d|20)\d\d(?:[-/]\d\d(?:\d\d)?)?\W?[a-z*]?\W?"), None),
    (regex(rf"(?:{'|'.join([*MONTH_NAMES, *_ALL_MONTHS.split()])})\.?", re.IGNORECASE), None),
    (regex(rf"(?:{'|'.join(_DAYS.split())})\.?", re.IGNORECASE), None),
    (regex(rf"{_SPAN.pattern}|{_OPEN.pattern}", re.IGNORECASE), _WORD),
    (regex(rf"\d+(?:[-/]\d+){{0,2}}|\d+\.\d+\.\d+|{_OPEN.pattern}", re.IGNORECASE), _WORD),
)
"""Names of one thing, as years are, and what others among them have that call another: none are of these."""
_FEWEST_ALIKE = 5
_LABELLED = regex(r"([^\W\d].{0,40}?)[\W_]?\d{1,9}")
"""A word and a number, as "Lab 12"."""


@lru_cache(maxsize=2**14)
def may_be_no_datum(name: str) -> bool:
    """Tell whether a row's name is one of sums, statistics, limits and checks, as "World" and "LOD" are."""
    return _NO_DATUM.fullmatch(name.strip()) is not None


def is_of_all(name: str) -> bool:
    """Tell whether a row's name says that it is of all others, as "World", "Total" and "Mean" do."""
    return _OF_ALL.fullmatch(name.strip()) is not None


def names_told(names: Counter[str], more: Collection[str] = ()) -> frozenset[str]:
    """Return the names in a column of which people are told, by how many rows have each.

    A name of all others is told unless every row is called so. Other names that may be of no data are told
    of half of the rows at most: where most are so, as in a column of regions, all may be data. Beside
    regions, unions such as "European Union" are told.

    Parameters
    ----------
    more
        Further names that may be of no data.

    Examples
    --------
    >>> sorted(names_told(Counter(["Africa", "Asia", "Europe", "European Union", "World"])))
    ['European Union', 'World']
    >>> [*names_told(Counter(["Chad", "Iran", "Peru", "Europe"]))], [*names_told(Counter(["World"]))]
    (['Europe'], [])
    """
    apart = names_of_no_data(names).union(more)
    of_all = frozenset(filter(is_of_all, apart))
    others = apart - of_all
    if not _are_few(others, names):
        others = frozenset(each for each in others if not _OF_A_REGION.fullmatch(each.strip()))
    told = others if _are_few(others, names) else frozenset[str]()
    return told if of_all.issuperset(names) else told | of_all


def _are_few(some: Iterable[str], names: Counter[str]) -> bool:
    return 2 * sum(names[each] for each in some) <= names.total()


def is_rejected(text: str) -> bool:
    """Tell whether a text beside a number says that somebody has left it out."""
    return _REJECTED.fullmatch(text) is not None


def names_of_no_data(names: Iterable[str]) -> frozenset[str]:
    """Return the names that may be of no data, among all that a column has.

    Examples
    --------
    >>> sorted(names_of_no_data(["2018", "2019", "2020", "2018-2020"]))
    ['2018-2020']
    >>> [*names_of_no_data(["60-64", "65-69", "70+", "65+"])], [*names_of_no_data(["Q1", "Q2", "H1"])]
    (['65+'], ['H1'])
    >>> sorted(names_of_no_data(["N1", "N2", "N3", "p95"])), sorted(names_of_no_data(["P1", "P2", "P95"]))
    (['p95'], [])
    """
    every = {*names}
    named = {*filter(may_be_no_datum, every)}
    told = {
        *(named - {*_called_as_others(named, every), *_numbered_as_others(named, every)}),
        *_percentiles(every),
        *_spans(every),
        *_longer(every),
        *_above(every),
        *_strange(every),
    }
    return frozenset(
        told | {*filter(_CODES.fullmatch, every if any(map(_COUNTRIES.fullmatch, every)) else ())}
    )


def _called_as_others(told: Collection[str], names: Collection[str]) -> Iterator[str]:
    """Yield names such as "All Nippon Airways" whose last word others end in: each of them is one."""
    last = Counter(name.split()[-1] for name in names if name.strip())
    yield from (name for name in told if _OF_SEVERAL.fullmatch(name) and last[name.split()[-1]] > 1)


def _numbered_as_others(told: Collection[str], names: Collection[str]) -> Iterator[str]:
    """Yield names such as "G7" that are numbered as others of which nobody is told, such as "G12"."""
    labels = {name: each[1] for name in names if (each := _NUMBERED.fullmatch(name))}
    others = {label for name, label in labels.items() if name not in told}
    yield from (name for name in told if labels.get(name) in others)


def _longer(names: Collection[str]) -> Iterator[str]:
    """Yield names of periods that are longer than others, where all names are of periods or of sums.

    Where most are, as years are among which a quarter stands, it is the shorter ones.
    """
    months = months_of(names)
    if not all(name in months or not name or may_be_no_datum(name) for name in names):
        return
    least = min(months.values(), default=0)
    longer = {name for name, count in months.items() if count > least}
    yield from longer if 2 * len(longer) <= len(months) else months.keys() - longer


def _above(names: Collection[str]) -> Iterator[str]:
    """Yield codes of regions that others begin with, as "DE1" and "DE2" of "DE11", "DE12" and "DE21"."""
    shortest = min(map(len, names), default=0)
    if all(map(_REGION_CODE.fullmatch, names)) and any(name[-1:].isdigit() for name in names):
        count = dict.fromkeys((name for name in names if len(name) == shortest), 0)
        for name in names:
            if name not in count and name[:shortest] in count:
                count[name[:shortest]] += 1
        if min(count.values(), default=0) > 0 and max(count.values()) > 1:
            yield from count


def _strange(names: Collection[str]) -> Iterator[str]:
    """Yield names of another shape among those of years, months, days, ages, numbers or a word with these.

    There are half as many of them as of the others, or fewer.
    """
    filled = [name for name in names if name and not is_missing(name)]
    labels = Counter(each[1] for name in filled if (each := _LABELLED.fullmatch(name)))
    label = max(labels, key=lambda each: labels[each], default=None)
    ways = [(kind.fullmatch, other) for kind, other in _ALIKE]
    if label is not None and labels[label] >= _FEWEST_ALIKE:
        numbered = regex(rf"{re.escape(label)}[\W_]?\d.*")
        ways.append((numbered.fullmatch, regex(r"\D*[^\W\d_]{2}\D*")))
    for is_alike, other in ways:
        strange = [name for name in filled if not is_alike(name)]
        alike = len(filled) - len(strange)
        if strange and alike >= _FEWEST_ALIKE and 2 * len(strange) <= alike:
            yield from (each for each in strange if other is None or other.fullmatch(each))


def _percentiles(names: Collection[str]) -> Iterator[str]:
    """Yield names of percentiles, if no other name is of their kind."""
    found = {name: kind_of(name) for name in names if _is_a_percentile(name)}
    kinds = {kind_of(name) for name in names if name not in found} if found else set()
    if kinds:
        yield from (name for name, kind in found.items() if kind not in kinds)


def _is_a_percentile(name: str) -> bool:
    """Tell whether a name is of a percentile that people ask for: between 20 and 80 those of tens and 25."""
    if not _PERCENTILE.fullmatch(name):
        return False
    number = float(name[1:])
    return not 20 <= number <= 80 or number % 10 == 0 or number in (25, 75)


def _spans(names: Collection[str]) -> Iterator[str]:
    """Yield names such as "2018-2020" that have two others between their ends, or more."""
    found = {name: each.groups() for name in names if (each := _SPAN.fullmatch(name))}
    # beside "1-03" all are months of years: the ends of a span are written alike
    are_months = any(last.startswith("0") and len(last) > len(first) for first, last in found.values())
    spans = {name: _ends(*ends) for name, ends in found.items() if not are_months}
    months = months_of(spans)
    spans = {name: (low, high) for name, (low, high) in spans.items() if low < high and months.get(name) != 1}
    opened = {name: each for name in names if (each := _OPEN.fullmatch(name))}
    spans |= {
        name: (float(each[1] or each[2] or 0), float(each[3] or math.inf)) for name, each in opened.items()
    }
    if not 0 < len(spans) <= _MOST_SPANS:
        return
    numbers = [(float(each[1]),) * 2 for name in names if (each := _NUMBER.fullmatch(name))]
    low, high = np.array([*spans.values(), *numbers]).T
    for name, (first, last) in spans.items():
        inside = (low >= first) & (high <= last) & ((low > first) | (high < last))
        if inside.sum() > 1:
            yield name


def _ends(first: str, last: str) -> tuple[float, float]:
    """Return both ends of a span; of "2018-20" the last is 2020."""
    return float(first), float(first[: -len(last)] + last if len(first) == 4 and len(last) == 2 else last)
