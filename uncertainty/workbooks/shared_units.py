"""Which of several columns of numbers have the unit that stands in a column of units beside them.

A table of parameters has its scenarios, years and ends of ranges beside one column of units, and all of them
have it. A list of things, such as a bill of quantities, has different quantities side by side, and its unit
is that of one: of the quantity, or of the price where the text is a ratio. They are told by their headings.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.late import regex
from uncertainty.units.elsewhere import PER
from uncertainty.units.written import MONEY
from uncertainty.workbooks.ranges import is_beside_another

if TYPE_CHECKING:
    from collections.abc import Mapping

_FACTOR = (
    "price prices cost costs rate rates tariff tariffs wage wages salary fee fees factor factors ef gwp cf "
    "coefficient efficiency density abs absorbance dil dilution preis preise kosten faktor tarif "
    "einheitspreis einzelpreis stückpreis ep wirkungsgrad dichte prix coût coûts facteur precio coste"
)
"""Words of what the quantity of a row is multiplied or divided by."""
_OTHER = (
    "share shares fraction proportion percent percentage ratio relative rel number no nr n id count year "
    "years lifetime life age hours days score quality pedigree rank probability gsd cv discount vat tax "
    "anteil jahr jahre lebensdauer anzahl stunden tage part année nombre durée dof freedom"
)
"""Words of what is no quantity in the row's unit."""
_SCENARIO = (
    "case cases scenario scenarios variant variants option options shock pathway policy reform "
    "szenario szenarien fall variante varianten scénario cas variantes escenario caso"
)
"""Words of columns that hold the quantities of all rows once more, whatever else they are called by."""
_FACTORS = frozenset(_FACTOR.split())
_OTHERS = frozenset(_OTHER.split())
_SCENARIOS = frozenset(_SCENARIO.split())
_WORD = regex(r"[^\W\d_]+")
_RATIO = regex(rf"/|\b(?:per|{PER})\b", re.IGNORECASE)


class Heading(NamedTuple):
    """What stands over a column of numbers, and the unit that it has in parentheses."""

    text: str
    unit: str = ""


class _Kind(NamedTuple):
    """What a heading says of its column.

    Parameters
    ----------
    words
        Those of its words that say that it holds another quantity than the row's.
    name
        All of its words, without digits.
    is_factor
        Whether it heads what that quantity is multiplied by, or has a unit of its own.
    is_another
        Whether it heads something else than that quantity.
    is_beside
        Whether it is an end of a range or a spread, and belongs to another column.
    """

    words: frozenset[str]
    name: str
    is_factor: bool
    is_another: bool
    is_beside: bool


def that_have_unit(headings: Mapping[int, Heading], units: int, text: str) -> set[int]:
    """Return the columns of the numbers that have the unit of their row.

    Parameters
    ----------
    headings
        By column, those of the numbers beside a column of units.
    units
        That column.
    text
        What stands there in the row.
    """
    kinds = {column: _kind(each) for column, each in headings.items()}
    bases = sorted(column for column, kind in kinds.items() if not kind.is_beside)
    if not bases:
        return set(headings)
    found = _bases_that_have_unit({column: kinds[column] for column in bases}, units, text)
    found -= {column for column in bases if headings[column].unit}
    for column, kind in kinds.items():
        if kind.is_beside:
            place = bisect_left(bases, column)
            owner = bases[max(place - 1, 0)]
            found |= {column} if owner in found and not headings[column].unit else set()
    return found


def that_have_unit_of_row(headings: Mapping[int, Heading], name: int, text: str) -> set[int]:
    """Return the columns of the numbers that have the unit in the name of their row.

    Where all columns have units, the name says more of its row than a unit that is the same for all of them,
    but for what is in per cent.

    Parameters
    ----------
    headings
        By column, those of the numbers.
    name
        The column of the name.
    text
        The unit that it ends with.
    """
    found = that_have_unit(headings, name, text)
    if found or len(headings) == 1:
        return found or set(headings)
    units = {column: each.unit for column, each in headings.items() if not each.unit.startswith("%")}
    return set(units) if len(set(units.values())) == 1 else set()


def _bases_that_have_unit(kinds: Mapping[int, _Kind], units: int, text: str) -> set[int]:
    plain = [column for column, kind in kinds.items() if not kind.is_another]
    factors = [column for column, kind in kinds.items() if kind.is_factor]
    beside = next((column for column in (units - 1, units + 1) if column in kinds), None)
    if beside in factors and (_RATIO.search(text) or text in MONEY):
        candidates = factors
    elif plain and not factors:
        return set(plain)
    else:
        candidates = plain or list(kinds)
    nearest = min(candidates, key=lambda column: (abs(column - units), column > units))
    return {column for column in candidates if _is_like(kinds[column], kinds[nearest])} | {nearest}


@lru_cache(maxsize=4096)
def _kind(heading: Heading) -> _Kind:
    every = _WORD.findall(heading.text.casefold())
    # "Year 1" is a column of a row of years
    words = frozenset(every) & (_FACTORS if any(map(str.isdigit, heading.text)) else _FACTORS | _OTHERS)
    words = frozenset() if _SCENARIOS.intersection(every) else words
    is_factor = bool(words & _FACTORS) or heading.unit not in ("", "%")
    is_another = is_factor or bool(words) or "%" in heading.text or bool(heading.unit)
    return _Kind(words, " ".join(every), is_factor, is_another, is_beside_another(heading.text))


def _is_like(one: _Kind, other: _Kind) -> bool:
    """Tell whether two columns hold the same quantity, such as prices of two years."""
    return one.name == other.name or (bool(one.words) and one.words == other.words)
