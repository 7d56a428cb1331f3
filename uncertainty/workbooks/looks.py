"""What number formats show cells as, and where that is another quantity than a unit beside them says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from uncertainty.late import regex
from uncertainty.tables.workbook_reading import Formats
from uncertainty.units import is_amount
from uncertainty.units.guesses import is_unlikely
from uncertainty.units.written import DAY, is_of_money, is_of_time, read_unit, without_money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_OF_SHARES = regex(r"%|1\b|per\b")
"""How the unit of a number begins that may well be shown as a percentage."""


SHARES = (1.0, 0.01)
"""Factors of units that a percentage may be shown under: parts per thousand have another."""


class Look(NamedTuple):
    """What a number format makes of a number.

    Parameters
    ----------
    is_percentage
        Whether it shows the number times 100.
    is_scaled
        Whether it shows the number divided by a thousand or more.
    is_time
        Whether it shows a number of days as hours, minutes and seconds.
    is_date
        Whether it shows a number of days as a day.
    word
        What it shows behind the number.
    """

    is_percentage: bool = False
    is_scaled: bool = False
    is_time: bool = False
    is_date: bool = False
    word: str = ""

    def unit(self, beside: str) -> str:
        """Return the unit of a cell from that beside it, which may be empty, and from what it shows."""
        if self.is_date:
            # a day is no amount of anything
            return ""
        if self.is_time:
            return beside if is_of_time(beside) else DAY
        if self.is_percentage and self.word and not read_unit(self.word):
            # such as "p.a." behind it
            unit = f"% {self.word}"
            return unit if read_unit(unit) and not beside else beside
        if is_of_money(self.word, beside):
            # "$" before a price says less than "$/kWh" beside it
            return beside
        says = bool(self.word) and not self.is_scaled
        is_meant = read_unit(self.word) and (not is_unlikely(self.word) or self._is_other(beside))
        return self.word if says and (is_meant or not beside) else beside

    @property
    def way(self) -> str:
        """In which way it shows another number than the stored one; empty where it does not."""
        if self.is_time:
            return "as a time"
        return "as a percentage" if self.is_percentage else ""

    def contradiction(self, beside: str) -> str:
        """Say how a cell is shown where that is not the stored number in the unit beside it; else nothing."""
        unit = read_unit(beside)
        how = ""
        if self.is_time and unit and not is_of_time(beside):
            how = self.way
        elif self.is_percentage and unit and not (unit.dimension.is_dimensionless and unit.factor in SHARES):
            how = "" if _OF_SHARES.match(beside) else self.way
        elif self.is_scaled and beside and (self.hides_thousands or _is_thousands(beside)):
            how = "divided by thousands"
        elif not self.is_scaled and beside and self._is_other(beside):
            how = f'with "{self.word}" beside it'
        return f'is shown {how} under the unit "{beside}"' if how else ""

    @property
    def hides_thousands(self) -> bool:
        """Whether it divides by a thousand or more, and no word behind the number says so."""
        return self.is_scaled and not is_amount(self.word)

    def _is_other(self, beside: str) -> bool:
        """Tell whether the word behind a number makes another quantity of it than some unit."""
        if self.word == beside or is_of_money(self.word, beside) or is_of_money(beside, self.word):
            return False
        # T is hardly the tesla where t stands beside it
        word = self.word.lower() if is_unlikely(self.word) else self.word
        one, other = read_unit(word), read_unit(beside)
        if one and other:
            return one.dimension != other.dimension or one.factor != other.factor
        return _is_thousands(self.word)


def _is_thousands(unit: str) -> bool:
    """Tell whether a unit is some thousands of money, such as kEUR."""
    return is_amount(without_money(unit))


def looks_of(book: Any, styles: Iterable[int]) -> Mapping[int, Look]:
    """Return by style what a workbook's formats make of numbers."""
    formats, dates = Formats(book), book._date_formats
    found = {}
    for style in styles:
        cell = {"data_type": "n", "style_id": style, "value": 1.0}
        is_time = formats.is_time(cell)
        found[style] = Look(
            formats.is_percentage(cell),
            formats.is_scaled(cell),
            is_time,
            style in dates and not is_time,
            formats.word(cell),
        )
    return found
