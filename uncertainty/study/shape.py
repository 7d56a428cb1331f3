"""A study file's tables in their shape, and as much of them as can be read where the shape is at fault.

What is wrong with the shape of one part hides nothing that is wrong with another: a key that may not be
there is left out, one that is missing is filled in and remembered, and the rest is read on.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from uncertainty.errors import nearest, suggestion
from uncertainty.late import dataclass
from uncertainty.study.faults import REQUIRED, key_path
from uncertainty.study.model import MEASURES
from uncertainty.study.written import kind_of, refusal, spelt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from uncertainty.errors import Fault
    from uncertainty.study.faults import Faults
    from uncertainty.study.schema import StudyFile

ROUNDS = 6
"""How often what is left is looked at again: a key that is filled in may hold what is filled in next."""

_UNKNOWN = ("\0", "\1")
"""Names that nothing has."""

# what stands for a key that has to be there
_REQUIRED = MappingProxyType(
    {"format": 1, "study": {"title": "-", "headline": ""}, "title": "-", "headline": ""}
    | {"outputs": {"output": {"unit": "1", "value": 0}}, "unit": "1", "point": 0, "value": 0}
    | {"options": {"option": {}}, "distribution": 0, "quantity": ""}
)
_OF_CORRELATION = MappingProxyType(
    dict.fromkeys(MEASURES, 0) | {"inputs": [*_UNKNOWN], "independent": [*_UNKNOWN], "matrix": []}
)

ANY_CORRELATION = frozenset({"tau", "rho", "r", "corr", "correlation", "coefficient"})
"""Keys by which a study may mean a correlation of any kind: no misspelling of one."""

# what a key expects, by pydantic's name for its absence
_EXPECTED = MappingProxyType(
    {
        "string_type": "text",
        "int_type": "a whole number",
        "int_from_float": "a whole number",
        "bool_type": "true or false",
        "list_type": "a list",
        "dict_type": "a table",
        "model_type": "a table",
    }
)
_LENGTHS = MappingProxyType({"too_short": ("at least", "min_length"), "too_long": ("at most", "max_length")})


@dataclass(frozen=True, slots=True)
class Mended:
    """What was changed in a file so that the rest of it could be read.

    Parameters
    ----------
    filled
        Paths of keys whose values are made up.
    left_out
        Paths of values that are wrong and have nothing in their place: what holds one may lack it.
    renamed
        By the path of what was given a name that may be, the path that the file has.
    """

    filled: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)
    renamed: dict[str, str] = field(default_factory=dict)

    def independent(self, found: Iterable[Fault]) -> list[Fault]:
        """Return the faults that do not come of what was made up, with the paths that the file has."""
        return [
            replace(fault, key=self._written(fault.key))
            for fault in found
            if not any(_is_within(fault.key, path) for path in self.filled)
            and not any("." in fault.key and _is_within(path, fault.key) for path in self.left_out)
        ]

    def _written(self, key: str) -> str:
        for path, written in self.renamed.items():
            if _is_within(key, path):
                return written + key[len(path) :]
        return key


def _is_within(key: str, path: str) -> bool:
    return key.startswith(path) and key[len(path) : len(path) + 1] in ("", ".", "[")


def shaped(tables: dict[str, Any], faults: Faults) -> tuple[StudyFile | None, Mended]:
    """Return the tables of a study in their shape.

    Parameters
    ----------
    tables
        As they were read.
    faults
        Receives the tables, and what is wrong with their shape.

    Returns
    -------
    file, mended
        The file is None where too much is wrong to read on.
    """
    from uncertainty.study.schema import StudyFile

    faults.written = tables
    mended = Mended()
    for position in range(ROUNDS):
        try:
            return StudyFile.model_validate(tables), mended
        except ValueError as error:
            from pydantic import ValidationError

            if not isinstance(error, ValidationError):
                raise
            if position == 0:
                _add(error, faults)
                tables = deepcopy(tables)
            _mend(tables, error, mended)
    return None, mended


def _mend(tables: dict[str, Any], error: ValidationError, mended: Mended) -> None:
    """Leave out what is wrong, fill in what has to be there, and give names that may be."""
    found = error.errors(include_url=False)
    wrong = {_place(tables, _location(detail)): _is_name(detail) for detail in found}
    unknown = {_place(tables, _location(detail)) for detail in found if detail["type"] == "extra_forbidden"}
    # from the end, so that leaving out one entry of a list moves none that is still to be found
    for path, is_name in reversed(wrong.items()):
        *above, key = path
        parent = _at(tables, above)
        if is_name and isinstance(parent, dict) and key in parent:
            _rename(parent, str(key), above, mended)
        elif (instead := _instead(path)) is not None and parent is not None:
            parent[key] = deepcopy(instead)
            mended.filled.add(key_path(path))
            if path[0] == "correlations" and key == "inputs":  # which its matrix has a row for each of
                mended.filled.add(key_path([*above, "matrix"]))
        elif parent is not None and _has(parent, key):
            del parent[key]
            if path not in unknown:
                mended.left_out.add(key_path(path))


def _instead(path: tuple[int | str, ...]) -> Any:
    """Return what stands for a value that is missing or wrong, None where it is left out.

    It makes nothing else wrong, but for what is told of its own path and of what is below.
    """
    match path:
        case ("excluded", int()):
            return {"when": {"": []}, "because": ""}
        case ("excluded", int(), "when"):
            return {"": []}
        case ("excluded", int(), "when", _):
            return []
        case ("correlations", int()):
            return {"inputs": [*_UNKNOWN], "spearman": 0}
        case ("correlations", int(), key):
            return _OF_CORRELATION.get(str(key))
        case ("inputs", _, "experts", int()):
            return {"distribution": 0}
        case ("observations", _):
            return {"quantity": "", "value": 0, "sd": 1}
        case ("inputs", _, "evidence", int()):
            return {"value": 0}
        case ("inputs", _, "distribution"):
            return None
        case ("choices", _, "options", _):
            return {}
        case ("study", "compare", int()) | (*_, "authors", int()) | ("excluded", int(), "because"):
            return ""
        case (key,) | ("study", key) | (_, _, *_, key):
            return _REQUIRED.get(str(key))
    return None


def _rename(parent: dict[str, Any], name: str, above: list[Any], mended: Mended) -> None:
    """Give a part a name that may be, in its place among the others."""
    other = spelt(name) or "x"
    while other in parent:
        other += "_"
    renamed = {other if key == name else key: value for key, value in parent.items()}
    parent.clear()
    parent.update(renamed)
    mended.renamed[key_path([*above, other])] = key_path([*above, name])


def _is_name(detail: ErrorDetails) -> bool:
    """Return whether a name is wrong, which pydantic marks so; an unknown key may be spelt alike."""
    return detail["loc"][-1] == "[key]" and detail["type"] != "extra_forbidden"


def _location(detail: ErrorDetails) -> tuple[int | str, ...]:
    return detail["loc"][:-1] if _is_name(detail) else detail["loc"]


def _place(tables: Any, location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Return the path of what is wrong as far as the tables go."""
    path: list[int | str] = []
    for part in location:
        is_index = isinstance(part, int)
        if not isinstance(_at(tables, path), list if is_index else dict):
            break
        path.append(part)
    return tuple(path)


