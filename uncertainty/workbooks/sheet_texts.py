"""The texts of a sheet: what stands over its cells and beside them, and which units these have."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING

from uncertainty.bounds import SHEET_ROWS
from uncertainty.characters import legible
from uncertainty.late import regex
from uncertainty.tables.sheets import column_letter
from uncertainty.units.guesses import is_like_unit
from uncertainty.units.written import LONGEST_UNIT, PURE, is_unit, without_money
from uncertainty.workbooks.beside_numbers import (
    BLOCK,
    GENERIC,
    HEADING_OF_UNITS,
    UnitsBeside,
    begins_a_row_of_units,
    by_nearness,
    is_like_a_name,
    says_nothing,
    year_of,
)
from uncertainty.workbooks.cells import contains
from uncertainty.workbooks.enclosed_units import enclosed_in, money_in, parted, unknown_unit_in
from uncertainty.workbooks.heads_above import HeadsAbove, is_year_or_end
from uncertainty.workbooks.ranges import End, Row, is_end
from uncertainty.workbooks.shared_units import Heading, that_have_unit, that_have_unit_of_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from uncertainty.workbooks.cells import Sheet
    from uncertainty.workbooks.formulas import Area


LONGEST_LABEL = 120
_HEADING_OF_SOURCES = regex(r"sources?|references?|quellen?|from", re.IGNORECASE)
_HEADING_OF_ITS_UNITS = regex(r".*\w[ _](?:units?|einheit)", re.IGNORECASE)
"""Headings over the units of the numbers left of them, such as "EF unit"."""
_BESIDE = regex(f"{HEADING_OF_UNITS.pattern}|{_HEADING_OF_SOURCES.pattern}", re.IGNORECASE)


class SheetTexts:
    """The texts of a sheet by row and by column, those of merged cells in all that they cover."""

    def __init__(self, sheet: Sheet) -> None:
        self._rows: dict[int, list[tuple[int, str]]] = {}
        self._columns: dict[int, list[tuple[int, str]]] = {}
        self._blocks: dict[int, list[tuple[int, str]]] = {}
        self._repeating: dict[int, set[int]] = {}
        self._cells = sheet.cells
        self._all: set[str] = set()
        self._filled: dict[int, list[int]] = {}
        for row, column in sheet.cells:
            self._filled.setdefault(column, []).append(row)
        self._headings: dict[tuple[int, re.Pattern[str]], int] = {}
        # what begins a row of numbers is what they are called, no heading
        self._numbered = {
            row
            for (row, _), each in sheet.cells.items()
            if each.is_formula or not isinstance(each.value, str)
        }
        self._used = sorted({row for row, _ in sheet.cells})
        self._offered = [area for area, _ in sheet.lists]
        covered = {(area.top, area.left): area for area in sheet.merged}
        for (row, column), cell in sorted(sheet.cells.items()):
            if not isinstance(cell.value, str) or not cell.value.strip():
                continue
            text = " ".join(legible(cell.value).split())[:LONGEST_LABEL]
            self._all.add(text.casefold())
            area = covered.get((row, column))
            bottom, right = (area.bottom, area.right) if area else (row, column)
            for each in range(row, min(bottom, row + 1_000) + 1):
                self._rows.setdefault(each, []).append((column, text))
            for each in range(column, min(right, column + 1_000) + 1):
                self._columns.setdefault(each, []).append((row, text))
        for texts in (*self._rows.values(), *self._columns.values()):
            texts.sort()
        self._beside = UnitsBeside(self._columns)
        self.above = HeadsAbove(self._rows, self._columns, sheet.merged, self._numbered)
        self._of_rows: dict[tuple[int, int], set[int]] = {}
        self._units_of: dict[tuple[int, int], tuple[dict[int, str], dict[int, str]]] = {}

    def parted(self, text: str) -> tuple[str, str]:
        """Part a label from its unit; "min" is none where another label has "max" in its place."""
        found, unit = parted(text)
        if unit.lower() == "min" and re.sub(r"(?i)\bmin\b(?=[^\w]*$)", "max", text).casefold() in self._all:
            return text, ""
        return found, unit

    def left_of(self, row: int, column: int) -> Iterator[tuple[int, str]]:
        """Yield the texts to the left of a cell with their columns, the nearest first."""
        texts = self._rows.get(row, [])
        for place in range(bisect_left(texts, (column, "")) - 1, -1, -1):
            yield texts[place]

    def repeats(self, row: int, column: int) -> bool:
        """Tell whether a cell stands among texts without a gap of which some are the same."""
        if column not in self._repeating:
            self._repeating[column] = set()
            lines: list[list[tuple[int, str]]] = []
            for each, text in self._columns.get(column, ()):
                if not lines or each > lines[-1][-1][0] + 1:
                    lines.append([])
                lines[-1].append((each, text))
            for line in lines:
                if len({text for _, text in line}) < len(line):
                    self._repeating[column].update(each for each, _ in line)
        return row in self._repeating[column]

    def is_headed(self, row: int, column: int, kind: re.Pattern[str] = HEADING_OF_UNITS) -> bool:
        """Tell whether a cell stands in a column with some heading, such as one of units."""
        if (column, kind) not in self._headings:
            texts = [top for top, text in self._columns.get(column, []) if kind.fullmatch(text)]
            heads = self._numbered - self._of_years_alone
            rows = [top for top in texts if top not in heads or self._rows[top][0][0] < column]
            rows = [top for top in rows if not begins_a_row_of_units(self._rows[top], column)]
            self._headings[column, kind] = min(rows, default=SHEET_ROWS)
        return self._headings[column, kind] < row

    def heading(self, row: int, column: int) -> str:
        """Return the heading of the block of a column that a cell stands in; two empty cells end a block."""
        first, text = self._block(row, column)
        return text if first < row and not self._is_apart(first, row, column) else ""

    def first_of(self, at: Area) -> int:
        """Return the row of the heading of the block that a cell stands in."""
        return self._block(at.top, at.left)[0]

    def unit_of_group(self, at: Area) -> str:
        """Return the unit in the head that several columns have in common."""
        return self.parted(self.above.group(self.first_of(at), at.left))[1]

    def group(self, at: Area) -> str:
        """Return that head without its unit, where a cell has it or another group has the same heading."""
        first = self.first_of(at)
        group, unit = self.parted(self.above.group(first, at.left))
        has_it = bool(unit) and is_year_or_end(self.heading(at.top, at.left))
        return group if has_it or self.above.repeats(first, at.left) else ""

    def is_below_a_gap(self, at: Area) -> bool:
        """Tell whether an empty row parts a cell from the heading of its block."""
        first, _ = self._block(at.top, at.left)
        return bisect_left(self._used, at.top) - bisect_left(self._used, first) < at.top - first

    def over(self, row: int, column: int) -> str:
        """Return the heading of a cell, with its unit in parentheses where that stands in a row below it."""
        heading = self.heading(row, column)
        first, _ = self._block(row, column)
        above = self._cells.get((first - 1, column))
        if not heading or above is None or not isinstance(above.value, str) or first - 1 in self._numbered:
            return heading
        if self._rows[first][0][0] < column and len(self._rows.get(first - 1, ())) <= 2:
            # "Country: Peru" above "Unit: t" heads nothing
            return heading
        text, bare = " ".join(legible(above.value).split())[:LONGEST_LABEL], heading.strip("()[] ")
        is_bare = (is_unit(bare) or is_like_unit(bare)) and not self.is_minimum(bare)
        if not is_bare or is_unit(text) or parted(text)[1] not in ("", bare):
            return heading
        return text if enclosed_in(text) == bare else f"{text} ({bare})"

    def is_minimum(self, text: str) -> bool:
        """Tell whether a text is "min" where another is "max", and so no minute."""
        return text.lower() == "min" and "max" in self._all

    def is_headed_once(self, row: int, column: int) -> bool:
        """Tell whether one text alone stands over a cell, and not a heading with its unit below it."""
        first, _ = self._block(row, column)
        return not any(0 < first - each < BLOCK for each, _ in self._columns.get(column, ()))

    def _block(self, row: int, column: int) -> tuple[int, str]:
        """Return where the block of a column begins that a cell stands in, and its heading."""
        if column not in self._blocks:
            self._blocks[column] = self._blocks_of(column)
        blocks = self._blocks[column]
        return blocks[bisect_left(blocks, (row + 1, "")) - 1] if blocks else (row, "")

    def _is_apart(self, first: int, row: int, column: int) -> bool:
        """Tell whether a cell is none of the numbers that a row of units stands over: those without a gap."""
        heads = self._rows.get(first)
        if not heads or not begins_a_row_of_units(heads, heads[0][0]):
            return False
        filled = self._filled[column]
        return bisect_left(filled, row) - bisect_left(filled, first) < row - first

    def _blocks_of(self, column: int) -> list[tuple[int, str]]:
        """Return where each block of a column begins, and the last text of those that it begins with."""
        texts = dict(self._columns.get(column, []))
        found: list[tuple[int, str]] = []
        before, is_heading = -BLOCK, False
        for row in sorted({*texts, *self._filled.get(column, ())}):
            if row - before >= BLOCK:
                is_heading = row in texts and not self._is_chosen(row, column)
                found.append((row, texts[row] if is_heading else ""))
            elif is_heading and row in texts and self._may_head(row, column, found[-1][1]):
                found[-1] = row, texts[row]
            elif is_heading := row in texts and self._heads_again(row, column, texts[row], before, found[-1]):
                found.append((row, texts[row]))
            before = row
        return found

    def _may_head(self, row: int, column: int, above: str) -> bool:
        """Tell whether a text below a heading may be one: none that is chosen, below units, or an end."""
        if self._is_chosen(row, column):
            return False
        if is_end(above, dict(self._rows[row])[column]):
            return False
        units = {each for each, _ in self._rows[row]} - {column}
        return not any(self.is_headed(row, each) for each in units)

    def _heads_again(self, row: int, column: int, text: str, before: int, above: tuple[int, str]) -> bool:
        """Tell whether a text below numbers heads those of another table, two rows apart at most."""
        if row in self._numbered or self._is_chosen(row, column) or says_nothing(text):
            return False
        first, heading = above
        if self.parted(text)[1] or money_in(text) or unknown_unit_in(text):
            return True
        if is_unit(heading) and not is_like_a_name(text):
            return is_unit(text) or is_like_unit(text) or without_money(text) != text
        beside = [(each, other) for each, other in self._rows[row] if each != column]
        if row - before > 1 and heading and not GENERIC.fullmatch(heading):
            return bool(beside)
        heads = {
            (each, other)
            for top in range(first - BLOCK + 1, first + 1)
            for each, other in self._rows.get(top, ())
        }
        return any(each in heads for each in beside)

    def _is_chosen(self, row: int, column: int) -> bool:
        return any(contains(area, row, column) for area in self._offered)

    def source(self, at: Area) -> str:
        """Return what stands in a column of sources to the right."""
        row = self._rows.get(at.top, [])
        headed = (t for c, t in row if c > at.left and self.is_headed(at.top, c, _HEADING_OF_SOURCES))
        return next(headed, "")

    def ends(self, at: Area) -> tuple[End, ...]:
        """Return the ends of a number's range."""
        return tuple(end for _, end in self._ends(at))

    def lower_and_higher(self, at: Area) -> str:
        """Return where the ends of the ranges of a column of numbers stand, each with its heading."""
        letters = ((column_letter(column - 1), end.heading) for column, end in self._ends(at))
        return ", ".join(f"{heading} in {letter}{at.top}:{letter}{at.bottom}" for letter, heading in letters)

    def _ends(self, at: Area) -> Iterator[tuple[int, End]]:
        """Give each column of ends of ranges, with the first of them; what is calculated is none."""
        for column in self._row(at.top).ends(at.left):
            for row in range(at.top, at.bottom + 1):
                cell = self._cells.get((row, column))
                heading = self.heading(at.top, column)
                if cell is None or cell.is_formula:
                    continue
                if isinstance(cell.value, float):
                    yield column, End(heading, cell.value, cell.style)
                    break
                if isinstance(cell.value, str) and any(map(str.isdigit, cell.value)):
                    yield column, End(heading, math.nan, cell.style, legible(cell.value).strip())
                    break

    def _row(self, row: int) -> Row:
        texts = dict(self._rows.get(row, ()))

        def is_number(column: int) -> bool:
            cell = self._cells.get((row, column))
            return cell is not None and isinstance(cell.value, float)

        def is_label(column: int) -> bool:
            heading = self.heading(row, column)
            return column in texts and not _BESIDE.fullmatch(heading) and not is_end(heading, texts[column])

        return Row(lambda column: self.heading(row, column), is_number, is_label)

    def _units(self, row: int, column: int) -> tuple[dict[int, str], dict[int, str]]:
        """Return the texts of a row, and by column the units of its numbers from columns of units."""
        cell = self._cells.get((row, column))
        key = row, column if cell is None or isinstance(cell.value, str) else 0
        if key not in self._units_of:
            texts = {c: text for c, text in self._rows.get(row, []) if not is_end(self.heading(row, c), text)}
            numbers = {each for each in self._filled if each not in texts and (row, each) in self._cells}
            found: dict[int, dict[int, Heading]] = {}
            for number in {*numbers, column}:
                for each in by_nearness(texts, number, numbers):
                    near = len(texts[each]) <= LONGEST_UNIT and self._joins(row, number, each)
                    if near and self.is_headed(row, each):
                        found.setdefault(each, {})[number] = self._headed(row, number)
                        break
            units = {
                number: texts[each] if number in having else ""
                for each, headings in found.items()
                for having in (that_have_unit(self._with(headings, row, each), each, texts[each]),)
                for number in headings
            }
            self._units_of[key] = texts, units
        return self._units_of[key]

    def _with(self, headings: Mapping[int, Heading], row: int, units: int) -> Mapping[int, Heading]:
        """Add headings over empty cells of a row in per cent: a list with prices is one where none stands."""
        if len(headings) < 2 or not dict(self._rows[row])[units].startswith("%"):
            return headings
        empty = (each for each in self._filled if (row, each) not in self._cells and self.heading(row, each))
        return {
            **headings,
            **{each: self._headed(row, each) for each in empty if self._joins(row, units, each)},
        }

    def is_of_row(self, at: Area, name: int, unit: str) -> bool:
        """Tell whether the unit in the name of a row is that of a cell too.

        Parameters
        ----------
        at
            The cell.
        name
            The column of the name.
        unit
            The unit that the name ends with.
        """
        key = at.top, name
        if key not in self._of_rows:
            texts = {each for each, _ in self._rows.get(at.top, ())}
            columns = (each for each in self._filled if each > name and (at.top, each) in self._cells)
            joined = (each for each in columns if each not in texts and self._joins(at.top, name, each))
            numbers = {at.left, *joined}
            headings = {each: self._headed(at.top, each) for each in numbers}
            self._of_rows[key] = that_have_unit_of_row(headings, name, unit)
        return at.left in self._of_rows[key]

    def sharing(self, at: Area, name: int) -> set[int]:
        """Return the other columns of numbers that have the unit that stands in a row or in its name."""
        _, units = self._units(at.top, at.left)
        found = {each for each, unit in units.items() if unit} | self._of_rows.get((at.top, name), set())
        return found - {at.left}

    def _headed(self, row: int, column: int) -> Heading:
        """Return the heading of a column of numbers, with its unit or what stands for one."""
        heading = self.over(row, column)
        text, unit = self.parted(heading)
        is_name = is_like_a_name(heading) or heading in PURE or self.is_minimum(heading)
        is_bare = (is_unit(heading) and not is_name) or without_money(heading) != heading
        return Heading(
            text, unit or unknown_unit_in(heading) or money_in(heading) or (heading if is_bare else "")
        )

    def _joins(self, row: int, column: int, other: int) -> bool:
        """Tell whether no text stands between two cells of a row."""
        low, high = sorted((column, other))
        return not any(low < each < high for each, _ in self._rows.get(row, []))

    def unit(self, at: Area) -> str:
        """Return the unit in a column of units, or directly to the right or left."""
        row, units = self._units(at.top, at.left)
        right, left = at.left + 1, at.left - 1
        is_right = self._is_unit_at(row, at.top, right)
        if is_right and _HEADING_OF_ITS_UNITS.fullmatch(self.heading(at.top, right)):
            return row[right]
        if units.get(at.left):
            return units[at.left]
        # a column that is headed so is the units of others
        if is_right and not (at.left in units and self.is_headed(at.top, right)):
            return row[right]
        if at.left in units:
            return ""
        # to the left it is a unit where something else says what the cell is, and not that of a number before
        is_of_another = (at.top, left - 1) in self._cells and left - 1 not in row
        is_another = is_of_another and self.heading(at.top, left) and self.heading(at.top, at.left)
        if self._is_unit_at(row, at.top, left) and min(row) < left and not is_another:
            return row[left]
        return self._of_years(row, at)

    def _is_unit_at(self, row: Mapping[int, str], top: int, column: int) -> bool:
        return column in row and self._beside.is_one(top, column, row[column])

    def _of_years(self, row: Mapping[int, str], at: Area) -> str:
        """Return the unit that stands left of all numbers of a row of years, between them and their name."""
        column = max((each for each in row if each < at.left), default=0)
        if column <= min(row, default=0) or not self._beside.is_one(at.top, column, row[column]):
            return ""
        line = range(column + 1, at.left + 1)
        if any((at.top, each) not in self._cells for each in line):
            return ""
        tops = (top for top in reversed(self._years.get(at.left, ())) if top < at.top)
        top = next(tops, 0)
        years = [year_of(self._cells.get((top, each))) for each in line]
        before = dict(self._rows.get(top, ())).get(column, "")
        return row[column] if years == sorted({*years}) and all(years) and not is_unit(before) else ""

    @cached_property
    def _of_years_alone(self) -> set[int]:
        """The rows in which no number stands but years, which head what stands below them."""
        others = {
            row
            for (row, _), cell in self._cells.items()
            if not year_of(cell) and (cell.is_formula or not isinstance(cell.value, str))
        }
        return self._numbered - others

    @cached_property
    def _years(self) -> Mapping[int, Sequence[int]]:
        """The rows of each column in which a year stands, from above."""
        found: dict[int, list[int]] = {}
        for (row, column), cell in sorted(self._cells.items()):
            if year_of(cell):
                found.setdefault(column, []).append(row)
        return found
