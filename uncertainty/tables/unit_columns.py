"""Columns of files that say in what units the numbers beside them are, and whose units these are."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from uncertainty.late import regex
from uncertainty.tables.csv_reading import UNITS
from uncertainty.tables.sheets import heading_name, is_like_a_number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from uncertainty.tables.sheets import Cell

MULTIPLIERS = ("unit_mult", "unit_multiplier", "powercode", "power_code")
"""Headings of a column that says how many of its unit a number counts, as statistical offices have it."""

CODED = ("unit_measure", "unit_code", "unit_measure_code")
"""Headings of a column that says units in codes of an office, of which many are no units."""

_SCALES = ("scale", "magnitude", "multiplier")
"""Headings that may mean something else, but over words for amounts."""
_AMOUNTS = regex(r"(?i:hundred|thousand|million|billion|trillion)s?|1(?:0{3})+|10\^\d+")
_ONE = ("", "0", "units", "unit")
"""What a column of multipliers says of single units."""

_WORD = r"(?:units?|uom|einheit(?:en)?)"
_OTHERS = regex(
    r"(?:mengen|ma(?:ß|ss)|mess)einheit(?:en)?|einh\.?|unidad(?:es)?|unità|unités|eenheid|enhet|enhed|yksikkö"
    r"|jednostka|units?_?of_?measure(?:ment)?s?|unit_symbol"
    r"|(?:.+[_/. ])?[a-z]*(?:results?|measure(?:ment)?s?|values?|conc(?:entration)?s?)[_/. ]*"
    rf"{_WORD}(?:_?code)?"
)
"""More headings of units, as laboratories and other languages have them."""
_ENCLOSED = regex(r"[(\[].+[)\]]\W*$")
"""As in "amount (EUR)", which says a unit of its own."""
_OF = regex(
    rf"(?P<before>.+?)[_. ]*[(\[]?{_WORD}[)\]]?"
    rf"|(?:{_WORD}(?:_of_|_?\()|einheit(?:en)?_)(?P<behind>.+?)\)?"
)
"""As in "use_unit" and "unit (use)", which is of the column "use"."""
_AGAIN = regex(r"(?P<name>.+?)(?P<dots>\.{1,3})?_?\d{1,2}")
"""As programs name a heading that stands twice: "unit.1", "unit...3", "unit2"."""


def says_units(heading: str, names: Collection[str] = ()) -> bool:
    """Tell whether a heading is that of a column of units, whatever stands beside it.

    Parameters
    ----------
    names
        Of all columns, as `heading_name` gives them: one may be there once more, with a number behind it.
    """
    name = heading_name(heading)
    again = _AGAIN.fullmatch(name)
    if again and (again["dots"] or again["name"] in names):
        name = again["name"]
    return name in UNITS or _OTHERS.fullmatch(name) is not None


def units_said(
    headings: Sequence[str],
    rows: Iterable[tuple[str, Sequence[Cell]]],
    others: Collection[str] = (),
    position: int | None = None,
) -> dict[str, list[str]]:
    """Return the units that a column of units says, as "10^3 t" beside one of multipliers, with their places.

    Codes are no units, and are only said beside a multiplier, which may also stand alone.

    Parameters
    ----------
    others
        Headings that mean something else.
    position
        The column of the numbers; of a table with many the first column of units counts.
    """
    column = column_of_units(headings, position, others)
    codes, multiplier, scale = (_named(headings, names, others) for names in (CODED, MULTIPLIERS, _SCALES))
    if column is None and multiplier is None and scale is None:
        return {}
    is_strict = column is not None and heading_name(headings[column]) in UNITS
    said: dict[str, list[str]] = {}
    for place, cells in rows:
        unit, code, many, scaled = (_text(cells, each) for each in (column, codes, multiplier, scale))
        # under other words numbers may be of what is counted in units
        unit = unit if is_strict or not is_like_a_number(unit) else ""
        times = _times(many) or (scaled if _AMOUNTS.fullmatch(scaled) else "")
        if unit or times:
            said.setdefault(f"{times} {unit or code}".strip(), []).append(place)
    return said


def column_of_units(
    headings: Sequence[str], position: int | None = None, others: Collection[str] = ()
) -> int | None:
    """Return the column that says in what units a column's numbers are; None where none or several may."""
    names, owners, saying = _units_among(tuple(headings), frozenset(others))
    if position is not None and position in owners:
        return owners[position]
    found = [column for column in saying if column != position]
    if position is not None:
        # beyond an empty heading another table stands, and a price in EUR is not in what its quantity is
        found = [each for each in found if "" not in names[min(each, position) : max(each, position)]]
        is_own = _ENCLOSED.search(headings[position]) and position + 1 not in found
        found = [] if is_own and len(found) == 1 else found
    if len(found) < 2 or position is None:
        return found[0] if found else None
    return _beside(found, position, len(names))


@lru_cache(maxsize=64)
def _units_among(
    headings: tuple[str, ...], others: frozenset[str]
) -> tuple[list[str], dict[int, int], list[int]]:
    """Return the headings' names, the column of units of each column that has its own, and all others.

    A table may have a column for each of thousands of members, each of which asks.
    """
    names = [heading_name(heading) for heading in headings]
    owners: dict[int, int] = {}
    saying = []
    for column, heading in enumerate(headings):
        if heading in others:
            continue
        if (owner := _owner(names, column)) is not None:
            owners.setdefault(owner, column)
        elif says_units(heading, names):
            saying.append(column)
    return names, owners, saying


def _owner(names: Sequence[str], column: int) -> int | None:
    """Return the column whose name a heading of units has in it."""
    match = None if names[column] in UNITS else _OF.fullmatch(names[column])
    of = match and (match["before"] or match["behind"])
    return names.index(of) if of in names else None


def _beside(found: Sequence[int], position: int, width: int) -> int | None:
    """Return which of several columns of units is a number's: before it, or behind it, as with all others."""
    is_last, is_first = found[-1] == width - 1, found[0] == 0
    behind = next((column for column in found if column > position), None)
    before = next((column for column in reversed(found) if column < position), None)
    if is_last != is_first:
        return behind if is_last else before
    if (position + 1 in found) != (position - 1 in found):
        return position + 1 if position + 1 in found else position - 1
    return None


def _text(cells: Sequence[Cell], column: int | None) -> str:
    cell = cells[column] if column is not None and column < len(cells) else ""
    return cell.strip() if isinstance(cell, str) else ""


def _named(headings: Sequence[str], names: Collection[str], others: Collection[str]) -> int | None:
    found = (
        place for place, name in enumerate(headings) if heading_name(name) in names and name not in others
    )
    return next(found, None)


def _times(many: str) -> str:
    """Return how many of a unit a cell of `MULTIPLIERS` says: a word for it, or the power of ten."""
    return "" if many.lower() in _ONE else f"10^{many}" if many.isdecimal() else many
