"""Which texts of a sheet are units of the numbers beside them, and which are names of something else.

A label ends with a unit, with money or with what stands for a unit, in parentheses.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from types import MappingProxyType
from typing import TYPE_CHECKING

from uncertainty.late import regex
from uncertainty.tables.csv_reading import UNITS
from uncertainty.tables.sheets import is_missing
from uncertainty.units.guesses import is_like_unit
from uncertainty.units.other_names import PER
from uncertainty.units.second_meanings import means_other, speaks_of_ships
from uncertainty.units.written import MONEY, PURE, is_unit, read_unit, without_money

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from uncertainty.workbooks.cells import Cell

BLOCK = 3
"""Rows between two cells of different blocks of a column."""
HEADING_OF_UNITS = regex(
    rf"units? (?:of|for) .+|[(\[]?(?:{'|'.join(UNITS)}|unités|unidad(?:es)?|einh\.?|me|u\.?m\.?|uds?\.?)"
    r"[)\]]?",
    re.IGNORECASE,
)

GENERIC = regex(r"(values?|amounts?|numbers?|inputs?|data|base( case)?|wert|valeur|quantity)?", re.IGNORECASE)
"""Headings that say nothing of what stands below them."""

_OF_NOTES = (
    "(?:foot)?notes? comments? remarks? refs? references? sources? fu(?:ß|ss)noten? anmerkung(?:en)? "
    "bemerkung(?:en)? kommentare? quellen? remarques? observaci[oó]n(?:es)? notas? fuentes?"
)
HEADING_OF_NOTES = regex(
    rf"(?:{'|'.join(_OF_NOTES.split())})(?:\W+(?:{'|'.join(_OF_NOTES.split())}|and|or|und|et|nos?|nr|#))*\W*",
    re.IGNORECASE,
)
"""Headings of columns whose letters are marks of footnotes and the like, and no units."""

_HEADING_OF_MONEY = regex(r"currency|currencies|währung|devise", re.IGNORECASE)
_OF_UNITS = regex(
    r"\b(?:units?|uom|einheit(?:en)?|unités?|unidad|measured in|currency|currencies|währung|devise)\b",
    re.IGNORECASE,
)
"""Headings of columns that hold units beside numbers."""
_DIVIDED_BY = regex(f"per|{PER}", re.IGNORECASE)
_LIKE_A_NAME = regex(r"[^\W\d_]|min|in|mass|grain|stone|mole|molar|dam|degree|turn|year|.+ (?:[^\W\d_]|\d+)")
"""A lone letter, such as that of a class or of a scenario, and what is more often a word than a unit."""

_ENCLOSED = regex(
    r"^(.*\S)\s*(?:\(([^()]{1,30}|[^()]{1,20}\([^()]{1,20}\))\)|\[([^\[\]]{1,30})\])\s*:?"
    r"\s*(?:[*†‡]+|(?<!m[)\]])[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?$"
)
"""With marks of footnotes behind it, of which ² behind (m) is none."""
_IN = regex(
    r"(.*\S) (?:in|en) "
    r"((?!A$)[^\W\d_]|[€$£¥₹%]|(?!(?:min|in|mass|grain|stone|mole|year)$)[^\s()\[\]]{2,20}(?: [^\s()\[\]]+)?)"
)
"""As in "Energy in kWh"; "Investment in A" is rather a place."""
_UNCERTAINTY = regex(r"u(?:[ _]?(?:c|r|rel))?\(")
"""How "u(m)" begins, the standard uncertainty of m; "U(V)" is as likely a voltage."""
_LETTER = regex(r"(.*\S)(\s*)\(([^\W\d_]|in|out|rad)\)\s*:?")
_OF_OTHER_UNITS = MappingProxyType(
    {
        "a": frozenset(
            ["area", "areas", "surface", "land", "fläche", "flächen", "superficie", "superficies"]
        ),
        "rad": frozenset(["dose", "doses", "exposure", "dosis", "dosen"]),
    }
)
"""Words of what is measured in another unit of such a name: the are, and the rad of radiation."""
_OF_LISTS = frozenset("bcefwxB")
"""Letters that are no units and stand in lists, behind men and women, low, middle and high."""

_WORD = regex(r"[^\W\d_]+|%")
_MOST_WORDS = 6
_AMOUNT = regex(r"[-+]?\d(?:[\d.,' ]*\d)?(?:[eE][-+]?\d+)?\s*(\D.*)?")
_OF_CLASSES = frozenset("ABCDEFabcdef")
"""Letters that classes and scenarios are called by."""
_YEAR = regex(r"(?:1[89]|2[01])\d\d", re.ASCII)


def is_like_a_name(text: str) -> bool:
    """Tell whether a text reads as a unit and is more likely to be called so: "A", "min" or "kg b"."""
    return text not in MONEY and _LIKE_A_NAME.fullmatch(text) is not None


class Letters:
    """Tells of what stands in parentheses whether it may be none of the units that it reads as.

    Parameters
    ----------
    texts
        All texts of a sheet.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        every = list(texts)
        found = [(each[1], each[3]) for text in every if (each := _LETTER.fullmatch(text))]
        self._is_of_ships = any(map(speaks_of_ships, every))
        self._is_list = any(letter in _OF_LISTS for _, letter in found)
        self._of: dict[str, set[object]] = {}
        for word, letter in found:
            unit = read_unit(letter)
            self._of.setdefault(word, set()).add(unit and unit.dimension)

    def may_be_other(self, text: str) -> bool:
        """Tell whether a label ends with a letter that is no unit, or with a unit that means another."""
        found = _LETTER.fullmatch(text)
        if self.means_other(*parted(text)):
            return True
        if found is None:
            return False
        word, gap, letter = found.groups()
        if not _OF_OTHER_UNITS.get(letter, frozenset()).isdisjoint(_WORD.findall(word.casefold())):
            return True
        is_ending = not gap and (letter in ("s", "in", "e", "n") if len(word) > 1 else letter == "t")
        return is_ending or (self._is_list and len(letter) == 1) or len(self._of.get(word, ())) > 1

    def means_other(self, name: str, unit: str) -> bool:
        """Tell whether a unit of something on the sheet may stand for millions, or for nautical miles."""
        return means_other(name, unit, is_of_ships=self._is_of_ships)


