"""The tables of inputs, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from uncertainty.indices.index import select, written
from uncertainty.records import Frozen
from uncertainty.study.cells import cells_of, label_of, missing, shape_of, spread
from uncertainty.study.schema import BY_MEMBER
from uncertainty.study.written import kind_of

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
    name: str,
    table: InputTable,
    shape: Sequence[Index],
    values: Mapping[str, Any],
    faults: Faults,
    *,
    complete: bool = True,
) -> dict[str, Cell]:
    """Return an input, or the cells of an indexed one, by their names.

    Parameters
    ----------
    values
        What a table beside the study says by key and cell, in place of the keys of its own.
    complete
        Whether all of it could be read, so that a cell that it lacks is one that is missing.
    """
    key, before = f"inputs.{name}", len(faults.found)
    if not shape:
        return {name: Cell(_plain(key, table, faults))}
    cells = cells_of(shape)
    by_key = {
        each: values[each] if each in values else spread(getattr(table, each), shape, f"{key}.{each}", faults)
        for each in KEYS
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
        faults.add(f"{key}.point", f"no point for {absent}{advice}")
    default = {each: type(table).model_fields[each].default for each in KEYS}
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
        own: dict[str, Any] = {each: by_key[each].get(members, default[each]) for each in KEYS}
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
    wrong = {each: getattr(table, each) for each in KEYS if isinstance(getattr(table, each), dict)}
    for each, value in wrong.items():
        said = f'expected one value, found {kind_of(value)}; by member the input needs index = ["…"]'
        faults.add(f"{key}.{each}", said)
    default = {each: type(table).model_fields[each].default for each in wrong} | {"point": 0.0}
    return table.model_copy(update={each: default[each] for each in wrong})
