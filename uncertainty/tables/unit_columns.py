"""Columns of files that say in what units the numbers beside them are, and whose units these are."""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.late import regex
from uncertainty.numbers import count
from uncertainty.records import Frozen
from uncertainty.tables.csv_reading import UNITS
from uncertainty.tables.owners import Owners, called, text_of, words_of
from uncertainty.tables.sheets import is_like_a_number, is_missing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from uncertainty.tables.owners import Called, Layout
    from uncertainty.tables.sheets import Cell

MULTIPLIERS = ("unit_mult", "unit_multiplier", "powercode", "power_code", "scalar_factor")
"""Headings of a column that says how many of its unit a number counts, as statistical offices have it."""

CODED = ("unit_measure", "unit_code", "unit_measure_code")
"""Headings of a column that says units in codes of an office, of which many are no units."""

_SCALES = ("scale", "magnitude", "multiplier")
"""Headings that may mean something else, but over words for amounts."""
_AMOUNTS = regex(r"(?i:hundred|thousand|million|billion|trillion)s?|1(?:0{3})+|10\^\d+")
_POWERS = MappingProxyType({"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12})
_ONE = ("", "0", "units", "unit")
"""What a column of multipliers says of single units."""

_WORD = r"(?:units?|uom|einheit(?:en)?)(?:_?code)?"
_OTHERS = regex(
    r"(?:mengen|ma(?:ß|ss)|mess)einheit(?:en)?|einh\.?|unidad(?:es)?|unità|unités|eenheid|enhet|enhed|yksikkö"
    r"|jednostka|jednotk[ay]|mértékegység|birim|unidade(?:s|_de_medida)?|unidad_de_medida|unit[àa]_di_misura"
    r"|unité_de_mesure|единиц[аы](?:_измерения)?|単位|单位|units?_?of_?measure(?:ment)?s?"
    r"|units?_(?:symbol|short)|jedn(?:ostka)?_+miary|måleenhed|måttenhet|meeteenheid|ölçü_birimi|ед_+изм|e_unit"
    rf"|(?:.+[_/. ])?[a-z]*(?:results?|measure(?:ment)?s?|values?|conc(?:entration)?s?)[_/. ]*{_WORD}"
)
"""More headings of units, as laboratories and other languages have them."""
_OF_NAME = regex(rf"(?:{_WORD})")
_BEFORE_NAME = regex(rf"(?i:(?:.*_)?(?:{_WORD})_?(?:_of_|[(\[])_?|einheit(?:en)?_)")
"""What stands with the name of a number: "use unit", "unit (use)", and not "unit use"."""
_ENCLOSED = regex(r"[(\[].+[)\]]\W*$")
"""As in "amount (EUR)", which says a unit of its own."""


class ColumnOfUnits(NamedTuple):
    """What a column of units says.

    Parameters
    ----------
    names
        How it is called in messages, and what else says its units together with it.
    units
        Each with its places.
    without
        The places of numbers of which it says nothing.
    """

    names: tuple[str, ...]
    units: Mapping[str, Sequence[str]]
    without: Sequence[str] = ()

    @property
    def says(self) -> str:
        """That it says something."""
        return f"{' and '.join(self.names)} {'says' if len(self.names) == 1 else 'together say'}"

    @property
    def says_nothing(self) -> str:
        """In which rows it says nothing; empty where it says something of every number."""
        more = f" and {count(len(self.without) - 1, 'more row')}" if len(self.without) > 1 else ""
        return f"{self.says} nothing in {self.without[0]}{more}" if self.without else ""


class UnitsSaid(NamedTuple):
    """What columns of units say of a number: its own, or several of which nobody can tell whose they are.

    Parameters
    ----------
    number
        The heading of the number.
    columns
        Those that say anything.
    counting
        Those that are called units and hold numbers, as of what is sold.
    """

    number: str = ""
    columns: tuple[ColumnOfUnits, ...] = ()
    counting: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Which columns are called units and were taken to say none."""
        return tuple(f"{each} holds numbers, and is not read as units." for each in self.counting)

    @property
    def advice(self) -> str:
        """What to do where several columns may be the number's."""
        names = " and ".join(dict.fromkeys(name for each in self.columns for name in each.names))
        return (
            f"{names} may each say the units of {self.number}: leave out what does not, or call each after "
            f'its number, as in "{self.number} unit"'
        )


def says_units(heading: str) -> bool:
    """Tell whether a heading is that of a column of units, whatever stands beside it."""
    name = words_of(heading)
    return name in UNITS or _OTHERS.fullmatch(name) is not None


def units_said(
    layout: Layout, rows: Iterable[tuple[str, Sequence[Cell]]], position: int, others: Collection[str] = ()
) -> UnitsSaid:
    """Return the units that columns of units say of a number, as "10^3 t" beside one of multipliers.

    Codes are no units, and are only said beside a multiplier, which may also stand alone.

    Parameters
    ----------
    position
        The column of the numbers.
    others
        Headings that mean something else.
    """
    ways = ways_to_units(layout, position, others)
    said: dict[tuple[int | None, ...], dict[str, list[str]]] = {way: {} for way in ways}
    without: dict[tuple[int | None, ...], list[str]] = {way: [] for way in ways}
    for place, cells in rows if any(any(each is not None for each in way) for way in ways) else ():
        for way, units in said.items():
            unit, code, many, scaled = ("" if each is None else _text(cells, each) for each in way)
            # under other words numbers may be of what is counted in units
            is_strict = way[0] is not None and words_of(layout.headings[way[0]]) in UNITS
            unit = unit if is_strict or not is_like_a_number(unit) else ""
            times = _times(many) or (scaled if _AMOUNTS.fullmatch(scaled) else "")
            if unit or times:
                units.setdefault(f"{times} {unit or code}".strip(), []).append(place)
            elif is_like_a_number(number := text_of(cells, position)) and not is_missing(number):
                without[way].append(place)
    found = tuple(
        ColumnOfUnits(
            tuple(layout.named([each]) for each in way if each is not None), Frozen(units), (*without[way],)
        )
        for way, units in said.items()
        if units
    )
    # a multiplier in digits and the same in words are one
    distinct = {
        tuple((_in_digits(unit), *places) for unit, places in each.units.items()): each
        for each in found[::-1]
    }
    counting = tuple(
        layout.named([each])
        for each in sorted(layout.counting - {position})
        if says_units(layout.headings[each]) and layout.headings[each] not in others
    )
    return UnitsSaid(layout.headings[position], tuple(distinct.values())[::-1], counting)


def _in_digits(unit: str) -> str:
    """Return a unit behind a multiplier with that as a power of ten, as "10^3 t" for "Thousands t"."""
    word, _, rest = unit.partition(" ")
    times = _POWERS.get(word.lower().removesuffix("s"))
    return f"10^{times} {rest}".strip() if times else unit


def ways_to_units(
    layout: Layout, position: int, others: Collection[str] = ()
) -> tuple[tuple[int | None, ...], ...]:
    """Return which columns may together say the units of a number: of units, codes and two of multipliers."""
    kinds = [columns_of_units(layout, position, others)]
    more = (CODED, MULTIPLIERS, _SCALES)
    kinds += [_among(layout, kind, frozenset(others)).of(position).columns for kind in more]
    return tuple(product(*(kind or (None,) for kind in kinds)))


def unit_columns(layout: Layout) -> frozenset[int]:
    """Return the columns that say units or multipliers of numbers, whoever they are of."""
    return _among(layout, UNITS, frozenset()).columns | _among(layout, MULTIPLIERS, frozenset()).columns


def columns_of_units(layout: Layout, position: int, others: Collection[str] = ()) -> tuple[int, ...]:
    """Return the columns that may say in what units a number is: its own, or all of which nobody can tell."""
    found = _among(layout, UNITS, frozenset(others)).of(position)
    if _ENCLOSED.search(layout.headings[position]) and not found.is_own:
        # a price in EUR is not in what its quantity is
        return tuple(each for each in found.columns if each == position + 1)
    return found.columns


@lru_cache(maxsize=256)
def _among(layout: Layout, kind: tuple[str, ...], others: frozenset[str]) -> Owners:
    """Return whose the columns of a kind are; a table may have thousands of columns, of which each asks."""
    names, named = frozenset(map(words_of, layout.headings)), called(layout)
    found: dict[int, frozenset[int]] = {}
    for column, heading in enumerate(layout.headings):
        own, name = named.get(column), words_of(heading, names)
        if heading in others or (kind is UNITS and column in layout.counting):
            continue
        if own is not None and name not in kind and _is_of(own, kind):
            found[column] = own.numbers
        elif name in kind or (kind is UNITS and _OTHERS.fullmatch(name)):
            found[column] = frozenset()
    return Owners(layout, found)


def _is_of(own: Called, kind: tuple[str, ...]) -> bool:
    """Tell whether a heading is one of a kind beside the name of a number."""
    if kind is not UNITS:
        return own.word in kind and not own.before
    if own.before:
        return _BEFORE_NAME.fullmatch(own.before) is not None
    return _OF_NAME.fullmatch(own.word) is not None or says_units(own.word)


def _text(cells: Sequence[Cell], column: int) -> str:
    cell = cells[column] if column < len(cells) else ""
    return cell.strip() if isinstance(cell, str) else ""


def _times(many: str) -> str:
    """Return how many of a unit a cell of `MULTIPLIERS` says: a word for it, or the power of ten."""
    return "" if many.lower() in _ONE else f"10^{many}" if many.isdecimal() else many
