"""The JSON Schema of results: it follows from the records, their types and their docstrings."""

from __future__ import annotations

import collections.abc
import types
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, Union, get_args, get_origin

import numpy as np

from uncertainty.records import Frozen
from uncertainty.results.encoding import FORMAT
from uncertainty.results.keys import OWNER, Key, entries_of, is_part, keys_of, summary_of, text_of, type_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Schema: TypeAlias = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"

NULL: Schema = {"type": "null"}

NUMBER: Schema = {"type": ["number", "null"]}
"""Null stands for what is infinite or not a number."""

PLAIN: dict[Any, Schema] = {
    bool: {"type": "boolean"},
    float: NUMBER,
    int: {"type": "integer"},
    str: {"type": "string"},
    type(None): NULL,
}

REASONS = "Why numbers or errors are missing, by their keys."


class Answered(NamedTuple):
    """What documents a command writes.

    Parameters
    ----------
    results, settings, study
        The records behind these keys; None for settings that are always empty, and where no study is named.
    more
        Further keys, with what they hold.
    """

    command: str
    results: type
    settings: Any
    study: type | None
    more: Mapping[str, Any] = Frozen()


class Entry(NamedTuple):
    """One key of an object, what it holds, and whether it is always there."""

    key: str
    schema: Schema
    required: bool


class Schemas:
    """The schemas of kinds of records, each defined once.

    Parameters
    ----------
    definitions
        By the record's name.
    """

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def of(self, hint: Any, *, or_reason: bool = False) -> Schema:
        """Return the schema of what is held as a type; with `or_reason` a text says why there is nothing."""
        if hint in PLAIN:
            return PLAIN[hint]
        if isinstance(hint, type) and keys_of(hint) is not None:
            return self._reference(hint)
        origin, arguments = get_origin(hint), get_args(hint)
        if hasattr(origin, "__value__"):  # from numpy 2.5 on, NDArray is an alias with a name of its own
            return self.of(origin.__value__, or_reason=or_reason)
        if origin in (Union, types.UnionType):
            return self._any(arguments, or_reason=or_reason)
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin is np.ndarray:
            return {"type": "array", "items": NUMBER}
        if isinstance(origin, type) and issubclass(origin, collections.abc.Mapping):
            return self._mapping(*arguments, or_reason=or_reason)
        if isinstance(origin, type) and issubclass(origin, collections.abc.Sequence):
            return self._list(arguments)
        raise TypeError(f"no schema for what is held as {hint}")

    def _any(self, hints: Iterable[Any], *, or_reason: bool) -> Schema:
        found: list[Schema] = []
        for hint in hints:
            schema = self._reason() if or_reason and hint is str else self.of(hint, or_reason=or_reason)
            if schema not in found:
                found.append(schema)
        return _either(found)

    def _reason(self) -> Schema:
        self.definitions["Reason"] = {
            "type": "object",
            "description": "Why there is nothing to be told.",
            "properties": {"reason": {"description": "In one line.", **PLAIN[str]}},
            "required": ["reason"],
            "additionalProperties": False,
        }
        return {"$ref": "#/$defs/Reason"}

    def _mapping(self, name: Any, hint: Any, *, or_reason: bool) -> Schema:
        if isinstance(hint, type) and is_part(hint):
            # "x_error" may be the error of "x", or another entry
            raise TypeError(f"no schema for entries that are written beside one another: {hint}")
        if get_origin(name) is Literal:
            named = {each: self.of(hint, or_reason=or_reason) for each in get_args(name)}
            return {"type": "object", "properties": named, "additionalProperties": False}
        return {"type": "object", "additionalProperties": self.of(hint, or_reason=or_reason)}

    def _list(self, hints: tuple[Any, ...]) -> Schema:
        if len(hints) == 1 or Ellipsis in hints:
            return {"type": "array", "items": self.of(hints[0])}
        ends = {"minItems": len(hints), "maxItems": len(hints)}
        return {"type": "array", "prefixItems": list(map(self.of, hints)), **ends}

    def _reference(self, kind: type) -> Schema:
        name = kind.__name__
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] |= self._object(kind)
        return {"$ref": f"#/$defs/{name}"}

    def _object(self, kind: type) -> Schema:
        entries = list(self.entries(kind))
        properties = {entry.key: entry.schema for entry in entries if "." not in entry.key}
        reasons = [entry.key.partition(".")[2] for entry in entries if "." in entry.key]
        if reasons:
            told = {"type": "object", "description": REASONS, "additionalProperties": False}
            properties["reasons"] = told | {"properties": dict.fromkeys(reasons, PLAIN[str])}
        return {
            "type": "object",
            "description": summary_of(kind),
            "properties": properties,
            "required": [entry.key for entry in entries if entry.required],
            "additionalProperties": False,
        }

    def _described(self, schema: Schema, text: str) -> Schema:
        """Return a schema with what is said of what it is of, or else of the records that it holds."""
        text = text or self.definitions.get(_name_in(schema), {}).get("description", "")
        return {"description": text, **schema} if text else schema

    def entries(self, kind: type) -> Iterator[Entry]:
        """Yield the keys that records of a kind have."""
        for key in keys_of(kind) or ():
            hint, text = _told(kind, key)
            if not key.spread:
                yield from self._entry(key.key, hint, text, key)
            elif keys_of(hint) is not None:
                yield from self.entries(hint)
            else:
                names, value = get_args(hint)
                told = _told_by_name(kind, key)
                for name in _literals(names):
                    yield from self._entry(name, value, told.get(name, text), key)

    def _entry(self, name: str, hint: Any, text: str, key: Key) -> Iterator[Entry]:
        """Yield a key, or those of a number with its error."""
        members = _members(hint)
        parts = [each for each in members if isinstance(each, type) and is_part(each)]
        always = not key.optional and "." not in name
        if not parts:
            yield Entry(name, self._described(self.of(hint, or_reason=key.or_reason), text), always)
            return
        kinds = [{part.key: (kind, part) for part in keys_of(kind) or ()} for kind in parts]
        for template in dict.fromkeys(each for found in kinds for each in found):
            held = [found[template] for found in kinds if template in found]
            schemas = [self.of(_told(kind, part)[0]) for kind, part in held]
            absent = len(held) < len(members)
            alone = template == OWNER
            schema = _either([*schemas, NULL] if alone and absent else schemas)
            said = text if alone else _told(*held[0])[1]
            required = always and "." not in template and (alone or not absent)
            yield Entry(template.replace(OWNER, name), self._described(schema, said), required)


