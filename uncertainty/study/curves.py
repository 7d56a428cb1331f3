"""Reading the curves of a study file: straight lines between points."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from uncertainty.errors import InvalidValue
from uncertainty.indices.lowering import Curve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from uncertainty.study.faults import Faults
    from uncertainty.study.schema import CurveTable
    from uncertainty.study.table_files import TableFiles
    from uncertainty.units import UnitSystem


def read_curves(
    tables: Mapping[str, CurveTable], files: TableFiles, units: UnitSystem, faults: Faults
) -> dict[str, Curve]:
    """Return the curves of a study file by name; one that cannot be read is a fault and has one point."""
    found = {}
    for name, table in tables.items():
        key = f"curves.{name}"
        for what in ("x_unit", "unit"):
            faults.attempt(f"{key}.{what}", partial(units.parse, getattr(table, what)))
        points = faults.attempt(key, partial(_points, table, files)) or [(0.0, 0.0)]
        found[name] = Curve(
            name, tuple(points), table.x_unit, table.unit, table.label, table.source, table.note
        )
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
