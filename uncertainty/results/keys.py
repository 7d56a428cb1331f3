"""The types of what records hold, and what their docstrings say of it."""

from __future__ import annotations

import ast
import inspect
import re
import sys
import typing
from dataclasses import fields, is_dataclass
from functools import cache, cached_property
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from uncertainty.late import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


Record = TypeVar("Record", bound=type)

OWNER = "*"
"""In a key of a part: the key that the part itself has."""

_DECLARED = "__record_keys__"

_KEY = regex(r"(?P<key>[\w.*]+)(?P<mark>[?|]?)(?:=(?P<path>[\w.]+))?")


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


_ENTRY = regex(r"^(\w+(?:, \w+)*)\n((?:[ \t]+\S.*\n|\n)+)", re.MULTILINE)
"""Names at the margin of a docstring, and what stands indented below them."""


def type_of(owner: type, name: str) -> Any:
    """Return the type of a field or property."""
    member = inspect.getattr_static(owner, name, None)
    function = member.func if isinstance(member, cached_property) else getattr(member, "fget", None)
    holder = owner if function is None else function
    written = holder.__annotations__[name if function is None else "return"]
    # one name alone: what else there is may be known to another module only
    asked = SimpleNamespace(__annotations__={name: written})
    return typing.get_type_hints(asked, localns=names_of(holder.__module__))[name]


def text_of(owner: type, name: str) -> str:
    """Return what is said of a field or property; nothing where nothing is."""
    member = inspect.getattr_static(owner, name, None)
    if isinstance(member, property | cached_property):
        return summary_of(member)
    return entries_of(owner).get(name, "")


def summary_of(documented: Any) -> str:
    """Return the first paragraph of a docstring as one line."""
    return (inspect.getdoc(documented) or "").split("\n\n")[0].replace("\n", " ")


@cache
def entries_of(documented: Any) -> dict[str, str]:
    """Return what a docstring says of each name in it."""
    text = f"{inspect.getdoc(documented) or ''}\n"
    return {
        name: " ".join(found[2].split()) for found in _ENTRY.finditer(text) for name in found[1].split(", ")
    }


class _Names(dict[str, Any]):
    """The names of a module, those too that it imports for type checkers alone: when they are asked for."""

    def __init__(self, module: str) -> None:
        super().__init__(vars(sys.modules[module]))
        self._from = {
            alias.asname or alias.name: (str(node.module), alias.name)
            for node in ast.walk(ast.parse(inspect.getsource(sys.modules[module])))
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }

    def __missing__(self, name: str) -> Any:
        module, original = self._from[name]
        return getattr(import_module(module), original)


@cache
def names_of(module: str) -> Mapping[str, Any]:
    """Return the names that annotations of a module may have, those too that only type checkers import."""
    return _Names(module)
