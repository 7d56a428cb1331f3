"""Which cells of a workbook have which unit, and what formulas make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.expressions.tree import Call, Expression, Number
from uncertainty.units.guesses import counted_in, is_read, is_unlikely
from uncertainty.units.written import DAY, PER_CENT, beside_unit, in_unit, in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from uncertainty.workbooks.formulas import Area
    from uncertainty.workbooks.label import Label

MOST_LISTED = 20
"""Cells or units of a sentence that are listed."""


class UnitHeadings:
    """Which cells have which unit.

    Parameters
    ----------
    labels
        By address, the cells that have one and what they are called.

    Attributes
    ----------
    units
        By address, the unit of a cell; of others nothing is known, and they are pure numbers.
    shares
        Addresses of cells that hold a fraction and show it as a percentage.
    times
        Those of cells that hold days and show them as hours, minutes and seconds.
    counted
        Words in units that are taken for things that are counted.
    rests
        By address, what stands beside the unit of a cell and says of what it is.
    unread
        By address, what stands beside a cell as its unit and is not known as one.
    titles
        By address, what the title of a table says as the unit of a cell that has none.
    unsure
        By address, what may be the unit of a cell, and is not taken.
    among
        By address, the unit of the column in which a cell is a share.
    """

    def __init__(self, labels: Mapping[str, tuple[Area, Label]]) -> None:
        self.units: dict[str, str] = {}
        self.shares: set[str] = set()
        self.times: set[str] = set()
        self.rests: dict[str, str] = {}
        self.unread: dict[str, str] = {}
        self.titles: dict[str, str] = {}
        self.unsure: dict[str, str] = {}
        self.among: dict[str, str] = {}
        written = [label.unit for _, label in labels.values() if label.unit and not is_unlikely(label.unit)]
        self.counted = counted_in(list(map(in_words, dict.fromkeys(written))))
        for where, (_, label) in labels.items():
            if label.over:
                self.among[where] = label.over
            if label.unit or label.is_share:
                self._read(where, label.unit or PER_CENT, label)
            elif label.unsure:
                self.unsure[where] = label.unsure
            elif label.beside:
                self.unread[where] = label.beside
            elif label.title:
                self.titles[where] = label.title

    def _read(self, where: str, written: str, label: Label) -> None:
        unit = in_words(written)
        if is_unlikely(written) or not is_read(unit, self.counted):
            self.unread[where] = written
            return
        self.units[where] = unit
        if label.is_share:
            self.shares.add(where)
        if label.is_time:
            self.times.add(where)
        if rest := beside_unit(written):
            self.rests[where] = rest

    def entering(self, where: str, name: Expression) -> Expression:
        """Return a quantity as the bare number that a formula calculates with."""
        unit = self._bare(where)
        return name if unit is None else Call("divide", (name, Number(1.0, unit)))

    def _bare(self, where: str) -> str | None:
        """Return the unit of which a cell holds a bare number; None where that is 1."""
        unit = self.units.get(where)
        if where in self.times:
            return DAY
        if unit is None or where not in self.shares:
            return unit
        return None if unit == PER_CENT else unit.replace(PER_CENT, "1", 1)

    def leaving(self, where: str, value: Expression) -> Expression:
        """Return the bare number of a formula as a quantity."""
        unit = self._bare(where)
        if unit is None:
            return value
        one = Number(1.0, unit)
        if isinstance(value, Call) and value.operation == "divide" and value.arguments[1] == one:
            return value.arguments[0]
        return Call("multiply", (value, one))

    def unit(self, where: str) -> str:
        """Return the unit in which a cell's number is given."""
        return self.units.get(where, "1")

    def shown(self, where: str, stored: float) -> float:
        """Return a stored number in the unit in which it is given."""
        if where in self.times:
            return in_unit(stored, self.units[where])
        return float(f"{stored * 100:.15g}") if where in self.shares else stored


def no_units() -> UnitHeadings:
    """Return the units of a study in which every quantity is a bare number."""
    return UnitHeadings({})


def unit_sentences(headings: UnitHeadings, cells: Iterable[str]) -> list[str]:
    """Say which units are unknown, and what some are of, which labels alone say."""
    cells = list(cells)
    return [
        f"{said}: {found}."
        for said, texts in (
            ("Units that are unknown, whose cells stay pure numbers", headings.unread),
            ("Units that are not certain, whose cells stay pure numbers", headings.unsure),
            ("Units in titles of tables, whose cells stay pure numbers", headings.titles),
            ("Percentages in columns of other units, which are taken as shares", headings.among),
            ("What units are of stands in labels alone", headings.rests),
        )
        if (found := _by_text(texts, cells))
    ]


def _by_text(texts: Mapping[str, str], cells: Iterable[str]) -> str:
    """Return each text with its cells."""
    places: dict[str, list[str]] = {}
    for where in cells:
        if where in texts:
            places.setdefault(texts[where], []).append(where)
    return listed([f'"{text}" ({listed(each)})' for text, each in places.items()])


def listed(items: Sequence[str]) -> str:
    """Return items of a sentence, as many as are listed, and how many more there are."""
    more = len(items) - MOST_LISTED
    return ", ".join(items[:MOST_LISTED]) + (f" and {more:,} more" if more > 0 else "")
