"""The units that the files beside a study say of what its inputs read from them."""

from __future__ import annotations

import re
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from uncertainty.study.table_files import SPREADS
from uncertainty.study.table_units import refuse_heading_of_another_unit, refuse_other_units
from uncertainty.study.units_elsewhere import refuse_units_elsewhere
from uncertainty.tables.currencies import currencies, currencies_of
from uncertainty.tables.data_notes import grouped_note
from uncertainty.tables.said_elsewhere import corner, indicators
from uncertainty.tables.unit_columns import units_said, ways_to_units

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from uncertainty.indices.index import Index
    from uncertainty.study.faults import Faults
    from uncertainty.study.schema import InputTable
    from uncertainty.study.table_files import Rows, TableFiles
    from uncertainty.tables.owners import Layout
    from uncertainty.tables.said_elsewhere import Elsewhere
    from uncertainty.units import UnitSystem


def refuse_units_of_files(
    tables: Mapping[str, InputTable],
    shapes: Mapping[str, list[Index] | None],
    files: TableFiles,
    units: UnitSystem,
    faults: Faults,
) -> None:
    """Refuse files whose column of units says another than those of all inputs that they hold.

    Parameters
    ----------
    tables, shapes
        Of all inputs, by their names.
    faults
        Takes each refusal, under the input's key.
    """
    by_file: dict[str, list[str]] = {}
    for name, table in tables.items():
        if table.table in files.paths and shapes[name] and table.unit:
            by_file.setdefault(table.table, []).append(name)
    for file, names in by_file.items():
        rows = files.rows(file)
        own = {tables[name].unit: _spoken(tables[name].unit, shapes[name]) for name in names}
        others = {each for name in names for each in (*tables[name].index, *tables[name].columns.values())}
        places = _places(tables, shapes, names, rows)
        layout = rows.layout.reading({each for found in places.values() for each in found})
        for position, beside in _by_columns_of_units(places, layout, others).items():
            said = units_said(layout, rows.rows, position, others)
            theirs = {tables[name].unit: own[tables[name].unit] for name in beside}
            refuse_said = partial(refuse_other_units, rows.file, said, theirs, units)
            faults.attempt(f"inputs.{beside[0]}.table", refuse_said)
        measured = indicators(layout, rows.rows, others)
        read = sorted({each for found in places.values() for each in found})
        for position in read if rows.separator == ";" else ():
            own_cells = (cells[position] for _, cells in rows.rows)
            notes = grouped_note(rows.headings.names[position], own_cells)
            files.unread |= {f"{file}: {note}": None for note in notes}
        for name in names:
            found = [*measured, *_of_one(layout, rows, places[name], others)]
            refuse_found = partial(refuse_units_elsewhere, rows.file, found, own[tables[name].unit], units)
            faults.attempt(f"inputs.{name}.table", refuse_found)
            spoken, columns = own[tables[name].unit], tables[name].columns
            headings = {columns[key]: False for key in ("point", "low", "high") if key in columns}
            # shares may be spread by per cent of their points
            if "distribution" in columns and not _is_pure(spoken[0], units):
                headings = {columns["distribution"]: True} | headings
            for heading, of_spreads in headings.items():
                note = reading_note(file, heading, spoken[0], (name, tables[name].label))
                files.unread |= {note: None} if note and not of_spreads else {}
                refuse = partial(refuse_heading_of_another_unit, is_loose=of_spreads)
                faults.attempt(f"inputs.{name}.columns", partial(refuse, rows.file, heading, spoken, units))


def reading_note(file: str, heading: str, unit: str, names: Iterable[str]) -> str:
    """Say in which unit a column is read whose heading may say another in words that nobody foresaw.

    Parameters
    ----------
    names
        Of what is read from it; a heading that has only words of these and of the unit says nothing else, and
        the sentence is empty.
    """
    known = {*_KEYS, *(word for each in (unit, *names) for word in _words(each))}
    if known.issuperset(_words(heading)):
        return ""
    return f'{file}: "{heading}" is read {"as a pure number" if unit == "1" else f"in {unit}"}.'


_KEYS = ("point", "value", "values", "low", "high", "mean", "median")
"""What a heading may say of numbers in any unit."""


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def _places(
    tables: Mapping[str, InputTable],
    shapes: Mapping[str, list[Index] | None],
    names: Sequence[str],
    rows: Rows,
) -> dict[str, list[int]]:
    """Return the columns of each input's numbers in a file: its points or spreads, or one for each member."""
    found = {}
    for name in names:
        read = (tables[name].columns.get(key, key) for key in ("point", *SPREADS))
        headings = {*islice((each for each in read if each in rows.headings.names), 1)}
        if not headings:
            members = (each for index in shapes[name] or () for each in index.members.items())
            headings = {str(each) for member in members for each in member}
        found[name] = [place for place, each in enumerate(rows.headings.names) if each in headings]
    return found


def _of_one(layout: Layout, rows: Rows, positions: Sequence[int], others: Collection[str]) -> list[Elsewhere]:
    """Return what a table says elsewhere of the numbers of one input."""
    columns = {column for each in positions for column in currencies_of(layout, each, others)}
    at_corner = corner(layout, positions[0]) if positions else []
    return [*at_corner, *currencies(layout, rows.rows, columns)]


def _by_columns_of_units(
    places: Mapping[str, Sequence[int]], layout: Layout, others: Collection[str]
) -> dict[int, list[str]]:
    """Return a column of numbers for each set of columns that may say its units, with its inputs."""
    first: dict[tuple[tuple[int | None, ...], ...], int] = {}
    found: dict[int, list[str]] = {}
    for name, positions in places.items():
        for position in positions:
            ways = ways_to_units(layout, position, others)
            beside = found.setdefault(first.setdefault(ways, position), [])
            beside += [] if name in beside else [name]
    return found


def _is_pure(unit: str, units: UnitSystem) -> bool:
    found = units.find(unit)
    return found is None or found.dimension.is_dimensionless


def _spoken(unit: str, shape: Sequence[Index] | None) -> list[str]:
    """Return a unit and others that a member's column may say of it: of TJ/year that of a year, TJ."""
    across = [index.unit.text for index in shape or () if index.unit is not None and index.unit.text != "1"]
    return [unit, *(f"({unit})*({each})" for each in across)]
