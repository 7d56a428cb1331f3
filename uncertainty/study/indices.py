"""Reading the indices of a study file: lists of names, and rows of numbers that are counted in decimal."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from uncertainty.errors import InvalidValue
from uncertainty.indices.index import MOST_CELLS, Index, plain
from uncertainty.records import Frozen
from uncertainty.study.names import is_name, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.study.faults import Faults
    from uncertainty.study.schema import IndexTable
    from uncertainty.study.table_files import TableFiles
    from uncertainty.units import UnitSystem


def read_indices(
    tables: Mapping[str, IndexTable], files: TableFiles, units: UnitSystem, faults: Faults
) -> dict[str, Index]:
    """Return the indices of a study file by name; one that cannot be read is a fault and has no members."""
    found = {}
    for name, table in tables.items():
        key = f"indices.{name}"
        index = faults.attempt(key, partial(_index, name, table, files))
        if index is None:
            index = Index(name)
        elif not index.ordered and table.unit != "1":
            faults.add(f"{key}.unit", "only an ordered index, whose members are numbers, has a unit")
        unit = faults.attempt(f"{key}.unit", partial(units.parse, table.unit))
        found[name] = Index(name, index.members, table.label, index.numbers, unit if index.ordered else None)
    return found


def _index(name: str, table: IndexTable, files: TableFiles) -> Index:
    counted = [key for key, value in (("from", table.first), ("to", table.to)) if value is not None]
    given = [key for key in ("members", "table") if getattr(table, key) is not None] + counted[:1]
    if len(given) != 1:
        found = f"found {' and '.join(given)}" if given else "found none"
        raise InvalidValue(f"expected one of members, table, and from with to; {found}")
    if table.step is not None and not counted:
        raise InvalidValue("a step needs from and to")
    if counted:
        return _of_numbers(name, _counted(table))
    if table.table is not None:
        return _of_names(name, files.members(table.table, name))
    members = table.members or []
    if not isinstance(members, dict) and members and not any(isinstance(each, str) for each in members):
        return _of_numbers(name, [plain(each) for each in members])
    if isinstance(members, dict):
        return _of_names(name, members)
    texts = [str(each) for each in members]
    if len(set(texts)) < len(texts):
        raise InvalidValue(f"the member {_twice(texts)} stands twice")
    return _of_names(name, dict.fromkeys(texts, ""))


def _counted(table: IndexTable) -> list[str]:
    """Count in decimal, so that the last member is met exactly."""
    if table.first is None or table.to is None:
        raise InvalidValue(f"expected {'to' if table.to is None else 'from'} too")
    first, last, step = (Decimal(plain(each)) for each in (table.first, table.to, table.step or 1))
    if step == 0 or (last - first) * step < 0:
        raise InvalidValue(f"a step of {step} from {first} does not lead to {last}")
    count = (last - first) / step + 1
    if count > MOST_CELLS:
        raise InvalidValue(f"expected at most {MOST_CELLS:,} members, found {int(count):,}")
    if count != int(count):
        before = first + step * int(count - 1)
        raise InvalidValue(f"steps of {step} from {first} do not meet {last}; the last before it is {before}")
    return [plain(first + step * place) for place in range(int(count))]


def _of_numbers(name: str, members: Sequence[str]) -> Index:
    if len(set(members)) < len(members):
        raise InvalidValue(f"the member {_twice(members)} stands twice")
    numbers = tuple(map(float, members))
    if list(numbers) not in (sorted(numbers), sorted(numbers, reverse=True)):
        raise InvalidValue("expected numbers that rise, or that fall, from member to member")
    return _bounded(Index(name, Frozen(dict.fromkeys(members, "")), numbers=numbers))


def _of_names(name: str, members: Mapping[str, str]) -> Index:
    for member in members:
        if not is_name(member):
            raise InvalidValue(f'the member "{member}": {refusal(member)}')
    if not members:
        raise InvalidValue("expected at least 1 member, found none")
    return _bounded(Index(name, Frozen(dict(members))))


def _bounded(index: Index) -> Index:
    if len(index.members) > MOST_CELLS:
        raise InvalidValue(f"expected at most {MOST_CELLS:,} members, found {len(index.members):,}")
    return index


def _twice(members: Sequence[str]) -> str:
    return next(each for place, each in enumerate(members) if each in members[:place])
