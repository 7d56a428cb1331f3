"""Headings of blocks within a column of data: rows without a number, below which other rows stand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.errors import Fault, StudyError
from uncertainty.late import regex
from uncertainty.tables.name_kinds import are_of_other_kinds
from uncertainty.tables.sheets import is_like_a_number, is_missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.tables.number_column import NumberColumn
    from uncertainty.tables.sheets import Cell
    from uncertainty.units import Unit, UnitSystem
    from uncertainty.units.dimension import Dimension

_SAYS_UNIT = regex(r".*[(\[](?P<enclosed>[^()\[\]]+)[)\]]|(?:.*\s)?in (?P<behind>\S.*)|.*[,:] (?P<last>\S.*)")
_SHOWN = 3
"""Headings that are named."""


class _Heading(NamedTuple):
    """A text that stands alone in its row: where it is, and in which column."""

    place: str
    text: str
    column: int

    @property
    def called(self) -> str:
        """Which it is."""
        return f'"{self.text[:60]}" ({self.place})' if self.place else f'"{self.text[:60]}"'


def blocks_notes(column: NumberColumn) -> tuple[str, ...]:
    """Say which texts stand alone in rows without a number, among rows of another kind, as headings do.

    Raises
    ------
    StudyError
        If blocks are headed by different units, as by "Zinc (mg/L)" and "Lead (µg/L)": with the first two.
    """
    headings, names = _found(column)
    if not headings:
        return ()
    _refuse_other_units(column, headings)
    columns = {place for place, _ in names}
    texts = [text for _, text in names]
    are_beside = columns and columns.isdisjoint(each.column for each in headings)
    if not (are_beside or are_of_other_kinds([each.text for each in headings], texts)):
        return ()
    shown = ", ".join(each.called for each in headings[:_SHOWN])
    more = f" and {len(headings) - _SHOWN:,} more" if len(headings) > _SHOWN else ""
    alone = "stands alone in a row" if len(headings) == 1 else "stand alone in rows"
    return (f"{column.name}: {shown}{more} {alone} without a number; all others are read together.",)


def _refuse_other_units(column: NumberColumn, headings: Sequence[_Heading]) -> None:
    from uncertainty.units import UnitSystem

    system = UnitSystem()
    every = [_Heading("", column.name, column.position), *headings]
    first: dict[Dimension, tuple[_Heading, Unit]] = {}
    for each in every:
        unit = _unit(each.text, system)
        if unit is None:
            continue
        one, known = first.setdefault(unit.dimension, (each, unit))
        # letters may be units of other things
        if not math.isclose(known.factor, unit.factor, rel_tol=1e-9):
            message = (
                f"{column.name}: {one.called} and {each.called} say different units; write all numbers "
                "in one unit, and say that alone"
            )
            raise StudyError(Fault(message, file=column.file))


def _unit(text: str, system: UnitSystem) -> Unit | None:
    """Return the unit that a heading says in brackets, behind "in" or a comma, or is."""
    said = _SAYS_UNIT.fullmatch(text)
    texts = [text, *filter(None, said.groups() if said else ())]
    return next((unit for each in reversed(texts) if (unit := system.find(each)) is not None), None)


def _found(column: NumberColumn) -> tuple[list[_Heading], list[tuple[int, str]]]:
    """Return the texts alone in rows without a number above a row with one; and the names of these rows."""
    if not any(map(math.isnan, column.numbers)):
        return [], []
    waiting: list[_Heading] = []
    headings: list[_Heading] = []
    names: list[tuple[int, str]] = []
    for (place, cells), number in zip(column.rows(), column.numbers, strict=True):
        texts = _texts(cells)
        if math.isnan(number):
            alone = texts if len(texts) == 1 and not is_like_a_number(texts[0][1]) else []
            waiting += [_Heading(place, text, where) for where, text in alone]
            continue
        headings += waiting
        waiting = []
        names += [each for each in texts if each[0] != column.position][:1]
    return headings, names


def _texts(cells: Sequence[Cell]) -> list[tuple[int, str]]:
    """Return the cells of a row that hold something, each with its column."""
    filled = [(place, str(cell).strip()) for place, cell in enumerate(cells) if cell is not None]
    return [(place, text) for place, text in filled if not is_missing(text)]