def is_unit_alone(text: str) -> bool:
    """Tell whether a heading is a unit: one that is known, or a quotient of one, and no ratio of words."""
    above = text.partition("/")[0].strip()
    is_known = "/" not in text or read_unit(text) is not None
    return is_unit(text) and (is_known or is_unit(above) or is_like_unit(above))


def may_say_unit(text: str) -> str:
    """Return what a text says that may be the unit of some number near it; empty where it says none.

    Examples
    --------
    >>> may_say_unit("EF (kg CO2e per unit)"), may_say_unit("Distance km"), may_say_unit("Rate per hour")
    ('kg CO2e per unit', 'km', 'per hour')
    >>> may_say_unit("kt CO2"), may_say_unit("20 kg")
    ('kt CO2', '')
    """
    said = enclosed_in(text)
    if said:
        return said if any(map(_may_be_unit, [said, *_WORD.findall(said)])) else ""
    if is_unit_alone(text) or text.count(" ") > _MOST_WORDS:
        return text if _may_be_unit(text) else ""
    words = text.rstrip(": ").split()
    ratios = [place for place, word in enumerate(words[:-1]) if _DIVIDED_BY.fullmatch(word)]
    first = ratios[-1] if ratios else len(words)
    if first and _may_be_unit(words[first - 1]):
        first -= 1
    # "20 kg" is an amount, and "Heat per electricity" a ratio of no units
    has_number = first > 0 and words[first - 1][-1].isdigit()
    is_any = first == 0 or any(is_unit(each) or is_like_unit(each) for each in words[first:])
    found = " ".join(words[first:]) if is_any and not has_number else ""
    # of "kt CO2" the last word is no unit
    return found or (text if is_like_unit(text) else "")


def _may_be_unit(text: str) -> bool:
    if len(text) == 1 and text.isalpha():
        return is_unit(text) and text not in _OF_CLASSES
    # "Hours" heads these, and "Count" whatever
    word = text.lower() if text.istitle() and text.endswith("s") else text
    return word not in PURE and not is_like_a_name(word) and (is_unit_alone(word) or is_like_unit(word))


def says_nothing(text: str) -> bool:
    """Tell whether a text stands for a number that is missing; "NA" may be North America."""
    return is_missing(text) and not text.isalpha()


