"""What the cells of a workbook are called, by the texts beside them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.errors import InvalidValue
from uncertainty.units.written import PURE, is_unit
from uncertainty.workbooks.below_tables import BelowTables
from uncertainty.workbooks.beside_numbers import GENERIC, is_like_a_name, says_nothing
from uncertainty.workbooks.enclosed_units import money_in, unknown_unit_in
from uncertainty.workbooks.formulas import Area, parse_formula
from uncertainty.workbooks.heads_above import is_year_or_end
from uncertainty.workbooks.label import Label
from uncertainty.workbooks.ranges import is_end, is_range_end
from uncertainty.workbooks.sheet_texts import SheetTexts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from uncertainty.workbooks.cells import Book


LONGEST_NAME = 32


class _Head(NamedTuple):
    """The heading over a cell: whole, without its unit, that unit, and whether it may be a unit itself."""

    whole: str
    text: str
    unit: str
    is_unsure: bool


class Labels:
    """Finds what cells are called: by a defined name, the nearest text to the left, or that above."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._texts: dict[str, SheetTexts] = {}
        self._below = BelowTables(book)

    def of(self, at: Area) -> Label:
        """Return what a cell is called."""
        texts = self._of_sheet(at.sheet)
        column, beside = self._beside(texts, at)
        over, heading, headed, is_unsure = self._head(texts, at)
        text, enclosed = texts.parted(beside)
        look = self._book.look(at)
        if enclosed and not texts.is_of_row(at, column, enclosed):
            # the unit in the name of the row is that of other cells
            enclosed = ""
        is_ratio = over != "" and self._below.is_ratio(at, texts.first_of(at))
        headed = "" if is_ratio else headed
        found = texts.unit(at) or enclosed or headed
        found = "" if found in PURE else found
        if look.is_percentage and look.contradiction(found) and self._is_share(texts, at, column):
            found = ""
        if (found or look.is_percentage or is_ratio) and not headed and unknown_unit_in(heading):
            # the unit in the heading is that of other cells
            heading = heading[: heading.rindex(unknown_unit_in(heading)) - 1].rstrip()
        if is_range_end(heading) and self._book.cell(at).is_formula and texts.is_below_a_gap(at):
            heading = ""
        unit = look.unit(found)
        is_share = look.is_percentage and (not unit or unit.startswith("%"))
        defined = self._defined.get((at.sheet, at.top, at.left), "")
        told = heading if text and not GENERIC.fullmatch(heading) else ""
        told = f"{texts.group(at)}, {told}" if told and texts.group(at) else told
        money = money_in(beside) or money_in(over)
        unread = "" if found else unknown_unit_in(beside) or (heading if is_unsure else unknown_unit_in(over))
        return Label(
            text or heading or defined,
            unit,
            told,
            defined,
            is_share,
            look.is_time,
            look.contradiction(found or (money if look.is_scaled else "")),
            texts.source(at),
            texts.ends(at),
            beside=unread,
            title="" if unit or is_share or unread else texts.above.title_unit(texts.first_of(at)),
        )

    def _head(self, texts: SheetTexts, at: Area) -> _Head:
        """Return what the heading over a cell says of it: nothing where it is that of other cells."""
        over = texts.over(at.top, at.left)
        heading, headed = texts.parted(over)
        has_unit = bool(headed or unknown_unit_in(over) or is_unit(heading))
        if over and self._below.is_another(at, texts.first_of(at), with_unit=has_unit):
            units = {texts.unit_over(at, each) for each in self._below.gathered(at)}
            over, heading, headed = "", "", headed if units == {headed} else ""
        if over and texts.above.is_name(texts.first_of(at), at.left):
            named = texts.heading(at.top, at.left)
            return _Head(named, named, "", is_unsure=True)
        if not headed and not self._book.cell(at).is_formula and is_year_or_end(heading):
            headed = texts.unit_of_group(at)
        is_once = texts.is_headed_once(at.top, at.left)
        is_unsure = is_once and is_unit(heading) and is_like_a_name(heading)
        if is_unit(heading) and not (is_unsure or texts.is_minimum(heading)):
            heading, headed = "", headed or heading
        return _Head(over, heading, headed, is_unsure)

    def _is_share(self, texts: SheetTexts, at: Area, name: int) -> bool:
        """Tell whether a percentage is a share of other numbers of its row, which are in the row's unit."""
        places = (Area(at.sheet, at.top, each, at.top, each) for each in texts.sharing(at, name))
        return any(not self._book.look(each).is_percentage for each in places)

    def lower_and_higher(self, at: Area) -> str:
        """Return where the ends of the ranges of a column of numbers stand, each with its heading."""
        return self._of_sheet(at.sheet).lower_and_higher(at) if at.left == at.right else ""

    def _of_sheet(self, sheet: str) -> SheetTexts:
        if sheet not in self._texts:
            self._texts[sheet] = SheetTexts(self._book.sheets[sheet])
        return self._texts[sheet]

    def _beside(self, texts: SheetTexts, at: Area) -> tuple[int, str]:
        """Return the nearest text to the left that is no unit, or else one that is not headed as one.

        Where some of a list are the same, each is told from the others by the text before it.
        """
        found = [
            (column, text)
            for column, text in texts.left_of(at.top, at.left)
            if not texts.is_headed(at.top, column) and not is_end(texts.heading(at.top, column), text)
        ]
        words = [each for each in found if not is_unit(each[1]) and not says_nothing(each[1])]
        if not words:
            return found[0] if found else (0, "")
        telling = [each for each in words if len(each[1]) > 1 and not texts.repeats(at.top, each[0])]
        # a lone letter is a flag or a class where something else tells the rows apart
        (column, text), *others = telling if telling and len(words[0][1]) == 1 else words
        before = others[0][1] if others and texts.repeats(at.top, column) else ""
        before = telling[0][1] if before and telling else before
        both = before and len(before) + len(text) < LONGEST_NAME
        return column, f"{before}, {text}" if both else text

    @cached_property
    def _defined(self) -> Mapping[tuple[str, int, int], str]:
        found = {}
        for (scope, name), text in self._book.names.items():
            try:
                node = parse_formula(f"={text}")
                if isinstance(node, Area) and node.is_cell and not name.startswith("_xl"):
                    title = self._book.sheet(node.sheet or scope).title
                    found[title, node.top, node.left] = name
            except InvalidValue:
                continue
        return found