def _at(tables: Any, path: Iterable[Any]) -> Any:
    for part in path:
        if not _has(tables, part):
            return None
        tables = tables[part]
    return tables


def _has(node: Any, part: Any) -> bool:
    if isinstance(node, list):
        return isinstance(part, int) and part < len(node)
    return isinstance(node, dict) and part in node


def _add(error: ValidationError, faults: Faults) -> None:
    """Record what pydantic found wrong with the shape of the file."""
    for detail in error.errors(include_url=False):
        faults.add(key_path(_location(detail)), _message(dict(detail)))


def _message(detail: dict[str, Any]) -> str:
    location = detail["loc"]
    kind = detail["type"]
    if kind == "extra_forbidden":
        from uncertainty.study.schema import known_keys

        if location[0] == "correlations" and location[-1] in ANY_CORRELATION:
            return (
                "does not say of what; write spearman for the correlation of ranks, pearson for that of "
                "values, or kendall for that of order"
            )
        # keys are short words of few letters: "colour" is not "columns"
        return "unknown key" + suggestion(str(location[-1]), known_keys(location[:-1]), 0.65)
    if kind == "missing":
        return REQUIRED
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    if kind == "string_pattern_mismatch":
        return refusal(str(detail["input"]))
    if kind == "literal_error":
        options = re.findall(r"'([^']*)'", detail["ctx"]["expected"])
        return f"expected one of: {', '.join(options)}" + nearest(str(detail["input"]), options)
    if kind in _EXPECTED:
        value = detail["input"]
        found = value if kind == "int_type" and isinstance(value, float) else kind_of(value)
        return f"expected {_EXPECTED[kind]}, found {found}"
    if kind == "string_too_short":
        return "expected a text, found an empty one"
    if kind in _LENGTHS:
        quantifier, limit = _LENGTHS[kind]
        length = detail["ctx"][limit]
        # pydantic stops counting a table's entries where there are too many
        actual = len(detail["input"]) if kind == "too_long" else detail["ctx"]["actual_length"]
        entries = "entry" if length == 1 else "entries"
        return f"expected {quantifier} {length} {entries}, found {actual or 'none'}"
    message: str = detail["msg"].replace("Input should be", "expected")
    return message[0].lower() + message[1:]
