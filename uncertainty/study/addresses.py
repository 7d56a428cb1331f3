"""What an address such as ``ratio[us,midjourney]`` means in a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.indices.addresses import Addresses
from uncertainty.indices.index import parted, written

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from uncertainty.indices.index import Index
    from uncertainty.study.model import Quantity, Study


MOST_CELLS_NAMED = 3
"""Cells of one quantity that a sentence names; of more it says how many."""


def addresses(
    what: str, plain: Collection[str], tables: Mapping[str, Quantity], indices: Mapping[str, Index]
) -> Addresses:
    """Return what addresses of one kind may mean, cells and tables of them."""
    return Addresses(
        what, plain, {name: (each.indices, each.cells) for name, each in tables.items()}, indices
    )


def input_addresses(study: Study) -> Addresses:
    """Return what addresses of inputs may mean."""
    owners = {item.quantity for item in study.inputs.values()}
    tables = {name: each for name, each in study.quantities.items() if name in owners}
    return addresses("input", study.inputs, tables, study.indices)


def output_addresses(study: Study) -> Addresses:
    """Return what addresses of outputs may mean."""
    return addresses("output", study.outputs, study.tables, study.indices)


def entry_of(study: Study, names: Sequence[str], varying: Sequence[str]) -> str:
    """Return the name of inputs that count as one: an input's, an address of cells, or all joined by ``+``.

    Parameters
    ----------
    varying
        All inputs that vary: an address stands for those among its cells.
    """
    owners = {study.inputs[name].quantity for name in names}
    quantity = next(iter(owners))
    if len(owners) == 1 and quantity and len(names) > 1:
        cells = {cell: members for members, cell in study.quantities[quantity].cells.items()}
        columns = zip(*(cells[name] for name in names), strict=True)
        address = written(quantity, [members[0] for members in columns if len(set(members)) == 1])
        if set(input_addresses(study).cells(address)) & set(varying) == set(names):
            return address
    return "+".join(names)


def inputs_of(study: Study, entry: str) -> tuple[str, ...]:
    """Return the inputs that an entry of an analysis stands for; see `entry_of`."""
    known = input_addresses(study)
    found = (known.cells(part) if parted(part)[0] in known.tables else (part,) for part in entry.split("+"))
    return tuple(name for cells in found for name in cells)


def titles_of(study: Study, entry: str) -> list[str]:
    """Return what people read instead of an entry: the labels of inputs, and of members of an input."""
    return [_title(study, part) for part in entry.split("+")]


def _title(study: Study, part: str) -> str:
    if part in study.inputs:
        return study.inputs[part].title
    name, members = parted(part)
    if name not in study.quantities:
        return part
    quantity = study.quantities[name]
    labels = [
        study.indices[index].members[member] or member
        for member in members
        for index in quantity.indices
        if member in study.indices[index].members
    ]
    if not quantity.label:
        return part
    return f"{quantity.title} ({', '.join(labels)})" if labels else quantity.title


def gathered_cells(names: Iterable[str], tables: Mapping[str, Quantity]) -> list[str]:
    """Return names with the cells of each quantity as one: its name, or of how many members it speaks."""
    found: dict[str, list[str]] = {}
    for name in names:
        quantity = parted(name)[0]
        found.setdefault(quantity if quantity in tables else name, []).append(name)
    return [text for quantity, cells in found.items() for text in _gathered(quantity, cells, tables)]


def _gathered(quantity: str, cells: Sequence[str], tables: Mapping[str, Quantity]) -> list[str]:
    whole = len(tables[quantity].cells) if quantity in tables else 0
    if len(cells) == whole:
        return [quantity]
    return (
        [f"{quantity} ({len(cells):,} of {whole:,} members)"] if len(cells) > MOST_CELLS_NAMED else [*cells]
    )
