"""The inputs of a study file, cell by cell, and what replaces them under options and readings."""

from __future__ import annotations

import math
from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from uncertainty.distributions.conditional import Conditional
from uncertainty.distributions.dirichlet import is_dirichlet
from uncertainty.indices.index import parted, select, written
from uncertainty.late import dataclass
from uncertainty.records import Frozen
from uncertainty.study.cells import cells_of, label_of, missing, shape_of, spread
from uncertainty.study.corner_units import refuse_data_of_other_units
from uncertainty.study.experts import pooled, read_experts
from uncertainty.study.file_units import refuse_units_of_files
from uncertainty.study.indices import member_place, read_category, read_category_override
from uncertainty.study.keys import keys_by_member, prose
from uncertainty.study.limits import (
    EXPERTS,
    Beside,
    number_alone,
    point_text,
    read_distribution,
    read_override,
)
from uncertainty.study.model import Evidence, Expert, Input, Override
from uncertainty.study.shares import read_share, refuse_one_text_for_all
from uncertainty.study.table_files import CellReader, TableFiles
from uncertainty.study.written import kind_of, record_of
from uncertainty.tables.set_apart import beside_notes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from uncertainty.distributions import Distribution
    from uncertainty.expressions import Expression
    from uncertainty.indices.index import Addresses, Index
    from uncertainty.study.faults import Faults
    from uncertainty.study.formulas import Formulas
    from uncertainty.study.schema import EvidenceTable, InputTable, OverrideTable, StudyFile
    from uncertainty.units import Unit, UnitSystem


@dataclass(frozen=True, slots=True)
class Cell:
    """An input, or one cell of an indexed one.

    Parameters
    ----------
    table
        Holds what is said of this cell alone.
    quantity
        Of a cell the input's name; nothing otherwise.
    at
        Its members, by index.
    """

    table: InputTable
    quantity: str = ""
    at: Mapping[str, str] = field(default_factory=Frozen)


def input_shapes(
    tables: Mapping[str, InputTable], indices: Mapping[str, Index], faults: Faults
) -> dict[str, list[Index] | None]:
    """Return the indices of each input; None where they cannot be read."""
    return {
        name: shape_of(f"inputs.{name}", table.index, indices, faults) if table.index else []
        for name, table in tables.items()
    }


def cells_of_inputs(
    tables: Mapping[str, InputTable],
    shapes: Mapping[str, list[Index] | None],
    files: TableFiles,
    units: UnitSystem,
    faults: Faults,
) -> dict[str, Cell]:
    """Return inputs, and the cells of indexed ones, by their names."""
    found: dict[str, Cell] = {}
    # of thousands of inputs few read a file, and only those need what the others read of it
    reading = {name: table for name, table in tables.items() if table.table}
    for name, shape in shapes.items():
        if shape is not None:
            before = len(faults.found)
            beside = (row for other, row in reading.items() if other != name)
            others = _headings(beside) if name in reading else set()
            values, unread = _table_values(name, tables[name], shape, files, faults, others)
            complete = len(faults.found) == before
            found |= _input_cells(name, tables[name], shape, values, faults, unread, complete=complete)
    refuse_units_of_files(tables, shapes, files, units, faults)
    return found


def _headings(tables: Iterable[InputTable]) -> set[str]:
    """Return the headings by which inputs read the files beside the study."""
    headed = ((row.columns, (*row.index, *keys_by_member(type(row)))) for row in tables)
    return {columns.get(each, each) for columns, keys in headed for each in keys}


def _table_values(
    name: str,
    table: InputTable,
    shape: Sequence[Index],
    files: TableFiles,
    faults: Faults,
    others: Collection[str],
) -> tuple[dict[str, dict[tuple[str, ...], Any]], str]:
    """Return what a file says of an input, by key and cell, and which of its columns are passed over."""
    key = f"inputs.{name}"
    if table.table is None:
        for each in ("columns", "missing"):
            if each in table.model_fields_set:
                faults.add(f"{key}.{each}", "needs a table beside the study")
        return {}, ""
    if not shape:
        faults.add(f"{key}.table", 'needs index = ["…"]: its rows are cells')
        return {}, ""
    rows = faults.attempt(f"{key}.table", partial(files.rows, table.table))
    if rows is None:
        return {}, ""
    reader = CellReader(name, table, shape, rows, faults, others)
    values = reader.values()
    files.citing.extend(reader.citing)
    files.numbers[name] = reader.numbers
    files.places |= {each: (rows.file, place) for each, place in reader.places.items()}
    files.read.add(table.table, rows, reader.columns, reader.points)
    for heading in reader.unread_spreads:
        said = "may say how its numbers vary, and nothing reads it: a column of distributions says that"
        files.unread[f'{table.table}: "{heading}" {said}.'] = None
    files.unread |= dict.fromkeys(f"{table.table}: {said}" for said in reader.spreads)
    texts = rows.headings.spelt([table.columns.get(each, each) for each in prose()])
    beside = [place for place in reader.columns if rows.headings.names[place] in texts]
    doubted = (each for point in reader.points for each in beside_notes(rows.number_column(point), beside))
    files.unread |= dict.fromkeys(f"{table.table}: {said}" for said in (*reader.doubts, *doubted))
    if reader.limits:
        limits = " and ".join(f'"{each}"' for each in reader.limits)
        said = f"{limits} {'are limits' if len(reader.limits) > 1 else 'is a limit'} that {name} never passes"
        advice = "ends of an interval are a distribution, such as 2 to 8 @ 95 %"
        files.unread[f"{table.table}: {said}; {advice}."] = None
    return values, reader.unread


