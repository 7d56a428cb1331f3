"""What a cell of a workbook is called, and what the texts around it say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from uncertainty.units.written import DAY, of_fraction

if TYPE_CHECKING:
    from uncertainty.workbooks.ranges import End


class Label(NamedTuple):
    """What a cell is called.

    Parameters
    ----------
    text
        What people read, without the unit; empty where no text is near.
    unit
        The unit that stands beside it; empty where none does.
    heading
        What its column is called, to tell it from others with the same text.
    defined
        The defined name, if it has one.
    is_share
        Whether it holds a fraction and shows it as a percentage; of what, its unit may say.
    is_time
        Whether it holds days and shows them as hours, minutes and seconds.
    contradiction
        How it is shown where that is another quantity than the unit beside it says; empty elsewhere.
    source
        What stands in the row's column of sources.
    ends
        Lower and higher numbers that stand beside it.
    others
        Where those of a column of numbers stand, each with its heading.
    beside
        What stands in parentheses in place of a unit, and is none that is known.
    title
        The unit that a title of its table says, known or not, where nothing nearer says one.
    """

    text: str
    unit: str = ""
    heading: str = ""
    defined: str = ""
    is_share: bool = False
    is_time: bool = False
    contradiction: str = ""
    source: str = ""
    ends: tuple[End, ...] = ()
    others: str = ""
    beside: str = ""
    title: str = ""

    @property
    def plain(self) -> str:
        """The label without the unit, with the heading of its column where that says more."""
        return f"{self.text}: {self.heading}" if self.heading else self.text

    @property
    def full(self) -> str:
        """The label with the unit."""
        text, unit = self.plain, of_fraction(self.unit) if self.is_share else self.unit
        unit = DAY if self.is_time else unit
        return f"{text} ({unit})" if unit and text else text
