"""What a table says of its numbers elsewhere than over them: in its corner, and of what each row measures.

A corner is the heading of the first column where that says nothing of the texts or years below it, as "in
TEUR". What stands under a heading such as "Indicator" says what is measured, as "CO2 emissions (kt)".
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

from uncertainty.errors import Fault, StudyError
from uncertainty.late import regex
from uncertainty.tables.owners import text_of, words_of
from uncertainty.tables.sheets import is_like_a_number, is_missing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from uncertainty.tables.number_column import NumberColumn
    from uncertainty.tables.owners import Layout
    from uncertainty.tables.sheets import Cell

    Rows = Iterable[tuple[str, Sequence[Cell]]]

_INDICATORS = regex(
    r"(?:indicator|series|indikator|indicateur|indicador)_?(?:name|label)|indicators?|indikator"
)
_PARTS = regex(r"(?:element|variable|measure|flow|subject)(?:_?(?:name|label))?")
"""Headings over what is measured in each row; others than the first may mean something else, too."""
_ANALYTES = regex(
    r"(?:parameter|paramètre|analyte?|pollutant|characteristic|attribute|metric|determinand|measurand"
    r"|kennzahl|merkmal)(?:_?(?:name|label|code))?"
)
"""More of these, below which short texts are different things, too, as "Pb" and "Cd"."""
_THINGS = regex(r"(?:item|product|commodity)(?:_?(?:name|label))?")
"""Numbers of things of different kinds are one sample."""
_ANY_NUMBER = regex(
    r"(?i:(?:obs[_ ]?|data[_ ]?)?values?|(?:mess)?werte?|valeurs?|valor(?:es)?|valore|figures?"
    r"|results?(?:[_ ]?(?:measure[_ ]?)?value)?|conc(?:entration)?s?|ergebnis(?:se)?|résultats?|readings?"
    r"|(?:19|20)\d\d(?: \[YR\d{4}\])?)"
)
"""Headings of numbers of whatever their row says."""
_LEAST = 4
"""Letters of what is measured: "yes" and "low" are other answers."""
_MOST = 50
"""Different texts of a column that are asked."""
_FEW = 20
"""Different units that a column may say under any heading."""
_FIGURES = (
    r"(?:all |alle |tous |toutes )?(?:figures?|values?|amounts?|data|numbers?|units?|angaben|werte|zahlen"
    r"|betr[äa]ge|einheit(?:en)?|montants|valeurs|chiffres|unités?|valores|importes|cifras|valori|importi)"
)
_CORNER = regex(
    rf"(?i:(?:{_FIGURES}(?: are| sind)? ?)?(?:(?<![^\W_])(?:in|en)\s|:) ?(?P<said>\S.{{0,40}})"
    r"|[(\[](?P<enclosed>[^()\[\]]{1,40})[)\]])"
)
_WORD = (
    r"(?:[€$£¥₹]|(?<![^\W_])(?:[TKMtkm]|mn|bn)?(?:EUR|USD|GBP|CHF|Euro)(?![^\W_])"
    r"|(?i:thousands?|millions?|billions?|mio|mrd|tsd)\b|['’]?000\b|\b1[ .,'’]?000\b)"
)
_AMOUNT = regex(rf"(?=.*{_WORD})(?:{_WORD}|[\s.]|(?<![^\W_])(?:US|(?:of|m|k|bn|mn)(?![^\W_])))+")
"""Amounts and money, by which no column of texts is called."""
_TIMES = regex(r"(?i:thousand|million|billion|mio|mrd|tsd)|10{0,2}[ .,'’]?000\b")
"""What an amount of some unit begins with."""
_BEHIND = regex(r"(?<=\S)\s*[(\[](?P<said>[^()\[\]]{1,40})[)\]]$")
_BEGINS_WITH_A_NUMBER = regex(r"[<>≤≥+\-−]?\s?\d")
_ENCLOSED = regex(r"[(\[].+[)\]]\W*$")
"""As in "power (kW)", which says a unit of its own."""


Kind = Literal["corner", "name", "indicator", "thing", "currency"]


class Elsewhere(NamedTuple):
    """A text that may say the unit of numbers, as their heading would.

    Parameters
    ----------
    name
        Where it stands, for messages.
    said
        The text.
    place
        The row in which it stands first; nothing for a heading.
    kind
        What stands there; names and things may be called by units of something else.
    is_of_all
        Whether it is of all columns of numbers, so that nothing else says what they are.
    """

    name: str
    said: str
    place: str
    kind: Kind
    is_of_all: bool = False


def corner(layout: Layout, rows: Rows, position: int, *, is_of_all: bool = False) -> list[Elsewhere]:
    """Return what the heading of the first column says of a number, if it calls nothing below it.

    A unit in brackets behind the name of texts, as in "fuel (PJ)", is theirs where they begin with
    numbers that are no years; so is one at its end, as in "size in mm", which may be in the heading itself.

    Parameters
    ----------
    is_of_all
        Whether the headings of all numbers are members, as years are, and say no unit.
    """
    heading = layout.headings[0]
    is_of_its_own = 0 in layout.numbers and not layout.is_of_years
    if position == 0 or is_of_its_own or _ENCLOSED.search(layout.headings[position]):
        return []
    # nothing is called "1000 t"
    said = said_of_all(heading) or (heading if _TIMES.match(heading) else "")
    kind: Kind = "corner"
    if not said and not _are_amounts(layout, rows):
        found = _BEHIND.search(heading)
        said, kind = (found["said"], "corner") if found else (heading, "name")
    return [Elsewhere(f'"{heading}" (column A)', said, "", kind, is_of_all)] if said else []


def _are_amounts(layout: Layout, rows: Rows) -> bool:
    """Tell whether texts of the first column begin with numbers that are no years."""
    if layout.is_of_years:
        return False
    return any(_BEGINS_WITH_A_NUMBER.match(text_of(cells, 0)) for _, cells in rows)


def texts_beside(layout: Layout, rows: Rows, others: Collection[str] = ()) -> dict[str, list[str]]:
    """Return the few different texts of each column of such, which may be units under any heading."""
    found: dict[int, dict[str, None]] = {column: {} for column, _ in _named(layout, others)}
    for _, cells in rows:
        for column in [*found]:
            said = text_of(cells, column)
            found[column] |= {} if is_missing(said) else {said: None}
            if len(found[column]) > _FEW:
                del found[column]
    return {layout.named([column]): [*texts] for column, texts in found.items() if texts}


def said_of_all(text: str) -> str:
    """Return what a text may say of all numbers of a table: what is behind "in", or an amount or money.

    Examples
    --------
    >>> said_of_all("Values in kt"), said_of_all("Mio. EUR"), said_of_all("Sector")
    ('kt', 'Mio. EUR', '')
    """
    found = _CORNER.fullmatch(text)
    return (found["said"] or found["enclosed"]) if found else text if _AMOUNT.fullmatch(text) else ""


def is_amount(said: str) -> bool:
    """Tell whether a text has an amount or money in it."""
    return _AMOUNT.fullmatch(said) is not None or _TIMES.match(said) is not None


def indicators(layout: Layout, rows: Rows, others: Collection[str] = ()) -> list[Elsewhere]:
    """Return what columns say that is measured in each row, each text once with its first place."""
    columns = {
        column: _INDICATORS.fullmatch(name) is not None
        for column, name in _named(layout, others)
        if any(kind.fullmatch(name) for kind in (_INDICATORS, _PARTS, _THINGS))
    }
    found: dict[tuple[int, str], str] = {}
    for place, cells in rows if columns else ():
        for column in columns:
            said = text_of(cells, column)
            if len(found) < _MOST and said and not is_like_a_number(said):
                found.setdefault((column, said), place)
    return [
        Elsewhere(layout.named([column]), said, place, "indicator" if columns[column] else "thing")
        for (column, said), place in found.items()
    ]


def refuse_several(column: NumberColumn, layout: Layout) -> None:
    """Refuse a column that holds numbers of whatever its rows say, where these say different things.

    Raises
    ------
    StudyError
        With the first two.
    """
    for each in _things(column, layout):
        if each.is_sure or each.is_again:
            message = (
                f"{column.name}: {each.says}, of which the numbers are no data of one thing; keep the rows "
                "of one, or give that column another heading if they are alike"
            )
            raise StudyError(Fault(message, file=column.file))
    _refuse_several_keys(column, layout)


def _refuse_several_keys(column: NumberColumn, layout: Layout) -> None:
    """Refuse numbers of several units of which commas join the keys, as in Eurostat's "freq,unit,geo"."""
    keys = layout.headings[0].partition("\\")[0].lower().split(",")
    if column.position == 0 or len(keys) < 2 or "unit" not in keys:
        return
    first: dict[str, str] = {}
    for (place, cells), number in zip(column.rows(), column.numbers, strict=True):
        own = text_of(cells, 0).split(",")
        if not math.isnan(number) and len(own) == len(keys):
            first.setdefault(own[keys.index("unit")].strip(), place)
    if len(first) > 1:
        one, other = [f'"{text}" ({place})' for text, place in first.items()][:2]
        message = (
            f'{column.name}: the unit in "{layout.headings[0]}" is {one} and {other}; keep the rows of one'
        )
        raise StudyError(Fault(message, file=column.file))


