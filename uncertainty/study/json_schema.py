"""The JSON Schema of study files, for editors: completion, explanations and errors while one types."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

FILE_NAME = "study.schema.json"
"""Name of the schema's file, which the first line of a study file points to."""

DIRECTIVE = f"#:schema {FILE_NAME}"
"""The comment by which TOML editors find the schema; the path is relative to the study file."""

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The newest draft that the common TOML editors know throughout."""


def study_schema() -> JsonSchemaValue:
    """Return the JSON Schema of study files, format 1.

    It describes the shape alone: which keys there are and what kind of value each holds. Whether names,
    units and distributions make sense together is found when a study is loaded.
    """
    from uncertainty.study.schema import BY_MEMBER, StudyFile

    found = StudyFile.model_json_schema(
        ref_template="#/definitions/{model}", schema_generator=_generator(), mode="validation"
    )
    tables = found.pop("$defs")
    for name, keys in BY_MEMBER.items():
        _by_member(tables[name]["properties"], keys)
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
