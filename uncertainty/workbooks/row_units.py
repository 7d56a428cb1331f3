"""Which numbers of a row are in the unit that a text in it says.

The text stands in a column of units, directly beside the numbers, or in parentheses in the name of the row.
It is that of the row's only number; of all that are cases of one thing, such as years, scenarios and ends of
ranges; of the quantity in a list of things, which also have prices and the like. Where it may be that of
several different things, nobody can tell of which.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.errors import InvalidValue
from uncertainty.late import regex
from uncertainty.tables.unit_columns import MULTIPLIERS
from uncertainty.units.other_names import PER
from uncertainty.units.words import is_amount
from uncertainty.units.written import LONGEST_UNIT, PER_CENT, in_per_cent, without_money
from uncertainty.workbooks.cells import is_copied, one_cell
from uncertainty.workbooks.dimensions import of_unit
from uncertainty.workbooks.formulas import Apply, Area, nodes, parse_formula
from uncertainty.workbooks.kinds import RATIO, is_per, kind_of
from uncertainty.workbooks.ranges import is_beside_another, is_end, may_be_relative
from uncertainty.workbooks.sheet_texts import Heading
from uncertainty.workbooks.unit_texts import by_nearness, is_like_a_name, unknown_unit_in

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from uncertainty.workbooks.cells import Book
    from uncertainty.workbooks.formulas import Node
    from uncertainty.workbooks.sheet_texts import SheetTexts

_OF_ITS_OWN = regex(r".*\w[ _](?:units?|einheit)", re.IGNORECASE)
"""Headings over the units of the numbers left of them, such as "EF unit"."""
_PER = regex(rf"(?:/|(?:per|{PER})\b)", re.IGNORECASE)
"""How what follows a unit begins where it is the number's only together with that."""
_MORE = regex(rf"scale|multiplier|magnitude|prefix|/|per|{PER}|{'|'.join(MULTIPLIERS)}", re.IGNORECASE)
"""Headings of how many of its unit a number counts, and of what it is per."""
MOST_ROWS = 200
"""Formulas of a column that are looked at."""


class Shared(NamedTuple):
    """The columns that are in the unit of their row, and those of which nobody can tell."""

    having: frozenset[int]
    possible: frozenset[int] = frozenset()


def that_have_unit(
    headings: Mapping[int, Heading], made: Container[int], units: int, text: str, *, is_headed: bool
) -> Shared:
    """Return the columns of numbers that have the unit of their row.

    Parameters
    ----------
    headings
        By column, those of the row's numbers.
    made
        The columns in which formulas stand.
    units
        The column of the text that says the unit.
    text
        The unit.
    is_headed
        Whether that column is headed as one of units.
    """
    if len(headings) == 1:
        return _alone(frozenset(headings), headings, text)
    if same := frozenset(column for column, each in headings.items() if each.unit == text):
        return Shared(same)
    free = {column: each for column, each in headings.items() if not each.unit}
    if not free:
        # what is in per cent is so in every row
        return Shared(frozenset(c for c, each in headings.items() if not each.unit.startswith("%")))
    bases = {
        column: each
        for column, each in free.items()
        if not is_beside_another(each.text) or may_be_relative(each.text)
    }
    if not bases:
        return Shared(frozenset(free))
    found = _of_bases(bases, text)
    if not found.having and is_headed:
        near = {
            c
            for c in found.possible
            if c not in made
            and abs(c - units) == 1
            and not is_per(headings[c].text, text)
            # behind a number it is rather that one's
            and (c < units or units - 1 not in headings)
        }
        constants = {c for c in found.possible if c not in made}
        found = Shared(frozenset(near)) if len(near) == len(constants) == 1 else found
    having, possible = (_with_ends(each, free, bases) for each in found)
    # what is calculated of the others is something else
    return Shared(having, frozenset(each for each in possible if each not in made) if having else possible)


def _with_ends(
    columns: frozenset[int], free: Mapping[int, Heading], bases: Mapping[int, Heading]
) -> frozenset[int]:
    """Add the ends of ranges and the spreads of columns, which stand behind them."""
    every = sorted(each for each in bases if not may_be_relative(bases[each].text)) or sorted(bases)
    owners = {each: every[max(bisect_left(every, each) - 1, 0)] for each in free if each not in bases}
    return columns | {each for each, owner in owners.items() if owner in columns}


def _alone(columns: frozenset[int], headings: Mapping[int, Heading], text: str) -> Shared:
    """Return columns that are all, but for prices: one beside kg is per kg."""
    per = frozenset(each for each in columns if is_per(headings[each].text, text))
    return Shared(columns - per, per)


