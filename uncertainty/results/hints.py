"""The types of what records hold, and what their docstrings say of it."""

from __future__ import annotations

import ast
import inspect
import re
import sys
import typing
from functools import cache, cached_property
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENTRY = re.compile(r"^(\w+(?:, \w+)*)\n((?:[ \t]+\S.*\n|\n)+)", re.MULTILINE)
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
        return (inspect.getdoc(member) or "").split("\n\n")[0].replace("\n", " ")
    return entries_of(owner).get(name, "")


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