def _input_cells(
    name: str,
    table: InputTable,
    shape: Sequence[Index],
    values: Mapping[str, Any],
    faults: Faults,
    unread: str,
    *,
    complete: bool,
) -> dict[str, Cell]:
    """Return an input, or the cells of an indexed one, by their names.

    Parameters
    ----------
    values
        What a table beside the study says by key and cell, in place of the keys of its own.
    unread
        Which columns of the table are passed over, for a message.
    complete
        Whether all of it could be read, so that a cell that it lacks is one that is missing.
    """
    key, before = f"inputs.{name}", len(faults.found)
    if not shape:
        return {name: Cell(_plain(key, table, faults))}
    cells, keys = cells_of(shape), keys_by_member(type(table))
    by_key = {
        each: values[each] if each in values else spread(getattr(table, each), shape, f"{key}.{each}", faults)
        for each in keys
    }
    if table.missing is not None:
        absent_cells = [members for members in cells if members not in by_key["point"]]
        _refuse_lost(f"{key}.distribution", table.distribution, shape, absent_cells, faults)
        by_key["point"] |= dict.fromkeys(absent_cells, table.missing)
        by_key["distribution"] |= dict.fromkeys(absent_cells)
    elif table.table and "point" not in values and not table.point:
        return {}
    elif len(faults.found) == before and complete and (absent := missing(name, cells, by_key["point"])):
        advice = "; write missing = 0 for what has no row" if table.table else ""
        faults.add(f"{key}.point", f"no point for {absent}{f'; {unread}' if unread else ''}{advice}")
    default = {each: type(table).model_fields[each].default for each in keys}
    speaking = [
        (row, _spoken_of(f"{key}.evidence[{i}].member", name, row.member, shape, faults))
        for i, row in enumerate(table.evidence)
    ]
    judging = [
        (row, _spoken_of(f"{key}.experts[{i}].member", name, row.member, shape, faults))
        for i, row in enumerate(table.experts)
    ]
    found = {}
    for members in cells:
        own: dict[str, Any] = {each: by_key[each].get(members, default[each]) for each in keys}
        own["label"] = label_of(table.label, shape, members)
        at = Frozen({index.name: member for index, member in zip(shape, members, strict=True)})
        own["evidence"] = [row for row, of in speaking if of is not None and of.items() <= at.items()]
        own["experts"] = [row for row, of in judging if of is not None and of.items() <= at.items()]
        if members in by_key["point"]:
            found[written(name, members)] = Cell(table.model_copy(update=own), name, at)
    return found


def _refuse_lost(
    key: str, given: Any, shape: Sequence[Index], absent: Sequence[tuple[str, ...]], faults: Faults
) -> None:
    """Refuse distributions of single members that have no point, and would be fixed without a word."""
    if len(shape) != 1 or not isinstance(given, dict):
        return
    named = {shape[0].member(name) for name in given}
    for (member,) in absent:
        if member in named:
            faults.add(f"{key}.{member}", "has no point; missing is for what has neither")


def _spoken_of(
    key: str, name: str, member: str | None, shape: Sequence[Index], faults: Faults
) -> dict[str, str] | None:
    """Return the members, by index, that a piece of evidence speaks of; None where they are unknown."""
    if member is None:
        return {}
    indices = {index.name: index for index in shape}
    words = ["".join(word.split()) for word in member.split(",")]
    chosen = faults.attempt(key, partial(select, name, words, [*indices], indices, {}))
    return None if chosen is None else {n: indices[n].names[place] for n, place in chosen.places.items()}