class UnitsBeside:
    """Tells of texts that read as units whether they may be those of the numbers beside them.

    Parameters
    ----------
    columns
        The texts of each column with their rows, from above.
    numbered
        Rows in which numbers stand.
    """

    def __init__(
        self, columns: Mapping[int, Sequence[tuple[int, str]]], numbered: Container[int] = ()
    ) -> None:
        self._columns = columns
        self._numbered = numbered
        self._blocks: dict[int, tuple[list[int], list[bool]]] = {}

    def is_one(self, row: int, column: int, text: str) -> bool:
        """Tell whether a text is a unit: none is under a heading of its own, unless all there are."""
        if says_nothing(text):
            return False
        first, are_units = self._block(row, column)
        return are_units and (is_unit(text) or (first in self._numbered and is_like_unit(text)))

    def is_headed_otherwise(self, row: int, column: int) -> bool:
        """Tell whether a unit beside a number stands under a heading that is none and speaks of none."""
        first, _ = self._block(row, column)
        heading = dict(self._columns[column])[first]
        is_heading = first < row and first not in self._numbered
        return is_heading and not is_unit(heading) and not _OF_UNITS.search(heading)

    def _block(self, row: int, column: int) -> tuple[int, bool]:
        """Return where the block of a text begins, and whether its texts are units."""
        if column not in self._blocks:
            self._blocks[column] = self._blocks_of(column)
        begins, found = self._blocks[column]
        place = bisect_right(begins, row) - 1
        return begins[place], found[place]

    def _blocks_of(self, column: int) -> tuple[list[int], list[bool]]:
        blocks: list[list[str]] = []
        begins: list[int] = []
        before = -BLOCK
        for row, text in self._columns.get(column, ()):
            if row - before >= BLOCK:
                blocks.append([])
                begins.append(row)
            blocks[-1].append(text)
            before = row
        return begins, [
            _are_units(texts, is_heading=row not in self._numbered)
            for row, texts in zip(begins, blocks, strict=True)
        ]


def _are_units(texts: Sequence[str], *, is_heading: bool) -> bool:
    heading, *others = texts
    if not is_heading:
        units = [each for each in texts if is_unit(each) or is_like_unit(each)]
        # letters are classes unless other units stand beside them
        is_sure = len(units) == len(texts) or not all(map(is_like_a_name, units))
        return is_sure and 2 * len(units) > len(texts)
    are_names = bool(others) and all(map(is_like_a_name, others))
    if is_unit(heading) or _HEADING_OF_MONEY.fullmatch(heading):
        return not are_names
    if _DIVIDED_BY.fullmatch(heading) or not all(map(is_unit, others)):
        return False
    return not are_names


def begins_a_row_of_units(row: Sequence[tuple[int, str]], column: int) -> bool:
    """Tell whether a text such as "Unit" stands before units, and not over them."""
    (first, text), *others = row
    return (
        first == column
        and HEADING_OF_UNITS.fullmatch(text) is not None
        and is_unit(others[0][1] if others else "")
    )


def by_nearness(texts: Mapping[int, str], column: int, numbers: Container[int]) -> list[int]:
    """Return the columns of texts from the nearest to a number's, where those of other numbers come last.

    A text right of a number is that number's, and so none of those behind it where another is as near.
    """
    return sorted(texts, key=lambda each: (abs(each - column), each < column and each - 1 in numbers))


def is_year(text: str) -> bool:
    """Tell whether a text is a year."""
    return _YEAR.fullmatch(text.strip()) is not None


def is_amount(text: str) -> bool:
    """Tell whether a text is a number, with a unit or without; "1000 t" may stand for a unit."""
    found = _AMOUNT.fullmatch(text.strip())
    return found is not None and (not found[1] or is_unit(found[1])) and not is_like_unit(text)


def year_of(cell: Cell | None) -> int:
    """Return the year that a cell holds, as a number or a text, and else 0."""
    value = cell.value if cell else None
    text = f"{value:.15g}" if isinstance(value, float) else value
    return int(text) if isinstance(text, str) and is_year(text) else 0


def parted(text: str) -> tuple[str, str]:
    """Part a label from the unit that it ends with in parentheses or behind "in"."""
    found, unit = _ended(text)
    return (found.rstrip("/ "), unit) if is_unit(unit) else (text.rstrip(": "), "")


def _ended(text: str) -> tuple[str, str]:
    if _UNCERTAINTY.match(text):
        return text, ""
    if found := _ENCLOSED.match(text):
        return found[1], found[2] or found[3]
    found = _IN.fullmatch(text.rstrip(": "))
    is_unit_behind = found is not None and (is_unit_alone(found[2]) or is_like_unit(found[2]))
    return (found[1], found[2]) if found and is_unit_behind else (text, "")


def money_in(text: str) -> str:
    """Return the amount of money that a label ends with in parentheses, such as kEUR, which is no unit."""
    enclosed = enclosed_in(text)
    return enclosed if without_money(enclosed) != enclosed else ""


def unknown_unit_in(text: str) -> str:
    """Return what a label ends with in parentheses where that stands for a unit that is not known."""
    enclosed = enclosed_in(text)
    return enclosed if is_like_unit(enclosed) else ""


def enclosed_in(text: str) -> str:
    """Return what a label ends with in parentheses, or as a unit behind "in"."""
    return _ended(text)[1]
