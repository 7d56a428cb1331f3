"""Of which numbers of a table a column beside them speaks, such as one of units or of flags.

A column that is called after a number is that number's alone. Of several others each is that of the numbers
that it alternates with, if it does so throughout the table in one way; a single one is that of every number.
Of all others nobody can tell: each may be that of any number.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.late import regex
from uncertainty.tables.sheets import column_letter, heading_name, is_like_a_number, is_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from uncertainty.tables.sheets import Cell

    Rows = Callable[[], Iterable[tuple[str, Sequence[Cell]]]]

_CELLS, _ROWS = 10, 1000
"""How many filled cells tell whether a column holds numbers, and in how many rows they are looked for."""
_TEXTS = 30
"""Different texts of a column without a heading that are kept: more are no flags."""
_LIMIT = regex(r"[<>≤≥]=?\s?\w.*|(?i:n\.?\s?d\.?|b[dq]l|lo[dq])")
"""What stands among a laboratory's numbers for those that it did not find."""
_KEYS = regex(
    r"(?:.+_)?(?:years?|jahr|ann[ée]e|año|anno|jaar|år|months?|monat|mois|mes|days?|tag|quarter|date|datum|fecha"
    r"|id|nr|no|num|number|key|code|row|rank|page|lat|lon|latitude|longitude|zip)"
)
"""Headings of numbers without a unit, which name their row or place it: they alternate with nothing."""
_YEAR = regex(r"(?:1[89]|2[01])\d\d")
_NO_COUNT = regex(r"[-+]?(?:\d*\.\d*[1-9]\d*|0+(?:\.0*)?)")
_AMOUNT = regex(r"1(?:[.,]0+|00+)?|1e\+\d+")
"""A number that may be a unit: 1, and what is counted in hundreds, thousands or millions."""
_AGAIN = regex(r"(?P<name>.*?[^\d._])(?P<dots>\.{1,3})?_?\d{1,4}")
"""As programs name a heading that stands twice: "unit.1", "unit...3", "unit2"."""
_UNNAMED = regex(r"(?:Unnamed: \d+|\.{3}\d+)?")
"""What stands over a column without a heading: nothing, or what programs write there."""
_AT_ONCE = regex(r"(?i:flag|qual(?:ifier)?|cen(?:s(?:ored)?)?)|[A-Z].*")
"""What may follow a name without anything between, as in "PbFlag"."""