def several_note(column: NumberColumn, layout: Layout, others: Collection[str], unit: str) -> tuple[str, ...]:
    """Say in which unit the numbers of a table are all read, though its rows say different things.

    Parameters
    ----------
    others
        Headings that mean something else; what has a text of its own for each of theirs only names that.
    """
    naming = [place for place, heading in enumerate(layout.headings) if heading in others]
    found = [
        each
        for each in _things(column, layout, others)
        if each.is_again and not any(_is_one_to_one(column, each.column, place) for place in naming)
    ]
    return tuple(f"{each.says}; all of {column.name} is read in {unit}." for each in found[:1])


class _Things(NamedTuple):
    """A column whose rows say different things.

    Parameters
    ----------
    says
        Which the first two are.
    is_sure
        Whether its heading means nothing else.
    is_again
        Whether one of them stands in several rows.
    """

    column: int
    says: str
    is_sure: bool
    is_again: bool


def _things(column: NumberColumn, layout: Layout, others: Collection[str] = ()) -> Iterator[_Things]:
    """Yield the columns that say different things of a column of any numbers."""
    named = _named(layout, others) if _ANY_NUMBER.fullmatch(column.name.strip()) else []
    for each, name in named:
        is_sure = _INDICATORS.fullmatch(name) is not None
        is_analyte = _ANALYTES.fullmatch(name) is not None
        if not (is_sure or is_analyte or _PARTS.fullmatch(name)):
            continue
        count, first = 0, dict[str, str]()
        for (place, cells), number in zip(column.rows(), column.numbers, strict=True):
            said = text_of(cells, each)
            if not math.isnan(number) and not is_missing(said) and (is_analyte or len(said) >= _LEAST):
                count += 1
                first.setdefault(said, place)
        if len(first) > 1:
            one, other = [f'"{text[:60]}" ({place})' for text, place in first.items()][:2]
            says = f'"{layout.headings[each]}" says {one} and {other}'
            yield _Things(each, says, is_sure, count > len(first))


def _is_one_to_one(column: NumberColumn, one: int, other: int) -> bool:
    pairs = {(text_of(cells, one), text_of(cells, other)) for _, cells in column.rows()}
    return len(pairs) == len({text for text, _ in pairs}) == len({text for _, text in pairs})


def _named(layout: Layout, others: Collection[str] = ()) -> list[tuple[int, str]]:
    """Return the columns of texts, each with the words of its heading."""
    headings = enumerate(layout.headings)
    return [
        (column, words_of(heading))
        for column, heading in headings
        if heading and heading not in others and column not in layout.numbers
    ]
