"""From the table of an indexed quantity to one table for each of its cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from uncertainty.errors import suggestion
from uncertainty.indices.index import MOST_CELLS, Index, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from uncertainty.errors import Fault
    from uncertainty.study.faults import Faults

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
            hint = suggestion(name, index.members)
            faults.add(f"{key}.{name}", f'unknown member "{name}" of the index {index.name}{hint}')
            continue
        for path, chosen, leaf in _leaves(inner, rest, f"{key}.{name}", faults, is_leaf):
            yield path, {**chosen, index.name: member}, leaf


def missing(quantity: str, cells: Sequence[Members], found: Mapping[Members, Any]) -> str:
    """Say which cells have nothing, the first ones by name; nothing where all have."""
    absent = [written(quantity, members) for members in cells if members not in found]
    if not absent:
        return ""
    more = f" and {len(absent) - 5:,} more" if len(absent) > 5 else ""
    return f"{', '.join(absent[:5])}{more}"


_CELL = re.compile(r"((?:inputs|equations|outputs)\.\w+)\[([^\]]*)\](.*)", re.DOTALL)
MOST_MEMBERS = 5
"""Members that one line names where more are at fault."""


def gathered(faults: Sequence[Fault]) -> list[Fault]:
    """Say once what is wrong with several cells of a quantity, with the members concerned."""
    members: dict[Fault, list[str]] = {}
    for fault in faults:
        cell = _CELL.fullmatch(fault.key)
        whole = replace(fault, key=f"{cell[1]}{cell[3]}") if cell else fault
        members.setdefault(whole, []).extend([cell[2]] if cell else [])
    return [_of_members(fault, list(dict.fromkeys(found))) for fault, found in members.items()]


def _of_members(fault: Fault, members: Sequence[str]) -> Fault:
    if not members:
        return fault
    more = len(members) - MOST_MEMBERS
    shown = "; ".join([*members[:MOST_MEMBERS], *([f"{more:,} more"] if more > 0 else [])])
    return replace(fault, key=f"{fault.key}", message=f"{fault.message} [{shown}]")
