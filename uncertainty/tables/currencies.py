"""Columns of currencies: they speak of the prices of a table, and of no masses, which nothing tells apart."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from uncertainty.errors import Fault, StudyError
from uncertainty.late import regex
from uncertainty.tables.corners import Elsewhere
from uncertainty.tables.owners import Owners, called, text_of, words_of
from uncertainty.tables.sheets import is_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from uncertainty.tables.owners import Layout
    from uncertainty.tables.sheets import Cell

    Rows = Iterable[tuple[str, Sequence[Cell]]]

_CURRENCIES = regex(
    r"(?:.+_)?(?:currenc(?:y|ies)(?:_?(?:code|unit|iso|symbol|name))?|ccy|währung(?:seinheit|scode)?|waehrung|wkz|devises?"
    r"|monnaie|moneda|divisa|valuta|moeda|waluta|curr?)"
)
_OF_MONEY = regex(
    r"(?:.*_)?(?:prices?|costs?|amounts?|revenues?|sales|salar(?:y|ies)|wages?|fees?|turnover|spend(?:ing)?"
    r"|expenditures?|budgets?|payments?|preise?|kosten|betr[aä]ge?|ums[aä]tze?|gehalt|prix|co[uû]ts?"
    r"|montants?|precios?|importes?|costes?|prezz[io]|cost[oi]|import[io])(?:_.*)?"
)
"""Headings of numbers that are money."""
_OWN = regex(r"(?<![^\W_])(?:[A-Z]{3}|eur|usd|gbp)(?![^\W_])|[€$£¥₹]|[(\[]")
"""What a heading has that says its own money or unit."""
_MOST = 50
"""Currencies that are looked for."""


@lru_cache(maxsize=64)
def _owners(layout: Layout, others: frozenset[str] = frozenset()) -> Owners:
    named = called(layout)
    found: Mapping[int, Collection[int]] = {
        column: named[column].numbers if column in named else ()
        for column, heading in enumerate(layout.headings)
        if heading not in others and column not in layout.numbers and _CURRENCIES.fullmatch(words_of(heading))
    }
    return Owners(layout, found)


def currency_columns(layout: Layout) -> frozenset[int]:
    """Return the columns of currencies, whoever they are of."""
    return _owners(layout).columns


def currencies_of(layout: Layout, position: int, others: Collection[str] = ()) -> frozenset[int]:
    """Return the columns that say in which money a number is, if it is in any, or may."""
    spoken = _owners(layout, frozenset(others)).of(position)
    is_other = not spoken.is_own and _OWN.search(layout.headings[position])
    return frozenset(each for each in spoken.columns if not is_other or each == position + 1)


def currencies(layout: Layout, rows: Rows, columns: Collection[int]) -> list[Elsewhere]:
    """Return each currency that some columns say, with its first place."""
    found: dict[tuple[int, str], str] = {}
    for place, cells in rows if columns else ():
        for column in columns:
            said = text_of(cells, column)
            if said and not is_missing(said) and len(found) < _MOST:
                found.setdefault((column, said), place)
    return [
        Elsewhere(layout.named([column]), said, place, "currency") for (column, said), place in found.items()
    ]


def currencies_note(
    layout: Layout, rows: Rows, position: int, file: str, same: Callable[[str], str]
) -> tuple[str, ...]:
    """Say that numbers stand beside several currencies, in which they may be.

    Parameters
    ----------
    same
        Gives one text for all that mean a currency.

    Raises
    ------
    StudyError
        If they are money by what they are called, or a column of currencies is called after them.
    """
    columns, number = currencies_of(layout, position), layout.headings[position]
    first: dict[str, Elsewhere] = {}
    for each in currencies(layout, rows, columns):
        first.setdefault(same(each.said), each)
    if len(first) < 2:
        return ()
    one, other = [*first.values()][:2]
    beside = f"{other.name} says " if other.name != one.name else ""
    units = f'{one.name} says "{one.said}" ({one.place}) and {beside}"{other.said}" ({other.place})'
    if _owners(layout).of(position).is_own or _OF_MONEY.fullmatch(words_of(number)):
        advice = "write all numbers in one currency, or give that column another heading if it is of others"
        raise StudyError(Fault(f"{number}: {units}; {advice}", file=file))
    is_near = len(layout.numbers) == 1 or not columns.isdisjoint((position - 1, position + 1))
    return (f"{units}; {number} is read in one unit.",) if is_near else ()
