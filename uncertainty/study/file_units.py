"""The units that the files beside a study say of what its inputs and curves read from them."""

from __future__ import annotations

import re
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.study.corner_units import (
    corner_note,
    currency_note,
    is_of_members,
    is_one_of,
    name_in_another_unit,
    other_unit_among,
    read_as,
    refuse_units_elsewhere,
)
from uncertainty.study.keys import prose
from uncertainty.study.table_units import (
    refuse_heading_of_another_unit,
    refuse_other_units,
    texts_read_loosely,
)
from uncertainty.tables.corners import corner, indicators, several_note, texts_beside
from uncertainty.tables.currencies import currencies, currencies_of
from uncertainty.tables.data_notes import codes_notes_of, grouped_note
from uncertainty.tables.unit_columns import units_said, ways_to_units
from uncertainty.units.signs import plain_signs, signs_in
from uncertainty.units.words import with_prefixes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from uncertainty.indices.index import Index
    from uncertainty.study.faults import Faults
    from uncertainty.study.schema import InputTable
    from uncertainty.study.table_files import TableFiles
    from uncertainty.study.table_rows import Rows
    from uncertainty.tables.corners import Elsewhere
    from uncertainty.tables.owners import Layout
    from uncertainty.tables.unit_columns import UnitsSaid
    from uncertainty.units import UnitSystem


class ColumnsRead(NamedTuple):
    """What reads columns of numbers from a file.

    Parameters
    ----------
    key, key_of_headings
        Under which faults are told, and those of headings.
    name, label
        Of what is read.
    spoken
        Its unit, and others that may be said of it.
    positions
        The columns of its numbers.
    headings
        Those that say its unit, each with whether it may say something else.
    is_measured
        Whether it is what the rows of the file are numbers of, and not what they are placed by.
    indices
        The names and labels of the indices that place them.
    across
        The unit of the index whose members' columns its numbers stand in.
    is_index
        Whether its numbers are the members of an index.
    """

    key: str
    key_of_headings: str
    name: str
    label: str
    spoken: Sequence[str]
    positions: Sequence[int]
    headings: Mapping[str, bool]
    is_measured: bool = True
    indices: Sequence[str] = ()
    across: Sequence[str] = ()
    is_index: bool = False

    @property
    def unit(self) -> str:
        """The unit that its numbers are read in."""
        return self.spoken[0]