def _of_bases(bases: Mapping[int, Heading], text: str) -> Shared:
    kinds = {column: kind_of(each.text) for column, each in bases.items()}
    factors = frozenset(column for column, kind in kinds.items() if kind.is_factor)
    plain = frozenset(column for column, kind in kinds.items() if not kind.is_another)
    cases = frozenset(column for column in plain if kinds[column].is_case)
    if factors and plain and (RATIO.search(text) or without_money(text) != text):
        return Shared(frozenset(), factors | plain)
    candidates = plain or factors or frozenset(kinds)
    # "Run 1" and "Run 2", beside which their mean may stand, are cases
    alike = [kinds[column].name for column in candidates - cases]
    if len(alike) > 1 and len(set(alike)) == 1 and "" not in alike:
        cases = candidates
    if len(candidates) == 1 or candidates == cases:
        return _alone(candidates, bases, text)
    quantities = frozenset(column for column in candidates if kinds[column].is_quantity)
    values = frozenset(column for column in candidates if kinds[column].is_value)
    found = [each for each in (quantities, cases or values) if each]
    is_one = len(found) == 1 and (found[0] == cases or len(found[0]) == 1)
    is_one |= bool(quantities) and len(quantities) == 1 and not cases
    return Shared(found[0], candidates - found[0]) if is_one else Shared(frozenset(), candidates)


