"""A study file's tables in their shape, and as much of them as can be read where the shape is at fault.

What is wrong with the shape of one part hides nothing that is wrong with another: a key that may not be
there is left out, one that is missing is filled in and remembered, and the rest is read on.
"""

from __future__ import annotations

from copy import deepcopy
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import ValidationError

    from uncertainty.errors import Fault
    from uncertainty.study.faults import Faults
    from uncertainty.study.schema import StudyFile

ROUNDS = 4
"""How often what is left is looked at again: what was of the wrong kind is left out, then filled in."""

_FILLED = MappingProxyType(
    {"format": 1, "study": {"title": "", "headline": ""}, "title": "", "headline": ""}
    | {"inputs": {}, "outputs": {"output": {"unit": "1", "value": 0}}, "unit": "1", "point": 0, "value": 0}
)


def shaped(tables: dict[str, Any], faults: Faults) -> tuple[StudyFile | None, frozenset[str]]:
    """Return the tables of a study in their shape.

    Parameters
    ----------
    tables
        As they were read; what is wrong is left out of them.
    faults
        Receives what is wrong with their shape.

    Returns
    -------
    file, filled
        None where too much is wrong to read on; and the paths of the keys whose values are made up.
    """
    from pydantic import ValidationError

    from uncertainty.study.schema import StudyFile

    filled: set[str] = set()
    for position in range(ROUNDS):
        try:
            return StudyFile.model_validate(tables), frozenset(filled)
        except ValidationError as error:
            if position == 0:
                faults.add_shape(error)
            _mend(tables, error, filled)
    return None, frozenset(filled)


def _mend(tables: dict[str, Any], error: ValidationError, filled: set[str]) -> None:
    """Leave out what is wrong, and fill in what is missing."""
    wrong = {_entry(detail["loc"]): detail["type"] for detail in error.errors(include_url=False)}
    # from the end, so that leaving out one entry of a list moves none that is still to be found
    for (*path, key), kind in reversed(wrong.items()):
        parent = _at(tables, path)
        if kind == "missing" and isinstance(parent, dict):
            parent[key] = deepcopy(_FILLED.get(key, {}))
            filled.add(".".join(map(str, [*path, key])))
        elif isinstance(parent, dict):
            parent.pop(key, None)
        elif isinstance(parent, list) and key < len(parent):
            del parent[key]


def _entry(location: tuple[int | str, ...]) -> tuple[Any, ...]:
    """Return the path of what is wrong; of a list that is the entry as a whole."""
    path = tuple(part for part in location if part != "[key]")
    index = next((i for i, part in enumerate(path) if isinstance(part, int)), len(path))
    return path[: index + 1]


def _at(tables: Any, path: Iterable[Any]) -> Any:
    for part in path:
        known = isinstance(tables, dict) and part in tables
        indexed = isinstance(tables, list) and isinstance(part, int) and part < len(tables)
        if not (known or indexed):
            return None
        tables = tables[part]
    return tables


def independent(found: Iterable[Fault], filled: frozenset[str]) -> list[Fault]:
    """Return the faults that do not come of what was filled in."""
    made_up = {"study.headline"} if filled & {"outputs", "study"} else set()
    return [fault for fault in found if fault.key not in filled | made_up]