def _plain(key: str, table: InputTable, faults: Faults) -> InputTable:
    """Return the table of an input without indices, whose values are no tables by member."""
    for what in ("evidence", "experts"):
        for place, row in enumerate(getattr(table, what)):
            if row.member is not None:
                said = 'needs index = ["…"]: the input has no members'
                faults.add(f"{key}.{what}[{place}].member", said)
    given = {each: getattr(table, each) for each in keys_by_member(type(table))}
    wrong = {each: value for each, value in given.items() if isinstance(value, dict)}
    for each, value in wrong.items():
        said = f'expected one value, found {kind_of(value)}; by member the input needs index = ["…"]'
        faults.add(f"{key}.{each}", said)
    default = {each: type(table).model_fields[each].default for each in wrong} | {"point": 0.0}
    return table.model_copy(update={each: default[each] for each in wrong})


@dataclass(frozen=True, eq=False)
class Tables:
    """The tables of one file, and what its parts are read with.

    Parameters
    ----------
    filled
        Keys that are missing and at fault already, for which something stands.
    """

    table: StudyFile
    folder: Path
    units: UnitSystem
    indices: Mapping[str, Index]
    formulas: Formulas
    faults: Faults
    filled: Collection[str]

    def unit(self, key: str, text: str) -> Unit | None:
        """Return a unit; None where it is at fault."""
        if key in self.filled:
            return None
        return self.faults.attempt(key, lambda: self.units.parse(text))

    def addressed(self, key: str, address: str, known: Addresses) -> tuple[str, ...]:
        """Return the cells that an address means; what no quantity is called is told of elsewhere."""
        if parted(address)[0] not in known.names:
            return (address,)
        return self.faults.attempt(key, lambda: known.cells(address)) or ()


def as_float(number: float | None) -> float | None:
    """Return a number that a file may have as an integer, or may lack."""
    return None if number is None else float(number)


