"""The texts of a sheet: what stands over its cells and beside them, and which units these have."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.bounds import SHEET_ROWS
from uncertainty.characters import legible
from uncertainty.late import regex
from uncertainty.tables.sheets import column_letter
from uncertainty.units.guesses import is_like_unit
from uncertainty.units.written import PURE, is_unit, without_money
from uncertainty.workbooks.cells import contains
from uncertainty.workbooks.heads_above import HeadsAbove, is_year_or_end
from uncertainty.workbooks.ranges import End, Row, is_end
from uncertainty.workbooks.unit_texts import (
    BLOCK,
    GENERIC,
    HEADING_OF_NOTES,
    HEADING_OF_UNITS,
    Letters,
    UnitsBeside,
    begins_a_row_of_units,
    enclosed_in,
    is_amount,
    is_like_a_name,
    is_unit_alone,
    is_year,
    money_in,
    parted,
    says_nothing,
    unknown_unit_in,
    year_of,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from uncertainty.workbooks.cells import Sheet
    from uncertainty.workbooks.formulas import Area


LONGEST_LABEL = 120
_HEADING_OF_SOURCES = regex(r"sources?|references?|quellen?|from", re.IGNORECASE)
_REFERENCE = regex(r"\d*|[a-eu]|[A-E]")
"""What may stand in brackets for a source or a footnote."""
_MARK = regex(r"[*†‡§]+$|(?<=[)\]])[⁰¹²³⁴⁵⁶⁷⁸⁹]+$|(?<=[)\]])\d\)?$")
"""How a heading ends that a footnote is of."""
_ANSWER = regex(r"yes|no|on|off|true|false|ja|nein|oui|non|s[ií]", re.IGNORECASE)
_PRODUCT = regex(r"[·⋅/²³]")
"""What stands in units, and hardly in heads of one word."""
_BESIDE = regex(f"{HEADING_OF_UNITS.pattern}|{_HEADING_OF_SOURCES.pattern}", re.IGNORECASE)
_NOTES_OR_UNITS = regex(f"{HEADING_OF_UNITS.pattern}|{HEADING_OF_NOTES.pattern}", re.IGNORECASE)


class Heading(NamedTuple):
    """What stands over a column of numbers, and the unit that it has itself."""

    text: str
    unit: str = ""


class SheetTexts:
    """The texts of a sheet by row and by column, those of merged cells in all that they cover.

    Parameters
    ----------
    days
        The cells, by row and column, that show a day.
    """

    def __init__(self, sheet: Sheet, days: Container[tuple[int, int]] = ()) -> None:
        self._days = days
        self._rows: dict[int, list[tuple[int, str]]] = {}
        self._columns: dict[int, list[tuple[int, str]]] = {}
        self._blocks: dict[int, list[tuple[int, str]]] = {}
        self._repeating: dict[int, set[int]] = {}
        self.cells = sheet.cells
        self._all: set[str] = set()
        self.filled: dict[int, list[int]] = {}
        for row, column in sheet.cells:
            self.filled.setdefault(column, []).append(row)
        self._headings: dict[tuple[int, re.Pattern[str]], int] = {}
        self._heads_of_notes: dict[int, list[tuple[int, str]]] = {}
        values = _values(sheet)
        # what begins a row of numbers is what they are called, no heading
        self._numbered = {row for row, _ in values} | {
            row
            for (row, _), each in sheet.cells.items()
            if each.is_formula or not isinstance(each.value, str)
        }
        self._counts = Counter(
            row
            for (row, column), each in sheet.cells.items()
            if (row, column) in values or each.is_formula or not isinstance(each.value, str)
        )
        self._used = sorted({row for row, _ in sheet.cells})
        self._offered = [area for area, _ in sheet.lists]
        covered = {(area.top, area.left): area for area in sheet.merged}
        for (row, column), cell in sorted(sheet.cells.items()):
            if not isinstance(cell.value, str) or not cell.value.strip() or (row, column) in values:
                continue
            # "m =" calls a number m
            text = _unbracketed(" ".join(legible(cell.value).split())[:LONGEST_LABEL]).rstrip(" =")
            if self.is_empty(row, column):
                continue
            self._all.add(text.casefold())
            area = covered.get((row, column))
            bottom, right = (area.bottom, area.right) if area else (row, column)
            for each in range(row, min(bottom, row + 1_000) + 1):
                self._rows.setdefault(each, []).append((column, text))
            for each in range(column, min(right, column + 1_000) + 1):
                self._columns.setdefault(each, []).append((row, text))
        for texts in (*self._rows.values(), *self._columns.values()):
            texts.sort()
        others = {row for row in self.of_years_alone if any(is_unit(each) for _, each in self.row(row))}
        heads = self.of_years_alone - others
        self.units_beside = UnitsBeside(self._columns, self._numbered - heads)
        self.letters = Letters(text for each in self._rows.values() for _, text in each)
        self.above = HeadsAbove(self._rows, self._columns, sheet.merged, self._numbered)

    def parted(self, text: str) -> tuple[str, str]:
        """Part a label from its unit; "min" is none where another label has "max" in its place."""
        found, unit = parted(text)
        if unit.lower() == "min" and re.sub(r"(?i)\bmin\b(?=[^\w]*$)", "max", text).casefold() in self._all:
            return text, ""
        return (text, "") if unit and self.letters.may_be_other(text) else (found, unit)

    def doubtful(self, text: str) -> str:
        """Return the letter that a label ends with in parentheses where it may be a unit or none."""
        return parted(text)[1] if self.letters.may_be_other(text) else ""

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
            heads = self._numbered - self.of_years_alone
            rows = [top for top in texts if top not in heads or self._rows[top][0][0] < column]
            rows = [top for top in rows if not begins_a_row_of_units(self._rows[top], column)]
            self._headings[column, kind] = min(rows, default=SHEET_ROWS)
        return self._headings[column, kind] < row

    def is_of_units(self, row: int, column: int) -> bool:
        """Tell whether a text is one of a column of units, and does not call its row, as "Total" does."""
        return self.is_headed(row, column) and not self._calls_a_row(row, column)

    def _calls_a_row(self, row: int, column: int) -> bool:
        """Tell whether words that are no unit are the first of a row, directly before a number."""
        first, text = self._rows[row][0]
        is_first = first == column and not any(self.is_number(row, each) for each in range(1, column))
        is_words = (text[:1].isupper() or " " in text) and not (is_unit(text) or is_like_unit(text))
        return is_first and is_words and self.is_number(row, column + 1)

    def is_of_notes(self, row: int, column: int) -> bool:
        """Tell whether a text stands in a column of notes or references, whose letters are no units."""
        if column not in self._heads_of_notes:
            self._heads_of_notes[column] = [
                each for each in self._columns.get(column, ()) if _NOTES_OR_UNITS.fullmatch(each[1])
            ]
        above = [text for top, text in self._heads_of_notes[column] if top < row]
        return bool(above) and HEADING_OF_NOTES.fullmatch(above[-1]) is not None

    def unit_heading(self, column: int) -> int:
        """Return the row in which a column is headed as one of units, one beyond the sheet without."""
        self.is_headed(0, column)
        return self._headings[column, HEADING_OF_UNITS]

    def row(self, row: int) -> Sequence[tuple[int, str]]:
        """Return the texts of a row with their columns."""
        return self._rows.get(row, ())

    def heading(self, row: int, column: int) -> str:
        """Return the heading of the block of a column that a cell stands in; two empty cells end a block."""
        first, text = self._block(row, column)
        return text if first < row and not self._is_apart(first, row, column) else ""

    def first_of(self, at: Area) -> int:
        """Return the row of the heading of the block that a cell stands in."""
        return self._block(at.top, at.left)[0]

    def end_of(self, at: Area) -> int:
        """Return the row in which the next block of a cell's column begins."""
        blocks = self._blocks[at.left] if self.first_of(at) and at.left in self._blocks else []
        place = bisect_left(blocks, (at.top + 1, ""))
        return blocks[place][0] if place < len(blocks) else SHEET_ROWS + 1

    def unit_of_group(self, at: Area) -> str:
        """Return the unit in the head that several columns have in common."""
        group = self.above.group(self.first_of(at), at.left)
        return self.parted(group)[1] or unknown_unit_in(group) or money_in(group)

    def group(self, at: Area) -> str:
        """Return that head without its unit, where a cell has it or another group has the same heading."""
        first = self.first_of(at)
        group, unit = self.parted(self.above.group(first, at.left))
        has_it = bool(unit) and is_year_or_end(self.heading(at.top, at.left))
        return group if has_it or self.above.repeats(first, at.left) else ""

    def over(self, row: int, column: int) -> str:
        """Return the heading of a cell, with its unit in parentheses where that stands in a row below it."""
        heading = self.heading(row, column)
        first, _ = self._block(row, column)
        above = self.cells.get((first - 1, column))
        group = self.above.group(first, column) if above is None else ""
        written = group or (above.value if above is not None else None)
        if not heading or not isinstance(written, str) or first - 1 in self._numbered:
            return heading
        if not group and self._rows[first][0][0] < column and len(self._rows.get(first - 1, ())) <= 2:
            # "Country: Peru" above "Unit: t" heads nothing
            return heading
        text, bare = " ".join(legible(written).split())[:LONGEST_LABEL], heading.strip("()[] ")
        is_bare = (is_unit(bare) or is_like_unit(bare)) and not self.is_minimum(bare)
        if not is_bare and _PRODUCT.search(bare) and any(is_unit(each) for _, each in self._rows[first]):
            # "mAU·s" beside "mg/L" is that of the head above it
            return f"{text}, {bare}"
        if not is_bare or is_unit(text) or parted(text)[1] not in ("", bare):
            return heading
        return text if enclosed_in(text) == bare else f"{text} ({bare})"

    def heads(self, at: Area) -> Iterator[str]:
        """Yield the heading of a cell and what stands in the rows above that."""
        first = self.first_of(at)
        yield self.over(at.top, at.left)
        for row in range(first, max(first - BLOCK, 0), -1):
            yield dict(self.row(row)).get(at.left, "")

    def footnote(self, text: str) -> str:
        """Return what a sheet says elsewhere behind the mark that a text ends with; nothing without one."""
        mark = _MARK.search(text)
        begun = (each for row in self._rows.values() for _, each in row if mark and each.startswith(mark[0]))
        return next((each.removeprefix(mark[0]).strip() for each in begun if mark), "")

    def is_minimum(self, text: str) -> bool:
        """Tell whether a text is "min" where another is "max", and so no minute."""
        return text.lower() == "min" and "max" in self._all

    @cached_property
    def rows_of_numbers(self) -> list[int]:
        """The rows in which other numbers stand than years and days that head what stands below."""
        return sorted(self._numbered - self.of_years_alone)

    def titles(self) -> Iterator[tuple[int, str]]:
        """Yield the texts that head no column with their rows: alone there, in corners and beside titles."""
        others = set(self.rows_of_numbers)
        for row, texts in sorted(self._rows.items()):
            for place, (column, text) in enumerate(texts if row not in others else ()):
                below = (each for each in self.filled.get(column, ()) if row < each <= row + BLOCK)
                is_head = next((each in others and self.is_number(each, column) for each in below), False)
                if len(texts) == 1 or (not is_head and (place == 0 or len(texts) == 2)):
                    yield row, text

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
        filled = self.filled[column]
        return bisect_left(filled, row) - bisect_left(filled, first) < row - first

    def _blocks_of(self, column: int) -> list[tuple[int, str]]:
        """Return where each block of a column begins, and the last text of those that it begins with."""
        texts = dict(self._columns.get(column, []))
        found: list[tuple[int, str]] = []
        before, is_heading = -BLOCK, False
        for row in sorted({*texts, *self.filled.get(column, ())}):
            is_first = is_heading and (before, column) in self._heads_of_several
            if row - before >= BLOCK and not is_first:
                is_heading = row in texts and not self._is_chosen(row, column)
                heads = is_heading and not self._is_beside_a_number(row, column, texts[row])
                found.append((row, texts[row] if heads else ""))
            elif is_heading and row in texts and self._may_head(row, column, texts[row], found[-1][1]):
                found[-1] = row, texts[row]
            elif is_heading := row in texts and self._heads_again(row, column, texts[row], before, found[-1]):
                found.append((row, texts[row]))
            before = row
        return found

    def _is_beside_a_number(self, row: int, column: int, text: str) -> bool:
        """Tell whether a text is a unit beside a number of its row, or a note behind the only one there."""
        if row not in self._numbered - self.of_years_alone:
            return False
        is_behind = self.is_number(row, column - 1)
        if is_unit(text) or is_like_unit(text):
            return is_behind or self.is_number(row, column + 1)
        return is_behind and self._counts[row] == 1

    def _may_head(self, row: int, column: int, text: str, above: str) -> bool:
        """Tell whether a text below a heading may be one: none chosen, below units, an end, or of data."""
        is_datum = row in self._numbered - self.of_years_alone
        if is_datum or self._is_chosen(row, column) or is_end(above, text):
            return False
        units = {each for each, _ in self._rows[row]} - {column}
        return not any(self.is_headed(row, each) for each in units)

    def _heads_again(self, row: int, column: int, text: str, before: int, above: tuple[int, str]) -> bool:
        """Tell whether a text below numbers heads those of another table, two rows apart at most."""
        if row in self._numbered or self._is_chosen(row, column) or says_nothing(text):
            return False
        first, heading = above
        is_head = self._heads_of_several.get((row, column))
        if is_head or (is_head is not None and (not heading or row - before > 1)):
            return True
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

    @cached_property
    def _heads_of_several(self) -> Mapping[tuple[int, int], bool]:
        """Where texts stand over numbers of several columns, or their units, below one number or a choice.

        With each, whether all texts of its row do.
        """
        used, found = set(self._used), dict[tuple[int, int], bool]()
        for row, texts in self._rows.items():
            is_below = row - 1 in used and self._counts[row - 1] != 1
            chosen = any(self._is_offered(row - 1, each) for each, _ in self._rows.get(row - 1, ()))
            if row in self._numbered or (is_below and not chosen):
                continue
            first = row + 1 if row + 1 in self._numbered else row + 2
            # of an opening row some cells are empty
            rows = range(first, first + 2) if first in self._numbered else ()
            over = [each for each, _ in texts if any(self.is_number(below, each) for below in rows)]
            if len(over) > 1:
                found |= {(row, each): len(over) == len(texts) for each in over}
        return found

    def calls_another(self, row: int, name: int, column: int) -> bool:
        """Tell whether numbers part a name from a text behind it, and no row of heads stands over both."""
        between = range(name + 1, column)
        top, heading = self._block(row, column)
        is_one = heading not in ("", self.heading(row, name)) and self._block(row, name)[0] == top
        is_one &= top not in self._numbered and all((top, each) in self.cells for each in between)
        return not is_one and any(self.is_number(row, each) for each in between)

    def is_empty(self, row: int, column: int) -> bool:
        """Tell whether nothing stands in a cell, or no more than the sign between a name and its number."""
        cell = self.cells.get((row, column))
        return cell is None or (
            isinstance(cell.value, str) and not cell.is_formula and not cell.value.strip(" =:")
        )

    def is_number(self, row: int, column: int) -> bool:
        """Tell whether a number or a formula stands somewhere."""
        cell = self.cells.get((row, column))
        return cell is not None and (cell.is_formula or not isinstance(cell.value, str))

    def _is_chosen(self, row: int, column: int) -> bool:
        """Tell whether a text is of a drop-down list, an answer to a question or an amount below a head."""
        texts = self._rows.get(row, ())
        above = self.cells.get((row - 1, column))
        if above is not None and isinstance(above.value, str) and texts and texts[0][0] < column:
            text = dict(texts).get(column, "")
            if is_amount(without_money(text)) and not is_year(text):
                return True
        is_answer = len(texts) == 2 and texts[1][0] == column and _ANSWER.fullmatch(texts[1][1])
        return bool(is_answer) or self._is_offered(row, column)

    def _is_offered(self, row: int, column: int) -> bool:
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
                cell = self.cells.get((row, column))
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
            cell = self.cells.get((row, column))
            return cell is not None and isinstance(cell.value, float)

        def is_label(column: int) -> bool:
            heading = self.heading(row, column)
            return column in texts and not _BESIDE.fullmatch(heading) and not is_end(heading, texts[column])

        return Row(lambda column: self.heading(row, column), is_number, is_label)

    def headed(self, row: int, column: int) -> Heading:
        """Return the heading of a column of numbers, with its unit or what stands for one."""
        heading = self.over(row, column)
        text, unit = self.parted(heading)
        is_name = is_like_a_name(heading) or heading in PURE or self.is_minimum(heading)
        is_bare = (is_unit_alone(heading) and not is_name) or without_money(heading) != heading
        return Heading(
            text, unit or unknown_unit_in(heading) or money_in(heading) or (heading if is_bare else "")
        )

    def in_heads(self, row: int, column: int, units: int) -> str:
        """Return what heads a column in the row of heads, be it a number.

        Parameters
        ----------
        row, column
            Where the number stands.
        units
            The column of its unit: its heading stands in the row of heads; without one, years or days do.
        """
        top = self.unit_heading(units)
        if top >= row:
            years = reversed(self._years.get(column, ()))
            top = next((each for each in years if each < row and each in self.of_years_alone), 0)
            if is_unit(dict(self.row(top)).get(units, "")):
                return ""
        cell = self.cells.get((top, column))
        if cell is None or isinstance(cell.value, str):
            return dict(self.row(top)).get(column, "")
        # a formula that was never calculated counts on from the head before it
        return f"{cell.value:.15g}" if isinstance(cell.value, float) else "1"

    def is_head(self, at: Area) -> bool:
        """Tell whether a cell is a year of those that head a table, below what stands over all of them."""
        if at.top not in self.of_years_alone or at.top not in self._years.get(at.left, ()):
            return False
        years = [each for each, rows in self._years.items() if at.top in rows]
        above = {dict(self._columns.get(each, ())).get(at.top - 1, "") for each in years}
        return len(years) > 1 and (len(above) == 1 or "" in above)

    def is_below_a_year(self, at: Area) -> bool:
        """Tell whether a year stands as a number over a cell."""
        return any(row < at.top and row in self.of_years_alone for row in self._years.get(at.left, ()))

    @cached_property
    def of_years_alone(self) -> set[int]:
        """The rows in which no number stands but years and days, which head what stands below them."""
        others = {
            row
            for (row, column), cell in self.cells.items()
            if not (year_of(cell) or (row, column) in self._days)
            and (cell.is_formula or not isinstance(cell.value, str))
        }
        return self._numbered - others

    @cached_property
    def _years(self) -> Mapping[int, Sequence[int]]:
        """The rows of each column in which a year or a day stands, from above."""
        found: dict[int, list[int]] = {}
        for (row, column), cell in sorted(self.cells.items()):
            if year_of(cell) or (row, column) in self._days:
                found.setdefault(column, []).append(row)
        return found


