"""From the table of an indexed quantity to one table for each of its cells, and what an address means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from uncertainty.errors import suggestion
from uncertainty.indices.index import MOST_CELLS, Addresses, Index, parted, written
from uncertainty.late import regex
from uncertainty.records import Frozen
from uncertainty.study.model import Input, Quantity
from uncertainty.study.table_units import among

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from uncertainty.errors import Fault
    from uncertainty.indices.shapes import Formula
    from uncertainty.study.faults import Faults
    from uncertainty.study.model import Study


Members = tuple[str, ...]


def shape_of(
    key: str, names: Sequence[str], indices: Mapping[str, Index], faults: Faults
) -> list[Index] | None:
    """Return the indices that a table names, in the study's order; None where one is unknown or too many."""
    known = [faults.known(f"{key}.index", name, indices, "index") for name in names]
    if not all(known):
        return None
    if len(set(names)) < len(names):
        faults.add(f"{key}.index", "an index stands here twice")
        return None
    shape = [index for name, index in indices.items() if name in names]
    if not all(index.members for index in shape):
        return None
    cells = prod(len(index.members) for index in shape)
    if cells > MOST_CELLS:
        faults.add(f"{key}.index", f"expected at most {MOST_CELLS:,} cells, found {cells:,}")
        return None
    return shape


def cells_of(shape: Sequence[Index]) -> list[Members]:
    """Return the members of every cell, the last index changing first."""
    return list(product(*(index.members for index in shape)))


def quantity_of(
    name: str,
    shape: tuple[str, ...],
    indices: Mapping[str, Index],
    label: str = "",
    note: str = "",
    formulas: Sequence[Formula] = (),
) -> Quantity:
    """Return a quantity that has indices."""
    cells = cells_of([indices[index] for index in shape])
    named = Frozen({each: written(name, each) for each in cells})
    own = Frozen({tuple(formula.at.values()): formula.expression for formula in formulas})
    return Quantity(name, shape, named, label, note, own)


def label_of(label: str, shape: Sequence[Index], members: Members) -> str:
    """Return what people read instead of the name of a cell: the quantity's label, and the members'."""
    if not label or not shape:
        return label
    shown = (index.members[member] or member for index, member in zip(shape, members, strict=True))
    return f"{label} ({', '.join(shown)})"


def _is_plain(value: Any) -> bool:
    return not isinstance(value, Mapping)


def spread(
    value: Any,
    shape: Sequence[Index],
    key: str,
    faults: Faults,
    is_leaf: Callable[[Any], bool] = _is_plain,
) -> dict[Members, Any]:
    """Return what a value, or a table of values by member, says of each cell.

    Parameters
    ----------
    value
        One value for all cells, or tables that nest in any order, each level with members of one index.
    shape
        The indices, in the study's order.
    is_leaf
        Whether a value is one of a cell; all but tables are by default.
    """
    if is_leaf(value):
        return dict.fromkeys(cells_of(shape), value)
    found: dict[Members, Any] = {}
    for path, chosen, leaf in _leaves(value, list(shape), key, faults, is_leaf):
        among = [[chosen[index.name]] if index.name in chosen else list(index.members) for index in shape]
        for members in product(*among):
            if members in found:
                faults.add(path, "is given twice")
            found[members] = leaf
    return found


def _leaves(
    value: Any, remaining: list[Index], key: str, faults: Faults, is_leaf: Callable[[Any], bool]
) -> Iterator[tuple[str, dict[str, str], Any]]:
    """Yield the path of each value, the members that its tables name, by index, and the value itself."""
    if is_leaf(value):
        yield key, {}, value
        return
    if not remaining:
        faults.add(key, "expected a value, found a table: every index has its member already")
        return
    index = max(remaining, key=lambda each: sum(each.member(name) in each.members for name in value))
    rest = [each for each in remaining if each is not index]
    for name, inner in value.items():
        member = index.member(name)
        if member not in index.members:
            hint = _of_owner(key, name) or suggestion(name, index.members)
            faults.add(f"{key}.{name}", f'unknown member "{name}" of the index {index.name}{hint}')
            continue
        for path, chosen, leaf in _leaves(inner, rest, f"{key}.{name}", faults, is_leaf):
            yield path, {**chosen, index.name: member}, leaf


KEYS = frozenset((*Input.__dataclass_fields__, "low", "high", "level", "across"))
"""Keys of an input, which no member of a table of its points is meant by."""


def _of_owner(key: str, name: str) -> str:
    """Say where a key of an input goes that stands below the heading of a table of its members."""
    owner = key.rpartition(".")[0]
    is_key = owner.startswith("inputs.") and owner.count(".") == 1 and name in KEYS
    return f"; as a key of {owner} it stands above the line [{key}]" if is_key else ""


