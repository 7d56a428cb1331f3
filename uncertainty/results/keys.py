"""What a record of a result holds for programs: its keys in documents and tables, declared on the record."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Record = TypeVar("Record", bound=type)

OWNER = "*"
"""In a key of a part: the key that the part itself has."""

_DECLARED = "__record_keys__"

_KEY = re.compile(r"(?P<key>[\w.*]+)(?P<mark>[?|]?)(?:=(?P<path>[\w.]+))?")


class Key(NamedTuple):
    """One key of a record.

    Parameters
    ----------
    key
        As documents have it. In a part of a number, such as its error, `OWNER` stands for the number's key.
    path
        The attribute that is told, or an attribute of that.
    optional
        Whether the key is left out where there is nothing to be told.
    or_reason
        Whether a text in place of a part says why there is none.
    spread
        Whether the entries of what is told stand in place of it.
    """

    key: str
    path: tuple[str, ...]
    optional: bool
    or_reason: bool
    spread: bool

    @classmethod
    def parse(cls, text: str) -> Key:
        """Read a key as `record` has it."""
        spread = text.startswith("**")
        found = _KEY.fullmatch(text.removeprefix("**"))
        if found is None:
            raise ValueError(f'expected "key", "key=attribute" or "**attribute", found "{text}"')
        path = (found["path"] or found["key"]).split(".")
        return cls(found["key"], tuple(path), found["mark"] == "?", found["mark"] == "|", spread)

    def of(self, record: Any) -> Any:
        """Return what a record tells under the key; None where that or what it is part of is None."""
        for name in self.path:
            record = None if record is None else getattr(record, name)
        return record


def record(*keys: str) -> Callable[[Record], Record]:
    """Say which keys a record has in documents, where these are not its fields by their names.

    Parameters
    ----------
    keys
        In order: ``"key"``, or ``"key=attribute"`` where the two differ or the attribute is one of an
        attribute (``"unit=output.unit.text"``). With ``?`` after it, a key is left out where its value is
        empty; with ``|``, a text in place of the value is a reason why there is none. ``"**attribute"`` puts
        the entries of a mapping or record in its own place.
    """

    def declare(kind: Record) -> Record:
        setattr(kind, _DECLARED, keys)
        return kind

    return declare


def keys_of(kind: type) -> tuple[Key, ...] | None:
    """Return the keys of a kind of record; None of what is no record."""
    declared = getattr(kind, _DECLARED, None)
    if declared is None:
        declared = getattr(kind, "_fields", None) or _fields(kind)
    return None if declared is None else _parsed(declared)


@cache
def _parsed(declared: tuple[str, ...]) -> tuple[Key, ...]:
    return tuple(map(Key.parse, declared))


def _fields(kind: Any) -> tuple[str, ...] | None:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else None


def is_part(kind: type) -> bool:
    """Tell whether a record is written beside the key that it has, as a number with its error is."""
    return any(OWNER in key.key for key in keys_of(kind) or ())
