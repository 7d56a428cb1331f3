"""The tables of inputs, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from uncertainty.indices.index import written
from uncertainty.records import Frozen
from uncertainty.study.cells import cells_of, label_of, missing, shape_of, spread
from uncertainty.study.schema import BY_MEMBER, kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.indices.index import Index
    from uncertainty.study.faults import Faults
    from uncertainty.study.schema import InputTable

KEYS = BY_MEMBER["InputTable"]


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


def input_cells(
    name: str, table: InputTable, shape: Sequence[Index], values: Mapping[str, Any], faults: Faults
) -> dict[str, Cell]:
    """Return an input, or the cells of an indexed one, by their names.

    Parameters
    ----------
    values
        What a table beside the study says by key and cell, in place of the keys of its own.
    """
    key = f"inputs.{name}"
    if not shape:
        return {name: Cell(_plain(key, table, faults))}
    cells = cells_of(shape)
    by_key = {
        each: values[each] if each in values else spread(getattr(table, each), shape, f"{key}.{each}", faults)
        for each in KEYS
    }
    if table.missing is not None:
        absent_cells = [members for members in cells if members not in by_key["point"]]
        by_key["point"] |= dict.fromkeys(absent_cells, table.missing)
        by_key["distribution"] |= dict.fromkeys(absent_cells)
    elif absent := missing(name, cells, by_key["point"]):
        advice = "; write missing = 0 for what has no row" if table.table else ""
        faults.add(f"{key}.point", f"no point for {absent}{advice}")
    default = {each: type(table).model_fields[each].default for each in KEYS}
    found = {}
    for members in cells:
        own: dict[str, Any] = {each: by_key[each].get(members, default[each]) for each in KEYS}
        own["label"] = label_of(table.label, shape, members)
        own["evidence"] = [row for row in table.evidence if row.member is None or row.member in members]
        at = Frozen({index.name: member for index, member in zip(shape, members, strict=True)})
        if members in by_key["point"]:
            found[written(name, members)] = Cell(table.model_copy(update=own), name, at)
    return found


def _plain(key: str, table: InputTable, faults: Faults) -> InputTable:
    """Return the table of an input without indices, whose values are no tables by member."""
    wrong = {each: getattr(table, each) for each in KEYS if isinstance(getattr(table, each), dict)}
    for each, value in wrong.items():
        said = f'expected one value, found {kind_of(value)}; by member the input needs index = ["…"]'
        faults.add(f"{key}.{each}", said)
    return table.model_copy(update={each: type(table).model_fields[each].default for each in wrong})
