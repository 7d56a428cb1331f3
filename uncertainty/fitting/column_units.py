"""The units that a file says of the numbers of one column: one, or it is refused or told."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

from uncertainty.errors import Fault, StudyError
from uncertainty.tables.corners import texts_beside
from uncertainty.tables.unit_columns import units_said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from uncertainty.tables.owners import Layout
    from uncertainty.tables.sheets import Cell

    Rows = Iterable[tuple[str, Sequence[Cell]]]

_AS_ONE = "all numbers are read as if they were in one unit"


def refuse_several_units(path: Path, layout: Layout, rows: Rows, position: int) -> None:
    """Refuse a file whose columns of units say different ones of the numbers of a column.

    Raises
    ------
    StudyError
        With the first two.
    """
    found = units_said(layout, rows, position)
    for each_column in found.columns:
        said = each_column.units
        one = next(iter(said))
        other = next((each for each in said if each != one and not is_same_unit(one, each)), None)
        if other is None:
            continue
        units = f'"{one}" ({said[one][0]}) and "{other}" ({said[other][0]})'
        advice = f"or give that column another heading if it says nothing of {found.number}"
        message = f"the column of units says {units}; write all numbers in one unit, {advice}"
        if len(found.columns) > 1:
            message = f"{each_column.says} {units}; {found.advice}"
        raise StudyError(Fault(message, file=str(path)))


def notes_on_units(layout: Layout, rows: Callable[[], Rows], position: int) -> tuple[str, ...]:
    """Say where units of one size may be of other quantities, none is said, or other texts are units."""
    from uncertainty.units import UnitSystem
    from uncertainty.units.guesses import unit_at_end

    system, notes = UnitSystem(), list[str]()
    said = units_said(layout, rows(), position)
    notes += said.notes
    for each in said.columns:
        pairs = combinations(each.units, 2)
        if pair := next((pair for pair in pairs if not is_same_unit(*pair, surely=True)), None):
            notes.append(f'{each.says} "{pair[0]}" and "{pair[1]}"; {_AS_ONE}.')
        elif each.without:
            notes.append(f"{each.says_nothing}; {_AS_ONE}.")
    for column, texts in texts_beside(layout, rows()).items():
        units = [unit_at_end(text) for text in texts]
        if not all(units):
            # texts that are units of one kind
            found = [unit for text in texts if (unit := system.find(text)) is not None]
            is_of_one = len(found) == len(texts) and len({unit.dimension for unit in found}) == 1
            units = texts if is_of_one else []
        others = (text for text, each in zip(texts, units, strict=False) if not is_same_unit(units[0], each))
        if (other := next(others, None)) is not None:
            notes.append(f'{column} says "{texts[0]}" and "{other}"; {_AS_ONE}.')
    return tuple(notes)


def is_same_unit(one: str, other: str, *, surely: bool = False) -> bool:
    """Tell whether two texts are one unit, as "mg/L" and "mg/l"; "kg N" and "kg" may not be.

    Parameters
    ----------
    surely
        Whether "ppm" and "mg/kg" are not, which may be of different quantities.
    """
    from uncertainty.units import UnitSystem
    from uncertainty.units.kinds import are_of_other_kinds, is_surely

    system = UnitSystem()
    first, second = system.find(one), system.find(other)
    if first is None or second is None:
        return one == other
    if surely:
        return is_surely(one, second, system)
    is_size = first.dimension == second.dimension and math.isclose(first.factor, second.factor, rel_tol=1e-9)
    return is_size and not are_of_other_kinds(one, other)