def _unbracketed(text: str) -> str:
    """Return a unit that stands in a cell of its own in brackets, as "[m²]", without these."""
    inner = text[1:-1].strip() if text[:1] == "[" and text[-1:] == "]" else ""
    is_reference = _REFERENCE.fullmatch(inner) is not None
    is_one = "[" not in inner and not is_reference and (is_unit(inner) or is_like_unit(inner))
    return inner if is_one else text


def _values(sheet: Sheet) -> set[tuple[int, int]]:
    """Return where amounts are stored as texts: each alone in its row, behind texts that head no numbers."""
    rows: dict[int, list[int]] = {}
    for (row, column), cell in sorted(sheet.cells.items()):
        if isinstance(cell.value, str):
            rows.setdefault(row, []).append(column)
    found = set[tuple[int, int]]()
    for row, columns in rows.items():
        texts = {column: str(sheet.cells[row, column].value) for column in columns}
        numbers = [each for each, text in texts.items() if is_amount(text) and not is_year(text)]
        below = [sheet.cells.get((row + 1, each)) for each in columns if each not in numbers]
        is_head = any(each is not None and isinstance(each.value, float) for each in below)
        if len(numbers) == 1 and numbers[0] - 1 in texts and not is_head:
            found.add((row, numbers[0]))
    return found
