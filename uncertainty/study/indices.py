"""Reading the indices of a study file, its categories and its curves; numbers are counted in decimal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from uncertainty.distributions.conditional import Conditional
from uncertainty.distributions.one_of import OneOf, read_one_of
from uncertainty.distributions.protocol import is_distribution
from uncertainty.errors import InvalidValue, suggestion
from uncertainty.indices.index import MOST_CELLS, Index, plain
from uncertainty.indices.lowering import Curve
from uncertainty.records import Frozen, distinct_labels
from uncertainty.study.file_units import ColumnsRead, refuse_units_of_file
from uncertainty.study.model import Override
from uncertainty.study.written import is_name, record_of, refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.study.faults import Faults
    from uncertainty.study.limits import Given
    from uncertainty.study.schema import CurveTable, IndexTable
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
        own = {"members": index.members, "numbers": index.numbers, "unit": unit if index.ordered else None}
        found[name] = record_of(Index, table, name=name, **own)
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
        return of_numbers(name, _counted(table))
    if table.table is not None:
        return of_names(name, files.members(table.table, name))
    members = table.members or []
    if not isinstance(members, dict) and members and not any(isinstance(each, str) for each in members):
        return of_numbers(name, [plain(each) for each in members])
    if isinstance(members, dict):
        return of_names(name, members)
    texts = [str(each) for each in members]
    if len(set(texts)) < len(texts):
        raise InvalidValue(f"the member {_twice(texts)} stands twice")
    return of_names(name, dict.fromkeys(texts, ""))


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


def of_numbers(name: str, members: Sequence[str]) -> Index:
    """Return an ordered index of numbers as texts; InvalidValue says why there is none."""
    if len(set(members)) < len(members):
        raise InvalidValue(f"the member {_twice(members)} stands twice")
    numbers = tuple(map(float, members))
    if list(numbers) not in (sorted(numbers), sorted(numbers, reverse=True)):
        raise InvalidValue("expected numbers that rise, or that fall, from member to member")
    return _bounded(Index(name, Frozen(dict.fromkeys(members, "")), numbers=numbers))


def of_names(name: str, members: Mapping[str, str]) -> Index:
    """Return an index of members, each with its label; InvalidValue says why there is none."""
    for member in members:
        if not is_name(member):
            raise InvalidValue(f'the member "{member}": {refusal(member)}')
    if not members:
        raise InvalidValue("expected at least 1 member, found none")
    return _bounded(Index(name, Frozen(distinct_labels(members))))


def _bounded(index: Index) -> Index:
    if len(index.members) > MOST_CELLS:
        raise InvalidValue(f"expected at most {MOST_CELLS:,} members, found {len(index.members):,}")
    return index


def _twice(members: Sequence[str]) -> str:
    return next(each for place, each in enumerate(members) if each in members[:place])


def member_place(text: object, index: Index) -> int:
    """Return the place of a member.

    Raises
    ------
    InvalidValue
        If the index has no such member, with the nearest that it has.
    """
    member = index.member(str(text))
    if member not in index.places:
        raise InvalidValue(
            f'unknown member "{text}" of the index {index.name}{suggestion(member, index.members)}'
        )
    return index.places[member]


def read_category(given: Given, index: Index) -> OneOf | Conditional:
    """Read the distribution of a member of an index: ``one_of(…)``, or a member, which is certain.

    Raises
    ------
    InvalidValue
        If it is neither.
    """
    if isinstance(given, OneOf | Conditional):
        return given
    if isinstance(given, int | float) and given in range(len(index.names)):
        # the place of a member, as analyses that move inputs give it
        return OneOf(index.names, tuple(float(place == given) for place in range(len(index.names))))
    if is_distribution(given) or isinstance(given, Mapping):
        raise InvalidValue(
            f"expected members of the index {index.name}, such as one_of({', '.join(index.names[:2])})"
        )
    found = read_one_of(str(given), index.names)
    return found if isinstance(found, OneOf) else Conditional(found)


def read_category_override(given: Given, index: Index) -> Override:
    """Read what replaces a category: its point is the likeliest member unless another is given.

    Raises
    ------
    InvalidValue
        If it cannot be read.
    """
    table = given if isinstance(given, Mapping) else {"distribution": given}
    distribution = read_category(table["distribution"], index)
    written = str(table["distribution"]).strip()
    if "point" in table:
        return Override(distribution, float(member_place(table["point"], index)), written)
    if isinstance(distribution, Conditional):
        return Override(distribution, math.nan, written, at_median=True)
    return Override(
        distribution, float(distribution.likeliest), written, at_median=not distribution.is_constant
    )


def read_curves(
    tables: Mapping[str, CurveTable], files: TableFiles, units: UnitSystem, faults: Faults
) -> dict[str, Curve]:
    """Return the curves of a study file by name; one that cannot be read is a fault and has one point."""
    found = {}
    for name, table in tables.items():
        key = f"curves.{name}"
        for what in ("x_unit", "unit"):
            faults.attempt(f"{key}.{what}", partial(units.parse, getattr(table, what)))
        points = faults.attempt(key, partial(_points, table, files))
        if points and table.table is not None:
            refuse_units_of_file(
                table.table, _columns_read(name, table, files), table.columns, files, units, faults
            )
        points = points or [(0.0, 0.0)]
        found[name] = record_of(Curve, table, name=name, points=tuple(points))
    return found


def _columns_read(name: str, table: CurveTable, files: TableFiles) -> list[ColumnsRead]:
    """Return what reads the x and the y of a curve from its file."""
    headings = files.rows(table.table or "").headings
    key, found = f"curves.{name}", []
    for place, unit in enumerate((table.x_unit, table.unit)):
        heading = table.columns[place] if table.columns else headings.names[place]
        position = headings.position(heading)
        said = {headings.names[position]: False}
        found.append(ColumnsRead(key, key, name, table.label, [unit], [position], said, place == 1))
    return found


def _points(table: CurveTable, files: TableFiles) -> list[tuple[float, float]]:
    if (table.points is None) == (table.table is None):
        raise InvalidValue("expected points, or the table that holds them")
    if table.table is not None:
        return _rising(files.points(table.table, table.columns))
    if table.columns:
        raise InvalidValue("needs a table: columns name its columns")
    for point in table.points or []:
        if len(point) != 2:
            raise InvalidValue(f"expected pairs [x, y], found {len(point)} numbers")
    return _rising([(float(x), float(y)) for x, y in table.points or []])


def _rising(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    if len(points) < 2:
        raise InvalidValue(f"expected at least 2 points, found {len(points)}")
    for (x, _), (following, _) in pairwise(points):
        if not x < following:
            raise InvalidValue(f"expected x to rise from point to point, found {following:g} after {x:g}")
    return list(points)
