"""The tables of a study as the text of a study file, laid out as a person would."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any

from uncertainty.study.json_schema import DIRECTIVE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_INLINE = {"equations", "inputs", "choices", "expect", "when", "published"}
"""Tables that stand on one line inside an option, an exclusion, a reading or an output."""


def toml_text(tables: Mapping[str, Any], comment: str = "") -> str:
    """Return the text of a study file.

    Parameters
    ----------
    tables
        As TOML gives them: tables, lists, texts, numbers and truth values. A number that remembers how it
        was written is written so again.
    comment
        What the file begins with.
    """
    above = [DIRECTIVE, *(f"# {line}".rstrip() for line in comment.splitlines()), ""]
    return "\n".join([*above, *_lines((), tables)]).rstrip() + "\n"


def _lines(path: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table's own values, then the tables in it."""
    nested = {key: value for key, value in table.items() if _has_section(path, key, value)}
    for key, value in table.items():
        if key not in nested:
            yield f"{_key(key)} = {value_text(value)}"
    for key, value in nested.items():
        inner = (*path, key)
        name = ".".join(map(_key, inner))
        for each in value if isinstance(value, list) else [value]:
            if isinstance(value, list):
                yield from ("", f"[[{name}]]")
            elif not each or any(not _has_section(inner, k, v) for k, v in each.items()):
                yield from ("", f"[{name}]")
            yield from _lines(inner, each)


def _has_section(path: tuple[str, ...], key: str, value: object) -> bool:
    """Tell whether a value stands under a heading of its own."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(each, dict) for each in value)
    return isinstance(value, dict) and path != ("equations",) and not (path and key in _INLINE)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else value_text(name)


def value_text(value: Any) -> str:
    """Return a value as it stands behind its key, tables on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return getattr(value, "text", None) or repr(value)
    if isinstance(value, list):
        return f"[{', '.join(map(value_text, value))}]"
    if isinstance(value, dict):
        inside = ", ".join(f"{_key(key)} = {value_text(each)}" for key, each in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, date):
        return value.isoformat()
    # what JSON escapes in a text TOML escapes likewise, but for one character more
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