def refuse_units_of_files(
    tables: Mapping[str, InputTable],
    shapes: Mapping[str, list[Index] | None],
    files: TableFiles,
    units: UnitSystem,
    faults: Faults,
) -> None:
    """Refuse files that say other units than those of the inputs that are read from them.

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
        # a note may say a unit, whatever it is called
        keys = (each for name in names for each in tables[name].columns.items() if each[0] not in prose())
        others = {each for name in names for each in tables[name].index} | {heading for _, heading in keys}
        found = [_columns_read(name, tables[name], shapes[name] or [], files, units) for name in names]
        members = (each for name in names for each in _members_read(name, tables[name], shapes, files))
        placed = {(each.name, *each.positions): each for each in members}
        refuse_units_of_file(file, [*found, *placed.values()], others, files, units, faults)


def refuse_units_of_file(
    file: str,
    found: Sequence[ColumnsRead],
    others: Collection[str],
    files: TableFiles,
    units: UnitSystem,
    faults: Faults,
) -> None:
    """Refuse a file that says another unit of what is read from it than this has, and note what is assumed.

    Every table of a study comes in here, whatever is read from it.

    Parameters
    ----------
    found
        All that is read from it.
    others
        Headings that say something else than units.
    faults
        Takes each refusal.
    """
    rows = files.rows(file)
    others = rows.headings.spelt(others)
    own = {each.unit: each.spoken for each in found}
    layout = rows.layout.reading({position for each in found for position in each.positions})
    for position, beside in _by_columns_of_units(found, layout, others).items():
        said = units_said(layout, rows.rows, position, others)
        theirs = {each.unit: own[each.unit] for each in beside}
        faults.attempt(beside[0].key, partial(refuse_other_units, rows.file, said, theirs, units))
        named = {each.name: each.spoken for each in beside}
        files.unread |= dict.fromkeys(notes_of_columns_of_units(file, said, named, units))
    measured = indicators(layout, rows.rows, others)
    spoken = [unit for each in found if each.is_measured for unit in each.spoken]
    for each in found:
        elsewhere = _currencies(layout, rows, each.positions, others)
        if each.is_measured:
            elsewhere += [*measured, *_corner(each, layout, rows, others, units)]
            if each.across and is_of_members(layout.headings[0], each.across, each.spoken, units):
                refuse = partial(refuse_heading_of_another_unit, is_loose=True)
                faults.attempt(each.key, partial(refuse, rows.file, layout.headings[0], each.across, units))
        faults.attempt(each.key, partial(refuse_units_elsewhere, rows.file, elsewhere, each.spoken, units))
        for heading, is_loose in each.headings.items():
            names = (each.name, each.label) if each.is_measured or each.is_index else ()
            note = reading_note(file, heading, each.unit, names, units)
            files.unread |= {note: None} if note and not is_loose else {}
            # "Year (EUR)" may say the unit of the numbers beside it
            if each.is_index and not is_of_members(heading, each.spoken, spoken, units):
                continue
            refuse = partial(refuse_heading_of_another_unit, is_loose=is_loose)
            faults.attempt(each.key_of_headings, partial(refuse, rows.file, heading, each.spoken, units))
    notes = (
        note
        for each in found
        if not each.is_index
        for note in _notes(file, each, layout, rows, others, units)
    )
    files.unread |= dict.fromkeys(notes)
    texts = texts_beside(layout, rows.rows, others)
    calling = {each: said for each, said in texts_beside(layout, rows.rows).items() if each not in texts}
    files.unread |= dict.fromkeys(
        notes_of_texts(file, texts, {each.name: each.spoken for each in found}, units, calling)
    )


def _corner(
    read: ColumnsRead, layout: Layout, rows: Rows, others: Collection[str], units: UnitSystem
) -> list[Elsewhere]:
    """Return what the corner says, which is of all numbers where these have a column for each member."""
    heading = layout.headings[0]
    if not read.positions or is_of_members(heading, read.across, read.spoken, units):
        return []
    is_of_all = len(read.positions) > 1 and heading in others
    return corner(layout, rows.rows, read.positions[0], is_of_all=is_of_all)


def _columns_read(
    name: str, table: InputTable, shape: Sequence[Index], files: TableFiles, units: UnitSystem
) -> ColumnsRead:
    spoken, heading = _spoken(table.unit, shape), files.rows(table.table or "").heading
    headings = {
        heading(table.columns[key]): False for key in ("point", "low", "high") if key in table.columns
    }
    # shares may be spread by per cent of their points
    if "distribution" in table.columns and not _is_pure(spoken[0], units):
        headings = {heading(table.columns["distribution"]): True} | headings
    key = f"inputs.{name}"
    places = files.numbers.get(name, ())
    indices = [text for index in shape for text in (index.name, index.label)]
    placed = {index.name: _heading(index, table, files) for index in shape}
    measured = {index.name: index.unit.text for index in shape if index.unit and index.unit.text != "1"}
    # the first heading says the unit of what stands below it, if that has one
    is_own = files.rows(table.table or "").headings.names[0] in {placed[each] for each in measured}
    across = [unit for each, unit in measured.items() if placed[each] is None and not is_own]
    said = (f"{key}.table", f"{key}.columns", name, table.label, spoken, places, headings)
    return ColumnsRead(*said, indices=indices, across=across)


def _members_read(
    name: str, table: InputTable, shapes: Mapping[str, list[Index] | None], files: TableFiles
) -> Iterator[ColumnsRead]:
    """Yield what reads the members of each index that has a unit and a column."""
    for index in shapes[name] or ():
        heading = _heading(index, table, files)
        if heading is not None and index.unit is not None and index.unit.text != "1":
            places = [files.rows(table.table or "").headings.names.index(heading)]
            key, headings = f"inputs.{name}", {heading: False}
            said = (f"{key}.table", f"{key}.columns", index.name, index.label)
            yield ColumnsRead(*said, [index.unit.text], places, headings, is_measured=False, is_index=True)


def _heading(index: Index, table: InputTable, files: TableFiles) -> str | None:
    """Return the heading over the members of an index; None where these have a column each."""
    rows = files.rows(table.table or "")
    heading = rows.heading(table.columns.get(index.name, index.name))
    return heading if heading in rows.headings.names else None


def _notes(
    file: str, read: ColumnsRead, layout: Layout, rows: Rows, others: Collection[str], units: UnitSystem
) -> Iterator[str]:
    """Yield what of a column was read otherwise than its reader may think."""
    columns = [rows.number_column(each) for each in read.positions]
    for column in columns if rows.separator != "," else ():
        cells = [cell for _, cell in column.cells()]
        yield from (f"{file}: {note}" for note in grouped_note(column.name, cells))
    yield from (f"{file}: {note}" for note in codes_notes_of(columns))
    words = [word.lower() for text in (read.name, read.label, *read.indices) for word in _words(text)]
    for each in _corner(read, layout, rows, others, units) if read.is_measured else ():
        is_of_years = layout.is_of_years
        note = (
            corner_note(each, read.name, words, read.spoken, units, is_of_years=is_of_years)
            if each.is_of_all
            else ""
        )
        yield from [f"{file}: {note}"] if note else []
    for each in _currencies(layout, rows, read.positions, others):
        note = currency_note(each, read.name, read.spoken, units)
        yield from [f"{file}: {note}"] if note else []
    for position in read.positions[: int(read.is_measured)]:
        several = several_note(rows.number_column(position), layout, others, read.unit)
        yield from (f"{file}: {note}" for note in several)


def notes_of_columns_of_units(
    file: str, said: UnitsSaid, read: Mapping[str, Sequence[str]], units: UnitSystem
) -> Iterator[str]:
    """Yield what columns of units say in other words than studies do, and where they say nothing.

    Parameters
    ----------
    read
        As `notes_of_texts` has it.
    """
    own = [each for spoken in read.values() for each in spoken]
    yield from (f"{file}: {note}" for note in said.notes)
    for column in said.columns:
        texts = texts_read_loosely(column, own, units)
        for name, spoken in read.items():
            if texts:
                named = " and ".join(f'"{each[:40]}"' for each in texts[:2])
                yield f"{file}: {column.says} {named}, and {name} is read {read_as(spoken[0])}."
            if nothing := column.says_nothing:
                yield f"{file}: {nothing}; {name} is read {read_as(spoken[0])} there, too."


def notes_of_texts(
    file: str,
    texts: Mapping[str, Sequence[str]],
    read: Mapping[str, Sequence[str]],
    units: UnitSystem,
    names: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Iterator[str]:
    """Yield which columns of texts are units or names with them, of which one is another than what is read.

    Parameters
    ----------
    read
        What is read from the file, each with its unit and others that may be said of it.
    names
        Columns that something reads, whose texts say a unit only beside a name.
    """
    for column, said in {**names, **texts}.items():
        for name, spoken in read.items():
            other = name_in_another_unit(said, spoken, units)
            if other or (column in texts and (other := other_unit_among(said, spoken, units))):
                yield f'{file}: {column} says "{other}", and {name} is read {read_as(spoken[0])}.'


def reading_note(file: str, heading: str, unit: str, names: Iterable[str], units: UnitSystem) -> str:
    """Say in which unit a column is read whose heading may say another in words and signs nobody foresaw.

    Parameters
    ----------
    names
        Of what is read from it; a heading that has only words of these and of the unit says nothing else, and
        the sentence is empty.
    """
    known = {*_KEYS, *(word.lower() for each in (unit, *names) for word in _words(each))}
    words = _words(plain_signs(heading))
    is_said = all(word.lower() in known and not _is_of_several(word, unit) for word in words)
    if is_said and all(is_one_of(sign, (unit, *_words(unit)), units) for sign in signs_in(heading)):
        return ""
    return f'{file}: "{heading}" is read {read_as(unit)}.'


_KEYS = ("point", "value", "values", "low", "high", "mean", "median")
"""What a heading may say of numbers in any unit."""


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def _is_of_several(word: str, unit: str) -> bool:
    """Tell whether a word is one of a unit in other capitals, in which it may be another: "MT" and "mg"."""
    own = _words(unit)
    is_spelt_otherwise = word not in own and word.lower() in map(str.lower, own)
    return is_spelt_otherwise and [each.lower() for each in with_prefixes()].count(word.lower()) > 1


def _currencies(
    layout: Layout, rows: Rows, positions: Sequence[int], others: Collection[str]
) -> list[Elsewhere]:
    columns = {column for each in positions for column in currencies_of(layout, each, others)}
    return currencies(layout, rows.rows, columns)


def _by_columns_of_units(
    found: Sequence[ColumnsRead], layout: Layout, others: Collection[str]
) -> dict[int, list[ColumnsRead]]:
    """Return a column of numbers for each set of columns that may say its units, with what is read there."""
    first: dict[tuple[tuple[int | None, ...], ...], int] = {}
    by_column: dict[int, list[ColumnsRead]] = {}
    for each in found:
        for position in each.positions:
            ways = ways_to_units(layout, position, others)
            if each.is_index and ways in first:
                continue
            beside = by_column.setdefault(first.setdefault(ways, position), [])
            beside += [] if each in beside else [each]
    return by_column


def _is_pure(unit: str, units: UnitSystem) -> bool:
    found = units.find(unit)
    return found is None or found.dimension.is_dimensionless


def _spoken(unit: str, shape: Sequence[Index] | None) -> list[str]:
    """Return a unit and others that a member's column may say of it: of TJ/year that of a year, TJ."""
    across = [index.unit.text for index in shape or () if index.unit is not None and index.unit.text != "1"]
    return [unit, *(f"({unit})*({each})" for each in across)]