class Layout(NamedTuple):
    """What the columns of a table hold.

    Parameters
    ----------
    headings
        Without blanks around them.
    numbers, texts
        The columns of numbers and those of texts; an empty one is neither.
    unnamed
        What the columns without a heading hold; nothing for those that part tables side by side.
    is_of_years
        Whether the first column holds years, which name their rows as texts do.
    counting
        The columns of plain numbers alone that are not all 1, 100, 1000 and so on: none of these says units.
    measured
        The columns with a number that nothing is counted by: 0, or one with decimals.
    """

    headings: tuple[str, ...]
    numbers: frozenset[int]
    texts: frozenset[int]
    unnamed: tuple[tuple[int, frozenset[str]], ...] = ()
    is_of_years: bool = False
    counting: frozenset[int] = frozenset()
    measured: frozenset[int] = frozenset()

    @classmethod
    def of(cls, headings: Sequence[str], rows: Rows) -> Layout:
        """Look over the rows below some headings."""
        headings = tuple(heading.strip() for heading in headings)
        votes: dict[int, list[bool]] = {column: [] for column in range(len(headings))}
        left, years = {*votes}, list[bool]()
        plain, counting, measured = {*votes}, set[int](), set[int]()
        for _, cells in islice(rows(), _ROWS):
            for column in sorted(left):
                said = text_of(cells, column)
                if said and not is_missing(said):
                    years += [] if column else [_YEAR.fullmatch(said) is not None]
                    votes[column].append(is_like_a_number(said) or _LIMIT.fullmatch(said) is not None)
                    measured |= {column} if _NO_COUNT.fullmatch(said) else set()
                    plain -= set() if is_like_a_number(said) and said[-1] != "%" else {column}
                    counting |= set() if _AMOUNT.fullmatch(said) else {column}
                    is_told = column in counting or column not in plain
                    left -= {column} if len(votes[column]) >= _CELLS and is_told else set()
            if not left:
                break
        held = {column: 2 * sum(each) >= len(each) for column, each in votes.items() if each}
        numbers = frozenset(column for column, is_number in held.items() if is_number)
        unnamed: dict[int, set[str]] = {
            column: set() for column, heading in enumerate(headings) if _UNNAMED.fullmatch(heading)
        }
        for _, cells in rows() if unnamed else ():
            for column, texts in unnamed.items():
                if len(texts) < _TEXTS and (said := text_of(cells, column)):
                    texts.add(said)
            if all(len(texts) == _TEXTS for texts in unnamed.values()):
                break
        kept = tuple((column, frozenset(texts)) for column, texts in unnamed.items())
        are_years = bool(years) and all(years)
        return cls(
            headings,
            numbers,
            frozenset({*held} - numbers),
            kept,
            are_years,
            numbers & plain & counting,
            frozenset(measured),
        )

    def reading(self, columns: Collection[int]) -> Layout:
        """Return it with columns of which it is known that they are read as numbers."""
        return self._replace(numbers=self.numbers.union(columns), texts=self.texts.difference(columns))

    def named(self, columns: Iterable[int]) -> str:
        """Name columns in a message, each with its letter."""
        return " and ".join(f'"{self.headings[each]}" (column {column_letter(each)})' for each in columns)


def text_of(cells: Sequence[Cell], column: int) -> str:
    """Return what a cell shows, without blanks around it; nothing where a row is too short."""
    cell = cells[column] if column < len(cells) else None
    return "" if cell is None else cell.strip() if isinstance(cell, str) else f"{cell:g}"


def words_of(heading: str, names: Collection[str] = ()) -> str:
    """Return the words of a heading as a name, as "unit" of "[Unit]" and, where it stands again, of "unit.1".

    Parameters
    ----------
    names
        Of all headings, as this gives them: what has a number behind it without dots stands again only if
        one is there without.
    """
    text = heading_name(heading).replace("(s)", "s")
    again = _AGAIN.fullmatch(text)
    name = _joined(again["name"]) if again else ""
    return name if again and (again["dots"] or name in names) else _joined(text)


@lru_cache(maxsize=2**14)
def _joined(text: str) -> str:
    return re.sub(r"[^\w<>≤≥/]+", "_", text).strip("_")


class Called(NamedTuple):
    """What a heading says beside the name of a number that it has in it.

    Parameters
    ----------
    numbers
        The columns that have the name.
    word
        The rest, as `words_of` gives it.
    before
        The rest as it is written, if it stands before the name.
    """

    numbers: frozenset[int]
    word: str
    before: str = ""


_PLAINER = (r"\Z", r"(?<=\S)\s*_?[(\[].*", r"(?i:(?<=[^\W_])[\W_]*values?\Z)")
"""What stands behind a number's name: "Pb (dissolved)" is called "Pb", and "Result value" "Result"."""


@lru_cache(maxsize=64)
def called(layout: Layout) -> Mapping[int, Called]:
    """Return the columns that are called after a number; one that has two names in it after the longer."""
    headings = [re.sub(r"[\s_]+", "_", heading) for heading in layout.headings]
    owning = [(column, each) for column, each in enumerate(headings) if each and column not in layout.texts]
    names: dict[str, set[int]] = {}
    lengths: set[int] = set()
    for more in _PLAINER:
        # a number that is called so itself comes first
        known = {*names}
        for column, heading in owning:
            name = re.sub(more, "", heading)
            lengths.add(len(name))
            name = name.lower()
            if name not in known:
                names.setdefault(name, set()).add(column)
    # no other lengths are looked up, since a heading may be as long as any text
    longest_first = sorted(lengths, reverse=True)
    found = ((column, _called(each, column, names, longest_first)) for column, each in enumerate(headings))
    return {column: each for column, each in found if each is not None}


