"""The one encoder of results: JSON documents and rows of tables."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from uncertainty.characters import escaped
from uncertainty.results.keys import OWNER, Key, is_part, keys_of

Document = dict[str, Any]

FORMAT = 1
"""Of documents."""

ENDS = ("low", "high")


def encoded(value: Any) -> Any:
    """Return a record, or a mapping or sequence of records, as JSON values, infinities and nan as None."""
    return _finite(_plain(value))


def row_of(value: Any) -> Document:
    """Return a record as a row of a table: numbers, texts or None by column, the ends of intervals apart.

    The ends of ``interval`` are ``low`` and ``high``, those of ``NAME_interval`` are ``NAME_low`` and
    ``NAME_high``. The entries of a mapping are columns of their own, those of a part ``PART_NAME``. What a
    document leaves out for being empty has a column all the same.
    """
    row = _row(value)
    reasons = {name: each for name, each in row.pop("reasons", {}).items() if each}
    if reasons:
        row["reasons"] = "; ".join(f"{name}: {each}" for name, each in reasons.items())
    return row


def _row(value: Any) -> Document:
    parts = []
    for key in keys_of(type(value)) or ():
        held = key.of(value)
        if key.spread and keys_of(type(held)):
            parts.append(_row(held))
        elif not key.optional or held not in (None, ()):
            entries = _told(key._replace(optional=False), value)
            named = not isinstance(held, Mapping)
            parts += [
                {name: each} if name == "reasons" else _columns(name, each, named=named)
                for name, each in entries.items()
            ]
    return _merged(parts)


def dump(found: Mapping[str, Any]) -> str:
    """Write a document as JSON text, one line a key, ending in a newline; no terminal is steered by it."""
    return escaped(json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False)) + "\n"


def finite(value: float) -> float | None:
    """Return a number as documents may hold it: None for what is infinite or not a number."""
    return float(value) if math.isfinite(value) else None


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list):
        return list(map(_finite, value))
    return finite(value) if isinstance(value, float) else value


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return float(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Mapping):
        return _merged(_entries(_key_text(key), each) for key, each in value.items())
    if (keys := keys_of(type(value))) is not None:
        return _merged(_told(key, value) for key in keys)
    return list(map(_plain, value))


def _key_text(key: Any) -> str:
    return f"{key:g}" if isinstance(key, float) else str(key)


def _told(key: Key, record: Any) -> Document:
    """Return the entries that a record has under one of its keys."""
    value = key.of(record)
    if key.optional and _is_empty(value):
        return {}
    if key.or_reason:
        value = _or_reason(value)
    if key.spread:
        spread: Document = _plain(value)
        return spread
    outer, _, inner = key.key.partition(".")
    return {outer: {inner: _plain(value)}} if inner else _entries(outer, value)


def _is_empty(value: Any) -> bool:
    return not isinstance(value, bool) and not (value.any() if hasattr(value, "any") else value)


def _or_reason(value: Any) -> Any:
    if isinstance(value, str):
        return {"reason": value}
    if isinstance(value, Mapping):
        return {key: _or_reason(each) for key, each in value.items()}
    return value


def _entries(key: str, value: Any) -> Document:
    """Return a key with its value, or what a number with its error has in their place."""
    found = _plain(value)
    return _owned(found, key) if is_part(type(value)) else {key: found}


def _owned(found: Document, owner: str) -> Document:
    return {
        name.replace(OWNER, owner): _owned(each, owner) if isinstance(each, dict) else each
        for name, each in found.items()
    }


def _merged(parts: Iterable[Document]) -> Document:
    """Return all entries; what several parts have under one key, such as reasons, stands together."""
    row: Document = {}
    for part in parts:
        for key, each in part.items():
            both = isinstance(each, dict) and isinstance(row.get(key), dict)
            row[key] = row[key] | each if both else each
    return row


def _columns(key: str, value: Any, *, named: bool) -> Document:
    """Return what a table has for an entry, under the entry's name where it is `named`."""
    if isinstance(value, dict):
        inside = f"{key}_{{}}" if named else "{}_error" if key.endswith("_error") else "{}"
        parts = (_columns(inside.format(name), part, named=named) for name, part in value.items())
        return {column: each for part in parts for column, each in part.items()}
    if value is None and "interval" in key:
        value = [None, None]
    if not isinstance(value, list):
        return {key: value}
    if all(isinstance(each, str) for each in value):
        return {key: ", ".join(value)}
    if len(value) != len(ENDS) or not all(isinstance(each, float | None) for each in value):
        return {}
    name = key.replace("interval", "{}") if "interval" in key else f"{key}_{{}}"
    return {name.format(end): each for end, each in zip(ENDS, value, strict=True)}