class Said(NamedTuple):
    """What the texts of a row say of the unit of one of its numbers.

    Parameters
    ----------
    having
        Texts that are its unit.
    possible
        Texts that may be its unit or that of another number.
    others
        Texts that are the unit of other numbers of the row.
    """

    having: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class RowUnits:
    """Finds what the texts of rows say of the units of their numbers.

    Parameters
    ----------
    book, title
        A workbook, and the title of a sheet.
    texts
        The texts of the sheet.
    shown
        The cells, by row and column, that show a percentage.
    """

    def __init__(self, book: Book, title: str, texts: SheetTexts, shown: Container[tuple[int, int]]) -> None:
        self._book = book
        self._title = title
        self._texts = texts
        self._parallel: dict[frozenset[int], bool] = {}
        self._shown = shown
        self._rows: dict[tuple[int, int], list[tuple[str, Shared]]] = {}

    def of(self, at: Area) -> Said:
        """Return what the texts of its row say of a cell."""
        is_text = at.left in dict(self._texts.row(at.top))
        key = at.top, at.left if is_text else 0
        if key not in self._rows:
            self._rows[key] = list(self._shared(at.top, at.left))
        found = self._rows[key]
        return Said(
            tuple(dict.fromkeys(text for text, each in found if at.left in each.having)),
            tuple(dict.fromkeys(text for text, each in found if at.left in each.possible)),
            tuple(dict.fromkeys(text for text, each in found if each.having and at.left not in each.having)),
        )

    def _shared(self, row: int, column: int) -> Iterator[tuple[str, Shared]]:
        """Yield the units that texts of a row say, and of which of its numbers each is."""
        for place, (written, columns, is_alone) in self._placed(row, column).items():
            text = in_per_cent(written)
            headings = {each: self._heading(row, each, place) for each in columns}
            if not is_alone:
                headings = _without_gap(headings)
            if len(headings) > 1 and not text.startswith(PER_CENT):
                headings |= {
                    each: heading._replace(unit=heading.unit or PER_CENT)
                    for each, heading in headings.items()
                    if (row, each) in self._shown
                }
            cells = self._texts.cells
            made = {each for each in columns if (cell := cells.get((row, each))) and cell.is_formula}
            is_headed = self._texts.is_headed(row, place)
            found = that_have_unit(headings, made, place, text, is_headed=is_headed)
            if not found.having and self._are_cases(found.possible):
                found = Shared(found.possible)
            if self._may_be_less(row, place, columns, is_alone=is_alone, is_headed=is_headed):
                found = Shared(frozenset(), found.having | found.possible)
            yield text, found

    def _may_be_less(
        self, row: int, place: int, columns: set[int], *, is_alone: bool, is_headed: bool
    ) -> bool:
        """Tell whether a text may be no unit of a row, or less than the whole of it."""
        texts = dict(self._texts.row(row))
        if not is_alone:
            return bool(self._texts.doubtful(texts[place]))
        if not is_headed and self._texts.units_beside.is_headed_otherwise(row, place):
            return True
        if self._texts.letters.means_other(" ".join(texts.values()), texts[place]):
            return True
        behind = [texts.get(each, "") for each in (place + 1, place + 2) if each - 1 in {place, *columns}]
        if any(_PER.match(each) or is_amount(each) for each in behind):
            return True
        cells = {each for each in self._texts.filled if (row, each) in self._texts.cells}
        return any(self._texts.is_headed(row, each, _MORE) for each in cells)

    def _placed(self, row: int, column: int = 0) -> dict[int, tuple[str, set[int], bool]]:
        """Return the units that texts of a row say, by column, with their numbers, and which stand alone."""
        sheet, by_text = self._texts, dict[int, set[int]]()
        texts = {c: text for c, text in sheet.row(row) if not is_end(sheet.heading(row, c), text)}
        numbers = {each for each in sheet.filled if each not in texts and not sheet.is_empty(row, each)}
        numbers |= {column} - {0}
        units = {each for each in texts if each != column and self._is_unit(row, each, texts, numbers)}
        for number in numbers:
            joined = {each: texts[each] for each in units if self._joins(row, number, each, texts, numbers)}
            near = by_nearness(joined, number, numbers)
            if near[:2] == [number - 1, number + 1] and is_like_a_name(texts[near[0]]):
                # "m" before a number and its unit is a symbol
                near = near[1:]
            is_between = near[1:] and near[0] == number - 1 and number + 1 in near
            # on both sides of one number
            is_of_two = is_between and not sheet.is_headed(row, number + 1)
            for each in [*near[:1], *([number + 1] if is_of_two else [])]:
                by_text.setdefault(each, set()).add(number)
            if name := max((each for each in texts if each < number and each not in units), default=0):
                by_text.setdefault(name, set()).add(number)
        found: dict[int, tuple[str, set[int], bool]] = {}
        for place, columns in sorted(by_text.items()):
            is_alone = place in units
            text = (
                texts[place]
                if is_alone
                else sheet.parted(texts[place])[1]
                or sheet.doubtful(texts[place])
                or unknown_unit_in(texts[place])
            )
            if (
                is_alone
                and not sheet.is_headed(row, place)
                and _OF_ITS_OWN.fullmatch(sheet.heading(row, place))
            ):
                left = [each for each in columns if each < place]
                found[place] = text, {max(left or columns)}, is_alone
            elif text:
                found[place] = text, columns, is_alone
        return found

    def _are_cases(self, columns: frozenset[int]) -> bool:
        """Tell whether a formula was copied over columns that multiplies numbers of different rows.

        Such rows hold different quantities, and each column has all of them: of a country, a technology.
        """
        if len(columns) < 2:
            return False
        if columns not in self._parallel:
            first, *others = sorted(columns)
            rows = (row for row in self._texts.filled[first] if self._texts.cells[row, first].is_formula)
            self._parallel[columns] = any(
                self._is_of_several(row, first)
                and all(is_copied(self._book, self._at(row, first), self._at(row, each)) for each in others)
                for row in islice(rows, MOST_ROWS)
            )
        return self._parallel[columns]

    def _is_of_several(self, row: int, column: int) -> bool:
        """Tell whether a formula multiplies numbers of its column that stand in rows with different units."""
        found = self._book.formula(self._at(row, column))
        try:
            products = [_factors(each) for each in nodes(parse_formula(found[0]))] if found else []
        except InvalidValue:
            return False
        for factors in products:
            rows = {each.top for each in factors if each.is_cell and each.left == column and not each.sheet}
            units = [of_unit(text) for each in rows for text, _, _ in self._placed(each).values()]
            if any(not each.is_like(units[0]) for each in units):
                return True
        return False

    def _at(self, row: int, column: int) -> Area:
        return one_cell(self._title, row, column)

    def _is_unit(self, row: int, column: int, texts: Mapping[int, str], numbers: Container[int]) -> bool:
        """Tell whether a text is nothing but a unit: in a column of units, or directly beside numbers."""
        if self._texts.is_of_notes(row, column):
            return False
        if self._texts.is_of_units(row, column):
            return len(texts[column]) <= LONGEST_UNIT
        if not self._texts.units_beside.is_one(row, column, texts[column]):
            return False
        # to the left it is a unit where something else says what the number is
        is_left = column + 1 in numbers and min(texts) < column
        return is_left or column - 1 in numbers

    def _joins(
        self, row: int, number: int, place: int, texts: Mapping[int, str], numbers: Container[int]
    ) -> bool:
        """Tell whether no text stands between a number and its unit.

        Nor does a gap where the unit has no heading; directly behind a number it is that of none behind it.
        """
        between = range(min(number, place) + 1, max(number, place))
        is_headed = self._texts.is_headed(row, place)
        # a flag of a laboratory says what a number is worth, not what it is
        shortest = 3 if is_headed and number < place else 0
        if any(len(texts.get(each, "")) >= shortest for each in between if each in texts):
            return False
        if is_headed:
            # an empty cell of a nearer column of units says that there is none
            return not any(self._texts.is_headed(row, each) for each in between)
        is_of_another = place < number and place - 1 in numbers
        return not is_of_another and all((row, each) in self._texts.cells for each in between)

    def _heading(self, row: int, column: int, units: int) -> Heading:
        """Return the heading of a number; a number over it is one where it heads the whole table."""
        found = self._texts.headed(row, column)
        return found if found.text or found.unit else Heading(self._texts.in_heads(row, column, units))


def _without_gap(headings: Mapping[int, Heading]) -> dict[int, Heading]:
    """Return the numbers behind a row's name, but those that an empty cell parts and nothing heads."""
    found: dict[int, Heading] = {}
    for column, each in sorted(headings.items()):
        if each.text or each.unit or not found or column - 1 in found:
            found[column] = each
    return found


def _factors(node: Node) -> list[Area]:
    """Return the cells that a product multiplies."""
    if isinstance(node, Area):
        return [node]
    if not isinstance(node, Apply) or node.function != "*":
        return []
    return [area for each in node.arguments for area in _factors(each)]