def _called(
    heading: str, column: int, names: Mapping[str, set[int]], lengths: Sequence[int]
) -> Called | None:
    without_bracket = re.sub(r"[)\]]$", "", heading)
    for length in (each for each in lengths if 0 < each < len(heading)):
        if owners := names.get(heading[:length].lower(), set()) - {column}:
            rest = heading[length:]
            if not rest[0].isalnum() or _AT_ONCE.fullmatch(rest):
                return Called(frozenset(owners), words_of(rest))
        for text in (heading, without_bracket):
            before, name = text[: max(0, len(text) - length)], text[-length:].lower()
            if before and not before[-1].isalnum() and (owners := names.get(name, set()) - {column}):
                return Called(frozenset(owners), words_of(before), before)
    return None


class Spoken(NamedTuple):
    """The columns of one kind that may speak of a number.

    Parameters
    ----------
    columns
        In their order.
    is_own
        Whether they speak of it by name or by the order of the table, and not only may.
    """

    columns: tuple[int, ...]
    is_own: bool


class Owners:
    """Tells of which numbers the columns of one kind speak.

    Parameters
    ----------
    columns
        Those of the kind, each with the numbers that it is called after.
    """

    def __init__(self, layout: Layout, columns: Mapping[int, Collection[int]]) -> None:
        self.columns = frozenset(columns)
        self._width = len(layout.headings)
        self._named: dict[int, list[int]] = {}
        for column, numbers in columns.items():
            for number in numbers:
                self._named.setdefault(number, []).append(column)
        self._free = sorted(column for column, numbers in columns.items() if not numbers)
        keys = {each for each in layout.numbers if _KEYS.fullmatch(words_of(layout.headings[each]))}
        self._numbers = sorted(layout.numbers - {*columns} - {*self._named} - keys)
        self._gaps = [column for column, texts in layout.unnamed if not texts]
        with_numbers = {bisect_left(self._gaps, number) for number in layout.numbers - {*columns}}
        self._apart = [each for each in self._free if bisect_left(self._gaps, each) not in with_numbers]

    def of(self, position: int) -> Spoken:
        """Return the columns that speak of a number, or may."""
        if position in self._named:
            return Spoken(tuple(self._named[position]), is_own=True)
        free, numbers = self._table(position)
        if len(free) < 2:
            return Spoken(tuple(free), is_own=False)
        ways = self._ways(position, free, numbers)
        surely = [each for each in ways if each is not None]
        return Spoken(tuple(sorted(surely) or free), is_own=len(surely) == len(ways) == 1)

    def _table(self, position: int) -> tuple[list[int], list[int]]:
        """Return the columns that are called after none and the numbers, of the table of a number.

        Where its table has none, there are those that stand apart from all numbers.
        """
        place = bisect_left(self._gaps, position)
        first, last = ([-1, *self._gaps, self._width][place + each] for each in (0, 1))
        free, numbers = (
            [each for each in columns if first < each < last and each != position]
            for columns in (self._free, self._numbers)
        )
        apart = [each for each in self._apart if each != position]
        return (free, numbers) if free else (apart, self._numbers)

    def _ways(self, position: int, free: Sequence[int], numbers: Sequence[int]) -> set[int | None]:
        """Return the column that is a number's, by each way to cut the table into equal parts with one each.

        Numbers before and behind all parts have none.
        """
        order = sorted({position, *numbers, *free})
        places = [bisect_left(order, column) for column in free]
        steps = {behind - before for before, behind in pairwise(places)}
        if len(steps) > 1:
            return {None}
        (step,) = steps
        starts = range(max(0, places[0] - step + 1), min(places[0], len(order) - len(free) * step) + 1)
        parts = {(bisect_left(order, position) - start) // step for start in starts}
        return {free[part] if 0 <= part < len(free) else None for part in parts}