class InputReader:
    """Reads the inputs of a file, and what replaces them.

    Parameters
    ----------
    cells
        Inputs and cells by their names.
    known
        What addresses mean cells.
    """

    def __init__(self, file: Tables, cells: Mapping[str, Cell], known: Addresses) -> None:
        self._file, self._cells, self._known = file, cells, known
        self._faults, self._indices = file.faults, file.indices
        self._formulas, self._folder = file.formulas, file.folder
        self._distributions: dict[tuple[float | str, Beside], Distribution] = {}
        self._experts: dict[str, tuple[Expert, ...]] = {}
        self.alone: dict[str, str] = {}

    def _point(self, quantity: str, text: str, cell: Cell, unit: Unit | None) -> Expression | None:
        key, units = f"inputs.{quantity}.point", self._file.units
        if unit is not None and self._faults.attempt(key, lambda: point_text(text, unit, units)) is None:
            return None
        return self._formulas.point(quantity, text, cell.at)

    def input(self, name: str, cell: Cell) -> Input | None:
        """Return an input or a cell; None where it is at fault."""
        key, table = f"inputs.{name}", cell.table
        if table.member_of is not None:
            if not self._faults.known(f"{key}.member_of", table.member_of, self._indices, "index"):
                return None
            return self._category(name, cell, self._indices[table.member_of])
        unit = self._file.unit(f"inputs.{cell.quantity or name}.unit", table.unit)
        point: float | Expression | None = math.nan
        if isinstance(table.point, str):
            point = self._point(cell.quantity or name, table.point, cell, unit)
        elif table.point is not None:
            point = float(table.point)
            # where there is no distribution, it is the point
            self._distribution(f"{key}.point", "", point)
        if table.low is not None and table.high is not None and table.low >= table.high:
            self._faults.add(f"{key}.low", f"expected less than high ({table.high:g}), found {table.low:g}")
            return None
        self._experts[name] = read_experts(f"{key}.experts", table, self._folder, self._faults)
        distribution = None
        if table.distribution is not None and not self._are_unread(name, table.distribution):
            distribution = self._distribution(f"{key}.distribution", name, table.distribution)
            if said := number_alone(table.distribution, table.point, table.unit):
                # one of a quantity's cells speaks for all
                self.alone.setdefault(cell.quantity or name, f"{key}.distribution: {said}.")
        evidence = [self._evidence(f"{key}.evidence[{i}]", row) for i, row in enumerate(table.evidence)]
        if unit is None or point is None or f"{key}.point" in self._file.filled:
            return None
        return record_of(
            Input,
            table,
            name=name,
            unit=unit,
            point=point,
            distribution=distribution,
            low=as_float(table.low),
            high=as_float(table.high),
            evidence=tuple(evidence),
            experts=self._experts[name],
            quantity=cell.quantity,
        )

    def _category(self, name: str, cell: Cell, index: Index) -> Input | None:
        key, table = f"inputs.{name}", cell.table
        for what in ("unit", "low", "high", "experts"):
            if getattr(table, what) not in (None, "", []):
                self._faults.add(f"{key}.{what}", f"a category has no {what}")
        place = self._faults.attempt(f"{key}.point", partial(member_place, table.point, index))
        distribution = None
        if table.distribution is not None:
            text = table.distribution
            distribution = self._faults.attempt(
                f"{key}.distribution",
                lambda: self._given(f"{key}.distribution", name, read_category(text, index)),
            )
        if place is None:
            return None
        return record_of(
            Input,
            table,
            name=name,
            unit=self._file.units.parse("1"),
            point=float(place),
            distribution=distribution,
            low=None,
            high=None,
            evidence=(),
            experts=(),
            quantity=cell.quantity,
            member_of=index,
        )

    def _evidence(self, key: str, table: EvidenceTable) -> Evidence:
        if table.value is None and table.low is None and table.high is None:
            self._faults.add(key, "expected a value, a low or a high")
        if table.low is not None and table.high is not None and table.low > table.high:
            self._faults.add(f"{key}.low", f"expected at most high ({table.high:g}), found {table.low:g}")
        bounds = {name: as_float(getattr(table, name)) for name in ("value", "low", "high")}
        return record_of(Evidence, table, **bounds)

    def overrides(self, parent: str, tables: Mapping[str, OverrideTable]) -> Mapping[str, Override]:
        """Return what replaces inputs, cell by cell: whole names first, so that members may follow."""
        cells = {
            address: self._file.addressed(f"{parent}.{address}", address, self._known) for address in tables
        }
        found = {}
        for address in sorted(tables, key=lambda each: -len(cells[each])):
            for cell in cells[address]:
                override = self._override(f"{parent}.{address}", cell, tables[address])
                if override is not None:
                    found[cell] = override
        return Frozen(found)

    def _override(self, key: str, name: str, table: OverrideTable) -> Override | None:
        cell = self._cells.get(name)
        if cell and cell.table.member_of is not None and cell.table.member_of in self._indices:
            index = self._indices[cell.table.member_of]
            return self._faults.attempt(key, lambda: self._choosing(key, name, table, index))
        if self._are_unread(name, table.distribution):
            return None
        return self._faults.attempt(key, lambda: self._overriding(key, name, table))

    def _choosing(self, key: str, name: str, table: OverrideTable, index: Index) -> Override:
        found = read_category_override(table.given, index)
        return replace(found, distribution=self._given(key, name, found.distribution))

    def _are_unread(self, name: str, given: object) -> bool:
        """Tell whether a text means an input's experts, of whom one is at fault already."""
        experts = self._cells[name].table.experts if name in self._cells else ()
        return given == EXPERTS and len(self._experts.get(name, ())) < len(experts)

    def _overriding(self, key: str, name: str, table: OverrideTable) -> Override:
        if is_dirichlet(table.distribution) and name in self._cells:
            share = self._share(name, str(table.distribution))
            return Override(share, share.mean, str(share))
        found = read_override(table.given, self._beside(name))
        return replace(found, distribution=self._given(key, name, found.distribution))

    def _share(self, name: str, text: str) -> Distribution:
        """Read what a text says of one share of a whole."""
        cell = self._cells[name]
        quantity = cell.quantity or name
        refuse_one_text_for_all(self._file.table.inputs[quantity].distribution, cell.at)
        unit = self._file.units.parse(cell.table.unit)
        return read_share(text, quantity, cell.at, self._indices, unit)

    def _distribution(self, key: str, name: str, value: float | str) -> Distribution | None:
        if isinstance(value, str) and is_dirichlet(value) and name in self._cells:
            return self._faults.attempt(key, partial(self._share, name, value))
        return self._faults.attempt(key, lambda: self._given(key, name, self._read(name, value)))

    def _read(self, name: str, value: float | str) -> Distribution:
        """Read a distribution; cells of which the same is known are read once."""
        known = value, self._beside(name)
        if known not in self._distributions:
            self._distributions[known] = read_distribution(*known)
        return self._distributions[known]

    def _given(self, key: str, name: str, found: Distribution) -> Distribution:
        """Return a distribution with the cells for the quantities that are its parameters."""
        cell = self._cells.get(name)
        if cell is None:
            return found
        refuse_data_of_other_units(found, cell.table.unit, self._file.units)
        if not isinstance(found, Conditional):
            return found
        whole = key.replace(f"inputs.{name}", f"inputs.{cell.quantity or name}")
        return self._formulas.given(whole, cell.quantity or name, found, cell.at)

    def _beside(self, name: str) -> Beside:
        """Return what an input says beside a distribution; nothing for a name that no input has."""
        cell = self._cells.get(name)
        if cell is None:
            return Beside(folder=self._folder)
        table, given = cell.table, cell.table.point
        point = None if given is None or isinstance(given, str) else float(given)
        experts = pooled(self._experts.get(name, ()))
        return Beside(table.low, table.high, self._folder, table.unit, point, experts)
