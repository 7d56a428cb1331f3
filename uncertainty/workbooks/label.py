"""What a cell of a workbook is called, what the texts around it say of it, and its name in a study."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.expressions.syntax import RESERVED_NAMES
from uncertainty.study.written import spelt
from uncertainty.tables.sheets import column_letter
from uncertainty.units.written import DAY, of_fraction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from uncertainty.workbooks.formulas import Area
    from uncertainty.workbooks.ranges import End

LONGEST_NAME = 32


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
    unsure
        What may be its unit, where texts contradict each other or its formula does not tell.
    over
        The unit of other numbers of its column, where it is a fraction among them.
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
    unsure: str = ""
    over: str = ""

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


def named(labels: Mapping[str, tuple[Area, Label]], others: Iterable[str] = ()) -> dict[str, str]:
    """Give each cell a name of its own for the study, by its label, its heading and its place.

    Parameters
    ----------
    labels
        By address, cells and what they are called.
    others
        Names that others have.
    """
    found: dict[str, str] = {}
    waiting = list(labels)
    taken: set[str] = set(others)
    for candidate in (_by_label, _by_heading, _by_place, _by_sheet):
        proposed = {where: candidate(*labels[where]) for where in waiting}
        counts: dict[str, int] = {}
        for name in proposed.values():
            counts[name] = counts.get(name, 0) + 1
        last = candidate is _by_sheet
        for where, name in proposed.items():
            if name and name not in taken and (counts[name] == 1 or last):
                found[where] = name
                taken.add(name)
        waiting = [where for where in waiting if where not in found]
    for number, where in enumerate(waiting, start=1):
        found[where] = next(each for n in count(number) if (each := f"cell_{n}") not in taken)
        taken.add(found[where])
    return {where: found[where] for where in labels}


def _by_label(at: Area, label: Label) -> str:
    del at
    return allowed(spelt(label.defined or label.text))


def _by_heading(at: Area, label: Label) -> str:
    del at
    return allowed(spelt(f"{label.text} {label.heading}")) if label.heading else ""


def _by_place(at: Area, label: Label) -> str:
    if not label.text:
        return ""
    return allowed(spelt(label.text)[: LONGEST_NAME - 8], f"{column_letter(at.left - 1)}{at.top}")


def _by_sheet(at: Area, label: Label) -> str:
    del label
    # what begins in one cell may end in different ones
    last = "" if at.is_cell else f"_{column_letter(at.right - 1)}{at.bottom}"
    place = f"{column_letter(at.left - 1)}{at.top}{last}"
    return allowed(spelt(at.sheet)[: LONGEST_NAME - len(place) - 1] or "cell", place)


def allowed(name: str, end: str = "") -> str:
    """Return a name that an expression may use, at most so long, with an ending that stays whole."""
    name = "_".join(part for part in (name[:LONGEST_NAME].strip("_"), end.lower()) if part)
    return f"{name}_value" if name in RESERVED_NAMES else name
