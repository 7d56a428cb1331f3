"""The units beside cells as units of a study, where they are asked for.

A workbook calculates with bare numbers and converts by hand, and so do its formulas here: what is in t/year
enters it as ``x / 1[t/year]``, and leaves it as ``(…) * 1[t/year]``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.errors import InvalidValue
from uncertainty.expressions.tree import Call, Expression, Name, Number
from uncertainty.units import UnitSystem
from uncertainty.workbooks.labels import in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from uncertainty.workbooks.formulas import Area
    from uncertainty.workbooks.labels import Label

PER_CENT = "%"


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
    counted
        Words in units that are taken for things that are counted.
    unread
        By address, what stands beside a cell as its unit and is not known as one.
    """

    def __init__(self, labels: Mapping[str, tuple[Area, Label]]) -> None:
        self.units: dict[str, str] = {}
        self.shares: set[str] = set()
        self.counted: list[str] = []
        self.unread: dict[str, str] = {}
        for where, (_, label) in labels.items():
            if label.is_share:
                self.shares.add(where)
            elif label.unit:
                self._read(where, label.unit)

    def _read(self, where: str, written: str) -> None:
        unit = in_words(written)
        words = [each for each in UnitSystem(()).countable(unit) if each not in self.counted]
        try:
            UnitSystem((*self.counted, *words)).parse(unit)
        except InvalidValue:
            self.unread[where] = written
            return
        self.counted += words
        self.units[where] = unit

    def entering(self, where: str, name: Name) -> Expression:
        """Return a quantity as the bare number that a formula calculates with."""
        unit = self.units.get(where)
        return name if unit is None else Call("divide", (name, Number(1.0, unit)))

    def leaving(self, where: str, value: Expression) -> Expression:
        """Return the bare number of a formula as a quantity."""
        unit = self.units.get(where)
        if unit is None:
            return value
        one = Number(1.0, unit)
        if isinstance(value, Call) and value.operation == "divide" and value.arguments[1] == one:
            return value.arguments[0]
        return Call("multiply", (value, one))

    def unit(self, where: str) -> str:
        """Return the unit in which a cell's number is given."""
        return PER_CENT if where in self.shares else self.units.get(where, "1")

    def shown(self, where: str, stored: float) -> float:
        """Return a stored number in the unit in which it is given."""
        return float(f"{stored * 100:.15g}") if where in self.shares else stored


def no_units() -> UnitHeadings:
    """Return the units of a study in which every quantity is a bare number."""
    return UnitHeadings({})


def unread_sentence(headings: UnitHeadings, cells: Iterable[str]) -> str:
    """Say which units are unknown; empty where all are known."""
    found = [f'"{headings.unread[where]}" ({where})' for where in cells if where in headings.unread]
    return f"Units that are unknown, whose cells stay pure numbers: {', '.join(found[:20])}." if found else ""
