"""Columns that a function's result names: those of a frame, and of what xarray labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from uncertainty.values import FloatArray

SHOWN = 5
"""Names of columns that a message has."""


def in_order(values: FloatArray, given: Any, members: Sequence[str]) -> FloatArray:
    """Return columns in the order of the members of an index, where their names are members.

    Parameters
    ----------
    values
        Shape (rows, members).
    given
        What they were read from.

    Raises
    ------
    InvalidValue
        If some names are members, and others are not.
    """
    # columns that nobody named are counted from 0
    counted = [str(place) for place in range(len(members))]
    names = next((each for each in _names(given) if {*each} & {*members}), counted)
    if names == counted:
        return values
    if {*names} != {*members} or len(names) != len(members):
        found = ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "")
        raise InvalidValue(f"columns named {found}")
    return values[:, [names.index(member) for member in members]]


def _names(given: Any) -> Iterator[list[str]]:
    """Yield the ways to name the columns of a result as members are written, where they have names."""
    columns = getattr(given, "columns", None) if hasattr(type(given), "columns") else None
    dims: tuple[str, ...] = getattr(given, "dims", ())
    coords: Mapping[str, Any] = getattr(given, "coords", {})
    if columns is None and len(dims) == 2 and dims[1] in coords:
        columns = coords[dims[1]].values
    if columns is None:
        return
    yield [_written(each) for each in columns.tolist()]
    # of columns that are named in several levels, as a pivoted frame's, one may hold the members
    levels = getattr(columns, "nlevels", 1)
    for level in range(levels) if levels > 1 else ():
        yield [_written(each) for each in columns.get_level_values(level).tolist()]
    if getattr(columns, "dtype", np.dtype(float)).kind == "M":
        yield np.asarray(columns).astype("datetime64[Y]").astype(str).tolist()


def _written(name: object) -> str:
    is_number = isinstance(name, int | float) and not isinstance(name, bool)
    return f"{name:.15g}" if is_number else str(name)
