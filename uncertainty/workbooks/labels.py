"""What the cells of a workbook are called, by the texts beside them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.errors import InvalidValue
from uncertainty.units.written import PER_CENT, PURE, is_unit
from uncertainty.workbooks.below_tables import BelowTables
from uncertainty.workbooks.beside_numbers import GENERIC, is_like_a_name, says_nothing
from uncertainty.workbooks.dimensions import MOST_LEVELS, Dimensions
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


class _Said(NamedTuple):
    """What the texts around a cell say.

    Parameters
    ----------
    column, beside
        Where the text beside it stands, and what it is.
    own
        The unit that stands in its row.
    over
        What stands over it, with its unit.
    heading, headed
        The same without its unit, and that.
    is_name
        Whether the heading may be a unit, and is more likely a name.
    is_unsure
        Whether the unit is that of the heading only where its formula gives a number in it.
    is_another
        Whether its formula gives another number than one in the unit that the texts say.
    """

    column: int
    beside: str
    own: str
    over: str
    heading: str
    headed: str
    is_name: bool
    is_unsure: bool
    is_another: bool = False


class Labels:
    """Finds what cells are called: by a defined name, the nearest text to the left, or that above."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._texts: dict[str, SheetTexts] = {}
        self._below = BelowTables(book)
        self._dimensions = Dimensions(book, self._unit_of)
        self._by_texts: dict[tuple[str, int, int], _Said] = {}
        self._with_formula: dict[tuple[str, int, int], _Said] = {}
        self._asked: set[tuple[str, int, int]] = set()

    def of(self, at: Area) -> Label:
        """Return what a cell is called."""
        texts, said, look = self._of_sheet(at.sheet), self._said_with_formula(at), self._book.look(at)
        heading, found = said.heading, said.own or said.headed
        found = "" if found in PURE else found
        if look.is_percentage and look.contradiction(found) and self._is_share(texts, at, said.column):
            found = ""
        is_elsewhere = found or look.is_percentage or said.is_another
        if is_elsewhere and not said.headed and unknown_unit_in(heading):
            # the unit in the heading is that of other cells
            heading = heading[: heading.rindex(unknown_unit_in(heading)) - 1].rstrip()
        if is_range_end(heading) and self._book.cell(at).is_formula and texts.is_below_a_gap(at):
            heading = ""
        text, unit = texts.parted(said.beside)[0], look.unit(found)
        is_share = look.is_percentage and (not unit or unit.startswith("%"))
        defined = self._defined.get((at.sheet, at.top, at.left), "")
        told = heading if text and not GENERIC.fullmatch(heading) else ""
        told = f"{texts.group(at)}, {told}" if told and texts.group(at) else told
        money = money_in(said.beside) or money_in(said.over)
        over = "" if said.is_another else heading if said.is_name else unknown_unit_in(said.over)
        unread = "" if found else unknown_unit_in(said.beside) or over
        is_told = unit or is_share or unread or said.is_another
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
            title="" if is_told else texts.above.title_unit(texts.first_of(at)),
        )

    def _said_with_formula(self, at: Area) -> _Said:
        """Return what texts say of a cell where its formula does not tell otherwise."""
        key = at.sheet, at.top, at.left
        if key in self._with_formula or not self._book.formula_stands(at):
            return self._with_formula.get(key) or self._said_by_texts(at)
        self._asked.add(key)
        said = self._said_by_texts(at)
        if said.is_unsure and not self._dimensions.is_in(at, said.headed):
            said = said._replace(headed="")
        unit = said.own or said.headed or unknown_unit_in(said.heading)
        top = 0 if said.own else self._of_sheet(at.sheet).first_of(at)
        if (instead := self._dimensions.instead_of(at, unit, top)) != unit:
            said = said._replace(own=instead, headed="", is_another=True)
        self._asked.discard(key)
        self._with_formula[key] = said
        return said

    def _said_by_texts(self, at: Area) -> _Said:
        """Return what texts say of a cell, whatever its formula makes."""
        key = at.sheet, at.top, at.left
        if key not in self._by_texts:
            texts = self._of_sheet(at.sheet)
            column, beside = self._beside(texts, at)
            enclosed = texts.parted(beside)[1]
            # the unit in the name of the row may be that of other cells
            enclosed = enclosed if enclosed and texts.is_of_row(at, column, enclosed) else ""
            own = texts.unit(at) or enclosed
            self._by_texts[key] = _Said(column, beside, own, *self._over(texts, at))
        return self._by_texts[key]

    def _over(self, texts: SheetTexts, at: Area) -> tuple[str, str, str, bool, bool]:
        """Return what the heading of a cell says of it, from `_Said.over` on."""
        over, first = texts.over(at.top, at.left), texts.first_of(at)
        heading, headed = texts.parted(over)
        has_unit = bool(headed or unknown_unit_in(over) or is_unit(heading))
        is_made = self._book.formula_stands(at)
        if over and self._below.is_another(at, first, with_unit=has_unit):
            return "", "", headed if is_made else "", False, is_made
        if over and texts.above.is_name(first, at.left):
            over = texts.heading(at.top, at.left)
            return over, over, "", False, False
        group = texts.unit_of_group(at) if not headed and is_year_or_end(heading) else ""
        is_once = texts.is_headed_once(at.top, at.left)
        is_name = is_once and is_unit(heading) and is_like_a_name(heading)
        if is_unit(heading) and not (is_name or texts.is_minimum(heading)):
            return over, "", headed or group or heading, False, is_made and bool(group)
        return over, heading, headed or group, is_name, is_made and bool(group)

    def _unit_of(self, at: Area) -> str:
        """Return the unit of a cell that a formula takes."""
        is_far = self._dimensions.level >= MOST_LEVELS or (at.sheet, at.top, at.left) in self._asked
        said, look = self._said_by_texts(at) if is_far else self._said_with_formula(at), self._book.look(at)
        if look.is_percentage:
            return PER_CENT
        headed = "" if is_far and said.is_unsure else said.headed
        rest = "" if said.is_another else unknown_unit_in(said.beside) or unknown_unit_in(said.heading)
        return look.unit(said.own or headed) or rest

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