def _told(kind: type, key: Key) -> tuple[Any, str]:
    """Return the type of what a record tells under a key, and what is said of it."""
    hint: Any = kind
    text, absent = "", False
    for name in key.path:
        owner = next(each for each in _members(hint) if each is not type(None))
        absent = absent or type(None) in _members(hint)
        hint, text = type_of(owner, name), text_of(owner, name)
    return (hint | None if absent else hint), text


def _told_by_name(kind: type, key: Key) -> dict[str, str]:
    """Return what the docstring of a mapping's property says of each name in it."""
    hint: Any = kind
    for name in key.path[:-1]:
        hint = type_of(hint, name)
    return entries_of(getattr(hint, key.path[-1], None))


def _members(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def _literals(hint: Any) -> tuple[str, ...]:
    return get_args(hint)


def _name_in(schema: Schema) -> str:
    """Return the name of the definition that a schema refers to, itself or for all that it holds."""
    for held in (schema, schema.get("items"), schema.get("additionalProperties"), *schema.get("anyOf", ())):
        if isinstance(held, dict) and (name := str(held.get("$ref", ""))):
            return name.rpartition("/")[2]
    return ""


def _either(schemas: list[Schema]) -> Schema:
    """Return what any of some schemas allows, plain types as one list of types."""
    plain = [each["type"] for each in schemas if set(each) == {"type"}]
    kinds = list(
        dict.fromkeys(kind for each in plain for kind in ([each] if isinstance(each, str) else each))
    )
    others = [each for each in schemas if set(each) != {"type"}]
    found = [*others, *([{"type": kinds if len(kinds) > 1 else kinds[0]}] if kinds else [])]
    return found[0] if len(found) == 1 else {"anyOf": found}


def results_schema(answers: Iterable[Answered], failure: type) -> Schema:
    """Return the JSON Schema of the documents that commands write, and of that which tells of a failure."""
    schemas = Schemas()
    documents = [_document(schemas, each) for each in answers]
    failed = _whole("failure", {"format": {"const": FORMAT}, "error": schemas.of(failure)})
    return {
        "$schema": DRAFT,
        "title": f"What uncertainty answers with --json, format {FORMAT}",
        "anyOf": [*documents, failed],
        "$defs": dict(sorted(schemas.definitions.items())),
    }


def _document(schemas: Schemas, answer: Answered) -> Schema:
    named = {"study": schemas.of(answer.study)} if answer.study else {}
    settled = [each for each in _members(answer.settings) if each not in (None, type(None))]
    empty = [] if answer.settings in settled else [{"type": "object", "additionalProperties": False}]
    settings = {"settings": _either([*map(schemas.of, settled), *empty])} if named or settled else {}
    head = {"format": {"const": FORMAT}, "command": {"const": answer.command}, "version": PLAIN[str]}
    more = {key: schemas.of(hint) for key, hint in answer.more.items()}
    return _whole(answer.command, head | named | settings | {"results": schemas.of(answer.results)} | more)


def _whole(title: str, properties: Schema) -> Schema:
    keys = {"properties": properties, "required": list(properties)}
    return {"title": title, "type": "object", **keys, "additionalProperties": False}
