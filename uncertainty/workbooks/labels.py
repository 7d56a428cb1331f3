"""What the cells of a workbook are called and in which unit they are, by the texts beside them.

The unit of a cell is taken where one text gives it and nothing contradicts: the texts that apply are
collected, and what the formula makes of other units is compared with them.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.errors import InvalidValue
from uncertainty.units.guesses import is_like_unit
from uncertainty.units.second_meanings import means_other
from uncertainty.units.written import DAY, PER_CENT, PURE, in_per_cent, in_words, is_unit, without_money
from uncertainty.workbooks.below_tables import BelowTables
from uncertainty.workbooks.cells import is_copied, one_cell
from uncertainty.workbooks.dimensions import (
    MOST_CELLS,
    Dimensions,
    Verdict,
    calculated,
    is_number,
    of_unit,
    taken,
)
from uncertainty.workbooks.formulas import Area, parse_formula
from uncertainty.workbooks.gaps import Gaps
from uncertainty.workbooks.heads_above import is_year_or_end
from uncertainty.workbooks.kinds import is_of_another_kind, is_share, kind_of
from uncertainty.workbooks.label import LONGEST_NAME, Label
from uncertainty.workbooks.looks import Look
from uncertainty.workbooks.ranges import is_end
from uncertainty.workbooks.row_units import RowUnits, Said
from uncertainty.workbooks.sheet_texts import SheetTexts
from uncertainty.workbooks.thousands import Thousands, converts, is_money, is_rest, says_thousands
from uncertainty.workbooks.unit_texts import (
    GENERIC,
    is_like_a_name,
    is_unit_alone,
    may_say_unit,
    money_in,
    says_nothing,
    unknown_unit_in,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from uncertainty.workbooks.cells import Book
    from uncertainty.workbooks.fractions import Factor


_SIGNS = ("±", "+/-", "+-")
"""What stands before the spread of a number."""


class _Texts(NamedTuple):
    """What the texts around a cell say.

    Parameters
    ----------
    beside
        What calls it, to its left.
    row
        What the texts of its row say of its unit.
    over
        What stands over it, with its unit.
    heading, headed
        The same without its unit, and that, known or not.
    is_name
        Whether the heading may be a unit, and is more likely a name.
    is_other
        Whether what the heading says may not be the unit of the cell, which is none of the numbers of the
        table that the heading is of, or of which a letter or a head of several columns says it.
    """

    beside: str
    row: Said
    over: str = ""
    heading: str = ""
    headed: str = ""
    is_name: bool = False
    is_other: bool = False


class _Unit(NamedTuple):
    """The text that is the unit of a cell, those that may be, and whether its formula gives a pure number."""

    text: str = ""
    unsure: str = ""
    is_pure: bool = False


class Labels:
    """Finds what cells are called: by a defined name, the nearest text to the left, or that above.

    Parameters
    ----------
    fractions
        Cells that formulas take for fractions of 1, whatever texts say that they are per cent of.
    factors
        Cells that formulas multiply by as if they were such, unless the product is said to be per cent.
    """

    def __init__(
        self, book: Book, fractions: Collection[Area] = (), factors: Collection[Factor] = ()
    ) -> None:
        self._book = book
        self._taken_as_fractions = fractions
        self._factors = factors
        self._sheets: dict[str, tuple[SheetTexts, RowUnits, Thousands]] = {}
        self._gaps: dict[str, Gaps] = {}
        self._below = BelowTables(book)
        self._dimensions = Dimensions(book, self._bare_unit)
        self._said: dict[tuple[str, int, int], _Texts] = {}
        self._units: dict[tuple[str, int, int], _Unit] = {}

    def of(self, at: Area) -> Label:
        """Return what a cell is called."""
        texts, said, look = self._of_sheet(at.sheet)[0], self._texts(at), self._book.look(at)
        unit = self._unit(at)
        beside = ""
        if unit.text and not is_unit(unit.text):
            beside = next((unit.text for each in (said.beside, said.over) if unit.text in _ends(each)), "")
        found = "" if beside or unit.text in PURE else unit.text
        text = _without_other(texts.parted(said.beside)[0], unit.text)
        heading = _without_other(said.heading, unit.text)
        against = self._against_money(at, found, unit.unsure)
        shown = look.unit(found) if not against else "" if is_unit(found) else found
        is_share = look.is_percentage and (not shown or shown.startswith(PER_CENT))
        is_of_other = is_share and said.is_other and bool(said.heading) and not unit.text
        defined = self._defined.get((at.sheet, at.top, at.left), "")
        told = heading if text and not GENERIC.fullmatch(heading) else ""
        told = f"{texts.group(at)}, {told}" if told and texts.group(at) not in ("", told) else told
        money = money_in(said.beside) or money_in(said.over)
        beside = beside or ("" if unit.text or unit.is_pure or not said.is_name else heading)
        is_told = shown or is_share or beside or unit.text or unit.unsure or unit.is_pure
        near = [] if is_told else self._not_taken(at)
        title = "" if is_told else texts.above.title_unit(texts.first_of(at))
        title = title or ("" if is_told or near else texts.above.of_all)
        return Label(
            text or heading or defined,
            shown,
            told,
            defined,
            is_share,
            look.is_time,
            "" if against else look.contradiction(found or (money if look.is_scaled else "")),
            texts.source(at),
            texts.ends(at),
            beside=beside,
            title=title,
            unsure="" if shown or is_share or title else unit.unsure or against or " or ".join(near),
            over=said.headed if is_of_other and look.contradiction(said.headed) else "",
        )

    def of_line(self, at: Area) -> str:
        """Return what a line of cells is called: a row by what stands beside it, a column by its heading."""
        first = one_cell(at.sheet, at.top, at.left)
        return self.of(first).text if at.top == at.bottom else self._texts(first).heading

    def _against_money(self, at: Area, text: str, unsure: str) -> str:
        """Return what speaks against money that the number format alone says a cell is in.

        Parameters
        ----------
        text, unsure
            What other texts say that its unit is, and what they say that it may be.
        """
        shown, said = self._book.look(at).unit(text), self._texts(at)
        if shown != text and self._of_sheet(at.sheet)[0].letters.means_other(
            said.beside or said.heading, shown
        ):
            return shown
        if is_money(text) or not is_money(shown):
            return ""
        is_other = any(_is_other_money(each, shown) for each in unsure.split(" or "))
        # a sum of quantities times prices is in just that
        is_other &= Dimensions.verdict(self._dimensions.of(at), shown) is not Verdict.SAME
        return (
            self._against_shown(at, shown) or self._against_what_it_takes(at) or (unsure if is_other else "")
        )

    def _against_shown(self, at: Area, shown: str) -> str:
        return self._against_any_money(at) or self._of_sheet(at.sheet)[2].against_sign(at, shown)

    def _against_any_money(self, at: Area) -> str:
        said = self._texts(at)
        # "m" under money is a million, and no metre
        if "m" in said.row.having or (means_other(said.beside, "m") and "m" in said.row.possible):
            return "m"
        return self._of_sheet(at.sheet)[2].against(at, said.beside, said.over)

    def _against_what_it_takes(self, at: Area) -> str:
        """Return what says thousands of the money that a formula, or one that it takes, is made of."""
        waiting, asked = [at], {at}
        while waiting and len(asked) < MOST_CELLS:
            place = waiting.pop()
            formula = self._book.formula(place)
            areas = taken(self._book, place) if formula and not converts(formula[0]) else ()
            for each in (one_cell(area.sheet, area.top, area.left) for area in areas):
                shown = self._book.look(each).unit("")
                if each not in asked and is_money(shown):
                    said = self._against_shown(each, shown)
                    if said and not is_rest(said):
                        return said
                    asked.add(each)
                    waiting.append(each)
        return ""

    def _not_taken(self, at: Area) -> list[str]:
        """Return what texts near a cell may say of its unit where nothing told it, so that all is listed."""
        said, others = self._texts(at), self._of_sheet(at.sheet)[0].row(at.top)
        # what stands over another number heads that
        row = (
            text
            for column, text in others
            if column != at.left
            and not self._of_sheet(at.sheet)[0].is_of_notes(at.top, column)
            and not is_number(self._book, one_cell(at.sheet, at.top + 1, column))
        )
        look = self._book.look(at)
        # what a format shows by the thousand is told, and not taken
        every = (*row, look.word if look.is_scaled else "", *self._of_sheet(at.sheet)[0].heads(at))
        found = _distinct(filter(None, map(may_say_unit, every)))
        # those of other numbers of the row are taken, and may be that of a spread, too
        is_spread = said.beside.endswith(_SIGNS)
        return [each for each in found if is_spread or each not in said.row.others]

    def _unit(self, at: Area) -> _Unit:
        """Return the unit of a cell, those of the calculated cells that it takes first."""
        waiting, asked = [at], set[tuple[str, int, int]]()
        while waiting:
            each = waiting[-1]
            key = each.sheet, each.top, each.left
            if key not in self._units and key not in asked:
                asked.add(key)
                if self._is_told(each):
                    waiting += [
                        other
                        for other in calculated(self._book, each)
                        if (other.sheet, other.top, other.left) not in asked
                    ]
                continue
            waiting.pop()
            if key not in self._units:
                self._units[key] = self._decided(each)
        return self._units[at.sheet, at.top, at.left]

    def _is_told(self, at: Area) -> bool:
        """Tell whether some text may be the unit of a cell."""
        said = self._texts(at)
        return bool(said.headed or said.row.having or said.row.possible or said.row.others)

    def _decided(self, at: Area) -> _Unit:
        """Return the unit of a cell by the texts around it, and by its formula."""
        said = self._texts(at)
        strong = _distinct((*said.row.having, *([] if said.is_other or not said.headed else [said.headed])))
        below = [said.headed] if said.is_other and said.headed else []
        weak = _distinct(each for each in (*said.row.possible, *below) if each not in PURE)
        strong += self._against(at, said, strong)
        if not self._book.formula_stands(at):
            is_taken = len(strong) == 1 and (
                bool(said.row.having)
                or not (
                    weak or is_of_another_kind(said.beside, strong[0]) or self._is_rate_among(at, strong[0])
                )
            )
            if is_taken and self._is_fraction(at, said, strong[0]):
                return _Unit(unsure=strong[0], is_pure=True)
            return _Unit(strong[0]) if is_taken else _Unit(unsure=" or ".join([*strong, *weak]))
        if not self._is_told(at):
            return _Unit()
        made = self._dimensions.of(at)
        verdicts = {
            text: Dimensions.verdict(made, self._bare(at, text))
            for text in (*strong, *weak, *said.row.others)
        }
        same = [text for text, verdict in verdicts.items() if verdict is Verdict.SAME]
        # what is called a percentage is in no unit of a column by way of 100 times a ratio
        if same and not said.row.having and is_share(said.beside) and not same[0].startswith(PER_CENT):
            return _Unit(unsure=same[0])
        # of kg and m3 twice the m3 may be the kg
        if same and not (len(strong) > 1 and self._dimensions.is_scaled(at)):
            return _Unit(same[0])
        if len(strong) == 1 and self._is_fraction(at, said, strong[0]):
            return _Unit(unsure=strong[0], is_pure=True)
        if verdicts and all(each is Verdict.PURE for each in verdicts.values()):
            return _Unit(is_pure=True)
        if len(strong) == 1 and verdicts[strong[0]] is Verdict.UNKNOWN and self._is_surely_of(at, said):
            return _Unit(strong[0])
        return _Unit(unsure=" or ".join(strong or weak))

    def _is_fraction(self, at: Area, said: _Texts, text: str) -> bool:
        """Tell whether a cell, or another of those that a text says per cent of, is a fraction of 1."""
        if not text.startswith(PER_CENT) or self._book.look(at).is_percentage:
            return False
        if text in said.row.having:
            return (at.sheet, at.top) in self._rows_of_fractions
        return (at.sheet, at.left, said.over) in self._heads_of_fractions

    def _is_rate_among(self, at: Area, text: str) -> bool:
        """Tell whether a formula takes a number for a fraction of 1 that stands below an amount's unit."""
        made = of_unit(text)
        is_amount = bool(made.powers) or any(name != "time" for name, _ in made.dimension.powers)
        return is_amount and any(each == at for each in self._taken_as_fractions)

    @cached_property
    def _fractions(self) -> list[Area]:
        found = (
            each.at
            for each in self._factors
            if not any(map(self._says_per_cent, (each.taken_by, *each.against)))
        )
        return [*self._taken_as_fractions, *found]

    def _says_per_cent(self, at: Area) -> bool:
        """Tell whether a text may say that the number of a cell is one of per cent."""
        said = self._texts(at)
        return any(each.startswith(PER_CENT) for each in (*said.row.having, *said.row.possible, said.headed))

    @cached_property
    def _rows_of_fractions(self) -> set[tuple[str, int]]:
        return {(each.sheet, each.top) for each in self._fractions}

    @cached_property
    def _heads_of_fractions(self) -> set[tuple[str, int, str]]:
        return {(each.sheet, each.left, self._texts(each).over) for each in self._fractions}

    def _against(self, at: Area, said: _Texts, strong: list[str]) -> list[str]:
        """Return what the title of a table says against the unit of a cell.

        It says thousands of the money, or what the numbers of years and cases in rows of kg or m3 are.
        """
        if len(strong) == 1 and is_money(strong[0]) and (found := self._against_any_money(at)):
            return [found]
        texts = self._of_sheet(at.sheet)[0]
        notes = (texts.footnote(each) for each in (said.beside, said.over) if strong)
        if note := next(filter(says_thousands, notes), ""):
            return [note]
        title = texts.above.title_unit(texts.first_of(at))
        if len(strong) != 1 or not title or title == strong[0] or of_unit(title).is_like(of_unit(strong[0])):
            return []
        is_amount = not is_unit(title) and without_money(strong[0]) != strong[0]
        is_of_cases = bool(said.row.having) and not said.headed and not strong[0].startswith(PER_CENT)
        is_of_cases &= kind_of(said.heading).is_case or texts.is_below_a_year(at)
        return [title] if is_amount or is_of_cases else []

    def _is_surely_of(self, at: Area, said: _Texts) -> bool:
        """Tell whether a text is the unit of a cell, though nobody can tell what its formula makes.

        It stands in the cell's row, or over formulas that were copied.
        """
        if said.row.having:
            return True
        first = self._of_sheet(at.sheet)[0].first_of(at)
        filled = self._of_sheet(at.sheet)[0].filled.get(at.left, [])
        place = bisect_left(filled, at.top)
        beside = (one_cell(at.sheet, row, at.left) for row in filled[max(place - 1, 0) : place + 2])
        others = (each for each in beside if each != at)
        return self._below.is_only(at, first) or any(is_copied(self._book, at, each) for each in others)

    def _bare_unit(self, at: Area) -> str:
        """Return the unit of the bare number of a cell that a formula takes."""
        key = at.sheet, at.top, at.left
        if key not in self._units and self._book.formula_stands(at):
            # a circle
            return ""
        unit = self._unit(at)
        if self._against_money(at, unit.text, unit.unsure):
            return self._bare(at, "" if is_unit(unit.text) else unit.text)
        return self._bare(at, "1" if unit.is_pure else self._book.look(at).unit(unit.text) or unit.text)

    def _bare(self, at: Area, text: str) -> str:
        look = self._book.look(at)
        if look.is_time:
            return DAY
        if look.is_percentage and (not text or text.startswith(PER_CENT)):
            return in_words(text).replace(PER_CENT, "1", 1) or "1"
        return text

    def _texts(self, at: Area) -> _Texts:
        """Return what texts say of a cell, whatever its formula makes."""
        key = at.sheet, at.top, at.left
        if key not in self._said:
            texts, units, _ = self._of_sheet(at.sheet)
            sign = dict(texts.row(at.top)).get(at.left - 1, "")
            name = self._beside(texts, at)
            # "±" before an uncertainty tells it from what it is of
            name = f"{name} {sign}" if name and sign in _SIGNS else name
            self._said[key] = self._over(texts, at, _Texts(name, units.of(at)))
        return self._said[key]

    def _over(self, texts: SheetTexts, at: Area, said: _Texts) -> _Texts:
        """Add what the heading of a cell says of it."""
        over, first = texts.over(at.top, at.left), texts.first_of(at)
        if not over:
            return said
        heading, headed = texts.parted(over)
        headed = headed or unknown_unit_in(over) or money_in(over) or texts.doubtful(over)
        is_other = bool(texts.doubtful(over)) or texts.is_head(at)
        if texts.above.is_name(first, at.left):
            over = texts.heading(at.top, at.left)
            return said._replace(over=over, heading=over)
        if not headed:
            headed = texts.unit_of_group(at)
            is_other |= bool(headed) and not is_year_or_end(heading)
        # "1" may be the number of a year
        is_bare = is_unit_alone(heading) and heading != "1" and not texts.is_minimum(heading)
        is_bare |= not headed and without_money(heading) != heading and is_like_unit(heading)
        is_name = is_bare and texts.is_headed_once(at.top, at.left) and is_like_a_name(heading)
        if says_nothing(heading):
            heading = ""
        elif is_bare and not is_name:
            heading, headed = "", headed or heading
        below = texts.end_of(at)
        is_another = self._below.is_another(at, first, below)
        is_other |= is_another or self._below.is_below(at, first, below)
        heading, is_name = ("", False) if is_another else (heading, is_name)
        headed = in_per_cent(headed)
        # "VAT" at 19 % in a column of euros
        is_other |= texts.letters.means_other(said.beside, headed)
        is_against = bool(said.beside) and bool(self._book.look(at).contradiction(headed))
        is_other |= is_against and self._below.is_share(at, first, below)
        return said._replace(over=over, heading=heading, headed=headed, is_name=is_name, is_other=is_other)

    def corner(self, at: Area) -> str:
        """Return the text in the corner of the table of a cell; nothing where its heading is the first.

        The first row of a table without a heading has the name of a row there.
        """
        texts = self._of_sheet(at.sheet)[0]
        first = texts.first_of(at)
        column, text = next(iter(texts.row(first)), (at.left, ""))
        return text if column < at.left and first not in texts.rows_of_numbers else ""

    def gap_before(self, at: Area) -> int:
        """Return the empty column that parts the table of a cell from other names; 0 where none does."""
        self._of_sheet(at.sheet)
        return self._gaps[at.sheet].before(at)

    def lower_and_higher(self, at: Area) -> str:
        """Return where the ends of the ranges of a column of numbers stand, each with its heading."""
        return self._of_sheet(at.sheet)[0].lower_and_higher(at) if at.left == at.right else ""

    def _of_sheet(self, title: str) -> tuple[SheetTexts, RowUnits, Thousands]:
        if title not in self._sheets:
            sheet = self._book.sheets[title]
            shown = {place: self._book.looks.get(cell.style, Look()) for place, cell in sheet.cells.items()}
            texts = SheetTexts(sheet, {place for place, look in shown.items() if look.is_date})
            shares = {place for place, look in shown.items() if look.is_percentage}
            self._gaps[title] = Gaps(texts)
            self._sheets[title] = texts, RowUnits(self._book, title, texts, shares), Thousands(texts)
        return self._sheets[title]

    def _beside(self, texts: SheetTexts, at: Area) -> str:
        """Return the nearest text to the left that is no unit, or else one that is not headed as one.

        Where some of a list are the same, each is told from the others by the text before it; one behind
        which a number stands calls that.
        """
        found = [
            (column, text)
            for column, text in texts.left_of(at.top, at.left)
            if text not in _SIGNS
            and not texts.is_of_units(at.top, column)
            and not is_end(texts.heading(at.top, column), text)
        ]
        words = [each for each in found if not is_unit(each[1]) and not says_nothing(each[1])]
        if not words:
            # of "u(m)" and "mg" before a number the first calls it
            nearest = found[0][0] if found else 0
            last = max((each for each in range(1, nearest) if texts.is_number(at.top, each)), default=0)
            own = [text for column, text in found if column > last]
            return own[-1] if own else ""
        telling = [each for each in words if len(each[1]) > 1 and not texts.repeats(at.top, each[0])]
        # a lone letter is a flag or a class where something else tells the rows apart
        (column, text), *others = telling if telling and len(words[0][1]) == 1 else words
        first, before = (telling or others or [(0, "")])[0]
        gaps = self._gaps[at.sheet]
        if column < gaps.before(at, column):
            return ""
        if not self._book.formula_stands(at) and gaps.is_in_another_table(at.top, at.left, column):
            return ""
        is_told = bool(others) and texts.repeats(at.top, column)
        if not is_told or texts.calls_another(at.top, first, column):
            return text
        both = before and len(before) + len(text) < LONGEST_NAME
        return f"{before}, {text}" if both else text

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


def _distinct(texts: Iterable[str]) -> list[str]:
    """Return the first of texts that say the same unit."""
    found: list[str] = []
    for text in texts:
        if not any(text == each or of_unit(text).is_like(of_unit(each)) for each in found):
            found.append(text)
    return found


def _is_other_money(text: str, shown: str) -> bool:
    """Tell whether a text is a unit of money, and of more or other than a cell shows."""
    return is_unit(text) and without_money(text) != text and not of_unit(text).is_like(of_unit(shown))


def _ends(text: str) -> tuple[str, str]:
    return unknown_unit_in(text), money_in(text)


def _without_other(text: str, unit: str) -> str:
    """Return a label without a unit that is not known and is that of other cells."""
    said = unknown_unit_in(text)
    return text if not said or said == unit else text[: text.rindex(said) - 1].rstrip()
