"""Names of periods, of which a longer one may sum up shorter ones: years, quarters, months, days, hours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from uncertainty.late import regex

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

YEAR = r"(?:19|20)\d\d"
MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?:{'|'.join(MONTH_NAMES)})[a-z]*\.?"
_M, _D = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_DAY = (
    rf"(?:{YEAR}(?P<sign>[-/.]){_M}(?P=sign){_D}|{_D}(?P<mark>[-/.]){_D}(?P=mark){YEAR}"
    rf"|{YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|{_D}[. ]{{0,2}}{_MONTH}(?:[- ]{YEAR})?)"
)
_CLOCK = r"[ T]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?(?:Z| ?[AP]M)?"
_MOST = 2**15
_HOURS, _DAYS, _WEEKS = 1 / 720, 1 / 30, 1 / 4
_PERIODS = {
    12: regex(rf"{YEAR}|FY ?'?(?:{YEAR}|\d\d)"),
    6: regex(rf"(?:{YEAR}[- ]?)?H[12]|{YEAR}[- ]?S[12]|H[12][- ]{YEAR}"),
    3: regex(
        rf"(?:{YEAR}[-/ ]?)?Q[1-4]|{YEAR}[- ]?T[1-4]|Q[1-4][-/ ]'?(?:{YEAR}|\d\d)|[1-4]Q ?'?(?:{YEAR}|\d\d)?"
    ),
    1: regex(
        rf"(?:{YEAR}[- ]?)?{_MONTH}(?:[- ]{YEAR})?|{YEAR}[-/]?M?(?:0[1-9]|1[0-2])|{_M}[-/.]{YEAR}"
        rf"|{_MONTH}[- ]'?\d\d",
        re.IGNORECASE,
    ),
    _WEEKS: regex(rf"{YEAR}-?W\d\d"),
    _DAYS: regex(_DAY, re.IGNORECASE),
    _HOURS: regex(_DAY + _CLOCK, re.IGNORECASE),
}
"""By their months."""
_MIDNIGHT = regex(r".*\D0?0:00(?::00(?:\.0+)?)?Z?")
_MONTHS = regex(rf"(?:{YEAR}[- ]?)?({_MONTH}) ?[-\N{{EN DASH}}] ?({_MONTH})(?:[- ]{YEAR})?", re.IGNORECASE)
_YEARS = regex(r"(?:19|20)(\d\d)[-/](\d\d)")
"""As "2018/19" and "2018-21"; "2009-10" may be a month."""


def months_of(names: Collection[str]) -> Mapping[str, float]:
    """Return how many months each of some names has that is one of a period; nothing of very many.

    Examples
    --------
    >>> [*months_of(["2018/19", "2018-21", "2009-10"]).values()]
    [12, 36, 12]
    >>> [*months_of(["2009-10", "2009-11"]).values()]
    [1, 1]
    """
    if len(names) > _MOST:
        return {}
    ends = {name: each.groups() for name in names if (each := _YEARS.fullmatch(name))}
    years = {name: (int(last) - int(first)) % 100 for name, (first, last) in ends.items()}
    # months are seldom those of the year's own next number
    are_years = 2 * [*years.values()].count(1) > len(years)
    found: dict[str, float] = {}
    for name in names:
        if count := (12 * years.get(name, 0) if are_years else 0) or _months(name):
            found[name] = count
    if _HOURS in found.values() and not any(map(_MIDNIGHT.fullmatch, found)):
        # programs write a day without its hour where that is midnight
        found = {name: _HOURS if count == _DAYS else count for name, count in found.items()}
    return found


def _months(name: str) -> float:
    """Return how many months a period has by its name; none if it is no such name."""
    if found := _MONTHS.fullmatch(name):
        first, last = (MONTH_NAMES.index(each[:3].lower()) for each in found.groups())
        return (last - first) % 12 + 1
    return next((count for count, kind in _PERIODS.items() if kind.fullmatch(name)), 0)