def missing(quantity: str, cells: Sequence[Members], found: Mapping[Members, Any]) -> str:
    """Say which cells have nothing, the first ones by name; nothing where all have."""
    absent = [written(quantity, members) for members in cells if members not in found]
    if not absent:
        return ""
    more = f" and {len(absent) - 5:,} more" if len(absent) > 5 else ""
    return f"{', '.join(absent[:5])}{more}"


_CELL = regex(r"((?:inputs|equations|outputs)\.\w+)\[([^\]]*)\](.*)", re.DOTALL)
MOST_MEMBERS = 5
"""Members that one line names where more are at fault."""


def gathered(faults: Sequence[Fault], places: Mapping[str, tuple[str, str]]) -> list[Fault]:
    """Say once what is wrong with several cells of a quantity, with the members concerned.

    Parameters
    ----------
    places
        The file beside the study and the line that a cell was read from, by its key.
    """
    members: dict[Fault, list[str]] = {}
    lines: dict[Fault, list[tuple[str, str]]] = {}
    for fault in faults:
        cell = _CELL.fullmatch(fault.key)
        whole = replace(fault, key=f"{cell[1]}{cell[3]}") if cell else fault
        members.setdefault(whole, []).extend([cell[2]] if cell else [])
        lines.setdefault(whole, []).extend([places[fault.key]] if fault.key in places else [])
    return [
        _of_members(_at(fault, lines[fault]), [*dict.fromkeys(found)]) for fault, found in members.items()
    ]


def _at(fault: Fault, places: Sequence[tuple[str, str]]) -> Fault:
    if not places:
        return fault
    return replace(fault, message=f"{places[0][0]}, {among([line for _, line in places])}: {fault.message}")


def _of_members(fault: Fault, members: Sequence[str]) -> Fault:
    if not members:
        return fault
    more = len(members) - MOST_MEMBERS
    shown = "; ".join([*members[:MOST_MEMBERS], *([f"{more:,} more"] if more > 0 else [])])
    return replace(fault, key=f"{fault.key}", message=f"{fault.message} [{shown}]")


MOST_CELLS_NAMED = 3
"""Cells of one quantity that a sentence names; of more it says how many."""


MOST_PARTS_NAMED = 12
"""Inputs that a sentence names one by one where they count as one; of more, members of one go together."""


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
    """Return what people read instead of an entry: the labels of inputs, many members of one as one."""
    parts = entry.split("+")
    return (
        gathered_titles(parts, study)
        if len(parts) > MOST_PARTS_NAMED
        else [_title(study, part) for part in parts]
    )


def _title(study: Study, part: str) -> str:
    if part in study.inputs:
        return study.inputs[part].title
    quantity = study.quantities.get(parted(part)[0])
    return title_of_cell(study, part) if quantity is not None and quantity.label else part


def title_of_cell(study: Study, part: str) -> str:
    """Return a quantity's label, or its name where it has none, with the labels of its members.

    An address that names some of its indices speaks of every member of the others, and says so.
    """
    name, members = parted(part)
    if name not in study.quantities:
        return part
    quantity = study.quantities[name]
    indices = [study.indices[index] for index in quantity.indices]
    labels = [
        index.members[member] or member for member in members for index in indices if member in index.members
    ]
    if labels:
        titles = [each.title for each in indices if not any(member in each.members for member in members)]
        labels += [f"each {title[:1].lower()}{title[1:]}" for title in titles]
    return f"{quantity.title} ({', '.join(labels)})" if labels else quantity.title


def gathered_titles(names: Iterable[str], study: Study) -> list[str]:
    """Return what people read instead of `gathered_cells`."""
    return gathered_cells(names, study.quantities, lambda name: _title(study, name))


def gathered_cells(
    names: Iterable[str], tables: Mapping[str, Quantity], title: Callable[[str], str] = str
) -> list[str]:
    """Return names with the cells of each quantity as one: its name, or of how many members it speaks."""
    found: dict[str, list[str]] = {}
    for name in names:
        quantity = parted(name)[0]
        found.setdefault(quantity if quantity in tables else name, []).append(name)
    gathered = (_gathered(quantity, cells, tables, title) for quantity, cells in found.items())
    return [text for texts in gathered for text in texts]


def _gathered(
    quantity: str, cells: Sequence[str], tables: Mapping[str, Quantity], title: Callable[[str], str]
) -> list[str]:
    whole = len(tables[quantity].cells) if quantity in tables else 0
    if len(cells) == whole:
        return [title(quantity)]
    if len(cells) > MOST_CELLS_NAMED:
        return [f"{title(quantity)} ({len(cells):,} of {whole:,} members)"]
    return [title(cell) for cell in cells]
