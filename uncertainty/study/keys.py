"""What each key of a study holds and what becomes of it, read from the schema; the editors' schema."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from uncertainty.study.declared import model_of
from uncertainty.study.written import IN_UNIT, PROSE, WORDING, Separated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

    from uncertainty.study.declared import Table


Kind = Literal["number", "whole", "text", "truth", "date", "list", "rows", "table"]

KINDS: dict[Any, Kind] = {
    bool: "truth",
    float: "number",
    int: "whole",
    str: "text",
    date: "date",
    dict: "table",
}


COMMA = ", "


class Key(NamedTuple):
    """A key of a table of a study file.

    Parameters
    ----------
    name
        As the file has it.
    kinds
        What it may hold; ``rows`` are lists of numbers in a list.
    items
        What the entries of a list may be.
    between
        What parts them on one line.
    in_unit
        Whether its numbers are in the unit of the part.
    wording
        Whether it changes no number.
    prose
        Whether it may cite sources, and reports show it.
    by_member
        Whether a table by member of an index may stand instead of one value.
    """

    name: str
    kinds: frozenset[Kind]
    items: frozenset[Kind]
    between: str
    in_unit: bool
    wording: bool
    prose: bool
    by_member: bool

    @property
    def is_inline(self) -> bool:
        """Whether it may be a table that stands on one line as in a study file, in braces."""
        return "table" in self.kinds and self.between == COMMA


def keys_of(table: type[Table]) -> dict[str, Key]:
    """Return the keys of a table, by the names that the study's own parts have for them."""
    return {
        field: _key(found.alias or field, Annotated[(found.annotation, *found.metadata, None)])
        for field, found in table.model_fields.items()
    }


def key_of(name: str, annotation: Any) -> Key:
    """Return a key whose values are of some type."""
    return _key(name, annotation)


@cache
def wording() -> frozenset[str]:
    """Return the keys that change no number."""
    return frozenset(name for name, key in _every_key() if key.wording)


@cache
def prose() -> tuple[str, ...]:
    """Return the keys of texts that may cite sources, and that reports show."""
    return tuple(dict.fromkeys(name for name, key in _every_key() if key.prose))


@cache
def keys_by_member(table: type[Table]) -> tuple[str, ...]:
    """Return the keys of a table whose values may be tables by member of an index."""
    return tuple(name for name, key in keys_of(table).items() if key.by_member)


def _every_key() -> Iterator[tuple[str, Key]]:
    from uncertainty.study import schema
    from uncertainty.study.declared import Table

    for table in vars(schema).values():
        if isinstance(table, type) and issubclass(table, Table):
            yield from keys_of(table).items()


def _key(name: str, annotation: Any) -> Key:
    from uncertainty.study.schema import ByMember

    marks = list(_marks(annotation))
    table: tuple[Kind, ...] = ("table",) if ByMember in marks else ()
    kinds = (*_kinds(annotation), *table)
    between = next((mark.by for mark in marks if isinstance(mark, Separated)), COMMA)
    items = frozenset(kind for each in _lists(annotation) for kind in _kinds(each))
    marked = (mark in marks for mark in (IN_UNIT, WORDING, PROSE, ByMember))
    return Key(name, frozenset(kinds), items, between, *marked)


def _members(annotation: Any) -> tuple[Any, ...]:
    """Return the types that a type allows, without what is said of them."""
    if get_origin(annotation) is Annotated:
        return _members(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return tuple(each for held in get_args(annotation) for each in _members(held))
    return (annotation,)


def _marks(annotation: Any) -> Iterator[Any]:
    """Yield what is said of a type, and of those that it allows."""
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        yield from marks
        yield from _marks(inner)
    elif get_origin(annotation) in (Union, UnionType, list):
        for each in get_args(annotation):
            yield from _marks(each)


def _lists(annotation: Any) -> Iterator[Any]:
    for each in _members(annotation):
        if get_origin(each) is list:
            yield get_args(each)[0]


def _kinds(annotation: Any) -> Iterator[Kind]:
    for each in _members(annotation):
        origin = get_origin(each) or each
        if origin is list:
            yield "rows" if "list" in _kinds(get_args(each)[0]) else "list"
        elif origin is Literal:
            yield "text"
        elif origin in KINDS:
            yield KINDS[origin]


DRAFT = "http://json-schema.org/draft-07/schema#"
"""The newest draft that the common TOML editors know throughout."""


def study_schema() -> JsonSchemaValue:
    """Return the JSON Schema of study files, format 1.

    It describes the shape alone: which keys there are and what kind of value each holds. Whether names,
    units and distributions make sense together is found when a study is loaded.
    """
    from uncertainty.study import schema

    found = model_of(schema.StudyFile).model_json_schema(
        ref_template="#/definitions/{model}", schema_generator=_generator(), mode="validation"
    )
    tables = found.pop("$defs")
    for name, table in tables.items():
        _by_member(table["properties"], keys_by_member(getattr(schema, name)))
    # a category has no unit
    del tables["InputTable"]["required"]
    tables["InputTable"]["anyOf"] = [{"required": [key]} for key in ("unit", "member_of")]
    # an equation may be a bare expression, and evidence without a number is none
    expression = tables["EquationTable"]["properties"]["value"]["anyOf"][0]
    tables["EquationTable"] = {
        "description": tables["EquationTable"]["description"],
        "anyOf": [{key: expression[key] for key in ("type",)}, tables["EquationTable"]],
    }
    # and so may what replaces an input be a bare distribution or number
    distribution = tables["OverrideTable"]["properties"]["distribution"]
    tables["OverrideTable"] = {
        "description": tables["OverrideTable"]["description"],
        "anyOf": [{key: distribution[key] for key in ("type", "examples")}, tables["OverrideTable"]],
    }
    tables["EvidenceTable"]["anyOf"] = [{"required": [key]} for key in ("value", "low", "high")]
    return {"$schema": DRAFT, "title": "Study", **found, "definitions": tables}


def _by_member(properties: dict[str, Any], keys: Iterable[str]) -> None:
    """Let tables by member stand for values."""
    for key in keys:
        value = properties[key]
        said = {each: value.pop(each) for each in ("description", "default") if each in value}
        properties[key] = {**said, "anyOf": [value, {"type": "object"}]}


def schema_text() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(study_schema(), indent=2, ensure_ascii=False) + "\n"


@cache
def _generator() -> type[GenerateJsonSchema]:
    """Return pydantic's generator without what TOML has not (null) and what says nothing (titles)."""
    from pydantic.json_schema import GenerateJsonSchema

    class _Plain(GenerateJsonSchema):
        def nullable_schema(self, schema: Any) -> JsonSchemaValue:
            return self.generate_inner(schema["schema"])

        def default_schema(self, schema: Any) -> JsonSchemaValue:
            found = super().default_schema(schema)
            if found.get("default", "") in (None, "", False):
                found.pop("default", None)
            return found

        def dict_schema(self, schema: Any) -> JsonSchemaValue:
            found = super().dict_schema(schema)
            if "patternProperties" in found:
                found["additionalProperties"] = False
            return found

        def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the name says it
            return False

        def model_schema(self, schema: Any) -> JsonSchemaValue:
            return {key: value for key, value in super().model_schema(schema).items() if key != "title"}

    return _Plain
